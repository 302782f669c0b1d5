#include "place/in_prices.h"

#include "book/in_prices.h"

enum { IN_PRICES_PENCE_UNIT = 100000 }; /* to the nearest 1,000 pounds */

void place_households(const struct scope *s,
                      void (*visit)(void *context, int64_t household, int64_t place),
                      void *context) {
  const struct people *people = s->people;
  const day_t last = year_last_day(YEAR_TAX, s->request->year);
  for (int64_t h = 1; h <= people->max_id; h++)
    for (int i = 0; i < people->member_count[h]; i++) {
      const struct person *person = &people->all[people->member[h][i]];
      if (person->survivor || person->born > last ||
          (person->died != DAY_NONE && person->died < last) || person_household(person, last) != h)
        continue;
      visit(context, h, person_place(person, people, last));
    }
}

static const struct pack_price_table *table_of(const struct in_prices *what) {
  return what->households < IN_PRICES_FEWEST
             ? NULL
             : pack_find_price_table(what->pack, HOUSEHOLDS_ALL, what->year);
}

bool in_prices_some(const struct in_prices *what) { return table_of(what) != NULL; }

#define SAY(text) say(language, (text))

static const char *age_words(const struct in_prices *what, const struct pack_price_table *table,
                             enum language language, struct arena *arena) {
  const int older = what->year - table->year;
  const char *year = year_write(table->year, arena_alloc(arena, 8));
  if (!older) return arena_printf(arena, SAY("The figures are for %s."), year);
  return arena_printf(arena,
                      say_count(language,
                                "The latest figures we hold are for %s, %d year before this "
                                "account.",
                                "The latest figures we hold are for %s, %d years before this "
                                "account.",
                                older),
                      year, older);
}

void in_prices_add(const struct in_prices *what, struct document *d, enum language language,
                   struct arena *arena) {
  const struct pack_price_table *table = table_of(what);
  if (!table) {
    document_absent(d, "in_prices");
    return;
  }
  document_open(d, "in_prices", SAY("Taxes in prices: what households typically pay"));
  document_value(d, "per", NULL, doc_text("household"));
  document_paragraph(
      d, SAY("The price of most things people buy includes tax, such as VAT. Nobody records who "
             "paid how much of it. So this is what an average household pays, times the number of "
             "households here. It is not what people here paid, and it is in no other figure of "
             "this account. Each amount is rounded to the nearest £1,000."));
  document_paragraph(d, age_words(what, table, language, arena));
  document_value(d, "households", SAY("Households here at the end of the year"),
                 doc_count(what->households));
  const struct in_prices_sums sums = {
      .table = table,
      .households = what->households,
      .unit = IN_PRICES_PENCE_UNIT,
      .method = SAY(
          "The average of all households as published, times the households here, rounded "
          "to the nearest £1,000. It was not measured here."),
      .label = SAY("Households together")};
  in_prices_add_sums(d, &sums, language, arena);
  document_close(d);
}
