// SPDX-License-Identifier: Apache-2.0
#include "runtime/data/listing.h"
#include "runtime/data/label_marks.h"

#include <inttypes.h>
#include <nettle/sha2.h>

enum { COMMENT_COLUMN = 44 };

static const Place nowhere = {.file = PLACE_NO_FILE};

// ---- source lines -------------------------------------------------------------------------------

static void find_lines(Listing *l, SourceLines *lines, Str text) {
    size_t n = 1;
    for (size_t i = 0; i < text.len; i++) {
        n += text.s[i] == '\n';
    }
    lines->starts = ARENA_ARRAY(&l->scratch, size_t, n);
    for (size_t i = 0; lines->starts && i < text.len; i++) {
        if (text.s[i] == '\n') {
            lines->starts[++lines->n] = i + 1;
        }
    }
    lines->n += lines->starts != NULL;
}

// The source that a place spans, up to the end of its line; a place without a length spans the rest
// of the line.
static Str source_text(Listing *l, Place place) {
    Str text = l->p->files[place.file].text;
    SourceLines *lines = &l->sources[place.file];
    if (!lines->starts) {
        find_lines(l, lines, text);
    }
    if (place.line < 1 || place.line > lines->n) {
        return (Str){0};
    }
    size_t start = lines->starts[place.line - 1] + (place.column > 0 ? place.column - 1 : 0);
    Str rest = str_slice(text, start, text.len);
    Str line = str_slice(rest, 0, str_find(rest, '\n'));
    Str span = place.len > 0 ? str_slice(line, 0, place.len) : line;
    return str_trim(str_slice(span, 0, str_find(span, '\r')));
}

static void write_place(Listing *l, Place place) {
    if (!l->sources || place.file >= l->p->n_files) {
        return;
    }
    size_t width = str_width(str_slice(buf_str(l->out), l->line_start, l->out->len));
    buf_fill(l->out, ' ', width < COMMENT_COLUMN ? COMMENT_COLUMN - width : 1);
    buf_puts(l->out, "; ");
    buf_put(l->out, l->p->files[place.file].path);
    buf_printf(l->out, ":%" PRIu32, place.line);
    if (place.column > 0) {
        buf_printf(l->out, ":%" PRIu32, place.column);
    }
    Str source = source_text(l, place);
    if (source.len > 0) {
        buf_puts(l->out, "  ");
        buf_put(l->out, source);
    }
}

void listing_end(Listing *l, Place place) {
    write_place(l, place);
    buf_char(l->out, '\n');
    l->line_start = l->out->len;
}

// ---- parts --------------------------------------------------------------------------------------

void listing_quote(Listing *l, Str s) {
    buf_char(l->out, '"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.s[i];
        if (c == '"') {
            buf_puts(l->out, "\"\"");
        } else if (c < ' ' || c == 0x7f) {
            buf_printf(l->out, "\\x%02x", c);
        } else {
            buf_char(l->out, (char)c);
        }
    }
    buf_char(l->out, '"');
}

void listing_clause(Listing *l, const char *word, Str s) {
    if (s.len > 0) {
        buf_printf(l->out, " %s ", word);
        listing_quote(l, s);
    }
}

void listing_unit(Listing *l, Unit u) {
    if (u.kind == UNIT_OWN) {
        listing_quote(l, u.name);
    } else {
        unit_print(l->out, u);
    }
}

void listing_rounding(Listing *l, unsigned decimals, unsigned mode) {
    buf_printf(l->out, "to %u decimal%s%s", decimals, decimals == 1 ? "" : "s",
               mode == ROUND_HALF_EVEN ? " half even" : "");
}

void listing_level(Listing *l, uint32_t scale, unsigned level) {
    if (level == LEVEL_NO_DATA) {
        buf_puts(l->out, "no data");
    } else if (scale < l->p->n_scales && level < l->p->scales[scale].n_levels) {
        buf_put(l->out, l->p->scales[scale].levels[level].name);
    } else {
        buf_printf(l->out, "level %u", level);
    }
}

void listing_levels(Listing *l, uint32_t scale, uint32_t set) {
    const char *between = "";
    for (unsigned i = 0; i < SCALE_MAX_LEVELS; i++) {
        if (set >> i & 1) {
            buf_puts(l->out, between);
            listing_level(l, scale, i);
            between = "|";
        }
    }
}

static void write_name(Listing *l, const char *what, Str name, Str label) {
    buf_printf(l->out, "%s %.*s", what, STR_ARG(name));
    if (label.len > 0) {
        buf_char(l->out, ' ');
        listing_quote(l, label);
    }
}

