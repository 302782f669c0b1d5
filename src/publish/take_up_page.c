/* Public take-up of a place, as a document: a chart and a table by benefit, and the areas within
 * it. */
#include "publish/take_up.h"

#include "base/message.h"

enum { COLUMNS = 9, LEAD_LEAST = 2 };

struct take_up_page {
  struct arena *arena;
  const struct take_up_of_place *of;
  enum language language;
  struct document *d;
};
#define SAY(message) say(g->language, message)

/* ---- what there is ---- */

static const struct take_up_shown *shown_of(const struct take_up_of_place *of, const char *variable,
                                            const struct place *place) {
  return take_up_find_shown(of->figures, variable, place->code);
}

/* Null where nobody of the whole of the book's own place is counted: it is not of this country. */
static const struct take_up_shown *row_of(const struct take_up_of_place *of,
                                          const struct pack_take_up *up,
                                          const struct place *place) {
  const struct places *places = of->places;
  const struct take_up_shown *own = places->own == PLACE_NONE ? NULL
                                                              : shown_of(of, up->what->variable,
                                                                         &places->all[places->own]);
  if (own && own->entitled == 0 && own->unsaid == 0) return NULL;
  return shown_of(of, up->what->variable, place);
}

bool take_up_has_place(const struct take_up_of_place *of) {
  for (int i = 0; i < of->pack->take_up_count; i++)
    if (shown_of(of, of->pack->take_ups[i].what->variable, of->place)) return true;
  return false;
}

/* ---- rows ---- */

static struct doc_value count_value(int64_t n) {
  return n == TAKE_UP_HIDDEN ? doc_hidden() : doc_count(n);
}

static struct doc_value of_100_value(const struct take_up_shown *s) {
  if (s->entitled == 0) return doc_null();
  return count_value(take_up_of_100(s));
}

static struct doc_value pounds_value(const struct take_up_shown *s) {
  return s->pence == TAKE_UP_HIDDEN ? doc_hidden() : doc_pounds(s->pence);
}

static void add_figures(struct take_up_page *g, const struct take_up_shown *s) {
  document_cell(g->d, count_value(s->entitled));
  document_cell(g->d, count_value(s->receiving));
  document_cell(g->d, count_value(s->missing));
  document_cell(g->d, of_100_value(s));
  document_cell(g->d, count_value(s->unsaid));
  document_cell(g->d, pounds_value(s));
}

/* Two columns that name the row, then these. `shown`: people see them. */
static void put_columns(const struct take_up_page *g, struct doc_column *columns, bool shown) {
  const struct doc_column figures[] = {{"entitled", SAY("Seem entitled")},
                                       {"receiving", SAY("Receive it")},
                                       {"missing", NULL},
                                       {"of_100", SAY("Of every 100")},
                                       {"unsaid", SAY("Cannot be said")},
                                       {"not_claimed", SAY("Not claimed in a year")}};
  for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
    columns[i] = figures[i];
    if (!shown) columns[i].label = NULL;
  }
}

static void add_benefits(struct take_up_page *g) {
  struct doc_column columns[2 + COLUMNS] = {{"benefit", NULL}, {"name", SAY("Benefit")}};
  put_columns(g, columns + 2, true);
  document_table(g->d, "benefits", SAY("Households, by benefit"), columns, 8, "benefits");
  for (int i = 0; i < g->of->pack->take_up_count; i++) {
    const struct pack_take_up *up = &g->of->pack->take_ups[i];
    const struct take_up_shown *s = row_of(g->of, up, g->of->place);
    if (!s) continue;
    document_cell(g->d, doc_text(s->variable));
    document_cell(g->d, doc_text(up->what->name[g->language]));
    add_figures(g, s);
  }
  document_table_end(g->d);
}

/* ---- first: a sentence and a chart ---- */

