"""The origin and the proxies that are compared: the same work for each, one configuration a number of workers."""

import os

from processes import find, free_ports

# No wrangler file is needed; the limits are raised for the parts that go beyond their defaults.
CONSOLE = """[proxy]
max_connections = 100000
max_body_bytes = 2147483648
[balance]
remember = "none"
"""

NGINX = """worker_processes {workers}; daemon off; pid {folder}/{name}.pid; error_log /dev/null;
events {{ worker_connections 8192; }}
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
    listen 127.0.0.1:{port} backlog=4096;
    location / {{
      proxy_pass http://o; proxy_http_version 1.1; proxy_request_buffering off; proxy_set_header Connection "";
      proxy_set_header X-Forwarded-For $remote_addr; add_header Access-Control-Allow-Origin *;
    }}
  }}"""

HAPROXY = """global
  nbthread {workers}
  maxconn 8000
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend f
  bind 127.0.0.1:{port}
  default_backend b
backend b
  http-reuse always
  http-response set-header Access-Control-Allow-Origin *
  option forwardfor
  server s 127.0.0.1:{origin}
"""

PEERS = {"nginx": "nginx", "HAProxy": "haproxy"}


class Target:
    """What a load is sent to: a name, a port, and the process whose tree is measured."""

    def __init__(self, name, port, process):
        self.name, self.port, self.process = name, port, process


class Stage:
    """Starts the origin once and proxies before it, in one workplace."""

    def __init__(self, workplace, program):
        self.workplace, self.program, self.folder = workplace, program, workplace.folder
        self.project = f"{self.folder}/project"
        # What the program keeps between runs stays out of the user's folders.
        own = {f"XDG_{kind.upper()}_HOME": f"{self.folder}/{kind}" for kind in ("state", "config", "cache")}
        self.environment = dict(os.environ, **own)
        os.makedirs(self.project)
        self.write("project/worker-console.toml", CONSOLE)
        self.running = {}
        self.origin_port = None

    def write(self, name, text):
        with open(f"{self.folder}/{name}", "w") as file:
            file.write(text)
        return f"{self.folder}/{name}"

    def nginx(self, name, port, workers, rest, **values):
        values = dict(values, folder=self.folder, name=name, port=port)
        text = NGINX.format(workers=workers, rest=rest.format(**values), folder=self.folder, name=name)
        configuration = self.write(f"{name}.conf", text)
        return self.workplace.start([find("nginx"), "-e", "stderr", "-c", configuration], port)

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

    def peers(self, workers=1):
        """The peers that are installed, each with so many workers."""
        origin = self.origin().port
        for name, program in PEERS.items():
            if (name, workers) in self.running or not find(program):
                continue
            (port,) = free_ports(1)
            label = f"{program}-{workers}"
            if program == "nginx":
                process = self.nginx(label, port, workers, NGINX_PROXY, origin=origin)
            else:
                text = HAPROXY.format(port=port, workers=workers, origin=origin)
                process = self.workplace.start([find(program), "-f", self.write(f"{label}.cfg", text)], port)
            self.running[name, workers] = Target(name, port, process.pid)
        return [self.running[name, workers] for name in PEERS if (name, workers) in self.running]

    def command(self, verb, port, backend, loops=1):
        """The program's command line: the same options whether it has a screen or not."""
        return [
            self.program, verb, self.project, "--listen", f"127.0.0.1:{port}", "--backend",
            f"origin=http://127.0.0.1:{backend}", "--loops", str(loops)]

    def ours(self, workers=1):
        """Ours without a screen before the origin, with so many event loops."""
        if ("ours", workers) not in self.running:
            (port,) = free_ports(1)
            command = self.command("serve", port, self.origin().port, workers) + ["--quiet"]
            process = self.workplace.start(command, port, environment=self.environment)
            self.running["ours", workers] = Target("ours", port, process.pid)
        return self.running["ours", workers]
