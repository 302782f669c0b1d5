/* The tables of a publication: rows, cells, and each as a document of its own. */
#include "publish/page.h"

#include <stdlib.h>

#define SAY(text) say(g->language, (text))
#define LABEL(text) (shown ? say(g->language, text) : NULL)

/* ---- words ---- */

static const struct {
  const char *word, *title;
} tables[PUBLISH_TABLES] = {
    [PUBLISH_CATEGORY] = {"category", N_("By category")},
    [PUBLISH_COFOG] = {"cofog", N_("By area of government")},
    [PUBLISH_PURPOSE] = {"purpose", N_("By what it is for")},
    [PUBLISH_DOMAIN] = {"domain", N_("By part of life")},
    [PUBLISH_SIDE] = {"side", N_("By paid or received")},
    [PUBLISH_AGES] = {"ages", N_("Who lived here, by age")},
    [PUBLISH_REACH] = {"reach", N_("Who it reaches: people of each category, by age")},
    [PUBLISH_LOCALITIES] = {"localities", N_("Who it reaches: people of each category, by place")},
    [PUBLISH_PLACES] = {"places", N_("Areas within it")},
    [PUBLISH_IN_PRICES] = {"in-prices", N_("Taxes in prices: what households typically pay")},
    [PUBLISH_SPEND] = {"spend", N_("What organisations paid to suppliers")},
    [PUBLISH_FILES] = {"files", N_("The files that payments are known from")},
};

const char *publish_table_word(enum publish_table table) { return tables[table].word; }
const char *publish_table_title(enum publish_table table, enum language language) {
  return say(language, tables[table].title);
}

bool publish_table_parse(struct span word, enum publish_table *out) {
  for (int t = 0; t < PUBLISH_TABLES; t++)
    if (span_is(word, tables[t].word)) {
      *out = (enum publish_table)t;
      return true;
    }
  return false;
}

bool publication_has(const struct publication *p, int node, enum publish_table table) {
  switch (table) {
  case PUBLISH_REACH: return node == 0;
  case PUBLISH_LOCALITIES:
  case PUBLISH_PLACES: return p->nodes[node].first_child >= 0;
  case PUBLISH_FILES: return p->file_count > 0 && node == 0;
  case PUBLISH_IN_PRICES: {
    const struct in_prices what = publication_in_prices(p, node);
    return in_prices_some(&what);
  }
  case PUBLISH_SPEND:
    for (int i = 0; i < p->payer_count; i++)
      if (p->spending[node * p->payer_count + i].payments ||
          p->spending[node * p->payer_count + i].amount)
        return true;
    return false;
  default: return true;
  }
}

const char *page_year(const struct public_page *g) {
  return year_write(g->p->year, arena_alloc(g->arena, 8));
}

const char *page_age_name(const struct public_page *g, int band) {
  switch (band) {
  case 0: return SAY("Under 16");
  case AGES - 1: return SAY("85 and over");
  case AGES: return SAY("All ages");
  default:
    return arena_printf(g->arena, SAY("%d to %d"), band == 1 ? 16 : 5 + band * 10, 14 + band * 10);
  }
}

const char *page_payer_name(const struct public_page *g, int payer) {
  return g->p->payers[payer].name ? g->p->payers[payer].name : SAY("No organisation named");
}

/* ---- cells ---- */

const struct public_cell *page_total(const struct public_page *g, enum pack_shown f) {
  return &g->p->totals[g->node * FIGURE_COUNT + (int)f];
}
const struct public_cell *page_ages(const struct public_page *g) {
  return &g->p->ages[g->node * (AGES + 1)];
}
const struct public_cell *page_residents(const struct public_page *g) {
  return &page_ages(g)[AGES];
}

struct doc_value page_figure(enum pack_shown f, wide_t n) {
  return f == SHOWN_GIVEN ? doc_minutes(n) : doc_pounds(n);
}
struct doc_value page_amount(const struct public_page *g, enum pack_shown f,
                             const struct public_cell *cell) {
  (void)g;
  return cell->hidden ? doc_hidden() : page_figure(f, cell->shown_amount);
}

