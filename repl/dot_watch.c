// SPDX-License-Identifier: Apache-2.0
// Dot commands with an editor beside the prompt: .watch .edit
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "repl/dots.h"
#include "repl/interrupt.h"

enum { LOOK_EVERY = 200 }; // milliseconds

// ---- .watch -------------------------------------------------------------------------------------

typedef struct Stamps {
    unsigned long long sum; // of all files' times and sizes
    size_t n;
} Stamps;

static bool stamp(void *context, bs_text name, bs_text label) {
    (void)label;
    Stamps *s = context;
    struct stat info;
    if (stat(name.s, &info) != 0 || !S_ISREG(info.st_mode))
        return true;
    s->n++;
    s->sum = s->sum * 1000003 + (unsigned long long)info.st_mtim.tv_sec * 1000000007 +
             (unsigned long long)info.st_mtim.tv_nsec + (unsigned long long)info.st_size * 31 +
             (unsigned long long)info.st_ino;
    return true;
}

static Stamps stamp_all(Desk *d) {
    Stamps s = {0};
    bs_list_names(d->bs, BS_NAME_FILE, stamp, &s);
    return s;
}

static void reload(Desk *d) {
    Setup next;
    if (setup_copy(&next, &d->setup))
        desk_adopt(d, &next, ADOPT_AGAIN);
    screen_end(&d->screen);
    screen_begin(&d->screen);
}

bool dot_watch(Desk *d, const Words *words) {
    (void)words;
    Stamps known = stamp_all(d), seen = known;
    if (known.n == 0)
        return desk_complain("no files are loaded: write .load RULES DATA");
    screen_put(&d->screen, "watching %zu file%s; Ctrl-C ends it\n", known.n,
               known.n == 1 ? "" : "s");
    screen_end(&d->screen);
    bool paging = d->screen.paging;
    d->screen.paging = false;
    screen_begin(&d->screen);
    while (!interrupt_came()) {
        poll(NULL, 0, LOOK_EVERY);
        Stamps now = stamp_all(d);
        bool still = now.sum == seen.sum; // so that a file that is being written is left alone
        seen = now;
        if (!still || now.sum == known.sum || now.n == 0)
            continue;
        reload(d);
        // What was saved during that is seen the next time, unless other files are read now.
        Stamps after = stamp_all(d);
        known = seen = after.n == now.n ? now : after;
    }
    d->screen.paging = paging;
    interrupt_clear();
    return true;
}

// ---- .edit --------------------------------------------------------------------------------------

// Behind what is there: a metric and a KPI may share the name.
static bool take_text(void *context, const bs_source *s) {
    char **text = context, *longer = NULL;
    if (asprintf(&longer, "%s%s%.*s\n", *text ? *text : "", *text ? "\n" : "", (int)s->text.len,
                 s->text.s) < 0)
        return false;
    free(*text);
    *text = longer;
    return true;
}

// What is to be edited: a declaration, or all that was typed. To be freed.
static char *text_to_edit(Desk *d, const Words *words) {
    char *text = NULL;
    if (words->n == 0)
        return setup_typed_text(&d->setup);
    bs_find_sources(d->bs, words->v[0], take_text, &text);
    return text;
}

static char *read_text(const char *path) {
    FILE *f = fopen(path, "re");
    char *text = NULL;
    size_t size = 0;
    ssize_t len = f ? getdelim(&text, &size, '\0', f) : -1;
    if (f)
        fclose(f);
    if (len >= 0)
        return text;
    free(text);
    return strdup("");
}

static bool write_text(int fd, const char *text) {
    size_t len = strlen(text);
    FILE *f = fdopen(fd, "w");
    bool ok = f && fwrite(text, 1, len, f) == len &&
              (len == 0 || text[len - 1] == '\n' || putc('\n', f) != EOF);
    if (f)
        return fclose(f) == 0 && ok;
    close(fd);
    return false;
}

static bool run_editor(const char *path) {
    const char *visual = getenv("VISUAL"), *editor = getenv("EDITOR");
    const char *command = visual && visual[0] ? visual : editor && editor[0] ? editor : "vi";
    char *line = NULL;
    if (asprintf(&line, "%s '%s'", command, path) < 0)
        return desk_complain("bandstand: memory ran out");
    fflush(stdout);
    int status = system(line);
    free(line);
    return status == 0 || desk_complain("`%s` did not end well; nothing was taken", command);
}

static bool edit_file(Desk *d, const char *path, int fd, const char *text) {
    if (!write_text(fd, text))
        return desk_complain("bandstand: cannot write \"%s\": %s", path, strerror(errno));
    if (!run_editor(path))
        return false;
    char *edited = read_text(path);
    bool ok = edited && (strspn(edited, " \t\r\n") == strlen(edited) ||
                         desk_declare(d, edited, strlen(edited)));
    if (!edited)
        desk_complain("bandstand: memory ran out");
    free(edited);
    return ok;
}

bool dot_edit(Desk *d, const Words *words) {
    static const bs_name_kind kinds[] = {BS_NAME_KPI,      BS_NAME_GROUP,   BS_NAME_METRIC,
                                         BS_NAME_CONSTANT, BS_NAME_PATTERN, BS_NAME_BANDS};
    char *text = text_to_edit(d, words);
    if (!text)
        return desk_say_unknown(d, "declaration of", kinds, sizeof kinds / sizeof *kinds,
                                words->n > 0 ? words->v[0] : "");
    const char *folder = getenv("TMPDIR");
    char *path = NULL;
    int fd = -1;
    if (asprintf(&path, "%s/bandstand_XXXXXX.rag", folder && folder[0] ? folder : "/tmp") >= 0)
        fd = mkostemps(path, (int)strlen(".rag"), O_CLOEXEC);
    else
        path = NULL;
    bool ok = fd >= 0
                  ? edit_file(d, path, fd, text)
                  : desk_complain("bandstand: no file to edit can be made: %s", strerror(errno));
    if (fd >= 0)
        unlink(path);
    free(path);
    free(text);
    return ok;
}
