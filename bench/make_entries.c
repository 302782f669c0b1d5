/* A random place and its entries, for measuring: make_entries DIR PEOPLE LINES_EACH SEED
 * [--journal]
 *
 * Writes the files that `weal import` takes, one file for each kind, of PEOPLE people with
 * LINES_EACH entries each in 2025-26, in random order: 45 % taxes (of which 2 % are corrections),
 * 25 % benefits, 22 % uses of services, 8 % time given. Each has a body and a reference. --journal
 * writes money only (taxes and benefits), and beside entries.csv the same as transactions of two
 * postings in journal.ledger, which ledger and hledger read. The same seed gives the same bytes.
 * Names are invented. */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>

enum { YEAR_DAYS = 365, DAYS_OF_2025 = 270 /* 6 April to 31 December */, BUFFER_BYTES = 1 << 20 };

struct kind {
  const char *category, *service, *unit, *body;
};
static const struct kind taxes[] = {{"income-tax", "", "", "hmrc"},
                                    {"national-insurance", "", "", "hmrc"},
                                    {"council-tax", "", "", "council"},
                                    {"vat", "", "", "hmrc"},
                                    {"fuel-duty", "", "", "hmrc"}};
static const struct kind benefits[] = {{"child-benefit", "", "", "dwp"},
                                       {"universal-credit", "", "", "dwp"},
                                       {"state-pension", "", "", "dwp"},
                                       {"pension-credit", "", "", "dwp"}};
static const struct kind services[] = {{"gp-consultation", "gp", "consultation", "nhs"},
                                       {"accident-and-emergency", "ae", "attendance", "nhs"},
                                       {"inpatient-stay", "ip", "day", "nhs"},
                                       {"school-place", "sch", "day", "school"}};
static const struct kind times[] = {{"volunteering", "", "minutes", "club"},
                                    {"unpaid-care", "", "minutes", "club"}};
/* of `services`; invented numbers, made to be summed */
static const char *const costs[] = {"42.13", "221.19", "513.07", "38.99"};

static uint64_t state;

/* xorshift64*: below `limit` with a bias no measurement sees. */
static uint64_t draw(uint64_t limit) {
  state ^= state >> 12, state ^= state << 25, state ^= state >> 27;
  return ((state * 2685821657736338717u) >> 32) * limit >> 32;
}

static const char *folder;

static FILE *make(const char *name) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "w");
  if (!file) {
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    exit(3);
  }
  setvbuf(file, NULL, _IOFBF, BUFFER_BYTES);
  return file;
}

static void finish(FILE *file) {
  bool failed = ferror(file) != 0;
  if (fclose(file) != 0 || failed) {
    fprintf(stderr, "make_entries: a file could not be written: %s\n", strerror(errno));
    exit(3);
  }
}

static void small_file(const char *name, const char *text) {
  FILE *file = make(name);
  fputs(text, file);
  finish(file);
}

static void register_files(uint32_t people) {
  small_file(
      "places.csv",
      "code,name,kind,parent\nE92,England,nation,\nE07X,Held "
      "Locality,locality,E92\nE07X1,North,neighbourhood,E07X\nE07X2,South,neighbourhood,E07X\n");
  small_file("bodies.csv",
             "id,name,kind\nhmrc,HM Revenue,department\ndwp,Work and "
             "Pensions,department\ncouncil,Held Council,council\n"
             "nhs,Health Board,provider\nschool,Held School,provider\nclub,Held Club,charity\n");
  small_file("rates.csv", "what,year,rate,source\nvolunteering,2025-26,12.60,made for a "
                          "measurement\nunpaid-care,2025-26,12.60,made for a measurement\n");
  FILE *file = make("services.csv"), *cost = make("unit-costs.csv");
  fputs("code,name,category,unit\n", file);
  fputs("service,year,cost,source\n", cost);
  for (int i = 0; i < 4; i++) {
    fprintf(file, "%s,%s,%s,%s\n", services[i].service, services[i].category, services[i].category,
            services[i].unit);
    fprintf(cost, "%s,2025-26,%s,made for a measurement\n", services[i].service, costs[i]);
  }
  finish(file);
  finish(cost);
  file = make("households.csv");
  fputs("id,place,tenure,council_tax_band\n", file);
  for (uint32_t i = 0; i < (people + 1) / 2; i++)
    fprintf(file, "H%07" PRIu32 ",E07X%d,owned,%c\n", i, 1 + (int)(i % 2), "ABCDEFGH"[i % 8]);
  finish(file);
  file = make("people.csv");
  fputs("id,name,born,sex,household\n", file);
  for (uint32_t i = 0; i < people; i++)
    fprintf(file, "P%07" PRIu32 ",\"Person, %" PRIu32 "\",%d-%02d-%02d,%c,H%07" PRIu32 "\n", i, i,
            1930 + (int)draw(80), 1 + (int)draw(12), 1 + (int)draw(28), "FM"[i % 2], i / 2);
  finish(file);
}

