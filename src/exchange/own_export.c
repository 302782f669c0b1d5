/* In this order: opening; the header; who a row is about; its other fields; sorting records; the
 * file; the questions. */
#include "exchange/own_export.h"

#include "base/json.h"
#include "base/money.h"
#include "base/refusal.h"
#include "book/entry_input.h"
#include "exchange/columns.h"
#include "exchange/forms.h"
#include "exchange/import_bulk.h"
#include "exchange/kept_profiles.h"
#include "exchange/own_units.h"
#include "exchange/plain.h"
#include "exchange/row_rules.h"
#include "exchange/sheet_out.h"

#include <stdlib.h>
#include <sys/stat.h>

enum { CANDIDATES = 60, MONTHS_A_CENTURY = 1200 };

struct own_exports {
  struct own_setting is;
  struct profiles profiles;  /* those of kind entries */
  struct kept_profiles kept; /* of the book */
  const struct profile *given;
  struct kept_profile *answer; /* null: `given` is not kept */
  const struct body *stand_in; /* --body, else whose files --profile says that it reads */
  struct pack_name_words *words;
  struct person_index *index; /* null until a file has names */
  struct person_decisions decisions;
  struct import_question *questions;
  struct person_decision *asked; /* as they are kept, by index of questions */
  int question_count, question_capacity, asked_capacity;
  struct map question_of; /* by its text */
};

/* How many of each; whose word in the summary is the same. */
struct own_counts {
  int64_t above_header, repeated_headers, blank, left_out, totals, posted_before, sheets_left_out;
  int64_t by_number, by_name, by_decision, unsure, none, refused;
};

struct own_file {
  struct own_exports *own;
  const struct own_taker *taker;
  struct arena *arena;
  const char *path;
  const struct record_cells *records; /* of the current sheet */
  int count, header;                  /* header -1: that of a sheet before */
  struct record_cells head;           /* count 0: none was found yet */
  const struct profile *profile;
  struct layout layout;
  uint64_t head_line;
  int read_count; /* sheets read */
  const struct plain_part *last_shown;
  const char *left[SHEETS_MAX]; /* names of sheets left out, and why */
  int left_count;
  const struct body *body; /* of the current row; null: none */
  struct own_row row;
  int column[ENTRIES_COLUMNS]; /* of the file; -1: none */
  struct person_told told;     /* of the current row */
  struct text amount, quantity, person, name;
  char day[11];
  int64_t sum;       /* of amounts, also of rows that were posted before */
  int64_t sheet_sum; /* where the sheet begins */
  int64_t passed;    /* of rows that were posted before */
  struct own_counts counts;
  struct own_result *result;
};

/* ---- opening ---- */

const struct kept_profile *own_exports_answer(const struct own_exports *own) { return own->answer; }

enum status own_exports_open(struct own_exports **out, const struct own_setting *setting,
                             struct error *err) {
  const struct import_call *call = setting->call;
  struct own_exports *own = arena_alloc(call->arena, sizeof *own);
  struct profiles *all = NULL;
  const struct profiles *kept = &own->kept.readable;
  struct profile *given = NULL;
  *own = (struct own_exports){.is = *setting, .question_of = {.arena = call->arena}};
  *out = own;
  enum status status = profiles_read(&all, call->pack->dir, call->arena, err);
  if (status == DONE)
    status = kept_profiles_read(call->store, setting->bodies, "entries", call->arena, &own->kept,
                                err);
  if (status == DONE && call->options.profile)
    status = profile_read_file(&given, call->options.profile, call->arena, err);
  if (status != DONE) return status;
  own->given = given;
  if (given && !given->people)
    return refuse(err, PROFILE_OF_ANOTHER_KIND, given->name, profile_kind_word(given));
  const char *code = call->options.body ? call->options.body : given ? given->publisher : NULL;
  own->stand_in = code ? bodies_by_code(setting->bodies, span_of(code)) : NULL;
  if (call->options.body && !own->stand_in) return refuse(err, BODY_OPTION_UNREGISTERED, code);
  if (given && own->stand_in) {
    status = profile_check_body(given, code, call->options.profile, err);
    if (status == DONE && (call->options.preview || call->options.previewed))
      status = import_answer(call, own->stand_in, given, &own->answer, err);
    if (status != DONE) return status;
  }
  own->profiles.all = arena_array(call->arena, struct profile, all->count + kept->count + 1);
  for (int i = 0; i < kept->count; i++) own->profiles.all[own->profiles.count++] = kept->all[i];
  for (int i = 0; i < all->count; i++)
    if (all->all[i].people) own->profiles.all[own->profiles.count++] = all->all[i];
  return DONE;
}

/* ---- the header ---- */

/* A profile that the book keeps of a body reads that body's files only. */
static bool may_read(const struct own_exports *own, const struct profile *profile) {
  return !profile->body || !own->stand_in || profile->body == own->stand_in->id;
}

