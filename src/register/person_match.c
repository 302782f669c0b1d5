#include "register/person_match.h"

#include "base/alike.h"
#include "base/fold.h"
#include "base/map.h"
#include "base/nearest.h"
#include "base/pasted.h"
#include "base/utf8.h"

#include <stdlib.h>

enum { NAME_WORDS_MOST = 24, NAME_BYTES_MOST = 512, YEARS_NEAR = 10 };

/* ---- names ---- */

/* The words of one name; those before `comma` are the surname, where there is a comma. */
struct name_parts {
  struct span all[NAME_WORDS_MOST];
  int count, comma;
};

static bool parts_words(char c) {
  return (uint8_t)c < 0x80 && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9');
}

static void split(const struct pack_name_words *words, struct span text, struct name_parts *out) {
  size_t from = 0;
  for (size_t at = 0; at <= text.size && out->count < NAME_WORDS_MOST; at++) {
    if (at < text.size && !parts_words(text.bytes[at])) continue;
    const struct span word = span_make(text.bytes + from, at - from);
    if (word.size && !(pack_name_word(words, word) & NAME_WORD_TITLE))
      out->all[out->count++] = word;
    if (at < text.size && text.bytes[at] == ',' && !out->comma) out->comma = out->count;
    from = at + 1;
  }
}

static struct span kept(struct arena *arena, struct span s) {
  return span_make(arena_copy(arena, s.size ? s.bytes : "", s.size), s.size);
}

void person_name_read(const struct pack_name_words *words, struct arena *arena, struct span name,
                      struct person_name *out) {
  char plain[NAME_BYTES_MOST];
  struct text folded = {0}, middle = {0};
  struct name_parts parts = {.count = 0};
  *out = (struct person_name){span_of(""), span_of(""), span_of("")};
  if (name.size > sizeof plain) return;
  text_add_folded(&folded, span_make(plain, pasted_fold(name, plain)));
  size_t n = 0;
  for (size_t i = 0; i < folded.size; i++)
    if (folded.bytes[i] != '\'') folded.bytes[n++] = folded.bytes[i];
  split(words, span_make(folded.bytes, n), &parts);
  /* the surname is the last word before a comma, else the last of all */
  const int last = (parts.comma > 0 && parts.comma < parts.count ? parts.comma : parts.count) - 1;
  const int first = last + 1 < parts.count ? last + 1 : 0;
  const int end = last + 1 < parts.count ? parts.count : last;
  if (last >= 0) out->last = kept(arena, parts.all[last]);
  if (last >= 0 && first != last) out->first = kept(arena, parts.all[first]);
  for (int i = first + 1; i < end; i++) {
    if (middle.size) text_add_char(&middle, ' ');
    text_add_span(&middle, parts.all[i]);
  }
  if (middle.size) out->middle = kept(arena, span_make(middle.bytes, middle.size));
  text_release(&folded);
  text_release(&middle);
}

static bool alike_enough(struct span a, struct span b) {
  const double rounding = 1e-9; /* of sums of three quotients */
  return alike(a, b) >= PERSON_ALIKE_FROM - rounding;
}

/* Whether both have middle names and these begin differently. */
static bool middles_differ(const struct person_name *a, const struct person_name *b) {
  return a->middle.size && b->middle.size && a->middle.bytes[0] != b->middle.bytes[0];
}

static bool is_initial(struct span initial, struct span name) {
  return initial.size == 1 && name.size > 1 && initial.bytes[0] == name.bytes[0];
}

/* Both words with a blank between. */
static struct span joined(struct span first, struct span last, char out[2 * NAME_BYTES_MOST]) {
  memcpy(out, first.bytes, first.size);
  out[first.size] = ' ';
  memcpy(out + first.size + 1, last.bytes, last.size);
  return span_make(out, first.size + 1 + last.size);
}

/* Whether one forename may be the other with an error of typing: `John` and `Joan`, `Jon` and
 * `Jean`. Twins often have such names, so that a row of one may be the other's. */
static bool forenames_near(struct span a, struct span b) {
  const int distance = word_distance(a, b);
  const size_t longer = a.size > b.size ? a.size : b.size;
  if (a.size < 2 || b.size < 2) return false;
  return distance == 1 || (distance == 2 && longer >= 4 && a.bytes[0] == b.bytes[0]);
}

