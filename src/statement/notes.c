/* The source of every figure of a statement, and notes about them. */
#include "statement/subject.h"

#include "base/money.h"

#define SAY(text) say(n->language, (text))
#define SAY_COUNT(one, other, count) \
  arena_printf(n->arena, say_count(n->language, (one), (other), (count)), (long long)(count))

/* child benefit is for children under 16, and older ones in education (GOV.UK: Child Benefit) */
enum { CHILD_UNDER = 16 };

static const char *pounds(const struct statement_page *n, int64_t pence) {
  struct text t = {0};
  text_add_pounds(&t, pence);
  return text_take(n->arena, &t);
}

static const char *day_text(const struct statement_page *n, day_t day) {
  return value_words(n->arena, n->language, doc_day(day));
}

/* ---- sources ---- */

/* All columns but the last, the age. */
static void add_source(const struct statement_page *n, const char *what, const char *value,
                       const char *source, bool estimated) {
  document_cell(n->d, doc_text(what));
  document_cell(n->d, value ? doc_text(value) : doc_null());
  document_cell(n->d, doc_text(source));
  document_cell(n->d, doc_bool(estimated));
}

/* What one costs, or an hour is worth, is of the year `from`; `known`: its value is shown. */
static void add_age(const struct statement_page *n, int64_t pence, bool known, int from) {
  const struct old_figure old = {.pence = pence, .known = known, .from = from, .year = n->year};
  document_cell(n->d, from < n->year
                          ? doc_text(figures_age_words(n->maker->reference_data->pack, &old,
                                                       AGE_CELL, n->language, n->arena))
                          : doc_null());
}

static bool has_old_figures(const struct sums *sums) {
  bool some = false;
  for (int i = 0; i < sums->cost_count; i++) some |= sums->costs[i].stale;
  for (int i = 0; i < sums->time_sum_count; i++)
    some |= sums->given[i].rate && sums->given[i].stale;
  return some;
}

static void add_body_sources(const struct statement_page *n) {
  for (int i = 0; i < n->sums->body_count; i++) {
    const struct body_used *b = &n->sums->bodies[i];
    const char *what = b->body ? arena_printf(n->arena, SAY("Records of %s"),
                                              reference_data_body_name(n->maker->reference_data,
                                                                       b->body, n->language))
                               : SAY("Records that name no organisation");
    add_source(n, what, SAY_COUNT("%lld item", "%lld items", b->entries), SAY("Our own records"),
               false);
    document_cell(n->d, doc_null());
  }
}

static void add_cost_sources(const struct statement_page *n) {
  const struct codes *codes = n->maker->reference_data->codes;
  for (int i = 0; i < n->sums->cost_count; i++) {
    const struct cost_used *used = &n->sums->costs[i];
    const struct book_service *service = &codes->services[used->service - 1];
    const struct pack_category *category = chart_category(n->maker->reference_data->chart,
                                                          service->category);
    bool stale = false;
    const struct book_cost *cost = codes_cost(codes, used->service, used->year, &stale);
    /* services are named by places, in one language */
    const char *name = language_is_original(n->language) || !category ? service->name
                                                                      : category->name[n->language];
    const char *what = arena_printf(n->arena, SAY("What one costs: %s, %s"), name,
                                    page_year_text(n, used->year));
    /* Lines keep their posted value; a cost that was changed later is not shown as their source. */
    const bool known = cost && !stale && !used->changed;
    if (known)
      add_source(n, what, pounds(n, cost->pence), cost->source, cost->estimated || used->stale);
    else
      add_source(n, what, NULL, SAY("What one cost when it was recorded, which we no longer keep"),
                 true);
    add_age(n, known ? cost->pence : 0, known, used->year);
  }
}

static void add_rate_sources(const struct statement_page *n) {
  for (int i = 0; i < n->sums->time_sum_count; i++) {
    const struct time_sum *g = &n->sums->given[i];
    if (!g->rate) continue;
    add_source(n,
               arena_printf(n->arena, SAY("Value of an hour of %s, %s"),
                            g->category->name[n->language], page_year_text(n, g->rate->year)),
               pounds(n, g->rate->pence_an_hour), g->rate->source, g->stale);
    add_age(n, g->rate->pence_an_hour, true, g->rate->year);
  }
}

