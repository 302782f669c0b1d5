/* Who belongs together on a day, by what was told (register/facts.h): a benefit unit is an adult,
 * their partner and the children for whom they are responsible. It is never inferred from an
 * address; what nobody told is a question, and not an answer.
 *
 *     status = register_unit_on(store, arena, person, day, &unit, &err);
 *     for (int i = 0; i < unit.member_count; i++) ... unit.members[i] ...
 *     for (int i = 0; i < unit.question_count; i++) ... ask unit.questions[i] ...
 *
 * Whoever names somebody as theirs learns nothing of them by that: nothing that is known of the
 * other may be used before more than one word says that they belong together (`attested`). A
 * partner says so too; a child or another adult lives in the same home; or an organisation told,
 * evidenced or decided it. Until then there is a question that `confirms`.
 *
 * Whoever died on the day or before it belongs with nobody.
 *
 * A child is under 16, and counts until 1 September after that birthday whatever they do; between
 * then and 20 they count as long as they are in full-time education that is not advanced, as a
 * university's is, or in approved training (Child Benefit (General) Regulations 2006, regulations 3
 * and 4; the day of their course is the rules' business).
 */
#ifndef WEAL_REGISTER_BENEFIT_UNIT_H
#define WEAL_REGISTER_BENEFIT_UNIT_H

#include "base/arena.h"
#include "base/day.h"
#include "register/facts.h"
#include "store/store.h"

enum unit_role { UNIT_ADULT, UNIT_PARTNER, UNIT_CHILD };
const char *unit_role_word(enum unit_role role); /* `adult` */

struct unit_member {
  int64_t person;
  enum unit_role role;
  bool attested; /* false: nothing of them may be used yet, and a question confirms */
  /* of a partner: attested; of a child: it is known that they count. False: there is a question */
  bool confirmed;
  /* of a child: somebody else, who is not the partner, says so too, attested. The child is with
   * whoever shows it, else with who has said so the longest, which a correction or a second telling
   * does not change; with the other nothing of them may be used */
  bool contested;
};
/* The adult, or a partner of whom something may be used. */
static inline bool unit_member_is_adult(const struct unit_member *m) {
  return m->role != UNIT_CHILD && m->attested;
}
/* What is not known: a variable of tellable.csv, or `date_of_birth`, of a person. */
struct unit_question {
  int64_t person;
  const char *variable;
  bool confirms; /* whether the person belongs with them, as somebody says */
};
struct benefit_unit {
  int64_t person; /* the adult: of a child who was asked for, whoever is responsible; 0: nobody */
  int64_t household;           /* where they live on the day; 0: not known */
  struct unit_member *members; /* the adult, their partner, children by id */
  int member_count;
  int64_t *non_dependants; /* other adults who live with them, attested, by id */
  int non_dependant_count;
  /* somebody else says, attested, that an adult of the unit lives with them as a non-dependant, and
   * the unit does not say the same of them: who must pay for the home is not known by that */
  bool is_named;
  /* register_unit_housemates only, from here to `owing`.
   * Another adult, of 18 or more, lives in the same home, or one of the two names the other as a
   * non-dependant or child of theirs: whether the unit owes the council tax is not known by living
   * there (Local Government Finance Act 1992, section 6). Nobody below 18 owes it. */
  bool shares_home;
  /* so many of them live in the same home and are known to owe it too (`owes_council_tax`, told by
   * themselves or their partner); looked up only of a unit of which it was told */
  int owing_count;
  int64_t *owing; /* them, in no order */
  struct unit_question *questions;
  int question_count;
};
enum status register_unit_on(struct store *store, struct arena *arena, int64_t person, day_t day,
                             struct benefit_unit *out, struct error *err) MUST_USE;
/* The same by what was told until a moment (null: until now). */
enum status register_unit_until(struct store *store, struct arena *arena, int64_t person, day_t day,
                                const struct facts_moment *until, struct benefit_unit *out,
                                struct error *err) MUST_USE;

/* Who else lives in the home of a unit of that day, and who of them owes: `shares_home` and
 * `owing`, which few ask and for which everybody of the home is read. */
