/* Profiles of published files: what a council's own headings mean. They are in the policy pack's
 * folder `profiles`, one file for each publisher and kind.
 *
 * A profile is CSV, `rule,published,means,note`, in any order
 * (docs/how-to/import-published-spending.md shows how to write one):
 *
 *     kind,,spend,where the files come from             what they are: spend, budget or entries
 *     column,Supplier Name,supplier,  a heading and its meaning; `-`: known, but not kept
 *     date,31/03/2014,dd/mm/yyyy,                       a form of days, with an example (forms.h)
 *     money,"1,234.56",thousands,  a form of amounts beyond 1234.56, with an example (forms.h)
 *     scale,,1000,                                      amounts are in thousands
 *     at-least,,7,
 *         a header has this many known headings (2 when not said): common ones alone are not this
 *         publisher's
 *     absent,00:00:00,date,                             a value that means nothing is given
 *     keep,block,service_expenditure,
 *         only rows that have this in that column; several: any of them, in every column named
 *     leave-out,Expenditure Category,xxx,  rows that have this in that column (no column: anywhere)
 *     total,line,TOTAL SERVICE EXPENDITURE,             rows that have the sum of others
 *     total-within,ons_code,,  the column whose value says which rows; several: together
 *     known-difference,E07000124 2023-24,-1,
 *         lines less total, in the published unit, where the publisher's own figures differ
 *     category,Education services,education-services,   a published value and our category
 *     column,VAT,vat,                                   comes off the amount, which holds it
 *     body,OCC,oxford,                                  a published name and our body
 *     body,,oxford,                                     the body of rows that have none
 *     new-body,,council,  bodies that are not registered are added, as this kind
 *     vat,,without,                     whether the amounts hold VAT that the body gets back: with,
 *         without or not-said; it is information, and shown
 *     publisher,,testham,version 2 of the profile
 *         the body whose files they are, where a profile goes from one book to another
 *     redacted,Name withheld,,
 *         a name that means the payee is withheld, besides any name with the word `redacted`
 *
 * Of a body's own export, whose rows are entries of people (own_export.h):
 *
 *     column,Client No,person,                          a number of the person
 *     scheme,Client No,nhs,       which one; without it the cells are ids, or SCHEME:VALUE
 *     column,Surname,surname,     or `name` of one column; also forename, born, postcode
 *     category,,home-care,        of rows that have none; so for service and body
 *     service,Personal care,home-care,                  a value of the file and our service
 *     unit,,minutes,              what the file's quantity counts: minutes, hours, hours:minutes,
 *                                 or what the service is counted in, such as visit
 *     each,,30,                   so many minutes is one of that unit
 *
 * Headings are compared without regard to case, blanks and punctuation; a column without a heading
 * is padding. Where a header has one twice, `Supplier Name#2` is the second; `@7` is the seventh
 * column, whatever its heading. A profile knows a header when it knows every heading in it and the
 * header has the columns that the kind needs.
 */
#ifndef WEAL_EXCHANGE_PROFILE_H
#define WEAL_EXCHANGE_PROFILE_H

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"

enum profile_rule_kind {
  RULE_KIND,
  RULE_COLUMN,
  RULE_DATE,
  RULE_MONEY,
  RULE_SCALE,
  RULE_ABSENT,
  RULE_KEEP,
  RULE_LEAVE_OUT,
  RULE_TOTAL,
  RULE_TOTAL_WITHIN,
  RULE_KNOWN_DIFFERENCE,
  RULE_CATEGORY,
  RULE_BODY,
  RULE_NEW_BODY,
  RULE_REDACTED,
  RULE_AT_LEAST,
  RULE_VAT,
  RULE_PUBLISHER,
  RULE_SCHEME,
  RULE_SERVICE,
  RULE_UNIT,
  RULE_EACH,
  RULE_COUNT
};

/* What a column can mean. */
enum meaning {
  MEANS_DATE,
  MEANS_YEAR,
  MEANS_BODY,
  MEANS_BODY_NAME,
  MEANS_SUPPLIER,
  MEANS_STREAM,
  MEANS_AMOUNT,
  MEANS_CATEGORY,
  MEANS_DEPARTMENT,
  MEANS_DESCRIPTION,
  MEANS_CONDITIONS,
  MEANS_REFERENCE,
  MEANS_COMPANY, /* the payee's company number */
  MEANS_PLACE,
  MEANS_PERSON,
  MEANS_NAME,
  MEANS_FORENAME,
  MEANS_SURNAME,
  MEANS_BORN,
  MEANS_POSTCODE,
  MEANS_SERVICE,
  MEANS_QUANTITY,
  MEANS_VAT, /* comes off the amount, which holds it */
  MEANS_NOTHING,
  MEANS_COUNT
};
extern const char *const meaning_words[MEANS_COUNT];

