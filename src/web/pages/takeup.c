/* Who misses out, for staff: looking through a place, whom that found, letters to them and what
 * came of these. A run is of one body, and only its staff see it. Each page that names people notes
 * a look at each of them, with the purpose of the run. */
#include "web/pages/lists.h"

#include "register/names.h"
#include "takeup/letters.h"

enum { FOUND_A_PAGE = 25 };

static const struct choice take_up_done[] = {{"written", NULL}, {"said", NULL}, {NULL, NULL}};
static const struct choice sure_choices[] = {{"all", N_("All")},
                                             {"exact", N_("The amount is known")},
                                             {"range", N_("Something is not known")},
                                             {NULL, NULL}};
static const struct choice written_choices[] = {{"all", N_("All")},
                                                {"written", N_("Written to")},
                                                {"left-out", N_("Not written to, with a reason")},
                                                {"open", N_("Nobody wrote yet")},
                                                {NULL, NULL}};
const struct field take_up_run_fields[] = {
    {.name = "benefit", .kind = FIELD_CODE, .optional = true},
    {.name = "place", .kind = FIELD_CODE, .optional = true},
    {.name = "sure", .kind = FIELD_CHOICE, .optional = true, .choices = sure_choices},
    {.name = "letters", .kind = FIELD_CHOICE, .optional = true, .choices = written_choices},
    {.name = "page", .kind = FIELD_COUNT, .optional = true, .least = 1, .most = 100000},
    {.name = "done", .kind = FIELD_CHOICE, .optional = true, .choices = take_up_done},
    {.name = "count", .kind = FIELD_COUNT, .optional = true, .most = 1000000000},
    {.name = "left", .kind = FIELD_COUNT, .optional = true, .most = 1000000000},
    {.name = NULL}};
const struct field take_up_letter_fields[] = {
    {.name = "done", .kind = FIELD_CHOICE, .optional = true, .choices = take_up_done},
    {.name = NULL}};

static const char *run_path(const struct request *r, int64_t run, const char *more) {
  return arena_printf(r->arena, "/missing-out/%lld%s", (long long)run, more);
}

static const char *benefit_shown(const struct request *r, const char *variable) {
  const struct pack_entitlement *what = pack_find_entitlement(r->pack, span_of(variable));
  return what ? what->name[r->language] : variable;
}

/* As the access log keeps it. */
static const char *benefit_name_en(const struct request *r, const char *variable) {
  const struct pack_entitlement *what = pack_find_entitlement(r->pack, span_of(variable));
  return what ? what->name[ENGLISH] : variable;
}

static const char *benefits_shown(const struct request *r, const char *variables) {
  struct text names = {0};
  for (const char *at = variables; *at; at += strspn(at, " ")) {
    const size_t size = strcspn(at, " ");
    text_addf(&names, "%s%s", names.size ? ", " : "",
              benefit_shown(r, arena_copy(r->arena, at, size)));
    at += size;
  }
  return text_take(r->arena, &names);
}

static const char *place_shown(const struct request *r, int64_t id) {
  const struct place *place = reference_data_place(r->reference_data, id);
  return place ? place->name : "";
}

/* ---- the form, and the runs before ---- */

static const struct table_head run_heads[] = {{N_("As of"), false},
                                              {N_("Place"), false},
                                              {N_("Entitlements"), false},
                                              {N_("Found"), true},
                                              {NULL, false}};

static bool is_own_run(const struct request *r, const struct takeup_run *run) {
  for (int i = 0; i < r->visitor.body_count; i++)
    if (r->visitor.bodies[i] == run->body) return true;
  return false;
}

static enum status put_runs(struct view *v, const struct request *r, struct error *err) {
  struct takeup_run *runs = NULL;
  int count = 0;
  struct view *table = view_table(v, "runs_before", r, say(r->language, "Earlier searches"),
                                  run_heads, say(r->language, "Nobody has searched yet."));
  enum status status = takeup_runs_all(r->store, r->arena, &runs, &count, err);
  for (int i = 0; status == DONE && i < count; i++) {
    if (!is_own_run(r, &runs[i])) continue;
    struct view *row = view_row(table);
    view_cell(row, r, run_heads, 0, written_value(r, doc_day(runs[i].on)),
              request_path(r, run_path(r, runs[i].id, "")));
    view_cell(row, r, run_heads, 1, place_shown(r, runs[i].place), NULL);
    view_cell(row, r, run_heads, 2, benefits_shown(r, runs[i].benefits), NULL);
    view_cell(row, r, run_heads, 3, written_value(r, doc_count(runs[i].found)), NULL);
  }
  return status;
}

