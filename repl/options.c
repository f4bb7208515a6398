// SPDX-License-Identifier: Apache-2.0
#include "repl/options.h"

#include <stdlib.h>
#include <string.h>

#include "repl/commands.h"

typedef enum OptionType { TYPE_FLAG, TYPE_TEXT, TYPE_LIST, TYPE_WORDS } OptionType;

typedef struct OptionRow {
    const char *name;
    char letter;
    OptionType type;
    const char *argument;
    unsigned commands; // bit by CommandId
    const char *synopsis;
    size_t field; // offset in Options
} OptionRow;

#define ON(id) (1u << (id))
#define ON_ALL (~0u)
static const OptionRow rows[] = {
#define OPTION(field, type, name, letter, argument, commands, synopsis)                            \
    {name, letter, TYPE_##type, argument, commands, synopsis, offsetof(Options, field)},
#include "repl/options.def"
#undef OPTION
};
#undef ON
#undef ON_ALL

enum { N_ROWS = sizeof rows / sizeof rows[0], NAME_MAX_LEN = 32 };

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

// Spelling distance in which two letters swapped count as one error.
static size_t distance(const char *a, const char *b) {
    size_t n = strlen(a), m = strlen(b);
    if (n > NAME_MAX_LEN || m > NAME_MAX_LEN)
        return NAME_MAX_LEN;
    size_t d[NAME_MAX_LEN + 1][NAME_MAX_LEN + 1];
    for (size_t i = 0; i <= n; i++) {
        for (size_t j = 0; j <= m; j++) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            size_t other = a[i - 1] != b[j - 1];
            d[i][j] = least(d[i - 1][j - 1] + other, 1 + least(d[i - 1][j], d[i][j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d[n][m];
}

const char *options_nearest(const char *s, const char *const *names, size_t n) {
    // A third of the letters may differ: beyond that a suggestion misleads more than it helps.
    size_t best = strlen(s) / 3 > 1 ? strlen(s) / 3 + 1 : 2;
    const char *found = NULL;
    for (size_t i = 0; i < n; i++) {
        size_t d = distance(s, names[i]);
        if (d < best) {
            best = d;
            found = names[i];
        }
    }
    return found;
}

static bool list_add(TextList *list, const char *s, size_t len) {
    char **v = realloc(list->v, (list->n + 1) * sizeof *v);
    if (!v)
        return false;
    list->v = v;
    list->v[list->n] = strndup(s, len);
    return list->v[list->n] && ++list->n;
}

static bool list_add_words(TextList *list, const char *s) {
    for (bool more = true; more;) {
        size_t len = strcspn(s, ",");
        more = s[len] == ',';
        if (!list_add(list, s, len))
            return false;
        s += len + more;
    }
    return true;
}

// An empty word would select everything, or guard against nothing, without a word of warning.
static bool has_empty_word(const char *s) {
    size_t len = strlen(s);
    return len == 0 || s[0] == ',' || s[len - 1] == ',' || strstr(s, ",,");
}

static void list_free(TextList *list) {
    for (size_t i = 0; i < list->n; i++)
        free(list->v[i]);
    free(list->v);
    *list = (TextList){0};
}

static bool belongs(const OptionRow *row, CommandId command) {
    return row->commands & (1u << command);
}

static void say_unknown(CommandId command, const char *given, size_t len) {
    char name[NAME_MAX_LEN + 1] = {0};
    size_t dashes = strspn(given, "-");
    memcpy(name, given + dashes, least(len - dashes, NAME_MAX_LEN));
    const char *names[N_ROWS];
    size_t n = 0;
    for (size_t i = 0; i < N_ROWS; i++) {
        if (belongs(&rows[i], command))
            names[n++] = rows[i].name;
    }
    const char *near = options_nearest(name, names, n);
    fprintf(stderr, "bandstand %s: there is no option %.*s\n", commands[command].name, (int)len,
            given);
    if (near)
        fprintf(stderr, "did you mean --%s?\n", near);
    else
        fprintf(stderr, "`bandstand help %s` lists the options\n", commands[command].name);
}

static void say_elsewhere(CommandId command, const OptionRow *row) {
    fprintf(stderr, "bandstand %s: the option --%s belongs to", commands[command].name, row->name);
    const char *before = " ";
    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (belongs(row, (CommandId)i)) {
            fprintf(stderr, "%s`bandstand %s`", before, commands[i].name);
            before = ", ";
        }
    }
    fputs("\n", stderr);
}

static bool say_no_memory(void) {
    fputs("bandstand: memory ran out\n", stderr);
    return false;
}

// Sets the option of [row]; [argument] is NULL for a flag.
static bool set_option(Options *o, const OptionRow *row, const char *argument) {
    void *field = (char *)o + row->field;
    bool done = true;
    switch (row->type) {
    case TYPE_FLAG:
        *(bool *)field = true;
        break;
    case TYPE_TEXT:
        *(const char **)field = argument;
        break;
    case TYPE_LIST:
        done = list_add(field, argument, strlen(argument));
        break;
    case TYPE_WORDS:
        done = list_add_words(field, argument);
        break;
    }
    return done || say_no_memory();
}

// The option of that name or letter: of [command] if it has one, else of any.
static const OptionRow *find_row(CommandId command, const char *name, size_t len) {
    const OptionRow *found = NULL;
    for (size_t i = 0; i < N_ROWS; i++) {
        const OptionRow *row = &rows[i];
        bool is_letter = len == 1 && name[0] == row->letter;
        bool is_name = strlen(row->name) == len && memcmp(row->name, name, len) == 0;
        if ((is_letter || is_name) && (!found || belongs(row, command)))
            found = row;
    }
    return found;
}

// Reads the option at argv[*i], and the argument behind it if it takes one.
static bool read_option(Options *o, int argc, char **argv, int *i) {
    const char *given = argv[*i];
    bool is_long = given[1] == '-';
    const char *name = given + (is_long ? 2 : 1);
    size_t len = is_long ? strcspn(name, "=") : 1;
    const char *argument = name[len] ? name + len + (is_long ? 1 : 0) : NULL;
    const OptionRow *row = find_row(o->command, name, len);
    if (!row || is_long == (len == 1)) {
        say_unknown(o->command, given, strcspn(given, "="));
        return false;
    }
    if (!belongs(row, o->command)) {
        say_elsewhere(o->command, row);
        return false;
    }
    if (row->type == TYPE_FLAG && argument) {
        fprintf(stderr, "bandstand %s: --%s takes no value\n", commands[o->command].name,
                row->name);
        return false;
    }
    if (row->type != TYPE_FLAG && !argument) {
        if (*i + 1 >= argc) {
            fprintf(stderr, "bandstand %s: --%s needs a value: --%s %s\n",
                    commands[o->command].name, row->name, row->name, row->argument);
            return false;
        }
        argument = argv[++*i];
    }
    if (row->type == TYPE_WORDS && has_empty_word(argument)) {
        fprintf(stderr, "bandstand %s: --%s \"%s\" holds an empty name: --%s %s\n",
                commands[o->command].name, row->name, argument, row->name, row->argument);
        return false;
    }
    return set_option(o, row, argument);
}

bool options_parse(Options *o, CommandId command, int argc, char **argv, int from) {
    *o = (Options){.command = command};
    bool options_ended = false;
    for (int i = from; i < argc; i++) {
        const char *s = argv[i];
        bool is_option = !options_ended && s[0] == '-' && s[1] != '\0';
        if (is_option && strcmp(s, "--") == 0)
            options_ended = true;
        else if (is_option && !read_option(o, argc, argv, &i))
            return false;
        else if (!is_option && !list_add(&o->operands, s, strlen(s)))
            return say_no_memory();
    }
    return true;
}

void options_free(Options *o) {
    for (size_t i = 0; i < N_ROWS; i++) {
        if (rows[i].type == TYPE_LIST || rows[i].type == TYPE_WORDS)
            list_free((TextList *)(void *)((char *)o + rows[i].field));
    }
    list_free(&o->operands);
}

void options_help(FILE *out, CommandId command) {
    for (size_t i = 0; i < N_ROWS; i++) {
        const OptionRow *row = &rows[i];
        if (!belongs(row, command))
            continue;
        char left[64];
        snprintf(left, sizeof left, "%c%c%c --%s %s", row->letter ? '-' : ' ',
                 row->letter ? row->letter : ' ', row->letter ? ',' : ' ', row->name,
                 row->argument);
        fprintf(out, "  %-26s %s\n", left, row->synopsis);
    }
}
