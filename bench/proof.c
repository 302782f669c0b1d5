/* Measures leaves a second at the sizes that `openssl speed` uses: bench/bench_proof [SECONDS]
 * Prints a row for each size: libcrypto's rate in one call with the digest fetched once, then ours.
 * Sizes are of the message hashed, so a leaf of 256 has 255 bytes and its prefix. To compare, run
 * `openssl speed -evp sha256 -bytes N`. */
#include "proof/tree.h"
#include <openssl/evp.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  double seconds = argc > 1 ? strtod(argv[1], NULL) : 0.5;
  static const size_t sizes[] = {16, 64, 65, 128, 192, 256, 1024};
  static uint8_t room[1024];
  struct hasher *hasher = hasher_new();
  EVP_MD *method = EVP_MD_fetch(NULL, "SHA256", NULL);
  printf("bytes,one call M/s,in room M/s,parts M/s,six parts M/s\n");
  for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
    double rate[4];
    for (int way = 0; way < 4; way++) {
      struct digest out;
      size_t size = sizes[s], piece = (size - 1) / 6;
      const char *leaf = (const char *)room + 1;
      struct span parts[6] = {{leaf, piece}, {leaf, piece}, {leaf, piece},
                              {leaf, piece}, {leaf, piece}, {leaf, size - 1 - 5 * piece}};
      uint64_t done = 0;
      double from = now(), to;
      do {
        for (int i = 0; i < 10000; i++) {
          if (way == 0 && EVP_Digest(room, size, out.bytes, NULL, method, NULL) != 1) return 1;
          if (way == 1) tree_leaf_in_room(hasher, room, size - 1, &out);
          if (way == 2) tree_leaf(hasher, leaf, size - 1, &out);
          if (way == 3) tree_leaf_parts(hasher, parts, 6, &out);
          room[1] ^= out.bytes[0];
        }
        done += 10000;
      } while ((to = now()) - from < seconds);
      rate[way] = (double)done / (to - from) / 1e6;
    }
    printf("%zu,%.2f,%.2f,%.2f,%.2f\n", sizes[s], rate[0], rate[1], rate[2], rate[3]);
  }
  EVP_MD_free(method);
  hasher_free(hasher);
  return 0;
}
