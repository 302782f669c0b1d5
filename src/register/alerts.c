#include "register/alerts.h"

#include "base/money.h"
#include "register/names.h"
#include "register/permission.h"
#include "store/counter.h"

#include <assert.h>

/* The words are stored, so they never change. `sentence`: {who}, {whom} and {detail} stand for
 * whoever did it, whom it concerns, and the detail. */
static const struct {
  const char *word, *sentence;
} kinds[ALERT_KINDS] = {
    [ALERT_INVITED] =
        {"invited",
         N_("{who} made a code on the operator's own machine with which {whom} can sign in.")},
    [ALERT_ADMINISTRATOR_INVITED] = {"administrator-invited",
                                     N_("{who} had a code sent with which {whom}, who is an "
                                        "administrator, can sign in.")},
    [ALERT_NOT_SENT] = {"not-sent", N_("A message to {whom} could not be sent: {detail}.")},
    [ALERT_SIGN_IN_TRIES] = {"sign-in-tries", N_("Many wrong codes to sign in came from {detail} "
                                                 "within an hour.")},
    [ALERT_DUTY_GIVEN] = {"duty-given",
                          N_("{who} gave an organisation something more to record: {detail}.")},
    [ALERT_BODY_KIND] = {"body-kind", N_("{who} added an organisation, or gave it another type: "
                                         "{detail}. What it may record follows from its type.")},
    [ALERT_EDITION] = {"edition-early", N_("{who} had the public account made anew before its "
                                           "day.")},
    [ALERT_EDITION_SCHEDULE] = {"edition-schedule",
                                N_("{who} changed how often the public account is made: "
                                   "{detail}.")},
    [ALERT_ROLE_GRANTED] =
        {"role-granted", N_("{who} gave {whom} the role {detail} on the operator's own machine.")},
    [ALERT_ROLE_ENDED] =
        {"role-ended",
         N_("{who} ended the role {detail} of {whom} on the operator's own machine.")},
    [ALERT_FIRST_ADMINISTRATOR] = {"first-administrator",
                                   N_("{who} named {whom} as one of the first two "
                                      "administrators.")},
    [ALERT_BREAK_GLASS] = {"break-glass", N_("{who} made {whom} an administrator for 24 hours, "
                                             "alone. The reason given: {detail}")},
    [ALERT_YEAR_CLOSED] =
        {"year-closed",
         N_("{who} began to close the year {detail} on the operator's own machine.")},
    [ALERT_ERASED] = {"erased", N_("{who} began to erase a record on the operator's own machine.")},
    [ALERT_IMPORT] = {"import-begun", N_("{who} began to take in a file in the portal: {detail}.")},
    [ALERT_KEEPER] = {"keeper", N_("{who} changed what is said of who keeps these accounts: "
                                   "{detail}.")},
    [ALERT_REVERSED] = {"reversed",
                        N_("{who} began to take {detail} back on the operator's own machine.")},
    [ALERT_ACTED_AS] = {"acted-as", N_("{who} acted as {whom} on the operator's own machine, in "
                                       "what needs two people: {detail}.")},
    [ALERT_LOOKS] = {"looks", N_("{who} has looked at people {detail} times within an hour, which "
                                 "is the most that they may.")},
    [ALERT_DEATH] = {"death-of-role", N_("{who} accepted that {whom}, who has a role here, has "
                                         "died: they can no longer sign in.")},
};

enum status alert_add(struct store *store, enum alert_kind kind, const char *who, int64_t party,
                      const char *detail, struct error *err) {
  char now[21];
  int64_t id = 0;
  assert(kind < ALERT_KINDS && kinds[kind].word);
  enum status status = counter_next(store, "alert", &id, err);
  if (status != DONE) return status;
  return store_run_with(store,
                        "insert into alert (id, at, kind, who, party, detail) values (?1, ?2, ?3, "
                        "?4, ?5, ?6)",
                        err, id, span_of(clock_write_now(now)), span_of(kinds[kind].word),
                        span_of(who), party, span_of(detail));
}

enum status alert_is_told(struct store *store, enum alert_kind kind, const char *who,
                          const char *since, bool *told, struct error *err) {
  int64_t count = 0;
  enum status status =
      store_int_with(store, "select count(*) from alert where kind = ?1 and who = ?2 and at > ?3",
                     0, &count, err, span_of(kinds[kind].word), span_of(who), span_of(since));
  *told = count > 0;
  return status;
}

/* ---- reading ---- */

/* A role of a body is kept as `staff:council`. */
static bool tells_role(const struct alert *alert) {
  return strcmp(alert->kind, kinds[ALERT_ROLE_GRANTED].word) == 0 ||
         strcmp(alert->kind, kinds[ALERT_ROLE_ENDED].word) == 0;
}

