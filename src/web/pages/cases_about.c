/* What a case is about, in words: an item of the account by its kind, amount and day, an earlier
 * case with its words and its answer, a look. Whoever answers reads it on the page of the case,
 * within the visit that is noted for it. */
#include "web/pages/cases.h"

#include "case/subject.h"
#include "redress/redress.h"
#include "register/access_log.h"
#include "register/benefit_unit.h"
#include "register/names.h"
#include "register/notices.h"

enum { ABOUT_DEEP = 4 }; /* a complaint about the answer to a complaint, and so on */

/* ---- items ---- */

static const char *category_words(const struct request *r, const struct line *line) {
  const struct codes *codes = r->reference_data->codes;
  const struct pack_category *category =
      line->category >= 1 && line->category <= codes->category_max
          ? pack_find_category(r->pack, span_of(codes->category_code[line->category]))
          : NULL;
  const struct book_service *service = reference_data_service(r->reference_data, line->service);
  return category  ? category->name[r->language]
         : service ? service->name
                   : say(r->language, "An item without a category");
}

/* How much it is, whichever way it went. */
static const char *amount_words(const struct request *r, const struct redress_item *item) {
  const struct line *line = &item->line;
  const struct book_service *service = reference_data_service(r->reference_data, line->service);
  int64_t amount = line->amount < 0 ? -line->amount : line->amount,
          quantity = line->quantity < 0 ? -line->quantity : line->quantity;
  if (line->has_quantity)
    return written_value(r, doc_quantity_of(quantity, service && service->unit
                                                          ? say(r->language, service->unit)
                                                          : NULL));
  return written_value(r,
                       reference_data_exactly(r->reference_data, r->language, item->unit, amount));
}

static const char *item_words(const struct request *r, const struct redress_item *item,
                              enum case_about how) {
  const char *kind = category_words(r, &item->line),
             *day = written_value(r, doc_day(item->line.day));
  if (how == CASE_ABOUT_KIND) return kind;
  if (how == CASE_ABOUT_SHORT || !item->line.body)
    return arena_printf(r->arena, "%s, %s, %s", kind, amount_words(r, item), day);
  return arena_printf(r->arena, "%s, %s, %s, %s", kind, amount_words(r, item), day,
                      body_words_of(r, item->line.body));
}

enum status case_about_words(const struct request *r, int64_t party, const char *subject,
                             enum case_about how, const char **out, struct error *err) {
  struct redress_item item;
  bool found = false;
  /* the title of a case about an action says what it is */
  bool is_said = how == CASE_ABOUT_KIND || (subject && strncmp(subject, "action:", 7) == 0);
  *out = is_said ? NULL : case_subject_words(r, subject);
  if (subject_read(subject).kind != SUBJECT_LINE) return DONE;
  enum status status = redress_item_of(r->store, r->arena, party, subject, &item, &found, err);
  if (status == DONE && found) *out = item_words(r, &item, how);
  return status;
}

enum status case_measure(const struct request *r, const struct case_file *file, bool *found,
                         enum measure *out, struct error *err) {
  struct redress_item item;
  *found = false;
  if (subject_read(file->subject).kind != SUBJECT_LINE) return DONE;
  enum status status = redress_item_of(r->store, r->arena, file->party, file->subject, &item, found,
                                       err);
  if (status == DONE && *found) *out = redress_measure_of(item.unit, &item.line);
  return status;
}

bool case_fact_fits(const struct pack_case_fact *fact, bool is_item, enum measure measure) {
  if (!is_item) return true;
  switch (fact->type) {
  case FACT_TYPE_MONEY: return measure == MEASURE_MONEY;
  case FACT_TYPE_QUANTITY: return measure == MEASURE_COUNT;
  case FACT_TYPE_MINUTES: return measure == MEASURE_MINUTES;
  default: return true;
  }
}

day_t case_changes_on(const struct case_file *file) {
  const char *from = notice_changes(file->kind_word) ? case_fact(file, "from") : NULL;
  struct error none = {0};
  day_t day = DAY_NONE;
  if (!from || (!file->waits && file->state && strcmp(file->state->word, "done") != 0) ||
      day_parse(span_of(from), &day, &none) != DONE)
    return DAY_NONE;
  return day > day_today() ? day : DAY_NONE;
}

