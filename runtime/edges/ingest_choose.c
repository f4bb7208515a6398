// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/ingest_choose.h"

#include <fnmatch.h>
#include <sys/stat.h>

#include "runtime/edges/ingest_figures.h"

// A file while its block is being looked for. It is opened once if every block reads it alike;
// otherwise each block has its own try, whose findings are thrown away.
typedef struct Trial {
    const Ingest *in;
    Arena *a;
    uint32_t file;
    Str path;
    bool alike;
    const Input *opened_for; // NULL before the first try
    Records *records;        // as `opened_for` says; NULL when that failed
    DiagList quiet;
    IngestColumns *columns; // by input
} Trial;

// ---- the name before the = ----------------------------------------------------------------------

static bool reads_like_name(Str s) {
    for (size_t i = 0; i < s.len; i++) {
        char c = s.s[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_') {
            return false;
        }
    }
    return s.len > 0;
}

static bool is_file(Arena *a, Str path) {
    struct stat st;
    Str copy = arena_str(a, path);
    return copy.s && stat(copy.s, &st) == 0;
}

static const Input *find_input(const Program *p, Str name) {
    for (uint32_t i = 0; i < p->n_inputs; i++) {
        if (str_eq(p->inputs[i].name, name)) {
            return &p->inputs[i];
        }
    }
    return NULL;
}

static void list_inputs(const Program *p, Buf *out) {
    for (uint32_t i = 0; i < p->n_inputs; i++) {
        buf_printf(out, "%s%.*s", i > 0 ? ", " : "", STR_ARG(p->inputs[i].name));
    }
}

static bool report_unknown(const Program *p, DiagList *d, Str name) {
    Diag *diag = diag_add(d, D_INPUT_UNKNOWN, (Place){.file = PLACE_NO_FILE},
                          "the rules have no input block `%.*s`", STR_ARG(name));
    Str near = {0};
    for (uint32_t i = 0; i < p->n_inputs && near.len == 0; i++) {
        near = ingest_nearest(name, &p->inputs[i].name, 1);
    }
    Buf known = {0};
    list_inputs(p, &known);
    if (near.len > 0) {
        diag->hint = arena_printf(d->arena, "did you mean `%.*s`?", STR_ARG(near));
    } else if (p->n_inputs > 0) {
        diag->hint = arena_printf(d->arena, "they have %.*s", STR_ARG(buf_str(&known)));
    } else {
        diag->hint = STR("they have none: give the file alone, without a name and =");
    }
    buf_free(&known);
    return false;
}

bool ingest_split_path(const Program *p, DiagList *d, Str *path, const Input **named) {
    size_t equal = str_find(*path, '=');
    Str name = str_slice(*path, 0, equal);
    *named = NULL;
    if (equal == path->len || !reads_like_name(name)) {
        return true;
    }
    *named = find_input(p, name);
    if (!*named) {
        return is_file(d->arena, *path) || report_unknown(p, d, name);
    }
    *path = str_slice(*path, equal + 1, path->len);
    return true;
}

// ---- opening ------------------------------------------------------------------------------------

static bool reads_alike(const Input *a, const Input *b) {
    return str_eq(a->delimiter, b->delimiter) && str_eq(a->quote, b->quote) &&
           str_eq(a->encoding, b->encoding) && a->skip_lines == b->skip_lines;
}

static bool all_read_alike(const Program *p) {
    for (uint32_t i = 1; i < p->n_inputs; i++) {
        if (!reads_alike(&p->inputs[0], &p->inputs[i])) {
            return false;
        }
    }
    return true;
}

static Records *open_for(const Trial *t, const Input *input, DiagList *d, uint32_t file) {
    RecordsOptions options = {
        .delimiter = input->delimiter,
        .quote = input->quote,
        .encoding = input->encoding,
        .skip_lines = input->skip_lines,
    };
    return records_open(d, file, t->path, &options);
}

// Opens the file for good, unless a try opened it just so.
static bool open_chosen(Trial *t, const Input *input) {
    if (t->alike && t->records) {
        return true;
    }
    records_close(t->records);
    t->records = open_for(t, input, t->in->diags, t->file);
    return t->records != NULL;
}

static bool bind(Trial *t, const Input *input, IngestColumns *columns) {
    bool may_grow = records_format(t->records) != RECORDS_CSV;
    bool standard = input == &t->in->standard;
    size_t n;
    const Str *header = records_header(t->records, &n);
    if (!ingest_columns_init(columns, t->a, t->in->program, input, may_grow, standard)) {
        diag_add(t->in->diags, D_NO_MEMORY, (Place){.file = t->file}, "memory ran out");
        return false;
    }
    ingest_columns_bind(columns, header, n);
    return true;
}

