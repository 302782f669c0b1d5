#include "exchange/profile.h"

#include "base/folder.h"
#include "base/money.h"
#include "base/refusal.h"
#include "base/table.h"
#include "exchange/forms.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { RULE, PUBLISHED, MEANS, NOTE, PROFILE_COLUMNS };
static const struct table_column profile_columns[PROFILE_COLUMNS] = {
    {"rule", true}, {"published", true}, {"means", true}, {"note", false}};

static const char *const rule_words[RULE_COUNT] = {"kind",
                                                   "column",
                                                   "date",
                                                   "money",
                                                   "scale",
                                                   "absent",
                                                   "keep",
                                                   "leave-out",
                                                   "total",
                                                   "total-within",
                                                   "known-difference",
                                                   "category",
                                                   "body",
                                                   "new-body",
                                                   "redacted",
                                                   "at-least",
                                                   "vat",
                                                   "publisher",
                                                   "scheme",
                                                   "service",
                                                   "unit",
                                                   "each"};
const char *const meaning_words[MEANS_COUNT] = {
    "date",    "year",     "body",       "body-name",   "supplier",   "stream",
    "amount",  "category", "department", "description", "conditions", "reference",
    "company", "place",    "person",     "name",        "forename",   "surname",
    "born",    "postcode", "service",    "quantity",    "vat",        "-"};

/* The same in a sentence: `two columns for the birth date`. */
static const char *const meaning_names[MEANS_COUNT] = {"day",
                                                       "year",
                                                       "body",
                                                       "name of the body",
                                                       "payee",
                                                       "stream",
                                                       "amount",
                                                       "category",
                                                       "department",
                                                       "description",
                                                       "conditions",
                                                       "reference",
                                                       "company number",
                                                       "place",
                                                       "person",
                                                       "name",
                                                       "forename",
                                                       "surname",
                                                       "birth date",
                                                       "postcode",
                                                       "service",
                                                       "quantity",
                                                       "VAT",
                                                       "-"};

enum { VAT_WORDS = 3 };
static const char *const vat_words[VAT_WORDS] = {"not-said", "with", "without"};

/* A small number, of digits only; 0: it is none. */
static int atoi_of(const char *digits) {
  int n = 0;
  for (; *digits >= '0' && *digits <= '9' && n < 10000; digits++) n = n * 10 + (*digits - '0');
  return *digits ? 0 : n;
}

static int word_index(const char *const *words, int count, struct span word) {
  for (int i = 0; i < count; i++)
    if (span_is(word, words[i])) return i;
  return -1;
}

static enum status refuse_words(const char *const *words, int count, struct span word,
                                const char *column, struct error *err) {
  struct text list = {0};
  char quoted[SPAN_QUOTE_SIZE];
  for (int i = 0; i < count; i++) text_addf(&list, "%s%s", i ? ", " : "", words[i]);
  refuse(err, PROFILE_WORD_UNKNOWN, span_quote(word, quoted), list.bytes);
  text_release(&list);
  return error_at(err, NULL, 0, column);
}

/* The heading as it is compared: lower-case letters and digits; where it has none, the text itself;
 * empty for padding. */
static const char *profile_key(struct arena *arena, struct span heading) {
  struct span s = span_trim(heading);
  char *key = arena_alloc(arena, s.size + 1);
  size_t n = 0;
  for (size_t i = 0; i < s.size; i++) {
    char c = s.bytes[i];
    if (c >= 'A' && c <= 'Z') key[n++] = (char)(c - 'A' + 'a');
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) key[n++] = c;
  }
  return n ? key : arena_copy(arena, s.bytes ? s.bytes : "", s.size);
}

const char *profile_rule_key(struct arena *arena, const char *published) {
  const char *mark = strrchr(published, '#');
  if (published[0] == '@' && atoi_of(published + 1)) return arena_string(arena, published);
  if (!mark || mark == published || mark[-1] == ' ' || atoi_of(mark + 1) < 2)
    return profile_key(arena, span_of(published));
  const char *key = profile_key(arena, span_make(published, (size_t)(mark - published)));
  return arena_printf(arena, "%s%s", key, mark);
}

/* ---- reading ---- */

enum { EACH_MINUTES_MOST = 366 * 24 * 60 };

