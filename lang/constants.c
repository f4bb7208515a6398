// SPDX-License-Identifier: Apache-2.0
// Constant expressions: what must be known before any data is read.
#include "lang/compiler.h"

typedef struct Constant {
    Number number;
    Unit unit;
} Constant;

enum { SHOWN_MAX_BYTES = 60 }; // of an expression, in a message

static bool refuse(Compiler *c, const Node *n, const char *why) {
    Str text = node_text(n);
    bool long_text = text.len > SHOWN_MAX_BYTES;
    if (long_text)
        text.len = str_utf8_prefix(str_slice(text, 0, SHOWN_MAX_BYTES));
    report(c, c->constant_code, node_place(n), "`%.*s%s` %s", STR_ARG(text), long_text ? "…" : "",
           why)
        ->hint =
        c->constant_code == D_BAND_BOUND
            ? STR("write a number, or the name of a `let` that is one; to judge a distance, let "
                  "the bands read it: bands SCALE on value - target, good is high")
            : STR("write a number, or the name of a `let` that is one");
    return false;
}

static bool evaluate(Compiler *c, const Node *n, Constant *out);

// A percentage moved by points stays one; anything else keeps to one unit.
static bool units_go_together(Compiler *c, const Node *n, Unit x, Unit y) {
    bool points = x.kind == UNIT_PERCENT && y.kind == UNIT_POINTS;
    if (x.kind == UNIT_NONE || y.kind == UNIT_NONE || unit_eq(x, y) || points)
        return true;
    report(c, D_UNITS, node_place(n), "`%.*s` puts two units together", STR_ARG(node_text(n)))
        ->hint = STR("keep to one unit, or write plain numbers");
    return false;
}

static bool evaluate_pair(Compiler *c, const Node *n, Constant *out) {
    Constant x, y;
    if (!evaluate(c, node_kid(n, 0), &x) || !evaluate(c, node_kid(n, 1), &y))
        return false;
    if (!units_go_together(c, n, x.unit, y.unit))
        return false;
    bool ok = true;
    out->unit = x.unit.kind == UNIT_NONE ? y.unit : x.unit;
    if (n->kind == NODE_ADD)
        ok = number_add(c->arena, x.number, y.number, &out->number);
    else if (n->kind == NODE_SUBTRACT)
        ok = number_sub(c->arena, x.number, y.number, &out->number);
    else if (n->kind == NODE_MULTIPLY)
        ok = number_mul(c->arena, x.number, y.number, &out->number);
    else if (number_is_zero(y.number))
        return refuse(c, n, "divides by zero");
    else
        ok = number_div(c->arena, x.number, y.number, &out->number);
    return ok || refuse(c, n, "is too large a number");
}

static bool evaluate_literal(Compiler *c, const Node *n, Constant *out) {
    *out = (Constant){0};
    switch (number_parse(c->arena, node_text(n), false, &out->number)) {
    case NUMBER_OK:
        return true;
    case NUMBER_TOO_LONG:
        report(c, D_NUMBER_TOO_LONG, node_place(n), "the number has more than %d digits",
               NUMBER_MAX_DIGITS)
            ->hint = STR("look whether two numbers have run together");
        return false;
    case NUMBER_NOT:
        break;
    }
    // "85+" and "85%+" are read by their digits.
    Str text = node_text(n);
    while (text.len > 0 && (text.s[text.len - 1] == '+' || text.s[text.len - 1] == '%')) {
        if (text.s[text.len - 1] == '%')
            out->unit.kind = UNIT_PERCENT;
        text.len--;
    }
    return number_parse(c->arena, text, false, &out->number) == NUMBER_OK ||
           refuse(c, n, "is not a number");
}

static bool evaluate_name(Compiler *c, const Node *n, Constant *out) {
    LetInfo *let = n->n_kids == 1 ? find_let(c, node_text(n)) : NULL;
    if (!let)
        return refuse(c, n, "is not a fixed number");
    names_use(&c->names, NAME_LET, let->name);
    if (let->in_progress) {
        report_circle(c, let, n);
        return false;
    }
    let->in_progress = true;
    bool ok = evaluate(c, let->expression, out);
    let->in_progress = false;
    return ok;
}

static bool evaluate(Compiler *c, const Node *n, Constant *out) {
    if (!n)
        return false;
    // Constants by way of constants can grow without bound: let b = a + a, let c = b + b, …
    if (c->n_constant_steps++ >= CONSTANT_MAX_STEPS)
        return refuse(c, n, "takes too many steps to work out");
    if (n->kind == NODE_NUMBER)
        return evaluate_literal(c, n, out);
    if (n->kind == NODE_NUMBER_PERCENT) {
        if (!evaluate_literal(c, node_kid(n, 0), out))
            return false;
        out->unit.kind = UNIT_PERCENT;
        return true;
    }
    if (n->kind == NODE_NUMBER_UNIT)
        return evaluate_literal(c, node_kid(n, 0), out) && read_unit(c, node_kid(n, 1), &out->unit);
    if (n->kind == NODE_PAREN)
        return evaluate(c, node_kid(n, 0), out);
    if (n->kind == NODE_NEGATIVE)
        return evaluate(c, node_kid(n, 0), out) && number_neg(c->arena, out->number, &out->number);
    if (n->kind == NODE_ADD || n->kind == NODE_SUBTRACT || n->kind == NODE_MULTIPLY ||
        n->kind == NODE_DIVIDE)
        return evaluate_pair(c, n, out);
    if (n->kind == NODE_PATH)
        return evaluate_name(c, n, out);
    return refuse(c, n, "is not a fixed number");
}

static bool work_out(Compiler *c, const Node *n, DiagCode code, Number *out, Unit *unit) {
    Constant value;
    c->n_constant_steps = 0;
    c->constant_code = code;
    if (!evaluate(c, n, &value))
        return false;
    *out = value.number;
    *unit = value.unit;
    return true;
}

bool constant_value(Compiler *c, const Node *n, Number *out, Unit *unit) {
    return work_out(c, n, D_NOT_CONSTANT, out, unit);
}

bool constant_bound(Compiler *c, const Node *n, Number *out, Unit *unit) {
    return work_out(c, n, D_BAND_BOUND, out, unit);
}

bool read_rounding(Compiler *c, const Node *n, int *decimals, RoundMode *mode) {
    Number number;
    int64_t places = -1;
    Str word = node_text(node_kid(n, 1));
    bool ok = number_parse(c->scratch, node_text(node_kid(n, 0)), false, &number) == NUMBER_OK &&
              number_to_int(number, &places) && places <= NUMBER_MAX_DECIMALS &&
              str_starts(word, STR("decimal"));
    const Node *half = node_kid(n, 2);
    ok = ok && (!half || str_eq(node_text(half), STR("even")));
    if (!ok) {
        report(c, D_PRECISION, node_place(n), "`%.*s` is not a precision", STR_ARG(node_text(n)))
            ->hint = STR("write `1 decimal`, `0 decimals` or `2 decimals half even`");
        return false;
    }
    *decimals = (int)places;
    *mode = half ? ROUND_HALF_EVEN : ROUND_HALF_AWAY;
    return true;
}
