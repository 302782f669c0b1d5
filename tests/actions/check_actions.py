#!/usr/bin/env python3
"""Every action of `weal do --list`, by every role, through every face: the form of a page and `weal do`. With sound values those who may are done, and everybody
else is refused and has written nothing; what is wrong has the same code and the same field through each face. An action that has no sound values here fails."""
import datetime
import hashlib
import itertools
import json
import os
import re
import sqlite3
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "portal"))
from cast import MAY, Kept, filled, names_of, routes
from portal import WEAL, Book, Server, Tally, words

REASON = "They stand at the counter"
SCOPES = {"see": "see", "tell": "tell", "time": "time", "past": "see tell time"}
STAFF = ("staff", "staff_elsewhere")
# what a page asks beside the action's fields
STEPS = {"/people/{person}/record": "confirmed", "/people/{person}/claim": "confirmed", "/people/{person}/awards/{award}/change": "confirmed", "/people/{person}/awards/{award}/end": "confirmed", "/facts/tell/{variable}": "confirmed", "/facts/one/{fact}": "confirmed", "/facts/one/{fact}/withdraw": "confirmed", "/admin/standards": "confirmed", "/admin/close": "sure"}
# what changes without anybody's act
LOOKS = ("access", "counter", "head", "look_reason")  # and the counter of their ids
NOISE = ("session", "sqlite_sequence", "sqlite_stat1", "sqlite_stat4")


class Players:
    """One person of every role; helpers help the subject."""

    def __init__(self, book, server):
        self.book = book
        self.db = sqlite3.connect(book.url[7:], timeout=30, isolation_level=None)
        free = self.rows("""select code from party where kind = 'person' and died is null and born between 0 and 12000 and id not in (select gone from alias)
                            and id not in (select person from office) and id not in (select principal from act_for union select agent from act_for) order by id""")
        self.free = [code for code, in free]
        self.code = {name: self.free.pop() for name in ("subject", "citizen", *SCOPES)}
        for number, (name, scope) in enumerate(SCOPES.items()):
            self.db.execute("insert into act_for (principal, id, agent, scope, what, from_day, to_day, at) values (?, ?, ?, ?, 'a friend', 0, ?, '2026-01-01T00:00:00Z')",
                            (self.party(self.code["subject"]), 9000 + number, self.party(self.code[name]), scope, 20000 if name == "past" else None))
        staff = self.rows("select p.code, b.code from office o join party p on p.id = o.person join body b on b.id = o.body where o.role = 'staff' and o.to_day is null order by o.id")
        self.code["staff"], self.body = staff[0]
        self.code["staff_elsewhere"] = next(code for code, body in staff if body != self.body)
        for role in ("administrator", "auditor"):
            self.code[role] = self.one("select p.code from office o join party p on p.id = o.person where o.role = ?", role)
        self.second = next(code for code in book.administrators() if code != self.code["administrator"])
        self.browsers = {"visitor": Kept(server), **{name: Kept(server).sign_in(code) for name, code in self.code.items()}}
        self.pairs, self.children, self.answered = {}, {}, {}  # answered: of each action the names of what it said
        self.days = itertools.count(1)
        self.awards = itertools.count(1)
        self.count, self.lines, self.version, self.request = itertools.count(1), [], None, None
        self.text_file = os.path.join(book.folder, "a.txt")
        with open(self.text_file, "w") as f:
            f.write("Dear council,\nmy name is wrong.\n")

    def rows(self, sql, *values):
        return self.db.execute(sql, values).fetchall()

    def one(self, sql, *values):
        row = self.db.execute(sql, values).fetchone()
        return row[0] if row else None

    def party(self, code):
        return self.one("select id from party where code = ?", code)

    def somebody(self):
        """A person whom nothing was done to yet."""
        return self.free.pop()

    def state(self, looks=True):
        """All that the book holds: small tables whole, large ones by their number of rows; without the access log where a page that is shown again notes a look."""
        version = self.one("pragma data_version")  # of this connection: what others have committed since
        if version != self.version:
            self.version, self.kept = version, {True: hashlib.sha256(), False: hashlib.sha256()}
            for name, in self.rows("select name from sqlite_master where type = 'table' order by name"):
                if name in NOISE:
                    continue
                count = self.one(f'select count(*) from "{name}"')
                held = f"{name} {count}" + (repr(self.rows(f'select * from "{name}"')) if count < 2000 else "")
                for with_looks, digest in self.kept.items():
                    if with_looks or name not in LOOKS:
                        digest.update(held.encode())
        return self.kept[looks].hexdigest()

    def settle(self, quiet_s=4, most_s=60):
        """Waits until the server has written what it writes when it starts (late cases are escalated, messages lined up)."""
        end, since, version = time.monotonic() + most_s, time.monotonic(), None
        while time.monotonic() < min(end, since + quiet_s):
            now = self.one("pragma data_version")
            if now != version:
                version, since = now, time.monotonic()
            time.sleep(0.1)

    def do(self, role, action, person, fields):
        """`weal do`: (done, code, column)."""
        words = ["--store", self.book.url, "do", action, "--format", "json"] + (["--person", person] if person else [])
        if role != "operator":
            words += ["--as", self.code[role], "--reason", REASON]
        done = subprocess.run([WEAL, *words, *(f"{name}={value}" for name, value in fields.items())], capture_output=True, text=True)
        if done.returncode not in (0, 1) or not done.stdout.startswith("{"):
            return False, f"status {done.returncode}: {done.stderr}", None
        answer = json.loads(done.stdout)
        self.answered.setdefault(action, set()).update(answer.get("done") or ())
        refused = answer.get("refused")
        return ("done" in answer and done.returncode == 0), refused and refused["code"], refused and refused["column"]

    def do_as(self, who, action, person, fields):
        """`weal do` as anybody: the refusal's code, or `done`."""
        words = ["--store", self.book.url, "do", action, "--format", "json", "--as", who, "--reason", REASON] + (["--person", person] if person else [])
        done = subprocess.run([WEAL, *words, *(f"{name}={value}" for name, value in fields.items())], capture_output=True, text=True)
        answer = json.loads(done.stdout) if done.stdout.startswith("{") else {"refused": {"code": f"status {done.returncode}: {done.stderr}"}}
        return (answer.get("refused") or {"code": "done"})["code"]

    def operate(self, action, person, **fields):
        """The operator's answer, which must be `done`."""
        done = subprocess.run([WEAL, "--store", self.book.url, "do", action, "--format", "json", "--person", person, *(f"{name}={value}" for name, value in fields.items())],
                              capture_output=True, text=True)
        assert done.returncode == 0, (action, person, fields, done.stdout, done.stderr)
        answer = json.loads(done.stdout)["done"]
        self.answered.setdefault(action, set()).update(answer or ())
        return answer

    def form(self, role, row, person, fields):
        """A page's form: (status, code, column)."""
        names = {**fields, "person": person}
        path = filled(row["path"], names)
        browser = self.browsers[role]
        if role in STAFF and path.startswith("/people/") and "P999999" not in path:
            browser.because(REASON, names["person"])
        token = "" if role == "visitor" else browser.token()
        sent = {name: value for name, value in fields.items() if name not in names_of(row["path"])}
        step = STEPS.get(row["path"])
        if step:
            sent[step] = "yes"
        if "file" in sent:
            sent, path_of_file = {k: v for k, v in sent.items() if k != "file"}, sent["file"]
            parts = "".join(f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in {"token": token, **sent}.items())
            parts += f'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n{open(path_of_file).read()}\r\n--b--\r\n'
            r = browser.ask("POST", path, parts.encode(), {"Origin": browser.server.at, "Content-Type": "multipart/form-data; boundary=b"})
        else:
            r = browser.post(path, {"token": token, **sent})
            shown = re.search(r'name="shown" value="([^"]*)"', r.text) if step and r.status == 200 else None
            if shown:  # a confirmation carries what was shown
                r = browser.post(path, {"token": token, **sent, "shown": shown.group(1)})
        if r.status == 303 and "/jobs/" in r["Location"]:
            r = watch(browser, r["Location"])
            # a run that has a page of its own leads there
            assert "Finished" in r.text or (r.status == 303 and r["Location"].startswith("/missing-out/")), (path, r.status, r["Location"], words(r.text))
        code, _, column = (r["Weal-Refusal"] or "").partition("; ")
        return r.status, code or None, column or None


