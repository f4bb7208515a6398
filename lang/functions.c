// SPDX-License-Identifier: Apache-2.0
// Functions: abs, min, max, round, known, previous.
#include "lang/gen.h"

static Val refuse_arguments(Gen *g, const Node *n, const char *form) {
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

static Val lower_previous(Gen *g, const Node *n) {
    int64_t back = 1;
    if (n->n_kids == 3) {
        Number number;
        Unit unit;
        if (!constant_value(g->c, node_kid(n, 2), &number, &unit))
            return error_val();
        if (!number_to_int(number, &back) || back < 1 || back > GEN_MAX_BACK)
            return refuse_arguments(g, n, "previous(x) or previous(x, 12), from 1 to 1200 periods");
    }
    if (g->back + back > GEN_MAX_BACK)
        return refuse_arguments(g, n, "previous(x, n), reaching back at most 1200 periods in all");
    g->back += (int32_t)back;
    Val v = lower(g, node_kid(n, 1));
    g->back -= (int32_t)back;
    v.is_value = false;
    v.literal = false;
    if (v.type == VAL_NUMBER)
        v.name = back == 1 ? STR("the period before")
                           : arena_printf(g->c->arena, "%d periods before", (int)back);
    return v;
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

Val lower_call(Gen *g, const Node *n) {
    Str name = node_text(node_kid(n, 0));
    size_t n_args = n->n_kids - 1;
    if (str_eq(name, STR("abs")))
        return n_args == 1 ? lower_one(g, n, OP_ABS) : refuse_arguments(g, n, "abs(x)");
    if (str_eq(name, STR("min")))
        return n_args >= 2 ? lower_extreme(g, n, OP_MIN) : refuse_arguments(g, n, "min(a, b)");
    if (str_eq(name, STR("max")))
        return n_args >= 2 ? lower_extreme(g, n, OP_MAX) : refuse_arguments(g, n, "max(a, b)");
    if (str_eq(name, STR("round")))
        return n_args == 2 ? lower_round(g, n) : refuse_arguments(g, n, "round(x, decimals)");
    if (str_eq(name, STR("known")))
        return n_args == 1 ? lower_known(g, n) : refuse_arguments(g, n, "known(x)");
    if (str_eq(name, STR("previous")))
        return n_args == 1 || n_args == 2 ? lower_previous(g, n)
                                          : refuse_arguments(g, n, "previous(x) or previous(x, n)");
    static const char *const later[] = {"year_ago",    "rolling_sum", "rolling_mean",
                                        "rolling_min", "rolling_max", "year_to_date_sum",
                                        "latest",      NULL};
    for (const char *const *l = later; *l; l++)
        if (str_eq(name, str_from(*l))) {
            report(g->c, D_LATER, node_place(n),
                   "`%.*s` is not part of this version of the language", STR_ARG(name))
                ->hint = STR("previous(x, n) reads a single earlier period");
            return error_val();
        }
    static const char *const known[] = {"abs", "min", "max", "round", "known", "previous"};
    Suggestion near = suggest_for(name);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        suggest_consider(&near, str_from(known[i]));
    Diag *d = report(g->c, D_FUNCTION, node_place(node_kid(n, 0)), "there is no function `%.*s`",
                     STR_ARG(name));
    if (!did_you_mean(g->c, d, &near))
        d->hint = STR("the functions are abs, min, max, round, known and previous");
    return error_val();
}
