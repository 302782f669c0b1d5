/* Names of bodies compared, against Winkler's published examples, a peer's results, and pairs of
 * real names that were labelled by hand; and who is a private person. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/table.h"
#include "base/utf8.h"
#include "register/body_index.h"
#include "register/name_tree.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static struct arena *arena;
static struct pack_name_words *words;

static const char *in_tree(const char *path) {
  const char *root = getenv("WEAL_SOURCE_ROOT");
  return arena_printf(arena, "%s/%s", root ? root : ".", path);
}

static int open_words(void **state) {
  (void)state;
  struct error err = {0};
  arena = arena_new();
  return pack_name_words_read(&words, in_tree("policy/uk"), arena, &err) == DONE ? 0 : -1;
}

static int close_words(void **state) {
  (void)state;
  arena_free(arena);
  return 0;
}

static struct body_name read_name(const char *name, const char *company) {
  struct body_name out;
  body_name_read(words, arena, span_of(name), span_of(company), &out);
  return out;
}

static struct names_match compare(const char *a, const char *a_company, const char *b,
                                  const char *b_company) {
  const struct body_name x = read_name(a, a_company), y = read_name(b, b_company);
  const struct names_match match = body_names_compare(&x, &y), back = body_names_compare(&y, &x);
  assert_int_equal(match.is, back.is);
  assert_int_equal(match.likeness, back.likeness);
  return match;
}

/* ---- likeness ---- */

/* Each row of alike.csv: what talisman 1.1.4 (npm) gives for two texts of small letters. */
static void alike_is_what_a_peer_gives(void **state) {
  (void)state;
  static const struct table_column columns[] = {{"score", true}, {"one", true}, {"other", true}};
  struct error err = {0};
  struct table *table = NULL;
  struct table_rows *rows = NULL;
  int count = 0;
  assert_int_equal(
      table_open_plain(&table, in_tree("tests/data/names/alike.csv"), columns, 3, &err), DONE);
  while (table_next(table, &rows, &err) == DONE && rows) {
    for (size_t r = 0; r < rows->count; r++, count++) {
      const struct span one = table_field(rows, r, 1), other = table_field(rows, r, 2);
      const char *score = arena_copy(arena, table_field(rows, r, 0).bytes,
                                     table_field(rows, r, 0).size);
      const double ours = alike(one, other);
      if (fabs(ours - strtod(score, NULL)) > 0.000001)
        fail_msg("alike(%.*s, %.*s) is %f, not %s", (int)one.size, one.bytes, (int)other.size,
                 other.bytes, ours, score);
      assert_true(alike(other, one) == ours);
      const struct alike_sign first = alike_sign(one), second = alike_sign(other);
      for (double least = 0.9; least < 1; least += 0.01) /* what is left uncompared is below */
        if (!alike_may_reach(&first, &second, least)) assert_true(ours < least);
    }
    table_rows_free(rows);
  }
  table_close(table);
  assert_true(count > 600);
}

static void alike_has_bounds(void **state) {
  (void)state;
  char *long_text = arena_alloc(arena, 10000);
  memset(long_text, 'a', 10000);
  assert_true(alike(span_of(""), span_of("")) == 1);
  assert_true(alike(span_of(""), span_of("a")) == 0);
  assert_true(alike(span_make(long_text, 10000), span_make(long_text, 9999)) == 0);
  assert_true(alike(span_make(long_text, 10000), span_make(long_text, 10000)) == 1);
  assert_true(alike(span_of("\xff\xfe"), span_of("\xff")) == 0);
  assert_true(fabs(alike(span_of("мария"), span_of("марийа")) -
                   alike(span_of("mapnq"), span_of("mapnza"))) < 1e-9);
}

