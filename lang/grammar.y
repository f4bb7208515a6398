/* SPDX-License-Identifier: Apache-2.0
** The grammar. Lemon makes the parser from it; it must report no conflict.
**
** Lists begin with an item (xs ::= x, xs ::= xs x; the empty body is a rule of its own), because
** Lemon recovers where a goto on `error` exists: with an empty first item a bad first line would be
** charged to the header. `bad` is used for every line that can be skipped alone.
*/
%name Parse
%token_prefix T_
%token_type {const Token *}
%default_type {Node *}
%extra_argument {Parser *px}
%include {
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "lang/parser.h"
#define L(kind, token) leaf(px, kind, token)
#define M0(kind, token) leaf(px, kind, token)
#define M1(kind, a) make(px, kind, 1, (Node *[]){a})
#define M2(kind, a, b) make(px, kind, 2, (Node *[]){a, b})
#define M3(kind, a, b, c) make(px, kind, 3, (Node *[]){a, b, c})
#define M4(kind, a, b, c, d) make(px, kind, 4, (Node *[]){a, b, c, d})
#define M5(kind, a, b, c, d, e) make(px, kind, 5, (Node *[]){a, b, c, d, e})
#define M6(kind, a, b, c, d, e, f) make(px, kind, 6, (Node *[]){a, b, c, d, e, f})
#define SPAN(node, token) widen(px, node, token)
}
%syntax_error { (void)yymajor; parse_report(px, TOKEN); }
%parse_failure { px->failed = true; }
%stack_size 200
%stack_overflow { px->failed = true; parse_too_deep(px, (Place){.file = px->source->file, .line = px->source->line}); }

/* Words that mean something only where the grammar asks for them. */
%fallback NAME
  TREAT IGNORE USE SCALE METRIC INPUT PEERS LET BANDS PATTERN KPI MEASURES EXAMPLES ASSERT OVERRIDE
  SOURCE LABEL NOTE VALUE UNIT PRECISION GOOD NEEDS TARGET COMPARE STEADY STATUS
  LAYOUT FILE ENTITY PERIODW CURRENT PREVIOUS FIELD WHERE MISSING MARK NUMBERS DELIMITER QUOTE
  ENCODING SKIP REVISES OTHER WRITTEN
  LIKE FROM COLUMN ID VALID GAPS EDGES ROUNDED RANGE BY ON FOR LAST SYMBOL COLOUR HALF COUNTS ALLOW
  HIGH LOW NEAR JUDGED MONOTONE SPC WITH BANDSUSE STATUSUSE GROUP SCORECARD MEMBER WEIGHT CRITICAL
  SUPPRESS EXCEPT TOTAL.

%token BAD.
%token IF LATER.
%start_symbol start

start ::= START_FILE NL.                   { px->root = make(px, NODE_FILE, 0, NULL); }
start ::= START_FILE NL decls(B).          { px->root = B; }
start ::= START_EXPRESSION expr(E) NL.     { px->root = E; }
start ::= START_CELL cell(C) NL.           { px->root = C; }

decls(A) ::= decls(B) decl(C).             { A = add(px, B, C); }
decls(A) ::= decl(C).                      { A = M1(NODE_FILE, C); }

/* ---- the head: what counts as what ---- */
decl(A) ::= TREAT(T) codes(C) AS name(S) NL.      { A = SPAN(M2(NODE_TREAT, C, S), T); }
decl(A) ::= IGNORE(T) codes(C) BECAUSE string(S) NL. { A = SPAN(M2(NODE_IGNORE, C, S), T); }
codes(A) ::= code(C).                      { A = M1(NODE_LIST, C); }
codes(A) ::= codes(B) COMMA code(C).       { A = add(px, B, C); }
code(A) ::= CODE(C).                       { A = L(NODE_NAME, C); }

/* ---- declarations ---- */
decl(A) ::= USE(T) STRING(S) NL.           { A = SPAN(M1(NODE_USE, L(NODE_STRING, S)), T); }
decl(A) ::= LET name(N) EQ expr(E) NL.     { A = M2(NODE_LET, N, E); }
decl(A) ::= PEERS(T) name(N) optstr(S) FROM string(F) peeropts(O) NL. { A = SPAN(M4(NODE_PEERS, N, S, F, O), T); }
decl(A) ::= METRIC name(N) optstr(S) mopts(O) NL. { A = M3(NODE_METRIC, N, S, O); }
decl(A) ::= SCALE name(N) optstr(S) NL levels_end(B). { A = M3(NODE_SCALE, N, S, B); }
decl(A) ::= INPUT name(N) optstr(S) NL inclauses_end(B). { A = M3(NODE_INPUT, N, S, B); }
decl(A) ::= bandtable(B).                  { A = B; }
decl(A) ::= PATTERN name(N) optlike(K) NL clauses_end(B). { A = M3(NODE_PATTERN, N, K, B); }
decl(A) ::= KPI name(N) optstr(S) optlike(K) NL clauses_end(B). { A = M4(NODE_KPI, N, S, K, B); }
decl(A) ::= GROUP name(N) optstr(S) NL gclauses_end(B). { A = M3(NODE_GROUP, N, S, B); }
decl(A) ::= SCORECARD name(N) optstr(S) NL gclauses_end(B). { A = with_flags(M3(NODE_GROUP, N, S, B), NODE_FLAG); }
decl(A) ::= MEASURES(T) like(K) measopts(O) NL rows_end(R). { A = SPAN(M3(NODE_MEASURES, K, O, R), T); }
decl(A) ::= EXAMPLES(T) name(N) NL rows_end(R). { A = SPAN(M2(NODE_EXAMPLES, N, R), T); }
decl(A) ::= ASSERT(T) string(S) expr(E) NL. { A = SPAN(M3(NODE_ASSERT, S, E, NULL), T); }
decl(A) ::= ASSERT(T) string(S) expr(E) AS name(N) NL. { A = SPAN(M3(NODE_ASSERT, S, E, N), T); }
decl(A) ::= OVERRIDE(T) name(K) IS outcome(O) optbecause(B) NL oclauses_end(C). { A = SPAN(M4(NODE_OVERRIDE, K, O, B, C), T); }
decl(A) ::= OVERRIDE bad(B) oclauses_end.  { A = B; }
decl(A) ::= bad(B).                        { A = B; }
decl(A) ::= KPI bad(B) clauses_end.        { A = B; }
decl(A) ::= PATTERN bad(B) clauses_end.    { A = B; }
decl(A) ::= SCALE bad(B) levels_end.       { A = B; }
decl(A) ::= INPUT bad(B) inclauses_end.    { A = B; }
decl(A) ::= GROUP bad(B) gclauses_end.     { A = B; }
decl(A) ::= SCORECARD bad(B) gclauses_end. { A = B; }
decl(A) ::= MEASURES bad(B) rows_end.      { A = B; }
decl(A) ::= EXAMPLES bad(B) rows_end.      { A = B; }

