// SPDX-License-Identifier: Apache-2.0
// Band lowering: random tables, each compared with a reading of its lines figure by figure that
// knows nothing of cuts and pieces.
#include "tests/unit/bands_fixture.h"

// Bounds are halves, and figures eighths: between any two bounds lie at least three figures.
enum {
    UNIT = 8,
    BOUND = 4,
    LOWEST = -2 * UNIT,
    HIGHEST = 13 * UNIT,
    MAX_LINES = 5,
    N_TABLES = 4000
};

typedef struct Line {
    bool has_low, has_high, low_open, high_open;
    int low, high; // in eighths
    int level;     // -1: no data
} Line;

typedef struct Table {
    Line lines[MAX_LINES];
    int n;
    bool has_otherwise;
    int otherwise;   // -1: no data
    int gaps, edges; // 0 unsaid, 1 worse, 2 better
    Polarity polarity;
    int near;     // in eighths, never a bound
    int decimals; // the table is rounded to so many (0 or 1); -1: it is not
} Table;

static uint64_t dice_state;

static int dice(int n) {
    dice_state ^= dice_state << 13;
    dice_state ^= dice_state >> 7;
    dice_state ^= dice_state << 17;
    return (int)(dice_state % (uint64_t)n);
}

static bool holds(const Line *l, int v) {
    if (l->has_low && (v < l->low || (v == l->low && l->low_open)))
        return false;
    if (l->has_high && (v > l->high || (v == l->high && l->high_open)))
        return false;
    return true;
}

static bool is_empty(const Line *l) {
    return l->has_low && l->has_high &&
           (l->low > l->high || (l->low == l->high && (l->low_open || l->high_open)));
}

static bool is_end(const Line *l, int v) {
    return (l->has_low && l->low == v) || (l->has_high && l->high == v);
}

typedef struct Verdict {
    bool empty, overlap, edge, order;
} Verdict;

// What two lines share: nothing, an end of both, or more.
static void compare_lines(const Table *t, const Line *x, const Line *y, Verdict *out) {
    int n_shared = 0, shared = 0;
    for (int v = LOWEST; v <= HIGHEST; v++)
        if (holds(x, v) && holds(y, v)) {
            n_shared++;
            shared = v;
        }
    if (n_shared > 1 || (n_shared == 1 && (!is_end(x, shared) || !is_end(y, shared))))
        out->overlap = true;
    else if (n_shared == 1 && x->level != y->level && t->edges == 0)
        out->edge = true;
}

// Does a better figure give a worse level?
static bool is_out_of_order(const Table *t, const Line *x, const Line *y) {
    for (int a = LOWEST; a <= HIGHEST; a++)
        for (int b = a + 1; b <= HIGHEST && holds(x, a); b++) {
            if (!holds(y, b) || (holds(x, b) && holds(y, a)))
                continue;
            bool rising =
                t->polarity == POLARITY_HIGH || (t->polarity == POLARITY_NEAR && b <= t->near);
            bool falling =
                t->polarity == POLARITY_LOW || (t->polarity == POLARITY_NEAR && a >= t->near);
            if ((rising && y->level < x->level) || (falling && y->level > x->level))
                return true;
        }
    return false;
}

static Verdict read_table(const Table *t) {
    Verdict out = {0};
    for (int i = 0; i < t->n; i++)
        out.empty = out.empty || is_empty(&t->lines[i]);
    for (int i = 0; i < t->n; i++)
        for (int k = 0; k < i; k++)
            compare_lines(t, &t->lines[i], &t->lines[k], &out);
    for (int i = 0; i < t->n && !out.overlap && !out.edge; i++)
        for (int k = 0; k < t->n; k++)
            if (k != i && is_out_of_order(t, &t->lines[i], &t->lines[k]))
                out.order = true;
    return out;
}

static int picked(int side, int x, int y) {
    return (side == 1) == (x < y) ? x : y;
}