/* The measure as its definition says, place by place. */
static double alike_by_definition(const int *a, int m, const int *b, int n) {
  bool in_a[ALIKE_CHARACTERS_MOST] = {false}, in_b[ALIKE_CHARACTERS_MOST] = {false};
  const int longer = m > n ? m : n, apart = longer / 2 > 0 ? longer / 2 - 1 : 0;
  int common = 0, moved = 0, prefix = 0;
  for (int i = 0; i < m; i++)
    for (int k = 0; k < n && !in_a[i]; k++)
      if (!in_b[k] && a[i] == b[k] && abs(i - k) <= apart) in_a[i] = in_b[k] = true, common++;
  if (!common) return 0;
  for (int i = 0, k = 0; i < m; i++) {
    if (!in_a[i]) continue;
    while (!in_b[k]) k++;
    moved += a[i] != b[k++];
  }
  const double jaro =
      ((double)common / m + (double)common / n + (double)(common - moved / 2) / common) / 3;
  while (prefix < 4 && prefix < m && prefix < n && a[prefix] == b[prefix]) prefix++;
  return jaro < 0.7 ? jaro : jaro + prefix * 0.1 * (1 - jaro);
}

/* Of sizes around those of a word of bits, with letters whose last seven bits are equal. */
static void alike_is_its_definition(void **state) {
  (void)state;
  static const char *const letters[] = {"a", "b", "c", " ", "\xc3\xa1", "\xc4\xa1"};
  uint64_t random = 7;
  for (int round = 0; round < 20000; round++) {
    int text[2][ALIKE_CHARACTERS_MOST], size[2];
    struct text bytes[2] = {{0}};
    const int most = round % 3 == 0 ? ALIKE_CHARACTERS_MOST : round % 3 == 1 ? 66 : 9;
    for (int i = 0; i < 2; i++) {
      random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
      size[i] = 1 + (int)(random >> 33) % most;
      for (int k = 0; k < size[i]; k++) {
        random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
        const bool as_other = i && k < size[0] && (random >> 40) % 4;
        text[i][k] = as_other ? text[0][k] : (int)(random >> 33) % 6;
        text_add(&bytes[i], letters[text[i][k]]);
      }
    }
    const struct span one = span_make(bytes[0].bytes, bytes[0].size),
                      other = span_make(bytes[1].bytes, bytes[1].size);
    const bool turned = other.size < one.size ||
                        (other.size == one.size && span_compare(other, one) < 0);
    const double wanted = span_equal(one, other) ? 1
                          : turned ? alike_by_definition(text[1], size[1], text[0], size[0])
                                   : alike_by_definition(text[0], size[0], text[1], size[1]);
    assert_true(fabs(alike(one, other) - wanted) < 1e-12);
    text_release(&bytes[0]);
    text_release(&bytes[1]);
  }
}

/* ---- names ---- */

static void names_are_normalised(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"Smith & Sons Ltd.", "smithandsons"},
      {"SMITH AND SONS LIMITED", "smithandsons"},
      {"Müller  Café (UK) plc", "mullercafeuk"},
      {"J. P. Morgan", "jpmorgan"},
      {"J.P. Morgan Public Limited Company", "jpmorgan"},
      {"Sainsbury’s", "sainsburys"},
      {"Sainsbury's Limited Liability Partnership", "sainsburys"},
      {"Cwmni Da Cyf", "cwmnida"},
      {"Limited Editions", "limitededitions"}, /* the first word is no form */
      {"Ltd", "ltd"},
      {"Blackford Ltd Trading as Libra", "blackford/libra"},
      {"BLACKFORD LIMITED t/a LIBRA", "blackford/libra"},
      {"Blackford T/AS Libra Ltd", "blackford/libra"},
      {"Act/Asset", "actasset"},
      {"\u202eAcme\u202c Ltd", "acme"}, /* marks of direction are not seen */
      {"Ac\u00adme\u200b", "acme"},
      {"ＡＣＭＥ", "acme"},
      {"Аcme", "аcme"}, /* a Cyrillic first letter stays one */
      {"株式会社", "株式会社"},
      {"--- *** ...", ""},
      {"", ""},
      {"\xff\xfe", ""}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const struct body_name name = read_name(cases[i][0], "");
    assert_string_equal(arena_copy(arena, name.key.bytes ? name.key.bytes : "", name.key.size),
                        cases[i][1]);
  }
  char *huge = arena_alloc(arena, 10241);
  for (int i = 0; i < 10240; i++) huge[i] = "a& .é-"[i % 7];
  huge[10240] = 0;
  assert_int_equal(compare(huge, "", huge, "").is, NAMES_SAME);
}

