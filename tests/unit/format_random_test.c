// SPDX-License-Identifier: Apache-2.0
// Thousands of rule files, made at random from every form of the language and typed in every way
// that it allows: each keeps its meaning, its comments and its lines when it is laid out.
#include "tests/unit/format_checks.h"
#include "tests/unit/random.h"

#ifdef __SANITIZE_ADDRESS__
enum { N_FILES = 600 };
#else
enum { N_FILES = 6000 };
#endif

typedef struct Gen {
    Random random;
    Buf out;
    const char *newline;
    size_t n_kpis;
    size_t n_comments; // of all files
} Gen;

#define PICK(g, texts) ((texts)[below(&(g)->random, COUNT(texts))])

// ---- blanks, ends of lines, comments ------------------------------------------------------------

static void gap(Gen *g) {
    static const char *const gaps[] = {" ",  " ",      "  ",     "\t",     "    ",   " \t ",
                                       "\f", "\u00a0", "\u2009", "\u202f", "\ufeff", "        "};
    buf_puts(&g->out, one_in(&g->random, 2) ? " " : PICK(g, gaps));
}

static void maybe_gap(Gen *g) {
    if (one_in(&g->random, 2))
        gap(g);
}

static void comment(Gen *g) {
    static const char *const comments[] = {
        "# why",
        "#",
        "#no blank",
        "# allow B101 because \"it is meant\"",
        "#\ttab   ",
        "# end",
        "# a | b",
        "# \u00e9\u4e2d\u6587 \U0001f600",
        "# \"open",
        "### ----",
        "#   deeper",
        "# kpi x like y",
        "# no-break \u00a0",
        "# bands (",
    };
    buf_puts(&g->out, PICK(g, comments));
    g->n_comments++;
}

static void lead(Gen *g) {
    static const char *const leads[] = {"", "  ", "    ", "\t", " ", "          "};
    buf_puts(&g->out, PICK(g, leads));
}

// Ends the line; comments and empty lines may follow.
static void eol(Gen *g) {
    if (one_in(&g->random, 4))
        gap(g);
    if (one_in(&g->random, 6))
        comment(g);
    buf_puts(&g->out, g->newline);
    while (one_in(&g->random, 5)) {
        lead(g);
        if (one_in(&g->random, 2))
            comment(g);
        buf_puts(&g->out, g->newline);
    }
    lead(g);
}

// Where a line may go on: rarely, it does.
static void joint(Gen *g) {
    if (one_in(&g->random, 5))
        eol(g);
    else
        gap(g);
}

// ---- words --------------------------------------------------------------------------------------

// Words with gaps between them. `~` is a gap that may be left out; `\n` ends the line; `^` is where
// a line may go on, and is a gap.
static void put(Gen *g, const char *text) {
    for (; *text; text++) {
        if (*text == ' ')
            gap(g);
        else if (*text == '~')
            maybe_gap(g);
        else if (*text == '^')
            joint(g);
        else if (*text == '\n')
            eol(g);
        else
            buf_char(&g->out, *text);
    }
}

static void put_text(Gen *g) {
    static const char *const parts[] = {
        "Visits",
        " in time",
        "\u00e9\u00fc\u00f1",
        "\u4e2d\u6587",
        "e\u0301",
        "\U0001f600",
        "\"\"quoted\"\"",
        "# no comment",
        "a | b",
        "  two  blanks  ",
        "\ttab",
        "end",
        "\u00a0",
        "a long text that goes on and on, so that what stands behind it is far to the right"};
    buf_char(&g->out, '"');
    for (uint32_t n = below(&g->random, 4); n > 0; n--)
        buf_puts(&g->out, PICK(g, parts));
    buf_char(&g->out, '"');
}

static void maybe_label(Gen *g) {
    if (one_in(&g->random, 2)) {
        gap(g);
        put_text(g);
    }
}

static void number(Gen *g) {
    if (one_in(&g->random, 4))
        buf_printf(&g->out, "%u.%u", below(&g->random, 100), below(&g->random, 10));
    else
        buf_printf(&g->out, "%u", below(&g->random, 100));
}

// ---- expressions --------------------------------------------------------------------------------

static void operand(Gen *g, int depth);

static void sign(Gen *g) {
    static const char *const signs[] = {" +~", "~-~", " -~", " - ", "~*~", "~\u2212~", "~\u00d7~"};
    put(g, PICK(g, signs));
}