static void write_line(Listing *l, const char *words, Str text) {
    if (text.len > 0) {
        buf_printf(l->out, "  %s ", words);
        listing_quote(l, text);
        listing_end(l, nowhere);
    }
}

// ---- scales and metrics -------------------------------------------------------------------------

void listing_scale(Listing *l, const Scale *s) {
    write_name(l, "scale", s->name, s->label);
    listing_end(l, s->place);
    for (uint32_t i = 0; i < s->n_levels; i++) {
        const Level *level = &s->levels[i];
        buf_printf(l->out, "  %" PRIu32 " ", i);
        buf_put(l->out, level->name);
        listing_clause(l, "label", level->label);
        listing_clause(l, "symbol", level->symbol);
        listing_clause(l, "colour", level->colour);
        listing_end(l, nowhere);
    }
}

static void list_suppress(Listing *l, const Suppress *s) {
    if (s->follows) {
        buf_puts(l->out, " suppress with ");
        buf_put(l->out, l->p->metrics[s->leader].name);
    }
    if (s->below == 0)
        return;
    buf_printf(l->out, " suppress below %" PRIu32 "%s", s->below, s->except_zero ? " except 0" : "");
    if (s->has_pair) {
        buf_puts(l->out, " with ");
        buf_put(l->out, l->p->metrics[s->other].name);
        buf_puts(l->out, " of ");
        buf_put(l->out, l->p->metrics[s->whole].name);
    }
    listing_clause(l, "total", s->total);
}

void listing_metric(Listing *l, const Metric *m) {
    write_name(l, "metric", m->name, m->label);
    buf_char(l->out, ' ');
    listing_unit(l, m->unit);
    if (m->has_range) {
        buf_puts(l->out, " range ");
        number_print(l->out, m->low);
        buf_puts(l->out, " to ");
        number_print(l->out, m->high);
    }
    listing_clause(l, "from column", m->column);
    listing_clause(l, "from id", m->id);
    list_suppress(l, &m->suppress);
    listing_end(l, m->place);
}

// ---- inputs -------------------------------------------------------------------------------------

static Str layout_words(Layout layout) {
    switch (layout) {
    case LAYOUT_LONG:
        return STR("long");
    case LAYOUT_WIDE:
        return STR("wide");
    case LAYOUT_SNAPSHOT:
        return STR("snapshot");
    }
    return (Str){0};
}

static void write_flag(Listing *l, bool set, const char *words) {
    if (set) {
        buf_printf(l->out, "  %s\n", words);
        l->line_start = l->out->len;
    }
}

static void list_where(Listing *l, const WhereFilter *w) {
    buf_puts(l->out, "  where ");
    listing_quote(l, w->column);
    buf_puts(l->out, w->negated ? " is not one of" : " is one of");
    for (uint32_t i = 0; i < w->n_texts; i++) {
        buf_char(l->out, ' ');
        listing_quote(l, w->texts[i]);
    }
    listing_end(l, w->place);
}

static void list_symbol(Listing *l, const char *word, Str text, Str meaning) {
    buf_printf(l->out, "  %s ", word);
    listing_quote(l, text);
    buf_printf(l->out, " as %.*s", STR_ARG(meaning));
    listing_end(l, nowhere);
}

static void list_periods(Listing *l, const Input *in) {
    write_line(l, "period column", in->period_column);
    if (in->period.kind != PERIOD_NONE) {
        buf_puts(l->out, "  period ");
        period_print(l->out, in->period);
        listing_end(l, nowhere);
    }
    if (in->period_as != PERIOD_NONE) {
        buf_printf(l->out, "  period as %.*s", STR_ARG(period_kind_words(in->period_as)));
        const char *before = " written ";
        for (unsigned i = 0; i < N_LABEL_WAYS; i++) {
            if (in->period_ways >> i & 1) {
                buf_puts(l->out, before);
                listing_quote(l, label_example(i));
                before = ", ";
            }
        }
        listing_end(l, nowhere);
    }
}

static void list_columns(Listing *l, const Input *in) {
    write_line(l, "entity column", in->entity_column);
    write_line(l, "entity", in->entity);
    list_periods(l, in);
    write_line(l, "metric column", in->metric_column);
    write_line(l, "value column", in->value_column);
    write_line(l, "previous column", in->previous_column);
    for (uint32_t i = 0; i < in->n_fields; i++) {
        const FieldColumn *f = &in->fields[i];
        buf_printf(l->out, "  field %.*s", STR_ARG(l->p->fields[f->field]));
        buf_puts(l->out, f->is_text ? " text" : "");
        listing_clause(l, "column", f->column);
        listing_end(l, nowhere);
    }
}

