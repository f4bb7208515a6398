// SPDX-License-Identifier: Apache-2.0
#include "repl/editor.h"

#include <errno.h>
#include <histedit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "repl/interrupt.h"

enum {
    KEY_PASTED = 0x1d,   // Ctrl-], handed to libedit once a pasted text is there
    KEY_LEAVE = 0x04,    // Ctrl-D
    ESCAPE_WAIT = 50,    // milliseconds that the keys of one escape sequence may be apart
    PASTE_MAX = 1 << 20, // bytes; what is beyond is dropped
    LIST_MAX_ROWS = 12,  // of candidates
    PROMPT_ROOM = 32,
    INPUT_ROOM = 4096,
};
static const char paste_begins[] = "\033[200~", paste_ends[] = "\033[201~";

typedef struct Bytes {
    char *s;
    size_t n, cap;
} Bytes;

struct Editor {
    EditLine *line;
    HistoryW *recalled;
    const Entries *history;
    EditorComplete complete;
    void *context;
    wchar_t prompt[PROMPT_ROOM];
    char input[INPUT_ROOM]; // keys that were read and not handed on
    size_t from, to;
    Bytes pasted;
    bool lines_above; // in the text that is typed
};

static Editor *editor_of(EditLine *line) {
    void *e = NULL;
    el_wget(line, EL_CLIENTDATA, &e);
    return e;
}

// ---- keys ---------------------------------------------------------------------------------------

static void tell_terminal(const char *sequence) {
    fputs(sequence, stdout);
    fflush(stdout);
}

static void expect_pastes(bool on) {
    tell_terminal(on ? "\033[?2004h" : "\033[?2004l");
}

static void follow_window(Editor *e) {
    if (interrupt_take_continued()) {
        el_wset(e->line, EL_PREP_TERM, 1);
        expect_pastes(true);
        el_wset(e->line, EL_REFRESH);
    }
    if (interrupt_take_resized()) {
        el_resize(e->line);
        el_wset(e->line, EL_REFRESH);
    }
}

// Reads what there is, waiting for it. 1; 0 at the end of the input or after [milliseconds]; -1
// when Ctrl-C came.
static int fill(Editor *e, int milliseconds) {
    if (e->from > 0) {
        memmove(e->input, e->input + e->from, e->to - e->from);
        e->to -= e->from;
        e->from = 0;
    }
    for (;;) {
        int ready = interrupt_wait(STDIN_FILENO, milliseconds);
        if (interrupt_came())
            return -1;
        follow_window(e);
        if (ready == 0)
            return 0;
        if (ready < 0)
            continue;
        ssize_t n = read(STDIN_FILENO, e->input + e->to, sizeof e->input - e->to);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return 0;
        e->to += (size_t)n;
        return 1;
    }
}

// Does the input begin with [sequence]? Waits a moment for its rest.
static bool begins_with(Editor *e, const char *sequence) {
    for (size_t len = strlen(sequence);;) {
        size_t n = e->to - e->from < len ? e->to - e->from : len;
        if (memcmp(e->input + e->from, sequence, n) != 0)
            return false;
        if (n == len)
            return true;
        if (fill(e, ESCAPE_WAIT) != 1)
            return false;
    }
}

static void put_byte(Bytes *b, char c) {
    if (b->n == b->cap) {
        size_t cap = b->cap ? 2 * b->cap : 256;
        char *s = cap <= PASTE_MAX ? realloc(b->s, cap) : NULL;
        if (!s)
            return;
        b->s = s;
        b->cap = cap;
    }
    b->s[b->n++] = c;
}

// Takes a pasted text up to its end. Lines end in a line feed alone, and a tab is a blank: to
// complete a word is no part of a paste.
static int take_paste(Editor *e) {
    e->pasted.n = 0;
    for (bool after_return = false;;) {
        if (e->from == e->to) {
            int filled = fill(e, -1);
            if (filled != 1)
                return filled;
        }
        if (e->input[e->from] == paste_ends[0] && begins_with(e, paste_ends)) {
            e->from += sizeof paste_ends - 1;
            return 1;
        }
        if (e->from == e->to)
            continue;
        char c = e->input[e->from++];
        bool control = (unsigned char)c < ' ' || c == 0x7f;
        if (c == '\r' || (c == '\n' && !after_return))
            put_byte(&e->pasted, '\n');
        else if (c == '\t')
            put_byte(&e->pasted, ' ');
        else if (!control)
            put_byte(&e->pasted, c);
        after_return = c == '\r';
    }
}

