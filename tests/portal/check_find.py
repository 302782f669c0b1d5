#!/usr/bin/env python3
"""Finding: an item of one's account by what, who, how much and when; a person by a name as anybody writes it; with nothing found, what to try. No script, both languages."""
import html
import os
import re
import sqlite3
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import Book, Browser, Server, Tally, weal, words

t = Tally()
book = Book(120)
# Each is born on another day; the name is as a council's file might have it, composed or taken apart.
NAMES = {"F1": ("Pat O’Brien", "1961-01-01"), "F2": ("Pat O'Brien", "1961-01-02"), "F3": ("Seán Ó Briain", "1961-01-03"), "F4": ("Siân Evans", "1961-01-04"), "F5": ("Sian Evans", "1961-01-05"),
         "F6": ("Mu\u0308ller, Zoë", "1961-01-06"), "F7": ("Łukasz Nowak", "1961-01-07"), "F8": ("Sia\u0302n Pugh-Jones", "1961-01-08")}
PLACE = sqlite3.connect(book.url[7:]).execute("select code from place where kind = 'locality' order by id").fetchone()[0]
with open(os.path.join(book.folder, "households.csv"), "w", encoding="utf-8") as f:
    f.write(f"id,place,from,postcode\nFH1,{PLACE},2020-01-01,HM9 9ZZ\n")
book.weal("import", "households", os.path.join(book.folder, "households.csv"))
with open(os.path.join(book.folder, "people.csv"), "w", encoding="utf-8") as f:
    f.write("id,name,born,nino,nhs,household,place,from,postcode\n")
    for code, (name, born) in NAMES.items():
        nino, nhs = "AB123456C" if code == "F1" else "", "9434765919" if code == "F2" else ""
        place, postcode = ("N1", "HM1 2AB") if code in ("F1", "F2") else ("N1", "HM1 2AA") if code == "F3" else ("", "")
        f.write(f'{code},"{name}",{born},{nino},{nhs},{"FH1" if code in ("F6", "F7") else ""},{PLACE if place else ""},{"2020-01-01" if place or code in ("F6", "F7") else ""},{postcode}\n')
book.weal("import", "people", os.path.join(book.folder, "people.csv"))


def ask(sql, *values):
    with sqlite3.connect(book.url[7:]) as db:
        return db.execute(sql, values).fetchall()


council = ask("select code, name from body where kind = 'council' order by id limit 1")[0]
other = ask("select code, name from body where code <> ? and kind <> 'supplier' and id in (select body from line) order by id limit 1", council[0])[0]
LINES = [("2026-03-01", "carers-allowance", "71.70", council[0], "C-1", "Lôn Fach café"), ("2026-03-08", "carers-allowance", "171.70", other[0], "C-2", ""),
         ("2026-02-14", "council-tax", "71.05", council[0], "C-3", "O’Brien’s arrears"), ("2024-06-30", "council-tax", "99.00", council[0], "C-4", "")]
with open(os.path.join(book.folder, "entries.csv"), "w", encoding="utf-8") as f:
    f.write("date,person,category,amount,body,reference,note\n")
    for day, category, amount, body, reference, note in LINES:
        f.write(f'{day},F1,{category},{amount},{body},{reference},"{note}"\n')
book.weal("import", "entries", os.path.join(book.folder, "entries.csv"))
server = Server(book, ["forms_each_minute = 1000", "looks_each_hour = 10000"])
citizen = Browser(server).sign_in("F1")

# ---- the years to choose from ----
for cy, every in (("", "All years"), ("/cy", "Pob blwyddyn")):
    select = re.search(r'<select[^>]*name="year".*?</select>', citizen.get(cy + "/account").text, re.S).group(0)
    options = re.findall(r'<option value="([^"]*)"[^>]*>\s*([^<]*?)\s*</option>', select)
    t.hold(f"each year is chosen by its own name{cy}", len(options) >= 3 and all(label == value for value, label in options[:-1]) and options[-1] == ("all", every), options)

