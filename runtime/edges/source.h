// SPDX-License-Identifier: Apache-2.0
// Source: the text of a metric file in blocks, as UTF-8 whatever the file holds. Window: the
// stretch of that text which a scanner works on.
#ifndef BS_EDGES_SOURCE_H
#define BS_EDGES_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/diag.h"
#include "runtime/base/str.h"

enum {
    SOURCE_BLOCK = 1u << 18, // bytes read at a time
    SOURCE_MIN_BLOCK = 16,   // so that a character always fits
    WINDOW_MAX = 64u << 20,  // bytes of one record
    WINDOW_SLACK = 64,
};

typedef enum SourceCompression { SOURCE_PLAIN, SOURCE_GZIP, SOURCE_ZSTD } SourceCompression;

typedef struct Source Source;

// Opens [path] ("-": standard input), plain, gzip or zstd, in [encoding] ("utf-8" or empty,
// "windows-1252"). A byte order mark is dropped, and that of UTF-8 outweighs [encoding]. [block]:
// bytes read at a time, 0 for the usual. NULL after adding a finding for [file] to [d].
Source *source_open(DiagList *d, uint32_t file, Str path, Str encoding, size_t block);
void source_close(Source *s); // NULL does nothing

// Bytes of the file that were read so far, and its size; 0 where it has none.
void source_position(const Source *s, uint64_t *n_read, uint64_t *size);
SourceCompression source_compression(const Source *s);
Str source_encoding(const Source *s); // "utf-8", "windows-1252"

// The text at hand is s[start .. end); the WINDOW_SLACK bytes behind it may be read and written.
typedef struct Window {
    Source *source; // owned
    char *s;        // owned
    size_t start, end, cap;
    size_t block;
} Window;

typedef enum WindowMore {
    WINDOW_MORE,  // at least one byte was added
    WINDOW_END,   // the text ends here
    WINDOW_FAULT, // the text cannot be read further: window_report says why
    WINDOW_FULL,  // the text at hand has reached WINDOW_MAX
    WINDOW_NO_MEMORY,
} WindowMore;

// Takes over [source], also when it fails.
bool window_open(Window *w, Source *source, size_t block);
void window_close(Window *w);

// Reads on behind [end]. Keeps s[start .. end), which may move. Every answer but the first is final
// while the text at hand stays the same.
WindowMore window_more(Window *w);

// Hands the first [n] bytes of the text at hand over in [*buffer], which held [*cap] bytes and
// becomes the window's own. False when memory runs out.
bool window_hand_over(Window *w, size_t n, char **buffer, size_t *cap);

// Adds the finding for an answer that is neither MORE nor END, at [line] and [column], the place
// behind the text at hand. [from_line] is where the record starts.
void window_report(const Window *w, WindowMore why, uint32_t from_line, uint32_t line,
                   uint32_t column);

// Moves a place over [text]: lines end in LF, CR LF or CR. A CR at the very end counts with the LF
// that may follow.
void text_advance(uint32_t *line, uint32_t *column, Str text);

#endif
