/* The people and households of the sample place while they are being made. Private to this folder.
 *
 * People are in an array by number; nobody is ever removed. A person lives here from `born` (or the
 * start) to `died` (or the end). Years are numbered 0 to SAMPLE_YEARS - 1. Money is in pence;
 * earnings and pensions are in pounds a year and only serve to rank and share.
 */
#ifndef WEAL_SAMPLE_TOWN_H
#define WEAL_SAMPLE_TOWN_H

#include "base/day.h"
#include "sample/data.h"
#include "sample/random.h"
#include "sample/sample.h"

enum { PENSION_AGE = 66, ADULT_AGE = 18, NEIGHBOURHOODS = 6, PRACTICES = 3 };

/* What somebody got in a year: bits of sample_person.got. */
enum got {
  GOT_PIP = 1 << 0,
  GOT_DLA = 1 << 1,
  GOT_AA = 1 << 2,
  GOT_ESA = 1 << 3,
  GOT_JSA = 1 << 4,
  GOT_SMP = 1 << 5,
  GOT_CARER = 1 << 6,
  GOT_NO_CHILD_BENEFIT = 1 << 7, /* the family does not claim it */
  GOT_UNFIT = 1 << 8             /* limited capability for any work, by universal credit */
};
/* Of what is claimed by income, and of what takes the place of pay: pence of the year. */
enum got_amount { GOT_UC, GOT_PC, GOT_HB, GOT_CTR, GOT_IN_PLACE_OF_PAY, GOT_AMOUNTS };

struct sample_person {
  int household, home; /* home: the household at the beginning, before anyone left */
  day_t born, died;    /* DAY_NONE: lives */
  day_t left;          /* when they left home; DAY_NONE: never did */
  short sex;
  unsigned char given, second, family;
  bool prisoner, self_employed;
  /* where a young adult who left lives from the next year on; -1 otherwise */
  int next_household;
  /* of a child born in the three years, or of a child in a family; -1 when unknown */
  int mother;
  int partner;                   /* with whom they live as a couple; -1: nobody */
  double ability;                /* their place among earners, 0 to 1 */
  double pension;                /* private, pounds a year; 0 when none */
  double dividends, property;    /* likewise; property: rents that they are paid */
  double earnings[SAMPLE_YEARS]; /* 0: does not work */
  short work_from[SAMPLE_YEARS], work_months[SAMPLE_YEARS]; /* month of the tax year, 0 is April */
  unsigned short got[SAMPLE_YEARS];                         /* enum got */
  float care_hours[SAMPLE_YEARS];                           /* a week; 0: no carer */
  /* the last: of the year after the last one, once benefits have risen (year_rise) */
  int32_t got_pence[SAMPLE_YEARS + 1][GOT_AMOUNTS];
};

struct household {
  enum household_type type;
  int place, tenure, decile;
  char band;
  day_t from;                    /* DAY_NONE: was there from the start */
  int founder;                   /* who left home for it; -1: it was there from the start */
  double income;                 /* equivalised, by which it is ranked */
  int moved_place[SAMPLE_YEARS]; /* -1: did not move */
  char moved_band[SAMPLE_YEARS];
  day_t moved_on[SAMPLE_YEARS];
};

struct town {
  struct arena *arena;
  const struct sample_data *data;
  uint64_t seed;
  struct random random;
  struct sample_person *people;
  int people_count, people_capacity;
  struct household *households;
  int households_count, households_capacity;
  int started; /* people at the start */
  /* As of one year, made by town_gather: members[first[h]] .. members[first[h + 1] - 1] live in
   * household h */
  int year;
  int *members, *first;
  int *payer; /* of each household: the eldest adult; -1 when nobody is left */
  /* people of the year, each counted for the part of the year that they lived */
  double heads;
};

static inline day_t town_year_first(int year) {
  return year_first_day(YEAR_TAX, SAMPLE_YEAR_FIRST + year);
}
static inline day_t town_year_last(int year) {
  return year_last_day(YEAR_TAX, SAMPLE_YEAR_FIRST + year);
}

int day_age(day_t born, day_t on); /* whole years; negative before birth */

/* A place in [0, 1) that a person keeps for life in the queue `what`. */
enum queue {
  /* FRAIL: one a service */
  QUEUE_WORK = 1,
  QUEUE_SELF,
  QUEUE_PENSION,
  QUEUE_PENSION_SIZE,
  QUEUE_ILL,
  QUEUE_CARE,
  QUEUE_VOLUNTEER,
  QUEUE_PRISON,
  QUEUE_FRAIL,
  QUEUE_TENURE,
  QUEUE_BAND,
  QUEUE_OTHER_INCOME,
  QUEUE_PAYDAY,
  QUEUE_GAP,
  QUEUE_MISTAKE,
  QUEUE_DEATH,
  QUEUE_BIRTH,
  QUEUE_MOVE,
  QUEUE_LEAVE,
  QUEUE_CLAIM,
  QUEUE_HOURS,
  QUEUE_RENT,
  QUEUE_SAVINGS,
  QUEUE_RECORD,
  QUEUE_STUDY,
  QUEUE_SAVER,
  QUEUE_CHILDCARE,
  QUEUE_HOME,
  QUEUE_UNTOLD,
  QUEUE_DIVIDENDS,
  QUEUE_PROPERTY,
  QUEUE_UNFIT,
  QUEUE_FLOW = 64
};
static inline double town_standing(const struct town *t, int what, int who) {
  return random_of(t->seed, (uint64_t)what, (uint64_t)who);
}

int town_person_add(struct town *t, int household, int sex, day_t born);
int town_household_add(struct town *t, enum household_type type);

/* people.c: who lives here, in which households, on the first day. */
void town_settle(struct town *t, int people);
/* Everyone in order of age, then sex, then number, for quotas by age and sex. Into
 * out[people_count]. */
void town_by_age(const struct town *t, int year, int *out);
/* names.c: given and family names of everyone without one; a household mostly shares its family
 * name. */
void town_name(struct town *t, int first_person);
const char *name_given(int sex, int index);
const char *name_family(int index);
/* fortune.c: who works in the year, what they earn; private pensions; then, once, the decile,
 * tenure and band of every household. */
void town_work(struct town *t, int year);
void town_rank(struct town *t);
/* Once: who has dividends and rents. */
void town_invest(struct town *t);
/* tenure and band of a household formed later */
void town_house_new(struct town *t, int household);
/* events.c: births, deaths, moves and young adults leaving in the year. */
void town_live(struct town *t, int year);
/* Collects who lives where in the year; every function of a year reads it. */
void town_gather(struct town *t, int year);

/* The days of the year on which the person is here: false when none. */
bool town_days(const struct town *t, int person, int year, day_t *from, day_t *to);
double town_part(const struct town *t, int person, int year); /* of the year, 0 to 1 */
static inline bool town_grown_up(const struct town *t, int person, int year) {
  return day_age(t->people[person].born, town_year_first(year)) >= ADULT_AGE;
}

/* Largest remainder: parts of `whole` in the proportions of `weights`; all 0 when every weight
 * is. */
void share_whole(int64_t whole, const double *weights, int count, int64_t *out);

#endif
