#include "sample/facts.h"

#include "base/folder.h"
#include "base/money.h"
#include "sample/lines.h"
#include "sample/relations.h"
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* One home in six tells less than rules need, so that there is something to ask: our choice. Of
 * what may be left out each is, one time in four. */
static const double UNTOLD_HOMES = 1.0 / 6, UNTOLD_ROWS = 0.25;

enum { FLUSH_BYTES = 1 << 20 };

struct fact_file {
  const struct town *town;
  const struct pack *pack;
  FILE *file;
  struct text text;
  int fault; /* errno of the first write that failed; 0: none did */
};

static void flush(struct fact_file *f) {
  if (fwrite(f->text.bytes, 1, f->text.size, f->file) != f->text.size && !f->fault)
    f->fault = errno ? errno : EIO;
  text_clear(&f->text);
}

static bool is_untold(const struct town *t, int household, int row) {
  return random_of(t->seed, QUEUE_UNTOLD, (uint64_t)household) < UNTOLD_HOMES &&
         random_of(t->seed, QUEUE_UNTOLD * 64 + (uint64_t)row, (uint64_t)household) < UNTOLD_ROWS;
}

/* ---- a row ---- */

/* Whom it is about: a person, or else a household. */
struct fact_about {
  int person, household; /* -1: the other */
  int teller;            /* -1: they do not say it themselves */
};

static void add_value(struct text *t, struct told told) {
  char day[11];
  switch (told.kind) {
  case TOLD_PENCE: text_add_money(t, told.amount); break;
  case TOLD_THOUSANDTHS: text_add_quantity(t, told.amount); break;
  case TOLD_DAY: text_add(t, day_write((day_t)told.amount, day)); break;
  default: text_add(t, told.word);
  }
}

static void begin(struct fact_file *f, const struct fact_about *about, const char *variable) {
  if (about->person >= 0) lines_add_person(&f->text, about->person);
  text_add_char(&f->text, ',');
  if (about->person < 0) lines_add_household(&f->text, about->household);
  text_addf(&f->text, ",%s,", variable);
}

static void end(struct fact_file *f, const struct fact_about *about, const char *per, day_t from,
                day_t to, enum told_sayer sayer) {
  text_addf(&f->text, ",%s,", per ? per : "");
  text_add_day(&f->text, from);
  text_add_char(&f->text, ',');
  if (to != DAY_NONE) text_add_day(&f->text, to);
  text_addf(&f->text, ",%s,", sayer == SAID_BY_DWP ? "decision" : "told");
  if (sayer == SAID_BY_THEM && about->teller >= 0) lines_add_person(&f->text, about->teller);
  text_addf(&f->text, ",%s,,\n",
            sayer == SAID_BY_DWP                            ? "dwp"
            : sayer == SAID_BY_COUNCIL || about->teller < 0 ? "harrowmere-council"
                                                            : "");
  if (f->text.size > FLUSH_BYTES) flush(f);
}

static void write_row(struct fact_file *f, const struct fact_about *about, const char *variable,
                      const char *per, struct told told, day_t from, enum told_sayer sayer) {
  begin(f, about, variable);
  add_value(&f->text, told);
  end(f, about, per, from, DAY_NONE, sayer);
}

static void write_relation(void *context, const struct relation *r) {
  struct fact_file *f = context;
  const struct fact_about about = {r->person, -1, r->person};
  begin(f, &about, r->variable);
  if (r->other >= 0) lines_add_person(&f->text, r->other);
  else text_add(&f->text, "none");
  end(f, &about, NULL, r->from, r->to, SAID_BY_THEM);
}

/* ---- what changed ---- */

static bool is_same(struct told a, struct told b) {
  return a.kind == b.kind && a.amount == b.amount &&
         (a.word == b.word || (a.word && b.word && strcmp(a.word, b.word) == 0));
}

/* What is to be told now, where `before` was told; of nothing new: TOLD_NOTHING. */
static struct told change(struct told before, struct told now, const char *else_told) {
  const struct told gone = {TOLD_WORD, else_told, 0};
  if (now.kind == TOLD_NOTHING)
    return before.kind != TOLD_NOTHING && else_told ? gone : (struct told){0};
  return is_same(before, now) ? (struct told){0} : now;
}

