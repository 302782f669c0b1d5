/* Reads the small tables that are compiled in. They are written by sample/extract.py: no quotes, no
 * blank lines. */
#include "sample/data.h"
#include "base/embedded.h"
#include <assert.h>
#include <stdio.h>

enum { FIELDS = 16 };

struct table_reader {
  struct span rest;
  struct span field[FIELDS];
  int count;
};

static struct span cut(struct span *rest, char mark) {
  size_t n = 0;
  while (n < rest->size && rest->bytes[n] != mark) n++;
  struct span piece = span_make(rest->bytes, n);
  size_t skip = n < rest->size ? n + 1 : n;
  *rest = span_make(rest->bytes + skip, rest->size - skip);
  return piece;
}

static bool next_row(struct table_reader *r) {
  if (r->rest.size == 0) return false;
  struct span line = cut(&r->rest, '\n');
  for (r->count = 0; line.size > 0 && r->count < FIELDS;) r->field[r->count++] = cut(&line, ',');
  return true;
}

static struct table_reader open_table(const char *name) {
  for (const struct embedded_file *f = embedded_sample; f->name; f++)
    if (strcmp(f->name, name) == 0) {
      struct table_reader r = {.rest = span_make(f->bytes, f->size)};
      bool header = next_row(&r);
      assert(header);
      return r;
    }
  assert(!"a table of the sample is missing from the program");
  return (struct table_reader){0};
}

/* Reads plain decimals, digit by digit, since the C library's reading depends on the locale. */
static double number(const struct table_reader *r, int field) {
  if (field >= r->count) return 0;
  struct span s = r->field[field];
  double value = 0, scale = 1;
  bool fraction = false;
  for (size_t i = 0; i < s.size; i++) {
    if (s.bytes[i] == '.') {
      fraction = true;
      continue;
    }
    assert(s.bytes[i] >= '0' && s.bytes[i] <= '9');
    value = value * 10 + (s.bytes[i] - '0');
    if (fraction) scale *= 10;
  }
  return value / scale;
}

static int whole(const struct table_reader *r, int field) { return (int)number(r, field); }
static int sex_of(const struct table_reader *r, int field) {
  return span_is(r->field[field], "M") ? MALE : FEMALE;
}
static void name_into(char out[48], struct span s) {
  assert(s.size < 48);
  if (s.size) memcpy(out, s.bytes, s.size);
  out[s.size] = 0;
}

static void read_people(struct sample_data *d) {
  for (struct table_reader r = open_table("ages.csv"); next_row(&r);) {
    double n = number(&r, 2);
    d->people[sex_of(&r, 0)][whole(&r, 1)] = n;
    d->people_all += n;
  }
  for (struct table_reader r = open_table("deaths.csv"); next_row(&r);)
    d->dying[sex_of(&r, 0)][whole(&r, 1)] = number(&r, 2);
  struct table_reader r = open_table("population.csv");
  for (int row = 0; next_row(&r); row++)
    for (int y = 0; y < DATA_YEARS; y++) {
      if (row == 0) d->uk_k[y] = number(&r, y + 1);
      if (row == 1) d->england_k[y] = number(&r, y + 1);
      if (row == 2 && y == 0) d->uk_households_k = number(&r, 1);
    }
}

static void read_column(const char *file, double *out, int count) {
  struct table_reader r = open_table(file);
  for (int i = 0; next_row(&r); i++) {
    assert(i < count);
    out[i] = number(&r, 1);
  }
}

static int read_points(const char *file, struct data_point *out) {
  int n = 0;
  for (struct table_reader r = open_table(file); next_row(&r); n++) {
    assert(n < DATA_POINTS);
    out[n] = (struct data_point){number(&r, 0), number(&r, 1)};
  }
  return n;
}

static int read_income_bands(const char *file, struct data_income_band *out) {
  int n = 0;
  for (struct table_reader r = open_table(file); next_row(&r); n++) {
    assert(n < DATA_POINTS);
    out[n] = (struct data_income_band){number(&r, 0), number(&r, 1), number(&r, 2)};
  }
  return n;
}

static void add_band(struct data_band *bands, int *count, struct data_band band) {
  assert(*count < DATA_BANDS);
  bands[(*count)++] = band;
}

static void read_bands(struct sample_data *d) {
  for (struct table_reader r = open_table("employment.csv"); next_row(&r);)
    add_band(d->employment, &d->employment_count,
             (struct data_band){sex_of(&r, 0), whole(&r, 1), whole(&r, 2), number(&r, 3), 0});
  for (struct table_reader r = open_table("births.csv"); next_row(&r);)
    add_band(d->births, &d->births_count,
             (struct data_band){FEMALE, whole(&r, 0), whole(&r, 1), number(&r, 2) / 1000, 0});
  for (struct table_reader r = open_table("volunteering.csv"); next_row(&r);)
    add_band(d->volunteering, &d->volunteering_count,
             (struct data_band){sex_of(&r, 0), whole(&r, 1), whole(&r, 2), number(&r, 3) / 100,
                                number(&r, 4)});
  for (struct table_reader r = open_table("unpaid-care.csv"); next_row(&r);)
    add_band(d->care, &d->care_count,
             (struct data_band){0, whole(&r, 0), whole(&r, 1), number(&r, 2), 0});
  for (struct table_reader r = open_table("hospital.csv"); next_row(&r);) {
    struct hospital *h = d->hospital_count ? &d->hospital[d->hospital_count - 1] : 0;
    if (!h || !span_is(r.field[0], h->service)) {
      assert(d->hospital_count < 4);
      h = &d->hospital[d->hospital_count++];
      name_into(h->service, r.field[0]);
    }
    add_band(h->bands, &h->count,
             (struct data_band){sex_of(&r, 1), whole(&r, 2), whole(&r, 3), number(&r, 4), 0});
  }
}