/* yyerrcnt is set back so that the next line's error is reported too. */
bad(A) ::= error NL(T).     { yypParser->yyerrcnt = -1; A = L(NODE_ERROR, T); }

name(A) ::= NAME(N).        { A = L(NODE_NAME, N); }
string(A) ::= STRING(S).    { A = L(NODE_STRING, S); }
optstr(A) ::= .             { A = NULL; }
optstr(A) ::= string(S).    { A = S; }
like(A) ::= LIKE(T) name(N). { A = SPAN(M1(NODE_LIKE, N), T); }
optlike(A) ::= .            { A = NULL; }
optlike(A) ::= like(K).     { A = K; }
words(A) ::= name(N).            { A = M1(NODE_WORDS, N); }
words(A) ::= words(B) name(N).   { A = add(px, B, N); }
words(A) ::= words(B) IS(N).     { A = add(px, B, L(NODE_NAME, N)); }
reason(A) ::= words(W).          { A = W; }
reason(A) ::= NOT(T) words(W).   { A = SPAN(W, T); }
optbecause(A) ::= .              { A = NULL; }
optbecause(A) ::= BECAUSE string(S). { A = S; }

levels_end(A) ::= levels(B) END NL.       { A = B; }
levels_end(A) ::= END(T) NL.              { A = L(NODE_LIST, T); }
inclauses_end(A) ::= inclauses(B) END NL. { A = B; }
inclauses_end(A) ::= END(T) NL.           { A = L(NODE_LIST, T); }
oclauses_end(A) ::= oclauses(B) END NL.   { A = B; }
oclauses_end(A) ::= END(T) NL.            { A = L(NODE_LIST, T); }
clauses_end(A) ::= clauses(B) END NL.     { A = B; }
clauses_end(A) ::= END(T) NL.             { A = L(NODE_LIST, T); }
gclauses_end(A) ::= gclauses(B) END NL.   { A = B; }
gclauses_end(A) ::= END(T) NL.            { A = L(NODE_LIST, T); }
points_end(A) ::= points(B) END NL.       { A = B; }
points_end(A) ::= END(T) NL.              { A = L(NODE_TRAJECTORY, T); }
blines_end(A) ::= blines(B) END NL.       { A = B; }
blines_end(A) ::= END(T) NL.              { A = L(NODE_LIST, T); }
slines_end(A) ::= slines(B) END NL.       { A = B; }
slines_end(A) ::= END(T) NL.              { A = L(NODE_LIST, T); }
tlines_end(A) ::= tlines(B) END NL.       { A = B; }
tlines_end(A) ::= END(T) NL.              { A = L(NODE_LIST, T); }
rows_end(A) ::= rows(B) END NL.           { A = B; }
rows_end(A) ::= END(T) NL.                { A = L(NODE_LIST, T); }

/* ---- tables: the filter turns their lines into cells ---- */
rows(A) ::= rows(B) row(R) NL.            { A = add(px, B, R); }
rows(A) ::= row(R) NL.                    { A = M1(NODE_LIST, R); }
row(A) ::= tablecell(C).                  { A = M1(NODE_ROW, C); }
row(A) ::= row(B) PIPE(T) tablecell(C).   { A = SPAN(add(px, B, C), T); }
tablecell(A) ::= CELL(T).                 { A = L(NODE_CELL, T); }
tablecell(A) ::= BLANK(T).                { A = L(NODE_BLANK, T); }

/* ---- metrics and scales ---- */
mopts(A) ::= .                            { A = make(px, NODE_LIST, 0, NULL); }
mopts(A) ::= mopts(B) mopt(C).            { A = add(px, B, C); }
mopt(A) ::= unit(U).                      { A = U; }
mopt(A) ::= FROM COLUMN string(S).        { A = M1(NODE_FROM_COLUMN, S); }
mopt(A) ::= FROM ID string(S).            { A = M1(NODE_FROM_ID, S); }
mopt(A) ::= RANGE(T) snum(X) TO snum(Y).  { A = SPAN(M2(NODE_RANGE, X, Y), T); }
mopt(A) ::= SUPPRESS(T) BELOW num(N) supopts(O). { A = SPAN(M3(NODE_SUPPRESS, N, NULL, O), T); }
mopt(A) ::= SUPPRESS(T) BELOW num(N) EXCEPT num(E) supopts(O). { A = SPAN(M3(NODE_SUPPRESS, N, E, O), T); }
mopt(A) ::= SUPPRESS(T) WITH name(N).     { A = SPAN(M1(NODE_SUPPRESS_WITH, N), T); }
supopts(A) ::= .                          { A = make(px, NODE_LIST, 0, NULL); }
supopts(A) ::= supopts(B) COMMA supopt(C). { A = add(px, B, C); }
supopt(A) ::= WITH(T) name(X) OF name(Y). { A = SPAN(M2(NODE_SUPPRESS_PAIR, X, Y), T); }
supopt(A) ::= WITH(T) name(X) OFENTITY name(Y). { A = SPAN(M2(NODE_SUPPRESS_PAIR, X, Y), T); }
supopt(A) ::= TOTAL(T) string(S).         { A = SPAN(M1(NODE_SUPPRESS_TOTAL, S), T); }
unit(A) ::= NAME(N).                      { A = L(NODE_UNIT, N); }
unit(A) ::= PER(T) NUMBER(N).             { A = SPAN(M1(NODE_UNIT_PER, L(NODE_NUMBER, N)), T); }
unit(A) ::= UNIT string(S).               { A = M1(NODE_UNIT_OWN, S); }

