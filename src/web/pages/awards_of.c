/* What the visitor's organisations award to somebody, for their staff: what stands, a change from a
 * day on and an end, each shown before it is done with what was paid too much by it. */
#include "web/pages/awards.h"
#include "web/pages/cases.h"

#include "action/awards.h"
#include "award/assessed.h"
#include "register/register.h"

enum { AWARD_AT, SHOWN_FIELDS = 5 };

const struct field awards_of_fields[] = {
    {.name = "done",
     .kind = FIELD_CHOICE,
     .optional = true,
     .choices = (const struct choice[]){{"changed", NULL}, {"ended", NULL}, {NULL, NULL}}},
    {.name = NULL}};

static bool is_theirs(const struct request *r, int64_t body) {
  for (int i = 0; i < r->visitor.body_count; i++)
    if (r->visitor.bodies[i] == body) return true;
  return false;
}

static const char *path_of(const struct request *r, const char *rest) {
  return arena_printf(r->arena, "/people/" SPAN_FORMAT "%s", SPAN(request_text(r, "person")), rest);
}

static const char *award_path(const struct request *r, int64_t award, const char *rest) {
  return path_of(r, arena_printf(r->arena, "/awards/%lld/%s", (long long)award, rest));
}

/* Whether it may still be changed: it runs, or will. */
static bool runs_on(const struct award *rows, int count) {
  for (int i = 0; i < count; i++)
    if (award_runs(&rows[i], day_today(), DAY_NONE)) return true;
  return false;
}

static enum status put_award(struct view *v, const struct request *r, const struct award *rows,
                             int count, bool own, struct error *err) {
  struct view *item = NULL;
  const bool may = !own && permission_in(MAY_RECORD, r->visitor.roles.gives) &&
                   runs_on(rows, count);
  enum status status = view_award(v, r, rows, count, "/inbox", &item, err);
  if (status != DONE) return status;
  view_text(item, "earlier", request_path(r, path_of(r, "")));
  view_text(item, "change", may ? request_path(r, award_path(r, rows[0].award, "change")) : NULL);
  view_text(item, "end", may ? request_path(r, award_path(r, rows[0].award, "end")) : NULL);
  return DONE;
}

enum status page_awards_of(struct request *r, struct reply *reply, struct error *err) {
  struct awards rows = {0};
  bool own = false;
  if (!staff_has_reason(r, reply)) return DONE;
  enum status status = staff_note_access(r, "awards", err);
  if (status == DONE)
    status = register_same_person(r->store, r->person, r->visitor.person, &own, err);
  if (status == DONE) status = awards_read_subject(r, &rows, err);
  if (status != DONE) return status;
  struct view *v = view_new(r->arena, r->language);
  view_list(v, "awards");
  for (int i = 0, n; status == DONE && i < rows.count; i += n) {
    n = award_rows_from(&rows, i);
    if (is_theirs(r, rows.all[i].body)) status = put_award(v, r, rows.all + i, n, own, err);
  }
  if (status != DONE) return status;
  staff_view_reason(v, r);
  if (request_has(r, "done"))
    view_done(v, span_is(request_text(r, "done"), "ended") ? say(r->language, "It is ended.")
                                                           : say(r->language, "It is changed."));
  view_text(v, "take",
            !own && permission_in(MAY_RECORD, r->visitor.roles.gives)
                ? request_path(r, path_of(r, "/claim"))
                : NULL);
  view_text(v, "back", request_path(r, path_of(r, "")));
  reply_page(reply, r, "awards-of", say(r->language, "What is awarded to them"), v);
  return DONE;
}

/* ---- a change, or an end ---- */

/* The award of the path as it stands, of one of the visitor's organisations; *found false: there is
 * none. */
static enum status find_award(const struct request *r, struct award *out, bool *found,
                              struct error *err) {
  struct error none = {0};
  enum status status = award_find(r->store, r->arena, r->person, request_number(r, "award"), out,
                                  &none);
  if (status == FAILED) *err = none;
  *found = status == DONE && is_theirs(r, out->body);
  return status == FAILED ? FAILED : DONE;
}

