/* weal serve: the portal. */
#include "cli/cli.h"

#include "web/web.h"

enum status verb_serve(struct call *call, struct error *err) {
  if (call_open_store(call, STORE_WRITE, err) != DONE || call_open_pack(call, err) != DONE)
    return err->code;
  /* the server has connections of its own; this one has upgraded an older store and found its
   * policy pack */
  store_close(call->store);
  call->store = NULL;
  struct serve_options options = {
      .store_url = call_store_url(call),
      .pack = call->pack,
      .config_file = call_option(call, "config"),
      .listen = call_option(call, "listen"),
      .quiet = call->quiet,
  };
  return web_serve(&options, err);
}
