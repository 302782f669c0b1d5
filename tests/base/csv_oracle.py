#!/usr/bin/env python3
"""Our CSV against Python's csv module on random files: csv_oracle.py DUMP_ROWS [SEED]

Both must find the same fields in the same records on the same lines, and give up at the same record. The files are made of the special characters,
so that most have every kind of quoting and line ending, well formed or not; some are long enough to
cross many blocks."""
import csv
import io
import json
import os
import random
import subprocess
import sys
import tempfile

SMALL, LARGE, BATCH = 1500, 3, 500


def random_text(r, size):
    weights = r.choice([(8, 3, 2, 2, 1, 1), (8, 3, 0, 2, 1, 0), (4, 3, 6, 2, 1, 1), (30, 6, 1, 2, 1, 1)])
    return "".join(r.choices(["a", ",", '"', "\n", "\r", "é"], weights, k=size))


def well_formed(r, records):
    out = []
    for _ in range(records):
        fields = []
        for _ in range(r.randrange(1, 9)):
            field = "".join(r.choices('ab,"\n\ré ', (20, 20, 1, 1, 1, 1, 2, 2), k=r.randrange(0, 40)))
            if r.random() < 0.3 or any(c in ',"\n\r' for c in field):
                field = '"' + field.replace('"', '""') + '"'
            fields.append(field)
        out.append(",".join(fields) + r.choice(["\n", "\r\n", "\r"]))
    return "".join(out)


def python_reads(text):
    """Records as (line, fields), and whether everything was read. Blank lines are not records."""
    reader, records, line = csv.reader(io.StringIO(text, newline=""), strict=True), [], 1
    try:
        for fields in reader:
            if fields:
                records.append((line, fields))
            line = reader.line_num + 1
    except csv.Error:
        return records, False
    return records, True


def we_read(program, paths):
    result = subprocess.run([program, "raw"] + paths, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    files, records = [], []
    for line in result.stdout.decode("utf-8").split("\n")[:-1]:
        if line.startswith("= "):
            files.append((records, line == "= 0"))
            records = []
        else:
            number, fields = line.split(" ", 1)
            records.append((int(number), json.loads(fields)))
    return files


def main():
    program = sys.argv[1]
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(1 << 32)
    r = random.Random(seed)
    csv.field_size_limit(1 << 30)
    texts = [random_text(r, r.randrange(1, 200)) for _ in range(SMALL)]
    texts += [well_formed(r, r.randrange(1, 8)) for _ in range(SMALL)]
    texts += [well_formed(r, 15000) for _ in range(LARGE)]
    refused = 0
    with tempfile.TemporaryDirectory() as folder:
        for start in range(0, len(texts), BATCH):
            batch = texts[start : start + BATCH]
            paths = []
            for i, text in enumerate(batch):
                paths.append(os.path.join(folder, str(i)))
                with open(paths[-1], "w", encoding="utf-8", newline="") as f:
                    f.write(text)
            found = we_read(program, paths)
            assert len(found) == len(batch), f"seed {seed}: {len(found)} of {len(batch)} files came back"
            for text, ours in zip(batch, found):
                theirs = python_reads(text)
                refused += not theirs[1]
                if ours != theirs:
                    at = next((i for i, (a, b) in enumerate(zip(ours[0], theirs[0])) if a != b), min(len(ours[0]), len(theirs[0])))
                    print(f"seed {seed}: {text[:300]!r}\nours   {ours[0][at:at+2]} {ours[1]}\npython {theirs[0][at:at+2]} {theirs[1]}", file=sys.stderr)
                    return 1
    print(f"{len(texts)} files read alike (seed {seed}), {refused} of them refused by both")
    return 0


sys.exit(main())
