/* The document of a place's account. */
#include "place/gather.h"
#include "place/in_prices.h"

#include "base/money.h"
#include "base/refusal.h"
#include "book/standing.h"
#include "place/left_out.h"

enum { CHART_ROWS = 10, PART_CHART_MAX = 30 };

struct place_page {
  struct document *d;
  struct scope *s;
  const struct tally *t;
  const struct payments *p;
  enum language language;
};

#define SAY(text) say(p->language, (text))

static const char *year_text(struct scope *s, int year) {
  return year_write(year, arena_alloc(s->arena, 8));
}

/* ---- the head ---- */

static bool has_citizens(const struct place_page *p) {
  return p->t->residents || !figures_none(&p->t->total.totals);
}

/* Whether the services were used and none of the uses has a cost. */
static bool is_unvalued(const struct tally_row *r, enum pack_shown figure) {
  return figure == SHOWN_SERVICES && !r->totals.of[figure] && r->unvalued > 0;
}

static struct doc_value row_figure(const struct tally_row *r, enum pack_shown figure) {
  return is_unvalued(r, figure) ? doc_unvalued() : place_figure_value(figure, r->totals.of[figure]);
}

static void add_totals(struct place_page *p) {
  const struct tally_row *t = &p->t->total;
  /* a book that has only published payments shows people none of this */
  bool some = has_citizens(p);
  document_open(p->d, "total", some ? SAY("In total") : NULL);
  for (enum pack_shown f = 0; f < FIGURE_COUNT; f++)
    document_headline(p->d, place_figures[f].key,
                      some ? figures_name(p->language, f, t->totals.of[f]) : NULL,
                      row_figure(t, f));
  const bool gave = t->totals.of[SHOWN_GIVEN] || t->time_value;
  document_headline(p->d, "given_value", some && gave ? SAY("Value of time for others") : NULL,
                    gave && !t->time_value ? doc_unvalued() : doc_money(t->time_value));
  document_close(p->d);
}

static void add_per_head(struct place_page *p) {
  const struct figures *t = &p->t->total.totals;
  bool some = p->t->residents > 0;
  document_open(p->d, "per_head", some ? SAY("Per person") : NULL);
  for (enum pack_shown f = 0; f < FIGURE_COUNT; f++)
    document_value(p->d, place_figures[f].key, some ? figures_name(p->language, f, t->of[f]) : NULL,
                   is_unvalued(&p->t->total, f) && p->t->residents
                       ? doc_unvalued()
                       : place_figure_a_head(f, t->of[f], p->t->residents));
  document_close(p->d);
}

/* ---- figures: people read a table for each, since most rows have one of them only; programs get
 * one table of all ---- */

/* The largest rows, largest first; of two equal rows, the one that comes first in the table. */
static int largest_rows(const struct place_page *p, const wide_t *sizes, int chosen[CHART_ROWS]) {
  int count = 0;
  for (int row = 0; row < p->s->row_count; row++) {
    int at = count;
    if (sizes[row] <= 0 || !wide_shown(sizes[row])) continue;
    while (at > 0 && sizes[chosen[at - 1]] < sizes[row]) at--;
    if (at == CHART_ROWS) continue;
    if (count < CHART_ROWS) count++;
    for (int i = count - 1; i > at; i--) chosen[i] = chosen[i - 1];
    chosen[at] = row;
  }
  return count;
}

/* `52.9`: tenths of a percent, half up; empty where the whole is zero. */
static void add_chart(struct place_page *p, const wide_t *sizes, wide_t whole, const char *series,
                      bool minutes) {
  int chosen[CHART_ROWS], count = largest_rows(p, sizes, chosen);
  if (count < 2) return;
  document_chart(p->d, CHART_BARS, SAY("The largest"),
                 SAY("Bars of the largest rows; the figures are in the table that follows."),
                 &series, 1);
  for (int i = 0; i < count; i++) {
    const struct doc_value value = minutes ? doc_minutes(sizes[chosen[i]])
                                           : doc_money(sizes[chosen[i]]);
    document_chart_point(p->d, scope_row_name(p->s, chosen[i]).name, &value);
    document_chart_share(p->d, place_share(p->s->arena, sizes[chosen[i]], whole).text);
  }
  document_chart_end(p->d);
}

