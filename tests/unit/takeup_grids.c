/* Random trees of places and their take-up of two years, as anyone may see it: a line of JSON each,
 * for tests/attack/attack_takeup.py.
 *
 *     takeup_grids FIRST COUNT
 *
 * `columns`: the place, those under it, and what is in none of these, each with its parent.
 * `years`: for each year and benefit the true counts of each column (receiving, missing, entitled,
 * unsaid) and what is shown of the places; null: hidden. Of every third tree only one household
 * differs between the years. */
#include "publish/take_up.h"

#include <stdio.h>
#include <stdlib.h>

enum { BENEFITS = 2, PLACES_MOST = 12, HOMES_MOST = 400, YEARS = 2, STATES = 4 };
enum home_state { HOME_NOT, HOME_RECEIVES, HOME_MISSES, HOME_UNSAID };

struct home {
  int place; /* index */
  enum home_state of[BENEFITS];
};
struct random_tree {
  uint64_t seed;
  struct places places;
  int home_count;
  struct home homes[HOMES_MOST];
};

/* A number below n, of a linear congruence. */
static int below(struct random_tree *t, int n) {
  t->seed = t->seed * 6364136223846793005ULL + 1442695040888963407ULL;
  return (int)((t->seed >> 33) % (uint64_t)n);
}

static void make_places(struct random_tree *t, struct arena *arena) {
  const int count = 2 + below(t, PLACES_MOST - 2);
  t->places = (struct places){.all = arena_array(arena, struct place, count), .count = count};
  for (int i = 0; i < count; i++) {
    struct place *p = &t->places.all[i];
    *p = (struct place){.id = i + 1, .code = arena_printf(arena, "N%02d", i)};
    p->parent = i ? below(t, i < 4 ? i : 4) : PLACE_NONE;
    p->first_child = p->next_sibling = PLACE_NONE;
    if (!i) continue;
    p->next_sibling = t->places.all[p->parent].first_child;
    t->places.all[p->parent].first_child = i;
  }
}

/* Who gets the second benefit gets the first: as some are only for those who get another. */
static void draw(struct random_tree *t, struct home *home, int takes, int unsaid) {
  for (int k = 0; k < BENEFITS; k++) {
    const int roll = below(t, 100);
    home->of[k] = HOME_NOT;
    if (k && home->of[0] != HOME_RECEIVES) continue;
    if (below(t, 100) < 20) continue;
    home->of[k] = below(t, 100) < unsaid ? HOME_UNSAID : roll < takes ? HOME_RECEIVES : HOME_MISSES;
  }
}

static void make_homes(struct random_tree *t, unsigned number) {
  const int takes = below(t, 101), unsaid = below(t, 40);
  t->home_count = 5 + below(t, number % 3 == 2 ? HOMES_MOST - 5 : 150);
  for (int i = 0; i < t->home_count; i++) {
    struct home *home = &t->homes[i];
    /* nobody right in a place that has others under it, in every second tree */
    do home->place = below(t, t->places.count);
    while (number % 2 && t->places.all[home->place].first_child != PLACE_NONE);
    draw(t, home, takes, unsaid);
  }
}

static void add_home(struct takeup_sums *s, enum home_state state, int64_t pence) {
  s->entitled += state == HOME_RECEIVES || state == HOME_MISSES;
  s->receiving += state == HOME_RECEIVES;
  s->missing += state == HOME_MISSES;
  s->maybe += state == HOME_UNSAID;
  if (state == HOME_MISSES) s->missing_low += pence;
}