struct doc_value page_a_head(enum pack_shown f, wide_t n, int64_t people) {
  enum { PENCE_A_POUND = 100 };
  const int64_t unit = f == SHOWN_GIVEN ? 1 : PENCE_A_POUND;
  return people > 0 ? page_figure(f, wide_scale(n, 1, people * unit) * unit) : doc_null();
}

bool page_unvalued(const struct public_page *g, int category) {
  const struct publication *p = g->p;
  const struct public_cell *cell = &p->cells[g->node * p->categories + category];
  if (p->pack->categories[category].shown != SHOWN_SERVICES || cell->hidden ||
      !cell->shown_people || cell->shown_amount)
    return false;
  for (int i = 0; i < p->source_count; i++)
    if (p->sources[i].category == category) return false;
  return true;
}

static struct doc_value people_of(const struct public_cell *c) {
  return c->hidden ? doc_hidden() : doc_count(c->shown_people);
}

/* ---- rows ---- */

static int group_count(const struct pack *pack, enum publish_table by) {
  switch (by) {
  case PUBLISH_COFOG: return pack->cofog_count + 1;
  case PUBLISH_PURPOSE: return PURPOSE_COUNT;
  case PUBLISH_DOMAIN: return pack->domain_count + 1;
  default: return SIDE_COUNT + 1;
  }
}

static int group_of(const struct pack *pack, enum publish_table by, const struct pack_category *c) {
  switch (by) {
  case PUBLISH_COFOG: return c->cofog ? (int)(c->cofog - pack->cofogs) : pack->cofog_count;
  case PUBLISH_PURPOSE: return c->purpose == PURPOSE_NONE ? PURPOSE_COUNT - 1 : (int)c->purpose - 1;
  case PUBLISH_DOMAIN: return c->domain ? (int)(c->domain - pack->domains) : pack->domain_count;
  default: return (int)c->side;
  }
}

static struct row_name group_name(const struct public_page *g, enum publish_table by, int group) {
  const struct pack *pack = g->p->pack;
  switch (by) {
  case PUBLISH_COFOG:
    if (group == pack->cofog_count)
      return (struct row_name){
          "none", SAY("No area of government: taxes, contributions, charges and time")};
    return (struct row_name){pack->cofogs[group].code, pack->cofogs[group].name[g->language]};
  case PUBLISH_PURPOSE: return place_purpose_name(g->language, group);
  case PUBLISH_DOMAIN:
    if (group == pack->domain_count)
      return (struct row_name){"none", SAY("No part of life: taxes, contributions and charges")};
    return (struct row_name){pack->domains[group].code, pack->domains[group].name[g->language]};
  default:
    return (struct row_name){group < SIDE_COUNT ? pack_side_word((enum pack_side)group) : "none",
                             place_side_name(g->language, group)};
  }
}

static struct public_row *rows_by_category(struct public_page *g, int *count) {
  const struct publication *p = g->p;
  struct public_row *rows = arena_array(g->arena, struct public_row, p->categories + 1);
  *count = 0;
  for (int c = 0; c < p->categories; c++) {
    const struct public_cell *cell = &p->cells[g->node * p->categories + c];
    const struct pack_category *category = &p->pack->categories[c];
    enum pack_shown f = category->shown;
    if (!pack_is_summed(category) || (!cell->lines && !cell->amount)) continue;
    struct public_row *r = &rows[(*count)++];
    *r = (struct public_row){.key = category->code,
                             .name = category->name[g->language],
                             .people = cell->shown_people,
                             .hidden = cell->hidden};
    r->amount[f] = cell->shown_amount;
    r->estimated[f] = cell->estimated;
    r->has[f] = true;
    r->unvalued = page_unvalued(g, c);
  }
  return rows;
}

/* Sums of the figures that are shown by category, and one row at the end, without a figure, where
 * some are hidden. So a grouping reveals nothing that the table by category does not. */
