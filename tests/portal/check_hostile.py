#!/usr/bin/env python3
"""Hostile requests to every form and every query: hostile values of every field, forms without their token or from elsewhere, broken encodings.
Refused requests change nothing, no answer contains something that a browser would run, and no answer is 500."""
import os
import re
import socket
import sqlite3
import sys
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cast import Cast, filled, names_of, role_for, routes
from portal import ROOT, Book, Server, Tally, ago

t = Tally()
book = Book(300)
server = Server(book, ["forms_each_minute = 100000", "looks_each_hour = 100000"])
cast = Cast(book, server)
public = cast.public_things()
MARK = "zq9"
VALUES = [f"{MARK}<script>alert(1)</script>", f"{MARK}\"><img src=x onerror=alert(1)>", f"{MARK}' onmouseover='alert(1)", f"{MARK}</textarea><b>", f"{MARK}</title><b>", f"{MARK}&lt;b&gt;&amp;", "' or '1'='1",
          "'; drop table party; --", "1; select 1", "\\'", "%s%s%n%p", "%1$s", "${7*7}", "{{name}}", "{{{name}}}", "../../etc/passwd", "/etc/passwd", "\u202eabc\u2066", "\u200e", "\ufeff",
          "\U000e0041", "\u2028", "\x1b[31m", "\x7f", "\x85", "٣", "１２", "-1", "-0", "0", "0.0001", "1e9", "1,2,3", "99999999999999999999", "9223372036854775807", "92233720368547758.07", "9223372036854775.807", "NaN",
          "Infinity", "0x10", "2026-02-30", "0000-00-00", "9999-12-31", "2026-13-01", "-0001-01-01", "x" * 3000, "é" * 1500, "\r\nSet-Cookie: a=b", "a\r\n\r\n<script>alert(1)</script>", "=cmd|'/c calc'!A1", " ", "\t",
          "\n\n\n", "null", "true", "[]", "id:P000001", "nhs:9434765919", "😀" * 100, "a\u0300" * 90]
RAW = [b"%00", b"a%00b", b"\0", b"%FF", b"\xff", b"%C0%AF", b"%ED%A0%80", b"%F5%80%80%80", b"%E0%80%80", b"%", b"%zz", b"%u0041", b"%F0%9F"]
REFUSED = (400, 403, 404, 413, 415, 422, 429)
TABLES = ["entry", "case_file", "act_for", "help_offer", "office", "party", "residence", "identifier", "invite", "alias", "import", "closing"]
COUNTS = "select " + ", ".join(f"(select count(*) from {table})" for table in TABLES)
STATES = "select (select group_concat(state) from case_file), (select group_concat(name) from party), (select group_concat(coalesce(to_day, '-')) from act_for)"
GOOD = {"/time": {"category": "volunteering", "date": ago(60), "minutes": "10", "confirmer": "{citizen}", "note": "x"}, "/looked/{look}": {"words": "Why?"}, "/requests/{case}": {"move": "decline", "words": "no"},
        "/helpers": {"what": "a friend", "scope": "see"}, "/helping": {"code": "AAAAA-AAAAA"}, "/people": {"reason": "At the counter", "reference": "{subject}"}, "/people/{person}/reason": {"reason": "At the counter"},
        "/people/{person}/record": {"what": "home-care", "quantity": "1", "date": ago(60), "confirmed": "yes"}, "/people/{person}/lines/{line}": {"reason": "zz"}, "/sign-in": {}, "/sign-out": {}}
GOOD["/helping/{person}/time"] = GOOD["/time"]


def kept():
    return cast.rows(COUNTS), cast.rows(STATES)


def pairs_of_journeys():
    """Every word of the journeys with every other: the program answers which are questions."""
    with open(os.path.join(ROOT, "src/web/pages/notify.c")) as f:
        words = sorted(set(re.findall(r'\.name = "([a-z-]+)"', f.read())))
    return [f"{a}/{b}" for a in words for b in words]


def once_each(rows):
    """A row whose fields are the same under every name stands for all of them."""
    return list({(row["method"], row["path"], str(row["fields"])): row for row in rows}.values())


def things(path):
    return {name: {**public, **cast.things[cast.subject]}.get(name, "1") for name in names_of(path)}


