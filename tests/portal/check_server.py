#!/usr/bin/env python3
"""Common to every page: headers, statuses, methods, paths, sessions, forms' protection, signing in and out, starting and stopping."""
import http.client
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cast import routes
from portal import WEAL, Book, Browser, Server, Tally, free_port, until, weal

t = Tally()
book = Book()
people = book.living(6)
server = Server(book, ["forms_each_minute = 1000"])
t.hold("says where it listens", server.said.startswith(f"The portal is at {server.at}/"), server.said)
public = Browser(server)

# ---- headers ----
for path in ("/", "/sign-in", "/no-such-page", "/sign-out", "/account%00"):
    r = public.get(path)
    csp = r["Content-Security-Policy"] or ""
    t.hold(f"policy of {path}", "default-src 'none'" in csp and "frame-ancestors 'none'" in csp and "form-action 'self'" in csp and "base-uri 'none'" in csp and "unsafe" not in csp, csp)
    t.hold(f"nosniff {path}", r["X-Content-Type-Options"] == "nosniff" and r["Referrer-Policy"] == "same-origin" and r["Cross-Origin-Opener-Policy"] == "same-origin" and r["Permissions-Policy"])
    t.hold(f"no cookie {path}", r["Set-Cookie"] is None)
    t.hold(f"no strict transport on plain HTTP {path}", r["Strict-Transport-Security"] is None)
t.hold("the first page may be kept", "public" in public.get("/")["Cache-Control"])
t.hold("the sign-in page may not", public.get("/sign-in")["Cache-Control"] == "no-store")
home = public.get("/")
t.hold("no form on the first page", "<form" not in home.text)
t.hold("languages", 'lang="en"' in home.text and 'lang="cy"' in public.get("/cy/").text.split("\n")[1])
t.hold("a demonstration says so on every page", all("weal-demo" in public.get(p).text for p in ("/", "/sign-in", "/no-such-page", "/cy/cookies")))
for url in set(re.findall(r'(?:href|src)="(/assets/[^"]+)"', home.text)):
    r = public.get(url)
    t.hold(f"static {url}", r.status == 200 and "immutable" in r["Cache-Control"])
    packed = public.get(url, headers={"Accept-Encoding": "gzip"})
    t.hold(f"packed {url}", packed["Content-Encoding"] in ("gzip", None) and len(packed.body) <= len(r.body))
t.hold("another hash is no file", public.get("/assets/govuk.0000000000000000.css").status == 404)

# ---- paths ----
for path, allowed in {
        "/account%00": (400, 404), "/%2e%2e/admin": (400, 404), "/account/../admin": (400, 404), "//admin": (400, 404), "/a//b": (400, 404), "/sign-in%2f": (400, 404),
        "/sign%5cin": (400, 404), "/sign-in\\": (400, 404), "/%zz": (400, 404), "/%": (400, 404), "/%e9": (400, 404), "/sign-in/": (404,), "/SIGN-IN": (404,), "/./sign-in": (400, 404),
        "/sign-in?x=1": (400,), "/sign-in?": (200,), "/sign-in?&": (400,), "/?a=%zz": (400,), "/sign%2Din": (200,), "/%63y/": (400, 404), "/cy": (200,), "/cyx": (404,), "/cy/cy/": (404,),
        "/" + "a" * 6000: (400, 404, 414)}.items():
    status = public.get(path).status
    t.hold(f"{path[:60]} answers one of {allowed}", status in allowed, status)

# ---- methods ----
for path in ("/", "/sign-in", "/cy/sign-in", "/cookies", "/no-such-page"):
    get, head = public.get(path), public.ask("HEAD", path)
    t.hold(f"HEAD as GET {path}", (get.status, get["Content-Length"], get["Content-Type"]) == (head.status, head["Content-Length"], head["Content-Type"]) and head.body == b"")
