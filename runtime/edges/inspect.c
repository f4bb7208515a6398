// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/inspect.h"

#include "runtime/edges/inspect_report.h"

static bool write_report(Buf *out, Arena *a, const Profile *p, const Guess *g,
                         const RecordsOptions *o, bool json) {
    Findings findings;
    Buf input = {0};
    bool ok = report_findings(a, p, g, &findings);
    report_input(&input, a, p, g, o);
    ok &= !input.failed;
    if (ok && json)
        ok = report_json(out, p, g, &findings, buf_str(&input));
    else if (ok)
        report_text(out, p, g, &findings, buf_str(&input));
    buf_free(&input);
    return ok && !out->failed;
}

static bs_code summarise(DiagList *d, uint32_t file, Str path, const RecordsOptions *o, bool json,
                         const bs_sink *sink) {
    Arena arena;
    arena_init(&arena, 0);
    Buf out = {0};
    Profile p;
    Guess g;
    bs_code code = BS_INVALID;
    if (profile_read(&p, &arena, d, file, path, o)) {
        guess_roles(&g, &p);
        if (guess_count_keys(&g, &p, d, file, o))
            code = write_report(&out, &arena, &p, &g, o, json) ? BS_OK : BS_NO_MEMORY;
    }
    if (code == BS_OK && !sink->write(sink->context, out.s, out.len))
        code = BS_STOPPED;
    buf_free(&out);
    arena_free(&arena);
    return code;
}

bs_code inspect_file(DiagList *d, Str path, const InspectOptions *o, const bs_sink *sink) {
    uint32_t file = diag_file(d, path, (Str){0});
    if (file == PLACE_NO_FILE)
        return BS_NO_MEMORY;
    RecordsOptions records = {.delimiter = o->delimiter,
                              .quote = o->quote,
                              .encoding = o->encoding,
                              .skip_lines = o->skip_lines,
                              .no_header = o->no_header};
    return o->rows ? rows_write(d, file, path, &records, o->json, sink)
                   : summarise(d, file, path, &records, o->json, sink);
}
