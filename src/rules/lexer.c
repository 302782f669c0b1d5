#include "rules/lexer.h"

#include "base/refusal.h"
#include <ctype.h>
#include <stdlib.h>

static bool is_name_start(char c) { return isalpha((unsigned char)c) || c == '_'; }
static bool is_name(char c) { return isalnum((unsigned char)c) || c == '_'; }

static const char *skip_blank(const struct lexer *l, const char *p) {
  while (p < l->end && (*p == ' ' || *p == '\r')) p++;
  if (p < l->end && *p == '#')
    while (p < l->end && *p != '\n') p++;
  return p;
}

static void new_line(struct lexer *l) {
  l->at++;
  l->line++;
  l->line_start = l->at;
}

/* A line that begins with an operator carries on the one before. */
static bool next_line_goes_on(const struct lexer *l) {
  const char *p = l->at;
  while (p < l->end && (p = skip_blank(l, p)) < l->end && *p == '\n') p++;
  if (p >= l->end) return false;
  if (strchr("+*/<>=!,)]", *p) || (*p == '-' && p + 1 < l->end && p[1] == ' ')) return true;
  static const char *const words[] = {"and ", "or ", "in ", "per ", "where "};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    const size_t size = strlen(words[i]);
    if ((size_t)(l->end - p) >= size && memcmp(p, words[i], size) == 0) return true;
  }
  return false;
}

static void take(struct lexer *l, enum token_kind kind, size_t size) {
  l->now.kind = kind;
  l->now.text = span_make(l->at, size);
  l->at += size;
}

enum status lexer_fault(const struct lexer *l, struct error *err) {
  char column[24];
  snprintf(column, sizeof column, "%d", l->now.column);
  return error_at(err, l->file, (uint64_t)l->now.line, column);
}

static bool is_date(const char *p, const char *end) {
  static const char form[] = "dddd-dd-dd";
  if (end - p < 10) return false;
  for (int i = 0; i < 10; i++)
    if (form[i] == 'd' ? !isdigit((unsigned char)p[i]) : p[i] != '-') return false;
  return true;
}

static enum status read_number(struct lexer *l, struct error *err) {
  char digits[64];
  size_t n = 0;
  const char *p = l->at;
  bool point = false;
  for (; p < l->end && (isdigit((unsigned char)*p) || *p == '_' || (*p == '.' && !point)); p++) {
    if (*p == '_') continue;
    if (*p == '.') {
      if (p + 1 == l->end || !isdigit((unsigned char)p[1])) break;
      point = true;
    }
    if (n + 1 == sizeof digits) break;
    digits[n++] = *p;
  }
  digits[n] = 0;
  if (p < l->end && is_name_start(*p)) {
    take(l, TOKEN_NUMBER, (size_t)(p - l->at) + 1);
    (void)refuse(err, RULE_NUMBER, SPAN(l->now.text));
    return lexer_fault(l, err);
  }
  const bool percent = p < l->end && *p == '%';
  take(l, TOKEN_NUMBER, (size_t)(p - l->at) + percent);
  l->now.number = strtod(digits, NULL);
  if (percent) l->now.number /= 100;
  return DONE;
}

static enum status read_text(struct lexer *l, struct error *err) {
  const char *p = l->at + 1;
  while (p < l->end && *p != '"' && *p != '\n') p++;
  if (p == l->end || *p == '\n') {
    (void)refuse(err, RULE_TEXT_OPEN);
    return lexer_fault(l, err);
  }
  l->now.kind = TOKEN_TEXT;
  l->now.text = span_make(l->at + 1, (size_t)(p - l->at) - 1);
  l->at = p + 1;
  return DONE;
}

static enum status read_sign(struct lexer *l, struct error *err) {
  static const char pairs[][3] = {"<=", ">=", "!="};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    if (l->end - l->at >= 2 && memcmp(l->at, pairs[i], 2) == 0) {
      take(l, TOKEN_SIGN, 2);
      return DONE;
    }
  if (!strchr("+-*/<>=()[],;.:", *l->at) || !*l->at) {
    l->now.text = span_make(l->at, 1);
    const char sign[2] = {isprint((unsigned char)*l->at) ? *l->at : '?', 0};
    (void)refuse(err, RULE_SIGN, sign);
    return lexer_fault(l, err);
  }
  take(l, TOKEN_SIGN, 1);
  const char c = *l->now.text.bytes;
  if (c == '(' || c == '[') l->depth++;
  if ((c == ')' || c == ']') && l->depth) l->depth--;
  return DONE;
}

/* True at the end of a line that counts. */
static bool skip_to_token(struct lexer *l) {
  for (;;) {
    l->at = skip_blank(l, l->at);
    if (l->at >= l->end || *l->at != '\n') return false;
    const bool ends = !l->depth && !l->was_operator && l->now.kind != TOKEN_LINE;
    if (ends && !next_line_goes_on(l)) return true;
    new_line(l);
  }
}

static bool is_operator(const struct token *t) {
  if (t->kind == TOKEN_SIGN) return strchr("+-*/<>=!,", *t->text.bytes) != NULL;
  return token_is(t, "and") || token_is(t, "or") || token_is(t, "not") || token_is(t, "in") ||
         token_is(t, "per") || token_is(t, "where") || token_is(t, "by");
}

enum status lexer_next(struct lexer *l, struct error *err) {
  const bool line_ends = skip_to_token(l);
  l->now.line = l->line;
  l->now.column = (int)(l->at - l->line_start) + 1;
  l->now.text = (struct span){0};
  enum status status = DONE;
  if (l->at >= l->end) {
    /* the last line ends too */
    l->now.kind = l->now.kind == TOKEN_LINE || l->now.kind == TOKEN_END ? TOKEN_END : TOKEN_LINE;
  } else if (line_ends) {
    l->now.kind = TOKEN_LINE;
    new_line(l);
  } else if (is_date(l->at, l->end)) {
    take(l, TOKEN_DATE, 10);
    status = day_parse(l->now.text, &l->now.day, err);
    if (status != DONE) return lexer_fault(l, err);
  } else if (isdigit((unsigned char)*l->at)) {
    status = read_number(l, err);
  } else if (is_name_start(*l->at)) {
    const char *p = l->at;
    while (p < l->end && is_name(*p)) p++;
    take(l, TOKEN_NAME, (size_t)(p - l->at));
  } else if (*l->at == '"') {
    status = read_text(l, err);
  } else {
    status = read_sign(l, err);
  }
  l->was_operator = status == DONE && is_operator(&l->now);
  return status;
}

enum status lexer_begin(struct lexer *l, const char *file, struct span text, struct error *err) {
  *l = (struct lexer){.at = text.bytes,
                      .end = text.bytes + text.size,
                      .line_start = text.bytes,
                      .file = file,
                      .line = 1,
                      .now = {.kind = TOKEN_LINE}};
  return lexer_next(l, err);
}

void lexer_pass_line(struct lexer *l) {
  const char *end = memchr(l->at, '\n', (size_t)(l->end - l->at));
  l->at = end ? end : l->end;
  if (end) new_line(l);
  l->depth = 0;
  l->was_operator = false;
  l->now.kind = TOKEN_LINE;
}

struct span lexer_raw_name(struct lexer *l) {
  const char *start = l->at;
  while (l->at < l->end && (is_name(*l->at) || *l->at == '-')) l->at++;
  return span_make(start, (size_t)(l->at - start));
}

bool lexer_raw_sign(struct lexer *l, char sign) {
  if (l->at >= l->end || *l->at != sign) return false;
  l->at++;
  return true;
}
