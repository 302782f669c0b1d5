#!/usr/bin/env python3
"""Slow and silent clients, many at once: heads and forms a byte at a time, clients that do not read, connections that send nothing. Others are
served, memory remains small, and each connection is ended when its whole time is over, even if bytes keep coming.

    tests/portal/check_slow.py            1,000 connections
    tests/portal/check_slow.py 10000      so many (script/soak)"""
import http.client
import os
import resource
import socket
import statistics
import sys
import threading
import time
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import Book, Browser, Server, Tally, until

t = Tally()
MANY = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
EACH_ADDRESS = 250
LEAST_S = 4 + MANY // 1000  # the whole time of a request, an answer, a silence: all connections are opened within it
MEMORY_KB = 200 * 1024 * max(MANY, 1000) // 1000  # 200 MB for each thousand open at once
SERVED_S = 2.0  # what 19 answers in 20 may take at the most; ten times that for the worst, which a busy machine may leave lying
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
if hard < MANY + 500:
    print(f"skipped: {hard} open files are allowed here; {MANY} connections need more")
    MANY = hard - 500
book = Book(120)
person = book.living(1)[0]


def serve(seconds):
    """A server that ends connections that take longer than this, and an honest visitor of it."""
    here = Server(book, [f"connections = {MANY + 400}", f"connections_each = {EACH_ADDRESS + 50}", f"request_seconds = {seconds}", f"send_seconds = {seconds}", f"idle_seconds = {seconds}",
                         "forms_each_minute = 100000"])
    return here, Browser(here).sign_in(person)


def memory_kb():
    with open(f"/proc/{server.process.pid}/status") as f:
        return int(next(line for line in f if line.startswith("VmRSS:")).split()[1])


def open_there():
    """Descriptors that the server has open, independent of what has arrived here."""
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


def connect(number):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    s.bind((f"127.0.1.{1 + number // EACH_ADDRESS}", 0))
    s.settimeout(20)
    s.connect(("127.0.0.1", server.port))
    s.setblocking(False)
    return s


class Asker(threading.Thread):
    """An honest visitor meanwhile, from an address of their own: how long each answer took."""

    def __init__(self):
        super().__init__(daemon=True)
        self.took, self.wrong, self.stopped = [], [], False
        self.start()

    def run(self):
        while not self.stopped:
            for path, headers in (("/", {}), ("/sign-in", {}), ("/account", {"Cookie": visitor.cookie}), ("/place", {})):
                began = time.monotonic()
                try:
                    c = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
                    c.request("GET", path, headers=headers)
                    r = c.getresponse()
                    r.read()
                    c.close()
                    if r.status not in (200, 202):
                        self.wrong.append((path, r.status))
                except (OSError, http.client.HTTPException) as e:
                    self.wrong.append((path, repr(e)))
                self.took.append(time.monotonic() - began)
            time.sleep(0.05)

    def end(self):
        self.stopped = True
        self.join(60)
        return self.took, self.wrong


def is_over(s):
    """Whether the server has ended the connection. Answers before that are read and ignored."""
    try:
        while True:
            got = s.recv(65536)
            if not got:
                return True
    except BlockingIOError:
        return False
    except OSError:
        return True


