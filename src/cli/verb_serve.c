/* weal serve: the portal. */
#include "cli/cli.h"

#include "pack/name_words.h"
#include "web/web.h"

enum status verb_serve(struct call *call, struct error *err) {
  const char *listen = call_option(call, "listen");
  if (listen && strncmp(listen, "unix:", 5) == 0) {
    const struct out_path out = call_out_path(call, "--listen", listen + 5);
    if (out_path_check(&out, err) != DONE) return err->code;
  }
  if (call_open_store(call, STORE_WRITE, err) != DONE || call_open_pack(call, err) != DONE)
    return err->code;
  struct rules *rules = NULL;
  struct pack_name_words *name_words = NULL;
  /* awards and claims name the files as they were read here, whatever becomes of the folder */
  if (pack_keep_digest(call->pack, err) != DONE) return err->code;
  if (call->pack->entitlement_count && call_load_rules(call, &rules, err) != DONE) return err->code;
  if (pack_name_words_read(&name_words, call->pack->dir, call->arena, err) != DONE)
    return err->code;
  /* the server has connections of its own; this one has upgraded an older store and found its
   * policy pack */
  store_close(call->store);
  call->store = NULL;
  const struct out_path outputs = call_out_path(call, "letters", "");
  struct serve_options options = {
      .store_url = call_store_url(call),
      .pack = call->pack,
      .rules = rules,
      .name_words = name_words,
      .config_file = call_option(call, "config"),
      .listen = listen,
      .quiet = call->quiet,
      .kept = outputs.kept,
      .kept_count = outputs.count,
  };
  return web_serve(&options, err);
}
