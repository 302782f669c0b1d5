/* Replies made once, for rows whose bytes never change, and sent without allocating anything. */
#include "web/http_request.h"

#include "base/arena.h"
#include "http/asset.h"
#include "http/server.h"

#include <assert.h>

/* A response that was kept ready, for exactly this target. */
struct static_response *static_response_find(const struct site *site, const char *target) {
  size_t size = strlen(target);
  for (int i = 0; i < site->static_response_count; i++)
    if (site->static_response[i].target_size == size &&
        memcmp(site->static_response[i].target, target, size) == 0)
      return &site->static_response[i];
  return NULL;
}

enum MHD_Result static_response_send(struct static_response *static_response,
                                     struct MHD_Connection *connection, void **context) {
  if (*context == &static_response->first) {
    *context = &static_response->again;
    return MHD_YES;
  }
  struct deadline *deadline = http_server_deadline(connection);
  if (deadline) deadline_phase(deadline, DEADLINE_SENDING);
  const char *takes = static_response->packed
                          ? MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
                                                        "Accept-Encoding")
                          : NULL;
  return MHD_queue_response(connection, MHD_HTTP_OK,
                            takes && strstr(takes, "gzip") ? static_response->packed
                                                           : static_response->response);
}

static void keep_static(struct site *site, struct static_response *static_response,
                        const char *target, const char *pattern, size_t bytes) {
  static_response->first = (struct static_response_turn){TOOK_STATIC, static_response};
  static_response->again = (struct static_response_turn){TOOK_STATIC_AGAIN, static_response};
  static_response->target = target;
  static_response->target_size = strlen(target);
  static_response->pattern = pattern;
  static_response->bytes = bytes;
  site->static_response_count++;
}

/* A static file, as it is and packed. It holds nothing personal. */
static enum status make_static_asset(struct site *site, const char *name, struct error *err) {
  static const char pattern[] = "/assets/{file}";
  struct static_response *static_response = &site->static_response[site->static_response_count];
  struct asset asset;
  struct span names[ROUTE_NAMES];
  const char *url = asset_url(name);
  const struct route *row = route_find(GET, span_of(url), names);
  bool found = asset_find(span_of(url), &asset);
  assert(found && row);
  static_response->response = response_of_bytes(site, row, asset.type, asset.bytes);
  static_response->packed = asset.packed.size
                                ? response_of_bytes(site, row, asset.type, asset.packed)
                                : NULL;
  if (!static_response->response || (asset.packed.size && !static_response->packed))
    return error_set(err, FAILED, "the file %s could not be kept ready: no memory", name);
  if (static_response->packed) {
    response_add(static_response->packed, "Content-Encoding", "gzip");
    response_add(static_response->packed, "Vary", "Accept-Encoding");
    response_add(static_response->response, "Vary", "Accept-Encoding");
  }
  keep_static(site, static_response, url, pattern, asset.bytes.size);
  return DONE;
}

static const char *const static_assets[] = {"govuk.css", "portal.css", "portal.js", "icon.svg",
                                            NULL};

/* Rows that never change, in every language, made before the first request. */
enum status static_responses_make(struct site *site, struct arena *arena, struct error *err) {
  int count = 0;
  for (const struct route *row = routes; row->path; row++)
    count += row->cache_seconds < 0 && row->method == GET && !strchr(row->path, '{');
  site->static_response =
      arena_array(arena, struct static_response,
                  LANGUAGES * count + (int)(sizeof static_assets / sizeof *static_assets));
  for (const struct route *row = routes; row->path; row++) {
    if (row->cache_seconds >= 0 || row->method != GET || strchr(row->path, '{')) continue;
    for (int language = 0; language < LANGUAGES; language++) {
      struct static_response *static_response = &site->static_response[site->static_response_count];
      if (http_request_make_static(site, row, (enum language)language, &static_response->response,
                                   &static_response->bytes, err) != DONE)
        return error_while(err, "making the page %s", row->path);
      keep_static(site, static_response,
                  arena_printf(arena, "%s%s", language_row((enum language)language)->prefix,
                               row->path),
                  row->path, static_response->bytes);
    }
  }
  enum status status = DONE;
  for (int i = 0; static_assets[i] && status == DONE; i++)
    status = make_static_asset(site, static_assets[i], err);
  return status;
}

void static_responses_free(struct site *site) {
  for (int i = 0; i < site->static_response_count; i++) {
    MHD_destroy_response(site->static_response[i].response);
    if (site->static_response[i].packed) MHD_destroy_response(site->static_response[i].packed);
  }
}
