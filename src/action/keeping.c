/* The action that says who keeps the book. */
#include "action/rows.h"
#include "base/origin.h"
#include "register/keeper.h"

#define KEPT(field, label_text, hint_text) \
  { \
    .name = (field), .kind = FIELD_TEXT, .optional = true, .most = 500, .label = (label_text), \
    .hint = (hint_text) \
  }

/* In the order of enum keeper_part; a part of which Welsh can differ has its Welsh after it. */
static const struct field keeper_fields[] = {
    {.name = "name",
     .kind = FIELD_TEXT,
     .most = 200,
     .label = N_("Who keeps these accounts"),
     .hint = N_("The organisation that answers for them, such as a council"),
     .missing = N_("Enter who keeps these accounts")},
    {.name = "name_cy",
     .kind = FIELD_TEXT,
     .optional = true,
     .most = 200,
     .label = N_("Its name in Welsh")},
    KEPT("address", N_("Postal address"), N_("In one row, with commas")),
    KEPT("address_cy", N_("Postal address in Welsh"), NULL),
    KEPT("contact", N_("Contact"), N_("An e-mail address or telephone number that is answered")),
    KEPT("data_protection_officer", N_("Data protection officer"),
         N_("Their post, and how to reach them; a name only if it is published anyway")),
    KEPT("data_protection_officer_cy", N_("Data protection officer in Welsh"), NULL),
    KEPT("legal_basis", N_("Legal basis"),
         N_("Of keeping these records, with its act and article")),
    KEPT("legal_basis_cy", N_("Legal basis in Welsh"), NULL),
    KEPT("retention", N_("How long details are kept"), NULL),
    KEPT("retention_cy", N_("How long details are kept, in Welsh"), NULL),
    KEPT("complaints", N_("How to complain to you"), NULL),
    KEPT("complaints_cy", N_("How to complain to you, in Welsh"), NULL),
    KEPT("regulator", N_("Regulator"), N_("Only if it is not the one of the whole country")),
    KEPT("regulator_cy", N_("Regulator in Welsh"), NULL),
    KEPT("portal", N_("Address of this service"),
         N_("For example, https://accounts.example.org: statements say that they can be checked "
            "there")),
    {.name = NULL}};

/* People are sent there with their statements, so plain http will not do. */
static bool portal_good(const char *text) {
  return strncmp(text, "https://", 8) == 0 && origin_good(text);
}

static enum status run_keeper(struct action_call *call, struct error *err) {
  struct keeper keeper = {0};
  for (int part = 0; part < KEEPER_PARTS; part++)
    for (int l = 0; l < LANGUAGES; l++) {
      char member[KEEPER_MEMBER_SIZE];
      keeper_member(part, l, member);
      if (action_field(call->action, span_of(member)))
        keeper.of[part][l] = action_text(call, member).bytes;
    }
  if (action_has(call, "portal") && !portal_good(action_text(call, "portal").bytes))
    return refuse_at(err, "portal", KEEPER_PORTAL_MALFORMED);
  /* where statements send people is told too: it could be another's */
  const char *name = keeper.of[KEEPER_NAME][ENGLISH], *portal = keeper.of[KEEPER_PORTAL][ENGLISH];
  enum status status = keeper_write(call->store, &keeper, err);
  if (status == DONE)
    status = alert_add(call->store, ALERT_KEEPER, action_told_of(call), 0,
                       portal && *portal ? arena_printf(call->arena, "%s, %s", name, portal) : name,
                       err);
  return status == DONE ? action_note(call, 0, "keeper set", "", err) : status;
}

static const enum refusal_code keeper_refusals[] = {REFUSAL_KEEPER_PORTAL_MALFORMED, REFUSAL_NONE};

const struct action keeping_actions[] = {
    {.name = "keeper-set",
     .summary = "Says who keeps the book, in place of all that was said before; every "
                "administrator is told.",
     .fields = keeper_fields,
     .needs = MAY_ADMINISTER,
     .refusals = keeper_refusals,
     .run = run_keeper},
    {.name = NULL},
};
