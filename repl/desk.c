// SPDX-License-Identifier: Apache-2.0
#include "repl/desk.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "repl/commands.h"
#include "repl/dots.h"
#include "repl/flips.h"
#include "repl/interrupt.h"
#include "repl/session.h"

static const char typed_name[] = "(typed)";

// ---- what is said -------------------------------------------------------------------------------

bool desk_complain(const char *format, ...) {
    fflush(stdout);
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return false;
}

static bool is_typed(bs_text file) {
    return strcmp(file.s, typed_name) == 0;
}

// Findings of files were said when these were loaded; what is typed later makes some of them again.
static void say_findings(const Desk *d, const bs_session *bs, size_t from, bool all) {
    fflush(stdout);
    bool colour = output_colour(d->options->colour, stderr);
    for (size_t i = from; i < bs_n_diagnostics(bs); i++) {
        bs_diagnostic found = bs_diagnostic_at(bs, i);
        bool wanted = all || found.severity == BS_ERROR || is_typed(found.file);
        if (wanted && found.because.len == 0 && found.severity != BS_NOTE)
            bs_write_diagnostic(bs, i, colour, &stderr_sink);
    }
}

static bool say_outcome(const Desk *d, const bs_session *bs, size_t from, bool all, bs_code code) {
    if (bs)
        say_findings(d, bs, from, all);
    switch (code) {
    case BS_OK:
    case BS_INVALID:
        break;
    case BS_STOPPED:
        if (interrupt_came())
            desk_complain("stopped");
        break;
    case BS_NO_MEMORY:
        desk_complain("bandstand: memory ran out");
        break;
    case BS_USAGE:
        desk_complain("bandstand: the library was called out of order; please report this");
        break;
    }
    return code == BS_OK;
}

bool desk_outcome(Desk *d, size_t from, bs_code code) {
    return say_outcome(d, d->bs, from, true, code);
}

// ---- a session ----------------------------------------------------------------------------------

bs_code desk_add_rules(bs_session *bs, const Setup *s) {
    bs_code code = BS_OK;
    for (size_t i = 0; code == BS_OK && i < s->rules.n; i++)
        code = bs_add_rules(bs, s->rules.v[i]);
    if (code == BS_OK && s->n_typed > 0) {
        char *text = setup_typed_text(s);
        code = text ? bs_add_rules_over(bs, typed_name, text, strlen(text)) : BS_NO_MEMORY;
        free(text);
    }
    if (code == BS_OK && s->entry)
        code = bs_add_rules_over(bs, typed_name, s->entry, s->entry_len);
    for (size_t i = 0; code == BS_OK && i < s->overrides.n; i++)
        code = bs_add_overrides(bs, s->overrides.v[i]);
    for (size_t i = 0; code == BS_OK && i < s->thresholds.n; i++)
        code = bs_set_threshold(bs, s->thresholds.v[i]);
    return code == BS_OK ? bs_compile(bs) : code;
}

bool desk_lay_out(Desk *d, bs_session *bs, bs_formatted *out) {
    char *text = setup_typed_text(&d->setup);
    bs_code code =
        text ? bs_format_rules_text(bs, typed_name, text, strlen(text), out) : BS_NO_MEMORY;
    free(text);
    return say_outcome(d, bs, 0, true, code);
}

// Every file is read, so that the findings of all are said at once.
static bs_code read_data(bs_session *bs, const Setup *s) {
    bs_code worst = BS_OK;
    for (size_t i = 0; i < s->data.n && (worst == BS_OK || worst == BS_INVALID); i++) {
        bs_code code = bs_add_data(bs, s->data.v[i]);
        worst = code == BS_OK ? worst : code;
    }
    return worst;
}

static bool is_change(Adoption how) {
    return how == ADOPT_CHANGE || how == ADOPT_ADD;
}

// The figures of the present session where the rules read files alike, else those of the files.
static bs_code take_data(Desk *d, bs_session *bs, const Setup *next, Adoption how) {
    if (next->data.n == 0)
        return BS_OK;
    if (is_change(how) && d->has_data) {
        bs_code code = bs_share_data(bs, d->bs);
        if (code == BS_OK)
            return bs_finish_data(bs);
        if (code != BS_INVALID || bs_n_errors(bs) > 0)
            return code;
    }
    bs_code code = read_data(bs, next);
    return code == BS_OK ? bs_finish_data(bs) : code;
}

static bs_code set_figures(bs_session *bs, const Setup *next) {
    bs_code code = BS_OK;
    for (size_t i = 0; code == BS_OK && next->data.n > 0 && i < next->n_set; i++) {
        const char *entity = next->set[i].entity, *period = next->set[i].period;
        bs_filter filter = {.entities = &entity,
                            .n_entities = entity != NULL,
                            .periods = &period,
                            .n_periods = period != NULL};
        code = bs_set_figure(bs, next->set[i].text, &filter);
    }
    return code;
}

