// SPDX-License-Identifier: Apache-2.0
#include "runtime/edges/source.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum {
    N_MARK = 3,            // bytes of the longest byte order mark
    GZIP_WINDOW = 15 + 16, // zlib: the largest window, gzip header required
    N_MAX_CARRY = 4,       // bytes of the longest character
};

typedef enum Fault {
    FAULT_NONE,
    FAULT_READ, // the system's error is in error_number
    FAULT_MEMORY,
    FAULT_DAMAGED, // compressed data
    FAULT_CUT,     // compressed data
    FAULT_BYTE,    // bad_byte is not of the encoding
    FAULT_ZERO,
} Fault;

struct Source {
    DiagList *d;
    uint32_t file;
    Str path;
    int fd;
    _Atomic uint64_t n_read; // bytes of the file; told of while another thread reads on
    uint64_t size;           // 0 where it has none
    SourceCompression compression;
    size_t block;
    unsigned char *raw; // bytes as in the file: raw[raw_at .. raw_len)
    size_t raw_at, raw_len;
    bool raw_ended;
    bool in_member; // a compressed stretch has begun and not ended
    z_stream gzip;
    ZSTD_DStream *zstd;
    bool gzip_ready;
    iconv_t windows_1252; // when is_1252
    bool is_1252;
    char *plain; // when is_1252: bytes not yet decoded, plain[plain_at .. plain_len)
    size_t plain_at, plain_len;
    char carry[N_MAX_CARRY]; // bytes that were read and not yet handed on
    size_t n_carry;
    Fault fault; // after the text handed on so far; stays
    int error_number;
    unsigned char bad_byte;
};

// ---- bytes --------------------------------------------------------------------------------------

static bool fail(Source *s, Fault fault) {
    s->fault = fault;
    return false;
}

static bool read_raw(Source *s, void *to, size_t cap, size_t *len) {
    ssize_t n;
    do {
        n = read(s->fd, to, cap);
    } while (n < 0 && errno == EINTR);
    if (n < 0) {
        s->error_number = errno;
        return fail(s, FAULT_READ);
    }
    *len = (size_t)n;
    s->n_read += (uint64_t)n;
    s->raw_ended = n == 0;
    return true;
}

// Makes at least one byte of raw available, unless the file has ended.
static bool fill_raw(Source *s) {
    if (s->raw_at < s->raw_len || s->raw_ended)
        return true;
    s->raw_at = 0;
    return read_raw(s, s->raw, s->block, &s->raw_len);
}

static bool read_stored(Source *s, char *to, size_t cap, size_t *len) {
    if (s->raw_at == s->raw_len)
        return s->raw_ended ? (*len = 0, true) : read_raw(s, to, cap, len);
    size_t at_hand = s->raw_len - s->raw_at;
    *len = at_hand < cap ? at_hand : cap;
    memcpy(to, s->raw + s->raw_at, *len);
    s->raw_at += *len;
    return true;
}

// A gzip file may hold several members, one after the other.
static bool inflate_some(Source *s, char *to, size_t cap, size_t *len) {
    if (!s->in_member && inflateReset(&s->gzip) != Z_OK)
        return fail(s, FAULT_DAMAGED);
    s->in_member = true;
    s->gzip.next_in = s->raw + s->raw_at;
    s->gzip.avail_in = (uInt)(s->raw_len - s->raw_at);
    s->gzip.next_out = (unsigned char *)to;
    s->gzip.avail_out = (uInt)cap;
    int answer = inflate(&s->gzip, Z_NO_FLUSH);
    s->raw_at = s->raw_len - s->gzip.avail_in;
    *len = cap - s->gzip.avail_out;
    if (answer == Z_STREAM_END)
        s->in_member = false;
    else if (answer == Z_MEM_ERROR)
        return fail(s, FAULT_MEMORY);
    else if (answer != Z_OK && answer != Z_BUF_ERROR)
        return fail(s, FAULT_DAMAGED);
    return true;
}

