/* What a body may record by hand, for administrators: what the policy pack gives it, what they gave
 * it, and the forms to give more and to take that back. */
#include "web/pages/pages.h"

#include "register/duties.h"

const struct field duties_fields[] = {
    {.name = "done",
     .kind = FIELD_CHOICE,
     .optional = true,
     .choices = (const struct choice[]){{"given", NULL}, {"ended", NULL}, {NULL, NULL}}},
    {.name = NULL}};
static const struct table_head duty_heads[] = {{N_("What it may record"), false},
                                               {N_("Categories"), false},
                                               {N_("Why"), false},
                                               {NULL, false}};

/* The body of the path; *body null: there is none. */
static enum status find_body(struct request *r, const struct body **body, struct duties *out,
                             struct error *err) {
  struct bodies *bodies = NULL;
  enum status status = register_bodies(r->store, r->arena, &bodies, err);
  *body = NULL;
  if (status != DONE) return status;
  *body = bodies_by_code(bodies, request_text(r, "body"));
  return *body ? duties_of(r->store, r->arena, r->pack, (*body)->id, out, err) : DONE;
}

/* The names of a duty's categories, or the one of `category:CODE`. */
static const char *categories_of(const struct request *r, struct span word) {
  const struct pack_duty *duty = pack_find_duty(r->pack, word);
  struct text t = {0};
  for (int i = 0; duty && i < duty->category_count; i++)
    text_addf(&t, "%s%s", i ? ", " : "", duty->categories[i]->name[r->language]);
  if (!duty) text_add(&t, duty_name(r->pack, word, r->language));
  return text_take(r->arena, &t);
}

static void add_duty(struct view *table, const struct request *r, struct span word,
                     const char *why) {
  struct view *row = view_row(table);
  view_cell(row, r, duty_heads, 0, duty_name(r->pack, word, r->language), NULL);
  view_cell(row, r, duty_heads, 1, categories_of(r, word), NULL);
  view_cell(row, r, duty_heads, 2, why, NULL);
}

static void put_duties(struct view *v, const struct request *r, const struct duties *duties) {
  struct view *table = view_table(v, "duties", r, NULL, duty_heads,
                                  say(r->language, "It may record nothing by hand."));
  for (int i = 0; i < r->pack->duty_count; i++)
    if (pack_duty_is_of(&r->pack->duties[i], duties->kind, duties->code))
      add_duty(table, r, span_of(r->pack->duties[i].code), r->pack->duties[i].source);
  for (int i = 0; i < duties->given_count; i++) {
    const struct given_duty *given = &duties->given[i];
    if (!duty_name(r->pack, span_of(given->word), r->language)) continue;
    add_duty(table, r, span_of(given->word),
             arena_printf(r->arena, say(r->language, "An administrator gave it on %s: %s"),
                          written_moment(r, given->given_at), given->reason));
  }
}

static struct view *duties_view(struct request *r, const struct body *body, const char *back) {
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back", request_path(r, back));
  view_text(v, "name", body_words(r, body));
  view_text(v, "code", body->code);
  return v;
}

static const char *path_of(const struct request *r, const struct body *body, const char *more) {
  return arena_printf(r->arena, "/admin/bodies/%s/duties%s", body->code, more);
}

/* All duties, then each category that by hand can be recorded or confirmed. */
static void add_choices(struct view *form, const struct request *r) {
  const struct pack *pack = r->pack;
  for (int i = 0; i < pack->duty_count; i++)
    view_form_choice(form, "duty", pack->duties[i].code, pack->duties[i].name[r->language], NULL);
  for (int i = 0; i < pack->category_count; i++) {
    const struct pack_category *c = &pack->categories[i];
    if (c->side == SIDE_TRANSFER || c->shown == SHOWN_HOLDINGS || c->shown == SHOWN_EMPLOYER)
      continue;
    view_form_choice(form, "duty", arena_printf(r->arena, DUTY_OF_CATEGORY "%s", c->code),
                     arena_printf(r->arena, say(r->language, "Only: %s"), c->name[r->language]),
                     NULL);
  }
}

enum status page_duties(struct request *r, struct reply *reply, struct error *err) {
  const struct body *body = NULL;
  struct duties duties;
  enum status status = find_body(r, &body, &duties, err);
  if (status != DONE) return status;
  if (!body) return reply_not_there(reply, r, err);
  struct view *v = duties_view(r, body, "/admin/bodies");
  if (request_has(r, "done"))
    view_done(v, span_is(request_text(r, "done"), "given")
                     ? say(r->language, "It may record this from now on.")
                     : say(r->language, "It may not record this any more."));
  put_duties(v, r, &duties);
  view_text(v, "end", duties.given_count ? request_path(r, path_of(r, body, "/end")) : NULL);
  struct view *form = view_form(v, "form", r, route_post("/admin/bodies/{body}/duties"), NULL,
                                say(r->language, "Let it record this"), NULL);
  add_choices(form, r);
  reply_page(reply, r, "admin-duties", say(r->language, "What it may record"), v);
  return DONE;
}

enum status act_duty(struct request *r, struct reply *reply, struct error *err) {
  struct action_call call;
  enum status status = request_act(r, &call, err);
  if (status == DONE)
    reply_go(reply, r,
             arena_printf(r->arena, "/admin/bodies/%s/duties?done=given",
                          request_text(r, "body").bytes));
  return status;
}

enum status page_duties_end(struct request *r, struct reply *reply, struct error *err) {
  const struct body *body = NULL;
  struct duties duties;
  enum status status = find_body(r, &body, &duties, err);
  if (status != DONE) return status;
  if (!body || !duties.given_count) return reply_not_there(reply, r, err);
  struct view *v = duties_view(r, body, path_of(r, body, ""));
  struct view *form = view_form(v, "form", r, route_post("/admin/bodies/{body}/duties/end"), NULL,
                                say(r->language, "Take it back"), NULL);
  view_flag(form, "is_warning", true);
  for (int i = 0; i < duties.given_count; i++) {
    struct span word = span_of(duties.given[i].word);
    const char *name = duty_name(r->pack, word, r->language);
    view_form_choice(form, "duty", word.bytes, name ? name : word.bytes, NULL);
  }
  reply_page(reply, r, "admin-duties-end", say(r->language, "Take back what an administrator gave"),
             v);
  return DONE;
}

enum status act_duty_end(struct request *r, struct reply *reply, struct error *err) {
  struct action_call call;
  enum status status = request_act(r, &call, err);
  if (status == DONE)
    reply_go(reply, r,
             arena_printf(r->arena, "/admin/bodies/%s/duties?done=ended",
                          request_text(r, "body").bytes));
  return status;
}
