// SPDX-License-Identifier: Apache-2.0
// Rules, and generated metric files that go with them: small ones in which quotation marks, line
// ends, figures and keys take every form that a file may have, and many that it may not.
#ifndef BS_TESTS_UNIT_HOSTILE_FILE_H
#define BS_TESTS_UNIT_HOSTILE_FILE_H

#include <stddef.h>
#include <string.h>

#include "runtime/base/buf.h"
#include "tests/unit/random.h"

// ---- rules --------------------------------------------------------------------------------------

#define HOSTILE_SCALE                                                                              \
    "scale rag\n  red \"Red, stop\" symbol \"R\" colour \"#801650\"\n  amber\n  green\nend\n"

#define HOSTILE_METRICS                                                                            \
    "metric a \"A, shared\" percent range 0 to 100\n"                                              \
    "metric b count\n"                                                                             \
    "metric c unit \"visits\" from id \"C 1\"\n"                                                   \
    "metric d ratio\n"

#define HOSTILE_KPIS                                                                               \
    "kpi a \"A, \"\"judged\"\"\"\n"                                                                \
    "  source \"first, page 2\"\n  note \"of \"\"a\"\"\"\n  precision 1 decimal\n"                 \
    "  good is low\n  bands rag as grade, gaps to worse, rounded\n"                                \
    "    green <16\n    amber 16-19\n    red otherwise\n  end\n"                                   \
    "  status rag\n    green when grade is green\n"                                                \
    "    amber when grade is amber because \"so, so\"\n    red otherwise\n  end\nend\n"            \
    "kpi whole\n  value a\n  precision 0 decimals half even\n  good is high\n"                     \
    "  needs a >= 10\n  target by period\n    2024-01 40\n    2024-03 45\n  end\n"             \
    "  status rag\n    green when at target or better\n"                                           \
    "    amber when within 5 points of target\n    red otherwise\n  end\nend\n"                    \
    "kpi b\n  good is not judged\nend\n"                                                           \
    "kpi part\n  value b * 3 / 7\n  good is high\n  bands rag, edges to better\n"                  \
    "    red <0\n    amber 0-10\n    green 10+\n  end\n"                                           \
    "  status rag\n    red when rag is red\n    no data when rag is amber\n"                       \
    "    green otherwise\n  end\nend\n"                                                            \
    "kpi d\n  precision 2 decimals\n  good is near 0.5\n"                                          \
    "  status rag\n    green when within 0.1 of 0.5\n    red otherwise\n  end\nend\n"

#define HOSTILE_FIELD_KPIS                                                                         \
    "kpi against\n  value a\n  precision 1 decimal\n  good is high\n"                              \
    "  compare aim = a.expected\n  status rag\n"                                                   \
    "    red when over 10% worse than aim, if known\n"                                             \
    "    green when better than aim\n    amber otherwise\n  end\nend\n"                            \
    "kpi c\n  good is high\n  compare aim \"Aim\" = c.expected\n  status rag\n"                    \
    "    no data when c.remark = \"disputed\", if known because \"disputed\"\n"                    \
    "    amber when worse than aim\n    green otherwise\n  end\nend\n"

#define HOSTILE_COLUMNS "  layout long\n  metric column \"measure\"\n  value column \"value\"\n"
#define HOSTILE_FIELDS                                                                             \
    "  field expected column \"expected\"\n  field remark column \"remark\" as text\n"
#define HOSTILE_SYMBOLS                                                                            \
    "  missing \"c\" as suppressed\n  missing \"\" as not available\n"                             \
    "  missing \"-\" as not applicable\n  mark \"p\" as provisional\n"                             \
    "  mark \"b\" as break in series\n  numbers with percent signs, thousands commas\n"

// How files of these rules look.
typedef struct HostileForm {
    const char *rules;
    const char *header[7]; // the columns that a file must have
    char delimiter, quote;
    bool other_ignored;
} HostileForm;

