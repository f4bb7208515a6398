// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/change_cause.h"

#include "runtime/engine/explain.h"

// What a band table was asked in a lane, and where the answer stands.
typedef struct Banded {
    const BandTable *table; // NULL where no table is in force
    Number figure;
    uint32_t piece;
} Banded;

static const Instr *definition(const Program *p, const Kpi *k, uint16_t reg) {
    for (uint32_t i = k->fn.first; i < k->fn.first + k->fn.n; i++)
        if (p->code[i].dst == reg)
            return &p->code[i];
    return NULL;
}

static Banded banded(const CauseSide *side, const NamedLevel *level) {
    const ResultMaker *m = side->maker;
    const Instr *in = definition(m->program, m->kpi, level->reg);
    Banded b = {0};
    Why why = 0;
    if (in->op == OP_BAND)
        b.table = &m->program->band_tables[in->imm];
    const Dated *dated = in->op == OP_BAND_DATED ? &m->program->dated[in->imm] : NULL;
    const Validity *v = dated ? vm_in_force(m->vm, dated, side->lane) : NULL;
    if (v)
        b.table = &m->program->band_tables[v->band_table];
    if (b.table)
        b.figure = vm_number(m->vm, in->a, side->lane, &why);
    if (b.table && why)
        b.table = NULL;
    if (b.table)
        b.piece = band_piece(b.table, b.figure);
    return b;
}

// ---- words --------------------------------------------------------------------------------------

static void put_number(Buf *out, const Kpi *k, Number n) {
    Buf digits = {0};
    explain_figure(&digits, n, k->decimals, k->mode);
    unit_print_figure(out, buf_str(&digits), k->unit);
    out->failed |= digits.failed;
    buf_free(&digits);
}

// An edge as the rules write it, not rounded.
static void put_edge(Buf *out, const Kpi *k, Number n) {
    Buf digits = {0};
    number_print(&digits, n);
    unit_print_figure(out, buf_str(&digits), k->unit);
    out->failed |= digits.failed;
    buf_free(&digits);
}

static void put_stretch(Buf *out, const Kpi *k, const Banded *b) {
    const BandTable *t = b->table;
    const Cut *low = b->piece > 0 ? &t->cuts[b->piece - 1] : NULL;
    const Cut *high = b->piece < t->n_cuts ? &t->cuts[b->piece] : NULL;
    if (low && high) {
        put_edge(out, k, low->at);
        buf_puts(out, low->at_goes_left ? " (excluded) to " : " to ");
        put_edge(out, k, high->at);
        buf_puts(out, high->at_goes_left ? "" : " (excluded)");
    } else if (low) {
        buf_puts(out, low->at_goes_left ? "above " : "from ");
        put_edge(out, k, low->at);
    } else if (high) {
        buf_puts(out, high->at_goes_left ? "up to " : "below ");
        put_edge(out, k, high->at);
    } else {
        buf_puts(out, "any value");
    }
}

static void put_crossed(Buf *out, const Kpi *k, const Banded *before, const Banded *after) {
    const BandTable *t = after->table;
    bool up = before->piece < after->piece;
    uint32_t from = up ? before->piece : after->piece, to = up ? after->piece : before->piece;
    put_number(out, k, before->figure);
    buf_puts(out, " \u2192 ");
    put_number(out, k, after->figure);
    for (uint32_t i = from; i < to; i++) {
        uint32_t cut = up ? i : from + to - 1 - i;
        buf_puts(out, i == from ? ", across " : " and ");
        put_edge(out, k, t->cuts[cut].at);
    }
}

// Do two tables, of one program or of two, cut the figures alike?
static bool same_table(const BandTable *x, const BandTable *y) {
    bool same = x->n_cuts == y->n_cuts;
    for (uint32_t i = 0; same && i < x->n_cuts; i++)
        same = number_cmp(x->cuts[i].at, y->cuts[i].at) == 0 &&
               x->cuts[i].at_goes_left == y->cuts[i].at_goes_left &&
               x->pieces[i].level == y->pieces[i].level;
    return same && x->pieces[x->n_cuts].level == y->pieces[y->n_cuts].level;
}

