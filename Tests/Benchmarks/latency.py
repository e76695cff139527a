"""Latency at a fixed rate: against the peers, and with the console open and busy against no screen."""

import json
import subprocess
import sys
from pathlib import Path

from peers import Target
from processes import missing, processor_seconds
from report import middle, ratio, turns
from terminal import BusyConsole

RATE = 5_000
CONNECTIONS = 64
FIELDS = ("p50_ms", "p99_ms", "p999_ms", "late_ms")


def steady(port, seconds):
    """Runs the load at a fixed rate in a process of its own; what it measured."""
    command = [sys.executable, str(Path(__file__).parent / "steady"), str(port), "--seconds", str(seconds)]
    command += ["--connections", str(CONNECTIONS), "--rate", str(RATE)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 90)
    if done.returncode:
        raise RuntimeError(f"steady: {done.stderr[-500:]}")
    return json.loads(done.stdout)


def measure(target, seconds):
    before = sum(processor_seconds(target.process))
    result = steady(target.port, seconds)
    result["cpu"] = (sum(processor_seconds(target.process)) - before) * 1e6 / max(result["requests"], 1)
    return result


def show(report, part, rounds, order, pairs):
    """The table of all targets in their `order`, and a line for each of the `pairs` whose ratio is wanted."""
    rows = []
    for name in sorted(rounds[0], key=order.index):
        values = {field: middle(rounds, name, field) for field in (*FIELDS, "cpu", "rate")}
        errors = sum(each[name]["errors"] for each in rounds)
        rows.append((
            name, *(f"{values[field]:.2f} ms" for field in FIELDS), f"{values['cpu']:.1f} µs", f"{values['rate']:,.0f}",
            f"{errors}"))
        report.figures[f"{part}, {name}"] = values
        if errors:
            report.error(f"{errors} requests of {name} failed")
        if values["rate"] < 0.99 * RATE:
            report.error(f"{name} did not keep up with {RATE:,} requests a second")
        if values["late_ms"] > values["p99_ms"] / 2:
            report.note(f"{name}: the load itself sent late, as the column says: its p99 is no better than that")
    for ours, other in pairs:
        if other in rounds[0]:
            shown = [f"{ratio(rounds, ours, [other], field):.2f} ×" for field in FIELDS[:3]]
            rows.append((f"{ours} / {other}", *shown, "", f"{ratio(rounds, ours, [other], 'cpu'):.2f} ×", "", ""))
    report.table(("", "p50", "p99", "p99.9", "load late", "processor time", "requests/s", "errors"), rows)


def rate(stage, report, options):
    """Ours and the peers at the same rate; the origin alone shows what the machine and the load make of it."""
    if hint := missing("nginx"):
        return report.left_out("rate", hint)
    targets = [stage.ours(), *stage.peers(), stage.origin()]
    rounds = interleaved(targets, options.rounds, options.seconds)
    report.title(
        f"rate: {RATE:,} requests a second, due evenly; medians of {options.rounds} rounds of {options.seconds} s")
    order = ("ours", "nginx", "HAProxy", "no proxy")
    show(report, "rate", rounds, order, [("ours", "nginx"), ("ours", "HAProxy")])
    known = "HAProxy" in rounds[0]
    against = ratio(rounds, "ours", ["HAProxy"], "p99_ms") if known else None
    report.goal("p99 at 5,000 requests/s / HAProxy's", against, 1.0)
    if not known:
        report.note(f"no HAProxy to compare with: {missing('haproxy')}")
    return None


def interleaved(targets, count, seconds, around=None):
    for target in targets:
        steady(target.port, 1)
    rounds = []
    for turn in turns(targets, count):
        rounds.append({})
        for target in turn:
            if around:
                around(target)
            rounds[-1][target.name] = measure(target, seconds)
    return rounds


def console(stage, report, options):
    """The same binary with the same options, without a screen and with one that is open on Traffic and busy."""
    if hint := missing("nginx"):
        return report.left_out("console", hint)
    without = stage.ours()
    count = 2 * options.rounds  # its goal is finer than what a round's p99 varies by
    with BusyConsole(stage) as screen:
        names = ("no screen", "console busy")
        screen.target.name = names[1]
        targets = [Target(names[0], without.port, without.process), screen.target]
        rounds = interleaved(targets, count, options.seconds, lambda target: screen.press(target is screen.target))
        seen = screen.changes()
    report.title(
        f"console: {RATE:,} requests a second, Traffic at {screen.COLUMNS}x{screen.ROWS}, "
        f"{screen.KEYS_PER_SECOND} keys a second; medians of {count} rounds of {options.seconds} s")
    show(report, "console", rounds, names, [names[::-1]])
    report.goal("p99 with the console open and busy / no screen", ratio(rounds, names[1], names[:1], "p99_ms"), 1.05)
    if seen:
        report.note(f"{screen.pressed} keys were pressed, and {screen.shown // max(1, screen.pressed):,} bytes drawn for each")
    else:
        report.error("the console did not draw traffic, or did not move")
    return None
