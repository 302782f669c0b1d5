/* weal demo: makes the sample place, imports it and shows it. It chains other verbs and adds
 * nothing of its own: anybody can do the same by hand with their own files. */
#include "base/refusal.h"
#include "cli/cli.h"
#include "cli/files.h"

#include "action/desk.h"
#include "attest/closing.h"
#include "attest/head.h"
#include "base/folder.h"
#include "base/made.h"
#include "base/json.h"
#include "book/book.h"
#include "place/place.h"
#include "proof/keys.h"
#include "register/case_actor.h"
#include "register/delegation.h"
#include "register/register.h"
#include "register/duties.h"
#include "register/keeper.h"
#include "register/role_grants.h"
#include "sample/sample.h"
#include "statement/statement.h"
#include "store/setting.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char demo_key[] = "weal-demo"; /* of the log */

struct demo {
  struct call *call;
  const char *dir, *files, *statements, *url;
  int year; /* the latest */
  int64_t people;
  uint64_t seed;
  const char *who;
  char *first_person; /* named in the advice at the end */
  struct text cast;   /* a line for each person who got a role */
};

/* A folder of the demonstration's; null: its own. */
static enum status make_folder(const struct demo *demo, const char *name, struct error *err) {
  int outer = -1, inner = -1;
  enum status status = folder_open(AT_FDCWD, demo->dir, 0755, &outer, err);
  if (status == DONE && name) status = folder_open(outer, name, 0755, &inner, err);
  if (inner >= 0) close(inner);
  if (outer >= 0) close(outer);
  return status == DONE ? DONE : error_while(err, "making the folder %s", demo->dir);
}

/* ---- the book ---- */

static enum status import_files(struct demo *demo, struct error *err) {
  struct call *call = demo->call;
  for (int i = 0; i < sample_file_count; i++) {
    char *path = arena_printf(call->arena, "%s/%s", demo->files, sample_files[i].name);
    struct import_run run = {.kind = exchange_kind(sample_files[i].kind),
                             .paths = &path,
                             .path_count = 1,
                             .options = {.date = DAY_NONE}};
    if (!run.kind)
      return error_set(err, FAILED, "the sample has a file of kind %s, which cannot be imported",
                       sample_files[i].kind);
    if (files_import(call, &run, err) != DONE)
      return error_while(err, "importing the sample's %s", sample_files[i].name);
    struct text count = {0};
    text_add_count(&count, run.result.file_count ? run.result.files[0].posted : 0);
    output_note(call, "imported %s rows of %s in %.1f s", count.bytes, sample_files[i].kind,
                run.seconds);
    text_release(&count);
  }
  return DONE;
}

/* ---- statements ---- */

/* A few people of different ages, for pages to open: the youngest and the oldest living, and some
 * between. */
enum { HANDFUL = 6 };

static int by_birth(const void *a, const void *b) {
  const struct person *x = *(const struct person *const *)a, *y = *(const struct person *const *)b;
  if (x->born != y->born) return x->born < y->born ? 1 : -1;
  return strcmp(x->code, y->code);
}

static enum status choose_people(struct demo *demo, const struct person **out, int *count,
                                 struct error *err) {
  struct people *people;
  struct arena *arena = demo->call->arena;
  if (register_people(demo->call->store, arena, &people, err) != DONE) return err->code;
  const struct person **living = arena_array(arena, const struct person *, people->count + 1);
  int n = 0;
  for (int i = 0; i < people->count; i++)
    if (people->all[i].died == DAY_NONE && !people->all[i].survivor) living[n++] = &people->all[i];
  array_sort(living, n, by_birth);
  *count = n < HANDFUL ? n : HANDFUL;
  for (int i = 0; i < *count; i++)
    out[i] = living[*count > 1 ? (int64_t)i * (n - 1) / (*count - 1) : 0];
  return DONE;
}

/* What the demonstration makes in a folder of its own beside what is listed there already. */
static enum status list_made(struct demo *demo, const char *dir, const char *list,
                             const char *const *names, int count, struct error *err) {
  struct made_files made;
  int fd = -1;
  enum status status = folder_open(AT_FDCWD, dir, 0700, &fd, err);
  if (status != DONE) return status;
  status = made_read(&made, fd, arena_string(demo->call->arena, dir), list, err);
  for (int i = 0; i < count && status == DONE; i++) {
    status = made_check(&made, names[i], NULL, err);
    made_add(&made, span_of(names[i]));
  }
  if (status == DONE) status = made_write(&made, err);
  made_release(&made);
  close(fd);
  return status;
}