static void names_are_compared(void **state) {
  (void)state;
  assert_int_equal(compare("Acme Ltd", "", "ACME LIMITED", "").is, NAMES_SAME);
  assert_int_equal(compare("Acme Ltd", "123456", "Zenith", "00123456").by, NAMES_BY_NUMBER);
  assert_int_equal(compare("Acme Ltd", "123456", "Zenith", "00123456").is, NAMES_SAME);
  assert_int_equal(compare("Acme Ltd", "sc 123456", "Acme Ltd", "SC123456").is, NAMES_SAME);
  assert_int_equal(compare("Acme Ltd", "123456", "Acme Ltd", "123457").is, NAMES_DIFFERENT);
  assert_int_equal(compare("Acme Ltd", "123456", "ACME", "").is, NAMES_SAME);
  assert_int_equal(compare("Jane Example", "", "Jane Example Ltd", "").is, NAMES_UNSURE);
  assert_int_equal(compare("Jane Example", "", "JANE EXAMPLE", "").is, NAMES_SAME);
  assert_int_equal(compare("Greenvale Proucts", "", "GREENVALE PRODUCTS", "").is, NAMES_UNSURE);
  assert_int_equal(compare("Greenvale Proucts", "1", "GREENVALE PRODUCTS", "2").is,
                   NAMES_DIFFERENT);
  assert_int_equal(compare("Designs On Ltd (T/A B4 Magazine)", "", "DESIGNS ON", "").by,
                   NAMES_BY_TRADING);
  assert_int_equal(compare("B4 Magazine", "", "Designs On t/a B4 Magazine", "").is, NAMES_UNSURE);
  assert_int_equal(compare("Dixon", "", "Dicksonx", "").is, NAMES_DIFFERENT);
  assert_int_equal(compare("Agreenvale Products", "", "Greenvale Products", "").is,
                   NAMES_DIFFERENT); /* another first word */
  assert_int_equal(compare("---", "", "***", "").is, NAMES_DIFFERENT);
  assert_int_equal(compare("", "", "", "").is, NAMES_DIFFERENT);
}

/* pairs.csv: real payees of Hyndburn, Lambeth and Oxford, told apart by hand; no private people. */
static void labelled_pairs_are_told_apart(void **state) {
  (void)state;
  static const struct table_column columns[] = {{"label", true}, {"one", true}, {"other", true}};
  struct error err = {0};
  struct table *table = NULL;
  struct table_rows *rows = NULL;
  int found[2][3] = {{0}}; /* by whether they are the same, and what the program says */
  assert_int_equal(
      table_open_plain(&table, in_tree("tests/data/names/pairs.csv"), columns, 3, &err), DONE);
  while (table_next(table, &rows, &err) == DONE && rows) {
    for (size_t r = 0; r < rows->count; r++) {
      struct body_name a, b;
      body_name_read(words, arena, table_field(rows, r, 1), span_of(""), &a);
      body_name_read(words, arena, table_field(rows, r, 2), span_of(""), &b);
      found[span_is(table_field(rows, r, 0), "same")][body_names_compare(&a, &b).is]++;
    }
    table_rows_free(rows);
  }
  table_close(table);
  const int said = found[0][NAMES_SAME] + found[1][NAMES_SAME],
            same = found[1][0] + found[1][1] + found[1][2];
  printf("%d pairs: said to be the same %d, precision %.3f, recall %.3f; with those a person is "
         "asked about %.3f; asked about %d that differ\n",
         same + found[0][0] + found[0][1] + found[0][2], said, (double)found[1][NAMES_SAME] / said,
         (double)found[1][NAMES_SAME] / same,
         (double)(found[1][NAMES_SAME] + found[1][NAMES_UNSURE]) / same, found[0][NAMES_UNSURE]);
  assert_true(found[1][NAMES_SAME] >= 0.99 * said);
  assert_true(found[1][NAMES_SAME] + found[1][NAMES_UNSURE] >= 0.9 * same);
  assert_true(said > 100);
}

static void check_kinds(const char *const *names, size_t count, enum name_is is) {
  for (size_t i = 0; i < count; i++)
    if (body_name_is(words, span_of(names[i])) != is)
      fail_msg("%s is %d, not %d", names[i], body_name_is(words, span_of(names[i])), is);
}

