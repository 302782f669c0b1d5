/* What was understood of a brought file: its columns, days, amounts and totals, its first payments,
 * and the form that posts just this (uploads.h). */
#include "web/pages/bring.h"
#include "web/pages/pages.h"
#include "web/pages/runs.h"

#include "base/money.h"
#include "base/refusal.h"
#include "web/site.h"

static const char *meaning_shown(const struct request *r, enum meaning means) {
  for (const struct bring_meaning *m = bring_meanings(); m->word; m++)
    if (m->means == means) return say(r->language, m->label);
  return bring_people_meaning(r, means);
}

static const char *pounds_shown(const struct request *r, int64_t pence) {
  return written_value(r, doc_money(pence));
}

static const char *count_shown(const struct request *r, int64_t n) {
  return written_value(r, doc_count(n));
}

/* ---- what was understood ---- */

static const struct table_head column_heads[] = {{N_("Column of the file"), false},
                                                 {N_("What it means"), false},
                                                 {N_("How sure we are"), false},
                                                 {N_("For example"), false},
                                                 {NULL, false}};

static void put_columns(struct view *v, const struct request *r, const struct upload_tried *t) {
  const bool by_person = t->file.profile && strcmp(t->file.profile, "recognised") != 0;
  struct view *table = view_table(v, "columns", r, say(r->language, "The columns"), column_heads,
                                  say(r->language, "No columns were found."));
  view_table_of_words(table);
  for (int i = 0; i < t->look.column_count; i++) {
    const struct recognised_column *c = &t->look.columns[i];
    if (!c->sample[0] && c->published[0] == '@') continue;
    const char *sure = c->means == MEANS_NOTHING ? ""
                       : by_person && !c->sure   ? say(r->language, "A person said so")
                       : c->sure ? arena_printf(r->arena, say(r->language, "%d of 100"), c->sure)
                                 : say(r->language, "Its heading says so");
    struct view *row = view_row(table);
    view_cell(row, r, column_heads, 0, bring_heading(r, c->published), NULL);
    view_cell(row, r, column_heads, 1, meaning_shown(r, c->means), NULL);
    view_cell(row, r, column_heads, 2, sure, NULL);
    view_cell(row, r, column_heads, 3, bring_samples(r, c), NULL);
  }
}

static const struct table_head payment_heads[] = {{N_("Line"), true},
                                                  {N_("Day"), false},
                                                  {N_("Who was paid"), false},
                                                  {N_("Amount"), true},
                                                  {N_("What it was for"), false},
                                                  {N_("Description"), false},
                                                  {NULL, false}};

static bool takes_vat_off(const struct upload_tried *t) {
  return bring_takes_vat_off(&t->look, t->look.column_count);
}

static void put_payments(struct view *v, const struct request *r, const struct upload_tried *t) {
  const char *title = takes_vat_off(t) ? say(r->language, "The first payments, without VAT")
                                       : say(r->language, "The first payments");
  struct view *table = view_table(v, "payments", r, title, payment_heads,
                                  say(r->language, "No payment would be recorded."));
  view_table_of_words(table);
  for (int i = 0; i < t->preview.row_count; i++) {
    const struct preview_row *p = &t->preview.rows[i];
    const char *day = written_value(r, doc_day(p->day));
    struct view *row = view_row(table);
    view_cell(row, r, payment_heads, 0, arena_printf(r->arena, "%llu", (unsigned long long)p->line),
              NULL);
    view_cell(row, r, payment_heads, 1,
              p->stood_in ? arena_printf(r->arena, say(r->language, "%s (not published)"), day)
                          : day,
              NULL);
    view_cell(row, r, payment_heads, 2,
              p->payee[0] ? arena_string(r->arena, p->payee) : say(r->language, "Not named"), NULL);
    view_cell(row, r, payment_heads, 3, pounds_shown(r, p->amount), NULL);
    view_cell(row, r, payment_heads, 4, category_name(r, span_of(p->category)), NULL);
    view_cell(row, r, payment_heads, 5, arena_string(r->arena, p->description), NULL);
  }
}

static const struct table_head brought_reject_heads[] = {{N_("Line"), true},
                                                         {N_("Column"), false},
                                                         {N_("Value"), false},
                                                         {N_("Why it was refused"), false},
                                                         {NULL, false}};

