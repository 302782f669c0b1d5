#include "exchange/subject_export.h"

#include "base/folder.h"
#include "base/json.h"
#include "base/refusal.h"
#include "book/entries.h"
#include "exchange/row_writer.h"
#include "exchange/subject_files.h"
#include "exchange/subject_lines.h"
#include "store/setting.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* Everything of one copy. */
struct copy {
  struct store *store;
  const struct pack *pack;
  const struct subject_export_options *options;
  struct arena *arena;
  struct held subject;
  struct subject_lines lines; /* of both forms the counts, of the last its rows */
  struct text csv_lines, json_lines;
  struct held_file postings;
  const char *place;
  char made[21];
  const struct work_folder *work; /* null: no folder is made */
  int attachments_fd;             /* the folder within it; -1: there is none yet */
  int64_t attachments;
};

/* ---- gathering ---- */

static enum status take_attachment(void *context, const char *name, struct span content,
                                   struct error *err) {
  struct copy *c = context;
  enum status status = DONE;
  if (c->attachments_fd < 0)
    status = folder_open(c->work->fd, "attachments", 0700, &c->attachments_fd, err);
  if (status == DONE) status = file_write_new(c->attachments_fd, name, 0600, content, err);
  c->attachments += status == DONE;
  return status;
}

/* The entries of the lines: when each was recorded, and why. */
static enum status read_postings(struct copy *c, struct error *err) {
  static const char *const columns[] = {"entry", "day", "kind", "recorded", "reason"};
  enum { COLUMNS = sizeof columns / sizeof *columns };
  const int count = c->lines.entry_count;
  struct held_file *file = &c->postings;
  enum status status = DONE;
  *file = (struct held_file){.name = "postings",
                             .columns = columns,
                             .column_count = COLUMNS,
                             .row_count = count,
                             .values = arena_array(c->arena, struct span, count * COLUMNS + 1)};
  for (int i = 0; status == DONE && i < count; i++) {
    struct entry_record entry;
    struct span *row = file->values + (ptrdiff_t)i * COLUMNS;
    bool found = false;
    char day[11];
    status = entry_find(c->store, c->arena, c->lines.entries[i], &entry, &found, err);
    for (int v = 0; v < COLUMNS; v++) row[v] = span_make(NULL, 0);
    if (status != DONE || !found) continue;
    row[0] = span_of(arena_printf(c->arena, "%lld", (long long)entry.id));
    row[1] = span_of(arena_string(c->arena, day_write(entry.day, day)));
    row[2] = span_of(entry.kind);
    row[3] = span_of(entry.recorded);
    row[4] = span_of(entry.memo);
    file->withheld += held_withhold(&c->subject, &row[4]);
  }
  return status;
}

static enum status read_lines(struct copy *c, bool json, struct text *out, struct error *err) {
  c->lines = (struct subject_lines){.subject = &c->subject, .json = json, .out = out};
  return export_subject_lines(c->store, c->pack, c->arena, &c->lines, err);
}

/* In the caller's snapshot. */
static enum status gather(struct copy *c, struct error *err) {
  const struct held_attachments attachments = {take_attachment, c};
  enum status status = held_gather(c->store, c->arena, c->options->person,
                                   c->work ? &attachments : NULL, &c->subject, err);
  if (status == DONE && c->work) status = read_lines(c, false, &c->csv_lines, err);
  if (status == DONE) status = read_lines(c, true, &c->json_lines, err);
  if (status == DONE) status = read_postings(c, err);
  if (status == DONE) status = setting_read(c->store, c->arena, "place", &c->place, err);
  return status;
}

static enum status copy_begin(struct copy *c, struct error *err) {
  c->arena = arena_new();
  clock_write_now(c->made);
  return gather(c, err);
}

static void copy_end(struct copy *c) {
  text_release(&c->csv_lines);
  text_release(&c->json_lines);
  arena_free(c->arena);
}

/* ---- the files ---- */

/* A file of the copy, in the order of subject_files. */
struct part {
  const struct subject_file_title *title;
  const struct held_file *file; /* null: the lines */
  int64_t rows, withheld;
};

static struct part part_of(const struct copy *c, const struct subject_file_title *title) {
  if (strcmp(title->file, "lines") == 0)
    return (struct part){title, NULL, c->lines.rows, c->lines.withheld};
  const struct held_file *file = strcmp(title->file, c->postings.name) == 0 ? &c->postings : NULL;
  for (int f = 0; !file && f < c->subject.file_count; f++)
    if (strcmp(title->file, c->subject.files[f].name) == 0) file = &c->subject.files[f];
  return file ? (struct part){title, file, file->row_count, file->withheld}
              : (struct part){.title = title};
}