static bs_code make_session(Desk *d, bs_session *bs, const Setup *next, Adoption how) {
    bs_code code = desk_add_rules(bs, next);
    if (code == BS_OK)
        code = take_data(d, bs, next, how);
    return code == BS_OK ? set_figures(bs, next) : code;
}

// Between two of its calls there are some ten thousand rows.
static bool goes_on(void *context, const bs_progress *progress) {
    (void)context, (void)progress;
    return !interrupt_came();
}

bool desk_adopt(Desk *d, Setup *next, Adoption how) {
    bs_session *bs = bs_open();
    if (bs)
        bs_on_progress(bs, goes_on, NULL);
    bs_code code = bs ? make_session(d, bs, next, how) : BS_NO_MEMORY;
    if (code == BS_OK && !setup_keep_entry(next))
        code = BS_NO_MEMORY;
    if (!say_outcome(d, bs, 0, !is_change(how), code)) {
        setup_free(next);
        bs_close(bs);
        return false;
    }
    bs_close(d->before);
    d->before = how != ADOPT_ANEW && d->has_data ? d->bs : NULL;
    if (!d->before)
        bs_close(d->bs);
    setup_free(&d->setup);
    d->bs = bs;
    d->setup = *next;
    d->has_data = next->data.n > 0;
    *next = (Setup){0};
    return !d->before || flips_show(d, FLIPS_SHOWN, how == ADOPT_ADD);
}

bool desk_open(Desk *d, const Options *o) {
    *d = (Desk){.options = o, .status = EXIT_EVALUATED};
    screen_init(&d->screen, o->colour);
    Setup nothing = {0}, first = {0};
    if (!desk_adopt(d, &nothing, ADOPT_ANEW))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < o->operands.n; i++)
        ok = texts_add(is_rule_file(o->operands.v[i]) ? &first.rules : &first.data,
                       o->operands.v[i]);
    for (size_t i = 0; ok && i < o->overrides.n; i++)
        ok = texts_add(&first.overrides, o->overrides.v[i]);
    if (!ok) {
        setup_free(&first);
        return desk_complain("bandstand: memory ran out");
    }
    return o->operands.n == 0 || desk_adopt(d, &first, ADOPT_ANEW);
}

void desk_close(Desk *d) {
    screen_close(&d->screen);
    bs_close(d->bs);
    bs_close(d->before);
    setup_free(&d->setup);
    free(d->entity);
    free(d->period);
    *d = (Desk){0};
}

// ---- names --------------------------------------------------------------------------------------

static bool is_not(void *context, bs_text name, bs_text label) {
    (void)label;
    return strcmp(context, name.s) != 0;
}

bool desk_has_name(Desk *d, bs_name_kind kind, const char *name) {
    if ((kind == BS_NAME_ENTITY || kind == BS_NAME_PERIOD) && !d->has_data)
        return false;
    return bs_list_names(d->bs, kind, is_not, (void *)name) == BS_STOPPED;
}

static bool add_name(void *context, bs_text name, bs_text label) {
    (void)label;
    return texts_add(context, name.s);
}

bool desk_say_unknown(Desk *d, const char *what, const bs_name_kind *kinds, size_t n_kinds,
                      const char *name) {
    TextList names = {0};
    for (size_t i = 0; i < n_kinds; i++)
        if (d->has_data || (kinds[i] != BS_NAME_ENTITY && kinds[i] != BS_NAME_PERIOD))
            bs_list_names(d->bs, kinds[i], add_name, &names);
    const char *near = options_nearest(name, (const char *const *)names.v, names.n);
    if (near)
        desk_complain("there is no %s `%s`; did you mean `%s`?", what, name, near);
    else
        desk_complain("there is no %s `%s`", what, name);
    texts_clear(&names);
    return false;
}

// ---- answers ------------------------------------------------------------------------------------

enum {
    FIRST_LINES = 24,   // of the results of a KPI that was just declared
    SCREEN_ROWS = 2000, // that are judged before the first are seen
};

bs_filter desk_filter(const char *const *kpi, const char *const *entity,
                      const char *const *period) {
    return (bs_filter){.kpis = kpi,
                       .n_kpis = *kpi != NULL,
                       .entities = entity,
                       .n_entities = *entity != NULL,
                       .periods = period,
                       .n_periods = *period != NULL};
}

static bs_code write_results(Desk *d, const bs_filter *filter, size_t page_rows,
                             const bs_sink *sink) {
    bs_output output = {.format = d->format,
                        .page_rows = page_rows,
                        .colour = screen_on_terminal(&d->screen) && d->screen.colour,
                        .ascii = d->ascii,
                        .width = screen_width(&d->screen)};
    return bs_write_results(d->bs, filter, &output, NULL, 0, sink, NULL, NULL);
}

