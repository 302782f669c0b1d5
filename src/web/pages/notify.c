/* Tell us a change: a journey of some questions about what changed, which opens a case
 * (register/notices.h says of which kinds). What became of it is shown where all cases are. */
#include "action/tell.h"
#include "register/names.h"
#include "web/forms/journey.h"
#include "web/pages/assessing.h"
#include "web/pages/cases.h"

#include <stdio.h>

enum { MEMBERS_MOST = 30, FACTS_MOST = 16, STEPS_MOST = 16, POSTCODE_TYPED_MOST = 20 };

static const struct journeys tell;

static int64_t whose(const struct request *r) { return journey_who(r).person; }

/* ---- what the questions need to know ---- */

/* Where one can live: the places within the book's own place, and those above it for people who
 * have moved away. */
static enum status place_choices(struct request *r, const struct journey_call *call,
                                 struct view *form, struct error *err) {
  const struct places *places = r->reference_data->places;
  (void)call, (void)err;
  for (int i = 0; i < places->count; i++)
    if (places->own != PLACE_NONE && i != places->own && places_within(places, i, places->own))
      view_form_choice(form, "place", places->all[i].code, places->all[i].name, NULL);
  if (places->own == PLACE_NONE) return DONE;
  view_form_choice(form, "place", places->all[places->own].code, places->all[places->own].name,
                   NULL);
  for (int up = places->all[places->own].parent; up != PLACE_NONE; up = places->all[up].parent)
    view_form_choice(
        form, "place", places->all[up].code,
        arena_printf(r->arena, say(r->language, "Elsewhere in %s"), places->all[up].name), NULL);
  return DONE;
}

static const char *shown_place(struct request *r, const struct journey_call *call,
                               const struct field *field, const struct value *value) {
  int at = strcmp(field->name, "place") == 0
               ? places_by_code(r->reference_data->places, value->text)
               : PLACE_NONE;
  (void)call;
  return at == PLACE_NONE ? NULL : r->reference_data->places->all[at].name;
}

/* A postcode in its one form; what else was typed, as it was typed. */
static const char *shown_address(struct request *r, const struct journey_call *call,
                                 const struct field *field, const struct value *value) {
  char postcode[POSTCODE_SIZE];
  (void)call;
  if (strcmp(field->name, "postcode") != 0 || !postcode_read(value->text, postcode)) return NULL;
  return arena_string(r->arena, postcode);
}

static enum status check_place(struct request *r, const struct journey_call *call,
                               struct error *err) {
  const struct places *places = r->reference_data->places;
  int at = places_by_code(places, journey_answer(call, "place")->text), own = places->own;
  if (at != PLACE_NONE && own != PLACE_NONE &&
      (places_within(places, at, own) || places_within(places, own, at)))
    return DONE;
  return refuse_at(err, "place", PLACE_NOT_CHOSEN);
}

struct household_member {
  const char *word, *name;
};

/* The living people of one's household today, without oneself. A helper does not see who they are:
 * that would be an access to each of their records. */
static enum status household_members(struct request *r, struct household_member out[MEMBERS_MOST],
                                     int *count, struct error *err) {
  struct person self, other;
  int64_t *ids = NULL, household;
  int id_count = 0;
  day_t today = day_today();
  *count = 0;
  if (r->person) return DONE;
  if (register_person(r->store, r->arena, whose(r), &self, err) != DONE) return err->code;
  household = person_household(&self, today);
  if (!household) return DONE;
  if (register_household_members(r->store, r->arena, household, &ids, &id_count, err) != DONE)
    return err->code;
  for (int i = 0; i < id_count && *count < MEMBERS_MOST; i++) {
    if (register_person(r->store, r->arena, ids[i], &other, err) != DONE) return err->code;
    if (other.id == self.id || other.survivor || other.died != DAY_NONE ||
        person_household(&other, today) != household)
      continue;
    out[(*count)++] = (struct household_member){arena_printf(r->arena, "id:%s", other.code),
                                                other.name};
  }
  return DONE;
}

static enum status member_choices(struct request *r, const struct journey_call *call,
                                  struct view *form, struct error *err) {
  struct household_member members[MEMBERS_MOST];
  int count;
  (void)call;
  if (household_members(r, members, &count, err) != DONE) return err->code;
  for (int i = 0; i < count; i++)
    view_form_choice(form, "whom", members[i].word, members[i].name,
                     say(r->language, "Lives in your household"));
  view_form_choice(form, "whom", "other", say(r->language, "Somebody else"), NULL);
  return DONE;
}

