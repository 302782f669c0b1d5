/* Posts payments and allocations: finds the payer, the payee and the category. */
#include "exchange/money_row.h"
#include "exchange/kept_profiles.h"
#include "exchange/preview.h"
#include "exchange/row_rules.h"
#include "register/identifier.h"

#include "base/pasted.h"
#include "base/money.h"
#include "base/refusal.h"

#include <assert.h>
#include <stdio.h>

#define REDACTED_NAME "Redacted payee"
#define UNNAMED_NAME "Payee not published"

/* ---- names ---- */

/* Adds a body to those of a name. `key` is borrowed. */
static void add_name(struct money *m, struct span key, int64_t body) {
  const int64_t next = map_get(&m->names, key);
  arena_reserve(m->call->arena, m->named, m->named_capacity, m->named_count + 1);
  m->named[m->named_count] = (struct named_body){body, (int)next};
  map_set(&m->names, key, m->named_count++);
}

/* Of several bodies of one name the one that was added first. 0: none */
static int64_t find_name(const struct money *m, struct span key) {
  int64_t first = 0;
  for (int64_t at = map_get(&m->names, key); at >= 0; at = m->named[at].next)
    if (!first || m->named[at].body < first) first = m->named[at].body;
  return first;
}

/* 0: none */
static int64_t find_new_code(const struct money *m, struct span code) {
  const int64_t body = map_get(&m->new_codes, code);
  return body < 0 ? 0 : body;
}

/* The company number of a body; null: not known. */
static const char *company_of(const struct money *m, int64_t body) {
  const int64_t met = map_get_number(&m->number_of, (uint64_t)body, 0);
  if (met >= 0) return m->numbers[met];
  const struct body *held = bodies_by_id(m->bodies, body);
  return held && held->company && held->company[0] ? held->company : NULL;
}

static void note_company(struct money *m, int64_t body, const char *number) {
  arena_reserve(m->call->arena, m->numbers, m->number_capacity, m->number_count + 1);
  m->numbers[m->number_count] = number;
  map_set_number(&m->number_of, (uint64_t)body, 0, m->number_count++);
}

/* The body of a name of which no number is told: of several with different company numbers the one
 * that has none. 0: there is no such body. */
static int64_t find_unnumbered(const struct money *m, struct span key) {
  const char *number = NULL;
  int64_t without = 0;
  bool differ = false;
  const int64_t chain = map_get(&m->names, key);
  if (chain < 0 || m->named[chain].next < 0) return chain < 0 ? 0 : m->named[chain].body;
  for (int64_t at = chain; at >= 0; at = m->named[at].next) {
    const int64_t body = m->named[at].body;
    const char *its = company_of(m, body);
    differ |= its && number && strcmp(its, number) != 0;
    if (its) number = its;
    else if (!without || body < without) without = body;
  }
  return differ ? without : find_name(m, key);
}

/* A payee is the same in small and capital letters and with any blanks: the name as it is looked
 * up, in the arena. */
static struct span payee_key(struct arena *arena, struct span name) {
  char *plain = arena_alloc(arena, name.size + 1);
  size_t size = pasted_fold(name, plain), n = 0;
  for (size_t i = 0; i < size; i++)
    if (plain[i] != ' ' || (n && plain[n - 1] != ' ')) plain[n++] = plain[i];
  span_to_small(plain, n);
  return span_make(plain, n);
}

