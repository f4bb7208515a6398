// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/diff.h"

#include <stdint.h>
#include <string.h>

typedef struct Side {
    VEC(Str) lines;  // each with its newline
    bool *differs;   // for each line: it is on this side only
    size_t from, to; // the lines that are not in common at the beginning and the end
} Side;

static bool split(Arena *a, Str text, Side *out) {
    *out = (Side){0};
    while (text.len > 0) {
        size_t end = str_find(text, '\n');
        end += end < text.len;
        if (!VEC_PUSH(a, &out->lines, str_slice(text, 0, end)))
            return false;
        text = str_slice(text, end, text.len);
    }
    out->differs = ARENA_ARRAY(a, bool, out->lines.n);
    return out->differs;
}

static bool same(const Side *a, size_t i, const Side *b, size_t j) {
    return str_eq(a->lines.v[i], b->lines.v[j]);
}

static void trim_common(Side *a, Side *b) {
    a->from = 0;
    a->to = a->lines.n;
    b->to = b->lines.n;
    while (a->from < a->to && a->from < b->to && same(a, a->from, b, a->from))
        a->from++;
    b->from = a->from;
    while (a->to > a->from && b->to > b->from && same(a, a->to - 1, b, b->to - 1)) {
        a->to--;
        b->to--;
    }
}

// ---- the fewest changes -------------------------------------------------------------------------

// Myers, "An O(ND) difference algorithm and its variations", Algorithmica 1 (1986): furthest[d + k]
// is how far into [a] one comes with d changes on the diagonal k, where k lines more of [a] than of
// [b] are behind one.
typedef struct Step {
    int64_t *furthest; // of diagonals -d to d
} Step;

// Did a line of [b] come last on the way to diagonal [k], with [d] changes?
static bool came_down(const Step *before, int64_t d, int64_t k) {
    if (k == -d || k == d)
        return k == -d;
    const int64_t *far = before->furthest + (d - 1);
    return far[k - 1] < far[k + 1];
}

static int64_t reach(const Step *before, int64_t d, int64_t k) {
    const int64_t *far = before->furthest + (d - 1);
    return came_down(before, d, k) ? far[k + 1] : far[k - 1] + 1;
}

// Goes back from the end and marks what was passed on the way.
static void mark_changes(Side *a, Side *b, const Step *steps, int64_t d) {
    int64_t k = (int64_t)(a->to - a->from) - (int64_t)(b->to - b->from);
    for (; d > 0; d--) {
        bool down = came_down(&steps[d - 1], d, k);
        int64_t x = reach(&steps[d - 1], d, k);
        if (down)
            b->differs[b->from + (size_t)(x - k - 1)] = true;
        else
            a->differs[a->from + (size_t)(x - 1)] = true;
        k += down ? 1 : -1;
    }
}

static void mark_all(Side *a, Side *b) {
    memset(a->differs + a->from, true, a->to - a->from);
    memset(b->differs + b->from, true, b->to - b->from);
}

static bool mark(Arena *scratch, Side *a, Side *b) {
    int64_t n = (int64_t)(a->to - a->from), m = (int64_t)(b->to - b->from);
    Step *steps = ARENA_ARRAY(scratch, Step, DIFF_MAX_CHANGES + 1);
    if (!steps)
        return false;
    for (int64_t d = 0; d <= DIFF_MAX_CHANGES; d++) {
        steps[d].furthest = ARENA_ARRAY(scratch, int64_t, 2 * (size_t)d + 1);
        if (!steps[d].furthest)
            return false;
        for (int64_t k = -d; k <= d; k += 2) {
            int64_t x = d > 0 ? reach(&steps[d - 1], d, k) : 0, y = x - k;
            while (x < n && y < m && same(a, a->from + (size_t)x, b, b->from + (size_t)y))
                x++, y++;
            steps[d].furthest[d + k] = x;
            if (x >= n && y >= m) {
                mark_changes(a, b, steps, d);
                return true;
            }
        }
    }
    mark_all(a, b);
    return true;
}

// ---- writing ------------------------------------------------------------------------------------

static void put_line(Buf *out, char sign, Str line) {
    buf_char(out, sign);
    buf_put(out, line);
    if (line.len == 0 || line.s[line.len - 1] != '\n')
        buf_puts(out, "\n\\ No newline at end of file\n");
}

// `12,3`: three lines from line 12; `12`: that line alone; `11,0`: none, behind line 11.
static void put_range(Buf *out, size_t from, size_t to) {
    buf_printf(out, "%zu", to > from ? from + 1 : from);
    if (to - from != 1)
        buf_printf(out, ",%zu", to - from);
}

typedef struct Hunk {
    size_t a_from, a_to, b_from, b_to;
} Hunk;

// Advances over the changes at [*i] and [*j], and over those that follow so close that their
// context would meet.
static void pass_changes(const Side *a, const Side *b, size_t *i, size_t *j) {
    size_t equal = 0;
    size_t x = *i, y = *j;
    while (equal <= 2 * DIFF_CONTEXT && (x < a->lines.n || y < b->lines.n)) {
        bool gone = x < a->lines.n && a->differs[x], come = y < b->lines.n && b->differs[y];
        if (gone || come) {
            x += gone;
            y += come;
            *i = x;
            *j = y;
            equal = 0;
        } else {
            x++;
            y++;
            equal++;
        }
    }
}

static void put_hunk(Buf *out, const Side *a, const Side *b, const Hunk *h) {
    buf_puts(out, "@@ -");
    put_range(out, h->a_from, h->a_to);
    buf_puts(out, " +");
    put_range(out, h->b_from, h->b_to);
    buf_puts(out, " @@\n");
    for (size_t i = h->a_from, j = h->b_from; i < h->a_to || j < h->b_to;) {
        if (i < h->a_to && a->differs[i])
            put_line(out, '-', a->lines.v[i++]);
        else if (j < h->b_to && b->differs[j])
            put_line(out, '+', b->lines.v[j++]);
        else {
            put_line(out, ' ', a->lines.v[i++]);
            j++;
        }
    }
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

static void put_hunks(Buf *out, const Side *a, const Side *b) {
    size_t i = 0, j = 0;
    for (;;) {
        while (i < a->lines.n && j < b->lines.n && !a->differs[i] && !b->differs[j])
            i++, j++;
        if (i == a->lines.n && j == b->lines.n)
            return;
        size_t above = least(i, DIFF_CONTEXT);
        Hunk h = {.a_from = i - above, .b_from = j - above};
        pass_changes(a, b, &i, &j);
        size_t below = least(a->lines.n - i, DIFF_CONTEXT);
        h.a_to = i + below;
        h.b_to = j + below;
        put_hunk(out, a, b, &h);
    }
}

bool diff_unified(Arena *scratch, Buf *out, Str name, Str before, Str after) {
    Side a, b;
    if (str_eq(before, after))
        return true;
    if (!split(scratch, before, &a) || !split(scratch, after, &b))
        return false;
    trim_common(&a, &b);
    if (!mark(scratch, &a, &b))
        return false;
    buf_printf(out, "--- %.*s\n+++ %.*s\n", STR_ARG(name), STR_ARG(name));
    put_hunks(out, &a, &b);
    return !out->failed;
}
