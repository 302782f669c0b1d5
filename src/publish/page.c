/* The document of a place's public account. */
#include "publish/page.h"

#include "base/money.h"
#include "place/left_out.h"
#include "publish/suppress.h"

#define SAY(text) say(g->language, (text))
#define SAY_COUNT(one, other, count) \
  arena_printf(g->arena, say_count(g->language, (one), (other), (count)), (long long)(count))

enum { CHART_ROWS = 10, PLACE_CHART_MAX = 30 };

static void add_head(struct public_page *g, enum publish_table by) {
  const struct publication *p = g->p;
  const struct place_node *node = &p->nodes[g->node];
  document_value(g->d, "place", NULL, doc_text(node->code));
  document_value(g->d, "name", NULL, doc_text(node->name));
  document_value(g->d, "year", NULL, doc_text(page_year(g)));
  document_value(g->d, "by_what", NULL, doc_text(publish_table_word(by)));
  document_value(g->d, "hidden_below", NULL, doc_count(PUBLISH_FEWEST));
  document_open(g->d, "rounded_to", NULL);
  document_value(g->d, "amounts", NULL, doc_pounds(PUBLISH_PENCE_UNIT));
  document_value(g->d, "minutes", NULL, doc_minutes(PUBLISH_MINUTES_UNIT));
  document_value(g->d, "people", NULL, doc_count(PUBLISH_PEOPLE_UNIT));
  document_close(g->d);
}

static const char *day_words(enum language language, struct arena *arena, day_t day) {
  return value_words(arena, language, doc_day(day));
}

const char *publication_made_words(const struct publication *p, enum language language,
                                   struct arena *arena) {
  const char *made = day_words(language, arena, p->made);
  if (p->due == DAY_NONE)
    return arena_printf(
        arena,
        say(language, "Made on %s from everything recorded until then. No day is set for the next "
                      "edition."),
        made);
  return arena_printf(
      arena,
      say(language,
          "Made on %s from everything recorded until then. The next edition comes on %s."),
      made, day_words(language, arena, p->due));
}

void page_add_edition(struct public_page *g) {
  const struct publication *p = g->p;
  if (!p->edition) return;
  document_value(g->d, "edition", NULL, doc_count(p->edition));
  document_value(g->d, "made", NULL, doc_day(p->made));
  document_value(g->d, "next", NULL, doc_day(p->due));
  document_paragraph(g->d, publication_made_words(p, g->language, g->arena));
}

static void add_residents(struct public_page *g, const struct public_cell *residents) {
  struct text count = {0};
  text_add_count(&count, residents->shown_people);
  document_paragraph(g->d,
                     residents->hidden ? SAY("How many people lived here in the year is hidden.")
                     : residents->shown_people
                         ? arena_printf(g->arena, SAY("About %s people lived here in the year."),
                                        count.bytes)
                         : SAY("Nobody lived here in the year."));
  text_release(&count);
}

/* Of what is shown alone: that a row is there, hidden or not, is on the page too. */
static void add_what_is_left_out(struct public_page *g) {
  const struct publication *p = g->p;
  bool *recorded = arena_array(g->arena, bool, p->categories + 1),
       *unvalued = arena_array(g->arena, bool, p->categories + 1);
  for (int c = 0; c < p->categories; c++) {
    const struct public_cell *cell = &p->cells[g->node * p->categories + c];
    recorded[c] = cell->lines || cell->amount;
    unvalued[c] = page_unvalued(g, c);
  }
  place_add_left_out(g->d, &(struct left_out){.pack = p->pack,
                                              .year = p->year,
                                              .language = g->language,
                                              .arena = g->arena,
                                              .recorded = recorded,
                                              .unvalued = unvalued});
}

static bool anything_unvalued(const struct public_page *g) {
  for (int c = 0; c < g->p->categories; c++)
    if (page_unvalued(g, c)) return true;
  return false;
}

/* Whether services were used and none of them has a cost; one that rounds to nothing has. */
static bool nothing_valued(const struct public_page *g) {
  bool some = false;
  for (int c = 0; c < g->p->categories; c++) {
    const struct public_cell *cell = &g->p->cells[g->node * g->p->categories + c];
    if (g->p->pack->categories[c].shown != SHOWN_SERVICES || (!cell->lines && !cell->hidden))
      continue;
    if (!page_unvalued(g, c)) return false;
    some = true;
  }
  return some;
}

