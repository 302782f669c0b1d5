/* Import and export of the register's kinds: on the engine that WEAL_TEST_STORE names (fresh.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calls.h"
#include "book/book.h"
#include "book/pack_rows.h"
#include "book/reversal.h"
#include "exchange/exchange.h"
#include "fresh.h"
#include "register/register.h"

#include <unistd.h>

static struct pack *pack;

struct fixture {
  struct store *store;
  struct arena *arena;
  struct import_options options;
  struct import_result result;
  char path[512], rejects[512];
  struct text out;
};

static struct store *new_book(void) {
  struct store *store = fresh_store();
  ok(store_begin(store, STORE_WRITE, &err));
  ok(book_sync_pack(store, pack, &err));
  ok(store_commit(store, &err));
  return store;
}

static int setup(void **state) {
  struct fixture *f = memory_zeroed(1, sizeof *f);
  f->store = new_book();
  f->arena = arena_new();
  f->options =
      (struct import_options){.date = DAY_NONE, .who = "tester", .progress = PROGRESS_NEVER};
  snprintf(f->path, sizeof f->path, "%s/file.csv", fresh_folder());
  snprintf(f->rejects, sizeof f->rejects, "%s/rejects.csv", fresh_folder());
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  store_close(f->store);
  arena_free(f->arena);
  text_release(&f->out);
  free(f);
  fresh_remove();
  return 0;
}

static enum status take(struct fixture *f, const char *kind, const char *file) {
  FILE *out = fopen(f->path, "w");
  assert_non_null(out);
  fputs(file, out);
  fclose(out);
  char *paths[] = {f->path};
  struct import_call call = {.store = f->store,
                             .pack = pack,
                             .arena = f->arena,
                             .paths = paths,
                             .path_count = 1,
                             .options = f->options};
  err = (struct error){0};
  struct error of_file = {0};
  assert_int_equal(rejects_open(&call.rejects,
                                &(struct out_path){.option = "--rejects", .path = f->rejects},
                                false, &of_file),
                   DONE);
  enum status status = exchange_import(exchange_kind(kind), &call, &f->result, &err);
  assert_int_equal(rejects_close(call.rejects, &of_file), DONE);
  rejects_free(call.rejects);
  return status;
}

static void takes(struct fixture *f, const char *kind, const char *file) {
  if (take(f, kind, file) != DONE)
    fail_msg("%s: line %d: %s: %s", kind, (int)err.line, err.column, err.message);
}

/* Refused at a line and column, and nothing was written. */
static void refuses_file(struct fixture *f, const char *kind, const char *file, int line,
                         const char *column) {
  int64_t before, after;
  static const char everything[] =
      "select (select count(*) from place) + (select count(*) from party) + (select count(*) from "
      "body) + (select count(*) from service)"
      " + (select count(*) from unit_cost) + (select count(*) from rate) + (select count(*) from "
      "import) + (select count(*) from account)";
  struct error other;
  assert_int_equal(store_int(f->store, everything, 0, &before, &other), DONE);
  enum status status = take(f, kind, file);
  if (status != REFUSED || (int)err.line != line || strcmp(err.column, column) != 0)
    fail_msg("%s: status %d, line %d, column '%s': %s", kind, status, (int)err.line, err.column,
             err.message);
  assert_string_equal(err.file, f->path);
  assert_int_equal(store_int(f->store, everything, 0, &after, &other), DONE);
  assert_int_equal(before, after);
}

static enum status keep(void *context, struct text *out) {
  text_add_bytes(context, out->bytes, out->size);
  return DONE;
}

static const char *give_as(struct fixture *f, const char *kind, bool json) {
  struct text piece = {0};
  text_clear(&f->out);
  ok(exchange_kind(kind)->export(f->store, pack, &piece, json ? EXPORT_JSON : EXPORT_CSV, keep,
                                 &f->out, &err));
  text_release(&piece);
  return f->out.bytes ? f->out.bytes : "";
}

static const char *give(struct fixture *f, const char *kind) { return give_as(f, kind, false); }