static void put_refused(struct view *v, const struct request *r, const struct upload_tried *t,
                        bool people) {
  if (!t->reject_count) return;
  struct view *table = view_table(v, "refused", r, say(r->language, "Lines that would be refused"),
                                  brought_reject_heads, NULL);
  view_table_of_words(table);
  for (int i = 0; i < t->reject_count; i++) {
    const struct reject *one = &t->rejects[i];
    struct view *row = view_row(table);
    view_cell(row, r, brought_reject_heads, 0,
              arena_printf(r->arena, "%llu", (unsigned long long)one->line), NULL);
    view_cell(row, r, brought_reject_heads, 1, arena_string(r->arena, one->column), NULL);
    view_cell(row, r, brought_reject_heads, 2, people ? "" : arena_string(r->arena, one->value),
              NULL);
    view_cell(row, r, brought_reject_heads, 3,
              people ? bring_people_refused(r, one)
                     : refusal_sentence(r->arena, r->language, &one->refusal, one->reason),
              NULL);
  }
}

static const char *total_shown(const struct request *r, const struct decisions *d) {
  const enum language l = r->language;
  int agree = 0;
  for (int i = 0; i < d->total_count; i++) agree += d->totals[i].agrees || d->totals[i].known;
  if (!d->total_count) return say(l, "The file has none");
  const struct control_total *last = &d->totals[d->total_count - 1];
  if (agree == d->total_count && last->vat)
    return arena_printf(r->arena, say(l, "%s with VAT, less VAT of %s: %s, which agrees"),
                        pounds_shown(r, last->declared + last->vat), pounds_shown(r, last->vat),
                        pounds_shown(r, last->declared));
  if (agree == d->total_count)
    return arena_printf(r->arena, say(l, "%s, which agrees"), pounds_shown(r, last->declared));
  return arena_printf(r->arena, say(l, "It differs: %d of %d do not agree"), d->total_count - agree,
                      d->total_count);
}

/* `testham version 2`, as imports name it, in words. */
static const char *profile_shown(const struct request *r, const char *name) {
  const char *version = strstr(name, " version ");
  const struct body *body = version ? bodies_by_code(r->reference_data->bodies,
                                                     span_make(name, (size_t)(version - name)))
                                    : NULL;
  return body ? arena_printf(r->arena, say(r->language, "The profile of %s, version %s"),
                             body->name, version + strlen(" version "))
              : arena_printf(r->arena, say(r->language, "The profile %s"), name);
}

static const char *read_by(const struct request *r, const struct upload_tried *t) {
  const enum language l = r->language;
  const struct decisions *d = &t->preview.decisions;
  if (!d->published) return say(l, "Our own columns");
  if (d->sure) return arena_printf(r->arena, say(l, "Its headings, %d of 100 sure"), d->sure);
  return profile_shown(r, t->file.profile ? t->file.profile : "");
}

static const char *counted(const struct request *r, int64_t n, const char *format) {
  return arena_printf(r->arena, format, (long long)n);
}

static const char *two(const struct request *r, const char *a, const char *b) {
  return a ? arena_printf(r->arena, "%s; %s", a, b) : b;
}

/* Payees that are there, that may be, that are new. */
static const char *payees_shown(const struct request *r, const struct decisions *d) {
  const char *s = NULL;
  const int64_t known = d->known_suppliers - d->rows_again;
  if (known)
    s = two(r, s,
            counted(r, known,
                    say_count(r->language, "%lld payment to an organisation that we know",
                              "%lld payments to organisations that we know", known)));
  if (d->new_suppliers)
    s = two(r, s,
            counted(r, d->new_suppliers,
                    say_count(r->language, "%lld new payee", "%lld new payees", d->new_suppliers)));
  if (d->rows_again)
    s = two(r, s,
            counted(r, d->rows_again,
                    say_count(r->language, "%lld further payment to them",
                              "%lld further payments to them", d->rows_again)));
  if (d->unsure_suppliers)
    s = two(r, s,
            counted(r, d->unsure_suppliers,
                    say_count(r->language, "%lld of them may be one that we know",
                              "%lld of them may be ones that we know", d->unsure_suppliers)));
  if (d->private_suppliers)
    s = two(r, s,
            counted(r, d->private_suppliers,
                    say_count(r->language, "%lld is a private person, whom nobody is shown",
                              "%lld are private people, whom nobody is shown",
                              d->private_suppliers)));
  if (d->undecided_suppliers)
    s = two(
        r, s,
        counted(r, d->undecided_suppliers,
                say_count(r->language,
                          "%lld has a name that does not say who it is, and is shown to nobody "
                          "until an administrator says that it is an organisation",
                          "%lld have names that do not say who they are, and are shown to nobody "
                          "until an administrator says that they are organisations",
                          d->undecided_suppliers)));
  if (d->redacted_payees + d->unnamed_payees)
    s = two(r, s,
            counted(r, d->redacted_payees + d->unnamed_payees,
                    say_count(r->language, "%lld payment without a name",
                              "%lld payments without a name",
                              d->redacted_payees + d->unnamed_payees)));
  return s ? s : say(r->language, "Nobody");
}

