"""Processor time per request and requests per second at full load: ours on each engine, the peers, and the floor."""

import os
import re
import statistics
import subprocess
from dataclasses import dataclass

from peers import ENGINES, PEERS, on
from processes import find, missing, processor_seconds, resident_kib
from report import middle, ratio, turns

CONNECTIONS = 64
ORDER = [*(on("ours", engine) for engine in ENGINES), *PEERS, *(on("floor", engine) for engine in ENGINES)]
UPLOAD = """wrk.method = "POST"
wrk.body = string.rep("u", 16384)
wrk.headers["Content-Type"] = "application/octet-stream"
"""


@dataclass
class Workload:
    """One kind of request, and what is wanted of it: by numbers of event loops and engines."""

    title: str
    goals: dict  # loops: engine: at most so many times the better peer's processor time
    path: str = "/api/x"
    script: str = ""
    field: str = ""
    is_tls: bool = False
    has_floor: bool = True
    least_rate: float = 0  # at least so many times the better peer's requests a second


def both(value):
    return dict.fromkeys(ENGINES, value)


WORKLOADS = {
    "small": Workload(
        "a JSON response of 128 bytes", {1: {"epoll": 0.78, "io_uring": 0.65}, 2: {"epoll": 0.85, "io_uring": 0.70}}),
    "upload": Workload("a POST of 16 KiB", {1: both(0.60), 2: both(0.80)}, script=UPLOAD),
    "big": Workload("a response of 1 MiB", {1: both(0.40), 2: both(0.50)}, path="/api/big"),
    "tls": Workload(
        "a JSON response of 128 bytes over TLS, kept connections", {1: both(1.0)}, is_tls=True, has_floor=False),
    # The relay has no pool: each of its clients costs it a connection to the origin too, so it is no floor here.
    "connections": Workload(
        "a JSON response of 128 bytes, a new connection for each", {1: {}}, field="Connection: close", has_floor=False,
        least_rate=1.0),
}


def wrk(stage, target, workload, seconds):
    """Load from one thread; requests, requests a second and errors. Its latencies are not used: it only counts them
    for requests that it came to send (coordinated omission), and at full load they say no more than its rate."""
    command = [find("wrk"), "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"]
    if workload.script:
        command += ["-s", stage.write("load.lua", workload.script)]
    if workload.field:
        command += ["-H", workload.field]
    command.append(f"http{'s' * target.is_tls}://127.0.0.1:{target.port}{workload.path}")
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
    requests, rate, errors = wrk(stage, target, workload, seconds)
    after = processor_seconds(target.process)
    user, system = ((end - begin) * 1e6 / max(requests, 1) for begin, end in zip(before, after))
    return dict(cpu=user + system, user=user, rate=rate, memory=resident_kib(target.process) / 1024, errors=errors)


def run(stage, report, name, options):
    """One workload; ours, the peers and the floor with every wanted number of workers in each round."""
    if hint := missing("nginx", "wrk", *(["openssl"] if WORKLOADS[name].is_tls else [])):
        return report.left_out(name, hint)
    workload = WORKLOADS[name]
    wanted = [workers for workers in options.workers if workers in workload.goals]
    targets = [(workers, target) for workers in wanted for target in started(stage, report, workload, workers, options)]
    if not targets:
        return report.left_out(name, f"it has no goal for {options.workers} event loops")
    for _, target in targets:
        wrk(stage, target, workload, 1)
    rounds = []
    for turn in turns(targets, options.rounds):
        rounds.append({})
        for workers, target in turn:
            rounds[-1][target.name, workers] = measure(stage, target, workload, options.seconds)
    report.title(
        f"{name}: {workload.title}; {CONNECTIONS} connections, medians of {options.rounds} rounds of "
        f"{options.seconds} s")
    for workers in wanted:
        show(report, name, workers, rounds)
    if {1, 2} <= set(wanted):
        scaling(report, name, rounds)
    return None


def started(stage, report, workload, workers, options):
    """Ours on each engine that runs here, the peers, and beside one loop the floor, which knows no TLS."""
    targets = []
    for engine in options.engines:
        try:
            targets.append(stage.ours(workers, engine, workload.is_tls))
        except RuntimeError as error:
            report.error(f"ours does not run on {engine}: {error}")
    targets += stage.peers(workers, workload.is_tls)
    if workers == 1 and workload.has_floor:
        floors, lacking = stage.floor()
        targets += floors
        if lacking:
            report.note(lacking)
    return targets