static void count_part(struct subject_export_result *result, const struct part *part) {
  result->files += part->rows > 0;
  result->rows += part->rows;
  result->withheld += part->withheld;
}

static void write_file(const struct held_file *file, bool json, struct text *out) {
  struct table_column *columns = memory_zeroed((size_t)file->column_count, sizeof *columns);
  for (int i = 0; i < file->column_count; i++) columns[i].name = file->columns[i];
  struct row_writer w = {
      .out = out, .to = out, .json = json, .columns = columns, .count = file->column_count};
  row_head(&w);
  for (int64_t r = 0; r < file->row_count; r++) {
    row_begin(&w, out);
    for (int i = 0; i < file->column_count; i++)
      row_text(&w, file->values[r * file->column_count + i]);
    row_end(&w);
  }
  free(columns);
}

/* JSON Lines as the items of an array. */
static void add_items(struct text *out, struct span lines) {
  text_add_char(out, '[');
  for (size_t i = 0; i + 1 < lines.size; i++) {
    if (lines.bytes[i] == '\n') text_add(out, ",\n");
    else text_add_char(out, lines.bytes[i]);
  }
  text_add_char(out, ']');
}

static void add_json_of(const struct copy *c, const struct part *part, struct text *out) {
  struct text rows = {0};
  if (part->file) write_file(part->file, true, &rows);
  add_items(out, part->file ? span_make(rows.bytes, rows.size)
                            : span_make(c->json_lines.bytes, c->json_lines.size));
  text_release(&rows);
}

/* Who, when, and of each file its rows and what was withheld; the object is left open. */
static void add_index(const struct copy *c, struct json *j, struct subject_export_result *result) {
  json_open_object(j, NULL);
  json_text(j, "person", span_of(c->subject.code));
  if (c->place) json_text(j, "place", span_of(c->place));
  json_text(j, "made", span_of(c->made));
  json_text(j, "by", span_of(c->options->by));
  json_open_object(j, "rows");
  for (const struct subject_file_title *t = subject_files; t->file; t++) {
    const struct part part = part_of(c, t);
    json_int(j, t->file, part.rows);
    count_part(result, &part);
  }
  json_close_object(j);
  json_open_object(j, "withheld");
  for (const struct subject_file_title *t = subject_files; t->file; t++) {
    const struct part part = part_of(c, t);
    if (part.withheld) json_int(j, t->file, part.withheld);
  }
  json_close_object(j);
}

/* ---- the readme ---- */

static void add_files(const struct copy *c, struct text *t) {
  const enum language language = c->options->language;
  for (const struct subject_file_title *title = subject_files; title->file; title++) {
    const struct part part = part_of(c, title);
    if (!part.rows) continue;
    text_addf(t, "%s\n    %s\n    ", title->file, say(language, title->title));
    text_addf(t, say_count(language, "%lld row", "%lld rows", part.rows), (long long)part.rows);
    if (part.withheld) {
      text_add(t, "; ");
      text_addf(t,
                say_count(language, "another person is withheld in %lld place",
                          "other people are withheld in %lld places", part.withheld),
                (long long)part.withheld);
    }
    text_add(t, "\n");
  }
}

static void add_empty(const struct copy *c, struct text *t) {
  const enum language language = c->options->language;
  text_addf(t, "\n%s\n\n", say(language, "We hold nothing of these kinds about you:"));
  for (const struct subject_file_title *title = subject_files; title->file; title++)
    if (!part_of(c, title).rows) text_addf(t, "    %s\n", say(language, title->title));
}

static void add_readme(const struct copy *c, struct text *t) {
  const enum language language = c->options->language;
  text_addf(t, "%s\n\n", say(language, "A copy of everything we hold about you"));
  text_addf(t, say(language, "About: %s (%s)"), c->subject.name ? c->subject.name : "",
            c->subject.code);
  text_add(t, "\n");
  text_addf(t, say(language, "Made: %s, by %s"), c->made, c->options->by);
  text_add(t, "\n\n");
  for (const char *const *line = subject_readme; *line; line++)
    text_addf(t, "%s\n", say(language, *line));
  text_addf(t, "\n%s\n\n", say(language, "The files:"));
  add_files(c, t);
  add_empty(c, t);
}

/* ---- a folder ---- */