static void add_figure_chart(struct place_page *p, enum pack_shown figure) {
  wide_t *sizes = arena_array(p->s->arena, wide_t, p->s->row_count);
  for (int row = 0; row < p->s->row_count; row++) sizes[row] = p->t->rows[row].totals.of[figure];
  add_chart(p, sizes, p->t->total.totals.of[figure], SAY(place_figures[figure].title),
            figure == SHOWN_GIVEN);
}

static void add_figure(struct place_page *p, enum pack_shown figure) {
  /* then everybody with such a line has it for this figure */
  bool any = false, categories = p->s->request->by == BY_CATEGORY;
  for (int row = 0; row < p->s->row_count && !any; row++)
    any = p->t->rows[row].totals.of[figure] != 0 || is_unvalued(&p->t->rows[row], figure);
  if (!any) return;
  const wide_t total = p->t->total.totals.of[figure];
  struct doc_column columns[6] = {{NULL, SAY("What")},      {NULL, SAY(place_figure_unit(figure))},
                                  {NULL, SAY("Share (%)")}, {NULL, SAY("Per person")},
                                  {NULL, SAY("estimated")}, {NULL, SAY("People")}};
  document_open(p->d, NULL, SAY(place_figures[figure].title));
  add_figure_chart(p, figure);
  document_table(p->d, NULL, NULL, columns, categories ? 6 : 5, NULL);
  for (int row = 0; row < p->s->row_count; row++) {
    const struct tally_row *r = &p->t->rows[row];
    const wide_t n = r->totals.of[figure];
    /* services that were used but have no cost are shown as used */
    if (!n && !(figure == SHOWN_SERVICES && r->unvalued)) continue;
    const char *name = scope_row_name(p->s, row).name;
    document_cell(p->d,
                  doc_text(n < 0 ? arena_printf(p->s->arena, SAY("%s, less corrections"), name)
                                 : name));
    const bool unvalued = is_unvalued(r, figure);
    document_cell(p->d, row_figure(r, figure));
    document_cell(p->d, unvalued ? doc_null() : place_share(p->s->arena, n, total));
    document_cell(p->d, unvalued ? doc_null() : place_figure_a_head(figure, n, p->t->residents));
    document_cell(p->d, doc_bool(r->estimated_in[figure]));
    if (categories) document_cell(p->d, doc_count(r->people));
  }
  const struct doc_value totals[] = {
      doc_null(), row_figure(&p->t->total, figure),
      doc_null(), place_figure_a_head(figure, total, p->t->residents),
      doc_null(), doc_null()};
  document_table_total(p->d, SAY("Total"), totals);
  document_table_end(p->d);
  document_close(p->d);
}

/* ---- rows ---- */

static void add_figures(struct place_page *p, const struct tally_row *r, int64_t people,
                        bool with_value) {
  for (int i = 0; i < FIGURE_COUNT; i++) {
    enum pack_shown f = figures_order[i];
    if (f == SHOWN_EMPLOYER) document_cell(p->d, doc_count(r->people));
    document_cell(p->d, place_figure_value(f, r->totals.of[f]));
  }
  document_cell(p->d, with_value ? doc_money(r->time_value) : doc_null());
  for (int i = 0; i < FIGURE_COUNT; i++) {
    enum pack_shown f = figures_order[i];
    if (place_figures[f].key_per_head)
      document_cell(p->d, place_figure_a_head(f, r->totals.of[f], people));
  }
}

#define FIGURE_COLUMNS \
  {"paid", NULL}, {"received", NULL}, {"services", NULL}, {"given_minutes", NULL}, \
      {"people", NULL}, {"employer", NULL}, {"given_value", NULL}, {"paid_per_head", NULL}, \
      {"received_per_head", NULL}, {"services_per_head", NULL}, { \
    "given_minutes_per_head", NULL \
  }

static bool same_as_nothing(const struct tally_row *r) {
  return !r->lines && figures_none(&r->totals);
}

