// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/write_value.h"

#include <json-c/json.h>

enum { APPROXIMATE_DIGITS = 6 }; // of a fraction that does not end as a decimal

// The exact value, and where that is a fraction an approximation beside it.
static void put_number(Buf *out, Number n, Unit unit) {
    Buf digits = {0};
    bool decimal = number_print(&digits, n);
    unit_print_figure(out, buf_str(&digits), unit);
    if (!decimal) {
        digits.len = 0;
        number_print_approx(&digits, n, APPROXIMATE_DIGITS);
        buf_puts(out, " (about ");
        unit_print_figure(out, buf_str(&digits), unit);
        buf_char(out, ')');
    }
    buf_free(&digits);
}

static void put_json(Buf *out, json_object *o) {
    const char *text = o ? json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN) : NULL;
    if (text)
        buf_printf(out, "%s\n", text);
    else
        out->failed = true;
    json_object_put(o);
}

static void set_text(json_object *o, const char *key, Str s) {
    if (o)
        json_object_object_add(o, key, json_object_new_string_len(s.s ? s.s : "", (int)s.len));
}

static void set_number(json_object *o, Number n, Unit unit) {
    Buf text = {0};
    bool decimal = number_print(&text, n);
    set_text(o, "value", buf_str(&text));
    text.len = 0;
    if (!decimal) {
        number_print_approx(&text, n, APPROXIMATE_DIGITS);
        set_text(o, "approximately", buf_str(&text));
        text.len = 0;
    }
    unit_print(&text, unit);
    set_text(o, "unit", buf_str(&text));
    buf_free(&text);
}

Why write_lane_value(const Vm *vm, size_t lane, uint16_t reg, ValueKind kind, Unit unit, Buf *out) {
    Why why = 0;
    if (kind == KIND_NUMBER) {
        Number number = vm_number(vm, reg, lane, &why);
        if (!why)
            put_number(out, number, unit);
    } else if (kind == KIND_TRUTH) {
        bool truth = vm_truth(vm, reg, lane, &why);
        if (!why)
            buf_puts(out, truth ? "yes" : "no");
    } else if (kind == KIND_TEXT) {
        Str text = vm_text(vm, reg, lane, &why);
        if (!why)
            buf_put(out, text);
    }
    return why;
}

bool write_value(const Program *p, const Function *fn, uint16_t reg, ValueKind kind, Unit unit,
                 bool json, Buf *out) {
    Vm vm;
    vm_init(&vm, p, NULL);
    bool ok = vm_run(&vm, fn, NULL, 1, NULL);
    if (ok) {
        Why why = 0;
        Number number = number_int(0);
        Str text = {0};
        if (kind == KIND_NUMBER)
            number = vm_number(&vm, reg, 0, &why);
        else if (kind == KIND_TRUTH)
            text = vm_truth(&vm, reg, 0, &why) ? STR("yes") : STR("no");
        else if (kind == KIND_TEXT)
            text = vm_text(&vm, reg, 0, &why);
        json_object *o = json ? json_object_new_object() : NULL;
        if (why && json) {
            if (o)
                json_object_object_add(o, "value", NULL);
            set_text(o, "missing", why_words(why));
        } else if (why) {
            buf_printf(out, "%s: %.*s\n", kind == KIND_TRUTH ? "unknown" : "missing",
                       STR_ARG(why_words(why)));
        } else if (kind == KIND_NUMBER && json) {
            set_number(o, number, unit);
        } else if (json) {
            set_text(o, "value", text);
        } else {
            write_lane_value(&vm, 0, reg, kind, unit, out);
            buf_char(out, '\n');
        }
        if (json)
            put_json(out, o);
    }
    vm_free(&vm);
    return ok && !out->failed;
}

void write_error(const DiagList *d, size_t from, Buf *out) {
    const Diag *first = NULL;
    for (size_t i = from; i < d->diags.n && !first; i++)
        if (d->diags.v[i].severity == SEVERITY_ERROR)
            first = &d->diags.v[i];
    json_object *error = json_object_new_object(), *o = json_object_new_object();
    set_text(error, "code", first ? str_from(diag_code_text(first->code)) : (Str){0});
    set_text(error, "message", first ? first->message : STR("the expression has an error"));
    if (first && first->hint.len > 0)
        set_text(error, "hint", first->hint);
    if (first && error)
        json_object_object_add(error, "column", json_object_new_int64(first->place.column));
    if (o)
        json_object_object_add(o, "error", error);
    else
        json_object_put(error);
    put_json(out, o);
}
