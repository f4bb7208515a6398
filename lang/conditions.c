// SPDX-License-Identifier: Apache-2.0
// Conditions: comparisons, the words that know polarity, levels and directions.
#include "lang/format.h"
#include "lang/gen.h"

Fact *add_fact(Gen *g, FactKind kind, uint16_t truth, const Node *n) {
    Fact f = {.kind = kind,
              .truth = truth,
              .negated = g->negated,
              .a = NO_REG,
              .b = NO_REG,
              .c = NO_REG,
              .decimals = g->kpi ? g->kpi->decimals : -1,
              .mode = g->kpi ? g->kpi->mode : ROUND_HALF_AWAY,
              .polarity = g->kpi ? g->kpi->polarity : POLARITY_NONE,
              .aim = g->kpi && g->kpi->polarity == POLARITY_NEAR ? g->near : number_int(0),
              .band_table = UINT32_MAX,
              .text = format_phrase(g->c->arena, n)};
    if (!VEC_PUSH(g->c->arena, &g->c->facts, f))
        return &g->c->spare_fact;
    return &g->c->facts.v[g->c->facts.n - 1];
}

static void set_sides(Fact *f, const Val *x, const Val *y) {
    f->a = x->reg;
    f->name_a = x->name;
    f->unit_a = x->unit;
    f->b = y->reg;
    f->name_b = y->name;
    f->unit_b = y->unit;
}

FactKind fact_of_level(const Val *level) {
    return level->is_direction ? FACT_DIRECTION : level->is_chart ? FACT_CHART : FACT_LEVEL;
}

void set_level(Gen *g, Fact *f, const Val *level) {
    f->a = level->reg;
    f->name_a = level->name;
    f->unit_a = level->unit;
    f->scale = level->scale;
    f->band_table = level->band_table;
    f->dated = level->dated;
    if (level->is_chart)
        f->unit_a = g->kpi->unit;
    if (!level->is_direction)
        return;
    f->unit_a = g->kpi->unit;
    f->b = g->kpi->judged;
    const Val *before = find_judged(g, (Shift){.back = 1});
    f->c = before ? before->reg : NO_REG;
}

static uint16_t negate(Gen *g, uint16_t truth) {
    return emit_new(g, KIND_TRUTH, OP_NOT, truth, NO_REG, 0);
}

static uint16_t compare(Gen *g, Opcode op, uint16_t a, uint16_t b) {
    return emit_new(g, KIND_TRUTH, op, a, b, 0);
}

// ---- < <= > >= = <> -----------------------------------------------------------------------------

static uint16_t emit_relation(Gen *g, Relation relation, uint16_t a, uint16_t b) {
    switch (relation) {
    case REL_LT:
        return compare(g, OP_LT, a, b);
    case REL_LE:
        return compare(g, OP_LE, a, b);
    case REL_GT:
        return compare(g, OP_LT, b, a);
    case REL_GE:
        return compare(g, OP_LE, b, a);
    case REL_EQ:
        return compare(g, OP_EQ, a, b);
    case REL_NE:
        return compare(g, OP_NE, a, b);
    case REL_BETTER:
    case REL_WORSE:
    case REL_NO_BETTER:
    case REL_NO_WORSE:
    case REL_AT_OR_BETTER:
    case REL_AT_OR_WORSE:
    case REL_WITHIN:
    case REL_WITHIN_OR_BETTER:
    case REL_OVER_BETTER:
    case REL_OVER_WORSE:
    case REL_LEAST_BETTER:
    case REL_LEAST_WORSE:
    case REL_MOST_BETTER:
    case REL_MOST_WORSE:
        break;
    }
    return NO_REG;
}

static Val compare_texts(Gen *g, const Node *n, Relation relation, const Val *x, const Val *y) {
    if (relation != REL_EQ && relation != REL_NE) {
        report(g->c, D_TYPE, node_place(n), "texts are the same or not; they are not less or more")
            ->hint = STR("use = or <>");
        return error_val();
    }
    uint16_t same = emit_new(g, KIND_TRUTH, OP_SAME_TEXT, x->reg, y->reg, 0);
    Val v = truth_val(relation == REL_NE ? negate(g, same) : same);
    add_fact(g, FACT_OTHER, v.reg, n);
    return v;
}

