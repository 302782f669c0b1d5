/* The rules of the rows of each file. One `take_` function for each file; the columns' numbers are
 * the enum above it.
 *
 * Arrays grow by doubling on the heap while they are read (pack_close frees them); texts are copied
 * into the pack's arena. Pointers between arrays are safe because a file is complete before another
 * that refers to it is opened.
 */
#include "pack/fields.h"

#include "base/day.h"
#include "base/limits.h"
#include "base/money.h"
#include "base/number_form.h"

enum { SHARE_HUNDREDTHS_MAX = 10000 };

static const char *const side_words[SIDE_COUNT] = {"contribution", "cash", "service", "given",
                                                   "transfer"};
static const char *const kind_words[UNIT_KINDS] = {"money", "time", "count"};
static const char *const use_words[ROLE_USES] = {"",         "entries", "contra",
                                                 "payments", "budget",  "erased"};
static const char *const owner_words[ROLE_OWNERS] = {"person", "body", "book"};
static const char *const shown_words[SHOWN_COUNT] = {"paid",  "employer", "cash", "services",
                                                     "given", "holdings", "none"};
static const char *const purpose_words[PURPOSE_COUNT] = {"", "preventive", "reactive", "universal"};

const char *pack_side_word(enum pack_side side) { return side_words[side]; }
const char *unit_kind_word(enum unit_kind kind) { return kind_words[kind]; }
const char *role_use_word(enum role_use use) { return use_words[use]; }
const char *role_owner_word(enum role_owner owner) { return owner_words[owner]; }
const char *pack_shown_word(enum pack_shown shown) { return shown_words[shown]; }

/* ---- fields ---- */

/* A percent with at most two decimals has the form of an amount of money; its hundredths are the
 * "pence". */
static enum status take_share(const struct pack_row *row, int column, int *out, struct error *err) {
  int64_t hundredths;
  struct error inner = {0};
  if (money_parse(pack_field(row, column), &hundredths, &inner) != DONE || hundredths < 0 ||
      hundredths > SHARE_HUNDREDTHS_MAX)
    return refuse_field(row, column, err, PACK_PERCENT_MALFORMED);
  *out = (int)hundredths;
  return DONE;
}

/* ---- units.csv ---- */

enum {
  UNIT_CODE,
  UNIT_NAME,
  UNIT_NAME_CY,
  UNIT_KIND,
  UNIT_SCALE,
  UNIT_BEFORE,
  UNIT_ONE,
  UNIT_MANY,
  UNIT_ONE_CY,
  UNIT_MANY_CY,
  UNIT_SOURCE,
  UNIT_COLUMNS
};

static enum status take_short_code(const struct pack_row *row, int column, size_t most,
                                   enum pack_kind kind, int number, const char **out,
                                   struct error *err) {
  if (pack_field(row, column).size > most)
    return refuse_field(row, column, err, PACK_CODE_TOO_LONG, most);
  return pack_take_new_code(row, column, kind, number, out, err);
}

/* Words stand after a figure in both languages or in neither, for one as for many. */
static enum status take_unit_shown(const struct pack_row *row, struct pack_unit *u,
                                   struct error *err) {
  u->before = pack_copy(row, UNIT_BEFORE);
  u->one[ENGLISH] = pack_copy(row, UNIT_ONE);
  u->many[ENGLISH] = pack_copy(row, UNIT_MANY);
  u->one[WELSH] = pack_copy(row, UNIT_ONE_CY);
  u->many[WELSH] = pack_copy(row, UNIT_MANY_CY);
  for (int column = UNIT_ONE; column <= UNIT_MANY_CY; column++)
    if (pack_absent(row, column) != pack_absent(row, UNIT_ONE))
      return refuse_field(row, column, err, PACK_UNIT_WORDS);
  if (pack_absent(row, UNIT_BEFORE) && pack_absent(row, UNIT_ONE))
    return refuse_field(row, UNIT_BEFORE, err, PACK_UNIT_UNSHOWN);
  return DONE;
}

static enum status take_unit(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int number = p->unit_count, kind = 0;
  int64_t scale = 0;
  struct pack_unit *u = PACK_APPEND(p->units, p->unit_count);
  enum status s = take_short_code(row, UNIT_CODE, LIMIT_UNIT_BYTES, KIND_UNIT, number, &u->code,
                                  err);
  if (s == DONE) s = pack_take_names(row, UNIT_NAME, UNIT_NAME_CY, u->name, err);
  if (s == DONE) s = pack_take_word(row, UNIT_KIND, kind_words, UNIT_KINDS, &kind, err);
  if (s == DONE) s = take_unit_shown(row, u, err);
  if (s == DONE) s = pack_take_text(row, UNIT_SOURCE, &u->source, err);
  if (s != DONE) return s;
  if (integer_parse(pack_field(row, UNIT_SCALE), &scale, err) != DONE || scale < 0 ||
      scale > LIMIT_UNIT_SCALE)
    return refuse_field(row, UNIT_SCALE, err, PACK_UNIT_SCALE, LIMIT_UNIT_SCALE);
  u->kind = (enum unit_kind)kind;
  u->scale = (int)scale;
  return DONE;
}

static void add_built_in_units(struct pack *p) {
  static const struct pack_unit built_in[] = {{.code = UNIT_PENCE,
                                               .name = {"Pounds", "Punnoedd"},
                                               .kind = UNIT_MONEY,
                                               .scale = 2,
                                               .before = "\xC2\xA3",
                                               .one = {"", ""},
                                               .many = {"", ""},
                                               .source = "ISO 4217: pound sterling"},
                                              {.code = UNIT_MINUTES,
                                               .name = {"Time", "Amser"},
                                               .kind = UNIT_TIME,
                                               .before = "",
                                               .one = {"minute", "munud"},
                                               .many = {"minutes", "munud"},
                                               .source = "the program"}};
  for (size_t i = 0; i < sizeof built_in / sizeof *built_in; i++) {
    (void)pack_index_add(p->index, KIND_UNIT, built_in[i].code, p->unit_count);
    *PACK_APPEND(p->units, p->unit_count) = built_in[i];
  }
}

