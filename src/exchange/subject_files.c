#include "exchange/subject_files.h"

#include "base/message.h"

#include <stddef.h>

const struct subject_file_title subject_files[] = {
    {"person", N_("Who you are: name, dates, sex, e-mail, and the reference of each record")},
    {"numbers", N_("Numbers by which you are known elsewhere")},
    {"homes", N_("Where you lived, from which day")},
    {"household", N_("The households in which you lived: tenure and council tax band")},
    {"household-homes", N_("Where those households lived, from which day")},
    {"merges", N_("Records that were found to be yours too")},
    {"accounts", N_("Your accounts, each with its number, role and unit")},
    {"lines", N_("Every item on your accounts, also what was reversed")},
    {"postings", N_("When each item was recorded, and a reason where one was given")},
    {"balances", N_("What your accounts with a limit hold, in the smallest part of their unit")},
    {"card-holds", N_("What a card has reserved and not yet taken")},
    {"refused-rows", N_("Rows of files that named you and could not be taken")},
    {"looks", N_("Who looked at your record, when, for what and why")},
    {"looks-at-everybody", N_("Work on many records at once that covered yours")},
    {"helpers", N_("Who may act for you")},
    {"help-offers", N_("Your offers to a helper that nobody has taken yet")},
    {"helps", N_("Whom you may act for")},
    {"cases", N_("Requests, notices and other cases about you, and their answers")},
    {"case-history", N_("What happened to these cases, step by step")},
    {"case-bodies", N_("Which organisations were told of these cases")},
    {"attachments", N_("Files of these cases, in the folder attachments")},
    {"cases-opened", N_("Cases about others that you opened")},
    {"cases-to-decide", N_("Cases of others that were for you to answer")},
    {"cases-decided", N_("Cases of others that you answered")},
    {"case-acts", N_("What you did in cases of others")},
    {"attachments-made", N_("Files that you attached to cases of others")},
    {"roles", N_("Your roles in the portal")},
    {"roles-granted", N_("Roles that you gave to others")},
    {"looks-made", N_("What you looked at in the records of others")},
    {"imports", N_("Files that you brought in")},
    {"erasures-made", N_("When you erased somebody's record")},
    {"legal-holds", N_("Reasons why your record must not be erased")},
    {"legal-holds-placed", N_("Reasons of that kind that you placed on records of others")},
    {"invitations", N_("Your one-time code to sign in, without the code itself")},
    {"sign-ins", N_("When you signed in")},
    {"alerts", N_("What administrators were told about your sign-in and roles")},
    {"alerts-made", N_("What administrators were told of what you did")},
    {"drafts", N_("Answers to questions that you have not finished")},
    {NULL, NULL},
};

const char *const subject_readme[] = {
    N_("This is everything that is held about you in this book, over all records of yours."),
    N_("Each subject has two files with the same content: NAME.csv for a spreadsheet, NAME.json"),
    N_("for a program. The file lines has the columns in which items are given out and taken in."),
    "",
    N_("Where another person would be named, it says [withheld]: their data is theirs. You see"),
    N_("the role and the organisation of staff who looked at your records. How often this was done "
       "is"),
    N_("said below, and in index.json. Words that somebody wrote are searched for the names of "
       "the"),
    N_("people who occur in your records. They can still name somebody: by a part of a name, by"),
    N_("another name, or somebody who occurs nowhere else. Think of that before you pass this on."),
    "",
    N_("Not in it, since they would only help somebody to do harm: secret codes and keys. Hashes"),
    N_("that prove the book are not about you alone."),
    "",
    N_("If something is wrong, you can ask for it to be put right, or to be erased: in the portal"),
    N_("under Requests, or write to whoever gave you this copy. You can also complain to the"),
    N_("Information Commissioner's Office: ico.org.uk"),
    NULL,
};
