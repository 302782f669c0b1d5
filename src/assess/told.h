/* What holds on a day of everybody, in memory, some 12 bytes a fact: for this folder. */
#ifndef WEAL_ASSESS_TOLD_H
#define WEAL_ASSESS_TOLD_H

#include "assess/home.h"
#include "assess/many.h"
#include "base/map.h"

struct told_fact {
  uint32_t text; /* where it begins in `texts`, of the map's spans */
  uint8_t row;   /* of tellable.csv */
  uint8_t per, source;
  uint32_t fact; /* its number, which no book has past what this holds */
};
/* Who belongs with whom, as one party says. */
struct told_kin {
  int64_t party, other; /* other 0: nobody */
  int8_t of;            /* enum told_relation */
  bool shown;           /* fact_is_shown */
  int64_t fact;
};
enum told_relation { TOLD_PARTNER, TOLD_RESPONSIBLE, TOLD_NON_DEPENDANT, TOLD_RELATIONS };

struct told {
  struct arena *arena;
  const struct many_request *request;
  int64_t max_id;
  int64_t *first;  /* by party id: its facts, */
  uint16_t *count; /* so many */
  int64_t fact_count, fact_room;
  struct told_fact *facts;
  day_t *since; /* by party id: the latest first day of what holds; DAY_NONE: nothing */
  struct map text_of;
  int text_count, text_room;
  struct span *texts; /* each once */
  int kin_count, kin_room;
  struct told_kin *kin;
  int *kin_first;   /* by party id: its relations, in order of the facts, */
  uint16_t *kin_of; /* so many */
  int claim_count;
  struct told_kin *claims; /* in order of other, relation and party: who says it of whom */
};

enum status told_read(struct arena *arena, const struct many_request *request, struct told **out,
                      struct error *err) MUST_USE;

void told_release(struct told *told); /* takes null */

/* Fills one value for each row of tellable.csv. */
void told_fill(const struct told *told, int64_t party, struct home_told *out);
/* Relations of what is in memory. Numbers are of survivors. */
struct unit_source told_source(struct told *told);

#endif
