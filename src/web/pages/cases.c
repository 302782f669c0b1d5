/* What the pages of cases share: words of the pack, deadlines in words, fields of facts. */
#include "web/pages/assessing.h"
#include "web/pages/cases.h"

#include "award/claim.h"

#include "action/desk.h"
#include "base/money.h"
#include "case/subject.h"
#include "register/case_actor.h"
#include "register/names.h"
#include "register/permission.h"

enum { CODE_CHARS_MOST = 64, SCOPE_CHOICES_MOST = 8 };

/* ---- who asks ---- */

enum status case_page_begin(const struct request *r, bool is_officer, struct case_page *out,
                            struct error *err) {
  struct desk_terms *terms = arena_array(r->arena, struct desk_terms, 1);
  *terms = (struct desk_terms){.record = {.pack = r->pack, .codes = r->reference_data->codes},
                               .reference_data = r->reference_data,
                               .rules = assessing_rules(r)};
  *out = (struct case_page){.desk = action_desk(terms, day_today()), .is_officer = is_officer};
  enum status status = register_case_actor(r->store, r->arena, r->visitor.person, day_today(),
                                           request_who(r), &out->actor, err);
  if (!is_officer) out->actor.role_count = out->actor.body_count = 0;
  if (status == DONE && r->person)
    status = register_case_helper(r->store, r->arena, &out->actor, r->person, day_today(), err);
  return status;
}

const char *case_page_base(const struct request *r, const struct case_page *page) {
  return page->is_officer ? "/inbox" : arena_printf(r->arena, "%s/requests", request_base(r));
}

bool case_page_opens(const struct case_page *page, const struct pack_case_kind *kind) {
  const struct case_actor *actor = &page->actor;
  return case_may_open(actor, kind, actor->helped ? actor->helped : actor->person);
}

/* ---- words ---- */

const char *case_kind_words(const struct request *r, const struct case_file *file) {
  return file->kind ? file->kind->name[r->language] : file->kind_word;
}

void view_case_state(struct view *v, const struct request *r, const struct case_file *file) {
  struct view *tag = view_object(v, "state");
  view_text(tag, "text", file->state ? file->state->name[r->language] : file->state_word);
  view_text(tag, "colour", file->state ? file->state->colour : "grey");
  if (!case_late(file, day_today())) {
    view_text(v, "late", NULL);
    return;
  }
  tag = view_object(v, "late");
  view_text(tag, "text", say(r->language, "Late"));
  view_text(tag, "colour", "red");
}

/* Working days after `from` up to and including `to`. */
static int64_t working_days(const struct pack *pack, day_t from, day_t to) {
  int64_t count = 0;
  while (++from <= to) count += pack_working_day(pack, from);
  return count;
}

const char *case_due_words(const struct request *r, const struct case_file *file) {
  day_t today = day_today(), due = file->due;
  if (!file->waits || due == DAY_NONE) return NULL;
  const char *day = written_value(r, doc_day(due));
  if (due == today) return arena_printf(r->arena, say(r->language, "by today, %s"), day);
  int64_t days = due > today ? working_days(r->pack, today, due)
                             : working_days(r->pack, due, today);
  const char *format = due > today ? say_count(r->language, "by %s, in %lld working day",
                                               "by %s, in %lld working days", days)
                                   : say_count(r->language, "by %s, %lld working day ago",
                                               "by %s, %lld working days ago", days);
  return arena_printf(r->arena, format, day, (long long)days);
}

const char *case_role_words(const struct request *r, const char *word) {
  const struct places *places = r->reference_data->places;
  const struct role *role = role_find(span_of(word));
  if (strcmp(word, "administrator") == 0 && places->own != PLACE_NONE)
    return arena_printf(r->arena, say(r->language, "An administrator of %s"),
                        places->all[places->own].name);
  return role ? say(r->language, role->title) : word;
}

const char *case_office_words(const struct request *r, const struct case_file *file) {
  /* passed on as it was opened: the body has nobody else */
  if (file->escalated && file->kind && file->to_body &&
      strcmp(file->escalated, file->opened_at) == 0)
    return case_role_words(r, file->kind->escalates);
  return file->to_body   ? body_words_of(r, file->to_body)
         : file->to_role ? case_role_words(r, file->to_role)
                         : "";
}

