/* weal verify: checks files that carry their proof. A folder means every .json and .pdf file in it,
 * verified on all cores. */
#include "base/refusal.h"
#include "cli/cli.h"

#include "attest/verify.h"
#include "base/worker.h"
#include "proof/canonical.h"
#include "proof/keys.h"
#include "proof/note.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads the file's bytes as they are, without unpacking: the bytes are verified. `-` is standard
 * input. */
static enum status read_bytes(int file, size_t most, struct text *bytes, struct error *err) {
  for (;;) {
    text_reserve(bytes, 65536);
    ssize_t got = read(file, bytes->bytes + bytes->size, 65536);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return error_errno(err, "cannot be read");
    if (got == 0) return DONE;
    bytes->size += (size_t)got;
    if (bytes->size > most) return refuse(err, VERIFY_FILE_TOO_LARGE, most);
  }
}

enum status cli_read_file(struct arena *arena, const char *path, size_t most, struct span *out,
                          struct error *err) {
  struct text bytes = {0};
  int file = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
  enum status status = file >= 0 ? read_bytes(file, most, &bytes, err)
                                 : refuse(err, SYSTEM_SAYS, strerror(errno));
  if (file > STDIN_FILENO) close(file);
  if (status == DONE)
    *out = span_make(arena_copy(arena, bytes.bytes ? bytes.bytes : "", bytes.size), bytes.size);
  text_release(&bytes);
  return status == DONE ? DONE : error_at(err, path, 0, NULL);
}

/* ---- which files ---- */

struct verify_item {
  const char *path;
  bool in_folder; /* reported only when it does not pass */
  enum status status;
  struct error *wrong;         /* null: none */
  char *says;                  /* null: nothing */
  struct verify_result result; /* without its texts, which are freed earlier */
};
struct items {
  struct verify_item *all;
  int count, capacity;
};

static void add_item(struct items *items, const char *path, bool in_folder) {
  array_reserve(items->all, items->capacity, items->count + 1);
  items->all[items->count++] = (struct verify_item){.path = path, .in_folder = in_folder};
}

static int compare_items(const void *a, const void *b) {
  return strcmp(((const struct verify_item *)a)->path, ((const struct verify_item *)b)->path);
}

