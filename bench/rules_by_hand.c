/* As somebody would write it who needs just these two: one family after another, its members side
 * by side. Rates and thresholds are those of the pack in the year 2025-26 (Income Tax Act 2007,
 * Finance Act 2004, Social Security Contributions and Benefits Act 1992). */
#include "rules_by_hand.h"

enum { MEMBERS_MOST = 32, SCOTLAND = 11, WALES = 10 };

static double least(double a, double b) { return a < b ? a : b; }
static double most(double a, double b) { return a > b ? a : b; }

struct member {
  double age, pay, profits, pension, property, interest, dividends, paid_in;
  double net, allowance, given, tax;
  int uk_band; /* 0: none, 1: basic, 2: higher, 3: additional */
  bool adult, ordinary;
};

enum { BASIC_END = 37700, HIGHER_END = 125140 };
static const double scottish_start[] = {0, 2827, 14921, 31092, 62430, 125140};
static const double scottish_rate[] = {0.19, 0.20, 0.21, 0.42, 0.45, 0.48};

static double in_bands(double from, double to, double basic, double higher, double additional) {
  return most(0, least(to, BASIC_END) - from) * basic +
         most(0, least(to, HIGHER_END) - most(from, BASIC_END)) * higher +
         most(0, to - most(from, HIGHER_END)) * additional;
}

static double in_scottish_bands(double to) {
  double tax = 0;
  for (int i = 0; i < 6; i++)
    tax += most(0, (i < 5 ? least(to, scottish_start[i + 1]) : to) - scottish_start[i]) *
           scottish_rate[i];
  return tax;
}

static void read_member(const struct made_people *p, int row, bool scottish, struct member *m) {
  const struct made_column *c = p->columns;
  m->age = c[AGE].values[row];
  m->pay = c[PAY].values[row];
  m->profits = most(0, c[PROFITS].values[row] - 1000); /* the trading allowance */
  m->pension = c[PENSION].values[row] + c[STATE_PENSION].values[row];
  m->property = most(0, c[PROPERTY].values[row] - 1000);
  m->interest = c[INTEREST].values[row];
  m->dividends = c[DIVIDENDS].values[row];
  m->paid_in = c[PAID_IN].values[row];
  m->adult = m->age >= 18;
  m->net = m->pay + m->profits + m->pension + m->property + m->interest + m->dividends -
           least(m->paid_in, m->pay);
  m->allowance = most(0, 12570 - 0.5 * most(0, m->net - 100000));
  if (m->allowance > (int)m->allowance) m->allowance = (int)m->allowance + 1;
  const double taxable = m->net - m->allowance;
  m->uk_band = taxable <= 0 ? 0 : taxable <= BASIC_END ? 1 : taxable <= HIGHER_END ? 2 : 3;
  const double earned = taxable - m->interest - m->dividends;
  m->ordinary = m->uk_band < 2 && !(scottish && earned > scottish_start[3]);
  m->given = 0;
}

static double tax_before_reductions(const struct member *m, bool scottish) {
  double left = m->allowance - m->given;
  const double other = m->net - m->interest - m->dividends - m->property;
  double used = most(0, least(other, left));
  const double earned = most(0, other - used);
  left -= used;
  used = most(0, least(m->property, left));
  const double earned_and_property = earned + m->property - used;
  left -= used;
  used = most(0, least(m->interest, left));
  const double interest = m->interest - used;
  left -= used;
  const double dividends = m->dividends - most(0, least(m->dividends, left));

  const double starter =
      most(0, least(least(interest, BASIC_END - earned_and_property), 5000 - earned_and_property));
  const double free = m->uk_band == 3 ? 0 : m->uk_band == 2 ? 500 : 1000;
  const double first = earned_and_property + starter + least(free, interest - most(0, starter));
  const double top = earned_and_property + interest;
  const double taxed_dividends = most(0, dividends - 500);

  const double on_earned = scottish ? in_scottish_bands(earned_and_property)
                                    : in_bands(0, earned_and_property, 0.20, 0.40, 0.45);
  return on_earned + in_bands(first, top, 0.20, 0.40, 0.45) +
         in_bands(top + dividends - taxed_dividends, top + dividends, 0.0875, 0.3375, 0.3935);
}

static double pension_charge(const struct member *m) {
  const double allowed = most(60000 - 0.5 * most(0, m->net - 260000), 10000);
  const double start = most(0, m->net - m->allowance);
  return in_bands(start, start + most(0, m->paid_in - allowed), 0.20, 0.40, 0.45);
}

/* The one of a married couple who gives part of the allowance; -1: nobody. */
static int who_gives(const struct member *m, int count, bool old) {
  int adults = 0, with_unused = 0, who = -1;
  for (int i = 0; i < count; i++) {
    if (!m[i].adult) continue;
    adults++;
    if (!m[i].ordinary) return -1;
    if (m[i].net < m[i].allowance) {
      with_unused++;
      who = i;
    }
  }
  return adults == 2 && with_unused == 1 && !old ? who : -1;
}

static void tax_family(struct member *m, int count, bool married, bool opts_out, bool scottish) {
  int highest = -1, children = 0;
  bool old = false;
  for (int i = 0; i < count; i++) {
    children += m[i].age < 16;
    if (m[i].adult && (highest < 0 || m[i].net > m[highest].net)) highest = i;
    old |= m[i].adult && 2025 - m[i].age <= 1935;
  }
  old &= married;
  const int gives = married ? who_gives(m, count, old) : -1;
  if (gives >= 0) m[gives].given = 1260;
  const double child_benefit = children && !opts_out ? 52 * (26.05 + 17.25 * (children - 1)) : 0;
  for (int i = 0; i < count; i++) {
    double tax = tax_before_reductions(&m[i], scottish);
    if (gives >= 0 && m[i].adult && i != gives) tax = most(0, tax - 1260 * 0.20);
    if (old && i == highest)
      tax = most(0, tax - 0.1 * most(4360, 11270 - 0.5 * most(0, m[i].net - 37700)));
    if (i == highest) tax += child_benefit * least(1, most(0, (m[i].net - 60000) / 20000));
    m[i].tax = tax + pension_charge(&m[i]);
  }
}

void taxes_by_hand(const struct made_people *made, double *income_tax, double *ni) {
  struct member members[MEMBERS_MOST];
  for (int row = 0; row < made->rows[0];) {
    const int family = made->family[row];
    const bool scottish = made->columns[REGION].values[made->household[row]] == SCOTLAND;
    int count = 0;
    for (; row + count < made->rows[0] && made->family[row + count] == family; count++)
      read_member(made, row + count, scottish, &members[count]);
    tax_family(members, count, made->columns[MARRIED].values[family] != 0,
               made->columns[OPTS_OUT].values[family] != 0, scottish);
    for (int i = 0; i < count; i++) {
      const struct member *m = &members[i];
      const bool pays = m->age >= 16 && m->age < 66;
      income_tax[row + i] = m->tax;
      ni[row + i] =
          pays ? 0.08 * most(0, least(m->pay, 50270) - 12570) + 0.02 * most(0, m->pay - 50270) : 0;
    }
    row += count;
  }
}