# ---- sound values: fresh ones at each call, for the person whom the action is about ----

def lines_of(p):
    """A line of the body's that nothing was done to yet: whose, and which."""
    if not p.lines:
        p.lines = p.rows("""select y.code, l.entry || ':' || l.n from line l join holding h on h.account = l.account and h.owner_kind = 'person' join party y on y.id = h.owner
                            where l.body = (select id from body where code = ?) and l.reverses_entry is null and y.died is null and (y.born > 12000 or y.born < 0)
                            order by l.entry desc limit 300""", p.body)
    return p.lines.pop()


def granted(p):
    person = p.somebody()
    p.book.weal("role", "grant", person, "auditor")
    return {"person": person, "role": "auditor"}


def club(p):
    """A body that nothing was given to yet."""
    code = f"library-{next(p.count)}"
    subprocess.run([WEAL, "--store", p.book.url, "do", "body-save", f"code={code}", "name=A library", "kind=charity"], capture_output=True, check=True)
    return code


def given_duty(p):
    body = club(p)
    subprocess.run([WEAL, "--store", p.book.url, "do", "duty-give", f"body={body}", "duty=category:libraries", "reason=it runs our library"], capture_output=True, check=True)
    return {"body": body, "duty": "category:libraries"}


def next_day(p):
    """A day of the year that is closed, to which nobody asked to close it yet."""
    return (datetime.date(2024, 4, 6) + datetime.timedelta(next(p.days))).isoformat()


def closing_asked(p):
    """By another administrator than the one who acts in this test."""
    asker = next(code for code in p.book.administrators() if code != p.code["administrator"])
    return {"case": p.book.do(asker, "close-year", year="2024-25", to=next_day(p))["case"]}


def first(p):
    """A place that has had one administrator."""
    p.db.execute("delete from office where role = 'administrator' and person not in (?, (select id from party where code = ?))", (p.party(p.code["administrator"]), p.second))
    p.db.execute("update office set until = 4000000000, to_day = 40000 where person = (select id from party where code = ?) and role = 'administrator'", (p.second,))
    return {"person": p.somebody()}


def merged(p):
    keep, gone = p.somebody(), p.somebody()
    p.book.weal("merge", keep, gone, "--reason", "the same birth")
    return {"keep": keep, "gone": gone}


