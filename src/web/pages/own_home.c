/* Where somebody who has signed in begins: a citizen with the year in a sentence, what waits and
 * what is new; somebody with a role at the page of that role, and with several at a choice. */
#include "web/pages/assessing.h"
#include "web/pages/awards.h"

#include "register/benefit_unit.h"
#include "web/permit.h"

enum { NEWS_DAYS = 30 };

/* The pages to begin from, by the permission that they need. */
static const struct {
  enum permission needs;
  const char *path, *name;
} homes[] = {
    {MAY_SEE_PEOPLE, "/work", N_("Your work as staff")},
    {MAY_ADMINISTER, "/admin", N_("Your work as administrator")},
    {MAY_AUDIT, "/audit", N_("Your work as auditor")},
};
enum { HOMES = sizeof homes / sizeof *homes };

const char *home_path(const struct granted_roles *roles) {
  const char *path = "/home";
  int count = 0;
  for (int i = 0; i < HOMES; i++)
    if (permission_in(homes[i].needs, roles->gives)) path = homes[i].path, count++;
  return count == 1 ? path : "/home";
}

static void put_home(struct view *v, const struct request *r, const char *path, const char *name) {
  struct view *item = view_item(v, "homes");
  view_text(item, "href", request_path(r, path));
  view_text(item, "name", say(r->language, name));
}

void view_homes(struct view *v, const struct request *r, const char *here) {
  bool some = false;
  for (int i = 0; i < HOMES; i++) {
    if (!permission_in(homes[i].needs, r->visitor.roles.gives) || strcmp(homes[i].path, here) == 0)
      continue;
    put_home(v, r, homes[i].path, homes[i].name);
    some = true;
  }
  if (strcmp(here, "/home") != 0) put_home(v, r, "/home", N_("Your own account"));
  view_flag(v, "has_homes", some || strcmp(here, "/home") != 0);
}

static void put_figure(struct view *v, const struct request *r,
                       const struct statement_summary *summary, enum pack_shown shown) {
  struct view *item = view_item(v, "figures");
  view_text(item, "label", figures_name(r->language, shown, summary->now.of[shown]));
  view_text(item, "figure",
            written_value(r, statement_summary_value(summary, r->language, shown, r->arena)));
}

/* One line on the year that runs, where the page is of one that is over. */
static enum status put_so_far(struct view *v, const struct request *r,
                              const struct year_range *years, struct error *err) {
  struct statement_summary now = {0};
  const struct statement_request wanted = {.year = years->last, .language = r->language};
  char written[8];
  enum status status = DONE;
  if (years->opens < years->last)
    status = statement_summary(r->store, r->reference_data, r->visitor.person, &wanted, r->arena,
                               &now, err);
  if (status != DONE) return status;
  const char *year = arena_string(r->arena, year_write(years->last, written));
  view_text(v, "so_far", now.some ? now.words.year : NULL);
  view_list(v, "so_far_changes");
  for (int i = 0; now.some && i < now.words.count; i++)
    view_item_text(v, "so_far_changes", now.words.change[i]);
  view_text(v, "running", request_path(r, arena_printf(r->arena, "/statement?year=%s", year)));
  return DONE;
}

/* The latest year with something in it that is over; the running one if there is none. */
static enum status put_year(struct view *v, const struct request *r, struct error *err) {
  struct year_range years = {0};
  struct statement_summary summary;
  char written[8];
  enum status status = statement_years(r->store, r->visitor.person, r->arena, &years, err);
  struct statement_request wanted = {.year = years.some ? years.opens
                                                        : year_of_day(YEAR_TAX, day_today()),
                                     .language = r->language};
  while (status == DONE) {
    status = statement_summary(r->store, r->reference_data, r->visitor.person, &wanted, r->arena,
                               &summary, err);
    /* all that the year has may have been undone in it */
    if (status != DONE || summary.some || !years.some || wanted.year <= years.first) break;
    wanted.year--;
  }
  if (status == DONE) status = put_so_far(v, r, &years, err);
  if (status != DONE) return status;
  const char *year = arena_string(r->arena, year_write(wanted.year, written));
  view_text(v, "sentence", summary.words.year);
  view_list(v, "changes");
  for (int i = 0; i < summary.words.count; i++)
    view_item_text(v, "changes", summary.words.change[i]);
  view_text(v, "year", year);
  view_text(v, "statement", request_path(r, arena_printf(r->arena, "/statement?year=%s", year)));
  view_flag(v, "has_figures", summary.some);
  for (int i = 0; i < FIGURE_COUNT; i++)
    if (figures_order[i] != SHOWN_EMPLOYER) put_figure(v, r, &summary, figures_order[i]);
  return DONE;
}

