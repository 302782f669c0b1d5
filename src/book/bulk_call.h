/* The data of a call of bulk.h. Private to bulk*.c, and to tests that do something between its
 * steps. */
#ifndef WEAL_BOOK_BULK_CALL_H
#define WEAL_BOOK_BULK_CALL_H

#include "base/map.h"
#include "book/again.h"
#include "book/bulk.h"
#include "book/references.h"
#include "book/runs.h"
#include "book/spool.h"
#include "book/streams.h"
#include "book/totals.h"

#include <pthread.h>

#define PROVISIONAL_ACCOUNTS (INT64_C(1) << 40) /* of 42 bits in the key of the sort */
enum {
  PROVISIONAL_BODIES = 1 << 30,
  PROVISIONAL_EACH = 2048 /* accounts that one owner can have: roles times units */
};

struct bulk_file {
  const char *kind, *path; /* kind null: no import row (a reversal) */
  struct bulk_file_facts facts;
  int64_t first_entry, last_entry; /* index of its entries in the call, from 0 */
  /* in the spool; rows whose reference was posted before are found only after the file's end */
  int64_t rejected;
};

/* A refused row in the spool; column, value and reason follow. */
struct bulk_reject {
  uint64_t line;
  int32_t file;
  uint16_t column_size, value_size, reason_size;
};

struct bulk_body {
  const char *code, *name, *kind, *company; /* company: null: not known */
};

/* A company number of a body of the register. */
struct bulk_company {
  int64_t body;
  const char *number;
};

/* For tests: called between two steps of a call, when no transaction is open, so that a test can
 * post something there. */
enum bulk_step {
  BULK_CHECKED,
  BULK_BEGUN,
  BULK_REFERENCES_WRITTEN,
  BULK_LINES_WRITTEN,
  BULK_LOOKED,
  BULK_FINISHED
};
struct bulk_hook {
  void (*between)(void *context, enum bulk_step done);
  void *context;
};

struct bulk {
  struct store *store;
  struct arena *arena;
  struct bulk_options options;
  struct bulk_along along; /* run null: nothing */
  struct reading reading;  /* when the call began */
  struct again *again;     /* null: the call replaces no import */
  int64_t checked;         /* entries up to this number hold none of its references */
  bool locked;
  pthread_mutex_t mutex;

  struct bulk_file *files;
  int file_count, file_capacity;
  struct spool rejects; /* refused rows: perhaps as many as the file has */
  struct text reject_scratch;
  enum status reject_status; /* whether all of them are there */
  struct error reject_error;

  /* Accounts of bodies and of the book, and people's accounts that are not below: the first
   * known_count are in the store; the others have provisional ids past account_base, which depend
   * only on owner, role and unit. They are opened when the call posts, in that order, under ids
   * without gaps, so that the ledger's order is kept and does not depend on which thread met an
   * account first. Bodies have provisional ids too, in the order of the file. Another process that
   * registers somebody meanwhile never gives out a provisional id. */
  struct account *accounts;
  int account_count, account_capacity, known_count;
  struct map account_by_key; /* by owner, role and unit; made at the first look-up */
  int64_t account_base, body_base;
  struct bulk_body *new_bodies;
  int new_body_count, new_body_capacity;
  struct bulk_company *companies;
  int company_count, company_capacity;
  struct stream *new_streams; /* their owners may have provisional ids */
  int new_stream_count, new_stream_capacity;

  struct roles *roles;
  struct units *units; /* by bulk_load_people */
  /* By person id, one for each role that is opened for everyone; people's other accounts are among
   * those of bodies. */
  int64_t *person_accounts, person_max;
  struct roles_opened opened;

  struct runs *runs;
  struct references *references;
  struct totals totals[BULK_WORKERS];
};

/* Sorts the accounts that are not in the store yet by id; after it the index of accounts is not
 * used. */
void bulk_sort_accounts(struct bulk *bulk);

/* REFUSED when an entry logged after the check has a reference of the call, or undoes a line that
 * the call undoes; the message names both. Each entry is read once. to_the_end: reads until there
 * are no more (the caller holds the head, so none can come). */
enum status bulk_look_since(struct bulk *bulk, bool to_the_end, struct error *err) MUST_USE;

#endif
