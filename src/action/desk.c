#include "action/desk.h"

#include "action/second.h"
#include "action/tell.h"
#include "award/claim.h"
#include "award/recovery.h"
#include "award/twice.h"
#include "base/refusal.h"
#include "redress/redress.h"
#include "register/access_log.h"
#include "register/delegation.h"
#include "register/fact_case.h"
#include "register/permission.h"
#include "time/time.h"

#include <time.h>

const struct case_handler *const case_handlers[] = {
    &award_claim_handler,
    &award_dispute_handler,
    &award_twice_handler,
    &award_overpayment_handler,
    &fact_case_handler,
    &fact_wrong_handler,
    &fact_child_handler,
    &help_case_handler,
    &look_case_handler,
    &redress_access,
    &redress_complaint,
    &redress_erasure,
    &redress_line,
    &second_case_handler,
    &tell_case_handler,
    &time_case_handler,
    NULL,
};

struct case_desk action_desk(const struct desk_terms *terms, day_t today) {
  return (struct case_desk){.pack = terms->record.pack,
                            .handlers = case_handlers,
                            .today = today,
                            .terms = terms,
                            .rules = terms->rules};
}

/* ---- the words of kinds.csv ---- */

static bool has_move(const struct pack_case_kind *kind, const char *word) {
  for (int m = 0; m < kind->move_count; m++)
    if (strcmp(kind->moves[m].word, word) == 0) return true;
  return false;
}

static enum status check_handler(const struct pack_case_kind *kind, struct error *err) {
  const struct case_handler *handler = NULL;
  if (!*kind->handler) return DONE;
  for (int i = 0; case_handlers[i]; i++)
    if (strcmp(case_handlers[i]->word, kind->handler) == 0) handler = case_handlers[i];
  if (!handler) return refuse_at(err, "handler", PACK_CASE_HANDLER, kind->handler);
  /* a kind that is done when it is opened has no moves */
  for (int i = 0; kind->first->waits && handler->moves && handler->moves[i]; i++)
    if (!has_move(kind, handler->moves[i]))
      return refuse_at(err, "handler", PACK_CASE_HANDLER_MOVE, kind->handler, handler->moves[i]);
  return DONE;
}

/* Each word of `all` is a role, or one of the words that the column has beside roles. */
static enum status check_words(const char *column, const char *all, const char *const *beside,
                               struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  for (const char *at = all; *at;) {
    struct span word = span_make(at, strcspn(at, " "));
    bool known = role_find(word) != NULL;
    for (int i = 0; beside[i]; i++) known = known || span_is(word, beside[i]);
    if (!known) return refuse_at(err, column, PACK_CASE_ROLE, span_quote(word, quoted), column);
    at += word.size;
    if (*at) at++;
  }
  return DONE;
}

/* A request is opened as oneself, without roles; only what needs a second person is asked for in
 * one, and claims are taken from people by officers. */
static enum status check_openers(const struct pack_case_kind *kind, struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  static const char *const in_a_role[] = {CLAIM_HANDLER, DISPUTE_HANDLER};
  if (strcmp(kind->handler, second_case_handler.word) == 0) return DONE;
  for (size_t i = 0; i < sizeof in_a_role / sizeof *in_a_role; i++)
    if (strcmp(kind->handler, in_a_role[i]) == 0) return DONE;
  for (const char *at = kind->opens; *at;) {
    struct span word = span_make(at, strcspn(at, " "));
    if (role_find(word)) return refuse_at(err, "opens", PACK_CASE_OPENER, span_quote(word, quoted));
    at += word.size;
    if (*at) at++;
  }
  return DONE;
}

static enum status check_kind(const struct pack_case_kind *kind, struct error *err) {
  static const char *const openers[] = {"self",        "helper-see", "helper-tell",
                                        "helper-time", "program",    NULL};
  static const char *const deciders[] = {"body", "person", "code", NULL};
  static const char *const none[] = {NULL};
  enum status status = check_words("opens", kind->opens, openers, err);
  if (status == DONE) status = check_openers(kind, err);
  if (status == DONE) status = check_words("to", kind->to, deciders, err);
  if (status == DONE) status = check_words("escalates", kind->escalates, none, err);
  return status == DONE ? check_handler(kind, err) : status;
}

enum status action_check_kinds(const struct pack *pack, struct error *err) {
  for (int k = 0; k < pack->case_kind_count; k++) {
    struct text path = {0};
    if (check_kind(&pack->case_kinds[k], err) == DONE) continue;
    text_addf(&path, "%s/cases/kinds.csv", pack->dir);
    enum status status = error_at(err, path.bytes, pack->case_kinds[k].line, NULL);
    text_release(&path);
    return status;
  }
  return DONE;
}

/* ---- what time does ---- */

enum status action_cases_by_time(struct store *store, struct arena *arena, const struct pack *pack,
                                 day_t today, int64_t *count, struct error *err) {
  const struct desk_terms terms = {.record.pack = pack};
  const struct case_desk desk = action_desk(&terms, today);
  struct case_call call = {.store = store, .arena = arena, .desk = &desk};
  /* what runs out is not escalated first */
  enum status status = second_expire(&call, err);
  if (status == DONE) status = cases_escalate(store, arena, &desk, count, err);
  return status == DONE ? delegation_expire(&call, (int64_t)time(NULL), err) : status;
}
