#!/usr/bin/env python3
"""Requests that two readers would read differently, what costs more than it gives, and what is told aside."""
import gzip, os, random, re, resource, socket, sqlite3, subprocess, sys, time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "portal"))
from attack import POSTGRESQL, Folder, Tried
from portal import WEAL, Book, Browser, Server, free_port, words

t = Tried()
book = Book(120)
health = free_port()
server = Server(book, ["forms_each_minute = 1000", f"metrics_listen = 127.0.0.1:{health}"])
people = book.living(4)


def cast_administrator():
    with sqlite3.connect(book.url[7:]) as db:
        return db.execute("select code from party where id = (select person from office where role = 'administrator' limit 1)").fetchone()[0]



# ---- requests that two readers would read differently ----
def raw(data, step=0, port=None):
    """All that comes back until the server closes; `step`: sent in pieces of so many bytes."""
    got = b""
    with socket.create_connection(("127.0.0.1", port or server.port), timeout=20) as s:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            for at in range(0, len(data), step or len(data)):
                s.sendall(data[at:at + (step or len(data))])
        except OSError:
            pass  # it has answered and closed before all was sent
        try:
            while chunk := s.recv(65536):
                got += chunk
        except OSError:
            pass
    return got


def refused(what, data, status=400):
    for step in (0, 1, 7):
        got = raw(data, step)
        heads = len(re.findall(rb"^HTTP/1\.[01] \d", got, re.M))
        head, _, body = got.partition(b"\r\n\r\n")
        length = re.search(rb"Content-Length: (\d+)", head)
        t.that(f"{what} (in pieces of {step}): {status}, once, ours", heads == 1 and got.startswith(b"HTTP/1.1 %d " % status) and b"Content-Security-Policy" in head and b"Connection: close" in head and
               length and int(length.group(1)) == len(body) and b"</html>" in body, got[:300])


FORM = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
GET = b"GET /sign-in HTTP/1.1\r\n"
NEXT = b"GET /cookies HTTP/1.1\r\nHost: x\r\n\r\n"
for what, data in {
        "no Host": GET + b"\r\n",
        "two Hosts": GET + b"Host: a\r\nHost: b\r\n\r\n",
        "two Hosts alike": GET + b"Host: a\r\nhost: a\r\n\r\n",
        "two Hosts in one": GET + b"Host: a, b\r\n\r\n",
        "a Host with a path": GET + b"Host: a/b\r\n\r\n",
        "a Host with somebody's name": GET + b"Host: a@b\r\n\r\n",
        "bare LF": b"GET /sign-in HTTP/1.1\nHost: x\n\n",
        "bare LF after a header": GET + b"Host: x\r\nA: b\n\r\n",
        "bare LF as the end": GET + b"Host: x\r\n\n",
        "bare CR": GET + b"Host: x\rA: b\r\n\r\n",
        "a line that goes on": GET + b"Host: x\r\nA: b\r\n c\r\n\r\n",
        "a first header that goes on": GET + b" Host: x\r\n\r\n",
        "a length that goes on": FORM + b"Content-Length: 1\r\n\t0\r\n\r\n",
        "NUL in a header": GET + b"Host: x\r\nA: b\0c\r\n\r\n",
        "NUL in a name": GET + b"Host: x\r\nA\0: b\r\n\r\n",
        "NUL in the line": b"GET /sign-in\0 HTTP/1.1\r\nHost: x\r\n\r\n",
        "a control character": GET + b"Host: x\r\nA: \x1b[31m\r\n\r\n",
        "a blank before the colon": GET + b"Host : x\r\n\r\n",
        "a header without a name": GET + b"Host: x\r\n: b\r\n\r\n",
        "a header without a colon": GET + b"Host: x\r\nabc\r\n\r\n",
        "a length below nothing": FORM + b"Content-Length: -1\r\n\r\n",
        "a length with a plus": FORM + b"Content-Length: +3\r\n\r\na=b",
        "a length in hexadecimal": FORM + b"Content-Length: 0x3\r\n\r\na=b",
        "a length past 64 bits": FORM + b"Content-Length: 18446744073709551619\r\n\r\na=b",
        "an empty length": FORM + b"Content-Length:\r\n\r\na=b",
        "two lengths": FORM + b"Content-Length: 3\r\nContent-Length: 30\r\n\r\na=b" + NEXT,
        "two lengths alike": FORM + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\na=b" + NEXT,
        "two lengths in one": FORM + b"Content-Length: 3, 3\r\n\r\na=b",
        "a length and chunks": FORM + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + NEXT,
        "chunks and a length": FORM + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n" + NEXT,
        "chunks twice": FORM + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        "chunks of HTTP/1.0": FORM.replace(b"1.1", b"1.0") + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "two types": FORM + b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 3\r\n\r\na=b",
        "two cookies": GET + b"Host: x\r\nCookie: __Host-weal=a\r\nCookie: __Host-weal=b\r\n\r\n",
        "two origins": FORM + b"Origin: " + server.at.encode() + b"\r\nOrigin: http://evil.example\r\nContent-Length: 3\r\n\r\na=b",
        "no version": b"GET /sign-in\r\nHost: x\r\n\r\n",
        "another version": b"GET /sign-in HTTP/1.2\r\nHost: x\r\n\r\n",
        "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "two blanks": b"GET  /sign-in HTTP/1.1\r\nHost: x\r\n\r\n",
        "a blank within": b"GET /sign-in /x HTTP/1.1\r\nHost: x\r\n\r\n",
        "no HTTP": b"\0\1\2\3\r\n\r\n",
        "the name of a refused request": b"GET \x01 HTTP/1.1\r\nHost: x\r\n\r\n"}.items():
    refused(what, data)