enum status money_load(struct money *m, struct error *err) {
  struct store *store = m->call->store;
  struct arena *arena = m->call->arena;
  unusual_open(&m->unusual, m->call->pack, day_today(), import_way_out(&m->call->options));
  enum status status = book_codes(store, arena, &m->codes, err);
  if (status == DONE) status = register_bodies(store, arena, &m->bodies, err);
  if (status == DONE) status = register_places(store, arena, &m->places, err);
  if (status == DONE && m->budget) status = streams_read(store, arena, &m->streams, err);
  if (status == DONE) status = profiles_read(&m->profiles, m->call->pack->dir, arena, err);
  if (status == DONE)
    status = kept_profiles_read(store, m->bodies, m->budget ? "budget" : "spend", arena, &m->kept,
                                err);
  if (status == DONE) status = spend_rules_read(&m->spend_rules, m->call->pack, arena, err);
  if (status == DONE) status = pack_name_words_read(&m->words, m->call->pack->dir, arena, err);
  if (status != DONE) return status;
  m->spellings = body_index_new(m->words, arena);
  m->names = map_make(arena, (size_t)m->bodies->count);
  m->new_codes = m->new_stream_names = m->new_stream_codes = (struct map){.arena = arena};
  m->numbered = m->number_of = (struct map){.arena = arena};
  for (int i = 0; i < m->bodies->count; i++)
    add_name(m, payee_key(arena, span_of(m->bodies->all[i].name)), m->bodies->all[i].id);
  for (int i = 0; i < m->bodies->count; i++)
    body_index_add(m->spellings, m->bodies->all[i].id, span_of(m->bodies->all[i].name),
                   span_of(m->bodies->all[i].company));
  for (enum language l = ENGLISH; l < LANGUAGES; l++)
    m->private_person[l] = private_person_words(l);
  m->next_supplier = m->bodies->count + 1;
  m->catch_all = codes_category(m->codes, span_of(PAYMENTS_CATCH_ALL));
  if (!m->budget && !m->catch_all) return refuse(err, SPEND_CATCH_ALL_MISSING, PAYMENTS_CATCH_ALL);
  if (!m->call->options.body) return DONE;
  m->stand_in = bodies_by_code(m->bodies, span_of(m->call->options.body));
  if (!m->stand_in) return refuse(err, BODY_OPTION_UNREGISTERED, m->call->options.body);
  return DONE;
}

/* `company`: its number; null: not known. */
static int64_t new_body(struct money *m, struct span code, struct span name, const char *kind,
                        const char *company) {
  struct arena *arena = m->call->arena;
  const char *kept_code = arena_copy(arena, code.bytes, code.size),
             *kept_name = arena_copy(arena, name.bytes, name.size);
  int64_t id = bulk_new_body(m->bulk, kept_code, kept_name, kind, company);
  if (!m->first_new_body) m->first_new_body = id;
  if (company) note_company(m, id, company);
  if (!find_new_code(m, span_of(kept_code))) map_set(&m->new_codes, span_of(kept_code), id);
  add_name(m, payee_key(arena, span_of(kept_name)), id);
  body_index_add(m->spellings, id, span_of(kept_name), span_of(company ? company : ""));
  return id;
}

/* ---- refusing ---- */

void money_refuse(struct money *m, uint64_t line, const char *column, struct span value,
                  const struct error *why, bool has_amount, int64_t amount) {
  m->result.rejected++;
  if (has_amount) (void)money_add(m->result.rejected_amount, amount, &m->result.rejected_amount);
  rejects_add(m->call->rejects, money_shown_path(m), line & (SHEET_LINES - 1), column, value,
              why->message, &why->refusal);
  if (m->call->options.partial) bulk_reject(m->bulk, m->file, line, column, value, why->message);
}

static enum status refuse_text(struct error *err, enum meaning meaning, struct span value,
                               const char *what) {
  char quoted[SPAN_QUOTE_SIZE];
  if (!value.size) return refuse_at(err, meaning_words[meaning], SPEND_WRONG, what);
  return refuse_at(err, meaning_words[meaning], SPEND_VALUE_WRONG, span_quote(value, quoted), what);
}

/* ---- who pays ---- */

static struct span payee_key_again(struct money *m, struct span name);

int64_t money_body_named(const struct money *m, const struct profile *profile, struct span text) {
  const char *map = profile_mapped(profile, RULE_BODY, text);
  if (map) text = span_of(map);
  const struct body *body = text.size ? bodies_by_code(m->bodies, text) : NULL;
  return body || !text.size ? (body ? body->id : 0) : find_name(m, payee_key(m->name_arena, text));
}

/* A body of the register, by code or (in a published file) by name; a new one where the profile
 * says so; else --body, or the body that the book keeps the profile for. */
