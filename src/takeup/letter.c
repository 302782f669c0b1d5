/* Letters: reading their rows, and what a letter says. */
#include "takeup/letters.h"

#include "assess/claiming.h"
#include "base/refusal.h"
#include "register/keeper.h"
#include "register/names.h"

/* ---- rows ---- */

#define LETTER_COLUMNS "party, id, run, on_day, benefits, language, place, made_at, made_by"

static struct takeup_letter letter_of(struct query *q, struct arena *arena) {
  struct error none = {0};
  struct takeup_letter l = {.party = query_int(q, 0),
                            .id = query_int(q, 1),
                            .run = query_int(q, 2),
                            .on = query_day(q, 3),
                            .benefits = query_copy(q, arena, 4),
                            .place = query_int(q, 6),
                            .made_at = query_copy(q, arena, 7),
                            .made_by = query_copy(q, arena, 8)};
  if (language_parse(query_text(q, 5), &l.language, &none) != DONE) l.language = ENGLISH;
  return l;
}

/* Takes and ends the query. */
static enum status take_letters(struct query *q, struct arena *arena, struct takeup_letter **out,
                                int *count, int *room, struct error *err) {
  enum status status = DONE;
  bool row = false;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, *out, *room, *count + 1);
    (*out)[(*count)++] = letter_of(q, arena);
  }
  query_end(q);
  return status;
}

enum status takeup_letters_of_run(struct store *store, struct arena *arena, int64_t run,
                                  struct takeup_letter **out, int *count, struct error *err) {
  struct query *q = NULL;
  int room = 0;
  *out = NULL;
  *count = 0;
  enum status status = store_query_with(store, &q,
                                        "select " LETTER_COLUMNS
                                        " from take_up_letter where run = ?1 order by id",
                                        err, run);
  return status == DONE ? take_letters(q, arena, out, count, &room, err) : status;
}

static int newest_first(const void *a, const void *b) {
  const struct takeup_letter *x = a, *y = b;
  return (x->id < y->id) - (x->id > y->id);
}

enum status takeup_letters_to(struct store *store, struct arena *arena, int64_t person,
                              struct takeup_letter **out, int *count, struct error *err) {
  int64_t *records = NULL;
  int record_count = 0, room = 0;
  *out = NULL;
  *count = 0;
  enum status status = register_records(store, arena, person, &records, &record_count, err);
  for (int i = 0; status == DONE && i < record_count; i++) {
    struct query *q = NULL;
    status = store_query_with(store, &q,
                              "select " LETTER_COLUMNS " from take_up_letter where party = ?1", err,
                              records[i]);
    if (status == DONE) status = take_letters(q, arena, out, count, &room, err);
  }
  array_sort(*out, *count, newest_first);
  return status;
}

enum status takeup_letter_find(struct store *store, struct arena *arena, int64_t run, int64_t id,
                               struct takeup_letter *out, struct error *err) {
  struct query *q = NULL;
  struct takeup_letter *all = NULL;
  int count = 0, room = 0;
  enum status status = store_query_with(store, &q,
                                        "select " LETTER_COLUMNS
                                        " from take_up_letter where run = ?1 and id = ?2",
                                        err, run, id);
  if (status == DONE) status = take_letters(q, arena, &all, &count, &room, err);
  if (status == DONE && !count)
    return refuse_at(err, "letter", TAKE_UP_LETTER_UNKNOWN, (long long)id);
  if (status == DONE) *out = all[0];
  return status;
}

/* ---- one letter ---- */

struct letter_writer {
  struct arena *arena;
  const struct takeup_reading *r;
  struct document *d;
  struct keeper keeper;
  const struct takeup_letter *letter;
  struct takeup_run run;
  enum language language; /* of the letter */
};

static const char *words(const struct letter_writer *w, const char *text) {
  return say(w->language, text);
}

static const char *kept(const struct letter_writer *w, enum keeper_part part) {
  return keeper_text(&w->keeper, part, w->language);
}

/* What the letter is about, one after the other; null past the last. */
static const struct pack_entitlement *next_of(const struct letter_writer *w, const char **at) {
  const struct pack_entitlement *what = NULL;
  while (!what && **at) {
    const size_t size = strcspn(*at, " ");
    what = pack_find_entitlement(w->r->pack, span_make(*at, size));
    *at += size;
    *at += strspn(*at, " ");
  }
  return what;
}

static const char *names_of(const struct letter_writer *w) {
  struct text names = {0};
  const struct pack_entitlement *what;
  for (const char *at = w->letter->benefits; (what = next_of(w, &at));)
    text_addf(&names, "%s%s", names.size ? ", " : "", what->name[w->language]);
  return text_take(w->arena, &names);
}