/* Of the benefit of which most is not claimed. */
static void add_lead(struct take_up_page *g) {
  const struct pack_take_up *most = NULL;
  const struct take_up_shown *of = NULL;
  for (int i = 0; i < g->of->pack->take_up_count; i++) {
    const struct take_up_shown *s = row_of(g->of, &g->of->pack->take_ups[i], g->of->place);
    if (!s || s->pence <= 0 || take_up_of_100(s) == TAKE_UP_HIDDEN) continue;
    if (of && of->pence >= s->pence) continue;
    of = s;
    most = &g->of->pack->take_ups[i];
  }
  if (!most) return;
  const struct text_filling all[] = {
      {"benefit", most->what->name[g->language]},
      {"entitled", value_words(g->arena, g->language, doc_count(of->entitled))},
      {"receiving", value_words(g->arena, g->language, doc_count(of->receiving))},
      {"amount", value_words(g->arena, g->language, doc_pounds(of->pence))},
      {NULL, NULL}};
  struct text t = {0};
  text_add_filled(&t,
                  SAY("{benefit}: about {entitled} households here seem entitled to it, and about "
                      "{receiving} of them receive it. About {amount} a year or more is not "
                      "claimed."),
                  all);
  document_lead(g->d, text_take(g->arena, &t));
}

static void add_chart(struct take_up_page *g) {
  const char *series = SAY("Of every 100");
  int points = 0;
  for (int i = 0; i < g->of->pack->take_up_count; i++) {
    const struct take_up_shown *s = row_of(g->of, &g->of->pack->take_ups[i], g->of->place);
    points += s && take_up_of_100(s) != TAKE_UP_HIDDEN;
  }
  if (points < LEAD_LEAST) return;
  document_chart(g->d, CHART_BARS,
                 SAY("Of every 100 households that seem entitled, how many receive it"),
                 SAY("A bar for each benefit; the figures are in the table that follows."), &series,
                 1);
  for (int i = 0; i < g->of->pack->take_up_count; i++) {
    const struct pack_take_up *up = &g->of->pack->take_ups[i];
    const struct take_up_shown *s = row_of(g->of, up, g->of->place);
    if (!s || take_up_of_100(s) == TAKE_UP_HIDDEN) continue;
    const struct doc_value value = doc_count(take_up_of_100(s));
    document_chart_point(g->d, up->what->name[g->language], &value);
  }
  document_chart_end(g->d);
}

/* ---- the areas within it ---- */

static const struct place *next_area(const struct take_up_page *g, const struct place *after) {
  const int at = after ? after->next_sibling : g->of->place->first_child;
  return at == PLACE_NONE ? NULL : &g->of->places->all[at];
}

static void add_areas_of(struct take_up_page *g, const struct pack_take_up *up) {
  struct doc_column columns[1 + COLUMNS] = {{NULL, SAY("Area")}};
  put_columns(g, columns + 1, true);
  document_open(g->d, NULL,
                arena_printf(g->arena, SAY("%s, by area"), up->what->name[g->language]));
  document_fold(g->d);
  document_table(g->d, NULL, NULL, columns, 7, NULL);
  for (const struct place *p = next_area(g, NULL); p; p = next_area(g, p)) {
    const struct take_up_shown *s = row_of(g->of, up, p);
    if (!s) continue;
    document_cell(g->d, doc_text(p->name));
    add_figures(g, s);
  }
  document_table_end(g->d);
  document_close(g->d);
}

/* The same rows for files, in one table. */
static void add_areas_data(struct take_up_page *g) {
  struct doc_column columns[4 + COLUMNS] = {
      {"benefit", NULL}, {"name", NULL}, {"place", NULL}, {"place_name", NULL}};
  put_columns(g, columns + 4, false);
  document_table(g->d, "areas", NULL, columns, 10, "areas");
  for (int i = 0; i < g->of->pack->take_up_count; i++) {
    const struct pack_take_up *up = &g->of->pack->take_ups[i];
    for (const struct place *p = next_area(g, NULL); p; p = next_area(g, p)) {
      const struct take_up_shown *s = row_of(g->of, up, p);
      if (!s) continue;
      document_cell(g->d, doc_text(s->variable));
      document_cell(g->d, doc_text(up->what->name[g->language]));
      document_cell(g->d, doc_text(p->code));
      document_cell(g->d, doc_text(p->name));
      add_figures(g, s);
    }
  }
  document_table_end(g->d);
}

static void add_areas(struct take_up_page *g) {
  for (int i = 0; next_area(g, NULL) && i < g->of->pack->take_up_count; i++)
    if (row_of(g->of, &g->of->pack->take_ups[i], g->of->place))
      add_areas_of(g, &g->of->pack->take_ups[i]);
  add_areas_data(g);
}

