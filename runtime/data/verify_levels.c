// SPDX-License-Identifier: Apache-2.0
// Verifier: the tables that give a level for a figure or for other levels.
#include "runtime/data/verify.h"

// Two cuts at one point must take it between them: the left one gives it to the right, the right
// one to the left.
static bool check_cuts(Verifier *v, const BandTable *t) {
    for (uint32_t i = 0; i < t->n_cuts; i++) {
        const Cut *cut = &t->cuts[i];
        if (!verifier_number(v, cut->at)) {
            return false;
        }
        int order = i > 0 ? number_cmp(cut[-1].at, cut->at) : -1;
        if (order > 0 || (order == 0 && (cut[-1].at_goes_left || !cut->at_goes_left))) {
            return verifier_fail(v, "cut %u is not above the one before", i);
        }
    }
    return true;
}

static bool check_piece(Verifier *v, const Piece *piece, uint32_t n_levels) {
    bool open = piece->level == LEVEL_NO_DATA;
    switch ((PieceKind)piece->kind) {
    case PIECE_BAND:
    case PIECE_GAP:
        return verifier_index(v, "level", piece->level, n_levels);
    case PIECE_OTHERWISE:
        return verifier_outcome(v, piece->level, n_levels);
    case PIECE_NONE:
        return open || verifier_fail(v, "a piece in no band with level %u", piece->level);
    }
    return verifier_fail(v, "a piece of unknown kind %u", piece->kind);
}

bool verify_band_table(Verifier *v, uint32_t i) {
    const BandTable *t = &v->p->band_tables[i];
    if (!verifier_index(v, "scale", t->scale, v->p->n_scales) ||
        (t->rounded && !verifier_rounding(v, t->decimals, t->mode)) || !check_cuts(v, t)) {
        return false;
    }
    for (uint32_t k = 0; k <= t->n_cuts; k++) {
        if (!check_piece(v, &t->pieces[k], verifier_levels(v, t->scale))) {
            return false;
        }
    }
    return true;
}

bool verify_map(Verifier *v, uint32_t i) {
    const LevelMap *m = &v->p->maps[i];
    if (!verifier_index(v, "scale", m->from, v->p->n_scales) ||
        !verifier_index(v, "scale", m->to, v->p->n_scales) ||
        !verifier_index(v, "line", m->line, v->p->n_lines)) {
        return false;
    }
    for (uint32_t k = 0; k < verifier_levels(v, m->from); k++) {
        if (!verifier_outcome(v, m->outcome[k], verifier_levels(v, m->to))) {
            return false;
        }
    }
    return true;
}

bool verify_cross_table(Verifier *v, uint32_t i) {
    const CrossTable *t = &v->p->cross_tables[i];
    if (t->n_a < 1 || t->n_a > SCALE_MAX_LEVELS || t->n_b < 1 || t->n_b > SCALE_MAX_LEVELS) {
        return verifier_fail(v, "%u by %u levels", t->n_a, t->n_b);
    }
    for (uint32_t k = 0; k < t->n_a; k++) {
        if (!verifier_index(v, "line", t->lines[k], v->p->n_lines)) {
            return false;
        }
    }
    for (uint32_t k = 0; k < t->n_a * (t->n_b + 1); k++) {
        if (!verifier_outcome(v, t->cells[k], SCALE_MAX_LEVELS)) {
            return false;
        }
    }
    return true;
}
