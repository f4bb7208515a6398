// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/json_tree.h"

#include <stdint.h>

void json_put(Json *j, json_object *o, const char *key, json_object *value) {
    if (!o || json_object_object_add(o, key, value) != 0) {
        j->failed = true;
        json_object_put(value);
    }
}

void json_append(Json *j, json_object *array, json_object *value) {
    if (!array || !value || json_object_array_add(array, value) != 0) {
        j->failed = true;
        json_object_put(value);
    }
}

json_object *json_made(Json *j, json_object *value) {
    j->failed |= value == NULL;
    return value;
}

json_object *json_new(Json *j) {
    return json_made(j, json_object_new_object());
}

json_object *json_list(Json *j) {
    return json_made(j, json_object_new_array());
}

json_object *json_words(Json *j, const char *nul_terminated) {
    return json_text(j, str_from(nul_terminated));
}

json_object *json_text(Json *j, Str s) {
    return json_made(
        j, json_object_new_string_len(s.s ? s.s : "", s.len <= INT32_MAX ? (int)s.len : 0));
}

json_object *json_count(Json *j, size_t n) {
    return json_made(j, json_object_new_uint64(n));
}

bool json_write(const Json *j, json_object *document, Buf *out) {
    size_t len = 0;
    const char *s = json_object_to_json_string_length(
        document,
        JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE, &len);
    bool ok = s && !j->failed;
    if (ok) {
        buf_put(out, (Str){s, len});
        buf_char(out, '\n');
    }
    json_object_put(document);
    return ok && !out->failed;
}
