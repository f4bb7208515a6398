// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/metric_file.h"

static const RecordsOptions usual = {0};

static void assert_csv(const char *content, const char *expected) {
    // The smallest blocks put a border into every cell; the result must not notice.
    for (size_t block = 0; block <= 40; block = block == 0 ? 16 : block + 1) {
        RecordsOptions o = {.block = block};
        assert_records(content, ".csv", o, expected);
    }
}

static void cells_are_split_at_the_delimiter(void **state) {
    (void)state;
    assert_csv("a,b,c\n1,,3\n", "a|b|c\n<1><><3>\n");
}

static void lines_end_in_lf_crlf_or_cr(void **state) {
    (void)state;
    assert_csv("a,b\r\n1,2\r3,4\n5,6", "a|b\n<1><2>\n<3><4>\n<5><6>\n");
}

static void empty_lines_are_passed_over(void **state) {
    (void)state;
    assert_csv("\n\na,b\n\r\n\r\r1,2\n\n\n3,4\n\n", "a|b\n<1><2>\n<3><4>\n");
}

static void a_quoted_empty_cell_is_no_empty_line(void **state) {
    (void)state;
    assert_csv("a\n\"\"\nx\n", "a\n\"\"\n<x>\n");
}

static void quotes_hold_delimiters_line_ends_and_doubled_quotes(void **state) {
    (void)state;
    assert_csv("a,b\n\"x,\r\ny\",\"say \"\"yes\"\"\"\n\"\"\"\",\"\"\n",
               "a|b\n\"x,\r\ny\"\"say \"yes\"\"\n\"\"\"\"\"\n");
}

static void a_quote_inside_a_bare_cell_is_text(void **state) {
    (void)state;
    assert_csv("a,b\n5\" pipe, \"x\"\n", "a|b\n<5\" pipe>< \"x\">\n");
}

static void short_rows_lack_cells_and_long_rows_have_extra_ones(void **state) {
    (void)state;
    assert_csv("a,b,c\n1\n1,2,3,4,5\n", "a|b|c\n<1>__\n<1><2><3>+<4><5>\n");
}

static void places_count_lines_and_bytes(void **state) {
    (void)state;
    const char *content = "a,b\n\n\"x\n\ny\",2\n\xC3\xA9,\"q\"\r\n7,8\r9,10\n";
    const char *expected = "a|b\n\"x\n\ny\"3:1 <2>5:4 \n<\xC3\xA9>6:1 \"q\"6:4 \n<7>7:1 <8>7:3 \n"
                           "<9>8:1 <10>8:3 \n";
    for (size_t block = 16; block < 30; block++) {
        RecordsOptions o = {.block = block};
        assert_text(read_content(str_from(content), ".csv", o, true), expected);
    }
}

static void the_delimiter_is_found(void **state) {
    (void)state;
    assert_csv("a;b\n1,5;2\n2,5;3\n", "a|b\n<1,5><2>\n<2,5><3>\n");
    assert_csv("a\tb\n1,2\t3\n", "a|b\n<1,2><3>\n");
    assert_csv("a|b\n1|2\n", "a|b\n<1><2>\n");
    assert_csv("\"a;x;y\",b\n1,2\n", "a;x;y|b\n<1><2>\n");
    assert_csv("a,\"b;c;d;e\"\n1,\"x;y;z;w\"\n", "a|b;c;d;e\n<1>\"x;y;z;w\"\n");
    assert_csv("only\n1\n2\n", "only\n<1>\n<2>\n");
}

static void the_delimiter_and_quote_can_be_given(void **state) {
    (void)state;
    RecordsOptions o = {.delimiter = STR(":"), .quote = STR("'")};
    assert_records("a:b\n'1:2':\"3\"\n", ".csv", o, "a|b\n\"1:2\"<\"3\">\n");
    o = (RecordsOptions){.delimiter = STR("tab")};
    assert_records("a\tb\n1,2\t3\n", ".csv", o, "a|b\n<1,2><3>\n");
}

static void unusable_delimiters_and_quotes_are_refused(void **state) {
    (void)state;
    const char *delimiters[] = {";;", "a", "\n", "\"", "\xC3\xA9"};
    for (size_t i = 0; i < sizeof delimiters / sizeof delimiters[0]; i++) {
        RecordsOptions o = {.delimiter = str_from(delimiters[i])};
        assert_records("a,b\n", ".csv", o, "B710 0:0\n");
    }
}

static void lines_before_the_header_are_skipped(void **state) {
    (void)state;
    RecordsOptions o = {.skip_lines = 2};
    assert_text(read_content(STR("Title, \"open\r\n\r\na,b\n1,2\n"), ".csv", o, true),
                "a|b\n<1>4:1 <2>4:3 \n");
    o.skip_lines = 9;
    assert_records("a,b\n1,2\n", ".csv", o, "B701 0:0\n");
}

static void without_a_header_columns_are_numbered(void **state) {
    (void)state;
    RecordsOptions o = {.no_header = true};
    assert_records("x,y\n1,2,3\n", ".csv", o, "1|2\n<x><y>\n<1><2>+<3>\n");
}

static void column_names_are_trimmed(void **state) {
    (void)state;
    assert_csv(" a ,\"b \",\xC2\xA0"
               "c\n1,2,3\n",
               "a|b|c\n<1><2><3>\n");
}

static void a_quote_never_closed_names_where_it_opened(void **state) {
    (void)state;
    assert_csv("a,b\n1,2\n3,\"x\ny,4\n5,6\n", "a|b\n<1><2>\nB706 3:3\n");
    assert_csv("a,b\n\"", "a|b\nB706 2:1\n");
    assert_csv("a,b\n\"x\"\"", "a|b\nB706 2:1\n");
}

