// SPDX-License-Identifier: Apache-2.0
// Text of table cells: measuring, wrapping, colours, and the words of a cell for a reader.
#ifndef BS_EDGES_TABLE_TEXT_H
#define BS_EDGES_TABLE_TEXT_H

#include <bandstand.h>
#include <stdbool.h>
#include <stddef.h>

#include "runtime/base/buf.h"
#include "runtime/base/str.h"
#include "runtime/edges/columns.h"

// Takes the next line of at most [width] columns (at least one character) off the front of [rest],
// at a blank where there is one.
Str wrap_line(Str *rest, size_t width);
// Width of the longest word.
size_t longest_word(Str s);
// Length of the part of a figure that stands left of the decimal point: "26" of "26.4%".
size_t figure_whole(Str s);

// Writes [s] without control characters, which could command the reader's terminal.
void put_clean(Buf *out, Str s);

// The words of a cell: labels for levels, a dash for a missing figure, symbol and label for a
// status. [ascii]: no other characters of our own.
void table_cell(Buf *out, const Column *c, const bs_result *r, Str rules_hash, bool ascii);

// Starts the ANSI background nearest to the scale's "#rrggbb", with black or white text on it,
// whichever is easier to read, so that it shows on any terminal; false when [colour] is no such
// colour.
bool put_colour(Buf *out, Str colour);
void put_colour_end(Buf *out);

#endif