// The figure [v] as the table reads it: rounded half away from zero.
static int as_read(const Table *t, int v) {
    if (t->decimals != 0)
        return v; // eighths, so that one decimal is left to the other tests
    int size = v < 0 ? -v : v, whole = (size + UNIT / 2) / UNIT * UNIT;
    return v < 0 ? -whole : whole;
}

typedef struct Answer {
    int level; // -1: none
    PieceKind kind;
} Answer;

// Of bands that end in one point, the nearest to what lies beyond is the one that begins last.
static const Line *nearer_below(const Line *x, const Line *l) {
    if (!x || l->high != x->high)
        return !x || l->high > x->high ? l : x;
    return l->has_low && (!x->has_low || l->low > x->low) ? l : x;
}

static const Line *nearer_above(const Line *x, const Line *l) {
    if (!x || l->low != x->low)
        return !x || l->low < x->low ? l : x;
    return l->has_high && (!x->has_high || l->high < x->high) ? l : x;
}

static Answer read_figure(const Table *t, int v) {
    const Line *below = NULL, *above = NULL;
    int level = -2;
    for (int i = 0; i < t->n; i++) {
        const Line *l = &t->lines[i];
        if (holds(l, v))
            level = level < 0 ? l->level : picked(t->edges, level, l->level);
        else if (l->has_high && l->high <= v)
            below = nearer_below(below, l);
        else
            above = nearer_above(above, l);
    }
    if (level >= 0)
        return (Answer){level, PIECE_BAND};
    if (below && above) {
        bool same = below->level == above->level;
        if (!same && t->gaps == 0)
            return (Answer){-1, PIECE_NONE};
        return (Answer){picked(t->gaps, below->level, above->level), PIECE_GAP};
    }
    bool worst = t->polarity == POLARITY_HIGH  ? !below
                 : t->polarity == POLARITY_LOW ? !above
                                               : true;
    if (t->has_otherwise && (worst || t->otherwise == -1))
        return (Answer){t->otherwise, PIECE_OTHERWISE};
    return (Answer){-1, PIECE_NONE};
}

// ---- making random tables -----------------------------------------------------------------------

static Line random_line(void) {
    Line l = {.low = BOUND * dice(21), .high = BOUND * dice(21), .level = dice(N_LEVELS)};
    int form = dice(8);
    l.has_low = form != 0, l.has_high = form != 1;
    l.low_open = l.has_low && dice(3) == 0;
    l.high_open = l.has_high && dice(3) == 0;
    if (form == 2)
        l.high = l.low, l.low_open = l.high_open = false;
    bool said = l.low_open || l.high_open;
    if (l.has_low && l.has_high && l.low > l.high && !said) {
        int swap = l.low;
        l.low = l.high;
        l.high = swap;
    }
    return l;
}

// Neighbours side by side that touch, adjoin or lie apart, with levels that suit the polarity.
static void make_orderly(Table *t) {
    int at = BOUND * dice(6), level = t->polarity == POLARITY_LOW ? N_LEVELS - 1 : 0;
    bool rising = t->polarity != POLARITY_LOW;
    for (int i = 0; i < t->n; i++) {
        int from = at, to = at + BOUND * dice(4);
        if (t->polarity == POLARITY_NEAR)
            rising = to < t->near;
        level += (rising ? 1 : -1) * dice(2);
        level = level < 0 ? 0 : level >= N_LEVELS ? N_LEVELS - 1 : level;
        Line l = {.has_low = i > 0 || dice(3) > 0,
                  .has_high = i + 1 < t->n || dice(3) > 0,
                  .low = from,
                  .high = to,
                  .level = level};
        if (!l.has_low && !l.has_high)
            l.has_low = true;
        l.low_open = l.has_low && from < to && dice(3) == 0;
        l.high_open = l.has_high && from < to && dice(3) == 0;
        t->lines[i] = l;
        at = to + BOUND * (dice(2) ? 0 : dice(4));
    }
    for (int i = t->n - 1; i > 0; i--) { // in any order
        int k = dice(i + 1);
        Line swap = t->lines[i];
        t->lines[i] = t->lines[k];
        t->lines[k] = swap;
    }
}