static Val compare_values(Gen *g, const Node *n, Relation relation, Val x, Val y) {
    if (x.type == VAL_ERROR || y.type == VAL_ERROR)
        return error_val();
    g->place = node_place(n);
    if (x.type == VAL_TEXT && y.type == VAL_TEXT)
        return compare_texts(g, n, relation, &x, &y);
    if (x.type != VAL_NUMBER || y.type != VAL_NUMBER) {
        Diag *d = report(g->c, D_TYPE, node_place(n),
                         "`%.*s` compares two different kinds of thing", STR_ARG(node_text(n)));
        d->hint = x.type == VAL_LEVEL || y.type == VAL_LEVEL
                      ? STR("compare a level with `is`, e.g. `ofsted is good`")
                      : STR("compare a figure with a figure");
        return error_val();
    }
    Unit unit;
    if (!same_unit(g, n, &x, &y, &unit))
        return error_val();
    Val v = truth_val(emit_relation(g, relation, x.reg, y.reg));
    Fact *f = add_fact(g, FACT_COMPARE, v.reg, n);
    set_sides(f, &x, &y);
    f->relation = relation;
    f->unit_a = f->unit_b = unit;
    if (x.is_period)
        f->kind = FACT_OTHER;
    return v;
}

// Beside `period`, 2023 is a year.
static Val lower_beside(Gen *g, const Node *n, const Node *other) {
    bool year = n->kind == NODE_NUMBER && other->kind == NODE_PATH &&
                str_eq(node_text(other), STR("period"));
    return year ? lower_period(g, n) : lower(g, n);
}

Val lower_comparison(Gen *g, const Node *n) {
    const Node *left = node_kid(n, 0), *right = node_kid(n, 1);
    Val x = lower_beside(g, left, right);
    Val y = lower_beside(g, right, left);
    return compare_values(g, n, (Relation)n->value, x, y);
}

// ---- words that know polarity -------------------------------------------------------------------

static bool is_polarity_relation(Relation r) {
    return r >= REL_BETTER;
}

static bool refuse_bare_distance(Gen *g, const Node *n, const Node *subject) {
    bool literal = subject->kind == NODE_NUMBER || subject->kind == NODE_NUMBER_PERCENT ||
                   subject->kind == NODE_NUMBER_UNIT;
    if (!literal)
        return false;
    Str text = node_text(subject);
    const char *word = n->value == REL_WORSE ? "worse" : "better";
    Diag *d = report(g->c, D_BARE_DISTANCE, node_place(n),
                     "`%.*s %s than` does not say whether exactly %.*s counts", STR_ARG(text), word,
                     STR_ARG(text));
    hint(g->c, d, "write `over %.*s %s than` (it does not) or `at least %.*s %s than` (it does)",
         STR_ARG(text), word, STR_ARG(text), word);
    return true;
}

// Outside a KPI, in an assertion, `within` is the distance of any two figures.
static bool is_plain_distance(const Gen *g, Relation r) {
    return !g->spec && r == REL_WITHIN;
}