/* Whether both the sum and how many lived here are shown. */
static bool is_known_a_head(const struct public_page *g, enum pack_shown f) {
  const struct public_cell *c = page_total(g, f), *residents = page_residents(g);
  return !c->hidden && !residents->hidden && residents->shown_people > 0 &&
         wide_shown(c->shown_amount);
}

/* The total's figure per head, as in its table. */
static const char *a_head_words(const struct public_page *g, enum pack_shown f) {
  return value_words(g->arena, g->language,
                     page_a_head(f, page_total(g, f)->shown_amount,
                                 page_residents(g)->shown_people));
}

/* What it is for one person, in a sentence. */
static void add_per_person(struct public_page *g) {
  const enum pack_shown said[] = {SHOWN_PAID, SHOWN_CASH, SHOWN_SERVICES};
  for (size_t i = 0; i < sizeof said / sizeof *said; i++)
    if (!is_known_a_head(g, said[i]) || page_total(g, said[i])->shown_amount < 0) return;
  if (nothing_valued(g)) return;
  const struct text_filling all[] = {{"paid", a_head_words(g, SHOWN_PAID)},
                                     {"cash", a_head_words(g, SHOWN_CASH)},
                                     {"services", a_head_words(g, SHOWN_SERVICES)},
                                     {NULL, NULL}};
  struct text t = {0};
  text_add_filled(&t,
                  SAY("Per person: paid about {paid}, received about {cash} in benefits, pensions "
                      "and grants, and used services that cost about {services}."),
                  all);
  document_lead(g->d, text_take(g->arena, &t));
}

/* At which prices the services that are shown were counted, where these are old. */
static void add_prices(struct public_page *g) {
  struct price_years prices = {0};
  struct error unread = {0};
  for (int i = 0; i < g->p->source_count; i++) {
    const struct published_source *s = &g->p->sources[i];
    const struct public_cell *c = &g->p->cells[g->node * g->p->categories + s->category];
    int year = 0;
    if (c->hidden || !c->lines || year_parse(span_of(s->year), &year, &unread) != DONE) continue;
    price_years_add(&prices, year);
  }
  const char *words = price_years_words(&prices, g->p->year, g->language, g->arena);
  if (words) document_paragraph(g->d, words);
}

static const char *beside_total(const struct public_page *g, enum pack_shown f, bool unvalued) {
  if (f == SHOWN_GIVEN || unvalued || !is_known_a_head(g, f) || !page_total(g, f)->shown_amount)
    return NULL;
  return arena_printf(g->arena, SAY("per person: about %s"), a_head_words(g, f));
}

static void add_totals(struct public_page *g) {
  document_open(g->d, "total", NULL);
  for (int i = 0; i < FIGURE_COUNT; i++) {
    enum pack_shown f = figures_order[i];
    const struct public_cell *c = page_total(g, f);
    const bool unvalued = f == SHOWN_SERVICES && !c->hidden && !c->shown_amount &&
                          nothing_valued(g);
    document_headline_beside(g->d, place_figures[f].key,
                             c->lines || c->hidden ? figures_name(g->language, f, 0) : NULL,
                             unvalued ? doc_unvalued() : page_amount(g, f, c),
                             beside_total(g, f, unvalued));
  }
  document_close(g->d);
}

/* ---- the account, a figure at a time ---- */

/* Says below a chart what it cannot show. `names`: with commas between; empty: nothing is said. */
static void add_left_out(struct public_page *g, struct text *names) {
  if (names->size)
    document_paragraph(g->d, arena_printf(g->arena, SAY("Hidden, and so not in the chart: %s."),
                                          arena_copy(g->arena, names->bytes, names->size)));
  text_release(names);
}

static void add_name(struct text *names, const char *name) {
  text_addf(names, "%s%s", names->size ? "; " : "", name);
}

