"""Memory: of idle connections, of many slow readers, of one of 1 GiB, and of a slow backend under an upload."""

import socket
import statistics
import threading
import time

from peers import PEERS, on
from processes import file_limit, find, forget_peak, free_ports, missing, resident_kib

IDLE = 10_000
BODY = 1 << 30
READERS = 1_000
BIND_ADDRESS_NO_PORT = 24  # Linux's IP_BIND_ADDRESS_NO_PORT, which this Python has no name for
SLOW_SECONDS = 4
PIECE = 65_536
REQUEST = b"GET /api/x HTTP/1.1\r\nHost: bench\r\n\r\n"


def ask(client):
    """One small request on a connection, and its whole answer."""
    client.sendall(REQUEST)
    answer = b""
    while b"\r\n\r\n" not in answer or not answer.endswith(b"}"):
        data = client.recv(PIECE)
        if not data:
            raise ConnectionError(f"the proxy closed a connection: {answer[:80]!r}")
        answer += data
    if answer[9:12] != b"200":
        raise ConnectionError(f"not an answer of 200: {answer[:80]!r}")


def p99(values):
    return sorted(values)[int(len(values) * 0.99)]


def connect(port, address="127.0.0.1", buffer=None):
    """A connection from one of loopback's addresses, with a receive buffer of its own size if that is given."""
    client = socket.socket()
    client.settimeout(30)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # The port is chosen when it connects: one that another connection to another port has will do.
    client.setsockopt(socket.IPPROTO_IP, BIND_ADDRESS_NO_PORT, 1)
    if buffer:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    client.bind((address, 0))
    client.connect(("127.0.0.1", port))
    return client


def source(index):
    """The port range of one address is small; loopback has many addresses."""
    return f"127.0.0.{2 + index % 8}"


def fresh(stage, options):
    """For ours on each engine and for each peer: its name, and what starts a process of it and gives that and its port.

    A process that has served before would hide what connections cost in memory that it has kept.
    """

    def ours(engine):
        def start():
            (port,) = free_ports(1)
            return stage.serve(port, stage.origin().port, engine=engine), port

        return start

    def peer(name, start_peer):
        def start():
            (port,) = free_ports(1)
            return start_peer(f"{name}-fresh-{port}", port, 1, stage.origin().port), port

        return start

    starts = {on("ours", engine): ours(engine) for engine in options.engines}
    for name, start_peer in (("nginx", stage.start_nginx), ("HAProxy", stage.start_haproxy)):
        if find(PEERS[name]):
            starts[name] = peer(name, start_peer)
    return starts


def warm_up(port):
    for index in range(300):
        with connect(port, source(index)) as client:
            for _ in range(10):
                ask(client)
    time.sleep(1)


def idle(stage, report, options):
    """Connections that carried a request each and stay open; requests on new ones and on kept ones among them."""
    if hint := missing("nginx"):
        return report.left_out("idle", hint)
    limit = file_limit()
    count = min(IDLE, limit - 500)
    less = "" if count == IDLE else f" (not {IDLE:,}: the limit of open files is {limit:,})"
    report.title(f"idle: {count:,} kept connections{less}, one event loop")
    rows, each = [], {}
    for name, start in fresh(stage, options).items():
        try:
            process, port = start()
        except RuntimeError as error:
            report.error(f"{name} did not start: {error}")
            continue
        try:
            before, each[name], times = keep(port, process, count)
        finally:
            stage.workplace.end(process)
        rows.append((
            name, f"{each[name]:.1f} KiB", f"{before / 1024:.0f} MiB",
            *(f"{value:.2f} ms" for values in times for value in (statistics.median(values), p99(values)))))
        report.figures[f"idle, {name}"] = dict(kib=each[name], new_p99=p99(times[0]), kept_p99=p99(times[1]))
        if name not in PEERS:
            report.goal(f"{name}: resident memory of an idle connection, {count:,} of them", each[name], 2, "KiB")
            report.goal(f"{name}: p99 of a request among them", p99(times[0] + times[1]), 5, "ms")
    rows += against_peers(each)
    report.table(("", "each", "before", "new request", "its p99", "on a kept one", "its p99"), rows)
    return None


def against_peers(values):
    """Lines of ours / the better peer."""
    peers = [value for name, value in values.items() if name in PEERS]
    if not peers:
        return []
    return [
        (f"{name} / better peer", f"{value / max(min(peers), 0.01):.2f} ×", "", "", "", "", "")
        for name, value in values.items() if name not in PEERS]


