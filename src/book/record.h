/* One row recorded by hand: what `weal import entries` would make of it, in an entry of its own of
 * the kind `record`. The rules are those of told.h, the same for both.
 *
 *     struct record_terms terms = {.pack = pack, .codes = codes};
 *     record_post(store, &terms, &(struct record_row){.person = id, .category =
 *         span_of("home-care"), .has_quantity = true, .quantity = 2500,
 *                                                     .body = body, .day = today, .reference = ...,
 *                                                         .note = ...}, &recorded, &err);
 *
 * Inside a write transaction of the caller's, to be rolled back (to a savepoint at least) after
 * anything but DONE, as with posting_post. What is unusual is refused: a file brings it in with
 * --unusual (a second person who agrees comes later). REFUSED sets err->column to the field that is
 * wrong: person, category, amount, quantity, unit, service, body, place, date, reference or note.
 */
#ifndef WEAL_BOOK_RECORD_H
#define WEAL_BOOK_RECORD_H

#include "book/book.h"
#include "pack/pack.h"

struct record_terms {
  const struct pack *pack;
  const struct codes *codes; /* as of now; null: read each time, some hundreds of rows */
};
struct record_row {
  /* party id; of a merged record the life of the one that is kept counts */
  int64_t person;
  struct span category;          /* its code */
  bool has_amount, has_quantity; /* one of the two */
  /* pence as a file has them: what was paid is positive, so is what was received */
  int64_t amount;
  /* thousandths of a service's unit; minutes given; or smallest parts of the unit of what is
   * held */
  int64_t quantity;
  struct span unit;    /* of a quantity: its code; empty: the category's own */
  struct span service; /* its code; empty: the only one that the category has */
  int64_t body, place; /* ids; 0: none */
  day_t day;
  struct span reference, note; /* of a body a reference may stand once, in files and by hand */
  bool estimated;
  const char *memo; /* of the entry; null: none */
};

struct recorded {
  int64_t entry, account;
  int32_t line_no; /* of the row's own line; its contra is the other */
  int64_t amount;  /* of that line, with its sign */
  int cost_year;   /* 0: counted, not valued */
  bool estimated;
};

/* What the row would be worth: record_post's line, or its refusal, where nothing is posted; but for
 * what only posting finds, that a reference stands already. codes must be given. */
enum status record_value(struct store *store, const struct record_terms *terms,
                         const struct record_row *row, struct line *out,
                         struct error *err) MUST_USE;

enum status record_post(struct store *store, const struct record_terms *terms,
                        const struct record_row *row, struct recorded *out,
                        struct error *err) MUST_USE;

#endif