static int home_of(const struct sample_person *p, int year) {
  return p->left != DAY_NONE && p->left < town_year_first(year) ? p->household : p->home;
}

/* An amount that the law sets anew each April is told each April, even where it stays the same. */
static bool is_told_each_year(const struct fact_file *f, const struct told_person_row *row,
                              struct told now) {
  if (now.kind != TOLD_PENCE || now.amount <= 0) return false;
  const struct pack_tellable *what = pack_find_tellable(f->pack, span_of(row->variable));
  return what && what->rise;
}

/* `before`: null in the first year. */
static void write_person(struct fact_file *f, int i, const struct home_year *now,
                         const struct home_year *before) {
  const struct sample_person *p = &f->town->people[i];
  day_t first, last;
  if (!town_days(f->town, i, now->year, &first, &last)) return;
  const int age = day_age(p->born, first), grown = day_age(p->born, last);
  for (int r = 0; r < told_person_row_count; r++) {
    const struct told_person_row *row = &told_person_rows[r];
    if (grown < row->age_from || age > row->age_to ||
        (row->may_be_untold && is_untold(f->town, now->household, r)))
      continue;
    const bool is_of_age = age >= row->age_from;
    const day_t from = is_of_age ? first : day_months_after(p->born, 12 * row->age_from);
    const bool was_told = before && p->born < town_year_first(now->year) && is_of_age;
    const struct told was = was_told ? row->of(before, i) : (struct told){0};
    struct told told = row->of(now, i);
    if (!is_told_each_year(f, row, told)) told = change(was, told, row->else_told);
    const struct fact_about about = {i, -1, grown >= 16 && day_age(p->born, from) >= 16 ? i : -1};
    if (told.kind) write_row(f, &about, row->variable, row->per, told, from, row->sayer);
  }
}

static void write_home(struct fact_file *f, const struct home_year *now,
                       const struct home_year *before) {
  const struct household *house = &f->town->households[now->household];
  const day_t first = town_year_first(now->year);
  const struct fact_about home = {-1, now->household, now->payer};
  const struct fact_about payer = {now->payer, -1, now->payer};
  if (now->payer < 0) return;
  for (int r = 0; r < told_home_row_count; r++) {
    const struct told_home_row *row = &told_home_rows[r];
    if (row->may_be_untold && is_untold(f->town, now->household, 64 + r)) continue;
    const bool was_told = before && (!row->of_payer || before->payer == now->payer);
    const struct told was = was_told ? row->of(before) : (struct told){0};
    const struct told told = change(was, row->of(now), row->else_told);
    if (told.kind)
      write_row(f, row->of_payer ? &payer : &home, row->variable, row->per, told,
                house->from != DAY_NONE && house->from > first ? house->from : first, row->sayer);
  }
}

static void write_year(struct fact_file *f, const struct residents *now,
                       const struct residents *before) {
  const struct town *t = f->town;
  struct home_year home, earlier;
  for (int h = 0; h < t->households_count; h++) {
    const bool was = before && (t->households[h].from == DAY_NONE ||
                                t->households[h].from <= town_year_last(before->year));
    home_year_take(t, now, h, &home);
    if (was) home_year_take(t, before, h, &earlier);
    write_home(f, &home, was && earlier.payer >= 0 ? &earlier : NULL);
    for (int m = 0; m < home.member_count && t->first[h] < t->first[h + 1]; m++) {
      const int i = home.members[m];
      const int lived = before ? home_of(&t->people[i], before->year) : h;
      if (before && lived != h) home_year_take(t, before, lived, &earlier);
      else if (before && was) home_year_take(t, before, h, &earlier);
      write_person(f, i, &home, before ? &earlier : NULL);
    }
  }
}