def payments(p):
    """A file of payments that was posted."""
    number = next(p.count)
    path = os.path.join(p.book.folder, "payments.csv")
    with open(path, "w") as f:
        f.write(f"date,body,supplier,amount\n2026-05-01,{p.body},Payee {number},{number}.00\n")
    p.book.weal("import", "spend", path, "--quiet")
    return str(p.one("select max(id) from import"))


def profile_file(p):
    """A profile that nobody has kept, of a body's files."""
    path = os.path.join(p.book.folder, "profile.csv")
    with open(path, "w") as f:
        f.write(f"rule,published,means,note\ncolumn,Paid {next(p.count)},amount,\ncolumn,Whom,supplier,\n")
    return {"body": p.body, "file": path}


def asked_row(p):
    """A row of the body's own file that may be about the subject, and waits."""
    path, code = os.path.join(p.book.folder, "matches.csv"), p.code["subject"]
    with open(path, "w") as f:
        f.write(f"body,name,born,postcode,person,decision,reason\n{p.body},Ann Row {next(p.count)},1980-01-01,,{code},open,\n")
    subprocess.run([WEAL, "--store", p.book.url, "import", "matches", path], capture_output=True, check=True)
    return {"row": p.one("select max(id) from person_decision"), "who": f"id:{code}", "reason": "asked on the phone"}


def bodies_file(p):
    """A file that nobody has seen, of a body that nobody has."""
    number = next(p.count)
    path = os.path.join(p.book.folder, "bodies.csv")
    with open(path, "w") as f:
        f.write(f"id,name,kind\nclub-{number},A club,charity\n")
    return {"kind": "bodies", "file": path}


def watch(browser, path):
    """The page of a run, when it is over."""
    while (r := browser.get(path)).status == 200 and r["Refresh"] is not None:
        time.sleep(0.05)
    return r


def held(p):
    person = p.somebody()
    p.book.weal("legal-hold", "place", person, "--reason", "a claim")
    return person, {"reason": "settled"}


def line_of_body(p):
    person, line = lines_of(p)
    return person, {"line": line, "reason": "it was somebody else"}


def request(p, **more):
    """A request of whom the action is about, which waits."""
    if p.request:  # the last one, unless that was done: a person has room for fifty that wait
        subprocess.run([WEAL, "--store", p.book.url, "do", "request-move", f"case={p.request}", "move=withdraw", "--as", p.own], capture_output=True)
    p.request = p.operate("request-open", p.own, kind="rectification-request", reason="my name is wrong")["case"]
    return {"case": p.request, **more}


def looked_at(p):
    p.book.weal("account", p.own, "--as", p.code["staff"])
    return {"look": p.one("select max(id) from access where party = ?", p.party(p.own)), "words": "why?"}


def offered(p):
    code = p.operate("helper-offer", p.somebody(), what="a friend", scope="see")["code"]
    return {"code": code}


def helped(p):
    code = p.operate("helper-offer", p.own, what="a friend", scope="see")["code"]
    return {"helper": p.operate("helper-accept", p.somebody(), code=code)["helper"]}


def withdrawable(p):
    p.operate("helper-withdraw", p.own)
    p.operate("helper-offer", p.own, what="a friend", scope="see")
    return {}


def offer(p):
    p.operate("helper-withdraw", p.own)
    return {"what": "a friend", "scope": "see"}


def helping(p):
    """Their help, which the call before may have ended, runs again."""
    for number, name in enumerate(SCOPES):
        if name != "past":
            p.db.execute("update act_for set to_day = null where id = ?", (9000 + number,))
    return {}


def wrong_line(p):
    """A case of the body's."""
    person, line = lines_of(p)
    return {"case": p.operate("request-open", person, kind="line-wrong", about=f"line:{line}", reason="I was away")["case"]}


def choose_letters(p):
    """Likewise: of whoever has not chosen, no is news."""
    with sqlite3.connect(p.db.execute("pragma database_list").fetchone()[2], timeout=30) as other:
        other.execute("delete from take_up_choice")
    return {"letters": "no"}


def choose_messages(p):
    """Nobody has chosen yet, so that the choice is written whoever makes it."""
    with sqlite3.connect(p.db.execute("pragma database_list").fetchone()[2], timeout=30) as other:
        other.execute("delete from message_choice")
    return {"messages": "answer"}


def told(p):
    """A fact that its person told."""
    p.book.weal("fact", "tell", p.own, "care_hours", str(next(p.count) % 160), "--as", p.own)
    return p.one("select max(id) from fact")


def with_child(p, row, own, fields):
    """For a page about somebody of the home: a child of theirs, of whom they may tell."""
    if "{whose}" not in row["path"]:
        return fields
    if own not in p.children:
        home = p.one("select h.code from party h join residence r on r.household = h.id join party y on y.id = r.party where y.code = ? order by r.from_day desc", own)
        p.children[own] = f"child-{next(p.count)}"
        path = os.path.join(p.book.folder, "child.csv")
        with open(path, "w") as f:
            f.write(f"id,name,born,household\n{p.children[own]},A Child,2016-06-01,{home}\n")
        p.book.weal("import", "people", path, "--quiet")
    p.book.weal("fact", "tell", own, "responsible_for", p.children[own], "--from", "2020-01-01", "--as", own)
    return {**fields, "whose": p.children[own]}


