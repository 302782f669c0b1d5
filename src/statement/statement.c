/* The document of one statement. Nothing is summed or read here: sums.c has the figures, gather.c
 * the lines and the household. */
#include "statement/subject.h"

#define SAY(text) say(p->language, (text))

static const struct pack_category *category_of(const struct statement_page *p, int id) {
  return chart_category(p->maker->reference_data->chart, id);
}

const char *page_year_text(const struct statement_page *p, int year) {
  return year_write(year, arena_alloc(p->arena, 8));
}

bool page_is_named(const struct statement_page *p) {
  return p->maker->request.named || p->subject->person->died != DAY_NONE;
}

const char *page_whose(const struct statement_page *p, const char *yours, const char *named) {
  return page_is_named(p) ? arena_printf(p->arena, named, p->subject->person->name) : yours;
}

const char *page_section(const struct statement_page *p, enum pack_shown section, wide_t n) {
  return page_is_named(p) ? figures_name_theirs(p->language, section, n)
                          : figures_name(p->language, section, n);
}

/* A sum with services in it: where no use has a cost, and nothing else is in it, it is not known,
 * and no figure. */
static struct doc_value sum_of(wide_t n, int64_t unvalued) {
  return !n && unvalued > 0 ? doc_unvalued() : doc_money(n);
}

static struct doc_value services_of(const struct year_sums *y) {
  return sum_of(y->totals.of[SHOWN_SERVICES], y->unvalued);
}

static wide_t received(const struct figures *t) {
  return t->of[SHOWN_CASH] + t->of[SHOWN_SERVICES];
}

static struct doc_value received_of(const struct year_sums *y) {
  return sum_of(received(&y->totals), y->unvalued);
}

static int64_t life_unvalued(const struct statement_page *p) {
  int64_t n = 0;
  for (int y = 0; y < p->sums->year_count; y++) n += p->sums->years[y].unvalued;
  return n;
}

/* What time given is valued at: nobody who gave none reads of it, and without a rate of an hour it
 * is not known. */
static void add_time_value(struct statement_page *p, const char *key, const char *label,
                           wide_t minutes, wide_t value) {
  document_value(p->d, key, minutes || value ? label : NULL,
                 minutes && !value ? doc_unvalued() : doc_money(value));
}

/* ---- tables of lines ---- */

/* The pack's units of services, for the translator: a unit that is not here is shown as in the
 * book. */
static const char *const units[] = {
    N_("application"), N_("attendance"), N_("case"),   N_("consultation"), N_("contact"),
    N_("course"),      N_("customer"),   N_("day"),    N_("dose"),         N_("episode"),
    N_("hour"),        N_("incident"),   N_("item"),   N_("journey"),      N_("meal"),
    N_("period"),      N_("programme"),  N_("review"), N_("scheme"),       N_("session"),
    N_("stay"),        N_("test"),       N_("visit"),  N_("week"),         N_("year")};

static struct doc_value unit_name(const struct statement_page *p, const char *unit) {
  for (size_t i = 0; unit && i < sizeof units / sizeof *units; i++)
    if (strcmp(unit, units[i]) == 0) return doc_text(say(p->language, units[i]));
  return unit && *unit ? doc_text(unit) : doc_null();
}

/* Services of which no use has a cost say so: nothing would be a figure. */
static struct doc_value group_amount(const struct group *g) {
  return g->unvalued && g->unvalued == g->entries && !g->amount ? doc_unvalued()
                                                                : doc_money(g->amount);
}

/* `2 of 4`: how many of the uses are in the amount; nothing where all or none are. */
static struct doc_value valued_of(const struct statement_page *p, int64_t unvalued, int64_t uses) {
  return unvalued > 0 && unvalued < uses
             ? doc_text(arena_printf(p->arena, SAY("%lld of %lld"), (long long)(uses - unvalued),
                                     (long long)uses))
             : doc_null();
}

/* The name of the column of valued_of, where a row of the section has it. */
static const char *valued_label(const struct statement_page *p, const struct group *groups,
                                int count) {
  bool some = false;
  for (int i = 0; i < count; i++)
    some |= groups[i].unvalued > 0 && groups[i].unvalued < groups[i].entries;
  return some ? SAY("Valued") : NULL;
}

/* Adds the rows of one section, as programs have them. People read this table too, unless it is
 * quiet. */
static void add_lines(struct statement_page *p, enum pack_shown shown, const char *section,
                      const char *head, wide_t total, bool quiet) {
  bool services = shown == SHOWN_SERVICES;
  struct doc_column columns[9] = {{"category", NULL},
                                  {"name", head},
                                  {"amount", services ? SAY("Cost") : SAY("Amount")},
                                  {"entries", SAY("Items")},
                                  {"estimated", SAY("estimated")},
                                  {"quantity", SAY("Used")},
                                  {"unit", NULL},
                                  {NULL, SAY("Counted in")},
                                  {NULL, valued_label(p, p->sums->groups, p->sums->group_count)}};
  int count = services ? 9 : 5;
  int64_t entries = 0;
  if (quiet)
    for (int i = 0; i < count; i++) columns[i].label = NULL;
  document_table(p->d, "lines", NULL, columns, count, section);
  for (int i = 0; i < p->sums->group_count; i++) {
    const struct group *g = &p->sums->groups[i];
    const struct pack_category *category = category_of(p, g->category);
    if (category->shown != shown) continue;
    entries += g->entries;
    document_cell(p->d, doc_text(category->code));
    document_cell(p->d, doc_text(category->name[p->language]));
    document_cell(p->d, group_amount(g));
    document_cell(p->d, doc_count(g->entries));
    document_cell(p->d, doc_bool(g->estimated));
    if (!services) continue;
    document_cell(p->d, g->unit ? doc_quantity(g->quantity) : doc_null());
    document_cell(p->d, g->unit ? doc_text(g->unit) : doc_null());
    document_cell(p->d, unit_name(p, g->unit));
    document_cell(p->d, valued_of(p, g->unvalued, g->entries));
  }
  const struct year_sums *year = &p->sums->years[p->sums->year_count - 1];
  struct doc_value totals[9] = {
      doc_null(),         doc_null(), services ? services_of(year) : doc_money(total),
      doc_count(entries), doc_null(), doc_null(),
      doc_null(),         doc_null(), doc_null()};
  if (entries && !quiet) document_table_total(p->d, SAY("Total"), totals);
  document_table_end(p->d);
}