static void add_tax_source(const struct statement_page *n) {
  const struct pack_tax_table *table = pack_find_tax_table(n->maker->reference_data->pack, n->year);
  if (!table || !n->sums->base) return;
  int sum = 0;
  for (int i = 0; i < table->line_count; i++) sum += table->lines[i].share_hundredths;
  struct text t = {0};
  pack_add_share(&t, sum);
  text_add_char(&t, '%');
  add_source(n,
             arena_printf(n->arena, SAY("Shares of public spending, %s"),
                          page_year_text(n, table->year)),
             text_take(n->arena, &t), table->source, table->year < n->year);
  document_cell(n->d, doc_null());
}

static void add_published_sources(const struct statement_page *n) {
  add_cost_sources(n);
  add_rate_sources(n);
  add_tax_source(n);
}

static bool has_published_sources(const struct statement_page *n) {
  bool some = n->sums->cost_count > 0 || n->sums->base;
  for (int i = 0; i < n->sums->time_sum_count; i++) some |= n->sums->given[i].rate != NULL;
  return some;
}

/* For people, who read in one line who recorded the items. */
static void add_published_table(const struct statement_page *n, bool old) {
  const struct doc_column columns[] = {{NULL, SAY("Figure")},
                                       {NULL, SAY("Value")},
                                       {NULL, SAY("Source")},
                                       {NULL, SAY("estimated")},
                                       {NULL, old ? SAY("How old") : NULL}};
  document_table(n->d, NULL, NULL, columns, 5, NULL);
  add_published_sources(n);
  document_table_end(n->d);
}

/* `HM Revenue and Customs (36 items), Priory Fields Practice (8 items)` */
static const char *bodies_text(const struct statement_page *n) {
  struct text t = {0};
  for (int i = 0; i < n->sums->body_count; i++) {
    const struct body_used *b = &n->sums->bodies[i];
    text_addf(&t, "%s%s (%s)", i ? ", " : "",
              b->body ? reference_data_body_name(n->maker->reference_data, b->body, n->language)
                      : SAY("no organisation named"),
              SAY_COUNT("%lld item", "%lld items", b->entries));
  }
  return text_take(n->arena, &t);
}

void statement_add_sources(const struct statement_page *n) {
  bool some = n->sums->body_count > 0; /* each line has a row here, even without a body */
  const bool old = has_old_figures(n->sums);
  const struct doc_column columns[] = {
      {"what", NULL}, {"value", NULL}, {"source", NULL}, {"estimated", NULL}, {NULL, NULL}};
  document_open(n->d, NULL, some ? SAY("Where these figures come from") : NULL);
  document_table(n->d, "sources", NULL, columns, 5, NULL);
  add_body_sources(n);
  add_published_sources(n);
  document_table_end(n->d);
  if (some) document_value(n->d, NULL, SAY("Recorded by"), doc_text(bodies_text(n)));
  if (has_published_sources(n)) add_published_table(n, old);
  if (old)
    document_paragraph(n->d, SAY("Figures of an earlier year are the latest we hold. Later prices "
                                 "are estimated with the GDP deflator."));
  document_close(n->d);
}

/* ---- notes ---- */

static int age_on(day_t born, day_t day) {
  int by, bm, bd, y, m, d;
  day_parts(born, &by, &bm, &bd);
  day_parts(day, &y, &m, &d);
  return y - by - (m < bm || (m == bm && d < bd));
}

