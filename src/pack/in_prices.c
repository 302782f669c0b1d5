/* Taxes in prices: what households of a group typically pay of each, as published. */
#include "pack/fields.h"

enum { GROUP_CODE, GROUP_NAME, GROUP_NAME_CY, GROUP_SOURCE };

enum status pack_take_household_group(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int number = p->household_group_count;
  struct pack_household_group *g = PACK_APPEND(p->household_groups, p->household_group_count);
  enum status s = pack_take_new_code(row, GROUP_CODE, KIND_GROUP, number, &g->code, err);
  if (s == DONE) s = pack_take_names(row, GROUP_NAME, GROUP_NAME_CY, g->name, err);
  if (s == DONE) s = pack_take_text(row, GROUP_SOURCE, &g->source, err);
  return s;
}

enum { PRICE_CATEGORY, PRICE_GROUP, PRICE_YEAR, PRICE_AMOUNT, PRICE_SOURCE };

/* The table of the group and year, made when it is its first row. */
static struct pack_price_table *price_table(struct pack *p,
                                            const struct pack_household_group *group, int year,
                                            const char *source) {
  for (int i = 0; i < p->price_table_count; i++)
    if (p->price_tables[i].group == group && p->price_tables[i].year == year)
      return &p->price_tables[i];
  struct pack_price_table *made = PACK_APPEND(p->price_tables, p->price_table_count);
  *made = (struct pack_price_table){.group = group, .year = year, .source = source};
  return made;
}

enum status pack_take_price(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  struct pack_price line = {0};
  int category = 0, group = 0, year = 0;
  const char *source = NULL;
  enum status s = pack_take_reference(row, PRICE_CATEGORY, KIND_CATEGORY, "categories.csv",
                                      &category, err);
  if (s == DONE)
    s = pack_take_reference(row, PRICE_GROUP, KIND_GROUP, "household-groups.csv", &group, err);
  if (s == DONE) s = pack_take_year(row, PRICE_YEAR, &year, err);
  if (s == DONE) s = pack_take_amount(row, PRICE_AMOUNT, &line.pence, err);
  if (s == DONE) s = pack_take_text(row, PRICE_SOURCE, &source, err);
  if (s != DONE) return s;
  line.category = &p->categories[category];
  if (!line.category->in_prices) return refuse_field(row, PRICE_CATEGORY, err, PACK_PRICE_CATEGORY);
  const char *key = arena_printf(p->index->arena, "%s %s %d", line.category->code,
                                 p->household_groups[group].code, year);
  if (!pack_index_add(p->index, KIND_PRICE, key, 0))
    return refuse_field(row, PRICE_CATEGORY, err, PACK_PRICE_TWICE);
  struct pack_price_table *table = price_table(p, &p->household_groups[group], year, source);
  if (strcmp(table->source, source) != 0)
    return refuse_field(row, PRICE_SOURCE, err, PACK_PRICE_SOURCE);
  *PACK_APPEND(table->lines, table->line_count) = line;
  return DONE;
}

const struct pack_price_table *pack_find_price_table(const struct pack *pack, const char *group,
                                                     int year) {
  const struct pack_price_table *latest = NULL;
  for (int i = 0; i < pack->price_table_count; i++) {
    const struct pack_price_table *t = &pack->price_tables[i];
    if (strcmp(t->group->code, group) == 0 && t->year <= year &&
        (!latest || t->year > latest->year))
      latest = t;
  }
  return latest;
}

wide_t pack_price_of(const struct pack_price *line, int64_t households, int64_t unit_pence) {
  return ((wide_t)line->pence * households + unit_pence / 2) / unit_pence * unit_pence;
}
