// SPDX-License-Identifier: Apache-2.0
// Words of rule text made from what a file says: names, quoted texts, units. For the drafts that
// inspect and import write.
#ifndef BS_EDGES_RULE_WORDS_H
#define BS_EDGES_RULE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base/arena.h"
#include "runtime/base/buf.h"
#include "runtime/base/intern.h"
#include "runtime/base/str.h"

// Writes [s] in quotation marks, as the rule language has it; line ends and tabs become blanks.
void put_string(Buf *out, Str s);

// Words that can name nothing: those that are never names, and the predefined ones.
bool name_is_taken(Str name);

// May [name] be declared as it stands?
bool name_is_usable(Str name);

// The snake_case name [base], or `m_base`, with a number behind it where [given] has it already;
// entered in [given]. The empty Str when memory runs out.
Str name_give(Arena *a, Intern *given, Str base);

// The unit that [label] tells, as the rule language writes it, or NULL. [snake] is its snake_case
// form.
const char *unit_told(Str snake, Str label);

// The same for a word that stands for a number of whole things.
bool tells_count(Str snake);

#endif
