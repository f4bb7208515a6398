// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/diag.h"

#include <stdarg.h>
#include <stdlib.h>

#include "runtime/base/suggest.h"

typedef struct DiagRow {
    const char *code, *title, *cause, *example, *better, *fix;
    Severity severity;
    EditPolicy edits;
} DiagRow;

static const DiagRow rows[N_DIAG_CODES] = {
#define DIAG(name, code_, severity_, edits_, title_, cause_, example_, better_, fix_)              \
    [name] = {.code = code_,                                                                       \
              .severity = severity_,                                                               \
              .edits = edits_,                                                                     \
              .title = title_,                                                                     \
              .cause = cause_,                                                                     \
              .example = example_,                                                                 \
              .better = better_,                                                                   \
              .fix = fix_},
#include "runtime/base/diagnostics.def"
#undef DIAG
};

const char *diag_code_text(DiagCode code) {
    return rows[code].code;
}
const char *diag_title(DiagCode code) {
    return rows[code].title;
}
const char *diag_cause(DiagCode code) {
    return rows[code].cause;
}
const char *diag_example(DiagCode code) {
    return rows[code].example;
}
const char *diag_better(DiagCode code) {
    return rows[code].better;
}
const char *diag_fix(DiagCode code) {
    return rows[code].fix;
}
Severity diag_severity(DiagCode code) {
    return rows[code].severity;
}

EditPolicy diag_edits(DiagCode code) {
    return rows[code].edits;
}

