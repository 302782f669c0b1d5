/* What the store holds about people, compiled from schema/personal.csv by script/personal: the
 * statements that erase it and those that read it for the person's own copy. A column without a row
 * there fails the build. docs/reference/personal-data.md shows the same rows to people.
 *
 *     for (const struct personal_erasure *e = personal_erasures; e->sql; e++) ...
 *
 * ?1 of each statement is what its tie says. The statements name tables of other folders: this is
 * the one place that may, since the declaration is about all tables at once.
 */
#ifndef WEAL_PRIVACY_PERSONAL_H
#define WEAL_PRIVACY_PERSONAL_H

enum personal_tie {
  PERSONAL_PARTY,    /* ?1: party id of one record */
  PERSONAL_WHO,      /* ?1: `id:CODE` of one record */
  PERSONAL_ACCOUNT,  /* ?1: one of the record's accounts */
  PERSONAL_HOUSEHOLD /* ?1: party id of a household that the record lived in; reads only */
};

/* In the order in which they run. A statement of PERSONAL_WHO puts the text ?2 in the place of the
 * reference, in rows of the moments from ?3 up to, and without, ?4 (RFC 3339 or a part of it). */
struct personal_erasure {
  enum personal_tie tie;
  const char *table, *sql; /* sql null: the end */
};
extern const struct personal_erasure personal_erasures[];

/* The tables of which an erasure takes something; ended by null. */
extern const char *const personal_tables[];

/* How a value is shown. */
enum personal_shown {
  PERSONAL_AS_TEXT,  /* the program's own words, codes and moments, or the person's name */
  PERSONAL_AS_WORDS, /* what somebody wrote: other people are sought in it and withheld */
  PERSONAL_AS_NUMBER,
  PERSONAL_AS_DAY,       /* day_t */
  PERSONAL_AS_MOMENT,    /* seconds since 1970 */
  PERSONAL_AS_PERSON,    /* party id: the person's own code, or withheld */
  PERSONAL_AS_WHO,       /* `id:CODE`: the person's own, or withheld; any other text as it is */
  PERSONAL_AS_NAME,      /* of whoever the row's reference names: the person's own, or withheld */
  PERSONAL_AS_HOUSEHOLD, /* ids: their codes */
  PERSONAL_AS_PLACE,
  PERSONAL_AS_BODY,
  PERSONAL_AS_CATEGORY,
  PERSONAL_AS_JSON, /* an object of texts that somebody wrote, as text */
  PERSONAL_AS_HEX,  /* bytes */
  PERSONAL_AS_FILE  /* bytes that become a file of their own */
};
struct personal_column {
  const char *name;
  enum personal_shown shown;
};
struct personal_read {
  enum personal_tie tie;
  const char *table, *file, *sql; /* sql null: the end */
  const struct personal_column *columns;
  int count;
};
extern const struct personal_read personal_reads[];

#endif