struct public_row *page_rows(struct public_page *g, enum publish_table by, int *count) {
  const struct publication *p = g->p;
  if (by == PUBLISH_CATEGORY) return rows_by_category(g, count);
  int groups = group_count(p->pack, by);
  struct public_row *all = arena_array(g->arena, struct public_row, groups + 1);
  for (int c = 0; c < p->categories; c++) {
    const struct public_cell *cell = &p->cells[g->node * p->categories + c];
    enum pack_shown f = p->pack->categories[c].shown;
    if (!pack_is_summed(&p->pack->categories[c]) || (!cell->lines && !cell->amount)) continue;
    struct public_row *r =
        &all[cell->hidden ? groups : group_of(p->pack, by, &p->pack->categories[c])];
    if (!cell->hidden) r->amount[f] += cell->shown_amount;
    r->unvalued |= page_unvalued(g, c);
    r->has[f] = true;
    r->estimated[f] |= cell->estimated && !cell->hidden;
  }
  *count = 0;
  for (int i = 0; i <= groups; i++) {
    bool any = false;
    for (int f = 0; f < FIGURE_COUNT; f++) any |= all[i].has[f];
    if (!any) continue;
    struct row_name name =
        i < groups ? group_name(g, by, i)
                   : (struct row_name){"hidden", SAY("What is hidden by category, together")};
    all[*count] = all[i];
    all[*count].unvalued &= !all[i].amount[SHOWN_SERVICES];
    all[*count].key = name.key;
    all[*count].name = name.name;
    all[(*count)++].rest = i == groups;
  }
  return all;
}

/* ---- tables ---- */

static void add_figure_columns(const struct public_page *g, struct doc_column *columns,
                               bool shown) {
  for (int i = 0; i < FIGURE_COUNT; i++) {
    const enum pack_shown f = figures_order[i];
    columns[i] = (struct doc_column){place_figures[f].key,
                                     shown ? figures_name(g->language, f, 0) : NULL};
  }
}

void page_table_by(struct public_page *g, const struct public_row *rows, int count,
                   enum publish_table by, bool shown) {
  struct doc_column columns[3 + FIGURE_COUNT + 2] = {{"key", NULL}, {"name", LABEL(N_("What"))}};
  int size = 2 + FIGURE_COUNT;
  add_figure_columns(g, columns + 2, shown);
  if (by == PUBLISH_CATEGORY) columns[size++] = (struct doc_column){"people", LABEL(N_("People"))};
  columns[size++] = (struct doc_column){"estimated", LABEL(N_("estimated"))};
  columns[size++] = (struct doc_column){"hidden", NULL};
  document_table(g->d, "by", NULL, columns, size, tables[by].word);
  for (int i = 0; i < count; i++) {
    const struct public_row *r = &rows[i];
    document_cell(g->d, doc_text(r->key));
    document_cell(g->d, doc_text(r->name));
    bool any = r->hidden, estimated = false;
    for (int k = 0; k < FIGURE_COUNT; k++) {
      enum pack_shown f = figures_order[k];
      bool hidden = r->has[f] && (r->hidden || r->rest);
      any |= hidden;
      estimated |= !r->hidden && r->estimated[f];
      document_cell(g->d, hidden                               ? doc_hidden()
                          : r->unvalued && f == SHOWN_SERVICES ? doc_null()
                                                               : page_figure(f, r->amount[f]));
    }
    if (by == PUBLISH_CATEGORY)
      document_cell(g->d, r->hidden ? doc_hidden() : doc_count(r->people));
    document_cell(g->d, doc_bool(estimated));
    document_cell(g->d, doc_bool(any));
  }
  document_table_end(g->d);
}

void page_table_ages(struct public_page *g, bool shown) {
  const struct doc_column columns[] = {{"ages", LABEL(N_("Age"))},
                                       {"people", LABEL(N_("People"))},
                                       {"hidden", NULL}};
  const struct public_cell *ages = page_ages(g);
  document_table(g->d, "ages", NULL, columns, 3, "ages");
  for (int a = 0; a < AGES; a++) {
    document_cell(g->d, doc_text(page_age_name(g, a)));
    document_cell(g->d, people_of(&ages[a]));
    document_cell(g->d, doc_bool(ages[a].hidden));
  }
  const struct doc_value totals[] = {doc_null(), people_of(&ages[AGES]), doc_null()};
  document_table_total(g->d, SAY("All ages"), totals);
  document_table_end(g->d);
}