static bool is_point(const Line *l) { return l->has_low && l->has_high && l->low == l->high; }

// Of two bands of the same single figure neither is nearer to a gap than the other.
static bool repeats_a_point(const Table *t) {
    for (int i = 0; i < t->n; i++)
        for (int k = 0; k < i; k++) {
            const Line *x = &t->lines[i], *y = &t->lines[k];
            if (is_point(x) && is_point(y) && x->low == y->low)
                return true;
        }
    return false;
}

static Table random_table(bool orderly) {
    Table t = {.n = 1 + dice(MAX_LINES),
               .has_otherwise = dice(2),
               .otherwise = dice(N_LEVELS + 1) - 1,
               .gaps = dice(3),
               .edges = dice(3)};
    t.polarity = (Polarity)(POLARITY_HIGH + dice(4));
    t.near = BOUND * dice(21) + 1;
    t.decimals = dice(4) == 0 ? 0 : -1;
    if (orderly)
        make_orderly(&t);
    else
        for (int i = 0; i < t.n; i++)
            t.lines[i] = random_line();
    return t;
}

static void put_bound(Buf *out, int eighths) {
    buf_printf(out, "%d%s", eighths / UNIT, eighths % UNIT ? ".5" : "");
}

static void put_word_and_bound(Buf *out, const char *const words[2], int bound) {
    buf_puts(out, words[dice(2)]);
    put_bound(out, bound);
}

static void put_line(Buf *out, const Line *l) {
    static const char *const names[] = {"poor", "fair", "good", "best"};
    static const char *const from[2][2] = {{">=", "at least "}, {">", "above "}};
    static const char *const to[2][2] = {{"<=", "at most "}, {"<", "below "}};
    buf_printf(out, "\n %s ", names[l->level]);
    if (!l->has_high)
        put_word_and_bound(out, from[l->low_open], l->low);
    else if (!l->has_low)
        put_word_and_bound(out, to[l->high_open], l->high);
    else {
        bool plain = !l->low_open && !l->high_open;
        if (l->low_open)
            buf_puts(out, "above ");
        put_bound(out, l->low);
        buf_puts(out, plain && dice(2) ? "-" : " to ");
        if (l->high_open)
            buf_puts(out, "below ");
        put_bound(out, l->high);
    }
}

static Str written(Rules *r, const Table *t) {
    static const char *const sides[] = {"", "worse", "better"};
    static const char *const names[] = {"no data", "poor", "fair", "good", "best"};
    Buf out = {0};
    if (t->gaps)
        buf_printf(&out, ", gaps to %s", sides[t->gaps]);
    if (t->edges)
        buf_printf(&out, ", edges to %s", sides[t->edges]);
    if (t->decimals == 0)
        buf_puts(&out, ", rounded to 0 decimals");
    int at = t->has_otherwise ? dice(t->n + 1) : -1;
    for (int i = 0; i <= t->n; i++) {
        if (i == at)
            buf_printf(&out, "\n %s otherwise", names[t->otherwise + 1]);
        if (i < t->n)
            put_line(&out, &t->lines[i]);
    }
    Str s = arena_str(&r->scratch, buf_str(&out));
    buf_free(&out);
    return s;
}

static bool has_finding(const Rules *r, DiagCode code) {
    for (size_t i = 0; i < r->diags.diags.n; i++)
        if (r->diags.diags.v[i].code == code)
            return true;
    return false;
}

static void fail_table(const Lowered *l, const Table *t, Str text, const char *what, int v) {
    print_findings(&l->r);
    fail_msg("%s at %g; polarity %d, aim %g:%.*s", what, (double)v / UNIT, (int)t->polarity,
             (double)t->near / UNIT, STR_ARG(text));
}

