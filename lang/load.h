// SPDX-License-Identifier: Apache-2.0
// Modules: the rule files of a compile, read and parsed, `use` followed.
#ifndef BS_LANG_LOAD_H
#define BS_LANG_LOAD_H

#include "lang/ast.h"
#include "lang/parse.h"
#include "runtime/base/number.h"

typedef struct Module {
    Str path;     // as named by the user or reached by `use`
    Str identity; // the file's real path, or the name of a text
    Source source;
    Node *tree; // NODE_FILE, or NULL
    bool open;  // its `use` lines are being followed
    bool only_overrides; // it was named as a file of overrides
} Module;

// A text that is read in place of a file's.
typedef struct Override {
    Str identity;
    Str text;
} Override;

typedef enum ThresholdSide { THRESHOLD_UNSAID, THRESHOLD_FROM, THRESHOLD_TO } ThresholdSide;

// A number that is taken in place of a written edge: see thresholds.h.
typedef struct Threshold {
    Str written; // as it was given
    Str kpi, table, level;
    ThresholdSide side;
    Number at;
    bool used; // by the present compile
} Threshold;

// A file's table, a heading first: what `peers … from "file"` reads.
typedef struct TextRow {
    Str *cells; // trimmed
    size_t n;
    uint32_t line;
} TextRow;

typedef struct TextTable {
    TextRow *rows;
    size_t n;
    uint32_t file; // in the findings
} TextTable;

// Reads [path] into [a]. False after adding a finding. The library's readers lie in a layer that
// this one does not reach, so who puts the two together gives one.
typedef bool ReadTable(Arena *a, DiagList *d, Str path, TextTable *out);

typedef struct Modules {
    Arena *arena;
    DiagList *diags;
    Str root;          // folder that `use` may not leave; found at the first file
    bool root_is_here; // it is the current folder
    VEC(Module *) all; // what a file uses stands before it
    VEC(Override) overrides;
    VEC(Threshold) thresholds;
    ReadTable *read_table; // NULL: no table can be read
    size_t n_open;   // files whose `use` lines are being followed
    bool incomplete; // a file that is used could not be read, so names will be missing
} Modules;

enum {
    LOAD_MAX_FILES = 10000,
    LOAD_MAX_CHAIN = 200, // files that use one another in a row
};

void modules_init(Modules *m, Arena *arena, DiagList *diags);
// From now on [text] is read wherever the file [path] would be. False when memory runs out.
bool modules_override(Modules *m, Str path, Str text);
// Reads a rule file and all it uses. False when memory runs out; what is wrong goes to the diags.
bool modules_add_file(Modules *m, Str path);
// The same for a file that may hold overrides alone.
bool modules_add_overrides(Modules *m, Str path);
// The same for a text that is no file; it can use files below the current folder.
bool modules_add_text(Modules *m, Str name, Str text);

// Only reads: a rule file ("-": standard input), or a text of that name. [*readable]: it is UTF-8
// text of a size that can be; if not, that is said. False when memory runs out.
bool load_file(Modules *m, Str path, Source *out, bool *readable);
bool load_text(Modules *m, Str name, Str text, Source *out, bool *readable);

// Finds a file that the file of [place] names, as `use` does: beside it, never outside the rule
// folder. False after adding a finding, or when memory runs out.
bool modules_find(Modules *m, Place place, Str name, Str *path);

#endif
