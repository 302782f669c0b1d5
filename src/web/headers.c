/* The headers of every reply. */
#include "web/http_request.h"

#include "base/limits.h"

#include <sys/stat.h>
#include <unistd.h>

static const struct {
  const char *name, *value;
} always[] = {
    {"Content-Security-Policy",
     "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'none'; "
     "connect-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"},
    {NULL, NULL},
};

void response_add(struct MHD_Response *response, const char *name, const char *value) {
  if (value) (void)MHD_add_response_header(response, name, value);
}

/* A proxy or browser may keep a public page, and nothing else. A file named by its content
 * (assets/) never changes. */
static void add_caching(struct MHD_Response *response, const struct route *row, int http) {
  char value[64];
  if (!row || row->cache_seconds == 0 || http != MHD_HTTP_OK)
    response_add(response, "Cache-Control", "no-store");
  else if (strncmp(row->path, "/assets/", 8) == 0)
    response_add(response, "Cache-Control", "public, max-age=31536000, immutable");
  else {
    snprintf(value, sizeof value, "public, max-age=%d",
             row->cache_seconds > 0 ? row->cache_seconds : WEB_CACHE_SECONDS);
    response_add(response, "Cache-Control", value);
  }
}

/* The name is ours but contains a reference that somebody typed: only letters, digits, `.`, `_` and
 * `-` are kept. */
static void add_file_name(struct MHD_Response *response, const char *name) {
  char value[160] = "attachment; filename=\"";
  size_t size = strlen(value);
  for (; *name && size < sizeof value - 2; name++) {
    char c = *name;
    bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                 c == '.' || c == '-' || c == '_';
    value[size++] = plain ? c : '-';
  }
  value[size++] = '"';
  value[size] = '\0';
  response_add(response, "Content-Disposition", value);
}

static void add_always(struct MHD_Response *response, const struct site *site) {
  for (int i = 0; always[i].name; i++) response_add(response, always[i].name, always[i].value);
  if (site->https) response_add(response, "Strict-Transport-Security", "max-age=31536000");
}

struct MHD_Response *response_of_bytes(const struct site *site, const struct route *row,
                                       const char *type, struct span bytes) {
  struct MHD_Response *response = MHD_create_response_from_buffer(bytes.size,
                                                                  (void *)(uintptr_t)bytes.bytes,
                                                                  MHD_RESPMEM_PERSISTENT);
  if (!response) return NULL;
  add_always(response, site);
  response_add(response, "Content-Type", type);
  add_caching(response, row, MHD_HTTP_OK);
  return response;
}

/* Of a file; closes it. */
static struct MHD_Response *response_of_file(int fd) {
  struct stat about;
  struct MHD_Response *response = fstat(fd, &about) == 0
                                      ? MHD_create_response_from_fd64((uint64_t)about.st_size, fd)
                                      : NULL;
  if (!response) close(fd);
  return response;
}

static struct MHD_Response *response_of_body(struct reply *reply) {
  /* a slow client then holds only the bytes that are sent, not the spare room of the buffer */
  if (reply->body.size) reply->body.bytes = memory_grow(reply->body.bytes, reply->body.size);
  struct MHD_Response *response =
      reply->body.size
          ? MHD_create_response_from_buffer(reply->body.size, reply->body.bytes,
                                            MHD_RESPMEM_MUST_FREE)
          : MHD_create_response_from_buffer(0, (void *)(intptr_t) "", MHD_RESPMEM_PERSISTENT);
  if (!response || !reply->body.size) text_release(&reply->body);
  reply->body = (struct text){0};
  return response;
}

struct MHD_Response *response_make(const struct site *site, const struct route *row,
                                   struct reply *reply) {
  struct MHD_Response *response = reply->fd ? response_of_file(reply->fd) : response_of_body(reply);
  reply->fd = 0;
  if (!response) return NULL;
  add_always(response, site);
  response_add(response, "Content-Type", reply->type);
  response_add(response, "Location", reply->location);
  response_add(response, "Set-Cookie", reply->cookie);
  response_add(response, "Weal-Refusal", reply->refused);
  if (reply->file_name) add_file_name(response, reply->file_name);
  if (reply->refresh_seconds > 0) {
    char seconds[16];
    snprintf(seconds, sizeof seconds, "%d", reply->refresh_seconds);
    response_add(response, "Refresh", seconds);
  }
  add_caching(response, row, reply->status);
  return response;
}
