"""A `weal serve` of its own for a test, and a small browser for it: http.client, one cookie, forms found in the pages. Standard library only."""
import atexit
import datetime
import html
import http.client
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WEAL = os.environ.get("WEAL_PROGRAM", os.path.join(ROOT, "build", "weal"))


def on_day(day):
    """Runs this program anew on that day (tests/on-day): for a test whose days, years and limits in words are fixed. To be called before anything else."""
    if os.environ.get("WEAL_ON_DAY") != day:
        os.environ["WEAL_ON_DAY"] = day
        os.execv(os.path.join(ROOT, "tests", "on-day"), ["on-day", day, sys.executable, *sys.argv])


def ago(days):
    """A day as a form has it, so many before today."""
    return str(datetime.date.today() - datetime.timedelta(days))


def weal(*words, **more):
    return subprocess.run([WEAL, *words], capture_output=True, text=True, **more)


def free_port():
    """Below the ports that the system gives to clients, so that it is still free when the server needs it."""
    while True:
        port = random.SystemRandom().randrange(10000, 20000)
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def until(holds, seconds=60):
    """Waits until it is true, since a busy machine may take a while. Returns the last value."""
    end = time.monotonic() + seconds
    while not (given := holds()) and time.monotonic() < end:
        time.sleep(0.05)
    return given


class Book:
    """A demonstration's book in a folder that is removed at the end."""

    def __init__(self, people=120):
        self.folder = tempfile.mkdtemp(prefix="weal-portal.")
        atexit.register(shutil.rmtree, self.folder, True)
        made = weal("demo", self.folder, "--people", str(people), "--quiet")
        assert made.returncode == 0, made.stderr
        self.url = "sqlite:" + os.path.join(self.folder, "weal.db")

    def weal(self, *words):
        done = weal("--store", self.url, *words)
        assert done.returncode == 0, (words, done.stderr)
        return done.stdout

    def apart(self, people):
        """Of these people one of each home, as nobody decides in a role about whoever lives with them."""
        import sqlite3
        with sqlite3.connect(self.url[7:]) as db:
            homes = {}
            for code, home in db.execute("select p.code, r.household from residence r join party p on p.id = r.party where r.household is not null"):
                homes.setdefault(code, set()).add(home)
        taken, out = set(), []
        for code in people:
            if not homes.get(code, set()) & taken:
                out.append(code)
                taken |= homes.get(code, set())
        return out

    def try_weal(self, *words):
        """Whether the program refused it."""
        return weal("--store", self.url, *words).returncode == 1

    def do(self, who, action, **fields):
        """What was done, by `weal do` as a person."""
        import json
        answer = json.loads(self.weal("do", action, "--as", who, "--format", "json", *(f"{name}={value}" for name, value in fields.items())))
        assert "done" in answer, (who, action, fields, answer)
        return answer["done"]

    def administrators(self):
        import sqlite3
        with sqlite3.connect(self.url[7:]) as db:
            return [row[0] for row in db.execute("""select p.code from office o join party p on p.id = o.person where o.role = 'administrator' and (o.to_day is null or o.until > unixepoch())
                                                    and p.died is null and p.id not in (select gone from alias) order by o.id""")]

    def administrator(self, person):
        """One more, as two others make one."""
        one, other = [code for code in self.administrators() if code != person][:2]
        case = self.do(one, "role-grant", person=person, role="administrator")["case"]
        self.do(other, "case-move", case=case, move="approve")

    def living(self, count):
        """References of people who are alive, grown up, not merged, and without a role."""
        import sqlite3
        with sqlite3.connect(self.url[7:]) as db:
            rows = db.execute("select code from party where kind = 'person' and died is null and born < 12000 and id not in (select gone from alias) and id not in (select person from office) order by id limit ?", (count,))
            return [row[0] for row in rows]


def portal_began(process, log=None):
    """What a portal says first: where it is. When it ends instead, how it did: by a signal is a fault of its own."""
    said = process.stdout.readline()
    if "portal is at" not in said and "listens on" not in said:
        if log:
            log.seek(0)
        raise AssertionError(f"the portal ended as it began, with {process.wait(60)}: {said!r}; its log ends with {log.read()[-2000:] if log else 'nothing kept'}")
    return said


