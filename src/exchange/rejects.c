/* The first refused rows are kept in order of file and line, although they are found in any order;
 * the rest go to the rejects file only. */
#include "exchange/rejects.h"

#include <errno.h>
#include <pthread.h>

struct kept_reject {
  struct reject reject;
  int file;
  uint64_t arrival;
};

struct rejects {
  pthread_mutex_t lock;
  char *path;
  FILE *out;
  struct outfile *file; /* what `out` writes to */
  bool several_files;
  int write_errno;
  uint64_t count;
  char **files;
  int file_count, file_capacity; /* in the order of their first reject */
  struct kept_reject kept[LIMIT_REJECTS_PRINTED];
  int kept_count;
  struct reject first[LIMIT_REJECTS_PRINTED];
  struct text row;
};

struct import_warning import_warning_of(const struct error *why, struct arena *arena) {
  return (struct import_warning){arena_string(arena, why->message), why->refusal};
}

static char *string_copy(const char *text) {
  size_t size = strlen(text);
  char *copy = memory_alloc(size + 1);
  memcpy(copy, text, size + 1);
  return copy;
}

static bool is_rejects_file(struct span head) {
  static const char *const heads[] = {"line,column,value,reason", "file,line,column,value,reason"};
  if (head.size > 3 && memcmp(head.bytes, UTF8_MARK, 3) == 0)
    head = span_make(head.bytes + 3, head.size - 3);
  for (int i = 0; i < 2; i++)
    if (head.size >= strlen(heads[i]) && memcmp(head.bytes, heads[i], strlen(heads[i])) == 0)
      return true;
  return false;
}

static enum status open_file(struct rejects *r, const struct out_path *path, struct error *err) {
  const struct outfile_kind kind = {"a rejects file", is_rejects_file};
  r->path = string_copy(path->path);
  enum status status = outfile_open(&r->file, path, &kind, err);
  if (status != DONE) return status;
  r->out = fdopen(r->file->fd, "w");
  if (!r->out) return error_errno(err, "the rejects file %s cannot be written", r->path);
  const char *head = r->several_files ? "file,line,column,value,reason\n"
                                      : "line,column,value,reason\n";
  if (fputs(head, r->out) == EOF) r->write_errno = errno;
  return DONE;
}

enum status rejects_open(struct rejects **out, const struct out_path *path, bool several_files,
                         struct error *err) {
  struct rejects *r = memory_zeroed(1, sizeof *r);
  pthread_mutex_init(&r->lock, NULL);
  r->several_files = several_files;
  enum status status = path ? open_file(r, path, err) : DONE;
  if (status == DONE) *out = r;
  else rejects_free(r);
  return status;
}

/* Copies a value so that it can be shown and written: cut at a character's border, control
 * characters (where `lines` is true all but those that end lines) and broken UTF-8 as '?'. */
static char *value_copy(struct span value, size_t most, bool lines) {
  size_t size = value.size < most ? value.size : most;
  while (size < value.size && size > 0 && ((unsigned char)value.bytes[size] & 0xC0) == 0x80) size--;
  char *copy = memory_alloc(size + 1);
  if (size) memcpy(copy, value.bytes, size);
  copy[size] = 0;
  for (size_t i = 0, n = 1; i < size; i += n) {
    unsigned char c = (unsigned char)copy[i];
    n = 1;
    if (lines && (c == '\n' || c == '\r' || c == '\t')) continue;
    if (c >= 0x80)
      while (n < 4 && i + n < size && !utf8_valid(copy + i, n)) n++;
    if (c < 0x20 || c == 0x7f || !utf8_valid(copy + i, n)) {
      copy[i] = '?';
      n = 1;
    }
  }
  return copy;
}

static int file_index(struct rejects *r, const char *file) {
  for (int i = r->file_count - 1; i >= 0; i--)
    if (strcmp(r->files[i], file) == 0) return i;
  array_reserve(r->files, r->file_capacity, r->file_count + 1);
  r->files[r->file_count] = string_copy(file);
  return r->file_count++;
}

static bool comes_before(int file, uint64_t line, const struct kept_reject *other) {
  return file != other->file ? file < other->file : line < other->reject.line;
}

static void kept_release(struct kept_reject *k) {
  free(k->reject.value);
  free(k->reject.reason);
}

