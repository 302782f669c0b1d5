/* The page of one line: everything that the book, the register, the pack and the log have about
 * it. */
#include "attest/closing.h"
#include "attest/person_accounts.h"
#include "base/refusal.h"
#include "book/streams.h"
#include "book/entries.h"
#include "book/imports.h"
#include "book/line_reads.h"
#include "statement/corrections.h"
#include "statement/line_rules.h"
#include "statement/subject.h"

#include "base/hash.h"
#include "base/money.h"
#include "book/log.h"

struct story {
  struct store *store;
  struct arena *arena;
  const struct reference_data *reference_data;
  enum language language;
  bool named; /* for somebody else's eyes; or the person has died */
  struct person *person;
  struct account *accounts;
  int account_count;
  struct line line;
  const struct account *account;
  const struct pack_category *category; /* null: none */
  const struct book_service *service;   /* null: none */
  struct stream stream;                 /* zeroed: none */
  struct reading reading;
  /* what took it back, and what it takes back; null: nothing */
  const struct correction *taken_back, *takes_back;
  int year; /* tax year of its day */
  /* its entry */
  int64_t entry, seq, import;
  const char *kind, *recorded, *memo, *root; /* root: hexadecimal; null: none yet */
  struct document *d;
};

#define SAY(text) say(s->language, (text))

static const char *kept(struct story *s, struct span text) {
  return arena_copy(s->arena, text.bytes, text.size);
}

static struct doc_value text_or_nothing(const char *text) {
  return text && *text ? doc_text(text) : doc_null();
}

static struct doc_value in_unit(const struct story *s, int64_t n) {
  return reference_data_exactly(s->reference_data, s->language, s->account->unit, n);
}

static const char *year_text(struct story *s, int year) {
  return year_write(year, arena_alloc(s->arena, 8));
}

/* Adds a value that has a label for people only if there is something to show; programs always get
 * it. */
static void add_value(struct story *s, const char *key, const char *label, struct doc_value value) {
  document_value(s->d, key, value.kind == DOC_NULL ? NULL : label, value);
}

/* ---- reading ---- */

static enum status no_such_line(const struct story *s, int64_t entry, int32_t line_no,
                                struct error *err) {
  return refuse(err, PERSON_LINE_UNKNOWN, s->person->code, (long long)entry, line_no);
}

/* REFUSED when there is none: the caller gives the same message as for somebody else's line. */
static enum status read_entry(struct story *s, int64_t entry, bool *found, struct error *err) {
  struct entry_record e;
  struct text hex = {0};
  enum status status = entry_find(s->store, s->arena, entry, &e, found, err);
  if (status == DONE && *found) {
    s->entry = entry;
    s->line.day = e.day;
    s->seq = e.seq;
    s->kind = e.kind;
    s->recorded = e.recorded;
    s->memo = e.memo;
    s->import = e.import;
    if (e.has_root) {
      text_add_hex(&hex, e.root.bytes, sizeof e.root.bytes);
      s->root = kept(s, span_make(hex.bytes, hex.size));
    }
  }
  text_release(&hex);
  return status;
}

/* Reads the line by key, in each of the person's accounts. */
static enum status read_line(struct story *s, int32_t line_no, struct error *err) {
  enum status status = DONE;
  for (int i = 0; status == DONE && i < s->account_count && !s->account; i++) {
    struct line line;
    bool found = false;
    status = line_find(s->store, s->arena, s->accounts[i].id, s->line.day, s->entry, line_no, &line,
                       &found, err);
    if (status != DONE || !found) continue;
    s->account = &s->accounts[i];
    s->line = line;
  }
  return status;
}

