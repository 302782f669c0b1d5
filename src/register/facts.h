/* Facts told once: what rules need to know of a person or a household and no line of the book says
 * (earnings, rent, a disability, hours of care, who is whose partner). Each is dated, with who said
 * it and what shows it. What can be told is rows of the pack (policy/uk/tellable.csv).
 *
 *     struct fact_telling telling = {.person = person, .pack = pack,
 *         .what = pack_find_tellable(pack, span_of("rent")),
 *         .value = span_of("650"), .per = span_of("month"), .from = from, .to = DAY_NONE,
 *         .review_by = DAY_NONE, .today = today, .source = FACT_TOLD, .said_as = FACT_BY_SELF,
 *         .said_by = "id:P000001", .teller = person};
 *     status = fact_tell(store, arena, &telling, &told, &err);
 *     ...
 *     status = facts_of_person(store, arena, person, day, &facts, &err);
 *     struct fact_known rent = facts_known(&facts, "rent", day);
 *     if (rent.fact) ... rent.fact->value ...                        else it is not known: ask
 *
 * Nothing is ever changed: a correction is a new fact that names the one it supersedes, and so is a
 * withdrawal, which has no value. On a day what a body decided comes before what was evidenced,
 * that before what was told, that before what was estimated; of several the one recorded last. Past
 * its last day, or past the day by which it is to be reviewed, it is not known and asked again. An
 * amount that the law sets anew each April (pack_tell_lasts) is to be reviewed by then, whatever
 * day is given: a State Pension of 2025 says nothing certain of one of 2026.
 *
 * A fact of a household is about everybody who lives there: it is told by one of them, or for them.
 * Functions that write run inside the caller's write transaction. REFUSED sets err->column to
 * variable, value, per, from, to, review_by, evidence, body or fact.
 */
#ifndef WEAL_REGISTER_FACTS_H
#define WEAL_REGISTER_FACTS_H

#include "base/arena.h"
#include "base/day.h"
#include "pack/pack.h"
#include "store/store.h"

/* What a fact rests on, in order: one before the others counts. */
enum fact_source { FACT_DECISION, FACT_EVIDENCED, FACT_TOLD, FACT_ESTIMATED, FACT_SOURCES };
/* Who said it. An operator is whoever runs the program on its machine. */
enum fact_sayer {
  FACT_BY_SELF,
  FACT_BY_HELPER,
  FACT_BY_OFFICER,
  FACT_BY_BODY,
  FACT_BY_OPERATOR,
  FACT_SAYERS
};
const char *fact_source_word(enum fact_source source); /* `decision` */
const char *fact_sayer_word(enum fact_sayer sayer);    /* `self` */
/* REFUSED at `source`: no such word. */
enum status fact_source_parse(struct span word, enum fact_source *out, struct error *err) MUST_USE;

struct fact {
  int64_t party, id; /* party: a person or a household */
  const char *variable;
  const char *value; /* null: a withdrawal. Of a relation: `person`, or `none` */
  enum tell_per per;
  int64_t other;  /* of a relation: whom it is to; 0: nobody */
  day_t from, to; /* both included; to DAY_NONE: until further notice */
  const char *said_by;
  enum fact_sayer said_as;
  int64_t teller, body; /* 0: none */
  enum fact_source source;
  const char *evidence;  /* null: none */
  day_t review_by;       /* DAY_NONE: never */
  const char *said_at;   /* RFC 3339 */
  int64_t supersedes;    /* 0: none */
  int64_t superseded_by; /* 0: it stands, unless it is a withdrawal */
};
struct facts {
  struct fact *all; /* in order of id */
  int count;
  int64_t household; /* facts_of_person: what is of this party is the home's; 0: they have none */
};

/* ---- telling ---- */

/* Whom it is about, where the caller has looked already: an import of many. */
struct fact_subject {
  int64_t party;    /* the person, or the household */
  day_t born, died; /* of the person; DAY_NONE: not known */
};
/* Numbers that are taken some at a time, for many facts of one transaction. Zeros to begin with. */
struct fact_numbers {
  int64_t next, left;
};
struct fact_telling {
  int64_t person; /* about whom, any record; of a household's fact: who lives in it on `from` */
  const struct pack *pack;
  const struct pack_tellable *what; /* of the pack */
  struct span value, per;           /* per empty: the usual one */
  day_t from, to;                   /* from DAY_NONE: today, or of TELL_DAY the day that is told */
  /* DAY_NONE: as many months after today as the pack says; never past the next uprating of an
   * amount that has one */
  day_t review_by;
  day_t today;
  enum fact_source source;
  struct span evidence;
  enum fact_sayer said_as;
  const char *said_by;                /* as in the access log */
  const struct fact_subject *subject; /* null: read by `person` */
  struct fact_numbers *numbers;       /* null: one is taken for this fact */
  int64_t teller;                     /* in whose name: the person, also of a helper's; 0: none */
  int64_t body;                       /* of an officer or a body; else 0 */
};
struct fact_told {
  int64_t party, id;
  bool same;        /* the same sayer had told just that: nothing was added */
  int64_t corrects; /* the same sayer's other value from that day, which is superseded; 0: none */
  int64_t differs;  /* another sayer's of the same rank that says otherwise of the same days; 0 */
};
/* Whom a relation is to: by themself or a helper named by the reference alone; by others by any
 * number (`nhs:...`). REFUSED: who says it may not tell it; a value of another form or out of
 * bounds; a day in the
 * future, before birth or after death; a last day before the first; nobody who is registered; no
 * household; the same sayer told another value from a later day on, and this one has no end. */