static void note_life(const struct statement_page *n) {
  const struct person *person = n->subject->person;
  day_t first = year_first_day(YEAR_TAX, n->year), last = year_last_day(YEAR_TAX, n->year);
  if (person->born > last)
    document_list_item(n->d, SAY("This person was born after the end of the year."));
  else if (person->born >= first)
    document_list_item(n->d, arena_printf(n->arena, SAY("Born in the year, on %s."),
                                          day_text(n, person->born)));
  if (person->died != DAY_NONE && person->died < first)
    document_list_item(n->d, arena_printf(n->arena,
                                          n->sums->strays.lines
                                              ? SAY("Died on %s.")
                                              : SAY("Died before the year, on %s. What is shown "
                                                    "was owed or corrected afterwards."),
                                          day_text(n, person->died)));
  else if (person->died != DAY_NONE && person->died <= last)
    document_list_item(n->d,
                       arena_printf(n->arena,
                                    SAY("Died in the year, on %s. The statement covers the year to "
                                        "that day, and what was owed or corrected afterwards."),
                                    day_text(n, person->died)));
  else if (person->born <= last && age_on(person->born, last) < CHILD_UNDER)
    document_list_item(n->d, SAY("This is the statement of a child. Benefits for a child are paid "
                                 "to a parent or carer and stand in that person's statement."));
}

/* Notes lines that were within the person's life when posted, and are not since a day of birth or
 * death was changed. */
static void note_strays(const struct statement_page *n) {
  const struct life_strays *s = &n->sums->strays;
  struct text names = {0};
  if (!s->lines) return;
  for (int i = 0; i < LIFE_STRAYS_NAMED && i < s->lines; i++)
    text_addf(&names, "%s%lld:%d", i ? ", " : "", (long long)s->named[i].entry,
              s->named[i].line_no);
  if (s->lines > LIFE_STRAYS_NAMED) text_add(&names, ", \xE2\x80\xA6");
  document_list_item(
      n->d,
      arena_printf(
          n->arena,
          say_count(
              n->language,
              "%lld item here is dated before the birth or after the death, and cannot be right "
              "unless that day is wrong (%s): those who keep these accounts must put it right.",
              "%lld items here are dated before the birth or after the death, and cannot be right "
              "unless that day is wrong (%s): those who keep these accounts must put them right.",
              s->lines),
          (long long)s->lines, text_take(n->arena, &names)));
}

static const char *name_of(const struct statement_page *n, int place) {
  return n->maker->reference_data->places->all[place].name;
}

static void note_moves(const struct statement_page *n) {
  for (int i = 0; i < n->subject->move_count; i++) {
    const struct move *m = &n->subject->moves[i];
    document_list_item(n->d,
                       arena_printf(n->arena,
                                    page_is_named(n)
                                        ? SAY("Moved from %s to %s on %s. Each place's account has "
                                              "what was recorded while they lived there.")
                                        : SAY("Moved from %s to %s on %s. Each place's account has "
                                              "what was recorded while you lived there."),
                                    name_of(n, m->from), name_of(n, m->to), day_text(n, m->day)));
  }
}

/* What one costs, or an hour is worth, is of an earlier year: how old it is, and about what that
 * comes to now. People have it in the table of sources. */
static void note_age(const struct statement_page *n, const char *name,
                     const struct old_figure *old) {
  const char *year = page_year_text(n, old->from);
  const char *valued = old->known
                           ? arena_printf(n->arena,
                                          SAY("%s: valued at %s, the figure of %s, the latest we "
                                              "hold."),
                                          name, pounds(n, old->pence), year)
                           : arena_printf(n->arena,
                                          SAY("%s: valued at the figure of %s, the latest we "
                                              "hold."),
                                          name, year);
  document_list_item_data(n->d,
                          arena_printf(n->arena, "%s %s", valued,
                                       figures_age_words(n->maker->reference_data->pack, old,
                                                         AGE_SENTENCE, n->language, n->arena)));
}

static void note_cost_age(const struct statement_page *n, const struct cost_used *used) {
  const struct codes *codes = n->maker->reference_data->codes;
  const struct book_service *service = &codes->services[used->service - 1];
  const struct pack_category *category = chart_category(n->maker->reference_data->chart,
                                                        service->category);
  bool stale = false;
  const struct book_cost *cost = codes_cost(codes, used->service, used->year, &stale);
  const bool known = cost && !stale && !used->changed;
  if (category)
    note_age(n, language_is_original(n->language) ? service->name : category->name[n->language],
             &(struct old_figure){.pence = known ? cost->pence : 0,
                                  .known = known,
                                  .from = used->year,
                                  .year = n->year});
}