static const char *name_of(const struct request *r, const struct award *a) {
  const struct pack_entitlement *what = pack_find_entitlement(r->pack, span_of(a->variable));
  return what ? what->name[r->language] : a->variable;
}

static bool is_end(const struct request *r) { return strstr(r->route->path, "/end") != NULL; }

static const struct route *form_row(bool ends) {
  return route_post(ends ? "/people/{person}/awards/{award}/end"
                         : "/people/{person}/awards/{award}/change");
}

/* The fields of the action, with what the award is now. */
static const struct field *shown_fields(const struct request *r, const struct award *a, bool ends) {
  const struct field *all = route_fields(form_row(ends), r, NULL);
  struct field *out = arena_array(r->arena, struct field, SHOWN_FIELDS + 1);
  int count = 0;
  for (int i = 0; all[i].name && count < SHOWN_FIELDS; i++) {
    out[count] = all[i];
    if (strcmp(all[i].name, "amount") == 0)
      out[count].hint = arena_printf(r->arena,
                                     say(r->language, "For the same period as now: it is %s."),
                                     award_amount_words(r, a));
    if (strcmp(all[i].name, "why") == 0) out[count].hint = N_("They read this.");
    count++;
  }
  out[count].name = NULL;
  return out;
}

static enum status show_form(const struct request *r, struct reply *reply, const struct award *a,
                             bool ends, struct error *err) {
  struct view *v = view_new(r->arena, r->language);
  const struct field *fields = shown_fields(r, a, ends);
  struct value *start = arena_array(r->arena, struct value, SHOWN_FIELDS + 1);
  if (staff_note_access(r, "awards", err) != DONE) return err->code;
  for (int i = 0; fields[i].name; i++) {
    start[i].name = fields[i].name;
    for (const struct value *sent = r->values; r->route->method == POST && sent && sent->name;
         sent++)
      if (strcmp(sent->name, fields[i].name) == 0) start[i] = *sent;
  }
  view_form_of(v, "form", r, fields,
               request_path(r, award_path(r, a->award, ends ? "end" : "change")),
               say(r->language, "Show what it comes to"), start);
  staff_view_reason(v, r);
  view_text(v, "name", name_of(r, a));
  view_flag(v, "ends", ends);
  view_text(v, "amount", award_amount_words(r, a));
  view_text(v, "back", request_path(r, path_of(r, "/awards")));
  reply_page(reply, r, "award-change",
             ends ? say(r->language, "End an award") : say(r->language, "Change an award"), v);
  return DONE;
}

enum status page_award_of(struct request *r, struct reply *reply, struct error *err) {
  struct award a;
  bool found = false;
  if (!staff_has_reason(r, reply)) return DONE;
  enum status status = find_award(r, &a, &found, err);
  if (status != DONE) return status;
  if (!found) return reply_not_found(reply, r), DONE;
  return show_form(r, reply, &a, is_end(r), err);
}

/* ---- what it comes to ---- */

static const char *money(const struct request *r, int64_t pence) {
  return written_value(r, doc_money(pence));
}

/* Whose it is, and what the rules come to on the day of the change. */
static enum status put_rules(struct view *summary, const struct request *r, const struct award *a,
                             bool ends, struct error *err) {
  const struct award_call call = claim_call_of(r);
  const struct pack_entitlement *what = pack_find_entitlement(r->pack, span_of(a->variable));
  const day_t from = ends ? day_today() : request_day(r, "from");
  struct award_assessed assessed = {0};
  enum status status = view_whose(summary, r, a->party, err);
  if (status != DONE || !what || from == DAY_NONE) return status;
  status = award_assess(&call, a->party, what, from, &assessed, err);
  return view_comes_to(summary, r, what, status, &assessed, err);
}

