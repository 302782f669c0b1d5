/* Every verb, a row each. The parser (parse.c), the help, the manual page and the shell's
 * completion (help.c) all read these rows and nothing else, so a verb is in all of them or in none.
 *
 * Help is for somebody who does not know the verb yet: what it does, what to know, an example. A
 * line that begins with four spaces is shown as it is. */
#include "cli/options.h"

const struct option global_options[] = {
    {"store", "URL",
     "the book: sqlite:PATH or postgresql://...; else $WEAL_STORE, else sqlite:weal.db", NULL},
    {"format", "FORMAT", "how results are written, where the verb has a choice", NULL},
    {"policy", "DIR",
     "the policy pack: a folder such as policy/uk; else the one the book names, else the installed "
     "one",
     NULL},
    {"as", "PERSON", "who is asking, for the log of who looked; else the operating-system user",
     NULL},
    {"progress", "WHEN", "auto (when standard error is a terminal), always or never",
     "auto always never"},
    {"keys", "DIR", "the folder of keys; else $WEAL_KEYS, else ~/.config/weal/keys", NULL},
    {"quiet", NULL, "no progress, no notes, no summary; messages about what is wrong still come",
     NULL},
    END_OPTIONS,
};

static const struct option init_options[] = {
    {"place", "CODE,NAME", "the place whose book it is, such as E07000117,Burnley", NULL},
    {"kind", "KIND", "nation, region, county, locality (when not said) or neighbourhood",
     "nation region county locality neighbourhood"},
    END_OPTIONS,
};

static const struct option demo_options[] = {
    {"people", "N", "how many people live there; 10000 when not said", NULL},
    {"seed", "S", "another seed gives another place, the same seed the same one; 1 when not said",
     NULL},
    END_OPTIONS,
};

static const struct option statement_options[] = {
    YEAR_OPTION,
    {"life", NULL, "also the lines of the whole life, by category", NULL},
    {"proof", NULL,
     "as JSON, with what proves it: nobody has to be trusted who reads it with 'weal verify'",
     NULL},
    {"only", "ENTRY:LINE",
     "with --proof: one line and its path, to show to somebody without the others", NULL},
    LANGUAGE_OPTION,
    END_OPTIONS,
};

static const struct option statements_options[] = {
    YEAR_OPTION,
    {"out", "DIR", "the folder to write into; made if it is not there", NULL},
    {"jobs", "N", "threads; as many as the machine has when not said", NULL},
    {"place", "CODE", "only people who live in this place, or under it", NULL},
    {"life", NULL, "also the lines of the whole life, by category", NULL},
    LANGUAGE_OPTION,
    END_OPTIONS,
};

static const struct option place_options[] = {
    YEAR_OPTION,
    {"by", "COLUMN",
     "what to sum by: category (when not said), cofog, purpose, domain, side or body",
     "category cofog purpose domain side body"},
    LANGUAGE_OPTION,
    END_OPTIONS,
};

static const struct option payees_options[] = {
    YEAR_OPTION,
    END_OPTIONS,
};

static const struct option erase_options[] = {
    REASON_OPTION,
    {"list", NULL, "write who was erased, as numbers, to keep apart from backups", NULL},
    {"again", "FILE", "erase again those whom --list named, after a backup was restored", NULL},
    {"retention", NULL, "take away the details of lines that are past their category's time", NULL},
    {"rewrite", NULL, "also, or only, write anew the tables that held what was erased", NULL},
    {"on", "DAY", "the day that retention is reckoned from; today when not said", NULL},
    END_OPTIONS,
};

static const struct option legal_hold_options[] = {
    REASON_OPTION,
    {"hold", "N", "which one is ended, where several stand on the record", NULL},
    END_OPTIONS,
};

static const struct option rules_options[] = {
    {"on", "DAY", "the day for which values are shown; today when not said", NULL},
    {"period", "PERIOD", "a tax year (2025-26), a month (2025-07) or week:2025-07-14", NULL},
    {"out", "VARIABLES", "what 'run' computes: names with commas between", NULL},
    {"to", "DIR", "the folder that 'run' writes its results into", NULL},
    {"household", "FILE", "what is known of the household that 'explain' is about (YAML or JSON)",
     NULL},
    {"legal", NULL, "'run' by the law's own periods and rounding, not by the year", NULL},
    {"annual", NULL, "'explain' by the year, without rounding", NULL},
    {"full", NULL, "'explain' with every value, not only as deep as some 150 lines allow", NULL},
    {"vary", "INPUT", "'explain' against an input that changes: employment_income, or anna.age",
     NULL},
    {"most", "N", "with --vary: the highest value, from 0", NULL},
    {"step", "N", "with --vary: how far apart", NULL},
    {"unknown", "INPUT", "'explain' while this is not known: rent, anna.age=16..20, tenure=OWNED",
     NULL},
    END_OPTIONS,
};

static const struct option balances_options[] = {
    {"on", "DAY", "the day at whose end balances are taken; the last there is when not said", NULL},
    END_OPTIONS,
};

static const struct option cases_options[] = {
    {"which", "WHICH", "waiting (when not said), late, answered or all",
     "waiting late answered all"},
    {"kind", "KIND", "one kind only: a code of the policy pack's cases/kinds.csv", NULL},
    {"body", "BODY", "only what this body answers", NULL},
    END_OPTIONS,
};

static const struct option reverse_options[] = {
    REASON_OPTION,
    {"on", "DAY", "the day of the second entry; the day of each undone line when not said", NULL},
    END_OPTIONS,
};

static const struct option merge_options[] = {
    REASON_OPTION,
    {"undo", NULL, "the two are two people after all", NULL},
    END_OPTIONS,
};

