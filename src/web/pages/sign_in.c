/* Signing in and out. In a demonstration anybody may sign in as anybody (site.h: demo); in a real
 * book people sign in with the one-time code of an invitation. */
#include "web/pages/pages.h"

#include "http/metrics.h"
#include "notify/notify.h"
#include "register/invites.h"
#include "register/names.h"
#include "register/role_grants.h"
#include "register/sign_in_tries.h"
#include "web/session.h"
#include "web/site.h"

#include <time.h>

enum { LISTED_MOST = 20, LISTED_OTHERS = 12 };

/* A demonstration shows the first two, a real book the last two. */
const struct field sign_in_fields[] = {
    {.name = "person", .kind = FIELD_CHOICE, .optional = true, .label = N_("Who you want to be")},
    {.name = "reference",
     .kind = FIELD_TEXT,
     .optional = true,
     .most = 64,
     .label = N_("A person's reference"),
     .hint = N_("For example P000001, or nino:QQ123456C")},
    {.name = "code",
     .kind = FIELD_TEXT,
     .optional = true,
     .most = 64,
     .label = N_("One-time code"),
     .hint = N_("20 letters and digits; dashes and spaces do not matter"),
     .autocomplete = "one-time-code"},
    {.name = NULL},
};
static const struct field listed_fields[] = {
    {.name = "person",
     .kind = FIELD_CHOICE,
     .optional = true,
     .among = true,
     .label = N_("Who you want to be")},
    {.name = "reference",
     .kind = FIELD_TEXT,
     .optional = true,
     .among = true,
     .most = 64,
     .label = N_("Or anybody else, by their reference"),
     .hint = N_("For example P000001, or nino:QQ123456C")},
    {.name = NULL},
};
static const struct field invited_fields[] = {
    {.name = "reference",
     .kind = FIELD_TEXT,
     .most = 64,
     .label = N_("Your reference"),
     .hint = N_("It stands above the code in the letter or e-mail")},
    {.name = "code",
     .kind = FIELD_TEXT,
     .most = 64,
     .label = N_("One-time code"),
     .hint = N_("20 letters and digits; dashes and spaces do not matter"),
     .autocomplete = "one-time-code"},
    {.name = NULL},
};
const struct field sign_out_fields[] = {
    {.name = "everywhere",
     .kind = FIELD_CHOICES,
     .optional = true,
     .label = N_("Where"),
     .choices = (const struct choice[]){{"yes", N_("Sign me out everywhere, on other devices too")},
                                        {NULL, NULL}}},
    {.name = NULL},
};

/* ---- a demonstration's list ---- */

struct listed {
  const char *code[LISTED_MOST];
  int count;
};

static void list_one(struct listed *listed, struct view *form, const char *code, const char *name,
                     const char *what) {
  for (int i = 0; i < listed->count; i++)
    if (strcmp(listed->code[i], code) == 0) return;
  if (listed->count == LISTED_MOST) return;
  listed->code[listed->count++] = code;
  view_form_choice(form, "person", code, name, what);
}

static const char *role_grant_words(const struct request *r, const struct role_grant *role_grant) {
  const struct body *body = role_grant->body
                                ? bodies_by_id(r->reference_data->bodies, role_grant->body)
                                : NULL;
  const struct role *role = role_grant->role;
  return body ? arena_printf(r->arena, say(r->language, role->title_of), body_words(r, body))
              : say(r->language, role->title);
}

static enum status list_role_grants(const struct request *r, struct listed *listed,
                                    struct view *form, struct error *err) {
  struct role_grant *role_grants;
  int count;
  day_t today = day_today();
  if (role_grants_list(r->store, r->arena, &role_grants, &count, err) != DONE) return err->code;
  for (int i = 0; i < count; i++)
    if (role_grants[i].from <= today &&
        (role_grants[i].to == DAY_NONE || role_grants[i].to >= today))
      list_one(listed, form, role_grants[i].code, role_grants[i].name,
               role_grant_words(r, &role_grants[i]));
  return DONE;
}

static const char *age_words(const struct request *r, day_t born) {
  int year, month, day, now_year, now_month, now_day;
  day_parts(born, &year, &month, &day);
  day_parts(day_today(), &now_year, &now_month, &now_day);
  int age = now_year - year - (now_month < month || (now_month == month && now_day < day));
  return arena_printf(r->arena, say_count(r->language, "%d year old", "%d years old", age), age);
}

/* People of many ages: one query for each age. */
static enum status list_others(const struct request *r, struct listed *listed, struct view *form,
                               struct error *err) {
  day_t today = day_today();
  enum status status = DONE;
  for (int i = 0; i < LISTED_OTHERS && status == DONE; i++) {
    struct register_name name;
    day_t born = DAY_NONE;
    status = register_youngest(r->store, r->arena, today - (18 + 6 * i) * 365, &name, &born, err);
    if (status == DONE && name.code)
      list_one(listed, form, name.code, name.name ? name.name : name.code, age_words(r, born));
  }
  return status;
}

enum status page_sign_in(struct request *r, struct reply *reply, struct error *err) {
  struct view *v = view_new(r->arena, r->language);
  struct listed listed = {.count = 0};
  view_flag(v, "is_listed", r->site->demo);
  const char *action = request_path(r, "/sign-in");
  struct view *form = view_form_of(v, "form", r, r->site->demo ? listed_fields : invited_fields,
                                   action, say(r->language, "Sign in"), NULL);
  if (r->site->demo && (list_role_grants(r, &listed, form, err) != DONE ||
                        list_others(r, &listed, form, err) != DONE))
    return err->code;
  reply_page(reply, r, "sign-in", say(r->language, "Sign in"), v);
  return DONE;
}

/* ---- who it is ---- */

