#!/usr/bin/env python3
"""Files and forms: values as a paste brings them, advice that is wrong, rows that vanish."""
import csv, datetime, io, json, os, random, re, sys, unicodedata

from attack import POSTGRESQL, Folder, Tried

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "portal"))

HEAD = "date,person,category,amount\n"
tried = Tried()


def refused(f, kind, text, *options):
    done = f.weal("import", kind, f.write("refused.csv", text), *options)
    return done.stderr if done.returncode == 1 else f"(exit {done.returncode}) " + done.stdout + done.stderr


def pasted_characters():
    """Every blank and every character without a form of its own that Unicode has, and the dashes of a paste."""
    unseen = [chr(c) for c in range(0x80, 0xe0100) if unicodedata.category(chr(c)) in ("Zs", "Zl", "Zp")]
    unseen += [chr(c) for c in (0xad, 0x34f, 0x61c, *range(0x200b, 0x2010), *range(0x202a, 0x202f), *range(0x2060, 0x2070), 0xfeff)]
    dashes = [chr(c) for c in (*range(0x2010, 0x2016), 0x2212, 0xfe58, 0xfe63, 0xff0d)]
    return unseen, dashes


def pasted(f):
    unseen, dashes = pasted_characters()
    rows = [f"{c}2025-05-01{c},{c}A1{c},income-tax,{c}1.00{c}" for c in unseen]
    rows += [f"2025{d}05{d}01,A1,income-tax,{d}1.00" for d in dashes]
    done = f.weal("import", "entries", f.write("pasted.csv", HEAD + "\n".join(rows) + "\n"))
    tried.that("dates, references and amounts are taken with every blank and dash", done.returncode == 0, done.stderr)
    f.write("n.csv", "id,name,born,nino,nhs\nE5,Five,1980-01-01,\u00a0JY 12\u201134 56\u200b C,943\u2013476\u20135919\n")
    done = f.weal("import", "people", "n.csv")
    tried.that("numbers of people likewise", done.returncode == 0, done.stderr)
    for reference in ("\u00a0E5", "nino:JY123456\u200bC", "nhs:943\u2011476\u20115919", "\u2066id:E5\u2069"):
        done = f.weal("account", reference)
        tried.that(f"the command line takes {reference!r}", done.returncode == 0, done.stderr)


def advice(f):
    for given, right in (("50,44", "write 50.44"), ("(50,44)", "write -50.44"), ("1 234,56", "write 1234.56"), ("1.234,56", "write 1234.56"),
                         ("0,99", "write 0.99"), ("1,234", "write 1234.00"), ("1.234", "write 1234.00 or 1.23"), ("12,34,56", "write one such as 12.50"),
                         ("1,2.5", "write one such as 12.50")):
        said = refused(f, "entries", HEAD + f'2025-05-01,A1,income-tax,"{given}"\n', "--dry-run")
        tried.that(f"advice for the amount {given}", right in said, said)
    said = refused(f, "entries", HEAD + "03/04/2025,A1,income-tax,1.00\n", "--dry-run")
    tried.that("a day that can be read in two ways", "2025-04-03 if the day comes first" in said and "2025-03-04 if the month does" in said, said)
    said = refused(f, "unit-costs", "service,year,cost,source\ngp-consultation,2025,1.00,test\n")
    tried.that("a year of one number", "write 2024-25 or 2025-26" in said, said)


def stray_quotes(f):
    rows = [f'2025-05-{i:02d},A1,income-tax,{i}.00,{{}}'.format('"opened only' if i == 3 else '"a, note"' if i == 15 else "plain") for i in range(1, 21)]
    f.write("q.csv", "date,person,category,amount,note\n" + "\n".join(rows) + "\n")
    out = f.sound("import", "entries", "--partial", "--rejects", "r.csv", "q.csv")
    kept = open(os.path.join(f.path, "r.csv"), encoding="utf-8").read()
    tried.that("a stray quote: the lines that it joins are counted", "7 rows; refused: 1 (13 lines)" in out, out)
    tried.that("and named", "joins lines 4 to 16" in kept, kept)
    tried.that("and their text is kept", all(row.replace('"', '""') in kept for row in rows[2:15]), kept)


