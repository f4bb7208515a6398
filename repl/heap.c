// SPDX-License-Identifier: Apache-2.0
#include "repl/heap.h"

#include <stdlib.h>

#if defined(__GLIBC__)

#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    SMALL_PAGE = 4096,
    LARGE_PAGE = 2 << 20,
    AHEAD = 512 << 20,         // address space that the heap takes at a time; no memory yet
    MAPPED_ALONE = 32 << 20,   // allocations from here on get a mapping of their own
    USUAL_TOP_PAD = 128 << 10, // of glibc, as its mallopt(3) tells
};

// A page once touched stays small, and malloc touches the first one of its heap when it takes it.
// So the heap is made to begin one small page before a large one.
void heap_use_large_pages(void) {
    uintptr_t end = (uintptr_t)sbrk(0);
    uintptr_t large = (end + SMALL_PAGE + LARGE_PAGE - 1) & ~(uintptr_t)(LARGE_PAGE - 1);
    if (sbrk((intptr_t)(large - SMALL_PAGE - end)) == (void *)-1)
        return;
    mallopt(M_TOP_PAD, AHEAD);
    mallopt(M_TRIM_THRESHOLD, 2 * (AHEAD - 1));
    mallopt(M_MMAP_THRESHOLD, MAPPED_ALONE);
    void *volatile first = malloc(1); // volatile: not to be left out
    if (!first)
        mallopt(M_TOP_PAD, USUAL_TOP_PAD); // there is no room for so much
    free(first);
    uintptr_t taken = (uintptr_t)sbrk(0);
    if (taken >= large + LARGE_PAGE)
        madvise((void *)large, (taken - large) & ~(uintptr_t)(LARGE_PAGE - 1), MADV_HUGEPAGE);
}

#else

void heap_use_large_pages(void) {}

#endif