levels(A) ::= levels(B) level(C).         { A = add(px, B, C); }
levels(A) ::= level(C).                   { A = M1(NODE_LIST, C); }
level(A) ::= NAME(N) optstr(S) optsym(Y) optcol(C) NL. { A = M4(NODE_LEVEL, L(NODE_NAME, N), S, Y, C); }
level(A) ::= mapped(W) ARROW name(N) NL.  { A = M2(NODE_MAPPING, W, N); }
level(A) ::= bad(B).                      { A = B; }
mapped(A) ::= NAME(N).                    { A = M1(NODE_WORDS, L(NODE_NAME, N)); }
mapped(A) ::= mapped(B) COMMA name(N).    { A = add(px, B, N); }
optsym(A) ::= .                           { A = NULL; }
optsym(A) ::= SYMBOL string(S).           { A = S; }
optcol(A) ::= .                           { A = NULL; }
optcol(A) ::= COLOUR string(S).           { A = S; }

/* ---- peers ---- */
peeropts(A) ::= .                         { A = make(px, NODE_LIST, 0, NULL); }
peeropts(A) ::= peeropts(B) COMMA peeropt(C). { A = add(px, B, C); }
peeropt(A) ::= ENTITY COLUMN string(S).   { A = M1(NODE_ENTITY_COLUMN, S); }
peeropt(A) ::= NAME(N) COLUMN string(S).  { A = M2(NODE_PEER_COLUMN, L(NODE_NAME, N), S); }

/* ---- inputs ---- */
inclauses(A) ::= inclauses(B) inclause(C). { A = add(px, B, C); }
inclauses(A) ::= inclause(C).             { A = M1(NODE_LIST, C); }
inclause(A) ::= LAYOUT name(N) NL.        { A = M1(NODE_LAYOUT, N); }
inclause(A) ::= FILE string(S) NL.        { A = M1(NODE_INPUT_FILE, S); }
inclause(A) ::= ENTITY COLUMN string(S) NL. { A = M1(NODE_ENTITY_COLUMN, S); }
inclause(A) ::= ENTITY string(S) NL.      { A = M1(NODE_ENTITY_IS, S); }
inclause(A) ::= PERIODW COLUMN string(S) NL. { A = M2(NODE_PERIOD_COLUMN, S, NULL); }
inclause(A) ::= PERIODW COLUMN string(S) AS words(W) NL. { A = M2(NODE_PERIOD_COLUMN, S, W); }
inclause(A) ::= PERIODW COLUMN string(S) AS words(W) WRITTEN strings(E) NL. { A = M3(NODE_PERIOD_COLUMN, S, W, E); }
inclause(A) ::= PERIODW period(P) NL.     { A = M1(NODE_PERIOD_IS, P); }
inclause(A) ::= METRIC COLUMN string(S) NL. { A = M1(NODE_METRIC_COLUMN, S); }
inclause(A) ::= VALUE COLUMN string(S) NL. { A = M1(NODE_VALUE_COLUMN, S); }
inclause(A) ::= CURRENT COLUMN string(S) NL. { A = M1(NODE_CURRENT_COLUMN, S); }
inclause(A) ::= PREVIOUS COLUMN string(S) NL. { A = M1(NODE_PREVIOUS_COLUMN, S); }
inclause(A) ::= FIELD name(N) COLUMN string(S) NL. { A = M3(NODE_FIELD_COLUMN, N, S, NULL); }
inclause(A) ::= FIELD name(N) COLUMN string(S) AS words(W) NL. { A = M3(NODE_FIELD_COLUMN, N, S, W); }
inclause(A) ::= WHERE wherecol(C) IS strings(S) NL. { A = M2(NODE_WHERE, C, S); }
inclause(A) ::= WHERE wherecol(C) IS ONEOF strings(S) NL. { A = M2(NODE_WHERE, C, S); }
inclause(A) ::= WHERE wherecol(C) IS NOT strings(S) NL. { A = with_flags(M2(NODE_WHERE, C, S), NODE_FLAG); }
inclause(A) ::= WHERE wherecol(C) IS NOT ONEOF strings(S) NL. { A = with_flags(M2(NODE_WHERE, C, S), NODE_FLAG); }
inclause(A) ::= MISSING string(S) AS reason(R) NL. { A = M2(NODE_MISSING_AS, S, R); }
inclause(A) ::= MARK string(S) AS reason(R) NL. { A = M2(NODE_MARK_AS, S, R); }
inclause(A) ::= NUMBERS WITH numwords(W) NL. { A = W; }
inclause(A) ::= DELIMITER string(S) NL.   { A = M1(NODE_DELIMITER, S); }
inclause(A) ::= QUOTE string(S) NL.       { A = M1(NODE_QUOTE, S); }
inclause(A) ::= ENCODING string(S) NL.    { A = M1(NODE_ENCODING, S); }
inclause(A) ::= SKIP NUMBER(N) UNITW(W) NL. { A = M2(NODE_SKIP, L(NODE_NUMBER, N), L(NODE_NAME, W)); }
inclause(A) ::= REVISES(T) NL.            { A = L(NODE_REVISES, T); }
inclause(A) ::= OTHER words(W) NL.        { A = M1(NODE_OTHER, W); }
inclause(A) ::= bad(B).                   { A = B; }
wherecol(A) ::= name(N).                  { A = N; }
wherecol(A) ::= string(S).                { A = S; }
strings(A) ::= string(S).                 { A = M1(NODE_LIST, S); }
strings(A) ::= strings(B) COMMA string(S). { A = add(px, B, S); }
numwords(A) ::= words(W).                 { A = M1(NODE_NUMBERS_WITH, W); }
numwords(A) ::= numwords(B) COMMA words(W). { A = add(px, B, W); }
period(A) ::= PERIOD(P).                  { A = L(NODE_PERIOD, P); }
period(A) ::= NUMBER(P).                  { A = L(NODE_PERIOD, P); }

/* ---- overrides: a line that begins with `because` belongs to the one before, whichever it is ---- */
oclauses(A) ::= oclauses(B) oclause(C).   { A = add(px, B, C); }
oclauses(A) ::= oclause(C).               { A = M1(NODE_LIST, C); }
oclause(A) ::= osaid(C) optbecause(B) NL. { A = M2(NODE_OVERRIDE_LINE, C, B); }
oclause(A) ::= bad(B).                    { A = B; }
osaid(A) ::= ENTITY(T) string(S).         { A = SPAN(M1(NODE_ENTITY_IS, S), T); }
osaid(A) ::= FROM(T) period(P) TO period(Q). { A = SPAN(M2(NODE_FROM_TO, P, Q), T); }
osaid(A) ::= PERIODW(T) period(P).        { A = SPAN(M1(NODE_PERIOD_IS, P), T); }
osaid(A) ::= BY(T) string(S).             { A = SPAN(M1(NODE_BY, S), T); }

/* ---- groups and scorecards ---- */
gclauses(A) ::= gclauses(B) gclause(C).   { A = add(px, B, C); }
gclauses(A) ::= gclause(C).               { A = M1(NODE_LIST, C); }
gclause(A) ::= SOURCE string(S) NL.       { A = M1(NODE_SOURCE, S); }
gclause(A) ::= LABEL string(S) NL.        { A = M1(NODE_LABEL, S); }
gclause(A) ::= NOTE string(S) NL.         { A = M1(NODE_NOTE, S); }
gclause(A) ::= MEMBER members(M) memberopts(O) NL. { A = M2(NODE_MEMBER, M, O); }
gclause(A) ::= NODATA(T) IS words(W) NL.  { A = SPAN(M2(NODE_GROUP_NO_DATA, NULL, W), T); }
gclause(A) ::= NODATA(T) COUNTS AS name(N) NL. { A = SPAN(M2(NODE_GROUP_NO_DATA, N, NULL), T); }
gclause(A) ::= NODATA(T) words(W) NL.     { A = SPAN(M2(NODE_GROUP_NO_DATA, NULL, W), T); }
gclause(A) ::= statusblock(B).            { A = B; }
gclause(A) ::= bad(B).                    { A = B; }
members(A) ::= name(N).                   { A = M1(NODE_LIST, N); }
members(A) ::= members(B) COMMA name(N).  { A = add(px, B, N); }
memberopts(A) ::= .                       { A = make(px, NODE_LIST, 0, NULL); }
memberopts(A) ::= memberopts(B) memberopt(C). { A = add(px, B, C); }
memberopt(A) ::= WEIGHT num(N).           { A = M1(NODE_WEIGHT, N); }
memberopt(A) ::= CRITICAL(T).             { A = L(NODE_CRITICAL, T); }

/* ---- KPIs and patterns ---- */
clauses(A) ::= clauses(B) clause(C).      { A = add(px, B, C); }
clauses(A) ::= clause(C).                 { A = M1(NODE_LIST, C); }
clause(A) ::= SOURCE string(S) NL.        { A = M1(NODE_SOURCE, S); }
clause(A) ::= LABEL string(S) NL.         { A = M1(NODE_LABEL, S); }
clause(A) ::= NOTE string(S) NL.          { A = M1(NODE_NOTE, S); }
clause(A) ::= VALUE operand(E) NL.        { A = M1(NODE_VALUE, E); }
clause(A) ::= UNIT NAME(N) NL.            { A = L(NODE_UNIT, N); }
clause(A) ::= UNIT PER(T) NUMBER(N) NL.   { A = SPAN(M1(NODE_UNIT_PER, L(NODE_NUMBER, N)), T); }
clause(A) ::= UNIT string(S) NL.          { A = M1(NODE_UNIT_OWN, S); }
clause(A) ::= PRECISION rounding(R) NL.   { A = M1(NODE_PRECISION, R); }
clause(A) ::= GOOD IS polarity(P) NL.     { A = M1(NODE_GOOD, P); }
clause(A) ::= NEEDS expr(E) NL.           { A = M1(NODE_NEEDS, E); }
clause(A) ::= TARGET operand(E) NL.       { A = M1(NODE_TARGET, E); }
clause(A) ::= TARGET BY PERIODW NL points_end(R). { A = R; }
clause(A) ::= COMPARE name(N) optstr(S) EQ operand(E) NL. { A = M3(NODE_COMPARE, N, S, E); }
clause(A) ::= STEADY WITHIN amount(E) NL. { A = M2(NODE_STEADY, E, NULL); }
clause(A) ::= STEADY WITHIN amount(E) COMMA name(U) COUNTS AS name(S) NL.
                                          { A = M2(NODE_STEADY, E, M2(NODE_WORDS, U, S)); }
clause(A) ::= NOT(T) MONOTONE optbecause(B) NL. { A = SPAN(M1(NODE_NOT_MONOTONE, B), T); }
clause(A) ::= SPC(T) NL chlines(B) END NL. { A = SPAN(B, T); }
clause(A) ::= SPC(T) NL END NL.           { A = L(NODE_SPC, T); }
clause(A) ::= bandtable(B).               { A = B; }
clause(A) ::= BANDSUSE FROM name(P) optvalid(V) NL. { A = with_valid(px, M1(NODE_BANDS_FROM, P), V); }
clause(A) ::= statusblock(B).             { A = B; }
clause(A) ::= bad(B).                     { A = B; }
chlines(A) ::= chlines(B) chline(C).      { A = add(px, B, C); }
chlines(A) ::= chline(C).                 { A = M1(NODE_SPC, C); }
chline(A) ::= name(N) period(P) TO period(Q) NL. { A = M3(NODE_BASELINE, N, P, Q); }
chline(A) ::= name(N) FROM period(P) optbecause(B) NL. { A = M3(NODE_REBASE, N, P, B); }
chline(A) ::= ATLEAST(T) NUMBER(N) name(W) NL. { A = SPAN(M2(NODE_FIGURES_NEEDED, L(NODE_NUMBER, N), W), T); }
chline(A) ::= words(W) NL.                { A = W; }
chline(A) ::= bad(B).                     { A = B; }
polarity(A) ::= HIGH(T).                  { A = L(NODE_HIGH, T); }
polarity(A) ::= LOW(T).                   { A = L(NODE_LOW, T); }
polarity(A) ::= NEAR operand(E).          { A = M1(NODE_NEAR, E); }
polarity(A) ::= NOT(T) JUDGED(U).         { A = SPAN(L(NODE_NOT_JUDGED, T), U); }
rounding(A) ::= NUMBER(N) UNITW(D).       { A = M3(NODE_ROUNDING, L(NODE_NUMBER, N), L(NODE_NAME, D), NULL); }
rounding(A) ::= NUMBER(N) UNITW(D) HALF name(H). { A = M3(NODE_ROUNDING, L(NODE_NUMBER, N), L(NODE_NAME, D), H); }
points(A) ::= points(B) point(P).         { A = add(px, B, P); }
points(A) ::= point(P).                   { A = M1(NODE_TRAJECTORY, P); }
point(A) ::= period(P) operand(E) NL.     { A = M2(NODE_POINT, P, E); }
point(A) ::= bad(B).                      { A = B; }

/* ---- measures ---- */
measopts(A) ::= .                         { A = make(px, NODE_LIST, 0, NULL); }
measopts(A) ::= measopts(B) COMMA measopt(C). { A = add(px, B, C); }
measopt(A) ::= BANDS name(N) optas(S).    { A = M2(NODE_MEASURES_BANDS, N, S); }
measopt(A) ::= bopt(B).                   { A = B; }
measopt(A) ::= NAME(N) NAME(O) like(K).   { A = M2(NODE_ONLY_LIKE, M2(NODE_WORDS, L(NODE_NAME, N), L(NODE_NAME, O)), K); }

/* ---- bands ---- */
bandtable(A) ::= BANDS(T) name(S) optas(N) opton(O) bopts(P) NL blines_end(B).
                                          { A = SPAN(M5(NODE_BANDS, S, N, O, P, B), T); }
bandtable(A) ::= BANDS bad(B) blines_end. { A = B; }
optas(A) ::= .                            { A = NULL; }
optas(A) ::= AS name(N).                  { A = N; }
opton(A) ::= .                            { A = NULL; }
opton(A) ::= ON operand(E).               { A = M1(NODE_ON, E); }
bopts(A) ::= .                            { A = make(px, NODE_LIST, 0, NULL); }
bopts(A) ::= bopts(B) COMMA bopt(C).      { A = add(px, B, C); }
bopt(A) ::= ROUNDED(T).                   { A = L(NODE_ROUNDED, T); }
bopt(A) ::= ROUNDED(T) TO rounding(R).    { A = SPAN(M1(NODE_ROUNDED, R), T); }
bopt(A) ::= GAPS(T) TO name(N).           { A = SPAN(M1(NODE_GAPS, N), T); }
bopt(A) ::= EDGES(T) TO name(N).          { A = SPAN(M1(NODE_EDGES, N), T); }
bopt(A) ::= GOOD IS polarity(P).          { A = M1(NODE_GOOD, P); }
bopt(A) ::= valid(V).                     { A = V; }
optvalid(A) ::= .                         { A = NULL; }
optvalid(A) ::= COMMA valid(V).           { A = V; }
valid(A) ::= VALID(T) FROM period(P).     { A = SPAN(M2(NODE_VALID, P, NULL), T); }
valid(A) ::= VALID(T) FROM period(P) TO period(Q). { A = SPAN(M2(NODE_VALID, P, Q), T); }
blines(A) ::= blines(B) bline(C).         { A = add(px, B, C); }
blines(A) ::= bline(C).                   { A = M1(NODE_LIST, C); }
bline(A) ::= outcome(O) cell(C) optbecause(B) NL. { A = M3(NODE_BAND, O, C, B); }
bline(A) ::= bad(B).                      { A = B; }
outcome(A) ::= NAME(N).                   { A = L(NODE_NAME, N); }
outcome(A) ::= NODATA(T).                 { A = L(NODE_NO_DATA, T); }

cell(A) ::= NUMPLUS(N).                   { A = M2(NODE_BOUNDS, L(NODE_NUMBER, N), NULL); }
cell(A) ::= GE(T) operand(E).             { A = SPAN(M2(NODE_BOUNDS, E, NULL), T); }
cell(A) ::= ATLEAST(T) operand(E).        { A = SPAN(M2(NODE_BOUNDS, E, NULL), T); }
cell(A) ::= GT(T) operand(E).             { A = with_flags(SPAN(M2(NODE_BOUNDS, E, NULL), T), NODE_LOW_OPEN); }
cell(A) ::= ABOVE(T) operand(E).          { A = with_flags(SPAN(M2(NODE_BOUNDS, E, NULL), T), NODE_LOW_OPEN); }
cell(A) ::= LE(T) operand(E).             { A = SPAN(M2(NODE_BOUNDS, NULL, E), T); }
cell(A) ::= ATMOST(T) operand(E).         { A = SPAN(M2(NODE_BOUNDS, NULL, E), T); }
cell(A) ::= LT(T) operand(E).             { A = with_flags(SPAN(M2(NODE_BOUNDS, NULL, E), T), NODE_HIGH_OPEN); }
cell(A) ::= BELOW(T) operand(E).          { A = with_flags(SPAN(M2(NODE_BOUNDS, NULL, E), T), NODE_HIGH_OPEN); }
cell(A) ::= EQ(T) operand(E).             { A = SPAN(M2(NODE_BOUNDS, E, E), T); }
cell(A) ::= operand(E).                   { A = band_range(px, E); }
cell(A) ::= operand(E) TO operand(F).     { A = M2(NODE_BOUNDS, E, F); }
cell(A) ::= operand(E) TO BELOW operand(F). { A = with_flags(M2(NODE_BOUNDS, E, F), NODE_HIGH_OPEN); }
cell(A) ::= ABOVE(T) operand(E) TO operand(F). { A = with_flags(SPAN(M2(NODE_BOUNDS, E, F), T), NODE_LOW_OPEN); }
cell(A) ::= ABOVE(T) operand(E) TO BELOW operand(F). { A = with_flags(SPAN(M2(NODE_BOUNDS, E, F), T), NODE_LOW_OPEN | NODE_HIGH_OPEN); }
cell(A) ::= OTHERWISE(T).                 { A = L(NODE_CELL_OTHERWISE, T); }
cell(A) ::= OVER(T) operand(E).           { A = advise(px, E, T, "above %s"); }
cell(A) ::= MORETHAN(T) operand(E).       { A = advise(px, E, T, "above %s"); }
cell(A) ::= UNDER(T) operand(E).          { A = advise(px, E, T, "below %s"); }
cell(A) ::= LESSTHAN(T) operand(E).       { A = advise(px, E, T, "below %s"); }
cell(A) ::= operand(E) ORMORE(T).            { A = advise_or_more(px, E, T); }
cell(A) ::= operand(E) ORLESS(T).            { A = advise(px, E, T, "at most %s"); }
cell(A) ::= BETWEEN(T) operand(E) AND operand(F). { A = advise(px, M2(NODE_LIST, E, F), T, "%s to %s"); }

/* ---- status ---- */
/* BANDSUSE and STATUSUSE are `bands` and `status` on lines that open no block: the filter tells. */
statusblock(A) ::= STATUSUSE FROM name(P) optvalid(V) NL. { A = with_valid(px, M1(NODE_STATUS_FROM, P), V); }
statusblock(A) ::= STATUSUSE name(S) FROM name(B) optvalid(V) NL. { A = with_valid(px, M2(NODE_STATUS_MAP, S, B), V); }
statusblock(A) ::= STATUS(T) name(S) optas(N) optvalid(V) NL slines_end(B). { A = SPAN(with_valid(px, M3(NODE_STATUS, S, N, B), V), T); }
statusblock(A) ::= STATUS(T) name(S) optas(N) BY name(P) COMMA name(Q) optvalid(V) NL tcols(H) NL tlines_end(B).
                                          { A = SPAN(with_valid(px, M6(NODE_STATUS_BY, S, N, P, Q, H, B), V), T); }
statusblock(A) ::= STATUS name(S) optas(N) BY name(P) COMMA name(Q) optvalid(V) NL END(E) NL.
                                          { A = with_valid(px, M6(NODE_STATUS_BY, S, N, P, Q, L(NODE_LIST, E), L(NODE_LIST, E)), V); }
statusblock(A) ::= STATUS bad(B) slines_end. { A = B; }
slines(A) ::= slines(B) sline(C).         { A = add(px, B, C); }
slines(A) ::= sline(C).                   { A = M1(NODE_LIST, C); }
sline(A) ::= outcome(O) WHEN expr(E) optbecause(B) NL. { A = M3(NODE_WHEN, O, E, B); }
sline(A) ::= outcome(O) WHEN expr(E) IFKNOWN optbecause(B) NL. { A = with_flags(M3(NODE_WHEN, O, E, B), NODE_FLAG); }
sline(A) ::= outcome(O) OTHERWISE optbecause(B) NL. { A = M2(NODE_OTHERWISE, O, B); }
sline(A) ::= bad(B).                      { A = B; }
tcols(A) ::= outcome(O).                  { A = M1(NODE_OUTCOMES, O); }
tcols(A) ::= tcols(B) outcome(O).         { A = add(px, B, O); }
tlines(A) ::= tlines(B) tline(R).         { A = add(px, B, R); }
tlines(A) ::= tline(R).                   { A = M1(NODE_LIST, R); }
tline(A) ::= tcols(R) NL.                 { A = R; }
tline(A) ::= bad(B).                      { A = B; }

/* ---- conditions ---- */
expr(A) ::= orx(B).                       { A = B; }
orx(A) ::= andx(B).                       { A = B; }
orx(A) ::= orx(B) OR andx(C).             { A = refuse_mixed(px, M2(NODE_OR, B, C)); }
andx(A) ::= notx(B).                      { A = B; }
andx(A) ::= andx(B) AND notx(C).          { A = M2(NODE_AND, B, C); }
notx(A) ::= NOT(T) notx(B).               { A = SPAN(M1(NODE_NOT, B), T); }
notx(A) ::= cmp(B).                       { A = B; }

cmp(A) ::= operand(B).                    { A = B; }
cmp(A) ::= operand(B) LT operand(C).      { A = with_value(M2(NODE_COMPARISON, B, C), REL_LT); }
cmp(A) ::= operand(B) LE operand(C).      { A = with_value(M2(NODE_COMPARISON, B, C), REL_LE); }
cmp(A) ::= operand(B) GT operand(C).      { A = with_value(M2(NODE_COMPARISON, B, C), REL_GT); }
cmp(A) ::= operand(B) GE operand(C).      { A = with_value(M2(NODE_COMPARISON, B, C), REL_GE); }
cmp(A) ::= operand(B) EQ operand(C).      { A = with_value(M2(NODE_COMPARISON, B, C), REL_EQ); }
cmp(A) ::= operand(B) NE operand(C).      { A = with_value(M2(NODE_COMPARISON, B, C), REL_NE); }
cmp(A) ::= ANY(T) memberlevels(S).        { A = SPAN(M2(NODE_ANY, S, NULL), T); }
cmp(A) ::= ANY(T) NAME(N) IS memberlevels(S). { A = SPAN(M2(NODE_ANY, S, L(NODE_NAME, N)), T); }
cmp(A) ::= ALL(T) memberlevels(S).        { A = SPAN(M2(NODE_ALL, S, NULL), T); }
cmp(A) ::= ALL(T) NAME(N) IS memberlevels(S). { A = SPAN(M2(NODE_ALL, S, L(NODE_NAME, N)), T); }
cmp(A) ::= wordcmp(W).                    { A = W; }
cmp(A) ::= operand(B) wordcmp(W).         { A = with_subject(px, W, B); }
cmp(A) ::= operand(B) dirspan(D).         { A = with_subject(px, D, B); }
cmp(A) ::= operand(B) IS isrhs(R).        { A = M2(NODE_IS, B, R); }
cmp(A) ::= operand(B) IS NOT isrhs(R).    { A = with_flags(M2(NODE_IS, B, R), NODE_FLAG); }
cmp(A) ::= operand(B) ORMORE(T).             { A = advise(px, B, T, "value >= %s"); }
cmp(A) ::= operand(B) ORLESS(T).             { A = advise(px, B, T, "value <= %s"); }

isrhs(A) ::= levelspec(S).                { A = S; }
isrhs(A) ::= NAME(N) dirspan(D).          { A = with_subject(px, D, L(NODE_NAME, N)); }
isrhs(A) ::= ONEOF oneof(B).              { A = B; }
isrhs(A) ::= wordcmp(W).                  { A = W; }
isrhs(A) ::= num(N).                      { A = advise_by_hand(px, N, NULL, "= %s"); }
isrhs(A) ::= num(N) ORMORE(T).               { A = advise_by_hand(px, N, T, ">= %s"); }
isrhs(A) ::= num(N) ORLESS(T).               { A = advise_by_hand(px, N, T, "<= %s"); }
isrhs(A) ::= PERIOD(P).                   { A = advise_by_hand(px, L(NODE_PERIOD, P), NULL, "= %s"); }
levelspec(A) ::= NAME(N).                 { A = with_value(M1(NODE_LEVEL_IS, L(NODE_NAME, N)), LEVEL_EXACTLY); }
levelspec(A) ::= NAME(N) ORBETTER(T).     { A = with_value(SPAN(M1(NODE_LEVEL_IS, L(NODE_NAME, N)), T), LEVEL_OR_BETTER); }
levelspec(A) ::= NAME(N) ORWORSE(T).      { A = with_value(SPAN(M1(NODE_LEVEL_IS, L(NODE_NAME, N)), T), LEVEL_OR_WORSE); }
levelspec(A) ::= NODATA(T).               { A = L(NODE_LEVEL_NO_DATA, T); }
memberlevels(A) ::= levelspec(S).         { A = S; }
memberlevels(A) ::= ONEOF oneof(B).       { A = B; }
oneof(A) ::= name(N).                     { A = M1(NODE_LEVEL_ONE_OF, N); }
oneof(A) ::= oneof(B) COMMA name(N).      { A = add(px, B, N); }
dirspan(A) ::= FOR(T) NUMBER(N) UNITW(U). { A = SPAN(M3(NODE_DIRECTION_SPAN, NULL, L(NODE_NUMBER, N), L(NODE_NAME, U)), T); }
dirspan(A) ::= ON(T) LAST NAME(N).        { A = SPAN(M3(NODE_DIRECTION_SPAN, NULL, NULL, L(NODE_NAME, N)), T); }

wordcmp(A) ::= BETTERTHAN(T) operand(B).   { A = words_comparison(px, REL_BETTER, T, NULL, B); }
wordcmp(A) ::= WORSETHAN(T) operand(B).    { A = words_comparison(px, REL_WORSE, T, NULL, B); }
wordcmp(A) ::= NOBETTERTHAN(T) operand(B). { A = words_comparison(px, REL_NO_BETTER, T, NULL, B); }
wordcmp(A) ::= NOWORSETHAN(T) operand(B).  { A = words_comparison(px, REL_NO_WORSE, T, NULL, B); }
wordcmp(A) ::= AT(T) atref(B) ORBETTER(U). { A = SPAN(words_comparison(px, REL_AT_OR_BETTER, T, NULL, B), U); }
wordcmp(A) ::= AT(T) atref(B) ORWORSE(U).  { A = SPAN(words_comparison(px, REL_AT_OR_WORSE, T, NULL, B), U); }
wordcmp(A) ::= ATLEAST(T) operand(B).      { A = words_comparison(px, REL_GE, T, NULL, B); }
wordcmp(A) ::= ATMOST(T) operand(B).       { A = words_comparison(px, REL_LE, T, NULL, B); }
wordcmp(A) ::= BELOW(T) operand(B).        { A = words_comparison(px, REL_LT, T, NULL, B); }
wordcmp(A) ::= ABOVE(T) operand(B).        { A = words_comparison(px, REL_GT, T, NULL, B); }
wordcmp(A) ::= WITHIN(T) amount(M) OF operand(B). { A = words_comparison(px, REL_WITHIN, T, M, B); }
wordcmp(A) ::= WITHIN(T) amount(M) OF atref(B) ORBETTER(U). { A = SPAN(words_comparison(px, REL_WITHIN_OR_BETTER, T, M, B), U); }
wordcmp(A) ::= OVER(T) amount(M) BETTERTHAN operand(B). { A = words_comparison(px, REL_OVER_BETTER, T, M, B); }
wordcmp(A) ::= OVER(T) amount(M) WORSETHAN operand(B).  { A = words_comparison(px, REL_OVER_WORSE, T, M, B); }
wordcmp(A) ::= ATLEAST(T) amount(M) BETTERTHAN operand(B). { A = words_comparison(px, REL_LEAST_BETTER, T, M, B); }
wordcmp(A) ::= ATLEAST(T) amount(M) WORSETHAN operand(B).  { A = words_comparison(px, REL_LEAST_WORSE, T, M, B); }
wordcmp(A) ::= ATMOST(T) amount(M) BETTERTHAN operand(B).  { A = words_comparison(px, REL_MOST_BETTER, T, M, B); }
wordcmp(A) ::= ATMOST(T) amount(M) WORSETHAN operand(B).   { A = words_comparison(px, REL_MOST_WORSE, T, M, B); }
wordcmp(A) ::= OVER(T) amount(M).          { A = advise_over(px, T, M); }
wordcmp(A) ::= MORETHAN(T) operand(M).     { A = advise(px, M, T, "above %s"); }
wordcmp(A) ::= LESSTHAN(T) operand(M).     { A = advise(px, M, T, "below %s"); }
wordcmp(A) ::= UNDER(T) operand(M).        { A = advise(px, M, T, "below %s"); }
wordcmp(A) ::= BETWEEN(T) operand(E) AND operand(F). { A = advise_by_hand(px, M2(NODE_LIST, E, F), T, "at least %s and at most %s"); }
wordcmp(A) ::= MORETHAN(T) amount(M) WORSETHAN operand.  { A = advise(px, M, T, "over %s"); }
wordcmp(A) ::= MORETHAN(T) amount(M) BETTERTHAN operand. { A = advise(px, M, T, "over %s"); }
atref(A) ::= num(B).                      { A = B; }
atref(A) ::= path(B).                     { A = B; }
atref(A) ::= paren(B).                    { A = B; }
amount(A) ::= num(B).                     { A = B; }
amount(A) ::= path(B).                    { A = B; }
amount(A) ::= paren(B).                   { A = B; }
num(A) ::= NUMBER(N).                     { A = L(NODE_NUMBER, N); }
num(A) ::= NUMBER(N) PCT(T).              { A = SPAN(M1(NODE_NUMBER_PERCENT, L(NODE_NUMBER, N)), T); }
num(A) ::= NUMBER(N) UNITW(U).            { A = M2(NODE_NUMBER_UNIT, L(NODE_NUMBER, N), L(NODE_NAME, U)); }
snum(A) ::= num(B).                       { A = B; }
snum(A) ::= MINUS(T) num(B).              { A = SPAN(M1(NODE_NEGATIVE, B), T); }

/* ---- expressions ---- */
operand(A) ::= ratio(B).                  { A = B; }
operand(A) ::= operand(B) ELSE ratio(C).  { A = M2(NODE_OR_ELSE, B, C); }
operand(A) ::= operand(B) ELSEEVEN ratio(C). { A = with_flags(M2(NODE_OR_ELSE, B, C), NODE_FLAG); }
ratio(A) ::= sum(B).                      { A = B; }
ratio(A) ::= sum(B) ASPERCENTOF sum(C).   { A = refuse_compound(px, M2(NODE_PERCENT_OF, B, C), B, C); }
ratio(A) ::= sum(B) PER NUMBER(N) OF sum(C). { A = refuse_compound(px, M3(NODE_PER_OF, B, L(NODE_NUMBER, N), C), B, C); }
sum(A) ::= prod(B).                       { A = B; }
sum(A) ::= sum(B) PLUS prod(C).           { A = M2(NODE_ADD, B, C); }
sum(A) ::= sum(B) MINUS prod(C).          { A = M2(NODE_SUBTRACT, B, C); }
prod(A) ::= unary(B).                     { A = B; }
prod(A) ::= prod(B) STAR unary(C).        { A = M2(NODE_MULTIPLY, B, C); }
prod(A) ::= prod(B) SLASH unary(C).       { A = M2(NODE_DIVIDE, B, C); }
unary(A) ::= MINUS(T) unary(B).           { A = SPAN(M1(NODE_NEGATIVE, B), T); }
unary(A) ::= prim(B).                     { A = B; }
prim(A) ::= num(B).                       { A = B; }
prim(A) ::= PERIOD(P).                    { A = L(NODE_PERIOD, P); }
prim(A) ::= string(S).                    { A = S; }
prim(A) ::= path(P).                      { A = P; }
prim(A) ::= paren(P).                     { A = P; }
prim(A) ::= path(P) OFENTITY string(S).   { A = M2(NODE_OF_ENTITY, P, S); }
prim(A) ::= paren(P) OFENTITY string(S).  { A = M2(NODE_OF_ENTITY, P, S); }
prim(A) ::= path(P) OFENTITY name(N).     { A = M2(NODE_OF_ENTITY, P, N); }
prim(A) ::= paren(P) OFENTITY name(N).    { A = M2(NODE_OF_ENTITY, P, N); }
prim(A) ::= FOLDOF(T) prim(E) optasof(F) AMONG name(P). { A = SPAN(M4(NODE_AMONG, L(NODE_NAME, T), E, F, P), T); }
prim(A) ::= FOLDOF(T) prim(E) optasof(F) AMONG name(P) enough(W). { A = SPAN(M5(NODE_AMONG, L(NODE_NAME, T), E, F, P, W), T); }
optasof(A) ::= .                          { A = NULL; }
optasof(A) ::= ASOF period(P).            { A = P; }
enough(A) ::= allow(W).                   { A = W; }
enough(A) ::= WITH(T) ATLEAST NUMBER(N) NAME(K). { A = SPAN(M2(NODE_LEAST_KNOWN, L(NODE_NUMBER, N), L(NODE_NAME, K)), T); }
prim(A) ::= COUNTOF(T) levelspec(S).      { A = SPAN(M1(NODE_COUNT_OF, S), T); }
prim(A) ::= SHAREOF(T) levelspec(S).      { A = SPAN(M1(NODE_SHARE_OF, S), T); }
prim(A) ::= WEIGHTEDSHAREOF(T) levelspec(S). { A = SPAN(M1(NODE_WEIGHTED_SHARE_OF, S), T); }
prim(A) ::= NAME(N) LP args(B) RP(T).     { A = SPAN(with_callee(px, B, L(NODE_NAME, N)), T); }
prim(A) ::= NAME(N) LP args(B) RP allow(W). { A = add(px, with_callee(px, B, L(NODE_NAME, N)), W); }
allow(A) ::= ALLOW(T) NUMBER(N) MISSING(M). { A = SPAN(SPAN(M1(NODE_ALLOW, L(NODE_NUMBER, N)), T), M); }
paren(A) ::= LP(T) expr(E) RP(U).         { A = SPAN(SPAN(M1(NODE_PAREN, E), T), U); }
path(A) ::= NAME(N).                      { A = M1(NODE_PATH, L(NODE_NAME, N)); }
path(A) ::= path(P) DOT NAME(N).          { A = add(px, P, L(NODE_NAME, N)); }
args(A) ::= operand(E).                   { A = M2(NODE_CALL, NULL, E); }
args(A) ::= args(B) COMMA operand(E).     { A = add(px, B, E); }
args(A) ::= args(B) COMMA WITHIN(T) NUMBER(N) UNITW(U). { A = add(px, B, SPAN(M2(NODE_WITHIN_PERIODS, L(NODE_NUMBER, N), L(NODE_NAME, U)), T)); }

%code {
void parser_snapshot(const void *yyp, Snapshot *s) {
    const yyParser *parser = yyp;
    s->n = 0;
    for (const yyStackEntry *e = parser->yystack; e <= parser->yytos && s->n < PARSER_MAX_STACK; e++)
        s->states[s->n++] = e->stateno;
}

// Runs the parser's tables on a copy of the states: reductions until the token is shifted or
// refused. A state beyond YY_MAX_SHIFT is a reduction that is due whatever comes.
bool parser_accepts(const Snapshot *from, int type) {
    unsigned short states[PARSER_MAX_STACK];
    size_t n = from->n;
    memcpy(states, from->states, n * sizeof *states);
    for (size_t n_steps = 0; n_steps < 4 * (size_t)PARSER_MAX_STACK; n_steps++) {
        YYACTIONTYPE action = yy_find_shift_action((YYCODETYPE)type, states[n - 1]);
        if (action <= YY_MAX_SHIFTREDUCE) return true;
        if (action < YY_MIN_REDUCE) return action == YY_ACCEPT_ACTION;
        unsigned rule = action - YY_MIN_REDUCE;
        size_t n_popped = (size_t)(-yyRuleInfoNRhs[rule]);
        if (n_popped >= n || n - n_popped >= PARSER_MAX_STACK) return false;
        n -= n_popped;
        states[n] = yy_find_reduce_action(states[n - 1], (YYCODETYPE)yyRuleInfoLhs[rule]);
        if (states[n] == YY_ACCEPT_ACTION) return false;
        n++;
    }
    return false;
}

}
