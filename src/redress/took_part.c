/* Who took part in what a complaint is about: whoever decided it, was given it or is a side of it.
 */
#include "redress/parts.h"

#include "base/utf8.h"
#include "register/access_log.h"
#include "register/names.h"

/* A complaint about how a complaint was handled, and so on: the pack's next step after a complaint
 * is an ombudsman, and each answer reads the whole chain. */
enum { COMPLAINTS_DEEP = 8 };

/* ---- who ---- */

static void add(struct took_part *out, struct arena *arena, int64_t party) {
  for (int i = 0; i < out->count; i++)
    if (out->ids[i] == party) return;
  if (!party) return;
  arena_reserve(arena, out->ids, out->capacity, out->count + 1);
  out->ids[out->count++] = party;
}

/* Whoever decided something in the case, took it on or was given it, or is a side of it: whoever
 * worked on it has a part in how it was handled, and in how late it is. */
static void add_of_case(struct took_part *out, struct arena *arena, const struct case_file *file) {
  add(out, arena, file->party);
  add(out, arena, file->opener);
  add(out, arena, file->to_person);
  add(out, arena, file->decider);
  add(out, arena, file->assigned);
  for (int i = 0; i < file->event_count; i++) {
    add(out, arena, file->events[i].given_to);
    for (int m = 0; file->kind && m < file->kind->move_count; m++)
      if (strcmp(file->kind->moves[m].word, file->events[i].what) == 0)
        add(out, arena, file->events[i].actor);
  }
}

/* *found false: it was erased with somebody's record. */
static enum status find_case(struct case_call *call, int64_t id, struct case_file *file,
                             bool *found, struct error *err) {
  struct error gone = {0};
  enum status status = case_one(call->store, call->arena, call->desk, &redress_program, id, file,
                                &gone);
  *found = status == DONE;
  if (status == FAILED) *err = gone;
  return status == FAILED ? FAILED : DONE;
}

static enum status add_case(struct case_call *call, int64_t id, struct took_part *out,
                            struct case_file *file, bool *found, struct error *err) {
  enum status status = find_case(call, id, file, found, err);
  if (status == DONE && *found) add_of_case(out, call->arena, file);
  return status;
}

/* Whoever recorded the line by hand, or answered another case about it, decided about it too. */
static enum status add_of_line(struct case_call *call, const struct case_file *file,
                               int64_t complaint, struct took_part *out, struct error *err) {
  const struct subject line = subject_read(file->subject);
  int64_t *records = NULL, total = 0, recorders[2] = {0};
  struct case_file *all = NULL, one;
  int record_count = 0, count = 0;
  bool found;
  struct case_filter filter = {.which = CASES_ALL,
                               .subject = file->subject,
                               .most = CASES_PAGE_MOST};
  enum status status = access_log_recorder(call->store, call->arena, file->party, line.number,
                                           line.line_no, recorders, err);
  for (int i = 0; status == DONE && i < 2; i++) add(out, call->arena, recorders[i]);
  if (status == DONE)
    status = register_records(call->store, call->arena, file->party, &records, &record_count, err);
  do {
    if (status == DONE)
      status = cases_of(call->store, call->arena, call->desk, records, record_count, &filter, &all,
                        &count, &total, err);
    for (int i = 0; status == DONE && i < count; i++)
      if (all[i].id != complaint) status = add_case(call, all[i].id, out, &one, &found, err);
    filter.skip += count;
  } while (status == DONE && count && filter.skip < total);
  return status;
}

static enum status add_of_look(struct case_call *call, const struct case_file *file, int64_t id,
                               struct took_part *out, struct error *err) {
  struct access_note look;
  struct error gone = {0};
  enum status status = access_note_by_id(call->store, call->arena, file->party, id, &look, &gone);
  if (status == FAILED) *err = gone;
  if (status == DONE) add(out, call->arena, look.viewer.person);
  return status == FAILED ? FAILED : DONE;
}

