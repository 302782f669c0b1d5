/* The kinds that fill the register and the codes: one transaction for each call, all or nothing.
 * The rows of kinds.c call these. */
#ifndef WEAL_EXCHANGE_IMPORT_REGISTER_H
#define WEAL_EXCHANGE_IMPORT_REGISTER_H

#include "exchange/exchange.h"

enum status import_places(const struct import_call *call, struct import_result *result,
                          struct error *err);
enum status import_households(const struct import_call *call, struct import_result *result,
                              struct error *err);
enum status import_people(const struct import_call *call, struct import_result *result,
                          struct error *err);
enum status import_payees(const struct import_call *call, struct import_result *result,
                          struct error *err);
enum status import_profiles(const struct import_call *call, struct import_result *result,
                            struct error *err);
enum status import_matches(const struct import_call *call, struct import_result *result,
                           struct error *err);
enum status import_bodies(const struct import_call *call, struct import_result *result,
                          struct error *err);
enum status import_services(const struct import_call *call, struct import_result *result,
                            struct error *err);
enum status import_unit_costs(const struct import_call *call, struct import_result *result,
                              struct error *err);
enum status import_rates(const struct import_call *call, struct import_result *result,
                         struct error *err);
enum status import_streams(const struct import_call *call, struct import_result *result,
                           struct error *err);
enum status import_facts(const struct import_call *call, struct import_result *result,
                         struct error *err);
enum status import_award_history(const struct import_call *call, struct import_result *result,
                                 struct error *err) MUST_USE;
enum status import_awards(const struct import_call *call, struct import_result *result,
                          struct error *err);

#endif
