// SPDX-License-Identifier: Apache-2.0
// `peers`: for each entity the ones it is compared with, read from a table.
#include <string.h>

#include "lang/compiler.h"

#define NO_COLUMN SIZE_MAX

typedef struct PeersFile {
    Compiler *c;
    const Node *node;
    TextTable table;
    size_t entity, code, member, group; // columns
    VEC(size_t) members;                // numbered columns
} PeersFile;

static Str cell(const PeersFile *f, size_t row, size_t column) {
    const TextRow *r = &f->table.rows[row];
    return column < r->n ? r->cells[column] : (Str){0};
}

static bool refuse(PeersFile *f, const Node *at, const char *what, const char *advice) {
    report(f->c, D_PEERS, node_place(at), "%s", what)->hint = str_from(advice);
    return false;
}

// ---- columns ------------------------------------------------------------------------------------

static bool find_column(PeersFile *f, const Node *string, size_t *out) {
    Str name = node_string(f->c->scratch, string);
    const TextRow *heading = &f->table.rows[0];
    Suggestion near = suggest_for(name);
    for (size_t i = 0; i < heading->n; i++) {
        suggest_consider(&near, heading->cells[i]);
        if (str_eq(heading->cells[i], name)) {
            *out = i;
            return true;
        }
    }
    Diag *d = report(f->c, D_PEERS, node_place(string), "the file has no column \"%.*s\"",
                     STR_ARG(name));
    if (near.best.len > 0)
        hint(f->c, d, "did you mean \"%.*s\"?", STR_ARG(near.best));
    else
        d->hint = STR("write the heading as it stands in the file");
    return false;
}

static bool read_columns(PeersFile *f, const Node *options) {
    f->entity = f->code = f->member = f->group = NO_COLUMN;
    for (uint32_t i = 0; i < options->n_kids; i++) {
        const Node *o = options->kids[i];
        Str word = o->kind == NODE_ENTITY_COLUMN ? STR("entity") : node_text(node_kid(o, 0));
        size_t *slot = str_eq(word, STR("entity"))   ? &f->entity
                       : str_eq(word, STR("code"))   ? &f->code
                       : str_eq(word, STR("member")) ? &f->member
                       : str_eq(word, STR("group"))  ? &f->group
                                                     : NULL;
        if (!slot)
            return refuse(f, o, "this kind of column is not known",
                          "write entity column, code column, member column or group column");
        if (!find_column(f, node_kid(o, o->n_kids - 1), slot))
            return false;
    }
    return true;
}

// The length of the part before the number at the end of a heading; 0 where there is none.
static size_t prefix_of(Str heading) {
    size_t n = heading.len;
    while (n > 0 && heading.s[n - 1] >= '0' && heading.s[n - 1] <= '9')
        n--;
    return n < heading.len ? n : 0;
}

// Columns whose headings are alike but for a number at the end, two or more: SN_1 to SN_10.
static void find_numbered(PeersFile *f) {
    const TextRow *heading = &f->table.rows[0];
    for (size_t i = 0; i < heading->n && f->members.n < 2; i++) {
        size_t n = prefix_of(heading->cells[i]);
        f->members.n = 0;
        for (size_t k = i; n > 0 && k < heading->n; k++)
            if (prefix_of(heading->cells[k]) == n &&
                memcmp(heading->cells[k].s, heading->cells[i].s, n) == 0)
                VEC_PUSH(f->c->scratch, &f->members, k);
    }
}

static bool holds(const PeersFile *f, size_t column, Str text) {
    for (size_t i = 1; i < f->table.n; i++)
        if (str_eq(cell(f, i, column), text))
            return true;
    return false;
}

static Str first_member(const PeersFile *f) {
    size_t column = f->members.n > 0 ? f->members.v[0] : f->member;
    for (size_t i = 1; i < f->table.n; i++)
        if (cell(f, i, column).len > 0)
            return cell(f, i, column);
    return (Str){0};
}

// The column by which members are listed: the entities' own, or the first that holds one of them.
static void find_code(PeersFile *f) {
    Str member = first_member(f);
    if (f->code != NO_COLUMN || holds(f, f->entity, member))
        return;
    for (size_t i = 0; i < f->table.rows[0].n && f->code == NO_COLUMN; i++) {
        bool lists = i == f->member;
        for (size_t k = 0; k < f->members.n; k++)
            lists = lists || f->members.v[k] == i;
        if (!lists && holds(f, i, member))
            f->code = i;
    }
}

static bool settle_columns(PeersFile *f) {
    if (f->member == NO_COLUMN && f->group == NO_COLUMN)
        find_numbered(f);
    if (f->member == NO_COLUMN && f->group == NO_COLUMN && f->members.n < 2)
        return refuse(f, node_kid(f->node, 2),
                      "which column holds the peers cannot be told from the headings",
                      "say it: member column \"…\" for a row a peer, or group column \"…\"");
    if (f->entity == NO_COLUMN)
        return refuse(f, node_kid(f->node, 2), "which column holds the entity is not said",
                      "add the heading of the column with the names that the metric files use: "
                      "entity column \"…\"");
    if (f->group == NO_COLUMN)
        find_code(f);
    return true;
}

