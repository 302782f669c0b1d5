/* One case: for whoever may answer it, and for whom it is about, who opened it or is asked. What
 * can be done with it are the moves that the case has now for this visitor. */
#include "action/second.h"
#include "web/forms/journey.h"
#include "web/pages/cases.h"

#include "award/claim.h"
#include "base/limits.h"
#include "base/money.h"
#include "base/refusal.h"
#include "case/subject.h"
#include "redress/redress.h"
#include "register/access_log.h"
#include "register/changes.h"
#include "register/fact_case.h"
#include "register/names.h"
#include "register/notices.h"

enum { MOVES_MOST = CASE_MOVES_MOST };

/* ---- which ---- */

/* The case that the path names; *found false: there is none for this visitor, and the reply says
 * so. */
static enum status find_case(const struct request *r, struct reply *reply,
                             const struct case_page *page, struct case_file *out, bool *found,
                             struct error *err) {
  struct error none = {0};
  int64_t id = request_number(r, "case");
  enum status status = id ? case_one(r->store, r->arena, &page->desk, &page->actor, id, out, &none)
                          : REFUSED;
  *found = status == DONE;
  if (status != DONE && status != REFUSED) {
    *err = none;
    return status;
  }
  /* what two of the home say otherwise of it */
  if (!*found && id && !page->is_officer && !page->actor.helped &&
      fact_case_of_home(r->store, r->arena, &page->desk, r->visitor.person, id, out, found, err) !=
          DONE)
    return err->code;
  if (!*found) reply_not_found(reply, r);
  return DONE;
}

static const char *visit_words(const struct request *r, const struct case_file *file) {
  return arena_printf(r->arena, "case %s %lld", file->kind_word, (long long)file->id);
}

/* It is read to answer it, or to read what was told or answered. */
enum status case_note_visit(const struct request *r, const struct case_page *page,
                            const struct case_file *file, int64_t party, struct error *err) {
  const struct pack_case_move *moves[MOVES_MOST];
  const struct access_reader by = request_reader(r);
  bool answers = case_moves_of(&page->actor, file, moves, MOVES_MOST) > 0 &&
                 !case_actor_is(&page->actor, file->opener); /* theirs to take back only */
  const char *why = answers ? arena_printf(r->arena, "to answer request %lld", (long long)file->id)
                    : file->told_count && !file->waits ? "it was told to them"
                    : file->waits                      ? "to see where it stands"
                                                       : "to read it again";
  return access_log_add(r->store, &by, party, visit_words(r, file), why, err);
}

/* Reading somebody's case is a visit to their record. */
static enum status note_case(const struct request *r, const struct case_page *page,
                             const struct case_file *file, struct error *err) {
  if (r->person) return request_note_help(r, visit_words(r, file), err);
  if (!file->party || !page->is_officer || case_actor_is(&page->actor, file->party)) return DONE;
  return case_note_visit(r, page, file, file->party, err);
}

/* ---- who ---- */

static enum status read_party(const struct request *r, const struct case_file *file,
                              struct register_name *out, struct error *err) {
  *out = (struct register_name){0};
  return file->party ? register_name_of_party(r->store, r->arena, file->party, out, err) : DONE;
}

/* Who did something to the case, as this visitor knows them. */
static enum status who_words(const struct request *r, const struct case_page *page,
                             const struct case_file *file, const struct case_event *event,
                             const char **out, struct error *err) {
  struct viewer viewer;
  struct register_name party;
  *out = say(r->language, "You");
  if (event->actor && case_actor_is(&page->actor, event->actor)) return DONE;
  *out = say(r->language, "Automatically");
  if (!event->actor && strcmp(event->who, "program") == 0) return DONE;
  if (access_log_viewer(r->store, r->arena, file->party, event->who, event->at, &viewer, err) !=
          DONE ||
      read_party(r, file, &party, err) != DONE)
    return err->code;
  bool is_theirs = case_actor_is(&page->actor, file->party);
  if (viewer.kind == VIEWER_SELF) *out = party.name ? party.name : party.code;
  else if (viewer.kind == VIEWER_HELPER && !is_theirs)
    *out = arena_printf(r->arena, say(r->language, "%s, their helper"), viewer.name);
  else *out = viewer_words(r, &viewer, event->who);
  return DONE;
}

static const char *event_words(const struct request *r, const struct case_event *event) {
  static const struct choice known[] = {{"opened", N_("Sent")},
                                        {"read", N_("Read")},
                                        {"escalated", N_("Late: passed on to others too")},
                                        {"attached", N_("A file was added")},
                                        {"reopen", N_("Opened again: a complaint was upheld")},
                                        {NULL, NULL}};
  for (const struct choice *c = known; c->word; c++)
    if (strcmp(c->word, event->what) == 0) return say(r->language, c->label);
  if (strcmp(event->what, "assigned") == 0)
    return !event->given_to                  ? say(r->language, "Given back to the team")
           : event->given_to == event->actor ? say(r->language, "Taken on")
                                             : say(r->language, "Passed on within the team");
  const struct pack_case_state *state = pack_find_case_state(r->pack, span_of(event->state));
  return state ? state->name[r->language] : event->what;
}

enum status case_answered_words(const struct request *r, const struct case_page *page,
                                const struct case_file *file, const char **out, struct error *err) {
  const struct case_event answered = {.at = file->decided_at,
                                      .who = file->decided_by,
                                      .actor = file->decider};
  const char *who = NULL;
  *out = NULL;
  if (!file->decided_at || !file->decided_by || case_taken_back(file)) return DONE;
  /* it was done at once: nobody was asked */
  if (!*file->kind->to ||
      (!file->to_body && !file->to_role && !file->to_person && file->decider == file->opener))
    return DONE;
  if (who_words(r, page, file, &answered, &who, err) != DONE) return err->code;
  /* it came in a file of the organisation: whoever took that in decided nothing */
  if (claim_is(file) && !file->decider) who = case_office_words(r, file);
  *out = arena_printf(r->arena, "%s, %s", who, written_moment(r, file->decided_at));
  return DONE;
}

