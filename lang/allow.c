// SPDX-License-Identifier: Apache-2.0
#include "lang/allow.h"

// A comment, read from its `#` on.
typedef struct Reader {
    DiagList *diags;
    const Source *source;
    const Comment *comment;
    uint32_t at; // byte of the file's text
} Reader;

enum { MAX_CODES = 32 }; // that one comment can name

static Str rest_of(const Reader *r) {
    return str_slice(r->source->text, r->at, r->comment->to);
}

static void skip_blanks(Reader *r) {
    while (r->at < r->comment->to &&
           (r->source->text.s[r->at] == ' ' || r->source->text.s[r->at] == '\t'))
        r->at++;
}

static bool is_word_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The next word, empty where there is none.
static Str take_word(Reader *r, Place *place) {
    skip_blanks(r);
    Str rest = rest_of(r);
    size_t n = 0;
    while (n < rest.len && is_word_char(rest.s[n]))
        n++;
    *place = (Place){.file = r->source->file,
                     .line = r->comment->line,
                     .column = r->comment->column + (r->at - r->comment->from),
                     .len = (uint32_t)n};
    r->at += (uint32_t)n;
    return str_slice(rest, 0, n);
}

static bool take_sign(Reader *r, char sign) {
    skip_blanks(r);
    Str rest = rest_of(r);
    bool there = rest.len > 0 && rest.s[0] == sign;
    r->at += there;
    return there;
}

// A text in straight quotation marks with something in it.
static bool take_text(Reader *r, Str *out) {
    if (!take_sign(r, '"'))
        return false;
    Str rest = rest_of(r);
    size_t len = str_find(rest, '"');
    r->at += (uint32_t)len + (len < rest.len);
    *out = str_trim(str_slice(rest, 0, len));
    return len < rest.len && out->len > 0;
}

static bool is_word(Str text, const char *word) {
    Str expected = str_from(word);
    bool same = text.len == expected.len;
    for (size_t i = 0; same && i < text.len; i++)
        same = (text.s[i] | 0x20) == expected.s[i];
    return same;
}

// A letter or several, then digits: meant as a code, whether there is one or not.
static bool looks_like_code(Str word) {
    size_t n = 0;
    while (n < word.len && (word.s[n] < '0' || word.s[n] > '9'))
        n++;
    return n > 0 && n < 3 && n < word.len;
}

// ---- codes --------------------------------------------------------------------------------------

static void report_unknown(DiagList *d, Str word, Place place) {
    Diag *diag = diag_add(d, D_UNKNOWN_CODE, place, "there is no finding `%.*s`", STR_ARG(word));
    DiagCode near = diag_nearest(word);
    if (near == N_DIAG_CODES) {
        diag->hint = STR("`bandstand help errors` lists the codes");
        return;
    }
    diag->hint =
        arena_printf(d->arena, "did you mean `%s` (%s)?", diag_code_text(near), diag_title(near));
    diag_edit(d, diag, place, str_from(diag_code_text(near)));
}

// The code that [word] names, if a rule file has a say in it; N_DIAG_CODES after reporting.
static DiagCode read_code(DiagList *d, Str word, Place place, const char *done) {
    DiagCode code = diag_find(word);
    if (code == N_DIAG_CODES) {
        report_unknown(d, word, place);
        return code;
    }
    const char *text = diag_code_text(code);
    if (diag_severity(code) == SEVERITY_ERROR) {
        Diag *diag = diag_add(d, D_NOT_ALLOWABLE, place,
                              "%s is an error: the rules cannot be used while it is there, so it "
                              "cannot be %s",
                              text, done);
        diag->hint =
            arena_printf(d->arena, "put right what it finds: `bandstand help %s` says how", text);
        return N_DIAG_CODES;
    }
    // Those are found in figures, but about lines of the rules, or a file that one names.
    bool about_rules = code == D_WANTS_IF_KNOWN || code == D_OVERRIDE_ENDED ||
                       code == D_OVERRIDE_NEEDLESS || code == D_PEERS_NO_FIGURE ||
                       code == D_PEERS_UNLISTED || code == D_OF_NO_FIGURE || code == D_KINDS_APART;
    if (diag_wants_figures(code) && !about_rules) {
        Diag *diag =
            diag_add(d, D_NOT_ALLOWABLE, place,
                     "%s is found in metric files, and a rule file has no say in those", text);
        diag->hint =
            arena_printf(d->arena, "take it out; `bandstand help %s` says what to do", text);
        return N_DIAG_CODES;
    }
    return code;
}

// ---- comments -----------------------------------------------------------------------------------

static void report_form(Reader *r, Place place, const char *what) {
    Diag *d = diag_add(r->diags, D_ALLOW_FORM, place, "%s", what);
    d->hint = STR("write # allow B101 because \"why it is right here\", or several codes with "
                  "commas between them");
}

// The line that a comment speaks of: its own, or if it stands alone the next that holds something.
static uint32_t line_meant(const Comment *c, const TokenList *tokens, size_t *next) {
    while (*next + 1 < tokens->n &&
           (tokens->v[*next].from < c->to || tokens->v[*next].type == TOKEN_RAW_NL))
        ++*next;
    return c->alone ? tokens->v[*next].line : c->line;
}