/* Checks that the two units that the program itself needs are there and right; adds them where the
 * pack has no file of units. */
static enum status check_units(struct pack *p, struct error *err) {
  if (!p->unit_count) add_built_in_units(p);
  p->pence = pack_find_unit(p, span_of(UNIT_PENCE));
  p->minutes = pack_find_unit(p, span_of(UNIT_MINUTES));
  if (p->pence && p->minutes && p->pence->kind == UNIT_MONEY && p->pence->scale == 2 &&
      p->minutes->kind == UNIT_TIME && p->minutes->scale == 0)
    return DONE;
  refuse(err, PACK_TOTALS_UNITS);
  return error_at(err, arena_printf(p->index->arena, "%s/%s", p->dir, pack_files[0].name), 0, NULL);
}

/* ---- roles.csv ---- */

enum {
  ROLE_CODE,
  ROLE_OWNER,
  ROLE_USE,
  ROLE_KIND,
  ROLE_OPENED,
  ROLE_STATEMENT,
  ROLE_PURPOSE,
  ROLE_COLUMNS
};

/* The program looks up a role by its use, so each use has one role; ROLE_ENTRIES has one for each
 * kind of unit. */
static bool use_is_taken(const struct pack *p, const struct pack_role *r) {
  for (int i = 0; i < p->role_count; i++) {
    const struct pack_role *other = &p->roles[i];
    if (other != r && r->use != ROLE_NAMED && other->use == r->use && other->kind == r->kind)
      return true;
  }
  return false;
}

static enum status take_role_units(const struct pack_row *row, struct pack_role *r,
                                   struct error *err) {
  int kind = 0, unit = 0;
  r->kind = -1;
  if (r->use != ROLE_ENTRIES) {
    if (!pack_absent(row, ROLE_KIND))
      return refuse_field(row, ROLE_KIND, err, PACK_ROLE_KIND_OF_USE);
    if (!pack_absent(row, ROLE_OPENED))
      return refuse_field(row, ROLE_OPENED, err, PACK_ROLE_OPENED_OF_USE);
    return DONE;
  }
  enum status s = pack_take_word(row, ROLE_KIND, kind_words, UNIT_KINDS, &kind, err);
  if (s != DONE) return s;
  r->kind = kind;
  if (pack_absent(row, ROLE_OPENED)) return DONE;
  s = pack_take_reference(row, ROLE_OPENED, KIND_UNIT, "units.csv", &unit, err);
  if (s != DONE) return s;
  r->opened = &row->pack->units[unit];
  return (int)r->opened->kind == kind ? DONE
                                      : refuse_field(row, ROLE_OPENED, err, PACK_ROLE_UNIT_KIND);
}

static enum status take_role(const struct pack_row *row, struct error *err) {
  static const enum role_owner owners[ROLE_USES] = {[ROLE_ENTRIES] = ROLE_OF_PERSON,
                                                    [ROLE_CONTRA] = ROLE_OF_BODY,
                                                    [ROLE_PAYMENTS] = ROLE_OF_BODY,
                                                    [ROLE_BUDGET] = ROLE_OF_BODY,
                                                    [ROLE_ERASED] = ROLE_OF_BOOK};
  struct pack *p = row->pack;
  int number = p->role_count, owner = 0, use = 0;
  struct pack_role *r = PACK_APPEND(p->roles, p->role_count);
  enum status s = take_short_code(row, ROLE_CODE, LIMIT_ROLE_BYTES, KIND_ROLE, number, &r->code,
                                  err);
  if (s == DONE) s = pack_take_word(row, ROLE_OWNER, owner_words, ROLE_OWNERS, &owner, err);
  if (s == DONE) s = pack_take_word(row, ROLE_USE, use_words, ROLE_USES, &use, err);
  if (s == DONE) s = pack_take_flag(row, ROLE_STATEMENT, &r->statement, err);
  if (s == DONE) s = pack_take_text(row, ROLE_PURPOSE, &r->purpose, err);
  if (s != DONE) return s;
  r->owner = (enum role_owner)owner;
  r->use = (enum role_use)use;
  if (r->use != ROLE_NAMED && r->owner != owners[r->use])
    return refuse_field(row, ROLE_OWNER, err, PACK_ROLE_OWNER);
  if (r->statement && r->owner != ROLE_OF_PERSON)
    return refuse_field(row, ROLE_STATEMENT, err, PACK_ROLE_STATEMENT);
  s = take_role_units(row, r, err);
  if (s == DONE && use_is_taken(p, r)) s = refuse_field(row, ROLE_USE, err, PACK_ROLE_USE_TWICE);
  return s;
}

/* ---- schemes.csv ---- */

enum {
  SCHEME_CODE,
  SCHEME_NAME,
  SCHEME_NAME_CY,
  SCHEME_FORM,
  SCHEME_CHECK,
  SCHEME_SOURCE,
  SCHEME_COLUMNS
};

/* The program's own schemes, and the columns of files of people, among which a scheme stands by its
 * code. */
static const char *const schemes_taken[] = {"id",      "household", "nino",  "nhs",   "utr",
                                            "company", "uprn",      "name",  "sex",   "born",
                                            "died",    "from",      "place", "email", NULL};