static const char *categories_shown(const struct request *r, const struct decisions *d) {
  const char *s = NULL;
  if (d->categories_given.rows)
    s = two(r, s,
            counted(r, d->categories_given.rows,
                    say_count(r->language, "%lld as the file says", "%lld as the file says",
                              d->categories_given.rows)));
  if (d->categories_by_rule.rows)
    s = two(r, s,
            counted(r, d->categories_by_rule.rows,
                    say_count(r->language, "%lld by words in the file", "%lld by words in the file",
                              d->categories_by_rule.rows)));
  if (d->categories_none.rows)
    s = two(r, s,
            counted(r, d->categories_none.rows,
                    say_count(r->language, "%lld not known", "%lld not known",
                              d->categories_none.rows)));
  return s ? s : say(r->language, "None");
}

static const char *days_shown(const struct request *r, const struct decisions *d) {
  const char *s = NULL;
  for (int i = 0; i < d->day_form_count; i++)
    s = two(r, s, arena_string(r->arena, d->day_forms[i].form));
  if (d->day_from)
    s = two(r, s,
            arena_printf(r->arena, say(r->language, "the month in \u201c%s\u201d"), d->day_from));
  return s ? s : say(r->language, "None");
}

static const char *vat_shown(const struct request *r, const struct upload_tried *t) {
  const char *vat = t->look.vat;
  if (takes_vat_off(t)) return say(r->language, "The file's VAT is taken off its amounts");
  return !vat                       ? say(r->language, "Not said")
         : strcmp(vat, "with") == 0 ? say(r->language, "The amounts hold VAT that is paid back")
                                    : say(r->language, "The amounts are without VAT");
}

static void put_facts(struct view *v, const struct request *r, const struct upload_seen *u) {
  const enum language l = r->language;
  const struct upload_tried *t = u->tried;
  const struct decisions *d = &t->preview.decisions;
  struct view *facts = view_object(v, "facts");
  view_fact(facts, say(l, "File"), arena_string(r->arena, u->name));
  if (u->body[0]) {
    const struct body *body = bodies_by_code(r->reference_data->bodies, span_of(u->body));
    view_fact(facts, u->people ? say(l, "Whose file it is") : say(l, "Who paid"),
              body ? body->name : arena_string(r->arena, u->body));
  }
  if (t->status != DONE) return;
  if (u->people) {
    view_fact(facts, say(l, "Read by"),
              t->file.profile ? profile_shown(r, t->file.profile) : say(l, "Our own columns"));
    bring_people_facts(facts, r, t);
    return;
  }
  view_fact(facts, say(l, "Read by"), arena_string(r->arena, read_by(r, t)));
  view_fact(facts, say(l, "Lines read"),
            count_shown(r, t->file.read ? t->file.read : t->file.rows));
  view_fact(facts, say(l, "Payments"),
            arena_printf(r->arena, "%s, %s", count_shown(r, t->file.posted),
                         pounds_shown(r, t->file.amount)));
  view_fact(facts, say(l, "Refused"),
            arena_printf(r->arena, "%s, %s", count_shown(r, t->file.rejected),
                         pounds_shown(r, t->file.rejected_amount)));
  view_fact(facts, say(l, "Lines that are not payments"), count_shown(r, t->file.left_out));
  view_fact(facts, say(l, "The file's own total"), total_shown(r, d));
  view_fact(facts, say(l, "Days are written as"), days_shown(r, d));
  view_fact(facts, say(l, "VAT"), vat_shown(r, t));
  view_fact(facts, say(l, "Who was paid"), payees_shown(r, d));
  view_fact(facts, say(l, "What the payments were for"), categories_shown(r, d));
}

