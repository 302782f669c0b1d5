#include "publish/files.h"

#include "base/folder.h"
#include "base/map.h"
#include "base/refusal.h"
#include "book/log.h"
#include "publish/page.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LIST_NAME ".weal-publish"
/* what begins a list of ours */
#define LIST_HEAD "files that `weal publish` wrote here, and may write over or remove:\n"

struct publishing_files {
  const struct edition *edition;
  enum language language;
  int dir, folder;   /* open folders: the whole, and the one of a place */
  const char *where; /* path of the latter within the former, with its slash; empty: itself */
  struct text list;  /* of all files so far */
  struct document *index;
  struct arena *arena; /* of the index */
  struct publish_files_result *result;
};

/* ---- one file ---- */

static enum status write_whole(int folder, const char *name, struct span bytes, struct error *err) {
  char temporary[80];
  int fd = -1;
  snprintf(temporary, sizeof temporary, "%.70s.new", name);
  enum status status = file_make_anew(folder, temporary, 0666, &fd, err);
  if (status != DONE) return status;
  status = file_write_all(fd, bytes, name, err);
  if (close(fd) != 0 && status == DONE) status = error_errno(err, "%s", name);
  if (status == DONE && renameat(folder, temporary, folder, name) != 0)
    status = error_errno(err, "%s", name);
  if (status != DONE) unlinkat(folder, temporary, 0);
  return status;
}

static enum status put(struct publishing_files *w, const char *name, struct span bytes,
                       struct error *err) {
  enum status status = write_whole(w->folder, name, bytes, err);
  if (status != DONE) return error_while(err, "writing %s%s", w->where, name);
  text_addf(&w->list, "%s%s\n", w->where, name);
  w->result->files++;
  return DONE;
}

static enum status put_document(struct publishing_files *w, const char *name,
                                const struct document *d, enum format format, struct error *err) {
  struct text bytes = {0};
  document_render(d, format, &(struct document_options){.csv_header = true}, &bytes);
  if (format == FORMAT_JSON) text_add_char(&bytes, '\n'); /* as the portal gives it */
  enum status status = put(w, name, span_make(bytes.bytes, bytes.size), err);
  text_release(&bytes);
  return status;
}

static void add_to_index(struct publishing_files *w, const char *name, const char *table,
                         const struct publication *p, int node, const char *format) {
  document_cell(w->index, doc_text(arena_printf(w->arena, "%s%s", w->where, name)));
  document_cell(w->index, doc_text(year_write(p->year, arena_alloc(w->arena, 8))));
  document_cell(w->index, doc_text(p->nodes[node].code));
  document_cell(w->index, doc_text(p->nodes[node].name));
  document_cell(w->index, doc_text(table));
  document_cell(w->index, doc_text(format));
}

/* ---- a place ---- */

static enum status put_table(struct publishing_files *w, const struct publication *p, int node,
                             enum publish_table table, struct error *err) {
  static const struct {
    enum format format;
    const char *ending;
  } formats[] = {{FORMAT_CSV, "csv"}, {FORMAT_JSON, "json"}};
  struct arena *arena = arena_new();
  const struct document *d = publication_table(p, node, table, w->language, arena);
  const char *word = publish_table_word(table);
  enum status status = DONE;
  for (int i = 0; status == DONE && i < 2; i++) {
    const char *name = arena_printf(w->arena, "%s.%s", word, formats[i].ending);
    status = put_document(w, name, d, formats[i].format, err);
    add_to_index(w, name, word, p, node, formats[i].ending);
  }
  arena_free(arena);
  return status;
}

/* A place's code as the name of a folder: other characters than letters, digits, `-` and `_` become
 * %XX. */
static const char *folder_name(struct arena *arena, const char *code) {
  struct text name = {0};
  for (const char *c = code; *c; c++)
    if ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
        *c == '-' || *c == '_')
      text_add_char(&name, *c);
    else text_addf(&name, "%%%02X", (unsigned char)*c);
  const char *kept = arena_copy(arena, name.bytes ? name.bytes : "", name.size);
  text_release(&name);
  return kept;
}

