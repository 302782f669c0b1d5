/* Which messages a person wants by e-mail. */
#include "action/rows.h"
#include "notify/notify.h"

static struct choice kind_at(int i) {
  return i < MESSAGE_KINDS ? (struct choice){message_kinds[i].word, message_kinds[i].wanted}
                           : (struct choice){NULL, NULL};
}

static const struct field fields[] = {
    {.name = "messages",
     .kind = FIELD_CHOICES,
     .optional = true,
     .among = true,
     .choice_at = kind_at,
     .label = N_("When do you want an e-mail?"),
     .hint = N_("An e-mail says that there is something to read, and where. It never says what.")},
    {.name = NULL}};

static enum status run_choose(struct action_call *call, struct error *err) {
  bool wanted[MESSAGE_KINDS] = {false};
  for (int i = 0; i < MESSAGE_KINDS; i++)
    wanted[i] = span_has_word(action_text(call, "messages"), message_kinds[i].word);
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
