/* The PostgreSQL driver. */
#include "store/driver.h"

static enum status postgresql_open(struct store **out, const char *where, enum store_mode mode, struct error *err) {
  (void)out, (void)mode;
  return error_set(err, FAILED, "%s: PostgreSQL is not built in", where);
}

const struct driver driver_postgresql = {.engine = STORE_POSTGRESQL, .open = postgresql_open};
