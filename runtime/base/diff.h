// SPDX-License-Identifier: Apache-2.0
// Diff: how two texts differ, line by line, in the form that `patch` and reviewers read.
#ifndef BS_BASE_DIFF_H
#define BS_BASE_DIFF_H

#include <stdbool.h>

#include "runtime/base/arena.h"
#include "runtime/base/buf.h"

enum {
    DIFF_CONTEXT = 3, // lines shown round a change
    // Lines that go or come, for which the fewest are looked for. Beyond that, everything between
    // the first and the last difference is shown as one change.
    DIFF_MAX_CHANGES = 2000,
};

// Writes a unified diff from [before] to [after] under [name]; nothing when they are equal.
// [scratch] holds what is needed on the way. False when memory runs out.
bool diff_unified(Arena *scratch, Buf *out, Str name, Str before, Str after);

#endif
