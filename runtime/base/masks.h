// SPDX-License-Identifier: Apache-2.0
// Masks: which bytes of a text are one of a few signs, 64 bytes at a time.
//
// The kernels differ in the machine's vectors alone and give the same answers; masks_best chooses
// among those that this machine has.
#ifndef BS_BASE_MASKS_H
#define BS_BASE_MASKS_H

#include <stddef.h>
#include <stdint.h>

enum { MASKS_BLOCK = 64 }; // bytes

// Bit i stands for byte i of a block.
typedef struct Masks {
    uint64_t delimiter, quote, lf, cr;
} Masks;

// Writes the masks of [n_blocks] blocks from [s] on, all of whose bytes can be read.
typedef void MasksFn(const char *s, size_t n_blocks, char delimiter, char quote, Masks *out);

typedef struct MasksKernel {
    const char *name;
    MasksFn *fn;
} MasksKernel;

enum { MASKS_MAX_KERNELS = 3 };

// The kernels that this machine can run, the portable one first, the fastest last; how many.
size_t masks_kernels(MasksKernel out[MASKS_MAX_KERNELS]);

MasksFn *masks_best(void);

#endif
