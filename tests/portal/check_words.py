#!/usr/bin/env python3
"""The words of every page, for everybody who may open one: none of those that the people who make this say among themselves; an auditor's own words stand on an auditor's pages only.
What is read is the title, the navigation, the main part and the footer, in English and in Welsh. Links of these pages are followed, so that an item, a visit and a form of each type are read too.
In Welsh no sentence is left in English, but what somebody wrote, a source of the policy pack, and the words of a run that somebody began in English."""
import csv
import html
import os
import re
import sys
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cast import MAY, Cast, filled, names_of, of_requests, routes
from portal import ROOT, Book, Server, Tally

# What a citizen would not say, and what says it better. In lower case; a word is the whole word.
NOT_SAID = [
    (r"books?", "the accounts; our records"),
    (r"ledgers?", "the accounts"),
    (r"journals?", "the accounts"),
    (r"entry|entries", "an item; a payment; times"),
    (r"lines?", "an item"),
    (r"reversals?|reverses|reversed", "taken back; corrected"),
    (r"undoes|undone|undoing", "takes back; corrects"),
    (r"postings?|posted", "recorded"),
    (r"bod(?:y|ies)", "organisation"),
    (r"heads?", "published seal"),
    (r"roots?|leaf|leaves", "nothing, or: fingerprint"),
    (r"logs?", "the public record of seals"),
    (r"what proves it|proofs?", "how to check this"),
    (r"looks|looked", "visit; seen"),
    (r"told to you", "requests"),
    (r"office", "role"),
    (r"role grants?", "role"),
    (r"sides?", "paid or received"),
    (r"domains?", "part of life"),
    (r"tak(?:e|es|en|ing) in|took in", "accept; received; uploaded"),
    (r"places under it", "areas within it"),
    (r"given", "time you gave"),
    (r"kinds?", "type"),
    (r"whom", "who"),
    (r"thereby|therein|thereof|hereby|whereby", "so"),
    (r"of late|lately", "recently"),
    (r"unit costs?", "what one costs"),
    (r"made anew|anew", "updated"),
    (r"one's|oneself", "you, your"),
    (r"at the command line", "from the operator's own machine"),
    (r"ISO date|UTC", "a date and a time in words"),
    (r"\d{4}-\d\d-\d\d", "29 November 2026"),
    (r"\d?\d:\d\d(?!\d| ?[ap]m|[ap]m)", "9:04am"),
]

# The same words in Welsh, with their mutations.
WELSH_NOT_SAID = [
    (r"(?:l|ll)yfr(?:au)?", "cyfrifon; ein cofnodion"),
    (r"(?:d|dd)yddlyfr(?:au)?", "cyfrifon"),
    (r"(?:ll|l)inell(?:au)?", "eitem"),
    (r"(?:c|g|ch)orff|(?:c|g|ch)yrff", "sefydliad"),
    (r"y pen", "fesul person"),
    (r"pennau|(?:p|b)en llofnodedig", "sêl gyhoeddedig"),
    (r"(?:d|dd)eilen|dail", "dim, neu: ôl bys"),
    (r"log", "y cofnod cyhoeddus o seliau"),
    (r"edrychiad(?:au)?", "ymweliad"),
    (r"(?:c|g|ch)ost(?:au)? uned", "beth mae un yn ei gostio"),
    (r"(?:p|b)ostio", "cofnodi"),
    (r"(?:d|dd)adwneud", "tynnu'n ôl"),
    (r"(?:c|g|ch)ymer\w* i mewn", "derbyn; llwytho i fyny"),
    (r"llinell orchymyn", "peiriant y gweithredwr"),
]
AUDITORS_SAY_IN_WELSH = {r"(?:d|dd)yddlyfr(?:au)?", r"(?:ll|l)inell(?:au)?"}
WELSH_LEFT_ALONE = [
    (r"^Ar linell \d+ o'r ffeil|^Llinell$|rhes bennawd, neu JSON Lines", "a file's lines"),
]

