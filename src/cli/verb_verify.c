/* weal verify: files that prove themselves. A folder stands for every .json file in it, verified on all cores. */
#include "cli/cli.h"

#include "base/worker.h"
#include "proof/canonical.h"
#include "proof/keys.h"
#include "proof/note.h"
#include "statement/verify.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* As it lies, neither unpacked nor looked at: what is verified are its bytes. `-` is standard input. */
static enum status read_bytes(int file, size_t most, struct text *bytes, struct error *err) {
  for (;;) {
    text_reserve(bytes, 65536);
    ssize_t got = read(file, bytes->bytes + bytes->size, 65536);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return error_errno(err, "cannot be read");
    if (got == 0) return DONE;
    bytes->size += (size_t)got;
    if (bytes->size > most) return error_set(err, REFUSED, "the file passes %zu bytes; none that we write does", most);
  }
}

enum status cli_read_file(struct arena *arena, const char *path, size_t most, struct span *out, struct error *err) {
  struct text bytes = {0};
  int file = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
  enum status status = file >= 0 ? read_bytes(file, most, &bytes, err) : error_set(err, REFUSED, "%s", strerror(errno));
  if (file > STDIN_FILENO) close(file);
  if (status == DONE) *out = span_make(arena_copy(arena, bytes.bytes ? bytes.bytes : "", bytes.size), bytes.size);
  text_release(&bytes);
  return status == DONE ? DONE : error_at(err, path, 0, NULL);
}

/* ---- which files ---- */

struct item {
  const char *path;
  bool in_folder;      /* told of only when it is not true */
  enum status status;
  struct error *wrong; /* null: none */
  char *says;          /* null: nothing */
  bool signer_checked, head_given;
};
struct items { struct item *all; int count, capacity; };

static void add_item(struct items *items, const char *path, bool in_folder) {
  array_reserve(items->all, items->capacity, items->count + 1);
  items->all[items->count++] = (struct item){.path = path, .in_folder = in_folder};
}

static int compare_items(const void *a, const void *b) { return strcmp(((const struct item *)a)->path, ((const struct item *)b)->path); }

static enum status add_folder(struct call *call, struct items *items, const char *path, struct error *err) {
  DIR *dir = opendir(path);
  int first = items->count;
  if (!dir) return error_errno(err, "%s", path);
  for (struct dirent *entry; (entry = readdir(dir));) {
    size_t size = strlen(entry->d_name);
    if (size > 5 && strcmp(entry->d_name + size - 5, ".json") == 0) add_item(items, arena_printf(call->arena, "%s/%s", path, entry->d_name), true);
  }
  closedir(dir);
  if (items->count == first) return error_set(err, REFUSED, "%s holds no .json file", path);
  qsort(items->all + first, (size_t)(items->count - first), sizeof *items->all, compare_items);
  return DONE;
}

static enum status add_arguments(struct call *call, struct items *items, struct error *err) {
  for (int i = 0; i < call->argument_count; i++) {
    struct stat about;
    const char *path = call->arguments[i];
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode)) {
      if (add_folder(call, items, path, err) != DONE) return err->code;
    } else add_item(items, path, false);
  }
  return DONE;
}

/* ---- verifying ---- */

static void add_verified(struct text *t, const char *path, const struct verify_result *r) {
  char year[8], to[11];
  text_addf(t, "%s: true: ", path);
  if (r->kind == VERIFIED_CONSISTENCY) {
    text_addf(t, "the log '%s' of size %llu is the beginning of that of size %llu.\n", r->origin, (unsigned long long)r->old_size, (unsigned long long)r->log_size);
    return;
  }
  if (r->kind == VERIFIED_LINE) {
    text_addf(t, "line %lld:%lld stands in the log '%s' of size %llu.\n", (long long)r->entry, (long long)r->n, r->origin, (unsigned long long)r->log_size);
    return;
  }
  text_addf(t, "the statement of %s for %s is complete up to %s: ", r->person, year_write(r->year, year), day_write(r->to, to));
  text_add_count(t, r->lines);
  text_add(t, r->lines == 1 ? " line proven" : " lines proven");
  if (r->unproved) {
    text_add(t, ", ");
    text_add_count(t, r->unproved);
    text_add(t, " not yet proven");
  }
  text_addf(t, ", in the log '%s' of size %llu.\n", r->origin, (unsigned long long)r->log_size);
}

