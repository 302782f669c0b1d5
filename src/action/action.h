/* Actions: everything that changes a book on somebody's behalf, a row each. Verbs, pages and
 * programs call an action by its name, with texts for its fields, and get the same answer.
 *
 *     struct action_call call = {.store = store, .arena = arena, .actor = actor, ...};
 *     const struct action *grant = action_find(span_of("role-grant"));
 *     status = action_run_sent(grant, &call, sent, count, &err);      texts: read, then run
 *     status = action_run(grant, &call, &err);                        values that were read before
 *     ... action_answer_of(&call, "code") ...
 *
 * A row says who may call it, about whom it is, what it takes, what it answers and what it may
 * refuse. Its function calls one function of a floor below and holds no rule of its own but who may
 * do it to whom. docs/reference/actions.md lists the rows; docs/adding.md has a template.
 *
 * An action runs inside the caller's write transaction, but one that `begins` its own. After
 * anything but DONE the caller rolls back, at least to a savepoint. REFUSED sets err->column to the
 * field that is wrong, if it is one.
 */
#ifndef WEAL_ACTION_ACTION_H
#define WEAL_ACTION_ACTION_H

#include "action/field.h"
#include "base/progress.h"
#include "register/access_log.h"
#include "register/permission.h"
#include "register/role_grants.h"
#include "statement/reference_data.h"
#include "store/store.h"

enum { ACTION_ANSWERS_MAX = 8 };

/* ---- who acts ---- */

struct action_actor {
  /* at the command line: may do everything that the command line may; `person` is then 0 */
  bool is_operator;
  int64_t person; /* party id of the surviving record; 0: the operator, or nobody signed in */
  struct access_reader by; /* as the access log names them; `by.who` as the journal does */
  struct granted_roles roles;
};

/* ---- the table ---- */

enum action_about {
  ABOUT_NOBODY,  /* names whom it concerns in its fields, if anybody */
  ABOUT_ONESELF, /* the actor's own; or somebody's whom the actor helps, with `helper` */
  ABOUT_PERSON   /* somebody whom the call names */
};

struct action_call;
struct action_import;

/* Who must approve a call. */
struct action_second_need {
  bool needed;
  int64_t party; /* whom it concerns, any record of theirs; 0: nobody. Never the approver */
  int64_t body;  /* whose staff approve it, of a kind that goes `to` bodies; else 0 */
};
/* Of an action that one person may not do alone (action/second.h). It takes no files nor several
 * choices but as steps: the texts of its fields, whom it is about and the reason to read
 * their record are kept, and are all that it needs. It answers `case` and `waits-for` while it
 * waits. An action that `begins` is asked for in a transaction of its own. */
struct action_second {
  const char *kind; /* of the case that waits: one whose handler is `second-person` */
  const char *when; /* English, of documents: which calls wait */
  /* Sets what *need has beside zeros. What can be checked without writing it checks. REFUSED as the
   * action. */
  enum status (*needed)(struct action_call *call, struct action_second_need *need,
                        struct error *err);
  /* N_()-marked English: a sentence with a %s for who asks and one for whom it concerns */
  const char *asks;
  /* How the case page shows a field whose text says little by itself, in the call's arena and
   * language; null: as it was typed. Itself null: no field needs it */
  const char *(*shown)(const struct action_call *call, const char *field, struct span text);
};

struct action {
  const char *name;           /* `role-grant` */
  const char *summary;        /* English, a sentence: what it does */
  const struct field *fields; /* ended by a null name; null: none */
  enum permission needs;      /* MAY_OPERATE: only the operator */
  enum permission helper; /* ABOUT_ONESELF: what a helper needs to do it for somebody; ANYONE: no
                                 helper may */
  enum action_about about;
  /* begins its own transactions, because it takes long: called with none begun */
  bool begins;
  /* begins, and may take an hour: a page runs it apart from its request and asks meanwhile how far
   * it is (call->watch); a verb waits for it */
  bool job;
  bool needs_pack; /* reads the policy pack: the caller gives it */
  /* reads the pack and the reference data: the caller gives both */
  bool needs_terms;
  const struct action_second *second; /* null: nobody else ever needs to approve it */
  const enum refusal_code *refusals;  /* beside those of its fields; ended by REFUSAL_NONE */
  const char *const *answers; /* names of its result, ended by null; null: it answers nothing */
  enum status (*run)(struct action_call *call, struct error *err);
};

