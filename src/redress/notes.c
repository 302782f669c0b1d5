/* What was asked about lines, for the pages that show lines. */
#include "redress/parts.h"

#include "register/register.h"

static enum status cases_about(struct store *store, struct arena *arena, const struct pack *pack,
                               int64_t person, struct case_file **out, int *count,
                               struct error *err) {
  const struct case_desk desk = {.pack = pack};
  int64_t *records = NULL, total = 0;
  int record_count = 0;
  enum status status = register_records(store, arena, person, &records, &record_count, err);
  *count = 0;
  *out = arena_array(arena, struct case_file, REDRESS_NOTES_MOST);
  for (bool more = status == DONE; status == DONE && more;) {
    struct case_file *page = NULL;
    int got = 0;
    struct case_filter filter = {.which = CASES_ALL, .skip = *count, .most = CASES_PAGE_MOST};
    status = cases_of(store, arena, &desk, records, record_count, &filter, &page, &got, &total,
                      err);
    for (int i = 0; status == DONE && i < got && *count < REDRESS_NOTES_MOST; i++)
      (*out)[(*count)++] = page[i];
    more = got == CASES_PAGE_MOST && *count < REDRESS_NOTES_MOST;
  }
  return status;
}

/* The line that a case concerns: its own subject, or that of the case that it is about. */
static struct subject line_of(const struct case_file *all, int count,
                              const struct case_file *file) {
  struct subject subject = subject_read(file->subject);
  for (int depth = 0; subject.kind == SUBJECT_CASE && depth < count; depth++) {
    const struct case_file *about = NULL;
    for (int i = 0; i < count && !about; i++)
      if (all[i].id == subject.number) about = &all[i];
    subject = subject_read(about ? about->subject : NULL);
  }
  return subject;
}

static bool is_line(const struct subject *subject, int64_t entry, int32_t line_no) {
  return subject->kind == SUBJECT_LINE && subject->number == entry && subject->line_no == line_no;
}

/* The line that this one takes back; kind SUBJECT_NONE: it takes none back. */
static enum status undone_of(struct store *store, struct arena *arena, int64_t person,
                             int64_t entry, int32_t line_no, struct subject *out,
                             struct error *err) {
  const struct subject subject = {SUBJECT_LINE, entry, line_no};
  struct disputed disputed = {0};
  bool found = false;
  *out = (struct subject){0};
  if (!entry) return DONE;
  enum status status = disputed_find(store, arena, person, &subject, &disputed, &found, err);
  if (status == DONE && found && disputed.line.reverses_entry)
    *out = (struct subject){SUBJECT_LINE, disputed.line.reverses_entry,
                            disputed.line.reverses_line_no};
  return status;
}

enum status redress_notes(struct store *store, struct arena *arena, const struct pack *pack,
                          int64_t person, int64_t entry, int32_t line_no, struct redress_note **out,
                          int *count, struct error *err) {
  struct case_file *all = NULL;
  int n = 0;
  struct subject undone;
  enum status status = undone_of(store, arena, person, entry, line_no, &undone, err);
  if (status == DONE) status = cases_about(store, arena, pack, person, &all, &n, err);
  *count = 0;
  *out = arena_array(arena, struct redress_note, n + 1);
  for (int i = 0; status == DONE && i < n; i++) {
    const struct subject line = line_of(all, n, &all[i]);
    if (line.kind != SUBJECT_LINE) continue;
    const struct subject made = subject_read(all[i].result);
    if (entry && !is_line(&line, entry, line_no) && !is_line(&made, entry, line_no) &&
        !(undone.kind && is_line(&line, undone.number, undone.line_no)))
      continue;
    (*out)[(*count)++] = (struct redress_note){&all[i], line.number, line.line_no};
  }
  return status;
}

enum status redress_line_is_open(struct store *store, struct arena *arena, const struct pack *pack,
                                 int64_t person, int64_t entry, int32_t line_no, bool *open,
                                 struct error *err) {
  const struct subject subject = {SUBJECT_LINE, entry, line_no};
  struct disputed disputed = {0};
  struct redress_note *notes = NULL;
  int count = 0;
  *open = false;
  enum status status = disputed_find(store, arena, person, &subject, &disputed, open, err);
  if (status == DONE && *open)
    status = redress_notes(store, arena, pack, person, entry, line_no, &notes, &count, err);
  *open &= !disputed.undone && !disputed.line.reverses_entry;
  for (int i = 0; status == DONE && i < count; i++)
    if (notes[i].file->waits && notes[i].entry == entry && notes[i].line_no == line_no &&
        subject_read(notes[i].file->subject).kind == SUBJECT_LINE)
      *open = false;
  return status;
}