static void text_after_a_closing_quote_is_refused_at_its_place(void **state) {
    (void)state;
    assert_csv("a,b\n1,2\n\"x\ny\"z,2\n", "a|b\n<1><2>\nB707 4:3\n");
    assert_csv("a,b\n\"x\" ,2\n", "a|b\nB707 2:4\n");
}

static void an_empty_file_is_refused(void **state) {
    (void)state;
    assert_csv("", "B701 0:0\n");
    assert_csv("\n\r\n", "B701 0:0\n");
    assert_csv("\xEF\xBB\xBF", "B701 0:0\n");
}

static void a_header_alone_is_a_file_without_rows(void **state) {
    (void)state;
    assert_csv("a,b", "a|b\n");
}

static void a_byte_order_mark_is_dropped_before_a_quoted_header(void **state) {
    (void)state;
    assert_csv("\xEF\xBB\xBF\"a,x\",b\n1,2\n", "a,x|b\n<1><2>\n");
}

static Buf big_file(size_t n_bytes) {
    Buf b = {0};
    buf_puts(&b, "a,b\n1,\"");
    buf_fill(&b, 'x', n_bytes);
    buf_puts(&b, "\"\n2,");
    buf_fill(&b, 'y', n_bytes);
    buf_puts(&b, "\n3,z\n");
    assert_false(b.failed);
    return b;
}

static void a_cell_of_five_megabytes_is_read(void **state) {
    (void)state;
    size_t n = 5u << 20;
    Buf content = big_file(n);
    Buf got = read_content(buf_str(&content), ".csv", usual, false);
    assert_int_equal(got.len, strlen("a|b\n<1>\"\"\n<2><>\n<3><z>\n") + 2 * n);
    assert_true(str_ends(buf_str(&got), STR("y>\n<3><z>\n")));
    buf_free(&got);
    buf_free(&content);
}

static void a_cell_over_the_limit_is_refused(void **state) {
    (void)state;
    Buf content = big_file(RECORDS_MAX_FIELD);
    Buf got = read_content(buf_str(&content), ".csv", usual, false);
    assert_true(got.len > 2 * (size_t)RECORDS_MAX_FIELD);
    assert_true(str_ends(buf_str(&got), STR("y>\n<3><z>\n")));
    buf_free(&got);
    buf_free(&content);
    content = big_file(RECORDS_MAX_FIELD + 1);
    assert_text(read_content(buf_str(&content), ".csv", usual, false), "a|b\nB708 2:3\n");
    buf_free(&content);
}

static void a_cell_not_closed_within_the_limit_names_where_it_opened(void **state) {
    (void)state;
    Buf content = {0};
    buf_puts(&content, "a,b\n1,2\n3,\"open\n");
    while (content.len < RECORDS_MAX_FIELD + 100)
        buf_puts(&content, "a line like any other\n");
    assert_text(read_content(buf_str(&content), ".csv", usual, false), "a|b\n<1><2>\nB708 3:3\n");
    buf_free(&content);
}

static Buf wide_file(size_t n_columns) {
    Buf b = {0};
    for (int row = 0; row < 2; row++) {
        for (size_t i = 0; i < n_columns; i++)
            buf_puts(&b, i == 0 ? "x" : ",x");
        buf_char(&b, '\n');
    }
    assert_false(b.failed);
    return b;
}

static void the_most_columns_are_read_and_more_refused(void **state) {
    (void)state;
    Buf content = wide_file(RECORDS_MAX_COLUMNS);
    Buf got = read_content(buf_str(&content), ".csv", usual, false);
    assert_int_equal(got.len, 5 * (size_t)RECORDS_MAX_COLUMNS + 1);
    buf_free(&got);
    buf_free(&content);
    content = wide_file(70000);
    assert_text(read_content(buf_str(&content), ".csv", usual, false), "B709 1:131073\n");
    buf_free(&content);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_split_at_the_delimiter),
        cmocka_unit_test(lines_end_in_lf_crlf_or_cr),
        cmocka_unit_test(empty_lines_are_passed_over),
        cmocka_unit_test(a_quoted_empty_cell_is_no_empty_line),
        cmocka_unit_test(quotes_hold_delimiters_line_ends_and_doubled_quotes),
        cmocka_unit_test(a_quote_inside_a_bare_cell_is_text),
        cmocka_unit_test(short_rows_lack_cells_and_long_rows_have_extra_ones),
        cmocka_unit_test(places_count_lines_and_bytes),
        cmocka_unit_test(the_delimiter_is_found),
        cmocka_unit_test(the_delimiter_and_quote_can_be_given),
        cmocka_unit_test(unusable_delimiters_and_quotes_are_refused),
        cmocka_unit_test(lines_before_the_header_are_skipped),
        cmocka_unit_test(without_a_header_columns_are_numbered),
        cmocka_unit_test(column_names_are_trimmed),
        cmocka_unit_test(a_quote_never_closed_names_where_it_opened),
        cmocka_unit_test(text_after_a_closing_quote_is_refused_at_its_place),
        cmocka_unit_test(an_empty_file_is_refused),
        cmocka_unit_test(a_header_alone_is_a_file_without_rows),
        cmocka_unit_test(a_byte_order_mark_is_dropped_before_a_quoted_header),
        cmocka_unit_test(a_cell_of_five_megabytes_is_read),
        cmocka_unit_test(a_cell_over_the_limit_is_refused),
        cmocka_unit_test(a_cell_not_closed_within_the_limit_names_where_it_opened),
        cmocka_unit_test(the_most_columns_are_read_and_more_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
