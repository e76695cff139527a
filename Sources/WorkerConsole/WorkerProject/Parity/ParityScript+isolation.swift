extension ParityScript {
    /// The sources, what they may not do, and the requests.
    static let isolation = #"""
        # The sources come with the job: nothing of the project is read here.


        class Sources(importlib.abc.MetaPathFinder, importlib.abc.Loader):
            def find_spec(self, name, path=None, target=None):
                base = name.replace(".", "/")
                for file, package in ((base + "/__init__.py", True), (base + ".py", False)):
                    if file in JOB["sources"]:
                        return importlib.machinery.ModuleSpec(name, self, origin=file, is_package=package)
                return None

            def create_module(self, spec):
                return None

            def exec_module(self, made):
                file = made.__spec__.origin
                exec(compile(base64.b64decode(JOB["sources"][file]), file, "exec", dont_inherit=True), made.__dict__)


        sys.meta_path.insert(0, Sources())


        # What a Worker has no business with ends it.

        HOME = os.getcwd()
        LIBRARY = tuple(os.path.realpath(p) + "/" for p in sys.path if p and os.path.isdir(p))
        DENIED = (
            "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "os.kill", "os.killpg",
            "subprocess.Popen", "pty.spawn", "ctypes.", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo",
            "socket.gethostby", "os.chdir", "os.fchdir", "os.chmod", "os.chown", "os.link", "os.symlink", "os.remove", "os.rename", "os.rmdir",
            "os.mkdir", "os.truncate", "os.listdir", "os.scandir", "os.utime", "os.setxattr", "shutil.", "tempfile.", "signal.pthread_kill",
            "sqlite3.", "mmap.__new__", "fcntl.", "resource.", "syslog.", "webbrowser.", "ftplib.", "smtplib.", "urllib.Request", "os.putenv",
            "glob.glob", "os.walk", "os.fwalk", "os.memfd_create", "os.getxattr", "os.listxattr", "os.removexattr", "sys._current", "sys.settrace",
        )


        def watch(event, arguments):
            if event == "open":
                path, mode, flags = arguments
                if isinstance(path, int):
                    return
                full = os.path.realpath(os.fsdecode(path))
                writes = flags is not None and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)
                if writes or not full.startswith(LIBRARY):
                    gap(f"the file {os.fsdecode(path)[:200]}")
            elif event == "socket.connect":
                if arguments[1] != ("127.0.0.1", PORT):
                    gap(f"a connection to {str(arguments[1])[:100]}")
            elif event == "import":
                if arguments[0] in ("ctypes", "_ctypes", "_posixsubprocess", "cffi"):
                    gap(f"the module {arguments[0]}")
            elif event in ("os.listdir", "os.scandir"):
                # The import machinery looks through the library.
                if not os.path.realpath(os.fsdecode(arguments[0] or ".")).startswith(LIBRARY + tuple(p[:-1] for p in LIBRARY)):
                    gap(event)
            elif event.startswith(DENIED):
                gap(event)


        def refuse(*_, **__):
            gap("a process of its own")


        _posixsubprocess.fork_exec = subprocess._fork_exec = refuse
        for kind, limit in (
            (resource.RLIMIT_CPU, JOB["seconds"]), (resource.RLIMIT_AS, 1 << 30), (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0), (resource.RLIMIT_NOFILE, 64), (resource.RLIMIT_NPROC, 0),
        ):
            try:
                resource.setrlimit(kind, (limit, limit))
            except (ValueError, OSError):
                pass


        async def answer(handler, item):
            if base64.b64decode(item["target"]) == b"*":
                # The runtime cannot make a URL of it and responds itself.
                return JsResponse(500, "", JsHeaders(), b"Internal Server Error")
            url = parse_url(f"http://{item['host']}{base64.b64decode(item['target']).decode('utf-8', 'surrogateescape')}").href
            headers = JsHeaders([(k, v) for k, v in item["fields"]], immutable=True)
            body = base64.b64decode(item["body"]) if item["body"] else None
            result = handler(JsRequest(item["method"], url, headers, body, "manual"))
            if asyncio.iscoroutine(result):
                result = await asyncio.wait_for(result, 5)
            for waiting in WAITING:
                await asyncio.wait_for(waiting, 5)
            WAITING.clear()
            result = unwrap(result)
            if not isinstance(result, JsResponse):
                raise TypeError("the Promise did not resolve to 'Response'")
            return result


        def find():
            main = importlib.import_module(JOB["main"])
            if JOB["legacy"]:
                function = getattr(main, "on_fetch", None)
                if function is None:
                    raise LookupError("no handler registers")
                count = function.__code__.co_argcount
                return lambda request: function(*(request, ENV, Context())[:count])
            kind = getattr(main, "Default", None)
            if kind is None:
                raise LookupError("no handler registers")
            return lambda request: kind(Context(), ENV).fetch(Request(request))


        def say(**line):
            REPORT.write(json.dumps(line) + "\n")
            REPORT.flush()


        def run():
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
            sys.addaudithook(watch)
            try:
                handler = find()
            except Unsupported as error:
                return say(gap=str(error))
            except BaseException as error:
                return say(gap=GAPS[0]) if GAPS else say(failed=f"{type(error).__name__}: {error}"[:500])
            for index, item in enumerate(JOB["requests"]):
                GAPS.clear()
                line = dict(request=index)
                try:
                    result = loop.run_until_complete(answer(handler, item))
                    body = b"" if item["method"] == "HEAD" else (result._body or b"")
                    line.update(status=result.status, fields=result.headers._items, body=base64.b64encode(body).decode())
                except Unsupported as error:
                    line["gap"] = str(error)
                except BaseException as error:
                    line["failed"] = f"{type(error).__name__}: {error}"[:500]
                if GAPS:
                    line = dict(request=index, gap=GAPS[0])
                say(**line)
            say(ended=True)


        run()
        os._exit(0)
        """#
}