static enum status list_sample(struct demo *demo, struct error *err) {
  const char **names = arena_array(demo->call->arena, const char *, sample_file_count);
  for (int i = 0; i < sample_file_count; i++) names[i] = sample_files[i].name;
  return list_made(demo, demo->files, ".weal-demo", names, sample_file_count, err);
}

static enum status list_pages(struct demo *demo, const struct person *const *chosen, int count,
                              struct error *err) {
  const char *names[HANDFUL];
  for (int i = 0; i < count; i++)
    names[i] = arena_printf(demo->call->arena, "%s.html", chosen[i]->code);
  return list_made(demo, demo->statements, statements_list, names, count, err);
}

static enum status write_pages(struct demo *demo, struct error *err) {
  const struct person *chosen[HANDFUL];
  int count = 0;
  struct call *call = demo->call;
  struct statement_request request = {.year = demo->year, .language = ENGLISH};
  const struct document_options options = {.csv_header = true};
  if (choose_people(demo, chosen, &count, err) != DONE ||
      call_read_reference_data(call, err) != DONE || list_pages(demo, chosen, count, err) != DONE)
    return err->code;
  for (int i = 0; i < count; i++) {
    struct document *document;
    struct text page = {0};
    if (statement_one(call->store, call->reference_data, chosen[i]->id, &request, call->arena,
                      &document, err) != DONE)
      return err->code;
    document_render(document, FORMAT_HTML, &options, &page);
    enum status status = file_put(demo->statements,
                                  arena_printf(call->arena, "%s.html", chosen[i]->code),
                                  span_make(page.bytes, page.size), err);
    text_release(&page);
    if (status != DONE) return status;
  }
  if (count) demo->first_person = arena_string(call->arena, chosen[count / 2]->code);
  return DONE;
}

static enum status write_statements(struct demo *demo, struct error *err) {
  struct call *call = demo->call;
  struct statements_options options = {.request = {.year = demo->year, .language = ENGLISH},
                                       .format = FORMAT_JSON,
                                       .out_dir = demo->statements,
                                       .progress = call->progress};
  struct statements_result result;
  char year[8];
  const char *what = arena_printf(call->arena, "statements %s", year_write(demo->year, year));
  if (call_note_run(call, what, NULL, DAY_NONE, err) != DONE) return err->code;
  double start = clock_seconds();
  if (statements_write(call->store, call->pack, &options, &result, err) != DONE) return err->code;
  double seconds = clock_seconds() - start;
  struct text count = {0};
  text_add_count(&count, result.statements);
  output_note(call, "wrote %s statements of %s in %.1f s", count.bytes, year, seconds);
  text_release(&count);
  return write_pages(demo, err);
}

/* ---- role grants ---- */

/* People who can have a role or a helper: living, between two ages on the last day of the sample,
 * in order of code. */
static int grown_people(const struct people *people, day_t on, int youngest, int eldest,
                        const struct person **out, int most) {
  int count = 0;
  for (int i = 0; i < people->count && count < most; i++) {
    const struct person *p = &people->all[i];
    if (p->died == DAY_NONE && !p->survivor && p->born <= on - youngest * 366 &&
        p->born > on - eldest * 365)
      out[count++] = p;
  }
  return count;
}

static void cast_line(struct demo *demo, const struct person *p, const char *what) {
  text_addf(&demo->cast, "  %-10s %s, %s\n", p->code, p->name, what);
}

static enum status grant_roles(struct demo *demo, const struct person **grown, int count,
                               struct error *err) {
  static const struct {
    const char *role, *body, *shown;
  } role_grants[] = {{"administrator", NULL, "administrator"},
                     {"auditor", NULL, "auditor"},
                     {"staff", "harrowmere-council", "staff of the council"},
                     {"staff", "harrowmere-hospitals", "staff of the hospitals"},
                     {NULL, NULL, NULL}, /* the neighbour */
                     {"administrator", NULL, "the second administrator"}};
  struct store *store = demo->call->store;
  struct bodies *bodies;
  if (register_bodies(store, demo->call->arena, &bodies, err) != DONE) return err->code;
  for (int i = 0; i < 6 && i < count; i++) {
    if (!role_grants[i].role) continue;
    const struct body *body = role_grants[i].body
                                  ? bodies_by_code(bodies, span_of(role_grants[i].body))
                                  : NULL;
    if (role_grants[i].body && !body) continue;
    if (role_grant_add(store, grown[i]->id, role_find(span_of(role_grants[i].role)),
                       body ? body->id : 0, day_today(), demo->who, err) != DONE)
      return err->code;
    cast_line(demo, grown[i], role_grants[i].shown);
  }
  return DONE;
}