static void keep(struct rejects *r, int file, uint64_t line, const char *column, const char *value,
                 const char *reason, const struct refusal *refusal) {
  int at = r->kept_count;
  while (at > 0 && comes_before(file, line, &r->kept[at - 1])) at--;
  if (at == LIMIT_REJECTS_PRINTED) return;
  if (r->kept_count == LIMIT_REJECTS_PRINTED) kept_release(&r->kept[--r->kept_count]);
  memmove(&r->kept[at + 1], &r->kept[at], sizeof *r->kept * (size_t)(r->kept_count - at));
  r->kept_count++;
  struct kept_reject *k = &r->kept[at];
  *k = (struct kept_reject){.file = file,
                            .reject = {.file = r->files[file],
                                       .line = line,
                                       .value = string_copy(value),
                                       .reason = string_copy(reason),
                                       .refusal = *refusal}};
  snprintf(k->reject.column, sizeof k->reject.column, "%s", column);
}

void rejects_add(struct rejects *r, const char *file, uint64_t line, const char *column,
                 struct span value, const char *reason, const struct refusal *refusal) {
  char *shown = value_copy(value, LIMIT_REJECT_SHOWN_BYTES, false),
       *whole = r->out ? value_copy(value, LIMIT_REJECT_BYTES, true) : NULL;
  pthread_mutex_lock(&r->lock);
  r->count++;
  if (r->out) {
    text_clear(&r->row);
    if (r->several_files) {
      text_add_csv_guarded(&r->row, span_of(file));
      text_add_char(&r->row, ',');
    }
    text_add_int(&r->row, (int64_t)line);
    text_add_char(&r->row, ',');
    text_add_csv_guarded(&r->row, span_of(column ? column : ""));
    text_add_char(&r->row, ',');
    text_add_csv_guarded(&r->row, span_of(whole));
    text_add_char(&r->row, ',');
    text_add_csv(&r->row, span_of(reason));
    text_add_char(&r->row, '\n');
    if (fwrite(r->row.bytes, 1, r->row.size, r->out) != r->row.size && !r->write_errno)
      r->write_errno = errno;
  }
  keep(r, file_index(r, file), line, column ? column : "", shown, reason, refusal);
  pthread_mutex_unlock(&r->lock);
  free(shown);
  free(whole);
}

uint64_t rejects_count(const struct rejects *r) {
  struct rejects *own = (struct rejects *)r; /* a const caller may take the lock */
  pthread_mutex_lock(&own->lock);
  uint64_t count = r->count;
  pthread_mutex_unlock(&own->lock);
  return count;
}

const struct reject *rejects_first(struct rejects *r, int *count) {
  for (int i = 0; i < r->kept_count; i++) r->first[i] = r->kept[i].reject;
  *count = r->kept_count;
  return r->first;
}

void rejects_forget(struct rejects *r) {
  for (int i = 0; i < r->kept_count; i++) kept_release(&r->kept[i]);
  r->kept_count = 0;
  r->count = 0;
}

static enum status unwritten(const struct rejects *r, struct error *err) {
  errno = r->write_errno;
  return error_errno(err, "the rejects file %s could not be written", r->path);
}

/* A file with rows has its name from here on, so that a run that is killed after it posted the
 * other rows leaves them. */
enum status rejects_flush(struct rejects *r, struct error *err) {
  if (r->out && fflush(r->out) != 0 && !r->write_errno) r->write_errno = errno;
  if (r->write_errno) return unwritten(r, err);
  return r->out && r->count ? outfile_place(r->file, err) : DONE;
}

bool rejects_met_earlier(const struct rejects *r) { return r->file && r->file->replaces; }

void rejects_remove_earlier(struct rejects *r) {
  if (r->file && !r->file->placed) outfile_remove(r->file);
}

enum status rejects_close(struct rejects *r, struct error *err) {
  if (!r->out) return DONE;
  enum status status = rejects_flush(r, err);
  if (r->count == 0 && r->file->placed) outfile_remove(r->file);
  if (fclose(r->out) != 0 && status == DONE) status = error_errno(err, "%s", r->path);
  r->out = NULL;
  r->file->fd = -1; /* closed with the stream */
  return status;
}

void rejects_free(struct rejects *r) {
  if (!r) return;
  if (r->out) {
    struct error ignored;
    if (rejects_close(r, &ignored) != DONE) { /* the caller gives it up anyway */
    }
  }
  for (int i = 0; i < r->kept_count; i++) kept_release(&r->kept[i]);
  for (int i = 0; i < r->file_count; i++) free(r->files[i]);
  free(r->files);
  free(r->path);
  outfile_close(r->file);
  text_release(&r->row);
  pthread_mutex_destroy(&r->lock);
  free(r);
}
