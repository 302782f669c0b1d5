/* Services for verbs: reading options, opening store and pack, finding who is asking. */
#include "cli/cli.h"

#include "action/desk.h"
#include "base/money.h"
#include "base/refusal.h"
#include "book/book.h"
#include "book/bulk.h"
#include "publish/edition.h"
#include "register/register.h"
#include "rules/model.h"
#include "store/setting.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* ---- options ---- */

const char *call_option(const struct call *call, const char *name) {
  for (int i = call->options_given_count - 1; i >= 0; i--)
    if (strcmp(call->given[i].option->name, name) == 0)
      return call->given[i].value ? call->given[i].value : "";
  return NULL;
}

/* A value that cannot be read makes the call malformed (USAGE), whatever status the reader of
 * values gives. */
static enum status option_fault(const char *name, struct error *err) {
  char reason[ERROR_MESSAGE_SIZE];
  snprintf(reason, sizeof reason, "%s", err->message);
  *err = (struct error){0};
  return error_set(err, USAGE, "--%s: %s", name, reason);
}

enum status call_day(const struct call *call, const char *name, day_t *out, struct error *err) {
  const char *value = call_option(call, name);
  if (!value || day_parse(span_of(value), out, err) == DONE) return DONE;
  return option_fault(name, err);
}

enum status call_year(const struct call *call, int *year, struct error *err) {
  const char *value = call_option(call, "year");
  if (!value)
    return error_set(err, USAGE, "%s lacks its year; write --year 2025-26", call->verb->name);
  if (year_parse(span_of(value), year, err) == DONE) return DONE;
  return option_fault("year", err);
}

enum status call_count(const struct call *call, const char *name, int64_t least, int64_t most,
                       int64_t *out, struct error *err) {
  const char *value = call_option(call, name);
  if (!value) return DONE;
  if (integer_parse(span_of(value), out, err) != DONE) return option_fault(name, err);
  if (*out >= least && *out <= most) return DONE;
  return error_set(err, USAGE, "--%s: %lld lies outside %lld to %lld", name, (long long)*out,
                   (long long)least, (long long)most);
}

enum status call_line(const struct call *call, const char *name, int64_t *entry, int32_t *n,
                      struct error *err) {
  struct error ignored = {0};
  const char *word = call_option(call, name), *colon = strchr(word, ':');
  int64_t line = 0;
  if (colon && integer_parse(span_make(word, (size_t)(colon - word)), entry, &ignored) == DONE &&
      *entry >= 1 && integer_parse(span_of(colon + 1), &line, &ignored) == DONE && line >= 1 &&
      line <= INT32_MAX)
    return *n = (int32_t)line, DONE;
  return error_set(err, USAGE,
                   "--%s: '%s' is not ENTRY:LINE; 'weal account' shows both, such as 417:3", name,
                   word);
}

enum status call_reason(const struct call *call, const char **reason, struct error *err) {
  *reason = call_option(call, "reason");
  if (*reason && span_trim(span_of(*reason)).size) return DONE;
  return error_set(err, USAGE, "%s lacks its reason; write --reason 'why'", call->verb->name);
}

enum status call_language(const struct call *call, enum language *language, struct error *err) {
  const char *value = call_option(call, "language");
  *language = ENGLISH;
  if (!value || language_parse(span_of(value), language, err) == DONE) return DONE;
  return option_fault("language", err);
}

enum format call_format(const struct call *call) {
  const char *name = call_option(call, "format");
  if (!name) name = call->verb->formats ? call->verb->formats : "text";
  struct span first = span_make(name, strcspn(name, " "));
  enum format format = FORMAT_TEXT;
  struct error err = {0};
  /* cannot happen: check_choice has refused unknown formats */
  if (format_parse(first, &format, &err) != DONE) return FORMAT_TEXT;
  return format;
}

/* ---- the store ---- */

const char *call_store_url(const struct call *call) {
  const char *url = call_option(call, "store");
  if (!url) url = getenv("WEAL_STORE");
  return url && *url ? url : "sqlite:weal.db";
}

/* ---- where the call may write ---- */

/* The files that a verb reads: those that its arguments name, and these. */
static const char *const read_options[] = {"list", "again", "config",    "since",
                                           "key",  "head",  "witnessed", "consistency"};
