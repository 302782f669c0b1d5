/* What the rules of a profile say of one record of a file whose header it knows (profile.h). */
#ifndef WEAL_EXCHANGE_ROW_RULES_H
#define WEAL_EXCHANGE_ROW_RULES_H

#include "exchange/forms.h"
#include "exchange/records.h"

bool record_is_blank(const struct record_cells *r);
/* Whether the record has the value of a rule. A rule without a heading checks every cell; a rule
 * whose heading this file does not have finds nothing. */
bool row_rule_finds(const struct layout *l, const struct record_cells *r, int rule);
/* Whether any rule of the kind finds its value. */
bool row_any_rule(const struct layout *l, const struct record_cells *r,
                  enum profile_rule_kind kind);
/* Whether every column that keep rules name has one of their values. */
bool row_is_kept(const struct layout *l, const struct record_cells *r);
/* Whether the profile says that this text means nothing is given in a column of this meaning. */
bool profile_says_absent(const struct profile *x, enum meaning meaning, struct span text);
/* The text of a meaning, of several columns with ` / ` between; empty where it is absent. */
struct span row_text(const struct layout *l, struct arena *arena, const struct record_cells *r,
                     enum meaning meaning);
/* How the profile has days written, as a message shows it; where it names no form, in `form`. */
const char *profile_day_example(const struct profile *p, const char *form, char out[FORM_SIZE]);
/* What a rule of the kind makes of a published value; null: none does. A rule without a value holds
 * for rows that have none. */
const char *profile_mapped(const struct profile *p, enum profile_rule_kind kind,
                           struct span published);

#endif