static void add_rows(struct place_page *p) {
  const struct doc_column columns[] = {
      {"key", NULL}, {"name", NULL}, FIGURE_COLUMNS, {"estimated", NULL}};
  for (int i = 0; i < FIGURE_COUNT; i++) add_figure(p, figures_order[i]);
  document_table(p->d, "by", NULL, columns, sizeof columns / sizeof *columns, "by");
  for (int row = 0; row < p->s->row_count; row++) {
    const struct tally_row *r = &p->t->rows[row];
    if (same_as_nothing(r)) continue;
    struct row_name name = scope_row_name(p->s, row);
    document_cell(p->d, doc_text(name.key));
    document_cell(p->d, doc_text(name.name));
    add_figures(p, r, p->t->residents, p->s->request->by != BY_BODY);
    document_cell(p->d, doc_bool(r->estimated));
  }
  document_table_end(p->d);
}

/* ---- the areas within it ---- */

struct part {
  const char *code, *name;
  const struct tally_row *row;
};

static int list_parts(struct place_page *p, struct part *out) {
  const struct scope *s = p->s;
  int count = 0;
  for (int i = 0; i < s->part_count; i++)
    out[count++] = (struct part){s->places->all[s->parts[i]].code, s->places->all[s->parts[i]].name,
                                 &p->t->parts[i]};
  const struct tally_row *rest = &p->t->parts[s->part_count];
  if (count && (!same_as_nothing(rest) || rest->people))
    out[count++] = (struct part){NULL, SAY("In none of them, or not known"), rest};
  return count;
}

static struct doc_value part_figure(const struct part *part, int i, bool per_head) {
  enum pack_shown f = figures_order[i];
  const wide_t n = part->row->totals.of[f];
  if (is_unvalued(part->row, f)) return doc_unvalued();
  return per_head ? place_figure_a_head(f, n, part->row->people) : place_figure_value(f, n);
}

/* In total, or per head of the people who lived there in the year. */
static void add_part_table(struct place_page *p, const char *caption, const struct part *parts,
                           int count, bool heads) {
  struct doc_column columns[2 + FIGURES_COMPARED] = {{NULL, SAY("Place")}, {NULL, SAY("People")}};
  for (int f = 0; f < FIGURES_COMPARED; f++)
    columns[2 + f].label = figures_name(p->language, figures_order[f], 0);
  document_table(p->d, NULL, caption, columns, 2 + FIGURES_COMPARED, NULL);
  for (int i = 0; i < count; i++) {
    const struct tally_row *r = parts[i].row;
    document_cell(p->d, doc_text(parts[i].name));
    document_cell(p->d, doc_count(r->people));
    for (int f = 0; f < FIGURES_COMPARED; f++)
      document_cell(p->d, part_figure(&parts[i], f, heads));
  }
  document_table_end(p->d);
}

static void add_part_chart(struct place_page *p, const struct part *parts, int count) {
  const char *series[FIGURES_COMPARED];
  for (int f = 0; f < FIGURES_COMPARED; f++)
    series[f] = figures_name(p->language, figures_order[f], 0);
  document_chart(
      p->d, CHART_BARS, SAY("The areas compared, per person"),
      SAY("Bars of what was paid, received in benefits and used per person in each area; "
          "the figures are in the tables that follow."),
      series, FIGURES_COMPARED);
  document_chart_measure(p->d, CHART_PER_HEAD);
  for (int i = 0; i < count; i++) {
    struct doc_value values[FIGURES_COMPARED];
    for (int f = 0; f < FIGURES_COMPARED; f++) values[f] = part_figure(&parts[i], f, true);
    if (parts[i].row->people) document_chart_point(p->d, parts[i].name, values);
  }
  document_chart_end(p->d);
}

static void add_parts(struct place_page *p) {
  const struct doc_column columns[] = {{"key", NULL}, {"name", NULL}, FIGURE_COLUMNS};
  struct part *parts = arena_array(p->s->arena, struct part, p->s->part_count + 1);
  int count = list_parts(p, parts);
  /* a book that has only published payments has no citizens' figures to compare */
  if (count && has_citizens(p)) {
    document_open(p->d, NULL,
                  arena_printf(p->s->arena, SAY("Areas within %s"),
                               p->s->places->all[p->s->place].name));
    add_part_chart(p, parts, count < PART_CHART_MAX ? count : PART_CHART_MAX);
    add_part_table(p, SAY("Per person"), parts, count, true);
    add_part_table(p, SAY("In total"), parts, count, false);
    document_paragraph(p->d, place_moved_words(p->language));
    document_close(p->d);
  }
  document_table(p->d, "places", NULL, columns, sizeof columns / sizeof *columns, "places");
  for (int i = 0; i < count; i++) {
    document_cell(p->d, parts[i].code ? doc_text(parts[i].code) : doc_null());
    document_cell(p->d, doc_text(parts[i].name));
    add_figures(p, parts[i].row, parts[i].row->people, true);
  }
  document_table_end(p->d);
}