static void put_sums(struct view *v, struct view *summary, const struct request *r,
                     const struct award *now, const struct award_sums *sums, bool ends) {
  const enum language l = r->language;
  struct award then = *now;
  then.pence = sums->pence;
  view_fact(summary, say(l, "Until now"), award_amount_words(r, now));
  if (ends) {
    view_fact(summary, say(l, "Last day of the award"),
              written_value(r, doc_day(request_day(r, "last"))));
  } else {
    view_fact(summary, say(l, "From then on"), award_amount_words(r, &then));
    view_fact(summary, say(l, "From which day"), written_value(r, doc_day(request_day(r, "from"))));
  }
  view_fact(summary, say(l, "What they read"), kept_text(r, request_text(r, "why")));
  view_fact(summary, say(l, "Paid too much already"), money(r, sums->overpaid));
  if (!ends)
    view_fact(summary, say(l, "Paid at once, for days before today"), money(r, sums->at_once));
  for (int i = 0; i < sums->next_count; i++)
    view_fact(summary,
              arena_printf(r->arena, say(l, "To be paid on %s"),
                           written_value(r, doc_day(sums->next[i].due))),
              money(r, sums->next[i].pence));
  view_flag(v, "is_overpaid", sums->overpaid > 0);
  view_text(v, "overpaid", money(r, sums->overpaid));
  view_text(v, "second",
            sums->is_large && !ends
                ? say(l, "It is so much that somebody else of the organisation must approve it "
                         "before it is changed.")
                : NULL);
}

static enum status try_it(struct request *r, struct award_sums *sums, struct error *err) {
  struct action_call call;
  *sums = (struct award_sums){0};
  enum status status = request_call(r, &call, err);
  if (status == DONE) status = action_permit(call.action, &call, err);
  return status == DONE ? award_sums_tried(&call, r->person, sums, err) : status;
}

static enum status show_check(struct request *r, struct reply *reply, const struct award *a,
                              const struct award_sums *sums, struct error *err) {
  const bool ends = is_end(r);
  if (staff_note_access(r, "awards", err) != DONE) return err->code;
  struct view *v = view_new(r->arena, r->language);
  const struct field *fields = route_fields(form_row(ends), r, NULL);
  const struct pack_entitlement *what = pack_find_entitlement(r->pack, span_of(a->variable));
  const struct pack_overpayment *over = what ? pack_find_overpayment(r->pack, what) : NULL;
  struct view *summary = view_object(v, "summary");
  if (put_rules(summary, r, a, ends, err) != DONE) return err->code;
  put_sums(v, summary, r, a, sums, ends);
  view_shown(v, r, award_shown(r, sums, a->id, request_text(r, "why")));
  view_text(v, "terms", over ? over->terms[r->language] : NULL);
  staff_view_reason(v, r);
  view_text(v, "name", name_of(r, a));
  view_flag(v, "ends", ends);
  view_text(v, "action", request_path(r, award_path(r, a->award, ends ? "end" : "change")));
  view_form_sent(v, r, fields);
  view_text(v, "back", request_path(r, path_of(r, "/awards")));
  reply_page(reply, r, "award-check",
             ends ? say(r->language, "Check what you end")
                  : say(r->language, "Check what you change"),
             v);
  return DONE;
}

enum status act_award_of(struct request *r, struct reply *reply, struct error *err) {
  struct action_call call;
  struct award a;
  bool found = false;
  const bool ends = is_end(r);
  if (!staff_has_reason(r, reply)) return DONE;
  enum status status = find_award(r, &a, &found, err);
  if (status != DONE) return status;
  if (!found) return reply_not_found(reply, r), DONE;
  if (span_is(request_text(r, "confirmed"), "change")) return show_form(r, reply, &a, ends, err);
  struct award_sums sums;
  status = try_it(r, &sums, err);
  if (status != DONE) return status;
  if (!request_has(r, "confirmed") ||
      !span_is(request_text(r, "shown"), award_shown(r, &sums, a.id, request_text(r, "why"))))
    return show_check(r, reply, &a, &sums, err);
  status = request_act(r, &call, err);
  if (status != DONE) return status;
  const char *waits = action_answer_of(&call, "waits-for") ? action_answer_of(&call, "case") : NULL;
  reply_go(reply, r,
           waits ? arena_printf(r->arena, "/inbox/%s?done=asked", waits)
                 : path_of(r, ends ? "/awards?done=ended" : "/awards?done=changed"));
  return DONE;
}
