/* Putting a message in line, and reading the line. */
#include "notify/notify.h"

#include "base/limits.h"
#include "base/refusal.h"
#include "register/names.h"
#include "register/register.h"
#include "store/counter.h"

/* ---- addresses ---- */

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* A dot-atom (RFC 5322 3.2.3) before the @, a host name with a dot after it. */
static bool part_good(struct span part, const char *signs) {
  if (!part.size || part.bytes[0] == '.' || part.bytes[part.size - 1] == '.') return false;
  for (size_t i = 0; i < part.size; i++) {
    char c = part.bytes[i];
    if (c == '.' && part.bytes[i - 1] == '.') return false;
    if (c != '.' && !is_letter(c) && !(c && strchr(signs, c))) return false;
  }
  return true;
}

bool notify_address_good(struct span address) {
  const char *at = address.size ? memchr(address.bytes, '@', address.size) : NULL;
  if (!at || address.size > LIMIT_ADDRESS_BYTES) return false;
  struct span name = span_make(address.bytes, (size_t)(at - address.bytes));
  struct span host = span_make(at + 1, address.size - name.size - 1);
  return part_good(name, "!#$%&'*+-/=?^_`{|}~") && name.size <= 64 && part_good(host, "-") &&
         memchr(host.bytes, '.', host.size) && host.bytes[0] != '-';
}

/* a...@e....uk: enough to know one's own by, and too little to write to. */
const char *notify_masked(struct arena *arena, const char *address) {
  const char *at = strchr(address, '@'), *dot = strrchr(address, '.');
  return arena_printf(arena, "%c...@%c...%s", address[0], at[1], dot);
}

/* ---- asking ---- */

static enum status no_way(const char *code, const char *address, day_t since, bool good,
                          struct error *err) {
  char from[11];
  if (!address) return refuse(err, INVITE_NO_ADDRESS, code);
  if (!good) return refuse(err, INVITE_ADDRESS_UNUSABLE, code);
  return refuse(err, INVITE_ADDRESS_NEW, code, LIMIT_ADDRESS_DAYS,
                day_write(since + LIMIT_ADDRESS_DAYS, from));
}

static enum status choose(struct store *store, struct arena *arena, const struct person *who,
                          const struct notify_asked *asked, const char **address,
                          struct notify_way_taken *out, struct error *err) {
  const day_t today = day_today();
  day_t since = DAY_NONE;
  enum status status = register_email(store, arena, who->id, address, &since, err);
  if (status != DONE) return status;
  bool good = *address && notify_address_good(span_of(*address));
  bool old = since != DAY_NONE && today - since >= LIMIT_ADDRESS_DAYS;
  if (good && old && asked->ways & NOTIFY_EMAIL)
    *out = (struct notify_way_taken){NOTIFY_EMAIL, notify_masked(arena, *address)};
  else if (asked->ways & NOTIFY_LETTER) *out = (struct notify_way_taken){NOTIFY_LETTER, ""};
  else return no_way(who->code, *address, since, good, err);
  return DONE;
}

enum status notify_invite(struct store *store, struct arena *arena,
                          const struct notify_asked *asked, struct notify_way_taken *out,
                          struct error *err) {
  struct person who;
  const char *address = NULL;
  int64_t id = 0;
  if (!asked->ways) return refuse(err, INVITE_NO_WAY);
  enum status status = register_surviving_person(store, arena, asked->person, &who, err);
  if (status == DONE && who.died != DAY_NONE) status = refuse(err, INVITE_OF_THE_DEAD, who.code);
  if (status == DONE) status = choose(store, arena, &who, asked, &address, out, err);
  /* the counter's row is locked first: of two at once the second takes the first's away */
  if (status == DONE) status = counter_next(store, "message_out", &id, err);
  if (status == DONE)
    status = store_run_with(store,
                            "delete from message_out where party = ?1 and state = 'waiting' "
                            "and kind = 'code'",
                            err, who.id);
  if (status != DONE) return status;
  const bool mail = out->way == NOTIFY_EMAIL;
  char at[21];
  return store_run_with(
      store,
      "insert into message_out (id, party, way, address, asked_at, asked_by, state, tries, "
      "due, reason) values (?1, ?2, ?3, ?4, ?5, ?6, 'waiting', 0, ?7, '')",
      err, id, who.id, mail ? "email" : "letter", mail ? address : "", clock_write(asked->now, at),
      asked->who, asked->now);
}

/* ---- reading ---- */

enum status notify_list(struct store *store, struct arena *arena, int most,
                        struct message_out **out, int *count, struct error *err) {
  struct query *q = NULL;
  int64_t *parties = arena_array(arena, int64_t, most + 1);
  bool row = false;
  int n = 0;
  *out = arena_array(arena, struct message_out, most + 1);
  *count = 0;
  enum status status = store_query_with(store, &q,
                                        "select party, way, state, reason, asked_at, due from "
                                        "message_out where kind = 'code' order by "
                                        "id desc limit ?1",
                                        err, (int64_t)most);
  while (status == DONE && n < most && (status = query_step(q, &row, err)) == DONE && row) {
    parties[n] = query_int(q, 0);
    (*out)[n++] = (struct message_out){.way = query_copy(q, arena, 1),
                                       .state = query_copy(q, arena, 2),
                                       .reason = query_copy(q, arena, 3),
                                       .asked_at = query_copy(q, arena, 4),
                                       .due = query_int(q, 5)};
  }
  query_end(q);
  for (int i = 0; status == DONE && i < n; i++) {
    struct register_name name = {0};
    status = register_name_of_party(store, arena, parties[i], &name, err);
    (*out)[i].code = name.code;
    (*out)[i].name = name.name ? name.name : name.code;
  }
  *count = n;
  return status;
}