static enum status read_story(struct story *s, int64_t person, int64_t entry, int32_t line_no,
                              struct error *err) {
  bool found = false;
  enum status status = person_accounts_owner(s->store, s->arena, person, &s->person, err);
  if (status == DONE)
    status = person_accounts_all(s->store, s->arena, s->person, &s->accounts, &s->account_count,
                                 err);
  if (status == DONE) status = book_reading(s->store, s->arena, &s->reading, err);
  if (status == DONE && reading_sees(&s->reading, entry))
    status = read_entry(s, entry, &found, err);
  if (status == DONE && found) status = read_line(s, line_no, err);
  if (status != DONE) return status;
  if (!s->account) return no_such_line(s, entry, line_no, err);
  struct corrections *corrections = arena_alloc(s->arena, sizeof *corrections);
  if (corrections_read(corrections, s->store, s->arena, &s->reading, s->account, 1, err) != DONE ||
      corrections_of(corrections, entry, line_no, &s->taken_back, err) != DONE ||
      corrections_by(corrections, &s->line, &s->takes_back, err) != DONE)
    return err->code;
  s->category = chart_category(s->reference_data->chart, s->line.category);
  s->service = reference_data_service(s->reference_data, s->line.service);
  s->year = year_of_day(YEAR_TAX, s->line.day);
  return s->line.stream.size
             ? stream_find(s->store, s->arena, s->line.stream, &s->stream, &found, err)
             : DONE;
}

/* ---- category, body, reason ---- */

/* Services are named by places, in one language. */
static const char *service_name(const struct story *s) {
  if (!s->service) return NULL;
  return language_is_original(s->language) || !s->category ? s->service->name
                                                           : s->category->name[s->language];
}

static const char *category_name(const struct story *s) {
  return s->category ? s->category->name[s->language] : SAY("An item without a category");
}

/* What people read first: whether the item still stands, and if not, why. */
static void add_banner(struct story *s) {
  if (s->taken_back)
    document_inset_line(s->d, correction_taken_back_words(s->taken_back, s->language, s->arena),
                        correction_line(s->taken_back, s->arena), SAY("The correction"));
  if (!s->takes_back) return;
  document_inset_line(
      s->d,
      arena_printf(s->arena, "%s %s %s",
                   arena_printf(s->arena, SAY("This takes an item back: %s of %s."),
                                category_name(s),
                                correction_undone_day(s->takes_back, s->language, s->arena)),
                   SAY("It is no payment, no use and no time of its own."),
                   correction_recorded_words(s->takes_back, s->language, s->arena)),
      correction_undone_line(s->takes_back, s->arena), SAY("The item taken back"));
}

bool statement_counts(const struct reference_data *reference_data,
                      const struct pack_category *category, const char *role) {
  return category && pack_is_summed(category) &&
         roles_in_statement(reference_data->codes->roles, role);
}

static bool is_counted(const struct story *s) {
  return statement_counts(s->reference_data, s->category, s->account->role);
}

/* ---- what it is, in a sentence ---- */

/* To the person, and about them. */
struct item_sentence {
  const char *you, *named;
};
static const struct item_sentence was_paid = {N_("On {day} you paid {amount}: {what}."),
                                              N_("On {day} {name} paid {amount}: {what}.")};
static const struct item_sentence employer_paid = {
    N_("On {day} your employer paid {amount}: {what}."),
    N_("On {day} the employer of {name} paid {amount}: {what}.")};
static const struct item_sentence was_received = {N_("On {day} you received {amount}: {what}."),
                                                  N_("On {day} {name} received {amount}: {what}.")};
static const struct item_sentence was_off_bill = {
    N_("On {day} {amount} was taken off your {bill}: {what}."),
    N_("On {day} {amount} was taken off the {bill} of {name}: {what}.")};
static const struct item_sentence was_used = {
    N_("On {day} you used a service that cost {amount}: {what}."),
    N_("On {day} {name} used a service that cost {amount}: {what}.")};
static const struct item_sentence was_used_unvalued = {
    N_("On {day} you used a service: {what}. What it cost is not known."),
    N_("On {day} {name} used a service: {what}. What it cost is not known.")};
static const struct item_sentence time_was_given = {N_("On {day} you gave {amount}: {what}."),
                                                    N_("On {day} {name} gave {amount}: {what}.")};
