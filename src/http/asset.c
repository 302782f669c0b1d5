/* Hashed and packed once, at first use: nothing here changes while the program runs. */
#include "http/asset.h"

#include "base/arena.h"
#include "base/embedded.h"
#include "base/hash.h"

#include <assert.h>
#include <pthread.h>
#include <zlib.h>

enum { ASSETS_MAX = 16, HASH_BYTES = 8, GZIP_WINDOW = 15 + 16 };

static const struct {
  const char *ending, *type;
} types[] = {{"css", "text/css; charset=utf-8"},
             {"js", "text/javascript; charset=utf-8"},
             {"svg", "image/svg+xml"},
             {"txt", "text/plain; charset=utf-8"}};

/* Written once, under `once`, and only read from then on. */
static struct {
  const char *name;
  struct asset asset;
} assets[ASSETS_MAX + 1];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static const char *type_of(const char *ending) {
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (strcmp(types[i].ending, ending) == 0) return types[i].type;
  assert(!"an asset has one of these endings");
  return NULL;
}

static struct span pack(struct span bytes) {
  z_stream z = {0};
  if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, 9, Z_DEFAULT_STRATEGY) != Z_OK)
    return (struct span){0};
  size_t room = deflateBound(&z, bytes.size);
  char *out = memory_alloc(room);
  z.next_in = (Bytef *)(uintptr_t)bytes.bytes; /* zlib only reads it */
  z.avail_in = (uInt)bytes.size;
  z.next_out = (Bytef *)out;
  z.avail_out = (uInt)room;
  bool whole = deflate(&z, Z_FINISH) == Z_STREAM_END;
  size_t size = z.total_out;
  deflateEnd(&z);
  if (whole && size < bytes.size) return span_make(out, size);
  free(out);
  return (struct span){0};
}

static void make(void) {
  struct hasher *hasher = hasher_new();
  int count = 0;
  for (const struct embedded_file *f = embedded_portal; f->name; f++, count++) {
    struct digest digest;
    struct text url = {0};
    const char *dot = strrchr(f->name, '.');
    assert(count < ASSETS_MAX && dot);
    hasher_begin(hasher);
    hasher_add(hasher, f->bytes, f->size);
    hasher_end(hasher, &digest);
    text_addf(&url, "/assets/%.*s.", (int)(dot - f->name), f->name);
    text_add_hex(&url, digest.bytes, HASH_BYTES);
    text_add(&url, dot);
    text_add_char(&url, 0);
    assets[count].name = f->name;
    assets[count].asset = (struct asset){url.bytes, type_of(dot + 1), span_make(f->bytes, f->size),
                                         pack(span_make(f->bytes, f->size))};
  }
  hasher_free(hasher);
}

const char *asset_url(const char *name) {
  pthread_once(&once, make);
  for (int i = 0; assets[i].name; i++)
    if (strcmp(assets[i].name, name) == 0) return assets[i].asset.url;
  assert(!"there is no asset of that name");
  return NULL;
}

bool asset_find(struct span path, struct asset *out) {
  pthread_once(&once, make);
  for (int i = 0; assets[i].name; i++) {
    if (!span_is(path, assets[i].asset.url)) continue;
    *out = assets[i].asset;
    return true;
  }
  return false;
}
