/* The tables of permissions, roles and scopes. */
#include "register/permission.h"

#include "base/message.h"
#include "base/refusal.h"

#include <assert.h>

_Static_assert(PERMISSIONS <= 64, "a set is a word of 64 bits");

/* ---- permissions ---- */

/* `holder`: who has it without a role; null: the roles that give it name their holders. */
static const struct {
  const char *word, *holder;
  bool asks_reason;
} permissions[PERMISSIONS] = {
    [ANYONE] = {.word = "anyone", .holder = "anyone"},
    [SIGNED_IN] = {.word = "signed-in", .holder = "who has signed in"},
    [HELPER] = {.word = "helper", .holder = "who helps them"},
    [HELPER_SEE] = {.word = "helper-see", .holder = "who helps them and may see"},
    [HELPER_NOTIFY] = {.word = "helper-tell", .holder = "who helps them and may tell"},
    [HELPER_TIME] = {.word = "helper-time", .holder = "who helps them and may enter time"},
    [MAY_SEE_PEOPLE] = {.word = "see-people", .asks_reason = true},
    [MAY_RECORD] = {.word = "record", .asks_reason = true},
    [MAY_ANSWER_INBOX] = {.word = "answer-inbox"},
    [MAY_ADMINISTER] = {.word = "administer"},
    [MAY_IMPORT] = {.word = "import"},
    [MAY_CHANGE_BODIES] = {.word = "change-bodies"},
    [MAY_GRANT_ROLES] = {.word = "grant-roles"},
    [MAY_INVITE] = {.word = "invite"},
    [MAY_CLOSE_YEARS] = {.word = "close-years"},
    [MAY_AUDIT] = {.word = "audit"},
    [MAY_OPERATE] = {.word = "operate", .holder = "the operator, on the command line"},
};

const char *permission_word(enum permission permission) { return permissions[permission].word; }

bool permission_asks_reason(enum permission permission) {
  return permissions[permission].asks_reason;
}

/* ---- roles ---- */

static const struct role role_rows[] = {
    {.word = "staff",
     .of_body = true,
     .gives = PERMISSION(MAY_SEE_PEOPLE) | PERMISSION(MAY_RECORD) | PERMISSION(MAY_ANSWER_INBOX),
     .holder = "staff of a body",
     .help = "of the body that --body names: they see people of their own services",
     .rule = N_("staff are staff of an organisation"),
     .title = N_("Staff"),
     .title_of = N_("Staff of %s"),
     .choice = N_("Staff of an organisation: sees people of its own services"),
     .among = N_("staff of %s"),
     .viewer = N_("%s, staff of %s"),
     .granted = N_("a role granted: staff"),
     .ended = N_("a role ended: staff")},
    {.word = "administrator",
     .gives = PERMISSION(MAY_ADMINISTER) | PERMISSION(MAY_IMPORT) | PERMISSION(MAY_CHANGE_BODIES) |
              PERMISSION(MAY_GRANT_ROLES) | PERMISSION(MAY_INVITE) | PERMISSION(MAY_CLOSE_YEARS) |
              PERMISSION(MAY_ANSWER_INBOX),
     .holder = "administrator",
     .help = "imports, bodies, roles, closings",
     .rule = N_("an administrator's role is for the whole place"),
     .title = N_("Administrator"),
     .choice = N_("Administrator: imports, organisations, roles, closings"),
     .among = N_("administrator"),
     .viewer = N_("%s, administrator"),
     .granted = N_("a role granted: administrator"),
     .ended = N_("a role ended: administrator")},
    {.word = "auditor",
     .gives = PERMISSION(MAY_AUDIT),
     .holder = "auditor",
     .help = "everything, with identities hidden",
     .rule = N_("an auditor's role is for the whole place"),
     .title = N_("Auditor"),
     .choice = N_("Auditor: sees everything except who it is about"),
     .among = N_("auditor"),
     .viewer = N_("%s, auditor"),
     .granted = N_("a role granted: auditor"),
     .ended = N_("a role ended: auditor")},
};
enum { ROLES = sizeof role_rows / sizeof *role_rows };

const struct role *role_at(int i) { return i < ROLES ? &role_rows[i] : NULL; }

const struct role *role_find(struct span word) {
  for (int i = 0; i < ROLES; i++)
    if (span_is(word, role_rows[i].word)) return &role_rows[i];
  return NULL;
}

