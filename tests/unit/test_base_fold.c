/* Folding of what is searched for: names as people write them, and Unicode's own test of
 * normalization. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/fold.h"
#include "base/input.h"
#include "base/utf8.h"
#include <stdlib.h>

static const char *folded(struct text *t, const char *text) {
  text_clear(t);
  text_add_folded(t, span_of(text));
  return t->bytes;
}

static void a_name_is_folded(void **state) {
  (void)state;
  static const char *const cases[][2] = {{"O’Brien", "o'brien"},
                                         {"O'BRIEN", "o'brien"},
                                         {"Oʼbrien", "o'brien"},
                                         {"O`Brien", "o'brien"},
                                         {"O´Brien", "o'brien"},
                                         {"Ó Briain", "o briain"},
                                         {"O\u0301  Briain ", "o briain"},
                                         {"Siân", "sian"},
                                         {"Sia\u0302n", "sian"},
                                         {"Müller", "muller"},
                                         {"Zoë", "zoe"},
                                         {"ZOË", "zoe"},
                                         {"Łukasz", "lukasz"},
                                         {"Straße", "strasse"},
                                         {"STRASSE", "strasse"},
                                         {"Sørensen", "sorensen"},
                                         {"Yıldız", "yildiz"},
                                         {"İpek", "ipek"},
                                         {"Ŵyn", "wyn"},
                                         {"Þóra", "thora"},
                                         {"Jean\u2010Luc", "jean-luc"},
                                         {"Jean\u2011Luc", "jean-luc"},
                                         {"Jean–Luc", "jean-luc"},
                                         {"Ann\u00a0Lee", "ann lee"},
                                         {"An\u00adn\u200b\tLee", "ann lee"},
                                         {"Ｗｉｄｅ", "wide"},
                                         {"Έλενα", "ελενα"},
                                         {"Алёна", "алена"},
                                         {"한", "\u1112\u1161\u11ab"},
                                         {"李", "李"},
                                         {"", ""},
                                         {" \u2003 ", ""}};
  struct text t = {0};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_string_equal(folded(&t, cases[i][0]), cases[i][1]);
  text_clear(&t);
  text_add(&t, "before ");
  text_add_folded(&t, span_of(" É "));
  assert_string_equal(t.bytes, "before e");
  text_release(&t);
  assert_true(fold_same(span_of("O’Brien"), span_of("o'brien")));
  assert_false(fold_same(span_of("O’Brien"), span_of("o brien")));
  assert_true(fold_same(span_of(""), span_of("")));
}

static void bytes_that_are_no_text_are_kept(void **state) {
  (void)state;
  struct text t = {0};
  text_add_folded(&t, span_make("A\xff\xc3", 3));
  assert_int_equal(t.size, 3);
  assert_memory_equal(t.bytes, "a\xff\xc3", 3);
  text_release(&t);
}

static bool fits(const char *name, const char *asked) {
  struct text a = {0}, b = {0};
  text_add_folded(&a, span_of(name));
  text_add_folded(&b, span_of(asked));
  const bool is = folded_name_fits(span_make(a.bytes, a.size), span_make(b.bytes, b.size));
  text_release(&a);
  text_release(&b);
  return is;
}

static void the_beginning_of_each_word_of_a_name_is_enough(void **state) {
  (void)state;
  static const char *const found[][2] = {{"Alfie Jenkins", "al jen"},
                                         {"Alfie Jenkins", "Jenkins Alfie"},
                                         {"Pat O’Brien", "O'Brien"},
                                         {"Pat O'Brien", "O’BRIEN"},
                                         {"Pat O'Brien", "obrien"},
                                         {"Pat O'Brien", "brien"},
                                         {"Pat O'Brien", "O Brien"},
                                         {"Pat O Brien", "O’Brien"},
                                         {"Pat OBrien", "O'Brien"},
                                         {"Seán Ó Briain", "o briain"},
                                         {"Seán Ó Briain", "SEAN"},
                                         {"Jean-Luc Roy", "jean luc"},
                                         {"Jean-Luc Roy", "jeanluc"},
                                         {"Jean Luc Roy", "jean-luc"},
                                         {"Siân Evans", "Sian"},
                                         {"Sian Evans", "Siân"},
                                         {"Łukasz Nowak", "Lukasz"},
                                         {"Lukasz Nowak", "Łuk now"},
                                         {"Zoë Müller", "muller zoe"},
                                         {"Anybody", ""},
                                         {"Anybody", "'"}};
  static const char *const not_found[][2] = {{"Alfie Jenkins", "fie"},  {"Ann Abel", "annab"},
                                             {"Alfie Jenkins", "al x"}, {"Pat O'Brien", "rien"},
                                             {"Pat O'Brien", "briens"}, {"", "a"}};
  for (size_t i = 0; i < sizeof found / sizeof *found; i++)
    assert_true(fits(found[i][0], found[i][1]));
  for (size_t i = 0; i < sizeof not_found / sizeof *not_found; i++)
    assert_false(fits(not_found[i][0], not_found[i][1]));
}

static bool has(const char *text, const char *words) {
  struct text a = {0}, b = {0};
  text_add_folded(&a, span_of(text));
  text_add_folded(&b, span_of(words));
  const bool is = folded_has(span_make(a.bytes, a.size), span_make(b.bytes, b.size));
  text_release(&a);
  text_release(&b);
  return is;
}

static void words_are_found_in_a_text(void **state) {
  (void)state;
  assert_true(has("Carer’s Allowance, März", "carers all"));
  assert_true(has("Carers Allowance", "carer's"));
  assert_true(has("Treth Gyngor: ôl-ddyled", "ol ddyled"));
  assert_true(has("ŵyl", "Wyl"));
  assert_true(has("anything", ""));
  assert_false(has("", "a"));
  assert_false(has("Carer's Allowance", "care allowance"));
}

/* ---- Unicode's test ---- */

