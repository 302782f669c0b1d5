/* Who belongs together on a day, and what is known of them, as columns of rules. Private to this
 * folder. */
#ifndef WEAL_ASSESS_HOME_H
#define WEAL_ASSESS_HOME_H

#include "assess/assess.h"
#include "register/benefit_unit.h"
#include "register/facts.h"
#include "register/register.h"
#include "rules/range.h"

/* Pounds a year past which the most of an amount is not said (assess.c). */
enum { ASSESS_A_YEAR_SAID_MOST = 60000 };

/* What is known of one variable, as it was told; text.bytes null: it is not known. */
struct home_told {
  struct span text;
  enum tell_per per;
  enum fact_source source;
  uint32_t fact; /* of two of the same source the later one has the larger number */
  int64_t party; /* whose it is */
};
struct home_member {
  struct person person;
  bool is_adult; /* of the unit: the person, or their partner */
  struct facts facts;
  const struct home_told *told; /* of each row of tellable.csv, in place of facts; null: by facts */
};

struct home {
  struct arena *arena;
  const struct assess_request *request;
  /* the unit first (the person, their partner, children), then adults who live with them: a row
   * each of the population, in this order */
  int count, room;
  struct home_member *members;
  int unit_count;
  bool has_partner; /* the second of the unit is the partner of the first */
  bool
      is_named; /* somebody else of the home says that the adult lives with them (benefit_unit.h) */
  bool shares_home;     /* and whether they owe its council tax is to be known (benefit_unit.h) */
  int owing_count;      /* others of the home who are known to owe it too, */
  int64_t *owing;       /* by their numbers */
  struct place *places; /* where they live, and the places above */
  int place_count;
  int nation; /* where that is (pack_nation_words); -1: no place says it */
  int relation_count;
  struct assess_need *relations; /* what is not known of who belongs together, */
  bool is_open;                  /* by the person who is assessed too */
  int64_t unconfirmed;           /* assessment.unconfirmed */
  /* home_columns: */
  struct rule_population *pop;             /* settled */
  const struct rule_variable *not_claimed; /* a yes or no that is no; null: none */
  /* of each row of tellable.csv, of each member: the source of the fact, from 1; 0: none */
  unsigned char *rests;
  int first[RULE_ENTITIES_MOST]; /* the rows from which it stands there: one of several */
  double **columns;              /* of each row of tellable.csv, once it is known of somebody */
  int gap_count, gap_room;
  struct assess_need *gaps;       /* what is not known, */
  struct range_unknown *unknowns; /* as ranges have it */
};

/* Of one home the population is made; of several they stand in one of the caller's, who gives
 * pop, first and columns, and settles it. */
void home_count_rows(const struct home *home, int rows[RULE_ENTITIES_MOST]);
void home_take_rows(const struct home *home);
enum status home_fill(struct home *home, struct error *err) MUST_USE;
/* Makes all columns that home_fill may make. False: one of what is told has a formula too. */
bool home_all_columns(struct home *home);

/* The rule's variable of an entitlement, in the period in which it is told. */
enum status home_wanted(const struct assess_request *q, const struct pack_entitlement *e,
                        struct range_wanted *out, struct error *err) MUST_USE;

bool home_is_of_age(const struct home *home, int member, struct pack_ages ages);

/* Whether it was told or settled of the member, or is asked; else the rules have their default. */
bool home_is_known(const struct home *home, const struct pack_tellable *what, int member);
/* What the member is asked so that it is known: itself, or the gate before it; null: it is known,
 * or nobody asks it of them. */
const struct pack_tellable *home_asks(const struct home *home, const struct pack_tellable *what,
                                      int member);
/* The period in which an input is kept. */
struct rule_period home_kept_in(const struct home *home, const struct rule_variable *v);
/* Whether a row of the rules is told as an answer of the home: of the unit, and of its ages. */
bool home_has_answer(const struct home *home, const struct rule_entity *entity, int row,
                     const struct pack_entitlement *what);

/* What was told of the member, an amount a year in pounds; false: nothing was. */
bool home_told_a_year(const struct home *home, const struct pack_tellable *what, int member,
                      double *out);

/* Where the person lives on the day of the request, and the places above. */
enum status home_places(struct arena *arena, const struct assess_request *q,
                        const struct person *person, struct place **out, int *count,
                        struct error *err) MUST_USE;

/* By the nearest place on the way up whose code says it; -1: none does. */
int home_nation(const struct pack *pack, const struct place *places, int count);

enum status home_read(struct home *home, struct error *err) MUST_USE;
enum status home_columns(struct home *home, struct error *err) MUST_USE;
/* Adds a need that is not there yet. */
void home_add_need(struct assess_need *all, int *count, struct assess_need need);
/* Takes into the answer on what it rests. */
void home_take_sure(const struct home *home, struct assess_answer *answer);
/* Of an answer of ranges: what would tell, a gate once for all that it may settle. */
const struct assess_need *home_needs(struct arena *arena, const struct home *home,
                                     const struct range_answer *answer, int *count);
/* What is wanted of a home, by what is not known of it: range_find, or, past what that takes,
 * range_bound (assessment.is_wide). Rules, rows and unknown of the request are the home's. */
enum status home_find_ranges(struct arena *arena, const struct home *home,
                             struct range_request request, struct range_result *out,
                             struct error *err) MUST_USE;
/* The assessment of a home that was read and is not open (assess.c). */
enum status assess_home(struct arena *arena, struct home *home, struct assessment *out,
                        struct error *err) MUST_USE;

#endif
