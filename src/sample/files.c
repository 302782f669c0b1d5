#include "sample/files.h"
#include "base/folder.h"
#include <stdio.h>

/* No real place has a code that begins with X: ONS uses E, K, N, S and W. */
const char *const sample_place_code = "X07000001";
const char *const sample_place_name = "Harrowmere";

static const struct {
  const char *code, *name;
} neighbourhoods[NEIGHBOURHOODS] = {{"X05000001", "Old Quay"},      {"X05000002", "Tanners Row"},
                                    {"X05000003", "Priory Fields"}, {"X05000004", "Station Park"},
                                    {"X05000005", "Highfold"},      {"X05000006", "Millbank"}};

/* National bodies as in the policy pack, so that the files are complete; the local ones are
 * invented. */
static const char bodies[] =
    "id,name,kind,company,place\n"
    "hmrc,HM Revenue and Customs,department,,\n"
    "dwp,Department for Work and Pensions,department,,\n"
    "dvla,Driver and Vehicle Licensing Agency,provider,,\n"
    "tv-licensing,TV Licensing,provider,,\n"
    "hmpps,HM Prison and Probation Service,provider,,\n"
    "harrowmere-council,Harrowmere Borough Council,council,,X07000001\n"
    "harrowmere-hospitals,Harrowmere Hospitals NHS Trust,provider,,X07000001\n"
    "calderwold-ambulance,Calderwold Ambulance Service,provider,,X10000001\n"
    "calderwold-mental-health,Calderwold Mental Health NHS Trust,provider,,X10000001\n"
    "quay-surgery,The Quay Surgery,provider,,X05000001\n"
    "priory-practice,Priory Fields Practice,provider,,X05000003\n"
    "highfold-health-centre,Highfold Health Centre,provider,,X05000005\n"
    "quayside-primary,Quayside Primary School,provider,,X05000001\n"
    "priory-primary,Priory Fields Primary School,provider,,X05000003\n"
    "highfold-primary,Highfold Primary School,provider,,X05000005\n"
    "harrowmere-academy,Harrowmere Academy,provider,,X05000002\n"
    "millbank-school,Millbank School,provider,,X05000006\n"
    "mere-homes,Mere Homes Housing Association,mutual,,X07000001\n"
    "harrowmere-carers,Harrowmere Carers Together,charity,,X07000001\n"
    "harrowmere-food-bank,Harrowmere Food Bank,charity,,X07000001\n"
    "mere-river-trust,Mere River Trust,charity,,X07000001\n"
    "old-quay-arts,Old Quay Arts and Sports,charity,,X05000001\n"
    "harrowmere-engineering,Harrowmere Engineering,employer,,X05000002\n"
    "quay-foods,Quay Foods,employer,,X05000001\n"
    "mere-retail,Mere Retail,employer,,X05000004\n"
    "calderwold-care,Calderwold Care Homes,employer,,X10000001\n"
    "highfold-software,Highfold Software,employer,,X05000005\n";

const char *body_practice(int neighbourhood) {
  static const char *const practices[PRACTICES] = {"quay-surgery", "priory-practice",
                                                   "highfold-health-centre"};
  return practices[neighbourhood / 2];
}
const char *body_school(int neighbourhood, int age) {
  static const char *const primary[] = {"quayside-primary", "priory-primary", "highfold-primary"};
  if (age < 11) return primary[neighbourhood / 2];
  return neighbourhood < 3 ? "harrowmere-academy" : "millbank-school";
}
const char *body_employer(int person) {
  static const char *const employers[] = {
      "harrowmere-engineering", "quay-foods",           "mere-retail",       "calderwold-care",
      "highfold-software",      "harrowmere-hospitals", "harrowmere-council"};
  return employers[random_mix((uint64_t)person) % 7];
}
const char *body_charity(int person) {
  static const char *const charities[] = {"harrowmere-food-bank", "mere-river-trust",
                                          "old-quay-arts"};
  return charities[random_mix((uint64_t)person + 5) % 3];
}

int household_place(const struct household *h, day_t day) {
  int place = h->place;
  for (int y = 0; y < SAMPLE_YEARS; y++)
    if (h->moved_place[y] >= 0 && day >= h->moved_on[y]) place = h->moved_place[y];
  return place;
}

static enum status write_file(const char *dir, const char *name, struct text *t,
                              struct error *err) {
  enum status status = file_put(dir, name, span_make(t->bytes, t->size), err);
  text_release(t);
  return status;
}

static const char *tenure_word(int tenure) {
  static const char *const words[] = {"owned", "council", "housing association", "private rent"};
  return words[tenure];
}

static void add_household(struct text *t, int h, int place, const struct household *house,
                          char band, day_t from) {
  lines_add_household(t, h);
  text_addf(t, ",%s,%s,%c,", neighbourhoods[place].code, tenure_word(house->tenure), band);
  if (from != DAY_NONE) text_add_day(t, from);
  text_addf(t, ",%d\n", house->decile + 1);
}

