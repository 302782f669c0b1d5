"""The portal of one of the two programs that script/same-bytes compares, and its visitors."""
import html
import http.client
import re
import signal
import socket
import subprocess
import time
import urllib.parse

TOKEN = re.compile(rb"\b[0-9a-f]{64}(-[0-9a-f]{16})?\b")
FAULT = re.compile(rb"\b[0-9a-f]{4}-[0-9a-f]{4}\b")
ASSET = re.compile(rb"(/assets/[a-z-]+)[.-][0-9a-f]{8,}\.")


def free_port():
    """Of five digits, so that pages have the same length."""
    while True:
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            if listening.getsockname()[1] > 9999:
                return listening.getsockname()[1]


# Nobody is signed out after a time, or refused for sending many forms.
CONFIGURATION = b"""
forms_each_minute = 100000
connections_each = 1000
session_idle_minutes = 1440
session_hours = 168
workers = 1
"""


class Portal:
    def __init__(self, s, book, name):
        self.s, self.name, self.port = s, name, free_port()
        self.at = f"http://127.0.0.1:{self.port}"
        s.write(f"{name}.conf", CONFIGURATION)
        self.log = open(s.path(f"{name}.log"), "w+b")
        s.tick()
        self.process = subprocess.Popen(
            [s.weal_path, "serve", "--store", book, "--listen", f"127.0.0.1:{self.port}",
             "--config", f"{name}.conf"],
            cwd=s.work, env=s.environment, stdout=subprocess.PIPE, stderr=self.log)
        self.connection = None
        self.keep("says", self.process.stdout.readline())

    def keep(self, what, data):
        self.s.keep(f"{self.name}: {what}", self.masked(data))

    def masked(self, data):
        data = data.replace(b":%d" % self.port, b":PORT").replace(b"%%3A%d" % self.port, b":PORT")
        return FAULT.sub(b"FAULT", ASSET.sub(rb"\1.NAME.", TOKEN.sub(b"TOKEN", data)))

    def stop(self):
        if self.connection:
            self.connection.close()
        self.process.send_signal(signal.SIGTERM)
        self.keep("ends", b"exit %d\n" % self.process.wait(60) + self.process.stdout.read())
        self.log.seek(0)
        log = re.sub(rb'"milliseconds":\d+', b'"milliseconds":N', self.log.read())
        log = re.sub(rb'"time":"[^"]*"', b'"time":"T"', log)  # written after the reply
        # pages that were not ready are asked for again, an unknown number of times
        asked_again = (b'"status":202', b"/jobs/")
        self.keep("log", b"".join(line for line in log.splitlines(True)
                                  if not any(each in line for each in asked_again)))
        self.log.close()


FORM = re.compile(r'<form[^>]*action="([^"]*)"[^>]*method="post"[^>]*>(.*?)</form>', re.S)
INPUT = re.compile(r'<(?:input|select|textarea)[^>]*name="([^"]+)"')
NAME = re.compile(r"(?<=/)(P\d+|[A-Z]\d{6,}|\d+|[^/?]*(:|%3A)[^/?]*)(?=/|\?|$)")


def alike(path):
    """The path without the names in it, and which fields it has."""
    fields = sorted(re.findall(r"[?&](\w+)=", path))
    return NAME.sub("*", path.split("?")[0]) + "?" + "&".join(fields)


class Reply:
    def __init__(self, response):
        self.status, self.headers, self.body = response.status, response.headers, response.read()
        self.text = self.body.decode("utf-8", "replace")


NOT_KEPT = ("content-length", "etag", "set-cookie", "connection")


