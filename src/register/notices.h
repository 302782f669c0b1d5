/* Notices ("tell us a change"): a person reports a change, and it is passed to every body that
 * needs it and takes part here. A notice is a case (case/case.h) of one of these kinds, with these
 * facts:
 *
 *     told-name       name
 *     told-address    place (code), from (day), and of the address what is told: address-1 to
 *         address-5, postcode, uprn; the new home is a household of its own (register/changes.h)
 *     told-household
 *         household (code; only staff learn whether it exists, when they accept), from
 *     told-birth      name, born, sex (F, M, X; optional): a child of the person's
 *     told-death
 *         died, and either person (SCHEME:VALUE of somebody who lived in a household at the same
 *             time as them) or name and born, and staff then identify the person (`who`), whose
 *             name and day of birth must be those
 *
 * A kind of the pack with another name is only passed on: its facts are whatever its rows ask, and
 * the register does not change.
 *
 * These functions are what the cases' handler does (action/tell.h): it checks the facts when the
 * case is opened, and changes the record at once (a name or an address of one's own, unless the
 * move was long ago), or when a member of staff accepts it. The bodies that have lines for the
 * person come from above (the book); notice_bodies adds the councils, and tells apart whom the book
 * can tell.
 */
#ifndef WEAL_REGISTER_NOTICES_H
#define WEAL_REGISTER_NOTICES_H

#include "case/case.h"
#include "register/register.h"

/* The fact by which staff say who has died. It is what they found, not what was told: whoever told
 * the death never reads it. */
#define NOTICE_WHO "who"

/* The name that somebody had before they told a new one: kept with the case, and searched for. */
#define NOTICE_FORMER "former"

struct notice_input {
  int64_t person; /* in whose name: whose record changes, or (birth, death) who reports it */
  const char *kind;
  const struct case_fact *facts;
  int fact_count;
  day_t today;
};
/* Checks it as if it were applied. `whole` false: one question after another, and missing facts are
 * not refused yet. Writes nothing; a snapshot is enough. REFUSED with err->column the fact's name
 * (the journey shows the fault at that question). */
enum status notice_check(struct store *store, struct arena *arena,
                         const struct notice_input *telling, bool whole,
                         struct error *err) MUST_USE;

/* Whether the register changes by a notice of this kind. */
bool notice_changes(const char *kind);

/* The bodies to tell: `known` (in any order, with duplicates) and the councils whose place is the
 * person's place on the day or above it. Of these the connected ones are told: those of which
 * somebody reads what comes for the body here. */
struct notice_bodies_asked {
  int64_t person;
  day_t day;
  const struct places *places;
  const struct bodies *bodies;
  const int64_t *known;
  int known_count;
  const int64_t *connected; /* sorted */
  int connected_count;
};
struct notice_told {
  int64_t *bodies; /* sorted, each once */
  int count;
  int64_t *others; /* the same of those that are not connected: the person tells them themself */
  int other_count;
  /* what waits is for it: the nearest of the councils, else the first that is connected, else the
   * first of all; 0: none */
  int64_t decides;
  bool decides_connected;
};
enum status notice_bodies(struct store *store, struct arena *arena,
                          const struct notice_bodies_asked *asked, struct notice_told *out,
                          struct error *err) MUST_USE;

/* Applies it. `subject`: for a death that was reported by name, the person; else 0. *born: the
 * child, whose accounts the caller opens (book_open_people); 0 otherwise. REFUSED: it can no longer
 * be applied (the message says why); nobody says who has died, or it is somebody of another name or
 * day of birth than was told (err->column `who`). */
enum status notice_apply(struct store *store, struct arena *arena,
                         const struct notice_input *telling, int64_t subject, int64_t *born,
                         struct error *err) MUST_USE;
/* Whether only staff can say who has died. */
bool notice_asks_who(const struct notice_input *telling);
/* Whether a name and day of birth (ISO 8601) that somebody told are this person's: however the name
 * is spelled (base/fold.h). */
struct person;
bool notice_names(const struct person *p, const char *name, const char *born);

/* For erasure: deletes what others reported about this person (deaths that name them, their birth),
 * except notices of a sender whose record is under a legal hold. Other notices of those senders are
 * kept. The person's own go with their record (privacy/personal.h). Call it before the person's
 * code is deleted. */
enum status notices_forget(struct store *store, struct arena *arena, int64_t person,
                           struct error *err) MUST_USE;

#endif
