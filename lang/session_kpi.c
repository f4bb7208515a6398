// SPDX-License-Identifier: Apache-2.0
// What is drawn and counted of a KPI: its bands, its history, its statuses.
#include <bandstand.h>

#include "lang/session.h"
#include "runtime/edges/report.h"
#include "runtime/edges/selection.h"
#include "runtime/engine/chart.h"

static const Kpi *find_kpi(bs_session *s, const char *name) {
    for (uint32_t i = 0; i < s->program.n_kpis; i++)
        if (str_eq(s->program.kpis[i].name, str_from(name)))
            return &s->program.kpis[i];
    diag_add(&s->diags, D_UNKNOWN_SELECTION, (Place){.file = PLACE_NO_FILE}, "there is no KPI `%s`",
             name);
    return NULL;
}

// ---- bands --------------------------------------------------------------------------------------

// The table of [level] that is in force on [day]; without a day the latest. NULL for none.
static const BandTable *table_of(const Program *p, const NamedLevel *level, bool dated,
                                 int32_t day) {
    uint32_t table = level->band_table;
    if (table == UINT32_MAX)
        return NULL;
    if (level->dated) {
        const Dated *d = &p->dated[level->dated - 1];
        const Validity *v = dated ? dated_on(d, day) : d->n > 0 ? &d->v[d->n - 1] : NULL;
        if (!v)
            return NULL;
        table = v->band_table;
    }
    return &p->band_tables[table];
}

// Numbers that are written one behind the other, to be read once all are.
typedef struct Written {
    size_t from, len;
} Written;

static Written write_number(Buf *text, Number n) {
    Written w = {.from = text->len};
    number_print(text, n);
    w.len = text->len - w.from;
    buf_char(text, '\0');
    return w;
}

static bs_text read_written(const Buf *text, Written w) {
    return w.len > 0 && !text->failed ? (bs_text){text->s + w.from, w.len} : (bs_text){"", 0};
}

static bs_code hand_out_bands(bs_session *s, const NamedLevel *level, const BandTable *t,
                              bs_band_fn fn, void *context) {
    const Program *p = &s->program;
    const Scale *scale = &p->scales[t->scale];
    Buf text = {0};
    bs_code code = BS_OK;
    for (uint32_t i = 0; code == BS_OK && i <= t->n_cuts; i++) {
        const Piece *piece = &t->pieces[i];
        const Level *l = piece->level < scale->n_levels ? &scale->levels[piece->level] : NULL;
        bs_band band = {.table = session_text(level->name),
                        .level = session_text(l ? l->name : (Str){0}),
                        .label = session_text(l ? l->label : (Str){0}),
                        .symbol = session_text(l ? l->symbol : (Str){0}),
                        .low_in = i > 0 && !t->cuts[i - 1].at_goes_left,
                        .high_in = i < t->n_cuts && t->cuts[i].at_goes_left,
                        .is_gap = piece->kind == PIECE_GAP,
                        .is_rest = piece->kind == PIECE_OTHERWISE,
                        .file = {"", 0},
                        .line = piece->place.line};
        text.len = 0;
        Written low = {0}, high = {0};
        if (i > 0)
            low = write_number(&text, t->cuts[i - 1].at);
        if (i < t->n_cuts)
            high = write_number(&text, t->cuts[i].at);
        band.low = read_written(&text, low);
        band.high = read_written(&text, high);
        if (text.failed)
            code = BS_NO_MEMORY;
        if (piece->place.line > 0)
            band.file = session_text(s->diags.files.v[piece->place.file].path);
        if (code == BS_OK && !fn(context, &band))
            code = BS_STOPPED;
    }
    buf_free(&text);
    return code;
}

