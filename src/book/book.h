/* The book: double entry, many units, append only. Every amount is moved by a posting.
 *
 * An entry is a set of lines of one day that sum to zero in each unit. A line moves an amount into
 * (plus) or out of (minus) one account, in pence or minutes, seen by the account's owner: a
 * contribution is -a, a cash benefit +a, a service +its value (0 where it has no cost), minutes
 * given -m. The contra is in the control account of the row's body in that unit, or in the book's
 * own for rows without a body. Nothing is deleted; a mistake is reversed by a second entry.
 *
 * Reading is as of an entry: book_reading takes the last entry number, then the numbers that
 * are not finished. Lines of later entries and of unfinished ones are not read, so
 * nobody sees half a posting, and all threads with the same reading see the same book. This header
 * reads lines and opens accounts; posting.h posts a small entry, bulk.h a file of millions,
 * reversal.h undoes, audit.h checks.
 */
#ifndef WEAL_BOOK_BOOK_H
#define WEAL_BOOK_BOOK_H

#include "base/arena.h"
#include "base/day.h"
#include "book/units.h"
#include "store/store.h"

/* ---- accounts ---- */

enum owner_kind { OWNER_BOOK, OWNER_PERSON, OWNER_BODY };
#define FLOOR_NONE INT64_MIN

struct account {
  int64_t id;
  enum owner_kind owner_kind;
  int64_t owner;        /* party or body id; 0 for the book */
  char role[ROLE_SIZE]; /* a code of account_role (units.h): social, time, holding, control ... */
  char unit[UNIT_SIZE]; /* a code of unit: pence, minutes, or what a pack adds */
};

/* Opens the accounts that every person has from registration on, for the ids first..last: one for
 * each role that is opened for everyone (social in pence, time in minutes). In the caller's
 * transaction. */
enum status book_open_people(struct store *store, int64_t first_person, int64_t last_person,
                             struct error *err) MUST_USE;
/* Opens an account; floor FLOOR_NONE for none (otherwise a balance row guards it). In the caller's
 * write transaction. */
enum status book_open_account(struct store *store, struct account *account, int64_t floor,
                              struct error *err) MUST_USE;

/* The account's secret, 32 random bytes; *there false: it was erased, or there is no account. */
enum { ACCOUNT_SECRET_BYTES = 32 };
enum status book_account_secret(struct store *store, int64_t account,
                                uint8_t secret[ACCOUNT_SECRET_BYTES], bool *there,
                                struct error *err) MUST_USE;
/* Whether a floor guards the account: what may still be spent is the sum of its lines. */
enum status book_has_balance(struct store *store, int64_t account, bool *has,
                             struct error *err) MUST_USE;

/* Finds the account by owner, role and unit and sets its id: of several the oldest; if there is
 * none, opens it. In the caller's write transaction. */
enum status book_ready_account(struct store *store, struct account *account,
                               struct error *err) MUST_USE;
/* Describes a control account for book_ready_account. */
struct account account_of_control(const struct roles *roles, int64_t body, const char *unit);
/* Sets a code of an account; it must fit, as every code of the store does. */
void account_set_role(struct account *account, const char *role);
void account_set_unit(struct account *account, const char *unit);

/* Writes an account whose id is allotted already (bulk.h allots many at once). */
enum status book_insert_account(struct store *store, const struct account *account, int64_t floor,
                                struct error *err) MUST_USE;
/* REFUSED: no such account */
enum status book_account(struct store *store, int64_t id, struct account *out,
                         struct error *err) MUST_USE;

/* The accounts of some owners, sorted by account id. For one person give their id and the ids of
 * records merged into them. */
enum status book_accounts_of(struct store *store, struct arena *arena, enum owner_kind kind,
                             const int64_t *owners, int count, struct account **out, int *out_count,
                             struct error *err) MUST_USE;
