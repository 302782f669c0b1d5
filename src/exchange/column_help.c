/* A value of each column and what it says, which `weal help import KIND` shows; in the order of
 * columns.c. */
#include "exchange/columns.h"
#include "exchange/exchange.h"
#include "exchange/import_entries.h"

/* clang-format off */
#define ADDRESS_HELP \
  {"12 Mill Lane", "the first line of the address"}, {"Flat 2", "its second line"}, \
  {"Harle Syke", "its third line"}, {"Briercliffe", "its fourth line"}, \
  {"Burnley", "its fifth line"}, {"BB10 2HX", "the postcode"}, \
  {"100010001", "the property's reference number (UPRN)"}
/* clang-format on */

const struct column_help places_help[PLACE_COLUMNS] = {
    {"E07000117", "the place's code; the ONS code where there is one"},
    {"Burnley", "its name"},
    {"locality", "nation, region, county, locality or neighbourhood"},
    {"E10000017", "the code of the place it lies in"},
};
const struct column_help households_help[HOUSEHOLD_COLUMNS] = {
    {"H0001", "the household's id"},
    {"E07000117", "the code of the place it lives in"},
    {"private rent", "how the home is held, in words"},
    {"B", "A to I"},
    {"2025-06-01", "the day of a move; empty: as long as is known"},
    ADDRESS_HELP,
};
const struct column_help people_help[PERSON_COLUMNS] = {
    {"P000001", "the person's id in this book"},
    {"Ann Field", "their name"},
    {"1979-03-14", "the day they were born"},
    {"2026-02-01", "the day they died"},
    {"F", "F, M or X"},
    {"H0001", "the id of their household"},
    {"E07000117", "their place, where it is not the household's"},
    {"2025-06-01", "the day of a move; empty: since birth"},
    {"QQ123456C", "National Insurance number"},
    {"943 476 5919", "NHS number"},
    {"1123456789", "taxpayer reference"},
    {"ann@example.org", "where they are written to"},
    ADDRESS_HELP,
};
const struct column_help bodies_help[BODY_COLUMNS] = {
    {"burnley-council", "the body's id"},
    {"Burnley Borough Council", "its name"},
    {"council", "department, council, provider, mutual, charity, employer, investor or supplier"},
    {"00000006", "company number"},
    {"E07000117", "the code of the place it serves"},
};
const struct column_help services_help[SERVICE_COLUMNS] = {
    {"gp-consultation", "the service's code"},
    {"GP consultation", "its name"},
    {"gp-consultation", "a category of services"},
    {"consultation", "what it is counted in"},
};
const struct column_help unit_costs_help[COST_COLUMNS] = {
    {"gp-consultation", "the service's code"},
    {"2025-26", "of which tax year the cost is"},
    {"42.13", "pounds for one unit"},
    {"publisher, title, year", "where the cost is from"},
    {"no", "yes or no"},
};
const struct column_help rates_help[RATE_COLUMNS] = {
    {"volunteering", "a category of time given"},
    {"2025-26", "of which tax year the rate is"},
    {"16.09", "pounds an hour"},
    {"publisher, title, year", "where the rate is from"},
};
const struct column_help payees_help[PAYEE_COLUMNS] = {
    {"supplier-000017", "a body, by its id"},
    {"supplier-000932", "another that may be the same payee"},
    {"same", "same, different or open (nobody decided); empty: the row is passed over"},
    {"the same address on two invoices", "how it is known; name nobody"},
};
const struct column_help profiles_help[PROFILE_FILE_COLUMNS] = {
    {"testham", "the body whose files it reads, by its id"},
    {"2", "which of the body's versions it was in the book that wrote the file"},
    {"rule,published,means,note ...", "the profile's own CSV: its lines in one quoted cell"},
    {"the columns changed in April", "why it was made; name nobody"},
};
const struct column_help matches_help[MATCH_COLUMNS] = {
    {"burnley-council", "the body whose file it is, by its id; empty: none"},
    {"FIELD, Ann", "the name, as the file says it"},
    {"1980-03-01", "the birth date, as the file says it, or empty"},
    {"BB10 2HX", "the postcode, as the file says it, or empty"},
    {"P000001", "who may be meant: SCHEME:VALUE, or a bare id"},
    {"same", "same, different or open (nobody decided); empty: the row is passed over"},
    {"asked by telephone", "how it is known; name nobody"},
};
const struct column_help streams_help[STREAM_COLUMNS] = {
    {"early-years", "the code of the stream"},
    {"Early years grant", "its name; the first row of a stream has it"},
    {"burnley-council", "the body that has it to spend; as the name"},
    {"dfe", "the body that gives it"},
    {"revenue", "revenue or capital"},
    {"2025-26", "of which financial year the amount is"},
    {"1250000.00", "pounds that it holds in that year"},
    {"publisher, title, year", "where the amount is from"},
    {"ring-fenced for under fives", "what it may be spent on, in its publisher's words"},
    {"childcare-hours", "only that category"},
    {"children aged 3 and 4", "only for them"},
    {"E07000117", "only in that place"},
    {"2025-04-01", "from that day"},
    {"2026-03-31", "to that day"},
};
const struct column_help facts_help[FACT_COLUMNS] = {
    {"nino:QQ123456C", "whom it is about: SCHEME:VALUE, or a bare id; or a household instead"},
    {"H1", "a household, of a household's variable"},
    {"employment_income", "a variable that can be told: weal fact variables"},
    {"1450.00", "the value, in the form of the variable"},
    {"month", "week, month or year, of what comes again and again"},
    {"2026-04-06", "the first day"},
    {"2026-09-30", "the last day; empty: until further notice"},
    {"told", "decision, evidenced, told or estimated"},
    {"nino:QQ123456C", "who told it, where a person did; else empty"},
    {"burnley-council", "the body that recorded or decided it"},
    {"payslip of May 2026", "what shows it"},
    {"2027-04-05", "the last day on which it need not be asked again"},
};
const struct column_help awards_help[AWARD_COLUMNS] = {
    {"nino:QQ123456C", "who is paid: SCHEME:VALUE, or a bare id"},
    {"universal_credit", "what is awarded: a variable of entitlements.csv or discretionary.csv"},
    {"812.50", "pounds, in each period; 0: it ends on the day before `from`"},
    {"month", "week, month or year; empty: as the entitlement is worked out"},
    {"2026-04-06", "the first day on which it is this much"},
    {"2026-09-30", "the last day; empty: until further notice"},
    {"dwp", "the body that awarded it; empty: the one that decides it for the person"},
    {"UC-1234", "the body's own number"},
    {"4-weeks", "how often it is paid here by weal pay; empty: the body posts its payments itself"},
    {"2026-05-03", "the first day of pay, where it is paid here"},
    {"2026-04-20", "the day on the decision, from which the time to dispute it runs"},
};
const struct column_help history_help[HISTORY_COLUMNS] = {
    {"12", "the award's number"},
    {"15", "the row's; of a payment the row whose arrears it pays, or empty"},
    {"P000001", "who is paid: a bare id, or SCHEME:VALUE"},
    {"housing_benefit", "what is awarded"},
    {"burnley-council", "the body that pays it"},
    {"85.50", "pounds, in each period, or of the payment"},
    {"week", "week, month or year; empty: it is paid once"},
    {"2026-04-06", "the first day on which it is this much, or for which it is paid"},
    {"2026-09-30", "the last day; empty: until further notice"},
    {"4-weeks", "how often it is paid here; empty: the body posts its payments itself"},
    {"2026-05-03", "the first day of pay"},
    {"12.50", "pounds that a change added to days paid before"},
    {"amounts", "assessment, amounts, claim or import"},
    {"UC-1234", "the body's own number"},
    {"id:P000009", "who made the row"},
    {"2026-04-01T09:00:00Z", "when"},
    {"lower rent", "why it was changed or ended"},
    {"12", "the row that this one takes the place of"},
    {"2026-05-03", "the day of pay; empty: the row is no payment"},
    {"2026-05-01", "the day of the payment's line"},
    {"2026-06-01", "the day of death by which the row ended what it supersedes"},
};
const struct column_help spend_help[SPEND_COLUMNS] = {
    {"2025-05-01", "the day of the payment"},
    {"burnley-council", "the id of the body that paid"},
    {"Acme Ltd", "whom it paid"},
    {"1234.56", "pounds"},
    {"roads", "what it was for"},
    {"Highways", "of the body"},
    {"resurfacing", "in the publisher's words"},
    {"INV-0417", "the body's own"},
    {"E07000117", "the code of the place it was for"},
};
const struct column_help budget_help[BUDGET_COLUMNS] = {
    {"2025-26", "the financial year"},
    {"burnley-council", "the id of the body that spends"},
    {"early-years", "a stream of that body, by code or name"},
    {"childcare-hours", "what it is for"},
    {"1250000.00", "pounds"},
    {"ring-fenced", "in the publisher's words"},
};
const struct column_help entries_help[ENTRIES_COLUMNS] = {
    {"2025-05-01", "the day"},
    {"nino:QQ123456C", "SCHEME:VALUE, or a bare id"},
    {"income-tax", "what it is: a code of the policy pack"},
    {"250.00", "pounds; or a quantity instead"},
    {"2", "how many units of a service, minutes or holdings"},
    {"minutes", "what the quantity is counted in; not of services"},
    {"gp-consultation", "which service of the category"},
    {"hmrc", "the id of the body it was with"},
    {"E07000117", "the code of the place of a use"},
    {"PAYE-0417", "the body's own: once in the book"},
    {"May salary", "in words; the person reads it"},
    {"no", "yes or no"},
};