/* What takes back lines of other years, of all categories of a section. */
struct corrected {
  wide_t amount;
  int64_t lines;
};

static struct corrected corrected_of(const struct statement_page *p, enum pack_shown shown) {
  struct corrected out = {0};
  for (int i = 0; i < p->sums->group_count; i++) {
    const struct group *g = &p->sums->groups[i];
    if (category_of(p, g->category)->shown != shown) continue;
    out.amount += g->corrected;
    out.lines += g->corrections;
  }
  return out;
}

/* The same rows for people, where the year has corrections of other years: what was paid or used
 * in the year, and in a row of their own the corrections, which are neither. */
static void add_lines_and_corrections(struct statement_page *p, enum pack_shown shown,
                                      const char *head, wide_t total) {
  const bool services = shown == SHOWN_SERVICES;
  const struct corrected corrected = corrected_of(p, shown);
  const struct doc_column columns[7] = {{NULL, head},
                                        {NULL, services ? SAY("Cost") : SAY("Amount")},
                                        {NULL, SAY("Items")},
                                        {NULL, SAY("estimated")},
                                        {NULL, SAY("Used")},
                                        {NULL, SAY("Counted in")},
                                        {NULL,
                                         valued_label(p, p->sums->groups, p->sums->group_count)}};
  int64_t entries = corrected.lines;
  document_table(p->d, NULL, NULL, columns, services ? 7 : 4, NULL);
  for (int i = 0; i < p->sums->group_count; i++) {
    const struct group *g = &p->sums->groups[i];
    const struct pack_category *category = category_of(p, g->category);
    if (category->shown != shown || g->entries == g->corrections) continue;
    entries += g->entries - g->corrections;
    document_cell(p->d, doc_text(category->name[p->language]));
    document_cell(p->d, doc_money(g->amount - g->corrected));
    document_cell(p->d, doc_count(g->entries - g->corrections));
    document_cell(p->d, doc_bool(g->estimated));
    if (!services) continue;
    document_cell(p->d, g->unit ? doc_quantity(g->quantity - g->corrected_quantity) : doc_null());
    document_cell(p->d, unit_name(p, g->unit));
    document_cell(p->d,
                  valued_of(p, g->unvalued - g->corrected_unvalued, g->entries - g->corrections));
  }
  const struct doc_value row[7] = {doc_text(SAY("Corrections of other years")),
                                   doc_money(corrected.amount),
                                   doc_count(corrected.lines),
                                   doc_bool(false),
                                   doc_null(),
                                   doc_null(),
                                   doc_null()},
                         totals[7] = {doc_null(), doc_money(total), doc_count(entries), doc_null(),
                                      doc_null(), doc_null(),       doc_null()};
  for (int i = 0; i < (services ? 7 : 4); i++) document_cell(p->d, row[i]);
  document_table_total(p->d, SAY("Total"), totals);
  document_table_end(p->d);
}

static void add_section(struct statement_page *p, enum pack_shown shown, const char *section,
                        const char *head, bool quiet) {
  const wide_t total = p->sums->totals.of[shown];
  const bool split = !quiet && corrected_of(p, shown).lines > 0;
  add_lines(p, shown, section, head, total, quiet || split);
  if (split) add_lines_and_corrections(p, shown, head, total);
}

static void add_paid(struct statement_page *p) {
  document_open(p->d, "paid", page_whose(p, SAY("What you paid"), SAY("What %s paid")));
  document_value(p->d, "total", NULL, doc_money(p->sums->totals.of[SHOWN_PAID]));
  add_section(p, SHOWN_PAID, "paid", SAY("Tax, contribution or charge"), false);
  document_close(p->d);
}

static void add_employer(struct statement_page *p) {
  bool some = false;
  for (int i = 0; i < p->sums->group_count; i++)
    some |= category_of(p, p->sums->groups[i].category)->shown == SHOWN_EMPLOYER;
  document_open(p->d, "employer",
                some ? page_whose(p, SAY("What your employer paid because you worked"),
                                  SAY("What the employer of %s paid"))
                     : NULL);
  if (some)
    document_paragraph(
        p->d, page_whose(p, SAY("This is paid by your employer and is not part of what you paid."),
                         SAY("This is paid by the employer and is not part of what %s paid.")));
  document_value(p->d, "total", NULL, doc_money(p->sums->totals.of[SHOWN_EMPLOYER]));
  add_section(p, SHOWN_EMPLOYER, "employer", SAY("Contribution"), !some);
  document_close(p->d);
}

/* Which of the rows nobody has in the hand. */
static void add_off_bills(struct statement_page *p) {
  for (int i = 0; i < p->sums->group_count; i++) {
    const struct group *g = &p->sums->groups[i];
    const struct pack_category *category = category_of(p, g->category);
    const char *bill = category->off_bill[p->language];
    if (!bill) continue;
    const struct text_filling all[] = {{"what", category->name[p->language]},
                                       {"bill", bill},
                                       {NULL, NULL}};
    struct text t = {0};
    text_add_filled(&t, SAY("{what} is taken off the {bill}. It is not paid out in money."), all);
    document_paragraph(p->d, text_take(p->arena, &t));
  }
}

