#include "rules/parser.h"

#include "base/limits.h"
#include "base/message.h"
#include "base/refusal.h"
#include "rules/functions.h"
#include "rules/lexer.h"

struct parser {
  struct lexer l;
  struct rules *rules;
  struct arena *arena;
  int depth; /* of expressions within one another */
};

enum { EXPR_ARGS_MOST = 64, VERSIONS_MOST = 64, LETS_MOST = 64 };

static bool is(const struct parser *p, const char *text) { return token_is(&p->l.now, text); }
static enum status next(struct parser *p, struct error *err) { return lexer_next(&p->l, err); }

static struct rule_place place(const struct parser *p) {
  return (struct rule_place){p->l.file, p->l.now.line};
}

/* Refuses the token that stands there: `expected` is a phrase of ours. */
static enum status expected(struct parser *p, const char *what, struct error *err) {
  const struct token *t = &p->l.now;
  if (t->kind == TOKEN_END || t->kind == TOKEN_LINE) {
    (void)refuse(err, RULE_EXPECTED_MORE, what);
  } else {
    char quoted[SPAN_QUOTE_SIZE];
    (void)refuse(err, RULE_EXPECTED, what, span_quote(t->text, quoted));
  }
  return lexer_fault(&p->l, err);
}

static enum status take_sign(struct parser *p, const char *sign, struct error *err) {
  if (p->l.now.kind == TOKEN_SIGN && span_is(p->l.now.text, sign)) return next(p, err);
  return expected(p, sign, err);
}

static enum status take_name(struct parser *p, struct span *name, struct error *err) {
  if (p->l.now.kind != TOKEN_NAME) return expected(p, N_("a name"), err);
  *name = p->l.now.text;
  return next(p, err);
}

