"""A mail server on loopback that keeps what it is sent, and does what a test asks of it.

    with Mailbox() as box: box.url, box.mails (of each: sender, to, headers, text), box.answer = "451 later"
    Mailbox(certificate=PEM file): over TLS from the first byte (smtps)
"""
import email, email.policy, socket, ssl, threading


class Mail:
    def __init__(self, sender, to, raw):
        self.sender, self.to, self.raw = sender, to, raw
        self.message = email.message_from_bytes(raw, policy=email.policy.default)
        self.text = self.message.get_content()


class Mailbox:
    def __init__(self, address="127.0.0.1", certificate=None):
        self.mails, self.seen, self.answer, self.hold = [], [], None, None
        self.tls = None
        if certificate:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(certificate)
        self.socket = socket.create_server((address, 0))
        self.port = self.socket.getsockname()[1]
        self.url = f"{'smtps' if certificate else 'smtp'}://{address}:{self.port}"
        threading.Thread(target=self.serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def serve(self):
        while True:
            try:
                one, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(one,), daemon=True).start()

    def talk(self, one):
        try:
            if self.tls:
                one = self.tls.wrap_socket(one, server_side=True)
            f = one.makefile("rwb")

            def say(words):
                f.write(words.encode() + b"\r\n")
                f.flush()
            say("220 here")
            sender, to = "", []
            for line in f:
                line = line.rstrip(b"\r\n").decode("latin-1")
                self.seen.append(line)
                verb = line[:4].upper()
                if verb in ("EHLO", "HELO"):
                    say("250 here")
                elif verb == "MAIL":
                    sender = line
                    say("250 well")
                elif verb == "RCPT":
                    to.append(line)
                    say(self.answer or "250 well")
                elif verb == "DATA":
                    say("354 go on")
                    raw = b""
                    while (piece := f.readline()) not in (b".\r\n", b""):
                        raw += piece
                    if self.hold:
                        self.hold.wait(30)
                    self.mails.append(Mail(sender, to, raw))
                    say("250 taken")
                elif verb == "QUIT":
                    say("221 bye")
                    break
                else:
                    say("502 no")
        except (OSError, ssl.SSLError, ValueError):
            pass
        finally:
            one.close()