static const char *visits_words(const struct request *r, const struct visits_count *visits,
                                day_t since) {
  const char *words =
      visits->more
          ? say_count(r->language, "Your record was opened at least %1$s time since %2$s",
                      "Your record was opened at least %1$s times since %2$s", visits->count)
          : say_count(r->language, "Your record was opened %1$s time since %2$s",
                      "Your record was opened %1$s times since %2$s", visits->count);
  return arena_printf(r->arena, words, written_value(r, doc_count(visits->count)),
                      written_value(r, doc_day(since)));
}

/* Who says that they are a couple with the visitor, who has not said yet whether they are; and who
 * answered the visitor that they are none. */
static enum status put_partners(struct view *v, const struct request *r, struct error *err) {
  int64_t who[PARTNERS_ASKED];
  const char *name = NULL, *code = NULL;
  int count = 0;
  enum status status = register_partner_claims(r->store, r->arena, r->visitor.person, day_today(),
                                               who, PARTNERS_ASKED, &count, err);
  int64_t denied = 0, fact = 0;
  if (status == DONE)
    status = register_partner_denied(r->store, r->arena, r->visitor.person, day_today(), &denied,
                                     &fact, err);
  view_list(v, "partners");
  view_flag(v, "has_partners", count > 0 || denied);
  for (int i = 0; i < count && status == DONE; i++) {
    status = assessing_name(r, who[i], &name, &code, err);
    struct view *item = view_item(v, "partners");
    view_text(item, "words",
              arena_printf(r->arena, say(r->language, "%s says that you are partners. Is it so?"),
                           name));
    view_text(item, "href",
              request_path(r,
                           assessing_can(r) ? "/entitlements/ask/partner" : "/facts/tell/partner"));
  }
  if (status != DONE || !denied) return status;
  status = assessing_name(r, denied, &name, &code, err);
  struct view *item = view_item(v, "partners");
  view_text(item, "words",
            arena_printf(r->arena,
                         say(r->language, "%s has said that you are not partners. See what you "
                                          "told, and take it back if it is not so."),
                         name));
  view_text(item, "href",
            request_path(r, arena_printf(r->arena, "/facts/one/%lld", (long long)fact)));
  return status;
}

/* Who has seen the record in the last days; the answers are view_own_cases's. */
static enum status put_visits(struct view *v, const struct request *r, day_t since,
                              struct error *err) {
  struct visits_count visits = {0};
  enum status status = access_visits_since(r, since, &visits, err);
  view_text(v, "visits", visits.count ? visits_words(r, &visits, since) : NULL);
  return status;
}

enum status page_own_home(struct request *r, struct reply *reply, struct error *err) {
  const day_t since = day_today() - NEWS_DAYS;
  struct view *v = view_new(r->arena, r->language);
  enum status status = put_year(v, r, err);
  if (status == DONE) status = put_partners(v, r, err);
  if (status == DONE) status = view_own_cases(v, r, since, err);
  if (status == DONE) status = view_award_news(v, r, since, err);
  if (status == DONE) status = view_new_letters(v, r, err);
  if (status == DONE) status = put_visits(v, r, since, err);
  if (status != DONE) return status;
  view_homes(v, r, "/home");
  view_text(v, "entitlements", assessing_can(r) ? request_path(r, "/entitlements") : NULL);
  reply_page(reply, r, "own-home", say(r->language, "Your home page"), v);
  return DONE;
}
