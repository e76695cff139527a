"""Processor time per request and requests per second at full load, with one event loop and with two."""

import os
import re
import statistics
import subprocess

from processes import find, missing, processor_seconds, resident_kib
from report import middle, ratio, turns

CONNECTIONS = 64
GOALS = {"small": 0.95, "upload": 0.8, "big": 0.5}
TITLES = {"small": "a JSON answer of 128 bytes", "upload": "a POST of 16 KiB", "big": "an answer of 1 MiB"}
ORDER = ["ours", "nginx", "HAProxy"]
UPLOAD = """wrk.method = "POST"
wrk.body = string.rep("u", 16384)
wrk.headers["Content-Type"] = "application/octet-stream"
"""


def wrk(stage, port, workload, seconds):
    """Load from one thread; requests, requests a second and errors. Its latencies are not used: it only counts them
    for requests that it came to send (coordinated omission), and at full load they say no more than its rate."""
    command = [find("wrk"), "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"]
    if workload == "upload":
        command += ["-s", stage.write("upload.lua", UPLOAD)]
    command.append(f"http://127.0.0.1:{port}/api/{'big' if workload == 'big' else 'x'}")
    text = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 30).stdout
    bad = sum(map(int, re.findall(r"Non-2xx or 3xx responses: (\d+)", text)))
    for line in re.findall(r"Socket errors: (.*)", text):
        bad += sum(map(int, re.findall(r"\d+", line)))
    requests = re.search(r"(\d+) requests in", text)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    if not requests or not rate:
        raise RuntimeError(f"wrk said: {text[-500:]}")
    return int(requests[1]), float(rate[1]), bad


def measure(stage, target, workload, seconds):
    before = processor_seconds(target.process)
    requests, rate, errors = wrk(stage, target.port, workload, seconds)
    after = processor_seconds(target.process)
    user, system = ((end - begin) * 1e6 / max(requests, 1) for begin, end in zip(before, after))
    return dict(cpu=user + system, user=user, rate=rate, memory=resident_kib(target.process) / 1024, errors=errors)


def run(stage, report, workload, options):
    """One workload, ours and the peers with every wanted number of workers in each round."""
    if hint := missing("nginx", "wrk"):
        return report.left_out(workload, hint)
    targets = [
        (workers, target) for workers in options.workers for target in [stage.ours(workers), *stage.peers(workers)]]
    for _, target in targets:
        wrk(stage, target.port, workload, 1)
    rounds = []
    for turn in turns(targets, options.rounds):
        rounds.append({})
        for workers, target in turn:
            rounds[-1][target.name, workers] = measure(stage, target, workload, options.seconds)
    report.title(
        f"{workload}: {TITLES[workload]}; {CONNECTIONS} connections, medians of {options.rounds} rounds of "
        f"{options.seconds} s")
    for workers in options.workers:
        show(report, workload, workers, rounds)
    if {1, 2} <= set(options.workers):
        scaling(report, workload, rounds)
    return None


def show(report, workload, workers, rounds):
    """The table of all with so many workers; ratios to the better peer of each round, and to each peer."""
    keys = sorted((key for key in rounds[0] if key[1] == workers), key=lambda key: ORDER.index(key[0]))
    loops = "1 loop" if workers == 1 else f"{workers} loops"
    ours, *others = keys
    rows = []
    for key in keys:
        values = {field: middle(rounds, key, field) for field in rounds[0][key]}
        errors = sum(each[key]["errors"] for each in rounds)
        if errors:
            report.error(f"{errors} requests of {key[0]} failed")
        rows.append((
            key[0], f"{values['cpu']:.2f} µs", f"{values['user']:.2f} µs", f"{values['rate']:,.0f}",
            f"{values['memory']:.0f} MiB", f"{errors}"))
        report.figures[f"{workload}, {loops}, {key[0]}"] = values
    against = {key[0]: [key] for key in others}
    if others:
        against = {"better": others, **against}
    for label, group in against.items():
        cpu = ratio(rounds, ours, group, "cpu")
        rate = statistics.median(each[ours]["rate"] / max(each[key]["rate"] for key in group) for each in rounds)
        rows.append((f"ours / {label}", f"{cpu:.2f} ×", "", f"{rate:.2f} ×", "", ""))
        report.figures[f"{workload}, {loops}, ours / {label}"] = dict(cpu=cpu, rate=rate)
    heading = f"{loops}, {workers} worker{'s' * (workers > 1)} of a peer"
    report.table((heading, "processor time", "of it user", "requests/s", "memory", "errors"), rows)
    better = ratio(rounds, ours, others, "cpu") if others else None
    report.goal(f"{workload}, {loops}: processor time / better peer's", better, GOALS[workload])
    if len(others) < 2:
        report.note(f"a peer is missing: {missing('nginx', 'haproxy')}")


def scaling(report, workload, rounds):
    """What the second worker adds, ours against the peer that gains least, round by round."""
    names = sorted({name for name, _ in rounds[0]}, key=ORDER.index)

    def growth(each, name, field):
        return each[name, 2][field] / each[name, 1][field]

    def typical(name, field):
        return statistics.median(growth(each, name, field) for each in rounds)

    rows = [(name, *(f"{typical(name, field):.2f} ×" for field in ("rate", "cpu"))) for name in names]
    report.table(("two against one", "requests/s", "processor time"), rows)
    if len(names) > 1:
        gained = statistics.median(
            growth(each, "ours", "rate") / min(growth(each, name, "rate") for name in names[1:]) for each in rounds)
        report.goal(f"{workload}: gain of a second loop / of a peer's second worker", gained, 0.95, at_least=True)
    if (os.cpu_count() or 1) < 4:
        report.note(f"{os.cpu_count()} cores for two workers, the origin and the load: the gain shows little here")