static bool take(Trial *t, const Input *input, IngestChoice *out) {
    if (!open_chosen(t, input) || !bind(t, input, &out->columns)) {
        return false;
    }
    size_t n;
    const Str *header = records_header(t->records, &n);
    if (!ingest_columns_check(&out->columns, t->in->diags, t->file, header, n)) {
        return false;
    }
    out->input = input;
    out->records = t->records;
    t->records = NULL;
    return true;
}

// ---- trying -------------------------------------------------------------------------------------

// How well a block's `file` agrees with the file's name.
typedef enum NameFit { NAME_FITS, NAME_ANY, NAME_OTHER, N_NAME_FITS } NameFit;

static Str without_suffix(Str s, Str suffix) {
    return str_ends(s, suffix) ? str_slice(s, 0, s.len - suffix.len) : s;
}

// [pattern] with a slash is held against the whole path, without one against the name behind the
// last slash. A compressed file has its plain name too.
static bool matches(Arena *a, Str pattern, Str path) {
    Str name = path;
    if (str_find(pattern, '/') == pattern.len) {
        while (str_find(name, '/') < name.len) {
            name = str_slice(name, str_find(name, '/') + 1, name.len);
        }
    }
    Str plain = without_suffix(without_suffix(name, STR(".gz")), STR(".zst"));
    Str glob = arena_str(a, pattern), full = arena_str(a, name), bare = arena_str(a, plain);
    return glob.s && full.s && bare.s &&
           (fnmatch(glob.s, full.s, 0) == 0 || fnmatch(glob.s, bare.s, 0) == 0);
}

static NameFit name_fit(const Trial *t, const Input *input) {
    if (input->file.len == 0) {
        return NAME_ANY;
    }
    return matches(t->a, input->file, t->path) ? NAME_FITS : NAME_OTHER;
}

// Opens the file for a look at its header. False when it cannot be read as [input] says; a try that
// failed is not repeated.
static bool open_trial(Trial *t, const Input *input) {
    if (t->opened_for && (t->alike || reads_alike(t->opened_for, input))) {
        return t->records != NULL;
    }
    records_close(t->records);
    t->opened_for = input;
    t->records = t->alike ? open_for(t, input, t->in->diags, t->file)
                          : open_for(t, input, &t->quiet, diag_file(&t->quiet, t->path, (Str){0}));
    return t->records != NULL;
}

// The only input of this fit whose columns the file has; how many there are in [*n].
static const Input *find_fitting(Trial *t, const NameFit *fits, NameFit fit, size_t *n) {
    const Program *p = t->in->program;
    const Input *found = NULL;
    *n = 0;
    for (uint32_t i = 0; i < p->n_inputs; i++) {
        bool ok = fits[i] == fit && open_trial(t, &p->inputs[i]) &&
                  bind(t, &p->inputs[i], &t->columns[i]) && ingest_columns_fit(&t->columns[i]);
        found = ok ? &p->inputs[i] : found;
        *n += ok;
    }
    return found;
}

static bool report_none(Trial *t, const NameFit *fits, NameFit last) {
    const Program *p = t->in->program;
    DiagList *d = t->in->diags;
    Diag *diag = diag_add(d, D_INPUT_NONE, (Place){.file = t->file},
                          "the file's columns fit no input block of the rules");
    Buf text = {0};
    for (uint32_t i = 0; i < p->n_inputs; i++) {
        if (fits[i] > last) {
            continue;
        }
        const Input *input = &p->inputs[i];
        buf_printf(&text, "%s`%.*s` ", text.len > 0 ? "; " : "", STR_ARG(input->name));
        if (!open_trial(t, input) || !t->columns[i].v) {
            buf_puts(&text, "cannot read the file");
            continue;
        }
        size_t n;
        const Str *header = records_header(t->records, &n);
        ingest_columns_list_lacks(&t->columns[i], &text, header, n);
    }
    diag->hint = arena_str(d->arena, buf_str(&text));
    buf_free(&text);
    return false;
}