# ---- the citizen's account ----
from urllib.parse import quote, urlencode


def found(query, cy=False, who=citizen):
    """The days of the items that the page shows, the newest first."""
    page = who.get(("/cy" if cy else "") + "/account?" + (urlencode(query) if isinstance(query, dict) else query))
    assert page.status == 200, (query, page.status)
    data = who.get("/account?" + (urlencode(query) if isinstance(query, dict) else query) + "&format=json")
    days = re.findall(r'"date":"([0-9-]+)"', data.text)
    shown = len(re.findall(r'href="(?:/cy)?/account/lines/\d+:\d+"', page.text))
    t.hold(f"the page shows as many as the file: {query}", cy or shown >= len(days), shown, len(days))
    return sorted(days)


ALL = sorted(line[0] for line in LINES)
for what, expected in {
    "71.70": ["2026-03-01"], "£71.70": ["2026-03-01"], "-71.70": ["2026-03-01"], "−£71.70": ["2026-03-01"], "71": ["2026-02-14", "2026-03-01"], "£71": ["2026-02-14", "2026-03-01"], "1": ["2026-03-01"],
    "1 March 2026": ["2026-03-01"], "1 march 2026": ["2026-03-01"], "1st March 2026": ["2026-03-01"], "2026-03-01": ["2026-03-01"], "1/3/2026": ["2026-03-01"], "01/03/2026": ["2026-03-01"],
    "1 Mawrth 2026": ["2026-03-01"], "March 2026": ["2026-03-01", "2026-03-08"], "mar 2026": ["2026-03-01", "2026-03-08"], "2026-03": ["2026-03-01", "2026-03-08"], "Mawrth 2026": ["2026-03-01", "2026-03-08"],
    "2024": ["2024-06-30"], "2024-25": ["2024-06-30"], "30 June": ["2024-06-30"], "June": ["2024-06-30"], "30 February 2026": [],
    "council tax": ["2024-06-30", "2026-02-14"], "COUNCIL  TAX": ["2024-06-30", "2026-02-14"], "carer's allowance": ["2026-03-01", "2026-03-08"], "Carers Allowance": ["2026-03-01", "2026-03-08"],
    "allowance march 171.70": ["2026-03-08"], other[1]: ["2026-03-08"], other[1].upper(): ["2026-03-08"], "lon fach CAFE": ["2026-03-01"], "Lo\u0302n": ["2026-03-01"], "o'brien": ["2026-02-14"], "obriens": ["2026-02-14"],
    "C-3": ["2026-02-14"], "nothing of this kind": [], "council zzz": [], "%": [], "_": [], "'": ALL,
}.items():
    got = found({"words": what})
    t.hold(f"found by {what!r}", got == expected, got, expected)
