/* How the pack's files become rows. Private to this folder: pack.c reads the files in order, rows.c
 * and cases.c have the rules of rows. */
#ifndef WEAL_PACK_ROWS_H
#define WEAL_PACK_ROWS_H

#include "base/map.h"
#include "base/table.h"
#include "pack/pack.h"

enum { PACK_COLUMNS_MAX = 23 };

/* What has keys, each kind its own. */
enum pack_kind {
  KIND_UNIT,
  KIND_ROLE,
  KIND_SCHEME,
  KIND_DOMAIN,
  KIND_COFOG,
  KIND_CATEGORY,
  KIND_SERVICE,
  KIND_COST,
  KIND_RATE,
  KIND_RETENTION,
  KIND_BOUND,
  KIND_TAX_LINE,
  KIND_GROUP,
  KIND_PRICE, /* category, group, year */
  KIND_BODY,
  KIND_DUTY,
  KIND_VALUE,
  KIND_CASE_STATE,
  KIND_CASE_KIND,
  KIND_CASE_MOVE, /* kind, move, state */
  KIND_CASE_FACT, /* kind, fact */
  KIND_HOLIDAY,   /* division, day */
  KIND_TELL_LIST,
  KIND_TELL_ITEM, /* list, item */
  KIND_TOPIC,
  KIND_TELLABLE,
  KIND_ENTITLEMENT,
  KIND_GATE, /* gate, answer, settles */
  KIND_WHAT_IF,
  KIND_ASSUMED,
  KIND_PAY_DAYS, /* variable, every */
  KIND_OVERPAYMENT,
  KIND_CLAIMING,
  KIND_ADVICE,
  KIND_PLACE_CODE, /* variable, code */
  KIND_STANDARD,
  KIND_TAKE_UP,
  KIND_COUNT
};

struct pack_index {
  struct arena *arena; /* everything the pack returns, and this index */
  struct map rows[KIND_COUNT];
};

/* row, or -1 */
int pack_index_find(const struct pack_index *index, enum pack_kind kind, struct span key);
/* False when the key is there already. `key` is kept, not copied. */
bool pack_index_add(struct pack_index *index, enum pack_kind kind, const char *key, int row);

/* One row of a file, its fields by the number of the column. */
struct pack_row {
  struct pack *pack;
  const struct table_rows *rows;
  size_t row;
  const struct table_column *columns;
};

/* What a file of the pack is: its columns in the order that its taker numbers them, and the array
 * its rows go into. */
struct pack_file {
  const char *name;
  struct table_column columns[PACK_COLUMNS_MAX];
  int column_count;
  /* Adds the row to the pack, or refuses it with the column at fault; the caller adds file and
   * line. */
  enum status (*take)(const struct pack_row *row, struct error *err);
  bool optional; /* packs from before these were rows do not have the file */
  /* Checks the file's rows together, before the next file is read; null: nothing. */
  enum status (*check)(struct pack *pack, struct error *err);
};

/* deflators.c */
enum status pack_take_deflator(const struct pack_row *row, struct error *err);

/* off_bills.c */
enum status pack_take_off_bill(const struct pack_row *row, struct error *err);

/* in_prices.c */
enum status pack_take_household_group(const struct pack_row *row, struct error *err);
enum status pack_take_price(const struct pack_row *row, struct error *err);

/* tellable.c */
#define PACK_ITEM_COLUMNS \
  {"list", true}, {"item", true}, {"name", true}, { "name_cy", true }
#define PACK_ENTITLEMENT_COLUMNS \
  {"variable", true}, {"name", true}, {"name_cy", true}, {"side", true}, {"category", true}, \
      {"per", true}, {"payer", true}, {"claim", true}, {"sensitive", true}, {"source", true}, \
      {"ages", false}, {"in_payment", false}, {"within", false}, {"claimed", false}, \
      {"unsaid", false}, {"unsaid_cy", false}, {"billed", false}, {"helps_pay", false}, { \
    "nations", false \
  }
#define PACK_GATE_COLUMNS \
  {"gate", true}, {"answer", true}, {"settles", true}, {"value", true}, { "source", true }
#define PACK_TELLABLE_COLUMNS \
  {"variable", true}, {"whose", true}, {"kind", true}, {"per", true}, {"low", true}, \
      {"high", true}, {"who", true}, {"sensitive", true}, {"purposes", true}, {"review", true}, \
      {"rule", true}, {"name", true}, {"name_cy", true}, {"question", true}, \
      {"question_cy", true}, {"hint", true}, {"hint_cy", true}, {"why", true}, {"why_cy", true}, \
      {"source", true}, {"ages", false}, {"topic", false}, { \
    "lasts", false \
  }
#define PACK_TOPIC_COLUMNS \
  {"topic", true}, {"name", true}, { "name_cy", true }
enum status pack_take_topic(const struct pack_row *row, struct error *err);
enum status pack_take_tell_item(const struct pack_row *row, struct error *err);
enum status pack_take_entitlement(const struct pack_row *row, struct error *err);
enum status pack_take_tellable(const struct pack_row *row, struct error *err);
#define PACK_WHAT_IF_COLUMNS \
  {"code", true}, {"name", true}, {"name_cy", true}, {"ages", true}, {"asks", true}, { \
    "sets", true \
  }