static void note_figures(const struct statement_page *n) {
  const struct sums *sums = n->sums;
  for (int i = 0; i < sums->group_count; i++) {
    const struct group *g = &sums->groups[i];
    if (!g->unvalued) continue;
    document_list_item(
        n->d, arena_printf(
                  n->arena,
                  SAY("%s: counted, but not valued in full. What one costs is not known for the "
                      "year or an earlier one."),
                  chart_category(n->maker->reference_data->chart, g->category)->name[n->language]));
  }
  for (int i = 0; i < sums->time_sum_count; i++) {
    const struct time_sum *g = &sums->given[i];
    if (!g->rate)
      document_list_item(n->d, arena_printf(n->arena,
                                            SAY("%s: the time is counted, but not valued. No rate "
                                                "is known for the year or an earlier one."),
                                            g->category->name[n->language]));
    else if (g->stale)
      note_age(n, g->category->name[n->language],
               &(struct old_figure){.pence = g->rate->pence_an_hour,
                                    .known = true,
                                    .from = g->rate->year,
                                    .year = n->year});
  }
  for (int i = 0; i < sums->cost_count; i++)
    if (sums->costs[i].stale) note_cost_age(n, &sums->costs[i]);
}

/* ---- what was taken back ---- */

enum { CORRECTIONS_NAMED = 12 };

struct taken_back {
  const struct loaded_line *by, *undone;
};

static int compare_taken_back(const void *a, const void *b) {
  const struct loaded_line *x = ((const struct taken_back *)a)->by,
                           *y = ((const struct taken_back *)b)->by;
  if (x->day != y->day) return x->day < y->day ? -1 : 1;
  if (x->entry != y->entry) return x->entry < y->entry ? -1 : 1;
  return (x->line_no > y->line_no) - (x->line_no < y->line_no);
}

static const struct loaded_line *line_of(const struct subject *subject, int64_t entry,
                                         int32_t line_no) {
  for (size_t i = 0; i < subject->count; i++)
    if (subject->lines[i]->entry == entry && subject->lines[i]->line_no == line_no)
      return subject->lines[i];
  return NULL;
}

/* Null: not known. */
static const struct recorded_on *find_recorded(const struct subject *subject,
                                               const struct loaded_line *line) {
  size_t low = 0, high = subject->recorded_count;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (subject->recorded[middle].entry < line->entry) low = middle + 1;
    else high = middle;
  }
  return low < subject->recorded_count && subject->recorded[low].entry == line->entry
             ? &subject->recorded[low]
             : NULL;
}

/* When the entry that takes lines back was recorded; the line's own day if that is not known. */
static day_t recorded_on(const struct subject *subject, const struct loaded_line *line) {
  const struct recorded_on *recorded = find_recorded(subject, line);
  return recorded ? recorded->day : line->day;
}

/* What was recorded in place of the line, where the statement counts it; else null. */
static const struct loaded_line *put_right(const struct statement_page *n,
                                           const struct taken_back *back) {
  const struct recorded_on *recorded = find_recorded(n->subject, back->by);
  if (!recorded || !recorded->is_put_right) return NULL;
  for (size_t i = 0; i < n->subject->count; i++) {
    const struct loaded_line *line = n->subject->lines[i];
    if (line->entry == back->by->entry + 1 && line->category == back->undone->category &&
        !line->reverses_entry && !line->cancelled && year_of_day(YEAR_TAX, line->day) == n->year)
      return line;
  }
  return NULL;
}