static int64_t number(struct fixture *f, const char *sql) {
  int64_t value;
  ok(store_int(f->store, sql, -1, &value, &err));
  return value;
}

static void exists(const char *path, bool expected) {
  assert_int_equal(access(path, F_OK) == 0, expected);
}

static void taken(struct fixture *f, int added, int changed, int moved, int same) {
  if (f->result.added != added || f->result.changed != changed || f->result.moved != moved ||
      f->result.same != same)
    fail_msg("added %d changed %d moved %d same %d", (int)f->result.added, (int)f->result.changed,
             (int)f->result.moved, (int)f->result.same);
}

static const char places[] =
    "code,name,kind,parent\nE92,England,nation,\nE07X,Held,locality,E92\nE07X1,North,neighbourhood,"
    "E07X\nE07X2,South,neighbourhood,E07X\n";
static const char households[] = "id,place,tenure,council_tax_band,from\nH1,E07X1,owned,A,\nH1,"
                                 "E07X2,owned,A,2025-01-01\nH2,E07X2,,,\n";
static const char people[] =
    "id,name,born,died,sex,household,place,from,nino,nhs,utr,email\n"
    "P1,\"Person, 1\",1950-01-01,2024-05-05,F,H1,,,QQ123456C,9434765919,,\n"
    "P2,Bob,1980-02-29,,M,H1,E07X,,,,1123456789,bob@example.org\n"
    "P2,Bob,1980-02-29,,M,H2,,2025-06-01,,,1123456789,bob@example.org\n"
    "P3,Cat,2000-12-31,,,,,,,,,\n";

static void fill(struct fixture *f) {
  takes(f, "places", places);
  takes(f, "households", households);
  takes(f, "people", people);
}

/* ---- in ---- */

static void a_parent_may_come_later_in_the_file(void **state) {
  struct fixture *f = *state;
  takes(f, "places",
        "parent,kind,name,code\nB,neighbourhood,Cee,C\nA,locality,Bee,B\n,nation,Ay,A\n");
  taken(f, 3, 0, 0, 0);
  assert_string_equal(
      give(f, "places"),
      "code,name,kind,parent\nA,Ay,nation,\nB,Bee,locality,A\nC,Cee,neighbourhood,B\n");
  refuses_file(f, "places", "code,name,kind,parent\nX,X,locality,Y\nY,Y,locality,X\n", 2, "parent");
  refuses_file(f, "places", "code,name,kind,parent\nA,Ay,neighbourhood,C\n", 2, "parent");
  refuses_file(f, "places", "code,name,kind,parent\nX,X,locality,nowhere\n", 2, "parent");
  refuses_file(f, "places", "code,name,kind,parent\nD,Dee,locality,\nX,X,planet,\n", 3, "kind");
  refuses_file(f, "places", "code,name,parent\nX,X,\n", 1, "kind");
  refuses_file(f, "places", "code,name,kind,size\nX,X,nation,1\n", 1, "size");
}

/* An exported file, imported, makes the same register, in another book and in the same one. */
static void exported_files_can_be_imported(void **state) {
  struct fixture *f = *state;
  fill(f);
  assert_string_equal(give(f, "places"), places);
  assert_string_equal(give(f, "households"), households);
  assert_string_equal(give(f, "people"), people);
  struct store *first = f->store;
  static const char *const kinds[] = {"places",   "households", "people", "bodies",
                                      "services", "unit-costs", "rates"};
  for (int json = 0; json < 2; json++) {
    struct store *second = new_book();
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
      f->store = first;
      give_as(f, kinds[k], json);
      char *given = arena_string(f->arena, f->out.bytes ? f->out.bytes : "");
      f->store = second;
      if (given[0]) takes(f, kinds[k], given);
      assert_string_equal(give_as(f, kinds[k], json), given);
      f->store = first;
      if (given[0]) takes(f, kinds[k], given);
      assert_string_equal(give_as(f, kinds[k], json), given);
    }
    f->store = first;
    store_close(second);
  }
}

