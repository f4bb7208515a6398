// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/rule_words.h"

#include <string.h>

#include "runtime/edges/inspect_profile.h"

enum { MOST_OF_A_NAME = 1 << 30 }; // numbers behind a name that are tried

void put_string(Buf *out, Str s) {
    buf_char(out, '"');
    for (size_t i = 0; i < s.len; i++) {
        char c = s.s[i];
        if (c == '"')
            buf_char(out, '"');
        buf_char(out, c == '\n' || c == '\r' || c == '\t' ? ' ' : c);
    }
    buf_char(out, '"');
}

// ---- names --------------------------------------------------------------------------------------

bool name_is_taken(Str name) {
    static const char *const words[] = {
        "and",   "or",      "not",    "is",        "when",      "otherwise", "because", "end",
        "else",  "to",      "of",     "at",        "below",     "above",     "within",  "over",
        "among", "per",     "as",     "if",        "value",     "target",    "change",  "improving",
        "up",    "down",    "steady", "worsening", "direction", "worst",     "best",    "yes",
        "no",    "unknown", "period", "entity"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_eq(name, str_from(words[i])))
            return true;
    }
    return false;
}

bool name_is_usable(Str name) {
    return name.len > 0 && name.s[0] >= 'a' && name.s[0] <= 'z' && !name_is_taken(name);
}

static Str numbered(Arena *a, Str base, unsigned n) {
    return n < 2 ? base : arena_printf(a, "%.*s_%u", STR_ARG(base), n);
}

static bool is_free(Arena *a, const Intern *given, Str base, unsigned n) {
    return intern_find(given, numbered(a, base, n)) == INTERN_NONE;
}

// A number that is free behind one that is taken: found by leaps, since a thousand labels may be
// the same.
static unsigned free_number(Arena *a, const Intern *given, Str base) {
    unsigned taken = 1, open = 2;
    while (open < MOST_OF_A_NAME && !is_free(a, given, base, open)) {
        taken = open;
        open *= 2;
    }
    while (open - taken > 1) {
        unsigned middle = taken + (open - taken) / 2;
        if (is_free(a, given, base, middle))
            open = middle;
        else
            taken = middle;
    }
    return open;
}

Str name_give(Arena *a, Intern *given, Str base) {
    if (!name_is_usable(base))
        base = arena_printf(a, "m_%.*s", STR_ARG(base));
    unsigned n = is_free(a, given, base, 1) ? 1 : free_number(a, given, base);
    Str name = numbered(a, base, n);
    return intern_add(given, name) == INTERN_NONE ? (Str){0} : name;
}

// ---- units --------------------------------------------------------------------------------------

static bool has_part(Str snake, const char *part) {
    size_t len = strlen(part);
    for (size_t i = 0; i + len <= snake.len; i++) {
        if (memcmp(snake.s + i, part, len) == 0)
            return true;
    }
    return false;
}

const char *unit_told(Str snake, Str label) {
    bool percent_sign = str_find(label, '%') < label.len;
    if (percent_sign || has_part(snake, "percent") || snake_has(snake, STR("pct")) ||
        snake_has(snake, STR("perc")))
        return "percent";
    if (has_part(snake, "per_10000") || has_part(snake, "per_10k") ||
        has_part(snake, "per_10_000") || has_part(snake, "per10_000") ||
        has_part(snake, "per10000"))
        return "per 10000";
    if (has_part(snake, "per_1000") || has_part(snake, "per_1_000"))
        return "per 1000";
    return NULL;
}

bool tells_count(Str snake) {
    return snake_has(snake, STR("count")) || snake_has(snake, STR("number")) ||
           snake_has(snake, STR("nos"));
}