// Takes the codes that stand one after the other; false after reporting what is no code.
static bool take_codes(Reader *r, Allow *codes, size_t *n) {
    bool ok = true;
    do {
        Place place;
        Str word = take_word(r, &place);
        if (!looks_like_code(word)) {
            report_form(r, place, "an `allow` comment names the codes of findings, such as B101");
            return false;
        }
        DiagCode code = read_code(r->diags, word, place, "allowed");
        if (code == D_ALLOW_UNUSED) {
            Diag *d = diag_add(r->diags, D_NOT_ALLOWABLE, place,
                               "%s is about `allow` comments, so none can allow it",
                               diag_code_text(code));
            d->hint = STR("take out the comment that allows nothing");
            code = N_DIAG_CODES;
        }
        ok = ok && code != N_DIAG_CODES;
        if (*n == MAX_CODES) {
            report_form(r, place, "an `allow` comment names at most 32 codes");
            return false;
        }
        codes[(*n)++] = (Allow){.code = code, .place = place};
    } while (take_sign(r, ','));
    return ok;
}

static bool read_comment(Reader *r, const TokenList *tokens, size_t *next) {
    Allow codes[MAX_CODES];
    size_t n = 0;
    Place place;
    r->at = r->comment->from + 1;
    Str word = take_word(r, &place);
    if (!is_word(word, "allow"))
        return true;
    Reader ahead = *r;
    Place ignored;
    Str second = take_word(&ahead, &ignored);
    // Other comments may begin with the word.
    if (!looks_like_code(second) && !is_word(second, "because"))
        return true;
    if (!take_codes(r, codes, &n))
        return true;
    Str because = {0};
    Place behind;
    bool reason = is_word(take_word(r, &behind), "because") && take_text(r, &because);
    if (!reason) {
        report_form(r, place, "an `allow` comment gives its reason in straight quotation marks");
        return true;
    }
    uint32_t line = line_meant(r->comment, tokens, next);
    for (size_t i = 0; i < n; i++) {
        codes[i].line = line;
        codes[i].because = because;
        if (!diag_allow(r->diags, r->source->file, codes[i]))
            return false;
    }
    return true;
}

bool allow_read(DiagList *d, const Source *source, const CommentList *comments,
                const TokenList *tokens) {
    size_t next = 0;
    for (size_t i = 0; i < comments->n; i++) {
        Reader r = {.diags = d, .source = source, .comment = &comments->v[i]};
        if (!read_comment(&r, tokens, &next))
            return false;
    }
    return true;
}

// ---- the head -----------------------------------------------------------------------------------

// The severity that a `treat` line asks for; false after reporting another word.
static bool read_severity(DiagList *d, const Node *word, Severity *out) {
    static const char *const words[] = {
        [SEVERITY_NOTE] = "note", [SEVERITY_WARNING] = "warning", [SEVERITY_ERROR] = "error"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_eq(node_text(word), str_from(words[i]))) {
            *out = (Severity)i;
            return true;
        }
    }
    Diag *diag = diag_add(d, D_ALLOW_FORM, node_place(word), "a finding is not treated as `%.*s`",
                          STR_ARG(node_text(word)));
    diag->hint = STR("write error, warning or note; or ignore B101 because \"…\"");
    return false;
}

static bool treat_codes(DiagList *d, const Node *codes, Treatment treatment) {
    bool lower = treatment.severity != SEVERITY_ERROR || treatment.because.len > 0;
    for (uint32_t i = 0; i < codes->n_kids; i++) {
        const Node *n = codes->kids[i];
        Place place = node_place(n);
        DiagCode code = diag_find(node_text(n));
        bool error_as_error =
            code != N_DIAG_CODES && diag_severity(code) == SEVERITY_ERROR && !lower;
        if (error_as_error)
            continue;
        code = read_code(d, node_text(n), place, "lowered");
        if (code == N_DIAG_CODES)
            continue;
        const Treatment *first = diag_treatment(d, place.file, code);
        if (first) {
            Diag *diag =
                diag_add(d, D_TWICE, place, "the head says twice what %s is", diag_code_text(code));
            diag->other = first->place;
            diag->note = STR("first said here");
            diag->hint = STR("remove one of them");
            continue;
        }
        treatment.code = code;
        treatment.place = place;
        if (!diag_treat(d, place.file, treatment))
            return false;
    }
    return true;
}

static void report_late(DiagList *d, const Node *line, const Node *declaration) {
    Diag *diag = diag_add(d, D_ALLOW_FORM, node_place(line),
                          "`%s` stands in the head of a file, before its first declaration",
                          line->kind == NODE_TREAT ? "treat" : "ignore");
    diag->other = node_place(declaration);
    diag->note = STR("the first declaration");
    diag->hint = STR("move the line to the top of the file");
}

static bool read_line(DiagList *d, const Node *line) {
    Treatment treatment = {.severity = SEVERITY_WARNING};
    if (line->kind == NODE_TREAT && !read_severity(d, node_kid(line, 1), &treatment.severity))
        return true;
    if (line->kind == NODE_IGNORE) {
        Str quoted = node_text(node_kid(line, 1));
        treatment.because = str_trim(str_slice(quoted, 1, quoted.len - 1));
        if (treatment.because.len == 0) {
            Diag *diag = diag_add(d, D_ALLOW_FORM, node_place(node_kid(line, 1)),
                                  "the reason to ignore a finding is empty");
            diag->hint = STR("say why: ignore B101 because \"why it does not matter here\"");
            return true;
        }
    }
    return treat_codes(d, node_kid(line, 0), treatment);
}

bool allow_read_head(DiagList *d, const Node *file) {
    const Node *declaration = NULL;
    for (uint32_t i = 0; i < file->n_kids; i++) {
        const Node *n = file->kids[i];
        bool head = n->kind == NODE_TREAT || n->kind == NODE_IGNORE;
        if (head && declaration)
            report_late(d, n, declaration);
        else if (head && !read_line(d, n))
            return false;
        if (!head && !declaration && n->kind != NODE_USE && n->kind != NODE_ERROR)
            declaration = n;
    }
    return true;
}
