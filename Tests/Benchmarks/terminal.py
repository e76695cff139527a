"""The console in a terminal of its own, which reads what it is sent and draws nothing: what it costs is the console's."""

import fcntl
import os
import pty
import select
import struct
import termios
import threading

from peers import Target
from processes import free_ports, wait_for


class BusyConsole:
    """An open console on Traffic; while it is to be busy, keys are pressed all the time."""

    COLUMNS, ROWS = 160, 45
    KEYS_PER_SECOND = 20
    # Up and down by rows and pages, to the newest (which follows), into an exchange and back.
    KEYS = (
        b"k", b"k", b"k", b"\x1b[5~", b"j", b"\x15", b"k", b"\r", b"\t", b"\x1b", b"\x1b[5~", b"g", b"j", b"\x04", b"G",
        b"F")

    def __init__(self, stage):
        self.stage = stage
        self.busy, self.ended = threading.Event(), threading.Event()
        self.pressed = 0
        # Bytes that came while keys were pressed, and the newest of them.
        self.shown, self.newest = 0, b""

    def __enter__(self):
        workplace, stage = self.stage.workplace, self.stage
        (port,) = free_ports(1)
        command = stage.command("open", port, stage.origin().port) + ["--screen", "2", "--language", "en"]
        environment = dict(stage.environment, LANG="C.UTF-8", LC_ALL="C.UTF-8", TERM="xterm-256color", TMUX="")
        self.terminal, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", self.ROWS, self.COLUMNS, 0, 0))
        self.reader = threading.Thread(target=self.read)
        self.reader.start()
        self.console = workplace.start(command, environment=environment, terminal=theirs)
        os.close(theirs)
        wait_for(port, self.console)
        self.target = Target("console", port, self.console.pid)
        self.keyboard = threading.Thread(target=self.type)
        self.keyboard.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.busy.set()
        self.keyboard.join()
        self.stage.workplace.end(self.console)
        self.reader.join()
        os.close(self.terminal)

    def read(self):
        """Takes what the console draws, until the console has ended."""
        while True:
            # A key is pressed by another thread: this one sleeps until something comes.
            if not select.select([self.terminal], [], [], 1)[0]:
                if self.ended.is_set():
                    return
                continue
            try:
                drawn = os.read(self.terminal, 65_536)
            except OSError:  # the console has closed its side
                return
            if self.busy.is_set():
                self.shown += len(drawn)
                self.newest = (self.newest + drawn)[-65_536:]

    def type(self):
        """Presses keys while `busy` is set."""
        while self.busy.wait() and not self.ended.is_set():
            try:
                os.write(self.terminal, self.KEYS[self.pressed % len(self.KEYS)])
            except OSError:
                return
            self.pressed += 1
            self.ended.wait(1 / self.KEYS_PER_SECOND)

    def press(self, wanted):
        """Begins or stops pressing keys."""
        (self.busy.set if wanted else self.busy.clear)()

    def changes(self):
        """True when requests were drawn, and more than a few cells for each key."""
        return b"/api/x" in self.newest and self.shown > 100 * self.pressed > 0
