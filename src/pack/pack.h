/* The policy pack: every dated table about a country, read once from a folder of CSV files
 * (policy/uk/README.md describes them).
 *
 *     struct pack *pack;
 *     if (pack_open(&pack, "policy/uk", &err) != DONE) return err.code;
 *         FILE:LINE: COLUMN: message in err
 *     const struct pack_category *c = pack_find_category(pack, span_of("council-tax"));
 *     puts(c->name[WELSH]);                                                   Y Dreth Gyngor
 *     pack_close(pack);
 *
 * A pack that opened is sound: codes are unique, every name is there in both languages, every cross
 * reference is a pointer that is not null, every row has its source, and the rules of each column
 * (below) hold. It never changes afterwards, so threads share it without a lock. Everything it
 * returns lives until pack_close. The pack is what a country publishes; the store holds it together
 * with what a place imported, and the store's rows take precedence. So unit costs and rates are
 * valued from book/book.h, not from here: `costs` and `rates` are for filling a new store.
 */
#ifndef WEAL_PACK_PACK_H
#define WEAL_PACK_PACK_H

#include "base/arena.h"
#include "base/day.h"
#include "base/message.h"
#include "base/text.h"
#include "base/wide.h"

/* Who pays whom: contribution, the citizen pays; cash, the citizen is paid; service, the citizen
 * uses; given, the citizen gives time; transfer, between accounts. */
enum pack_side {
  SIDE_CONTRIBUTION,
  SIDE_CASH,
  SIDE_SERVICE,
  SIDE_GIVEN,
  SIDE_TRANSFER,
  SIDE_COUNT
};
enum unit_kind { UNIT_MONEY, UNIT_TIME, UNIT_COUNT, UNIT_KINDS };
/* What the program does with accounts of a role. ROLE_NAMED: the program posts nothing there by
 * itself; a posting names the account (a purse). */
enum role_use {
  ROLE_NAMED,
  ROLE_ENTRIES,  /* a person's account, for entries about them in units of one kind */
  ROLE_CONTRA,   /* the other side of every line, of a body or of the book itself */
  ROLE_PAYMENTS, /* of a supplier: what it was paid */
  ROLE_BUDGET,   /* of a body: what it was allotted */
  ROLE_ERASED,   /* of the book: sums of erased lines, one account for each place */
  ROLE_USES
};
/* of a body: of the book itself too */
enum role_owner { ROLE_OF_PERSON, ROLE_OF_BODY, ROLE_OF_BOOK, ROLE_OWNERS };
/* Where the statement shows a category. Employer: shown apart and never in `paid`. Holdings: in the
 * unit's own row, in no total. */
enum pack_shown {
  SHOWN_PAID,
  SHOWN_EMPLOYER,
  SHOWN_CASH,
  SHOWN_SERVICES,
  SHOWN_GIVEN,
  SHOWN_HOLDINGS,
  SHOWN_NONE,
  SHOWN_COUNT
};
enum pack_purpose {
  PURPOSE_NONE,
  PURPOSE_PREVENTIVE,
  PURPOSE_REACTIVE,
  PURPOSE_UNIVERSAL,
  PURPOSE_COUNT
};

/* The words of the columns and of open data: `contribution`, `money`, `entries` (ROLE_NAMED:
 * empty), `person`, `paid`, `preventive` (PURPOSE_NONE: empty). Never null. */
const char *pack_side_word(enum pack_side side);
const char *unit_kind_word(enum unit_kind kind);
const char *role_use_word(enum role_use use);
const char *role_owner_word(enum role_owner owner);
const char *pack_shown_word(enum pack_shown shown);

enum { PACK_SHARE_NONE = -1 };

/* Names are indexed by enum language: name[ENGLISH], name[WELSH]. */

struct pack_domain { /* a domain of life */
  const char *code, *name[LANGUAGES], *source;
};

struct pack_cofog { /* a division, `07`, or a group, `07.2`, of the functions of government */
  const char *code, *name[LANGUAGES], *source;
};

/* The category of payments that have no other, as imports give it; of a payment to a private person
 * whose category is not shown, this one is. */
#define PAYMENTS_CATCH_ALL "supplier-payment"
/* The codes of payees whose name the payer withheld, or left out. */
#define PAYMENTS_REDACTED "payee-redacted"
#define PAYMENTS_UNNAMED "payee-not-published"

/* The units of amounts. Two are part of the program, since it makes totals of them: */
#define UNIT_PENCE "pence"     /* money, two decimal places */
#define UNIT_MINUTES "minutes" /* time, whole */
/* Amounts of any other are shown as holdings. */
struct pack_unit {
  const char *code, *name[LANGUAGES], *source;
  enum unit_kind kind;
  /* decimal places that the book's integers hold: with scale 1, 3 means 0.3 */
  int scale;
  const char *before; /* a sign that stands before a figure, or empty */
  /* words that stand after it, of one and of any other figure, or empty */
  const char *one[LANGUAGES], *many[LANGUAGES];
};

