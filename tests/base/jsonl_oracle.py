#!/usr/bin/env python3
"""Our JSON Lines against Python's json module on random lines: jsonl_oracle.py DUMP_ROWS [SEED]

Both must take the same lines and find the same texts in them. A third of the lines are damaged: a character is removed, doubled or changed."""
import json
import os
import random
import re
import subprocess
import sys
import tempfile

LINES = 20000
KEYS = ["id", "amount", "note"]


def text_of(value):
    """A value as the table gives it. Numbers come as their own text; zeros at the end of decimals are dropped."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


class Number(str):
    pass


def no_constant(text):
    raise ValueError(text)


def python_reads(line):
    """The texts of the three columns; None when the line is not a row."""
    def pairs(items):
        if len({k for k, _ in items}) != len(items):
            raise ValueError("a key twice")
        return dict(items)
    try:
        row = json.loads(line, object_pairs_hook=pairs, parse_float=Number, parse_int=Number, parse_constant=no_constant)
        line.encode("utf-8")
    except ValueError:
        return None
    if not isinstance(row, dict) or "id" not in row or any(k not in KEYS and not k.startswith("x_") for k in row):
        return None
    found = [row.get(k, "") for k in KEYS]
    if any(isinstance(v, (dict, list)) for v in found):
        return None
    found = [text_of(v) for v in found]
    for v in found:
        if not isinstance(v, Number) and any(0xD800 <= ord(c) < 0xE000 or c == "\0" for c in v):
            return None
    return found


def same(ours, theirs):
    if not isinstance(theirs, Number):
        return ours == theirs
    if re.search("[eE]", theirs):
        return float(ours) == float(theirs)
    plain = theirs.rstrip("0").rstrip(".") if "." in theirs else theirs
    return ours == plain or (ours in ("0", "-0") and plain in ("0", "-0"))


def may_refuse(line):
    """Beside what the quick reader leaves, a number of more figures than a double or a 64-bit integer holds is refused, with what to
    do about it; so is a NUL or half a character in a text that is passed over."""
    return re.search(r"[0-9.]{16}|[eE][0-9]{3}|\\u0000|\\u[dD][89a-fA-F]", line) is not None


def random_value(r):
    kind = r.randrange(10)
    if kind < 4:
        return json.dumps("".join(r.choices('ab é"\\\n/\t😀', (9, 9, 3, 2, 1, 1, 1, 1, 1, 1), k=r.randrange(0, 30))), ensure_ascii=r.random() < 0.3)
    if kind < 7:
        return r.choice(["%d", "-%d", "%d.5", "%d.50", "-%d.05", "%d.0", "%de2", "%d.123456789012345678"]) % r.randrange(0, 10 ** r.randrange(1, 20))
    return r.choice(["true", "false", "null", "{}", "[1,2]", '"\\u0000"', '"\\ud83d\\ude00"', '"\\ud83d"', "01", "1.", ".5", "+1", "-", "NaN", "tru", '""'])


def random_line(r):
    space = lambda: r.choice(["", "", "", " ", "\t"])
    keys = r.sample(KEYS, r.randrange(1, 4)) if r.random() < 0.3 else KEYS[: r.randrange(1, 4)]
    if r.random() < 0.15:
        keys = keys + [r.choice(["x_a", "x_b", "id", "amuont", "no\\u0074e"])]
    line = "{" + ",".join(f'{space()}"{k}"{space()}:{space()}{random_value(r)}{space()}' for k in keys) + "}" + space()
    if r.random() < 0.33 and len(line) > 2:
        at = r.randrange(1, len(line))
        line = line[:at] + r.choice(["", line[at] * 2, r.choice('{}[]":,\\x0 \x01')]) + line[at + 1 :]
    return line


def main():
    program = sys.argv[1]
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(1 << 32)
    r = random.Random(seed)
    lines = ['{"id":"first"}'] + [random_line(r) for _ in range(LINES)]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "rows.jsonl")
        with open(path, "w", encoding="utf-8", newline="") as f:
            f.write("\n".join(lines))
        result = subprocess.run([program, "table", path, "id!", "amount", "note"], stdout=subprocess.PIPE, check=True)
    found = result.stdout.decode("utf-8").split("\n")[:-1]
    assert len(found) == len(lines), f"seed {seed}: {len(found)} of {len(lines)} lines came back"
    refused = 0
    for number, (line, ours) in enumerate(zip(lines, found), 1):
        at, ours = ours.split(" ", 1)
        ours = json.loads(ours) if ours.startswith("[") else None
        theirs = python_reads(line)
        refused += ours is None
        good = int(at) == number
        if ours is None or theirs is None:
            good = good and (ours is None and (theirs is None or may_refuse(line)))
        else:
            good = good and all(same(a, b) for a, b in zip(ours, theirs))
        if not good:
            print(f"seed {seed}: {line!r}\nours   {at} {ours} ({found[number - 1][:200]})\npython {number} {theirs}", file=sys.stderr)
            return 1
    print(f"{len(lines)} lines read alike (seed {seed}), {refused} of them refused")
    return 0


sys.exit(main())
