#include "register/keeper.h"

#include "base/refusal.h"
#include "store/setting.h"

#include <jansson.h>
#include <stdlib.h>

#define KEEPER_SETTING "keeper"

static const struct {
  const char *key, *label;
} parts[KEEPER_PARTS] = {
    [KEEPER_NAME] = {"name", N_("Kept by")},
    [KEEPER_ADDRESS] = {"address", N_("Address")},
    [KEEPER_CONTACT] = {"contact", N_("Contact")},
    [KEEPER_OFFICER] = {"data_protection_officer", N_("Data protection officer")},
    [KEEPER_BASIS] = {"legal_basis", N_("Legal basis")},
    [KEEPER_RETENTION] = {"retention", N_("How long details are kept")},
    [KEEPER_COMPLAINTS] = {"complaints", N_("To complain")},
    [KEEPER_REGULATOR] = {"regulator", N_("Regulator")},
    [KEEPER_PORTAL] = {"portal", N_("Online")},
};

const char *keeper_label(enum keeper_part part) { return parts[part].label; }

const char *keeper_text(const struct keeper *keeper, enum keeper_part part,
                        enum language language) {
  const char *text = keeper->of[part][language];
  return text ? text : keeper->of[part][ENGLISH];
}

/* ---- the setting: {"name":"...","name_cy":"..."} ---- */

const char *keeper_member(enum keeper_part part, enum language language,
                          char out[KEEPER_MEMBER_SIZE]) {
  snprintf(out, KEEPER_MEMBER_SIZE, language_is_original(language) ? "%s" : "%s_%s",
           parts[part].key, language_row(language)->code);
  return out;
}

/* The pack's regulator, where the book names none. */
static void add_regulator(struct keeper *out, const struct pack *pack, struct arena *arena) {
  if (out->of[KEEPER_REGULATOR][ENGLISH] || !pack) return;
  const char *address = pack_find_value(pack, "regulator_address");
  for (int l = 0; l < LANGUAGES; l++) {
    const char *name = pack_find_words(pack, "regulator", (enum language)l);
    if (name && !out->of[KEEPER_REGULATOR][l])
      out->of[KEEPER_REGULATOR][l] = address ? arena_printf(arena, "%s, %s", name, address)
                                             : arena_string(arena, name);
  }
}

enum status keeper_read_stored(struct store *store, struct arena *arena, const char **out,
                               struct error *err) {
  enum status status = setting_read(store, arena, KEEPER_SETTING, out, err);
  if (status == DONE && !*out) *out = "";
  return status;
}

enum status keeper_read(struct store *store, const struct pack *pack, struct arena *arena,
                        struct keeper *out, struct error *err) {
  *out = (struct keeper){.stored = ""};
  enum status status = keeper_read_stored(store, arena, &out->stored, err);
  if (status != DONE) return status;
  json_t *all = *out->stored ? json_loads(out->stored, JSON_REJECT_DUPLICATES, NULL) : NULL;
  if (*out->stored && !json_is_object(all)) {
    json_decref(all);
    return error_set(err, FAILED, "the setting 'keeper' of the book is no JSON object");
  }
  for (int part = 0; part < KEEPER_PARTS; part++)
    for (int l = 0; all && l < LANGUAGES; l++) {
      char key[KEEPER_MEMBER_SIZE];
      const char *text = json_string_value(json_object_get(all, keeper_member(part, l, key)));
      if (text && *text) out->of[part][l] = arena_string(arena, text);
    }
  json_decref(all);
  add_regulator(out, pack, arena);
  return DONE;
}

enum status keeper_write(struct store *store, const struct keeper *keeper, struct error *err) {
  json_t *all = json_object();
  for (int part = 0; part < KEEPER_PARTS; part++)
    for (int l = 0; l < LANGUAGES; l++) {
      char key[KEEPER_MEMBER_SIZE];
      const char *text = keeper->of[part][l];
      if (text && *text) json_object_set_new(all, keeper_member(part, l, key), json_string(text));
    }
  char *written = json_dumps(all, JSON_COMPACT);
  enum status status = setting_write(store, KEEPER_SETTING, written, err);
  free(written);
  json_decref(all);
  return status;
}

/* ---- shown ---- */

void keeper_add(struct document *d, const struct keeper *keeper, enum language language) {
  if (!keeper_named(keeper)) {
    document_absent(d, "keeper");
    return;
  }
  document_open(d, "keeper", say(language, "Who keeps these accounts"));
  for (int part = 0; part < KEEPER_PARTS; part++) {
    const char *text = keeper_text(keeper, part, language);
    document_value(d, parts[part].key, text ? say(language, parts[part].label) : NULL,
                   text ? doc_text(text) : doc_null());
  }
  document_close(d);
}
