/* The folder of keys. Divisions: the folder, small files, one key's files, making and rotating,
 * listing. */
#include "proof/keys.h"
#include "base/refusal.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_SIZE_MAX = KEYS_MAX * (KEY_TEXT_MAX + 1) };

static void path_free(char **path) { free(*path); }
#define AUTO_PATH __attribute__((cleanup(path_free))) char *

static char *path_of(const char *folder, const char *base, const char *suffix) {
  char *path = NULL;
  if (asprintf(&path, "%s/%s%s", folder, base, suffix) < 0) abort();
  return path;
}

/* ---- the folder ---- */

enum status keys_folder(const char *given, struct text *out, struct error *err) {
  const char *named = given ? given : getenv("WEAL_KEYS");
  if (given && !*given) return refuse(err, KEYS_FOLDER_EMPTY_NAME);
  text_clear(out);
  if (named && *named) {
    text_add(out, named);
    return DONE;
  }
  const char *home = getenv("HOME");
  if (!home || !*home) {
    const struct passwd *user = getpwuid(geteuid());
    home = user ? user->pw_dir : NULL;
  }
  if (!home || !*home) return refuse(err, KEYS_FOLDER_UNKNOWN);
  text_addf(out, "%s/.config/weal/keys", home);
  return DONE;
}

/* The folder and those above it. */
static enum status folder_make(const char *folder, struct error *err) {
  struct text path = {0};
  enum status status = DONE;
  text_add(&path, folder);
  for (size_t i = 1; i <= path.size && status == DONE; i++) {
    if (path.bytes[i] != '/' && path.bytes[i] != 0) continue;
    char kept = path.bytes[i];
    path.bytes[i] = 0;
    if (mkdir(path.bytes, 0700) != 0 && errno != EEXIST)
      status = error_errno(err, "the folder of keys %s", path.bytes);
    path.bytes[i] = kept;
  }
  text_release(&path);
  return status;
}

/* Opens the folder for change and waits for its lock. Refuses a folder that others may write in:
 * they could replace our key with theirs. */
static enum status folder_lock(const char *folder, int *out, struct error *err) {
  struct stat it, here;
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return error_errno(err, "the folder of keys %s", folder);
  enum status status = DONE;
  if (fstat(fd, &it) != 0) status = error_errno(err, "the folder of keys %s", folder);
  else if (stat(".", &here) == 0 && it.st_dev == here.st_dev && it.st_ino == here.st_ino)
    status = refuse(err, KEYS_FOLDER_IS_CURRENT, folder);
  else if (it.st_uid != geteuid() && geteuid() != 0)
    status = refuse(err, KEYS_FOLDER_OF_ANOTHER, folder);
  else if (it.st_mode & 022)
    status = refuse(err, KEYS_FOLDER_OPEN, folder, (unsigned)it.st_mode & 0777);
  else
    while (flock(fd, LOCK_EX) != 0)
      if (errno != EINTR) {
        status = error_errno(err, "the lock of the folder of keys %s", folder);
        break;
      }
  if (status != DONE) close(fd);
  else *out = fd;
  return status;
}

/* Writes the renames to the disk; releases the lock. */
static enum status folder_unlock(const char *folder, int fd, enum status status,
                                 struct error *err) {
  if (status == DONE && fsync(fd) != 0) status = error_errno(err, "the folder of keys %s", folder);
  close(fd);
  return status;
}

/* ---- small files ---- */

/* Reads the whole file, and its mode. The text may be a secret: wiped by the caller. */
static enum status file_read(const char *path, size_t most, struct text *out, struct stat *it,
                             struct error *err) {
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) {
    enum status status = errno == ENOENT ? refuse(err, KEY_FILE_MISSING)
                                         : error_errno(err, "cannot be read");
    error_at(err, path, 0, NULL);
    return status;
  }
  enum status status = DONE;
  if (fstat(fd, it) != 0) status = error_errno(err, "cannot be read");
  else if (!S_ISREG(it->st_mode)) status = refuse(err, KEY_FILE_NO_FILE);
  else if ((uint64_t)it->st_size > most)
    status = refuse(err, KEY_FILE_TOO_LARGE, (long long)it->st_size, most);
  text_clear(out);
  text_reserve(out, most + 1);
  while (status == DONE) {
    ssize_t got = read(fd, out->bytes + out->size, most + 1 - out->size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) status = error_errno(err, "cannot be read");
    if (got <= 0) break;
    out->size += (size_t)got;
    if (out->size > most) status = refuse(err, KEY_FILE_TOO_LONG);
  }
  out->bytes[out->size] = 0;
  close(fd);
  if (status != DONE) error_at(err, path, 0, NULL);
  return status;
}

