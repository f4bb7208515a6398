// SPDX-License-Identifier: Apache-2.0
// Output: standard output, or a file that is replaced whole or not at all.
#ifndef BS_REPL_OUTPUT_H
#define BS_REPL_OUTPUT_H

#include <bandstand.h>
#include <stdbool.h>
#include <stdio.h>

#include "repl/options.h"

typedef struct Output {
    FILE *file;
    const char *name; // as the user named it; NULL for standard output
    char *path;       // where the file is to stand, links followed; NULL: written in place
    char *temporary;  // the name it has until then; empty while it has none
    bool nameless;    // an O_TMPFILE, which vanishes by itself
    int failure;      // errno of the first write that failed, 0 for none
    bs_sink sink;     // writes here
} Output;

// Opens [name] in a temporary file beside it, or standard output for NULL. What fails is said on
// stderr: then false. [*out] must stay where it is until it is closed.
bool output_open(Output *out, const char *name);
// Keeps what was written and puts the file in place. What fails is said on stderr: then false.
bool output_keep(Output *out);
// Whether the file [name] may be replaced: it is an ordinary one, and not write-protected. What it
// is instead is said on stderr.
bool output_can_replace(const char *name);
// Closes; a file that was not kept leaves nothing behind.
void output_close(Output *out);

// Whether [file] is to be coloured under --colour WHEN (NULL: auto); a wrong WHEN is said on
// stderr by output_colour_valid.
bool output_colour(const char *when, FILE *file);
bool output_colour_valid(const char *when);
// Does the locale write UTF-8? Only tables need it, and to read the locale takes as long as a short
// command.
bool output_is_utf8(void);
// Columns of the terminal: COLUMNS, else those of the terminal that [file] is, else 0.
unsigned output_width(FILE *file);

#endif
