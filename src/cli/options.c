#include "cli/options.h"

const struct option import_options[] = {
    {"dry-run", NULL, "say what would happen; write nothing", NULL},
    {"partial", NULL, "post the good rows although others are refused", NULL},
    {"unusual", NULL,
     "post what is unusual too: the amounts, quantities and days that the policy pack holds to be "
     "implausible",
     NULL},
    {"rejects", "FILE", "write refused rows to FILE (line,column,value,reason)", NULL},
    {"review", "FILE",
     "of entries of a body's own file: write to FILE who may be meant where it is not sure", NULL},
    {"body", "ID", "the body, for files of others that have no such column", NULL},
    {"date", "DAY", "the day, for files that have none; of spending marked as not published", NULL},
    {"profile", "FILE",
     "what the columns of a file mean, as 'weal profile new' writes it; else a profile that "
     "the book or the policy pack has, or of spending what the headings say",
     NULL},
    {"again", "IMPORT", "the same file once more, after this import (import:12) was wholly undone",
     NULL},
    {"rest", "IMPORT",
     "the same file of entries once more: only the rows that this import left out", NULL},
    END_OPTIONS,
};

const struct option fact_options[] = {
    {"from", "DAY", "the first day on which it is so; today when not said", NULL},
    {"to", "DAY", "the last day on which it is so; until further notice when not said", NULL},
    {"per", "PERIOD", "in what an amount comes: week, month or year", "week month year"},
    {"source", "SOURCE", "what it rests on: told (when not said), estimated, evidenced or decision",
     "told estimated evidenced decision"},
    {"evidence", "TEXT", "what shows it, with --source evidenced or decision", NULL},
    {"body", "CODE", "the body whose officer records it, or that decided it", NULL},
    {"on", "DAY", "with list and unit: what is known on this day, and nothing else", NULL},
    REASON_OPTION,
    END_OPTIONS,
};

const struct option assess_options[] = {
    {"on", "DAY", "the day for which it is worked out; today when not said", NULL},
    {"if", "CHANGE", "what if: rent=700/month, hours_worked=30, child, partner=none, age=66", NULL},
    {"wage", "AMOUNT", "what is left at 0 to 40 hours of work a week at this wage an hour", NULL},
    {"assumed", NULL, "what nobody told and nobody is asked, where it could change an amount",
     NULL},
    {"missing", NULL, "who of a place gets nothing of what they seem due", NULL},
    {"place", "CODE", "with --missing: only those who live in this place, or under it", NULL},
    {"purpose", "TEXT", "with --missing: for what, if not the purpose of take-up.csv", NULL},
    {"agreement", "TEXT", "with --missing: the agreement under which it is looked for", NULL},
    {"body", "CODE", "with --missing: the body for which it is looked", NULL},
    {"public", NULL, "with --missing: what anyone would see of it, and nobody is listed", NULL},
    {"run", "NUMBER", "what came of a run of --missing, and of its letters", NULL},
    {"write", NULL, "with --run: write a letter to each household that may be written to", NULL},
    {"print", NULL, "with --run: the letters themselves; --format pdf to print them", NULL},
    END_OPTIONS,
};

const struct option award_options[] = {
    {"amount", "POUNDS", "how much in each period; what the assessment comes to when not said",
     NULL},
    {"per", "PERIOD", "in what the amount is: week, month or year", "week month year"},
    {"from", "DAY", "the first day, or of a change the first day of the new amount", NULL},
    {"to", "DAY", "the last day; with 'make' until further notice when not said", NULL},
    {"pay", "EVERY", "how often it is paid; as is usual when not said",
     "week 2-weeks 4-weeks month year"},
    {"first-due", "DAY", "the first day of pay; a whole period after the first day when not said",
     NULL},
    {"evidence", "TEXT", "what it rests on, with --amount", NULL},
    {"body", "CODE", "the body that pays it", NULL},
    REASON_OPTION,
    END_OPTIONS,
};

const struct option pay_options[] = {
    {"to", "DAY", "what is paid on this day or before; today when not said", NULL},
    {"dry-run", NULL, "list what would be paid, and post nothing", NULL},
    END_OPTIONS,
};

const struct option account_options[] = {
    {"from", "DAY", "the first day, such as 2025-04-06; from the beginning when not said", NULL},
    {"to", "DAY", "the last day; to the end when not said", NULL},
    {"category", "CODE", "only lines of this category, such as council-tax", NULL},
    {"body", "CODE", "only lines of this body", NULL},
    {"side", "SIDE", "only lines of this side: contribution, cash, service, given or transfer",
     "contribution cash service given transfer"},
    {"words", "TEXT", "only lines with all of this: words, amounts, days", NULL},
    {"line", "ENTRY:LINE", "instead of lines: all that is known of one, such as 417:3", NULL},
    {"rules", NULL, "with --line: what the rules make of it, from what was told", NULL},
    {"life", NULL, "instead of lines: the whole life, by year and by category", NULL},
    LANGUAGE_OPTION,
    END_OPTIONS,
};

const struct option standards_options[] = {
    YEAR_OPTION,
    {"place", "CODE", "the place; the book's own when not said", NULL},
    {"standard", "CODE", "only this one", NULL},
    {"who", NULL, "with check: also of whom it is not known to be kept; each sees that", NULL},
    {"public", NULL, "with check: what anyone may see, rounded and with figures hidden", NULL},
    END_OPTIONS,
};