/* What an event's words are to a reader: of a role its name, of a complaint which one. */
static const char *words_of_event(const struct request *r, const struct case_event *event) {
  if (!*event->words) return NULL;
  if (strcmp(event->what, "reopen") == 0) return case_subject_words(r, event->words);
  return strcmp(event->what, "escalated") == 0 ? case_role_words(r, event->words) : event->words;
}

static enum status put_history(struct view *v, const struct request *r,
                               const struct case_page *page, const struct case_file *file,
                               struct error *err) {
  for (int i = 0; i < file->event_count; i++) {
    const struct case_event *event = &file->events[i];
    const char *who;
    if (who_words(r, page, file, event, &who, err) != DONE) return err->code;
    struct view *item = view_item(v, "events");
    view_text(item, "when", written_moment(r, event->at));
    view_text(item, "who", who);
    view_text(item, "what", event_words(r, event));
    view_text(item, "words", words_of_event(r, event));
  }
  for (int i = 0; i < file->told_count; i++) {
    struct view *body = view_item(v, "bodies");
    view_text(body, "name", body_words_of(r, file->told[i].body));
    view_moment(body, "read", r, file->told[i].read_at);
  }
  view_flag(v, "has_bodies", file->told_count > 0);
  return DONE;
}

/* ---- what ---- */

static void put_row(struct view *v, const char *key, const char *value, const char *href) {
  if (!value || !*value) return;
  struct view *row = view_item(v, "rows");
  view_text(row, "key", key);
  view_text(row, "value", value);
  view_text(row, "href", href);
}

/* A fact that names a person: officers see whose record it is, which is a visit to that record. */
static enum status put_person(struct view *v, const struct request *r, const struct case_page *page,
                              const struct case_file *file, const struct pack_case_fact *fact,
                              struct error *err) {
  const char *key = fact->name[r->language], *reference = case_fact(file, fact->word);
  struct person person;
  struct error unknown = {0};
  int64_t id = 0;
  enum status status = register_find_person(r->store, reference, &id, &unknown);
  if (status == FAILED) *err = unknown;
  if (status != DONE) put_row(v, key, reference, NULL);
  if (status == REFUSED) return DONE;
  if (status == DONE) status = case_note_visit(r, page, file, id, err);
  if (status == DONE) status = register_surviving_person(r->store, r->arena, id, &person, err);
  if (status == DONE)
    put_row(v, key, arena_printf(r->arena, "%s (%s)", person.name, person.code), NULL);
  return status;
}

static enum status put_facts(struct view *v, const struct request *r, const struct case_page *page,
                             const struct case_file *file, struct error *err) {
  const struct span *figures = page->figures;
  for (int i = 0; file->kind && i < file->kind->fact_count; i++) {
    const struct pack_case_fact *fact = &file->kind->facts[i];
    const char *text = claim_fact(r, file, fact, figures), *key = fact->name[r->language];
    if (!text || !*text) continue;
    const bool is_figure = claim_figure_words(r, file, fact->word, figures, &text);
    if (!text) continue;
    if (case_hides_amounts(page, file) && strcmp(fact->asked, "open") != 0) continue;
    if (strcmp(fact->word, NOTICE_WHO) == 0 && !page->is_officer) continue;
    if (fact->type == FACT_TYPE_PERSON && page->is_officer) {
      if (put_person(v, r, page, file, fact, err) != DONE) return err->code;
      continue;
    }
    /* whoever told a death chose among those they live with, by their names */
    const char *named = NULL;
    if (fact->type == FACT_TYPE_PERSON && case_dead_words(r, page, file, &named, err) != DONE)
      return err->code;
    put_row(v, key, named ? named : is_figure ? text : case_fact_words(r, fact, text), NULL);
  }
  return DONE;
}

/* For whoever decides a birth: children of that name and day of birth who are registered already,
 * perhaps told by the other parent, elsewhere or in another spelling. Each is a visit. */
static enum status put_like_births(struct view *v, const struct request *r,
                                   const struct case_page *page, const struct case_file *file,
                                   struct error *err) {
  const char *name = case_fact(file, "name"), *day = case_fact(file, "born");
  int64_t *ids = NULL;
  int count = 0;
  day_t born = DAY_NONE;
  enum status status = DONE;
  if (!page->is_officer || !file->waits || strcmp(file->kind_word, "told-birth") != 0 || !name ||
      !day)
    return DONE;
  if ((status = day_parse(span_of(day), &born, err)) == DONE)
    status = changes_like_births(r->store, r->arena, span_of(name), born, &ids, &count, err);
  for (int i = 0; status == DONE && i < count; i++) {
    struct register_name like = {0};
    status = case_note_visit(r, page, file, ids[i], err);
    if (status == DONE) status = register_name_of_party(r->store, r->arena, ids[i], &like, err);
    if (status == DONE && like.code)
      put_row(v, say(r->language, "Registered already with this name and day of birth"), like.code,
              page->actor.body_count
                  ? request_path(r, arena_printf(r->arena, "/people/%s", like.code))
                  : NULL);
  }
  return status;
}

/* For whoever decides a birth: the home into which the child comes, and who else lives in it on
 * that day. Each of them is a visit. */