bs_code bs_list_bands(bs_session *s, const char *kpi, const char *period, bs_band_fn fn,
                      void *context) {
    if (!s->compiled)
        return BS_USAGE;
    const Kpi *k = find_kpi(s, kpi);
    Period when = {0, PERIOD_NONE};
    if (k && period && !period_parse(str_from(period), &when))
        diag_add(&s->diags, D_BAD_PERIOD, (Place){.file = PLACE_NO_FILE}, "\"%s\" is not a period",
                 period);
    if (!k || (period && when.kind == PERIOD_NONE))
        return BS_INVALID;
    bs_code code = BS_OK;
    for (uint32_t i = 0; code == BS_OK && i < k->n_levels; i++) {
        const BandTable *t =
            table_of(&s->program, &k->levels[i], period, period ? period_last_day(when) : 0);
        if (t)
            code = hand_out_bands(s, &k->levels[i], t, fn, context);
    }
    return code == BS_NO_MEMORY ? session_no_memory(s) : code;
}

// ---- history ------------------------------------------------------------------------------------

// The first instruction of [k] that looks at a chart; NULL when none does.
static const Instr *find_chart(const Program *p, const Kpi *k) {
    for (uint32_t i = k->fn.first; i < k->fn.first + k->fn.n; i++)
        if (op_info[p->code[i].op].imm == IMM_CHART)
            return &p->code[i];
    return NULL;
}

typedef struct History {
    bs_session *session;
    ChartTable chart;
    bool has_chart;
    uint32_t entity;
    bs_point_fn fn;
    void *context;
    Buf text;
} History;

static bool hand_out_point(void *context, const bs_result *r) {
    History *h = context;
    bs_point point = {.result = r, .mean = {"", 0}, .low = {"", 0}, .high = {"", 0}};
    Period period;
    h->text.len = 0;
    if (h->has_chart && period_parse((Str){r->period.s, r->period.len}, &period)) {
        const ChartRow *row = chart_row(&h->chart, (Lane){.entity = h->entity, .period = period});
        if (row && !row->why) {
            const XmrLimits *l = &h->chart.stretches.v[row->stretch];
            Written mean = write_number(&h->text, l->mean), low = write_number(&h->text, l->low),
                    high = write_number(&h->text, l->high);
            point.mean = read_written(&h->text, mean);
            point.low = read_written(&h->text, low);
            point.high = read_written(&h->text, high);
            point.stretch = row->stretch + 1;
            point.signal = row->rule == XMR_NONE ? 0 : row->side;
        }
    }
    if (h->text.failed)
        return false;
    return h->fn(h->context, &point);
}

bs_code bs_list_history(bs_session *s, const char *kpi, const char *entity, bs_point_fn fn,
                        void *context) {
    bs_code code = session_figures(s);
    const Kpi *k = code == BS_OK ? find_kpi(s, kpi) : NULL;
    if (!k)
        return code == BS_OK ? BS_INVALID : code;
    History h = {.session = s, .fn = fn, .context = context};
    h.entity = intern_find(&s->store.entities, str_from(entity));
    arena_init(&h.chart.arena, 0);
    const Instr *chart = find_chart(&s->program, k);
    h.has_chart = chart != NULL;
    if (chart && !chart_make(&h.chart, &s->program, &s->store, &k->fn, chart->a,
                             &s->program.charts[chart->imm]))
        code = BS_NO_MEMORY;
    bs_filter filter = {.kpis = &kpi, .n_kpis = 1, .entities = &entity, .n_entities = 1};
    if (code == BS_OK)
        code = report_run(&s->program, &s->store, &s->diags, &filter, PLAN_PREVIOUS, NULL,
                          &s->progress, hand_out_point, &h);
    if (h.text.failed)
        code = BS_NO_MEMORY;
    if (chart)
        chart_free(&h.chart);
    buf_free(&h.text);
    return code;
}

// ---- counts -------------------------------------------------------------------------------------

typedef struct Counting {
    bs_session *session;
    const bs_filter *filter;
    bs_tally_fn fn;
    void *context;
    Vm vm;
    Buf work;
    size_t by_level[SCALE_MAX_LEVELS], n_no_data; // of one KPI or group
    Str group;                                    // the present one
} Counting;

