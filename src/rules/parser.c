/* Formulas: from tokens to expressions. Declarations are read in parser_declare.c. */
#include "base/limits.h"
#include "base/refusal.h"
#include "rules/functions.h"
#include "rules/parser_parts.h"

enum { EXPR_ARGS_MOST = 64 };

enum status parser_expected(struct parser *p, const char *what, struct error *err) {
  const struct token *t = &p->l.now;
  if (t->kind == TOKEN_END || t->kind == TOKEN_LINE) {
    (void)refuse(err, RULE_EXPECTED_MORE, what);
  } else {
    char quoted[SPAN_QUOTE_SIZE];
    (void)refuse(err, RULE_EXPECTED, what, span_quote(t->text, quoted));
  }
  return lexer_fault(&p->l, err);
}

enum status parser_take_sign(struct parser *p, const char *sign, struct error *err) {
  if (p->l.now.kind == TOKEN_SIGN && span_is(p->l.now.text, sign)) return parser_next(p, err);
  return parser_expected(p, sign, err);
}

enum status parser_take_name(struct parser *p, struct span *name, struct error *err) {
  if (p->l.now.kind != TOKEN_NAME) return parser_expected(p, N_("a name"), err);
  *name = p->l.now.text;
  return parser_next(p, err);
}

enum status parser_take_new_name(struct parser *p, struct span *name, struct error *err) {
  static const char *const words[] = {"and",      "or",           "not",       "in",    "per",
                                      "where",    "by",           "let",       "from",  "to",
                                      "formula",  "true",         "false",     "param", "table",
                                      "infinity", "period_start", "period_end"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (parser_is(p, words[i]))
      return parser_expected(p, N_("a name that is no word of the language"), err);
  return parser_take_name(p, name, err);
}

enum status parser_take_line(struct parser *p, struct error *err) {
  if (p->l.now.kind == TOKEN_END) return DONE;
  if (p->l.now.kind != TOKEN_LINE) return parser_expected(p, N_("the end of the line"), err);
  return parser_next(p, err);
}

static struct rule_expr *node(struct parser *p, enum rule_op op, int args) {
  struct rule_expr *e = arena_array(p->arena, struct rule_expr, 1);
  *e = (struct rule_expr){.op = op, .place = parser_place(p), .arg_count = args};
  if (args) e->args = arena_array(p->arena, struct rule_expr *, args);
  return e;
}

/* ---- expressions ---- */

/* Into an expression within another; p->depth goes back when it is read. */
static enum status go_deeper(struct parser *p, struct error *err) {
  if (p->depth == LIMIT_RULE_DEPTH)
    return parser_expected(p, N_("a formula that is less deep"), err);
  p->depth++;
  return DONE;
}

static enum status too_long(struct parser *p, struct error *err) {
  return parser_expected(p, N_("a formula with fewer parts"), err);
}

bool parser_each_named(struct span word, enum rule_each *each) {
  for (int i = EACH_DAY; i < EACH_COUNT; i++) {
    const size_t size = strlen(rule_each_words[i]);
    if (word.size < size || memcmp(word.bytes, rule_each_words[i], size) != 0) continue;
    if (word.size == size || (word.size == size + 1 && word.bytes[size] == 's')) {
      *each = (enum rule_each)i;
      return true;
    }
  }
  return false;
}

enum status parser_money_named(struct parser *p, struct span word, bool *is, struct error *err) {
  struct rules *r = p->rules;
  *is = word.size == 3;
  for (size_t i = 0; i < word.size && *is; i++) *is = word.bytes[i] >= 'A' && word.bytes[i] <= 'Z';
  if (!*is) return DONE;
  if (!r->money_code) {
    r->money_code = r->money_words = parser_kept(p, word);
    r->money_sign = arena_printf(p->arena, "%s ", r->money_code);
  }
  if (span_is(word, r->money_code)) return DONE;
  char quoted[SPAN_QUOTE_SIZE];
  (void)refuse(err, RULE_MONEY_OTHER, span_quote(word, quoted), r->money_code);
  return lexer_fault(&p->l, err);
}

static enum status take_each(struct parser *p, enum rule_each *each, struct error *err) {
  if (p->l.now.kind != TOKEN_NAME || !parser_each_named(p->l.now.text, each) || *each > EACH_YEAR)
    return parser_expected(p, N_("day, week, month, pay or year"), err);
  return parser_next(p, err);
}

const struct rule_entity *parser_entity_of_word(const struct parser *p, struct span word,
                                                bool plural) {
  for (int i = 0; i < p->rules->entity_count; i++) {
    const struct rule_entity *e = p->rules->entities[i];
    if (!plural && span_is(word, e->name)) return e;
    for (int k = 0; plural && k < e->plural_count; k++)
      if (span_is(word, e->plurals[k])) return e;
  }
  return NULL;
}

/* The words after which members are meant: `members`, a role, or the plural of a smaller group.
 * `group` null: of whatever entity the formula is. */
static bool members_named(const struct parser *p, const struct rule_entity *group, struct span word,
                          struct rule_members *out) {
  *out = (struct rule_members){.group = group, .role = -1};
  if (span_is(word, "members")) return true;
  for (int i = 0; i < p->rules->entity_count; i++) {
    const struct rule_entity *e = p->rules->entities[i];
    if (group && e != group) continue;
    for (int r = 0; r < e->role_count; r++)
      if (span_is(word, e->roles[r])) {
        out->group = e;
        out->role = r;
        return true;
      }
  }
  out->member = parser_entity_of_word(p, word, true);
  return out->member && out->member->is_group;
}

/* Whether members stand at the beginning of the arguments; then takes them. */
static enum status read_members(struct parser *p, struct rule_members *members, bool *are,
                                struct error *err) {
  *are = false;
  if (p->l.now.kind != TOKEN_NAME) return DONE;
  const struct lexer before = p->l;
  const struct rule_entity *group = parser_entity_of_word(p, p->l.now.text, false);
  if (group) {
    enum status status = parser_next(p, err);
    if (status == DONE && parser_is(p, ".")) status = parser_next(p, err);
    else if (status == DONE) group = NULL;
    if (status != DONE) return status;
    if (!group) p->l = before;
  }
  struct rule_members found;
  if (p->l.now.kind == TOKEN_NAME && members_named(p, group, p->l.now.text, &found)) {
    enum status status = parser_next(p, err);
    if (status != DONE) return status;
    if (parser_is(p, ",") || parser_is(p, "where") || parser_is(p, ")")) {
      *members = found;
      *are = true;
      return DONE;
    }
  }
  p->l = before;
  return DONE;
}

static enum status read_args(struct parser *p, struct rule_expr *e, int least, int most,
                             struct error *err) {
  struct rule_expr *args[EXPR_ARGS_MOST];
  int n = 0;
  enum status status = DONE;
  while (status == DONE && !parser_is(p, ")")) {
    if (n == most || n == EXPR_ARGS_MOST) return parser_expected(p, ")", err);
    status = parser_read_expr(p, &args[n++], err);
    if (status == DONE && !parser_is(p, ")")) {
      if (!parser_is(p, ",")) return parser_expected(p, N_(", or )"), err);
      status = parser_next(p, err);
    }
  }
  if (status != DONE) return status;
  if (n < least) return parser_expected(p, N_("another value"), err);
  e->args = arena_array(p->arena, struct rule_expr *, n ? n : 1);
  memcpy(e->args, args, sizeof *args * (size_t)n);
  e->arg_count = n;
  return parser_next(p, err);
}

/* A path follows the bracket that l->now is. Leaves the closing one as l->now. */
static enum status read_path(struct parser *p, struct rule_expr *e, struct error *err) {
  enum { STEPS_MOST = 24 };
  struct rule_step steps[STEPS_MOST];
  int n = 0;
  enum status status = DONE;
  for (bool first = true; status == DONE; first = false) {
    if (n == STEPS_MOST) return parser_expected(p, ")", err);
    struct rule_step *s = &steps[n];
    *s = (struct rule_step){.number = -1};
    if (first || lexer_raw_sign(&p->l, '.')) {
      s->name = lexer_raw_name(&p->l);
      if (!s->name.size) {
        status = parser_next(p, err);
        return status == DONE ? parser_expected(p, N_("a parameter's path"), err) : status;
      }
    } else if (lexer_raw_sign(&p->l, '[')) {
      p->l.depth++;
      status = parser_next(p, err);
      if (status == DONE && p->l.now.kind == TOKEN_NUMBER) {
        if (p->l.now.number > 1000000) return parser_expected(p, N_("a smaller number"), err);
        s->number = (int)p->l.now.number;
        status = parser_next(p, err);
      } else if (status == DONE && parser_is(p, "period")) {
        s->by_period = true;
        status = parser_next(p, err);
      } else if (status == DONE) {
        status = parser_read_expr(p, &s->chosen, err);
      }
      if (status == DONE && !parser_is(p, "]")) return parser_expected(p, "]", err);
    } else {
      break;
    }
    n++;
  }
  if (status != DONE) return status;
  e->steps = arena_array(p->arena, struct rule_step, n);
  memcpy(e->steps, steps, sizeof *steps * (size_t)n);
  e->step_count = n;
  return parser_next(p, err);
}

static enum status read_parameter(struct parser *p, struct rule_expr **out, struct error *err) {
  struct rule_expr *e = node(p, OP_PARAMETER, 0);
  enum status status = parser_next(p, err);
  if (status == DONE && !parser_is(p, "(")) return parser_expected(p, "(", err);
  if (status == DONE) status = read_path(p, e, err);
  if (status == DONE) status = parser_take_sign(p, ")", err);
  *out = e;
  return status;
}

static enum status read_table(struct parser *p, struct rule_expr **out, struct error *err) {
  struct rule_expr *e = *out = node(p, OP_TABLE, 0);
  enum status status = parser_next(p, err);
  if (status == DONE) status = parser_take_sign(p, "(", err);
  if (status == DONE) status = parser_take_name(p, &e->name, err);
  if (status == DONE) status = parser_take_sign(p, ";", err);
  if (status == DONE) status = read_args(p, e, 1, 8, err);
  return status;
}

struct function {
  const char *name;
  enum rule_op op;
  int least, most;
};
static const struct function functions[] = {
    {"if", OP_IF, 3, EXPR_ARGS_MOST},   {"min", OP_MIN, 2, EXPR_ARGS_MOST},
    {"max", OP_MAX, 2, EXPR_ARGS_MOST}, {"abs", OP_ABS, 1, 1},
    {"floor", OP_FLOOR, 1, 2},          {"ceil", OP_CEIL, 1, 2},
    {"round", OP_ROUND, 1, 2},          {"scale", OP_SCALE, 2, 2},
    {"total", OP_TOTAL, 1, 1},          {"day", OP_DAY, 3, 3},
};
static const struct function aggregates[] = {
    {"sum", OP_SUM_MEMBERS, 1, 1},     {"max", OP_MAX_MEMBERS, 1, 1}, {"min", OP_MIN_MEMBERS, 1, 1},
    {"count", OP_COUNT_MEMBERS, 0, 0}, {"any", OP_ANY_MEMBER, 1, 1},  {"all", OP_ALL_MEMBERS, 1, 1},
    {"rank", OP_RANK, 1, 1},
};

static const struct function *function_named(const struct function *all, size_t count,
                                             struct span name) {
  for (size_t i = 0; i < count; i++)
    if (span_is(name, all[i].name)) return &all[i];
  return NULL;
}
#define FUNCTION_NAMED(all, name) function_named(all, sizeof(all) / sizeof *(all), name)

/* After the members: `, X where C)`, `where C)`, `, by X where C)`. */
static enum status read_aggregate(struct parser *p, const struct function *f, struct rule_expr *e,
                                  struct error *err) {
  e->op = f->op;
  e->args = arena_array(p->arena, struct rule_expr *, 2);
  e->arg_count = 2;
  enum status status = DONE;
  if (f->most) {
    status = parser_take_sign(p, ",", err);
    if (status == DONE && f->op == OP_RANK) {
      if (!parser_is(p, "by")) return parser_expected(p, "by", err);
      status = parser_next(p, err);
    }
    if (status == DONE) status = parser_read_expr(p, &e->args[0], err);
  }
  if (status == DONE && parser_is(p, "where")) {
    status = parser_next(p, err);
    if (status == DONE) status = parser_read_expr(p, &e->args[1], err);
  }
  return status == DONE ? parser_take_sign(p, ")", err) : status;
}

/* clip(x, low, high) is said with min and max. */
static enum status read_clip(struct parser *p, struct rule_expr *e, struct error *err) {
  enum status status = read_args(p, e, 3, 3, err);
  if (status != DONE) return status;
  struct rule_expr *outer = node(p, OP_MIN, 2), *inner = node(p, OP_MAX, 2);
  outer->place = inner->place = e->place;
  inner->args[0] = e->args[0];
  inner->args[1] = e->args[1];
  outer->args[0] = inner;
  outer->args[1] = e->args[2];
  *e = *outer;
  return DONE;
}

static enum status read_call(struct parser *p, struct span name, struct rule_expr *e,
                             struct error *err) {
  const struct function *aggregate = FUNCTION_NAMED(aggregates, name);
  const struct function *f = FUNCTION_NAMED(functions, name);
  enum status status = parser_next(p, err); /* the bracket */
  if (status != DONE) return status;
  if (aggregate) {
    bool are;
    status = read_members(p, &e->members, &are, err);
    if (status != DONE) return status;
    if (are) return read_aggregate(p, aggregate, e, err);
  }
  if (span_is(name, "clip")) return read_clip(p, e, err);
  if (span_is(name, "sum")) { /* sum(X[12 months]) */
    status = read_args(p, e, 1, 1, err);
    if (status != DONE) return status;
    if (e->args[0]->op != OP_SUM_PERIODS) {
      (void)refuse(err, RULE_SUM_OF_WHAT);
      return error_at(err, e->place.file, (uint64_t)e->place.line, NULL);
    }
    *e = *e->args[0];
    return DONE;
  }
  e->function = rule_function_named(name);
  if (e->function) {
    e->op = OP_CALL;
    return read_args(p, e, e->function->arg_count, e->function->arg_count, err);
  }
  if (!f) {
    char quoted[SPAN_QUOTE_SIZE];
    (void)refuse(err, RULE_FUNCTION_UNKNOWN, span_quote(name, quoted));
    return error_at(err, e->place.file, (uint64_t)e->place.line, NULL);
  }
  e->op = f->op;
  status = read_args(p, e, f->least, f->most, err);
  if (status == DONE && f->op == OP_IF && e->arg_count % 2 == 0)
    return parser_expected(p, N_("a value for when no condition holds"), err);
  return status;
}

/* `[-1 year]`, `[first month]`, `[12 months]`, `[2024-10-31]` after a variable's name. */
static enum status read_shift(struct parser *p, struct rule_expr **e, struct error *err) {
  struct rule_expr *outer = node(p, OP_AT, 1);
  outer->args[0] = *e;
  struct rule_shift *s = &outer->shift;
  enum status status = parser_next(p, err);
  if (status != DONE) return status;
  const bool minus = parser_is(p, "-");
  if (parser_is(p, "first") || parser_is(p, "last")) {
    s->is_first = parser_is(p, "first");
    s->is_last = !s->is_first;
    status = parser_next(p, err);
  } else if (p->l.now.kind == TOKEN_DATE) {
    s->is_on = true;
    s->on = p->l.now.day;
    status = parser_next(p, err);
  } else {
    if (minus) status = parser_next(p, err);
    if (status != DONE) return status;
    if (p->l.now.kind != TOKEN_NUMBER) return parser_expected(p, N_("how many periods"), err);
    const double n = p->l.now.number;
    if (!(n >= 1 && n <= 1200) || n != (int)n)
      return parser_expected(p, N_("how many periods"), err);
    s->steps = minus ? -(int)n : 0;
    s->count = minus ? 0 : (int)n;
    outer->op = minus ? OP_AT : OP_SUM_PERIODS;
    status = parser_next(p, err);
  }
  if (status == DONE && !s->is_on) status = take_each(p, &s->each, err);
  *e = outer;
  return status == DONE ? parser_take_sign(p, "]", err) : status;
}

/* A number that a unit follows: `16 hours per week`, `100 GBP`. */
static enum status read_number(struct parser *p, struct rule_expr **out, struct error *err) {
  struct rule_expr *e = *out = node(p, OP_NUMBER, 0);
  e->number = p->l.now.number;
  e->type = (struct rule_type){.any_unit = e->number == 0, .is_literal = true};
  enum status status = parser_next(p, err);
  const bool hours = parser_is(p, "hours") || parser_is(p, "hour");
  bool money = false;
  if (status == DONE && p->l.now.kind == TOKEN_NAME)
    status = parser_money_named(p, p->l.now.text, &money, err);
  if (status != DONE || (!money && !hours)) return status;
  e->type = (struct rule_type){.money = !hours, .hours = hours};
  status = parser_next(p, err);
  if (status != DONE || !parser_is(p, "per")) return status;
  status = parser_next(p, err);
  return status == DONE ? take_each(p, &e->type.flow, err) : status;
}

static enum status read_name(struct parser *p, struct rule_expr **out, struct error *err) {
  struct rule_expr *e = *out = node(p, OP_NAME, 0);
  if (parser_is(p, "param")) return read_parameter(p, out, err);
  if (parser_is(p, "table")) return read_table(p, out, err);
  enum status status = parser_take_name(p, &e->name, err);
  if (status != DONE) return status;
  if (parser_is(p, "(")) return read_call(p, e->name, e, err);
  const struct rule_entity *entity = parser_is(p, ".") ? parser_entity_of_word(p, e->name, false)
                                                       : NULL;
  if (entity) {
    struct rule_expr *of = node(p, OP_OF, 1);
    of->entity = entity;
    status = parser_next(p, err);
    if (status == DONE) status = parser_take_name(p, &e->name, err);
    of->args[0] = e;
    if (status == DONE && parser_is(p, "[")) status = read_shift(p, &of->args[0], err);
    *out = of;
    return status;
  }
  static const struct {
    const char *name;
    enum rule_op op;
    double number;
  } words[] = {{"true", OP_NUMBER, 1},
               {"false", OP_NUMBER, 0},
               {"infinity", OP_NUMBER, __builtin_inf()},
               {"period_start", OP_PERIOD_DAY, 0},
               {"period_end", OP_PERIOD_DAY, 1}};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (span_is(e->name, words[i].name)) {
      e->op = words[i].op;
      e->number = words[i].number;
      e->type = (struct rule_type){.kind = i < 2    ? KIND_BOOL
                                           : i == 2 ? KIND_NUMBER
                                                    : KIND_DATE,
                                   .any_unit = i == 2,
                                   .is_literal = true};
      return DONE;
    }
  return parser_is(p, "[") ? read_shift(p, out, err) : DONE;
}

static enum status read_primary(struct parser *p, struct rule_expr **out, struct error *err) {
  const struct token *t = &p->l.now;
  enum status status;
  if (t->kind == TOKEN_NUMBER) return read_number(p, out, err);
  if (t->kind == TOKEN_NAME) return read_name(p, out, err);
  if (t->kind == TOKEN_DATE) {
    *out = node(p, OP_NUMBER, 0);
    (*out)->number = t->day;
    (*out)->type = (struct rule_type){.kind = KIND_DATE, .is_literal = true};
    return parser_next(p, err);
  }
  if (!parser_is(p, "(")) return parser_expected(p, N_("a value"), err);
  status = parser_next(p, err);
  if (status == DONE) status = parser_read_expr(p, out, err);
  return status == DONE ? parser_take_sign(p, ")", err) : status;
}

static enum status read_per(struct parser *p, struct rule_expr **out, struct error *err) {
  enum status status = read_primary(p, out, err);
  for (int n = 0; status == DONE && parser_is(p, "per"); n++) {
    if (n == LIMIT_RULE_CHAIN) return too_long(p, err);
    struct rule_expr *e = node(p, OP_PER, 1);
    e->args[0] = *out;
    *out = e;
    status = parser_next(p, err);
    if (status == DONE) status = take_each(p, &e->each, err);
  }
  return status;
}

static enum status read_unary(struct parser *p, struct rule_expr **out, struct error *err) {
  if (!parser_is(p, "-")) return read_per(p, out, err);
  struct rule_expr *e = node(p, OP_NEGATE, 1);
  enum status status = go_deeper(p, err);
  if (status == DONE) status = parser_next(p, err);
  if (status == DONE) status = read_unary(p, &e->args[0], err);
  p->depth--;
  *out = e;
  return status;
}

static enum status read_products(struct parser *p, struct rule_expr **out, struct error *err) {
  enum status status = read_unary(p, out, err);
  for (int n = 0; status == DONE && (parser_is(p, "*") || parser_is(p, "/")); n++) {
    if (n == LIMIT_RULE_CHAIN) return too_long(p, err);
    struct rule_expr *e = node(p, parser_is(p, "*") ? OP_MULTIPLY : OP_DIVIDE, 2);
    e->args[0] = *out;
    *out = e;
    status = parser_next(p, err);
    if (status == DONE) status = read_unary(p, &e->args[1], err);
  }
  return status;
}

static enum status read_sums(struct parser *p, struct rule_expr **out, struct error *err) {
  enum status status = read_products(p, out, err);
  for (int n = 0; status == DONE && (parser_is(p, "+") || parser_is(p, "-")); n++) {
    if (n == LIMIT_RULE_CHAIN) return too_long(p, err);
    struct rule_expr *e = node(p, parser_is(p, "+") ? OP_ADD : OP_SUBTRACT, 2);
    e->args[0] = *out;
    *out = e;
    status = parser_next(p, err);
    if (status == DONE) status = read_products(p, &e->args[1], err);
  }
  return status;
}

/* `X in (A, B)` */
static enum status read_among(struct parser *p, struct rule_expr **out, struct error *err) {
  struct rule_expr *e = node(p, OP_AMONG, 0);
  struct rule_expr *what = *out;
  enum status status = parser_next(p, err);
  if (status == DONE) status = parser_take_sign(p, "(", err);
  if (status == DONE) status = read_args(p, e, 1, EXPR_ARGS_MOST - 1, err);
  if (status != DONE) return status;
  struct rule_expr **args = arena_array(p->arena, struct rule_expr *, e->arg_count + 1);
  memcpy(args + 1, e->args, sizeof *args * (size_t)e->arg_count);
  args[0] = what;
  e->args = args;
  e->arg_count++;
  *out = e;
  return DONE;
}

static enum status read_comparison(struct parser *p, struct rule_expr **out, struct error *err) {
  static const struct {
    const char *sign;
    enum rule_op op;
    bool swapped;
  } signs[] = {{"<", OP_LESS, false},  {"<=", OP_LESS_EQUAL, false},
               {">", OP_LESS, true},   {">=", OP_LESS_EQUAL, true},
               {"=", OP_EQUAL, false}, {"!=", OP_NOT_EQUAL, false}};
  enum status status = read_sums(p, out, err);
  if (status != DONE) return status;
  if (parser_is(p, "in")) return read_among(p, out, err);
  for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
    if (p->l.now.kind != TOKEN_SIGN || !span_is(p->l.now.text, signs[i].sign)) continue;
    struct rule_expr *e = node(p, signs[i].op, 2);
    e->args[signs[i].swapped] = *out;
    *out = e;
    status = parser_next(p, err);
    return status == DONE ? read_sums(p, &e->args[!signs[i].swapped], err) : status;
  }
  return DONE;
}

