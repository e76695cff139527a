"""Aligned tables, and the list of goals that is printed at the end."""

import json
import statistics


class Report:
    """Collects what is measured; lines are printed as they come."""

    def __init__(self):
        self.goals, self.figures = [], {}
        self.failed = False

    def title(self, text):
        print(f"\n{text}")

    def table(self, columns, rows):
        """Prints rows of text; the first column is a name, the others are figures."""
        lines = [columns, *rows]
        widths = [max(len(line[index]) for line in lines) for index in range(len(columns))]
        for line in lines:
            cells = [cell.rjust(width) for cell, width in zip(line[1:], widths[1:])]
            print(f"  {line[0].ljust(widths[0])}  {'  '.join(cells)}".rstrip(), flush=True)

    def goal(self, what, value, limit, unit="×", at_least=False):
        """Keeps one figure that a goal is set for; None is a figure that could not be had."""
        reached = value is not None and (value >= limit if at_least else value <= limit)
        shown = "—" if value is None else f"{value:.2f} {unit}" if unit else f"{value:,}"
        wanted = f"{'≥' if at_least else '≤'} {limit:g} {unit}".rstrip()
        self.goals.append((what, shown, wanted, "✓" if reached else "✗"))
        self.figures[what] = value

    def note(self, text):
        print(f"  {text}", flush=True)

    def error(self, text):
        """Something went wrong, so that the figures of this part cannot be trusted."""
        self.failed = True
        self.note(f"! {text}")

    def left_out(self, part, why):
        self.note(f"{part}: left out: {why}")
        self.goals.append((part, "—", "left out", "–"))

    def summary(self):
        if self.goals:
            self.title("Goals")
            self.table(("", "measured", "goal", ""), self.goals)
        if self.failed:
            print("\nSomething went wrong above (lines with !): do not trust those figures.")

    def save(self, path):
        with open(path, "w") as file:
            json.dump(self.figures, file, indent=1, ensure_ascii=False)


def ratio(rounds, ours, others, field):
    """The median over rounds of ours / the least of the others; a round is a dictionary of names to measurements."""
    return statistics.median(each[ours][field] / min(each[name][field] for name in others) for each in rounds)


def middle(rounds, name, field):
    return statistics.median(each[name][field] for each in rounds)


def turns(targets, rounds):
    """For each round the targets in another order, so that none always follows the same one."""
    for index in range(rounds):
        begin = index % len(targets)
        yield targets[begin:] + targets[:begin]
