/* Whom a row of a body's own file means, where name, birth date and postcode leave it unsure
 * (register/person_match.h): the questions that wait, and what people decided.
 *
 *     status = person_decisions_read(&decisions, store, words, arena, &err);
 *     is = person_resolve(index, decisions, body, &told, found, &count, &decided);
 *
 * A question is of one body, one name, birth date and postcode as the body's files say them, and
 * one person of the register. The answer `same` holds for every later file of that body with the
 * same three; names are compared as person_match.h reads them. `different` takes the person out of
 * the choice, `open` takes an answer back. Nothing is ever changed: the last row holds.
 */
#ifndef WEAL_REGISTER_PERSON_DECISIONS_H
#define WEAL_REGISTER_PERSON_DECISIONS_H

#include "base/map.h"
#include "register/person_match.h"

enum person_answer { ANSWER_OPEN, ANSWER_SAME, ANSWER_DIFFERENT, PERSON_ANSWERS };
extern const char *const person_answer_words[PERSON_ANSWERS]; /* open, same, different */
bool person_answer_parse(struct span word, enum person_answer *out);

struct person_decision {
  int64_t id;           /* of the row; 0: not written yet */
  int64_t first;        /* of the first row of its question */
  int64_t body, person; /* body 0: none */
  const char *name;
  day_t born;           /* DAY_NONE: the file does not say */
  const char *postcode; /* empty: the file does not say */
  const char *how;      /* person_agrees_write */
  enum person_answer answer;
  const char *reason, *at, *by; /* RFC 3339; as in the access log */
};

struct person_decisions {
  struct person_decision *all; /* the newest of each question; in the order of their ids */
  int count, capacity;
  const struct pack_name_words *words;
  struct arena *arena;
  struct map question; /* by its text, to the index in `all` */
  struct map who;      /* by body and whom the row tells of, to the last index in `all` */
  int *before;         /* by index in `all`: the one before it of the same row; -1: none */
  int before_capacity;
  int64_t last; /* the highest id that was read */
};
/* Waits for others who decide; until the end of the caller's write transaction no more is decided
 * by anybody else. For whoever reads what stands before they decide. */
enum status person_decisions_hold(struct store *store, struct error *err) MUST_USE;
enum status person_decisions_read(struct person_decisions *out, struct store *store,
                                  const struct pack_name_words *words, struct arena *arena,
                                  struct error *err) MUST_USE;

/* As person_index_find, with what was decided for the body. *decided: somebody said whom it
 * means, or, where it means nobody, that those whom it may mean are not meant. */
enum person_is person_resolve(const struct person_index *index,
                              const struct person_decisions *decisions, int64_t body,
                              const struct person_told *told, struct person_found *found,
                              int *count, bool *decided);

/* Writes an answer, or with ANSWER_OPEN a question, in the caller's write transaction, after
 * reading what others decided since. *changed:
 * false when it is answered so already; a question that has an answer is left as it is where
 * `asks`. REFUSED: `same` where another person was found to be the same for this row; no name. */
struct person_answering {
  struct person_decision decision; /* id and at are not read */
  bool asks;                       /* an import asks; nobody takes an answer back */
};
enum status person_decide(struct person_decisions *decisions, struct store *store,
                          const struct person_answering *answer, bool *changed,
                          struct error *err) MUST_USE;

#endif