def broken_bytes(f):
    """A broken row with bytes that are no text, or a zero byte, is kept by each kind on each engine."""
    rows = b"2025-05-01,A1,income-tax,1.00,caf\xe9\n2025-05-02,A1,income-tax,2.00,a\0b\n2025-05-03,A1,income-tax,3.00,\"x\xff\n2025-05-04,A1,income-tax,4.00,y\n"
    for kind, data in (("entries", b"date,person,category,amount,note\n" + rows), ("people", b"id,name,born\nV1,caf\xe9,1980-01-01\nV2,a\0b,1980-01-01\nV3,Val,1980-01-01\n"),
                       ("spend", b"date,body,supplier,amount\n2025-05-01,council,caf\xe9,1.00\n2025-05-02,council,Acme,\"2\"x.00\n2025-05-03,council,A\0c,3.00\n2025-05-03,council,Acme,4.00\n"),
                       ("budget", b"year,body,stream,category,amount,conditions\n2025-26,council,Home,home-care,1.00,a\0b\n2025-26,council,Home,home-care,1.00,\xff\n2025-26,council,Home,home-care,2.00,\n")):
        done = f.weal("import", kind, "--partial", "--rejects", f"broken-{kind}.csv", f.write("broken.csv", data))
        tried.that(f"{kind}: broken bytes with --partial", done.returncode == 0, done.stderr)


def beginnings(f):
    mark, text = b"\xef\xbb\xbf", (HEAD + "2025-05-01,A1,income-tax,1.00\n")
    for name, data, says in (("two byte-order marks", mark + mark + text.encode(), "begins with two byte-order marks"),
                             ("a zero byte", b"\0" + text.encode(), "begins with a zero byte"),
                             ("a mark and a zero byte", mark + b"\0" + text.encode(), "begins with a zero byte"),
                             ("UTF-16 with a mark", text.encode("utf-16"), "is UTF-16"), ("UTF-16 without", text.encode("utf-16-le"), "is UTF-16"),
                             ("UTF-16, the large byte first", text.encode("utf-16-be"), "is UTF-16")):
        said = refused(f, "entries", data)
        tried.that(f"a file that begins with {name}", says in said, said)
    done = f.weal("import", "entries", "--dry-run", f.write("one.csv", mark + text.encode()))
    tried.that("one mark is taken", done.returncode == 0, done.stderr)


def days_to_come(f):
    ahead = lambda days: (datetime.date.today() + datetime.timedelta(days)).isoformat()
    people = "id,name,born,died,place,from\n"
    for row, column in ((f"F1,Future,{ahead(2)},,,", "born"), (f"F1,Future,1980-01-01,{ahead(2)},,", "died"), (f"F1,Future,1980-01-01,,T1,{ahead(800)}", "from")):
        for options in ((), ("--unusual",)):
            said = refused(f, "people", people + row + "\n", *options)
            tried.that(f"{column} in the future, {options}", f"2: {column}: " in said or "usage" in said.lower() or "--unusual" in said, said)
    said = refused(f, "households", f"id,place,from\nH9,T1,{ahead(800)}\n")
    tried.that("a household's move far ahead", "2: from: " in said, said)
    done = f.weal("import", "people", f.write("soon.csv", people + f"F2,Soon,1980-01-01,,T1,{ahead(60)}\n"))
    tried.that("a move of next month is taken", done.returncode == 0, done.stderr)
    f.sound("import", "entries", f.write("e.csv", HEAD + "2025-05-07,A1,income-tax,7.00\n"))
    line = [l for l in f.sound("account", "A1", "--format", "json").split('"line":"') if '"2025-05-07"' in l or "7.00" in l or "700" in l][-1].split('"')[0]
    done = f.weal("reverse", line, "--reason", "test", "--on", ahead(1))
    tried.that("a reversal on a day to come", done.returncode == 1 and "after today" in done.stderr, done.stderr)
    said = refused(f, "entries", HEAD + f"{ahead(800)},A1,income-tax,1.00\n")
    tried.that("an entry after the running tax year", "is unusual" in said, said)


