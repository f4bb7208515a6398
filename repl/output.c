// SPDX-License-Identifier: Apache-2.0
#include "repl/output.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <libgen.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WIDTH_MAX = 10000, LINK_ATTEMPTS = 100, NEW_FILE_MODE = 0666 };

static bool write_out(void *context, const char *s, size_t len) {
    Output *out = context;
    if (fwrite(s, 1, len, out->file) == len)
        return true;
    out->failure = errno;
    return false;
}

static bool say_cannot_write(const Output *out, int error) {
    if (out->name)
        fprintf(stderr, "bandstand: cannot write \"%s\": %s\n", out->name, strerror(error));
    else
        fprintf(stderr, "bandstand: cannot write the results: %s\n", strerror(error));
    return false;
}

// The folder of [path], to be freed.
static char *folder_of(const char *path) {
    char *copy = strdup(path);
    char *folder = copy ? strdup(dirname(copy)) : NULL;
    free(copy);
    return folder;
}

// Follows links, so that the file they lead to is replaced and not the link.
static char *resolve(const char *name) {
    char *path = realpath(name, NULL);
    return path ? path : strdup(name);
}

// A file of no name where the system has such files: it cannot stay behind, whatever happens.
static int open_temporary(Output *out) {
    char *folder = folder_of(out->path);
    int fd = folder ? open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, NEW_FILE_MODE) : -1;
    free(folder);
    out->nameless = fd >= 0;
    if (fd >= 0)
        return fd;
    snprintf(out->temporary, strlen(out->path) + sizeof ".XXXXXX", "%s.XXXXXX", out->path);
    fd = mkostemp(out->temporary, O_CLOEXEC);
    if (fd < 0) {
        out->temporary[0] = '\0';
        return fd;
    }
    mode_t mask = umask(0);
    umask(mask);
    fchmod(fd, NEW_FILE_MODE & ~mask);
    return fd;
}

bool output_open(Output *out, const char *name) {
    *out = (Output){.file = stdout, .name = name};
    out->sink = (bs_sink){.write = write_out, .context = out};
    if (!name)
        return true;
    struct stat info;
    bool exists = stat(name, &info) == 0;
    if (exists && !S_ISREG(info.st_mode)) {
        // A device or a pipe is written to; there is nothing that could be replaced.
        out->file = fopen(name, "we");
        return out->file || say_cannot_write(out, errno);
    }
    out->path = resolve(name);
    out->temporary = out->path ? calloc(1, strlen(out->path) + sizeof ".XXXXXX") : NULL;
    int fd = out->temporary ? open_temporary(out) : -1;
    out->file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!out->file) {
        int error = errno;
        if (fd >= 0)
            close(fd);
        say_cannot_write(out, error);
        output_close(out);
        return false;
    }
    if (exists)
        fchmod(fd, info.st_mode & 07777);
    return true;
}

bool output_can_replace(const char *name) {
    struct stat info;
    if (stat(name, &info) == 0 && !S_ISREG(info.st_mode)) {
        fprintf(stderr, "bandstand: \"%s\" is no ordinary file and is left as it is\n", name);
        return false;
    }
    if (access(name, W_OK) == 0)
        return true;
    fprintf(stderr, "bandstand: cannot write \"%s\": %s\n", name, strerror(errno));
    return false;
}

// Gives a nameless file a name beside its place, which rename then replaces.
static bool name_temporary(Output *out) {
    char self[64];
    snprintf(self, sizeof self, "/proc/self/fd/%d", fileno(out->file));
    size_t size = strlen(out->path) + sizeof ".XXXXXX";
    for (int attempt = 0; attempt < LINK_ATTEMPTS; attempt++) {
        snprintf(out->temporary, size, "%s.%06d", out->path, (int)((getpid() + attempt) % 1000000));
        if (linkat(AT_FDCWD, self, AT_FDCWD, out->temporary, AT_SYMLINK_FOLLOW) == 0)
            return true;
        out->temporary[0] = '\0';
        if (errno != EEXIST)
            return false;
    }
    return false;
}

// The name must reach the disk as the bytes did; a file system that cannot say so is left alone.
static void sync_folder(const char *path) {
    char *folder = folder_of(path);
    int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    free(folder);
}

bool output_keep(Output *out) {
    if (out->failure == 0 && fflush(out->file) != 0)
        out->failure = errno;
    if (out->failure == 0 && out->path) {
        bool placed = fsync(fileno(out->file)) == 0 && (!out->nameless || name_temporary(out)) &&
                      rename(out->temporary, out->path) == 0;
        if (!placed)
            out->failure = errno;
        else
            out->temporary[0] = '\0';
    }
    if (out->failure != 0)
        return say_cannot_write(out, out->failure);
    if (out->path)
        sync_folder(out->path);
    return true;
}

void output_close(Output *out) {
    if (out->file && out->file != stdout)
        fclose(out->file);
    if (out->temporary && out->temporary[0])
        unlink(out->temporary);
    free(out->temporary);
    free(out->path);
    *out = (Output){0};
}

bool output_colour_valid(const char *when) {
    if (!when || strcmp(when, "auto") == 0 || strcmp(when, "always") == 0 ||
        strcmp(when, "never") == 0)
        return true;
    fprintf(stderr, "bandstand: --colour is auto, always or never, not \"%s\"\n", when);
    return false;
}

bool output_colour(const char *when, FILE *file) {
    if (when && strcmp(when, "auto") != 0)
        return strcmp(when, "always") == 0;
    const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
    bool dumb = term && strcmp(term, "dumb") == 0;
    return !(no_colour && no_colour[0]) && !dumb && isatty(fileno(file));
}

bool output_is_utf8(void) {
    setlocale(LC_CTYPE, "");
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

unsigned output_width(FILE *file) {
    const char *columns = getenv("COLUMNS");
    char *end = NULL;
    unsigned long width = columns ? strtoul(columns, &end, 10) : 0;
    if (width > 0 && *end == '\0')
        return width < WIDTH_MAX ? (unsigned)width : WIDTH_MAX;
    struct winsize window = {0};
    if (isatty(fileno(file)) && ioctl(fileno(file), TIOCGWINSZ, &window) == 0)
        return window.ws_col;
    return 0;
}
