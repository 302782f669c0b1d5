/* Profiles of the files that a body publishes, as people made them: what its columns mean
 * (exchange/profile.h reads their rules; here they are a text).
 *
 *     struct body_profiles profiles;
 *     status = body_profiles_read(store, arena, &profiles, &err);
 *     ... profiles.all[i].version ...                  of a body the highest version first
 *     status = body_profile_keep(store, arena, &given, &version, &added, &err);
 *
 * Versions are added, never changed and never taken away: an import names the version that read it.
 * Of a body's versions that fit a file the highest is used, so a corrected profile replaces the one
 * before for its own headings, and one of other headings stands beside it.
 */
#ifndef WEAL_REGISTER_BODY_PROFILES_H
#define WEAL_REGISTER_BODY_PROFILES_H

#include "base/arena.h"
#include "store/store.h"

struct body_profile {
  int64_t body;
  int version;      /* from 1, without gaps within the body */
  const char *kind; /* of its files: spend, budget, entries */
  const char *rules;
  const char *reason;  /* why it was made; empty: not said */
  const char *at, *by; /* RFC 3339; as in the access log, empty: somebody erased */
  const char *pack;    /* digest of the policy pack that it was made with */
};

struct body_profiles {
  struct body_profile *all; /* in order of body, of each the highest version first */
  int count;
};
enum status body_profiles_read(struct store *store, struct arena *arena, struct body_profiles *out,
                               struct error *err) MUST_USE;
/* The number of the profile that was kept last, of any body; 0: none was. It rises with each. */
enum status body_profiles_last(struct store *store, int64_t *last, struct error *err) MUST_USE;
/* Keeps a profile as the body's next version, in the caller's write transaction; version and time
 * of `given` are not looked at. *added false: the body's newest of that kind has the same rules,
 * and *version is its number. */
enum status body_profile_keep(struct store *store, struct arena *arena,
                              const struct body_profile *given, int *version, bool *added,
                              struct error *err) MUST_USE;

#endif