void listing_input(Listing *l, const Input *in) {
    write_name(l, "input", in->name, in->label);
    listing_end(l, in->place);
    write_line(l, "file", in->file);
    buf_printf(l->out, "  layout %.*s", STR_ARG(layout_words(in->layout)));
    listing_end(l, nowhere);
    list_columns(l, in);
    for (uint32_t i = 0; i < in->n_wheres; i++) {
        list_where(l, &in->wheres[i]);
    }
    for (uint32_t i = 0; i < in->n_missing; i++) {
        list_symbol(l, "missing", in->missing[i].text, reason_words(in->missing[i].reason));
    }
    for (uint32_t i = 0; i < in->n_marks; i++) {
        list_symbol(l, "mark", in->marks[i].text, label_mark_words(in->marks[i].mark));
    }
    write_flag(l, in->percent_signs, "numbers with percent signs");
    write_flag(l, in->thousands_commas, "numbers with thousands commas");
    write_flag(l, in->thousands_spaces, "numbers with thousands spaces");
    write_flag(l, in->pound_signs, "numbers with pound signs");
    write_line(l, "delimiter", in->delimiter);
    write_line(l, "quote", in->quote);
    write_line(l, "encoding", in->encoding);
    if (in->skip_lines > 0) {
        buf_printf(l->out, "  skip %" PRIu32 " lines", in->skip_lines);
        listing_end(l, nowhere);
    }
    write_flag(l, in->revises, "revises");
    write_flag(l, in->other_metrics_ignored, "other metrics are ignored");
}

// ---- band tables --------------------------------------------------------------------------------

// The stretch of the number line that a piece covers, in the words of the rules.
static void write_stretch(Listing *l, const BandTable *t, uint32_t piece) {
    const Cut *left = piece > 0 ? &t->cuts[piece - 1] : NULL;
    const Cut *right = piece < t->n_cuts ? &t->cuts[piece] : NULL;
    if (!left && !right) {
        buf_puts(l->out, "any value");
        return;
    }
    if (left) {
        buf_puts(l->out, left->at_goes_left ? "above " : right ? "" : "at least ");
        number_print(l->out, left->at);
    }
    if (right) {
        buf_puts(l->out, !left                 ? right->at_goes_left ? "at most " : "below "
                         : right->at_goes_left ? " to "
                                               : " to below ");
        number_print(l->out, right->at);
    }
}

static const char *piece_words(PieceKind kind) {
    switch (kind) {
    case PIECE_BAND:
        return "";
    case PIECE_GAP:
        return ", a gap";
    case PIECE_OTHERWISE:
        return ", otherwise";
    case PIECE_NONE:
        return ", in no band";
    }
    return "";
}

void listing_bands(Listing *l, uint32_t index) {
    const BandTable *t = &l->p->band_tables[index];
    buf_printf(l->out, "bands %" PRIu32 " on %.*s", listing_number(l->band_numbers, index),
               STR_ARG(l->p->scales[t->scale].name));
    if (t->rounded) {
        buf_puts(l->out, ", rounded ");
        listing_rounding(l, t->decimals, t->mode);
    }
    if (t->because.len > 0) {
        buf_char(l->out, ',');
        listing_clause(l, "because", t->because);
    }
    listing_end(l, t->place);
    for (uint32_t i = 0; i <= t->n_cuts; i++) {
        const Piece *piece = &t->pieces[i];
        buf_puts(l->out, "  ");
        write_stretch(l, t, i);
        buf_puts(l->out, ": ");
        listing_level(l, t->scale, piece->level);
        buf_puts(l->out, piece_words((PieceKind)piece->kind));
        Place place = t->place;
        place.line = piece->place.line;
        place.column = place.len = 0;
        listing_end(l, piece->place.line > 0 ? place : nowhere);
    }
}

// ---- KPIs ---------------------------------------------------------------------------------------

static const char *polarity_words(Polarity polarity) {
    switch (polarity) {
    case POLARITY_NONE:
        return "not said";
    case POLARITY_HIGH:
        return "high";
    case POLARITY_LOW:
        return "low";
    case POLARITY_NEAR:
        return "near";
    case POLARITY_NOT_JUDGED:
        return "not judged";
    }
    return "";
}