/* What stopped it, as a sentence. */
static const char *trouble(const struct request *r, const struct upload_tried *t, bool people) {
  const enum language l = r->language;
  /* that it has not our own columns either says nothing to somebody who only has the file */
  if (people && t->look.column_count && t->err.line)
    return say(l, "We cannot tell what every column means. Say it, and we try again.");
  switch (t->err.refusal.code) {
  case REFUSAL_PUBLISHED_UNDECIDED:
  case REFUSAL_PROFILE_NONE_KNOWS:
    return say(l, "We cannot tell what every column means. Say it, and we try again.");
  case REFUSAL_PROFILE_LACKS_BODY:
    return say(l, "The file does not say who paid. Bring it in again with the code of the "
                  "organisation.");
  case REFUSAL_PROFILE_LACKS_DAY:
    return say(l, "The file does not say on which day. Bring it in again with the day, or say "
                  "which column has it.");
  default:
    return run_is_posted(&t->err)
               ? say(l, "This file was brought in before, and nothing of it is recorded twice. Its "
                        "import is among the imported files.")
               : refusal_said(r, &t->err);
  }
}

static void put_warnings(struct view *v, const struct request *r, const struct upload_tried *t) {
  for (int i = 0; i < t->preview.decisions.warning_count; i++)
    view_item_text(v, "warnings",
                   refusal_sentence(r->arena, r->language,
                                    &t->preview.decisions.warnings[i].refusal,
                                    t->preview.decisions.warnings[i].message));
  view_flag(v, "has_warnings", t->preview.decisions.warning_count > 0);
}

/* The button posts the preview that the page shows, also where another was refused just now. */
static void put_post_form(struct view *v, const struct request *r, const struct upload_seen *u) {
  const char *shown = arena_printf(r->arena, "%lld", (long long)u->tried->number);
  int at = 0, count = 0;
  for (int i = 0; bring_post_fields[i].name; i++, count++)
    if (strcmp(bring_post_fields[i].name, "preview") == 0) at = i;
  struct value *start = arena_array(r->arena, struct value, count + 1);
  struct span *given = arena_array(r->arena, struct span, count + 1);
  start[at] = (struct value){.name = "preview", .given = true, .text = span_of(shown)};
  struct request again = *r;
  if (r->given && r->given_of == bring_post_fields) {
    for (int i = 0; i < count; i++) given[i] = r->given[i];
    given[at] = span_of(shown);
    again.given = given;
  }
  (void)view_form(v, "form", &again, route_post("/admin/files/{upload}"), NULL,
                  u->people ? say(r->language, "Record these lines")
                            : say(r->language, "Record these payments"),
                  start);
}

static void put_preview(struct request *r, struct reply *reply, const struct upload_seen *u) {
  const struct upload_tried *t = u->tried;
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back", request_path(r, "/admin/files"));
  put_facts(v, r, u);
  put_columns(v, r, t);
  view_text(v, "trouble", t->status == DONE ? NULL : trouble(r, t, u->people && !u->profile));
  view_text(v, "change",
            t->look.column_count
                ? request_path(r, arena_printf(r->arena, "%s/%s", bring_path(r, u->token),
                                               u->people ? "people" : "columns"))
                : NULL);
  view_flag(v, "is_read", t->status == DONE);
  if (t->status == DONE) {
    if (u->people) bring_people_rows(v, r, t);
    else put_payments(v, r, t);
    put_refused(v, r, t, u->people);
    put_warnings(v, r, t);
  }
  if (t->status == DONE && t->file.posted) put_post_form(v, r, u);
  reply_page(reply, r, "brought", say(r->language, "Check what we understood"), v);
}

enum status page_brought(struct request *r, struct reply *reply, struct error *err) {
  struct upload_seen u;
  if (!upload_see(r->site->uploads, request_text(r, "upload"), r->visitor.person, r->arena, &u))
    return reply_not_there(reply, r, err);
  enum status status = DONE;
  if (u.posting && u.job) reply_go(reply, r, bring_run_path(r, u.job));
  else if (u.posting || !u.tried) status = reply_not_there(reply, r, err);
  else put_preview(r, reply, &u);
  upload_let_go(r->site->uploads, &u);
  return status;
}