// A finding begins with a figure that shows it: one in two bands, or one in none.
static void check_examples(Lowered *l, const Table *t, Str text) {
    for (size_t i = 0; i < l->r.diags.diags.n; i++) {
        const Diag *d = &l->r.diags.diags.v[i];
        bool shared = d->code == D_BAND_OVERLAP || d->code == D_BAND_EDGE;
        if (!shared && d->code != D_BAND_GAP)
            continue;
        Number n;
        int64_t v = 0;
        Str figure = str_slice(d->message, 0, str_find(d->message, ' '));
        assert_int_equal(number_parse(&l->r.scratch, figure, false, &n), NUMBER_OK);
        assert_true(number_mul(&l->r.scratch, n, number_int(UNIT), &n) && number_to_int(n, &v));
        int n_holding = 0;
        for (int k = 0; k < t->n; k++)
            n_holding += holds(&t->lines[k], (int)v);
        if (shared ? n_holding < 2 : n_holding > 0 && !read_table(t).overlap)
            fail_table(l, t, text, "a wrong example", (int)v);
    }
}

static void compare_figures(const Lowered *l, const Table *t, Str text) {
    for (int v = LOWEST; v <= HIGHEST; v++) {
        Answer expected = read_figure(t, as_read(t, v));
        const Piece *p = &l->table->pieces[band_piece(l->table, (Number){v, UNIT})];
        int level = p->level == LEVEL_NO_DATA ? -1 : p->level;
        if (level != expected.level || p->kind != expected.kind)
            fail_table(l, t, text, "another level", v);
        // The line that settles it names the level, if it is in a band.
        bool named = p->place.line >= 9 && p->place.line < 9u + (uint32_t)t->n + t->has_otherwise;
        if ((p->kind == PIECE_NONE) != (p->place.line == 0) || (p->kind != PIECE_NONE && !named))
            fail_table(l, t, text, "another line", v);
    }
}

// Returns whether the table was accepted.
static bool compare_table(const Table *t) {
    Rules texts;
    rules_begin(&texts);
    Str text = written(&texts, t);
    Lowered l;
    Reading reading = {.polarity = t->polarity, .near = {t->near, UNIT}, .decimals = -1};
    lower_table(&l, reading, text);
    Verdict expected = read_table(t);
    bool ok = l.ok;
    if (ok == (expected.empty || expected.overlap || expected.edge || expected.order))
        fail_table(&l, t, text, ok ? "accepted" : "refused", 0);
    if (expected.empty != has_finding(&l.r, D_BAND_EMPTY))
        fail_table(&l, t, text, "empty", 0);
    if (!expected.empty && expected.overlap != has_finding(&l.r, D_BAND_OVERLAP))
        fail_table(&l, t, text, "overlap", 0);
    bool plain = !expected.empty && !expected.overlap;
    if (plain && expected.edge != has_finding(&l.r, D_BAND_EDGE))
        fail_table(&l, t, text, "edge", 0);
    if (plain && !expected.edge && expected.order != has_finding(&l.r, D_BAND_ORDER))
        fail_table(&l, t, text, "order", 0);
    check_examples(&l, t, text);
    if (ok)
        compare_figures(&l, t, text);
    rules_end(&l.r);
    rules_end(&texts);
    return ok;
}

static void random_tables_read_as_their_lines_say(void **state) {
    (void)state;
    dice_state = 20170403;
    size_t n_accepted = 0;
    for (size_t i = 0; i < N_TABLES; i++) {
        Table t = random_table(i % 2 == 0);
        if (!repeats_a_point(&t))
            n_accepted += compare_table(&t);
    }
    assert_true(n_accepted > N_TABLES / 5); // else the generator is at fault
    assert_true(n_accepted < N_TABLES * 4 / 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_tables_read_as_their_lines_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