enum { READ_OPTIONS = sizeof read_options / sizeof *read_options };

static void keep_read(struct kept_file *kept, int *count, const char *word, const char *path) {
  struct stat about;
  const char *name = word && strcmp(word, "-") == 0 ? "/dev/stdin" : word;
  if (word && word != path && stat(name, &about) == 0 && S_ISREG(about.st_mode))
    kept[(*count)++] = (struct kept_file){name, "to be read"};
}

/* The book and what may lie beside it: SQLite's own files, and the locks of store_lock. */
enum { BOOK_FILES = 7 };
static int keep_book(struct call *call, const char *url, struct kept_file kept[BOOK_FILES]) {
  static const char *const beside[BOOK_FILES] = {
      "", "-wal", "-shm", "-journal", "-" BULK_LOCK, "-" BOOK_LOCK, "-" EDITION_LOCK};
  const char *book = store_url_path(url);
  for (int i = 0; book && i < BOOK_FILES; i++)
    kept[i] = (struct kept_file){arena_printf(call->arena, "%s%s", book, beside[i]),
                                 i ? "a file of the book" : "the book"};
  return book ? BOOK_FILES : 0;
}

enum status call_check_streams(struct call *call, const char *url, struct error *err) {
  struct kept_file kept[BOOK_FILES];
  struct out_path out = {.option = "standard output", .path = "/dev/stdout", .kept = kept};
  out.count = keep_book(call, url, kept);
  if (out_path_check(&out, err) != DONE) return err->code;
  out.option = "standard error";
  out.path = "/dev/stderr";
  return out_path_check(&out, err);
}

struct out_path call_out_path(struct call *call, const char *option, const char *path) {
  const int most = call->argument_count + READ_OPTIONS + BOOK_FILES;
  struct kept_file *kept = arena_array(call->arena, struct kept_file, most);
  int count = keep_book(call, call_store_url(call), kept);
  for (int i = 0; i < call->argument_count; i++) keep_read(kept, &count, call->arguments[i], path);
  for (int i = 0; i < READ_OPTIONS; i++)
    keep_read(kept, &count, call_option(call, read_options[i]), path);
  return (struct out_path){.option = option, .path = path, .kept = kept, .count = count};
}

enum status call_open_store(struct call *call, enum store_mode mode, struct error *err) {
  const char *url = call_store_url(call);
  if (call_check_streams(call, url, err) != DONE) return err->code;
  if (store_open(&call->store, url, mode, err) != DONE) return err->code;
  if (store_warning(call->store)) output_message("%s", store_warning(call->store));
  return call_set_clock(call, err);
}

/* ---- the policy pack ---- */

/* Where the pack may be, relative to the program's folder: the build tree (build/weal,
 * build/address/weal), an installation. */
static const char *const pack_places[] = {"../policy/uk", "../share/weal/policy/uk",
                                          "../../policy/uk", NULL};

static const char *installed_pack(struct call *call, struct error *err) {
  char program[PATH_MAX];
  ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
  if (size < 0) {
    (void)error_errno(
        err, "the program's own path could not be read, so its policy pack could not be found");
    return NULL;
  }
  program[size] = '\0';
  char *slash = strrchr(program, '/');
  if (slash) *slash = '\0';
  for (int i = 0; pack_places[i]; i++) {
    char *path = arena_printf(call->arena, "%s/%s", program, pack_places[i]);
    char *probe = arena_printf(call->arena, "%s/categories.csv", path);
    if (access(probe, R_OK) == 0) return path;
  }
  (void)refuse(err, POLICY_NOT_FOUND, program, pack_places[0], program, pack_places[1]);
  return NULL;
}

enum status call_installed_policy(struct call *call, const char **out, struct error *err) {
  *out = installed_pack(call, err);
  return *out ? DONE : err->code;
}

/* A folder as written; else, for a plain word, the pack of that name beside the installed one. */
static const char *policy_folder(struct call *call, const char *name) {
  if (strchr(name, '/') || access(name, R_OK | X_OK) == 0) return name;
  const char *installed = installed_pack(call, NULL);
  char *beside = installed ? arena_printf(call->arena, "%s/../%s", installed, name) : NULL;
  return beside && access(beside, R_OK | X_OK) == 0 ? beside : name;
}