static bool unpack_some(Source *s, char *to, size_t cap, size_t *len) {
    ZSTD_inBuffer in = {.src = s->raw, .size = s->raw_len, .pos = s->raw_at};
    ZSTD_outBuffer out = {.dst = to, .size = cap};
    size_t answer = ZSTD_decompressStream(s->zstd, &out, &in);
    if (ZSTD_isError(answer))
        return fail(s, FAULT_DAMAGED);
    s->in_member = answer != 0;
    s->raw_at = in.pos;
    *len = out.pos;
    return true;
}

// Decompressed bytes; *len is 0 at the end.
static bool read_plain(Source *s, char *to, size_t cap, size_t *len) {
    if (s->compression == SOURCE_PLAIN)
        return read_stored(s, to, cap, len);
    for (*len = 0; *len == 0;) {
        if (!fill_raw(s))
            return false;
        bool out_of_input = s->raw_at == s->raw_len;
        if (out_of_input && !s->in_member)
            return true;
        bool ok = s->compression == SOURCE_GZIP ? inflate_some(s, to, cap, len)
                                                : unpack_some(s, to, cap, len);
        if (!ok)
            return false;
        if (out_of_input && *len == 0 && s->in_member)
            return fail(s, FAULT_CUT);
    }
    return true;
}

// ---- text ---------------------------------------------------------------------------------------

// How much of [text] may be handed on; sets the fault that follows it.
static size_t check_text(Source *s, Str text, bool ended) {
    size_t valid = str_utf8_prefix(text);
    size_t zero = str_find(str_slice(text, 0, valid), '\0');
    if (zero < valid) {
        s->fault = FAULT_ZERO;
        return zero;
    }
    size_t rest = text.len - valid;
    if (rest >= N_MAX_CARRY || (rest > 0 && ended)) {
        s->fault = FAULT_BYTE;
        s->bad_byte = (unsigned char)text.s[valid];
    }
    return valid;
}

static void read_utf8(Source *s, char *to, size_t cap, size_t *len) {
    memcpy(to, s->carry, s->n_carry);
    size_t have = s->n_carry;
    s->n_carry = 0;
    for (;;) {
        size_t n = 0;
        bool ok = read_plain(s, to + have, cap - have, &n);
        have += n;
        *len = ok ? check_text(s, (Str){to, have}, n == 0) : str_utf8_prefix((Str){to, have});
        if (*len > 0 || s->fault != FAULT_NONE || n == 0)
            break;
    }
    if (s->fault == FAULT_NONE) {
        s->n_carry = have - *len;
        memcpy(s->carry, to + *len, s->n_carry);
    }
}

static void read_1252(Source *s, char *to, size_t cap, size_t *len) {
    if (s->plain_at == s->plain_len) {
        memcpy(s->plain, s->carry, s->n_carry);
        s->plain_at = 0;
        s->plain_len = s->n_carry;
        s->n_carry = 0;
        // What came before a fault is decoded all the same: the fault's place is behind it.
        if (s->plain_len == 0)
            (void)read_plain(s, s->plain, s->block, &s->plain_len);
    }
    char *in = s->plain + s->plain_at, *out = to;
    size_t in_left = s->plain_len - s->plain_at, out_left = cap;
    bool ok = in_left == 0 || iconv(s->windows_1252, &in, &in_left, &out, &out_left) != (size_t)-1;
    if (!ok && errno != E2BIG) {
        s->fault = FAULT_BYTE;
        s->bad_byte = (unsigned char)*in;
    }
    s->plain_at = s->plain_len - in_left;
    *len = cap - out_left;
    size_t zero = str_find((Str){to, *len}, '\0');
    if (zero < *len) {
        s->fault = FAULT_ZERO;
        *len = zero;
    }
}

