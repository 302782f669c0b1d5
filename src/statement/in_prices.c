/* What households typically pay in prices. It is nobody's own figure, so nothing is added to it. */
#include "statement/subject.h"

#define SAY(text) say(p->language, (text))

enum { SHOWN_PENCE_UNIT = 1000 }; /* to the nearest 10 pounds */

/* Whether the person lived in a household on the day that decides their place, in the year. */
static bool has_household(const struct statement_page *p) {
  const struct person *person = p->subject->person;
  const day_t day = subject_place_day(person, year_last_day(YEAR_TAX, p->year));
  return day != DAY_NONE && day >= year_first_day(YEAR_TAX, p->year) &&
         person_household(person, day) != 0;
}

static void add_age(const struct statement_page *p, const struct pack_price_table *table) {
  const int older = p->year - table->year;
  const char *year = page_year_text(p, table->year);
  document_paragraph(p->d,
                     !older
                         ? arena_printf(p->arena, SAY("The figures are for %s."), year)
                         : arena_printf(p->arena,
                                        say_count(p->language,
                                                  "The latest figures we hold are for %s, %d year "
                                                  "before this statement.",
                                                  "The latest figures we hold are for %s, %d years "
                                                  "before this statement.",
                                                  older),
                                        year, older));
}

static void add_table(const struct statement_page *p, const struct pack_price_table *table) {
  document_open(p->d, "group", NULL);
  document_value(p->d, "code", NULL, doc_text(table->group->code));
  document_value(p->d, "name", NULL, doc_text(table->group->name[p->language]));
  document_close(p->d);
  document_open(p->d, "table", NULL);
  document_value(p->d, "year", NULL, doc_text(page_year_text(p, table->year)));
  document_value(p->d, "source", SAY("Source"), doc_text(table->source));
  document_value(p->d, "method", NULL,
                 doc_text(SAY("The average of the group's households as published, rounded to the "
                              "nearest £10. It was not measured for this household.")));
  document_value(p->d, "estimated", NULL, doc_bool(true));
  document_close(p->d);
}

static void add_lines(const struct statement_page *p, const struct pack_price_table *table) {
  const struct doc_column columns[] = {{"category", NULL},
                                       {"name", SAY("Tax in prices")},
                                       {"amount", SAY("An average household")}};
  wide_t total = 0;
  for (int i = 0; i < table->line_count; i++)
    total += pack_price_of(&table->lines[i], 1, SHOWN_PENCE_UNIT);
  document_value(p->d, "total", NULL, doc_pounds(total));
  document_table(p->d, "lines", NULL, columns, 3, "in-prices");
  for (int i = 0; i < table->line_count; i++) {
    const struct pack_price *line = &table->lines[i];
    const wide_t amount = pack_price_of(line, 1, SHOWN_PENCE_UNIT);
    if (!amount) continue;
    document_cell(p->d, doc_text(line->category->code));
    document_cell(p->d, doc_text(line->category->name[p->language]));
    document_cell(p->d, doc_pounds(amount));
  }
  const struct doc_value totals[] = {doc_null(), doc_null(), doc_pounds(total)};
  document_table_total(p->d, SAY("Total"), totals);
  document_table_end(p->d);
}

void statement_add_in_prices(const struct statement_page *p) {
  const struct pack_price_table *table = pack_find_price_table(p->maker->reference_data->pack,
                                                               HOUSEHOLDS_ALL, p->year);
  if (!table || !has_household(p)) {
    document_absent(p->d, "in_prices");
    return;
  }
  document_open(p->d, "in_prices", SAY("Taxes in prices: what a household typically pays"));
  document_value(p->d, "per", NULL, doc_text("household"));
  document_paragraph(
      p->d, SAY("The price of most things you buy includes tax, such as VAT. Nobody records how "
                "much of it you paid. So these are averages, not your own figures, and they are "
                "in none of your totals. Each is rounded to the nearest £10."));
  add_age(p, table);
  add_table(p, table);
  add_lines(p, table);
  document_close(p->d);
}
