/* The profiles that the book keeps (register/body_profiles.h), read as the rules that they are, and
 * how one is kept.
 *
 *     kept_profiles_read(store, bodies, "budget", arena, &kept, &err);
 *     kept_profile_next(store, arena, path, &new, &err);   the version that it would be
 *     ... in a write transaction ...
 *     kept_profile_keep(store, arena, &new, &err);
 *
 * A file is read by the newest version of its payer's that knows its header; the import names it:
 * `testham version 2`. Whose file it is says --body, else the file's own column of the body.
 */
#ifndef WEAL_EXCHANGE_KEPT_PROFILES_H
#define WEAL_EXCHANGE_KEPT_PROFILES_H

#include "exchange/profile.h"
#include "pack/pack.h"
#include "register/register.h"

/* All of a kind of files (profile_kind_word); of each body the newest version first. One that this
 * program cannot read is passed over and named, so that it stops no other body's files. */
struct kept_profiles {
  struct profiles readable;
  struct kept_unreadable {
    int64_t body;
    struct error why; /* a warning: PROFILE_UNREADABLE */
  } * unreadable;
  int unreadable_count;
};
enum status kept_profiles_read(struct store *store, const struct bodies *bodies, const char *kind,
                               struct arena *arena, struct kept_profiles *out,
                               struct error *err) MUST_USE;
/* Why the next one from *at on cannot be read: of the body's own, where it is known whose file it
 * is, else (null) of all. Null: there are no more. */
const struct error *kept_profiles_unreadable(const struct kept_profiles *kept,
                                             const struct body *body, int *at);

struct kept_profile {
  const struct body *body;
  const struct profile *profile;
  const char *reason, *who, *pack;
  /* set by kept_profile_next */
  const char *rules, *name; /* name: `testham version 2` */
  int version;
  bool is_new; /* false: the newest has these rules already */
};
/* REFUSED as profile_check, whose file is `path`. */
enum status kept_profile_next(struct store *store, struct arena *arena, const char *path,
                              struct kept_profile *kept, struct error *err) MUST_USE;
/* In the caller's write transaction. REFUSED when somebody kept another version meanwhile. */
enum status kept_profile_keep(struct store *store, struct arena *arena,
                              const struct kept_profile *kept, struct error *err) MUST_USE;

#endif
