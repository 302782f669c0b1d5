#include "web/source.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>

enum { IPV4_BYTES = 4, IPV6_BYTES = 16, IPV6_HALF = 8, IPV4_NETWORK = 3, IPV6_NETWORK = 6 };

/* The first `kept` bytes of an address, the rest zero. */
static void write_part(int family, const unsigned char *bytes, int kept, char out[SOURCE_SIZE]) {
  unsigned char part[IPV6_BYTES] = {0};
  char text[INET6_ADDRSTRLEN] = "";
  memcpy(part, bytes, (size_t)kept);
  inet_ntop(family, part, text, sizeof text);
  if (family == AF_INET && kept == IPV4_BYTES) snprintf(out, SOURCE_SIZE, "%s", text);
  else snprintf(out, SOURCE_SIZE, "%s/%d", text, 8 * kept);
}

static void write_four(const unsigned char *bytes, struct source *out) {
  write_part(AF_INET, bytes, IPV4_BYTES, out->address);
  write_part(AF_INET, bytes, IPV4_NETWORK, out->network);
}

static void write_six(const struct in6_addr *six, struct source *out) {
  if (IN6_IS_ADDR_V4MAPPED(six)) {
    write_four(six->s6_addr + IPV6_BYTES - IPV4_BYTES, out);
    return;
  }
  write_part(AF_INET6, six->s6_addr, IPV6_HALF, out->address);
  write_part(AF_INET6, six->s6_addr, IPV6_NETWORK, out->network);
}

static void write_word(const char *word, struct source *out) {
  snprintf(out->address, sizeof out->address, "%s", word);
  snprintf(out->network, sizeof out->network, "%s", word);
}

/* `[2001:db8::1]:4711` and `203.0.113.7:4711` without brackets and port. */
static struct span without_port(struct span text) {
  text = span_trim(text);
  const char *end = text.size && text.bytes[0] == '[' ? memchr(text.bytes, ']', text.size) : NULL;
  if (end) return span_make(text.bytes + 1, (size_t)(end - text.bytes - 1));
  const char *colon = text.size ? memchr(text.bytes, ':', text.size) : NULL;
  bool one = colon && !memchr(colon + 1, ':', text.size - (size_t)(colon + 1 - text.bytes));
  return one ? span_make(text.bytes, (size_t)(colon - text.bytes)) : text;
}

void source_read(struct span text, struct source *out) {
  char kept[INET6_ADDRSTRLEN];
  struct in6_addr six;
  struct in_addr four;
  text = without_port(text);
  write_word("unknown", out);
  if (text.size >= sizeof kept) return;
  snprintf(kept, sizeof kept, SPAN_FORMAT, SPAN(text));
  if (inet_pton(AF_INET6, kept, &six) == 1) write_six(&six, out);
  else if (inet_pton(AF_INET, kept, &four) == 1) write_four((const unsigned char *)&four, out);
}

void source_of_socket(const struct sockaddr *address, struct source *out) {
  write_word("unix", out);
  if (address && address->sa_family == AF_INET)
    write_four(
        (const unsigned char *)&((const struct sockaddr_in *)(const void *)address)->sin_addr, out);
  if (address && address->sa_family == AF_INET6)
    write_six(&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, out);
}