static void accounts_are_opened_with_the_person(void **state) {
  struct fixture *f = *state;
  fill(f);
  assert_int_equal(number(f, "select count(*) from account where owner_kind = 'person'"), 6);
  takes(f, "people", people);
  assert_int_equal(number(f, "select count(*) from account where owner_kind = 'person'"), 6);
}

/* Ids of new people are in order of code, whatever their order in the file. */
static void people_are_numbered_in_order_of_code(void **state) {
  struct fixture *f = *state;
  takes(f, "people",
        "id,name,born\nc,C,2000-01-01\na,A,2000-01-01\nb,B,2000-01-01\na,A,2000-01-01\n");
  taken(f, 3, 0, 0, 1);
  assert_int_equal(number(f, "select max(id) - min(id) from party where code in ('a', 'c')"), 2);
  assert_int_equal(
      number(
          f,
          "select count(*) from party where code = 'b' and id = (select min(id) + 1 from party)"),
      1);
}

static void an_absent_column_keeps_and_an_empty_one_clears(void **state) {
  struct fixture *f = *state;
  fill(f);
  takes(f, "people", "id,name,born\nP1,\"Person, 1\",1950-01-01\n");
  taken(f, 0, 0, 0, 1);
  takes(f, "people", "id,name,born,died,nino\nP1,\"Person, 1\",1950-01-01,,\n");
  taken(f, 0, 1, 0, 0);
  assert_non_null(strstr(give(f, "people"), "P1,\"Person, 1\",1950-01-01,,F,H1,,,,9434765919,,\n"));
  /* JSON Lines: the keys of each object */
  takes(f, "people", "{\"id\":\"P2\",\"name\":\"Bob\",\"born\":\"1980-02-29\"}\n");
  taken(f, 0, 0, 0, 1);
  takes(f, "people",
        "{\"id\":\"P2\",\"name\":\"Bob\",\"born\":\"1980-02-29\",\"email\":null}\n{\"id\":\"P1\","
        "\"name\":\"Person, 1\",\"born\":\"1950-01-01\"}\n");
  taken(f, 0, 1, 0, 1);
  assert_int_equal(number(f, "select count(*) from party where email is not null"), 0);
}

static void every_bad_row_is_reported_and_none_is_kept(void **state) {
  struct fixture *f = *state;
  fill(f);
  static const char head[] = "id,name,born,died,sex,household,place,from,nino,nhs\n";
  static const struct {
    const char *row, *column;
  } bad[] = {{"P9,N,2000-02-30,,,,,,,\n", "born"},
             {"P9,N,,,,,,,,\n", "born"},
             {"P9,,2000-01-01,,,,,,,\n", "name"},
             {"P 9,N,2000-01-01,,,,,,,\n", "id"},
             {",N,2000-01-01,,,,,,,\n", "id"},
             {"P9,N,2000-01-01,1999-01-01,,,,,,\n", "died"},
             {"P9,N,2000-01-01,soon,,,,,,\n", "died"},
             {"P9,N,2000-01-01,,Q,,,,,\n", "sex"},
             {"P9,N,2000-01-01,,,H9,,,,\n", "household"},
             {"P9,N,2000-01-01,,,,E99,,,\n", "place"},
             {"P9,N,2000-01-01,,,,,01/02/2020,,\n", "from"},
             {"P9,N,2000-01-01,,,,,,QQ123456C,\n", "nino"},
             {"P9,N,2000-01-01,,,,,,QQ12345C,\n", "nino"},
             {"P9,N,2000-01-01,,,,,,,9434765918\n", "nhs"},
             {"P9,N,2000-01-01\n", ""},
             {"P9,N,2000-01-01,,,,,,,,extra\n", ""}};
  struct text all = {0};
  text_add(&all, head);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct text one = {0};
    text_addf(&one, "%sP8,Sound,2000-01-01,,,,,,,\n%s", head, bad[i].row);
    refuses_file(f, "people", one.bytes, 3, bad[i].column);
    text_release(&one);
    text_add(&all, bad[i].row);
  }
  refuses_file(f, "people", all.bytes, 2, "born");
  assert_int_equal(f->result.files[0].rejected, sizeof bad / sizeof *bad);
  exists(f->rejects, true);
  f->options.partial = true;
  text_add(&all, "P7,Sound,2000-01-01,,,,,,,\n");
  takes(f, "people", all.bytes);
  taken(f, 1, 0, 0, 0);
  assert_int_equal(number(f, "select count(*) from reject where line = 2 and column_name = 'born' "
                             "and value = '2000-02-30'"),
                   1);
  assert_int_equal(number(f, "select rejected from import where rejected > 0"),
                   sizeof bad / sizeof *bad);
  text_release(&all);
}