static enum status find_listed(struct request *r, int64_t *person, struct error *err) {
  struct span reference = request_has(r, "reference") ? request_text(r, "reference")
                                                      : request_text(r, "person");
  struct error unknown = {0};
  struct person found;
  if (!reference.size) return refuse_at(err, "person", SIGN_IN_NOBODY_CHOSEN);
  enum status status = register_find_person(r->store, reference.bytes, person, &unknown);
  if (status == FAILED) *err = unknown;
  else if (status != DONE) return refuse_at(err, "reference", REFERENCE_OF_NOBODY);
  if (status == DONE) status = register_person(r->store, r->arena, *person, &found, err);
  if (status != DONE) return status;
  if (found.survivor) *person = found.survivor;
  if (found.died != DAY_NONE) return refuse_at(err, "reference", SIGN_IN_AS_THE_DEAD);
  return DONE;
}

static enum status say_again(struct request *r, struct reply *reply, const char *message, int http,
                             struct error *err) {
  struct fault faults[] = {{.field = "code", .message = message}, {.field = NULL}};
  struct request again = *r;
  again.faults = faults;
  again.given_of = invited_fields;
  again.given = arena_array(r->arena, struct span, 4);
  again.given[0] = request_text(r, "reference");
  if (page_sign_in(&again, reply, err) != DONE) return err->code;
  reply->status = http;
  return DONE;
}

static enum status say_wait(struct request *r, struct reply *reply, int64_t seconds,
                            struct error *err) {
  const int64_t minutes = (seconds + 59) / 60;
  const char *message =
      arena_printf(r->arena,
                   say_count(r->language,
                             "Too many wrong codes came from where you are. We did not read the "
                             "code that you typed, and it still works. Try again in %lld minute",
                             "Too many wrong codes came from where you are. We did not read the "
                             "code that you typed, and it still works. Try again in %lld minutes",
                             minutes),
                   (long long)minutes);
  enum status status = say_again(r, reply, message, 429, err);
  reply->retry_seconds = (int)seconds;
  metrics_event(r->site->metrics, METRICS_TOO_MANY);
  return status;
}

/* Says the same sentence whatever was wrong. The try must be counted and committed, so this is no
 * failure: the page is made here. */
static enum status find_invited(struct request *r, struct reply *reply, int64_t now,
                                int64_t *person, struct error *err) {
  static const struct reworded refusals[] = {{REFUSAL_IDENTIFIER_MALFORMED,
                                              REFUSAL_SIGN_IN_REFERENCE_MALFORMED},
                                             {REFUSAL_NONE, REFUSAL_NONE}};
  const struct source *source = &r->source;
  struct span code = request_text(r, "code");
  int64_t seconds = 0;
  if (!request_has(r, "reference")) return refuse_at(err, "reference", SIGN_IN_REFERENCE_MISSING);
  if (!code.size) return refuse_at(err, "code", SIGN_IN_CODE_MISSING);
  if (sign_in_wait(r->store, source->address, source->network, now, &seconds, err) != DONE)
    return err->code;
  if (seconds) return say_wait(r, reply, seconds, err);
  enum status status = register_redeem_invite(r->store, request_text(r, "reference").bytes, code,
                                              now, person, err);
  if (status == REFUSED) refusal_reword(refusals, err);
  if (status != DONE || *person) return status;
  metrics_event(r->site->metrics, METRICS_SIGN_IN_REFUSED);
  if (sign_in_failed(r->store, source->address, source->network, now, err) != DONE)
    return err->code;
  return say_again(r, reply,
                   say(r->language,
                       "This reference and code do not belong together, or the code is "
                       "used or too old"),
                   422, err);
}

/* The invited person can see when a code of theirs was used, whoever used it. */
static enum status note_invited(const struct request *r, int64_t id, struct error *err) {
  struct person person;
  if (register_person(r->store, r->arena, id, &person, err) != DONE) return err->code;
  const struct access_reader by = {.who = arena_printf(r->arena, "id:%s", person.code),
                                   .person = id,
                                   .name = person.name ? person.name : person.code};
  return access_log_add(r->store, &by, id, "signed in with an invitation's code", "portal", err);
}

enum status act_sign_in(struct request *r, struct reply *reply, struct error *err) {
  int64_t person = 0, now = (int64_t)time(NULL);
  struct granted_roles roles;
  const char *cookie = NULL;
  enum status status = r->site->demo ? find_listed(r, &person, err)
                                     : find_invited(r, reply, now, &person, err);
  if (status != DONE || !person) return status;
  if (session_begin(r, person, now, &cookie, err) != DONE) return err->code;
  if (!r->site->demo && (note_invited(r, person, err) != DONE ||
                         notify_confirm(r->store, r->arena, person, r->language, err) != DONE))
    return err->code;
  if (roles_granted_of(r->store, r->arena, person, day_today(), &roles, err) != DONE)
    return err->code;
  metrics_event(r->site->metrics, METRICS_SIGN_IN);
  reply_go(reply, r, home_path(&roles));
  reply->cookie = cookie;
  return DONE;
}

/* ---- out ---- */

enum status page_sign_out(struct request *r, struct reply *reply, struct error *err) {
  (void)err;
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "who", r->visitor.name);
  (void)view_form(v, "form", r, route_post("/sign-out"), NULL, say(r->language, "Sign out"), NULL);
  reply_page(reply, r, "sign-out", say(r->language, "Sign out"), v);
  return DONE;
}

enum status act_sign_out(struct request *r, struct reply *reply, struct error *err) {
  const char *cookie = NULL;
  if (session_end(r, request_has(r, "everywhere"), (int64_t)time(NULL), &cookie, err) != DONE)
    return err->code;
  reply_go(reply, r, "/");
  reply->cookie = cookie;
  return DONE;
}