static void page_table_reach(struct public_page *g, bool shown) {
  static const char *const keys[] = {"under_16", "16_to_24", "25_to_34", "35_to_44",   "45_to_54",
                                     "55_to_64", "65_to_74", "75_to_84", "85_and_over"};
  const struct publication *p = g->p;
  struct doc_column columns[AGES + 3] = {{"key", NULL}, {"name", LABEL(N_("What"))}};
  for (int a = 0; a < AGES; a++)
    columns[2 + a] = (struct doc_column){keys[a], shown ? page_age_name(g, a) : NULL};
  columns[2 + AGES] = (struct doc_column){"people", LABEL(N_("All ages"))};
  document_table(g->d, "reach", NULL, columns, AGES + 3, "reach");
  for (int c = 0; c < p->categories; c++) {
    const struct public_cell *cell = &p->cells[c];
    if (!pack_is_summed(&p->pack->categories[c]) || !cell->lines) continue;
    document_cell(g->d, doc_text(p->pack->categories[c].code));
    document_cell(g->d, doc_text(p->pack->categories[c].name[g->language]));
    for (int a = 0; a < AGES; a++) document_cell(g->d, people_of(&p->reach[c * AGES + a]));
    document_cell(g->d, people_of(cell));
  }
  document_table_end(g->d);
}

enum { LOCALITIES_SHOWN = 12 }; /* columns that fit on a page */

static bool recorded(const struct public_page *g, int category) {
  const struct public_cell *cell = &g->p->cells[g->node * g->p->categories + category];
  return pack_is_summed(&g->p->pack->categories[category]) && cell->lines;
}

/* For people: a row for each category and a column for each place. */
static void show_localities(struct public_page *g, int places) {
  const struct publication *p = g->p;
  struct doc_column columns[LOCALITIES_SHOWN + 2] = {{NULL, SAY("What")}};
  int size = 1;
  for (int n = p->nodes[g->node].first_child; n >= 0; n = p->nodes[n].next)
    if (!p->nodes[n].rest) columns[size++] = (struct doc_column){NULL, p->nodes[n].name};
  columns[size++] = (struct doc_column){NULL, p->nodes[g->node].name};
  document_table(g->d, NULL, NULL, columns, places + 2, NULL);
  for (int c = 0; c < p->categories; c++) {
    if (!recorded(g, c)) continue;
    document_cell(g->d, doc_text(p->pack->categories[c].name[g->language]));
    for (int n = p->nodes[g->node].first_child; n >= 0; n = p->nodes[n].next)
      if (!p->nodes[n].rest) document_cell(g->d, people_of(&p->cells[n * p->categories + c]));
    document_cell(g->d, people_of(&p->cells[g->node * p->categories + c]));
  }
  document_table_end(g->d);
}

/* For programs: a row for each category and place. */
static void page_table_localities(struct public_page *g) {
  const struct publication *p = g->p;
  const struct doc_column columns[] = {{"key", NULL},        {"name", NULL},   {"place", NULL},
                                       {"place_name", NULL}, {"people", NULL}, {"hidden", NULL}};
  int places = 0;
  for (int n = p->nodes[g->node].first_child; n >= 0; n = p->nodes[n].next)
    places += !p->nodes[n].rest;
  if (places <= LOCALITIES_SHOWN) show_localities(g, places);
  else
    document_paragraph(g->d,
                       SAY("This table is too wide for a page. It is there as CSV and as JSON."));
  document_table(g->d, "localities", NULL, columns, 6, "localities");
  for (int c = 0; c < p->categories; c++)
    for (int n = p->nodes[g->node].first_child; n >= 0; n = p->nodes[n].next) {
      const struct public_cell *cell = &p->cells[n * p->categories + c];
      if (p->nodes[n].rest || !recorded(g, c)) continue;
      document_cell(g->d, doc_text(p->pack->categories[c].code));
      document_cell(g->d, doc_text(p->pack->categories[c].name[g->language]));
      document_cell(g->d, doc_text(p->nodes[n].code));
      document_cell(g->d, doc_text(p->nodes[n].name));
      document_cell(g->d, people_of(cell));
      document_cell(g->d, doc_bool(cell->hidden));
    }
  document_table_end(g->d);
}