static void list_registers(Listing *l, const Kpi *k) {
    buf_printf(l->out, "  value r%u judged r%u", listing_reg(l, k->value),
               listing_reg(l, k->judged));
    if (k->previous != NO_REG) {
        buf_printf(l->out, " previous r%u", listing_reg(l, k->previous));
    }
    if (k->direction != NO_REG) {
        buf_printf(l->out, " direction r%u", listing_reg(l, k->direction));
    }
    listing_end(l, nowhere);
    for (uint32_t i = 0; i < k->n_levels; i++) {
        const NamedLevel *level = &k->levels[i];
        buf_printf(l->out, "  level %.*s r%u by bands %" PRIu32, STR_ARG(level->name),
                   listing_reg(l, level->reg),
                   listing_number(l->band_numbers, level->band_table));
        listing_end(l, nowhere);
    }
    for (uint32_t i = 0; i < k->n_figures; i++) {
        const NamedFigure *f = &k->figures[i];
        write_name(l, "  figure", f->name, f->label);
        buf_printf(l->out, " r%u ", listing_reg(l, f->reg));
        listing_unit(l, f->unit);
        listing_end(l, nowhere);
    }
}

static void list_reads(Listing *l, const uint32_t *reads, uint32_t n_reads) {
    for (uint32_t i = 0; i < n_reads; i++) {
        buf_puts(l->out, i == 0 ? "  reads " : ", ");
        buf_put(l->out, l->p->metrics[reads[i]].name);
    }
    if (n_reads > 0) {
        listing_end(l, nowhere);
    }
}

void listing_kpi(Listing *l, const Kpi *k, const Example *example) {
    write_name(l, example ? "examples" : "kpi", k->name, k->label);
    listing_end(l, example ? example->place : k->place);
    write_line(l, "source", k->source);
    write_line(l, "note", k->note);
    buf_puts(l->out, "  unit ");
    listing_unit(l, k->unit);
    if (k->decimals >= 0) {
        buf_puts(l->out, ", shown ");
        listing_rounding(l, (unsigned)k->decimals, (unsigned)k->mode);
    }
    listing_end(l, nowhere);
    buf_printf(l->out, "  good is %s\n", polarity_words(k->polarity));
    l->line_start = l->out->len;
    list_reads(l, k->reads, k->n_reads);
    listing_function(l, &k->fn);
    list_registers(l, k);
    if (k->has_status) {
        buf_printf(l->out, "  status %.*s r%u on %.*s", STR_ARG(k->status_name),
                   listing_reg(l, k->status), STR_ARG(l->p->scales[k->status_scale].name));
        listing_end(l, nowhere);
    } else {
        write_line(l, "no status:", k->unjudged);
    }
    listing_code(l, k, example);
}

static void list_assertion(Listing *l, const Assertion *a) {
    buf_puts(l->out, a->is_warning ? "assert as warning " : "assert ");
    listing_quote(l, a->text);
    listing_end(l, a->place);
    list_reads(l, a->reads, a->n_reads);
    listing_function(l, &a->fn);
    buf_printf(l->out, "  holds r%u", listing_reg(l, a->truth));
    listing_end(l, nowhere);
    listing_code(l, &(Kpi){.fn = a->fn}, NULL);
}

// ---- other entities ----------------------------------------------------------------------------

void listing_peers(Listing *l, const PeerSet *set) {
    write_name(l, "peers", set->name, set->label);
    listing_end(l, set->place);
    for (uint32_t i = 0; i < set->n_lists; i++) {
        const PeerList *list = &set->lists[i];
        buf_puts(l->out, "  ");
        listing_quote(l, list->entity);
        if (list->group.len > 0) {
            buf_puts(l->out, " in ");
            listing_quote(l, list->group);
        }
        for (uint32_t k = 0; k < list->n_members; k++) {
            buf_puts(l->out, k > 0 ? ", " : ": ");
            listing_quote(l, list->members[k]);
        }
        listing_end(l, nowhere);
    }
}

void listing_series(Listing *l, uint32_t index) {
    const Series *s = &l->p->series[index];
    buf_printf(l->out, "series %" PRIu32 " ", listing_number(l->series_numbers, index));
    listing_quote(l, s->text);
    buf_puts(l->out, ", unit ");
    listing_unit(l, s->unit);
    listing_end(l, s->place);
    list_reads(l, s->reads, s->n_reads);
    listing_function(l, &s->fn);
    buf_printf(l->out, "  result r%u", listing_reg(l, s->result));
    listing_end(l, nowhere);
    listing_code(l, &(Kpi){.fn = s->fn}, NULL);
}

// ---- overrides ----------------------------------------------------------------------------------