/* ---- payments, budgets, and the unattributed rest ---- */

static void add_spend(struct place_page *p) {
  bool some = p->p->total.payments > 0;
  const struct doc_column columns[] = {{"key", NULL},
                                       {"name", some ? SAY("What") : NULL},
                                       {"amount", some ? SAY("Amount") : NULL},
                                       {"payments", some ? SAY("Payments") : NULL}};
  document_open(p->d, "spend", some ? SAY("What organisations paid to suppliers") : NULL);
  document_value(p->d, "total", some ? SAY("Total") : NULL, doc_money(p->p->total.amount));
  document_value(p->d, "from", some ? SAY("From") : NULL,
                 doc_day(year_first_day(YEAR_FINANCIAL, p->s->request->year)));
  document_value(p->d, "to", some ? SAY("To") : NULL,
                 doc_day(year_last_day(YEAR_FINANCIAL, p->s->request->year)));
  if (some)
    document_paragraph(p->d, SAY("Payments by organisations and services that people used are two "
                                 "views of the same pound. They are never added together."));
  wide_t *sizes = arena_array(p->s->arena, wide_t, p->s->row_count);
  for (int row = 0; row < p->s->row_count; row++) sizes[row] = p->p->rows[row].amount;
  if (some)
    add_chart(p, sizes, p->p->total.amount, SAY("What organisations paid to suppliers"), false);
  document_table(p->d, "lines", NULL, columns, 4, "spend");
  for (int row = 0; row < p->s->row_count; row++) {
    const struct spend_row *r = &p->p->rows[row];
    if (!r->payments && !r->amount) continue;
    struct row_name name = scope_row_name(p->s, row);
    document_cell(p->d, doc_text(name.key));
    document_cell(p->d, doc_text(name.name));
    document_cell(p->d, doc_money(r->amount));
    document_cell(p->d, doc_count(r->payments));
  }
  document_table_end(p->d);
  document_close(p->d);
}

/* Budgets summed by the column asked for: people read sums before they read a list. */
static void add_budget_rows(struct place_page *p) {
  const struct doc_column columns[] = {{NULL, SAY("What")},
                                       {NULL, SAY("Amount")},
                                       {NULL, SAY("Share (%)")}};
  add_chart(p, p->p->budgeted, p->p->budget_total, SAY("What organisations were budgeted"), false);
  document_table(p->d, NULL, NULL, columns, 3, NULL);
  for (int row = 0; row < p->s->row_count; row++) {
    if (!p->p->budgeted[row]) continue;
    document_cell(p->d, doc_text(scope_row_name(p->s, row).name));
    document_cell(p->d, doc_money(p->p->budgeted[row]));
    document_cell(p->d, place_share(p->s->arena, p->p->budgeted[row], p->p->budget_total));
  }
  const struct doc_value totals[] = {doc_null(), doc_money(p->p->budget_total), doc_null()};
  document_table_total(p->d, SAY("Total"), totals);
  document_table_end(p->d);
}

static const struct body *budget_payer(const struct place_page *p, const struct budget_row *b) {
  return b->of ? bodies_by_id(p->s->bodies, b->of->payer) : NULL;
}

/* What is known of the stream. */
static void add_budget_stream(struct place_page *p, const struct budget_row *b) {
  const struct body *payer = budget_payer(p, b);
  document_cell(p->d, b->of ? doc_text(b->of->code) : doc_null());
  document_cell(p->d, b->of && b->of->kind ? doc_text(b->of->kind) : doc_null());
  document_cell(p->d, payer ? doc_text(payer->code) : doc_null());
  document_cell(p->d, payer ? doc_text(payer->name) : doc_null());
}