// Text; *len is 0 at the end and at a fault, which comes after all text before it.
static void read_text(Source *s, char *to, size_t cap, size_t *len) {
    *len = 0;
    if (s->fault != FAULT_NONE)
        return;
    if (s->is_1252)
        read_1252(s, to, cap, len);
    else
        read_utf8(s, to, cap, len);
}

// ---- opening ------------------------------------------------------------------------------------

static Place no_place(const Source *s) {
    return (Place){.file = s->file};
}

static void note_size(Source *s) {
    struct stat st;
    if (fstat(s->fd, &st) == 0 && S_ISREG(st.st_mode))
        s->size = (uint64_t)st.st_size;
}

static bool open_file(Source *s) {
    if (str_eq(s->path, STR("-"))) {
        s->fd = STDIN_FILENO;
        return true;
    }
    char *name = strndup(s->path.s ? s->path.s : "", s->path.len);
    if (!name) {
        diag_add(s->d, D_NO_MEMORY, no_place(s), "memory ran out while opening the file");
        return false;
    }
    s->fd = open(name, O_RDONLY | O_CLOEXEC);
    free(name);
    if (s->fd < 0) {
        char words[128];
        diag_add(s->d, D_CANNOT_READ, no_place(s), "\"%.*s\" cannot be read: %s", STR_ARG(s->path),
                 strerror_r(errno, words, sizeof words))
            ->hint = STR("check the name and the folder, and that you may read the file");
        return false;
    }
    return true;
}

static bool start_decompression(Source *s) {
    static const unsigned char gzip_mark[] = {0x1F, 0x8B}, zstd_mark[] = {0x28, 0xB5, 0x2F, 0xFD};
    while (s->raw_len < sizeof zstd_mark && !s->raw_ended) {
        size_t n = 0;
        if (!read_raw(s, s->raw + s->raw_len, s->block - s->raw_len, &n))
            return true; // the fault is kept and told by the first read
        s->raw_len += n;
    }
    if (s->raw_len >= sizeof gzip_mark && memcmp(s->raw, gzip_mark, sizeof gzip_mark) == 0) {
        s->compression = SOURCE_GZIP;
        s->gzip_ready = inflateInit2(&s->gzip, GZIP_WINDOW) == Z_OK;
        return s->gzip_ready;
    }
    if (s->raw_len >= sizeof zstd_mark && memcmp(s->raw, zstd_mark, sizeof zstd_mark) == 0) {
        s->compression = SOURCE_ZSTD;
        s->zstd = ZSTD_createDStream();
        return s->zstd != NULL;
    }
    return true;
}

// Looks at the first bytes: drops the mark of UTF-8, refuses that of UTF-16 and UTF-32.
static bool read_mark(Source *s) {
    size_t n = 1;
    while (s->n_carry < N_MARK && n > 0 && s->fault == FAULT_NONE) {
        if (!read_plain(s, s->carry + s->n_carry, N_MARK - s->n_carry, &n))
            n = 0;
        s->n_carry += n;
    }
    Str head = {s->carry, s->n_carry};
    if (str_starts(head, STR("\xEF\xBB\xBF"))) {
        s->n_carry = 0;
        s->is_1252 = false;
    }
    if (str_starts(head, STR("\xFF\xFE")) || str_starts(head, STR("\xFE\xFF"))) {
        diag_add(s->d, D_UTF16, (Place){.file = s->file, .line = 1, .column = 1},
                 "the file is in UTF-16 (\"Unicode\"), which is not read")
            ->hint = STR("save it as \"CSV UTF-8\"");
        return false;
    }
    return true;
}

static bool same_name(Str s, const char *name) {
    return s.len == strlen(name) && strncasecmp(s.s, name, s.len) == 0;
}

