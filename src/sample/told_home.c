/* What is told of homes: their tenure, rooms, rents and what is saved. */
#include "sample/told.h"

static const struct told nothing = {TOLD_NOTHING, 0, 0};
static struct told yes_or_no(bool yes) { return (struct told){TOLD_WORD, yes ? "yes" : "no", 0}; }
static struct told word(const char *item) { return (struct told){TOLD_WORD, item, 0}; }
static struct told pence(double pounds) {
  return (struct told){TOLD_PENCE, 0, (int64_t)(pounds * 100 + 0.5)};
}

static const struct household *house_of(const struct home_year *h) {
  return &h->town->households[h->household];
}
static int age_of(const struct home_year *h, int i) {
  return day_age(h->town->people[i].born, town_year_first(h->year));
}

/* ---- who lives there ---- */

/* Half of the families in which every adult works pay for childcare: our choice. */
static bool pays_childcare(const struct home_year *h) {
  bool small = false, all_work = true;
  for (int m = 0; m < h->member_count; m++) {
    const int i = h->members[m];
    small |= age_of(h, i) < 12;
    if (age_of(h, i) >= ADULT_AGE && age_of(h, i) < 60)
      all_work &= h->town->people[i].earnings[h->year] > 0;
  }
  return small && all_work && town_standing(h->town, QUEUE_CHILDCARE, h->household) < 0.5;
}

void home_year_take(const struct town *t, const struct residents *r, int household,
                    struct home_year *out) {
  const struct household *house = &t->households[household];
  const int year = r->year;
  *out = (struct home_year){.town = t, .household = household, .year = year, .risen = r->risen};
  out->members = &r->members[r->first[household]];
  out->member_count = r->first[household + 1] - r->first[household];
  out->payer = r->payer[household];
  if (!out->member_count && house->founder >= 0) {
    out->members = &house->founder;
    out->member_count = 1;
    out->payer = house->founder;
  }
  for (int m = 0; m < out->member_count; m++) {
    const int i = out->members[m], age = age_of(out, i);
    const struct sample_person *p = &t->people[i];
    out->adults += age >= ADULT_AGE;
    out->child_disabled |= age < 16 && (p->got[year] & GOT_DLA);
    out->studies |= told_studies(out, i);
    for (int k = GOT_UC; k <= GOT_CTR; k++) out->helped |= p->got_pence[year][k] > 0;
  }
  out->pays_childcare = pays_childcare(out);
}

static struct told child_disabled(const struct home_year *h) {
  return yes_or_no(h->child_disabled);
}
static struct told studies(const struct home_year *h) { return yes_or_no(h->studies); }
static struct told childcare(const struct home_year *h) { return yes_or_no(h->pays_childcare); }
static struct told helped(const struct home_year *h) { return yes_or_no(h->helped); }
static struct told no(const struct home_year *h) {
  (void)h;
  return yes_or_no(false);
}

/* ---- the home ---- */

static bool is_rented(const struct home_year *h) { return house_of(h)->tenure != OWNED; }
static bool is_shared(const struct home_year *h) { return house_of(h)->type == SHARERS; }
static double standing(const struct home_year *h, int queue) {
  return town_standing(h->town, queue, h->household);
}

/* Whoever owns and is of 60 or more owns outright, and of the others one in five: our choice. */
static bool is_outright(const struct home_year *h) {
  if (h->payer >= 0 && day_age(h->town->people[h->payer].born, town_year_first(0)) >= 60)
    return true;
  return standing(h, QUEUE_TENURE + 100) < 0.2;
}
static struct told tenure(const struct home_year *h) {
  static const char *const rented[] = {0, "RENT_FROM_COUNCIL", "RENT_FROM_HA", "RENT_PRIVATELY"};
  const struct household *house = house_of(h);
  if (house->tenure != OWNED) return word(rented[house->tenure]);
  return word(is_outright(h) ? "OWNED_OUTRIGHT" : "OWNED_WITH_MORTGAGE");
}

static struct told kind_of_home(const struct home_year *h) {
  static const char *const owned[] = {"HOUSE_DETACHED", "HOUSE_SEMI_DETACHED", "HOUSE_TERRACED",
                                      "FLAT"};
  const double u = standing(h, QUEUE_HOME);
  return is_rented(h) ? word(u < 0.45  ? "FLAT"
                             : u < 0.8 ? "HOUSE_TERRACED"
                                       : "HOUSE_SEMI_DETACHED")
                      : word(owned[(int)(u * 4)]);
}

/* By the kind of household at the start: our choice. */
static int rooms_of(const struct home_year *h) {
  static const int wanted[] = {1, 2, 3, 3, 2, 2, 1, 1, 4, 4};
  const bool spare = standing(h, QUEUE_HOME + 1) < (is_rented(h) ? 0.35 : 0.8);
  return wanted[house_of(h)->type] + spare;
}
static struct told rooms(const struct home_year *h) {
  return (struct told){TOLD_THOUSANDTHS, 0, rooms_of(h) * 1000};
}
static struct told shared(const struct home_year *h) { return yes_or_no(is_shared(h)); }

/* A week of 2023-24. Means of 2022-23: 111 pounds of social homes, 190 of private ones outside
 * London (English Housing Survey 2022-23, rented sectors). By rooms, and how far rents lie apart:
 * our choice. Of a shared home it is the rent of one room: each there is a family. Then social
 * rents rise by 7.7 % and 2.7 %, private ones by 8 % and 7 %: our choice. */