enum status fact_tell(struct store *store, struct arena *arena, const struct fact_telling *telling,
                      struct fact_told *out, struct error *err) MUST_USE;

/* Whether the value and its period are what can be told of it, and the value as it would be kept
 * (`1450.00` of a typed `£1,450`), in the arena; nothing is written. Of the telling `pack`, `what`,
 * `value`, `per` and `today` are read. A relation's value is kept as it is, and only must not be
 * empty. REFUSED at `value` or `per`, as fact_tell. */
enum status fact_read_value(struct arena *arena, const struct fact_telling *telling,
                            const char **kept, struct error *err) MUST_USE;

/* A fact of the person, or of the household in which they live today, by its number. REFUSED at
 * `fact`: they have none such. */
enum status fact_find(struct store *store, struct arena *arena, int64_t person, int64_t id,
                      struct fact *out, struct error *err) MUST_USE;
/* Who would correct or withdraw a fact. */
struct fact_changer {
  enum fact_sayer as;
  int64_t teller; /* of FACT_BY_SELF and FACT_BY_HELPER: the person, their record that counts */
  int64_t body;   /* of FACT_BY_OFFICER */
};
/* Whether whoever it is may correct or withdraw it. What was told may be changed by the person who
 * told it and by who helps them: another of the home tells their own answer beside it, and where
 * the two differ somebody decides. What an officer recorded may be changed by officers of the same
 * body; what a body decided by nobody: that takes a case. The operator may do all but that. REFUSED
 * at `fact`. */
enum status fact_may_change(struct store *store, const struct fact *fact,
                            const struct fact_changer *by, struct error *err) MUST_USE;
/* `telling` as for fact_tell, of the fact's variable; a day that is DAY_NONE is the fact's own.
 * Another value from a later day on is what changed then: the fact still holds of the days before,
 * and out->corrects is not it. REFUSED too: the fact was corrected or withdrawn meanwhile. */
enum status fact_correct(struct store *store, struct arena *arena, const struct fact *fact,
                         const struct fact_telling *telling, struct fact_told *out,
                         struct error *err) MUST_USE;
/* Of `telling` only who says it and `evidence` (why) count. *id: of the withdrawal. */
enum status fact_withdraw(struct store *store, const struct fact *fact,
                          const struct fact_telling *telling, int64_t *id,
                          struct error *err) MUST_USE;

/* ---- reading ---- */

/* All that was ever told of a person, over all their records, and of the household in which they
 * live on `day`. */
enum status facts_of_person(struct store *store, struct arena *arena, int64_t person, day_t day,
                            struct facts *out, struct error *err) MUST_USE;

/* What was known at a moment in the past: of facts that were recorded in the second of `at` those
 * up to the number `last`. Drops what was told later, and lets stand what that took the place of.
 */
struct facts_moment {
  const char *at; /* RFC 3339, as in the table */
  int64_t last;
};
void facts_until(struct facts *facts, const struct facts_moment *moment);

/* Calls `take` for each fact that stands, of everybody, in order of party and id; in the caller's
 * snapshot, with nothing else running on the store meanwhile. What it is given lives until it
 * returns. */
struct fact_owner {
  const char *code;
  bool is_household;
};
typedef enum status fact_take(void *context, const struct fact *fact,
                              const struct fact_owner *owner, struct error *err);
enum status facts_each(struct store *store, fact_take *take, void *context,
                       struct error *err) MUST_USE;

/* Calls `take` for each fact that holds on the day of everybody, in order of party and id: all that
 * facts_known and facts_people choose from. Of the fact only party, id, variable, value, per,
 * other, from, source and said_as are read. In the caller's snapshot, as facts_each. */
typedef enum status fact_take_one(void *context, const struct fact *fact, struct error *err);
enum status facts_each_on(struct store *store, day_t day, fact_take_one *take, void *context,
                          struct error *err) MUST_USE;

/* What was told of the households in which one record lived, as far as it holds on a day on which
 * they lived there; of what others told only what they had told before the person left. */
enum status facts_of_homes(struct store *store, struct arena *arena, int64_t record,
                           struct facts *out, struct error *err) MUST_USE;

/* Whether it is neither a withdrawal nor superseded. */
static inline bool fact_stands(const struct fact *fact) {
  return fact->value && !fact->superseded_by;
}
/* More than the word of one person: evidenced, decided, or said by the operator. What staff write
 * down as told is the word of who told them. */
static inline bool fact_is_shown(const struct fact *fact) {
  return fact->source <= FACT_EVIDENCED || fact->said_as == FACT_BY_OPERATOR;
}
struct fact_known {
  const struct fact *fact;    /* null: not known */
  const struct fact *differs; /* of the same rank, by another sayer, with another value; null */
  const struct fact *past;    /* not known: what it was, past its last day or its review; null */
};
/* What is known of a variable on a day. Of TELL_PEOPLE there is one for each other person: ask
 * facts_people. */
struct fact_known facts_known(const struct facts *facts, const char *variable, day_t day);
/* The facts of a TELL_PEOPLE variable that hold on a day, one for each other person, or the one
 * that says `none`. *count 0: not known. */
void facts_people(const struct facts *facts, struct arena *arena, const char *variable, day_t day,
                  const struct fact ***out, int *count);

/* Adds the value as a citizen reads it: `£650.00 a month`, `Yes`, `Band B`. Of a relation the word
 * for nobody, or nothing: whom it is to the caller knows. */
void text_add_fact_value(struct text *out, const struct pack *pack, const struct fact *fact,
                         enum language language);

#endif