static char to_upper(char c) {
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool same_code(const char *code, Str text) {
    Str own = str_from(code);
    bool same = own.len == text.len;
    for (size_t i = 0; same && i < text.len; i++) {
        same = own.s[i] == to_upper(text.s[i]);
    }
    return same;
}

DiagCode diag_find(Str text) {
    unsigned code = 0;
    while (code < N_DIAG_CODES && !same_code(rows[code].code, text)) {
        code++;
    }
    return (DiagCode)code;
}

DiagCode diag_nearest(Str text) {
    Suggestion near = suggest_for(text);
    for (unsigned i = 0; i < N_DIAG_CODES; i++)
        suggest_consider(&near, str_from(rows[i].code));
    return near.best.len > 0 ? diag_find(near.best) : N_DIAG_CODES;
}

bool diag_wants_figures(DiagCode code) {
    bool of_peers = code == D_PEERS_MEMBER || code == D_PEERS_TWICE || code == D_PEERS_CELLS ||
                    code == D_PEERS_NOBODY; // a table that rules name
    return code == D_WANTS_IF_KNOWN || (rows[code].code[1] == '7' && !of_peers);
}

// ---- collecting ---------------------------------------------------------------------------------

void diag_init(DiagList *d, Arena *arena) {
    *d = (DiagList){.arena = arena};
}

uint32_t diag_file(DiagList *d, Str path, Str text) {
    Str copy = arena_str(d->arena, path);
    DiagFile file = {.path = copy, .text = text};
    if (!copy.s || d->files.n >= DIAG_MAX_FILES || !VEC_PUSH(d->arena, &d->files, file)) {
        return PLACE_NO_FILE;
    }
    return (uint32_t)(d->files.n - 1);
}

static DiagFile *file_of(DiagList *d, uint32_t file) {
    return file < d->files.n ? &d->files.v[file] : &d->placeless;
}

static void count(DiagList *d, const Diag *diag) {
    bool allowed = diag->because.len > 0;
    d->n_allowed += allowed;
    d->n_errors += !allowed && diag->severity == SEVERITY_ERROR;
    d->n_warnings += !allowed && diag->severity == SEVERITY_WARNING;
}

// The last kept finding of the file that is no error and not allowed; NULL when there is none.
static Diag *lesser_finding(DiagList *d, uint32_t file) {
    for (size_t i = d->diags.n; i-- > 0;) {
        Diag *diag = &d->diags.v[i];
        bool lesser = diag->severity != SEVERITY_ERROR && diag->because.len == 0;
        if (lesser && file_of(d, diag->place.file) == file_of(d, file)) {
            return diag;
        }
    }
    return NULL;
}

// Keeps "memory ran out", once: with nothing kept so far, in the list's own room; else, when the
// vector cannot grow, in the place of the newest finding.
static Diag *keep_no_memory(DiagList *d) {
    for (size_t i = 0; i < d->diags.n; i++) {
        if (d->diags.v[i].code == D_NO_MEMORY) {
            return &d->scratch;
        }
    }
    d->no_memory = (Diag){
        .code = D_NO_MEMORY,
        .severity = diag_severity(D_NO_MEMORY),
        .place = {.file = PLACE_NO_FILE},
        .message = str_from(diag_title(D_NO_MEMORY)),
    };
    count(d, &d->no_memory);
    if (d->diags.n == 0) {
        d->diags.v = &d->no_memory;
        d->diags.n = d->diags.cap = 1;
    } else if (!VEC_PUSH(d->arena, &d->diags, d->no_memory)) {
        d->diags.v[d->diags.n - 1] = d->no_memory;
    }
    return &d->diags.v[d->diags.n - 1];
}

// Rules are gone through finding by finding, so that warnings have much room of their own there.
static bool is_full(const DiagFile *file, Severity severity) {
    if (file->text.len == 0)
        return file->n_kept >= DIAG_MAX_PER_FILE;
    return severity == SEVERITY_ERROR
               ? file->n_kept_errors >= DIAG_MAX_PER_FILE
               : file->n_kept - file->n_kept_errors >= DIAG_MAX_WARNINGS_OF_RULES;
}

// Where the finding is kept; NULL when it is not, be it for the cap on a file's findings or for
// want of memory. An error over the cap takes the place of a warning.
static Diag *keep(DiagList *d, const Diag *diag) {
    DiagFile *file = file_of(d, diag->place.file);
    bool allowed = diag->because.len > 0;
    if (allowed && file->n_allowed >= DIAG_MAX_ALLOWED) {
        return NULL;
    }
    if (!allowed && is_full(file, diag->severity)) {
        file->n_dropped++;
        bool shares_room = diag->severity == SEVERITY_ERROR && file->text.len == 0;
        Diag *lesser = shares_room ? lesser_finding(d, diag->place.file) : NULL;
        if (lesser) {
            *lesser = *diag;
        }
        return lesser;
    }
    if (!VEC_PUSH(d->arena, &d->diags, *diag)) {
        keep_no_memory(d);
        return NULL;
    }
    file->n_allowed += allowed;
    file->n_kept += !allowed;
    file->n_kept_errors += diag->severity == SEVERITY_ERROR;
    return &d->diags.v[d->diags.n - 1];
}

// The allowance for a code on a line. They stand in the order of their lines.
static Allow *find_allow(DiagFile *file, DiagCode code, uint32_t line) {
    size_t low = 0, high = file->allows.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (file->allows.v[middle].line < line)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < file->allows.n && file->allows.v[low].line == line; low++) {
        if (file->allows.v[low].code == code)
            return &file->allows.v[low];
    }
    return NULL;
}

static const Treatment *find_treatment(const DiagFile *file, DiagCode code) {
    for (size_t i = 0; i < file->treatments.n; i++) {
        if (file->treatments.v[i].code == code)
            return &file->treatments.v[i];
    }
    return NULL;
}

// What the file says of such a finding; a line's own allowance goes before the head.
static void apply_policy(DiagFile *file, Diag *diag) {
    const Treatment *treatment = find_treatment(file, diag->code);
    Allow *allow = find_allow(file, diag->code, diag->place.line);
    if (treatment) {
        diag->severity = treatment->severity;
        diag->because = treatment->because;
    }
    if (allow) {
        diag->because = allow->because;
        allow->used = true;
    }
}