// Inside brackets a line may end anywhere.
static void bracketed(Gen *g, int depth) {
    put(g, one_in(&g->random, 3) ? "(^" : "(~");
    operand(g, depth + 1);
    put(g, one_in(&g->random, 3) ? "^)" : "~)");
}

// r is a ratio, and so are all of these.
static void operand(Gen *g, int depth) {
    switch (below(&g->random, depth > 3 ? 3 : 9)) {
    case 0:
        number(g);
        break;
    case 1:
        put(g, "r");
        break;
    case 2:
        put(g, "low");
        break;
    case 3:
        operand(g, depth + 1);
        sign(g);
        operand(g, depth + 1);
        break;
    case 4:
        put(g, one_in(&g->random, 2) ? "-" : "-~");
        put(g, "r");
        break;
    case 5:
        bracketed(g, depth);
        break;
    case 6:
        put(g, one_in(&g->random, 2) ? "max~(~" : "min(^");
        operand(g, depth + 1);
        put(g, "~,^");
        operand(g, depth + 1);
        put(g, "~)");
        break;
    case 7:
        put(g, "abs~(");
        operand(g, depth + 1);
        put(g, "~)");
        break;
    default:
        put(g, "(previous(~r~)^else ");
        put(g, one_in(&g->random, 2) ? "even if suppressed " : "");
        number(g);
        put(g, ")");
        break;
    }
}

static void condition(Gen *g) {
    static const char *const atoms[] = {
        "m >~ 3",
        "m <= 40 %",
        "p\u2264 20",
        "improving",
        "not worsening",
        "value at least 50",
        "better than sn",
        "over 5% worse than sn",
        "within 5 points of sn or better",
        "no more than 5 points worse than sn",
        "not (~improving^and m > 3~)",
        "(~m~=~3^or^worsening~)",
        "ofsted is good or better",
        "ofsted is one of good ,^inadequate",
        "ofsted is not good",
        "r~<> - 2",
        "known~(~m~)",
    };
    for (uint32_t n = below(&g->random, 3) + 1; n > 0; n--) {
        put(g, PICK(g, atoms));
        if (n > 1)
            put(g, one_in(&g->random, 2) ? "^and " : " and^");
    }
}

// ---- blocks -------------------------------------------------------------------------------------

static void because(Gen *g) {
    if (one_in(&g->random, 3)) {
        put(g, "^because ");
        put_text(g);
    }
}

static void band_table(Gen *g, const char *head) {
    static const char *const heads[] = {
        "", "~,^gaps to worse", " ,~gaps to better~, edges to worse", ", rounded to 1 decimal"};
    static const char *const tables[][3] = {
        {"80+", "79-65", "otherwise"},
        {">=80 %", "65 to below 80", "<65"},
        {"at least 80", "65 \u2013 79", "below 65"},
        {"100-80", "79 -~65", "otherwise"},
        {"80%+", "65%-79%", "0 to 64"},
    };
    const char *const *cells = PICK(g, tables);
    put(g, head);
    put(g, PICK(g, heads));
    put(g, "\ngood ");
    put(g, cells[0]);
    put(g, "\nrequires_improvement ");
    put(g, cells[1]);
    put(g, "\n");
    put(g, one_in(&g->random, 5) ? "no data otherwise" : "inadequate ");
    if (g->out.s[g->out.len - 1] != 'e')
        put(g, cells[2]);
    because(g);
    put(g, "\nend\n");
}

static void cross_table(Gen *g) {
    static const char *const levels[] = {"red", "amber", "green", "no data"};
    static const char *const rows[] = {"outstanding", "good", "requires_improvement", "inadequate"};
    put(g, "status rag by ofsted~,^direction\nimproving steady worsening unknown\n");
    for (size_t i = 0; i < COUNT(rows); i++) {
        put(g, rows[i]);
        for (int j = 0; j < 4; j++) {
            gap(g);
            put(g, PICK(g, levels));
        }
        eol(g);
    }
    put(g, "end\n");
}

static void status_lines(Gen *g) {
    static const char *const levels[] = {"red", "amber", "green", "no data"};
    put(g, "status rag\n");
    for (uint32_t n = below(&g->random, 4); n > 0; n--) {
        put(g, PICK(g, levels));
        put(g, " when ");
        condition(g);
        if (one_in(&g->random, 3))
            put(g, one_in(&g->random, 2) ? "~,^if known" : "^if known");
        because(g);
        eol(g);
    }
    put(g, "amber otherwise");
    because(g);
    put(g, "\nend\n");
}

