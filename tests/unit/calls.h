/* Assertions on calls; a test fails with the call's message:
 *
 *     ok(store_open(&store, url, STORE_CREATE, &err));          it is DONE
 *     is(FAILED, store_open(&store, url, STORE_READ, &err));    it has this status
 *     says("no such file");                                     and its message contains this
 *     refused("nino", register_write_person(w, &row, &err));    it is refused for this column
 *     refuses(time_propose(...), "date", "after today");        and says this of it
 *
 * `err` is of the last call. Included after cmocka.h. */
#ifndef WEAL_TESTS_CALLS_H
#define WEAL_TESTS_CALLS_H

#include "store/store.h"

static struct error err;

#define ok(call) is(DONE, call)

#define is(expected, call) \
  do { \
    err = (struct error){0}; \
    enum status got_ = (call); \
    if (got_ != (expected)) \
      fail_msg("%s: status %d: %s:%d: %s: %s", #call, got_, err.file, (int)err.line, err.column, \
               err.message); \
  } while (0)

#define refused(at_column, call) refuses(call, at_column, "")

#define refuses(call, at_column, words) \
  do { \
    is(REFUSED, call); \
    if (strcmp(err.column, at_column) != 0 || !err.message[0]) \
      fail_msg("%s: of the column '%s': %s", #call, err.column, err.message); \
    says(words); \
  } while (0)

static inline void says(const char *words) {
  if (!strstr(err.message, words)) fail_msg("'%s' does not say '%s'", err.message, words);
}

/* The first column of the first row; -1 where there is none. */
static inline int64_t number_of(struct store *store, const char *sql) {
  int64_t value = -1;
  ok(store_int(store, sql, -1, &value, &err));
  return value;
}

#endif