struct pack_role { /* of accounts */
  const char *code, *purpose;
  enum role_owner owner;
  enum role_use use;
  /* of the units that ROLE_ENTRIES is for (enum unit_kind); -1: any */
  int kind;
  /* everyone has such an account in this unit from registration on; null: it is opened when it is
   * needed */
  const struct pack_unit *opened;
  bool statement; /* its lines count in a statement */
};

struct pack_scheme { /* of identifiers, beside those of the program (register/identifier.h) */
  const char *code, *name[LANGUAGES], *form, *check, *source; /* form, check: base/number_form.h */
};

struct pack_category {
  const char *code, *name[LANGUAGES], *source;
  enum pack_side side;
  /* minutes if and only if the side is given; neither minutes nor pence if and only if it is shown
   * as holdings */
  const struct pack_unit *unit;
  enum pack_shown shown;
  /* a group; null for contributions and time given, never null for cash and services */
  const struct pack_cofog *cofog;
  enum pack_purpose purpose;        /* none for contributions and transfers */
  const struct pack_domain *domain; /* null for contributions and transfers */
  int personal_share_hundredths;    /* of a percent; PACK_SHARE_NONE when none is published */
  bool welfare_account;             /* draws on the citizen social welfare account (report, 3a) */
  bool household;                   /* owed or received by a household together */
  bool tax_summary_base;            /* a tax in the total that HMRC's shares are shares of */
  bool in_prices;                   /* a tax in the prices of what is bought: nobody's own */
  /* off-bills.csv: the bill that it is taken off, so that nobody has it in the hand; null: it is
   * paid to the person */
  const char *off_bill[LANGUAGES];
  bool sensitive; /* sensitive.csv: by hand it is recorded by two people */
};

struct pack_service {
  const char *code, *name, *unit;
  const struct pack_category *category; /* side service */
};

struct pack_cost {
  const struct pack_service *service;
  int year;           /* the tax year that begins in it: 2024 is 2024-25 */
  int64_t cost_pence; /* of one unit of the service */
  bool estimated;
  const char *source;
};

struct pack_rate {
  const struct pack_category *category; /* side given */
  int year;
  int64_t rate_pence; /* an hour */
  const char *source;
};

/* How prices stood in a year: an amount of one year times the index of another, divided by the
 * index of its own, is in the prices of the other. */
struct pack_deflator {
  int year;
  int64_t index_hundredths;
  const char *source;
};

/* HMRC's annual tax summary. The shares of a year need not add to 100: they are as published. */
struct pack_tax_line {
  const char *code, *name[LANGUAGES];
  const struct pack_cofog **cofog; /* groups that the name stands for */
  int cofog_count;                 /* 0: outside the functions (payments to the EU) */
  int share_hundredths;            /* of a percent: 21.30 is 2130 */
};
struct pack_tax_table {
  int year;
  const char *source;
  struct pack_tax_line *lines; /* as published, the largest first */
  int line_count;
};

/* What households of a group typically pay in prices, a household and a year. */
#define HOUSEHOLDS_ALL "all" /* the group that is used until rules know incomes */
struct pack_household_group {
  const char *code, *name[LANGUAGES], *source;
};
struct pack_price {
  const struct pack_category *category; /* in_prices */
  int64_t pence;
};
struct pack_price_table {
  const struct pack_household_group *group;
  int year;
  const char *source;       /* of every line */
  struct pack_price *lines; /* in the order of the file */
  int line_count;
};

struct pack_body { /* the columns of the import kind `bodies`; absent ones are empty */
  const char *id, *name, *kind, *company, *place;
  const char *name_cy; /* as it calls itself in Welsh; empty: it has no other name */
};

/* The kinds of body: what files call them, and the label on a page. */
#define BODY_KINDS(KIND) \
  KIND("department", N_("Department")) \
  KIND("council", N_("Council")) \
  KIND("provider", N_("Provider of services")) \
  KIND("mutual", N_("Mutual")) \
  KIND("charity", N_("Charity")) \
  KIND("employer", N_("Employer")) \
  KIND("investor", N_("Investor")) \
  KIND("supplier", N_("Supplier"))
bool pack_is_body_kind(struct span word); /* `council` */
const char *pack_body_kinds(void);        /* `department, council, provider, ...` */

/* What law gives to somebody to record: some categories, and who has the duty by itself. An
 * administrator may give it to other bodies (register/duties.h). */
struct pack_duty {
  const char *code, *name[LANGUAGES], *source;
  const char *kinds, *bodies; /* of body; codes of bodies.csv: words with a space between */
  const struct pack_category **categories;
  int category_count;
};

/* how long details of a category are kept, in years after the day of the line */
struct pack_retention {
  const struct pack_category *category;
  int years;
  const char *source;
};

