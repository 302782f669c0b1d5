"""The people of the permission tests: one of every role, with real things of their own that others could ask for; and the program's table of pages."""
import hashlib
import html
import http.client
import json
import os
import re
import sqlite3
import subprocess
import time
import urllib.parse

from portal import ROOT, Browser, Reply, ago

REASON = "They stand at the counter"

# For each permission that a row of the table needs, the roles of Cast that have it: the tests' own list, independent of the program's tables.
STAFF, ADMINISTRATOR = ("staff", "staff_elsewhere"), ("administrator",)
MAY = {"helper": ("see", "tell", "time"), "helper-see": ("see",), "helper-tell": ("tell",), "helper-time": ("time",),
       "see-people": STAFF, "record": STAFF, "answer-inbox": STAFF + ADMINISTRATOR,
       "administer": ADMINISTRATOR, "import": ADMINISTRATOR, "change-bodies": ADMINISTRATOR, "grant-roles": ADMINISTRATOR, "invite": ADMINISTRATOR, "close-years": ADMINISTRATOR,
       "audit": ("auditor",)}


def routes(*pairs):
    """The table of pages, from the program's own rows (tests/unit/portal_routes.c); with pairs such as `birth/sex`, rows whose fields hang on these names."""
    program = os.environ.get("WEAL_ROUTES", os.path.join(ROOT, "build", "tests", "portal_routes"))
    if not os.path.exists(program):
        subprocess.run(["ninja", "-C", os.path.join(ROOT, "build"), "--quiet", "tests/portal_routes"], check=True, stdout=subprocess.DEVNULL)
    return [json.loads(line) for line in subprocess.run([program, *pairs], capture_output=True, text=True, check=True, cwd=ROOT).stdout.splitlines()]


def role_for(row):
    """One of Cast who has the permission; None: signed-out visitors have it too."""
    return None if row["needs"] == "anyone" else "subject" if row["needs"] == "signed-in" else MAY[row["needs"]][0]


def for_staff(row):
    return set(STAFF) <= set(MAY.get(row["needs"], ()))


def names_of(path):
    return re.findall(r"\{(\w+)\}", path)


def filled(path, values):
    return re.sub(r"\{(\w+)\}", lambda m: urllib.parse.quote(str(values[m.group(1)]), safe=""), path)


def of_requests(path, things):
    """Names of the paths of requests: a kind that everybody of Cast who may have the row may open or not, a case that takes files, its file."""
    more = {}
    if path.endswith("/requests/new/{kind}"):
        more["kind"] = "complaint"  # opened by oneself, and by a helper who may see
    if path.endswith("/requests/{case}/files"):
        more["case"] = things["case_with_files"]
    if path.endswith("/files/{file}"):
        more["file"] = 1
    if path == "/people/{person}/facts/{variable}":
        more["variable"] = "council_tax"
    if "/entitlements/why/" in path:
        more["variable"] = "income_tax"
    if path.endswith("/files/{upload}/people"):
        more["upload"] = things["upload_of_people"]
    return {**things, **more}


class Kept(Browser):
    """A browser that keeps its connection, and sends a request again if the server closed it."""

    def __init__(self, server):
        super().__init__(server)
        self.connection = None

    def ask(self, method, path, body=None, headers=None, cookie=True):
        given = dict(headers or {})
        if self.cookie and cookie:
            given.setdefault("Cookie", self.cookie)
        if body is not None and "Content-Length" not in given:
            given["Content-Length"] = str(len(body))
        for last in (False, True):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
                self.connection.putrequest(method, path, skip_accept_encoding=True)
                for name, value in given.items():
                    if value is not None:
                        self.connection.putheader(name, value)
                self.connection.endheaders(body)
                response = self.connection.getresponse()
                reply = Reply(response, response.read())
                break
            except (OSError, http.client.HTTPException):
                self.connection.close()
                self.connection = None
                if last:
                    raise
        if reply["Connection"] == "close":
            self.connection.close()
            self.connection = None
        set_cookie = reply["Set-Cookie"]
        if set_cookie and cookie:
            self.cookie = set_cookie.split(";")[0]
        return reply

    def token(self, path="/sign-out"):
        if getattr(self, "known", None) != self.cookie:
            self.kept_token, self.known = super().token(path), self.cookie
        return self.kept_token


