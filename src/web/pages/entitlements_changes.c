/* What a change that is told once changes in what one may get and must pay, before it is sent. */
#include "web/pages/assessing.h"

#include "register/facts.h"
#include "register/register.h"

/* Whether the person of the reference (`id:P000012`) is the partner that was told. */
static enum status is_partner(const struct request *r, int64_t person, const char *whom, bool *out,
                              struct error *err) {
  struct facts facts = {0};
  struct error unknown = {0};
  int64_t other = 0;
  *out = false;
  if (!whom || register_find_person(r->store, whom, &other, &unknown) != DONE) return DONE;
  enum status status = facts_of_person(r->store, r->arena, person, day_today(), &facts, err);
  const struct fact *told = facts_known(&facts, "partner", day_today()).fact;
  *out = status == DONE && told && told->other == other;
  return status;
}

/* What was told of the home that is left: it is told again for the new one. */
static enum status put_home_again(struct view *v, const struct request *r, int64_t person,
                                  struct error *err) {
  struct facts facts = {0};
  int count = 0;
  enum status status = facts_of_person(r->store, r->arena, person, day_today(), &facts, err);
  view_list(v, "home_again");
  for (int i = 0; i < r->pack->tellable_count && status == DONE; i++) {
    const struct pack_tellable *what = &r->pack->tellables[i];
    if (!what->of_household || !facts_known(&facts, what->variable, day_today()).fact) continue;
    view_item_text(v, "home_again", what->name[r->language]);
    count++;
  }
  view_flag(v, "has_home_again", count > 0);
  return status;
}

enum status view_told_changes(struct view *v, struct request *r, const char *kind, const char *whom,
                              struct error *err) {
  struct assessing s = {0};
  struct assess_comparison c = {0};
  bool partner = false;
  /* a helper who may tell need not be one who may see */
  if (r->person || !assessing_can(r)) return DONE;
  enum status status = assessing_read(r, &s, err);
  if (status != DONE || !s.is_own) return status;
  const bool birth = strcmp(kind, "birth") == 0;
  struct view *told = view_object(v, "told_changes");
  view_flag(told, "is_open", assessing_is_open(&s.now));
  view_flag(told, "same", strcmp(kind, "name") == 0);
  view_flag(told, "has_changes", false);
  view_flag(told, "has_home_again", false);
  view_text(told, "entitlements", request_path(r, "/entitlements"));
  if (strcmp(kind, "address") == 0 || strcmp(kind, "household") == 0)
    return put_home_again(told, r, s.answers->person, err);
  status = is_partner(r, s.answers->person, whom, &partner, err);
  if (status != DONE || assessing_is_open(&s.now) || (!birth && !partner)) return status;
  struct assess_request then = *s.request;
  status = assess_take_if(r->arena, span_of(birth ? "child" : "partner=none"), &then, err);
  if (status == DONE) status = assess_compare(r->arena, &then, &c, err);
  if (status != DONE) return status;
  const int rows = view_changes(told, r, s.answers->person, &c);
  view_flag(told, "has_changes", rows > 0);
  view_flag(told, "same", !rows);
  return DONE;
}
