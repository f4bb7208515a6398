// SPDX-License-Identifier: Apache-2.0
#include "repl/paint.h"

typedef struct Painting {
    Screen *screen;
    const char *text;
    size_t at; // bytes that are written
} Painting;

static void put(Painting *p, size_t to) {
    p->screen->sink.write(p->screen->sink.context, p->text + p->at, to - p->at);
    p->at = to;
}

static const char *colour_of(bs_token_kind kind) {
    switch (kind) {
    case BS_TOKEN_KEYWORD:
        return "\033[1m";
    case BS_TOKEN_NUMBER:
        return "\033[36m";
    case BS_TOKEN_TEXT:
        return "\033[32m";
    case BS_TOKEN_COMMENT:
        return "\033[2m";
    case BS_TOKEN_FAULT:
        return "\033[31m";
    case BS_TOKEN_NAME:
    case BS_TOKEN_SIGN:
        return NULL;
    }
    return NULL;
}

static bool paint(void *context, bs_token token) {
    Painting *p = context;
    const char *colour = colour_of(token.kind);
    put(p, token.from);
    if (colour)
        screen_put(p->screen, "%s", colour);
    put(p, token.from + token.len);
    if (colour)
        screen_put(p->screen, "\033[0m");
    return true;
}

void paint_rules(Screen *s, const char *text, size_t len) {
    Painting p = {.screen = s, .text = text};
    if (s->colour && screen_on_terminal(s))
        bs_scan_text(text, len, paint, &p);
    put(&p, len);
}
