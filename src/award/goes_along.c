#include "award/goes_along.h"

#include "award/assessed.h"
#include "register/names.h"

struct going {
  const struct award_call *call;
  const struct goes_along_of *of;
  int64_t claimant;
};

/* Of all that was told only what stood then, as it stood: what took its place came later. Of
 * another of the unit not what is the home's, which is there already. */
static struct facts standing(const struct going *g, const struct facts *all, int64_t person) {
  struct facts out = {.all = arena_array(g->call->arena, struct fact, all->count + 1)};
  for (int i = 0; i < all->count; i++) {
    struct fact f = all->all[i];
    if (person != g->claimant && f.party == all->household) continue;
    if (g->of->is_decided && !award_rests_on(g->of->numbers, f.id)) continue;
    if (g->of->is_decided) f.superseded_by = 0;
    out.all[out.count++] = f;
  }
  return out;
}

static void add_answer(const struct going *g, struct goes_person *p, int *room,
                       const struct pack_tellable *what, const struct fact *f) {
  arena_reserve(g->call->arena, p->all, *room, p->count + 1);
  p->all[p->count++] = (struct goes_answer){.what = what,
                                            .fact = f,
                                            .is_claimants = p->person == g->claimant ||
                                                            (f->said_as == FACT_BY_SELF &&
                                                             f->teller == g->claimant)};
}

static enum status read_person(const struct going *g, struct goes_person *p, struct error *err) {
  const struct award_call *call = g->call;
  struct facts all = {0};
  int room = 0;
  enum status status = facts_of_person(call->store, call->arena, p->person, call->today, &all, err);
  if (status != DONE) return status;
  const struct facts facts = standing(g, &all, p->person);
  for (int i = 0; i < call->pack->tellable_count; i++) {
    const struct pack_tellable *what = &call->pack->tellables[i];
    if (!pack_tellable_serves(what, g->of->what->category)) continue;
    const struct fact *known = facts_known(&facts, what->variable, g->of->on).fact;
    const struct fact **people = &known;
    int count = known != NULL;
    if (what->kind == TELL_PEOPLE)
      facts_people(&facts, call->arena, what->variable, g->of->on, &people, &count);
    for (int k = 0; k < count; k++) add_answer(g, p, &room, what, people[k]);
  }
  return DONE;
}

enum status goes_along(const struct award_call *call, const struct goes_along_of *of,
                       struct goes_along *out, struct error *err) {
  struct going g = {.call = call, .of = of};
  struct benefit_unit unit = {0};
  *out = (struct goes_along){0};
  enum status status = register_survivor(call->store, of->person, &g.claimant, err);
  if (status == DONE)
    status = register_unit_on(call->store, call->arena, g.claimant, of->on, &unit, err);
  if (status != DONE) return status;
  out->people = arena_array(call->arena, struct goes_person, unit.member_count + 1);
  out->people[out->count++] = (struct goes_person){.person = g.claimant, .role = UNIT_ADULT};
  for (int i = 0; unit.person == g.claimant && i < unit.member_count; i++) {
    const struct unit_member *m = &unit.members[i];
    if (m->person == g.claimant || !m->attested) continue;
    out->people[out->count++] = (struct goes_person){.person = m->person, .role = m->role};
  }
  for (int i = 0; status == DONE && i < out->count; i++)
    status = read_person(&g, &out->people[i], err);
  return status;
}