def amount_differs(p):
    """A line of Child Benefit of somebody who told that they have no child, and has room for a request."""
    p.db.execute("update case_file set waits = 0, state = 'withdrawn' where waits = 1 and party = ?", (p.party(p.own),))
    for told in ("partner", "responsible_for", "non_dependant"):
        p.book.weal("fact", "tell", p.own, told, "none", "--from", "2025-04-06", "--as", p.own)
    return {"line": p.operate("record", p.own, what="child-benefit", body=p.body, amount="12.50", date="2025-09-01", reference=f"amount-{next(p.count)}")["line"]}


def standard_broken(p):
    """A baby of the year before, of whom no visit is recorded."""
    code = f"baby-{next(p.count)}"
    path = os.path.join(p.book.folder, "baby.csv")
    with open(path, "w") as f:
        f.write(f"id,name,born,household\n{code},A Baby,2024-06-01,{p.one('select h.code from party h join residence r on r.household = h.id join party y on y.id = r.party where y.code = ?', p.code['subject'])}\n")
    p.book.weal("import", "people", path, "--quiet")
    return code, {"standard": "new-baby-review", "year": "2024-25"}


def standard_of_child(p):
    """A baby of the year before, for whom whoever asks is responsible."""
    code = f"own-baby-{next(p.count)}"
    path = os.path.join(p.book.folder, "baby.csv")
    with open(path, "w") as f:
        f.write(f"id,name,born,household\n{code},A Baby,2024-06-01,{p.one('select h.code from party h join residence r on r.household = h.id join party y on y.id = r.party where y.id = coalesce((select a.keep from alias a join party g on g.id = a.gone where g.code = ?1), (select id from party where code = ?1)) order by r.from_day desc', p.own)}\n")
    p.book.weal("import", "people", path, "--quiet")
    p.book.weal("fact", "tell", p.own, "responsible_for", code, "--as", p.own, "--quiet")
    return {"standard": "new-baby-review", "year": "2024-25", "whose": code}


def award_of_days(p):
    """Of days of which no other is, when whoever it is for was 18 already."""
    n = next(p.awards)
    first = datetime.date(2021, 1, 1) + datetime.timedelta(5 * n)
    return {"variable": "council_tax_reduction", "amount": f"{n}.00", "from": first.isoformat(), "to": (first + datetime.timedelta(4)).isoformat(), "body": p.body}


def awarded(p):
    """The number of an award that the operator made, and its first day."""
    values = award_of_days(p)
    return p.operate("award-make", p.code["subject"], **values)["award"], values["from"]


def claim(p, person):
    """A claim of whom nothing waits, so that there is room."""
    for (number,) in p.db.execute("select id from case_file where waits = 1 and party in (?1, (select keep from alias where gone = ?1))", (p.party(person),)).fetchall():
        subprocess.run([WEAL, "--store", p.book.url, "do", "request-move", f"case={number}", "move=withdraw", "--as", person], capture_output=True)
    return {"variable": "universal_credit", "agree": "yes"}


def take_up_run(p):
    """A run of the staff's body, with a letter to the subject that is a day old."""
    n, place = next(p.count), p.one("select id from place order by id")
    today = (datetime.date.today() - datetime.date(1970, 1, 1)).days
    with sqlite3.connect(p.db.execute("pragma database_list").fetchone()[2], timeout=30) as other:  # so that p.state sees it
        other.execute("insert into take_up_run (id, place, on_day, benefits, purpose, law, who, body, at, found) values (?, ?, ?, 'pension_credit', 'a test', 'an act', 'root', (select id from body where code = ?), '2026-01-01T00:00:00Z', 1)",
                      (n + 1000, place, today - 1, p.body))
        other.execute("insert into take_up_found (party, run, variable, whose, low, exact, needs, since_day, place) values (?, ?, 'pension_credit', 0, 100, 1, '', ?, ?)", (p.party(p.code["citizen"]), n + 1000, today - 9, place))
        other.execute("insert into take_up_letter (party, id, run, on_day, benefits, language, place, made_at, made_by) values (?, ?, ?, ?, 'pension_credit', 'en', ?, '2026-01-01T00:00:00Z', 'root')",
                      (p.party(p.code["subject"]), n + 1000, n + 1000, today - 1, place))
    return {"run": n + 1000}


def take_up_outcome(p):
    run = take_up_run(p)["run"]
    return {"run": run, "letter": run, "benefit": "pension_credit", "outcome": "wrong"}


def award_due(p):
    """One more award has a day of pay by now."""
    awarded(p)
    return {"to": datetime.date.today().isoformat()}


def award_change(p):
    number, first = awarded(p)
    return p.code["subject"], {"award": number, "amount": "3.00", "from": first, "why": "a change"}


def award_end(p):
    number, first = awarded(p)
    return p.code["subject"], {"award": number, "last": first, "why": "moved"}