for method in ("PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "BREW"):
    r = public.ask(method, "/sign-in")
    t.hold(f"{method} is 405", r.status == 405 and r["Allow"] == "GET, HEAD, POST", r.status, r["Allow"])
t.hold("Allow of the first page", public.ask("PUT", "/")["Allow"] == "GET, HEAD")
t.hold("POST to a page", public.post("/cookies", {}).status == 405)
t.hold("a method where nothing is", public.ask("PUT", "/no-such-page").status == 404)
t.hold("GET with a body", public.ask("GET", "/sign-in", b"x=1").status == 400)

# ---- one connection, many requests ----
connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
kept = True
for path in ("/", "/sign-in", "/no-such-page", "/", "/cookies", "/sign-out"):
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    kept = kept and response.getheader("Connection") != "close"
t.hold("the connection is kept", kept)

# ---- every row, signed out ----
for row in routes():
    method, path, needs = row["method"], row["path"], row["needs"]
    asked = re.sub(r"\{person\}", people[0], path)
    asked = re.sub(r"\{[^}]+\}", "1", asked)
    if method == "GET" and needs != "anyone":
        r = public.get(asked)
        t.hold(f"signed out, GET {path}", r.status == 303 and r["Location"] == "/sign-in", r.status)
        r = public.get("/cy" + asked)
        t.hold(f"signed out, in Welsh, GET {path}", r.status == 303 and r["Location"] == "/cy/sign-in", r.status)
    elif method == "POST":
        t.hold(f"a form from elsewhere, POST {path}", public.post(asked, {}, headers={"Origin": "https://elsewhere.example"}).status in (403, 415))
        if needs != "anyone":
            t.hold(f"signed out, POST {path}", public.post(asked, {}).status in (403, 415))

# ---- signing in ----
form = {"token": "", "reference": people[0]}
for name, headers, status in (("another origin", {"Origin": "https://elsewhere.example"}, 403), ("no origin", {"Origin": None}, 403), ("origin null", {"Origin": "null"}, 403),
                              ("origin with more", {"Origin": server.at + ".example"}, 403), ("another port", {"Origin": "http://127.0.0.1:1"}, 403),
                              ("a referer of ours", {"Origin": None, "Referer": server.at + "/sign-in"}, 303), ("a referer from elsewhere", {"Origin": None, "Referer": "http://x/?" + server.at}, 403),
                              ("localhost", {"Origin": f"http://localhost:{server.port}"}, 303), ("no form", {"Content-Type": "text/plain"}, 415), ("JSON", {"Content-Type": "application/json"}, 415)):
    r = public.post("/sign-in", form, headers=headers, cookie=False)
    t.hold(f"sign-in with {name}", r.status == status, r.status)
for name, fields, status in (("nobody", {}, 422), ("somebody unknown", {"reference": "P999999"}, 422), ("a field twice", [("reference", people[0]), ("reference", people[1])], 400),
                             ("a field that is not there", {"reference": people[0], "administrator": "1"}, 400), ("markup", {"reference": "<script>alert(1)</script>"}, 422)):
    r = public.post("/sign-in", fields, cookie=False)
    t.hold(f"sign-in as {name}", r.status == status and "<script>alert" not in r.text, r.status)
t.hold("a query on a form's address", public.post("/sign-in?a=1", form, cookie=False).status == 400)
t.hold("a form too large", public.post("/sign-in", {"reference": "x" * 100000}, cookie=False).status == 413)
r = public.post("/sign-in", form, cookie=False)
t.hold("the cookie", re.fullmatch(r"__Host-weal=[A-Za-z0-9_-]{43}; Path=/; Secure; HttpOnly; SameSite=Lax", r["Set-Cookie"] or ""), r["Set-Cookie"])
t.hold("then their home page", r["Location"] == "/home")
t.hold("in Welsh", public.post("/cy/sign-in", form, cookie=False)["Location"] == "/cy/home")

# ---- a session ----
one, other = Browser(server).sign_in(people[0]), Browser(server).sign_in(people[0])
t.hold("two sessions are two", one.cookie != other.cookie)
t.hold("signed in", "Signed in as" in one.get("/sign-out").text)
t.hold("pages of the signed-in are kept nowhere, packed never", one.get("/sign-out", headers={"Accept-Encoding": "gzip"})["Cache-Control"] == "no-store"
       and one.get("/sign-out", headers={"Accept-Encoding": "gzip"})["Content-Encoding"] is None)
t.hold("the first page knows nobody", one.get("/").text == home.text)
t.hold("tokens of two sessions are two", one.token() != other.token() and len(one.token()) == 64)
for name, fields in (("no token", {}), ("another session's", {"token": other.token()}), ("an empty one", {"token": ""}), ("two", [("token", one.token()), ("token", one.token())])):
    t.hold(f"a form with {name} token", one.post("/sign-out", fields).status == 403)
t.hold("still signed in", one.get("/sign-out").status == 200)
for cookie in (one.cookie[:-1], one.cookie + "A", one.cookie + "; " + one.cookie, one.cookie.lower(), "__Host-weal=" + "A" * 43, one.cookie.replace("__Host-", "")):
    t.hold("a cookie that is not ours", public.get("/sign-out", headers={"Cookie": cookie}).status == 303)
t.hold("among others", public.get("/sign-out", headers={"Cookie": "a=b; " + one.cookie + "; c=d"}).status == 200)
with sqlite3.connect(book.url[7:]) as db:
    ids = [row[0] for row in db.execute("select id from session")]
t.hold("the store holds no cookie", ids and all(len(i) == 32 for i in ids) and one.cookie.encode() not in open(book.url[7:], "rb").read())
r = one.send("/sign-out", {})
t.hold("signed out", r.status == 303 and "Max-Age=0" in r["Set-Cookie"] and other.get("/sign-out").status == 200)
third = Browser(server).sign_in(people[0])
r = other.send("/sign-out", {"everywhere": "yes"})
t.hold("signed out everywhere", r.status == 303 and third.get("/sign-out").status == 303)
again = Browser(server).sign_in(people[1])
before = again.cookie
again.send("/sign-in", {"reference": people[2]})
t.hold("a new session at each sign-in, the old one ended", again.cookie != before and public.get("/sign-out", headers={"Cookie": before}).status == 303)
aged = Browser(server).sign_in(people[3])
for column, ago in (("used", 31 * 60), ("started", 12 * 3600 + 60)):
    aged.sign_in(people[3])
    with sqlite3.connect(book.url[7:], timeout=10) as db:
        db.execute(f"update session set {column} = {column} - ? where ended is null", (ago,))
    t.hold(f"a session that is too old ({column})", aged.get("/sign-out").status == 303)
used = Browser(server).sign_in(people[4])
with sqlite3.connect(book.url[7:], timeout=10) as db:
    db.execute("update session set used = used - 120 where ended is null")
used.get("/sign-out")
with sqlite3.connect(book.url[7:], timeout=10) as db:
    t.hold("its use is noted", until(lambda: db.execute("select max(used) from session").fetchone()[0] > time.time() - 60))

# ---- every row, signed in without a role and without being a helper ----
citizen = Browser(server).sign_in(people[0])
for row in routes():
    method, path, needs = row["method"], row["path"], row["needs"]
    asked = re.sub(r"\{[^}]+\}", "1", re.sub(r"\{person\}", people[5], path))
    nobody = re.sub(r"\{[^}]+\}", "1", re.sub(r"\{person\}", "P999999", path))
    if needs in ("anyone", "signed-in"):
        continue
    if method == "GET":
        a, b = citizen.get(asked), citizen.get(nobody)
        t.hold(f"a citizen, GET {path}", a.status == 404 and b.status == 404, a.status, b.status)
        t.hold(f"nothing tells who exists, GET {path}", a.text.replace(people[5], "X") == b.text.replace("P999999", "X"))
    else:
        t.hold(f"a citizen, POST {path}", citizen.send(asked, {}).status in (404, 415, 403))

# ---- the log ----
lines = [json.loads(line) for line in server.lines().splitlines()]
t.hold("the log is JSON", len(lines) > 100 and all({"time", "method", "path", "status", "milliseconds", "bytes"} <= set(line) for line in lines if "status" in line))
t.hold("it names nobody", not any(word in server.lines() for word in people + [citizen.cookie.split("=")[1], "127.0.0.1"]))

# ---- slow, broken, raw ----
def raw(data, wait=20):
    with socket.create_connection(("127.0.0.1", server.port), timeout=wait) as s:
        got = b""
        try:
            s.sendall(data)
            s.shutdown(socket.SHUT_WR)
            while chunk := s.recv(65536):
                got += chunk
        except OSError:
            pass
        return got


t.hold("no HTTP", b"200 OK" not in raw(b"\0\1\2\3\r\n\r\n"))
t.hold("NUL in the path", b"200 OK" not in raw(b"GET /sign-out\0 HTTP/1.1\r\nHost: x\r\n\r\n"))
t.hold("a body of no told length", b" 411 " in raw(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n0\r\n\r\n"))
t.hold("two lengths", b" 303 " not in raw(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 30\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\na=b"))
t.hold("the Host header makes no link", b"evil.example" not in raw(b"GET /sign-in HTTP/1.1\r\nHost: evil.example\r\n\r\n"))
t.hold("large headers", b" 200 " not in raw(b"GET /sign-in HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 70000 + b"\r\n\r\n"))
t.hold("still there", public.get("/").status == 200)

# ---- starting and stopping ----
second = weal("--store", book.url, "serve", "--listen", f"127.0.0.1:{server.port}", timeout=30)
t.hold("a port in use", second.returncode == 3 and "another port" in second.stderr, second.returncode, second.stderr)
t.hold("no address", weal("--store", book.url, "serve", "--listen", "here", timeout=30).returncode == 1)
t.hold("no book", weal("--store", "sqlite:" + book.folder + "/none.db", "serve", timeout=30).returncode in (1, 3))
t.hold("SIGTERM ends it well", server.stop() == 0)
t.hold("PATH alone is the book", not os.path.exists(book.url[7:] + "-wal"))

# ---- a real one ----
real = Server(book, ["origin = https://accounts.example.gov.uk", "forms_each_minute = 8"])
asker = Browser(real)
asker.server.at = "https://accounts.example.gov.uk"
t.hold("with an origin it is no demonstration", "weal-demo" not in asker.get("/").text and people[0] not in asker.get("/sign-in").text)
t.hold("strict transport", "max-age" in (asker.get("/")["Strict-Transport-Security"] or ""))
wrong = [asker.post("/sign-in", {"reference": who, "code": code}) for who, code in ((people[0], "AAAAA-AAAAA-AAAAA-AAAAA"), ("P999999", "AAAAA-AAAAA-AAAAA-AAAAA"))]
texts = {re.sub(r'value="[^"]*"', "", w.text) for w in wrong}
t.hold("one answer for whoever is unknown and a wrong code", {w.status for w in wrong} == {422} and len(texts) == 1)
t.hold("another origin", asker.post("/sign-in", {}, headers={"Origin": f"http://127.0.0.1:{real.port}"}).status == 403)
statuses = []
while 429 not in statuses and len(statuses) < 40:  # more than two minutes of them: one may end meanwhile
    statuses.append(asker.post("/sign-in", {"reference": "P1", "code": "x"}).status)
t.hold("too many forms in a minute", 429 in statuses, statuses)
t.hold("its end", real.stop() == 0)

# ---- other ways to listen ----
def over_unix(path, target="/"):
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(path)
        s.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        got = b""
        while chunk := s.recv(65536):
            got += chunk
        return got


def run(listen, environment=None, **more):
    process = subprocess.Popen([WEAL, "--store", book.url, "serve", "--quiet", *listen], stdout=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})}, **more)
    return process, process.stdout.readline()


def end(process):
    process.terminate()
    return process.wait(30)


path = os.path.join(book.folder, "portal.sock")
process, said = run(["--listen", "unix:" + path])
t.hold("a Unix socket", path in said and b" 200 OK" in over_unix(path))
t.hold("which is no demonstration", b"weal-demo" not in over_unix(path, "/sign-in"))
t.hold("is taken away at the end", end(process) == 0 and not os.path.exists(path))
with socket.socket(socket.AF_UNIX) as dead:
    dead.bind(path)
process, said = run(["--listen", "unix:" + path])
t.hold("one that a killed server left is used again", b" 200 OK" in over_unix(path))
end(process)

# A socket and a notification socket, as systemd passes them.
notify_path = os.path.join(book.folder, "notify.sock")
with socket.socket() as listener, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    notify.bind(notify_path)
    notify.settimeout(20)
    port = listener.getsockname()[1]
    os.dup2(listener.fileno(), 3)
    starter = f'export LISTEN_PID=$$ LISTEN_FDS=1; exec "{WEAL}" --store "{book.url}" serve --quiet'
    process = subprocess.Popen(["sh", "-c", starter], pass_fds=(3,), stdout=subprocess.DEVNULL, env={**os.environ, "NOTIFY_SOCKET": notify_path})
    t.hold("systemd is told", notify.recv(100) == b"READY=1")
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    c.request("GET", "/")
    t.hold("systemd's socket", c.getresponse().status == 200)
    process.terminate()
    t.hold("and of the end", notify.recv(100) == b"STOPPING=1" and process.wait(30) == 0)
    os.close(3)

metrics_port = free_port()
measured = Server(book, [f"metrics_listen = 127.0.0.1:{metrics_port}"])
Browser(measured).get("/")
answers = {}
for target in ("/health", "/metrics", "/"):
    c = http.client.HTTPConnection("127.0.0.1", metrics_port, timeout=10)
    c.request("GET", target)
    response = c.getresponse()
    answers[target] = (response.status, response.read().decode())
t.hold("health", answers["/health"] == (200, "well\n"))
t.hold("metrics", answers["/metrics"][0] == 200 and "# TYPE" in answers["/metrics"][1])
t.hold("and no page there", answers["/"][0] == 404 and Browser(measured).get("/metrics").status == 404 and Browser(measured).get("/health").status == 404)
t.hold("its end too", measured.stop() == 0)
t.end()
