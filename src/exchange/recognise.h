/* Reads a published file that no profile knows: finds its header, and what each column means, by
 * the words of its headings (headings.h) and by its cells (days, amounts, names, codes).
 *
 *     struct recognised r;
 *     recognise(headings, records, count, arena, &r);
 *     r.profile                     what was understood, as a profile of the file; see r.question
 *     r.question                    null: it is sure enough to be posted; else what is not decided
 *
 * The header is the record with most known headings, wherever it stands. What decides between
 * columns of one meaning:
 *
 *   amount  the one that is net of VAT, then one that does not say, then gross; where a column of
 *           recoverable VAT shows by its sums that another is net, that one. Two that are alike and
 *           differ in their amounts are a question.
 *   day     a payment day, then an effective day, a posting day, an invoice day; a month only where
 *           no column has days.
 *   payee   a name, not a code or a number.
 *   body    a name that few rows differ in, not an address of the web.
 *
 * Cells beyond the header that repeat at one width are columns without a heading; where they stand
 * (Agresso puts `INSERTED DETAIL` first) is decided by which columns then hold days and amounts.
 */
#ifndef WEAL_EXCHANGE_RECOGNISE_H
#define WEAL_EXCHANGE_RECOGNISE_H

#include "exchange/forms.h"
#include "exchange/headings.h"

/* How sure each of day, amount and payee must be, of 100: below it the file is a question. */
enum { RECOGNISED_SURE = 55, RECOGNISED_FORMS = 12 };

struct recognised_column {
  const char *published; /* its heading, as rules of profiles name it */
  enum meaning means;
  int sure;              /* of 100 */
  const char *sample[3]; /* of its first rows; null: fewer */
};

struct recognised {
  struct arena *arena;        /* of its texts */
  struct profile *profile;    /* null: no header was found */
  struct record_cells header; /* with a cell for each column without a heading */
  int header_index;           /* of the records; -1 */
  int sure;                   /* the least of day, amount and payee */
  const char *question;
  struct recognised_column *columns;
  int column_count;
  /* of the day's column; none: the file has no day */
  char day_forms[RECOGNISED_FORMS][FORM_SIZE];
  const char *day_examples[RECOGNISED_FORMS];
  int day_form_count;
};

void recognise(const struct headings *headings, const struct record_cells *records, int count,
               struct arena *arena, struct recognised *out);
/* The same of a file without a header: by its cells alone, which is never sure enough. */
void recognise_without_header(const struct headings *headings, const struct record_cells *records,
                              int count, struct arena *arena, struct recognised *out);
/* Whether the record is a header by its words. */
bool recognised_header(const struct headings *headings, const struct record_cells *record);
/* Whether the cells of records without a header agree with a layout that was read before them: its
 * days are days, its amounts amounts. */
bool recognised_agrees(const struct layout *layout, const struct record_cells *records, int count);
/* Whether the VAT of a payment may be part of its amount: it has the amount's sign and is at most a
 * fifth of what is left without it (the standard rate of 20%: Value Added Tax Act 1994 section 2),
 * with a penny for rounding. */
bool vat_may_be_of(int64_t vat, int64_t gross);
/* Takes the forms of days from a column that a person chose, in the order of day and month that
 * they said; neither: as its cells show. */
void recognised_set_day(struct recognised *r, const struct record_cells *records, int count,
                        int column, bool month_first, bool day_first);
/* The profile as the CSV that --profile reads, with samples as notes. */
void recognised_write(const struct recognised *r, const char *file, struct text *out);

#endif
