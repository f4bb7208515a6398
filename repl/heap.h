// SPDX-License-Identifier: Apache-2.0
// The heap of the command, in large pages: to be handed small ones costs a short run more time than
// its work does.
#ifndef BS_REPL_HEAP_H
#define BS_REPL_HEAP_H

// Where the system can, has malloc hand out memory from pages of 2 MiB. Call it first in main.
// Where it cannot, nothing changes.
void heap_use_large_pages(void);
#endif