static const HostileForm hostile_forms[] = {
    {HOSTILE_SCALE HOSTILE_METRICS "input figures\n" HOSTILE_COLUMNS
                                   "  entity column \"area\"\n  period column \"month\"\n" //
     HOSTILE_FIELDS HOSTILE_SYMBOLS "end\n" HOSTILE_KPIS HOSTILE_FIELD_KPIS,
     {"area", "month", "measure", "value", "expected", "remark"},
     ',',
     '"',
     false},
    {HOSTILE_SCALE HOSTILE_METRICS "input figures\n" HOSTILE_COLUMNS
                                   "  entity column \"area\"\n  period column \"month\" as month\n"
                                   "  delimiter \";\"\n  quote \"'\"\n"
                                   "  other metrics are ignored\n" //
     HOSTILE_FIELDS HOSTILE_SYMBOLS "end\n" HOSTILE_KPIS HOSTILE_FIELD_KPIS,
     {"area", "month", "measure", "value", "expected", "remark"},
     ';',
     '\'',
     true},
    {HOSTILE_SCALE HOSTILE_METRICS "input figures\n" HOSTILE_COLUMNS
                                   "  entity \"The whole, \"\"all\"\"\"\n  period 2024-03\n" //
     HOSTILE_FIELDS HOSTILE_SYMBOLS "end\n" HOSTILE_KPIS HOSTILE_FIELD_KPIS,
     {"measure", "value", "expected", "remark"},
     ',',
     '"',
     false},
    // A filter, which only the reading of records knows.
    {HOSTILE_SCALE HOSTILE_METRICS "input figures\n" HOSTILE_COLUMNS
                                   "  entity column \"area\"\n  period column \"month\"\n" //
     HOSTILE_FIELDS HOSTILE_SYMBOLS "  where \"remark\" is not \"disputed\"\nend\n" HOSTILE_KPIS
         HOSTILE_FIELD_KPIS,
     {"area", "month", "measure", "value", "expected", "remark"},
     ',',
     '"',
     false},
    // Two metrics of one id; no symbols, and no column for a field.
    {HOSTILE_SCALE HOSTILE_METRICS "metric twin percent from id \"a\"\ninput figures\n" //
     HOSTILE_COLUMNS "  entity column \"area\"\n  period column \"month\"\nend\n" HOSTILE_KPIS
                     "kpi twin\n  good is not judged\nend\n",
     {"area", "month", "measure", "value"},
     ',',
     '"',
     false},
    // The layout that rules without an input block read.
    {HOSTILE_SCALE HOSTILE_METRICS HOSTILE_KPIS,
     {"entity", "period", "metric", "value"},
     ',',
     '"',
     false},
};
enum { N_HOSTILE_FORMS = sizeof hostile_forms / sizeof hostile_forms[0] };

// ---- cells --------------------------------------------------------------------------------------

// How far a file goes.
typedef enum Malice {
    MALICE_NONE,   // nothing is wrong, and most rows are of the usual form
    MALICE_ODD,    // nothing is wrong, though much is unusual
    MALICE_WICKED, // much is wrong
} Malice;

typedef struct Hostile {
    Random *r;
    const HostileForm *form;
    Malice malice;
    Buf *out;
} Hostile;

#define PICK(r, list) ((list)[below((r), sizeof(list) / sizeof(list)[0])])

static inline void hostile_put_quoted(Hostile *h, const char *text, size_t len) {
    char quote = h->form->quote;
    buf_char(h->out, quote);
    for (size_t i = 0; i < len; i++) {
        if (text[i] == quote)
            buf_char(h->out, quote);
        buf_char(h->out, text[i]);
    }
    buf_char(h->out, quote);
}

static inline bool hostile_needs_quotes(const Hostile *h, const char *text) {
    const char signs[] = {h->form->delimiter, h->form->quote, '\n', '\r', '\0'};
    return strpbrk(text, signs) != NULL;
}

static inline void hostile_put_cell(Hostile *h, const char *text) {
    static const char *const blanks[] = {" ", "\t", "\xC2\xA0", "  "};
    bool odd = h->malice != MALICE_NONE && one_in(h->r, 8);
    Buf cell = {0};
    if (odd && one_in(h->r, 2))
        buf_puts(&cell, PICK(h->r, blanks));
    buf_puts(&cell, text);
    if (odd && one_in(h->r, 2))
        buf_puts(&cell, PICK(h->r, blanks));
    if (hostile_needs_quotes(h, text) || one_in(h->r, 6))
        hostile_put_quoted(h, cell.s, cell.len);
    else
        buf_put(h->out, buf_str(&cell));
    buf_free(&cell);
}