static void put_level_change(Buf *out, const Kpi *k, const bs_level *was, const bs_level *is,
                             const Banded *before, const Banded *after) {
    bool same_figure = number_cmp(before->figure, after->figure) == 0;
    buf_printf(out, "%s%.*s: ", out->len > 0 ? "; " : "", (int)is->name.len, is->name.s);
    if (!same_figure && same_table(before->table, after->table)) {
        put_crossed(out, k, before, after);
        return;
    }
    put_number(out, k, before->figure);
    buf_printf(out, " was %.*s (", (int)was->label.len, was->label.s);
    put_stretch(out, k, before);
    buf_puts(out, "), ");
    if (!same_figure)
        put_number(out, k, after->figure);
    buf_printf(out, "%s %.*s (", same_figure ? "is now" : " is", (int)is->label.len, is->label.s);
    put_stretch(out, k, after);
    buf_puts(out, ")");
}

static bool same_text(bs_text x, bs_text y) {
    return str_eq((Str){x.s, x.len}, (Str){y.s, y.len});
}

static void put_moved(Buf *out, const bs_figure *was, const bs_figure *is) {
    if (same_text(was->exact, is->exact) && same_text(was->missing, is->missing))
        return;
    const bs_text *from = was->missing.len > 0 ? &was->missing : &was->shown;
    const bs_text *to = is->missing.len > 0 ? &is->missing : &is->shown;
    buf_printf(out, "%s%.*s: %.*s \u2192 %.*s", out->len > 0 ? "; " : "", (int)is->name.len,
               is->name.s, (int)from->len, from->s, (int)to->len, to->s);
}

static void put_figures(Buf *out, const bs_result *was, const bs_result *is) {
    put_moved(out, &was->value, &is->value);
    for (size_t i = 0; i < is->n_figures; i++)
        for (size_t k = 0; k < was->n_figures; k++)
            if (same_text(is->figures[i].name, was->figures[k].name))
                put_moved(out, &was->figures[k], &is->figures[i]);
}

// ---- all of it ----------------------------------------------------------------------------------

// The line that settles a piece of a table, if there is one.
static void take_line(const Program *p, const Banded *b, Str *file, uint32_t *line) {
    uint32_t at = b->table->pieces[b->piece].place.line, in = b->table->place.file;
    if (at == 0 || in >= p->n_files)
        return;
    *file = p->files[in].path;
    *line = at;
}

static void put_levels(Buf *out, const CauseSide *before, const CauseSide *after, Cause *cause) {
    const Kpi *was = before->maker->kpi, *is = after->maker->kpi;
    for (uint32_t i = 0; i < is->n_levels; i++) {
        for (uint32_t k = 0; k < was->n_levels; k++) {
            const bs_level *x = &before->result->levels[k], *y = &after->result->levels[i];
            if (!str_eq(is->levels[i].name, was->levels[k].name) || same_text(x->level, y->level))
                continue;
            Banded b = banded(before, &was->levels[k]), f = banded(after, &is->levels[i]);
            if (!b.table || !f.table)
                continue;
            bool first = out->len == 0;
            put_level_change(out, is, x, y, &b, &f);
            if (first) {
                take_line(before->maker->program, &b, &cause->file_before, &cause->line_before);
                take_line(after->maker->program, &f, &cause->file_after, &cause->line_after);
            }
        }
    }
}

Cause change_lines(const bs_result *before, const bs_result *after) {
    Cause cause = {0};
    if (before) {
        cause.file_before = (Str){before->rule_file.s, before->rule_file.len};
        cause.line_before = before->rule_line;
    }
    if (after) {
        cause.file_after = (Str){after->rule_file.s, after->rule_file.len};
        cause.line_after = after->rule_line;
    }
    return cause;
}

Cause change_cause(Arena *a, const CauseSide *before, const CauseSide *after, Buf *work) {
    Cause cause = {0};
    bool both = before->result && after->result;
    if (both)
        put_levels(work, before, after, &cause);
    if (work->len == 0) {
        cause = change_lines(before->result, after->result);
        if (both)
            put_figures(work, before->result, after->result);
    }
    cause.words = arena_str(a, buf_str(work));
    work->len = 0;
    return cause;
}
