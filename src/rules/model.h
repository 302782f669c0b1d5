/* Rules, read from files and checked: entities, enums, variables and their formulas.
 *
 *     struct rules *rules;
 *     const char *const packs[] = {"policy/uk", "policy/local/harrowmere"};
 *     status = rules_load(arena, packs, 2, &rules, &err);
 *     const struct rule_variable *v = rules_variable(rules, span_of("income_tax"));
 *
 * A pack is a folder with parameters/ (parameters.h) and rules/ (files *.rules, language.md). A
 * later one is laid over those before it: a variable or a parameter of the same name replaces the
 * one below, whole. Nothing here knows a tax, a person of the register or the store.
 *
 * Values are doubles: a number, 0 or 1, the index of an enum's item, or the count of days of a
 * date. A formula is checked once, when its pack is loaded: names, kinds, units, cycles. Everything
 * lives in the arena and is not changed afterwards.
 */
#ifndef WEAL_RULES_MODEL_H
#define WEAL_RULES_MODEL_H

#include "base/arena.h"
#include "base/day.h"
#include "base/map.h"
#include "base/text.h"
#include "rules/parameters.h"
#include "rules/tables.h"

struct rule_place {
  const char *file;
  int line;
};

/* ---- periods and kinds of value ---- */

/* The shortest first. PAY is a week or a month, as whoever asks has it. ASKED is a state, read on
 * the first day of the period of whoever asks; in the annual reading it is the year's. */
enum rule_each {
  EACH_NONE,
  EACH_DAY,
  EACH_WEEK,
  EACH_MONTH,
  EACH_PAY,
  EACH_YEAR,
  EACH_ASKED,
  EACH_ETERNITY,
  EACH_COUNT
};
extern const char *const rule_each_words[EACH_COUNT]; /* "day", ... */

enum rule_kind { KIND_NUMBER, KIND_BOOL, KIND_ENUM, KIND_DATE, KIND_LIST };

/* The kind of a value and its unit: powers of money and of hours, and, for a flow, in each what.
 * `any_unit`: zero and infinity, which take the unit of what they meet. `is_literal`: written as a
 * number or an item, so that a bare number may stand for a variable that is no flow. */
struct rule_type {
  enum rule_kind kind;
  int8_t money, hours;
  enum rule_each flow; /* EACH_NONE: not a flow */
  bool any_unit, is_literal;
  const struct rule_enum *items; /* KIND_ENUM */
};

struct rule_enum {
  const char *name;
  struct rule_place place;
  int count;
  const char *const *items; /* the first is the default */
};

/* An entity: people, or a group of them. The first declared without members is that of people. */
enum { RULE_ENTITIES_MOST = 8, RULE_ROLES_MOST = 8, RULE_PLURALS_MOST = 4 };
struct rule_entity {
  const char *name;
  struct rule_place place;
  int index;
  bool is_group;
  const char *within_name; /* the group in which this one stands whole; null: none */
  int within;              /* its index; -1: none */
  int plural_count, role_count;
  const char *plurals[RULE_PLURALS_MOST], *roles[RULE_ROLES_MOST];
};

/* ---- formulas ---- */