bool desk_show_results(Desk *d, const char *kpi, const char *entity, const char *period) {
    if (!d->has_data)
        return desk_complain("no figures are loaded: write .data FILE");
    const char *e = entity ? entity : d->entity, *p = period ? period : d->period;
    bs_filter filter = desk_filter(&kpi, &e, &p);
    size_t from = bs_n_diagnostics(d->bs);
    size_t page = screen_on_terminal(&d->screen) ? SCREEN_ROWS : 0;
    return desk_outcome(d, from, write_results(d, &filter, page, &d->screen.sink));
}

// Lets the first lines of an answer through.
typedef struct FirstLines {
    const bs_sink *to;
    size_t n_left;
} FirstLines;

static bool write_first(void *context, const char *text, size_t len) {
    FirstLines *f = context;
    size_t n = 0;
    while (n < len && f->n_left > 0)
        f->n_left -= text[n++] == '\n';
    return f->to->write(f->to->context, text, n) && f->n_left > 0;
}

// A KPI that is new: its first results, and how many there are of each status.
static bool desk_show_first(Desk *d, const char *kpi) {
    FirstLines first = {&d->screen.sink, FIRST_LINES};
    bs_sink sink = {write_first, &first};
    const char *entity = d->entity, *period = d->period;
    bs_filter filter = desk_filter(&kpi, &entity, &period);
    size_t from = bs_n_diagnostics(d->bs);
    bs_code code = write_results(d, &filter, FIRST_LINES, &sink);
    if (code != BS_STOPPED || first.n_left > 0)
        return desk_outcome(d, from, code);
    screen_put(&d->screen, "...\n");
    bool ok = counts_show(d, &filter);
    screen_put(&d->screen, "all of them: .run %s\n", kpi);
    return ok;
}

typedef struct Shown {
    Desk *desk;
    TextList kpis; // that were declared and are new: of the others it is said what flipped
} Shown;

static bool note_kpi(void *context, const bs_declaration *d) {
    Shown *s = context;
    bool judged = strcmp(d->word.s, "kpi") == 0 || strcmp(d->word.s, "group") == 0 ||
                  strcmp(d->word.s, "scorecard") == 0;
    char *name = judged ? strndup(d->name.s, d->name.len) : NULL;
    bool is_new = name && !desk_has_name(s->desk, BS_NAME_KPI, name) &&
                  !desk_has_name(s->desk, BS_NAME_GROUP, name);
    bool ok = !judged || (name && (!is_new || texts_add(&s->kpis, name)));
    free(name);
    return ok;
}

bool desk_declare(Desk *d, const char *text, size_t len) {
    Setup next;
    if (!setup_copy(&next, &d->setup))
        return desk_complain("bandstand: memory ran out");
    if (!setup_enter(&next, text, len)) {
        setup_free(&next);
        return desk_complain("bandstand: memory ran out");
    }
    Shown shown = {.desk = d};
    bs_list_declarations(text, len, note_kpi, &shown);
    bool ok = desk_adopt(d, &next, shown.kpis.n > 0 ? ADOPT_ADD : ADOPT_CHANGE);
    for (size_t i = 0; d->has_data && ok && i < shown.kpis.n; i++)
        ok = desk_show_first(d, shown.kpis.v[i]);
    texts_clear(&shown.kpis);
    return ok;
}

// ---- expressions --------------------------------------------------------------------------------

enum { ROWS_SHOWN = 40 }; // of an expression's values

typedef struct Row {
    char *entity, *period, *value;
} Row;

typedef struct Rows {
    Row *v;
    size_t n, n_seen;
    size_t widest_entity, widest_period;
    bool failed;
} Rows;

static bool keep_row(void *context, const bs_row *r) {
    Rows *rows = context;
    rows->n_seen++;
    if (interrupt_came())
        return false;
    if (rows->n == ROWS_SHOWN)
        return true;
    Row *v = realloc(rows->v, (rows->n + 1) * sizeof *v);
    if (!v) {
        rows->failed = true;
        return false;
    }
    rows->v = v;
    Row row = {strdup(r->entity.s), strdup(r->period.s), NULL};
    bool ok = r->missing.len > 0 ? asprintf(&row.value, "missing: %s", r->missing.s) >= 0
                                 : (row.value = strndup(r->value.s, r->value.len)) != NULL;
    v[rows->n++] = row;
    rows->failed = !ok || !row.entity || !row.period;
    if (!rows->failed && strlen(row.entity) > rows->widest_entity)
        rows->widest_entity = strlen(row.entity);
    if (!rows->failed && strlen(row.period) > rows->widest_period)
        rows->widest_period = strlen(row.period);
    return !rows->failed;
}

