// SPDX-License-Identifier: Apache-2.0
// Mended rules: the suggestions that cannot change what is meant, written into the rule files.
#ifndef BS_REPL_MEND_H
#define BS_REPL_MEND_H

#include <stdbool.h>
#include <stddef.h>

#include "repl/options.h"
#include "repl/session.h"

typedef struct MendedFile {
    char *path, *before, *after; // owned
    size_t before_len, after_len, n_edits;
} MendedFile;

typedef struct Mended {
    MendedFile *v;
    size_t n;
    bool no_memory;
} Mended;

// Compiles the rules as session_compile does, applies the edits and compiles the new texts, until
// none is left: one fault may hide another on its line. No file is touched; [s] is left with what
// remains. False when memory runs out, which is said.
bool mend_rules(Session *s, const Options *o, Mended *mended);
// Replaces the files, or with --dry-run shows the diff. False after saying what went wrong.
bool mended_write(const Mended *mended, const Options *o);
void mended_free(Mended *mended);

#endif
