#!/usr/bin/env python3
"""Looks for private people in the payments that are published one by one: random bodies, years, categories and people, each text about a person marked, some payments undone.

Every amount is of one row, so the published row of a private person is led back to whose it was. A category must be of ten of them or not be shown, those whose category is not shown must be ten together,
and where ten were not paid nothing is there. What is posted later moves no file before the next edition, and a link in place of a folder is not followed."""
import collections
import csv
import glob
import html
import io
import os
import random
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "portal")]
import attack as attacks  # noqa: E402
os.environ.setdefault("WEAL_PROGRAM", attacks.WEAL)
from attack import Folder, POSTGRESQL, Tried  # noqa: E402
from portal import Browser, Server, until  # noqa: E402

FEWEST = 10
CATCH_ALL = "supplier-payment"
CATEGORIES = ("home-care", "residential-care", "housing", "")
MARK = "Zeugma"  # stands in every name and text of a private person
FORMS = ("Mr {} " + MARK, MARK + " {}", MARK + ", {}", "{} " + MARK, MARK + " {} (Mrs)", "Estate of {} " + MARK, "Taxi - Mrs {} " + MARK, "{}." + MARK + "@example.org", "{} " + MARK + " 4711",
         "Ким {} " + MARK, "Cllr {} " + MARK, "Nguyen {} " + MARK, MARK + " {} - Direct Payment")
tried = Tried()


def rows_of(draw, number):
    """date, body, supplier, amount, category, department, description, reference, place, whose (None: a company)"""
    rows, pence = [], 100
    for body in ("b1", "b2", "b3", "b4"):
        people = [FORMS[i % len(FORMS)].format(f"{chr(65 + i % 26)}{chr(97 + i // 26)}x") for i in range(draw.choice((0, 3, 9, 10, 11, 14, 30)))]
        usual = {p: draw.choice(CATEGORIES) for p in people}
        for _ in range(draw.randrange(60)):
            pence += draw.randrange(1, 9)
            rows.append([f"2025-{draw.randrange(5, 12):02}-{draw.randrange(1, 28):02}", body, f"Acme {draw.randrange(5)} Ltd", f"{pence / 100:.2f}", draw.choice(CATEGORIES), "Roads", "Gravel", "R", "T1", None])
        for p in people:
            for _ in range(draw.randrange(1, 4)):
                pence += draw.randrange(1, 9)
                rows.append([f"2025-{draw.randrange(5, 12):02}-{draw.randrange(1, 28):02}", body, p, f"{pence / 100:.2f}", draw.choice((usual[p], usual[p], draw.choice(CATEGORIES))), f"{MARK} team",
                             f"Help for {p}", f"{MARK}-{people.index(p)}", "N1", p])
    draw.shuffle(rows)
    return rows


def to_csv(rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([["date", "body", "supplier", "amount", "category", "department", "description", "reference", "place"]] + [r[:9] for r in rows])
    return out.getvalue()


def published(folder):
    out = {}
    for path in glob.glob(f"{folder}/payments/2025-26/*.csv"):
        with open(path) as f:
            out[os.path.basename(path)[:-4]] = list(csv.DictReader(f))
    return out


def bytes_of(folder):
    out = {}
    for path in sorted(glob.glob(folder + "/**/*", recursive=True)):
        if os.path.isfile(path):
            with open(path, "rb") as f:
                out[path[len(folder):]] = f.read()
    return out


def hold(number, rows, files):
    by_amount = {r[3]: r for r in rows}
    for body in ("b1", "b2", "b3", "b4"):
        true, seen = [r for r in rows if r[1] == body], files.get(body, [])
        private = [r for r in seen if r["supplier"] == "a private person"]
        people = {r[9] for r in true if r[9]}
        whose = collections.defaultdict(set)
        for r in private:
            whose[r["category"]].add(by_amount[r["amount"]][9])
        what = f"random book {number}, {body}, {len(people)} people"
        tried.that(f"{what}: payments to companies are all there", sorted(r["amount"] for r in seen if r not in private) == sorted(r[3] for r in true if not r[9]), len(seen))
        tried.that(f"{what}: those to people are all there, or none of fewer than ten", len(private) == (len([r for r in true if r[9]]) if len(people) >= FEWEST else 0), len(private))
        tried.that(f"{what}: each category is of ten", all(len(p) >= FEWEST for p in whose.values()), {c: len(p) for c, p in whose.items()})
        tried.that(f"{what}: a category that is shown is the true one", all(r["category"] in (CATCH_ALL, by_amount[r["amount"]][4]) for r in private))
        tried.that(f"{what}: nothing else is told of them", not any(r[c] for r in private for c in ("department", "description", "reference", "place")))
        order = [(r["date"], float(r["amount"])) for r in private]
        tried.that(f"{what}: they stand by day and amount", order == sorted(order))


def shown(browser, path):
    """Every row of every page from this one on, as payee, day and amount."""
    rows, pages = [], 0
    while path and pages < 50:
        page = browser.get(path)
        pages += 1
        tried.that(f"{path} is a page without any of them", page.status == 200 and MARK not in page.text, page.status)
        for row in re.findall(r'<tr class="govuk-table__row">(.*?)</tr>', page.text, re.S)[1:]:
            rows.append([html.unescape(re.sub(r"<[^>]*>", "", cell)).strip() for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S)])
        following = re.search(r'href="([^"]*)" rel="next"', page.text)
        path = html.unescape(following.group(1)) if following else None
    return rows


