/* What the columns of a brought file of payments mean (bring_form.c). */
#include "web/pages/bring.h"
#include "web/pages/pages.h"

#include "base/refusal.h"

enum { OTHER_FIELDS = 3 };

static const struct choice order_choices[] = {{"as-found", N_("As we found it")},
                                              {"day-first", N_("The day comes first: 31/12/2026")},
                                              {"month-first",
                                               N_("The month comes first: 12/31/2026")},
                                              {NULL, NULL}};
static const struct choice vat_choices[] = {{"not-said", N_("I do not know")},
                                            {"without",
                                             N_("Without the VAT that the organisation gets back")},
                                            {"with", N_("With that VAT")},
                                            {NULL, NULL}};

static struct choice meaning_choice(int i) {
  const struct bring_meaning *m = &bring_meanings()[i];
  return (struct choice){m->word, m->label};
}

static const struct field others[OTHER_FIELDS] = {
    {.name = "order",
     .kind = FIELD_CHOICE,
     .choices = order_choices,
     .label = N_("How are days written?"),
     .missing = N_("Choose how days are written")},
    {.name = "sign",
     .kind = FIELD_CHOICE,
     .choices = bring_signs,
     .label = N_("How are amounts written?"),
     .missing = N_("Choose how amounts are written")},
    {.name = "vat",
     .kind = FIELD_CHOICE,
     .choices = vat_choices,
     .label = N_("Are the amounts with or without VAT?"),
     .hint = N_("If the file has both, choose the column without as the amount. If it has only "
                "the amount with VAT and the VAT, choose the VAT to be taken off"),
     .missing = N_("Choose whether the amounts hold VAT")}};
static const struct bring_form form_of_payments;

const struct field *bring_columns_fields(const struct request *r, const struct span *names) {
  (void)names;
  return bring_form_fields(r, &form_of_payments, NULL, BRING_COLUMNS_MOST);
}

static void put_columns_form(struct request *r, struct reply *reply, const struct upload_seen *u) {
  const struct profile_look *look = &u->tried->look;
  const int count = bring_form_count(look);
  const struct field *fields = bring_form_fields(r, &form_of_payments, u->tried, count);
  struct value *start = bring_form_start(r, &form_of_payments, fields, look);
  /* where a column of VAT is taken off, the amount beside it holds VAT */
  const bool takes_off = bring_takes_vat_off(look, count);
  start[count] = bring_chosen("order", look->order == ORDER_DAY_FIRST     ? "day-first"
                                       : look->order == ORDER_MONTH_FIRST ? "month-first"
                                                                          : "as-found");
  start[count + 1] = bring_chosen("sign", look->turned ? "turned" : "as-is");
  start[count + 2] = bring_chosen("vat", look->vat ? look->vat : takes_off ? "with" : "not-said");
  struct view *v = view_new(r->arena, r->language);
  const char *path = bring_path(r, u->token);
  view_text(v, "back", request_path(r, path));
  view_text(v, "beyond",
            look->column_count <= BRING_COLUMNS_MOST
                ? NULL
                : arena_printf(r->arena,
                               say(r->language,
                                   "The file has %d columns. Here you can say what the first %d "
                                   "mean; the others stay as we understood them. If one of those "
                                   "is wrong, bring in the organisation\u2019s profile first, then "
                                   "the file."),
                               look->column_count, BRING_COLUMNS_MOST));
  (void)view_form_of(v, "form", r, fields,
                     request_path(r, arena_printf(r->arena, "%s/columns", path)),
                     say(r->language, "Look at the file again"), start);
  reply_page(reply, r, "bring-columns", say(r->language, "What the columns mean"), v);
}

/* One amount and one payee, at most one day, one payer and one VAT. */
static enum status check_meanings(const struct profile_look *look, struct error *err) {
  const enum meaning once[] = {MEANS_AMOUNT, MEANS_SUPPLIER, MEANS_DATE, MEANS_BODY, MEANS_VAT};
  for (int m = 0; m < 5; m++) {
    int count = 0;
    for (int c = 0; c < look->column_count; c++) count += look->columns[c].means == once[m];
    if (count > 1 && m == 0) return refuse_at(err, "", BROUGHT_TWO_AMOUNTS);
    if (count > 1) return refuse_at(err, "", BROUGHT_TWO_COLUMNS);
    if (!count && m < 2) return refuse_at(err, "", BROUGHT_LACKS_COLUMN);
  }
  return DONE;
}

static enum status read_meanings(const struct request *r, const struct upload_seen *u,
                                 struct profile_look *look, struct error *err) {
  const struct span order = request_text(r, "order"), vat = request_text(r, "vat");
  (void)u;
  look->order = span_is(order, "day-first")     ? ORDER_DAY_FIRST
                : span_is(order, "month-first") ? ORDER_MONTH_FIRST
                                                : ORDER_AS_FOUND;
  look->turned = span_is(request_text(r, "sign"), "turned");
  look->vat = span_is(vat, "with") ? "with" : span_is(vat, "without") ? "without" : NULL;
  return check_meanings(look, err);
}

static const struct bring_form form_of_payments = {.sample = N_("For example: %s"),
                                                   .meanings = bring_meanings,
                                                   .choice = meaning_choice,
                                                   .others = others,
                                                   .other_count = OTHER_FIELDS,
                                                   .put = put_columns_form,
                                                   .look = profile_look,
                                                   .answer = profile_answer,
                                                   .read = read_meanings};

enum status page_bring_columns(struct request *r, struct reply *reply, struct error *err) {
  return bring_form_page(&form_of_payments, r, reply, err);
}
enum status act_bring_columns(struct request *r, struct reply *reply, struct error *err) {
  return bring_form_act(&form_of_payments, r, reply, err);
}
