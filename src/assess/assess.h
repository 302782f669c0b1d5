/* What a household is entitled to and must pay on a day, from what was told about it, and what to
 * ask while not everything is known.
 *
 *     struct assess_request q = {.store = store, .pack = pack, .rules = rules, .person = person,
 *                                .on = day};
 *     status = assess(arena, &q, &out, &err);
 *     for each of out.answers: what, low, high, needs
 *     out.questions: what to ask, the first first
 *
 * The unit is an adult, their partner and the children they are responsible for, as facts say
 * (register/facts.h); nothing of it is taken from an address. While one of these relations is not
 * known no amount is told: the answers need it, and it is the first question. What else is not
 * known is a range (rules/range.h), never zero: an answer is exact, or lies from `low` to `high`,
 * and `needs` says what would tell. What nobody may be asked (it is no row of tellable.csv, or is
 * asked of other ages) is the default of the rules. In place of what a gate (gates.csv) may settle
 * the gate is asked, so a question may be a variable that no rule has.
 *
 * A process that lives long loads pack and rules once (pack_open, rules_load, 12 ms): neither is
 * ever changed, so requests share them, from several threads too. Each request has an arena of its
 * own that is reset after it, since new memory costs as much once more, and reads in a snapshot of
 * its own. An assessment takes 3 to 16 ms then, the more the less is told (bench/assess); without
 * the order of questions (`unordered`) a fifth less.
 *
 * A benefit of another nation than the one in which the person lives (`nations` of
 * entitlements.csv) is no answer, unless the rules of the day make something of it.
 *
 * Everything is read in the law's own periods (the legal reading): a month or week that begins on
 * the day, or the tax year around it. Amounts are pounds in the entitlement's own period.
 */
#ifndef WEAL_ASSESS_ASSESS_H
#define WEAL_ASSESS_ASSESS_H

#include "pack/pack.h"
#include "register/facts.h"
#include "rules/model.h"
#include "store/store.h"

/* Something else than what is known, for `what if`: it holds instead. Not told by anybody. */
struct assess_instead {
  int64_t person; /* whose; of a household's variable any member */
  const struct pack_tellable *what;
  struct span value, per; /* as a fact is told; per empty: the usual one */
};

struct assess_request {
  struct store *store;
  const struct pack *pack;
  const struct rules *rules;
  int64_t person;
  day_t on;
  /* Whoever looks is the person, or helps them. What other adults of the home told is used only of
   * a partner who says so too: of another adult what is asked is not known. A partner who is named
   * and has not said so yet counts where both live in one home, with nothing that they told. */
  bool as_person;
  const struct facts_moment *until; /* by what was told until then; null: until now */
  /* For an award of what a family or a home gets: of other benefits only what is paid counts, and
   * not what somebody could claim as well (counts_only_what_is_paid of the rules). */
  bool as_paid;
  /* what if, all of it zero: as things are */
  int instead_count;
  int held_count; /* of `instead`, the first so many hold as things are, too */
  const struct assess_instead *instead;
  /* so many children more, there since the tax year began; nothing is asked of them */
  int born_count;
  bool without_partner; /* the person lives without a partner */
  bool with_income;     /* assessment.income is wanted */
  bool unordered; /* the questions are not wanted in their order, which takes a fifth of the time */
  int64_t ends_us; /* clock_microseconds() past which it ends REFUSED (TOO_LONG); 0: never */
  int age_years;   /* so old the person is on the day; 0: as they are */
  /* Something is otherwise than today: what is paid today of a reduction that the rules may not
   * know (`unsaid` of entitlements.csv) does not say what it would be. */
  bool is_changed;
};

struct assess_need {
  const struct pack_tellable *what;
  int64_t person; /* whose; of a household's variable the person who is assessed */
};

struct assess_bounds {
  double low, high;
  bool is_exact;
};

struct assess_answer {
  const struct pack_entitlement *what;
  /* whose it is; 0: the unit's or the household's, or that of a child who is not there yet */
  int64_t person;
  double low, high; /* not below 0; high may be INFINITY */
  bool is_exact;    /* then low is the amount */
  /* nothing can be said yet: a relation is not known, or what decides whether the rules know it;
   * low and high are 0 and INFINITY */
  bool is_open;
  /* is_open too: nothing that anybody can tell would say it, since the rules do not know it (a
   * council's scheme that the pack does not hold); what->unsaid says whom to ask. No sum counts
   * it. */
  bool cannot;
  /* Of a row with `billed`: what is billed before the reduction, in the same period. Where the
   * amount cannot be said, sums count it in full, and say so. */
  struct assess_bounds bill;
  int need_count;
  const struct assess_need *needs; /* in the order to ask */
  /* What it rests on: the weakest source of all that was told and is used for it (the purposes of
   * tellable.csv); rests_on_facts false: nothing was told that is. */
  enum fact_source sure;
  bool rests_on_facts;
};

struct home; /* private: who belongs together, and what is known of them */