/* What is plausible in one row of a file; a row beyond the bound is posted only with --unusual. */
enum bound_what { BOUND_FIRST_DAY, BOUND_AMOUNT, BOUND_QUANTITY, BOUND_MINUTES, BOUND_WHATS };
struct pack_bound {
  enum bound_what what;
  const struct pack_category *category; /* null: for all categories without a bound of their own */
  const char *unit;                     /* of a service; empty: any */
  /* pence, thousandths of the unit, minutes: the most, without its sign. BOUND_FIRST_DAY: a day,
   * the earliest */
  int64_t bound;
  const char *written, *source; /* the bound as the file has it */
};

struct pack_value {
  const char *key, *value, *source;
};

/* ---- kinds of case: cases/ (its README.md says what each column means) ---- */

enum case_asks { CASE_NONE, CASE_OPTIONAL, CASE_REQUIRED }; /* of words */
enum case_by { CASE_BY_OPENER, CASE_BY_DECIDER, CASE_BY_PROGRAM };
enum case_again { CASE_AGAIN_ALWAYS, CASE_AGAIN_ANSWERED, CASE_AGAIN_NEVER };
enum case_fact_type {
  FACT_TYPE_TEXT,
  FACT_TYPE_LONG,
  FACT_TYPE_DAY,
  FACT_TYPE_MINUTES,
  FACT_TYPE_MONEY,
  FACT_TYPE_QUANTITY,
  FACT_TYPE_PLACE,
  FACT_TYPE_HOUSEHOLD,
  FACT_TYPE_PERSON,
  FACT_TYPE_BODY,
  FACT_TYPE_CATEGORY,
  FACT_TYPE_SEX,
  FACT_TYPE_SCOPE,
  FACT_TYPE_ENTITLEMENT, /* a variable of entitlements.csv */
  FACT_TYPE_PER,         /* week, month, year */
  FACT_TYPE_EVERY,       /* how often something is paid: a word of pay-days.csv */
  FACT_TYPES
};

struct pack_case_state {
  const char *word, *colour, *name[LANGUAGES];
  bool waits; /* for a decision */
};
struct pack_case_fact {
  const struct pack_case_kind *kind;
  const char *word;
  enum case_fact_type type;
  const char *asked; /* `open`, the word of a move, or empty: the program puts it there */
  bool required;
  const char *name[LANGUAGES], *hint[LANGUAGES];
};
struct pack_case_move {
  const struct pack_case_kind *kind;
  const char *word;
  const struct pack_case_state *from, *to;
  enum case_by by;
  enum case_asks words;
  const char *name[LANGUAGES], *done[LANGUAGES];
};
/* How long something may take; all zero: nothing is said. */
struct pack_deadline {
  int days, months; /* one of them, or neither */
  bool plain;       /* every day counts, not working days only */
};
struct pack_case_kind {
  const char *code, *name[LANGUAGES], *told[LANGUAGES], *source;
  const char *told_waits[LANGUAGES]; /* the same while it waits */
  bool others;                       /* of what is told: whoever has items is still to be told */
  const char *opens;                 /* words with a space between */
  const char *to;                    /* words: body, person, code or a role; empty: nobody's */
  const char *escalates;             /* a role, or empty */
  const char *handler;               /* or empty */
  struct pack_deadline deadline;
  enum case_asks reason;
  enum case_again again;
  bool independent, attachments;
  const struct pack_case_state *first;
  uint64_t line;                      /* of kinds.csv, for messages */
  const struct pack_case_move *moves; /* its own, in the order of the file */
  int move_count;
  const struct pack_case_fact *facts;
  int fact_count;
};
/* What can be done next, once a case of the kind is in the state; of one that waits, once it is
 * late. */
struct pack_case_step {
  const struct pack_case_kind *kind;
  const struct pack_case_state *state;
  const char *about; /* kinds of case, words with a space between; empty: any that no row names */
  const struct pack_case_kind *opens; /* null: it is outside, at `address` */
  const char *name[LANGUAGES], *text[LANGUAGES], *address, *source;
  const char *body; /* code of the body that it leads to: not shown where it is told; empty: none */
};
struct pack_holiday {
  day_t day;
  const char *name[LANGUAGES], *source;
};

/* ---- what can be told of a person or a household: tellable.csv (register/facts.h) ---- */

enum tell_kind {
  TELL_MONEY,  /* 1200.50; with `per` a flow, else what somebody has */
  TELL_YES_NO, /* yes, no */
  TELL_DAY,    /* 2026-03-31 */
  TELL_NUMBER, /* 2.5, as a quantity */
  TELL_HOURS,  /* the same, in a week */
  TELL_CHOICE, /* an item of its list */
  TELL_PERSON, /* one other person, or none */
  TELL_PEOPLE, /* any number of them, a fact each, or none */
  TELL_KINDS
};
/* In what an amount comes again and again. */
enum tell_per { PER_NONE, PER_WEEK, PER_MONTH, PER_YEAR, TELL_PERS };
/* Who may tell it: bits of pack_tellable.who. */
enum { TELL_SELF = 1, TELL_HELPER = 2, TELL_OFFICER = 4, TELL_BODY = 8 };

