/* What the headings of published spending mean: the policy pack's table headings.csv, learned from
 * the files of some hundred publishers.
 *
 * A row is `words,means,sure,order,since,source`: words of a heading, in small letters; what they
 * mean (a word of profile.h's meanings, or one of those below); how sure that is, of 100; which
 * comes first where a file has several columns of the meaning, the smallest (payment date 10,
 * effective date 50, posting date 55, invoice date 60); the earliest year and the publisher's
 * heading in which the words were seen, empty where they are plain English that no file we saw has.
 *
 * Besides the meanings of profiles:
 *
 *     net      words that say an amount is without VAT: taken out of the heading before the others
 *              are looked up; such an amount comes before all others
 *     gross    that it is with VAT: such an amount comes after all others
 *     vat      a column of VAT
 *     month    a month or an accounting period; used where no column has a day
 *
 * A heading is compared by its words: `SupplierName`, `supplier_name` and `5. Supplier Name` are
 * one. `(T)` at its end, with which one make of ledger marks a code's text, is the word `text`.
 * Words that are all of the heading count in full, words within it by how much of it they are.
 *
 *     struct heading_guesses g;
 *     headings_guess(headings, span_of("Net Amount (£)"), &g);
 *     g.of[MEANS_AMOUNT].sure                     100; g.net is true, and .order the smallest
 */
#ifndef WEAL_EXCHANGE_HEADINGS_H
#define WEAL_EXCHANGE_HEADINGS_H

#include "exchange/profile.h"

struct headings;

struct heading_guess {
  int sure;   /* of 100; 0: none of its words has this meaning */
  int order;  /* the smaller comes first */
  bool month; /* of the day: only a month or period */
};

/* Of one heading. MEANS_NOTHING: a column that is known and not kept (a code, a number of the
 * publisher, a VAT). */
struct heading_guesses {
  struct heading_guess of[MEANS_COUNT];
  bool net, gross;
  int vat; /* how sure it is that it is a column of VAT */
};

/* DIR/headings.csv; none: every guess is 0. REFUSED with FILE:LINE: COLUMN for a wrong row. */
enum status headings_read(struct headings **out, const char *pack_dir, struct arena *arena,
                          struct error *err) MUST_USE;
/* The same of DIR/people-headings.csv: headings of bodies' own exports (own_recognise.h). */
enum status headings_read_of_people(struct headings **out, const char *pack_dir,
                                    struct arena *arena, struct error *err) MUST_USE;
void headings_guess(const struct headings *h, struct span heading, struct heading_guesses *out);
/* The surest meaning; MEANS_COUNT where there is none. */
enum meaning headings_best(const struct heading_guesses *g);

#endif
