// SPDX-License-Identifier: Apache-2.0
// bandstand repl: expressions, declarations and dot commands, at a terminal or from a script.
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "repl/commands.h"
#include "repl/complete.h"
#include "repl/desk.h"
#include "repl/editor.h"
#include "repl/interrupt.h"

static const char prompt_first[] = "bandstand> ", prompt_next[] = "      ...> ";

// What was read and is no whole entry yet.
typedef struct Pending {
    char *s;
    size_t len;
} Pending;

static bool add_line(Pending *p, const char *line, size_t len) {
    while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
        len--;
    char *s = realloc(p->s, p->len + len + 2);
    if (!s)
        return desk_complain("bandstand: memory ran out");
    memcpy(s + p->len, line, len);
    p->s = s;
    p->len += len;
    s[p->len++] = '\n';
    s[p->len] = '\0';
    return true;
}

// Takes the whole entries; *ok as desk_take has it.
static bool take(Desk *d, Pending *p, bool last) {
    bool ok = true;
    if (p->len == 0)
        return true;
    size_t n = desk_take(d, p->s, p->len, last, &ok);
    memmove(p->s, p->s + n, p->len - n);
    p->len -= n;
    return ok;
}

// ---- from a script ------------------------------------------------------------------------------

static int run_script(Desk *d) {
    Pending pending = {0};
    char *line = NULL;
    size_t size = 0, n_lines = 0;
    bool ok = true;
    d->bail = true;
    for (ssize_t len; ok && !d->leaving && (len = getline(&line, &size, stdin)) >= 0; n_lines++)
        ok = add_line(&pending, line, (size_t)len) && take(d, &pending, false);
    if (ok && !d->leaving)
        ok = take(d, &pending, true);
    if (!ok && n_lines > 0)
        desk_complain("stopped at line %zu of the script", n_lines);
    free(line);
    free(pending.s);
    return ok ? d->status : EXIT_INVALID;
}

// ---- at a terminal ------------------------------------------------------------------------------

// An entry is remembered as it was typed, all its lines as one.
static void remember(Desk *d, Entries *history, Editor *editor, Pending *typed) {
    static bool said;
    while (typed->len > 0 && typed->s[typed->len - 1] == '\n')
        typed->s[--typed->len] = '\0';
    (void)d;
    if (typed->len > 0 && !history_add(history, typed->s) && !said) {
        perror("bandstand: the history is not kept");
        said = true;
    }
    typed->len = 0;
    editor_refresh_history(editor);
}

static void converse(Desk *d, Entries *history, Editor *editor) {
    Pending pending = {0}, typed = {0};
    while (!d->leaving) {
        EditorEnd end;
        char *line = editor_read(editor, pending.len > 0 ? prompt_next : prompt_first, &end);
        if (end == EDITOR_LEFT)
            break;
        if (end == EDITOR_INTERRUPTED) {
            pending.len = typed.len = 0;
            continue;
        }
        if (add_line(&pending, line, strlen(line)) && add_line(&typed, line, strlen(line))) {
            if (pending.len == typed.len && typed.len == 1)
                pending.len = typed.len = 0;
            take(d, &pending, false);
            if (pending.len == 0)
                remember(d, history, editor, &typed);
        }
        free(line);
    }
    free(pending.s);
    free(typed.s);
}

static bool say_welcome(Desk *d) {
    (void)d;
    printf("Bandstand %s. Type an expression, a declaration or .help\n", BS_VERSION);
    return true;
}

// A locale that is not UTF-8 gets ASCII drawings. Rules and names are UTF-8 whatever it is, so the
// editor works in that all the same.
static bool use_locale(void) {
    bool utf8 = output_is_utf8();
    if (!utf8 && !setlocale(LC_CTYPE, "C.UTF-8"))
        setlocale(LC_CTYPE, "C");
    return utf8;
}

static int run_terminal(Desk *d) {
    Entries history;
    history_open(&history);
    interrupt_catch();
    Editor *editor = editor_open(&history, complete_line, d);
    if (editor) {
        say_welcome(d);
        converse(d, &history, editor);
    }
    bool edited = editor;
    editor_close(editor);
    history_close(&history);
    return edited ? EXIT_EVALUATED : run_script(d);
}

int command_repl(const Options *o) {
    Desk d;
    bool utf8 = use_locale();
    bool terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    bool opened = desk_open(&d, o);
    d.ascii = o->ascii || !utf8;
    int status = EXIT_INVALID;
    if (d.bs && (opened || terminal))
        status = terminal ? run_terminal(&d) : run_script(&d);
    desk_close(&d);
    return status;
}
