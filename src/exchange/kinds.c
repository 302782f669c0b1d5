/* The kinds of files, in the order in which a new place takes them in. */
#include "base/refusal.h"
#include "exchange/columns.h"
#include "exchange/exchange.h"
#include "exchange/export.h"
#include "exchange/import_money.h"
#include "exchange/import_register.h"

#define COLUMNS(of) of##_columns, of##_help, (int)(sizeof of##_columns / sizeof *of##_columns)

const char *import_way_out(const struct import_options *options) {
  return options->way_out ? options->way_out : N_("correct it, or give --unusual if it is right");
}

const struct exchange_kind exchange_kinds[] = {
    {"places", "places and what they lie in", COLUMNS(places), false, import_places, export_places},
    {"households", "households and where they live", COLUMNS(households), false, import_households,
     export_households},
    {"people", "people, their households, moves and numbers", COLUMNS(people), false, import_people,
     export_people},
    {"bodies", "departments, councils, providers, charities and other bodies", COLUMNS(bodies),
     false, import_bodies, export_bodies},
    {"payees", "which bodies are one payee, as people decided", COLUMNS(payees), false,
     import_payees, export_payees},
    {"profiles", "what the columns of bodies' published files mean", COLUMNS(profiles), false,
     import_profiles, export_profiles},
    {"matches", "whom rows of bodies' own files mean, as people decided", COLUMNS(matches), false,
     import_matches, export_matches},
    {"services", "services and the unit each is counted in", COLUMNS(services), false,
     import_services, export_services},
    {"unit-costs", "what one unit of a service costs in a year", COLUMNS(unit_costs), false,
     import_unit_costs, export_unit_costs},
    {"rates", "what an hour given is worth in a year", COLUMNS(rates), false, import_rates,
     export_rates},
    {"streams", "streams of money: who has them, what they hold, their conditions",
     COLUMNS(streams), false, import_streams, export_streams},
    {"facts", "what rules need to know of people and households", COLUMNS(facts), false,
     import_facts, export_facts},
    {"awards", "what bodies pay people from a day on", COLUMNS(awards), false, import_awards,
     export_awards},
    {"award-rows", "awards of another book, with what was paid of them", COLUMNS(history), false,
     import_award_history, export_award_history},
    {"entries", "what people paid, received, used and gave", COLUMNS(entries), true, import_entries,
     export_entries},
    {"spend", "what bodies paid to suppliers", COLUMNS(spend), true, import_spend, export_spend},
    {"budget", "what bodies were given to spend, by stream", COLUMNS(budget), true, import_budget,
     export_budget},
    {0},
};

const struct exchange_kind *exchange_kind(const char *name) {
  for (const struct exchange_kind *kind = exchange_kinds; kind->name; kind++)
    if (strcmp(kind->name, name) == 0) return kind;
  return NULL;
}

/* The kind's own import keeps nothing when rows were refused and --partial was not given; here the
 * first refusal becomes the call's error. */
enum status exchange_import(const struct exchange_kind *kind, const struct import_call *call,
                            struct import_result *result, struct error *err) {
  enum status status = kind->import(call, result, err);
  if (status != DONE || call->options.partial || rejects_count(call->rejects) == 0) return status;
  int count;
  const struct reject *first = rejects_first(call->rejects, &count);
  refuse_again(err, &first->refusal, first->reason);
  return error_at(err, first->file, first->line, first->column[0] ? first->column : NULL);
}
