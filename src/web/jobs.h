/* Long runs that a page starts (an import, a closing) and other pages watch: one at a time, on a
 * thread and a connection of its own, remembered until LIMIT_JOBS_KEPT later ones.
 *
 *     struct job_order order = {.what = "import", .title = "spend.csv", .person = visitor, .run =
 *         import, .release = free_it, .context = mine};
 *     status = jobs_start(jobs, &order, &id, &err);        REFUSED: another runs
 *     if (jobs_look(jobs, id, arena, &job)) ...            what it is doing now
 */
#ifndef WEAL_WEB_JOBS_H
#define WEAL_WEB_JOBS_H

#include "base/arena.h"
#include "base/progress.h"
#include "exchange/rejects.h"
#include "store/store.h"

struct jobs;

/* The rows that a run refused: the path of the file of them all, and the first of them. */
struct job_refused {
  struct text path;
  struct rejects *rows; /* null: none */
  int64_t import;       /* that the run posted; 0: none */
};

struct job_order {
  const char *what;  /* a word: import, closing */
  const char *title; /* for people: the file's name. Copied */
  int64_t person;    /* who started it */
  /* What it does. `watch` goes into the options of what is called; `result` is the text to show
   * when it is done, `refused` is the job's from then on. */
  enum status (*run)(void *context, struct store *store, const struct progress_watch *watch,
                     struct text *result, struct job_refused *refused, struct error *err);
  void (*release)(void *context); /* called when it is over, whatever the result; may be null */
  void *context;
};

enum job_state { JOB_RUNNING, JOB_DONE, JOB_FAILED };

struct job {
  int64_t id;
  const char *what, *title;
  int64_t person, started, ended; /* seconds since 1970; ended 0: not yet */
  enum job_state state;
  const char *phase;            /* "reading": a word of base/progress.h */
  uint64_t done, total, items;  /* total 0: unknown */
  const char *result, *rejects; /* empty when there is none */
  const struct reject *refused; /* the first rows of `rejects` */
  int refused_count;
  int64_t import; /* 0: none */
  enum status status;
  struct error err; /* JOB_FAILED */
};

struct jobs *jobs_new(const char *store_url);
enum status jobs_start(struct jobs *j, const struct job_order *order, int64_t *id,
                       struct error *err) MUST_USE;
/* Copies the job into the arena. False: no job has that id (any more). */
bool jobs_look(struct jobs *j, int64_t id, struct arena *arena, struct job *out);
/* The latest first; *count is their number. */
struct job *jobs_list(struct jobs *j, struct arena *arena, int *count);
/* Waits for the running job; removes the files of rejects. Takes null. */
void jobs_free(struct jobs *j);

#endif
