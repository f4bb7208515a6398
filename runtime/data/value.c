// SPDX-License-Identifier: Apache-2.0
#include "runtime/data/value.h"

static const Str words_of[N_REASONS] = {
#define REASON(name, words) [name] = {(words), sizeof(words) - 1},
#include "runtime/data/reasons.def"
#undef REASON
};

Str reason_words(Reason r) {
    return r < N_REASONS ? words_of[r] : (Str){0};
}

Reason why_first(Why w) {
    return w ? (Reason)__builtin_ctz(w) : N_REASONS;
}

Str why_words(Why w) {
    return reason_words(why_first(w));
}

Reason reason_find(Str s) {
    for (unsigned i = 0; i < N_REASONS; i++) {
        if (str_eq(s, words_of[i])) {
            return (Reason)i;
        }
    }
    return N_REASONS;
}