static void the_rejects_file_is_in_order_of_line(void **state) {
  struct fixture *f = *state;
  f->options.partial = true;
  takes(f, "people", "id,name,born\nc,C,x\na,A,2000-01-01\nb,\"B, \"\"b\"\"\",y\n");
  FILE *in = fopen(f->rejects, "r");
  assert_non_null(in);
  char line[512];
  assert_string_equal(fgets(line, sizeof line, in), "line,column,value,reason\n");
  assert_non_null(fgets(line, sizeof line, in));
  assert_memory_equal(line, "2,born,x,", 9);
  assert_non_null(fgets(line, sizeof line, in));
  assert_memory_equal(line, "4,born,y,", 9);
  fclose(in);
  f->options.partial = false;
  takes(f, "people", "id,name,born\na,A,2000-01-01\n");
  exists(f->rejects, true); /* the earlier one, which its caller removes and says so */
  assert_int_equal(unlink(f->rejects), 0);
  takes(f, "people", "id,name,born\na,A,2000-01-01\n");
  exists(f->rejects, false); /* kept only if there were any */
}

static void a_dry_run_counts_and_keeps_nothing(void **state) {
  struct fixture *f = *state;
  f->options.dry_run = true;
  takes(f, "places", places);
  taken(f, 4, 0, 0, 0);
  assert_int_equal(f->result.import, 0);
  assert_int_equal(number(f, "select count(*) from place"), 0);
  refuses_file(f, "places", "code,name,kind\nX,X,planet\n", 2, "kind");
  f->options.dry_run = false;
  takes(f, "places", places);
  assert_int_equal(f->result.import, 1);
  assert_int_equal(number(f, "select count(*) from import where kind = 'places' and file = "
                             "'file.csv' and rows = 4 and first_entry = 0"),
                   1);
}

static void codes_are_checked_and_updated(void **state) {
  struct fixture *f = *state;
  takes(f, "services", "code,name,category,unit\ngp,GP,gp-consultation,visit\n");
  taken(f, 1, 0, 0, 0);
  takes(f, "services", "code,name,category\ngp,GP visit,gp-consultation\n");
  taken(f, 0, 1, 0, 0);
  assert_non_null(strstr(give(f, "services"), "\ngp,GP visit,gp-consultation,visit\n"));
  refuses_file(f, "services", "code,name,category,unit\nx,X,income-tax,visit\n", 2, "category");
  refuses_file(f, "services", "code,name,category,unit\nx,X,nonsense,visit\n", 2, "category");
  refuses_file(f, "services", "code,name,category,unit\n,X,gp-consultation,visit\n", 2, "code");
  takes(f, "unit-costs", "service,year,cost,source\ngp,2025-26,42.13,made for a test\n");
  takes(f, "unit-costs",
        "service,year,cost,source,estimated\ngp,2025-26,42.14,made for a test,yes\n");
  taken(f, 0, 1, 0, 0);
  refuses_file(f, "unit-costs", "service,year,cost,source\ngp,2024-25,1.00,x\ngp,2024-25,2.00,x\n",
               3, "cost");
  assert_non_null(strstr(give(f, "unit-costs"), "\ngp,2025-26,42.14,made for a test,yes\n"));
  refuses_file(f, "unit-costs", "service,year,cost,source\nnone,2025-26,1,x\n", 2, "service");
  refuses_file(f, "unit-costs", "service,year,cost,source\ngp,2025-27,1,x\n", 2, "year");
  refuses_file(f, "unit-costs", "service,year,cost,source\ngp,2025-26,-1,x\n", 2, "cost");
  refuses_file(f, "unit-costs", "service,year,cost,source\ngp,2025-26,,x\n", 2, "cost");
  refuses_file(f, "unit-costs", "service,year,cost,source\ngp,2025-26,1,\n", 2, "source");
  takes(f, "rates", "what,year,rate,source\nvolunteering,2025-26,12.60,made for a test\n");
  assert_non_null(strstr(give(f, "rates"), "\nvolunteering,2025-26,12.60,made for a test\n"));
  refuses_file(f, "rates", "what,year,rate,source\ngp-consultation,2025-26,12.60,x\n", 2, "what");
}

