/* What the columns of a brought file mean: the form that begins with what was understood, and the
 * answer, by which the file is read again (uploads.h). */
#include "web/pages/bring.h"
#include "web/pages/pages.h"

#include "base/refusal.h"
#include "web/site.h"

enum { COLUMNS_MOST = 60 };

static const struct choice order_choices[] = {{"as-found", N_("As we found it")},
                                              {"day-first", N_("The day comes first: 31/12/2026")},
                                              {"month-first",
                                               N_("The month comes first: 12/31/2026")},
                                              {NULL, NULL}};
static const struct choice sign_choices[] = {
    {"as-is", N_("As they stand: a payment has no minus sign")},
    {"turned", N_("The other way round: a payment has a minus sign")},
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

/* A field for each of `count` columns, with their names where they are known. */
static struct field *column_fields(const struct request *r, const struct upload_tried *t,
                                   int count) {
  struct field *all = arena_array(r->arena, struct field, count + 4);
  for (int i = 0; i < count; i++) {
    all[i] = (struct field){.name = arena_printf(r->arena, "column-%d", i + 1),
                            .kind = FIELD_CHOICE,
                            .optional = true,
                            .among = true,
                            .choice_at = meaning_choice,
                            .label = N_("Column of the file")};
    if (!t) continue;
    const struct recognised_column *c = &t->look.columns[i];
    all[i].label = arena_printf(r->arena, "\u201c%s\u201d", bring_heading(r, c->published));
    all[i].hint = c->sample[0] ? arena_printf(r->arena, say(r->language, "For example: %s"),
                                              bring_samples(r, c))
                               : NULL;
  }
  all[count] = (struct field){.name = "order",
                              .kind = FIELD_CHOICE,
                              .choices = order_choices,
                              .label = N_("How are days written?"),
                              .missing = N_("Choose how days are written")};
  all[count + 1] = (struct field){.name = "sign",
                                  .kind = FIELD_CHOICE,
                                  .choices = sign_choices,
                                  .label = N_("How are amounts written?"),
                                  .missing = N_("Choose how amounts are written")};
  all[count + 2] = (struct field){
      .name = "vat",
      .kind = FIELD_CHOICE,
      .choices = vat_choices,
      .label = N_("Are the amounts with or without VAT?"),
      .hint = N_("If the file has both, choose the column without as the amount. If it has only "
                 "the amount with VAT and the VAT, choose the VAT to be taken off"),
      .missing = N_("Choose whether the amounts hold VAT")};
  return all;
}

const struct field *bring_columns_fields(const struct request *r, const struct span *names) {
  (void)names;
  return column_fields(r, NULL, COLUMNS_MOST);
}

static struct value chosen(const char *name, const char *word) {
  return (struct value){.name = name, .given = word != NULL, .text = span_of(word ? word : "")};
}

static const char *means_word(enum meaning means) {
  for (const struct bring_meaning *m = bring_meanings(); m->word; m++)
    if (m->means == means) return m->word;
  return "-";
}

static void put_columns_form(struct request *r, struct reply *reply, const struct upload_seen *u) {
  const struct profile_look *look = &u->tried->look;
  const int count = look->column_count < COLUMNS_MOST ? look->column_count : COLUMNS_MOST;
  const struct field *fields = column_fields(r, u->tried, count);
  struct value *start = arena_array(r->arena, struct value, count + 4);
  /* where a column of VAT is taken off, the amount beside it holds VAT */
  const bool takes_off = bring_takes_vat_off(look, count);
  for (int i = 0; i < count; i++)
    start[i] = chosen(fields[i].name, means_word(look->columns[i].means));
  start[count] = chosen("order", look->order == ORDER_DAY_FIRST     ? "day-first"
                                 : look->order == ORDER_MONTH_FIRST ? "month-first"
                                                                    : "as-found");
  start[count + 1] = chosen("sign", look->turned ? "turned" : "as-is");
  start[count + 2] = chosen("vat", look->vat ? look->vat : takes_off ? "with" : "not-said");
  struct view *v = view_new(r->arena, r->language);
  const char *path = bring_path(r, u->token);
  view_text(v, "back", request_path(r, path));
  view_text(v, "beyond",
            look->column_count <= COLUMNS_MOST
                ? NULL
                : arena_printf(r->arena,
                               say(r->language,
                                   "The file has %d columns. Here you can say what the first %d "
                                   "mean; the others stay as we understood them. If one of those "
                                   "is wrong, bring in the organisation\u2019s profile first, then "
                                   "the file."),
                               look->column_count, COLUMNS_MOST));
  (void)view_form_of(v, "form", r, fields,
                     request_path(r, arena_printf(r->arena, "%s/columns", path)),
                     say(r->language, "Look at the file again"), start);
  reply_page(reply, r, "bring-columns", say(r->language, "What the columns mean"), v);
}

enum status page_bring_columns(struct request *r, struct reply *reply, struct error *err) {
  struct upload_seen u;
  if (!upload_see(r->site->uploads, request_text(r, "upload"), r->visitor.person, r->arena, &u))
    return reply_not_there(reply, r, err);
  enum status status = DONE;
  const bool closed = u.posting && !r->faults; /* a refused answer is shown with its sentence */
  if (closed && u.job) reply_go(reply, r, bring_run_path(r, u.job));
  else if (closed || u.people || !u.tried || !u.tried->look.column_count)
    status = reply_not_there(reply, r, err);
  else put_columns_form(r, reply, &u);
  upload_let_go(r->site->uploads, &u);
  return status;
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

static enum status read_meanings(const struct request *r, struct profile_look *look,
                                 struct error *err) {
  for (int c = 0; c < look->column_count && c < COLUMNS_MOST; c++) {
    const struct span word = request_text(r, arena_printf(r->arena, "column-%d", c + 1));
    for (const struct bring_meaning *m = bring_meanings(); m->word; m++)
      if (span_is(word, m->word)) look->columns[c].means = m->means;
  }
  const struct span order = request_text(r, "order"), vat = request_text(r, "vat");
  look->order = span_is(order, "day-first")     ? ORDER_DAY_FIRST
                : span_is(order, "month-first") ? ORDER_MONTH_FIRST
                                                : ORDER_AS_FOUND;
  look->turned = span_is(request_text(r, "sign"), "turned");
  look->vat = span_is(vat, "with") ? "with" : span_is(vat, "without") ? "without" : NULL;
  return check_meanings(look, err);
}

static enum status write_answer(const struct request *r, const struct upload_seen *u,
                                const struct profile_look *look, const char **profile,
                                struct error *err) {
  struct text rules = {0};
  enum status status = profile_answer(u->path, r->site->pack->dir, look, r->arena, &rules, err);
  if (status == DONE)
    status = upload_profile(u, span_make(rules.bytes, rules.size), r->arena, profile, err);
  text_release(&rules);
  return status;
}

/* Nothing of the upload changes before the file was read by the answer: a refused one leaves the
 * preview that stands. */
enum status act_bring_columns(struct request *r, struct reply *reply, struct error *err) {
  struct upload_seen u;
  struct profile_look look;
  const char *profile = NULL;
  enum upload_turn turn = UPLOAD_NOT_THERE;
  if (!upload_see(r->site->uploads, request_text(r, "upload"), r->visitor.person, r->arena, &u))
    return reply_not_there(reply, r, err);
  upload_let_go(r->site->uploads, &u);
  if (u.people) return reply_not_there(reply, r, err);
  if (u.posting) return refuse_at(err, "", BROUGHT_POSTING);
  enum status status = profile_look(u.path, r->site->pack->dir, r->arena, &look, err);
  if (status == DONE) status = read_meanings(r, &look, err);
  if (status == DONE) status = write_answer(r, &u, &look, &profile, err);
  if (status == DONE) status = bring_try(r, &u, profile, &look, &turn, err);
  if (status != DONE) return status;
  if (turn == UPLOAD_NOT_THERE) return reply_not_there(reply, r, err);
  if (turn == UPLOAD_POSTING) return refuse_at(err, "", BROUGHT_POSTING);
  reply_go(reply, r, bring_path(r, u.token));
  return DONE;
}