class Server:
    """Runs until stop(); `settings` are lines of its configuration."""

    def __init__(self, book, settings=(), url=None, environment=None):
        self.port = free_port()
        self.at = f"http://127.0.0.1:{self.port}"
        config = os.path.join(book.folder, f"portal-{self.port}.conf")
        if not any(line.startswith("costly_each_minute") for line in settings):
            settings = [*settings, "costly_each_minute = 1000000"]  # tests open more pages than people do
        with open(config, "w") as f:
            f.write("".join(line + "\n" for line in settings))
        self.log = open(os.path.join(book.folder, f"log-{self.port}"), "w+")
        self.process = subprocess.Popen([WEAL, "--store", url or book.url, "serve", "--listen", f"127.0.0.1:{self.port}", "--config", config],
                                        stdout=subprocess.PIPE, stderr=self.log, text=True, env=environment)
        atexit.register(self.process.kill)
        self.said = portal_began(self.process, self.log)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def lines(self):
        """The log, when no more lines come: it is written a little later than the events."""
        size = -1
        while size != (size := os.fstat(self.log.fileno()).st_size):
            time.sleep(0.6)
        self.log.seek(0)
        return self.log.read()


class Reply:
    def __init__(self, response, body):
        self.status, self.headers, self.body = response.status, response.headers, body
        self.text = body.decode("utf-8", "replace")

    def __getitem__(self, name):
        return self.headers.get(name)


def nameless(page):
    """The choices of a page that have no label with words, and a step (`confirmed`, `asked`) that is no button: a step is sent by the page before it, never chosen in a form."""
    labels = {at for at, text in re.findall(r'<label[^>]* for="([^"]+)"[^>]*>(.*?)</label>', page, re.S) if re.sub(r"<[^>]+>|\s+", "", text)}
    found = []
    for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", page):
        at = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind = at.get("type", "text")
        if kind in ("radio", "checkbox") and at.get("id") not in labels or at.get("name") == "confirmed":
            found.append(tag)
    return found


class Browser:
    """Keeps its cookie; follows nothing by itself."""

    def __init__(self, server):
        self.server, self.cookie = server, None

    def ask(self, method, path, body=None, headers=None, cookie=True):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        given = dict(headers or {})
        if self.cookie and cookie:
            given.setdefault("Cookie", self.cookie)
        connection.putrequest(method, path, skip_accept_encoding=True)
        if body is not None and "Content-Length" not in given:
            given["Content-Length"] = str(len(body))
        for name, value in given.items():
            if value is not None:
                connection.putheader(name, value)
        connection.endheaders(body)
        response = connection.getresponse()
        reply = Reply(response, response.read())
        connection.close()
        set_cookie = reply["Set-Cookie"]
        if set_cookie and cookie:
            self.cookie = set_cookie.split(";")[0]
        if (reply["Content-Type"] or "").startswith("text/html"):
            unlabelled = nameless(reply.text)
            assert not unlabelled, f"{method} {path} shows what nobody can choose by its words: {unlabelled}"
        return reply

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def post(self, path, fields, headers=None, **more):
        given = {"Origin": self.server.at, "Content-Type": "application/x-www-form-urlencoded"}
        given.update(headers or {})
        return self.ask("POST", path, urllib.parse.urlencode(fields).encode(), given, **more)

    def token(self, path="/sign-out"):
        found = re.search(r'name="token" value="([0-9a-f]{64})"', self.get(path).text)
        return found.group(1) if found else ""

    def send(self, path, fields, **more):
        """A form as the page at `path` sends it: with its token."""
        return self.post(path, {"token": self.token(), **fields}, **more)

    def upload(self, path, fields, name="", content=b"", field="file"):
        """A form with a file, as a browser sends it: `fields` as pairs or a dictionary, the token among them where there is one."""
        parts = [f'--b\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode() for key, value in (fields.items() if isinstance(fields, dict) else fields)]
        parts.append(f'--b\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode() + content + b"\r\n")
        return self.ask("POST", path, b"".join(parts) + b"--b--\r\n", {"Origin": self.server.at, "Content-Type": "multipart/form-data; boundary=b"})

    def because(self, reason, *people):
        """Staff say why they look at each of these people: a reason opens one."""
        for person in people:
            reply = self.send(f"/people/{person}/reason", {"reason": reason})
            assert reply.status == 303, (person, reply.status, reply.text[:2000])
        return self

    def sign_in(self, person):
        self.cookie = None
        reply = self.post("/sign-in", {"token": "", "reference": person})
        assert reply.status == 303, (person, reply.status, reply.text[:2000])
        return self


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def hold(self, what, truth, *more):
        if truth:
            self.passed += 1
        else:
            self.failed += 1
            print("FAILED:", what, *more)

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed")
        raise SystemExit(self.failed != 0)


def words(page):
    """The page's main part as text."""
    main = re.search(r"<main.*?</main>", page, re.S)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main.group(0) if main else page)))
