#include "sample/relations.h"

/* From this age people say for themselves who belongs with them. */
enum { SPEAKING_AGE = 16 };

struct relations {
  const struct town *t;
  relation_tell *tell;
  void *context;
};

static day_t birthday(const struct sample_person *p, int age) {
  return day_months_after(p->born, 12 * age);
}

int home_on(const struct town *t, int i, day_t day) {
  const struct sample_person *p = &t->people[i];
  if (p->left == DAY_NONE || day < p->left) return p->home;
  return p->next_household >= 0 ? p->next_household : p->household;
}
bool lives_in(const struct town *t, int i, int household, day_t day) {
  const struct sample_person *p = &t->people[i];
  return p->born <= day && (p->died == DAY_NONE || p->died >= day) &&
         home_on(t, i, day) == household;
}
static bool is_grown(const struct town *t, int i, day_t day) {
  return birthday(&t->people[i], ADULT_AGE) <= day;
}
static bool speaks(const struct town *t, int i, day_t day) {
  return birthday(&t->people[i], SPEAKING_AGE) <= day;
}

/* ---- who is responsible for a child ---- */

bool is_responsible(const struct town *t, int adult, int child, int household, day_t day) {
  const int mother = t->people[child].mother;
  const int partner = mother >= 0 ? t->people[mother].partner : -1;
  const bool has_mother = mother >= 0 && lives_in(t, mother, household, day);
  const bool has_partner = partner >= 0 && lives_in(t, partner, household, day);
  if (has_mother || has_partner)
    return (adult == mother && has_mother) || (adult == partner && has_partner);
  int eldest = -1;
  for (int m = t->first[household]; m < t->first[household + 1]; m++) {
    const int i = t->members[m];
    if (!lives_in(t, i, household, day) || !is_grown(t, i, day)) continue;
    if (eldest < 0 || t->people[i].born < t->people[eldest].born) eldest = i;
  }
  const int with = eldest >= 0 ? t->people[eldest].partner : -1;
  return adult == eldest || (adult == with && with >= 0 && lives_in(t, with, household, day));
}

/* ---- one person on a day ---- */

/* For a child until they are grown up. */
static void tell(const struct relations *r, int person, const char *variable, int other,
                 day_t from) {
  const bool child = other >= 0 && strcmp(variable, "responsible_for") == 0;
  const day_t to = child ? birthday(&r->t->people[other], ADULT_AGE) - 1 : DAY_NONE;
  r->tell(r->context, &(struct relation){person, variable, other, from, to});
}

static void tell_partner(const struct relations *r, int i, int household, day_t day) {
  const int partner = r->t->people[i].partner;
  const bool together = partner >= 0 && lives_in(r->t, partner, household, day);
  tell(r, i, "partner", together ? partner : -1, day);
}

/* `none_only`: of those for whom they are responsible it was told already. */
static void tell_children(const struct relations *r, int i, int household, day_t day,
                          bool none_only) {
  const struct town *t = r->t;
  int count = 0;
  for (int m = t->first[household]; m < t->first[household + 1]; m++) {
    const int child = t->members[m];
    if (!lives_in(t, child, household, day) || is_grown(t, child, day) ||
        !is_responsible(t, i, child, household, day))
      continue;
    if (!none_only) tell(r, i, "responsible_for", child, day);
    count++;
  }
  if (!count) tell(r, i, "responsible_for", -1, day);
}

bool is_other_adult(const struct town *t, int i, int other, int household, day_t day) {
  return other != i && t->households[household].type != SHARERS && other != t->people[i].partner &&
         lives_in(t, other, household, day) && is_grown(t, other, day);
}

/* `anew`: somebody may have gone. */
static void tell_others(const struct relations *r, int i, int household, day_t day, bool anew) {
  const struct town *t = r->t;
  int count = 0;
  for (int m = t->first[household]; m < t->first[household + 1]; m++)
    count += is_other_adult(t, i, t->members[m], household, day);
  if (!count || anew) tell(r, i, "non_dependant", -1, day);
  for (int m = t->first[household]; m < t->first[household + 1]; m++)
    if (is_other_adult(t, i, t->members[m], household, day))
      tell(r, i, "non_dependant", t->members[m], day);
}