enum rule_op {
  OP_NUMBER,     /* number; type says the unit */
  OP_LOCAL,      /* index: which `let` of the version */
  OP_VARIABLE,   /* variable */
  OP_ITEM,       /* number: of an enum */
  OP_PERIOD_DAY, /* number 0: the first day of the period, 1: the last */
  OP_NAME,       /* before the check: not known yet what */
  OP_OF,         /* args[0], at another entity, `entity` */
  OP_PARAMETER,  /* path: steps */
  OP_SCALE,      /* args[0] OP_PARAMETER, args[1] */
  OP_TOTAL,      /* args[0] OP_PARAMETER of a list */
  OP_TABLE,      /* name, args: keys */
  OP_ADD,
  OP_SUBTRACT,
  OP_MULTIPLY,
  OP_DIVIDE,
  OP_NEGATE,
  OP_LESS,
  OP_LESS_EQUAL,
  OP_EQUAL,
  OP_NOT_EQUAL,
  OP_AND,
  OP_OR,
  OP_NOT,
  OP_AMONG, /* args[0] is one of the others */
  OP_IF,    /* condition, value, condition, value, ..., value */
  OP_MIN,
  OP_MAX,
  OP_ABS,
  OP_FLOOR, /* args[0], to the step args[1] */
  OP_CEIL,
  OP_ROUND,
  OP_CALL, /* function, of args */
  OP_DAY,
  OP_PER,         /* args[0], as a flow in each `each` */
  OP_AT,          /* args[0] OP_VARIABLE, in another period: `shift` */
  OP_SUM_PERIODS, /* args[0] OP_VARIABLE, over `shift.count` periods */
  OP_SUM_MEMBERS, /* members; args[0] value, args[1] condition or null */
  OP_MAX_MEMBERS,
  OP_MIN_MEMBERS,
  OP_COUNT_MEMBERS,
  OP_ANY_MEMBER,
  OP_ALL_MEMBERS,
  OP_RANK, /* args[0] key, args[1] condition or null */
};

struct rule_expr;
struct rule_function;

/* A step of a parameter's path: a name, a number in brackets, or an expression that chooses a child
 * by the item of an enum (or by a whole number). */
struct rule_step {
  struct span name;         /* empty: not a name */
  int number;               /* -1: none */
  struct rule_expr *chosen; /* null: none */
  bool by_period; /* [period]: the child `week`, `month` or `year` of the formula's period */
};

/* Who is gathered over: the members of a group (all, or those with a role), seen from an entity. */
struct rule_members {
  const struct rule_entity *group;  /* whose members */
  const struct rule_entity *member; /* what they are: people, or a smaller group */
  int role;                         /* -1: all */
  const struct rule_entity *from;   /* whose formula it stands in: the group, or one within it */
};

struct rule_shift {
  enum rule_each each;
  int steps;     /* -1: the one before */
  int count;     /* OP_SUM_PERIODS */
  bool is_first; /* the first of the shorter periods in this one */
  bool is_last;
  bool is_on; /* the day `on`, of a state */
  day_t on;
};

struct rule_expr {
  enum rule_op op;
  struct rule_place place;
  struct rule_type type; /* set by the check */
  double number;
  int index; /* OP_LOCAL */
  struct span name;
  const struct rule_variable *variable;
  const struct rule_entity *entity;
  enum rule_each each;
  struct rule_shift shift;
  struct rule_members members;
  const struct rule_table *table;
  const struct rule_function *function; /* OP_CALL; functions.h */
  int arg_count, step_count;
  struct rule_expr **args;
  struct rule_step *steps;
};

struct rule_let {
  struct span name;
  struct rule_expr *value;
  bool divides; /* its value, or a let in it, has a division; set by the check */
};

/* What holds from a day on; `value` null: nothing, so the default. */
struct rule_version {
  day_t from; /* DAY_FIRST: always */
  struct rule_place place;
  int let_count;
  struct rule_let *lets;
  struct rule_expr *value;
  struct span text; /* as it stands in the file */
};

enum rule_rounding { ROUND_NOT, ROUND_NEAREST, ROUND_UP, ROUND_DOWN, ROUND_HALF_DOWN };

/* How a flow of weeks is added up over a year: the weeks that begin on its Mondays; by its days, of
 * the first and last week those that lie in the year (and a yearly one is turned into weeks by the
 * days of its year); or as 52 weeks, since each is 1/52 of what was stated for it. */
enum rule_year { YEAR_MONDAYS, YEAR_BY_DAYS, YEAR_OF_52_WEEKS };

