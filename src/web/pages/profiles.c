/* How organisations' files are read: the profiles that the accounts keep, and the form to bring one
 * from elsewhere. */
#include "web/pages/pages.h"

#include "exchange/kept_profiles.h"
#include "register/body_profiles.h"

const struct field profiles_fields[] = {
    {.name = "done",
     .kind = FIELD_CHOICE,
     .optional = true,
     .choices = (const struct choice[]){{"kept", NULL}, {"same", NULL}, {NULL, NULL}}},
    {.name = NULL}};
static const struct table_head profile_heads[] = {
    {N_("Organisation"), false}, {N_("Version"), true}, {N_("Made"), false},
    {N_("By"), false},           {N_("Why"), false},    {NULL, false}};

static enum status put_profiles(struct view *v, const struct request *r, struct error *err) {
  struct body_profiles all;
  struct bodies *bodies = NULL;
  enum status status = register_bodies(r->store, r->arena, &bodies, err);
  if (status == DONE) status = body_profiles_read(r->store, r->arena, &all, err);
  if (status != DONE) return status;
  struct view *table = view_table(v, "profiles", r, NULL, profile_heads,
                                  say(r->language, "No profile is kept yet."));
  view_table_of_words(table);
  for (int i = 0; i < all.count; i++) {
    const struct body_profile *p = &all.all[i];
    const struct body *body = bodies_by_id(bodies, p->body);
    if (!body) continue;
    struct view *row = view_row(table);
    view_cell(row, r, profile_heads, 0, body->name,
              request_path(r, arena_printf(r->arena, "/admin/bodies/%s/profiles/%d", body->code,
                                           p->version)));
    view_cell(row, r, profile_heads, 1, arena_printf(r->arena, "%d", p->version), NULL);
    view_cell(row, r, profile_heads, 2, written_moment(r, p->at), NULL);
    view_cell(row, r, profile_heads, 3, actor_words(r, p->by), NULL);
    view_cell(row, r, profile_heads, 4, p->reason, NULL);
  }
  return DONE;
}

enum status page_profiles(struct request *r, struct reply *reply, struct error *err) {
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back", request_path(r, "/admin/imports"));
  const struct span done = request_text(r, "done");
  if (done.size)
    view_done(v, span_is(done, "kept")
                     ? say(r->language, "The profile is kept as the newest version.")
                     : say(r->language, "Nothing changed: the newest version says the same."));
  enum status status = put_profiles(v, r, err);
  if (status != DONE) return status;
  (void)view_form(v, "form", r, route_post("/admin/profiles"), NULL,
                  say(r->language, "Keep this profile"), NULL);
  reply_page(reply, r, "admin-profiles", say(r->language, "How organisations' files are read"), v);
  return DONE;
}

enum status act_profile(struct request *r, struct reply *reply, struct error *err) {
  struct action_call call;
  enum status status = request_act(r, &call, err);
  if (status == DONE)
    reply_go(reply, r,
             strcmp(action_answer_of(&call, "added"), "yes") == 0 ? "/admin/profiles?done=kept"
                                                                  : "/admin/profiles?done=same");
  return status;
}

/* The rules of one version, as the file that another portal takes. */
enum status page_profile_file(struct request *r, struct reply *reply, struct error *err) {
  struct body_profiles all;
  struct bodies *bodies = NULL;
  struct profile *profile = NULL;
  struct text out = {0};
  enum status status = register_bodies(r->store, r->arena, &bodies, err);
  if (status == DONE) status = body_profiles_read(r->store, r->arena, &all, err);
  if (status != DONE) return status;
  const struct body *body = bodies_by_code(bodies, request_text(r, "body"));
  const int64_t version = request_number(r, "version");
  int at = 0;
  while (at < all.count &&
         (!body || all.all[at].body != body->id || all.all[at].version != version))
    at++;
  if (at == all.count) return reply_not_there(reply, r, err);
  status = profile_read_rules(&profile, body->code, span_of(all.all[at].rules), r->arena, err);
  if (status != DONE) return status;
  profile_write(
      profile, body->code,
      arena_printf(r->arena, "version %d, made at %s", all.all[at].version, all.all[at].at), &out);
  reply_bytes(reply, "text/csv; charset=utf-8", &out,
              arena_printf(r->arena, "%s-profile-%d.csv", body->code, all.all[at].version));
  return DONE;
}
