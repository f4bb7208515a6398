// SPDX-License-Identifier: Apache-2.0
#include "repl/complete.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "repl/dots.h"

typedef struct Matching {
    Candidates *out;
    const char *typed; // what a candidate has to begin with
} Matching;

static bool consider(void *context, bs_text name, bs_text label) {
    (void)label;
    Matching *m = context;
    if (strncmp(name.s, m->typed, strlen(m->typed)) == 0)
        candidates_add(m->out, name.s, name.len);
    return true;
}

static void consider_names(Desk *d, Matching *m, bs_name_kind kind) {
    bool of_figures = kind == BS_NAME_ENTITY || kind == BS_NAME_PERIOD;
    if (d->has_data || !of_figures)
        bs_list_names(d->bs, kind, consider, m);
}

// ---- files --------------------------------------------------------------------------------------

static bool is_folder(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

// Files whose names begin as [typed] does, of rules alone or all. A folder ends in a slash, behind
// which its own files come next.
static void consider_files(Matching *m, bool rules_only) {
    const char *slash = strrchr(m->typed, '/');
    size_t n_folder = slash ? (size_t)(slash - m->typed) + 1 : 0;
    const char *start = m->typed + n_folder;
    char *folder = n_folder ? strndup(m->typed, n_folder) : strdup("./");
    DIR *dir = folder ? opendir(folder) : NULL;
    bool has_folder = false;
    for (struct dirent *e; dir && (e = readdir(dir));) {
        char *path = NULL;
        bool hidden = e->d_name[0] == '.' && start[0] != '.';
        if (hidden || strncmp(e->d_name, start, strlen(start)) != 0 ||
            asprintf(&path, "%.*s%s", (int)n_folder, m->typed, e->d_name) < 0)
            continue;
        size_t len = strlen(path);
        char *as_folder = NULL;
        if (is_folder(path) && asprintf(&as_folder, "%s/", path) >= 0) {
            candidates_add(m->out, as_folder, len + 1);
            has_folder = true;
        } else if (!rules_only || (len > 4 && strcmp(path + len - 4, ".rag") == 0)) {
            candidates_add(m->out, path, len);
        }
        free(as_folder);
        free(path);
    }
    if (dir)
        closedir(dir);
    free(folder);
    if (has_folder && m->out->n == 1)
        m->out->behind = '\0';
}

// ---- dot commands -------------------------------------------------------------------------------

static void consider_commands(Matching *m) {
    for (size_t i = 0; i < dots_count(); i++) {
        const char *name = dots_at(i)->name;
        consider(m, (bs_text){name, strlen(name)}, (bs_text){"", 0});
    }
}

static void consider_take(Desk *d, Matching *m, Take take) {
    switch (take) {
    case TAKE_NOTHING:
    case TAKE_SETTING:
        return;
    case TAKE_COMMAND:
        consider_commands(m);
        return;
    case TAKE_RULES:
    case TAKE_FILE:
        consider_files(m, false);
        return;
    case TAKE_KPI:
        consider_names(d, m, BS_NAME_KPI);
        consider_names(d, m, BS_NAME_GROUP);
        return;
    case TAKE_ENTITY:
        consider_names(d, m, BS_NAME_ENTITY);
        return;
    case TAKE_PERIOD:
        consider_names(d, m, BS_NAME_PERIOD);
        return;
    case TAKE_METRIC:
        consider_names(d, m, BS_NAME_METRIC);
        return;
    case TAKE_LEVEL:
        consider_names(d, m, BS_NAME_LEVEL);
        return;
    case TAKE_SETTABLE:
        consider_names(d, m, BS_NAME_METRIC);
        consider_names(d, m, BS_NAME_KPI);
        m->out->behind = '=';
        return;
    case TAKE_EXPRESSION:
        consider_names(d, m, BS_NAME_METRIC);
        consider_names(d, m, BS_NAME_CONSTANT);
        return;
    }
}

// The operand before the cursor: entities may have blanks in their names, so from where an operand
// begins everything counts, until that matches nothing.
static void complete_dot(Desk *d, const char *line, Candidates *out) {
    const char *end = strpbrk(line, " \t");
    if (!end) {
        out->n_typed = strlen(line) - 1;
        consider_commands(&(Matching){out, line + 1});
        return;
    }
    char *name = strndup(line + 1, (size_t)(end - line) - 1);
    const Dot *dot = name ? dots_find(name) : NULL;
    free(name);
    if (!dot)
        return;
    size_t i = 0;
    for (const char *at = end; dot && *at;) {
        at += strspn(at, " \t");
        Take take = dot->takes[i < dot->n_takes ? i : dot->n_takes - 1];
        const char *typed = at + (*at == '"');
        out->behind = *at == '"' ? '"' : ' ';
        bool rest = take == TAKE_ENTITY || *at == '"';
        size_t len = rest ? strlen(at) : strcspn(at, " \t");
        bool last = at[len] == '\0';
        if (last) {
            out->n_typed = strlen(typed);
            for (size_t k = i; k < dot->n_takes && out->n == 0; k++)
                consider_take(d, &(Matching){out, typed}, dot->takes[k]);
            if (i >= dot->n_takes)
                consider_take(d, &(Matching){out, typed}, take);
            if (out->n > 0 || !rest)
                return;
            len = strcspn(at, " \t");
        }
        at += len;
        i++;
    }
}

// ---- the language -------------------------------------------------------------------------------

static bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static bool ends_with_word(const char *line, size_t len, const char *word) {
    while (len > 0 && (line[len - 1] == ' ' || line[len - 1] == '\t'))
        len--;
    size_t n = strlen(word);
    return len >= n && memcmp(line + len - n, word, n) == 0 &&
           (len == n || !is_name_char(line[len - n - 1]));
}

// Behind which word which names stand.
static const struct {
    const char *word;
    bs_name_kind kinds[3];
    size_t n_kinds;
} behind[] = {
    {"is", {BS_NAME_LEVEL, BS_NAME_METRIC}, 2},
    {"not", {BS_NAME_LEVEL, BS_NAME_METRIC}, 2},
    {"like", {BS_NAME_PATTERN}, 1},
    {"from", {BS_NAME_KPI, BS_NAME_BANDS}, 2},
    {"examples", {BS_NAME_KPI}, 1},
    {"override", {BS_NAME_KPI}, 1},
    {"member", {BS_NAME_KPI, BS_NAME_GROUP}, 2},
    {"bands", {BS_NAME_SCALE}, 1},
    {"status", {BS_NAME_SCALE}, 1},
    {"kpi", {BS_NAME_KPI}, 1},
    {"pattern", {BS_NAME_PATTERN}, 1},
    {"metric", {BS_NAME_METRIC}, 1},
};

// Within quotation marks: a rule file behind `use`, else an entity.
static bool complete_quoted(Desk *d, const char *line, Candidates *out) {
    const char *open = NULL;
    for (const char *c = line; *c; c++)
        if (*c == '"')
            open = open ? NULL : c;
    if (!open)
        return false;
    Matching m = {out, open + 1};
    out->n_typed = strlen(open + 1);
    out->behind = '"';
    if (ends_with_word(line, (size_t)(open - line), "use"))
        consider_files(&m, true);
    else
        consider_names(d, &m, BS_NAME_ENTITY);
    return true;
}

static void complete_word(Desk *d, const char *line, bool first_line, Candidates *out) {
    size_t from = strlen(line);
    while (from > 0 && is_name_char(line[from - 1]))
        from--;
    Matching m = {out, line + from};
    out->n_typed = strlen(line + from);
    out->behind = ' ';
    bool starts_line = strspn(line, " \t") >= from;
    for (size_t i = 0; !starts_line && i < sizeof behind / sizeof *behind; i++) {
        if (!ends_with_word(line, from, behind[i].word))
            continue;
        for (size_t k = 0; k < behind[i].n_kinds; k++)
            consider_names(d, &m, behind[i].kinds[k]);
        return;
    }
    consider_names(d, &m, starts_line ? BS_NAME_LINE_WORD : BS_NAME_WORD);
    if (starts_line && !first_line)
        consider_names(d, &m, BS_NAME_LEVEL);
    if (!starts_line || first_line) {
        consider_names(d, &m, BS_NAME_METRIC);
        consider_names(d, &m, BS_NAME_CONSTANT);
        consider_names(d, &m, BS_NAME_KPI);
        consider_names(d, &m, BS_NAME_GROUP);
    }
}

void complete_line(void *desk, const char *line, bool first_line, Candidates *out) {
    Desk *d = desk;
    if (first_line && line[0] == '.')
        complete_dot(d, line, out);
    else if (!complete_quoted(d, line, out))
        complete_word(d, line, first_line, out);
}
