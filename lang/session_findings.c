// SPDX-License-Identifier: Apache-2.0
// The public API: findings, and rule files with what can be put right.
#include "lang/mend.h"
#include "lang/session.h"
#include "runtime/base/diff.h"
#include "runtime/edges/findings.h"

size_t bs_n_diagnostics(const bs_session *s) {
    return s->diags.diags.n;
}

bs_diagnostic bs_diagnostic_at(const bs_session *s, size_t i) {
    const Diag *d = &s->diags.diags.v[i];
    static const bs_severity severities[] = {
        [SEVERITY_NOTE] = BS_NOTE, [SEVERITY_WARNING] = BS_WARNING, [SEVERITY_ERROR] = BS_ERROR};
    Str path = d->place.file < s->diags.files.n ? s->diags.files.v[d->place.file].path : (Str){0};
    return (bs_diagnostic){diag_code_text(d->code), severities[d->severity],
                           session_text(path),      d->place.line,
                           d->place.column,         session_text(d->message),
                           session_text(d->hint),   session_text(d->because)};
}

size_t bs_n_allowed(const bs_session *s) {
    return s->diags.n_allowed;
}

size_t bs_n_errors(const bs_session *s) {
    return s->diags.n_errors;
}

size_t bs_n_warnings(const bs_session *s) {
    return s->diags.n_warnings;
}

bs_code session_hand_over(Buf *text, const bs_sink *sink) {
    bs_code code = text->failed ? BS_NO_MEMORY : BS_OK;
    if (code == BS_OK && text->len > 0 && !sink->write(sink->context, text->s, text->len))
        code = BS_STOPPED;
    buf_free(text);
    return code;
}

bs_code bs_write_diagnostics(const bs_session *s, size_t from, bool colour, const bs_sink *sink) {
    Buf text = {0};
    for (size_t i = from; i < s->diags.diags.n; i++) {
        const Diag *d = &s->diags.diags.v[i];
        if (d->because.len == 0 && (d->severity != SEVERITY_NOTE || s->checked))
            diag_print(&text, &s->diags, d, colour);
    }
    diag_print_dropped(&text, &s->diags);
    return session_hand_over(&text, sink);
}

bs_code bs_write_diagnostic(const bs_session *s, size_t i, bool colour, const bs_sink *sink) {
    Buf text = {0};
    if (i >= s->diags.diags.n)
        return BS_USAGE;
    diag_print(&text, &s->diags, &s->diags.diags.v[i], colour);
    return session_hand_over(&text, sink);
}

bs_code bs_write_findings(const bs_session *s, bs_findings_format format, const bs_sink *sink) {
    Buf text = {0};
    switch (format) {
    case BS_FINDINGS_JSON:
        findings_write_json(&s->diags, &text);
        break;
    case BS_FINDINGS_SARIF:
        findings_write_sarif(&s->diags, &text);
        break;
    case BS_FINDINGS_GITHUB:
        findings_write_github(&s->diags, &text);
        break;
    }
    return session_hand_over(&text, sink);
}

bs_code bs_mend_rules(const bs_session *s, bs_mended_fn fn, void *context) {
    bs_code code = BS_OK;
    for (uint32_t i = 0; i < s->diags.files.n && code == BS_OK; i++) {
        const DiagFile *file = &s->diags.files.v[i];
        Buf after = {0};
        size_t n_edits = file->text.len > 0 ? diag_mend(&s->diags, i, &after) : 0;
        bs_mended mended = {session_text(file->path), session_text(file->text),
                            session_text(buf_str(&after)), n_edits};
        if (after.failed)
            code = BS_NO_MEMORY;
        else if (n_edits > 0 && !fn(context, &mended))
            code = BS_STOPPED;
        buf_free(&after);
    }
    return code;
}

static Str str_of(bs_text text) {
    return (Str){text.s, text.len};
}

bs_code bs_write_diff(bs_text name, bs_text before, bs_text after, const bs_sink *sink) {
    Arena scratch;
    Buf text = {0};
    arena_init(&scratch, 0);
    bool ok = diff_unified(&scratch, &text, str_of(name), str_of(before), str_of(after));
    arena_free(&scratch);
    if (ok)
        return session_hand_over(&text, sink);
    buf_free(&text);
    return BS_NO_MEMORY;
}