const char *profile_kind_word(const struct profile *profile) {
  return profile->people ? "entries" : profile->budget ? "budget" : "spend";
}

static enum status check_rule(struct profile *p, struct profile_rule *rule, struct error *err) {
  struct span means = span_of(rule->means);
  int at;
  switch (rule->kind) {
  case RULE_KIND:
    p->budget = span_is(means, "budget");
    p->people = span_is(means, "entries");
    if (!p->budget && !p->people && !span_is(means, "spend"))
      return refuse_at(err, "means", PROFILE_KIND);
    return DONE;
  case RULE_COLUMN:
  case RULE_ABSENT:
    at = word_index(meaning_words, MEANS_COUNT, means);
    if (at < 0) return refuse_words(meaning_words, MEANS_COUNT, means, "means", err);
    rule->meaning = (enum meaning)at;
    return DONE;
  case RULE_DATE:
    if (!form_day_known(rule->means)) return refuse_at(err, "means", PROFILE_DAY_FORM);
    if (strncmp(rule->means, "mm", 2) == 0 && rule->means[2] != 'm') p->month_first = true;
    return DONE;
  case RULE_MONEY:
    at = word_index(money_form_words, MONEY_FORMS, means);
    if (at < 0) return refuse_words(money_form_words, MONEY_FORMS, means, "means", err);
    p->money_forms |= 1u << at;
    return DONE;
  case RULE_SCALE:
    if (integer_parse(means, &p->scale, err) != DONE || p->scale == 0 || p->scale > 1000000000 ||
        p->scale < -1000000000)
      return refuse_at(err, "means", PROFILE_SCALE);
    return DONE;
  case RULE_AT_LEAST:
    if (integer_parse(means, &p->at_least, err) != DONE || p->at_least < 2)
      return refuse_at(err, "means", PROFILE_AT_LEAST);
    return DONE;
  case RULE_UNIT:
  case RULE_EACH: {
    int64_t minutes = 1;
    if (rule->kind == RULE_UNIT ? !means.size
                                : integer_parse(means, &minutes, err) != DONE || minutes < 1 ||
                                      minutes > EACH_MINUTES_MOST)
      return refuse_at(err, "means", PROFILE_UNIT);
    return DONE;
  }
  case RULE_NEW_BODY: p->new_body = rule->means; return DONE;
  case RULE_PUBLISHER: p->publisher = rule->means; return DONE;
  case RULE_VAT:
    at = word_index(vat_words, VAT_WORDS, means);
    if (at < 0) return refuse_words(vat_words, VAT_WORDS, means, "means", err);
    p->vat = at ? vat_words[at] : NULL;
    return DONE;
  case RULE_KNOWN_DIFFERENCE: {
    int64_t pence;
    return money_parse(means, &pence, err) == DONE ? DONE : error_at(err, NULL, 0, "means");
  }
  default: return DONE;
  }
}

static enum status take_rule(struct profile *p, const struct table_rows *rows, size_t r,
                             struct arena *arena, struct profile_rule *rule, struct error *err) {
  struct span word = table_field(rows, r, RULE),
              published = span_trim(table_field(rows, r, PUBLISHED)),
              means = span_trim(table_field(rows, r, MEANS)),
              note = span_trim(table_field(rows, r, NOTE));
  if (rows->fault[r].reason) {
    refuse_again(err, rows->fault[r].refusal, rows->fault[r].reason);
    return error_at(err, NULL, 0, rows->fault[r].column);
  }
  int at = word_index(rule_words, RULE_COUNT, word);
  if (at < 0) return refuse_words(rule_words, RULE_COUNT, word, "rule", err);
  *rule = (struct profile_rule){
      .kind = (enum profile_rule_kind)at,
      .published = arena_copy(arena, published.bytes ? published.bytes : "", published.size),
      .means = arena_copy(arena, means.bytes ? means.bytes : "", means.size),
      .note = arena_copy(arena, note.bytes ? note.bytes : "", note.size),
      .line = rows->line[r],
      .meaning = MEANS_NOTHING};
  rule->key = profile_rule_key(arena, rule->published);
  bool looks_at_column = at == RULE_COLUMN || at == RULE_KEEP || at == RULE_TOTAL_WITHIN ||
                         at == RULE_SCHEME;
  if (looks_at_column && !published.size) {
    refuse(err, PROFILE_HEADING_MISSING);
    return error_at(err, NULL, 0, "published");
  }
  return check_rule(p, rule, err);
}