/* A new name: a word that means something in a formula would never be read as one. */
static enum status take_new_name(struct parser *p, struct span *name, struct error *err) {
  static const char *const words[] = {"and",      "or",           "not",       "in",    "per",
                                      "where",    "by",           "let",       "from",  "to",
                                      "formula",  "true",         "false",     "param", "table",
                                      "infinity", "period_start", "period_end"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (is(p, words[i])) return expected(p, N_("a name that is no word of the language"), err);
  return take_name(p, name, err);
}

static enum status take_line(struct parser *p, struct error *err) {
  if (p->l.now.kind == TOKEN_END) return DONE;
  if (p->l.now.kind != TOKEN_LINE) return expected(p, N_("the end of the line"), err);
  return next(p, err);
}

static char *kept(struct parser *p, struct span s) { return arena_copy(p->arena, s.bytes, s.size); }

static struct rule_expr *node(struct parser *p, enum rule_op op, int args) {
  struct rule_expr *e = arena_array(p->arena, struct rule_expr, 1);
  *e = (struct rule_expr){.op = op, .place = place(p), .arg_count = args};
  if (args) e->args = arena_array(p->arena, struct rule_expr *, args);
  return e;
}

/* ---- expressions ---- */

static enum status read_expr(struct parser *p, struct rule_expr **out, struct error *err);

/* Into an expression within another; p->depth goes back when it is read. */
static enum status go_deeper(struct parser *p, struct error *err) {
  if (p->depth == LIMIT_RULE_DEPTH) return expected(p, N_("a formula that is less deep"), err);
  p->depth++;
  return DONE;
}

static enum status too_long(struct parser *p, struct error *err) {
  return expected(p, N_("a formula with fewer parts"), err);
}

static bool each_named(struct span word, enum rule_each *each) {
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

static enum status take_each(struct parser *p, enum rule_each *each, struct error *err) {
  if (p->l.now.kind != TOKEN_NAME || !each_named(p->l.now.text, each))
    return expected(p, N_("day, week, month, pay or year"), err);
  return next(p, err);
}

static const struct rule_entity *entity_of_word(const struct parser *p, struct span word,
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
  out->member = entity_of_word(p, word, true);
  return out->member && out->member->is_group;
}

/* Whether members stand at the beginning of the arguments; then takes them. */
static enum status read_members(struct parser *p, struct rule_members *members, bool *are,
                                struct error *err) {
  *are = false;
  if (p->l.now.kind != TOKEN_NAME) return DONE;
  const struct lexer before = p->l;
  const struct rule_entity *group = entity_of_word(p, p->l.now.text, false);
  if (group) {
    enum status status = next(p, err);
    if (status == DONE && is(p, ".")) status = next(p, err);
    else if (status == DONE) group = NULL;
    if (status != DONE) return status;
    if (!group) p->l = before;
  }
  struct rule_members found;
  if (p->l.now.kind == TOKEN_NAME && members_named(p, group, p->l.now.text, &found)) {
    enum status status = next(p, err);
    if (status != DONE) return status;
    if (is(p, ",") || is(p, "where") || is(p, ")")) {
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
  while (status == DONE && !is(p, ")")) {
    if (n == most || n == EXPR_ARGS_MOST) return expected(p, ")", err);
    status = read_expr(p, &args[n++], err);
    if (status == DONE && !is(p, ")")) {
      if (!is(p, ",")) return expected(p, N_(", or )"), err);
      status = next(p, err);
    }
  }
  if (status != DONE) return status;
  if (n < least) return expected(p, N_("another value"), err);
  e->args = arena_array(p->arena, struct rule_expr *, n ? n : 1);
  memcpy(e->args, args, sizeof *args * (size_t)n);
  e->arg_count = n;
  return next(p, err);
}

/* A path follows the bracket that l->now is. Leaves the closing one as l->now. */
static enum status read_path(struct parser *p, struct rule_expr *e, struct error *err) {
  enum { STEPS_MOST = 24 };
  struct rule_step steps[STEPS_MOST];
  int n = 0;
  enum status status = DONE;
  for (bool first = true; status == DONE; first = false) {
    if (n == STEPS_MOST) return expected(p, ")", err);
    struct rule_step *s = &steps[n];
    *s = (struct rule_step){.number = -1};
    if (first || lexer_raw_sign(&p->l, '.')) {
      s->name = lexer_raw_name(&p->l);
      if (!s->name.size) {
        status = next(p, err);
        return status == DONE ? expected(p, N_("a parameter's path"), err) : status;
      }
    } else if (lexer_raw_sign(&p->l, '[')) {
      p->l.depth++;
      status = next(p, err);
      if (status == DONE && p->l.now.kind == TOKEN_NUMBER) {
        if (p->l.now.number > 1000000) return expected(p, N_("a smaller number"), err);
        s->number = (int)p->l.now.number;
        status = next(p, err);
      } else if (status == DONE && is(p, "period")) {
        s->by_period = true;
        status = next(p, err);
      } else if (status == DONE) {
        status = read_expr(p, &s->chosen, err);
      }
      if (status == DONE && !is(p, "]")) return expected(p, "]", err);
    } else {
      break;
    }
    n++;
  }
  if (status != DONE) return status;
  e->steps = arena_array(p->arena, struct rule_step, n);
  memcpy(e->steps, steps, sizeof *steps * (size_t)n);
  e->step_count = n;
  return next(p, err);
}

static enum status read_parameter(struct parser *p, struct rule_expr **out, struct error *err) {
  struct rule_expr *e = node(p, OP_PARAMETER, 0);
  enum status status = next(p, err);
  if (status == DONE && !is(p, "(")) return expected(p, "(", err);
  if (status == DONE) status = read_path(p, e, err);
  if (status == DONE) status = take_sign(p, ")", err);
  *out = e;
  return status;
}

static enum status read_table(struct parser *p, struct rule_expr **out, struct error *err) {
  struct rule_expr *e = *out = node(p, OP_TABLE, 0);
  enum status status = next(p, err);
  if (status == DONE) status = take_sign(p, "(", err);
  if (status == DONE) status = take_name(p, &e->name, err);
  if (status == DONE) status = take_sign(p, ";", err);
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
    status = take_sign(p, ",", err);
    if (status == DONE && f->op == OP_RANK) {
      if (!is(p, "by")) return expected(p, "by", err);
      status = next(p, err);
    }
    if (status == DONE) status = read_expr(p, &e->args[0], err);
  }
  if (status == DONE && is(p, "where")) {
    status = next(p, err);
    if (status == DONE) status = read_expr(p, &e->args[1], err);
  }
  return status == DONE ? take_sign(p, ")", err) : status;
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
  enum status status = next(p, err); /* the bracket */
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
    return expected(p, N_("a value for when no condition holds"), err);
  return status;
}

/* `[-1 year]`, `[first month]`, `[12 months]` after a variable's name. */
static enum status read_shift(struct parser *p, struct rule_expr **e, struct error *err) {
  struct rule_expr *outer = node(p, OP_AT, 1);
  outer->args[0] = *e;
  struct rule_shift *s = &outer->shift;
  enum status status = next(p, err);
  if (status != DONE) return status;
  const bool minus = is(p, "-");
  if (is(p, "first") || is(p, "last")) {
    s->is_first = is(p, "first");
    s->is_last = !s->is_first;
    status = next(p, err);
  } else {
    if (minus) status = next(p, err);
    if (status != DONE) return status;
    if (p->l.now.kind != TOKEN_NUMBER) return expected(p, N_("how many periods"), err);
    const double n = p->l.now.number;
    if (!(n >= 1 && n <= 1200) || n != (int)n) return expected(p, N_("how many periods"), err);
    s->steps = minus ? -(int)n : 0;
    s->count = minus ? 0 : (int)n;
    outer->op = minus ? OP_AT : OP_SUM_PERIODS;
    status = next(p, err);
  }
  if (status == DONE) status = take_each(p, &s->each, err);
  *e = outer;
  return status == DONE ? take_sign(p, "]", err) : status;
}

/* A number that a unit follows: `16 hours per week`, `100 GBP`. */
static enum status read_number(struct parser *p, struct rule_expr **out, struct error *err) {
  struct rule_expr *e = *out = node(p, OP_NUMBER, 0);
  e->number = p->l.now.number;
  e->type = (struct rule_type){.any_unit = e->number == 0, .is_literal = true};
  enum status status = next(p, err);
  const bool hours = is(p, "hours") || is(p, "hour");
  if (status != DONE || (!is(p, "GBP") && !hours)) return status;
  e->type = (struct rule_type){.money = !hours, .hours = hours};
  status = next(p, err);
  if (status != DONE || !is(p, "per")) return status;
  status = next(p, err);
  return status == DONE ? take_each(p, &e->type.flow, err) : status;
}

static enum status read_name(struct parser *p, struct rule_expr **out, struct error *err) {
  struct rule_expr *e = *out = node(p, OP_NAME, 0);
  if (is(p, "param")) return read_parameter(p, out, err);
  if (is(p, "table")) return read_table(p, out, err);
  enum status status = take_name(p, &e->name, err);
  if (status != DONE) return status;
  if (is(p, "(")) return read_call(p, e->name, e, err);
  const struct rule_entity *entity = is(p, ".") ? entity_of_word(p, e->name, false) : NULL;
  if (entity) {
    struct rule_expr *of = node(p, OP_OF, 1);
    of->entity = entity;
    status = next(p, err);
    if (status == DONE) status = take_name(p, &e->name, err);
    of->args[0] = e;
    if (status == DONE && is(p, "[")) status = read_shift(p, &of->args[0], err);
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
  return is(p, "[") ? read_shift(p, out, err) : DONE;
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
    return next(p, err);
  }
  if (!is(p, "(")) return expected(p, N_("a value"), err);
  status = next(p, err);
  if (status == DONE) status = read_expr(p, out, err);
  return status == DONE ? take_sign(p, ")", err) : status;
}

static enum status read_per(struct parser *p, struct rule_expr **out, struct error *err) {
  enum status status = read_primary(p, out, err);
  for (int n = 0; status == DONE && is(p, "per"); n++) {
    if (n == LIMIT_RULE_CHAIN) return too_long(p, err);
    struct rule_expr *e = node(p, OP_PER, 1);
    e->args[0] = *out;
    *out = e;
    status = next(p, err);
    if (status == DONE) status = take_each(p, &e->each, err);
  }
  return status;
}

static enum status read_unary(struct parser *p, struct rule_expr **out, struct error *err) {
  if (!is(p, "-")) return read_per(p, out, err);
  struct rule_expr *e = node(p, OP_NEGATE, 1);
  enum status status = go_deeper(p, err);
  if (status == DONE) status = next(p, err);
  if (status == DONE) status = read_unary(p, &e->args[0], err);
  p->depth--;
  *out = e;
  return status;
}

static enum status read_products(struct parser *p, struct rule_expr **out, struct error *err) {
  enum status status = read_unary(p, out, err);
  for (int n = 0; status == DONE && (is(p, "*") || is(p, "/")); n++) {
    if (n == LIMIT_RULE_CHAIN) return too_long(p, err);
    struct rule_expr *e = node(p, is(p, "*") ? OP_MULTIPLY : OP_DIVIDE, 2);
    e->args[0] = *out;
    *out = e;
    status = next(p, err);
    if (status == DONE) status = read_unary(p, &e->args[1], err);
  }
  return status;
}

static enum status read_sums(struct parser *p, struct rule_expr **out, struct error *err) {
  enum status status = read_products(p, out, err);
  for (int n = 0; status == DONE && (is(p, "+") || is(p, "-")); n++) {
    if (n == LIMIT_RULE_CHAIN) return too_long(p, err);
    struct rule_expr *e = node(p, is(p, "+") ? OP_ADD : OP_SUBTRACT, 2);
    e->args[0] = *out;
    *out = e;
    status = next(p, err);
    if (status == DONE) status = read_products(p, &e->args[1], err);
  }
  return status;
}

/* `X in (A, B)` */
static enum status read_among(struct parser *p, struct rule_expr **out, struct error *err) {
  struct rule_expr *e = node(p, OP_AMONG, 0);
  struct rule_expr *what = *out;
  enum status status = next(p, err);
  if (status == DONE) status = take_sign(p, "(", err);
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
  if (is(p, "in")) return read_among(p, out, err);
  for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
    if (p->l.now.kind != TOKEN_SIGN || !span_is(p->l.now.text, signs[i].sign)) continue;
    struct rule_expr *e = node(p, signs[i].op, 2);
    e->args[signs[i].swapped] = *out;
    *out = e;
    status = next(p, err);
    return status == DONE ? read_sums(p, &e->args[!signs[i].swapped], err) : status;
  }
  return DONE;
}

static enum status read_not(struct parser *p, struct rule_expr **out, struct error *err) {
  if (!is(p, "not")) return read_comparison(p, out, err);
  struct rule_expr *e = node(p, OP_NOT, 1);
  enum status status = go_deeper(p, err);
  if (status == DONE) status = next(p, err);
  if (status == DONE) status = read_not(p, &e->args[0], err);
  p->depth--;
  *out = e;
  return status;
}

static enum status read_ands(struct parser *p, struct rule_expr **out, struct error *err) {
  enum status status = read_not(p, out, err);
  for (int n = 0; status == DONE && is(p, "and"); n++) {
    if (n == LIMIT_RULE_CHAIN) return too_long(p, err);
    struct rule_expr *e = node(p, OP_AND, 2);
    e->args[0] = *out;
    *out = e;
    status = next(p, err);
    if (status == DONE) status = read_not(p, &e->args[1], err);
  }
  return status;
}

static enum status read_expr(struct parser *p, struct rule_expr **out, struct error *err) {
  enum status status = go_deeper(p, err);
  if (status == DONE) status = read_ands(p, out, err);
  for (int n = 0; status == DONE && is(p, "or"); n++) {
    if (n == LIMIT_RULE_CHAIN) return too_long(p, err);
    struct rule_expr *e = node(p, OP_OR, 2);
    e->args[0] = *out;
    *out = e;
    status = next(p, err);
    if (status == DONE) status = read_ands(p, &e->args[1], err);
  }
  p->depth--;
  return status;
}

/* ---- formulas ---- */

/* The lines of a version, each indented further than `column`. */
static enum status read_version_lines(struct parser *p, int column, struct rule_version *v,
                                      struct error *err) {
  struct rule_let lets[LETS_MOST];
  const char *start = p->l.now.text.bytes, *end = start;
  enum status status = DONE;
  while (status == DONE && p->l.now.kind != TOKEN_END && p->l.now.column > column) {
    if (v->value) return expected(p, N_("the end of the formula"), err);
    if (is(p, "let")) {
      if (v->let_count == LETS_MOST) return expected(p, N_("a formula with fewer parts"), err);
      struct rule_let *let = &lets[v->let_count++];
      status = next(p, err);
      if (status == DONE) status = take_new_name(p, &let->name, err);
      if (status == DONE) status = take_sign(p, "=", err);
      if (status == DONE) status = read_expr(p, &let->value, err);
    } else {
      status = read_expr(p, &v->value, err);
    }
    end = p->l.now.text.bytes ? p->l.now.text.bytes : p->l.at;
    if (status == DONE) status = take_line(p, err);
  }
  if (status == DONE && !v->value) return expected(p, N_("the formula's value"), err);
  if (status != DONE) return status;
  v->text = span_trim(span_make(start, (size_t)(end - start)));
  v->lets = arena_array(p->arena, struct rule_let, v->let_count ? v->let_count : 1);
  memcpy(v->lets, lets, sizeof *lets * (size_t)v->let_count);
  return DONE;
}

struct versions {
  int count;
  struct rule_version all[VERSIONS_MOST];
};

/* `from DATE`, `formula`, `to DATE` */
static enum status read_version(struct parser *p, struct versions *versions, struct error *err) {
  const int column = p->l.now.column;
  const bool ends = is(p, "to"), dated = !is(p, "formula");
  if (versions->count == VERSIONS_MOST) return expected(p, N_("fewer versions"), err);
  struct rule_version *v = &versions->all[versions->count];
  *v = (struct rule_version){.from = DAY_FIRST, .place = place(p)};
  enum status status = next(p, err);
  if (status == DONE && dated) {
    if (p->l.now.kind != TOKEN_DATE) return expected(p, N_("a day such as 2025-04-06"), err);
    v->from = p->l.now.day;
    if (versions->count && versions->all[versions->count - 1].from >= v->from) {
      (void)refuse(err, RULE_VERSIONS_ORDER);
      return lexer_fault(&p->l, err);
    }
    status = next(p, err);
  }
  if (status == DONE && !dated && versions->count)
    return expected(p, N_("a day such as 2025-04-06"), err);
  if (status == DONE && is(p, ":")) status = next(p, err);
  if (status == DONE) status = take_line(p, err);
  if (status == DONE && !ends) status = read_version_lines(p, column, v, err);
  if (status == DONE) versions->count++;
  return status;
}

/* ---- attributes of a variable ---- */

static enum status read_unit(struct parser *p, struct rule_variable *v, struct error *err) {
  struct span word = {0};
  enum status status = DONE;
  if (is(p, "/")) { /* /1: a plain number */
    status = next(p, err);
    if (status == DONE && p->l.now.kind != TOKEN_NUMBER) return expected(p, "1", err);
    if (status == DONE) status = next(p, err);
  } else {
    status = take_name(p, &word, err);
  }
  if (status != DONE) return status;
  const bool hourly = is(p, "/"); /* GBP/hour */
  if (hourly) {
    status = next(p, err);
    if (status == DONE && !is(p, "hour")) return expected(p, "hour", err);
    if (status == DONE) status = next(p, err);
  }
  const bool stock = status == DONE && is(p, "stock");
  if (stock) status = next(p, err);
  if (status != DONE) return status;
  v->unit = !word.size ? "/1"
                       : arena_printf(p->arena, SPAN_FORMAT "%s%s", SPAN(word),
                                      hourly ? "/hour" : "", stock ? " stock" : "");
  struct rule_type *t = &v->type;
  *t = (struct rule_type){0};
  if (span_is(word, "GBP") || span_is(word, "EUR")) t->money = 1;
  else if (span_is(word, "hours")) t->hours = 1;
  else if (span_is(word, "bool")) t->kind = KIND_BOOL;
  else if (span_is(word, "date")) t->kind = KIND_DATE;
  for (int i = 0; i < p->rules->enum_count; i++)
    if (span_is(word, p->rules->enums[i]->name)) {
      t->kind = KIND_ENUM;
      t->items = p->rules->enums[i];
    }
  if (!t->money && !t->hours && t->kind == KIND_NUMBER && word.size && !span_is(word, "years")) {
    char quoted[SPAN_QUOTE_SIZE];
    (void)refuse(err, RULE_UNIT_UNKNOWN, span_quote(word, quoted));
    return error_at(err, v->place.file, (uint64_t)v->place.line, NULL);
  }
  /* a flow: how much in each period; the period is known when all attributes are read */
  if (hourly) t->hours = -1;
  if ((t->money || t->hours) && !stock && !hourly) t->flow = EACH_COUNT;
  return status;
}

static enum status read_rounding(struct parser *p, struct rule_variable *v, struct error *err) {
  if (is(p, "nearest")) v->rounding = ROUND_NEAREST;
  else if (is(p, "up")) v->rounding = ROUND_UP;
  else if (is(p, "down")) v->rounding = ROUND_DOWN;
  else return expected(p, N_("nearest, up or down"), err);
  enum status status = next(p, err);
  if (status != DONE) return status;
  if (p->l.now.kind != TOKEN_NUMBER || p->l.now.number <= 0)
    return expected(p, N_("a step such as 0.01"), err);
  v->rounding_step = p->l.now.number;
  return next(p, err);
}

static enum status read_law(struct parser *p, struct rule_variable *v, struct error *err) {
  if (v->law_count == RULE_LAWS_MOST) return expected(p, N_("fewer laws"), err);
  if (p->l.now.kind != TOKEN_TEXT) return expected(p, N_("a text in quotes"), err);
  v->laws[v->law_count] = kept(p, p->l.now.text);
  enum status status = next(p, err);
  if (status == DONE && p->l.now.kind == TOKEN_TEXT) {
    v->addresses[v->law_count] = kept(p, p->l.now.text);
    status = next(p, err);
  }
  v->law_count++;
  return status;
}

static enum status read_default(struct parser *p, struct rule_variable *v, struct span *item,
                                struct error *err) {
  const bool minus = is(p, "-");
  enum status status = minus ? next(p, err) : DONE;
  if (status != DONE) return status;
  const struct token *t = &p->l.now;
  if (t->kind == TOKEN_NUMBER) v->by_default = minus ? -t->number : t->number;
  else if (t->kind == TOKEN_DATE) v->by_default = t->day;
  else if (is(p, "true")) v->by_default = 1;
  else if (is(p, "false")) v->by_default = 0;
  else if (is(p, "infinity")) v->by_default = minus ? -__builtin_inf() : __builtin_inf();
  else if (t->kind == TOKEN_NAME) *item = t->text;
  else return expected(p, N_("a value"), err);
  return next(p, err);
}

static enum status read_attribute(struct parser *p, struct rule_variable *v, struct span *item,
                                  struct error *err) {
  struct span name = {0};
  if (p->l.now.kind == TOKEN_END) return expected(p, N_("an attribute"), err);
  const struct lexer before = p->l;
  enum status status = take_name(p, &name, err);
  if (status != DONE) return status;
  if (span_is(name, "entity")) {
    v->entity = entity_of_word(p, p->l.now.text, false);
    if (!v->entity) return expected(p, N_("an entity"), err);
    return next(p, err);
  }
  if (span_is(name, "period")) {
    if (!each_named(p->l.now.text, &v->period))
      return expected(p, N_("day, week, month, pay, year or eternity"), err);
    return next(p, err);
  }
  if (span_is(name, "unit")) return read_unit(p, v, err);
  if (span_is(name, "round")) return read_rounding(p, v, err);
  if (span_is(name, "law")) return read_law(p, v, err);
  if (span_is(name, "default")) return read_default(p, v, item, err);
  if (span_is(name, "label")) {
    if (p->l.now.kind != TOKEN_TEXT) return expected(p, N_("a text in quotes"), err);
    v->label = kept(p, p->l.now.text);
    return next(p, err);
  }
  p->l = before;
  return expected(p, N_("entity, period, unit, label, law, default, round, formula, from or to"),
                  err);
}

static enum status finish_variable(struct parser *p, struct rule_variable *v, struct span item,
                                   const struct versions *versions, struct error *err) {
  if (!v->entity || !v->period) {
    (void)refuse(err, RULE_VARIABLE_LACKS, v->name, v->entity ? N_("a period") : N_("an entity"));
    return error_at(err, v->place.file, (uint64_t)v->place.line, NULL);
  }
  if (v->type.flow == EACH_COUNT) v->type.flow = v->period;
  if (v->type.flow == EACH_ETERNITY) v->type.flow = EACH_NONE;
  if (item.size && v->type.kind == KIND_ENUM) {
    const int found = rule_enum_item(v->type.items, item);
    v->by_default = found < 0 ? -1 : found;
  }
  if (item.size && (v->type.kind != KIND_ENUM || v->by_default < 0)) {
    char quoted[SPAN_QUOTE_SIZE];
    (void)refuse(err, RULE_ITEM_UNKNOWN, span_quote(item, quoted), v->unit ? v->unit : "");
    return error_at(err, v->place.file, (uint64_t)v->place.line, NULL);
  }
  v->version_count = versions->count;
  v->versions = arena_array(p->arena, struct rule_version, versions->count ? versions->count : 1);
  memcpy(v->versions, versions->all, sizeof *versions->all * (size_t)versions->count);
  return DONE;
}

static enum status add_variable(struct parser *p, struct rule_variable *v, int first_own,
                                struct error *err) {
  struct rules *r = p->rules;
  const int64_t below = map_get(&r->names, span_of(v->name));
  if (below >= 0) {
    const struct rule_variable *other = r->variables[below];
    if (other->layer == r->layers || below >= first_own) {
      (void)refuse(err, RULE_TWICE, v->name, other->place.file, other->place.line);
      return error_at(err, v->place.file, (uint64_t)v->place.line, NULL);
    }
    v->replaces = other;
    v->layer = r->layers;
    v->index = (int)below;
    r->variables[below] = v;
    return DONE;
  }
  if ((r->variable_count & (r->variable_count - 1)) == 0 || r->variable_count < 8) {
    const int room = r->variable_count < 8 ? 16 : r->variable_count * 2;
    r->variables = arena_grow(r->arena, r->variables,
                              sizeof *r->variables * (size_t)r->variable_count,
                              sizeof *r->variables * (size_t)room);
  }
  if (r->variable_count == LIMIT_RULE_VARIABLES) {
    (void)refuse(err, RULE_VARIABLES_MOST, LIMIT_RULE_VARIABLES);
    return error_at(err, v->place.file, (uint64_t)v->place.line, NULL);
  }
  v->index = r->variable_count;
  v->layer = r->layers;
  r->variables[r->variable_count++] = v;
  map_set(&r->names, span_of(v->name), v->index);
  return DONE;
}

static enum status read_variable(struct parser *p, int first_own, struct error *err) {
  struct rule_variable *v = arena_array(p->arena, struct rule_variable, 1);
  struct versions versions = {0};
  struct span name = {0}, item = {0};
  v->place = place(p);
  enum status status = next(p, err);
  if (status == DONE) status = take_new_name(p, &name, err);
  if (status == DONE) v->name = kept(p, name);
  if (status == DONE) status = take_line(p, err);
  while (status == DONE && p->l.now.kind != TOKEN_END && p->l.now.column > 1) {
    if (is(p, "from") || is(p, "formula") || is(p, "to")) {
      status = read_version(p, &versions, err);
      continue;
    }
    do status = read_attribute(p, v, &item, err);
    while (status == DONE && p->l.now.kind == TOKEN_NAME);
    if (status == DONE) status = take_line(p, err);
  }
  if (status == DONE) status = finish_variable(p, v, item, &versions, err);
  return status == DONE ? add_variable(p, v, first_own, err) : status;
}

/* ---- entities, enums, settings ---- */

static enum status read_entity(struct parser *p, struct error *err) {
  struct rules *r = p->rules;
  struct rule_entity *e = arena_array(p->arena, struct rule_entity, 1);
  *e = (struct rule_entity){.place = place(p), .index = r->entity_count, .within = -1};
  struct span name = {0};
  enum status status = next(p, err);
  if (status == DONE) status = take_name(p, &name, err);
  if (status != DONE) return status;
  if (rules_entity(r, name)) return expected(p, N_("an entity of another name"), err);
  e->name = kept(p, name);
  enum { NOTHING, PLURALS, ROLES } reading = NOTHING;
  while (status == DONE && p->l.now.kind == TOKEN_NAME) {
    struct span word = p->l.now.text;
    status = next(p, err);
    if (status != DONE) break;
    if (span_is(word, "plural")) reading = PLURALS;
    else if (span_is(word, "roles")) reading = ROLES;
    else if (span_is(word, "members") || span_is(word, "within")) {
      if (p->l.now.kind != TOKEN_NAME) return expected(p, N_("an entity"), err);
      if (span_is(word, "members")) e->is_group = true;
      else e->within_name = kept(p, p->l.now.text); /* found when all are read */
      status = next(p, err);
      reading = NOTHING;
    } else if (reading == PLURALS && e->plural_count < RULE_PLURALS_MOST) {
      e->plurals[e->plural_count++] = kept(p, word);
    } else if (reading == ROLES && e->role_count < RULE_ROLES_MOST) {
      e->roles[e->role_count++] = kept(p, word);
    } else {
      return expected(p, N_("plural, members, within or roles"), err);
    }
  }
  if (r->entity_count == RULE_ENTITIES_MOST) return expected(p, N_("fewer entities"), err);
  if (!e->is_group && r->entity_count) return expected(p, N_("members"), err);
  r->entities[r->entity_count++] = e;
  return status == DONE ? take_line(p, err) : status;
}

static enum status read_enum(struct parser *p, struct error *err) {
  enum { ITEMS_MOST = 1024 };
  struct rules *r = p->rules;
  struct rule_enum *e = arena_array(p->arena, struct rule_enum, 1);
  const char **items = arena_array(p->arena, const char *, ITEMS_MOST);
  e->place = place(p);
  struct span name = {0};
  enum status status = next(p, err);
  if (status == DONE) status = take_name(p, &name, err);
  if (status != DONE) return status;
  e->name = kept(p, name);
  while (status == DONE && p->l.now.kind != TOKEN_END) {
    if (p->l.now.kind == TOKEN_LINE) { /* items may stand on further, indented lines */
      status = next(p, err);
      if (p->l.now.kind == TOKEN_END || p->l.now.column == 1) break;
      continue;
    }
    if (e->count == ITEMS_MOST) return expected(p, N_("fewer items"), err);
    status = take_name(p, &name, err);
    if (status == DONE) items[e->count++] = kept(p, name);
    if (status == DONE && is(p, ",")) status = next(p, err);
  }
  if (status != DONE) return status;
  e->items = items;
  r->enums = arena_grow(r->arena, r->enums, sizeof *r->enums * (size_t)r->enum_count,
                        sizeof *r->enums * (size_t)(r->enum_count + 1));
  for (int i = 0; i < r->enum_count; i++)
    if (strcmp(r->enums[i]->name, e->name) == 0) { /* of a pack below: replaced */
      r->enums[i] = e;
      return DONE;
    }
  r->enums[r->enum_count++] = e;
  return DONE;
}

/* `04-06` is read as two numbers with a minus between. */
static enum status read_month_day(struct parser *p, int *month, int *day, struct error *err) {
  enum status status = DONE;
  for (int i = 0; i < 2 && status == DONE; i++) {
    if (p->l.now.kind != TOKEN_NUMBER) return expected(p, N_("a day such as 04-06"), err);
    *(i ? day : month) = p->l.now.number <= 31 ? (int)p->l.now.number : 0;
    status = next(p, err);
    if (status == DONE && !i) status = take_sign(p, "-", err);
  }
  if (status == DONE && (*month < 1 || *month > 12 || *day < 1 || *day > 28 + 3))
    return expected(p, N_("a day such as 04-06"), err);
  return status;
}

/* `pack year begins 04-06`, `pack annual at 04-30` */
static enum status read_settings(struct parser *p, struct error *err) {
  struct rules *r = p->rules;
  enum status status = next(p, err);
  while (status == DONE && p->l.now.kind == TOKEN_NAME) {
    const bool year = is(p, "year"), annual = is(p, "annual");
    if (!year && !annual) return expected(p, N_("year begins, or annual at"), err);
    status = next(p, err);
    if (status == DONE && !is(p, year ? "begins" : "at"))
      return expected(p, year ? "begins" : "at", err);
    if (status == DONE) status = next(p, err);
    if (status == DONE)
      status = year ? read_month_day(p, &r->year_month, &r->year_day, err)
                    : read_month_day(p, &r->annual_month, &r->annual_day, err);
    if (annual) r->is_annual = true;
  }
  return status == DONE ? take_line(p, err) : status;
}

/* Passes over a declaration that the other pass reads: its line and all that is indented. */
static enum status pass_over(struct parser *p, struct error *err) {
  enum status status = next(p, err);
  while (status == DONE && p->l.now.kind != TOKEN_END &&
         (p->l.now.kind == TOKEN_LINE || p->l.now.column > 1))
    status = next(p, err);
  return status;
}

static enum status parse_file(struct parser *p, bool declarations, int first_own, const char *file,
                              struct span text, struct error *err) {
  enum status status = lexer_begin(&p->l, file, text, err);
  while (status == DONE && p->l.now.kind != TOKEN_END) {
    const bool variable = is(p, "variable");
    if (p->l.now.column != 1 || (!variable && !is(p, "entity") && !is(p, "enum") && !is(p, "pack")))
      return expected(p, N_("variable, enum, entity or pack at the beginning of a line"), err);
    if (variable == declarations) status = pass_over(p, err);
    else if (variable) status = read_variable(p, first_own, err);
    else if (is(p, "entity")) status = read_entity(p, err);
    else if (is(p, "enum")) status = read_enum(p, err);
    else status = read_settings(p, err);
  }
  return status;
}

enum status parse_declarations(struct rules *rules, const char *file, struct span text,
                               struct error *err) {
  struct parser p = {.rules = rules, .arena = rules->arena};
  return parse_file(&p, true, 0, file, text, err);
}

enum status parse_variables(struct rules *rules, const char *file, struct span text, int first_own,
                            struct error *err) {
  struct parser p = {.rules = rules, .arena = rules->arena};
  return parse_file(&p, false, first_own, file, text, err);
}

enum status parse_expression(struct rules *rules, const char *file, struct span text,
                             struct rule_expr **out, struct error *err) {
  struct parser p = {.rules = rules, .arena = rules->arena};
  enum status status = lexer_begin(&p.l, file, text, err);
  if (status == DONE) status = read_expr(&p, out, err);
  return status == DONE ? take_line(&p, err) : status;
}
