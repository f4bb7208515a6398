// SPDX-License-Identifier: Apache-2.0
#include "runtime/data/unit.h"

#include <inttypes.h>

bool unit_eq(Unit a, Unit b) {
    if (a.kind != b.kind) {
        return false;
    }
    if (a.kind == UNIT_PER) {
        return a.per == b.per;
    }
    return a.kind != UNIT_OWN || str_eq(a.name, b.name);
}

void unit_print(Buf *out, Unit u) {
    switch (u.kind) {
    case UNIT_NONE:
        buf_puts(out, "number");
        return;
    case UNIT_PERCENT:
        buf_puts(out, "percent");
        return;
    case UNIT_POINTS:
        buf_puts(out, "points");
        return;
    case UNIT_COUNT:
        buf_puts(out, "count");
        return;
    case UNIT_PER:
        buf_printf(out, "per %" PRId64, u.per);
        return;
    case UNIT_DAYS:
        buf_puts(out, "days");
        return;
    case UNIT_POUNDS:
        buf_puts(out, "pounds");
        return;
    case UNIT_RATIO:
        buf_puts(out, "ratio");
        return;
    case UNIT_OWN:
        buf_put(out, u.name);
        return;
    }
}

// "5 points", "1 point".
static void print_counted(Buf *out, Str digits, const char *one, const char *many) {
    bool is_one = str_eq(digits, STR("1")) || str_eq(digits, STR("-1"));
    buf_put(out, digits);
    buf_char(out, ' ');
    buf_puts(out, is_one ? one : many);
}

static void print_pounds(Buf *out, Str digits) {
    bool negative = str_starts(digits, STR("-"));
    if (negative) {
        buf_char(out, '-');
    }
    buf_puts(out, "£");
    buf_put(out, str_slice(digits, negative, digits.len));
}

void unit_print_figure(Buf *out, Str digits, Unit u) {
    switch (u.kind) {
    case UNIT_NONE:
    case UNIT_COUNT:
    case UNIT_RATIO:
        buf_put(out, digits);
        return;
    case UNIT_PERCENT:
        buf_put(out, digits);
        buf_char(out, '%');
        return;
    case UNIT_POINTS:
        print_counted(out, digits, "point", "points");
        return;
    case UNIT_DAYS:
        print_counted(out, digits, "day", "days");
        return;
    case UNIT_POUNDS:
        print_pounds(out, digits);
        return;
    case UNIT_PER:
    case UNIT_OWN:
        buf_put(out, digits);
        buf_char(out, ' ');
        unit_print(out, u);
        return;
    }
}