static void show_rows(Desk *d, const Rows *rows) {
    bool alone = rows->n == 1 && rows->n_seen == 1;
    for (size_t i = 0; i < rows->n; i++) {
        const Row *r = &rows->v[i];
        if (alone)
            screen_put(&d->screen, "%s\n", r->value);
        else
            screen_put(&d->screen, "%-*s  %-*s  %s\n", (int)rows->widest_entity, r->entity,
                       (int)rows->widest_period, r->period, r->value);
    }
    if (rows->n < rows->n_seen)
        screen_put(&d->screen, "and %zu more: .at ENTITY PERIOD chooses\n", rows->n_seen - rows->n);
    if (rows->n_seen == 0)
        screen_put(&d->screen, "no figures of it are loaded\n");
}

bool desk_evaluate(Desk *d, const char *text, size_t len) {
    while (len > 0 && strchr(" \t\r\n", text[len - 1]))
        len--;
    char *name = strndup(text, len);
    bool is_kpi = name && d->has_data &&
                  (desk_has_name(d, BS_NAME_KPI, name) || desk_has_name(d, BS_NAME_GROUP, name)) &&
                  !desk_has_name(d, BS_NAME_METRIC, name);
    if (is_kpi) {
        bool ok = desk_show_results(d, name, NULL, NULL);
        free(name);
        return ok;
    }
    free(name);
    Rows rows = {0};
    size_t from = bs_n_diagnostics(d->bs);
    bs_code code = bs_eval_rows(d->bs, text, len, d->entity, d->period, keep_row, &rows);
    if (rows.failed)
        code = BS_NO_MEMORY;
    bool ok = desk_outcome(d, from, code);
    if (ok)
        show_rows(d, &rows);
    for (size_t i = 0; i < rows.n; i++) {
        free(rows.v[i].entity);
        free(rows.v[i].period);
        free(rows.v[i].value);
    }
    free(rows.v);
    return ok;
}

// ---- entries ------------------------------------------------------------------------------------

static bool answer(Desk *d, bs_entry_kind kind, const char *text, size_t len) {
    struct timespec began, ended;
    clock_gettime(CLOCK_MONOTONIC, &began);
    bool ok = true;
    screen_begin(&d->screen);
    if (text[0] == '.')
        ok = dots_run(d, text, len);
    else if (kind == BS_ENTRY_RULES)
        ok = desk_declare(d, text, len);
    else if (kind == BS_ENTRY_EXPRESSION)
        ok = desk_evaluate(d, text, len);
    ok = screen_end(&d->screen) && ok;
    clock_gettime(CLOCK_MONOTONIC, &ended);
    if (d->timer)
        printf("%.3f s\n", (double)(ended.tv_sec - began.tv_sec) +
                               (double)(ended.tv_nsec - began.tv_nsec) / 1e9);
    interrupt_clear();
    if (!ok && d->status == EXIT_EVALUATED)
        d->status = EXIT_INVALID;
    return ok;
}

static size_t line_length(const char *text, size_t len) {
    const char *end = memchr(text, '\n', len);
    return end ? (size_t)(end - text) + 1 : len;
}

// The entry at the start of [text] and its kind; 0 when it is not whole.
static size_t next_entry(const char *text, size_t len, bool last, bs_entry *entry) {
    size_t n = line_length(text, len);
    if (text[0] == '.') {
        *entry = (bs_entry){BS_ENTRY_BLANK, true};
        return n;
    }
    for (;; n += line_length(text + n, len - n)) {
        if (bs_look_at_entry(text, n, entry) != BS_OK || entry->complete)
            return n;
        if (n == len)
            return last ? n : 0;
    }
}

// Declarations that came at once are taken at once: one may need the other.
size_t desk_take(Desk *d, const char *text, size_t len, bool last, bool *ok) {
    *ok = true;
    size_t at = 0, rules = 0; // the declarations from [rules] to [at] wait
    while (at < len && *ok && !d->leaving) {
        bs_entry entry;
        size_t n = next_entry(text + at, len - at, last, &entry);
        bool waits = n > 0 && text[at] != '.' && entry.kind != BS_ENTRY_EXPRESSION;
        if (n > 0 && text[at] != '.' && entry.kind == BS_ENTRY_BLANK && rules == at) {
            rules = at += n;
            continue;
        }
        if (!waits && rules < at)
            *ok = answer(d, BS_ENTRY_RULES, text + rules, at - rules) || !d->bail;
        if (n == 0)
            return at;
        if (!waits && *ok)
            *ok = answer(d, entry.kind, text + at, n) || !d->bail;
        at += n;
        rules = waits ? rules : at;
    }
    if (rules < at && *ok && !d->leaving)
        *ok = answer(d, BS_ENTRY_RULES, text + rules, at - rules) || !d->bail;
    return at;
}
