// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/results.h"

#include <stdlib.h>

static const Str no_data_word = {"no-data", sizeof "no-data" - 1};

// ---- what the rules contribute ------------------------------------------------------------------

// What is gathered, each once.
typedef struct Gathered {
    Intern seen; // the names, in the order of [names]
    NamedColumn *names;
    bool *scale_seen; // by scale of the program
    const Scale **scales;
    size_t n_scales;
} Gathered;

static void add_name(Gathered *g, NamedColumn name) {
    uint32_t n = g->seen.n;
    if (intern_add(&g->seen, name.name) == n)
        g->names[n] = name;
}

static void add_scale(Gathered *g, const Program *p, uint32_t scale) {
    if (!g->scale_seen[scale])
        g->scales[g->n_scales++] = &p->scales[scale];
    g->scale_seen[scale] = true;
}

static void gather(Gathered *g, const Program *p) {
    for (size_t i = 0; i < p->n_kpis; i++) {
        const Kpi *kpi = &p->kpis[i];
        for (size_t j = 0; j < kpi->n_levels; j++)
            add_name(g, (NamedColumn){.name = kpi->levels[j].name});
        for (size_t j = 0; j < kpi->n_figures; j++) {
            if (!str_eq(kpi->figures[j].name, STR("target")))
                add_name(g, (NamedColumn){.name = kpi->figures[j].name, .is_figure = true});
        }
        if (kpi->has_status)
            add_scale(g, p, kpi->status_scale);
    }
}

bool results_names(Arena *a, const Program *p, WriteNames *out) {
    size_t most = 0;
    for (size_t i = 0; i < p->n_kpis; i++)
        most += (size_t)p->kpis[i].n_levels + p->kpis[i].n_figures;
    Arena scratch;
    arena_init(&scratch, 0);
    Gathered g = {.names = ARENA_ARRAY(a, NamedColumn, most),
                  .scales = ARENA_ARRAY(a, const Scale *, p->n_scales),
                  .scale_seen = ARENA_ARRAY(&scratch, bool, p->n_scales)};
    intern_init(&g.seen, &scratch);
    bool ok = g.names && g.scales && g.scale_seen;
    if (ok)
        gather(&g, p);
    *out = (WriteNames){.rules_hash = str_from(p->hash),
                        .columns = g.names,
                        .n_columns = g.seen.n,
                        .scales = g.scales,
                        .n_scales = g.n_scales};
    ok = ok && !scratch.failed;
    arena_free(&scratch);
    return ok;
}

// ---- fail on ------------------------------------------------------------------------------------

static bool is_status(const WriteNames *names, Str word) {
    for (size_t i = 0; i < names->n_scales; i++) {
        for (size_t j = 0; j < names->scales[i]->n_levels; j++) {
            if (str_eq(names->scales[i]->levels[j].name, word))
                return true;
        }
    }
    return str_eq(word, no_data_word);
}

static void say_unknown_status(Arena *a, const WriteNames *names, DiagList *d, Str word) {
    Diag *diag = diag_add(d, D_UNKNOWN_STATUS, (Place){.file = PLACE_NO_FILE},
                          "no KPI of these rules can have the status \"%.*s\"", STR_ARG(word));
    Str *known = ARENA_ARRAY(a, Str, names->n_scales * SCALE_MAX_LEVELS + 1);
    if (!known)
        return;
    size_t n = 0;
    known[n++] = no_data_word;
    Buf list = {0};
    buf_put(&list, no_data_word);
    for (size_t i = 0; i < names->n_scales; i++) {
        for (size_t j = 0; j < names->scales[i]->n_levels; j++) {
            known[n] = names->scales[i]->levels[j].name;
            buf_puts(&list, ", ");
            buf_put(&list, known[n++]);
        }
    }
    Str near = nearest_name(word, known, n);
    diag->hint = near.len > 0
                     ? arena_printf(d->arena, "did you mean \"%.*s\"?", STR_ARG(near))
                     : arena_printf(d->arena, "choose among %.*s", STR_ARG(buf_str(&list)));
    buf_free(&list);
}

