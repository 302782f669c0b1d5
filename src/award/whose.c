/* Which body decides a claim, and which part of the country's law holds. */
#include "award/claim.h"

#include "base/refusal.h"
#include "register/duties.h"
#include "register/register.h"

static enum status home_of(struct store *store, struct arena *arena, const struct places *places,
                           int64_t person, day_t day, int *out, struct error *err) {
  struct person p;
  struct homes *homes = NULL;
  *out = PLACE_NONE;
  enum status status = register_surviving_person(store, arena, person, &p, err);
  if (status == DONE) status = register_homes(store, arena, &p, &homes, err);
  if (status != DONE) return status;
  const int64_t place = homes_place(homes, &p, day);
  if (place) *out = places_by_id(places, place);
  return DONE;
}

static int place_of_body(const struct places *places, const struct body *body) {
  return body && body->place ? places_by_id(places, body->place) : PLACE_NONE;
}

/* ---- the body ---- */

struct search {
  struct store *store;
  struct arena *arena;
  const struct pack *pack;
  const struct pack_category *category;
  const struct places *places;
  const struct bodies *bodies;
};

static enum status has_duty(const struct search *s, const struct body *body, bool *out,
                            struct error *err) {
  struct duties duties;
  enum status status = duties_of(s->store, s->arena, s->pack, body->id, &duties, err);
  *out = status == DONE && duties_have(&duties, s->category);
  return status;
}

/* Of the bodies of one place the first that has the duty. PLACE_NONE: of all, if it is the only
 * one. */
static enum status body_at(const struct search *s, int place, int64_t *out, struct error *err) {
  enum status status = DONE;
  int found = 0;
  for (int i = 0; status == DONE && i < s->bodies->count; i++) {
    const struct body *body = &s->bodies->all[i];
    bool has = false;
    if (!body->kind || strcmp(body->kind, "council") != 0) continue;
    if (place != PLACE_NONE && place_of_body(s->places, body) != place) continue;
    status = has_duty(s, body, &has, err);
    if (!has) continue;
    if (!found++) *out = body->id;
    if (place != PLACE_NONE) break;
  }
  if (place == PLACE_NONE && found != 1) *out = 0;
  return status;
}

enum status claim_body(struct store *store, struct arena *arena, const struct pack *pack,
                       int64_t person, const struct pack_entitlement *what, day_t on, int64_t *out,
                       struct error *err) {
  struct places *places = NULL;
  struct bodies *bodies = NULL;
  int home = PLACE_NONE;
  *out = 0;
  enum status status = register_bodies(store, arena, &bodies, err);
  if (status == DONE && strcmp(what->payer, PACK_PAYER_COUNCIL) != 0) {
    const struct body *body = bodies_by_code(bodies, span_of(what->payer));
    if (body) *out = body->id;
    return body ? DONE : refuse_at(err, "body", CLAIM_BODY_UNKNOWN, what->name[ENGLISH]);
  }
  if (status == DONE) status = register_places(store, arena, &places, err);
  if (status == DONE) status = home_of(store, arena, places, person, on, &home, err);
  const struct search s = {store, arena, pack, what->category, places, bodies};
  for (int at = home; status == DONE && !*out && at != PLACE_NONE; at = places->all[at].parent)
    status = body_at(&s, at, out, err);
  if (status == DONE && !*out) status = body_at(&s, PLACE_NONE, out, err);
  return status == DONE && !*out ? refuse_at(err, "body", CLAIM_BODY_UNKNOWN, what->name[ENGLISH])
                                 : status;
}

/* ---- the law ---- */

/* By the code of the topmost place: E92000001 and so on. */
static int division_at(const struct places *places, int place) {
  static const struct {
    char letter;
    int division;
  } known[] = {{'E', DIVISION_ENGLAND},
               {'W', DIVISION_WALES},
               {'S', DIVISION_SCOTLAND},
               {'N', DIVISION_NORTHERN}};
  int division = DIVISION_ALL;
  for (; place != PLACE_NONE && !division; place = places->all[place].parent) {
    const char *code = places->all[place].code;
    for (size_t i = 0; code[1] >= '0' && code[1] <= '9' && i < sizeof known / sizeof *known; i++)
      if (code[0] == known[i].letter) division = known[i].division;
  }
  return division;
}

enum status claim_division(struct store *store, struct arena *arena, int64_t person, int64_t body,
                           day_t day, int *out, struct error *err) {
  struct places *places = NULL;
  struct bodies *bodies = NULL;
  int home = PLACE_NONE;
  *out = DIVISION_ALL;
  enum status status = register_places(store, arena, &places, err);
  if (status == DONE) status = register_bodies(store, arena, &bodies, err);
  if (status != DONE) return status;
  *out = division_at(places, place_of_body(places, body ? bodies_by_id(bodies, body) : NULL));
  if (!*out) status = home_of(store, arena, places, person, day, &home, err);
  if (status == DONE && !*out) *out = division_at(places, home);
  return status;
}