static enum status read_profile(struct profile *p, const char *path, struct arena *arena,
                                struct error *err) {
  struct table *table = NULL;
  struct table_rows *rows = NULL;
  int capacity = 0;
  struct profile_rule *rules = NULL;
  p->scale = 1;
  p->at_least = 2;
  enum status status = table_open(&table, path, profile_columns, PROFILE_COLUMNS, err);
  if (status != DONE) return error_at(err, path, 0, NULL);
  while ((status = table_next(table, &rows, err)) == DONE && rows) {
    for (size_t r = 0; status == DONE && r < rows->count; r++) {
      array_reserve(rules, capacity, p->rule_count + 1);
      status = take_rule(p, rows, r, arena, &rules[p->rule_count], err);
      if (status != DONE) error_at(err, path, rows->line[r], NULL);
      else p->rule_count++;
    }
    table_rows_free(rows);
    if (status != DONE) break;
  }
  table_close(table);
  p->rules = arena_array(arena, struct profile_rule, p->rule_count + 1);
  if (p->rule_count) memcpy(p->rules, rules, (size_t)p->rule_count * sizeof *rules);
  free(rules);
  return status;
}

enum status profile_read_file(struct profile **out, const char *path, struct arena *arena,
                              struct error *err) {
  struct profile *p = arena_alloc(arena, sizeof *p);
  const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
  size_t size = strlen(name);
  if (size > 4 && strcmp(name + size - 4, ".csv") == 0) size -= 4;
  p->name = arena_copy(arena, name, size);
  *out = p;
  return read_profile(p, path, arena, err);
}

enum status profile_read_rules(struct profile **out, const char *name, struct span rules,
                               struct arena *arena, struct error *err) {
  struct profile *p = arena_alloc(arena, sizeof *p);
  char path[32];
  p->name = name;
  *out = p;
  int fd = file_without_name();
  if (fd < 0) return error_errno(err, "the rules of %s cannot be read", name);
  enum status status = file_write_all(fd, rules, "the rules of a profile cannot be read", err);
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  if (status == DONE) status = read_profile(p, path, arena, err);
  close(fd);
  if (status != DONE) snprintf(err->file, sizeof err->file, "%s", name);
  return status;
}

/* ---- whether it can read a file ---- */

static bool gives(const struct profile *p, enum meaning m) {
  for (int r = 0; r < p->rule_count; r++)
    if (p->rules[r].kind == RULE_COLUMN && p->rules[r].meaning == m) return true;
  return false;
}

/* A later rule that says of the heading of an earlier one that it is not kept, or the reverse. */
static const struct profile_rule *against(const struct profile *p) {
  for (int r = 0; r < p->rule_count; r++)
    for (int k = 0; k < r; k++)
      if (p->rules[r].kind == RULE_COLUMN && p->rules[k].kind == RULE_COLUMN &&
          strcmp(p->rules[r].key, p->rules[k].key) == 0 &&
          (p->rules[r].meaning == MEANS_NOTHING) != (p->rules[k].meaning == MEANS_NOTHING))
        return &p->rules[r];
  return NULL;
}

static bool gives_category(const struct profile *p) {
  for (int r = 0; r < p->rule_count; r++)
    if (p->rules[r].kind == RULE_CATEGORY && !p->rules[r].published[0]) return true;
  return gives(p, MEANS_CATEGORY);
}

/* A header is known by so many columns at least; a day may be given with the file. */
static enum status check_people(const struct profile *p, struct error *err) {
  int columns = 0;
  for (int r = 0; r < p->rule_count; r++) columns += p->rules[r].kind == RULE_COLUMN;
  if (!gives(p, MEANS_PERSON) && !gives(p, MEANS_NAME) && !gives(p, MEANS_SURNAME))
    return refuse_at(err, "means", PROFILE_LACKS_MEANING, meaning_words[MEANS_PERSON],
                     meaning_words[MEANS_PERSON]);
  if (!gives_category(p)) return refuse_at(err, "means", PROFILE_LACKS_CATEGORY);
  if (columns < p->at_least)
    return refuse_at(err, "means", PROFILE_COLUMNS_FEW, columns, (long long)p->at_least);
  return DONE;
}

