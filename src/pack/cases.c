/* The rules of the rows of cases/ (policy/uk/cases/README.md): what a kind of case is. */
#include "pack/fields.h"

#include "base/day.h"
#include "base/limits.h"
#include "base/money.h"

#include <stdlib.h>

static const char *const colour_words[] = {"yellow", "green", "red", "grey"};
static const char *const asks_words[] = {"none", "optional", "required"};
static const char *const again_words[] = {"always", "answered", "never"};
static const char *const by_words[] = {"opener", "decider", "program"};
static const char *const type_words[FACT_TYPES] = {"text",   "long",        "day",      "minutes",
                                                   "money",  "quantity",    "place",    "household",
                                                   "person", "body",        "category", "sex",
                                                   "scope",  "entitlement", "per",      "every"};
const char *const pack_divisions[PACK_DIVISIONS] = {"england-and-wales", "scotland",
                                                    "northern-ireland"};

#define COUNT_OF(words) (int)(sizeof(words) / sizeof *(words))

/* ---- states.csv ---- */

enum { STATE_WORD, STATE_WAITS, STATE_COLOUR, STATE_NAME, STATE_NAME_CY };

enum status pack_take_case_state(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int number = p->case_state_count, colour = 0;
  struct pack_case_state *state = PACK_APPEND(p->case_states, p->case_state_count);
  enum status s = pack_take_new_code(row, STATE_WORD, KIND_CASE_STATE, number, &state->word, err);
  if (s == DONE) s = pack_take_flag(row, STATE_WAITS, &state->waits, err);
  if (s == DONE)
    s = pack_take_word(row, STATE_COLOUR, colour_words, COUNT_OF(colour_words), &colour, err);
  if (s == DONE) s = pack_take_names(row, STATE_NAME, STATE_NAME_CY, state->name, err);
  state->colour = colour_words[colour];
  return s;
}

static enum status take_state(const struct pack_row *row, int column,
                              const struct pack_case_state **out, struct error *err) {
  int number = 0;
  enum status s = pack_take_reference(row, column, KIND_CASE_STATE, "states.csv", &number, err);
  if (s == DONE) *out = &row->pack->case_states[number];
  return s;
}

/* ---- kinds.csv ---- */

enum {
  CASE_CODE,
  CASE_NAME,
  CASE_NAME_CY,
  CASE_OPENS,
  CASE_TO,
  CASE_ESCALATES,
  CASE_DEADLINE,
  CASE_REASON,
  CASE_AGAIN,
  CASE_INDEPENDENT,
  CASE_ATTACHMENTS,
  CASE_FIRST,
  CASE_HANDLER,
  CASE_TOLD,
  CASE_TOLD_CY,
  CASE_SOURCE,
  CASE_TOLD_WAITS,
  CASE_TOLD_WAITS_CY,
  CASE_OTHERS
};

/* Codes with one space between. Roles are not known here: action/desk.h looks at them. */
static enum status take_opens(const struct pack_row *row, struct pack_case_kind *kind,
                              struct error *err) {
  struct span all = pack_field(row, CASE_OPENS);
  kind->opens = pack_copy(row, CASE_OPENS);
  for (size_t at = 0; at <= all.size;) {
    size_t end = at;
    while (end < all.size && all.bytes[end] != ' ') end++;
    if (!pack_is_code(span_make(all.bytes + at, end - at)))
      return refuse_field(row, CASE_OPENS, err, PACK_CASE_OPENS);
    at = end + 1;
  }
  return DONE;
}

static enum status take_deciders(const struct pack_row *row, struct pack_case_kind *kind,
                                 struct error *err) {
  struct span to = pack_field(row, CASE_TO);
  kind->to = pack_copy(row, CASE_TO);
  kind->escalates = pack_copy(row, CASE_ESCALATES);
  if (to.size && !span_is(to, "body person") && !pack_is_code(to))
    return refuse_field(row, CASE_TO, err, PACK_CASE_TO);
  if (!*kind->escalates) return DONE;
  if (!pack_is_code(pack_field(row, CASE_ESCALATES)) || !to.size || pack_absent(row, CASE_DEADLINE))
    return refuse_field(row, CASE_ESCALATES, err, PACK_CASE_ESCALATES);
  return DONE;
}

