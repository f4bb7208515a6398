// SPDX-License-Identifier: Apache-2.0
// Names of measures, made from their labels.
#include "runtime/edges/import_measures.h"
#include "runtime/edges/inspect_profile.h"
#include "runtime/edges/rule_words.h"

enum {
    USUAL_NAME = 40,   // bytes, unless another measure has the same
    LONGEST_NAME = 64, // bytes
};

static bool is_filler(Str word) {
    static const char *const words[] = {
        "a",     "all",   "an",   "and",        "are",     "as",         "at",     "be",    "been",
        "by",    "for",   "from", "had",        "has",     "have",       "in",     "is",    "it",
        "of",    "on",    "or",   "our",        "s",       "that",       "the",    "their", "them",
        "there", "these", "this", "those",      "to",      "was",        "were",   "which", "who",
        "whose", "will",  "with", "percentage", "percent", "proportion", "number", NULL};
    for (size_t i = 0; words[i]; i++) {
        if (str_eq(word, str_from(words[i])))
            return true;
    }
    return false;
}

// As many whole words of [snake] as go into [most] bytes, fillers left out unless [all].
static Str take_words(Arena *a, Str snake, size_t most, bool all) {
    char *s = arena_alloc(a, most + 1);
    size_t n = 0;
    for (size_t i = 0; s && i < snake.len;) {
        size_t end = i + str_find(str_slice(snake, i, snake.len), '_');
        Str word = str_slice(snake, i, end);
        i = end + 1;
        if (!all && is_filler(word))
            continue;
        if (n + (n > 0) + word.len > most)
            break;
        if (n > 0)
            s[n++] = '_';
        memcpy(s + n, word.s, word.len);
        n += word.len;
    }
    return (Str){s ? s : "", n};
}

Str measure_name(Arena *a, Intern *given, Str label) {
    // Labels can be whole paragraphs; their start is enough for a name.
    Str snake = snake_name(a, str_slice(label, 0, 8 * LONGEST_NAME));
    Str name = take_words(a, snake, USUAL_NAME, false);
    if (!name_is_usable(name))
        name = take_words(a, snake, USUAL_NAME, true);
    if (intern_find(given, name) != INTERN_NONE)
        name = take_words(a, snake, LONGEST_NAME, false);
    if (name.len == 0)
        name = snake.len > 0 ? str_slice(snake, 0, USUAL_NAME) : STR("measure");
    return name_give(a, given, name);
}
