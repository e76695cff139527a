"""The origin and the proxies that are compared: the same work for each, one configuration a number of workers."""

import os
import subprocess
from pathlib import Path

from processes import find, free_ports

# No wrangler file is needed; the limits are raised for the parts that go beyond their defaults.
CONSOLE = """{listen}[proxy]
engine = "{engine}"
max_connections = 100000
max_body_bytes = 2147483648
[balance]
remember = "none"
"""

NGINX = """worker_processes {workers}; daemon off; pid {folder}/{name}.pid; error_log /dev/null;
events {{ worker_connections 30000; }}
http {{
  keepalive_requests 1000000000; client_max_body_size 0;
  client_body_temp_path {folder}/{name}-body; proxy_temp_path {folder}/{name}-proxy;
  fastcgi_temp_path {folder}/{name}-f; uwsgi_temp_path {folder}/{name}-u; scgi_temp_path {folder}/{name}-s;
  {rest}
}}
"""

# A JSON answer of about 128 bytes, 1 MiB from a file, and the number of requests that came.
ORIGIN = """access_log off;
  server {{
    listen 127.0.0.1:{port} backlog=4096; root {folder}/www;
    location = /api/big {{ }}
    location = /count {{ stub_status; }}
    location / {{
      default_type application/json;
      return 200 '{{"ok":true,"items":[1,2,3,4,5,6,7,8,9,10],"name":"resume","pad":"{pad}"}}';
    }}
  }}"""

NGINX_PROXY = """log_format j escape=json
    '{{"t":"$msec","m":"$request_method","u":"$request_uri","s":$status,"d":$request_time,"ua":"$http_user_agent"}}';
  access_log {folder}/{name}.log j buffer=64k;
  upstream o {{ server 127.0.0.1:{origin}; keepalive 512; keepalive_requests 1000000000; }}
  server {{
    listen 127.0.0.1:{port} backlog=4096{tls};
    location / {{
      proxy_pass http://o; proxy_http_version 1.1; proxy_request_buffering off; proxy_set_header Connection "";
      proxy_set_header X-Forwarded-For $remote_addr; add_header Access-Control-Allow-Origin *;
    }}
  }}"""

# Idle clients need one descriptor each, not the two that its check of the limit counts.
HAPROXY = """global
  nbthread {workers}
  maxconn 15000
  no strict-limits
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend f
  bind 127.0.0.1:{port}{tls}
  default_backend b
backend b
  http-reuse always
  http-response set-header Access-Control-Allow-Origin *
  option forwardfor
  server s 127.0.0.1:{origin}
"""

PEERS = {"nginx": "nginx", "HAProxy": "haproxy"}
ENGINES = ("epoll", "io_uring")


class Target:
    """What a load is sent to: a name, a port, and the process whose tree is measured."""

    def __init__(self, name, port, process, is_tls=False):
        self.name, self.port, self.process, self.is_tls = name, port, process, is_tls


def on(name, engine):
    """The name of ours or of the floor with one of its engines."""
    return f"{name}, {engine}"


