#include "exchange/kept_profiles.h"

#include "base/refusal.h"
#include "register/body_profiles.h"

static const char *name_of(struct arena *arena, const struct body *body, int version) {
  return arena_printf(arena, "%s version %d", body->code, version);
}

static void note_unreadable(struct kept_profiles *list, const struct body_profile *row,
                            const char *name, const struct error *why) {
  struct kept_unreadable *one = &list->unreadable[list->unreadable_count++];
  one->body = row->body;
  refuse(&one->why, PROFILE_UNREADABLE, name, (unsigned long long)why->line);
}

enum status kept_profiles_read(struct store *store, const struct bodies *bodies, const char *kind,
                               struct arena *arena, struct kept_profiles *out, struct error *err) {
  struct body_profiles kept;
  enum status status = body_profiles_read(store, arena, &kept, err);
  *out = (struct kept_profiles){0};
  if (status != DONE) return status;
  out->readable.all = arena_array(arena, struct profile, kept.count + 1);
  out->unreadable = arena_array(arena, struct kept_unreadable, kept.count + 1);
  for (int i = 0; i < kept.count; i++) {
    const struct body_profile *row = &kept.all[i];
    const struct body *body = bodies_by_id(bodies, row->body);
    struct profile *profile = NULL;
    struct error why = {0};
    if (strcmp(row->kind, kind) != 0 || !body) continue;
    const char *name = name_of(arena, body, row->version);
    status = profile_read_rules(&profile, name, span_of(row->rules), arena, &why);
    if (status == FAILED) {
      *err = why;
      return status;
    }
    if (status != DONE) {
      note_unreadable(out, row, name, &why);
      continue;
    }
    profile->body = row->body;
    profile_forget_body(profile); /* earlier books kept it, of whichever body the file was */
    out->readable.all[out->readable.count++] = *profile;
  }
  return DONE;
}

const struct error *kept_profiles_unreadable(const struct kept_profiles *kept,
                                             const struct body *body, int *at) {
  while (*at < kept->unreadable_count) {
    const struct kept_unreadable *one = &kept->unreadable[(*at)++];
    if (!body || body->id == one->body) return &one->why;
  }
  return NULL;
}

enum status kept_profile_next(struct store *store, struct arena *arena, const char *path,
                              struct kept_profile *kept, struct error *err) {
  struct body_profiles all;
  struct text rules = {0};
  bool newest = true;
  int highest = 0, same = 0;
  enum status status = profile_check(kept->profile, path, err);
  if (status == DONE) status = body_profiles_read(store, arena, &all, err);
  if (status != DONE) return status;
  profile_write(kept->profile, NULL, NULL, &rules);
  kept->rules = text_take(arena, &rules);
  for (int i = 0; i < all.count; i++) {
    if (all.all[i].body != kept->body->id) continue;
    if (all.all[i].version > highest) highest = all.all[i].version;
    if (strcmp(all.all[i].kind, profile_kind_word(kept->profile)) != 0) continue;
    if (newest && strcmp(all.all[i].rules, kept->rules) == 0) same = all.all[i].version;
    newest = false;
  }
  kept->is_new = !same;
  kept->version = same ? same : highest + 1;
  kept->name = name_of(arena, kept->body, kept->version);
  return DONE;
}

enum status kept_profile_keep(struct store *store, struct arena *arena,
                              const struct kept_profile *kept, struct error *err) {
  const struct body_profile row = {.body = kept->body->id,
                                   .kind = profile_kind_word(kept->profile),
                                   .rules = kept->rules,
                                   .reason = kept->reason,
                                   .by = kept->who,
                                   .pack = kept->pack};
  int version = 0;
  bool added = false;
  enum status status = body_profile_keep(store, arena, &row, &version, &added, err);
  if (status == DONE && version != kept->version) status = refuse(err, PROFILE_KEPT_MEANWHILE);
  return status;
}