t.hold("in Welsh the example beside the box finds, though the name is mutated", len(re.findall(r"account/lines/", citizen.get("/cy/account?" + urlencode({"words": "treth gyngor"})).text)) >= 2 and "Y Dreth Gyngor" in citizen.get("/cy/account?" + urlencode({"words": "treth gyngor"})).text)
t.hold("in Welsh by the Welsh name", len(re.findall(r"account/lines/", citizen.get("/cy/account?" + urlencode({"words": "lwfans gofalwr"})).text)) >= 2)
t.hold("words without a year look in all", found({"words": "council tax"}) == ["2024-06-30", "2026-02-14"])
t.hold("a year alone is that year", found({"words": "council tax", "year": "2024-25"}) == ["2024-06-30"])
t.hold("all years without words", found({"year": "all"}) == ALL)
t.hold("by what it was for", found({"year": "all", "category": "council-tax"}) == ["2024-06-30", "2026-02-14"])
t.hold("by who", found({"year": "all", "body": other[0]}) == ["2026-03-08"])
t.hold("by all of them", found({"year": "all", "body": council[0], "category": "council-tax", "words": "71"}) == ["2026-02-14"])
page = citizen.get("/account?year=2025-26")
t.hold("the choices are what the year has", f'<option value="{other[0]}">' in page.text and '<option value="council-tax">' in page.text and '<option value="home-care">' not in page.text)
t.hold("the filters are folded away", "weal-filter__more" in page.text and "weal-filter__more\" open" not in page.text)
page = citizen.get("/account?year=all&body=" + council[0])
t.hold("and open when one is chosen", "weal-filter__more\" open" in page.text and f'<option value="{council[0]}" selected>' in page.text)
t.hold("what was written stays", 'value="café &lt;b&gt;"' in citizen.get("/account?" + urlencode({"words": "café <b>"})).text)
page = citizen.get("/account?" + urlencode({"words": "no such thing", "year": "2025-26", "side": "cash"}))
said = words(page.text)
t.hold("nothing found says what to try", "We found nothing in 2025-26." in said and "Search all years" in said and "without the filters" in said and "Write an amount as 71.70" in said and "<table" not in re.sub(r"<details.*?</details>", "", page.text))
link = html.unescape(re.search(r'href="([^"]*)">Search all years', page.text).group(1))
t.hold("and the way there works", citizen.get(link).status == 200 and "We found nothing in any year." in words(citizen.get(link).text))
t.hold("in Welsh", "Ni chawsom hyd i ddim" in words(citizen.get("/cy/account?words=zzzz").text))
for what, query in (("no such category", "category=zzz"), ("no such organisation", "body=zzz"), ("no such side", "side=zzz"), ("no such year", "year=every")):
    r = citizen.get("/account?" + query)
    t.hold(f"{what} is refused", r.status in (400, 422), r.status)
t.hold("more than a search holds is refused", citizen.get("/account?words=" + "x" * 101).status in (400, 422))
t.hold("a hundred words are read", citizen.get("/account?" + urlencode({"words": " ".join("1234567890" * 5)})).status == 200)
t.hold("nobody else's items", not found({"words": "71"}, who=Browser(server).sign_in("F2")))

# ---- staff find people ----
staff_code = ask("select p.code from office o join party p on p.id = o.person where o.role = 'staff' and o.to_day is null order by o.id")[0][0]
staff = Browser(server).sign_in(staff_code)
REASON = "They stand at the counter and ask"


def people(**fields):
    page = staff.send("/people", {"reason": REASON, **fields})
    return sorted(set(re.findall(r'href="/people/(F\d)"', page.text)))


for code, spellings in {"F1": ("O’Brien", "O'Brien", "o`brien", "OBRIEN", "brien pat", "O Brien"), "F2": ("O’Brien", "O'Brien"), "F3": ("Ó Briain", "o briain", "O\u0301 Briain", "Sean", "Seán"),
                        "F4": ("Siân", "Sian", "SIÂN", "Sia\u0302n"), "F5": ("Siân", "Sian"), "F6": ("Müller", "Muller", "Mu\u0308ller", "Zoe", "Zoë", "zoe mul"), "F7": ("Łukasz", "Lukasz", "łuk", "nowak LUK"),
                        "F8": ("Sian Pugh", "Pugh-Jones", "Pugh‐Jones", "pugh jones", "pughjones", "jones")}.items():
    for spelling in spellings:
        got = people(name=spelling, born=NAMES[code][1])
        t.hold(f"{NAMES[code][0]} is found as {spelling!r}", got == [code], got)
for code, spelling in (("F1", "Briens"), ("F4", "Sean"), ("F6", "Miller"), ("F7", "ukasz")):
    t.hold(f"{NAMES[code][0]} is not {spelling!r}", people(name=spelling, born=NAMES[code][1]) == [])
t.hold("by the National Insurance number", people(reference="ab 12 34 56 c") == ["F1"])
t.hold("by the NHS number", people(reference="943 476 5919") == ["F2"])
teller = Browser(server).sign_in("F8")
for path in ("name/name", "name/check"):
    teller.send(f"/tell-us-once/{path}", {"name": "Siân Castell"} if path == "name/name" else {})