def blanks_for_names(f):
    for blank in (" ", "\u00a0", "\u2003\u200b", "\u3164", "\ufeff"):
        for kind, text in (("people", f"id,name,born\nX1,{blank},1980-01-01\n"), ("bodies", f"id,name,kind\nx1,{blank},charity\n"),
                           ("places", f"code,name,kind\nX1,{blank},neighbourhood\n"), ("services", f"code,name,category\nx1,{blank},gp-consultation\n")):
            said = refused(f, kind, text)
            tried.that(f"{kind}: a name of {blank!r}", "2: name: " in said, said)


def said_twice(f):
    for kind, head, first, other, column in (
            ("people", "id,name,born", "W1,Wyn,1980-01-01", "W1,Wyn,1981-01-01", "born"), ("people", "id,name,born", "W1,Wyn,1980-01-01", "\u00a0W1,Win,1980-01-01", "name"),
            ("households", "id,place,tenure", "H1,T1,rent", "H1,T1,own", "tenure"), ("bodies", "id,name,kind", "w1,Wyn,charity", "w1,Wyn,council", "kind"),
            ("places", "code,name,kind,parent", "W1,Wyn,neighbourhood,T1", "W1,Win,neighbourhood,T1", "name"),
            ("services", "code,name,category,unit", "w1,Wyn,gp-consultation,visit", "w1,Wyn,gp-consultation,day", "unit"),
            ("unit-costs", "service,year,cost,source", "gp-consultation,2025-26,10.00,s", "gp-consultation,2025-26,11.00,s", "cost"),
            ("rates", "what,year,rate,source", "volunteering,2025-26,10.00,s", "volunteering,2025-26,11.00,s", "rate")):
        said = refused(f, kind, f"{head}\n{first}\n{other}\n", "--dry-run")
        tried.that(f"{kind}: one id twice with another {column}", f"3: {column}: " in said and "in line 2" in said, said)
        done = f.weal("import", kind, "--dry-run", f.write("same.csv", f"{head}\n{first}\n{first}\n"))
        tried.that(f"{kind}: the same twice is harmless", done.returncode == 0, done.stderr)
    for kind, head, first, other, column in (
            ("people", "id,name,born,sex,email", "W1,Wyn,1980-01-01,F,w@example.org", "W1,Wyn,1980-01-01,F,", "email"), ("people", "id,name,born,died", "W1,Wyn,1980-01-01,", "W1,Wyn,1980-01-01,2025-01-01", "died"),
            ("households", "id,place,tenure", "H1,T1,rent", "H1,T1,", "tenure"), ("bodies", "id,name,kind,place", "w1,Wyn,charity,T1", "w1,Wyn,charity,", "place"),
            ("services", "code,name,category,unit", "w1,Wyn,gp-consultation,visit", "w1,Wyn,gp-consultation,", "unit")):
        said = refused(f, kind, f"{head}\n{first}\n{other}\n", "--dry-run")
        tried.that(f"{kind}: an empty {column} erases nothing that the file said", f"3: {column}: " in said and "in line 2" in said, said)
    rows = [{"id": "W1", "name": "Wyn", "born": "1980-01-01", "email": "w@example.org"}, {"id": "W1", "name": "Wyn", "born": "1980-01-01"}]
    done = f.weal("import", "people", "--dry-run", f.write("keys.jsonl", "\n".join(map(json.dumps, rows))))
    tried.that("a JSON object without the key says nothing of it", done.returncode == 0, done.stderr)
    done = f.weal("import", "people", "--dry-run", f.write("moves.csv", "id,name,born,place,from\nM1,Mo,1980-01-01,T1,\nM1,Mo,1980-01-01,,2025-05-01\n"))
    tried.that("a move is no contradiction", done.returncode == 0, done.stderr)


def references(f):
    """One reference with blanks at its ends is one reference; what is within it is its own."""
    row = "2025-05-01,A1,income-tax,1.00,{}\n"
    head = HEAD.replace("amount", "amount,reference")
    f.sound("import", "entries", f.write("first.csv", head + row.format("R-1")), "--quiet")
    for end in (" ", "\t", "\u00a0", "\u200b", "\ufeff"):
        for text in ("R-1" + end, end + "R-1"):
            said = refused(f, "entries", head + row.format(text))
            tried.that(f"the reference {text!r} was posted already", "2: reference: " in said, said)
    said = refused(f, "entries", head + row.format("R-2") + row.format("R-2 "))
    tried.that("nor is it posted twice of one file", "3: reference: " in said, said)
    said = refused(f, "entries", json.dumps(dict(date="2025-05-01", person="A1", category="income-tax", amount="1.00", reference="R-1 ")) + "\n")
    tried.that("in JSON likewise", "1: reference: " in said, said)


