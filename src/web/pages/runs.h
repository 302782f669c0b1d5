/* What other pages ask of pages/runs.c: a brought file as a run, and an action as one. */
#ifndef WEAL_WEB_PAGES_RUNS_H
#define WEAL_WEB_PAGES_RUNS_H

#include "web/jobs.h"
#include "web/pages/pages.h"
#include "web/uploads.h"

struct brought_file {
  struct uploads *uploads; /* told when it is over */
  const char *token, *path, *name, *profile, *body, *date;
  const char *previewed; /* as of struct import_options */
  bool people;           /* a body's own export of people; else payments */
  struct span ways;      /* of the action `import` */
};
/* Begins the import of an upload whose posting has begun (upload_begin), and goes to the page that
 * watches it. Also where it is refused, the upload can be posted again. */
enum status run_brought(struct request *r, struct reply *reply, const struct brought_file *file,
                        int64_t *job, struct error *err) MUST_USE;

/* An action's call under way, with all that it reads in memory of its own: the request that began
 * it is over. */
struct action_job {
  struct arena *arena;
  const struct action *action;
  struct action_call call;
};
/* The call of the row's action with what was sent, permitted now and again when it runs. */
enum status action_job_new(struct action_job *job, struct request *r, struct error *err) MUST_USE;
enum status action_job_run(struct action_job *job, struct store *store,
                           const struct progress_watch *watch, struct error *err) MUST_USE;
void action_job_release(struct action_job *job);

/* N_(): what can be done about an unusual row by whoever has a page and no command line. */
extern const char run_unusual_way_out[];
/* Whether it refuses a file that is in the book already, or was: nothing of this run is. */
bool run_is_posted(const struct error *err);

/* Begins the run and goes to the page that watches it; *id (null: not asked) is its number. Takes
 * what `order` holds: the job owns it from here on, or it is released. */
enum status run_start(struct request *r, struct reply *reply, const struct job_order *order,
                      const char *path, int64_t *id, struct error *err) MUST_USE;
/* The job of this kind that the path names; false: there is none (any more). */
bool run_find(const struct request *r, const char *what, struct job *job);
/* The page that watches it, then shows its result. */
void run_show(struct request *r, struct reply *reply, const char *what, const char *back,
              const char *title);

#endif
