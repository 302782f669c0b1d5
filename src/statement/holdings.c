/* What a person holds in units other than pounds and time, for a statement. */
#include "statement/subject.h"

#define SAY(text) say(p->language, (text))

/* In the CSV a unit has a row for each end of the year. */
static void add_holding_ends(const struct statement_page *p) {
  const struct doc_column columns[] = {
      {"category", NULL}, {"name", NULL}, {"quantity", NULL}, {"unit", NULL}};
  document_table(p->d, NULL, NULL, columns, 4, "holdings");
  for (int i = 0; i < 2 * p->sums->holding_count; i++) {
    const struct holding_sum *h = &p->sums->holdings[i / 2];
    document_cell(p->d, doc_text(i % 2 ? "closing" : "opening"));
    document_cell(p->d, doc_text(h->unit->name[p->language]));
    document_cell(p->d, reference_data_amount(p->maker->reference_data, p->language, h->unit->code,
                                              i % 2 ? h->closing : h->opening));
    document_cell(p->d, doc_text(h->unit->code));
  }
  document_table_end(p->d);
}

/* A running year has not ended: its closing figure is what the book has by now. */
static const char *closing_label(const struct statement_page *p) {
  const day_t today = day_today();
  if (year_of_day(YEAR_TAX, today) != p->year) return SAY("At its end");
  return arena_printf(p->arena, SAY("Now (%s)"),
                      value_words(p->arena, p->language, doc_day(today)));
}

void statement_add_holdings(const struct statement_page *p) {
  bool some = p->sums->holding_count > 0;
  const struct doc_column columns[] = {{"unit", NULL},
                                       {"name", some ? SAY("What") : NULL},
                                       {"scale", NULL},
                                       {"opening", some ? SAY("When the year began") : NULL},
                                       {"closing", some ? closing_label(p) : NULL}};
  if (some) {
    document_open(p->d, NULL, page_whose(p, SAY("What you hold"), SAY("What %s holds")));
    document_paragraph(
        p->d, page_whose(p,
                         SAY("This is counted in units of its own, and is in none of the totals. "
                             "Each item is in your account."),
                         SAY("This is counted in units of its own, and is in none of the totals. "
                             "Each item is in the account of %s.")));
  }
  document_table(p->d, "holdings", NULL, columns, 5, NULL);
  for (int i = 0; i < p->sums->holding_count; i++) {
    const struct holding_sum *h = &p->sums->holdings[i];
    document_cell(p->d, doc_text(h->unit->code));
    document_cell(p->d, doc_text(h->unit->name[p->language]));
    document_cell(p->d, doc_count(h->unit->scale));
    document_cell(p->d, reference_data_amount(p->maker->reference_data, p->language, h->unit->code,
                                              h->opening));
    document_cell(p->d, reference_data_amount(p->maker->reference_data, p->language, h->unit->code,
                                              h->closing));
  }
  document_table_end(p->d);
  add_holding_ends(p);
  if (some) document_close(p->d);
}