# each gives the fields, or (person, fields); p.own: whom the action is about
SOUND = {
    "role-grant": lambda p: {"person": p.somebody(), "role": "auditor"},
    "role-end": granted,
    "administrator-first": first,
    "break-glass": lambda p: {"person": p.somebody(), "reason": "both are ill"},
    "invite": lambda p: {"person": p.somebody()},
    "body-save": lambda p: {"code": f"club-{next(p.count)}", "name": "A club", "kind": "charity"},
    "keeper-set": lambda p: {"name": f"The borough {next(p.count)}", "address": "1 Wend Street", "portal": "https://wend.example"},
    "payee-decide": lambda p: {"body": club(p), "decision": "organisation", "reason": "a company number"},
    "payees-decide": lambda p: {"body": club(p), "other": club(p), "decision": "same", "reason": "the same address"},
    "duty-give": lambda p: {"body": club(p), "duty": "category:libraries", "reason": "it runs our library"},
    "duty-end": lambda p: {**given_duty(p), "reason": "it closed"},
    "record": lambda p: (p.code["subject"], {"what": "housing-benefit", "body": p.body, "amount": "12.50", "date": "2026-09-01", "reference": f"case-{next(p.count)}"}),
    "line-reverse": line_of_body,
    "reverse": lambda p: {"what": lines_of(p)[1], "reason": "a mistake"},
    "merge": lambda p: {"keep": p.somebody(), "gone": p.somebody(), "reason": "the same birth"},
    "unmerge": merged,
    "legal-hold-place": lambda p: (p.somebody(), {"reason": "a claim"}),
    "legal-hold-end": held,
    "request-open": lambda p: {"kind": "rectification-request", "reason": "my name is wrong"},
    "request-move": lambda p: request(p, move="withdraw"),
    "request-attach": lambda p: request(p, file=p.text_file),
    "look-object": looked_at,
    "time-propose": lambda p: {"category": "volunteering", "date": (datetime.date.today() - datetime.timedelta(next(p.count) % 300)).isoformat(), "minutes": "10", "confirmer": p.body},
    "messages-choose": choose_messages,
    "helper-offer": offer,
    "helper-withdraw": withdrawable,
    "helper-accept": offered,
    "helper-end": helped,
    "helping-end": helping,
    "case-move": lambda p: {**wrong_line(p), "move": "refuse", "words": "it is right"},
    "case-assign": lambda p: {**wrong_line(p), "to": "me"},
    "import": bodies_file,
    "profile-keep": profile_file,
    "match-decide": asked_row,
    "import-reverse": lambda p: {"import": payments(p), "reason": "the wrong month"},
    "fact-tell": lambda p: {"variable": "employment_income", "value": f"{next(p.count)}.50", "per": "month", "from": "2026-04-06"},
    "fact-correct": lambda p: {"fact": str(told(p)), "value": "1", "how": "wrong"},
    "fact-withdraw": lambda p: {"fact": str(told(p)), "reason": "a slip"},
    "fact-record": lambda p: (p.code["subject"], {"variable": "rent", "value": f"{next(p.count)}.00", "source": "evidenced", "evidence": "tenancy agreement", "body": p.body}),
    "amount-ask": amount_differs,
    "standard-ask": standard_broken,
    "standard-ask-own": standard_of_child,
    "standards-ask": lambda p: standard_broken(p)[1],
    "award-make": lambda p: (p.code["subject"], award_of_days(p)),
    "award-change": award_change,
    "award-end": award_end,
    "award-pay": award_due,
    "claim-make": lambda p: claim(p, p.own),
    "claim-take": lambda p: (p.code["subject"], claim(p, p.code["subject"])),
    "take-up-find": lambda p: {"benefits": "council_tax_reduction", "body": p.body},
    "take-up-write": take_up_run,
    "take-up-outcome": take_up_outcome,
    "take-up-choose": lambda p: choose_letters(p),
    "take-up-mark": lambda p: (p.code["subject"], {"letters": ("no", "unsafe")[next(p.count) % 2]}),
    "close-year": lambda p: {"year": "2024-25", "to": next_day(p)},
    "case-carry-out": closing_asked,
    "erase": lambda p: (p.somebody(), {"reason": "they asked for it"}),
}
# who may in general, and not with these values: code, field
NOT_THESE = {("record", "staff_elsewhere"): ("body-not-chosen", "body"), ("fact-record", "staff_elsewhere"): ("fact-body-missing", "body"), ("line-reverse", "staff_elsewhere"): ("line-unknown", "line"),
             ("award-make", "staff_elsewhere"): ("award-body-missing", "body"), ("award-change", "staff_elsewhere"): ("award-of-others", "award"),
             ("take-up-find", "staff_elsewhere"): ("award-body-missing", "body"),
             ("take-up-write", "staff_elsewhere"): ("take-up-run-of-others", "run"), ("take-up-outcome", "staff_elsewhere"): ("take-up-run-of-others", "run"),
             ("award-end", "staff_elsewhere"): ("award-of-others", "award"),
             ("case-move", "staff_elsewhere"): ("case-unknown", "case"), ("case-assign", "staff_elsewhere"): ("case-unknown", "case"),
             ("case-move", "administrator"): ("case-unknown", "case"), ("case-assign", "administrator"): ("case-unknown", "case"),
             # nobody decides as the operator, who has no role and answers to nobody
             ("case-move", "operator"): ("case-not-yours", None), ("case-assign", "operator"): ("case-not-yours", None),
             ("case-carry-out", "operator"): ("case-not-yours", None), ("case-carry-out", "staff"): ("case-unknown", "case"), ("case-carry-out", "staff_elsewhere"): ("case-unknown", "case"),
             # no way to send a code is set up in these portals, and the command line sends none
             ("invite", "administrator"): ("invite-no-way", "person"),
             ("helping-end", "operator"): ("action-not-permitted", None)}
# what the kind lets a helper do hangs on the scope: this one is told with `tell`; who may see reads what the person opened, and does not act on it
for role in ("see", "time"):
    NOT_THESE["request-open", role] = ("case-not-to-open", None)
for role in ("tell", "time"):
    NOT_THESE["request-move", role] = NOT_THESE["request-attach", role] = ("case-unknown", "case")