static enum status take_scheme(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int number = p->scheme_count;
  struct pack_scheme *scheme = PACK_APPEND(p->schemes, p->scheme_count);
  enum status s = take_short_code(row, SCHEME_CODE, LIMIT_SCHEME_BYTES, KIND_SCHEME, number,
                                  &scheme->code, err);
  if (s == DONE) s = pack_take_names(row, SCHEME_NAME, SCHEME_NAME_CY, scheme->name, err);
  if (s == DONE) s = pack_take_text(row, SCHEME_SOURCE, &scheme->source, err);
  if (s != DONE) return s;
  for (const char *const *taken = schemes_taken; *taken; taken++)
    if (strcmp(scheme->code, *taken) == 0)
      return refuse_field(row, SCHEME_CODE, err, PACK_SCHEME_TAKEN);
  if (number >= LIMIT_SCHEMES)
    return refuse_field(row, SCHEME_CODE, err, PACK_SCHEMES_TOO_MANY, (int)LIMIT_SCHEMES);
  if (!number_form_valid(pack_field(row, SCHEME_FORM)))
    return refuse_field(row, SCHEME_FORM, err, PACK_SCHEME_FORM);
  if (!check_digit_known(pack_field(row, SCHEME_CHECK)))
    return refuse_field(row, SCHEME_CHECK, err, PACK_SCHEME_CHECK);
  if (pack_field(row, SCHEME_CHECK).size &&
      !number_form_has_check_digit(pack_field(row, SCHEME_FORM)))
    return refuse_field(row, SCHEME_CHECK, err, PACK_SCHEME_CHECK_WITHOUT_DIGITS);
  scheme->form = pack_copy(row, SCHEME_FORM);
  scheme->check = pack_copy(row, SCHEME_CHECK);
  return DONE;
}

/* ---- domains.csv, cofog.csv ---- */

enum { NAMED_CODE, NAMED_NAME, NAMED_NAME_CY, NAMED_SOURCE };

static enum status take_domain(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int number = p->domain_count;
  struct pack_domain *d = PACK_APPEND(p->domains, p->domain_count);
  enum status s = pack_take_new_code(row, NAMED_CODE, KIND_DOMAIN, number, &d->code, err);
  if (s == DONE) s = pack_take_names(row, NAMED_NAME, NAMED_NAME_CY, d->name, err);
  if (s == DONE) s = pack_take_text(row, NAMED_SOURCE, &d->source, err);
  return s;
}

/* `07` or `07.2`. */
static bool is_cofog(struct span s) {
  if (s.size != 2 && s.size != 4) return false;
  for (size_t i = 0; i < s.size; i++) {
    if (i == 2 ? s.bytes[i] != '.' : s.bytes[i] < '0' || s.bytes[i] > '9') return false;
  }
  return true;
}

static enum status take_cofog(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  if (!is_cofog(pack_field(row, NAMED_CODE)))
    return refuse_field(row, NAMED_CODE, err, PACK_COFOG_MALFORMED);
  int number = p->cofog_count;
  struct pack_cofog *c = PACK_APPEND(p->cofogs, p->cofog_count);
  c->code = pack_copy(row, NAMED_CODE);
  if (!pack_index_add(p->index, KIND_COFOG, c->code, number))
    return refuse_field(row, NAMED_CODE, err, PACK_CODE_TWICE);
  enum status s = pack_take_names(row, NAMED_NAME, NAMED_NAME_CY, c->name, err);
  if (s == DONE) s = pack_take_text(row, NAMED_SOURCE, &c->source, err);
  return s;
}

/* ---- categories.csv ---- */

enum {
  CATEGORY_CODE,
  CATEGORY_NAME,
  CATEGORY_NAME_CY,
  CATEGORY_SIDE,
  CATEGORY_UNIT,
  CATEGORY_SHOWN,
  CATEGORY_COFOG,
  CATEGORY_PURPOSE,
  CATEGORY_DOMAIN,
  CATEGORY_SHARE,
  CATEGORY_WELFARE,
  CATEGORY_HOUSEHOLD,
  CATEGORY_BASE,
  CATEGORY_IN_PRICES,
  CATEGORY_SOURCE,
  CATEGORY_COLUMNS
};

/* The classification is of government spending: categories that citizens pay or give must not have
 * it, and categories that they receive must. */
static enum status take_category_cofog(const struct pack_row *row, struct pack_category *c,
                                       struct error *err) {
  bool given = !pack_absent(row, CATEGORY_COFOG);
  if (given && (c->side == SIDE_CONTRIBUTION || c->side == SIDE_GIVEN))
    return refuse_field(row, CATEGORY_COFOG, err, PACK_COFOG_OF_CONTRIBUTION);
  if (!given && (c->side == SIDE_CASH || c->side == SIDE_SERVICE))
    return refuse_field(row, CATEGORY_COFOG, err, PACK_COFOG_MISSING);
  if (!given) return DONE;
  int number = 0;
  enum status s = pack_take_reference(row, CATEGORY_COFOG, KIND_COFOG, "cofog.csv", &number, err);
  if (s != DONE) return s;
  if (pack_field(row, CATEGORY_COFOG).size != 4)
    return refuse_field(row, CATEGORY_COFOG, err, PACK_COFOG_DIVISION);
  c->cofog = &row->pack->cofogs[number];
  return DONE;
}

static enum status take_category_purpose(const struct pack_row *row, struct pack_category *c,
                                         struct error *err) {
  bool spent = c->side != SIDE_CONTRIBUTION && c->side != SIDE_TRANSFER;
  int word = 0;
  enum status s = pack_take_word(row, CATEGORY_PURPOSE, purpose_words, PURPOSE_COUNT, &word, err);
  if (s != DONE) return s;
  c->purpose = (enum pack_purpose)word;
  if (spent && c->purpose == PURPOSE_NONE)
    return refuse_field(row, CATEGORY_PURPOSE, err, PACK_PURPOSE_MISSING);
  if (!spent && c->purpose != PURPOSE_NONE)
    return refuse_field(row, CATEGORY_PURPOSE, err, PACK_PURPOSE_OF_SIDE);
  if (!spent && !pack_absent(row, CATEGORY_DOMAIN))
    return refuse_field(row, CATEGORY_DOMAIN, err, PACK_PURPOSE_OF_SIDE);
  if (!spent) return DONE;
  int number = 0;
  s = pack_take_reference(row, CATEGORY_DOMAIN, KIND_DOMAIN, "domains.csv", &number, err);
  if (s == DONE) c->domain = &row->pack->domains[number];
  return s;
}

