// SPDX-License-Identifier: Apache-2.0
// Mappings: where the mapping lines of a scale lead, told from the rule text.
#ifndef BS_LANG_MAPPINGS_H
#define BS_LANG_MAPPINGS_H

#include "lang/load.h"
#include "runtime/data/program.h"

// The name of the first scale of [p] that has a level for every level of [scale], by the mapping
// lines of the modules' scale of that name; empty where there is none.
Str mapped_scale(const Modules *m, const Program *p, const Scale *scale);

#endif