/* What may be looked for, each with its purpose and law, and what else is needed. */
static void add_benefit_choices(struct view *form, const struct request *r) {
  for (int i = 0; i < r->pack->take_up_count; i++) {
    const struct pack_take_up *up = &r->pack->take_ups[i];
    const char *hint = up->needs[r->language]
                           ? arena_printf(r->arena,
                                          say(r->language, "%s. Legal basis: %s. Needed: %s."),
                                          up->purpose[r->language], up->law, up->needs[r->language])
                           : arena_printf(r->arena, say(r->language, "%s. Legal basis: %s."),
                                          up->purpose[r->language], up->law);
    view_form_choice(form, "benefits", up->what->variable, up->what->name[r->language], hint);
  }
}

static void add_place_choices(struct view *form, const struct request *r) {
  const struct places *places = r->reference_data->places;
  for (int i = 0; i < places->count; i++)
    if (places->own == PLACE_NONE || places_within(places, i, places->own))
      view_form_choice(form, "place", places->all[i].code, places->all[i].name, NULL);
}

/* Whoever is of one organisation is not asked for which they look. */
static const struct field *find_form_fields(const struct request *r) {
  const struct field *all = route_fields(route_post("/missing-out"), r, NULL);
  int count = 0;
  while (all[count].name) count++;
  struct field *shown = arena_array(r->arena, struct field, count + 1);
  int n = 0;
  for (int i = 0; i < count; i++)
    if (strcmp(all[i].name, "body") != 0 || r->visitor.body_count > 1) shown[n++] = all[i];
  return shown;
}

enum status page_take_up(struct request *r, struct reply *reply, struct error *err) {
  struct view *v = view_new(r->arena, r->language);
  enum status status = put_runs(v, r, err);
  if (status != DONE) return status;
  view_text(v, "back", request_path(r, "/work"));
  view_runs(v, r, "take-up", "/missing-out/jobs", 5);
  struct view *form = view_form_of(v, "form", r, find_form_fields(r),
                                   request_path(r, "/missing-out"),
                                   say(r->language, "Look for them"), NULL);
  add_benefit_choices(form, r);
  add_place_choices(form, r);
  for (int i = 0; r->visitor.body_count > 1 && i < r->visitor.body_count; i++) {
    const struct body *body = bodies_by_id(r->reference_data->bodies, r->visitor.bodies[i]);
    if (body) view_form_choice(form, "body", body->code, body_words(r, body), NULL);
  }
  reply_page(reply, r, "take-up", say(r->language, "Who misses out"), v);
  return DONE;
}

/* ---- one run ---- */

/* *out of another body: as if there were none. */
static enum status find_run(struct request *r, struct takeup_run *out, bool *there,
                            struct error *err) {
  struct error none = {0};
  enum status status = takeup_run_find(r->store, r->arena, request_number(r, "run"), out, &none);
  *there = status == DONE && is_own_run(r, out);
  if (status == FAILED) *err = none;
  return status == REFUSED ? DONE : status;
}

/* Looks at those of a list are noted, and not counted among those of the hour: the search was for
 * all of them at once, with its purpose. */
static enum status note_look(const struct request *r, int64_t person, const char *what,
                             const char *why, struct error *err) {
  struct access_reader by = request_reader(r);
  by.searches = true;
  return access_log_add(r->store, &by, person, what, why, err);
}