for encoding in (b"chunked", b"identity", b"gzip, chunked", b"xchunked"):
    refused(f"Transfer-Encoding {encoding}", FORM + b"Transfer-Encoding: " + encoding + b"\r\n\r\n5\r\na=bcd\r\n0\r\nTrailer: x\r\n\r\n" + NEXT, 411)
for what, more in {"a long header": b"A: " + b"a" * 17000, "many headers": b"\r\n".join(b"a%d: b" % i for i in range(400)), "many cookies": b"Cookie: " + b";" * 8000}.items():
    refused(what, GET + b"Host: x\r\n" + more + b"\r\n\r\n", 431)
refused("many names in the query", b"GET /sign-in?" + b"a&" * 5000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 431)
t.that("health is told", raw(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 1, health).startswith(b"HTTP/1.1 200"))
for what, data in {"no Host": b"GET /health HTTP/1.1\r\n\r\n", "bare LF": b"GET /health HTTP/1.1\nHost: x\n\n", "a length below nothing": b"GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"}.items():
    got = raw(data, 0, health)
    t.that(f"asking for the health with {what}: 400, once", got.startswith(b"HTTP/1.1 400 ") and got.count(b"HTTP/1.1") == 1 and b"Content-Security-Policy" in got, got[:300])
got = raw(NEXT + NEXT + GET + b"Host: a\r\nHost: b\r\n\r\n" + NEXT)
t.that("the sound requests before a refused one are answered, none after it", [int(s) for s in re.findall(rb"^HTTP/1\.1 (\d+)", got, re.M)] == [200, 200, 400], got[:200])
head = b"GET /cookies HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
t.that("as long a head as is taken", raw(head + b"A: " + b"a" * (16384 - len(head) - 3 - 4 - 4 * 64) + b"\r\n\r\n").startswith(b"HTTP/1.1 200"))
t.that("an old client", raw(b"GET /cookies HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200"))
t.that("an empty line before the request", raw(b"\r\n" + head + b"\r\n", 1).startswith(b"HTTP/1.1 200"))
t.that("a form in pieces", Browser(server).sign_in(people[0]).cookie)

