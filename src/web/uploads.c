#include "web/uploads.h"

#include "base/folder.h"
#include "base/hash.h"
#include "base/refusal.h"
#include "base/thread.h"
#include "base/ticker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct upload {
  char token[UPLOAD_TOKEN_SIZE];
  int64_t person, made;
  char *folder, *path, *name; /* malloc */
  bool people;
  char *body, *date;
  char *profile;              /* null: nothing was answered */
  struct upload_tried *tried; /* null: not yet */
  bool posting;
  int64_t job;
};

struct uploads {
  pthread_mutex_t lock;
  struct upload *all[UPLOADS_MOST]; /* the oldest first */
  int count;
  int64_t previews; /* given so far */
  struct ticker *ticker;
};

void upload_tried_free(struct upload_tried *tried) {
  if (tried) arena_free(tried->arena);
}

/* With the lock held. */
static void let_tried_go(struct upload_tried *tried) {
  if (tried && --tried->users == 0) upload_tried_free(tried);
}

void upload_profile_drop(const char *path) {
  if (!path) return;
  unlink(path);
  /* where the upload went meanwhile, its folder could not: it goes with the last file in it */
  char *folder = strdup(path);
  *strrchr(folder, '/') = '\0';
  rmdir(folder);
  free(folder);
}

static void upload_free(struct upload *u) {
  if (!u) return;
  if (u->path) unlink(u->path);
  if (u->profile) unlink(u->profile);
  if (u->folder) rmdir(u->folder);
  let_tried_go(u->tried);
  free(u->folder);
  free(u->path);
  free(u->name);
  free(u->body);
  free(u->date);
  free(u->profile);
  free(u);
}

static void forget_at(struct uploads *all, int i) {
  upload_free(all->all[i]);
  memmove(&all->all[i], &all->all[i + 1], (size_t)(--all->count - i) * sizeof *all->all);
}

static bool is_too_old(const struct upload *u) {
  return !u->posting && time(NULL) - u->made >= UPLOAD_SECONDS;
}

/* Forgets what is too old; of a person's, the oldest of too many. With the lock held. */
static void forget_old(struct uploads *all, int64_t person) {
  int theirs = 0;
  for (int i = all->count - 1; i >= 0; i--) {
    const struct upload *u = all->all[i];
    if (u->posting) continue;
    theirs += u->person == person;
    if (is_too_old(u) || (u->person == person && theirs >= UPLOADS_EACH)) forget_at(all, i);
  }
}

/* How long until the next goes at the latest; one that is being posted may go at any moment, so at
 * least two. With the lock held. */
static int minutes_to_wait(const struct uploads *all) {
  int64_t least = UPLOAD_SECONDS;
  bool some = false;
  for (int i = 0; i < all->count; i++) {
    if (all->all[i]->posting) continue;
    const int64_t left = all->all[i]->made + UPLOAD_SECONDS - time(NULL);
    some = true;
    if (left < least) least = left;
  }
  const int minutes = some ? (int)((least + 59) / 60) : 0;
  return minutes < 2 ? 2 : minutes;
}

/* Once a minute, so that nothing stays longer than it was said. */
static int64_t look(void *context, const atomic_bool *stopping) {
  struct uploads *all = context;
  (void)stopping;
  pthread_mutex_lock(&all->lock);
  for (int i = all->count - 1; i >= 0; i--)
    if (is_too_old(all->all[i])) forget_at(all, i);
  pthread_mutex_unlock(&all->lock);
  return 60 * 1000;
}

enum status uploads_start(struct uploads **out, struct error *err) {
  struct uploads *all = *out = memory_zeroed(1, sizeof *all);
  pthread_mutex_init(&all->lock, NULL);
  return ticker_start(&all->ticker, look, all, "files that were brought", err);
}

void uploads_stop(struct uploads *all) {
  if (!all) return;
  ticker_stop(all->ticker);
  while (all->count) forget_at(all, 0);
  pthread_mutex_destroy(&all->lock);
  free(all);
}

static char *copy_of(struct span s) {
  char *own = memory_zeroed(s.size + 1, 1);
  if (s.size) memcpy(own, s.bytes, s.size);
  return own;
}

static enum status make_token(char out[UPLOAD_TOKEN_SIZE], struct error *err) {
  uint8_t raw[(UPLOAD_TOKEN_SIZE - 1) / 2];
  if (getrandom(raw, sizeof raw, 0) != (ssize_t)sizeof raw)
    return error_errno(err, "no number for the file can be drawn");
  for (size_t i = 0; i < sizeof raw; i++) snprintf(out + i * 2, 3, "%02x", raw[i]);
  return DONE;
}

static enum status keep_file(struct upload *u, const char *field, struct error *err) {
  const char *slash = strrchr(field, '/'), *plus = strrchr(field, '+');
  const char *name = plus && plus[1] ? plus + 1 : "upload";
  struct text path = {0};
  text_addf(&path, "%.*s/weal-brought-XXXXXX", (int)(slash - field), field);
  u->folder = copy_of(span_make(path.bytes, path.size));
  text_release(&path);
  if (!mkdtemp(u->folder)) {
    error_errno(err, "no folder for the file can be made as %s", u->folder);
    free(u->folder);
    u->folder = NULL;
    return err->code;
  }
  text_addf(&path, "%s/%s", u->folder, name);
  u->name = copy_of(span_of(name));
  u->path = copy_of(span_make(path.bytes, path.size));
  text_release(&path);
  return rename(field, u->path) == 0 ? DONE
                                     : error_errno(err, "the file cannot be moved to %s", u->path);
}