/* The largest rows that are shown, largest first. */
static void add_figure_chart(struct public_page *g, enum pack_shown f,
                             const struct public_row *rows, int count) {
  const struct public_cell *total = page_total(g, f);
  int chosen[CHART_ROWS], size = 0;
  struct text left_out = {0};
  for (int i = 0; i < count; i++) {
    int at = size;
    if (rows[i].has[f] && (rows[i].hidden || rows[i].rest)) add_name(&left_out, rows[i].name);
    if (rows[i].hidden || rows[i].amount[f] <= 0 || !wide_shown(rows[i].amount[f])) continue;
    while (at > 0 && rows[chosen[at - 1]].amount[f] < rows[i].amount[f]) at--;
    if (at == CHART_ROWS) continue;
    if (size < CHART_ROWS) size++;
    for (int k = size - 1; k > at; k--) chosen[k] = chosen[k - 1];
    chosen[at] = i;
  }
  const char *series = SAY(place_figures[f].title);
  if (size < 2) {
    text_release(&left_out);
    return;
  }
  document_chart(g->d, CHART_BARS,
                 left_out.size ? SAY("The largest of those that are shown") : SAY("The largest"),
                 SAY("Bars of the largest rows; the figures are in the table that follows."),
                 &series, 1);
  for (int i = 0; i < size; i++) {
    struct doc_value value = page_figure(f, rows[chosen[i]].amount[f]);
    document_chart_point(g->d, rows[chosen[i]].name, &value);
    if (!total->hidden)
      document_chart_share(
          g->d, place_share(g->arena, rows[chosen[i]].amount[f], total->shown_amount).text);
  }
  document_chart_end(g->d);
  add_left_out(g, &left_out);
}

static void add_figure(struct public_page *g, enum pack_shown f, const struct public_row *rows,
                       int count, bool people) {
  const struct public_cell *total = page_total(g, f), *residents = page_residents(g);
  struct doc_column columns[] = {{NULL, SAY("What")},      {NULL, SAY(place_figure_unit(f))},
                                 {NULL, SAY("Share (%)")}, {NULL, SAY("Per person")},
                                 {NULL, SAY("estimated")}, {NULL, SAY("People")}};
  if (!total->lines && !total->amount) return;
  document_open(g->d, NULL, SAY(place_figures[f].title));
  add_figure_chart(g, f, rows, count);
  document_table(g->d, NULL, NULL, columns, people ? 6 : 5, NULL);
  for (int i = 0; i < count; i++) {
    const struct public_row *r = &rows[i];
    if (!r->has[f]) continue;
    const bool hidden = r->hidden || r->rest, unvalued = r->unvalued && f == SHOWN_SERVICES;
    document_cell(g->d, doc_text(r->name));
    document_cell(g->d, hidden     ? doc_hidden()
                        : unvalued ? doc_unvalued()
                                   : page_figure(f, r->amount[f]));
    document_cell(g->d, hidden || total->hidden ? doc_hidden()
                        : unvalued              ? doc_null()
                                   : place_share(g->arena, r->amount[f], total->shown_amount));
    document_cell(g->d, hidden || residents->hidden ? doc_hidden()
                        : unvalued                  ? doc_null()
                                   : page_a_head(f, r->amount[f], residents->shown_people));
    document_cell(g->d, doc_bool(!hidden && r->estimated[f]));
    if (people) document_cell(g->d, hidden ? doc_hidden() : doc_count(r->people));
  }
  const struct doc_value totals[] = {doc_null(),
                                     page_amount(g, f, total),
                                     doc_null(),
                                     total->hidden || residents->hidden
                                         ? doc_hidden()
                                         : page_a_head(f, total->shown_amount,
                                                       residents->shown_people),
                                     doc_null(),
                                     doc_null()};
  document_table_total(g->d, SAY("Total"), totals);
  document_table_end(g->d);
  document_close(g->d);
}

/* ---- who it reaches ---- */