static void add_received(struct statement_page *p) {
  const struct figures *t = &p->sums->totals;
  document_open(p->d, "received", page_whose(p, SAY("What you received"), SAY("What %s received")));
  document_value(p->d, "total", SAY("Benefits and the cost of services used"),
                 received_of(&p->sums->years[p->sums->year_count - 1]));
  document_open(p->d, "cash", page_section(p, SHOWN_CASH, t->of[SHOWN_CASH]));
  document_value(p->d, "total", NULL, doc_money(t->of[SHOWN_CASH]));
  add_section(p, SHOWN_CASH, "cash", SAY("Benefit or payment"), false);
  add_off_bills(p);
  document_close(p->d);
  document_open(p->d, "services",
                page_whose(p, SAY("Services you used, and what they cost"),
                           SAY("Services %s used, and what they cost")));
  document_value(p->d, "total", NULL, doc_money(t->of[SHOWN_SERVICES]));
  add_section(p, SHOWN_SERVICES, "services", SAY("Service"), false);
  document_close(p->d);
  document_close(p->d);
}

/* For people, where the year has corrections of other years: the time of the year, and in a row of
 * their own the corrections, which are no time. */
static void add_given_and_corrections(struct statement_page *p) {
  const struct doc_column columns[] = {{NULL, SAY("Type of time")}, {NULL, SAY("Time")},
                                       {NULL, SAY("Value")},        {NULL, SAY("Value of an hour")},
                                       {NULL, SAY("Items")},        {NULL, SAY("estimated")}};
  wide_t minutes = 0, value = 0;
  int64_t lines = 0;
  document_table(p->d, NULL, NULL, columns, 6, NULL);
  for (int i = 0; i < p->sums->time_sum_count; i++) {
    const struct time_sum *g = &p->sums->given[i];
    const wide_t recorded = g->minutes - g->corrected,
                 worth = g->rate ? wide_scale(recorded, g->rate->pence_an_hour, 60) : 0;
    minutes += g->corrected;
    value += g->value - worth;
    lines += g->corrections;
    if (g->entries == g->corrections) continue;
    document_cell(p->d, doc_text(g->category->name[p->language]));
    document_cell(p->d, doc_minutes(recorded));
    document_cell(p->d, g->rate ? doc_money(worth) : doc_unvalued());
    document_cell(p->d, g->rate ? doc_money(g->rate->pence_an_hour) : doc_null());
    document_cell(p->d, doc_count(g->entries - g->corrections));
    document_cell(p->d, doc_bool(g->estimated));
  }
  document_cell(p->d, doc_text(SAY("Corrections of other years")));
  document_cell(p->d, doc_minutes(minutes));
  document_cell(p->d, doc_money(value));
  document_cell(p->d, doc_null());
  document_cell(p->d, doc_count(lines));
  document_cell(p->d, doc_bool(false));
  document_table_end(p->d);
}

static void add_given(struct statement_page *p) {
  const struct sums *sums = p->sums;
  bool split = false;
  for (int i = 0; i < sums->time_sum_count; i++) split |= sums->given[i].corrections > 0;
  document_open(p->d, "given", page_whose(p, SAY("What you gave"), SAY("What %s gave")));
  document_value(p->d, "minutes",
                 sums->time_sum_count ? page_section(p, SHOWN_GIVEN, sums->totals.of[SHOWN_GIVEN])
                                      : NULL, /* the table says that nothing is recorded */
                 doc_minutes(sums->totals.of[SHOWN_GIVEN]));
  add_time_value(p, "value", SAY("Valued at"), sums->totals.of[SHOWN_GIVEN], sums->time_value);
  if (sums->time_sum_count)
    document_paragraph(
        p->d, SAY("The value of time stands beside the pounds and is never added to them."));
  struct doc_column columns[] = {{"category", NULL},
                                 {"name", SAY("Type of time")},
                                 {"minutes", SAY("Time")},
                                 {"value", SAY("Value")},
                                 {"rate", SAY("Value of an hour")},
                                 {"source", NULL},
                                 {"entries", SAY("Items")},
                                 {"rate_year", NULL},
                                 {"estimated", SAY("estimated")}};
  const int count = sizeof columns / sizeof *columns;
  for (int i = 0; split && i < count; i++) columns[i].label = NULL;
  document_table(p->d, "lines", NULL, columns, count, "given");
  for (int i = 0; i < sums->time_sum_count; i++) {
    const struct time_sum *g = &sums->given[i];
    document_cell(p->d, doc_text(g->category->code));
    document_cell(p->d, doc_text(g->category->name[p->language]));
    document_cell(p->d, doc_minutes(g->minutes));
    document_cell(p->d, g->rate ? doc_money(g->value) : doc_unvalued());
    document_cell(p->d, g->rate ? doc_money(g->rate->pence_an_hour) : doc_null());
    document_cell(p->d, g->rate ? doc_text(g->rate->source) : doc_null());
    document_cell(p->d, doc_count(g->entries));
    document_cell(p->d, g->rate ? doc_text(page_year_text(p, g->rate->year)) : doc_null());
    document_cell(p->d, doc_bool(g->estimated));
  }
  document_table_end(p->d);
  if (split) add_given_and_corrections(p);
  document_close(p->d);
}

/* ---- where it went ---- */

static wide_t share_of(const struct statement_page *p, const struct pack_tax_line *line) {
  return wide_scale(p->sums->base, line->share_hundredths, 10000);
}

static const char *share_text(const struct statement_page *p, int hundredths) {
  struct text t = {0};
  pack_add_share(&t, hundredths);
  return text_take(p->arena, &t);
}

static const char *base_name(const struct statement_page *p) {
  struct text t = {0};
  for (int i = 0; i < p->maker->reference_data->pack->category_count; i++) {
    const struct pack_category *category = &p->maker->reference_data->pack->categories[i];
    if (!category->tax_summary_base) continue;
    if (t.size) text_add(&t, " + ");
    text_add(&t, category->name[p->language]);
  }
  return text_take(p->arena, &t);
}

