"""A property of a book, tried on each engine: the store of SQLite in a folder of its own, and a database of its own of PostgreSQL where
$WEAL_TEST_POSTGRESQL names a server."""
import contextlib
import os
import subprocess
import tempfile
import urllib.parse

SERVER = os.environ.get("WEAL_TEST_POSTGRESQL")


@contextlib.contextmanager
def database(name):
    """The URL of a new database, dropped afterwards."""
    name = f"weal_{name}_{os.getpid()}"
    subprocess.run(["psql", "-qXd", SERVER, "-c", f"create database {name}"], check=True)
    try:
        yield urllib.parse.urlunsplit(urllib.parse.urlsplit(SERVER)._replace(path="/" + name))
    finally:
        subprocess.run(["psql", "-qXd", SERVER, "-c", f"drop database {name} with (force)"], check=True)


def on_each(name, holds):
    """Calls holds(store, engine) for each engine and says how many held; returns the exit status."""
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        good = holds(f"sqlite:{folder}/weal.db", "sqlite")
        passed, failed = passed + bool(good), failed + (not good)
    if SERVER:
        with database(name) as store:
            good = holds(store, "postgresql")
        passed, failed = passed + bool(good), failed + (not good)
    print(f"{passed} passed, {failed} failed" + ("" if SERVER else ", 1 skipped"))
    return failed != 0
