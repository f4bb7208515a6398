// SPDX-License-Identifier: Apache-2.0
// Dot commands for how answers are written: .mode .output .once .timer .pager .bail
#include <stdlib.h>
#include <string.h>

#include "repl/dots.h"

bool dot_mode(Desk *d, const Words *words) {
    static const char *const names[] = {
        [BS_TABLE] = "table", [BS_CSV] = "csv", [BS_JSON] = "json", [BS_JSONL] = "jsonl"};
    enum { N_NAMES = sizeof names / sizeof *names };
    if (words->n == 0) {
        screen_put(&d->screen, "results are written as %s\n", names[d->format]);
        return true;
    }
    for (size_t i = 0; i < N_NAMES; i++) {
        if (strcmp(names[i], words->v[0]) != 0)
            continue;
        d->format = (bs_format)i;
        return true;
    }
    const char *near = options_nearest(words->v[0], names, N_NAMES);
    if (near)
        return desk_complain("there is no mode \"%s\"; did you mean \"%s\"?", words->v[0], near);
    return desk_complain("there is no mode \"%s\": write table, csv, json or jsonl", words->v[0]);
}

bool dot_output(Desk *d, const Words *words) {
    if (words->n > 1)
        return desk_complain("one file at a time");
    return screen_direct(&d->screen, words->n == 1 ? words->v[0] : NULL, false);
}

bool dot_once(Desk *d, const Words *words) {
    if (words->n != 1)
        return desk_complain("into which file? For example: .once red.csv");
    return screen_direct(&d->screen, words->v[0], true);
}

static bool switch_on(const char *name, const Words *words, bool *on) {
    bool is_on = words->n == 1 && strcmp(words->v[0], "on") == 0;
    bool is_off = words->n == 1 && strcmp(words->v[0], "off") == 0;
    if (!is_on && !is_off)
        return desk_complain("write .%s on or .%s off", name, name);
    *on = is_on;
    return true;
}

bool dot_timer(Desk *d, const Words *words) {
    return switch_on("timer", words, &d->timer);
}

bool dot_bail(Desk *d, const Words *words) {
    return switch_on("bail", words, &d->bail);
}

bool dot_pager(Desk *d, const Words *words) {
    if (words->n == 0 || strcmp(words->v[0], "on") == 0 || strcmp(words->v[0], "off") == 0)
        return switch_on("pager", words, &d->screen.paging);
    d->screen.paging = true;
    return setenv("PAGER", words->rest, 1) == 0 || desk_complain("bandstand: memory ran out");
}