static const struct item_sentence was_handed_over = {
    N_("On {day} you handed over {amount}: {what}."),
    N_("On {day} {name} handed over {amount}: {what}.")};
static const struct item_sentence was_given_back = {
    N_("On {day} {amount} was given back or corrected: {what}."),
    N_("On {day} {amount} was given back or corrected: {what}.")};
static const struct item_sentence was_recorded = {
    N_("This was recorded for {day}: {what}, {amount}."),
    N_("This was recorded for {day}: {what}, {amount}.")};
static const struct item_sentence takes_off = {N_("On {day} it takes off {amount}: {what}."),
                                               N_("On {day} it takes off {amount}: {what}.")};

static bool is_unvalued(const struct line *line) {
  return line->has_quantity && !line->cost_year && !line->amount;
}

static const struct item_sentence *sentence_of(const struct story *s, bool below_zero) {
  if (s->takes_back) return &takes_off;
  if (s->taken_back) return &was_recorded;
  if (!is_counted(s)) return s->line.amount < 0 ? &was_handed_over : &was_received;
  if (is_unvalued(&s->line)) return &was_used_unvalued;
  if (below_zero) return &was_given_back;
  switch (s->category->shown) {
  case SHOWN_PAID: return &was_paid;
  case SHOWN_EMPLOYER: return &employer_paid;
  case SHOWN_SERVICES: return &was_used;
  case SHOWN_GIVEN: return &time_was_given;
  default: return s->category->off_bill[ENGLISH] ? &was_off_bill : &was_received;
  }
}

/* Without its sign; an estimate is *about* so much. */
static const char *sentence_amount(struct story *s) {
  const struct line *line = &s->line;
  const int64_t size = line->amount < 0 ? -line->amount : line->amount;
  if (is_unvalued(line)) return value_words(s->arena, s->language, doc_unvalued());
  if (line->estimated && strcmp(s->account->unit, UNIT_PENCE) == 0)
    return headline_amount(s->language, size, true, s->arena);
  return value_words(s->arena, s->language, in_unit(s, size));
}

static const char *name_of_body(const struct story *s) {
  return reference_data_body_name(s->reference_data, s->line.body, s->language);
}

/* What, how much and when; and which organisation recorded it. */
static void add_sentence(struct story *s) {
  const bool below_zero = is_counted(s) && figures_amount(s->category, s->line.amount) < 0;
  const struct item_sentence *of = sentence_of(s, below_zero);
  const struct text_filling all[] = {
      {"day", value_words(s->arena, s->language, doc_day(s->line.day))},
      {"name", s->person->name},
      {"amount", sentence_amount(s)},
      {"what", category_name(s)},
      {"bill", s->category ? s->category->off_bill[s->language] : NULL},
      {"who", name_of_body(s)},
      {NULL, NULL}};
  struct text t = {0};
  text_add_filled(&t, SAY(s->named ? of->named : of->you), all);
  if (*name_of_body(s)) {
    text_add_char(&t, ' ');
    text_add_filled(&t, SAY("{who} recorded it."), all);
  }
  const struct price_years prices = {s->line.cost_year, s->line.cost_year};
  const char *old = s->line.amount ? price_years_words(&prices, s->year, s->language, s->arena)
                                   : NULL;
  if (old) text_addf(&t, " %s", old);
  document_lead(s->d, text_take(s->arena, &t));
}

/* The amount as the person sees it, under the name of its section; a correction is none of them. */
static void add_amount(struct story *s) {
  const struct line *line = &s->line;
  const wide_t seen = is_counted(s) ? figures_amount(s->category, line->amount) : line->amount;
  const int64_t size = line->amount < 0 ? -line->amount : line->amount;
  struct doc_value value = in_unit(s, size);
  const char *label = NULL;
  if (s->takes_back) label = SAY("Corrected by");
  else if (s->taken_back) label = SAY("Taken back");
  else if (is_counted(s) && seen < 0) label = SAY("Given back or corrected");
  else if (is_counted(s) && s->category->shown == SHOWN_SERVICES) label = SAY("What it cost");
  else if (is_counted(s)) label = figures_item_name(s->language, s->category, s->named, s->arena);
  else label = line->amount < 0 ? SAY("Handed over") : SAY("Received");
  if (s->takes_back) value = in_unit(s, (int64_t)seen);
  if (is_unvalued(line)) value = doc_unvalued();
  value.is_struck = s->taken_back && correction_is_of_year(s->taken_back);
  document_headline(s->d, NULL, label, value);
}

