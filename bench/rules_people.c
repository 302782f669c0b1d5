#include "rules_people.h"

#include "base/folder.h"

static const struct made_column named[MADE_COLUMNS] = {
    [AGE] = {"age", 0, NULL},
    [PAY] = {"employment_income", 0, NULL},
    [PROFITS] = {"self_employment_income", 0, NULL},
    [PENSION] = {"private_pension_income", 0, NULL},
    [STATE_PENSION] = {"state_pension", 0, NULL},
    [PROPERTY] = {"property_income", 0, NULL},
    [INTEREST] = {"savings_interest_income", 0, NULL},
    [DIVIDENDS] = {"dividend_income", 0, NULL},
    [PAID_IN] = {"employee_pension_contributions", 0, NULL},
    [HOURS] = {"hours_worked", 0, NULL},
    [GENDER] = {"gender", 0, NULL},
    [LOAN] = {"student_loan_plan", 0, NULL},
    [CHILDCARE] = {"childcare_expenses", 0, NULL},
    [DISABLED] = {"is_disabled_for_benefits", 0, NULL},
    [DAILY_LIVING] = {"pip_dl_category", 0, NULL},
    [MOBILITY] = {"pip_m_category", 0, NULL},
    [MARRIED] = {"is_married", 1, NULL},
    [OPTS_OUT] = {"child_benefit_opts_out", 1, NULL},
    [REGION] = {"region", 2, NULL},
    [RENT] = {"rent", 2, NULL},
    [SAVINGS] = {"savings", 2, NULL},
    [TENURE] = {"tenure_type", 2, NULL},
    [COUNCIL_TAX] = {"council_tax", 2, NULL},
};

/* ---- chance ---- */

static uint64_t draw(uint64_t *chances) { /* splitmix64 */
  uint64_t z = (*chances += 0x9e3779b97f4a7c15u);
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}
static double chance(uint64_t *c) { return (double)(draw(c) >> 11) * 0x1p-53; }
static int between(uint64_t *c, int low, int high) {
  return low + (int)(draw(c) % (uint64_t)(high - low + 1));
}
/* Whole pounds; few are large. */
static double pounds(uint64_t *c, double middle, double most) {
  const double x = middle * (0.3 + 0.7 * chance(c)) / (0.15 + chance(c));
  return (double)(int64_t)(x < most ? x : most);
}

/* ---- people ---- */

static void make_adult(struct made_people *p, int row, int age) {
  const struct made_column *c = p->columns;
  c[AGE].values[row] = age;
  c[GENDER].values[row] = between(&p->chances, 0, 1);
  if (age >= 66) {
    if (chance(&p->chances) < 0.95)
      c[STATE_PENSION].values[row] = between(&p->chances, 4000, 12500);
    if (chance(&p->chances) < 0.6) c[PENSION].values[row] = pounds(&p->chances, 7000, 90000);
  }
  if (chance(&p->chances) < (age >= 66 ? 0.08 : 0.72)) {
    c[PAY].values[row] = pounds(&p->chances, 24000, 200000);
    c[HOURS].values[row] = 52.0 * between(&p->chances, 12, 42);
    if (chance(&p->chances) < 0.6)
      c[PAID_IN].values[row] = (double)(int)(c[PAY].values[row] * 0.05);
    if (age < 50 && chance(&p->chances) < 0.3) c[LOAN].values[row] = between(&p->chances, 1, 4);
  } else if (age < 75 && chance(&p->chances) < 0.25) {
    c[PROFITS].values[row] = pounds(&p->chances, 16000, 150000);
    c[HOURS].values[row] = 52.0 * between(&p->chances, 12, 42);
  }
  if (age < 80 && chance(&p->chances) < 0.07) {
    c[DISABLED].values[row] = 1;
    c[DAILY_LIVING].values[row] = between(&p->chances, 0, 2);
    c[MOBILITY].values[row] = between(&p->chances, 0, 2);
  }
  if (chance(&p->chances) < 0.5) c[INTEREST].values[row] = between(&p->chances, 5, 1500);
  if (chance(&p->chances) < 0.08) c[DIVIDENDS].values[row] = pounds(&p->chances, 3000, 60000);
  if (chance(&p->chances) < 0.05) c[PROPERTY].values[row] = pounds(&p->chances, 7000, 50000);
}

static void make_child(struct made_people *p, int row) {
  const struct made_column *c = p->columns;
  c[AGE].values[row] = between(&p->chances, 0, 17);
  c[GENDER].values[row] = between(&p->chances, 0, 1);
  if (c[AGE].values[row] < 12 && chance(&p->chances) < 0.3)
    c[CHILDCARE].values[row] = between(&p->chances, 500, 9000);
  c[DISABLED].values[row] = chance(&p->chances) < 0.05;
}

