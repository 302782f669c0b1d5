/* make_sample DIR [PEOPLE [SEED]]: writes only the files of the sample place, for
 * check_sample.py. */
#include "sample/sample.h"
#include <stdio.h>
#include <stdlib.h>

int main(int count, char **arguments) {
  if (count < 2) return USAGE;
  struct error err = {0};
  struct sample_options options = {.dir = arguments[1],
                                   .people = count > 2 ? strtoll(arguments[2], 0, 10)
                                                       : SAMPLE_PEOPLE_DEFAULT,
                                   .seed = count > 3 ? strtoull(arguments[3], 0, 10) : 1,
                                   .progress = PROGRESS_NEVER};
  enum status status = sample_write(&options, &err);
  if (status != DONE) {
    char message[ERROR_MESSAGE_SIZE + ERROR_WHERE_SIZE + ERROR_COLUMN_SIZE];
    error_format(&err, message, sizeof message);
    fprintf(stderr, "make_sample: %s\n", message);
  }
  return (int)status;
}
