#!/usr/bin/env python3
"""The answer of people of the sample place: each sum of its first sentences is that of the amounts that stand below it; what is in payment has no link to claim it; whoever may have no public funds reads of nothing that they
may get; an explanation of Universal Credit adds up, and says nothing twice; a line of council tax that was paid in full agrees."""
import os
import re
import sqlite3
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import Book, Browser, Server, Tally, on_day, words

on_day("2026-12-01")
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


compared = {"may": 0, "must": 0, "already": 0, "why": 0, "lines": 0, "differ": 0, "agree": 0}


def pence(text):
    return round(float(text.replace(",", "")) * 100)


def same_difference(code, first, card):
    """What is paid and what is due, both a week and a year; where they differ by more than 10 pence a week the headline says by how much, else it does not. What payments came to is no amount of a year."""
    said = words(card)
    name = re.search(r"<h3[^>]*>(.*?)</h3>", card, re.S).group(1)
    due = re.search(r"Due by the rules £([\d,.]+) £([\d,.]+) ", said)
    paid = re.search(r"Paid (?:now|from \d+ \w+ \d+) £([\d,.]+) £([\d,.]+)", said)
    if ">Payments<" in card:
        t.hold(f"{code}: payments are told with their days, and as no year: {name}", not paid and re.search(r"was paid (between .* and|on) ", said), said)
    if not due or not paid:
        return
    more = pence(due.group(2)) - pence(paid.group(2))
    compared["differ" if abs(more) > 520 else "agree"] += 1
    words_of = re.search(r"Paid (less|more) than is due £([\d,.]+) £([\d,.]+)", said)
    headline = re.search(re.escape(words(name)) + r": [^£]*£([\d,.]+) a year \(£([\d,.]+) a week\) more (is due|was paid|is paid)", first)
    if abs(more) <= 520:
        t.hold(f"{code}: what agrees is not said to differ: {name}", not words_of and not headline, said, first)
    else:
        t.hold(f"{code}: the card and the headline say by how much {name} differs", words_of and headline and words_of.group(1) == ("less" if more > 0 else "more") and pence(words_of.group(3)) == pence(headline.group(1)) == abs(more)
               and abs(pence(headline.group(2)) - abs(more) / 52) <= 0.5 and (headline.group(3) == "is due") == (more > 0) and "nothing is due" not in (first if more > 0 else ""), said, first)


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
        t.hold(f"{code}: what is in payment says how much or when, and is not claimed", (any(label in card for label in (">Now<", ">Last known<", ">Payments<"))) and "claim" not in words(card).lower(), words(card))
        same_difference(code, first, card)
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

# ---- an amount of this year, of whoever told it; an officer reads the same words ----
clerk, council = db.execute("select p.code, b.code from office o join party p on p.id = o.person join body b on b.id = o.body where o.role = 'staff' and b.kind = 'council' and o.to_day is null order by o.id").fetchone()
code = next(c for c in people("f.variable = 'housing_benefit_reported'"))
browser, officer = Browser(server).sign_in(code), Browser(server).sign_in(clerk).because("housing benefit", code)
with open(os.path.join(book.folder, "this-year.csv"), "w") as f:
    f.write(f"person,variable,value,per,from,source,body\n{code},housing_benefit_reported,20000,year,2026-10-01,decision,{council}\n")
book.weal("import", "facts", f.name, "--quiet")
first = words(browser.get("/entitlements/answer").text).split("Worked out for")[0]
t.hold("what is paid of this year and more than the rules come to is no old amount", "more is paid than the rules come to" in first and "tell Harrowmere Borough Council now" in first, first)
own, theirs = words(browser.get("/entitlements/answer").text), words(officer.get(f"/people/{code}/entitlements").text)
now = re.search(r"Now (£20,000.00 a year, as [^.]*?) Who pays it", own)
t.hold("the officer's page says it in the same words", now and now.group(1) in theirs, now and now.group(0), theirs)