class Stage:
    """Starts the origin once and proxies before it, in one workplace."""

    def __init__(self, workplace, program):
        self.workplace, self.program, self.folder = workplace, program, workplace.folder
        # What the program keeps between runs stays out of the user's folders.
        own = {f"XDG_{kind.upper()}_HOME": f"{self.folder}/{kind}" for kind in ("state", "config", "cache")}
        self.environment = dict(os.environ, **own)
        self.running = {}
        self.origin_port = self.relay = None

    def write(self, name, text):
        with open(f"{self.folder}/{name}", "w") as file:
            file.write(text)
        return f"{self.folder}/{name}"

    def nginx(self, name, port, workers, rest, **values):
        values = dict(values, folder=self.folder, name=name, port=port)
        text = NGINX.format(workers=workers, rest=rest.format(**values), folder=self.folder, name=name)
        configuration = self.write(f"{name}.conf", text)
        return self.workplace.start([find("nginx"), "-e", "stderr", "-c", configuration], port)

    def certificate(self):
        """The files of a certificate and its key, which all that speak TLS show; made by the first call."""
        pem, key = f"{self.folder}/server.pem", f"{self.folder}/server.key"
        if not os.path.exists(pem):
            subprocess.run(
                [find("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc",
                 "-keyout", key, "-out", pem, "-days", "2", "-subj", "/CN=bench",
                 "-addext", "subjectAltName=IP:127.0.0.1"],
                check=True, capture_output=True)
            # HAProxy wants both in one file; nginx's workers do not read it, its master does.
            with open(pem) as one, open(key) as other:
                self.write("server-and-key.pem", one.read() + other.read())
        return pem, key

    def origin(self):
        """The origin's target; started by the first call. Two workers, so that it is not what two loops wait for."""
        if "origin" not in self.running:
            os.makedirs(f"{self.folder}/www/api")
            with open(f"{self.folder}/www/api/big", "wb") as file:
                file.write(os.urandom(1 << 20))
            (self.origin_port,) = free_ports(1)
            process = self.nginx("origin", self.origin_port, 2, ORIGIN, pad="x" * 66)
            self.running["origin"] = Target("no proxy", self.origin_port, process.pid)
        return self.running["origin"]

    def peers(self, workers=1, is_tls=False):
        """The peers that are installed, each with so many workers."""
        origin, found = self.origin().port, []
        for name, program in PEERS.items():
            if not find(program):
                continue
            if (name, workers, is_tls) not in self.running:
                (port,) = free_ports(1)
                label = f"{program}-{workers}{'-tls' * is_tls}"
                start = self.start_nginx if program == "nginx" else self.start_haproxy
                process = start(label, port, workers, origin, is_tls)
                self.running[name, workers, is_tls] = Target(name, port, process.pid, is_tls)
            found.append(self.running[name, workers, is_tls])
        return found

    def start_nginx(self, label, port, workers, origin, is_tls=False):
        tls = " ssl; ssl_certificate {}; ssl_certificate_key {}".format(*self.certificate()) if is_tls else ""
        return self.nginx(label, port, workers, NGINX_PROXY, origin=origin, tls=tls)

    def start_haproxy(self, label, port, workers, origin, is_tls=False):
        if is_tls:
            self.certificate()
        tls = f" ssl crt {self.folder}/server-and-key.pem" if is_tls else ""
        text = HAPROXY.format(port=port, workers=workers, origin=origin, tls=tls)
        return self.workplace.start([find("haproxy"), "-f", self.write(f"{label}.cfg", text)], port)

    def command(self, verb, port, backend, loops=1, engine="auto", is_tls=False):
        """The program's command line: the same options whether it has a screen or not."""
        project = f"project-{engine}{'-tls' * is_tls}"
        os.makedirs(f"{self.folder}/{project}", exist_ok=True)
        listen = '[listen]\ncertificate = "{}"\nkey = "{}"\n'.format(*self.certificate()) if is_tls else ""
        self.write(f"{project}/worker-console.toml", CONSOLE.format(engine=engine, listen=listen))
        return [
            self.program, verb, f"{self.folder}/{project}", "--listen", f"127.0.0.1:{port}", "--backend",
            f"origin=http://127.0.0.1:{backend}", "--loops", str(loops)]

    def serve(self, port, backend, loops=1, engine="auto", is_tls=False):
        """Starts ours without a screen."""
        command = self.command("serve", port, backend, loops, engine, is_tls) + ["--quiet"]
        return self.workplace.start(command, port, environment=self.environment)

    def ours(self, workers=1, engine="auto", is_tls=False):
        """Ours without a screen before the origin, with so many event loops."""
        key = "ours", workers, engine, is_tls
        if key not in self.running:
            (port,) = free_ports(1)
            process = self.serve(port, self.origin().port, workers, engine, is_tls)
            self.running[key] = Target("ours" if engine == "auto" else on("ours", engine), port, process.pid, is_tls)
        return self.running[key]

    def floor(self):
        """The bare relay of relay.c on each engine that this machine has; it is compiled by the first call.

        - Returns: The targets, and why one is missing; None where none is.
        """
        if self.relay is None:
            self.relay, self.without_relay = self.compile_relay()
        engines = [] if not self.relay else ENGINES[:1] if self.without_relay else ENGINES
        for engine in engines:
            if ("floor", engine) not in self.running:
                (port,) = free_ports(1)
                process = self.workplace.start([self.relay, engine, str(port), str(self.origin().port)], port)
                self.running["floor", engine] = Target(on("floor", engine), port, process.pid)
        return [self.running["floor", engine] for engine in engines], self.without_relay

    def compile_relay(self):
        """Its path, empty when it cannot be had; and what is missing of it, None where nothing is."""
        compiler, source = find("cc"), Path(__file__).parent / "relay.c"
        if not compiler:
            return "", "no floor: apt-get install gcc liburing-dev"
        program = f"{self.folder}/relay"
        attempts = (["-luring"], None), (["-DWITHOUT_IO_URING"], "no floor on io_uring: apt-get install liburing-dev")
        for extra, lacking in attempts:
            done = subprocess.run(
                [compiler, "-O2", "-o", program, str(source), *extra], capture_output=True, text=True)
            if done.returncode == 0:
                return program, lacking
        return "", f"no floor: {done.stderr[:200]}"
