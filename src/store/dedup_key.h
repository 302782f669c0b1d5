/* Dedup keys: keys that may be used once, for acts that leave no entry in the book by which a
 * repetition could be found: a form that was shown, a card's event, a call of a program. The
 * transaction that does the act also takes its key, so either both are in the store or neither. A
 * second call with the same key gets the result of the first and does nothing. When two calls come
 * at once on two connections, one waits for the other's commit; if that fails, the waiting call
 * takes the key.
 *
 *     status = dedup_key_take(store, arena, &key, "form", &result, &err);
 *     if (status == DONE && result) return answer_as_then(result);        it was done before
 *     status = do_it(store, ...);
 *     if (status == DONE) status = dedup_key_keep(store, &key, "/time?done=entered", &err);
 *
 * Call it in a write transaction; after anything but DONE roll back, at least to a savepoint. Keys
 * are kept for DEDUP_KEY_DAYS, which is longer than anybody repeats a call (a session lasts hours);
 * about every sixteenth key taken deletes the older ones.
 */
#ifndef WEAL_STORE_DEDUP_KEY_H
#define WEAL_STORE_DEDUP_KEY_H

#include "base/hash.h"
#include "store/store.h"

enum { DEDUP_KEY_DAYS = 2 };

/* *result null: this call is the first. Else the result that the first call kept, in the arena (""
 * when it kept none). `what`: the kind of key, a word. */
enum status dedup_key_take(struct store *store, struct arena *arena, const struct digest *key,
                           const char *what, const char **result, struct error *err) MUST_USE;
enum status dedup_key_keep(struct store *store, const struct digest *key, const char *result,
                           struct error *err) MUST_USE;
/* Whether the key was taken, as far as this transaction sees. For a key that is taken only when
 * something ends. */
enum status dedup_key_known(struct store *store, const struct digest *key, bool *known,
                            struct error *err) MUST_USE;
/* Deletes the keys whose result is an address with this part, such as the code of a person who is
 * erased: "P1" is a part of /people/P1?done=recorded and of /people/P1/lines/3:1, not of
 * /people/P10. */
enum status dedup_key_forget(struct store *store, const char *part, struct error *err) MUST_USE;

#endif
