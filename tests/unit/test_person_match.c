/* People found by name, birth date and postcode: what each rule says, and how often it is right on
 * a register of 20,000 made-up people whose rows have errors of typing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "register/person_match.h"
#include <stdio.h>
#include <stdlib.h>

static struct arena *arena;
static struct pack_name_words *words;

static int open_words(void **state) {
  (void)state;
  struct error err = {0};
  arena = arena_new();
  const char *root = getenv("WEAL_SOURCE_ROOT");
  return pack_name_words_read(&words, arena_printf(arena, "%s/policy/uk", root ? root : "."), arena,
                              &err) == DONE
             ? 0
             : -1;
}

static int close_words(void **state) {
  (void)state;
  arena_free(arena);
  return 0;
}

static day_t day_of(const char *iso) {
  day_t day = DAY_NONE;
  struct error err;
  if (*iso) assert_int_equal(day_parse(span_of(iso), &day, &err), DONE);
  return day;
}

static void add(struct person_index *index, int64_t id, const char *name, day_t born,
                const char *const *postcodes, int count) {
  const struct person_listed one = {.person = id,
                                    .record = id,
                                    .code = arena_printf(arena, "P%lld", (long long)id),
                                    .name = span_of(name),
                                    .born = born,
                                    .postcodes = postcodes,
                                    .postcode_count = count};
  person_index_add(index, &one);
}

static struct person_agrees agrees(const char *name, const char *born, const char *registered,
                                   const char *registered_born) {
  struct person_index *index = person_index_new(words, arena, 1, 1);
  const struct person_told told = {span_of(name), day_of(born), span_of("")};
  struct person_agrees how;
  add(index, 1, registered, day_of(registered_born), NULL, 0);
  assert_true(person_index_agrees(index, 1, &told, &how));
  return how;
}

static enum name_agrees names(const char *a, const char *b) {
  assert_int_equal(agrees(a, "", b, "").name, agrees(b, "", a, "").name);
  return agrees(a, "", b, "").name;
}

static void names_agree_as_the_header_says(void **state) {
  (void)state;
  static const struct {
    const char *a, *b;
    enum name_agrees agrees;
  } cases[] = {{"Ann Field", "Mrs Ann FIELD", NAME_AGREES},
               {"Ann Field", "FIELD, Ann", NAME_AGREES},
               {"Ann Field", "Field, Mrs Ann Mary", NAME_AGREES},
               {"Siobh\u00e1n O'Brien", "SIOBHAN OBRIEN", NAME_AGREES},
               {"Anne-Marie Jones", "Anne Marie Jones", NAME_AGREES},
               {"Ann Mary Field", "Ann Kate Field", NAME_ALIKE},
               {"A Field", "Ann Field", NAME_ALIKE},
               {"Field Ann", "Ann Field", NAME_ALIKE},
               {"Ann Feild", "Ann Field", NAME_ALIKE},
               {"John Marsh", "Joan Marsh", NAME_ALIKE},
               {"Jon Marsh", "Jean Marsh", NAME_ALIKE},
               {"Jo Marsh", "Al Marsh", NAME_DIFFERS},
               {"Sam Marsh", "Sue Marsh", NAME_DIFFERS},
               {"Paul Marsh", "Peter Marsh", NAME_DIFFERS},
               {"Ann Field", "Ann Moor", NAME_FORENAME},
               {"Ann Field", "Bob Field", NAME_DIFFERS},
               {"A Field", "A Moor", NAME_DIFFERS},
               {"Sukarno", "Sukarno", NAME_AGREES},
               {"", "", NAME_DIFFERS},
               {"Mr", "Mr", NAME_DIFFERS}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    if (names(cases[i].a, cases[i].b) != cases[i].agrees)
      fail_msg("'%s' and '%s': %d", cases[i].a, cases[i].b, (int)names(cases[i].a, cases[i].b));
}

static void birth_dates_agree_as_the_header_says(void **state) {
  (void)state;
  assert_int_equal(agrees("A B", "1980-03-01", "A B", "1980-03-01").born, BORN_AGREES);
  assert_int_equal(agrees("A B", "1980-03-01", "A B", "1980-01-03").born, BORN_SWAPPED);
  assert_int_equal(agrees("A B", "1980-03-01", "A B", "1980-03-11").born, BORN_NEAR);
  assert_int_equal(agrees("A B", "1980-03-01", "A B", "1990-03-01").born, BORN_NEAR);
  assert_int_equal(agrees("A B", "1980-03-01", "A B", "1991-03-01").born, BORN_DIFFERS);
  assert_int_equal(agrees("A B", "1980-03-01", "A B", "1981-03-02").born, BORN_DIFFERS);
  assert_int_equal(agrees("A B", "1980-03-01", "A B", "").born, BORN_NOT_KNOWN);
}

/* ---- a small register ---- */

