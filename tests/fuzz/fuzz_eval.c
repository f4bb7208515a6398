// SPDX-License-Identifier: Apache-2.0
// Any bytes as an expression. The first byte's lowest bit chooses the form of the answer.
#include "bandstand.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    bs_session *s = len > 0 ? bs_open() : NULL;
    if (!s) {
        return 0;
    }
    bs_eval(s, (const char *)bytes + 1, len - 1, (bytes[0] & 1) != 0, &discard);
    bs_write_diagnostics(s, 0, false, &discard);
    bs_close(s);
    return 0;
}