enum status uploads_add(struct uploads *all, int64_t person, const char *field,
                        const struct upload_told *told, struct arena *arena, const char **token,
                        struct error *err) {
  struct upload *u = memory_zeroed(1, sizeof *u);
  u->person = person;
  u->made = time(NULL);
  u->people = told->people;
  u->body = copy_of(told->body);
  u->date = copy_of(told->date);
  enum status status = make_token(u->token, err);
  if (status == DONE) status = keep_file(u, field, err);
  if (status != DONE) {
    upload_free(u);
    return status;
  }
  *token = arena_string(arena, u->token);
  pthread_mutex_lock(&all->lock);
  forget_old(all, person);
  const bool room = all->count < UPLOADS_MOST;
  const int minutes = room ? 0 : minutes_to_wait(all);
  if (room) all->all[all->count++] = u;
  else upload_free(u);
  pthread_mutex_unlock(&all->lock);
  return room ? DONE : refuse(err, BROUGHT_NO_ROOM, minutes);
}

/* The upload of this name, whoever's; null: none. With the lock held. */
static struct upload *find_upload(struct uploads *all, struct span token) {
  for (int i = 0; i < all->count; i++)
    if (span_is(token, all->all[i]->token)) return all->all[i];
  return NULL;
}

/* The same, if it is this person's and may still be looked at. */
static struct upload *find_theirs(struct uploads *all, struct span token, int64_t person) {
  struct upload *u = find_upload(all, token);
  return u && u->person == person && !is_too_old(u) ? u : NULL;
}

static void copy_seen(const struct upload *u, struct arena *arena, struct upload_seen *out) {
  const char *read_as = u->tried ? u->tried->file.profile : NULL;
  *out = (struct upload_seen){.token = arena_string(arena, u->token),
                              .path = arena_string(arena, u->path),
                              .name = arena_string(arena, u->name),
                              .people = u->people,
                              .body = arena_string(arena, u->body),
                              .date = arena_string(arena, u->date),
                              .profile = u->profile ? arena_string(arena, u->profile) : NULL,
                              .previewed = arena_string(arena, read_as ? read_as : ""),
                              .profiles = u->tried ? u->tried->profiles : 0,
                              .posting = u->posting,
                              .job = u->job};
}

bool upload_see(struct uploads *all, struct span token, int64_t person, struct arena *arena,
                struct upload_seen *out) {
  pthread_mutex_lock(&all->lock);
  struct upload *u = find_theirs(all, token, person);
  if (u) copy_seen(u, arena, out);
  if (u && u->tried) {
    out->tried = u->tried;
    u->tried->users++;
  }
  pthread_mutex_unlock(&all->lock);
  return u != NULL;
}

void upload_let_go(struct uploads *all, const struct upload_seen *seen) {
  pthread_mutex_lock(&all->lock);
  let_tried_go(seen->tried);
  pthread_mutex_unlock(&all->lock);
}

enum status upload_profile(const struct upload_seen *seen, struct span rules, struct arena *arena,
                           const char **path, struct error *err) {
  char *made = arena_printf(arena, "%.*s/.profile-XXXXXX",
                            (int)(strrchr(seen->path, '/') - seen->path), seen->path);
  const int fd = mkstemp(made);
  if (fd < 0) return error_errno(err, "the answer cannot be kept");
  const enum status status = file_write_all(fd, rules, "the answer cannot be kept", err);
  close(fd);
  if (status == DONE) *path = made;
  else upload_profile_drop(made);
  return status;
}

enum upload_turn upload_answer(struct uploads *all, const char *token, int64_t person,
                               const char *profile, struct upload_tried *tried) {
  pthread_mutex_lock(&all->lock);
  struct upload *u = find_theirs(all, span_of(token), person);
  const enum upload_turn turn = !u ? UPLOAD_NOT_THERE : u->posting ? UPLOAD_POSTING : UPLOAD_TAKEN;
  if (turn == UPLOAD_TAKEN) {
    if (u->profile) unlink(u->profile);
    free(u->profile);
    u->profile = profile ? copy_of(span_of(profile)) : NULL;
    let_tried_go(u->tried);
    u->tried = tried;
    tried->users = 1;
    tried->number = ++all->previews;
  }
  pthread_mutex_unlock(&all->lock);
  if (turn == UPLOAD_TAKEN) return turn;
  upload_profile_drop(profile);
  upload_tried_free(tried);
  return turn;
}

enum upload_turn upload_begin(struct uploads *all, struct span token, int64_t person,
                              int64_t number, struct arena *arena, struct upload_seen *out) {
  pthread_mutex_lock(&all->lock);
  struct upload *u = find_theirs(all, token, person);
  const enum upload_turn turn = !u           ? UPLOAD_NOT_THERE
                                : u->posting ? UPLOAD_POSTING
                                : !u->tried || u->tried->status != DONE ||
                                        u->tried->number != number
                                    ? UPLOAD_OTHER
                                    : UPLOAD_TAKEN;
  if (turn == UPLOAD_TAKEN) {
    u->posting = true;
    u->job = 0;
  }
  if (u) copy_seen(u, arena, out);
  pthread_mutex_unlock(&all->lock);
  return turn;
}

void upload_run(struct uploads *all, const char *token, int64_t job) {
  pthread_mutex_lock(&all->lock);
  struct upload *u = find_upload(all, span_of(token));
  if (u && u->posting) u->job = job;
  pthread_mutex_unlock(&all->lock);
}

void upload_end(struct uploads *all, const char *token, bool posted) {
  pthread_mutex_lock(&all->lock);
  for (int i = 0; i < all->count; i++) {
    if (strcmp(all->all[i]->token, token) != 0) continue;
    all->all[i]->posting = false;
    if (posted) forget_at(all, i);
    break;
  }
  pthread_mutex_unlock(&all->lock);
}
