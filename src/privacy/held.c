#include "privacy/held.h"

#include "base/day.h"
#include "book/book.h"
#include "privacy/erasing.h"
#include "privacy/hide.h"
#include "privacy/personal.h"
#include "register/access_log.h"
#include "register/facts.h"
#include "register/names.h"

struct held_reader {
  struct store *store;
  struct arena *arena;
  const struct held_attachments *attachments;
  struct held *subject;
  struct hidden *hidden; /* other people, as they are met */
  struct codes *categories;
  const char **bodies, **places;
  int64_t body_max, place_max;
  int64_t *accounts, *households;
  int account_count, household_count, file_capacity;
};

/* ---- files ---- */

static struct held_file *add_file(struct held_reader *r, const char *name,
                                  const struct personal_column *declared, int count) {
  struct held *s = r->subject;
  const char **columns = arena_array(r->arena, const char *, count);
  for (int c = 0; c < count; c++) columns[c] = declared[c].name;
  arena_reserve(r->arena, s->files, r->file_capacity, s->file_count + 1);
  s->files[s->file_count] = (struct held_file){
      .name = name, .columns = columns, .column_count = count, .declared = declared};
  return &s->files[s->file_count++];
}

/* A row without values. */
static struct span *add_row(struct held_reader *r, struct held_file *file) {
  const size_t width = sizeof(struct span) * (size_t)file->column_count;
  const int64_t n = file->row_count;
  /* twice as many when the count is a power of two */
  if ((n & (n - 1)) == 0)
    file->values = arena_grow(r->arena, file->values, width * (size_t)n,
                              width * (size_t)(n ? 2 * n : 1));
  struct span *row = file->values + n * file->column_count;
  for (int c = 0; c < file->column_count; c++) row[c] = span_make(NULL, 0);
  file->row_count++;
  return row;
}

static struct span kept(struct held_reader *r, struct span text) {
  return text.bytes ? span_make(arena_copy(r->arena, text.bytes, text.size), text.size) : text;
}

static struct span number(struct held_reader *r, int64_t value) {
  return span_of(arena_printf(r->arena, "%lld", (long long)value));
}

/* ---- one value ---- */

static int own_record(const struct held *s, int64_t party) {
  for (int i = 0; i < s->record_count; i++)
    if (s->records[i] == party) return i;
  return -1;
}

static bool own_code(const struct held *s, struct span code) {
  for (int i = 0; i < s->record_count; i++)
    if (span_is(code, s->codes[i])) return true;
  return false;
}

static struct span code_of(const char *const *codes, int64_t max, int64_t id) {
  return id >= 1 && id <= max && codes[id] ? span_of(codes[id]) : span_make(NULL, 0);
}

static struct span withheld(struct held_file *file) {
  file->withheld++;
  return span_of(HELD_WITHHELD);
}

static bool own_household(const struct held_reader *r, int64_t party) {
  for (int i = 0; i < r->household_count; i++)
    if (r->households[i] == party) return true;
  return false;
}

static enum status show_household(struct held_reader *r, int64_t party, struct span *out,
                                  struct error *err) {
  struct register_name name = {0};
  enum status status = register_name_of_party(r->store, r->arena, party, &name, err);
  if (name.code) *out = span_of(name.code);
  return status;
}

static enum status show_person(struct held_reader *r, struct held_file *file, int64_t party,
                               struct span *out, struct error *err) {
  int own = own_record(r->subject, party);
  if (own >= 0) return *out = span_of(r->subject->codes[own]), DONE;
  if (party <= 0) return DONE; /* nobody, or somebody who was erased */
  if (own_household(r, party)) return show_household(r, party, out, err);
  *out = withheld(file);
  hidden_add_party(r->hidden, party);
  return DONE;
}

/* *own: the reference is the person's own. */
static enum status show_who(struct held_reader *r, struct held_file *file, struct span who,
                            bool *own, struct span *out, struct error *err) {
  struct span code = {0};
  *out = kept(r, who);
  if (who.size < 3 || memcmp(who.bytes, "id:", 3) != 0) return DONE;
  code = span_make(who.bytes + 3, who.size - 3);
  *own = own_code(r->subject, code);
  if (*own) return DONE;
  *out = withheld(file);
  return hidden_add_code(r->hidden, code, err);
}

