// SPDX-License-Identifier: Apache-2.0
#include "runtime/data/label_marks.h"

#include <strings.h>

typedef struct UsualMark {
    Str word;
    Mark mark;
} UsualMark;

static const UsualMark usual_marks[] = {
    {{"provisional", 11}, MARK_PROVISIONAL}, {{"prov", 4}, MARK_PROVISIONAL},
    {{"p", 1}, MARK_PROVISIONAL},            {{"revised", 7}, MARK_REVISED},
    {{"rev", 3}, MARK_REVISED},              {{"r", 1}, MARK_REVISED},
    {{"estimated", 9}, MARK_ESTIMATED},      {{"estimate", 8}, MARK_ESTIMATED},
    {{"est", 3}, MARK_ESTIMATED},            {{"e", 1}, MARK_ESTIMATED},
    {{"break in series", 15}, MARK_BREAK},   {{"break", 5}, MARK_BREAK},
    {{"b", 1}, MARK_BREAK},
};

Str label_mark_words(Mark mark) {
    switch (mark) {
    case MARK_PROVISIONAL:
        return STR("provisional");
    case MARK_REVISED:
        return STR("revised");
    case MARK_ESTIMATED:
        return STR("estimated");
    case MARK_BREAK:
        return STR("break in series");
    }
    return (Str){0};
}

// Where the bracket that ends [text] opens; its length when none does.
static size_t find_bracket(Str text) {
    if (!str_ends(text, STR(")")) && !str_ends(text, STR("]"))) {
        return text.len;
    }
    size_t i = text.len - 1;
    while (i > 0 && text.s[i] != '(' && text.s[i] != '[') {
        i--;
    }
    return text.s[i] == '(' || text.s[i] == '[' ? i : text.len;
}

Mark label_usual_mark(Str text, Str *word, Str *rest) {
    size_t open = find_bracket(text);
    if (open == text.len) {
        return (Mark)0;
    }
    Str inside = str_trim(str_slice(text, open + 1, text.len - 1));
    for (size_t i = 0; i < sizeof usual_marks / sizeof *usual_marks; i++) {
        Str known = usual_marks[i].word;
        if (known.len == inside.len && strncasecmp(known.s, inside.s, known.len) == 0) {
            *word = str_slice(text, open, text.len);
            *rest = str_trim(str_slice(text, 0, open));
            return usual_marks[i].mark;
        }
    }
    return (Mark)0;
}
