/* Parameters: dated values of the law, as trees of files.
 *
 * A tree is a folder of YAML files in OpenFisca's format. A parameter's path is its folders, its
 * file's name (index.yaml: the folder itself) and the keys within the file, joined by dots; a
 * bracket of a scale is path[2], counted from 0, with children threshold, rate, amount.
 *
 *     struct parameters *tree;
 *     status = parameters_load(arena, "policy/uk/parameters", &tree, &err);
 *     const struct parameter *p = parameters_find(tree, span_of("gov.hmrc.child_benefit.amount"));
 *     const struct parameter_entry *now = parameter_on(p, day);        null: before its first value
 *
 * Everything lives in the arena. A tree is not changed once it is loaded: others are laid over it.
 */
#ifndef WEAL_RULES_PARAMETERS_H
#define WEAL_RULES_PARAMETERS_H

#include "base/arena.h"
#include "base/day.h"
#include "base/text.h"

enum parameter_kind { PARAMETER_NODE, PARAMETER_VALUES, PARAMETER_SCALE };

/* What one dated entry holds. NONE: the parameter ends. */
enum parameter_form { FORM_NONE, FORM_NUMBER, FORM_BOOL, FORM_TEXT, FORM_LIST, FORM_MAP };

struct parameter_value {
  enum parameter_form form;
  double number;    /* FORM_NUMBER; FORM_BOOL: 0 or 1 */
  const char *text; /* FORM_TEXT, and a number as it is written in the file */
  int count;        /* FORM_LIST, FORM_MAP */
  const struct parameter_value *items;
  const char *const *keys; /* FORM_MAP */
};

struct parameter_reference {
  const char *title, *href; /* either may be null */
};

struct parameter_entry {
  day_t from; /* DAY_FIRST for 0000-01-01 and 0001-01-01 */
  struct parameter_value value;
  bool is_estimated; /* by an index, not stated in the file */
  int line;          /* of the file; 0 where it was computed */
  int reference_count;
  const struct parameter_reference *references;
  const char *note; /* null: none */
};

/* How values after the last stated one follow from another series. */
enum parameter_rounding { ROUNDING_NONE, ROUNDING_NEAREST, ROUNDING_UP, ROUNDING_DOWN };
struct parameter_uprating {
  const char *index; /* a path; null: by its own growth over a year */
  day_t start;       /* from the value of this day; DAY_NONE: from the last stated one */
  enum parameter_rounding rounding;
  double interval; /* to a multiple of it */
  int line;
};

struct parameter {
  enum parameter_kind kind;
  const char *path, *name;
  const char *file; /* as it was opened */
  int line;
  const char *description, *label; /* null: none */
  const char *unit, *period;       /* of its values, also where a parent says it; null: none */
  /* PARAMETER_SCALE: marginal_rate, average_rate, single_amount, marginal_amount; where the file
   * does not say, the first, or the last where brackets have amounts. Null for others. */
  const char *scale_type;
  int reference_count;
  const struct parameter_reference *references;
  int entry_count; /* PARAMETER_VALUES: by day, the earliest first; uprated ones among them */
  const struct parameter_entry *entries;
  int expected_count; /* days from which a value is expected that is not known yet */
  const day_t *expected;
  const struct parameter_uprating *uprating; /* null: none; also where a parent says it */
  bool blends_years; /* in the annual reading: the mean of the days of the year */
  bool for_children; /* what it says of unit, period and uprating holds for those below it too */
  int child_count;   /* nodes: in order of name; scales: brackets in order of the file */
  struct parameter *const *children;
};

struct parameters;

/* Loads a folder. REFUSED with file, line and column. Where the folder, or the one that it lies in,
 * has a file indices.yaml, its rows make further series (policy/uk/indices.yaml says how). */
enum status parameters_load(struct arena *arena, const char *folder, struct parameters **out,
                            struct error *err) MUST_USE;
/* Where a tree comes from, and what is to be said of it. */
struct parameters_report {
  int files, parameters, scales, stated, estimated; /* the last two: dated values */
  int fault_count; /* all; the first LIMIT_REJECTS_PRINTED are kept */
  struct error *faults;
};
struct parameters_source {
  const char *folder;
  const char *indices; /* a file of rows, for a folder that brings none of its own; null: none */
  /* null: the first fault ends the reading. Else every file is read, what is at fault is left out
   * of the tree, and a fault of a file or an uprating is noted here. */
  struct parameters_report *report;
};
enum status parameters_load_from(struct arena *arena, const struct parameters_source *source,
                                 struct parameters **out, struct error *err) MUST_USE;
/* A tree in which the files of another folder stand over those of `under`: a parameter of the same
 * path replaces the one below, whole, and so does a row of its indices.yaml (in the folder, or
 * beside a folder `parameters`). `under` stays as it is. */
enum status parameters_lay_over(struct arena *arena, const struct parameters *under,
                                const char *folder, struct parameters **out,
                                struct error *err) MUST_USE;
/* What the layers of a tree replaced, in the order in which they were laid over. */
struct parameter_replaced {
  const struct parameter *before, *now;
  const struct parameter_replaced *next;
};
const struct parameter_replaced *parameters_replaced(const struct parameters *tree);
/* A copy in which one parameter has a value from one day to before another; `under` stays as it is.
 * What is not named is shared; where others follow it as an index, they are made anew. REFUSED when
 * there is no such path. */
struct parameter_override {
  struct span path;
  day_t from, to; /* DAY_LAST: for good */
  struct parameter_value value;
};
enum status parameters_override(struct arena *arena, const struct parameters *under,
                                const struct parameter_override *all, int count,
                                struct parameters **out, struct error *err) MUST_USE;

/* Of no tree (null): null, as of the two below. */
const struct parameter *parameters_root(const struct parameters *tree);
/* Null when there is none. */
const struct parameter *parameters_find(const struct parameters *tree, struct span path);
/* Refuses a path that is none, with the nearest that is one. */
enum status parameters_refuse_path(const struct parameters *tree, struct span path,
                                   struct error *err);
/* The path most like the one asked for; null when none is alike. For messages. */
const char *parameters_nearest(const struct parameters *tree, struct span path);
const struct parameter *parameter_child(const struct parameter *p, struct span name);
const struct parameter_entry *parameter_on(const struct parameter *p, day_t day);

/* How a model of whole years reads a parameter: the value of one day, and for those that blend
 * their years (fiscal_year_blend) the mean of the year's days. */
struct parameter_year {
  day_t at, first, last;
};
/* FORM_NONE where it has ended, or has no value yet: a formula refuses it then. */
struct parameter_value parameter_in_year(const struct parameter *p,
                                         const struct parameter_year *year);

#endif