/* A count and the word that goes with it. */
enum status pack_take_deadline(const struct pack_row *row, int column, struct pack_deadline *out,
                               struct error *err) {
  struct span all = pack_field(row, column);
  size_t digits = 0;
  int64_t count = 0;
  *out = (struct pack_deadline){0};
  if (!all.size) return DONE;
  while (digits < all.size && all.bytes[digits] != ' ') digits++;
  struct span unit = span_make(all.bytes + digits, all.size - digits);
  if (integer_parse(span_make(all.bytes, digits), &count, NULL) != DONE || count < 1)
    return refuse_field(row, column, err, PACK_CASE_DEADLINE);
  bool days = span_is(unit, count == 1 ? " working day" : " working days");
  bool plain = span_is(unit, count == 1 ? " day" : " days");
  bool months = span_is(unit, count == 1 ? " month" : " months");
  if (!days && !plain && !months) return refuse_field(row, column, err, PACK_CASE_DEADLINE);
  if (count > (months ? LIMIT_DEADLINE_MONTHS : LIMIT_DEADLINE_DAYS))
    return refuse_field(row, column, err, PACK_CASE_DEADLINE);
  out->plain = plain;
  if (!months) out->days = (int)count;
  else out->months = (int)count;
  return DONE;
}

static enum status take_handler(const struct pack_row *row, struct pack_case_kind *kind,
                                struct error *err) {
  kind->handler = pack_copy(row, CASE_HANDLER);
  if (*kind->handler && !pack_is_code(pack_field(row, CASE_HANDLER)))
    return refuse_field(row, CASE_HANDLER, err, PACK_CODE_MALFORMED);
  return DONE;
}

/* Columns that packs of before do not have. */
static enum status take_later(const struct pack_row *row, struct pack_case_kind *kind,
                              struct error *err) {
  kind->others = true;
  if (pack_absent(row, CASE_TOLD_WAITS) != pack_absent(row, CASE_TOLD_WAITS_CY))
    return refuse_field(row, CASE_TOLD_WAITS, err, PACK_CASE_HINT);
  for (int language = 0; language < LANGUAGES; language++)
    kind->told_waits[language] = kind->told[language];
  if (!pack_absent(row, CASE_TOLD_WAITS)) {
    kind->told_waits[ENGLISH] = pack_copy(row, CASE_TOLD_WAITS);
    kind->told_waits[WELSH] = pack_copy(row, CASE_TOLD_WAITS_CY);
  }
  return pack_absent(row, CASE_OTHERS) ? DONE
                                       : pack_take_flag(row, CASE_OTHERS, &kind->others, err);
}

enum status pack_take_case_kind(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int number = p->case_kind_count, reason = 0, again = 0;
  struct pack_case_kind *kind = PACK_APPEND(p->case_kinds, p->case_kind_count);
  kind->line = row->rows->line[row->row];
  enum status s = pack_take_new_code(row, CASE_CODE, KIND_CASE_KIND, number, &kind->code, err);
  if (s == DONE) s = pack_take_names(row, CASE_NAME, CASE_NAME_CY, kind->name, err);
  if (s == DONE) s = take_opens(row, kind, err);
  if (s == DONE) s = take_deciders(row, kind, err);
  if (s == DONE) s = pack_take_deadline(row, CASE_DEADLINE, &kind->deadline, err);
  if (s == DONE)
    s = pack_take_word(row, CASE_REASON, asks_words, COUNT_OF(asks_words), &reason, err);
  if (s == DONE)
    s = pack_take_word(row, CASE_AGAIN, again_words, COUNT_OF(again_words), &again, err);
  if (s == DONE) s = pack_take_flag(row, CASE_INDEPENDENT, &kind->independent, err);
  if (s == DONE) s = pack_take_flag(row, CASE_ATTACHMENTS, &kind->attachments, err);
  if (s == DONE) s = take_state(row, CASE_FIRST, &kind->first, err);
  if (s == DONE) s = take_handler(row, kind, err);
  if (s == DONE) s = pack_take_names(row, CASE_TOLD, CASE_TOLD_CY, kind->told, err);
  if (s == DONE) s = pack_take_text(row, CASE_SOURCE, &kind->source, err);
  if (s == DONE) s = take_later(row, kind, err);
  kind->reason = (enum case_asks)reason;
  kind->again = (enum case_again)again;
  if (s == DONE && kind->first->waits && !*kind->to)
    return refuse_field(row, CASE_TO, err, PACK_CASE_NOBODYS);
  return s;
}

