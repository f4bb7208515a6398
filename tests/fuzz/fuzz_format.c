// SPDX-License-Identifier: Apache-2.0
// Any bytes as a rule file to be laid out: what can be read keeps its meaning, and is left alone
// when it is laid out again.
#include <stdlib.h>
#include <string.h>

#include "bandstand.h"
#include "tests/fuzz/target.h"

// The fingerprint of the rules; empty where they have errors.
static void read_hash(const char *text, size_t len, char hash[65]) {
    bs_session *s = bs_open();
    hash[0] = '\0';
    if (!s) {
        return;
    }
    bs_add_rules_text(s, "fuzz.rag", text, len);
    if (bs_compile(s) == BS_OK) {
        bs_text found = bs_rules_hash(s);
        memcpy(hash, found.s, found.len < 64 ? found.len : 64);
        hash[64] = '\0';
    }
    bs_close(s);
}

static void check(bs_session *s, const bs_formatted *f) {
    char before[65] = {0}, after[65] = {0};
    bs_formatted again;
    if (bs_format_rules_text(s, "again.rag", f->after.s, f->after.len, &again) != BS_OK ||
        again.first_line != 0) {
        abort();
    }
    read_hash(f->before.s, f->before.len, before);
    read_hash(f->after.s, f->after.len, after);
    if (strcmp(before, after) != 0) {
        abort();
    }
    bs_write_diff(f->name, f->before, f->after, &discard);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    bs_session *s = bs_open();
    bs_formatted f;
    if (!s) {
        return 0;
    }
    if (bs_format_rules_text(s, "fuzz.rag", (const char *)bytes, len, &f) == BS_OK) {
        check(s, &f);
    } else {
        for (size_t i = 0; i < bs_n_diagnostics(s); i++) {
            if (strcmp(bs_diagnostic_at(s, i).code, "B999") == 0) {
                abort();
            }
        }
    }
    bs_write_diagnostics(s, 0, true, &discard);
    bs_close(s);
    return 0;
}
