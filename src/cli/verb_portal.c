/* weal role, invite: grants roles in the portal, and invites people to sign in. The first
 * administrator is granted here; later ones may be granted in the portal. */
#include "cli/cli.h"

#include "base/refusal.h"
#include "register/invites.h"
#include "register/register.h"
#include "register/role_grants.h"

#include <time.h>

/* ---- role ---- */

struct role_grant_call {
  int64_t person, body;
  const struct role *role;
  const char *body_name;
  bool grant;
};

static enum status read_body(struct call *call, struct role_grant_call *o, struct error *err) {
  const char *code = call_option(call, "body");
  struct bodies *bodies;
  if (!code) return DONE;
  if (register_bodies(call->store, call->arena, &bodies, err) != DONE) return err->code;
  const struct body *body = bodies_by_code(bodies, span_of(code));
  if (!body) return refuse(err, BODY_CODE_UNKNOWN, code);
  o->body = body->id;
  o->body_name = body->name;
  return DONE;
}

static enum status read_role_grant_call(struct call *call, struct role_grant_call *o,
                                        struct error *err) {
  if (call->argument_count != 3)
    return error_set(err, USAGE, "write: role %s PERSON ROLE", call->arguments[0]);
  struct error fault = {0};
  if (role_parse(span_of(call->arguments[2]), &o->role, &fault) != DONE)
    return error_set(err, USAGE, "%s", fault.message);
  bool body = call_has(call, "body");
  if (o->role->of_body && !body)
    return error_set(err, USAGE, "%s; write --body CODE", o->role->rule);
  if (!o->role->of_body && body)
    return error_set(err, USAGE, "%s; leave --body out", o->role->rule);
  return DONE;
}

static enum status change_role_grant(struct call *call, struct role_grant_call *o,
                                     struct error *err) {
  struct access_reader by;
  if (call_reader(call, &by, err) != DONE || call_person(call, 1, &o->person, err) != DONE ||
      read_body(call, o, err) != DONE)
    return err->code;
  enum status status =
      o->grant ? role_grant_add(call->store, o->person, o->role, o->body, day_today(), by.who, err)
               : role_grant_end(call->store, o->person, o->role, o->body, day_today(), err);
  /* The person sees it in the access log of their record, as when a page granted the role. */
  return status == DONE ? access_log_add(call->store, &by, o->person,
                                         arena_printf(call->arena, "office %s %s", o->role->word,
                                                      o->grant ? "granted" : "ended"),
                                         "command line", err)
                        : status;
}

static enum status role_change(struct call *call, bool grant, struct error *err) {
  struct role_grant_call o = {.grant = grant};
  if (read_role_grant_call(call, &o, err) != DONE ||
      call_open_store(call, STORE_WRITE, err) != DONE ||
      store_begin(call->store, STORE_WRITE, err) != DONE)
    return err->code;
  if (change_role_grant(call, &o, err) != DONE || store_commit(call->store, err) != DONE) {
    store_rollback(call->store);
    return err->code;
  }
  if (call->quiet) return DONE;
  text_addf(&call->out, "%s is %s", call->arguments[1], o.role->word);
  if (o.body) text_addf(&call->out, " of %s", o.body_name);
  text_add(&call->out, grant ? " from today on.\n" : " no longer.\n");
  return DONE;
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
  if (strcmp(what, "grant") == 0) return role_change(call, true, err);
  if (strcmp(what, "end") == 0) return role_change(call, false, err);
  if (strcmp(what, "list") == 0) return role_list(call, err);
  return error_set(err, USAGE,
                   "'%s' cannot be done with roles; write role grant, role end or role list", what);
}

/* ---- invite ---- */

static enum status make_invitation(struct call *call, char code[ONE_TIME_CODE_SIZE], day_t *last,
                                   struct error *err) {
  struct access_reader by;
  int64_t person = 0;
  if (call_reader(call, &by, err) != DONE || call_person(call, 0, &person, err) != DONE)
    return err->code;
  if (register_invite(call->store, person, (int64_t)time(NULL), code, last, err) != DONE)
    return err->code;
  return access_log_add(call->store, &by, person, "invitation", "command line", err);
}

enum status verb_invite(struct call *call, struct error *err) {
  char code[ONE_TIME_CODE_SIZE], until[11];
  day_t last = 0;
  if (call_open_store(call, STORE_WRITE, err) != DONE ||
      store_begin(call->store, STORE_WRITE, err) != DONE)
    return err->code;
  if (make_invitation(call, code, &last, err) != DONE || store_commit(call->store, err) != DONE) {
    store_rollback(call->store);
    return err->code;
  }
  if (call->quiet) text_addf(&call->out, "%s\n", code);
  else
    text_addf(&call->out,
              "%s\n\nHand this code to %s. It is shown only now, works once, until %s, and takes "
              "the place of an earlier one.\n",
              code, call->arguments[0], day_write(last, until));
  return DONE;
}