struct profile_rule {
  enum profile_rule_kind kind;
  const char *published, *means;
  const char *note;     /* for whoever reads it */
  const char *key;      /* `published` as headings are compared */
  uint64_t line;        /* of the profile's file; 0: none */
  enum meaning meaning; /* of column and absent */
};

struct profile {
  const char *name; /* the file's, without .csv */
  bool budget;      /* else spend, but for: */
  bool people;      /* entries of people */
  int64_t scale, at_least;
  unsigned money_forms; /* of forms.h, allowed */
  bool month_first;
  bool recognised;       /* made of the file's own headings and cells (recognise.h) */
  const char *new_body;  /* kind of new bodies; null: none are added */
  const char *publisher; /* code of the body whose files they are; null: not said */
  const char *vat;       /* with, without; null: not said */
  int64_t body;          /* kept in the book as this body's; 0: a file's, or the pack's */
  struct profile_rule *rules;
  int rule_count;
};

struct profiles {
  struct profile *all;
  int count;
};

/* The word of its kind: spend, budget or entries. */
const char *profile_kind_word(const struct profile *profile);

/* Reads DIR/profiles/ (none: no profiles), in order of name. REFUSED with FILE:LINE: COLUMN for a
 * wrong row of a profile. */
enum status profiles_read(struct profiles **out, const char *pack_dir, struct arena *arena,
                          struct error *err) MUST_USE;

/* One file of rules, such as `--profile FILE`. */
enum status profile_read_file(struct profile **out, const char *path, struct arena *arena,
                              struct error *err) MUST_USE;
/* The same of rules that the book keeps, under a name for messages. */
enum status profile_read_rules(struct profile **out, const char *name, struct span rules,
                               struct arena *arena, struct error *err) MUST_USE;
/* REFUSED with the line at fault when it could read no file: no column has a payment's amount or
 * payee (of a budget, an amount or a stream; of entries, the person or the category), a heading is
 * kept and not kept. */
enum status profile_check(const struct profile *profile, const char *path,
                          struct error *err) MUST_USE;
/* REFUSED with the rule's line when a rule gives rows without a body to another one than `code`. */
enum status profile_check_body(const struct profile *profile, const char *code, const char *path,
                               struct error *err) MUST_USE;
/* Takes such a rule out: the body that the book keeps the profile for stands in its place. */
void profile_forget_body(struct profile *profile);
/* Its rules as CSV, one form for one meaning: notes of the kind only, since those of columns quote
 * payments; without a body of rows that have none, for whoever keeps it or shares it says whose it
 * is. `publisher`: a body's code that a rule of that name gets, with a note; null: none. */
void profile_write(const struct profile *profile, const char *publisher, const char *note,
                   struct text *out);
/* A rule's heading as it is compared: lower-case letters and digits, and `#2` or `@7` (above). */
const char *profile_rule_key(struct arena *arena, const char *published);

/* ---- a header ---- */

/* One record of the file. */
struct record_cells {
  struct span *cells;
  int count;
  uint64_t line;
  uint64_t trimmed; /* a bit for each column that had blanks around it */
};

enum { LAYOUT_JOINED = 4 }; /* columns that may share a meaning whose texts can be joined */

/* The columns of a file in which a profile finds its meanings. */
struct layout {
  const struct profile *profile;
  /* cells of the header, padding at its end left out */
  int width;
  bool *padding;     /* by column */
  const char **keys; /* by column */
  int column[MEANS_COUNT][LAYOUT_JOINED], column_count[MEANS_COUNT];
  /* by rule: the column it reads; -1: this file has none, or any column */
  int *rule_column;
  /* by keep rule: the next one of its column, -1: none; and whether it is the first of it */
  int *keep_next;
  bool *keep_first;
};

/* How a rule names a column of the header: its heading, with `#2` where an earlier column has the
 * same; `@7` where it has none. */
const char *profile_heading(struct arena *arena, const struct record_cells *header, int column);

/* Whether its rules name columns by their place alone: for files without a header. */
bool profile_by_place(const struct profile *profile);

/* Which columns a file may lack because --body or --date is given. */
struct stand_ins {
  bool body, date;
};
/* Whether the profile knows the header. */
bool profile_knows(const struct profile *profile, const struct record_cells *header,
                   struct stand_ins given, struct arena *arena, struct layout *out);

/* Refuses with a message about the profile that comes nearest to any of the records: which headings
 * it does not know, which it misses; with the record's line. */
enum status profiles_refuse(const struct profiles *profiles, bool budget,
                            const struct record_cells *records, int count, struct stand_ins given,
                            struct arena *arena, struct error *err);
/* The same of one profile: adds how it differs from the record that comes nearest, whose line it
 * gives. */
void profile_unlike(const struct profile *profile, const struct record_cells *records, int count,
                    struct stand_ins given, struct arena *arena, struct text *why, uint64_t *line);

#endif
