/* A posting moves amounts between accounts. The lines of an entry are of one day and sum to zero in
 * each unit.
 *
 *     struct posting *p = posting_begin(store, day_of, "purse", "home care, week 12");
 *     posting_add(p, &(struct line){.account = purse, .category = home_care, .amount = -14250});
 *         pence
 *     posting_add(p, &(struct line){.account = provider, .category = home_care, .amount = 14250});
 *     status = posting_commit(p, &entry, &err);
 *         either all of it is in the book, or nothing; p is freed
 *
 * For a few lines at a time; files are posted by bulk.h. The whole posting is one transaction: it
 * locks the head row first, then accounts with a floor in order of id. An account with a floor
 * never falls below it, even if others post at the same time.
 *
 * A hold sets money aside for a posting that is still to come (a card's authorisation): it lowers
 * what can be spent until it is released, expires, or is settled by a posting.
 */
#ifndef WEAL_BOOK_POSTING_H
#define WEAL_BOOK_POSTING_H

#include "book/book.h"

struct posting;

struct posting *posting_begin(struct store *store, day_t day, const char *kind, const char *memo);
/* Of the line: account, category, amount, and the descriptive fields; its day, entry and line
 * number come from the posting. Texts are copied. */
void posting_add(struct posting *p, const struct line *line);
/* Settles the hold in the same transaction: it must be in force, and its account gives at most its
 * amount in this posting. */
void posting_settles(struct posting *p, int64_t account, const char *hold);
/* REFUSED: no lines; an unknown account; lines that do not sum to zero; a balance that would fall
 * below its floor; a hold that is not in force; a (body, reference) that is in the book already, or
 * a line that is undone already, or one of these in a bulk posting that is running (err->column
 * `reference`, with the message of an import). */
enum status posting_commit(struct posting *p, int64_t *entry, struct error *err) MUST_USE;
/* The same inside the caller's write transaction: many may be posted in one. After anything but
 * DONE the caller rolls back, at least to a savepoint, because a number was taken. From the first
 * posting until the commit, other postings wait. Frees p, as posting_commit does. */
enum status posting_post(struct posting *p, int64_t *entry, struct error *err) MUST_USE;

/* The balance of an account at the end of a day: the sum of its lines up to then. */
enum status book_balance(struct store *store, const struct reading *reading, int64_t account,
                         day_t to, wide_t *amount, struct error *err) MUST_USE;

/* Amounts are positive. REFUSED when the account has no floor, or less than this is free above it,
 * or the id is used by a hold that is in force or ended in the last days (DEDUP_KEY_DAYS of
 * store/dedup_key.h). No row is kept of ended holds; a settled one is in the book as an entry. */
enum status hold_place(struct store *store, int64_t account, const char *id, int64_t amount,
                       day_t expires, struct error *err) MUST_USE;
enum status hold_release(struct store *store, int64_t account, const char *id,
                         struct error *err) MUST_USE;
/* Releases the holds that expired before `today`, each in a transaction of its own; *count says how
 * many. A hold that is settled meanwhile is skipped. */
enum status hold_expire(struct store *store, day_t today, int64_t *count,
                        struct error *err) MUST_USE;

#endif