static bool count_rows(Counting *c, const Kpi *k) {
    const bs_session *s = c->session;
    Arena a;
    Plan plan;
    Lane *lanes;
    size_t n, n_kept = 0;
    arena_init(&a, 0);
    bool ok = plan_make(&a, &s->program, k, 0, &plan) &&
              store_lanes(&s->store, &a, k->reads, k->n_reads, &lanes, &n);
    for (size_t i = 0; ok && i < n; i++)
        if (selection_has_lane(c->filter, &s->store, lanes[i], &c->work))
            lanes[n_kept++] = lanes[i];
    for (size_t from = 0; ok && from < n_kept; from += VM_BATCH) {
        size_t n_batch = n_kept - from < VM_BATCH ? n_kept - from : VM_BATCH;
        ok = vm_run_plan(&c->vm, &plan, lanes + from, n_batch);
        for (size_t i = 0; ok && i < n_batch; i++) {
            uint8_t level = k->has_status ? vm_status(&c->vm, k->status, i).level : LEVEL_NO_DATA;
            *(level == LEVEL_NO_DATA ? &c->n_no_data : &c->by_level[level]) += 1;
        }
    }
    arena_free(&a);
    return ok && !c->work.failed;
}

static bool hand_out_tally(Counting *c, Str name, Str label, const Scale *scale) {
    bs_tally t = {.kpi = session_text(name), .label = session_text(label)};
    bool wanted = true;
    for (uint32_t i = scale ? scale->n_levels : 0; wanted && i-- > 0;) {
        t.status = session_text(scale->levels[i].name);
        t.status_label = session_text(scale->levels[i].label);
        t.n = c->by_level[i];
        wanted = c->fn(c->context, &t);
    }
    t.status = t.status_label = session_text(scale ? STR("no data") : STR("not judged"));
    t.n = c->n_no_data;
    wanted = wanted && c->fn(c->context, &t);
    for (uint32_t i = 0; i < SCALE_MAX_LEVELS; i++)
        c->by_level[i] = 0;
    c->n_no_data = 0;
    return wanted;
}

static bool count_group_row(void *context, const bs_result *r) {
    Counting *c = context;
    if (!str_eq(c->group, (Str){r->kpi.s, r->kpi.len}))
        return true;
    if (r->kind == BS_JUDGED)
        c->by_level[r->status_rank]++;
    else
        c->n_no_data++;
    return true;
}

static bs_code count_groups(Counting *c) {
    bs_session *s = c->session;
    bs_code code = BS_OK;
    for (uint32_t i = 0; code == BS_OK && i < s->program.n_groups; i++) {
        const Group *g = &s->program.groups[i];
        if (!selection_has_kpi(c->filter, g->name))
            continue;
        c->group = g->name;
        code = report_groups(&s->program, &s->store, &s->diags, c->filter, 0, count_group_row, c);
        if (code == BS_OK && !hand_out_tally(c, g->name, g->label, &s->program.scales[g->scale]))
            code = BS_STOPPED;
    }
    return code;
}

bs_code bs_count_statuses(bs_session *s, const bs_filter *filter, bs_tally_fn fn, void *context) {
    static const bs_filter everything;
    bs_code code = session_figures(s);
    const Program *p = &s->program;
    Counting c = {
        .session = s, .filter = filter ? filter : &everything, .fn = fn, .context = context};
    if (code == BS_OK && !selection_check(c.filter, &(SelectionSide){p, &s->store}, 1, &s->diags))
        code = BS_INVALID;
    if (code != BS_OK)
        return code;
    vm_init(&c.vm, p, &s->store);
    for (uint32_t i = 0; code == BS_OK && i < p->n_kpis; i++) {
        const Kpi *k = &p->kpis[i];
        if (!selection_has_kpi(c.filter, k->name))
            continue;
        if (!count_rows(&c, k))
            code = BS_NO_MEMORY;
        else if (!hand_out_tally(&c, k->name, k->label,
                                 k->has_status ? &p->scales[k->status_scale] : NULL))
            code = BS_STOPPED;
    }
    if (code == BS_OK)
        code = count_groups(&c);
    vm_free(&c.vm);
    buf_free(&c.work);
    return code == BS_NO_MEMORY ? session_no_memory(s) : code;
}
