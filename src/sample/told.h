/* What is told of the people and homes of the sample place: the facts that rules need. Each is a
 * row of a table with a function of a year that says what is true in it; a row that says nothing is
 * settled by a gate of the pack (policy/uk/gates.csv), or nobody is asked.
 *
 * Drawn here, each from the source beside it or as a choice of ours that
 * docs/reference/sample-place.md names: hours of work, contributions to pensions, the State
 * Pension's share, education, rents, rooms, savings, costs of childcare. Private to this folder. */
#ifndef WEAL_SAMPLE_TOLD_H
#define WEAL_SAMPLE_TOLD_H

#include "sample/town.h"

enum told_kind { TOLD_NOTHING, TOLD_WORD, TOLD_PENCE, TOLD_THOUSANDTHS, TOLD_DAY };
struct told {
  enum told_kind kind;
  const char *word; /* TOLD_WORD */
  int64_t amount;   /* pence, or thousandths, or a day */
};
enum told_sayer { SAID_BY_THEM, SAID_BY_COUNCIL, SAID_BY_DWP };

/* Who lives where in a year: what town_gather collected then. */
struct residents {
  int year;
  const int *members, *first, *payer;
  bool risen; /* what the law sets anew each April is that of the year after (year_rise) */
};
/* Those of the year that town_gather was called for last; the arrays stay the town's. */
static inline struct residents residents_of(const struct town *t, int year, bool risen) {
  return (struct residents){year, t->members, t->first, t->payer, risen};
}
/* Who lives in a home in a year. */
struct home_year {
  const struct town *town;
  int household, year;
  int payer;          /* who owes the council tax; -1: nobody lives there */
  const int *members; /* of the year, or whoever founded the home in it */
  int member_count;
  bool child_disabled, studies, pays_childcare, helped, risen;
  int adults;
};
void home_year_take(const struct town *t, const struct residents *residents, int household,
                    struct home_year *out);

struct told_person_row {
  const char *variable, *per;
  struct told (*of)(const struct home_year *home, int person);
  int age_from, age_to;  /* to whom it is told */
  const char *else_told; /* what is told where it no longer holds; null: it always does */
  enum told_sayer sayer;
  bool may_be_untold;
};
extern const struct told_person_row told_person_rows[];
extern const int told_person_row_count;

struct told_home_row {
  const char *variable, *per;
  struct told (*of)(const struct home_year *home);
  const char *else_told;
  enum told_sayer sayer;
  bool may_be_untold;
  bool of_payer; /* kept of the person who pays for the home, not of the home */
};
extern const struct told_home_row told_home_rows[];
extern const int told_home_row_count;

bool told_studies(const struct home_year *home, int person);
int64_t told_savings(const struct home_year *home); /* pence: of who pays for the home */
/* Whether the person or their partner pays for the home. */
bool told_is_payer(const struct home_year *home, int person);
/* Before any reduction, pence a year. */
int64_t told_council_tax(const struct home_year *home);
#endif