/* The sample's own bodies are of no kind and code that the pack knows the duties of. */
static enum status give_duties(struct demo *demo, struct error *err) {
  static const struct {
    const char *body, *duty;
  } given[] = {{"harrowmere-hospitals", "hospital-and-community-care"},
               {"calderwold-ambulance", "ambulance"},
               {"calderwold-mental-health", "mental-health-care"},
               {"quay-surgery", "general-practice"},
               {"priory-practice", "general-practice"},
               {"highfold-health-centre", "general-practice"},
               {"quayside-primary", "school"},
               {"priory-primary", "school"},
               {"highfold-primary", "school"},
               {"harrowmere-academy", "school"},
               {"millbank-school", "school"},
               {"mere-homes", "social-landlord"}};
  struct bodies *bodies;
  struct store *store = demo->call->store;
  enum status status = register_bodies(store, demo->call->arena, &bodies, err);
  for (size_t i = 0; status == DONE && i < sizeof given / sizeof *given; i++) {
    const struct body *body = bodies_by_code(bodies, span_of(given[i].body));
    if (!body) continue;
    const struct duty_change change = {.body = body->id,
                                       .word = span_of(given[i].duty),
                                       .reason = span_of("the sample's own organisation"),
                                       .who = demo->who};
    status = duty_give(store, demo->call->pack, &change, err);
  }
  return status;
}

static enum status act_as(struct demo *demo, const struct person *person, struct case_actor *out,
                          struct error *err) {
  return register_case_actor(demo->call->store, demo->call->arena, person->id, day_today(),
                             arena_printf(demo->call->arena, "id:%s", person->code), out, err);
}

static enum status give_helper(struct demo *demo, const struct person *old,
                               const struct person *helper, struct error *err) {
  char code[ONE_TIME_CODE_SIZE];
  day_t last;
  struct delegation delegation;
  struct case_actor actor;
  const struct desk_terms terms = {.record = {.pack = demo->call->pack, .any_category = true}};
  const struct case_desk desk = action_desk(&terms, day_today());
  struct case_call call = {demo->call->store, demo->call->arena, &desk, &actor};
  int64_t now = (int64_t)time(NULL);
  struct delegation_offer offer = {
      .scope = scope_all(), .what = span_of("my neighbour"), .to = DAY_NONE, .now = now};
  if (act_as(demo, old, &actor, err) != DONE ||
      delegation_offer(&call, &offer, code, &last, err) != DONE)
    return err->code;
  if (act_as(demo, helper, &actor, err) != DONE ||
      delegation_accept(&call, span_of(code), now, &delegation, err) != DONE)
    return err->code;
  cast_line(demo, old, "lets a neighbour help");
  cast_line(demo, helper, "the neighbour, who may see, tell and enter time");
  return DONE;
}

static enum status cast_parts(struct demo *demo, struct error *err) {
  enum { NEIGHBOUR = 4, GROWN = 6, OLD = 1 };
  const struct person *grown[GROWN], *old[OLD];
  struct people *people;
  struct store *store = demo->call->store;
  if (register_people(store, demo->call->arena, &people, err) != DONE) return err->code;
  day_t on = year_last_day(YEAR_TAX, demo->year);
  int count = grown_people(people, on, 28, 60, grown, GROWN),
      old_count = grown_people(people, on, 72, 95, old, OLD);
  if (store_begin(store, STORE_WRITE, err) != DONE) return err->code;
  enum status status = grant_roles(demo, grown, count, err);
  if (status == DONE) status = give_duties(demo, err);
  if (status == DONE && count == GROWN && old_count)
    status = give_helper(demo, old[0], grown[NEIGHBOUR], err);
  if (status == DONE) status = store_commit(store, err);
  if (status != DONE) store_rollback(store);
  return status;
}

