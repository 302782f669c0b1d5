/* The lines of one person's accounts, in the columns of `export entries` and some of our own behind
 * them. Private to exchange (export_lines.c has it, beside the export whose columns it shares). */
#ifndef WEAL_EXCHANGE_SUBJECT_LINES_H
#define WEAL_EXCHANGE_SUBJECT_LINES_H

#include "pack/pack.h"
#include "privacy/held.h"

struct subject_lines {
  const struct held *subject;
  bool json;
  struct text *out;       /* rows as export_entries writes them */
  int64_t rows, withheld; /* counted */
  int64_t *entries;       /* of the lines, ascending, each once; in the arena */
  int entry_count;
};
/* In the caller's snapshot. Reversed lines and their reversals are among them:
 *     x_line      the entry's number, a colon, the number within it
 *     x_account   role and unit of the account
 *     x_amount    what the line is in that account, in the smallest part of its unit: of a
 *                 service's use the value, which no other column has
 *     x_cost_year the first calendar year of the tax year whose unit cost gave that value
 *     x_department, x_stream, x_condition   where it has them
 *     x_reverses  the line that this one reverses
 *     x_reversed  `yes`: it was reversed, and the reversal stands */
enum status export_subject_lines(struct store *store, const struct pack *pack, struct arena *arena,
                                 struct subject_lines *lines, struct error *err) MUST_USE;

#endif