bool case_taken_back(const struct case_file *file) {
  bool by_others = false, by_deciders = false;
  if (file->waits || !file->kind) return false;
  for (int i = 0; i < file->kind->move_count; i++) {
    const struct pack_case_move *move = &file->kind->moves[i];
    /* what a decision leads to is an answer, also where it came in a file */
    by_deciders |= move->to == file->state && move->by == CASE_BY_DECIDER;
    by_others |= move->to == file->state && move->by != CASE_BY_DECIDER;
  }
  return by_others && !by_deciders;
}

const char *case_decider_words(const struct request *r, const struct case_page *page,
                               const struct case_file *file, struct error *err) {
  struct register_name name;
  if (file->to_body || file->to_role) return case_office_words(r, file);
  if (!file->to_person) return NULL;
  if (case_actor_is(&page->actor, file->to_person)) return say(r->language, "You");
  if (register_name_of_party(r->store, r->arena, file->to_person, &name, err) != DONE) return NULL;
  /* until that person has answered only their reference is shown: otherwise anybody could find out
   * anybody's name */
  bool answered = file->decided_at && file->decider == file->to_person && name.name;
  const char *typed = case_fact(file, "confirmer");
  return answered || page->is_officer ? name.name : typed && *typed ? typed : name.code;
}

const char *case_done_words(const struct request *r, struct span done) {
  const char *colon = done.size ? memchr(done.bytes, ':', done.size) : NULL;
  size_t before = colon ? (size_t)(colon - done.bytes) : 0;
  const struct pack_case_kind *kind =
      colon ? pack_find_case_kind(r->pack, span_make(done.bytes, before)) : NULL;
  for (int i = 0; kind && i < kind->move_count; i++)
    if (span_is(span_make(colon + 1, done.size - before - 1), kind->moves[i].word))
      return kind->moves[i].done[r->language];
  return NULL;
}

static const struct choice sexes[] = {
    {"F", N_("Female")}, {"M", N_("Male")}, {"X", N_("Neither, or not known")}, {NULL, NULL}};

static const char *number_words(const struct request *r, const struct pack_case_fact *fact,
                                const char *text) {
  int64_t n;
  day_t day;
  struct span s = span_of(text);
  switch (fact->type) {
  case FACT_TYPE_DAY:
    return day_parse(s, &day, NULL) == DONE ? written_value(r, doc_day(day)) : text;
  case FACT_TYPE_MINUTES:
    return integer_parse(s, &n, NULL) == DONE ? written_value(r, doc_minutes(n)) : text;
  case FACT_TYPE_MONEY:
    return money_parse(s, &n, NULL) == DONE ? written_value(r, doc_money(n)) : text;
  case FACT_TYPE_QUANTITY:
    return quantity_parse(s, &n, NULL) == DONE ? written_value(r, doc_quantity(n)) : text;
  default: return text;
  }
}

static const char *scope_words(const struct request *r, const char *text) {
  struct text all = {0};
  unsigned scope = scope_of_words(span_of(text));
  const struct helper_scope *row;
  for (int i = 0; (row = scope_at(i)); i++)
    if (scope & row->bit)
      text_addf(&all, "%s%s", all.size ? ", " : "", say(r->language, row->among));
  const char *words = all.size ? kept_text(r, span_make(all.bytes, all.size)) : text;
  text_release(&all);
  return words;
}

static const char *choice_words(const struct request *r, const struct choice *choices,
                                const char *text) {
  for (const struct choice *c = choices; c->word; c++)
    if (strcmp(c->word, text) == 0) return say(r->language, c->label);
  return text;
}

/* What the program itself wrote in a case are texts of the pack, kept in English: a benefit, a
 * standard, the terms of an overpayment. They are told in the language of the visitor. */
static const char *text_of_pack(const struct request *r, const char *text) {
  const struct pack *p = r->pack;
  for (int i = 0; i < p->entitlement_count; i++)
    if (strcmp(p->entitlements[i].name[ENGLISH], text) == 0)
      return p->entitlements[i].name[r->language];
  for (int i = 0; i < p->standard_count; i++)
    if (strcmp(p->standards[i].name[ENGLISH], text) == 0) return p->standards[i].name[r->language];
  for (int i = 0; i < p->overpayment_count; i++)
    if (strcmp(p->overpayments[i].terms[ENGLISH], text) == 0)
      return p->overpayments[i].terms[r->language];
  return text;
}