static void private_people_are_known(void **state) {
  (void)state;
  static const char *const people[] = {"Mr J Bloggs",
                                       "MRS. A. EXAMPLE",
                                       "Miss Example",
                                       "Ms Jo-Ann Example",
                                       "Dr Jane Example",
                                       "MR & MRS B EXAMPLE",
                                       "Jane Example",
                                       "JANE Q EXAMPLE",
                                       "Jane Example-Sample",
                                       "J Example",
                                       "J.B. Example",
                                       "EXAMPLE, JANE",
                                       "Example, J",
                                       "Jane Example & John Sample",
                                       "J & B Example",
                                       "Jane Example t/a Example Roofing",
                                       "Siân Example",
                                       "Mr Jones Plumbing",
                                       "Mr John Example Plumbing Ltd",
                                       "Sir John Example"};
  static const char *const more_people[] = {
      "SMITH J",          "Smith J A",         "Kaur Harpreet",
      "O'Brien Sean",     "Smith Jane (Mrs)",  "BAKER K MISS",
      "Mx Robin Green",   "Cllr Peter Jones",  "Executors of the late Jane Smith",
      "The Late J Smith", "smith@example.org", "Acme Homes Ltd - Mrs J Smith",
      "Jane Smith (Taxi)"};
  static const char *const payees[] = {
      "3663",         "18 Sea View Villas",   "Jane Example Ltd",       "Jane Example Associates",
      "J Smith & Co", "John Example & Sons",  "Dr Martens Airwair Ltd", "Sir John Example School",
      "HMRC",         "British Gas",          "J Sainsbury plc",        "Oxford City Council",
      "G4S",          "Smith Joinery C.I.C.", "Redacted payee",         "Payee not published"};
  static const char *const nobody_knows[] = {"Jones Lang LaSalle",
                                             "E.ON",
                                             "B&Q",
                                             "",
                                             "---",
                                             "Jane",
                                             "Xiuying Wang",
                                             "Jane Smith 4711",
                                             "Jane Street",
                                             "王秀英",
                                             "Smith 01/02/1960",
                                             "株式会社"};
  check_kinds(people, sizeof people / sizeof *people, NAME_PERSON);
  check_kinds(more_people, sizeof more_people / sizeof *more_people, NAME_PERSON);
  check_kinds(payees, sizeof payees / sizeof *payees, NAME_ORGANISATION);
  check_kinds(nobody_knows, sizeof nobody_knows / sizeof *nobody_knows, NAME_UNKNOWN);
}

/* `%1$s` a forename, `%2$s` a surname, `%3$s` the first letter of the forename. */
static const char *const forms_of_people[] = {"%1$s %2$s",
                                              "%2$s %1$s",
                                              "%2$s, %1$s",
                                              "%3$s %2$s",
                                              "%3$s. %2$s",
                                              "%2$s %3$s",
                                              "%2$s,%3$s",
                                              "%2$s %3$s A",
                                              "%1$s %1$s %2$s",
                                              "%1$s",
                                              "%2$s",
                                              "Mrs %1$s %2$s",
                                              "%2$s %1$s (Mrs)",
                                              "%2$s %3$s Mr",
                                              "Mx %2$s",
                                              "Rev. %2$s",
                                              "Prof %1$s %2$s",
                                              "Cllr %2$s",
                                              "Mr & Mrs %2$s",
                                              "%1$s %2$s & %1$s %2$s",
                                              "Estate of %1$s %2$s",
                                              "Executors of the late %2$s",
                                              "%1$s %2$s (deceased)",
                                              "%1$s %2$s - Direct Payment",
                                              "Refund - %1$s %2$s",
                                              "%2$s %3$s - Taxi",
                                              "%1$s %2$s 4711",
                                              "4711 %1$s %2$s",
                                              "%2$s %1$s 01/02/1960",
                                              "%1$s.%2$s@example.org",
                                              "%1$s %2$s c/o Acme Solicitors",
                                              "%1$s %2$s t/a Acme Garden Services"};
enum { FORMS_OF_PEOPLE = sizeof forms_of_people / sizeof *forms_of_people };