static enum status check_member(struct request *r, const struct journey_call *call,
                                struct error *err) {
  struct household_member members[MEMBERS_MOST];
  int count;
  struct span whom = journey_answer(call, "whom")->text;
  if (span_is(whom, "other")) return DONE;
  if (household_members(r, members, &count, err) != DONE) return err->code;
  for (int i = 0; i < count; i++)
    if (span_is(whom, members[i].word)) return DONE;
  return refuse_at(err, "whom", DEAD_NOT_CHOSEN);
}

static const char *shown_member(struct request *r, const struct journey_call *call,
                                const struct field *field, const struct value *value) {
  struct household_member members[MEMBERS_MOST];
  struct error err = {0};
  int count = 0;
  (void)call;
  if (strcmp(field->name, "whom") != 0) return NULL;
  if (span_is(value->text, "other")) return say(r->language, "Somebody else");
  /* then the page shows the code */
  if (household_members(r, members, &count, &err) != DONE) return NULL;
  for (int i = 0; i < count; i++)
    if (span_is(value->text, members[i].word)) return members[i].name;
  return NULL;
}

/* ---- the notice ---- */

static const char *kind_of(const struct request *r, const struct journey_call *call) {
  const char *name = journey_of(call)->name;
  /* a person who leaves a household has an address of their own from then on */
  if (strcmp(name, "household") == 0 && journey_is(call, "what", "leave")) name = "address";
  return arena_printf(r->arena, "told-%s", name);
}

/* The notice's facts: the answers, and for a death the chosen person. */
static struct case_fact *facts_of(const struct request *r, const struct journey_call *call,
                                  int *count) {
  struct case_fact *facts = arena_array(r->arena, struct case_fact, FACTS_MOST);
  const char *field;
  struct span text;
  *count = 0;
  for (int at = 0; *count < FACTS_MOST && journey_next_answer(call, &at, &field, &text);) {
    bool is_whom = strcmp(field, "whom") == 0;
    if (strcmp(field, "what") == 0 || (is_whom && span_is(text, "other"))) continue;
    facts[(*count)++] = (struct case_fact){is_whom ? "person" : field, text};
  }
  return facts;
}

static bool has_body(const struct request *r, const int64_t *bodies, int count, const char *code) {
  for (int i = 0; i < count; i++) {
    const struct body *body = bodies_by_id(r->reference_data->bodies, bodies[i]);
    if (body && strcmp(body->code, code) == 0) return true;
  }
  return false;
}

/* Whom one still tells oneself, and how: the steps that the pack has after a notice of this kind
 * (null: none), without those of bodies that are told; and the other bodies that have lines. */
static void put_still(struct view *v, const struct request *r, const struct notice_told *told,
                      const char *kind_word) {
  const struct pack_case_step *steps[STEPS_MOST];
  const struct pack_case_kind *kind = kind_word ? pack_find_case_kind(r->pack, span_of(kind_word))
                                                : NULL;
  const struct pack_case_state *done = pack_find_case_state(r->pack, span_of("done"));
  int count = kind && done ? pack_case_steps(r->pack, kind, done, "", steps, STEPS_MOST) : 0;
  int shown = 0, others = 0;
  for (int i = 0; i < count; i++) {
    if (steps[i]->opens || has_body(r, told->bodies, told->count, steps[i]->body)) continue;
    struct view *item = view_item(v, "still");
    view_text(item, "name", steps[i]->name[r->language]);
    view_text(item, "text", steps[i]->text[r->language]);
    view_text(item, "href", steps[i]->address);
    shown++;
  }
  for (int i = 0; (!kind || kind->others) && i < told->other_count; i++) {
    const struct body *body = bodies_by_id(r->reference_data->bodies, told->others[i]);
    bool is_step = false;
    for (int s = 0; body && s < count; s++) is_step |= strcmp(steps[s]->body, body->code) == 0;
    if (is_step) continue;
    view_item_text(v, "others", body_words_of(r, told->others[i]));
    others++;
  }
  view_flag(v, "has_steps", shown > 0);
  view_flag(v, "has_others", others > 0);
  view_flag(v, "has_still", shown + others > 0);
}

