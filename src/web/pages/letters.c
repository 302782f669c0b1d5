/* Letters about what somebody may get: to the visitor, with their choice whether they want any;
 * and, for staff, the same choice of somebody who asks for it. */
#include "web/pages/pages.h"

#include "takeup/letters.h"

static const struct choice letters_done[] = {{"chosen", NULL}, {NULL, NULL}};
static const struct choice letter_formats[] = {{"pdf", NULL}, {NULL, NULL}};
const struct field letters_fields[] = {
    {.name = "done", .kind = FIELD_CHOICE, .optional = true, .choices = letters_done},
    {.name = NULL}};
const struct field letter_fields[] = {
    {.name = "format", .kind = FIELD_CHOICE, .optional = true, .choices = letter_formats},
    {.name = NULL}};

enum { LETTER_NEW_DAYS = 90 };

static const char *letter_words(const struct request *r, const struct takeup_letter *letter) {
  struct text names = {0};
  for (const char *at = letter->benefits; *at; at += strspn(at, " ")) {
    const size_t size = strcspn(at, " ");
    const struct pack_entitlement *what = pack_find_entitlement(r->pack, span_make(at, size));
    if (what) text_addf(&names, "%s%s", names.size ? ", " : "", what->name[r->language]);
    at += size;
  }
  return text_take(r->arena, &names);
}

static void put_letter(struct view *v, const struct request *r, const struct takeup_letter *letter,
                       const char *names) {
  struct view *item = view_item(v, "letters_to_me");
  view_text(item, "href",
            request_path(r, arena_printf(r->arena, "/letters/%lld", (long long)letter->id)));
  view_text(item, "names", names);
  view_day(item, "day", letter->on);
}

/* What of a letter still waits for the person; empty: all was claimed, is paid or was decided. */
static bool put_waiting(struct view *v, const struct request *r,
                        const struct takeup_letter *letters, int at,
                        const struct takeup_results *results) {
  struct takeup_letter left = letters[at];
  struct text benefits = {0};
  for (int i = 0; i < results->count; i++) {
    const struct takeup_result *one = &results->all[i];
    if (one->letter != at) continue;
    if (one->outcome == OUTCOME_WAITS || one->outcome == OUTCOME_UNANSWERED)
      text_addf(&benefits, "%s%s", benefits.size ? " " : "", one->variable);
  }
  if (!benefits.size) return text_release(&benefits), false;
  left.benefits = text_take(r->arena, &benefits);
  put_letter(v, r, &letters[at], letter_words(r, &left));
  return true;
}

enum status view_new_letters(struct view *v, const struct request *r, struct error *err) {
  const struct takeup_reading reading = {.store = r->store, .pack = r->pack};
  struct takeup_letter *all = NULL;
  struct takeup_results results = {0};
  int count = 0, recent = 0;
  bool some = false;
  view_list(v, "letters_to_me");
  enum status status = takeup_letters_to(r->store, r->arena, r->visitor.person, &all, &count, err);
  for (int i = 0; status == DONE && i < count; i++)
    if (all[i].on >= day_today() - LETTER_NEW_DAYS) all[recent++] = all[i];
  if (recent)
    status = takeup_results_of(r->arena, &reading, all, recent, day_today(), &results, err);
  for (int i = 0; status == DONE && i < recent; i++) some |= put_waiting(v, r, all, i, &results);
  view_flag(v, "has_letters_to_me", some);
  return status;
}

/* ---- one's own ---- */

