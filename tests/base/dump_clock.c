/* What the clock of the pack says of moments: for each number of seconds on standard input a line
 * `DAY HH:MM NAME BEGINS`, the day, the time and its name, and when the day began.
 * tests/base/clock_oracle.py holds it against another program's time zones. */
#include "base/day.h"
#include "pack/pack.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  struct clock_rules rules;
  struct error err = {0};
  char line[64], day[11], here[21];
  if (argc != 2 || pack_read_clock(argv[1], &rules, &err) != DONE) {
    fprintf(stderr, "%s\n", argc == 2 ? err.message : "dump_clock PACK");
    return 2;
  }
  clock_set(&rules);
  while (fgets(line, sizeof line, stdin)) {
    int64_t seconds = strtoll(line, NULL, 10), read = 0;
    clock_write(seconds, here);
    if (!clock_read(span_of(here), &read) || read != seconds)
      printf("%s is read otherwise\n", here);
    clock_write(seconds + clock_ahead_s(seconds), here);
    here[16] = 0;
    printf("%s %s %s %lld %d\n", day_write(clock_day(seconds), day), here + 11, clock_name(seconds),
           (long long)clock_day_begins(clock_day(seconds)), clock_hour(seconds));
  }
  return 0;
}