static enum status put_home(struct view *v, const struct request *r, const struct case_page *page,
                            const struct case_file *file, struct error *err) {
  const char *day = case_fact(file, "born");
  day_t born = DAY_NONE;
  struct case_home home;
  if (!page->is_officer || !file->waits || strcmp(file->kind_word, "told-birth") != 0 || !day)
    return DONE;
  enum status status = day_parse(span_of(day), &born, err);
  if (status == DONE) status = case_home_of(r, file->party, born, &home, err);
  if (status != DONE) return status;
  put_row(v, say(r->language, "Household of the child"),
          home.code ? home.code : say(r->language, "None: the parent is in no household here"),
          NULL);
  put_row(v, say(r->language, "Where it lives"), home.where, NULL);
  for (int i = 0; status == DONE && i < home.count; i++) {
    const struct person *p = &home.others[i];
    status = case_note_visit(r, page, file, p->id, err);
    put_row(v, say(r->language, "Lives there too"),
            arena_printf(r->arena, say(r->language, "%s (%s), born on %s"), p->name, p->code,
                         written_value(r, doc_day(p->born))),
            NULL);
  }
  return status;
}

/* What a second person is asked to approve. */
static enum status put_asked(struct view *v, const struct request *r, const struct case_file *file,
                             struct error *err) {
  struct second_fact *facts = NULL;
  int count = 0;
  struct record_words record;
  const struct action_call call = request_actor(r);
  enum status status = second_facts(&call, file, &facts, &count, err);
  if (status == DONE) status = record_asked_words(r, file, &record, err);
  for (int i = 0; status == DONE && i < count; i++) {
    const struct field *field = facts[i].field;
    const char *said = facts[i].shown, *line = facts[i].value->text.bytes;
    if (field->kind == FIELD_QUANTITY && record.quantity) said = record.quantity;
    if (field->kind == FIELD_LINE)
      status = case_about_words(r, file->party, arena_printf(r->arena, "line:%s", line),
                                CASE_ABOUT_WHOLE, &said, err);
    put_row(v, say(r->language, field->label), said ? said : answer_words(r, field, facts[i].value),
            NULL);
  }
  if (status != DONE) return status;
  put_row(v, say(r->language, "It counts in their account as"), record.value, NULL);
  put_row(v, say(r->language, "Why a second person must approve it"), record.why, NULL);
  return DONE;
}

/* What else it is about: at the end of the cases that it is about. */
static enum status put_subject(struct view *v, const struct request *r,
                               const struct case_page *page, const struct case_file *file,
                               const char *party_code, struct error *err) {
  struct case_subject subject;
  if (case_view_about(v, r, page, file, &subject, err) != DONE) return err->code;
  if (subject.words && !claim_is(file)) /* what is claimed says it */
    put_row(v, say(r->language, "What it is about"), subject.words,
            case_subject_path(r, page, party_code, subject.file.subject));
  return DONE;
}

/* What changed of the award since: the decision stands above as it was made. */
static void put_changes(struct view *v, const struct request *r, const struct case_file *file,
                        const struct awards *rows) {
  enum { CHANGES_MOST = 12 };
  const char *words[CHANGES_MOST];
  const int count = claim_changes_since(r, file, rows, words, CHANGES_MOST);
  for (int i = 0; i < count; i++)
    put_row(v, say(r->language, "What changed after that"), words[i], NULL);
}

/* What the decision made. Somebody who was registered by it is shown to officers by their
 * reference, without the name: that would be a visit to a record that is opened by itself. Whoever
 * told the name reads what they told. */
static enum status put_result(struct view *v, const struct request *r, const struct case_page *page,
                              const struct case_file *file, const char *party_code,
                              struct error *err) {
  static const char person[] = "person:";
  struct register_name made = {0};
  struct error none = {0};
  int64_t id = 0;
  const char *key = say(r->language, "What was recorded");
  if (!file->result || !*file->result || case_hides_amounts(page, file)) return DONE;
  struct awards rows;
  if (claim_awards(r, file, &rows, err) != DONE) return err->code;
  const char *award = claim_result_words(r, file, &rows);
  if (award) {
    put_row(v, say(r->language, "What is awarded"), award,
            page->is_officer || r->person ? NULL : request_path(r, "/awards"));
    put_changes(v, r, file, &rows);
    return DONE;
  }
  if (strncmp(file->result, person, sizeof person - 1) != 0 ||
      integer_parse(span_of(file->result + sizeof person - 1), &id, &none) != DONE) {
    const char *words = NULL;
    if (case_about_words(r, file->party, file->result, CASE_ABOUT_SHORT, &words, err) != DONE)
      return err->code;
    put_row(v, key, words, case_subject_path(r, page, party_code, file->result));
    return DONE;
  }
  const char *told = page->is_officer ? NULL : case_fact(file, "name");
  bool together = false;
  enum status status = register_name_of_party(r->store, r->arena, id, &made, err);
  if (status == DONE && made.code && told && *told)
    status = case_share_home(r, file->party, id, &together, err);
  if (status == DONE && made.code && *made.code)
    put_row(
        v, key,
        told && *told
            ? arena_printf(
                  r->arena,
                  together ? say(r->language, "%s is in your household here, with the reference %s")
                           : say(r->language, "%s is registered here, with the reference %s"),
                  told, made.code)
            : arena_printf(r->arena, say(r->language, "In the register here with the reference %s"),
                           made.code),
        page->is_officer && page->actor.body_count
            ? request_path(r, arena_printf(r->arena, "/people/%s", made.code))
            : NULL);
  return status;
}