enum { FORMS = 5, FORM_BYTES = 256 };

static void add_utf8(struct text *t, uint32_t c) {
  char bytes[4];
  size_t n = 0;
  if (c < 0x80) bytes[n++] = (char)c;
  else if (c < 0x800) bytes[n++] = (char)(0xc0 | c >> 6);
  else if (c < 0x10000) bytes[n++] = (char)(0xe0 | c >> 12);
  else bytes[n++] = (char)(0xf0 | c >> 18);
  if (c >= 0x10000) bytes[n++] = (char)(0x80 | (c >> 12 & 0x3f));
  if (c >= 0x800) bytes[n++] = (char)(0x80 | (c >> 6 & 0x3f));
  if (c >= 0x80) bytes[n++] = (char)(0x80 | (c & 0x3f));
  text_add_bytes(t, bytes, n);
}

/* `0044 0307;1E0A;...`: five forms of one text; whether it is a row. */
static bool read_row(const char *row, struct text forms[FORMS]) {
  if (*row == '@' || !*row) return false;
  for (int form = 0; form < FORMS; form++) {
    char *end = NULL;
    text_clear(&forms[form]);
    for (; *row != ';'; row = end) add_utf8(&forms[form], (uint32_t)strtoul(row, &end, 16));
    row++;
  }
  return true;
}

static void add_all(struct text *whole, const char *path) {
  struct input *in = NULL;
  struct error err = {0};
  char block[65536];
  size_t size = 0;
  assert_int_equal(input_open(&in, path, &err), DONE);
  do {
    assert_int_equal(input_read(in, block, sizeof block, &size, &err), DONE);
    text_add_bytes(whole, block, size);
  } while (size);
  input_close(in);
}

/* Source and NFC and NFD (columns 1 to 3) are one text, NFKC and NFKD (4 and 5) another; and a fold
 * folded again is itself. */
static void composed_and_decomposed_forms_are_one(void **state) {
  (void)state;
  char path[4096];
  struct text whole = {0}, forms[FORMS] = {0}, folds[FORMS] = {0}, again = {0};
  int rows = 0, alike = 0;
  snprintf(path, sizeof path, "%s/tests/data/unicode/NormalizationTest.txt.zst",
           getenv("WEAL_SOURCE_ROOT"));
  add_all(&whole, path);
  for (char *row = whole.bytes, *end; row && *row; row = end + 1) {
    end = strchr(row, '\n');
    *end = 0;
    if (!read_row(row, forms)) continue;
    rows++;
    for (int i = 0; i < FORMS; i++) {
      text_clear(&folds[i]);
      text_add_folded(&folds[i], span_make(forms[i].bytes, forms[i].size));
      text_clear(&again);
      text_add_folded(&again, span_make(folds[i].bytes, folds[i].size));
      assert_string_equal(again.bytes, folds[i].bytes);
    }
    for (int i = 1; i < 3; i++) assert_string_equal(folds[i].bytes, folds[0].bytes);
    assert_string_equal(folds[4].bytes, folds[3].bytes);
    alike += strcmp(folds[0].bytes, folds[3].bytes) == 0;
  }
  assert_int_equal(rows, 19074);
  print_message("%d of %d rows fold to one text in all five forms\n", alike, rows);
  assert_true(alike > 16000);
  for (int i = 0; i < FORMS; i++) text_release(&forms[i]), text_release(&folds[i]);
  text_release(&again);
  text_release(&whole);
}

/* Any characters in any order. */
static void a_fold_of_anything_is_its_own_fold(void **state) {
  (void)state;
  struct text t = {0}, one = {0}, two = {0};
  uint64_t seed = 20261130;
  for (int round = 0; round < 20000; round++) {
    text_clear(&t);
    for (int i = 0; i < 12; i++) {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      uint32_t c = (uint32_t)(seed >> 33) % (i % 2 ? 0x3000 : 0x110000);
      if (c && (c < 0xd800 || c > 0xdfff)) add_utf8(&t, c);
    }
    text_clear(&one), text_clear(&two);
    text_add_folded(&one, span_make(t.bytes, t.size));
    text_add_folded(&two, span_make(one.bytes, one.size));
    assert_string_equal(one.bytes, two.bytes);
    assert_true(fold_same(span_make(t.bytes, t.size), span_make(one.bytes, one.size)));
  }
  text_release(&t), text_release(&one), text_release(&two);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_name_is_folded),
      cmocka_unit_test(bytes_that_are_no_text_are_kept),
      cmocka_unit_test(the_beginning_of_each_word_of_a_name_is_enough),
      cmocka_unit_test(words_are_found_in_a_text),
      cmocka_unit_test(composed_and_decomposed_forms_are_one),
      cmocka_unit_test(a_fold_of_anything_is_its_own_fold),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
