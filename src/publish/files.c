#include "publish/files.h"

#include "base/folder.h"
#include "base/made.h"
#include "book/log.h"
#include "publish/package.h"
#include "publish/page.h"
#include "publish/payment_files.h"
#include "publish/take_up.h"
#include "register/body_name.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* All files are gone through twice: first their names are held against what is there and listed in
 * the index, then they are written. */
struct publishing_files {
  const struct edition *edition;
  struct store *store;
  enum language language;
  bool writing;
  int dir, folder;         /* open folders: the whole, and the one of a place */
  struct work_folder work; /* in the whole: where files are before they are whole */
  const char *where;       /* path of the latter within the former, with its slash; empty: itself */
  struct made_files made;  /* by earlier runs, then by this one too */
  struct map names;        /* of this edition */
  struct text planned;     /* the same, a line each */
  struct document *index;
  struct arena *arena;
  struct package package;          /* of the CSV files */
  const char *head;                /* the last signed head; null: none */
  struct payments_sources sources; /* of all years */
  struct take_up_figures take_up;  /* of the year at hand */
  struct publish_files_result *result;
};

/* ---- one file ---- */

static const char *path_of(const struct publishing_files *w, const char *name) {
  return arena_printf(w->arena, "%s%s", w->where, name);
}

static enum status plan(struct publishing_files *w, const char *name, struct error *err) {
  const char *path = path_of(w, name);
  map_set(&w->names, span_of(path), 1);
  text_addf(&w->planned, "%s\n", path);
  return made_check(&w->made, path, NULL, err);
}

static enum status put(struct publishing_files *w, const char *name, struct span bytes,
                       struct error *err) {
  if (!w->writing) return plan(w, name, err);
  if (file_write_whole(w->work.fd, w->folder, name, 0644, bytes, err) != DONE)
    return error_while(err, "writing %s%s", w->where, name);
  w->result->files++;
  return DONE;
}

/* `d` is not looked at while names are planned. */
static enum status put_document(struct publishing_files *w, const char *name,
                                const struct document *d, enum format format, struct error *err) {
  struct text bytes = {0};
  if (!w->writing) return plan(w, name, err);
  document_render(d, format, &(struct document_options){.csv_header = true}, &bytes);
  if (format == FORMAT_JSON) text_add_char(&bytes, '\n');
  if (format == FORMAT_CSV)
    package_add(&w->package, path_of(w, name), document_title(d),
                span_make(bytes.bytes, bytes.size));
  enum status status = put(w, name, span_make(bytes.bytes, bytes.size), err);
  text_release(&bytes);
  return status;
}

/* Either the place or the body is null. */
static void add_index_row(struct publishing_files *w, const char *name, const char *table, int year,
                          const char *place, const char *body, const char *called,
                          const char *format) {
  if (w->writing) return;
  document_cell(w->index, doc_text(path_of(w, name)));
  document_cell(w->index, doc_text(year_write(year, arena_alloc(w->arena, 8))));
  document_cell(w->index, doc_text(place));
  document_cell(w->index, doc_text(called));
  document_cell(w->index, doc_text(table));
  document_cell(w->index, doc_text(format));
  document_cell(w->index, doc_text(body));
}

static void add_to_index(struct publishing_files *w, const char *name, const char *table,
                         const struct publication *p, int node, const char *format) {
  add_index_row(w, name, table, p->year, p->nodes[node].code, NULL, p->nodes[node].name, format);
}

/* ---- a place ---- */

/* `d` as CSV and as JSON, both named by the word. */
static enum status put_both(struct publishing_files *w, const struct publication *p, int node,
                            const char *word, const struct document *d, struct error *err) {
  static const struct {
    enum format format;
    const char *ending;
  } formats[] = {{FORMAT_CSV, "csv"}, {FORMAT_JSON, "json"}};
  enum status status = DONE;
  for (int i = 0; status == DONE && i < 2; i++) {
    const char *name = arena_printf(w->arena, "%s.%s", word, formats[i].ending);
    status = put_document(w, name, d, formats[i].format, err);
    add_to_index(w, name, word, p, node, formats[i].ending);
  }
  return status;
}

static enum status put_table(struct publishing_files *w, const struct publication *p, int node,
                             enum publish_table table, struct error *err) {
  struct arena *arena = arena_new();
  const struct document *d = w->writing ? publication_table(p, node, table, w->language, arena)
                                        : NULL;
  enum status status = put_both(w, p, node, publish_table_word(table), d, err);
  arena_free(arena);
  return status;
}

