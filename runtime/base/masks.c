// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/masks.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

// ---- portable -----------------------------------------------------------------------------------

static const uint64_t ones = UINT64_C(0x0101010101010101), sevens = UINT64_C(0x7F7F7F7F7F7F7F7F);

// Bit i is set where byte i of [word] is [sign]; the bytes are counted from the lowest.
static inline uint64_t eight_equal(uint64_t word, char sign) {
    uint64_t x = word ^ ones * (unsigned char)sign; // 0 in the bytes that are equal
    uint64_t equal = ~(((x & sevens) + sevens) | x | sevens) >> 7; // 1 in them, 0 in the others
    return equal * UINT64_C(0x0102040810204080) >> 56;             // their bits side by side
}

static inline uint64_t read_word(const char *s) {
    uint64_t word;
    memcpy(&word, s, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

static void masks_portable(const char *s, size_t n_blocks, char delimiter, char quote, Masks *out) {
    for (size_t k = 0; k < n_blocks; k++, s += MASKS_BLOCK) {
        Masks m = {0, 0, 0, 0};
        for (unsigned i = 0; i < MASKS_BLOCK; i += 8) {
            uint64_t word = read_word(s + i);
            m.delimiter |= eight_equal(word, delimiter) << i;
            m.quote |= eight_equal(word, quote) << i;
            m.lf |= eight_equal(word, '\n') << i;
            m.cr |= eight_equal(word, '\r') << i;
        }
        out[k] = m;
    }
}

// ---- x86-64 -------------------------------------------------------------------------------------

#if defined(__x86_64__)
__attribute__((target("avx2"))) static inline uint64_t equal_avx2(__m256i low, __m256i high,
                                                                  __m256i sign) {
    uint32_t l = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, sign));
    uint32_t h = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, sign));
    return l | (uint64_t)h << 32;
}

__attribute__((target("avx2"))) static void masks_avx2(const char *s, size_t n_blocks,
                                                       char delimiter, char quote, Masks *out) {
    const __m256i d = _mm256_set1_epi8(delimiter), q = _mm256_set1_epi8(quote),
                  lf = _mm256_set1_epi8('\n'), cr = _mm256_set1_epi8('\r');
    for (size_t k = 0; k < n_blocks; k++, s += MASKS_BLOCK) {
        __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)s);
        __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(s + 32));
        out[k] = (Masks){equal_avx2(low, high, d), equal_avx2(low, high, q),
                         equal_avx2(low, high, lf), equal_avx2(low, high, cr)};
    }
}

__attribute__((target("avx512bw"))) static void
masks_avx512(const char *s, size_t n_blocks, char delimiter, char quote, Masks *out) {
    const __m512i d = _mm512_set1_epi8(delimiter), q = _mm512_set1_epi8(quote),
                  lf = _mm512_set1_epi8('\n'), cr = _mm512_set1_epi8('\r');
    for (size_t k = 0; k < n_blocks; k++, s += MASKS_BLOCK) {
        __m512i block = _mm512_loadu_si512((const void *)s);
        out[k] = (Masks){_mm512_cmpeq_epi8_mask(block, d), _mm512_cmpeq_epi8_mask(block, q),
                         _mm512_cmpeq_epi8_mask(block, lf), _mm512_cmpeq_epi8_mask(block, cr)};
    }
}
#endif

// ---- ARM ----------------------------------------------------------------------------------------

#if defined(__aarch64__)
static inline uint64_t equal_neon(const uint8x16_t v[4], uint8x16_t sign) {
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t weight = vld1q_u8(weights);
    uint8x16_t a = vandq_u8(vceqq_u8(v[0], sign), weight),
               b = vandq_u8(vceqq_u8(v[1], sign), weight);
    uint8x16_t c = vandq_u8(vceqq_u8(v[2], sign), weight),
               d = vandq_u8(vceqq_u8(v[3], sign), weight);
    // Adding neighbours three times brings the bits of eight bytes into one.
    uint8x16_t sum = vpaddq_u8(vpaddq_u8(a, b), vpaddq_u8(c, d));
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(sum, sum)), 0);
}

static void masks_neon(const char *s, size_t n_blocks, char delimiter, char quote, Masks *out) {
    const uint8x16_t d = vdupq_n_u8((uint8_t)delimiter), q = vdupq_n_u8((uint8_t)quote),
                     lf = vdupq_n_u8('\n'), cr = vdupq_n_u8('\r');
    for (size_t k = 0; k < n_blocks; k++, s += MASKS_BLOCK) {
        const uint8_t *p = (const uint8_t *)s;
        uint8x16_t v[4] = {vld1q_u8(p), vld1q_u8(p + 16), vld1q_u8(p + 32), vld1q_u8(p + 48)};
        out[k] = (Masks){equal_neon(v, d), equal_neon(v, q), equal_neon(v, lf), equal_neon(v, cr)};
    }
}
#endif

// ---- choosing -----------------------------------------------------------------------------------

size_t masks_kernels(MasksKernel out[MASKS_MAX_KERNELS]) {
    size_t n = 0;
    out[n++] = (MasksKernel){"portable", masks_portable};
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        out[n++] = (MasksKernel){"avx2", masks_avx2};
    if (__builtin_cpu_supports("avx512bw"))
        out[n++] = (MasksKernel){"avx512", masks_avx512};
#elif defined(__aarch64__)
    out[n++] = (MasksKernel){"neon", masks_neon};
#endif
    return n;
}

MasksFn *masks_best(void) {
    MasksKernel kernels[MASKS_MAX_KERNELS];
    return kernels[masks_kernels(kernels) - 1].fn;
}