/* Names of sixty languages and countries in every form in which ledgers write them. */
static void no_person_is_shown(void **state) {
  (void)state;
  static const struct table_column columns[] = {{"locale", true},
                                                {"forename", true},
                                                {"surname", true}};
  struct error err = {0};
  struct table *table = NULL;
  struct table_rows *rows = NULL;
  int names = 0, shown = 0, people = 0;
  assert_int_equal(
      table_open_plain(&table, in_tree("tests/data/names/people.csv"), columns, 3, &err), DONE);
  while (table_next(table, &rows, &err) == DONE && rows) {
    for (size_t r = 0; r < rows->count; r++)
      for (int f = 0; f < FORMS_OF_PEOPLE; f++) {
        const struct span first = table_field(rows, r, 1), last = table_field(rows, r, 2);
        uint32_t c = 0;
        const char *name =
            arena_printf(arena, forms_of_people[f], arena_copy(arena, first.bytes, first.size),
                         arena_copy(arena, last.bytes, last.size),
                         arena_copy(arena, first.bytes, utf8_decode(first.bytes, first.size, &c)));
        const enum name_is is = body_name_is(words, span_of(name));
        names++;
        people += is == NAME_PERSON;
        shown += is == NAME_ORGANISATION;
        if (is == NAME_ORGANISATION) printf("shown: %s\n", name);
      }
    table_rows_free(rows);
  }
  table_close(table);
  printf("%d names of people: %d known to be a person's, %d shown\n", names, people, shown);
  assert_true(names > 400 * FORMS_OF_PEOPLE);
  assert_int_equal(shown, 0);
}

/* Of payees that councils published: how many are known to be organisations. */
static void most_payees_are_shown(void **state) {
  (void)state;
  static const struct table_column columns[] = {{"label", true}, {"one", true}, {"other", true}};
  struct error err = {0};
  struct table *table = NULL;
  struct table_rows *rows = NULL;
  int names = 0, shown = 0;
  assert_int_equal(
      table_open_plain(&table, in_tree("tests/data/names/pairs.csv"), columns, 3, &err), DONE);
  while (table_next(table, &rows, &err) == DONE && rows) {
    for (size_t r = 0; r < rows->count; r++)
      for (int c = 1; c <= 2; c++, names++)
        shown += body_name_is(words, table_field(rows, r, c)) == NAME_ORGANISATION;
    table_rows_free(rows);
  }
  table_close(table);
  printf("%d payees: %d shown\n", names, shown);
  assert_true(shown * 100 >= names * 93);
}

/* ---- the index ---- */

static void the_index_finds_what_comparing_all_finds(void **state) {
  (void)state;
  static const struct table_column columns[] = {{"label", true}, {"one", true}, {"other", true}};
  struct error err = {0};
  struct table *table = NULL;
  struct table_rows *rows = NULL;
  struct body_name all[1000];
  int count = 0, pairs = 0, met = 0;
  struct body_index *index = body_index_new(words, arena);
  assert_int_equal(
      table_open_plain(&table, in_tree("tests/data/names/pairs.csv"), columns, 3, &err), DONE);
  while (table_next(table, &rows, &err) == DONE && rows) {
    for (size_t r = 0; r < rows->count; r++)
      for (int c = 1; c <= 2; c++) {
        const struct span number = span_of(count % 7 ? ""
                                                     : arena_printf(arena, "%08d", count % 21));
        body_name_read(words, arena, table_field(rows, r, c), number, &all[count]);
        body_index_add(index, count + 1, table_field(rows, r, c), number);
        count++;
      }
    table_rows_free(rows);
  }
  table_close(table);
  for (int i = 0; i < count; i++) {
    int unsure = 0, same = 0;
    for (int k = 0; k < count; k++) {
      const struct names_match match = body_names_compare(&all[i], &all[k]);
      pairs += match.is != NAMES_DIFFERENT;
      unsure += match.is == NAMES_UNSURE;
      same += match.is == NAMES_SAME;
    }
    int counted = 0;
    const int64_t one = body_index_same(index, &all[i], &counted);
    if (one) assert_int_equal(counted, unsure);
    else assert_int_equal(counted, unsure + same);
    met += counted + (one ? same : 0);
  }
  assert_int_equal(met, pairs);
}

