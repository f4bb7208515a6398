// SPDX-License-Identifier: Apache-2.0
// Any bytes as a metric file under a small fixed rule file: read, inspected, run and written. A
// text that opens with a bracket is given the name of a JSON file.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bandstand.h"
#include "tests/fuzz/target.h"

static const char rules[] = "scale rag\n"
                            "  red \"Red\"\n"
                            "  green \"Green\"\n"
                            "end\n"
                            "metric visits \"Visits\" count\n"
                            "metric share \"Share\" percent\n"
                            "input figures\n"
                            "  layout long\n"
                            "  entity column \"entity\"\n"
                            "  period column \"period\"\n"
                            "  metric column \"metric\"\n"
                            "  value column \"value\"\n"
                            "  missing \"c\" as suppressed\n"
                            "  missing \"\" as not available\n"
                            "  numbers with percent signs, thousands commas\n"
                            "end\n"
                            "kpi share \"Share\"\n"
                            "  precision 1 decimal\n"
                            "  good is high\n"
                            "  needs visits >= 2\n"
                            "  status rag\n"
                            "    red when worsening, if known\n"
                            "    green when value >= 50\n"
                            "    red otherwise\n"
                            "  end\n"
                            "end\n";

// A name of this process's own below the folder for temporary files.
static void make_path(char *path, size_t room, bool json) {
    const char *folder = getenv("TMPDIR");
    snprintf(path, room, "%s/bandstand-fuzz-%ld.%s", folder ? folder : "/tmp", (long)getpid(),
             json ? "json" : "csv");
}

static bool write_file(const char *path, const uint8_t *bytes, size_t len) {
    FILE *f = fopen(path, "wb");
    if (!f) {
        return false;
    }
    bool written = fwrite(bytes, 1, len, f) == len;
    return fclose(f) == 0 && written;
}

static bool print_write(void *context, const char *s, size_t len) {
    (void)context;
    return fwrite(s, 1, len, stderr) == len;
}

static void read_and_run(const char *path) {
    bs_session *s = bs_open();
    if (!s) {
        return;
    }
    bs_add_rules_text(s, "fuzz.rag", rules, strlen(rules));
    if (bs_compile(s) != BS_OK) {
        bs_write_diagnostics(s, 0, false, &(bs_sink){.write = print_write});
        abort(); // the rule text above is sound: without it nothing here is tested
    }
    if (bs_add_data(s, path) == BS_OK) {
        bs_write_results(s, &(bs_filter){0}, &(bs_output){.format = BS_JSON}, NULL, 0, &discard,
                         NULL, NULL);
    }
    bs_inspect(s, path, &(bs_inspect_options){0}, &discard);
    bs_write_diagnostics(s, 0, false, &discard);
    bs_close(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    char path[4096];
    make_path(path, sizeof path, len > 0 && (bytes[0] == '[' || bytes[0] == '{'));
    if (write_file(path, bytes, len)) {
        read_and_run(path);
    }
    unlink(path);
    return 0;
}
