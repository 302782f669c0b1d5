/* Every page and action, a row each: what is not here is closed. The router, the permission function, the navigation and the tests read the same rows (route.h says what each
 * column is). In the order in which the navigation shows them. */
#include "web/pages.h"

const struct route routes[] = {
  /* ---- for everybody ---- */
  {GET, "/", ANYONE, READS, page_home, .cache_seconds = -1, .help = "What this is, for whom, and where to go."},
  {GET, "/accessibility", ANYONE, READS, page_accessibility, .cache_seconds = -1, .help = "What these pages promise to those who use them differently."},
  {GET, "/privacy", ANYONE, READS, page_privacy, .cache_seconds = -1, .help = "What is kept, who sees it, what everybody may see."},
  {GET, "/cookies", ANYONE, READS, page_cookies, .cache_seconds = -1, .help = "The one cookie."},
  {GET, "/assets/{file}", ANYONE, READS, page_asset, .cache_seconds = -1, .help = "Style sheets, script and icon, named by what is in them."},

  {GET, "/place", ANYONE, READS, page_place, .fields = place_fields, .navigation = NAV_PUBLIC, .title = N_("The place"), .cache_seconds = 300, .help = "The account of the place, without names; what would tell of few people is hidden."},
  {GET, "/place/{code}", ANYONE, READS, page_place, .fields = place_fields, .cache_seconds = 300, .help = "The account of a place under it."},
  {GET, "/place/{code}/table/{table}", ANYONE, READS, page_place_table, .fields = place_table_fields, .cache_seconds = 300, .help = "One table of a place's account, to read, as CSV or as JSON."},
  {GET, "/heads", ANYONE, READS, page_heads, .navigation = NAV_PUBLIC, .title = N_("What proves it"), .cache_seconds = 60, .help = "The signed heads of the log, and how to use them."},
  {GET, "/heads/{size}", ANYONE, READS, page_head, .fields = head_fields, .cache_seconds = 300, .help = "One signed head, to read and to download."},

  /* ---- signing in and out ---- */
  {GET, "/sign-in", ANYONE, READS, page_sign_in, .help = "Sign in with an invitation's code; in a demonstration, as somebody on a list."},
  {POST, "/sign-in", ANYONE, WRITES, act_sign_in, .fields = sign_in_fields, .help = "Begins a session."},
  {GET, "/sign-out", SIGNED_IN, READS, page_sign_out, .help = "The button to sign out with, here or everywhere."},
  {POST, "/sign-out", SIGNED_IN, WRITES, act_sign_out, .fields = sign_out_fields, .help = "Ends the session, or all of the person's."},

  {.path = NULL},
};