static enum status put_whom(struct request *r, const char *kind_word, struct view *v,
                            struct error *err) {
  struct notice_told told;
  if (tell_bodies(r->store, r->arena, whose(r), day_today(), &told, err) != DONE) return err->code;
  for (int i = 0; i < told.count; i++)
    view_item_text(v, "bodies", body_words_of(r, told.bodies[i]));
  view_flag(v, "has_bodies", told.count > 0);
  put_still(v, r, &told, kind_word);
  return DONE;
}

static enum status put_told(struct request *r, const struct journey_call *call, struct view *v,
                            struct error *err) {
  const char *name = journey_of(call)->name;
  const bool dead = strcmp(name, "death") == 0;
  enum status status = put_whom(r, kind_of(r, call), v, err);
  return status == DONE
             ? view_told_changes(v, r, name,
                                 dead ? kept_text(r, journey_answer(call, "whom")->text) : NULL,
                                 err)
             : status;
}

/* The register's refusals as a page says them. */
static const struct reworded notice_refusals[] = {
    {REFUSAL_NAME_UNCHANGED, REFUSAL_YOUR_NAME_ALREADY},
    {REFUSAL_CHILD_REGISTERED_ALREADY, REFUSAL_CHILD_KNOWN_IN_YOUR_HOME},
    {REFUSAL_NAME_TOO_LONG, REFUSAL_YOUR_NAME_TOO_LONG},
    {REFUSAL_POSTCODE_MALFORMED, REFUSAL_YOUR_POSTCODE_MALFORMED},
    {REFUSAL_UPRN_MALFORMED, REFUSAL_YOUR_UPRN_MALFORMED},
    {REFUSAL_MOVE_BEFORE_BIRTH, REFUSAL_MOVED_BEFORE_YOUR_BIRTH},
    {REFUSAL_MOVE_TOO_FAR_AHEAD, REFUSAL_MOVED_TOO_FAR_AHEAD},
    {REFUSAL_CHILD_BORN_BEFORE_PARENT, REFUSAL_BORN_BEFORE_YOU},
    {REFUSAL_DEATH_BEFORE_BIRTH, REFUSAL_DIED_BEFORE_BIRTH},
    {REFUSAL_DEATH_REGISTERED_ALREADY, REFUSAL_DEATH_KNOWN},
    {REFUSAL_NOTICE_NO_BODY, REFUSAL_NO_BODY_TO_TELL},
    /* only staff learn whether a household is there */
    {REFUSAL_HOUSEHOLD_UNREGISTERED, REFUSAL_ANSWER_WRONG},
    {REFUSAL_NONE, REFUSAL_NONE}};

/* A fact that the register refuses belongs to a question: its field has the fact's name, except for
 * whom. */
static void say_refusal(enum status status, struct error *err) {
  if (status != REFUSED || !err) return;
  refusal_reword(notice_refusals, err);
  if (strcmp(err->column, "person") == 0) (void)snprintf(err->column, sizeof err->column, "whom");
}

static enum status check_facts(struct request *r, const struct journey_call *call,
                               struct error *err) {
  struct notice_input telling = {.person = whose(r),
                                 .kind = kind_of(r, call),
                                 .today = day_today()};
  telling.facts = facts_of(r, call, &telling.fact_count);
  enum status status = notice_check(r->store, r->arena, &telling, false, err);
  say_refusal(status, err);
  return status;
}

static enum status check_place_and_facts(struct request *r, const struct journey_call *call,
                                         struct error *err) {
  enum status status = check_place(r, call, err);
  return status == DONE ? check_facts(r, call, err) : status;
}

static enum status submit(struct request *r, const struct journey_call *call, struct error *err) {
  struct action_call open = request_actor(r);
  struct sent kind = {.name = span_of("kind"), .value = span_of(kind_of(r, call))};
  open.facts = facts_of(r, call, &open.fact_count);
  enum status status = action_run_sent(action_find(span_of("request-open")), &open, &kind, 1, err);
  say_refusal(status, err);
  return status;
}

/* ---- the questions ---- */

static bool joins(const struct journey_call *call) { return journey_is(call, "what", "join"); }
static bool leaves(const struct journey_call *call) { return journey_is(call, "what", "leave"); }
static bool is_other(const struct journey_call *call) { return journey_is(call, "whom", "other"); }

static const struct field new_name[] = {{.name = "name",
                                         .kind = FIELD_TEXT,
                                         .most = 100,
                                         .label = N_("What is your new name?"),
                                         .hint = N_(
                                             "Your full name, as it should stand on your record"),
                                         .autocomplete = "name",
                                         .missing = N_("Enter your new name")},
                                        {.name = NULL}};