/* ---- entries out ---- */

static const char entries[] =
    "date,person,category,amount,quantity,unit,service,body,place,reference,note,estimated\n"
    "2025-05-01,P2,income-tax,100.00,,,,hmrc,,r1,\"a, note\",\n"
    "2025-05-02,P2,income-tax,-5.50,,,,hmrc,E07X1,r2,,yes\n"
    "2025-05-03,P2,child-benefit,25.60,,,,dwp,,r3,,\n"
    "2025-05-04,P2,gp-consultation,,1.5,visit,gp,hmrc,,r4,,\n"
    "2025-05-05,P2,volunteering,,90,minutes,,hmrc,,r5,,\n"
    "2025-05-01,P3,council-tax,7.00,,,,,,,,\n";

static void fill_entries(struct fixture *f) {
  fill(f);
  takes(f, "bodies",
        "id,name,kind\nhmrc,HM Revenue,department\ndwp,Work and Pensions,department\n");
  takes(f, "services", "code,name,category,unit\ngp,GP,gp-consultation,visit\n");
  takes(f, "unit-costs", "service,year,cost,source\ngp,2025-26,40.00,made for a test\n");
  takes(f, "entries", entries);
}

static void exported_entries_equal_the_imported_rows(void **state) {
  struct fixture *f = *state;
  fill_entries(f);
  assert_string_equal(give(f, "entries"), entries);
  give_as(f, "entries", true);
  assert_non_null(strstr(f->out.bytes,
                         "{\"date\":\"2025-05-04\",\"person\":\"P2\",\"category\":\"gp-"
                         "consultation\",\"amount\":null,\"quantity\":\"1.5\",\"unit\":\"visit\","
                         "\"service\":\"gp\",\"body\":\"hmrc\",\"place\":null,\"reference\":\"r4\","
                         "\"note\":null,\"estimated\":null}\n"));
}

static void reversed_rows_are_not_exported(void **state) {
  struct fixture *f = *state;
  fill_entries(f);
  int64_t entry = number(f, "select entry from line where reference = 'r3'"),
          n = number(f, "select n from line where reference = 'r3'");
  struct reversal_result result;
  ok(reversal_post(f->store,
                   &(struct reversal){.entry = entry,
                                      .line_no = (int32_t)n,
                                      .on = DAY_NONE,
                                      .reason = "a test",
                                      .who = "tester"},
                   &result, &err));
  assert_int_equal(result.lines, 1);
  give(f, "entries");
  assert_null(strstr(f->out.bytes, ",r3,"));
  assert_non_null(strstr(f->out.bytes, ",r2,"));
  assert_non_null(strstr(f->out.bytes, ",r4,"));
}