/* Of a person, what has risen since the year. */
static void write_risen(struct fact_file *f, int i, const struct home_year *year,
                        const struct home_year *risen) {
  day_t first, last;
  if (!town_days(f->town, i, year->year, &first, &last) || f->town->people[i].died != DAY_NONE)
    return;
  for (int r = 0; r < told_person_row_count; r++) {
    const struct told_person_row *row = &told_person_rows[r];
    const int age = day_age(f->town->people[i].born, last);
    if (age < row->age_from || age > row->age_to || !is_told_each_year(f, row, row->of(year, i)))
      continue;
    const struct fact_about about = {i, -1, i};
    write_row(f, &about, row->variable, row->per, row->of(risen, i), last + 1, row->sayer);
  }
}

/* ---- a file ---- */

static int *copy_of(const int *from, int count) {
  int *out = memory_alloc(sizeof *out * ((size_t)count + 2));
  memcpy(out, from, sizeof *out * (size_t)count);
  return out;
}

static void keep(struct fact_writer *w, const struct town *t) {
  fact_writer_release(w);
  w->year = t->year;
  w->members = copy_of(t->members, t->first[t->households_count]);
  w->first = copy_of(t->first, t->households_count + 1);
  w->payer = copy_of(t->payer, t->households_count);
}

static enum status open_file(struct fact_file *f, const char *dir, const char *name,
                             struct error *err) {
  int folder = -1, fd = -1;
  enum status status = folder_open(AT_FDCWD, dir, 0755, &folder, err);
  if (status == DONE) status = file_make_anew(folder, name, 0644, &fd, err);
  if (folder >= 0) close(folder);
  if (status == DONE && !(f->file = fdopen(fd, "wb"))) {
    status = error_errno(err, "%s", name);
    close(fd);
  }
  return status == DONE ? DONE : error_while(err, "writing to %s", dir);
}

void fact_writer_init(struct fact_writer *w, const char *dir, const struct pack *pack) {
  *w = (struct fact_writer){.dir = dir, .pack = pack, .year = -1};
}

void fact_writer_release(struct fact_writer *w) {
  free(w->members), free(w->first), free(w->payer);
  w->members = w->first = w->payer = NULL;
}

/* Opens the file of a year and writes its heading. */
static enum status begin_year(const struct fact_writer *w, struct fact_file *f, int year,
                              char name[32], struct error *err) {
  char label[8];
  year_write(SAMPLE_YEAR_FIRST + year, label);
  snprintf(name, 32, "facts-%s.csv", label);
  enum status status = open_file(f, w->dir, name, err);
  if (status != DONE) return status;
  text_reserve(&f->text, FLUSH_BYTES + 4096);
  text_add(&f->text, "person,household,variable,value,per,from,to,source,said_by,body,evidence,"
                     "review_by\n");
  return DONE;
}

static enum status end_year(struct fact_file *f, const char *name, struct error *err) {
  flush(f);
  if (fclose(f->file) != 0 && !f->fault) f->fault = errno ? errno : EIO;
  text_release(&f->text);
  errno = f->fault;
  return f->fault ? error_errno(err, "%s", name) : DONE;
}

enum status fact_writer_year(struct fact_writer *w, const struct town *t, struct error *err) {
  struct fact_file f = {.town = t, .pack = w->pack};
  char name[32];
  enum status status = begin_year(w, &f, t->year, name, err);
  if (status != DONE) return status;
  const struct residents now = residents_of(t, t->year, false);
  const struct residents before = {w->year, w->members, w->first, w->payer, false};
  relations_of_year(t, t->year, write_relation, &f);
  write_year(&f, &now, w->year >= 0 ? &before : NULL);
  keep(w, t);
  return end_year(&f, name, err);
}

enum status fact_writer_rise(struct fact_writer *w, const struct town *t, struct error *err) {
  struct fact_file f = {.town = t, .pack = w->pack};
  const struct residents now = residents_of(t, t->year, false);
  const struct residents then = residents_of(t, t->year, true);
  struct home_year home, risen;
  char name[32];
  enum status status = begin_year(w, &f, t->year + 1, name, err);
  for (int h = 0; status == DONE && h < t->households_count; h++) {
    home_year_take(t, &now, h, &home);
    home_year_take(t, &then, h, &risen);
    for (int m = 0; m < home.member_count && t->first[h] < t->first[h + 1]; m++)
      write_risen(&f, home.members[m], &home, &risen);
  }
  return status == DONE ? end_year(&f, name, err) : status;
}