static enum status find_body(struct money *m, const struct money_row *row, int64_t *out,
                             struct error *err) {
  struct span text = row->text[MEANS_BODY];
  if (m->payer && span_equal(text, span_make(m->payer_named.bytes, m->payer_named.size))) {
    *out = m->payer;
    return DONE;
  }
  m->payer = 0;
  const char *map = profile_mapped(m->profile, RULE_BODY, text);
  if (map) text = span_of(map);
  const struct body *body = text.size ? bodies_by_code(m->bodies, text) : NULL;
  *out = body ? body->id : 0;
  if (!*out && text.size) *out = find_new_code(m, text);
  if (!*out && text.size && m->profile) {
    *out = find_name(m, payee_key_again(m, text));
    if (!bodies_by_id(m->bodies, *out)) *out = 0; /* a supplier that this call adds */
  }
  if (*out && bodies_by_id(m->bodies, *out)) {
    text_clear(&m->payer_named);
    text_add_span(&m->payer_named, row->text[MEANS_BODY]);
    m->payer = *out;
  }
  struct span name = row->text[MEANS_BODY_NAME];
  if (!*out && text.size && m->profile && m->profile->new_body) {
    *out = new_body(m, text, name.size ? name : text, m->profile->new_body, NULL);
    m->decisions.new_bodies++;
  }
  if (!*out && m->stand_in && (m->profile || !text.size)) {
    *out = m->stand_in->id;
    m->decisions.stood_in_bodies++;
    if (text.size) decisions_note_payer(&m->decisions, text, m->call->arena);
  }
  if (!*out && m->profile && !text.size) *out = m->profile->body;
  if (*out) return DONE;
  if (!text.size)
    return refuse_text(err, MEANS_BODY, text, N_("is empty; write the body's id, or give --body"));
  return refuse_text(err, MEANS_BODY, text,
                     m->profile
                         ? N_("is no body that is registered, by id or by name; import bodies "
                              "first, or give --body")
                         : N_("is no body that is registered; import bodies first, or correct it"));
}

/* ---- who is paid ---- */

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

/* Whether the name contains the word `redacted`: not `Redactive Publishing`. */
static bool has_redacted(struct span name) {
  enum { SIZE = 8 };
  for (size_t i = 0; i + SIZE <= name.size; i++)
    if (strncasecmp(name.bytes + i, "redacted", SIZE) == 0 &&
        (i == 0 || !is_letter(name.bytes[i - 1])) &&
        (i + SIZE == name.size || !is_letter(name.bytes[i + SIZE])))
      return true;
  return false;
}

/* Another book that published the payment called its payee so, in one of the languages. */
static bool is_private_person(const struct money *m, struct span name) {
  for (enum language l = ENGLISH; l < LANGUAGES; l++) {
    const char *words = m->private_person[l];
    if (name.size == strlen(words) && strncasecmp(name.bytes, words, name.size) == 0) return true;
  }
  return false;
}

static bool is_redacted(const struct money *m, struct span name) {
  const struct profile *p = m->profile;
  if (has_redacted(name) || is_private_person(m, name)) return true;
  for (int r = 0; p && r < p->rule_count; r++)
    if (p->rules[r].kind == RULE_REDACTED && name.size == strlen(p->rules[r].published) &&
        strncasecmp(name.bytes, p->rules[r].published, name.size) == 0)
      return true;
  return false;
}

static int64_t one_body(struct money *m, const char *code, const char *name) {
  const struct body *body = bodies_by_code(m->bodies, span_of(code));
  int64_t id = body ? body->id : find_new_code(m, span_of(code));
  if (id) return id;
  m->decisions.new_suppliers++;
  return new_body(m, span_of(code), span_of(name), "supplier", NULL);
}

/* The key of a name that is looked up once a row: in memory that the next one uses again. */
static struct span payee_key_again(struct money *m, struct span name) {
  arena_reset(m->name_arena);
  return payee_key(m->name_arena, name);
}

/* A body whose name is the same when it is normalised (register/body_name.h); 0: none, and how many
 * it may be is counted. The spelling is kept, so that the next row finds it by its name. */