t.hold("who told a new name is found by it and by the one before", ask("select name from party where code = 'F8'") == [("Siân Castell",)]
       and all("F8" in people(name=name, **{"born-day": "8", "born-month": "1", "born-year": "1961"}) for name in ("sian castell", "Pugh-Jones")) and people(name="Zoe", **{"born-day": "8", "born-month": "1", "born-year": "1961"}) == [])
t.hold("a name alone finds nobody, however it is written", people(name="O’Brien") == [] and staff.send("/people", {"reason": REASON, "name": "O’Brien"}).status == 422)

own = ask("select b.code from office o join party p on p.id = o.person join body b on b.id = o.body where p.code = ? and o.role = 'staff'", staff_code)[0][0]


def give_lines(*codes):
    with open(os.path.join(book.folder, "more.csv"), "w", encoding="utf-8") as f:
        f.write("date,person,category,amount,body,reference\n" + "".join(f"2026-03-02,{code},council-tax,1.00,{own},M-{code}\n" for code in codes))
    book.weal("import", "entries", os.path.join(book.folder, "more.csv"))


give_lines("F1")
t.hold("a postcode finds nobody with whom one's organisation has nothing to do", people(name="O'Brien", postcode="hm12ab") == ["F1"] and people(born=NAMES["F2"][1], postcode="HM1 2AB") == [] and people(reference="943 476 5919", postcode="HM1 2AB") == [])
looks = ask("select count(*) from access where party = (select id from party where code = 'F2')")
people(name="O'Brien", postcode="hm12ab")
t.hold("nor is that a look at them", looks == ask("select count(*) from access where party = (select id from party where code = 'F2')"))
area = ask("select name from place where code = ?", PLACE)[0][0]
row = lambda code: re.search(rf'href="/people/{code}".*?</tr>', staff.send("/people", {"reason": REASON, "name": "O'Brien", "born-day": "1", "born-month": "1", "born-year": "1961"} if code == "F1" else {"reason": REASON, "reference": "943 476 5919"}).text, re.S).group(0)
t.hold("where somebody lives stands where one's organisation has something with them, as on their page", area in row("F1") and area not in row("F2"), row("F1"), row("F2"))
give_lines("F2", "F6", "F7")
t.hold("by name and postcode", people(name="O'Brien", postcode="hm12ab") == ["F1", "F2"] and people(name="pat", postcode=" HM1  2AB ") == ["F1", "F2"])
t.hold("by day of birth and postcode", people(born=NAMES["F2"][1], postcode="HM1 2AB") == ["F2"])
t.hold("by the household's postcode", people(name="Muller", postcode="HM9 9ZZ") == ["F6"] and people(name="lukasz", postcode="hm99zz") == ["F7"])
t.hold("not by a postcode of others", people(name="O'Brien", postcode="HM1 2AA") == [] and people(name="zoe", postcode="HM9 9ZY") == [] and people(reference="F1", postcode="HM9 9ZZ") == [])
t.hold("a number and the right postcode", people(reference="F1", postcode="HM1 2AB") == ["F1"])
for what, fields in (("a postcode alone", {"postcode": "HM1 2AB"}), ("a postcode and one letter", {"postcode": "HM1 2AB", "name": "P"}), ("a postcode and an apostrophe and a letter", {"postcode": "HM1 2AB", "name": "  'o "}),
                     ("a postcode and a place", {"postcode": "HM1 2AB", "place": PLACE}), ("half a postcode", {"postcode": "HM1", "name": "Pat"}), ("what is no postcode", {"postcode": "%", "name": "Pat"})):
    r = staff.send("/people", {"reason": REASON, **fields})
    t.hold(f"{what} finds nobody", r.status == 422 and "/people/F" not in r.text and "govuk-error-summary" in r.text, r.status)
