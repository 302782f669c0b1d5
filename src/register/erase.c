#include "register/erase.h"

#include "register/access_log.h"
#include "register/sessions.h"

enum status register_erase(struct store *store, int64_t party, struct error *err) {
  static const char *const forget[] = {
      "delete from identifier where party = ?1",
      "delete from residence where party = ?1",
      "delete from alias where gone = ?1 or keep = ?1",
      "delete from invite where person = ?1",
      "delete from help_offer where principal = ?1",
      "delete from act_for where principal = ?1",
      "delete from act_for where agent = ?1",
      "delete from office where person = ?1",
      "delete from notice_body where party = ?1",
      "delete from notice where party = ?1",
      "delete from objection where party = ?1",
      ("update party set kind = 'erased', code = '', name = null, born = null, died = null, sex = "
       "null, email = null where id = ?1")};
  enum status status = sessions_erase(store, party, err);
  if (status == DONE) status = access_log_erase(store, party, err);
  for (size_t i = 0; status == DONE && i < sizeof forget / sizeof *forget; i++)
    status = store_run_with(store, forget[i], err, party);
  return status;
}