static enum status add_address(struct letter_writer *w, struct error *err) {
  struct person person = {0};
  struct homes *homes = NULL;
  enum status status = register_surviving_person(w->r->store, w->arena, w->letter->party, &person,
                                                 err);
  if (status == DONE) status = register_homes(w->r->store, w->arena, &person, &homes, err);
  if (status != DONE) return status;
  const struct address *address = homes_address(homes, &person, w->letter->on);
  document_paragraph(w->d, person.name ? person.name : "");
  for (int i = 0; address && i < ADDRESS_LINES && address->line[i]; i++)
    document_paragraph(w->d, address->line[i]);
  if (address && address->postcode) document_paragraph(w->d, address->postcode);
  return DONE;
}

static enum status add_head(struct letter_writer *w, struct error *err) {
  struct register_name body = {0};
  enum status status = add_address(w, err);
  if (status == DONE && w->run.body)
    status = register_name_of_body(w->r->store, w->arena, w->run.body, &body, err);
  if (status != DONE) return status;
  const char *from = body.name ? body.name : kept(w, KEEPER_NAME);
  if (from) document_value(w->d, "from", words(w, N_("From")), doc_text(from));
  document_value(w->d, "on", words(w, N_("Date")), doc_day(w->letter->on));
  document_value(w->d, "number", words(w, N_("Number of this letter")), doc_count(w->letter->id));
  return DONE;
}

/* Whether all that was found of it was known exactly. */
static enum status is_sure(const struct letter_writer *w, const char *variable, bool *out,
                           struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_row_with(w->r->store, &q, &row,
                                      "select min(exact) from take_up_found where party = ?1 and "
                                      "run = ?2 and variable = ?3",
                                      err, w->letter->party, w->letter->run, variable);
  *out = status == DONE && row && query_int(q, 0) == 1;
  query_end(q);
  return status;
}

static enum status add_seems(struct letter_writer *w, struct error *err) {
  const struct pack_entitlement *what;
  enum status status = DONE;
  document_list(w->d, "benefits", words(w, N_("It seems that you may be able to get")));
  for (const char *at = w->letter->benefits; status == DONE && (what = next_of(w, &at));) {
    bool sure = false;
    status = is_sure(w, what->variable, &sure, err);
    const char *line =
        sure ? words(w, N_("%s: what we know about you fits"))
             : words(w, N_("%s: it also depends on things that we do not know about you"));
    document_list_item(w->d, arena_printf(w->arena, line, what->name[w->language]));
  }
  document_list_end(w->d);
  document_paragraph(w->d,
                     words(w, N_("This is not a decision. What we know about you may be wrong "
                                 "or out of date, so this letter names no amount.")));
  return status;
}

/* Decided here: it is claimed on the portal's own page. */
static bool is_claimed_here(const struct letter_writer *w, const struct pack_entitlement *what) {
  for (int i = 0; i < w->r->pack->claim_count; i++)
    if (w->r->pack->claims[i].what == what && !w->r->pack->claims[i].elsewhere) return true;
  return false;
}

static void add_steps(struct letter_writer *w) {
  const char *contact = kept(w, KEEPER_CONTACT), *portal = kept(w, KEEPER_PORTAL);
  const struct pack_entitlement *what;
  document_list(w->d, "steps", words(w, N_("What you can do")));
  for (const char *at = w->letter->benefits; (what = next_of(w, &at));) {
    const char *name = what->name[w->language];
    if (portal && (!what->claim || is_claimed_here(w, what)))
      document_list_item(w->d,
                         arena_printf(w->arena, words(w, N_("%s: sign in and claim at %s/claim")),
                                      name, portal));
    else if (what->claim)
      document_list_item(
          w->d,
          arena_printf(w->arena, words(w, N_("%s: read who can get it and how to claim at %s")),
                       name, what->claim));
    if (!what->claim && contact)
      document_list_item(w->d,
                         arena_printf(w->arena, words(w, N_("%s: ask us at %s")), name, contact));
  }
  document_list_end(w->d);
}

static enum status add_advice(struct letter_writer *w, struct error *err) {
  const struct assess_request q = {
      .store = w->r->store, .pack = w->r->pack, .person = w->letter->party, .on = w->letter->on};
  const struct pack_advice *const *all = NULL;
  int count = 0;
  enum status status = assess_advice(w->arena, &q, 1u << ADVICE_BENEFITS, &all, &count, err);
  if (status != DONE || !count) return status;
  document_paragraph(w->d,
                     words(w, N_("Getting one benefit can change another. You can ask for free "
                                 "advice before you claim.")));
  document_list(w->d, "advice", words(w, N_("Who gives advice")));
  for (int i = 0; i < count; i++) {
    const char *name = all[i]->name[w->language];
    const char *where = all[i]->address && *all[i]->address ? all[i]->address : "";
    const char *phone = all[i]->telephone && *all[i]->telephone ? all[i]->telephone : "";
    document_list_item(w->d, arena_printf(w->arena, "%s: %s%s%s", name, where,
                                          *where && *phone ? ", " : "", phone));
  }
  document_list_end(w->d);
  return DONE;
}