static void clauses(Gen *g) {
    if (one_in(&g->random, 2)) {
        put(g, "source ");
        put_text(g);
        eol(g);
    }
    if (one_in(&g->random, 3)) {
        put(g, "note ");
        put_text(g);
        eol(g);
    }
    put(g, one_in(&g->random, 2) ? "precision 1 decimal half even\n" : "precision 2 decimals\n");
    if (one_in(&g->random, 3)) {
        put(g, "needs ");
        put(g, "c > 3");
        put(g, "^and low~<= ");
        operand(g, 0);
        eol(g);
    }
    if (one_in(&g->random, 3))
        put(g, "target by period\n2023-04 80\n2023-05 (70 +~5)\n2023-12 9 %\nend\n");
    put(g, one_in(&g->random, 2) ? "steady within 2%~, unknown counts as steady\n"
                                 : "steady within 0.5 points\n");
}

static void kpi(Gen *g) {
    buf_printf(&g->out, "kpi k%zu", g->n_kpis++);
    maybe_label(g);
    put(g, "\nvalue ");
    put(g, one_in(&g->random, 2) ? "m" : "c as percent of (~c~ +~1~)");
    put(g, "\ngood is ");
    put(g, one_in(&g->random, 2) ? "high\n" : "high # like most\n");
    clauses(g);
    put(g, "compare sn");
    maybe_label(g);
    put(g, "~=~p\n");
    if (one_in(&g->random, 4))
        put(g, "compare another = m~.~numerator else -~3\n");
    band_table(g, "bands ofsted");
    if (one_in(&g->random, 4))
        put(g, "status rag from ofsted\n");
    else if (one_in(&g->random, 3))
        cross_table(g);
    else
        status_lines(g);
    put(g, "end\n");
}

static void bar(Gen *g) {
    put(g, "~|~");
}

// The blanks within a cell are its own.
static void cell(Gen *g, const char *text) {
    buf_puts(&g->out, text);
}

static void examples(Gen *g) {
    static const char *const given[] = {"80", "79.5", "", "no row", "suppressed", "12"};
    static const char *const expected[] = {"good", "", "inadequate", "no data (no row)"};
    if (g->n_kpis == 0)
        return;
    buf_printf(&g->out, "examples k%u", below(&g->random, (uint32_t)g->n_kpis));
    put(g, "\nvalue~|~previous~|~ofsted~|~reason\n");
    for (uint32_t n = below(&g->random, 5); n > 0; n--) {
        cell(g, PICK(g, given));
        bar(g);
        cell(g, PICK(g, given));
        bar(g);
        cell(g, PICK(g, expected));
        bar(g);
        if (one_in(&g->random, 2))
            put_text(g);
        eol(g);
    }
    put(g, "end\n");
}

static void measures(Gen *g, size_t nth) {
    static const char *const bands[][2] = {
        {"otherwise", "70-79"},      {"", "improving only"},   {"", ""},
        {"0-20", "20\u201324"},      {"otherwise", "65 - 74"}, {"<65", "65+"},
        {"below  65", "at least 65"}};
    put(g, "measures like plain~,^bands ofsted~,^gaps to worse~, edges to better\n");
    put(g, "source~|~name~|~label~|~unit~|~");
    cell(g, "good is");
    put(g, "~|~inadequate~|~good\n");
    for (uint32_t n = below(&g->random, 6), i = 0; i < n; i++) {
        const char *const *row = PICK(g, bands);
        buf_printf(&g->out, "1.%u", i);
        bar(g);
        buf_printf(&g->out, "t%zu_%u", nth, i);
        bar(g);
        put_text(g);
        bar(g);
        cell(g, one_in(&g->random, 2) ? "percent" : "unit \"a b\"");
        bar(g);
        cell(g, "high");
        bar(g);
        cell(g, row[0]);
        bar(g);
        cell(g, row[1]);
        eol(g);
    }
    put(g, "end\n");
}

static void input(Gen *g, size_t nth) {
    static const char *const lines[] = {
        "file \"a*.csv\"",
        "where \"level\" is \"x\"",
        "where kind is not one of \"a\"~,^\"b\"",
        "missing \"c\" as suppressed",
        "missing \"low\" as low reliability",
        "mark \"p\" as provisional",
        "numbers with percent signs~,^thousands commas",
        "delimiter \";\"",
        "skip 2 lines",
        "revises",
        "other metrics are ignored",
    };
    buf_printf(&g->out, "input i%zu", nth);
    maybe_label(g);
    put(g,
        "\nlayout long\nentity column \"e\"\nperiod column \"p\" as month\nmetric column \"m\"\n"
        "value column \"v\"\nfield numerator column \"n\"\nfield comments column \"c\" as text\n");
    // Each at most once.
    for (size_t i = 0; i < COUNT(lines); i++)
        if (one_in(&g->random, 3)) {
            put(g, lines[i]);
            eol(g);
        }
    put(g, "end\n");
}