/* For people per head; programs get the sums too. */
void page_table_places(struct public_page *g, bool shown) {
  const struct publication *p = g->p;
  struct doc_column columns[3 + FIGURE_COUNT * 2] = {{"key", NULL},
                                                     {"name", LABEL(N_("Place"))},
                                                     {"people", LABEL(N_("People"))}};
  int size = 3 + FIGURE_COUNT;
  add_figure_columns(g, columns + 3, false);
  for (int i = 0; i < FIGURE_COUNT; i++) {
    const struct place_figure *f = &place_figures[figures_order[i]];
    if (f->key_per_head)
      columns[size++] = (struct doc_column){f->key_per_head, LABEL(f->column_per_head)};
  }
  document_table(g->d, "places", NULL, columns, size, "places");
  for (int n = p->nodes[g->node].first_child; n >= 0; n = p->nodes[n].next) {
    const struct public_cell *totals = &p->totals[n * FIGURE_COUNT],
                             *residents = &p->ages[n * (AGES + 1) + AGES];
    bool any = residents->people > 0;
    for (int f = 0; f < FIGURE_COUNT; f++) any |= totals[f].lines || totals[f].amount;
    if (!any && p->nodes[n].rest) continue;
    document_cell(g->d, p->nodes[n].rest ? doc_null() : doc_text(p->nodes[n].code));
    document_cell(g->d, doc_text(p->nodes[n].rest ? SAY("In none of them") : p->nodes[n].name));
    document_cell(g->d, people_of(residents));
    for (int i = 0; i < FIGURE_COUNT; i++) {
      enum pack_shown f = figures_order[i];
      document_cell(g->d, page_amount(g, f, &totals[f]));
    }
    for (int i = 0; i < FIGURE_COUNT; i++) {
      enum pack_shown f = figures_order[i];
      if (place_figures[f].key_per_head)
        document_cell(g->d, totals[f].hidden || residents->hidden
                                ? doc_hidden()
                                : page_a_head(f, totals[f].shown_amount, residents->shown_people));
    }
  }
  document_table_end(g->d);
}

struct payer_order {
  const struct spending *spending;
  int payer;
};

static int compare_payers(const void *a, const void *b) {
  const struct payer_order *x = a, *y = b;
  if (x->spending->shown_amount != y->spending->shown_amount)
    return x->spending->shown_amount < y->spending->shown_amount ? 1 : -1;
  return (x->payer > y->payer) - (x->payer < y->payer);
}

void page_table_spend(struct public_page *g, bool shown) {
  const struct publication *p = g->p;
  const struct doc_column columns[] = {{"key", NULL},
                                       {"name", LABEL(N_("Organisation"))},
                                       {"amount", LABEL(N_("Amount"))},
                                       {"payments", LABEL(N_("Payments"))}};
  struct payer_order *order = arena_array(g->arena, struct payer_order, p->payer_count + 1);
  const struct spending *total = &p->spending_totals[g->node];
  for (int i = 0; i < p->payer_count; i++)
    order[i] = (struct payer_order){&p->spending[g->node * p->payer_count + i], i};
  array_sort(order, p->payer_count, compare_payers);
  document_table(g->d, "lines", NULL, columns, 4, "spend");
  for (int i = 0; i < p->payer_count; i++) {
    const struct spending *s = order[i].spending;
    const char *code = p->payers[order[i].payer].code;
    if (!s->payments && !s->amount) continue;
    document_cell(g->d, doc_text(code ? code : "none"));
    document_cell(g->d, doc_text(page_payer_name(g, order[i].payer)));
    document_cell(g->d, doc_pounds(s->shown_amount));
    document_cell(g->d, doc_count(s->shown_payments));
  }
  const struct doc_value totals[] = {doc_null(), doc_null(), doc_pounds(total->shown_amount),
                                     doc_count(total->shown_payments)};
  if (shown) document_table_total(g->d, SAY("Total"), totals);
  document_table_end(g->d);
}

