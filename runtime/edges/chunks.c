// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/chunks.h"

#include <stdlib.h>

void chunks_begin(Chunks *c, Csv *csv, MasksFn *masks, size_t size) {
    *c = (Chunks){.csv = csv, .masks = masks, .size = size, .line = csv->line};
    csv->w.start += csv->at;
    csv->at = csv->line_start = csv->n = 0;
}

static Str text_at_hand(const Chunks *c) {
    const Window *w = &c->csv->w;
    return (Str){w->s + w->start, w->end - w->start};
}

// Reads until there are [size] bytes at hand or no more.
static bool read_on(Chunks *c, size_t size) {
    while (!c->ended && text_at_hand(c).len < size) {
        switch (window_more(&c->csv->w)) {
        case WINDOW_MORE:
            break;
        case WINDOW_END:
            c->ended = true;
            break;
        case WINDOW_FAULT:
        case WINDOW_FULL:
        case WINDOW_NO_MEMORY:
            return false;
        }
    }
    return true;
}

// The last line may lack its end. The byte belongs to the slack behind the text.
static void end_last_line(Window *w) {
    if (w->end > w->start && w->s[w->end - 1] != '\n')
        w->s[w->end++] = '\n';
}

// [s] is whole records, so no LF follows a CR at its end.
static uint32_t count_lines(Str s) {
    uint32_t line = 0, column = 1;
    text_advance(&line, &column, s);
    return line + (s.len > 0 && s.s[s.len - 1] == '\r');
}

// How many of the first [most] bytes at hand are whole records; 0 when the first is not whole.
static bool find_records(Chunks *c, Chunk *out, size_t most, size_t *len) {
    Str text = str_slice(text_at_hand(c), 0, most);
    bool ended = c->ended && text.len == text_at_hand(c).len;
    if (!csv_index(&out->index, c->masks, text.s, text.len, c->csv->delimiter, c->csv->quote))
        return false;
    *len = out->index.len;
    out->plain = *len > 0;
    if (!out->plain && (out->index.stopped || ended))
        *len = csv_whole_records(c->csv, text, ended);
    return true;
}

// A chunk may be twice as long as asked for, so that what was read is rarely copied.
enum { CHUNK_SLACK = 2 };

ChunksNext chunks_next(Chunks *c, Chunk *out) {
    Window *w = &c->csv->w;
    size_t len = 0;
    for (size_t size = c->size; len == 0; size *= 2) {
        if (!read_on(c, size))
            return CHUNKS_FAILED;
        if (text_at_hand(c).len == 0)
            return CHUNKS_END;
        if (c->ended)
            end_last_line(w);
        if (!find_records(c, out, size * CHUNK_SLACK, &len))
            return CHUNKS_FAILED;
    }
    out->line = c->line;
    c->line += out->plain ? out->index.n_lines : count_lines(str_slice(text_at_hand(c), 0, len));
    if (!window_hand_over(w, len, &out->s, &out->cap))
        return CHUNKS_FAILED;
    out->len = len;
    return CHUNKS_TEXT;
}

// Behind the text at hand csv_next expects a line end, which stops it.
void chunks_leave(Chunks *c) {
    c->csv->line = c->line;
    c->csv->w.s[c->csv->w.end] = '\n';
}

void chunk_free(Chunk *chunk) {
    free(chunk->s);
    csv_index_free(&chunk->index);
    *chunk = (Chunk){0};
}