def plain(text, path):
    """A page without the parts that differ at each request: the token with its number, the number of a fault, its own address (in the link to the other language)."""
    text = re.sub(r'value="[0-9a-f]{64}(-[0-9a-f]{16})?"', "", text)
    text = re.sub(r"\b[0-9a-f]{4}-[0-9a-f]{4}\b", "", text)
    return text.replace(f'"/cy{html.escape(path)}"', '"*"')


class Cast:
    """Everybody. `subject` and `other` are citizens with the same things each; the others have some relation to the subject."""

    def __init__(self, book, server):
        self.book, self.server = book, server
        self.db = sqlite3.connect(book.url[7:], timeout=30)
        self.subject, self.other, self.see, self.tell, self.time, self.past, self.citizen = self.pick()
        staff = self.rows("select p.code, o.body from office o join party p on p.id = o.person where o.role = 'staff' and o.to_day is null order by o.id")
        self.staff, self.body = staff[0]
        self.staff_elsewhere = next(code for code, body in staff if body != self.body)
        self.administrator = self.one("select p.code from office o join party p on p.id = o.person where o.role = 'administrator'")
        self.auditor = self.one("select p.code from office o join party p on p.id = o.person where o.role = 'auditor'")
        for number, (agent, scope, to) in enumerate(((self.see, "see", None), (self.tell, "tell", None), (self.time, "time", None), (self.past, "see tell time", 20000))):
            for principal, id in ((self.subject, 9000 + number), (self.other, 9100 + number)):
                if principal == self.subject or agent == self.see:
                    self.db.execute("insert into act_for (principal, id, agent, scope, what, from_day, to_day, at) values (?, ?, ?, ?, 'a friend', 0, ?, '2026-01-01T00:00:00Z')",
                                    (self.party(principal), id, self.party(agent), scope, to))
        self.db.execute("""insert into body_profile (id, body, version, kind, rules, reason, made_at, made_by, pack)
                           select 9000, id, 1, 'spend', 'rule,published,means,note\ncolumn,Paid,amount,\ncolumn,Whom,supplier,\n', '', '2026-01-01T00:00:00Z', 'root', '' from body
                           where code = 'harrowmere-hospitals'""")
        self.db.execute("delete from fact")  # of the sample: only what is told below
        # a helper of the other has no permission for the subject: the citizen helps the other
        self.db.execute("insert into act_for (principal, id, agent, scope, what, from_day, to_day, at) values (?, 9105, ?, 'see tell time', 'a friend', 0, null, '2026-01-01T00:00:00Z')",
                        (self.party(self.other), self.party(self.citizen)))
        self.db.commit()
        self.roles = {"signed out": Kept(server)}
        for name in ("subject", "other", "citizen", "see", "tell", "time", "past", "staff", "staff_elsewhere", "administrator", "auditor"):
            self.roles[name] = Kept(server).sign_in(getattr(self, name))
        rows = open(os.path.join(ROOT, "src", "register", "permission.c"), encoding="utf-8").read().split("role_rows[]", 1)[1].split("\n};", 1)[0]
        missing = set(re.findall(r'\.word = "([^"]+)"', rows)) - set(self.roles)
        assert not missing, f"nobody of Cast has the role {', '.join(sorted(missing))}: add somebody here, and to MAY"
        for name in ("staff", "staff_elsewhere"):
            self.roles[name].because(REASON, self.subject, self.other)
        self.jobs = self.make_runs()
        self.things = {self.subject: self.make_things(self.subject, "subject"), self.other: self.make_things(self.other, "other")}

    def rows(self, sql, *values):
        return self.db.execute(sql, values).fetchall()

    def one(self, sql, *values):
        row = self.db.execute(sql, values).fetchone()
        return row[0] if row else None

    def party(self, code):
        return self.one("select id from party where code = ?", code)

    def pick(self):
        """Grown-up, alive, without a role; the first two have lines of a body that has staff."""
        body = self.one("select body from office where role = 'staff' order by id")
        free = """p.kind = 'person' and p.died is null and p.born < 12000 and p.id not in (select gone from alias) and p.id not in (select person from office)
                  and p.id not in (select principal from act_for union select agent from act_for)"""
        known = [r[0] for r in self.rows(f"select distinct p.code from line l join holding h on h.account = l.account and h.owner_kind = 'person' join party p on p.id = h.owner where l.body = ? and {free} order by p.code limit 2", body)]
        rest = [r[0] for r in self.rows(f"select p.code from party p where {free} order by p.code desc limit 30") if r[0] not in known]
        return known + rest[:5]

    def make_things(self, code, role):
        """A line, a helper, a look, cases: real ones, as their paths name them."""
        browser, party = self.roles[role], self.party(code)
        line = self.rows("select l.entry, l.n from line l join holding h on h.account = l.account and h.owner_kind = 'person' where h.owner = ? and l.body = ? order by l.entry desc", party, self.body)[0]
        category = self.one("select code from category where code = 'volunteering'")
        # somebody gave time to them, and they gave some to somebody
        giver = self.roles["citizen"]
        made = giver.send("/time", {"category": category, "date": ago(60), "minutes": "30", "confirmer": code, "note": "for " + role})
        assert made.status == 303, made.text
        mine = browser.send("/time", {"category": category, "date": ago(60), "minutes": "30", "confirmer": self.citizen, "note": "by " + role})
        assert mine.status == 303, mine.text
        self.roles["staff"].get(f"/people/{code}" if role == "subject" else f"/people/{code}/record?what=home-care")  # a look by somebody else, not the same one at both
        looked = browser.get("/looked")
        look = re.search(r'href="/looked/([^"?]+)"', looked.text)
        assert look, looked.text
        helper = self.one("select id from act_for where principal = ? and agent = ?", party, self.party(self.see))
        things = {
            "person": code, "line": "%d:%d" % line, "helper": helper, "look": html.unescape(urllib.parse.unquote(look.group(1))),
            "case": 8000 + party, "case_with_files": 850000 + party,
        }
        # what they told: the subject's goes to the body of `staff`, the other's to that of `staff_elsewhere`
        body = self.body if role == "subject" else self.one("select o.body from office o join party p on p.id = o.person where o.role = 'staff' and o.to_day is null and p.code = ?", self.staff_elsewhere)
        self.db.execute("insert into case_file (party, id, kind, state, waits, opened_at, opener, opened_by, to_body, subject, facts, reason) values (?, ?, 'told-birth', 'waiting', 1, '2026-09-02T00:00:00Z', ?, ?, ?, '', '{\"name\":\"Ann Example\",\"born\":\"2026-09-01\"}', '')",
                        (party, things["case"], party, "id:" + code, body))
        self.db.execute("insert into case_told (party, case_id, body) values (?, ?, ?)", (party, things["case"], body))
        self.db.execute("insert into case_attachment (party, case_id, n, digest, name, media, size, at, who, content) values (?, ?, 1, ?, 'a.txt', 'text/plain; charset=utf-8', 2, '2026-09-02T00:00:00Z', ?, ?)",
                        (party, things["case"], hashlib.sha256(b"a\n").digest(), "id:" + code, b"a\n"))
        self.db.execute("insert into case_file (party, id, kind, state, waits, opened_at, opener, opened_by, to_role, subject, facts, reason) values (?, ?, 'complaint', 'waiting', 1, '2026-09-02T00:00:00Z', ?, ?, 'administrator', '', '{}', 'spelt wrong')",
                        (party, things["case_with_files"], party, "id:" + code))
        # a search of the body's that found them, with its letter
        things["run"] = things["letter"] = 700000 + party
        place = self.one("select id from place order by id")
        self.db.execute("insert into take_up_run (id, place, on_day, benefits, purpose, law, who, body, at, found) values (?, ?, 20500, 'child_benefit', 'a purpose', 'an act', 'root', ?, '2026-09-02T00:00:00Z', 1)",
                        (things["run"], place, body))
        self.db.execute("insert into take_up_found (party, run, variable, whose, low, exact, needs, since_day, place, written) values (?, ?, 'child_benefit', 0, 140660, 1, '', 20400, ?, 20500)", (party, things["run"], place))
        self.db.execute("insert into take_up_letter (party, id, run, on_day, benefits, language, place, made_at, made_by) values (?, ?, ?, 20500, 'child_benefit', 'en', ?, '2026-09-02T00:00:00Z', 'root')",
                        (party, things["letter"], things["run"], place))
        # what the body awards to them
        things["award"] = 600000 + party
        self.db.execute("insert into award (party, id, award, body, variable, amount, per, from_day, arrears, source, made_by, made_at) values (?, ?, ?, ?, 'discretionary_housing_payment', 1000, 'week', 20500, 0, 'amounts', 'root', '2026-09-02T00:00:00Z')",
                        (party, things["award"], things["award"], body))
        # somebody of whom they say that they are their partner, for questions about others
        things["whose"] = self.past if role == "subject" else self.citizen
        self.db.execute("insert into fact (party, id, variable, value, other, from_day, said_by, said_as, teller, source, said_at) values (?, ?, 'partner', 'person', ?, 20000, ?, 'self', ?, 'told', '2026-09-02T00:00:00Z')",
                        (party, 19000 + party, self.party(things["whose"]), "id:" + code, party))
        things["fact"] = 9000 + party
        self.db.execute("insert into fact (party, id, variable, value, from_day, said_by, said_as, teller, source, said_at) values (?, ?, 'care_hours', '20', 20000, ?, 'self', ?, 'told', '2026-09-02T00:00:00Z')",
                        (party, things["fact"], "id:" + code, party))
        self.db.commit()
        return things

    def make_runs(self):
        """An import with refused rows, a closing, an audit: what begins their paths, and their numbers."""
        boss, jobs = self.roles["administrator"], {}
        began = {"/admin/imports": boss.upload("/admin/imports/new", {"token": boss.token(), "kind": "bodies", "ways": "dry-run"}, "bodies.csv", b"id,name,kind\nx,X,no such kind\n")}
        self.wait(boss, began["/admin/imports"])
        asked = boss.send("/admin/close", {"year": "2024-25", "sure": "yes"})
        other = Browser(self.server).sign_in(next(code for code in self.book.administrators() if code != self.administrator))
        began["/admin/close"] = other.send(asked["Location"].split("?")[0] + "/carry-out", {})
        self.wait(boss, began["/admin/close"])
        staff = self.roles["staff"]
        began["/missing-out"] = staff.send("/missing-out", {"benefits": "child_benefit", "agreement": "DEA/1"})
        self.wait(staff, began["/missing-out"])
        for prefix, step in (("/admin/standards/jobs", {}), ("/admin/standards/asked", {"confirmed": "yes"})):  # the count, the requests
            began[prefix] = boss.send("/admin/standards", {"standard": "new-baby-review", "year": "2024-25", **step})
            self.wait(boss, began[prefix])
        began["/audit/run"] = self.roles["auditor"].send("/audit/run", {})
        self.wait(self.roles["auditor"], began["/audit/run"])
        return {path: int(r["Location"].rsplit("/", 1)[1]) for path, r in began.items()}

    @staticmethod
    def wait(browser, began):
        assert began.status == 303, began.text
        while browser.get(began["Location"])["Refresh"]:
            time.sleep(0.1)

    def job_of(self, path):
        return next((job for prefix, job in self.jobs.items() if path.startswith(prefix)), None)

    def public_things(self):
        """Names of paths that are the same for everybody."""
        home = self.roles["signed out"].get("/").text
        boss = self.roles["administrator"]
        brought = boss.upload("/admin/files", {"token": boss.token(), "body": "harrowmere-council"}, "a.csv", b"Supplier,Date,Value,Value\nA,01/05/2024,1.00,2.00\nB,02/05/2024,3.00,5.00\n")
        of_people = boss.upload("/admin/files", {"token": boss.token(), "what": "people", "body": "harrowmere-council"}, "b.csv", b"Account No,Paid On,Sum\nA1,01/05/2024,1.00\nB2,02/05/2024,3.00\n")
        asked = os.path.join(self.book.folder, "matches.csv")
        with open(asked, "w") as f:
            f.write(f"body,name,born,postcode,person,decision,reason\nharrowmere-council,Ann Row,1980-01-01,,{self.book.living(1)[0]},open,\n")
        self.book.weal("import", "matches", asked)
        return {"row": self.one("select min(id) from person_decision"), "variable": "works", "what": "child", "file": re.search(r'/assets/([^"]+)"', home).group(1), "code": self.one("select code from place where kind = 'locality'"), "table": "ages", "page": "read-a-statement", "kind": "name", "question": "name",
                "size": self.one("select max(size) from log_head"), "entry": self.one("select max(id) from entry"),
                "import": self.one("select max(id) from import"), "body": "harrowmere-hospitals", "version": 1, "upload": brought["Location"].rsplit("/", 1)[1], "upload_of_people": of_people["Location"].rsplit("/", 1)[1], "other": "nhs-england"}