# ---- files about people, and what a killed run leaves ----
def modes(folder):
    return {oct(os.lstat(os.path.join(at, name)).st_mode & 0o777) for at, folders, files in os.walk(folder) for name in folders + files}


def below(folder):
    return [os.path.join(at, name) for at, folders, files in os.walk(folder) for name in folders + files]


def run(*words, **more):
    return subprocess.run([WEAL, "--store", book.url, *words], capture_output=True, text=True, **more)


for format in ("html", "json", "pdf"):
    out = os.path.join(book.folder, "out-" + format)
    done = run("statements", "--year", "2025-26", "--format", format, "--out", out, "--quiet", preexec_fn=lambda: os.umask(0))
    t.that(f"statements as {format} are for their owner only, whatever the umask", done.returncode == 0 and modes(out) <= {"0o600", "0o700"} and os.stat(out).st_mode & 0o777 == 0o700, (done.stderr, modes(out)))
out = os.path.join(book.folder, "killed")
killed = 0
for wait in (0.02, 0.05, 0.08, 0.12, 0.2, 0.3):
    process = subprocess.Popen([WEAL, "--store", book.url, "statements", "--year", "2025-26", "--format", "html", "--out", out, "--quiet"], stderr=subprocess.DEVNULL)
    time.sleep(wait)
    process.kill()
    killed += process.wait() == -9
t.that("some runs were killed", killed)
done = run("statements", "--year", "2025-26", "--format", "html", "--out", out, "--quiet")
t.that("what killed runs left is gone after the next", done.returncode == 0 and not [name for name in os.listdir(out) if re.match(r"\.weal-[0-9a-f]{16}$", name)], (done.stderr, os.listdir(out)))

temporary = os.path.join(book.folder, "tmp")
os.mkdir(temporary)
environment = dict(os.environ, TMPDIR=temporary)