static struct data_item *item_by_name(struct sample_data *d, struct span name) {
  for (int i = 0; i < d->items_count; i++)
    if (span_is(name, d->items[i].name)) return &d->items[i];
  return 0;
}

static void read_items(struct sample_data *d) {
  for (struct table_reader r = open_table("deciles.csv"); next_row(&r);) {
    assert(d->items_count < DATA_ITEMS);
    struct data_item *item = &d->items[d->items_count++];
    name_into(item->name, r.field[0]);
    for (int i = 0; i < DATA_DECILES; i++) item->decile[i] = number(&r, i + 1);
    item->mean = number(&r, 11);
  }
  for (struct table_reader r = open_table("totals.csv"); next_row(&r);) {
    struct data_item *item = item_by_name(d, r.field[0]);
    assert(item);
    item->has_total = true;
    item->grown = span_is(r.field[1], "grown");
    item->base_m = number(&r, 2);
    for (int y = 0; y < DATA_YEARS; y++) item->total_m[y] = number(&r, 3 + y);
  }
  for (struct table_reader r = open_table("caseloads.csv"); next_row(&r);) {
    struct data_item *item = item_by_name(d, r.field[0]);
    assert(item);
    for (int y = 0; y < DATA_YEARS; y++) item->caseload_k[y] = number(&r, 1 + y);
  }
  for (struct table_reader r = open_table("services.csv"); next_row(&r);) {
    assert(d->services_count < DATA_SERVICES);
    struct data_service *s = &d->services[d->services_count++];
    name_into(s->name, r.field[0]);
    name_into(s->spread, r.field[2]);
    s->england_count = number(&r, 1);
    s->from = whole(&r, 3);
    s->to = whole(&r, 4);
  }
}

struct sample_data *sample_data_read(struct arena *arena) {
  struct sample_data *d = arena_alloc(arena, sizeof *d);
  read_people(d);
  read_column("household-types.csv", d->household_types_k, 10);
  read_column("tenure.csv", d->tenure_k, 4);
  read_column("council-tax-bands.csv", d->band_dwellings, 8);
  read_bands(d);
  read_items(d);
  d->earnings_count = read_points("earnings.csv", d->earnings);
  d->profits_count = read_points("self-employment.csv", d->profits);
  d->pensions_count = read_points("private-pensions.csv", d->pensions);
  d->dividends_count = read_income_bands("dividends.csv", d->dividends);
  d->property_count = read_income_bands("property.csv", d->property);
  read_column("limited-capability.csv", d->unfit_k, DATA_YEARS);
  double four[4] = {0}, weights[9] = {0};
  read_column("unpaid-care-sex.csv", d->care_percent, 2);
  read_column("shares.csv", four, 4);
  d->self_employed = four[0], d->taxpaying_earners = four[1], d->private_pension_k = four[2];
  read_column("weights.csv", weights, 9);
  d->pension_new = weights[0], d->pension_basic = weights[1], d->child_eldest = weights[2],
  d->child_other = weights[3];
  d->disability_standard = weights[4], d->disability_enhanced = weights[5];
  d->mobility_standard = weights[6], d->mobility_enhanced = weights[7], d->jobseekers = weights[8];
  read_column("prisons.csv", four, 4);
  d->prisoners = four[0], d->prison_population_k = four[1];
  return d;
}

const struct data_item *data_item_find(const struct sample_data *data, const char *name) {
  for (int i = 0; i < data->items_count; i++)
    if (strcmp(data->items[i].name, name) == 0) return &data->items[i];
  assert(!"a category of the sample has no published row");
  return 0;
}

double data_point_at(const struct data_point *points, int count, double rank) {
  for (int i = 1; i < count; i++)
    if (rank < points[i].below) {
      double part = (rank - points[i - 1].below) / (points[i].below - points[i - 1].below);
      if (part < 0) part = 0; /* below the first published point */
      return points[i - 1].pounds + part * (points[i].pounds - points[i - 1].pounds);
    }
  return points[count - 1].pounds;
}

double data_band_value(const struct data_band *bands, int count, int sex, int age) {
  for (int i = 0; i < count; i++)
    if (bands[i].sex == sex && age >= bands[i].from && age <= bands[i].to) return bands[i].value;
  return 0;
}

static double people_between(const struct sample_data *d, int sex, int from, int to) {
  double n = 0;
  for (int age = from; age <= to && age < DATA_AGES; age++) n += d->people[sex][age];
  return n;
}

double data_service_rate(const struct sample_data *d, const struct data_service *s, int sex,
                         int age) {
  if (age < s->from || age > s->to) return 0;
  double england = d->england_k[1] * 1000; /* the counts are of 2024-25 or have no year */
  if (s->spread[0] == 0) {
    double all = people_between(d, FEMALE, s->from, s->to) +
                 people_between(d, MALE, s->from, s->to);
    return s->england_count / england * (d->people_all / all);
  }
  for (int h = 0; h < d->hospital_count; h++) {
    if (strcmp(d->hospital[h].service, s->spread) != 0) continue;
    double total = 0, rate = 0;
    for (int b = 0; b < d->hospital[h].count; b++) {
      const struct data_band *band = &d->hospital[h].bands[b];
      total += band->value;
      if (band->sex == sex && age >= band->from && age <= band->to)
        rate = band->value / people_between(d, sex, band->from, band->to);
    }
    return s->england_count / england * rate * (d->people_all / total);
  }
  return 0;
}
