#include "book/in_prices.h"

#define SAY(text) say(language, (text))

void in_prices_add_sums(struct document *d, const struct in_prices_sums *of, enum language language,
                        struct arena *arena) {
  const struct doc_column columns[] = {{"category", NULL},
                                       {"name", SAY("Tax in prices")},
                                       {"amount", of->label}};
  wide_t total = 0;
  for (int i = 0; i < of->table->line_count; i++)
    total += pack_price_of(&of->table->lines[i], of->households, of->unit);
  document_open(d, "table", NULL);
  document_value(d, "year", NULL, doc_text(year_write(of->table->year, arena_alloc(arena, 8))));
  document_value(d, "source", SAY("Source"), doc_text(of->table->source));
  document_value(d, "method", NULL, doc_text(of->method));
  document_value(d, "estimated", NULL, doc_bool(true));
  document_close(d);
  document_value(d, "total", NULL, doc_pounds(total));
  document_table(d, "lines", NULL, columns, 3, "in-prices");
  for (int i = 0; i < of->table->line_count; i++) {
    const struct pack_price *line = &of->table->lines[i];
    const wide_t amount = pack_price_of(line, of->households, of->unit);
    if (!amount) continue;
    document_cell(d, doc_text(line->category->code));
    document_cell(d, doc_text(line->category->name[language]));
    document_cell(d, doc_pounds(amount));
  }
  const struct doc_value totals[] = {doc_null(), doc_null(), doc_pounds(total)};
  document_table_total(d, SAY("Total"), totals);
  document_table_end(d);
}