/* The section of the statement follows from the side, except that a contribution is the citizen's
 * own or the employer's. */
static bool shown_fits(enum pack_side side, enum pack_shown shown) {
  static const enum pack_shown by_side[SIDE_COUNT] = {SHOWN_PAID, SHOWN_CASH, SHOWN_SERVICES,
                                                      SHOWN_GIVEN, SHOWN_NONE};
  return shown == by_side[side] || (side == SIDE_CONTRIBUTION && shown == SHOWN_EMPLOYER);
}

/* A category in another unit than pence or minutes is received, handed over or moved, and shown as
 * a holding. */
static enum status check_holding(const struct pack_row *row, const struct pack_category *c,
                                 struct error *err) {
  if (c->side == SIDE_SERVICE) return refuse_field(row, CATEGORY_UNIT, err, PACK_SERVICE_UNIT);
  if (c->shown != SHOWN_HOLDINGS) return refuse_field(row, CATEGORY_SHOWN, err, PACK_SHOWN_OF_UNIT);
  return DONE;
}

static enum status take_category_kind(const struct pack_row *row, struct pack_category *c,
                                      struct error *err) {
  const struct pack *p = row->pack;
  int side = 0, unit = 0, shown = 0;
  enum status s = pack_take_word(row, CATEGORY_SIDE, side_words, SIDE_COUNT, &side, err);
  if (s == DONE) s = pack_take_reference(row, CATEGORY_UNIT, KIND_UNIT, "units.csv", &unit, err);
  if (s == DONE) s = pack_take_word(row, CATEGORY_SHOWN, shown_words, SHOWN_COUNT, &shown, err);
  if (s != DONE) return s;
  c->side = (enum pack_side)side;
  c->unit = &p->units[unit];
  c->shown = (enum pack_shown)shown;
  if ((c->unit == p->minutes) != (c->side == SIDE_GIVEN))
    return refuse_field(row, CATEGORY_UNIT, err, PACK_UNIT_OF_GIVEN);
  if (c->unit != p->pence && c->unit != p->minutes) return check_holding(row, c, err);
  if (!shown_fits(c->side, c->shown))
    return refuse_field(row, CATEGORY_SHOWN, err, PACK_SHOWN_OF_SIDE);
  return DONE;
}

static enum status take_category_flags(const struct pack_row *row, struct pack_category *c,
                                       struct error *err) {
  enum status s = pack_take_flag(row, CATEGORY_WELFARE, &c->welfare_account, err);
  if (s == DONE) s = pack_take_flag(row, CATEGORY_HOUSEHOLD, &c->household, err);
  if (s == DONE) s = pack_take_flag(row, CATEGORY_BASE, &c->tax_summary_base, err);
  if (s == DONE && c->tax_summary_base && c->shown != SHOWN_PAID)
    s = refuse_field(row, CATEGORY_BASE, err, PACK_TAX_BASE);
  if (s == DONE) s = pack_take_flag(row, CATEGORY_IN_PRICES, &c->in_prices, err);
  if (s == DONE && c->in_prices && (c->shown != SHOWN_PAID || c->tax_summary_base))
    s = refuse_field(row, CATEGORY_IN_PRICES, err, PACK_IN_PRICES);
  if (s == DONE && c->shown == SHOWN_HOLDINGS && (c->household || c->welfare_account))
    s = refuse_field(row, c->household ? CATEGORY_HOUSEHOLD : CATEGORY_WELFARE, err,
                     PACK_NOT_POUNDS);
  c->personal_share_hundredths = PACK_SHARE_NONE;
  if (s == DONE && !pack_absent(row, CATEGORY_SHARE))
    s = take_share(row, CATEGORY_SHARE, &c->personal_share_hundredths, err);
  return s;
}

static enum status take_category(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int number = p->category_count;
  struct pack_category *c = PACK_APPEND(p->categories, p->category_count);
  enum status s = pack_take_new_code(row, CATEGORY_CODE, KIND_CATEGORY, number, &c->code, err);
  if (s == DONE) s = pack_take_names(row, CATEGORY_NAME, CATEGORY_NAME_CY, c->name, err);
  if (s == DONE) s = take_category_kind(row, c, err);
  if (s == DONE) s = take_category_cofog(row, c, err);
  if (s == DONE) s = take_category_purpose(row, c, err);
  if (s == DONE) s = take_category_flags(row, c, err);
  if (s == DONE) s = pack_take_text(row, CATEGORY_SOURCE, &c->source, err);
  return s;
}

/* ---- services.csv, unit-costs.csv, rates.csv ---- */

enum { SERVICE_CODE, SERVICE_NAME, SERVICE_CATEGORY, SERVICE_UNIT };

static enum status take_service(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int number = p->service_count, category = 0;
  struct pack_service *v = PACK_APPEND(p->services, p->service_count);
  enum status s = pack_take_new_code(row, SERVICE_CODE, KIND_SERVICE, number, &v->code, err);
  if (s == DONE) s = pack_take_text(row, SERVICE_NAME, &v->name, err);
  if (s == DONE) s = pack_take_text(row, SERVICE_UNIT, &v->unit, err);
  if (s == DONE)
    s = pack_take_reference(row, SERVICE_CATEGORY, KIND_CATEGORY, "categories.csv", &category, err);
  if (s != DONE) return s;
  v->category = &p->categories[category];
  if (v->category->side != SIDE_SERVICE)
    return refuse_field(row, SERVICE_CATEGORY, err, PACK_NOT_A_SERVICE);
  return DONE;
}

enum { COST_SERVICE, COST_YEAR, COST_COST, COST_SOURCE, COST_ESTIMATED };

