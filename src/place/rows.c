#include "place/gather.h"

/* The last row of each table is for lines that have no value in its column: a tax has no COFOG
 * code, a payment may have no category. */

static const char *const by_words[] = {
    [BY_CATEGORY] = "category", [BY_COFOG] = "cofog", [BY_PURPOSE] = "purpose",
    [BY_DOMAIN] = "domain",     [BY_SIDE] = "side",   [BY_BODY] = "body"};

enum status place_by_parse(struct span text, enum place_by *by, struct error *err) {
  for (int i = 0; i < (int)(sizeof by_words / sizeof *by_words); i++)
    if (span_is(text, by_words[i])) {
      *by = (enum place_by)i;
      return DONE;
    }
  return error_set(err, USAGE,
                   "'" SPAN_FORMAT "' is nothing that an account is made by; write category, "
                   "cofog, purpose, domain, side or body",
                   SPAN(text));
}

int body_index(const struct scope *s, int64_t body) {
  const struct body *b = body ? bodies_by_id(s->bodies, body) : NULL;
  return b ? (int)(b - s->bodies->all) : -1;
}

int scope_row_count(const struct scope *s) {
  const struct pack *pack = s->pack;
  switch (s->request->by) {
  case BY_CATEGORY: return pack->category_count + 1;
  case BY_COFOG: return pack->cofog_count + 1;
  case BY_PURPOSE: return PURPOSE_COUNT;
  case BY_DOMAIN: return pack->domain_count + 1;
  case BY_SIDE: return SIDE_COUNT + 1;
  case BY_BODY: return s->bodies->count + 1;
  }
  return 0;
}

int scope_row(const struct scope *s, int id, int64_t body) {
  const struct pack *pack = s->pack;
  const struct pack_category *category = chart_category(s->chart, id);
  if (s->request->by == BY_BODY) {
    int index = body_index(s, body);
    return index < 0 ? s->bodies->count : index;
  }
  switch (s->request->by) {
  case BY_CATEGORY: return category ? s->chart->rank[id] : pack->category_count;
  case BY_COFOG:
    return category && category->cofog ? (int)(category->cofog - pack->cofogs) : pack->cofog_count;
  /* PURPOSE_NONE comes last */
  case BY_PURPOSE:
    return !category || category->purpose == PURPOSE_NONE ? PURPOSE_COUNT - 1
                                                          : (int)category->purpose - 1;
  case BY_DOMAIN:
    return category && category->domain ? (int)(category->domain - pack->domains)
                                        : pack->domain_count;
  case BY_SIDE: return category ? (int)category->side : SIDE_COUNT;
  case BY_BODY: break;
  }
  return 0;
}

const char *place_side_name(enum language language, int side) {
  switch (side) {
  case SIDE_CONTRIBUTION: return say(language, "Taxes, contributions and charges");
  case SIDE_CASH: return say(language, "Cash benefits");
  case SIDE_SERVICE: return say(language, "Services used");
  case SIDE_GIVEN: return say(language, "Time people gave");
  case SIDE_TRANSFER: return say(language, "Transfers between accounts");
  default: return say(language, "No category");
  }
}

struct row_name place_purpose_name(enum language language, int row) {
  switch (row + 1) {
  case PURPOSE_PREVENTIVE:
    return (struct row_name){"preventive", say(language, "Preventive: lowers a later need")};
  case PURPOSE_REACTIVE:
    return (struct row_name){"reactive", say(language, "Reactive: answers a need that is there")};
  case PURPOSE_UNIVERSAL:
    return (struct row_name){"universal",
                             say(language, "Universal: for everybody of an age or a place")};
  default:
    return (struct row_name){"none", say(language, "No purpose: taxes, contributions and charges")};
  }
}

struct row_name scope_row_name(const struct scope *s, int row) {
  const struct pack *pack = s->pack;
  enum language language = s->request->language;
  switch (s->request->by) {
  case BY_CATEGORY:
    if (row == pack->category_count) return (struct row_name){"none", say(language, "No category")};
    return (struct row_name){pack->categories[row].code, pack->categories[row].name[language]};
  case BY_COFOG:
    if (row == pack->cofog_count)
      return (struct row_name){
          "none", say(language, "No area of government: taxes, contributions, charges and time")};
    return (struct row_name){pack->cofogs[row].code, pack->cofogs[row].name[language]};
  case BY_PURPOSE: return place_purpose_name(language, row);
  case BY_DOMAIN:
    if (row == pack->domain_count)
      return (struct row_name){"none",
                               say(language, "No part of life: taxes, contributions and charges")};
    return (struct row_name){pack->domains[row].code, pack->domains[row].name[language]};
  case BY_SIDE:
    return (struct row_name){row < SIDE_COUNT ? pack_side_word((enum pack_side)row) : "none",
                             place_side_name(language, row)};
  case BY_BODY:
    if (row == s->bodies->count)
      return (struct row_name){"none", say(language, "No organisation named")};
    return (struct row_name){s->bodies->all[row].code, s->bodies->all[row].name};
  }
  return (struct row_name){"", ""};
}