def show(report, name, workers, rounds):
    """The table of all with so many workers; ratios of ours to the better peer of each round, to each peer, and to the
    floor on the same engine."""
    keys = sorted((key for key in rounds[0] if key[1] == workers), key=lambda key: ORDER.index(key[0]))
    loops = "1 loop" if workers == 1 else f"{workers} loops"
    peers = [key for key in keys if key[0] in PEERS]
    base = (on("floor", ENGINES[0]), workers)
    rows = []
    for key in keys:
        values = {field: middle(rounds, key, field) for field in rounds[0][key]}
        errors = sum(each[key]["errors"] for each in rounds)
        if errors:
            report.error(f"{errors} requests of {key[0]} failed")
        floors = f"{ratio(rounds, key, [base], 'cpu'):.2f} ×" if base in keys else ""
        rows.append((
            key[0], f"{values['cpu']:.2f} µs", f"{values['user']:.2f} µs", floors, f"{values['rate']:,.0f}",
            f"{values['memory']:.0f} MiB", f"{errors}"))
        report.figures[f"{name}, {loops}, {key[0]}"] = values
    for engine in ENGINES:
        if (on("ours", engine), workers) in keys:
            rows += ratios(report, name, loops, engine, workers, keys, peers, rounds)
    heading = f"{loops}, {workers} worker{'s' * (workers > 1)} of a peer"
    report.table((heading, "processor time", "of it user", "of the floor", "requests/s", "memory", "errors"), rows)
    if len(peers) < len(PEERS):
        report.note(f"a peer is missing: {missing('nginx', 'haproxy')}")


def ratios(report, name, loops, engine, workers, keys, peers, rounds):
    """Lines of ours on one engine against the others, and its goals."""
    ours, floor = (on("ours", engine), workers), (on("floor", engine), workers)
    against = {"better peer": peers, **{key[0]: [key] for key in peers}} if peers else {}
    if floor in keys:
        against[floor[0]] = [floor]
    rows, found = [], {}
    for label, group in against.items():
        cpu = ratio(rounds, ours, group, "cpu")
        rate = statistics.median(each[ours]["rate"] / max(each[key]["rate"] for key in group) for each in rounds)
        rows.append((f"{ours[0]} / {label}", f"{cpu:.2f} ×", "", "", f"{rate:.2f} ×", "", ""))
        found[label] = report.figures[f"{name}, {loops}, {ours[0]} / {label}"] = dict(cpu=cpu, rate=rate)
    better, workload = found.get("better peer"), WORKLOADS[name]
    if limit := workload.goals[workers].get(engine):
        report.goal(f"{name}, {loops}, {engine}: processor time / better peer's", better and better["cpu"], limit)
    if workload.least_rate:
        report.goal(
            f"{name}, {loops}, {engine}: requests a second / better peer's", better and better["rate"],
            workload.least_rate, at_least=True)
    return rows


def scaling(report, name, rounds):
    """What the second worker adds, ours against the peer that gains least, round by round."""
    names = sorted({key[0] for key in rounds[0] if key[1] == 2}, key=ORDER.index)
    peers = [other for other in names if other in PEERS]

    def growth(each, other, field):
        return each[other, 2][field] / each[other, 1][field]

    def typical(other, field):
        return statistics.median(growth(each, other, field) for each in rounds)

    rows = [(other, *(f"{typical(other, field):.2f} ×" for field in ("rate", "cpu"))) for other in names]
    report.table(("two against one", "requests/s", "processor time"), rows)
    for ours in names:
        if ours not in PEERS and peers:
            gained = statistics.median(
                growth(each, ours, "rate") / min(growth(each, peer, "rate") for peer in peers) for each in rounds)
            report.goal(f"{name}: gain of a second loop of {ours} / of a peer's", gained, 0.95, at_least=True)
    if (os.cpu_count() or 1) < 4:
        report.note(f"{os.cpu_count()} cores for two workers, the origin and the load: the gain shows little here")
