/* Files as bodies publish them: finds the header, reads it by a profile, leaves out rows that are
 * no payments, and compares totals. */
#include "base/refusal.h"
#include "exchange/money_row.h"

#include "base/money.h"
#include "base/table.h"
#include "exchange/commas.h"
#include "exchange/recognise.h"
#include "exchange/records.h"
#include "exchange/row_rules.h"

#include <stdlib.h>

enum { CANDIDATES = 40 };

/* A row that reads as a payment. Its texts are taken from its record when it is posted. */
struct sound_row {
  const struct record_cells *record; /* null: refused, it counts only in its group's sum */
  const char *group, *remark;        /* group: the total that it is part of */
  int64_t amount, vat;               /* pence; vat: taken off the amount */
  day_t day;
  bool stood_in;
};

struct published_file {
  struct money *m;
  struct arena *arena;
  const struct record_cells *records;
  int count;
  int header;               /* index of the record; -1: the one of an earlier sheet */
  struct record_cells head; /* its cells; with those of columns without a heading */
  struct layout layout;
  int beyond[LIMIT_FILE_COLUMNS +
             1]; /* rows whose last filled cell is beyond the header, by width */
  const struct record_cells **broken; /* rows with a field too few */
  int broken_count, broken_capacity;  /* malloc */
  struct sound_row *rows;
  int row_count, row_capacity; /* malloc; sound so far */
  int first_total;             /* of the decisions' totals, which may be of several sheets */
  int64_t sum, sum_since, rows_summed; /* the sum of all rows so far; since the last total */
  int64_t vat, vat_since;              /* what was taken off them */
};

/* ---- the header ---- */

static enum status refuse_header(struct published_file *p, const struct recognised *r,
                                 struct error *err) {
  struct record_cells candidates[CANDIDATES + 3];
  int n = 0;
  if (r && r->question && r->header_index >= 0) {
    refuse(err, PUBLISHED_UNDECIDED, r->question, p->m->path);
    return error_at(err, p->m->path, p->records[r->header_index].line, NULL);
  }
  for (int i = 0; i < p->count && i < CANDIDATES; i++) candidates[n++] = p->records[i];
  for (int i = p->count - 3 < CANDIDATES ? CANDIDATES : p->count - 3; i < p->count; i++)
    candidates[n++] = p->records[i];
  profiles_refuse(p->m->profiles, p->m->budget, candidates, n,
                  (struct stand_ins){p->m->call->options.body,
                                     p->m->call->options.date != DAY_NONE},
                  p->arena, err);
  return error_at(err, p->m->path, 0, NULL);
}

/* A record with an amount in it is no header. */
static bool may_be_header(const struct record_cells *r) {
  for (int c = 0; c < r->count; c++)
    if (r->cells[c].size && form_money_begins(r->cells[c]) && r->cells[c].size < 24) return false;
  return true;
}

/* Finds the first record that a profile knows; of several profiles the one that keeps most
 * columns. */
static const struct profile *find_profile(struct published_file *p, const struct profile **other) {
  struct arena *scratch = arena_new();
  const struct profile *best = NULL;
  const struct money *m = p->m;
  const int count = m->given_profile ? 1 : m->profiles->count;
  int kept = 0;
  for (int i = 0; i < p->count && !best; i++) {
    if (!may_be_header(&p->records[i])) continue;
    for (int k = 0; k < count; k++) {
      const struct profile *profile = m->given_profile ? m->given_profile : &m->profiles->all[k];
      struct layout layout;
      if (!profile_knows(profile, &p->records[i], (struct stand_ins){true, true}, scratch, &layout))
        continue;
      int columns = 0;
      for (int c = 0; c < MEANS_NOTHING; c++) columns += layout.column_count[c];
      if (profile->people || profile->budget != m->budget) *other = profile;
      else if (columns > kept) best = profile, kept = columns, p->header = i;
    }
    arena_reset(scratch);
  }
  arena_free(scratch);
  return best;
}

/* Whether the file is of the body that the profile is kept for: --body says so, else the first body
 * that a record names. */
static bool is_publishers(const struct published_file *p, const struct profile *profile,
                          const struct layout *layout, int header) {
  const struct money *m = p->m;
  if (m->stand_in) return m->stand_in->id == profile->body;
  for (int i = header + 1; layout->column_count[MEANS_BODY] && i < p->count; i++) {
    const struct span text = record_cell(&p->records[i], layout->column[MEANS_BODY][0]);
    const int64_t body = money_body_named(m, profile, text);
    if (body) return body == profile->body;
  }
  return false;
}

/* Finds the first record that a profile of its publisher knows which the book keeps, the newest of
 * its versions. */
static const struct profile *find_kept(struct published_file *p) {
  const struct profiles *kept = &p->m->kept.readable;
  struct arena *scratch = arena_new();
  const struct profile *found = NULL;
  for (int i = 0; i < p->count && kept->count && !found && !p->m->given_profile; i++) {
    if (!may_be_header(&p->records[i])) continue;
    for (int k = 0; k < kept->count && !found; k++) {
      struct layout layout;
      if (!profile_knows(&kept->all[k], &p->records[i], (struct stand_ins){true, true}, scratch,
                         &layout) ||
          !is_publishers(p, &kept->all[k], &layout, i))
        continue;
      found = &kept->all[k];
      p->header = i;
    }
    arena_reset(scratch);
  }
  arena_free(scratch);
  return found;
}