/* `£412.40`, `2 hours`; of a service without a cost `1 (visit)`. */
static const char *undone_words(const struct statement_page *n, const struct loaded_line *line) {
  const struct reference_data *d = n->maker->reference_data;
  const struct pack_category *category = chart_category(d->chart, line->category);
  const struct book_service *service = reference_data_service(d, line->service);
  const wide_t amount = figures_amount(category, line->amount);
  const bool counted = line->has_quantity && !line->amount && service && service->unit;
  struct text t = {0};
  if (counted) {
    value_for_people(&t, n->language, doc_quantity(line->quantity));
    text_addf(&t, " (%s)", SAY(service->unit));
  } else {
    value_for_people(&t, n->language,
                     category->shown == SHOWN_GIVEN ? doc_minutes(amount) : doc_money(amount));
  }
  return text_take(n->arena, &t);
}

static void note_taken_back(const struct statement_page *n, const struct taken_back *back) {
  const struct loaded_line *undone = back->undone;
  const char *name = chart_category(n->maker->reference_data->chart, undone->category)
                         ->name[n->language],
             *day = day_text(n, undone->day), *amount = undone_words(n, undone),
             *recorded = day_text(n, recorded_on(n->subject, back->by));
  const int year = year_of_day(YEAR_TAX, undone->day);
  const struct loaded_line *right = put_right(n, back);
  const struct text_filling all[] = {{"what", name},
                                     {"day", day},
                                     {"was", amount},
                                     {"recorded", recorded},
                                     {"right", right ? undone_words(n, right) : ""},
                                     {"year", page_year_text(n, year)},
                                     {NULL, NULL}};
  if (right) {
    struct text t = {0};
    text_add_filled(
        &t,
        year == n->year
            ? SAY("{what} of {day}, {was}, was corrected to {right} on {recorded}. Only "
                  "{right} is counted here.")
            : SAY("{what} of {day}, {was}, was corrected to {right} on {recorded}. It "
                  "was counted in {year}. Here it is taken off, and {right} is "
                  "counted."),
        all);
    document_list_item(n->d, text_take(n->arena, &t));
  } else if (year == n->year)
    document_list_item(n->d, arena_printf(n->arena,
                                          SAY("%s of %s, %s, was taken back on %s. It is not "
                                              "counted here."),
                                          name, day, amount, recorded));
  else
    document_list_item(n->d, arena_printf(n->arena,
                                          SAY("%s of %s, %s, was taken back on %s. It was counted "
                                              "in %s, and is taken off here."),
                                          name, day, amount, recorded, page_year_text(n, year)));
}

static void note_more_taken_back(const struct statement_page *n, size_t count) {
  if (count <= CORRECTIONS_NAMED) return;
  document_list_item(n->d, page_is_named(n)
                               ? SAY_COUNT("%lld more was taken back; the account has it.",
                                           "%lld more were taken back; the account has them.",
                                           (int64_t)count - CORRECTIONS_NAMED)
                               : SAY_COUNT("%lld more was taken back; your account has it.",
                                           "%lld more were taken back; your account has them.",
                                           (int64_t)count - CORRECTIONS_NAMED));
}

/* Says of each line of the year that takes another back what that was, and when it was taken
 * back. */
static void note_corrections(const struct statement_page *n) {
  const struct subject *subject = n->subject;
  const day_t first = year_first_day(YEAR_TAX, n->year), last = year_last_day(YEAR_TAX, n->year);
  struct taken_back *all = NULL;
  size_t count = 0, capacity = 0;
  for (size_t i = 0; i < subject->count; i++) {
    const struct loaded_line *line = subject->lines[i];
    const struct pack_category *category = chart_category(n->maker->reference_data->chart,
                                                          line->category);
    if (!line->reverses_entry || line->day < first || line->day > last) continue;
    if (!category || !pack_is_summed(category)) continue;
    array_reserve(all, capacity, count + 1);
    all[count++].by = line;
  }
  array_sort(all, count, compare_taken_back);
  for (size_t i = 0; i < count && i < CORRECTIONS_NAMED; i++) {
    all[i].undone = line_of(subject, all[i].by->reverses_entry, all[i].by->reverses_line_no);
    if (all[i].undone) note_taken_back(n, &all[i]);
  }
  note_more_taken_back(n, count);
  free(all);
}

