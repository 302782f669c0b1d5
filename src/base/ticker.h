/* A thread that looks at something again and again until it is stopped: at once, then each time as
 * long after its last look as that look said.
 *
 *     static int64_t look(void *context, const atomic_bool *stopping) {
 *       ...
 *       return 600 * 1000;                     milliseconds until the next look
 *     }
 *     status = ticker_start(&x->ticker, look, x, "late requests", err);
 *     ticker_stop(x->ticker);
 *
 * Looks never overlap, and the ticker holds no lock meanwhile.
 */
#ifndef WEAL_BASE_TICKER_H
#define WEAL_BASE_TICKER_H

#include "base/status.h"

#include <stdatomic.h>
#include <stdint.h>

struct ticker;

/* `stopping` becomes true when the ticker is to stop: a look that may take long gives up then.
 * FAILED: as thread_start. */
enum status ticker_start(struct ticker **out,
                         int64_t (*look)(void *context, const atomic_bool *stopping), void *context,
                         const char *what, struct error *err) MUST_USE;
/* Ends the wait, and waits for a look under way; takes null. */
void ticker_stop(struct ticker *t);

#endif