def one_id(f):
    """An id written as a paste has it is the same id, in new rows too; the same facts written otherwise are the same facts."""
    ways = ("{}-1", "{}\u20111", "\u200b{}-\u200b1", "{}\uff0d\uff11", "\u00a0{}-1")
    for kind, head, rest, stem in (("people", "id,name,born", "Wyn,1980-01-01", "P"), ("households", "id,place", "T1", "H"), ("bodies", "id,name,kind", "Wyn,charity", "b"),
                                   ("places", "code,name,kind,parent", "Wyn,neighbourhood,T1", "N"), ("services", "code,name,category,unit", "Wyn,gp-consultation,visit", "s")):
        text = head + "\n" + "".join(f"{w.format(stem)},{rest}\n" for w in ways)
        f.sound("import", kind, f.write("ways.csv", text), "--quiet")
        out = f.sound("export", kind) if kind != "services" else f.sound("export", kind, "--format", "json")
        tried.that(f"{kind}: one id in {len(ways)} ways is one", len([l for l in out.split("\n") if f"{stem}-1" in l]) == 1 and not re.search(f"{stem}[^-,]1,", out), out)
        for w in ways:
            f.sound("import", kind, f.write("again.csv", f"{head}\n{w.format(stem)},{rest}\n\n\n"), "--dry-run")
    for kind, head, first, other in (
            ("people", "id,name,born,nino,nhs", "W7,Wyn,1980-01-01,JY123457C,", "W7,Wyn,1980\u201101\u201101,JY 12 34 57 C,"),
            ("bodies", "id,name,kind,company", "w7,Wyn,charity,123456", "w7,Wyn,charity,00123456"), ("households", "id,place,from", "H7,T1,2025-05-01", "H7,T1,2025\u201105\u201101"),
            ("unit-costs", "service,year,cost,source", "s-1,2025-26,3.1,s", "s-1,2025\u201126,3.10,s"), ("rates", "what,year,rate,source", "volunteering,2025-26,10,s", "volunteering,2025-26,10.00,s")):
        done = f.weal("import", kind, "--dry-run", f.write("same.csv", f"{head}\n{first}\n{other}\n"))
        tried.that(f"{kind}: the same facts written otherwise", done.returncode == 0, done.stderr)
    said = refused(f, "unit-costs", "service,year,cost,source\ns-1,2025-26,3.1,s\ns-1,2025\u201126,3.01,s\n", "--dry-run")
    tried.that("another cost of a year written otherwise", "3: cost: " in said and "in line 2" in said, said)


def two_quotes(f):
    """Two stray quotes make a sound field of several rows: refused where the column holds one line."""
    for kind, head, rows, column in (
            ("entries", "date,person,category,amount,reference", ("2025-05-01,A1,income-tax,1.00,\"q1", "2025-05-02,A1,income-tax,2.00,q2", "2025-05-03,A1,income-tax,3.00,q3\"", "2025-05-04,A1,income-tax,4.00,q4"), "reference"),
            ("spend", "date,body,supplier,amount,reference", ("2025-05-01,council,S,1.00,\"q1", "2025-05-02,council,S,2.00,q2", "2025-05-03,council,S,3.00,q3\"", "2025-05-04,council,S,4.00,q4"), "reference"),
            ("people", "name,born,id", ("Wyn,1980-01-01,\"Q1", "Wyn,1980-01-01,Q2", "Wyn,1980-01-01,Q3\"", "Wyn,1980-01-01,Q4"), "id"),
            ("bodies", "name,kind,id", ("Wyn,charity,\"q1", "Wyn,charity,q2", "Wyn,charity,q3\"", "Wyn,charity,q4"), "id")):
        text = "\n".join((head, *rows)) + "\n"
        said = refused(f, kind, text)
        tried.that(f"{kind}: two stray quotes", f"2: {column}: " in said and "lines 2 to 4" in said, said)
        out = f.sound("import", kind, "--partial", "--dry-run", "refused.csv")
        tried.that(f"{kind}: and the lines are counted", "refused: 1 (3 lines)" in out, out)
    for kind, row in (("people", dict(id="W\n8", name="W", born="1980-01-01")), ("places", dict(code="W\r8", name="W", kind="neighbourhood")),
                      ("entries", dict(date="2025-05-01", person="A1", category="income-tax", amount="1.00", reference="a\nb"))):
        said = refused(f, kind, json.dumps(row) + "\n")
        tried.that(f"{kind}: a line break in a code of JSON", "holds a line break" in said, said)