static void add_ages(struct public_page *g) {
  const struct public_cell *ages = page_ages(g);
  const char *series = SAY("People");
  struct text left_out = {0};
  int shown = 0;
  for (int a = 0; a < AGES; a++) shown += !ages[a].hidden && ages[a].shown_people;
  document_open(g->d, NULL, SAY("Who lived here, by age"));
  document_paragraph(
      g->d, SAY("Everyone who lived here on any day of the year, by their age at its end."));
  if (shown > 1) {
    document_chart(g->d, CHART_BARS, SAY("By age"),
                   SAY("Bars of the people in each band of ages; the figures are in the table "
                       "that follows."),
                   &series, 1);
    for (int a = 0; a < AGES; a++) {
      struct doc_value value = doc_count(ages[a].shown_people);
      if (ages[a].hidden) {
        add_name(&left_out, page_age_name(g, a));
        continue;
      }
      document_chart_point(g->d, page_age_name(g, a), &value);
      if (!ages[AGES].hidden)
        document_chart_share(
            g->d, place_share(g->arena, ages[a].shown_people, ages[AGES].shown_people).text);
    }
    document_chart_end(g->d);
    add_left_out(g, &left_out);
  }
  page_table_ages(g, true);
  document_close(g->d);
}

/* ---- the areas within it ---- */

/* Whether something that a place is compared by is hidden. */
static bool place_hidden(const struct public_page *g, int node) {
  if (g->p->nodes[node].rest) return false;
  bool hidden = g->p->ages[node * (AGES + 1) + AGES].hidden;
  for (int i = 0; i < FIGURES_COMPARED; i++)
    hidden |= g->p->totals[node * FIGURE_COUNT + (int)figures_order[i]].hidden;
  return hidden;
}

static bool place_charted(const struct public_page *g, int node) {
  return !g->p->nodes[node].rest && !place_hidden(g, node) &&
         g->p->ages[node * (AGES + 1) + AGES].shown_people > 0;
}

static void add_place_chart(struct public_page *g) {
  const char *series[FIGURES_COMPARED];
  for (int i = 0; i < FIGURES_COMPARED; i++)
    series[i] = figures_name(g->language, figures_order[i], 0);
  struct text left_out = {0};
  int count = 0;
  document_chart(
      g->d, CHART_BARS, SAY("The areas compared, per person"),
      SAY("Bars of what was paid, received in benefits and used per person in each area; "
          "the figures are in the table that follows."),
      series, FIGURES_COMPARED);
  document_chart_measure(g->d, CHART_PER_HEAD);
  for (int n = g->p->nodes[g->node].first_child; n >= 0 && count < PLACE_CHART_MAX;
       n = g->p->nodes[n].next) {
    if (place_hidden(g, n)) add_name(&left_out, g->p->nodes[n].name);
    if (!place_charted(g, n)) continue;
    struct doc_value values[FIGURES_COMPARED];
    for (int i = 0; i < FIGURES_COMPARED; i++)
      values[i] = page_a_head(figures_order[i],
                              g->p->totals[n * FIGURE_COUNT + (int)figures_order[i]].shown_amount,
                              g->p->ages[n * (AGES + 1) + AGES].shown_people);
    document_chart_point(g->d, g->p->nodes[n].name, values);
    count++;
  }
  document_chart_end(g->d);
  add_left_out(g, &left_out);
}

static bool charted(const struct public_page *g) {
  int count = 0;
  for (int n = g->p->nodes[g->node].first_child; n >= 0; n = g->p->nodes[n].next)
    count += place_charted(g, n);
  return count > 1;
}

static void add_places(struct public_page *g) {
  if (g->p->nodes[g->node].first_child < 0) return;
  document_open(g->d, NULL,
                arena_printf(g->arena, SAY("Areas within %s"), g->p->nodes[g->node].name));
  if (charted(g)) add_place_chart(g);
  page_table_places(g, true);
  document_paragraph(g->d, place_moved_words(g->language));
  document_close(g->d);
}

/* ---- payments ---- */