enum status profile_check(const struct profile *p, const char *path, struct error *err) {
  const enum meaning asked[] = {MEANS_AMOUNT, p->budget ? MEANS_STREAM : MEANS_SUPPLIER};
  const struct profile_rule *wrong = against(p);
  if (wrong) {
    refuse_at(err, "means", PROFILE_KEPT_AND_NOT, wrong->published);
    return error_at(err, path, wrong->line, NULL);
  }
  if (p->people)
    return check_people(p, err) == DONE
               ? DONE
               : error_at(err, path, p->rule_count ? p->rules[p->rule_count - 1].line : 1, NULL);
  for (int i = 0; i < 2; i++)
    if (!gives(p, asked[i])) {
      refuse_at(err, "means", PROFILE_LACKS_MEANING, meaning_words[asked[i]],
                meaning_words[asked[i]]);
      return error_at(err, path, p->rule_count ? p->rules[p->rule_count - 1].line : 1, NULL);
    }
  return DONE;
}

static bool gives_body(const struct profile_rule *rule) {
  return rule->kind == RULE_BODY && !rule->published[0];
}

enum status profile_check_body(const struct profile *p, const char *code, const char *path,
                               struct error *err) {
  for (int r = 0; r < p->rule_count; r++) {
    const struct profile_rule *rule = &p->rules[r];
    if (!gives_body(rule) || strcmp(rule->means, code) == 0) continue;
    refuse_at(err, "means", PROFILE_OF_ANOTHER_BODY, rule->means, code, rule->means);
    return error_at(err, path, rule->line, NULL);
  }
  return DONE;
}

void profile_forget_body(struct profile *p) {
  int kept = 0;
  for (int r = 0; r < p->rule_count; r++)
    if (!gives_body(&p->rules[r])) p->rules[kept++] = p->rules[r];
  p->rule_count = kept;
}

/* ---- writing ---- */

static void write_rule(struct text *out, const char *rule, const char *published, const char *means,
                       const char *note) {
  const char *const fields[] = {rule, published, means, note};
  for (int i = 0; i < 4; i++) {
    text_add_csv(out, span_of(fields[i]));
    text_add_char(out, i < 3 ? ',' : '\n');
  }
}

void profile_write(const struct profile *p, const char *publisher, const char *note,
                   struct text *out) {
  bool kind = false;
  text_add(out, "rule,published,means,note\n");
  for (int r = 0; r < p->rule_count; r++) kind |= p->rules[r].kind == RULE_KIND;
  if (!kind) write_rule(out, "kind", "", profile_kind_word(p), "");
  if (publisher) write_rule(out, rule_words[RULE_PUBLISHER], "", publisher, note);
  for (int r = 0; r < p->rule_count; r++) {
    const struct profile_rule *rule = &p->rules[r];
    if (rule->kind == RULE_PUBLISHER || gives_body(rule)) continue;
    write_rule(out, rule_words[rule->kind], rule->published, rule->means,
               rule->kind == RULE_KIND ? rule->note : "");
  }
}

static int by_name(const void *a, const void *b) {
  return strcmp(((const struct profile *)a)->name, ((const struct profile *)b)->name);
}

enum status profiles_read(struct profiles **out, const char *pack_dir, struct arena *arena,
                          struct error *err) {
  enum { PROFILES_MAX = 1024 };
  struct profiles *list = arena_alloc(arena, sizeof *list);
  const char *dir = arena_printf(arena, "%s/profiles", pack_dir);
  *out = list;
  DIR *d = opendir(dir);
  if (!d && errno == ENOENT) return DONE;
  if (!d) return error_errno(err, "the folder %s cannot be read", dir);
  list->all = arena_array(arena, struct profile, PROFILES_MAX);
  for (struct dirent *e; (e = readdir(d)) && list->count < PROFILES_MAX;) {
    size_t size = strlen(e->d_name);
    if (size < 5 || e->d_name[0] == '.' || strcmp(e->d_name + size - 4, ".csv") != 0) continue;
    list->all[list->count++].name = arena_copy(arena, e->d_name, size - 4);
  }
  closedir(d);
  array_sort(list->all, list->count, by_name);
  enum status status = DONE;
  for (int i = 0; status == DONE && i < list->count; i++)
    status = read_profile(&list->all[i], arena_printf(arena, "%s/%s.csv", dir, list->all[i].name),
                          arena, err);
  return status;
}