static struct doc_value quantity_value(const struct story *s) {
  const char *unit = s->service && s->service->unit ? SAY(s->service->unit) : NULL;
  struct doc_value value = s->line.has_quantity ? doc_quantity_of(s->line.quantity, unit)
                                                : doc_null();
  value.is_struck = s->taken_back && correction_is_of_year(s->taken_back);
  return value;
}

static void add_what(struct story *s) {
  const struct line *line = &s->line;
  const struct place *place = reference_data_place(s->reference_data, line->place);
  const struct doc_value number =
      doc_text(arena_printf(s->arena, "%lld:%d", (long long)line->entry, line->line_no));
  document_value(s->d, "line", NULL, number);
  document_value(s->d, "date", NULL, doc_day(line->day));
  /* as the account has it: plus is received */
  document_value(s->d, strcmp(s->account->unit, UNIT_MINUTES) == 0 ? "minutes" : "amount", NULL,
                 in_unit(s, line->amount));
  add_sentence(s);
  add_amount(s);
  add_value(s, "quantity", s->takes_back ? NULL : SAY("Used"), quantity_value(s));
  add_value(s, "service", NULL, text_or_nothing(s->service ? s->service->code : NULL));
  add_value(s, "service_name", SAY("Service"), text_or_nothing(service_name(s)));
  add_value(s, "place", NULL, text_or_nothing(place ? place->code : NULL));
  add_value(s, "place_name", SAY("Place"), text_or_nothing(place ? place->name : NULL));
  add_value(s, "note", SAY("Note"), text_or_nothing(line->note.bytes));
  add_value(s, "reference", SAY("Reference"), text_or_nothing(line->reference.bytes));
  add_value(s, "department", SAY("Department"), text_or_nothing(line->department.bytes));
  add_value(s, "stream", NULL, text_or_nothing(line->stream.bytes));
  add_value(s, "stream_name", SAY("Stream"), text_or_nothing(s->stream.name));
  add_value(s, "condition", SAY("Conditions"), text_or_nothing(line->condition.bytes));
  document_value(s->d, NULL, SAY("Day"), doc_day(line->day));
  document_value(s->d, NULL, SAY("Number"), number);
  add_value(s, "account", NULL, doc_text(s->account->role));
  add_value(s, "unit", NULL, doc_text(s->account->unit));
}

static void add_who(struct story *s) {
  const struct body *body = s->line.body ? bodies_by_id(s->reference_data->bodies, s->line.body)
                                         : NULL;
  document_open(s->d, "body", SAY("Who says so"));
  if (!body) document_paragraph(s->d, SAY("The item names no organisation."));
  add_value(s, "id", NULL, text_or_nothing(body ? body->code : NULL));
  add_value(s, "name", SAY("Organisation"), text_or_nothing(body ? name_of_body(s) : NULL));
  add_value(s, "kind", NULL, text_or_nothing(body ? body->kind : NULL));
  add_value(s, "company", SAY("Company number"), text_or_nothing(body ? body->company : NULL));
  document_close(s->d);
}

