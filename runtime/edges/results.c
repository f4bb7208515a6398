// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/results.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/edges/ingest_choose.h"
#include "runtime/edges/publish.h"
#include "runtime/edges/report.h"
#include "runtime/edges/stream.h"

static const Str no_data_word = {"no-data", sizeof "no-data" - 1};
static const Str assertion_word = {"assertion", sizeof "assertion" - 1};

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
    for (size_t i = 0; i < p->n_groups; i++)
        add_scale(g, p, p->groups[i].scale);
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
                        .n_scales = g.n_scales,
                        .assertions = p->assertions,
                        .n_assertions = p->n_assertions,
                        .n_overrides = p->n_judgements,
                        .overrides_hash = str_from(p->overrides_hash),
                        .groups = p->n_groups > 0};
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
    return str_eq(word, no_data_word) || str_eq(word, assertion_word);
}

static void say_unknown_status(Arena *a, const WriteNames *names, DiagList *d, Str word) {
    Diag *diag = diag_add(d, D_UNKNOWN_STATUS, (Place){.file = PLACE_NO_FILE},
                          "no KPI of these rules can have the status \"%.*s\"", STR_ARG(word));
    Str *known = ARENA_ARRAY(a, Str, names->n_scales * SCALE_MAX_LEVELS + 2);
    if (!known)
        return;
    size_t n = 0;
    known[n++] = no_data_word;
    known[n++] = assertion_word;
    Buf list = {0};
    buf_printf(&list, "%.*s, %.*s", STR_ARG(no_data_word), STR_ARG(assertion_word));
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

static bool is_among(FailOn fail_on, Str word) {
    for (size_t i = 0; i < fail_on.n; i++) {
        if (str_eq(str_from(fail_on.words[i]), word))
            return true;
    }
    return false;
}

// Those that fail `as warning` do not count.
static size_t assertion_matches(const WriteNames *names, FailOn fail_on) {
    size_t n = 0;
    for (size_t i = 0; names->asserted && i < names->n_assertions; i++) {
        if (!names->assertions[i].is_warning)
            n += names->asserted[i].n_failed;
    }
    return is_among(fail_on, assertion_word) ? n : 0;
}

// ---- writing ------------------------------------------------------------------------------------

typedef struct Writing {
    Writer writer;
    FailOn fail_on;
    size_t matches;
} Writing;

static bool take_result(void *context, const bs_result *r) {
    Writing *writing = context;
    bool differs = r->levels_as_of && !publish_withholds(r) &&
                   (r->kind != r->kind_as_of ||
                    !str_eq(text_str(r->status), text_str(r->status_as_of)));
    writing->writer.tally.counts.n_as_of_differ += differs;
    writing->matches += matches_fail_on(r, writing->fail_on);
    return writer_add(&writing->writer, r) == BS_OK;
}

bs_code results_write(const WriteNames *names, DiagList *d, const bs_output *output, FailOn fail_on,
                      const bs_sink *sink, ResultsRun run, void *run_context, bs_counts *counts,
                      size_t *matches) {
    Writing writing = {.fail_on = fail_on, .matches = assertion_matches(names, fail_on)};
    bool known = check_fail_on(names, d, fail_on);
    bs_code code = writer_begin(&writing.writer, output, names, d, sink);
    if (code == BS_OK && !known)
        code = BS_INVALID;
    if (code == BS_OK)
        code = run(run_context, columns_need(&writing.writer.columns, output->reasons), take_result,
                   &writing);
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

// ---- as text, without a bs_result for each row --------------------------------------------------

size_t results_threads(const bs_output *output) {
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return output->threads > 0 ? output->threads : n > 1 ? (size_t)n : 1;
}

// What such a run needs besides the figures.
typedef struct Judging {
    Writer writer;
    JudgeRules rules;
    JudgeTally *tallies; // by KPI
    size_t group_matches;
} Judging;

static bs_code begin_judging(Judging *o, const WriteNames *names, const Program *p, DiagList *d,
                             const bs_output *output, const bs_sink *sink) {
    bs_code code = writer_begin(&o->writer, output, names, d, sink);
    Arena *a = &o->writer.arena;
    if (code != BS_OK)
        return code;
    o->tallies = ARENA_ARRAY(a, JudgeTally, p->n_kpis);
    bool made =
        judge_rules_make(&o->rules, a, p, d, &o->writer.columns, output->format, names->rules_hash);
    return made && o->tallies ? BS_OK : BS_NO_MEMORY;
}

static size_t rows_of(const JudgeTally *t) {
    size_t n = t->n_no_data + t->n_unjudged;
    for (size_t i = 0; i < SCALE_MAX_LEVELS; i++)
        n += t->by_level[i];
    return n;
}

static size_t count_matches(const Program *p, const Kpi *k, const JudgeTally *t, FailOn fail_on) {
    const Scale *scale = &p->scales[k->status_scale];
    size_t n = is_among(fail_on, no_data_word) ? t->n_no_data : 0;
    for (size_t i = 0; k->has_status && i < scale->n_levels; i++) {
        if (is_among(fail_on, scale->levels[i].name))
            n += t->by_level[i];
    }
    return n;
}

// Ends the output and tells what the rows came to.
static bs_code end_judging(Judging *o, bs_code code, DiagList *d, FailOn fail_on, bs_counts *counts,
                           size_t *matches) {
    const Program *p = o->rules.program;
    bs_counts sum = o->writer.tally.counts; // of assertions and groups
    size_t n_matches = assertion_matches(o->writer.names, fail_on) + o->group_matches;
    for (uint32_t i = 0; o->tallies && i < p->n_kpis; i++) {
        const JudgeTally *t = &o->tallies[i];
        size_t n_rows = rows_of(t);
        sum.n_rows += n_rows;
        sum.n_no_data += t->n_no_data;
        sum.n_unjudged += t->n_unjudged;
        sum.n_as_of_differ += t->n_as_of_differ;
        sum.n_by_hand += t->n_by_hand;
        sum.n_without_rules += t->wanting.n_ruleless;
        n_matches += count_matches(p, &p->kpis[i], t, fail_on);
        if (code == BS_OK)
            wanting_advise(&t->wanting, p, d, &p->kpis[i], n_rows);
    }
    o->writer.tally.counts.n_by_hand = sum.n_by_hand;
    if (code == BS_OK)
        code = writer_end(&o->writer);
    if (counts)
        *counts = sum;
    if (matches)
        *matches = n_matches;
    return code;
}

// The rows of groups, which have no figure whose place they could take, stand last.
static bs_code write_groups(Judging *o, const Store *s, DiagList *d, const bs_filter *filter,
                            FailOn fail_on) {
    const Program *p = o->rules.program;
    Writing writing = {.writer = o->writer, .fail_on = fail_on};
    size_t n_before = 0;
    for (uint32_t i = 0; i < p->n_kpis; i++)
        n_before += rows_of(&o->tallies[i]);
    writing.writer.tally.counts.n_rows += n_before;
    bs_code code = report_groups(p, s, d, filter, columns_need(&writing.writer.columns, false),
                                 take_result, &writing);
    o->writer = writing.writer;
    o->writer.tally.counts.n_rows -= n_before;
    o->group_matches = writing.matches;
    return o->writer.code != BS_OK ? o->writer.code : code;
}

bs_code results_write_store(const WriteNames *names, const Program *p, const Store *s, DiagList *d,
                            const bs_filter *filter, const bs_output *output, FailOn fail_on,
                            const ProgressTo *progress, const bs_sink *sink, bs_counts *counts,
                            size_t *matches) {
    Judging o = {0};
    bool known = check_fail_on(names, d, fail_on);
    bs_code code = begin_judging(&o, names, p, d, output, sink);
    if (code == BS_OK && !known)
        code = BS_INVALID;
    report_as_of(filter, NULL, &o.rules.as_of); // report_in_order tells what is no period
    if (code == BS_OK)
        code = writer_flush(&o.writer);
    ReportOptions options = {.order = output->order,
                             .n_threads = results_threads(output),
                             .progress = progress};
    if (code == BS_OK)
        code = report_write(&o.rules, s, d, filter, &options, sink, o.tallies);
    if (code == BS_OK)
        code = write_groups(&o, s, d, filter, fail_on);
    if (o.tallies)
        code = end_judging(&o, code, d, fail_on, counts, matches);
    writer_free(&o.writer);
    return code;
}

// A pipe cannot be read again to say what is wrong with it.
static bool can_be_read_again(const Ingest *in, Str path) {
    const Input *named;
    struct stat st;
    if (!ingest_split_path(in->program, in->diags, &path, &named) || str_eq(path, STR("-")))
        return false;
    char *name = strndup(path.s, path.len);
    bool regular = name && stat(name, &st) == 0 && S_ISREG(st.st_mode);
    free(name);
    return regular;
}

static bs_code code_of(StreamAnswer answer) {
    switch (answer) {
    case STREAM_DONE:
        return BS_OK;
    case STREAM_STOPPED:
        return BS_STOPPED;
    case STREAM_NO_MEMORY:
        return BS_NO_MEMORY;
    case STREAM_REFUSED:
        return BS_INVALID;
    }
    return BS_INVALID;
}

// Streams [f] if that can be done.
static ResultsStream stream_file(Judging *o, IngestFile *f, const bs_filter *filter, FailOn fail_on,
                                 const bs_sink *sink, bs_counts *counts, size_t *matches,
                                 bs_code *code) {
    const Program *p = o->rules.program;
    bool *selected = ARENA_ARRAY(&o->writer.arena, bool, p->n_kpis);
    for (uint32_t i = 0; selected && i < p->n_kpis; i++)
        selected[i] = report_selects(filter, &p->kpis[i]);
    if (!selected || !stream_serves(f, &o->rules, selected))
        return RESULTS_NOT_SO;
    StreamOptions options = {
        .selected = selected, .n_threads = results_threads(&o->writer.output), .sink = sink};
    *code = writer_flush(&o->writer);
    if (*code != BS_OK)
        return RESULTS_STREAMED;
    StreamAnswer answer = stream_run(f, &o->rules, &options, o->tallies);
    if (answer == STREAM_REFUSED)
        return RESULTS_REFUSED;
    *code = code_of(answer);
    if (*code == BS_OK)
        ingest_end_file(f);
    *code = end_judging(o, *code, f->in->diags, fail_on, counts, matches);
    return RESULTS_STREAMED;
}

// Which names are known cannot be said before the file is read.
static bool filter_serves(const bs_filter *filter, const Program *p) {
    if (report_selects_groups(filter, p))
        return false;
    size_t n_known = 0;
    for (uint32_t i = 0; filter->n_kpis > 0 && i < p->n_kpis; i++)
        n_known += report_selects(filter, &p->kpis[i]);
    return !filter->rules_as_of && filter->n_entities == 0 && filter->n_periods == 0 &&
           n_known == filter->n_kpis;
}

ResultsStream results_stream(const WriteNames *names, Ingest *in, Str path, const bs_filter *filter,
                             const bs_output *output, FailOn fail_on, const bs_sink *sink,
                             bs_counts *counts, size_t *matches, bs_code *code) {
    // Assertions compare figures of several lines, and which overrides match nothing shows at the
    // end, when the results would be written already. Entities and baselines are looked for among
    // all figures, whichever KPIs are asked for.
    if (in->program->n_assertions > 0 || in->program->n_judgements > 0 ||
        in->program->n_amongs > 0 || in->program->n_charts > 0 ||
        !filter_serves(filter, in->program) || !can_be_read_again(in, path))
        return RESULTS_NOT_SO;
    Judging o = {0};
    IngestFile f;
    Arena a;
    arena_init(&a, 0);
    ResultsStream answer = RESULTS_NOT_SO;
    if (check_fail_on(names, in->diags, fail_on) &&
        begin_judging(&o, names, in->program, in->diags, output, sink) == BS_OK &&
        ingest_begin_file(in, &a, path, &f)) {
        answer = stream_file(&o, &f, filter, fail_on, sink, counts, matches, code);
        records_close(f.choice.records);
    }
    arena_free(&a);
    if (o.writer.names)
        writer_free(&o.writer);
    return answer;
}
