// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/ingest_labels.h"

#include <strings.h>

#include "runtime/data/label_marks.h"

// ---- reading ------------------------------------------------------------------------------------

// A day that stands where longer periods are declared belongs to one of them.
static bool read_bare(const Input *input, Str text, Period *out) {
    PeriodKind as = input->period_as;
    bool parsed = period_parse(text, out);
    if (as == PERIOD_NONE) {
        return parsed;
    }
    LabelWays usual = label_ways(as, false) | label_ways(PERIOD_DAY, false);
    if (!(parsed && (out->kind == as || out->kind == PERIOD_DAY)) &&
        !label_read(text, input->period_ways ? input->period_ways : usual, out)) {
        return false;
    }
    if (out->kind != as) {
        *out = period_of_day(*out, as);
    }
    return true;
}

bool ingest_read_label(const Input *input, Str text, Period *out, uint8_t *marks) {
    // One mark at a time: of "2011 Sep (Rev)" no mark "p" may go after the bracket.
    *marks = 0;
    bool read = read_bare(input, text, out);
    while (!read && figure_take_mark(input, &text, marks)) {
        read = read_bare(input, text, out);
    }
    return read;
}

// ---- what is wrong with a label -----------------------------------------------------------------

// What 2023-24, 202324 and 202305 should be in a file of the standard layout; empty for others.
static Str suggest_standard(Arena *a, Str text) {
    Period p;
    Buf own = {0};
    Str hint = {0};
    if (label_read(text, label_ways(PERIOD_FINANCIAL_YEAR, false), &p)) {
        period_print(&own, p);
        buf_puts(&own, " for a financial year, ");
        p.kind = PERIOD_ACADEMIC_YEAR;
        period_print(&own, p);
        hint = arena_printf(a, "write %.*s for an academic year", STR_ARG(buf_str(&own)));
    } else if (label_read(text, label_ways(PERIOD_MONTH, false), &p)) {
        period_print(&own, p);
        hint = arena_printf(a, "write %.*s for the month", STR_ARG(buf_str(&own)));
    }
    buf_free(&own);
    return hint;
}

// The lines that would read [text], one for each kind of period and way; how many there were.
static size_t list_lines(Buf *out, Str text, Str column) {
    size_t n = 0;
    for (unsigned kind = PERIOD_DAY; kind < N_PERIOD_KINDS; kind++) {
        LabelWays asked = label_fits(text, label_ways((PeriodKind)kind, true));
        LabelWays usual = asked & label_ways((PeriodKind)kind, false);
        Str words = period_kind_words((PeriodKind)kind);
        for (unsigned i = 0; i < N_LABEL_WAYS && asked != 0; i++) {
            if (!(asked >> i & 1)) {
                continue;
            }
            buf_printf(out, "%s`period column \"%.*s\" as %.*s", n++ == 0 ? "" : " or ",
                       STR_ARG(column), STR_ARG(words));
            if (usual != 0) {
                buf_puts(out, "`");
                break;
            }
            Str example = label_example(i);
            buf_printf(out, " written \"%.*s\"`", STR_ARG(example));
        }
    }
    return n;
}

static void list_ways(Buf *out, const Input *input) {
    LabelWays ways = input->period_ways ? input->period_ways : label_ways(input->period_as, false);
    const char *before = "";
    for (unsigned i = 0; i < N_LABEL_WAYS; i++) {
        if (ways >> i & 1) {
            Str example = label_example(i);
            buf_printf(out, "%s%.*s", before, STR_ARG(example));
            before = ", ";
        }
    }
}

// 2024-W05, "Week 5", "w/e 31/03/2024"
static bool is_week(Str text) {
    for (size_t i = 0; i + 1 < text.len; i++) {
        bool word = text.len - i >= 4 && strncasecmp(text.s + i, "week", 4) == 0;
        bool short_form = (text.s[i] == 'w' || text.s[i] == 'W') &&
                          (text.s[i + 1] == '/' || (text.s[i + 1] >= '0' && text.s[i + 1] <= '9'));
        if (word || short_form) {
            return true;
        }
    }
    return false;
}

static Str hint_line(Arena *a, const Input *input, Str text) {
    Buf b = {0};
    Str column = input->period_column, block = figure_block(a, input), hint;
    size_t n = input->name.len > 0 ? list_lines(&b, text, column) : 0;
    if (n > 0) {
        hint = arena_printf(a, "%s in %.*s: %.*s", n == 1 ? "write" : "say which it is",
                            STR_ARG(block), STR_ARG(buf_str(&b)));
    } else if (is_week(text)) {
        hint =
            STR("weeks are no periods here: give each figure its day, such as 2024-03-31, or that "
                "of the month they add up to");
    } else if (input->period_as == PERIOD_NONE) {
        hint = STR("the forms are 2023-05-31, 2023-05 (month), 2023-Q2, 2023, FY2023-24 "
                   "(financial year), FY2023-24-Q1, AY2023/24 (academic year)");
    } else {
        list_ways(&b, input);
        hint = arena_printf(a,
                            "correct the label, or leave such rows out with a `where` line; a %.*s "
                            "is written %.*s",
                            STR_ARG(period_kind_words(input->period_as)), STR_ARG(buf_str(&b)));
    }
    buf_free(&b);
    return hint;
}

