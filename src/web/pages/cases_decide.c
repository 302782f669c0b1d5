/* Before a decision: what somebody is asked about a request of theirs. */
#include "web/pages/cases.h"

bool case_is_senders(const struct case_page *page, const struct case_file *file) {
  return !page->is_officer && case_is_theirs(&page->actor, file);
}

/* ---- what they are asked ---- */

bool case_asks_them(const struct case_page *page, const struct case_file *file) {
  const struct pack_case_move *moves[CASE_MOVES_MOST];
  if (!file->waits || !case_is_senders(page, file)) return false;
  const int count = case_moves_of(&page->actor, file, moves, CASE_MOVES_MOST);
  for (int i = 0; i < count; i++)
    if (moves[i]->by == CASE_BY_OPENER && moves[i]->to->waits) return true;
  return false;
}

const char *case_question(const struct case_page *page, const struct case_file *file) {
  const char *words = NULL;
  if (!case_asks_them(page, file)) return NULL;
  for (int i = 0; i < file->event_count; i++)
    if (strcmp(file->events[i].state, file->state_word) == 0 && *file->events[i].words)
      words = file->events[i].words;
  return words;
}
