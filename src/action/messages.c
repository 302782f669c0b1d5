/* Which messages a person wants by e-mail. */
#include "action/rows.h"
#include "notify/notify.h"

static const struct choice kinds[] = {{"statement", N_("When my statement of a year is ready")},
                                      {"helper", N_("When somebody becomes my helper")},
                                      {"answer",
                                       N_("When there is an answer to a request of mine")},
                                      {NULL, NULL}};
static const struct field fields[] = {
    {.name = "messages",
     .kind = FIELD_CHOICES,
     .optional = true,
     .among = true,
     .choices = kinds,
     .label = N_("When do you want an e-mail?"),
     .hint = N_("An e-mail says that there is something to read, and where. It never says what.")},
    {.name = NULL}};

static bool has_word(struct span words, const char *word) {
  for (size_t at = 0; at < words.size;) {
    struct span one = span_make(words.bytes + at, strcspn(words.bytes + at, " "));
    if (span_is(one, word)) return true;
    at += one.size + 1;
  }
  return false;
}

static enum status run_choose(struct action_call *call, struct error *err) {
  bool wanted[NOTICES_OF] = {false};
  for (int i = 0; i < NOTICES_OF; i++)
    wanted[i] = has_word(action_text(call, "messages"), notice_word((enum notice_of)i));
  return notify_choose(call->store, call->arena, call->subject, wanted, call->language, err);
}

const struct action message_actions[] = {
    {.name = "messages-choose",
     .summary = "Says which messages one wants by e-mail.",
     .fields = fields,
     .needs = SIGNED_IN,
     .about = ABOUT_ONESELF,
     .run = run_choose},
    {.name = NULL},
};
