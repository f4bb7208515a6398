// SPDX-License-Identifier: Apache-2.0
// Functions of figures: the table of all, and those that look at one period.
#include "lang/gen.h"

Val refuse_arguments(Gen *g, const Node *n, const char *form) {
    hint(g->c,
         report(g->c, D_FUNCTION, node_place(n), "`%.*s` does not fit the function `%.*s`",
                STR_ARG(node_text(n)), STR_ARG(node_text(node_kid(n, 0)))),
         "the form is %s", form);
    return error_val();
}

Val lower_one(Gen *g, const Node *n, Opcode op) {
    Val x = lower_number(g, node_kid(n, n->kind == NODE_CALL ? 1 : 0));
    if (x.type != VAL_NUMBER || refuse_period(g, n, &x))
        return error_val();
    g->place = node_place(n);
    Val v = number_val(emit_new(g, KIND_NUMBER, op, x.reg, NO_REG, 0), x.unit);
    v.literal = x.literal;
    v.whole = x.whole;
    return v;
}

static Val lower_extreme(Gen *g, const Node *n, Opcode op) {
    Val x = lower_number(g, node_kid(n, 1));
    for (uint32_t i = 2; i < n->n_kids && x.type == VAL_NUMBER; i++) {
        Val y = lower_number(g, n->kids[i]);
        Unit unit;
        if (y.type != VAL_NUMBER || !same_unit(g, n, &x, &y, &unit))
            return error_val();
        g->place = node_place(n);
        x = number_val(emit_new(g, KIND_NUMBER, op, x.reg, y.reg, 0), unit);
    }
    x.is_value = false;
    return x;
}

static Val lower_round(Gen *g, const Node *n) {
    Number decimals;
    Unit unit;
    int64_t places;
    Val x = lower_number(g, node_kid(n, 1));
    if (x.type != VAL_NUMBER || refuse_period(g, n, &x) ||
        !constant_value(g->c, node_kid(n, 2), &decimals, &unit))
        return error_val();
    if (!number_to_int(decimals, &places) || places < 0 || places > NUMBER_MAX_DECIMALS)
        return refuse_arguments(g, n, "round(x, 1), with 0 to 100 decimals");
    g->place = node_place(n);
    return number_val(emit_new(g, KIND_NUMBER, OP_ROUND, x.reg, NO_REG,
                               (uint32_t)places | (uint32_t)ROUND_HALF_AWAY << 8),
                      x.unit);
}

static Val lower_known(Gen *g, const Node *n) {
    Val x = lower(g, node_kid(n, 1));
    if (x.type == VAL_ERROR)
        return x;
    g->place = node_place(n);
    Val v = truth_val(emit_new(g, KIND_TRUTH, OP_KNOWN, x.reg, NO_REG, 0));
    add_fact(g, FACT_OTHER, v.reg, n);
    return v;
}

// ---- all functions ------------------------------------------------------------------------------

static Val lower_abs(Gen *g, const Node *n) {
    return lower_one(g, n, OP_ABS);
}

static Val lower_min(Gen *g, const Node *n) {
    return lower_extreme(g, n, OP_MIN);
}

static Val lower_max(Gen *g, const Node *n) {
    return lower_extreme(g, n, OP_MAX);
}

static const struct {
    const char *name;
    uint32_t least, most; // arguments
    CallKind kind;
    Val (*lower)(Gen *, const Node *);
    const char *form;
} functions[] = {
    {"abs", 1, 1, CALL_FIGURES, lower_abs, "abs(x)"},
    {"min", 2, UINT32_MAX, CALL_FIGURES, lower_min, "min(a, b)"},
    {"max", 2, UINT32_MAX, CALL_FIGURES, lower_max, "max(a, b)"},
    {"round", 2, 2, CALL_FIGURES, lower_round, "round(x, decimals)"},
    {"known", 1, 1, CALL_OTHER, lower_known, "known(x)"},
    {"previous", 1, 2, CALL_OTHER, lower_previous, "previous(x) or previous(x, n)"},
    {"latest", 2, 2, CALL_OTHER, lower_latest, "latest(x, within 2 periods)"},
    {"year_ago", 1, 1, CALL_OTHER, lower_year_ago, "year_ago(x)"},
    {"rolling_sum", 2, 2, CALL_WINDOW, lower_rolling_sum, "rolling_sum(x, 12)"},
    {"rolling_mean", 2, 2, CALL_WINDOW, lower_rolling_mean, "rolling_mean(x, 3)"},
    {"rolling_min", 2, 2, CALL_WINDOW, lower_rolling_min, "rolling_min(x, 12)"},
    {"rolling_max", 2, 2, CALL_WINDOW, lower_rolling_max, "rolling_max(x, 12)"},
    {"year_to_date_sum", 2, 2, CALL_WINDOW, lower_year_to_date, "year_to_date_sum(x, financial)"},
};
enum { N_FUNCTIONS = sizeof functions / sizeof *functions };

static Val unknown_function(Gen *g, const Node *n, Str name) {
    Suggestion near = suggest_for(name);
    Buf names = {0};
    for (size_t i = 0; i < N_FUNCTIONS; i++) {
        suggest_consider(&near, str_from(functions[i].name));
        buf_printf(&names, "%s%s",
                   i == 0                ? ""
                   : i + 1 < N_FUNCTIONS ? ", "
                                         : " and ",
                   functions[i].name);
    }
    Diag *d = report(g->c, D_FUNCTION, node_place(node_kid(n, 0)), "there is no function `%.*s`",
                     STR_ARG(name));
    if (!did_you_mean(g->c, d, &near))
        hint(g->c, d, "the functions are %.*s", STR_ARG(buf_str(&names)));
    buf_free(&names);
    return error_val();
}

// Is one of the arguments `within 2 periods`?
static bool looks_within(const Node *n) {
    for (uint32_t i = 2; i < n->n_kids; i++)
        if (n->kids[i] && n->kids[i]->kind == NODE_WITHIN_PERIODS)
            return true;
    return false;
}

CallKind call_kind(const Node *n) {
    Str name = node_text(node_kid(n, 0));
    for (size_t i = 0; i < N_FUNCTIONS; i++)
        if (str_eq(name, str_from(functions[i].name)))
            return functions[i].kind;
    return CALL_OTHER;
}

Val lower_call(Gen *g, const Node *n) {
    Str name = node_text(node_kid(n, 0));
    const Node *allow = call_allow(n);
    uint32_t n_args = n->n_kids - 1 - (allow != NULL);
    for (size_t i = 0; i < N_FUNCTIONS; i++) {
        if (!str_eq(name, str_from(functions[i].name)))
            continue;
        bool fits = n_args >= functions[i].least && n_args <= functions[i].most &&
                    (!allow || functions[i].kind == CALL_WINDOW) &&
                    looks_within(n) == (functions[i].lower == lower_latest);
        return fits ? functions[i].lower(g, n) : refuse_arguments(g, n, functions[i].form);
    }
    return unknown_function(g, n, name);
}
