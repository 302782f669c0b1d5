/* "Something wrong with an item of the account": what opening it checks, and what upholding it
 * does to the book. */
#include "redress/parts.h"

#include "base/money.h"
#include "book/line_reads.h"
#include "book/record.h"
#include "book/reversal.h"
#include "register/register.h"

/* ---- opening ---- */

static enum status open_line(struct case_call *call, struct case_opening *opening,
                             struct error *err) {
  const struct subject subject = subject_read(opening->subject);
  struct disputed disputed = {0};
  bool found = false;
  if (subject.kind == SUBJECT_NONE) return refuse(err, REDRESS_LINE_MISSING);
  enum status status = subject.kind == SUBJECT_LINE
                           ? disputed_find(call->store, call->arena, opening->party, &subject,
                                           &disputed, &found, err)
                           : DONE;
  if (status != DONE) return status;
  if (!found) return refuse(err, REDRESS_LINE_UNKNOWN);
  if (disputed.line.reverses_entry) return refuse(err, REDRESS_LINE_IS_REVERSAL);
  if (disputed.undone)
    return refuse(err, REDRESS_LINE_TAKEN_BACK, (long long)disputed.undone_entry,
                  disputed.undone_line_no);
  opening->to_body = disputed.line.body;
  opening->to_person = 0;
  opening->to_role = disputed.line.body ? NULL : "administrator";
  return DONE;
}

/* ---- what would be right ---- */

/* What the decider says; a member is null where the wrong line's own value stays. */
struct right {
  struct span amount, quantity, minutes, day;
};

enum measure redress_measure_of(const char *unit, const struct line *line) {
  if (strcmp(unit, UNIT_MINUTES) == 0) return MEASURE_MINUTES;
  if (unit_is_holding(unit)) return MEASURE_HOLDING;
  return line->has_quantity ? MEASURE_COUNT : MEASURE_MONEY;
}

static enum measure measure_of(const struct disputed *disputed) {
  return redress_measure_of(disputed->account.unit, &disputed->line);
}

static int64_t without_sign(int64_t n) { return n < 0 ? -n : n; }

/* As by hand (action/posting.c): one of the smallest part or more. */
static enum status check_positive(int64_t n, struct span text, const char *column,
                                  struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  return n > 0 ? DONE : refuse_at(err, column, REDRESS_NOT_POSITIVE, span_quote(text, quoted));
}

/* The wrong line's own amount or quantity, or the one that would be right. */
static enum status take_measure(const struct right *right, const struct disputed *disputed,
                                enum pack_side side, struct record_row *row, struct error *err) {
  const enum measure measure = measure_of(disputed);
  const struct line *line = &disputed->line;
  if (right->amount.size && measure != MEASURE_MONEY)
    return refuse_at(err, "amount", REDRESS_NOT_MONEY);
  if (right->quantity.size && measure != MEASURE_COUNT)
    return refuse_at(err, "quantity", REDRESS_NOT_COUNTED);
  if (right->minutes.size && measure != MEASURE_MINUTES)
    return refuse_at(err, "minutes", REDRESS_NOT_TIME);
  row->has_amount = measure == MEASURE_MONEY;
  row->has_quantity = !row->has_amount;
  if (row->has_amount) row->amount = side == SIDE_CONTRIBUTION ? -line->amount : line->amount;
  else row->quantity = without_sign(measure == MEASURE_COUNT ? line->quantity : line->amount);
  if (measure == MEASURE_HOLDING) row->unit = span_of(disputed->account.unit);
  enum status status = DONE;
  if (right->amount.size) {
    status = money_parse(right->amount, &row->amount, err);
    return status == DONE ? check_positive(row->amount, right->amount, "amount", err) : status;
  }
  if (right->quantity.size) {
    status = quantity_parse(right->quantity, &row->quantity, err);
    return status == DONE ? check_positive(row->quantity, right->quantity, "quantity", err)
                          : status;
  }
  if (!right->minutes.size) return DONE;
  status = minutes_parse(right->minutes, &row->quantity, err);
  return status == DONE ? check_positive(row->quantity, right->minutes, "minutes", err) : status;
}

/* A figure that somebody states is no estimate; whether a service's value is one, its cost says. */
static bool is_still_estimated(const struct disputed *disputed, const struct right *right) {
  return disputed->line.estimated && measure_of(disputed) != MEASURE_COUNT && !right->amount.size &&
         !right->minutes.size;
}

/* The wrong line as a row, with what would be right in its place. */
static enum status right_row(struct case_call *call, const struct codes *codes,
                             const struct disputed *disputed, const struct right *right,
                             struct record_row *row, struct error *err) {
  static const struct right nothing = {{0}, {0}, {0}, {0}};
  const struct line *line = &disputed->line;
  const char *code = line->category >= 1 && line->category <= codes->category_max
                         ? codes->category_code[line->category]
                         : NULL;
  const struct pack_category *category = code ? pack_find_category(call->desk->pack, span_of(code))
                                              : NULL;
  if (!category) return refuse(err, REDRESS_NO_CATEGORY);
  *row = (struct record_row){.category = span_of(code),
                             .body = line->body,
                             .place = line->place,
                             .day = line->day,
                             .estimated = is_still_estimated(disputed, right),
                             .note = line->note};
  if (line->service >= 1 && line->service <= codes->service_count)
    row->service = span_of(codes->services[line->service - 1].code);
  struct record_row wrong = *row;
  if (right->day.size && day_parse(right->day, &row->day, err) != DONE)
    return error_at(err, NULL, 0, "day");
  enum status status = take_measure(&nothing, disputed, category->side, &wrong, err);
  if (status == DONE) status = take_measure(right, disputed, category->side, row, err);
  if (status != DONE) return status;
  return row->day == wrong.day && row->amount == wrong.amount && row->quantity == wrong.quantity
             ? refuse(err, REDRESS_SAME_AS_WRONG)
             : DONE;
}

