/* A person's own copy: everything that the store holds about them, as a folder or as one JSON
 * object. Which columns it shows follows from schema/personal.csv (privacy/held.h); the lines of
 * their accounts have the columns of `export entries`.
 *
 *     struct subject_export_options options = {.person = id, .by = "id:P000007"};
 *     status = subject_export_folder(store, pack, &options, "copy", &result, &err);
 *
 * Whoever calls it has noted the look. docs/reference/files.md ("A person's own copy") is its
 * manual.
 */
#ifndef WEAL_EXCHANGE_SUBJECT_EXPORT_H
#define WEAL_EXCHANGE_SUBJECT_EXPORT_H

#include "base/message.h"
#include "pack/pack.h"
#include "store/store.h"

struct subject_export_options {
  int64_t person;         /* any record of theirs */
  const char *by;         /* who makes it, as it is shown to the person */
  enum language language; /* of the README */
};
struct subject_export_result {
  int64_t files, rows, attachments, withheld;
};

/* The folder has README.txt, index.json, for each subject that has rows NAME.csv and NAME.json, and
 * `attachments`. It is there whole or not at all: it is made beside and renamed. Its files can be
 * read by who makes it only. Begins a snapshot of its own. REFUSED: nobody has the id; something is
 * in the folder already. */
enum status subject_export_folder(struct store *store, const struct pack *pack,
                                  const struct subject_export_options *options, const char *dir,
                                  struct subject_export_result *result, struct error *err) MUST_USE;
/* The same in one object, without the contents of attachments, in the caller's snapshot. REFUSED:
 * nobody has the id. */
enum status subject_export_json(struct store *store, const struct pack *pack,
                                const struct subject_export_options *options, struct text *out,
                                struct error *err) MUST_USE;

#endif
