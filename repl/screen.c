// SPDX-License-Identifier: Apache-2.0
#include "repl/screen.h"

#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "repl/interrupt.h"

enum { USUAL_ROWS = 24, PROMPT_ROWS = 2 };

static size_t window_rows(void) {
    struct winsize window = {0};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_row > 0)
        return window.ws_row;
    return USUAL_ROWS;
}

// A reader who leaves the pager ends the answer, not the program.
static void start_pager(Screen *s) {
    const char *command = getenv("PAGER");
    setenv("LESS", "FRX", 0);
    signal(SIGPIPE, SIG_IGN);
    fflush(stdout);
    s->pager = popen(command && command[0] ? command : "less 2>/dev/null || more", "w");
}

static bool put_on(FILE *f, const char *text, size_t len) {
    return len == 0 || fwrite(text, 1, len, f) == len;
}

static bool let_go(Screen *s) {
    FILE *to = s->pager ? s->pager : stdout;
    bool ok = put_on(to, s->held, s->len);
    s->len = 0;
    return ok;
}

static bool hold(Screen *s, const char *text, size_t len) {
    if (len > s->cap - s->len) {
        size_t cap = 2 * (s->len + len);
        char *held = realloc(s->held, cap);
        if (!held)
            return false;
        s->held = held;
        s->cap = cap;
    }
    memcpy(s->held + s->len, text, len);
    s->len += len;
    for (size_t i = 0; i < len; i++)
        s->n_lines += text[i] == '\n';
    return true;
}

static bool write_screen(void *context, const char *text, size_t len) {
    Screen *s = context;
    if (interrupt_came() || s->failed)
        return false;
    if (s->to_file)
        return s->file.sink.write(s->file.sink.context, text, len);
    if (s->pager)
        s->failed = !put_on(s->pager, text, len);
    else if (!s->paging)
        s->failed = !put_on(stdout, text, len);
    else
        s->failed = !hold(s, text, len);
    if (!s->failed && s->paging && !s->pager && s->n_lines > window_rows() - PROMPT_ROWS) {
        start_pager(s);
        s->failed = !let_go(s);
    }
    return !s->failed;
}

void screen_init(Screen *s, const char *colour) {
    bool terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    *s = (Screen){.paging = terminal, .colour = output_colour(colour, stdout)};
    s->sink = (bs_sink){.write = write_screen, .context = s};
}

bool screen_close(Screen *s) {
    if (!s->to_file)
        return true;
    bool kept = output_keep(&s->file);
    output_close(&s->file);
    s->to_file = s->once = false;
    return kept;
}

bool screen_direct(Screen *s, const char *name, bool once) {
    if (!screen_close(s))
        return false;
    s->to_file = name && output_open(&s->file, name);
    s->once = s->fresh = once;
    return !name || s->to_file;
}

void screen_begin(Screen *s) {
    s->failed = false;
    s->len = s->n_lines = 0;
}

bool screen_end(Screen *s) {
    bool ok = true;
    if (s->pager) {
        pclose(s->pager);
        s->pager = NULL;
        signal(SIGPIPE, SIG_DFL);
        s->failed = false;
    } else if (!s->to_file) {
        ok = let_go(s) && fflush(stdout) == 0 && !s->failed;
        if (!ok && !interrupt_came())
            perror("bandstand: cannot write");
    } else if (s->once && !s->fresh) {
        ok = screen_close(s);
    }
    s->fresh = false;
    free(s->held);
    s->held = NULL;
    s->cap = s->len = 0;
    return ok;
}

void screen_put(Screen *s, const char *format, ...) {
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int len = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (len >= 0)
        s->sink.write(s->sink.context, text, (size_t)len);
    free(text);
}

bool screen_on_terminal(const Screen *s) {
    return !s->to_file && isatty(STDOUT_FILENO);
}

unsigned screen_width(const Screen *s) {
    return s->to_file ? 0 : output_width(stdout);
}