static void add_budget(struct place_page *p) {
  bool some = p->p->budget_count > 0;
  bool conditions = false, payers = false;
  for (int i = 0; i < p->p->budget_count; i++) {
    conditions |= *p->p->budget[i].conditions != 0;
    payers |= budget_payer(p, &p->p->budget[i]) != NULL;
  }
  const struct doc_column columns[] = {{"body", NULL},
                                       {"body_name", some ? SAY("Organisation") : NULL},
                                       {"stream", some ? SAY("Stream") : NULL},
                                       {"category", NULL},
                                       {"name", some ? SAY("For") : NULL},
                                       {"amount", some ? SAY("Amount") : NULL},
                                       {"conditions", conditions ? SAY("Conditions") : NULL},
                                       {"stream_code", NULL},
                                       {"kind", NULL},
                                       {"payer", NULL},
                                       {"payer_name", payers ? SAY("Provided by") : NULL}};
  enum { AMOUNT = 5, COLUMNS = sizeof columns / sizeof *columns };
  if (some) {
    document_open(p->d, NULL, SAY("What organisations were budgeted"));
    add_budget_rows(p);
  }
  document_table(p->d, "budget", some ? SAY("Organisation by organisation") : NULL, columns,
                 COLUMNS, "budget");
  for (int i = 0; i < p->p->budget_count; i++) {
    const struct budget_row *b = &p->p->budget[i];
    const struct pack_category *category = chart_category(p->s->chart, b->category);
    document_cell(p->d, doc_text(b->body));
    document_cell(p->d, doc_text(b->name));
    document_cell(p->d, doc_text(b->stream));
    document_cell(p->d, category ? doc_text(category->code) : doc_null());
    document_cell(p->d, category ? doc_text(category->name[p->language]) : doc_null());
    document_cell(p->d, doc_money(b->amount));
    document_cell(p->d, *b->conditions ? doc_text(b->conditions) : doc_null());
    add_budget_stream(p, b);
  }
  struct doc_value totals[COLUMNS];
  for (int c = 0; c < COLUMNS; c++) totals[c] = doc_null();
  totals[AMOUNT] = doc_money(p->p->budget_total);
  if (some) document_table_total(p->d, SAY("Total"), totals);
  document_table_end(p->d);
  document_value(p->d, "budget_total", NULL, doc_money(p->p->budget_total));
  if (some) document_close(p->d);
}

/* The payments of all paying bodies, less what citizens' lines say that those bodies gave. Negative
 * where the lines carry more than was paid. */
static wide_t unattributed(const struct place_page *p) {
  wide_t sum = 0;
  for (int i = 0; i < p->s->bodies->count; i++)
    if (p->p->pays[i]) sum += p->p->paid[i] - p->t->carried[i];
  return sum;
}

static void add_unattributed(struct place_page *p) {
  const wide_t sum = unattributed(p);
  if (sum) document_open(p->d, NULL, SAY("What is in nobody's account"));
  document_value(p->d, "unattributed", sum ? SAY("In nobody's account") : NULL, doc_money(sum));
  if (sum)
    document_paragraph(
        p->d,
        SAY("What the organisations with published payments paid, less the cash and services that "
            "they provided according to people's accounts. It is not divided among people."));
  if (sum < 0)
    document_paragraph(p->d, SAY("Below zero: people's accounts show more than these "
                                 "organisations' payments come to. Services are valued at average "
                                 "costs, and a payment may be unpublished or of another year."));
  if (sum) document_close(p->d);
}

/* ---- sources and notes ---- */

/* All columns but the last, the age. */
static void add_source(struct place_page *p, const char *what, const char *value,
                       const char *source, bool estimated) {
  document_cell(p->d, doc_text(what));
  document_cell(p->d, value ? doc_text(value) : doc_null());
  document_cell(p->d, doc_text(source));
  document_cell(p->d, doc_bool(estimated));
}

static void add_record_source(struct place_page *p, const char *what, const char *source) {
  add_source(p, what, NULL, source, false);
  document_cell(p->d, doc_null());
}

/* The age of a cost or rate of the year `from`; `known`: its value is shown. */
static void add_age(struct place_page *p, int64_t pence, bool known, int from) {
  const struct old_figure old = {
      .pence = pence, .known = known, .from = from, .year = p->s->request->year};
  document_cell(p->d, from < old.year ? doc_text(figures_age_words(p->s->pack, &old, AGE_CELL,
                                                                   p->language, p->s->arena))
                                      : doc_null());
}

