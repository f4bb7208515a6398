// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/import_cell.h"

#include <string.h>

// ---- plain text ---------------------------------------------------------------------------------

// Signs of more than a byte, and what they are read as.
static const struct {
    const char *sign, *plain;
} signs[] = {
    {"\u2010", "-"},      {"\u2011", "-"},        {"\u2012", "-"},        {"\u2013", "-"},
    {"\u2014", "-"},      {"\u2212", "-"},        {"\u2264", "<="},       {"\u2265", ">="},
    {"\u00a0", " "},      {"\u2007", " "},        {"\u2009", " "},        {"\u202f", " "},
    {"\ufeff", " "},      {"\u2191", "increase"}, {"\u25b2", "increase"}, {"\u2193", "reduce"},
    {"\u25bc", "reduce"},
};
enum { N_SIGNS = sizeof signs / sizeof *signs, LONGEST_SIGN = 8 };

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
    return c >= 'a' && c <= 'z';
}

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

static size_t find_sign(Str rest) {
    size_t i = 0;
    while (i < N_SIGNS && !str_starts(rest, str_from(signs[i].sign)))
        i++;
    return i;
}

static Str without_wrapping(Str s) {
    for (;;) {
        bool wrapped = s.len >= 2 && ((s.s[0] == '(' && s.s[s.len - 1] == ')') ||
                                      (s.s[0] == '[' && s.s[s.len - 1] == ']'));
        if (wrapped)
            s = str_trim(str_slice(s, 1, s.len - 1));
        else if (s.len >= 2 && s.s[s.len - 1] == '.' && is_letter(s.s[s.len - 2]))
            s.len--;
        else
            return s;
    }
}