const char *case_fact_words(const struct request *r, const struct pack_case_fact *fact,
                            const char *text) {
  const struct places *places = r->reference_data->places;
  struct span code = span_of(text);
  switch (fact->type) {
  case FACT_TYPE_PLACE: {
    int place = places_by_code(places, code);
    return place == PLACE_NONE ? text : places->all[place].name;
  }
  case FACT_TYPE_BODY: {
    const struct body *body = bodies_by_code(r->reference_data->bodies, code);
    return body && body->name ? body_words(r, body) : text;
  }
  case FACT_TYPE_CATEGORY: {
    const struct pack_category *category = pack_find_category(r->pack, code);
    return category ? category->name[r->language] : text;
  }
  case FACT_TYPE_SEX: return choice_words(r, sexes, text);
  case FACT_TYPE_SCOPE: return scope_words(r, text);
  case FACT_TYPE_ENTITLEMENT: {
    const struct pack_entitlement *what = pack_find_entitlement(r->pack, code);
    return what ? what->name[r->language] : text;
  }
  case FACT_TYPE_PER: return choice_words(r, per_choices, text);
  case FACT_TYPE_EVERY: return choice_words(r, pay_choices, text);
  case FACT_TYPE_TEXT:
  case FACT_TYPE_LONG: return text_of_pack(r, text);
  case FACT_TYPE_HOUSEHOLD:
  case FACT_TYPE_PERSON: return text;
  default: return number_words(r, fact, text);
  }
}

/* ---- subjects ---- */

/* What follows the word in front of the colon: `12:3` of `line:12:3`. */
static const char *rest_of(const char *subject) { return strchr(subject, ':') + 1; }

const struct pack_standard *case_standard(const struct pack *pack, const char *subject,
                                          const char **year) {
  static const char begin[] = "standard:";
  if (!subject || strncmp(subject, begin, sizeof begin - 1) != 0) return NULL;
  const char *code = subject + sizeof begin - 1, *end = strchr(code, ':');
  if (year) *year = end ? end + 1 : "";
  return end ? pack_find_standard(pack, span_make(code, (size_t)(end - code))) : NULL;
}

const char *case_subject_words(const struct request *r, const char *subject) {
  const char *year = "";
  const struct pack_standard *standard = case_standard(r->pack, subject, &year);
  if (standard) return arena_printf(r->arena, "%s, %s", standard->name[r->language], year);
  switch (subject_read(subject).kind) {
  case SUBJECT_LINE:
    return arena_printf(r->arena, say(r->language, "Item %s on the account"), rest_of(subject));
  case SUBJECT_LOOK: return say(r->language, "A visit to the record");
  case SUBJECT_CASE:
    return arena_printf(r->arena, say(r->language, "Request %s"), rest_of(subject));
  case SUBJECT_FACT: return say(r->language, "What an organisation told us");
  default: break;
  }
  if (subject && strncmp(subject, AWARD_RESULT, sizeof AWARD_RESULT - 1) == 0)
    return arena_printf(r->arena, say(r->language, "Award %s"), rest_of(subject));
  const size_t begins = sizeof CLAIM_SUBJECT - 1;
  const struct pack_entitlement *what = subject && strncmp(subject, CLAIM_SUBJECT, begins) == 0
                                            ? pack_find_entitlement(r->pack,
                                                                    span_of(subject + begins))
                                            : NULL;
  return what ? what->name[r->language] : subject;
}

const char *case_subject_path(const struct request *r, const struct case_page *page,
                              const char *person, const char *subject) {
  switch (subject_read(subject).kind) {
  case SUBJECT_CASE:
    return request_path(r,
                        arena_printf(r->arena, "%s/%s", case_page_base(r, page), rest_of(subject)));
  case SUBJECT_LINE:
    if (!page->is_officer)
      return request_path(r, arena_printf(r->arena, "%s/account/lines/%s", request_base(r),
                                          rest_of(subject)));
    /* staff see lines of their own bodies, after they have said why */
    return person && page->actor.body_count
               ? request_path(r, arena_printf(r->arena, "/people/%s/lines/%s", person,
                                              rest_of(subject)))
               : NULL;
  case SUBJECT_LOOK:
    return page->is_officer || page->actor.helped
               ? NULL
               : request_path(r, arena_printf(r->arena, "/looked/%s", rest_of(subject)));
  case SUBJECT_FACT:
    return page->is_officer || page->actor.helped
               ? NULL
               : request_path(r, arena_printf(r->arena, "/facts/one/%s", rest_of(subject)));
  default: break;
  }
  const bool is_award = strncmp(subject, AWARD_RESULT, sizeof AWARD_RESULT - 1) == 0;
  return is_award && !page->is_officer && !page->actor.helped ? request_path(r, "/awards") : NULL;
}

/* ---- forms ---- */

