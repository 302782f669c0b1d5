/* Files that came in, and the rows of them that were left out: the tables `import` and `reject`.
 * bulk.h writes those of postings itself. */
#ifndef WEAL_BOOK_IMPORTS_H
#define WEAL_BOOK_IMPORTS_H

#include "base/arena.h"
#include "base/day.h"
#include "base/hash.h"
#include "store/store.h"

struct import_record {
  int64_t id;
  struct span kind, file, profile, at, who;
  int64_t rows, rejected, amount;
  int64_t first_entry, last_entry; /* 0: it posted nothing */
  int64_t again;                   /* the import that it replaces; 0: none */
};
/* One that posted nothing: of the register or of codes. In the caller's write transaction, who has
 * taken its id. */
enum status import_insert(struct store *store, const struct import_record *import,
                          const struct digest *digest, struct error *err) MUST_USE;
/* REFUSED at the file: one of the kind with the same bytes was taken in. */
enum status import_check_once(struct store *store, const char *kind, const struct digest *digest,
                              const char *path, struct error *err) MUST_USE;
/* Its texts in the arena. */
enum status import_find(struct store *store, struct arena *arena, int64_t id,
                        struct import_record *out, bool *found, struct error *err) MUST_USE;
/* Of a kind (empty: of any), and, where `refused`, only with refused rows. */
struct imports_wanted {
  const char *kind;
  bool refused;
};
enum status imports_count(struct store *store, const struct imports_wanted *wanted, int64_t *count,
                          struct error *err) MUST_USE;

/* Row by row; texts are borrowed until the next one, query_end is the caller's. In order of id;
 * newest first; and those of published spending with an entry from a day to a day. */
enum status imports_open(struct store *store, struct query **out, struct error *err) MUST_USE;
enum status imports_open_newest(struct store *store, const struct imports_wanted *wanted,
                                int64_t skip, int64_t most, struct query **out,
                                struct error *err) MUST_USE;
enum status imports_open_spending(struct store *store, day_t from, day_t to, struct query **out,
                                  struct error *err) MUST_USE;
enum status imports_next(struct query *q, struct import_record *out, bool *some,
                         struct error *err) MUST_USE;

/* Which entries undid lines of which imports: pairs in order of import, then entry, each once.
 * Looks at every line of the book where anything was undone. */
enum status imports_open_undone(struct store *store, struct query **out,
                                struct error *err) MUST_USE;
enum status imports_next_undone(struct query *q, int64_t *import, int64_t *by_entry, bool *some,
                                struct error *err) MUST_USE;

struct reject_record {
  int64_t import, line;
  struct span column, value, reason;
};
enum status reject_insert(struct store *store, const struct reject_record *reject,
                          struct error *err) MUST_USE;
/* Of one import in order of line; all. As imports_next. */
enum status import_rejects_open(struct store *store, int64_t import, struct query **out,
                                struct error *err) MUST_USE;
enum status import_rejects_open_all(struct store *store, struct query **out,
                                    struct error *err) MUST_USE;
enum status import_rejects_next(struct query *q, struct reject_record *out, bool *some,
                                struct error *err) MUST_USE;
/* Its value and reason go, where it stands as given. */
enum status reject_forget(struct store *store, const struct reject_record *reject,
                          struct error *err) MUST_USE;

#endif
