// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/workbook_sheet.h"

#include "runtime/base/number.h"

// ---- formats ------------------------------------------------------------------------------------

static bool is_one_of(char c, const char *signs) {
    return c != '\0' && strchr(signs, c);
}

CellFormat format_of_code(Str code) {
    CellFormat format = FORMAT_PLAIN;
    for (size_t i = 0; i < code.len; i++) {
        char c = code.s[i];
        if (c == ';')
            break; // the sections for other signs of the number show the same kind
        if (c == '"') {
            i += 1 + str_find(str_slice(code, i + 1, code.len), '"');
        } else if (is_one_of(c, "\\_*")) {
            i++;
        } else if (c == '[') { // a colour, a currency, or hours counted on: [h]:mm
            size_t end = i + str_find(str_slice(code, i, code.len), ']');
            if (end == i + 2 && is_one_of(code.s[i + 1], "hmsHMS"))
                return FORMAT_DATE;
            i = end;
        } else if (is_one_of(c, "ydhmsYDHMS")) {
            return FORMAT_DATE;
        } else if (c == '%') {
            format = FORMAT_PERCENT;
        }
    }
    return format;
}

CellFormat format_of_id(size_t id) {
    if (id == 9 || id == 10)
        return FORMAT_PERCENT;
    bool date = (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
                (id >= 50 && id <= 58);
    return date ? FORMAT_DATE : FORMAT_PLAIN;
}

typedef struct OwnFormat {
    size_t id;
    CellFormat format;
} OwnFormat;

typedef struct Formats {
    SheetReader *sheet;
    VEC(OwnFormat) own;
    bool in_cells; // within cellXfs
} Formats;

static CellFormat find_format(const Formats *f, size_t id) {
    for (size_t i = 0; i < f->own.n; i++) {
        if (f->own.v[i].id == id)
            return f->own.v[i].format;
    }
    return format_of_id(id);
}

static void on_format(Part *p, Str element, const char *const *attributes) {
    Formats *f = p->reader.context;
    Arena *a = p->t->arena;
    size_t id = 0;
    bool known = read_index(attribute(attributes, "numFmtId"), &id);
    if (str_eq(element, STR("cellXfs"))) {
        f->in_cells = true;
    } else if (str_eq(element, STR("numFmt")) && known) {
        CellFormat format = format_of_code(str_from(attribute(attributes, "formatCode")));
        VEC_PUSH(a, &f->own, ((OwnFormat){id, format}));
    } else if (str_eq(element, STR("xf")) && f->in_cells) {
        VEC_PUSH(a, &f->sheet->formats, known ? find_format(f, id) : FORMAT_PLAIN);
    }
}

static void on_format_end(Part *p, Str element) {
    Formats *f = p->reader.context;
    if (str_eq(element, STR("cellXfs")))
        f->in_cells = false;
}

bool sheet_read_formats(SheetReader *s, zip_t *zip, const char *part) {
    Formats f = {.sheet = s};
    return part_read(s->t, zip, part, (PartReader){on_format, on_format_end, .context = &f}, true);
}

// ---- texts --------------------------------------------------------------------------------------

// Rich text comes in several runs; what is said of its pronunciation is left out.
typedef struct Texts {
    SheetReader *sheet;
    bool spoken;
} Texts;

static void on_text(Part *p, Str element, const char *const *attributes) {
    Texts *x = p->reader.context;
    (void)attributes;
    if (str_eq(element, STR("si")))
        p->text.len = 0;
    else if (str_eq(element, STR("rPh")))
        x->spoken = true;
    else if (str_eq(element, STR("t")))
        p->gather = !x->spoken;
}

static void on_text_end(Part *p, Str element) {
    Texts *x = p->reader.context;
    if (str_eq(element, STR("t")))
        p->gather = false;
    else if (str_eq(element, STR("rPh")))
        x->spoken = false;
    else if (str_eq(element, STR("si")))
        VEC_PUSH(p->t->arena, &x->sheet->texts, arena_str(p->t->arena, buf_str(&p->text)));
}

bool sheet_read_texts(SheetReader *s, zip_t *zip, const char *part) {
    Texts x = {.sheet = s};
    return part_read(s->t, zip, part, (PartReader){on_text, on_text_end, .context = &x}, true);
}

// ---- cells --------------------------------------------------------------------------------------

Str sheet_number(Arena *a, Str s, bool percent) {
    Number n;
    if (number_parse(a, s, true, &n) != NUMBER_OK ||
        (percent && !number_mul(a, n, number_int(100), &n)))
        return STR("");
    Buf out = {0};
    number_print_approx(&out, n, WORKBOOK_DIGITS);
    bool rounded = number_parse(a, buf_str(&out), false, &n) == NUMBER_OK;
    out.len = 0;
    number_print(&out, n); // without the zeros at the end
    if (percent)
        buf_char(&out, '%');
    Str text = rounded ? arena_str(a, buf_str(&out)) : STR("");
    a->failed |= out.failed;
    buf_free(&out);
    return text;
}

typedef enum CellType { TYPE_NUMBER, TYPE_SHARED, TYPE_TEXT, TYPE_TRUTH, TYPE_DATE } CellType;

typedef struct Cells {
    SheetReader *sheet;
    ImportText *row; // of the present row; room for IMPORT_MAX_COLUMNS
    size_t n;        // cells of it
    size_t line;
    size_t column; // of the present cell
    CellType type;
    CellFormat format;
    bool has_value, has_formula, spoken;
} Cells;

// "D7": column 3, row 7. False where it is no such name.
static bool read_name(const char *s, size_t *column, size_t *line) {
    size_t i = 0, n = 0;
    for (; s[i] >= 'A' && s[i] <= 'Z' && i < 4; i++)
        n = n * 26 + (size_t)(s[i] - 'A') + 1;
    *column = n - 1;
    return i > 0 && read_index(s + i, line);
}

static CellType type_of(const char *t) {
    static const struct {
        const char *word;
        CellType type;
    } words[] = {{"s", TYPE_SHARED}, {"str", TYPE_TEXT}, {"inlineStr", TYPE_TEXT},
                 {"e", TYPE_TEXT},   {"b", TYPE_TRUTH},  {"d", TYPE_DATE}};
    for (size_t i = 0; t && i < sizeof words / sizeof *words; i++) {
        if (strcmp(t, words[i].word) == 0)
            return words[i].type;
    }
    return TYPE_NUMBER;
}

static void begin_cell(Part *p, Cells *c, const char *const *attributes) {
    const char *name = attribute(attributes, "r");
    size_t style = 0, line = c->line;
    c->column = c->n;
    if (name && (!read_name(name, &c->column, &line) || line != c->line || c->column < c->n)) {
        part_refuse(p, "its cells are out of order");
        return;
    }
    if (c->column >= IMPORT_MAX_COLUMNS) {
        diag_add(p->t->d, D_TABLE_LARGE, (Place){.file = p->t->file, .line = (uint32_t)c->line},
                 "the sheet has more than %d columns", IMPORT_MAX_COLUMNS)
            ->hint = STR("copy the table of thresholds into a sheet of its own");
        part_stop(p);
        return;
    }
    for (; c->n < c->column; c->n++)
        c->row[c->n] = (ImportText){.text = STR("")};
    bool styled = read_index(attribute(attributes, "s"), &style) && style < c->sheet->formats.n;
    c->format = styled ? c->sheet->formats.v[style] : FORMAT_PLAIN;
    c->type = type_of(attribute(attributes, "t"));
    c->has_value = c->has_formula = false;
    p->text.len = 0;
}

static void on_cell(Part *p, Str element, const char *const *attributes) {
    Cells *c = p->reader.context;
    if (str_eq(element, STR("row"))) {
        size_t line = c->line + 1;
        const char *given = attribute(attributes, "r");
        if (given && (!read_index(given, &line) || line <= c->line))
            part_refuse(p, "its rows are out of order");
        c->line = line;
        c->n = 0;
    } else if (str_eq(element, STR("c"))) {
        begin_cell(p, c, attributes);
    } else if (str_eq(element, STR("f"))) {
        c->has_formula = true;
    } else if (str_eq(element, STR("rPh"))) {
        c->spoken = true;
    } else if (str_eq(element, STR("v")) || (str_eq(element, STR("t")) && !c->spoken)) {
        c->has_value = p->gather = true;
    }
}

static const char type_as_text[] = "in a spreadsheet, format the cell as text, type it again as it "
                                   "was published, and save";

static ImportText finish_cell(Part *p, const Cells *c) {
    Arena *a = p->t->arena;
    Str value = buf_str(&p->text);
    size_t index = 0;
    if (!c->has_value) {
        ImportText empty = {.text = STR("")};
        if (c->has_formula) {
            empty.trouble = "holds a formula, and the file does not hold its result";
            empty.advice = "open the workbook in a spreadsheet program and save it";
        }
        return empty;
    }
    switch (c->type) {
    case TYPE_SHARED:
        // The text of an index ends in a NUL once it is copied.
        value = arena_str(a, value);
        if (value.s && read_index(value.s, &index) && index < c->sheet->texts.n)
            return (ImportText){.text = c->sheet->texts.v[index]};
        part_refuse(p, "a cell refers to a text that is not there");
        return (ImportText){.text = STR("")};
    case TYPE_TEXT:
        return (ImportText){.text = arena_str(a, value)};
    case TYPE_TRUTH:
        return (ImportText){.text = str_eq(value, STR("1")) ? STR("TRUE") : STR("FALSE")};
    case TYPE_NUMBER:
        if (c->format != FORMAT_DATE) {
            Str text = sheet_number(a, str_trim(value), c->format == FORMAT_PERCENT);
            if (text.len == 0 && !a->failed)
                part_refuse(p, "a cell holds a number that is none");
            return (ImportText){.text = text};
        }
        break;
    case TYPE_DATE:
        break;
    }
    return (ImportText){.text = STR(""),
                        .trouble = "holds a date, which a spreadsheet may have made of what was "
                                   "typed, such as 10-15",
                        .advice = type_as_text};
}

static void on_cell_end(Part *p, Str element) {
    Cells *c = p->reader.context;
    if (str_eq(element, STR("v")) || str_eq(element, STR("t"))) {
        p->gather = false;
    } else if (str_eq(element, STR("rPh"))) {
        c->spoken = false;
    } else if (str_eq(element, STR("c"))) {
        c->row[c->n++] = finish_cell(p, c);
    } else if (str_eq(element, STR("row"))) {
        ImportText *cells = ARENA_ARRAY(p->t->arena, ImportText, c->n);
        for (size_t i = 0; cells && i < c->n; i++)
            cells[i] = c->row[i];
        if (!cells || p->t->arena->failed) {
            workbook_no_memory(p->t);
            part_stop(p);
        } else if (!import_table_add(p->t, cells, c->n, (uint32_t)c->line)) {
            part_stop(p);
        }
    }
}

bool sheet_read_cells(SheetReader *s, zip_t *zip, const char *part) {
    Cells c = {.sheet = s, .row = ARENA_ARRAY(s->t->arena, ImportText, IMPORT_MAX_COLUMNS)};
    if (!c.row)
        return workbook_no_memory(s->t);
    return part_read(s->t, zip, part, (PartReader){on_cell, on_cell_end, .context = &c}, true);
}