static enum status take_kind(const struct pack_row *row, int column,
                             const struct pack_case_kind **out, struct error *err) {
  int number = 0;
  enum status s = pack_take_reference(row, column, KIND_CASE_KIND, "kinds.csv", &number, err);
  if (s == DONE) *out = &row->pack->case_kinds[number];
  return s;
}

/* ---- moves.csv ---- */

enum {
  MOVE_KIND,
  MOVE_WORD,
  MOVE_FROM,
  MOVE_STATE,
  MOVE_BY,
  MOVE_WORDS,
  MOVE_NAME,
  MOVE_NAME_CY,
  MOVE_DONE,
  MOVE_DONE_CY
};

/* Words that the history of a case has for what is no move. `open` is a word of facts.csv. */
static const char *const words_taken[] = {"open",     "opened",    "read",
                                          "assigned", "escalated", "attached"};

static enum status take_move_word(const struct pack_row *row, struct pack_case_move *move,
                                  int number, struct error *err) {
  struct pack *p = row->pack;
  struct span word = pack_field(row, MOVE_WORD);
  if (!pack_is_code(word)) return refuse_field(row, MOVE_WORD, err, PACK_CODE_MALFORMED);
  for (int i = 0; i < COUNT_OF(words_taken); i++)
    if (span_is(word, words_taken[i]))
      return refuse_field(row, MOVE_WORD, err, PACK_CASE_MOVE_TAKEN);
  move->word = pack_copy(row, MOVE_WORD);
  const char *key = arena_printf(p->index->arena, "%s %s %s", move->kind->code, move->word,
                                 move->from->word);
  return pack_index_add(p->index, KIND_CASE_MOVE, key, number)
             ? DONE
             : refuse_field(row, MOVE_WORD, err, PACK_CASE_MOVE_TWICE);
}

enum status pack_take_case_move(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int number = p->case_move_count, by = 0, words = 0;
  struct pack_case_move *move = PACK_APPEND(p->case_moves, p->case_move_count);
  enum status s = take_kind(row, MOVE_KIND, &move->kind, err);
  if (s == DONE) s = take_state(row, MOVE_FROM, &move->from, err);
  if (s == DONE) s = take_state(row, MOVE_STATE, &move->to, err);
  if (s == DONE) s = take_move_word(row, move, number, err);
  if (s == DONE) s = pack_take_word(row, MOVE_BY, by_words, COUNT_OF(by_words), &by, err);
  if (s == DONE) s = pack_take_word(row, MOVE_WORDS, asks_words, COUNT_OF(asks_words), &words, err);
  if (s == DONE) s = pack_take_names(row, MOVE_NAME, MOVE_NAME_CY, move->name, err);
  if (s == DONE) s = pack_take_names(row, MOVE_DONE, MOVE_DONE_CY, move->done, err);
  move->by = (enum case_by)by;
  move->words = (enum case_asks)words;
  if (s == DONE && move->by == CASE_BY_DECIDER && !*move->kind->to)
    return refuse_field(row, MOVE_BY, err, PACK_CASE_MOVE_NOBODYS);
  return s;
}

static bool leads_out(const struct pack_case_kind *kind, const struct pack_case_state *state,
                      int steps) {
  if (!state->waits) return true;
  for (int m = 0; steps && m < kind->move_count; m++)
    if (kind->moves[m].from == state && kind->moves[m].to != state &&
        leads_out(kind, kind->moves[m].to, steps - 1))
      return true;
  return false;
}

static enum status check_way_out(const struct pack *p, const struct pack_case_kind *kind,
                                 const struct pack_case_state *state, struct error *err) {
  enum { STEPS = 8 }; /* moves from any state to an end; a kind has two or three */
  if (leads_out(kind, state, STEPS)) return DONE;
  (void)refuse_at(err, "code", PACK_CASE_NO_WAY_OUT, state->word);
  return error_at(err, arena_printf(p->index->arena, "%s/cases/kinds.csv", p->dir), kind->line,
                  NULL);
}