static void count_homes(const struct random_tree *t, struct arena *arena, struct takeup *out) {
  static const struct pack_entitlement what[BENEFITS] = {{.variable = "a"}, {.variable = "b"}};
  static const struct pack_take_up up[BENEFITS] = {{.what = &what[0]}, {.what = &what[1]}};
  *out = (struct takeup){.place = 1, .code = "N00", .part_count = t->places.count};
  out->parts = arena_array(arena, struct takeup_part, t->places.count);
  for (int i = 0; i < t->places.count; i++)
    out->parts[i] = (struct takeup_part){.place = i + 1, .code = t->places.all[i].code};
  out->benefit_count = BENEFITS;
  out->benefits = arena_array(arena, struct takeup_benefit, BENEFITS);
  for (int k = 0; k < BENEFITS; k++) {
    struct takeup_benefit *b = &out->benefits[k];
    b->what = &up[k];
    b->parts = arena_array(arena, struct takeup_sums, t->places.count + 1);
    for (int i = 0; i < t->home_count; i++) {
      add_home(&b->all, t->homes[i].of[k], 100000);
      add_home(&b->parts[t->homes[i].place], t->homes[i].of[k], 100000);
      if (t->homes[i].of[k] == HOME_MISSES) b->largest = b->second = 100000;
    }
  }
}

/* ---- as JSON ---- */

static void write_count(int64_t n, bool comma) {
  if (comma) printf(",");
  if (n == TAKE_UP_HIDDEN) printf("null");
  else printf("%lld", (long long)n);
}

static void write_columns(const struct random_tree *t) {
  printf("\"columns\":[");
  for (int i = 0; i < t->places.count; i++)
    printf("%s[\"%s\",%d]", i ? "," : "", t->places.all[i].code, t->places.all[i].parent);
  for (int i = 0; i < t->places.count; i++)
    if (t->places.all[i].first_child != PLACE_NONE) printf(",[null,%d]", i);
  printf("]");
}

static void write_sums(const struct takeup_sums *s, bool comma) {
  printf("%s[%lld,%lld,%lld,%lld]", comma ? "," : "", (long long)s->receiving,
         (long long)s->missing, (long long)s->entitled, (long long)s->maybe);
}

/* Who lives right there; sums are made by who reads it. */
static void write_benefit(const struct random_tree *t, const struct takeup *found, int k,
                          const struct take_up_figures *shown) {
  printf("{\"here\":[");
  for (int i = 0; i < t->places.count; i++) write_sums(&found->benefits[k].parts[i], i > 0);
  printf("],\"shown\":[");
  for (int i = 0; i < t->places.count; i++) {
    const struct take_up_shown *s = take_up_find_shown(shown, k ? "b" : "a", t->places.all[i].code);
    printf("%s[", i ? "," : "");
    write_count(s->receiving, false);
    write_count(s->missing, true);
    write_count(s->entitled, true);
    write_count(s->unsaid, true);
    write_count(s->pence, true);
    printf("]");
  }
  printf("]}");
}

static void write_tree(struct random_tree *t, struct arena *arena, unsigned number) {
  struct take_up_figures before = {0};
  const bool one_differs = number % 3 == 0;
  printf("{\"number\":%u,\"one_differs\":%s,", number, one_differs ? "true" : "false");
  write_columns(t);
  printf(",\"years\":[");
  for (int year = 0; year < YEARS; year++) {
    struct takeup found;
    struct take_up_figures shown;
    count_homes(t, arena, &found);
    take_up_show(arena, &t->places, &found, &before, &shown);
    printf("%s[", year ? "," : "");
    for (int k = 0; k < BENEFITS; k++) {
      if (k) printf(",");
      write_benefit(t, &found, k, &shown);
    }
    printf("]");
    before = shown;
    const int changes = one_differs ? 1 : t->home_count / 8;
    for (int i = 0; i < changes; i++) draw(t, &t->homes[below(t, t->home_count)], 50, 20);
  }
  printf("]}\n");
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  const long first = strtol(argv[1], NULL, 10), count = strtol(argv[2], NULL, 10);
  for (long n = first; n < first + count; n++) {
    struct arena *arena = arena_new();
    struct random_tree *t = arena_alloc(arena, sizeof *t);
    *t = (struct random_tree){.seed = (uint64_t)n * 2654435761ULL + 17};
    make_places(t, arena);
    make_homes(t, (unsigned)n);
    write_tree(t, arena, (unsigned)n);
    arena_free(arena);
  }
  return 0;
}
