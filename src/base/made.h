/* What earlier runs made in a folder: a list that lies in it, a path a line, so that a later run
 * replaces that and nothing else.
 *
 *     status = made_read(&made, folder, dir, ".weal-statements", &err);
 *     if (status == DONE) status = made_check(&made, "index.csv", NULL, &err);  REFUSED: not ours
 *     made_add(&made, span_of("index.csv"));
 *     if (status == DONE) status = made_write(&made, &err);                 before it is put there
 *     made_release(&made);
 */
#ifndef WEAL_BASE_MADE_H
#define WEAL_BASE_MADE_H

#include "base/arena.h"
#include "base/map.h"
#include "base/status.h"
#include "base/text.h"

struct made_files {
  int folder;       /* open; not closed here */
  const char *dir;  /* its path, for messages */
  const char *list; /* the name of the list in it */
  struct arena *arena;
  struct map map; /* from a path to 1; what was taken out finds 0 */
  struct span *all;
  int64_t count, capacity;
};

/* Reads the list; without one nothing is ours. REFUSED: something else has its name. */
enum status made_read(struct made_files *out, int folder, const char *dir, const char *list,
                      struct error *err) MUST_USE;
void made_add(struct made_files *made, struct span path);
/* Takes out those for which `gone` is true. */
void made_forget(struct made_files *made, bool (*gone)(const void *context, struct span path),
                 const void *context);
/* REFUSED when something has the name, or is in the folder of that name, and is not listed. *met
 * (may be null) is set when something was met. */
enum status made_check(const struct made_files *made, const char *name, bool *met,
                       struct error *err) MUST_USE;
enum status made_write(const struct made_files *made, struct error *err) MUST_USE;
void made_release(struct made_files *made);

#endif