# ---- what is left of council tax after what is taken off, beside what the rules come to; it is never left out ----
def council_tax(browser):
    """The card of what is to pay, and whether a reduction stands among what is got."""
    shown, found = cards(browser.get("/entitlements/answer").text)
    card = lambda heading, name: next((words(card) for card, _ in found.get(heading, []) if f">{name}<" in card), "")
    return card("What you must pay", "Council Tax after any reduction"), card("What you get already", "Council Tax Reduction"), shown


def with_bill():
    """Somebody who has no reduction, and their bill in pence."""
    for code in people("f.variable = 'partner'"):
        browser = Browser(server).sign_in(code)
        card, got, _ = council_tax(browser)
        year = re.search(r"A year £([\d,.]+) ", card)
        if year and not got and pence(year.group(1)) > 100000 and "All that it depends on is known" in card:
            return code, browser, pence(year.group(1))


code, browser, bill = with_bill()
pounds = lambda amount: f"£{amount / 100:,.2f}"
for day, off in (("01", bill - 14000), ("02", 5668), ("03", bill)):
    book.weal("fact", "tell", code, "council_tax_benefit_reported", f"{off / 100:.2f}", "--per", "year", "--from", f"2026-11-{day}", "--as", code, "--quiet")
    card, got, shown = council_tax(browser)
    left = bill - off
    t.hold(f"of a bill of {pounds(bill)} what is left after {pounds(off)}", f"A year {pounds(left)} " in card and f"Billed {pounds(bill)} a year, reduction now {pounds(off)} a year: {pounds(left)} a year to pay." in card
           and (not left or f"You must pay" in shown), code, card, shown[:500])
    due = re.search(r"Due by the rules £[\d,.]+ £([\d,.]+) ", got)
    t.hold("and by the rules", not due or abs(pence(due.group(1)) - off) <= 520 or f"With the reduction that is due by the rules it would be {pounds(bill - pence(due.group(1)))} a year to pay." in card, card, got)

# ---- a claim that waits is shown where it could be made again ----
code = next(c for c in people("f.variable = 'partner'") if "What you may get Council Tax Reduction" in words((b := Browser(server).sign_in(c)).get("/entitlements/answer").text) and "claim?of=council_tax_reduction" in b.get("/entitlements/answer").text)
browser = Browser(server).sign_in(code)
sent = browser.send("/claim", {"variable": "council_tax_reduction", "agree": "yes"})
page, said = browser.get("/entitlements/answer"), "It waits for an answer"
t.hold("claimed", sent.status == 303, sent.status, words(sent.text)[:600])
t.hold("the answer shows the claim in place of its link", said in words(page.text) and "Council Tax Reduction is claimed already" in words(page.text) and "claim?of=council_tax_reduction" not in page.text and "/requests/" in page.text, words(page.text)[:1500])
page = browser.get("/claim")
t.hold("nobody is told of a benefit of another nation", all("Scottish" not in words(browser.get(path).text) and "Carer Support Payment" not in words(browser.get(path).text) for path in ("/claim", "/entitlements/answer")), words(page.text))
t.hold("so does the list of claims", "Claimed, and waiting for an answer" in words(page.text) and "claim?of=council_tax_reduction" not in page.text, words(page.text)[-900:])
page = browser.get("/claim?of=council_tax_reduction")
t.hold("and the form is not there", said in words(page.text) and "Send the claim" not in page.text, words(page.text)[:600])

barred = people("f.variable = 'recourse_to_public_funds' and f.value = 'no'")
for code in barred[:6]:
    browser = Browser(server)
    browser.sign_in(code)
    page = browser.get("/entitlements/answer")
    if page.status == 200:
        first = words(page.text).split("Worked out for")[0]
        t.hold(f"{code}, who may have no public funds, reads of nothing that they may get", "You may get about" not in first and "/claim?of=" not in page.text, first)

t.end()