static const struct kind *draw_kind(bool money_only, char amount[16], char quantity[8],
                                    const char **sign) {
  uint64_t x = money_only ? draw(70) : draw(100);
  const struct kind *kind;
  amount[0] = quantity[0] = '\0';
  *sign = "";
  if (x < 70) {
    uint64_t pence = 1 + draw(90000);
    kind = x < 45 ? &taxes[draw(5)] : &benefits[draw(4)];
    if (x < 45 && draw(50) == 0) *sign = "-";
    snprintf(amount, 16, "%d.%02d", (int)(pence / 100), (int)(pence % 100));
  } else {
    kind = x < 92 ? &services[draw(4)] : &times[draw(2)];
    snprintf(quantity, 8, "%d", x < 92 ? 1 + (int)draw(5) : 5 + (int)draw(595));
  }
  return kind;
}

/* As in the book, payments leave the person's account and receipts come in. */
static void transaction(FILE *journal, const char *day, uint64_t reference, uint32_t person,
                        const struct kind *kind, const char *sign, const char *amount) {
  bool paid = kind >= taxes && kind < taxes + 5;
  bool minus = paid != (*sign == '-');
  fprintf(journal, "%s R%" PRIu64 "\n    people:P%07" PRIu32 "  %sGBP %s\n    %s:%s\n\n", day,
          reference, person, minus ? "-" : "", amount, kind->body, kind->category);
}

static void days(char day[YEAR_DAYS][32]) {
  static const int length[] = {30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28, 31};
  int month = 0, of_month = 6;
  for (int i = 0; i < YEAR_DAYS; i++) {
    snprintf(day[i], 32, "%d-%02d-%02d", i < DAYS_OF_2025 ? 2025 : 2026, (month + 3) % 12 + 1,
             of_month);
    if (++of_month > length[month]) of_month = 1, month = (month + 1) % 12;
  }
}

static void shuffle(uint32_t *order, uint32_t count) {
  for (uint32_t i = count; i > 1; i--) {
    uint32_t j = (uint32_t)draw(i), kept = order[i - 1];
    order[i - 1] = order[j], order[j] = kept;
  }
}

int main(int argc, char **argv) {
  if (argc < 5) {
    fprintf(stderr, "usage: make_entries DIR PEOPLE LINES_EACH SEED [--journal]\n");
    return 2;
  }
  folder = argv[1];
  uint32_t people = (uint32_t)strtoul(argv[2], NULL, 10),
           lines = (uint32_t)strtoul(argv[3], NULL, 10);
  state = strtoull(argv[4], NULL, 10) * 2654435761u + 88172645463325252u;
  bool as_journal = argc > 5 && strcmp(argv[5], "--journal") == 0;
  static char day[YEAR_DAYS][32];
  days(day);
  register_files(people);
  uint32_t *order = malloc(people * sizeof *order + 1);
  if (!order) return 3;
  for (uint32_t i = 0; i < people; i++) order[i] = i;
  FILE *entries = make("entries.csv"), *journal = as_journal ? make("journal.ledger") : NULL;
  fputs("reference,amount,category,date,person,quantity,unit,service,body\n", entries);
  uint64_t reference = 0;
  for (uint32_t k = 0; k < lines; k++) {
    shuffle(order, people);
    for (uint32_t i = 0; i < people; i++) {
      char amount[16], quantity[8];
      const char *sign;
      const struct kind *kind = draw_kind(as_journal, amount, quantity, &sign);
      const char *on = day[draw(YEAR_DAYS)];
      fprintf(entries, "R%" PRIu64 ",%s%s,%s,%s,P%07" PRIu32 ",%s,%s,%s,%s\n", ++reference, sign,
              amount, kind->category, on, order[i], quantity, kind->unit, kind->service,
              kind->body);
      if (journal) transaction(journal, on, reference, order[i], kind, sign, amount);
    }
  }
  finish(entries);
  if (journal) finish(journal);
  free(order);
  return 0;
}
