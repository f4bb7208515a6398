// SPDX-License-Identifier: Apache-2.0
// Input blocks: the shape of metric files.
#include <string.h>

#include "lang/compiler.h"
#include "lang/format.h"

typedef struct Builder {
    Compiler *c;
    Input in;
    const Node *node;
    const Node *seen[N_NODE_KINDS]; // the first clause of each kind
    bool broken; // a clause was refused without which the layout cannot be checked
    VEC(FieldColumn) fields;
    VEC(WhereFilter) wheres;
    VEC(MissingSymbol) missing;
    VEC(MarkSymbol) marks;
} Builder;

static Str take(Builder *b, const Node *string) {
    return arena_str(b->c->arena, node_string(b->c->scratch, string));
}

// Points to the clause before [n] that says the same.
static void name_first(Builder *b, Diag *d, const Node *n) {
    d->other = node_place(node_like(node_kid(b->node, 2), n));
    d->note = STR("the first line");
}

// Reports words that are none of [known], with the nearest.
static void report_words(Builder *b, const Node *at, Str text, const char *what,
                         const char *const *known) {
    Suggestion near = suggest_for(text);
    Buf list = {0};
    for (size_t i = 0; known[i]; i++) {
        suggest_consider(&near, str_from(known[i]));
        buf_printf(&list, "%s%s", i == 0 ? "" : ", ", known[i]);
    }
    Diag *d =
        report(b->c, D_INPUT_WORDS, node_place(at), "`%.*s` is not a %s", STR_ARG(text), what);
    if (did_you_mean(b->c, d, &near))
        hint(b->c, d, "did you mean `%.*s`? Known are %.*s", STR_ARG(near.best),
             STR_ARG(buf_str(&list)));
    else
        hint(b->c, d, "known are %.*s", STR_ARG(buf_str(&list)));
    buf_free(&list);
}

static bool find_word(Str text, const char *const *known, size_t *index) {
    for (size_t i = 0; known[i]; i++)
        if (str_eq(text, str_from(known[i]))) {
            *index = i;
            return true;
        }
    return false;
}

static void read_layout(Builder *b, const Node *n) {
    static const char *const layouts[] = {"long", "wide", "snapshot", NULL};
    size_t i;
    if (find_word(node_text(node_kid(n, 0)), layouts, &i))
        b->in.layout = (Layout)i;
    else {
        report_words(b, n, node_text(node_kid(n, 0)), "layout", layouts);
        b->broken = true;
    }
}

static void read_missing(Builder *b, const Node *n) {
    static const char *const reasons[] = {"suppressed", "not applicable",  "not available",
                                          "no row",     "low reliability", NULL};
    MissingSymbol m = {.text = str_trim(take(b, node_kid(n, 0)))};
    Str words = format_phrase(b->c->scratch, node_kid(n, 1));
    size_t i;
    if (!find_word(words, reasons, &i)) {
        report_words(b, node_kid(n, 1), words, "reason for a figure to be missing", reasons);
        return;
    }
    m.reason = reason_find(words);
    for (size_t k = 0; k < b->missing.n; k++)
        if (str_eq(b->missing.v[k].text, m.text)) {
            Diag *d = report(b->c, D_SYMBOL_TWICE, node_place(n),
                             "the symbol \"%.*s\" is declared twice", STR_ARG(m.text));
            name_first(b, d, n);
            d->hint = STR("remove one of the lines");
            return;
        }
    VEC_PUSH(b->c->arena, &b->missing, m);
}

static void read_mark(Builder *b, const Node *n) {
    static const char *const words[] = {"provisional",     "revised", "estimated",
                                        "break in series", "break",   NULL};
    static const Mark marks[] = {MARK_PROVISIONAL, MARK_REVISED, MARK_ESTIMATED, MARK_BREAK,
                                 MARK_BREAK};
    Str text = format_phrase(b->c->scratch, node_kid(n, 1));
    size_t i;
    if (!find_word(text, words, &i)) {
        report_words(b, node_kid(n, 1), text, "mark", words);
        return;
    }
    MarkSymbol m = {str_trim(take(b, node_kid(n, 0))), marks[i]};
    if (m.text.len == 0)
        report(b->c, D_INPUT_CLAUSE, node_place(n), "a mark needs a text")->hint =
            STR("write mark \"p\" as provisional");
    else
        VEC_PUSH(b->c->arena, &b->marks, m);
}

