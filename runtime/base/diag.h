// SPDX-License-Identifier: Apache-2.0
// Diag: what the library has to say about rules and data. The library collects; the command prints.
#ifndef BS_BASE_DIAG_H
#define BS_BASE_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/arena.h"
#include "runtime/base/buf.h"
#include "runtime/base/str.h"

// One row a kind of finding, with its stable code: see diagnostics.def.
typedef enum DiagCode {
#define DIAG(name, code, severity, edits, title, cause, example, better, fix) name,
#include "runtime/base/diagnostics.def"
#undef DIAG
    N_DIAG_CODES
} DiagCode;

typedef enum Severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR } Severity;

// A place in a text. Line and column count from 1; 0 means not known. Columns are bytes.
typedef struct Place {
    uint32_t file; // index in the DiagList's files; PLACE_NO_FILE for none
    uint32_t line, column;
    uint32_t len; // bytes the place spans, for the caret; 0 for a point
} Place;

#define PLACE_NO_FILE UINT32_MAX // no enum constant: those are of type int

enum {
    DIAG_MAX_PER_FILE = 20,  // further ones in a file are counted, not kept
    DIAG_MAX_WARNINGS_OF_RULES = 1000, // of a file whose text is at hand, beside its errors
    DIAG_MAX_ALLOWED = 1000, // the same for those that the file allows
    DIAG_MAX_FILES = 65536,
    DIAG_EXCERPT_COLUMNS = 100, // of a source line, as shown; a longer one is cut round the place
};

// Who may apply the edits that findings of a code carry: see diagnostics.def.
typedef enum EditPolicy { EDIT_ASK, EDIT_SAFE } EditPolicy;

// What to write instead: the text in place of the bytes that the place spans, or before the place
// when it spans none.
typedef struct Edit {
    Place at; // .line is 0 when there is no edit
    Str text;
} Edit;

typedef struct Diag {
    DiagCode code;
    Severity severity;
    Place place;
    Place other; // the line that disagrees, if .line > 0
    Str message; // one sentence, the value named, no full stop needed
    Str hint;    // what to write instead; may be empty
    Str note;    // what `other` is ("first declared here"); may be empty
    Edit edit;   // the hint as an edit, where the hint is one
    Str because; // why the file allows the finding, which then counts nowhere else; empty: it does
                 // not
} Diag;

// A comment `# allow B101 because "…"`: a finding of the code on the line is right as it is.
typedef struct Allow {
    DiagCode code;
    uint32_t line;
    Str because;
    Place place; // of the code in the comment
    bool used;
} Allow;

// What the head of a rule file says of a code: `treat B101 as error`, `ignore B014 because "…"`.
typedef struct Treatment {
    DiagCode code;
    Severity severity;
    Str because; // of a code that is ignored; empty when it is not
    Place place;
} Treatment;

typedef struct DiagFile {
    Str path; // as the user named it
    Str text; // its whole text when at hand (rule files), else empty: then no excerpt is shown
    size_t n_kept, n_kept_errors, n_dropped, n_allowed;
    VEC(Allow) allows; // in the order of their lines
    VEC(Treatment) treatments;
} DiagFile;

typedef struct DiagList {
    Arena *arena; // holds messages and paths
    VEC(Diag) diags;
    VEC(DiagFile) files;
    size_t n_errors, n_warnings; // dropped ones included
    size_t n_allowed;            // neither of them
    bool discreet;               // who reads the findings may not see all figures
    DiagFile placeless;          // counts the findings without a file
    Diag scratch;                // what a caller writes to when its finding is not kept
    Diag no_memory;              // room for the last finding when memory is gone
} DiagList;                      // not to be moved: after memory ran out, diags.v may point into it

void diag_init(DiagList *d, Arena *arena);
// Registers a file and returns its index for Place.file; PLACE_NO_FILE when memory runs out.
uint32_t diag_file(DiagList *d, Str path, Str text);

// Takes an allowance or a treatment for a file, in the order of their lines. What a code may be is
// for the caller to see to; false when memory runs out.
bool diag_allow(DiagList *d, uint32_t file, Allow allow);
bool diag_treat(DiagList *d, uint32_t file, Treatment treatment);
// What the file's head says of a code; NULL for nothing.
const Treatment *diag_treatment(const DiagList *d, uint32_t file, DiagCode code);
// Reports the allowances that no finding needed. For when all checks were made.
void diag_report_unused(DiagList *d);

// Adds a finding at [place]; severity comes from the table, or from what the file says. Returns the
// entry so that the caller can set hint, other and note, or a scratch entry when it was dropped or
// memory ran out (never NULL). The message is formatted into the list's arena.
Diag *diag_add(DiagList *d, DiagCode code, Place place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

// The place at which to add a finding about a file that a line of rules names: [naming], where that
// line or the head of its file has a say on [code], else [inside] the file.
Place diag_place(DiagList *d, DiagCode code, Place naming, Place inside);

// Is there such a finding on that line already, perhaps from another reading of the file?
bool diag_has(const DiagList *d, DiagCode code, Place place, Str message);

// Gives the finding an edit, its text copied. A finding that was dropped gets none,
// nor does any when memory runs out.
void diag_edit(DiagList *d, Diag *diag, Place at, Str text);

// The byte of [text] at which a place begins; a byte order mark counts as no column.
size_t diag_offset(Str text, Place place);
// Writes the text of a file with the edits applied that cannot change what is meant; of two that
// meet, the first. Returns how many those are.
size_t diag_mend(const DiagList *d, uint32_t file, Buf *out);

// A point to which a list can be taken back, with all that came since forgotten.
typedef struct DiagMark {
    size_t n_diags, n_files, n_errors, n_warnings, n_allowed;
    DiagFile placeless;
} DiagMark;
DiagMark diag_mark(const DiagList *d);
// What came since must be of files that were registered since, or of none.
void diag_rewind(DiagList *d, DiagMark mark);

const char *diag_code_text(DiagCode code); // "B101"
const char *diag_title(DiagCode code);
const char *diag_cause(DiagCode code);
const char *diag_example(DiagCode code); // may be empty, may have several lines
const char *diag_better(DiagCode code);  // the example put right; empty when there is none
const char *diag_fix(DiagCode code);
Severity diag_severity(DiagCode code);
const char *diag_severity_word(Severity severity); // "note", "warning", "error"
EditPolicy diag_edits(DiagCode code);
// Index of the code written as [text] ("B101", case ignored), or N_DIAG_CODES.
DiagCode diag_find(Str text);
// The code whose spelling is nearest to [text], or N_DIAG_CODES when none is near.
DiagCode diag_nearest(Str text);
// Does such a finding arise only from figures, so that no check of the rules can show it?
bool diag_wants_figures(DiagCode code);
// Writes the page of a code (title, cause, example, fix, the example put right), as `bandstand help
// B101` shows it.
void diag_page(Buf *out, DiagCode code, bool markdown);

// Orders the findings by file, line, column.
void diag_sort(DiagList *d);
// Writes one finding: `file:line:column: error B101: message`, the source line with a caret under
// the place, the other line, the hint. [colour] adds ANSI colours.
void diag_print(Buf *out, const DiagList *d, const Diag *diag, bool colour);
// Writes a line for each file that has more findings than were kept.
void diag_print_dropped(Buf *out, const DiagList *d);

#endif
