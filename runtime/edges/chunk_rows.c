// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/chunk_rows.h"

#include "runtime/edges/ingest_fractions.h"
#include "runtime/edges/ingest_labels.h"

bool chunk_rows_begin(ChunkRows *r, IngestFile *file, const Csv *like, bool quick) {
    const Program *p = file->in->program;
    *r = (ChunkRows){.file = file, .like = like};
    arena_init(&r->arena, 0);
    arena_init(&r->numbers, 0);
    arena_init(&r->left_arena, 0);
    return store_init_rows(&r->store, &r->arena, &r->numbers, p->n_metrics, p->n_fields) &&
           (!quick || quick_begin(&r->quick, &r->arena, file, &r->store));
}

void chunk_rows_end(ChunkRows *r) {
    ingest_note_doubt(r->file, &r->quick.doubt);
    if (r->quick.fractions)
        ingest_note_fractions(r->file->in, r->quick.fractions);
    csv_close(&r->csv);
    arena_free(&r->left_arena);
    arena_free(&r->numbers);
    arena_free(&r->arena);
}

bool chunk_rows_read(ChunkRows *r, const Chunk *chunk) {
    store_clear(&r->store);
    if (r->left.n > 0)
        arena_free(&r->left_arena);
    r->left = (QuickLeftRows){0};
    if (chunk->plain)
        return quick_read(&r->quick, chunk, &r->left_arena, &r->left);
    return VEC_PUSH(&r->left_arena, &r->left, (QuickLeft){.len = chunk->len, .line = chunk->line});
}

bool chunk_follow_id(Arena *a, ChunkIds *ids, const Intern *from, Intern *to, uint32_t id,
                     uint32_t *out) {
    while (ids->n <= id) {
        if (!VEC_PUSH(a, ids, INTERN_NONE))
            return false;
    }
    if (ids->v[id] == INTERN_NONE)
        ids->v[id] = intern_add(to, intern_text(from, id));
    *out = ids->v[id];
    return *out != INTERN_NONE;
}

void chunk_rows_begin_left(ChunkRows *r, const Chunk *chunk, const QuickLeft *left) {
    csv_reuse(&r->csv, r->like, chunk->s + left->from, left->len, left->line);
}

RecordsNext chunk_rows_next_left(ChunkRows *r, Record *out) {
    size_t n;
    records_header(r->file->choice.records, &n);
    RecordsNext next = csv_next(&r->csv);
    if (next != RECORDS_ROW)
        return next;
    return csv_record(&r->csv, n, out) ? RECORDS_ROW : RECORDS_FAILED;
}