struct tell_item { /* of a list of choices */
  const char *list, *item, *name[LANGUAGES];
};
/* Of what ages, in whole years, both included; AGE_ANY: no bound. */
enum { AGE_ANY = -1 };
struct pack_ages {
  int from, to;
};
/* Whether somebody whose day of birth is known is of these ages on a day. */
bool pack_ages_have(struct pack_ages ages, day_t born, day_t on);
/* Under what pages show it together: topics.csv. */
struct pack_topic {
  const char *code, *name[LANGUAGES];
};
/* An input of the rules that is taken as it usually is while nobody tells it: assumed.csv. */
struct pack_assumed {
  const char *variable; /* of the rules */
  /* what it could be in place of that, as the rules have it and a flow for a year: what answers
   * hang on it is found by trying it; empty: what is taken is not assumed, something else says it
   */
  const char *otherwise;
  struct pack_ages ages; /* of a person's: of whom it is tried */
  const char *name[LANGUAGES], *taken[LANGUAGES], *why[LANGUAGES], *source;
};
/* When the law sets an amount anew each April, by the word of `lasts`: pack_tell_lasts. */
enum pack_rise { RISE_NONE, RISE_UPRATING, RISE_COUNCIL_YEAR, RISE_RENT_YEAR, PACK_RISES };
struct pack_tellable {
  const char *variable; /* of the rules, where `rule` is set */
  enum tell_kind kind;
  bool of_household; /* else of a person, */
  /* who tells it of themself and of their partner together: the rules have it of the household, and
   * it holds for the unit of whoever told it, not for others of the home */
  bool of_unit;
  bool rule, sensitive;
  struct pack_ages
      ages; /* of a person's: who is asked; whoever else has the default of the rules */
  bool has_low, has_high;
  int64_t low, high; /* pence, or thousandths; of a flow in its first `per` */
  unsigned who;
  enum tell_per per[TELL_PERS];          /* that it can be told in, the usual one first */
  int per_count;                         /* 0: no flow */
  const char *list;                      /* TELL_CHOICE: of tellable-items.csv */
  const struct pack_topic *topic;        /* null: none, shown last */
  int review_months;                     /* after so many it is asked again */
  enum pack_rise rise;                   /* RISE_NONE: it lasts */
  const struct pack_category **purposes; /* what it is used for */
  int purpose_count;
  const struct pack_assumed *assumed; /* nobody is asked for it; null: it is asked */
  /* name: two or three words; why: why it is asked; hint: empty where there is none */
  const char *name[LANGUAGES], *question[LANGUAGES], *hint[LANGUAGES], *why[LANGUAGES], *source;
};

/* One plain question that settles several: where `gate` was answered so, what it `settles` has that
 * value and is not asked. While the gate is not answered it is asked in their place. The gate of a
 * household settles a person's variable of everybody there whose age is one of its ages. */
struct pack_gate {
  const struct pack_tellable *gate, *settles;
  const char *answer, *source;
  const char *value; /* as a fact is told; empty: the default of the rules */
};

/* A ready "what if" of an assessment: what is asked for it, and what it sets by itself. */
struct pack_what_if {
  const char *code;
  const char *name[LANGUAGES]; /* as a sentence that goes on: "I work more hours" */
  struct pack_ages ages;       /* who may want it */
  const struct pack_tellable **asks;
  int ask_count;
  const char *sets; /* as --if takes them, with one space between: `child`, `age=66` */
};

/* What an assessment tells: a variable of the rules that somebody gets or pays. */
#define PACK_PAYER_COUNCIL "council" /* the one of the place where the person lives */
struct pack_entitlement {
  const char *variable;
  const char *name[LANGUAGES];
  bool is_paid; /* by the person; else they get it */
  const struct pack_category *category;
  enum tell_per per; /* in what it is worked out: the period of the rules */
  const char *payer; /* the body that pays it or is paid: its code, or PACK_PAYER_COUNCIL */
  const char *claim; /* where it is claimed; null: nobody claims it */
  bool sensitive;    /* never looked for among people who did not ask */
  const char *source;
  struct pack_ages ages; /* of a person's: of whom it is told */
  bool within;           /* it lowers an amount that another row has, and no sum counts it again */
  const struct pack_tellable *in_payment; /* what tells how much of it is paid now; null: none */
  const struct pack_tellable *helps_pay;  /* and is never more than; null: nothing told */
  /* a yes or no input of the rules: it is claimed, which the rules assume; null: none */
  const char *claimed;
  /* where the rules say that they do not know it: why, and whom to ask; null: they always do */
  const char *unsaid[LANGUAGES];
  /* What is billed before a reduction: of the row of the reduction, and of the row of what is left
   * to pay. A variable of the rules, in the same period; null: none. */
  const char *billed;
  bool discretionary; /* no rule works it out: whoever decides a claim says how much */
  unsigned nations;   /* where it is paid: bits 1 << place in pack_nation_words; 0: everywhere */
};