Str import_plain(Arena *a, Str text) {
    char *s = arena_array(a, text.len + 1, LONGEST_SIGN);
    if (!s)
        return STR("");
    size_t n = 0;
    for (size_t i = 0; i < text.len;) {
        size_t sign =
            (unsigned char)text.s[i] < 0x80 ? N_SIGNS : find_sign(str_slice(text, i, text.len));
        const char *plain = sign < N_SIGNS ? signs[sign].plain : NULL;
        char c = text.s[i];
        i += plain ? strlen(signs[sign].sign) : 1;
        if (plain && *plain != ' ') {
            memcpy(s + n, plain, strlen(plain));
            n += strlen(plain);
        } else if (plain || is_space(c)) {
            if (n > 0 && s[n - 1] != ' ')
                s[n++] = ' ';
        } else {
            s[n++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        }
    }
    return without_wrapping(str_trim((Str){s, n}));
}

// ---- phrases ------------------------------------------------------------------------------------

typedef enum Part { NO_PART, AT_LEAST, AT_MOST, ABOVE, BELOW, EXACTLY, BETWEEN } Part;

typedef struct Phrase {
    Str words;
    Part part;
} Phrase;

static const Phrase ahead[] = {
#define AHEAD(words, part) {{words, sizeof(words) - 1}, part},
#include "runtime/edges/import_words.def"
};
static const Phrase behind[] = {
#define BEHIND(words, part) {{words, sizeof(words) - 1}, part},
#include "runtime/edges/import_words.def"
};
static const Phrase joins[] = {
#define JOIN(words) {{words, sizeof(words) - 1}, NO_PART},
#include "runtime/edges/import_words.def"
};
static const Str nothings[] = {
#define NOTHING(words) {words, sizeof(words) - 1},
#include "runtime/edges/import_words.def"
};
static const struct {
    Str words;
    ImportWay way;
} directions[] = {
#define DIRECTION(words, way) {{words, sizeof(words) - 1}, WAY_##way},
#include "runtime/edges/import_words.def"
};
static const struct {
    Str word;
    const char *unit;
} units[] = {
#define UNIT(word, unit) {{word, sizeof(word) - 1}, unit},
#include "runtime/edges/import_words.def"
};

#define LENGTH(array) (sizeof(array) / sizeof *(array))

// ---- scanning -----------------------------------------------------------------------------------

typedef struct Scan {
    Arena *a;
    Str s; // what is left, plain
    const char *unit;
    bool failed; // beyond what can be told
} Scan;

static void pass(Scan *c, size_t n) {
    c->s = str_trim(str_slice(c->s, n, c->s.len));
}

// The phrase that comes next; words end where no letter follows.
static const Phrase *take_phrase(Scan *c, const Phrase *phrases, size_t n) {
    const Phrase *best = NULL;
    for (size_t i = 0; i < n; i++) {
        Str words = phrases[i].words;
        bool letters = is_letter(words.s[words.len - 1]);
        bool whole = !letters || c->s.len <= words.len || !is_letter(c->s.s[words.len]);
        if (whole && str_starts(c->s, words) && (!best || words.len > best->words.len))
            best = &phrases[i];
    }
    if (best)
        pass(c, best->words.len);
    return best;
}

static void note_unit(Scan *c, const char *unit) {
    c->failed = c->failed || (c->unit && strcmp(c->unit, unit) != 0);
    c->unit = unit;
}

static void take_unit(Scan *c) {
    static const struct {
        Str words;
        const char *unit;
    } beside[] = {{{"%", 1}, "percent"},        {{"percent", 7}, "percent"},
                  {{"per cent", 8}, "percent"}, {{"working days", 12}, "days"},
                  {{"days", 4}, "days"},        {{"day", 3}, "days"}};
    for (size_t i = 0; i < LENGTH(beside); i++) {
        size_t len = beside[i].words.len;
        bool whole = i == 0 || c->s.len == len || !is_letter(c->s.s[len]);
        if (str_starts(c->s, beside[i].words) && whole) {
            pass(c, len);
            note_unit(c, beside[i].unit);
            return;
        }
    }
}

// Digits, with commas before groups of three and a point with digits behind it: without the commas
// in [*out]. 0 where there is no such number.
static size_t scan_number(Str s, char *out, size_t *n_out) {
    size_t i = 0, n = 0, n_group = 0;
    bool grouped = false;
    for (; i < s.len && n + 1 < IMPORT_MAX_NUMBER; i++) {
        bool comma = s.s[i] == ',' && n_group > 0 && n_group <= 3 && (!grouped || n_group == 3);
        if (comma) {
            grouped = true;
            n_group = 0;
            continue;
        }
        if (!is_digit(s.s[i]))
            break;
        out[n++] = s.s[i];
        n_group++;
    }
    if (n == 0 || (grouped && n_group != 3))
        return 0;
    if (i + 1 < s.len && s.s[i] == '.' && is_digit(s.s[i + 1])) {
        out[n++] = '.';
        for (i++; i < s.len && is_digit(s.s[i]) && n + 1 < IMPORT_MAX_NUMBER; i++)
            out[n++] = s.s[i];
    }
    bool runs_on = i < s.len && (is_digit(s.s[i]) || s.s[i] == '.' || s.s[i] == ',' ||
                                 s.s[i] == '/' || is_letter(s.s[i]));
    // "10days" is clear; "6o" and "1e5" are not.
    if (runs_on && !str_starts(str_slice(s, i, s.len), STR("day")))
        return 0;
    *n_out = n;
    return i;
}

typedef struct Bound {
    Str text; // as the rule language has it, with its sign
    Number number;
} Bound;

// A hyphen here is a sign, since a joint was taken before.
static bool take_number(Scan *c, Bound *out) {
    static const Str pound = {"\u00a3", 2};
    char digits[IMPORT_MAX_NUMBER + 1];
    size_t n = 0, sign = str_starts(c->s, STR("-"));
    Str rest = str_trim(str_slice(c->s, sign, c->s.len));
    if (str_starts(rest, pound)) {
        note_unit(c, "pounds");
        rest = str_trim(str_slice(rest, pound.len, rest.len));
    }
    digits[0] = '-';
    size_t len = scan_number(rest, digits + 1, &n);
    if (len == 0)
        return false;
    out->text = arena_str(c->a, (Str){digits + 1 - sign, n + sign});
    c->s = rest;
    pass(c, len);
    take_unit(c);
    return number_parse(c->a, out->text, false, &out->number) == NUMBER_OK;
}

// ---- bands --------------------------------------------------------------------------------------

static bool set_low(ImportCell *out, Number n, bool open) {
    if (out->has_low)
        return false;
    out->has_low = true;
    out->low = n;
    out->low_open = open;
    return true;
}

static bool set_high(ImportCell *out, Number n, bool open) {
    if (out->has_high)
        return false;
    out->has_high = true;
    out->high = n;
    out->high_open = open;
    return true;
}

static bool set_side(ImportCell *out, Part part, Number n) {
    switch (part) {
    case AT_LEAST:
    case ABOVE:
        return set_low(out, n, part == ABOVE);
    case AT_MOST:
    case BELOW:
        return set_high(out, n, part == BELOW);
    case EXACTLY:
        return set_low(out, n, false) && set_high(out, n, false);
    case NO_PART:
    case BETWEEN:
        return false;
    }
    return false;
}

// "2019-20" is a month or a financial year rather than a band.
static bool looks_like_a_year(Str s) {
    for (size_t i = 0; i + 7 <= s.len; i++) {
        bool century = str_starts(str_slice(s, i, s.len), STR("19")) ||
                       str_starts(str_slice(s, i, s.len), STR("20"));
        bool starts = i == 0 || !(is_digit(s.s[i - 1]) || s.s[i - 1] == '.');
        bool ends = i + 7 == s.len || !is_digit(s.s[i + 7]);
        bool digits = is_digit(s.s[i + 2]) && is_digit(s.s[i + 3]) && is_digit(s.s[i + 5]) &&
                      is_digit(s.s[i + 6]);
        if (century && starts && ends && digits && (s.s[i + 4] == '-' || s.s[i + 4] == '/'))
            return true;
    }
    return false;
}

static void write_one_sided(Arena *a, ImportCell *out, Part part, Bound b) {
    switch (part) {
    case AT_LEAST:
        out->rule = number_sign(b.number) < 0 ? arena_printf(a, "at least %.*s", STR_ARG(b.text))
                                              : arena_printf(a, "%.*s+", STR_ARG(b.text));
        return;
    case AT_MOST:
        out->rule = arena_printf(a, "at most %.*s", STR_ARG(b.text));
        return;
    case ABOVE:
        out->rule = arena_printf(a, "above %.*s", STR_ARG(b.text));
        return;
    case BELOW:
        out->rule = arena_printf(a, "below %.*s", STR_ARG(b.text));
        return;
    case EXACTLY:
        out->rule = arena_printf(a, "%.*s to %.*s", STR_ARG(b.text), STR_ARG(b.text));
        return;
    case NO_PART:
    case BETWEEN:
        return;
    }
}

// Numbers in the order in which they are typed, unless a side is open: then the lower first.
static void write_two_sided(Arena *a, ImportCell *out, Bound low, Bound high) {
    bool plain = number_sign(low.number) >= 0 && number_sign(high.number) >= 0 && !out->low_open &&
                 !out->high_open;
    out->rule = arena_printf(a, "%s%.*s%s%.*s", out->low_open ? "above " : "", STR_ARG(low.text),
                             plain            ? "-"
                             : out->high_open ? " to below "
                                              : " to ",
                             STR_ARG(high.text));
    // Blanks round the hyphen, say, may have kept a pair from looking like a year.
    if (looks_like_a_year(out->rule))
        out->rule = arena_printf(a, "%.*s to %.*s", STR_ARG(low.text), STR_ARG(high.text));
}

static Part part_of(const Phrase *p) {
    return p ? p->part : NO_PART;
}

static bool read_two(Scan *c, Part first, Bound x, Part second, Bound y, ImportCell *out) {
    if (first == BETWEEN)
        first = NO_PART;
    if (first == EXACTLY || second == EXACTLY || second == BETWEEN)
        return false;
    bool x_is_high = first == AT_MOST || first == BELOW;
    bool y_is_low = second == AT_LEAST || second == ABOVE;
    if (x_is_high != y_is_low && (first != NO_PART && second != NO_PART))
        return false; // "<20 and <30"
    if (x_is_high || y_is_low) {
        Bound swap = x;
        Part part = first;
        x = y;
        y = swap;
        first = second;
        second = part;
    }
    set_low(out, x.number, first == ABOVE);
    set_high(out, y.number, second == BELOW);
    write_two_sided(c->a, out, x, y);
    if (number_cmp(out->low, out->high) <= 0)
        return true;
    if (out->low_open || out->high_open)
        return false; // nothing is in it; as words it is told of
    out->low = y.number;
    out->high = x.number;
    return true;
}

static bool read_band(Scan *c, ImportCell *out) {
    Bound x, y;
    Part first = part_of(take_phrase(c, ahead, LENGTH(ahead)));
    if (!take_number(c, &x))
        return false;
    if (c->s.len == 0 && first == NO_PART) {
        out->kind = IMPORT_BARE;
        out->rule = x.text;
        return set_side(out, EXACTLY, x.number);
    }
    out->kind = IMPORT_BAND;
    Part after = part_of(take_phrase(c, behind, LENGTH(behind)));
    take_unit(c);
    if (c->s.len == 0) {
        if ((first == NO_PART) == (after == NO_PART))
            return false;
        Part part = first == NO_PART ? after : first;
        write_one_sided(c->a, out, part, x);
        return set_side(out, part, x.number);
    }
    // "20 and over but below 25" has a bound on either side.
    if (after != NO_PART) {
        if (first != NO_PART || !take_phrase(c, &(Phrase){STR("but"), NO_PART}, 1))
            return false;
        first = after;
    } else if (!take_phrase(c, joins, LENGTH(joins)) &&
               !take_phrase(c, &(Phrase){STR(","), NO_PART}, 1)) {
        return false;
    }
    Part second = part_of(take_phrase(c, ahead, LENGTH(ahead)));
    if (!take_number(c, &y))
        return false;
    if (second == NO_PART)
        second = part_of(take_phrase(c, behind, LENGTH(behind)));
    take_phrase(c, &(Phrase){STR("inclusive"), NO_PART}, 1);
    return c->s.len == 0 && read_two(c, first, x, second, y, out);
}

// ---- verbatim -----------------------------------------------------------------------------------

static size_t pass_digits(Str s, size_t i) {
    size_t from = i;
    while (i < s.len && is_digit(s.s[i]))
        i++;
    if (i > from && i + 1 < s.len && s.s[i] == '.' && is_digit(s.s[i + 1])) {
        i++;
        while (i < s.len && is_digit(s.s[i]))
            i++;
    }
    if (i > from && i < s.len && s.s[i] == '%')
        i++;
    return i;
}

static size_t pass_any(Str s, size_t i, const char *const *words) {
    for (size_t k = 0; words[k]; k++) {
        if (str_starts(str_slice(s, i, s.len), str_from(words[k])))
            return i + strlen(words[k]);
    }
    return i;
}

static size_t pass_blanks(Str s, size_t i) {
    static const char *const blanks[] = {" ", "\u00a0", NULL};
    for (size_t next; (next = pass_any(s, i, blanks)) > i;)
        i = next;
    return i;
}

// Does the language read [s], whose meaning is known, as it stands?
static bool is_verbatim(Str s) {
    static const char *const sided[] = {"<=",        ">=",       "\u2264", "\u2265", "<", ">",
                                        "at least ", "at most ", "above ", "below ", NULL};
    static const char *const joint[] = {"-",      "\u2010", "\u2011", "\u2012",
                                        "\u2013", "\u2014", "\u2212", NULL};
    static const char *const to[] = {"to below ", "to ", NULL};
    static const char *const from[] = {"above ", NULL};
    size_t start = pass_blanks(s, pass_any(s, 0, sided));
    size_t end = pass_digits(s, start);
    if (end == start)
        return false;
    if (start == 0 && end + 1 == s.len && s.s[end] == '+')
        return true;
    if (end == s.len)
        return true;
    if (start > 0 && start != pass_any(s, 0, from))
        return false;
    size_t blank = pass_blanks(s, end);
    size_t behind_joint = start == 0 ? pass_any(s, blank, joint) : blank;
    if (behind_joint == blank && blank > end)
        behind_joint = pass_any(s, blank, to);
    if (behind_joint == blank)
        return false;
    size_t second = pass_blanks(s, behind_joint);
    return pass_digits(s, second) > second && pass_digits(s, second) == s.len;
}

// ---- the cell -----------------------------------------------------------------------------------

static bool is_nothing(Str plain) {
    bool found = plain.len == 0;
    for (size_t i = 0; i < LENGTH(nothings); i++)
        found = found || str_eq(plain, nothings[i]);
    return found;
}

static bool find_direction(Str plain, ImportWay *way) {
    for (size_t i = 0; i < LENGTH(directions); i++) {
        if (str_eq(plain, directions[i].words)) {
            *way = directions[i].way;
            return true;
        }
    }
    return false;
}

ImportCell import_cell(Arena *a, Str text) {
    ImportCell cell = {.text = str_trim(text)};
    Str plain = cell.text.len <= IMPORT_MAX_BAND ? import_plain(a, cell.text) : cell.text;
    Scan scan = {.a = a, .s = plain};
    if (is_nothing(plain)) {
        cell.kind = IMPORT_BLANK;
        cell.rule = STR("");
    } else if (find_direction(plain, &cell.way)) {
        cell.kind = IMPORT_DIRECTION;
        cell.rule = STR("improving only");
    } else if (looks_like_a_year(plain) || !read_band(&scan, &cell) || scan.failed) {
        cell = (ImportCell){.kind = IMPORT_WORDS, .text = cell.text, .rule = cell.text};
    } else {
        cell.unit = scan.unit;
        if (is_verbatim(cell.text))
            cell.rule = cell.text;
    }
    cell.translated = cell.kind != IMPORT_WORDS && !str_eq(cell.rule, cell.text);
    return cell;
}

static Str without_commas(Arena *a, Str s) {
    char *out = arena_alloc(a, s.len + 1);
    size_t n = 0;
    for (size_t i = 0; out && i < s.len; i++) {
        if (s.s[i] != ',')
            out[n++] = s.s[i];
    }
    return (Str){out ? out : "", n};
}

const char *import_unit(Arena *a, Str text) {
    static const Str pound = {"\u00a3", 2};
    if (text.len > IMPORT_MAX_BAND)
        return NULL;
    Str plain = without_commas(a, import_plain(a, text));
    if (str_eq(plain, pound))
        return "pounds";
    const char *found = NULL;
    for (size_t i = 0; i < LENGTH(units); i++) {
        // "per 10000 children" names the unit and what is counted.
        bool rate = str_starts(units[i].word, STR("per ")) && str_starts(plain, units[i].word) &&
                    plain.len > units[i].word.len && plain.s[units[i].word.len] == ' ';
        if (rate || str_eq(plain, units[i].word))
            found = units[i].unit;
    }
    return found;
}