/* All accounts of a kind of owner, sorted by owner, then id (a run over everyone). */
enum status book_accounts_all(struct store *store, struct arena *arena, enum owner_kind kind,
                              struct account **out, int *out_count, struct error *err) MUST_USE;

/* The accounts of bodies in the role of a use, in pence, with their owners; sorted by account. */
struct body_account {
  int64_t account, body;
};
enum status book_accounts_in_role(struct store *store, struct arena *arena, enum role_use use,
                                  struct body_account **out, size_t *count,
                                  struct error *err) MUST_USE;
void body_accounts_sort(struct body_account *accounts, size_t count);

/* ---- reading lines ---- */

struct entry_range {
  int64_t first, last;
};
struct reading {
  int64_t head;                /* lines with a larger entry are not seen */
  struct entry_range *pending; /* nor lines of these entries, sorted */
  int pending_count;
};
enum status book_reading(struct store *store, struct arena *arena, struct reading *out,
                         struct error *err) MUST_USE;

bool reading_sees(const struct reading *reading, int64_t entry);

/* For other statements over `line` that sum, so that reading_sees cannot filter their rows: the
 * condition on the column `entry`, with two parameters ("?4", "?5") that reading_bind binds. It
 * does not read pending entries from their table, because the table changes while the reading does
 * not, and a cluster cannot join it with a table of lines.
 *
 *     "select sum(amount) from line where account = ?1 and " READING_SEES("entry", "?2", "?3")
 *     reading_bind(q, 2, 3, &reading);
 */
#define READING_SEES(column, head, pending) \
  column " <= " head " and not " WITHIN_RANGES(column, pending)
void reading_bind(struct query *q, int head, int pending, const struct reading *reading);

struct line {
  int64_t account;
  day_t day;
  int32_t line_no;
  int64_t entry;
  int64_t amount;   /* in the smallest part of the account's unit */
  int64_t quantity; /* thousandths of the service's unit; 0 when none; negative in a reversal */
  int32_t category; /* category id: pack code by book_codes */
  int32_t service;  /* service id; 0 none */
  /* the tax year of the unit cost used; 0 none (service counted, not valued) */
  int32_t cost_year;
  bool estimated, has_quantity;
  int64_t body, place; /* ids; 0 none */
  struct span reference, note;
  int64_t reverses_entry;
  int32_t reverses_line_no; /* 0 when it reverses nothing */
  /* labels: few lines have them; empty: none. `stream` is a code (streams.h) */
  struct span department, stream, condition;
};
static inline bool line_has_labels(const struct line *line) {
  return line->department.size || line->stream.size || line->condition.size;
}

/* The lines of some accounts (ids sorted, no twice) with from <= day <= to, in order of account,
 * day, entry, n. */
struct line_cursor;
enum status lines_open(struct line_cursor **out, struct store *store, const struct reading *reading,
                       const int64_t *accounts, size_t count, day_t from, day_t to,
                       struct error *err) MUST_USE;
/* For the audit: every line of the accounts first .. last, of all days and all entries, also those
 * that no reading sees. */
enum status lines_between(struct line_cursor **out, struct store *store, int64_t first,
                          int64_t last, struct error *err) MUST_USE;
/* Call it before the first lines_next: reference, note and labels are not read, and are empty. */
void lines_without_texts(struct line_cursor *lines);
/* Call it before the first lines_next: reads only lines of these categories, without texts. (A
 * statement takes a tenth less time: most lines of other members of a household are not read.) */
void lines_of_categories(struct line_cursor *lines, const int64_t *categories, size_t count);
/* Call it before the first lines_next: reads only lines that take another back, without texts. */
void lines_of_corrections(struct line_cursor *lines);
/* *line borrowed until the next call; null at the end. */
enum status lines_next(struct line_cursor *lines, const struct line **line,
                       struct error *err) MUST_USE;
/* The same lines in blocks of columns, for sums over many: item i of each column belongs to line i.
 * A cursor is read by lines_next or by lines_next_block, not by both. A block is valid until the
 * next call. */
