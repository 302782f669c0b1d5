#!/usr/bin/env python3
"""The answer of people of the sample place: each sum of its first sentences is that of the amounts that stand below it; what is in payment has no link to claim it; whoever may have no public funds reads of nothing that they
may get; an explanation of Universal Credit adds up, and says nothing twice; a line of council tax that was paid in full agrees."""
import os
import re
import sqlite3
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import Book, Browser, Server, Tally, words

t = Tally()
book = Book(400)
server = Server(book, ["forms_each_minute = 100000", "looks_each_hour = 100000"])
db = sqlite3.connect(book.url[7:], timeout=30)


def people(where):
    return [c for c, in db.execute(f"select distinct p.code from party p join fact f on f.party = p.id where p.kind = 'person' and p.died is null and (unixepoch() / 86400 - p.born) / 365.25 > 18 and {where} order by p.id")]


def cards(page):
    """What stands under each heading: the text of a card, and its amount a year in pence where it is exact."""
    main = re.search(r"<main.*?</main>", page, re.S).group(0)
    found = {}
    for part in re.split(r"(?=<h2)", main)[1:]:
        heading = words(re.search(r"<h2[^>]*>(.*?)</h2>", part, re.S).group(1)).strip()
        for card in re.findall(r'<section class="weal-card weal-entitlement">.*?</section>', part, re.S):
            year = re.search(r"A year</dt><dd[^>]*>£([\d,.]+)</dd>", card)
            found.setdefault(heading, []).append((card, round(float(year.group(1).replace(",", "")) * 100) if year else None))
    return words(main), found


def whole(pence_a_year):
    return round(pence_a_year / 5200)


def same_sum(code, name, shown, under):
    """The sum that is said is that of the cards, to the pound; cards without one amount are told of in words."""
    amounts = [year for card, year in under if year is not None and "It is already taken off" not in card]
    said = re.search(r"about £([\d,]+) a week", shown)
    if said and len(amounts) == len(under):
        t.hold(f"{code}: {name} adds up", abs(int(said.group(1).replace(",", "")) - whole(sum(amounts))) <= 1, said.group(0), amounts)
        return True
    return False


compared = {"may": 0, "must": 0, "already": 0, "why": 0, "lines": 0}
for code in people("f.variable = 'partner'")[:40]:
    browser = Browser(server)
    browser.sign_in(code)
    page = browser.get("/entitlements/answer")
    if page.status != 200:
        continue
    shown, found = cards(page.text)
    first = shown.split("Worked out for")[0]
    may, must = re.search(r"You may get (.*?) that you do not get yet", first), re.search(r"You must pay (.*?) a week", first)
    if may and "We do not know whether" not in first and "cannot be said here" not in first:
        compared["may"] += same_sum(code, "what one may get", may.group(0), found.get("What you may get", []))
    if must:
        compared["must"] += same_sum(code, "what one must pay", must.group(0), found.get("What you must pay", []))
    for card, _ in found.get("What you get already", []):
        compared["already"] += 1
        t.hold(f"{code}: what is in payment says how much, and is not claimed", ">Now<" in card and "claim" not in words(card).lower(), words(card))
    why = browser.get("/entitlements/why/universal_credit")
    lines = [words(line).strip() for line in re.findall(r"<li.*?</li>", why.text.split('weal-why"')[-1].split("</ol>")[0], re.S)]
    t.hold(f"{code}: no line of the explanation stands twice in a row", not any(a == b for a, b in zip(lines, lines[1:])), lines)
    parts = [re.search(f"{name}: £([\\d,.]+) a month", " ".join(lines)) for name in ("Universal credit before income is taken off", "What is taken off for income")]
    got = re.search(r"£([\d,.]+) a year, by the law", words(why.text))
    if why.status == 200 and all(parts) and got and "Not everything is known" not in why.text and "enefit cap" not in " ".join(lines):
        most, off, year = (float(m.group(1).replace(",", "")) for m in (*parts, got))
        compared["why"] += 1
        t.hold(f"{code}: the amount is what is needed less what is taken off", abs(12 * (most - off) - year) < 0.13, most, off, year)
    account = browser.get("/account?category=council-tax")
    for path in re.findall(r'href="(/account/lines/[^"]+)"[^>]*>Council Tax', account.text)[:1]:
        line = words(browser.get(path).text)
        compared["lines"] += 1
        t.hold(f"{code}: what needs to be known is named", "It needs to be known first:" not in line or "Who says so" not in line.split("known first:")[1][:20], line)
        known = re.search(r"Recorded in 20\d\d-\d\d £([\d,.]+) By the rules, from what is known £([\d,.]+)", line)
        if known:
            t.hold(f"{code}: what was paid of council tax is the bill or the bill less a reduction", ("They agree" in line) == (abs(float(known.group(1).replace(",", "")) - float(known.group(2).replace(",", ""))) <= max(1, float(known.group(2).replace(",", "")) / 12)), known.group(0))
t.hold("there was something to compare", all(compared.values()), compared)

barred = people("f.variable = 'recourse_to_public_funds' and f.value = 'no'")
for code in barred[:6]:
    browser = Browser(server)
    browser.sign_in(code)
    page = browser.get("/entitlements/answer")
    if page.status == 200:
        first = words(page.text).split("Worked out for")[0]
        t.hold(f"{code}, who may have no public funds, reads of nothing that they may get", "You may get about" not in first and "/claim?of=" not in page.text, first)

t.end()