/* The same lines as bars, the largest first, as the tables are published. */
static void add_tax_chart(struct statement_page *p, const struct pack_tax_table *table) {
  const char *series = SAY("Amount");
  if (!table || p->sums->base <= 0) return;
  document_chart(p->d, CHART_BARS,
                 page_whose(p, SAY("Where your tax went"), SAY("Where the tax of %s went")),
                 page_whose(p,
                            SAY("Bars of what your tax was spent on; the figures are in the "
                                "table that follows."),
                            SAY("Bars of what the tax of %s was spent on; the figures are in the "
                                "table that follows.")),
                 &series, 1);
  for (int i = 0; i < table->line_count; i++) {
    const struct doc_value value = doc_money(share_of(p, &table->lines[i]));
    if (value.kind != DOC_MONEY || !value.number) continue;
    document_chart_point(p->d, table->lines[i].name[p->language], &value);
    document_chart_share(p->d, share_text(p, table->lines[i].share_hundredths));
  }
  document_chart_end(p->d);
}

static void add_tax_lines(struct statement_page *p, const struct pack_tax_table *table,
                          wide_t *remainder) {
  /* programs always get the fifteen rows; people do not get an empty table */
  bool some = p->sums->base > 0;
  const struct doc_column columns[] = {{"code", NULL},
                                       {"name", some ? SAY("Spending on") : NULL},
                                       {"cofog", NULL},
                                       {"share", some ? SAY("Share (%)") : NULL},
                                       {"amount", some ? SAY("Amount") : NULL}};
  *remainder = p->sums->base;
  document_table(p->d, "lines", NULL, columns, 5, "where-it-went");
  for (int i = 0; table && i < table->line_count; i++) {
    const struct pack_tax_line *line = &table->lines[i];
    const char **codes = arena_array(p->arena, const char *,
                                     line->cofog_count ? line->cofog_count : 1);
    for (int k = 0; k < line->cofog_count; k++) codes[k] = line->cofog[k]->code;
    const wide_t amount = share_of(p, line);
    *remainder -= amount;
    document_cell(p->d, doc_text(line->code));
    document_cell(p->d, doc_text(line->name[p->language]));
    document_cell(p->d, doc_texts(codes, line->cofog_count));
    document_cell(p->d, doc_number(share_text(p, line->share_hundredths)));
    document_cell(p->d, doc_money(amount));
  }
  document_table_end(p->d);
}

static void add_where_it_went(struct statement_page *p) {
  const struct pack_tax_table *table = pack_find_tax_table(p->maker->reference_data->pack, p->year);
  wide_t remainder = 0;
  document_open(p->d, "where_it_went",
                page_whose(p, SAY("Where your tax went"), SAY("Where the tax of %s went")));
  bool some = p->sums->base > 0;
  if (some)
    document_paragraph(
        p->d, page_whose(p,
                         SAY("Your Income Tax and National Insurance of the year, shared out as "
                             "public spending was, in the names of HMRC's annual tax summary."),
                         SAY("The Income Tax and National Insurance of %s for the year, shared out "
                             "as public spending was, in the names of HMRC's annual tax "
                             "summary.")));
  else if (p->sums->base < 0)
    document_paragraph(p->d, SAY("More Income Tax and National Insurance was corrected than was "
                                 "recorded for this year, so there is nothing to share out."));
  else
    document_paragraph(p->d, SAY("No Income Tax or National Insurance was recorded for this year, "
                                 "so there is nothing to share out."));
  document_open(p->d, "base", NULL);
  document_value(p->d, "what", NULL, doc_text(base_name(p)));
  document_value(p->d, "amount", some ? base_name(p) : NULL, doc_money(p->sums->base));
  document_close(p->d);
  if (table) {
    document_open(p->d, "table", NULL);
    document_value(p->d, "year", some ? SAY("Shares published for") : NULL,
                   doc_text(page_year_text(p, table->year)));
    document_value(p->d, "source", NULL, doc_text(table->source));
    document_value(p->d, "estimated", NULL, doc_bool(table->year < p->year));
    document_close(p->d);
    if (some && table->year < p->year)
      document_paragraph(p->d, SAY("These amounts are estimated: the shares of this year are not "
                                   "published yet, and those of an earlier year are used."));
  } else document_absent(p->d, "table");
  add_tax_chart(p, table);
  add_tax_lines(p, table, &remainder);
  document_value(p->d, "remainder", some ? SAY("Rounding in the published shares") : NULL,
                 doc_money(remainder));
  document_close(p->d);
}

/* ---- household, the year before, the life ---- */

static void add_household(struct statement_page *p) {
  bool some = p->subject->shared_count > 0;
  const struct doc_column columns[] = {{"category", NULL},
                                       {"name", some ? SAY("What") : NULL},
                                       {"section", NULL},
                                       {"amount", some ? SAY("Amount") : NULL},
                                       {"share_of", some ? SAY("People it was for") : NULL},
                                       {"note", NULL}};
  if (some) {
    document_open(p->d, NULL,
                  page_whose(p, SAY("Shared in your household"),
                             SAY("Shared in the household of %s")));
    document_paragraph(
        p->d, page_whose(p,
                         SAY("These are in the statement of somebody you lived with. They were "
                             "shared by the household, and are not added to your totals."),
                         SAY("These are in the statement of somebody who lived with %s. They were "
                             "shared by the household, and are not added to these totals.")));
  }
  document_table(p->d, "household", NULL, columns, 6, NULL);
  for (int i = 0; i < p->subject->shared_count; i++) {
    const struct shared *s = &p->subject->shared[i];
    const struct pack_category *category = category_of(p, s->category);
    document_cell(p->d, doc_text(category->code));
    document_cell(p->d, doc_text(category->name[p->language]));
    document_cell(p->d, doc_text(pack_shown_word(category->shown)));
    document_cell(p->d, doc_money(s->amount));
    document_cell(p->d, doc_count(s->people));
    document_cell(p->d,
                  doc_text(page_whose(p,
                                      SAY("Recorded for another person of the household; not added "
                                          "to your totals."),
                                      SAY("Recorded for another person of the household; not added "
                                          "to these totals."))));
  }
  document_table_end(p->d);
  if (some) document_close(p->d);
}

