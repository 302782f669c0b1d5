/* Sending what is due, one message after the other. A message is claimed in a transaction of its
 * own, which also says when it would be tried again and makes the code; so two portals never
 * send the same one at the same time, and a kill leaves it in line. */
#include "base/limits.h"
#include "base/money.h"
#include "document/document.h"
#include "notify/parts.h"
#include "proof/sign.h"
#include "register/alerts.h"
#include "register/invites.h"
#include "register/names.h"
#include "register/register.h"

#include <sodium.h>
#include <time.h>

enum { SECONDS_A_DAY = 86400 };

struct claimed {
  int64_t id, party, tries; /* id 0: nothing is due */
  bool mail;
  const char *address;
  const char *fault;                   /* why it cannot be sent any more; null: it can */
  const struct message_kind_row *kind; /* null: a code */
  const char *about;
  int language;     /* of a wanted message; -1: not known, so it is in each */
  const char *code; /* the person's reference */
  const char *name;
  char secret[ONE_TIME_CODE_SIZE];
  day_t last;
};

static int64_t next_wait(int64_t tries) {
  int64_t seconds = LIMIT_MESSAGE_WAIT_SECONDS;
  for (int64_t i = 0; i < tries && seconds < LIMIT_MESSAGE_WAIT_SECONDS_MOST; i++) seconds *= 2;
  return seconds < LIMIT_MESSAGE_WAIT_SECONDS_MOST ? seconds : LIMIT_MESSAGE_WAIT_SECONDS_MOST;
}

/* ---- claiming ---- */

static enum status read_due_of(struct store *store, struct arena *arena,
                               const struct message_kind_row *kind, int64_t now,
                               struct claimed *out, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_row_with(
      store, &q, &row,
      "select id, party, tries, way, address, about from message_out where state = 'waiting' and "
      "kind = ?1 and due <= ?2 order by due, id limit 1 {postgresql: for update}",
      err, kind ? kind->word : "code", now);
  if (status == DONE && row)
    *out = (struct claimed){.id = query_int(q, 0),
                            .party = query_int(q, 1),
                            .tries = query_int(q, 2),
                            .mail = span_is(query_text(q, 3), "email"),
                            .address = query_copy(q, arena, 4),
                            .kind = kind,
                            .about = query_copy(q, arena, 5),
                            .language = -1};
  query_end(q);
  return status;
}

/* Codes first, then what happened, then what many thousand people get at once. */
static enum status read_due(struct store *store, struct arena *arena, int64_t now,
                            struct claimed *out, struct error *err) {
  enum status status = read_due_of(store, arena, NULL, now, out, err);
  for (int of_a_year = 0; of_a_year < 2; of_a_year++)
    for (int i = 0; status == DONE && !out->id && i < MESSAGE_KINDS; i++)
      if (message_kinds[i].of_a_year == of_a_year)
        status = read_due_of(store, arena, &message_kinds[i], now, out, err);
  return status;
}

/* The address is looked at again: since it was asked for, another import may have changed it. */
static enum status check_address(struct store *store, struct arena *arena, struct claimed *m,
                                 struct error *err) {
  const char *address = NULL;
  day_t since = DAY_NONE;
  enum status status = m->mail ? register_email(store, arena, m->party, &address, &since, err)
                               : DONE;
  if (status != DONE || !m->mail) return status;
  bool same = address && strcmp(address, m->address) == 0 && since != DAY_NONE &&
              day_today() - since >= LIMIT_ADDRESS_DAYS;
  if (!same) m->fault = "the e-mail address was changed meanwhile";
  return DONE;
}

/* Whether what it tells still is so: who died reads nothing more. */
static enum status check_holds(struct store *store, struct arena *arena, struct claimed *m,
                               struct error *err) {
  struct person who;
  enum status status = register_surviving_person(store, arena, m->party, &who, err);
  if (status == DONE && who.died != DAY_NONE) m->fault = "they have died";
  return status == DONE && !m->fault && m->kind->holds
             ? m->kind->holds(store, arena, who.id, &m->fault, err)
             : status;
}

