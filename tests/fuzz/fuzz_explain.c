#include "base/folder.h"
#include "fuzz/fuzz.h"
#include "fuzz/yaml_leak.h"
#include "rules/explain_write.h"
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Facts in YAML after a first byte that says which variable, in which period and reading: whatever
 * is explained is text without a NUL, JSON that a reader takes, CSV whose lines have as many fields
 * as its head, and a page whose elements are closed. */

static const char file_of_rules[] =
    "pack year begins 04-06 annual at 04-30 money GBP pounds \"<&£\"\n"
    "entity person plural people\n"
    "entity benunit plural benunits within households members person\n"
    "entity household plural households members person roles adults children\n"
    "enum land E S W\n"
    "variable pay\n  entity person  period pay  unit GBP  label \"Pay, <b>\"\n"
    "variable born\n  entity person  period eternity  unit date\n"
    "variable land_of\n  entity household  period year  unit land\n"
    "variable tax\n  entity person  period month  unit GBP  round up 0.01\n"
    "  law \"An <Act> & 'more'\" \"https://example.org/?a=1&b=2\"\n  formula\n"
    "    let rate = param(rates[household.land_of])\n    pay per month * rate\n"
    "variable year_tax\n  entity person  period year  unit GBP\n  formula\n    tax per year\n"
    "variable share\n  entity household  period year  unit GBP\n  formula\n"
    "    sum(members, year_tax) / count(members where born > 2000-01-01)\n"
    "variable old\n  entity benunit  period year  unit bool\n  formula\n"
    "    any(members, years_between(born, period_start) >= 66) or household.land_of = W\n";
static const char *const wanted[] = {"tax", "year_tax", "share", "old", "land_of", "born", "pay"};
static const char *const periods[] = {"2025-26", "2025-07", "week:2025-07-14", "2025-07-14"};

static void put(const char *folder, const char *name, const char *text) {
  char path[200];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *f = fopen(path, "wb");
  HOLD(f && fputs(text, f) >= 0 && fclose(f) == 0);
}

static struct rules *rules_once(void) {
  static struct rules *kept;
  if (kept) return kept;
  char folder[] = "/tmp/weal-fuzz-XXXXXX", within[64];
  HOLD(mkdtemp(folder));
  snprintf(within, sizeof within, "%s/rules", folder);
  HOLD(mkdir(within, 0700) == 0);
  put(within, "a.rules", file_of_rules);
  snprintf(within, sizeof within, "%s/parameters", folder);
  HOLD(mkdir(within, 0700) == 0);
  put(within, "rates.yaml",
      "E: {values: {2020-04-06: 0.2}, metadata: {reference: [{title: '<T>', href: 'https://e'}]}}\n"
      "S: {values: {2020-04-06: 0.19, 2025-07-20: 0.21}, metadata: {fiscal_year_blend: true}}\n");
  const char *const packs[] = {folder};
  struct error err = {0};
  const enum status status = rules_load(arena_new(), packs, 1, &kept, &err);
  if (status != DONE) fprintf(stderr, "line %d: %s\n", (int)err.line, err.message);
  HOLD(status == DONE);
  for (int i = 0; i < 2; i++) {
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, i ? "parameters/rates.yaml" : "rules/a.rules");
    HOLD(unlink(path) == 0);
    snprintf(path, sizeof path, "%s/%s", folder, i ? "parameters" : "rules");
    HOLD(rmdir(path) == 0);
  }
  HOLD(rmdir(folder) == 0);
  return kept;
}

static void hold_json(const struct text *out) {
  json_error_t why;
  json_t *all = json_loadb(out->bytes, out->size, 0, &why);
  HOLD(all && json_is_array(all));
  json_decref(all);
}

/* Commas outside quotes, on each line. */
static void hold_csv(const struct text *out) {
  int commas = 0;
  bool quoted = false;
  for (size_t i = 0; i < out->size; i++) {
    const char c = out->bytes[i];
    if (c == '"') quoted = !quoted;
    else if (c == ',' && !quoted) commas++;
    else if (c == '\n' && !quoted) {
      HOLD(commas == 8);
      commas = 0;
    }
  }
  HOLD(!quoted && out->bytes[out->size - 1] == '\n');
}

static int times(const struct text *out, const char *what) {
  int n = 0;
  for (const char *p = out->bytes; (p = strstr(p, what)); p += strlen(what)) n++;
  return n;
}

static void hold_page(const struct text *out) {
  static const char *const names[] = {"details", "summary", "p", "pre", "code", "strong", "a"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char opened[16], attributes[16], closed[16];
    snprintf(opened, sizeof opened, "<%s>", names[i]);
    snprintf(attributes, sizeof attributes, "<%s ", names[i]);
    snprintf(closed, sizeof closed, "</%s>", names[i]);
    HOLD(times(out, opened) + times(out, attributes) == times(out, closed));
  }
  HOLD(!times(out, "<b>") && !times(out, "<T>"));
}

static void write_all(const struct explain_writer *w) {
  struct text text = {0}, json = {0}, csv = {0}, page = {0};
  explain_text(w, &text);
  HOLD(text.size && !memchr(text.bytes, 0, text.size));
  explain_json(w, &json);
  hold_json(&json);
  explain_csv(w, &csv);
  hold_csv(&csv);
  explain_html(w, &page);
  HOLD(!memchr(page.bytes, 0, page.size));
  hold_page(&page);
  text_release(&text);
  text_release(&json);
  text_release(&csv);
  text_release(&page);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  const struct rules *rules = rules_once();
  if (!size) return 0;
  struct arena *arena = arena_new();
  struct error err = {0};
  struct yaml_stream stream;
  struct situation s = {.arena = arena, .rules = rules, .annual = bytes[0] & 64};
  const struct rule_variable *v = rules_variable(rules, span_of(wanted[(bytes[0] & 7) % 7]));
  HOLD(period_parse(rules, span_of(periods[bytes[0] >> 3 & 3]), &s.period, &err) == DONE);
  enum status status = yaml_read(arena, span_make((const char *)bytes + 1, size - 1), "f", &stream,
                                 &err);
  if (status == DONE)
    status = situation_read(&s, stream.count ? stream.documents[0] : NULL, "f", &err);
  if (status == DONE && !s.override_count) {
    struct compiler *c = compiler_make(arena, rules, s.pop, s.annual ? READ_ANNUAL : READ_LEGAL);
    struct explanation e = {0};
    status = explain_variable(arena, c, v, s.period, &e, &err);
    const struct explain_writer w = {arena, c, &s, &e, size % 2};
    struct explain_gap *gaps;
    if (status == DONE) write_all(&w);
    if (status == DONE) HOLD(explain_gaps(arena, c, &gaps) <= c->count);
  }
  HOLD(status == DONE || (status == REFUSED && err.message[0]));
  arena_free(arena);
  return 0;
}
