/* The pack as a whole: which files, in which order; look-ups; the end. The rules of rows are in
 * rows.c. */
#include "pack/pack.h"

#include "base/folder.h"
#include "base/refusal.h"
#include "pack/rows.h"

#include <unistd.h>

/* ---- the index ---- */

int pack_index_find(const struct pack_index *index, enum pack_kind kind, struct span key) {
  return (int)map_get(&index->rows[kind], key);
}

bool pack_index_add(struct pack_index *index, enum pack_kind kind, const char *key, int row) {
  if (map_get(&index->rows[kind], span_of(key)) >= 0) return false;
  map_set(&index->rows[kind], span_of(key), row);
  return true;
}

/* ---- reading ---- */

/* Takes the rows of one block; the first wrong row ends it. */
static enum status take_rows(struct pack *pack, const struct pack_file *file,
                             const struct table_rows *rows, const char *path, struct error *err) {
  for (size_t r = 0; r < rows->count; r++) {
    const struct table_fault *fault = &rows->fault[r];
    if (fault->reason) {
      refuse_again(err, fault->refusal, fault->reason);
      return error_at(err, path, rows->line[r], fault->column);
    }
    struct pack_row row = {pack, rows, r, file->columns};
    if (file->take(&row, err) != DONE) return error_at(err, path, rows->line[r], NULL);
  }
  return DONE;
}

static enum status read_file(struct pack *pack, const struct pack_file *file, struct error *err) {
  const char *path = arena_printf(pack->index->arena, "%s/%s", pack->dir, file->name);
  if (file->optional && access(path, F_OK) != 0) return DONE;
  struct table *table = NULL;
  enum status status = table_open_plain(&table, path, file->columns, file->column_count, err);
  if (status != DONE) return error_at(err, path, 0, NULL);
  struct table_rows *rows = NULL;
  while ((status = table_next(table, &rows, err)) == DONE && rows) {
    status = take_rows(pack, file, rows, path, err);
    table_rows_free(rows);
    if (status != DONE) break;
  }
  table_close(table);
  return status;
}

static struct pack *new_pack(const char *dir) {
  struct pack *pack = memory_zeroed(1, sizeof *pack);
  pack->index = memory_zeroed(1, sizeof *pack->index);
  pack->index->arena = arena_new();
  for (int kind = 0; kind < KIND_COUNT; kind++)
    pack->index->rows[kind] = (struct map){.arena = pack->index->arena};
  pack->dir = arena_string(pack->index->arena, dir);
  return pack;
}

enum status pack_read_clock(const char *dir, struct clock_rules *out, struct error *err) {
  struct pack *pack = new_pack(dir);
  enum status status = DONE;
  for (int i = 0; i < pack_file_count && status == DONE; i++)
    if (strcmp(pack_files[i].name, "clock.csv") == 0) status = read_file(pack, &pack_files[i], err);
  if (status == DONE) *out = pack->clock;
  pack_close(pack);
  return status;
}

enum status pack_open(struct pack **out, const char *dir, struct error *err) {
  *out = NULL;
  if (!path_is_folder(dir)) return refuse(err, PACK_NO_FOLDER, dir);
  struct pack *pack = new_pack(dir);
  enum status status = DONE;
  for (int i = 0; i < pack_file_count && status == DONE; i++) {
    status = read_file(pack, &pack_files[i], err);
    if (status == DONE && pack_files[i].check) status = pack_files[i].check(pack, err);
  }
  if (status != DONE) {
    pack_close(pack);
    return status;
  }
  *out = pack;
  return DONE;
}

void pack_close(struct pack *pack) {
  if (!pack) return;
  for (int i = 0; i < pack->tax_table_count; i++) free(pack->tax_tables[i].lines);
  free(pack->tax_tables);
  for (int i = 0; i < pack->price_table_count; i++) free(pack->price_tables[i].lines);
  free(pack->price_tables);
  free(pack->household_groups);
  free(pack->domains);
  free(pack->cofogs);
  free(pack->units);
  free(pack->roles);
  free(pack->schemes);
  free(pack->categories);
  free(pack->services);
  free(pack->costs);
  free(pack->rates);
  free(pack->deflators);
  free(pack->retentions);
  free(pack->bounds);
  free(pack->bodies);
  free(pack->duties);
  free(pack->values);
  free(pack->case_states);
  free(pack->case_kinds);
  free(pack->case_moves);
  free(pack->case_facts);
  free(pack->case_steps);
  free(pack->holidays);
  free(pack->tell_items);
  free(pack->topics);
  free(pack->tellables);
  free(pack->gates);
  free(pack->what_ifs);
  free(pack->assumed);
  free(pack->entitlements);
  free(pack->pay_days);
  free(pack->overpayments);
  free(pack->standards);
  free(pack->claimings);
  free(pack->advice);
  free(pack->claims);
  free(pack->disputes);
  free(pack->place_codes);
  free(pack->take_ups);
  arena_free(pack->index->arena);
  free(pack->index);
  free(pack);
}

