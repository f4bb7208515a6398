// SPDX-License-Identifier: Apache-2.0
// Metric files as JSON and JSON Lines, compressed, in other encodings, and damaged.
#include "tests/unit/metric_file.h"

#include <zlib.h>
#include <zstd.h>

static const RecordsOptions usual = {0};

static void assert_json(const char *content, const char *expected) {
    for (size_t block = 0; block <= 40; block = block == 0 ? 16 : block + 1) {
        RecordsOptions o = {.block = block};
        assert_records(content, ".json", o, expected);
    }
}

// ---- JSON ---------------------------------------------------------------------------------------

static void an_array_of_objects_is_read(void **state) {
    (void)state;
    assert_json(" [ {\"a\": \"x\", \"b\": 26.40},\n\t{\"b\":null , \"a\":true}]\n",
                "a|b\n\"x\"#26.40#\n?true?null\n");
}

static void json_lines_are_read(void **state) {
    (void)state;
    assert_json("{\"a\":1}\r\n{\"a\":2}\n\n{\"a\":3}", "a\n#1#\n#2#\n#3#\n");
    assert_records("{\"a\":1}\n", ".jsonl", usual, "a\n#1#\n");
}

static void the_format_is_told_from_the_text_where_the_name_does_not(void **state) {
    (void)state;
    assert_records("[{\"a\":1}]", "", usual, "a\n#1#\n");
    assert_records("\n{\"a\":1}", "", usual, "a\n#1#\n");
    assert_records("[LA],b\n1,2\n", "", usual, "[LA]|b\n<1><2>\n");
    assert_records("{LA},b\n1,2\n", "", usual, "{LA}|b\n<1><2>\n");
    assert_records("[{\"a\":1}]", ".csv", usual, "[{\"a\":1}]\n");
}

static void numbers_keep_their_digits(void **state) {
    (void)state;
    assert_json("[{\"a\":78.400000000000006,\"b\":99999999999999999999,\"c\":-0,\"d\":1.50e+02,"
                "\"e\":0.10000000000000000000000001}]",
                "a|b|c|d|e\n#78.400000000000006##99999999999999999999##-0##1.50e+02#"
                "#0.10000000000000000000000001#\n");
}

static void backslashes_are_undone(void **state) {
    (void)state;
    assert_json("[{\"a\\u0020b\":\"x\\n\\\"\\\\\\/\\u00e9\\ud83d\\ude00\\t.\",\"c\":\"d\"}]",
                "a b|c\n\"x\n\"\\/\xC3\xA9\xF0\x9F\x98\x80\t.\"\"d\"\n");
}

static void new_keys_join_the_end_and_lacking_ones_are_absent(void **state) {
    (void)state;
    assert_json("[{\"a\":1},{\"b\":2},{\"c\":3,\"a\":4}]", "a|b|c\n#1#\n_#2#\n#4#_#3#\n");
}

static void json_places_are_those_of_the_values(void **state) {
    (void)state;
    const char *content =
        "[\n  {\"a\": 1,\n   \"b\\u0041\": \"x\"},\n  {\"a\": 22, \"bA\": null}\n]";
    for (size_t block = 16; block < 40; block++) {
        RecordsOptions o = {.block = block};
        assert_text(read_content(str_from(content), ".json", o, true),
                    "a|bA\n#1#2:9 \"x\"3:15 \n#22#4:9 null4:19 \n");
    }
}

static void a_key_that_stands_twice_is_refused(void **state) {
    (void)state;
    assert_json("[{\"a\":1,\"b\":2},\n{\"a\":1,\"b\":3,\"a\":1}]", "a|b\n#1##2#\nB714 2:14\n");
    assert_json("[{\"a\":null,\"\\u0061\":1}]", "B714 1:12\n");
}

static void objects_and_arrays_as_values_are_refused(void **state) {
    (void)state;
    assert_json("[{\"a\":1},\n{\"a\":{\"b\":1}}]", "a\n#1#\nB713 2:6\n");
    assert_json("{\"data\":[{\"a\":1}]}", "B713 1:9\n");
}

static void deep_nesting_is_refused(void **state) {
    (void)state;
    Buf b = {0};
    buf_puts(&b, "[{\"a\":");
    buf_fill(&b, '[', 100000);
    assert_text(read_content(buf_str(&b), ".json", usual, false), "B713 1:38\n");
    buf_free(&b);
}