static enum name_agrees names_compare(const struct person_name *a, const struct person_name *b) {
  char x[2 * NAME_BYTES_MOST], y[2 * NAME_BYTES_MOST];
  if (!a->last.size || !b->last.size) return NAME_DIFFERS;
  if (a->first.size + a->last.size >= sizeof x || b->first.size + b->last.size >= sizeof y)
    return NAME_DIFFERS; /* no name of people: letters of other scripts may fold to several */
  const bool first = span_equal(a->first, b->first), last = span_equal(a->last, b->last);
  if (first && last && !middles_differ(a, b)) return NAME_AGREES;
  if (!a->first.size || !b->first.size) return NAME_DIFFERS;
  if (last && (first || is_initial(a->first, b->first) || is_initial(b->first, a->first) ||
               forenames_near(a->first, b->first)))
    return NAME_ALIKE;
  if (span_equal(a->first, b->last) && span_equal(a->last, b->first)) return NAME_ALIKE;
  if (alike_enough(joined(a->first, a->last, x), joined(b->first, b->last, y))) return NAME_ALIKE;
  return first && a->first.size > 1 ? NAME_FORENAME : NAME_DIFFERS;
}

/* ---- birth dates ---- */

/* The day with day and month in each other's place; DAY_NONE: no calendar has it, or it is the
 * same. */
static day_t swapped(day_t day) {
  int year, month, of_month;
  day_parts(day, &year, &month, &of_month);
  if (of_month > 12 || of_month == month) return DAY_NONE;
  return day_make(year, of_month, month);
}

static enum born_agrees born_compare(day_t a, day_t b) {
  int year[2], month[2], of_month[2];
  if (a == DAY_NONE || b == DAY_NONE) return BORN_NOT_KNOWN;
  if (a == b) return BORN_AGREES;
  if (swapped(a) == b) return BORN_SWAPPED;
  day_parts(a, &year[0], &month[0], &of_month[0]);
  day_parts(b, &year[1], &month[1], &of_month[1]);
  const int differ = (year[0] != year[1]) + (month[0] != month[1]) + (of_month[0] != of_month[1]);
  return differ == 1 && abs(year[0] - year[1]) <= YEARS_NEAR ? BORN_NEAR : BORN_DIFFERS;
}

/* ---- all together ---- */

static enum person_is agrees_is(const struct person_agrees *how) {
  const bool name = how->name == NAME_AGREES, born = how->born == BORN_AGREES,
             home = how->home == HOME_AGREES;
  if (name && born && home) return PERSON_SURE;
  if (born && (how->name >= NAME_ALIKE || (home && how->name == NAME_FORENAME)))
    return PERSON_UNSURE;
  if (home && how->name >= NAME_ALIKE && how->born >= BORN_NOT_KNOWN) return PERSON_UNSURE;
  return name && how->born == BORN_SWAPPED ? PERSON_UNSURE : PERSON_NONE;
}

void person_agrees_write(struct text *t, const struct person_agrees *how) {
  static const char *const names[] = {"name differs", "surname differs", "name alike", "name same"};
  static const char *const borns[] = {"birth date differs", "birth date not known",
                                      "birth date near", "day and month swapped",
                                      "birth date same"};
  static const char *const homes[] = {"postcode differs", "postcode not known", "postcode same"};
  text_addf(t, "%s, %s, %s", names[how->name], borns[how->born], homes[how->home]);
}

/* ---- everybody ---- */

struct indexed_person {
  int64_t id;
  const char *code;
  struct person_name name;
  day_t born;
  int next_born; /* of the same birth date; -1: none */
  int home_count;
};
/* One person at one postcode. */
struct indexed_home {
  int person, next; /* next: of the same postcode; -1: none */
};
struct person_index {
  struct arena *arena;
  const struct pack_name_words *words;
  struct indexed_person *people;
  struct indexed_home *homes;
  int people_count, people_most, home_count, homes_most;
  struct map by_born, by_home; /* to the last person, and the last home, of each */
  struct map by_record;
};

struct person_index *person_index_new(const struct pack_name_words *words, struct arena *arena,
                                      int people_most, int homes_most) {
  struct person_index *index = arena_alloc(arena, sizeof *index);
  *index =
      (struct person_index){.arena = arena,
                            .words = words,
                            .people = arena_array(arena, struct indexed_person, people_most + 1),
                            .homes = arena_array(arena, struct indexed_home, homes_most + 1),
                            .people_most = people_most,
                            .homes_most = homes_most,
                            .by_born = {.arena = arena},
                            .by_home = {.arena = arena},
                            .by_record = {.arena = arena}};
  return index;
}

