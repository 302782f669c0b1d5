#include "book/record.h"

#include "base/refusal.h"
#include "book/entry_input.h"
#include "book/posting.h"
#include "book/unusual.h"
#include "register/duties.h"
#include "register/names.h"

/* The end of the refusal of an unusual row: unusual rows cannot be recorded by hand. */
static const char way_out[] = N_(
    "correct it; where it is right, whoever imports files into this book "
    "can post it (weal import --unusual)");

struct known_life {
  day_t born, died;
};
struct accounts {
  bool registered;
  int64_t person, control, merged_into; /* 0: none */
  struct known_life life;               /* of that record itself */
};

/* Finds the accounts; of several of one kind the oldest, as an import does. Reads the person's life
 * with them, so that PostgreSQL is waited for once. */
static enum status find_accounts(struct store *store, const struct record_row *row,
                                 const char *role, const struct account *control,
                                 struct accounts *out, struct error *err) {
  struct query *q = NULL;
  bool found = false;
  struct query *asked = NULL;
  struct person_facts facts = {0};
  *out = (struct accounts){0};
  enum status status = store_query_with(
      store, &q,
      "select 1, account from holding where owner = ?1 and owner_kind = 'person' and role = ?2 and "
      "unit = ?3 union all select 2, account from holding where owner = ?4 and owner_kind = ?5 and "
      "role = ?6 and unit = ?3",
      err, row->person, role, control->unit, row->body, row->body ? "body" : "book", control->role);
  if (status == DONE) status = query_ask(q, err);
  if (status == DONE) status = register_ask_facts(store, row->person, &asked, err);
  while (status == DONE && (status = query_step(q, &found, err)) == DONE && found) {
    bool person = query_int(q, 0) == 1;
    int64_t account = query_int(q, 1), *kept = person ? &out->person : &out->control;
    if (account && (!*kept || account < *kept)) *kept = account;
  }
  if (status == DONE) status = register_answer_facts(asked, &facts, err);
  out->registered = facts.registered;
  out->life = (struct known_life){facts.born, facts.died};
  out->merged_into = facts.merged_into;
  query_end(asked);
  query_end(q);
  return status;
}

static enum status read_life(struct store *store, int64_t person, struct known_life *out,
                             struct error *err) {
  int64_t survivor = 0;
  *out = (struct known_life){DAY_NONE, DAY_NONE};
  enum status status = register_survivor(store, person, &survivor, err);
  return status == DONE ? register_life(store, survivor, &out->born, &out->died, err) : status;
}

static enum status body_exists(struct store *store, int64_t body, struct error *err) {
  bool there = false;
  enum status status = register_has_body(store, body, &there, err);
  return status == DONE && !there ? refuse_at(err, "body", BODY_NOT_REGISTERED) : status;
}

static enum status read_row(struct store *store, const struct record_terms *terms,
                            const struct record_row *row, struct entry_input_category *category,
                            struct line *line, struct error *err) {
  const struct book_service *service = NULL;
  const struct pack_category *pack = pack_find_category(terms->pack, row->category);
  if (pack) entry_input_category(category, pack, terms->codes);
  if (!pack || !category->id) return refuse_at(err, "category", CATEGORY_NOT_IN_LIST);
  if (row->body && !terms->any_category) {
    enum status may = duties_check(store, terms->pack, row->body, pack, err);
    if (may != DONE) return may;
  }
  struct span unit = row->unit.size || !row->has_quantity || pack->side == SIDE_SERVICE
                         ? row->unit
                         : span_of(pack->unit->code);
  struct entry_input told = {row->has_amount, row->has_quantity, unit, row->service,
                             row->estimated};
  enum status status = entry_input_check(category, terms->codes, &told, &service, err);
  if (status != DONE) return status;
  if (row->has_quantity && row->quantity < 0)
    return refuse_at(err, "quantity", QUANTITY_REVERSED_INSTEAD);
  *line = (struct line){.day = row->day,
                        .category = (int32_t)category->id,
                        .estimated = row->estimated,
                        .body = row->body,
                        .place = row->place,
                        .reference = row->reference,
                        .note = row->note};
  const bool priced = row->has_amount && row->has_quantity;
  const int64_t number = row->has_quantity ? row->quantity : row->amount;
  struct unusual unusual;
  unusual_open(&unusual, terms->pack, day_today(), way_out);
  unusual.any_number = terms->any_number;
  return entry_input_value(
      category, &(struct entry_input_rules){terms->codes, &unusual, priced ? &row->amount : NULL},
      service, number, line, err);
}