static const struct field new_place[] = {{.name = "place",
                                          .kind = FIELD_CHOICE,
                                          .label = N_("Which area do you live in now?"),
                                          .missing = N_("Choose the area you live in now")},
                                         {.name = NULL}};
static const struct field new_address[] = {
    {.name = "address-1",
     .kind = FIELD_TEXT,
     .most = ADDRESS_LINE_BYTES_MAX,
     .label = N_("Address line 1"),
     .hint = N_("If there is no fixed address, write that"),
     .autocomplete = "address-line1",
     .missing = N_("Enter the first line of the address")},
    {.name = "address-2",
     .kind = FIELD_TEXT,
     .most = ADDRESS_LINE_BYTES_MAX,
     .optional = true,
     .label = N_("Address line 2"),
     .autocomplete = "address-line2"},
    {.name = "address-4",
     .kind = FIELD_TEXT,
     .most = ADDRESS_LINE_BYTES_MAX,
     .optional = true,
     .label = N_("Town or city"),
     .autocomplete = "address-level2"},
    {.name = "postcode",
     .kind = FIELD_TEXT,
     .most = POSTCODE_TYPED_MOST,
     .optional = true,
     .label = N_("Postcode"),
     .hint = N_("Leave it out for an address abroad"),
     .autocomplete = "postal-code"},
    {.name = "uprn",
     .kind = FIELD_TEXT,
     .most = POSTCODE_TYPED_MOST,
     .optional = true,
     .label = N_("UPRN, if you know it"),
     .hint = N_("The unique property reference number: up to 12 digits")},
    {.name = NULL}};
static const struct field moved_on[] = {
    {.name = "from",
     .kind = FIELD_DAY,
     .label = N_("When did you move?"),
     .hint = N_("For example, 27 3 2026. If you have not moved yet, the day that you will"),
     .missing = N_("Enter the day you moved")},
    {.name = NULL}};
static const struct choice household_changes[] = {
    {"join", N_("I have joined a household that is registered here")},
    {"leave", N_("I have left my household for a place of my own")},
    {NULL, NULL}};
static const struct field household_what[] = {{.name = "what",
                                               .kind = FIELD_CHOICE,
                                               .choices = household_changes,
                                               .label =
                                                   N_("What has changed in who you live with?"),
                                               .missing = N_("Choose what has changed")},
                                              {.name = NULL}};
static const struct field household_which[] = {
    {.name = "household",
     .kind = FIELD_CODE,
     .label = N_("What is the reference of the household?"),
     .hint = N_(
         "Somebody who lives there finds it on this service, on their page Tell us a change. "
         "Staff look at it before anything changes"),
     .missing = N_("Enter the reference of the household")},
    {.name = NULL}};
static const struct field child_name[] = {{.name = "name",
                                           .kind = FIELD_TEXT,
                                           .most = 100,
                                           .label = N_("What is your child's name?"),
                                           .hint = N_("The full name"),
                                           .missing = N_("Enter your child's name")},
                                          {.name = NULL}};
static const struct field child_born[] = {{.name = "born",
                                           .kind = FIELD_DAY,
                                           .past = true,
                                           .label = N_("When was your child born?"),
                                           .hint = N_("For example, 27 3 2026"),
                                           .missing = N_("Enter the day your child was born")},
                                          {.name = NULL}};
static const struct choice sexes[] = {
    {"F", N_("Female")}, {"M", N_("Male")}, {"X", N_("Neither, or not known")}, {NULL, NULL}};
static const struct field child_sex[] = {{.name = "sex",
                                          .kind = FIELD_CHOICE,
                                          .optional = true,
                                          .choices = sexes,
                                          .label = N_("What is your child's sex?")},
                                         {.name = NULL}};
static const struct field whom[] = {{.name = "whom",
                                     .kind = FIELD_CHOICE,
                                     .label = N_("Who has died?"),
                                     .missing = N_("Choose who has died")},
                                    {.name = NULL}};
static const struct field who_else[] = {{.name = "name",
                                         .kind = FIELD_TEXT,
                                         .most = 100,
                                         .label = N_("Full name"),
                                         .missing =
                                             N_("Enter the name of the person who has died")},
                                        {.name = "born",
                                         .kind = FIELD_DAY,
                                         .past = true,
                                         .label = N_("Day of birth"),
                                         .hint = N_("For example, 27 3 1947"),
                                         .missing = N_("Enter the day they were born")},
                                        {.name = NULL}};
