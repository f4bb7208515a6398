// SPDX-License-Identifier: Apache-2.0
// A JSON document made whole before it is written.
#ifndef BS_EDGES_JSON_TREE_H
#define BS_EDGES_JSON_TREE_H

#include <json-c/json.h>
#include <stdbool.h>

#include "runtime/base/buf.h"

// `failed` stays set once memory ran out.
typedef struct Json {
    bool failed;
} Json;

// Each takes over [value]; NULL writes null.
void json_put(Json *j, json_object *o, const char *key, json_object *value);
void json_append(Json *j, json_object *array, json_object *value);
// Passes on what was made, and notes when it was not.
json_object *json_made(Json *j, json_object *value);
json_object *json_new(Json *j);  // an empty object
json_object *json_list(Json *j); // an empty array
json_object *json_words(Json *j, const char *nul_terminated);
json_object *json_text(Json *j, Str s);
json_object *json_count(Json *j, size_t n);
// Writes the document, indented, and releases it. False when memory ran out on the way.
bool json_write(const Json *j, json_object *document, Buf *out);

#endif
