#include "sample/lines.h"
#include "base/arena.h"
#include "base/folder.h"
#include "base/money.h"
#include <errno.h>
#include <unistd.h>

enum { FLUSH_BYTES = 1 << 20 };

static void add_padded(struct text *t, char letter, int64_t n, int width) {
  char digits[24];
  int size = 0;
  do {
    digits[size++] = (char)('0' + n % 10);
    n /= 10;
  } while (n > 0 || size < width);
  text_add_char(t, letter);
  while (size > 0) text_add_char(t, digits[--size]);
}

void lines_add_person(struct text *t, int person) { add_padded(t, 'P', (int64_t)person + 1, 6); }
void lines_add_household(struct text *t, int household) {
  add_padded(t, 'H', (int64_t)household + 1, 5);
}

enum status sample_lines_open(struct lines *l, const char *dir, int year, struct error *err) {
  *l = (struct lines){0};
  year_write(SAMPLE_YEAR_FIRST + year, l->year);
  char name[32];
  int folder = -1, fd = -1;
  snprintf(name, sizeof name, "entries-%s.csv", l->year);
  enum status status = folder_open(AT_FDCWD, dir, 0755, &folder, err);
  if (status == DONE) status = file_make_anew(folder, name, 0644, &fd, err);
  if (folder >= 0) close(folder);
  if (status == DONE && !(l->file = fdopen(fd, "wb"))) {
    status = error_errno(err, "%s", name);
    close(fd);
  }
  if (status != DONE) return error_while(err, "writing to %s", dir);
  text_reserve(&l->text, FLUSH_BYTES + 4096);
  text_add(&l->text,
           "date,person,category,amount,quantity,unit,service,body,reference,note,estimated\n");
  return DONE;
}

static void flush(struct lines *l) {
  if (fwrite(l->text.bytes, 1, l->text.size, l->file) != l->text.size && !l->fault)
    l->fault = errno ? errno : EIO;
  text_clear(&l->text);
}

static void begin(struct lines *l, const struct lines_kind *kind, int person, day_t day) {
  text_add_day(&l->text, day);
  text_add_char(&l->text, ',');
  lines_add_person(&l->text, person);
  text_add_char(&l->text, ',');
  text_add(&l->text, kind->category);
  text_add_char(&l->text, ',');
}

static void end(struct lines *l, const struct lines_kind *kind, const char *note) {
  text_add_char(&l->text, ',');
  text_add(&l->text, kind->body);
  text_add_char(&l->text, ',');
  text_add_bytes(&l->text, l->year + 2, 2); /* the tax year in short: 2324-0000001 */
  text_add_bytes(&l->text, l->year + 5, 2);
  add_padded(&l->text, '-', ++l->count, 7);
  text_add_char(&l->text, ',');
  if (note) text_add_csv(&l->text, span_of(note));
  text_add(&l->text, kind->estimated ? ",yes\n" : ",\n");
  if (l->text.size > FLUSH_BYTES) flush(l);
}

void lines_money(struct lines *l, const struct lines_kind *kind, int person, day_t day,
                 int64_t pence, const char *note) {
  begin(l, kind, person, day);
  text_add_money(&l->text, pence);
  text_add(&l->text, ",,,");
  end(l, kind, note);
}

void lines_use(struct lines *l, const struct lines_kind *kind, int person, day_t day,
               int64_t thousandths) {
  begin(l, kind, person, day);
  text_add_char(&l->text, ',');
  text_add_quantity(&l->text, thousandths);
  text_add_char(&l->text, ',');
  text_add(&l->text, kind->unit);
  text_add_char(&l->text, ',');
  text_add(&l->text, kind->service);
  end(l, kind, 0);
}

void lines_time(struct lines *l, const struct lines_kind *kind, int person, day_t day,
                int64_t minutes) {
  begin(l, kind, person, day);
  text_add_char(&l->text, ',');
  text_add_int(&l->text, minutes);
  text_add(&l->text, ",minutes,");
  end(l, kind, 0);
}

enum status sample_lines_close(struct lines *l, struct error *err) {
  if (!l->file) return DONE;
  flush(l);
  if (fclose(l->file) != 0 && !l->fault) l->fault = errno ? errno : EIO;
  text_release(&l->text);
  l->file = 0;
  errno = l->fault;
  return l->fault ? error_errno(err, "entries-%s.csv", l->year) : DONE;
}
