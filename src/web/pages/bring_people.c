/* An organisation's own file of people (council tax payments, home care visits, volunteers): the
 * form that asks what its columns mean, and what its preview shows. Nobody whom it is about is
 * shown: of the cells the form says only how they look, and the preview how many people were
 * found. */
#include "web/pages/bring.h"
#include "web/pages/pages.h"

#include "base/refusal.h"

enum { OTHER_FIELDS = 5, EACH_MOST = 24 * 60 };

static const struct bring_meaning meanings_of_people[] = {
    {MEANS_PERSON, "person", N_("The person\u2019s number")},
    {MEANS_NAME, "name", N_("Their name")},
    {MEANS_FORENAME, "forename", N_("Their forename")},
    {MEANS_SURNAME, "surname", N_("Their surname")},
    {MEANS_BORN, "born", N_("Their birth date")},
    {MEANS_POSTCODE, "postcode", N_("Their postcode")},
    {MEANS_DATE, "date", N_("Day")},
    {MEANS_AMOUNT, "amount", N_("Amount")},
    {MEANS_QUANTITY, "quantity", N_("Hours, minutes or visits")},
    {MEANS_REFERENCE, "reference", N_("Reference")},
    {MEANS_DESCRIPTION, "description", N_("Description")},
    {MEANS_NOTHING, "-", N_("Not kept")},
    {MEANS_NOTHING, NULL, NULL}};

const char *bring_people_meaning(const struct request *r, enum meaning means) {
  if (means == MEANS_SERVICE) return say(r->language, "Service");
  for (const struct bring_meaning *m = meanings_of_people; m->word; m++)
    if (m->means == means) return say(r->language, m->label);
  return say(r->language, "Not kept");
}

/* ---- the form ---- */

static const struct choice unit_choices[] = {
    {"-", N_("What the category is counted in, or the file counts nothing")},
    {"hours", N_("Hours: 1.5")},
    {"hours:minutes", N_("Hours and minutes: 1:30")},
    {"minutes", N_("Minutes: 90")},
    {"visit", N_("Visits, each of as many minutes as you say below")},
    {NULL, NULL}};

static struct choice people_choice(int i) {
  return (struct choice){meanings_of_people[i].word, meanings_of_people[i].label};
}

static const struct field others[OTHER_FIELDS] = {
    {.name = "category",
     .kind = FIELD_CHOICE,
     .label = N_("What is every line?"),
     .missing = N_("Choose what every line is")},
    {.name = "scheme",
     .kind = FIELD_CHOICE,
     .optional = true,
     .among = true,
     .label = N_("Which number is the person\u2019s number?"),
     .hint = N_("Only if a column has one")},
    {.name = "unit",
     .kind = FIELD_CHOICE,
     .optional = true,
     .among = true,
     .choices = unit_choices,
     .label = N_("What does the column of hours, minutes or visits count?")},
    {.name = "each",
     .kind = FIELD_COUNT,
     .optional = true,
     .least = 1,
     .most = EACH_MOST,
     .label = N_("Minutes of one visit")},
    {.name = "sign",
     .kind = FIELD_CHOICE,
     .optional = true,
     .among = true,
     .choices = bring_signs,
     .label = N_("How are amounts written?")}};
static const struct bring_form form_of_people;

const struct field *bring_people_fields(const struct request *r, const struct span *names) {
  (void)names;
  return bring_form_fields(r, &form_of_people, NULL, BRING_COLUMNS_MOST);
}

/* Entries that are rows of a file: money, services and time, not what somebody holds. */
static void add_choices(struct view *form, const struct request *r) {
  const struct pack *pack = r->pack;
  for (int i = 0; i < pack->category_count; i++)
    if (pack->categories[i].shown != SHOWN_HOLDINGS)
      view_form_choice(form, "category", pack->categories[i].code,
                       pack->categories[i].name[r->language], NULL);
  view_form_choice(form, "scheme", "id", say(r->language, "Our own reference of the person"), NULL);
  view_form_choice(form, "scheme", "nino", say(r->language, "National Insurance number"), NULL);
  view_form_choice(form, "scheme", "nhs", say(r->language, "NHS number"), NULL);
  for (int i = 0; i < pack->scheme_count; i++)
    view_form_choice(form, "scheme", pack->schemes[i].code, pack->schemes[i].name[r->language],
                     NULL);
}

