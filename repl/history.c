// SPDX-License-Identifier: Apache-2.0
#include "repl/history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER_MODE = 0700, FILE_MODE = 0600 };

// ---- the list -----------------------------------------------------------------------------------

static void forget(Entries *h, size_t i) {
    free(h->v[i]);
    memmove(&h->v[i], &h->v[i + 1], (h->n - i - 1) * sizeof *h->v);
    h->n--;
}

// An entry that was typed before moves to the end.
static bool put_last(Entries *h, const char *text) {
    for (size_t i = 0; i < h->n; i++) {
        if (strcmp(h->v[i], text) == 0) {
            forget(h, i);
            break;
        }
    }
    if (h->n == HISTORY_MAX_ENTRIES)
        forget(h, 0);
    char **v = realloc(h->v, (h->n + 1) * sizeof *v);
    char *copy = v ? strdup(text) : NULL;
    if (v)
        h->v = v;
    if (copy)
        h->v[h->n++] = copy;
    return copy;
}

static void forget_all(Entries *h) {
    while (h->n > 0)
        free(h->v[--h->n]);
    free(h->v);
    h->v = NULL;
}

// ---- the file -----------------------------------------------------------------------------------

// A line for each entry, in which a line's end is `\n` and a backslash `\\`.
static void put_escaped(FILE *f, const char *text) {
    for (; *text; text++) {
        if (*text == '\n')
            fputs("\\n", f);
        else if (*text == '\\')
            fputs("\\\\", f);
        else
            putc(*text, f);
    }
    putc('\n', f);
}

static void unescape(char *line) {
    char *to = line;
    for (const char *from = line; *from; from++) {
        if (*from == '\\' && from[1] == 'n')
            *to++ = '\n', from++;
        else if (*from == '\\' && from[1] == '\\')
            *to++ = '\\', from++;
        else
            *to++ = *from;
    }
    *to = '\0';
}

static void read_file(Entries *h, const char *path) {
    FILE *f = fopen(path, "re");
    char *line = NULL;
    size_t size = 0;
    for (ssize_t len; f && (len = getline(&line, &size, f)) > 0;) {
        if (line[len - 1] == '\n')
            line[--len] = '\0';
        if (len == 0 || len > HISTORY_MAX_BYTES || memchr(line, '\0', (size_t)len))
            continue;
        unescape(line);
        put_last(h, line);
    }
    free(line);
    if (f)
        fclose(f);
}

static bool write_file(const Entries *h, const char *path) {
    size_t size = strlen(path) + sizeof ".XXXXXX";
    char *temporary = malloc(size);
    if (!temporary)
        return false;
    snprintf(temporary, size, "%s.XXXXXX", path);
    int fd = mkostemp(temporary, O_CLOEXEC); // with the mode 0600
    FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;
    bool ok = f && fchmod(fd, FILE_MODE) == 0;
    for (size_t i = 0; ok && i < h->n; i++)
        put_escaped(f, h->v[i]);
    ok = f && fclose(f) == 0 && ok;
    ok = ok && rename(temporary, path) == 0;
    int error = errno;
    if (fd >= 0 && !ok)
        unlink(temporary);
    free(temporary);
    errno = error;
    return ok;
}

// What other sessions have added meanwhile stays: the file is read again under a lock.
static bool add_to_file(const Entries *h, const char *text) {
    int lock = open(h->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock < 0 || flock(lock, LOCK_EX) != 0) {
        if (lock >= 0)
            close(lock);
        return false;
    }
    Entries all = {0};
    read_file(&all, h->path);
    bool ok = put_last(&all, text) && write_file(&all, h->path);
    int error = errno;
    forget_all(&all);
    close(lock);
    errno = error;
    return ok;
}

// Makes [path] and the folders that lead to it.
static bool make_folders(char *path) {
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool made = mkdir(path, FOLDER_MODE) == 0 || errno == EEXIST;
        *slash = '/';
        if (!made)
            return false;
    }
    return mkdir(path, FOLDER_MODE) == 0 || errno == EEXIST;
}

static char *join(const char *a, const char *b) {
    char *path = NULL;
    return asprintf(&path, "%s/%s", a, b) >= 0 ? path : NULL;
}

// A relative XDG_STATE_HOME is none, says the standard.
static char *find_folder(void) {
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (state && state[0] == '/')
        return join(state, "bandstand");
    return home && home[0] == '/' ? join(home, ".local/state/bandstand") : NULL;
}

void history_open(Entries *h) {
    *h = (Entries){.folder = find_folder()};
    if (!h->folder)
        return;
    h->path = join(h->folder, "history");
    if (h->path)
        read_file(h, h->path);
}

bool history_add(Entries *h, const char *text) {
    if (strlen(text) > HISTORY_MAX_BYTES)
        return true;
    bool ok = put_last(h, text);
    if (ok && h->path)
        ok = make_folders(h->folder) && add_to_file(h, text);
    return ok;
}

void history_close(Entries *h) {
    forget_all(h);
    free(h->folder);
    free(h->path);
    *h = (Entries){0};
}
