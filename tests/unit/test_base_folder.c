/* What a run writes where others may write too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/folder.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder that is shared, and in it the file `mine` that nobody else should change. */
struct shared {
  char path[256];
  int fd;
};

static int begin(void **state) {
  struct shared *s = calloc(1, sizeof *s);
  const char *temporary = getenv("TMPDIR");
  snprintf(s->path, sizeof s->path, "%s/weal-folder-XXXXXX", temporary ? temporary : "/tmp");
  if (!s || !mkdtemp(s->path)) return -1;
  s->fd = open(s->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  *state = s;
  return file_write_new(s->fd, "mine", 0600, span_of("mine"), NULL) == DONE ? 0 : -1;
}

static int end(void **state) {
  static const char *const left[] = {"mine", "link", "inner/file", "stays"};
  struct shared *s = *state;
  for (size_t i = 0; i < sizeof left / sizeof *left; i++) unlinkat(s->fd, left[i], 0);
  unlinkat(s->fd, "inner", AT_REMOVEDIR);
  close(s->fd);
  int removed = rmdir(s->path);
  free(s);
  return removed;
}

static void holds(const struct shared *s, const char *name, const char *text) {
  char have[64] = "";
  int fd = openat(s->fd, name, O_RDONLY | O_CLOEXEC);
  assert_true(fd >= 0);
  assert_int_equal(read(fd, have, sizeof have - 1), (ssize_t)strlen(text));
  assert_string_equal(have, text);
  close(fd);
}

static void a_new_file_is_not_written_over_another_nor_through_a_link(void **state) {
  struct shared *s = *state;
  struct error err = {0};
  int fd = -1;
  assert_int_equal(symlinkat("mine", s->fd, "link"), 0);
  assert_int_equal(file_write_new(s->fd, "mine", 0600, span_of("other"), &err), FAILED);
  assert_int_equal(file_write_new(s->fd, "link", 0600, span_of("other"), &err), FAILED);
  assert_non_null(strstr(err.message, "link: File exists"));
  holds(s, "mine", "mine");
  /* in the place of a link, which goes, and not where it leads */
  assert_int_equal(file_put(s->path, "link", span_of("another"), &err), DONE);
  holds(s, "link", "another");
  holds(s, "mine", "mine");
  /* a folder is not taken away for a file */
  assert_int_equal(folder_open(s->fd, "inner", 0700, &fd, &err), DONE);
  close(fd);
  assert_int_equal(file_make_anew(s->fd, "inner", 0600, &fd, &err), FAILED);
  assert_int_equal(fd, -1);
}

static void a_folder_within_is_no_link(void **state) {
  struct shared *s = *state;
  struct error err = {0};
  int fd = -1;
  unlinkat(s->fd, "link", 0);
  assert_int_equal(symlinkat(s->path, s->fd, "link"), 0);
  assert_int_equal(folder_open(s->fd, "link", 0700, &fd, &err), FAILED);
  assert_int_equal(fd, -1);
  /* the path that somebody wrote may lead through one */
  char path[300];
  snprintf(path, sizeof path, "%s/link", s->path);
  assert_int_equal(folder_open(AT_FDCWD, path, 0700, &fd, &err), DONE);
  close(fd);
  assert_int_equal(folder_open(s->fd, "mine", 0700, &fd, &err), FAILED);
}

static void a_work_folder_is_ones_own_and_goes_with_all_in_it(void **state) {
  struct shared *s = *state;
  struct error err = {0};
  struct work_folder one, two;
  struct stat about;
  int fd = -1;
  mode_t before = umask(0);
  assert_int_equal(work_folder_make(&one, s->fd, "work-", &err), DONE);
  assert_int_equal(work_folder_make(&two, s->fd, "work-", &err), DONE);
  umask(before);
  assert_string_not_equal(one.name, two.name);
  assert_int_equal(fstat(one.fd, &about), 0);
  assert_int_equal(about.st_mode & 07777, 0700);
  assert_int_equal(folder_open(one.fd, "below", 0777, &fd, &err), DONE);
  for (int i = 0; i < 500; i++) {
    char name[16];
    snprintf(name, sizeof name, "%d", i);
    assert_int_equal(file_write_new(fd, name, 0600, span_of(name), &err), DONE);
  }
  close(fd);
  /* a link in it goes, and what it leads to stays */
  assert_int_equal(symlinkat(s->path, one.fd, "link"), 0);
  char *name = strdup(one.name);
  assert_int_equal(work_folder_remove(&one, DONE, &err), DONE);
  assert_int_equal(fstatat(s->fd, name, &about, AT_SYMLINK_NOFOLLOW), -1);
  holds(s, "mine", "mine");
  assert_int_equal(work_folder_remove(&one, DONE, &err), DONE); /* nothing is there any more */
  free(name);
  assert_int_equal(work_folder_remove(&two, REFUSED, &err), REFUSED);
}

static void what_a_killed_run_left_goes_with_the_next(void **state) {
  struct shared *s = *state;
  struct error err = {0};
  struct work_folder left, lives, next;
  struct stat about;
  assert_int_equal(work_folder_make(&left, s->fd, "work-", &err), DONE);
  assert_int_equal(work_folder_make(&lives, s->fd, "work-", &err), DONE);
  assert_int_equal(file_write_new(left.fd, "statement", 0600, span_of("hers"), &err), DONE);
  assert_int_equal(mkdirat(s->fd, "work-mine", 0700), 0);
  char *name = strdup(left.name);
  work_folder_close(&left); /* as when its run is killed */
  assert_int_equal(work_folder_make(&next, s->fd, "work-", &err), DONE);
  assert_int_equal(fstatat(s->fd, name, &about, AT_SYMLINK_NOFOLLOW), -1);
  assert_int_equal(fstatat(s->fd, lives.name, &about, AT_SYMLINK_NOFOLLOW), 0);
  assert_int_equal(unlinkat(s->fd, "work-mine", AT_REMOVEDIR), 0);
  assert_int_equal(work_folder_remove(&lives, DONE, &err), DONE);
  assert_int_equal(work_folder_remove(&next, DONE, &err), DONE);
  free(name);
}

static void what_cannot_be_removed_is_said(void **state) {
  struct shared *s = *state;
  struct error err = {0};
  struct work_folder work;
  for (int failed = 0; failed < 2; failed++) {
    assert_int_equal(work_folder_make(&work, s->fd, "work-", &err), DONE);
    assert_int_equal(renameat(s->fd, work.name, s->fd, "elsewhere"), 0);
    assert_int_equal(file_write_new(s->fd, work.name, 0600, span_of("in its place"), &err), DONE);
    char *name = strdup(work.name);
    if (failed) (void)error_set(&err, REFUSED, "no such person");
    assert_int_equal(work_folder_remove(&work, failed ? REFUSED : DONE, &err),
                     failed ? REFUSED : FAILED);
    assert_non_null(strstr(err.message, name));
    assert_non_null(strstr(err.message, "must be removed by hand"));
    assert_true(!failed || strstr(err.message, "no such person"));
    assert_int_equal(unlinkat(s->fd, name, 0), 0);
    assert_int_equal(unlinkat(s->fd, "elsewhere", AT_REMOVEDIR), 0);
    free(name);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_new_file_is_not_written_over_another_nor_through_a_link),
      cmocka_unit_test(a_folder_within_is_no_link),
      cmocka_unit_test(a_work_folder_is_ones_own_and_goes_with_all_in_it),
      cmocka_unit_test(what_a_killed_run_left_goes_with_the_next),
      cmocka_unit_test(what_cannot_be_removed_is_said),
  };
  return cmocka_run_group_tests(tests, begin, end);
}