static void what_is_no_record_is_refused(void **state) {
    (void)state;
    assert_json("[[\"a\",1]]", "B712 1:2\n");
    assert_json("[{\"a\":1}, 2]", "a\n#1#\nB712 1:11\n");
    assert_json("\"text\"", "B712 1:1\n");
    assert_json("a,b\n1,2\n", "B711 1:1\n");
    assert_json("[]", "B701 0:0\n");
    assert_json("", "B701 0:0\n");
}

static void what_is_not_json_is_refused_at_its_place(void **state) {
    (void)state;
    static const struct {
        const char *content, *expected;
    } cases[] = {
        {"[{\"a\":1,}]", "B711 1:9\n"},
        {"[{'a':1}]", "B711 1:3\n"},
        {"[{\"a\":'x'}]", "B711 1:7\n"},
        {"[{\"a\":NaN}]", "B711 1:7\n"},
        {"[{\"a\":-Infinity}]", "B711 1:7\n"},
        {"[{\"a\":1.}]", "B711 1:7\n"},
        {"[{\"a\":\n01}]", "B711 2:3\n"},
        {"[{\"a\":tru}]", "B711 1:10\n"},
        {"[{\"a\":1 \"b\":2}]", "B711 1:9\n"},
        {"[{\"a\":\"x\ny\"}]", "B711 1:9\n"},
        {"[{\"a\":\"\\q\"}]", "B711 1:9\n"},
        {"[{\"a\" 1}]", "B711 1:7\n"},
        {"[{\"a\":1 /* note */}]", "B711 1:9\n"},
        {"[{\"a\":1", "B711 1:2\n"},
        {"[{\"a\":\"x", "B711 1:2\n"},
        {"[{\"a\":1}", "a\n#1#\nB711 1:9\n"},
        {"[{\"a\":1},]", "a\n#1#\nB711 1:10\n"},
        {"[{\"a\":1} {\"a\":2}]", "a\n#1#\nB711 1:10\n"},
        {"[{\"a\":1}]\n]", "a\n#1#\nB711 2:1\n"},
        {"[,{\"a\":1}]", "B711 1:2\n"},
        {"{\"a\":1},{\"a\":2}", "a\n#1#\nB711 1:8\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_json(cases[i].content, cases[i].expected);
}

static void too_many_keys_are_refused(void **state) {
    (void)state;
    Buf b = {0};
    buf_char(&b, '{');
    for (int i = 0; i < 70000; i++)
        buf_printf(&b, "%s\"k%d\":1", i == 0 ? "" : ",", i);
    buf_char(&b, '}');
    Buf got = read_content(buf_str(&b), ".json", usual, false);
    assert_true(str_starts(buf_str(&got), STR("B709 1:")));
    buf_free(&got);
    buf_free(&b);
}

static void json_and_csv_of_one_table_give_the_same_records(void **state) {
    (void)state;
    const char *csv = "area,note\n\"Sefton\",\"a, \"\"b\"\"\nc\"\n\"Ynys M\xC3\xB4n\",\"\"\n";
    const char *json = "[{\"area\":\"Sefton\",\"note\":\"a, \\\"b\\\"\\nc\"},"
                       "{\"area\":\"Ynys M\\u00f4n\",\"note\":\"\"}]";
    Buf expected = read_content(str_from(csv), ".csv", usual, false);
    buf_char(&expected, '\0');
    assert_non_null(strstr(expected.s, "M\xC3\xB4n"));
    assert_json(json, expected.s);
    buf_free(&expected);
}

// ---- compression --------------------------------------------------------------------------------

static Buf table_of(size_t n_rows) {
    Buf b = {0};
    buf_puts(&b, "\xEF\xBB\xBF"
                 "area,period,value\r\n");
    for (size_t i = 0; i < n_rows; i++)
        buf_printf(&b, "\"Area %zu\",2023-%02zu,%zu.%zu\r\n", i % 170, 1 + i % 12, i * 7, i % 10);
    assert_false(b.failed);
    return b;
}

static Buf gzip_of(Str s) {
    Buf b = {0};
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    buf_fill(&b, 0, s.len + 1000);
    z.next_in = (unsigned char *)(uintptr_t)s.s;
    z.avail_in = (uInt)s.len;
    z.next_out = (unsigned char *)b.s;
    z.avail_out = (uInt)b.len;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    b.len = z.total_out;
    deflateEnd(&z);
    return b;
}

static Buf zstd_of(Str s) {
    Buf b = {0};
    buf_fill(&b, 0, ZSTD_compressBound(s.len));
    b.len = ZSTD_compress(b.s, b.len, s.s, s.len, 3);
    assert_false(ZSTD_isError(b.len));
    return b;
}

static void gzip_zstd_and_plain_give_the_same_records(void **state) {
    (void)state;
    Buf plain = table_of(3000), gzip = gzip_of(buf_str(&plain)), zstd = zstd_of(buf_str(&plain));
    Buf expected = read_content(buf_str(&plain), ".csv", usual, true);
    assert_true(str_starts(buf_str(&expected), STR("area|period|value\n\"Area 0\"2:1 ")));
    size_t blocks[] = {0, 16, 100, 4096};
    for (size_t i = 0; i < 4; i++) {
        RecordsOptions o = {.block = blocks[i]};
        Buf from_gzip = read_content(buf_str(&gzip), ".csv.gz", o, true);
        Buf from_zstd = read_content(buf_str(&zstd), "", o, true);
        assert_true(str_eq(buf_str(&from_gzip), buf_str(&expected)));
        assert_true(str_eq(buf_str(&from_zstd), buf_str(&expected)));
        buf_free(&from_gzip);
        buf_free(&from_zstd);
    }
    buf_free(&plain);
    buf_free(&gzip);
    buf_free(&zstd);
    buf_free(&expected);
}

static void gzip_members_follow_each_other(void **state) {
    (void)state;
    Buf first = gzip_of(STR("a,b\n1,")), second = gzip_of(STR("2\n3,4\n"));
    buf_put(&first, buf_str(&second));
    RecordsOptions o = {.block = 16};
    assert_text(read_content(buf_str(&first), ".gz", o, false), "a|b\n<1><2>\n<3><4>\n");
    buf_free(&first);
    buf_free(&second);
}

static void assert_refused_wherever_cut(Buf packed, const char *code) {
    for (size_t len = 4; len < packed.len; len++) {
        Buf got = read_content(str_slice(buf_str(&packed), 0, len), ".csv.gz", usual, false);
        buf_char(&got, '\0');
        if (!strstr(got.s, code))
            fail_msg("cut at %zu of %zu: %s", len, packed.len, got.s);
        buf_free(&got);
    }
    buf_free(&packed);
}

static void compressed_data_cut_short_is_refused(void **state) {
    (void)state;
    Buf plain = table_of(20);
    assert_refused_wherever_cut(gzip_of(buf_str(&plain)), "B705");
    assert_refused_wherever_cut(zstd_of(buf_str(&plain)), "B705");
    buf_free(&plain);
}

static void damaged_compressed_data_is_refused(void **state) {
    (void)state;
    Buf plain = table_of(20), gzip = gzip_of(buf_str(&plain));
    gzip.s[gzip.len - 6] ^= 1; // the checksum
    Buf got = read_content(buf_str(&gzip), ".gz", usual, false);
    buf_char(&got, '\0');
    assert_non_null(strstr(got.s, "B705"));
    buf_free(&got);
    buf_free(&plain);
    buf_free(&gzip);
}

// ---- encodings ----------------------------------------------------------------------------------

static void assert_content(Str content, const char *encoding, const char *expected) {
    for (size_t block = 0; block <= 40; block = block == 0 ? 16 : block + 1) {
        RecordsOptions o = {.encoding = str_from(encoding), .block = block};
        assert_text(read_content(content, ".csv", o, false), expected);
    }
}

static void bytes_that_are_not_utf8_are_refused_at_their_place(void **state) {
    (void)state;
    assert_content(STR("a,b\n1,2\nYnys M\xF4n,3\n"), "", "a|b\n<1><2>\nB702 3:7\n");
    assert_content(STR("a,b\n1,\"x\ny\xC3\"\n"), "", "a|b\nB702 3:2\n");
    assert_content(STR("a,b\n1,\xE2\x82"), "", "a|b\nB702 2:3\n");
    assert_content(STR("\xF4,b\n"), "", "B702 1:1\n");
    assert_content(STR("a\n\xED\xA0\x80\n"), "", "a\nB702 2:1\n");
}

static void windows_1252_is_read_when_declared(void **state) {
    (void)state;
    assert_content(STR("a,b\nYnys M\xF4n,\x80\n"), "windows-1252",
                   "a|b\n<Ynys M\xC3\xB4n><\xE2\x82\xAC>\n");
    assert_content(STR("a,b\n\x93q\x94,\x96\n"), "CP1252",
                   "a|b\n<\xE2\x80\x9Cq\xE2\x80\x9D><\xE2\x80\x93>\n");
    assert_content(STR("a,b\n1,x\x81\n"), "windows-1252", "a|b\nB702 2:4\n");
}

static void the_mark_of_utf8_outweighs_the_declared_encoding(void **state) {
    (void)state;
    assert_content(STR("\xEF\xBB\xBF"
                       "a,b\nM\xC3\xB4n,2\n"),
                   "windows-1252", "a|b\n<M\xC3\xB4n><2>\n");
}

static void utf16_is_refused_by_name(void **state) {
    (void)state;
    assert_content(STR("\xFF\xFE"
                       "a\0,\0b\0\n\0"),
                   "", "B703 1:1\n");
    assert_content(STR("\xFE\xFF\0a"), "", "B703 1:1\n");
    assert_content(STR("\xFF\xFE\0\0a\0\0\0"), "windows-1252", "B703 1:1\n");
}

static void zero_bytes_are_refused_at_their_place(void **state) {
    (void)state;
    assert_content(STR("a,b\n1,2\n\"3\",x\0y\n"), "", "a|b\n<1><2>\nB704 3:6\n");
    assert_content(STR("a,b\n1,\"\n\0\"\n"), "", "a|b\nB704 3:1\n");
    assert_content(STR("a,b\n1,\0\n"), "windows-1252", "a|b\nB704 2:3\n");
    assert_content(STR("\0"), "", "B704 1:1\n");
}

static void other_encodings_are_refused(void **state) {
    (void)state;
    assert_content(STR("a\n"), "ebcdic", "B710 0:0\n");
}

static void what_cannot_be_opened_is_told(void **state) {
    (void)state;
    assert_text(read_file("/tmp/there-is-no-such-file.csv", &usual, false), "B902 0:0\n");
    assert_text(read_file("/tmp", &usual, false), "B902 1:1\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_array_of_objects_is_read),
        cmocka_unit_test(json_lines_are_read),
        cmocka_unit_test(the_format_is_told_from_the_text_where_the_name_does_not),
        cmocka_unit_test(numbers_keep_their_digits),
        cmocka_unit_test(backslashes_are_undone),
        cmocka_unit_test(new_keys_join_the_end_and_lacking_ones_are_absent),
        cmocka_unit_test(json_places_are_those_of_the_values),
        cmocka_unit_test(a_key_that_stands_twice_is_refused),
        cmocka_unit_test(objects_and_arrays_as_values_are_refused),
        cmocka_unit_test(deep_nesting_is_refused),
        cmocka_unit_test(what_is_no_record_is_refused),
        cmocka_unit_test(what_is_not_json_is_refused_at_its_place),
        cmocka_unit_test(too_many_keys_are_refused),
        cmocka_unit_test(json_and_csv_of_one_table_give_the_same_records),
        cmocka_unit_test(gzip_zstd_and_plain_give_the_same_records),
        cmocka_unit_test(gzip_members_follow_each_other),
        cmocka_unit_test(compressed_data_cut_short_is_refused),
        cmocka_unit_test(damaged_compressed_data_is_refused),
        cmocka_unit_test(bytes_that_are_not_utf8_are_refused_at_their_place),
        cmocka_unit_test(windows_1252_is_read_when_declared),
        cmocka_unit_test(the_mark_of_utf8_outweighs_the_declared_encoding),
        cmocka_unit_test(utf16_is_refused_by_name),
        cmocka_unit_test(zero_bytes_are_refused_at_their_place),
        cmocka_unit_test(other_encodings_are_refused),
        cmocka_unit_test(what_cannot_be_opened_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
