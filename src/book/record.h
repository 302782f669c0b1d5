/* Posts one row recorded by hand, as `weal import entries` would, in an entry of its own of the
 * kind `record`. Both use the rules of entry_input.h.
 *
 *     struct record_terms terms = {.pack = pack, .codes = codes};
 *     record_post(store, &terms, &(struct record_row){.person = id, .category =
 *         span_of("home-care"), .has_quantity = true, .quantity = 2500,
 *                                                     .body = body, .day = today, .reference = ...,
 *                                                         .note = ...}, &recorded, &err);
 *
 * Call it inside a write transaction; after anything but DONE roll back, at least to a savepoint,
 * as with posting_post. A body records only what its duties name (register/duties.h): this is the
 * one place that holds it, for forms, for the right line in a redress and for time given. A row
 * without a body is bound by none. An unusual row is REFUSED: it can come in a file with --unusual,
 * and an unusual number by a second person's approval (any_number). REFUSED sets err->column to the
 * field that is wrong: person, category, amount, quantity, unit, service, body, place, date,
 * reference or note.
 */
#ifndef WEAL_BOOK_RECORD_H
#define WEAL_BOOK_RECORD_H

#include "book/book.h"
#include "pack/pack.h"

struct record_terms {
  const struct pack *pack;
  const struct codes *codes; /* current codes; null: read at each call, some hundreds of rows */
  bool any_category;         /* the operator's: a body's duties (register/duties.h) do not bind */
  bool of_awards;            /* weal pay's: others may not write its references (entry_input.h) */
  bool any_number;           /* an unusual amount or quantity, which a second person has seen */
};
struct record_row {
  /* party id; for a merged record the birth and death of its survivor count */
  int64_t person;
  struct span category;          /* its code */
  bool has_amount, has_quantity; /* one of the two */
  /* pence as in a file: positive for what was paid and for what was received */
  int64_t amount;
  /* thousandths of a service's unit; minutes given; or smallest parts of a holding's unit */
  int64_t quantity;
  struct span unit;    /* the code of the quantity's unit; empty: the category's own */
  struct span service; /* its code; empty: the only one that the category has */
  int64_t body, place; /* ids; 0: none */
  day_t day;
  struct span reference, note; /* a reference is unique for its body, in files and by hand */
  bool estimated;
  const char *memo; /* of the entry; null: none */
};

struct recorded {
  int64_t entry, account;
  int32_t line_no; /* of the row's own line; the other line is its contra */
  int64_t amount;  /* of that line, with its sign */
  int cost_year;   /* 0: counted, not valued */
  bool estimated;
};

/* What the row would be worth: the line of record_post, or its refusal, without posting. It does
 * not find what only a posting finds, that a reference is used already. `codes` must be given. */
enum status record_value(struct store *store, const struct record_terms *terms,
                         const struct record_row *row, struct line *out,
                         struct error *err) MUST_USE;

enum status record_post(struct store *store, const struct record_terms *terms,
                        const struct record_row *row, struct recorded *out,
                        struct error *err) MUST_USE;

#endif