static const struct field died_on[] = {{.name = "died",
                                        .kind = FIELD_DAY,
                                        .past = true,
                                        .label = N_("On which day did they die?"),
                                        .hint = N_("For example, 27 3 2026"),
                                        .missing = N_("Enter the day they died")},
                                       {.name = NULL}};

/* The same questions, to somebody who helps the person. */
static const struct field new_name_helped[] = {
    {.name = "name",
     .kind = FIELD_TEXT,
     .most = 100,
     .label = N_("What is their new name?"),
     .hint = N_("The full name, as it should stand on the record"),
     .missing = N_("Enter their new name")},
    {.name = NULL}};
static const struct field new_place_helped[] = {{.name = "place",
                                                 .kind = FIELD_CHOICE,
                                                 .label = N_("Which area do they live in now?"),
                                                 .missing = N_("Choose the area they live in now")},
                                                {.name = NULL}};
static const struct field moved_on_helped[] = {
    {.name = "from",
     .kind = FIELD_DAY,
     .label = N_("When did they move?"),
     .hint = N_("For example, 27 3 2026. If they have not moved yet, the day that they will"),
     .missing = N_("Enter the day they moved")},
    {.name = NULL}};
static const struct choice household_changes_helped[] = {
    {"join", N_("They have joined a household that is registered here")},
    {"leave", N_("They have left their household for a place of their own")},
    {NULL, NULL}};
static const struct field household_what_helped[] = {
    {.name = "what",
     .kind = FIELD_CHOICE,
     .choices = household_changes_helped,
     .label = N_("What has changed in who they live with?"),
     .missing = N_("Choose what has changed")},
    {.name = NULL}};
static const struct field child_name_helped[] = {{.name = "name",
                                                  .kind = FIELD_TEXT,
                                                  .most = 100,
                                                  .label = N_("What is the child's name?"),
                                                  .hint = N_("The full name"),
                                                  .missing = N_("Enter the child's name")},
                                                 {.name = NULL}};
static const struct field child_born_helped[] = {{.name = "born",
                                                  .kind = FIELD_DAY,
                                                  .past = true,
                                                  .label = N_("When was the child born?"),
                                                  .hint = N_("For example, 27 3 2026"),
                                                  .missing =
                                                      N_("Enter the day the child was born")},
                                                 {.name = NULL}};
static const struct field child_sex_helped[] = {{.name = "sex",
                                                 .kind = FIELD_CHOICE,
                                                 .optional = true,
                                                 .choices = sexes,
                                                 .label = N_("What is the child's sex?")},
                                                {.name = NULL}};

static const struct journey_question name_questions[] = {{.name = "name",
                                                          .fields = new_name,
                                                          .fields_helped = new_name_helped,
                                                          .key = N_("New name"),
                                                          .check = check_facts},
                                                         {.name = NULL}};
static const struct journey_question address_questions[] = {
    {.name = "place",
     .fields = new_place,
     .fields_helped = new_place_helped,
     .key = N_("Area"),
     .choices = place_choices,
     .check = check_place_and_facts,
     .shown = shown_place},
    {.name = "address",
     .fields = new_address,
     .title = N_("What is your new address?"),
     .title_helped = N_("What is their new address?"),
     .check = check_facts,
     .shown = shown_address},
    {.name = "from",
     .fields = moved_on,
     .fields_helped = moved_on_helped,
     .key = N_("Moved on"),
     .check = check_facts},
    {.name = NULL}};
static const struct journey_question household_questions[] = {
    {.name = "what",
     .fields = household_what,
     .fields_helped = household_what_helped,
     .key = N_("What has changed")},
    {.name = "household", .fields = household_which, .key = N_("Household"), .when = joins},
    {.name = "place",
     .fields = new_place,
     .fields_helped = new_place_helped,
     .key = N_("Area"),
     .when = leaves,
     .choices = place_choices,
     .check = check_place_and_facts,
     .shown = shown_place},
    {.name = "address",
     .fields = new_address,
     .title = N_("What is your new address?"),
     .title_helped = N_("What is their new address?"),
     .when = leaves,
     .check = check_facts,
     .shown = shown_address},
    {.name = "from",
     .fields = moved_on,
     .fields_helped = moved_on_helped,
     .key = N_("Moved on"),
     .check = check_facts},
    {.name = NULL}};
