"""What the benchmarks share: they make a place of a size asked for, run programs on it side by side, and print a table in Markdown.

Every script is `bench/NAME [SCALE]`: 1 is the size the project aims at, 0.01 a hundredth of it. Nothing here fails for being slow."""
import atexit
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build")
WEAL = os.path.join(BUILD, "weal")
REGISTER_KINDS = ["places", "households", "people", "bodies", "services", "unit-costs", "rates"]


def say(text):
    print(text, file=sys.stderr, flush=True)


def scale(default=1.0):
    given = [a for a in sys.argv[1:] if not a.startswith("-")]
    return float(given[0]) if given else default


def build(*programs):
    wanted = ["weal"] + ["bench/" + p for p in ("make_entries", "measure") + programs]
    made = subprocess.run(["ninja", "-C", BUILD, "--quiet"] + wanted, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if made.returncode != 0:
        sys.exit("bench: build first (script/build):\n" + made.stdout.decode())


def folder(memory=False):
    """A folder of its own, on disk (TMPDIR) or in memory; removed at the end whatever happens."""
    parent = "/dev/shm" if memory and os.path.isdir("/dev/shm") else None
    made = tempfile.mkdtemp(prefix="weal-bench.", dir=parent)
    atexit.register(shutil.rmtree, made, True)
    return made


class Taken:
    """What a command took: seconds by the clock, seconds of processors, peak resident memory in MB, its standard output."""

    def __init__(self, wall, processor, peak_mb, output):
        self.wall, self.processor, self.peak_mb, self.output = wall, processor, peak_mb, output


def run(command, keep_output=False, cwd=None, env=None, may_fail=False):
    note = tempfile.NamedTemporaryFile(prefix="weal-bench-note.")
    done = subprocess.run([os.path.join(BUILD, "bench/measure"), note.name] + command, cwd=cwd, env=env, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE if keep_output else subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode != 0 and not may_fail:
        sys.exit("bench: " + " ".join(command[:6]) + ": " + done.stderr.decode(errors="replace")[:600])
    wall, processor, peak, _ = note.read().split()
    if float(wall) >= 0.1:
        say(f"  {float(wall):8.2f} s  {' '.join(os.path.basename(c) if i == 0 else c for i, c in enumerate(command))[:110]}")
    return Taken(float(wall), float(processor), int(peak) / 1024, done.stdout)


def best(command, times, **options):
    """The least wall time of several runs: what is short is disturbed most by what else the machine does."""
    return min((run(command, **options) for _ in range(times)), key=lambda t: t.wall)


def has_verb(verb, weal=WEAL):
    return subprocess.run([weal, "help", verb], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def has_option(verb, word, weal=WEAL):
    text = subprocess.run([weal, "help", verb], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode()
    return word in text


def make_place(people, lines_each, more=(), seed=1):
    """The files of a place of its own."""
    place = folder()
    say(f"making {people:,} people with {lines_each} entries each")
    subprocess.run([os.path.join(BUILD, "bench/make_entries"), place, str(people), str(lines_each), str(seed)] + list(more), check=True)
    return place


def new_store(url, place, weal=WEAL):
    """A book with everything but the entries."""
    def must(*arguments):
        done = subprocess.run([weal, "--quiet", "--store", url] + list(arguments), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if done.returncode != 0:
            sys.exit(f"bench: weal {' '.join(arguments)}: {done.stderr.decode()[:400]}")
    must("init", "--place", "E07X,Held")
    for kind in REGISTER_KINDS:
        must("import", kind, os.path.join(place, kind + ".csv"))


def remove_store(path):
    for end in ("", "-wal", "-shm"):
        if os.path.exists(path + end):
            os.remove(path + end)


def number(x, digits=3):
    """As many digits as are worth reading."""
    if x >= 1000:
        return f"{x:,.0f}"
    return f"{x:.{digits}g}" if x < 100 else f"{x:.0f}"


def table(title, headings, rows, notes=()):
    """Markdown on standard output; the first column is text, the others are figures."""
    print(f"### {title}\n")
    print("| " + " | ".join(headings) + " |")
    print("|" + "|".join("---" if i == 0 else "---:" for i in range(len(headings))) + "|")
    for row in rows:
        print("| " + " | ".join(str(c) for c in row) + " |")
    for note in notes:
        print(f"\n{note}")
    load = os.getloadavg()[0]
    print(f"\nLoad of the machine at the end: {load:.1f} on {os.cpu_count()} processors.\n", flush=True)


def keep_books():
    """Where books are kept between scripts (script/bench sets it), or a folder of this script's own."""
    return os.environ.get("WEAL_BENCH_BOOKS") or folder()


def book(people, lines_each, where=None):
    """The path of a book of people with so many entries each, made when it is not there."""
    where = where or keep_books()
    path = os.path.join(where, f"{people}x{lines_each}.db")
    if not os.path.exists(path):
        place = make_place(people, lines_each)
        making = path + ".making"
        new_store("sqlite:" + making, place)
        taken = run([WEAL, "--quiet", "--store", "sqlite:" + making, "import", "entries", place + "/entries.csv"])
        say(f"  posted {people * lines_each / taken.wall:,.0f} entries/s, peak {taken.peak_mb:.0f} MB")
        shutil.rmtree(place)
        os.rename(making, path)
    return path


def query(path, sql):
    return subprocess.run(["sqlite3", "-readonly", path, sql], stdout=subprocess.PIPE, check=True).stdout.decode().strip()


def lines_in(path):
    return int(query(path, "select sum(lines) from entry where kind <> 'closing'"))  # a closing counts people


def warm(path):
    """Reads a file once, so that the next reader finds it in memory, if it fits."""
    with open(path, "rb", buffering=0) as f:
        while f.read(1 << 22):
            pass


def proved_book(people, lines_each, year="2025-26"):
    """A book that is closed for the year and has a signed head: its path, its keys, and what the closing took (None: kept from before)."""
    where = keep_books()
    path, keys = book(people, lines_each, where), os.path.join(where, "keys")
    if not os.path.exists(keys):
        os.mkdir(keys, 0o700)
        run([WEAL, "key", "new", "--keys", keys])
    closing = None
    if not os.path.exists(path + ".closed"):
        closing = run([WEAL, "--quiet", "--store", "sqlite:" + path, "close", year])
        run([WEAL, "--store", "sqlite:" + path, "head", "--keys", keys])
        open(path + ".closed", "w").close()
    return path, keys, closing