// The subject of polarity words is the KPI's own value.
static bool lower_subject(Gen *g, const Node *n, Val *out) {
    const Node *subject = node_kid(n, 0);
    Relation r = (Relation)n->value;
    bool is_free = subject && (!is_polarity_relation(r) || r == REL_WITHIN);
    if (!g->spec && is_free) {
        *out = lower(g, subject);
        return out->type != VAL_ERROR;
    }
    if (!g->spec) {
        report(g->c, D_SUBJECT, node_place(n),
               "`%.*s` speaks of a KPI's value, and there is none here", STR_ARG(node_text(n)))
            ->hint = STR("use it in a clause of a KPI or pattern, or compare with < and >");
        return false;
    }
    if (!subject) {
        *out = judged_value(g, g->shift, n);
        return out->type == VAL_NUMBER;
    }
    if (is_polarity_relation((Relation)n->value) && refuse_bare_distance(g, n, subject))
        return false;
    *out = lower(g, subject);
    if (out->type == VAL_ERROR)
        return false;
    if (!is_polarity_relation((Relation)n->value) || out->is_value)
        return true;
    report(g->c, D_SUBJECT, node_place(subject),
           "better and worse speak of the KPI's own value, not of `%.*s`",
           STR_ARG(node_text(subject)))
        ->hint = STR("leave the subject out, or compare with < and >");
    return false;
}

static const Node *plain_amount(const Node *n) {
    while (n && n->kind == NODE_PAREN)
        n = node_kid(n, 0);
    return n;
}

uint16_t lower_amount(Gen *g, const Node *n, const Val *of, Unit unit, Fact *fact) {
    const Node *plain = plain_amount(n);
    Val amount = lower_number(g, n);
    if (amount.type != VAL_NUMBER)
        return NO_REG;
    Number limit;
    Unit limit_unit;
    bool constant = plain->kind == NODE_NUMBER || plain->kind == NODE_NUMBER_PERCENT ||
                    plain->kind == NODE_NUMBER_UNIT;
    if (fact && constant && constant_value(g->c, plain, &limit, &limit_unit)) {
        fact->limit = limit;
        fact->has_limit = true;
    }
    g->place = node_place(n);
    UnitKind kind = amount.unit.kind;
    if (fact)
        fact->unit_c = amount.unit;
    if (kind == UNIT_PERCENT) { // N% of X is N/100 times the size of X
        if (fact)
            fact->relative = true;
        uint16_t size = emit_new(g, KIND_NUMBER, OP_ABS, of->reg, NO_REG, 0);
        uint16_t product = emit_new(g, KIND_NUMBER, OP_MUL, size, amount.reg, 0);
        return emit_new(g, KIND_NUMBER, OP_DIV, product, emit_const(g, number_int(100)), 0);
    }
    Str text = node_text(n);
    if (kind == UNIT_POINTS && unit.kind != UNIT_PERCENT && unit.kind != UNIT_POINTS) {
        Str own;
        unit_words(g->c, unit, &own);
        if (unit.kind == UNIT_NONE) {
            report(g->c, D_TOLERANCE, node_place(n),
                   "`%.*s`: points are for percentages, and this figure has no unit", STR_ARG(text))
                ->hint =
                STR("declare its metric as percent, or write the distance as a number alone");
            return NO_REG;
        }
        hint(g->c,
             report(g->c, D_TOLERANCE, node_place(n),
                    "`%.*s`: points are for percentages, and this KPI is in %.*s", STR_ARG(text),
                    STR_ARG(own)),
             "write the distance in %.*s, or as a percentage of the other figure", STR_ARG(own));
        return NO_REG;
    }
    if (kind == UNIT_NONE && unit.kind == UNIT_PERCENT) {
        hint(g->c,
             report(g->c, D_TOLERANCE, node_place(n), "`%.*s` on a percentage: points or per cent?",
                    STR_ARG(text)),
             "write `%.*s points` for percentage points, or `%.*s%%` for a share of the other "
             "figure",
             STR_ARG(text), STR_ARG(text));
        return NO_REG;
    }
    bool points_of_percent = kind == UNIT_POINTS && unit.kind == UNIT_PERCENT;
    if (kind != UNIT_NONE && !points_of_percent && !unit_eq(amount.unit, unit) &&
        unit.kind != UNIT_NONE) {
        Str own, given;
        unit_words(g->c, unit, &own);
        unit_words(g->c, amount.unit, &given);
        hint(g->c,
             report(g->c, D_UNITS, node_place(n), "the distance is in %.*s, the KPI in %.*s",
                    STR_ARG(given), STR_ARG(own)),
             "write it in %.*s", STR_ARG(own));
        return NO_REG;
    }
    if (fact && kind == UNIT_NONE)
        fact->unit_c = unit;
    return amount.reg;
}