static void add_spend(struct public_page *g) {
  int order[CHART_ROWS], count = 0;
  const char *series = SAY("What organisations paid to suppliers");
  const struct spending *spending = &g->p->spending[g->node * g->p->payer_count];
  if (!publication_has(g->p, g->node, PUBLISH_SPEND)) return;
  document_open(g->d, "spend", series);
  document_paragraph(g->d, SAY("Payments by organisations and services that people used are two "
                               "views of the same pound. They are never added together."));
  document_value(g->d, "from", SAY("From"), doc_day(year_first_day(YEAR_FINANCIAL, g->p->year)));
  document_value(g->d, "to", SAY("To"), doc_day(year_last_day(YEAR_FINANCIAL, g->p->year)));
  for (int i = 0; i < g->p->payer_count; i++) {
    int at = count;
    if (spending[i].shown_amount <= 0 || !wide_shown(spending[i].shown_amount)) continue;
    while (at > 0 && spending[order[at - 1]].shown_amount < spending[i].shown_amount) at--;
    if (at == CHART_ROWS) continue;
    if (count < CHART_ROWS) count++;
    for (int k = count - 1; k > at; k--) order[k] = order[k - 1];
    order[at] = i;
  }
  if (count > 1) {
    document_chart(g->d, CHART_BARS, SAY("The largest"),
                   SAY("Bars of the largest rows; the figures are in the table that follows."),
                   &series, 1);
    for (int i = 0; i < count; i++) {
      struct doc_value value = doc_pounds(spending[order[i]].shown_amount);
      document_chart_point(g->d, page_payer_name(g, order[i]), &value);
    }
    document_chart_end(g->d);
  }
  page_table_spend(g, true);
  if (publication_has(g->p, g->node, PUBLISH_FILES)) page_table_files(g, true);
  document_close(g->d);
}

/* ---- where from, and what is hidden ---- */

/* An edition keeps the year of a cost as it is written. */
static struct doc_value cost_age(const struct public_page *g, const struct published_source *s) {
  struct old_figure old = {.pence = s->pence, .known = true, .year = g->p->year};
  struct error unread = {0};
  if (year_parse(span_of(s->year), &old.from, &unread) != DONE || old.from >= old.year)
    return doc_null();
  return doc_text(figures_age_words(g->p->pack, &old, AGE_CELL, g->language, g->arena));
}

static void add_sources(struct public_page *g) {
  const struct doc_column columns[] = {{"what", SAY("Figure")},
                                       {"value", SAY("Value")},
                                       {"source", SAY("Source")},
                                       {"estimated", SAY("estimated")},
                                       {"age", SAY("How old")}};
  document_open(g->d, NULL, SAY("Where these figures come from"));
  document_table(g->d, "sources", NULL, columns, 5, NULL);
  document_cell(g->d, doc_text(SAY("What citizens paid, received, used and gave")));
  document_cell(g->d, doc_null());
  document_cell(g->d, doc_text(SAY("Our own records")));
  document_cell(g->d, doc_bool(false));
  document_cell(g->d, doc_null());
  for (int i = 0; i < g->p->source_count; i++) {
    const struct published_source *s = &g->p->sources[i];
    const struct public_cell *c = &g->p->cells[g->node * g->p->categories + s->category];
    if (c->hidden || !c->lines) continue;
    document_cell(g->d,
                  doc_text(arena_printf(g->arena, SAY("What one costs: %s, %s"),
                                        language_is_original(g->language)
                                            ? s->what
                                            : g->p->pack->categories[s->category].name[g->language],
                                        s->year)));
    document_cell(g->d, doc_text(s->value));
    document_cell(g->d, doc_text(s->source));
    document_cell(g->d, doc_bool(s->estimated));
    document_cell(g->d, cost_age(g, s));
  }
  document_table_end(g->d);
  document_close(g->d);
}

static bool anything_hidden(const struct public_page *g) {
  const struct publication *p = g->p;
  for (int c = 0; c < p->categories; c++)
    if (p->cells[g->node * p->categories + c].hidden) return true;
  for (int f = 0; f < FIGURE_COUNT; f++)
    if (p->totals[g->node * FIGURE_COUNT + f].hidden) return true;
  for (int a = 0; a <= AGES; a++)
    if (p->ages[g->node * (AGES + 1) + a].hidden) return true;
  for (int n = p->nodes[g->node].first_child; n >= 0; n = p->nodes[n].next)
    for (int f = 0; f < FIGURE_COUNT; f++)
      if (p->totals[n * FIGURE_COUNT + f].hidden) return true;
  return false;
}

/* Whether a figure of the page is too large to be shown. A public page does not name its entries;
 * the place's own account for staff does. */