struct verify_run { const struct verify_options *options; struct items *items; int next; };

static void verify_item(struct item *item, const struct verify_options *options, struct arena *arena) {
  struct verify_result result;
  struct error wrong = {0};
  struct span bytes;
  struct text says = {0};
  item->status = cli_read_file(arena, item->path, CANONICAL_SIZE_MAX, &bytes, &wrong);
  if (item->status == DONE && verify_bytes(bytes, options, arena, &result, &wrong) != DONE) item->status = error_at(&wrong, item->path, 0, NULL);
  if (item->status != DONE) {
    item->wrong = memory_alloc(sizeof *item->wrong);
    *item->wrong = wrong;
    return;
  }
  item->signer_checked = result.signer_checked;
  item->head_given = result.head_given;
  if (item->in_folder) return;
  add_verified(&says, item->path, &result);
  item->says = says.bytes;
}

static void verify_lane(void *context, int lane) {
  struct verify_run *run = context;
  struct verify_memory memory = {0};
  struct verify_options options = *run->options;
  struct arena *arena = arena_new();
  (void)lane;
  options.memory = &memory;
  for (int i; (i = __atomic_fetch_add(&run->next, 1, __ATOMIC_RELAXED)) < run->items->count;) {
    arena_reset(arena);
    verify_item(&run->items->all[i], &options, arena);
  }
  verify_memory_release(&memory);
  arena_free(arena);
}

/* ---- telling ---- */

static void warn(const struct call *call, const struct item *item, bool *warned) {
  if (*warned || item->signer_checked) return;
  *warned = true;
  if (item->head_given) output_note(call, "the head was taken as it was given: its signer was not checked; give --key with the signer's .vkey");
  else output_note(call, "neither --head nor --key was given: the file agrees with itself, but anybody could have signed it; the signer was not checked");
}

static enum status tell(struct call *call, const struct items *items) {
  enum status worst = DONE;
  bool warned = false;
  int64_t folder_true = 0, folder_not = 0;
  for (int i = 0; i < items->count; i++) {
    const struct item *item = &items->all[i];
    if (item->status > worst) worst = item->status;
    if (item->in_folder) item->status == DONE ? folder_true++ : folder_not++;
    if (item->status == DONE) warn(call, item, &warned);
    else output_error(item->wrong);
    if (item->says && !call->quiet) text_add(&call->out, item->says);
  }
  if (call->quiet || !(folder_true + folder_not)) return worst;
  text_add_count(&call->out, folder_true);
  text_add(&call->out, folder_true == 1 ? " file is true, " : " files are true, ");
  text_add_count(&call->out, folder_not);
  text_add(&call->out, folder_not == 1 ? " is not.\n" : " are not.\n");
  return worst;
}

static enum status read_options(struct call *call, struct verify_options *options, struct error *err) {
  struct verifier *verifiers = NULL;
  const char *head = call_option(call, "head"), *key = call_option(call, "key"), *consistency = call_option(call, "consistency");
  options->person = call_option(call, "person");
  if (head && cli_read_file(call->arena, head, NOTE_SIZE_MAX, &options->head, err) != DONE) return err->code;
  if (consistency && cli_read_file(call->arena, consistency, CANONICAL_SIZE_MAX, &options->consistency, err) != DONE) return err->code;
  if (key && verifiers_read(key, call->arena, &verifiers, &options->verifier_count, err) != DONE) return err->code;
  options->verifiers = verifiers;
  if (consistency && !head) return error_set(err, USAGE, "--consistency goes with --head: it ties that head to the file's own");
  return DONE;
}

/* Each file is told of; one that is not true makes the call's status. */
enum status verb_verify(struct call *call, struct error *err) {
  struct verify_options options = {0};
  struct items items = {0};
  struct verify_run run = {.options = &options, .items = &items};
  enum status status = read_options(call, &options, err);
  if (status == DONE) status = add_arguments(call, &items, err);
  if (status == DONE) {
    workers_run(items.count > 8 ? workers_count() : 1, verify_lane, &run);
    status = tell(call, &items);
  }
  for (int i = 0; i < items.count; i++) {
    free(items.all[i].wrong);
    free(items.all[i].says);
  }
  free(items.all);
  return status;
}
