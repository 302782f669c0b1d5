/* The kinds of message that a person may want: a row each. */
#include "notify/notify.h"

#include "register/delegation.h"
#include "register/register.h"

/* A helper who went meanwhile is none. */
static enum status somebody_helps(struct store *store, struct arena *arena, int64_t person,
                                  const char **fault, struct error *err) {
  struct delegation *all = NULL;
  int count = 0;
  bool helped = false;
  enum status status = delegation_of_principal(store, arena, person, &all, &count, err);
  for (int i = 0; i < count; i++) helped |= delegation_runs(&all[i], day_today());
  if (status == DONE && !helped) *fault = "nobody helps them any more";
  return status;
}

/* The words are stored, so they never change. */
const struct message_kind_row message_kinds[MESSAGE_KINDS] = {
    [MESSAGE_STATEMENT] = {.word = "statement",
                           .of_a_year = true,
                           .wanted = N_("When my statement of a year is ready"),
                           .subject = N_("Your statement is ready"),
                           .says = N_("Your statement for {about} with {place} is ready."),
                           .sign_in = N_("To read it, sign in at:"),
                           .path = "/statement"},
    [MESSAGE_HELPER] = {.word = "helper",
                        .wanted = N_("When somebody becomes my helper"),
                        .subject = N_("You have a new helper"),
                        .says = N_("Somebody can now help you with your account with {place}."),
                        .sign_in = N_("To see who it is and what they may do, sign in at:"),
                        .path = "/helpers",
                        .after = N_("If you did not agree to this, end it there at once."),
                        .holds = somebody_helps},
    [MESSAGE_ANSWER] = {.word = "answer",
                        .wanted = N_("When there is an answer to a request of mine"),
                        .subject = N_("There is an answer to your request"),
                        .says = N_("There is an answer to your request {about} with {place}."),
                        .sign_in = N_("To read it, sign in at:"),
                        .path = "/requests/{about}"},
};
