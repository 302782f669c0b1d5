/* Files that were brought: what is posted is what was shown, and nobody's goes for another's. */
#include "web/uploads.h"

#include "base/refusal.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct error err;
static struct arena *arena;
static struct uploads *all;
static char folder[32];

static int begin(void **state) {
  (void)state;
  snprintf(folder, sizeof folder, "/tmp/weal-uploads-XXXXXX");
  arena = arena_new();
  return !mkdtemp(folder) || uploads_start(&all, &err) != DONE;
}

static int end(void **state) {
  (void)state;
  uploads_stop(all);
  arena_free(arena);
  return rmdir(folder); /* nothing is left in it */
}

/* The upload's field, as the server leaves it. */
static enum status bring(int64_t person, const char **token) {
  char *field = arena_printf(arena, "%s/field+may.csv", folder);
  const int fd = open(field, O_WRONLY | O_CREAT | O_EXCL, 0600);
  assert_true(fd >= 0);
  close(fd);
  const struct upload_told told = {.body = span_of("testham"), .date = span_of("")};
  const enum status status = uploads_add(all, person, field, &told, arena, token, &err);
  unlink(field); /* as the server does, whatever came of it */
  return status;
}

static struct upload_tried *tried(enum status status) {
  struct arena *own = arena_new();
  struct upload_tried *t = arena_alloc(own, sizeof *t);
  t->arena = own;
  t->status = status;
  return t;
}

static struct upload_seen seen(const char *token) {
  struct upload_seen u = {0};
  assert_true(upload_see(all, span_of(token), 1, arena, &u));
  return u;
}

/* Answers with `rules`; the profile's path. */
static const char *answer(const char *token, const char *rules, enum status status,
                          enum upload_turn turn) {
  const struct upload_seen u = seen(token);
  const char *profile = NULL;
  upload_let_go(all, &u);
  assert_int_equal(upload_profile(&u, span_of(rules), arena, &profile, &err), DONE);
  assert_int_equal(upload_answer(all, token, 1, profile, tried(status)), turn);
  return profile;
}

static bool is_there(const char *path) { return access(path, F_OK) == 0; }

static void what_is_posted_was_shown(void **state) {
  (void)state;
  const char *token = NULL;
  struct upload_seen u;
  assert_int_equal(bring(1, &token), DONE);
  assert_false(upload_see(all, span_of(token), 2, arena, &u));
  assert_int_equal(upload_begin(all, span_of(token), 1, 0, arena, &u), UPLOAD_OTHER);
  const char *first = answer(token, "1", DONE, UPLOAD_TAKEN);
  const struct upload_seen before = seen(token);
  const char *second = answer(token, "2", DONE, UPLOAD_TAKEN);
  assert_string_not_equal(first, second);
  assert_true(!is_there(first) && is_there(second));
  assert_int_equal(before.tried->status, DONE); /* whoever looks at it has it still */
  assert_int_equal(upload_begin(all, span_of(token), 1, before.tried->number, arena, &u),
                   UPLOAD_OTHER);
  upload_let_go(all, &before);
  const struct upload_seen now = seen(token);
  const int64_t number = now.tried->number;
  upload_let_go(all, &now);
  assert_int_equal(upload_begin(all, span_of(token), 2, number, arena, &u), UPLOAD_NOT_THERE);
  assert_int_equal(upload_begin(all, span_of(token), 1, number, arena, &u), UPLOAD_TAKEN);
  assert_string_equal(u.profile, second);
  upload_run(all, token, 7);
  assert_int_equal(upload_begin(all, span_of(token), 1, number, arena, &u), UPLOAD_POSTING);
  assert_int_equal(u.job, 7);
  const char *third = answer(token, "3", DONE, UPLOAD_POSTING);
  assert_true(is_there(second) && !is_there(third));
  upload_end(all, token, false);
  (void)answer(token, "4", REFUSED, UPLOAD_TAKEN);
  assert_int_equal(upload_begin(all, span_of(token), 1, number + 1, arena, &u), UPLOAD_OTHER);
  const struct upload_seen last = seen(token);
  const char *late = NULL;
  upload_end(all, token, true);
  assert_false(upload_see(all, span_of(token), 1, arena, &u));
  assert_int_equal(last.tried->status, REFUSED);
  upload_let_go(all, &last);
  /* an answer that comes after it went */
  assert_true(upload_profile(&last, span_of("5"), arena, &late, &err) == FAILED);
}

static void an_answer_outlives_its_upload(void **state) {
  (void)state;
  const char *token = NULL, *profile = NULL;
  assert_int_equal(bring(1, &token), DONE);
  const struct upload_seen u = seen(token);
  upload_let_go(all, &u);
  assert_int_equal(upload_profile(&u, span_of("1"), arena, &profile, &err), DONE);
  upload_end(all, token, true);
  assert_int_equal(upload_answer(all, token, 1, profile, tried(DONE)), UPLOAD_NOT_THERE);
  assert_false(is_there(profile));
}

static void nobody_s_file_goes_for_another_s(void **state) {
  (void)state;
  const char *first = NULL, *token = NULL, *second = NULL;
  struct upload_seen u;
  for (int i = 0; i < UPLOADS_MOST; i++) {
    assert_int_equal(bring(1 + i / UPLOADS_EACH, &token), DONE);
    if (i == 0) first = token;
    if (i == 1) second = token;
  }
  assert_int_equal(bring(99, &token), REFUSED);
  assert_int_equal(err.refusal.code, REFUSAL_BROUGHT_NO_ROOM);
  assert_non_null(strstr(err.message, "in 60 minutes"));
  u = seen(first);
  upload_let_go(all, &u);
  assert_int_equal(bring(1, &token), DONE); /* the oldest of their own */
  assert_false(upload_see(all, span_of(first), 1, arena, &u));
  u = seen(second);
  upload_let_go(all, &u);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(what_is_posted_was_shown, begin, end),
      cmocka_unit_test_setup_teardown(an_answer_outlives_its_upload, begin, end),
      cmocka_unit_test_setup_teardown(nobody_s_file_goes_for_another_s, begin, end)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
