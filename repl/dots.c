// SPDX-License-Identifier: Apache-2.0
#include "repl/dots.h"

#include <stdlib.h>
#include <string.h>

#define TAKES(...) {__VA_ARGS__}, sizeof((Take[]){__VA_ARGS__}) / sizeof(Take)
static const Dot dots[] = {
#define DOT(name, takes, operands, does) {#name, takes, operands, does, dot_##name},
#include "repl/dots.def"
#undef DOT
};
enum { N_DOTS = sizeof dots / sizeof *dots };

size_t dots_count(void) {
    return N_DOTS;
}

const Dot *dots_at(size_t i) {
    return &dots[i];
}

const Dot *dots_find(const char *name) {
    for (size_t i = 0; i < N_DOTS; i++)
        if (strcmp(dots[i].name, name) == 0)
            return &dots[i];
    return NULL;
}

// ---- words --------------------------------------------------------------------------------------

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

// Cuts [line], which is changed, into words. False when memory runs out.
static bool cut(char *line, Words *out) {
    size_t n = 0;
    for (char *at = line; *at; n++) {
        while (is_blank(*at))
            at++;
        if (!*at)
            break;
        char **v = realloc(out->v, (n + 1) * sizeof *v);
        if (!v)
            return false;
        out->v = v;
        bool quoted = *at == '"';
        v[n] = at += quoted;
        out->n = n + 1;
        while (*at && (quoted ? *at != '"' : !is_blank(*at)))
            at++;
        if (*at)
            *at++ = '\0';
    }
    return true;
}

static bool say_unknown(const char *name) {
    const char *names[N_DOTS];
    for (size_t i = 0; i < N_DOTS; i++)
        names[i] = dots[i].name;
    const char *near = options_nearest(name, names, N_DOTS);
    if (near)
        return desk_complain("there is no command .%s; did you mean .%s?", name, near);
    return desk_complain("there is no command .%s; .help lists them", name);
}

static bool run_words(Desk *d, char *name, char *rest) {
    const Dot *dot = dots_find(name);
    if (!dot)
        return say_unknown(name);
    if (dot->takes[0] == TAKE_NOTHING && *rest)
        return desk_complain(".%s takes nothing behind it", name);
    Words words = {.rest = rest};
    char *copy = strdup(rest);
    bool ok = copy && cut(copy, &words);
    ok = ok ? dot->run(d, &words) : desk_complain("bandstand: memory ran out");
    free(words.v);
    free(copy);
    return ok;
}

bool dots_run(Desk *d, const char *line, size_t len) {
    while (len > 0 && strchr(" \t\r\n", line[len - 1]))
        len--;
    char *copy = strndup(line + 1, len - 1);
    if (!copy)
        return desk_complain("bandstand: memory ran out");
    char *rest = copy;
    while (*rest && !is_blank(*rest))
        rest++;
    if (*rest)
        *rest++ = '\0';
    while (is_blank(*rest))
        rest++;
    bool ok = run_words(d, copy, rest);
    free(copy);
    return ok;
}

// ---- where --------------------------------------------------------------------------------------

static char *join_words(char *const *v, size_t n) {
    size_t room = 1;
    for (size_t i = 0; i < n; i++)
        room += strlen(v[i]) + 1;
    char *text = calloc(1, room);
    for (size_t i = 0; text && i < n; i++) {
        strcat(text, v[i]);
        if (i + 1 < n)
            strcat(text, " ");
    }
    return text;
}

static bool is_kpi(Desk *d, const char *name) {
    static const bs_name_kind kinds[] = {BS_NAME_KPI, BS_NAME_GROUP};
    return desk_has_name(d, BS_NAME_KPI, name) || desk_has_name(d, BS_NAME_GROUP, name) ||
           desk_say_unknown(d, "KPI", kinds, 2, name);
}

static bool is_entity(Desk *d, char *const *words, size_t n) {
    char *entity = join_words(words, n);
    bool found = entity && desk_has_name(d, BS_NAME_ENTITY, entity);
    free(entity);
    return found;
}

bool dots_is_place(Desk *d, const Words *words) {
    size_t n = words->n;
    n -= n > 0 && desk_has_name(d, BS_NAME_PERIOD, words->v[n - 1]);
    return n == 0 || is_entity(d, words->v, n);
}

bool dots_where(Desk *d, const Words *words, bool with_kpi, Where *out) {
    static const bs_name_kind places[] = {BS_NAME_ENTITY, BS_NAME_PERIOD};
    *out = (Where){0};
    size_t from = 0, to = words->n;
    for (size_t i = 0; i < words->n; i++)
        if (strncmp(words->v[i], "--", 2) == 0)
            return desk_complain("there are no options at the prompt: instead of `%s` write %sthe "
                                 "entity and the period as they are",
                                 words->v[i], with_kpi ? "the KPI, " : "");
    if (with_kpi && to > 0)
        out->kpi = words->v[from++];
    if (out->kpi && !is_kpi(d, out->kpi))
        return false;
    if (from < to && desk_has_name(d, BS_NAME_PERIOD, words->v[to - 1]))
        out->period = words->v[--to];
    if (from == to)
        return true;
    out->entity = out->room = join_words(words->v + from, to - from);
    if (!out->room)
        return desk_complain("bandstand: memory ran out");
    if (desk_has_name(d, BS_NAME_ENTITY, out->entity))
        return true;
    if (!d->has_data)
        desk_complain("no figures are loaded: write .data FILE");
    else if (to - from > 1 && is_entity(d, words->v + from, to - from - 1))
        desk_say_unknown(d, "period", places + 1, 1, words->v[to - 1]);
    else if (to - from == 1)
        desk_say_unknown(d, "entity or period", places, 2, out->entity);
    else
        desk_say_unknown(d, "entity", places, 1, out->entity);
    free(out->room);
    *out = (Where){0};
    return false;
}

// ---- .help --------------------------------------------------------------------------------------

static void explain(Desk *d, const Dot *dot) {
    char left[64];
    snprintf(left, sizeof left, ".%s %s", dot->name, dot->operands);
    screen_put(&d->screen, "  %-37s %s\n", left, dot->does);
}

bool dot_help(Desk *d, const Words *words) {
    if (words->n == 0) {
        screen_put(&d->screen,
                   "Type an expression or a declaration of the language, or one of these:\n\n");
        for (size_t i = 0; i < N_DOTS; i++)
            explain(d, &dots[i]);
        screen_put(&d->screen,
                   "\nTab completes names. Ctrl-C stops what is running, Ctrl-D leaves. "
                   "What finding B101 means: .help B101\n");
        return true;
    }
    const char *name = words->v[0][0] == '.' ? words->v[0] + 1 : words->v[0];
    const Dot *dot = dots_find(name);
    if (dot)
        explain(d, dot);
    else if (bs_explain_code(name, &d->screen.sink) != BS_OK)
        return say_unknown(name);
    return true;
}
