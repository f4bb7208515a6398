// SPDX-License-Identifier: Apache-2.0
// Options of the command line. The one list is options.def.
#ifndef BS_REPL_OPTIONS_H
#define BS_REPL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef enum CommandId {
#define COMMAND(id, name, operands, does, example) id,
#include "repl/commands.def"
#undef COMMAND
    N_COMMANDS
} CommandId;

// Texts in the order given; the texts are owned.
typedef struct TextList {
    char **v;
    size_t n;
} TextList;

typedef bool OptionFLAG;
typedef const char *OptionTEXT; // NULL when not given; the last one counts
typedef TextList OptionLIST;
typedef TextList OptionWORDS;

typedef struct Options {
    CommandId command;
#define OPTION(field, type, name, letter, argument, commands, synopsis) Option##type field;
#include "repl/options.def"
#undef OPTION
    TextList operands;
} Options;

// Reads argv[from] on as options and operands of [command]. What is wrong goes to stderr, with the
// option that was probably meant: then false. Call options_free whatever is returned.
bool options_parse(Options *o, CommandId command, int argc, char **argv, int from);
void options_free(Options *o);

// Writes the options of [command] with their synopses.
void options_help(FILE *out, CommandId command);

// The name among [names] that [s] was probably meant to be, or NULL.
const char *options_nearest(const char *s, const char *const *names, size_t n);

#endif
