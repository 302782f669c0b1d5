/* Every account's balance at the end of a day: for analysts and auditors of the whole book. */
#ifndef WEAL_STATEMENT_BALANCES_H
#define WEAL_STATEMENT_BALANCES_H

#include "book/book.h"
#include "document/document.h"

struct balances_options {
  day_t on;
  enum format format;            /* text, CSV or JSON */
  const struct reading *reading; /* the reading; null: as of now */
};

/* Rows in order of account: account, owner (P000001, body:CODE, book), role, unit, balance (pounds,
 * minutes, or a decimal of another unit; in JSON its smallest part), lines. Only accounts that have
 * lines up to `on`. JSON: one object on each line. Gives `flush` some 256 KiB at a time; if it
 * returns anything but DONE, the run ends. */
enum status balances_write(struct store *store, const struct balances_options *options,
                           struct text *out, enum status (*flush)(void *context, struct text *out),
                           void *context, struct error *err) MUST_USE;

#endif