NOT_THESE.update({("request-move", "see"): ("case-not-yours", None), ("request-attach", "see"): ("case-not-yours", "file")})
# of oneself: whom does one no longer help?
OWN_NOT_THESE = {"helping-end": ("action-person-missing", None)}
# what is wrong, with the code and field of every face: changes to the sound values (None: left out)
WRONG = {
    "role-grant": [({"person": "P999999"}, "reference-of-nobody", "person"), ({"person": None}, "field-missing", "person"), ({"role": "king"}, "field-choice-unknown", "role"),
                   ({"role": "staff"}, "body-of-role-missing", "body"), ({"role": "staff", "body": "nowhere"}, "body-code-unknown", "body"), ({"more": "1"}, "form-name-strange", None)],
    "role-end": [({"role": "administrator"}, "role-not-held", "person"), ({"person": "a b"}, "field-not-as-given", "person")],
    "invite": [({"person": "nino:QQ"}, "reference-of-nobody", "person"), ({"person": "a b"}, "field-wrong", "person")],
    "body-save": [({"place": "nowhere"}, "place-unregistered", "place"), ({"name": "x" * 201}, "field-wrong", "name"), ({"kind": "club"}, "field-choice-unknown", "kind")],
    "keeper-set": [({"portal": "http://wend.example"}, "keeper-portal-malformed", "portal"), ({"portal": "https://wend.example/path"}, "keeper-portal-malformed", "portal"),
                   *[({"portal": portal}, "keeper-portal-malformed", "portal") for portal in ("https://:", "https://..", "https://a:b:c", "https://-", "https://a:99999999", "https://a-.b", "https://a..b", "https://Wend.example")],
                   ({"address": "x" * 501}, "field-wrong", "address"),
                   ({"keeper": "x"}, "form-name-strange", None)],
    "payee-decide": [({"body": "nowhere"}, "body-code-unknown", "body"), ({"decision": "same"}, "field-choice-unknown", "decision"), ({"reason": "x"}, "field-wrong", "reason")],
    "payees-decide": [({"body": "nowhere"}, "body-code-unknown", "body"), ({"decision": "perhaps"}, "field-choice-unknown", "decision"), ({"reason": "x"}, "field-wrong", "reason")],
    "duty-give": [({"duty": "everything"}, "duty-unknown", "duty"), ({"body": "nowhere"}, "body-code-unknown", "body"), ({"reason": "x"}, "field-wrong", "reason")],
    "duty-end": [({"duty": "category:parks"}, "duty-not-given", "duty")],
    "record": [({"amount": "0"}, "field-wrong", "amount"), ({"amount": None}, "record-amount-missing", "amount"), ({"body": "nowhere"}, "body-not-chosen", "body"),
               ({"date": "2999-01-01"}, "field-wrong", "date"), ({"what": "nothing"}, "record-not-chosen", None)],
    "line-reverse": [({"reason": "x"}, "field-wrong", "reason"), ({"reason": None}, "field-missing", "reason")],
    "reverse": [({"what": "0"}, "reversal-of-nothing", "what"), ({"what": "999999:1"}, "reversed-entry-unknown", None), ({"on": "yesterday"}, "field-wrong", "on")],
    "merge": [({"gone": "P999999"}, "reference-of-nobody", "gone"), ({"reason": " "}, "field-missing", "reason")],
    "import": [({"kind": "secrets"}, "field-choice-unknown", "kind"), ({"again": "0"}, "field-wrong", "again"), ({"ways": "twice"}, "field-choice-unknown", "ways"), ({"date": "today"}, "field-wrong", "date"),
               ({"body": "a b"}, "field-wrong", "body")],
    "import-reverse": [({"reason": "x"}, "field-wrong", "reason"), ({"reason": None}, "field-missing", "reason")],
    "match-decide": [({"row": "999999"}, "match-unknown", "row"), ({"who": "id:P999999"}, "match-not-offered", "who"), ({"who": "other"}, "match-other-missing", "person"), ({"reason": None}, "match-reason-missing", "reason")],
    "profile-keep": [({"body": "nowhere"}, "profile-whose", "body"), ({"body": None}, "profile-whose", "body")],
    "messages-choose": [({"messages": "gossip"}, "field-choice-unknown", "messages")],
    "fact-tell": [({"variable": "wealth"}, "fact-variable-unknown", "variable"), ({"value": "-1"}, "fact-flow-out-of-bounds", "value"), ({"value": "1,5"}, "amount-written-otherwise", "value"), ({"value": None}, "field-missing", "value"),
                  ({"per": "day"}, "field-choice-unknown", "per"), ({"from": "2999-01-01"}, "fact-in-future", "from"), ({"to": "2026-04-05"}, "fact-ends-before", "to")],
    "fact-correct": [({"fact": "999999"}, "fact-unknown", "fact"), ({"value": "169"}, "fact-out-of-bounds", "value")],
    "fact-withdraw": [({"fact": "999999"}, "fact-unknown", "fact")],
    "standard-ask-own": [({"standard": "housing"}, "standard-unknown", "standard"), ({"whose": "P999999"}, "fact-about-no-child", "whose")],
    "standard-ask": [({"standard": "housing"}, "standard-unknown", "standard"), ({"year": "2098-99"}, "standard-year-future", "year"), ({"year": "x"}, "field-wrong", "year")],
    "standards-ask": [({"standard": "housing"}, "standard-unknown", "standard"), ({"place": "E99"}, "place-unknown", "place"), ({"year": "2098-99"}, "standard-year-future", "year"), ({"year": None}, "field-missing", "year")],
    "amount-ask": [({"line": "999999:1"}, "line-unknown", "line"), ({"line": "x"}, "field-wrong", "line")],
    "fact-record": [({"evidence": None}, "fact-evidence-missing", "evidence"), ({"source": "rumour"}, "field-choice-unknown", "source"), ({"body": "nowhere"}, "body-code-unknown", "body")],
    "claim-make": [({"agree": None}, "field-missing", "agree"), ({"variable": "gold"}, "claim-unknown", "variable"), ({"variable": "income_tax"}, "claim-not-here", "variable"), ({"from": "2999-01-01"}, "field-wrong", "from"),
                   ({"from": "2020-01-01"}, "claim-too-far-back", "from")],
    "claim-take": [({"agree": None}, "field-missing", "agree"), ({"body": "nowhere"}, "body-code-unknown", "body"), ({"variable": "gold"}, "claim-unknown", "variable")],
    "close-year": [({"year": "2024"}, "field-wrong", "year"), ({"to": "2025-02-30"}, "field-wrong", "to")],
    "take-up-write": [({"run": "999999"}, "take-up-run-unknown", "run"), ({"run": "x"}, "field-wrong", "run")],
    "take-up-outcome": [({"letter": "999999"}, "take-up-letter-unknown", "letter"), ({"benefit": "child_benefit"}, "take-up-letter-not-about", "benefit"), ({"outcome": "waits"}, "field-choice-unknown", "outcome")],
    "take-up-mark": [({"letters": "perhaps"}, "field-choice-unknown", "letters")],
    "legal-hold-end": [({"hold": "999"}, "legal-hold-of-another", None)],
}


