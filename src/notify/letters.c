/* Letters for a print room: a text file each, in a folder that only the user of the portal can
 * read. Whoever prints them takes them away. */
#include "notify/parts.h"

#include "base/folder.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LETTER_NAME_SIZE = 48 };

static bool fail(struct sending *out, const char *why) {
  snprintf(out->why, sizeof out->why, "%s", why);
  return false;
}

/* A half-written letter never has the name of a whole one; the letter of an earlier try is
 * replaced. */
static bool write_letter(int folder, const struct letter *letter, struct sending *out) {
  char name[LETTER_NAME_SIZE], part[LETTER_NAME_SIZE];
  struct error err = {0};
  int fd = -1;
  snprintf(name, sizeof name, "letter-%06lld.txt", (long long)letter->id);
  snprintf(part, sizeof part, ".letter-%06lld.part", (long long)letter->id);
  if (file_make_anew(folder, part, 0600, &fd, &err) != DONE)
    return fail(out, "the folder of letters cannot be written to");
  bool whole = file_write_all(fd, letter->text, part, &err) == DONE && fsync(fd) == 0;
  close(fd);
  if (whole && renameat(folder, part, folder, name) == 0 && fsync(folder) == 0) return true;
  (void)unlinkat(folder, part, 0);
  return fail(out, "the letter could not be written");
}

bool letter_put(const struct outbox *outbox, const struct letter *letter, struct sending *out) {
  struct error err = {0};
  struct stat info;
  int folder = -1;
  if (folder_open(AT_FDCWD, outbox->letters, 0700, &folder, &err) != DONE)
    return fail(out, "the folder of letters cannot be opened");
  bool good = fstat(folder, &info) == 0 && (info.st_mode & 077) == 0;
  if (good) good = write_letter(folder, letter, out);
  else fail(out, "others can look into the folder of letters: set its mode to 0700");
  close(folder);
  return good;
}
