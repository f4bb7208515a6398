// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/csv_index.h"

#include <stdlib.h>

enum { BLOCKS_AT_A_TIME = 64 }; // their masks stay in the nearest cache

// What a block needs to know of the ones before it.
typedef struct Scan {
    uint64_t quoted;       // all ones when the block starts within quotes, else 0
    uint64_t after_sign;   // bit 0: the byte before the block may stand before an opening quote
    uint64_t after_quote;  // bit 0: the byte before the block is a closing quote
    uint64_t after_cr;     // bit 0: the byte before the block is a CR outside quotes
    size_t last_end;       // of the last record so far, one behind its line feed
    uint32_t n_lines;      // line feeds up to there
} Scan;

// Bit i of the result: an odd number of bits 0 to i are set.
static inline uint64_t running_parity(uint64_t bits) {
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    bits ^= bits << 32;
    return bits;
}

// The bytes of a block at which the text leaves the form that can be indexed, or is known to have
// left it one byte before.
static inline uint64_t scan_block(Scan *scan, const Masks *m, uint64_t *ends) {
    uint64_t inside = scan->quoted, bad = 0;
    uint64_t signs = m->delimiter | m->lf | m->cr | m->quote;
    if (m->quote != 0) {
        inside ^= running_parity(m->quote);
        uint64_t opening = m->quote & inside, closing = m->quote & ~inside;
        bad = opening & ~(signs << 1 | scan->after_sign);
        bad |= (closing << 1 | scan->after_quote) & ~signs;
        scan->after_quote = closing >> 63;
    } else {
        bad = scan->after_quote & ~signs;
        scan->after_quote = 0;
    }
    uint64_t cr_outside = m->cr & ~inside;
    bad |= (m->lf | m->cr) & inside;
    bad |= (cr_outside << 1 | scan->after_cr) & ~m->lf;
    scan->after_cr = cr_outside >> 63;
    scan->after_sign = signs >> 63;
    scan->quoted = (uint64_t)((int64_t)inside >> 63);
    *ends = (m->delimiter | m->lf) & ~inside;
    return bad;
}

// A byte that closes quotes or is a CR may turn out to be bad only in the next block; records end
// in a line feed, which is neither, so all up to last_end is certain.
static inline void note_records(Scan *scan, uint64_t record_ends, size_t at) {
    if (record_ends != 0) {
        scan->last_end = at + 64 - (size_t)__builtin_clzll(record_ends);
        for (; record_ends != 0; record_ends &= record_ends - 1)
            scan->n_lines++;
    }
}

static bool reserve(CsvIndex *x, size_t n_words) {
    if (n_words <= x->cap)
        return true;
    uint64_t *ends = realloc(x->ends, n_words * sizeof *ends);
    if (!ends)
        return false;
    x->ends = ends;
    x->cap = n_words;
    return true;
}

bool csv_index(CsvIndex *x, MasksFn *masks, const char *s, size_t len, char delimiter, char quote) {
    size_t n_blocks = (len + MASKS_BLOCK - 1) / MASKS_BLOCK;
    Scan scan = {.after_sign = 1};
    Masks m[BLOCKS_AT_A_TIME];
    x->n_words = 0;
    x->stopped = false;
    if (!reserve(x, n_blocks))
        return false;
    for (size_t from = 0; from < n_blocks && !x->stopped; from += BLOCKS_AT_A_TIME) {
        size_t n = n_blocks - from < BLOCKS_AT_A_TIME ? n_blocks - from : BLOCKS_AT_A_TIME;
        masks(s + from * MASKS_BLOCK, n, delimiter, quote, m);
        for (size_t k = 0; k < n && !x->stopped; k++) {
            size_t at = (from + k) * MASKS_BLOCK, left = len - at;
            uint64_t valid = left >= 64 ? UINT64_MAX : (UINT64_C(1) << left) - 1;
            Masks block = {m[k].delimiter & valid, m[k].quote & valid, m[k].lf & valid,
                           m[k].cr & valid};
            uint64_t ends, bad = scan_block(&scan, &block, &ends) & valid;
            // Records that end before the first bad byte are certain.
            uint64_t certain = bad ? (bad & -bad) - 1 : UINT64_MAX;
            note_records(&scan, ends & block.lf & certain, at);
            x->ends[x->n_words++] = ends;
            x->stopped = bad != 0;
        }
    }
    x->len = scan.last_end;
    x->n_lines = scan.n_lines;
    return true;
}

void csv_index_free(CsvIndex *x) {
    free(x->ends);
    *x = (CsvIndex){0};
}
