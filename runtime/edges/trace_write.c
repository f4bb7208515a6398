// SPDX-License-Identifier: Apache-2.0
// Traces written: plain text, Markdown, JSON.
#include "runtime/edges/columns.h"
#include "runtime/edges/json_tree.h"
#include "runtime/edges/trace.h"

typedef struct Writing {
    bs_why_format format;
    const char *wanted;
    const bs_sink *sink;
    Buf out;
    Json json;
    json_object *results; // of BS_WHY_JSON
    size_t n;
    bool stopped;
} Writing;

// ---- text and Markdown --------------------------------------------------------------------------

static const char *heading_of(bs_step_kind kind) {
    switch (kind) {
    case BS_STEP_FIGURE:
        return "Figures";
    case BS_STEP_VALUE:
    case BS_STEP_BAND:
    case BS_STEP_ROUND:
        return "Value";
    case BS_STEP_MEMBER:
        return "Members";
    case BS_STEP_LINE:
        return "Lines";
    }
    return "";
}

// Markdown gives some signs a meaning of their own.
static void put_words(Writing *w, bs_text words) {
    for (size_t i = 0; i < words.len; i++) {
        bool sign = words.s[i] != '\0' && strchr("\\`*_<>[]|#", words.s[i]);
        if (w->format == BS_WHY_MARKDOWN && sign)
            buf_char(&w->out, '\\');
        buf_char(&w->out, words.s[i] == '\n' ? ' ' : words.s[i]);
    }
}

static void put_heading(Writing *w, const char *words) {
    buf_printf(&w->out, w->format == BS_WHY_MARKDOWN ? "\n**%s**\n\n" : "\n  %s\n", words);
}

static void begin_item(Writing *w) {
    buf_puts(&w->out, w->format == BS_WHY_MARKDOWN ? "- " : "    ");
}

static void put_steps(Writing *w, const bs_trace *t) {
    const char *heading = "";
    for (size_t i = 0; i < t->n_steps; i++) {
        const bs_step *step = &t->steps[i];
        const char *next = heading_of(step->kind);
        if (strcmp(next, heading) != 0)
            put_heading(w, next);
        heading = next;
        begin_item(w);
        put_words(w, step->text);
        if (step->line > 0) {
            buf_puts(&w->out, " (");
            put_words(w, step->file);
            buf_printf(&w->out, " line %u)", step->line);
        }
        buf_char(&w->out, '\n');
    }
}

static void put_nearest(Writing *w, const bs_trace *t) {
    if (t->n_nearest == 0)
        return;
    Buf heading = {0};
    buf_printf(&heading, "What would give %s", w->wanted);
    buf_char(&heading, '\0');
    put_heading(w, heading.failed ? "" : heading.s);
    buf_free(&heading);
    for (size_t i = 0; i < t->n_nearest; i++) {
        begin_item(w);
        put_words(w, t->nearest[i].text);
        buf_char(&w->out, '\n');
    }
}

static void put_title(Writing *w, const bs_result *r) {
    buf_puts(&w->out, w->n > 0 ? "\n" : "");
    buf_puts(&w->out, w->format == BS_WHY_MARKDOWN ? "### " : "");
    put_words(w, r->label);
    if (r->entity.len > 0) {
        buf_puts(&w->out, ", ");
        put_words(w, r->entity);
    }
    if (r->period.len > 0) {
        buf_puts(&w->out, ", ");
        put_words(w, r->period);
    }
    buf_puts(&w->out, w->format == BS_WHY_MARKDOWN ? "\n\n" : "\n");
}

static void put_trace(Writing *w, const bs_trace *t) {
    put_title(w, t->result);
    buf_puts(&w->out, w->format == BS_WHY_MARKDOWN ? "" : "  ");
    put_words(w, t->sentence);
    buf_char(&w->out, '\n');
    put_nearest(w, t);
    put_steps(w, t);
}

// ---- JSON ---------------------------------------------------------------------------------------

// What does not apply is left out.
static void add_text(Writing *w, json_object *o, const char *key, bs_text text) {
    if (text.len > 0)
        json_put(&w->json, o, key, json_text(&w->json, text_str(text)));
}

static void add_line(Writing *w, json_object *o, unsigned line) {
    if (line > 0)
        json_put(&w->json, o, "line", json_count(&w->json, line));
}

static const char *kind_words(bs_step_kind kind) {
    switch (kind) {
    case BS_STEP_FIGURE:
        return "figure";
    case BS_STEP_VALUE:
        return "value";
    case BS_STEP_BAND:
        return "band";
    case BS_STEP_ROUND:
        return "rounding";
    case BS_STEP_MEMBER:
        return "member";
    case BS_STEP_LINE:
        return "line";
    }
    return "";
}