static const struct option help_options[] = {
    {"man", NULL, "the whole manual page, for man(1) or mandoc(1)", NULL},
    {"completion", "SHELL", "the completion script of a shell", "bash"},
    END_OPTIONS,
};

static const struct option publish_options[] = {
    {"new", NULL, "have an edition made before its day", NULL},
    {"list", NULL, "list the editions that were made", NULL},
    {"edition", "N", "write this edition, as --list numbers it; the last one when not said", NULL},
    {"schedule", "WHEN", "how often an edition is made (never: only by --new)",
     "weekly monthly quarterly never"},
    LANGUAGE_OPTION,
    END_OPTIONS,
};
static const struct option role_options[] = {
    {"body", "CODE", "of a role of a body: the body's code", NULL},
    {"first", NULL, "name one of the first two administrators of a place", NULL},
    {"break-glass", NULL, "make somebody an administrator for 24 hours; everybody is told", NULL},
    {"reason", "TEXT", "why it cannot wait, with --break-glass; every administrator reads it",
     NULL},
    END_OPTIONS,
};

static const struct option do_options[] = {
    {"person", "PERSON", "whom the action is about, where it is about somebody", NULL},
    {"reason", "TEXT", "why the person's record is read, which staff say; the person sees it",
     NULL},
    {"json", NULL, "read the fields from standard input: a JSON object of texts", NULL},
    {"list", NULL, "list every action with its fields", NULL},
    LANGUAGE_OPTION,
    END_OPTIONS,
};

static const struct option serve_options[] = {
    {"listen", "ADDRESS", "where: 127.0.0.1:8080 (when not said), [::1]:8080, unix:PATH or systemd",
     NULL},
    {"config", "FILE", "a file of key = value: origin, limits, a proxy's address", NULL},
    END_OPTIONS,
};

static const struct option close_options[] = {
    {"to", "DAY", "the last day that is covered; the year's last when not said", NULL},
    {"unfinished", NULL, "close a year that is not over; later lines are shown as not yet proven",
     NULL},
    END_OPTIONS,
};

static const struct option head_options[] = {
    {"since", "HEAD",
     "print a consistency file instead: this old head, the new one, the proof that nothing between "
     "them was rewritten",
     NULL},
    {"witnessed", "FILE",
     "add what witnesses answered to the last head instead of signing: their signature lines, or "
     "the note with them",
     NULL},
    {"key", "FILE", "with --witnessed: the witnesses' vkeys, one a line", NULL},
    {"name", "NAME", "which key signs, for the first head of a book; later ones have the same name",
     NULL},
    END_OPTIONS,
};

static const struct option verify_options[] = {
    {"head", "FILE", "a published head that you believe", NULL},
    {"key", "FILE.vkey", "the signer's public key", NULL},
    {"consistency", "FILE",
     "what ties that head to the file's own, where they are of two sizes ('weal head --since' "
     "prints it)",
     NULL},
    {"person", "ID", "whose statement it must be", NULL},
    {"unchecked", NULL,
     "with neither --key nor --head: pass a file that agrees with itself, whoever signed it", NULL},
    END_OPTIONS,
};

static const struct option audit_options[] = {
    {"against", "HEAD", "also say whether this head, or a folder of tiles, begins the log", NULL},
    {"rebuild", NULL, "first make the kept totals of payments anew from the lines", NULL},
    END_OPTIONS,
};

static const struct option subject_export_options[] = {
    LANGUAGE_OPTION,
    END_OPTIONS,
};

static const struct option no_options[] = {END_OPTIONS};
static const struct option export_options[] = {
    {"raw", NULL,
     "CSV as it is, for programs: no apostrophe before a text that a spreadsheet would run", NULL},
    END_OPTIONS};

