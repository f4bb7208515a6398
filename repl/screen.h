// SPDX-License-Identifier: Apache-2.0
// Screen: where the answers at the prompt go: the terminal, through a pager where they are long, or
// a file.
#ifndef BS_REPL_SCREEN_H
#define BS_REPL_SCREEN_H

#include <bandstand.h>
#include <stdbool.h>
#include <stdio.h>

#include "repl/output.h"

typedef struct Screen {
    bool paging;  // wanted
    bool colour;  // of what goes to the terminal
    Output file;  // of .output and .once
    bool to_file; // file is open
    bool once;    // for one answer,
    bool fresh;   // which is to come
    bs_sink sink; // writes here, between screen_begin and screen_end
    char *held;   // what waits to be known as short or long
    size_t len, cap, n_lines;
    FILE *pager; // running
    bool failed;
} Screen;

void screen_init(Screen *s, const char *colour);
// Answers go to [name] from now on, NULL: to the terminal again. With [once] the next answer alone.
// What fails is said on stderr: then false.
bool screen_direct(Screen *s, const char *name, bool once);
// Around an answer. screen_end returns false when it could not be written, which is said.
void screen_begin(Screen *s);
bool screen_end(Screen *s);
// Puts a file that is open in place. False when that failed, which is said.
bool screen_close(Screen *s);

void screen_put(Screen *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
// Whether the answer goes to a terminal, which alone is coloured and has a width.
bool screen_on_terminal(const Screen *s);
unsigned screen_width(const Screen *s); // columns; 0: as wide as needed

#endif
