// SPDX-License-Identifier: Apache-2.0
// Editor: lines typed at a terminal, by libedit.
//
// Of libedit's two interfaces it is histedit.h and not that of readline, because only there a
// program reads the keys itself: pasted text, Ctrl-C and a new size of the window arrive between
// keys, and readline's has its state in global variables.
#ifndef BS_REPL_EDITOR_H
#define BS_REPL_EDITOR_H

#include <stdbool.h>
#include <stddef.h>

#include "repl/history.h"

typedef enum EditorEnd {
    EDITOR_LINE,
    EDITOR_INTERRUPTED, // Ctrl-C: what was typed is dropped
    EDITOR_LEFT,        // Ctrl-D, or the terminal has gone
} EditorEnd;

// What can stand in place of the word before the cursor. Texts are owned by the list.
typedef struct Candidates {
    char **v;
    size_t n;
    size_t n_typed; // bytes before the cursor that they all begin with
    char behind;    // to be written behind a single one: a blank, a quotation mark; 0: nothing
} Candidates;
// [line] is what stands before the cursor in its line; [first_line]: no line of the text is above
// it.
typedef void (*EditorComplete)(void *context, const char *line, bool first_line, Candidates *out);

typedef struct Editor Editor;

// NULL when there is no editing here: no memory, or a machine without any UTF-8 locale.
Editor *editor_open(const Entries *history, EditorComplete complete, void *context);
void editor_close(Editor *e);

// Reads a line, or several that were pasted or recalled as one, without the last line's end.
// [prompt] is ASCII. The text is to be freed; NULL unless it is EDITOR_LINE.
char *editor_read(Editor *e, const char *prompt, EditorEnd *end);
// Call when [history] has changed.
void editor_refresh_history(Editor *e);

void candidates_add(Candidates *c, const char *s, size_t len);
void candidates_free(Candidates *c);

#endif