static const char *pounds(struct scope *s, int64_t pence) {
  struct text t = {0};
  text_add_pounds(&t, pence);
  return text_take(s->arena, &t);
}

static void add_cost_sources(struct place_page *p) {
  const struct codes *codes = p->s->codes;
  for (int i = 0; i < codes->service_count; i++)
    for (int y = 0; y < COST_YEARS; y++) {
      if (!(p->t->costs[i][y / 64] >> (y % 64) & 1)) continue;
      int year = COST_YEAR_FIRST + y;
      bool stale = false;
      const struct book_cost *cost = codes_cost(codes, codes->services[i].id, year, &stale);
      const struct pack_category *category = chart_category(p->s->chart,
                                                            codes->services[i].category);
      const char *name = language_is_original(p->language) || !category
                             ? codes->services[i].name
                             : category->name[p->language];
      const char *what = arena_printf(p->s->arena, SAY("What one costs: %s, %s"), name,
                                      year_text(p->s, year));
      const bool known = cost && !stale && !(p->t->changed[i][y / 64] >> (y % 64) & 1);
      if (known)
        add_source(p, what, pounds(p->s, cost->pence), cost->source,
                   cost->estimated || year < p->s->request->year);
      else
        add_source(p, what, NULL,
                   SAY("What one cost when it was recorded, which we no longer keep"), true);
      add_age(p, known ? cost->pence : 0, known, year);
    }
}

static void add_rate_sources(struct place_page *p) {
  const struct codes *codes = p->s->codes;
  if (!p->t->total.totals.of[SHOWN_GIVEN]) return;
  for (int64_t id = 1; id <= codes->category_max; id++) {
    const struct pack_category *category = chart_category(p->s->chart, id);
    bool stale = false;
    const struct book_rate *rate = category && category->shown == SHOWN_GIVEN
                                       ? codes_rate(codes, id, p->s->request->year, &stale)
                                       : NULL;
    if (!rate || !p->t->given[id]) continue;
    const char *what = arena_printf(p->s->arena, SAY("Value of an hour of %s, %s"),
                                    category->name[p->language], year_text(p->s, rate->year));
    add_source(p, what, pounds(p->s, rate->pence_an_hour), rate->source, stale);
    add_age(p, rate->pence_an_hour, true, rate->year);
  }
}

static void add_sources(struct place_page *p) {
  const struct doc_column columns[] = {{"what", SAY("Figure")},
                                       {"value", SAY("Value")},
                                       {"source", SAY("Source")},
                                       {"estimated", SAY("estimated")},
                                       {"age", SAY("How old")}};
  document_open(p->d, NULL, SAY("Where these figures come from"));
  document_table(p->d, "sources", NULL, columns, 5, NULL);
  if (has_citizens(p))
    add_record_source(p, SAY("What citizens paid, received, used and gave"),
                      SAY("Our own records"));
  if (p->p->total.payments)
    add_record_source(p, SAY("What organisations paid to suppliers"), SAY("Published payments"));
  if (p->p->budget_count)
    add_record_source(p, SAY("What organisations were budgeted"), SAY("Published budgets"));
  add_cost_sources(p);
  add_rate_sources(p);
  document_table_end(p->d);
  document_close(p->d);
}

#define SAY_COUNT(one, other, count) \
  arena_printf(p->s->arena, say_count(p->language, (one), (other), (count)), (long long)(count))

/* Whether every sum of a figure can be shown: of the place, of its rows, of its parts. */
static bool figure_shown(const struct place_page *p, enum pack_shown figure) {
  const struct tally_row *rows[] = {&p->t->total, p->t->rows, p->t->parts};
  const int counts[] = {1, p->s->row_count, p->s->part_count + 1};
  for (int k = 0; k < 3; k++)
    for (int i = 0; i < counts[k]; i++)
      if (!wide_shown(rows[k][i].totals.of[figure]) ||
          (figure == SHOWN_GIVEN && !wide_shown(rows[k][i].time_value)))
        return false;
  return true;
}