enum status pack_take_what_if(const struct pack_row *row, struct error *err);
enum status pack_take_gate(const struct pack_row *row, struct error *err);

/* assumed.c */
#define PACK_ASSUMED_COLUMNS \
  {"variable", true}, {"otherwise", true}, {"ages", true}, {"name", true}, {"name_cy", true}, \
      {"taken", true}, {"taken_cy", true}, {"why", true}, {"why_cy", true}, { \
    "source", true \
  }
enum status pack_take_assumed(const struct pack_row *row, struct error *err);
enum status pack_check_assumed(struct pack *pack, struct error *err);

/* pay_days.c */
#define PACK_PAY_DAYS_COLUMNS \
  {"variable", true}, {"every", true}, {"after", true}, {"part", true}, { "source", true }
#define PACK_OVERPAYMENT_COLUMNS \
  {"variable", true}, {"terms", true}, {"terms_cy", true}, {"source", true}, {"fault", false}, \
      {"most_of", false}, {"percent", false}, {"times", false}, {"step", false}, {"least", false}, \
  { \
    "most_source", false \
  }
enum status pack_take_pay_days(const struct pack_row *row, struct error *err);
enum status pack_take_overpayment(const struct pack_row *row, struct error *err);

/* standards.c */
#define PACK_STANDARD_COLUMNS \
  {"code", true}, {"name", true}, {"name_cy", true}, {"promise", true}, {"promise_cy", true}, \
      {"kind", true}, {"rule", true}, {"ages", true}, {"event", true}, {"categories", true}, \
      {"from", true}, {"to", true}, {"answers", true}, { \
    "source", true \
  }
enum status pack_take_standard(const struct pack_row *row, struct error *err);

/* claiming.c */
#define PACK_CLAIMING_COLUMNS \
  {"code", true}, {"entitlements", true}, {"kind", true}, {"when", true}, {"button", true}, \
      {"ends", true}, {"says", true}, {"says_cy", true}, {"unknown", true}, {"unknown_cy", true}, \
      {"do", true}, {"do_cy", true}, { \
    "source", true \
  }
#define PACK_ADVICE_COLUMNS \
  {"code", true}, {"name", true}, {"name_cy", true}, {"nations", true}, {"places", true}, \
      {"topics", true}, {"address", true}, {"telephone", true}, {"help", true}, {"help_cy", true}, \
  { \
    "source", true \
  }
enum status pack_take_claiming(const struct pack_row *row, struct error *err);
enum status pack_take_advice(const struct pack_row *row, struct error *err);
/* take_up.c */
#define PACK_TAKE_UP_COLUMNS \
  {"variable", true}, {"basis", true}, {"purpose", true}, {"purpose_cy", true}, {"law", true}, \
      {"needs", true}, {"needs_cy", true}, {"again", true}, {"answer", true}, {"source", true}, { \
    "public", true \
  }
enum status pack_take_take_up(const struct pack_row *row, struct error *err);

/* claims.c */
#define PACK_DISCRETIONARY_COLUMNS \
  {"variable", true}, {"name", true}, {"name_cy", true}, {"category", true}, {"per", true}, \
      {"payer", true}, {"claim", true}, { \
    "source", true \
  }
#define PACK_CLAIM_COLUMNS \
  {"variable", true}, {"ages", true}, {"kind", true}, {"decided", true}, {"back", true}, \
      {"back_reason", true}, {"answer", true}, {"pays", true}, {"child", true}, { \
    "source", true \
  }
#define PACK_DISPUTE_COLUMNS \
  {"variable", true}, {"division", true}, {"step", true}, {"kind", true}, {"within", true}, \
      {"late", true}, {"name", true}, {"name_cy", true}, {"text", true}, {"text_cy", true}, \
      {"address", true}, { \
    "source", true \
  }
enum status pack_take_discretionary(const struct pack_row *row, struct error *err);
enum status pack_take_claim(const struct pack_row *row, struct error *err);
enum status pack_take_dispute(const struct pack_row *row, struct error *err);

/* place_codes.c */
enum status pack_take_place_code(const struct pack_row *row, struct error *err);

/* cases.c: the files of cases/. */
enum { PACK_DIVISIONS = 3 };
extern const char *const pack_divisions[PACK_DIVISIONS]; /* whose holidays */
enum status pack_take_case_state(const struct pack_row *row, struct error *err);
enum status pack_take_case_kind(const struct pack_row *row, struct error *err);
enum status pack_take_case_move(const struct pack_row *row, struct error *err);
enum status pack_check_case_moves(struct pack *pack, struct error *err);
enum status pack_take_case_fact(const struct pack_row *row, struct error *err);
enum status pack_check_case_facts(struct pack *pack, struct error *err);
enum status pack_take_case_step(const struct pack_row *row, struct error *err);
enum status pack_take_clock(const struct pack_row *row, struct error *err);
enum status pack_take_holiday(const struct pack_row *row, struct error *err);
enum status pack_check_holidays(struct pack *pack, struct error *err);

/* In the order they must be read: each refers to those above it only. */
extern const struct pack_file pack_files[];
extern const int pack_file_count;

#endif