enum status case_corrected_words(const struct request *r, const struct case_file *file,
                                 const char **out, struct error *err) {
  struct redress_item wrong, made;
  bool was = false, is = false;
  *out = NULL;
  if (subject_read(file->subject).kind != SUBJECT_LINE ||
      subject_read(file->result).kind != SUBJECT_LINE)
    return DONE;
  enum status status = redress_item_of(r->store, r->arena, file->party, file->subject, &wrong, &was,
                                       err);
  if (status == DONE)
    status = redress_item_of(r->store, r->arena, file->party, file->result, &made, &is, err);
  if (status != DONE || !was || !is) return status;
  const char *amount = amount_words(r, &wrong), *day = written_value(r, doc_day(wrong.line.day));
  if (made.line.reverses_entry)
    *out = arena_printf(r->arena, say(r->language, "%s of %s was taken back."), amount, day);
  else if (made.line.day == wrong.line.day)
    *out = arena_printf(r->arena, say(r->language, "%s of %s was taken back; %s stands instead."),
                        amount, day, amount_words(r, &made));
  else
    *out = arena_printf(r->arena,
                        say(r->language, "%s of %s was taken back; %s of %s stands instead."),
                        amount, day, amount_words(r, &made),
                        written_value(r, doc_day(made.line.day)));
  return DONE;
}

/* ---- what an acceptance changed ---- */

/* Who has died, as the reader knows them: a helper does not see who lives with whom they help. */
static enum status dead_name(const struct request *r, const struct case_page *page,
                             const struct case_file *file, const char **out, struct error *err) {
  const char *reference = case_fact(file, "person");
  struct person person;
  struct error unknown = {0};
  int64_t id = 0;
  *out = case_fact(file, "name");
  if (!reference || page->actor.helped) return DONE;
  enum status status = register_find_person(r->store, reference, &id, &unknown);
  if (status == FAILED) *err = unknown;
  if (status != DONE) return status == REFUSED ? DONE : status;
  status = register_surviving_person(r->store, r->arena, id, &person, err);
  if (status == DONE) *out = person.name;
  return status;
}

enum status case_changed_words(const struct request *r, const struct case_page *page,
                               const struct case_file *file, const char **out, struct error *err) {
  const char *died = case_fact(file, "died"), *name = NULL;
  struct error none = {0};
  day_t day = DAY_NONE;
  *out = NULL;
  if (!notice_changes(file->kind_word) || file->waits || !file->state ||
      strcmp(file->state->word, "done") != 0)
    return DONE;
  if (!died || day_parse(span_of(died), &day, &none) != DONE) {
    *out = case_changes_on(file) == DAY_NONE
               ? say(r->language, "It was accepted, and the record is changed.")
               : NULL;
    return DONE;
  }
  if (dead_name(r, page, file, &name, err) != DONE) return err->code;
  const char *on = written_value(r, doc_day(day));
  *out =
      name
          ? arena_printf(r->arena, say(r->language, "The death of %s on %s is on the record here."),
                         name, on)
          : arena_printf(r->arena, say(r->language, "The death on %s is on the record here."), on);
  return DONE;
}

enum status case_dead_words(const struct request *r, const struct case_page *page,
                            const struct case_file *file, const char **out, struct error *err) {
  *out = NULL;
  if (strcmp(file->kind_word, "told-death") != 0 || page->is_officer) return DONE;
  return dead_name(r, page, file, out, err);
}

/* ---- a home ---- */

enum status case_home_of(const struct request *r, int64_t parent, day_t day, struct case_home *out,
                         struct error *err) {
  struct person self;
  struct homes *homes = NULL;
  struct register_name name = {0};
  int64_t *ids = NULL;
  int count = 0;
  *out = (struct case_home){0};
  if (register_surviving_person(r->store, r->arena, parent, &self, err) != DONE ||
      register_homes(r->store, r->arena, &self, &homes, err) != DONE)
    return err->code;
  const int64_t household = person_household(&self, day);
  const struct address *address = homes_address(homes, &self, day);
  const struct place *place = reference_data_place(r->reference_data,
                                                   homes_place(homes, &self, day));
  out->where = address ? address_text(r->arena, address) : place ? place->name : NULL;
  if (!household) return DONE;
  if (register_name_of_party(r->store, r->arena, household, &name, err) != DONE ||
      register_household_members(r->store, r->arena, household, &ids, &count, err) != DONE)
    return err->code;
  out->code = name.code;
  out->others = arena_array(r->arena, struct person, count + 1);
  for (int i = 0; i < count; i++) {
    struct person *p = &out->others[out->count];
    if (register_person(r->store, r->arena, ids[i], p, err) != DONE) return err->code;
    out->count += p->id != self.id && !p->survivor && p->born <= day &&
                  (p->died == DAY_NONE || p->died >= day) && person_household(p, day) == household;
  }
  return DONE;
}

