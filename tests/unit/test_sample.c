/* The sample place: the same for a seed, complete for any number of people. tests/sample checks its
 * figures. */
#include "fresh.h"
#include "base/arena.h"
#include "base/text.h"
#include "sample/sample.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

/* The policy pack, read once. */
static const struct pack *uk_pack(void) {
  static struct pack *pack;
  struct error err = {0};
  if (!pack) assert_int_equal(pack_open(&pack, fresh_uk_pack(), &err), DONE);
  return pack;
}
static const char *const *uk_folders(void) {
  static const char *folders[1];
  folders[0] = fresh_uk_pack();
  return folders;
}

static char *make(int64_t people, uint64_t seed) {
  char template[] = "/tmp/weal-sample-XXXXXX";
  assert_non_null(mkdtemp(template));
  struct error err = {0};
  struct sample_options options = {.dir = template,
                                   .people = people,
                                   .seed = seed,
                                   .progress = PROGRESS_NEVER,
                                   .pack = uk_pack(),
                                   .packs = uk_folders(),
                                   .pack_count = 1};
  assert_int_equal(sample_write(&options, &err), DONE);
  return strdup(template);
}

static void read_file(const char *dir, const char *name, struct text *out) {
  struct text path = {0};
  text_addf(&path, "%s/%s", dir, name);
  FILE *f = fopen(path.bytes, "rb");
  if (!f) fail_msg("%s is missing", path.bytes);
  char block[65536];
  for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;) text_add_bytes(out, block, n);
  fclose(f);
  text_release(&path);
}

static void forget(char *dir) {
  for (int i = 0; i < sample_file_count; i++) {
    struct text path = {0};
    text_addf(&path, "%s/%s", dir, sample_files[i].name);
    unlink(path.bytes);
    text_release(&path);
  }
  assert_int_equal(rmdir(dir), 0); /* only the listed files */
  free(dir);
}

/* True when every file of the two is the same. */
static bool same(const char *a, const char *b) {
  bool equal = true;
  for (int i = 0; i < sample_file_count; i++) {
    struct text x = {0}, y = {0};
    read_file(a, sample_files[i].name, &x);
    read_file(b, sample_files[i].name, &y);
    equal = equal && x.size == y.size && memcmp(x.bytes, y.bytes, x.size) == 0;
    text_release(&x), text_release(&y);
  }
  return equal;
}

static void same_seed_same_bytes(void **state) {
  (void)state;
  char *a = make(800, 1), *b = make(800, 1), *c = make(800, 2);
  assert_true(same(a, b));
  assert_false(same(a, c));
  forget(a), forget(b), forget(c);
}

static void any_number_of_people(void **state) {
  (void)state;
  static const int64_t numbers[] = {1, 2, 3, 11, 50, 3000};
  for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
    char *dir = make(numbers[k], 5);
    struct text people = {0}, entries = {0};
    read_file(dir, "people.csv", &people);
    int64_t rows = -1; /* the header */
    for (size_t i = 0; i < people.size; i++) rows += people.bytes[i] == '\n';
    assert_int_equal(rows, numbers[k]);
    read_file(dir, "entries-2023-24.csv", &entries);
    assert_true(entries.size > 100);
    text_release(&people), text_release(&entries);
    forget(dir);
  }
}

static void refuses_a_place_of_nobody(void **state) {
  (void)state;
  struct error err = {0};
  struct sample_options options = {.dir = "/tmp/weal-sample-none", .people = 0, .seed = 1};
  assert_int_equal(sample_write(&options, &err), REFUSED);
  assert_non_null(strstr(err.message, "1 to"));
}

static void says_which_folder_it_cannot_write(void **state) {
  (void)state;
  struct error err = {0};
  struct sample_options options = {.dir = "/proc/nowhere/at-all",
                                   .people = 10,
                                   .seed = 1,
                                   .pack = uk_pack(),
                                   .packs = uk_folders(),
                                   .pack_count = 1};
  assert_int_equal(sample_write(&options, &err), FAILED);
  assert_non_null(strstr(err.message, "/proc/nowhere"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(same_seed_same_bytes),
      cmocka_unit_test(any_number_of_people),
      cmocka_unit_test(refuses_a_place_of_nobody),
      cmocka_unit_test(says_which_folder_it_cannot_write),
  };
  return cmocka_run_group_tests(tests, 0, 0);
}
