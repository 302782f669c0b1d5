#include "book/life.h"

bool life_is_outside(const struct loaded_line *line, bool minutes, day_t born, day_t died) {
  if (line->cancelled || line->reverses_entry) return false;
  if (born != DAY_NONE && line->day < born) return true;
  return died != DAY_NONE && line->day > died && (line->service > 0 || minutes);
}

void life_strays_add(struct life_strays *strays, int64_t entry, int32_t line_no) {
  if (strays->lines < LIFE_STRAYS_NAMED) {
    strays->named[strays->lines].entry = entry;
    strays->named[strays->lines].line_no = line_no;
  }
  strays->lines++;
}

static void take_account(const struct account *account, struct loaded_line **lines, size_t count,
                         day_t born, day_t died, struct life_strays *out) {
  const bool minutes = strcmp(account->unit, UNIT_MINUTES) == 0;
  for (size_t i = 0; i < count; i++)
    if (life_is_outside(lines[i], minutes, born, died))
      life_strays_add(out, lines[i]->entry, lines[i]->line_no);
}

enum status life_strays(struct store *store, struct arena *arena, const int64_t *records, int count,
                        day_t born, day_t died, struct life_strays *out, struct error *err) {
  struct account *accounts = NULL;
  struct reading reading;
  struct loaded_lines loaded_line = {0};
  int account_count = 0;
  *out = (struct life_strays){0};
  enum status status = book_accounts_of(store, arena, OWNER_PERSON, records, count, &accounts,
                                        &account_count, err);
  if (status == DONE) status = book_reading(store, arena, &reading, err);
  if (status != DONE) return status;
  int64_t *ids = arena_array(arena, int64_t, account_count + 1);
  for (int i = 0; i < account_count; i++) ids[i] = accounts[i].id;
  status = figures_load(&loaded_line, store, &reading, ids, (size_t)account_count, DAY_FIRST,
                        DAY_LAST, err);
  if (status == DONE) {
    struct loaded_line **lines = arena_array(arena, struct loaded_line *, loaded_line.count + 1);
    for (size_t i = 0; i < loaded_line.count; i++) lines[i] = &loaded_line.all[i];
    figures_cancel(lines, loaded_line.count);
    for (int i = 0; i < account_count; i++)
      take_account(&accounts[i], lines + loaded_line.first[i],
                   loaded_line.first[i + 1] - loaded_line.first[i], born, died, out);
  }
  figures_release(&loaded_line);
  return status;
}

void life_strays_say(struct text *t, const char *code, const struct life_strays *s) {
  const bool one = s->lines == 1;
  text_addf(t, "%s: %lld %s dated before their birth or after their death, as these now stand (",
            code, (long long)s->lines, one ? "line is" : "lines are");
  for (int i = 0; i < LIFE_STRAYS_NAMED && i < s->lines; i++)
    text_addf(t, "%s%lld:%d", i ? ", " : "", (long long)s->named[i].entry, s->named[i].line_no);
  text_addf(t,
            "%s). Correct the day of birth or death, or undo %s: `weal reverse %lld:%d --reason "
            "TEXT`%s\n",
            s->lines > LIFE_STRAYS_NAMED ? " and more" : "", one ? "the line" : "each line",
            (long long)s->named[0].entry, s->named[0].line_no,
            s->lines > LIFE_STRAYS_NAMED ? "; `weal audit` names more of them" : "");
}
