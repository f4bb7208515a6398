// SPDX-License-Identifier: Apache-2.0
// Setup: what a session at the prompt is made of. A change is made to a copy, so that one that
// fails leaves everything as it was.
#ifndef BS_REPL_SETUP_H
#define BS_REPL_SETUP_H

#include <bandstand.h>
#include <stdbool.h>
#include <stddef.h>

#include "repl/options.h"

// A declaration that was typed. The texts are owned.
typedef struct TypedRule {
    char *word, *name, *text; // "kpi"; empty where it declares no name
} TypedRule;

// A figure set by hand, and where: NULL for every entity or period. Owned.
typedef struct SetFigure {
    char *text, *entity, *period;
} SetFigure;

typedef struct Setup {
    TextList rules, overrides, data; // files
    TextList thresholds;             // set by hand
    SetFigure *set;
    size_t n_set;
    TypedRule *typed;
    size_t n_typed;
    const char *entry; // what is typed now: not owned, and NULL once it is among the others
    size_t entry_len;
} Setup;

// Functions that make something return false when memory runs out.
bool texts_add(TextList *list, const char *text);
void texts_clear(TextList *list);

bool setup_copy(Setup *to, const Setup *from);
void setup_free(Setup *s);
// Sets a figure, or a threshold; one of the same name and place goes.
bool setup_set(Setup *s, const char *text, const char *entity, const char *period);
bool setup_set_threshold(Setup *s, const char *text);
// Takes back what was set. Whether there was anything.
bool setup_reset(Setup *s);
// Has [text] as its entry, for whose declarations those of the same word and name go.
bool setup_enter(Setup *s, const char *text, size_t len);
// Takes the entry's declarations among those that were typed.
bool setup_keep_entry(Setup *s);
// What was typed, as one rule text, to be freed.
char *setup_typed_text(const Setup *s);

#endif
