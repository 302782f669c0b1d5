#include "statement/output.h"

#include "base/arena.h"
#include "base/day.h"
#include "base/folder.h"
#include "base/made.h"
#include "base/refusal.h"
#include "statement/statement.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

static const char *const extensions[] = {[FORMAT_TEXT] = "txt",
                                         [FORMAT_HTML] = "html",
                                         [FORMAT_JSON] = "json",
                                         [FORMAT_CSV] = "csv",
                                         [FORMAT_PDF] = "pdf"};

enum { NAME_SIZE = 600 };

struct statements_output {
  int dir;                 /* the folder, open; -1: not yet */
  struct work_folder work; /* inside it */
  struct made_files made;  /* by earlier runs */
  bool replaces;
  char *dir_name;
  enum format format;
  enum language language;
  int year;
  int fd; /* JSON: of the one file */
  pthread_mutex_t lock;
  int64_t folders; /* made so far, in order */
};

/* ---- files and folders ---- */

/* A code as the name of a file: letters, digits, `-` and `_` as they are, all else as %XX, so that
 * no two codes share a name. */
static void file_name(const char *code, const char *extension, char out[NAME_SIZE]) {
  static const char digits[] = "0123456789ABCDEF";
  size_t n = 0;
  for (; *code && n < NAME_SIZE - 16; code++) {
    unsigned char c = (unsigned char)*code;
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 c == '-' || c == '_';
    if (plain) out[n++] = (char)c;
    else {
      out[n++] = '%';
      out[n++] = digits[c >> 4];
      out[n++] = digits[c & 15];
    }
  }
  snprintf(out + n, NAME_SIZE - n, ".%s", extension);
}

static void folder_name(int64_t number, char out[24]) {
  snprintf(out, 24, "%04lld", (long long)number + 1);
}

/* ---- what an earlier run made ---- */

const char statements_list[] = ".weal-statements";

/* Before anything is computed: of all numbered folders, since it is not known yet how many people
 * there are. */
static enum status check_names(struct statements_output *o, struct error *err) {
  if (o->format == FORMAT_JSON) return made_check(&o->made, "statements.jsonl", &o->replaces, err);
  enum status status = made_check(&o->made, "index.csv", &o->replaces, err);
  if (status == DONE && o->format == FORMAT_HTML)
    status = made_check(&o->made, "index.html", &o->replaces, err);
  bool there = true;
  for (int64_t i = 0; status == DONE && (there || i < o->folders); i++) {
    char name[24];
    folder_name(i, name);
    there = false;
    status = made_check(&o->made, name, &there, err);
    o->replaces |= there;
  }
  return status;
}

static enum status begin(struct statements_output *o, const char *dir, struct error *err) {
  o->dir_name = strdup(dir);
  enum status status = made_read(&o->made, o->dir, o->dir_name, statements_list, err);
  return status == DONE ? check_names(o, err) : status;
}

bool output_replaces(const struct statements_output *o) { return o->replaces; }

/* ---- life cycle ---- */

enum status output_open(struct statements_output **out, const char *dir, enum format format,
                        enum language language, int year, struct error *err) {
  struct statements_output *o = memory_zeroed(1, sizeof *o);
  *o = (struct statements_output){.format = format, .language = language, .year = year, .fd = -1};
  o->dir = o->work.fd = o->made.folder = -1;
  pthread_mutex_init(&o->lock, NULL);
  *out = o;
  enum status status = folder_open(AT_FDCWD, dir, 0700, &o->dir, err);
  if (status == DONE) status = begin(o, dir, err);
  if (status == DONE) status = work_folder_make(&o->work, o->dir, ".weal-", err);
  if (status != DONE || format != FORMAT_JSON) return status;
  return file_make(o->work.fd, "statements.jsonl", 0600, &o->fd, err);
}

enum status output_end(struct statements_output *o, enum status status, struct error *err) {
  if (!o) return status;
  if (o->fd >= 0) close(o->fd);
  status = work_folder_remove(&o->work, status, err);
  made_release(&o->made);
  free(o->dir_name);
  if (o->dir >= 0) close(o->dir);
  pthread_mutex_destroy(&o->lock);
  free(o);
  return status;
}