def browser_of(row):
    browser = cast.roles[role_for(row) or "subject"]
    if browser.get("/sign-out").status != 200:
        name = role_for(row) or "subject"
        browser.sign_in(getattr(cast, name))
        if name.startswith("staff"):
            browser.because("At the counter", cast.subject)
    return browser


def harmless(r):
    """Nothing of the corpus came back as markup, as a header, or turning the direction of writing."""
    for header, value in r.headers.items():
        if header.lower() == "set-cookie" and not value.startswith("__Host-weal="):
            return f"header {header}"
    if (r["Content-Disposition"] or "").startswith("attachment") and "html" not in r["Content-Type"] and r["X-Content-Type-Options"] == "nosniff":
        return None  # a file to keep, which no browser shows as a page
    found = re.search(MARK + r"[<\"']|<img src=x|<script>alert|[\u202e\u2066\u200e\u2028\U000e0041\x00\x1b]", r.text)
    return found and "page: " + r.text[max(found.start() - 80, 0):found.end() + 40]


def names_sent(field):
    if field["kind"] == "DAY":
        return [field["name"], field["name"] + "-day", field["name"] + "-year"]
    if field["kind"] == "MINUTES":
        return [field["name"], field["name"] + "-hours", field["name"] + "-minutes"]
    return [field["name"]]


def good(row):
    fields = {name: value.replace("{citizen}", cast.citizen).replace("{subject}", cast.subject) for name, value in GOOD.get(row["path"], {}).items()}
    return fields


FORM = {"Origin": server.at, "Content-Type": "application/x-www-form-urlencoded"}


tokens = {}  # of each session: it stays the same until another begins, and a page for each form would be half of all requests


def token_of(browser):
    if browser.cookie not in tokens:
        tokens[browser.cookie] = browser.token()
    return tokens[browser.cookie]


def look(what, r, before=None):
    t.hold(f"{what}: no fault", r.status < 500, r.status, r.text[:300])
    t.hold(f"{what}: harmless", not harmless(r), harmless(r))
    if before is not None and r.status in REFUSED:
        t.hold(f"{what}: refused, and nothing done", kept() == before, r.status)


