/* The profiles that the book keeps: in and out, a row a version. */
#include "exchange/export.h"
#include "exchange/import_register.h"

#include "base/refusal.h"
#include "exchange/columns.h"
#include "exchange/intake.h"
#include "exchange/kept_profiles.h"
#include "exchange/row_writer.h"
#include "register/body_profiles.h"

/* Whether the body has these rules as this version: the row comes from this book. */
static enum status has_version(struct intake *in, const struct kept_profile *kept, int version,
                               bool *has, struct error *err) {
  struct body_profiles all;
  *has = false;
  enum status status = body_profiles_read(in->call->store, in->call->arena, &all, err);
  for (int i = 0; status == DONE && i < all.count; i++)
    *has |= all.all[i].body == kept->body->id && all.all[i].version == version &&
            strcmp(all.all[i].rules, kept->rules) == 0;
  return status;
}

static enum status read_rules(struct intake *in, const struct intake_row *row, struct profile **out,
                              struct error *err) {
  struct error wrong = {0};
  const struct span rules = intake_field(in, row, PROFILE_RULES);
  enum status status = intake_need(in, row, PROFILE_RULES, err);
  if (status != DONE) return status;
  status = profile_read_rules(out, "rules", rules, in->call->arena, &wrong);
  if (status == DONE) return DONE;
  if (status == FAILED) return *err = wrong, FAILED;
  return refuse_at(err, "rules", PROFILE_RULE_WRONG, (unsigned long long)wrong.line, wrong.column,
                   wrong.message);
}

static enum status take_profile(struct intake *in, const struct intake_row *row,
                                struct error *err) {
  struct arena *arena = in->call->arena;
  struct profile *profile = NULL;
  struct kept_profile kept = {.who = in->call->options.who};
  int64_t version = 0;
  bool has = false;
  const struct span number = intake_field(in, row, PROFILE_VERSION),
                    why = intake_field(in, row, PROFILE_REASON);
  enum status status = intake_registered(in, err);
  if (status == DONE) status = intake_need(in, row, PROFILE_BODY, err);
  if (status != DONE) return status;
  kept.body = bodies_by_code(in->bodies, intake_field(in, row, PROFILE_BODY));
  if (!kept.body) return refuse_at(err, "body", BODIES_UNKNOWN);
  if (number.size && integer_parse(number, &version, err) != DONE)
    return error_at(err, NULL, 0, "version");
  status = read_rules(in, row, &profile, err);
  kept.profile = profile;
  kept.reason = arena_copy(arena, why.bytes ? why.bytes : "", why.size);
  if (status == DONE) status = pack_digest(in->call->pack, arena, &kept.pack, err);
  if (status == DONE) status = kept_profile_next(in->call->store, arena, NULL, &kept, err);
  if (status == REFUSED) return error_at(err, NULL, 0, "rules");
  if (status == DONE) status = has_version(in, &kept, (int)version, &has, err);
  if (status == DONE && !has) status = kept_profile_keep(in->call->store, arena, &kept, err);
  if (status != DONE) return status;
  if (has || !kept.is_new) in->same++;
  else in->added++;
  return DONE;
}

enum status import_profiles(const struct import_call *call, struct import_result *result,
                            struct error *err) {
  static const struct intake_kind kind = {.name = "profiles",
                                          .columns = profiles_columns,
                                          .column_count = PROFILE_FILE_COLUMNS,
                                          .take = take_profile};
  return intake_run(&kind, call, result, err);
}

EXPORT(export_profiles) {
  (void)pack;
  struct row_writer w = ROW_WRITER(profiles_columns);
  struct arena *arena = arena_new();
  struct bodies *bodies = NULL;
  struct body_profiles all = {0};
  enum status status = store_begin(store, STORE_READ, err);
  if (status == DONE) status = register_bodies(store, arena, &bodies, err);
  if (status == DONE) status = body_profiles_read(store, arena, &all, err);
  row_head(&w);
  for (int i = all.count - 1; status == DONE && i >= 0; i--) { /* the lowest version first */
    const struct body *body = bodies_by_id(bodies, all.all[i].body);
    row_begin(&w, out);
    row_string(&w, body ? body->code : "");
    row_string(&w, arena_printf(arena, "%d", all.all[i].version));
    row_string(&w, all.all[i].rules);
    row_string(&w, all.all[i].reason);
    row_end(&w);
    status = row_flush(&w, false, err);
  }
  return row_finish(&w, store, arena, status, err);
}