static enum status put_summary(struct view *v, const struct request *r,
                               const struct case_page *page, const struct case_file *file,
                               struct error *err) {
  struct register_name party;
  struct error none = {0};
  if (read_party(r, file, &party, err) != DONE) return err->code;
  const char *decider = case_decider_words(r, page, file, &none);
  if (none.code != DONE) {
    *err = none;
    return none.code;
  }
  bool is_theirs = case_actor_is(&page->actor, file->party);
  if (party.code && !is_theirs)
    put_row(v, page->is_officer ? say(r->language, "About") : say(r->language, "Who"),
            page->is_officer ? arena_printf(r->arena, "%s (%s)", party.name, party.code)
                             : party.name,
            page->is_officer && page->actor.body_count
                ? request_path(r, arena_printf(r->arena, "/people/%s", party.code))
                : NULL);
  if (put_subject(v, r, page, file, party.code, err) != DONE) return err->code;
  if (put_facts(v, r, page, file, err) != DONE || put_home(v, r, page, file, err) != DONE ||
      put_like_births(v, r, page, file, err) != DONE || put_asked(v, r, file, err) != DONE)
    return err->code;
  if (case_changes_on(file) != DAY_NONE)
    put_row(v,
            file->waits ? say(r->language, "If it is accepted, the record changes on")
                        : say(r->language, "The record changes on"),
            arena_printf(r->arena, say(r->language, "%s; until then it stays as it is"),
                         written_value(r, doc_day(case_changes_on(file)))),
            NULL);
  put_row(v, say(r->language, "Sent"), written_moment(r, file->opened_at), NULL);
  if (file->waits) {
    put_row(v, say(r->language, "Who answers"), decider, NULL);
    put_row(v, say(r->language, "Answer due"), case_due_words(r, file), NULL);
  }
  put_row(v, case_taken_back(file) ? file->state->name[r->language] : say(r->language, "Answered"),
          written_moment(r, file->decided_at), NULL);
  return put_result(v, r, page, file, party.code, err);
}

/* A claim pack has all that was told. */
static bool hides_files(const struct request *r, const struct case_page *page,
                        const struct case_file *file) {
  return case_hides_amounts(page, file) ||
         (page->is_officer && claim_is(file) && !claim_may_read(r, page, file));
}

static enum status put_files(struct view *v, const struct request *r, const struct case_page *page,
                             const struct case_file *file, struct error *err) {
  struct case_attachment *all = NULL;
  int count = 0;
  enum status status = case_attachments(r->store, r->arena, file, &all, &count, err);
  view_flag(v, "has_files", count > 0);
  for (int i = 0; i < count && status == DONE; i++) {
    struct view *item = view_item(v, "files");
    view_text(item, "name", all[i].name);
    view_text(item, "size",
              arena_printf(r->arena, "%s kB",
                           written_value(r, doc_count((all[i].size + 999) / 1000))));
    if (hides_files(r, page, file)) continue;
    view_text(item, "href",
              request_path(r, arena_printf(r->arena, "%s/%lld/files/%lld", case_page_base(r, page),
                                           (long long)file->id, (long long)all[i].n)));
  }
  return status;
}

/* ---- what can be done ---- */

static const struct field move_field = {.name = "move",
                                        .kind = FIELD_CHOICE,
                                        .label = N_("What do you decide?"),
                                        .missing = N_("Choose what you decide")};
static const struct field move_hidden = {.name = "move", .kind = FIELD_HIDDEN};
static const struct field words_field = {.name = "words",
                                         .kind = FIELD_LONG,
                                         .optional = true,
                                         .most = CASE_WORDS_BYTES_MAX,
                                         .label = N_("Your answer, in your words"),
                                         .hint = N_("They read this.")};

static bool is_asked_by_move(const struct pack_case_fact *fact) {
  return *fact->asked && strcmp(fact->asked, "open") != 0;
}

/* All that any move of the kind asks: what a form may send. Which of it a move needs, the case
 * says. */
static const struct field *fields_of_kind(const struct request *r,
                                          const struct pack_case_kind *kind) {
  int facts = kind ? kind->fact_count : 0, count = 0;
  struct field *fields = arena_array(r->arena, struct field, facts + 5);
  fields[count++] = move_field;
  fields[count++] = words_field;
  for (int i = 0; i < facts; i++) {
    if (!is_asked_by_move(&kind->facts[i])) continue;
    fields[count] = case_fact_field(r, &kind->facts[i]);
    fields[count++].optional = true;
  }
  fields[count++] = case_confirmed_field;
  fields[count++] = case_shown_field;
  fields[count].name = NULL;
  return fields;
}

/* The fields of a form are those of the kind of the case that the path names. */
static const struct field *fields_of_case(const struct request *r, struct span id,
                                          bool is_officer) {
  struct case_page page;
  struct case_file file = {0};
  struct error none = {0};
  int64_t number = 0;
  bool found = r->store && integer_parse(id, &number, &none) == DONE && number > 0 &&
               case_page_begin(r, is_officer, &page, &none) == DONE &&
               case_one(r->store, r->arena, &page.desk, &page.actor, number, &file, &none) == DONE;
  return fields_of_kind(r, found ? file.kind : NULL);
}
const struct field *inbox_case_fields(const struct request *r, const struct span *names) {
  return fields_of_case(r, names[0], true);
}
const struct field *request_fields(const struct request *r, const struct span *names) {
  return fields_of_case(r, names[0], false);
}
const struct field *request_fields_for(const struct request *r, const struct span *names) {
  return fields_of_case(r, names[1], false);
}

/* The moves that the visitor may make now. */
struct moves {
  const struct pack_case_move *all[MOVES_MOST];
  int count;
  bool asks_words, needs_words; /* some of them takes words; each of them needs words */
};

static struct moves moves_now(const struct case_page *page, const struct case_file *file) {
  struct moves moves = {.needs_words = true};
  moves.count = case_moves_of(&page->actor, file, moves.all, MOVES_MOST);
  for (int i = 0; i < moves.count; i++) {
    moves.asks_words |= moves.all[i]->words != CASE_NONE;
    moves.needs_words &= moves.all[i]->words == CASE_REQUIRED;
  }
  return moves;
}