static void add_why(struct story *s) {
  const struct pack_category *c = s->category;
  document_open(s->d, "category", SAY("What it counts as"));
  if (!c)
    document_paragraph(
        s->d, s->named ? SAY("The item has no category; it is in no section of the statement.")
                       : SAY("The item has no category; it is in no section of your statement."));
  add_value(s, "id", NULL, text_or_nothing(c ? c->code : NULL));
  add_value(s, "name", SAY("Category"), text_or_nothing(c ? c->name[s->language] : NULL));
  add_value(s, "side", NULL, text_or_nothing(c ? pack_side_word(c->side) : NULL));
  add_value(s, "section", NULL, text_or_nothing(c ? pack_shown_word(c->shown) : NULL));
  add_value(s, "domain", SAY("Part of life"),
            text_or_nothing(c && c->domain ? c->domain->name[s->language] : NULL));
  add_value(s, "cofog", SAY("Area of government"),
            text_or_nothing(c && c->cofog ? arena_printf(s->arena, "%s %s", c->cofog->code,
                                                         c->cofog->name[s->language])
                                          : NULL));
  add_value(s, "source", SAY("Where the category comes from"),
            text_or_nothing(c ? c->source : NULL));
  document_close(s->d);
}

/* ---- how it was valued ---- */

/* The unit cost that made the amount: null where the line has none, or where the cost was changed
 * later (the line keeps its posted value). */
static const struct book_cost *cost_of(const struct story *s) {
  const struct line *line = &s->line;
  bool stale = false;
  int64_t amount = 0;
  const struct book_cost *cost = line->service && line->cost_year
                                     ? codes_cost(s->reference_data->codes, line->service,
                                                  line->cost_year, &stale)
                                     : NULL;
  return cost && !stale && money_scale(line->quantity, cost->pence, 1000, &amount) &&
                 amount == line->amount
             ? cost
             : NULL;
}

/* How old what it was valued at is; the caller has said of which year. */
static const char *age_words(struct story *s, int64_t pence, int from) {
  return figures_age_words(
      s->reference_data->pack,
      &(struct old_figure){.pence = pence, .known = true, .from = from, .year = s->year},
      AGE_SENTENCE, s->language, s->arena);
}

static void add_cost(struct story *s) {
  const struct line *line = &s->line;
  bool stale = false;
  const struct book_cost *cost = cost_of(s);
  const struct book_rate *rate = s->category && s->category->side == SIDE_GIVEN
                                     ? codes_rate(s->reference_data->codes, line->category, s->year,
                                                  &stale)
                                     : NULL;
  bool some = cost || rate || line->estimated || (line->has_quantity && line->service);
  document_open(s->d, "value", some ? SAY("How it was valued") : NULL);
  if (cost) document_value(s->d, "unit_cost", SAY("What one costs"), doc_money(cost->pence));
  if (rate) document_value(s->d, "rate", SAY("Value of an hour"), doc_money(rate->pence_an_hour));
  if (cost || rate) {
    document_value(s->d, "year", SAY("Published for"),
                   doc_text(year_text(s, cost ? cost->year : rate->year)));
    document_value(s->d, "source", SAY("Source"),
                   text_or_nothing(cost ? cost->source : rate->source));
  }
  document_value(s->d, "estimated", some ? SAY("Estimated") : NULL,
                 doc_bool(line->estimated || (rate && stale)));
  if (cost && cost->year < s->year)
    document_paragraph(
        s->d, arena_printf(s->arena, "%s %s",
                           arena_printf(s->arena,
                                        SAY("It is estimated: what one cost in its own year is not "
                                            "known, and the figure of %s was used."),
                                        year_text(s, cost->year)),
                           age_words(s, cost->pence, cost->year)));
  else if (cost && cost->estimated)
    document_paragraph(
        s->d,
        SAY("It is estimated: what one costs is itself an estimate, made as its source says."));
  else if (line->estimated)
    document_paragraph(s->d, SAY("It is estimated: the organisation that recorded it says so."));
  if (rate && stale)
    document_paragraph(
        s->d, arena_printf(s->arena, "%s %s",
                           arena_printf(s->arena,
                                        SAY("Its value is estimated: no value of an hour is known "
                                            "for its own year, and that of %s is used."),
                                        year_text(s, rate->year)),
                           age_words(s, rate->pence_an_hour, rate->year)));
  if (!cost && line->cost_year)
    document_value(s->d, NULL, SAY("Source"),
                   doc_text(SAY("What one cost when it was recorded, which we no longer keep")));
  if (!line->cost_year && line->amount && line->has_quantity && line->service)
    document_value(s->d, NULL, SAY("Source"),
                   doc_text(SAY("What the organisation paid for it, as its file says")));
  if (is_unvalued(line) && line->service)
    document_paragraph(s->d, SAY("It was counted and not valued: what one costs is not known for "
                                 "its year or an earlier one."));
  document_close(s->d);
}