static void put_run(struct view *v, const struct request *r, const struct takeup_run *run) {
  struct view *summary = view_object(v, "summary");
  view_fact(summary, say(r->language, "As of"), written_value(r, doc_day(run->on)));
  view_fact(summary, say(r->language, "Entitlements"), benefits_shown(r, run->benefits));
  view_fact(summary, say(r->language, "Purpose"), run->purpose);
  view_fact(summary, say(r->language, "Legal basis"), run->law);
  if (run->agreement) view_fact(summary, say(r->language, "Agreement"), run->agreement);
  view_fact(summary, say(r->language, "Searched by"), actor_words(r, run->who));
  view_fact(summary, say(r->language, "Households that do not want to be searched for"),
            written_value(r, doc_count(run->objected)));
}

static const struct table_head sum_heads[] = {{N_("Entitlement"), false},
                                              {N_("Seem entitled"), true},
                                              {N_("Receive it"), true},
                                              {N_("Receive nothing"), true},
                                              {N_("Missing a year, at least"), true},
                                              {N_("Cannot say"), true},
                                              {NULL, false}};

static enum status put_sums(struct view *v, const struct request *r, const struct takeup_run *run,
                            struct error *err) {
  struct takeup_kept_sums *all = NULL;
  int count = 0;
  struct view *table = view_table(v, "sums", r, say(r->language, "What it came to, in households"),
                                  sum_heads, NULL);
  enum status status = takeup_sums_of(r->store, r->arena, run, &all, &count, err);
  for (int i = 0; status == DONE && i < count; i++) {
    const struct takeup_sums *s = &all[i].sums;
    if (all[i].place != run->place) continue;
    struct view *row = view_row(table);
    view_cell(row, r, sum_heads, 0, benefit_shown(r, all[i].variable), NULL);
    view_cell(row, r, sum_heads, 1, written_value(r, doc_count(s->entitled)), NULL);
    view_cell(row, r, sum_heads, 2, written_value(r, doc_count(s->receiving)), NULL);
    view_cell(row, r, sum_heads, 3, written_value(r, doc_count(s->missing)), NULL);
    view_cell(row, r, sum_heads, 4, written_value(r, doc_pounds(s->missing_low)), NULL);
    view_cell(row, r, sum_heads, 5, written_value(r, doc_count(s->maybe)), NULL);
  }
  return status;
}

/* ---- whom it found ---- */

static const struct table_head found_heads[] = {{N_("Name"), false},
                                                {N_("Entitlement"), false},
                                                {N_("Place"), false},
                                                {N_("A year"), true},
                                                {N_("What is not known"), false},
                                                {N_("Known since"), false},
                                                {N_("Letter"), false},
                                                {NULL, false}};

static bool is_wanted_found(const struct request *r, const struct takeup_found *f) {
  const struct place *place = reference_data_place(r->reference_data, f->place);
  if (request_has(r, "benefit") && !span_is(request_text(r, "benefit"), f->variable)) return false;
  if (request_has(r, "place") && (!place || !span_is(request_text(r, "place"), place->code)))
    return false;
  if (list_is_chosen(r, "sure", "exact") && !f->is_exact) return false;
  if (list_is_chosen(r, "sure", "range") && f->is_exact) return false;
  if (list_is_chosen(r, "letters", "written") && f->written == DAY_NONE) return false;
  if (list_is_chosen(r, "letters", "left-out") && !f->left_out) return false;
  if (list_is_chosen(r, "letters", "open") && (f->written != DAY_NONE || f->left_out)) return false;
  return true;
}

static const char *amount_shown(const struct request *r, const struct takeup_found *f) {
  if (f->is_exact) return written_value(r, doc_money(f->low));
  if (f->high == INT64_MAX)
    return arena_printf(r->arena, say(r->language, "from %s"), written_value(r, doc_money(f->low)));
  return arena_printf(r->arena, say(r->language, "%1$s to %2$s"),
                      written_value(r, doc_money(f->low)), written_value(r, doc_money(f->high)));
}

static const char *needs_shown(const struct request *r, const char *needs) {
  struct text names = {0};
  for (const char *at = needs; *at; at += strspn(at, " ")) {
    const size_t size = strcspn(at, " ");
    const struct pack_tellable *what = pack_find_tellable(r->pack, span_make(at, size));
    if (what) text_addf(&names, "%s%s", names.size ? ", " : "", what->name[r->language]);
    at += size;
  }
  return text_take(r->arena, &names);
}

