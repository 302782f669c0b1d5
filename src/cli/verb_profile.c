/* weal profile: what the columns of a published file mean. */
#include "cli/cli.h"

#include "exchange/profile_new.h"

const char profile_help[] =
    "A profile says what the columns of a publisher's files mean. 'profile new' reads a file "
    "that no profile knows and writes what it takes each column for, how sure that is of 100, "
    "and three of its values. Correct what is wrong and import the file with it; the same "
    "profile then reads the publisher's other files. In the folder 'profiles' of the policy "
    "pack it is found without being named. Profiles are CSV files: keep their versions, and "
    "give them to others, as you would any file.\n"
    "\n"
    "    weal profile new payments-may-2024.csv > testham.csv\n"
    "    weal import spend --profile testham.csv --body testham payments-may-2024.csv\n";

enum status verb_profile(struct call *call, struct error *err) {
  if (strcmp(call->arguments[0], "new") != 0)
    return error_set(err, USAGE, "there is no 'weal profile %s'; write: weal profile new FILE",
                     call->arguments[0]);
  if (call->argument_count != 2)
    return error_set(err, USAGE, "which file? Write: weal profile new FILE");
  const char *const *packs = NULL, *pack = NULL;
  int count = 0;
  if (call_policies(call, &packs, &count, err) != DONE) return err->code;
  if (!count && call_installed_policy(call, &pack, err) != DONE) return err->code;
  return profile_new(call->arguments[1], count ? packs[0] : pack, call->arena, &call->out, err);
}