static int64_t find_spelling(struct money *m, struct span name) {
  struct body_name read;
  int unsure = 0;
  arena_reset(m->name_arena);
  body_name_read(m->words, m->name_arena, name, span_make(NULL, 0), &read);
  const int64_t body = body_index_same(m->spellings, &read, &unsure);
  if (body) {
    m->decisions.other_spellings++;
    add_name(m, payee_key(m->call->arena, name), body);
  } else m->decisions.unsure_suppliers += unsure > 0;
  return body;
}

/* The company number that the row tells, as Companies House writes it; size 0: it tells none, or
 * what is none. */
static struct span read_company(struct money *m, const struct money_row *row,
                                struct identifier *out) {
  const struct span text = span_trim_pasted(row->text[MEANS_COMPANY]);
  if (!text.size) return span_make(NULL, 0);
  if (!identifier_read_value(NULL, "company", text, out)) return span_of(out->value);
  if (!m->decisions.numbers_left_out++)
    m->decisions.number_left_out_line = row->line & (SHEET_LINES - 1);
  return span_make(NULL, 0);
}

/* A name and its company number as they are looked up together. */
static struct span numbered_key(struct arena *arena, struct span name, struct span number) {
  return span_of(arena_printf(arena, SPAN_FORMAT "\n" SPAN_FORMAT, SPAN(number),
                              SPAN(payee_key(arena, name))));
}

/* The body of the company number, else the one of the name whose number is not known, which then
 * gets it. Where another body of the name has another number, nothing says that what was paid
 * without a number is this one's: 0. */
static int64_t find_numbered(struct money *m, struct span name, struct span number) {
  struct arena *scratch = m->name_arena;
  struct body_name read;
  int unsure = 0;
  arena_reset(scratch);
  const struct span key = numbered_key(scratch, name, number);
  const int64_t met = map_get(&m->numbered, key);
  if (met >= 0) return met;
  body_name_read(m->words, scratch, name, number, &read);
  int64_t body = body_index_same(m->spellings, &read, &unsure);
  if (body && company_of(m, body)) m->decisions.suppliers_by_number++;
  else if (body && body_index_other_number(m->spellings, &read)) body = 0, unsure++;
  else if (body) {
    const char *kept = arena_copy(m->call->arena, number.bytes, number.size);
    m->decisions.numbers_kept++;
    bulk_body_company(m->bulk, body, kept);
    note_company(m, body, kept);
    body_index_keep_number(m->spellings, &read, body);
  }
  if (body) map_set(&m->numbered, numbered_key(m->call->arena, name, number), body);
  else m->decisions.unsure_suppliers += unsure > 0;
  return body;
}

static int64_t add_supplier(struct money *m, struct span name, struct span number) {
  char code[40];
  const char *company = number.size ? arena_copy(m->call->arena, number.bytes, number.size) : NULL;
  do snprintf(code, sizeof code, "supplier-%06lld", (long long)m->next_supplier++);
  while (bodies_by_code(m->bodies, span_of(code)));
  m->decisions.new_suppliers++;
  const enum name_is is = company ? NAME_ORGANISATION : body_name_is(m->words, name);
  m->decisions.private_suppliers += is == NAME_PERSON;
  m->decisions.undecided_suppliers += is == NAME_UNKNOWN;
  const int64_t body = new_body(m, span_of(code), name, "supplier", company);
  if (company) map_set(&m->numbered, numbered_key(m->call->arena, name, number), body);
  return body;
}

static int64_t find_supplier(struct money *m, const struct money_row *row) {
  struct identifier company;
  struct span name = span_trim_pasted(row->text[MEANS_SUPPLIER]);
  const struct span number = read_company(m, row, &company);
  if (!name.size) {
    m->decisions.unnamed_payees++;
    return one_body(m, PAYMENTS_UNNAMED, UNNAMED_NAME);
  }
  if (is_redacted(m, name)) {
    m->decisions.redacted_payees++;
    return one_body(m, PAYMENTS_REDACTED, REDACTED_NAME);
  }
  int64_t id = number.size ? find_numbered(m, name, number)
                           : find_unnumbered(m, payee_key_again(m, name));
  if (!id && !number.size) id = find_spelling(m, name);
  if (!id) return add_supplier(m, name, number);
  m->decisions.known_suppliers++;
  m->decisions.rows_again += m->first_new_body && id >= m->first_new_body;
  return id;
}