def may(action, role, own):
    """The tests' own list, from what the action needs; `own`: the action is about the actor."""
    if role == "operator":
        return True
    if action["needs"] == "operate" or role == "visitor":
        return False
    if action["about"] == "oneself" and not own:
        return action["helper"] and role in MAY[action["helper"]]
    return action["needs"] in ("anyone", "signed-in") or role in MAY[action["needs"]]


def main():
    t = Tally()
    book = Book(900)
    server = Server(book, ["forms_each_minute = 100000", "looks_each_hour = 100000"])
    p = Players(book, server)
    p.settle()
    actions = json.loads(book.weal("do", "--list", "--format", "json"))
    pages = {}
    for row in routes():
        if row["action"]:
            pages.setdefault(row["action"], []).append(row)
    names = [action["name"] for action in actions]
    t.hold("every page's action is in the table", set(pages) <= set(names), set(pages) - set(names))
    t.hold("each name stands once", len(names) == len(set(names)))
    for name in names:
        t.hold(f"{name} has sound values in this test", name in SOUND)
    for action in (a for a in actions if a["name"] in SOUND):
        try_action(t, p, action, pages.get(action["name"], []))
    for action in actions:
        said = p.answered.get(action["name"], set())
        t.hold(f"{action['name']} answers what the table says", said <= set(action["answers"]), said - set(action["answers"]))
    for action in (a for a in actions if a["name"] in SOUND and a["needs"] != "operate"):
        try_oneself(t, p, action)
    t.hold("the log has no fault", '"level":"error"' not in server.lines())
    t.hold("stops", server.stop() == 0)
    t.end()


# what nobody does to themself
ONESELF = {"award-make": "award-own", "role-grant": "role-to-oneself", "record": "record-own-account", "line-reverse": "correct-own-account", "time-propose": "time-confirmer-is-giver", "helper-accept": "helper-code-own",
           "case-move": "case-own", "case-assign": "case-own", "case-carry-out": "case-own"}
OTHER_NAMES = {"time-propose": "confirmer"}  # the field that names somebody; else `person`, or whom the action is about


def two_records(p, kept):
    """One person with two records, who has every role; the first or the second is the one that is kept."""
    if kept not in p.pairs:
        one, two = p.pairs[kept] = p.somebody(), p.somebody()
        p.book.weal("merge", *((one, two) if kept == "first" else (two, one)), "--reason", "one person")
    one, two = p.pairs[kept]
    held = {role for role, in p.rows("select role from office where person in (?, ?) and to_day is null", p.party(one), p.party(two))}
    for role in (["administrator", "--break-glass", "--reason", "for this test"], ["auditor"], ["staff", "--body", p.body]):
        if role[0] not in held:
            p.book.try_weal("role", "grant", one, *role)  # a role for a few hours has a last day
    return one, two


def own_values(p, action, one):
    """As sound values, of what is already one's own."""
    name, p.own, p.request = action["name"], one, None
    if name == "line-reverse":
        line = p.operate("record", one, what="housing-benefit", body=p.body, amount="12.50", date="2026-09-01", reference=f"own-{next(p.count)}")["line"]
        return {"line": line, "reason": "it was somebody else"}
    if name in ("case-move", "case-assign"):
        case = p.operate("request-open", one, kind="rectification-request", reason="my name is wrong")["case"]
        return {"case": case, **({"move": "refuse", "words": "it is right"} if name == "case-move" else {"to": "me"})}
    if name == "case-carry-out":
        return {"case": p.book.do(one, "close-year", year="2024-25", to=next_day(p))["case"]}
    if name == "helper-accept":
        p.operate("helper-withdraw", one)
        return {"code": p.operate("helper-offer", one, what="a friend", scope="see")["code"]}
    return sound(p, action, one)[1]