static enum status put_take_up(struct publishing_files *w, const struct publication *p, int node,
                               struct error *err) {
  struct arena *arena = arena_new();
  struct document *d = NULL;
  const int at = places_by_code(w->sources.places, span_of(p->nodes[node].code));
  const struct take_up_of_place of = {.pack = p->pack,
                                      .places = w->sources.places,
                                      .figures = &w->take_up,
                                      .place = at == PLACE_NONE ? NULL
                                                                : &w->sources.places->all[at],
                                      .language = w->language};
  enum status status = DONE;
  if (of.place && take_up_has_place(&of)) {
    if (w->writing) take_up_public_document(arena, &of, &d);
    status = put_both(w, p, node, "take-up", d, err);
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
  return text_take(arena, &name);
}

static enum status put_account(struct publishing_files *w, const struct publication *p, int node,
                               struct error *err) {
  struct arena *arena = arena_new();
  const struct document *d = w->writing
                                 ? publication_page(p, node, PUBLISH_CATEGORY, w->language, arena)
                                 : NULL;
  enum status status = put_document(w, "account.json", d, FORMAT_JSON, err);
  add_to_index(w, "account.json", "account", p, node, "json");
  arena_free(arena);
  return status;
}

static enum status put_place(struct publishing_files *w, const struct publication *p, int year_fd,
                             int node, struct error *err) {
  char year[8];
  const char *folder = folder_name(w->arena, p->nodes[node].code);
  w->where = arena_printf(w->arena, "%s/%s/", year_write(p->year, year), folder);
  if (w->writing && folder_open(year_fd, folder, 0755, &w->folder, err) != DONE) return err->code;
  enum status status = put_account(w, p, node, err);
  for (enum publish_table t = PUBLISH_CATEGORY; status == DONE && t < PUBLISH_TABLES; t++)
    if (publication_has(p, node, t)) status = put_table(w, p, node, t, err);
  if (status == DONE) status = put_take_up(w, p, node, err);
  if (w->writing) close(w->folder);
  return status;
}

static enum status put_year(struct publishing_files *w, const struct publication *p,
                            struct error *err) {
  char year[8];
  int fd = -1;
  if (w->writing && folder_open(w->dir, year_write(p->year, year), 0755, &fd, err) != DONE)
    return err->code;
  enum status status = take_up_read(w->store, w->arena, p->year, &w->take_up, err);
  for (int n = 0; status == DONE && n < p->node_count; n++)
    if (!p->nodes[n].rest) status = put_place(w, p, fd, n, err);
  if (fd >= 0) close(fd);
  w->folder = w->dir;
  w->where = "";
  return status;
}

/* ---- payments and budgets of bodies ---- */

/* What a file of one body is told. */
struct of_body {
  const char *code, *name;
  const struct publication *p;
  const char *table, *title;
};

static const char *title_of(const struct publishing_files *w, const struct of_body *of) {
  return arena_printf(w->arena, of->title, of->name, year_write(of->p->year, (char[8]){0}));
}

static const char *file_of(const struct publishing_files *w, const struct of_body *of) {
  return arena_printf(w->arena, "%s.csv", folder_name(w->arena, of->code));
}

/* Opens the folder of `where`, in that of the whole, with the first file that goes into it. */
static enum status open_where(struct publishing_files *w, struct error *err) {
  int fd = -1;
  if (w->folder != w->dir) return DONE;
  char *folder = arena_string(w->arena, w->where), *year = strchr(folder, '/');
  *year++ = 0;
  year[strlen(year) - 1] = 0;
  if (folder_open(w->dir, folder, 0755, &fd, err) != DONE) return err->code;
  enum status status = folder_open(fd, year, 0755, &w->folder, err);
  close(fd);
  return status;
}

static enum status plan_of_body(struct publishing_files *w, const struct of_body *of,
                                struct error *err) {
  const char *name = file_of(w, of);
  add_index_row(w, name, of->table, of->p->year, NULL, of->code, of->name, "csv");
  return plan(w, name, err);
}

static void note_written(struct publishing_files *w, const struct of_body *of,
                         const struct package_file *written) {
  package_add_written(&w->package, path_of(w, file_of(w, of)), title_of(w, of), written);
  w->result->files++;
}

static enum status put_payments_of(struct publishing_files *w, struct payments_reader_of *book,
                                   const struct of_body *of, struct error *err) {
  struct published_payments *payments = NULL;
  struct package_file written;
  if (!w->writing) return plan_of_body(w, of, err);
  if (open_where(w, err) != DONE) return err->code;
  const struct file_to to = {w->work.fd, w->folder, file_of(w, of)};
  struct arena *arena = arena_new();
  enum status status = published_payments_open(&payments, book, span_of(of->code), of->p->year,
                                               arena, err);
  if (status == DONE && !payments)
    status = error_set(err, FAILED, "%s, who paid, is not in the register", of->code);
  if (status == DONE)
    status = payments_file_write(payments, private_person_words(w->language), &to, &written, err);
  if (status == DONE) note_written(w, of, &written);
  arena_free(arena);
  return status;
}

/* All bodies that the edition has as payers. */
static enum status put_payments(struct publishing_files *w, const struct publication *p,
                                struct payments_reader_of *book, struct error *err) {
  enum status status = DONE;
  struct published_payer payer;
  for (int i = 0; status == DONE && publication_payer(p, i, &payer); i++) {
    const struct of_body of = {payer.code, payer.name, p, "payments",
                               say(w->language, "What %s paid in %s, payment by payment")};
    if (payer.listed) status = put_payments_of(w, book, &of, err);
  }
  return status;
}

/* Budgets are few: all of the year are read, and those of a body stand together. */
static enum status put_budgets(struct publishing_files *w, const struct publication *p,
                               struct payments_reader_of *book, struct error *err) {
  struct arena *arena = arena_new();
  struct published_budget *rows = NULL;
  struct package_file written;
  int count = 0;
  enum status status = published_budgets(book, p->year, arena, &rows, &count, err);
  for (int i = 0, end; status == DONE && i < count; i = end) {
    const struct of_body of = {arena_string(w->arena, rows[i].body),
                               arena_string(w->arena, rows[i].name), p, "budgets",
                               say(w->language, "The budgets of %s for %s")};
    for (end = i + 1; end < count && strcmp(rows[end].body, rows[i].body) == 0;) end++;
    status = w->writing ? open_where(w, err) : plan_of_body(w, &of, err);
    const struct file_to to = {w->work.fd, w->folder, file_of(w, &of)};
    if (status == DONE && w->writing)
      status = budgets_file_write(rows + i, end - i, p->year, &to, &written, err);
    if (status == DONE && w->writing) note_written(w, &of, &written);
  }
  arena_free(arena);
  return status;
}

typedef enum status put_of_bodies(struct publishing_files *w, const struct publication *p,
                                  struct payments_reader_of *book, struct error *err);

static enum status put_in_folder(struct publishing_files *w, const char *folder,
                                 const struct publication *p, struct payments_reader_of *book,
                                 put_of_bodies *put_all_of, struct error *err) {
  w->where = arena_printf(w->arena, "%s/%s/", folder, year_write(p->year, (char[8]){0}));
  enum status status = put_all_of(w, p, book, err);
  if (w->folder != w->dir) close(w->folder);
  w->folder = w->dir;
  w->where = "";
  return status;
}

/* They are those of the entries that the figures of the year are of. */
static enum status put_money(struct publishing_files *w, const struct publication *p,
                             struct error *err) {
  struct payments_reader_of *book = NULL;
  struct arena *arena = arena_new();
  enum status status = store_begin(w->store, STORE_READ, err);
  if (status == DONE) {
    status = published_payments_begin(&book, w->store, p->pack, publication_log_size(p),
                                      &w->sources, arena, err);
    if (status == DONE) status = put_in_folder(w, "payments", p, book, put_payments, err);
    if (status == DONE) status = put_in_folder(w, "budgets", p, book, put_budgets, err);
    store_rollback(w->store);
  }
  arena_free(arena);
  return status;
}

/* ---- about all of it ---- */

static void begin_index(struct publishing_files *w) {
  static const struct doc_column columns[] = {{"file", NULL}, {"year", NULL},  {"place", NULL},
                                              {"name", NULL}, {"table", NULL}, {"format", NULL},
                                              {"body", NULL}};
  static const char *const keys[] = {"file", "year", "place", "name", "table", "format", "body"};
  const struct pack *pack = w->edition->of[0]->pack;
  w->index = document_new(w->arena, w->language, "index");
  document_csv_columns(w->index, keys, 7);
  document_value(w->index, "edition", NULL, doc_count(w->edition->id));
  document_value(w->index, "made", NULL, doc_day(w->edition->made));
  document_value(w->index, "next", NULL, doc_day(w->edition->due));
  document_value(w->index, "licence", NULL,
                 doc_text(pack_find_words(pack, "data_licence", w->language)));
  document_value(w->index, "licence_address", NULL,
                 doc_text(pack_find_value(pack, "data_licence_address")));
  document_table(w->index, "files", NULL, columns, 7, "files");
}

static enum status put_index(struct publishing_files *w, struct error *err) {
  enum status status = put_document(w, "index.csv", w->index, FORMAT_CSV, err);
  return status == DONE ? put_document(w, "index.json", w->index, FORMAT_JSON, err) : status;
}

static const char *year_made_words(const struct publishing_files *w, const struct publication *p) {
  struct text day = {0};
  value_for_people(&day, w->language, doc_day(p->made));
  const char *words = arena_printf(w->arena, "%s: %.*s", year_write(p->year, (char[8]){0}),
                                   (int)day.size, day.bytes);
  text_release(&day);
  return words;
}

/* The licence with its address, where it has one. */
static const char *licence_words(const struct publishing_files *w, const struct pack *pack) {
  const char *name = pack_find_words(pack, "data_licence", w->language);
  const char *address = pack_find_value(pack, "data_licence_address");
  return address ? arena_printf(w->arena, "%s, %s", name, address) : name;
}

static struct document *readme(const struct publishing_files *w) {
  const struct publication *p = w->edition->of[0];
  const enum language l = w->language;
  struct document *d = document_new(
      w->arena, l, arena_printf(w->arena, say(l, "The public account of %s"), p->nodes[0].name));
  document_paragraph(d, publication_made_words(p, l, w->arena));
  document_paragraph(d, say(l, "Each year's figures were made on a day of its own:"));
  document_list(d, NULL, NULL);
  for (int i = 0; i < w->edition->years.count; i++)
    document_list_item(d, year_made_words(w, w->edition->of[i]));
  document_list_end(d);
  document_paragraph(d, say(l, "Figures are rounded: money to the nearest £1,000, time to the "
                               "nearest 100 hours and people to the nearest 5. Each is rounded by "
                               "itself, so they may not add up exactly."));
  document_paragraph(d, say(l, "index.csv names every file. There is a folder for each tax year, "
                               "and in it one for each place, by its code; in that, each table of "
                               "the place as CSV and as JSON, and account.json with all of them."));
  document_paragraph(d,
                     say(l, "payments has what each body paid in a financial year (from 1 April), "
                            "payment by payment, and budgets what it was given to spend. Private "
                            "people are not named: their payments stand by day, without what "
                            "would tell who they are, and are left out where a body paid fewer "
                            "than ten of them in the year."));
  document_paragraph(d, say(l, "Amounts are pounds in CSV and pence in JSON; time is minutes. What "
                               "would tell about few people is hidden: CSV has `hidden`, JSON has "
                               "null."));
  document_paragraph(d, say(l, "Until the next edition these figures stay as they are, whatever is "
                               "recorded or corrected in the meantime."));
  document_paragraph(d, say(l, "head.txt, where there is one, is the last published seal of these "
                               "accounts: with it anybody can check their statement."));
  if (pack_find_words(p->pack, "data_licence", l))
    document_paragraph(d, arena_printf(w->arena,
                                       say(l, "Anybody may use these files under this licence: %s"),
                                       licence_words(w, p->pack)));
  return d;
}

static enum status put_readme(struct publishing_files *w, struct error *err) {
  struct text t = {0};
  document_render(readme(w), FORMAT_TEXT, NULL, &t);
  enum status status = put(w, "README.txt", span_make(t.bytes, t.size), err);
  text_release(&t);
  return status;
}

/* The editions that there were, the latest first: the log of releases. */
static enum status put_releases(struct publishing_files *w, struct error *err) {
  static const struct doc_column columns[] = {{"edition", NULL}, {"made", NULL},  {"at", NULL},
                                              {"why", NULL},     {"years", NULL}, {"new", NULL}};
  static const char *const keys[] = {"edition", "made", "at", "why", "years", "new"};
  struct edition_record *all = NULL;
  int count = 0;
  enum status status = editions_list(w->store, w->arena, &all, &count, err);
  if (status != DONE) return status;
  struct document *d = document_new(w->arena, w->language, "releases");
  document_csv_columns(d, keys, 6);
  document_table(d, "releases", NULL, columns, 6, "releases");
  for (int i = 0; i < count; i++) {
    if (all[i].id > w->edition->id) continue; /* an earlier edition is written as it was */
    document_cell(d, doc_count(all[i].id));
    document_cell(d, doc_day(all[i].day));
    document_cell(d, doc_text(all[i].made_at));
    document_cell(d, doc_text(all[i].why));
    document_cell(d, doc_count(all[i].years));
    document_cell(d, doc_count(all[i].years_new));
  }
  document_table_end(d);
  return put_document(w, "releases.csv", d, FORMAT_CSV, err);
}

static enum status put_package(struct publishing_files *w, struct error *err) {
  const struct publication *p = w->edition->of[0];
  const struct document *about = readme(w);
  struct text t = {0};
  char day[11];
  package_write(
      &w->package,
      &(struct package_about){.title = document_title(about),
                              .place = p->nodes[0].code,
                              .edition = w->edition->id,
                              .made = day_write(w->edition->made, day),
                              .licence = pack_find_value(p->pack, "data_licence_address")
                                             ? pack_find_words(p->pack, "data_licence", w->language)
                                             : NULL,
                              .address = pack_find_value(p->pack, "data_licence_address")},
      &t);
  enum status status = put(w, "datapackage.json", span_make(t.bytes, t.size), err);
  text_release(&t);
  return status;
}

/* ---- all of it ---- */

static enum status go_through(struct publishing_files *w, struct error *err) {
  enum status status = DONE;
  for (int i = 0; status == DONE && i < w->edition->years.count; i++) {
    status = put_year(w, w->edition->of[i], err);
    if (status == DONE) status = put_money(w, w->edition->of[i], err);
  }
  if (status == DONE && w->head) status = put(w, "head.txt", span_of(w->head), err);
  if (status == DONE) status = put_readme(w, err);
  if (status == DONE) status = put_releases(w, err);
  if (status == DONE) status = put_index(w, err);
  return status == DONE ? put_package(w, err) : status;
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

static bool is_old(const void *context, struct span path) {
  const struct publishing_files *w = context;
  return map_get(&w->names, path) < 0;
}

static void remove_old(struct publishing_files *w) {
  for (int64_t i = 0; i < w->made.count; i++) {
    if (!is_old(w, w->made.all[i])) continue;
    char *path = arena_copy(w->arena, w->made.all[i].bytes, w->made.all[i].size);
    if (*path == '/' || strstr(path, "..")) continue;
    remove_one(w->dir, path);
    w->result->removed++;
  }
  made_forget(&w->made, is_old, w);
}

static struct span next_name(struct span *list) {
  const char *end = list->size ? memchr(list->bytes, '\n', list->size) : NULL;
  if (!end) return *list = span_make(NULL, 0);
  struct span name = span_make(list->bytes, (size_t)(end - list->bytes));
  *list = span_make(end + 1, list->size - name.size - 1);
  return name;
}

static enum status read_sources(struct publishing_files *w, struct error *err) {
  enum status status = store_begin(w->store, STORE_READ, err);
  if (status != DONE) return status;
  status = payments_sources_read(&w->sources, w->store, w->edition->of[0]->pack, w->arena, err);
  store_rollback(w->store);
  return status;
}

static enum status put_all(struct publishing_files *w, const char *dir, struct error *err) {
  enum status status = folder_open(AT_FDCWD, dir, 0755, &w->dir, err);
  w->folder = w->dir;
  if (status == DONE) status = made_read(&w->made, w->dir, dir, ".weal-publish", err);
  if (status == DONE) status = read_sources(w, err);
  if (status == DONE) status = log_last_head(w->store, w->arena, &(int64_t){0}, &w->head, err);
  if (status != DONE) return status;
  begin_index(w);
  status = go_through(w, err);
  document_table_end(w->index);
  if (status != DONE) return status;
  for (struct span list = span_make(w->planned.bytes, w->planned.size), name;
       (name = next_name(&list)).size;)
    made_add(&w->made, name);
  status = made_write(&w->made, err); /* a run that is cut short leaves files that are listed */
  w->writing = true;
  if (status == DONE) status = work_folder_make(&w->work, w->dir, ".weal-", err);
  if (status == DONE) status = go_through(w, err);
  if (status != DONE) return status;
  remove_old(w);
  return made_write(&w->made, err);
}

enum status publish_files(struct store *store, const struct edition *edition,
                          enum language language, const char *dir,
                          struct publish_files_result *result, struct error *err) {
  struct publishing_files w = {.edition = edition,
                               .store = store,
                               .language = language,
                               .dir = -1,
                               .work.fd = -1,
                               .where = "",
                               .made = {.folder = -1},
                               .arena = arena_new(),
                               .result = result};
  *result = (struct publish_files_result){0};
  enum status status = put_all(&w, dir, err);
  status = work_folder_remove(&w.work, status, err);
  if (w.dir >= 0) close(w.dir);
  made_release(&w.made);
  package_release(&w.package);
  map_release(&w.names);
  text_release(&w.planned);
  arena_free(w.arena);
  return status == DONE ? DONE : error_while(err, "writing to %s", dir);
}
