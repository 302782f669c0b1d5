#include "exchange/decisions.h"

#include "base/json.h"

#include <stdlib.h>

void decisions_note_form(struct decisions *d, const char *form) {
  int i = 0;
  while (i < d->day_form_count && strcmp(d->day_forms[i].form, form) != 0) i++;
  if (i == DAY_FORMS_MAX) return;
  if (i == d->day_form_count) {
    memcpy(d->day_forms[i].form, form, strlen(form) + 1);
    d->day_form_count++;
  }
  d->day_forms[i].rows++;
}

void decisions_warn(struct decisions *d, struct arena *arena, const struct error *why) {
  if (d->warning_count == WARNINGS_MAX) return;
  d->warnings[d->warning_count++] = import_warning_of(why, arena);
}

void decisions_note_payer(struct decisions *d, struct span name, struct arena *arena) {
  int i = 0;
  while (i < d->stood_in_for_count && !span_is(name, d->stood_in_for[i].name)) i++;
  if (i == STOOD_IN_FOR_MAX) return;
  if (i == d->stood_in_for_count)
    d->stood_in_for[d->stood_in_for_count++].name = arena_copy(arena, name.bytes ? name.bytes : "",
                                                               name.size);
  d->stood_in_for[i].rows++;
}

/* What was left out, by why. */
struct left_out {
  const char *why;
  int64_t records;
};
enum { LEFT_OUT_KINDS = 9 };

static void list_left_out(const struct decisions *d, struct left_out out[LEFT_OUT_KINDS]) {
  const struct left_out all[LEFT_OUT_KINDS] = {{"header", d->headers},
                                               {"repeated_header", d->repeated_headers},
                                               {"before_header", d->rows_before_header},
                                               {"blank", d->blank_rows},
                                               {"note", d->rows_without_payment},
                                               {"total", d->total_count},
                                               {"not_submitted", d->not_published_rows},
                                               {"rule_of_the_profile", d->left_out},
                                               {"sheet_left_out", d->sheet_records_left_out}};
  memcpy(out, all, sizeof all);
}

void decisions_leave_sheet(struct decisions *d, const char *sheet, bool hidden, int64_t records,
                           struct arena *arena) {
  d->read += records;
  d->sheet_records_left_out += records;
  if (d->sheet_left_out_count < SHEETS_LEFT_OUT)
    d->sheets_left_out[d->sheet_left_out_count++] =
        arena_printf(arena, "%s: %s", sheet, hidden ? "hidden" : "no header of spending with days");
}

int64_t decisions_left_out(const struct decisions *d) {
  struct left_out all[LEFT_OUT_KINDS];
  int64_t sum = 0;
  list_left_out(d, all);
  for (int i = 0; i < LEFT_OUT_KINDS; i++) sum += all[i].records;
  return sum;
}

const char *decisions_mapping(const struct decisions *d, struct arena *arena) {
  struct text t = {0};
  for (int m = 0; m < MEANS_NOTHING; m++) {
    bool some = false;
    for (int i = 0; i < d->column_count; i++) {
      if ((int)d->columns[i].means != m) continue;
      if (!some) text_addf(&t, "%s%s: ", t.size ? "; " : "", meaning_words[m]);
      text_addf(&t, "%s%s", some ? ", " : "", d->columns[i].heading);
      some = true;
    }
  }
  const char *mapping = arena_copy(arena, t.bytes ? t.bytes : "", t.size);
  text_release(&t);
  return mapping;
}

static void add_total(struct json *j, const struct control_total *t) {
  json_open_object(j, NULL);
  json_int(j, "line", (int64_t)t->line);
  if (t->of[0]) json_text(j, "of", span_of(t->of));
  json_int(j, "declared", t->declared);
  json_int(j, "sum", t->sum);
  json_int(j, "difference", t->sum - t->declared);
  json_bool(j, "agrees", t->agrees);
  if (t->known) json_bool(j, "known_difference", true);
  json_close_object(j);
}

static void add_totals(struct json *j, const struct decisions *d) {
  int64_t agree = 0, differ = 0;
  for (int i = 0; i < d->total_count; i++) *(d->totals[i].agrees ? &agree : &differ) += 1;
  json_open_object(j, "control_totals");
  json_int(j, "declared", d->total_count);
  json_int(j, "agree", agree);
  json_int(j, "differ", differ);
  json_open_array(j, d->total_count == 1 ? "all" : "differing");
  for (int i = 0; i < d->total_count; i++)
    if (!d->totals[i].agrees || d->total_count == 1) add_total(j, &d->totals[i]);
  json_close_array(j);
  json_close_object(j);
}

static void add_count(struct json *j, const char *key, int64_t n) {
  if (n) json_int(j, key, n);
}

static void add_accounts(struct json *j, const struct decisions *d) {
  struct left_out all[LEFT_OUT_KINDS];
  list_left_out(d, all);
  json_int(j, "read", d->read);
  json_open_object(j, "left_out");
  for (int i = 0; i < LEFT_OUT_KINDS; i++)
    if (all[i].records) json_int(j, all[i].why, all[i].records);
  json_close_object(j);
  if (!d->sheet_left_out_count) return;
  json_open_array(j, "sheets_left_out");
  for (int i = 0; i < d->sheet_left_out_count; i++)
    json_text(j, NULL, span_of(d->sheets_left_out[i]));
  json_close_array(j);
}

