/* The rules by which a published payment gets a category of ours: spend-categories.csv of the
 * policy pack. policy/uk/README.md says what each column holds. They are read only by who needs
 * them.
 *
 *     struct spend_rules *rules;
 *     status = spend_rules_read(&rules, pack, arena, &err);
 *     struct span texts[SPEND_RULE_COLUMNS] = {[SPEND_RULE_DEPARTMENT] = span_of("Parks")};
 *     const struct spend_rule *rule = spend_rules_find(rules, texts);       null: none
 *
 * The first rule whose pattern stands in its column is the one. A pattern is words, one behind the
 * other: the text is folded (base/fold.h), `&` is `and`, and all that is no letter or digit parts
 * words. A `*` at the end finds every word that begins so.
 */
#ifndef WEAL_PACK_SPEND_RULES_H
#define WEAL_PACK_SPEND_RULES_H

#include "pack/pack.h"

/* What a published file says of a payment. `any` in the file: each of the first three. */
enum spend_rule_column {
  SPEND_RULE_CATEGORY,
  SPEND_RULE_DEPARTMENT,
  SPEND_RULE_DESCRIPTION,
  SPEND_RULE_SUPPLIER,
  SPEND_RULE_COLUMNS
};

struct spend_rule {
  int number;       /* as the file has it: they rise */
  unsigned columns; /* a bit for each spend_rule_column */
  const char
      *needle; /* the pattern with a blank before it, and one behind it unless it ends in * */
  const struct pack_category *category;
  const char *source;
};

struct spend_rules;
/* A pack without the file has no rules. REFUSED with FILE:LINE: COLUMN for a wrong row. */
enum status spend_rules_read(struct spend_rules **out, const struct pack *pack, struct arena *arena,
                             struct error *err) MUST_USE;
/* Texts are remembered with the rule that they found, up to SPEND_TEXTS_KEPT of them: files repeat
 * theirs. Not for two threads at once. */
enum { SPEND_TEXTS_KEPT = 100000 };
const struct spend_rule *spend_rules_find(struct spend_rules *rules,
                                          const struct span texts[SPEND_RULE_COLUMNS]);

#endif
