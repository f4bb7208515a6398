// SPDX-License-Identifier: Apache-2.0
// Workbook parts: the XML files within a workbook, read element by element.
#ifndef BS_EDGES_WORKBOOK_PARTS_H
#define BS_EDGES_WORKBOOK_PARTS_H

#include <expat.h>

#include "runtime/base/buf.h"
#include "runtime/edges/workbook.h"
#include "runtime/edges/zip_library.h"

typedef struct Part Part;

// How the elements of a part are taken in. Names come without their prefix.
typedef struct PartReader {
    void (*start)(Part *p, Str element, const char *const *attributes);
    void (*end)(Part *p, Str element);
    void *context;
} PartReader;

struct Part {
    ImportTable *t;
    const char *name; // within the archive
    PartReader reader;
    XML_Parser parser;
    bool gather; // character data goes to [text]
    Buf text;
    size_t n_bytes;
    bool failed; // a finding was added
};

// Reads the part [name]; a part that is not there is an error only when it is [required]. False
// after adding a finding.
bool part_read(ImportTable *t, zip_t *zip, const char *name, PartReader reader, bool required);

// Ends the reading with a finding that the part is not as it has to be.
void part_refuse(Part *p, const char *why);
// Ends the reading; the finding was added.
void part_stop(Part *p);

// The value of an attribute, or NULL. [name] is without prefix.
const char *attribute(const char *const *attributes, const char *name);

// Takes a whole number of at most 9 digits; false where [s] is none.
bool read_index(const char *s, size_t *out);

bool workbook_no_memory(ImportTable *t);

#endif
