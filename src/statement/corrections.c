#include "statement/corrections.h"

#include "attest/person_accounts.h"
#include "book/entries.h"
#include "document/document.h"

enum status corrections_read(struct corrections *out, struct store *store, struct arena *arena,
                             const struct reading *reading, const struct account *accounts,
                             int count, struct error *err) {
  struct undoing *undoings = NULL;
  *out = (struct corrections){.store = store, .arena = arena};
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
  one->is_read = true;
  return DONE;
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

/* A citizen knows `request-12` as their request. */
static const char *reason_words(const struct correction *c, enum language language,
                                struct arena *arena) {
  static const char request[] = "request-";
  const size_t size = sizeof request - 1;
  const bool is_request = strncmp(c->reason, request, size) == 0 && c->reason[size] &&
                          strspn(c->reason + size, "0123456789") == strlen(c->reason + size);
  return is_request ? arena_printf(arena, say(language, "request %s"), c->reason + size)
                    : c->reason;
}

const char *correction_taken_back_words(const struct correction *c, enum language language,
                                        struct arena *arena) {
  const int year = year_of_day(YEAR_TAX, c->undone_day), later = year_of_day(YEAR_TAX, c->by.day);
  const char *day = day_words(c->recorded, language, arena),
             *reason = reason_words(c, language, arena);
  char first[8], second[8];
  const char *words = *reason
                          ? arena_printf(arena, say(language, "Taken back on %s: %s."), day, reason)
                          : arena_printf(arena, say(language, "Taken back on %s."), day);
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
  const char *day = day_words(c->recorded, language, arena),
             *reason = reason_words(c, language, arena);
  return *reason ? arena_printf(arena, say(language, "Recorded on %s: %s."), day, reason)
                 : arena_printf(arena, say(language, "Recorded on %s."), day);
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