static void note_too_large(struct place_page *p, const char *what, const struct largest *largest) {
  document_list_item(p->d, arena_printf(p->s->arena,
                                        SAY("%s: some sums are too large to be shown: an item in "
                                            "them must be wrong. The largest items are %s."),
                                        what, largest_names(largest, p->s->arena)));
}

static bool payments_shown(const struct place_page *p) {
  bool shown = wide_shown(p->p->total.amount) && wide_shown(unattributed(p));
  for (int row = 0; row < p->s->row_count; row++) shown &= wide_shown(p->p->rows[row].amount);
  return shown;
}

static void add_too_large(struct place_page *p) {
  for (int i = 0; i < FIGURE_COUNT; i++) {
    enum pack_shown f = figures_order[i];
    if (!figure_shown(p, f)) note_too_large(p, SAY(place_figures[f].title), &p->t->largest[f]);
  }
  bool budget = wide_shown(p->p->budget_total);
  for (int row = 0; row < p->s->row_count; row++) budget &= wide_shown(p->p->budgeted[row]);
  for (int i = 0; i < p->p->budget_count; i++) budget &= wide_shown(p->p->budget[i].amount);
  if (!payments_shown(p))
    note_too_large(p, SAY("What organisations paid to suppliers"), &p->p->largest);
  if (!budget) note_too_large(p, SAY("What organisations were budgeted"), &p->p->largest_budget);
}

static void add_notes(struct place_page *p) {
  document_list(p->d, "notes", SAY("Notes"));
  if (same_as_nothing(&p->t->total) && !p->p->total.payments && !p->p->budget_count)
    document_list_item(p->d, SAY("Nothing was recorded for this year."));
  document_list_item(p->d, SAY("What people paid, received and used is of the tax year; payments "
                               "and budgets are of the financial year, 1 April to 31 March."));
  if (p->t->total.unvalued)
    document_list_item(
        p->d,
        SAY_COUNT("%lld use of a service is counted but not valued: what one costs is not known.",
                  "%lld uses of services are counted but not valued: what one costs is not known.",
                  p->t->total.unvalued));
  if (p->t->elsewhere)
    document_list_item(
        p->d,
        SAY_COUNT("%lld item is in this account although its person's place on its day is not "
                  "known or lies outside: this account holds every item that was recorded.",
                  "%lld items are in this account although their person's place on their day is "
                  "not known or lies outside: this account holds every item that was recorded.",
                  p->t->elsewhere));
  add_too_large(p);
  document_list_end(p->d);
}

/* ---- what households typically pay in prices ---- */

/* The households of the place itself: also those whose place is not known, where the account has
 * the whole book, as for its people. */
struct place_homes {
  const struct scope *s;
  int64_t count, last; /* the household that was counted last */
};

static void count_household(void *context, int64_t household, int64_t place) {
  struct place_homes *homes = context;
  const struct places *places = homes->s->places;
  const int index = place ? places_by_id(places, place) : PLACE_NONE;
  if (household == homes->last) return;
  if (index == PLACE_NONE ? !homes->s->whole : !places_within(places, index, homes->s->place))
    return;
  homes->last = household;
  homes->count++;
}

static void add_in_prices(struct place_page *p) {
  struct place_homes homes = {.s = p->s};
  place_households(p->s, count_household, &homes);
  const struct in_prices what = {p->s->pack, p->s->request->year, homes.count};
  in_prices_add(&what, p->d, p->language, p->s->arena);
}

/* ---- what is not in it ---- */

static void add_left_out(struct place_page *p) {
  if (!has_citizens(p)) { /* a book of published payments says nothing of people */
    document_absent(p->d, "left_out");
    document_absent(p->d, "not_valued");
    return;
  }
  const int count = p->s->pack->category_count;
  bool *recorded = arena_array(p->s->arena, bool, count + 1),
       *unvalued = arena_array(p->s->arena, bool, count + 1);
  for (int64_t id = 1; id <= p->s->chart->max; id++) {
    if (!chart_category(p->s->chart, id)) continue;
    recorded[p->s->chart->rank[id]] = p->t->recorded[id];
    unvalued[p->s->chart->rank[id]] = p->t->unvalued[id];
  }
  place_add_left_out(p->d, &(struct left_out){.pack = p->s->pack,
                                              .year = p->s->request->year,
                                              .language = p->language,
                                              .arena = p->s->arena,
                                              .recorded = recorded,
                                              .unvalued = unvalued});
}