static enum status take_cost(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int number = p->cost_count, service = 0;
  struct pack_cost *c = PACK_APPEND(p->costs, p->cost_count);
  enum status s = pack_take_reference(row, COST_SERVICE, KIND_SERVICE, "services.csv", &service,
                                      err);
  if (s == DONE) s = pack_take_year(row, COST_YEAR, &c->year, err);
  if (s == DONE) s = pack_take_amount(row, COST_COST, &c->cost_pence, err);
  if (s == DONE) s = pack_take_flag(row, COST_ESTIMATED, &c->estimated, err);
  if (s == DONE) s = pack_take_text(row, COST_SOURCE, &c->source, err);
  if (s != DONE) return s;
  c->service = &p->services[service];
  if (!pack_index_add(p->index, KIND_COST,
                      arena_printf(p->index->arena, "%s %d", c->service->code, c->year), number))
    return refuse_field(row, COST_YEAR, err, PACK_COST_TWICE);
  return DONE;
}

enum { RATE_WHAT, RATE_YEAR, RATE_RATE, RATE_SOURCE };

static enum status take_rate(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int number = p->rate_count, category = 0;
  struct pack_rate *r = PACK_APPEND(p->rates, p->rate_count);
  enum status s = pack_take_reference(row, RATE_WHAT, KIND_CATEGORY, "categories.csv", &category,
                                      err);
  if (s == DONE) s = pack_take_year(row, RATE_YEAR, &r->year, err);
  if (s == DONE) s = pack_take_amount(row, RATE_RATE, &r->rate_pence, err);
  if (s == DONE) s = pack_take_text(row, RATE_SOURCE, &r->source, err);
  if (s != DONE) return s;
  r->category = &p->categories[category];
  if (r->category->side != SIDE_GIVEN)
    return refuse_field(row, RATE_WHAT, err, PACK_NOT_TIME_GIVEN);
  if (!pack_index_add(p->index, KIND_RATE,
                      arena_printf(p->index->arena, "%s %d", r->category->code, r->year), number))
    return refuse_field(row, RATE_YEAR, err, PACK_RATE_TWICE);
  return DONE;
}

/* ---- plausible.csv ---- */

enum { BOUND_WHAT, BOUND_CATEGORY, BOUND_UNIT, BOUND_BOUND, BOUND_SOURCE };

/* Reads the bound as a file of entries writes it: the most, or for the first day a day. */
static enum status take_bound_value(const struct pack_row *row, struct pack_bound *b,
                                    struct error *err) {
  struct span written = pack_field(row, BOUND_BOUND);
  day_t day = DAY_NONE;
  enum status s = b->what == BOUND_FIRST_DAY  ? day_parse(written, &day, err)
                  : b->what == BOUND_AMOUNT   ? money_parse(written, &b->bound, err)
                  : b->what == BOUND_QUANTITY ? quantity_parse(written, &b->bound, err)
                                              : minutes_parse(written, &b->bound, err);
  if (s != DONE) return error_at(err, NULL, 0, row->columns[BOUND_BOUND].name);
  if (b->what == BOUND_FIRST_DAY) b->bound = day;
  else if (b->bound <= 0) return refuse_field(row, BOUND_BOUND, err, PACK_BOUND_EMPTY);
  return pack_take_text(row, BOUND_BOUND, &b->written, err);
}

static enum status take_bound(const struct pack_row *row, struct error *err) {
  static const char *const whats[BOUND_WHATS] = {"first-day", "amount", "quantity", "minutes"};
  struct pack *p = row->pack;
  int number = p->bound_count, what = 0, category = -1;
  struct pack_bound *b = PACK_APPEND(p->bounds, p->bound_count);
  enum status s = pack_take_word(row, BOUND_WHAT, whats, BOUND_WHATS, &what, err);
  if (s == DONE && !pack_absent(row, BOUND_CATEGORY))
    s = pack_take_reference(row, BOUND_CATEGORY, KIND_CATEGORY, "categories.csv", &category, err);
  if (s != DONE) return s;
  b->what = (enum bound_what)what;
  b->category = category < 0 ? NULL : &p->categories[category];
  b->unit = pack_copy(row, BOUND_UNIT);
  if (b->category && b->what == BOUND_FIRST_DAY)
    return refuse_field(row, BOUND_CATEGORY, err, PACK_BOUND_OF_DAY);
  if (b->category && (b->category->side == SIDE_GIVEN) != (b->what == BOUND_MINUTES))
    return refuse_field(row, BOUND_CATEGORY, err, PACK_BOUND_CATEGORY);
  if (*b->unit && b->what != BOUND_QUANTITY)
    return refuse_field(row, BOUND_UNIT, err, PACK_BOUND_UNIT);
  s = take_bound_value(row, b, err);
  if (s == DONE) s = pack_take_text(row, BOUND_SOURCE, &b->source, err);
  if (s != DONE) return s;
  const char *key = arena_printf(p->index->arena, "%s %s %s", whats[what],
                                 b->category ? b->category->code : "", b->unit);
  return pack_index_add(p->index, KIND_BOUND, key, number)
             ? DONE
             : refuse_field(row, BOUND_WHAT, err, PACK_BOUND_TWICE);
}

/* ---- retention.csv ---- */

enum { RETENTION_CATEGORY, RETENTION_YEARS, RETENTION_SOURCE };

static enum status take_retention(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int number = p->retention_count, category = 0;
  int64_t years = 0;
  struct pack_retention *r = PACK_APPEND(p->retentions, p->retention_count);
  enum status s = pack_take_reference(row, RETENTION_CATEGORY, KIND_CATEGORY, "categories.csv",
                                      &category, err);
  if (s == DONE) s = pack_take_text(row, RETENTION_SOURCE, &r->source, err);
  if (s != DONE) return s;
  if (integer_parse(pack_field(row, RETENTION_YEARS), &years, err) != DONE || years < 1 ||
      years > 200)
    return refuse_field(row, RETENTION_YEARS, err, PACK_RETENTION_YEARS);
  r->years = (int)years;
  r->category = &p->categories[category];
  if (!pack_index_add(p->index, KIND_RETENTION, r->category->code, number))
    return refuse_field(row, RETENTION_CATEGORY, err, PACK_RETENTION_TWICE);
  return DONE;
}

