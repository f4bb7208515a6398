// SPDX-License-Identifier: Apache-2.0
// History: what was typed in this session and in earlier ones, each text once, the latest last.
//
// It is kept in bandstand/history of the XDG state folder, readable by its owner alone. Sessions
// side by side add to the same file.
#ifndef BS_REPL_HISTORY_H
#define BS_REPL_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

enum {
    HISTORY_MAX_ENTRIES = 1000,    // the oldest go
    HISTORY_MAX_BYTES = 64 * 1024, // of one entry; a longer one is not kept
};

typedef struct Entries {
    char **v; // owned
    size_t n;
    char *folder, *path; // NULL: nothing is kept
} Entries;

// Reads the history that is kept. One that cannot be read is an empty one.
void history_open(Entries *h);
// Adds an entry, also to the file. False when it cannot be kept there, with errno; the session has
// it all the same.
bool history_add(Entries *h, const char *text);
void history_close(Entries *h);

#endif
