// SPDX-License-Identifier: Apache-2.0
// Bandstand in a program of your own: judges figures, says why, and tries another threshold.
//
//     cc examples/embed.c -lbandstand -o embed
//     ./embed RULES DATA KPI.TABLE.LEVEL=NUMBER
#include <bandstand.h>
#include <stdio.h>

static bool to_stdout(void *context, const char *s, size_t len) {
    (void)context;
    return fwrite(s, 1, len, stdout) == len;
}
static const bs_sink out = {.write = to_stdout};

static bool count_row(void *context, const bs_result *r) {
    size_t *n_red = context;
    *n_red += r->kind == BS_JUDGED && r->status_rank == 0;
    return true; // false would stop
}

static bool print_change(void *context, const bs_change *c) {
    (void)context;
    if (c->before && c->after)
        printf("%s %s: %s -> %s\n", c->after->entity.s, c->after->period.s, c->before->status.s,
               c->after->status.s);
    return true;
}

// A session with compiled rules. Its findings say what is wrong where that fails.
static bs_session *compile(const char *rules, const char *threshold) {
    bs_session *s = bs_open();
    if (s && (!threshold || bs_set_threshold(s, threshold) == BS_OK) &&
        bs_add_rules(s, rules) == BS_OK && bs_compile(s) == BS_OK)
        return s;
    if (s)
        bs_write_diagnostics(s, 0, false, &out);
    bs_close(s);
    return NULL;
}

int main(int argc, char **argv) {
    if (argc != 4)
        return 2;
    size_t n_red = 0;
    bs_session *s = compile(argv[1], NULL), *tried = compile(argv[1], argv[3]);
    bool ok = s && tried && bs_add_data(s, argv[2]) == BS_OK &&
              bs_run(s, NULL, count_row, &n_red) == BS_OK;
    if (ok) {
        const bs_filter one = {.entities = (const char *[]){"Sefton"}, .n_entities = 1,
                               .periods = (const char *[]){"2022"}, .n_periods = 1};
        const bs_diff_options rows = {.filter = one};
        printf("%zu rows are at the worst level\n", n_red);
        ok = bs_why(s, &one, &(bs_why_options){.why_not = "green"}, &out) == BS_OK &&
             bs_share_data(tried, s) == BS_OK &&
             bs_diff(s, tried, &rows, print_change, NULL, NULL) == BS_OK;
    }
    bs_close(tried);
    bs_close(s);
    return ok ? 0 : 1;
}