uint16_t distance_to_aim(Gen *g, uint16_t reg) {
    uint16_t difference = emit_new(g, KIND_NUMBER, OP_SUB, reg, emit_const(g, g->near), 0);
    return emit_new(g, KIND_NUMBER, OP_ABS, difference, NO_REG, 0);
}

// Better, worse, and their negations of [v] against [x], where with [low] the lower is the better.
static uint16_t emit_order(Gen *g, Relation r, bool low, uint16_t v, uint16_t x) {
    uint16_t better_low = low ? v : x,
             better_high = low ? x : v; // better: better_low < better_high
    if (r == REL_BETTER)
        return compare(g, OP_LT, better_low, better_high);
    if (r == REL_WORSE)
        return compare(g, OP_LT, better_high, better_low);
    if (r == REL_NO_BETTER || r == REL_AT_OR_WORSE)
        return compare(g, OP_LE, better_high, better_low);
    return compare(g, OP_LE, better_low, better_high); // REL_NO_WORSE, REL_AT_OR_BETTER
}

static bool speaks_of_worse(Relation r) {
    return r == REL_OVER_WORSE || r == REL_LEAST_WORSE || r == REL_MOST_WORSE;
}

static uint16_t emit_gap(Gen *g, Relation r, bool low, uint16_t v, uint16_t x, uint16_t limit) {
    bool upward = speaks_of_worse(r) == low; // the gap is v - x
    uint16_t gap = emit_new(g, KIND_NUMBER, OP_SUB, upward ? v : x, upward ? x : v, 0);
    if (r == REL_OVER_BETTER || r == REL_OVER_WORSE)
        return compare(g, OP_LT, limit, gap);
    if (r == REL_LEAST_BETTER || r == REL_LEAST_WORSE)
        return compare(g, OP_LE, limit, gap);
    return compare(g, OP_LE, gap, limit);
}

static uint16_t emit_within(Gen *g, uint16_t v, uint16_t x, uint16_t limit) {
    uint16_t difference = emit_new(g, KIND_NUMBER, OP_SUB, v, x, 0);
    return compare(g, OP_LE, emit_new(g, KIND_NUMBER, OP_ABS, difference, NO_REG, 0), limit);
}

