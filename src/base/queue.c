#include "base/queue.h"
#include "base/arena.h"
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct queue {
  pthread_mutex_t lock;
  pthread_cond_t room, some;
  bool closed, aborted;
  size_t capacity, first, count;
  void *items[];
};

struct queue *queue_new(size_t capacity) {
  assert(capacity > 0);
  struct queue *q = memory_zeroed(1, sizeof *q + capacity * sizeof q->items[0]);
  q->capacity = capacity;
  pthread_mutex_init(&q->lock, NULL);
  pthread_cond_init(&q->room, NULL);
  pthread_cond_init(&q->some, NULL);
  return q;
}

bool queue_put(struct queue *q, void *item) {
  assert(item);
  pthread_mutex_lock(&q->lock);
  while (q->count == q->capacity && !q->closed) pthread_cond_wait(&q->room, &q->lock);
  bool open = !q->closed;
  if (open) {
    q->items[(q->first + q->count++) % q->capacity] = item;
    pthread_cond_signal(&q->some);
  }
  pthread_mutex_unlock(&q->lock);
  return open;
}

static void *take_first(struct queue *q) {
  if (!q->count) return NULL;
  void *item = q->items[q->first];
  q->first = (q->first + 1) % q->capacity;
  q->count--;
  pthread_cond_signal(&q->room);
  return item;
}

void *queue_take(struct queue *q) {
  pthread_mutex_lock(&q->lock);
  while (!q->count && !q->closed) pthread_cond_wait(&q->some, &q->lock);
  void *item = q->aborted ? NULL : take_first(q);
  pthread_mutex_unlock(&q->lock);
  return item;
}

static void end(struct queue *q, bool abort) {
  pthread_mutex_lock(&q->lock);
  q->closed = true;
  q->aborted = q->aborted || abort;
  pthread_cond_broadcast(&q->room);
  pthread_cond_broadcast(&q->some);
  pthread_mutex_unlock(&q->lock);
}

void queue_close(struct queue *q) { end(q, false); }
void queue_abort(struct queue *q) { end(q, true); }

void *queue_drain(struct queue *q) {
  pthread_mutex_lock(&q->lock);
  void *item = take_first(q);
  pthread_mutex_unlock(&q->lock);
  return item;
}

void queue_free(struct queue *q) {
  if (!q) return;
  pthread_cond_destroy(&q->some);
  pthread_cond_destroy(&q->room);
  pthread_mutex_destroy(&q->lock);
  free(q);
}