const struct verb verbs[] = {
    {.name = "init",
     .synopsis = "--place CODE,NAME",
     .run = verb_init,
     .options = init_options,
     .summary = "make an empty book for a place",
     .help = "Makes a new book: a SQLite file, or the tables in an empty PostgreSQL database. It "
             "knows one place, the categories, services, unit costs "
             "and rates of the policy pack, and the pack's national bodies; it knows nobody yet.\n"
             "\n"
             "A code is whatever the place is called in your files; use the ONS code where there "
             "is one. Nothing is left behind when making the book fails.\n"
             "\n"
             "    weal init --place E07000117,Burnley\n"
             "    weal --store postgresql:///accounts init --place E07000117,Burnley\n"},
    {.name = "demo",
     .synopsis = "DIR",
     .run = verb_demo,
     .options = demo_options,
     .arguments_min = 1,
     .arguments_max = 1,
     .first_argument = "folder",
     .summary = "make the sample place and run the main job on it",
     .help =
         "Makes an invented place in DIR: its people and names are made up, its figures are drawn "
         "from published distributions, its taxes and benefits are what the policy pack's rules "
         "make of them, and its people have told facts. Writes it as files in "
         "DIR/files, imports them into DIR/weal.db as any place would import its own, writes "
         "everybody's statement into DIR/statements, and "
         "prints the account of the place. A few of its people are given roles (administrator, "
         "auditor, staff of the council and of the hospitals) and one has a helper, so that "
         "the portal can be tried; it names them at the end.\n"
         "\n"
         "The same seed and number of people give the same place. A DIR that has a weal.db already "
         "is refused.\n"
         "\n"
         "    weal demo demo\n"
         "    weal demo demo-2 --people 1000 --seed 7\n"},
    {.name = "import",
     .synopsis = "KIND FILE...",
     .run = verb_import,
     .options = import_options,
     .arguments_min = 2,
     .arguments_max = ARGUMENTS_ANY,
     .formats = "text json",
     .first_argument = "kind",
     .summary = "take files in: people, places, bodies, entries, spending",
     .help = import_help},
    {.name = "account",
     .synopsis = "PERSON",
     .run = verb_account,
     .options = account_options,
     .arguments_min = 1,
     .arguments_max = 1,
     .formats = "text html json csv",
     .first_argument = "",
     .summary = "what happened, the newest first, with each year's sums",
     .help = "What a person paid, received, used and gave, the newest first, with the sums of each "
             "year by section, and what was taken back. PERSON is SCHEME:VALUE (nino:QQ123456C, "
             "nhs:9434765919, id:P000001); a bare value is an id. JSON and CSV have each line as "
             "the book keeps it, in order of day, with the balance after it in each unit: plus is "
             "received, minus is paid or given. Where only some lines are asked for, the balance "
             "still counts them all.\n"
             "\n"
             "Who looked is noted in the book.\n"
             "\n"
             "    weal account P000001 --from 2025-04-06 --to 2026-04-05\n"
             "    weal account P000001 --category council-tax\n"
             "    weal account P000001 --line 417:3\n"
             "    weal account P000001 --line 417:3 --rules\n"},
    {.name = "statement",
     .synopsis = "PERSON --year YEAR",
     .run = verb_statement,
     .options = statement_options,
     .arguments_min = 1,
     .arguments_max = 1,
     .formats = "text html json csv pdf",
     .first_argument = "",
     .summary = "a person's annual statement",
     .help =
         "What a person paid, received in benefits, used in services and what those cost, gave in "
         "time, and where their tax went; the year before beside it, life "
         "to date, and the source of every figure; in none of the totals, what a household "
         "typically pays in prices. PERSON is SCHEME:VALUE; a bare value is an "
         "id. A record that was merged into another shows the other.\n"
         "\n"
         "Every format shows the same figures. Who looked is noted in the book.\n"
         "\n"
         "    weal statement P000001 --year 2025-26\n"
         "    weal statement nino:QQ123456C --year 2025-26 --language cy\n"
         "    weal statement P000001 --year 2025-26 --format html > statement.html\n"
         "    weal statement P000001 --year 2025-26 --proof > statement.json\n"
         "    weal statement P000001 --year 2025-26 --proof --only 417:3 > line.json\n"},
    {.name = "statements",
     .synopsis = "--year YEAR --out DIR",
     .run = verb_statements,
     .options = statements_options,
     .formats = "json html text csv pdf",
     .summary = "everybody's annual statement, as files",
     .help = "Writes the statement of every person, on all cores. JSON goes into one file, "
             "DIR/statements.jsonl, a person a line in order of person id; the other formats are a "
             "file a person, in folders of at most 1,000, with an index. Files are whole or not "
             "there, and nobody but you can read them (mode 0600), whatever the umask.\n"
             "\n"
             "    weal statements --year 2025-26 --out statements\n"
             "    weal statements --year 2025-26 --out letters --format html --place E07000117\n"},
    {.name = "place",
     .synopsis = "[CODE] --year YEAR",
     .run = verb_place,
     .options = place_options,
     .arguments_max = 1,
     .formats = "text html json csv pdf",
     .first_argument = "",
     .summary = "the account of a place",
     .help = "What everyone in the place paid, received and gave in a year, in total and per head, "
             "summed by a column of the chart of categories; what bodies spent there, "
             "and what no citizen's account carries. It includes the places under it. Without CODE "
             "it is the book's own place.\n"
             "\n"
             "Summed by purpose: what prevents, what answers a need, what is for everybody. By "
             "domain: the parts of life. By cofog: what spending is for, as the UN sorts it. "
             "By side: taxes, cash, services, time. By body: who took or gave it.\n"
             "\n"
             "Payments by bodies and services used are two views of one pound and are never added "
             "together.\n"
             "\n"
             "    weal place --year 2025-26\n"
             "    weal place E07000117 --year 2025-26 --by purpose --format json\n"},
    {.name = "reverse",
     .synopsis = "ENTRY[:LINE] --reason TEXT | import:ID --reason TEXT",
     .run = verb_reverse,
     .options = reverse_options,
     .arguments_min = 1,
     .arguments_max = 1,
     .formats = "text json",
     .first_argument = "",
     .summary = "undo an entry, a line of it, or a whole file, by a second entry",
     .help = "Nothing in the book is deleted. A mistake is undone by a second entry with the "
             "amounts turned round, which names what it undoes. Each line can be undone once; "
             "undoing a whole entry or file leaves out lines that were undone before.\n"
             "\n"
             "'weal account' shows the entry and line of each row; 'weal import' prints the number "
             "of the import.\n"
             "\n"
             "    weal reverse 417:3 --reason 'paid by somebody else'\n"
             "    weal reverse import:12 --reason 'the file was of the wrong month'\n"},
    {.name = "merge",
     .synopsis = "KEEP GONE --reason TEXT | --undo KEEP GONE",
     .run = verb_merge,
     .options = merge_options,
     .arguments_min = 2,
     .arguments_max = 2,
     .first_argument = "",
     .summary = "two records are one person",
     .help = "From now on GONE is read as KEEP: one statement shows both records' lines. The lines "
             "stay where they are, so it can be undone.\n"
             "\n"
             "    weal merge P000001 P000944 --reason 'same NINO on paper'\n"
             "    weal merge --undo P000001 P000944\n"},
    {.name = "payees",
     .synopsis = "[CODE] --year YEAR",
     .run = verb_payees,
     .options = payees_options,
     .arguments_max = 1,
     .formats = "text csv json",
     .summary = "who was paid by the bodies of a place",
     .help = "Whom bodies of the place paid in the financial year. Bodies that people found to be "
             "one payee are one row; private people are one row without names.\n"
             "\n"
             "    weal payees --year 2025-26 --format csv\n"},
    {.name = "matches",
     .synopsis = "review | hidden | decided",
     .run = verb_matches,
     .arguments_min = 1,
     .arguments_max = 1,
     .formats = "text csv json",
     .summary = "rows of bodies' own files that may be about somebody",
     .help = matches_help_text},
    {.name = "bodies",
     .synopsis = "review | decided",
     .run = verb_bodies,
     .arguments_min = 1,
     .arguments_max = 1,
     .formats = "text csv json",
     .summary = "bodies that may be one payee, and payees whom nobody is shown",
     .help = "`review` lists pairs whose names or company numbers may be one payee's and which "
             "nobody has decided; `hidden` payees who are not known to be organisations, so that "
             "nobody is shown their names; `decided` what people decided. Write same or different, "
             "or organisation or person, into the column `decision`, and import the file. Lines "
             "stay where they are; open takes it back.\n"
             "\n"
             "    weal bodies review --format csv > pairs.csv\n"
             "    weal import payees pairs.csv\n"},
    {.name = "erase",
     .synopsis = "PERSON --reason TEXT [--rewrite] | --retention [--on DAY] [--rewrite] | --again "
                 "FILE [--rewrite] | --rewrite | --list",
     .run = verb_erase,
     .options = erase_options,
     .arguments_max = 1,
     .summary = "take away a person's details; the money stays",
     .help =
         "Of each of the person's lines only its hash is kept, so that every head that was ever "
         "given out still verifies; the amounts become sums of the place where they lived on the "
         "day. Name, numbers, homes and who looked are deleted. It cannot be undone.\n"
         "\n"
         "A backup that is restored brings the person back: keep the output of --list apart from "
         "the backups, and give it to --again after restoring one. --retention does the same to "
         "lines "
         "whose category is kept no longer (policy pack, retention.csv) on a day, today when not "
         "said.\n"
         "\n"
         "What was deleted may still lie in the store's files, where no program of ours reads it: "
         "--rewrite, with any of these but --list or alone, writes anew the tables that held it, "
         "says how long that "
         "took, and what it cannot reach. Nobody may be in the middle of a long transaction "
         "meanwhile. "
         "The portal does it by itself some days after an erasure (rewrite_days in its "
         "configuration).\n"
         "\n"
         "A record under a legal hold is refused, with who placed it, when and why: see 'weal "
         "legal-hold'.\n"
         "\n"
         "    weal erase P000944 --reason 'asked for it, letter of 3 March' --rewrite\n"
         "    weal erase --list > erased.csv\n"
         "    weal erase --again erased.csv\n"},
    {.name = "legal-hold",
     .synopsis = "place PERSON --reason TEXT | end PERSON [--hold N] --reason TEXT | list [PERSON]",
     .run = verb_legal_hold,
     .options = legal_hold_options,
     .arguments_min = 1,
     .arguments_max = 2,
     .formats = "text csv json",
     .first_argument = "",
     .summary = "keep a person's record from erasure while a matter is open",
     .help = "While a legal hold stands on a record, 'weal erase' refuses it and retention leaves "
             "all of its "
             "lines, with the words of who placed the hold, when and why. Of records that were "
             "merged a hold "
             "on one holds all. Several may stand at once, each for a matter of its own; 'list' "
             "numbers "
             "them.\n"
             "\n"
             "Nothing is deleted when a hold ends: who placed and ended it, when and why stay. "
             "That it was "
             "placed or ended, and by whom, stands among the looks at the person's record, where "
             "they read "
             "it; the reasons do not.\n"
             "\n"
             "    weal legal-hold place P000944 --reason 'claim 12 of 2026, file L-7'\n"
             "    weal legal-hold list P000944\n"
             "    weal legal-hold end P000944 --reason 'the claim was settled'\n"},
    {.name = "standards",
     .synopsis = "list | check --year YEAR [--place CODE] | ask --year YEAR [--place CODE]",
     .run = verb_standards,
     .options = standards_options,
     .arguments_min = 1,
     .arguments_max = 1,
     .formats = "text csv json",
     .first_argument = "list check ask",
     .summary = "what everybody is promised at least, and whether it is kept",
     .help = standards_help},
    {.name = "fact",
     .synopsis = "tell PERSON VARIABLE VALUE | correct PERSON FACT VALUE | withdraw PERSON FACT | "
                 "list PERSON [--on DAY] | unit PERSON [--on DAY] | variables",
     .run = verb_fact,
     .options = fact_options,
     .arguments_min = 1,
     .arguments_max = 4,
     .formats = "text csv json",
     .first_argument = "",
     .summary = "what rules need to know of somebody, told once",
     .help = "What rules of taxes and benefits need to know and no line of the book says: pay, "
             "rent, a disability, hours of care, who is whose partner. 'variables' lists what can "
             "be told; the policy pack has it in tellable.csv. Of a household's variable name a "
             "person who lives in it. A relation takes a person's reference, or none.\n"
             "\n"
             "Nothing is changed: a correction and a withdrawal are rows of their own, and 'list' "
             "shows them all. With --on it shows what is known on a day: what a body decided "
             "before what was evidenced, that before what was told, that before what was "
             "estimated; of several the one recorded last. Past its last day or its review it is "
             "not known any more.\n"
             "\n"
             "'unit' says who belongs together by what was told, never by an address: an adult, "
             "their partner, the children for whom they are responsible; and what is not known.\n"
             "\n"
             "With --as of the person themself it is in their name; else the operator says it. "
             "What a body decided nobody corrects here.\n"
             "\n"
             "    weal fact tell P000001 employment_income 1450 --per month --from 2026-04-06\n"
             "    weal fact tell P000001 rent 650 --source evidenced --evidence 'letter' \\\n"
             "      --body council\n"
             "    weal fact tell P000001 partner P000002\n"
             "    weal fact correct P000001 12 1480\n"
             "    weal fact withdraw P000001 12 --reason 'the wrong person'\n"
             "    weal fact list P000001 --on 2026-11-30\n"},
    {.name = "assess",
     .synopsis = "PERSON [--on DAY] [--if CHANGE]... [--wage AMOUNT] | --place CODE --missing "
                 "BENEFIT... [--on DAY] [--public] | --run NUMBER [--write] [--print]",
     .run = verb_assess,
     .options = assess_options,
     .arguments_max = 20,
     .formats = "text csv json pdf",
     .summary = "what somebody's household may get and must pay, and what to ask",
     .help = assess_help},
    {.name = "award",
     .synopsis =
         "make PERSON VARIABLE --body CODE --from DAY | change PERSON AWARD --amount POUNDS "
         "--from DAY --reason TEXT | end PERSON AWARD --to DAY --reason TEXT | list|debts PERSON | "
         "pack PERSON VARIABLE",
     .run = verb_award,
     .options = award_options,
     .arguments_min = 2,
     .arguments_max = 3,
     .formats = "text csv json pdf",
     .first_argument = "",
     .summary = "what a body pays somebody, from a day on",
     .help =
         "Makes, changes, ends and lists awards. VARIABLE is a row of the policy pack's "
         "entitlements.csv, which says who pays it; without --amount it is what the assessment "
         "comes to on the first day ('weal help assess'), which must be exact. When it is paid, "
         "and what becomes of parts of a period, are rows of pay-days.csv; 'weal pay' posts what "
         "is due.\n"
         "\n"
         "Nothing is changed: a change ends one amount and begins the next, under the same number. "
         "Where days were paid already, what they come to more is paid at the next run; what "
         "they come to less is not taken back, but opens a case with the amount, the days and what "
         "can be asked back ('weal cases --kind overpayment').\n"
         "\n"
         "    weal award make P000001 housing_benefit --amount 85.50 --from 2026-04-06 \\\n"
         "      --body burnley-council\n"
         "    weal award make P000001 child_benefit --from 2026-04-06 \\\n"
         "      --first-due 2026-04-20 --body hmrc\n"
         "    weal award change P000001 3 --amount 80 --from 2026-06-01 --reason rent\n"
         "    weal award end P000001 3 --to 2026-08-31 --reason 'moved away'\n"
         "    weal award list P000001\n"},
    {.name = "pay",
     .synopsis = "[--to DAY] [--dry-run]",
     .run = verb_pay,
     .options = pay_options,
     .formats = "text csv json",
     .summary = "post what awards make due, each day of pay once",
     .help = "Posts a line for each day of pay up to the day that is not posted yet, on the "
             "working day on or before it, with the reference award:NUMBER:DAY; and lists by "
             "body and variable what was paid. However often it runs, nothing is paid twice. "
             "Who has died is paid up to the day before, and their awards end. An award of "
             "which a payment is refused is set aside with the reason; the others are posted, "
             "and the exit status is 1.\n\n"
             "    weal pay --dry-run --to 2026-12-31\n"
             "    weal pay\n"},
    {.name = "cases",
     .synopsis = "[PERSON] [--which WHICH] [--kind KIND] [--body BODY] | escalate",
     .run = verb_cases,
     .options = cases_options,
     .arguments_max = 1,
     .formats = "text csv json",
     .first_argument = "",
     .summary = "list the requests that wait for somebody's decision",
     .help =
         "Everybody's requests by the day on which the answer is due, with whose they are and "
         "who answers; names are not shown. Given a person: what they asked and what is asked "
         "about them, the newest first, which is a look at their record. An erasure that was "
         "agreed to waits here until 'weal erase' has carried it out.\n"
         "\n"
         "'escalate' lets the next role of their kind answer what is late, once each; a running "
         "portal does it every ten minutes by itself.\n"
         "\n"
         "    weal cases\n"
         "    weal cases --which late --format csv\n"
         "    weal cases --kind erasure-request\n"
         "    weal cases escalate\n"},
    {.name = "balances",
     .synopsis = "[--on DAY]",
     .run = verb_balances,
     .options = balances_options,
     .formats = "text csv json",
     .summary = "list every account with its balance",
     .help = "Every account that has lines up to the end of a day: whose it is, its role and unit, "
             "its balance and how many lines make it. Signs are the owner's: what a person paid is "
             "negative, what they received positive, minutes given negative; a body's control "
             "account holds the other side, so each unit sums to zero. Pounds are shown as pounds, "
             "minutes as minutes, what is held in another unit "
             "as a decimal of it; JSON has each in its smallest part.\n"
             "\n"
             "    weal balances\n"
             "    weal balances --on 2026-04-05 --format csv\n"},
    {.name = "audit",
     .synopsis = "[--against HEAD|DIR] [--rebuild]",
     .run = verb_audit,
     .options = audit_options,
     .formats = "text json",
     .summary = "recompute every stored total and say what differs",
     .help = "Reads the whole book in one snapshot: every entry sums to zero in each unit, every "
             "stored total is what its lines make it, nothing was changed behind the "
             "program's back. Prints a sentence for each thing that differs, then a summary. Exit "
             "status 1 if anything differs.\n"
             "\n"
             "With --against it also says whether a head that was published is the beginning of "
             "the log; given a folder of published tiles it names the first entry that differs. "
             "With --rebuild the totals of payments are made anew from the lines first.\n"
             "\n"
             "    weal audit\n"
             "    weal audit --against head-of-march\n"},
    {.name = "imports",
     .synopsis = "",
     .run = verb_imports,
     .options = no_options,
     .formats = "text csv json",
     .summary = "list the files that were taken in",
     .help =
         "A row a file, in the order in which they came: its number (import:12, as 'weal reverse' "
         "takes it), kind and name, how many rows it had and how many were refused, the entries "
         "that it became, "
         "when, and by whom; the entries that undid lines of it, and the import that it is again.\n"
         "\n"
         "    weal imports\n"},
    {.name = "export",
     .synopsis = "KIND",
     .run = verb_export,
     .options = export_options,
     .arguments_min = 1,
     .arguments_max = 1,
     .formats = "csv json",
     .first_argument = "kind",
     .summary = "give out what import takes",
     .help = "Writes a kind to standard output with the columns that 'weal import' takes, in the "
             "order of the reference, so that a book can be carried into another. JSON is a "
             "row a line. Of entries: a row a posted row; what was reversed, and what reversed it, "
             "are both left out. Where people are shown, who looked is noted in the book.\n"
             "A text that a spreadsheet would run as a formula has an apostrophe in front, which "
             "import takes away; with --raw it has none.\n"
             "\n"
             "    weal export people > people.csv\n"
             "    weal export entries --format json | gzip > entries.jsonl.gz\n"},
    {.name = "subject-export",
     .synopsis = "PERSON DIR",
     .run = verb_subject_export,
     .options = subject_export_options,
     .arguments_min = 2,
     .arguments_max = 2,
     .formats = "text json",
     .summary = "give a person a copy of everything held about them",
     .help = "Writes a folder: README.txt says what each file is, index.json counts rows; of each "
             "subject (the person, homes, numbers, items, cases, who looked ...) there is a CSV "
             "and a JSON file, and attached files are in the folder attachments. All records that "
             "were merged are in it, and what was reversed, with a mark. Where another person "
             "would be named, it says [withheld], and how often is counted.\n"
             "\n"
             "The folder must not be there yet, or be empty; it is there whole or not at all. That "
             "it was made is noted in the log of who looked. People can fetch the same, as one "
             "JSON file, in the portal.\n"
             "\n"
             "    weal subject-export P000944 copy-for-them --language cy\n"},
    {.name = "key",
     .synopsis = "new [NAME] | list | rotate NAME",
     .run = verb_key,
     .options = no_options,
     .arguments_min = 1,
     .arguments_max = 2,
     .first_argument = "",
     .summary = "make and list the keys that sign",
     .help = "A key signs the heads of the log and the seals of statements. It lies in a folder of "
             "its own (--keys DIR, else $WEAL_KEYS, else ~/.config/weal/keys), never in the book: "
             "NAME.key is "
             "the secret, readable by its owner only; NAME.vkey is the public half, to hand out. "
             "The name (weal when not said) is also the log's. Nothing is overwritten.\n"
             "\n"
             "rotate makes the next generation of a key; what was signed before still verifies "
             "with the old .vkey, which stays. Sign a head with the new one afterwards.\n"
             "\n"
             "    weal key new\n"
             "    weal key new accounts.example.gov.uk/burnley\n"
             "    weal key list\n"
             "    weal key rotate weal\n"},
    {.name = "close",
     .synopsis = "YEAR [--to DAY] [--unfinished]",
     .run = verb_close,
     .options = close_options,
     .arguments_min = 1,
     .arguments_max = 1,
     .first_argument = "",
     .summary = "commit to everybody's lines of a year, so that statements are complete",
     .help =
         "Posts a closing: an entry of the log with a leaf for each person, over all lines of "
         "all their accounts in the year up to a day. With it a statement proves that none of "
         "its lines is missing. "
         "It may be run as often as one likes, monthly say; the latest counts and earlier ones "
         "still verify. Lines posted afterwards are shown as not yet proven. A year that is not "
         "over is closed up to a day that is past, with --to, or with --unfinished.\n"
         "\n"
         "    weal close 2025-26\n"
         "    weal close 2026-27 --to 2026-09-30\n"},
    {.name = "head",
     .synopsis = "[--since HEAD | --witnessed FILE --key FILE]",
     .run = verb_head,
     .options = head_options,
     .summary = "sign what the log is now",
     .help = "Signs the head of the log, keeps it in the book and prints it: three lines that say "
             "how many entries there are and what they hash to, and a signature. Publish it where "
             "people will find it. "
             "Statements are proven to the last head that was kept.\n"
             "\n"
             "Witnesses are others who have seen the head grow from an older one and say so by a "
             "signature with a time (C2SP cosignature/v1). Send them the head, give their answer "
             "to --witnessed with their "
             "keys, and the head is kept with both.\n"
             "\n"
             "With --since an old head it prints a consistency file: whoever kept the old one can "
             "check that nothing before it was changed.\n"
             "\n"
             "    weal head > head\n"
             "    weal head --since head > since-head.json\n"},
    {.name = "verify",
     .synopsis = "FILE...",
     .run = verb_verify,
     .options = verify_options,
     .arguments_min = 1,
     .arguments_max = ARGUMENTS_ANY,
     .summary = "check a statement, a line or a consistency file; needs no book",
     .help =
         "Reads files that 'weal statement --proof' and 'weal head --since' wrote, without a book "
         "and without a network, "
         "and says what was checked: which kind of file it is, whose, of which year, which closing "
         "it is complete by, and that nothing in it "
         "was changed since it was signed. Lines that came after that closing the file may lack. A "
         "statement passes when its lines are all that were closed for that person, each as it was "
         "posted, its sums are what they make, and everything else in it is what was sealed. Of a "
         "PDF only a statement that was sealed over "
         "its pages passes. Whether each figure is right, that is, whether what was posted did "
         "happen, no file can show.\n"
         "\n"
         "Give the signer's public key with --key, and the published head that you believe with "
         "--head. With a head and no key the "
         "head is taken as it is, and a note says so. With neither, anybody could have made the "
         "file: the verb says that the signer "
         "was not checked and exits with 1; with --unchecked it says so and exits with 0. Exit "
         "status 1, with what is wrong, also "
         "when a file was changed. A folder stands for every .json and .pdf file in it; of those "
         "only what is refused is told, and counts.\n"
         "\n"
         "    weal verify statement.json --head head --key weal.vkey --person P000001\n"
         "    weal verify old-statement.json --head head --consistency since-head.json\n"
         "    weal verify statements --head head --key weal.vkey\n"},
    {.name = "publish",
     .synopsis = "DIR [--edition N] | --new | --list | --schedule WHEN",
     .run = verb_publish,
     .options = publish_options,
     .arguments_min = 0,
     .arguments_max = 1,
     .formats = "text csv json",
     .first_argument = "folder",
     .summary = "write what is public of the place as files; how often it is made",
     .help =
         "Writes the last edition of the public account into DIR: the same documents as the "
         "portal's public pages, as CSV and JSON, for every place and year, with an index, a "
         "README.txt and the last signed head. Running it again writes the same bytes until "
         "there is another edition, and removes what that one has no more. What somebody else put "
         "into DIR is neither written over nor removed.\n"
         "\n"
         "An edition is made when its day has come, by this verb or by the portal, whichever "
         "is first: on the first of a month, unless --schedule says otherwise. In between the "
         "figures stay as they are, whatever is recorded, so that nobody can compare the "
         "account from before one posting with the one after it. A year's figures change only "
         "when lines of at least 10 people have come in it since. --new has an edition made "
         "before its day, where at least 1,000 lines of at least 10 people have come in one "
         "year; every administrator is told.\n"
         "\n"
         "    weal publish /srv/www/account\n"
         "    weal publish --list\n"
         "    weal publish october --edition 11\n"
         "    weal publish --schedule quarterly\n"},
    {.name = "publish-log",
     .synopsis = "DIR",
     .run = verb_publish_log,
     .options = no_options,
     .arguments_min = 1,
     .arguments_max = 1,
     .first_argument = "folder",
     .summary = "write the log as files that any web server can serve",
     .help = "Writes the log up to the last head into DIR in the form of C2SP tlog-tiles "
             "(checkpoint, tile/..., tile/entries/...), and every head that was kept into "
             "DIR/heads. It names no person and no amount: records "
             "say when an entry was made, of which file, how many lines it has and what they hash "
             "to. Running it again adds what is new.\n"
             "\n"
             "    weal publish-log /srv/www/log\n"},
    {.name = "role",
     .synopsis = "grant PERSON ROLE [--body CODE | --first | --break-glass --reason TEXT] | end "
                 "PERSON ROLE [--body CODE] | list",
     .run = verb_role,
     .options = role_options,
     .arguments_min = 1,
     .arguments_max = 3,
     .formats = "text csv json",
     .first_argument = "",
     .summary = "who is {roles} in the portal",
     .help =
         "ROLE is {roles explained}. Every administrator is told of what is done here. The first "
         "two administrators of a place are named with --first; later ones are made in the "
         "portal, where one administrator asks and another approves. Where nobody can, "
         "--break-glass makes somebody an administrator for 24 hours. "
         "Ending takes effect at once; what ended stays in the list, with its last day, so "
         "that a look of that time can still be explained. Who did it is kept.\n"
         "\n"
         "    weal role grant P000001 administrator --first\n"
         "    weal role grant P000003 administrator --break-glass --reason 'both are ill'\n"
         "    weal role grant P000002 staff --body burnley-council\n"
         "    weal role end P000002 staff --body burnley-council\n"
         "    weal role list\n"},
    {.name = "invite",
     .synopsis = "PERSON",
     .run = verb_invite,
     .options = no_options,
     .arguments_min = 1,
     .arguments_max = 1,
     .first_argument = "",
     .summary = "a code with which a person signs in for the first time",
     .help =
         "Prints a code once; the book keeps only its hash. The person enters it in the portal "
         "together with any of their numbers. It works once, for 30 days; a second invitation "
         "takes the place of the first. Hand it to the person and to nobody else. In the portal "
         "whoever invites never sees a code (it goes by e-mail or letter); here, where somebody "
         "could write the book anyway, they do, and every administrator is told which user of "
         "the machine made it, and for whom.\n"
         "\n"
         "    weal invite P000001\n"},
    {.name = "do",
     .synopsis = "ACTION [FIELD=VALUE...] [--person PERSON] [--as PERSON] [--json] | --list",
     .run = verb_do,
     .options = do_options,
     .arguments_max = ARGUMENTS_ANY,
     .formats = "text json",
     .first_argument = "action",
     .summary = "any action by its name, as pages and programs call it",
     .help = "An action is something that changes the book on somebody's behalf. It has the same "
             "name, fields and refusals here as in the portal (docs/reference/actions.md). With "
             "--as it acts as that person, who may what their roles and the people they help let "
             "them; without, as the operator of the machine. With --format json the answer is an "
             "object: `done` with what it answers, or `refused` with a code, the field and the "
             "sentence.\n"
             "\n"
             "{actions}"
             "\n"
             "    weal do role-grant person=P000002 role=staff body=burnley-council\n"
             "    weal do invite person=P000001 --as P000003 --format json\n"
             "    echo '{\"person\": \"P000001\"}' | weal do invite --json\n"},
    {.name = "profile",
     .synopsis = "new FILE | list | show CODE | export CODE FILE | import FILE",
     .run = verb_profile,
     .options = profile_options,
     .arguments_min = 1,
     .arguments_max = 3,
     .formats = "text csv json",
     .summary = "what the columns of bodies' published files mean: make, list, show, take in",
     .help = profile_help},
    {.name = "rules",
     .synopsis = "check DIR | show PATH | test FILE... | run DIR | explain VARIABLE",
     .run = verb_rules,
     .options = rules_options,
     .arguments_min = 1,
     .arguments_max = ARGUMENTS_ANY,
     .formats = "text csv json html",
     .first_argument = "",
     .summary = "check, show, test, run and explain rules of taxes and benefits; no book is needed",
     .help =
         "'check' reads a folder of parameters, or a pack with a folder 'parameters' in it, and "
         "says what is wrong, each fault with its file, line and column; exit status 1 if anything "
         "is. Then it counts files, parameters, their dated values and scales; of a pack with a "
         "folder 'rules' also variables, formulas and the laws they name. With --policy the folder "
         "is laid over those packs. As JSON it notes each variable without law or label.\n"
         "\n"
         "'show' shows one parameter: its value on a day, today when not said, its unit, the law "
         "or page that says so, and its values of all days. Values that an index made are marked "
         "as estimated. Of a scale it shows the brackets of the day, of a group what is in it. "
         "With "
         "--period also the value of a tax year, as models of whole years read it.\n"
         "\n"
         "'test' runs published cases: files of YAML in OpenFisca's format, or folders of them. A "
         "case that names what these rules lack is unsupported. The last line counts.\n"
         "\n"
         "'run' computes variables for a population: a folder with people.csv and a file for each "
         "kind of group (benunits.csv, households.csv). Out come the same rows. It reads by the "
         "year; with --legal by the law's own periods, rounded as the law says.\n"
         "\n"
         "'explain' says why a value is what it is: what it was computed from, down to what was "
         "given and to the law, with --format html as a page, with csv "
         "or json for programs. At its head stands what was assumed because nobody told it. "
         "Long ones are cut; --full shows all. With --unknown, once for each "
         "input that nobody has told, it says "
         "from what to what each variable can come, what it hangs "
         "on, and in which order to ask; write the bounds or the items with it where there are "
         "some. Several variables can be named then.\n"
         "\n"
         "With --policy more than once, each folder is laid over those before it; what stands in "
         "place of what is said.\n"
         "\n"
         "    weal rules check policy/uk\n"
         "    weal rules show gov.hmrc.child_benefit.amount.eldest --on 2025-05-01\n"
         "    weal rules test tests/data/rules/cases\n"
         "    weal rules run people --period 2025-26 --out income_tax --to results\n"
         "    weal rules explain income_tax --household facts.yaml --period 2025-26\n"
         "    weal rules explain household_net_income --household facts.yaml \\\n"
         "        --period 2025-26 --vary employment_income --most 100000 --step 1000 \\\n"
         "        --format html\n"
         "    weal rules explain universal_credit council_tax_reduction --period 2025-07 \\\n"
         "        --household facts.yaml --unknown rent=0..2000 --unknown is_disabled\n"},
    {.name = "serve",
     .synopsis = "[--listen ADDRESS] [--config FILE]",
     .run = verb_serve,
     .options = serve_options,
     .summary = "the portal: pages for citizens, helpers, staff and everybody",
     .help =
         "Serves the book as web pages until it is stopped with Ctrl-C or SIGTERM; requests under "
         "way are finished. It says on standard output where it listens, and writes a line of JSON "
         "for each "
         "request, without personal data, on standard error (with --quiet: warnings only).\n"
         "\n"
         "A book that 'weal demo' made, served on this machine only, is a demonstration: anybody "
         "may sign in as anybody. To a real book people are invited with 'weal invite'. For use by "
         "others put a server that "
         "does TLS in front and set origin in the configuration (docs/how-to/run-the-portal.md).\n"
         "\n"
         "    weal serve\n"
         "    weal serve --listen 127.0.0.1:8020\n"
         "    weal serve --listen unix:/run/weal.sock --config /etc/weal/portal.conf\n"},
    {.name = "help",
     .synopsis = "[VERB [PART]]",
     .run = verb_help,
     .options = help_options,
     .arguments_max = 2,
     .first_argument = "verb",
     .summary = "what the program does, or one verb",
     .help = "Without a verb, lists them. 'weal VERB --help' is the same as 'weal help VERB'. PART "
             "is a kind of file (its columns, each with an example), an action (its fields), or a "
             "word with which a way of calling the verb begins.\n"
             "\n"
             "    weal help import\n"
             "    weal help import entries\n"
             "    weal help legal-hold place\n"
             "    weal help do role-grant\n"
             "    weal help --completion bash > weal-completion\n"},
    {.name = "version",
     .synopsis = "",
     .run = verb_version,
     .options = no_options,
     .summary = "which version this is",
     .help = "Prints the program's name and version.\n"},
    {.name = NULL},
};
