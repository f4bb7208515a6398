// SPDX-License-Identifier: Apache-2.0
// The order of a compile, and its result put together.
#include "lang/compile.h"

#include <string.h>

#include "lang/gen.h"
#include "lang/groups.h"
#include "lang/thresholds.h"

// The tables grew in the program's arena; the program takes them as they are.
static void assemble(Compiler *c, Program *p) {
    p->arena = c->arena;
    p->files = ARENA_ARRAY(c->arena, DiagFile, c->diags->files.n);
    for (size_t i = 0; p->files && i < c->diags->files.n; i++)
        p->files[p->n_files++] = c->diags->files.v[i];
#define TAKE(field) (p->field = c->field.v, p->n_##field = (uint32_t)c->field.n)
    TAKE(scales);
    TAKE(metrics);
    TAKE(fields);
    TAKE(inputs);
    TAKE(kpis);
    TAKE(groups);
    TAKE(examples);
    TAKE(group_examples);
    TAKE(assertions);
    TAKE(judgements);
    TAKE(judgement_sets);
    TAKE(code);
    TAKE(consts);
    TAKE(loads);
    TAKE(band_tables);
    TAKE(maps);
    TAKE(cross_tables);
    TAKE(trajectories);
    TAKE(spans);
    TAKE(series);
    TAKE(amongs);
    TAKE(peers);
    TAKE(dated);
    TAKE(charts);
    TAKE(lines);
    TAKE(facts);
    TAKE(texts);
#undef TAKE
    p->group_order = c->group_order.v;
    p->field_is_text = c->field_is_text.v;
    p->places = c->places.v;
}

static bool out_of_memory(Compiler *c) {
    diag_add(c->diags, D_NO_MEMORY, (Place){.file = PLACE_NO_FILE},
             "memory ran out while the rules were compiled");
    return false;
}

// A program that the verifier refuses is a fault of the compiler, never of the rules. One of rules
// with errors is for proofs alone: it holds what could be made out.
static bool verify(Compiler *c, Program *p, bool with_errors) {
    Buf why = {0};
    bool ok = program_verify(p, &why);
    if (!ok && why.failed) {
        out_of_memory(c);
    } else if (!ok && with_errors) {
        *p = (Program){0};
    } else if (!ok) {
        Diag *d = diag_add(c->diags, D_INTERNAL, (Place){.file = PLACE_NO_FILE},
                           "the compiled rules are not sound: %.*s", STR_ARG(buf_str(&why)));
        d->hint = STR("this is a fault in Bandstand; please report it with the rule file");
    }
    buf_free(&why);
    return ok && !with_errors;
}

// What lines take a status from was noted as the place of its declaration.
static void index_taken(Compiler *c) {
    for (size_t i = 0; i < c->lines.n; i++) {
        uint32_t *taken = &c->lines.v[i].taken;
        const KpiSpec *spec = *taken > 0 ? &c->specs.v[*taken - 1] : NULL;
        *taken = spec && spec->lowered ? spec->kpi + 1 : 0;
    }
}

static bool finish(Compiler *c, Program *out, size_t n_errors) {
    place_series(c);
    index_taken(c);
    if (compiler_failed(c))
        return out_of_memory(c);
    if (c->code.n > PROGRAM_MAX_CODE)
        diag_add(c->diags, D_TOO_LONG, (Place){.file = PLACE_NO_FILE},
                 "the rules need more than %u steps", PROGRAM_MAX_CODE)
            ->hint = STR("split them into two sets of rules that are run one after the other");
    assemble(c, out);
    if (compiler_failed(c))
        return out_of_memory(c);
    return verify(c, out, c->diags->n_errors > n_errors);
}

// A declaration that could not be read may have held names that the rest needs.
static bool has_unread_declaration(const Module *m) {
    for (uint32_t i = 0; m->tree && i < m->tree->n_kids; i++)
        if (m->tree->kids[i]->kind == NODE_ERROR)
            return true;
    return !m->tree;
}

static void note_all(Compiler *c) {
    note_unused(c);
    note_untied(c);
}

bool compile_modules(Arena *scratch, Arena *arena, DiagList *diags, Modules *modules,
                     Program *out) {
    *out = (Program){0};
    size_t n_errors = diags->n_errors;
    bool broken = modules->incomplete;
    for (size_t i = 0; i < modules->all.n; i++)
        broken = broken || has_unread_declaration(modules->all.v[i]);
    Compiler c = {
        .scratch = scratch, .arena = arena, .diags = diags, .modules = modules, .program = out};
    thresholds_begin(modules);
    declare_all(&c);
    // Names that stood on lines that could not be read would be missed everywhere else.
    if (!broken && !compiler_failed(&c)) {
        lower_kpis(&c);
        thresholds_report_unused(&c);
        lower_overrides(&c);
        lower_assertions(&c);
        lower_groups(&c);
        if (diags->n_errors == n_errors)
            lower_examples(&c);
        if (diags->n_errors == 0 && !compiler_failed(&c))
            note_all(&c);
    }
    // Errors of reading count too: what was not read leaves the tables incomplete.
    if (!finish(&c, out, 0) || broken)
        return false;
    return (program_set_hash(out) && program_set_overrides_hash(out)) || out_of_memory(&c);
}

bool compile_expression(Arena *scratch, Arena *arena, DiagList *diags, Modules *modules, Str text,
                        Program *out, Expression *expression) {
    *out = (Program){0};
    size_t n_errors = diags->n_errors;
    Modules none = {.arena = scratch, .diags = diags};
    Compiler c = {.scratch = scratch,
                  .arena = arena,
                  .diags = diags,
                  .modules = modules ? modules : &none,
                  .program = out};
    // The text lives with the findings, which show it.
    Source source = {
        .text = arena_str(diags->arena, text), .to = (uint32_t)text.len, .line = 1, .column = 1};
    source.file = diag_file(diags, STR("expression"), source.text);
    if (diags->arena->failed || source.file == PLACE_NO_FILE)
        return out_of_memory(&c);
    const Node *n = parse(scratch, diags, &source, PARSE_EXPRESSION);
    declare_all(&c);
    Fn fn = {.c = &c};
    Gen g = {.c = &c, .fn = &fn};
    Val v = n ? lower(&g, n) : error_val();
    static const ValueKind kinds[] = {[VAL_NUMBER] = KIND_NUMBER,
                                      [VAL_TRUTH] = KIND_TRUTH,
                                      [VAL_LEVEL] = KIND_LEVEL,
                                      [VAL_TEXT] = KIND_TEXT};
    if (v.type != VAL_ERROR)
        *expression = (Expression){finish_function(&g), v.reg, kinds[v.type], v.unit};
    else if (diags->n_errors == n_errors && !compiler_failed(&c))
        diag_add(diags, D_SYNTAX, (Place){source.file, 1, 1, (uint32_t)text.len},
                 "`%.*s` is not an expression", STR_ARG(text))
            ->hint = STR("write for instance 17 as percent of 20");
    return finish(&c, out, n_errors) && v.type != VAL_ERROR;
}
