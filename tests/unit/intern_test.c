// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/intern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static Str numbered(char *room, size_t size, int i) {
    return (Str){room, (size_t)snprintf(room, size, "E0800%d", i)};
}

static void ids_are_given_in_order_of_first_sight(void **state) {
    (void)state;
    Arena a;
    arena_init(&a, 0);
    Intern t;
    intern_init(&t, &a);
    char room[32];
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 5000; i++) {
            assert_int_equal(intern_add(&t, numbered(room, sizeof room, i)), i);
        }
    }
    assert_int_equal(t.n, 5000);
    for (int i = 0; i < 5000; i++) {
        Str key = numbered(room, sizeof room, i);
        assert_int_equal(intern_find(&t, key), i);
        assert_true(str_eq(intern_text(&t, (uint32_t)i), key));
        assert_ptr_not_equal(intern_text(&t, (uint32_t)i).s, room);
    }
    arena_free(&a);
}

static void what_was_never_added_is_not_found(void **state) {
    (void)state;
    Arena a;
    arena_init(&a, 0);
    Intern t;
    intern_init(&t, &a);
    assert_int_equal(intern_find(&t, STR("x")), INTERN_NONE);
    intern_add(&t, STR("x"));
    assert_int_equal(intern_find(&t, STR("y")), INTERN_NONE);
    assert_int_equal(t.n, 1);
    assert_null(intern_text(&t, 1).s);
    assert_null(intern_text(&t, INTERN_NONE).s);
    arena_free(&a);
}

static void zero_bytes_and_the_empty_text_are_texts(void **state) {
    (void)state;
    Arena a;
    arena_init(&a, 0);
    Intern t;
    intern_init(&t, &a);
    assert_int_equal(intern_add(&t, STR("")), 0);
    assert_int_equal(intern_add(&t, STR("\0")), 1);
    assert_int_equal(intern_add(&t, STR("\0\0")), 2);
    assert_int_equal(intern_add(&t, (Str){0}), 0);
    arena_free(&a);
}

// Each allocation in turn fails; what was added before stays found, and the failed text is absent.
static void a_failure_at_any_allocation_leaves_the_table_sound(void **state) {
    (void)state;
    for (size_t failing = 1; failing < 220; failing++) {
        Arena a;
        arena_init(&a, 0);
        Intern t;
        intern_init(&t, &a);
        arena_fail_after(failing);
        char room[32];
        for (int i = 0; i < 200; i++) {
            Str key = numbered(room, sizeof room, i);
            uint32_t n = t.n;
            uint32_t id = intern_add(&t, key);
            assert_int_equal(id, id == INTERN_NONE ? INTERN_NONE : n);
            assert_int_equal(t.n, id == INTERN_NONE ? n : n + 1);
            assert_int_equal(intern_find(&t, key), id);
        }
        // 200 texts, and two arrays for each of 64, 128, 256 and 512 slots.
        assert_int_equal(t.n, failing <= 200 + 4 * 2 ? 199 : 200);
        arena_fail_after(0);
        arena_free(&a);
    }
}

static void a_known_text_needs_no_memory(void **state) {
    (void)state;
    Arena a;
    arena_init(&a, 0);
    Intern t;
    intern_init(&t, &a);
    char room[32];
    for (int i = 0; t.n == 0 || t.n < t.n_slots / 2; i++) {
        intern_add(&t, numbered(room, sizeof room, i));
    }
    size_t before = a.n_bytes;
    assert_int_equal(intern_add(&t, numbered(room, sizeof room, 3)), 3);
    assert_int_equal(a.n_bytes, before);
    arena_free(&a);
}

static void the_hash_hangs_on_seed_length_and_every_byte(void **state) {
    (void)state;
    unsigned char bytes[80];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(i * 7 + 1);
    }
    for (size_t len = 0; len <= sizeof bytes; len++) {
        uint64_t hash = hash_bytes(1, bytes, len);
        assert_true(hash == hash_bytes(1, bytes, len));
        assert_true(hash != hash_bytes(2, bytes, len));
        if (len > 0) {
            assert_true(hash != hash_bytes(1, bytes, len - 1));
        }
        for (size_t bit = 0; bit < len * 8; bit++) {
            bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
            assert_true(hash != hash_bytes(1, bytes, len));
            bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
        }
    }
}

static int compare(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

// 100,000 keys as they come in files: no two share a hash, and the low bits, which choose the slot,
// spread as chance would have it (1,024 cells of about 98; nine standard deviations are allowed).
static void hashes_of_similar_keys_are_spread(void **state) {
    (void)state;
    enum { N = 100000, CELLS = 1024, MEAN = N / CELLS, SLACK = 9 * 10 };
    uint64_t *hashes = malloc(N * sizeof *hashes);
    assert_non_null(hashes);
    int cells[CELLS] = {0};
    char room[32];
    for (int i = 0; i < N; i++) {
        Str key = numbered(room, sizeof room, i);
        hashes[i] = hash_bytes(12345, key.s, key.len);
        cells[hashes[i] % CELLS]++;
    }
    for (int i = 0; i < CELLS; i++) {
        assert_in_range(cells[i], MEAN - SLACK, MEAN + SLACK);
    }
    qsort(hashes, N, sizeof *hashes, compare);
    for (int i = 1; i < N; i++) {
        assert_true(hashes[i] != hashes[i - 1]);
    }
    free(hashes);
}

// Words equal to the constants of the hash must not wipe what came before them.
static void no_word_wipes_the_state(void **state) {
    (void)state;
    static const uint64_t constants[] = {
        UINT64_C(0x6A09E667F3BCC909),
        UINT64_C(0xBB67AE8584CAA73B),
        UINT64_C(0x3C6EF372FE94F82B),
        UINT64_C(0xA54FF53A5F1D36F1),
    };
    for (size_t i = 0; i < 4; i++) {
        uint64_t words[4] = {constants[i], 1, 2, 3};
        uint64_t hash = hash_bytes(7, words, sizeof words);
        words[1] = 9;
        assert_true(hash != hash_bytes(7, words, sizeof words));
    }
}

static void seeds_differ(void **state) {
    (void)state;
    assert_true(hash_seed() != hash_seed());
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_given_in_order_of_first_sight),
        cmocka_unit_test(what_was_never_added_is_not_found),
        cmocka_unit_test(zero_bytes_and_the_empty_text_are_texts),
        cmocka_unit_test(a_failure_at_any_allocation_leaves_the_table_sound),
        cmocka_unit_test(a_known_text_needs_no_memory),
        cmocka_unit_test(the_hash_hangs_on_seed_length_and_every_byte),
        cmocka_unit_test(hashes_of_similar_keys_are_spread),
        cmocka_unit_test(no_word_wipes_the_state),
        cmocka_unit_test(seeds_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
