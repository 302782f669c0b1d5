#!/usr/bin/env python3
"""What public figures give away: hidden figures of random places, attacked by integer programming with everything that anybody can know.

    tests/attack/attack_figures.py                  about a minute
    tests/attack/attack_figures.py FIRST COUNT      these random places only

An attacker knows how figures are rounded, which are hidden, that places and categories add up, that each row has somebody in it, that each person has a penny or a use, what a use costs and that uses are whole.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from attack import ROOT, Tried

FEWEST, PEOPLE_UNIT = 10, 5
GRIDS = os.path.join(ROOT, "build", "tests", "publish_grids")


def window(value, unit):
    """The least and the most that is shown as this value is: half away from zero."""
    size, half = abs(value), unit // 2
    shown = (size + half) // unit * unit
    low, high = (shown - half, shown + unit - half - 1) if shown else (-(unit - half - 1), unit - half - 1)
    return (low, high) if value >= 0 else (-high, -low)


class Programme:
    """A mixed integer programme, solved by cbc."""

    def __init__(self):
        self.rows, self.bounds, self.whole, self.goal = [], [], [], []

    def row(self, terms, sense, right):
        self.rows.append(" ".join(f"{'+' if f >= 0 else '-'} {abs(f)} {v}" for v, f in terms) + f" {sense} {right}")

    def bound(self, low, name, high):
        self.bounds.append(f"{low} <= {name} <= {high}")

    def feasible(self, seconds=20):
        """True, False, or None where the time was not enough."""
        with tempfile.TemporaryDirectory() as folder:
            path, answer = os.path.join(folder, "p.lp"), os.path.join(folder, "answer")
            with open(path, "w") as f:
                f.write("Minimize\n obj: " + (" ".join(self.goal) or "0 none") + "\nSubject To\n none: none = 0\n" + "\n".join(f" c{i}: {r}" for i, r in enumerate(self.rows)) + "\n")
                f.write("Bounds\n 0 <= none <= 0\n" + "\n".join(" " + b for b in self.bounds) + "\n")
                f.write(("Generals\n " + " ".join(self.whole) + "\n" if self.whole else "") + "End\n")
            done = subprocess.run(["cbc", path, "-sec", str(seconds), "-primalT", "1e-9", "-integerT", "1e-9", "-solve", "-solu", answer], capture_output=True, text=True)
            with open(answer) as f:
                first = f.readline()
        return True if first.startswith("Optimal") else False if "nfeasible" in first else None


class Grid:
    def __init__(self, text):
        self.__dict__.update(json.loads(text))
        self.width = self.rows + 1
        self.leaves = [c for c in range(self.columns) if c not in self.parent]
        self.children = {c: [k for k in range(1, self.columns) if self.parent[k] == c] for c in range(self.columns)}

    def world(self, p, name, what):
        """The variables and the constraints of one grid that looks like this one. `what`: amount or people."""
        for c in range(self.columns):
            for r in range(self.width):
                i = c * self.width + r
                v = f"{name}_{i}"
                if what == "people" and r == self.rows:
                    continue
                if not self.present[i]:
                    p.bound(0, v, 0)
                    continue
                value = getattr(self, what)[i]
                step = self.step[r] if r < self.rows else 0
                if self.hidden[i]:
                    low, high = (1 if what == "people" else max(step, 1)), 10**12
                else:
                    low, high = window(value, PEOPLE_UNIT if what == "people" else self.unit)
                    low = max(low, FEWEST) if what == "people" else max(low, FEWEST * max(step, 1))
                p.bound(low, v, high)
                if what == "people" and c in self.leaves:
                    p.whole.append(v)
                if what == "amount" and step and c in self.leaves:
                    p.row([(v, 1), (f"{name}_q{i}", -step)], "=", 0)
                    p.bound(1, f"{name}_q{i}", 10**9)
                    p.whole.append(f"{name}_q{i}")
                if self.children[c]:
                    p.row([(v, 1)] + [(f"{name}_{k * self.width + r}", -1) for k in self.children[c]], "=", 0)
            if what == "amount" and c in self.leaves:
                p.row([(f"{name}_{c * self.width + r}", 1) for r in range(self.rows)] + [(f"{name}_{c * self.width + self.rows}", -1)], "=", 0)

    def amounts_hold(self, i):
        """Whether two grids that look like this one differ by what is needed in cell i."""
        p = Programme()
        self.world(p, "y", "amount")
        self.world(p, "z", "amount")
        # of a service the grids differ by whole uses: by one at least
        p.row([(f"y_{i}", 1), (f"z_{i}", -1)], ">=", self.need[i])
        return p.feasible()

    def known(self, i):
        """How many lowest places have somebody in it, which everybody knows."""
        c = i // self.width
        return self.present[i] if c in self.leaves else sum(self.known(k * self.width + i % self.width) for k in self.children[c])

    def people_hold(self, i):
        p = Programme()
        self.world(p, "y", "people")
        self.world(p, "z", "people")
        if self.people[i] < FEWEST:
            p.row([(f"y_{i}", 1)], ">=", FEWEST - 1)
            p.row([(f"z_{i}", 1)], "<=", self.known(i))
        else:
            p.row([(f"y_{i}", 1), (f"z_{i}", -1)], ">=", FEWEST - 2)
        return p.feasible()


class Loss:
    """What is lost: the share of cells and of the amount that are hidden, and the mean error of rounding."""

    def __init__(self):
        self.cells = self.hidden = self.few = self.shown = 0
        self.amount = self.hidden_amount = self.error = 0

    def add(self, grid):
        for i in range(grid.columns * grid.width):
            if not grid.present[i]:
                continue
            self.cells += 1
            self.hidden += grid.hidden[i]
            self.few += grid.people[i] < FEWEST or grid.forced[i]
            self.amount += grid.amount[i]
            if grid.hidden[i]:
                self.hidden_amount += grid.amount[i]
            else:
                self.shown += 1
                low, high = window(grid.amount[i], grid.unit)
                self.error += abs(grid.amount[i] - (low + high + 1) // 2)

    def say(self, what):
        print(f"{what}: {self.cells} cells; {100 * self.few / self.cells:.1f} % must be hidden, {100 * self.hidden / self.cells:.1f} % are, "
              f"with {100 * self.hidden_amount / self.amount:.1f} % of the amount; rounding changes an amount by £{self.error / max(self.shown, 1) / 100:.0f} on average")


def attack_grids(tried, first, count):
    losses = {name: Loss() for name in ("money", "services, in small places", "services")}
    done = subprocess.run([GRIDS, str(first), str(count)], capture_output=True, text=True)
    tried.that("random places are made", done.returncode == 0, done.stderr)
    narrow, unsure = [], 0
    for line in done.stdout.splitlines():
        grid = Grid(line)
        losses["money" if grid.number % 2 == 0 else "services" if grid.number % 3 == 0 else "services, in small places"].add(grid)
        for i in range(grid.columns * grid.width):
            if not grid.present[i] or not grid.hidden[i]:
                if grid.present[i] and grid.people[i] < FEWEST:
                    narrow.append((grid.number, i, "shown"))
                continue
            for what, holds in (("amount", grid.amounts_hold), ("people", grid.people_hold)):
                if what == "people" and i % grid.width == grid.rows:
                    continue
                held = holds(i)
                unsure += held is None
                if held is False:
                    narrow.append((grid.number, i, what))
    tried.that("no hidden figure is known more narrowly than it may be", not narrow, narrow)
    tried.that("every programme was solved", not unsure, unsure)
    for name, loss in losses.items():
        if loss.cells:
            loss.say(name)


if __name__ == "__main__":
    tried = Tried()
    if not shutil.which("cbc"):
        tried.skip("hidden figures attacked by integer programming: cbc is not installed (coinor-cbc)")
        tried.end()
    attack_grids(tried, *(int(n) for n in sys.argv[1:3] or (1, 30)))
    tried.end()
