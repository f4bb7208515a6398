// SPDX-License-Identifier: Apache-2.0
// Session: what stands behind a bs_session, for the files that implement bandstand.h.
#ifndef BS_LANG_SESSION_H
#define BS_LANG_SESSION_H

#include <bandstand.h>
#include <stdatomic.h>

#include "lang/load.h"
#include "runtime/edges/ingest.h"
#include "runtime/edges/progress.h"
#include "runtime/edges/publish.h"
#include "runtime/edges/results.h"
#include "runtime/engine/hand.h"
#include "runtime/engine/store.h"

// What the store holds, of all sessions that share it.
typedef struct Figures {
    Arena arena;
    const Observation *obs; // as they were read; one that numbers them anew has them in [rules]
    atomic_size_t n_owners;
} Figures;

struct bs_session {
    Arena findings;   // messages, and the names of files
    Arena trees;      // rule texts and their syntax trees
    Arena rules;      // the program, and what of the store is this session's own
    Figures *figures; // the rest of the store
    DiagList diags;
    Modules modules;
    Program program;
    WriteNames names;
    Store store;
    Ingest ingest;
    ProgressTo progress;
    bool tried, compiled;   // tried: perhaps with errors
    bool checked;           // notes are wanted
    bool reading, finished; // finished: no more figures may come
    bool shares;            // figures that another session has read
    bool unmatched;         // an override has expired or matches nothing
    bool publish;           // results are for everyone
    bool has_publication;   // which then says what is hidden
    Publication publication;
    Arena by_hand;          // what [hand] holds
    Hand hand;              // figures that are set for the runs to come
};

static inline bs_text session_text(Str s) {
    return (bs_text){s.s ? s.s : "", s.s ? s.len : 0};
}

// Makes room for the figures, if that is not done; false when memory runs out.
bool session_begin_data(bs_session *s);
// One session less has these figures; the last frees them.
void session_leave_figures(Figures *f);
// bs_finish_data for calls whose answers tell of single figures, which those who are to see only what
// is published may not have: BS_USAGE with BS_PUBLISH.
bs_code session_figures(bs_session *s);

// Adds the finding that memory ran out.
bs_code session_no_memory(bs_session *s);
// What a step that failed or not comes to: the findings tell faults of the rules and figures from
// memory that ran out.
bs_code session_outcome(const bs_session *s, bool ok);
// Hands [text] to the sink and frees it.
bs_code session_hand_over(Buf *text, const bs_sink *sink);

#endif
