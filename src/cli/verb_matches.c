/* weal matches: rows of bodies' own files that may be about somebody of the register, and what
 * people decided of them. */
#include "cli/cli.h"

#include "base/json.h"
#include "register/access_log.h"
#include "register/match_rows.h"

const char matches_help_text[] =
    "A body's own file names people by name, birth date and postcode. Where it is not sure who is "
    "meant, the row is refused, and the question is asked once: 'weal import entries --review "
    "FILE' "
    "writes it to a file, and with --partial the book keeps it too. `review` lists the questions "
    "that wait, with what the register has of the person beside what the file says; `decided` what "
    "people decided. Write same or different into the column `decision`, and import the file; open "
    "takes an answer back. The answer holds for the later files of that body.\n"
    "\n"
    "Each person who is shown sees that somebody looked.\n"
    "\n"
    "    weal matches review --format csv > who.csv\n"
    "    weal import matches who.csv\n";

/* One row, with what the register has. */
struct shown_match {
  const struct person_decision *decision;
  const struct body *body; /* null: none */
  struct person person;
  const char *postcode; /* of today; empty: not known */
  const char *how;      /* what agrees, as the register is now */
};

static enum status look_up(struct call *call, const struct pack_name_words *words,
                           struct shown_match *m, struct error *err) {
  struct match_candidate candidate;
  struct text t = {0};
  const enum status status = match_candidate_read(call->store, call->arena, words, m->decision,
                                                  &candidate, err);
  if (status != DONE) return status;
  m->person = candidate.person;
  m->postcode = candidate.postcode;
  person_agrees_write(&t, &candidate.how);
  m->how = text_take(call->arena, &t);
  return DONE;
}

/* Nothing is shown unless each look is noted. */
static enum status note_looks(struct call *call, const struct shown_match *all, int count,
                              const char *what, struct error *err) {
  struct access_reader by = {0};
  if (!count) return DONE;
  if (call_reader(call, &by, err) != DONE || store_begin(call->store, STORE_WRITE, err) != DONE)
    return err->code;
  enum status status = DONE;
  for (int i = 0; status == DONE && i < count; i++) {
    bool noted = false;
    for (int k = 0; k < i; k++) noted |= all[k].person.id == all[i].person.id;
    if (!noted)
      status = access_log_add(call->store, &by, all[i].person.id, what, "command line", err);
  }
  if (status == DONE) return store_commit(call->store, err);
  store_rollback(call->store);
  return error_while(err, "noting who looked");
}

static void add_row(struct text *t, const struct shown_match *m, bool waits) {
  const struct person_decision *x = m->decision;
  char born[11] = "", registered[11] = "";
  if (x->born != DAY_NONE) day_write(x->born, born);
  if (m->person.born != DAY_NONE) day_write(m->person.born, registered);
  const char *const cells[] = {m->body ? m->body->code : "",
                               x->name,
                               born,
                               x->postcode,
                               m->person.code,
                               waits ? "" : person_answer_words[x->answer],
                               x->reason,
                               m->person.name,
                               registered,
                               m->postcode,
                               m->how,
                               x->at,
                               x->by};
  enum { CELLS = sizeof cells / sizeof *cells };
  for (int c = 0; c < CELLS; c++) {
    text_add_csv_guarded(t, span_of(cells[c]));
    text_add_char(t, c + 1 < CELLS ? ',' : '\n');
  }
}

static void add_json(struct json *j, const struct shown_match *m) {
  const struct person_decision *x = m->decision;
  char day[11];
  json_open_object(j, NULL);
  json_text(j, "body", span_of(m->body ? m->body->code : ""));
  json_text(j, "name", span_of(x->name));
  json_text(j, "born", span_of(x->born == DAY_NONE ? "" : day_write(x->born, day)));
  json_text(j, "postcode", span_of(x->postcode));
  json_text(j, "person", span_of(m->person.code));
  json_text(j, "decision", span_of(person_answer_words[x->answer]));
  json_text(j, "reason", span_of(x->reason));
  json_text(j, "person_name", span_of(m->person.name));
  json_text(j, "person_born",
            span_of(m->person.born == DAY_NONE ? "" : day_write(m->person.born, day)));
  json_text(j, "person_postcode", span_of(m->postcode));
  json_text(j, "why", span_of(m->how));
  json_text(j, "at", span_of(x->at));
  json_text(j, "by", span_of(x->by));
  json_close_object(j);
}

