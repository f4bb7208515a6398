// SPDX-License-Identifier: Apache-2.0
// The public API: rules laid out, listed, tried by their examples and made of published tables, and
// metric files looked at.
#include "lang/format.h"
#include "lang/mappings.h"
#include "lang/session.h"
#include "runtime/edges/examples.h"
#include "runtime/edges/import.h"
#include "runtime/edges/inspect.h"

bs_code bs_test(bs_session *s, const bs_sink *sink, bs_test_counts *counts) {
    if (!s->compiled)
        return BS_USAGE;
    Buf text = {0};
    if (examples_run(&s->program, counts, &text))
        return session_hand_over(&text, sink);
    buf_free(&text);
    return session_no_memory(s);
}

// The line of [before], from 1, on which [after] differs; 0 when they are equal.
static unsigned first_difference(Str before, Str after) {
    unsigned line = 1;
    size_t i = 0;
    for (; i < before.len && i < after.len && before.s[i] == after.s[i]; i++)
        line += before.s[i] == '\n';
    return i < before.len || i < after.len ? line : 0;
}

// What [source] comes to in the canonical layout; the text is kept with the rule texts.
static bs_code lay_out(bs_session *s, const Source *source, bs_formatted *out) {
    Arena scratch;
    Buf text = {0};
    arena_init(&scratch, 0);
    bool ok = format_rules(&scratch, &s->diags, source, &text);
    bool memory = !scratch.failed && !text.failed;
    Str after = ok ? arena_str(&s->trees, buf_str(&text)) : (Str){0};
    arena_free(&scratch);
    buf_free(&text);
    if (!memory || s->trees.failed)
        return session_no_memory(s);
    *out = (bs_formatted){.name = session_text(s->diags.files.v[source->file].path),
                          .before = session_text(source->text),
                          .after = session_text(after),
                          .first_line = first_difference(source->text, after)};
    return session_outcome(s, ok);
}

bs_code bs_format_rules(bs_session *s, const char *path, bs_formatted *out) {
    Source source;
    bool readable;
    if (!load_file(&s->modules, str_from(path), &source, &readable))
        return session_no_memory(s);
    return readable ? lay_out(s, &source, out) : BS_INVALID;
}

bs_code bs_format_rules_text(bs_session *s, const char *name, const char *text, size_t len,
                             bs_formatted *out) {
    Source source;
    bool readable;
    if (!load_text(&s->modules, str_from(name), (Str){text, len}, &source, &readable))
        return session_no_memory(s);
    return readable ? lay_out(s, &source, out) : BS_INVALID;
}

bs_code bs_disassemble(bs_session *s, const bs_sink *sink) {
    if (!s->compiled)
        return BS_USAGE;
    Buf text = {0};
    program_list(&s->program, true, &text);
    return session_hand_over(&text, sink);
}

bs_code bs_inspect(bs_session *s, const char *path, const bs_inspect_options *o,
                   const bs_sink *sink) {
    InspectOptions options = {.delimiter = str_from(o->delimiter),
                              .quote = str_from(o->quote),
                              .encoding = str_from(o->encoding),
                              .skip_lines = o->skip_lines,
                              .no_header = o->no_header,
                              .rows = o->rows,
                              .json = o->json};
    return inspect_file(&s->diags, str_from(path), &options, sink);
}

// ---- import -------------------------------------------------------------------------------------

static bool list_scales(bs_session *s, Arena *a, ImportOptions *o) {
    ImportScale *scales = ARENA_ARRAY(a, ImportScale, s->program.n_scales);
    for (uint32_t i = 0; scales && i < s->program.n_scales; i++)
        scales[i] = (ImportScale){&s->program.scales[i],
                                  mapped_scale(&s->modules, &s->program, &s->program.scales[i])};
    o->scales = scales;
    o->n_scales = s->program.n_scales;
    return scales;
}

static bool list_names(const bs_session *s, Arena *a, ImportOptions *o) {
    const Program *p = &s->program;
    Str *names = ARENA_ARRAY(a, Str, (size_t)p->n_kpis + p->n_metrics);
    for (uint32_t i = 0; names && i < p->n_kpis; i++)
        names[o->n_names++] = p->kpis[i].name;
    for (uint32_t i = 0; names && i < p->n_metrics; i++)
        names[o->n_names++] = p->metrics[i].name;
    o->names = names;
    return names;
}

bs_code bs_import(bs_session *s, const char *path, const bs_import_options *given,
                  const bs_sink *sink) {
    static const bs_import_options usual;
    const bs_import_options *g = given ? given : &usual;
    if (!s->compiled && s->modules.all.n > 0)
        return BS_USAGE;
    ImportOptions o = {.sheet = str_from(g->sheet),
                       .polarity = str_from(g->polarity),
                       .columns = g->columns,
                       .n_columns = g->n_columns,
                       .uses = g->uses,
                       .n_uses = g->n_uses,
                       .records = {.delimiter = str_from(g->delimiter),
                                   .quote = str_from(g->quote),
                                   .encoding = str_from(g->encoding),
                                   .skip_lines = g->skip_lines,
                                   .no_header = g->no_header}};
    Arena lists;
    arena_init(&lists, 0);
    bs_code code = BS_NO_MEMORY;
    if (list_scales(s, &lists, &o) && list_names(s, &lists, &o))
        code = import_file(&s->diags, str_from(path), &o, sink);
    arena_free(&lists);
    return code == BS_NO_MEMORY ? session_no_memory(s) : code;
}
