/* The rows of the table `fact`, as facts.c writes them and facts_read.c reads them. Private to
 * register. */
#ifndef WEAL_REGISTER_FACT_ROWS_H
#define WEAL_REGISTER_FACT_ROWS_H

#include "register/facts.h"

/* The words as stored; of one that this program does not know the least: estimated, operator. */
enum fact_source fact_source_of_word(struct span word);
enum fact_sayer fact_sayer_of_word(struct span word);

enum status fact_row_insert(struct store *store, const struct fact *fact, struct span evidence,
                            struct error *err) MUST_USE;
/* The fact that supersedes it; 0: none. */
enum status fact_row_superseded(struct store *store, int64_t party, int64_t id, int64_t *by,
                                struct error *err) MUST_USE;
/* All of one variable of a party itself. */
enum status fact_rows_of_variable(struct store *store, struct arena *arena, int64_t party,
                                  const char *variable, struct facts *out,
                                  struct error *err) MUST_USE;
/* Whoever ever told the variable of that other one. */
enum status fact_parties_who_name(struct store *store, struct arena *arena, int64_t other,
                                  const char *variable, int64_t **out, int *count,
                                  struct error *err) MUST_USE;
/* All of a party itself. */
enum status fact_rows_of_party(struct store *store, struct arena *arena, int64_t party,
                               struct facts *out, struct error *err) MUST_USE;

#endif