/* ---- what for ---- */

static struct span label(struct text *t, struct span s) {
  text_clear(t);
  label_add(t, s);
  return span_make(t->bytes, t->size);
}

static const char too_long[] = N_("is too long: 65535 bytes is the most");

static enum status check_size(const struct text *t, enum meaning meaning, const char *message,
                              struct error *err) {
  return t->size <= LIMIT_FIELD_BYTES ? DONE
                                      : refuse_text(err, meaning, span_make(NULL, 0), message);
}

static const struct pack_category *find_category(struct money *m, struct span text, int64_t *id) {
  const char *map = profile_mapped(m->profile, RULE_CATEGORY, text);
  if (map) text = span_of(map);
  const struct pack_category *c = text.size ? pack_find_category(m->call->pack, text) : NULL;
  *id = c && c->unit == m->call->pack->pence ? codes_category(m->codes, text) : 0;
  if (*id && map) m->decisions.category_mapped++;
  return *id ? c : NULL;
}

static enum status read_place(struct money *m, const struct money_row *row, int64_t *out,
                              struct error *err) {
  struct span text = row->text[MEANS_PLACE];
  *out = 0;
  if (!text.size) return DONE;
  int index = places_by_code(m->places, text);
  if (index == PLACE_NONE)
    return refuse_text(err, MEANS_PLACE, text,
                       N_("is no place that is registered; import places first, or correct it"));
  *out = m->places->all[index].id;
  return DONE;
}

/* ---- which stream ---- */

/* Adds a stream with a code made from its name, which no other has. */
static const char *new_stream(struct money *m, int64_t body, struct span name, struct span key) {
  struct arena *arena = m->call->arena;
  char made[STREAM_CODE_SIZE];
  int number = 0;
  do stream_code_of_name(name, ++number, made);
  while (streams_by_code(m->streams, span_of(made)) ||
         map_get(&m->new_stream_codes, span_of(made)) >= 0);
  const char *code = arena_string(arena, made);
  array_reserve(m->new_streams, m->new_stream_capacity, m->new_stream_count + 1);
  map_set(&m->new_stream_codes, span_of(code), m->new_stream_count);
  map_set(&m->new_stream_names, span_make(arena_copy(arena, key.bytes, key.size), key.size),
          m->new_stream_count);
  m->new_streams[m->new_stream_count++] = (struct new_stream){code, body};
  bulk_new_stream(m->bulk, code, arena_copy(arena, name.bytes, name.size), body);
  m->decisions.new_streams++;
  return code;
}

/* The code of the body's stream of this code, else of this name, among those that stood before the
 * file and those that its earlier rows added. */
static const char *stream_code(struct money *m, int64_t body, struct span name) {
  const struct stream *held = streams_named(m->streams, body, name);
  if (held && span_equal(span_of(held->code), name)) return held->code;
  int64_t index = map_get(&m->new_stream_codes, name);
  if (index >= 0 && m->new_streams[index].owner == body) return m->new_streams[index].code;
  if (held) return held->code;
  struct text key = {0};
  text_add_int(&key, body);
  text_add_char(&key, ' ');
  text_add_span(&key, name);
  const struct span both = span_make(key.bytes, key.size);
  index = map_get(&m->new_stream_names, both);
  const char *code = index >= 0 ? m->new_streams[index].code : new_stream(m, body, name, both);
  text_release(&key);
  return code;
}

/* ---- one row ---- */

/* The rule of the pack that gives a published payment without a category of ours one; null: none.
 * Our own columns say what their sender means: nothing is added to them. */
static const struct spend_rule *find_rule(struct money *m, const struct money_row *row,
                                          int64_t *id) {
  if (!m->profile) return NULL;
  const struct span texts[SPEND_RULE_COLUMNS] = {
      [SPEND_RULE_CATEGORY] = row->text[MEANS_CATEGORY],
      [SPEND_RULE_DEPARTMENT] = row->text[MEANS_DEPARTMENT],
      [SPEND_RULE_DESCRIPTION] = row->text[MEANS_DESCRIPTION],
      [SPEND_RULE_SUPPLIER] = row->text[MEANS_SUPPLIER]};
  const struct spend_rule *rule = spend_rules_find(m->spend_rules, texts);
  *id = rule ? codes_category(m->codes, span_of(rule->category->code)) : 0;
  return *id ? rule : NULL;
}