/* Moves of a kind stand together afterwards, in the order of the file. */
enum status pack_check_case_moves(struct pack *p, struct error *err) {
  int at = 0;
  struct pack_case_move *all = memory_zeroed((size_t)p->case_move_count + 1, sizeof *all);
  for (int k = 0; k < p->case_kind_count; k++) {
    struct pack_case_kind *kind = &p->case_kinds[k];
    kind->moves = &all[at];
    for (int m = 0; m < p->case_move_count; m++)
      if (p->case_moves[m].kind == kind) all[at++] = p->case_moves[m], kind->move_count++;
  }
  free(p->case_moves);
  p->case_moves = all;
  enum status s = DONE;
  for (int k = 0; s == DONE && k < p->case_kind_count; k++) {
    const struct pack_case_kind *kind = &p->case_kinds[k];
    s = check_way_out(p, kind, kind->first, err);
    for (int m = 0; s == DONE && m < kind->move_count; m++) {
      s = check_way_out(p, kind, kind->moves[m].from, err);
      if (s == DONE) s = check_way_out(p, kind, kind->moves[m].to, err);
    }
  }
  return s;
}

/* ---- facts.csv ---- */

enum {
  FACT_KIND,
  FACT_WORD,
  FACT_TYPE,
  FACT_ASKED,
  FACT_REQUIRED,
  FACT_NAME,
  FACT_NAME_CY,
  FACT_HINT,
  FACT_HINT_CY
};

static bool has_move(const struct pack_case_kind *kind, struct span word) {
  for (int m = 0; m < kind->move_count; m++)
    if (span_is(word, kind->moves[m].word)) return true;
  return false;
}

static enum status take_fact_texts(const struct pack_row *row, struct pack_case_fact *fact,
                                   struct error *err) {
  enum status s = pack_take_names(row, FACT_NAME, FACT_NAME_CY, fact->name, err);
  if (s != DONE) return s;
  fact->hint[ENGLISH] = pack_copy(row, FACT_HINT);
  fact->hint[WELSH] = pack_copy(row, FACT_HINT_CY);
  return pack_absent(row, FACT_HINT) == pack_absent(row, FACT_HINT_CY)
             ? DONE
             : refuse_field(row, FACT_HINT, err, PACK_CASE_HINT);
}

enum status pack_take_case_fact(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int number = p->case_fact_count, type = 0;
  struct pack_case_fact *fact = PACK_APPEND(p->case_facts, p->case_fact_count);
  enum status s = take_kind(row, FACT_KIND, &fact->kind, err);
  if (s == DONE && !pack_is_code(pack_field(row, FACT_WORD)))
    s = refuse_field(row, FACT_WORD, err, PACK_CODE_MALFORMED);
  if (s == DONE) s = pack_take_word(row, FACT_TYPE, type_words, FACT_TYPES, &type, err);
  if (s == DONE) s = pack_take_flag(row, FACT_REQUIRED, &fact->required, err);
  if (s == DONE) s = take_fact_texts(row, fact, err);
  if (s != DONE) return s;
  fact->word = pack_copy(row, FACT_WORD);
  fact->type = (enum case_fact_type)type;
  fact->asked = pack_copy(row, FACT_ASKED);
  struct span asked = pack_field(row, FACT_ASKED);
  if (asked.size && !span_is(asked, "open") && !has_move(fact->kind, asked))
    return refuse_field(row, FACT_ASKED, err, PACK_CASE_ASKED);
  const char *key = arena_printf(p->index->arena, "%s %s", fact->kind->code, fact->word);
  return pack_index_add(p->index, KIND_CASE_FACT, key, number)
             ? DONE
             : refuse_field(row, FACT_WORD, err, PACK_CASE_FACT_TWICE);
}

/* As of the moves. */
enum status pack_check_case_facts(struct pack *p, struct error *err) {
  (void)err;
  int at = 0;
  struct pack_case_fact *all = memory_zeroed((size_t)p->case_fact_count + 1, sizeof *all);
  for (int k = 0; k < p->case_kind_count; k++) {
    struct pack_case_kind *kind = &p->case_kinds[k];
    kind->facts = &all[at];
    for (int f = 0; f < p->case_fact_count; f++)
      if (p->case_facts[f].kind == kind) all[at++] = p->case_facts[f], kind->fact_count++;
  }
  free(p->case_facts);
  p->case_facts = all;
  return DONE;
}

/* ---- steps.csv ---- */

enum {
  STEP_KIND,
  STEP_STATE,
  STEP_ABOUT,
  STEP_OPENS,
  STEP_NAME,
  STEP_NAME_CY,
  STEP_TEXT,
  STEP_TEXT_CY,
  STEP_ADDRESS,
  STEP_SOURCE,
  STEP_BODY
};

