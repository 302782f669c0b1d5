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

  /* ---- signing in and out ---- */
  {GET, "/sign-in", ANYONE, READS, page_sign_in, .help = "Sign in with an invitation's code; in a demonstration, as somebody on a list."},
  {POST, "/sign-in", ANYONE, WRITES, act_sign_in, .fields = sign_in_fields, .help = "Begins a session."},
  {GET, "/sign-out", SIGNED_IN, READS, page_sign_out, .help = "The button to sign out with, here or everywhere."},
  {POST, "/sign-out", SIGNED_IN, WRITES, act_sign_out, .fields = sign_out_fields, .help = "Ends the session, or all of the person's."},

  {.path = NULL},
};