/* For programs: people have these figures beside the year's own (first_screen.c). */
static void add_previous(struct statement_page *p) {
  const struct sums *sums = p->sums;
  const struct year_sums *before = sums->year_count > 1 ? &sums->years[sums->year_count - 2] : NULL;
  if (!before || !before->lines) {
    document_absent(p->d, "previous");
    return;
  }
  document_open(p->d, "previous", NULL);
  document_value(p->d, "year", NULL, doc_text(page_year_text(p, before->year)));
  document_value(p->d, "paid", NULL, doc_money(before->totals.of[SHOWN_PAID]));
  document_value(p->d, "received", NULL, doc_money(received(&before->totals)));
  document_value(p->d, "services", NULL, services_of(before));
  document_value(p->d, "given_minutes", NULL, doc_minutes(before->totals.of[SHOWN_GIVEN]));
  document_close(p->d);
}

/* A few years are bars, each with its figure; a long life has no room for that many. */
enum { LIFE_BARS_MAX = 10 };

/* The year in which the records that we hold begin, where that is after the birth; else 0. */
static int since_year(const struct statement_page *p) {
  const struct year_sums *first = &p->sums->years[0];
  return first->lines && year_first_day(YEAR_TAX, first->year) > p->subject->person->born
             ? first->year
             : 0;
}

/* Whether a year up to the statement's has a line; the sums of none would read as nothing paid. */
static bool has_records(const struct statement_page *p) { return p->sums->years[0].lines > 0; }

static void add_since(const struct statement_page *p) {
  const int since = has_records(p) ? since_year(p) : p->subject->begins;
  if (!since && !has_records(p))
    document_paragraph(p->d, SAY("Nothing is recorded of these years or of any before."));
  if (since)
    document_paragraph(p->d, arena_printf(p->arena,
                                          SAY("Our records begin in April %d. What was before is "
                                              "not in these figures."),
                                          since));
}

static void add_life_chart(struct statement_page *p) {
  const struct sums *sums = p->sums;
  if (sums->year_count < 2) return;
  const char *series[] = {SAY("Paid"), SAY("Received")};
  document_chart(p->d, sums->year_count <= LIFE_BARS_MAX ? CHART_BARS : CHART_COLUMNS,
                 SAY("Paid and received, year by year"),
                 page_whose(p,
                            SAY("What you paid and what you received in each year; the figures "
                                "are in the table that follows."),
                            SAY("What %s paid and received in each year; the figures are in the "
                                "table that follows.")),
                 series, 2);
  document_chart_measure(p->d, CHART_YEARS);
  for (int i = 0; i < sums->year_count; i++) {
    const struct doc_value values[] = {doc_money(sums->years[i].totals.of[SHOWN_PAID]),
                                       doc_money(received(&sums->years[i].totals))};
    document_chart_point(p->d, page_year_text(p, sums->years[i].year), values);
  }
  document_chart_end(p->d);
}

/* For people: the categories of one section, under its name. */
static void add_life_section(struct statement_page *p, enum pack_shown shown) {
  const bool given = shown == SHOWN_GIVEN, services = shown == SHOWN_SERVICES;
  const wide_t total = p->sums->life.of[shown];
  bool some = false;
  for (int i = 0; i < p->sums->life_group_count; i++)
    some |= category_of(p, p->sums->life_groups[i].category)->shown == shown;
  if (!some) return;
  const struct doc_column columns[7] = {{NULL, SAY("What")},
                                        {NULL, given ? SAY("Time") : SAY("Amount")},
                                        {NULL, SAY("Items")},
                                        {NULL, SAY("estimated")},
                                        {NULL, SAY("Used")},
                                        {NULL, SAY("Counted in")},
                                        {NULL, valued_label(p, p->sums->life_groups,
                                                            p->sums->life_group_count)}};
  document_table(p->d, NULL, page_section(p, shown, total), columns, services ? 7 : 4, NULL);
  for (int i = 0; i < p->sums->life_group_count; i++) {
    const struct group *g = &p->sums->life_groups[i];
    const struct pack_category *category = category_of(p, g->category);
    if (category->shown != shown) continue;
    document_cell(p->d, doc_text(category->name[p->language]));
    document_cell(p->d, given ? doc_minutes(g->amount) : group_amount(g));
    document_cell(p->d, doc_count(g->entries));
    document_cell(p->d, doc_bool(g->estimated));
    if (!services) continue;
    document_cell(p->d, g->unit ? doc_quantity(g->quantity) : doc_null());
    document_cell(p->d, unit_name(p, g->unit));
    document_cell(p->d, valued_of(p, g->unvalued, g->entries));
  }
  const struct doc_value totals[7] = {
      doc_null(), given ? doc_minutes(total) : sum_of(total, services ? life_unvalued(p) : 0),
      doc_null(), doc_null(),
      doc_null(), doc_null(),
      doc_null()};
  document_table_total(p->d, SAY("Total"), totals);
  document_table_end(p->d);
}

