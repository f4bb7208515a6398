// SPDX-License-Identifier: Apache-2.0
// Bands fixture: the lines of a band table lowered by themselves, beside a scale of four levels.
#ifndef BS_TESTS_UNIT_BANDS_FIXTURE_H
#define BS_TESTS_UNIT_BANDS_FIXTURE_H

#include "tests/unit/lang_fixture.h"

#include "lang/compiler.h"

enum { N_LEVELS = 4 };
#define SCALE "scale s\n poor\n fair\n good\n best\nend\n"

typedef struct Lowered {
    Rules r;
    Compiler c;
    BandSpec spec;
    bool ok;
    const BandTable *table; // when ok
} Lowered;

typedef struct Reading { // what a KPI says beside its bands
    Polarity polarity;
    Number near;
    Unit unit;
    int decimals;
    RoundMode mode;
} Reading;

// Lowers the table whose options and lines are [text]; "gaps to worse\n good 8+".
static inline void lower_table(Lowered *l, Reading reading, Str text) {
    rules_begin(&l->r);
    Buf all = {0};
    buf_puts(&all, SCALE "let five = 5\nbands s");
    buf_put(&all, text);
    buf_puts(&all, "\nend\n");
    assert_true(modules_add_text(&l->r.modules, STR("t.rag"), buf_str(&all)));
    buf_free(&all);
    l->c = (Compiler){.scratch = &l->r.scratch,
                      .arena = &l->r.arena,
                      .diags = &l->r.diags,
                      .modules = &l->r.modules,
                      .program = &l->r.program};
    declare_all(&l->c);
    assert_int_equal(l->c.shared_bands.n, 1);
    l->spec = band_spec(&l->c, l->c.shared_bands.v[0].node);
    uint32_t index = UINT32_MAX;
    l->ok = lower_bands(&l->c, STR("k"), &l->spec, reading.polarity, reading.near, reading.unit,
                        reading.decimals, reading.mode, &index);
    l->ok = l->ok && l->r.diags.n_errors == 0;
    l->table = l->ok ? &l->c.band_tables.v[index] : NULL;
}

#endif
