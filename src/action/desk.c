#include "action/desk.h"

#include "redress/redress.h"

const struct case_handler *const case_handlers[] = {
    &redress_line, &redress_access, &redress_erasure, &redress_complaint, NULL,
};

struct case_desk action_desk(const struct record_terms *terms, day_t today) {
  return (struct case_desk){
      .pack = terms->pack, .handlers = case_handlers, .today = today, .terms = terms};
}