/* What a claim can cost: before-claiming.csv. */
enum claim_harm {
  HARM_ENDS,       /* something else ends */
  HARM_PROTECTION, /* an amount is lost that was protected */
  HARM_MIXED_AGE,  /* a couple of whom one is below pension age */
  HARM_CARER,      /* the person who is cared for gets less */
  HARM_TAX,        /* a tax is owed for it */
  HARM_NO_PUBLIC_FUNDS,
  CLAIM_HARMS
};
/* Whether there is a button to claim where a row applies. */
enum claim_button {
  BUTTON_KEEP,
  BUTTON_NONE,
  BUTTON_NONE_UNLESS_KNOWN, /* none either while it is not known whether it applies */
  CLAIM_BUTTONS
};
struct pack_claiming {
  const char *code;
  const struct pack_entitlement **of; /* of whose claims; of_count 0: of every one */
  int of_count;
  enum claim_harm harm;
  enum claim_button button;
  const char *when; /* a yes or no of the rules; null: always */
  const struct pack_entitlement **ends;
  int ends_count;
  /* says: what the claim does; unknown: the same while that is not known, null where then nothing
   * is said; step: what to do */
  const char *says[LANGUAGES], *unknown[LANGUAGES], *step[LANGUAGES], *source;
};
const char *claim_harm_word(enum claim_harm harm);       /* `mixed-age` */
const char *claim_button_word(enum claim_button button); /* `none` */

/* Who advises, and on what: advice.csv. */
enum { PACK_NATIONS = 4 };
extern const char *const pack_nation_words[PACK_NATIONS]; /* `england` */
/* Whether it may be paid to who lives in the nation; below 0: it is not known which that is. */
bool pack_entitlement_is_of(const struct pack_entitlement *what, int nation);
enum advice_topic {
  ADVICE_BENEFITS,
  ADVICE_IMMIGRATION,
  ADVICE_MONEY,
  ADVICE_HOUSING,
  ADVICE_CARERS,
  ADVICE_TOPICS
};
const char *advice_topic_word(enum advice_topic topic); /* `benefits` */
struct pack_advice {
  const char *code, *name[LANGUAGES], *help[LANGUAGES], *source;
  unsigned nations, topics; /* bits; nations 0: all of them */
  const char *places; /* codes of places with a space between, with those beneath; empty: all */
  const char *address, *telephone; /* one of them may be empty */
};
/* What everybody of a place is promised at least: standards.csv. BY_RULE: a yes of the rules, of
 * the family of whoever is of the ages, is a breach. USE: of whom the rule says yes by their age
 * alone has a line of one of the categories in the year. BORN, AFTER: such a line from
 * `from` to `to` days after the birth, or after a line of the category `event`. Of a USE `to` is of
 * how many days of the year the rule must say yes before a missing line means anything. */
enum pack_standard_kind {
  STANDARD_BY_RULE,
  STANDARD_USE,
  STANDARD_BORN,
  STANDARD_AFTER,
  STANDARD_KINDS
};
struct pack_standard {
  const char *code, *name[LANGUAGES], *promise[LANGUAGES], *source;
  enum pack_standard_kind kind;
  const char *rule; /* null: none */
  struct pack_ages ages;
  const struct pack_category *event; /* null: none */
  const struct pack_category **categories;
  int category_count;
  int from, to;                 /* days */
  const struct pack_duty *duty; /* whose body answers for it; null: */
  const char *body;             /* this one does */
};
const char *pack_standard_kind_word(enum pack_standard_kind kind); /* `born` */