def attack(what, first, trickle, limit_s, reads=True, count=MANY):
    """Opens them, sends `first` on each, then the bytes of `trickle` one after another on all of them, until the server has ended all or it is too late. Without `reads` nothing is ever read."""
    before = open_there()
    sockets = [connect(i) for i in range(count)]
    asker, opened, most = Asker(), time.monotonic(), 0
    for s in sockets:
        try:
            s.send(first)
        except OSError:
            pass
    at, left = 0, list(sockets)
    late = limit_s + 10 + count / 500  # a busy machine needs a while to close so many
    peak_open = 0
    while left and time.monotonic() - opened < late:
        peak_open = max(peak_open, len(left))
        byte = trickle[at % len(trickle):at % len(trickle) + 1] if trickle else b""
        at += 1
        for s in left if byte else ():
            try:
                s.send(byte)
            except OSError:
                pass
        most = max(most, memory_kb())
        time.sleep(0.3)
        if reads:
            left = [s for s in left if not is_over(s)]
        elif open_there() < before + 5:
            left = []
    took, wrong = asker.end()
    for s in sockets:
        s.close()
    worst, middle = max(took), statistics.median(took)
    t.hold(f"{what}: all {count} were open at once", peak_open == count, peak_open)
    t.hold(f"{what}: all are ended when their time is over", not left, f"{len(left)} left after {time.monotonic() - opened:.0f} s")
    t.hold(f"{what}: others are served", not wrong and len(took) >= 8, wrong[:3], len(took))
    t.hold(f"{what}: and fast", statistics.quantiles(took, n=20)[-1] < SERVED_S and worst < 10 * SERVED_S, f"worst {worst:.2f} s of {len(took)}, median {middle * 1000:.0f} ms")
    t.hold(f"{what}: memory is bounded", most < MEMORY_KB, f"{most // 1024} MB")
    print(f"{what}: {count} connections, most memory {most // 1024} MB, others' answers {middle * 1000:.0f} ms, at worst {worst * 1000:.0f} ms of {len(took)}; ended after {time.monotonic() - opened:.1f} s", flush=True)


# ---- how fast this machine opens them just now: all are to be open at once ----
server, visitor = serve(120)
began = time.monotonic()
for s in [connect(i) for i in range(MANY)]:
    s.close()
REQUEST_S = SEND_S = IDLE_S = max(LEAST_S, int(4 * (time.monotonic() - began)))
t.hold("the first server stops", server.stop() == 0)
server, visitor = serve(REQUEST_S)
token = visitor.token()

form = urllib.parse.urlencode({"token": token, "category": "volunteering", "date": "2026-10-01", "minutes": "1", "confirmer": "P1", "note": "x" * 150}).encode()
head = (f"POST /time HTTP/1.1\r\nHost: x\r\nOrigin: {server.at}\r\nCookie: {visitor.cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form) + 20000}\r\n\r\n").encode()
attack("saying nothing", b"", b"", REQUEST_S)
attack("heads a byte at a time", b"GET /account HTTP/1.1\r\nHost: x\r\nX-", b"abcdefgh", REQUEST_S)
attack("long heads, not ended", b"GET /account HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 12000, b"y", REQUEST_S)
attack("forms a byte at a time", head + form, b"x", REQUEST_S)
attack("readers that do not read", b"GET /assets/none HTTP/1.1\r\nHost: x\r\n\r\n" + f"GET /account HTTP/1.1\r\nHost: x\r\nCookie: {visitor.cookie}\r\n\r\n".encode() * 8, b"", SEND_S, reads=False)
attack("kept open, asking nothing more", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"", IDLE_S)
attack("a second request's line a byte at a time", b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /", b"abcdefgh", IDLE_S)

# ---- connections that hang up in the middle are soon removed: otherwise they would count against everybody of the same address ----
before = open_there()
for i in range(400):
    with socket.socket() as s:
        s.bind(("127.0.2.1", 0))
        s.connect(("127.0.0.1", server.port))
        s.send(b"GET /sign-in HTTP/1.1\r\nHo" if i % 2 else head + form)
t.hold("who hangs up in the middle is forgotten", until(lambda: open_there() < before + 5, REQUEST_S - 1), open_there() - before)

# ---- too many from one address: refused, and others are accepted ----
one = []
for i in range(EACH_ADDRESS + 200):
    s = socket.socket()
    s.bind(("127.0.3.1", 0))
    s.settimeout(5)
    try:
        s.connect(("127.0.0.1", server.port))
        s.setblocking(False)
        one.append(s)
    except OSError:
        s.close()
alive = until(lambda: 0 < (n := sum(not is_over(s) for s in one)) <= EACH_ADDRESS + 50 and n, IDLE_S - 2)
t.hold("one address has so many and no more", alive)
t.hold("others come in meanwhile", Browser(server).get("/sign-in").status == 200)
for s in one:
    s.close()

t.hold("all is well afterwards", visitor.get("/account").status == 200)
lines = server.lines()
t.hold("the log stays small", lines.count("libmicrohttpd") < 300, lines.count("libmicrohttpd"))
t.hold("stops", server.stop() == 0)
t.end()
