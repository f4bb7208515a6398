// SPDX-License-Identifier: Apache-2.0
// Reading rule files and following `use`.
#include "lang/load.h"

#include "lang/allow.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void modules_init(Modules *m, Arena *arena, DiagList *diags) {
    *m = (Modules){.arena = arena, .diags = diags};
}

static Str real_path(Arena *a, Str path) {
    Str z = arena_str(a, path); // NUL-terminated
    char *real = z.s ? realpath(z.s, NULL) : NULL;
    if (!real)
        return (Str){0};
    Str copy = arena_str(a, str_from(real));
    free(real);
    return copy;
}

static Str folder_of(Str path) {
    for (size_t i = path.len; i > 0; i--)
        if (path.s[i - 1] == '/')
            return str_slice(path, 0, i > 1 ? i - 1 : 1);
    return STR(".");
}

static bool is_below(Str folder, Str path) {
    return str_eq(folder, STR("/")) ||
           (str_starts(path, folder) && path.len > folder.len && path.s[folder.len] == '/');
}

// The rule root: the current folder when the first file lies below it, else that file's folder.
static void find_root(Modules *m, Str identity) {
    if (m->root.len > 0)
        return;
    char *cwd = getcwd(NULL, 0);
    Str here = arena_str(m->arena, cwd ? str_from(cwd) : (Str){0});
    free(cwd);
    m->root_is_here = here.len > 0 && (identity.len == 0 || is_below(here, identity));
    m->root = m->root_is_here ? here : folder_of(identity);
}

typedef enum ReadOutcome { READ_OK, READ_FAILED, READ_TOO_LONG, READ_NO_MEMORY } ReadOutcome;

static ReadOutcome read_stream(Arena *a, FILE *f, Str *out) {
    Buf text = {0};
    char block[65536];
    size_t n;
    while ((n = fread(block, 1, sizeof block, f)) > 0 && text.len <= SOURCE_MAX_BYTES)
        buf_put(&text, (Str){block, n});
    int error = ferror(f) ? errno : 0;
    ReadOutcome outcome = error                         ? READ_FAILED
                          : text.len > SOURCE_MAX_BYTES ? READ_TOO_LONG
                                                        : READ_OK;
    if (outcome == READ_OK) {
        *out = arena_str(a, buf_str(&text));
        if (text.failed || a->failed)
            outcome = READ_NO_MEMORY;
    }
    buf_free(&text);
    errno = error;
    return outcome;
}

static ReadOutcome read_whole(Arena *a, Str path, Str *out) {
    Str z = arena_str(a, path);
    if (!z.s)
        return READ_NO_MEMORY;
    FILE *f = fopen(z.s, "rb");
    if (!f)
        return READ_FAILED;
    ReadOutcome outcome = read_stream(a, f, out);
    int error = errno;
    fclose(f);
    errno = error;
    return outcome;
}

bool modules_override(Modules *m, Str path, Str text) {
    Override o = {real_path(m->arena, path), arena_str(m->arena, text)};
    return !m->arena->failed && VEC_PUSH(m->arena, &m->overrides, o);
}

static ReadOutcome read_rules(Modules *m, Str path, Str identity, Str *out) {
    for (size_t i = 0; i < m->overrides.n; i++) {
        if (!str_eq(m->overrides.v[i].identity, identity))
            continue;
        *out = m->overrides.v[i].text;
        return READ_OK;
    }
    return read_whole(m->arena, path, out);
}

static Module *find_module(const Modules *m, Str identity) {
    for (size_t i = 0; i < m->all.n; i++)
        if (str_eq(m->all.v[i]->identity, identity))
            return m->all.v[i];
    return NULL;
}

// Line and column of byte [at], for a text that is not UTF-8.
static Place place_of_byte(const Source *s, size_t at) {
    Place p = {s->file, 1, 1, 1};
    for (size_t i = 0; i < at; i++) {
        bool newline = s->text.s[i] == '\n';
        p.line += newline;
        p.column = newline ? 1 : p.column + 1;
    }
    return p;
}

static bool add_module(Modules *m, Str path, Str identity, Str text);

