"""A dishonest keeper: a log of one closing of one person, made only from docs/explanation/proof.md, with every hash, path and signature right. So a
verifier can refuse it only for its contents. Python's standard library."""
import base64, copy, hashlib

import checker

SEED = hashlib.sha256(b"a keeper of our own").digest()


def point_write(p):
    inverse = pow(p[2], checker.P - 2, checker.P)
    x, y = p[0] * inverse % checker.P, p[1] * inverse % checker.P
    return (y | (x & 1) << 255).to_bytes(32, "little")


class Signer:
    """RFC 8032 section 5.1.6, with a name as C2SP signed-note has it."""
    def __init__(self, name="weal", seed=SEED):
        h = hashlib.sha512(seed).digest()
        self.scalar = int.from_bytes(h[:32], "little") & ~7 & (1 << 254) - 1 | 1 << 254
        self.prefix, self.name = h[32:], name
        self.public = point_write(checker.point_times(self.scalar, checker.BASE))
        self.id = checker.sha(name.encode() + b"\n\1" + self.public)[:4]
        self.vkey = f"{name}+{self.id.hex()}+{base64.b64encode(chr(1).encode() + self.public).decode()}"

    def sign(self, message):
        r = int.from_bytes(hashlib.sha512(self.prefix + message).digest(), "little") % checker.L
        point = point_write(checker.point_times(r, checker.BASE))
        k = int.from_bytes(hashlib.sha512(point + self.public + message).digest(), "little") % checker.L
        return point + ((r + k * self.scalar) % checker.L).to_bytes(32, "little")

    def head(self, size, root, origin=None):
        body = f"{origin or self.name}\n{size}\n{b64(root)}\n"
        return f"{body}\n\u2014 {self.name} {b64(self.id + self.sign(body.encode()))}\n"

    def seal(self, statement):
        """The same statement with its seal; one that cannot be written as canonical JSON gets an old seal."""
        statement["proof"].pop("seal", None)
        statement["proof"]["seal"] = b64(self.sign(checker.canonical(statement).encode("utf-8", "surrogatepass")))
        return statement


def b64(data):
    return base64.b64encode(data).decode()


def leaf(person, year, to, accounts):
    return b"\2" + bytes(16) + checker.text16(person) + checker.text16(year) + checker.u(checker.day_of(to), 4) + checker.u(len(accounts), 2) + b"".join(accounts)


def account(number, lines):
    return checker.u(number, 8) + checker.u(len(lines), 8) + checker.root_of([checker.leaf_hash(checker.line_leaf(l)) for l in lines])


def record(root, year, to, lines=1, seq=1, kind="closing", more=True):
    text = f"weal entry 1\n{seq}\n9\n{to}\n2026-04-06T00:00:00Z\n{kind}\n\n{lines}\n{root.hex()}\n"
    return text + (f"{year}\n{to}\n9\n" if more else "")


def keep(signer, statement, **how):
    """The statement with a proof of the keeper's own; `how` replaces a part of it, and everything computed from that part."""
    s = copy.deepcopy(statement)
    lines, to = s["proof"]["lines"], how.get("to", s["to"])
    year = how.get("year", s["year"])
    numbers = sorted({l["account"] for l in lines})
    accounts = how.get("accounts", [account(n, [l for l in lines if l["account"] == n]) for n in numbers])
    lines.sort(key=lambda l: (l["account"], l["day"], l["entry"], l["n"]))
    data = how.get("leaf", leaf(how.get("person", s["person"]["id"]), year, to, accounts)) + how.get("leaf_more", b"")
    entry = how.get("record", record(checker.leaf_hash(data), year, to, **how.get("record_parts", {}))).encode()
    if "record_change" in how:
        entry = how["record_change"](entry)
    s["proof"] = {"head": signer.head(how.get("size", 1), checker.leaf_hash(entry), how.get("origin")), "vkey": signer.vkey, "record": b64(entry), "record_index": how.get("record_index", 0),
                  "record_path": [], "closings": [{"leaf": b64(data), "index": how.get("index", 0), "size": how.get("people", 1), "path": []}], "lines": lines, "unproved": s["proof"]["unproved"]}
    return signer.seal(s)