/* ---- who keeps it ---- */

/* Nobody real: the names end in `example`, which nobody can own (RFC 2606). */
static enum status name_keeper(struct demo *demo, struct error *err) {
  static const struct keeper invented = {
      .of = {
          [KEEPER_NAME] = {"Harrowmere Borough Council (invented)",
                           "Cyngor Bwrdeistref Harrowmere (dychmygol)"},
          [KEEPER_ADDRESS] = {"The Town Hall, Harrowmere, a place that is invented",
                              "Neuadd y Dref, Harrowmere, lle dychmygol"},
          [KEEPER_CONTACT] = {"accounts@harrowmere.example", NULL},
          [KEEPER_OFFICER] = {"The council's data protection officer, dpo@harrowmere.example",
                              "Swyddog diogelu data'r cyngor, dpo@harrowmere.example"},
          [KEEPER_BASIS] = {"UK GDPR, article 6(1)(e): a task in the public interest",
                            "UK GDPR, erthygl 6(1)(e): tasg er budd y cyhoedd"},
          [KEEPER_RETENTION] = {"As long as the law on each type of record says",
                                "Cyhyd ag y mae'r gyfraith ar bob math o gofnod yn ei ddweud"},
          [KEEPER_COMPLAINTS] = {"Sign in and open Your requests, or write to "
                                 "complaints@harrowmere.example",
                                 "Mewngofnodwch ac agorwch Eich ceisiadau, neu ysgrifennwch at "
                                 "complaints@harrowmere.example"},
          [KEEPER_PORTAL] = {"https://accounts.harrowmere.example", NULL},
      }};
  struct store *store = demo->call->store;
  enum status status = store_begin(store, STORE_WRITE, err);
  if (status == DONE) status = keeper_write(store, &invented, err);
  if (status == DONE) status = store_commit(store, err);
  if (status != DONE) store_rollback(store);
  return status;
}

/* ---- proofs ---- */

/* Closes the years and signs the log's head with the demonstration's own key, which is kept beside
 * it; so its statements carry proofs that verify. */
static enum status prove_years(struct demo *demo, struct error *err) {
  struct call *call = demo->call;
  struct verifier verifier;
  struct signer signer;
  const char *note, *keys = arena_printf(call->arena, "%s/keys", demo->dir),
                    *whole = realpath(demo->dir, NULL);
  enum status status = make_folder(demo, "keys", err);
  if (status == DONE) status = keys_new(keys, span_of(demo_key), &verifier, err);
  if (status == DONE) status = keys_signer(keys, span_of(demo_key), &signer, err);
  if (status == DONE) {
    status = store_begin(call->store, STORE_WRITE, err);
    if (status == DONE) status = setting_write(call->store, "log_origin", demo_key, err);
    if (status == DONE)
      status = setting_write(call->store, "demo_keys",
                             arena_printf(call->arena, "%s/keys", whole ? whole : demo->dir), err);
    if (status == DONE) status = store_commit(call->store, err);
    if (status != DONE) store_rollback(call->store);
    for (int year = SAMPLE_YEAR_FIRST; status == DONE && year <= demo->year; year++) {
      const struct closing_options options = {.year = year,
                                              .to = DAY_NONE,
                                              .progress = call->progress};
      struct closing_result result;
      status = closing_post(call->store, &options, &result, err);
    }
    if (status == DONE) status = head_sign(call->store, &signer, call->arena, &note, err);
    signer_wipe(&signer);
  }
  free((void *)whole);
  return status;
}

/* ---- the report at the end ---- */

static enum status show_place(struct demo *demo, struct error *err) {
  struct call *call = demo->call;
  struct place_request request = {.year = demo->year,
                                  .by = BY_CATEGORY,
                                  .progress = call->progress};
  struct document *document;
  if (place_account(call->store, call->pack, &request, call->arena, &document, err) != DONE)
    return err->code;
  char year[8];
  if (call_note_access(call, 0,
                       arena_printf(call->arena, "place (own) %s", year_write(demo->year, year)),
                       err) != DONE)
    return err->code;
  output_document(call, document);
  return DONE;
}