/* ---- tax-summary.csv ---- */

enum { TAX_YEAR, TAX_CODE, TAX_NAME, TAX_NAME_CY, TAX_COFOG, TAX_SHARE, TAX_SOURCE };

/* Several groups, separated by a space. */
static enum status take_tax_cofog(const struct pack_row *row, struct pack_tax_line *line,
                                  struct error *err) {
  struct pack *p = row->pack;
  struct span all = pack_field(row, TAX_COFOG);
  line->cofog = arena_array(p->index->arena, const struct pack_cofog *, all.size / 3 + 1);
  for (size_t at = 0; at < all.size;) {
    size_t end = at;
    while (end < all.size && all.bytes[end] != ' ') end++;
    int number = pack_index_find(p->index, KIND_COFOG, span_make(all.bytes + at, end - at));
    if (number < 0) return refuse_field(row, TAX_COFOG, err, PACK_TAX_COFOG);
    line->cofog[line->cofog_count++] = &p->cofogs[number];
    at = end + 1;
  }
  return DONE;
}

/* The table of the year, made when it is its first row; tables stay in order of year. */
static struct pack_tax_table *tax_table(struct pack *p, int year, const char *source) {
  int at = p->tax_table_count;
  while (at > 0 && p->tax_tables[at - 1].year >= year) at--;
  if (at < p->tax_table_count && p->tax_tables[at].year == year) return &p->tax_tables[at];
  (void)PACK_APPEND(p->tax_tables, p->tax_table_count);
  memmove(&p->tax_tables[at + 1], &p->tax_tables[at],
          (size_t)(p->tax_table_count - 1 - at) * sizeof *p->tax_tables);
  p->tax_tables[at] = (struct pack_tax_table){.year = year, .source = source};
  return &p->tax_tables[at];
}

static enum status take_tax_line(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  struct pack_tax_line line = {0};
  int year = 0;
  const char *source = NULL;
  if (!pack_is_code(pack_field(row, TAX_CODE)))
    return refuse_field(row, TAX_CODE, err, PACK_TAX_CODE);
  line.code = pack_copy(row, TAX_CODE);
  enum status s = pack_take_year(row, TAX_YEAR, &year, err);
  if (s == DONE) s = pack_take_names(row, TAX_NAME, TAX_NAME_CY, line.name, err);
  if (s == DONE) s = take_tax_cofog(row, &line, err);
  if (s == DONE) s = take_share(row, TAX_SHARE, &line.share_hundredths, err);
  if (s == DONE) s = pack_take_text(row, TAX_SOURCE, &source, err);
  if (s != DONE) return s;
  if (!pack_index_add(p->index, KIND_TAX_LINE,
                      arena_printf(p->index->arena, "%s %d", line.code, year), 0))
    return refuse_field(row, TAX_CODE, err, PACK_TAX_TWICE);
  struct pack_tax_table *table = tax_table(p, year, source);
  *PACK_APPEND(table->lines, table->line_count) = line;
  return DONE;
}

/* ---- bodies.csv, pack.csv ---- */

enum { BODY_ID, BODY_NAME, BODY_KIND, BODY_COMPANY, BODY_PLACE, BODY_NAME_CY };

static enum status take_body(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int number = p->body_count;
  struct pack_body *b = PACK_APPEND(p->bodies, p->body_count);
  enum status s = pack_take_new_code(row, BODY_ID, KIND_BODY, number, &b->id, err);
  if (s == DONE) s = pack_take_text(row, BODY_NAME, &b->name, err);
  if (s == DONE) s = pack_take_text(row, BODY_KIND, &b->kind, err);
  b->company = pack_copy(row, BODY_COMPANY);
  b->place = pack_copy(row, BODY_PLACE);
  b->name_cy = pack_copy(row, BODY_NAME_CY);
  return s;
}

/* ---- duties.csv ---- */

enum {
  DUTY_CODE,
  DUTY_NAME,
  DUTY_NAME_CY,
  DUTY_KINDS,
  DUTY_BODIES,
  DUTY_CATEGORIES,
  DUTY_SOURCE,
  DUTY_COLUMNS
};

#define BODY_KIND_IS(kind, label) || span_is(word, kind)
bool pack_is_body_kind(struct span word) { return false BODY_KINDS(BODY_KIND_IS); }

#define BODY_KIND_SAID(kind, label) ", " kind
const char *pack_body_kinds(void) {
  static const char said[] = BODY_KINDS(BODY_KIND_SAID);
  return said + sizeof ", " - 1;
}

/* The next of several words, one space between; false: there is none. */
static bool next_word(struct span all, size_t *at, struct span *out) {
  size_t begin = *at, end = begin;
  while (end < all.size && all.bytes[end] != ' ') end++;
  *out = span_make(all.bytes + begin, end - begin);
  *at = end + 1;
  return begin < all.size;
}

static enum status take_duty_categories(const struct pack_row *row, struct pack_duty *duty,
                                        struct error *err) {
  struct pack *p = row->pack;
  struct span all = pack_field(row, DUTY_CATEGORIES), word;
  duty->categories = arena_array(p->index->arena, const struct pack_category *, all.size / 2 + 1);
  for (size_t at = 0; next_word(all, &at, &word);) {
    int number = pack_index_find(p->index, KIND_CATEGORY, word);
    if (number < 0 || pack_duty_has(duty, &p->categories[number]))
      return refuse_field(row, DUTY_CATEGORIES, err, PACK_DUTY_CATEGORIES);
    duty->categories[duty->category_count++] = &p->categories[number];
  }
  return duty->category_count ? DONE
                              : refuse_field(row, DUTY_CATEGORIES, err, PACK_DUTY_CATEGORIES);
}

