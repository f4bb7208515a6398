// SPDX-License-Identifier: Apache-2.0
// Mending: what a token that is none was meant as.
#ifndef BS_LANG_MEND_H
#define BS_LANG_MEND_H

#include "runtime/base/buf.h"
#include "runtime/base/diag.h"

// Writes what [text], faulty as [code] says, was meant as. False when its text leaves several
// readings, or none. [in_brackets]: a comma may separate arguments.
bool mend_token(DiagCode code, Str text, bool in_brackets, Buf *out);

#endif