enum status call_policies(struct call *call, const char *const **out, int *count,
                          struct error *err) {
  const char **all = arena_array(call->arena, const char *, call->options_given_count + 1);
  *count = 0;
  *out = all;
  for (int i = 0; i < call->options_given_count; i++)
    if (strcmp(call->given[i].option->name, "policy") == 0)
      all[(*count)++] = policy_folder(call, call->given[i].value);
  if (*count) return DONE;
  all[(*count)++] = installed_pack(call, err);
  return all[0] ? DONE : err->code;
}

enum status call_load_rules(struct call *call, struct rules **out, struct error *err) {
  const char *const *packs = &call->pack->dir;
  int count = 1;
  if (call_option(call, "policy") && call_policies(call, &packs, &count, err) != DONE)
    return err->code;
  return rules_load(call->arena, packs, count, out, err);
}

enum status call_set_clock(struct call *call, struct error *err) {
  struct clock_rules rules = {0};
  const char *dir = call_option(call, "policy");
  if (!dir && call->store && setting_read(call->store, call->arena, "policy", &dir, err) != DONE)
    return err->code;
  /* what has no clock of its own, as a folder of rules, keeps the installed pack's */
  if (!dir || access(arena_printf(call->arena, "%s/clock.csv", dir), F_OK) != 0)
    dir = installed_pack(call, NULL);
  /* a pack that cannot be read is told when it is needed; the installed one's clock is set then */
  if (!dir || access(dir, R_OK | X_OK) != 0) return DONE;
  enum status status = pack_read_clock(dir, &rules, err);
  if (status == DONE) clock_set(&rules);
  return status;
}

/* Of the folders that --policy names the last one that is a whole pack; a folder of rules is laid
 * over it. Null: none is named. */
static const char *named_pack(struct call *call) {
  const char *dir = call_option(call, "policy");
  for (int i = 0; i < call->options_given_count; i++) {
    if (strcmp(call->given[i].option->name, "policy") != 0) continue;
    const char *one = policy_folder(call, call->given[i].value);
    if (access(arena_printf(call->arena, "%s/domains.csv", one), F_OK) == 0) dir = one;
  }
  return dir;
}

static enum status open_pack(struct call *call, struct error *err) {
  const char *dir = named_pack(call);
  bool asked = dir != NULL;
  if (!dir && call->store && setting_read(call->store, call->arena, "policy", &dir, err) != DONE)
    return err->code;
  if (!dir) {
    dir = installed_pack(call, err);
    return dir ? pack_open(&call->pack, dir, err) : err->code;
  }
  if (access(dir, R_OK | X_OK) == 0) return pack_open(&call->pack, dir, err);
  if (asked) return refuse(err, POLICY_UNREADABLE, dir, strerror(errno));
  return refuse(err, POLICY_OF_BOOK_UNREADABLE, dir, strerror(errno));
}

enum status call_open_pack(struct call *call, struct error *err) {
  return open_pack(call, err) == DONE ? action_check_kinds(call->pack, err) : err->code;
}

enum status call_read_reference_data(struct call *call, struct error *err) {
  return reference_data_read(call->store, call->pack, call->arena, &call->reference_data, err);
}

/* ---- the person of the call ---- */

enum status call_person_of(struct call *call, const char *reference, int64_t *id,
                           struct error *err) {
  char registered[NUMBER_FULL_SIZE];
  if (register_find_person_as(call->store, reference, id, registered, err) != DONE)
    return err->code;
  if (registered[0])
    output_note(call,
                "the last letter does not count: '%s' finds the person whose number is %s in the "
                "register",
                reference, registered);
  return DONE;
}

/* `-`: the reference is the first line of standard input, so that no list of processes shows it. */
static enum status read_reference(struct call *call, int argument, struct error *err) {
  enum { REFERENCE_BYTES = 256 };
  char line[REFERENCE_BYTES];
  if (strcmp(call->arguments[argument], "-") != 0) return DONE;
  if (!fgets(line, sizeof line, stdin) || !line[strspn(line, " \t\r\n")])
    return error_set(err, USAGE,
                     "'-' reads the reference of the person from standard input, which has none; "
                     "write: weal ... - < file");
  struct span reference = span_trim(span_make(line, strcspn(line, "\r\n")));
  call->arguments[argument] = arena_copy(call->arena, reference.bytes, reference.size);
  return DONE;
}