/* Random names, and those that a few slips make of them. */
static size_t random_name(char *out, char *const *before, int count) {
  static const char letters[] = "eaionrstlcdmuhgpbyfwkvjxqz 0123456789";
  const int few = 2 + rand() % 35;
  size_t size = 0;
  if (count && rand() % 3) {
    snprintf(out, 400, "%s", before[rand() % count]);
    size = strlen(out);
    for (int slips = rand() % 7; slips > 0 && size > 1; slips--) {
      const size_t at = (size_t)rand() % size;
      if (rand() % 3 == 0) memmove(out + at, out + at + 1, size-- - at);
      else if (rand() % 2 || size > 380) out[at] = letters[rand() % few];
      else {
        memmove(out + at + 1, out + at, ++size - at);
        out[at] = letters[rand() % few];
      }
    }
    return size;
  }
  size = rand() % 50 ? (size_t)(1 + rand() % 40) : (size_t)(240 + rand() % 40);
  for (size_t i = 0; i < size; i++) out[i] = letters[rand() % few];
  out[size] = 0;
  return size;
}

struct found_names {
  int count;
  bool *met;
};
static void note_found(void *context, int entry) {
  struct found_names *f = context;
  assert_false(f->met[entry]); /* once */
  f->met[entry] = true;
  f->count++;
}

static void the_tree_of_names_loses_none(void **state) {
  (void)state;
  enum { NAMES = 3000 };
  struct name_tree *tree = name_tree_new(arena);
  char **names = arena_array(arena, char *, NAMES);
  struct alike_sign *signs = arena_array(arena, struct alike_sign, NAMES);
  struct found_names found = {.met = arena_array(arena, bool, NAMES)};
  int64_t alike_pairs = 0;
  srand(17);
  for (int i = 0; i < NAMES; i++) {
    char name[512];
    const size_t size = random_name(name, names, i);
    names[i] = arena_copy(arena, name, size);
    signs[i] = alike_sign(span_of(names[i]));
    name_tree_add(tree, &signs[i], i);
    if (i % 3) continue;
    found.count = 0;
    memset(found.met, 0, NAMES);
    name_tree_find(tree, &signs[i], UNSURE_FROM - 1e-9, note_found, &found);
    for (int k = 0; k <= i; k++) {
      const bool may = alike_may_reach(&signs[k], &signs[i], UNSURE_FROM - 1e-9);
      if (may != found.met[k])
        fail_msg("`%s` and `%s`: %d, %d", names[k], names[i], may, found.met[k]);
      if (!may) continue;
      alike_pairs += alike(span_of(names[k]), span_of(names[i])) >= UNSURE_FROM;
    }
  }
  assert_true(alike_pairs > NAMES / 10);
}

/* Many suppliers of one first word: the tree looks at a small part of them, and takes a part of the
 * time of looking at each. */
static void many_names_of_one_first_word_are_not_all_met(void **state) {
  (void)state;
  enum { NAMES = 20000, ASKED = 2000 };
  static const char *const syllables[] = {"ber", "cor", "del", "fin", "gar", "hus", "jon",
                                          "kel", "lim", "mop", "nad", "pry", "qui", "rof",
                                          "sut", "tav", "wex", "yol", "zam", "bru"};
  struct name_tree *tree = name_tree_new(arena);
  struct alike_sign *signs = arena_array(arena, struct alike_sign, NAMES);
  struct found_names found = {.met = arena_array(arena, bool, NAMES)};
  int64_t met = 0, plain = 0;
  srand(23);
  for (int i = 0; i < NAMES; i++) {
    struct text name = {0};
    text_add(&name, "north");
    for (int k = 3 + rand() % 4; k > 0; k--) text_add(&name, syllables[rand() % 20]);
    signs[i] = alike_sign(span_make(name.bytes, name.size));
    text_release(&name);
    name_tree_add(tree, &signs[i], i);
  }
  clock_t start = clock();
  for (int i = 0; i < ASKED; i++) {
    found.count = 0;
    memset(found.met, 0, NAMES);
    name_tree_find(tree, &signs[i], UNSURE_FROM - 1e-9, note_found, &found);
    met += found.count;
  }
  const double by_tree = (double)(clock() - start) / CLOCKS_PER_SEC;
  start = clock();
  for (int i = 0; i < ASKED; i++)
    for (int k = 0; k < NAMES; k++)
      plain += alike_may_reach(&signs[k], &signs[i], UNSURE_FROM - 1e-9);
  printf("%d of %d names of one first word: %.3f s, each looked at %.3f s; %lld may be alike\n",
         ASKED, NAMES, by_tree, (double)(clock() - start) / CLOCKS_PER_SEC, (long long)plain);
  assert_int_equal(met, plain);
}

