/* What the pages of facts share: facts.c (what the visitor has told), facts_tell.c (the form, what
 * it changes, taking back), facts_of.c (what is known of somebody else), facts_topics.c (the folds
 * in which all of them show it). */
#ifndef WEAL_WEB_PAGES_FACTS_H
#define WEAL_WEB_PAGES_FACTS_H

#include "register/facts.h"
#include "web/pages/pages.h"

/* ---- words: facts.c ---- */

/* What the visitor reads of a fact: the answer (`About £650.00 a month`), on which days, what it is
 * used for. */
const char *fact_answer(const struct request *r, const struct fact *f);
const char *fact_as_sure(const struct request *r, const struct fact *f, const char *value);
const char *fact_days_words(const struct request *r, const struct fact *f);
/* What it was, of an old answer: `It was £222.68 a week until 5 April 2026. ...`; null where
 * `past` is. */
const char *fact_was_words(const struct request *r, const struct pack_tellable *what,
                           const struct fact *past);
const char *fact_purpose_words(const struct request *r, const struct pack_tellable *what);
/* Whether one of the visitor's organisations pays it or is paid it. facts_of.c */
bool staff_pay(const struct request *r, const struct pack_entitlement *what);
/* For staff and helpers: who told it of the person whose facts are read, and how it is known
 * (`shown`). facts_of.c */
const char *fact_sayer_words_of(const struct request *r, const struct fact *f, int64_t person);
const char *fact_rest_words(const struct request *r, const struct fact *f);
/* Whether the visitor may correct or take it back. */
bool fact_changes(const struct request *r, const struct fact *f);
/* The fact of the path, of all that is known of the visitor; *out null: it is not theirs. */
enum status fact_find_own(const struct request *r, struct facts *facts, const struct fact **out,
                          struct error *err) MUST_USE;

/* ---- the form: facts_tell.c ---- */

/* The fields of an action that tells, with a day asked as a day; null: nothing is known of it. */
const struct field *fact_fields(const struct request *r, const struct field *fields,
                                const struct pack_tellable *what);
/* For staff of the path's person: `path` as fact_add_form, without the language. */
void fact_add_record_form(struct view *v, const struct request *r, const struct pack_tellable *what,
                          const struct fact *f, const char *path);
void fact_add_form(struct view *v, const struct request *r, const struct pack_tellable *what,
                   const struct fact *f, bool corrects, const char *path);

/* ---- for what it was used: facts_used.c ---- */

struct fact_use;
struct fact_uses {
  const struct request *r;
  struct fact_use *all;
  int count, room;
};
/* Claims and awards of the visitor, and of a partner who says so too. `facts`: the visitor's. */
enum status fact_uses_read(struct fact_uses *u, const struct request *r, const struct facts *facts,
                           struct error *err) MUST_USE;
/* Sets `has_uses` and the list `uses`: those that rest on the fact. */
void fact_view_uses(struct view *v, const struct fact_uses *u, const struct pack_tellable *what,
                    const struct fact *f);

/* ---- topics: facts_topics.c ----
 *
 *     struct fact_topics t;
 *     fact_topics_begin(&t, v, r, "/facts");
 *     for (what = fact_topics_next(&t); what; what = fact_topics_next(&t)) {
 *       struct view *row = fact_topics_row(&t, what, fact, words);       null: the filter hides it
 *       fact_topics_more(&t, what, href);
 *     }
 *     fact_topics_end(&t);
 *
 * Everything that can be told comes once, under its topic (topics.csv), what has none last. A topic
 * without a row and without more is not shown. The partial is {{>facts_topics}}; `filter` is the
 * form over it, whose fields the page's row has: FACT_TOPIC_FIELDS. */
extern const struct choice fact_tellers[];
#define FACT_TOPIC_FIELDS \
  {.name = "words", .kind = FIELD_TEXT, .optional = true, .most = 100}, \
      {.name = "topic", .kind = FIELD_CODE, .optional = true}, { \
    .name = "by", .kind = FIELD_CHOICE, .optional = true, .choices = fact_tellers \
  }
struct fact_topics {
  const struct request *r;
  struct view *view, *fold;      /* the page's; the topic's at hand, null before its first row */
  const struct fact_uses *uses;  /* of the visitor's own page */
  const char *path, *more_label; /* more_label: over what can be told besides */
  int topic, at; /* the topic at hand, topic_count: none; the row of tellable.csv to come */
  int count, more, rows;
  day_t newest;
};
void fact_topics_begin(struct fact_topics *t, struct view *v, const struct request *r,
                       const char *path);
const struct pack_tellable *fact_topics_next(struct fact_topics *t);
/* `value` as people read it. Sets `name` and `value` of the row. */
struct view *fact_topics_row(struct fact_topics *t, const struct pack_tellable *what,
                             const struct fact *f, const char *value);
/* What can be told besides. */
void fact_topics_more(struct fact_topics *t, const struct pack_tellable *what, const char *href);
/* Sets `has_rows`, and `is_nothing` where the filter hides everything. */
void fact_topics_end(struct fact_topics *t);

#endif