enum status case_share_home(const struct request *r, int64_t one, int64_t other, bool *out,
                            struct error *err) {
  return register_share_home(r->store, r->arena, one, other, day_today(), out, err);
}

/* ---- looks ---- */

/* A visit that somebody objects to is shown to whoever answers, who has no page of it. */
static enum status look_words(const struct request *r, const struct case_file *file,
                              const char **out, struct error *err) {
  struct access_note note;
  struct error none = {0};
  enum status status = access_note_by_id(r->store, r->arena, file->party,
                                         subject_read(file->subject).number, &note, &none);
  if (status == DONE)
    *out = arena_printf(r->arena, "%s: %s, %s, %s", written_moment(r, note.at),
                        viewer_words(r, &note.viewer, note.who),
                        access_what(r, note.what, READ_BY_OTHERS),
                        access_why(r, note.why, READ_BY_OTHERS));
  if (status == FAILED) *err = none;
  return status == FAILED ? FAILED : DONE;
}

/* ---- the section of a page ---- */

/* The case that this one is about; id 0: none, or none that the visitor may read. */
static enum status read_about(const struct request *r, const struct case_page *page,
                              const struct case_file *file, struct case_file *out,
                              struct error *err) {
  struct error none = {0};
  const struct subject about = subject_read(file->subject);
  out->id = 0;
  if (about.kind != SUBJECT_CASE) return DONE;
  enum status status = case_one(r->store, r->arena, &page->desk, &page->actor, about.number, out,
                                &none);
  if (status != DONE) out->id = 0;
  if (status == FAILED) *err = none;
  return status == FAILED ? FAILED : DONE;
}

static enum status put_case(struct view *v, const struct request *r, const struct case_page *page,
                            const struct case_file *file, struct error *err) {
  struct view *item = view_item(v, "abouts");
  const char *who = NULL, *corrected = NULL;
  view_text(item, "title",
            arena_printf(r->arena, say(r->language, "Request %lld: %s"), (long long)file->id,
                         case_kind_words(r, file)));
  view_text(item, "href",
            request_path(r, arena_printf(r->arena, "%s/%lld", case_page_base(r, page),
                                         (long long)file->id)));
  view_text(item, "reason", file->reason && *file->reason ? file->reason : NULL);
  view_text(item, "answer", file->answer && *file->answer ? file->answer : NULL);
  view_case_state(item, r, file);
  enum status status = case_answered_words(r, page, file, &who, err);
  if (status == DONE) status = case_corrected_words(r, file, &corrected, err);
  view_text(item, "who", who);
  view_text(item, "corrected", corrected);
  for (int i = 0; status == DONE && file->kind && i < file->kind->fact_count; i++) {
    const struct pack_case_fact *fact = &file->kind->facts[i];
    const char *text = case_fact(file, fact->word);
    /* a fact that names a person is another person's record */
    if (!text || !*text || fact->type == FACT_TYPE_PERSON) continue;
    if (case_hides_amounts(page, file) && strcmp(fact->asked, "open") != 0) continue;
    struct view *row = view_item(item, "facts");
    view_text(row, "key", fact->name[r->language]);
    view_text(row, "value", case_fact_words(r, fact, text));
  }
  return status;
}

enum status case_view_about(struct view *v, const struct request *r, const struct case_page *page,
                            const struct case_file *file, struct case_subject *out,
                            struct error *err) {
  struct case_file at = *file, next;
  enum status status = DONE;
  *out = (struct case_subject){0};
  for (int depth = 0; depth < ABOUT_DEEP; depth++) {
    status = read_about(r, page, &at, &next, err);
    if (status != DONE || !next.id) break;
    if (put_case(v, r, page, &next, err) != DONE) return err->code;
    at = next;
  }
  if (status != DONE || !at.subject || !*at.subject) return status;
  out->file = at;
  if (page->is_officer && subject_read(at.subject).kind == SUBJECT_LOOK) {
    out->words = case_subject_words(r, at.subject);
    return look_words(r, &at, &out->words, err);
  }
  return case_about_words(r, at.party, at.subject, CASE_ABOUT_WHOLE, &out->words, err);
}

enum status case_about_kind(const struct request *r, const struct case_page *page,
                            const struct case_file *file, const char **out, struct error *err) {
  const struct subject subject = subject_read(file->subject);
  struct case_file about;
  struct error gone = {0};
  *out = "";
  if (subject.kind != SUBJECT_CASE) return DONE;
  enum status status = case_one(r->store, r->arena, &page->desk, &page->actor, subject.number,
                                &about, &gone);
  if (status == DONE) *out = about.kind_word;
  if (status == FAILED) *err = gone;
  return status == FAILED ? FAILED : DONE;
}
