// SPDX-License-Identifier: Apache-2.0
#include "repl/setup.h"

#include <stdlib.h>
#include <string.h>

bool texts_add(TextList *list, const char *text) {
    char **v = realloc(list->v, (list->n + 1) * sizeof *v);
    if (!v)
        return false;
    list->v = v;
    v[list->n] = strdup(text);
    return v[list->n] && ++list->n;
}

void texts_clear(TextList *list) {
    for (size_t i = 0; i < list->n; i++)
        free(list->v[i]);
    free(list->v);
    *list = (TextList){0};
}

static bool copy_texts(TextList *to, const TextList *from) {
    for (size_t i = 0; i < from->n; i++)
        if (!texts_add(to, from->v[i]))
            return false;
    return true;
}

// ---- what was typed -----------------------------------------------------------------------------

static void free_rule(TypedRule *r) {
    free(r->word);
    free(r->name);
    free(r->text);
}

static bool add_rule(Setup *s, bs_text word, bs_text name, bs_text text) {
    TypedRule *typed = realloc(s->typed, (s->n_typed + 1) * sizeof *typed);
    if (!typed)
        return false;
    s->typed = typed;
    TypedRule *r = &typed[s->n_typed];
    *r = (TypedRule){strndup(word.s, word.len), strndup(name.s, name.len),
                     strndup(text.s, text.len)};
    if (r->word && r->name && r->text) {
        s->n_typed++;
        return true;
    }
    free_rule(r);
    return false;
}

static bool has_text(const char *s, bs_text text) {
    return strlen(s) == text.len && memcmp(s, text.s, text.len) == 0;
}

// A later declaration takes the place of one with its name, or of the very same line.
static bool takes_place_of(const bs_declaration *d, const TypedRule *r) {
    return has_text(r->word, d->word) &&
           (d->name.len > 0 ? has_text(r->name, d->name) : has_text(r->text, d->text));
}

static bool make_room(void *context, const bs_declaration *d) {
    Setup *s = context;
    for (size_t i = 0; i < s->n_typed; i++) {
        if (!takes_place_of(d, &s->typed[i]))
            continue;
        free_rule(&s->typed[i]);
        memmove(&s->typed[i], &s->typed[i + 1], (s->n_typed - i - 1) * sizeof *s->typed);
        s->n_typed--;
        break;
    }
    return true;
}

bool setup_enter(Setup *s, const char *text, size_t len) {
    s->entry = text;
    s->entry_len = len;
    return bs_list_declarations(text, len, make_room, s) != BS_NO_MEMORY;
}

static bool keep(void *context, const bs_declaration *d) {
    return make_room(context, d) && add_rule(context, d->word, d->name, d->text);
}

bool setup_keep_entry(Setup *s) {
    const char *text = s->entry;
    s->entry = NULL;
    return !text || bs_list_declarations(text, s->entry_len, keep, s) == BS_OK;
}

char *setup_typed_text(const Setup *s) {
    size_t room = 1;
    for (size_t i = 0; i < s->n_typed; i++)
        room += strlen(s->typed[i].text) + 1;
    char *text = malloc(room), *to = text;
    for (size_t i = 0; text && i < s->n_typed; i++) {
        to = stpcpy(to, s->typed[i].text);
        to = stpcpy(to, "\n");
    }
    if (text)
        *to = '\0';
    return text;
}

// ---- what was set by hand -----------------------------------------------------------------------

static void free_set(SetFigure *f) {
    free(f->text);
    free(f->entity);
    free(f->period);
}

static bool same_text(const char *a, const char *b) {
    return a && b ? strcmp(a, b) == 0 : a == b;
}

// Do both give the same name a number?
static bool same_name(const char *a, const char *b) {
    size_t n = strcspn(a, "=");
    return n == strcspn(b, "=") && strncmp(a, b, n) == 0;
}

static bool copy_text(char **to, const char *from) {
    *to = from ? strdup(from) : NULL;
    return !from || *to;
}

bool setup_set(Setup *s, const char *text, const char *entity, const char *period) {
    for (size_t i = 0; i < s->n_set; i++) {
        SetFigure *f = &s->set[i];
        if (!same_name(f->text, text) || !same_text(f->entity, entity) ||
            !same_text(f->period, period))
            continue;
        free_set(f);
        memmove(f, f + 1, (s->n_set - i - 1) * sizeof *f);
        s->n_set--;
        break;
    }
    SetFigure *set = realloc(s->set, (s->n_set + 1) * sizeof *set);
    if (!set)
        return false;
    s->set = set;
    SetFigure *f = &set[s->n_set++];
    *f = (SetFigure){0};
    return copy_text(&f->text, text) && copy_text(&f->entity, entity) &&
           copy_text(&f->period, period);
}

bool setup_set_threshold(Setup *s, const char *text) {
    for (size_t i = 0; i < s->thresholds.n; i++) {
        if (!same_name(s->thresholds.v[i], text))
            continue;
        char *copy = strdup(text);
        if (copy) {
            free(s->thresholds.v[i]);
            s->thresholds.v[i] = copy;
        }
        return copy;
    }
    return texts_add(&s->thresholds, text);
}

static void clear_set(Setup *s) {
    for (size_t i = 0; i < s->n_set; i++)
        free_set(&s->set[i]);
    free(s->set);
    s->set = NULL;
    s->n_set = 0;
}

bool setup_reset(Setup *s) {
    bool any = s->n_set > 0 || s->thresholds.n > 0;
    clear_set(s);
    texts_clear(&s->thresholds);
    return any;
}

// ---- all of it ----------------------------------------------------------------------------------

static bs_text text_of(const char *s) {
    return (bs_text){s, strlen(s)};
}

bool setup_copy(Setup *to, const Setup *from) {
    *to = (Setup){0};
    bool ok = copy_texts(&to->rules, &from->rules) &&
              copy_texts(&to->overrides, &from->overrides) && copy_texts(&to->data, &from->data) &&
              copy_texts(&to->thresholds, &from->thresholds);
    for (size_t i = 0; ok && i < from->n_set; i++)
        ok = setup_set(to, from->set[i].text, from->set[i].entity, from->set[i].period);
    for (size_t i = 0; ok && i < from->n_typed; i++)
        ok = add_rule(to, text_of(from->typed[i].word), text_of(from->typed[i].name),
                      text_of(from->typed[i].text));
    if (!ok)
        setup_free(to);
    return ok;
}

void setup_free(Setup *s) {
    setup_reset(s);
    texts_clear(&s->rules);
    texts_clear(&s->overrides);
    texts_clear(&s->data);
    for (size_t i = 0; i < s->n_typed; i++)
        free_rule(&s->typed[i]);
    free(s->typed);
    *s = (Setup){0};
}
