/* What the files of an edition are, for programs: a Data Package (datapackage.org, version 1,
 * profile `data-package`) with a Table Schema for each CSV file.
 *
 *     struct package package = {0};
 *     package_add(&package, "2025-26/E07000117/category.csv", "category", bytes);    each CSV file
 *     package_write(&package, &about, &text);                                     datapackage.json
 *     package_release(&package);
 *
 * Column types are those that all cells of the file have: `number`, `date` or
 * `string`; `any` where none has a value. An empty
 * cell and `hidden` are missing values. Each resource has its size and SHA-256, so that whoever
 * copied the files can see that they are whole.
 */
#ifndef WEAL_PUBLISH_PACKAGE_H
#define WEAL_PUBLISH_PACKAGE_H

#include "base/hash.h"
#include "base/text.h"
#include <stdint.h>

struct package {
  struct text resources; /* JSON, with commas between */
  int count;
};
/* `bytes`: the CSV as it is written: UTF-8 without a byte-order mark, which readers of packages
 * would take for a part of the first heading. */
void package_add(struct package *package, const char *path, const char *title, struct span bytes);

/* A file that was written already, with what its columns are. */
struct package_column {
  const char *name, *type; /* type: as Table Schema has it */
  bool required;
};
struct package_file {
  const struct package_column *columns;
  int column_count;
  int64_t bytes;
  struct digest digest;
};
void package_add_written(struct package *package, const char *path, const char *title,
                         const struct package_file *file);

struct package_about {
  const char *title, *place; /* place: its code */
  int64_t edition;
  const char *made;              /* 2026-11-01 */
  const char *licence, *address; /* null: not said */
};
void package_write(const struct package *package, const struct package_about *about,
                   struct text *out);
void package_release(struct package *package);

#endif
