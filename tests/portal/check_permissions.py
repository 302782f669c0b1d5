#!/usr/bin/env python3
"""Every row of the table of pages times every role; then every name in every path set to somebody else's, to one that does not exist and to one that
cannot: a visitor without permission gets the same answer as for something that does not exist."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cast import MAY, Cast, filled, for_staff, names_of, of_requests, plain, role_for, routes
from portal import Book, Server, Tally

t = Tally()
book = Book(300)
server = Server(book, ["forms_each_minute = 100000", "looks_each_hour = 100000"])
cast = Cast(book, server)
table = routes()
public = cast.public_things()


def names(path, code):
    """Real names for a path, of this person."""
    things = of_requests(path, {**public, **cast.things[code]})
    things["job"] = cast.job_of(path)
    return {name: things.get(name) for name in names_of(path)}


def ask(role, row, path, fields):
    browser = cast.roles[role]
    if row["method"] == "GET":
        return browser.get(path)
    return browser.post(path, {"token": browser.token() if role != "signed out" else "", **fields})


# ---- every row, every role. Forms have a field that no row has: nothing is done, and visitors without permission do not learn that ----
for row in table:
    real = names(row["path"], cast.subject)
    known = None not in real.values()
    t.hold(f"{row['path']}: the tests know a real name for each of its names", known, real)
    if not known:
        continue
    path = filled(row["path"], real)
    for role in cast.roles:
        r = ask(role, row, path, {"no-such-field": "1"})
        what = f"{row['method']} {row['path']} by {role}"
        t.hold(f"{what} is no fault", r.status < 500, r.status)
        may = row["needs"] == "anyone" or (row["needs"] == "signed-in" and role != "signed out") or role in MAY.get(row["needs"], ())
        if row["method"] == "POST":
            if role == "signed out" and row["needs"] != "anyone":
                t.hold(f"{what}: 403", r.status == 403, r.status)
            elif may:
                t.hold(f"{what}: looked at, and refused for its field", r.status == 400, r.status)
            else:
                t.hold(f"{what}: 404", r.status == 404, r.status)
        elif role == "signed out" and row["needs"] != "anyone":
            t.hold(f"{what}: to the sign-in page", r.status == 303 and r["Location"] == "/sign-in" and not r.body, r.status)
        elif not may:
            t.hold(f"{what}: 404", r.status == 404, r.status)
        elif row["needs"] == "signed-in" and role not in ("subject",) and set(real) & {"line", "look", "case", "fact", "whose", "letter"}:
            t.hold(f"{what}: another's, 404", r.status == 404, r.status)
        elif row["needs"] == "helper" and ("{case}" in row["path"] and role in ("time", "tell") or "{kind}" in row["path"] and role != "see"):
            t.hold(f"{what}: not within their scope, 404", r.status == 404, r.status)
        elif for_staff(row) and role in ("staff_elsewhere", "administrator") and set(real) & {"line", "case", "variable", "run", "award", "job"}:
            t.hold(f"{what}: another body's, 404", r.status == 404, r.status)
        else:
            t.hold(f"{what}: shown", r.status in (200, 202, 303), r.status)
        if r.status == 404 and real:
            # staff say why they look before they learn whether there is such a person
            nowhere = filled(row["path"], {**real, list(real)[-1 if for_staff(row) else 0]: "P999999"})
            t.hold(f"{what}: the 404 of what is not there", plain(r.text, path) == plain(ask(role, row, nowhere, {"no-such-field": "1"}).text, nowhere))

# ---- one name swapped at a time ----
NOWHERE = ["0", "-1", "99999999", "9223372036854775807", "9223372036854775808", "18446744073709551617", "x" * 1000, "9" * 1000, "P999999", "1:1", "99999999:1", "1:99999999999", "' or 1=1 --",
           "%s%n", "{person}", "\u202e1", " 1", "+1", "1e1", "0x1", "nhs:9434765919", "id:", ":"]
NO_FIELDS = {}
FORMS = {"/people/{person}/awards/{award}/change": {"amount": "1", "from": "2026-10-01", "why": "less", "confirmed": "yes"}, "/people/{person}/awards/{award}/end": {"last": "2026-10-01", "why": "moved", "confirmed": "yes"}, "/missing-out/{run}/letters/{letter}": {"benefit": "child_benefit", "outcome": "wrong"}, "/inbox/{case}": {"move": "refuse", "words": "no"}, "/inbox/{case}/assign": {"to": "me"}, "/requests/{case}/files": {}, "/helping/{person}/requests/{case}/files": {}, "/looked/{look}": {"words": "Why?"}, "/facts/one/{fact}": {"value": "1"}, "/entitlements/ask/{variable}/of/{whose}": {"value": "yes"}, "/helping/{person}/entitlements/ask/{variable}/of/{whose}": {"value": "yes"}, "/facts/one/{fact}/withdraw": {}, "/people/{person}/lines/{line}": {"reason": "a mistake"}, "/account/lines/{line}": {"words": "Why?"}, "/helping/{person}/time":
         {"category": "volunteering", "date": "2026-10-02", "minutes": "10", "confirmer": "P000001"},
         "/admin/bodies/{body}/duties": {"duty": "school", "reason": "a school of ours"}, "/admin/bodies/{body}/duties/end": {"duty": "school", "reason": "it closed"},
         "/admin/files/{upload}": {"ways": "partial"}, "/admin/imports/{import}": {"reason": "the wrong month"}, "/admin/matches/{row}": {"who": "open"},
         "/admin/files/{upload}/columns": {"column-1": "supplier", "column-3": "amount", "order": "as-found", "sign": "as-is", "vat": "with"},
         "/admin/bodies/{body}/payee": {"decision": "person", "reason": "a trade of their own"},
         "/admin/bodies/{body}/payee/{other}": {"decision": "different", "reason": "two organisations"}}


def state():
    return [cast.rows(sql) for sql in ("select * from case_file order by id", "select * from act_for order by id", "select count(*) from line", "select count(*) from fact", "select * from case_told order by case_id, body",
                                      "select count(*) from take_up_letter", "select count(*) from take_up_outcome")]


def others(name, value):
    """Existing names that are not theirs."""
    mine, theirs = {**public, **cast.things[cast.subject]}, {**public, **cast.things[cast.other]}
    if name == "person":
        return [cast.citizen, cast.administrator]  # who let nobody help them
    found = [theirs[name]] if name in theirs and theirs[name] != mine[name] else []
    if name == "line":
        found += ["%d:%d" % r for r in cast.rows("select entry, n from line where body is null order by entry limit 1")]
    return [str(f) for f in found]


before = state()
for row in table:
    if role_for(row) is None or not names_of(row["path"]):
        continue
    role, real = role_for(row), names(row["path"], cast.subject)
    if None in real.values():
        continue
    for name in names_of(row["path"]):
        if name in ("kind", "question", "variable", "what", "table", "file", "page") or (for_staff(row) and name == "person"):
            continue  # words of the program, the same for everybody; staff may read anybody's record, and that is noted
        asked = []
        for value in others(name, real[name]) + NOWHERE:
            if value == str(real[name]):
                continue
            path = filled(row["path"], {**real, name: value})
            r = ask(role, row, path, FORMS.get(row["path"], {"confirmed": "yes"} if row["fields"] else NO_FIELDS))
            asked.append((value, r.status, plain(r.text, path)))
        first = asked[-1]
        for value, status, text in asked:
            what = f"{row['method']} {row['path']}, {name} = {value[:30]!r}"
            t.hold(f"{what}: nothing shown", status == 404, status)
            t.hold(f"{what}: as what is not there", (status, text) == first[1:], status)
t.hold("nothing was done by all this", state() == before)

t.hold("the log has no fault", '"level":"error"' not in server.lines() and "fault" not in server.lines(), server.lines()[-2000:] if "fault" in server.lines() else "")
t.hold("stops", server.stop() == 0)
t.end()
