#!/usr/bin/env python3
"""Files and forms: values as a paste brings them, advice that is wrong, rows that vanish."""
import os, sys, unicodedata

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


for store in (None, POSTGRESQL):
    if store is None and tried.passed:
        tried.skip("PostgreSQL: WEAL_TEST_POSTGRESQL is not set")
        break
    with Folder(store=store) as folder:
        pasted(folder)
        advice(folder)
        stray_quotes(folder)
        beginnings(folder)
tried.end()