/* By category: people read a table of each section, programs one of all. */
static void add_life_categories(struct statement_page *p, const char *csv_section) {
  const struct doc_column columns[] = {{"section", NULL}, {"category", NULL}, {"name", NULL},
                                       {"amount", NULL},  {"quantity", NULL}, {"unit", NULL},
                                       {"minutes", NULL}, {"entries", NULL},  {"estimated", NULL}};
  const int since = since_year(p);
  document_open(p->d, NULL,
                since ? arena_printf(p->arena, SAY("Since April %d, by category"), since)
                      : page_whose(p, SAY("Your life to date, by category"),
                                   SAY("The life of %s to date, by category")));
  for (int i = 0; i < FIGURE_COUNT; i++) add_life_section(p, figures_order[i]);
  document_close(p->d);
  document_table(p->d, "categories", NULL, columns, 9, csv_section);
  for (int i = 0; i < p->sums->life_group_count; i++) {
    const struct group *g = &p->sums->life_groups[i];
    const struct pack_category *category = category_of(p, g->category);
    bool given = category->shown == SHOWN_GIVEN;
    document_cell(p->d, doc_text(pack_shown_word(category->shown)));
    document_cell(p->d, doc_text(category->code));
    document_cell(p->d, doc_text(category->name[p->language]));
    document_cell(p->d, given ? doc_null() : group_amount(g));
    document_cell(p->d, g->unit ? doc_quantity(g->quantity) : doc_null());
    document_cell(p->d, g->unit ? doc_text(g->unit) : doc_null());
    document_cell(p->d, given ? doc_minutes(g->amount) : doc_null());
    document_cell(p->d, doc_count(g->entries));
    document_cell(p->d, doc_bool(g->estimated));
  }
  document_table_end(p->d);
}

/* People see the column of employers only where they paid something. */
static const char *employer_label(const struct statement_page *p) {
  bool some = false;
  for (int y = 0; y < p->sums->year_count; y++)
    some |= p->sums->years[y].totals.of[SHOWN_EMPLOYER] != 0;
  return some ? figures_name(p->language, SHOWN_EMPLOYER, 0) : NULL;
}

/* Below zero is no payment and no use. */
static void add_life_below_zero(struct statement_page *p) {
  bool some = false;
  for (int y = 0; y < p->sums->year_count; y++)
    for (int f = 0; f < FIGURE_COUNT; f++) some |= p->sums->years[y].totals.of[f] < 0;
  if (some)
    document_paragraph(p->d, SAY("A sum below zero is no payment and no use: in that year more was "
                                 "corrected than recorded."));
}

/* Which sections of the life rest on a line that is estimated. */
static void find_estimated(const struct statement_page *p, bool estimated[FIGURE_COUNT]) {
  const day_t last = year_last_day(YEAR_TAX, p->year);
  for (size_t i = 0; i < p->subject->count; i++) {
    const struct loaded_line *line = p->subject->lines[i];
    const struct pack_category *category = category_of(p, line->category);
    if (category && pack_is_summed(category) && line->estimated && !line->cancelled &&
        line->day <= last)
      estimated[category->shown] = true;
  }
}

/* A sum of the life as people read it: whole pounds, *about* where it is estimated. */
static struct doc_value life_sum(const struct statement_page *p, enum pack_shown shown,
                                 bool estimated) {
  const wide_t n = p->sums->life.of[shown];
  if (shown == SHOWN_GIVEN) return doc_minutes(n);
  if (shown == SHOWN_SERVICES && !n && life_unvalued(p)) return doc_unvalued();
  return doc_text(headline_amount(p->language, n, estimated, p->arena));
}

/* For programs; people read them rounded. */
static void add_life_sums(const struct statement_page *p) {
  const struct figures *life = &p->sums->life;
  document_value(p->d, "paid", NULL, doc_money(life->of[SHOWN_PAID]));
  document_value(p->d, "received", NULL, sum_of(received(life), life_unvalued(p)));
  document_value(p->d, "given_minutes", NULL, doc_minutes(life->of[SHOWN_GIVEN]));
}

/* Where a service of the life was counted at a price of before its own year: at which prices; else
 * null. */
static const char *life_prices(const struct statement_page *p) {
  struct price_years prices = {0};
  bool old = false;
  for (size_t i = 0; i < p->subject->count; i++) {
    const struct loaded_line *line = p->subject->lines[i];
    if (line->service <= 0 || !line->cost_year || line->cancelled) continue;
    old |= line->cost_year < year_of_day(YEAR_TAX, line->day);
    price_years_add(&prices, line->cost_year);
  }
  return old ? price_years_words(&prices, p->year, p->language, p->arena) : NULL;
}

static const char *filled(const struct statement_page *p, const char *message,
                          const struct text_filling *all) {
  struct text t = {0};
  text_add_filled(&t, message, all);
  return text_take(p->arena, &t);
}

static void add_sentence(struct text *t, const char *sentence) {
  text_addf(t, "%s%s", t->size ? " " : "", sentence);
}

/* What all years come to, in a sentence, and what is in it. */
static void say_life(const struct statement_page *p, const bool estimated[FIGURE_COUNT],
                     void (*add_first)(struct document *, const char *)) {
  const struct figures *life = &p->sums->life;
  const wide_t got = received(life);
  const bool about = estimated[SHOWN_CASH] || estimated[SHOWN_SERVICES],
             some = estimated[SHOWN_PAID] || about;
  if (figures_none(life) || life->of[SHOWN_PAID] < 0 || life->of[SHOWN_CASH] < 0 ||
      life->of[SHOWN_SERVICES] < 0 || !wide_shown(life->of[SHOWN_PAID]) || !wide_shown(got))
    return;
  const struct text_filling all[] = {
      {"name", p->subject->person->name},
      {"first", page_year_text(p, p->sums->years[0].year)},
      {"last", page_year_text(p, p->year)},
      {"year", page_year_text(p, p->year)},
      {"paid", headline_amount(p->language, life->of[SHOWN_PAID], estimated[SHOWN_PAID], p->arena)},
      {"got", headline_amount(p->language, got, about, p->arena)},
      {"cash", headline_amount(p->language, life->of[SHOWN_CASH], estimated[SHOWN_CASH], p->arena)},
      {"services",
       headline_amount(p->language, life->of[SHOWN_SERVICES], estimated[SHOWN_SERVICES], p->arena)},
      {NULL, NULL}};
  const bool one = p->sums->year_count < 2;
  add_first(
      p->d,
      filled(p,
             page_is_named(p)
                 ? (one ? SAY("In {year} {name} paid {paid} and received {got}.")
                        : SAY("From {first} to {last} {name} paid {paid} and received {got}."))
                 : (one ? SAY("In {year} you paid {paid} and received {got}.")
                        : SAY("From {first} to {last} you paid {paid} and received {got}.")),
             all));
  struct text t = {0};
  if (life->of[SHOWN_CASH] && life->of[SHOWN_SERVICES])
    add_sentence(&t, filled(p,
                            SAY("What was received is {cash} in benefits, pensions and grants, "
                                "and services that cost {services}."),
                            all));
  else if (life->of[SHOWN_SERVICES])
    add_sentence(&t, SAY("What was received is services, counted at what they cost."));
  const char *prices = life->of[SHOWN_SERVICES] > 0 ? life_prices(p) : NULL;
  if (prices) add_sentence(&t, prices);
  if (some) add_sentence(&t, SAY("“About” means that some of the items are estimated."));
  if (life_unvalued(p))
    add_sentence(&t, SAY("Some services were counted and not valued: what they cost is not known, "
                         "and they are in none of these sums."));
  if (t.size) document_paragraph(p->d, text_take(p->arena, &t));
}

