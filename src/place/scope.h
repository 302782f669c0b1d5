/* What is needed to compute the account of a place: read once, shared by all threads. For this
 * folder and publish/. */
#ifndef WEAL_PLACE_SCOPE_H
#define WEAL_PLACE_SCOPE_H

#include "book/figures.h"
#include "place/place.h"
#include "register/keeper.h"

struct scope {
  struct store *store;
  struct arena *arena;
  const struct place_request *request;
  const struct pack *pack;
  struct codes *codes;
  struct chart *chart;
  struct places *places;
  struct people *people;
  struct bodies *bodies;
  struct keeper keeper;
  struct reading reading;
  struct account *accounts;
  int account_count;  /* of people, in order of owner */
  int *account_first; /* by party id, and one more */
  int place;          /* index of the place asked for */
  /* it is the book's own place or above it: every line belongs to it, wherever the person lived */
  bool whole;
  /* by place index: the place under it (0 .. part_count - 1) that this place is in; part_count: in
   * none of them; -1: outside */
  int *part_of;
  int *parts;
  int part_count; /* place indexes of the places directly under it */
  int row_count;  /* of the table asked for (rows.c) */
};

/* Set store, arena, request and pack first; the caller holds the book's lock. REFUSED: no such
 * place. */
enum status scope_read(struct scope *s, struct error *err) MUST_USE;
/* A row of a table: its code and its name. */
struct row_name {
  const char *key, *name;
};
/* The name of a purpose (the number less one; none comes last), and of a side (SIDE_COUNT:
 * none). */
struct row_name place_purpose_name(enum language language, int row);
const char *place_side_name(enum language language, int side);

int body_index(const struct scope *s, int64_t body); /* into bodies->all; -1 none */

#endif
