/* What households typically pay in prices. It is nobody's own figure, so nothing is added to it. */
#include "book/in_prices.h"
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

static void add_group(const struct statement_page *p, const struct pack_price_table *table) {
  document_open(p->d, "group", NULL);
  document_value(p->d, "code", NULL, doc_text(table->group->code));
  document_value(p->d, "name", NULL, doc_text(table->group->name[p->language]));
  document_close(p->d);
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
      p->d, page_whose(p,
                       SAY("The price of most things you buy includes tax, such as VAT. Nobody "
                           "records how much of it you paid. So these are averages, not your own "
                           "figures, and they are in none of your totals. Each is rounded to the "
                           "nearest £10."),
                       SAY("The price of most things includes tax, such as VAT. Nobody records how "
                           "much of it %s paid. So these are averages, and they are in none of "
                           "the totals. Each is rounded to the nearest £10.")));
  add_age(p, table);
  add_group(p, table);
  const struct in_prices_sums sums = {
      .table = table,
      .households = 1,
      .unit = SHOWN_PENCE_UNIT,
      .method = SAY("The average of the group's households as published, rounded to the nearest "
                    "£10. It was not measured for this household."),
      .label = SAY("An average household")};
  in_prices_add_sums(p->d, &sums, p->language, p->arena);
  document_close(p->d);
}