# Words of English that are none of Welsh: two of them make a sentence that was left in English.
ENGLISH = re.compile(r"\b(?:the|and|are|was|were|your|with|this|that|from|not|what|who|how|has|have|for|you|which|their|been|each|to)\b", re.I)

# Sentences of a Welsh page that are English, each with its reason.
ENGLISH_LEFT_ALONE = [
    (r"^weal .*|^— .*", "what is typed to check it, and a seal's own line"),
]

# What an auditor says of books of account, on their own pages only.
AUDITORS_SAY = {r"journals?", r"entry|entries", r"lines?"}

# Where one of them stands for something else, each with its reason. They are taken out of what is read, before it is read.
LEFT_ALONE = [
    (r"looks wrong", "how it seems, no visit"),
    (r"looked after by a council", "the law's word for a child in care"),
    (r"leaves it out of (?:your|the) statement|is left out", "the verb"),
    (r"Operator of the machine: \w+", "the name that the machine knows its operator by"),
    (r"Home Office|Passport Office|Development Office", "names of organisations"),
    (r"\b[\w-]+\.csv\b", "the name of a file"),
    (r"Unit Cost Database", "the name of a source"),
    (r"Entry to Premises by Local Healthwatch", "the name of regulations"),
    (r"The operator root", "the name that the machine knows its operator by"),
    (r"JSON Lines|^At line \d+ of the file|^Line$|^Column kind\.$|^(no such )?kind$|'no such kind'", "a file's lines, columns and values, as its maker knows them"),
    (r"\(entry \d+\)", "`weal verify` says it so, on the command line as here: an auditor finds the closing by it"),
]


# On a helper's page about somebody, "you" is the helper, who reads it: whose account it is, is never "you".
YOU_ARE_THE_HELPER = [
    r"You act in the name of|Each time you open something here, .* is shown that you did|They can see that you did|You are telling this for|You are answering for",
    r"you are not shown what they say",
    r"You told this for|You have told us|See what you have told|when you have read|you can see when they have read it",
    r"before you send it|as soon as you send this",
    r"you get an answer with its reasons|You can also write to those who keep these accounts|open Your requests, or write to",
    r"answers you here|We answer you here|answers you\.|You can add more after you have sent it|You have sent this already",
    r"What do you want to tell us|What you wrote|What you can do next|UPRN, if you know it|Take it with you|Tell us, in your words",
]


def text_of(part):
    """A part of a page as sentences: a block is a sentence of its own."""
    part = re.sub(r"<(script|style|svg|blockquote)\b.*?</\1>", " ", part, flags=re.S)
    part = re.sub(r"</?(p|h\d|li|td|th|dt|dd|div|label|legend|summary|option|caption|a|button|title|section|tr|ul|span class=\"govuk-hint)\b[^>]*>", "\n", part)
    return html.unescape(re.sub(r"<[^>]+>", " ", part))


def sentences(page):
    parts = []
    for part in ("title", "nav", "main", "footer"):
        parts += re.findall(rf"<{part}\b.*?</{part}>", page, re.S)
    found = []
    for block in text_of("\n".join(parts)).split("\n"):
        block = " ".join(block.split())
        found += re.split(r"(?<=[.?!]) (?=[A-Z])", block) if block else []
    return found


def not_said(sentence, role, table=NOT_SAID, left_alone=LEFT_ALONE):
    for pattern, _ in left_alone:
        sentence = re.sub(pattern, " … ", sentence)
    for pattern, better in table:
        if role == "auditor" and pattern in AUDITORS_SAY | AUDITORS_SAY_IN_WELSH:
            continue
        for found in re.finditer(rf"(?<![\w/-])(?:{pattern})(?![\w/-])", sentence, re.I):
            yield found.group(0), better


