#include "exchange/profile_new.h"

#include "base/refusal.h"
#include "exchange/own_recognise.h"
#include "exchange/plain.h"
#include "exchange/recognise.h"
#include "exchange/records.h"

/* The first sheet that is shown, or the file itself. */
static const char *first_shown(const struct plain *plain, const char *path) {
  for (int i = 0; i < plain->count; i++)
    if (!plain->parts[i].hidden) return plain->parts[i].path;
  return plain->count ? plain->parts[0].path : path;
}

/* The records of the first sheet that is shown. */
static enum status read_records(const char *path, struct arena *arena, struct records *out,
                                struct error *err) {
  struct table_raw *raw = NULL;
  struct plain plain = {0};
  enum status status = plain_open(&plain, path, 0, arena, err);
  if (status == DONE) status = table_raw_open(&raw, first_shown(&plain, path), err);
  if (status == DONE) status = records_read(out, raw, NULL, 0, arena, err);
  table_raw_close(raw);
  plain_close(&plain);
  return status;
}

/* What a look at the file does with what was recognised, while its cells are there. */
struct looking_at {
  void (*run)(void *context, struct recognised *r, const struct records *records);
  void *context;
  struct text *people; /* of a file of people gets the profile, and nothing is run; null: no look */
};

static enum status look_at(const char *path, const char *pack_dir, struct arena *arena,
                           struct looking_at then, struct error *err) {
  struct headings *headings = NULL, *people = NULL;
  struct records records = {0};
  struct recognised r;
  enum status status = headings_read(&headings, pack_dir, arena, err);
  if (status == DONE) status = headings_read_of_people(&people, pack_dir, arena, err);
  if (status == DONE) status = read_records(path, arena, &records, err);
  if (status == DONE) {
    recognise(headings, records.all, records.count, arena, &r);
    const bool sure = r.profile && !r.question;
    if (then.people &&
        own_recognise(people, records.all, records.count, !sure, arena, then.people)) {
      records_free(&records);
      return DONE;
    }
    if (r.header_index < 0)
      recognise_without_header(headings, records.all, records.count, arena, &r);
    if (r.profile) then.run(then.context, &r, &records);
    else {
      refuse(err, PUBLISHED_NO_ROWS);
      status = error_at(err, path, 1, NULL);
    }
  }
  records_free(&records);
  return status;
}

/* ---- as it was understood ---- */

struct writing {
  const char *path;
  struct text *out;
};

static void write_new(void *context, struct recognised *r, const struct records *records) {
  const struct writing *w = context;
  (void)records;
  recognised_write(r, w->path, w->out);
}

enum status profile_new(const char *path, const char *pack_dir, struct arena *arena,
                        struct text *out, struct error *err) {
  struct writing w = {path, out};
  return look_at(path, pack_dir, arena, (struct looking_at){write_new, &w, out}, err);
}

static void take_columns(void *context, struct recognised *r, const struct records *records) {
  struct profile_look *look = context;
  (void)records;
  look->columns = r->columns;
  look->column_count = r->column_count;
}

enum status profile_look(const char *path, const char *pack_dir, struct arena *arena,
                         struct profile_look *out, struct error *err) {
  *out = (struct profile_look){0};
  return look_at(path, pack_dir, arena, (struct looking_at){take_columns, out, NULL}, err);
}

/* ---- as a person says ---- */

struct answering {
  const struct profile_look *look;
  struct writing to;
};

static void write_answer(void *context, struct recognised *r, const struct records *records) {
  const struct answering *a = context;
  const struct profile_look *look = a->look;
  r->question = NULL;
  for (int c = 0; c < r->column_count && c < look->column_count; c++) {
    if (r->columns[c].means != look->columns[c].means) r->columns[c].sure = 0;
    r->columns[c].means = look->columns[c].means;
    if (r->columns[c].means == MEANS_DATE)
      recognised_set_day(r, records->all, records->count, c, look->order == ORDER_MONTH_FIRST,
                         look->order == ORDER_DAY_FIRST);
  }
  recognised_write(r, a->to.path, a->to.out);
  if (look->turned) text_add(a->to.out, "scale,,-1,\n");
  if (look->vat) text_addf(a->to.out, "vat,,%s,\n", look->vat);
}

enum status profile_answer(const char *path, const char *pack_dir, const struct profile_look *look,
                           struct arena *arena, struct text *out, struct error *err) {
  struct answering a = {look, {path, out}};
  return look_at(path, pack_dir, arena, (struct looking_at){write_answer, &a, NULL}, err);
}

/* ---- of people ---- */

enum status profile_look_people(const char *path, const char *pack_dir, struct arena *arena,
                                struct profile_look *out, struct error *err) {
  struct headings *words = NULL;
  struct records records = {0};
  *out = (struct profile_look){0};
  enum status status = headings_read_of_people(&words, pack_dir, arena, err);
  if (status == DONE) status = read_records(path, arena, &records, err);
  if (status == DONE &&
      !own_columns(words, records.all, records.count, arena, &out->columns, &out->column_count)) {
    refuse(err, PUBLISHED_NO_ROWS);
    status = error_at(err, path, 1, NULL);
  }
  records_free(&records);
  return status;
}

enum status profile_answer_people(const char *path, const char *pack_dir,
                                  const struct profile_look *look, struct arena *arena,
                                  struct text *out, struct error *err) {
  struct headings *words = NULL;
  struct records records = {0};
  enum status status = headings_read_of_people(&words, pack_dir, arena, err);
  if (status == DONE) status = read_records(path, arena, &records, err);
  if (status == DONE)
    own_answer(words, records.all, records.count, look->columns, look->column_count, &look->people,
               arena, out);
  records_free(&records);
  return status;
}
