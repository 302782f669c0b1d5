/* Minimum standards, for everybody: what is promised, by which law and who answers for it, and for
 * how many it is kept in this place, as it was last counted for all (publish/standards.h). */
#include "web/pages/pages.h"

#include "place/standards_document.h"
#include "publish/standards.h"
#include "web/site.h"

static const struct table_head place_heads[] = {
    {N_("Place"), false},         {N_("People it is for"), true},
    {N_("Kept"), true},           {N_("Not known to be kept"), true},
    {N_("Cannot be said"), true}, {NULL, false}};
static const struct table_head group_heads[] = {
    {N_("Group"), false},         {N_("People it is for"), true},
    {N_("Kept"), true},           {N_("Not known to be kept"), true},
    {N_("Cannot be said"), true}, {NULL, false}};

static const char *count_words(const struct request *r, int64_t n) {
  return written_value(r, n == STANDARD_HIDDEN ? doc_hidden() : doc_count(n));
}

static void put_row(struct view *table, const struct request *r, const struct table_head *heads,
                    const struct standard_shown *s, const char *name) {
  const int64_t counts[] = {s->people, s->kept, s->broken, s->unsaid};
  struct view *row = view_row(table);
  view_cell(row, r, heads, 0, name, NULL);
  for (int i = 0; i < 4; i++) view_cell(row, r, heads, i + 1, count_words(r, counts[i]), NULL);
}

static bool is_of_place(const struct standard_shown *s) {
  return strcmp(s->dimension, "place") == 0;
}

static const char *place_name(const struct request *r, const char *code) {
  const struct places *places = r->reference_data->places;
  const int at = places_by_code(places, span_of(code));
  return at == PLACE_NONE ? code : places->all[at].name;
}

/* The figures of the book's own place in words. */
static void put_own(struct view *item, const struct request *r, const struct standard_shown *s) {
  view_text(item, "people", count_words(r, s->people));
  view_text(item, "kept", count_words(r, s->kept));
  view_text(item, "broken", count_words(r, s->broken));
  view_text(item, "unsaid", count_words(r, s->unsaid));
}

static void put_figures(struct view *item, const struct request *r,
                        const struct standards_shown *shown, const char *code) {
  const enum language l = r->language;
  bool some = false, has_people = false;
  struct view *places = NULL, *groups = NULL;
  for (int i = 0; i < shown->count; i++) {
    const struct standard_shown *s = &shown->all[i];
    if (strcmp(s->standard, code) != 0) continue;
    const bool of_place = is_of_place(s);
    if (of_place && !places)
      places = view_table(item, "places", r, say(l, "By place"), place_heads, NULL);
    if (!of_place && !groups)
      groups = view_table(item, "groups", r, say(l, "By group"), group_heads, NULL);
    put_row(of_place ? places : groups, r, of_place ? place_heads : group_heads, s,
            of_place ? place_name(r, s->part) : standard_group_words(l, s->dimension, s->part));
    if (of_place && r->site->place_code && strcmp(s->part, r->site->place_code) == 0) {
      put_own(item, r, s);
      some = true;
      has_people = s->people != 0;
    }
  }
  view_flag(item, "has_figures", some);
  view_flag(item, "hides_groups", some && has_people && !groups);
}

static const char *answers_words(const struct request *r, const struct pack_standard *what) {
  if (what->duty) return what->duty->name[r->language];
  for (int i = 0; i < r->pack->body_count; i++)
    if (strcmp(r->pack->bodies[i].id, what->body) == 0)
      return pack_body_name(r->pack, r->pack->bodies[i].id, r->pack->bodies[i].name, r->language);
  return what->body;
}

enum status page_standards(struct request *r, struct reply *reply, struct error *err) {
  struct standards_shown shown;
  char year[8];
  struct view *v = view_new(r->arena, r->language);
  enum status status = standards_read_shown(r->store, r->arena, &shown, err);
  if (status != DONE) return status;
  view_text(v, "place_name", r->site->place_name);
  view_flag(v, "is_counted", shown.count > 0);
  view_text(v, "year", arena_string(r->arena, year_write(shown.year, year)));
  view_day(v, "on", shown.on);
  view_day(v, "made", shown.made);
  for (int i = 0; i < r->pack->standard_count; i++) {
    const struct pack_standard *what = &r->pack->standards[i];
    struct view *item = view_item(v, "standards");
    view_text(item, "name", what->name[r->language]);
    view_text(item, "promise", what->promise[r->language]);
    view_text(item, "answers", answers_words(r, what));
    view_text(item, "source", what->source);
    put_figures(item, r, &shown, what->code);
  }
  reply_page(reply, r, "standards", say(r->language, "Minimum standards"), v);
  return DONE;
}