def keep(port, process, count):
    """Opens so many connections; memory before, KiB each, and what requests on new and on kept ones took."""
    kept, times = [], ([], [])
    try:
        warm_up(port)
        before = resident_kib(process.pid)
        for index in range(count):
            kept.append(connect(port, source(index)))
            ask(kept[-1])
        time.sleep(1)
        each = (resident_kib(process.pid) - before) / count
        for index in range(200):
            begin = time.perf_counter()
            with connect(port) as client:
                ask(client)
            times[0].append((time.perf_counter() - begin) * 1e3)
            begin = time.perf_counter()
            ask(kept[index * count // 200])
            times[1].append((time.perf_counter() - begin) * 1e3)
    finally:
        for client in kept:
            client.close()
    return before, each, times


def readers(stage, report, options):
    """Clients that ask for 1 MiB each and do not read it; then they do, and each gets all of it."""
    if hint := missing("nginx"):
        return report.left_out("readers", hint)
    report.title(f"readers: {READERS:,} clients that are slow to read 1 MiB each, one event loop")
    rows, extra = [], {}
    for name, start in fresh(stage, options).items():
        try:
            process, port = start()
        except RuntimeError as error:
            report.error(f"{name} did not start: {error}")
            continue
        try:
            before, extra[name], short = hold(port, process)
        finally:
            stage.workplace.end(process)
        rows.append((name, f"{extra[name]:.1f} MiB", f"{before / 1024:.0f} MiB", f"{short}"))
        report.figures[f"readers, {name}"] = dict(mib=extra[name])
        if short:
            report.error(f"{short} readers did not get all of it from {name}")
        if name not in PEERS:
            report.goal(f"{name}: extra memory of {READERS:,} slow readers", extra[name], 64, "MiB")
    rows += [line[:4] for line in against_peers(extra)]
    report.table(("", "extra memory", "before", "cut short"), rows)
    return None


def hold(port, process):
    """Memory before, the most that was added in MiB while nobody read, and how many did not get all in the end."""
    clients, short = [], 0
    try:
        warm_up(port)
        forget_peak(process.pid)
        before = resident_kib(process.pid)
        for index in range(READERS):
            # The client's own buffer is small, so that what waits does so in the proxy or behind it.
            client = connect(port, source(index), buffer=4_096)
            client.sendall(b"GET /api/big HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")
            clients.append(client)
        for client in clients:
            client.recv(1, socket.MSG_PEEK)
        time.sleep(SLOW_SECONDS)
        extra = (resident_kib(process.pid, "VmHWM") - before) / 1024
        for client in clients:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
            head = b""
            while b"\r\n\r\n" not in head:
                head += client.recv(PIECE) or b"\r\n\r\n"
            rest = len(head.partition(b"\r\n\r\n")[2])
            short += rest + receive(client, (1 << 20) - rest, slow=False) != 1 << 20
    finally:
        for client in clients:
            client.close()
    return before, extra, short


class Backend:
    """Answers GET /n with n bytes, as fast as they are taken, and reads the n of POST /n; a BODY slowly at first."""

    def __init__(self):
        (self.port,) = free_ports(1)
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.received = 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection:
            try:
                head = b""
                while b"\r\n\r\n" not in head:
                    data = connection.recv(PIECE)
                    if not data:
                        return
                    head += data
                length = int(head.split(b"/")[1].split(b" ")[0])
                if head.startswith(b"GET"):
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % length)
                    send(connection, length)
                else:
                    self.received = len(head.partition(b"\r\n\r\n")[2])
                    self.received += receive(connection, length - self.received, slow=length == BODY)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            except OSError:
                return


def send(connection, length):
    """As fast as the other side takes it."""
    piece = memoryview(bytes(PIECE * 4))
    while length:
        length -= connection.send(piece[:min(length, len(piece))])


def receive(connection, length, slow):
    """Reads so many bytes, in the first seconds slowly and then as fast as they come; how many came."""
    begin, got = time.monotonic(), 0
    while got < length:
        data = connection.recv(PIECE)
        if not data:
            break
        got += len(data)
        if slow and time.monotonic() < begin + SLOW_SECONDS:
            time.sleep(0.02)
    return got


def download(port, length):
    with connect(port) as client:
        client.sendall(b"GET /%d HTTP/1.1\r\nHost: bench\r\n\r\n" % length)
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(1_024) or b"\r\n\r\n"
        rest = len(head.partition(b"\r\n\r\n")[2])
        return rest + receive(client, length - rest, slow=length == BODY)


def upload(port, length, backend):
    with connect(port) as client:
        client.sendall(b"POST /%d HTTP/1.1\r\nHost: bench\r\nContent-Length: %d\r\n\r\n" % (length, length))
        send(client, length)
        answer = client.recv(PIECE)
        return backend.received if answer[9:12] == b"200" else 0


def pressure(stage, report, options):
    """Highest resident memory while a side is slow, less what there was after fast exchanges of 16 MiB."""
    backend = Backend()
    (port,) = free_ports(1)
    proxy = stage.serve(port, backend.port)
    report.title(f"pressure: 1 GiB through one event loop, one side slow for {SLOW_SECONDS} s and then fast")
    rows = []
    try:
        for what, exchange in (
            ("slow reader of a response", lambda length: download(port, length)),
            ("slow backend under an upload", lambda length: upload(port, length, backend)),
        ):
            for _ in range(4):
                exchange(1 << 24)
            forget_peak(proxy.pid)
            before, begin = resident_kib(proxy.pid), time.monotonic()
            got = exchange(BODY)
            extra = (resident_kib(proxy.pid, "VmHWM") - before) / 1024
            took = time.monotonic() - begin
            rows.append((what, f"{extra:.1f} MiB", f"{before / 1024:.0f} MiB", f"{took:.1f} s", f"{got:,}"))
            if got != BODY:
                report.error(f"{what}: {got:,} of {BODY:,} bytes came")
            report.goal(f"extra memory, {what}", extra, 4, "MiB")
    finally:
        stage.workplace.end(proxy)
        backend.listener.close()
    report.table(("", "extra memory", "before", "took", "bytes"), rows)
