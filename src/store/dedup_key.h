/* Keys that may be used once and have no entry of the book that would say so: a form that was
 * shown, a card's event, a call of a program.
 *
 * A key is taken in the transaction that does what it stands for, so either both are in the store
 * or neither. Whoever comes with the same key again gets the first one's result, and does nothing.
 * Of two who come at once, on two connections, one waits for the other's commit; should that one
 * fail, the key is its own.
 *
 *     status = dedup_key_take(store, arena, &key, "form", &result, &err);
 *     if (status == DONE && result) return answer_as_then(result);        it was done before
 *     status = do_it(store, ...);
 *     if (status == DONE) status = dedup_key_keep(store, &key, "/time?done=proposed", &err);
 *
 * In a write transaction of the caller's, who rolls back, to a savepoint at least, after anything
 * but DONE. Keys are kept for DEDUP_KEY_DAYS: longer than anybody sends the same again (a session
 * lasts hours); every sixteenth key that is taken takes the older ones away.
 */
#ifndef WEAL_STORE_DEDUP_KEY_H
#define WEAL_STORE_DEDUP_KEY_H

#include "base/hash.h"
#include "store/store.h"

enum { DEDUP_KEY_DAYS = 2 };

/* *result null: it is the first. Else what the first one kept, in the arena ("" when it kept
 * nothing). `what`: the kind of key, a word. */
enum status dedup_key_take(struct store *store, struct arena *arena, const struct digest *key,
                           const char *what, const char **result, struct error *err) MUST_USE;
enum status dedup_key_keep(struct store *store, const struct digest *key, const char *result,
                           struct error *err) MUST_USE;
/* Was it taken, as far as this transaction sees? For a key that is taken when something ends. */
enum status dedup_key_known(struct store *store, const struct digest *key, bool *known,
                            struct error *err) MUST_USE;
/* Takes away those whose result is an address with this part, such as the code of somebody who is
 * erased: "P1" is a part of /people/P1?done=recorded and of /people/P1/lines/3:1, not of
 * /people/P10. */
enum status dedup_key_forget(struct store *store, const char *part, struct error *err) MUST_USE;

#endif