static void add_life(struct statement_page *p) {
  const struct sums *sums = p->sums;
  const int since = since_year(p);
  const bool some = has_records(p);
  bool estimated[FIGURE_COUNT] = {false};
  find_estimated(p, estimated);
  document_open(p->d, "life",
                !some   ? SAY("All years together")
                : since ? arena_printf(p->arena, SAY("Since April %d"), since)
                        : page_whose(p, SAY("Your life to date"), SAY("The life of %s to date")));
  add_since(p);
  say_life(p, estimated, document_paragraph);
  add_life_sums(p);
  for (int i = 0; some && i < FIGURE_COUNT; i++) {
    const enum pack_shown shown = figures_order[i];
    if (shown != SHOWN_EMPLOYER)
      document_value(p->d, NULL, page_section(p, shown, sums->life.of[shown]),
                     life_sum(p, shown, estimated[shown]));
  }
  add_time_value(p, "given_value", SAY("Value of time for others"), sums->life.of[SHOWN_GIVEN],
                 sums->life_time_value);
  add_life_chart(p);
  const struct doc_column columns[] = {{"year", some ? SAY("Year") : NULL},
                                       {"paid", some ? SAY("Paid") : NULL},
                                       {"received", some ? SAY("Received") : NULL},
                                       {"services", some ? SAY("Of it, services") : NULL},
                                       {"given_minutes",
                                        some ? page_section(p, SHOWN_GIVEN, 0) : NULL},
                                       {NULL, employer_label(p)}};
  document_table(p->d, "by_year", NULL, columns, 6, NULL);
  for (int i = 0; i < sums->year_count; i++) {
    const struct year_sums *y = &sums->years[i];
    document_cell(p->d, doc_text(page_year_text(p, y->year)));
    document_cell(p->d, doc_money(y->totals.of[SHOWN_PAID]));
    document_cell(p->d, received_of(y));
    document_cell(p->d, services_of(y));
    document_cell(p->d, doc_minutes(y->totals.of[SHOWN_GIVEN]));
    document_cell(p->d, doc_money(y->totals.of[SHOWN_EMPLOYER]));
  }
  document_table_end(p->d);
  add_life_below_zero(p);
  if (p->maker->request.life) add_life_categories(p, NULL);
  document_close(p->d);
}

/* What both documents are made of; `d` is still to be made. */
static struct statement_page page_of(const struct maker *maker, const struct subject *subject,
                                     const struct sums *sums, struct arena *arena) {
  return (struct statement_page){.maker = maker,
                                 .subject = subject,
                                 .sums = sums,
                                 .arena = arena,
                                 .language = maker->request.language,
                                 .year = maker->request.year};
}

/* Where a mistake is put right, and where a sealed statement is checked. */
static void add_remedies(struct statement_page *p) {
  const struct keeper *keeper = &p->maker->reference_data->keeper;
  const char *portal = keeper_text(keeper, KEEPER_PORTAL, p->language),
             *key = p->maker->request.key;
  document_open(p->d, NULL, SAY("If something is wrong"));
  document_paragraph(
      p->d, keeper_named(keeper)
                ? page_whose(p,
                             SAY("Sign in, open the item in your account and choose “Something "
                                 "wrong with this?”. You can also write to those who keep these "
                                 "accounts. It costs nothing, and you get an answer with its "
                                 "reasons."),
                             SAY("Open the item in the account of %s and choose "
                                 "“Something wrong with this?”. You can also write to those who "
                                 "keep these accounts. It costs nothing, and you get an answer "
                                 "with its reasons."))
                : page_whose(p,
                             SAY("Sign in, open the item in your account and choose “Something "
                                 "wrong with this?”. It costs nothing, and you get an answer with "
                                 "its reasons."),
                             SAY("Open the item in the account of %s and choose "
                                 "“Something wrong with this?”. It costs nothing, and you get an "
                                 "answer with its reasons.")));
  document_close(p->d);
  if (!key) return;
  document_open(p->d, NULL, SAY("How to check this statement"));
  document_paragraph(
      p->d, portal ? arena_printf(p->arena,
                                  SAY("This statement is sealed. Anybody who has it as a file can "
                                      "check that nothing in it was changed or left out: %s/check"),
                                  portal)
                   : SAY("This statement is sealed. Anybody who has it as a file can check that "
                         "nothing in it was changed or left out, on the page “Check a statement” "
                         "of this service."));
  document_value(p->d, NULL, SAY("Fingerprint of the public key"), doc_text(key));
  document_close(p->d);
}