static void read_numbers(Builder *b, const Node *n) {
    static const char *const styles[] = {"percent signs", "thousands commas", "thousands spaces",
                                         "pound signs", NULL};
    bool *flags[] = {&b->in.percent_signs, &b->in.thousands_commas, &b->in.thousands_spaces,
                     &b->in.pound_signs};
    for (uint32_t k = 0; k < n->n_kids; k++) {
        Str text = format_phrase(b->c->scratch, n->kids[k]);
        size_t i;
        if (find_word(text, styles, &i))
            *flags[i] = true;
        else
            report_words(b, n->kids[k], text, "way to write numbers", styles);
    }
}

static void read_field(Builder *b, const Node *n) {
    Str name = node_text(node_kid(n, 0));
    const Node *words = node_kid(n, 2);
    bool is_text = words && str_eq(node_text(words), STR("text"));
    if (words && !is_text)
        report(b->c, D_INPUT_WORDS, node_place(words), "`%.*s` is not a kind of field",
               STR_ARG(node_text(words)))
            ->hint = STR("leave it out for figures, or write `as text`");
    if (str_eq(name, STR("value"))) {
        report(b->c, D_INPUT_CLAUSE, node_place(n), "`value` is not a field of its own")->hint =
            STR("write value column \"…\"");
        return;
    }
    uint32_t field;
    if (find_field(b->c, name, &field) && b->c->field_is_text.v[field] != is_text) {
        report(b->c, D_INPUT_CLAUSE, node_place(n),
               "the field `%.*s` is a text in one place and a figure in another", STR_ARG(name))
            ->hint = STR("declare it the same way everywhere");
        return;
    }
    field = intern_field(b->c, name, is_text);
    for (size_t i = 0; i < b->fields.n; i++)
        if (b->fields.v[i].field == field) {
            Diag *d = report(b->c, D_CLAUSE_TWICE, node_place(n),
                             "the field `%.*s` stands twice in this input", STR_ARG(name));
            name_first(b, d, n);
            d->hint = STR("remove one of the lines, or give one of the fields another name");
            return;
        }
    VEC_PUSH(b->c->arena, &b->fields, (FieldColumn){field, take(b, node_kid(n, 1)), is_text});
}

static void read_where(Builder *b, const Node *n) {
    const Node *column = node_kid(n, 0), *texts = node_kid(n, 1);
    WhereFilter w = {
        .negated = n->flags & NODE_FLAG, .n_texts = texts->n_kids, .place = node_place(n)};
    w.column =
        column->kind == NODE_STRING ? take(b, column) : arena_str(b->c->arena, node_text(column));
    w.texts = ARENA_ARRAY(b->c->arena, Str, texts->n_kids);
    if (!w.texts)
        return;
    for (uint32_t i = 0; i < texts->n_kids; i++)
        w.texts[i] = take(b, texts->kids[i]);
    VEC_PUSH(b->c->arena, &b->wheres, w);
}

// The ways that `written` may ask for: of the kind, and days, from which the kind is told.
static void hint_ways(Builder *b, Diag *d) {
    Buf list = {0};
    for (unsigned i = 0; i < N_LABEL_WAYS; i++) {
        if (label_kind(i) == b->in.period_as)
            buf_printf(&list, "%s\"%.*s\"", list.len > 0 ? ", " : "", STR_ARG(label_example(i)));
    }
    hint(b->c, d, "write a label as it stands in the file; the ways to write a %.*s are %.*s%s",
         STR_ARG(period_kind_words(b->in.period_as)), STR_ARG(buf_str(&list)),
         b->in.period_as == PERIOD_DAY ? "" : ", or a day such as \"31/03/2024\"");
    buf_free(&list);
}