// The next character, as libedit asks for it: 1, 0 at the end, -1 when Ctrl-C came.
static int read_key(EditLine *line, wchar_t *out) {
    Editor *e = editor_of(line);
    for (;;) {
        if (e->from == e->to) {
            int filled = fill(e, -1);
            if (filled != 1)
                return filled;
        }
        if (e->input[e->from] == paste_begins[0] && begins_with(e, paste_begins)) {
            e->from += sizeof paste_begins - 1;
            *out = KEY_PASTED;
            return take_paste(e);
        }
        if (interrupt_came())
            return -1;
        mbstate_t state = {0};
        size_t n = mbrtowc(out, e->input + e->from, e->to - e->from, &state);
        if (n == (size_t)-2 && fill(e, ESCAPE_WAIT) == 1)
            continue;
        if (n == (size_t)-1 || n == (size_t)-2) { // no character of this encoding
            if (e->from < e->to)
                e->from++;
            continue;
        }
        e->from += n > 0 ? n : 1;
        // A Ctrl-D that was typed while lines were the terminal's comes as a zero.
        if (n == 0)
            *out = KEY_LEAVE;
        return 1;
    }
}

static unsigned char insert_pasted(EditLine *line, wint_t key) {
    (void)key;
    Editor *e = editor_of(line);
    while (e->pasted.n > 0 && e->pasted.s[e->pasted.n - 1] == '\n')
        e->pasted.n--;
    wchar_t *wide = calloc(e->pasted.n + 1, sizeof *wide);
    size_t n_wide = 0;
    mbstate_t state = {0};
    for (size_t i = 0; wide && i < e->pasted.n;) {
        size_t n = mbrtowc(&wide[n_wide], e->pasted.s + i, e->pasted.n - i, &state);
        bool read = n != (size_t)-1 && n != (size_t)-2 && n > 0;
        n_wide += read;
        i += read ? n : 1;
        if (!read)
            state = (mbstate_t){0};
    }
    if (wide)
        wide[n_wide] = L'\0';
    if (n_wide > 0)
        el_winsertstr(line, wide);
    free(wide);
    e->pasted.n = 0;
    return CC_REFRESH;
}

// ---- completion ---------------------------------------------------------------------------------

void candidates_add(Candidates *c, const char *s, size_t len) {
    for (size_t i = 0; i < c->n; i++)
        if (strlen(c->v[i]) == len && memcmp(c->v[i], s, len) == 0)
            return;
    char **v = realloc(c->v, (c->n + 1) * sizeof *v);
    if (!v)
        return;
    c->v = v;
    char *copy = strndup(s, len);
    if (copy)
        v[c->n++] = copy;
}

void candidates_free(Candidates *c) {
    for (size_t i = 0; i < c->n; i++)
        free(c->v[i]);
    free(c->v);
    *c = (Candidates){0};
}

// What stands before the cursor in its line, to be freed.
static char *text_before_cursor(EditLine *line, bool *first_line) {
    const LineInfoW *info = el_wline(line);
    const wchar_t *from = info->cursor;
    while (from > info->buffer && from[-1] != L'\n')
        from--;
    *first_line = from == info->buffer;
    size_t n = (size_t)(info->cursor - from);
    char *text = malloc(n * MB_CUR_MAX + 1);
    size_t len = 0;
    mbstate_t state = {0};
    for (size_t i = 0; text && i < n; i++) {
        size_t n_bytes = wcrtomb(text + len, from[i], &state);
        len += n_bytes == (size_t)-1 ? 0 : n_bytes;
    }
    if (text)
        text[len] = '\0';
    return text;
}

static size_t common_prefix(const Candidates *c) {
    size_t len = strlen(c->v[0]);
    for (size_t i = 1; i < c->n; i++) {
        size_t k = 0;
        while (k < len && c->v[i][k] == c->v[0][k])
            k++;
        len = k;
    }
    // Not within a character of several bytes.
    while (len > 0 && ((unsigned char)c->v[0][len] & 0xc0) == 0x80)
        len--;
    return len;
}

static void insert(EditLine *line, const char *s, size_t len) {
    char *text = strndup(s, len);
    if (text && len > 0)
        el_insertstr(line, text);
    free(text);
}

static int by_spelling(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

// Below the line, in as many columns as the window has room for.
static void list_candidates(const Candidates *c) {
    struct winsize window = {0};
    size_t widest = 0, width = 80;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0)
        width = window.ws_col;
    for (size_t i = 0; i < c->n; i++)
        widest = strlen(c->v[i]) > widest ? strlen(c->v[i]) : widest;
    size_t n_columns = width / (widest + 2) > 0 ? width / (widest + 2) : 1;
    size_t n_shown = c->n < n_columns * LIST_MAX_ROWS ? c->n : n_columns * LIST_MAX_ROWS;
    putchar('\n');
    for (size_t i = 0; i < n_shown; i++) {
        bool last = i + 1 == n_shown || (i + 1) % n_columns == 0;
        printf("%-*s%s", last ? 0 : (int)widest + 2, c->v[i], last ? "\n" : "");
    }
    if (n_shown < c->n)
        printf("and %zu more: type another letter\n", c->n - n_shown);
    fflush(stdout);
}