/* The month that the rows above the header, or the name of the file, say. */
static void find_month(struct published_file *p) {
  struct money *m = p->m;
  const char *slash = strrchr(m->path, '/');
  m->named_day = DAY_NONE;
  if (m->budget) return;
  for (int i = 0; i < p->header && m->named_day == DAY_NONE && i < CANDIDATES; i++)
    for (int c = 0; c < p->records[i].count; c++) {
      day_t day;
      if (!form_month_within(p->records[i].cells[c], &day)) continue;
      m->named_day = day;
      m->day_from = arena_copy(m->call->arena, p->records[i].cells[c].bytes,
                               p->records[i].cells[c].size);
    }
  const char *name = slash ? slash + 1 : m->path;
  if (m->named_day == DAY_NONE && m->sheet && form_month_within(span_of(m->sheet), &m->named_day))
    m->day_from = m->sheet;
  if (m->named_day == DAY_NONE && form_month_within(span_of(name), &m->named_day))
    m->day_from = name;
}

/* The header of a file that has none: as many cells as its widest row, without headings. */
static struct record_cells blank_header(const struct published_file *p) {
  struct record_cells head = {NULL, 0, 0, 0};
  for (int i = 0; i < p->count; i++)
    if (record_width(&p->records[i]) > head.count) head.count = record_width(&p->records[i]);
  head.cells = arena_array(p->arena, struct span, head.count + 1);
  for (int c = 0; c < head.count; c++) head.cells[c] = span_make("", 0);
  return head;
}

/* A profile for files without a header: the one that was given, else the newest of the payer's with
 * whose columns the cells agree. */
static const struct profile *find_by_place(const struct published_file *p) {
  const struct money *m = p->m;
  struct layout layout;
  if (m->given_profile) return profile_by_place(m->given_profile) ? m->given_profile : NULL;
  for (int k = 0; m->stand_in && k < m->kept.readable.count; k++) {
    const struct profile *profile = &m->kept.readable.all[k];
    if (profile->body != m->stand_in->id || !profile_by_place(profile)) continue;
    const struct record_cells head = blank_header(p);
    if (profile_knows(profile, &head, (struct stand_ins){true, true}, p->arena, &layout) &&
        recognised_agrees(&layout, p->records, p->count))
      return profile;
  }
  return NULL;
}

/* Keeps what each column was taken for. */
static void note_columns(struct published_file *p, const struct recognised *r) {
  struct decisions *d = &p->m->decisions;
  struct arena *arena = p->m->call->arena;
  const struct layout *l = &p->layout;
  d->columns = arena_array(arena, struct decided_column, p->head.count + 1);
  d->column_count = 0;
  d->sure = r->profile ? r->sure : 0;
  for (int c = 0; c < p->head.count; c++) {
    struct decided_column column = {.means = MEANS_NOTHING};
    for (int m = 0; m < MEANS_NOTHING; m++)
      for (int i = 0; i < l->column_count[m]; i++)
        if (l->column[m][i] == c) column.means = (enum meaning)m;
    if (l->padding[c]) continue;
    column.heading = profile_heading(arena, &p->head, c);
    if (r->profile && c < r->column_count) column.sure = r->columns[c].sure;
    d->columns[d->column_count++] = column;
  }
}

/* A sheet without a header takes the one of the sheet before it, if its cells agree. */
static bool takes_sheet_before(struct published_file *p) {
  struct money *m = p->m;
  const struct import_options *o = &m->call->options;
  if (!m->sheet || !m->sheet_head.count) return false;
  p->head = m->sheet_head;
  p->header = -1;
  find_month(p);
  struct stand_ins given = {o->body, o->date != DAY_NONE || m->named_day != DAY_NONE};
  if (!profile_knows(m->sheet_profile, &p->head, given, p->arena, &p->layout) ||
      !recognised_agrees(&p->layout, p->records, p->count))
    return false;
  m->profile = m->sheet_profile;
  return true;
}

/* Keeps the header for the sheets after it. */
static void keep_sheet(struct published_file *p) {
  struct money *m = p->m;
  struct arena *arena = m->call->arena;
  if (!m->sheet) return;
  m->sheet_profile = m->profile;
  m->sheet_head = p->head;
  m->sheet_head.cells = arena_array(arena, struct span, p->head.count + 1);
  for (int c = 0; c < p->head.count; c++) {
    struct span s = p->head.cells[c];
    m->sheet_head.cells[c] = span_make(arena_copy(arena, s.bytes, s.size), s.size);
  }
}