// A label after `written`: the ways in which it can be read have to be one.
static void read_example(Builder *b, const Node *n) {
    Str text = str_trim(take(b, n));
    LabelWays fits = label_fits(text, label_ways(b->in.period_as, true));
    if (fits == 0)
        fits = label_fits(text, label_ways(PERIOD_DAY, true));
    if (fits == 0) {
        Diag *d =
            report(b->c, D_PERIOD_EXAMPLE, node_place(n), "\"%.*s\" is no way to write a %.*s",
                   STR_ARG(text), STR_ARG(period_kind_words(b->in.period_as)));
        hint_ways(b, d);
    } else if ((fits & (fits - 1)) != 0) {
        report(b->c, D_PERIOD_EXAMPLE_DOUBT, node_place(n),
               "\"%.*s\" does not show whether the day or the month comes first", STR_ARG(text))
            ->hint = STR("write a day after the 12th: written \"31/03/2024\" has the day first, "
                         "written \"03/31/2024\" the month");
    }
    b->in.period_ways |= fits;
}

static void read_period_column(Builder *b, const Node *n) {
    b->in.period_column = take(b, node_kid(n, 0));
    const Node *words = node_kid(n, 1);
    if (!words)
        return;
    static const char *const kinds[] = {
        "day",            "month",         "quarter",       "year",           "financial quarter",
        "financial year", "academic year", "calendar year", "calendar quarter", NULL};
    Str text = format_phrase(b->c->scratch, words);
    Str plain = str_starts(text, STR("calendar ")) ? str_slice(text, 9, text.len) : text;
    size_t i;
    if (!find_word(text, kinds, &i)) {
        report_words(b, words, text, "kind of period", kinds);
        return;
    }
    b->in.period_as = period_kind_find(plain);
    const Node *examples = node_kid(n, 2);
    for (uint32_t k = 0; examples && k < examples->n_kids; k++)
        read_example(b, examples->kids[k]);
}

static void read_period(Builder *b, const Node *n) {
    Str text = node_text(node_kid(n, 0));
    warn_month_like_years(b->c, node_kid(n, 0));
    if (!period_parse(text, &b->in.period))
        report(b->c, D_BAD_PERIOD, node_place(n), "`%.*s` is not a period", STR_ARG(text))->hint =
            STR("write 2023-05, 2023-Q2, FY2023-24, AY2023/24, 2023 or 2023-05-31");
}

static void read_skip(Builder *b, const Node *n) {
    Number lines;
    int64_t count;
    Str word = node_text(node_kid(n, 1));
    bool ok = number_parse(b->c->scratch, node_text(node_kid(n, 0)), false, &lines) == NUMBER_OK &&
              number_to_int(lines, &count) && count <= 1000000 && str_starts(word, STR("line"));
    if (ok)
        b->in.skip_lines = (uint32_t)count;
    else
        report(b->c, D_INPUT_CLAUSE, node_place(n), "`%.*s` is not a number of lines to skip",
               STR_ARG(node_text(n)))
            ->hint = STR("write skip 2 lines");
}

// One character, for the delimiter and the quote.
static Str read_character(Builder *b, const Node *n) {
    Str s = take(b, node_kid(n, 0));
    if (str_eq(s, STR("tab")) || str_eq(s, STR("\\t")))
        s = STR("\t");
    if (s.len == 1)
        return s;
    report(b->c, D_INPUT_CLAUSE, node_place(n), "\"%.*s\" is not a single character", STR_ARG(s))
        ->hint = STR("write one character, or \"tab\"");
    return (Str){0};
}

static void read_encoding(Builder *b, const Node *n) {
    static const char *const encodings[] = {"utf-8", "windows-1252", NULL};
    Str text = take(b, node_kid(n, 0));
    size_t i;
    if (find_word(text, encodings, &i))
        b->in.encoding = text;
    else
        report_words(b, n, text, "known encoding", encodings);
}

static void read_other(Builder *b, const Node *n) {
    if (str_eq(format_phrase(b->c->scratch, node_kid(n, 0)), STR("metrics are ignored")))
        b->in.other_metrics_ignored = true;
    else
        report(b->c, D_INPUT_CLAUSE, node_place(n), "`other %.*s` is not understood",
               STR_ARG(node_text(node_kid(n, 0))))
            ->hint = STR("write: other metrics are ignored");
}

