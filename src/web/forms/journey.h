/* A journey: some questions, a page each; "check your answers"; then one function that does it;
 * then what happens next.
 *
 * A journey is a table and holds no state; answers are kept in `draft`, for the session, until they
 * are submitted or the session ends.
 *
 *     static const struct journey_question questions[] = {
 *         {.name = "new-name", .fields = name_fields, .key = N_("New name")},
 *         {.name = "why", .fields = why_fields, .key = N_("Reason"), .when = was_married},
 *         {.name = NULL}};
 *     static const struct journey journeys[] = {
 *         {.name = "name", .title = N_("Your name"), .questions = questions, .submit = submit_name,
 *             .done = done_name},
 *         {.name = NULL}};
 *     static const struct journeys tell = {.base = "/tell-us-once", .all = journeys, .home = ...};
 *
 * and in routes.c the rows GET BASE/{kind}, GET and POST BASE/{kind}/{question}, GET and POST
 * BASE/{kind}/check, GET BASE/{kind}/done, each by a function of one line that calls the one below
 * with `tell`. The POST row of a question has fields_of, which calls journey_fields. The same rows
 * under a path with {person} are for a helper who acts for that person (`base_for` then has the
 * {person}). They are WRITES, since each notes an access to somebody's record; the pages for
 * oneself are READS. Rules for all journeys: a page shows one question, with a way back. After an
 * answer the visitor goes to the first question without an answer, or else to the check page, so
 * that a changed answer returns there. A visitor who jumps ahead also comes to that question.
 * Answers to questions that are no longer asked (`when`) are dropped. Names of fields are unique
 * within a journey. No script is needed.
 */
#ifndef WEAL_WEB_FORMS_JOURNEY_H
#define WEAL_WEB_FORMS_JOURNEY_H

#include "web/request.h"

struct journey_call; /* a journey under way, for one request */

/* The answer of a field: given is false when it was left empty or not asked yet. */
const struct value *journey_answer(const struct journey_call *call, const char *field);
/* a choice */
bool journey_is(const struct journey_call *call, const char *field, const char *word);

struct journey_question {
  const char *name; /* in the path */
  /* ended by a null name. One that is shown: its label is the page's heading */
  const struct field *fields;
  /* the same fields as a helper reads them, who answers for somebody else; null: as they are */
  const struct field *fields_helped;
  const char *title, *title_helped; /* heading of several fields; else null */
  /* the label of the one field in the summary; with several fields, each field's own label is
   * used */
  const char *key;
  /* whether it is asked, by answers before it; null: always */
  bool (*when)(const struct journey_call *call);
  /* Finds further faults in these answers: REFUSED with err->column a field and a sentence in the
   * visitor's language. `call` has the answers already. Null: no check. */
  enum status (*check)(struct request *r, const struct journey_call *call, struct error *err);
  /* Adds choices from the store: view_form_choice for each. `check` must test that the answer is
   * one of them. Null: none. */
  enum status (*choices)(struct request *r, const struct journey_call *call, struct view *form,
                         struct error *err);
  /* For the summary, gives the name for an answer that is a code. Null, or if it returns null: the
   * answer is shown as its kind is written. */
  const char *(*shown)(struct request *r, const struct journey_call *call,
                       const struct field *field, const struct value *value);
};

struct journey {
  /* intro: a sentence for the page of choice; intro_helped: of the person whom a helper tells of */
  const char *name, *title, *intro, *intro_helped;
  const char *title_helped;                 /* null: as title */
  const struct journey_question *questions; /* ended by a null name */
  /* a sentence above the button of the check page, in the visitor's language */
  const char *(*check_text)(const struct request *r, const struct journey_call *call);
  const char *button; /* of the check page: `Send` */
  /* Adds to the check page's view (which bodies are notified). Null: nothing. */
  enum status (*before)(struct request *r, const struct journey_call *call, struct view *v,
                        struct error *err);
  /* Does it, in the writer's transaction. REFUSED with err->column a field: the check page says so
   * with a link to the question. */
  enum status (*submit)(struct request *r, const struct journey_call *call, struct error *err);
  /* Shows the result: `heading`, `text` and what else the template shows. *shown false: nothing was
   * done yet, and the visitor goes to the first question. */
  enum status (*done)(struct request *r, const struct journey_call *call, struct view *v,
                      bool *shown, struct error *err);
};

struct journeys {
  /* `/tell-us-once`, `/helping/{person}/tell-us-once`: the page of choice, which the first
   * question's way back leads to */
  const char *base, *base_for;
  const struct journey *all; /* ended by a null name */
  const char *done_template; /* of the done page */
};

/* Whose record a call is about (the path's {person}, else the visitor), and who gives the answers
 * (`id:P000001`). */
struct journey_who {
  int64_t person;
  const char *who;
  bool is_helper;
};
struct journey_who journey_who(const struct request *r);
const struct journey *journey_of(const struct journey_call *call);
/* The given answers one after another: *at begins with 0. False: there is none left. */
bool journey_next_answer(const struct journey_call *call, int *at, const char **field,
                         struct span *text);
/* A path of the set in the visitor's language, with the {person} filled in: `address/check`, "" for
 * its base. */
const char *journey_path(const struct request *r, const struct journeys *set, const char *rest);

/* What was given for a field, as its kind is written for people. */
const char *answer_words(const struct request *r, const struct field *f, const struct value *v);

/* ---- the pages ---- */

enum status journey_start(const struct journeys *set, struct request *r, struct reply *reply,
                          struct error *err) MUST_USE;
enum status journey_show_question(const struct journeys *set, struct request *r,
                                  struct reply *reply, struct error *err) MUST_USE;
enum status journey_take_question(const struct journeys *set, struct request *r,
                                  struct reply *reply, struct error *err) MUST_USE;
enum status journey_show_check(const struct journeys *set, struct request *r, struct reply *reply,
                               struct error *err) MUST_USE;
enum status journey_submit(const struct journeys *set, struct request *r, struct reply *reply,
                           struct error *err) MUST_USE;
enum status journey_show_done(const struct journeys *set, struct request *r, struct reply *reply,
                              struct error *err) MUST_USE;

/* The title as the visitor reads it, who may be a helper. */
const char *journey_title(const struct request *r, const struct journey *journey);

/* For a POST row's fields_of: `kind` and `question` as in the path; `helped`: of a row for helpers.
 * Null: there is no such question. */
const struct field *journey_fields(const struct journeys *set, struct span kind,
                                   struct span question, bool helped);

#endif