/* People whose numbers are not in order of code are written in order of code all the same. */
static void entries_are_in_order_of_code(void **state) {
  struct fixture *f = *state;
  takes(f, "people", "id,name,born\nm,M,2000-01-01\n");
  takes(f, "people", "id,name,born\na,A,2000-01-01\nz,Z,2000-01-01\n");
  takes(f, "entries",
        "date,person,category,amount\n2025-05-02,z,vat,3.00\n2025-05-02,m,vat,2.00\n2025-05-01,m,"
        "vat,1.00\n2025-05-02,a,vat,0.50\n");
  assert_string_equal(
      give(f, "entries"),
      "date,person,category,amount,quantity,unit,service,body,place,reference,note,estimated\n"
      "2025-05-02,a,vat,0.50,,,,,,,,\n2025-05-01,m,vat,1.00,,,,,,,,\n2025-05-02,m,vat,2.00,,,,,,,,"
      "\n2025-05-02,z,vat,3.00,,,,,,,,\n");
}

/* Two texts of a row share the line's note; each comes back in its own column. */
static void exported_spend_and_budget_equal_the_imported_rows(void **state) {
  struct fixture *f = *state;
  static const char spend[] =
      "date,body,supplier,amount,category,department,description,reference,place\n"
      "2025-04-30,held,\"Acme, Ltd\",1200.50,supplier-payment,Roads,\"gravel, ten "
      "loads\",v1,E07X1\n"
      "2025-05-31,held,\"Acme, Ltd\",-0.50,supplier-payment,,refund,v1,\n"
      "2025-05-01,held,Zed,10.00,supplier-payment,Parks,,,\n";
  static const char budget[] = "year,body,stream,category,amount,conditions\n"
                               "2025-26,held,road grant,supplier-payment,5000.00,spent by March\n"
                               "2025-26,held,parks,supplier-payment,100.00,\n";
  fill(f);
  takes(f, "bodies", "id,name,kind\nheld,Held Council,council\n");
  takes(f, "spend", spend);
  takes(f, "budget", budget);
  assert_string_equal(give(f, "spend"), spend);
  give(f, "budget");
  assert_int_equal(f->out.size, sizeof budget - 1);
  assert_non_null(
      strstr(f->out.bytes, "\n2025-26,held,road grant,supplier-payment,5000.00,spent by March\n"));
  assert_non_null(strstr(f->out.bytes, "\n2025-26,held,parks,supplier-payment,100.00,\n"));
  assert_int_equal(
      number(f, "select count(*) from body where kind = 'supplier' and name = 'Acme, Ltd'"), 1);
}

static void an_empty_book_gives_headers(void **state) {
  struct fixture *f = *state;
  assert_string_equal(give(f, "places"), "code,name,kind,parent\n");
  assert_string_equal(give(f, "people"),
                      "id,name,born,died,sex,household,place,from,nino,nhs,utr,email\n");
  assert_string_equal(
      give(f, "entries"),
      "date,person,category,amount,quantity,unit,service,body,place,reference,note,estimated\n");
  assert_string_equal(give_as(f, "people", true), "");
}

static int open_pack(void **state) {
  (void)state;
  err = (struct error){0};
  if (pack_open(&pack, fresh_uk_pack(), &err) == DONE) return 0;
  fprintf(stderr, "%s\n", err.message);
  return 1;
}

static int close_pack(void **state) {
  (void)state;
  pack_close(pack);
  return 0;
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {CASE(a_parent_may_come_later_in_the_file),
                                     CASE(exported_files_can_be_imported),
                                     CASE(accounts_are_opened_with_the_person),
                                     CASE(people_are_numbered_in_order_of_code),
                                     CASE(an_absent_column_keeps_and_an_empty_one_clears),
                                     CASE(every_bad_row_is_reported_and_none_is_kept),
                                     CASE(the_rejects_file_is_in_order_of_line),
                                     CASE(a_dry_run_counts_and_keeps_nothing),
                                     CASE(codes_are_checked_and_updated),
                                     CASE(exported_entries_equal_the_imported_rows),
                                     CASE(reversed_rows_are_not_exported),
                                     CASE(entries_are_in_order_of_code),
                                     CASE(exported_spend_and_budget_equal_the_imported_rows),
                                     CASE(an_empty_book_gives_headers)};
  return cmocka_run_group_tests(tests, open_pack, close_pack);
}