void person_index_add(struct person_index *index, const struct person_listed *one) {
  if (index->people_count == index->people_most) return;
  const int at = index->people_count++;
  struct indexed_person *p = &index->people[at];
  *p = (struct indexed_person){
      .id = one->person, .code = one->code, .born = one->born, .next_born = -1};
  person_name_read(index->words, index->arena, one->name, &p->name);
  map_set_number(&index->by_record, (uint64_t)one->record, 0, at);
  if (p->born != DAY_NONE) {
    p->next_born = (int)map_get_number(&index->by_born, (uint64_t)(int64_t)p->born, 0);
    map_set_number(&index->by_born, (uint64_t)(int64_t)p->born, 0, at);
  }
  for (int i = 0; i < one->postcode_count && index->home_count < index->homes_most; i++) {
    const int home = index->home_count++;
    const struct span key = span_of(one->postcodes[i]);
    index->homes[home] = (struct indexed_home){at, (int)map_get(&index->by_home, key)};
    map_set(&index->by_home, key, home);
    p->home_count++;
  }
}

/* The postcodes of all addresses of a person: their own, and those of the households they lived
 * in. */
static int postcodes_of(const struct people *people, const struct person *p, const char **out,
                        int most) {
  int n = 0;
  for (int r = 0; r < p->residence_count; r++) {
    const struct residence *own = &p->residences[r];
    if (own->address && own->address->postcode && n < most) out[n++] = own->address->postcode;
    const int64_t h = own->household;
    for (int i = 0; h > 0 && i < people->household_residence_count[h]; i++) {
      const struct address *a = people->household_residences[h][i].address;
      if (a && a->postcode && n < most) out[n++] = a->postcode;
    }
  }
  int kept_count = 0;
  for (int i = 0; i < n; i++) {
    bool twice = false;
    for (int k = 0; k < kept_count; k++) twice |= strcmp(out[k], out[i]) == 0;
    if (!twice) out[kept_count++] = out[i];
  }
  return kept_count;
}

enum status person_index_read(struct person_index **out, struct store *store,
                              const struct pack_name_words *words, struct arena *arena,
                              struct error *err) {
  enum { HOMES_MOST = 32 };
  const char *postcodes[HOMES_MOST];
  struct people *people = NULL;
  bool some = false;
  int64_t homes = 0;
  enum status status = register_people(store, arena, &people, err);
  if (status == DONE) status = register_people_addresses(store, arena, people, &some, err);
  if (status != DONE) return status;
  for (int i = 0; i < people->count; i++)
    homes += postcodes_of(people, &people->all[i], postcodes, HOMES_MOST);
  *out = person_index_new(words, arena, people->count, (int)homes);
  for (int i = 0; i < people->count; i++) {
    const struct person *p = &people->all[i], *survivor = people_find(people, p->id);
    struct person_listed one = {.person = survivor ? survivor->id : p->id,
                                .record = p->id,
                                .code = survivor ? survivor->code : p->code,
                                .name = span_of(p->name),
                                .born = p->born,
                                .postcodes = postcodes};
    one.postcode_count = postcodes_of(people, p, postcodes, HOMES_MOST);
    person_index_add(*out, &one);
  }
  return DONE;
}

/* ---- finding ---- */

struct finding {
  const struct person_index *index;
  struct person_name name;
  day_t born;
  char postcode[POSTCODE_SIZE]; /* empty: not given */
  const int64_t *leave_out;
  int leave_out_count;
  struct person_found *found;
  int *count;
  int sure, close; /* how many are sure; have this birth date, this postcode and a name alike */
};

static bool lives_there(const struct finding *f, int person) {
  int home = f->postcode[0] ? (int)map_get(&f->index->by_home, span_of(f->postcode)) : -1;
  for (; home >= 0; home = f->index->homes[home].next)
    if (f->index->homes[home].person == person) return true;
  return false;
}

static int score(const struct person_agrees *how) {
  return (int)how->name * 2 + (int)how->born * 2 + (int)how->home * 3;
}

