/* The line that a case is about. */
#include "redress/parts.h"

#include "book/entries.h"
#include "book/line_reads.h"
#include "register/register.h"

const struct case_actor redress_program = {.who = "program"};

/* ---- lines ---- */

static enum status find_undone(struct store *store, const struct reading *reading,
                               struct disputed *out, struct error *err) {
  enum status status = line_undone_by(store, reading, &out->line, &out->undone_entry,
                                      &out->undone_line_no, err);
  out->undone = status == DONE && out->undone_entry;
  return status;
}

enum status disputed_find(struct store *store, struct arena *arena, int64_t person,
                          const struct subject *subject, struct disputed *out, bool *found,
                          struct error *err) {
  int64_t *records = NULL;
  struct account *accounts = NULL;
  struct reading reading;
  struct entry_record entry = {0};
  int record_count = 0, account_count = 0;
  bool there = false;
  *found = false;
  enum status status = register_records(store, arena, person, &records, &record_count, err);
  if (status == DONE)
    status = book_accounts_of(store, arena, OWNER_PERSON, records, record_count, &accounts,
                              &account_count, err);
  if (status == DONE) status = book_reading(store, arena, &reading, err);
  if (status == DONE && reading_sees(&reading, subject->number))
    status = entry_find(store, arena, subject->number, &entry, &there, err);
  for (int i = 0; status == DONE && there && i < account_count && !*found; i++) {
    out->account = accounts[i];
    status = line_find(store, arena, accounts[i].id, entry.day, subject->number, subject->line_no,
                       &out->line, found, err);
  }
  return status == DONE && *found ? find_undone(store, &reading, out, err) : status;
}

enum status redress_item_of(struct store *store, struct arena *arena, int64_t person,
                            const char *subject, struct redress_item *out, bool *found,
                            struct error *err) {
  const struct subject what = subject_read(subject);
  struct disputed disputed = {0};
  *found = false;
  if (what.kind != SUBJECT_LINE || !person) return DONE;
  enum status status = disputed_find(store, arena, person, &what, &disputed, found, err);
  *out = (struct redress_item){disputed.line, arena_string(arena, disputed.account.unit)};
  return status;
}
