/* weal serve: the portal. Everything of it starts here.
 *
 *     struct serve_options options = {.store_url = "sqlite:weal.db", .listen = "127.0.0.1:8080",
 *         .pack = pack};
 *     status = web_serve(&options, &err);
 *         returns after SIGTERM or SIGINT, when the requests under way are done
 */
#ifndef WEAL_WEB_WEB_H
#define WEAL_WEB_WEB_H

#include "base/outfile.h"
#include "pack/pack.h"

struct pack_name_words;
struct rules;

struct serve_options {
  const char *store_url;
  const struct pack *pack;
  const struct rules *rules;                /* of the pack; null: nobody is assessed */
  const struct pack_name_words *name_words; /* of the pack */
  const char *config_file;                  /* null: none */
  /* --listen, which overrides the file's; null: the file's, else a systemd socket, else
   * 127.0.0.1:8080 */
  const char *listen;
  bool quiet; /* log warnings only */
  /* what no output of the portal may be: the book, its side files, the configuration */
  const struct kept_file *kept;
  int kept_count;
};

enum status web_serve(const struct serve_options *options, struct error *err) MUST_USE;

#endif