static json_object *step_object(Writing *w, const bs_step *step) {
    json_object *o = json_new(&w->json);
    json_put(&w->json, o, "kind", json_words(&w->json, kind_words(step->kind)));
    add_text(w, o, "name", step->name);
    add_text(w, o, "text", step->text);
    add_text(w, o, "exact", step->exact);
    add_text(w, o, "missing", step->missing);
    add_text(w, o, "outcome", step->outcome);
    if (step->verdict != BS_NO_LINE)
        json_put(&w->json, o, "verdict", json_words(&w->json, trace_verdict_words(step->verdict)));
    add_text(w, o, "file", step->file);
    add_line(w, o, step->line);
    return o;
}

static json_object *nearest_object(Writing *w, const bs_nearest *c) {
    json_object *o = json_new(&w->json);
    add_text(w, o, "figure", c->figure);
    add_text(w, o, "text", c->text);
    json_put(&w->json, o, "found", json_made(&w->json, json_object_new_boolean(c->found)));
    add_text(w, o, "now", c->now);
    add_text(w, o, "to", c->to);
    if (c->found)
        json_put(&w->json, o, "beyond", json_made(&w->json, json_object_new_boolean(c->beyond)));
    return o;
}

static void add_trace(Writing *w, const bs_trace *t) {
    const bs_result *r = t->result;
    json_object *o = json_new(&w->json);
    add_text(w, o, "row", r->row);
    add_text(w, o, "kpi", r->kpi);
    add_text(w, o, "label", r->label);
    add_text(w, o, "entity", r->entity);
    add_text(w, o, "period", r->period);
    add_text(w, o, "exact", r->value.exact);
    add_text(w, o, "shown", r->value.shown);
    add_text(w, o, "status", r->status);
    add_text(w, o, "missing", r->missing);
    add_text(w, o, "sentence", t->sentence);
    add_text(w, o, "file", r->rule_file);
    add_line(w, o, r->rule_line);
    if (t->n_steps > 0) {
        json_object *steps = json_list(&w->json);
        for (size_t i = 0; i < t->n_steps; i++)
            json_append(&w->json, steps, step_object(w, &t->steps[i]));
        json_put(&w->json, o, "steps", steps);
    }
    if (t->n_nearest > 0) {
        json_object *nearest = json_list(&w->json);
        for (size_t i = 0; i < t->n_nearest; i++)
            json_append(&w->json, nearest, nearest_object(w, &t->nearest[i]));
        json_put(&w->json, o, "nearest", nearest);
    }
    json_append(&w->json, w->results, o);
}

// ---- all ----------------------------------------------------------------------------------------

static bool hand_over(Writing *w) {
    bool ok = !w->out.failed &&
              (w->out.len == 0 || w->sink->write(w->sink->context, w->out.s, w->out.len));
    w->stopped |= !ok && !w->out.failed;
    w->out.len = 0;
    return ok;
}

static bool write_trace(void *context, const bs_trace *t) {
    Writing *w = context;
    if (w->format == BS_WHY_JSON) {
        add_trace(w, t);
        w->n++;
        return !w->json.failed;
    }
    put_trace(w, t);
    w->n++;
    return hand_over(w);
}

static void end_json(Writing *w, const Program *p) {
    json_object *document = json_new(&w->json);
    json_put(&w->json, document, "rules_hash", json_words(&w->json, p->hash));
    if (w->wanted)
        json_put(&w->json, document, "wanted", json_words(&w->json, w->wanted));
    json_put(&w->json, document, "results", w->results);
    w->results = NULL;
    if (!json_write(&w->json, document, &w->out))
        w->out.failed = true;
    else
        hand_over(w);
}

bs_code trace_write(const Program *p, const Store *s, DiagList *d, const bs_filter *filter,
                    const bs_why_options *options, const ProgressTo *progress,
                    const bs_sink *sink) {
    Writing w = {.format = options ? options->format : BS_WHY_TEXT,
                 .wanted = options ? options->why_not : NULL,
                 .sink = sink};
    if (w.format == BS_WHY_JSON)
        w.results = json_list(&w.json);
    bs_code code = trace_run(p, s, d, filter, options, progress, write_trace, &w);
    if (code == BS_OK && w.format == BS_WHY_JSON)
        end_json(&w, p);
    json_object_put(w.results);
    if (w.json.failed || w.out.failed)
        code = BS_NO_MEMORY;
    else if (w.stopped)
        code = BS_STOPPED;
    buf_free(&w.out);
    return code;
}