def payees(f):
    f.sound("import", "bodies", f.write("b.csv", "id,name,kind\ncouncil,Council,council\n"))
    names = ("Acme Ltd", " ACME  LTD ", "acme\u00a0ltd", "Acme\u2003Ltd\u200b")
    f.sound("import", "spend", f.write("s.csv", "date,body,supplier,amount\n" + "".join(f"2025-05-0{i + 1},council,{n},{i + 1}.00\n" for i, n in enumerate(names))))
    found = [l for l in f.sound("export", "bodies").split("\n") if "cme" in l.lower()]
    tried.that("one payee written in four ways is one body", found == ["supplier-000001,Acme Ltd,supplier,,"] or len(found) == 1, found)
    said = refused(f, "spend", "date,body,supplier,amount\n2025-05-01,council,\u00a0,1.00\n")
    tried.that("a payee of blanks", "2: supplier: " in said, said)


def formulas(f, store):
    """Texts that a spreadsheet would run are neutralised, and a book made of the exports has the same texts."""
    draw = random.Random(14)
    names = ["=1+1", "+1", "-1", "@SUM(1)", "'=1", "''=1", "'plain", "-", "'", "=HYPERLINK(\"x\",\"y\")", "'-1, \"q\""]
    names += ["".join(draw.choice("'=+-@a \"") for _ in range(draw.randint(1, 6))).strip() or "x" for _ in range(150)]
    rows = [json.dumps({"id": f"Z{i}", "name": n, "born": "1980-01-01"}) for i, n in enumerate(names)]
    f.sound("import", "people", f.write("z.jsonl", "\n".join(rows) + "\n"), "--quiet")
    notes = [json.dumps({"date": "2025-06-01", "person": f"Z{i}", "category": "income-tax", "amount": "-1.00", "reference": f"-{i}", "note": n}) for i, n in enumerate(names)]
    f.sound("import", "entries", f.write("n.jsonl", "\n".join(notes) + "\n"), "--quiet")
    given = {kind: f.sound("export", kind) for kind in ("places", "people", "bodies", "entries")}
    read = list(csv.reader(io.StringIO(given["people"] + given["entries"])))
    numbers = re.compile(r"-?[0-9.]+$")
    tried.that("no text begins as a formula", not [c for row in read for c in row if c[:1] in tuple("=+-@\t\r") and not numbers.match(c)], "")
    tried.that("negative amounts stay numbers", given["entries"].count(",-1.00,") == len(names), given["entries"][:300])
    raw = {row[0]: row[1] for row in csv.reader(io.StringIO(f.sound("export", "people", "--raw")))}
    tried.that("--raw gives the texts as they are", all(raw[f"Z{i}"] == n for i, n in enumerate(names)))
    with Folder(store=store) as other:
        for kind in ("places", "bodies", "people", "entries"):
            other.sound("import", kind, other.write(f"{kind}.csv", given[kind]), "--quiet")
            tried.that(f"{kind}: exported and imported again, the same", other.sound("export", kind) == given[kind])
            tried.that(f"{kind}: in JSON too", other.sound("export", kind, "--format", "json") == f.sound("export", kind, "--format", "json"))


for store in (None, POSTGRESQL):
    if store is None and tried.passed:
        tried.skip("PostgreSQL: WEAL_TEST_POSTGRESQL is not set")
        break
    with Folder(store=store) as folder:
        pasted(folder)
        advice(folder)
        stray_quotes(folder)
        beginnings(folder)
        days_to_come(folder)
        blanks_for_names(folder)
        said_twice(folder)
        references(folder)
        payees(folder)
        one_id(folder)
        two_quotes(folder)
        broken_bytes(folder)
    with Folder(store=store) as folder:
        formulas(folder, store)
tried.end()
