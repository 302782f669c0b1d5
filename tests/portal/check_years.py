#!/usr/bin/env python3
"""A day 900 years ahead, which an older program took or --unusual let in: the public account opens at the latest year not after today, and offers years that have lines and have begun, never that one.
A year without lines between those that have some is not found, and no year makes the server read the book: pages show the edition that is kept."""
import os
import re
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import Book, Browser, Server, Tally, weal

t = Tally()
book = Book(200)
with open(os.path.join(book.folder, "far.csv"), "w") as f:
    f.write("date,person,category,amount,reference\n2925-05-01,P000002,income-tax,5000.00,far-ahead\n")
took = weal("--store", book.url, "import", "entries", os.path.join(book.folder, "far.csv"))
t.hold("without a word it is refused", took.returncode == 1 and "--unusual" in took.stderr, took.stderr)
book.weal("import", "entries", os.path.join(book.folder, "far.csv"), "--unusual")


def offered(text):
    return sorted(set(re.findall(r'year=(\d{4}-\d\d)|<option[^>]*>(\d{4}-\d\d)', text)))


def asked(browser, path):
    page = browser.get(path)
    while page.status == 202:
        time.sleep(0.2)
        page = browser.get(path)
    return page


def look(undone):
    server = Server(book)
    browser = Browser(server)
    page = asked(browser, "/place")
    title = re.search(r"<title>([^<]*)", page.text).group(1)
    years = {y for pair in offered(page.text) for y in pair if y}
    t.hold(f"the place opens at a year that has come{undone}", page.status == 200 and "2025-26" in title, title)
    t.hold(f"and offers years that have lines and have begun{undone}", years == {"2023-24", "2024-25", "2025-26"}, sorted(years))
    table = re.search(r'href="(/place/[^"/?]+/table/[^"?]+)', page.text).group(1)
    for path in ("/place", "/cy/place", table):
        for year in ("1850-51", "2026-27", "2500-01", "2924-25", "2926-27"):
            page = asked(browser, f"{path}?year={year}")
            t.hold(f"{path} has no {year}{undone}", page.status == 404, page.status)
            t.hold(f"and leads from {year} at {path} to the years that it has{undone}", sorted(set(re.findall(r'href="(?:/cy)?/place/[^"/?]+\?year=(\d{4}-\d\d)"', page.text))) == ["2023-24", "2024-25", "2025-26"] and re.search(f"<h1[^>]*>[^<]*{year}", page.text), page.text[-1500:])
    nowhere = asked(browser, "/place/NOWHERE?year=2031-32")
    t.hold(f"no such place is not found, whatever the year{undone}", nowhere.status == 404 and "2025-26" not in nowhere.text, nowhere.text[-800:])
    t.hold(f"a table has a year with lines{undone}", asked(browser, f"{table}?year=2025-26").status == 200)
    for year in ("2023-24", "2024-25", "2025-26", "2925-26"):
        page = asked(browser, f"/place?year={year}")
        t.hold(f"of {year} the place has what it offers{undone}", page.status == (200 if year in years else 404), page.status)
    t.hold("the portal stops", server.stop() == 0)


look("")
line = book.weal("account", "P000002", "--from", "2900-01-01", "--format", "json")
line = re.search(r'"line":"(\d+:\d+)"', line).group(1)
book.weal("reverse", line, "--reason", "year mistyped")
look(", the line undone")
book.weal("erase", "P000002", "--reason", "asked for it")
look(", the line undone and its person erased")
t.end()