def try_oneself(t, p, action):
    """Whoever acts on themself gets the same answer under each of their records, and by each of their names."""
    name = action["name"]
    answers = {}
    for kept in ("first", "second"):
        for me in (0, 1):
            for named in (0, 1):
                records = two_records(p, kept)
                fields = own_values(p, action, records[0])
                field = OTHER_NAMES.get(name, "person")
                if field in fields:
                    fields[field] = records[named]
                person = records[named] if action["about"] != "nobody" else None
                answers[kept, me, named] = p.do_as(records[me], name, person, fields)
    t.hold(f"{name} of oneself: the same under each record", len(set(answers.values())) == 1, answers)
    if name in ONESELF:
        t.hold(f"{name} of oneself: refused", set(answers.values()) == {ONESELF[name]}, answers)


def sound(p, action, own):
    """Sound values for a call about `own`, and whom it names."""
    p.own = own
    values = SOUND[action["name"]](p)
    return values if isinstance(values, tuple) else (None, values)


def calls_of(p, action, role, page=None):
    """Whom the action is about, and whether the call says so: of oneself one's own, and for helpers the subject."""
    subject, mine = p.code["subject"], p.code.get(role)
    if action["about"] != "oneself":
        return [(subject, False)]
    for_helpers = (subject, True)
    if page:
        return [for_helpers] if "{person}" in page["path"] else [(mine or subject, False)]
    return [for_helpers] if role == "operator" else [(mine, False)] + ([for_helpers] if role != "subject" else [])


def try_action(t, p, action, pages):
    name = action["name"]
    for role in ("operator", *p.code):
        for own, named in calls_of(p, action, role):
            person, fields = sound(p, action, own)
            person = own if named else person
            before = p.state(), p.state(False)
            check(t, p, action, (role, "weal do", named), before, *p.do(role, name, person, fields), "action-not-permitted")
    for row in pages:
        for role in p.browsers:
            for own, named in calls_of(p, action, role, row):
                person, fields = sound(p, action, own)
                person, fields = own if named else person, with_child(p, row, own, fields)
                before = p.state(), p.state(False)
                status, code, column = p.form(role, row, person, fields)
                if role == "visitor":
                    t.hold(f"{name} by a visitor at {row['path']}: 403", status == 403, status)
                check(t, p, action, (role, row["path"], named), before, status in (200, 303), code, column, None)
    try_wrong(t, p, action, pages)


def check(t, p, action, who, before, done, code, column, refused):
    """Done and written, or refused and nothing written. `refused`: the code of whoever has no permission; a page says none."""
    role, face, for_other = who
    what = f"{action['name']} by {role}{' for the subject' if for_other else ''}, {face}"
    after = p.state(), p.state(False)
    # of somebody else of the home a helper who may not see the record is asked nothing
    allowed = may(action, role, not for_other) and not (role == "tell" and face.startswith("/helping/") and "{whose}" in face)
    not_these = NOT_THESE.get((action["name"], role)) if for_other or action["about"] != "oneself" else OWN_NOT_THESE.get(action["name"])
    if allowed and not not_these:
        t.hold(f"{what}: done", done, code, column)
        t.hold(f"{what}: written", after[1] != before[1])
        return
    t.hold(f"{what}: refused", not done)
    t.hold(f"{what}: nothing written", after[1] == before[1] and (after == before or not_these))
    if allowed and code:
        t.hold(f"{what}: why", (code, column) == not_these, code, column)
    elif not allowed:
        t.hold(f"{what}: the code", code == refused, code)


def try_wrong(t, p, action, pages):
    name = action["name"]
    roles = [role for role in p.code if may(action, role, True) and (name, role) not in NOT_THESE]
    if not roles:  # one whose sound values are refused too; what is wrong here is refused before
        roles = [role for role in p.code if may(action, role, True)]
    role = roles[0] if roles else None
    own = p.code["subject"]
    required = [({field["name"]: None}, None, field["name"]) for field in action["fields"] if not field["optional"]]
    for changes, code, column in WRONG.get(name, []) + required:
        person, fields = sound(p, action, own)
        named = own if action["about"] == "oneself" else person
        fields = {k: v for k, v in {**fields, **changes}.items() if v is not None}
        of_page = {row["path"]: with_child(p, row, own, fields) for row in pages}
        before = p.state(False)
        said = {"the operator": p.do("operator", name, named, fields)[1:]}
        if role:
            said[role] = p.do(role, name, person, fields)[1:]
        for row in pages:
            if set(changes) & set(names_of(row["path"])) or ("{person}" in row["path"] and action["about"] == "oneself"):
                continue
            status, *answer = p.form(role, row, person, of_page[row["path"]])
            said[row["path"]] = tuple(answer)
            t.hold(f"{name} with {changes} at {row['path']}: 422 or 400", status in (422, 400), status)
        t.hold(f"{name} with {changes}: the same through each face", len(set(said.values())) == 1, said)
        first = next(iter(said.values()))
        t.hold(f"{name} with {changes}: {code or 'its field'}", first == (code, column) if code else first[1] == column and re.match("field-(missing|not-as-given)$", first[0] or ""), first)
        t.hold(f"{name} with {changes}: nothing written", p.state(False) == before)


main()
