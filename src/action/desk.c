#include "action/desk.h"

#include "action/tell.h"
#include "redress/redress.h"
#include "register/access_log.h"
#include "time/time.h"

const struct case_handler *const case_handlers[] = {
    &help_case_handler, &look_case_handler, &redress_access,
    &redress_complaint, &redress_erasure,   &redress_line,
    &tell_case_handler, &time_case_handler, NULL,
};

struct case_desk action_desk(const struct record_terms *terms, day_t today) {
  return (struct case_desk){
      .pack = terms->pack, .handlers = case_handlers, .today = today, .terms = terms};
}
