// SPDX-License-Identifier: Apache-2.0
// The index against a machine that takes one byte at a time, for random texts over the few bytes
// that matter, with every kernel. The machine reads as csv.h does, and knows besides which forms
// the index does not take.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/edges/csv_index.h"
#include "tests/unit/random.h"

enum { MOST = 1u << 13, N_SHORT = 40000, N_LONG = 150 };

typedef struct Slow {
    bool ends[MOST]; // of cells, in the certain part
    size_t len;
    uint32_t n_lines;
    bool stopped;
} Slow;

typedef enum State { CELL_START, BARE, QUOTED, BEHIND_QUOTE, BEHIND_CR } State;

// Where a byte leads; false where it is of a form that is not indexed.
static bool step(State *state, char b, char delimiter, char quote) {
    switch (*state) {
    case QUOTED:
        *state = b == quote ? BEHIND_QUOTE : QUOTED;
        return b != '\n' && b != '\r';
    case BEHIND_QUOTE: // closed it, or is the first of two
        if (b == quote) {
            *state = QUOTED;
            return true;
        }
        *state = b == '\r' ? BEHIND_CR : CELL_START;
        return b == delimiter || b == '\n' || b == '\r';
    case BEHIND_CR:
        *state = CELL_START;
        return b == '\n';
    case CELL_START:
    case BARE:
        break;
    }
    if (b == quote) {
        bool opens = *state == CELL_START;
        *state = QUOTED;
        return opens;
    }
    *state = b == delimiter || b == '\n' ? CELL_START : b == '\r' ? BEHIND_CR : BARE;
    return true;
}

static void go_slowly(Slow *slow, const char *s, size_t len, char delimiter, char quote) {
    *slow = (Slow){0};
    State state = CELL_START;
    uint32_t n_lines = 0;
    for (size_t i = 0; i < len; i++) {
        if (!step(&state, s[i], delimiter, quote)) {
            slow->stopped = true;
            return;
        }
        slow->ends[i] = state == CELL_START;
        if (state == CELL_START && s[i] == '\n') {
            slow->len = i + 1;
            slow->n_lines = ++n_lines;
        }
    }
}

static void fail_text(const char *kernel, const char *what, const char *s, size_t len) {
    for (size_t i = 0; i < len && len < 200; i++)
        print_error(s[i] == '\n' ? "\\n" : s[i] == '\r' ? "\\r" : "%c", s[i]);
    fail_msg("%s: %s differs in a text of %zu bytes", kernel, what, len);
}

// [s] has room up to the next multiple of a block; what is there must not count.
static void assert_index(CsvIndex *x, const char *s, size_t len, char delimiter, char quote) {
    static Slow slow;
    MasksKernel kernels[MASKS_MAX_KERNELS];
    size_t n = masks_kernels(kernels);
    go_slowly(&slow, s, len, delimiter, quote);
    for (size_t k = 0; k < n; k++) {
        const char *name = kernels[k].name;
        assert_true(csv_index(x, kernels[k].fn, s, len, delimiter, quote));
        if (x->len != slow.len)
            fail_text(name, "len", s, len);
        if (x->n_lines != slow.n_lines)
            fail_text(name, "n_lines", s, len);
        if (x->stopped != slow.stopped)
            fail_text(name, "stopped", s, len);
        assert_true(64 * x->n_words >= slow.len);
        for (size_t i = 0; i < slow.len; i++) {
            if ((x->ends[i / 64] >> i % 64 & 1) != slow.ends[i])
                fail_text(name, "an end", s, len);
        }
    }
}

// Runs of one byte make the long stretches without a sign that other texts have; quotes are rare
// enough for a good part of the texts to be indexed.
static size_t make_text(Random *r, char *s, size_t len, const char *alphabet, uint32_t n) {
    bool orderly = one_in(r, 2);
    size_t at = 0;
    while (at < len) {
        char b = alphabet[below(r, n)];
        size_t run = one_in(r, 6) ? below(r, 100) : 1;
        if (orderly && b == '"') {
            static const char *const cells[] = {",\"a\",", "\n\"\"\r\n", ",\"a,\"\"b\",",
                                                "\n\"\"\"\"\n"};
            const char *cell = cells[below(r, 4)];
            size_t n_cell = strlen(cell);
            if (at + n_cell <= len)
                memcpy(s + at, cell, n_cell);
            at += n_cell;
            continue;
        }
        if (orderly && b == '\r') {
            s[at++] = '\r';
            b = '\n';
            run = 1;
        }
        for (; run > 0 && at < len; run--)
            s[at++] = b;
    }
    return len;
}