/* Keeps it in its place, the best first; of one person the best. */
static void keep(struct finding *f, const struct person_found *one) {
  int n = *f->count;
  for (int i = 0; i < n; i++)
    if (f->found[i].person == one->person) {
      if (score(&f->found[i].how) >= score(&one->how)) return;
      memmove(&f->found[i], &f->found[i + 1], (size_t)(n - i - 1) * sizeof *one);
      n--;
      break;
    }
  int at = n;
  while (at > 0 && (score(&f->found[at - 1].how) < score(&one->how) ||
                    (score(&f->found[at - 1].how) == score(&one->how) &&
                     f->found[at - 1].person > one->person)))
    at--;
  if (at == PERSON_FOUND_MOST) return;
  if (n == PERSON_FOUND_MOST) n--;
  memmove(&f->found[at + 1], &f->found[at], (size_t)(n - at) * sizeof *one);
  f->found[at] = *one;
  *f->count = n + 1;
}

static struct person_agrees agrees_of(const struct finding *f, int person) {
  const struct indexed_person *p = &f->index->people[person];
  struct person_agrees how = {.name = names_compare(&f->name, &p->name)};
  how.born = born_compare(f->born, p->born);
  how.home = !f->postcode[0] || !p->home_count ? HOME_NOT_KNOWN
             : lives_there(f, person)          ? HOME_AGREES
                                               : HOME_DIFFERS;
  return how;
}

static void look_at(struct finding *f, int person) {
  const struct indexed_person *p = &f->index->people[person];
  struct person_found one = {.person = p->id, .code = p->code};
  for (int i = 0; i < f->leave_out_count; i++)
    if (f->leave_out[i] == p->id) return;
  one.how = agrees_of(f, person);
  if (agrees_is(&one.how) != PERSON_NONE) keep(f, &one);
}

static void look_at_born(struct finding *f, day_t born) {
  int at = born == DAY_NONE ? -1
                            : (int)map_get_number(&f->index->by_born, (uint64_t)(int64_t)born, 0);
  for (; at >= 0; at = f->index->people[at].next_born) look_at(f, at);
}

/* One person is sure where nobody else is so near that the row may as well be theirs. */
static enum person_is decide(struct finding *f) {
  int close = 0;
  if (!*f->count) return PERSON_NONE;
  if (agrees_is(&f->found[0].how) != PERSON_SURE) return PERSON_UNSURE;
  for (int i = 0; i < *f->count; i++)
    close += f->found[i].how.born == BORN_AGREES && f->found[i].how.home == HOME_AGREES &&
             f->found[i].how.name >= NAME_ALIKE;
  if (close > 1) return PERSON_UNSURE;
  *f->count = 1;
  return PERSON_SURE;
}

bool person_index_agrees(const struct person_index *index, int64_t record,
                         const struct person_told *told, struct person_agrees *out) {
  struct finding f = {.index = index, .born = told->born};
  const int at = (int)map_get_number(&index->by_record, (uint64_t)record, 0);
  struct arena *arena = arena_new();
  person_name_read(index->words, arena, told->name, &f.name);
  if (!postcode_read(told->postcode, f.postcode)) f.postcode[0] = '\0';
  if (at >= 0) *out = agrees_of(&f, at);
  arena_free(arena);
  return at >= 0;
}

const char *person_index_code(const struct person_index *index, int64_t record) {
  const int at = (int)map_get_number(&index->by_record, (uint64_t)record, 0);
  return at >= 0 ? index->people[at].code : NULL;
}

enum person_is person_index_find(const struct person_index *index, const struct person_told *told,
                                 const int64_t *leave_out, int leave_out_count,
                                 struct person_found *found, int *count) {
  struct finding f = {.index = index,
                      .born = told->born,
                      .leave_out = leave_out,
                      .leave_out_count = leave_out_count,
                      .found = found,
                      .count = count};
  struct arena *arena = arena_new();
  *count = 0;
  person_name_read(index->words, arena, told->name, &f.name);
  if (!postcode_read(told->postcode, f.postcode)) f.postcode[0] = '\0';
  if (f.name.last.size) {
    look_at_born(&f, f.born);
    if (f.born != DAY_NONE) look_at_born(&f, swapped(f.born));
    int home = f.postcode[0] ? (int)map_get(&index->by_home, span_of(f.postcode)) : -1;
    for (; home >= 0; home = index->homes[home].next)
      if (f.born == DAY_NONE || index->people[index->homes[home].person].born != f.born)
        look_at(&f, index->homes[home].person);
  }
  arena_free(arena);
  return decide(&f);
}