static bool report_several(const Trial *t, const NameFit *fits, NameFit fit) {
    const Program *p = t->in->program;
    DiagList *d = t->in->diags;
    Buf names = {0};
    Str first = {0};
    for (uint32_t i = 0; i < p->n_inputs; i++) {
        if (fits[i] == fit && ingest_columns_fit(&t->columns[i])) {
            buf_printf(&names, "%s`%.*s`", names.len > 0 ? ", " : "", STR_ARG(p->inputs[i].name));
            first = first.len > 0 ? first : p->inputs[i].name;
        }
    }
    Diag *diag = diag_add(d, D_INPUT_SEVERAL, (Place){.file = t->file},
                          "the file fits several input blocks: %.*s", STR_ARG(buf_str(&names)));
    diag->hint = arena_printf(d->arena, "name the one that is meant: %.*s=%.*s", STR_ARG(first),
                              STR_ARG(t->path));
    buf_free(&names);
    return false;
}

static const Input *only_with_fit(const Program *p, const NameFit *fits, NameFit fit) {
    const Input *only = NULL;
    for (uint32_t i = 0; i < p->n_inputs; i++) {
        if (fits[i] == fit) {
            if (only) {
                return NULL;
            }
            only = &p->inputs[i];
        }
    }
    return only;
}

static bool has_fit(const Program *p, const NameFit *fits, NameFit fit) {
    for (uint32_t i = 0; i < p->n_inputs; i++) {
        if (fits[i] == fit) {
            return true;
        }
    }
    return false;
}

// By the columns, among the blocks whose `file` fits the name or, without such, first among those
// that have no `file`, then among the rest.
static bool choose_by_columns(Trial *t, const NameFit *fits, IngestChoice *out) {
    NameFit first = has_fit(t->in->program, fits, NAME_FITS) ? NAME_FITS : NAME_ANY;
    NameFit last = first == NAME_FITS ? NAME_FITS : NAME_OTHER;
    size_t n_errors = t->in->diags->n_errors;
    for (unsigned fit = first; fit <= last; fit++) {
        size_t n;
        const Input *found = find_fitting(t, fits, (NameFit)fit, &n);
        if (t->in->diags->n_errors > n_errors) {
            return false;
        }
        if (n > 1) {
            return report_several(t, fits, (NameFit)fit);
        }
        if (found) {
            return take(t, found, out);
        }
    }
    return report_none(t, fits, last);
}

// Standard input and pipes can be read once only.
static bool is_read_once(const Trial *t) {
    struct stat st;
    Str copy = arena_str(t->a, t->path);
    return str_eq(t->path, STR("-")) || (copy.s && stat(copy.s, &st) == 0 && !S_ISREG(st.st_mode));
}

static bool report_read_once(const Trial *t) {
    DiagList *d = t->in->diags;
    Diag *diag = diag_add(d, D_INPUT_SEVERAL, (Place){.file = t->file},
                          "the input blocks differ in delimiter, quote, encoding or skipped lines, "
                          "and this can be read only once");
    diag->hint = arena_printf(d->arena, "name the block that is meant: %.*s=%.*s",
                              STR_ARG(t->in->program->inputs[0].name), STR_ARG(t->path));
    return false;
}

static bool choose(Trial *t, IngestChoice *out) {
    const Program *p = t->in->program;
    NameFit *fits = ARENA_ARRAY(t->a, NameFit, p->n_inputs);
    t->columns = ARENA_ARRAY(t->a, IngestColumns, p->n_inputs);
    if (!fits || !t->columns) {
        diag_add(t->in->diags, D_NO_MEMORY, (Place){.file = t->file}, "memory ran out");
        return false;
    }
    for (uint32_t i = 0; i < p->n_inputs; i++) {
        fits[i] = name_fit(t, &p->inputs[i]);
    }
    const Input *only = only_with_fit(p, fits, NAME_FITS);
    if (only) {
        return take(t, only, out);
    }
    if (!t->alike && is_read_once(t)) {
        return report_read_once(t);
    }
    return choose_by_columns(t, fits, out);
}

bool ingest_choose(const Ingest *in, Arena *a, uint32_t file, Str path, const Input *named,
                   IngestChoice *out) {
    const Program *p = in->program;
    Trial t = {.in = in, .a = a, .file = file, .path = path, .alike = all_read_alike(p)};
    Arena quiet;
    arena_init(&quiet, 0);
    diag_init(&t.quiet, &quiet);
    *out = (IngestChoice){0};
    named = named ? named : p->n_inputs == 0 ? &in->standard : p->n_inputs == 1 ? p->inputs : NULL;
    bool ok = named ? take(&t, named, out) : choose(&t, out);
    records_close(t.records);
    arena_free(&quiet);
    return ok;
}
