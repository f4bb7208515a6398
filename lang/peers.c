// SPDX-License-Identifier: Apache-2.0
// `peers`: for each entity the ones it is compared with, read from a table.
#include <string.h>

#include "lang/compiler.h"

#define NO_COLUMN SIZE_MAX
#define LIST_OF_NONE (UINT32_MAX - 1) // of an entity that has a row and no peers

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

// Nothing but missing figures could come of it.
static bool refuse_empty(PeersFile *f) {
    report(f->c, D_PEERS_EMPTY, node_place(node_kid(f->node, 2)),
           "the file gives no peers for anybody: the columns of peers are empty in every row")
        ->hint = STR("fill them, or name the columns that hold the peers: member column \"…\" or "
                     "group column \"…\"");
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

typedef struct Member {
    uint32_t name; // index among the set's names
    uint32_t line; // that lists it
} Member;

typedef VEC(Member) MemberList;

typedef struct Lists {
    PeersFile *f;
    PeerSet *set;
    Intern names;       // beside set->names
    Intern owners;      // entities, or groups where there are any
    MemberList *listed; // by owner
    uint32_t *owner_of; // by name; INTERN_NONE for one that is no entity of the file
    size_t *row_of;     // by code
    Intern codes;
    uint32_t n_peers, n_own_rows; // names that are peers, and those of them with a row
} Lists;

// Several sets may be of one file, which is told of once.
static void warn(PeersFile *f, DiagCode code, uint32_t line, Str message, Str advice) {
    DiagList *d = f->c->diags;
    Place inside = {.file = f->table.file, .line = line};
    Place place = diag_place(d, code, node_place(node_kid(f->node, 0)), inside);
    if (!diag_has(d, code, place, message))
        diag_add(d, code, place, "%.*s", STR_ARG(message))->hint = advice;
}

// ---- rows of which something is lost ------------------------------------------------------------

enum { MOST_SINGLE_ROWS = 8 }; // more are told of in one finding

typedef Str LostText(const PeersFile *f, size_t row);

// The first cell behind the last heading.
static Str lost_cell(const PeersFile *f, size_t row) {
    const TextRow *heading = &f->table.rows[0], *r = &f->table.rows[row];
    size_t i = heading->n;
    while (i > 0 && heading->cells[i - 1].len == 0)
        i--;
    while (i < r->n && r->cells[i].len == 0)
        i++;
    return cell(f, row, i);
}

// The first peer, or the group, of a row without an entity.
static Str lost_peer(const PeersFile *f, size_t row) {
    if (cell(f, row, f->entity).len > 0)
        return (Str){0};
    Str text = cell(f, row, f->group != NO_COLUMN ? f->group : f->member);
    for (size_t i = 0; text.len == 0 && f->group == NO_COLUMN && i < f->members.n; i++)
        text = cell(f, row, f->members.v[i]);
    return text;
}

static Str say_cell(const PeersFile *f, size_t row, Str lost) {
    Str entity = cell(f, row, f->entity);
    return arena_printf(f->c->scratch,
                        "\"%.*s\" stands behind the last heading in the row of \"%.*s\", so it is "
                        "not read",
                        STR_ARG(lost), STR_ARG(entity));
}

static Str say_peer(const PeersFile *f, size_t row, Str lost) {
    (void)row;
    bool grouped = f->group != NO_COLUMN;
    return arena_printf(f->c->scratch, "the row %s \"%.*s\"%s: its cell of \"%.*s\" is empty",
                        grouped ? "puts nobody into the group" : "lists", STR_ARG(lost),
                        grouped ? "" : " as a peer of nobody",
                        STR_ARG(f->table.rows[0].cells[f->entity]));
}

static void warn_rows(PeersFile *f, DiagCode code, LostText *lost_of,
                      Str (*say)(const PeersFile *f, size_t row, Str lost), const char *many,
                      Str advice) {
    size_t n = 0;
    for (size_t i = 1; i < f->table.n; i++)
        n += lost_of(f, i).len > 0;
    for (size_t i = 1, n_told = 0; i < f->table.n && (n <= MOST_SINGLE_ROWS || n_told == 0); i++) {
        Str lost = lost_of(f, i);
        if (lost.len == 0)
            continue;
        Str text = say(f, i, lost);
        if (n > MOST_SINGLE_ROWS)
            text = arena_printf(f->c->scratch, "%zu rows %s; in the first, %.*s", n, many,
                                STR_ARG(text));
        warn(f, code, f->table.rows[i].line, text, advice);
        n_told++;
    }
}

static void warn_lost(PeersFile *f) {
    warn_rows(f, D_PEERS_CELLS, lost_cell, say_cell, "have more cells than the heading",
              STR("give its column a heading, such as SN3 behind SN1 and SN2; a name that holds a "
                  "comma needs quotation marks round it"));
    warn_rows(f, D_PEERS_NOBODY, lost_peer, say_peer, "name no entity",
              STR("write the entity into the cell, in each of its rows, or take the row out"));
}

// ---- names --------------------------------------------------------------------------------------

static uint32_t add_name(Lists *l, Str text, uint32_t line) {
    Compiler *c = l->f->c;
    uint32_t n = l->names.n, id = intern_add(&l->names, text);
    if (id == n) {
        PeerName name = {.name = arena_str(c->arena, text), .line = line};
        l->set->names[l->set->n_names++] = name;
        l->owner_of[id] = INTERN_NONE;
    }
    return id;
}

// Which row says it of each entity and code, and whose list each entity has.
static bool read_entities(Lists *l) {
    PeersFile *f = l->f;
    for (size_t i = 1; i < f->table.n; i++) {
        uint32_t line = f->table.rows[i].line, n = l->codes.n;
        Str entity = cell(f, i, f->entity);
        Str code = cell(f, i, f->code != NO_COLUMN ? f->code : f->entity);
        Str owner = f->group != NO_COLUMN ? cell(f, i, f->group) : entity;
        if (code.len > 0 && intern_add(&l->codes, code) == n)
            l->row_of[n] = i;
        if (entity.len == 0)
            continue;
        uint32_t name = add_name(l, entity, line);
        uint32_t list = owner.len > 0 ? intern_add(&l->owners, owner) : INTERN_NONE;
        if (name == INTERN_NONE || f->c->scratch->failed)
            return false;
        uint32_t first = l->owner_of[name];
        if (first == INTERN_NONE || first == LIST_OF_NONE)
            l->owner_of[name] = list == INTERN_NONE ? LIST_OF_NONE : list;
        else if (list != INTERN_NONE && list != first)
            warn(f, D_PEERS_TWICE, line,
                 arena_printf(f->c->scratch, "\"%.*s\" is in two groups, \"%.*s\" and \"%.*s\"",
                              STR_ARG(entity), STR_ARG(intern_text(&l->owners, first)),
                              STR_ARG(owner)),
                 STR("it is a peer in both, and its own peers are those of the first: correct the "
                     "file"));
    }
    return true;
}

static uint32_t name_of(Lists *l, Str member, uint32_t line) {
    uint32_t code = intern_find(&l->codes, member);
    if (code == INTERN_NONE)
        return add_name(l, member, line);
    return intern_find(&l->names, cell(l->f, l->row_of[code], l->f->entity));
}

static bool add_member(Lists *l, Str owner, Str member, uint32_t line) {
    if (owner.len == 0 || member.len == 0)
        return true;
    Member m = {name_of(l, member, line), line};
    if (m.name == INTERN_NONE) // the row that the code names is of no entity
        m.name = add_name(l, member, line);
    return m.name != INTERN_NONE &&
           VEC_PUSH(l->f->c->scratch, &l->listed[intern_find(&l->owners, owner)], m);
}

static bool read_members(Lists *l) {
    PeersFile *f = l->f;
    bool ok = true;
    for (size_t i = 1; ok && i < f->table.n; i++) {
        uint32_t line = f->table.rows[i].line;
        Str entity = cell(f, i, f->entity);
        if (f->group != NO_COLUMN && entity.len > 0 && cell(f, i, f->group).len > 0) {
            Member m = {intern_find(&l->names, entity), line};
            uint32_t group = intern_find(&l->owners, cell(f, i, f->group));
            ok = VEC_PUSH(f->c->scratch, &l->listed[group], m);
        } else if (f->member != NO_COLUMN) {
            ok = add_member(l, entity, cell(f, i, f->member), line);
        }
        for (size_t k = 0; ok && f->group == NO_COLUMN && k < f->members.n; k++)
            ok = add_member(l, entity, cell(f, i, f->members.v[k]), line);
    }
    return ok;
}

static void warn_again(Lists *l, uint32_t owner, const Member *m) {
    Str name = l->set->names[m->name].name, of = intern_text(&l->owners, owner);
    const char *form = l->f->group != NO_COLUMN ? "\"%.*s\" is listed twice in the group \"%.*s\""
                                                : "\"%.*s\" is listed twice among the peers of "
                                                  "\"%.*s\"";
    Buf text = {0};
    buf_printf(&text, form, STR_ARG(name), STR_ARG(of));
    warn(l->f, D_PEERS_TWICE, m->line, buf_str(&text),
         STR("it counts once: take it out, or write the one that is meant"));
    buf_free(&text);
}

// Takes over a list, each member once.
static bool settle_list(Lists *l, uint32_t owner, uint32_t *seen_in, PeerList *out) {
    MemberList *listed = &l->listed[owner];
    *out = (PeerList){.members = ARENA_ARRAY(l->f->c->arena, Str, listed->n)};
    for (size_t i = 0; out->members && i < listed->n; i++) {
        const Member *m = &listed->v[i];
        PeerName *name = &l->set->names[m->name];
        if (seen_in[m->name] == owner + 1) {
            warn_again(l, owner, m);
            continue;
        }
        seen_in[m->name] = owner + 1;
        out->members[out->n_members++] = name->name;
        l->n_peers += !name->is_peer;
        l->n_own_rows += !name->is_peer && l->owner_of[m->name] != INTERN_NONE;
        name->is_peer = true;
        if (l->f->group == NO_COLUMN && l->owner_of[m->name] == owner)
            warn(l->f, D_PEERS_TWICE, m->line,
                 arena_printf(l->f->c->scratch, "\"%.*s\" is listed among its own peers",
                              STR_ARG(name->name)),
                 STR("its own figure counts among those it is compared with: take it out unless "
                     "that is meant"));
    }
    return out->members != NULL;
}

// Peers without a row of their own. Where they are listed by code that is the only way to their
// name; else it is a probable error where nearly all have one, or a name is much like another.
static void warn_unknown(Lists *l) {
    PeersFile *f = l->f;
    for (uint32_t i = 0; i < l->set->n_names; i++) {
        PeerName *name = &l->set->names[i];
        if (l->owner_of[i] != INTERN_NONE || !name->is_peer)
            continue;
        Suggestion near = suggest_for(name->name);
        for (uint32_t k = 0; k < l->set->n_names; k++)
            if (l->owner_of[k] != INTERN_NONE)
                suggest_consider(&near, l->set->names[k].name);
        name->unknown = f->code != NO_COLUMN;
        if (!name->unknown && near.best.len == 0 && l->n_own_rows * 2 <= l->n_peers)
            continue;
        Str hint = near.best.len > 0
                       ? arena_printf(f->c->diags->arena, "did you mean \"%.*s\"?",
                                      STR_ARG(near.best))
                   : name->unknown ? STR("correct it; it counts as a peer without figures")
                                   : STR("correct it, unless the metric files have that name");
        warn(f, D_PEERS_MEMBER, name->line,
             arena_printf(f->c->scratch, "the peer \"%.*s\" has no row of its own in the file",
                          STR_ARG(name->name)),
             hint);
    }
}

static bool settle_lists(Lists *l) {
    Compiler *c = l->f->c;
    PeerSet *set = l->set;
    PeerList *of_owner = ARENA_ARRAY(c->scratch, PeerList, l->owners.n);
    uint32_t *seen_in = ARENA_ARRAY(c->scratch, uint32_t, set->n_names);
    set->lists = ARENA_ARRAY(c->arena, PeerList, set->n_names);
    bool ok = of_owner && seen_in && set->lists;
    for (uint32_t i = 0; ok && i < l->owners.n; i++)
        ok = settle_list(l, i, seen_in, &of_owner[i]);
    for (uint32_t i = 0; ok && i < set->n_names; i++) {
        uint32_t owner = l->owner_of[i];
        if (owner == INTERN_NONE)
            continue;
        PeerList *list = &set->lists[set->n_lists++];
        if (owner != LIST_OF_NONE)
            *list = of_owner[owner];
        if (owner != LIST_OF_NONE && set->grouped)
            list->group = arena_str(c->arena, intern_text(&l->owners, owner));
        list->entity = set->names[i].name;
    }
    if (ok)
        warn_unknown(l);
    return ok;
}

// Lists by entity, or by group where there are groups.
static bool make_lists(PeersFile *f, PeerSet *set) {
    Compiler *c = f->c;
    Lists l = {.f = f, .set = set};
    size_t n = f->table.n, n_cells = 1;
    for (size_t i = 0; i < n; i++)
        n_cells += 1 + (f->members.n > 0 ? f->members.n : 1);
    intern_init(&l.names, c->scratch);
    intern_init(&l.owners, c->scratch);
    intern_init(&l.codes, c->scratch);
    l.listed = ARENA_ARRAY(c->scratch, MemberList, n);
    l.owner_of = ARENA_ARRAY(c->scratch, uint32_t, n_cells);
    l.row_of = ARENA_ARRAY(c->scratch, size_t, n);
    set->names = ARENA_ARRAY(c->arena, PeerName, n_cells);
    set->file = f->table.file;
    set->grouped = f->group != NO_COLUMN;
    warn_lost(f);
    if (!l.listed || !l.owner_of || !l.row_of || !set->names || !read_entities(&l) ||
        !read_members(&l) || !settle_lists(&l))
        return false;
    if (l.n_peers == 0)
        return refuse_empty(f);
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
    // The name is known even where the file is not as it should be.
    if (!read_columns(&f, node_kid(n, 3)) || !settle_columns(&f) || !make_lists(&f, &set))
        set.n_lists = set.n_names = 0;
    VEC_PUSH(c->arena, &c->peers, set);
}