struct assessment {
  day_t on;
  const struct home *home; /* for assess_before_claiming */
  int unit_count;
  const int64_t *unit; /* the person first, then their partner, then children by age */
  int answer_count;
  const struct assess_answer *answers; /* in the order of entitlements.csv, then of the unit */
  int question_count;
  const struct assess_need *questions; /* in the order to ask */
  /* a home of so many people of whom nothing is told that amounts are wider than they need to be,
   * and questions not in their order: the more is told, the fewer are unknown */
  bool is_wide;
  /* with_income: of the home, before taxes and benefits, in pounds a year; what is not known is
   * left out, so that only a difference between two assessments says something */
  double income;
  /* with_income: rent and other costs of the home (household_costs_of_home), in pounds a year */
  struct assess_bounds costs;
  int64_t unconfirmed; /* a partner who counts and has not said so yet (as_person); 0: nobody */
};

/* REFUSED: the person is not born yet on the day, or has died by then; the pack has no
 * entitlements, or one that no rule computes; a fact of another form than the rule's variable. */
enum status assess(struct arena *arena, const struct assess_request *request,
                   struct assessment *out, struct error *err) MUST_USE;
/* Whether that refused because nobody is known to be responsible for the child. Takes the error
 * back: many pages go on without an assessment then. */
bool assess_is_nobodys(enum status status, struct error *err);

/* Where the person lives on the day, as a place in pack_nation_words; -1: no place says it. */
enum status assess_nation(struct store *store, struct arena *arena, const struct pack *pack,
                          int64_t person, day_t on, int *out, struct error *err) MUST_USE;

/* What is got less what is paid, a year in pounds; what cannot be said is left out, and of what is
 * left to pay after it the bill counts. */
struct assess_total {
  double low, high; /* -INFINITY, INFINITY: something is open */
  bool is_exact;
  bool leaves_out; /* something cannot be said */
};
/* What sums count of an answer, in its own period: where it cannot be said, what is billed. */
struct assess_bounds assess_counted(const struct assess_answer *a);
struct assess_total assess_total_of(const struct assessment *a);

/* ---- what if ---- */

/* Adds to the request what `text` says: VARIABLE=VALUE (of the person who is assessed, or of the
 * household), VARIABLE=VALUE/week (month, year), `child`, `partner=none`, `age=66`. REFUSED: what
 * cannot be told; another form; more than ASSESS_IF_COUNT_MOST. */
enum { ASSESS_IF_COUNT_MOST = 20 };
enum status assess_take_if(struct arena *arena, struct span text, struct assess_request *request,
                           struct error *err) MUST_USE;

struct assess_change {
  const struct pack_entitlement *what;
  int64_t person;                           /* 0: the unit's or the household's */
  const struct assess_answer *today, *then; /* null: it is not told there */
  double low, high;                         /* more of it a year in pounds; less: below 0 */
  bool is_exact;
  bool is_billed;   /* today or then it cannot be said, and what is billed stands in its place */
  bool is_left_out; /* it cannot be said, today or then, and no sum counts it */
};
struct assess_comparison {
  struct assessment today, then;
  int change_count;
  const struct assess_change *changes; /* today's answers, then what only `then` has */
  double income;                       /* more income before taxes and benefits a year */
  struct assess_bounds costs;          /* more rent and other costs of the home a year */
  double low, high;                    /* more to live on a year: income, and what is got less what
                                        * is paid, and less the costs of the home */
  bool is_exact, leaves_out;
};
/* The request beside the same one without its what-ifs. Where something is not known on both sides
 * the range is as wide as both together. */
enum status assess_compare(struct arena *arena, const struct assess_request *request,
                           struct assess_comparison *out, struct error *err) MUST_USE;

/* Of two assessments of the same person, with_income: before something was told, and after it. */
void assess_compare_both(struct arena *arena, const struct assessment *today,
                         const struct assessment *then, struct assess_comparison *out);

/* What the person would have to live on for each number of hours of paid work a week, at one wage:
 * a row each from 0 to hours_most, `hours_step` apart. */
enum { ASSESS_BUDGET_ROWS_MOST = 41 };
struct assess_budget_row {
  int hours;
  double pay;       /* pounds a year, before taxes and benefits */
  double got, paid; /* where is_exact */
  double low, high; /* what is left a year: income and what is got less what is paid and what the
                     * home costs */
  bool is_exact, leaves_out;
};
struct assess_budget {
  int64_t wage_pence; /* an hour */
  int hours_most, hours_step;
  int row_count;
  const struct assess_budget_row *rows; /* none: it is not known who belongs together */
};
/* *out: wage_pence, hours_most and hours_step as asked for. REFUSED: no step, or more than
 * ASSESS_BUDGET_ROWS_MOST rows. */
enum status assess_budget(struct arena *arena, const struct assess_request *request,
                          struct assess_budget *out, struct error *err) MUST_USE;

/* In pounds a year, of an amount in the period of an entitlement: 52 weeks, 12 months. */
double assess_a_year(const struct pack_entitlement *what, double amount);

#endif