static bool start_decoding(Source *s, Str encoding) {
    if (encoding.len == 0 || same_name(encoding, "utf-8") || same_name(encoding, "utf8"))
        return true;
    s->is_1252 = same_name(encoding, "windows-1252") || same_name(encoding, "cp1252");
    if (!s->is_1252) {
        diag_add(s->d, D_READ_OPTION, no_place(s), "the encoding \"%.*s\" is not read",
                 STR_ARG(encoding))
            ->hint = STR("encodings that are read: \"utf-8\", \"windows-1252\"");
        return false;
    }
    s->plain = malloc(s->block);
    s->windows_1252 = iconv_open("UTF-8", "WINDOWS-1252");
    if (s->plain && s->windows_1252 != (iconv_t)-1)
        return true;
    diag_add(s->d, D_NO_MEMORY, no_place(s), "windows-1252 cannot be decoded on this machine");
    return false;
}

Source *source_open(DiagList *d, uint32_t file, Str path, Str encoding, size_t block) {
    Source *s = calloc(1, sizeof *s);
    if (s) {
        *s = (Source){.d = d, .file = file, .path = path, .fd = -1};
        s->windows_1252 = (iconv_t)-1;
        s->block = block == 0 ? SOURCE_BLOCK : block < SOURCE_MIN_BLOCK ? SOURCE_MIN_BLOCK : block;
        s->raw = malloc(s->block);
    }
    if (!s || !s->raw) {
        diag_add(d, D_NO_MEMORY, (Place){.file = file}, "memory ran out while opening the file");
        source_close(s);
        return NULL;
    }
    if (!start_decoding(s, encoding) || !open_file(s)) {
        source_close(s);
        return NULL;
    }
    note_size(s);
    if (!start_decompression(s)) {
        diag_add(d, D_NO_MEMORY, no_place(s), "memory ran out while opening the file");
        source_close(s);
        return NULL;
    }
    if (!read_mark(s)) {
        source_close(s);
        return NULL;
    }
    return s;
}

void source_close(Source *s) {
    if (!s)
        return;
    if (s->fd > STDIN_FILENO)
        close(s->fd);
    if (s->gzip_ready)
        inflateEnd(&s->gzip);
    if (s->windows_1252 != (iconv_t)-1)
        iconv_close(s->windows_1252);
    ZSTD_freeDStream(s->zstd);
    free(s->plain);
    free(s->raw);
    free(s);
}

void source_position(const Source *s, uint64_t *n_read, uint64_t *size) {
    *n_read = s->n_read;
    *size = s->size;
}

SourceCompression source_compression(const Source *s) {
    return s->compression;
}

Str source_encoding(const Source *s) {
    return s->is_1252 ? STR("windows-1252") : STR("utf-8");
}

// ---- window -------------------------------------------------------------------------------------

bool window_open(Window *w, Source *source, size_t block) {
    *w = (Window){.source = source, .block = block == 0 ? SOURCE_BLOCK : block};
    if (w->block < SOURCE_MIN_BLOCK)
        w->block = SOURCE_MIN_BLOCK;
    w->cap = 2 * w->block;
    w->s = malloc(w->cap + WINDOW_SLACK);
    return w->s != NULL;
}

void window_close(Window *w) {
    source_close(w->source);
    free(w->s);
    *w = (Window){0};
}

WindowMore window_more(Window *w) {
    if (w->start > 0) {
        memmove(w->s, w->s + w->start, w->end - w->start);
        w->end -= w->start;
        w->start = 0;
    }
    if (w->end >= WINDOW_MAX)
        return WINDOW_FULL;
    if (w->cap - w->end < w->block) {
        char *grown = realloc(w->s, 2 * w->cap + WINDOW_SLACK);
        if (!grown)
            return WINDOW_NO_MEMORY;
        w->s = grown;
        w->cap *= 2;
    }
    size_t len;
    read_text(w->source, w->s + w->end, w->cap - w->end, &len);
    w->end += len;
    if (len > 0)
        return WINDOW_MORE;
    return w->source->fault == FAULT_NONE ? WINDOW_END : WINDOW_FAULT;
}