static void fill_slack(Random *r, char *s, size_t len) {
    static const char rubbish[] = {'"', '\r', '\n', ',', 'a'};
    size_t end = (len + MASKS_BLOCK - 1) / MASKS_BLOCK * MASKS_BLOCK;
    for (size_t i = len; i < end; i++)
        s[i] = rubbish[below(r, sizeof rubbish)];
}

static void assert_random(Random *r, CsvIndex *x, size_t len) {
    static const char alphabet[] = {'a', ',', '"', '\n', '\r', ';', ' '};
    char *s = calloc(len + MASKS_BLOCK, 1);
    assert_non_null(s);
    make_text(r, s, len, alphabet, one_in(r, 4) ? 3 : sizeof alphabet);
    fill_slack(r, s, len);
    if (one_in(r, 4))
        assert_index(x, s, len, ';', '"');
    else
        assert_index(x, s, len, ',', '"');
    free(s);
}

static void short_random_texts_are_indexed(void **state) {
    (void)state;
    Random r = {11};
    CsvIndex x = {0};
    for (size_t i = 0; i < N_SHORT; i++)
        assert_random(&r, &x, below(&r, 10) + (one_in(&r, 3) ? below(&r, 200) : 0));
    csv_index_free(&x);
}

// Longer than the blocks whose masks are made at a time.
static void long_random_texts_are_indexed(void **state) {
    (void)state;
    Random r = {12};
    CsvIndex x = {0};
    for (size_t i = 0; i < N_LONG; i++)
        assert_random(&r, &x, below(&r, MOST));
    csv_index_free(&x);
}

// All texts of six bytes, and behind so many bytes that they lie across the border of two blocks.
static void every_short_text_is_indexed(void **state) {
    (void)state;
    enum { LEN = 6 };
    static const char alphabet[] = {'a', ',', '"', '\n', '\r'};
    CsvIndex x = {0};
    char s[2 * MASKS_BLOCK];
    for (size_t before = 0; before <= 63; before += before == 0 ? 59 : 1) {
        for (uint32_t number = 0; number < 5 * 5 * 5 * 5 * 5 * 5; number++) {
            memset(s, 'b', before);
            if (before > 0)
                s[before - 1] = ',';
            for (uint32_t i = 0, rest = number; i < LEN; i++, rest /= 5)
                s[before + i] = alphabet[rest % 5];
            memset(s + before + LEN, '"', sizeof s - before - LEN);
            assert_index(&x, s, before + LEN, ',', '"');
        }
    }
    csv_index_free(&x);
}

static void quotes_may_stay_open_over_many_blocks(void **state) {
    (void)state;
    static char s[MOST];
    CsvIndex x = {0};
    for (size_t len = 60; len < 1000; len += 7) {
        memset(s, ',', sizeof s);
        s[0] = '"';
        s[len - 2] = '"';
        s[len - 1] = '\n';
        assert_index(&x, s, len, ',', '"');
        assert_int_equal(x.len, len);
        assert_int_equal(x.n_lines, 1);
        assert_false(x.stopped);
        // Without its end it is no record, but nothing is wrong with it either.
        assert_index(&x, s, len - 2, ',', '"');
        assert_int_equal(x.len, 0);
        assert_false(x.stopped);
    }
    csv_index_free(&x);
}

static void an_index_is_used_again(void **state) {
    (void)state;
    CsvIndex x = {0};
    char s[2 * MASKS_BLOCK] = "a\"b\n";
    assert_index(&x, s, 4, ',', '"');
    assert_true(x.stopped);
    memcpy(s, "a,b\n", 4);
    assert_index(&x, s, 4, ',', '"');
    assert_false(x.stopped);
    assert_int_equal(x.len, 4);
    assert_index(&x, s, 0, ',', '"');
    assert_int_equal(x.len, 0);
    csv_index_free(&x);
    assert_null(x.ends);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_random_texts_are_indexed),
        cmocka_unit_test(long_random_texts_are_indexed),
        cmocka_unit_test(every_short_text_is_indexed),
        cmocka_unit_test(quotes_may_stay_open_over_many_blocks),
        cmocka_unit_test(an_index_is_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