static enum status take_duty(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int number = p->duty_count;
  struct pack_duty *d = PACK_APPEND(p->duties, p->duty_count);
  struct span word;
  enum status s = pack_take_new_code(row, DUTY_CODE, KIND_DUTY, number, &d->code, err);
  if (s == DONE) s = pack_take_names(row, DUTY_NAME, DUTY_NAME_CY, d->name, err);
  if (s == DONE) s = pack_take_text(row, DUTY_SOURCE, &d->source, err);
  if (s != DONE) return s;
  for (size_t at = 0; next_word(pack_field(row, DUTY_KINDS), &at, &word);)
    if (!pack_is_body_kind(word))
      return refuse_field(row, DUTY_KINDS, err, PACK_DUTY_KINDS, pack_body_kinds());
  for (size_t at = 0; next_word(pack_field(row, DUTY_BODIES), &at, &word);)
    if (pack_index_find(p->index, KIND_BODY, word) < 0)
      return refuse_field(row, DUTY_BODIES, err, PACK_DUTY_BODIES);
  d->kinds = pack_copy(row, DUTY_KINDS);
  d->bodies = pack_copy(row, DUTY_BODIES);
  return take_duty_categories(row, d, err);
}

/* ---- sensitive.csv ---- */

enum { SENSITIVE_CATEGORY, SENSITIVE_SOURCE, SENSITIVE_COLUMNS };

static enum status take_sensitive(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int category = 0;
  const char *source = NULL;
  enum status s = pack_take_reference(row, SENSITIVE_CATEGORY, KIND_CATEGORY, "categories.csv",
                                      &category, err);
  if (s == DONE) s = pack_take_text(row, SENSITIVE_SOURCE, &source, err);
  if (s != DONE) return s;
  if (p->categories[category].sensitive)
    return refuse_field(row, SENSITIVE_CATEGORY, err, PACK_SENSITIVE_TWICE);
  p->categories[category].sensitive = true;
  return DONE;
}

enum { VALUE_KEY, VALUE_VALUE, VALUE_SOURCE };

static enum status take_value(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int number = p->value_count;
  struct pack_value *v = PACK_APPEND(p->values, p->value_count);
  enum status s = pack_take_text(row, VALUE_KEY, &v->key, err);
  if (s == DONE) s = pack_take_text(row, VALUE_VALUE, &v->value, err);
  if (s == DONE) s = pack_take_text(row, VALUE_SOURCE, &v->source, err);
  if (s == DONE && strcmp(v->key, "holidays") == 0)
    s = pack_take_word(row, VALUE_VALUE, pack_divisions, PACK_DIVISIONS, &(int){0}, err);
  if (s == DONE && strcmp(v->key, "second_person_from") == 0) {
    s = money_parse(pack_field(row, VALUE_VALUE), &p->second_from, err);
    if (s != DONE) return error_at(err, NULL, 0, row->columns[VALUE_VALUE].name);
    if (p->second_from <= 0) return refuse_field(row, VALUE_VALUE, err, PACK_AMOUNT_NOT_ABOVE_ZERO);
  }
  if (s == DONE && !pack_index_add(p->index, KIND_VALUE, v->key, number))
    return refuse_field(row, VALUE_KEY, err, PACK_KEY_TWICE);
  return s;
}

#define NAMED {{"code", true}, {"name", true}, {"name_cy", true}, {"source", true}}, 4

