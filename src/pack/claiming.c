/* The rules of the rows of before-claiming.csv and advice.csv: what a claim can cost, and who
 * advises. policy/uk/README.md says what each column holds. */
#include "pack/fields.h"

static const char *const harm_words[CLAIM_HARMS] = {"ends",  "protection", "mixed-age",
                                                    "carer", "tax",        "no-public-funds"};
static const char *const button_words[CLAIM_BUTTONS] = {"keep", "none", "none-unless-known"};
static const char *const topic_words[ADVICE_TOPICS] = {"benefits", "immigration", "money",
                                                       "housing", "carers"};
const char *const pack_nation_words[PACK_NATIONS] = {"england", "wales", "scotland",
                                                     "northern-ireland"};

const char *claim_harm_word(enum claim_harm harm) { return harm_words[harm]; }
const char *claim_button_word(enum claim_button button) { return button_words[button]; }
const char *advice_topic_word(enum advice_topic topic) { return topic_words[topic]; }

/* ---- before-claiming.csv ---- */

enum {
  CLAIMING_CODE,
  CLAIMING_ENTITLEMENTS,
  CLAIMING_KIND,
  CLAIMING_WHEN,
  CLAIMING_BUTTON,
  CLAIMING_ENDS,
  CLAIMING_SAYS,
  CLAIMING_SAYS_CY,
  CLAIMING_UNKNOWN,
  CLAIMING_UNKNOWN_CY,
  CLAIMING_STEP,
  CLAIMING_STEP_CY,
  CLAIMING_SOURCE
};

/* Codes of entitlements.csv with a space between. */
static enum status take_entitlements(const struct pack_row *row, int column,
                                     const struct pack_entitlement ***out, int *count,
                                     struct error *err) {
  struct pack *p = row->pack;
  const struct span all = pack_field(row, column);
  *out = arena_array(p->index->arena, const struct pack_entitlement *, all.size / 2 + 1);
  for (size_t at = 0; at < all.size;) {
    const struct pack_entitlement *e = pack_find_entitlement(p, pack_next_word(all, &at));
    if (!e) return refuse_field(row, column, err, PACK_CODE_UNKNOWN, "entitlements.csv");
    (*out)[(*count)++] = e;
  }
  return DONE;
}

enum status pack_take_claiming(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int number = p->claiming_count, harm = 0, button = 0;
  struct pack_claiming *c = PACK_APPEND(p->claimings, p->claiming_count);
  enum status s = pack_take_new_code(row, CLAIMING_CODE, KIND_CLAIMING, number, &c->code, err);
  if (s == DONE) s = pack_take_word(row, CLAIMING_KIND, harm_words, CLAIM_HARMS, &harm, err);
  if (s == DONE)
    s = pack_take_word(row, CLAIMING_BUTTON, button_words, CLAIM_BUTTONS, &button, err);
  if (s == DONE && !span_is(pack_field(row, CLAIMING_ENTITLEMENTS), "*")) {
    s = take_entitlements(row, CLAIMING_ENTITLEMENTS, &c->of, &c->of_count, err);
    if (s == DONE && !c->of_count)
      return refuse_at(err, row->columns[CLAIMING_ENTITLEMENTS].name, PACK_FIELD_EMPTY);
  }
  if (s == DONE && !pack_absent(row, CLAIMING_WHEN))
    s = pack_take_rule_name(row, CLAIMING_WHEN, &c->when, err);
  if (s == DONE) s = take_entitlements(row, CLAIMING_ENDS, &c->ends, &c->ends_count, err);
  if (s == DONE) s = pack_take_names(row, CLAIMING_SAYS, CLAIMING_SAYS_CY, c->says, err);
  if (s == DONE && !pack_absent(row, CLAIMING_UNKNOWN))
    s = pack_take_names(row, CLAIMING_UNKNOWN, CLAIMING_UNKNOWN_CY, c->unknown, err);
  if (s == DONE) s = pack_take_names(row, CLAIMING_STEP, CLAIMING_STEP_CY, c->step, err);
  if (s == DONE) s = pack_take_text(row, CLAIMING_SOURCE, &c->source, err);
  c->harm = (enum claim_harm)harm;
  c->button = (enum claim_button)button;
  return s;
}

bool pack_claiming_is_of(const struct pack_claiming *row, const struct pack_entitlement *what) {
  for (int i = 0; i < row->of_count; i++)
    if (row->of[i] == what) return true;
  return !row->of_count;
}

/* ---- advice.csv ---- */

enum {
  ADVICE_CODE,
  ADVICE_NAME,
  ADVICE_NAME_CY,
  ADVICE_NATIONS,
  ADVICE_PLACES,
  ADVICE_OF_TOPICS,
  ADVICE_ADDRESS,
  ADVICE_TELEPHONE,
  ADVICE_HELP,
  ADVICE_HELP_CY,
  ADVICE_SOURCE
};

enum status pack_take_bits(const struct pack_row *row, int column, const char *const *words,
                           int count, unsigned *out, struct error *err) {
  const struct span all = pack_field(row, column);
  for (size_t at = 0; at < all.size;) {
    const struct span word = pack_next_word(all, &at);
    int which = 0;
    while (which < count && !span_is(word, words[which])) which++;
    if (which == count) return pack_take_word(row, column, words, count, &which, err);
    *out |= 1u << which;
  }
  return DONE;
}

enum status pack_take_advice(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int number = p->advice_count;
  struct pack_advice *a = PACK_APPEND(p->advice, p->advice_count);
  enum status s = pack_take_new_code(row, ADVICE_CODE, KIND_ADVICE, number, &a->code, err);
  if (s == DONE) s = pack_take_names(row, ADVICE_NAME, ADVICE_NAME_CY, a->name, err);
  if (s == DONE)
    s = pack_take_bits(row, ADVICE_NATIONS, pack_nation_words, PACK_NATIONS, &a->nations, err);
  if (s == DONE)
    s = pack_take_bits(row, ADVICE_OF_TOPICS, topic_words, ADVICE_TOPICS, &a->topics, err);
  if (s == DONE && !a->topics)
    return refuse_at(err, row->columns[ADVICE_OF_TOPICS].name, PACK_FIELD_EMPTY);
  if (s == DONE && pack_absent(row, ADVICE_ADDRESS) && pack_absent(row, ADVICE_TELEPHONE))
    return refuse_at(err, row->columns[ADVICE_ADDRESS].name, PACK_FIELD_EMPTY);
  if (s == DONE) s = pack_take_names(row, ADVICE_HELP, ADVICE_HELP_CY, a->help, err);
  if (s == DONE) s = pack_take_text(row, ADVICE_SOURCE, &a->source, err);
  a->places = pack_copy(row, ADVICE_PLACES);
  a->address = pack_copy(row, ADVICE_ADDRESS);
  a->telephone = pack_copy(row, ADVICE_TELEPHONE);
  return s;
}
