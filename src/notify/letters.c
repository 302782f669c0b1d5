/* Letters for a print room: a text file each, in a folder that only the user of the portal can
 * read. Whoever prints them takes them away. */
#include "notify/parts.h"

#include "base/folder.h"
#include "base/hash.h"
#include "base/refusal.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LETTER_NAME_SIZE = 64, LETTER_NAMES_MOST = 1000 };

static bool fail(struct sending *out, const char *why) {
  snprintf(out->why, sizeof out->why, "%s", why);
  return false;
}

/* Gives the letter the first name that nothing has: another book may use the folder, and an earlier
 * try may have left one. */
static bool name_letter(int folder, const char *part, long long id) {
  char name[LETTER_NAME_SIZE];
  int made = -1;
  for (int n = 1; n <= LETTER_NAMES_MOST && made != 0; n++) {
    if (n == 1) snprintf(name, sizeof name, "letter-%06lld.txt", id);
    else snprintf(name, sizeof name, "letter-%06lld-%d.txt", id, n);
    made = linkat(folder, part, folder, name, 0);
    if (made != 0 && errno != EEXIST) return false;
  }
  return made == 0;
}

/* A half-written letter never has the name of a whole one. */
static bool write_letter(int folder, const struct letter *letter, struct sending *out) {
  char part[LETTER_NAME_SIZE];
  struct error err = {0};
  uint64_t own = 0;
  int fd = -1;
  random_bytes(&own, sizeof own);
  snprintf(part, sizeof part, ".letter-%016llx.part", (unsigned long long)own);
  if (file_make(folder, part, 0600, &fd, &err) != DONE)
    return fail(out, "the folder of letters cannot be written to");
  bool whole = file_write_all(fd, letter->text, part, &err) == DONE && fsync(fd) == 0;
  close(fd);
  whole = whole && name_letter(folder, part, letter->id);
  whole = unlinkat(folder, part, 0) == 0 && whole;
  return whole && fsync(folder) == 0 ? true : fail(out, "the letter could not be written");
}

/* ---- the folder ---- */

/* One that others could put there, or look into, would show them the codes. */
static bool folder_is_ours(int folder) {
  struct stat info;
  return fstat(folder, &info) == 0 && info.st_uid == geteuid() && (info.st_mode & 077) == 0;
}

enum status letters_check(const struct out_path *folder, struct error *err) {
  int fd = -1;
  enum status status = out_folder_check(folder, err);
  if (status == DONE) status = folder_open(AT_FDCWD, folder->path, 0700, &fd, err);
  if (status != DONE) return status;
  if (!folder_is_ours(fd)) status = refuse_at(err, "letters", LETTERS_OPEN, folder->path);
  close(fd);
  return status;
}

bool letter_put(const struct outbox *outbox, const struct letter *letter, struct sending *out) {
  const struct out_path path = {.option = "letters", .path = outbox->letters};
  struct error err = {0};
  int folder = -1;
  if (out_folder_check(&path, &err) != DONE ||
      folder_open(AT_FDCWD, outbox->letters, 0700, &folder, &err) != DONE)
    return fail(out, "the folder of letters cannot be opened");
  bool good = folder_is_ours(folder);
  if (good) good = write_letter(folder, letter, out);
  else fail(out, "others can look into the folder of letters: set its mode to 0700");
  close(folder);
  return good;
}