static enum status put_place(struct publishing_files *w, const struct publication *p, int year_fd,
                             int node, struct error *err) {
  char year[8];
  const char *folder = folder_name(w->arena, p->nodes[node].code);
  w->where = arena_printf(w->arena, "%s/%s/", year_write(p->year, year), folder);
  enum status status = folder_open(year_fd, folder, 0777, &w->folder, err);
  if (status != DONE) return status;
  struct arena *arena = arena_new();
  status = put_document(w, "account.json",
                        publication_page(p, node, PUBLISH_CATEGORY, w->language, arena),
                        FORMAT_JSON, err);
  add_to_index(w, "account.json", "account", p, node, "json");
  arena_free(arena);
  for (enum publish_table t = PUBLISH_CATEGORY; status == DONE && t < PUBLISH_TABLES; t++)
    if (publication_has(p, node, t)) status = put_table(w, p, node, t, err);
  close(w->folder);
  return status;
}

static enum status put_year(struct publishing_files *w, const struct publication *p,
                            struct error *err) {
  char year[8];
  int fd = -1;
  enum status status = folder_open(w->dir, year_write(p->year, year), 0777, &fd, err);
  for (int n = 0; status == DONE && n < p->node_count; n++)
    if (!p->nodes[n].rest) status = put_place(w, p, fd, n, err);
  if (fd >= 0) close(fd);
  w->folder = w->dir;
  w->where = "";
  return status;
}

/* ---- about all of it ---- */

static void begin_index(struct publishing_files *w) {
  static const struct doc_column columns[] = {{"file", NULL}, {"year", NULL},  {"place", NULL},
                                              {"name", NULL}, {"table", NULL}, {"format", NULL}};
  static const char *const keys[] = {"file", "year", "place", "name", "table", "format"};
  w->index = document_new(w->arena, w->language, "index");
  document_csv_columns(w->index, keys, 6);
  document_value(w->index, "edition", NULL, doc_count(w->edition->id));
  document_value(w->index, "made", NULL, doc_day(w->edition->made));
  document_value(w->index, "next", NULL, doc_day(w->edition->due));
  document_table(w->index, "files", NULL, columns, 6, "files");
}

static enum status put_index(struct publishing_files *w, struct error *err) {
  document_table_end(w->index);
  enum status status = put_document(w, "index.csv", w->index, FORMAT_CSV, err);
  return status == DONE ? put_document(w, "index.json", w->index, FORMAT_JSON, err) : status;
}

static struct document *readme(const struct publishing_files *w) {
  const struct publication *p = w->edition->of[0];
  const enum language l = w->language;
  struct document *d = document_new(
      w->arena, l, arena_printf(w->arena, say(l, "The public account of %s"), p->nodes[0].name));
  document_paragraph(d, page_edition_words(p, l, w->arena));
  document_paragraph(d, say(l, "index.csv names every file. There is a folder for each tax year, "
                               "and in it one for each place, by its code; in that, each table of "
                               "the place as CSV and as JSON, and account.json with all of them."));
  document_paragraph(d, say(l, "Amounts are pounds in CSV and pence in JSON; time is minutes. What "
                               "would tell about few people is hidden: CSV has `hidden`, JSON has "
                               "null."));
  document_paragraph(d, say(l, "Until the next edition these figures stay as they are, whatever is "
                               "recorded or corrected in the meantime."));
  document_paragraph(d, say(l, "head.txt, where there is one, is the last signed head of the book: "
                               "with it anybody can check what was proved to them."));
  document_paragraph(d, say(l, "Open data: use it as you like, and say where it is from."));
  return d;
}

static enum status put_readme(struct publishing_files *w, struct error *err) {
  struct text t = {0};
  document_render(readme(w), FORMAT_TEXT, NULL, &t);
  enum status status = put(w, "README.txt", span_make(t.bytes, t.size), err);
  text_release(&t);
  return status;
}

static enum status put_head(struct publishing_files *w, struct store *store, struct error *err) {
  const char *note = NULL;
  int64_t size = 0;
  enum status status = log_last_head(store, w->arena, &size, &note, err);
  if (status != DONE || !note) return status;
  return put(w, "head.txt", span_of(note), err);
}

/* ---- what is ours in the folder ---- */

/* The list of an earlier run; empty where the folder is. REFUSED: there is something, and no list
 * of ours. */
