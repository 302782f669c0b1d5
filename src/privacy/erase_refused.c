/* Removes a person's details from the rows that imports refused, and from reasons of entries. */
#include "privacy/erasing.h"

#include "base/limits.h"
#include "base/refusal.h"
#include "book/erase.h"
#include "book/imports.h"
#include "register/identifier.h"
#include "register/names.h"

struct named_number {
  struct identifier number;
  struct named_number *next;
};

/* Also finds a number that an older book holds as nine characters of the value. */
static enum status read_numbers(struct store *store, struct arena *arena, int64_t party,
                                struct named_number **out, struct error *err) {
  struct query *q = NULL;
  struct number_record number;
  bool some = false;
  enum status status = register_numbers_of(store, party, &q, err);
  if (status != DONE) return status;
  while ((status = register_numbers_next(q, &number, &some, err)) == DONE && some) {
    struct named_number *own = arena_alloc(arena, sizeof *own);
    identifier_of_row(&own->number, number.scheme, number.value, number.suffix);
    own->next = *out;
    *out = own;
  }
  query_end(q);
  return status;
}

static bool names(const struct named_number *own, struct span column, struct span text) {
  for (; own; own = own->next)
    if (identifier_stands_in(&own->number, column, text)) return true;
  return false;
}

/* Whether the text has `scheme:` in it, with which a number is written. */
static bool names_scheme(struct span text, const char *scheme) {
  char sought[LIMIT_SCHEME_BYTES + 2];
  int size = snprintf(sought, sizeof sought, "%s:", scheme);
  return text.size && memmem(text.bytes, text.size, sought, (size_t)size);
}

/* Most sentences need no taking apart: those neither with a number, nor about a scheme. */
static bool may_name(const struct named_number *own, const struct reject_record *reject) {
  for (; own; own = own->next) {
    const char *scheme = own->number.scheme;
    if (identifier_stands_in(&own->number, reject->column, reject->reason) ||
        span_is(reject->column, scheme) || names_scheme(reject->reason, scheme))
      return true;
  }
  return false;
}

/* In what the sender wrote: our own words of the sentence name nobody. */
static bool row_names(struct arena *arena, const struct named_number *own,
                      const struct reject_record *reject) {
  struct span column = reject->column, given[REFUSAL_ARGUMENTS_MAX];
  if (names(own, column, reject->value)) return true;
  if (!may_name(own, reject)) return false;
  int count = refusal_given(arena_copy(arena, reject->reason.bytes, reject->reason.size), given);
  for (int i = 0; i < count; i++)
    if (names(own, column, given[i])) return true;
  return false;
}

static enum status find_rows(struct store *store, struct arena *arena,
                             const struct named_number *own, struct refused_row **out,
                             struct error *err) {
  struct query *q = NULL;
  struct reject_record reject;
  bool some = false;
  enum status status = import_rejects_open_all(store, &q, err);
  if (status != DONE) return status;
  while ((status = import_rejects_next(q, &reject, &some, err)) == DONE && some) {
    if (!row_names(arena, own, &reject)) continue;
    struct refused_row *found = arena_alloc(arena, sizeof *found);
    *found = (struct refused_row){reject, *out};
    struct span *const texts[] = {&found->reject.column, &found->reject.value,
                                  &found->reject.reason};
    for (int i = 0; i < 3; i++)
      texts[i]->bytes = arena_copy(arena, texts[i]->bytes ? texts[i]->bytes : "", texts[i]->size);
    *out = found;
  }
  query_end(q);
  return status;
}

enum status erasing_refused_rows(struct store *store, struct arena *arena, int64_t party,
                                 struct refused_row **out, struct error *err) {
  struct named_number *own = NULL;
  enum status status = read_numbers(store, arena, party, &own, err);
  return status == DONE && own ? find_rows(store, arena, own, out, err) : status;
}

enum status erasing_forget_refused(struct store *store, struct arena *arena, int64_t party,
                                   struct error *err) {
  struct refused_row *rows = NULL;
  enum status status = erasing_refused_rows(store, arena, party, &rows, err);
  for (; status == DONE && rows; rows = rows->next)
    status = reject_forget(store, &rows->reject, err);
  return status;
}

/* ---- reasons of entries ---- */

static bool memo_names(const struct named_number *own, const char *name, struct span memo) {
  if (name && *name && memmem(memo.bytes, memo.size, name, strlen(name))) return true;
  return names(own, span_of(""), memo);
}

enum status erasing_forget_memos(struct store *store, struct arena *arena, int64_t party,
                                 const char *name, struct error *err) {
  struct named_number *own = NULL;
  struct query *q = NULL;
  struct span memo;
  int64_t entry = 0, *found = NULL;
  int count = 0, capacity = 0;
  bool some = false;
  enum status status = read_numbers(store, arena, party, &own, err);
  if (status == DONE) status = book_memos_open(store, &q, err);
  if (status != DONE) return status;
  while ((status = book_memos_next(q, &entry, &memo, &some, err)) == DONE && some) {
    if (!memo_names(own, name, memo)) continue;
    arena_reserve(arena, found, capacity, count + 1);
    found[count++] = entry;
  }
  query_end(q);
  for (int i = 0; status == DONE && i < count; i++) status = book_forget_memo(store, found[i], err);
  return status;
}