static const struct pack_case_move *move_that_asks(const struct moves *moves,
                                                   const struct pack_case_fact *fact) {
  for (int i = 0; i < moves->count; i++)
    if (strcmp(moves->all[i]->word, fact->asked) == 0) return moves->all[i];
  return NULL;
}

/* The form shows fewer fields than it may send: what was sent is found by the field's name. */
struct shown_form {
  struct field *fields;
  struct span *given;
  struct value *start;
  int count;
};

static void show_field(struct shown_form *form, const struct request *r,
                       const struct pack_case_kind *kind, struct field field) {
  const struct field *all = fields_of_kind(r, kind);
  for (int i = 0; r->given && all[i].name; i++)
    if (strcmp(all[i].name, field.name) == 0) form->given[form->count] = r->given[i];
  form->start[form->count].name = field.name;
  /* what was sent and is to be changed before it is done */
  for (const struct value *v = r->values; r->route->method == POST && v && v->name; v++)
    if (strcmp(v->name, field.name) == 0) form->start[form->count] = *v;
  form->fields[form->count++] = field;
}

/* What takes long is approved by a form of its own, which begins it. */
static void put_carry_out(struct view *v, const struct request *r, const struct case_file *file,
                          struct moves *moves) {
  int count = 0;
  if (!second_is_run(file)) return;
  for (int i = 0; i < moves->count; i++) {
    if (strcmp(moves->all[i]->word, "approve") != 0) {
      moves->all[count++] = moves->all[i];
      continue;
    }
    struct view *carry = view_object(v, "carry");
    view_text(carry, "action",
              request_path(r,
                           arena_printf(r->arena, "/inbox/%lld/carry-out", (long long)file->id)));
    view_form_rights(carry, r);
    view_text(carry, "button", moves->all[i]->name[r->language]);
  }
  moves->needs_words |= count < moves->count;
  moves->count = count;
}

/* Of several moves some may take no words: the hint says which do. */
static struct field words_of(const struct request *r, const struct case_file *file,
                             const struct moves *moves) {
  struct field words = words_field;
  const char *names = "";
  int asking = 0;
  if (second_is(file)) words.hint = N_("Whoever asked reads this.");
  if (moves->count == 1) words.label = N_("Why, in your words");
  for (int i = 0; i < moves->count; i++) {
    const char *name = moves->all[i]->name[r->language];
    if (moves->all[i]->words == CASE_NONE) continue;
    names = asking++ ? arena_printf(r->arena, say(r->language, "%s” or “%s"), names, name) : name;
  }
  if (asking < moves->count)
    words.hint = arena_printf(r->arena, say(r->language, "If you choose “%s”. %s"), names,
                              say(r->language, words.hint));
  return words;
}

static enum status put_moves(struct view *v, const struct request *r, const struct case_page *page,
                             const struct case_file *file, struct error *err) {
  struct moves moves = moves_now(page, file);
  bool is_item = false;
  enum measure measure = MEASURE_MONEY;
  put_carry_out(v, r, file, &moves);
  const struct pack_case_kind *kind = file->kind;
  if (!moves.count || !kind) return DONE;
  if (case_measure(r, file, &is_item, &measure, err) != DONE) return err->code;
  int most = kind->fact_count + 3;
  struct shown_form shown = {.fields = arena_array(r->arena, struct field, most),
                             .given = arena_array(r->arena, struct span, most),
                             .start = arena_array(r->arena, struct value, most)};
  bool one = moves.count == 1;
  show_field(&shown, r, kind, one ? move_hidden : move_field);
  if (one) shown.start[0].given = true;
  if (one) shown.start[0].text = span_of(moves.all[0]->word);
  if (one) shown.given[0] = shown.start[0].text;
  for (int i = 0; i < kind->fact_count; i++) {
    const struct pack_case_fact *fact = &kind->facts[i];
    const struct pack_case_move *asks = move_that_asks(&moves, fact);
    if (!asks || !case_fact_fits(fact, is_item, measure)) continue;
    struct field field = case_fact_field(r, fact);
    if (!claim_fit_field(r, page, file, fact, &field)) continue;
    if (!one) {
      field.optional = field.among = true;
      field.hint = arena_printf(r->arena, say(r->language, "If you choose “%s”. %s"),
                                asks->name[r->language], field.hint ? field.hint : "");
    }
    show_field(&shown, r, kind, field);
  }
  struct field words = words_of(r, file, &moves);
  words.optional = !moves.needs_words;
  words.among = !one; /* the page does not know which of the moves is chosen */
  if (moves.asks_words) show_field(&shown, r, kind, words);
  struct request sent = *r;
  sent.given = r->given ? shown.given : NULL;
  sent.given_of = shown.fields;
  struct view *form = view_form_of(
      v, "form", &sent, shown.fields,
      request_path(r,
                   arena_printf(r->arena, "%s/%lld", case_page_base(r, page), (long long)file->id)),
      one ? moves.all[0]->name[r->language] : say(r->language, "Send your answer"), shown.start);
  /* what stands below another form says what it does */
  view_text(v, "form_heading", one && moves.asks_words ? moves.all[0]->name[r->language] : NULL);
  /* who takes something back is not to do it by mistake for an answer */
  view_flag(form, "is_secondary", one && !page->is_officer && !moves.asks_words);
  for (int i = 0; !one && i < moves.count; i++)
    view_form_choice(form, "move", moves.all[i]->word, moves.all[i]->name[r->language], NULL);
  return DONE;
}