const struct pack_file pack_files[] = {
    {"units.csv",
     {{"code", true},
      {"name", true},
      {"name_cy", true},
      {"kind", true},
      {"scale", true},
      {"before", true},
      {"one", true},
      {"many", true},
      {"one_cy", true},
      {"many_cy", true},
      {"source", true}},
     UNIT_COLUMNS,
     take_unit,
     true,
     check_units},
    {"roles.csv",
     {{"code", true},
      {"owner", true},
      {"use", true},
      {"kind", true},
      {"opened", true},
      {"statement", true},
      {"purpose", true}},
     ROLE_COLUMNS,
     take_role,
     true,
     NULL},
    {"schemes.csv",
     {{"code", true},
      {"name", true},
      {"name_cy", true},
      {"form", true},
      {"check", true},
      {"source", true}},
     SCHEME_COLUMNS,
     take_scheme,
     true,
     NULL},
    {"domains.csv", NAMED, take_domain, false, NULL},
    {"cofog.csv", NAMED, take_cofog, false, NULL},
    {"categories.csv",
     {{"code", true},
      {"name", true},
      {"name_cy", true},
      {"side", true},
      {"unit", true},
      {"shown", true},
      {"cofog", true},
      {"purpose", true},
      {"domain", true},
      {"personal_share", true},
      {"welfare_account", true},
      {"household", true},
      {"tax_summary_base", true},
      {"in_prices", true},
      {"source", true}},
     CATEGORY_COLUMNS,
     take_category,
     false,
     NULL},
    {"services.csv",
     {{"code", true}, {"name", true}, {"category", true}, {"unit", true}},
     4,
     take_service,
     false,
     NULL},
    {"unit-costs.csv",
     {{"service", true}, {"year", true}, {"cost", true}, {"source", true}, {"estimated", false}},
     5,
     take_cost,
     false,
     NULL},
    {"rates.csv",
     {{"what", true}, {"year", true}, {"rate", true}, {"source", true}},
     4,
     take_rate,
     false,
     NULL},
    {"deflators.csv",
     {{"year", true}, {"index", true}, {"source", true}},
     3,
     pack_take_deflator,
     true,
     NULL},
    {"retention.csv",
     {{"category", true}, {"years", true}, {"source", true}},
     3,
     take_retention,
     false,
     NULL},
    {"plausible.csv",
     {{"what", true}, {"category", true}, {"unit", true}, {"bound", true}, {"source", true}},
     5,
     take_bound,
     true,
     NULL},
    {"tax-summary.csv",
     {{"year", true},
      {"code", true},
      {"name", true},
      {"name_cy", true},
      {"cofog", true},
      {"share", true},
      {"source", true}},
     7,
     take_tax_line,
     false,
     NULL},
    {"off-bills.csv", NAMED, pack_take_off_bill, true, NULL},
    {"household-groups.csv", NAMED, pack_take_household_group, true, NULL},
    {"in-prices.csv",
     {{"category", true}, {"group", true}, {"year", true}, {"amount", true}, {"source", true}},
     5,
     pack_take_price,
     true,
     NULL},
    {"bodies.csv",
     {{"id", true},
      {"name", true},
      {"kind", true},
      {"company", false},
      {"place", false},
      {"name_cy", false}},
     6,
     take_body,
     false,
     NULL},
    {"duties.csv",
     {{"code", true},
      {"name", true},
      {"name_cy", true},
      {"kinds", true},
      {"bodies", true},
      {"categories", true},
      {"source", true}},
     DUTY_COLUMNS,
     take_duty,
     true,
     NULL},
    {"sensitive.csv",
     {{"category", true}, {"source", true}},
     SENSITIVE_COLUMNS,
     take_sensitive,
     true,
     NULL},
    {"tellable-items.csv", {PACK_ITEM_COLUMNS}, 4, pack_take_tell_item, true, NULL},
    {"topics.csv", {PACK_TOPIC_COLUMNS}, 3, pack_take_topic, true, NULL},
    {"tellable.csv", {PACK_TELLABLE_COLUMNS}, 23, pack_take_tellable, true, NULL},
    {"gates.csv", {PACK_GATE_COLUMNS}, 5, pack_take_gate, true, NULL},
    {"assumed.csv", {PACK_ASSUMED_COLUMNS}, 10, pack_take_assumed, true, pack_check_assumed},
    {"what-ifs.csv", {PACK_WHAT_IF_COLUMNS}, 6, pack_take_what_if, true, NULL},
    {"entitlements.csv", {PACK_ENTITLEMENT_COLUMNS}, 19, pack_take_entitlement, true, NULL},
    {"discretionary.csv", {PACK_DISCRETIONARY_COLUMNS}, 8, pack_take_discretionary, true, NULL},
    {"pay-days.csv", {PACK_PAY_DAYS_COLUMNS}, 5, pack_take_pay_days, true, NULL},
    {"overpayments.csv", {PACK_OVERPAYMENT_COLUMNS}, 11, pack_take_overpayment, true, NULL},
    {"before-claiming.csv", {PACK_CLAIMING_COLUMNS}, 13, pack_take_claiming, true, NULL},
    {"advice.csv", {PACK_ADVICE_COLUMNS}, 11, pack_take_advice, true, NULL},
    {"place-codes.csv",
     {{"code", true}, {"variable", true}, {"item", true}, {"source", true}},
     4,
     pack_take_place_code,
     true,
     NULL},
    {"standards.csv", {PACK_STANDARD_COLUMNS}, 14, pack_take_standard, true, NULL},
    {"take-up.csv", {PACK_TAKE_UP_COLUMNS}, 11, pack_take_take_up, true, NULL},
    {"clock.csv",
     {{"from", true},
      {"starts", true},
      {"ends", true},
      {"minutes", true},
      {"name", true},
      {"summer_name", true},
      {"source", true}},
     7,
     pack_take_clock,
     true,
     NULL},
    {"pack.csv", {{"key", true}, {"value", true}, {"source", true}}, 3, take_value, false, NULL},
    {"cases/states.csv",
     {{"state", true}, {"waits", true}, {"colour", true}, {"name", true}, {"name_cy", true}},
     5,
     pack_take_case_state,
     true,
     NULL},
    {"cases/kinds.csv",
     {{"code", true},
      {"name", true},
      {"name_cy", true},
      {"opens", true},
      {"to", true},
      {"escalates", true},
      {"deadline", true},
      {"reason", true},
      {"again", true},
      {"independent", true},
      {"attachments", true},
      {"first", true},
      {"handler", true},
      {"told", true},
      {"told_cy", true},
      {"source", true},
      {"told_waits", false},
      {"told_waits_cy", false},
      {"others", false}},
     19,
     pack_take_case_kind,
     true,
     NULL},
    {"cases/moves.csv",
     {{"kind", true},
      {"move", true},
      {"from", true},
      {"state", true},
      {"by", true},
      {"words", true},
      {"name", true},
      {"name_cy", true},
      {"done", true},
      {"done_cy", true}},
     10,
     pack_take_case_move,
     true,
     pack_check_case_moves},
    {"cases/facts.csv",
     {{"kind", true},
      {"fact", true},
      {"type", true},
      {"asked", true},
      {"required", true},
      {"name", true},
      {"name_cy", true},
      {"hint", true},
      {"hint_cy", true}},
     9,
     pack_take_case_fact,
     true,
     pack_check_case_facts},
    {"cases/steps.csv",
     {{"kind", true},
      {"state", true},
      {"about", true},
      {"opens", true},
      {"name", true},
      {"name_cy", true},
      {"text", true},
      {"text_cy", true},
      {"address", true},
      {"source", true},
      {"body", false}},
     11,
     pack_take_case_step,
     true,
     NULL},
    {"cases/holidays.csv",
     {{"day", true}, {"division", true}, {"name", true}, {"name_cy", true}, {"source", true}},
     5,
     pack_take_holiday,
     true,
     pack_check_holidays},
    {"claims.csv", {PACK_CLAIM_COLUMNS}, 10, pack_take_claim, true, NULL},
    {"disputes.csv", {PACK_DISPUTE_COLUMNS}, 12, pack_take_dispute, true, NULL},
};
const int pack_file_count = (int)(sizeof pack_files / sizeof *pack_files);