/* How often an entitlement is paid: pay-days.csv. */
enum pay_every {
  PAY_WEEK,
  PAY_2_WEEKS,
  PAY_4_WEEKS,
  PAY_MONTH,
  PAY_YEAR,
  PAY_ONCE, /* one payment, of the whole amount */
  PAY_EVERYS
};
struct pack_pay_days {
  const struct pack_entitlement *what;
  enum pay_every every;
  int after;  /* days from the last day that is paid for to the day of pay; 0: it is that day */
  bool whole; /* the law has whole periods only; else parts are paid by days */
  const char *source;
};
/* What becomes of what was paid too much: overpayments.csv. */
struct pack_overpayment {
  const struct pack_entitlement *what;
  const char *terms[LANGUAGES], *source;
  bool needs_fault; /* asked back only of whoever misrepresented something or did not tell it */
  /* Of each week or month of later payments at most `times` the `percent` of a parameter, this
   * rounded up to `step` pence (0: down to the penny), and `least` pence are left. Null: the law's
   * limit is not held here, and nothing is taken. */
  const char *most_of;
  int most_percent, most_times, most_step;
  int64_t least;
};
/* Parts of the country with law of their own. */
enum {
  DIVISION_ALL,
  DIVISION_ENGLAND,
  DIVISION_WALES,
  DIVISION_SCOTLAND,
  DIVISION_NORTHERN,
  PACK_DISPUTE_DIVISIONS
};
/* How an entitlement is claimed, of people of some ages: claims.csv. */
struct pack_claim {
  const struct pack_entitlement *what;
  struct pack_ages ages;
  const char *kind;            /* of case: its handler is `claim` */
  bool elsewhere;              /* the body decides it in its own system, not here */
  int back_months;             /* the first day may be so far before the claim */
  int back_reason_months;      /* and so far with a reason; not below back_months */
  struct pack_deadline answer; /* how long the decision may take; zero: the kind's own */
  bool pays;                   /* a decision in favour is an award of money */
  bool needs_child;            /* only by whoever is responsible for a child */
  const char *source;
};
/* What somebody can do against a decision, a step after the other: disputes.csv. */
struct pack_dispute {
  const struct pack_entitlement *what;
  int division;                /* DIVISION_ALL: everywhere */
  int step;                    /* 1: against the decision itself; 2: against what step 1 brought */
  const char *kind;            /* of the case that it opens here; null: it is outside */
  struct pack_deadline within; /* since the decision; zero: there is no last day */
  struct pack_deadline late;   /* the same with a reason; zero: none */
  const char *name[LANGUAGES], *text[LANGUAGES];
  const char *address; /* outside: where; null */
  const char *source;
};
/* What the rules call a place: place-codes.csv. */
#define PLACE_ITEM_BY_NAME "*" /* the item of the place's own name: MERTON of Merton */
struct pack_place_code {
  const char *code;     /* how the codes of such places begin */
  const char *variable; /* of the rules; `nation`: of advice.csv */
  const char *item, *source;
};
/* On what basis people who did not ask are looked through for an entitlement: take-up.csv. What has
 * no row is not looked for. */
enum take_up_basis {
  TAKE_UP_OWN,      /* the council's own administration */
  TAKE_UP_AGREEMENT /* an agreement that whoever looks must name */
};
struct pack_take_up {
  const struct pack_entitlement *what;
  enum take_up_basis basis;
  const char *purpose[LANGUAGES], *law;
  const char *needs[LANGUAGES]; /* of an agreement: which one; else null */
  /* how long after a letter nobody is written to again, and after which time without anything that
   * came of it a letter counts as not answered */
  struct pack_deadline again, answer;
  const char *source;
  bool is_public; /* how many get it is told by place to anyone (publish/take_up.h) */
};
const char *pay_every_word(enum pay_every every); /* `4-weeks` */
bool pay_every_is(struct span word);
const char *tell_kind_word(enum tell_kind kind); /* `money`; TELL_CHOICE: `choice` */
const char *tell_per_word(enum tell_per per);    /* `week`; PER_NONE: empty */
enum tell_per tell_per_of(struct span word);     /* PER_NONE: no such word */

struct pack_index; /* private: codes to rows */