static struct person_index *small(void) {
  static const char *const at_home[] = {"BB10 1AA"}, *const moved[] = {"BB10 2AA", "BB11 3AB"};
  struct person_index *index = person_index_new(words, arena, 16, 32);
  add(index, 1, "Ann Field", day_of("1980-03-01"), at_home, 1);
  add(index, 2, "Bob Field", day_of("1980-03-01"), at_home, 1);
  add(index, 3, "Jon Smith", day_of("1990-05-05"), at_home, 1);
  add(index, 4, "John Smith", day_of("1990-05-05"), at_home, 1);
  add(index, 5, "Cai Moor", day_of("1950-07-04"), moved, 2);
  add(index, 6, "Dee Hall", day_of("1960-02-02"), moved, 1);
  add(index, 7, "Dee Hall", day_of("1960-02-02"), moved, 1);
  add(index, 8, "Eve Stone", day_of("1970-01-31"), NULL, 0);
  add(index, 9, "John Marsh", day_of("2001-09-09"), at_home, 1);
  add(index, 10, "Joan Marsh", day_of("2001-09-09"), at_home, 1);
  add(index, 11, "Jean Lowe", day_of("2002-09-09"), at_home, 1);
  add(index, 12, "Jon Lowe", day_of("2002-09-09"), at_home, 1);
  return index;
}

static enum person_is look(const char *name, const char *born, const char *postcode,
                           int64_t leave_out, struct person_found *found, int *count) {
  const struct person_told told = {span_of(name), day_of(born), span_of(postcode)};
  return person_index_find(small(), &told, &leave_out, leave_out > 0, found, count);
}

static void nobody_is_found_by_guess(void **state) {
  (void)state;
  static const struct {
    const char *name, *born, *postcode;
    enum person_is is;
    int64_t person; /* the best; 0: none */
    int count;
  } cases[] = {
      {"FIELD, Ann", "1980-03-01", "bb101aa", PERSON_SURE, 1, 1},
      {"Bob Field", "1980-03-01", "BB10 1AA", PERSON_SURE, 2, 1},   /* a twin of another name */
      {"Ann Hill", "1980-03-01", "BB10 1AA", PERSON_UNSURE, 1, 1},  /* the surname changed */
      {"Ann Field", "1980-03-01", "ZE1 0AA", PERSON_UNSURE, 1, 1},  /* moved */
      {"Ann Field", "1980-01-03", "BB10 1AA", PERSON_UNSURE, 1, 1}, /* day and month swapped */
      {"Ann Field", "1980-01-03", "ZE1 0AA", PERSON_UNSURE, 1, 1},
      {"Ann Field", "1980-03-02", "BB10 1AA", PERSON_UNSURE, 1, 1},
      {"Ann Field", "1980-03-02", "ZE1 0AA", PERSON_NONE, 0, 0},
      {"Ann Field", "", "BB10 1AA", PERSON_UNSURE, 1, 1},
      {"Ann Field", "1980-03-01", "", PERSON_UNSURE, 1, 1},
      {"Ann Field", "", "", PERSON_NONE, 0, 0}, /* a name alone is nobody */
      {"", "1980-03-01", "BB10 1AA", PERSON_NONE, 0, 0},
      {"Zoe Quill", "1980-03-01", "BB10 1AA", PERSON_NONE, 0, 0},    /* neither of the household */
      {"Ann Field", "2010-06-06", "BB10 1AA", PERSON_NONE, 0, 0},    /* a daughter of her name */
      {"Jon Smith", "1990-05-05", "BB10 1AA", PERSON_UNSURE, 3, 2},  /* twins, names alike */
      {"John Marsh", "2001-09-09", "BB10 1AA", PERSON_UNSURE, 9, 2}, /* twins a letter apart */
      {"Jean Lowe", "2002-09-09", "BB10 1AA", PERSON_UNSURE, 11, 2},
      {"Cai Moor", "1950-07-04", "BB11 3AB", PERSON_SURE, 5, 1},    /* an address before a move */
      {"Dee Hall", "1960-02-02", "BB10 2AA", PERSON_UNSURE, 6, 2},  /* all the same, two people */
      {"Eve Stone", "1970-01-31", "BB10 1AA", PERSON_UNSURE, 8, 1}, /* no address is known */
  };
  struct person_found found[PERSON_FOUND_MOST];
  int count;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const enum person_is is = look(cases[i].name, cases[i].born, cases[i].postcode, 0, found,
                                   &count);
    if (is != cases[i].is || count != cases[i].count ||
        (count && found[0].person != cases[i].person))
      fail_msg("%s, %s, %s: %d, %d found, the best %lld", cases[i].name, cases[i].born,
               cases[i].postcode, (int)is, count, count ? (long long)found[0].person : 0);
  }
  /* once somebody said that it is not one of two, it is the other */
  assert_int_equal(look("Dee Hall", "1960-02-02", "BB10 2AA", 6, found, &count), PERSON_SURE);
  assert_int_equal(found[0].person, 7);
}