Val lower_words_comparison(Gen *g, const Node *n) {
    Relation r = (Relation)n->value;
    Val v, x;
    if (!lower_subject(g, n, &v))
        return error_val();
    x = lower(g, node_kid(n, 2));
    if (!is_polarity_relation(r))
        return compare_values(g, n, r, v, x);
    if (x.type == VAL_ERROR)
        return error_val();
    if (x.type != VAL_NUMBER) {
        report(g->c, D_TYPE, node_place(node_kid(n, 2)), "`%.*s` is not a figure to compare with",
               STR_ARG(node_text(node_kid(n, 2))))
            ->hint = STR("name a comparator, the target or a number");
        return error_val();
    }
    if (v.type != VAL_NUMBER) { // outside a KPI only
        lower_number(g, node_kid(n, 0));
        return error_val();
    }
    bool plain = is_plain_distance(g, r);
    Polarity polarity = plain ? POLARITY_HIGH : need_polarity(g, n, true);
    Unit unit;
    if (polarity == POLARITY_NONE || !same_unit(g, n, &v, &x, &unit))
        return error_val();

    const Node *amount = node_kid(n, 1);
    Fact *f = add_fact(g, FACT_DISTANCE, NO_REG, n);
    size_t fact = g->c->facts.n - 1; // facts may move while the amount is lowered
    set_sides(f, &v, &x);
    f->unit_a = f->unit_b = unit;
    f->relation = r;
    uint16_t limit = NO_REG;
    if (amount) {
        Fact with_limit = *f;
        limit = lower_amount(g, amount, &x, unit, &with_limit);
        if (limit == NO_REG)
            return error_val();
        with_limit.c = limit;
        if (fact < g->c->facts.n)
            g->c->facts.v[fact] = with_limit;
        bool two_sided = r == REL_WITHIN || r == REL_WITHIN_OR_BETTER;
        if (polarity == POLARITY_NEAR && with_limit.relative && !two_sided) {
            report(g->c, D_NEAR_RELATIVE, node_place(amount),
                   "`%.*s` of a distance says nothing useful", STR_ARG(node_text(amount)))
                ->hint = STR("give the distance in the KPI's own unit");
            return error_val();
        }
    }
    g->place = node_place(n);
    bool low = polarity != POLARITY_HIGH;
    uint16_t a = v.reg, b = x.reg;
    if (polarity == POLARITY_NEAR && r != REL_WITHIN) {
        a = distance_to_aim(g, v.reg);
        b = distance_to_aim(g, x.reg);
    }
    uint16_t truth;
    if (r == REL_WITHIN)
        truth = emit_within(g, v.reg, x.reg, limit);
    else if (r == REL_WITHIN_OR_BETTER)
        truth = emit_new(g, KIND_TRUTH, OP_OR, emit_within(g, v.reg, x.reg, limit),
                         emit_order(g, REL_AT_OR_BETTER, low, a, b), 0);
    else if (amount)
        truth = emit_gap(g, r, low, a, b, limit);
    else
        truth = emit_order(g, r, low, a, b);
    if (fact < g->c->facts.n)
        g->c->facts.v[fact].truth = truth;
    return truth_val(truth);
}

// ---- levels and directions ----------------------------------------------------------------------

bool level_set(Compiler *c, const Scale *scale, const Node *right, uint32_t *set) {
    *set = 0;
    for (uint32_t i = 0; i < right->n_kids; i++) {
        uint8_t level;
        Str name = node_text(right->kids[i]);
        if (!find_level(scale, name, &level)) {
            report_unknown_level(c, scale, name, node_place(right->kids[i]));
            return false;
        }
        uint32_t one = 1u << level,
                 all = scale->n_levels == 32 ? UINT32_MAX : (1u << scale->n_levels) - 1;
        bool single = right->kind == NODE_LEVEL_IS;
        if (single && right->value == LEVEL_OR_BETTER)
            one = all & ~(one - 1);
        if (single && right->value == LEVEL_OR_WORSE)
            one = one | (one - 1);
        *set |= one;
    }
    return true;
}

static Val is_level(Gen *g, const Node *n, const Val *subject, const Node *right) {
    uint32_t set;
    if (!level_set(g->c, &g->c->scales.v[subject->scale], right, &set))
        return error_val();
    g->place = node_place(n);
    Val v = truth_val(emit_new(g, KIND_TRUTH, OP_IS, subject->reg, NO_REG, set));
    Fact *f = add_fact(g, fact_of_level(subject), v.reg, n);
    f->levels = set;
    set_level(g, f, subject);
    return v;
}

// `direction is up`: the raw direction has levels of its own.
static bool speaks_of_arrows(const Node *right) {
    bool arrows = false;
    for (uint32_t i = 0; i < right->n_kids; i++)
        arrows = arrows || str_eq(node_text(right->kids[i]), STR("up")) ||
                 str_eq(node_text(right->kids[i]), STR("down"));
    return arrows;
}

static Val is_known(Gen *g, const Node *n, const Val *subject, bool known) {
    g->place = node_place(n);
    uint16_t truth = emit_new(g, KIND_TRUTH, OP_KNOWN, subject->reg, NO_REG, 0);
    Val v = truth_val(known ? truth : negate(g, truth));
    Fact *f = add_fact(g, FACT_KNOWN, v.reg, n);
    f->name_a = subject->name;
    return v;
}