static enum status write_all(int fd, const struct text *text) {
  for (size_t done = 0; done < text->size;) {
    ssize_t some = write(fd, text->bytes + done, text->size - done);
    if (some < 0 && errno == EINTR) continue;
    if (some <= 0) return FAILED;
    done += (size_t)some;
  }
  return DONE;
}

/* Renames without replacing an existing file. Where the file system has no such call, it links the
 * new name and removes the old one. */
static int rename_new(const char *from, const char *to) {
  if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return -1;
  return link(from, to) == 0 ? unlink(from) : -1;
}

/* Writes a temporary file, syncs and renames it. `replace` is only for the newest generation, after
 * the one before was kept. */
static enum status file_write(const char *folder, const char *path, const struct text *text,
                              mode_t mode, bool replace, struct error *err) {
  AUTO_PATH temporary = path_of(folder, ".new-", "XXXXXX");
  int fd = mkostemp(temporary, O_CLOEXEC); /* 0600 */
  if (fd < 0) return error_errno(err, "a file in the folder of keys %s", folder);
  bool good = fchmod(fd, mode) == 0 && write_all(fd, text) == DONE && fsync(fd) == 0;
  int kept = errno;
  if (close(fd) != 0 && good) good = false, kept = errno;
  if (good && (replace ? rename(temporary, path) : rename_new(temporary, path)) != 0)
    good = false, kept = errno;
  if (good) return DONE;
  unlink(temporary);
  errno = kept;
  if (kept == EEXIST) refuse(err, KEY_FILE_THERE_ALREADY);
  else error_errno(err, "cannot be written");
  return error_at(err, path, 0, NULL), kept == EEXIST ? REFUSED : FAILED;
}

/* ---- one key's files ---- */

/* The name as a file has it. */
static enum status file_base(struct span name, struct text *out, struct error *err) {
  if (key_name_check(name, err) != DONE) return REFUSED;
  text_clear(out);
  for (size_t i = 0; i < name.size; i++) {
    char c = name.bytes[i];
    if (c == '/' || c == '%' || (c == '.' && i == 0)) text_addf(out, "%%%02X", (unsigned)c);
    else text_add_char(out, c);
  }
  if (out->size > KEY_FILE_NAME_MAX)
    return refuse(err, KEY_NAME_TOO_LONG_FOR_FILE, KEY_FILE_NAME_MAX);
  return DONE;
}

static struct span without_newline(const struct text *text) {
  size_t size = text->size;
  return span_make(text->bytes, size && text->bytes[size - 1] == '\n' ? size - 1 : size);
}

/* The private key of a file. *exposed, when given, is set instead of refusing one that others can
 * read. */
static enum status secret_read(const char *path, struct signer *out, bool *exposed,
                               struct error *err) {
  struct text text = {0};
  struct stat it;
  enum status status = file_read(path, KEY_TEXT_MAX, &text, &it, err);
  if (status == DONE && it.st_uid != geteuid() && geteuid() != 0)
    status = refuse(err, PRIVATE_KEY_OF_ANOTHER);
  bool wide = status == DONE && it.st_mode & 077;
  if (wide && exposed) *exposed = true;
  else if (wide) status = refuse(err, PRIVATE_KEY_OPEN, (unsigned)it.st_mode & 0777);
  if (status == DONE) status = signer_parse(without_newline(&text), out, err);
  text_wipe(&text);
  return status == DONE ? DONE : (error_at(err, path, 0, NULL), status);
}

