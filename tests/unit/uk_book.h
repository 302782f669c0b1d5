/* An empty book with the policy pack of the United Kingdom, for a test to fill: a write transaction
 * is open after it was opened. */
#ifndef WEAL_TESTS_UK_BOOK_H
#define WEAL_TESTS_UK_BOOK_H

#include "book/book.h"
#include "book/pack_rows.h"
#include "calls.h"
#include "fresh.h"

/* A locality in a nation, with two neighbourhoods. */
#define UK_PLACES \
  "insert into place (id, code, name, kind, parent) values (1, 'E', 'England', 'nation', null), " \
  "(2, 'L', 'Locality', 'locality', 1), (3, 'N', 'North', 'neighbourhood', 2), (4, 'S', 'South', " \
  "'neighbourhood', 2);"

struct uk_book {
  struct store *store;
  struct pack *pack;
  struct arena *arena;
  int64_t control_pence, control_minutes; /* when uk_book_controls has opened them */
};

static inline void uk_book_open(struct uk_book *b) {
  b->arena = arena_new();
  b->store = fresh_store();
  ok(pack_open(&b->pack, fresh_uk_pack(), &err));
  ok(store_begin(b->store, STORE_WRITE, &err));
  ok(book_sync_pack(b->store, b->pack, &err));
}

static inline void uk_book_close(struct uk_book *b) {
  store_close(b->store);
  pack_close(b->pack);
  arena_free(b->arena);
  fresh_remove();
}

static inline int64_t uk_book_control(struct uk_book *b, const char *unit) {
  struct account account = {.owner_kind = OWNER_BOOK, .role = "control"};
  snprintf(account.unit, sizeof account.unit, "%s", unit);
  ok(book_open_account(b->store, &account, FLOOR_NONE, &err));
  return account.id;
}

static inline void uk_book_controls(struct uk_book *b) {
  b->control_pence = uk_book_control(b, "pence");
  b->control_minutes = uk_book_control(b, "minutes");
}

static inline int64_t uk_book_account(struct uk_book *b, enum owner_kind kind, int64_t owner,
                                      const char *unit) {
  struct account *accounts;
  int count;
  ok(book_accounts_of(b->store, b->arena, kind, &owner, 1, &accounts, &count, &err));
  for (int i = 0; i < count; i++)
    if (strcmp(accounts[i].unit, unit) == 0) return accounts[i].id;
  fail_msg("no account");
  return 0;
}

#endif
