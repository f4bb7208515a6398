// SPDX-License-Identifier: Apache-2.0
// Findings as SARIF 2.1.0 (OASIS Standard, 27 March 2020), which code hosts and editors read.
#include <bandstand.h>

#include "runtime/edges/findings.h"
#include "runtime/edges/json_tree.h"

// An array of one.
static json_object *alone(Json *j, json_object *value) {
    json_object *list = json_list(j);
    json_append(j, list, value);
    return list;
}

static json_object *message(Json *j, Str text) {
    json_object *o = json_new(j);
    json_put(j, o, "text", json_text(j, text));
    return o;
}

// A path as a relative reference, or an absolute one as a file URI (RFC 3986, 3.3 and 8089).
static json_object *uri(Json *j, Str path) {
    Buf out = {0};
    if (str_starts(path, STR("/")))
        buf_puts(&out, "file://");
    for (size_t i = 0; i < path.len; i++) {
        unsigned char c = (unsigned char)path.s[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '/' || c == '-' || c == '.' || c == '_' || c == '~';
        if (plain)
            buf_char(&out, (char)c);
        else
            buf_printf(&out, "%%%02X", c);
    }
    j->failed |= out.failed;
    json_object *text = json_text(j, buf_str(&out));
    buf_free(&out);
    return text;
}

static json_object *region(Json *j, const Span *s) {
    json_object *o = json_new(j);
    json_put(j, o, "startLine", json_count(j, s->line));
    if (s->column > 0) {
        json_put(j, o, "startColumn", json_count(j, s->column));
        json_put(j, o, "endLine", json_count(j, s->end_line));
        json_put(j, o, "endColumn", json_count(j, s->end_column));
    }
    return o;
}

static json_object *artifact(Json *j, Str path) {
    json_object *o = json_new(j);
    json_put(j, o, "uri", uri(j, path));
    return o;
}

static json_object *location(Json *j, const Span *s, Str note) {
    json_object *o = json_new(j), *physical = json_new(j);
    json_put(j, physical, "artifactLocation", artifact(j, s->path));
    if (s->line > 0)
        json_put(j, physical, "region", region(j, s));
    json_put(j, o, "physicalLocation", physical);
    if (note.len > 0)
        json_put(j, o, "message", message(j, note));
    return o;
}

static json_object *fix(Json *j, const DiagList *d, const Diag *diag) {
    Span s = findings_span(d, diag->edit.at);
    json_object *o = json_new(j), *change = json_new(j), *replacement = json_new(j);
    json_put(j, replacement, "deletedRegion", region(j, &s));
    json_put(j, replacement, "insertedContent", message(j, diag->edit.text));
    json_put(j, change, "artifactLocation", artifact(j, s.path));
    json_put(j, change, "replacements", alone(j, replacement));
    json_put(j, o, "description", message(j, diag->hint));
    json_put(j, o, "artifactChanges", alone(j, change));
    return o;
}

static json_object *suppression(Json *j, Str because) {
    json_object *o = json_new(j);
    json_put(j, o, "kind", json_words(j, "inSource"));
    json_put(j, o, "justification", json_text(j, because));
    return o;
}

static json_object *result(Json *j, const DiagList *d, const Diag *diag, size_t rule) {
    json_object *o = json_new(j);
    Span at = findings_span(d, diag->place), other = findings_span(d, diag->other);
    json_put(j, o, "ruleId", json_words(j, diag_code_text(diag->code)));
    json_put(j, o, "ruleIndex", json_count(j, rule));
    json_put(j, o, "level", json_words(j, diag_severity_word(diag->severity)));
    Buf text = {0};
    buf_put(&text, diag->message);
    if (diag->hint.len > 0)
        buf_printf(&text, "\nhint: %.*s", STR_ARG(diag->hint));
    j->failed |= text.failed;
    json_put(j, o, "message", message(j, buf_str(&text)));
    buf_free(&text);
    json_put(j, o, "locations",
             at.path.len > 0 ? alone(j, location(j, &at, (Str){0})) : json_list(j));
    if (diag->other.line > 0)
        json_put(j, o, "relatedLocations", alone(j, location(j, &other, diag->note)));
    if (diag->edit.at.line > 0)
        json_put(j, o, "fixes", alone(j, fix(j, d, diag)));
    json_put(j, o, "suppressions",
             diag->because.len > 0 ? alone(j, suppression(j, diag->because)) : json_list(j));
    return o;
}

static json_object *rule(Json *j, DiagCode code) {
    json_object *o = json_new(j), *help = json_new(j), *usual = json_new(j);
    Buf plain = {0}, markdown = {0};
    diag_page(&plain, code, false);
    diag_page(&markdown, code, true);
    j->failed |= plain.failed || markdown.failed;
    json_put(j, o, "id", json_words(j, diag_code_text(code)));
    json_put(j, o, "shortDescription", message(j, str_from(diag_title(code))));
    json_put(j, o, "fullDescription", message(j, str_from(diag_cause(code))));
    json_put(j, help, "text", json_text(j, buf_str(&plain)));
    json_put(j, help, "markdown", json_text(j, buf_str(&markdown)));
    json_put(j, o, "help", help);
    json_put(j, usual, "level", json_words(j, diag_severity_word(diag_severity(code))));
    json_put(j, o, "defaultConfiguration", usual);
    buf_free(&plain);
    buf_free(&markdown);
    return o;
}

// Every rule is named, also those that found nothing, so that a reader can tell a finding that was
// put right from one that was not looked for.
static json_object *tool(Json *j) {
    json_object *o = json_new(j), *driver = json_new(j), *rules = json_list(j);
    for (unsigned code = 0; code < N_DIAG_CODES; code++)
        json_append(j, rules, rule(j, (DiagCode)code));
    json_put(j, driver, "name", json_words(j, "Bandstand"));
    json_put(j, driver, "semanticVersion", json_words(j, BS_VERSION));
    json_put(j, driver, "rules", rules);
    json_put(j, o, "driver", driver);
    return o;
}

void findings_write_sarif(const DiagList *d, Buf *out) {
    Json j = {0};
    json_object *log = json_new(&j), *run = json_new(&j), *results = json_list(&j);
    for (size_t i = 0; i < d->diags.n; i++) {
        const Diag *diag = &d->diags.v[i];
        json_append(&j, results, result(&j, d, diag, diag->code));
    }
    json_put(&j, run, "tool", tool(&j));
    json_put(&j, run, "columnKind", json_words(&j, "unicodeCodePoints"));
    json_put(&j, run, "results", results);
    json_put(&j, log, "$schema",
             json_words(&j, "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/"
                            "sarif-schema-2.1.0.json"));
    json_put(&j, log, "version", json_words(&j, "2.1.0"));
    json_put(&j, log, "runs", alone(&j, run));
    out->failed |= !json_write(&j, log, out);
}