void listing_judgement(Listing *l, uint32_t i) {
    const Judgement *j = &l->p->judgements[i];
    buf_printf(l->out, "override %.*s is ", STR_ARG(j->kpi));
    listing_level(l, j->scale, j->level);
    listing_end(l, j->place);
    write_line(l, "entity", j->entity);
    buf_puts(l->out, "  from ");
    period_print(l->out, j->from);
    buf_puts(l->out, " to ");
    period_print(l->out, j->to);
    listing_end(l, nowhere);
    write_line(l, "by", j->by);
    write_line(l, "because", j->because);
}

static void list_judgements(Listing *l) {
    for (uint32_t i = 0; i < l->p->n_judgements; i++) {
        listing_judgement(l, i);
    }
}

// ---- the program --------------------------------------------------------------------------------

// Examples test the meaning of the rules and are no part of it, so without places neither they nor
// the tables made for them are listed.
static void list_tables(Listing *l) {
    const Program *p = l->p;
    bool *used = ARENA_ARRAY(&l->scratch, bool, p->n_band_tables);
    for (uint32_t i = 0; used && i < p->n_kpis; i++) {
        const Function *fn = &p->kpis[i].fn;
        for (uint32_t k = fn->first; k < fn->first + fn->n; k++) {
            if (p->code[k].op == OP_BAND) {
                used[p->code[k].imm] = true;
            }
            const Dated *d = p->code[k].op == OP_BAND_DATED ? &p->dated[p->code[k].imm] : NULL;
            for (uint32_t v = 0; d && v < d->n; v++) {
                used[d->v[v].band_table] = true;
            }
        }
    }
    for (uint32_t i = 0; used && i < p->n_band_tables; i++) {
        if (used[i] || l->places) {
            listing_bands(l, i);
        }
    }
}

static void list_all(Listing *l) {
    const Program *p = l->p;
    for (uint32_t i = 0; i < p->n_scales; i++) {
        listing_scale(l, &p->scales[i]);
    }
    for (uint32_t i = 0; i < p->n_metrics; i++) {
        listing_metric(l, &p->metrics[i]);
    }
    for (uint32_t i = 0; i < p->n_inputs; i++) {
        listing_input(l, &p->inputs[i]);
    }
    for (uint32_t i = 0; i < p->n_peers; i++) {
        listing_peers(l, &p->peers[i]);
    }
    list_tables(l);
    for (uint32_t i = 0; i < p->n_series; i++) {
        listing_series(l, i);
    }
    for (uint32_t i = 0; i < p->n_kpis; i++) {
        listing_kpi(l, &p->kpis[i], NULL);
    }
    for (uint32_t i = 0; i < p->n_assertions; i++) {
        list_assertion(l, &p->assertions[i]);
    }
    if (!l->rules_alone) {
        list_judgements(l);
    }
    for (uint32_t i = 0; i < p->n_groups; i++) {
        listing_group(l, &p->groups[i]);
    }
    for (uint32_t i = 0; l->places && i < p->n_examples; i++) {
        listing_kpi(l, &p->examples[i].kpi, &p->examples[i]);
    }
}

typedef void ListPart(Listing *l);

static void list_part(const Program *p, bool places, bool rules_alone, ListPart *part, Buf *out) {
    Listing l = {
        .p = p, .places = places, .rules_alone = rules_alone, .out = out, .line_start = out->len};
    arena_init(&l.scratch, 0);
    if (places) {
        l.sources = ARENA_ARRAY(&l.scratch, SourceLines, p->n_files);
    }
    part(&l);
    out->failed = out->failed || l.scratch.failed;
    arena_free(&l.scratch);
}

void program_list(const Program *p, bool places, Buf *out) {
    list_part(p, places, false, list_all, out);
}

static bool set_digest(const Program *p, ListPart *part, char hash[65]) {
    Buf text = {0};
    list_part(p, false, part == list_all, part, &text);
    bool done = !text.failed;
    if (done)
        listing_digest(buf_str(&text), hash);
    buf_free(&text);
    return done;
}

void listing_digest(Str text, char hash[65]) {
    struct sha256_ctx sha;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&sha);
    sha256_update(&sha, text.len, (const uint8_t *)text.s);
    sha256_digest(&sha, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) {
        hash[2 * i] = "0123456789abcdef"[digest[i] >> 4];
        hash[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
    }
    hash[2 * sizeof digest] = '\0';
}

bool program_set_hash(Program *p) {
    return set_digest(p, list_all, p->hash);
}

bool program_set_overrides_hash(Program *p) {
    return p->n_judgements == 0 || set_digest(p, list_judgements, p->overrides_hash);
}
