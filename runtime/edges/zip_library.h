// SPDX-License-Identifier: Apache-2.0
// Zip library: libzip, loaded when the first workbook is opened. It brings a cryptography library
// with it, and to load both costs every other run more time than a short one takes.
#ifndef BS_EDGES_ZIP_LIBRARY_H
#define BS_EDGES_ZIP_LIBRARY_H

#include <zip.h>

#define ZIP_FUNCTIONS(F)                                                                           \
    F(zip_open)                                                                                    \
    F(zip_discard)                                                                                 \
    F(zip_get_num_entries)                                                                         \
    F(zip_fopen)                                                                                   \
    F(zip_fread)                                                                                   \
    F(zip_fclose)                                                                                  \
    F(zip_get_error)                                                                               \
    F(zip_error_code_zip)                                                                          \
    F(zip_error_init_with_code)                                                                    \
    F(zip_error_strerror)                                                                          \
    F(zip_error_fini)

typedef struct ZipLibrary {
#define MEMBER(name) __typeof__(&name) name;
    ZIP_FUNCTIONS(MEMBER)
#undef MEMBER
} ZipLibrary;

// The functions; NULL when the library is not installed. Any thread.
const ZipLibrary *zip_library(void);

#endif
