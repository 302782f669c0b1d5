/* What changed of what is awarded: as news on the home page of whoever it is awarded to, and with
 * the award what they can do if they do not agree. */
#include "web/pages/awards.h"

#include "award/assessed.h"
#include "award/claim.h"

enum { DISPUTES_MOST = 8 };

/* What stood on the day on which the row begins, before it was written; null: it is no change. */
static const struct award *before_it(const struct awards *rows, const struct award *a) {
  const struct award *before = NULL;
  for (int i = 0; i < rows->count; i++) {
    const struct award *b = &rows->all[i];
    if (b->award == a->award && b->id < a->id && b->from <= a->from &&
        (!before || b->id > before->id))
      before = b;
  }
  return before;
}

/* Whether another amount begins on the day after it. */
static bool is_followed(const struct awards *rows, const struct award *a) {
  for (int i = 0; i < rows->count; i++) {
    const struct award *b = &rows->all[i];
    if (b->award == a->award && b->id > a->id && !b->supersedes && b->from == a->to + 1)
      return true;
  }
  return false;
}

/* One change or end as a sentence; null: the row is neither, or no longer the last word. A death is
 * no news to whoever it is about. */
static const char *news_words(const struct request *r, const struct awards *rows,
                              const struct award *a) {
  const struct pack_entitlement *what = pack_find_entitlement(r->pack, span_of(a->variable));
  const char *name = what ? what->name[r->language] : a->variable;
  const char *by = body_words_of(r, a->body);
  const struct award *before = a->supersedes ? NULL : before_it(rows, a);
  if (!award_stands(a) || award_death_of(a) != DAY_NONE) return NULL;
  if (before)
    return arena_printf(r->arena,
                        say(r->language, "%s changes from %s to %s, from %s on. %s decided it."),
                        name, award_amount_words(r, before), award_amount_words(r, a),
                        written_value(r, doc_day(a->from)), by);
  if (!a->supersedes || a->to == DAY_NONE || is_followed(rows, a)) return NULL;
  return arena_printf(r->arena, say(r->language, "%s ends: the last day is %s. %s decided it."),
                      name, written_value(r, doc_day(a->to)), by);
}

enum status view_award_news(struct view *v, const struct request *r, day_t since,
                            struct error *err) {
  struct awards rows = {0};
  int shown = 0;
  enum status status = awards_of_person(r->store, r->arena, request_subject(r), &rows, err);
  view_list(v, "award_news");
  for (int i = rows.count - 1; status == DONE && i >= 0; i--) { /* the newest first */
    const struct award *a = &rows.all[i];
    if (clock_day_of(span_of(a->made_at)) < since) continue;
    const char *words = news_words(r, &rows, a);
    if (!words) continue;
    struct view *item = view_item(v, "award_news");
    view_text(item, "words", words);
    view_text(item, "why", a->why && *a->why ? a->why : NULL);
    view_text(item, "href",
              request_path(r, arena_printf(r->arena, "%s/awards#award-%lld", request_base(r),
                                           (long long)a->award)));
    shown++;
  }
  view_flag(v, "has_award_news", shown > 0);
  return status;
}

static bool has_changed(const struct request *r, const struct award *rows, int count) {
  const struct awards all = {.all = (struct award *)rows, .count = count};
  for (int i = 0; i < count; i++)
    if (news_words(r, &all, &rows[i])) return true;
  return false;
}

enum status view_award_disputes(struct view *item, const struct request *r,
                                const struct award *rows, int count, const char *claim,
                                struct error *err) {
  const struct award *a = &rows[0];
  const struct pack_entitlement *what = pack_find_entitlement(r->pack, span_of(a->variable));
  const struct pack_dispute *steps[DISPUTES_MOST];
  int division = DIVISION_ALL;
  view_list(item, "disputes");
  const bool changed = has_changed(r, rows, count);
  view_flag(item, "has_changed", changed);
  view_text(item, "whom",
            claim
                ? NULL
                : arena_printf(r->arena,
                               say(r->language, "Write to %s, and say what is not right and why."),
                               body_words_of(r, a->body)));
  if (!what || !changed) return DONE;
  enum status status = claim_division(r->store, r->arena, a->party, a->body, day_today(), &division,
                                      err);
  if (status != DONE) return status;
  const int found = pack_disputes_of(r->pack, what, division, steps, DISPUTES_MOST);
  for (int i = 0; i < found; i++) {
    struct view *step = view_item(item, "disputes");
    view_text(step, "name", steps[i]->name[r->language]);
    view_text(step, "text", steps[i]->text[r->language]);
    view_text(step, "href", steps[i]->kind ? claim : steps[i]->address);
  }
  return DONE;
}