/* ---- where it came from ---- */

/* The file's name alone, without its folder on somebody's machine. */
static const char *file_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

static enum status add_origin(struct story *s, struct error *err) {
  struct import_record import;
  bool found = false;
  enum status status = DONE;
  document_open(s->d, "origin", SAY("Where it came from"));
  struct text recorded = {0};
  moment_for_people(&recorded, s->language, s->recorded, true);
  document_value(s->d, "recorded", NULL, doc_text(s->recorded));
  document_value(s->d, NULL, SAY("Recorded"),
                 doc_text(arena_copy(s->arena, recorded.bytes, recorded.size)));
  text_release(&recorded);
  document_value(s->d, "kind", NULL, doc_text(s->kind));
  add_value(s, "memo", SAY("Reason"), text_or_nothing(s->memo));
  if (s->import) status = import_find(s->store, s->arena, s->import, &import, &found, err);
  if (found) {
    document_value(s->d, "import", SAY("Import"),
                   doc_text(arena_printf(s->arena, "import:%lld", (long long)s->import)));
    document_value(s->d, "import_kind", NULL, doc_text(import.kind.bytes));
    document_value(s->d, "file", SAY("File"), doc_text(file_name(import.file.bytes)));
  }
  if (!found)
    document_paragraph(s->d,
                       SAY("It came from no file: it was entered by hand or made by the program."));
  document_close(s->d);
  return status;
}

/* For programs; people read it first, in the banner. */
static void add_corrections(struct story *s) {
  const struct correction *either = s->taken_back ? s->taken_back : s->takes_back;
  document_open(s->d, "corrections", NULL);
  add_value(s, "reverses", NULL,
            s->takes_back ? doc_line(correction_undone_line(s->takes_back, s->arena)) : doc_null());
  add_value(s, "reversed_by", NULL,
            s->taken_back ? doc_line(correction_line(s->taken_back, s->arena)) : doc_null());
  add_value(s, "corrected", NULL, either ? doc_day(either->recorded) : doc_null());
  add_value(s, "reason", NULL, either ? text_or_nothing(either->reason) : doc_null());
  document_close(s->d);
}

/* ---- its proof ---- */