def upload(at, name):
    """Some of an upload of an administrator's file, and no end."""
    browser = Browser(at).sign_in(administrator)
    token = browser.token("/admin/imports/new")
    begin = (f'--b\r\nContent-Disposition: form-data; name="token"\r\n\r\n{token}\r\n--b\r\nContent-Disposition: form-data; name="kind"\r\n\r\npeople\r\n'
             f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\nid,name,born,sex\r\nZ1,Zed Test,1980-01-01,X\r\n').encode()
    return browser, begin, b"--b--\r\n"


administrator = cast_administrator()
for kill in (True, False):
    at = Server(book, ["upload_seconds = 60"], environment=environment)
    browser, begin, end = upload(at, "ann-test-diagnosis.csv")
    s = socket.create_connection(("127.0.0.1", at.port))
    s.sendall(f"POST /admin/imports/new HTTP/1.1\r\nHost: x\r\nOrigin: {at.at}\r\nCookie: {browser.cookie}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {len(begin + end)}\r\n\r\n".encode() + begin)
    time.sleep(0.3)
    t.that("what is being uploaded is in a folder that only the portal can look into", modes(temporary) == {"0o700"}, modes(temporary))
    t.that("and no name tells whose it is", not any("ann" in name for name in os.listdir(temporary)), os.listdir(temporary))
    r = browser.ask("POST", "/admin/imports/new", begin + end, {"Origin": at.at, "Content-Type": "multipart/form-data; boundary=b"})
    t.that("an upload is taken", r.status == 303, (r.status, words(r.text)))
    if kill:
        at.process.kill()
        at.process.wait()
        t.that("a killed portal leaves its folder", below(temporary))
    else:
        at.stop()
        t.that("a portal that ends leaves nothing, and nothing that a killed one left", not below(temporary), below(temporary))
    s.close()

# ---- packed files that unpack without end ----
def gz(data):
    return gzip.compress(data, 9)


def zst(data):
    return subprocess.run(["zstd", "-19", "-q", "-c"], input=data, capture_output=True).stdout


def seconds_of_children():
    """Of a processor, so that a machine that others use does not fail it."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


HEADS = {"entries": b"date,person,category,amount,body,reference\n", "people": b"id,name,born\n", "spend": b"date,body,supplier,amount\n"}
MILLIONS = 40 << 20
with Folder() as f:
    for kind, head in HEADS.items():
        for what, data in {"blank lines by gzip": gz(head + b"\n" * MILLIONS), "blank lines by zstd": zst(head + b"\n" * MILLIONS), "many members": gz(head) + gz(b"\n" * (4 << 20)) * 12,
                           "one row over and over": gz(head + b"x\n" * (MILLIONS // 2))}.items():
            began = seconds_of_children()
            done = f.weal("import", kind, f.write("bomb", data), "--partial", "--quiet")
            took = seconds_of_children() - began
            t.that(f"{what}, {len(data)} bytes as {kind}: refused as unpacking too far", done.returncode == 1 and "more than 100 times as many, as no list of rows does" in done.stderr and took < 30,
                   (done.returncode, done.stderr[-300:], took))
    done = f.weal("import", "entries", f.write("bomb", gz(b"\0" * MILLIONS)))
    t.that("nothing but NUL, packed: refused", done.returncode == 1, done.stderr)
    HEAD_ROW = HEADS["entries"]
    sound = HEAD_ROW + b"".join(b"2025-05-01,%s,child-benefit,%d.%02d,E99999999,r-%d\n" % (random.choice([b"A1", b"B2", b"C3"]), random.randrange(10, 90), random.randrange(100), i) for i in range(300000))
    for packing in (gz, zst):
        done = f.weal("import", "entries", f.write("sound", packing(sound)), "--dry-run", "--quiet")
        t.that("a sound list of rows is not too far", "unpack" not in done.stderr, done.stderr)

# ---- refused rows ----
for store in [None] + ([POSTGRESQL] if POSTGRESQL else []):
    with Folder(store=store) as f:
        for kind, head, row in (("entries", b"date,person,category,amount,reference\n", b"2025-05-01,Q%d,child-benefit,1.00,r%d\n"), ("people", b"id,name,born,sex\n", b"N%d,No Body %d,19xx-01-01,F\n")):
            rows = b"".join(row % (i, i) for i in range(30000))
            good = {"entries": b"2025-05-01,A1,child-benefit,1.00,sound\n", "people": b"D4,Dai Test,1990-01-01,M\n"}[kind]
            f.write("r.csv", head + rows + good)
            done = f.weal("import", kind, "r.csv", "--partial", "--rejects", f"{kind}.rejects.csv")
            lines = open(os.path.join(f.path, f"{kind}.rejects.csv")).read().count("\n") - 1
            t.that(f"{kind}: the rejects file has all refused rows", lines == 30000, (lines, done.stdout, done.stderr))
            t.that(f"{kind}: it says how many the book keeps", "the book keeps 10,000 of them" in done.stdout + done.stderr, done.stdout + done.stderr)
            if not store:
                with sqlite3.connect(f.store[7:]) as db:
                    kept = db.execute("select count(*), (select rejected from import order by id desc limit 1) from reject where import = (select max(id) from import)").fetchone()
                t.that(f"{kind}: the book keeps 10,000 and counts all", kept == (10000, 30000), kept)
        f.sound("reverse", "import:2", "--reason", "wrong file")
        done = f.weal("import", "entries", "r.csv", "--partial", "--again", "import:2")
        t.that("again: refused, as it cannot be told which rows were left out", done.returncode == 1 and "the book keeps 10000 of them" in done.stderr, done.stderr)

# ---- what is told aside ----
reference = people[3]
done = run("statement", "-", "--year", "2025-26", input=reference + "\n")
t.that("a reference is read from standard input, so that no list of processes shows it", done.returncode == 0 and reference in done.stdout and done.stdout == run("statement", reference, "--year", "2025-26").stdout, done.stderr)
for nothing in ("", "\n", "  \n"):
    done = run("statement", "-", "--year", "2025-26", input=nothing)
    t.that("without one it says what would be right", done.returncode == 2 and "standard input" in done.stderr, (done.returncode, done.stderr))
for row in ("/account", "/statement", f"/helping/{reference}", f"/people/{reference}", f"/no-such/{reference}?q={reference}"):
    Browser(server).sign_in(people[0]).get(row)
tasks = {open(f"/proc/{server.process.pid}/task/{task}/comm").read().strip() for task in os.listdir(f"/proc/{server.process.pid}/task")}
log = server.lines()
t.that("neither log nor names of threads name anybody", not any(person in log + " ".join(tasks) for person in people) and "/people/{person}" in log, tasks)
t.that("no core file of the portal", re.search(r"Max core file size\s+0\s", open(f"/proc/{server.process.pid}/limits").read()))

# ---- pages that take long to make ----
def last_second():
    while time.time() % 60 > 45:  # the count begins anew each minute
        time.sleep(0.5)


costly = Server(book, ["costly_each_minute = 20"])
for path in ("/statement?year=2025-26&format=pdf", "/life", "/cy/life"):
    for method in ("GET", "HEAD"):
        last_second()
        browser = Browser(costly).sign_in(people[0])
        replies = [browser.ask(method, path) for _ in range(24)]
        t.that(f"{method} {path}: so many in a minute, then 429 with when to come back", [r.status for r in replies] == [200] * 20 + [429] * 4 and replies[-1]["Retry-After"] == "60", [r.status for r in replies])
        t.that("other pages go on", browser.get("/account").status == 200 and browser.get("/").status == 200)
        t.that("and others are not held up", Browser(costly).sign_in(people[1]).get("/life").status == 200)
last_second()
browser = Browser(costly).sign_in(people[2])
BODY = b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n{}\r\n--b--\r\n'
last_second()
t.that("files to check are counted too", [Browser(costly).ask("POST", "/check", BODY, {"Origin": costly.at, "Content-Type": "multipart/form-data; boundary=b"}).status for _ in range(6)] == [200] * 4 + [429] * 2)
t.that("the copy of everything counts more", [browser.get("/copy/file").status for _ in range(3)] == [200, 429, 429])


t.that("that portal stops well", costly.stop() == 0)
costly = Server(book, ["costly_each_minute = 20", "trusted_proxy = 127.0.0.1"])


def public(path, address, headers=()):
    return Browser(costly).get(path, headers={"X-Forwarded-For": address, **dict(headers)}).status


years = ["/place?year=%d-%02d" % (y, (y + 1) % 100) for y in range(1990, 2027)]
last_second()
made = [public(path, "203.0.113.7") for path in years]
t.that("public pages that must be made are counted by address", 429 in made and made[0] != 429, made)
t.that("with another port it is the same", public("/place?year=1980-81", "203.0.113.7:4711") == 429)
t.that("by a forged first hop it is the same", public("/place?year=1981-82", "198.51.100.1, 203.0.113.7") == 429)
t.that("by another header it is the same", public("/place?year=1982-83", "203.0.113.7", {"Forwarded": "for=198.51.100.9", "X-Real-IP": "198.51.100.9", "True-Client-IP": "198.51.100.9"}) == 429)
with socket.create_connection(("127.0.0.1", costly.port), timeout=20) as s:
    s.sendall(b"GET /place?year=1983-84 HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 198.51.100.77\r\nX-Forwarded-For: 203.0.113.7\r\nConnection: close\r\n\r\n")
    t.that("of two such headers the last is the proxy's", b" 429 " in s.recv(100))
t.that("another address goes on", public("/place?year=1984-85", "203.0.113.8") != 429)
t.that("that portal stops well", costly.stop() == 0)

t.that("the portal stops well", server.stop() == 0)
t.end()
