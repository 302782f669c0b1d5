/* An edition as files, for a web server or for anybody: the same documents as the portal's pages
 * give.
 *
 *     README.txt                     what it is, which edition, and what the columns mean
 *     index.csv, index.json          a row for each file
 *     2025-26/E07000117/account.json the whole account of a place
 *     2025-26/E07000117/category.csv and .json, and so each table that the place has
 *     head.txt                       the log's last signed head, where there is one
 *
 * The folder must be missing, empty, or one that an earlier run wrote: `.weal-publish` in it names
 * every file that is ours, and only those are written over or, when the edition has them no more,
 * removed. Each file is whole at every moment.
 */
#ifndef WEAL_PUBLISH_FILES_H
#define WEAL_PUBLISH_FILES_H

#include "publish/edition.h"

struct publish_files_result {
  int64_t files, removed;
};
/* REFUSED: the folder has something that no earlier run wrote. `store`: for the head. */
enum status publish_files(struct store *store, const struct edition *edition,
                          enum language language, const char *dir,
                          struct publish_files_result *result, struct error *err) MUST_USE;

#endif