// Follows one `use` line of [from].
static bool follow_use(Modules *m, const Module *from, const Node *use) {
    Place place = node_place(node_kid(use, 0));
    Str name = node_string(m->arena, node_kid(use, 0));
    bool absolute = str_starts(name, STR("/"));
    Str folder = folder_of(from->path);
    Str path = absolute || str_eq(folder, STR("."))
                   ? arena_str(m->arena, name)
                   : arena_printf(m->arena, "%.*s/%.*s", STR_ARG(folder), STR_ARG(name));
    Str identity = real_path(m->arena, path);
    if (m->arena->failed)
        return false;
    if (identity.len == 0) {
        m->incomplete = true;
        Diag *d = diag_add(m->diags, D_USE, place, "the rule file `%.*s` cannot be read: %s",
                           STR_ARG(name), strerror(errno));
        d->hint = arena_printf(m->diags->arena, "it is looked for as %.*s", STR_ARG(path));
        return true;
    }
    if (!is_below(m->root, identity)) {
        m->incomplete = true;
        Diag *d = diag_add(m->diags, D_OUTSIDE, place, "`%.*s` lies outside the rule folder",
                           STR_ARG(name));
        d->hint = arena_printf(m->diags->arena,
                               "the rule folder is %.*s; run from a folder that holds both files",
                               STR_ARG(m->root));
        return true;
    }
    // Shown without the ".." on the way, where the way begins in the current folder.
    if (m->root_is_here)
        path = str_slice(identity, m->root.len + 1, identity.len);
    Module *known = find_module(m, identity);
    if (known) {
        if (known->open) {
            m->incomplete = true;
            Diag *d = diag_add(m->diags, D_CYCLE, place,
                               "`%.*s` uses this file in turn, so neither can be read first",
                               STR_ARG(name));
            d->hint = STR("put what both need into a third file, and use that from both");
        }
        return true;
    }
    if (m->n_open >= LOAD_MAX_CHAIN || m->all.n >= LOAD_MAX_FILES) {
        m->incomplete = true;
        Diag *d = diag_add(m->diags, D_USE, place, "`%.*s` is one file too many", STR_ARG(name));
        d->hint = arena_printf(m->diags->arena,
                               "a chain of `use` has at most %d files, and all rules together %d",
                               LOAD_MAX_CHAIN, LOAD_MAX_FILES);
        return true;
    }
    Str text = {0};
    switch (read_rules(m, path, identity, &text)) {
    case READ_OK:
        return add_module(m, path, identity, text);
    case READ_FAILED:
        m->incomplete = true;
        diag_add(m->diags, D_USE, place, "the rule file `%.*s` cannot be read: %s", STR_ARG(name),
                 strerror(errno))
            ->hint = STR("check the name, and that you may read the file");
        return true;
    case READ_TOO_LONG:
        m->incomplete = true;
        diag_add(m->diags, D_TOO_LONG, place, "the rule file `%.*s` is larger than 16 MiB",
                 STR_ARG(name))
            ->hint = STR("split it and join the parts with `use`");
        return true;
    case READ_NO_MEMORY:
        return false;
    }
    return false;
}

// Makes a source of a text. [*readable] is false when it is no UTF-8, which is said.
static bool open_source(Modules *m, Str path, Str text, Source *out, bool *readable) {
    uint32_t file = diag_file(m->diags, path, text);
    if (file == PLACE_NO_FILE)
        return false;
    uint32_t bom = str_starts(text, STR("\xef\xbb\xbf")) ? 3 : 0;
    *out = (Source){text, file, bom, (uint32_t)text.len, 1, 1};
    size_t valid = str_utf8_prefix(text);
    *readable = valid == text.len;
    if (!*readable) {
        Diag *d = diag_add(m->diags, D_NOT_UTF8, place_of_byte(out, valid),
                           "the file is not UTF-8 text: byte 0x%02x", (unsigned char)text.s[valid]);
        d->hint = STR("save it again as UTF-8");
    }
    return true;
}

static bool add_module(Modules *m, Str path, Str identity, Str text) {
    Module *module = ARENA_NEW(m->arena, Module);
    bool readable;
    if (!module)
        return false;
    *module = (Module){.path = path, .identity = identity, .open = true};
    if (!open_source(m, path, text, &module->source, &readable))
        return false;
    if (!readable) {
        module->open = false;
        return VEC_PUSH(m->arena, &m->all, module);
    }
    module->tree = parse(m->arena, m->diags, &module->source, PARSE_FILE);
    if (m->arena->failed || (module->tree && !allow_read_head(m->diags, module->tree)))
        return false;
    // While its uses are followed the module can be found, to see circles; it is then moved behind
    // them, so that everything is declared before it is used.
    if (!VEC_PUSH(m->arena, &m->all, module))
        return false;
    m->n_open++;
    for (size_t i = 0; module->tree && i < module->tree->n_kids; i++) {
        const Node *n = module->tree->kids[i];
        if (n->kind == NODE_USE && !follow_use(m, module, n))
            return false;
    }
    module->open = false;
    m->n_open--;
    for (size_t i = 0; i + 1 < m->all.n; i++) {
        if (m->all.v[i] != module)
            continue;
        memmove(&m->all.v[i], &m->all.v[i + 1], (m->all.n - i - 1) * sizeof *m->all.v);
        m->all.v[m->all.n - 1] = module;
        break;
    }
    return true;
}