static void put_people_form(struct request *r, struct reply *reply, const struct upload_seen *u) {
  const struct profile_look *look = &u->tried->look;
  const struct own_constants *said = &look->people;
  const int count = bring_form_count(look);
  const struct field *fields = bring_form_fields(r, &form_of_people, u->tried, count);
  struct value *start = bring_form_start(r, &form_of_people, fields, look);
  start[count] = bring_chosen("category", said->category);
  start[count + 1] = bring_chosen("scheme", said->scheme);
  start[count + 2] = bring_chosen("unit", said->unit);
  start[count + 3] = bring_chosen("each", said->each);
  start[count + 4] = bring_chosen("sign", said->turned ? "turned" : "as-is");
  struct view *v = view_new(r->arena, r->language);
  const char *path = bring_path(r, u->token);
  view_text(v, "back", request_path(r, path));
  struct view *form = view_form_of(v, "form", r, fields,
                                   request_path(r, arena_printf(r->arena, "%s/people", path)),
                                   say(r->language, "Look at the file again"), start);
  add_choices(form, r);
  reply_page(reply, r, "bring-people", say(r->language, "What the columns about people mean"), v);
}

/* ---- the answer ---- */

static bool has_column(const struct profile_look *look, enum meaning means) {
  for (int c = 0; c < look->column_count; c++)
    if (look->columns[c].means == means) return true;
  return false;
}

static bool is_twice(const struct profile_look *look) {
  for (int c = 0; c < look->column_count; c++)
    for (int k = 0; k < c; k++)
      if (look->columns[c].means != MEANS_NOTHING &&
          look->columns[c].means == look->columns[k].means)
        return true;
  return false;
}

/* A line without a column of how much is one visit; nothing says how many hours it is. */
static enum status check_quantity(const struct profile_look *look,
                                  const struct pack_category *category, struct error *err) {
  const char *unit = look->people.unit;
  const bool visits = unit && strcmp(unit, "visit") == 0, none = !unit || strcmp(unit, "-") == 0;
  if (has_column(look, MEANS_QUANTITY))
    return unit ? DONE : refuse_at(err, "unit", BROUGHT_LACKS_UNIT);
  return !visits && (!none || category->side == SIDE_GIVEN)
             ? refuse_at(err, "", BROUGHT_LACKS_QUANTITY)
             : DONE;
}

static enum status check_people(const struct request *r, const struct upload_seen *u,
                                const struct profile_look *look, struct error *err) {
  const struct pack_category *category = pack_find_category(r->pack, request_text(r, "category"));
  const bool named = has_column(look, MEANS_NAME) || has_column(look, MEANS_SURNAME);
  const bool told = has_column(look, MEANS_BORN) || has_column(look, MEANS_POSTCODE);
  if (!category || category->shown == SHOWN_HOLDINGS)
    return refuse_at(err, "category", BROUGHT_LACKS_CATEGORY);
  if (is_twice(look)) return refuse_at(err, "", BROUGHT_MEANING_TWICE);
  if (!has_column(look, MEANS_PERSON) && !(named && told))
    return refuse_at(err, "", BROUGHT_LACKS_PERSON);
  if (!has_column(look, MEANS_DATE) && !u->date[0]) return refuse_at(err, "", BROUGHT_LACKS_DAY);
  const bool counted = category->side == SIDE_SERVICE || category->side == SIDE_GIVEN;
  if (!counted && !has_column(look, MEANS_AMOUNT)) return refuse_at(err, "", BROUGHT_LACKS_AMOUNT);
  return check_quantity(look, category, err);
}

/* A word of the form; null: nothing was chosen. */
static const char *said_word(const struct request *r, const char *name) {
  const struct span word = request_text(r, name);
  return word.size && !span_is(word, "-") ? arena_copy(r->arena, word.bytes, word.size) : NULL;
}

static enum status read_people_form(const struct request *r, const struct upload_seen *u,
                                    struct profile_look *look, struct error *err) {
  const struct span unit = request_text(r, "unit");
  for (int c = BRING_COLUMNS_MOST; c < look->column_count; c++)
    look->columns[c].means = MEANS_NOTHING; /* nobody was asked about it */
  look->people = (struct own_constants){.category = said_word(r, "category"),
                                        .scheme = said_word(r, "scheme"),
                                        .unit = unit.size ? kept_text(r, unit) : NULL,
                                        .each = said_word(r, "each"),
                                        .turned = span_is(request_text(r, "sign"), "turned")};
  return check_people(r, u, look, err);
}

static const struct bring_meaning *people_meanings(void) { return meanings_of_people; }

static const struct bring_form form_of_people = {.people = true,
                                                 .sample = N_("Looks like: %s"),
                                                 .meanings = people_meanings,
                                                 .choice = people_choice,
                                                 .others = others,
                                                 .other_count = OTHER_FIELDS,
                                                 .put = put_people_form,
                                                 .look = profile_look_people,
                                                 .answer = profile_answer_people,
                                                 .read = read_people_form};

enum status page_bring_people(struct request *r, struct reply *reply, struct error *err) {
  return bring_form_page(&form_of_people, r, reply, err);
}
enum status act_bring_people(struct request *r, struct reply *reply, struct error *err) {
  return bring_form_act(&form_of_people, r, reply, err);
}