static struct choice scope_choice(int i) {
  const struct helper_scope *scope = scope_at(i);
  return scope ? (struct choice){scope->word, scope->choice} : (struct choice){NULL, NULL};
}

/* The places, bodies or categories that one can choose; null for other types, and while only the
 * head of a form has come. The names are in the visitor's language already. */
static const struct choice *register_choices(const struct request *r, enum case_fact_type type) {
  const struct reference_data *all = r->reference_data;
  if (!all || (type != FACT_TYPE_PLACE && type != FACT_TYPE_BODY && type != FACT_TYPE_CATEGORY))
    return NULL;
  const struct places *places = all->places;
  const struct bodies *bodies = all->bodies;
  int most = places->count + bodies->count + r->pack->category_count, count = 0;
  struct choice *out = arena_array(r->arena, struct choice, most + 1);
  for (int i = 0; type == FACT_TYPE_PLACE && i < places->count; i++)
    if (places->own == PLACE_NONE || places_within(places, i, places->own))
      out[count++] = (struct choice){places->all[i].code, places->all[i].name};
  for (int i = 0; type == FACT_TYPE_BODY && i < bodies->count; i++)
    out[count++] = (struct choice){bodies->all[i].code, bodies->all[i].name
                                                            ? body_words(r, &bodies->all[i])
                                                            : bodies->all[i].code};
  for (int i = 0; type == FACT_TYPE_CATEGORY && i < r->pack->category_count; i++)
    if (pack_is_summed(&r->pack->categories[i]))
      out[count++] = (struct choice){r->pack->categories[i].code,
                                     r->pack->categories[i].name[r->language]};
  out[count] = (struct choice){NULL, NULL};
  return out;
}

struct field case_fact_field(const struct request *r, const struct pack_case_fact *fact) {
  static const struct field by_type[FACT_TYPES] = {
      [FACT_TYPE_TEXT] = {.kind = FIELD_TEXT},
      [FACT_TYPE_LONG] = {.kind = FIELD_LONG},
      [FACT_TYPE_DAY] = {.kind = FIELD_DAY},
      [FACT_TYPE_MINUTES] = {.kind = FIELD_MINUTES},
      [FACT_TYPE_MONEY] = {.kind = FIELD_MONEY},
      [FACT_TYPE_QUANTITY] = {.kind = FIELD_QUANTITY},
      [FACT_TYPE_PLACE] = {.kind = FIELD_CHOICE},
      [FACT_TYPE_HOUSEHOLD] = {.kind = FIELD_CODE},
      [FACT_TYPE_PERSON] = {.kind = FIELD_TEXT, .most = CODE_CHARS_MOST},
      [FACT_TYPE_BODY] = {.kind = FIELD_CHOICE},
      [FACT_TYPE_CATEGORY] = {.kind = FIELD_CHOICE},
      [FACT_TYPE_SEX] = {.kind = FIELD_CHOICE, .choices = sexes},
      [FACT_TYPE_SCOPE] = {.kind = FIELD_CHOICES, .choice_at = scope_choice},
      [FACT_TYPE_ENTITLEMENT] = {.kind = FIELD_CODE},
      [FACT_TYPE_PER] = {.kind = FIELD_CHOICE, .choices = per_choices},
      [FACT_TYPE_EVERY] = {.kind = FIELD_CHOICE, .choices = pay_choices},
  };
  struct field field = by_type[fact->type];
  const char *hint = fact->hint[r->language];
  field.name = fact->word;
  field.optional = !fact->required;
  field.label = fact->name[r->language];
  field.hint = hint && *hint ? hint : NULL;
  const struct choice *choices = register_choices(r, fact->type);
  if (choices) field.choices = choices;
  return field;
}

struct case_fact *case_facts_given(const struct request *r, const struct pack_case_kind *kind,
                                   const char *asked, int *count) {
  struct case_fact *facts = arena_array(r->arena, struct case_fact, kind->fact_count + 1);
  *count = 0;
  for (int i = 0; i < kind->fact_count; i++) {
    const struct pack_case_fact *fact = &kind->facts[i];
    if (strcmp(fact->asked, asked) != 0 || !request_has(r, fact->word)) continue;
    struct span value = request_text(r, fact->word);
    if (fact->type == FACT_TYPE_MONEY) { /* without `£` and commas, as the case keeps it */
      struct text plain = {0};
      text_add_money(&plain, request_int(r, fact->word));
      value = span_of(kept_text(r, span_make(plain.bytes, plain.size)));
      text_release(&plain);
    }
    facts[(*count)++] = (struct case_fact){fact->word, value};
  }
  return facts;
}
