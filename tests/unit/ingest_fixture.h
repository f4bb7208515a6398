// SPDX-License-Identifier: Apache-2.0
// What the tests of reading metric files share: a small program, files in a temporary folder, and
// ways to look at the findings and the store.
#ifndef BS_TESTS_INGEST_FIXTURE_H
#define BS_TESTS_INGEST_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/edges/ingest.h"

// A small program: two metrics, and the fields value, numerator and note.
enum { REFERRALS, RATE, N_METRICS };
enum { NUMERATOR = 1, NOTE, N_FIELDS };

typedef struct Fixture {
    Arena arena;
    DiagList d;
    Program program;
    Metric metrics[N_METRICS];
    Str fields[N_FIELDS];
    bool field_is_text[N_FIELDS];
    Input inputs[3];
    Store store;
    Ingest in;
} Fixture;

static char folder_name[] = "/tmp/ingest_test_XXXXXX";

static inline int make_folder(void **state) {
    (void)state;
    return mkdtemp(folder_name) ? 0 : -1;
}

static inline int remove_folder(void **state) {
    (void)state;
    return rmdir(folder_name);
}

static inline void begin(Fixture *f) {
    *f = (Fixture){0};
    arena_init(&f->arena, 0);
    diag_init(&f->d, &f->arena);
    assert_int_equal(diag_file(&f->d, STR("rules.rag"), STR("")), 0);
    f->metrics[REFERRALS] = (Metric){.name = STR("referrals"),
                                     .label = STR("Referrals"),
                                     .unit = {.kind = UNIT_COUNT},
                                     .column = STR("referral_count"),
                                     .id = STR("2.0"),
                                     .place = {.line = 11}};
    f->metrics[RATE] = (Metric){.name = STR("rate"),
                                .label = STR("Rate"),
                                .unit = {.kind = UNIT_PERCENT},
                                .place = {.line = 12}};
    f->fields[FIELD_VALUE] = STR("value");
    f->fields[NUMERATOR] = STR("numerator");
    f->fields[NOTE] = STR("note");
    f->field_is_text[NOTE] = true;
    f->program = (Program){
        .arena = &f->arena,
        .metrics = f->metrics,
        .n_metrics = N_METRICS,
        .fields = f->fields,
        .field_is_text = f->field_is_text,
        .n_fields = N_FIELDS,
        .inputs = f->inputs,
    };
}

static inline Input *add_input(Fixture *f, const char *name, Layout layout) {
    Input *input = &f->inputs[f->program.n_inputs++];
    *input = (Input){
        .name = str_from(name),
        .layout = layout,
        .entity_column = STR("area"),
        .period_column = STR("month"),
    };
    if (layout != LAYOUT_WIDE) {
        input->metric_column = STR("measure");
        input->value_column = layout == LAYOUT_LONG ? STR("figure") : STR("current");
    }
    if (layout == LAYOUT_SNAPSHOT) {
        input->previous_column = STR("previous");
    }
    return input;
}

static inline void start(Fixture *f) {
    assert_true(store_init(&f->store, &f->arena, N_METRICS, N_FIELDS));
    assert_true(ingest_begin(&f->in, &f->program, &f->store, &f->d));
}

// Writes [text] to a file of this name and reads it. [prefix] is "" or "INPUT=".
static inline bool ingest_as(Fixture *f, const char *prefix, const char *name, const char *text) {
    char path[128], argument[192];
    snprintf(path, sizeof path, "%s/%s", folder_name, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    snprintf(argument, sizeof argument, "%s%s", prefix, path);
    bool ok = ingest_file(&f->in, str_from(argument));
    assert_int_equal(unlink(path), 0);
    return ok;
}

static inline bool ingest(Fixture *f, const char *text) {
    return ingest_as(f, "", "a.csv", text);
}

static inline void finish(Fixture *f) {
    ingest_free(&f->in);
    arena_free(&f->arena);
}

static inline size_t count(const Fixture *f, DiagCode code) {
    size_t n = 0;
    for (size_t i = 0; i < f->d.diags.n; i++) {
        n += f->d.diags.v[i].code == code;
    }
    return n;
}

static inline const Diag *find(const Fixture *f, DiagCode code) {
    for (size_t i = 0; i < f->d.diags.n; i++) {
        if (f->d.diags.v[i].code == code) {
            return &f->d.diags.v[i];
        }
    }
    fail_msg("no finding %s", diag_code_text(code));
    return NULL;
}

static inline void assert_contains(Str text, const char *part) {
    if (text.len == 0 || !memmem(text.s, text.len, part, strlen(part))) {
        fail_msg("\"%.*s\" lacks \"%s\"", STR_ARG(text), part);
    }
}

static inline void assert_clean(const Fixture *f) {
    for (size_t i = 0; i < f->d.diags.n; i++) {
        print_error("%.*s\n", STR_ARG(f->d.diags.v[i].message));
    }
    assert_int_equal(f->d.diags.n, 0);
}

static inline uint32_t observed(const Fixture *f, uint32_t metric, const char *entity,
                                const char *period) {
    Period p = {0, PERIOD_NONE};
    assert_true(period[0] == '\0' || period_parse(str_from(period), &p));
    uint32_t id = intern_find(&f->store.entities, str_from(entity));
    return id == INTERN_NONE ? OBS_NONE : store_find(&f->store, metric, id, p);
}

// The figure of a field in tenths; it must be known.
static inline int64_t tenths(const Fixture *f, uint32_t obs, uint32_t field) {
    assert_int_not_equal(obs, OBS_NONE);
    Why why;
    Number n = store_figure(&f->store, obs, field, &why);
    assert_int_equal(why, 0);
    assert_true(n.den > 0 && n.num * 10 % n.den == 0);
    return n.num * 10 / n.den;
}

static inline Why why_of(const Fixture *f, uint32_t obs, uint32_t field) {
    assert_int_not_equal(obs, OBS_NONE);
    Why why;
    store_figure(&f->store, obs, field, &why);
    return why;
}

#endif
