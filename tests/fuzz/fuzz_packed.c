#include "base/input.h"
#include "fuzz/table.h"

/* Damaged packings. Unpacked bytes are read in small pieces, at most a few megabytes, since a few
 * bytes can unpack to very many. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct input *in;
  struct error err = {0};
  char piece[777];
  size_t got, all = 0;
  if (input_open(&in, fuzz_file(bytes, size), &err) != DONE) {
    HOLD(err.code == REFUSED && err.message[0]);
    return 0;
  }
  enum status status;
  do status = input_read(in, piece, sizeof piece, &got, &err);
  while (status == DONE && got && (all += got) < 4 << 20);
  HOLD(status == DONE || (status == REFUSED && err.message[0] && err.file[0]));
  input_close(in);
  return 0;
}