static enum status find_header(struct published_file *p, struct error *err) {
  const struct import_options *o = &p->m->call->options;
  const struct profile *other = NULL, *best = find_kept(p);
  struct recognised r = {.header_index = -1};
  if (!best) best = find_profile(p, &other);
  if (!best && !other && !p->m->budget && !p->m->given_profile) {
    recognise(p->m->headings, p->records, p->count, p->m->call->arena, &r);
    if (r.profile && !r.question) best = r.profile, p->header = r.header_index;
  }
  if (!best && !other && takes_sheet_before(p)) return DONE;
  const struct profile *placed = best || other ? NULL : find_by_place(p);
  const bool by_place = placed != NULL;
  if (by_place) best = placed, p->header = -1;
  uint64_t line = best && !by_place ? p->records[p->header].line : 1;
  if (!best && other) refuse(err, PROFILE_OF_ANOTHER_KIND, other->name, profile_kind_word(other));
  if (!best) return other ? error_at(err, p->m->path, line, NULL) : refuse_header(p, &r, err);
  p->head = best->recognised ? r.header : by_place ? blank_header(p) : p->records[p->header];
  find_month(p);
  struct stand_ins given = {o->body, o->date != DAY_NONE || p->m->named_day != DAY_NONE};
  bool known = profile_knows(best, &p->head, given, p->arena, &p->layout);
  if (known) {
    p->m->profile = best;
    note_columns(p, &r);
    keep_sheet(p);
    return DONE;
  }
  bool lacks_body = !profile_knows(best, &p->head, (struct stand_ins){given.body, true}, p->arena,
                                   &p->layout);
  if (lacks_body) refuse(err, PROFILE_LACKS_BODY, best->name);
  else refuse(err, PROFILE_LACKS_DAY, best->name);
  return error_at(err, p->m->path, line, lacks_body ? "body" : "date");
}

/* ---- one record ---- */

static bool repeats_header(const struct published_file *p, const struct record_cells *r) {
  for (int c = 0; c < p->layout.width; c++)
    if (!span_equal(record_cell(r, c), p->head.cells[c])) return false;
  return p->header >= 0;
}

static struct span text_of(const struct published_file *p, const struct record_cells *r,
                           enum meaning meaning) {
  return row_text(&p->layout, p->arena, r, meaning);
}

/* Whether the row is a total. A row with a day is not, even if it has the word: a payee may have
 * such a name. */
static bool is_total(const struct published_file *p, const struct record_cells *r) {
  const struct profile *x = p->layout.profile;
  day_t day;
  char form[FORM_SIZE];
  struct span when = text_of(p, r, MEANS_DATE);
  bool has_day = form_day(when, x->month_first, &day, form) || form_month(when, &day, form);
  for (int i = 0; i < x->rule_count; i++)
    if (x->rules[i].kind == RULE_TOTAL && !has_day && row_rule_finds(&p->layout, r, i)) return true;
  return false;
}

/* A cell as a refusal shows it: its first bytes, for "%.*s". */
enum { SHOWN_BYTES = 60 };
#define SHOWN(cell) \
  (int)((cell).size < SHOWN_BYTES ? (cell).size : SHOWN_BYTES), (cell).bytes ? (cell).bytes : ""

static const char *heading(const struct published_file *p, enum meaning meaning) {
  const struct layout *l = &p->layout;
  if (!l->column_count[meaning]) return NULL;
  struct span s = p->head.cells[l->column[meaning][0]];
  return s.size < ERROR_COLUMN_SIZE ? arena_copy(p->m->call->arena, s.bytes, s.size)
                                    : meaning_words[meaning];
}

static const char *group_of(const struct published_file *p, const struct record_cells *r) {
  const struct profile *x = p->layout.profile;
  const char *of = "";
  for (int i = 0; i < x->rule_count; i++) {
    if (x->rules[i].kind != RULE_TOTAL_WITHIN) continue;
    struct span s = record_cell(r, p->layout.rule_column[i]);
    of = *of ? arena_printf(p->arena, "%s " SPAN_FORMAT, of, SPAN(s))
             : arena_copy(p->arena, s.bytes, s.size);
  }
  return of;
}

/* An amount in one of the forms that the profile names; null, or what is wrong with it. */
static const char *read_money(const struct profile *x, struct span text, int64_t *pence,
                              unsigned *forms) {
  const char *wrong = form_money(text, x->scale, pence, forms);
  if (wrong || !(*forms & ~x->money_forms)) return wrong;
  return N_("has a form that the profile does not name; add it to the profile, or write 1234.56");
}

static const char *read_amount(struct published_file *p, struct span text, int64_t *pence) {
  unsigned forms = 0;
  const char *wrong = read_money(p->layout.profile, text, pence, &forms);
  if (wrong) return wrong;
  struct decisions *d = &p->m->decisions;
  if (!forms) d->plain_amounts++;
  for (int i = 0; i < MONEY_FORMS; i++) d->money_form_rows[i] += (forms >> i) & 1;
  return NULL;
}

static enum status take_amount(struct published_file *p, struct span text, int64_t *pence,
                               struct error *why) {
  if (!text.size) return refuse(why, PUBLISHED_AMOUNT_MISSING);
  const char *wrong = read_amount(p, text, pence);
  return wrong ? refuse(why, PUBLISHED_VALUE_WRONG, SHOWN(text), wrong) : DONE;
}