/* `only`: the profile by which a sheet before was read; null: any. */
static bool find_header(const struct own_exports *own, const struct profile *only,
                        const struct record_cells *records, int count,
                        const struct profile **profile, int *header) {
  const struct stand_ins given = {true, own->is.call->options.date != DAY_NONE};
  struct arena *scratch = arena_new();
  struct layout layout;
  if (!only) only = own->given;
  const int profiles = only ? 1 : own->profiles.count;
  *profile = NULL;
  for (int i = 0; i < count && i < CANDIDATES && !*profile; i++)
    for (int k = 0; k < profiles && !*profile; k++) {
      const struct profile *one = only ? only : &own->profiles.all[k];
      if (!may_read(own, one) || !profile_knows(one, &records[i], given, scratch, &layout))
        continue;
      *profile = one;
      *header = i;
    }
  arena_free(scratch);
  return *profile;
}

static bool is_regular(const char *path) {
  struct stat info;
  return strcmp(path, "-") != 0 && stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

/* Whether a profile knows a header among the first records of the sheet, or of the file. */
static bool part_is(const struct own_exports *own, const char *path) {
  const struct profile *profile = NULL;
  struct record_cells records[CANDIDATES];
  struct table_raw *raw = NULL;
  struct span *fields = NULL;
  int count = 0, header = 0, width = 0;
  uint64_t line = 0;
  struct arena *arena = arena_new();
  struct error ignored = {0}; /* the reader of our own form says what is wrong */
  enum status status = table_raw_open(&raw, path, &ignored);
  while (status == DONE && count < CANDIDATES) {
    status = table_raw_next(raw, &fields, &width, &line, &ignored);
    if (status != DONE || width < 0) break;
    struct record_cells *r = &records[count++];
    *r = (struct record_cells){arena_array(arena, struct span, width + 1), width, line, 0};
    for (int c = 0; c < width; c++)
      r->cells[c] =
          span_trim(span_make(arena_copy(arena, fields[c].bytes, fields[c].size), fields[c].size));
  }
  if (raw) table_raw_close(raw);
  const bool is = find_header(own, NULL, records, count, &profile, &header);
  arena_free(arena);
  return is;
}

bool own_export_is(const struct own_exports *own, const char *path) {
  struct plain plain = {0};
  if (own->given || !own->profiles.count || !is_regular(path)) return own->given;
  struct arena *arena = arena_new();
  struct error ignored = {0};
  const uint64_t most = own->is.call->options.unpacked_most;
  bool is = false;
  if (plain_open(&plain, path, most, arena, &ignored) == DONE) {
    is = !plain.count && part_is(own, path);
    for (int i = 0; i < plain.count && !is; i++)
      is = !plain.parts[i].hidden && part_is(own, plain.parts[i].path);
  }
  plain_close(&plain);
  arena_free(arena);
  return is;
}

static enum status refuse_header(const struct own_file *f, const char *path, struct error *err) {
  const struct own_exports *own = f->own;
  struct text why = {0};
  uint64_t line = 1;
  const struct stand_ins given = {true, own->is.call->options.date != DAY_NONE};
  profile_unlike(own->given, f->records, f->count < CANDIDATES ? f->count : CANDIDATES, given,
                 f->arena, &why, &line);
  refuse(err, OWN_PROFILE_UNLIKE, own->given->name, why.bytes ? why.bytes : "it is empty", path);
  text_release(&why);
  return error_at(err, path, line, NULL);
}

/* ---- who ---- */

static struct span text_of(const struct own_file *f, const struct record_cells *r,
                           enum meaning meaning) {
  return row_text(&f->layout, f->arena, r, meaning);
}

static const char *heading(const struct own_file *f, enum meaning meaning) {
  const struct layout *l = &f->layout;
  if (!l->column_count[meaning]) return NULL;
  const struct span s = f->head.cells[l->column[meaning][0]];
  return s.size && s.size < ERROR_COLUMN_SIZE ? arena_copy(f->own->is.call->arena, s.bytes, s.size)
                                              : meaning_words[meaning];
}

/* The first of these that the file has. */
static enum meaning tells_person(const struct own_file *f) {
  const int *count = f->layout.column_count;
  return count[MEANS_PERSON] ? MEANS_PERSON : count[MEANS_NAME] ? MEANS_NAME : MEANS_SURNAME;
}

/* Its heading; else our own name of it. */
static const char *heading_of_person(const struct own_file *f) {
  const char *told = heading(f, tells_person(f));
  return told ? told : "person";
}

static bool has_names(const struct layout *l) {
  return l->column_count[MEANS_NAME] || l->column_count[MEANS_SURNAME];
}

static enum status load_people(struct own_exports *own, struct error *err) {
  const struct import_call *call = own->is.call;
  if (own->index) return DONE;
  enum status status = pack_name_words_read(&own->words, call->pack->dir, call->arena, err);
  if (status == DONE)
    status = person_index_read(&own->index, call->store, own->words, call->arena, err);
  return status == DONE
             ? person_decisions_read(&own->decisions, call->store, own->words, call->arena, err)
             : status;
}

/* The forms of days that the profile names; one of another form is refused, as in published
 * files. */
static enum status read_day(const struct own_file *f, struct span text, day_t *day,
                            struct error *why) {
  const struct profile *x = f->layout.profile;
  char form[FORM_SIZE];
  bool known = false;
  const struct span shown = span_cut(text, 60);
  if (!form_day(text, x->month_first, day, form))
    return refuse(why, PUBLISHED_DAY_WRONG, SPAN(shown),
                  profile_day_example(x, "yyyy-mm-dd", form));
  for (int i = 0; i < x->rule_count; i++)
    known |= x->rules[i].kind == RULE_DATE && strcmp(x->rules[i].means, form) == 0;
  return known ? DONE : refuse(why, PUBLISHED_DAY_FORM, SPAN(shown), form);
}

/* A year of two digits: it may be of the century before, since nobody is born later than today. */
static bool has_short_year(const struct own_file *f, struct span text) {
  char form[FORM_SIZE];
  day_t day;
  return form_day(text, f->layout.profile->month_first, &day, form) && !strstr(form, "yyyy");
}

/* The name, birth date and postcode of the row. */
static enum status read_told(struct own_file *f, const struct record_cells *r, struct error *why) {
  const struct span surname = text_of(f, r, MEANS_SURNAME),
                    forename = text_of(f, r, MEANS_FORENAME), born = text_of(f, r, MEANS_BORN);
  f->told = (struct person_told){.name = text_of(f, r, MEANS_NAME),
                                 .born = DAY_NONE,
                                 .postcode = text_of(f, r, MEANS_POSTCODE)};
  if (surname.size) {
    text_clear(&f->name);
    text_add_span(&f->name, surname);
    text_add(&f->name, forename.size ? ", " : "");
    text_add_span(&f->name, forename);
    f->told.name = span_make(f->name.bytes, f->name.size);
  }
  if (!born.size) return DONE;
  if (read_day(f, born, &f->told.born, why) != DONE)
    return error_at(why, NULL, 0, heading(f, MEANS_BORN));
  if (f->told.born > day_today() && has_short_year(f, born))
    f->told.born = day_months_after(f->told.born, -MONTHS_A_CENTURY);
  return DONE;
}

/* The scheme of the numbers in a column: of the rule that names its heading, else of one that names
 * none; null: none says. */
static const char *scheme_of(const struct own_file *f, int column) {
  const struct profile *x = f->layout.profile;
  const char *any = NULL;
  for (int i = 0; i < x->rule_count; i++) {
    if (x->rules[i].kind != RULE_SCHEME) continue;
    if (f->layout.rule_column[i] == column) return x->rules[i].means;
    if (!x->rules[i].key[0] && !any) any = x->rules[i].means;
  }
  return any;
}

/* The number as a reference: `nhs:9434765919`; of several columns of numbers the first that has
 * one. Empty where the row has none. */
static struct span number_of(struct own_file *f, const struct record_cells *r) {
  const struct layout *l = &f->layout;
  struct span number = span_of("");
  const char *scheme = NULL;
  for (int i = 0; i < l->column_count[MEANS_PERSON] && !number.size; i++) {
    number = record_cell(r, l->column[MEANS_PERSON][i]);
    if (profile_says_absent(l->profile, MEANS_PERSON, number)) number = span_of("");
    scheme = scheme_of(f, l->column[MEANS_PERSON][i]);
  }
  if (!number.size || !scheme) return number;
  text_clear(&f->person);
  text_addf(&f->person, "%s:", scheme);
  text_add_span(&f->person, number);
  return span_make(f->person.bytes, f->person.size);
}

static void add_question(struct own_file *f, const struct person_found *found) {
  struct own_exports *own = f->own;
  struct arena *arena = own->is.call->arena;
  char born[11] = "";
  struct text how = {0};
  if (f->told.born != DAY_NONE) day_write(f->told.born, born);
  const char *body = f->body ? f->body->code : "";
  const struct span key = span_of(arena_printf(arena, "%s|" SPAN_FORMAT "|%s|" SPAN_FORMAT "|%s",
                                               body, SPAN(f->told.name), born,
                                               SPAN(f->told.postcode), found->code));
  const int64_t at = map_get(&own->question_of, key);
  if (at >= 0) {
    own->questions[at].rows++;
    return;
  }
  person_agrees_write(&how, &found->how);
  const int n = own->question_count++;
  map_set(&own->question_of, key, n);
  arena_reserve(arena, own->questions, own->question_capacity, own->question_count);
  arena_reserve(arena, own->asked, own->asked_capacity, own->question_count);
  own->questions[n] = (struct import_question){
      .body = body,
      .name = arena_copy(arena, f->told.name.bytes, f->told.name.size),
      .born = arena_string(arena, born),
      .postcode = arena_copy(arena, f->told.postcode.size ? f->told.postcode.bytes : "",
                             f->told.postcode.size),
      .person = found->code,
      .how = text_take(arena, &how),
      .rows = 1};
  own->asked[n] = (struct person_decision){.body = f->body ? f->body->id : 0,
                                           .person = found->person,
                                           .name = own->questions[n].name,
                                           .born = f->told.born,
                                           .postcode = own->questions[n].postcode,
                                           .how = own->questions[n].how,
                                           .answer = ANSWER_OPEN};
}

/* Who may be meant is told to those who decide it, not to whoever reads what was refused. */
static enum status refuse_unsure(struct own_file *f, const struct person_found *found, int count,
                                 struct error *why) {
  for (int i = 0; i < count; i++) add_question(f, &found[i]);
  refuse(why, ROW_PERSON_UNSURE);
  return error_at(why, NULL, 0, heading_of_person(f));
}

static enum status find_by_name(struct own_file *f, struct error *why) {
  struct person_found found[PERSON_FOUND_MOST];
  bool decided = false;
  int count = 0;
  const enum person_is is = person_resolve(f->own->index, &f->own->decisions,
                                           f->body ? f->body->id : 0, &f->told, found, &count,
                                           &decided);
  if (is == PERSON_UNSURE) {
    f->counts.unsure++;
    return refuse_unsure(f, found, count, why);
  }
  if (is == PERSON_NONE) {
    f->counts.none++;
    if (decided) return refuse_at(why, heading_of_person(f), ROW_PERSON_NONE_MEANT);
    return refuse_at(why, heading_of_person(f), ROW_PERSON_NONE);
  }
  if (decided) f->counts.by_decision++;
  else f->counts.by_name++;
  text_clear(&f->person);
  text_addf(&f->person, "id:%s", found[0].code);
  f->row.field[ENTRY_PERSON] = span_make(f->person.bytes, f->person.size);
  return DONE;
}

/* A number that is one person's, beside the name and birth date of another. */
static enum status check_number(struct own_file *f, int64_t record, struct error *why) {
  struct person_agrees how;
  if (!f->told.name.size || !person_index_agrees(f->own->index, record, &f->told, &how) ||
      how.name != NAME_DIFFERS || how.born != BORN_DIFFERS)
    return DONE;
  return refuse_at(why, heading_of_person(f), ROW_PERSON_DIFFERS);
}

static enum status find_person(struct own_file *f, const struct record_cells *r,
                               struct error *why) {
  const struct span number = number_of(f, r);
  const bool named = has_names(&f->layout);
  bool differs = false;
  const char *reason = NULL;
  f->told = (struct person_told){.name = span_of(""), .born = DAY_NONE};
  enum status status = named ? read_told(f, r, why) : DONE;
  if (status != DONE) return status;
  f->row.field[ENTRY_PERSON] = number;
  const struct directory_person *person =
      number.size ? directory_person(f->own->is.people, number, &differs, &reason) : NULL;
  if (person) {
    status = named ? check_number(f, person->id, why) : DONE;
    f->counts.by_number += status == DONE;
    return status;
  }
  if (f->told.name.size) return find_by_name(f, why);
  if (number.size) return DONE; /* the reader of entries says what is wrong with it */
  return refuse_at(why, heading_of_person(f), ROW_PERSON_NOT_TOLD);
}

/* ---- its other fields ---- */

static enum status take_day(struct own_file *f, const struct record_cells *r, struct error *why) {
  const struct span text = text_of(f, r, MEANS_DATE);
  day_t day = f->own->is.call->options.date;
  if (text.size || day == DAY_NONE) {
    enum status status = read_day(f, text, &day, why);
    if (status != DONE)
      return error_at(why, NULL, 0, heading(f, MEANS_DATE) ? heading(f, MEANS_DATE) : "date");
  }
  f->row.field[ENTRY_DATE] = span_of(day_write(day, f->day));
  return DONE;
}

/* A code of ours: what the profile makes of the file's value, else the value itself. */
static struct span code_of(const struct own_file *f, const struct record_cells *r,
                           enum meaning meaning, enum profile_rule_kind kind) {
  const struct span text = text_of(f, r, meaning);
  const char *mapped = profile_mapped(f->layout.profile, kind, text);
  return mapped ? span_of(mapped) : text;
}

static enum status refuse_code_of(const struct own_file *f, const struct record_cells *r,
                                  enum meaning meaning, struct error *why) {
  const char *word = meaning_words[meaning];
  const struct span text = span_cut(text_of(f, r, meaning), 60);
  const char *shown = arena_copy(f->arena, text.size ? text.bytes : "", text.size);
  if (text.size) refuse(why, OWN_VALUE_UNKNOWN, shown, word, word, shown);
  else refuse(why, OWN_VALUE_MISSING, word, word);
  return error_at(why, NULL, 0, heading(f, meaning) ? heading(f, meaning) : word);
}

static enum status take_body(struct own_file *f, const struct record_cells *r, struct error *why) {
  struct span code = code_of(f, r, MEANS_BODY, RULE_BODY);
  if (!code.size && f->own->stand_in) code = span_of(f->own->stand_in->code);
  const struct body *kept = bodies_by_id(f->own->is.bodies, f->layout.profile->body);
  if (!code.size && kept) code = span_of(kept->code);
  f->row.field[ENTRY_BODY] = code;
  f->body = code.size ? bodies_by_code(f->own->is.bodies, code) : NULL;
  return code.size && !f->body ? refuse_code_of(f, r, MEANS_BODY, why) : DONE;
}

static enum status take_amount(struct own_file *f, struct span text, struct error *why) {
  const struct profile *x = f->layout.profile;
  unsigned forms = 0;
  if (!text.size) return DONE;
  const struct span shown = span_cut(text, 60);
  const char *wrong = form_money(text, x->scale, &f->row.amount, &forms);
  if (!wrong && forms & ~x->money_forms)
    wrong = N_("has a form that the profile does not name; add it to the profile, or write "
               "1234.56");
  if (wrong) {
    f->row.amount = 0;
    refuse(why, PUBLISHED_VALUE_WRONG, SPAN(shown), wrong);
    return error_at(why, NULL, 0, heading(f, MEANS_AMOUNT));
  }
  text_clear(&f->amount);
  text_add_money(&f->amount, f->row.amount);
  f->row.field[ENTRY_AMOUNT] = span_make(f->amount.bytes, f->amount.size);
  return DONE;
}

static const char *first_rule(const struct profile *x, enum profile_rule_kind kind) {
  for (int i = 0; i < x->rule_count; i++)
    if (x->rules[i].kind == kind) return x->rules[i].means;
  return NULL;
}

/* What is counted: minutes of time given, else what the service is counted in. Null: it is not
 * counted here, and the reader of entries says why. */
static const char *counted_in(const struct own_file *f, const struct entry_input_category *c,
                              const char **what) {
  const struct codes *codes = f->own->is.codes;
  const struct span code = f->row.field[ENTRY_SERVICE];
  const struct book_service *service = code.size         ? codes_service(codes, code)
                                       : c->only_service ? &codes->services[c->only_service - 1]
                                                         : NULL;
  *what = service ? service->code : c->pack->code;
  if (c->pack->side == SIDE_GIVEN) return "minutes";
  return service ? service->unit : NULL;
}

static enum status take_quantity(struct own_file *f, const struct record_cells *r,
                                 const struct entry_input_category *c, struct error *why) {
  const struct profile *x = f->layout.profile;
  const char *each = first_rule(x, RULE_EACH), *what = NULL;
  const struct span text = text_of(f, r, MEANS_QUANTITY);
  struct own_unit unit = {.to = counted_in(f, c, &what), .from = first_rule(x, RULE_UNIT)};
  struct error ignored;
  if (each && integer_parse(span_of(each), &unit.each, &ignored) != DONE) unit.each = 0;
  if (c->pack->side != SIDE_SERVICE && c->pack->side != SIDE_GIVEN) return DONE;
  if (!unit.to) return DONE;
  unit.what = what;
  if (!unit.from) unit.from = unit.to;
  text_clear(&f->quantity);
  /* a file without such a column has a row for each */
  const struct span counted = f->layout.column_count[MEANS_QUANTITY] ? text : span_of("1");
  const char *column = heading(f, MEANS_QUANTITY);
  if (own_quantity(counted, &unit, &f->quantity, why) != DONE)
    return error_at(why, NULL, 0, column ? column : "quantity");
  f->row.field[ENTRY_QUANTITY] = span_make(f->quantity.bytes, f->quantity.size);
  f->row.field[ENTRY_UNIT] = span_of(unit.to);
  return DONE;
}

static enum status take_what(struct own_file *f, const struct record_cells *r, struct error *why) {
  const struct own_setting *is = &f->own->is;
  const struct span code = code_of(f, r, MEANS_CATEGORY, RULE_CATEGORY);
  const struct pack_category *pack = code.size ? pack_find_category(is->call->pack, code) : NULL;
  struct entry_input_category category;
  if (!pack) return refuse_code_of(f, r, MEANS_CATEGORY, why);
  entry_input_category(&category, pack, is->codes);
  f->row.field[ENTRY_CATEGORY] = code;
  f->row.field[ENTRY_SERVICE] = code_of(f, r, MEANS_SERVICE, RULE_SERVICE);
  if (f->row.field[ENTRY_SERVICE].size && !codes_service(is->codes, f->row.field[ENTRY_SERVICE]))
    return refuse_code_of(f, r, MEANS_SERVICE, why);
  return take_quantity(f, r, &category, why);
}

/* Everything but the amount, which counts in the file's sum also where the rest is refused. */
static enum status take_rest(struct own_file *f, const struct record_cells *r, struct error *why) {
  enum status status = r->count < f->layout.width
                           ? refuse(why, PUBLISHED_FIELDS_FEW, r->count, f->layout.width)
                           : DONE;
  if (status == DONE) status = take_body(f, r, why);
  if (status == DONE) status = take_day(f, r, why);
  if (status == DONE) status = take_what(f, r, why);
  if (status == DONE) status = find_person(f, r, why);
  f->row.field[ENTRY_PLACE] = text_of(f, r, MEANS_PLACE);
  f->row.field[ENTRY_REFERENCE] = text_of(f, r, MEANS_REFERENCE);
  f->row.field[ENTRY_NOTE] = text_of(f, r, MEANS_DESCRIPTION);
  return status;
}

/* ---- records ---- */

static void note_headings(struct own_file *f) {
  static const enum meaning of[ENTRIES_COLUMNS] = {
      [ENTRY_DATE] = MEANS_DATE,         [ENTRY_PERSON] = MEANS_PERSON,
      [ENTRY_CATEGORY] = MEANS_CATEGORY, [ENTRY_AMOUNT] = MEANS_AMOUNT,
      [ENTRY_QUANTITY] = MEANS_QUANTITY, [ENTRY_UNIT] = MEANS_QUANTITY,
      [ENTRY_SERVICE] = MEANS_SERVICE,   [ENTRY_BODY] = MEANS_BODY,
      [ENTRY_PLACE] = MEANS_PLACE,       [ENTRY_REFERENCE] = MEANS_REFERENCE,
      [ENTRY_NOTE] = MEANS_DESCRIPTION,  [ENTRY_ESTIMATED] = MEANS_NOTHING};
  for (int c = 0; c < ENTRIES_COLUMNS; c++) {
    const enum meaning m = c == ENTRY_PERSON ? tells_person(f) : of[c];
    const bool has = m != MEANS_NOTHING && f->layout.column_count[m];
    f->column[c] = has ? f->layout.column[m][0] : -1;
    f->row.heading[c] = has ? heading(f, m) : NULL;
  }
}

/* The cells as the file has them, for whoever looks for a refused one in it. */
static void note_told(struct own_file *f, const struct record_cells *r) {
  for (int c = 0; c < ENTRIES_COLUMNS; c++)
    f->row.told[c] = f->column[c] < 0 ? f->row.field[c] : record_cell(r, f->column[c]);
}

static struct span cell_under(const struct own_file *f, const struct record_cells *r,
                              const char *column) {
  const struct record_cells *head = &f->head;
  for (int c = 0; column && c < head->count; c++)
    if (span_is(head->cells[c], column)) return record_cell(r, c);
  return record_cell(r, 0);
}

static enum status take_record(struct own_file *f, const struct record_cells *r,
                               struct error *err) {
  struct error why = {0};
  f->row.line = r->line;
  f->row.amount = 0;
  for (int c = 0; c < ENTRIES_COLUMNS; c++) f->row.field[c] = span_make("", 0);
  enum status status = take_amount(f, text_of(f, r, MEANS_AMOUNT), &why);
  if (status == DONE && !money_add(f->sum, f->row.amount, &f->sum))
    status = refuse_at(&why, heading(f, MEANS_AMOUNT), FILE_SUM_TOO_LARGE);
  if (f->taker->passes(f->taker->context, r->line)) {
    f->counts.posted_before++;
    f->passed += f->row.amount;
    return DONE;
  }
  f->result->rows++;
  if (status == DONE) status = take_rest(f, r, &why);
  if (status == DONE) {
    note_told(f, r);
    return f->taker->take(f->taker->context, &f->row, err);
  }
  f->counts.refused++;
  f->taker->reject(f->taker->context, r->line, why.column[0] ? why.column : NULL,
                   cell_under(f, r, why.column), &why);
  return DONE;
}

static bool repeats_header(const struct own_file *f, const struct record_cells *r) {
  for (int c = 0; c < f->layout.width; c++)
    if (!span_equal(record_cell(r, c), f->head.cells[c])) return false;
  return true;
}

/* A total that is not the sum of the rows is refused by its own line, and counts as a refused row
 * then, so that rows posted and refused and records left out are all that was read. */
static void check_total(struct own_file *f, const struct record_cells *r) {
  const struct span text = text_of(f, r, MEANS_AMOUNT);
  int64_t declared = 0;
  unsigned forms = 0;
  struct text is = {0}, differs = {0}, sum = {0};
  struct error why;
  const int64_t of_sheet = f->sum - f->sheet_sum;
  f->counts.totals++;
  if (!text.size || form_money(text, f->layout.profile->scale, &declared, &forms) ||
      declared == of_sheet || declared == f->sum || f->taker->passes(f->taker->context, r->line))
    return;
  f->counts.totals--;
  f->counts.refused++;
  f->result->rows++;
  text_add_money(&is, declared);
  text_add_money(&differs, declared > of_sheet ? declared - of_sheet : of_sheet - declared);
  text_add_money(&sum, of_sheet);
  if (declared > of_sheet)
    refuse(&why, PUBLISHED_TOTAL_MORE, "", is.bytes, differs.bytes, sum.bytes);
  else refuse(&why, PUBLISHED_TOTAL_LESS, "", is.bytes, differs.bytes, sum.bytes);
  f->taker->reject(f->taker->context, r->line, heading(f, MEANS_AMOUNT), text, &why);
  text_release(&is);
  text_release(&differs);
  text_release(&sum);
}

static enum status take_records(struct own_file *f, struct error *err) {
  enum status status = DONE;
  if (f->header > 0) f->counts.above_header += f->header;
  for (int i = f->header + 1; status == DONE && i < f->count; i++) {
    const struct record_cells *r = &f->records[i];
    if (record_is_blank(r)) f->counts.blank++;
    else if (repeats_header(f, r)) f->counts.repeated_headers++;
    else if (!row_is_kept(&f->layout, r) || row_any_rule(&f->layout, r, RULE_LEAVE_OUT))
      f->counts.left_out++;
    else if (row_any_rule(&f->layout, r, RULE_TOTAL) && !text_of(f, r, MEANS_DATE).size)
      check_total(f, r);
    else status = take_record(f, r, err);
  }
  return status;
}

/* ---- the file ---- */

static void warn(struct own_file *f, const struct error *why) {
  f->result->warnings[f->result->warning_count++] = import_warning_of(why, f->own->is.call->arena);
}

/* Whether the rows of a sheet without a header may be read by the one before: its days are days. */
static bool agrees_with_before(const struct own_file *f) {
  bool some = false;
  for (int i = 0; i < f->count; i++) {
    const struct record_cells *r = &f->records[i];
    const struct span text = text_of(f, r, MEANS_DATE);
    struct error ignored = {0};
    day_t day;
    if (record_is_blank(r) || !text.size) continue;
    if (record_width(r) > f->layout.width || read_day(f, text, &day, &ignored) != DONE)
      return false;
    some = true;
  }
  return some;
}

static enum meaning meaning_of(const struct own_file *f, int column) {
  for (int m = 0; m < MEANS_NOTHING; m++)
    for (int i = 0; i < f->layout.column_count[m]; i++)
      if (f->layout.column[m][i] == column) return (enum meaning)m;
  return MEANS_NOTHING;
}

static void note_columns(struct own_file *f) {
  struct arena *arena = f->own->is.call->arena;
  f->result->columns = arena_array(arena, struct decided_column, f->head.count + 1);
  f->result->column_count = f->head.count;
  for (int c = 0; c < f->head.count; c++)
    f->result->columns[c] = (struct decided_column){.heading = profile_heading(arena, &f->head, c),
                                                    .means = meaning_of(f, c)};
}

static void write_decisions(struct own_file *f) {
  const struct own_counts *n = &f->counts;
  const struct record_cells *head = &f->head;
  struct text t = {0};
  struct json j;
  json_begin(&j, &t);
  json_open_object(&j, NULL);
  json_int(&j, "header_line", (int64_t)f->head_line);
  json_open_array(&j, "columns");
  for (int c = 0; c < head->count; c++) {
    const enum meaning means = meaning_of(f, c);
    if (f->layout.padding[c]) continue;
    json_open_object(&j, NULL);
    json_text(&j, "heading", head->cells[c]);
    json_text(&j, "means", span_of(meaning_words[means]));
    json_close_object(&j);
  }
  json_close_array(&j);
  if (f->left_count) {
    json_open_array(&j, "sheets_left_out");
    for (int i = 0; i < f->left_count; i++) json_text(&j, NULL, span_of(f->left[i]));
    json_close_array(&j);
  }
  const struct {
    const char *word;
    int64_t count;
  } counts[] = {{"rows_above_header", n->above_header},
                {"repeated_headers", n->repeated_headers},
                {"blank_rows", n->blank},
                {"left_out_by_profile", n->left_out},
                {"totals", n->totals},
                {"posted_before", n->posted_before},
                {"records_of_sheets_left_out", n->sheets_left_out},
                {"people_by_number", n->by_number},
                {"people_by_name", n->by_name},
                {"people_by_decision", n->by_decision},
                {"people_unsure", n->unsure},
                {"people_none", n->none}};
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
    json_int(&j, counts[i].word, counts[i].count);
  json_close_object(&j);
  f->result->decisions_json = text_take(f->own->is.call->arena, &t);
}

/* Takes the header of the sheet, else that of a sheet before; *found false: neither. */
static enum status find_layout(struct own_file *f, bool *found, struct error *err) {
  const struct stand_ins given = {true, f->own->is.call->options.date != DAY_NONE};
  const struct profile *profile = NULL;
  *found = find_header(f->own, f->profile, f->records, f->count, &profile, &f->header);
  if (*found) {
    f->profile = profile;
    f->head = f->records[f->header];
    f->head_line = f->head.line & (OWN_SHEET_LINES - 1);
    (void)profile_knows(profile, &f->head, given, f->arena, &f->layout);
    f->result->profile = profile->name;
    note_headings(f);
    return has_names(&f->layout) ? load_people(f->own, err) : DONE;
  }
  f->header = -1;
  *found = f->head.count && agrees_with_before(f);
  return DONE;
}

static enum status read_records(struct own_file *f, struct error *err) {
  bool found = false;
  f->result->read += f->count;
  f->sheet_sum = f->sum;
  enum status status = find_layout(f, &found, err);
  if (status == DONE && !found) return refuse_header(f, f->path, err);
  return status == DONE ? take_records(f, err) : status;
}

/* A sheet, or the whole file. `raw` is closed by the caller. */
static enum status read_part(struct own_file *f, struct table_raw *raw, struct records *records,
                             struct error *err) {
  input_bound(table_raw_input(raw), f->own->is.call->options.unpacked_most);
  const uint64_t base = (uint64_t)f->read_count * OWN_SHEET_LINES;
  const enum status status = records_read(records, raw, NULL, base, f->arena, err);
  f->records = records->all;
  f->count = records->count;
  return status;
}

/* What the rows that follow are of. */
static void begin_part(struct own_file *f, const char *sheet) {
  struct arena *arena = f->own->is.call->arena;
  const char *shown = sheet ? arena_printf(arena, "%s[%s]", f->path, sheet) : f->path;
  f->result->shown[f->read_count] = shown;
  f->taker->begins(f->taker->context, shown);
}

static void leave_sheet(struct own_file *f, const struct plain_part *part) {
  struct error why = {0};
  f->result->read += f->count;
  f->counts.sheets_left_out += f->count;
  f->left[f->left_count++] = arena_printf(f->own->is.call->arena, "%s: %s", part->sheet,
                                          part->hidden ? "hidden" : "no header of the profile");
  if (part->hidden || !f->count) return;
  refuse(&why, SHEET_NOT_READ, part->sheet);
  warn(f, &why);
}

static enum status read_sheet(struct own_file *f, const struct plain_part *part, bool several,
                              struct error *err) {
  struct table_raw *raw = NULL;
  struct records records = {0};
  bool found = false;
  enum status status = table_raw_open(&raw, part->path, err);
  if (status == DONE) status = read_part(f, raw, &records, err);
  table_raw_close(raw);
  if (status == DONE && !part->hidden) status = find_layout(f, &found, err);
  if (status == DONE && !found) leave_sheet(f, part);
  if (status == DONE && found) {
    begin_part(f, several ? part->sheet : NULL);
    f->read_count++;
    f->result->read += f->count;
    f->sheet_sum = f->sum;
    status = take_records(f, err);
  }
  /* the last sheet without a header is what the refusal of the whole file tells of */
  if (status == DONE && !found && !part->hidden && !f->read_count && part == f->last_shown)
    status = refuse_header(f, f->path, err);
  records_free(&records);
  return status;
}

static enum status read_sheets(struct own_file *f, const struct plain *plain, struct error *err) {
  int shown = 0;
  enum status status = DONE;
  for (int i = 0; i < plain->count; i++) {
    shown += !plain->parts[i].hidden;
    if (!plain->parts[i].hidden) f->last_shown = &plain->parts[i];
  }
  for (int i = 0; status == DONE && i < plain->count; i++)
    status = read_sheet(f, &plain->parts[i], shown > 1, err);
  return status == DONE && !f->read_count ? refuse(err, WORKBOOK_HIDDEN) : status;
}

static enum status read_whole(struct own_file *f, const char *path, struct own_result *out,
                              struct error *err) {
  struct table_raw *raw = NULL;
  struct records records = {0};
  enum status status = table_raw_open(&raw, path, err);
  if (status == DONE) status = read_part(f, raw, &records, err);
  begin_part(f, NULL);
  f->read_count = 1;
  if (status == DONE) status = read_records(f, err);
  if (status == DONE) input_digest(table_raw_input(raw), &out->digest);
  table_raw_close(raw);
  records_free(&records);
  return status;
}

enum status own_export_read(struct own_exports *own, const char *path,
                            const struct own_taker *taker, struct own_result *out,
                            struct error *err) {
  struct own_file f = {
      .own = own, .taker = taker, .arena = arena_new(), .result = out, .path = path};
  struct arena *arena = own->is.call->arena;
  struct plain plain = {0};
  const uint64_t most = own->is.call->options.unpacked_most;
  *out = (struct own_result){0};
  out->shown = arena_array(arena, const char *, SHEETS_MAX + 1);
  out->warnings = arena_array(arena, struct import_warning,
                              own->kept.unreadable_count + SHEETS_MAX + 1);
  const struct error *why;
  for (int at = 0; (why = kept_profiles_unreadable(&own->kept, own->stand_in, &at));) warn(&f, why);
  enum status status = is_regular(path) ? plain_open(&plain, path, most, f.arena, err) : DONE;
  if (status == DONE)
    status = plain.count && plain.parts[0].sheet
                 ? read_sheets(&f, &plain, err)
                 : read_whole(&f, plain.count ? plain.parts[0].path : path, out, err);
  if (status == DONE && plain.count) out->digest = plain.digest;
  if (status == DONE) write_decisions(&f);
  if (status == DONE) note_columns(&f);
  out->amount = f.sum - f.passed;
  out->people = (struct preview_people){f.counts.by_number, f.counts.by_name, f.counts.by_decision,
                                        f.counts.unsure, f.counts.none};
  plain_close(&plain);
  text_release(&f.amount);
  text_release(&f.quantity);
  text_release(&f.person);
  text_release(&f.name);
  arena_free(f.arena);
  return status;
}

/* ---- questions ---- */

void own_questions(const struct own_exports *own, struct import_question **out, int *count) {
  *out = own->questions;
  *count = own->question_count;
}

enum status own_questions_keep(struct own_exports *own, struct error *err) {
  const struct import_call *call = own->is.call;
  bool changed;
  if (!own->question_count) return DONE;
  enum status status = store_begin(call->store, STORE_WRITE, err);
  if (status != DONE) return status;
  for (int i = 0; status == DONE && i < own->question_count; i++) {
    struct person_answering asking = {.decision = own->asked[i], .asks = true};
    asking.decision.by = call->options.who;
    status = person_decide(&own->decisions, call->store, &asking, &changed, err);
  }
  if (status == DONE) return store_commit(call->store, err);
  store_rollback(call->store);
  return status;
}