enum status output_append(struct statements_output *o, struct span bytes, struct error *err) {
  return file_write_all(o->fd, bytes, "statements.jsonl", err);
}

static enum status need_folder(struct statements_output *o, int64_t number, struct error *err) {
  enum status status = DONE;
  pthread_mutex_lock(&o->lock);
  while (status == DONE && o->folders <= number) {
    char name[24];
    int fd = -1;
    folder_name(o->folders, name);
    status = folder_open(o->work.fd, name, 0700, &fd, err);
    if (status == DONE) close(fd);
    o->folders++;
  }
  pthread_mutex_unlock(&o->lock);
  return status;
}

enum status output_file(struct statements_output *o, int64_t index, const char *code,
                        struct span bytes, struct error *err) {
  char folder[24], name[NAME_SIZE], path[NAME_SIZE + 32];
  enum status status = need_folder(o, index / FOLDER_PEOPLE, err);
  if (status != DONE) return status;
  folder_name(index / FOLDER_PEOPLE, folder);
  file_name(code, extensions[o->format], name);
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return file_write_new(o->work.fd, path, 0600, bytes, err);
}

/* ---- the index ---- */

static void add_csv_index(struct statements_output *o, const struct output_person *people,
                          int64_t count, struct text *t) {
  text_add(t, "person,file\n");
  for (int64_t i = 0; i < count; i++) {
    char folder[24], name[NAME_SIZE];
    folder_name(i / FOLDER_PEOPLE, folder);
    file_name(people[i].code, extensions[o->format], name);
    text_add_csv_guarded(t, span_of(people[i].code));
    text_addf(t, ",%s/%s\n", folder, name);
  }
}

static void add_page_head(struct statements_output *o, const char *title, struct text *t) {
  struct span style = document_style();
  text_addf(t,
            "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><meta "
            "name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>",
            language_code(o->language));
  text_add_html(t, span_of(title));
  text_add(t, "</title><style>");
  text_add_span(t, style);
  text_add(t, "</style></head>\n<body><main><h1>");
  text_add_html(t, span_of(title));
  text_add(t, "</h1>\n<ul>\n");
}

static void add_link(const char *href, const char *text, struct text *t) {
  text_add(t, "<li><a href=\"");
  /* a file's name may contain %XX: in an address its per cent sign must be escaped again */
  for (; *href; href++) {
    if (*href == '%') text_add(t, "%25");
    else text_add_char(t, *href);
  }
  text_add(t, "\">");
  text_add_html(t, span_of(text));
  text_add(t, "</a></li>\n");
}

static const char *index_title(struct statements_output *o, char *title, size_t size) {
  char year[8];
  snprintf(title, size, say(o->language, "Statements for %s"), year_write(o->year, year));
  return title;
}

/* Writes a page that lists the folders, and in each folder a page that lists its people. */
static enum status write_pages(struct statements_output *o, const struct output_person *people,
                               int64_t count, struct error *err) {
  char title[128];
  struct text top = {0}, page = {0};
  enum status status = DONE;
  index_title(o, title, sizeof title);
  add_page_head(o, title, &top);
  for (int64_t first = 0; first < count && status == DONE; first += FOLDER_PEOPLE) {
    char folder[24], target[48], label[1400];
    int64_t end = first + FOLDER_PEOPLE < count ? first + FOLDER_PEOPLE : count;
    folder_name(first / FOLDER_PEOPLE, folder);
    snprintf(target, sizeof target, "%s/index.html", folder);
    snprintf(label, sizeof label, say(o->language, "From %1$.500s to %2$.500s"), people[first].code,
             people[end - 1].code);
    add_link(target, label, &top);
    text_clear(&page);
    add_page_head(o, title, &page);
    for (int64_t i = first; i < end; i++) {
      char name[NAME_SIZE];
      file_name(people[i].code, "html", name);
      snprintf(label, sizeof label, "%.500s  %.500s", people[i].code, people[i].name);
      add_link(name, label, &page);
    }
    text_add(&page, "</ul></main></body></html>\n");
    status = file_write_new(o->work.fd, target, 0600, span_make(page.bytes, page.size), err);
  }
  text_add(&top, "</ul></main></body></html>\n");
  if (status == DONE)
    status = file_write_new(o->work.fd, "index.html", 0600, span_make(top.bytes, top.size), err);
  text_release(&top);
  text_release(&page);
  return status;
}

