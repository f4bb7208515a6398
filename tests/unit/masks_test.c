// SPDX-License-Identifier: Apache-2.0
// Every kernel of this machine against a look at each byte.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/masks.h"
#include "tests/unit/random.h"

enum { MOST_BLOCKS = 5 };

static void look_at_each(const char *s, size_t n_blocks, char delimiter, char quote, Masks *out) {
    for (size_t k = 0; k < n_blocks; k++) {
        out[k] = (Masks){0};
        for (size_t i = 0; i < MASKS_BLOCK; i++) {
            char b = s[k * MASKS_BLOCK + i];
            out[k].delimiter |= (uint64_t)(b == delimiter) << i;
            out[k].quote |= (uint64_t)(b == quote) << i;
            out[k].lf |= (uint64_t)(b == '\n') << i;
            out[k].cr |= (uint64_t)(b == '\r') << i;
        }
    }
}

static void assert_kernels(const char *s, size_t n_blocks, char delimiter, char quote) {
    MasksKernel kernels[MASKS_MAX_KERNELS];
    size_t n = masks_kernels(kernels);
    Masks expected[MOST_BLOCKS];
    look_at_each(s, n_blocks, delimiter, quote, expected);
    for (size_t i = 0; i < n; i++) {
        // One more, which must stay as it is.
        Masks got[MOST_BLOCKS + 1];
        memset(got, 0x5A, sizeof got);
        Masks untouched = got[n_blocks];
        kernels[i].fn(s, n_blocks, delimiter, quote, got);
        for (size_t k = 0; k < n_blocks; k++) {
            if (got[k].delimiter != expected[k].delimiter || got[k].quote != expected[k].quote ||
                got[k].lf != expected[k].lf || got[k].cr != expected[k].cr)
                fail_msg("%s differs in block %zu of %zu", kernels[i].name, k, n_blocks);
        }
        assert_memory_equal(&got[n_blocks], &untouched, sizeof untouched);
    }
}

static void the_kernels_have_names_and_the_best_is_the_last(void **state) {
    (void)state;
    MasksKernel kernels[MASKS_MAX_KERNELS];
    size_t n = masks_kernels(kernels);
    assert_in_range(n, 1, MASKS_MAX_KERNELS);
    assert_string_equal(kernels[0].name, "portable");
    assert_ptr_equal(masks_best(), kernels[n - 1].fn);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(kernels[i].name, kernels[k].name);
}

static void every_byte_is_told_from_every_sign(void **state) {
    (void)state;
    for (int b = 0; b < 256; b++) {
        char s[MASKS_BLOCK];
        memset(s, b, sizeof s);
        assert_kernels(s, 1, ',', '"');
        assert_kernels(s, 1, '\t', '\'');
        // Signs that are alike in all bits but one, and the byte itself.
        assert_kernels(s, 1, (char)b, (char)(b ^ 1));
        assert_kernels(s, 1, (char)(b ^ 0x80), (char)b);
    }
}

// A borrow or a carry from the byte beside would show here.
static void a_sign_shows_at_every_place_beside_every_byte(void **state) {
    (void)state;
    static const char signs[] = {',', '"', '\n', '\r'};
    for (size_t sign = 0; sign < sizeof signs; sign++) {
        for (int other = 0; other < 256; other++) {
            for (size_t at = 0; at < MASKS_BLOCK; at++) {
                char s[MASKS_BLOCK];
                memset(s, other, sizeof s);
                s[at] = signs[sign];
                assert_kernels(s, 1, ',', '"');
            }
        }
    }
}

static void random_bytes_at_every_offset_are_told(void **state) {
    (void)state;
    static const char alphabet[] = {',', '"', '\n', '\r', '-', '!', '\x0B', '\x8A', '\0', '\xAC'};
    Random r = {7};
    for (size_t n_blocks = 0; n_blocks <= MOST_BLOCKS; n_blocks++) {
        for (size_t offset = 0; offset < MASKS_BLOCK; offset++) {
            // To the byte, so that reading behind it is found.
            size_t len = offset + n_blocks * MASKS_BLOCK;
            char *s = malloc(len + (len == 0));
            assert_non_null(s);
            for (size_t i = 0; i < len; i++)
                s[i] = offset % 2 ? (char)below(&r, 256) : alphabet[below(&r, sizeof alphabet)];
            assert_kernels(s + offset, n_blocks, ',', '"');
            assert_kernels(s + offset, n_blocks, ';', '\'');
            free(s);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_kernels_have_names_and_the_best_is_the_last),
        cmocka_unit_test(every_byte_is_told_from_every_sign),
        cmocka_unit_test(a_sign_shows_at_every_place_beside_every_byte),
        cmocka_unit_test(random_bytes_at_every_offset_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
