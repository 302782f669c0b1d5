#!/usr/bin/env python3
"""Codes and signing in: who can get, guess, use up or learn of somebody's code."""
import os, re, sqlite3, subprocess, sys, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "portal"))
from attack import POSTGRESQL, WEAL, Folder, Tried
from portal import Browser, free_port, words

tried = Tried()
WRONG = "AAAAA-AAAAA-AAAAA-AAAAA"
SENTENCE = "do not belong together"


class Portal:
    """`weal serve` on a folder's book. A visitor comes from `source`, as a proxy would say it."""

    def __init__(self, folder, *settings):
        self.folder, self.port = folder, free_port()
        self.at = f"http://127.0.0.1:{self.port}"
        folder.write("portal.conf", "".join(line + "\n" for line in ("trusted_proxy = 127.0.0.1", "forms_each_minute = 100000", *settings)))
        self.start()

    def start(self):
        self.log = open(os.path.join(self.folder.path, "log"), "a+")
        self.process = subprocess.Popen([WEAL, "serve", "--listen", f"127.0.0.1:{self.port}", "--config", "portal.conf"], cwd=self.folder.path, stdout=subprocess.PIPE, stderr=self.log, text=True,
                                        env=dict(os.environ, HOME=self.folder.path, WEAL_STORE=self.folder.store))
        said = self.process.stdout.readline()
        assert "portal is at" in said, (said, self.lines())

    def lines(self):
        self.log.seek(0)
        return self.log.read()

    def stop(self):
        self.process.terminate()
        self.process.wait(60)

    def browser(self, source):
        b = Browser(self)
        ask = b.ask
        b.ask = lambda method, path, body=None, headers=None, **more: ask(method, path, body, {**(headers or {}), "X-Forwarded-For": source}, **more)
        return b

    def attempt(self, source, reference, code):
        b = self.browser(source)
        return b, b.post("/sign-in", {"reference": reference, "code": code})

    def signed_in(self, reference, source="192.0.2.200"):
        b, reply = self.attempt(source, reference, self.folder.sound("invite", reference, "--quiet").strip())
        assert reply.status == 303, reply.text
        return b


def rows(folder, sql):
    if folder.store.startswith("sqlite:"):
        with sqlite3.connect(folder.store[7:]) as db:
            return [tuple(map(str, row)) for row in db.execute(sql)]
    done = subprocess.run(["psql", "-qXAt", "-F", "\t", "-d", folder.store, "-c", sql], check=True, capture_output=True, text=True)
    return [tuple(line.split("\t")) for line in done.stdout.splitlines()]


# ---- trying codes ----

def tries(engine, f):
    p = Portal(f)
    code = f.sound("invite", "A1", "--quiet").strip()
    for i in range(30):
        p.attempt(f"198.51.100.{i}", "A1", WRONG)
    _, reply = p.attempt("203.0.113.1", "A1", code)
    tried.that(f"{engine}: thirty wrong codes of strangers do not use up somebody's code", reply.status == 303, reply.text[-800:])

    replies = [p.attempt("203.0.113.2", "A1", WRONG)[1] for _ in range(11)]
    tried.that(f"{engine}: ten wrong codes of one address are answered, the eleventh must wait", [r.status for r in replies] == [422] * 10 + [429] and int(replies[-1]["Retry-After"]) <= 30, [r.status for r in replies])
    tried.that(f"{engine}: the page says that the code is as good as before", "as good as before" in words(replies[-1].text), words(replies[-1].text))
    code = f.sound("invite", "A1", "--quiet").strip()
    tried.that(f"{engine}: the right code waits there too, and is not used up", p.attempt("203.0.113.2", "A1", code)[1].status == 429 and rows(f, "select count(*) from invite") == [("1",)])
    p.stop()
    p.start()
    tried.that(f"{engine}: a restart forgets nothing", p.attempt("203.0.113.2", "A1", code)[1].status == 429)
    tried.that(f"{engine}: a neighbour in the network may try", p.attempt("203.0.113.3", "A1", WRONG)[1].status == 422)
    for i in range(4, 60):
        last = p.attempt(f"203.0.113.{i}", "A1", WRONG)[1]
    tried.that(f"{engine}: fifty wrong codes of a network slow the network", last.status == 429)
    for i in range(60):
        last = p.attempt(f"2001:db8:1:{i:x}::{i}", "A1", WRONG)[1]
    tried.that(f"{engine}: of IPv6 too, whichever of its addresses somebody takes", last.status == 429)
    tried.that(f"{engine}: elsewhere the right code signs in", p.attempt("198.51.100.77", "A1", code)[1].status == 303)

    before = rows(f, "select source, hour, tries from sign_in_failed order by 1, 2")
    _, short = p.attempt("198.51.100.78", "A1", "AAAAA-AAAAA")
    _, letters = p.attempt("198.51.100.78", "A1", "O0I1O-AAAAA-AAAAA-AAAAA")
    _, unknown = p.attempt("198.51.100.78", "Z9", "AAAAA-AAAAA")
    _, number = p.attempt("198.51.100.78", "nino:QQ", WRONG)
    tried.that(f"{engine}: what has not the form of a code or a reference is no try, known or not", all(r.status == 422 and SENTENCE not in r.text for r in (short, letters, unknown, number)) and
               before == rows(f, "select source, hour, tries from sign_in_failed order by 1, 2"))

    def written(reference, source):
        _, reply = p.attempt(source, reference, WRONG)
        return [row[1:] for row in rows(f, f"select source, is_network, tries from sign_in_failed where source like '{source.rsplit('.', 1)[0]}.%' order by 2")], re.sub(r'value="[^"]*"', "", words(reply.text)), reply.status
    f.sound("invite", "B2", "--quiet")
    seen = [written(reference, f"192.0.{i + 3}.9") for i, reference in enumerate(("B2", "C3", "Z9", "nino:QQ123456C"))]
    tried.that(f"{engine}: with a code, without one and unknown: the same rows are written and the same page is shown", all(s == seen[0] for s in seen) and seen[0][2] == 422, seen)
    typed = "".join("".join(row) for row in rows(f, "select source, is_network, tries from sign_in_failed"))
    tried.that(f"{engine}: what was typed is kept nowhere", WRONG not in typed and "B2" not in typed and "B2" not in p.lines())

    f.sound("role", "grant", "C3", "administrator", "--quiet")
    boss = p.signed_in("C3")
    page = words(boss.get("/admin/sign-ins").text)
    tried.that(f"{engine}: administrators see how many came from where", re.search(r"203\.0\.113\.2 10\b", page) and "203.0.113.0/24" not in page, page)
    alerts = words(boss.get("/admin/alerts").text)
    tried.that(f"{engine}: and are told when there are many", "Many wrong codes to sign in came from 2001:db8:1::/48" in alerts, alerts)
    tried.that(f"{engine}: nobody else sees them", p.signed_in("A1").get("/admin/sign-ins").status == 404)
    p.stop()


for engine, store in (("sqlite", None), ("postgresql", POSTGRESQL)):
    if engine == "postgresql" and not store:
        tried.skip("no PostgreSQL: $WEAL_TEST_POSTGRESQL is not set")
        continue
    with Folder(store=store) as f:
        tries(engine, f)
tried.end()