static void show_next(struct demo *demo) {
  struct text *t = &demo->call->out;
  char year[8];
  year_write(demo->year, year);
  text_add(t, "\nThe place, its people and their names are invented; the distributions that they "
              "are drawn from are published.\n\n"
              "What to look at next:\n\n");
  text_addf(
      t, "  %s/*.html   the statements of a few people of different ages, to open in a browser\n",
      demo->statements);
  text_addf(t, "  %s/statements.jsonl   everybody's\n", demo->statements);
  text_addf(t,
            "  %s/   the files that all this was made from; your own would have the same form\n\n",
            demo->files);
  if (demo->first_person)
    text_addf(t, "  %s --store %s statement %s --year %s\n", demo->call->program, demo->url,
              demo->first_person, year);
  text_addf(t, "  %s --store %s place --year %s --by purpose\n", demo->call->program, demo->url,
            year);
  text_addf(t, "  %s --store %s audit\n", demo->call->program, demo->url);
  text_addf(t, "  %s --store %s serve   the portal, in a browser; these have a part in it:\n\n",
            demo->call->program, demo->url);
  text_add_span(t, span_make(demo->cast.bytes, demo->cast.size));
}

/* ---- the verb ---- */

static enum status read_call(struct demo *demo, struct error *err) {
  struct call *call = demo->call;
  int64_t seed = 1;
  demo->people = SAMPLE_PEOPLE_DEFAULT;
  if (call_count(call, "people", SAMPLE_PEOPLE_MIN, SAMPLE_PEOPLE_MAX, &demo->people, err) != DONE)
    return err->code;
  if (call_count(call, "seed", 0, INT64_MAX, &seed, err) != DONE) return err->code;
  demo->seed = (uint64_t)seed;
  demo->year = SAMPLE_YEAR_FIRST + SAMPLE_YEARS - 1;
  demo->dir = call->arguments[0];
  demo->files = arena_printf(call->arena, "%s/files", demo->dir);
  demo->statements = arena_printf(call->arena, "%s/statements", demo->dir);
  /* The command line may name another store for the book; $WEAL_STORE is somebody's own book and is
   * not used. */
  const char *store = call_option(call, "store");
  demo->url = store ? store : arena_printf(call->arena, "sqlite:%s/weal.db", demo->dir);
  const struct out_path out = call_out_path(call, "DIR", demo->dir);
  if (out_folder_check(&out, err) != DONE) return err->code;
  const char *there = arena_printf(call->arena, "%s/weal.db", demo->dir);
  if (access(there, F_OK) == 0) return refuse(err, DEMO_FOLDER_THERE, there);
  return DONE;
}

static enum status fill_book(struct demo *demo, struct error *err) {
  if (call_who(demo->call, &demo->who, err) != DONE) return err->code;
  if (import_files(demo, err) != DONE || cast_parts(demo, err) != DONE ||
      name_keeper(demo, err) != DONE || prove_years(demo, err) != DONE)
    return err->code;
  if (write_statements(demo, err) != DONE) return err->code;
  return show_place(demo, err);
}

enum status verb_demo(struct call *call, struct error *err) {
  struct demo demo = {.call = call};
  const char *const *packs;
  int pack_count = 0;
  if (read_call(&demo, err) != DONE || call_open_pack(call, err) != DONE ||
      call_policies(call, &packs, &pack_count, err) != DONE)
    return err->code;
  if (make_folder(&demo, "files", err) != DONE || make_folder(&demo, "statements", err) != DONE)
    return err->code;

  struct sample_options sample = {.dir = demo.files,
                                  .people = demo.people,
                                  .seed = demo.seed,
                                  .progress = call->progress,
                                  .pack = call->pack,
                                  .packs = packs,
                                  .pack_count = pack_count};
  double start = clock_seconds();
  if (list_sample(&demo, err) != DONE || sample_write(&sample, err) != DONE) return err->code;
  output_note(call, "made a place of %lld people (seed %llu) in %.1f s", (long long)demo.people,
              (unsigned long long)demo.seed, clock_seconds() - start);

  struct new_book book = {.place_code = sample_place_code,
                          .place_name = sample_place_name,
                          .place_kind = "locality",
                          .demo = true};
  if (init_make_book(call, demo.url, &book, err) != DONE) return err->code;
  enum status status = fill_book(&demo, err);
  if (status == DONE) show_next(&demo);
  else init_remove_book(call, demo.url, err);
  text_release(&demo.cast);
  return status;
}
