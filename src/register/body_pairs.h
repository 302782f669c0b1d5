/* Bodies that may be one payee: the pairs that wait for a person, and what people decided of them.
 *
 *     struct body_pairs pairs;
 *     status = body_pairs_read(store, arena, words, true, &pairs, &err);
 *     ... pairs.waiting[i].body->name, pairs.waiting[i].match.by ...
 *     ... pairs.payee[index of a body] ...                 the body as which it is read
 *
 * A pair waits when the names or company numbers of two bodies are unsure, or the same
 * (register/body_name.h), and nobody decided: two bodies are never one by themselves. What waits is
 * computed from the names each time and not stored, so that a corrected name or number counts.
 * A decision is kept, with who made it and why, so the same pair is not asked again; a later one
 * replaces it, and `open` takes it back. Bodies that were found to be the same are read as one, as
 * people are after a merger: lines stay where they are, so what was proven stays proven. Of several
 * that are one the **payee** is the first that is not of kind `supplier`, else the first with a
 * company number, else the first.
 *
 * People decide of one payee, too, whether it is an organisation or a private person, where its
 * name does not say so (register/body_name.h): a pair of a body with itself. Nobody whose name says
 * neither is shown in public before.
 *
 *     ... body_is_private(&pairs, words, index of a body) ...
 */
#ifndef WEAL_REGISTER_BODY_PAIRS_H
#define WEAL_REGISTER_BODY_PAIRS_H

#include "register/body_name.h"
#include "register/register.h"

/* The last two are of one body. */
enum body_are {
  BODIES_OPEN,
  BODIES_SAME,
  BODIES_DIFFERENT,
  BODIES_ORGANISATION,
  BODIES_PERSON,
  BODY_ARE_COUNT
};
/* open, same, different, organisation, person */
extern const char *const body_are_words[BODY_ARE_COUNT];
bool body_are_parse(struct span word, enum body_are *out);

struct body_pair {
  const struct body *body, *other; /* the one with the lower id first */
  struct names_match match;        /* of what waits */
  enum body_are are;               /* of what was decided */
  const char *reason, *at, *by;    /* RFC 3339; as in the access log, empty: somebody erased */
};

struct body_pairs {
  struct bodies *bodies;
  struct body_pair *waiting; /* equal numbers first, then names, T/A, the most alike */
  int waiting_count;
  bool more;                 /* others were not looked for, since those that were come first */
  struct body_pair *decided; /* the newest first; without what is open again */
  int decided_count;
  int *payee;       /* by index of bodies->all: the index of the body as which it is read */
  enum name_is *is; /* by the same index, of those as which others are read: what people decided */
};
/* `bounded`: for a page. Many names that differ in a few letters make millions of pairs, so the
 * search ends after BODY_PAIRS_MOST of them, or after BODY_PAIRS_COMPARED comparisons (a second);
 * what was decided of those that are found makes room for others. */
enum { BODY_PAIRS_MOST = 2000, BODY_PAIRS_COMPARED = 2000000 };
enum status body_pairs_read(struct store *store, struct arena *arena,
                            const struct pack_name_words *words, bool bounded,
                            struct body_pairs *out, struct error *err) MUST_USE;
/* The same without what waits: compares no names. */
enum status body_payees_read(struct store *store, struct arena *arena, struct bodies *bodies,
                             struct body_pairs *out, struct error *err) MUST_USE;

/* Whether nobody is told in public who the payee is that this body is read as: it is not known to
 * be an organisation. One of another kind than `supplier` is; of others what people decided counts,
 * then a company number, then the name. */
bool body_is_private(const struct body_pairs *pairs, const struct pack_name_words *words,
                     int index);

/* Those who are hidden, by index of a body that is read as itself: first whose name does not say
 * whose it is, then whose is a person's by its words, each in order of name. What people decided is
 * in `decided`. */
struct hidden_payee {
  const struct body *body;
  enum name_is is;
};
void body_hidden_payees(const struct body_pairs *pairs, const struct pack_name_words *words,
                        struct arena *arena, struct hidden_payee **out, int *count);

/* ---- deciding, in the caller's write transaction ----
 *
 *     status = body_decider_open(&decider, store, arena, &err);
 *     status = body_decide(decider, &(struct body_decision){...}, &changed, &err);     any number
 */
struct body_decider;
struct body_decision {
  int64_t body, other; /* the same twice: of one body, organisation, person or open */
  enum body_are are;
  struct span reason;
  const char *who; /* as in the access log */
};
enum status body_decider_open(struct body_decider **out, struct store *store, struct arena *arena,
                              struct error *err) MUST_USE;
/* *changed: false when it is decided so already. REFUSED: one body twice where two are decided
 * of, or two where one is; `same`, when among the
 * bodies that would be one somebody found two to differ, or two have different company numbers;
 * `different`, when the two are one through others. */
enum status body_decide(struct body_decider *decider, const struct body_decision *decision,
                        bool *changed, struct error *err) MUST_USE;

#endif