static bool may_repeat(NodeKind k) {
    return k == NODE_FIELD_COLUMN || k == NODE_WHERE || k == NODE_MISSING_AS || k == NODE_MARK_AS ||
           k == NODE_NUMBERS_WITH || k == NODE_ERROR;
}

static void read_clause(Builder *b, const Node *n) {
    const Node *first = b->seen[n->kind];
    if (first && !may_repeat(n->kind)) {
        Diag *d = report(b->c, D_CLAUSE_TWICE, node_place(n), "the input says its `%s` twice",
                         clause_word(n));
        d->other = node_place(first);
        d->note = STR("first said here");
        d->hint = STR("remove one of them");
        return;
    }
    b->seen[n->kind] = n;
    b->broken = b->broken || n->kind == NODE_ERROR;
    const Node *kid = node_kid(n, 0);
    if (n->kind == NODE_LAYOUT)
        read_layout(b, n);
    else if (n->kind == NODE_INPUT_FILE)
        b->in.file = take(b, kid);
    else if (n->kind == NODE_ENTITY_COLUMN)
        b->in.entity_column = take(b, kid);
    else if (n->kind == NODE_ENTITY_IS)
        b->in.entity = take(b, kid);
    else if (n->kind == NODE_PERIOD_COLUMN)
        read_period_column(b, n);
    else if (n->kind == NODE_PERIOD_IS)
        read_period(b, n);
    else if (n->kind == NODE_METRIC_COLUMN)
        b->in.metric_column = take(b, kid);
    else if (n->kind == NODE_VALUE_COLUMN || n->kind == NODE_CURRENT_COLUMN)
        b->in.value_column = take(b, kid);
    else if (n->kind == NODE_PREVIOUS_COLUMN)
        b->in.previous_column = take(b, kid);
    else if (n->kind == NODE_FIELD_COLUMN)
        read_field(b, n);
    else if (n->kind == NODE_WHERE)
        read_where(b, n);
    else if (n->kind == NODE_MISSING_AS)
        read_missing(b, n);
    else if (n->kind == NODE_MARK_AS)
        read_mark(b, n);
    else if (n->kind == NODE_NUMBERS_WITH)
        read_numbers(b, n);
    else if (n->kind == NODE_DELIMITER)
        b->in.delimiter = read_character(b, n);
    else if (n->kind == NODE_QUOTE)
        b->in.quote = read_character(b, n);
    else if (n->kind == NODE_ENCODING)
        read_encoding(b, n);
    else if (n->kind == NODE_SKIP)
        read_skip(b, n);
    else if (n->kind == NODE_REVISES)
        b->in.revises = true;
    else if (n->kind == NODE_OTHER)
        read_other(b, n);
}

// Reports the clauses that the layout needs and the input lacks; [clauses] ends with NODE_ERROR.
static void need(Builder *b, const char *layout, const NodeKind *clauses) {
    Buf names = {0}, lines = {0};
    for (; *clauses != NODE_ERROR; clauses++) {
        if (b->seen[*clauses])
            continue;
        const Node like = {.kind = *clauses};
        buf_printf(&names, "%s`%s`", names.len > 0 ? " and " : "", clause_word(&like));
        buf_printf(&lines, "%s%s column \"…\"", lines.len > 0 ? ", and " : "", clause_word(&like));
    }
    if (names.len > 0) {
        Diag *d = report(b->c, D_INPUT_INCOMPLETE, b->in.place,
                         "the input `%.*s` has layout %s and lacks its %.*s", STR_ARG(b->in.name),
                         layout, STR_ARG(buf_str(&names)));
        hint(b->c, d, "add a line: %.*s", STR_ARG(buf_str(&lines)));
    }
    buf_free(&names);
    buf_free(&lines);
}

static void refuse(Builder *b, NodeKind kind, const char *why) {
    if (b->seen[kind])
        report(b->c, D_INPUT_CLAUSE, node_place(b->seen[kind]),
               "`%.*s` does not fit the layout: %s", STR_ARG(node_text(b->seen[kind])), why)
            ->hint = STR("take it out, or choose the layout that fits");
}