static const struct journey_question birth_questions[] = {
    {.name = "name",
     .fields = child_name,
     .fields_helped = child_name_helped,
     .key = N_("Child's name"),
     .check = check_facts},
    {.name = "born",
     .fields = child_born,
     .fields_helped = child_born_helped,
     .key = N_("Day of birth"),
     .check = check_facts},
    {.name = "sex", .fields = child_sex, .fields_helped = child_sex_helped, .key = N_("Sex")},
    {.name = NULL}};
static const struct journey_question death_questions[] = {
    {.name = "whom",
     .fields = whom,
     .key = N_("Who has died"),
     .choices = member_choices,
     .check = check_member,
     .shown = shown_member},
    {.name = "who", .fields = who_else, .title = N_("Who has died?"), .when = is_other},
    {.name = "died", .fields = died_on, .key = N_("Day of death"), .check = check_facts},
    {.name = NULL}};

/* ---- when the record changes ---- */

static const char *check_at_once(const struct request *r, const struct journey_call *call) {
  (void)call;
  return journey_who(r).is_helper
             ? say(r->language, "Their record changes as soon as you send this.")
             : say(r->language, "Your record changes as soon as you send this.");
}

static const char *check_move(const struct request *r, const struct journey_call *call) {
  const struct value *from = journey_answer(call, "from");
  struct error none = {0};
  bool waits = false;
  if (from->given &&
      tell_move_waits(r->store, r->arena, (day_t)from->number, day_today(), &waits, &none) ==
          DONE &&
      waits)
    return journey_who(r).is_helper
               ? say(r->language, "They moved in a year that is closed, or more than a year ago: "
                                  "staff look at this before their record changes.")
               : say(r->language, "You moved in a year that is closed, or more than a year ago: "
                                  "staff look at this before your record changes.");
  if (!from->given || from->number <= day_today()) return check_at_once(r, call);
  return arena_printf(r->arena,
                      journey_who(r).is_helper
                          ? say(r->language,
                                "Their record changes on %s. Until then it stays as it "
                                "is.")
                          : say(r->language, "Your record changes on %s. Until then it stays as it "
                                             "is."),
                      written_value(r, doc_day((day_t)from->number)));
}

static const char *check_by_staff(const struct request *r, const struct journey_call *call) {
  (void)call;
  return say(r->language, "Staff look at this before any record changes.");
}

static const char *check_household(const struct request *r, const struct journey_call *call) {
  return joins(call) ? check_by_staff(r, call) : check_move(r, call);
}

static const char *check_birth(const struct request *r, const struct journey_call *call) {
  (void)call;
  return say(r->language, "Staff look at this before the child is registered here.");
}

static enum status done(struct request *r, const struct journey_call *call, struct view *v,
                        bool *shown, struct error *err);

static const struct journey all[] = {
    {.name = "name",
     .title = N_("A new name"),
     .intro = N_("Your name has changed: it is changed on your record at once."),
     .intro_helped = N_("Their name has changed: it is changed on their record at once."),
     .questions = name_questions,
     .check_text = check_at_once,
     .button = N_("Send"),
     .before = put_told,
     .submit = submit,
     .done = done},
    {.name = "address",
     .title = N_("A new address"),
     .intro = N_("You have moved, or will. Your record changes at once, or on the day of the "
                 "move if that is still to come. Your new home is a household of its own: who has "
                 "moved with you tells us that they have joined it."),
     .intro_helped = N_(
         "They have moved, or will. Their record changes at once, or on the day "
         "of the move if that is still to come. Their new home is a household of its "
         "own: who has moved with them tells us that they have joined it."),
     .questions = address_questions,
     .check_text = check_move,
     .button = N_("Send"),
     .before = put_told,
     .submit = submit,
     .done = done},
    {.name = "household",
     .title = N_("Who you live with"),
     .title_helped = N_("Who they live with"),
     .intro = N_("You have joined another household, or left yours for a place of your own."),
     .intro_helped = N_("They have joined another household, or left theirs for a place of their "
                        "own."),
     .questions = household_questions,
     .check_text = check_household,
     .button = N_("Send"),
     .before = put_told,
     .submit = submit,
     .done = done},
    {.name = "birth",
     .title = N_("A birth"),
     .intro = N_("You have a new child: staff look at this before the child is registered here."),
     .intro_helped = N_("They have a new child: staff look at this before the child is registered "
                        "here."),
     .questions = birth_questions,
     .check_text = check_birth,
     .button = N_("Send"),
     .before = put_told,
     .submit = submit,
     .done = done},
    {.name = "death",
     .title = N_("A death"),
     .intro = N_("Somebody of your household has died, or somebody else you know: staff look at "
                 "this before any record changes."),
     .intro_helped = N_("Somebody of their household has died, or somebody else they know: staff "
                        "look at this before any record changes."),
     .questions = death_questions,
     .check_text = check_by_staff,
     .button = N_("Send"),
     .before = put_told,
     .submit = submit,
     .done = done},
    {.name = NULL}};