/* ---- look-ups ---- */

const struct pack_category *pack_find_category(const struct pack *pack, struct span code) {
  int row = pack_index_find(pack->index, KIND_CATEGORY, code);
  return row < 0 ? NULL : &pack->categories[row];
}

const struct pack_unit *pack_find_unit(const struct pack *pack, struct span code) {
  int row = pack_index_find(pack->index, KIND_UNIT, code);
  return row < 0 ? NULL : &pack->units[row];
}

const struct pack_duty *pack_find_duty(const struct pack *pack, struct span code) {
  int row = pack_index_find(pack->index, KIND_DUTY, code);
  return row < 0 ? NULL : &pack->duties[row];
}

bool pack_duty_has(const struct pack_duty *duty, const struct pack_category *category) {
  for (int i = 0; i < duty->category_count; i++)
    if (duty->categories[i] == category) return true;
  return false;
}

const struct pack_service *pack_find_service(const struct pack *pack, struct span code) {
  int row = pack_index_find(pack->index, KIND_SERVICE, code);
  return row < 0 ? NULL : &pack->services[row];
}

const struct pack_case_kind *pack_find_case_kind(const struct pack *pack, struct span code) {
  int row = pack_index_find(pack->index, KIND_CASE_KIND, code);
  return row < 0 ? NULL : &pack->case_kinds[row];
}

bool pack_duty_is_of(const struct pack_duty *duty, const char *kind, const char *body) {
  return span_has_word(span_of(duty->kinds), kind) || span_has_word(span_of(duty->bodies), body);
}

int pack_case_steps(const struct pack *pack, const struct pack_case_kind *kind,
                    const struct pack_case_state *state, const char *about,
                    const struct pack_case_step **out, int most) {
  int count = 0;
  for (int named = 1; named >= 0 && !count; named--)
    for (int i = 0; i < pack->case_step_count && count < most; i++) {
      const struct pack_case_step *step = &pack->case_steps[i];
      if (step->kind != kind || step->state != state) continue;
      if (named ? span_has_word(span_of(step->about), about) : !*step->about) out[count++] = step;
    }
  return count;
}

const struct pack_case_state *pack_find_case_state(const struct pack *pack, struct span word) {
  int row = pack_index_find(pack->index, KIND_CASE_STATE, word);
  return row < 0 ? NULL : &pack->case_states[row];
}

const struct pack_tellable *pack_find_tellable(const struct pack *pack, struct span variable) {
  int row = pack_index_find(pack->index, KIND_TELLABLE, variable);
  return row < 0 ? NULL : &pack->tellables[row];
}

bool pack_tellable_serves(const struct pack_tellable *what, const struct pack_category *category) {
  for (int i = 0; i < what->purpose_count; i++)
    if (what->purposes[i] == category) return true;
  return false;
}

const char *pack_body_name(const struct pack *pack, const char *code, const char *name,
                           enum language language) {
  const int row = language == WELSH ? pack_index_find(pack->index, KIND_BODY, span_of(code)) : -1;
  return row >= 0 && *pack->bodies[row].name_cy ? pack->bodies[row].name_cy : name;
}

const struct tell_item *pack_find_tell_item(const struct pack *pack, const char *list,
                                            struct span item) {
  for (int i = pack_index_find(pack->index, KIND_TELL_LIST, span_of(list));
       i >= 0 && i < pack->tell_item_count && strcmp(pack->tell_items[i].list, list) == 0; i++)
    if (span_is(item, pack->tell_items[i].item)) return &pack->tell_items[i];
  return NULL;
}

const char *pack_find_value(const struct pack *pack, const char *key) {
  int row = pack_index_find(pack->index, KIND_VALUE, span_of(key));
  return row < 0 ? NULL : pack->values[row].value;
}

const char *pack_find_words(const struct pack *pack, const char *key, enum language language) {
  char own_key[64];
  const char *own = NULL;
  snprintf(own_key, sizeof own_key, "%s_%s", key, language_row(language)->code);
  if (!language_is_original(language)) own = pack_find_value(pack, own_key);
  return own ? own : pack_find_value(pack, key);
}

const struct pack_tax_table *pack_find_tax_table(const struct pack *pack, int year) {
  const struct pack_tax_table *latest = NULL;
  for (int i = 0; i < pack->tax_table_count && pack->tax_tables[i].year <= year; i++)
    latest = &pack->tax_tables[i];
  return latest;
}

void pack_add_share(struct text *t, int share_hundredths) {
  text_addf(t, "%d.%d", share_hundredths / 100, share_hundredths / 10 % 10);
  if (share_hundredths % 10) text_addf(t, "%d", share_hundredths % 10);
}
