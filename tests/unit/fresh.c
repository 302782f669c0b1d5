#include "fresh.h"

#include "book/book.h"
#include "book/units.h"
#include <ftw.h>
#include <libpq-fe.h>
#include <unistd.h>

enum { FRESH_MOST = 256 };
static char *urls[FRESH_MOST]; /* the state of a test program, allowed here as in main */
static int count;
static char folder[64];

static void give_up(const char *what) {
  fprintf(stderr, "fresh: %s\n", what);
  exit(3);
}

bool fresh_is_postgresql(void) {
  const char *url = getenv("WEAL_TEST_STORE");
  return url && strncmp(url, "postgres", 8) == 0;
}

const char *fresh_folder(void) {
  if (folder[0]) return folder;
  const char *top = getenv("TMPDIR"); /* script/test keeps books in memory */
  snprintf(folder, sizeof folder, "%s/weal-test.XXXXXX", top && strlen(top) < 40 ? top : "/tmp");
  if (!mkdtemp(folder)) give_up("no temporary folder");
  return folder;
}

void fresh_sql(const char *url, const char *sql) {
  PGconn *connection = PQconnectdb(url);
  PGresult *result = PQexec(connection, "set client_min_messages=error");
  PQclear(result);
  result = PQexec(connection, sql);
  if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
    give_up(PQerrorMessage(connection));
  PQclear(result);
  PQfinish(connection);
}

static char *new_schema(void) {
  const char *url = getenv("WEAL_TEST_STORE");
  struct text name = {0}, sql = {0}, own = {0};
  text_addf(&name, "test_%d_%d", (int)getpid(), count);
  text_addf(&sql, "create schema %s", name.bytes);
  fresh_sql(url, sql.bytes);
  text_addf(&own, "%s%coptions=-csearch_path%%3D%s%%2Cpublic", url, strchr(url, '?') ? '&' : '?',
            name.bytes);
  text_release(&name);
  text_release(&sql);
  return own.bytes;
}

const char *fresh_url(void) {
  if (count == FRESH_MOST) give_up("too many stores");
  struct text url = {0};
  if (fresh_is_postgresql()) url.bytes = new_schema();
  else text_addf(&url, "sqlite:%s/book-%d.db", fresh_folder(), count);
  return urls[count++] = url.bytes;
}

struct store *fresh_store(void) {
  struct store *store;
  struct error err = {0};
  if (store_open(&store, fresh_url(), STORE_CREATE, &err) != DONE) give_up(err.message);
  return store;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk) {
  (void)st, (void)kind, (void)walk;
  return remove(path);
}

void fresh_remove(void) {
  for (int i = 0; i < count; i++) {
    if (fresh_is_postgresql()) {
      struct text sql = {0};
      text_addf(&sql, "drop schema if exists test_%d_%d cascade", (int)getpid(), i);
      fresh_sql(getenv("WEAL_TEST_STORE"), sql.bytes);
      text_release(&sql);
    }
    free(urls[i]);
  }
  count = 0;
  if (folder[0]) nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
  folder[0] = 0;
}

int fresh_teardown(void **state) {
  (void)state;
  fresh_remove();
  return 0;
}

const char *fresh_uk_pack(void) {
  static char path[512];
  const char *root = getenv("WEAL_SOURCE_ROOT");
  snprintf(path, sizeof path, "%s/policy/uk", root ? root : ".");
  return path;
}

enum status fresh_control(struct store *store, int64_t body, int64_t *account, struct error *err) {
  struct arena *arena = arena_new();
  struct roles *roles = NULL;
  struct account control = {0};
  enum status status = book_roles(store, arena, &roles, err);
  if (status == DONE) {
    control = account_of_control(roles, body, UNIT_PENCE);
    status = book_ready_account(store, &control, err);
  }
  *account = control.id;
  arena_free(arena);
  return status;
}