/* QQ is no prefix of a real National Insurance number; 999 begins NHS numbers for tests. Both are
 * made from a person's number. */
static void add_identifiers(struct text *t, int i, bool grown) {
  if (grown && i < 1000000)
    text_addf(t, "QQ%06d%c", (int)(((int64_t)i * 7919 + 104729) % 1000000), 'A' + i % 4);
  text_add_char(t, ',');
  if (i >= 1000000) return;
  char digits[16];
  snprintf(digits, sizeof digits, "999%06d", i);
  int sum = 0;
  for (int k = 0; k < 9; k++) sum += (digits[k] - '0') * (10 - k);
  int check = (11 - sum % 11) % 11;
  /* one in eleven has no check digit: they have no number here */
  if (check != 10) text_addf(t, "%s%d", digits, check);
}

static void add_person(struct text *t, const struct town *town, int i, int household, bool dead,
                       day_t from) {
  const struct sample_person *p = &town->people[i];
  lines_add_person(t, i);
  text_addf(t, ",%s %s %s,", name_given(p->sex, p->given), name_given(p->sex, p->second),
            name_family(p->family));
  text_add_day(t, p->born);
  text_add_char(t, ',');
  if (dead) text_add_day(t, p->died);
  text_addf(t, ",%c,", p->sex == FEMALE ? 'F' : 'M');
  lines_add_household(t, household);
  text_add_char(t, ',');
  if (from != DAY_NONE) text_add_day(t, from);
  text_add_char(t, ',');
  add_identifiers(t, i, day_age(p->born, town_year_first(0)) >= 16);
  text_add_char(t, '\n');
}

static const char people_header[] = "id,name,born,died,sex,household,from,nino,nhs\n";
static const char households_header[] = "id,place,tenure,council_tax_band,from,x_decile\n";

enum status files_write_first(const struct town *t, const char *dir, struct error *err) {
  struct text out = {0};
  text_add(
      &out,
      "code,name,kind,parent\nE92000001,England,nation,\nX10000001,Calderwold,county,E92000001\n");
  text_addf(&out, "%s,%s,locality,X10000001\n", sample_place_code, sample_place_name);
  for (int n = 0; n < NEIGHBOURHOODS; n++)
    text_addf(&out, "%s,%s,neighbourhood,%s\n", neighbourhoods[n].code, neighbourhoods[n].name,
              sample_place_code);
  enum status status = write_file(dir, "places.csv", &out, err);
  if (status != DONE) return status;
  text_add(&out, bodies);
  if ((status = write_file(dir, "bodies.csv", &out, err)) != DONE) return status;
  text_add(&out, households_header);
  for (int h = 0; h < t->households_count; h++)
    add_household(&out, h, t->households[h].place, &t->households[h], t->households[h].band,
                  DAY_NONE);
  if ((status = write_file(dir, "households.csv", &out, err)) != DONE) return status;
  text_add(&out, people_header);
  for (int i = 0; i < t->started; i++) add_person(&out, t, i, t->people[i].home, false, DAY_NONE);
  return write_file(dir, "people.csv", &out, err);
}

enum status files_write_changes(const struct town *t, const char *dir, int year,
                                struct error *err) {
  struct text out = {0};
  char label[8], name[48];
  year_write(SAMPLE_YEAR_FIRST + year, label);
  day_t first = town_year_first(year), last = town_year_last(year);
  text_add(&out, households_header);
  for (int h = 0; h < t->households_count; h++) {
    const struct household *house = &t->households[h];
    if (house->from != DAY_NONE && house->from >= first && house->from <= last)
      add_household(&out, h, house->place, house, house->band, house->from);
    if (house->moved_place[year] >= 0)
      add_household(&out, h, house->moved_place[year], house, house->moved_band[year],
                    house->moved_on[year]);
  }
  snprintf(name, sizeof name, "households-%s.csv", label);
  enum status status = write_file(dir, name, &out, err);
  if (status != DONE) return status;
  text_add(&out, people_header);
  for (int i = 0; i < t->people_count; i++) {
    const struct sample_person *p = &t->people[i];
    if (i >= t->started && p->born >= first && p->born <= last)
      add_person(&out, t, i, p->home, false, DAY_NONE);
    if (p->left != DAY_NONE && p->left >= first && p->left <= last)
      add_person(&out, t, i, p->next_household >= 0 ? p->next_household : p->household, false,
                 p->left);
    if (p->died != DAY_NONE && p->died >= first && p->died <= last)
      add_person(&out, t, i, p->household, true, DAY_NONE);
  }
  snprintf(name, sizeof name, "people-%s.csv", label);
  return write_file(dir, name, &out, err);
}
