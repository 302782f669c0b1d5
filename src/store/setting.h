/* The table `setting`: settings of the whole book, a text for each key. */
#ifndef WEAL_STORE_SETTING_H
#define WEAL_STORE_SETTING_H

#include "base/arena.h"
#include "store/store.h"

/* Null where there is none. */
enum status setting_read(struct store *store, struct arena *arena, const char *key,
                         const char **value, struct error *err) MUST_USE;
enum status setting_write(struct store *store, const char *key, const char *value,
                          struct error *err) MUST_USE;
/* Keeps an existing value. */
enum status setting_write_first(struct store *store, const char *key, const char *value,
                                struct error *err) MUST_USE;
enum status setting_delete(struct store *store, const char *key, struct error *err) MUST_USE;

#endif