static void a_number_decides_between_equal_names(void **state) {
  (void)state;
  struct body_index *index = body_index_new(words, arena);
  int unsure = 0;
  body_index_add(index, 1, span_of("Acme Ltd"), span_of("111"));
  body_index_add(index, 2, span_of("ACME"), span_of("222"));
  body_index_add(index, 3, span_of("Zenith Ltd"), span_of(""));
  struct body_name none = read_name("Acme", ""), second = read_name("Acme Holdings", "222"),
                   other = read_name("Acme", "333"), zenith = read_name("ZENITH", "444");
  assert_int_equal(body_index_same(index, &none, &unsure), 0);
  assert_int_equal(unsure, 2);
  assert_int_equal(body_index_same(index, &second, &unsure), 2);
  assert_int_equal(body_index_same(index, &other, &unsure), 0);
  assert_int_equal(unsure, 0);
  assert_int_equal(body_index_same(index, &zenith, &unsure), 3);
  assert_false(body_index_other_number(index, &zenith));
  assert_true(body_index_other_number(index, &other));
  body_index_keep_number(index, &zenith, 3);
  struct body_name another = read_name("Zenith", "555"), same = read_name("Nadir plc", "444");
  assert_int_equal(body_index_same(index, &another, &unsure), 0);
  assert_int_equal(body_index_same(index, &same, &unsure), 3);
  assert_true(body_index_other_number(index, &another));
}

/* Each name meets those of its first word only: ten times as many bodies of other first words cost
 * nothing. */
static void names_of_other_first_words_are_not_met(void **state) {
  (void)state;
  enum { BODIES = 50000, NAMES = 50000 };
  struct body_index *index = body_index_new(words, arena);
  struct arena *scratch = arena_new();
  char name[80];
  const clock_t start = clock();
  int found = 0;
  for (int i = 0; i < BODIES; i++) {
    snprintf(name, sizeof name, "w%d services number %d", i % 5000, i);
    body_index_add(index, i + 1, span_of(name), span_of(""));
  }
  for (int i = 0; i < NAMES; i++) {
    struct body_name one;
    int unsure = 0;
    arena_reset(scratch);
    snprintf(name, sizeof name, "W%d Services Number %d Ltd", i % 5000, i);
    body_name_read(words, scratch, span_of(name), span_of(""), &one);
    found += body_index_same(index, &one, &unsure) == i + 1;
  }
  assert_int_equal(found, NAMES);
  printf("%d names against %d bodies: %.2f s\n", NAMES, BODIES,
         (double)(clock() - start) / CLOCKS_PER_SEC);
  arena_free(scratch);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(alike_is_what_a_peer_gives),
                                     cmocka_unit_test(alike_has_bounds),
                                     cmocka_unit_test(alike_is_its_definition),
                                     cmocka_unit_test(names_are_normalised),
                                     cmocka_unit_test(names_are_compared),
                                     cmocka_unit_test(labelled_pairs_are_told_apart),
                                     cmocka_unit_test(private_people_are_known),
                                     cmocka_unit_test(no_person_is_shown),
                                     cmocka_unit_test(most_payees_are_shown),
                                     cmocka_unit_test(the_tree_of_names_loses_none),
                                     cmocka_unit_test(many_names_of_one_first_word_are_not_all_met),
                                     cmocka_unit_test(the_index_finds_what_comparing_all_finds),
                                     cmocka_unit_test(a_number_decides_between_equal_names),
                                     cmocka_unit_test(names_of_other_first_words_are_not_met)};
  return cmocka_run_group_tests(tests, open_words, close_words);
}