const struct action *action_at(int i); /* in the order of the table; null past the last */
const struct action *action_find(struct span name); /* null: none */

/* Whether the call of a person says why they read somebody's record; what is about nobody has its
 * purpose among its fields. */
bool action_asks_reason(const struct action *action);

/* ---- one call ---- */

struct action_call {
  struct store *store;
  struct arena *arena;
  /* null unless the action needs it, or has a `second` and the actor is a person */
  const struct pack *pack;
  const struct reference_data *reference_data; /* the same, but of one that needs the pack alone */
  const struct rules *rules; /* of the pack, read before; null: an action that needs them reads */
  enum language language;    /* of faults */
  day_t today;
  int64_t now; /* seconds since 1970 */
  struct action_actor actor;
  int64_t person;     /* whom it is about, any record of theirs; 0: nobody named */
  unsigned ways;      /* notify/notify.h: the ways to send that are set up; a verb has none */
  const char *reason; /* why staff read the person's record; null: not said */
  const struct value *values; /* one for each field of the action, in their order */
  /* of a case, from a page that has a field for each; null: the field `facts` has them */
  const struct case_fact *facts;
  int fact_count;
  enum progress_mode progress;        /* of a `job`: on the terminal */
  const struct progress_watch *watch; /* of a `job`; null: nobody watches */
  struct action_import *import; /* `import` (importing.h): more than answers hold; may be null */

  /* whoever approved what the actor asked for (action/second.h); null: nobody had to */
  const struct access_reader *second;

  /* set by action_run */
  const struct action *action;
  int64_t subject;       /* ABOUT_ONESELF: the person helped, else the actor */
  const int64_t *bodies; /* ids of the bodies for which the actor has the permission, sorted */
  int body_count;
  struct {
    const char *name, *text;
  } answers[ACTION_ANSWERS_MAX];
  int answer_count;
};

/* Whether the actor may: the permission, and for somebody else's the scope that they gave. REFUSED
 * otherwise, with the code action-not-permitted. Sets subject and bodies. */
enum status action_permit(const struct action *action, struct action_call *call,
                          struct error *err) MUST_USE;
/* Runs it with call->values: action_permit first, then its function. Where the call needs a second
 * person, nothing is done but to open a case that waits for them: it answers `case`, its number,
 * and `waits-for`, a role. */
enum status action_run(const struct action *action, struct action_call *call,
                       struct error *err) MUST_USE;
/* What a call would do: runs it, calls `look`, and takes everything back, in the caller's write
 * transaction; the call has its answers. REFUSED, as action_run would; then nobody looks. */
enum status action_try(const struct action *action, struct action_call *call,
                       enum status (*look)(void *context, struct error *err), void *context,
                       struct error *err) MUST_USE;
/* action_run from texts, which become call->values; of a FIELD_FILE a path, whose size is filled
 * in, of FIELD_FILES a path each. The steps of a page (is_step) need not be sent.
 * REFUSED for the first that is missing or wrong: field-missing or field-wrong, with its name as
 * the column. */
enum status action_run_sent(const struct action *action, struct action_call *call,
                            struct sent *sent, int count, struct error *err) MUST_USE;
/* The text of an answer; null: it was not given. */
const char *action_answer_of(const struct action_call *call, const char *name);
int64_t action_answer_int_of(const struct action_call *call, const char *name); /* 0: not given */

/* ---- as JSON: a program's face, and `weal do --format json` ---- */

/* An object of texts: {"person": "P000001", "role": "auditor"}; of several choices an array of
 * them. REFUSED: no such object. */
enum status action_sent_of_json(const struct action *action, struct span json, struct arena *arena,
                                struct sent **sent, int *count, struct error *err) MUST_USE;
/* {"action":"invite","done":{"code":"..."}}, or
 * {"action":"invite","refused":{"code":"...","column":"...","message":"..."}}, with a line end. Of
 * a row in a file that was sent `refused` has `file` and `line` too, and `column` is the file's. */
void action_add_json(struct text *out, const struct action *action, const struct action_call *call,
                     enum status status, const struct error *err);
/* The whole table as a JSON array, with a line end: what docs and tests are made from. */
void actions_add_json(struct text *out);

#endif
