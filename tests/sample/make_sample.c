/* make_sample PACK DIR [PEOPLE [SEED]]: writes only the files of the sample place, for
 * check_sample.py. */
#include "sample/sample.h"
#include <stdio.h>
#include <stdlib.h>

int main(int count, char **arguments) {
  if (count < 3) return USAGE;
  struct error err = {0};
  struct pack *pack = NULL;
  const char *packs[] = {arguments[1]};
  struct sample_options options = {.dir = arguments[2],
                                   .people = count > 3 ? strtoll(arguments[3], 0, 10)
                                                       : SAMPLE_PEOPLE_DEFAULT,
                                   .seed = count > 4 ? strtoull(arguments[4], 0, 10) : 1,
                                   .progress = PROGRESS_NEVER,
                                   .packs = packs,
                                   .pack_count = 1};
  enum status status = pack_open(&pack, arguments[1], &err);
  options.pack = pack;
  if (status == DONE) status = sample_write(&options, &err);
  if (status != DONE) {
    char message[ERROR_MESSAGE_SIZE + ERROR_WHERE_SIZE + ERROR_COLUMN_SIZE];
    error_format(&err, message, sizeof message);
    fprintf(stderr, "make_sample: %s\n", message);
  }
  pack_close(pack);
  return (int)status;
}