static enum status add_proof(struct story *s, struct error *err) {
  struct closing closing = {0};
  const char *note = NULL;
  int64_t size = 0;
  enum status status = log_last_head(s->store, s->arena, &size, &note, err);
  bool signed_head = status == DONE && note && s->seq <= size;
  if (signed_head) status = closing_latest(s->store, s->year, size, &closing, err);
  if (status != DONE) return status;
  bool covered = closing.entry && s->seq <= closing.log_size && s->line.day <= closing.to;
  document_open(s->d, "proof", SAY("How to check this"));
  document_value(s->d, "entry", SAY("Number of the record"), doc_count(s->entry));
  document_value(s->d, "seq", SAY("Its place in the public record of seals"), doc_count(s->seq));
  add_value(s, "root", SAY("Fingerprint of the record"), text_or_nothing(s->root));
  document_value(s->d, "signed", NULL, doc_bool(signed_head));
  add_value(s, "head_size", SAY("Published seal, over this many records"),
            signed_head ? doc_count(size) : doc_null());
  document_value(s->d, "closed", NULL, doc_bool(covered));
  add_value(s, "closed_to", SAY("Closed up to"), covered ? doc_day(closing.to) : doc_null());
  if (!signed_head)
    document_paragraph(s->d,
                       SAY("It is under no published seal yet. The next seal will cover it."));
  else if (!covered)
    document_paragraph(
        s->d, s->named ? SAY("It is under a published seal: if anybody removes or changes it, a "
                             "check will show that. Its year is not closed yet, so a check of the "
                             "statement counts it as one that came later.")
                       : SAY("It is under a published seal: if anybody removes or changes it, a "
                             "check will show that. Its year is not closed yet, so a check of your "
                             "statement counts it as one that came later."));
  else
    document_paragraph(
        s->d, s->named ? SAY("It is under a published seal, and its year is closed: if anybody "
                             "changes it, removes it or leaves it out of the statement, a check "
                             "will show that.")
                       : SAY("It is under a published seal, and its year is closed: if anybody "
                             "changes it, removes it or leaves it out of your statement, a check "
                             "will show that."));
  if (signed_head) {
    document_paragraph(
        s->d, arena_printf(s->arena,
                           s->named ? SAY("To check it, download the statement of %s as a file and "
                                          "open that on the page “Check a statement” of this "
                                          "service. The program weal verify does the same.")
                                    : SAY("To check it, download your statement of %s as a file "
                                          "and open that on the page “Check a statement” of this "
                                          "service. The program weal verify does the same."),
                           year_text(s, s->year)));
    document_value(s->d, "command", NULL,
                   doc_text(arena_printf(s->arena,
                                         "weal statement %s --year %s --proof --only %lld:%d",
                                         s->person->code, year_text(s, s->year),
                                         (long long)s->entry, s->line.line_no)));
  }
  document_close(s->d);
  return DONE;
}

/* ---- the rules ---- */

static enum status compare(struct story *s, const struct line_request *request, bool with_steps,
                           struct error *err) {
  const struct line_facts of = {.rules = request->rules,
                                .person = s->person,
                                .line = &s->line,
                                .category = s->taken_back ? NULL : s->category,
                                .today = day_today(),
                                .as_person = !request->named,
                                .with_steps = with_steps};
  return line_compare(s->store, s->reference_data, &of, s->arena, request->comparison, err);
}

static enum status add_rules(struct story *s, const struct line_request *request,
                             struct error *err) {
  const struct line_rules to = {s->d, s->arena, s->language, s->named};
  if (!request->rules) return DONE;
  enum status status = compare(s, request, true, err);
  if (status == DONE) line_rules_add(&to, request->comparison);
  return status;
}

enum status statement_line_compare(struct store *store, const struct reference_data *reference_data,
                                   int64_t person, const struct line_request *request,
                                   struct arena *arena, struct error *err) {
  struct story s = {.store = store,
                    .arena = arena,
                    .reference_data = reference_data,
                    .language = request->language};
  enum status status = read_story(&s, person, request->entry, request->line_no, err);
  return status == DONE ? compare(&s, request, false, err) : status;
}

enum status statement_line(struct store *store, const struct reference_data *reference_data,
                           int64_t person, const struct line_request *request, struct arena *arena,
                           struct document **out, struct error *err) {
  struct story story = {.store = store,
                        .arena = arena,
                        .reference_data = reference_data,
                        .language = request->language},
               *s = &story;
  enum status status = read_story(s, person, request->entry, request->line_no, err);
  if (status != DONE) return status;
  s->named = request->named || s->person->died != DAY_NONE;
  s->d = document_new(arena, s->language,
                      arena_printf(arena, SAY("One item: %s"), category_name(s)));
  add_banner(s);
  document_open(s->d, "person", NULL);
  document_value(s->d, "id", NULL, doc_text(s->person->code));
  document_value(s->d, "name", NULL, doc_text(s->person->name));
  document_close(s->d);
  add_what(s);
  status = add_rules(s, request, err);
  if (status != DONE) return status;
  add_who(s);
  add_why(s);
  add_cost(s);
  status = add_origin(s, err);
  add_corrections(s);
  if (status == DONE) status = add_proof(s, err);
  *out = s->d;
  return status;
}
