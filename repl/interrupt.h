// SPDX-License-Identifier: Apache-2.0
// Interrupt: Ctrl-C and a change of the window, as flags that whoever works or waits looks at.
#ifndef BS_REPL_INTERRUPT_H
#define BS_REPL_INTERRUPT_H

#include <bandstand.h>
#include <stdbool.h>

// From now on Ctrl-C sets a flag in place of ending the program.
void interrupt_catch(void);
bool interrupt_came(void); // since interrupt_clear
void interrupt_clear(void);
// Whether the window has another size, or the program was stopped and goes on, since the last call.
bool interrupt_take_resized(void);
bool interrupt_take_continued(void);

// Waits until [fd] can be read: 1, 0 after [milliseconds] (-1: never), -1 when a signal came first.
int interrupt_wait(int fd, int milliseconds);

#endif