/* Whether it is still wanted, and in which language. */
static enum status check_wanted(struct store *store, struct arena *arena, struct claimed *m,
                                struct error *err) {
  struct message_choices choices;
  enum language language;
  struct error none = {0};
  struct query *q = NULL;
  bool row = false;
  enum status status = notify_choices(store, arena, m->party, &choices, err);
  if (status == DONE)
    status = store_row_with(store, &q, &row, "select language from message_choice where party = ?1",
                            err, m->party);
  if (status == DONE && row && language_parse(query_text(q, 0), &language, &none) == DONE)
    m->language = (int)language;
  query_end(q);
  if (status == DONE && !choices.wanted[m->kind - message_kinds])
    m->fault = "they no longer want it";
  return status == DONE && !m->fault ? check_holds(store, arena, m, err) : status;
}

static enum status make_code(struct store *store, struct arena *arena, int64_t now,
                             struct claimed *m, struct error *err) {
  struct error refused = {0};
  struct person who = {0};
  enum status status = register_invite(store, m->party, now, m->secret, &m->last, &refused);
  if (status == REFUSED) return m->fault = "nobody can sign in for them any more", DONE;
  if (status != DONE) return *err = refused, status;
  status = register_surviving_person(store, arena, m->party, &who, err);
  m->code = who.code;
  m->name = who.name ? who.name : "";
  return status;
}

static enum status finish(struct store *store, const struct claimed *m, const char *state,
                          const char *reason, int64_t now, struct error *err) {
  /* what waits in the portal anyway is nobody's alarm */
  bool failed = strcmp(state, "failed") == 0 && !m->kind;
  enum status status = store_run_with(store,
                                      "update message_out set state = ?2, reason = ?3, ended = "
                                      "?4, address = '' where id = ?1",
                                      err, m->id, state, reason, now);
  return status == DONE && failed ? alert_add(store, ALERT_NOT_SENT, "", m->party, reason, err)
                                  : status;
}

static enum status claim_within(struct store *store, struct arena *arena, int64_t now,
                                struct claimed *m, struct error *err) {
  enum status status = read_due(store, arena, now, m, err);
  if (status != DONE || !m->id) return status;
  status = check_address(store, arena, m, err);
  if (status == DONE && !m->fault)
    status = m->kind ? check_wanted(store, arena, m, err) : make_code(store, arena, now, m, err);
  if (status != DONE) return status;
  if (m->fault) return finish(store, m, "failed", m->fault, now, err);
  return store_run_with(store, "update message_out set tries = tries + 1, due = ?2 where id = ?1",
                        err, m->id, now + next_wait(m->tries));
}

static enum status claim(struct store *store, struct arena *arena, int64_t now, struct claimed *m,
                         struct error *err) {
  enum status status = store_begin(store, STORE_WRITE, err);
  *m = (struct claimed){0};
  if (status == DONE) status = claim_within(store, arena, now, m, err);
  if (status == DONE) status = store_commit(store, err);
  if (status != DONE) store_rollback(store);
  return status;
}

/* ---- its text ---- */

/* A name is somebody's words: a line of a letter stays one line. */
static void add_plain(struct text *t, const char *words) {
  for (; *words; words++) text_add_char(t, (unsigned char)*words < 0x20 ? ' ' : *words);
}

static void add_code(struct text *t, const struct outbox *outbox, const struct claimed *m,
                     enum language language) {
  struct text last = {0};
  value_for_people(&last, language, doc_day(m->last));
  text_addf(t, "%s ", say(language, "To:"));
  add_plain(t, m->name);
  text_add(t, "\n\n");
  text_addf(t, say(language, "You can now see your account with %s. Go to"), outbox->place);
  text_addf(t, "\n\n    %s%s/sign-in\n\n%s\n\n", outbox->origin, language == WELSH ? "/cy" : "",
            say(language, "and enter your reference and this code:"));
  text_addf(t, "    %-12s %s\n", say(language, "Reference"), m->code);
  text_addf(t, "    %-12s %s\n\n", say(language, "Code"), m->secret);
  text_addf(t,
            say(language, "The code works once, until %s. If you were sent more than one, use the "
                          "last. Give it to nobody: nobody who works here will ask you for it. "
                          "If you did not expect this message, you need do nothing."),
            last.bytes);
  text_release(&last);
  text_add(t, "\n");
}

static void add_wanted(struct text *t, const struct outbox *outbox, const struct claimed *m,
                       enum language language) {
  const char *at = language_row(language)->prefix;
  const struct text_filling filling[] = {{"about", m->about},
                                         {"place", outbox->place},
                                         {NULL, NULL}};
  text_add_filled(t, say(language, m->kind->says), filling);
  text_addf(t, "\n\n%s\n\n    %s%s", say(language, m->kind->sign_in), outbox->origin, at);
  text_add_filled(t, m->kind->path, filling);
  if (m->kind->after) text_addf(t, "\n\n%s", say(language, m->kind->after));
  text_addf(t, "\n\n%s\n\n    %s%s/messages\n\n%s\n",
            say(language, "To choose which messages you get, or to stop them:"), outbox->origin, at,
            say(language, "We never ask for a code or a password by e-mail."));
}