void page_table_files(struct public_page *g, bool shown) {
  const struct doc_column columns[] = {{"file", LABEL(N_("File"))},
                                       {"profile", LABEL(N_("Form of the file"))},
                                       {"rows", LABEL(N_("Rows"))},
                                       {"taken_in", LABEL(N_("Uploaded"))}};
  document_table(g->d, "files", LABEL(N_("The files that payments are known from")), columns, 4,
                 "files");
  for (int i = 0; i < g->p->file_count; i++) {
    const struct source_file *f = &g->p->files[i];
    document_cell(g->d, doc_text(f->name));
    document_cell(g->d, doc_text(f->profile));
    document_cell(g->d, doc_count(f->rows));
    document_cell(g->d, doc_day(f->day));
  }
  document_table_end(g->d);
}

/* ---- one table alone ---- */

static const char *const *csv_columns(enum publish_table table, int *count) {
  static const char *const by[] = {"key",           "name",     "paid",   "received",  "services",
                                   "given_minutes", "employer", "people", "estimated", "hidden"};
  static const char *const group[] = {"key",      "name",      "paid",
                                      "received", "services",  "given_minutes",
                                      "employer", "estimated", "hidden"};
  static const char *const ages[] = {"ages", "people", "hidden"};
  static const char *const reach[] = {"key",      "name",     "under_16",    "16_to_24",
                                      "25_to_34", "35_to_44", "45_to_54",    "55_to_64",
                                      "65_to_74", "75_to_84", "85_and_over", "people"};
  static const char *const localities[] = {"key",        "name",   "place",
                                           "place_name", "people", "hidden"};
  static const char *const places[] = {"key",
                                       "name",
                                       "people",
                                       "paid",
                                       "received",
                                       "services",
                                       "given_minutes",
                                       "employer",
                                       "paid_per_head",
                                       "received_per_head",
                                       "services_per_head",
                                       "given_minutes_per_head"};
  static const char *const in_prices[] = {"category", "name", "amount"};
  static const char *const spend[] = {"key", "name", "amount", "payments"};
  static const char *const files[] = {"file", "profile", "rows", "taken_in"};
#define GIVE(list) (*count = (int)(sizeof(list) / sizeof *(list)), (list))
  switch (table) {
  case PUBLISH_CATEGORY: return GIVE(by);
  case PUBLISH_AGES: return GIVE(ages);
  case PUBLISH_REACH: return GIVE(reach);
  case PUBLISH_LOCALITIES: return GIVE(localities);
  case PUBLISH_PLACES: return GIVE(places);
  case PUBLISH_IN_PRICES: return GIVE(in_prices);
  case PUBLISH_SPEND: return GIVE(spend);
  case PUBLISH_FILES: return GIVE(files);
  default: return GIVE(group);
  }
}

struct document *publication_table(const struct publication *p, int node, enum publish_table table,
                                   enum language language, struct arena *arena) {
  struct public_page page = {.p = p, .node = node, .language = language, .arena = arena},
                     *g = &page;
  int count = 0;
  const char *const *keys = csv_columns(table, &count);
  g->d = document_new(arena, language,
                      arena_printf(arena, say(language, "%s: %s, %s"), p->nodes[node].name,
                                   publish_table_title(table, language), page_year(g)));
  document_csv_columns(g->d, keys, count);
  document_value(g->d, "place", NULL, doc_text(p->nodes[node].code));
  document_value(g->d, "year", NULL, doc_text(page_year(g)));
  page_add_edition(g);
  switch (table) {
  case PUBLISH_AGES: page_table_ages(g, true); break;
  case PUBLISH_REACH: page_table_reach(g, true); break;
  case PUBLISH_LOCALITIES: page_table_localities(g); break;
  case PUBLISH_PLACES: page_table_places(g, true); break;
  case PUBLISH_IN_PRICES: {
    const struct in_prices what = publication_in_prices(p, node);
    in_prices_add(&what, g->d, language, arena);
    break;
  }
  case PUBLISH_SPEND: page_table_spend(g, true); break;
  case PUBLISH_FILES: page_table_files(g, true); break;
  default: {
    int rows_count = 0;
    struct public_row *rows = page_rows(g, table, &rows_count);
    if (table != PUBLISH_CATEGORY) document_paragraph(g->d, page_sums_words(language));
    page_table_by(g, rows, rows_count, table, true);
  }
  }
  return g->d;
}
