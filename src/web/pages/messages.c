/* Which messages the visitor gets by e-mail. */
#include "web/pages/pages.h"

#include "notify/notify.h"

static const struct choice messages_done[] = {{"chosen", NULL}, {NULL, NULL}};
const struct field messages_fields[] = {
    {.name = "done", .kind = FIELD_CHOICE, .optional = true, .choices = messages_done},
    {.name = NULL}};

enum status page_messages(struct request *r, struct reply *reply, struct error *err) {
  struct message_choices choices;
  struct text words = {0};
  struct value start[2] = {{.name = "messages", .given = true}};
  enum status status = notify_choices(r->store, r->arena, r->visitor.person, &choices, err);
  if (status != DONE) return status;
  for (int i = 0; i < MESSAGE_KINDS; i++)
    if (choices.wanted[i]) text_addf(&words, "%s%s", words.size ? " " : "", message_kinds[i].word);
  start[0].text = span_of(arena_copy(r->arena, words.size ? words.bytes : "", words.size));
  text_release(&words);
  struct view *v = view_new(r->arena, r->language);
  if (request_has(r, "done")) view_done(v, say(r->language, "Your choice is saved."));
  view_text(v, "address", choices.address ? notify_masked(r->arena, choices.address) : NULL);
  view_flag(v, "confirmed", choices.confirmed);
  if (choices.from != DAY_NONE) view_day(v, "from", choices.from);
  view_form(v, "form", r, route_post("/messages"), NULL, say(r->language, "Save"), start);
  reply_page(reply, r, "messages", say(r->language, "Messages by e-mail"), v);
  return DONE;
}

enum status act_messages(struct request *r, struct reply *reply, struct error *err) {
  struct action_call call;
  enum status status = request_act(r, &call, err);
  if (status == DONE) reply_go(reply, r, "/messages?done=chosen");
  return status;
}