static void tell_all(const struct relations *r, int i, int household, day_t day) {
  tell_partner(r, i, household, day);
  tell_children(r, i, household, day, false);
  tell_others(r, i, household, day, false);
}

/* ---- what happens in a year ---- */

enum { MOST_SPEAK = 64 };

/* Who says on the day who belongs with them. */
static int speaking_in(const struct town *t, int household, day_t day, int *out) {
  int count = 0;
  for (int m = t->first[household]; m < t->first[household + 1] && count < MOST_SPEAK; m++)
    if (lives_in(t, t->members[m], household, day) && speaks(t, t->members[m], day))
      out[count++] = t->members[m];
  return count;
}

/* Those who stay tell anew what changed for them. */
static void after_gone(const struct relations *r, int gone, int household, day_t day) {
  const struct town *t = r->t;
  int all[MOST_SPEAK], count = speaking_in(t, household, day, all);
  const bool was_grown = is_grown(t, gone, day);
  for (int k = 0; k < count; k++) {
    if (t->people[all[k]].partner == gone) tell_partner(r, all[k], household, day);
    if (was_grown) tell_children(r, all[k], household, day, false);
    if (was_grown && t->people[all[k]].partner != gone)
      tell_others(r, all[k], household, day, true);
  }
}

static void after_birth(const struct relations *r, int child) {
  const struct town *t = r->t;
  const struct sample_person *p = &t->people[child];
  int all[MOST_SPEAK], count = speaking_in(t, p->home, p->born, all);
  for (int k = 0; k < count; k++)
    if (is_responsible(t, all[k], child, p->home, p->born))
      tell(r, all[k], "responsible_for", child, p->born);
}

static void after_growing_up(const struct relations *r, int i, day_t day) {
  const struct town *t = r->t;
  const int household = t->people[i].home;
  int all[MOST_SPEAK], count = speaking_in(t, household, day, all);
  const bool shares = t->households[household].type == SHARERS;
  for (int k = 0; k < count; k++) {
    if (all[k] == i) continue;
    if (!shares) tell(r, all[k], "non_dependant", i, day);
    tell_children(r, all[k], household, day, true);
  }
}

static void tell_changes(const struct relations *r, int i, int year) {
  const struct town *t = r->t;
  const struct sample_person *p = &t->people[i];
  const day_t first = town_year_first(year) + (year == 0), last = town_year_last(year);
  const day_t grown = birthday(p, ADULT_AGE), speaking = birthday(p, SPEAKING_AGE);
  if (p->born >= first && p->born <= last) after_birth(r, i);
  if (speaking >= first && speaking <= last && lives_in(t, i, p->home, speaking))
    tell_all(r, i, p->home, speaking);
  if (grown >= first && grown <= last && lives_in(t, i, p->home, grown))
    after_growing_up(r, i, grown);
  if (p->left != DAY_NONE && p->left >= first && p->left <= last) {
    const int to = p->next_household >= 0 ? p->next_household : p->household;
    tell(r, i, "partner", -1, p->left);
    tell(r, i, "responsible_for", -1, p->left);
    tell(r, i, "non_dependant", -1, p->left);
    if (to != p->home) after_gone(r, i, p->home, p->left);
  }
  /* On the day of a death everybody of that day is still there. */
  if (p->died != DAY_NONE && p->died >= town_year_first(year) - 1 && p->died < last)
    after_gone(r, i, p->household, p->died + 1);
}

void relations_of_year(const struct town *t, int year, relation_tell *told, void *context) {
  const struct relations r = {t, told, context};
  const day_t first = town_year_first(year);
  for (int i = 0; i < t->people_count && year == 0; i++)
    if (lives_in(t, i, t->people[i].home, first) && speaks(t, i, first))
      tell_all(&r, i, t->people[i].home, first);
  for (int i = 0; i < t->people_count; i++) tell_changes(&r, i, year);
}