static const struct journeys tell = {.base = "/tell-us-once",
                                     .base_for = "/helping/{person}/tell-us-once",
                                     .all = all,
                                     .done_template = "tell-done"};

/* ---- what happens next ---- */

/* The newest case of the kind that the visitor opened about this person; *newest stays as it is
 * where there is none that is newer. */
static enum status find_newest(const struct request *r, const struct case_page *page,
                               const char *kind, int64_t *newest, struct error *err) {
  const struct case_filter filter = {.kind = kind, .most = CASES_PAGE_MOST};
  struct case_file *files = NULL;
  int count = 0, record_count = 0;
  int64_t *records = NULL, total = 0;
  if (register_records(r->store, r->arena, whose(r), &records, &record_count, err) != DONE ||
      cases_of(r->store, r->arena, &page->desk, records, record_count, &filter, &files, &count,
               &total, err) != DONE)
    return err->code;
  for (int i = 0; i < count; i++)
    if (files[i].id > *newest && files[i].party == whose(r) &&
        case_actor_is(&page->actor, files[i].opener))
      *newest = files[i].id;
  return DONE;
}

/* What happens next: a change of a day to come is not made yet. */
static const char *next_words(const struct request *r, const struct case_file *told) {
  const day_t on = told->waits ? DAY_NONE : case_changes_on(told);
  if (told->waits && told->kind) return told->kind->told_waits[r->language];
  if (on == DAY_NONE) return told->kind ? told->kind->told[r->language] : NULL;
  return arena_printf(r->arena,
                      journey_who(r).is_helper
                          ? say(r->language,
                                "Their record changes on %s. Until then it stays as it "
                                "is. The organisations below have been told.")
                          : say(r->language, "Your record changes on %s. Until then it stays as it "
                                             "is. The organisations below have been told."),
                      written_value(r, doc_day(on)));
}

static enum status done(struct request *r, const struct journey_call *call, struct view *v,
                        bool *shown, struct error *err) {
  struct case_page page;
  struct case_file told;
  int64_t id = 0;
  const char *name = journey_of(call)->name;
  if (case_page_begin(r, false, &page, err) != DONE ||
      find_newest(r, &page, arena_printf(r->arena, "told-%s", name), &id, err) != DONE ||
      (strcmp(name, "household") == 0 && find_newest(r, &page, "told-address", &id, err) != DONE))
    return err->code;
  *shown = id != 0;
  if (!id) return DONE;
  if (case_one(r->store, r->arena, &page.desk, &page.actor, id, &told, err) != DONE)
    return err->code;
  struct view *panel = view_object(v, "panel");
  view_text(panel, "heading", say(r->language, "You have told us"));
  view_text(panel, "text", journey_title(r, journey_of(call)));
  view_text(v, "next", next_words(r, &told));
  view_text(v, "href",
            request_path(r, arena_printf(r->arena, "%s/%lld", case_page_base(r, &page),
                                         (long long)id)));
  if (told.waits) {
    struct view *summary = view_object(v, "summary");
    view_fact(summary, say(r->language, "Who answers"), body_words_of(r, told.to_body));
    const char *due = case_due_words(r, &told);
    if (due) view_fact(summary, say(r->language, "Answer due"), due);
  }
  for (int i = 0; i < told.told_count; i++) {
    struct view *body = view_item(v, "bodies");
    view_text(body, "name", body_words_of(r, told.told[i].body));
    view_moment(body, "read", r, told.told[i].read_at);
  }
  view_flag(v, "has_bodies", told.told_count > 0);
  struct notice_told today;
  if (tell_bodies(r->store, r->arena, whose(r), day_today(), &today, err) != DONE) return err->code;
  put_still(v, r, &today, told.kind_word);
  return DONE;
}