static struct span show_hex(struct held_reader *r, struct span bytes) {
  struct text t = {0};
  text_add_hex(&t, bytes.bytes, bytes.size);
  struct span out = kept(r, span_make(t.bytes, t.size));
  text_release(&t);
  return out;
}

/* Nothing of DAY_NONE: from birth, or not ended. What is no day, in a damaged store, is shown as it
 * is. */
static struct span show_day(struct held_reader *r, int64_t value) {
  char day[11];
  if (value == DAY_NONE) return span_make(NULL, 0);
  if (value < DAY_FIRST || value > DAY_LAST) return number(r, value);
  return span_of(arena_string(r->arena, day_write((day_t)value, day)));
}

static struct span show_moment(struct held_reader *r, int64_t seconds) {
  char out[21];
  if (!seconds) return span_make(NULL, 0); /* no end of a role that is held until further notice */
  return span_of(arena_string(r->arena, clock_write(seconds, out)));
}

/* Letters, digits, dot, dash and underscore of the name, after numbers that no other file has. */
static const char *file_name(struct held_reader *r, struct query *q,
                             const struct personal_read *read, int64_t row) {
  struct text t = {0};
  text_addf(&t, "%lld-", (long long)row);
  for (int c = 0; c < read->count; c++) {
    if (strcmp(read->columns[c].name, "name") != 0) continue;
    struct span name = query_text(q, c);
    for (size_t i = 0; i < name.size; i++) {
      char b = name.bytes[i];
      bool plain = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') ||
                   b == '.' || b == '-' || b == '_';
      text_add_char(&t, plain ? b : '_');
    }
  }
  return text_take(r->arena, &t);
}

struct value_place {
  const struct personal_read *read;
  struct held_file *file;
  int column;
  bool own; /* the reference of the row is the person's own, or it has none */
};

static enum status show_value(struct held_reader *r, struct query *q, struct value_place *at,
                              struct span *out, struct error *err) {
  const int c = at->column;
  const enum personal_shown shown = at->read->columns[c].shown;
  if (query_is_null(q, c)) return DONE;
  switch (shown) {
  case PERSONAL_AS_TEXT:
  case PERSONAL_AS_WORDS:
  case PERSONAL_AS_JSON: *out = kept(r, query_text(q, c)); break;
  case PERSONAL_AS_NUMBER: *out = number(r, query_int(q, c)); break;
  case PERSONAL_AS_DAY: *out = show_day(r, query_int(q, c)); break;
  case PERSONAL_AS_MOMENT: *out = show_moment(r, query_int(q, c)); break;
  case PERSONAL_AS_PERSON: return show_person(r, at->file, query_int(q, c), out, err);
  case PERSONAL_AS_WHO: return show_who(r, at->file, query_text(q, c), &at->own, out, err);
  case PERSONAL_AS_NAME: {
    struct span name = query_text(q, c);
    if (at->own || !name.size) *out = kept(r, name);
    else {
      hidden_add_text(r->hidden, name);
      *out = withheld(at->file);
    }
    break;
  }
  case PERSONAL_AS_HOUSEHOLD: return show_household(r, query_int(q, c), out, err);
  case PERSONAL_AS_PLACE: *out = code_of(r->places, r->place_max, query_int(q, c)); break;
  case PERSONAL_AS_BODY: *out = code_of(r->bodies, r->body_max, query_int(q, c)); break;
  case PERSONAL_AS_CATEGORY:
    *out = code_of(r->categories->category_code, r->categories->category_max, query_int(q, c));
    break;
  case PERSONAL_AS_HEX: *out = show_hex(r, query_bytes(q, c)); break;
  case PERSONAL_AS_FILE: {
    const char *name = file_name(r, q, at->read, at->file->row_count);
    *out = span_of(name);
    if (r->attachments)
      return r->attachments->take(r->attachments->context, name, query_bytes(q, c), err);
    break;
  }
  }
  return DONE;
}

/* ---- the walk ---- */