/* ---- into place ---- */

/* Moves what was there before into the work folder, which is deleted. */
static enum status put(struct statements_output *o, const char *name, struct error *err) {
  char old[32];
  snprintf(old, sizeof old, "old-%s", name);
  if (renameat(o->dir, name, o->work.fd, old) != 0 && errno != ENOENT)
    return error_errno(err, "%s", name);
  if (renameat(o->work.fd, name, o->dir, name) != 0) return error_errno(err, "%s", name);
  return DONE;
}

static void list_one(struct statements_output *o, const char *folder, const char *name) {
  char path[NAME_SIZE + 32];
  snprintf(path, sizeof path, "%s%s%s", folder, *folder ? "/" : "", name);
  made_add(&o->made, span_of(path));
}

/* Adds what this run has made to the list. */
static void list_all(struct statements_output *o, const struct output_person *people,
                     int64_t count) {
  if (o->format == FORMAT_JSON) {
    list_one(o, "", "statements.jsonl");
    return;
  }
  list_one(o, "", "index.csv");
  if (o->format == FORMAT_HTML) list_one(o, "", "index.html");
  for (int64_t i = 0; i < count; i++) {
    char folder[24], name[NAME_SIZE];
    folder_name(i / FOLDER_PEOPLE, folder);
    file_name(people[i].code, extensions[o->format], name);
    list_one(o, folder, name);
    if (o->format == FORMAT_HTML && i % FOLDER_PEOPLE == 0) list_one(o, folder, "index.html");
  }
}

static enum status put_all(struct statements_output *o, struct error *err) {
  if (o->format == FORMAT_JSON) return put(o, "statements.jsonl", err);
  enum status status = DONE;
  for (int64_t i = 0; i < o->folders && status == DONE; i++) {
    char name[24];
    folder_name(i, name);
    status = put(o, name, err);
  }
  if (status == DONE) status = put(o, "index.csv", err);
  if (status == DONE && o->format == FORMAT_HTML) status = put(o, "index.html", err);
  return status;
}

/* Whether the path is in one of the folders that this run has put in place. */
static bool was_replaced(const void *context, struct span path) {
  const struct statements_output *o = context;
  char folder[24];
  const char *slash = path.size ? memchr(path.bytes, '/', path.size) : NULL;
  int64_t number = 0;
  if (!slash || slash == path.bytes || slash - path.bytes > 12) return false;
  for (const char *p = path.bytes; p < slash; p++) {
    if (*p < '0' || *p > '9') return false;
    number = number * 10 + (*p - '0');
  }
  folder_name(number - 1, folder);
  return number >= 1 && number <= o->folders &&
         span_is(span_make(path.bytes, (size_t)(slash - path.bytes)), folder);
}

/* The list is written before anything has its name, with the earlier run's files too, so that a run
 * that is killed meanwhile leaves nothing that the next one would not know; then without those that
 * were replaced. */
static enum status put_in_place(struct statements_output *o, const struct output_person *people,
                                int64_t count, struct error *err) {
  enum status status = check_names(o, err);
  list_all(o, people, count);
  if (status == DONE) status = made_write(&o->made, err);
  if (status == DONE) status = put_all(o, err);
  if (status != DONE || !o->replaces || o->format == FORMAT_JSON) return status;
  made_forget(&o->made, was_replaced, o);
  list_all(o, people, count);
  return made_write(&o->made, err);
}

enum status output_finish(struct statements_output *o, const struct output_person *people,
                          int64_t count, struct error *err) {
  if (o->format == FORMAT_JSON) {
    int fd = o->fd;
    o->fd = -1;
    if (close(fd) != 0) return error_errno(err, "statements.jsonl");
    return put_in_place(o, people, count, err);
  }
  struct text index = {0};
  add_csv_index(o, people, count, &index);
  enum status status = file_write_new(o->work.fd, "index.csv", 0600,
                                      span_make(index.bytes, index.size), err);
  text_release(&index);
  if (status == DONE && o->format == FORMAT_HTML) status = write_pages(o, people, count, err);
  return status == DONE ? put_in_place(o, people, count, err) : status;
}