aging = sqlite3.connect(book.url[7:], timeout=30, isolation_level=None)
table = [row for row in routes() if not row["asks"]] + once_each(routes(*pairs_of_journeys()))
t.hold("the questions of journeys were found", sum(row["asks"] for row in table) > 10)
for row in table:
    real = things(row["path"])
    if row["names"]:
        real["kind"], real["question"] = row["names"].split("/")
    path = filled(row["path"], real)
    label = f"{row['method']} {row['path']} {row['names']}".strip()
    browser = browser_of(row)

    # each look counts those of its hour: tens of thousands of them would take most of the time
    aging.execute("update access set at = '2026-01-01T00:00:00Z' where at > '2026-01-01T00:00:00Z'")
    # ---- every field, every value; in somebody else's name, where the fields are the same, some ----
    values = VALUES[::6] if row["path"].startswith("/helping/") and row["fields"] else VALUES
    for field in row["fields"]:
        for name in names_sent(field):
            for value in values:
                fields = {k: v for k, v in good(row).items() if k != field["name"]}
                fields[name] = value
                if row["method"] == "GET":
                    r = browser.get(path + "?" + urllib.parse.urlencode({name: value}))
                    look(f"{label} {name}={value[:24]!r}", r)
                    continue
                before = kept()
                r = browser.post(path, {"token": token_of(browser), **fields})
                look(f"{label} {name}={value[:24]!r}", r, before)
                if r.status not in REFUSED and row["path"].startswith("/sign-"):
                    browser = browser_of(row)
            for raw in RAW:
                if row["method"] == "GET":
                    if b"\0" in raw or b"\xff" in raw:
                        continue  # no client sends these in a request line; check_slow sends them raw
                    r = browser.get(path + "?" + name + "=" + raw.decode())
                    look(f"{label} {name}={raw!r}", r)
                    t.hold(f"{label} {name}={raw!r} is refused", r.status in (400, 422), r.status)
                    continue
                before, rest = kept(), urllib.parse.urlencode({"token": token_of(browser), **{k: v for k, v in good(row).items() if k != field["name"]}})
                r = browser.ask("POST", path, rest.encode() + b"&" + name.encode() + b"=" + raw, FORM)
                look(f"{label} {name}={raw!r}", r, before)
                t.hold(f"{label} {name}={raw!r} is refused", r.status in (400, 422), r.status)
    if row["method"] == "GET":
        r = browser.get(path + "?no-such-field=" + urllib.parse.quote(VALUES[0]))
        look(f"{label} with a query that it has not", r)
        t.hold(f"{label} with a query that it has not: 400", r.status == 400, r.status)
        continue

    # ---- the form as a whole ----
    token, other = token_of(browser), token_of(cast.roles["citizen"])
    body = urllib.parse.urlencode({"token": token, **good(row)})
    before = kept()
    cases = [("no token", body.replace("token=" + token, "x=1"), {}, 403), ("a wrong token", body.replace(token, "0" * 64), {}, 403), ("another session's token", body.replace(token, other), {}, 403),
             ("a token cut short", body.replace(token, token[:-1]), {}, 403), ("a longer token", body.replace(token, token + "0"), {}, 403), ("the token in capitals", body.replace(token, token.upper()), {}, 403),
             ("the token twice", body + "&token=" + token, {}, 403), ("another origin", body, {"Origin": "https://elsewhere.example"}, 403), ("origin null", body, {"Origin": "null"}, 403),
             ("no origin", body, {"Origin": None}, 403), ("an origin that begins as ours", body, {"Origin": server.at + "0"}, 403), ("our origin by another scheme", body, {"Origin": server.at.replace("http:", "https:")}, 403),
             ("a referer that names us later", body, {"Origin": None, "Referer": "https://elsewhere.example/" + server.at + "/"}, 403), ("text/plain", body, {"Content-Type": "text/plain"}, 415),
             ("no type", body, {"Content-Type": None}, 415), ("JSON", '{"token": "%s"}' % token, {"Content-Type": "application/json"}, 415), ("a field it has not", body + "&no-such-field=1", {}, 400),
             ("a nameless field", body + "&=1", {}, 400), ("an empty piece", body + "&&", {}, 400), ("a broken escape", body + "&a=%z", {}, 400), ("a thousand fields", body + "&" + "&".join(f"f{i}=1" for i in range(900)), {}, 400),
             ("a megabyte", body + "&x=" + "x" * (1 << 20), {}, 400 if any(f["kind"] in ("FILE", "FILES") for f in row["fields"]) else 413), ("parts without a boundary", body, {"Content-Type": "multipart/form-data"}, 400),
             ("parts that are none", body, {"Content-Type": "multipart/form-data; boundary=b"}, 400), ("parts that never end", "--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n" + token, {"Content-Type": "multipart/form-data; boundary=b"}, 400),
             ("a part without a name", "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n", {"Content-Type": "multipart/form-data; boundary=b"}, 400),
             ("an empty boundary", "--\r\n\r\n----", {"Content-Type": "multipart/form-data; boundary="}, 400), ("a file where none belongs", "--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n" + token +
              "\r\n--b\r\nContent-Disposition: form-data; name=\"what\"; filename=\"x\"\r\n\r\nzq9<script>\r\n--b--\r\n", {"Content-Type": "multipart/form-data; boundary=b"}, 400)]
    for first in good(row):
        cases.append((f"{first} twice", body + "&" + urllib.parse.urlencode({first: good(row)[first]}), {}, 400))
    for what, sent, headers, wanted in cases:
        try:
            r = browser.ask("POST", path, sent.encode(), {**FORM, **headers})
        except OSError:
            t.hold(f"{label}, {what}: answered", wanted == 413)  # answered, and closed, before all was sent
            continue
        t.hold(f"{label}, {what}: {wanted}", r.status == wanted, r.status)
        look(f"{label}, {what}", r, before)
    r = browser.ask("POST", path + "?a=1", body.encode(), FORM)
    t.hold(f"{label} with a query: 400", r.status == 400, r.status)

# ---- accepted values are shown as text everywhere ----
for row in table:
    if row["method"] != "GET":
        continue
    for role in ("subject", "citizen", "see", "tell", "time", "staff", "administrator", "auditor"):
        browser, path = cast.roles[role], filled(row["path"], things(row["path"]))
        for prefix in ("", "/cy"):
            r = browser.get(prefix + path)
            look(f"afterwards {role}, GET {prefix}{row['path']}", r)

book.weal("audit")
log = server.lines()
t.hold("no fault is in the log", "fault" not in log and MARK not in log, [line for line in log.splitlines() if "fault" in line][-3:])
t.hold("stops", server.stop() == 0)
t.end()