def written(cast):
    """What somebody wrote, and so stands in its own language: cells of the policy pack, and texts of the store; the longest first."""
    texts = set()
    for name in sorted(os.listdir(os.path.join(ROOT, "policy", "uk"))):
        if name.endswith(".csv"):
            with open(os.path.join(ROOT, "policy", "uk", name), encoding="utf-8", newline="") as f:
                texts |= {cell for row in csv.reader(f) for cell in row}
    for sql in ("select name from party", "select name from body", "select name from place", "select name from service", "select note from line where note is not null", "select source from unit_cost"):
        texts |= {value or "" for value, in cast.rows(sql)}
    return sorted((text for text in texts if len(text) >= 8), key=len, reverse=True)


def names_left_in_english():
    """English names of organisations and benefits that have another one in Welsh."""
    found = set()
    for name in ("bodies.csv", "entitlements.csv", "discretionary.csv", "standards.csv", "duties.csv"):
        with open(os.path.join(ROOT, "policy", "uk", name), encoding="utf-8", newline="") as f:
            found |= {row["name"] for row in csv.DictReader(f) if row.get("name_cy") and row["name_cy"] != row["name"]}
    return re.compile("|".join(rf"\b{re.escape(name)}\b" for name in sorted(found, key=len, reverse=True)))


# A source is cited in the language in which it was published.
CITED = re.compile(r"\b(?:Acts?|Regulations|Order|SI|SSI|DWP|HMRC|GOV\.UK|ONS|National Cost Collection|Records Management Code|announcement)\b")
# Where organisations are registered, each stands as it is registered, to be corrected.
AS_REGISTERED = "/admin/bodies"


def english_left(sentence, somebodys):
    """Words of English in a sentence of a Welsh page, but those that somebody wrote so."""
    if len(ENGLISH.findall(sentence)) >= 2:
        for text in somebodys:
            sentence = sentence.replace(text, " … ")
        for pattern, _ in ENGLISH_LEFT_ALONE:
            sentence = re.sub(pattern, " … ", sentence)
    found = ENGLISH.findall(sentence)
    return found if len(found) >= 2 else []


