/* weal role, invite: grants roles in the portal, and invites people to sign in. The first two
 * administrators are named here; later ones are made in the portal, by two. */
#include "cli/cli.h"

#include "register/register.h"
#include "register/role_grants.h"

/* ---- role ---- */

/* Checks the words before anything is opened. */
static enum status read_role(const struct call *call, const struct role **role, struct error *err) {
  struct error fault = {0};
  if (call->argument_count != 3)
    return error_set(err, USAGE, "write: role %s PERSON ROLE", call->arguments[0]);
  if (role_parse(span_of(call->arguments[2]), role, &fault) != DONE)
    return error_set(err, USAGE, "%s", fault.message);
  bool body = call_has(call, "body");
  if ((*role)->of_body && !body)
    return error_set(err, USAGE, "%s; write --body CODE", (*role)->rule);
  if (!(*role)->of_body && body)
    return error_set(err, USAGE, "%s; leave --body out", (*role)->rule);
  return DONE;
}

/* The name of the body of --body, for the sentence. */
static enum status body_name(struct call *call, const char **out, struct error *err) {
  struct bodies *bodies;
  *out = NULL;
  if (!call_has(call, "body")) return DONE;
  if (register_bodies(call->store, call->arena, &bodies, err) != DONE) return err->code;
  const struct body *body = bodies_by_code(bodies, span_of(call_option(call, "body")));
  *out = body ? body->name : NULL;
  return DONE;
}

static enum status role_change(struct call *call, const char *action, const char *sentence,
                               struct error *err) {
  const struct role *role = NULL;
  const char *code, *body;
  struct sent all[3];
  struct call_sent sent = {.all = all};
  struct action_call act = {0};
  if (read_role(call, &role, err) != DONE || call_open_store(call, STORE_WRITE, err) != DONE ||
      call_person_code(call, 1, &code, err) != DONE)
    return err->code;
  call_send(&sent, "person", code);
  call_send(&sent, "role", role->word);
  call_send(&sent, "body", call_option(call, "body"));
  if (call_act(call, action, &sent, &act, err) != DONE || body_name(call, &body, err) != DONE)
    return err->code;
  if (call->quiet) return DONE;
  text_addf(&call->out, "%s is %s", call->arguments[1], role->word);
  if (body) text_addf(&call->out, " of %s", body);
  text_addf(&call->out, " %s.\n", sentence);
  return DONE;
}

/* The first two administrators of a place, and one for some hours: the operator acts alone. */
static enum status name_administrator(struct call *call, const char *action, struct error *err) {
  const struct role *role = NULL;
  const char *code;
  struct sent all[2];
  struct call_sent sent = {.all = all};
  struct action_call act = {0};
  if (read_role(call, &role, err) != DONE) return err->code;
  if (!permission_in(MAY_GRANT_ROLES, role->gives))
    return error_set(err, USAGE, "--first and --break-glass name an administrator; leave them out");
  if (call_has(call, "break-glass") && !call_has(call, "reason"))
    return error_set(err, USAGE, "say why it cannot wait: --break-glass --reason TEXT");
  if (call_open_store(call, STORE_WRITE, err) != DONE ||
      call_person_code(call, 1, &code, err) != DONE)
    return err->code;
  call_send(&sent, "person", code);
  call_send(&sent, "reason", call_has(call, "break-glass") ? call_option(call, "reason") : NULL);
  if (call_act(call, action, &sent, &act, err) != DONE) return err->code;
  const char *until = action_answer_of(&act, "until");
  if (call->quiet) return DONE;
  text_addf(&call->out, "%s is %s ", call->arguments[1], role->word);
  text_add(&call->out, until ? "until " : "from today on");
  if (until) moment_for_people(&call->out, ENGLISH, until, true);
  text_add(&call->out, ".\n");
  return DONE;
}

static enum status grant(struct call *call, struct error *err) {
  bool first = call_has(call, "first"), glass = call_has(call, "break-glass");
  if (first && glass) return error_set(err, USAGE, "write --first or --break-glass, not both");
  if (call_has(call, "reason") && !glass)
    return error_set(err, USAGE, "--reason goes with --break-glass; leave it out");
  if (first) return name_administrator(call, "administrator-first", err);
  if (glass) return name_administrator(call, "break-glass", err);
  return role_change(call, "role-grant", "from today on", err);
}

static void add_role_grant(struct document *d, const struct bodies *bodies,
                           const struct role_grant *o) {
  const struct body *body = o->body ? bodies_by_id(bodies, o->body) : NULL;
  document_cell(d, doc_text(o->code));
  document_cell(d, doc_text(o->name ? o->name : ""));
  document_cell(d, doc_text(o->role->word));
  document_cell(d, body ? doc_text(body->code) : doc_null());
  document_cell(d, doc_day(o->from));
  document_cell(d, o->to == DAY_NONE ? doc_null() : doc_day(o->to));
  document_cell(d, doc_text(o->who));
}

static enum status role_list(struct call *call, struct error *err) {
  static const struct doc_column columns[] = {{"person", "Person"}, {"name", "Name"},
                                              {"role", "Role"},     {"body", "Body"},
                                              {"from", "From"},     {"to", "To"},
                                              {"who", "By"}};
  static const char *const csv[] = {"person", "name", "role", "body", "from", "to", "who"};
  enum { COLUMNS = sizeof columns / sizeof *columns };
  struct role_grant *all = NULL;
  struct bodies *bodies = NULL;
  int count = 0;
  if (call->argument_count != 1) return error_set(err, USAGE, "write: role list");
  if (call_open_store(call, STORE_READ, err) != DONE ||
      register_bodies(call->store, call->arena, &bodies, err) != DONE)
    return err->code;
  if (role_grants_list(call->store, call->arena, &all, &count, err) != DONE) return err->code;
  struct document *d = document_new(call->arena, ENGLISH, "Who has which role");
  document_csv_columns(d, csv, COLUMNS);
  document_table(d, "offices", NULL, columns, COLUMNS, "offices");
  for (int i = 0; i < count; i++) add_role_grant(d, bodies, &all[i]);
  document_table_end(d);
  output_document(call, d);
  return DONE;
}

enum status verb_role(struct call *call, struct error *err) {
  const char *what = call->arguments[0];
  if (strcmp(what, "grant") == 0) return grant(call, err);
  if (call_has(call, "first") || call_has(call, "break-glass") || call_has(call, "reason"))
    return error_set(err, USAGE, "--first, --break-glass and --reason go with role grant");
  if (strcmp(what, "end") == 0) return role_change(call, "role-end", "no longer", err);
  if (strcmp(what, "list") == 0) return role_list(call, err);
  return error_set(err, USAGE,
                   "'%s' cannot be done with roles; write role grant, role end or role list", what);
}

/* ---- invite ---- */

enum status verb_invite(struct call *call, struct error *err) {
  const char *code;
  struct sent all[1];
  struct call_sent sent = {.all = all};
  struct action_call act = {0};
  if (call_open_store(call, STORE_WRITE, err) != DONE ||
      call_person_code(call, 0, &code, err) != DONE)
    return err->code;
  call_send(&sent, "person", code);
  if (call_act(call, "invite", &sent, &act, err) != DONE) return err->code;
  if (call->quiet) text_addf(&call->out, "%s\n", action_answer_of(&act, "code"));
  else
    text_addf(&call->out,
              "%s\n\nHand this code to %s. It is shown only now, works once, until %s, and takes "
              "the place of an earlier one.\n",
              action_answer_of(&act, "code"), call->arguments[0], action_answer_of(&act, "last"));
  return DONE;
}
