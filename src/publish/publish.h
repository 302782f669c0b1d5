/* What anyone may see of a place: its account without the figures that would reveal something about
 * fewer than ten people.
 *
 * One scan of the book makes a `publication` of a year: the account of the book's own place and of
 * every place under it, by category, with the numbers of people reached and what bodies spent. The
 * hidden figures are chosen once for all of them (suppress.h), so no page shows what another hides.
 * What is shown is rounded. Documents are made from it without the store; nothing in it changes, so
 * threads share it.
 *
 *     publication_make(store, pack, &options, arena, &p, &err);        lives in the arena
 *     int node = publication_find(p, span_of("E05005151"));
 *         -1: no such place, or one outside the book's own place
 *     publication_page(p, node, PUBLISH_CATEGORY, WELSH, arena2)
 *         a document; publication_table: one table of it
 *
 * The groupings other than by category (COFOG, purpose, domain, side) are sums of the figures that
 * are shown by category: so they reveal nothing more. The statements and `weal place` (for staff)
 * show the same account exactly, with nothing hidden. docs/explanation/suppression.md.
 */
#ifndef WEAL_PUBLISH_PUBLISH_H
#define WEAL_PUBLISH_PUBLISH_H

#include "base/limits.h"
#include "place/place.h"

#include <stdatomic.h>

struct publication;

struct publish_options {
  int year;
  int threads; /* 0: as many as the machine has */
  enum progress_mode progress;
  /* What anyone may hold beside the new figures, as it was shown: the latest edition of this year,
   * which is itself bound to the ones before it, and that of each other year. The new figures are
   * chosen so that comparing them with these reveals nothing either (changes.c). They are read
   * while the publication is made and not kept. */
  const struct publication *const *earlier;
  int earlier_count;
  /* the size of the log at an earlier reading: what came after it is counted (parts.h) */
  int64_t since;
};
/* The store: open to read, no transaction begun. REFUSED: the book has no place of its own, or too
 * many places (LIMIT_PUBLISHED_CELLS). */
enum status publication_make(struct store *store, const struct pack *pack,
                             const struct publish_options *options, struct arena *arena,
                             struct publication **out, struct error *err) MUST_USE;

/* How many entries the log had. If it still has as many, a new publication would be the same. */
int64_t publication_log_size(const struct publication *p);
/* The log's size now. */
enum status publish_log_size(struct store *store, int64_t *size, struct error *err) MUST_USE;
/* The tax years up to that of `today` with standing lines in the book (book/standing.h), the latest
 * first, at most LIMIT_PUBLISHED_YEARS. A year whose lines were all undone is left out, even if
 * those lines were erased, and so is one that has not begun. `stopping`: see standing_years. */
struct publish_years {
  int year[LIMIT_PUBLISHED_YEARS];
  int count;
};
enum status publish_years(struct store *store, int today, const atomic_bool *stopping,
                          struct publish_years *out, struct error *err) MUST_USE;

/* ---- places ---- */

int publication_find(const struct publication *p, struct span code); /* -1: none */
struct published_place {
  const char *code, *name;
  int parent, first_child, next; /* nodes; -1 none. Children in order of code */
  int depth;
};
void publication_place(const struct publication *p, int node, struct published_place *out);
int publication_own(const struct publication *p);

/* A body that paid in the financial year: rounded sums of all its payments, from 0 on. False: there
 * are no more. Null code: of payments that name none. */
struct published_payer {
  const char *code, *name;
  wide_t amount; /* pence */
  int64_t payments;
  bool listed; /* it is a body, and something is left of its sums */
};
bool publication_payer(const struct publication *p, int at, struct published_payer *out);
/* A sentence: when the figures were made, and when the next edition comes. */
const char *publication_made_words(const struct publication *p, enum language language,
                                   struct arena *arena);

/* ---- documents ---- */

enum publish_table {
  /* the account, by one of these five */
  PUBLISH_CATEGORY,
  PUBLISH_COFOG,
  PUBLISH_PURPOSE,
  PUBLISH_DOMAIN,
  PUBLISH_SIDE,
  PUBLISH_AGES,       /* who lived here, by age */
  PUBLISH_REACH,      /* people of each category by age; of the book's own place only */
  PUBLISH_LOCALITIES, /* people of each category, for each place directly under it */
  PUBLISH_PLACES,     /* the places directly under it */
  PUBLISH_IN_PRICES,  /* what households typically pay in prices */
  PUBLISH_SPEND,      /* what bodies paid to suppliers */
  PUBLISH_FILES,      /* the imported files that these figures come from */
  PUBLISH_TABLES
};
/* The words in addresses: category, cofog, purpose, domain, side, ages, reach, localities, places,
 * in-prices, spend, files. */
const char *publish_table_word(enum publish_table table);
const char *publish_table_title(enum publish_table table, enum language language);
bool publish_table_parse(struct span word, enum publish_table *out);
/* Whether the place has it. */
bool publication_has(const struct publication *p, int node, enum publish_table table);

/* The account of a place; `by`: one of the first five. */
struct document *publication_page(const struct publication *p, int node, enum publish_table by,
                                  enum language language, struct arena *arena);
/* One table with every column, for CSV and JSON. */
struct document *publication_table(const struct publication *p, int node, enum publish_table table,
                                   enum language language, struct arena *arena);

#endif