/* The same of each line of the year that a later year takes back: the year still counts it. */
static void note_later_corrections(const struct statement_page *n) {
  const struct subject *subject = n->subject;
  size_t count = 0;
  for (size_t i = 0; i < subject->later_count; i++) {
    const struct loaded_line *by = subject->later[i];
    const struct loaded_line *undone = line_of(subject, by->reverses_entry, by->reverses_line_no);
    const struct pack_category *category =
        undone ? chart_category(n->maker->reference_data->chart, undone->category) : NULL;
    if (!category || !pack_is_summed(category) || count++ >= CORRECTIONS_NAMED) continue;
    document_list_item(
        n->d, arena_printf(n->arena,
                           SAY("%s of %s, %s, was taken back on %s. It is counted here, and is "
                               "taken off in %s."),
                           category->name[n->language], day_text(n, undone->day),
                           undone_words(n, undone), day_text(n, recorded_on(subject, by)),
                           page_year_text(n, year_of_day(YEAR_TAX, by->day))));
  }
  note_more_taken_back(n, count);
}

/* ---- holdings ---- */

static const char *keeper(const struct reference_data *reference_data, enum language language,
                          struct arena *arena) {
  const struct places *places = reference_data->places;
  if (places->own == PLACE_NONE) return say(language, "those who keep these accounts");
  return arena_printf(arena, say(language, "those who keep the accounts of %s"),
                      places->all[places->own].name);
}

static void note_holdings(const struct statement_page *n) {
  for (int i = 0; i < n->sums->holding_count; i++) {
    const struct holding_sum *h = &n->sums->holdings[i];
    if (h->closing >= 0) continue;
    document_list_item(n->d,
                       arena_printf(n->arena,
                                    SAY("%s: more was returned than was recorded as received: an "
                                        "item is missing or wrong (%s). Tell %s."),
                                    h->unit->name[n->language], largest_names(&h->gone, n->arena),
                                    keeper(n->maker->reference_data, n->language, n->arena)));
  }
}

/* ---- sums that are too large to be shown ---- */

/* Whether all sums of money (else of time) of the statement or the life can be shown. */
static bool sums_shown(const struct statement_page *n, bool money) {
  const struct sums *s = n->sums;
  bool shown = true;
  for (int y = 0; y < s->year_count; y++) {
    const struct figures *t = &s->years[y].totals;
    if (money)
      shown &= wide_shown(t->of[SHOWN_PAID]) && wide_shown(t->of[SHOWN_EMPLOYER]) &&
               wide_shown(t->of[SHOWN_CASH]) && wide_shown(t->of[SHOWN_SERVICES]) &&
               wide_shown(t->of[SHOWN_CASH] + t->of[SHOWN_SERVICES]);
    else shown &= wide_shown(t->of[SHOWN_GIVEN]) && wide_shown(s->years[y].time_value);
  }
  if (money)
    shown &= wide_shown(s->life.of[SHOWN_PAID]) &&
             wide_shown(s->life.of[SHOWN_CASH] + s->life.of[SHOWN_SERVICES]) && wide_shown(s->base);
  else
    shown &= wide_shown(s->life.of[SHOWN_GIVEN]) && wide_shown(s->life_time_value) &&
             wide_shown(s->time_value);
  for (int i = 0; i < s->group_count + s->life_group_count; i++) {
    const struct group *g = i < s->group_count ? &s->groups[i]
                                               : &s->life_groups[i - s->group_count];
    const bool time = chart_category(n->maker->reference_data->chart, g->category)->shown ==
                      SHOWN_GIVEN;
    if (time != money) shown &= wide_shown(g->amount) && wide_shown(g->quantity);
  }
  return shown;
}

/* If a housemate's line makes a sum too large, only the housemate's own statement names the
 * line. */