struct line_block {
  size_t rows; /* 0: the end */
  const int64_t *account, *day, *entry, *line_no, *amount, *category, *quantity, *service,
      *cost_year, *estimated, *body, *place, *reverses_entry, *reverses_line_no;
  const bool *no_quantity;
  const struct span *reference, *note;                /* null without texts */
  const struct span *department, *stream, *condition; /* null where no row has a label */
};
enum status lines_next_block(struct line_cursor *lines, const struct line_block **block,
                             struct error *err) MUST_USE;
void line_of_block(const struct line_block *block, size_t row, struct line *line);
void lines_close(struct line_cursor *lines); /* takes null */
/* For other statements over `line`: the columns that line_read expects, in order. */
#define LINE_COLUMNS_UNLABELLED \
  "account, day, entry, n, amount, category, quantity, service, cost_year, estimated, body, " \
  "place, reference, note, reverses_entry, reverses_n"
#define LINE_COLUMNS LINE_COLUMNS_UNLABELLED ", department, stream, condition"
void line_read(struct query *q, struct line *line); /* texts are borrowed from the query */
/* Copies the line's texts into the arena; none is null then. */
void line_keep_texts(struct arena *arena, struct line *line);
/* ---- codes: category and service ids to codes and back; unit costs and rates as the store has
 * them (pack and imports) ---- */

struct book_service {
  int64_t id;
  const char *code, *name, *unit;
  int64_t category;
};
struct book_cost {
  int64_t service;
  int year;
  int64_t pence;
  bool estimated;
  const char *source;
};
struct book_rate {
  int64_t category;
  int year;
  int64_t pence_an_hour;
  const char *source;
};

struct codes {
  const char **category_code;
  int64_t category_max;       /* by id, 1 .. category_max */
  const char **category_unit; /* likewise: the code of its unit */
  struct units *units;
  struct roles *roles;
  struct book_service *services;
  int service_count; /* by id - 1 */
  struct book_cost *costs;
  int cost_count; /* sorted by service, year */
  struct book_rate *rates;
  int rate_count; /* sorted by category, year */
};
enum status book_codes(struct store *store, struct arena *arena, struct codes **out,
                       struct error *err) MUST_USE;
int64_t codes_category(const struct codes *codes, struct span code); /* id, 0 none */
/* null none */
const struct book_service *codes_service(const struct codes *codes, struct span code);
/* The cost (rate) of the year, else of the latest earlier year (then *stale is true); null when
 * there is none at or before it. */
const struct book_cost *codes_cost(const struct codes *codes, int64_t service, int year,
                                   bool *stale);
const struct book_rate *codes_rate(const struct codes *codes, int64_t category, int year,
                                   bool *stale);

/* One code, asked of the store: 0, null or *found false where there is none. */
enum status book_category_id(struct store *store, struct span code, int64_t *id,
                             struct error *err) MUST_USE;
enum status book_find_service(struct store *store, struct arena *arena, struct span code,
                              struct book_service *out, bool *found, struct error *err) MUST_USE;
/* Writes one: `there`, over the one of its id and code. In the caller's write transaction, who has
 * taken its id. */
enum status book_write_service(struct store *store, const struct book_service *service, bool there,
                               struct error *err) MUST_USE;
/* A unit cost of a service, or a rate of a category, in a year. *there: one stood already; *same:
 * it says the same, and is not written. */
enum dated_kind { DATED_COST, DATED_RATE };
struct dated_figure {
  int64_t code; /* id of the service or category */
  int year;
  int64_t pence;
  struct span source;
  bool estimated; /* of a cost */
};
enum status book_write_figure(struct store *store, enum dated_kind kind,
                              const struct dated_figure *figure, bool *there, bool *same,
                              struct error *err) MUST_USE;

/* Readers of the whole book, which use several connections, hold this lock shared
 * (store_lock_shared); an erasure, which changes finished lines, holds it alone. */
#define BOOK_LOCK "book"

#endif