static enum status public_read(const char *path, struct verifier *out, struct error *err) {
  struct text text = {0};
  struct stat it;
  enum status status = file_read(path, KEY_TEXT_MAX, &text, &it, err);
  if (status == DONE) status = verifier_parse(without_newline(&text), out, err);
  text_release(&text);
  return status == DONE ? DONE : (error_at(err, path, 0, NULL), status);
}

static enum status public_write(const char *folder, const char *path,
                                const struct verifier *verifier, bool replace, struct error *err) {
  struct text text = {0};
  text_add_verifier(&text, verifier);
  text_add_char(&text, '\n');
  enum status status = file_write(folder, path, &text, 0644, replace, err);
  text_release(&text);
  return status;
}

static enum status secret_write(const char *folder, const char *path, const struct signer *signer,
                                bool replace, struct error *err) {
  struct text text = {0};
  text_reserve(&text, KEY_TEXT_MAX);
  text_add_signer(&text, signer);
  text_add_char(&text, '\n');
  enum status status = file_write(folder, path, &text, 0600, replace, err);
  text_wipe(&text);
  return status;
}

/* The newest key by the base of its files. */
static enum status signer_read(const char *folder, const char *base, struct span name,
                               struct signer *out, struct error *err) {
  AUTO_PATH key = path_of(folder, base, ".key");
  char quoted[SPAN_QUOTE_SIZE];
  if (access(key, F_OK) != 0 && errno == ENOENT) {
    refuse(err, KEY_UNKNOWN, span_quote(name, quoted));
    return error_at(err, key, 0, NULL), REFUSED;
  }
  enum status status = secret_read(key, out, NULL, err);
  if (status != DONE || span_is(name, out->verifier.name)) return status;
  refuse(err, KEY_NAMED_OTHERWISE, out->verifier.name, span_quote(name, quoted));
  signer_wipe(out);
  return error_at(err, key, 0, NULL), REFUSED;
}

/* Mends a rotation that was cut short between the key and its vkey. One may be running now, so this
 * takes the lock and reads the key again. */
static enum status public_mend(const char *folder, const char *base, struct span name,
                               struct signer *signer, struct error *err) {
  AUTO_PATH vkey = path_of(folder, base, ".vkey");
  struct verifier published;
  struct error unread = {0};
  int lock;
  if (public_read(vkey, &published, &unread) == DONE &&
      verifier_equal(&published, &signer->verifier))
    return DONE;
  enum status status = folder_lock(folder, &lock, err);
  if (status != DONE) return status;
  status = signer_read(folder, base, name, signer, err);
  if (status == DONE && (public_read(vkey, &published, &unread) != DONE ||
                         !verifier_equal(&published, &signer->verifier)))
    status = public_write(folder, vkey, &signer->verifier, true, err);
  return folder_unlock(folder, lock, status, err);
}

enum status keys_signer(const char *folder, struct span name, struct signer *out,
                        struct error *err) {
  struct text base = {0};
  enum status status = file_base(name, &base, err);
  if (status == DONE) status = signer_read(folder, base.bytes, name, out, err);
  if (status == DONE && (status = public_mend(folder, base.bytes, name, out, err)) != DONE)
    signer_wipe(out);
  text_release(&base);
  return status;
}

/* ---- making and rotating ---- */

enum status keys_new(const char *folder, struct span name, struct verifier *out,
                     struct error *err) {
  struct text base = {0};
  struct signer signer;
  char quoted[SPAN_QUOTE_SIZE];
  int lock;
  enum status status = file_base(name, &base, err);
  if (status == DONE) status = folder_make(folder, err);
  if (status == DONE) status = folder_lock(folder, &lock, err);
  if (status != DONE) {
    text_release(&base);
    return status;
  }
  AUTO_PATH key = path_of(folder, base.bytes, ".key");
  AUTO_PATH vkey = path_of(folder, base.bytes, ".vkey");
  if (access(key, F_OK) == 0 || access(vkey, F_OK) == 0) {
    status = refuse(err, KEY_THERE_ALREADY, span_quote(name, quoted));
    error_at(err, access(key, F_OK) == 0 ? key : vkey, 0, NULL);
  } else {
    status = signer_generate(name, KEY_ED25519, &signer, err);
    if (status == DONE) {
      status = secret_write(folder, key, &signer, false, err);
      if (status == DONE) {
        status = public_write(folder, vkey, &signer.verifier, false, err);
        if (status != DONE) unlink(key);
      }
      *out = signer.verifier;
      signer_wipe(&signer);
    }
  }
  text_release(&base);
  return folder_unlock(folder, lock, status, err);
}