/* ---- a header ---- */

/* Meanings of which a file may have several columns: their texts are put together. */
static bool joins(enum meaning m) {
  return m == MEANS_CATEGORY || m == MEANS_DEPARTMENT || m == MEANS_DESCRIPTION ||
         m == MEANS_CONDITIONS || m == MEANS_REFERENCE;
}

/* How many headings a profile knows, and what is wrong with the others. */
struct fit {
  int known, unknown, twice, lacking;
  const char *unknown_heading[4];
  const char *twice_meaning;
};

const char *profile_heading(struct arena *arena, const struct record_cells *header, int column) {
  struct span s = header->cells[column];
  const char *key = profile_key(arena, s);
  int before = 0;
  if (!key[0]) return arena_printf(arena, "@%d", column + 1);
  for (int c = 0; c < column; c++) before += strcmp(profile_key(arena, header->cells[c]), key) == 0;
  return before ? arena_printf(arena, SPAN_FORMAT "#%d", SPAN(s), before + 1)
                : arena_copy(arena, s.bytes, s.size);
}

/* Whether a rule's key names the column: by its heading, by which of several of that heading it
 * is, or by its place. */
static bool names_column(const char *key, const struct layout *l, int column) {
  if (key[0] == '@') return atoi_of(key + 1) == column + 1;
  const char *mark = strrchr(key, '#');
  if (!mark || mark == key || !mark[1]) return key[0] && strcmp(l->keys[column], key) == 0;
  const size_t size = (size_t)(mark - key);
  int before = 0;
  if (strncmp(l->keys[column], key, size) != 0 || l->keys[column][size]) return false;
  for (int c = 0; c < column; c++) before += strcmp(l->keys[c], l->keys[column]) == 0;
  return atoi_of(mark + 1) == before + 1;
}

/* The rule that gives a column its meaning; one that names it alone goes before one for all columns
 * of its heading. Null: none. */
static const struct profile_rule *column_rule(const struct profile *p, const struct layout *l,
                                              int column, const struct profile_rule *after) {
  bool alone = false;
  for (int r = 0; r < p->rule_count; r++)
    alone |= p->rules[r].kind == RULE_COLUMN && strpbrk(p->rules[r].key, "#@") &&
             names_column(p->rules[r].key, l, column);
  for (const struct profile_rule *rule = after ? after + 1 : p->rules;
       rule < p->rules + p->rule_count; rule++)
    if (rule->kind == RULE_COLUMN && names_column(rule->key, l, column) &&
        (!alone || strpbrk(rule->key, "#@")))
      return rule;
  return NULL;
}

static void place_rules(const struct profile *p, struct layout *l, struct arena *arena) {
  l->rule_column = arena_array(arena, int, p->rule_count + 1);
  for (int r = 0; r < p->rule_count; r++) {
    l->rule_column[r] = -1;
    for (int c = 0; c < l->width && p->rules[r].key[0]; c++)
      if (names_column(p->rules[r].key, l, c)) l->rule_column[r] = c;
  }
  l->keep_next = arena_array(arena, int, p->rule_count + 1);
  l->keep_first = arena_array(arena, bool, p->rule_count + 1);
  for (int r = 0; r < p->rule_count; r++) {
    l->keep_next[r] = -1;
    if (p->rules[r].kind != RULE_KEEP) continue;
    int before = r - 1;
    while (before >= 0 && (p->rules[before].kind != RULE_KEEP ||
                           strcmp(p->rules[before].key, p->rules[r].key) != 0))
      before--;
    l->keep_first[r] = before < 0;
    if (before >= 0) l->keep_next[before] = r;
  }
}

static const enum meaning needed[3][4] = {{MEANS_DATE, MEANS_BODY, MEANS_SUPPLIER, MEANS_AMOUNT},
                                          {MEANS_YEAR, MEANS_BODY, MEANS_STREAM, MEANS_AMOUNT},
                                          {MEANS_DATE, MEANS_PERSON, MEANS_NOTHING, MEANS_NOTHING}};

