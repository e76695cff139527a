"""Memory: of idle connections, of a slow reader of 1 GiB, and of a slow backend under an upload of 1 GiB."""

import socket
import statistics
import threading
import time

from processes import file_limit, forget_peak, free_ports, missing, resident_kib

IDLE = 10_000
BODY = 1 << 30
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


def connect(port, address="127.0.0.1"):
    client = socket.create_connection(("127.0.0.1", port), timeout=30, source_address=(address, 0))
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client


def idle(stage, report, options):
    """Connections that carried a request each and stay open; requests on new ones and on kept ones among them."""
    if hint := missing("nginx"):
        return report.left_out("idle", hint)
    limit = file_limit()
    count = min(IDLE, limit - 500)
    (port,) = free_ports(1)
    proxy = stage.workplace.start(
        stage.command("serve", port, stage.origin().port) + ["--quiet"], port, environment=stage.environment)
    kept, times = [], {"new connection": [], "kept connection": []}
    try:
        for _ in range(3_000):
            with connect(port) as client:
                ask(client)
        time.sleep(1)
        before = resident_kib(proxy.pid)
        for index in range(count):
            # The port range of one address is small; loopback has many addresses.
            kept.append(connect(port, f"127.0.0.{2 + index % 8}"))
            ask(kept[-1])
        time.sleep(1)
        each = (resident_kib(proxy.pid) - before) / count
        for index in range(200):
            begin = time.perf_counter()
            with connect(port) as client:
                ask(client)
            times["new connection"].append((time.perf_counter() - begin) * 1e3)
            begin = time.perf_counter()
            ask(kept[index * count // 200])
            times["kept connection"].append((time.perf_counter() - begin) * 1e3)
    finally:
        for client in kept:
            client.close()
        stage.workplace.end(proxy)
    less = "" if count == IDLE else f" (not {IDLE:,}: the limit of open files is {limit:,})"
    report.title(f"idle: {count:,} kept connections{less}, one event loop")
    report.note(f"memory  {each:.1f} KiB resident each; {before / 1024:.0f} MiB before them")
    rows = [
        (name, *(f"{value:.2f} ms" for value in (statistics.median(values), p99(values), max(values))))
        for name, values in times.items()]
    report.table((f"a request among them, {len(times['new connection'])} each", "median", "p99", "worst"), rows)
    report.goal(f"resident memory of an idle connection, {count:,} of them", each, 12, "KiB")
    report.goal("p99 of a new request among them", p99(sum(times.values(), [])), 5, "ms")
    return None


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
    proxy = stage.workplace.start(
        stage.command("serve", port, backend.port) + ["--quiet"], port, environment=stage.environment)
    report.title(f"pressure: 1 GiB through one event loop, one side slow for {SLOW_SECONDS} s and then fast")
    rows = []
    try:
        for what, exchange in (
            ("slow reader of an answer", lambda length: download(port, length)),
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