/* Keeps the current key under the next free number, or under the last one if an interrupted
 * rotation has kept it there already. */
static enum status keep_generation(const char *folder, const char *base,
                                   const struct signer *signer, struct error *err) {
  for (int n = 1; n <= KEYS_MAX; n++) {
    AUTO_PATH numbered = NULL;
    if (asprintf(&numbered, "%s.%d", base, n) < 0) abort();
    AUTO_PATH key = path_of(folder, numbered, ".key");
    AUTO_PATH vkey = path_of(folder, numbered, ".vkey");
    struct verifier kept;
    struct error unread = {0};
    bool there = access(key, F_OK) == 0, published = access(vkey, F_OK) == 0;
    bool same = published && public_read(vkey, &kept, &unread) == DONE &&
                verifier_equal(&kept, &signer->verifier);
    if ((there || published) && !same) continue;
    enum status status = published ? DONE
                                   : public_write(folder, vkey, &signer->verifier, false, err);
    if (status == DONE && !there) status = secret_write(folder, key, signer, false, err);
    return status;
  }
  return refuse(err, KEY_GENERATIONS, KEYS_MAX);
}

enum status keys_rotate(const char *folder, struct span name, struct verifier *out,
                        struct error *err) {
  struct text base = {0};
  struct signer old, next;
  int lock;
  enum status status = file_base(name, &base, err);
  if (status == DONE) {
    status = signer_read(folder, base.bytes, name, &old, err);
    if (status == DONE) {
      /* read first, so that a missing key is reported before a folder that cannot be locked; read
       * again under the lock */
      signer_wipe(&old);
      status = folder_lock(folder, &lock, err);
    }
  }
  if (status != DONE) {
    text_release(&base);
    return status;
  }
  AUTO_PATH key = path_of(folder, base.bytes, ".key");
  AUTO_PATH vkey = path_of(folder, base.bytes, ".vkey");
  status = signer_read(folder, base.bytes, name, &old, err);
  if (status == DONE) {
    status = keep_generation(folder, base.bytes, &old, err);
    /* kept before it is replaced */
    if (status == DONE && fsync(lock) != 0)
      status = error_errno(err, "the folder of keys %s", folder);
    if (status == DONE) status = signer_generate(name, KEY_ED25519, &next, err);
    if (status == DONE) {
      status = secret_write(folder, key, &next, true, err);
      if (status == DONE) status = public_write(folder, vkey, &next.verifier, true, err);
      *out = next.verifier;
      signer_wipe(&next);
    }
    signer_wipe(&old);
  }
  text_release(&base);
  return folder_unlock(folder, lock, status, err);
}

/* ---- listing ---- */

/* The file's name without its suffix; 0 when it has neither. */
static size_t base_size(const char *file) {
  size_t size = strlen(file);
  if (size > 4 && strcmp(file + size - 4, ".key") == 0) return size - 4;
  if (size > 5 && strcmp(file + size - 5, ".vkey") == 0) return size - 5;
  return 0;
}

static int generation_of(const char *file, const struct verifier *verifier) {
  struct text base = {0};
  int generation = -1;
  if (file_base(span_of(verifier->name), &base, NULL) == DONE &&
      strncmp(file, base.bytes, base.size) == 0) {
    const char *rest = file + base.size;
    if (!*rest) generation = 0;
    else if (rest[0] == '.' && rest[1] >= '1' && rest[1] <= '9') {
      char *end;
      long n = strtol(rest + 1, &end, 10);
      if (!*end && n <= KEYS_MAX) generation = (int)n;
    }
  }
  text_release(&base);
  return generation;
}

