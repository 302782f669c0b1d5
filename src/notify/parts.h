/* Private to notify: the two ways out. Each gives DONE, or FAILED with the reason in *why (a
 * word or two of ours; no address, nothing of what the server said but its number) and whether
 * trying again is of use. */
#ifndef WEAL_NOTIFY_PARTS_H
#define WEAL_NOTIFY_PARTS_H

#include "notify/notify.h"

struct letter {
  int64_t id;          /* of the message */
  const char *to;      /* an e-mail address that notify_address_good has passed */
  const char *subject; /* ASCII, one line */
  struct span text;    /* UTF-8, lines end with LF */
};

struct sending {
  char why[128];
  bool for_good; /* another try would fail in the same way */
};

bool mail_send(const struct outbox *outbox, const struct letter *letter, struct sending *out);
bool letter_put(const struct outbox *outbox, const struct letter *letter, struct sending *out);

#endif
