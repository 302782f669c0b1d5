/* What page.c and table.c share: one document in the making. Private to this folder. */
#ifndef WEAL_PUBLISH_PAGE_H
#define WEAL_PUBLISH_PAGE_H

#include "publish/parts.h"

struct page {
  const struct publication *p;
  int node;
  enum language language;
  struct arena *arena;
  struct document *d;
};

/* A row of the account: of a category, or what the categories of a group that are shown come to. */
struct row {
  const char *key, *name;
  wide_t amount[MEASURES];
  int64_t people;
  bool has[MEASURES], estimated[MEASURES];
  bool hidden;
  bool rest; /* of a grouping: what is hidden by category, all together */
};
struct row *page_rows(struct page *g, enum publish_table by, int *count);

const char *page_year(const struct page *g);
const char *page_age_name(const struct page *g, int band);
const char *page_payer_name(const struct page *g, int payer);
const struct cell *page_total(const struct page *g, enum measure m);
const struct cell *page_ages(const struct page *g);
const struct cell *page_residents(const struct page *g);
/* `n` of a cell, as money or minutes; hidden where the cell is. */
struct doc_value page_amount(const struct page *g, enum measure m, const struct cell *cell, wide_t n);
struct doc_value page_per_head(const struct page *g, enum measure m, wide_t n, int64_t people);
struct doc_value page_share(const struct page *g, wide_t n, wide_t whole); /* tenths of a percent, half up */

/* The tables; `shown`: with headings for people, else data only. */
void page_table_by(struct page *g, const struct row *rows, int count, enum publish_table by, bool shown);
void page_table_ages(struct page *g, bool shown);
void page_table_reach(struct page *g, bool shown);
void page_table_localities(struct page *g);
void page_table_places(struct page *g, bool shown);
void page_table_spend(struct page *g, bool shown);
void page_table_files(struct page *g, bool shown);

#endif
