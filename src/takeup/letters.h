/* Letters to those whom a run found, what came of each, and who wants none.
 *
 *     const struct takeup_writing w = {.store = store, .pack = pack, .by = &by, .run = 3,
 *                                      .today = today, .now = now};
 *     status = takeup_write(arena, &w, &written, &err);       whom it left out is kept with the run
 *     status = takeup_letters_of_run(store, arena, 3, &letters, &count, &err);
 *     status = takeup_letter_document(arena, &reading, letters, count, &document, &err);
 *
 * One letter goes to a unit: an adult, their partner and their children. Two adults of one home who
 * are no couple get a letter each, since neither need know what the other seems due. Nobody is
 * written to who has died, has moved out of the place, does not want it, gets it by now, has
 * claimed it and waits for the answer, or had a letter about any of it within the time that
 * take-up.csv says; nor anybody in whose home somebody lives whom a letter could harm. Whoever is
 * left out may be written to by a later call, once the reason is gone.
 *
 * A letter has no amount: what is known may be wrong, and others may read it. It says what it seems
 * that one may get, how sure that is, and what to do. It is made from its row when it is read, in
 * the language of the row; the person reads it on their own page.
 *
 * Of several calls at once each unit gets one letter: the number of a letter is taken first, for
 * which others who write letters wait.
 */
#ifndef WEAL_TAKEUP_LETTERS_H
#define WEAL_TAKEUP_LETTERS_H

#include "takeup/takeup.h"

/* ---- who wants none ---- */

struct takeup_choice {
  bool refuses; /* wants neither letters nor to be looked for */
  bool unsafe;  /* staff say that a letter could harm them */
};
/* Of all records of the person. */
enum status takeup_choice_of(struct store *store, struct arena *arena, int64_t person,
                             struct takeup_choice *out, struct error *err) MUST_USE;
struct takeup_choosing {
  struct store *store;
  int64_t person;
  /* null: stays as it is, whatever else is written at the same moment */
  const bool *refuses, *unsafe;
  const char *who; /* as in the access log */
  int64_t now;     /* seconds since 1970 */
};
/* In the caller's write transaction. */
enum status takeup_choose(struct arena *arena, const struct takeup_choosing *choosing,
                          struct error *err) MUST_USE;
/* The ids of the records of everybody who refuses; with `unsafe` of whom a letter could harm. */
enum status takeup_chosen(struct store *store, struct arena *arena, bool unsafe, int64_t **out,
                          int *count, struct error *err) MUST_USE;

/* ---- writing ---- */

/* Why somebody is not written to; the words are stored (`left_out`) and never change. */
struct takeup_left_out {
  const char *word, *shown; /* N_()-marked English */
};
extern const struct takeup_left_out takeup_left_outs[]; /* ended by a null word */

struct takeup_writing {
  struct store *store;
  const struct pack *pack;
  const struct access_reader *by;
  int64_t run;
  day_t today;
  int64_t now;
};
struct takeup_written {
  int64_t letters;
  int64_t left_out; /* units to whom none of it is written, by this call */
};
/* In the caller's write transaction. Notes a look at each who is written to, with the purpose of
 * the run. REFUSED at `run`: there is none. */
enum status takeup_write(struct arena *arena, const struct takeup_writing *writing,
                         struct takeup_written *out, struct error *err) MUST_USE;

/* ---- reading ---- */

struct takeup_letter {
  int64_t party, id, run, place;
  day_t on;
  const char *benefits; /* variables with a space between */
  enum language language;
  const char *made_at, *made_by;
};
/* In order of id. */
enum status takeup_letters_of_run(struct store *store, struct arena *arena, int64_t run,
                                  struct takeup_letter **out, int *count,
                                  struct error *err) MUST_USE;
/* To the person, under whichever of their records; the newest first. */
enum status takeup_letters_to(struct store *store, struct arena *arena, int64_t person,
                              struct takeup_letter **out, int *count, struct error *err) MUST_USE;
/* REFUSED at `letter`: there is none of the number in the run. */
enum status takeup_letter_find(struct store *store, struct arena *arena, int64_t run, int64_t id,
                               struct takeup_letter *out, struct error *err) MUST_USE;

struct takeup_reading {
  struct store *store;
  const struct pack *pack;
};
/* The letters one after another, each beginning a page (PDF). Of several the language of the
 * document's own words is the first one's; each letter is in its own. */
enum status takeup_letter_document(struct arena *arena, const struct takeup_reading *reading,
                                   const struct takeup_letter *letters, int count,
                                   struct document **out, struct error *err) MUST_USE;

/* ---- what came of it ---- */

/* Words that are stored, and never change. */
enum takeup_outcome {
  OUTCOME_WAITS,      /* nothing yet */
  OUTCOME_CLAIMED,    /* a claim waits */
  OUTCOME_AWARDED,    /* they get it */
  OUTCOME_REFUSED,    /* claimed, and not entitled */
  OUTCOME_WRONG,      /* what was known of them was wrong */
  OUTCOME_UNANSWERED, /* the time of take-up.csv is over */
  OUTCOMES
};
const char *takeup_outcome_word(enum takeup_outcome outcome); /* `awarded` */
/* N_()-marked English: `Awarded` */
const char *takeup_outcome_shown(enum takeup_outcome outcome);

/* What came of one entitlement of a letter. Where the book knows of an award, of a payment of the
 * category since the letter, or of a claim that was decided, that counts before what staff said;
 * a claim that waits counts after it. */
struct takeup_result {
  int letter; /* which of the letters */
  const char *variable;
  enum takeup_outcome outcome;
  bool is_said;  /* staff said so */
  int64_t pence; /* a year, of an award; 0: not known */
};
struct takeup_results {
  int count;
  struct takeup_result *all;
};
enum status takeup_results_of(struct arena *arena, const struct takeup_reading *reading,
                              const struct takeup_letter *letters, int count, day_t today,
                              struct takeup_results *out, struct error *err) MUST_USE;

struct takeup_saying {
  struct store *store;
  const struct access_reader *by;
  const struct takeup_letter *letter;
  struct span variable;
  enum takeup_outcome outcome;
  int64_t pence; /* a year; 0: not known */
  int64_t now;
};
/* What staff say came of it. In the caller's write transaction. REFUSED at `benefit`: the letter is
 * not about it. */
enum status takeup_say(struct arena *arena, const struct takeup_saying *saying,
                       struct error *err) MUST_USE;

/* Adds the tables of a run's letters, of whom nobody wrote to and why, and of what came of them by
 * entitlement. Names nobody. */
struct takeup_outcomes_of {
  const struct takeup_reading *reading;
  int64_t run;
  day_t today;
};
enum status takeup_add_outcomes(struct arena *arena, struct document *d, enum language language,
                                const struct takeup_outcomes_of *of, struct error *err) MUST_USE;

#endif