static void note_too_large(const struct statement_page *n) {
  if (!sums_shown(n, true))
    document_list_item(n->d,
                       arena_printf(n->arena,
                                    SAY("Some sums of money are too large to be shown: an amount "
                                        "in them must be wrong. The largest items are %s."),
                                    largest_names(&n->sums->largest_money, n->arena)));
  if (!sums_shown(n, false))
    document_list_item(n->d,
                       arena_printf(n->arena,
                                    SAY("Some sums of time are too large to be shown: an item of "
                                        "time must be wrong. The largest items are %s."),
                                    largest_names(&n->sums->largest_minutes, n->arena)));
  for (int i = 0; i < n->sums->holding_count; i++) {
    const struct holding_sum *h = &n->sums->holdings[i];
    if (!wide_shown(h->opening) || !wide_shown(h->closing))
      document_list_item(
          n->d, arena_printf(n->arena,
                             SAY("%s: what is held is too large to be shown: an item in it must be "
                                 "wrong. The largest items are %s."),
                             h->unit->name[n->language], largest_names(&h->largest, n->arena)));
  }
  bool household = true;
  for (int i = 0; i < n->subject->shared_count; i++)
    household &= wide_shown(n->subject->shared[i].amount);
  if (!household)
    document_list_item(
        n->d, page_whose(n,
                         SAY("A sum of your household is too large to be shown: an amount in it "
                             "must be wrong. The statement of the person it was recorded for names "
                             "it."),
                         SAY("A sum of the household of %s is too large to be shown: an amount in "
                             "it must be wrong. The statement of the person it was recorded for "
                             "names it.")));
}

void statement_add_notes(const struct statement_page *n) {
  document_list(n->d, "notes", SAY("Notes"));
  if (!n->sums->entries) document_list_item(n->d, SAY("Nothing was recorded for this year."));
  note_life(n);
  note_strays(n);
  note_moves(n);
  if (n->subject->person->merged_count)
    document_list_item(
        n->d,
        SAY_COUNT(
            "%lld other record was found to be of the same person; its items are included.",
            "%lld other records were found to be of the same person; their items are included.",
            n->subject->person->merged_count));
  if (n->sums->corrections)
    document_list_item(
        n->d,
        SAY_COUNT(
            "%lld correction is in these figures. A negative amount was returned or put right.",
            "%lld corrections are in these figures. A negative amount was returned or put right.",
            n->sums->corrections));
  note_corrections(n);
  note_later_corrections(n);
  if (n->sums->estimated)
    document_list_item(n->d, SAY_COUNT("%lld item of this year is estimated, and marked so.",
                                       "%lld items of this year are estimated, and marked so.",
                                       n->sums->estimated));
  note_figures(n);
  note_holdings(n);
  note_too_large(n);
  document_list_end(n->d);
}

void statement_note_too_large(const struct statement_page *n) {
  if (sums_shown(n, true) && sums_shown(n, false)) return;
  document_list(n->d, "notes", SAY("Notes"));
  note_too_large(n);
  document_list_end(n->d);
}

/* ---- the same at the top of the statement, where people read the figures ---- */

void statement_say_too_large_lines(struct document *d, enum language language,
                                   const struct reference_data *reference_data,
                                   const struct largest *largest, struct arena *arena) {
  const char *name = say(language, "Item to check");
  document_inset(d,
                 arena_printf(arena,
                              say(language, "Some sums here cannot be shown, because an amount in "
                                            "them must be wrong. You need do nothing but tell %s."),
                              keeper(reference_data, language, arena)));
  for (int i = 0; largest && i < largest->count && largest_is_named(largest, i); i++)
    document_value(d, NULL, name,
                   doc_line(arena_printf(arena, "%lld:%d", (long long)largest->lines[i].entry,
                                         largest->lines[i].line_no)));
}

void statement_say_too_large(const struct statement_page *n) {
  const bool money = sums_shown(n, true), time = sums_shown(n, false);
  if (money && time) return;
  statement_say_too_large_lines(n->d, n->language, n->maker->reference_data,
                                money ? &n->sums->largest_minutes : &n->sums->largest_money,
                                n->arena);
}