enum status took_part_in(struct case_call *call, const struct case_file *complaint,
                         struct took_part *out, struct error *err) {
  struct case_file file = *complaint;
  enum status status = DONE;
  bool found = true;
  *out = (struct took_part){0};
  for (int depth = 0; status == DONE && found; depth++) {
    const struct subject subject = subject_read(file.subject);
    if (subject.kind == SUBJECT_LINE) return add_of_line(call, &file, complaint->id, out, err);
    if (subject.kind == SUBJECT_LOOK) return add_of_look(call, &file, subject.number, out, err);
    if (subject.kind != SUBJECT_CASE) return DONE;
    if (depth == COMPLAINTS_DEEP) return refuse(err, REDRESS_TOO_DEEP, (int)COMPLAINTS_DEEP);
    status = add_case(call, subject.number, out, &file, &found, err);
  }
  return status;
}

/* Everybody who decided in a chain is barred, so a chain that cannot be read to its end is not
 * begun. */
enum status took_part_check_depth(struct case_call *call, struct subject subject,
                                  struct error *err) {
  enum status status = DONE;
  for (int depth = 0; status == DONE && subject.kind == SUBJECT_CASE; depth++) {
    struct case_file file;
    bool found = false;
    if (depth == COMPLAINTS_DEEP)
      return refuse_at(err, "subject", REDRESS_TOO_DEEP, (int)COMPLAINTS_DEEP);
    status = find_case(call, subject.number, &file, &found, err);
    if (status == DONE) subject = found ? subject_read(file.subject) : (struct subject){0};
  }
  return status;
}

/* ---- their names in a text ---- */

/* Small letters: ASCII, Latin-1 and Latin Extended-A, in which names of the kingdom are written. */
static uint32_t small_letter(uint32_t c) {
  if ((c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7)) return c + 32;
  if (c == 0x178) return 0xFF;
  bool odd_is_large = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E);
  if (c >= 0x100 && c <= 0x17E && (c & 1) == (odd_is_large ? 1 : 0)) return c + 1;
  return c;
}

static bool is_of_word(uint32_t c) {
  return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

/* ` words of the text ` in small letters with one space between, and one at each end. */
static const char *folded(struct arena *arena, struct span text) {
  char *out = arena_alloc(arena, text.size * 4 + 3);
  size_t size = 0;
  uint32_t c;
  out[size++] = ' ';
  for (size_t at = 0, n; at < text.size; at += n ? n : 1) {
    n = utf8_decode(text.bytes + at, text.size - at, &c);
    c = n ? small_letter(c) : ' ';
    if (!is_of_word(c)) {
      if (out[size - 1] != ' ') out[size++] = ' ';
    } else if (c < 0x80) {
      out[size++] = (char)c;
    } else if (c < 0x800) {
      out[size++] = (char)(0xC0 | c >> 6);
      out[size++] = (char)(0x80 | (c & 0x3F));
    } else {
      memcpy(out + size, text.bytes + at, n);
      size += n;
    }
  }
  if (out[size - 1] != ' ') out[size++] = ' ';
  out[size] = 0;
  return out;
}

enum status took_part_named(struct case_call *call, const struct took_part *who, struct span text,
                            const char **name, struct error *err) {
  const char *words = folded(call->arena, text);
  enum status status = DONE;
  *name = NULL;
  for (int i = 0; status == DONE && i < who->count && !*name; i++) {
    int64_t *records = NULL;
    int count = 0;
    status = register_records(call->store, call->arena, who->ids[i], &records, &count, err);
    for (int r = 0; status == DONE && r < count && !*name; r++) {
      struct register_name its;
      status = register_name_of_party(call->store, call->arena, records[r], &its, err);
      if (status != DONE || !its.name) continue;
      const char *part = folded(call->arena, span_of(its.name));
      if (part[1] && strstr(words, part)) *name = its.name;
    }
  }
  return status;
}