enum status page_letters(struct request *r, struct reply *reply, struct error *err) {
  struct takeup_letter *all = NULL;
  struct takeup_choice choice = {0};
  int count = 0;
  enum status status = takeup_letters_to(r->store, r->arena, r->visitor.person, &all, &count, err);
  if (status == DONE)
    status = takeup_choice_of(r->store, r->arena, r->visitor.person, &choice, err);
  if (status != DONE) return status;
  struct view *v = view_new(r->arena, r->language);
  view_list(v, "letters_to_me");
  for (int i = 0; i < count; i++) put_letter(v, r, &all[i], letter_words(r, &all[i]));
  view_flag(v, "has_letters_to_me", count > 0);
  if (request_has(r, "done")) view_done(v, say(r->language, "Your choice is saved."));
  const struct value start[] = {
      {.name = "letters", .given = true, .text = span_of(choice.refuses ? "no" : "yes")},
      {.name = NULL}};
  view_form(v, "form", r, route_post("/letters"), NULL, say(r->language, "Save"), start);
  reply_page(reply, r, "letters", say(r->language, "Letters about what you may get"), v);
  return DONE;
}

enum status act_letters(struct request *r, struct reply *reply, struct error *err) {
  struct action_call call;
  enum status status = request_act(r, &call, err);
  if (status == DONE) reply_go(reply, r, "/letters?done=chosen");
  return status;
}

enum status page_letter(struct request *r, struct reply *reply, struct error *err) {
  const struct takeup_reading reading = {.store = r->store, .pack = r->pack};
  const int64_t id = request_number(r, "letter");
  struct takeup_letter *all = NULL, *letter = NULL;
  struct document *d = NULL;
  int count = 0;
  enum status status = takeup_letters_to(r->store, r->arena, r->visitor.person, &all, &count, err);
  if (status != DONE) return status;
  for (int i = 0; i < count; i++)
    if (all[i].id == id) letter = &all[i];
  if (!letter) return reply_not_there(reply, r, err);
  const bool is_pdf = request_has(r, "format");
  if (!is_pdf) letter->language = r->language;
  status = takeup_letter_document(r->arena, &reading, letter, 1, &d, err);
  if (status != DONE) return status;
  if (is_pdf) {
    reply_download(reply, r, d, FORMAT_PDF, arena_printf(r->arena, "letter-%lld", (long long)id));
    return DONE;
  }
  struct view *v = view_new(r->arena, r->language);
  view_document(v, r, d, NULL);
  view_text(v, "back", request_path(r, "/letters"));
  view_text(v, "pdf",
            request_path(r, arena_printf(r->arena, "/letters/%lld?format=pdf", (long long)id)));
  view_text(v, "entitlements", request_path(r, "/entitlements"));
  reply_page(reply, r, "letter", say(r->language, "A letter to you"), v);
  return DONE;
}

/* ---- of somebody who asks staff ---- */

enum status page_letters_of(struct request *r, struct reply *reply, struct error *err) {
  if (!staff_has_reason(r, reply)) return DONE;
  struct takeup_choice choice = {0};
  enum status status = staff_note_access(r, "letters about what they may get", err);
  if (status == DONE) status = takeup_choice_of(r->store, r->arena, r->person, &choice, err);
  if (status != DONE) return status;
  struct view *v = view_new(r->arena, r->language);
  const char *person = arena_printf(r->arena, "/people/" SPAN_FORMAT,
                                    SPAN(request_text(r, "person")));
  staff_view_reason(v, r);
  view_text(v, "back", request_path(r, person));
  if (request_has(r, "done")) view_done(v, say(r->language, "It is recorded."));
  const struct value start[] = {{.name = "letters",
                                 .given = true,
                                 .text = span_of(choice.unsafe    ? "unsafe"
                                                 : choice.refuses ? "no"
                                                                  : "yes")},
                                {.name = NULL}};
  view_form(v, "form", r, route_post("/people/{person}/letters"), NULL, say(r->language, "Save"),
            start);
  reply_page(reply, r, "letters-of", say(r->language, "Letters about what they may get"), v);
  return DONE;
}

enum status act_letters_of(struct request *r, struct reply *reply, struct error *err) {
  struct action_call call;
  enum status status = request_act(r, &call, err);
  if (status == DONE)
    reply_go(reply, r,
             arena_printf(r->arena, "/people/" SPAN_FORMAT "/letters?done=chosen",
                          SPAN(request_text(r, "person"))));
  return status;
}