/* Names come from files of others: nothing of them reaches the terminal but what can be shown. */
static void add_lines(struct text *t, const char *who, const char *name, day_t born,
                      const char *postcode) {
  char day[11];
  text_addf(t, "%s  ", who);
  text_add_clean(t, span_of(name ? name : ""));
  text_addf(t, ", %s, ", born == DAY_NONE ? "no birth date" : day_write(born, day));
  text_add_clean(t, span_of(*postcode ? postcode : "no postcode"));
  text_add_char(t, '\n');
}

static void add_text(struct text *t, const struct shown_match *m, bool waits) {
  const struct person_decision *x = m->decision;
  add_lines(t, m->body ? m->body->code : "a file", x->name, x->born, x->postcode);
  add_lines(t, m->person.code, m->person.name, m->person.born, m->postcode);
  if (waits) text_addf(t, "  %s\n", m->how);
  else {
    text_addf(t, "  %s: ", person_answer_words[x->answer]);
    text_add_clean(t, span_of(x->reason));
    text_add_char(t, '\n');
  }
}

static void show(struct call *call, const struct shown_match *all, int count, bool waits) {
  struct text *t = &call->out;
  struct json j;
  const enum format format = call_format(call);
  if (format == FORMAT_CSV)
    text_add(t, "body,name,born,postcode,person,decision,reason,x_person_name,x_person_born,"
                "x_person_postcode,x_why,x_at,x_by\n");
  if (format == FORMAT_JSON) {
    json_begin(&j, t);
    json_open_array(&j, NULL);
  }
  for (int i = 0; i < count; i++) {
    if (format == FORMAT_CSV) add_row(t, &all[i], waits);
    else if (format == FORMAT_JSON) add_json(&j, &all[i]);
    else add_text(t, &all[i], waits);
  }
  if (format == FORMAT_JSON) {
    json_close_array(&j);
    text_add_char(t, '\n');
  } else if (format == FORMAT_TEXT && !count && !call->quiet)
    text_add(t, waits ? "No question waits.\n" : "Nobody has decided any question.\n");
}

enum status verb_matches(struct call *call, struct error *err) {
  struct person_decisions decisions = {0};
  struct pack_name_words *words = NULL;
  struct bodies *bodies = NULL;
  int count = 0;
  const bool waits = strcmp(call->arguments[0], "review") == 0;
  if (!waits && strcmp(call->arguments[0], "decided") != 0)
    return error_set(err, USAGE, "'%s' is nothing to list; write review or decided",
                     call->arguments[0]);
  enum status status = call_open_store(call, STORE_WRITE, err); /* it notes who looks */
  if (status == DONE) status = call_open_pack(call, err);
  if (status == DONE) status = pack_name_words_read(&words, call->pack->dir, call->arena, err);
  if (status == DONE) status = register_bodies(call->store, call->arena, &bodies, err);
  if (status == DONE)
    status = person_decisions_read(&decisions, call->store, words, call->arena, err);
  struct shown_match *all = arena_array(call->arena, struct shown_match, decisions.count + 1);
  for (int i = 0; status == DONE && i < decisions.count; i++) {
    const struct person_decision *x = &decisions.all[i];
    if ((x->answer == ANSWER_OPEN) != waits) continue;
    all[count] = (struct shown_match){.decision = x, .body = bodies_by_id(bodies, x->body)};
    status = look_up(call, words, &all[count++], err);
  }
  if (status == DONE)
    status = note_looks(call, all, count, waits ? "matches review" : "matches decided", err);
  if (status != DONE) return status;
  show(call, all, count, waits);
  return DONE;
}