// Says why a file that the user named could not be read. False when memory ran out.
static bool say_outcome(Modules *m, Str path, ReadOutcome outcome) {
    Place place = {.file = PLACE_NO_FILE};
    switch (outcome) {
    case READ_OK:
        return true;
    case READ_FAILED: {
        Diag *d =
            diag_add(m->diags, D_CANNOT_READ, place, "the rule file `%.*s` cannot be read: %s",
                     STR_ARG(path), strerror(errno));
        d->hint = STR("check the name and the folder");
        return true;
    }
    case READ_TOO_LONG:
        diag_add(m->diags, D_TOO_LONG, place, "the rule file `%.*s` is larger than 16 MiB",
                 STR_ARG(path))
            ->hint = STR("split it and join the parts with `use`");
        return true;
    case READ_NO_MEMORY:
        return false;
    }
    return false;
}

bool modules_add_file(Modules *m, Str path) {
    Str text = {0};
    Str name = arena_str(m->arena, path);
    if (m->arena->failed)
        return false;
    Str identity = real_path(m->arena, name);
    if (m->arena->failed)
        return false;
    ReadOutcome outcome = read_rules(m, name, identity, &text);
    if (outcome != READ_OK)
        return say_outcome(m, name, outcome);
    find_root(m, identity);
    if (find_module(m, identity))
        return true;
    return add_module(m, name, identity, text);
}

bool modules_add_overrides(Modules *m, Str path) {
    if (!modules_add_file(m, path))
        return false;
    Str identity = real_path(m->arena, path);
    Module *module = identity.len > 0 ? find_module(m, identity) : NULL;
    if (module)
        module->only_overrides = true;
    return !m->arena->failed;
}

// Takes copies. [*short_enough] is false when the text is too long, which is said.
static bool take_text(Modules *m, Str *name, Str *text, bool *short_enough) {
    *short_enough = text->len <= SOURCE_MAX_BYTES;
    if (!*short_enough) {
        diag_add(m->diags, D_TOO_LONG, (Place){.file = PLACE_NO_FILE},
                 "the rules are larger than 16 MiB")
            ->hint = STR("split them and join the parts with `use`");
        return true;
    }
    *name = arena_str(m->arena, *name);
    *text = arena_str(m->arena, *text);
    return !m->arena->failed;
}

bool modules_add_text(Modules *m, Str name, Str text) {
    bool short_enough;
    if (!take_text(m, &name, &text, &short_enough))
        return false;
    find_root(m, (Str){0});
    return !short_enough || add_module(m, name, name, text);
}

bool modules_find(Modules *m, Place place, Str name, Str *path) {
    Str from = place.file < m->diags->files.n ? m->diags->files.v[place.file].path : (Str){0};
    Str folder = folder_of(from);
    *path = str_starts(name, STR("/")) || str_eq(folder, STR("."))
                ? arena_str(m->arena, name)
                : arena_printf(m->arena, "%.*s/%.*s", STR_ARG(folder), STR_ARG(name));
    Str identity = real_path(m->arena, *path);
    if (m->arena->failed)
        return false;
    if (identity.len == 0) {
        diag_add(m->diags, D_PEERS_FILE, place, "the file `%.*s` cannot be read: %s",
                 STR_ARG(name), strerror(errno))
            ->hint = arena_printf(m->diags->arena, "it is looked for as %.*s", STR_ARG(*path));
        return false;
    }
    if (is_below(m->root, identity))
        return true;
    diag_add(m->diags, D_OUTSIDE, place, "`%.*s` lies outside the rule folder", STR_ARG(name))
        ->hint = arena_printf(m->diags->arena,
                              "the rule folder is %.*s; run from a folder that holds both files",
                              STR_ARG(m->root));
    return false;
}

bool load_file(Modules *m, Str path, Source *out, bool *readable) {
    bool is_input = str_eq(path, STR("-"));
    Str text = {0};
    Str name = arena_str(m->arena, is_input ? STR("standard input") : path);
    if (m->arena->failed)
        return false;
    ReadOutcome outcome =
        is_input ? read_stream(m->arena, stdin, &text) : read_whole(m->arena, name, &text);
    *readable = outcome == READ_OK;
    return *readable ? open_source(m, name, text, out, readable) : say_outcome(m, name, outcome);
}

bool load_text(Modules *m, Str name, Str text, Source *out, bool *readable) {
    if (!take_text(m, &name, &text, readable))
        return false;
    return !*readable || open_source(m, name, text, out, readable);
}