static enum status read_rows(struct held_reader *r, const struct personal_read *read,
                             struct held_file *file, struct query *q, struct error *err) {
  bool row = false;
  enum status status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    struct span *values = add_row(r, file);
    struct value_place at = {.read = read, .file = file, .own = true};
    for (; status == DONE && at.column < read->count; at.column++)
      status = show_value(r, q, &at, &values[at.column], err);
    if (status != DONE) break;
  }
  query_end(q);
  return status;
}

static enum status read_with(struct held_reader *r, const struct personal_read *read,
                             struct held_file *file, struct query_value key, struct error *err) {
  struct query *q = NULL;
  enum status status = store_query_with(r->store, &q, read->sql, err, key);
  return status == DONE ? read_rows(r, read, file, q, err) : status;
}

static enum status read_file(struct held_reader *r, const struct personal_read *read,
                             struct error *err) {
  const struct held *s = r->subject;
  struct held_file *file = add_file(r, read->file, read->columns, read->count);
  enum status status = DONE;
  switch (read->tie) {
  case PERSONAL_PARTY:
    for (int i = 0; status == DONE && i < s->record_count; i++)
      status = read_with(r, read, file, query_value_int(s->records[i]), err);
    break;
  case PERSONAL_WHO:
    for (int i = 0; status == DONE && i < s->record_count; i++)
      status = read_with(r, read, file,
                         query_value_text(arena_printf(r->arena, "id:%s", s->codes[i])), err);
    break;
  case PERSONAL_ACCOUNT:
    for (int i = 0; status == DONE && i < r->account_count; i++)
      status = read_with(r, read, file, query_value_int(r->accounts[i]), err);
    break;
  case PERSONAL_HOUSEHOLD:
    for (int i = 0; status == DONE && i < r->household_count; i++)
      status = read_with(r, read, file, query_value_int(r->households[i]), err);
    break;
  }
  return status == DONE ? DONE : error_while(err, "reading what %s has", read->table);
}

/* ---- what no column says ---- */

/* Where the person lived. Where a household went after them is not theirs to know. */
static enum status read_addresses(struct held_reader *r, struct error *err) {
  static const struct personal_column columns[] = {{"from", PERSONAL_AS_DAY},
                                                   {"to", PERSONAL_AS_DAY},
                                                   {"lines", PERSONAL_AS_TEXT},
                                                   {"postcode", PERSONAL_AS_TEXT},
                                                   {"uprn", PERSONAL_AS_NUMBER}};
  struct held_file *file = add_file(r, "addresses", columns, 5);
  enum status status = DONE;
  for (int i = 0; status == DONE && i < r->subject->record_count; i++) {
    struct person record;
    struct homes *homes = NULL;
    struct address_stay *stays = NULL;
    int count = 0;
    status = register_person(r->store, r->arena, r->subject->records[i], &record, err);
    if (status == DONE) status = register_homes(r->store, r->arena, &record, &homes, err);
    if (status == DONE) homes_addresses(homes, &record, r->arena, &stays, &count);
    for (int n = 0; n < count; n++) {
      struct span *row = add_row(r, file);
      const struct address *a = stays[n].address;
      row[0] = show_day(r, stays[n].from);
      row[1] = show_day(r, stays[n].to);
      if (a->line[0]) row[2] = span_of(address_lines(r->arena, a));
      if (a->postcode) row[3] = span_of(a->postcode);
      if (a->uprn) row[4] = number(r, a->uprn);
    }
  }
  return status;
}

/* Of a household's facts those of the days on which the person lived there. */
static enum status read_home_facts(struct held_reader *r, struct error *err) {
  static const struct personal_column columns[] = {
      {"id", PERSONAL_AS_NUMBER},    {"variable", PERSONAL_AS_TEXT},
      {"value", PERSONAL_AS_TEXT},   {"per", PERSONAL_AS_TEXT},
      {"from_day", PERSONAL_AS_DAY}, {"to_day", PERSONAL_AS_DAY},
      {"said_as", PERSONAL_AS_TEXT}, {"source", PERSONAL_AS_TEXT},
      {"said_at", PERSONAL_AS_TEXT}, {"supersedes", PERSONAL_AS_NUMBER}};
  struct held_file *file = add_file(r, "household-facts", columns, 10);
  enum status status = DONE;
  for (int i = 0; status == DONE && i < r->subject->record_count; i++) {
    struct facts facts = {0};
    status = facts_of_homes(r->store, r->arena, r->subject->records[i], &facts, err);
    for (int f = 0; f < facts.count; f++) {
      const struct fact *told = &facts.all[f];
      struct span *row = add_row(r, file);
      row[0] = number(r, told->id);
      row[1] = span_of(told->variable);
      if (told->value) row[2] = span_of(told->value);
      if (told->per) row[3] = span_of(tell_per_word(told->per));
      row[4] = show_day(r, told->from);
      if (told->to != DAY_NONE) row[5] = show_day(r, told->to);
      row[6] = span_of(fact_sayer_word(told->said_as));
      row[7] = span_of(fact_source_word(told->source));
      row[8] = span_of(told->said_at);
      if (told->supersedes) row[9] = number(r, told->supersedes);
    }
  }
  return status;
}