/* ---- the preview ---- */

void bring_people_facts(struct view *facts, const struct request *r, const struct upload_tried *t) {
  const enum language l = r->language;
  const struct preview_people *p = &t->preview.people;
  const struct {
    const char *label;
    int64_t count;
  } counts[] = {{say(l, "Lines read"), t->file.read ? t->file.read : t->file.rows},
                {say(l, "Lines that would be recorded"), t->file.posted},
                {say(l, "Lines that would be refused"), t->file.rejected},
                {say(l, "Lines that are nothing of a person"), t->file.left_out}};
  const struct {
    const char *label;
    int64_t count;
  } people[] = {{say(l, "Lines whose person was found by number"), p->by_number},
                {say(l, "Lines whose person was found by name"), p->by_name + p->by_decision},
                {say(l, "Lines of which we are not sure whom they mean"), p->unsure},
                {say(l, "Lines whose name fits nobody"), p->none}};
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
    view_fact(facts, counts[i].label, written_value(r, doc_count(counts[i].count)));
  if (t->file.amount || t->file.rejected_amount) { /* visits and time have none */
    view_fact(facts, say(l, "Amounts that would be recorded"),
              written_value(r, doc_money(t->file.amount)));
    view_fact(facts, say(l, "Amounts that would be refused"),
              written_value(r, doc_money(t->file.rejected_amount)));
  }
  for (size_t i = 0; t->file.profile && i < sizeof people / sizeof *people; i++)
    view_fact(facts, people[i].label, written_value(r, doc_count(people[i].count)));
}

static const struct table_head line_heads[] = {{N_("Line"), true},     {N_("Day"), false},
                                               {N_("Amount"), true},   {N_("What it was"), false},
                                               {N_("How much"), true}, {NULL, false}};

/* A line that is sound by itself is refused where its reference is there already. */
static bool is_refused(const struct upload_tried *t, uint64_t line) {
  for (int i = 0; i < t->reject_count; i++)
    if (t->rejects[i].line == line) return true;
  return false;
}

void bring_people_rows(struct view *v, const struct request *r, const struct upload_tried *t) {
  if (!t->file.profile) return; /* our own columns: what they mean is known */
  struct view *table = view_table(v, "payments", r,
                                  say(r->language, "The first lines that would be recorded"),
                                  line_heads, say(r->language, "No line would be recorded."));
  view_table_of_words(table);
  for (int i = 0; i < t->preview.row_count; i++) {
    const struct preview_row *p = &t->preview.rows[i];
    if (is_refused(t, p->line)) continue;
    struct view *row = view_row(table);
    view_cell(row, r, line_heads, 0, arena_printf(r->arena, "%llu", (unsigned long long)p->line),
              NULL);
    view_cell(row, r, line_heads, 1, written_value(r, doc_day(p->day)), NULL);
    view_cell(row, r, line_heads, 2, p->amount ? written_value(r, doc_money(p->amount)) : "", NULL);
    view_cell(row, r, line_heads, 3, category_name(r, span_of(p->category)), NULL);
    view_cell(row, r, line_heads, 4,
              p->quantity[0] ? arena_printf(r->arena, "%s %s", p->quantity, p->unit) : "", NULL);
  }
}

const char *bring_people_refused(const struct request *r, const struct reject *one) {
  const enum language l = r->language;
  switch (one->refusal.code) {
  case REFUSAL_ROW_PERSON_UNSURE:
    return say(l, "We are not sure who is meant. Once the file is recorded, it is a question for "
                  "somebody to decide.");
  case REFUSAL_ROW_PERSON_NONE:
  case REFUSAL_ROW_PERSON_NONE_MEANT: return say(l, "Nobody here is whom the line names.");
  case REFUSAL_ROW_PERSON_DIFFERS:
    return say(l, "The number is one person\u2019s and the name another\u2019s.");
  case REFUSAL_ENTRY_PERSON_UNREGISTERED: return say(l, "Nobody here has the number.");
  case REFUSAL_ENTRY_PERSON_ERASED: return say(l, "What was held of the person was erased.");
  case REFUSAL_ENTRY_PERSON_MALFORMED:
    return say(l, "The number has not the form of such a number.");
  default: break;
  }
  const char *sentence = refusal_sentence(r->arena, l, &one->refusal, one->reason);
  enum { QUOTED_MOST = 40 }; /* a longer value is quoted in part */
  const char *start = arena_printf(r->arena, "%.*s", QUOTED_MOST, one->value ? one->value : "");
  return start[0] && strstr(sentence, start)
             ? say(l, "The column holds something else than it should, which is not shown here.")
             : sentence;
}
