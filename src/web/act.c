/* A page's face of an action: who asks and what was sent, as the action takes it. */
#include "base/refusal.h"
#include "web/pages/pages.h"
#include "web/site.h"

#include <time.h>

static const struct value *sent_value(const struct request *r, const char *name) {
  for (const struct value *v = r->values; v && v->name; v++)
    if (strcmp(v->name, name) == 0) return v;
  return NULL;
}

/* What the path names is a text so far; it becomes the value of the action's field. */
static enum status read_name(const struct request *r, const struct action_call *call,
                             const struct field *field, struct value *out, struct error *err) {
  const struct field one[] = {*field, {.name = NULL}};
  const struct sent sent = {.name = span_of(field->name), .value = request_text(r, field->name)};
  struct fields_read read;
  enum status status = fields_read(&read, r->arena, r->language, one, &sent, 1, call->today, err);
  if (status == DONE && read.faults)
    return refuse_at(err, field->name, FIELD_WRONG, field->name, read.faults[0].message);
  /* an address is one text: with a space before it, it is another */
  if (status == DONE && !span_equal(read.values[0].text, sent.value))
    return refuse_at(err, field->name, FIELD_WRONG, field->name, "");
  if (status == DONE) *out = read.values[0];
  return status;
}

/* The action's values, in its order: of the form, or of the path. */
static enum status put_values(const struct request *r, struct action_call *call,
                              const struct action *action, struct error *err) {
  int count = 0;
  while (action->fields && action->fields[count].name) count++;
  struct value *values = arena_array(r->arena, struct value, count + 1);
  for (int i = 0; i < count; i++) {
    const struct field *field = &action->fields[i];
    const struct value *sent = sent_value(r, field->name);
    if (route_has_name(r->route, field->name)) {
      if (read_name(r, call, field, &values[i], err) != DONE) return err->code;
    } else if (sent) values[i] = *sent;
    else
      values[i] = (struct value){.name = field->name,
                                 .text = span_of(""),
                                 .number = field->kind == FIELD_DAY ? DAY_NONE : 0};
  }
  call->values = values;
  return DONE;
}

static struct access_reader actor_of(const struct request *r) {
  struct access_reader by = request_reader(r);
  by.acts = true;
  return by;
}

struct action_call request_actor(const struct request *r) {
  return (struct action_call){
      .store = r->store,
      .arena = r->arena,
      .pack = r->pack,
      .reference_data = r->reference_data,
      .rules = r->site->rules,
      .language = r->language,
      .today = day_today(),
      .now = (int64_t)time(NULL),
      .actor = {.person = r->visitor.person, .by = actor_of(r), .roles = r->visitor.roles},
      .person = r->person,
      .ways = r->site->ways,
      .reason = r->visitor.reason};
}

enum status request_call(struct request *r, struct action_call *call, struct error *err) {
  const struct action *action = route_action(r->route);
  *call = request_actor(r);
  if (put_values(r, call, action, err) != DONE) return err->code;
  return action_permit(action, call, err);
}

enum status request_act(struct request *r, struct action_call *call, struct error *err) {
  enum status status = request_call(r, call, err);
  return status == DONE ? action_run(call->action, call, err) : status;
}

enum status request_act_and_go(struct request *r, struct reply *reply, const char *path,
                               struct error *err) {
  struct action_call call;
  enum status status = request_act(r, &call, err);
  if (status == DONE) reply_go(reply, r, path);
  return status;
}
