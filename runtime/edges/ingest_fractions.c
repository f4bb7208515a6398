// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/ingest_fractions.h"

FractionDoubt *fractions_begin(Arena *a, const Program *p) {
    FractionDoubt *doubts = ARENA_ARRAY(a, FractionDoubt, p->n_metrics);
    for (uint32_t i = 0; doubts && i < p->n_metrics; i++)
        doubts[i].settled = p->metrics[i].unit.kind != UNIT_PERCENT;
    return doubts;
}

// A number that is too long for its short form is no figure that was typed as a fraction.
void fraction_note(FractionDoubt *d, Number figure, Place place) {
    if (figure.den == 0 || figure.num < 0 || figure.num > figure.den) {
        d->settled = true;
    } else if (figure.num > 0 && figure.num < figure.den && d->first.line == 0) {
        d->first = place;
        d->figure = figure;
    }
}

void ingest_note_fractions(Ingest *in, const FractionDoubt *from) {
    for (uint32_t i = 0; i < in->program->n_metrics; i++) {
        FractionDoubt *d = &in->fractions[i];
        bool earlier = d->first.file == from[i].first.file && from[i].first.line < d->first.line;
        d->settled |= from[i].settled;
        if (from[i].first.line > 0 && (d->first.line == 0 || earlier)) {
            d->first = from[i].first;
            d->figure = from[i].figure;
        }
    }
}

static void report_fractions(DiagList *diags, const Metric *m, const FractionDoubt *d) {
    Arena *a = diags->arena;
    Buf figure = {0};
    number_print(&figure, d->figure);
    Diag *diag = diag_add(diags, D_FRACTIONS, m->place,
                          "no figure of `%.*s` lies above 1%%, as if 79%% were written 0.79",
                          STR_ARG(m->name));
    diag->other = d->first;
    diag->note = diags->discreet
                     ? STR("this figure is read as a percentage")
                     : arena_printf(a, "%.*s here is read as %.*s%%", STR_ARG(buf_str(&figure)),
                                    STR_ARG(buf_str(&figure)));
    diag->hint = STR("write 79 for 79% in the file, or give the metric the unit `ratio`; figures "
                     "that small are meant where the line ends in # allow B597 because \"…\"");
    buf_free(&figure);
}

void ingest_report_fractions(const Ingest *in) {
    for (uint32_t i = 0; i < in->program->n_metrics; i++) {
        const FractionDoubt *d = &in->fractions[i];
        if (!d->settled && d->first.line > 0)
            report_fractions(in->diags, &in->program->metrics[i], d);
    }
}
