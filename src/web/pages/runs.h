/* A brought file as a run: what pages/bring.c asks of pages/runs.c. */
#ifndef WEAL_WEB_PAGES_RUNS_H
#define WEAL_WEB_PAGES_RUNS_H

#include "web/pages/pages.h"
#include "web/uploads.h"

struct brought_file {
  struct uploads *uploads; /* told when it is over */
  const char *token, *path, *name, *profile, *body, *date;
  const char *previewed; /* as of struct import_options */
  struct span ways;      /* of the action `import` */
};
/* Begins the import of an upload whose posting has begun (upload_begin), and goes to the page that
 * watches it. Also where it is refused, the upload can be posted again. */
enum status run_brought(struct request *r, struct reply *reply, const struct brought_file *file,
                        int64_t *job, struct error *err) MUST_USE;

#endif