static enum status row_read(const char *folder, const char *file, struct key_row *row,
                            struct error *err) {
  AUTO_PATH key = path_of(folder, file, ".key");
  AUTO_PATH vkey = path_of(folder, file, ".vkey");
  bool exposed = false;
  row->file = file;
  row->secret = KEY_SECRET_ABSENT;
  if (access(key, F_OK) == 0) {
    struct signer signer;
    enum status status = secret_read(key, &signer, &exposed, err);
    if (status != DONE) return status;
    row->verifier = signer.verifier;
    row->secret = exposed ? KEY_SECRET_EXPOSED : KEY_SECRET_PRESENT;
    signer_wipe(&signer);
  } else {
    enum status status = public_read(vkey, &row->verifier, err);
    if (status != DONE) return status;
  }
  row->generation = generation_of(file, &row->verifier);
  return DONE;
}

static int row_compare(const void *left, const void *right) {
  const struct key_row *a = left, *b = right;
  int by_name = strcmp(a->verifier.name, b->verifier.name);
  if (by_name) return by_name;
  int x = a->generation == 0 ? INT_MAX : a->generation,
      y = b->generation == 0 ? INT_MAX : b->generation;
  return x != y ? (x > y ? -1 : 1) : strcmp(a->file, b->file);
}

enum status keys_list(const char *folder, struct arena *arena, struct key_row **rows, int *count,
                      struct error *err) {
  *count = 0;
  *rows = arena_array(arena, struct key_row, KEYS_MAX);
  DIR *dir = opendir(folder);
  if (!dir) return errno == ENOENT ? DONE : error_errno(err, "the folder of keys %s", folder);
  enum status status = DONE;
  for (const struct dirent *it; status == DONE && (errno = 0, it = readdir(dir));) {
    size_t size = it->d_name[0] == '.' ? 0 : base_size(it->d_name);
    if (!size) continue;
    bool seen = false;
    for (int i = 0; i < *count && !seen; i++)
      seen = span_is(span_make(it->d_name, size), (*rows)[i].file);
    if (seen) continue;
    if (*count == KEYS_MAX) status = refuse(err, KEYS_TOO_MANY_IN_FOLDER, folder, KEYS_MAX);
    else status = row_read(folder, arena_copy(arena, it->d_name, size), &(*rows)[*count], err);
    if (status == DONE) ++*count;
  }
  if (status == DONE && errno) status = error_errno(err, "the folder of keys %s", folder);
  closedir(dir);
  array_sort(*rows, *count, row_compare);
  return status;
}

enum status keys_verifiers(const char *folder, struct span name, struct arena *arena,
                           struct verifier **out, int *count, struct error *err) {
  struct key_row *rows;
  char quoted[SPAN_QUOTE_SIZE];
  int all;
  *count = 0;
  enum status status = keys_list(folder, arena, &rows, &all, err);
  if (status != DONE) return status;
  *out = arena_array(arena, struct verifier, all + 1);
  for (int i = 0; i < all; i++)
    if (rows[i].generation >= 0 && span_is(name, rows[i].verifier.name))
      (*out)[(*count)++] = rows[i].verifier;
  return *count ? DONE : refuse(err, KEY_NOT_IN_FOLDER, span_quote(name, quoted), folder);
}

enum status verifiers_read(const char *path, struct arena *arena, struct verifier **out, int *count,
                           struct error *err) {
  struct text text = {0};
  struct stat it;
  *count = 0;
  enum status status = file_read(path, FILE_SIZE_MAX, &text, &it, err);
  if (status != DONE) {
    text_release(&text);
    return status;
  }
  struct span rest = without_newline(&text);
  const char *at = rest.bytes, *end = at + rest.size;
  int lines = 1;
  for (const char *p = at; p < end; p++) lines += *p == '\n';
  *out = arena_array(arena, struct verifier, lines < KEYS_MAX ? lines : KEYS_MAX);
  for (int line = 1; line <= lines && status == DONE; line++) {
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    if (!stop) stop = end;
    if (line > KEYS_MAX) status = refuse(err, KEYS_TOO_MANY_IN_FILE, KEYS_MAX);
    else status = verifier_parse(span_make(at, (size_t)(stop - at)), &(*out)[line - 1], err);
    if (status != DONE) error_at(err, path, (uint64_t)line, NULL);
    else *count = line;
    at = stop + 1;
  }
  text_release(&text);
  return status;
}
