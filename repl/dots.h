// SPDX-License-Identifier: Apache-2.0
// Dots: the commands of the prompt that begin with a dot. The one list is dots.def.
#ifndef BS_REPL_DOTS_H
#define BS_REPL_DOTS_H

#include <stdbool.h>
#include <stddef.h>

#include "repl/desk.h"

typedef enum Take { // what an operand names
    TAKE_NOTHING,
    TAKE_COMMAND,
    TAKE_RULES,
    TAKE_FILE,
    TAKE_KPI,
    TAKE_ENTITY,
    TAKE_PERIOD,
    TAKE_METRIC,
    TAKE_LEVEL,
    TAKE_SETTABLE, // a metric or the value of a KPI, and what it is to be
    TAKE_SETTING,  // one of the words in `operands`
    TAKE_EXPRESSION,
} Take;

enum { DOT_MAX_TAKES = 4 };

// The words behind a command. A text in quotation marks is one, without them.
typedef struct Words {
    char **v;
    size_t n;
    const char *rest; // all of it as typed, blanks at the ends left out
} Words;

typedef struct Dot {
    const char *name;
    Take takes[DOT_MAX_TAKES];
    size_t n_takes;
    const char *operands, *does;
    bool (*run)(Desk *d, const Words *words);
} Dot;

// Runs a line that begins with a dot. False when it failed, which is said.
bool dots_run(Desk *d, const char *line, size_t len);

size_t dots_count(void);
const Dot *dots_at(size_t i);
const Dot *dots_find(const char *name); // without its dot; NULL when there is none

// A KPI, an entity and a period as an analyst types them: the entity's name may have blanks without
// quotation marks, and what is left out is that of .at. Pointers are to [words], or to [room],
// which is to be freed.
typedef struct Where {
    const char *kpi, *entity, *period; // NULL: not given
    char *room;
} Where;
// Whether all of [words] are an entity, a period or both, with no KPI before them.
bool dots_is_place(Desk *d, const Words *words);
// False when some name is none, which is said. [with_kpi]: the first word is a KPI or group.
bool dots_where(Desk *d, const Words *words, bool with_kpi, Where *out);

#define DOT(name, takes, operands, does) bool dot_##name(Desk *d, const Words *words);
#include "repl/dots.def"
#undef DOT

#endif
