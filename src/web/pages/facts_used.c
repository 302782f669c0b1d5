/* For what a fact was used: claims and awards of the person, and of a partner who says so too, that
 * rest on it. Each keeps the numbers of the facts that stood (award/assessed.h). */
#include "web/pages/cases.h"
#include "web/pages/facts.h"

#include "award/assessed.h"
#include "award/award.h"
#include "award/claim.h"

struct fact_use {
  const struct pack_entitlement *what;
  const char *facts; /* `facts:12 15`, perhaps after other words */
  const char *href;  /* null: it is somebody else's */
  day_t day;
  bool is_award, of_partner;
};

static void add_use(struct fact_uses *u, struct fact_use use) {
  if (!use.facts || !strstr(use.facts, AWARD_FACTS_BEGIN) || !use.what) return;
  arena_reserve(u->r->arena, u->all, u->room, u->count + 1);
  u->all[u->count++] = use;
}

static enum status add_awards(struct fact_uses *u, int64_t person, bool of_partner,
                              struct error *err) {
  struct awards awards = {0};
  const struct request *r = u->r;
  enum status status = awards_of_person(r->store, r->arena, person, &awards, err);
  for (int i = 0; status == DONE && i < awards.count; i++) {
    const struct award *a = &awards.all[i];
    add_use(u, (struct fact_use){.what = pack_find_entitlement(r->pack, span_of(a->variable)),
                                 .facts = a->facts,
                                 .href = of_partner ? NULL : request_path(r, "/awards"),
                                 .day = clock_day_of(span_of(a->made_at)),
                                 .is_award = true,
                                 .of_partner = of_partner});
  }
  return status;
}

static enum status add_claims(struct fact_uses *u, const struct case_page *page,
                              const int64_t *records, int count, bool of_partner,
                              struct error *err) {
  const struct request *r = u->r;
  struct case_filter filter = {.which = CASES_ALL, .most = CASES_PAGE_MOST};
  struct case_file *files = NULL;
  int64_t all = 0;
  int read = 0;
  enum status status;
  do {
    status = cases_of(r->store, r->arena, &page->desk, records, count, &filter, &files, &read, &all,
                      err);
    for (int i = 0; status == DONE && i < read; i++) {
      if (!claim_is(&files[i])) continue;
      add_use(u, (struct fact_use){
                     .what = claim_of(r->pack, &files[i]),
                     .facts = case_fact(&files[i], CLAIM_FACTS),
                     .href = of_partner ? NULL
                                        : request_path(r, arena_printf(r->arena, "/requests/%lld",
                                                                       (long long)files[i].id)),
                     .day = clock_day_of(span_of(files[i].opened_at)),
                     .of_partner = of_partner});
    }
    filter.skip += read;
  } while (status == DONE && read && filter.skip < all);
  return status;
}

/* The partner, where both say so; 0: none. */
static enum status find_partner(const struct request *r, const struct facts *facts, int64_t *out,
                                struct error *err) {
  struct facts theirs = {0};
  const struct fact_known named = facts_known(facts, "partner", day_today());
  *out = 0;
  if (!named.fact || !named.fact->other) return DONE;
  enum status status = facts_of_person(r->store, r->arena, named.fact->other, day_today(), &theirs,
                                       err);
  if (status != DONE) return status;
  const struct fact_known names = facts_known(&theirs, "partner", day_today());
  if (names.fact && names.fact->other == r->visitor.person) *out = named.fact->other;
  return DONE;
}

enum status fact_uses_read(struct fact_uses *u, const struct request *r, const struct facts *facts,
                           struct error *err) {
  struct case_page page;
  int64_t partner = 0;
  *u = (struct fact_uses){.r = r};
  enum status status = case_page_begin(r, false, &page, err);
  if (status == DONE) status = add_awards(u, r->visitor.person, false, err);
  if (status == DONE)
    status = add_claims(u, &page, page.actor.records, page.actor.record_count, false, err);
  if (status == DONE) status = find_partner(r, facts, &partner, err);
  if (status != DONE || !partner) return status;
  status = add_awards(u, partner, true, err);
  return status == DONE ? add_claims(u, &page, &partner, 1, true, err) : status;
}

static const char *use_words(const struct request *r, const struct pack_tellable *what,
                             const struct fact_use *u) {
  const enum language l = r->language;
  const char *name = u->what->name[l], *day = written_value(r, doc_day(u->day));
  if (u->of_partner)
    return arena_printf(r->arena,
                        u->is_award ? say(l, "An award to your partner: %s, %s")
                                    : say(l, "Your partner's claim: %s, %s"),
                        name, day);
  if (!pack_tellable_serves(what, u->what->category)) /* it was noted, and nobody was shown it */
    return arena_printf(r->arena,
                        u->is_award ? say(l, "Known when this was awarded, and not counted: %s, %s")
                                    : say(l, "Known when you claimed, and not sent along: %s, %s"),
                        name, day);
  return arena_printf(r->arena,
                      u->is_award ? say(l, "An award to you: %s, %s")
                                  : say(l, "Your claim: %s, %s"),
                      name, day);
}

void fact_view_uses(struct view *v, const struct fact_uses *u, const struct pack_tellable *what,
                    const struct fact *f) {
  int some = 0;
  view_list(v, "uses");
  for (int i = 0; i < u->count; i++) {
    if (!award_rests_on(span_of(u->all[i].facts), f->id)) continue;
    struct view *item = view_item(v, "uses");
    view_text(item, "use", use_words(u->r, what, &u->all[i]));
    view_text(item, "href", u->all[i].href);
    some++;
  }
  view_flag(v, "has_uses", some > 0);
}