struct pack {
  /* as given to pack_open: profiles/ and templates of the country lie beneath it */
  const char *dir;
  const char *digest; /* of the files as they were at pack_keep_digest; null: it was not called */
  struct pack_domain *domains;
  int domain_count;
  struct pack_cofog *cofogs;
  int cofog_count;
  /* in the order of the file, which is the order of holdings */
  struct pack_unit *units;
  int unit_count;
  const struct pack_unit *pence, *minutes; /* of these */
  /* none where the pack has no roles.csv: then the book keeps the roles that it was made with */
  struct pack_role *roles;
  int role_count;
  struct pack_scheme *schemes;
  int scheme_count;
  /* in the order of the file, which is the order of statements */
  struct pack_category *categories;
  int category_count;
  struct pack_service *services;
  int service_count;
  struct pack_cost *costs;
  int cost_count;
  struct pack_rate *rates;
  int rate_count;
  /* none where the pack has no deflators.csv: then nothing is uprated */
  struct pack_deflator *deflators;
  int deflator_count;
  struct pack_tax_table *tax_tables;
  int tax_table_count; /* the earliest first */
  /* none where the pack has no in-prices.csv */
  struct pack_household_group *household_groups;
  int household_group_count;
  struct pack_price_table *price_tables;
  int price_table_count;
  struct pack_body *bodies;
  int body_count;
  /* none where the pack has no duties.csv: then no body has one but what was given to it */
  struct pack_duty *duties;
  int duty_count;
  struct pack_retention *retentions;
  int retention_count;
  /* none where the pack has no plausible.csv */
  struct pack_bound *bounds;
  int bound_count;
  /* none where the pack has no folder cases/ */
  struct pack_case_state *case_states;
  int case_state_count;
  struct pack_case_kind *case_kinds;
  int case_kind_count;
  struct pack_case_move *case_moves;
  int case_move_count;
  struct pack_case_fact *case_facts;
  int case_fact_count;
  struct pack_case_step *case_steps;
  int case_step_count;
  struct pack_holiday *holidays; /* of the pack's division, in order of day */
  int holiday_count;
  int64_t second_from; /* pence: a record by hand of so much needs a second person; 0: none does */
  struct clock_rules clock; /* none where the pack has no clock.csv: clocks show UTC */
  /* none where the pack has no tellable.csv: then no facts can be told */
  struct tell_item *tell_items; /* those of a list stand together */
  int tell_item_count;
  struct pack_topic *topics; /* in the order of the file, which is that of pages */
  int topic_count;
  struct pack_tellable *tellables; /* in the order of the file, which is that of pages */
  int tellable_count;
  struct pack_gate *gates; /* in the order of the file: what settles a gate stands before it */
  int gate_count;
  struct pack_assumed *assumed; /* in the order of the file, which is that of pages */
  int assumed_count;
  struct pack_what_if *what_ifs; /* in the order of the file */
  int what_if_count;
  /* none where the pack has no entitlements.csv: then nobody can be assessed */
  struct pack_entitlement *entitlements; /* in the order of the file, which is that of pages */
  int entitlement_count;                 /* those that rules work out */
  int discretionary_count;               /* the others, behind them */
  /* none where the pack has no pay-days.csv or overpayments.csv */
  struct pack_pay_days *pay_days; /* of an entitlement the usual one first */
  int pay_day_count;
  struct pack_overpayment *overpayments;
  int overpayment_count;
  struct pack_standard *standards; /* none where the pack has no standards.csv */
  int standard_count;
  /* none where the pack has no before-claiming.csv or advice.csv */
  struct pack_claiming *claimings; /* in the order of the file, which is that of pages */
  int claiming_count;
  struct pack_advice *advice; /* in the order of the file */
  int advice_count;
  /* none where the pack has no claims.csv or disputes.csv: then nothing is claimed here */
  struct pack_claim *claims;
  int claim_count;
  struct pack_dispute *disputes; /* of an entitlement and division in order of step */
  int dispute_count;
  struct pack_place_code *place_codes; /* none where the pack has no place-codes.csv */
  int place_code_count;
  struct pack_take_up *take_ups; /* none where the pack has no take-up.csv */
  int take_up_count;
  struct pack_value *values;
  int value_count;
  struct pack_index *index;
};

/* Reads the folder. A missing file, a row that breaks a rule, a reference to an unknown code:
 * REFUSED, with FILE:LINE: COLUMN and what would be right. On failure *out is null. */
enum status pack_open(struct pack **out, const char *dir, struct error *err) MUST_USE;
void pack_close(struct pack *pack); /* takes null */
/* Reads clock.csv alone, for who needs to know what day it is before the pack. */
enum status pack_read_clock(const char *dir, struct clock_rules *out, struct error *err) MUST_USE;

/* SHA-256, in hexadecimal digits in the arena, of every file of the folder in order of its path:
 * rows, parameters and rules. What was kept, else what is there now: it reads them all, some 10 ms.
 * Whoever keeps a pack while its files may change keeps the digest when the pack is opened, before
 * the rules are read: then an award names what it was made by. */
enum status pack_keep_digest(struct pack *pack, struct error *err) MUST_USE;
enum status pack_digest(const struct pack *pack, struct arena *arena, const char **out,
                        struct error *err) MUST_USE;

/* Finds a row by its code; null when the pack has none. Constant time. */
const struct pack_category *pack_find_category(const struct pack *pack, struct span code);
const struct pack_unit *pack_find_unit(const struct pack *pack, struct span code);
const struct pack_case_kind *pack_find_case_kind(const struct pack *pack, struct span code);
/* The steps after a case, in the order of the file; `about`: the kind of the case that it is about,
 * empty where it is about none. Returns how many there are, at most `most`. */
int pack_case_steps(const struct pack *pack, const struct pack_case_kind *kind,
                    const struct pack_case_state *state, const char *about,
                    const struct pack_case_step **out, int most);
const struct pack_case_state *pack_find_case_state(const struct pack *pack, struct span word);
/* What a body is called: as it calls itself in Welsh where bodies.csv says how, else `name`, which
 * is what the register calls it. */
const char *pack_body_name(const struct pack *pack, const char *code, const char *name,
                           enum language language);
