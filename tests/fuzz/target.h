// SPDX-License-Identifier: Apache-2.0
// What the fuzz targets share.
#ifndef BS_FUZZ_TARGET_H
#define BS_FUZZ_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bandstand.h"

// Called with each input, by libFuzzer or by replay.c.
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

// Reads every byte that is written, so that a sanitizer sees those that are not there.
static inline bool discard_write(void *context, const char *s, size_t len) {
    (void)context;
    volatile unsigned sum = 0;
    for (size_t i = 0; i < len; i++) {
        sum += (unsigned char)s[i];
    }
    (void)sum;
    return true;
}

static const bs_sink discard = {.write = discard_write};

#endif
