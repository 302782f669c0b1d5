/* Who keeps the book, as an administrator has said: shown on every statement and account of a place
 * and in the portal. Kept as the setting `keeper`, an object of texts in JSON.
 *
 *     struct keeper keeper;
 *     status = keeper_read(store, pack, arena, &keeper, &err);
 *     keeper_add(document, &keeper, language);              the section, and the JSON key `keeper`
 *
 * What is not set is not shown. The country's regulator comes from the policy pack (pack.csv:
 * regulator, regulator_cy, regulator_address) where the book names no other.
 */
#ifndef WEAL_REGISTER_KEEPER_H
#define WEAL_REGISTER_KEEPER_H

#include "base/arena.h"
#include "document/document.h"
#include "pack/pack.h"
#include "store/store.h"

/* In the order in which they are shown. */
enum keeper_part {
  KEEPER_NAME,
  KEEPER_ADDRESS,
  KEEPER_CONTACT,    /* telephone, e-mail */
  KEEPER_OFFICER,    /* the data protection officer, and how to reach them */
  KEEPER_BASIS,      /* the legal basis, with its act and section */
  KEEPER_RETENTION,  /* how long details are kept */
  KEEPER_COMPLAINTS, /* how to complain to the keeper */
  KEEPER_REGULATOR,  /* to whom one may complain about the keeper */
  KEEPER_PORTAL,     /* the portal's address, https://...: where a statement is checked */
  KEEPER_PARTS
};

struct keeper {
  /* the setting as it is stored, to see whether it changed; empty: none */
  const char *stored;
  const char *of[KEEPER_PARTS][LANGUAGES]; /* null: not set */
};

/* What the setting and the form call it in a language: `legal_basis`, `legal_basis_cy`. Writes to
 * `out`, which it returns. */
enum { KEEPER_MEMBER_SIZE = 64 };
const char *keeper_member(enum keeper_part part, enum language language,
                          char out[KEEPER_MEMBER_SIZE]);
/* N_()-marked English: `Legal basis`. */
const char *keeper_label(enum keeper_part part);
/* In that language, else in English; null: not set. */
const char *keeper_text(const struct keeper *keeper, enum keeper_part part, enum language language);
/* Whether anybody is named. */
static inline bool keeper_named(const struct keeper *keeper) {
  return keeper->of[KEEPER_NAME][ENGLISH] != NULL;
}

/* FAILED: the setting is no object of texts. */
enum status keeper_read(struct store *store, const struct pack *pack, struct arena *arena,
                        struct keeper *out, struct error *err) MUST_USE;
/* Only the text of the setting, to compare with `stored`; empty: none. */
enum status keeper_read_stored(struct store *store, struct arena *arena, const char **out,
                               struct error *err) MUST_USE;
/* Takes the place of all that was set; a null or empty text is left out. */
enum status keeper_write(struct store *store, const struct keeper *keeper,
                         struct error *err) MUST_USE;

/* Adds the section of who keeps the accounts, `keeper` in JSON: every key, null where it is not
 * set. Nobody named: null, and people see nothing. */
void keeper_add(struct document *d, const struct keeper *keeper, enum language language);

#endif