const struct pack_tellable *pack_find_tellable(const struct pack *pack, struct span variable);
/* Whether it is needed for what the category holds: one of its purposes. */
bool pack_tellable_serves(const struct pack_tellable *what, const struct pack_category *category);
/* The last day on which an amount that is so from a day can still be so, of amounts that the law
 * sets anew each April. RISE_UPRATING: up to the day before the first Monday on or after 6 April
 * (Social Security Administration Act 1992 sections 150, 150A; the orders name that Monday); what
 * is so from 6 April itself is of the year that begins. RISE_COUNCIL_YEAR: up to 31 March (Local
 * Government Finance Act 1992 sections 2, 13A: bill and scheme are of the financial year).
 * RISE_RENT_YEAR: up to 31 March too, since rents rise about 1 April; of which year an amount is
 * that is so from a day about the rise is ours: what a body decided from 26 March on, the earliest
 * Monday of a week that holds 1 April, is of the year that begins, and what others say from 1 April
 * on is known up to RISE_UPRATING. `decided`: a body decided it. DAY_NONE: it lasts, as do rents,
 * pay and an amount of nothing. */
day_t pack_tell_lasts(const struct pack_tellable *what, struct span value, day_t from,
                      bool decided);
/* The last day of rise that is not after the day: of what RISE_UPRATING is the first Monday on or
 * after 6 April, else 1 April. */
day_t pack_last_rise(const struct pack_tellable *what, day_t day);
const struct pack_entitlement *pack_find_entitlement(const struct pack *pack, struct span variable);
/* How often it is paid, by the word (`4-weeks`); empty: as is usual. Null: not so, or never. */
const struct pack_pay_days *pack_find_pay_days(const struct pack *pack,
                                               const struct pack_entitlement *what,
                                               struct span every);
const struct pack_overpayment *pack_find_overpayment(const struct pack *pack,
                                                     const struct pack_entitlement *what);
/* The row of the variable whose code is the longest that the place's code begins with, or null. */
const struct pack_place_code *pack_find_place_code(const struct pack *pack, const char *variable,
                                                   const char *code);
bool pack_claiming_is_of(const struct pack_claiming *row, const struct pack_entitlement *what);
/* How it is claimed by somebody born on a day; DAY_NONE: as by the youngest. Null: it is not. */
const struct pack_claim *pack_find_claim(const struct pack *pack,
                                         const struct pack_entitlement *what, day_t born, day_t on);
/* The steps of a place's division against a decision; DIVISION_ALL: where it is not known, those of
 * every division. Returns how many there are, at most `most`. */
int pack_disputes_of(const struct pack *pack, const struct pack_entitlement *what, int division,
                     const struct pack_dispute **out, int most);
/* Null: it is not looked for among people who did not ask. */
const struct pack_take_up *pack_find_take_up(const struct pack *pack,
                                             const struct pack_entitlement *what);
/* The item of a list; null: it has none such. */
const struct tell_item *pack_find_tell_item(const struct pack *pack, const char *list,
                                            struct span item);
const struct pack_standard *pack_find_standard(const struct pack *pack, struct span code);
const struct pack_duty *pack_find_duty(const struct pack *pack, struct span code);
/* Whether a body of this kind and code has the duty by the pack itself. */
bool pack_duty_is_of(const struct pack_duty *duty, const char *kind, const char *body);
bool pack_duty_has(const struct pack_duty *duty, const struct pack_category *category);
const struct pack_service *pack_find_service(const struct pack *pack, struct span code);
const char *pack_find_value(const struct pack *pack, const char *key); /* of pack.csv */
/* The same in the language (`KEY_cy`), where the pack has that. */
const char *pack_find_words(const struct pack *pack, const char *key, enum language language);

/* Monday to Friday, but for the pack's holidays. */
bool pack_working_day(const struct pack *pack, day_t day);

/* Whether its lines count in sections and totals: not those of holdings, nor of categories that are
 * not shown. */
static inline bool pack_is_summed(const struct pack_category *category) {
  return category->shown < SHOWN_HOLDINGS;
}

/* The table of the year, else the latest earlier one (its year says so); null when none was
 * published at or before it. */
const struct pack_tax_table *pack_find_tax_table(const struct pack *pack, int year);

/* The group's table of the year, else its latest earlier one; null when none was published at or
 * before it. */
const struct pack_price_table *pack_find_price_table(const struct pack *pack, const char *group,
                                                     int year);
/* What so many households typically pay of the line, rounded (half up) to the unit, both in
 * pence. */
wide_t pack_price_of(const struct pack_price *line, int64_t households, int64_t unit_pence);

/* What pence of the year `from` come to in the prices of `year`, or of the latest earlier year of
 * which the index is known (its year says so). An estimate: rounded to ten pence, from 10 pounds on
 * to a pound, from 1,000 pounds on to ten. False, out unchanged: the index of `from` is not known,
 * or none of a later year is. */
struct uprated {
  int64_t pence;
  int year;
};
bool pack_uprate(const struct pack *pack, int64_t pence, int from, int year, struct uprated *out);

/* `21.3`, `12.0`, `0.25`: a share as people write it, at least one decimal. */
void pack_add_share(struct text *t, int share_hundredths);

#endif