def main():
    t = Tally()
    book = Book(300)
    keys = os.path.join(book.folder, "keys")
    book.weal("key", "new", "town", "--keys", keys)
    book.weal("head", "--keys", keys)
    server = Server(book, ["forms_each_minute = 100000", "looks_each_hour = 100000"])
    cast = Cast(book, server)
    roles = {"visitor": cast.roles["signed out"], "citizen": cast.roles["subject"], "helper who sees": cast.roles["see"], "helper who tells": cast.roles["tell"], "helper with time": cast.roles["time"],
             "staff": cast.roles["staff"], "administrator": cast.roles["administrator"], "auditor": cast.roles["auditor"]}
    permitted = {"visitor": {"anyone"}, "citizen": {"anyone", "signed-in"}}
    for role, key in (("helper who sees", "see"), ("helper who tells", "tell"), ("helper with time", "time"), *((name, name) for name in ("staff", "administrator", "auditor"))):
        permitted[role] = {need for need, who in MAY.items() if key in who}
    table = sorted((row for row in routes() if row["method"] == "GET"), key=lambda row: len(names_of(row["path"])))
    said, said_in_welsh, used_of_helpers, somebodys = set(), set(), set(), written(cast)
    english_names = names_left_in_english()

    def read(role, path):
        page = roles[role].get(path)
        if page.status != 200 or "html" not in (page["Content-Type"] or ""):
            t.hold(f"{path} for {role} is a page or a way to one", page.status in (200, 303, 404), page.status)
            return page["Location"] and [page["Location"]] or []
        if path.startswith(f"/helping/{cast.subject}"):
            read_about_another(role, path, page.text)
        for sentence in sentences(page.text):
            if sentence in said:
                continue
            said.add(sentence)
            words = sorted({f"{word!r} (say: {better})" for word, better in not_said(sentence, role)})
            t.hold(f"{path} for {role}: {', '.join(words)} in: {sentence[:300]}", not words)
        read_welsh(role, path)
        return [html.unescape(link) for link in re.findall(r'href="(/[^"#]*)', page.text)]

    def read_welsh(role, path):
        page = roles[role].get("/cy" + path)
        t.hold(f"/cy{path} for {role} is there too", page.status == 200, page.status)
        for sentence in sentences(page.text):
            if sentence in said_in_welsh:
                continue
            said_in_welsh.add(sentence)
            words = sorted({f"{word!r} (say: {better})" for word, better in not_said(sentence, role, WELSH_NOT_SAID, WELSH_LEFT_ALONE)})
            t.hold(f"/cy{path} for {role}: {', '.join(words)} in: {sentence[:300]}", not words)
            left = "/jobs/" not in path and english_left(sentence, somebodys)
            t.hold(f"/cy{path} for {role}: left in English ({left}): {sentence[:300]}", not left)
            name = "/jobs/" not in path and not path.startswith(AS_REGISTERED) and not CITED.search(sentence) and english_names.search(sentence)
            t.hold(f"/cy{path} for {role}: a name left in English ({name and name.group(0)}): {sentence[:300]}", not name)

    def read_about_another(role, path, page):
        main = re.sub(r"<option\b.*?</option>", " ", re.search(r"<main\b.*?</main>", page, re.S).group(0), flags=re.S)
        for sentence in sentences(main):
            for pattern in YOU_ARE_THE_HELPER:
                used_of_helpers.update([pattern] if re.search(pattern, sentence) else [])
                sentence = re.sub(pattern, " … ", sentence)
            t.hold(f"{path} for {role} says you about somebody else: {sentence[:300]}", not re.search(r"\b(you|your|yours|yourself)\b", sentence, re.I))

    def shape(path, role):
        """The row that a path is of, when this role reads such rows: None for the others."""
        bare = path.split("?")[0]
        if bare.startswith(("/cy", "/assets")) or ".csv" in path or ".json" in path or "format=" in path:
            return None
        for row in table:
            if row["needs"] in permitted[role] and re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(row["path"])), bare):
                return row["path"]
        return None

    for role in roles:
        todo, seen, of_shape = [], set(), {}
        for row in table:
            if row["needs"] in permitted[role]:
                things = of_requests(row["path"], {**cast.public_things(), **cast.things[cast.subject]})
                if None not in [things.get(name) for name in names_of(row["path"])]:
                    todo.append(filled(row["path"], things))
        while todo:
            path = todo.pop(0)
            row = shape(path, role)
            if row is None or path in seen:
                continue
            # twelve of a row are enough: each type of request, question and table has one
            if of_shape.get(row, 0) >= (40 if "{kind}" in row else 12):
                continue
            seen.add(path)
            of_shape[row] = of_shape.get(row, 0) + 1
            todo += [urllib.parse.urljoin(path, link) for link in read(role, path)]
        t.hold(f"{role} reads pages", len(seen) >= 5, seen)

    # ---- a helper's page says whose it is; one's own page says you ----
    name = cast.one("select name from party where code = ?", cast.subject)
    for page, named, own in (("account", [f"Account of {name}"], ["Your account"]), ("statement", [f"Statement of {name} for", f"What {name} paid", f"What {name} received"], ["Your statement for", "What you paid"]),
                             ("life", [f"Records of {name} since"], ["Your records since"])):
        theirs, mine = sentences(roles["helper who sees"].get(f"/helping/{cast.subject}/{page}").text), sentences(roles["citizen"].get(f"/{page}").text)
        for words in named:
            t.hold(f"the {page} that a helper reads says {words}", any(s.startswith(words) for s in theirs), theirs[:20])
        for words in own:
            t.hold(f"one's own {page} says {words}", any(s.startswith(words) for s in mine) and not any(s.startswith(words) for s in theirs), mine[:20])
    used = [pattern for pattern, reason in LEFT_ALONE if not any(re.search(pattern, sentence) for sentence in said)]
    t.hold("each exception is of something that is said", not used, used)
    unused = [pattern for pattern in YOU_ARE_THE_HELPER if pattern not in used_of_helpers]
    t.hold("each sentence that helpers may read is one that they read", not unused, unused)
    t.hold("stops", server.stop() == 0)
    t.end()


if __name__ == "__main__":
    main()