static const char *left_out_shown(const struct request *r, const char *word) {
  for (const struct takeup_left_out *l = takeup_left_outs; l->word; l++)
    if (strcmp(l->word, word) == 0) return say(r->language, l->shown);
  return word;
}

static const char *letter_shown(const struct request *r, const struct takeup_found *f,
                                const struct takeup_letter *letters, int count, const char **path) {
  *path = NULL;
  for (int i = 0; i < count; i++)
    if (letters[i].party == f->party)
      *path = request_path(
          r,
          run_path(r, f->run, arena_printf(r->arena, "/letters/%lld", (long long)letters[i].id)));
  if (f->written != DAY_NONE) return written_value(r, doc_day(f->written));
  *path = NULL;
  return f->left_out ? left_out_shown(r, f->left_out) : NULL;
}

static enum status put_found_row(struct view *table, const struct request *r,
                                 const struct takeup_run *run, const struct takeup_found *f,
                                 const struct takeup_letter *letters, int letter_count,
                                 struct error *err) {
  struct register_name name = {0};
  const char *path = NULL;
  const int64_t whom = f->whose ? f->whose : f->party;
  enum status status = note_look(r, whom,
                                 arena_printf(r->arena, "list of who misses out: %s",
                                              benefit_name_en(r, f->variable)),
                                 run->purpose, err);
  if (status == DONE) status = register_name_of_party(r->store, r->arena, whom, &name, err);
  if (status != DONE) return status;
  struct view *row = view_row(table);
  view_cell(row, r, found_heads, 0, name.name ? name.name : name.code,
            name.code ? request_path(r, arena_printf(r->arena, "/people/%s", name.code)) : NULL);
  view_cell(row, r, found_heads, 1, benefit_shown(r, f->variable), NULL);
  view_cell(row, r, found_heads, 2, place_shown(r, f->place), NULL);
  view_cell(row, r, found_heads, 3, amount_shown(r, f), NULL);
  view_cell(row, r, found_heads, 4, needs_shown(r, f->needs), NULL);
  view_cell(row, r, found_heads, 5, written_value(r, doc_day(f->since)), NULL);
  const char *letter = letter_shown(r, f, letters, letter_count, &path);
  view_cell(row, r, found_heads, 6, letter, path);
  return DONE;
}

static void put_found_filter(struct view *v, const struct request *r,
                             const struct takeup_run *run) {
  struct list_filter f = list_filter_begin(v, r, run_path(r, run->id, ""));
  struct view *benefits = list_select(&f, "benefit", say(r->language, "Entitlement"),
                                      say(r->language, "All"));
  for (const char *at = run->benefits; *at; at += strspn(at, " ")) {
    const char *one = arena_copy(r->arena, at, strcspn(at, " "));
    list_option(benefits, one, benefit_shown(r, one), list_is_chosen(r, "benefit", one));
    at += strcspn(at, " ");
  }
  const struct places *places = r->reference_data->places;
  const int own = places_by_id(places, run->place);
  struct view *where = list_select(&f, "place", say(r->language, "Place"), say(r->language, "All"));
  for (int i = 0; own != PLACE_NONE && i < places->count; i++)
    if (places_within(places, i, own))
      list_option(where, places->all[i].code, places->all[i].name,
                  list_is_chosen(r, "place", places->all[i].code));
  list_choices(&f, "sure", say(r->language, "How sure"), sure_choices);
  list_choices(&f, "letters", say(r->language, "Letter"), written_choices);
  list_filter_end(&f, say(r->language, "Show"));
}