static struct told rent(const struct home_year *h) {
  static const double social[] = {0, 93, 106, 120, 133, 146},
                      private[] = {0, 150, 185, 220, 270, 320};
  static const double social_rise[] = {1, 1.077, 1.077 * 1.027},
                      private_rise[] = {1, 1.08, 1.08 * 1.07};
  const double u = standing(h, QUEUE_RENT);
  const int n = rooms_of(h) < 5 ? rooms_of(h) : 5;
  if (!is_rented(h)) return nothing;
  if (house_of(h)->tenure != PRIVATE_RENT)
    return pence((social[n] * (0.85 + 0.3 * u) + (house_of(h)->tenure == ASSOCIATION ? 8 : 0)) *
                 social_rise[h->year]);
  const double week = is_shared(h) ? 95 : private[n];
  return pence(week * (0.75 + 0.5 * u) * private_rise[h->year]);
}

static struct told none_if_rented(const struct home_year *h) {
  return is_rented(h) ? pence(0) : nothing;
}

/* The means of band D in England: 2,065, 2,171 and 2,280 pounds (MHCLG, Council Tax levels set by
 * local authorities in England 2025 to 2026, and the same of 2024 and 2023). Local Government
 * Finance Act 1992 sections 5 and 11: ninths by band, a quarter less for one adult. */
static struct told council_tax(const struct home_year *h) {
  static const double band_d[SAMPLE_YEARS] = {2065, 2171, 2280};
  static const int ninths[] = {6, 7, 8, 9, 11, 13, 15, 18};
  return pence(band_d[h->year] * ninths[house_of(h)->band - 'A'] / 9 * (h->adults == 1 ? 0.75 : 1));
}
int64_t told_council_tax(const struct home_year *h) { return council_tax(h).amount; }
static struct told band(const struct home_year *h) {
  static const char *const bands[] = {"A", "B", "C", "D", "E", "F", "G", "H"};
  return word(bands[house_of(h)->band - 'A']);
}

/* The pack holds the rates of few areas: Harrowmere is told to have those of this one. */
static struct told area(const struct home_year *h) {
  return is_rented(h) ? word("MEDWAY_AND_SWALE") : nothing;
}

/* ---- savings ---- */

/* Who has savings: 85 % of those who own outright, 71 % with a mortgage, 52 % who rent privately,
 * 28 % socially (English Housing Survey 2023-24). How much: our choice. */
int64_t told_savings(const struct home_year *h) {
  static const struct data_point owner[] = {
      {0, 200}, {0.3, 4000}, {0.6, 15000}, {0.85, 60000}, {1, 250000}};
  static const struct data_point tenant[] = {{0, 200}, {0.6, 3000}, {0.9, 14000}, {1, 40000}};
  static const double without[] = {[COUNCIL] = 0.72, [ASSOCIATION] = 0.72, [PRIVATE_RENT] = 0.48};
  const int tenure_of = house_of(h)->tenure;
  const double u = standing(h, QUEUE_SAVINGS);
  const double none = tenure_of != OWNED ? without[tenure_of] : is_outright(h) ? 0.15 : 0.29;
  if (u < none) return 0;
  const double rank = (u - none) / (1 - none);
  return (int64_t)(is_rented(h) ? data_point_at(tenant, 4, rank) : data_point_at(owner, 5, rank)) *
         100;
}
bool told_is_payer(const struct home_year *h, int person) {
  return person == h->payer || (h->payer >= 0 && h->town->people[person].partner == h->payer);
}
static struct told savings(const struct home_year *h) {
  return (struct told){TOLD_PENCE, 0, told_savings(h)};
}

const struct told_home_row told_home_rows[] = {
    {"tenure_type", 0, tenure, 0, SAID_BY_THEM, false, false},
    {"accommodation_type", 0, kind_of_home, 0, SAID_BY_THEM, false, false},
    {"num_bedrooms", 0, rooms, 0, SAID_BY_THEM, true, false},
    {"is_shared_accommodation", 0, shared, 0, SAID_BY_THEM, false, false},
    {"rent", "week", rent, "0", SAID_BY_THEM, true, false},
    {"housing_service_charges", "week", none_if_rented, 0, SAID_BY_THEM, false, false},
    {"council_tax", "year", council_tax, 0, SAID_BY_COUNCIL, false, false},
    {"council_tax_band", 0, band, 0, SAID_BY_COUNCIL, false, false},
    {"brma", 0, area, 0, SAID_BY_COUNCIL, false, false},
    {"savings", 0, savings, 0, SAID_BY_THEM, true, true},
    {"anybody_pays_deductions", 0, no, 0, SAID_BY_THEM, false, false},
    {"child_has_disability", 0, child_disabled, 0, SAID_BY_THEM, false, false},
    {"child_is_looked_after", 0, no, 0, SAID_BY_THEM, false, false},
    {"pays_for_childcare", 0, childcare, 0, SAID_BY_THEM, false, false},
    {"anybody_studies", 0, studies, 0, SAID_BY_THEM, false, false},
    {"gets_help_by_income", 0, helped, 0, SAID_BY_THEM, true, false},
};
const int told_home_row_count = sizeof told_home_rows / sizeof *told_home_rows;
