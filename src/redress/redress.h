/* Redress: the ways in which somebody can have their record put right, or be heard. What people
 * send are cases (case/case.h); these are the handlers of their kinds, which do what a decision
 * asks for.
 *
 * `line`: an item of the account is wrong. The body that it names decides; without a body the
 * administrators do. Upheld: the line is reversed and, if the decider says what would be right, a
 * corrected one is posted, both in the case's own transaction and with the case's number as reason
 * and reference (`request-12`). The result is the line that stands now.
 * `access`, `erasure`: requests about data. `complaint`: about a case, a line, a look or nothing in
 * particular; nobody decides or hears it who took part in what it is about. It is about a case of
 * the person that is answered, or late; once for an answer. Where it is upheld, a refused case
 * whose kind has the move `reopen` waits again, with a new deadline. No decision before the day of
 * a hearing, until which the answer is due.
 *
 * The desk's `terms` are a struct record_terms (book/record.h).
 */
#ifndef WEAL_REDRESS_REDRESS_H
#define WEAL_REDRESS_REDRESS_H

#include "book/book.h"
#include "case/case.h"

extern const struct case_handler redress_line, redress_access, redress_erasure, redress_complaint;

/* The line that a subject or a result (`line:12:3`) names, among the lines of all records of the
 * person. *found false: the text names no line, or none of theirs. */
struct redress_item {
  struct line line;
  const char *unit; /* of its account */
};
enum status redress_item_of(struct store *store, struct arena *arena, int64_t person,
                            const char *subject, struct redress_item *out, bool *found,
                            struct error *err) MUST_USE;

/* How a line is measured: it is paid or received, counted in a service's unit, or held or given in
 * the unit of its account (`unit`). What would be right is said in the same. */
enum measure { MEASURE_MONEY, MEASURE_COUNT, MEASURE_MINUTES, MEASURE_HOLDING };
enum measure redress_measure_of(const char *unit, const struct line *line);

/* Whether a complaint of the person about the case would be taken now. */
enum status redress_complaint_is_open(struct case_call *call, int64_t party, int64_t id, bool *open,
                                      struct error *err) MUST_USE;

/* ---- what was asked about lines ---- */

/* A case that concerns a line of the person: it is about the line, or it is a complaint about such
 * a case, or its decision made the line or had it taken back by the line. */
struct redress_note {
  const struct case_file *file;
  int64_t entry; /* the line */
  int32_t line_no;
};
/* Of all records of the person, the newest first; at most REDRESS_NOTES_MOST. `entry` 0: of all
 * lines; else of that one. */
enum { REDRESS_NOTES_MOST = 200 };
enum status redress_notes(struct store *store, struct arena *arena, const struct pack *pack,
                          int64_t person, int64_t entry, int32_t line_no, struct redress_note **out,
                          int *count, struct error *err) MUST_USE;

/* Whether the person may say that the line is wrong: it is theirs, it is no reversal, it was not
 * taken back, and no case about it waits. */
enum status redress_line_is_open(struct store *store, struct arena *arena, const struct pack *pack,
                                 int64_t person, int64_t entry, int32_t line_no, bool *open,
                                 struct error *err) MUST_USE;

#endif
