/* An edition as files, for a web server or for anybody: the same documents as the portal's pages
 * give.
 *
 *     README.txt                     what it is, which edition, and what the columns mean
 *     index.csv, index.json          a row for each file
 *     2025-26/E07000117/account.json the whole account of a place
 *     2025-26/E07000117/category.csv and .json, and so each table that the place has
 *     2025-26/E07000117/take-up.csv  and .json: who receives what they are due, once it was counted
 *     payments/2025-26/oxford.csv    what a body paid, payment by payment (payments.h)
 *     budgets/2025-26/oxford.csv     its budgets of the year
 *     releases.csv                   a row for each edition there was
 *     datapackage.json               what all CSV files are, for programs (package.h)
 *     head.txt                       the log's last signed head, where there is one
 *
 * `.weal-publish` in the folder lists what earlier runs made (base/made.h): only that is written
 * over, or removed when the edition has it no more. Names are checked before anything is written.
 * Each file is whole at every moment.
 */
#ifndef WEAL_PUBLISH_FILES_H
#define WEAL_PUBLISH_FILES_H

#include "publish/edition.h"

struct publish_files_result {
  int64_t files, removed;
};
/* REFUSED: a name is taken by what no earlier run made. `store`: for the head. */
enum status publish_files(struct store *store, const struct edition *edition,
                          enum language language, const char *dir,
                          struct publish_files_result *result, struct error *err) MUST_USE;

#endif
