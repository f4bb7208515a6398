// SPDX-License-Identifier: Apache-2.0
// Any bytes as a rule file: compiled, proved, and if they are sound, listed and tested.
#include "bandstand.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    bs_session *s = bs_open();
    if (!s) {
        return 0;
    }
    bs_add_rules_text(s, "fuzz.rag", (const char *)bytes, len);
    if (bs_compile(s) == BS_OK) {
        bs_disassemble(s, &discard);
        bs_test(s, &discard, &(bs_test_counts){0});
    }
    bs_check(s);
    bs_write_diagnostics(s, 0, true, &discard);
    bs_close(s);
    return 0;
}
