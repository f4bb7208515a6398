// SPDX-License-Identifier: Apache-2.0
#include "repl/mend.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "repl/output.h"

// Every pass takes a fault off each line that has one, so few are needed; the bound is for safety.
enum { MEND_MAX_PASSES = 100 };

static char *copy_of(bs_text text) {
    char *copy = malloc(text.len + 1);
    if (copy) {
        memcpy(copy, text.s, text.len);
        copy[text.len] = '\0';
    }
    return copy;
}

static MendedFile *file_of(Mended *m, const char *path) {
    for (size_t i = 0; i < m->n; i++) {
        if (strcmp(m->v[i].path, path) == 0)
            return &m->v[i];
    }
    MendedFile *v = realloc(m->v, (m->n + 1) * sizeof *v);
    if (!v)
        return NULL;
    m->v = v;
    m->v[m->n] = (MendedFile){0};
    return &m->v[m->n++];
}

static bool take(void *context, const bs_mended *mended) {
    Mended *m = context;
    MendedFile *f = file_of(m, mended->path.s);
    char *after = f ? copy_of(mended->after) : NULL;
    if (f && !f->path) {
        f->path = copy_of(mended->path);
        f->before = copy_of(mended->before);
        f->before_len = mended->before.len;
    }
    m->no_memory = !after || !f->path || !f->before;
    if (m->no_memory) {
        free(after);
        return false;
    }
    free(f->after);
    f->after = after;
    f->after_len = mended->after.len;
    f->n_edits += mended->n_edits;
    return true;
}

static bs_code override_files(void *context, bs_session *bs) {
    const Mended *m = context;
    bs_code code = BS_OK;
    for (size_t i = 0; i < m->n && code == BS_OK; i++)
        code = bs_override_rules(bs, m->v[i].path, m->v[i].after, m->v[i].after_len);
    return code;
}

static size_t n_edits(const Mended *m) {
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++)
        n += m->v[i].n_edits;
    return n;
}

bool mend_rules(Session *s, const Options *o, Mended *mended) {
    for (size_t pass = 0;; pass++) {
        size_t before = n_edits(mended);
        if (!session_compile_with(s, o, override_files, mended))
            return false;
        if ((s->code != BS_OK && s->code != BS_INVALID) || pass == MEND_MAX_PASSES)
            return true;
        bs_code code = bs_mend_rules(s->bs, take, mended);
        if (code != BS_OK) {
            session_explain(s, BS_NO_MEMORY);
            return false;
        }
        if (n_edits(mended) == before)
            return true;
        session_close(s);
    }
}

static bs_text text_of(const char *s, size_t len) {
    return (bs_text){s, len};
}

static bool show_diff(const MendedFile *f) {
    Output out;
    if (!output_open(&out, NULL))
        return false;
    bs_code code =
        bs_write_diff(text_of(f->path, strlen(f->path)), text_of(f->before, f->before_len),
                      text_of(f->after, f->after_len), &out.sink);
    if (code == BS_NO_MEMORY)
        fputs("bandstand: memory ran out\n", stderr);
    bool kept = output_keep(&out);
    output_close(&out);
    return kept && code == BS_OK;
}

static bool replace_file(const MendedFile *f) {
    Output out;
    if (!output_can_replace(f->path) || !output_open(&out, f->path))
        return false;
    bool written = f->after_len == 0 || out.sink.write(out.sink.context, f->after, f->after_len);
    bool kept = output_keep(&out) && written;
    output_close(&out);
    return kept;
}

bool mended_write(const Mended *mended, const Options *o) {
    bool ok = true;
    for (size_t i = 0; i < mended->n; i++) {
        const MendedFile *f = &mended->v[i];
        if (o->dry_run)
            ok = show_diff(f) && ok;
        else if (!replace_file(f))
            ok = false;
        else
            fprintf(stderr, "%s: %zu suggestion%s written\n", f->path, f->n_edits,
                    f->n_edits == 1 ? "" : "s");
    }
    return ok;
}

void mended_free(Mended *mended) {
    for (size_t i = 0; i < mended->n; i++) {
        free(mended->v[i].path);
        free(mended->v[i].before);
        free(mended->v[i].after);
    }
    free(mended->v);
    *mended = (Mended){0};
}