bool window_hand_over(Window *w, size_t n, char **buffer, size_t *cap) {
    if (*cap < w->cap) {
        free(*buffer);
        *buffer = malloc(w->cap + WINDOW_SLACK);
        *cap = *buffer ? w->cap : 0;
        if (!*buffer)
            return false;
    }
    size_t rest = w->end - w->start - n;
    memcpy(*buffer, w->s + w->start + n, rest);
    char *handed = w->s;
    size_t handed_cap = w->cap;
    memmove(handed, handed + w->start, w->start > 0 ? n : 0);
    w->s = *buffer;
    w->cap = *cap;
    w->start = 0;
    w->end = rest;
    *buffer = handed;
    *cap = handed_cap;
    return true;
}

static void report_bad_byte(const Source *s, Place at) {
    if (s->is_1252) {
        diag_add(s->d, D_DATA_NOT_UTF8, at, "the byte %02X is no character of windows-1252",
                 s->bad_byte);
        return;
    }
    diag_add(s->d, D_DATA_NOT_UTF8, at, "the file is not in UTF-8: the byte %02X is out of place",
             s->bad_byte)
        ->hint = STR(
        "if it was saved by a spreadsheet on Windows, write encoding "
        "\"windows-1252\" in the input block (with inspect and import: --encoding windows-1252)");
}

static void report_fault(const Source *s, Place at) {
    char words[128];
    const char *how = s->compression == SOURCE_GZIP ? "gzip" : "zstd";
    switch (s->fault) {
    case FAULT_NONE:
        break;
    case FAULT_READ:
        diag_add(s->d, D_CANNOT_READ, at, "\"%.*s\" cannot be read: %s", STR_ARG(s->path),
                 strerror_r(s->error_number, words, sizeof words))
            ->hint = STR("copy the file to this machine and try again");
        break;
    case FAULT_MEMORY:
        diag_add(s->d, D_NO_MEMORY, at, "memory ran out while reading the file");
        break;
    case FAULT_DAMAGED:
        diag_add(s->d, D_COMPRESSED, at, "the %s data is damaged after this place", how);
        break;
    case FAULT_CUT:
        diag_add(s->d, D_COMPRESSED, at, "the %s data breaks off after this place", how);
        break;
    case FAULT_BYTE:
        report_bad_byte(s, at);
        break;
    case FAULT_ZERO:
        diag_add(s->d, D_ZERO_BYTE, at, "a zero byte: the file is no plain text")->hint =
            STR("open it in the program it came from and save it as \"CSV UTF-8\"");
        break;
    }
}

void window_report(const Window *w, WindowMore why, uint32_t from_line, uint32_t line,
                   uint32_t column) {
    const Source *s = w->source;
    Place at = {.file = s->file, .line = line, .column = column};
    Place from = {.file = s->file, .line = from_line, .column = 1};
    switch (why) {
    case WINDOW_MORE:
    case WINDOW_END:
        break;
    case WINDOW_FAULT:
        report_fault(s, at);
        break;
    case WINDOW_FULL:
        diag_add(s->d, D_CELL_TOO_LONG, from, "the record that starts here is longer than 64 MiB")
            ->hint = STR("look for a quotation mark or a bracket that is not closed");
        break;
    case WINDOW_NO_MEMORY:
        diag_add(s->d, D_NO_MEMORY, at, "memory ran out while reading the file");
        break;
    }
}

void text_advance(uint32_t *line, uint32_t *column, Str text) {
    for (size_t i = 0; i < text.len; i++) {
        bool crlf = text.s[i] == '\r' && (i + 1 == text.len || text.s[i + 1] == '\n');
        if ((text.s[i] == '\n' || text.s[i] == '\r') && !crlf) {
            (*line)++;
            *column = 1;
        } else {
            (*column)++;
        }
    }
}
