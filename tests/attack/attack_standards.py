#!/usr/bin/env python3
"""What public figures of minimum standards give away: random small places, divided by place, age, sex and home at once, attacked by integer programming with all that a reader knows.

    tests/attack/attack_standards.py                 under a minute
    tests/attack/attack_standards.py FIRST COUNT     these random places only

A reader knows each shown figure to within two people, that a row that stands there has somebody in it, that states add up to the people and parts to the whole, in all four divisions. Of a hidden figure of
fewer than ten they must not learn that it is not one, nor that it is not nine; of one of ten and more it stays open by eight; of a hidden nought nothing. That nobody is kept, and so all are not, is never told."""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from attack import ROOT, Tried
from attack_figures import FEWEST, PEOPLE_UNIT, Programme, window

GRIDS = os.path.join(ROOT, "build", "tests", "standards_grids")
DIMENSIONS = ("place", "age", "sex", "home")
WIDTH = 4  # kept, broken, unsaid, people


class Place:
    """`parts[d]`: the names of the columns of a division; `known`: of a cell what a reader sees, None: hidden."""

    def __init__(self, text):
        told = json.loads(text)
        self.number, self.true, self.known, self.parts = told["number"], {}, {}, {}
        shown = {(d, p): counts for d, p, *counts in told["shown"]}
        divided = {d for d, *_ in told["shown"]}
        for d, rows in zip(DIMENSIONS, told["true"]):
            self.parts[d] = [p for p, *_ in rows[1:]]
            for p, *counts in rows:
                seen = shown.get(("place", "all") if p == "all" else (d, p))
                for i in range(WIDTH):
                    cell = (d, p, i) if p != "all" else ("all", "", i)
                    self.true[cell] = counts[i]
                    # what is in no part, and a division that is not shown, stands in no table; a group without people has no row
                    self.known[cell] = (seen[i] if seen else "rest" if d not in divided or (d == "place" and not p) else 0)

    def world(self, p):
        name = {cell: f"x{n}" for n, cell in enumerate(self.true)}
        for cell, shown in self.known.items():
            if shown is None or shown == "rest":
                low, high = 0, 10**6
            else:
                low, high = window(shown, PEOPLE_UNIT) if shown else (0, 0)
                low = max(low, FEWEST) if shown else 0
            if cell[2] == WIDTH - 1 and shown is None:
                low = 1
            p.bound(low, name[cell], high)
            p.whole.append(name[cell])
        for d in DIMENSIONS:
            for i in range(WIDTH):
                p.row([(name["all", "", i], -1)] + [(name[d, part, i], 1) for part in self.parts[d]], "=", 0)
        for column in {cell[:2] for cell in self.true}:
            p.row([(name[(*column, i)], 1) for i in range(WIDTH - 1)] + [(name[(*column, WIDTH - 1)], -1)], "=", 0)
        return name

    def may_be(self, cell, sense, n):
        p = Programme()
        name = self.world(p)
        p.row([(name[cell], 1)], sense, n)
        return p.feasible()

    def least(self, cell):
        """As docs/explanation/suppression.md says it: of several places or groups together as many as have somebody."""
        return max(sum(self.true[d, part, cell[2]] > 0 for part in self.parts[d]) for d in DIMENSIONS) if cell[0] == "all" else 1

    def spread(self, cell):
        """Whether two worlds that look the same differ by eight in the cell."""
        p = Programme()
        a = self.world(p)
        first = a
        q = Programme()
        b = self.world(q)
        rename = {v: "y" + v for v in b.values()}
        for row in q.rows:
            p.rows.append(" ".join(rename.get(w, w) for w in row.split()))
        for bound in q.bounds:
            p.bounds.append(" ".join(rename.get(w, w) for w in bound.split()))
        p.whole += [rename[w] for w in q.whole]
        p.row([(first[cell], 1), (rename[b[cell]], -1)], ">=", FEWEST - 2)
        return p.feasible()

    def narrow(self):
        """The cells of which a reader learns too much."""
        for cell, n in self.true.items():
            if self.known[cell] is None and n == 0:
                # that nothing of the kind is in the whole place is told
                if self.known["all", "", cell[2]] != 0 and not self.may_be(cell, ">=", 1):
                    yield cell, "a hidden nought is known"
            elif self.known[cell] is None and n < FEWEST:
                if not self.may_be(cell, "<=", self.least(cell)) or not self.may_be(cell, ">=", FEWEST - 1):
                    yield cell, n
            elif self.known[cell] is None:
                if not self.spread(cell):
                    yield cell, n
            elif self.known[cell] != "rest" and 0 < n < FEWEST:
                yield cell, "a small figure is shown"
        for column in {cell[:2] for cell in self.true}:
            kept, broken = self.known[(*column, 0)], self.known[(*column, 1)]
            if self.true[(*column, 0)] == 0 and self.true[(*column, 1)] and (kept == 0 or broken not in (None, "rest")):
                yield column, "that nobody is kept is told"


def main():
    first, count = (int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) > 2 else (1, 14)
    tried = Tried()
    done = subprocess.run([GRIDS, str(first), str(count)], capture_output=True, text=True)
    tried.that("random places are made", done.returncode == 0, done.stderr)
    cells = hidden = 0
    for line in done.stdout.splitlines():
        place = Place(line)
        narrow = list(place.narrow())
        tried.that(f"place {place.number}: nothing hidden is known", not narrow, narrow)
        cells += sum(1 for n in place.true.values() if n)
        hidden += sum(1 for cell, n in place.true.items() if n and place.known[cell] is None)
    print(f"minimum standards: {cells} figures, {100 * hidden / max(cells, 1):.1f} % are hidden")
    tried.end()


if __name__ == "__main__":
    main()