static bool anything_too_large(const struct public_page *g) {
  const struct publication *p = g->p;
  bool shown = true;
  for (int c = 0; c < p->categories; c++)
    shown &= wide_shown(p->cells[g->node * p->categories + c].amount);
  for (int f = 0; f < FIGURE_COUNT; f++)
    shown &= wide_shown(p->totals[g->node * FIGURE_COUNT + f].amount);
  for (int n = p->nodes[g->node].first_child; n >= 0; n = p->nodes[n].next)
    for (int f = 0; f < FIGURE_COUNT; f++)
      shown &= wide_shown(p->totals[n * FIGURE_COUNT + f].amount);
  for (int i = 0; i < p->payer_count; i++)
    shown &= wide_shown(p->spending[g->node * p->payer_count + i].amount);
  return !shown;
}

const char *page_sums_words(enum language language) {
  return say(language, "By area of government, what it is for, part of life, and paid or received: "
                       "each row is the sum of figures that are rounded already, so it may differ "
                       "by some thousands from the total.");
}

static void add_notes(struct public_page *g) {
  const struct publication *p = g->p;
  document_list(g->d, "notes", SAY("Notes"));
  document_list_item(g->d, SAY("Some figures are hidden: those about fewer than 10 people, those "
                               "that come nearly all from one person, and others from which "
                               "these could be worked out. All look the same."));
  document_list_item(g->d,
                     SAY("Figures are rounded: money to the nearest £1,000, time to the nearest "
                         "100 hours and people to the nearest 5. Each is rounded by itself, so "
                         "they may not add up exactly. Shares and figures per person are computed "
                         "from the rounded figures, those per person to whole pounds."));
  document_list_item(g->d, page_sums_words(g->language));
  if (p->edition)
    document_list_item(g->d, SAY("A figure of citizens' records changes from one edition to the "
                                 "next only when records of at least 10 people have changed it. "
                                 "Until then it stays as it was."));
  if (p->payer_count)
    document_list_item(g->d,
                       SAY("What organisations paid is only rounded, and nothing of it is hidden: "
                           "the payments come from files in which they are published one by one."));
  document_list_item(g->d, SAY("What people paid, received and used is of the tax year; payments "
                               "are of the financial year, 1 April to 31 March."));
  document_list_item_data(g->d, place_moved_words(g->language));
  if (anything_unvalued(g))
    document_list_item(
        g->d,
        SAY("Some uses of services are counted but not valued: what one costs is not known."));
  if (anything_too_large(g))
    document_list_item(g->d, SAY("Some figures are too large to be shown: an item in them must be "
                                 "wrong, and must be taken back."));
  document_list_end(g->d);
}

struct document *publication_page(const struct publication *p, int node, enum publish_table by,
                                  enum language language, struct arena *arena) {
  struct public_page page = {.p = p, .node = node, .language = language, .arena = arena},
                     *g = &page;
  g->d = document_new(arena, language,
                      arena_printf(arena, SAY("The account of %s for %s"), p->nodes[node].name,
                                   page_year(g)));
  int count = 0;
  struct public_row *rows = page_rows(g, by, &count);
  const struct public_cell *residents = page_residents(g);
  add_head(g, by);
  document_value(g->d, "people", NULL,
                 residents->hidden ? doc_hidden() : doc_count(residents->shown_people));
  add_residents(g, residents);
  add_per_person(g);
  add_prices(g);
  add_what_is_left_out(g);
  document_inset(
      g->d, anything_hidden(g)
                ? SAY("These figures are rounded, so they may not add up exactly. Where a figure "
                      "would be of fewer than 10 people it is hidden, and so are others from "
                      "which it could be worked out.")
                : SAY("These figures are rounded, so they may not add up exactly."));
  add_totals(g);
  page_add_edition(g);
  for (int i = 0; i < FIGURE_COUNT; i++)
    add_figure(g, figures_order[i], rows, count, by == PUBLISH_CATEGORY);
  page_table_by(g, rows, count, by, false);
  add_ages(g);
  add_places(g);
  add_spend(g);
  const struct in_prices in_prices = publication_in_prices(p, node);
  in_prices_add(&in_prices, g->d, language, arena);
  add_sources(g);
  add_notes(g);
  return g->d;
}