/* Why nobody but another can answer what waits for the visitor's office; else the form. */
static enum status put_moves_or_why(struct view *v, const struct request *r,
                                    const struct case_page *page, const struct case_file *file,
                                    struct error *err) {
  struct case_call call = {r->store, r->arena, &page->desk, &page->actor};
  struct error why = {0};
  enum status status = page->is_officer && file->waits ? case_may_answer(&call, file, &why) : DONE;
  bool is_told_why = status == REFUSED && why.refusal.code != REFUSAL_CASE_NOT_YOURS;
  view_text(v, "why_not", is_told_why ? refusal_said(r, &why) : NULL);
  /* who sent it can still take it back */
  bool is_own = status == REFUSED && why.refusal.code == REFUSAL_CASE_OWN;
  if (status == FAILED) *err = why;
  if (status == FAILED) return FAILED;
  return status == DONE || is_own ? put_moves(v, r, page, file, err) : DONE;
}

static void put_assign(struct view *v, const struct request *r, const struct case_page *page,
                       const struct case_file *file) {
  if (!page->is_officer || !file->waits || !moves_now(page, file).count) return;
  if (case_actor_is(&page->actor, file->opener)) return; /* theirs to take back only */
  bool is_mine = file->assigned && case_actor_is(&page->actor, file->assigned);
  struct view *assign = view_object(v, "assign");
  view_text(assign, "action",
            request_path(r, arena_printf(r->arena, "/inbox/%lld/assign", (long long)file->id)));
  view_form_rights(assign, r);
  view_text(assign, "to", is_mine ? "nobody" : "me");
  view_text(assign, "button",
            is_mine ? say(r->language, "Give it back") : say(r->language, "Take it on"));
  view_text(assign, "words",
            is_mine          ? say(r->language, "You have taken this on.")
            : file->assigned ? say(r->language, "Somebody else has taken this on.")
                             : say(r->language, "Nobody has taken this on yet."));
}

static bool may_attach(const struct case_page *page, const struct case_file *file) {
  return !page->is_officer && case_may_attach(&page->actor, file);
}

static void put_attach(struct view *v, const struct request *r, const struct case_page *page,
                       const struct case_file *file) {
  view_text(v, "attach",
            may_attach(page, file)
                ? request_path(r, arena_printf(r->arena, "%s/%lld/files", case_page_base(r, page),
                                               (long long)file->id))
                : NULL);
}

/* The person themself finds the copy that they asked for. */
static bool gives_copy(const struct case_page *page, const struct case_file *file) {
  return !page->is_officer && !page->actor.helped && case_actor_is(&page->actor, file->party) &&
         file->kind && strcmp(file->kind->handler, "access") == 0 && !file->waits &&
         strcmp(file->state_word, "done") == 0;
}

/* ---- the page ---- */

static void put_step(struct view *v, const struct request *r, const struct pack_case_step *step,
                     const char *path) {
  day_t due = step->opens ? case_deadline(r->pack, step->opens, day_today()) : DAY_NONE;
  struct view *item = view_item(v, "steps");
  view_text(item, "name", step->name[r->language]);
  view_text(item, "text", step->text[r->language]);
  view_text(item, "href", path);
  view_text(item, "due",
            due == DAY_NONE
                ? NULL
                : arena_printf(r->arena,
                               say(r->language, "If you send it today, the answer is due by %s."),
                               written_value(r, doc_day(due))));
}

/* What was opened about this case, such as a complaint. */
static enum status put_followers(struct view *v, const struct request *r,
                                 const struct case_page *page, const struct case_file *file,
                                 const char *subject, struct error *err) {
  enum { FOLLOWERS_MOST = 10 };
  const struct case_filter filter = {.subject = subject, .most = FOLLOWERS_MOST};
  int64_t *records = NULL, total = 0;
  struct case_file *all = NULL;
  int record_count = 0, count = 0;
  if (!file->party) return DONE;
  enum status status = register_records(r->store, r->arena, file->party, &records, &record_count,
                                        err);
  if (status == DONE)
    status = cases_of(r->store, r->arena, &page->desk, records, record_count, &filter, &all, &count,
                      &total, err);
  for (int i = 0; i < count && status == DONE; i++) {
    if (!case_may_see(&page->actor, &all[i])) continue;
    struct view *item = view_item(v, "followers");
    view_text(item, "href",
              request_path(r, arena_printf(r->arena, "%s/%lld", case_page_base(r, page),
                                           (long long)all[i].id)));
    view_text(item, "name", case_kind_words(r, &all[i]));
    view_case_state(item, r, &all[i]);
  }
  return status;
}

/* What the citizen can do next: with whom, by when, and where. */
static enum status put_steps(struct view *v, const struct request *r, const struct case_page *page,
                             const struct case_file *file, struct error *err) {
  enum { STEPS_MOST = 8 };
  const struct pack_case_step *steps[STEPS_MOST];
  const char *about = "", *subject = arena_printf(r->arena, "case:%lld", (long long)file->id);
  struct case_call call = {r->store, r->arena, &page->desk, &page->actor};
  int count = 0, shown = 0;
  bool theirs = case_is_senders(page, file) && file->kind && file->state, may_complain = false;
  if (theirs && put_followers(v, r, page, file, subject, err) != DONE) return err->code;
  if (theirs && case_about_kind(r, page, file, &about, err) != DONE) return err->code;
  /* of a case that waits there is nothing to do but to wait, until it is late */
  if (theirs && (!file->waits || case_late(file, day_today())))
    count = pack_case_steps(r->pack, file->kind, file->state, about, steps, STEPS_MOST);
  if (count && redress_complaint_is_open(&call, file->party, file->id, &may_complain, err) != DONE)
    return err->code;
  for (int i = 0; i < count; i++) {
    const char *path = steps[i]->opens ? case_open_path(r, page, steps[i]->opens, subject)
                                       : steps[i]->address;
    if (!path || (steps[i]->opens && !may_complain)) continue;
    put_step(v, r, steps[i], path);
    shown++;
  }
  int claim_steps = 0;
  if (theirs && claim_view_steps(v, r, page, file, &claim_steps, err) != DONE) return err->code;
  view_flag(v, "has_steps", shown + claim_steps > 0);
  return DONE;
}

