// SPDX-License-Identifier: Apache-2.0
// Findings as JSON: a schema of our own, which docs/findings.md describes, and SARIF 2.1.0.
#include <bandstand.h>

#include "runtime/edges/findings.h"
#include "runtime/edges/json_tree.h"

static json_object *flag(Json *j, bool value) {
    return json_made(j, json_object_new_boolean(value));
}

static json_object *text_or_null(Json *j, Str s) {
    return s.len > 0 ? json_text(j, s) : NULL;
}

static json_object *number_or_null(Json *j, uint32_t n) {
    return n > 0 ? json_count(j, n) : NULL;
}

// ---- our own ------------------------------------------------------------------------------------

static void put_span(Json *j, json_object *o, const DiagList *d, Place place) {
    Span s = findings_span(d, place);
    json_put(j, o, "file", text_or_null(j, s.path));
    json_put(j, o, "line", number_or_null(j, s.line));
    json_put(j, o, "column", number_or_null(j, s.column));
    json_put(j, o, "end_line", number_or_null(j, s.end_line));
    json_put(j, o, "end_column", number_or_null(j, s.end_column));
}

static json_object *other_object(Json *j, const DiagList *d, const Diag *diag) {
    if (diag->other.line == 0)
        return NULL;
    json_object *o = json_new(j);
    put_span(j, o, d, diag->other);
    json_put(j, o, "note", text_or_null(j, diag->note));
    return o;
}

static json_object *edit_object(Json *j, const DiagList *d, const Diag *diag) {
    if (diag->edit.at.line == 0)
        return NULL;
    json_object *o = json_new(j);
    put_span(j, o, d, diag->edit.at);
    json_put(j, o, "text", json_text(j, diag->edit.text));
    json_put(j, o, "safe", flag(j, diag_edits(diag->code) == EDIT_SAFE));
    return o;
}

static json_object *finding_object(Json *j, const DiagList *d, const Diag *diag) {
    json_object *o = json_new(j);
    json_put(j, o, "code", json_words(j, diag_code_text(diag->code)));
    json_put(j, o, "severity", json_words(j, diag_severity_word(diag->severity)));
    json_put(j, o, "title", json_words(j, diag_title(diag->code)));
    put_span(j, o, d, diag->place);
    json_put(j, o, "message", json_text(j, diag->message));
    json_put(j, o, "hint", text_or_null(j, diag->hint));
    json_put(j, o, "other", other_object(j, d, diag));
    json_put(j, o, "edit", edit_object(j, d, diag));
    json_put(j, o, "allowed_because", text_or_null(j, diag->because));
    return o;
}

void findings_write_json(const DiagList *d, Buf *out) {
    Json j = {0};
    json_object *o = json_new(&j), *list = json_list(&j);
    json_put(&j, o, "bandstand", json_words(&j, BS_VERSION));
    json_put(&j, o, "errors", json_count(&j, d->n_errors));
    json_put(&j, o, "warnings", json_count(&j, d->n_warnings));
    json_put(&j, o, "allowed", json_count(&j, d->n_allowed));
    json_put(&j, o, "not_shown", json_count(&j, findings_n_dropped(d)));
    for (size_t i = 0; i < d->diags.n; i++)
        json_append(&j, list, finding_object(&j, d, &d->diags.v[i]));
    json_put(&j, o, "findings", list);
    out->failed |= !json_write(&j, o, out);
}