static enum status put_found(struct view *v, const struct request *r, const struct takeup_run *run,
                             struct error *err) {
  static const char *const kept[] = {"benefit", "place", "sure", "letters", NULL};
  struct takeup_found *all = NULL;
  struct takeup_letter *letters = NULL;
  int count = 0, letter_count = 0, shown = 0;
  const int64_t page = list_page(r);
  struct view *table = view_table(v, "found", r,
                                  say(r->language, "Who seems entitled and receives nothing"),
                                  found_heads, say(r->language, "Nobody fits."));
  enum status status = takeup_found_by(r->store, r->arena, run->id, &all, &count, err);
  if (status == DONE)
    status = takeup_letters_of_run(r->store, r->arena, run->id, &letters, &letter_count, err);
  for (int i = 0; status == DONE && i < count; i++) {
    if (!is_wanted_found(r, &all[i])) continue;
    if (shown >= (page - 1) * FOUND_A_PAGE && shown < page * FOUND_A_PAGE)
      status = put_found_row(table, r, run, &all[i], letters, letter_count, err);
    shown++;
  }
  view_value(v, "shown", doc_count(shown));
  view_flag(v, "has_letters", letter_count > 0);
  view_pages(v, r, list_path(r, run_path(r, run->id, ""), kept), page,
             (shown + FOUND_A_PAGE - 1) / FOUND_A_PAGE);
  return status;
}

static const char *written_words(const struct request *r) {
  const int64_t letters = request_int(r, "count"), left = request_int(r, "left");
  const char *written = arena_printf(r->arena,
                                     say_count(r->language, "%lld letter was written.",
                                               "%lld letters were written.", letters),
                                     (long long)letters);
  if (!left) return written;
  return arena_printf(r->arena, "%s %s", written,
                      arena_printf(r->arena,
                                   say_count(r->language,
                                             "%lld household gets none; the list says why.",
                                             "%lld households get none; the list says why.", left),
                                   (long long)left));
}

static enum status put_outcomes(struct view *v, const struct request *r,
                                const struct takeup_run *run, struct error *err) {
  const struct takeup_reading reading = {.store = r->store, .pack = r->pack};
  const struct takeup_outcomes_of of = {.reading = &reading, .run = run->id, .today = day_today()};
  struct document *d = document_new(r->arena, r->language, "");
  enum status status = takeup_add_outcomes(r->arena, d, r->language, &of, err);
  if (status == DONE) view_document(v, r, d, NULL);
  return status;
}

enum status page_take_up_run(struct request *r, struct reply *reply, struct error *err) {
  struct takeup_run run = {0};
  bool there = false;
  enum status status = find_run(r, &run, &there, err);
  if (status != DONE) return status;
  if (!there) return reply_not_there(reply, r, err);
  struct view *v = view_new(r->arena, r->language);
  put_run(v, r, &run);
  status = put_sums(v, r, &run, err);
  if (status == DONE) status = put_found(v, r, &run, err);
  if (status == DONE) status = put_outcomes(v, r, &run, err);
  if (status != DONE) return status;
  put_found_filter(v, r, &run);
  if (request_has(r, "done")) view_done(v, written_words(r));
  view_text(v, "place", place_shown(r, run.place));
  view_text(v, "back", request_path(r, "/missing-out"));
  view_text(v, "print", request_path(r, run_path(r, run.id, "/letters")));
  view_flag(v, "is_wide", true);
  view_form(v, "form", r, route_post("/missing-out/{run}"), NULL,
            say(r->language, "Write a letter to each household"), NULL);
  reply_page(reply, r, "take-up-run",
             arena_printf(r->arena, say(r->language, "Who misses out in %s"),
                          place_shown(r, run.place)),
             v);
  return DONE;
}

enum status act_take_up_write(struct request *r, struct reply *reply, struct error *err) {
  struct action_call call;
  enum status status = request_act(r, &call, err);
  if (status == DONE)
    reply_go(reply, r,
             run_path(r, request_number(r, "run"),
                      arena_printf(r->arena, "?done=written&count=%s&left=%s",
                                   action_answer_of(&call, "letters"),
                                   action_answer_of(&call, "left_out"))));
  return status;
}

/* ---- letters ---- */

