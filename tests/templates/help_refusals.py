#!/usr/bin/env python3
"""Pages of help that must not be made, and the place that the converter names: help_refusals.py HELP.py"""
import os
import subprocess
import sys
import tempfile

GOOD = "# Words\n\nA **bold** word and [a page](/check).\n\n## More\n\n- one\n- two\n\n1. first\n2. second\n"
# The English page, the Welsh one, then FILE:LINE of the complaint and a word of it; None: it is made.
CASES = [
    (GOOD, GOOD, None),
    ("Words\n", GOOD, "en/page.md:1: a page of help has one title"),
    ("", GOOD, "en/page.md:1: a page of help begins with its title"),
    (GOOD + "\n# Again\n", GOOD, "en/page.md:13: a page of help has one title"),
    (GOOD + "\n### Deep\n", GOOD, "en/page.md:13: '### Deep' is not"),
    (GOOD + "\n    weal key new\n", GOOD, "en/page.md:13: '    weal key new' is not"),
    (GOOD + "\n> said\n", GOOD, "en/page.md:13: '>' is not"),
    (GOOD + "\n| a | b |\n", GOOD, "en/page.md:13: '|' is not"),
    (GOOD + "\nUse `weal`.\n", GOOD, "en/page.md:13: '`' is not"),
    (GOOD + "\nAn *italic* word.\n", GOOD, "en/page.md:13: '*' is not"),
    (GOOD + "\n<b>raw</b>\n", GOOD, "en/page.md:13: '<' is not"),
    (GOOD + "\n{{person}}\n", GOOD, "en/page.md:13: '{' is not"),
    (GOOD + "\n[elsewhere](https://example.org)\n", GOOD, "en/page.md:13: '[' is not"),
    (GOOD + "\n[a document](../docs/how-to/find.md)\n", GOOD, "en/page.md:13: '[' is not"),
    (GOOD, GOOD.replace("## More", "More"), "cy/page.md:5: the other language has something else"),
    (GOOD, GOOD.replace("/check", "/heads"), "cy/page.md:3: the other language has something else"),
    (GOOD, GOOD.replace("2. second\n", ""), "cy/page.md: it has 6 blocks, and"),
]


def run(folder, *names):
    files = [os.path.join(folder, f"help-{language}-{name}.mustache") for name in names for language in ("en", "cy")]
    return subprocess.run([sys.argv[1], os.path.join(folder, "in"), os.path.join(folder, "out.c"), *files], capture_output=True, text=True, check=False)


passed = failed = 0
with tempfile.TemporaryDirectory() as folder:
    for number, (english, welsh, wanted) in enumerate([*CASES, (GOOD, GOOD, "more.md:1: name it in help_names")]):
        for language, text in ("en", english), ("cy", welsh):
            os.makedirs(os.path.join(folder, "in", language), exist_ok=True)
            with open(os.path.join(folder, "in", language, "page.md"), "w", encoding="utf-8") as out:
                out.write(text)
        if number == len(CASES):
            with open(os.path.join(folder, "in", "cy", "more.md"), "w", encoding="utf-8") as out:
                out.write(GOOD)
        made = run(folder, "page")
        right = made.returncode == 0 and not made.stderr if wanted is None else made.returncode == 1 and wanted in made.stderr
        passed, failed = passed + right, failed + (not right)
        if not right:
            print(f"FAILED: {english[-40:]!r}: {made.stderr!r} instead of {wanted!r}")
print(f"{passed} passed, {failed} failed")
sys.exit(failed != 0)
