// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target over files. The name of each is printed before it runs: a crash names its
// input.
#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/target.h"

enum { MAX_INPUT = 1 << 24 };

int main(int argc, char **argv) {
    unsigned char *bytes = malloc(MAX_INPUT);
    if (!bytes) {
        return 1;
    }
    for (int i = 1; i < argc; i++) {
        printf("%s\n", argv[i]);
        fflush(stdout);
        FILE *f = fopen(argv[i], "rb");
        if (!f) {
            perror(argv[i]);
            free(bytes);
            return 1;
        }
        size_t len = fread(bytes, 1, MAX_INPUT, f);
        fclose(f);
        // A block of the input's own size, so that reading past its end is seen.
        unsigned char *exact = malloc(len ? len : 1);
        if (!exact) {
            free(bytes);
            return 1;
        }
        for (size_t k = 0; k < len; k++) {
            exact[k] = bytes[k];
        }
        LLVMFuzzerTestOneInput(exact, len);
        free(exact);
    }
    free(bytes);
    return 0;
}
