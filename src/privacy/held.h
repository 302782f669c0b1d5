/* Everything that the store holds about one person, over all their records, read by the declared
 * columns (personal.h): a table of texts for each file of the person's own copy. The lines of their
 * accounts are not among it: exchange writes them in the columns of `export entries`.
 *
 *     status = store_begin(store, STORE_READ, &err);
 *     status = held_gather(store, arena, person, NULL, &subject, &err);
 *     for (int f = 0; f < subject.file_count; f++) ... subject.files[f] ...
 *
 * Other people are withheld: where a column names one, and where words that people wrote have the
 * name or reference of one whom the person's records lead to (members of their households, helpers,
 * whoever looked or decided). `[withheld]` stands there, and each is counted. Such words may still
 * name somebody whom the register does not know, or by a part of their name.
 */
#ifndef WEAL_PRIVACY_HELD_H
#define WEAL_PRIVACY_HELD_H

#include "base/arena.h"
#include "store/store.h"

#define HELD_WITHHELD "[withheld]"

struct held_file {
  const char *name;           /* as schema/personal.csv has it: `helpers` */
  const char *const *columns; /* in the order of the schema */
  int column_count;
  const struct personal_column *declared; /* of each column (personal.h) */
  struct span *values;                    /* row by row; null bytes: nothing */
  int64_t row_count, withheld;
};

struct held {
  int64_t person;           /* the surviving record */
  const char *code, *name;  /* of it; name null: none */
  const int64_t *records;   /* all of them, the survivor first */
  const char *const *codes; /* of each record */
  int record_count;
  struct held_file *files; /* in the order of the schema; those without rows too */
  int file_count;
  struct hidden *hidden; /* private: the other people whom it leads to */
};

/* Takes a file that belongs to a case: `name` is what stands in its row, a name without folders
 * that no other file of the copy has. */
typedef enum status held_take(void *context, const char *name, struct span content,
                              struct error *err);
struct held_attachments {
  held_take *take;
  void *context;
};

/* In the caller's snapshot; everything in the arena. `attachments` null: their content is not read.
 * REFUSED: nobody has the id, or they were erased. */
enum status held_gather(struct store *store, struct arena *arena, int64_t person,
                        const struct held_attachments *attachments, struct held *out,
                        struct error *err) MUST_USE;
/* Takes other people out of a text that goes into the copy beside these files; how many there were.
 * The new text is in the arena. */
int held_withhold(const struct held *subject, struct span *text);

#endif