enum { RULE_LAWS_MOST = 4 };
struct rule_variable {
  const char *name, *label; /* label null: none */
  struct rule_place place;
  int index; /* in rules->variables */
  int layer; /* the pack that has it, from 1 */
  const struct rule_entity *entity;
  enum rule_each period;
  struct rule_type type;
  const char *unit; /* as it is written */
  double by_default;
  enum rule_rounding rounding;
  double rounding_step;
  enum rule_year year;
  /* YEAR_OF_52_WEEKS: where this input is above 0; null: always. The name until the check. */
  const char *year_where_name;
  const struct rule_variable *year_where;
  /* `known where X`: where X, of the same entity, is no, the value is not known, and counted as it
   * is computed; null: always known. The name until the check. */
  const char *known_name;
  const struct rule_variable *known;
  int law_count;
  const char *laws[RULE_LAWS_MOST], *addresses[RULE_LAWS_MOST]; /* an address may be null */
  int version_count; /* by day, the earliest first; 0: an input */
  struct rule_version *versions;
  const struct rule_variable *replaces; /* of a pack below; null: none */
};

struct rules {
  struct arena *arena;
  const struct parameters *parameters;
  int entity_count, enum_count, variable_count;
  int layers; /* packs laid over one another */
  const struct rule_entity *entities[RULE_ENTITIES_MOST];
  struct rule_enum **enums;
  struct rule_variable **variables;
  struct map names; /* of variables: index */
  struct rule_tables *tables;
  int year_month, year_day;     /* the day on which a year begins; 1 January unless a pack says */
  int annual_month, annual_day; /* where the annual reading reads parameters */
  bool is_annual;               /* tests and runs read by the year unless they say */
  /* `pack money GBP pounds "£"`; without it the code of the first unit of money is all three */
  const char *money_code, *money_words, *money_sign; /* null: no money yet */
};

enum status rules_load(struct arena *arena, const char *const *packs, int count, struct rules **out,
                       struct error *err) MUST_USE;
/* `read`, which a program that stays up reads once; where it is null, the rules of the folder. */
enum status rules_ready(struct arena *arena, const struct rules *read, const char *pack,
                        const struct rules **out, struct error *err) MUST_USE;
/* Only what packs declare beside their variables: when a year begins, their money, entities. */
enum status rules_load_settings(struct arena *arena, const char *const *packs, int count,
                                struct rules **out, struct error *err) MUST_USE;
/* The same rules with other parameters, or laid over by one more pack; `rules` stays as it is. */
struct rules *rules_with_parameters(struct arena *arena, const struct rules *rules,
                                    const struct parameters *parameters);
enum status rules_lay_over(struct arena *arena, const struct rules *rules, const char *pack,
                           struct rules **out, struct error *err) MUST_USE;

/* Null when there is none. */
const struct rule_variable *rules_variable(const struct rules *rules, struct span name);
/* Refuses a name that no variable has, with the nearest that one has. */
enum status rules_refuse_name(const struct rules *rules, struct span name, struct error *err);
/* By its name or one of its plurals; null when there is none. */
const struct rule_entity *rules_entity(const struct rules *rules, struct span word);
/* The index of an item; -1: none. */
int rule_enum_item(const struct rule_enum *items, struct span name);
/* The period that a parameter or a table names: day, week, month, year; NONE: no such. */
enum rule_each rule_period_named(struct span word);
/* The unit of a parameter or a table: currency-GBP, hour, currency-GBP/hour; any other word is of
 * plain numbers. False: a word that names money other than `money` (null: any), or hours,
 * wrongly. */
bool rule_unit_read(struct span unit, const char *money, struct rule_type *out);
/* The version that holds on a day; null: none. */
const struct rule_version *rule_version_on(const struct rule_variable *v, day_t day);
/* Why no law decides it, where the title of one of `laws` is "none: WHY"; null: a law does. */
const char *rule_no_law(const char *title);
/* `pounds a year`, `hours a week`, `yes or no`: for messages. */
const char *rule_type_words(const struct rules *rules, struct arena *arena,
                            const struct rule_type *type);

#endif