enum status register_unit_housemates(struct store *store, struct arena *arena, day_t day,
                                     const struct facts_moment *until, struct benefit_unit *unit,
                                     struct error *err) MUST_USE;

/* Whether the person may tell facts of another: of a child under 16 for whom they said that they
 * are responsible, who is registered in the same home on the day. */
enum status register_may_tell_for(struct store *store, struct arena *arena, int64_t person,
                                  int64_t other, day_t day, bool *may, struct error *err) MUST_USE;

/* Who says on the day that the person is their partner, while the person has not said since who
 * theirs is: whoever said "nobody" before is asked again, from the day after. At most `most` living
 * people, by id. The word of somebody is all it rests on. */
enum status register_partner_claims(struct store *store, struct arena *arena, int64_t person,
                                    day_t day, int64_t *out, int most, int *count,
                                    struct error *err) MUST_USE;
/* Whether the person says on the day that somebody is their partner who has not said so too: *out
 * is whom they name; 0: nobody, or it is confirmed. */
enum status register_partner_unconfirmed(struct store *store, struct arena *arena, int64_t person,
                                         day_t day, int64_t *out, struct error *err) MUST_USE;
/* Whether the two are registered in one home on the day. Of whoever lives elsewhere nobody learns
 * anything by naming them. */
enum status register_share_home(struct store *store, struct arena *arena, int64_t one,
                                int64_t other, day_t day, bool *out, struct error *err) MUST_USE;
/* Whom the person names as their partner, who lives in the same home, and who has answered since
 * that they live with nobody as a couple; 0: nobody. Of somebody elsewhere a "nobody" says nothing
 * of whoever named them: it would tell a stranger how the other lives. *fact: the number of what
 * the person told. */
enum status register_partner_denied(struct store *store, struct arena *arena, int64_t person,
                                    day_t day, int64_t *out, int64_t *fact,
                                    struct error *err) MUST_USE;

/* ---- the same from what was read before: for many people at once ---- */

/* Whether somebody told it of a person: yes, no, or not known. */
enum unit_said { UNIT_NOT_SAID, UNIT_SAID_NO, UNIT_SAID_YES };
/* Whom a relation that holds on the day is to, or, of claimants, whose it is. */
struct unit_relation {
  int64_t other;
  bool shown;   /* more than the word of one of the two (fact_is_shown) */
  int64_t fact; /* its number */
};
/* What holds on the day. What is given lives as long as the arena. */
struct unit_source {
  void *context;
  /* of `partner`, `responsible_for` or `non_dependant`; *count 0 and said: there is nobody */
  enum status (*related)(void *context, int64_t person, const char *variable, enum unit_said *said,
                         const struct unit_relation **all, int *count, struct error *err);
  /* whose relation of this kind the person is, in order of their ids */
  enum status (*claimants)(void *context, int64_t person, const char *variable,
                           const struct unit_relation **all, int *count, struct error *err);
  enum status (*told)(void *context, int64_t person, const char *variable, enum unit_said *said,
                      struct error *err);
  /* everything that a person was told to be, by any of their records; asked in a contest only */
  enum status (*facts)(void *context, int64_t person, struct facts *out, struct error *err);
  enum status (*records)(void *context, int64_t person, int64_t **out, int *count,
                         struct error *err);
  enum status (*life)(void *context, int64_t person, day_t *born, day_t *died, struct error *err);
  enum status (*home)(void *context, int64_t person, int64_t *household, struct error *err);
  /* who lives in a household on the day, in any order */
  enum status (*residents)(void *context, int64_t household, const int64_t **all, int *count,
                           struct error *err);
};
/* Of an adult. */
enum status unit_from(const struct unit_source *source, struct arena *arena, int64_t adult,
                      day_t day, struct benefit_unit *out, struct error *err) MUST_USE;
/* As register_unit_housemates, of a unit that unit_from gave. */
enum status unit_housemates(const struct unit_source *source, struct arena *arena, day_t day,
                            struct benefit_unit *unit, struct error *err) MUST_USE;

#endif
