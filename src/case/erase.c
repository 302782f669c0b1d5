/* What an erased person leaves of cases (schema/personal.csv says what and why). */
#include "case/case.h"

/* In cases about others their code is gone from what they opened, decided and did; the number of
 * their party stays, which names nobody any more. */
static enum status forget_in_others(struct store *store, int64_t party, struct error *err) {
  static const char *const forget[] = {
      "update case_file set opened_by = 'erased' where opener = ?1",
      "update case_file set decided_by = 'erased' where decider = ?1",
      "update case_event set who = 'erased' where actor = ?1",
  };
  enum status status = DONE;
  for (size_t i = 0; status == DONE && i < sizeof forget / sizeof *forget; i++)
    status = store_run_with(store, forget[i], err, party);
  return status;
}

enum status cases_erase(struct store *store, int64_t party, struct error *err) {
  static const char *const drop[] = {
      "delete from case_attachment where party = ?1",
      "delete from case_told where party = ?1",
      "delete from case_event where party = ?1",
      "delete from case_file where party = ?1",
  };
  enum status status = DONE;
  for (size_t i = 0; status == DONE && i < sizeof drop / sizeof *drop; i++)
    status = store_run_with(store, drop[i], err, party);
  return status == DONE ? forget_in_others(store, party, err) : status;
}