static enum status read_refused(struct held_reader *r, struct error *err) {
  static const struct personal_column columns[] = {{"import", PERSONAL_AS_NUMBER},
                                                   {"line", PERSONAL_AS_NUMBER},
                                                   {"column_name", PERSONAL_AS_TEXT},
                                                   {"value", PERSONAL_AS_WORDS},
                                                   {"reason", PERSONAL_AS_WORDS}};
  const struct held *s = r->subject;
  struct held_file *file = add_file(r, "refused-rows", columns, 5);
  enum status status = DONE;
  for (int i = 0; status == DONE && i < s->record_count; i++) {
    struct refused_row *rows = NULL;
    status = erasing_refused_rows(r->store, r->arena, s->records[i], &rows, err);
    for (; status == DONE && rows; rows = rows->next) {
      struct span *row = add_row(r, file);
      row[0] = number(r, rows->reject.import);
      row[1] = number(r, rows->reject.line);
      row[2] = rows->reject.column;
      row[3] = rows->reject.value;
      row[4] = rows->reject.reason;
    }
  }
  return status;
}

/* Runs over many people lie with nobody (register/access_log.h); of those that covered the person
 * the log says who, as of a look. */
static enum status read_runs(struct held_reader *r, struct error *err) {
  static const struct personal_column columns[] = {
      {"at", PERSONAL_AS_TEXT},       {"who", PERSONAL_AS_WHO},   {"role", PERSONAL_AS_TEXT},
      {"machine", PERSONAL_AS_WORDS}, {"what", PERSONAL_AS_TEXT}, {"why", PERSONAL_AS_WORDS},
      {"times", PERSONAL_AS_NUMBER}};
  struct held_file *file = add_file(r, "looks-at-everybody", columns, 7);
  struct access_notes runs = {0};
  enum status status = access_log_runs_of(r->store, r->arena, r->subject->person, &runs, err);
  for (int i = 0; status == DONE && i < runs.count; i++) {
    const struct access_note *note = &runs.all[i];
    struct span *row = add_row(r, file);
    bool own = false;
    row[0] = span_of(note->at);
    status = show_who(r, file, span_of(note->who), &own, &row[1], err);
    if (note->viewer.role) row[2] = span_of(note->viewer.role->word);
    if (note->viewer.machine) row[3] = span_of(note->viewer.machine);
    row[4] = span_of(note->what);
    row[5] = span_of(note->why);
    row[6] = number(r, note->times);
  }
  return status;
}

/* ---- beginning and end ---- */

static enum status find_records(struct held_reader *r, int64_t person, struct person *p,
                                struct error *err) {
  struct held *s = r->subject;
  enum status status = register_surviving_person(r->store, r->arena, person, p, err);
  if (status != DONE) return status;
  int64_t *records = arena_array(r->arena, int64_t, p->merged_count + 1);
  const char **codes = arena_array(r->arena, const char *, p->merged_count + 1);
  *s = (struct held){.hidden = r->hidden,
                     .person = p->id,
                     .code = p->code,
                     .name = p->name,
                     .record_count = p->merged_count + 1,
                     .records = records,
                     .codes = codes};
  records[0] = p->id;
  for (int i = 0; i < p->merged_count; i++) records[i + 1] = p->merged[i];
  for (int i = 0; status == DONE && i < s->record_count; i++) {
    struct register_name name = {0};
    status = register_name_of_party(r->store, r->arena, records[i], &name, err);
    codes[i] = name.code ? name.code : "";
  }
  return status;
}