static enum status put_household(struct request *r, struct view *v, struct error *err) {
  struct person self;
  struct register_name home;
  if (register_person(r->store, r->arena, whose(r), &self, err) != DONE) return err->code;
  int64_t household = person_household(&self, day_today());
  view_text(v, "in_name_of", journey_who(r).is_helper ? self.name : NULL);
  if (!household || journey_who(r).is_helper) return DONE;
  enum status status = register_name_of_party(r->store, r->arena, household, &home, err);
  if (home.code) view_text(v, "household", home.code);
  return status;
}

/* Each page of a helper who sends a notice for somebody notes an access. */
static enum status note_access(struct request *r, struct error *err) {
  return journey_who(r).is_helper
             ? request_note_access(r, "tell us once", "helps them to tell", err)
             : DONE;
}

/* Kinds of the pack that are only passed on have no journey: their form is that of requests. */
static enum status put_passed_on(struct request *r, struct view *v, struct error *err) {
  struct case_page page;
  if (case_page_begin(r, false, &page, err) != DONE) return err->code;
  for (int i = 0; i < r->pack->case_kind_count; i++) {
    const struct pack_case_kind *kind = &r->pack->case_kinds[i];
    if (strcmp(kind->handler, "notice") != 0 || notice_changes(kind->code)) continue;
    if (!case_page_opens(&page, kind)) continue;
    struct view *item = view_item(v, "kinds");
    view_text(item, "href",
              request_path(r, arena_printf(r->arena, "%s/new/%s", case_page_base(r, &page),
                                           kind->code)));
    view_text(item, "title", kind->name[r->language]);
  }
  return DONE;
}

/* The address that the book has for the person today. */
static enum status put_address(struct request *r, struct view *v, struct error *err) {
  struct person self;
  struct homes *homes = NULL;
  if (register_surviving_person(r->store, r->arena, whose(r), &self, err) != DONE ||
      register_homes(r->store, r->arena, &self, &homes, err) != DONE)
    return err->code;
  const struct address *address = homes_address(homes, &self, day_today());
  view_text(v, "address", address ? address_text(r->arena, address) : NULL);
  return DONE;
}

enum status page_notify(struct request *r, struct reply *reply, struct error *err) {
  if (note_access(r, err) != DONE) return err->code;
  struct view *v = view_new(r->arena, r->language);
  for (const struct journey *j = all; j->name; j++) {
    struct view *kind = view_item(v, "kinds");
    view_text(kind, "href", journey_path(r, &tell, j->name));
    view_text(kind, "title", journey_title(r, j));
    view_text(kind, "intro", say(r->language, r->person ? j->intro_helped : j->intro));
  }
  if (put_passed_on(r, v, err) != DONE || put_whom(r, NULL, v, err) != DONE ||
      put_address(r, v, err) != DONE)
    return err->code;
  view_text(v, "requests", request_path(r, arena_printf(r->arena, "%s/requests", request_base(r))));
  if (request_subject(r) == r->visitor.person) view_text(v, "facts", request_path(r, "/facts"));
  if (put_household(r, v, err) != DONE) return err->code;
  reply_page(reply, r, "tell-us-once", say(r->language, "Tell us a change"), v);
  return DONE;
}

/* ---- rows ---- */

enum status page_notify_start(struct request *r, struct reply *reply, struct error *err) {
  return note_access(r, err) != DONE ? err->code : journey_start(&tell, r, reply, err);
}
enum status page_notify_question(struct request *r, struct reply *reply, struct error *err) {
  return note_access(r, err) != DONE ? err->code : journey_show_question(&tell, r, reply, err);
}
enum status act_notify_question(struct request *r, struct reply *reply, struct error *err) {
  return journey_take_question(&tell, r, reply, err);
}
enum status page_notify_check(struct request *r, struct reply *reply, struct error *err) {
  return note_access(r, err) != DONE ? err->code : journey_show_check(&tell, r, reply, err);
}
enum status act_notify_check(struct request *r, struct reply *reply, struct error *err) {
  return journey_submit(&tell, r, reply, err);
}
enum status page_notify_done(struct request *r, struct reply *reply, struct error *err) {
  return note_access(r, err) != DONE ? err->code : journey_show_done(&tell, r, reply, err);
}

const struct field *notify_fields(const struct request *r, const struct span *names) {
  (void)r;
  return journey_fields(&tell, names[0], names[1], false);
}
const struct field *notify_fields_for(const struct request *r, const struct span *names) {
  (void)r;
  return journey_fields(&tell, names[1], names[2], true);
}
