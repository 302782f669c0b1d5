#include "web/uploads.h"

#include "base/hash.h"
#include "base/thread.h"
#include "base/ticker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct uploads {
  pthread_mutex_t lock;
  struct upload *all[UPLOADS_MOST]; /* the oldest first */
  int count;
  struct ticker *ticker;
};

void upload_tried_free(struct upload_tried *tried) {
  if (tried) arena_free(tried->arena);
}

static void upload_free(struct upload *u) {
  if (!u) return;
  if (u->path) unlink(u->path);
  if (u->profile) unlink(u->profile);
  if (u->folder) rmdir(u->folder);
  upload_tried_free(u->tried);
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

/* Forgets what is too old; of a person's, the oldest of too many. With the lock held. */
static void forget_old(struct uploads *all, int64_t person) {
  const int64_t now = time(NULL);
  int theirs = 0;
  for (int i = all->count - 1; i >= 0; i--) {
    const struct upload *u = all->all[i];
    if (u->posting) continue;
    theirs += u->person == person;
    if (now - u->made > UPLOAD_SECONDS || (u->person == person && theirs >= UPLOADS_EACH))
      forget_at(all, i);
  }
  for (int i = 0; all->count == UPLOADS_MOST && i < all->count; i++)
    if (!all->all[i]->posting) forget_at(all, i);
}

/* Once a minute, so that nothing stays longer than it was said. */
static int64_t look(void *context, const atomic_bool *stopping) {
  struct uploads *all = context;
  (void)stopping;
  pthread_mutex_lock(&all->lock);
  for (int i = all->count - 1; i >= 0; i--)
    if (!all->all[i]->posting && time(NULL) - all->all[i]->made > UPLOAD_SECONDS) forget_at(all, i);
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

enum status uploads_add(struct uploads *all, int64_t person, const char *field, struct span body,
                        struct span date, struct arena *arena, const char **token,
                        struct error *err) {
  struct upload *u = memory_zeroed(1, sizeof *u);
  u->person = person;
  u->made = time(NULL);
  u->body = copy_of(body);
  u->date = copy_of(date);
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
  if (room) all->all[all->count++] = u;
  pthread_mutex_unlock(&all->lock);
  if (room) return DONE;
  upload_free(u);
  return error_set(err, FAILED, "too many files wait to be posted");
}

struct upload *uploads_take(struct uploads *all, struct span token, int64_t person) {
  pthread_mutex_lock(&all->lock);
  for (int i = 0; i < all->count; i++)
    if (all->all[i]->person == person && span_is(token, all->all[i]->token) &&
        (all->all[i]->posting || time(NULL) - all->all[i]->made <= UPLOAD_SECONDS))
      return all->all[i];
  pthread_mutex_unlock(&all->lock);
  return NULL;
}

void uploads_give(struct uploads *all) { pthread_mutex_unlock(&all->lock); }

void uploads_posted(struct uploads *all, const char *token, bool posted) {
  pthread_mutex_lock(&all->lock);
  for (int i = 0; i < all->count; i++) {
    if (strcmp(all->all[i]->token, token) != 0) continue;
    all->all[i]->posting = false;
    if (posted) forget_at(all, i);
    break;
  }
  pthread_mutex_unlock(&all->lock);
}