static inline const char *hostile_figure(Hostile *h, uint32_t metric) {
    static const char *const whole[] = {"0",  "00", "007", "7",  "15", "16", "19",
                                        "20", "45", "99",  "100", "12", "40", "3"};
    static const char *const decimals[] = {"1.5",     "15.95",     "0.5",       "19.449999",
                                           "0.4",     "16.50",     "99.999999", "12.34567",
                                           "0.60000", "12.345678901", "2.5",    "44.5"};
    static const char *const large[] = {"99999999",           "100000000",
                                        "123456789",          "99999999999999999",
                                        "999999999999999999", "1234567890123456789",
                                        "9223372036854775807", "9223372036854775808",
                                        "12345678901234567890123456789"};
    static const char *const signed_ones[] = {"-3", "-0", "-12345678", "-123456789", "-99999999"};
    static const char *const symbols[] = {"c", "", "-", "12p", "7b", "5%", "1,234"};
    static const char *const wicked[] = {"1.",  ".5",   "1e5", "+1", "--1", "1.2.3", "x",
                                         "12q", "1,23", ".",   "1-", "0x1", "\xC2\xA0"};
    bool has_symbols = strstr(h->form->rules, "missing \"c\"") != NULL;
    if (h->malice == MALICE_WICKED && one_in(h->r, 60))
        return PICK(h->r, wicked);
    uint32_t kind = below(h->r, h->malice == MALICE_NONE ? 14 : 10);
    if (kind == 0)
        return PICK(h->r, large);
    if (kind == 1)
        return PICK(h->r, signed_ones);
    if (kind <= 3 && has_symbols)
        return PICK(h->r, symbols);
    // A count has to be whole.
    if (kind <= 6 && (metric != 1 || (h->malice == MALICE_WICKED && one_in(h->r, 60))))
        return PICK(h->r, decimals);
    return PICK(h->r, whole);
}

// ---- rows ---------------------------------------------------------------------------------------

typedef struct HostileKey {
    uint32_t metric, entity, period;
} HostileKey;

enum { HOSTILE_METRIC_IDS = 5, HOSTILE_ENTITIES = 6, HOSTILE_PERIODS = 5 };

static const char *const hostile_ids[HOSTILE_METRIC_IDS] = {"a", "b", "C 1", "d", "other"};
static const char *const hostile_entities[HOSTILE_ENTITIES] = {
    "North",
    "South, East",
    "the \"new\" one; 'West'",
    "two\nlines",
    "St. \xC3\x89tienne, a name that is a good deal longer than a chunk and needs quotes",
    "E"};

static inline void hostile_put_period(Hostile *h, uint32_t period) {
    static const char *const labels[] = {"2024-01", "2024-03", "2024-02", "2023-11", "2024-04"};
    static const char *const days[] = {"2024-01-31", "2024-03-01", "2024-02-29", "2023-11-30",
                                       "2024-04-07"};
    static const char *const wicked[] = {"2024", "2024-13", "", "soon", "2024-Q1", "2024-1"};
    bool as_month = strstr(h->form->rules, "as month") != NULL;
    if (h->malice == MALICE_WICKED && one_in(h->r, 100))
        hostile_put_cell(h, PICK(h->r, wicked));
    else
        hostile_put_cell(h, as_month && one_in(h->r, 3) ? days[period] : labels[period]);
}

static inline void hostile_put_column(Hostile *h, const char *column, HostileKey key) {
    static const char *const remarks[] = {"disputed", "", "late, or \"never\"", "x", "a\r\nb"};
    if (strcmp(column, "area") == 0 || strcmp(column, "entity") == 0) {
        bool blank = h->malice == MALICE_WICKED && one_in(h->r, 100);
        hostile_put_cell(h, blank ? "" : hostile_entities[key.entity]);
    } else if (strcmp(column, "month") == 0 || strcmp(column, "period") == 0) {
        hostile_put_period(h, key.period);
    } else if (strcmp(column, "measure") == 0 || strcmp(column, "metric") == 0) {
        hostile_put_cell(h, hostile_ids[key.metric]);
    } else if (strcmp(column, "value") == 0 || strcmp(column, "expected") == 0) {
        hostile_put_cell(h, hostile_figure(h, key.metric));
    } else if (h->malice == MALICE_NONE) {
        hostile_put_cell(h, one_in(h->r, 2) ? "disputed" : "");
    } else {
        hostile_put_cell(h, PICK(h->r, remarks));
    }
}

