/* What changed since the edition before (changes.c). Private to this folder. */
#ifndef WEAL_PUBLISH_CHANGES_H
#define WEAL_PUBLISH_CHANGES_H

#include "publish/parts.h"

enum past { PAST_NONE, PAST_SHOWN, PAST_HIDDEN };

/* Changes of a cell: people whose lines changed it; the sum of the changes, with sign and without;
 * the two largest of one person. */
struct change_sum {
  int64_t people;
  wide_t net, all;
  int64_t largest, second;
};
/* Of one cell: what was last shown of it, and what came since. */
struct cell_change {
  enum past past;
  /* lines of later entries are changes. `since`: since it was shown, or had to be hidden; `set`:
   * since it was shown, or hidden with no change that must not be told. A hidden figure is known
   * roughly too, from those beside it: so a change of it must be of ten people as well. */
  int64_t since, set;
  wide_t shown_amount;
  int64_t shown_people;
  bool shown_estimated;
  bool elsewhere; /* hidden in another year */
  struct change_sum after_since, after_set;
};
struct publication_changes {
  bool any; /* there is an edition of this year */
  struct cell_change *cells, *totals, *ages, *reach, *households; /* as the publication's cells */
};

/* Reads the earlier editions. p->changes lives in `scratch`. */
void changes_recall(struct publication *p, const struct publish_options *options,
                    struct arena *scratch);

/* A thread's own changes; changes_end adds them to p->changes and releases them. */
void changes_begin(struct publication_changes *own, const struct publication *p);
void change_add(struct change_sum *c, wide_t amount, bool person);
void changes_end(struct publication_changes *own, const struct publication *p);

/* Whether the change may be seen: of ten people at least, and of none nearly all. */
bool change_is_safe(const struct cell_change *change, const struct public_cell *cell, int64_t unit);
/* Whether all that came after `set` may be told together. */
bool change_is_past(const struct cell_change *change);
/* Of a count of the register, whose changes are not counted by lines. What is shown moves only when
 * it is a whole rounding step from what was shown, and what was hidden is shown only when it is
 * that far from ten: so nobody's coming or going is seen by itself. */
int64_t change_shown_count(const struct public_cell *c, const struct cell_change *change);
bool change_count_stays(const struct public_cell *c, const struct cell_change *change);
/* The largest change after `set` that one person can have made. */
int64_t change_largest(const struct cell_change *change, const struct public_cell *cell,
                       int64_t unit);

#endif