static enum status add_folder(struct call *call, struct items *items, const char *path,
                              struct error *err) {
  DIR *dir = opendir(path);
  int first = items->count;
  if (!dir) return error_errno(err, "%s", path);
  for (struct dirent *entry; (entry = readdir(dir));) {
    const char *dot = strrchr(entry->d_name, '.');
    struct stat about;
    if (!dot || dot == entry->d_name || (strcmp(dot, ".json") != 0 && strcmp(dot, ".pdf") != 0))
      continue;
    const char *inside = arena_printf(call->arena, "%s/%s", path, entry->d_name);
    /* reading a pipe could wait without end */
    if (stat(inside, &about) == 0 && !S_ISREG(about.st_mode)) continue;
    add_item(items, inside, true);
  }
  closedir(dir);
  if (items->count == first) return refuse(err, VERIFY_FOLDER_EMPTY, path);
  array_sort(items->all + first, items->count - first, compare_items);
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

/* Names come from the file: removes line breaks and characters that control a terminal. Long names
 * are cut. */
static void add_name(struct text *t, const char *before, const char *name) {
  char printable[ERROR_MESSAGE_SIZE];
  size_t size = error_printable(printable, 0, name, strlen(name));
  text_add(t, before);
  text_add_bytes(t, printable, size);
}

/* The messages for the files of a folder: for one, and for several. */
static const struct {
  const char *one, *many;
} said_of[] = {
    [VERIFIED_STATEMENT] = {"statement", "statements"},
    [VERIFIED_LINE] = {"single line", "single lines"},
    [VERIFIED_CONSISTENCY] = {"consistency file", "consistency files"},
};
enum { KINDS = sizeof said_of / sizeof *said_of };

struct verify_run {
  const struct verify_options *options;
  struct items *items;
  int next;
};

static void verify_item(struct verify_item *item, const struct verify_options *options,
                        struct arena *arena) {
  struct error wrong = {0};
  struct span bytes;
  struct text says = {0};
  item->status = cli_read_file(arena, item->path, CANONICAL_SIZE_MAX, &bytes, &wrong);
  if (item->status == DONE && verify_bytes(bytes, options, arena, &item->result, &wrong) != DONE)
    item->status = error_at(&wrong, item->path, 0, NULL);
  if (item->status != DONE) {
    item->wrong = memory_alloc(sizeof *item->wrong);
    *item->wrong = wrong;
    return;
  }
  if (item->in_folder) return;
  add_name(&says, "", item->path);
  text_add(&says, ": unchanged: ");
  verify_say(&says, ENGLISH, &item->result);
  text_add_char(&says, '\n');
  item->says = says.bytes;
}

static void verify_worker(void *context, int worker) {
  struct verify_run *run = context;
  struct verify_memory memory = {0};
  struct verify_options options = *run->options;
  struct arena *arena = arena_new();
  (void)worker;
  options.memory = &memory;
  for (int i; (i = __atomic_fetch_add(&run->next, 1, __ATOMIC_RELAXED)) < run->items->count;) {
    arena_reset(arena);
    verify_item(&run->items->all[i], &options, arena);
  }
  verify_memory_release(&memory);
  arena_free(arena);
}

/* ---- reporting ---- */

/* Whether a file that agrees with itself passes: a trusted key or head must vouch for it, or the
 * caller asked to do without. */
static bool counts(const struct call *call, const struct verify_item *item) {
  return item->status == DONE &&
         (item->result.signer_checked || item->result.head_given || call_has(call, "unchecked"));
}

enum { NAMED_MOST = 100 }; /* files named in one message; of more it gives the number */

/* Reported once for all files; names those that are refused for it. */
static void report_unchecked(const struct call *call, const struct items *items) {
  static const char nobody[] = "anybody could have made and signed";
  int given = 0, taken = 0, refused = 0;
  struct text names = {0};
  for (int i = 0; i < items->count; i++) {
    const struct verify_item *item = &items->all[i];
    if (item->status != DONE || item->result.signer_checked) continue;
    given += item->result.head_given;
    taken += !item->result.head_given && counts(call, item);
    if (counts(call, item) || ++refused > NAMED_MOST) continue;
    add_name(&names, refused > 1 ? ", " : "", item->path);
  }
  if (refused > NAMED_MOST) text_addf(&names, " and %d more", refused - NAMED_MOST);
  if (given)
    output_note(call, "the head was taken as it was given: its signer was not checked; give --key "
                      "with the signer's .vkey");
  if (taken)
    output_note(call, "signer not checked: the file agrees with itself, but %s it", nobody);
  if (refused == 1)
    output_message("%s: signer not checked: the file agrees with itself, but %s it; give --key "
                   "with the signer's .vkey, or --unchecked to do without",
                   names.bytes, nobody);
  else if (refused)
    output_message("signer not checked: %d files agree with themselves, but %s them: %s; give "
                   "--key with the signer's .vkey, or --unchecked to do without",
                   refused, nobody, names.bytes);
  text_release(&names);
}

static void report_folders(struct call *call, const struct items *items) {
  int64_t counted[KINDS] = {0}, pages = 0, refused = 0, all = 0;
  for (int i = 0; i < items->count; i++) {
    const struct verify_item *item = &items->all[i];
    if (!item->in_folder) continue;
    all++;
    if (!counts(call, item)) refused++;
    else counted[item->result.kind]++, pages += item->result.pages;
  }
  for (int kind = 0; all && kind < KINDS; kind++) {
    if (!counted[kind]) continue;
    text_add_count(&call->out, counted[kind]);
    text_addf(&call->out, " %s unchanged",
              counted[kind] == 1 ? said_of[kind].one : said_of[kind].many);
    if (kind == VERIFIED_STATEMENT && pages) {
      text_add(&call->out, ", ");
      text_add_count(&call->out, pages);
      text_add(&call->out, " of them with the pages of the PDF");
    }
    text_add(&call->out,
             kind == VERIFIED_STATEMENT
                 ? ": each has every line that stood in the book when its year was closed, and "
                   "nothing in it was changed; whether each figure is right is not checked.\n"
                 : ".\n");
  }
  if (!all) return;
  text_add_count(&call->out, refused);
  text_add(&call->out, refused == 1 ? " file refused.\n" : " files refused.\n");
}

static enum status tell(struct call *call, const struct items *items) {
  enum status worst = DONE;
  for (int i = 0; i < items->count; i++) {
    const struct verify_item *item = &items->all[i];
    bool passes = counts(call, item);
    enum status status = item->status == DONE && !passes ? REFUSED : item->status;
    if (status > worst) worst = status;
    if (item->status != DONE) output_error(item->wrong);
    if (item->says && passes && !call->quiet) text_add(&call->out, item->says);
  }
  if (!call->quiet) report_folders(call, items);
  report_unchecked(call, items);
  return worst;
}

static enum status read_options(struct call *call, struct verify_options *options,
                                struct error *err) {
  struct verifier *verifiers = NULL;
  const char *head = call_option(call, "head"), *key = call_option(call, "key"),
             *consistency = call_option(call, "consistency");
  options->person = call_option(call, "person");
  if (head && cli_read_file(call->arena, head, NOTE_SIZE_MAX, &options->head, err) != DONE)
    return err->code;
  if (consistency && cli_read_file(call->arena, consistency, CANONICAL_SIZE_MAX,
                                   &options->consistency, err) != DONE)
    return err->code;
  if (key && verifiers_read(key, call->arena, &verifiers, &options->verifier_count, err) != DONE)
    return err->code;
  options->verifiers = verifiers;
  if (consistency && !head)
    return error_set(err, USAGE,
                     "--consistency goes with --head: it ties that head to the file's own");
  return DONE;
}

/* Reports each file; one that does not pass decides the call's status. */
enum status verb_verify(struct call *call, struct error *err) {
  struct verify_options options = {0};
  struct items items = {0};
  struct verify_run run = {.options = &options, .items = &items};
  enum status status = read_options(call, &options, err);
  if (status == DONE) status = add_arguments(call, &items, err);
  if (status == DONE) {
    workers_run(items.count > 8 ? workers_count() : 1, verify_worker, &run);
    status = tell(call, &items);
  }
  for (int i = 0; i < items.count; i++) {
    free(items.all[i].wrong);
    free(items.all[i].says);
  }
  free(items.all);
  return status;
}
