// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/zip_library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static ZipLibrary library;
static bool loaded;

static bool find(void *handle, const char *name, void *to, size_t size) {
    void *symbol = dlsym(handle, name);
    memcpy(to, &symbol, size);
    return symbol != NULL;
}

static void load(void) {
    static const char *const names[] = {"libzip.so.4", "libzip.so.5", "libzip.so"};
    void *handle = NULL;
    for (size_t i = 0; !handle && i < sizeof names / sizeof *names; i++)
        handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    loaded = handle != NULL;
#define FIND(name) loaded = loaded && find(handle, #name, &library.name, sizeof library.name);
    ZIP_FUNCTIONS(FIND)
#undef FIND
}

const ZipLibrary *zip_library(void) {
    pthread_once(&once, load);
    return loaded ? &library : NULL;
}
