/* A posting moves amounts between accounts. The lines of an entry are of one day and sum to zero in
 * each unit.
 *
 *     struct posting *p = posting_begin(store, day_of, "purse", "home care, week 12");
 *     posting_add(p, &(struct line){.account = purse, .category = home_care, .amount = -14250});
 *         pence
 *     posting_add(p, &(struct line){.account = provider, .category = home_care, .amount = 14250});
 *     status = posting_commit(p, &entry, &err);
 *         either all of it is in the book, or nothing; p is gone
 *
 * For a few lines at a time; files are posted by bulk.h. The whole posting is one transaction: the
 * head row is locked first, then accounts with a floor in order of id. An account with a floor
 * never falls below it, whoever posts at the same time.
 *
 * A hold sets money aside for a posting that is still to come (a card's authorisation): it lowers
 * what can be spent until it is released, expires, or is settled by a posting.
 */
#ifndef WEAL_BOOK_POSTING_H
#define WEAL_BOOK_POSTING_H

#include "book/book.h"

struct posting;

struct posting *posting_begin(struct store *store, day_t day, const char *kind, const char *memo);
/* Of the line: account, category, amount, and the descriptive fields; its day, entry and n are the
 * posting's. Texts are copied. */
void posting_add(struct posting *p, const struct line *line);
/* Settles the hold in the same transaction: it must be held, and its account gives at most its
 * amount in this posting. */
void posting_settles(struct posting *p, int64_t account, const char *hold);
/* REFUSED: no lines, an account that is not there, lines that do not sum to zero, a balance that
 * would pass its floor, a hold that is not held, a (body, reference) or the undoing of a line that
 * the book has already, or that a bulk posting at work is about to have (err->column `reference`,
 * in the words of an import). */
enum status posting_commit(struct posting *p, int64_t *entry, struct error *err) MUST_USE;
/* The same inside a write transaction of the caller's, who commits: many may be posted in one.
 * After anything but DONE the caller rolls back, to a savepoint at least: a number was taken. From
 * the first one until the commit no other poster's is finished. Takes p, as posting_commit does. */
enum status posting_post(struct posting *p, int64_t *entry, struct error *err) MUST_USE;
void posting_abandon(struct posting *p); /* takes null */

/* The balance of an account on the evening of a day: the sum of its lines to then. */
enum status book_balance(struct store *store, const struct reading *reading, int64_t account,
                         day_t to, wide_t *amount, struct error *err) MUST_USE;

/* Amounts are positive. REFUSED when the account has no floor, or less than this is free above it,
 * or the id is used: by one that is held, or was settled or released in the last days
 * (DEDUP_KEY_DAYS of store/dedup_key.h). Of those that are over no row is kept: what was settled
 * stands in the book. */
enum status hold_place(struct store *store, int64_t account, const char *id, int64_t amount,
                       day_t expires, struct error *err) MUST_USE;
enum status hold_release(struct store *store, int64_t account, const char *id,
                         struct error *err) MUST_USE;
/* Releases what expired before `today`, each in a transaction of its own; *count says how many. One
 * that is settled meanwhile is passed over. */
enum status hold_expire(struct store *store, day_t today, int64_t *count,
                        struct error *err) MUST_USE;

#endif
