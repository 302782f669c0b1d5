/* The output of everybody's statements: one file of JSON Lines, or a file for each person in
 * numbered folders with an index. Private to this folder. Everything is written under temporary
 * names; output_finish renames it, so that a failed run leaves what was there before. It takes the
 * place of what an earlier run made, which a list in the folder tells, and of nothing else: REFUSED
 * by output_open, or by output_finish where something came meanwhile.
 */
#ifndef WEAL_STATEMENT_OUTPUT_H
#define WEAL_STATEMENT_OUTPUT_H

#include "document/document.h"

enum { FOLDER_PEOPLE = 1000 };

struct statements_output;

enum status output_open(struct statements_output **out, const char *dir, enum format format,
                        enum language language, int year, struct error *err) MUST_USE;
/* Whether an earlier run's statements are replaced. */
bool output_replaces(const struct statements_output *o);
/* JSON: adds statements at the end of the file; from one thread at a time. */
enum status output_append(struct statements_output *o, struct span bytes,
                          struct error *err) MUST_USE;
/* Other formats: writes the statement of the person with this index in the order of all.
 * Thread-safe. */
enum status output_file(struct statements_output *o, int64_t index, const char *code,
                        struct span bytes, struct error *err) MUST_USE;
/* Writes the index of `people` (codes and names in order) and puts everything in its place. */
struct output_person {
  const char *code, *name;
};
enum status output_finish(struct statements_output *o, const struct output_person *people,
                          int64_t count, struct error *err) MUST_USE;
/* Takes null; removes unfinished output. Returns `status`, what the run came to; where something of
 * it cannot be removed, a failure that says so. */
enum status output_end(struct statements_output *o, enum status status, struct error *err) MUST_USE;

#endif