static enum status read_body(struct store *store, struct arena *arena, struct alert *alert,
                             struct error *err) {
  const char *colon = tells_role(alert) ? strchr(alert->detail, ':') : NULL;
  struct query *q = NULL;
  bool row = false;
  if (!colon) return DONE;
  enum status status = store_query_with(store, &q, "select name from body where code = ?1", err,
                                        span_of(colon + 1));
  if (status == DONE && (status = query_step(q, &row, err)) == DONE && row)
    alert->body = query_copy(q, arena, 0);
  query_end(q);
  return status;
}

static enum status read_names(struct store *store, struct arena *arena, struct alert *alert,
                              int64_t party, struct error *err) {
  struct register_name name = {0}, by = {0};
  struct error unknown = {0};
  int64_t person = 0;
  enum status status = DONE;
  if (party) status = register_name_of_party(store, arena, party, &name, err);
  if (status == DONE) status = read_body(store, arena, alert, err);
  if (status != DONE) return status;
  alert->code = name.code;
  alert->name = name.name ? name.name : name.code;
  if (strncmp(alert->who, "id:", 3) != 0) return DONE;
  status = register_find_person(store, alert->who, &person, &unknown);
  if (status == REFUSED) return DONE;
  if (status != DONE) *err = unknown;
  else status = register_name_of_party(store, arena, person, &by, err);
  alert->who_name = by.name ? by.name : by.code;
  return status;
}

enum status alerts_list(struct store *store, struct arena *arena, const struct alerts_page *page,
                        struct alert **out, int *count, int64_t *total, struct error *err) {
  struct query *q = NULL;
  const int most = page->most;
  const char *since = page->since ? page->since : "", *until = page->until ? page->until : "~";
  struct alert *all = arena_array(arena, struct alert, most + 1);
  int64_t *parties = arena_array(arena, int64_t, most + 1);
  bool row = false;
  int n = 0;
  *count = 0;
  enum status status = store_int_with(store,
                                      "select count(*) from alert where at >= ?1 and at < ?2", 0,
                                      total, err, since, until);
  if (status == DONE)
    status = store_query_with(store, &q,
                              "select id, at, kind, who, detail, party from alert where at >= ?3 "
                              "and at < ?4 order by id desc limit ?1 offset ?2",
                              err, (int64_t)most, page->skip, since, until);
  while (status == DONE && n < most && (status = query_step(q, &row, err)) == DONE && row) {
    parties[n] = query_int(q, 5);
    all[n++] = (struct alert){.id = query_int(q, 0),
                              .at = query_copy(q, arena, 1),
                              .kind = query_copy(q, arena, 2),
                              .who = query_copy(q, arena, 3),
                              .detail = query_copy(q, arena, 4)};
  }
  query_end(q);
  for (int i = 0; status == DONE && i < n; i++)
    status = read_names(store, arena, &all[i], parties[i], err);
  *out = all;
  *count = n;
  return status;
}

/* ---- words ---- */

static const char *who_of(const struct alert *alert, enum language language, struct arena *arena) {
  if (alert->who_name) return arena_printf(arena, "%s (%s)", alert->who_name, alert->who + 3);
  if (!*alert->who) return say(language, "Somebody who was not signed in");
  if (strncmp(alert->who, "erased", 6) == 0)
    return say(language, "Somebody whose record was erased since");
  return arena_printf(arena, say(language, "The operator %s"), alert->who);
}

static const char *whom_of(const struct alert *alert, enum language language, struct arena *arena) {
  return alert->code ? arena_printf(arena, "%s (%s)", alert->name, alert->code)
                     : say(language, "somebody whose record was erased since");
}

/* Within a sentence, words that are no name begin with a small letter. */
static const char *who_within(const struct alert *alert, enum language language,
                              struct arena *arena) {
  const char *who = who_of(alert, language, arena);
  return !alert->who_name && *who >= 'A' && *who <= 'Z'
             ? arena_printf(arena, "%c%s", *who - 'A' + 'a', who + 1)
             : who;
}

static const char *detail_of(const struct alert *alert, enum language language,
                             struct arena *arena) {
  const size_t size = strcspn(alert->detail, ":");
  const struct role *role = tells_role(alert) ? role_find(span_make(alert->detail, size)) : NULL;
  if (!role) return alert->detail;
  return alert->body && role->title_of
             ? arena_printf(arena, say(language, role->title_of), alert->body)
             : say(language, role->title);
}

const char *alert_words(const struct alert *alert, enum language language, struct arena *arena) {
  int kind = 0;
  struct text out = {0};
  while (kind < ALERT_KINDS && strcmp(kinds[kind].word, alert->kind) != 0) kind++;
  if (kind == ALERT_KINDS) return alert->kind;
  const char *sentence = say(language, kinds[kind].sentence);
  const bool begins = strncmp(sentence, "{who}", 5) == 0;
  const struct text_filling filling[] = {{"who", begins ? who_of(alert, language, arena)
                                                        : who_within(alert, language, arena)},
                                         {"whom", whom_of(alert, language, arena)},
                                         {"detail", detail_of(alert, language, arena)},
                                         {NULL, NULL}};
  text_add_filled(&out, sentence, filling);
  return text_take(arena, &out);
}
