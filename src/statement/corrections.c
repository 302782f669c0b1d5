#include "statement/corrections.h"

#include "attest/person_accounts.h"
#include "base/money.h"
#include "book/entries.h"
#include "document/document.h"

enum status corrections_read(struct corrections *out, struct store *store, struct arena *arena,
                             const struct reading *reading, const struct account *accounts,
                             int count, struct error *err) {
  struct undoing *undoings = NULL;
  *out = (struct corrections){
      .store = store, .arena = arena, .accounts = accounts, .account_count = count};
  enum status status = lines_undoing(store, arena, reading, accounts, count, &undoings, &out->count,
                                     err);
  if (status != DONE) return status;
  out->all = arena_array(arena, struct correction, out->count + 1);
  for (int i = 0; i < out->count; i++) out->all[i] = (struct correction){.by = undoings[i]};
  return DONE;
}

enum status corrections_read_person(struct corrections *out, struct store *store,
                                    struct arena *arena, int64_t person, struct error *err) {
  struct person *owner = NULL;
  struct account *accounts = NULL;
  struct reading reading;
  int count = 0;
  enum status status = person_accounts_owner(store, arena, person, &owner, err);
  if (status == DONE) status = person_accounts_all(store, arena, owner, &accounts, &count, err);
  if (status == DONE) status = book_reading(store, arena, &reading, err);
  return status == DONE ? corrections_read(out, store, arena, &reading, accounts, count, err)
                        : status;
}

int64_t correction_request(const char *memo) {
  static const char request[] = "request-";
  const size_t size = sizeof request - 1;
  int64_t number = 0;
  if (strncmp(memo, request, size) != 0 ||
      integer_parse(span_of(memo + size), &number, NULL) != DONE)
    return 0;
  return number > 0 ? number : 0;
}

/* Upholding a request takes back, then records what is right, in one transaction: the next entry,
 * with the same memo (redress/line.c). */
static enum status read_right(struct corrections *c, struct correction *one, const char *memo,
                              struct error *err) {
  struct entry_record next = {0};
  struct line line;
  bool found = false;
  enum status status = entry_find(c->store, c->arena, one->by.entry + 1, &next, &found, err);
  if (status != DONE || !found || !next.memo || strcmp(next.memo, memo) != 0) return status;
  for (int i = 0; i < c->account_count; i++) {
    if (strcmp(c->accounts[i].unit, UNIT_PENCE) != 0) continue;
    for (int32_t n = 1; n <= next.lines; n++) {
      status = line_find(c->store, c->arena, c->accounts[i].id, next.day, next.id, n, &line, &found,
                         err);
      if (status != DONE) return status;
      if (!found || line.has_quantity) continue;
      one->right_pence = line.amount < 0 ? -line.amount : line.amount;
      return DONE;
    }
  }
  return DONE;
}

/* What the journal says of both entries; only of lines that are shown. */
static enum status read_details(struct corrections *c, struct correction *one, struct error *err) {
  struct entry_record by = {0}, undone = {0};
  bool found = false;
  if (one->is_read) return DONE;
  enum status status = entry_find(c->store, c->arena, one->by.entry, &by, &found, err);
  if (status == DONE)
    status = entry_find(c->store, NULL, one->by.undone_entry, &undone, &found, err);
  if (status != DONE) return status;
  one->undone_day = found ? undone.day : one->by.day;
  one->recorded = by.recorded_day;
  one->reason = by.memo ? by.memo : "";
  one->request = correction_request(one->reason);
  if (one->request) status = read_right(c, one, one->reason, err);
  one->is_read = status == DONE;
  return status;
}

enum status corrections_of(struct corrections *c, int64_t entry, int32_t line_no,
                           const struct correction **out, struct error *err) {
  int low = 0, high = c->count;
  *out = NULL;
  while (low < high) {
    const int middle = (low + high) / 2;
    const struct undoing *u = &c->all[middle].by;
    if (u->undone_entry < entry || (u->undone_entry == entry && u->undone_line_no < line_no))
      low = middle + 1;
    else high = middle;
  }
  if (low == c->count || c->all[low].by.undone_entry != entry ||
      c->all[low].by.undone_line_no != line_no)
    return DONE;
  *out = &c->all[low];
  return read_details(c, &c->all[low], err);
}

enum status corrections_by(struct corrections *c, const struct line *line,
                           const struct correction **out, struct error *err) {
  *out = NULL;
  return line->reverses_entry
             ? corrections_of(c, line->reverses_entry, line->reverses_line_no, out, err)
             : DONE;
}

/* ---- words ---- */

static const char *day_words(day_t day, enum language language, struct arena *arena) {
  return value_words(arena, language, doc_day(day));
}

/* When, and why: what stands instead and the request that it was made for, or the reason that was
 * written. */
static const char *when_and_why(const struct correction *c, bool is_undone, enum language language,
                                struct arena *arena) {
  const char *day = day_words(c->recorded, language, arena);
  const long long request = (long long)c->request;
  if (c->right_pence) {
    const char *right = value_words(arena, language, doc_money(c->right_pence));
    return arena_printf(arena,
                        is_undone
                            ? say(language, "Taken back on %s: corrected to %s after request %lld.")
                            : say(language, "Recorded on %s: corrected to %s after request %lld."),
                        day, right, request);
  }
  if (request)
    return arena_printf(arena,
                        is_undone ? say(language, "Taken back on %s after request %lld.")
                                  : say(language, "Recorded on %s after request %lld."),
                        day, request);
  if (*c->reason)
    return arena_printf(arena,
                        is_undone ? say(language, "Taken back on %s: %s.")
                                  : say(language, "Recorded on %s: %s."),
                        day, c->reason);
  return arena_printf(arena,
                      is_undone ? say(language, "Taken back on %s.")
                                : say(language, "Recorded on %s."),
                      day);
}

const char *correction_taken_back_words(const struct correction *c, enum language language,
                                        struct arena *arena) {
  const int year = year_of_day(YEAR_TAX, c->undone_day), later = year_of_day(YEAR_TAX, c->by.day);
  char first[8], second[8];
  const char *words = when_and_why(c, true, language, arena);
  if (year == later) return words;
  year_write(year, first);
  year_write(later, second);
  return arena_printf(arena, "%s %s", words,
                      arena_printf(arena,
                                   say(language, "It counts in %s, and the correction counts in "
                                                 "%s."),
                                   first, second));
}

bool correction_is_of_year(const struct correction *c) {
  return year_of_day(YEAR_TAX, c->undone_day) == year_of_day(YEAR_TAX, c->by.day);
}

const char *correction_recorded_words(const struct correction *c, enum language language,
                                      struct arena *arena) {
  return when_and_why(c, false, language, arena);
}

const char *correction_undone_day(const struct correction *c, enum language language,
                                  struct arena *arena) {
  return day_words(c->undone_day, language, arena);
}

const char *correction_name(const struct correction *c, const char *name, enum language language,
                            struct arena *arena) {
  return arena_printf(arena, say(language, "Takes back: %s of %s"), name,
                      day_words(c->undone_day, language, arena));
}

const char *correction_line(const struct correction *c, struct arena *arena) {
  return arena_printf(arena, "%lld:%d", (long long)c->by.entry, c->by.line_no);
}

const char *correction_undone_line(const struct correction *c, struct arena *arena) {
  return arena_printf(arena, "%lld:%d", (long long)c->by.undone_entry, c->by.undone_line_no);
}
