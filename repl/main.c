// SPDX-License-Identifier: Apache-2.0
// The `bandstand` command: finds the subcommand and runs it.
#include <bandstand.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "repl/commands.h"
#include "repl/heap.h"
#include "repl/output.h"

const Command commands[N_COMMANDS] = {
#define COMMAND(id, name, operands, does, example)                                                 \
    [id] = {#name, operands, does, example, command_##name},
#include "repl/commands.def"
#undef COMMAND
};

static int say_unknown_command(const char *given) {
    const char *names[N_COMMANDS];
    for (size_t i = 0; i < N_COMMANDS; i++)
        names[i] = commands[i].name;
    const char *near = options_nearest(given, names, N_COMMANDS);
    fprintf(stderr, "bandstand: there is no command \"%s\"\n", given);
    if (near)
        fprintf(stderr, "did you mean `bandstand %s`?\n", near);
    else
        fputs("`bandstand help` lists the commands\n", stderr);
    return EXIT_INVALID;
}

static CommandId find_command(const char *name) {
    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return (CommandId)i;
    }
    return N_COMMANDS;
}

static int run_command(CommandId command, int argc, char **argv, int from) {
    Options options;
    int status = EXIT_INVALID;
    if (options_parse(&options, command, argc, argv, from) && output_colour_valid(options.colour))
        status = options.help ? help_on(command) : commands[command].run(&options);
    options_free(&options);
    return status;
}

static bool is_either(const char *s, const char *a, const char *b) {
    return strcmp(s, a) == 0 || strcmp(s, b) == 0;
}

static int print_version(void) {
    puts("bandstand " BS_VERSION);
    return fflush(stdout) == 0 ? EXIT_EVALUATED : EXIT_INVALID;
}

int main(int argc, char **argv) {
    heap_use_large_pages();
    // A reader that has seen enough ends us as it ends any other tool, even if it was told to
    // ignore the signal by the program that started us.
    signal(SIGPIPE, SIG_DFL);
    if (argc < 2 && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
        return run_command(REPL, argc, argv, argc);
    if (argc < 2) {
        fputs("bandstand: which command? `bandstand help` lists them\n"
              "for example: bandstand run rules/scorecard.rag may.csv\n",
              stderr);
        return EXIT_INVALID;
    }
    if (is_either(argv[1], "--version", "-V"))
        return print_version();
    if (is_either(argv[1], "--help", "-h"))
        return run_command(HELP, argc, argv, argc);
    CommandId command = find_command(argv[1]);
    return command == N_COMMANDS ? say_unknown_command(argv[1])
                                 : run_command(command, argc, argv, 2);
}