// ---- lists --------------------------------------------------------------------------------------

typedef VEC(Str) MemberNames;

static Str name_of(PeersFile *f, Intern *codes, const size_t *rows, Str member, uint32_t line) {
    uint32_t id = intern_find(codes, member);
    if (id != INTERN_NONE)
        return cell(f, rows[id], f->entity);
    Diag *d = report(f->c, D_PEERS_MEMBER, (Place){.file = f->table.file, .line = line},
                     "the peer \"%.*s\" has no row of its own in the file", STR_ARG(member));
    d->hint = STR("correct it; it counts as a peer without figures");
    return member;
}

static void add_member(PeersFile *f, MemberNames *names, Str entity, Str member) {
    if (member.len > 0 && (f->group != NO_COLUMN || !str_eq(member, entity)))
        VEC_PUSH(f->c->arena, names, arena_str(f->c->arena, member));
}

// Lists by entity, or by group where there are groups.
static bool make_lists(PeersFile *f, PeerSet *set) {
    Compiler *c = f->c;
    Intern owners, codes;
    intern_init(&owners, c->scratch);
    intern_init(&codes, c->scratch);
    size_t *rows = ARENA_ARRAY(c->scratch, size_t, f->table.n);
    MemberNames *names = ARENA_ARRAY(c->scratch, MemberNames, f->table.n);
    set->lists = ARENA_ARRAY(c->arena, PeerList, f->table.n);
    if (!rows || !names || !set->lists)
        return false;
    for (size_t i = 1; i < f->table.n; i++) {
        Str code = cell(f, i, f->code != NO_COLUMN ? f->code : f->entity);
        uint32_t n = codes.n;
        if (code.len > 0 && intern_add(&codes, code) == n)
            rows[n] = i;
    }
    for (size_t i = 1; i < f->table.n; i++) {
        Str entity = cell(f, i, f->entity);
        Str owner = f->group != NO_COLUMN ? cell(f, i, f->group) : entity;
        if (entity.len == 0 || owner.len == 0)
            continue;
        uint32_t list = intern_add(&owners, owner);
        if (list == INTERN_NONE)
            return false;
        if (f->group != NO_COLUMN)
            add_member(f, &names[list], entity, entity);
        else if (f->member != NO_COLUMN)
            add_member(f, &names[list], entity,
                       name_of(f, &codes, rows, cell(f, i, f->member), f->table.rows[i].line));
        for (size_t k = 0; f->group == NO_COLUMN && k < f->members.n; k++) {
            Str member = cell(f, i, f->members.v[k]);
            if (member.len > 0)
                add_member(f, &names[list], entity,
                           name_of(f, &codes, rows, member, f->table.rows[i].line));
        }
    }
    Intern seen;
    intern_init(&seen, c->scratch);
    for (size_t i = 1; i < f->table.n; i++) {
        Str entity = cell(f, i, f->entity);
        Str owner = f->group != NO_COLUMN ? cell(f, i, f->group) : entity;
        uint32_t n = seen.n;
        if (entity.len == 0 || owner.len == 0 || intern_add(&seen, entity) != n)
            continue;
        const MemberNames *m = &names[intern_find(&owners, owner)];
        set->lists[set->n_lists++] =
            (PeerList){arena_str(c->arena, entity), m->v, (uint32_t)m->n};
    }
    return !compiler_failed(c);
}

void declare_peers(Compiler *c, const Node *n) {
    PeersFile f = {.c = c, .node = n};
    Str path;
    PeerSet set = {.name = arena_str(c->arena, node_text(node_kid(n, 0))),
                   .place = node_place(node_kid(n, 0))};
    if (node_kid(n, 1))
        set.label = arena_str(c->arena, node_string(c->scratch, node_kid(n, 1)));
    for (size_t i = 0; i < c->peers.n; i++)
        if (str_eq(c->peers.v[i].name, set.name)) {
            report_twice(c, "the name", set.name, set.place, c->peers.v[i].place);
            return;
        }
    const Node *file = node_kid(n, 2);
    if (!modules_find(c->modules, node_place(file), node_string(c->scratch, file), &path))
        return;
    if (!c->modules->read_table) {
        report(c, D_PEERS_FILE, node_place(file), "no file of peers can be read here")->hint =
            STR("compile the rules by way of a session");
        return;
    }
    if (!c->modules->read_table(c->scratch, c->diags, path, &f.table))
        return;
    if (f.table.n < 2) {
        refuse(&f, file, "the file has no rows below its heading",
               "check that it is the right file");
        return;
    }
    if (read_columns(&f, node_kid(n, 3)) && settle_columns(&f) && make_lists(&f, &set))
        VEC_PUSH(c->arena, &c->peers, set);
}