static enum status take_about(const struct pack_row *row, struct pack_case_step *step,
                              struct error *err) {
  struct span all = pack_field(row, STEP_ABOUT);
  step->about = pack_copy(row, STEP_ABOUT);
  for (size_t at = 0; at < all.size;) {
    size_t end = at;
    while (end < all.size && all.bytes[end] != ' ') end++;
    if (pack_index_find(row->pack->index, KIND_CASE_KIND, span_make(all.bytes + at, end - at)) < 0)
      return refuse_field(row, STEP_ABOUT, err, PACK_CASE_ABOUT);
    at = end + 1;
  }
  return DONE;
}

enum status pack_take_case_step(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  struct pack_case_step *step = PACK_APPEND(p->case_steps, p->case_step_count);
  bool outside = pack_absent(row, STEP_OPENS);
  struct span address = pack_field(row, STEP_ADDRESS);
  enum status s = take_kind(row, STEP_KIND, &step->kind, err);
  if (s == DONE) s = take_state(row, STEP_STATE, &step->state, err);
  if (s == DONE) s = take_about(row, step, err);
  if (s == DONE && !outside) s = take_kind(row, STEP_OPENS, &step->opens, err);
  if (s == DONE) s = pack_take_names(row, STEP_NAME, STEP_NAME_CY, step->name, err);
  if (s == DONE) s = pack_take_names(row, STEP_TEXT, STEP_TEXT_CY, step->text, err);
  if (s == DONE) s = pack_take_text(row, STEP_SOURCE, &step->source, err);
  step->address = pack_copy(row, STEP_ADDRESS);
  step->body = pack_copy(row, STEP_BODY);
  int body = 0;
  if (s == DONE && !pack_absent(row, STEP_BODY))
    s = pack_take_reference(row, STEP_BODY, KIND_BODY, "bodies.csv", &body, err);
  if (s == DONE && (outside ? strncmp(step->address, "https://", 8) != 0 : address.size > 0))
    return refuse_field(row, STEP_ADDRESS, err, PACK_CASE_ADDRESS);
  return s;
}

/* ---- holidays.csv ---- */

enum { HOLIDAY_DAY, HOLIDAY_DIVISION, HOLIDAY_NAME, HOLIDAY_NAME_CY, HOLIDAY_SOURCE };

/* Keeps the days of the pack's own division. */
enum status pack_take_holiday(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  struct pack_holiday holiday = {0};
  int division = 0;
  const char *own = pack_find_value(p, "holidays");
  if (!own) return refuse_field(row, HOLIDAY_DIVISION, err, PACK_HOLIDAYS_WHOSE);
  if (day_parse(pack_field(row, HOLIDAY_DAY), &holiday.day, err) != DONE)
    return error_at(err, NULL, 0, row->columns[HOLIDAY_DAY].name);
  enum status s = pack_take_word(row, HOLIDAY_DIVISION, pack_divisions, PACK_DIVISIONS, &division,
                                 err);
  if (s == DONE) s = pack_take_names(row, HOLIDAY_NAME, HOLIDAY_NAME_CY, holiday.name, err);
  if (s == DONE) s = pack_take_text(row, HOLIDAY_SOURCE, &holiday.source, err);
  if (s != DONE) return s;
  const char *key = arena_printf(p->index->arena, "%s %d", pack_divisions[division],
                                 (int)holiday.day);
  if (!pack_index_add(p->index, KIND_HOLIDAY, key, 0))
    return refuse_field(row, HOLIDAY_DAY, err, PACK_HOLIDAY_TWICE);
  if (span_is(pack_field(row, HOLIDAY_DIVISION), own))
    *PACK_APPEND(p->holidays, p->holiday_count) = holiday;
  return DONE;
}

static int holiday_compare(const void *a, const void *b) {
  const struct pack_holiday *x = a, *y = b;
  return (x->day > y->day) - (x->day < y->day);
}

enum status pack_check_holidays(struct pack *p, struct error *err) {
  (void)err;
  array_sort(p->holidays, p->holiday_count, holiday_compare);
  return DONE;
}

bool pack_working_day(const struct pack *pack, day_t day) {
  enum { SATURDAY = 2, SUNDAY = 3, WEEK = 7 }; /* 1970-01-01, day 0, was a Thursday */
  int weekday = ((int)(day % WEEK) + WEEK) % WEEK;
  if (weekday == SATURDAY || weekday == SUNDAY) return false;
  const struct pack_holiday key = {.day = day};
  return !pack->holiday_count ||
         !array_find(&key, pack->holidays, pack->holiday_count, holiday_compare);
}