/* ---- upholding ---- */

static int64_t size_of(int64_t amount) { return amount < 0 ? -amount : amount; }

/* A refused row's column by the name of its fact; what no fact asks for is of the whole. */
static void name_fact(struct error *err) {
  if (strcmp(err->column, "date") == 0) snprintf(err->column, sizeof err->column, "day");
  else if (strcmp(err->column, "estimated") == 0) err->column[0] = '\0';
}

/* One officer decides here: what needs two by hand, and is more than what was wrong, is none of
 * this. */
static enum status check_large(struct case_call *call, const struct codes *codes,
                               const struct disputed *disputed, const struct record_row *row,
                               struct error *err) {
  const struct pack *pack = call->desk->pack;
  struct record_terms terms = *(const struct record_terms *)call->desk->terms;
  struct line worth = {0};
  const struct pack_category *category = pack_find_category(pack, row->category);
  /* what is large is said in pence */
  if (!pack->second_from || (category && category->unit != pack->pence)) return DONE;
  terms.codes = codes;
  enum status status = record_value(call->store, &terms, row, &worth, err);
  if (status == REFUSED) name_fact(err);
  if (status != DONE) return status;
  return size_of(worth.amount) >= pack->second_from &&
                 size_of(worth.amount) > size_of(disputed->line.amount)
             ? refuse_at(err, row->has_amount ? "amount" : "quantity", REDRESS_NEEDS_SECOND)
             : DONE;
}

static enum status post_right(struct case_call *call, const struct case_file *file,
                              const struct disputed *disputed, const struct right *right,
                              int64_t *entry, int32_t *line_no, struct error *err) {
  const struct record_terms *terms = call->desk->terms;
  struct codes *read = NULL;
  struct record_row row;
  struct recorded recorded;
  enum status status = terms->codes ? DONE : book_codes(call->store, call->arena, &read, err);
  if (status == DONE)
    status = right_row(call, terms->codes ? terms->codes : read, disputed, right, &row, err);
  if (status != DONE) return status;
  row.person = disputed->account.owner;
  if (check_large(call, terms->codes ? terms->codes : read, disputed, &row, err) != DONE)
    return err->code;
  row.reference = span_of(arena_printf(call->arena, "request-%lld", (long long)file->id));
  row.memo = row.reference.bytes;
  status = record_post(call->store, terms, &row, &recorded, err);
  if (status == REFUSED) name_fact(err);
  *entry = recorded.entry;
  *line_no = recorded.line_no;
  return status;
}

/* Takes the line back; a line that somebody took back since the case was opened is left as it
 * is. */
static enum status take_back(struct case_call *call, const struct case_file *file,
                             const struct subject *subject, struct disputed *disputed,
                             struct error *err) {
  bool found = false;
  int64_t entry = 0;
  if (disputed->undone) return DONE;
  const struct reversal_of_line what = {.account = disputed->line.account,
                                        .entry = disputed->line.entry,
                                        .day = disputed->line.day,
                                        .line_no = disputed->line.line_no,
                                        .on = DAY_NONE,
                                        .reason = arena_printf(call->arena, "request-%lld",
                                                               (long long)file->id)};
  enum status status = reversal_line(call->store, &what, &entry, err);
  if (status == DONE)
    status = disputed_find(call->store, call->arena, file->party, subject, disputed, &found, err);
  if (status == DONE && !disputed->undone)
    return error_set(err, FAILED, "entry %lld does not undo the line that it was made for",
                     (long long)entry);
  return status;
}

static enum status uphold(struct case_call *call, struct case_file *file,
                          const struct case_motion *motion, struct error *err) {
  const struct subject subject = subject_read(file->subject);
  const struct right right = {
      .amount = case_fact_given(motion->facts, motion->fact_count, "amount"),
      .quantity = case_fact_given(motion->facts, motion->fact_count, "quantity"),
      .minutes = case_fact_given(motion->facts, motion->fact_count, "minutes"),
      .day = case_fact_given(motion->facts, motion->fact_count, "day")};
  struct disputed disputed = {0};
  bool found = false;
  enum status status = disputed_find(call->store, call->arena, file->party, &subject, &disputed,
                                     &found, err);
  if (status == DONE && !found) return refuse(err, REDRESS_LINE_UNKNOWN);
  if (status == DONE) status = take_back(call, file, &subject, &disputed, err);
  if (status != DONE) return status;
  int64_t entry = disputed.undone_entry;
  int32_t line_no = disputed.undone_line_no;
  if (right.amount.size || right.quantity.size || right.minutes.size || right.day.size)
    status = post_right(call, file, &disputed, &right, &entry, &line_no, err);
  if (status == DONE)
    file->result = arena_printf(call->arena, "line:%lld:%d", (long long)entry, line_no);
  return status;
}

static const char *const upholding[] = {"uphold", NULL};

static enum status move_line(struct case_call *call, struct case_file *file,
                             const struct pack_case_move *move, const struct case_motion *motion,
                             struct error *err) {
  return strcmp(move->word, *upholding) == 0 ? uphold(call, file, motion, err) : DONE;
}

const struct case_handler redress_line = {
    .word = "line", .moves = upholding, .open = open_line, .move = move_line};