static enum status put_next(struct view *v, const struct request *r, const struct case_page *page,
                            const struct case_file *file, struct error *err) {
  /* for whoever sent it, not for a person who is asked to answer */
  view_text(v, "told", case_is_senders(page, file) ? case_waits_words(r, file) : NULL);
  view_text(v, "question", case_question(page, file));
  return put_steps(v, r, page, file, err);
}

/* The answer, who gave it, and what it changed; and who wrote the reason. */
static enum status put_answer(struct view *v, const struct request *r, const struct case_page *page,
                              const struct case_file *file, struct error *err) {
  const struct case_event sent = {.at = file->opened_at,
                                  .who = file->opened_by,
                                  .actor = file->opener};
  const char *who = NULL, *corrected = NULL, *sender = NULL, *changed = NULL;
  if (case_changed_words(r, page, file, &changed, err) != DONE) return err->code;
  if (case_answered_words(r, page, file, &who, err) != DONE ||
      case_corrected_words(r, file, &corrected, err) != DONE ||
      who_words(r, page, file, &sent, &sender, err) != DONE)
    return err->code;
  bool is_answered = who || (file->answer && *file->answer);
  const char *settled = case_settled_words(r, file);
  struct view *answer = is_answered || settled ? view_object(v, "answered") : NULL;
  if (answer) {
    view_text(answer, "settled", settled);
    view_text(answer, "words", file->answer && *file->answer ? file->answer : NULL);
    view_text(answer, "who", who);
    view_text(answer, "corrected", corrected ? corrected : changed);
  }
  bool is_senders_own = case_actor_is(&page->actor, file->opener);
  view_flag(v, "is_own", is_senders_own);
  /* a helper wrote it for the person */
  view_text(v, "sender", !is_senders_own && file->opener != file->party ? sender : NULL);
  return DONE;
}

/* Staff who have a case to answer need no other reason to open the record that it is about; not
 * whoever asked for it, nor who may only read it. */
static enum status keep_reason(const struct request *r, const struct case_page *page,
                               const struct case_file *file, struct error *err) {
  struct case_call call = {r->store, r->arena, &page->desk, &page->actor};
  struct error may_not = {0};
  if (!file->waits || !file->party || !page->actor.body_count) return DONE;
  enum status status = case_may_answer(&call, file, &may_not);
  if (status == FAILED) *err = may_not;
  if (status != DONE) return status == REFUSED ? DONE : status;
  return staff_keep_reason(r, file->party,
                           arena_printf(r->arena, "to answer request %lld", (long long)file->id),
                           false, err);
}

static enum status show_case(const struct request *r, struct reply *reply, bool is_officer,
                             struct error *err) {
  struct case_page page;
  struct case_file file;
  bool found;
  if (case_page_begin(r, is_officer, &page, err) != DONE ||
      find_case(r, reply, &page, &file, &found, err) != DONE || !found)
    return err->code;
  if (note_case(r, &page, &file, err) != DONE) return err->code;
  if (is_officer && case_read(r->store, &page.actor, &file, err) != DONE) return err->code;
  if (is_officer && keep_reason(r, &page, &file, err) != DONE) return err->code;
  struct view *v = view_new(r->arena, r->language);
  const char *title = NULL;
  if (second_words(r->store, r->arena, r->language, &file, &title, err) != DONE) return err->code;
  if (!title) title = case_kind_words(r, &file);
  view_text(v, "back", request_path(r, case_page_base(r, &page)));
  view_text(v, "kind", title);
  view_text(v, "number", arena_printf(r->arena, "%lld", (long long)file.id));
  view_flag(v, "is_officer", is_officer);
  view_text(v, "reason", file.reason && *file.reason ? file.reason : NULL);
  if (put_answer(v, r, &page, &file, err) != DONE) return err->code;
  view_case_state(v, r, &file);
  case_view_done(v, r);
  if (claim_view_rests(v, r, &page, &file, err) != DONE) return err->code;
  if (put_summary(v, r, &page, &file, err) != DONE || put_files(v, r, &page, &file, err) != DONE ||
      put_history(v, r, &page, &file, err) != DONE)
    return err->code;
  if (put_next(v, r, &page, &file, err) != DONE) return err->code;
  if (put_moves_or_why(v, r, &page, &file, err) != DONE) return err->code;
  put_assign(v, r, &page, &file);
  put_attach(v, r, &page, &file);
  view_text(v, "copy", gives_copy(&page, &file) ? request_path(r, "/copy") : NULL);
  reply_page(
      reply, r, "case",
      arena_printf(r->arena, say(r->language, "Request %lld: %s"), (long long)file.id, title), v);
  return DONE;
}

const struct field case_page_fields[] = {{.name = "done", .kind = FIELD_CODE, .optional = true},
                                         {.name = NULL}};

enum status page_inbox_case(struct request *r, struct reply *reply, struct error *err) {
  return show_case(r, reply, true, err);
}
enum status page_request(struct request *r, struct reply *reply, struct error *err) {
  return show_case(r, reply, false, err);
}

/* ---- doing it ---- */

/* What the register says of a file's row, as a page says it. */
static const struct reworded move_refusals[] = {
    {REFUSAL_DEATH_REGISTERED_ALREADY, REFUSAL_DEATH_KNOWN},
    {REFUSAL_HOUSEHOLD_UNREGISTERED, REFUSAL_HOUSEHOLD_NOT_HERE},
    {REFUSAL_CHILD_REGISTERED_ALREADY, REFUSAL_CHILD_KNOWN},
    {REFUSAL_CHILD_BORN_BEFORE_PARENT, REFUSAL_BORN_BEFORE_PARENT},
    {REFUSAL_DEATH_BEFORE_BIRTH, REFUSAL_DIED_BEFORE_BIRTH},
    {REFUSAL_ROLE_OF_THE_DEAD, REFUSAL_PERSON_HAS_DIED},
    {REFUSAL_ROLE_HELD_ALREADY, REFUSAL_OFFICE_HELD_ALREADY},
    {REFUSAL_NONE, REFUSAL_NONE}};

