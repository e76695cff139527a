"""Processor time per request and requests per second at full load, with one event loop and with two."""

import os
import re
import statistics
import subprocess

from processes import find, missing, processor_seconds, resident_kib
from report import middle, ratio, turns

CONNECTIONS = 64
GOALS = {"small": 0.95, "upload": 0.8, "big": 0.5}
TITLES = {"small": "small: a JSON answer of 128 bytes", "upload": "upload: a POST of 16 KiB", "big": "big: an answer of 1 MiB"}
UPLOAD = 'wrk.method = "POST"; wrk.body = string.rep("u", 16384); wrk.headers["Content-Type"] = "application/octet-stream"\n'


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
    targets = [(workers, target) for workers in options.workers for target in [stage.ours(workers), *stage.peers(workers)]]
    for _, target in targets:
        wrk(stage, target.port, workload, 1)
    rounds = []
    for turn in turns(targets, options.rounds):
        rounds.append({(target.name, workers): measure(stage, target, workload, options.seconds) for workers, target in turn})
    report.title(f"{TITLES[workload]}; {CONNECTIONS} connections, medians of {options.rounds} rounds of {options.seconds} s")
    for workers in options.workers:
        show(report, workload, workers, rounds, len(options.workers) > 1)
    if {1, 2} <= set(options.workers):
        scaling(report, workload, rounds)
    return None


def loops(workers):
    return "1 loop" if workers == 1 else f"{workers} loops"


def show(report, workload, workers, rounds, several):
    names = [name for name, count in rounds[0] if count == workers]
    names.sort(key=["ours", "nginx", "HAProxy"].index)
    keys = {name: (name, workers) for name in names}
    rows = []
    for name in names:
        values = {field: middle(rounds, keys[name], field) for field in rounds[0][keys[name]]}
        rows.append((
            name, f"{values['cpu']:.2f} µs", f"{values['user']:.2f} µs", f"{values['rate']:,.0f}",
            f"{values['memory']:.0f} MiB", f"{sum(each[keys[name]]['errors'] for each in rounds)}"))
        report.figures[f"{workload}, {loops(workers)}, {name}"] = values
    others = [keys[name] for name in names[1:]]
    if others:
        for label, group in [("better", others), *((name, [keys[name]]) for name in names[1:])]:
            against = dict(cpu=ratio(rounds, keys["ours"], group, "cpu"))
            fastest = statistics.median(each[keys["ours"]]["rate"] / max(each[key]["rate"] for key in group) for each in rounds)
            rows.append((f"ours / {label}", f"{against['cpu']:.2f} ×", "", f"{fastest:.2f} ×", "", ""))
            if label == "better":
                report.goal(f"{workload}, {loops(workers)}: processor time / better peer's", against["cpu"], GOALS[workload])
            report.figures[f"{workload}, {loops(workers)}: ours / {label}"] = dict(against, rate=fastest)
    else:
        report.goal(f"{workload}, {loops(workers)}: processor time / better peer's", None, GOALS[workload])
        report.note(f"no peer to compare with: {missing('haproxy')}")
    report.table((loops(workers) + (", as many workers of each peer" if several else ""), "processor time", "of it user", "requests/s", "memory", "errors"), rows)
    if any(each[key]["errors"] for each in rounds for key in keys.values()):
        report.error("some requests failed")


def scaling(report, workload, rounds):
    """What the second worker adds, ours against the peer that gains least, round by round."""
    names = sorted({name for name, _ in rounds[0]}, key=["ours", "nginx", "HAProxy"].index)

    def growth(each, name, field):
        return each[name, 2][field] / each[name, 1][field]

    rows = [
        (name, *(f"{statistics.median(growth(each, name, field) for each in rounds):.2f} ×" for field in ("rate", "cpu")))
        for name in names]
    report.table(("two against one", "requests/s", "processor time"), rows)
    if len(names) > 1:
        gained = statistics.median(
            growth(each, "ours", "rate") / min(growth(each, name, "rate") for name in names[1:]) for each in rounds)
        report.goal(f"{workload}: gain of a second loop / of a peer's second worker", gained, 0.95, at_least=True)
    if (os.cpu_count() or 1) < 4:
        report.note(f"{os.cpu_count()} cores for two workers, the origin and the load: the gain shows little here")
