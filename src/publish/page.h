/* What page.c and table.c share: one document while it is made. Private to this folder. */
#ifndef WEAL_PUBLISH_PAGE_H
#define WEAL_PUBLISH_PAGE_H

#include "place/in_prices.h"
#include "publish/parts.h"

struct public_page {
  const struct publication *p;
  int node;
  enum language language;
  struct arena *arena;
  struct document *d;
};

/* A row of the account: of a category, or the sum of the shown categories of a group. */
struct public_row {
  const char *key, *name;
  wide_t amount[FIGURE_COUNT];
  int64_t people;
  bool has[FIGURE_COUNT], estimated[FIGURE_COUNT];
  bool hidden;
  bool unvalued; /* services without a unit cost alone: their sum is not known */
  bool rest;     /* of a grouping: everything that is hidden by category, which has no figure */
};
struct public_row *page_rows(struct public_page *g, enum publish_table by, int *count);

/* publication_made_words, and the edition as data. */
void page_add_edition(struct public_page *g);

const char *page_year(const struct public_page *g);
const char *page_age_name(const struct public_page *g, int band);
const char *page_payer_name(const struct public_page *g, int payer);
const struct public_cell *page_total(const struct public_page *g, enum pack_shown f);
const struct public_cell *page_ages(const struct public_page *g);
const struct public_cell *page_residents(const struct public_page *g);
/* A rounded figure, as pounds or minutes. */
struct doc_value page_figure(enum pack_shown f, wide_t n);
/* Per head, as exact as the rounded sums allow: whole pounds or minutes. */
struct doc_value page_a_head(enum pack_shown f, wide_t n, int64_t people);
/* Whether a category that is shown has people and no unit cost; read from what is shown alone. */
bool page_unvalued(const struct public_page *g, int category);
/* That rows of groupings are sums of rounded figures. */
const char *page_sums_words(enum language language);
/* What is shown of a cell's amount, as money or minutes. */
struct doc_value page_amount(const struct public_page *g, enum pack_shown f,
                             const struct public_cell *cell);
/* tenths of a percent, half up */

/* What households typically pay in prices: by the households that are shown. */
struct in_prices publication_in_prices(const struct publication *p, int node);

/* The tables; `shown`: with headings for people, else data only. */
void page_table_by(struct public_page *g, const struct public_row *rows, int count,
                   enum publish_table by, bool shown);
void page_table_ages(struct public_page *g, bool shown);
void page_table_places(struct public_page *g, bool shown);
void page_table_spend(struct public_page *g, bool shown);
void page_table_files(struct public_page *g, bool shown);

#endif
