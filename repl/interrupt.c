// SPDX-License-Identifier: Apache-2.0
#include "repl/interrupt.h"

#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

static volatile sig_atomic_t interrupted, resized, continued;

static void note(int signal) {
    if (signal == SIGINT)
        interrupted = 1;
    else if (signal == SIGWINCH)
        resized = 1;
    else
        continued = 1;
}

void interrupt_catch(void) {
    struct sigaction action = {.sa_handler = note};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    action.sa_flags = SA_RESTART;
    sigaction(SIGWINCH, &action, NULL);
    sigaction(SIGCONT, &action, NULL);
}

bool interrupt_came(void) {
    return interrupted;
}

void interrupt_clear(void) {
    interrupted = 0;
}

bool interrupt_take_resized(void) {
    bool was = resized;
    resized = 0;
    return was;
}

bool interrupt_take_continued(void) {
    bool was = continued;
    continued = 0;
    return was;
}

int interrupt_wait(int fd, int milliseconds) {
    // Blocked but for the wait itself, so that none comes between the look at the flags and the
    // wait.
    sigset_t blocked, before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGINT);
    sigaddset(&blocked, SIGWINCH);
    sigaddset(&blocked, SIGCONT);
    sigprocmask(SIG_BLOCK, &blocked, &before);
    struct pollfd poll = {.fd = fd, .events = POLLIN};
    struct timespec wait = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
    int n = -1;
    if (!interrupted && !resized && !continued)
        n = ppoll(&poll, 1, milliseconds < 0 ? NULL : &wait, &before);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return n > 0 ? 1 : n;
}