/* ---- how often it is right ---- */

enum { PEOPLE = 20000, ROWS_OF_A_KIND = 2000, SURNAMES = 40, FORENAMES = 48 };
static const char *const surnames[SURNAMES] = {
    "Smith",    "Jones",  "Taylor",   "Brown",   "Williams", "Wilson",  "Johnson", "Davies",
    "Robinson", "Wright", "Thompson", "Evans",   "Walker",   "White",   "Roberts", "Green",
    "Hall",     "Wood",   "Jackson",  "Clarke",  "Patel",    "Khan",    "Lewis",   "James",
    "Phillips", "Mason",  "Mitchell", "Rose",    "Davis",    "Rodgers", "Cox",     "Alexander",
    "Morgan",   "Ali",    "Begum",    "Hussain", "O'Brien",  "Murphy",  "Okafor",  "Nowak"};
static const char *const forenames[FORENAMES] = {
    "John",    "Jon",   "David",   "Susan",   "Margaret", "Paul",      "Peter",    "Sarah",
    "Michael", "Mary",  "James",   "Claire",  "Clare",    "Andrew",    "Karen",    "Mark",
    "Emma",    "Emily", "Stephen", "Steven",  "Julie",    "Robert",    "Rachel",   "Helen",
    "Richard", "Laura", "Lauren",  "Ahmed",   "Amina",    "Mohammed",  "Muhammad", "Fatima",
    "Aisha",   "Ravi",  "Priya",   "Siobhan", "Sean",     "Agnieszka", "Piotr",    "Chidi",
    "Ngozi",   "Ann",   "Anne",    "Anna",    "Daniel",   "Danielle",  "Joseph",   "Josephine"};

struct made {
  char name[80], postcode[POSTCODE_SIZE];
  const char *first, *last;
  day_t born;
};
static struct made made[PEOPLE];
static uint64_t seed = 17;

static int below(int n) {
  seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (int)((seed >> 33) % (uint64_t)n);
}

/* The first of a list are the most common. */
static int common(int n) {
  const int a = below(n), b = below(n);
  return a < b ? a : b;
}

static void say_postcode(char out[POSTCODE_SIZE]) {
  static const char letters[] = "ABDEFGHJLN";
  snprintf(out, POSTCODE_SIZE, "BB%d %d%c%c", 1 + below(20), below(10), letters[below(10)],
           letters[below(10)]);
}

static day_t some_day(void) { return day_of("1930-01-01") + below(80 * 365); }

/* Households of up to five share a surname and a postcode; one birth in forty is of twins. */
static void make_people(struct made *out, int count) {
  for (int i = 0; i < count;) {
    char postcode[POSTCODE_SIZE];
    const char *last = surnames[common(SURNAMES)];
    say_postcode(postcode);
    for (int n = 1 + below(5); n > 0 && i < count; n--, i++) {
      out[i] = (struct made){.first = forenames[common(FORENAMES)], .last = last};
      out[i].born = n > 1 && i && below(40) == 0 && out[i - 1].last == last ? out[i - 1].born
                                                                            : some_day();
      memcpy(out[i].postcode, postcode, sizeof postcode);
      snprintf(out[i].name, sizeof out[i].name, "%s %s", out[i].first, out[i].last);
    }
  }
}

/* One slip in the text behind its first letter: a letter more, less, another, or two in each
 * other's place. */
static void slip(char *text) {
  const size_t size = strlen(text);
  const size_t at = 1 + (size_t)below((int)size - 2);
  const char letter = (char)('a' + below(26));
  switch (below(4)) {
  case 0:
    memmove(text + at + 1, text + at, size - at + 1);
    text[at] = letter;
    break;
  case 1: memmove(text + at, text + at + 1, size - at); break;
  case 2: text[at] = letter; break;
  default: {
    const char other = text[at];
    text[at] = text[at + 1];
    text[at + 1] = other;
  }
  }
}

enum error_kind {
  RIGHT,
  SURNAME_SLIP,
  FORENAME_SLIP,
  INITIAL,
  MARRIED,
  MOVED,
  POSTCODE_NONE,
  SWAPPED_DAY,
  DIGIT_OF_DAY,
  BORN_NONE,
  TWO_SLIPS,
  STRANGER,
  KINDS
};
static const char *const kind_words[KINDS] = {"no error",
                                              "a slip in the surname",
                                              "a slip in the forename",
                                              "an initial",
                                              "another surname",
                                              "another postcode",
                                              "no postcode",
                                              "day and month swapped",
                                              "another day",
                                              "no birth date",
                                              "slips in name and postcode",
                                              "nobody registered"};