static unsigned char complete_word(EditLine *line, wint_t key) {
    (void)key;
    Editor *e = editor_of(line);
    Candidates c = {0};
    bool first_line;
    char *text = text_before_cursor(line, &first_line);
    if (text)
        e->complete(e->context, text, first_line && !e->lines_above, &c);
    unsigned char outcome = CC_REFRESH_BEEP;
    if (c.n > 0) {
        size_t len = common_prefix(&c);
        insert(line, c.v[0] + c.n_typed, len > c.n_typed ? len - c.n_typed : 0);
        outcome = CC_REFRESH;
        if (c.n == 1 && c.behind) {
            insert(line, &c.behind, 1);
        } else if (c.n > 1 && len <= c.n_typed) {
            qsort(c.v, c.n, sizeof *c.v, by_spelling);
            list_candidates(&c);
            outcome = CC_REDISPLAY;
        }
    }
    free(text);
    candidates_free(&c);
    return outcome;
}

// ---- the editor ---------------------------------------------------------------------------------

static wchar_t *prompt_of(EditLine *line) {
    return editor_of(line)->prompt;
}

static void bind_keys(EditLine *line) {
    static const char *const keys[][2] = {
        {"^I", "bs-complete"},        {"^]", "bs-paste"},
        {"^R", "em-inc-search-prev"}, {"\\e[H", "ed-move-to-beg"},
        {"\\e[F", "ed-move-to-end"},  {"\\e[1~", "ed-move-to-beg"},
        {"\\e[4~", "ed-move-to-end"}, {"\\e[3~", "ed-delete-next-char"},
        {"\\e[1;5C", "em-next-word"}, {"\\e[1;5D", "ed-prev-word"},
    };
    el_set(line, EL_EDITOR, "emacs");
    el_wset(line, EL_ADDFN, L"bs-complete", L"complete the word", complete_word);
    el_wset(line, EL_ADDFN, L"bs-paste", L"insert what was pasted", insert_pasted);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        el_set(line, EL_BIND, keys[i][0], keys[i][1], NULL);
}

Editor *editor_open(const Entries *history, EditorComplete complete, void *context) {
    // Without it no character beyond ASCII could be told from rubbish.
    if (MB_CUR_MAX == 1)
        return NULL;
    Editor *e = calloc(1, sizeof *e);
    if (!e)
        return NULL;
    *e = (Editor){.history = history, .complete = complete, .context = context};
    e->line = el_init("bandstand", stdin, stdout, stderr);
    e->recalled = history_winit();
    if (!e->line || !e->recalled) {
        editor_close(e);
        return NULL;
    }
    HistEventW event;
    history_w(e->recalled, &event, H_SETSIZE, HISTORY_MAX_ENTRIES);
    el_wset(e->line, EL_CLIENTDATA, e);
    el_wset(e->line, EL_PROMPT, prompt_of);
    el_wset(e->line, EL_HIST, history_w, e->recalled);
    el_wset(e->line, EL_GETCFN, read_key);
    bind_keys(e->line);
    el_source(e->line, NULL);
    editor_refresh_history(e);
    return e;
}

void editor_close(Editor *e) {
    if (!e)
        return;
    if (e->line)
        el_end(e->line);
    if (e->recalled)
        history_wend(e->recalled);
    free(e->pasted.s);
    free(e);
}

// Entries of another encoding are left out: libedit could not show them.
void editor_refresh_history(Editor *e) {
    HistEventW event;
    history_w(e->recalled, &event, H_CLEAR);
    for (size_t i = 0; i < e->history->n; i++) {
        const char *text = e->history->v[i];
        size_t n = mbstowcs(NULL, text, 0);
        wchar_t *wide = n == (size_t)-1 ? NULL : calloc(n + 1, sizeof *wide);
        if (wide && mbstowcs(wide, text, n + 1) == n)
            history_w(e->recalled, &event, H_ENTER, wide);
        free(wide);
    }
}

char *editor_read(Editor *e, const char *prompt, EditorEnd *end) {
    size_t n = 0;
    for (; prompt[n] && n + 1 < PROMPT_ROOM; n++)
        e->prompt[n] = (wchar_t)(unsigned char)prompt[n];
    e->prompt[n] = L'\0';
    e->lines_above = prompt[0] == ' ';
    // Before the prompt, so that no key that answers it is read in another way.
    el_wset(e->line, EL_PREP_TERM, 1);
    expect_pastes(true);
    int n_read = 0;
    const wchar_t *line = el_wgets(e->line, &n_read);
    bool interrupted = interrupt_came();
    expect_pastes(false);
    char *text = NULL;
    if (line && n_read > 0 && !interrupted) {
        size_t room = (size_t)n_read * MB_CUR_MAX + 1;
        text = malloc(room);
        size_t len = text ? wcstombs(text, line, room) : (size_t)-1;
        while (len != (size_t)-1 && len > 0 && text[len - 1] == '\n')
            text[--len] = '\0';
        if (len == (size_t)-1 && text)
            text[0] = '\0';
    }
    *end = text ? EDITOR_LINE : interrupted ? EDITOR_INTERRUPTED : EDITOR_LEFT;
    if (interrupted) {
        interrupt_clear();
        fputs("^C", stdout);
    }
    if (*end != EDITOR_LINE) {
        putchar('\n');
        fflush(stdout);
    }
    return text;
}
