"""The console in a real terminal: tmux on a socket of its own, keys through one control client."""

import subprocess
import threading
import time

from peers import Target
from processes import find, free_ports, wait_for


class BusyConsole:
    """An open console on Traffic; while it is to be busy, keys are pressed all the time."""

    COLUMNS, ROWS = 160, 45
    KEYS_PER_SECOND = 20
    # Up and down by rows and pages, to the newest (which follows), into an exchange and back.
    KEYS = ("k", "k", "k", "PageUp", "j", "C-u", "k", "Enter", "Tab", "Escape", "PageUp", "g", "j", "C-d", "G", "F")

    def __init__(self, stage):
        self.stage, self.socket = stage, f"{stage.folder}/tmux"
        self.busy, self.ended = threading.Event(), threading.Event()
        self.pressed = 0
        self.screens = set()

    def __enter__(self):
        workplace, stage = self.stage.workplace, self.stage
        (port,) = free_ports(1)
        command = stage.command("open", port, stage.origin().port) + ["--screen", "2", "--language", "en"]
        environment = dict(stage.environment, LANG="C.UTF-8", LC_ALL="C.UTF-8", TERM="screen-256color", TMUX="")
        settings = stage.write("tmux.conf", "set -g status off\nset -sg escape-time 0\n")
        # In the foreground (-D), so that the server ends by its own process and with this one.
        self.server = workplace.start([find("tmux"), "-S", self.socket, "-f", settings, "-D"], environment=environment)
        for _ in range(200):
            started = self.tmux("new-session", "-d", "-x", str(self.COLUMNS), "-y", str(self.ROWS), *command)
            if not started.returncode:
                break
            time.sleep(0.05)
        wait_for(port, self.server)
        process = int(self.tmux("display-message", "-p", "#{pane_pid}").stdout)
        self.target = Target("console", port, process)
        # One client for all keys: a process for each key would cost more than what it wakes.
        self.keyboard = subprocess.Popen(
            [find("tmux"), "-S", self.socket, "-C", "attach", "-f", "no-output,ignore-size"], stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)
        self.thread = threading.Thread(target=self.type)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.busy.set()
        self.thread.join()
        self.keyboard.stdin.close()
        self.keyboard.terminate()
        self.keyboard.wait()
        self.stage.workplace.end(self.server)

    def tmux(self, *arguments):
        command = [find("tmux"), "-N", "-S", self.socket, *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=30)

    def type(self):
        """Presses keys while `busy` is set."""
        while self.busy.wait() and not self.ended.is_set():
            key = self.KEYS[self.pressed % len(self.KEYS)]
            try:
                self.keyboard.stdin.write(f"send-keys {key}\n")
                self.keyboard.stdin.flush()
            except OSError:
                return
            self.pressed += 1
            self.ended.wait(1 / self.KEYS_PER_SECOND)

    def press(self, wanted):
        """Begins or stops pressing keys; what the screen shows is kept to see that it moves."""
        self.screens.add(self.tmux("capture-pane", "-p").stdout)
        (self.busy.set if wanted else self.busy.clear)()

    def changes(self):
        """True when the screen showed requests, and not always the same."""
        self.screens.add(self.tmux("capture-pane", "-p").stdout)
        return len(self.screens) > 1 and any("/api/x" in screen for screen in self.screens)