/* `a, b or c`: the `i`-th of `count`. */
static void add_listed(struct text *t, int i, int count, const char *last, const char *word) {
  text_addf(t, "%s%s", i == 0 ? "" : i == count - 1 ? last : ", ", word);
}

void text_add_roles(struct text *t, bool explained) {
  for (int i = 0; i < ROLES; i++) {
    add_listed(t, i, ROLES, " or ", role_rows[i].word);
    if (explained) text_addf(t, " (%s)", role_rows[i].help);
  }
}

enum status role_parse(struct span word, const struct role **role, struct error *err) {
  const struct role *found = role_find(word);
  if (found) return *role = found, DONE;
  char quoted[SPAN_QUOTE_SIZE];
  struct text all = {0};
  text_add_roles(&all, false);
  refuse(err, ROLE_UNKNOWN, span_quote(word, quoted), all.bytes);
  text_release(&all);
  return REFUSED;
}

void text_add_permission_holders(struct text *t, enum permission permission) {
  if (permissions[permission].holder) {
    text_add(t, permissions[permission].holder);
    return;
  }
  int count = 0, i = 0;
  for (int k = 0; k < ROLES; k++) count += permission_in(permission, role_rows[k].gives);
  for (int k = 0; k < ROLES; k++)
    if (permission_in(permission, role_rows[k].gives))
      add_listed(t, i++, count, " or ", role_rows[k].holder);
}

/* ---- scopes ---- */

static const struct helper_scope scope_rows[] = {
    {"see", SCOPE_SEE, PERMISSION(HELPER) | PERMISSION(HELPER_SEE),
     N_("See my account, my statement and my life so far"), N_("see your record")},
    {"tell", SCOPE_NOTIFY, PERMISSION(HELPER) | PERMISSION(HELPER_NOTIFY),
     N_("Tell changes for me: name, address, a birth, a death"), N_("tell changes")},
    {"time", SCOPE_TIME, PERMISSION(HELPER) | PERMISSION(HELPER_TIME), N_("Enter time that I gave"),
     N_("enter time")},
};
enum { SCOPES = sizeof scope_rows / sizeof *scope_rows };

const struct helper_scope *scope_at(int i) { return i < SCOPES ? &scope_rows[i] : NULL; }

unsigned scope_all(void) {
  unsigned all = 0;
  for (int i = 0; i < SCOPES; i++) all |= scope_rows[i].bit;
  return all;
}

permission_set scope_gives(unsigned scope) {
  permission_set gives = 0;
  for (int i = 0; i < SCOPES; i++)
    if (scope & scope_rows[i].bit) gives |= scope_rows[i].gives;
  return gives;
}

static unsigned bit_of(struct span word) {
  for (int i = 0; i < SCOPES; i++)
    if (span_is(word, scope_rows[i].word)) return scope_rows[i].bit;
  return 0;
}

/* Reads the known words; *strange: there was another word. */
static unsigned read_words(struct span words, bool *strange) {
  unsigned scope = 0;
  *strange = false;
  for (size_t at = 0; at < words.size;) {
    size_t size = 0;
    while (at + size < words.size && words.bytes[at + size] != ' ') size++;
    unsigned one = bit_of(span_make(words.bytes + at, size));
    if (size && !one) *strange = true;
    scope |= one;
    at += size + 1;
  }
  return scope;
}

unsigned scope_of_words(struct span words) {
  bool strange;
  return read_words(words, &strange);
}

static char *scopes_listed(struct text *t) {
  for (int i = 0; i < SCOPES; i++) add_listed(t, i, SCOPES, " and ", scope_rows[i].word);
  return t->bytes;
}

enum status scope_refuse_none(struct error *err) {
  struct text t = {0};
  refuse_at(err, "scope", SCOPE_MISSING, scopes_listed(&t));
  text_release(&t);
  return REFUSED;
}

enum status scope_parse(struct span words, unsigned *scope, struct error *err) {
  bool strange;
  unsigned found = read_words(words, &strange);
  if (strange) {
    struct text t = {0};
    refuse_at(err, "scope", SCOPE_UNKNOWN, scopes_listed(&t));
    text_release(&t);
    return REFUSED;
  }
  if (!found) return scope_refuse_none(err);
  *scope = found;
  return DONE;
}

void text_add_scope(struct text *t, unsigned scope) {
  bool some = false;
  for (int i = 0; i < SCOPES; i++) {
    if (!(scope & scope_rows[i].bit)) continue;
    if (some) text_add_char(t, ' ');
    text_add(t, scope_rows[i].word);
    some = true;
  }
}
