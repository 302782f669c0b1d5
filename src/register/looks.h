/* The access log read by the one whose record was looked at, and objections to a look. (register_note_access writes it.)
 *
 * Writers run inside a write transaction of the caller's.
 */
#ifndef WEAL_REGISTER_LOOKS_H
#define WEAL_REGISTER_LOOKS_H

#include "register/acting.h"
#include "register/offices.h"

enum { LOOKS_PAGE_MOST = 100, OBJECTION_BYTES_MAX = 2000, LOOK_KEY_SIZE = 38 };

/* Who it was that looked, for the page of the one who was looked at. */
enum looker_kind {
  LOOKER_SELF,
  LOOKER_HELPER,   /* acted for the person on that day; `what`: how the person calls them */
  LOOKER_OFFICE,   /* held `offices` on that day */
  LOOKER_PERSON,   /* in the register, with none of these */
  LOOKER_OPERATOR  /* a user of the machine, by the name in `who`; or a record that was erased since */
};
struct looker {
  enum looker_kind kind;
  int64_t person;          /* 0: LOOKER_OPERATOR */
  const char *name;        /* null: LOOKER_OPERATOR */
  const char *what;
  struct office *offices; int office_count; /* roles and bodies of that day (bodies_by_id has the names) */
};
/* `who` as the log has it (`id:P000001`), `at` the moment, RFC 3339. `person`: the one looked at. */
enum status looks_looker(struct store *store, struct arena *arena, int64_t person, const char *who, const char *at, struct looker *out, struct error *err) MUST_USE;

struct look {
  const char *at, *who, *what, *why;
  struct looker looker;
  int64_t objection;               /* the person's objection to it; 0: none */
  char key[LOOK_KEY_SIZE];         /* names it in a form: letters, digits, `-` and `:` */
};
/* Newest first; `skip` of them passed over, at most `most` (LOOKS_PAGE_MOST) given; *total of all. Records that were merged into the person are read with it; runs over everyone
 * (party 0) are not among them. */
struct looks_page { int64_t skip; int most; bool others_only; /* the person's own looks left out */ };
enum status looks_at(struct store *store, struct arena *arena, int64_t person, const struct looks_page *page, struct look **out, int *count, int64_t *total, struct error *err) MUST_USE;

/* The one with this key, without its looker. REFUSED: no such look at this person's record. */
enum status look_of_key(struct store *store, struct arena *arena, int64_t person, struct span key, struct look *out, struct error *err) MUST_USE;

struct objection {
  int64_t party, id;
  const char *look_at, *look_who, *look_what, *words, *at;
  const char *answer, *answered_at, *answered_by; /* null: not answered yet */
};
/* REFUSED: no such look of this person, objected already, words empty or too long (err->column `words`). */
enum status objection_make(struct store *store, struct arena *arena, int64_t person, struct span key, struct span words, int64_t *id, struct error *err) MUST_USE;
/* A person's own, newest first; and all, for administrators: those without an answer first, then newest first. */
enum status objections_of(struct store *store, struct arena *arena, int64_t person, struct objection **out, int *count, struct error *err) MUST_USE;
enum status objections_all(struct store *store, struct arena *arena, struct objection **out, int *count, struct error *err) MUST_USE;
/* By an administrator (the caller has made sure). REFUSED: there is none, answered already, empty or too long (err->column `answer`). */
enum status objection_answer(struct store *store, int64_t person, int64_t id, struct span answer, const char *who, struct error *err) MUST_USE;

#endif