enum status call_person(struct call *call, int argument, int64_t *id, struct error *err) {
  if (read_reference(call, argument, err) != DONE) return err->code;
  return call_person_of(call, call->arguments[argument], id, err);
}

enum status call_person_code(struct call *call, int argument, const char **code,
                             struct error *err) {
  int64_t id;
  struct person person;
  if (call_person(call, argument, &id, err) != DONE ||
      register_person(call->store, call->arena, id, &person, err) != DONE)
    return err->code;
  *code = arena_printf(call->arena, "id:%s", person.code);
  return DONE;
}

/* ---- who is asking ---- */

static const char *machine_user(struct call *call) {
  struct passwd *user = getpwuid(geteuid()); /* only one thread is running */
  return user ? arena_string(call->arena, user->pw_name)
              : arena_printf(call->arena, "user %lu", (unsigned long)geteuid());
}

/* The person whom --as names; *named false: there is no --as. */
static enum status read_as(struct call *call, struct person *out, bool *named, struct error *err) {
  const char *as = call_option(call, "as");
  int64_t id;
  *named = as != NULL;
  if (!as) return DONE;
  if (call_person_of(call, as, &id, err) != DONE) return error_while(err, "reading --as");
  return register_person(call->store, call->arena, id, out, err);
}

enum status call_who(struct call *call, const char **who, struct error *err) {
  struct person person;
  bool named;
  if (read_as(call, &person, &named, err) != DONE) return err->code;
  *who = named ? arena_printf(call->arena, "id:%s", person.code) : machine_user(call);
  return DONE;
}

enum status call_reader(struct call *call, struct access_reader *out, struct error *err) {
  struct person person;
  struct granted_roles roles;
  struct bodies *bodies = NULL;
  bool named;
  *out = (struct access_reader){.machine = machine_user(call)};
  out->who = out->machine;
  if (read_as(call, &person, &named, err) != DONE) return err->code;
  if (!named) return DONE;
  out->who = arena_printf(call->arena, "id:%s", person.code);
  out->person = person.id;
  out->name = person.name ? person.name : person.code;
  if (roles_granted_of(call->store, call->arena, person.id, day_today(), &roles, err) != DONE)
    return err->code;
  if (roles.count && register_bodies(call->store, call->arena, &bodies, err) != DONE)
    return err->code;
  out->role = roles_granted_words(roles.all, roles.count, ~(permission_set)0, bodies, call->arena);
  return DONE;
}

/* In a transaction of its own. `run` null: what was shown is of one person. */
static enum status note(struct call *call, int64_t person, const char *what,
                        const struct access_run *run, struct error *err) {
  struct access_reader by;
  if (call_reader(call, &by, err) != DONE) return err->code;
  if (store_begin(call->store, STORE_WRITE, err) != DONE)
    return error_while(err, "noting who looked");
  enum status status = run ? access_log_add_run(call->store, &by, run, err)
                           : access_log_add(call->store, &by, person, what, "command line", err);
  if (status == DONE) status = store_commit(call->store, err);
  if (status == DONE) return DONE;
  store_rollback(call->store);
  return error_while(err, "noting who looked");
}

enum status call_note_access(struct call *call, int64_t person, const char *what,
                             struct error *err) {
  return note(call, person, what, NULL, err);
}

enum status call_note_run(struct call *call, const char *what, const char *place, day_t day,
                          struct error *err) {
  struct access_run run = {.what = what, .why = "command line", .day = day};
  struct places *places = NULL;
  if (place) {
    if (register_places(call->store, call->arena, &places, err) != DONE) return err->code;
    int found = places_by_code(places, span_of(place));
    if (found == PLACE_NONE) return refuse(err, PLACE_UNKNOWN, place);
    run.place = places->all[found].id;
  }
  return note(call, 0, NULL, &run, err);
}
