// SPDX-License-Identifier: Apache-2.0
// Store, for the files that share it.
#ifndef BS_ENGINE_STORE_PARTS_H
#define BS_ENGINE_STORE_PARTS_H

#include "runtime/engine/store.h"

// Enters every block in the table, which is empty.
void store_enter_blocks(Store *s);

#endif