/* One family: its people follow one another. */
static void make_family(struct made_people *p, int adults, int children) {
  const int family = p->rows[1]++;
  const int age = children ? between(&p->chances, 22, 50) : between(&p->chances, 18, 92);
  p->columns[MARRIED].values[family] = adults == 2 && chance(&p->chances) < 0.8;
  p->columns[OPTS_OUT].values[family] = children && chance(&p->chances) < 0.1;
  for (int i = 0; i < adults + children; i++) {
    const int row = p->rows[0]++;
    p->family[row] = family;
    p->household[row] = p->rows[2];
    const int older = age + between(&p->chances, -4, 4);
    if (i < adults) make_adult(p, row, older < 18 ? 18 : older);
    else make_child(p, row);
  }
}

static void make_household(struct made_people *p) {
  const int row = p->rows[2];
  const double kind = chance(&p->chances);
  const struct made_column *c = p->columns;
  if (kind < 0.30) make_family(p, 1, 0);
  else if (kind < 0.58) make_family(p, 2, 0);
  else if (kind < 0.66) make_family(p, 1, between(&p->chances, 1, 3));
  else if (kind < 0.88) make_family(p, 2, between(&p->chances, 1, 4));
  else {
    make_family(p, 2, between(&p->chances, 0, 2)); /* with a grown child, a parent or a lodger */
    for (int i = between(&p->chances, 1, 2); i > 0; i--) make_family(p, 1, 0);
  }
  c[REGION].values[row] = between(&p->chances, 1, 12);
  c[TENURE].values[row] = between(&p->chances, 0, 4);
  if (c[TENURE].values[row] < 3) c[RENT].values[row] = 52.0 * between(&p->chances, 80, 380);
  if (chance(&p->chances) < 0.7) c[SAVINGS].values[row] = pounds(&p->chances, 6000, 250000);
  c[COUNCIL_TAX].values[row] = between(&p->chances, 1100, 3600);
  p->rows[2]++;
}

void make_people(struct arena *arena, int people, struct made_people *out) {
  const int most = people + 16; /* a household has fewer */
  *out = (struct made_people){.chances = 20250406};
  out->family = arena_array(arena, int, most);
  out->household = arena_array(arena, int, most);
  for (int i = 0; i < MADE_COLUMNS; i++) {
    out->columns[i] = named[i];
    out->columns[i].values = arena_array(arena, double, most);
  }
  while (out->rows[0] < people) make_household(out);
}

enum status give_people(struct arena *arena, const struct rules *rules,
                        const struct made_people *made, struct rule_period period,
                        struct rule_population **out, struct error *err) {
  struct rule_population *pop = rule_population_make(arena, rules, made->rows);
  memcpy(pop->member[1], made->family, sizeof(int) * (size_t)made->rows[0]);
  memcpy(pop->member[2], made->household, sizeof(int) * (size_t)made->rows[0]);
  for (int i = 0; i < MADE_COLUMNS; i++) {
    const struct rule_variable *v = rules_variable(rules, span_of(made->columns[i].name));
    if (!v || v->entity->index != made->columns[i].entity)
      return error_set(err, REFUSED, "the pack has no %s", made->columns[i].name);
    rule_population_give(pop, v, period, made->columns[i].values);
  }
  rule_population_settle(pop);
  *out = pop;
  return DONE;
}

/* ---- as files ---- */

static const char letters[] = "pbh";

static void write_value(struct text *out, const struct rules *rules, const struct made_column *c,
                        int row) {
  const struct rule_variable *v = rules_variable(rules, span_of(c->name));
  const int value = (int)c->values[row];
  if (!value) return;
  if (v->type.kind == KIND_ENUM) text_add(out, v->type.items->items[value]);
  else text_add_int(out, value);
}

enum status write_people(const struct rules *rules, const struct made_people *made,
                         const char *folder, struct error *err) {
  static const char *const files[] = {"people.csv", "benunits.csv", "households.csv"};
  enum status status = DONE;
  for (int e = 0; e < 3 && status == DONE; e++) {
    struct text out = {0};
    text_add(&out, e ? "id" : "id,benunit,household");
    for (int i = 0; i < MADE_COLUMNS; i++)
      if (made->columns[i].entity == e) text_addf(&out, ",in_%s", made->columns[i].name);
    text_add_char(&out, '\n');
    for (int row = 0; row < made->rows[e]; row++) {
      text_addf(&out, "%c%d", letters[e], row);
      if (!e) text_addf(&out, ",b%d,h%d", made->family[row], made->household[row]);
      for (int i = 0; i < MADE_COLUMNS; i++) {
        if (made->columns[i].entity != e) continue;
        text_add_char(&out, ',');
        write_value(&out, rules, &made->columns[i], row);
      }
      text_add_char(&out, '\n');
    }
    status = file_put(folder, files[e], span_make(out.bytes, out.size), err);
    text_release(&out);
  }
  return status;
}