enum status page_take_up_letters(struct request *r, struct reply *reply, struct error *err) {
  const struct takeup_reading reading = {.store = r->store, .pack = r->pack};
  struct takeup_letter *letters = NULL;
  struct takeup_run run = {0};
  struct document *d = NULL;
  bool there = false;
  int count = 0;
  enum status status = find_run(r, &run, &there, err);
  if (status == DONE && !there) return reply_not_there(reply, r, err);
  if (status == DONE)
    status = takeup_letters_of_run(r->store, r->arena, run.id, &letters, &count, err);
  if (status == DONE && !count) return reply_not_there(reply, r, err);
  for (int i = 0; status == DONE && i < count; i++)
    status = note_look(r, letters[i].party, "printed a letter", run.purpose, err);
  if (status == DONE) status = takeup_letter_document(r->arena, &reading, letters, count, &d, err);
  if (status == DONE)
    reply_download(reply, r, d, FORMAT_PDF,
                   arena_printf(r->arena, "letters-%lld", (long long)run.id));
  return status;
}

static const struct table_head result_heads[] = {{N_("Entitlement"), false},
                                                 {N_("What came of it"), false},
                                                 {NULL, false}};

static enum status put_results(struct view *v, const struct request *r,
                               const struct takeup_letter *letter, struct error *err) {
  const struct takeup_reading reading = {.store = r->store, .pack = r->pack};
  struct takeup_results results = {0};
  struct view *table = view_table(v, "results", r, NULL, result_heads, NULL);
  enum status status = takeup_results_of(r->arena, &reading, letter, 1, day_today(), &results, err);
  for (int i = 0; status == DONE && i < results.count; i++) {
    const struct takeup_result *one = &results.all[i];
    struct view *row = view_row(table);
    view_cell(row, r, result_heads, 0, benefit_shown(r, one->variable), NULL);
    view_cell(row, r, result_heads, 1,
              one->pence ? arena_printf(r->arena, say(r->language, "%1$s, %2$s a year"),
                                        say(r->language, takeup_outcome_shown(one->outcome)),
                                        written_value(r, doc_money(one->pence)))
                         : say(r->language, takeup_outcome_shown(one->outcome)),
              NULL);
  }
  return status;
}

enum status page_take_up_letter(struct request *r, struct reply *reply, struct error *err) {
  const struct takeup_reading reading = {.store = r->store, .pack = r->pack};
  struct takeup_letter letter = {0};
  struct takeup_run run = {0};
  struct document *d = NULL;
  struct error none = {0};
  bool there = false;
  enum status status = find_run(r, &run, &there, err);
  if (status != DONE) return status;
  if (there)
    status = takeup_letter_find(r->store, r->arena, run.id, request_number(r, "letter"), &letter,
                                &none);
  if (status == FAILED) return *err = none, status;
  if (!there || status != DONE) return reply_not_there(reply, r, err);
  status = note_look(r, letter.party, "a letter to them", run.purpose, err);
  if (status == DONE) status = takeup_letter_document(r->arena, &reading, &letter, 1, &d, err);
  if (status != DONE) return status;
  struct view *v = view_new(r->arena, r->language);
  if (put_results(v, r, &letter, err) != DONE) return err->code;
  view_document(v, r, d, NULL);
  view_text(v, "letter_lang",
            letter.language == r->language ? NULL : language_code(letter.language));
  if (request_has(r, "done")) view_done(v, say(r->language, "It is recorded."));
  view_text(v, "back", request_path(r, run_path(r, run.id, "")));
  struct view *form = view_form(v, "form", r, route_post("/missing-out/{run}/letters/{letter}"),
                                NULL, say(r->language, "Record it"), NULL);
  for (const char *at = letter.benefits; *at; at += strspn(at, " ")) {
    const char *one = arena_copy(r->arena, at, strcspn(at, " "));
    view_form_choice(form, "benefit", one, benefit_shown(r, one), NULL);
    at += strcspn(at, " ");
  }
  reply_page(reply, r, "take-up-letter", say(r->language, "What came of a letter"), v);
  return DONE;
}

enum status act_take_up_outcome(struct request *r, struct reply *reply, struct error *err) {
  struct action_call call;
  enum status status = request_act(r, &call, err);
  if (status == DONE)
    reply_go(reply, r,
             run_path(r, request_number(r, "run"),
                      arena_printf(r->arena, "/letters/%lld?done=said",
                                   (long long)request_number(r, "letter"))));
  return status;
}