static void write_text(struct text *t, const struct outbox *outbox, const struct claimed *m) {
  bool begun = false;
  text_reserve(t, 8192); /* so that no piece of it is left behind where memory was moved */
  for (int language = 0; language < LANGUAGES; language++) {
    if (m->kind && m->language >= 0 && m->language != language) continue;
    if (begun) text_add(t, "\n----------------------------------------\n\n");
    begun = true;
    if (m->kind) add_wanted(t, outbox, m, (enum language)language);
    else add_code(t, outbox, m, (enum language)language);
  }
}

/* A header is ASCII; a language whose subject is not has the English one. */
static const char *subject_in(enum language language, const char *subject) {
  const char *said = say(language, subject);
  for (const char *c = said; *c; c++)
    if ((unsigned char)*c >= 0x80) return subject;
  return said;
}

static void write_subject(struct text *t, const struct claimed *m) {
  if (!m->kind) text_add(t, "Your code to sign in / Eich cod i fewngofnodi");
  else if (m->language >= 0) text_add(t, subject_in((enum language)m->language, m->kind->subject));
  else
    for (int l = 0; l < LANGUAGES; l++)
      text_addf(t, "%s%s", l ? " / " : "", subject_in((enum language)l, m->kind->subject));
}

/* ---- one message ---- */

static bool put_out(const struct outbox *outbox, const struct claimed *m, struct sending *sending) {
  struct text text = {0}, subject = {0};
  const bool set_up = outbox->ways & (m->mail ? NOTIFY_EMAIL : NOTIFY_LETTER);
  if (!set_up) {
    snprintf(sending->why, sizeof sending->why, "this way is not set up here");
    return false;
  }
  write_text(&text, outbox, m);
  write_subject(&subject, m);
  const struct letter letter = {.id = m->id,
                                .to = m->address,
                                .subject = subject.bytes,
                                .text = span_make(text.bytes, text.size)};
  bool sent = m->mail ? mail_send(outbox, &letter, sending) : letter_put(outbox, &letter, sending);
  text_wipe(&text);
  text_release(&subject);
  return sent;
}

static enum status note(struct store *store, const struct claimed *m, bool sent,
                        const struct sending *sending, struct error *err) {
  const int64_t now = (int64_t)time(NULL);
  enum status status = store_begin(store, STORE_WRITE, err);
  if (status == DONE && sent) status = finish(store, m, "sent", "", now, err);
  else if (status == DONE && (sending->for_good || m->tries + 1 >= LIMIT_MESSAGE_TRIES))
    status = finish(store, m, "failed", sending->why, now, err);
  else if (status == DONE)
    status = store_run_with(store, "update message_out set reason = ?2 where id = ?1", err, m->id,
                            sending->why);
  if (status == DONE) status = store_commit(store, err);
  if (status != DONE) store_rollback(store);
  return status;
}

enum status notify_remove_old(struct store *store, int64_t now, struct error *err) {
  return store_run_with(
      store,
      "delete from message_out where (state <> 'waiting' and ended < ?1) or (state = "
      "'waiting' and kind <> 'code' and due < ?1)",
      err, now - (int64_t)LIMIT_MESSAGE_DAYS * SECONDS_A_DAY);
}

enum status notify_send_due(struct store *store, struct arena *arena, const struct outbox *outbox,
                            int *count, const char **why, struct error *err) {
  struct claimed m = {0};
  enum status status = DONE;
  *count = 0;
  *why = NULL;
  for (int i = 0; status == DONE && i < LIMIT_MESSAGES_AT_ONCE; i++) {
    struct sending sending = {0};
    bool sent = false;
    if (outbox->stopping && atomic_load(outbox->stopping)) break;
    status = claim(store, arena, (int64_t)time(NULL), &m, err);
    if (status != DONE || !m.id) break;
    if (m.fault) continue;
    sent = put_out(outbox, &m, &sending);
    *count += sent;
    if (!sent) *why = arena_string(arena, sending.why);
    status = note(store, &m, sent, &sending, err);
    sodium_memzero(m.secret, sizeof m.secret);
  }
  return status;
}
