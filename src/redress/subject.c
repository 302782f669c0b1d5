/* What a case is about: a line, another case, a look. */
#include "redress/parts.h"

#include "base/money.h"
#include "book/entries.h"
#include "book/line_reads.h"
#include "register/register.h"

const struct case_actor redress_program = {.who = "program"};

static bool read_number(struct span text, int64_t most, int64_t *out) {
  struct error ignored = {0};
  return text.size && text.bytes[0] != '0' && text.bytes[0] != '+' &&
         integer_parse(text, out, &ignored) == DONE && *out >= 1 && *out <= most;
}

struct subject subject_read(const char *text) {
  static const struct {
    const char *prefix;
    enum subject_kind kind;
  } kinds[] = {{"line:", SUBJECT_LINE}, {"case:", SUBJECT_CASE}, {"look:", SUBJECT_LOOK}};
  struct subject none = {.kind = text && *text ? SUBJECT_OTHER : SUBJECT_NONE}, subject = {0};
  for (size_t i = 0; none.kind && i < sizeof kinds / sizeof *kinds; i++) {
    size_t size = strlen(kinds[i].prefix);
    if (strncmp(text, kinds[i].prefix, size) != 0) continue;
    subject.kind = kinds[i].kind;
    const char *rest = text + size,
               *colon = subject.kind == SUBJECT_LINE ? strchr(rest, ':') : NULL;
    int64_t line_no = 0;
    if (subject.kind == SUBJECT_LINE &&
        (!colon || !read_number(span_of(colon + 1), INT32_MAX, &line_no)))
      return none;
    subject.line_no = (int32_t)line_no;
    struct span number = span_make(rest, colon ? (size_t)(colon - rest) : strlen(rest));
    return read_number(number, INT64_MAX, &subject.number) ? subject : none;
  }
  return none;
}

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