static bool check_fail_on(const WriteNames *names, DiagList *d, FailOn fail_on) {
    Arena scratch;
    arena_init(&scratch, 0);
    bool all_known = true;
    for (size_t i = 0; i < fail_on.n; i++) {
        Str word = str_from(fail_on.words[i]);
        if (is_status(names, word))
            continue;
        say_unknown_status(&scratch, names, d, word);
        all_known = false;
    }
    arena_free(&scratch);
    return all_known;
}

static bool matches_fail_on(const bs_result *r, FailOn fail_on) {
    for (size_t i = 0; i < fail_on.n; i++) {
        Str word = str_from(fail_on.words[i]);
        if (r->kind == BS_JUDGED ? str_eq(text_str(r->status), word)
                                 : r->kind == BS_NO_DATA && str_eq(no_data_word, word))
            return true;
    }
    return false;
}

// ---- writing ------------------------------------------------------------------------------------

typedef struct Writing {
    Writer writer;
    FailOn fail_on;
    size_t matches;
} Writing;

static bool take_result(void *context, const bs_result *r) {
    Writing *writing = context;
    writing->matches += matches_fail_on(r, writing->fail_on);
    return writer_add(&writing->writer, r) == BS_OK;
}

bs_code results_write(const WriteNames *names, DiagList *d, const bs_output *output, FailOn fail_on,
                      const bs_sink *sink, ResultsRun run, void *run_context, bs_counts *counts,
                      size_t *matches) {
    Writing writing = {.fail_on = fail_on};
    bool known = check_fail_on(names, d, fail_on);
    bs_code code = writer_begin(&writing.writer, output, names, d, sink);
    if (code == BS_OK && !known)
        code = BS_INVALID;
    if (code == BS_OK)
        code = run(run_context, take_result, &writing);
    // The writer knows why it stopped the run.
    if (writing.writer.code != BS_OK)
        code = writing.writer.code;
    if (code == BS_OK)
        code = writer_end(&writing.writer);
    if (counts)
        *counts = writing.writer.tally.counts;
    if (matches)
        *matches = writing.matches;
    writer_free(&writing.writer);
    return code;
}

// ---- the pages of the findings ------------------------------------------------------------------

static bs_code hand_over(Buf *text, const bs_sink *sink) {
    bs_code code = BS_OK;
    if (text->failed)
        code = BS_NO_MEMORY;
    else if (text->len > 0 && !sink->write(sink->context, text->s, text->len))
        code = BS_STOPPED;
    buf_free(text);
    return code;
}

bs_code bs_explain_code(const char *code, const bs_sink *sink) {
    DiagCode found = diag_find(str_from(code));
    if (found == N_DIAG_CODES)
        return BS_USAGE;
    Buf text = {0};
    diag_page(&text, found, false);
    return hand_over(&text, sink);
}

static int compare_codes(const void *a, const void *b) {
    Str x = str_from(diag_code_text(*(const DiagCode *)a));
    Str y = str_from(diag_code_text(*(const DiagCode *)b));
    return str_cmp(x, y);
}

bs_code bs_write_error_index(const bs_sink *sink) {
    DiagCode codes[N_DIAG_CODES];
    for (size_t i = 0; i < N_DIAG_CODES; i++)
        codes[i] = (DiagCode)i;
    qsort(codes, N_DIAG_CODES, sizeof codes[0], compare_codes);
    Buf text = {0};
    buf_puts(&text,
             "<!-- Made by `bandstand help errors`; edit runtime/base/diagnostics.def. -->\n"
             "# Errors and warnings\n\n"
             "Every finding has a code that never changes its meaning. `bandstand help B101`\n"
             "shows the page of one code in the terminal.\n");
    for (size_t i = 0; i < N_DIAG_CODES; i++) {
        buf_char(&text, '\n');
        diag_page(&text, codes[i], true);
    }
    return hand_over(&text, sink);
}

bs_code bs_write_columns(const bs_sink *sink) {
    Buf text = {0};
    columns_help(&text);
    return hand_over(&text, sink);
}
