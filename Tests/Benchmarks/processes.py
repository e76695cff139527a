"""Starts programs, ends each by its own process, and reads from /proc what their process trees use."""

import ctypes
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import time

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
PACKAGES = {"nginx": "nginx-light", "haproxy": "haproxy", "wrk": "wrk", "openssl": "openssl"}


def find(program):
    """Its path, also where an ordinary user's PATH leaves servers out; None where it is missing."""
    return shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin")


def missing(*programs):
    """What to type for those that are missing; None where none is."""
    packages = [PACKAGES[program] for program in programs if not find(program)]
    return f"apt-get install {' '.join(packages)}" if packages else None


def free_ports(count):
    """Ports that nobody listens on at this moment."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def end_with_parent():
    """Runs in a child before its program: it gets SIGTERM should this process be killed."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class Workplace:
    """A temporary folder and the programs that run in it; leaving it ends them, the newest first."""

    def __enter__(self):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        self.folder = tempfile.mkdtemp(prefix="worker-console-bench-")
        os.chmod(self.folder, 0o755)  # nginx's workers are another user where the master is root
        self.started = []
        return self

    def __exit__(self, *_):
        while self.started:
            self.end(self.started[-1])
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, command, port=None, stdout=subprocess.DEVNULL, environment=None, terminal=None):
        """Starts a program and waits until it listens on the port; its errors go to a file.

        With a terminal, the program has it as its own for input and output.
        """
        errors = f"{self.folder}/{len(self.started)}.err"

        def begin():
            end_with_parent()
            if terminal is not None:
                os.setsid()
                fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        with open(errors, "wb") as file:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL if terminal is None else terminal,
                stdout=stdout if terminal is None else terminal, stderr=file, preexec_fn=begin, env=environment)
        process.errors = errors
        self.started.append(process)
        if port:
            wait_for(port, process)
        return process

    def end(self, process):
        """SIGTERM, and what has not ended in 15 seconds is killed."""
        self.started.remove(process)
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(port, process=None, seconds=30):
    """Waits until something listens on 127.0.0.1:port; a connection is no request."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process and process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    said = open(process.errors, errors="replace").read()[-2000:] if process else ""
    raise RuntimeError(f"nothing listens on 127.0.0.1:{port}\n{said}")


def tree(root):
    """A process and all below it."""
    children = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        fields = stat(entry)
        if fields:
            children.setdefault(int(fields[1]), []).append(int(entry))
    found = [root]
    for process in found:
        found += children.get(process, [])
    return found


def stat(process):
    """The fields of /proc/…/stat behind the name: state, parent, …; None when the process has gone."""
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()
    except OSError:
        return None


def processor_seconds(root):
    """Processor time of a tree, user and system, also of its children that have ended."""
    rows = [fields for fields in map(stat, tree(root)) if fields]
    user = sum(int(fields[11]) + int(fields[13]) for fields in rows)
    system = sum(int(fields[12]) + int(fields[14]) for fields in rows)
    return user / TICKS_PER_SECOND, system / TICKS_PER_SECOND


class Elsewhere:
    """Processor time that went to anything but this bench and what it started."""

    def __init__(self):
        self.begin, self.used = time.monotonic(), self.now()

    def now(self):
        with open("/proc/stat") as file:
            user, nice, system, _, _, *interrupts = map(int, file.readline().split()[1:9])
        return (user + nice + system + sum(interrupts)) / TICKS_PER_SECOND - sum(processor_seconds(os.getpid()))

    def said(self):
        """How many cores were busy with it since this was made; None when that is too short to tell."""
        seconds = time.monotonic() - self.begin
        if seconds < 1:
            return None
        cores = max(0, self.now() - self.used) / seconds
        return f"meanwhile other programs kept {cores:.1f} of {os.cpu_count()} cores busy"


def resident_kib(root, field="VmRSS"):
    """Resident memory of a tree in KiB; with VmHWM its highest since `forget_peak`."""
    total = 0
    for process in tree(root):
        try:
            with open(f"/proc/{process}/status") as file:
                total += sum(int(line.split()[1]) for line in file if line.startswith(field + ":"))
        except OSError:
            continue
    return total


def forget_peak(root):
    """Sets the highest resident memory of a tree to what it is now."""
    for process in tree(root):
        with open(f"/proc/{process}/clear_refs", "w") as file:
            file.write("5")


def file_limit():
    """Raises this process's limit of open files, which its children inherit, as far as it goes; returns it."""
    import resource

    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard
