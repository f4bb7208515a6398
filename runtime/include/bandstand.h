// SPDX-License-Identifier: Apache-2.0
// Bandstand: the rules language for KPI thresholds and RAG status.
//
// A host opens a session, adds rule files, compiles them, adds metric files and runs:
//
//     bs_session *s = bs_open();
//     bs_add_rules(s, "rules/scorecard.rag");
//     if (bs_compile(s) == BS_OK && bs_add_data(s, "may.csv") == BS_OK)
//         bs_run(s, &(bs_filter){0}, print_result, NULL);
//     bs_write_diagnostics(s, &sink, 0);
//     bs_close(s);
//
// Texts are UTF-8 with their length and belong to the session. Nothing here prints, exits or keeps
// state outside the session; sessions may run in several threads, one thread a session.
#ifndef BANDSTAND_H
#define BANDSTAND_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BS_VERSION "0.1.0"

#if defined(__GNUC__)
#define BS_API __attribute__((visibility("default")))
#else
#define BS_API
#endif

typedef enum bs_code {
    BS_OK = 0,
    BS_INVALID,   // rules, data or an expression are in error: see the diagnostics
    BS_NO_MEMORY,
    BS_STOPPED,   // a callback or sink asked to stop
    BS_USAGE,     // a call out of order or an argument out of range
} bs_code;

typedef struct bs_text {
    const char *s; // never NULL; NUL-terminated too
    size_t len;
} bs_text;

// Where text goes. Returns false to stop (a full disk, a closed pipe).
typedef struct bs_sink {
    bool (*write)(void *context, const char *s, size_t len);
    void *context;
} bs_sink;

typedef struct bs_session bs_session;

// A new session, or NULL when memory runs out. bs_close(NULL) does nothing.
BS_API bs_session *bs_open(void);
BS_API void bs_close(bs_session *s);

// Adds a rule file by path, or a text under a name that messages use. What is wrong with it is
// among the findings at once, and makes bs_compile return BS_INVALID. `use` reaches files below the
// current folder if the first rule file lies in it, else below that file's folder, never outside.
BS_API bs_code bs_add_rules(bs_session *s, const char *path);
BS_API bs_code bs_add_rules_text(bs_session *s, const char *name, const char *text, size_t len);

// Adds a text whose declarations stand in place of those that declare the same name in what was added
// before: a KPI that is defined anew. What it declares besides is added.
BS_API bs_code bs_add_rules_over(bs_session *s, const char *name, const char *text, size_t len);

// Adds a rule file that may hold overrides alone.
BS_API bs_code bs_add_overrides(bs_session *s, const char *path);

// Compiles what was added. Call once. BS_INVALID when there are errors.
BS_API bs_code bs_compile(bs_session *s);

// Proves what it can of the compiled rules, for every figure that could come, and looks for what
// only a check reports, such as an `allow` comment that allows nothing. After bs_compile; of rules
// with errors it looks at what could be made out. BS_INVALID when there are errors among what it
// finds. docs/proofs.md says what is proved.
BS_API bs_code bs_check(bs_session *s);

// Who will see the results. Without a call those who may see everything.
typedef enum bs_audience {
    BS_INTERNAL,
    BS_PUBLISH, // everyone: counts that the rules call too small, and whatever would give them away,
                // are withheld in results and findings
} bs_audience;
// Before any data. Results for the public come by KPI only (BS_BY_KPI), from bs_run,
// bs_write_results and bs_judge_files; whatever else tells of figures returns BS_USAGE.
BS_API bs_code bs_set_audience(bs_session *s, bs_audience audience);

// Reads a metric file ("-": standard input; "INPUT=FILE" names the input block). After bs_compile.
BS_API bs_code bs_add_data(bs_session *s, const char *path);

// Lets [s], which is compiled and has read nothing, have the figures that [from] has read, without
// reading them again. That can be done where the rules of both read files alike: the same inputs
// and fields, and the same metrics in any order. BS_INVALID, without a finding, where they do not;
// then [s] is as it was, and the files have to be read again with bs_add_data. What was found while
// reading stays with [from], which takes no more files, nor does [s]; what assertions and overrides
// find is found again. The figures live until the last session that has them is closed, in whatever
// order, and sessions that share them may run in several threads.
BS_API bs_code bs_share_data(bs_session *s, bs_session *from);

// Takes the figures for complete and holds the assertions and overrides against them, as anything
// that asks for results does by itself. BS_INVALID when an override expired or matches nothing; an
// assertion that fails is among the findings alone. After the last bs_add_data.
BS_API bs_code bs_finish_data(bs_session *s);

typedef enum bs_stage { BS_READING, BS_JUDGING } bs_stage;

// How far the work has come.
typedef struct bs_progress {
    bs_stage stage;
    unsigned long long n_rows;  // read, of all files so far; or results that were judged
    unsigned long long n_done;  // BS_READING: bytes of the present file, as it is stored;
    unsigned long long n_total; // or 0 where that cannot be known. BS_JUDGING: parts of equal kind
} bs_progress;
// Returns false to stop: the call that is at work then returns BS_STOPPED. Figures that were being read
// are not complete then, and the session is good for nothing but bs_close.
typedef bool (*bs_progress_fn)(void *context, const bs_progress *progress);

// Has [fn] called now and then while metric files are read and results judged, by one thread at a
// time; NULL for no more calls.
BS_API void bs_on_progress(bs_session *s, bs_progress_fn fn, void *context);

// ---- findings -----------------------------------------------------------------------------------

typedef enum bs_severity { BS_NOTE, BS_WARNING, BS_ERROR } bs_severity;

typedef struct bs_diagnostic {
    const char *code; // "B101"
    bs_severity severity;
    bs_text file;
    unsigned line, column; // from 1; 0: not known
    bs_text message, hint;
    bs_text because; // why the rules allow the finding, which then counts nowhere; else empty
} bs_diagnostic;

BS_API size_t bs_n_diagnostics(const bs_session *s);
BS_API bs_diagnostic bs_diagnostic_at(const bs_session *s, size_t i);
// Writes the findings from number [from] on, without those that are allowed and, before bs_check,
// without notes; with source lines and carets. [colour]: ANSI colours.
BS_API bs_code bs_write_diagnostics(const bs_session *s, size_t from, bool colour,
                                    const bs_sink *sink);
// The same for one finding, whatever it is.
BS_API bs_code bs_write_diagnostic(const bs_session *s, size_t i, bool colour, const bs_sink *sink);
// The findings of the rules for other programs, in UTF-8: a JSON document (see docs/findings.md),
// SARIF 2.1.0, or GitHub workflow commands, a line each.
typedef enum bs_findings_format {
    BS_FINDINGS_JSON,
    BS_FINDINGS_SARIF,
    BS_FINDINGS_GITHUB
} bs_findings_format;
BS_API bs_code bs_write_findings(const bs_session *s, bs_findings_format format,
                                 const bs_sink *sink);
// Number of errors and warnings so far, and of findings that the rules allow, which are neither.
BS_API size_t bs_n_errors(const bs_session *s);
BS_API size_t bs_n_warnings(const bs_session *s);
BS_API size_t bs_n_allowed(const bs_session *s);

// A rule file in which something can be put right. The texts are valid during the callback.
typedef struct bs_mended {
    bs_text path;          // as messages have it
    bs_text before, after; // the whole text
    size_t n_edits;
} bs_mended;
// Returns false to stop.
typedef bool (*bs_mended_fn)(void *context, const bs_mended *file);

// Hands out each rule file that has findings with an edit that cannot change what is meant, such as
// `==` to `=`, and its text with those edits applied. What was hidden behind such a finding may
// show only when the new text is compiled. Writes nothing. After bs_compile, whatever it returned.
BS_API bs_code bs_mend_rules(const bs_session *s, bs_mended_fn fn, void *context);
// Has [text], which is copied, read wherever the rule file [path] would be. Before bs_add_rules.
BS_API bs_code bs_override_rules(bs_session *s, const char *path, const char *text, size_t len);
// Writes how two texts differ as a unified diff; nothing when they are equal.
BS_API bs_code bs_write_diff(bs_text name, bs_text before, bs_text after, const bs_sink *sink);

// ---- results ------------------------------------------------------------------------------------

typedef enum bs_status_kind {
    BS_JUDGED,   // a level of the status's scale
    BS_NO_DATA,  // no status, for the reason in `missing` and `reason`
    BS_UNJUDGED, // the KPI has no status block
} bs_status_kind;

typedef struct bs_figure {
    bs_text name, label;
    bs_text exact, shown; // empty when missing; [shown] of what is withheld: "c" or "withheld"
    bs_text missing;      // reason in words, empty when known
    bs_text unit;         // as bs_result.unit; "number" of a rank
} bs_figure;

typedef struct bs_level {
    bs_text name;          // of the band table: "ofsted"
    bs_text level, label;  // empty when missing; [label] of one that is withheld: "withheld"
    bs_text missing;
} bs_level;

// One row: a KPI, a group or a scorecard; an entity; a period. Valid during the callback. A group
// has no figure, and its name and label stand where those of a KPI would.
typedef struct bs_result {
    bs_text row;     // "kpi", "group" or "scorecard"
    bs_text members; // of a group: how many have which status, "2 red, 1 green"; else empty
    bs_text changes; // of a group: which single KPI, moving by how much, would change its status
    bs_text kpi, label, source, note, unit;
    bs_text entity, period;
    bs_figure value;
    bs_figure previous;
    const bs_figure *figures; // comparators, and the target under the name "target"
    size_t n_figures;
    const bs_level *levels;
    size_t n_levels;
    bs_status_kind kind;
    bs_text status_name;                 // of the status block: "rag"
    bs_text status, status_label;        // level name and label; empty unless judged
    bs_text status_symbol, status_colour;
    unsigned status_rank, n_status_ranks; // 0 the worst; of how many levels
    // Of a status by hand the level that the rules give, or "no data"; of a group with overrides
    // below it what it would be without them; else empty.
    bs_text computed, computed_label;
    bool by_hand; // the status is an override; then:
    bs_text override_by, override_because, override_until; // until: the last period
    bs_text direction; // improving, worsening, steady, up, down, or empty
    bs_text missing;   // why there is no status, in words; empty when judged
    bool without_rules; // no rules of the KPI, or of one of its levels, are in force in the period
    bs_text marks;     // "provisional, revised"; empty for none
    bs_text replaced;  // the earlier value where a revision replaced it, as shown
    bs_text rule_file; // the line that decided
    unsigned rule_line;
    bs_text because;   // the rule's own words, or empty
    bs_text reason;    // the sentence
    bs_text data_file; // the value's first figure
    unsigned data_line;
    // With bs_filter.rules_as_of, what the rules of that time say; empty and NULL otherwise.
    bs_status_kind kind_as_of;
    bs_text status_as_of;          // level name; empty unless judged
    bs_text status_as_of_label, status_as_of_symbol;
    bs_text missing_as_of;         // of BS_NO_DATA: why, such as that no rules were in force then
    const bs_level *levels_as_of;  // beside [levels]
} bs_result;

typedef struct bs_filter { // empty lists select everything; several entries of a list are "or"
    const char *const *kpis;
    size_t n_kpis;
    const char *const *entities;
    size_t n_entities;
    const char *const *periods;
    size_t n_periods;
    const char *rules_as_of; // a period: judge every row also by the rules in force then; NULL: no
} bs_filter;

// Returns false to stop.
typedef bool (*bs_result_fn)(void *context, const bs_result *result);

// Evaluates: KPIs in the order of the rule files and then groups, entities in order of first sight,
// periods ascending. A filter that names an unknown KPI, entity or period is an error with "did you
// mean".
BS_API bs_code bs_run(bs_session *s, const bs_filter *filter, bs_result_fn fn, void *context);

// ---- two sessions side by side ------------------------------------------------------------------

// A row of which the two sessions do not say the same.
typedef struct bs_change {
    const bs_result *before, *after; // NULL where that session has no such row; one is there. Valid
                                     // during the callback
    bool alone; // the KPI or group itself is in the rules of one session only
    // What made the difference: the band edges between, or else the figures that moved. "ofsted:
    // 18.9% → 20.6%, across 20%", "ofsted: 19.5% was good (15% (excluded) to 20%), is now requires
    // improvement (19% (excluded) to 25%)", "statistical_neighbours: 20.0 → 21.0". Empty where
    // neither figures nor bands tell, as with a line of the status that was changed.
    bs_text cause;
    // The lines that made it so: of the bands that hold the figure where these are what differs,
    // else those that decide the status. Line 0: none.
    bs_text file_before, file_after;
    unsigned line_before, line_after;
} bs_change;

// Returns false to stop.
typedef bool (*bs_change_fn)(void *context, const bs_change *change);

typedef struct bs_diff_options { // all zero: everything
    bs_filter filter; // what it names has to be in one session at least; without rules_as_of
    // Compares the rows of one period with those of another, of either session: both or none.
    const char *period_before, *period_after;
    bool common; // leave out KPIs and groups that are in the rules of one session only
} bs_diff_options;

typedef struct bs_diff_counts {
    size_t n_kpis;    // KPIs and groups that were compared row by row
    size_t n_same;    // those that were not, since they mean the same and have the same figures
    size_t n_rows;    // of the compared ones, those of both sessions counted once
    size_t n_judged;  // rows that were judged for it, in either session
    size_t n_changed; // rows that were handed out
} bs_diff_counts;

// Hands out each row (KPI or group, entity, period) that has another status in [after] than in
// [before], a judged one against none included, or that one of them lacks. KPIs and groups are
// known by their names, levels by theirs; they come in the order of [after], then those that are in
// [before] alone. Where the figures are shared (bs_share_data), a KPI or group is judged again only
// if something that its status depends on is another: its own clauses, bands, scale, series, peers,
// chart and overrides, and a group's members. Findings go to [after]. [options] and [counts] may be
// NULL.
BS_API bs_code bs_diff(bs_session *before, bs_session *after, const bs_diff_options *options,
                       bs_change_fn fn, void *context, bs_diff_counts *counts);

// Which way rules have moved: what they ask for, seen from the figures.
typedef enum bs_strictness {
    BS_AS_STRICT, // no figures have another status
    BS_STRICTER,  // some have a worse one, none a better one
    BS_LAXER,
    BS_BOTH_WAYS,
    BS_AS_MEMBERS, // of a group whose own rules are the same: it follows those of its members
    BS_OTHERWISE, // some have another one that is neither better nor worse: none in place of one,
                  // or levels that the scales do not order
} bs_strictness;

// Sums of figures between two ends: 1 value - 5/4 statistical_neighbours at least 0.
typedef struct bs_term {
    bs_text figure; // "value", "previous", a comparator or a metric
    bs_text by;     // exact
} bs_term;
typedef struct bs_bound {
    const bs_term *terms;
    size_t n_terms;
    bs_text low, high; // exact; empty: no end
    bool low_open, high_open; // the end itself is left out
} bs_bound;

// Figures for which all bounds hold, and those are missing that have to be. Texts and planned
// values that it hangs on stand in the words alone.
typedef struct bs_region {
    bs_text words; // "values from 19% (excluded) to 20%"
    const bs_bound *bounds;
    size_t n_bounds;
    bool below_zero; // only with some figure below zero, which a `range` may rule out
    const bs_text *missing, *known; // figures; a bounded one is known too
    size_t n_missing, n_known;
} bs_region;

// Figures that have another level or status.
typedef struct bs_move {
    bs_text of;              // the status block or the bands: "rag", "ofsted"
    bool is_status;
    bs_text from, to;        // level names; empty for no data
    bs_text from_label, to_label;
    bs_strictness way;
    bs_text when;            // "from 2024-04-01" where rules are in force for a time; else empty
    const bs_region *regions; // all of them, no two with a point in common
    size_t n_regions;
    bool below_zero;         // that holds of each of them
    bs_text example;         // "value 20%", run through both sets of rules; empty for none
    bs_text file_before, file_after; // the lines that decide the example; empty when none does
    unsigned line_before, line_after;
} bs_move;

typedef enum bs_presence { BS_IN_BOTH, BS_IN_BEFORE, BS_IN_AFTER } bs_presence;

// A KPI or group whose rules are not the same. Valid during the callback.
typedef struct bs_rules_change {
    bs_text row, kpi, label; // as in bs_result
    bs_presence presence;    // where it is; without moves unless in both
    bs_strictness way;       // of all moves together
    const bs_move *moves;
    size_t n_moves;
    bs_text undecided; // why the moves may be more than there are, or fewer; empty: they are all
    const bs_text *notes; // what else is another: "the value is worked out in another way"
    size_t n_notes;
} bs_rules_change;

// Returns false to stop.
typedef bool (*bs_rules_change_fn)(void *context, const bs_rules_change *change);

// Hands out each KPI or group whose meaning is not the same in both, with the figures for which its
// levels and its status (before any override) are other ones: worked out from the rules alone, for
// every figure that could come. The KPI's value, the one before and its comparators count as the
// same figures on both sides. The sessions are compiled. [filter], which may be NULL, counts by its
// KPIs alone; [n_same], which may be NULL, is the number of those that mean the same. A group is
// known only by whether its own rules are the same: for which statuses of its members they differ
// is undecided.
BS_API bs_code bs_diff_rules(bs_session *before, bs_session *after, const bs_filter *filter,
                             bs_rules_change_fn fn, void *context, size_t *n_same);

typedef enum bs_report_format {
    BS_REPORT_TABLE,
    BS_REPORT_MARKDOWN,
    BS_REPORT_JSON
} bs_report_format;

typedef struct bs_comparison {
    const char *name_before, *name_after; // of what is compared, for the heading
    bool rules;                           // compare the rules
    bool rows;                            // compare the rows, which both sessions have figures for
    bs_diff_options options;              // of the rows
    bs_report_format format;
    bool colour, ascii; // of tables
} bs_comparison;

typedef struct bs_comparison_counts {
    size_t n_rules_same, n_rules_alone; // KPIs and groups that mean the same; of one side only
    size_t n_as_strict, n_stricter, n_laxer, n_both_ways, n_as_members, n_otherwise; // the others;
    size_t n_as_strict_undecided; // of n_as_strict, those without a move that was found
    size_t n_undecided;  // of these, those whose moves may be more or fewer than were found
    size_t n_to_no_data; // and those with a level that becomes no data
    bs_diff_counts rows;
    size_t n_rows_common; // of the compared rows, those of both sides
    size_t n_rows_worse, n_rows_better, n_rows_to_no_data; // of the changed rows
} bs_comparison_counts;

// Writes what bs_diff_rules and bs_diff hand out as a report: for each KPI which figures move and
// which way, a matrix of flips, and the rows whose status changes by the rule line that made them.
// [counts] may be NULL.
BS_API bs_code bs_write_comparison(bs_session *before, bs_session *after, const bs_comparison *what,
                                   const bs_sink *sink, bs_comparison_counts *counts);

// The rule set's hash: SHA-256 in hexadecimal of the compiled rules' meaning. Empty before compile.
BS_API bs_text bs_rules_hash(const bs_session *s);

// The same of the overrides, which are no part of the rules; empty where there are none.
BS_API bs_text bs_overrides_hash(const bs_session *s);
BS_API size_t bs_n_overrides(const bs_session *s);

typedef enum bs_format { BS_TABLE, BS_CSV, BS_JSON, BS_JSONL } bs_format;

// Which row comes first.
typedef enum bs_order {
    BS_BY_KPI,  // KPIs, entities and periods as bs_run has them
    BS_AS_READ, // the order of the figures in the metric files; rows without a figure last, by KPI.
                // Not for tables
} bs_order;

typedef struct bs_output {
    bs_format format;
    const char *const *columns; // NULL: the format's usual ones
    size_t n_columns;
    bool reasons;  // table, csv: add the reason sentence (JSON always has it)
    bool colour;   // table: ANSI colours beside the words
    bool ascii;    // table: no characters beyond ASCII in frames and symbols
    unsigned width; // table: columns of the terminal; 0: as wide as needed
    size_t page_rows; // table: after so many rows it goes on with a heading of its own, and these are
                      // written before further ones are judged; 0: 20,000
    bs_order order;
    unsigned threads; // that judge, other than for a table, and with bs_judge_files read; 0: as many
                      // as there are processors
} bs_output;

typedef struct bs_counts {
    size_t n_rows, n_no_data, n_unjudged;
    size_t n_by_hand; // of the rows, those whose status is an override
    // Assertions, each for each entity and period: unchecked where a figure is missing.
    size_t n_held, n_failed, n_unchecked;
    size_t n_as_of_differ; // rows with another status by the rules of bs_filter.rules_as_of
    size_t n_without_rules; // rows of a period in which no rules of the KPI are in force
} bs_counts;

// Runs and writes in one go. [counts] and [fail_on]-matches may be NULL; [fail_on] holds status
// levels, "no-data" and "assertion"; *matches is the number of rows with one of them, and for
// "assertion" of failures that are errors. An unknown name in
// [fail_on] or in columns is an error with "did you mean".
BS_API bs_code bs_write_results(bs_session *s, const bs_filter *filter, const bs_output *output,
                                const char *const *fail_on, size_t n_fail_on, const bs_sink *sink,
                                bs_counts *counts, size_t *matches);

// Reads metric files and writes their results, as bs_add_data for each file and bs_write_results
// do. With the order BS_AS_READ a single CSV file in the long layout is judged while it is read, by
// several threads and in little memory, when no KPI and no column needs more than the row itself;
// then [sink] is called from any of the threads, by one at a time, and may have been given results
// when a fault is found further down the file. After bs_compile, once for a session.
BS_API bs_code bs_judge_files(bs_session *s, const char *const *paths, size_t n_paths,
                              const bs_filter *filter, const bs_output *output,
                              const char *const *fail_on, size_t n_fail_on, const bs_sink *sink,
                              bs_counts *counts, size_t *matches);

// ---- drawn and counted --------------------------------------------------------------------------

// A stretch of the number line and the level that a band table gives to figures in it. Valid during the
// callback.
typedef struct bs_band {
    bs_text table;                // of the KPI: "ofsted"
    bs_text level, label, symbol; // empty: in no band
    bs_text low, high;            // exact; empty: no end on that side
    bool low_in, high_in;         // the end itself belongs to it
    bool is_gap, is_rest;         // between two bands; what `otherwise` takes
    bs_text file;                 // of the line that settles it
    unsigned line;                // 0: none does
} bs_band;
// Returns false to stop.
typedef bool (*bs_band_fn)(void *context, const bs_band *band);

// Hands out the band tables of a KPI, each from its lowest figures up: those in force in [period], or
// without one (NULL) the latest. After bs_compile.
BS_API bs_code bs_list_bands(bs_session *s, const char *kpi, const char *period, bs_band_fn fn,
                             void *context);

// A result with what a chart of the KPI's rules says of it. Valid during the callback.
typedef struct bs_point {
    const bs_result *result;
    bs_text mean, low, high; // the limits of its stretch, exact; empty without a chart, and where it
                             // has none
    unsigned stretch;        // of the chart, from 1; 0: no limits
    int signal;              // a rule of the chart speaks of it: 1 high or rising, -1 low or falling
} bs_point;
// Returns false to stop.
typedef bool (*bs_point_fn)(void *context, const bs_point *point);

// Hands out the results of a KPI in an entity, period by period.
BS_API bs_code bs_list_history(bs_session *s, const char *kpi, const char *entity, bs_point_fn fn,
                               void *context);

// How many of a KPI's or group's results have a status. Valid during the callback.
typedef struct bs_tally {
    bs_text kpi, label;
    bs_text status, status_label; // level, "no data", or "not judged" of a KPI without a status block
    size_t n;
} bs_tally;
// Returns false to stop.
typedef bool (*bs_tally_fn)(void *context, const bs_tally *tally);

// Counts the selected results of each KPI and group: its levels, the best first, then those without a
// status. NULL selects everything.
BS_API bs_code bs_count_statuses(bs_session *s, const bs_filter *filter, bs_tally_fn fn,
                                 void *context);

// ---- why ----------------------------------------------------------------------------------------

typedef enum bs_step_kind {
    BS_STEP_FIGURE, // a figure that the rules read: from a metric file, set by hand, or missing
    BS_STEP_VALUE,  // what they make of the figures: the value, comparators, the target
    BS_STEP_BAND,   // the level that a band table or a chart gives, and the edges beside the value
    BS_STEP_ROUND,  // a rounding: of what is shown, or of what bands read
    BS_STEP_MEMBER, // a member of a group
    BS_STEP_LINE,   // a line of the status block, in its order
} bs_step_kind;

typedef enum bs_verdict { // of a line
    BS_NO_LINE,     // the step is none
    BS_DECIDES,
    BS_HOLDS,       // but a line before it decided, or lines before it could not be told
    BS_FAILS,
    BS_NOT_KNOWN,   // a figure is missing
    BS_NOT_REACHED, // a line before it decided
} bs_verdict;

// A step on the way to a status. Texts that do not apply are empty.
typedef struct bs_step {
    bs_step_kind kind;
    bs_text name;    // of the figure, level or member; of a line its condition as written
    bs_text text;    // the step in words
    bs_text exact;   // a figure's value
    bs_text missing; // why there is none, in words
    bs_text outcome; // of a line, band or member the level, "no data" included
    bs_verdict verdict;
    bs_text file;    // where the figure or line stands
    unsigned line;   // 0: nowhere
} bs_step;

// A change of one figure, all others staying as they are, that would give the wanted status.
typedef struct bs_nearest {
    bs_text figure; // as bs_set_figure takes it: "visits.value", "visits.national", a metric's name;
                    // of a group the KPI
    bs_text text;   // "green at 20% or below: 267 fewer re-referrals of 4161", or why there is none
    bool found;
    bs_text now;    // exact; empty when missing
    bs_text to;     // the nearest number that gives it, exact; of a group's KPI the status
    bool beyond;    // it has to lie beyond [to], however little
} bs_nearest;

// Why a result is what it is. Valid during the callback.
typedef struct bs_trace {
    const bs_result *result;
    bs_text sentence; // for a paper: the reason, the line that decided, what bands alone would say
    const bs_step *steps;
    size_t n_steps;   // 0 unless they are asked for
    const bs_nearest *nearest;
    size_t n_nearest; // 0 unless another status is asked for, and where the row has it
} bs_trace;
// Returns false to stop.
typedef bool (*bs_trace_fn)(void *context, const bs_trace *trace);

typedef enum bs_why_format { BS_WHY_TEXT, BS_WHY_MARKDOWN, BS_WHY_JSON } bs_why_format;

typedef struct bs_why_options {
    bool steps;
    const char *why_not; // the status that is wanted, "green" or "no-data"; NULL: none
    bs_why_format format; // of bs_why
} bs_why_options;

// Explains the selected results one by one, in the order of bs_run. [options] may be NULL. A status
// that no selected KPI or group has is an error with "did you mean"; rows on other scales are left
// out.
BS_API bs_code bs_trace_results(bs_session *s, const bs_filter *filter,
                                const bs_why_options *options, bs_trace_fn fn, void *context);
// The same, written: plain text, Markdown, or one JSON document.
BS_API bs_code bs_why(bs_session *s, const bs_filter *filter, const bs_why_options *options,
                      const bs_sink *sink);

// ---- what if ------------------------------------------------------------------------------------

// "KPI.TABLE.LEVEL=NUMBER": the rules are compiled with this number in place of the edge that is
// written; findings and proofs follow. Of a level with two edges it is the one towards the worse, or
// "KPI.TABLE.LEVEL.from" and ".to" name the lower and the upper. The level that adjoins it gives way
// where the two would overlap, and moves along where they shared the edge. Before bs_compile, which
// finds what is wrong with it; a later call for the same edge replaces the earlier.
BS_API bs_code bs_set_threshold(bs_session *s, const char *threshold);
// "NAME=NUMBER" or "NAME=missing": in the rows that [filter] selects by its entities and periods (its
// KPIs limit comparators and targets to theirs) the metric, the value of the KPI, the comparator or
// the target of that name reads this. Other periods and other entities look at it too. Nothing is
// written into the store; explanations say that it is set by hand for this run. After bs_compile; no
// data can be added afterwards. A later call prevails over an earlier one. BS_INVALID after adding
// diagnostics.
BS_API bs_code bs_set_figure(bs_session *s, const char *figure, const bs_filter *filter);
// Takes back all that bs_set_figure set.
BS_API bs_code bs_reset_figures(bs_session *s);

// ---- the rest -----------------------------------------------------------------------------------

// Evaluates an expression, in the context of the compiled rules' constants if there are any, and
// writes its exact value: "85%", "0.3", "1/3 (about 0.333333)". [json]: an object on one line, also
// for errors. BS_INVALID after adding diagnostics.
BS_API bs_code bs_eval(bs_session *s, const char *expression, size_t len, bool json,
                       const bs_sink *sink);

// A rule text and its canonical layout. The texts live until bs_close.
typedef struct bs_formatted {
    bs_text name;          // as messages have it
    bs_text before, after; // [after] compiles to the same rules, with the same hash
    unsigned first_line;   // of [before] that changes, from 1; 0: none does
} bs_formatted;
// One value of an expression. Valid during the callback.
typedef struct bs_row {
    bs_text entity, period; // empty for an expression that reads no figures
    bs_text value;          // as bs_eval writes it; empty when missing
    bs_text missing;        // the reason in words
} bs_row;
// Returns false to stop.
typedef bool (*bs_row_fn)(void *context, const bs_row *row);

// Evaluates an expression over the figures: a row for each entity that has a figure of one of the
// metrics in it, in each reported period, or of [entity] or [period] alone where they are not NULL.
// After bs_compile; takes the figures to be complete. BS_INVALID after adding diagnostics.
BS_API bs_code bs_eval_rows(bs_session *s, const char *expression, size_t len, const char *entity,
                            const char *period, bs_row_fn fn, void *context);
// Writes what an expression measures, on a line: "percent", "per 10000", "yes or no".
BS_API bs_code bs_type(bs_session *s, const char *expression, size_t len, const bs_sink *sink);

typedef enum bs_name_kind {
    BS_NAME_KPI,
    BS_NAME_GROUP, // and scorecards
    BS_NAME_METRIC,
    BS_NAME_CONSTANT,
    BS_NAME_PATTERN,
    BS_NAME_BANDS, // tables for several KPIs
    BS_NAME_SCALE,
    BS_NAME_LEVEL,
    BS_NAME_ENTITY,
    BS_NAME_PERIOD,
    BS_NAME_FILE,      // files and texts that were read, as messages have them
    BS_NAME_LINE_WORD, // words of the language at the start of a line
    BS_NAME_WORD,      // and elsewhere
} bs_name_kind;
// Returns false to stop. [label] may be empty.
typedef bool (*bs_name_fn)(void *context, bs_text name, bs_text label);

// Hands out the names of a kind: of compiled rules, or of the figures, which are taken to be complete.
BS_API bs_code bs_list_names(bs_session *s, bs_name_kind kind, bs_name_fn fn, void *context);

typedef struct bs_source { // valid during the callback
    bs_text word, name; // "kpi", "re_referral_rate"
    bs_text file;       // as messages have it
    unsigned line;      // of its name
    bs_text text;       // as written; of a row of `measures`, the heading and the row
} bs_source;
// Returns false to stop.
typedef bool (*bs_source_fn)(void *context, const bs_source *source);

// Hands out where a name is declared: a KPI, a metric, a scale.
BS_API bs_code bs_find_sources(bs_session *s, const char *name, bs_source_fn fn, void *context);

// Lays out a rule file ("-": standard input), or a text under a name that messages use, without
// following its `use` lines or writing anything. Blanks and ends of lines are all that changes. At
// any time; what is wrong with the text is among the findings, and then BS_INVALID is returned and
// [*out] is not to be used.
BS_API bs_code bs_format_rules(bs_session *s, const char *path, bs_formatted *out);
BS_API bs_code bs_format_rules_text(bs_session *s, const char *name, const char *text, size_t len,
                                    bs_formatted *out);
// Writes the listing of the compiled program with source lines.
BS_API bs_code bs_disassemble(bs_session *s, const bs_sink *sink);

typedef struct bs_test_counts {
    size_t n_rows, n_failed;
} bs_test_counts;
// Runs every `examples` block and writes a line for each failing row, a summary last.
BS_API bs_code bs_test(bs_session *s, const bs_sink *sink, bs_test_counts *counts);

typedef struct bs_inspect_options {
    const char *delimiter, *quote, *encoding; // NULL: found out
    unsigned skip_lines;
    bool no_header;
    bool rows; // print every record as it was read instead of the summary
    bool json;
} bs_inspect_options;
// Says what a metric file holds and prints an input block to start from; see docs.
BS_API bs_code bs_inspect(bs_session *s, const char *path, const bs_inspect_options *options,
                          const bs_sink *sink);

typedef struct bs_import_options {
    const char *sheet;          // of a workbook; NULL: the first
    const char *polarity;       // a table of two columns, measure and polarity; NULL: none
    const char *const
        *columns; // "ROLE=HEADING" each: source, label, note, unit, good is, section,
                  // leave out; any other role is a level. Levels are given all or none
    size_t n_columns;
    const char *const *uses; // what the rules written say after `use`, for the rules of the session
    size_t n_uses;
    const char *delimiter, *quote, *encoding; // NULL: found out, ", utf-8
    unsigned skip_lines;
    bool no_header; // the table has no heading: columns are given by their numbers
} bs_import_options;
// Writes to [sink] a rule file made of a published table of thresholds: [path] is CSV, text with
// tabs or `|` between its cells, JSON records or an .xlsx workbook ("-": standard input, no
// workbook). A row becomes a measure; what was decided, and what the table leaves open, stands in
// comments. Headings that are levels of a scale of the compiled rules take that scale; else the
// rules written declare one. [options] may be NULL. Nothing is written unless the whole table was
// read. BS_INVALID after adding diagnostics; BS_USAGE after rules were added and before they are
// compiled.
BS_API bs_code bs_import(bs_session *s, const char *path, const bs_import_options *options,
                         const bs_sink *sink);

// ---- texts as they are typed ---------------------------------------------------------------------

typedef enum bs_entry_kind {
    BS_ENTRY_BLANK,      // nothing but blanks and comments
    BS_ENTRY_EXPRESSION, // or what is neither: only a parser can say
    BS_ENTRY_RULES,      // begins with a declaration
} bs_entry_kind;

typedef struct bs_entry {
    bs_entry_kind kind;
    bool complete; // false: a block or a bracket is open, or a line says that it goes on
} bs_entry;

// What a text is that somebody is typing, for a prompt that has to know when a declaration of several
// lines is whole. BS_OK or BS_NO_MEMORY.
BS_API bs_code bs_look_at_entry(const char *text, size_t len, bs_entry *out);

typedef enum bs_token_kind {
    BS_TOKEN_KEYWORD,
    BS_TOKEN_NAME,
    BS_TOKEN_NUMBER, // and periods
    BS_TOKEN_TEXT,
    BS_TOKEN_COMMENT,
    BS_TOKEN_SIGN,
    BS_TOKEN_FAULT, // no word of the language
} bs_token_kind;

typedef struct bs_token {
    bs_token_kind kind;
    size_t from, len; // bytes of the text
} bs_token;
// Returns false to stop.
typedef bool (*bs_token_fn)(void *context, bs_token token);

// Hands out the words of a rule text or an expression in order, for an editor that colours them.
// BS_INVALID for a text that is no UTF-8 or too long for a rule file.
BS_API bs_code bs_scan_text(const char *text, size_t len, bs_token_fn fn, void *context);

typedef struct bs_declaration { // valid during the callback
    bs_text word; // "kpi"
    bs_text name; // empty where it declares none, as `use` and `assert` do
    bs_text text; // as written, with the comments above it
    unsigned line; // of its name
} bs_declaration;
// Returns false to stop.
typedef bool (*bs_declaration_fn)(void *context, const bs_declaration *declaration);

// Hands out what a rule text declares, in order; what cannot be read is passed over. BS_INVALID for a
// text that is no UTF-8 or too long for a rule file.
BS_API bs_code bs_list_declarations(const char *text, size_t len, bs_declaration_fn fn,
                                    void *context);

// The diagnostic code that [text] was probably meant to be, or NULL.
BS_API const char *bs_nearest_code(const char *text);
// Writes a line for each code whose title speaks of [word]; *n is their number.
BS_API bs_code bs_find_codes(const char *word, const bs_sink *sink, size_t *n);
// The page of a diagnostic code ("B101"); BS_USAGE when there is none.
BS_API bs_code bs_explain_code(const char *code, const bs_sink *sink);
// All pages as Markdown: docs/errors.md.
BS_API bs_code bs_write_error_index(const bs_sink *sink);
// The columns that any output can have, with what they hold, a line each.
BS_API bs_code bs_write_columns(const bs_sink *sink);

#ifdef __cplusplus
}
#endif

#endif