static enum status read_not(struct parser *p, struct rule_expr **out, struct error *err) {
  if (!parser_is(p, "not")) return read_comparison(p, out, err);
  struct rule_expr *e = node(p, OP_NOT, 1);
  enum status status = go_deeper(p, err);
  if (status == DONE) status = parser_next(p, err);
  if (status == DONE) status = read_not(p, &e->args[0], err);
  p->depth--;
  *out = e;
  return status;
}

static enum status read_ands(struct parser *p, struct rule_expr **out, struct error *err) {
  enum status status = read_not(p, out, err);
  for (int n = 0; status == DONE && parser_is(p, "and"); n++) {
    if (n == LIMIT_RULE_CHAIN) return too_long(p, err);
    struct rule_expr *e = node(p, OP_AND, 2);
    e->args[0] = *out;
    *out = e;
    status = parser_next(p, err);
    if (status == DONE) status = read_not(p, &e->args[1], err);
  }
  return status;
}

enum status parser_read_expr(struct parser *p, struct rule_expr **out, struct error *err) {
  enum status status = go_deeper(p, err);
  if (status == DONE) status = read_ands(p, out, err);
  for (int n = 0; status == DONE && parser_is(p, "or"); n++) {
    if (n == LIMIT_RULE_CHAIN) return too_long(p, err);
    struct rule_expr *e = node(p, OP_OR, 2);
    e->args[0] = *out;
    *out = e;
    status = parser_next(p, err);
    if (status == DONE) status = read_ands(p, &e->args[1], err);
  }
  p->depth--;
  return status;
}

enum status parse_expression(struct rules *rules, const char *file, struct span text,
                             struct rule_expr **out, struct error *err) {
  struct parser p = {.rules = rules, .arena = rules->arena};
  enum status status = lexer_begin(&p.l, file, text, err);
  if (status == DONE) status = parser_read_expr(&p, out, err);
  return status == DONE ? parser_take_line(&p, err) : status;
}
