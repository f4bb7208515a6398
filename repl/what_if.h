// SPDX-License-Identifier: Apache-2.0
// What if: figures and thresholds tried for one run, beside the session without them.
#ifndef BS_REPL_WHAT_IF_H
#define BS_REPL_WHAT_IF_H

#include "repl/session.h"

typedef struct WhatIf {
    Session plain; // without what is tried
} WhatIf;

// Is anything tried?
bool what_if_wanted(const Options *o);

// Sets the figures of --set in a session that has its data.
bs_code what_if_set(Session *s, const Options *o);

// Opens the session without what is tried, reads the metric files into it, lets [s], which is
// compiled, have them, and sets the figures. False with everything said. Call what_if_end whatever
// is returned.
bool what_if_begin(WhatIf *w, Session *s, const Options *o, const char *const *data, size_t n_data);
// Writes to stderr which statuses are others than without what is tried, so that the results on
// standard output stay what a program reads.
bs_code what_if_tell(WhatIf *w, Session *s, const Options *o);
void what_if_end(WhatIf *w);

#endif
