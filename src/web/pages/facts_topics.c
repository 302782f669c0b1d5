/* Facts under the topics of the pack, a fold each, and the form that chooses among them. */
#include "web/pages/facts.h"
#include "web/pages/lists.h"

#include "base/fold.h"

const struct choice fact_tellers[] = {{"anybody", N_("Anybody")},
                                      {"people", N_("A person")},
                                      {"bodies", N_("An organisation")},
                                      {NULL, NULL}};

static bool is_chosen(const struct fact_topics *t) {
  return request_has(t->r, "words") || request_has(t->r, "topic") ||
         (request_has(t->r, "by") && !list_is_chosen(t->r, "by", "anybody"));
}

static void put_filter(struct fact_topics *t) {
  const struct request *r = t->r;
  struct list_filter f = list_filter_begin(t->view, r, t->path);
  list_search(&f, "words", say(r->language, "Words"), NULL);
  struct view *topics = list_select(&f, "topic", say(r->language, "Topic"),
                                    say(r->language, "All topics"));
  for (int i = 0; i < r->pack->topic_count; i++) {
    const struct pack_topic *topic = &r->pack->topics[i];
    list_option(topics, topic->code, topic->name[r->language],
                list_is_chosen(r, "topic", topic->code));
  }
  list_choices(&f, "by", say(r->language, "Who told it"), fact_tellers);
  view_flag(f.view, "is_open", is_chosen(t));
  list_filter_end(&f, say(r->language, "Show"));
}

void fact_topics_begin(struct fact_topics *t, struct view *v, const struct request *r,
                       const char *path) {
  *t = (struct fact_topics){.r = r, .view = v, .path = path, .newest = DAY_NONE};
  view_list(v, "topics");
  put_filter(t);
}

static const struct pack_topic *topic_of(const struct fact_topics *t) {
  return t->topic < t->r->pack->topic_count ? &t->r->pack->topics[t->topic] : NULL;
}

/* `12 answers, the newest of 3 May 2026`. */
static const char *counted(const struct fact_topics *t) {
  const struct request *r = t->r;
  if (!t->count) return say(r->language, "nothing is known yet");
  const char *many = written_value(r, doc_count(t->count));
  return arena_printf(r->arena,
                      say_count(r->language, "%s answer, of %s", "%s answers, the newest of %s",
                                t->count),
                      many, written_value(r, doc_day(t->newest)));
}

static void close_fold(struct fact_topics *t) {
  const struct pack_topic *topic = topic_of(t);
  if (t->fold) {
    view_text(t->fold, "title", topic ? topic->name[t->r->language] : say(t->r->language, "Other"));
    view_text(t->fold, "counted", counted(t));
    view_flag(t->fold, "has_known", t->count > 0);
    view_flag(t->fold, "has_more", t->more > 0);
    view_text(t->fold, "more_label", t->more_label);
    view_flag(t->fold, "is_open", is_chosen(t) && t->count > 0);
  }
  t->fold = NULL;
  t->rows += t->count;
  t->count = t->more = 0;
  t->newest = DAY_NONE;
}

const struct pack_tellable *fact_topics_next(struct fact_topics *t) {
  const struct pack *pack = t->r->pack;
  for (;;) {
    while (t->at < pack->tellable_count) {
      const struct pack_tellable *what = &pack->tellables[t->at++];
      if (what->topic == topic_of(t)) return what;
    }
    close_fold(t);
    if (t->topic == pack->topic_count) return NULL;
    t->topic++;
    t->at = 0;
  }
}

static struct view *fold_of(struct fact_topics *t) {
  if (!t->fold) {
    t->fold = view_item(t->view, "topics");
    view_list(t->fold, "known");
    view_list(t->fold, "more");
  }
  return t->fold;
}

static bool is_of_topic(const struct fact_topics *t) {
  const struct pack_topic *topic = topic_of(t);
  return !request_has(t->r, "topic") || (topic && list_is_chosen(t->r, "topic", topic->code));
}

static bool is_wanted(const struct fact_topics *t, const struct pack_tellable *what,
                      const struct fact *f, const char *value) {
  const struct span words = request_has(t->r, "words") ? request_text(t->r, "words") : span_of("");
  const bool of_body = f->said_as != FACT_BY_SELF && f->said_as != FACT_BY_HELPER;
  if (!is_of_topic(t) || (list_is_chosen(t->r, "by", "people") && of_body) ||
      (list_is_chosen(t->r, "by", "bodies") && !of_body))
    return false;
  return !words.size || fold_has(span_of(what->name[t->r->language]), words) ||
         fold_has(span_of(value), words);
}

struct view *fact_topics_row(struct fact_topics *t, const struct pack_tellable *what,
                             const struct fact *f, const char *value) {
  if (!is_wanted(t, what, f, value)) return NULL;
  const day_t said = clock_day_of(span_of(f->said_at));
  struct view *row = view_item(fold_of(t), "known");
  view_text(row, "name", what->name[t->r->language]);
  view_text(row, "value", value);
  if (t->newest == DAY_NONE || said > t->newest) t->newest = said;
  t->count++;
  return row;
}

void fact_topics_more(struct fact_topics *t, const struct pack_tellable *what, const char *href) {
  if (!is_of_topic(t) || request_has(t->r, "words") || list_is_chosen(t->r, "by", "bodies")) return;
  struct view *more = view_item(fold_of(t), "more");
  view_text(more, "name", what->name[t->r->language]);
  view_text(more, "href", href);
  t->more++;
}

void fact_topics_end(struct fact_topics *t) {
  view_flag(t->view, "has_rows", t->rows > 0);
  view_flag(t->view, "is_nothing", !t->rows && is_chosen(t));
}