static int needs_of(const struct profile *p) { return p->people ? 2 : p->budget; }

/* Whether a file of people has neither a number nor a name of them. */
static bool names_nobody(const struct layout *l) {
  return !l->column_count[MEANS_PERSON] && !l->column_count[MEANS_NAME] &&
         !l->column_count[MEANS_SURNAME];
}

static bool is_lacking(const struct profile *p, const struct layout *l, int i,
                       struct stand_ins given) {
  const enum meaning m = needed[needs_of(p)][i];
  if (p->people && m == MEANS_PERSON) return names_nobody(l);
  if (m == MEANS_NOTHING) return false;
  if (l->column_count[m]) return false;
  return !((m == MEANS_BODY && given.body) || ((m == MEANS_DATE || m == MEANS_YEAR) && given.date));
}

static struct fit fit(const struct profile *p, const struct record_cells *header,
                      struct stand_ins given, struct arena *arena, struct layout *l) {
  struct fit f = {0};
  *l = (struct layout){.profile = p, .width = header->count};
  l->padding = arena_array(arena, bool, header->count + 1);
  l->keys = arena_array(arena, const char *, header->count + 1);
  for (int c = 0; c < header->count; c++) l->keys[c] = profile_key(arena, header->cells[c]);
  for (int c = 0; c < header->count; c++) {
    bool known = false;
    l->padding[c] = !l->keys[c][0];
    for (const struct profile_rule *rule = column_rule(p, l, c, NULL); rule;
         rule = column_rule(p, l, c, rule)) {
      known = true;
      l->padding[c] = false;
      enum meaning m = rule->meaning;
      if (m == MEANS_NOTHING) continue;
      if (l->column_count[m] >= (joins(m) ? LAYOUT_JOINED : 1)) {
        f.twice++;
        f.twice_meaning = meaning_names[m];
      } else l->column[m][l->column_count[m]++] = c;
    }
    if (known) f.known++;
    else if (!l->padding[c]) {
      if (f.unknown < 4)
        f.unknown_heading[f.unknown] = arena_copy(arena, header->cells[c].bytes,
                                                  header->cells[c].size < 60 ? header->cells[c].size
                                                                             : 60);
      f.unknown++;
    }
  }
  while (l->width > 0 && l->padding[l->width - 1]) l->width--;
  for (int i = 0; i < 4; i++) f.lacking += is_lacking(p, l, i, given);
  place_rules(p, l, arena);
  for (int r = 0; r < p->rule_count; r++)
    f.lacking += p->rules[r].kind == RULE_KEEP && l->rule_column[r] < 0;
  return f;
}

bool profile_by_place(const struct profile *p) {
  bool some = false;
  for (int r = 0; r < p->rule_count; r++) {
    if (p->rules[r].kind != RULE_COLUMN) continue;
    if (p->rules[r].key[0] != '@') return false;
    some = true;
  }
  return some;
}

bool profile_knows(const struct profile *p, const struct record_cells *header,
                   struct stand_ins given, struct arena *arena, struct layout *out) {
  struct fit f = fit(p, header, given, arena, out);
  return f.known >= p->at_least && !f.unknown && !f.twice && !f.lacking;
}

/* ---- no profile knows the header ---- */

/* The headings that the profile has for a meaning: `Amount`, `Net Amount`. */
static void add_headings(struct text *t, const struct profile *p, enum meaning m) {
  bool some = false;
  for (int r = 0; r < p->rule_count; r++) {
    if (p->rules[r].kind != RULE_COLUMN || p->rules[r].meaning != m) continue;
    text_addf(t, "%s'%s'", some ? " or " : "", p->rules[r].published);
    some = true;
  }
}

