/* The payments of a body, and its budgets, as CSV files: row by row onto the disk, so that a file
 * of a million rows takes no memory. The columns are those of our own form (`weal import spend`,
 * `weal import budget`), so that whoever has the file can take it in.
 *
 *     status = payments_file_write(payments, words, &to, &written, &err);
 *     package_add_written(&package, path, title, &written);
 */
#ifndef WEAL_PUBLISH_PAYMENT_FILES_H
#define WEAL_PUBLISH_PAYMENT_FILES_H

#include "publish/package.h"
#include "publish/payments.h"

/* Where a file goes: open folders of one disk, the first where it is until it is whole. */
struct file_to {
  int work, folder;
  const char *name;
};
/* `private`: how a private person among the payees is called. */
enum status payments_file_write(struct published_payments *payments, const char *private,
                                const struct file_to *to, struct package_file *out,
                                struct error *err) MUST_USE;
enum status budgets_file_write(const struct published_budget *rows, int count, int year,
                               const struct file_to *to, struct package_file *out,
                               struct error *err) MUST_USE;

/* The rows that are wanted into an open file, behind a byte-order mark for spreadsheets. */
enum status payments_write(struct published_payments *payments,
                           const struct payments_wanted *wanted, const char *private, int fd,
                           struct error *err) MUST_USE;

#endif