static Str hint_label(const IngestFile *f, Str text) {
    Arena *a = f->in->diags->arena;
    const Input *input = f->choice.input;
    Str word, rest, block = figure_block(a, input);
    Mark mark = label_usual_mark(text, &word, &rest);
    Period ignored;
    uint8_t marks;
    if (mark && ingest_read_label(input, rest, &ignored, &marks)) {
        return arena_printf(
            a, "if it says so of the figures, add the line `mark \"%.*s\" as %.*s` to %.*s",
            STR_ARG(word), STR_ARG(label_mark_words(mark)), STR_ARG(block));
    }
    Str standard = input->name.len == 0 ? suggest_standard(a, text) : (Str){0};
    return standard.len > 0 ? standard : hint_line(a, input, mark ? rest : text);
}

static bool is_single_year(PeriodKind as, Period p) {
    return p.kind == PERIOD_YEAR && (as == PERIOD_FINANCIAL_YEAR || as == PERIOD_ACADEMIC_YEAR);
}

// [text] is a period of another kind than the block declares.
static void report_kind(IngestFile *f, const Cell *cell, Str text, Period p) {
    DiagList *d = f->in->diags;
    PeriodKind as = f->choice.input->period_as;
    Str is = period_kind_words(p.kind), wanted = period_kind_words(as);
    Str block = figure_block(d->arena, f->choice.input);
    Diag *diag = diag_add(d, D_PERIOD_LABEL, figure_place(f->file, cell),
                          "\"%.*s\" in column \"%.*s\" is a %.*s, and no %.*s can be told from it",
                          STR_ARG(text), STR_ARG(f->choice.input->period_column), STR_ARG(is),
                          STR_ARG(wanted));
    if (is_single_year(as, p)) {
        diag->hint = arena_printf(d->arena,
                                  "a single year does not say whether the %.*s begins or ends in "
                                  "it: write both years, or `as calendar year` in %.*s",
                                  STR_ARG(wanted), STR_ARG(block));
    } else {
        diag->hint =
            arena_printf(d->arena, "take `as %.*s` out of %.*s, or give days such as 2023-05-31",
                         STR_ARG(wanted), STR_ARG(block));
    }
}

void ingest_report_label(IngestFile *f, const Cell *cell, Str text) {
    DiagList *d = f->in->diags;
    const Input *input = f->choice.input;
    Period p;
    if (input->period_as != PERIOD_NONE && period_parse(text, &p)) {
        report_kind(f, cell, text, p);
        return;
    }
    Str shown = figure_shown(d->arena, text), wanted = period_kind_words(input->period_as);
    if (input->period_as == PERIOD_NONE) {
        wanted = STR("period");
    }
    Diag *diag = diag_add(d, D_PERIOD_LABEL, figure_place(f->file, cell),
                          "\"%.*s\" in column \"%.*s\" is not %s %.*s", STR_ARG(shown),
                          STR_ARG(input->period_column),
                          input->period_as == PERIOD_ACADEMIC_YEAR ? "an" : "a", STR_ARG(wanted));
    diag->hint = hint_label(f, text);
}

// ---- months that look like years ----------------------------------------------------------------

void label_note(LabelDoubt *d, const Input *input, Period period, Place label) {
    if (input->period_as != PERIOD_NONE || !period_like_years(period)) {
        d->none = true;
    } else if (d->first.line == 0) {
        d->first = label;
        d->period = period;
    }
}

static LabelDoubt *doubt_of(const Ingest *in, const Input *input) {
    bool standard = input == &in->standard;
    return &in->doubts[standard ? in->program->n_inputs : (size_t)(input - in->program->inputs)];
}

void ingest_note_doubt(const IngestFile *f, const LabelDoubt *from) {
    LabelDoubt *d = doubt_of(f->in, f->choice.input);
    bool earlier = d->first.file == from->first.file && from->first.line < d->first.line;
    d->none |= from->none;
    if (from->first.line > 0 && (d->first.line == 0 || earlier)) {
        d->first = from->first;
        d->period = from->period;
    }
}

static void report_doubt(const Ingest *in, const Input *input, const LabelDoubt *d) {
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    Arena *a = in->diags->arena;
    Str column = input->period_column, block = figure_block(a, input);
    int year = d->period.ordinal / 12, month = d->period.ordinal % 12;
    Diag *diag = diag_add(in->diags, D_LABELS_LIKE_YEARS, d->first,
                          "\"%d-%02d\" in column \"%.*s\" is read as %s %d, but every label of the "
                          "column could be a financial year",
                          year, month + 1, STR_ARG(column), months[month], year);
    if (input->name.len == 0) {
        diag->hint =
            arena_printf(a,
                         "write FY%d-%02d in the file; if months are meant, give the rules "
                         "an input block with `period column \"%.*s\" as month`",
                         year, month + 1, STR_ARG(column));
    } else {
        diag->hint = arena_printf(a,
                                  "say which it is in %.*s: `period column \"%.*s\" as financial "
                                  "year`, or `as academic year`, or `as month`",
                                  STR_ARG(block), STR_ARG(column));
    }
}

void ingest_report_doubts(const Ingest *in) {
    uint32_t n = in->program->n_inputs;
    for (uint32_t i = 0; i <= n; i++) {
        const LabelDoubt *d = &in->doubts[i];
        if (!d->none && d->first.line > 0) {
            report_doubt(in, i < n ? &in->program->inputs[i] : &in->standard, d);
        }
    }
}