/* Counts rows and pounds by how their category was found. */
static void note_category(struct money *m, const struct money_row *row,
                          const struct spend_rule *rule, int64_t category) {
  struct category_count *count = rule                       ? &m->decisions.categories_by_rule
                                 : category == m->catch_all ? &m->decisions.categories_none
                                                            : &m->decisions.categories_given;
  count->rows++;
  (void)money_add(count->amount, row->amount, &count->amount);
}

/* Keeps a payment of the first ones for whoever looks before it is posted. */
static void preview(struct money *m, const struct money_row *row, const struct bulk_row *out) {
  struct import_preview *p = m->call->options.preview;
  struct arena *arena = m->call->arena;
  if (!p || p->row_count == PREVIEW_ROWS) return;
  const struct body *payer = bodies_by_id(m->bodies, out->fields.body);
  const enum meaning texts[] = {MEANS_SUPPLIER, MEANS_DEPARTMENT, MEANS_DESCRIPTION,
                                MEANS_REFERENCE};
  const char *copies[4];
  for (int i = 0; i < 4; i++)
    copies[i] = arena_copy(arena, row->text[texts[i]].bytes ? row->text[texts[i]].bytes : "",
                           row->text[texts[i]].size);
  int64_t ignored;
  p->rows[p->row_count++] =
      (struct preview_row){.line = row->line & (SHEET_LINES - 1),
                           .day = row->day,
                           .stood_in = row->stood_in,
                           .amount = row->amount,
                           .payer = payer ? payer->code : "",
                           .payee = copies[0],
                           .category = m->codes->category_code[out->fields.category],
                           .by_rule = !find_category(m, row->text[MEANS_CATEGORY], &ignored) &&
                                      find_rule(m, row, &ignored) != NULL,
                           .department = copies[1],
                           .description = copies[2],
                           .reference = copies[3]};
}

static enum status take_payment(struct money *m, const struct money_row *row, struct bulk_row *out,
                                struct error *err) {
  struct line *line = &out->fields;
  int64_t category = 0;
  enum status status = find_body(m, row, &line->body, err);
  if (status == DONE) status = read_place(m, row, &line->place, err);
  if (status != DONE) return status;
  if (!row->text[MEANS_SUPPLIER].size && !m->profile)
    return refuse_text(err, MEANS_SUPPLIER, row->text[MEANS_SUPPLIER],
                       N_("is empty; write who was paid"));
  struct span published = row->text[MEANS_CATEGORY];
  const struct spend_rule *rule = NULL;
  if (find_category(m, published, &category)) published = span_make(NULL, 0);
  else if (!(rule = find_rule(m, row, &category))) category = m->catch_all;
  line->category = (int32_t)category;
  line->department = label(&m->department, row->text[MEANS_DEPARTMENT]);
  status = check_size(&m->department, MEANS_DEPARTMENT, too_long, err);
  if (status != DONE) return status;
  text_clear(&m->note);
  if (row->stood_in) text_add(&m->note, "(day not published) ");
  if (rule) text_addf(&m->note, "(category by rule %d) ", rule->number);
  if (published.size) {
    m->decisions.category_to_description++;
    label_add(&m->note, published);
    if (row->text[MEANS_DESCRIPTION].size) text_add(&m->note, ": ");
  }
  label_add(&m->note, row->text[MEANS_DESCRIPTION]);
  while (m->note.size && m->note.bytes[m->note.size - 1] == ' ') m->note.size--;
  status = check_size(&m->note, MEANS_DESCRIPTION,
                      N_("is too long with the category: 65535 bytes is the most"), err);
  if (status != DONE) return status;
  line->note = span_make(m->note.bytes, m->note.size);
  line->reference = row->text[MEANS_REFERENCE];
  out->control = bulk_control(m->bulk, line->body, UNIT_PENCE);
  out->account = bulk_body_account(m->bulk, find_supplier(m, row), ROLE_PAYMENTS, UNIT_PENCE);
  note_category(m, row, rule, category);
  return DONE;
}