count = len(ask("select 1 from access where party = (select id from party where code = 'F2')"))
people(name="O'Brien", postcode="HM1 2AB")
t.hold("each who is found has the look", len(ask("select 1 from access where party = (select id from party where code = 'F2')")) == count + 1)
with open(os.path.join(book.folder, "moved.csv"), "w", encoding="utf-8") as f:
    f.write(f"id,name,born,place,from,postcode\nF2,Pat O'Brien,1961-01-02,{PLACE},2025-01-01,HM1 2AD\n")
book.weal("import", "people", os.path.join(book.folder, "moved.csv"))
t.hold("who moved is found where they live now", people(name="pat", postcode="HM1 2AB") == ["F1"] and people(name="pat", postcode="HM1 2AD") == ["F2"])
book.weal("merge", "F4", "F8", "--reason", "one person")
t.hold("by the name of a record that was merged into theirs", people(name="Pugh-Jones", born=NAMES["F8"][1]) == ["F4"] and people(name="Evans", born=NAMES["F4"][1]) == ["F4"])
page = staff.send("/people", {"reason": REASON, "name": "zzz", "postcode": "HM1 2AB"})
t.hold("nobody found: what to try", "0 people found" in words(page.text) and "its first letters are enough" in words(page.text) and "They may have moved" in words(page.text))

# ---- the journal is filtered, and exported as it is filtered ----
auditor = Browser(server).sign_in(ask("select p.code from office o join party p on p.id = o.person where o.role = 'auditor'")[0][0])
day = lambda iso: (__import__("datetime").date.fromisoformat(iso) - __import__("datetime").date(1970, 1, 1)).days


def journal(query):
    """The entries of all pages of the journal, then of its file."""
    shown, path = [], "/audit/entries" + ("?" + urlencode(query) if query else "")
    file = auditor.get("/audit/journal.csv" + ("?" + urlencode(query) if query else ""))
    assert file.status == 200, (query, file.status)
    while path:
        page = auditor.get(path)
        assert page.status == 200, (path, page.status)
        shown += [int(n) for n in re.findall(r'href="/audit/entries/(\d+)"', page.text)]
        older = re.search(r'href="(/audit/entries\?[^"]*)">Older', page.text)
        path = html.unescape(older.group(1)) if older else None
    rows = file.body.decode("utf-8-sig").split("\n")
    t.hold(f"the file of {query} has what the pages have", rows[0] == "entry,day,recorded,kind,import,lines" and [int(r.split(",")[0]) for r in rows[1:] if r] == shown, len(rows), len(shown))
    return shown


council_id = ask("select id from body where code = ?", council[0])[0][0]
last_import = ask("select id from import where kind = 'entries' order by id desc limit 1")[0][0]
book.weal("reverse", book.weal("account", "F1", "--words", "71.05", "--format", "csv").split("\n")[1].split(",")[2], "--reason", "the wrong person")
OWN = "select distinct l.entry from line l join account a on a.id = l.account where a.owner_kind = 'body'"
for query, sql, values in (({}, "select id from entry", ()),
                           ({"kind": "reversal"}, "select id from entry where kind = 'reversal'", ()),
                           ({"import": str(last_import)}, "select id from entry where import = ?", (last_import,)),
                           ({"from": "2026-03-01", "to": "2026-03-31"}, "select id from entry where day between ? and ?", (day("2026-03-01"), day("2026-03-31"))),
                           ({"from": "1 March 2026", "kind": "import"}, "select id from entry where day >= ? and kind = 'import'", (day("2026-03-01"),)),
                           ({"body": council[0]}, OWN + " and a.owner = ?", (council_id,)),
                           ({"body": council[1].lower(), "to": "2025-12-31"}, OWN + " and a.owner in (select id from body where lower(name) like '%' || lower(?) || '%') and l.day <= ?", (council[1], day("2025-12-31"))),
                           ({"amount": "171.70"}, OWN + " and a.unit = 'pence' and abs(l.amount) = 17170", ()),
                           ({"amount": "71.70", "body": council[0], "import": str(last_import)}, OWN + " and a.owner = ? and abs(l.amount) = 7170 and l.entry in (select id from entry where import = ?)", (council_id, last_import)),
                           ({"kind": "closing", "to": "1900-01-01"}, "select id from entry where 0", ()), ({"body": "no such organisation"}, "select id from entry where 0", ())):
    expected = sorted((row[0] for row in ask(sql, *values)), reverse=True)
    t.hold(f"the journal by {query}", journal(query) == expected, len(expected))