static void add_columns(struct json *j, const struct decisions *d) {
  if (d->sure) json_int(j, "sure", d->sure);
  json_open_array(j, "columns");
  for (int i = 0; i < d->column_count; i++) {
    const struct decided_column *c = &d->columns[i];
    json_open_object(j, NULL);
    json_text(j, "heading", span_of(c->heading));
    json_text(j, "means", span_of(meaning_words[c->means]));
    if (c->sure) json_int(j, "sure", c->sure);
    json_close_object(j);
  }
  json_close_array(j);
  if (d->day_from) json_text(j, "day_from", span_of(d->day_from));
}

static void add_published(struct json *j, const struct decisions *d) {
  add_accounts(j, d);
  add_columns(j, d);
  json_int(j, "header_line", (int64_t)d->header_line);
  json_int(j, "blank_rows_skipped", d->blank_rows);
  add_count(j, "rows_before_header", d->rows_before_header);
  add_count(j, "repeated_headers", d->repeated_headers);
  add_count(j, "rows_without_payment", d->rows_without_payment);
  add_count(j, "rows_not_submitted", d->not_published_rows);
  json_int(j, "rows_left_out", d->left_out);
  json_int(j, "totals_left_out", d->total_count);
  add_totals(j, d);
  add_count(j, "padding_columns", d->padding_columns);
  add_count(j, "cells_in_padding_passed_over", d->text_in_padding);
  add_count(j, "rows_that_end_early", d->short_rows);
  add_count(j, "commas_put_back", d->commas_put_back);
  json_text(j, "encoding", span_of(d->windows_1252_cells ? "windows-1252" : "utf-8"));
  add_count(j, "windows_1252_cells", d->windows_1252_cells);
  if (d->scale != 1) json_int(j, "scale", d->scale);
}

static void add_category_count(struct json *j, const char *key, const struct category_count *n) {
  json_open_object(j, key);
  json_int(j, "rows", n->rows);
  json_int(j, "amount", n->amount);
  json_close_object(j);
}

/* Of spending as published: how its payments got their category, and how many have none. */
static void add_coverage(struct json *j, const struct decisions *d) {
  if (!d->published ||
      !(d->categories_given.rows + d->categories_by_rule.rows + d->categories_none.rows))
    return;
  json_open_object(j, "categories");
  add_category_count(j, "given", &d->categories_given);
  add_category_count(j, "by_rule", &d->categories_by_rule);
  add_category_count(j, "none", &d->categories_none);
  json_close_object(j);
}

const char *decisions_write(struct decisions *d, struct arena *arena) {
  struct text t = {0};
  struct json j;
  json_begin(&j, &t);
  json_open_object(&j, NULL);
  json_text(&j, "form", span_of(d->published ? "published" : "own"));
  if (d->published) add_published(&j, d);
  if (d->warning_count) {
    json_open_array(&j, "warnings");
    for (int i = 0; i < d->warning_count; i++) json_text(&j, NULL, span_of(d->warnings[i].message));
    json_close_array(&j);
  }
  json_open_object(&j, "day_forms");
  for (int i = 0; i < d->day_form_count; i++)
    json_int(&j, d->day_forms[i].form, d->day_forms[i].rows);
  json_close_object(&j);
  json_int(&j, "stood_in_days", d->stood_in_days);
  json_int(&j, "stood_in_bodies", d->stood_in_bodies);
  if (d->stood_in_for_count) {
    json_open_object(&j, "body_stands_in_for");
    for (int i = 0; i < d->stood_in_for_count; i++)
      json_int(&j, d->stood_in_for[i].name, d->stood_in_for[i].rows);
    json_close_object(&j);
  }
  json_open_object(&j, "amount_forms");
  add_count(&j, "plain", d->plain_amounts);
  for (int i = 0; i < MONEY_FORMS; i++) add_count(&j, money_form_words[i], d->money_form_rows[i]);
  json_close_object(&j);
  json_int(&j, "negative_rows", d->negative_rows);
  json_int(&j, "known_suppliers", d->known_suppliers);
  json_int(&j, "new_suppliers", d->new_suppliers);
  add_count(&j, "supplier_names_in_another_spelling", d->other_spellings);
  add_count(&j, "suppliers_by_company_number", d->suppliers_by_number);
  add_count(&j, "company_numbers_kept", d->numbers_kept);
  add_count(&j, "company_numbers_left_out", d->numbers_left_out);
  if (d->numbers_left_out)
    json_int(&j, "company_number_left_out_line", (int64_t)d->number_left_out_line);
  add_count(&j, "new_suppliers_to_review", d->unsure_suppliers);
  add_count(&j, "new_suppliers_private_people", d->private_suppliers);
  add_count(&j, "new_suppliers_undecided", d->undecided_suppliers);
  add_count(&j, "supplier_names_trimmed", d->trimmed_names);
  json_int(&j, "redacted_payees", d->redacted_payees);
  json_int(&j, "unnamed_payees", d->unnamed_payees);
  add_count(&j, "new_bodies", d->new_bodies);
  add_count(&j, "new_streams", d->new_streams);
  add_count(&j, "categories_mapped", d->category_mapped);
  add_count(&j, "categories_put_in_description", d->category_to_description);
  add_coverage(&j, d);
  json_close_object(&j);
  const char *json = arena_copy(arena, t.bytes, t.size);
  text_release(&t);
  free(d->totals);
  d->totals = NULL;
  return json;
}
