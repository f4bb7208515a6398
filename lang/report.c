// SPDX-License-Identifier: Apache-2.0
// How the compiler reports what it finds.
#include <stdarg.h>

#include "lang/compiler.h"

Diag *report(Compiler *c, DiagCode code, Place place, const char *format, ...) {
    va_list args;
    va_start(args, format);
    Str text = arena_vprintf(c->scratch, format, args);
    va_end(args);
    c->n_reported += diag_severity(code) == SEVERITY_ERROR;
    for (size_t i = c->diags->diags.n; i > 0 && place.line > 0; i--) {
        Diag *d = &c->diags->diags.v[i - 1];
        if (d->code == code && d->place.file == place.file && d->place.line == place.line &&
            d->place.column == place.column)
            return &c->diags->scratch;
    }
    return diag_add(c->diags, code, place, "%.*s", STR_ARG(text));
}

bool is_shown(const Compiler *c, const Diag *d) {
    return d != &c->diags->scratch;
}

void hint(Compiler *c, Diag *d, const char *format, ...) {
    va_list args;
    va_start(args, format);
    d->hint = arena_vprintf(c->diags->arena, format, args);
    va_end(args);
}

void replace_with(Compiler *c, Diag *d, Str text) {
    diag_edit(c->diags, d, d->place, text);
}

bool did_you_mean(Compiler *c, Diag *d, const Suggestion *near) {
    if (near->best.len == 0)
        return false;
    hint(c, d, "did you mean `%.*s`?", STR_ARG(near->best));
    replace_with(c, d, near->best);
    return true;
}

bool compiler_failed(const Compiler *c) {
    return c->scratch->failed || c->arena->failed;
}

// Kinds of declaration are read one after the other, so the one found first may stand below.
void report_twice(Compiler *c, const char *what, Str name, Place place, Place first) {
    if (place.file == first.file && place.line < first.line) {
        Place swap = place;
        place = first;
        first = swap;
    }
    Diag *d = report(c, D_TWICE, place, "%s `%.*s` is declared twice", what, STR_ARG(name));
    d->other = first;
    d->note = STR("first declared here");
    d->hint = STR("rename or remove one of them");
}
