/* What came of a run's letters, as tables that name nobody. */
#include "takeup/letters.h"

struct outcome_teller {
  struct arena *arena;
  struct document *d;
  enum language language;
  const struct takeup_outcomes_of *of;
};

static const char *says(const struct outcome_teller *t, const char *text) {
  return say(t->language, text);
}

/* Rows of the list by why nobody wrote about them. */
static enum status add_left_out(const struct outcome_teller *t, struct error *err) {
  const struct doc_column columns[] = {{"reason", NULL},
                                       {"shown", says(t, N_("Why nobody wrote"))},
                                       {"rows", says(t, N_("Entitlements"))}};
  struct takeup_found *all = NULL;
  int count = 0;
  enum status status = takeup_found_by(t->of->reading->store, t->arena, t->of->run, &all, &count,
                                       err);
  document_table(t->d, "left_out", says(t, N_("Found, and not written to")), columns, 3, NULL);
  for (const struct takeup_left_out *l = takeup_left_outs; status == DONE && l->word; l++) {
    int64_t rows = 0;
    for (int i = 0; i < count; i++)
      rows += all[i].left_out && strcmp(all[i].left_out, l->word) == 0;
    if (!rows) continue;
    document_cell(t->d, doc_text(l->word));
    document_cell(t->d, doc_text(says(t, l->shown)));
    document_cell(t->d, doc_count(rows));
  }
  document_table_end(t->d);
  return status;
}

static void add_row(const struct outcome_teller *t, const struct pack_entitlement *what,
                    const struct takeup_results *results) {
  int64_t of[OUTCOMES] = {0}, pence = 0, all = 0;
  for (int i = 0; i < results->count; i++) {
    if (strcmp(results->all[i].variable, what->variable) != 0) continue;
    of[results->all[i].outcome]++;
    pence += results->all[i].pence;
    all++;
  }
  if (!all) return;
  document_cell(t->d, doc_text(what->variable));
  document_cell(t->d, doc_text(what->name[t->language]));
  document_cell(t->d, doc_count(all));
  for (int i = 0; i < OUTCOMES; i++) document_cell(t->d, doc_count(of[i]));
  document_cell(t->d, doc_money(pence));
}

static void add_results(const struct outcome_teller *t, const struct takeup_results *results) {
  enum { FIRST = 3, COLUMNS = FIRST + OUTCOMES + 1 };
  const struct pack *pack = t->of->reading->pack;
  struct doc_column columns[COLUMNS] = {{"variable", NULL},
                                        {"name", says(t, N_("Entitlement"))},
                                        {"written", says(t, N_("Written to"))}};
  for (int i = 0; i < OUTCOMES; i++)
    columns[FIRST + i] = (struct doc_column){takeup_outcome_word((enum takeup_outcome)i),
                                             says(t, takeup_outcome_shown((enum takeup_outcome)i))};
  columns[COLUMNS - 1] = (struct doc_column){"pence", says(t, N_("Awarded a year"))};
  document_table(t->d, "outcomes", says(t, N_("What came of the letters")), columns, COLUMNS, NULL);
  for (int i = 0; i < pack->take_up_count; i++) add_row(t, pack->take_ups[i].what, results);
  document_table_end(t->d);
}

enum status takeup_add_outcomes(struct arena *arena, struct document *d, enum language language,
                                const struct takeup_outcomes_of *of, struct error *err) {
  const struct outcome_teller t = {.arena = arena, .d = d, .language = language, .of = of};
  struct takeup_letter *letters = NULL;
  struct takeup_results results = {0};
  int count = 0;
  enum status status = takeup_letters_of_run(of->reading->store, arena, of->run, &letters, &count,
                                             err);
  if (status == DONE)
    status = takeup_results_of(arena, of->reading, letters, count, of->today, &results, err);
  if (status != DONE) return status;
  document_value(d, "letters", say(language, N_("Letters")), doc_count(count));
  add_results(&t, &results);
  return add_left_out(&t, err);
}