def portal(f, files):
    """The pages say what the files say, a page behind the other."""
    f.folder = f.path
    server = Server(f, ["costly_each_minute = 100000"], url=f.store)
    browser = Browser(server)
    until(lambda: browser.get("/payments").status == 200)
    listed = re.findall(r'href="(/payments/[^"?]*)\?year=2025-26"', browser.get("/payments?year=2025-26").text)
    tried.that("every organisation that paid is listed", sorted(listed) == sorted(f"/payments/{b}" for b in files), listed)
    for body, rows in files.items():
        at = f"/payments/{body}?year=2025-26"
        pages = shown(browser, at)
        tried.that(f"the pages of {body} have every payment once, in the order of the file", [(p[0], p[4].lstrip("−-£").replace(",", "")) for p in pages] == [(r["supplier"], r["amount"]) for r in rows], pages[:3])
        some = shown(browser, at + "&payee=acme+3")
        tried.that(f"a payee of {body} is found by words of its name", [p[0] for p in some] == [r["supplier"] for r in rows if r["supplier"] == "Acme 3 Ltd"], some[:3])
        some = shown(browser, at + "&category=home-care")
        tried.that(f"payments of {body} are found by what they were for", len(some) == len([r for r in rows if r["category"] == "home-care"]), some[:3])
        told = browser.get(f"/payments/{body}/file?year=2025-26").text
        tried.that(f"the file of {body} is the one that is published", list(csv.DictReader(io.StringIO(told.lstrip("\ufeff")))) == rows, told[:300])
        tried.that(f"nobody finds a private person of {body} by a name", not shown(browser, at + "&payee=mr") and not shown(browser, at + "&payee=private"))
    welsh = browser.get("/cy/payments/b1?year=2025-26").text
    tried.that("in Welsh", "Yr hyn a dalodd Body 1" in welsh and MARK not in welsh)
    suppliers = [code for code, in f.rows("select code from body where kind = 'supplier'")]
    tried.that("no address of a supplier tells that it is one", suppliers and {browser.get(f"/payments/{code}").status for code in suppliers} == {404})
    for path in ("/payments/b9", "/payments/nobody/file", "/payments/b1?year=1999-00"):
        tried.that(f"{path}: not found", browser.get(path).status == 404)
    for after in ("x", "1:2", ":-1", "1:2:3:", "99999999999999999999:1:1:b", ":99999999999", "1:1:1:nobody"):
        tried.that(f"a wrong place to go on from, {after}, is no fault", browser.get(f"/payments/b1?year=2025-26&after={after}").status == 200)
    server.stop()


def attack(store, number):
    draw = random.Random(number)
    with Folder(store=store) as f:
        f.sound("import", "places", f.write("pl.csv", "code,name,kind,parent\nT1,Testham,locality,\nN1,North,neighbourhood,T1\n"), "--quiet")
        f.sound("import", "bodies", f.write("b.csv", "id,name,kind\n" + "".join(f"b{i},Body {i},council\n" for i in range(1, 5))), "--quiet")
        f.sound("import", "entries", f.write("e.csv", "date,person,category,amount\n2025-05-01,A1,income-tax,100.00\n"), "--quiet")
        rows, undone = rows_of(draw, number), rows_of(random.Random(number + 1000), number)[:40]
        f.sound("import", "spend", f.write("u.csv", to_csv(undone)), "--quiet")
        f.sound("reverse", f"import:{f.rows('select max(id) from import')[0][0]}", "--reason", "twice", "--quiet")
        f.sound("import", "spend", f.write("s.csv", to_csv(rows)), "--quiet")
        f.sound("publish", "out", "--quiet")
        out = os.path.join(f.path, "out")
        before = bytes_of(out)
        hold(number, rows, published(out))
        tried.that(f"random book {number}: no byte that is published is about one of them", not any(MARK.encode() in b for b in before.values()), [p for p, b in before.items() if MARK.encode() in b])
        if number == 3 and not store:
            portal(f, published(out))
        f.sound("import", "spend", f.write("l.csv", to_csv([["2025-06-01", "b1", f"Mr Late {MARK}", "9999.99", "home-care", "", "", "", ""]])), "--quiet")
        f.sound("publish", "out", "--quiet")
        tried.that(f"random book {number}: what is posted later moves nothing before the next edition", bytes_of(out) == before)
        os.makedirs(os.path.join(f.path, "linked"))
        os.makedirs(os.path.join(f.path, "elsewhere"))
        os.symlink(os.path.join(f.path, "elsewhere"), os.path.join(f.path, "linked", "payments"))
        done = f.weal("publish", "linked", "--quiet")
        tried.that("a link in place of the folder of payments is not followed", done.returncode != 0 and not os.listdir(os.path.join(f.path, "elsewhere")), done.stderr)


for engine in (None, POSTGRESQL) if POSTGRESQL else (None,):
    for book in range(1, 3 if engine else 6):
        attack(engine, book)
tried.end()