/* Whether a cell of VAT says in words that there is none. */
static bool says_no_vat(struct span text) {
  static const char *const words[] = {"-",      "--",        "n/a",
                                      "na",     "n.a.",      "nil",
                                      "none",   "no vat",    "not applicable",
                                      "exempt", "vat exempt"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (text.size == strlen(words[i]) && strncasecmp(text.bytes, words[i], text.size) == 0)
      return true;
  return !text.size;
}

/* Takes the VAT of the row off its amount, which holds it; an empty cell or `N/A` is none. `held`:
 * of one payment, whose VAT is held against its amount where the file itself did not say what it
 * is. */
static enum status take_vat_off(const struct published_file *p, const struct record_cells *r,
                                bool held, int64_t *pence, struct error *why) {
  const struct profile *x = p->layout.profile;
  const struct span text = text_of(p, r, MEANS_VAT);
  int64_t vat = 0;
  unsigned forms = 0;
  if (says_no_vat(text)) return DONE;
  const char *wrong = read_money(x, text, &vat, &forms);
  if (wrong) return refuse(why, PUBLISHED_VALUE_WRONG, SHOWN(text), wrong);
  if (held && x->recognised && !vat_may_be_of(vat, *pence))
    return refuse(why, PUBLISHED_VAT_NOT_OF_AMOUNT, SHOWN(text));
  return money_add(*pence, -vat, pence) ? DONE : refuse(why, FILE_SUM_TOO_LARGE);
}

/* ---- totals ---- */

/* Of a total row: its amount less its VAT, and that VAT. False: they are no amounts. */
static bool read_total(const struct published_file *p, const struct record_cells *r,
                       int64_t *declared, int64_t *vat) {
  int64_t written = 0;
  unsigned forms = 0;
  if (form_money(text_of(p, r, MEANS_AMOUNT), p->layout.profile->scale, &written, &forms))
    return false;
  *declared = written;
  return take_vat_off(p, r, false, declared, NULL) == DONE && money_add(written, -*declared, vat);
}

static void add_total(struct published_file *p, const struct record_cells *r, int64_t declared,
                      int64_t vat, bool bare) {
  struct decisions *d = &p->m->decisions;
  array_reserve(d->totals, d->total_capacity, d->total_count + 1);
  d->totals[d->total_count++] = (struct control_total){
      .line = r->line,
      .of = arena_string(p->m->call->arena, group_of(p, r)),
      .declared = declared,
      .vat = vat,
      .sum_to = p->sum,
      .sum_since = p->sum_since,
      .vat_to = p->vat,
      .vat_since = p->vat_since,
      .vat_unsaid = p->layout.column_count[MEANS_VAT] > 0 && says_no_vat(text_of(p, r, MEANS_VAT)),
      .bare = bare};
  p->sum_since = p->vat_since = 0;
}

/* Whether the record has only an amount: it is no payment, so it is a total or cannot be
 * understood. */
static bool is_bare(const struct published_file *p, const struct record_cells *r) {
  const int amount = p->layout.column[MEANS_AMOUNT][0],
            vat = p->layout.column_count[MEANS_VAT] ? p->layout.column[MEANS_VAT][0] : -1;
  for (int c = 0; c < r->count; c++)
    if (c != vat && (c == amount) != (r->cells[c].size > 0)) return false;
  return true;
}

static bool known_difference(const struct published_file *p, const struct control_total *t) {
  const struct profile *x = p->layout.profile;
  for (int r = 0; r < x->rule_count; r++) {
    int64_t difference;
    unsigned forms;
    const struct profile_rule *rule = &x->rules[r];
    if (rule->kind != RULE_KNOWN_DIFFERENCE || strcmp(rule->published, t->of) != 0 ||
        form_money(span_of(rule->means), x->scale, &difference, &forms))
      continue;
    if (t->sum - t->declared == difference) return true;
  }
  return false;
}

static void refuse_total(struct published_file *p, const struct control_total *t) {
  struct money *m = p->m;
  struct text of = {0}, declared = {0}, differs = {0}, sum = {0};
  struct error why;
  bool is_more = t->sum < t->declared;
  text_add(&of, t->of[0] ? " of " : "");
  text_add(&of, t->of);
  text_add_money(&declared, t->declared);
  text_add_money(&differs, is_more ? t->declared - t->sum : t->sum - t->declared);
  text_add_money(&sum, t->sum);
  const char *column = heading(p, MEANS_AMOUNT);
  if (m->call->options.partial) { /* reported, although no row is refused for it */
    struct span value = span_make(declared.bytes, declared.size);
    if (is_more)
      refuse(&why, PUBLISHED_TOTAL_MORE, of.bytes, declared.bytes, differs.bytes, sum.bytes);
    else refuse(&why, PUBLISHED_TOTAL_LESS, of.bytes, declared.bytes, differs.bytes, sum.bytes);
    rejects_add(m->call->rejects, money_shown_path(m), t->line & (SHEET_LINES - 1), column, value,
                why.message, &why.refusal);
    bulk_reject(m->bulk, m->file, t->line, column, value, why.message);
  } else if (!m->total_refusal.code) {
    if (is_more)
      refuse_at(&m->total_refusal, column, PUBLISHED_TOTAL_MORE_OF_CALL, of.bytes, declared.bytes,
                differs.bytes, sum.bytes);
    else
      refuse_at(&m->total_refusal, column, PUBLISHED_TOTAL_LESS_OF_CALL, of.bytes, declared.bytes,
                differs.bytes, sum.bytes);
    error_at(&m->total_refusal, money_shown_path(m), t->line & (SHEET_LINES - 1), NULL);
  }
  text_release(&of);
  text_release(&declared);
  text_release(&differs);
  text_release(&sum);
}

/* Adds a remark to the lines of a group whose published total differs, as the profile says. */
static void remark(struct published_file *p, const struct control_total *t) {
  struct text s = {0};
  text_add(&s, "the published total is ");
  text_add_pounds(&s, t->declared);
  text_add(&s, ", its lines add to ");
  text_add_pounds(&s, t->sum);
  const char *words = arena_copy(p->arena, s.bytes, s.size);
  text_release(&s);
  for (int i = 0; i < p->row_count; i++)
    if (strcmp(p->rows[i].group, t->of) == 0) p->rows[i].remark = words;
}

/* Also what was taken off its rows. */
static int64_t sum_group(const struct published_file *p, const char *of, int64_t *vat) {
  int64_t sum = 0;
  *vat = 0;
  for (int i = 0; i < p->row_count; i++) { /* the whole did not pass 64 bits, so no part does */
    if (strcmp(p->rows[i].group, of) != 0) continue;
    (void)money_add(sum, p->rows[i].amount, &sum);
    (void)money_add(*vat, p->rows[i].vat, vat);
  }
  return sum;
}

/* A total without VAT of its own, below rows that have some, may be of what they are with VAT: it
 * is where it equals that to the penny. Then it is held as they are, without. */
static void try_with_vat(struct control_total *t, int64_t group_vat) {
  const struct {
    int64_t sum, vat;
  } of[] = {{t->sum, group_vat}, {t->sum_to, t->vat_to}, {t->sum_since, t->vat_since}};
  const int most = t->of[0] ? 1 : 3;
  for (int i = 0; i < most && t->vat_unsaid && t->sum != t->declared; i++) {
    int64_t with = 0;
    if (!of[i].vat || !money_add(of[i].sum, of[i].vat, &with) || with != t->declared) continue;
    t->vat = of[i].vat;
    t->declared = t->sum = of[i].sum;
  }
}

/* Decides whether amounts alone in a row are totals. One is, if it equals the sum of its group;
 * where there are several, or rows below it, the sum of all rows above it, or of those since the
 * previous total. */
static void refuse_bare(struct published_file *p, const struct control_total *t) {
  struct text value = {0};
  struct error why;
  text_add_money(&value, t->declared);
  refuse_code(&why, REFUSAL_PUBLISHED_AMOUNT_ALONE);
  p->m->result.rows++;
  money_refuse(p->m, t->line, heading(p, MEANS_AMOUNT), span_make(value.bytes, value.size), &why,
               false, 0);
  text_release(&value);
}

static void compare_totals(struct published_file *p) {
  struct decisions *d = &p->m->decisions;
  for (int i = p->first_total; i < d->total_count; i++) {
    struct control_total *t = &d->totals[i];
    bool alone = true;
    int64_t vat = 0;
    for (int k = p->first_total; k < d->total_count; k++)
      alone &= k == i || strcmp(d->totals[k].of, t->of) != 0;
    t->sum = sum_group(p, t->of, &vat);
    try_with_vat(t, vat);
    if (t->sum != t->declared && !alone && !t->of[0])
      t->sum = t->declared == t->sum_since ? t->sum_since : t->sum_to;
    else if (t->declared == t->sum_to && !t->of[0]) t->sum = t->sum_to;
    t->agrees = t->sum == t->declared;
    t->known = !t->agrees && known_difference(p, t);
    if (t->known) remark(p, t);
    else if (!t->agrees && t->bare) refuse_bare(p, t);
    else if (!t->agrees) refuse_total(p, t);
  }
  int kept = p->first_total;
  for (int i = kept; i < d->total_count; i++)
    if (!d->totals[i].bare || d->totals[i].agrees) d->totals[kept++] = d->totals[i];
  d->total_count = kept;
}

/* ---- the rows ---- */

/* Whether the cells that make a row a payment are what they should be, so that no comma was lost or
 * added before them. */
static bool reads_as_payment(const struct published_file *p, const struct record_cells *r) {
  char form[FORM_SIZE];
  day_t day;
  int64_t pence;
  unsigned forms;
  const struct layout *l = &p->layout;
  struct span when = text_of(p, r, MEANS_DATE);
  bool dated = form_day(when, l->profile->month_first, &day, form) || form_month(when, &day, form);
  return (dated || !l->column_count[MEANS_DATE]) &&
         !form_money(text_of(p, r, MEANS_AMOUNT), 1, &pence, &forms);
}

/* Cells beyond the header that repeat at one width are a column without a heading. A text that is
 * kept and stands last may be cut by a comma of its own: then only if most rows have such cells. */
static bool is_unnamed_column(const struct published_file *p, const struct record_cells *r) {
  const struct layout *l = &p->layout;
  int rows = p->beyond[record_width(r)], last = l->width - 1;
  bool text_last = false;
  for (int m = 0; m < MEANS_NOTHING; m++)
    for (int i = 0; i < l->column_count[m]; i++)
      text_last |= l->column[m][i] == last && m != MEANS_DATE && m != MEANS_AMOUNT;
  return rows >= 2 && (!text_last || rows * 2 > p->count) && reads_as_payment(p, r);
}

static void count_beyond(struct published_file *p) {
  for (int i = 0; i < p->count; i++) {
    int width = record_width(&p->records[i]);
    if (i != p->header && width > p->head.count) p->beyond[width]++;
  }
}

/* A row has a cell for every heading and no further ones; otherwise a divider is missing, or there
 * is one too many. A file that was recognised may end its rows early, where what it needs is
 * there. */
static enum status check_width(struct published_file *p, const struct record_cells *r,
                               struct error *why) {
  const struct layout *l = &p->layout;
  if (r->count < l->width) {
    if (!l->profile->recognised || !reads_as_payment(p, r) || !text_of(p, r, MEANS_SUPPLIER).size)
      return refuse(why, PUBLISHED_FIELDS_FEW, r->count, l->width);
    p->m->decisions.short_rows++;
  }
  for (int c = 0; c < r->count; c++) {
    bool beyond = c >= p->head.count;
    if (!r->cells[c].size || (!beyond && !l->padding[c])) continue;
    if (beyond && !is_unnamed_column(p, r))
      return refuse(why, PUBLISHED_FIELDS_MANY, r->count, l->width);
    p->m->decisions.text_in_padding++;
  }
  return DONE;
}

/* The form of the first day of the file; empty: none was read. */
static const char *day_form_of(const struct published_file *p) {
  return p->m->decisions.day_form_count ? p->m->decisions.day_forms[0].form : "";
}

static enum status read_day(struct published_file *p, const struct record_cells *r, struct span day,
                            struct sound_row *row, struct error *why) {
  const struct profile *x = p->layout.profile;
  struct money *m = p->m;
  enum meaning meaning = m->budget ? MEANS_YEAR : MEANS_DATE;
  struct span text = text_of(p, r, meaning);
  char form[FORM_SIZE];
  int year;
  struct error ignored = {0};
  if (!text.size && money_day_missing(m, &row->day)) {
    row->stood_in = !m->budget;
    if (m->call->options.date == DAY_NONE) m->decisions.day_from = m->day_from;
    return DONE;
  }
  if (!text.size)
    return refuse(why, PUBLISHED_VALUE_WRONG, SHOWN(day),
                  N_("holds no day; give --date DAY, which is then marked as not published"));
  if (m->budget) {
    if (year_parse(text, &year, &ignored) != DONE)
      return refuse(why, PUBLISHED_VALUE_WRONG, SHOWN(day),
                    N_("is not a financial year; such are written 2024-25"));
    row->day = year_first_day(YEAR_FINANCIAL, year);
    return DONE;
  }
  bool month = false;
  if (!form_day(text, x->month_first, &row->day, form)) month = form_month(text, &row->day, form);
  if (!month && !form_day(text, x->month_first, &row->day, form))
    return refuse(why, PUBLISHED_DAY_WRONG, SHOWN(day),
                  profile_day_example(x, *day_form_of(p) ? day_form_of(p) : "yyyy-mm-dd", form));
  row->stood_in = month;
  bool known = x->recognised;
  for (int i = 0; i < x->rule_count; i++)
    known |= x->rules[i].kind == RULE_DATE && strcmp(x->rules[i].means, form) == 0;
  if (known) {
    decisions_note_form(&m->decisions, form);
    return DONE;
  }
  return refuse(why, PUBLISHED_DAY_FORM, SHOWN(day), form);
}

/* Whether a row has neither payee nor day. */
static bool names_nobody(const struct published_file *p, const struct record_cells *r) {
  if (r->count < p->layout.width) return false;
  enum meaning when = p->m->budget ? MEANS_YEAR : MEANS_DATE,
               what = p->m->budget ? MEANS_STREAM : MEANS_SUPPLIER;
  return !text_of(p, r, when).size && !text_of(p, r, what).size;
}

/* Posts or refuses a payment or allocation. One with a field too few waits for the file's total,
 * until it is looked at again (`mended`). */
static void take_record(struct published_file *p, const struct record_cells *r, bool mended) {
  struct money *m = p->m;
  struct sound_row row = {.record = r};
  struct error why;
  struct span amount = text_of(p, r, MEANS_AMOUNT);
  if (!mended && r->count < p->layout.width && r->count + COMMAS_LOST >= p->layout.width &&
      !reads_as_payment(p, r)) {
    array_reserve(p->broken, p->broken_capacity, p->broken_count + 1);
    p->broken[p->broken_count++] = r;
    return;
  }
  m->result.rows++;
  if (check_width(p, r, &why) != DONE) {
    money_refuse(m, r->line, NULL, record_cell(r, 0), &why, false, 0);
    return;
  }
  if (take_amount(p, amount, &row.amount, &why) != DONE) {
    money_refuse(m, r->line, heading(p, MEANS_AMOUNT), amount, &why, false, 0);
    return;
  }
  row.vat = row.amount;
  if (take_vat_off(p, r, true, &row.amount, &why) != DONE) {
    money_refuse(m, r->line, heading(p, MEANS_VAT), text_of(p, r, MEANS_VAT), &why, false, 0);
    return;
  }
  row.vat -= row.amount; /* take_vat_off has subtracted it without an overflow */
  p->rows_summed++;
  if (!money_add(p->sum, row.amount, &p->sum) ||
      !money_add(p->sum_since, row.amount, &p->sum_since) || !money_add(p->vat, row.vat, &p->vat) ||
      !money_add(p->vat_since, row.vat, &p->vat_since)) {
    refuse(&why, FILE_SUM_TOO_LARGE);
    money_refuse(m, r->line, heading(p, MEANS_AMOUNT), amount, &why, false, 0);
    return;
  }
  array_reserve(p->rows, p->row_capacity, p->row_count + 1);
  row.group = group_of(p, r);
  int supplier = p->layout.column_count[MEANS_SUPPLIER] ? p->layout.column[MEANS_SUPPLIER][0] : 64;
  if (supplier < 64) m->decisions.trimmed_names += (r->trimmed >> supplier) & 1;
  enum meaning meaning = m->budget ? MEANS_YEAR : MEANS_DATE;
  struct span day = record_cell(r, p->layout.column_count[meaning] ? p->layout.column[meaning][0]
                                                                   : -1);
  if (read_day(p, r, day, &row, &why) != DONE) {
    const char *column = heading(p, meaning);
    money_refuse(m, r->line, column ? column : meaning_words[meaning], day, &why, true, row.amount);
    row.record = NULL;
  }
  p->rows[p->row_count++] = row;
}

/* Whether the row is a note of the publisher: of a file whose rows have days, a text or two with
 * neither day nor amount. */
static bool is_note(const struct published_file *p, const struct record_cells *r) {
  return p->layout.profile->recognised && p->layout.column_count[MEANS_DATE] &&
         record_filled(r) <= 2 && !text_of(p, r, MEANS_DATE).size &&
         !text_of(p, r, MEANS_AMOUNT).size;
}

/* Whether a record soon below the header is a header too: some ledgers write one with their own
 * names and one for people. */
static bool is_second_header(const struct published_file *p, int index) {
  enum { NEAR = 4 };
  return p->layout.profile->recognised && index > p->header && index <= p->header + NEAR &&
         recognised_header(p->m->headings, &p->records[index]);
}

/* Decides what a record is: blank, the header again, of another block, a note, a total, or a
 * row. */
static void sort_record(struct published_file *p, const struct record_cells *r) {
  struct decisions *d = &p->m->decisions;
  const struct profile *x = p->layout.profile;
  int64_t declared = 0, vat = 0;
  const struct span amount = text_of(p, r, MEANS_AMOUNT);
  if (repeats_header(p, r)) d->repeated_headers++;
  else if (!row_is_kept(&p->layout, r) || row_any_rule(&p->layout, r, RULE_LEAVE_OUT))
    d->left_out++;
  else if (is_total(p, r)) {
    if (!amount.size && profile_says_absent(x, MEANS_AMOUNT, amount)) d->not_published_rows++;
    else if (!read_total(p, r, &declared, &vat))
      take_record(p, r, false); /* take_record refuses it */
    else add_total(p, r, declared, vat, false);
  } else if (!amount.size && profile_says_absent(x, MEANS_AMOUNT, amount)) d->not_published_rows++;
  else if (is_bare(p, r) && read_total(p, r, &declared, &vat)) add_total(p, r, declared, vat, true);
  else if ((!amount.size && names_nobody(p, r)) || is_note(p, r)) d->rows_without_payment++;
  else take_record(p, r, false);
}

/* Finds where the rows begin: after the header, or, where the header is below them (the last line
 * of some files), at the first record with more than one cell. So a damaged row above the sound
 * ones is refused, and not taken for a title. */
static int first_row(const struct published_file *p) {
  bool above = true;
  for (int i = p->header + 1; i < p->count; i++) above &= record_is_blank(&p->records[i]);
  for (int i = 0; i < p->header; i++) {
    int64_t pence;
    unsigned forms;
    if (!form_money(text_of(p, &p->records[i], MEANS_AMOUNT), 1, &pence, &forms) &&
        !names_nobody(p, &p->records[i]))
      above = true;
  }
  for (int i = 0; above && i < p->header; i++)
    if (record_filled(&p->records[i]) > 1) return i;
  return p->header + 1;
}

static void sort_records(struct published_file *p) {
  int from = first_row(p);
  for (int i = 0; i < p->count; i++) {
    if (i == p->header) continue;
    if (record_is_blank(&p->records[i])) p->m->decisions.blank_rows++;
    else if (i < from && !is_bare(p, &p->records[i])) p->m->decisions.rows_before_header++;
    else if (is_second_header(p, i)) p->m->decisions.repeated_headers++;
    else sort_record(p, &p->records[i]);
  }
}

/* ---- commas that were lost ---- */

/* What the total that is of all rows is more than them; false where there is none. */
static bool gap_of_total(const struct published_file *p, int64_t *gap) {
  const struct decisions *d = &p->m->decisions;
  const int own = d->total_count - p->first_total;
  return own == 1 && !d->totals[p->first_total].of[0] &&
         money_add(d->totals[p->first_total].declared, -p->sum, gap);
}

/* Puts commas back where the total then ties, and in one way only. */
static bool mend(struct published_file *p) {
  const int n = p->broken_count;
  int64_t gap;
  int left = COMMA_TRIES;
  if (!n || p->m->budget || !gap_of_total(p, &gap)) return false;
  struct comma_place **places = arena_array(p->arena, struct comma_place *, n);
  int *count = arena_array(p->arena, int, n), *choice = arena_array(p->arena, int, n);
  struct comma_place found[COMMA_PLACES];
  for (int i = 0; i < n; i++) {
    count[i] = commas_places(&p->layout, p->broken[i], day_form_of(p), &left, p->arena, found);
    if (!count[i]) return false;
    places[i] = arena_array(p->arena, struct comma_place, count[i]);
    memcpy(places[i], found, (size_t)count[i] * sizeof *found);
  }
  if (!commas_choose(places, count, n, gap, choice)) return false;
  for (int i = 0; i < n; i++) take_record(p, &places[i][choice[i]].record, true);
  p->m->decisions.commas_put_back += n;
  return true;
}

static void mend_commas(struct published_file *p) {
  if (!mend(p))
    for (int i = 0; i < p->broken_count; i++) take_record(p, p->broken[i], true);
}

static int by_line(const void *a, const void *b) {
  const struct record_cells *x = ((const struct sound_row *)a)->record,
                            *y = ((const struct sound_row *)b)->record;
  const uint64_t line_x = x ? x->line : 0, line_y = y ? y->line : 0;
  return (line_x > line_y) - (line_x < line_y);
}

/* In the order of the file, which mended rows are not in. */
static enum status post_rows(struct published_file *p, struct error *err) {
  enum status status = DONE;
  struct money_row row = {0};
  if (p->broken_count) array_sort(p->rows, p->row_count, by_line);
  for (int i = 0; i < MEANS_COUNT; i++) row.column[i] = heading(p, (enum meaning)i);
  for (int i = 0; status == DONE && i < p->row_count; i++) {
    const struct sound_row *sound = &p->rows[i];
    if (!sound->record) continue;
    row.line = sound->record->line;
    row.amount = sound->amount;
    row.day = sound->day;
    row.stood_in = sound->stood_in;
    row.remark = sound->remark;
    for (int k = 0; k < MEANS_NOTHING; k++)
      row.text[k] = text_of(p, sound->record, (enum meaning)k);
    status = money_take(p->m, &row, err);
  }
  return status;
}

enum status published_look(struct money *m, const char *path, struct sheet_look *out,
                           struct error *err) {
  struct published_file p = {.m = m, .arena = arena_new()};
  struct records records = {0};
  struct table_raw *raw = NULL;
  enum status status = table_raw_open(&raw, path, err);
  if (status == DONE) status = records_read(&records, raw, NULL, 0, p.arena, err);
  p.records = records.all;
  p.count = records.count;
  *out = (struct sheet_look){.records = records.count};
  if (status == DONE) {
    const struct profile *other = NULL, *best = find_kept(&p);
    struct recognised r = {.header_index = -1};
    if (!best) best = find_profile(&p, &other);
    p.head = best ? p.records[p.header] : (struct record_cells){0};
    if (!best && !m->given_profile && !m->budget) {
      recognise(m->headings, p.records, p.count, p.arena, &r);
      if (r.profile && !r.question) best = r.profile, p.head = r.header;
    }
    out->header = best &&
                  profile_knows(best, &p.head, (struct stand_ins){true, true}, p.arena, &p.layout);
    out->day = out->header && p.layout.column_count[MEANS_DATE] > 0;
  }
  table_raw_close(raw);
  records_free(&records);
  arena_free(p.arena);
  return status;
}

enum status published_read(struct money *m, struct table_raw *raw, const struct record_cells *first,
                           struct error *err) {
  struct published_file p = {.m = m, .arena = m->file_arena};
  struct records records = {0};
  arena_reset(p.arena);
  enum status status = records_read(&records, raw, first, m->line_base, p.arena, err);
  p.records = records.all;
  p.count = records.count;
  if (status == DONE) status = find_header(&p, err);
  if (status == DONE) {
    m->decisions.published = true;
    m->decisions.header_line = p.header >= 0 ? p.records[p.header].line : 0;
    m->decisions.read += p.count;
    m->decisions.headers += p.header >= 0;
    m->decisions.scale = m->profile->scale;
    m->decisions.windows_1252_cells = (int64_t)table_raw_converted_count(raw);
    for (int c = 0; c < p.layout.width; c++) m->decisions.padding_columns += p.layout.padding[c];
    count_beyond(&p);
    p.first_total = m->decisions.total_count;
    sort_records(&p);
    mend_commas(&p);
    compare_totals(&p);
    status = post_rows(&p, err);
  }
  free(p.broken);
  free(p.rows);
  records_free(&records);
  return status;
}
