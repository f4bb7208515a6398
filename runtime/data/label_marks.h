// SPDX-License-Identifier: Apache-2.0
// Label marks: what publishers put behind a period's label, and usually mean by it.
#ifndef BS_DATA_LABEL_MARKS_H
#define BS_DATA_LABEL_MARKS_H

#include "runtime/base/str.h"
#include "runtime/data/value.h"

// The mark that publishers usually mean by a word in brackets at the end of a label: "2022 (prov)".
// *word becomes that ending, brackets included, and *rest the label before it. 0 when there is
// none.
Mark label_usual_mark(Str text, Str *word, Str *rest);
// "provisional" and so on, as `mark` lines have it.
Str label_mark_words(Mark mark);

#endif