static enum status put(const struct copy *c, const char *name, const char *extension,
                       struct text *text, struct error *err) {
  enum status status = file_write_new(c->work->fd, arena_printf(c->arena, "%s.%s", name, extension),
                                      0600, span_make(text->bytes, text->size), err);
  text_release(text);
  return status;
}

static enum status put_part(const struct copy *c, const struct part *part, struct error *err) {
  struct text csv = {0}, json = {0};
  if (part->file) write_file(part->file, false, &csv);
  else text_add_bytes(&csv, c->csv_lines.bytes, c->csv_lines.size);
  enum status status = put(c, part->title->file, "csv", &csv, err);
  if (status != DONE) return status;
  add_json_of(c, part, &json);
  text_add_char(&json, '\n');
  return put(c, part->title->file, "json", &json, err);
}

static enum status put_files(const struct copy *c, struct subject_export_result *result,
                             struct error *err) {
  struct text index = {0}, readme = {0};
  struct json j;
  json_begin(&j, &index);
  add_index(c, &j, result);
  json_close_object(&j);
  text_add_char(&index, '\n');
  enum status status = put(c, "index", "json", &index, err);
  if (status == DONE) {
    add_readme(c, &readme);
    status = put(c, "README", "txt", &readme, err);
  }
  for (const struct subject_file_title *t = subject_files; status == DONE && t->file; t++) {
    const struct part part = part_of(c, t);
    if (part.rows) status = put_part(c, &part, err);
  }
  return status;
}

/* The name of the folder, without the slashes at its end. */
static const char *without_slashes(struct arena *arena, const char *dir) {
  size_t size = strlen(dir);
  while (size > 1 && dir[size - 1] == '/') size--;
  return arena_copy(arena, dir, size);
}

static enum status refuse_unless_empty(const char *dir, struct error *err) {
  bool empty = false;
  enum status status = folder_is_empty(dir, &empty, err);
  return status == DONE && !empty ? refuse(err, COPY_FOLDER_NOT_EMPTY, dir) : status;
}

static enum status move_into_place(const char *work, const char *dir, struct error *err) {
  if (rename(work, dir) == 0) return DONE;
  if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR)
    return refuse(err, COPY_FOLDER_NOT_EMPTY, dir);
  return error_errno(err, "%s", dir);
}

enum status subject_export_folder(struct store *store, const struct pack *pack,
                                  const struct subject_export_options *options, const char *dir,
                                  struct subject_export_result *result, struct error *err) {
  struct arena *arena = arena_new();
  const char *path = without_slashes(arena, dir);
  struct work_folder work = {.fd = -1};
  struct copy c = {
      .store = store, .pack = pack, .options = options, .work = &work, .attachments_fd = -1};
  *result = (struct subject_export_result){0};
  enum status status = refuse_unless_empty(path, err);
  if (status == DONE)
    status = work_folder_make(&work, AT_FDCWD, arena_printf(arena, "%s.weal-", path), err);
  if (status == DONE) {
    status = store_begin(store, STORE_READ, err);
    if (status == DONE) status = copy_begin(&c, err);
    store_rollback(store);
    if (status == DONE) status = put_files(&c, result, err);
    if (c.attachments_fd >= 0) close(c.attachments_fd);
    if (status == DONE) status = move_into_place(work.name, path, err);
    result->attachments = c.attachments;
    copy_end(&c);
  }
  if (status == DONE) work_folder_close(&work);
  else status = work_folder_remove(&work, status, err);
  arena_free(arena);
  return status;
}

/* ---- one object ---- */

enum status subject_export_json(struct store *store, const struct pack *pack,
                                const struct subject_export_options *options, struct text *out,
                                struct error *err) {
  struct copy c = {.store = store, .pack = pack, .options = options};
  struct subject_export_result counted = {0};
  enum status status = copy_begin(&c, err);
  if (status == DONE) {
    struct json j;
    struct text readme = {0};
    json_begin(&j, out);
    add_index(&c, &j, &counted);
    add_readme(&c, &readme);
    json_text(&j, "readme", span_make(readme.bytes, readme.size));
    text_release(&readme);
    text_add(out, ",\n\"files\":{");
    bool some = false;
    for (const struct subject_file_title *t = subject_files; t->file; t++) {
      const struct part part = part_of(&c, t);
      if (!part.rows) continue;
      text_addf(out, "%s\n\"%s\":", some ? "," : "", t->file);
      add_json_of(&c, &part, out);
      some = true;
    }
    text_add(out, "}");
    json_close_object(&j);
    text_add_char(out, '\n');
  }
  copy_end(&c);
  return status;
}
