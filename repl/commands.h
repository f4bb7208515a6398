// SPDX-License-Identifier: Apache-2.0
// The subcommands, one small file each. The one list is commands.def.
#ifndef BS_REPL_COMMANDS_H
#define BS_REPL_COMMANDS_H

#include "repl/options.h"

// How the command ends.
enum {
    EXIT_EVALUATED = 0,
    EXIT_FOUND = 1,   // a --fail-on status, a failing example, errors found by `check`
    EXIT_INVALID = 2, // usage, rules or data in error
};

typedef struct Command {
    const char *name, *operands, *does, *example;
    int (*run)(const Options *options);
} Command;

// Writes what `bandstand help COMMAND` shows to standard output.
int help_on(CommandId command);

extern const Command commands[N_COMMANDS];

#define COMMAND(id, name, operands, does, example) int command_##name(const Options *options);
#include "repl/commands.def"
#undef COMMAND

#endif