// What stands right of `is`, with `not` already seen to.
static Val lower_is_right(Gen *g, const Node *n, const Node *left, const Node *right) {
    if (right->kind == NODE_WORDS_COMPARISON) {
        // `value is within 5 points of target`; `ofsted is at least good` is answered below.
        Node with_subject = *right;
        Node *kids[3] = {node_kid(n, 0), node_kid(right, 1), node_kid(right, 2)};
        with_subject.kids = kids;
        with_subject.from = n->from;
        Val subject = {0};
        if (right->value == REL_GE || right->value == REL_LE)
            subject = lower(g, left);
        if (subject.type == VAL_LEVEL) {
            Diag *d = report(g->c, D_OTHER_WORDS, node_place(n),
                             "`%.*s` is understood, but written in another form here",
                             STR_ARG(node_text(n)));
            hint(g->c, d, "write `is %.*s or %s`", STR_ARG(node_text(kids[2])),
                 right->value == REL_GE ? "better" : "worse");
            return error_val();
        }
        return lower_words_comparison(g, &with_subject);
    }
    Val subject = lower(g, left);
    if (subject.type == VAL_ERROR)
        return subject;
    if (right->kind == NODE_DIRECTION_SPAN && (subject.is_value || subject.is_direction))
        return lower(g, right);
    if (right->kind == NODE_DIRECTION_SPAN) {
        report(g->c, D_SUBJECT, node_place(left),
               "better and worse speak of the KPI's own value, not of `%.*s`",
               STR_ARG(node_text(left)))
            ->hint = STR("leave it out: `improving for 3 periods` is about the KPI's value");
        return error_val();
    }
    if (right->kind == NODE_LEVEL_NO_DATA)
        return is_known(g, n, &subject, false);
    bool single = right->kind == NODE_LEVEL_IS;
    Str name = node_text(node_kid(right, 0));
    if (single && str_eq(name, STR("known")))
        return is_known(g, n, &subject, true);
    if (single && str_eq(name, STR("unknown")))
        return is_known(g, n, &subject, false);
    if (subject.is_direction && speaks_of_arrows(right))
        subject = raw_direction_value(g, n);
    if (subject.type == VAL_ERROR)
        return subject;
    if (subject.type == VAL_LEVEL)
        return is_level(g, n, &subject, right);
    Diag *d = report(g->c, D_TYPE, node_place(n), "`%.*s` is no level, so it cannot be `%.*s`",
                     STR_ARG(node_text(left)), STR_ARG(node_text(right)));
    hint(g->c, d, "write `=` to compare figures or texts, or name the bands: `ofsted is %.*s`",
         STR_ARG(node_text(right)));
    return error_val();
}

Val lower_is(Gen *g, const Node *n) {
    const Node *right = node_kid(n, 1);
    if (!right || right->kind == NODE_ADVICE)
        return error_val();
    bool negative = n->flags & NODE_FLAG;
    if (negative)
        g->negated = !g->negated;
    Val v = lower_is_right(g, n, node_kid(n, 0), right);
    if (negative)
        g->negated = !g->negated;
    if (v.type != VAL_TRUTH || !negative)
        return v;
    g->place = node_place(n);
    return truth_val(negate(g, v.reg));
}

Val lower_direction_word(Gen *g, const Node *n, Str word) {
    bool raw = str_eq(word, STR("up")) || str_eq(word, STR("down"));
    Polarity polarity = need_polarity(g, n, !raw && !str_eq(word, STR("steady")));
    if (polarity == POLARITY_NONE)
        return error_val();
    Val direction = raw ? raw_direction_value(g, n) : direction_value(g, n);
    if (direction.type != VAL_LEVEL)
        return error_val();
    uint8_t level;
    if (!find_level(&g->c->scales.v[direction.scale], word, &level))
        return error_val();
    g->place = node_place(n);
    Val v = truth_val(emit_new(g, KIND_TRUTH, OP_IS, direction.reg, NO_REG, 1u << level));
    Fact *f = add_fact(g, FACT_DIRECTION, v.reg, n);
    f->levels = 1u << level;
    set_level(g, f, &direction);
    return v;
}
