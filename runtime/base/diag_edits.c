// SPDX-License-Identifier: Apache-2.0
// The edits that findings carry, applied to their file.
#include "runtime/base/diag.h"

size_t diag_offset(Str text, Place place) {
    Str rest = text;
    size_t mark = str_starts(text, STR("\xef\xbb\xbf")) ? 3 : 0;
    for (uint32_t line = 1; line < place.line && rest.len > 0; line++)
        str_take_line(&rest);
    size_t start = text.len - rest.len;
    size_t at = start + (start == 0 ? mark : 0) + (place.column > 0 ? place.column - 1 : 0);
    return at < text.len ? at : text.len;
}

static bool is_safe(const Diag *diag, uint32_t file) {
    return diag->edit.at.line > 0 && diag->edit.at.file == file &&
           diag_edits(diag->code) == EDIT_SAFE;
}

// The first safe edit that begins at byte [from] or behind; NULL when there is none.
static const Edit *next_edit(const DiagList *d, uint32_t file, size_t from, size_t *at) {
    const Edit *next = NULL;
    for (size_t i = 0; i < d->diags.n; i++) {
        const Diag *diag = &d->diags.v[i];
        if (!is_safe(diag, file))
            continue;
        size_t begins = diag_offset(d->files.v[file].text, diag->edit.at);
        if (begins >= from && (!next || begins < *at)) {
            next = &diag->edit;
            *at = begins;
        }
    }
    return next;
}

size_t diag_mend(const DiagList *d, uint32_t file, Buf *out) {
    Str text = d->files.v[file].text;
    size_t done = 0, n = 0, at = 0;
    for (const Edit *e; (e = next_edit(d, file, done, &at)) != NULL; n++) {
        buf_put(out, str_slice(text, done, at));
        buf_put(out, e->text);
        // What spans nothing moves on all the same, or it would be found again.
        done = at + (e->at.len > 0 ? e->at.len : 1);
        if (e->at.len == 0)
            buf_put(out, str_slice(text, at, done));
    }
    buf_put(out, str_slice(text, done, text.len));
    return n;
}