static enum status find_accounts(struct held_reader *r, struct error *err) {
  struct account *accounts = NULL;
  enum status status = book_accounts_of(r->store, r->arena, OWNER_PERSON, r->subject->records,
                                        r->subject->record_count, &accounts, &r->account_count,
                                        err);
  r->accounts = arena_array(r->arena, int64_t, r->account_count + 1);
  for (int i = 0; i < r->account_count; i++) r->accounts[i] = accounts[i].id;
  return status;
}

static void add_household(struct held_reader *r, int64_t household, int *capacity) {
  for (int i = 0; i < r->household_count; i++)
    if (r->households[i] == household) return;
  arena_reserve(r->arena, r->households, *capacity, r->household_count + 1);
  r->households[r->household_count++] = household;
}

/* The households of each record, and the people who ever lived in them. */
static enum status find_households(struct held_reader *r, struct error *err) {
  enum status status = DONE;
  int capacity = 0;
  for (int i = 0; status == DONE && i < r->subject->record_count; i++) {
    struct person record;
    status = register_person(r->store, r->arena, r->subject->records[i], &record, err);
    for (int n = 0; status == DONE && n < record.residence_count; n++)
      if (record.residences[n].household)
        add_household(r, record.residences[n].household, &capacity);
  }
  for (int i = 0; status == DONE && i < r->household_count; i++) {
    int64_t *members = NULL;
    int count = 0;
    status = register_household_members(r->store, r->arena, r->households[i], &members, &count,
                                        err);
    for (int m = 0; status == DONE && m < count; m++)
      if (own_record(r->subject, members[m]) < 0) hidden_add_party(r->hidden, members[m]);
  }
  return status;
}

static enum status begin(struct held_reader *r, int64_t person, struct error *err) {
  struct person p;
  enum status status = find_records(r, person, &p, err);
  if (status == DONE) status = find_accounts(r, err);
  if (status == DONE) status = find_households(r, err);
  if (status == DONE) status = book_codes(r->store, r->arena, &r->categories, err);
  if (status == DONE)
    status = register_codes(r->store, r->arena, REGISTER_BODIES, &r->bodies, &r->body_max, err);
  if (status == DONE)
    status = register_codes(r->store, r->arena, REGISTER_PLACES, &r->places, &r->place_max, err);
  return status;
}

int held_withhold(const struct held *subject, struct span *text) {
  return hidden_take_out(subject->hidden, subject, text);
}

/* Only what people write is searched: a person may bear any name, also a day or the word of a
 * state, and must not spoil what the program writes. Other people were met anywhere, so that the
 * search waits until all are known. */
static void hide_texts(struct held_reader *r) {
  for (int f = 0; f < r->subject->file_count; f++) {
    struct held_file *file = &r->subject->files[f];
    for (int c = 0; c < file->column_count; c++) {
      const enum personal_shown shown = file->declared[c].shown;
      for (int64_t i = 0; i < file->row_count; i++) {
        struct span *value = &file->values[i * file->column_count + c];
        if (shown == PERSONAL_AS_WORDS) file->withheld += held_withhold(r->subject, value);
        if (shown == PERSONAL_AS_JSON)
          file->withheld += hidden_take_out_of_json(r->hidden, r->subject, value);
      }
    }
  }
}

enum status held_gather(struct store *store, struct arena *arena, int64_t person,
                        const struct held_attachments *attachments, struct held *out,
                        struct error *err) {
  struct held_reader r = {.store = store,
                          .arena = arena,
                          .attachments = attachments,
                          .subject = out,
                          .hidden = hidden_new(store, arena)};
  enum status status = begin(&r, person, err);
  for (const struct personal_read *read = personal_reads; status == DONE && read->sql; read++)
    status = read_file(&r, read, err);
  if (status == DONE) status = read_addresses(&r, err);
  if (status == DONE) status = read_home_facts(&r, err);
  if (status == DONE) status = read_runs(&r, err);
  if (status == DONE) status = read_refused(&r, err);
  if (status == DONE) status = hidden_load(r.hidden, err);
  if (status == DONE) hide_texts(&r);
  return status;
}
