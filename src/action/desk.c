#include "action/desk.h"

const struct case_handler *const case_handlers[] = {
    NULL,
};

struct case_desk action_desk(const struct record_terms *terms, day_t today) {
  return (struct case_desk){
      .pack = terms->pack, .handlers = case_handlers, .today = today, .terms = terms};
}
