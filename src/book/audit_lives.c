/* Lines of days on which their person did not live: the line was within their life when it was
 * posted, but later the day of birth or death was changed, or two records were merged. */
#include "book/audit_parts.h"

#include "base/limits.h"

static enum status read_lives(struct audit *a, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_stream(a->store, &q,
                                    "select id, born, died from party where kind = 'person'", err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    const int64_t id = query_int(q, 0);
    if (id < 1 || id > a->life_max) continue;
    a->lives[id] = (struct life){id, query_is_null(q, 1) ? DAY_NONE : (day_t)query_int(q, 1),
                                 query_is_null(q, 2) ? DAY_NONE : (day_t)query_int(q, 2)};
  }
  query_end(q);
  return status;
}

/* A merged record gets the birth and death of its survivor. Chains of mergers are short. */
static enum status follow_merges(struct audit *a, struct error *err) {
  struct query *q = NULL;
  bool row = false, again = true;
  enum status status = DONE;
  for (int depth = 0; status == DONE && again && depth < LIMIT_ALIAS_DEPTH; depth++) {
    again = false;
    status = store_query(a->store, &q, "select gone, keep from alias", err);
    while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
      const int64_t merged = query_int(q, 0), survivor = query_int(q, 1);
      if (merged < 1 || survivor < 1 || merged > a->life_max || survivor > a->life_max ||
          a->lives[merged].person == a->lives[survivor].person)
        continue;
      a->lives[merged] = a->lives[survivor];
      again = true;
    }
    query_end(q);
  }
  return status;
}

enum status audit_load_lives(struct audit *a, struct error *err) {
  enum status status = store_int(a->store, "select max(id) from party", 0, &a->life_max, err);
  if (status != DONE) return status;
  a->lives = memory_zeroed((size_t)a->life_max + 1, sizeof *a->lives);
  status = read_lives(a, err);
  return status == DONE ? follow_merges(a, err) : status;
}

static int compare_strays(const void *a, const void *b) {
  const struct stray *x = a, *y = b;
  if (x->person != y->person) return x->person < y->person ? -1 : 1;
  if (x->entry != y->entry) return x->entry < y->entry ? -1 : 1;
  return (x->line_no > y->line_no) - (x->line_no < y->line_no);
}

/* A person's lines for a finding: the first of them, and their number. */
enum { NAMED_MAX = 10 };
struct named_life {
  int64_t lines;
  const struct stray *first[NAMED_MAX];
};

static void add_names(struct text *t, const struct named_life *of) {
  for (int i = 0; i < NAMED_MAX && i < of->lines; i++)
    text_addf(t, "%s%lld:%d", i ? ", " : "", (long long)of->first[i]->entry, of->first[i]->line_no);
  if (of->lines > NAMED_MAX) text_addf(t, " and %lld more", (long long)(of->lines - NAMED_MAX));
}

static enum status find_person(struct audit *a, const struct named_life *of, struct error *err) {
  const bool one = of->lines == 1;
  struct query *q = NULL;
  bool row = false;
  enum status status = store_query(a->store, &q, "select code from party where id = ?1", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, of->first[0]->person);
  status = query_step(q, &row, err);
  struct span code = status == DONE && row ? query_text(q, 0) : span_make(NULL, 0);
  if (status == DONE) {
    struct text names = {0};
    add_names(&names, of);
    audit_find(a, FINDING_LIFE,
               SPAN_FORMAT
               ": %lld %s dated before their birth or after their death (%s); correct the "
               "day of birth or death (weal import people), or undo %s: weal reverse "
               "%lld:%d --reason TEXT",
               SPAN(code), (long long)of->lines, one ? "line is" : "lines are", names.bytes,
               one ? "the line" : "each line", (long long)of->first[0]->entry,
               of->first[0]->line_no);
    text_release(&names);
  }
  query_end(q);
  return status;
}

enum status audit_lives(struct audit *a, struct error *err) {
  enum status status = DONE;
  if (a->stray_count) qsort(a->strays, a->stray_count, sizeof *a->strays, compare_strays);
  for (size_t i = 0; i < a->stray_count && status == DONE;) {
    struct named_life of = {0};
    const int64_t person = a->strays[i].person;
    for (; i < a->stray_count && a->strays[i].person == person; i++) {
      const struct stray *s = &a->strays[i];
      if (audit_is_reversed(a, s->account, s->entry, s->line_no)) continue;
      if (of.lines < NAMED_MAX) of.first[of.lines] = s;
      of.lines++;
    }
    if (of.lines) status = find_person(a, &of, err);
  }
  return status;
}