static enum status take_allocation(struct money *m, const struct money_row *row,
                                   struct bulk_row *out, struct error *err) {
  int64_t body = 0, category = 0;
  struct line *line = &out->fields;
  struct span stream = row->text[MEANS_STREAM], published = row->text[MEANS_CATEGORY];
  if (!stream.size)
    return refuse_text(err, MEANS_STREAM, stream, N_("is empty; write what the money is called"));
  if (!find_category(m, published, &category))
    return refuse_text(
        err, MEANS_CATEGORY, published,
        m->profile
            ? N_("has no category of ours that is counted in money; add it to the profile")
            : N_("is not a category that is counted in money; the policy pack's categories.csv "
                 "lists them"));
  enum status status = find_body(m, row, &body, err);
  if (status != DONE) return status;
  line->category = (int32_t)category;
  struct span conditions = row->text[MEANS_CONDITIONS];
  text_clear(&m->condition);
  if (row->remark) text_add(&m->condition, row->remark);
  if (conditions.size && row->remark) text_add(&m->condition, "; ");
  label_add(&m->condition, conditions);
  (void)label(&m->stream, stream);
  status = check_size(&m->condition, MEANS_CONDITIONS, too_long, err);
  if (status == DONE) status = check_size(&m->stream, MEANS_STREAM, too_long, err);
  if (status != DONE) return status;
  line->condition = span_make(m->condition.bytes, m->condition.size);
  line->stream = span_of(stream_code(m, body, span_make(m->stream.bytes, m->stream.size)));
  out->control = bulk_control(m->bulk, 0, UNIT_PENCE);
  out->account = bulk_body_account(m->bulk, body, ROLE_BUDGET, UNIT_PENCE);
  return DONE;
}

static enum meaning meaning_of(const char *column) {
  int m = 0;
  while (m < MEANS_NOTHING && strcmp(meaning_words[m], column) != 0) m++;
  return (enum meaning)m;
}

enum status money_take(struct money *m, const struct money_row *row, struct error *err) {
  struct error reason = {0};
  struct bulk_row out = {.file = m->file, .line = row->line};
  out.fields.day = row->day;
  out.fields.amount = row->amount;
  if (bulk_left_out(m->bulk, row->line)) {
    refuse_code(&reason, REFUSAL_ROW_LEFT_OUT);
    money_refuse(m, row->line, "", span_make(NULL, 0), &reason, line_holds(row->amount),
                 row->amount);
    return DONE;
  }
  enum status status = line_holds(row->amount)
                           ? DONE
                           : refuse_text(&reason, MEANS_AMOUNT, row->text[MEANS_AMOUNT],
                                         N_("is too large; an amount is at most 100000000000.00"));
  if (status == DONE && !m->budget && !m->call->options.unusual)
    status = unusual_day(&m->unusual, row->day, &reason);
  if (status == DONE)
    status = m->budget ? take_allocation(m, row, &out, &reason)
                       : take_payment(m, row, &out, &reason);
  if (status != DONE) {
    enum meaning meaning = meaning_of(reason.column);
    money_refuse(m, row->line, row->column[meaning] ? row->column[meaning] : meaning_words[meaning],
                 row->text[meaning], &reason, line_holds(row->amount), row->amount);
    return DONE;
  }
  if (!money_add(m->result.amount, row->amount, &m->result.amount)) {
    refuse(err, FILE_SUM_TOO_LARGE);
    return error_at(err, m->path, row->line, "amount");
  }
  if (!m->budget) preview(m, row, &out);
  m->result.posted++;
  m->decisions.stood_in_days += row->stood_in;
  m->decisions.negative_rows += row->amount < 0;
  if (m->months)
    import_months_add(m->months, out.fields.body, row->day, row->amount,
                      payee_key_again(m, span_trim_pasted(row->text[MEANS_SUPPLIER])));
  status = bulk_add(m->bulk, 0, &out, err);
  return status == DONE ? DONE : error_at(err, m->path, row->line, NULL);
}