/* ---- how it was reckoned ---- */

static void add_meaning(struct take_up_page *g) {
  const char *own = g->of->places->own == PLACE_NONE ? g->of->place->name
                                                     : g->of->places->all[g->of->places->own].name;
  document_open(g->d, NULL, SAY("What these figures mean"));
  document_paragraph(g->d, SAY("Seem entitled: by what was told and recorded, the rules of the "
                               "benefit come to more than nothing. A household is an adult, their "
                               "partner and their children. For help with rent and council tax it "
                               "is everybody in the home."));
  document_paragraph(g->d, SAY("Receive it: it was awarded or paid to them, or it was told that "
                               "they have it."));
  document_paragraph(g->d, SAY("Cannot be said: something that it depends on was not told, the "
                               "rules are not known here, or nobody knows whether they receive "
                               "it. These households are in no other figure."));
  document_paragraph(
      g->d, arena_printf(g->arena,
                         SAY("Not claimed: an estimate. It is the number of households that "
                             "receive nothing, times the least that one of them misses on average "
                             "in %s. One benefit can lower another, so the amounts of several "
                             "cannot be added."),
                         own));
  document_paragraph(g->d, SAY("Households are rounded to five and amounts to £1,000. A figure is "
                               "hidden where it, or another worked out from it, would be of fewer "
                               "than ten."));
  document_paragraph(g->d, SAY("Nobody is counted as entitled to a benefit for a disability or an "
                               "illness. Such benefits are not among these."));
  document_close(g->d);
}

static void add_laws(struct take_up_page *g) {
  const struct doc_column columns[] = {{NULL, SAY("Benefit")}, {NULL, SAY("The law")}};
  document_open(g->d, NULL, SAY("By which law"));
  document_fold(g->d);
  document_table(g->d, NULL, NULL, columns, 2, NULL);
  for (int i = 0; i < g->of->pack->take_up_count; i++) {
    const struct pack_take_up *up = &g->of->pack->take_ups[i];
    if (!row_of(g->of, up, g->of->place)) continue;
    document_cell(g->d, doc_text(up->what->name[g->language]));
    document_cell(g->d, doc_text(up->what->source));
  }
  document_table_end(g->d);
  document_close(g->d);
}

/* ---- the document ---- */

static void add_days(struct take_up_page *g) {
  const struct take_up_figures *f = g->of->figures;
  const char *on = value_words(g->arena, g->language, doc_day(f->on));
  document_value(g->d, "place", NULL, doc_text(g->of->place->code));
  document_value(g->d, "place_name", NULL, doc_text(g->of->place->name));
  document_value(g->d, "year", NULL, doc_text(year_write(f->year, arena_alloc(g->arena, 8))));
  document_value(g->d, "on", NULL, doc_day(f->on));
  document_value(g->d, "made", NULL, doc_day(f->made));
  if (f->made == DAY_NONE)
    document_paragraph(
        g->d,
        arena_printf(g->arena, SAY("These figures are of the people who lived here on %s."), on));
  else
    document_paragraph(g->d,
                       arena_printf(g->arena,
                                    SAY("These figures are of the people who lived here on %s. "
                                        "They were counted once, on %s, and do not change."),
                                    on, value_words(g->arena, g->language, doc_day(f->made))));
}

void take_up_public_document(struct arena *arena, const struct take_up_of_place *of,
                             struct document **out) {
  static const char *const keys[] = {"section",    "benefit",  "name",       "place",
                                     "place_name", "entitled", "receiving",  "missing",
                                     "of_100",     "unsaid",   "not_claimed"};
  char year[8];
  struct take_up_page page = {.arena = arena, .of = of, .language = of->language};
  struct take_up_page *g = &page;
  g->d = document_new(arena, of->language,
                      arena_printf(arena, SAY("Who receives what they are due in %s, %s"),
                                   of->place->name, year_write(of->figures->year, year)));
  add_lead(g);
  add_days(g);
  add_chart(g);
  add_benefits(g);
  add_areas(g);
  add_meaning(g);
  add_laws(g);
  document_csv_columns(g->d, keys, sizeof keys / sizeof *keys);
  *out = g->d;
}