static void lets(Gen *g, size_t nth) {
    for (uint32_t n = below(&g->random, 3) + 1, i = 0; i < n; i++) {
        buf_printf(&g->out, i % 2 ? "let l%zu_%u" : "let longer_name%zu_%u", nth, i);
        put(g, "~=~");
        operand(g, 0);
        eol(g);
    }
}

static void metrics(Gen *g, size_t nth) {
    static const char *const options[] = {" percent",
                                          " count from column \"x y\"",
                                          " per 10000 range 0 to 100",
                                          " days from id \"1.1\"",
                                          " unit \"visits\" range -~5 to 50",
                                          " range 0 to 1 from column \"c\" percent"};
    for (uint32_t n = below(&g->random, 4) + 1, i = 0; i < n; i++) {
        buf_printf(&g->out, i % 2 ? "metric x%zu_%u" : "metric longer_metric%zu_%u", nth, i);
        maybe_label(g);
        put(g, PICK(g, options));
        eol(g);
    }
}

static void preamble(Gen *g) {
    if (one_in(&g->random, 4))
        buf_puts(&g->out, "\ufeff");
    if (one_in(&g->random, 2))
        put(g, "\n");
    put(g, "scale rag \"RAG\"\nred \"Red\" symbol \"R\"\namber colour \"#F46A25\"\ngreen \"Green\" "
           "symbol \"G\" colour \"#28A197\"\nend\n");
    put(g, "scale ofsted\ninadequate\nrequires_improvement \"Requires improvement\"\ngood\n"
           "outstanding\ngood~,^outstanding~->~green\nrequires_improvement~\u2192 amber\n"
           "inadequate -> red\nend\n");
    put(g,
        "metric m \"M\" percent\nmetric p percent\nmetric c count\nmetric r ratio\nlet low = 3\n");
    put(g, "pattern plain\nprecision 0 decimals\nstatus rag from ofsted\nend\n");
}

static void make_file(Gen *g) {
    static const char *const newlines[] = {"\n", "\n", "\r\n", "\r"};
    g->out.len = 0;
    g->n_kpis = 0;
    g->newline = PICK(g, newlines);
    preamble(g);
    input(g, 0);
    for (size_t n = below(&g->random, 8); n > 0; n--) {
        switch (below(&g->random, 8)) {
        case 0:
            input(g, n);
            break;
        case 1:
            lets(g, n);
            break;
        case 2:
            metrics(g, n);
            break;
        case 3:
            measures(g, n);
            break;
        case 4:
            examples(g);
            break;
        case 5:
            buf_printf(&g->out, "bands ofsted as t%zu", n);
            band_table(g, "");
            break;
        default:
            kpi(g);
            break;
        }
    }
    if (one_in(&g->random, 4))
        comment(g); // which nothing ends
}

static bool write_error(void *context, const char *s, size_t len) {
    (void)context;
    return fwrite(s, 1, len, stderr) == len;
}

static void files_typed_in_any_way_keep_their_meaning(void **state) {
    (void)state;
    Gen g = {.random = {4711}};
    size_t n_sound = 0;
    for (int i = 0; i < N_FILES; i++) {
        make_file(&g);
        bs_session *s = bs_open();
        assert_non_null(s);
        if (!check_format(s, "random.rag", buf_str(&g.out), NULL)) {
            bs_write_diagnostics(s, 0, false, &(bs_sink){.write = write_error});
            fail_msg("file %d cannot be read:\n%.*s", i, STR_ARG(buf_str(&g.out)));
        }
        bs_add_rules_text(s, "random.rag", g.out.s, g.out.len);
        n_sound += bs_compile(s) == BS_OK;
        bs_close(s);
    }
    print_message("%zu of %d files are sound, with %zu comments\n", n_sound, (int)N_FILES,
                  g.n_comments);
    assert_int_equal(n_sound, N_FILES);
    assert_true(g.n_comments > 10 * (size_t)N_FILES);
    buf_free(&g.out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_typed_in_any_way_keep_their_meaning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