class Visitor:
    """A visitor with a cookie. Answers are kept under their requests."""

    def __init__(self, portal, who):
        self.portal, self.who, self.cookie, self.forms, self.seen = portal, who, None, {}, {}

    def ask(self, method, path, body=None, headers=None, what=None):
        """Asks until the page is ready: the account of a place, a run."""
        end, note = time.monotonic() + 60, what or f"{method} {path}"
        self.portal.s.tick()
        while True:
            reply = self.once(method, path, body, headers or {})
            unready = reply.status == 202 or reply.headers["Refresh"]
            if method != "GET" or not unready or time.monotonic() > end:
                break
            time.sleep(0.02)
        head = "".join(f"{name}: {value}\n" for name, value in sorted(reply.headers.items())
                       if name.lower() not in NOT_KEPT)
        self.portal.keep(f"{self.who}: {note}", f"{reply.status}\n{head}\n".encode() + reply.body)
        return reply

    def once(self, method, path, body, headers):
        if self.cookie:
            headers = {**headers, "Cookie": self.cookie}
        for last in (False, True):
            try:
                if not self.portal.connection:
                    self.portal.connection = http.client.HTTPConnection(
                        "127.0.0.1", self.portal.port, timeout=60)
                self.portal.connection.request(method, path, body, headers)
                response = self.portal.connection.getresponse()
                reply = Reply(response)
                break
            except (OSError, http.client.HTTPException):
                self.portal.connection = None
                if last:
                    raise
        if reply.headers["Connection"] == "close":
            self.portal.connection = None
        if reply.headers["Set-Cookie"]:
            self.cookie = reply.headers["Set-Cookie"].split(";")[0]
        return reply

    def get(self, path):
        return self.ask("GET", path)

    def token(self):
        page = self.once("GET", "/sign-out", None, {}).text
        found = re.search(r'name="token" value="([^"]*)"', page)
        return found.group(1) if found else ""

    def send(self, path, fields, token=None):
        """A form, with a token of this session."""
        token = self.token() if token is None else token
        body = urllib.parse.urlencode({"token": token, **fields}).encode()
        kind = "application/x-www-form-urlencoded"
        return self.ask("POST", path, body, {"Content-Type": kind, "Origin": self.portal.at},
                        f"POST {path} {urllib.parse.urlencode(fields)[:300]}")

    def upload(self, name, data, fields, prefix=""):
        disposition = '--b\r\nContent-Disposition: form-data; name='
        parts = "".join(f'{disposition}"{key}"\r\n\r\n{value}\r\n'
                        for key, value in (("token", self.token()), *fields))
        parts += f'{disposition}"file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
        path = prefix + "/admin/imports/new"
        body, kind = parts.encode() + data + b"\r\n--b--\r\n", "multipart/form-data; boundary=b"
        return self.ask("POST", path, body, {"Content-Type": kind, "Origin": self.portal.at},
                        f"POST {path} {name}")

    def sign_in(self, person, **more):
        self.send("/sign-in", {"reference": person, **more}, token="")
        return self

    def crawl(self, paths, most):
        """Every page that a link leads to, in both languages; three of each pattern."""
        todo, few = list(paths), {}
        while todo and len(self.seen) < most:
            path = todo.pop(0)
            like = alike(path)
            few[like] = few.get(like, 0) + 1
            if path in self.seen or few[like] > 3:
                continue
            for each in (path, "/cy" + path):
                reply = self.get(each)
                self.seen[each] = reply.status
                if "text/html" not in (reply.headers["Content-Type"] or ""):
                    continue
                for action, inside in FORM.findall(reply.text):
                    self.forms.setdefault(html.unescape(action), (each, inside))
                for link in re.findall(r'href="(/[^"#]*)"', reply.text):
                    link = html.unescape(link)
                    if not link.startswith(("/cy/", "/assets/")) and link != "/cy":
                        todo.append(link)
            if reply.headers["Location"]:
                todo.append(reply.headers["Location"].removeprefix("/cy") or "/")

    def send_badly(self):
        """Every form that was seen: empty, and with hostile values in all fields."""
        few = {}
        for action, (_, inside) in list(self.forms.items()):
            like = alike(action)
            few[like] = few.get(like, 0) + 1
            if few[like] > 1 or "sign-out" in action or "imports/new" in action or "/end" in action:
                continue
            names = [name for name in dict.fromkeys(INPUT.findall(inside)) if name != "token"]
            self.send(action, {})
            for value in ("1,2.5<i>", "x" * 3000, "99999999999999999999", "2026-02-30"):
                self.send(action, {name: value for name in names})
            self.send(action, {**{name: "1" for name in names}, "no-such-field": "1"})
        if self.forms:
            action = next(iter(self.forms))
            self.send(action, {}, token="0" * 64)
