// SPDX-License-Identifier: Apache-2.0
// The pages of the findings, and the list of output columns.
#include <bandstand.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/diag.h"
#include "runtime/edges/columns.h"

static bs_code hand_over(Buf *text, const bs_sink *sink) {
    bs_code code = BS_OK;
    if (text->failed)
        code = BS_NO_MEMORY;
    else if (text->len > 0 && !sink->write(sink->context, text->s, text->len))
        code = BS_STOPPED;
    buf_free(text);
    return code;
}

const char *bs_nearest_code(const char *text) {
    DiagCode near = diag_nearest(str_from(text));
    return near == N_DIAG_CODES ? NULL : diag_code_text(near);
}

static char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool speaks_of(const char *title, const char *word) {
    size_t len = strlen(word);
    for (const char *t = title; *t; t++) {
        size_t i = 0;
        while (i < len && t[i] && to_lower(t[i]) == to_lower(word[i]))
            i++;
        if (i == len)
            return true;
    }
    return false;
}

bs_code bs_find_codes(const char *word, const bs_sink *sink, size_t *n) {
    Buf text = {0};
    *n = 0;
    for (unsigned i = 0; i < N_DIAG_CODES; i++) {
        DiagCode code = (DiagCode)i;
        if (!speaks_of(diag_title(code), word))
            continue;
        buf_printf(&text, "%s: %s\n", diag_code_text(code), diag_title(code));
        ++*n;
    }
    return hand_over(&text, sink);
}

bs_code bs_explain_code(const char *code, const bs_sink *sink) {
    DiagCode found = diag_find(str_from(code));
    if (found == N_DIAG_CODES)
        return BS_USAGE;
    Buf text = {0};
    diag_page(&text, found, false);
    return hand_over(&text, sink);
}

static int compare_codes(const void *a, const void *b) {
    Str x = str_from(diag_code_text(*(const DiagCode *)a));
    Str y = str_from(diag_code_text(*(const DiagCode *)b));
    return str_cmp(x, y);
}

bs_code bs_write_error_index(const bs_sink *sink) {
    DiagCode codes[N_DIAG_CODES];
    for (size_t i = 0; i < N_DIAG_CODES; i++)
        codes[i] = (DiagCode)i;
    qsort(codes, N_DIAG_CODES, sizeof codes[0], compare_codes);
    Buf text = {0};
    buf_puts(&text,
             "<!-- Made by `bandstand help errors`; edit runtime/base/diagnostics.def. -->\n"
             "# Errors and warnings\n\n"
             "Every finding has a code that never changes its meaning. `bandstand help B101`\n"
             "shows the page of one code in the terminal.\n");
    for (size_t i = 0; i < N_DIAG_CODES; i++) {
        buf_char(&text, '\n');
        diag_page(&text, codes[i], true);
    }
    return hand_over(&text, sink);
}

bs_code bs_write_columns(const bs_sink *sink) {
    Buf text = {0};
    columns_help(&text);
    return hand_over(&text, sink);
}