static enum status make_move(struct request *r, struct reply *reply, bool is_officer,
                             struct error *err) {
  struct case_page page;
  struct case_file file;
  bool found;
  if (case_page_begin(r, is_officer, &page, err) != DONE ||
      find_case(r, reply, &page, &file, &found, err) != DONE || !found)
    return err->code;
  struct action_call call;
  const char *word = kept_text(r, request_text(r, "move"));
  enum status status = request_call(r, &call, err);
  bool shown = false;
  if (file.kind) call.facts = case_facts_given(r, file.kind, word, &call.fact_count);
  if (is_officer && span_is(request_text(r, "confirmed"), "change"))
    return show_case(r, reply, true, err);
  if (status == DONE && is_officer)
    status = case_check_decision(r, reply, &file, &call, fields_of_kind(r, file.kind), &shown, err);
  if (status == DONE && !shown) status = action_run(call.action, &call, err);
  if (status == REFUSED) refusal_reword(move_refusals, err);
  /* what the officer did not see: whoever sent it was faster than they */
  if (status == REFUSED && err->refusal.code == REFUSAL_CASE_CHANGED && case_taken_back(&file))
    (void)refuse_in_words(err, REFUSAL_CASE_TAKEN_BACK);
  if (status != DONE || shown) return status;
  const char *asked = action_answer_of(&call, "waits-for") ? action_answer_of(&call, "case") : NULL;
  reply_go(reply, r,
           asked        ? arena_printf(r->arena, "/inbox/%s?done=asked", asked)
           : is_officer ? arena_printf(r->arena, "/inbox?done=%s:%s", file.kind_word, word)
                        : arena_printf(r->arena, "%s/%lld?done=%s:%s", case_page_base(r, &page),
                                       (long long)file.id, file.kind_word, word));
  return DONE;
}

enum status act_inbox_case(struct request *r, struct reply *reply, struct error *err) {
  return make_move(r, reply, true, err);
}
enum status act_request(struct request *r, struct reply *reply, struct error *err) {
  return make_move(r, reply, false, err);
}

enum status act_assign(struct request *r, struct reply *reply, struct error *err) {
  struct action_call call;
  enum status status = request_act(r, &call, err);
  if (status == REFUSED && err->refusal.code == REFUSAL_CASE_CHANGED) {
    reply_go(reply, r,
             arena_printf(r->arena, "/inbox/%s?done=changed", request_text(r, "case").bytes));
    return DONE;
  }
  if (status == DONE)
    reply_go(reply, r, arena_printf(r->arena, "/inbox/%s", request_text(r, "case").bytes));
  return status;
}

/* ---- its files ---- */

enum status page_attach(struct request *r, struct reply *reply, struct error *err) {
  struct case_page page;
  struct case_file file;
  bool found;
  if (case_page_begin(r, false, &page, err) != DONE ||
      find_case(r, reply, &page, &file, &found, err) != DONE || !found)
    return err->code;
  if (!may_attach(&page, &file)) {
    reply_not_found(reply, r);
    return DONE;
  }
  if (note_case(r, &page, &file, err) != DONE) return err->code;
  struct view *v = view_new(r->arena, r->language);
  const char *path = arena_printf(r->arena, "%s/%lld", case_page_base(r, &page),
                                  (long long)file.id);
  view_text(v, "back", request_path(r, path));
  view_text(v, "heading", say(r->language, "Add a document or picture"));
  view_text(v, "told", NULL);
  view_form_of(v, "form", r, route_fields(route_post("/requests/{case}/files"), r, NULL),
               request_path(r, arena_printf(r->arena, "%s/files", path)),
               say(r->language, "Add the file"), NULL);
  reply_page(reply, r, "case_open", say(r->language, "Add a document or picture"), v);
  return DONE;
}

enum status act_attach(struct request *r, struct reply *reply, struct error *err) {
  struct case_page page;
  struct action_call call;
  enum status status = case_page_begin(r, false, &page, err);
  if (status == DONE) status = request_act(r, &call, err);
  if (status == DONE)
    reply_go(reply, r,
             arena_printf(r->arena, "%s/%s?done=attached", case_page_base(r, &page),
                          request_text(r, "case").bytes));
  return status;
}

static enum status give_file(const struct request *r, struct reply *reply, bool is_officer,
                             struct error *err) {
  struct case_page page;
  struct case_file file;
  struct case_attachment *all = NULL;
  struct text content = {0};
  bool found;
  int count = 0;
  if (case_page_begin(r, is_officer, &page, err) != DONE ||
      find_case(r, reply, &page, &file, &found, err) != DONE || !found)
    return err->code;
  if (hides_files(r, &page, &file)) return reply_not_found(reply, r), DONE;
  int64_t n = request_number(r, "file");
  if (case_attachments(r->store, r->arena, &file, &all, &count, err) != DONE ||
      note_case(r, &page, &file, err) != DONE)
    return err->code;
  for (int i = 0; i < count; i++) {
    if (all[i].n != n) continue;
    if (case_attachment_content(r->store, &file, n, &content, err) != DONE) return err->code;
    reply_bytes(reply, all[i].media, &content, all[i].name);
    return DONE;
  }
  reply_not_found(reply, r);
  return DONE;
}

enum status page_inbox_file(struct request *r, struct reply *reply, struct error *err) {
  return give_file(r, reply, true, err);
}
enum status page_request_file(struct request *r, struct reply *reply, struct error *err) {
  return give_file(r, reply, false, err);
}
