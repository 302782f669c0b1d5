"""A small real book on either engine, with people who have a session each, and writers who send forms as fast as they are answered and remember every 303 that they have read."""
import atexit
import importlib.machinery
import importlib.util
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time

from cast import Kept
from portal import ROOT, WEAL, ago, free_port, portal_began

PEOPLE = 60
STAFF, CITIZENS = range(1, 5), range(5, PEOPLE + 1)


def faults():
    """tests/faults/run-part, whose PostgreSQL can be stopped roughly and whose disk can be small."""
    loader = importlib.machinery.SourceFileLoader("faults", os.path.join(ROOT, "tests/faults/run-part"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("faults", loader))
    loader.exec_module(module)
    module.WORK = tempfile.mkdtemp(prefix="weal-portal-faults.")
    os.chmod(module.WORK, 0o755)
    atexit.register(shutil.rmtree, module.WORK, True)
    return module


class Skip(Exception):
    pass


class Town:
    """A book: `folder` may be a disk of the test's own."""

    def __init__(self, engine, folder=None):
        self.engine, self.private = engine, None
        self.folder = folder or tempfile.mkdtemp(prefix="weal-town.")
        if not folder:
            atexit.register(shutil.rmtree, self.folder, True)
        if engine == "sqlite":
            self.path = os.path.join(self.folder, "w.db")
            self.url = "sqlite:" + self.path
        else:
            if not os.environ.get("WEAL_TEST_POSTGRESQL_BIN"):
                raise Skip("no PostgreSQL: $WEAL_TEST_POSTGRESQL_BIN is not set")
            self.private = faults().PrivateServer()
            atexit.register(self.private.__exit__)
            self.url = f"postgresql://weal@/postgres?host={self.private.folder}&port={self.private.port}"
        self.weal("init", "--place", "T,Testham", "--quiet")
        people = os.path.join(self.folder, "people.csv")
        with open(people, "w") as f:
            f.write("id,name,born,place\n")
            f.writelines(f"P{i},Person {i},1980-01-01,T\n" for i in range(1, PEOPLE + 1))
        self.weal("import", "people", people, "--quiet")
        for i in STAFF:
            self.weal("role", "grant", f"P{i}", "staff", "--body", "dwp")

    def weal(self, *words, status=0):
        done = subprocess.run([WEAL, "--store", self.url, *words], capture_output=True, text=True)
        assert done.returncode == status, (words, done.returncode, done.stdout[-500:], done.stderr)
        return done.stdout

    def ask(self, sql):
        """Rows of one column."""
        if self.engine == "sqlite":
            db = sqlite3.connect(self.path, timeout=30)
            try:
                return [str(row[0]) for row in db.execute(sql)]
            finally:
                db.close()
        done = subprocess.run(["psql", "-qXAtd", self.url, "-c", sql], check=True, capture_output=True, text=True)
        return done.stdout.splitlines()


class Serving:
    """`weal serve` on a port that stays the same from one start to the next."""

    def __init__(self, town, settings=(), environment=None, program=WEAL):
        self.town, self.port, self.environment, self.program = town, free_port(), environment or {}, program
        self.at = f"http://127.0.0.1:{self.port}"
        self.config = os.path.join(tempfile.gettempdir(), f"weal-portal-{self.port}.conf")
        with open(self.config, "w") as f:
            f.write("".join(line + "\n" for line in ("forms_each_minute = 100000", "costly_each_minute = 1000000", "looks_each_hour = 100000", "connections_each = 1000", *settings)))
        atexit.register(os.unlink, self.config)
        self.log = open(self.config + ".log", "w+")
        atexit.register(os.unlink, self.config + ".log")
        self.process = None
        self.start()

    def start(self):
        """Returns the seconds until it printed its address."""
        began = time.monotonic()
        self.process = subprocess.Popen([self.program, "--store", self.town.url, "serve", "--listen", f"127.0.0.1:{self.port}", "--config", self.config], stdout=subprocess.PIPE, stderr=self.log, text=True,
                                        env={**os.environ, **self.environment})
        atexit.register(self.process.kill)
        portal_began(self.process, self.log)
        return time.monotonic() - began

    def kill(self):
        self.process.kill()
        self.process.wait(30)

    def stop(self):
        self.process.terminate()
        return self.process.wait(60)

    def lines(self):
        self.log.seek(0)
        return self.log.read()

    def sign_in(self, number):
        """By an invitation, as in a real book."""
        said = self.town.weal("invite", f"P{number}")
        code = re.search(r"\b(?:[A-Z0-9]{4,5}-){3,4}[A-Z0-9]{4,5}\b", said).group(0)
        browser = Kept(self)
        r = browser.post("/sign-in", {"reference": f"P{number}", "code": code})
        assert r.status == 303, r.text
        browser.person = f"P{number}"
        return browser


class Load:
    """Writers and readers at once: records of staff, time proposed, objections, pages. `acknowledged` is what a 303 was read for; `statuses` counts all replies."""

    def __init__(self, serving, prefix, browsers):
        self.serving, self.prefix, self.stopped, self.lock = serving, prefix, False, threading.Lock()
        self.acknowledged, self.statuses, self.odd, self.cut, self.sent = [], {}, [], 0, 0
        self.retry_after = []
        self.threads = [threading.Thread(target=self.run, args=(number, browser, staff), daemon=True) for number, (browser, staff) in enumerate(browsers)]
        for thread in self.threads:
            thread.start()

    def note(self, reply, what, references):
        with self.lock:
            self.sent += 1
            self.statuses[reply.status] = self.statuses.get(reply.status, 0) + 1
            if reply.status == 303:
                if reply["Location"].endswith("sign-in"):
                    self.odd.append((what, "signed out"))
                self.acknowledged += references
            elif reply.status == 503:
                self.retry_after.append(reply["Retry-After"])
                if "<h1" not in reply.text:
                    self.odd.append((what, reply.text[:200]))
            elif reply.status != 200 and not any(words in reply.text for words in WAITS):
                main = re.sub(r"<[^>]*>|\s+", " ", (re.findall(r"<main.*?</main>", reply.text, re.S) or [reply.text])[0])
                self.odd.append((what, reply.status, re.sub(" +", " ", main)[:400]))

    def run(self, number, browser, staff):
        draw, count = random.Random(f"{self.prefix}{number}"), 0
        mine = Kept(self.serving)
        mine.cookie, mine.kept_token, mine.known = browser.cookie, browser.kept_token, browser.cookie
        while not self.stopped:
            count += 1
            name = f"{self.prefix}-{number}-{count}"
            day = ago(draw.randint(32, 330))
            try:
                if staff and count % 4:
                    person = draw.choice(CITIZENS)
                    self.note(mine.post(f"/people/P{person}/record", {"token": mine.kept_token, "what": "universal-credit", "amount": "1.00", "date": day, "reference": name, "confirmed": "yes"}), "record",
                              [("line", name)])
                elif staff:
                    self.note(mine.get(f"/people/P{draw.choice(CITIZENS)}"), "look", [])
                elif count % 3:
                    self.note(mine.post("/time", {"token": mine.kept_token, "category": "volunteering", "date": day, "minutes": "1", "confirmer": "dwp", "note": name}), "time", [("given", name)])
                else:
                    looked = re.search(r'href="(/looked/[^"?]+)"', mine.get("/looked").text)
                    if looked:
                        path = looked.group(1)
                        self.note(mine.post(path, {"token": mine.kept_token, "words": name}), "objection", [("objection", name)])
            except Exception:  # the connection broke, so nothing was acknowledged
                with self.lock:
                    self.cut += 1
                mine.connection = None
                time.sleep(0.02)

    def end(self):
        self.stopped = True
        for thread in self.threads:
            thread.join(60)
        return self


# What one person may have waiting, and two who object to the same visit at the same time.
WAITS = ("Too many entries wait", "requests wait for an answer already", "waits for its answer already")
KEPT = {"line": "select reference from line where reference is not null and reference <> ''", "objection": "select reason from case_file where kind = 'look-objection'"}


def kept(town):
    """What the store has of each kind that a load writes."""
    have = {kind: set(town.ask(sql)) for kind, sql in KEPT.items()}
    have["given"] = {json.loads(facts).get("note") for facts in town.ask("select facts from case_file where kind = 'time-given'")}
    return have


def lost(town, acknowledged):
    """The acknowledged rows that are not in the store."""
    have = kept(town)
    return [(kind, name) for kind, name in acknowledged if name not in have[kind]]


def everybody(serving):
    """Four members of staff with their reason, eight citizens."""
    out = []
    for number in (*STAFF, *list(CITIZENS)[:8]):
        browser = serving.sign_in(number)
        browser.token()
        if number in STAFF:
            browser.because("They stand at the counter", *(f"P{person}" for person in CITIZENS))
        out.append((browser, number in STAFF))
    return out