static void exclude(Builder *b, NodeKind one, NodeKind other, const char *why) {
    if (!b->seen[one] || !b->seen[other])
        return;
    Diag *d = report(b->c, D_INPUT_CLAUSE, node_place(b->seen[other]), "%s", why);
    d->other = node_place(b->seen[one]);
    d->note = STR("the other is here");
    d->hint = STR("keep one of the two lines");
}

static void check_layout(Builder *b) {
    if (!b->seen[NODE_LAYOUT]) {
        report(b->c, D_INPUT_INCOMPLETE, b->in.place, "the input `%.*s` does not say its layout",
               STR_ARG(b->in.name))
            ->hint = STR("add `layout long` (a row for each figure), `layout wide` (a column for "
                         "each metric) or `layout snapshot` (current and previous columns)");
        return;
    }
    switch (b->in.layout) {
    case LAYOUT_LONG:
        need(b, "long", (const NodeKind[]){NODE_METRIC_COLUMN, NODE_VALUE_COLUMN, NODE_ERROR});
        refuse(b, NODE_CURRENT_COLUMN, "a current column belongs to a snapshot");
        refuse(b, NODE_PREVIOUS_COLUMN, "a previous column belongs to a snapshot");
        break;
    case LAYOUT_WIDE:
        refuse(b, NODE_METRIC_COLUMN, "in a wide file each metric has a column of its own");
        refuse(b, NODE_VALUE_COLUMN, "in a wide file each metric has a column of its own");
        refuse(b, NODE_CURRENT_COLUMN, "a current column belongs to a snapshot");
        refuse(b, NODE_PREVIOUS_COLUMN, "a previous column belongs to a snapshot");
        refuse(b, NODE_FIELD_COLUMN,
               "in a wide file a field would belong to no metric; declare it as a metric");
        break;
    case LAYOUT_SNAPSHOT:
        need(b, "snapshot",
             (const NodeKind[]){NODE_METRIC_COLUMN, NODE_CURRENT_COLUMN, NODE_ERROR});
        refuse(b, NODE_VALUE_COLUMN, "a snapshot calls it the current column");
        if (!b->seen[NODE_PERIOD_COLUMN] && !b->seen[NODE_PERIOD_IS])
            report(b->c, D_INPUT_INCOMPLETE, node_place(b->seen[NODE_LAYOUT]),
                   "the snapshot `%.*s` does not say its period", STR_ARG(b->in.name))
                ->hint = STR("add a line such as `period 2023-05`");
        break;
    }
    exclude(b, NODE_PERIOD_IS, NODE_PERIOD_COLUMN, "the input gives its period twice");
    exclude(b, NODE_ENTITY_IS, NODE_ENTITY_COLUMN, "the input gives its entity twice");
}

void declare_input(Compiler *c, const Node *n) {
    Builder b = {.c = c, .node = n};
    b.in.name = arena_str(c->arena, node_text(node_kid(n, 0)));
    b.in.place = node_place(node_kid(n, 0));
    if (node_kid(n, 1))
        b.in.label = take(&b, node_kid(n, 1));
    const Node *clauses = node_kid(n, 2);
    for (uint32_t i = 0; i < clauses->n_kids; i++)
        read_clause(&b, clauses->kids[i]);
    if (!b.broken)
        check_layout(&b);
    b.in.fields = b.fields.v;
    b.in.n_fields = (uint32_t)b.fields.n;
    b.in.wheres = b.wheres.v;
    b.in.n_wheres = (uint32_t)b.wheres.n;
    b.in.missing = b.missing.v;
    b.in.n_missing = (uint32_t)b.missing.n;
    b.in.marks = b.marks.v;
    b.in.n_marks = (uint32_t)b.marks.n;
    uint32_t first;
    if (names_find(&c->names, NAME_INPUT, b.in.name, &first))
        report_twice(c, "the input", b.in.name, b.in.place, c->inputs.v[first].place);
    else if (VEC_PUSH(c->arena, &c->inputs, b.in))
        names_add(&c->names, NAME_INPUT, b.in.name, c->inputs.n - 1);
}
