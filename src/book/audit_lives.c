/* Lines of days on which their person did not live: the line was within their life when it was
 * posted, but later the day of birth or death was changed, or two records were merged. */
#include "book/audit_parts.h"

#include "register/names.h"

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
  struct register_name person;
  enum status status = register_name_of_party(a->store, a->arena, of->first[0]->person, &person,
                                              err);
  if (status == DONE) {
    struct text names = {0};
    add_names(&names, of);
    audit_find(a, FINDING_LIFE,
               "%s: %lld %s dated before their birth or after their death (%s); correct the "
               "day of birth or death (weal import people), or undo %s: weal reverse "
               "%lld:%d --reason TEXT",
               person.code ? person.code : "", (long long)of->lines, one ? "line is" : "lines are",
               names.bytes, one ? "the line" : "each line", (long long)of->first[0]->entry,
               of->first[0]->line_no);
    text_release(&names);
  }
  return status;
}

enum status audit_lives(struct audit *a, struct error *err) {
  enum status status = DONE;
  array_sort(a->strays, a->stray_count, compare_strays);
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