static inline void hostile_put_line_end(Hostile *h, bool crlf) {
    bool odd = h->malice != MALICE_NONE && one_in(h->r, 8);
    if (odd)
        buf_puts(h->out, one_in(h->r, 2) ? "\r" : crlf ? "\n" : "\r\n");
    else
        buf_puts(h->out, crlf ? "\r\n" : "\n");
    while (one_in(h->r, 15))
        buf_puts(h->out, one_in(h->r, 3) ? "\r\n" : "\n");
}

static inline void hostile_put_row(Hostile *h, const char *const *columns, size_t n,
                                   HostileKey key) {
    bool odd = h->malice != MALICE_NONE;
    // Figures at the end may be left away, and blank cells stand behind the row.
    size_t n_given = odd && n > 3 && one_in(h->r, 20) ? n - 1 : n;
    for (size_t i = 0; i < n_given; i++) {
        if (i > 0)
            buf_char(h->out, h->form->delimiter);
        hostile_put_column(h, columns[i], key);
    }
    if (odd && one_in(h->r, 20))
        buf_fill(h->out, h->form->delimiter, 1 + below(h->r, 3));
    if (odd && one_in(h->r, 30))
        buf_puts(h->out, h->form->delimiter == ',' ? ",more" : ";more");
}

// Bytes that break a file wherever they stand, or only where they happen to.
static inline void hostile_put_fault(Hostile *h) {
    static const char faults[][4] = {"\"", "'", "\xFF", "\xC3(", "\"x", "x\"", "\"\"\"", ",\","};
    if (one_in(h->r, 5))
        buf_char(h->out, '\0');
    else
        buf_puts(h->out, PICK(h->r, faults));
}

static inline void hostile_shuffle(Random *r, const char **v, size_t n) {
    for (size_t i = n; i > 1; i--) {
        size_t k = below(r, (uint32_t)i);
        const char *was = v[i - 1];
        v[i - 1] = v[k];
        v[k] = was;
    }
}

static inline size_t hostile_list_keys(Hostile *h, HostileKey *keys) {
    size_t n = 0;
    bool whole = strstr(h->form->rules, "entity \"") != NULL;
    uint32_t n_entities = whole ? 1 : 1 + below(h->r, HOSTILE_ENTITIES);
    uint32_t n_periods = whole ? 1 : HOSTILE_PERIODS;
    for (uint32_t p = 0; p < n_periods; p++)
        for (uint32_t e = 0; e < n_entities; e++)
            for (uint32_t m = 0; m < HOSTILE_METRIC_IDS; m++)
                if (!one_in(h->r, 4))
                    keys[n++] = (HostileKey){m, e, p};
    for (size_t i = n; one_in(h->r, 2) && i > 1; i--) {
        size_t k = below(h->r, (uint32_t)i);
        HostileKey was = keys[i - 1];
        keys[i - 1] = keys[k];
        keys[k] = was;
    }
    return n;
}

enum {
    HOSTILE_KEYS = HOSTILE_METRIC_IDS * HOSTILE_ENTITIES * HOSTILE_PERIODS,
    HOSTILE_MOST_ROWS = 24
};

static inline void hostile_file(Random *r, const HostileForm *form, Malice malice, Buf *out) {
    Hostile h = {r, form, malice, out};
    const char *columns[8];
    size_t n = 0;
    while (form->header[n]) {
        columns[n] = form->header[n];
        n++;
    }
    if (one_in(r, 3))
        columns[n++] = "no matter";
    hostile_shuffle(r, columns, n);
    bool crlf = one_in(r, 3);
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "%s%s", i == 0 ? "" : form->delimiter == ',' ? "," : ";", columns[i]);
    hostile_put_line_end(&h, crlf);
    HostileKey keys[HOSTILE_KEYS];
    size_t n_keys = hostile_list_keys(&h, keys), n_rows = n_keys;
    if (n_rows > HOSTILE_MOST_ROWS && !one_in(r, 8))
        n_rows = below(r, HOSTILE_MOST_ROWS);
    for (size_t i = 0; i < n_rows; i++) {
        hostile_put_row(&h, columns, n, keys[i]);
        if (malice == MALICE_WICKED && one_in(r, 100))
            hostile_put_fault(&h);
        if (i + 1 < n_rows || !one_in(r, 3))
            hostile_put_line_end(&h, crlf);
        if (malice == MALICE_WICKED && i > 0 && one_in(r, 200))
            hostile_put_row(&h, columns, n, keys[below(r, (uint32_t)i)]);
    }
}

#endif
