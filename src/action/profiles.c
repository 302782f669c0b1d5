/* How the files that a body publishes are read. */
#include "action/rows.h"
#include "exchange/kept_profiles.h"

static const struct field keep_fields[] = {
    {.name = "body",
     .kind = FIELD_CODE,
     .optional = true,
     .label = N_("Code of the organisation"),
     .hint = N_("Whose files it reads; leave it empty if the profile says so")},
    {.name = "file",
     .kind = FIELD_FILE,
     .most = LIMIT_FIELD_BYTES,
     .label = N_("The profile"),
     .hint = N_("A CSV file with the columns rule, published, means and note"),
     .missing = N_("Choose the file of the profile")},
    {.name = "reason",
     .kind = FIELD_TEXT,
     .optional = true,
     .most = 200,
     .label = N_("Why is it kept?"),
     .hint = N_("For example, the columns changed in April. Name nobody")},
    {.name = NULL}};

/* The body that the call names, else the one that the profile itself names. */
static enum status find_body(const struct action_call *call, const struct bodies *bodies,
                             const struct profile *profile, const struct body **out,
                             struct error *err) {
  const struct span given = action_text(call, "body");
  *out = given.size           ? bodies_by_code(bodies, given)
         : profile->publisher ? bodies_by_code(bodies, span_of(profile->publisher))
                              : NULL;
  return *out ? DONE : refuse_at(err, "body", PROFILE_WHOSE);
}

static enum status run_keep(struct action_call *call, struct error *err) {
  const char *path = action_text(call, "file").bytes, *mark = strrchr(path, '+');
  struct profile *profile = NULL;
  struct bodies *bodies = NULL;
  struct kept_profile kept = {.reason = action_text(call, "reason").bytes,
                              .who = call->actor.by.who};
  /* messages name the file as its owner does */
  const char *shown = call->actor.is_operator || !mark || !mark[1] ? path : mark + 1;
  enum status status = profile_read_file(&profile, path, call->arena, err);
  if (status == DONE) status = register_bodies(call->store, call->arena, &bodies, err);
  if (status == DONE) status = find_body(call, bodies, profile, &kept.body, err);
  if (status == DONE) status = profile_check_body(profile, kept.body->code, path, err);
  if (status == DONE) status = pack_digest(call->pack, call->arena, &kept.pack, err);
  kept.profile = profile;
  if (status == DONE) status = kept_profile_next(call->store, call->arena, path, &kept, err);
  if (status == DONE) status = kept_profile_keep(call->store, call->arena, &kept, err);
  if (status != DONE && strcmp(err->file, path) == 0)
    snprintf(err->file, sizeof err->file, "%s", shown);
  if (status != DONE) return status;
  action_answer(call, "body", kept.body->code);
  action_answer_int(call, "version", kept.version);
  action_answer(call, "added", kept.is_new ? "yes" : "no");
  return action_note(call, 0, arena_printf(call->arena, "profile kept: %s", kept.name), kept.reason,
                     err);
}

static const enum refusal_code keep_refusals[] = {REFUSAL_PROFILE_WHOSE,
                                                  REFUSAL_PROFILE_WORD_UNKNOWN,
                                                  REFUSAL_PROFILE_KIND,
                                                  REFUSAL_PROFILE_DAY_FORM,
                                                  REFUSAL_PROFILE_SCALE,
                                                  REFUSAL_PROFILE_AT_LEAST,
                                                  REFUSAL_PROFILE_HEADING_MISSING,
                                                  REFUSAL_PROFILE_KEPT_AND_NOT,
                                                  REFUSAL_PROFILE_LACKS_MEANING,
                                                  REFUSAL_PROFILE_KEPT_MEANWHILE,
                                                  REFUSAL_NONE};

const struct action profile_actions[] = {
    {.name = "profile-keep",
     .summary = "Keeps a profile of a body's published files as its next version.",
     .fields = keep_fields,
     .needs = MAY_IMPORT,
     .needs_pack = true,
     .refusals = keep_refusals,
     .answers = (const char *const[]){"body", "version", "added", NULL},
     .run = run_keep},
    {.name = NULL},
};
