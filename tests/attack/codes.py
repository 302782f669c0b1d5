"""What the attacks on codes and messages share: a portal on a book, its rows, and what a code looks like."""
import os, re, subprocess

from attack import WEAL
from portal import Browser, free_port, portal_began

CODE = re.compile(r"\b(?:[A-HJ-NP-Z2-9]{5}-){3}[A-HJ-NP-Z2-9]{5}\b")


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
        portal_began(self.process, self.log)

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