t.hold("some of these find something", len(ask(OWN + " and a.unit = 'pence' and abs(l.amount) = 17170")) == 1)
for blanks in ("\u202f", " \u00a0"):
    t.hold("an organisation of blanks only is no filter", journal({"body": blanks}) == journal({}) and journal({}))
said = words(auditor.get("/audit/entries?amount=0.01&body=" + council[0]).text)
t.hold("no entry: what to try", "We found no such entry." in said and "Show the whole journal" in said and "for one organisation" in said)
for query in ("from=2026-02-30", "from=soon", "kind=posting", "import=0", "import=x", "amount=1.234", "amount=lots", "before=-1", "words=x", "from=2026-01-01&from=2026-01-02"):
    for path in ("/audit/entries?", "/audit/journal.csv?"):
        r = auditor.get(path + query)
        t.hold(f"{path}{query} is refused", r.status in (400, 422), r.status)
page = auditor.get("/audit/entries?from=2026-02-30&import=13x&amount=12.50&body=Council")
said = words(page.text)
t.hold("a wrong filter is shown again, with what was typed", all(f'value="{typed}"' in page.text for typed in ("13x", "12.50", "Council")) and re.search(r'name="from"[^>]*value="[^"]+"', page.text), page.status)
t.hold("and each error stands beside its field", all(re.search(rf'id="{field}-error".*?</p>\s*<input[^>]*id="{field}"[^>]*aria-describedby="[^"]*{field}-error"[^>]*aria-invalid="true"', page.text, re.S) for field in ("from", "import"))
       and 'id="amount-error"' not in page.text and 'href="#import"' in page.text and "Error:" in page.text.split("</title>")[0], said[:600])
t.hold("no list of something else is shown with it", 'href="/audit/entries/' not in page.text and "Older entries" not in said, said[:600])
t.hold("in Welsh", "Rhowch rif cyfan" in words(auditor.get("/cy/audit/entries?import=13x").text))
t.hold("an import is found by the name that items say", journal({"import": "import:1"}) == journal({"import": "1"}) and journal({"import": "Import: 1"}) == journal({"import": "1"}) and auditor.get("/audit/journal.csv?import=import%3A1").text == auditor.get("/audit/journal.csv?import=1").text)
page = auditor.get("/audit/entries?before=-1").text
t.hold("what no field of the form is, is said too", page.count("govuk-error-summary__title") == 1 and re.search(r'govuk-error-summary__list">\s*<li>', page), words(page)[:300])
for wrong in ("import:", "import:x", "import:0", "imports:1"):
    t.hold(f"{wrong} is no number of an import", auditor.get("/audit/entries?" + urlencode({"import": wrong})).status == 400)
for who, browser in (("a citizen", citizen), ("staff", staff), ("an administrator", Browser(server).sign_in(book.administrators()[0])), ("nobody", Browser(server))):
    r = browser.get("/audit/journal.csv")
    t.hold(f"the file is not for {who}", r.status in (303, 403, 404) and "entry,day" not in r.text, r.status)