static void explain(const struct profile *p, const struct fit *f, const struct layout *l,
                    struct stand_ins given, struct text *t) {
  for (int i = 0; i < f->unknown && i < 4; i++)
    text_addf(t, "%s'%s'", i ? ", " : " does not know ", f->unknown_heading[i]);
  if (f->unknown > 4) text_addf(t, " and %d more", f->unknown - 4);
  if (f->twice)
    text_addf(t, "%s has two columns for the %s", f->unknown ? ";" : "", f->twice_meaning);
  bool some = f->unknown || f->twice;
  for (int i = 0; i < 4; i++) {
    enum meaning m = needed[needs_of(p)][i];
    if (!is_lacking(p, l, i, given)) continue;
    text_addf(t, "%s finds no column for the %s", some ? ";" : "", meaning_names[m]);
    struct text headings = {0};
    add_headings(&headings, p, m);
    if (headings.size) text_addf(t, " (%s)", headings.bytes);
    if (m == MEANS_BODY) text_add(t, ", which --body would stand in for");
    if (m == MEANS_DATE) text_add(t, ", which --date would stand in for");
    text_release(&headings);
    some = true;
  }
  for (int r = 0; r < p->rule_count; r++)
    if (p->rules[r].kind == RULE_KEEP && l->rule_column[r] < 0) {
      text_addf(t, "%s finds no '%s'", some ? ";" : "", p->rules[r].published);
      some = true;
    }
}

/* How many headings contain a profile's heading, or are contained in one: `Payment amount` and
 * `Amount`. For headers of which no profile knows any heading. */
static int likeness(const struct profile *p, const struct layout *l) {
  enum { SHORTEST = 3 };
  int alike = 0;
  for (int c = 0; c < l->width; c++) {
    bool found = false;
    for (int r = 0; r < p->rule_count && !found && strlen(l->keys[c]) >= SHORTEST; r++)
      found = p->rules[r].kind == RULE_COLUMN && strlen(p->rules[r].key) >= SHORTEST &&
              (strstr(l->keys[c], p->rules[r].key) || strstr(p->rules[r].key, l->keys[c]));
    alike += found;
  }
  return alike;
}

enum status profiles_refuse(const struct profiles *profiles, bool budget,
                            const struct record_cells *records, int count, struct stand_ins given,
                            struct arena *arena, struct error *err) {
  int best = -1, record = 0, score = INT_MIN;
  struct layout layout;
  for (int i = 0; i < profiles->count; i++) {
    if (profiles->all[i].people || profiles->all[i].budget != budget) continue;
    for (int k = 0; k < count; k++) {
      struct fit f = fit(&profiles->all[i], &records[k], given, arena, &layout);
      if (layout.width < 2) continue;
      int s = f.known * 40 + likeness(&profiles->all[i], &layout) * 8 - f.unknown * 10 -
              f.twice * 20 - f.lacking * 20;
      if (f.known == 0) s -= 10000;
      if (s > score) best = i, record = k, score = s;
    }
  }
  struct text t = {0};
  if (best >= 0) {
    const struct profile *p = &profiles->all[best];
    struct fit f = fit(p, &records[record], given, arena, &layout);
    text_addf(&t, "; the nearest, %s,", p->name);
    if (f.unknown || f.twice || f.lacking) explain(p, &f, &layout, given, &t);
    else
      text_addf(&t, " asks for %lld headings that it knows and finds %d", (long long)p->at_least,
                f.known);
  }
  refuse(err, PROFILE_NONE_KNOWS, t.bytes ? t.bytes : "", budget ? N_("a budget") : "spending");
  text_release(&t);
  return error_at(err, NULL, count ? records[record].line : 1, NULL);
}

void profile_unlike(const struct profile *profile, const struct record_cells *records, int count,
                    struct stand_ins given, struct arena *arena, struct text *why, uint64_t *line) {
  int record = -1, score = INT_MIN;
  struct layout layout;
  for (int k = 0; k < count; k++) {
    const struct fit f = fit(profile, &records[k], given, arena, &layout);
    const int s = f.known * 40 - f.unknown * 10 - f.twice * 20 - f.lacking * 20;
    if (layout.width > 0 && s > score) record = k, score = s;
  }
  if (record < 0) return;
  const struct fit f = fit(profile, &records[record], given, arena, &layout);
  *line = records[record].line;
  text_add(why, "it");
  if (f.unknown || f.twice || f.lacking) explain(profile, &f, &layout, given, why);
  else
    text_addf(why, " asks for %lld headings that it knows and finds %d",
              (long long)profile->at_least, f.known);
}