static void spoil(enum error_kind kind, struct made *row) {
  char first[32], last[32];
  int year, month, day;
  snprintf(first, sizeof first, "%s", row->first);
  snprintf(last, sizeof last, "%s", row->last);
  day_parts(row->born, &year, &month, &day);
  if (kind == SURNAME_SLIP || kind == TWO_SLIPS) slip(last);
  if (kind == FORENAME_SLIP) slip(first);
  if (kind == INITIAL) first[1] = '\0';
  if (kind == MARRIED) snprintf(last, sizeof last, "%s", surnames[below(SURNAMES)]);
  if (kind == MOVED || kind == TWO_SLIPS) say_postcode(row->postcode);
  if (kind == POSTCODE_NONE) row->postcode[0] = '\0';
  if (kind == SWAPPED_DAY && day <= 12) row->born = day_make(year, day, month);
  if (kind == DIGIT_OF_DAY) row->born = day_make(year, month, day > 10 ? day - 10 : day + 10);
  if (kind == BORN_NONE) row->born = DAY_NONE;
  snprintf(row->name, sizeof row->name, "%s, %s", last, first);
}

struct outcome {
  int rows, sure, sure_right, unsure, among; /* among: the right one is among the unsure ones */
};

static struct outcome try_kind(const struct person_index *index, enum error_kind kind) {
  struct outcome o = {0};
  struct person_found found[PERSON_FOUND_MOST];
  int count;
  for (int i = 0; i < ROWS_OF_A_KIND; i++) {
    const int at = below(PEOPLE);
    struct made row = made[at];
    if (kind == STRANGER) make_people(&row, 1);
    spoil(kind, &row);
    const struct person_told told = {span_of(row.name), row.born, span_of(row.postcode)};
    const enum person_is is = person_index_find(index, &told, NULL, 0, found, &count);
    o.rows++;
    o.sure += is == PERSON_SURE;
    o.unsure += is == PERSON_UNSURE;
    for (int k = 0; k < count; k++) {
      const bool right = kind != STRANGER && found[k].person == at + 1;
      o.sure_right += is == PERSON_SURE && right;
      o.among += is == PERSON_UNSURE && right;
    }
  }
  return o;
}

static void who_is_sure_is_right_among_errors_of_typing(void **state) {
  (void)state;
  struct person_index *index = person_index_new(words, arena, PEOPLE, PEOPLE);
  struct outcome all = {0};
  make_people(made, PEOPLE);
  for (int i = 0; i < PEOPLE; i++) {
    const char *postcode = arena_string(arena, made[i].postcode);
    add(index, i + 1, made[i].name, made[i].born, &postcode, 1);
  }
  for (enum error_kind kind = RIGHT; kind < KINDS; kind++) {
    const struct outcome o = try_kind(index, kind);
    print_message("%-28s sure %5.1f%%, of these right %5.1f%%; asked %5.1f%%, the right one among "
                  "them %5.1f%%; none %5.1f%%\n",
                  kind_words[kind], 100.0 * o.sure / o.rows,
                  o.sure ? 100.0 * o.sure_right / o.sure : 100.0, 100.0 * o.unsure / o.rows,
                  o.unsure ? 100.0 * o.among / o.unsure : 100.0,
                  100.0 * (o.rows - o.sure - o.unsure) / o.rows);
    if (kind == RIGHT) assert_true(o.sure >= o.rows * 0.98 && o.sure_right + o.among == o.rows);
    if (kind == STRANGER) assert_int_equal(o.sure, 0);
    if (kind != STRANGER && kind != TWO_SLIPS) assert_true(o.sure_right + o.among >= o.rows * 0.9);
    all.sure += o.sure;
    all.sure_right += o.sure_right;
    all.among += o.among;
    all.rows += kind == STRANGER ? 0 : o.rows;
  }
  print_message("sure: precision %.4f; recall of sure and asked %.3f\n",
                (double)all.sure_right / all.sure, (double)(all.sure_right + all.among) / all.rows);
  assert_true(all.sure_right >= all.sure * 0.999);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(names_agree_as_the_header_says),
                                     cmocka_unit_test(birth_dates_agree_as_the_header_says),
                                     cmocka_unit_test(nobody_is_found_by_guess),
                                     cmocka_unit_test(who_is_sure_is_right_among_errors_of_typing)};
  return cmocka_run_group_tests(tests, open_words, close_words);
}