# ---- administrators' lists: filtered, sorted, by pages ----
boss = Browser(server).sign_in(book.administrators()[0])
page = boss.get("/admin/alerts?from=2026-02-30")
t.hold("so is a wrong day of what administrators are told", page.status == 400 and 'id="from-error"' in page.text and 'value="2026-02-30"' in page.text and 'id="to-error"' not in page.text, words(page.text)[:300])
page = boss.get("/admin/bodies?" + urlencode({"words": council[1].upper()}))
t.hold("an organisation by its name", page.status == 200 and council[0] in page.text)
page = boss.get("/admin/roles?" + urlencode({"words": "STAFF"}))
holders = re.findall(r'<th scope="row" class="govuk-table__header">([^<]*)</th>', page.text)
t.hold("roles by words", page.status == 200 and len(holders) == ask("select count(*) from office where role = 'staff' and to_day is null")[0][0], holders)
names = [h for h in re.findall(r'<th scope="row" class="govuk-table__header">([^<]*)</th>', boss.get("/admin/roles").text)]
t.hold("by name unless said otherwise", names == sorted(names) and len(names) > 2, names)
newest = re.findall(r'<th scope="row" class="govuk-table__header">([^<]*)</th>', boss.get("/admin/roles?sort=newest").text)
oldest = re.findall(r'<th scope="row" class="govuk-table__header">([^<]*)</th>', boss.get("/admin/roles?sort=oldest").text)
t.hold("the newest first, the oldest first", newest == oldest[::-1] and sorted(newest) == names)
with sqlite3.connect(book.url[7:]) as db:
    one = db.execute("select id from party where code = 'F3'").fetchone()[0]
    for n in range(120):
        db.execute("insert into office (person, id, role, body, from_day, to_day, who, at) values (?, ?, 'staff', ?, ?, ?, 'somebody', '2026-01-01T00:00:00Z')", (one, 70000 + n, council_id, 19000 + n, 19000 + n))
pages = [len(re.findall(r"\(F3\): ", boss.get(f"/admin/roles?which=ended&words=briain&page={n}").text)) for n in (1, 2, 3, 4)]
t.hold("ended roles by pages", pages == [50, 50, 20, 0], pages)
t.hold("pages keep the filter", "which=ended" in boss.get("/admin/roles?which=ended&words=briain").text and "words=briain" in boss.get("/admin/roles?which=ended&words=briain").text)
t.hold("those who have none now are not among those who have", "(F3)" not in boss.get("/admin/roles").text)
shown = lambda query: [int(n) for n in re.findall(r'<th scope="row" class="govuk-table__header[^"]*">(?:<a[^>]*>)?(\d+)<', boss.get("/admin/imports" + query).text)]
for kind in ("people", "entries", "households"):
    t.hold(f"imports of {kind}", shown("?kind=" + kind) == [row[0] for row in ask("select id from import where kind = ? order by id desc limit 50", kind)], shown("?kind=" + kind))
with open(os.path.join(book.folder, "some.csv"), "w") as f:
    f.write("id,name,born\nF90,Good Day,1980-01-02\nF91,Bad Day,1980-13-45\n")
weal("--store", book.url, "import", "people", f.name, "--partial", "--quiet")
refused = [row[0] for row in ask("select id from import where rejected > 0 order by id desc limit 50")]
t.hold("imports with refused rows", refused and shown("?which=refused") == refused and shown("?which=refused") != shown(""), refused)
t.hold("no import of a kind that is none", shown("?kind=nothing") == [])
today = ask("select substr(max(at), 1, 10) from alert")[0][0]
alerts = lambda query: len(re.findall(r'<th scope="row"', re.search(r"<main.*?</main>", boss.get("/admin/alerts" + query).text, re.S).group(0)))
t.hold("alerts by days", alerts("") == min(50, ask("select count(*) from alert")[0][0]) and (today is None or alerts(f"?from={today}") >= 1) and alerts("?to=2001-01-01") == 0, alerts(""), today)
for path in ("/admin/roles?which=x", "/admin/roles?sort=x", "/admin/imports?which=x", "/admin/alerts?from=yesterday", "/admin/alerts?words=x", "/admin/sign-ins?from=2026-01-01"):
    t.hold(f"{path} is refused", boss.get(path).status in (400, 422))
for path in ("/inbox?which=answered", "/inbox?kind=complaint&taken=nobody", "/cy/inbox?which=late"):
    t.hold(path, staff.get(path).status == 200)
t.hold("the server ended well", server.stop() == 0)
t.end()
