/* Runs a fuzz target over files, without a fuzzer: the corpus is a test of every build. replay
 * FOLDER... */
#include "fuzz/fuzz.h"
#include <dirent.h>

static int replay_file(const char *path) {
  FILE *f = fopen(path, "rb");
  if (!f) return 0;
  static uint8_t bytes[1 << 20];
  size_t size = fread(bytes, 1, sizeof bytes, f);
  fclose(f);
  /* of its own size, so that the sanitizer sees a read past its end */
  uint8_t *exact = malloc(size ? size : 1);
  HOLD(exact);
  for (size_t i = 0; i < size; i++) exact[i] = bytes[i];
  LLVMFuzzerTestOneInput(exact, size);
  free(exact);
  return 1;
}

int main(int argc, char **argv) {
  int count = 0;
  for (int i = 1; i < argc; i++) {
    DIR *folder = opendir(argv[i]);
    if (!folder) continue;
    for (struct dirent *entry; (entry = readdir(folder));) {
      char path[4096];
      if (entry->d_name[0] == '.') continue;
      snprintf(path, sizeof path, "%s/%s", argv[i], entry->d_name);
      count += replay_file(path);
    }
    closedir(folder);
  }
  printf("%d files\n", count);
  return count ? 0 : 1;
}