static enum status read_list(const char *dir, struct arena *arena, struct span *out,
                             struct error *err) {
  bool empty = false;
  *out = span_make(NULL, 0);
  enum status status = folder_is_empty(dir, &empty, err);
  if (status != DONE || empty) return status;
  const size_t head = strlen(LIST_HEAD);
  struct text bytes = {0};
  int fd = open(arena_printf(arena, "%s/" LIST_NAME, dir), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  for (ssize_t n = fd < 0 ? 0 : 1; n > 0 && bytes.size < LIMIT_EDITION_BYTES;) {
    text_reserve(&bytes, 1 << 16);
    n = read(fd, bytes.bytes + bytes.size, 1 << 16);
    if (n > 0) bytes.size += (size_t)n;
  }
  if (fd >= 0) close(fd);
  bool ours = bytes.size >= head && memcmp(bytes.bytes, LIST_HEAD, head) == 0;
  if (ours)
    *out = span_make(arena_copy(arena, bytes.bytes + head, bytes.size - head), bytes.size - head);
  text_release(&bytes);
  return ours ? DONE : refuse(err, PUBLISH_FOLDER_OF_ANOTHER, dir);
}

static enum status put_list(int dir, struct span first, struct span second, struct error *err) {
  struct text list = {0};
  text_add(&list, LIST_HEAD);
  text_add_span(&list, first);
  text_add_span(&list, second);
  enum status status = write_whole(dir, LIST_NAME, span_make(list.bytes, list.size), err);
  text_release(&list);
  return status;
}

static struct span next_name(struct span *list) {
  const char *end = list->size ? memchr(list->bytes, '\n', list->size) : NULL;
  if (!end) return *list = span_make(NULL, 0);
  struct span name = span_make(list->bytes, (size_t)(end - list->bytes));
  *list = span_make(end + 1, list->size - name.size - 1);
  return name;
}

/* Removes a file, and the folders that are empty then. Links are not followed. */
static void remove_one(int at, char *path) {
  char *slash = strchr(path, '/');
  if (!slash) {
    unlinkat(at, path, 0);
    return;
  }
  *slash = 0;
  int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return;
  remove_one(fd, slash + 1);
  close(fd);
  unlinkat(at, path, AT_REMOVEDIR);
}

static void remove_old(struct publishing_files *w, struct span old) {
  struct map now = {0};
  struct span list = span_make(w->list.bytes, w->list.size), name;
  while ((name = next_name(&list)).size) map_set(&now, name, 1);
  while ((name = next_name(&old)).size) {
    if (map_get(&now, name) >= 0) continue;
    char *path = arena_copy(w->arena, name.bytes, name.size);
    if (*path == '/' || strstr(path, "..")) continue;
    remove_one(w->dir, path);
    w->result->removed++;
  }
  map_release(&now);
}

static enum status put_all(struct publishing_files *w, struct store *store, const char *dir,
                           struct error *err) {
  struct span old;
  enum status status = read_list(dir, w->arena, &old, err);
  if (status == DONE) status = folder_open(AT_FDCWD, dir, 0777, &w->dir, err);
  w->folder = w->dir;
  if (status == DONE) status = put_list(w->dir, old, span_make(NULL, 0), err);
  begin_index(w);
  for (int i = 0; status == DONE && i < w->edition->years.count; i++) {
    status = put_year(w, w->edition->of[i], err);
    /* a run that is cut short leaves a list of what it wrote */
    if (status == DONE) status = put_list(w->dir, old, span_make(w->list.bytes, w->list.size), err);
  }
  if (status == DONE) status = put_head(w, store, err);
  if (status == DONE) status = put_readme(w, err);
  if (status == DONE) status = put_index(w, err);
  if (status != DONE) return status;
  remove_old(w, old);
  return put_list(w->dir, span_make(w->list.bytes, w->list.size), span_make(NULL, 0), err);
}

enum status publish_files(struct store *store, const struct edition *edition,
                          enum language language, const char *dir,
                          struct publish_files_result *result, struct error *err) {
  struct publishing_files w = {.edition = edition,
                               .language = language,
                               .dir = -1,
                               .where = "",
                               .arena = arena_new(),
                               .result = result};
  *result = (struct publish_files_result){0};
  enum status status = put_all(&w, store, dir, err);
  if (w.dir >= 0) close(w.dir);
  text_release(&w.list);
  arena_free(w.arena);
  return status == DONE ? DONE : error_while(err, "writing to %s", dir);
}