struct document *statement_make(const struct maker *maker, const struct subject *subject,
                                const struct sums *sums, struct arena *arena) {
  static const char *const csv[] = {"section", "category|code", "name",  "amount",  "quantity",
                                    "unit",    "minutes",       "value", "entries", "estimated"};
  struct statement_page page = page_of(maker, subject, sums, arena), *p = &page;
  const char *year = page_year_text(p, page.year);
  page.d = document_new(arena, page.language,
                        page_is_named(p) ? arena_printf(arena, SAY("Statement of %s for %s"),
                                                        subject->person->name, year)
                                         : arena_printf(arena, SAY("Your statement for %s"), year));
  document_csv_columns(page.d, csv, sizeof csv / sizeof *csv);
  statement_add_first_screen(p);
  add_paid(p);
  add_employer(p);
  add_received(p);
  add_given(p);
  add_where_it_went(p);
  add_household(p);
  add_previous(p);
  add_life(p);
  statement_add_holdings(p);
  statement_add_in_prices(p);
  statement_add_sources(p);
  statement_add_notes(p);
  add_remedies(p);
  keeper_add(p->d, &maker->reference_data->keeper, p->language);
  return page.d;
}

/* ---- the life alone ---- */

static void add_life_years(struct statement_page *p) {
  const struct doc_column columns[] = {{"year", SAY("Year")},
                                       {"paid", figures_name(p->language, SHOWN_PAID, 0)},
                                       {"cash", figures_name(p->language, SHOWN_CASH, 0)},
                                       {"services", figures_name(p->language, SHOWN_SERVICES, 0)},
                                       {"given_minutes", page_section(p, SHOWN_GIVEN, 0)},
                                       {"employer", employer_label(p)},
                                       {"given_value", NULL},
                                       {"entries", NULL}};
  const struct sums *sums = p->sums;
  document_table(p->d, "by_year", SAY("Year by year"), columns, 8, "year");
  for (int i = sums->year_count; i-- > 0;) { /* the newest first */
    const struct year_sums *y = &sums->years[i];
    document_cell(p->d, doc_text(page_year_text(p, y->year)));
    document_cell(p->d, doc_money(y->totals.of[SHOWN_PAID]));
    document_cell(p->d, doc_money(y->totals.of[SHOWN_CASH]));
    document_cell(p->d, services_of(y));
    document_cell(p->d, doc_minutes(y->totals.of[SHOWN_GIVEN]));
    document_cell(p->d, doc_money(y->totals.of[SHOWN_EMPLOYER]));
    document_cell(p->d, doc_money(y->time_value));
    document_cell(p->d, doc_count(y->entries));
  }
  const struct doc_value totals[8] = {doc_null(),
                                      doc_money(sums->life.of[SHOWN_PAID]),
                                      doc_money(sums->life.of[SHOWN_CASH]),
                                      sum_of(sums->life.of[SHOWN_SERVICES], life_unvalued(p)),
                                      doc_minutes(sums->life.of[SHOWN_GIVEN]),
                                      doc_money(sums->life.of[SHOWN_EMPLOYER]),
                                      doc_money(sums->life_time_value),
                                      doc_null()};
  document_table_total(p->d, SAY("In all"), totals);
  document_table_end(p->d);
  add_life_below_zero(p);
}

/* Whose it is, and of which years; then what they come to. */
static void add_life_person(const struct statement_page *p, const bool estimated[FIGURE_COUNT]) {
  const char *last = page_year_text(p, p->year);
  statement_add_person_line(
      p, p->sums->year_count < 2
             ? arena_printf(p->arena, SAY("These figures are of the tax year %s."), last)
             : arena_printf(p->arena, SAY("These figures are of the tax years %s to %s."),
                            page_year_text(p, p->sums->years[0].year), last));
  say_life(p, estimated, document_lead);
  add_since(p);
  if (year_last_day(YEAR_TAX, p->year) >= day_today()) {
    const struct text_filling all[] = {{"year", last}, {NULL, NULL}};
    document_paragraph(p->d,
                       filled(p, SAY("The year {year} is not over: more may be recorded."), all));
  }
}

static const char *life_title(const struct statement_page *p, int since) {
  if (!since) return page_whose(p, SAY("Your life so far"), SAY("The life of %s so far"));
  return page_is_named(p) ? arena_printf(p->arena, SAY("Records of %s since April %d"),
                                         p->subject->person->name, since)
                          : arena_printf(p->arena, SAY("Your records since April %d"), since);
}

struct document *statement_make_life(const struct maker *maker, const struct subject *subject,
                                     const struct sums *sums, struct arena *arena) {
  static const char *const csv[] = {
      "section",  "year|category",         "name",        "paid|amount", "employer", "cash",
      "services", "given_minutes|minutes", "given_value", "quantity",    "unit",     "entries",
      "estimated"};
  struct statement_page page = page_of(maker, subject, sums, arena), *p = &page;
  const struct person *person = subject->person;
  const int since = since_year(p);
  bool estimated[FIGURE_COUNT] = {false};
  page.d = document_new(arena, page.language, life_title(p, since));
  document_csv_columns(page.d, csv, sizeof csv / sizeof *csv);
  find_estimated(p, estimated);
  document_open(p->d, "person", NULL);
  document_value(p->d, "id", NULL, doc_text(person->code));
  document_value(p->d, "name", NULL, doc_text(person->name));
  document_value(p->d, "born", NULL, doc_day(person->born));
  document_close(p->d);
  document_value(p->d, "to", NULL, doc_day(year_last_day(YEAR_TAX, p->year)));
  add_life_person(p, estimated);
  add_life_sums(p);
  for (int i = 0; i < FIGURE_COUNT; i++) {
    const enum pack_shown shown = figures_order[i];
    if (shown != SHOWN_EMPLOYER && has_records(p))
      document_headline(p->d, NULL, page_section(p, shown, sums->life.of[shown]),
                        life_sum(p, shown, estimated[shown]));
  }
  add_time_value(p, "given_value", SAY("Value of time for others"), sums->life.of[SHOWN_GIVEN],
                 sums->life_time_value);
  statement_say_too_large(p);
  add_life_chart(p);
  add_life_years(p);
  add_life_categories(p, "category");
  statement_note_too_large(p);
  return page.d;
}