Diag *diag_add(DiagList *d, DiagCode code, Place place, const char *format, ...) {
    if (code == D_NO_MEMORY) {
        return keep_no_memory(d);
    }
    Diag diag = {.code = code, .severity = diag_severity(code), .place = place};
    if (diag.severity != SEVERITY_ERROR)
        apply_policy(file_of(d, place.file), &diag);
    count(d, &diag);
    Diag *kept = keep(d, &diag);
    if (!kept) {
        d->scratch = diag;
        return &d->scratch;
    }
    va_list args;
    va_start(args, format);
    kept->message = arena_vprintf(d->arena, format, args);
    va_end(args);
    if (!kept->message.s) {
        kept->message = str_from(diag_title(code));
    }
    return kept;
}

Place diag_place(DiagList *d, DiagCode code, Place naming, Place inside) {
    DiagFile *file = file_of(d, naming.file);
    bool has_say = find_allow(file, code, naming.line) || find_treatment(file, code);
    return has_say ? naming : inside;
}

bool diag_has(const DiagList *d, DiagCode code, Place place, Str message) {
    for (size_t i = d->diags.n; i-- > 0;) {
        const Diag *diag = &d->diags.v[i];
        if (diag->code == code && diag->place.line == place.line &&
            diag->place.file < d->files.n && place.file < d->files.n &&
            str_eq(d->files.v[diag->place.file].path, d->files.v[place.file].path) &&
            str_eq(diag->message, message))
            return true;
    }
    return false;
}

void diag_edit(DiagList *d, Diag *diag, Place at, Str text) {
    Str copy = diag == &d->scratch ? (Str){0} : arena_str(d->arena, text);
    if (copy.s)
        diag->edit = (Edit){at, copy};
}

bool diag_allow(DiagList *d, uint32_t file, Allow allow) {
    allow.because = arena_str(d->arena, allow.because);
    return allow.because.s && VEC_PUSH(d->arena, &d->files.v[file].allows, allow);
}

bool diag_treat(DiagList *d, uint32_t file, Treatment treatment) {
    treatment.because = arena_str(d->arena, treatment.because);
    return treatment.because.s && VEC_PUSH(d->arena, &d->files.v[file].treatments, treatment);
}

const Treatment *diag_treatment(const DiagList *d, uint32_t file, DiagCode code) {
    return find_treatment(&d->files.v[file], code);
}

void diag_report_unused(DiagList *d) {
    for (size_t i = 0; i < d->files.n; i++) {
        // The findings that are added move neither the files nor their allowances.
        for (size_t k = 0; k < d->files.v[i].allows.n; k++) {
            const Allow *allow = &d->files.v[i].allows.v[k];
            if (allow->used || diag_wants_figures(allow->code))
                continue;
            Diag *diag = diag_add(d, D_ALLOW_UNUSED, allow->place,
                                  "nothing on line %u gives %s, so this comment allows nothing",
                                  (unsigned)allow->line, diag_code_text(allow->code));
            diag->hint = STR("take the comment out, or move it to the line that is meant");
        }
    }
}

DiagMark diag_mark(const DiagList *d) {
    return (DiagMark){d->diags.n,    d->files.n,   d->n_errors,
                      d->n_warnings, d->n_allowed, d->placeless};
}

void diag_rewind(DiagList *d, DiagMark mark) {
    d->diags.n = mark.n_diags;
    d->files.n = mark.n_files;
    d->n_errors = mark.n_errors;
    d->n_warnings = mark.n_warnings;
    d->n_allowed = mark.n_allowed;
    d->placeless = mark.placeless;
}

static int compare_numbers(uint32_t a, uint32_t b) {
    return (a > b) - (a < b);
}

// Code and message settle ties, so that the order does not hang on the sorting method.
static int compare_diags(const void *a, const void *b) {
    const Diag *x = a, *y = b;
    int order = compare_numbers(x->place.file, y->place.file);
    order = order ? order : compare_numbers(x->place.line, y->place.line);
    order = order ? order : compare_numbers(x->place.column, y->place.column);
    order = order ? order : compare_numbers((uint32_t)x->code, (uint32_t)y->code);
    return order ? order : str_cmp(x->message, y->message);
}

void diag_sort(DiagList *d) {
    if (d->diags.n > 1) {
        qsort(d->diags.v, d->diags.n, sizeof *d->diags.v, compare_diags);
    }
}