/* ---- all of it ---- */

/* Zeros for a year of which the book has nothing would read as if nobody had paid or received. */
static enum status refuse_empty_year(struct scope *s, const struct tally *tally,
                                     const struct payments *payments, struct error *err) {
  struct standing standing = {0};
  struct text years = {0};
  char written[8];
  if (!figures_none(&tally->total.totals) || payments->total.payments || payments->budget_count)
    return DONE;
  enum status status = standing_years(s->store, s->arena, NULL, &standing, err);
  for (int i = 0; status == DONE && i < standing.count; i++) {
    if (standing.year[i] == s->request->year) return text_release(&years), DONE;
    text_addf(&years, "%s%s", i ? ", " : "", year_write(standing.year[i], written));
  }
  if (status != DONE) return status;
  year_write(s->request->year, written);
  status = standing.count ? refuse(err, PLACE_YEAR_EMPTY, written, years.bytes)
                          : refuse(err, PLACE_BOOK_EMPTY);
  text_release(&years);
  return status;
}

/* At which prices services were counted, where these are old. */
static void add_prices(struct place_page *p) {
  struct price_years prices = {0};
  for (int i = 0; i < p->s->codes->service_count; i++)
    for (int y = 0; y < COST_YEARS; y++)
      if (p->t->costs[i][y / 64] >> (y % 64) & 1) price_years_add(&prices, COST_YEAR_FIRST + y);
  const char *words = price_years_words(&prices, p->s->request->year, p->language, p->s->arena);
  if (words) document_paragraph(p->d, words);
}

static void add_residents(struct place_page *p) {
  struct text count = {0};
  text_add_count(&count, p->t->residents);
  document_paragraph(p->d,
                     arena_printf(p->s->arena,
                                  say_count(p->language, "%s person lived here in the year.",
                                            "%s people lived here in the year.", p->t->residents),
                                  count.bytes));
  text_release(&count);
}

enum status place_account(struct store *store, const struct pack *pack,
                          const struct place_request *request, struct arena *arena,
                          struct document **out, struct error *err) {
  static const char *const csv[] = {"section", "key|body", "name",        "stream",
                                    "paid",    "received", "services",    "given_minutes",
                                    "people",  "employer", "given_value", "estimated",
                                    "amount",  "payments", "category",    "conditions"};
  struct scope scope = {.store = store, .arena = arena, .request = request, .pack = pack},
               *s = &scope;
  struct tally tally;
  struct payments payments;
  enum status status = store_lock_shared(store, BOOK_LOCK, err);
  if (status != DONE) return status;
  status = scope_read(s, err);
  if (status == DONE) status = gather_citizens(s, &tally, err);
  if (status == DONE) status = gather_payments(s, &payments, err);
  struct place_page page = {.s = s, .t = &tally, .p = &payments, .language = request->language},
                    *p = &page;
  if (status == DONE && !payments_shown(p)) status = payments_largest(s, &payments.largest, err);
  store_unlock(store, BOOK_LOCK);
  if (status == DONE) status = refuse_empty_year(s, &tally, &payments, err);
  if (status != DONE) return status;
  const struct place *place = &s->places->all[s->place];
  page.d = *out = document_new(arena, page.language,
                               arena_printf(arena, SAY("The account of %s for %s"), place->name,
                                            year_text(s, request->year)));
  document_csv_columns(page.d, csv, sizeof csv / sizeof *csv);
  document_value(page.d, "place", NULL, doc_text(place->code));
  document_value(page.d, "name", NULL, doc_text(place->name));
  document_value(page.d, "year", NULL, doc_text(year_text(s, request->year)));
  bool only_bodies = !has_citizens(p) && (payments.total.payments || payments.budget_count);
  document_value(page.d, "people", NULL, doc_count(tally.residents));
  if (!only_bodies) add_residents(p);
  add_prices(p);
  add_left_out(p);
  add_totals(p);
  add_per_head(p);
  add_rows(p);
  add_parts(p);
  add_spend(p);
  add_budget(p);
  add_unattributed(p);
  add_in_prices(p);
  add_sources(p);
  add_notes(p);
  keeper_add(p->d, &s->keeper, p->language);
  return DONE;
}