/* The purposes of the rows in the language of the letter, where the run had no other. */
static const char *purpose_of(const struct letter_writer *w) {
  const struct pack_entitlement *what;
  struct text all = {0};
  for (const char *at = w->letter->benefits; (what = next_of(w, &at));) {
    const struct pack_take_up *up = pack_find_take_up(w->r->pack, what);
    const bool is_usual = up && strstr(w->run.purpose, up->purpose[ENGLISH]);
    const char *one = is_usual ? up->purpose[w->language] : w->run.purpose;
    if (!all.size || !strstr(all.bytes, one)) text_addf(&all, "%s%s", all.size ? "; " : "", one);
  }
  return text_take(w->arena, &all);
}

static enum status add_why(struct letter_writer *w, struct error *err) {
  struct register_name place = {0};
  const char *contact = kept(w, KEEPER_CONTACT), *portal = kept(w, KEEPER_PORTAL);
  enum status status = register_name_of_place(w->r->store, w->arena, w->run.place, &place, err);
  document_open(w->d, "why", words(w, N_("Why we write to you")));
  document_paragraph(
      w->d, arena_printf(w->arena,
                         words(w, N_("We compared what people in %s have told with what they "
                                     "receive. Purpose: %s. Legal basis: %s.")),
                         place.name ? place.name : "", purpose_of(w), w->run.law));
  if (portal)
    document_paragraph(
        w->d, arena_printf(w->arena,
                           words(w, N_("Who has seen your record, when and why: sign in at "
                                       "%s")),
                           portal));
  document_close(w->d);
  document_open(w->d, "no-letters", words(w, N_("If you do not want such letters")));
  document_paragraph(w->d, words(w, N_("Tell us. Then we do not look for you and do not write to "
                                       "you. Nothing that you get will change.")));
  if (portal)
    document_paragraph(w->d, arena_printf(w->arena, words(w, N_("Online: %s/letters")), portal));
  if (contact)
    document_paragraph(w->d, arena_printf(w->arena, words(w, N_("Or ask us: %s")), contact));
  document_close(w->d);
  return status;
}

static enum status add_letter(struct letter_writer *w, struct error *err) {
  enum status status = takeup_run_find(w->r->store, w->arena, w->letter->run, &w->run, err);
  if (status == DONE) status = add_head(w, err);
  if (status == DONE) status = add_seems(w, err);
  if (status == DONE) add_steps(w);
  if (status == DONE) status = add_advice(w, err);
  if (status == DONE) status = add_why(w, err);
  return status;
}

static const char *title_of(struct letter_writer *w, const struct takeup_letter *letter) {
  w->letter = letter;
  w->language = letter->language;
  return arena_printf(w->arena, words(w, N_("You may be able to get %s")), names_of(w));
}

static void add_cover(struct letter_writer *w, const struct takeup_letter *letters, int count) {
  document_value(w->d, "letters", words(w, N_("Letters")), doc_count(count));
  document_value(w->d, "from_number", words(w, N_("From number")), doc_count(letters[0].id));
  document_value(w->d, "to_number", words(w, N_("To number")), doc_count(letters[count - 1].id));
}

enum status takeup_letter_document(struct arena *arena, const struct takeup_reading *reading,
                                   const struct takeup_letter *letters, int count,
                                   struct document **out, struct error *err) {
  struct letter_writer w = {.arena = arena, .r = reading};
  enum status status = keeper_read(reading->store, reading->pack, arena, &w.keeper, err);
  if (status != DONE) return status;
  w.language = count ? letters[0].language : ENGLISH;
  if (count == 1) {
    const char *title = title_of(&w, letters);
    *out = w.d = document_new(arena, w.language, title);
    return add_letter(&w, err);
  }
  *out = w.d = document_new(arena, w.language, words(&w, N_("Letters about what people may get")));
  if (count) add_cover(&w, letters, count);
  for (int i = 0; status == DONE && i < count; i++) {
    const char *title = title_of(&w, &letters[i]);
    document_page(w.d);
    document_open(w.d, arena_printf(arena, "letter-%lld", (long long)letters[i].id), title);
    status = add_letter(&w, err);
    document_close(w.d);
  }
  return status;
}
