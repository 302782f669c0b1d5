/* The publication from within. Private to this folder: gather.c fills it, suppress.c says what is
 * hidden, page.c and table.c make documents of it. */
#ifndef WEAL_PUBLISH_PARTS_H
#define WEAL_PUBLISH_PARTS_H

#include "place/figure.h"
#include "place/population.h"
#include "publish/publish.h"

#include "base/limits.h"

enum { AGES = 9 }; /* bands: under 16, 16 to 24, then of ten years, 85 and over */

/* A place, or (rest) the lines of a place that are in none of the places under it. */
struct place_node {
  int place; /* index into scope->places; for a rest, that of its place */
  const char *code, *name;
  int parent, first_child, next; /* nodes, -1 none; a rest is the last child */
  /* width: the number of nodes under it; they follow it in the array */
  int depth, width;
  bool rest;
};

/* The figures of a node with everything under it. Only `hidden`, `estimated`, whether `lines` is 0,
 * and the two shown figures may leave the house. Those, `since` and `set` are all that an edition
 * keeps (kept.h): the exact figures are true ones behind hidden and rounded ones, and are summed
 * anew from the lines up to these entries where a later edition needs them. */
struct public_cell {
  wide_t amount;
  /* people: distinct, merged records once; lines: without those that were undone */
  int64_t people, lines;
  int64_t estimates; /* people with estimated lines in it */
  /* the two largest sums of one person in it, without their sign */
  int64_t largest, second;
  /* estimated: lines of at least PUBLISH_FEWEST people are; as old as the shown figure */
  bool estimated, hidden;
  /* what is shown where it is not hidden: rounded, and perhaps that of an earlier edition */
  wide_t shown_amount;
  int64_t shown_people;
  /* the last entry that is in the shown figures; of a hidden cell, in the latest ones that had to
   * be hidden (changes.c) */
  int64_t since;
  /* of a hidden cell: the last entry before the changes that must not be told yet */
  int64_t set;
};

struct payer { /* both null: no body is named */
  const char *code, *name;
};
struct spending {
  wide_t amount;
  int64_t payments;
  wide_t shown_amount;
  int64_t shown_payments;
};
struct source_file {
  const char *name, *profile;
  int64_t rows;
  day_t day;
  bool spend;
};

/* A unit cost by which services are valued: of the year, else of the latest earlier year. */
struct published_source {
  int category;
  const char *what, *year, *value, *source;
  int64_t pence;
  bool estimated;
};

/* Amounts are shown to the nearest 1,000 pounds, and time to the nearest 100 hours, which the
 * National Living Wage (12.21 pounds an hour from 1 April 2025) makes 1,221 pounds. */
enum { PUBLISH_PENCE_UNIT = 100000, PUBLISH_MINUTES_UNIT = 6000 };
static inline int64_t publish_unit(enum pack_shown figure) {
  return figure == SHOWN_GIVEN ? PUBLISH_MINUTES_UNIT : PUBLISH_PENCE_UNIT;
}
/* The p % rule, p = 10: a figure is hidden where whoever gave or received the second largest part
 * of it could estimate the largest to within a tenth (Hundepool and others, Statistical Disclosure
 * Control, 2012, section 4.2.2). */
enum { PUBLISH_NEARNESS = 10 };

struct publication {
  struct arena *arena;
  const struct pack *pack;
  int year;
  int64_t log_size;
  int64_t entry; /* lines of later entries are not in it */
  struct place_node *nodes;
  int node_count;
  int categories;             /* of the pack, in its order */
  struct public_cell *cells;  /* node * categories + category */
  struct public_cell *totals; /* node * FIGURE_COUNT + figure (enum pack_shown) */
  /* node * (AGES + 1) + band; the last: all who lived there in the year */
  struct public_cell *ages;
  struct public_cell *reach; /* category * AGES + band; of the own place */
  /* by node; `people` are households in which somebody lived there on the year's last day */
  struct public_cell *households;
  struct payer *payers;
  int payer_count;
  struct spending *spending;        /* node * payer_count + payer */
  struct spending *spending_totals; /* by node */
  struct source_file *files;
  int file_count;
  struct published_source *sources;
  int source_count;
  /* while it is made: people with lines that came after `since` (publish_options), and the lines */
  struct reading since;
  int64_t new_people, new_lines;
  /* of one that is kept (edition.h): its edition, 0: none; when its figures were made, and when the
   * next edition is due, DAY_NONE: never */
  int64_t edition;
  day_t made, due;
  struct publication_changes *changes; /* while it is made (changes.h) */
};

enum status publish_gather(struct scope *s, struct publication *p,
                           const struct publish_options *options, struct error *err) MUST_USE;
enum status publish_gather_spending(struct scope *s, struct publication *p, const int *leaf_of,
                                    struct error *err) MUST_USE;
/* households.c */
void publish_gather_households(const struct scope *s, struct publication *p, const int *leaf_of,
                               int leaf_else);
void publish_hide_households(struct publication *p, const int *parent, struct arena *arena);
void publish_suppress(struct publication *p); /* hide.c; forgets the changes */

#endif