/* Opens missing accounts: a person's first account in a unit, a body's control account. */
static enum status ready_accounts(struct store *store, const struct record_row *row,
                                  const char *role, struct account *control,
                                  struct accounts *accounts, struct error *err) {
  enum status status = DONE;
  if (!accounts->person) {
    struct account person = {.owner_kind = OWNER_PERSON, .owner = row->person};
    account_set_role(&person, role);
    account_set_unit(&person, control->unit);
    status = book_ready_account(store, &person, err);
    accounts->person = person.id;
  }
  if (status == DONE && !accounts->control && row->body)
    status = body_exists(store, row->body, err);
  if (status == DONE && !accounts->control) {
    status = book_ready_account(store, control, err);
    accounts->control = control->id;
  }
  return status;
}

/* A row that may be posted, with its accounts; 0 for those that do not exist yet. */
struct checked {
  struct line line;
  struct account control;
  struct accounts accounts;
  const struct book_role *role;
};

static enum status check_row(struct store *store, const struct record_terms *terms,
                             const struct record_row *row, struct checked *out, struct error *err) {
  struct entry_input_category category;
  if (row->day < DAY_FIRST || row->day > DAY_LAST) return refuse_at(err, "date", DAY_OUTSIDE_BOOK);
  enum status status = terms->of_awards ? DONE : entry_input_reference(row->reference, err);
  if (status == DONE) status = read_row(store, terms, row, &category, &out->line, err);
  if (status != DONE) return status;
  out->role = roles_of_entries(terms->codes->roles, category.unit->kind);
  out->control = account_of_control(terms->codes->roles, row->body, category.unit->code);
  if (!out->role) return refuse_at(err, "category", CATEGORY_WITHOUT_ACCOUNTS);
  status = find_accounts(store, row, out->role->code, &out->control, &out->accounts, err);
  if (status != DONE) return status;
  if (!out->accounts.registered) return refuse_at(err, "person", PERSON_NOT_REGISTERED);
  struct known_life life = out->accounts.life;
  if (out->accounts.merged_into) status = read_life(store, out->accounts.merged_into, &life, err);
  return status == DONE ? entry_input_life(&category, life.born, life.died, row->day, err) : status;
}

enum status record_value(struct store *store, const struct record_terms *terms,
                         const struct record_row *row, struct line *out, struct error *err) {
  struct checked checked;
  enum status status = check_row(store, terms, row, &checked, err);
  if (status == DONE) *out = checked.line;
  return status;
}

static enum status post_row(struct store *store, const struct record_terms *terms,
                            const struct record_row *row, struct recorded *out, struct error *err) {
  struct checked checked;
  enum status status = check_row(store, terms, row, &checked, err);
  if (status == DONE)
    status = ready_accounts(store, row, checked.role->code, &checked.control, &checked.accounts,
                            err);
  if (status != DONE) return status;
  struct line line = checked.line;
  const struct accounts accounts = checked.accounts;
  struct posting *p = posting_begin(store, row->day, "record", row->memo);
  line.account = accounts.person;
  posting_add(p, &line);
  posting_add(p, &(struct line){.account = accounts.control,
                                .category = line.category,
                                .amount = -line.amount});
  *out = (struct recorded){.account = accounts.person,
                           .line_no = accounts.person < accounts.control ? 1 : 2,
                           .amount = line.amount,
                           .cost_year = line.cost_year,
                           .estimated = line.estimated};
  return posting_post(p, &out->entry, err);
}

enum status record_post(struct store *store, const struct record_terms *terms,
                        const struct record_row *row, struct recorded *out, struct error *err) {
  if (terms->codes) return post_row(store, terms, row, out, err);
  struct arena *arena = arena_new();
  struct codes *codes = NULL;
  enum status status = book_codes(store, arena, &codes, err);
  struct record_terms own = *terms;
  own.codes = codes;
  if (status == DONE) status = post_row(store, &own, row, out, err);
  arena_free(arena);
  return status;
}
