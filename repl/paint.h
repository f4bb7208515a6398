// SPDX-License-Identifier: Apache-2.0
// Paint: rule text on the screen, coloured by its words where the screen has colours.
#ifndef BS_REPL_PAINT_H
#define BS_REPL_PAINT_H

#include "repl/screen.h"

void paint_rules(Screen *s, const char *text, size_t len);

#endif
