extension ParityScript {
    /// The network and the modules `js`, `pyodide.ffi` and `workers`.
    static let sdk = #"""
        # The network: one backend on loopback, whatever host is named.


        class Connection(http.client.HTTPConnection):
            def connect(self):
                self.sock = socket.socket()
                self.sock.settimeout(5)
                self.sock.connect(("127.0.0.1", PORT))


        def send(request, depth=0):
            url = parse_url(request.url)
            connection = Connection("127.0.0.1", PORT)
            try:
                connection.putrequest(request.method, url.pathname + url.search, skip_host=True, skip_accept_encoding=True)
                connection.putheader("Host", url.host)
                if request.headers.has("expect"):
                    raise js_error("Error: Network connection lost.")
                sent = {k.lower() for k, _ in request.headers._items}
                for name, value in request.headers._items:
                    if name.lower() not in ("host", "connection", "content-length", "transfer-encoding", "keep-alive"):
                        connection.putheader(name, value.encode("latin-1", "replace"))
                if request._body is not None:
                    connection.putheader("Content-Length", str(len(request._body)))
                connection.endheaders(request._body)
                answer = connection.getresponse()
                try:
                    body = answer.read()
                except http.client.IncompleteRead as error:
                    # A body is passed on as it comes: what is missing shows at its end.
                    body = error.partial
                items = [(k, v) for k, v in answer.getheaders()]
            except (OSError, http.client.HTTPException) as error:
                raise js_error("Error: Network connection lost.") from error
            finally:
                connection.close()
            names = ("transfer-encoding", "connection", "keep-alive")
            items = [(k, v) for k, v in items if k.lower() not in names]
            empty = request.method == "HEAD" or answer.status in (204, 304)
            location = answer.headers.get("Location")
            if location and answer.status in (301, 302, 303, 307, 308) and request.redirect != "manual":
                if request.redirect == "error":
                    raise js_error("TypeError: Unexpected redirect")
                if depth >= 20:
                    raise js_error("TypeError: Too many redirects.")
                keeps = answer.status in (307, 308) or request.method in ("GET", "HEAD")
                target = urllib.parse.urljoin(request.url, location)
                again = JsRequest(request.method if keeps else "GET", target, request.headers, request._body if keeps else None)
                return send(again, depth + 1)
            return JsResponse(answer.status, answer.reason, JsHeaders(items, immutable=True), None if empty else body, request.url)


        async def js_fetch(target, init=None, **named):
            if isinstance(target, (Request, Response)):
                gap("fetch of js with a Request of workers")
            return send(JsRequest.new(target, init, **named))


        async def workers_fetch(target, init=None, **options):
            if options:
                if isinstance(options.get("headers"), dict):
                    options["headers"] = JsObject(options["headers"])
                init = JsObject(options)
            return Response(send(JsRequest.new(unwrap(target), unwrap(init))))


        # The module `workers`.


        class Headers:
            """What the SDK gives: a mapping of names without case."""

            def __init__(self, js):
                self._js = js

            def get(self, name, default=None):
                value = self._js.get(name)
                return default if value is None else value

            def __getitem__(self, name):
                value = self._js.get(name)
                if value is None:
                    raise KeyError(name)
                return value

            get_all = lambda self, name, default=None: self._js.getAll(name) or default
            __contains__ = lambda self, name: self._js.has(name)
            __iter__ = lambda self: iter(self.keys())
            __len__ = lambda self: len(self._js._items)
            keys = lambda self: [k for k, _ in self._js._items]
            values = lambda self: [v for _, v in self._js._items]
            items = lambda self: list(self._js._items)

            def __getattr__(self, name):
                if name.startswith("__"):
                    raise AttributeError(name)
                gap(f"headers.{name}")


        class Request:
            def __init__(self, target, **options):
                if isinstance(target, JsRequest) and not options:
                    self.js_object = target
                else:
                    if isinstance(options.get("headers"), dict):
                        options["headers"] = JsObject(options["headers"])
                    self.js_object = JsRequest.new(unwrap(target), JsObject(options) if options else None)

            method = property(lambda self: self.js_object.method)
            url = property(lambda self: self.js_object.url)
            headers = property(lambda self: Headers(self.js_object.headers))
            body = property(lambda self: self.js_object.body)
            body_used = property(lambda self: self.js_object.bodyUsed)
            cf = property(lambda self: self.js_object.cf)

            async def text(self):
                return await self.js_object.text()

            async def json(self):
                return json.loads(self.js_object._take())

            async def bytes(self):
                return bytes(self.js_object._take())

            def __getattr__(self, name):
                if name.startswith("__"):
                    raise AttributeError(name)
                gap(f"workers.Request.{name}")


        class Response:
            def __init__(self, body=None, status=200, status_text="", headers=None, web_socket=None):
                if isinstance(body, JsResponse):
                    if (status, status_text, headers) != (200, "", None):
                        raise ValueError("Expected no options when constructing Response from a js.Response")
                    self.js_object = self.js_response = body
                    return
                if isinstance(body, (dict, list, set, int, float, tuple)) and not isinstance(body, JsObject):
                    raise TypeError(f"Unsupported type in Response: {type(body).__name__}")
                if asyncio.iscoroutine(body) or callable(body):
                    raise TypeError(f"Unsupported type in Response: {type(body).__name__}")
                if web_socket is not None:
                    gap("Response with a web socket")
                options = JsObject(status=int(status), statusText=str(status_text or ""))
                if headers is not None:
                    options["headers"] = JsObject(headers) if isinstance(headers, dict) else headers
                self.js_object = self.js_response = JsResponse.new(body, options)

            @classmethod
            def json(cls, data, status=200, status_text="", headers=None):
                made = cls(None, status, status_text, headers)
                made.js_object._body = json.dumps(data).encode()
                if not made.js_object.headers.has("content-type"):
                    made.js_object.headers.set("Content-Type", "application/json; charset=utf-8")
                return made

            from_json = json

            @staticmethod
            def redirect(url, status=302):
                return Response(JsResponse.redirect(url, status))

            status = property(lambda self: self.js_object.status)
            status_text = property(lambda self: self.js_object.statusText)
            ok = property(lambda self: self.js_object.ok)
            url = property(lambda self: self.js_object.url)
            headers = property(lambda self: Headers(self.js_object.headers))
            body = property(lambda self: self.js_object.body)
            body_used = property(lambda self: self.js_object.bodyUsed)

            async def text(self):
                return await self.js_object.text()

            async def bytes(self):
                return bytes(self.js_object._take())

            async def _json(self):
                return json.loads(self.js_object._take())

            def __getattribute__(self, name):
                # On an instance `json` reads, on the class it makes.
                return object.__getattribute__(self, "_json" if name == "json" else name)

            def __getattr__(self, name):
                if name.startswith("__"):
                    raise AttributeError(name)
                gap(f"workers.Response.{name}")


        class Environment(Thing):
            def __init__(self, values, bindings):
                object.__setattr__(self, "_values", values)
                object.__setattr__(self, "_bindings", bindings)

            def __getattr__(self, name):
                if name in self._values:
                    return self._values[name]
                if name.startswith("__"):
                    raise AttributeError(name)
                if name in self._bindings:
                    gap(f"the binding {name}")
                raise AttributeError(name)

            def __setattr__(self, name, value):
                self._values[name] = value


        class Context(Thing):
            def waitUntil(self, awaitable):
                if asyncio.iscoroutine(awaitable):
                    WAITING.append(awaitable)

            def passThroughOnException(self):
                pass


        WAITING = []
        ENV = Environment(JOB["variables"], set(JOB["bindings"]))
        for key, value in list(ENV._values.items()):
            ENV._values[key] = to_object(value)


        class WorkerEntrypoint:
            def __init__(self, ctx, env):
                self.ctx, self.env = ctx, env


        class DurableObject(WorkerEntrypoint):
            pass


        class WorkflowEntrypoint(WorkerEntrypoint):
            pass


        def module(name, members):
            made = types.ModuleType(name)
            made.__dict__.update(members)

            def missing(wanted):
                if wanted.startswith("__"):
                    raise AttributeError(wanted)
                gap(f"{name}.{wanted}")

            made.__getattr__ = missing
            sys.modules[name] = made
            return made


        class ObjectType(Thing):
            fromEntries = staticmethod(lambda items: JsObject(items.items() if isinstance(items, dict) else items))
            keys = staticmethod(lambda value: list(value))
            new = staticmethod(lambda: JsObject())
            entries = staticmethod(lambda value: [list(pair) for pair in value.items()])


        class Console(Thing):
            log = info = warn = error = debug = staticmethod(lambda *_: None)


        class ScriptJSON(Thing):
            stringify = staticmethod(lambda value, *_: json.dumps(value, separators=(",", ":"), ensure_ascii=False))
            parse = staticmethod(lambda text: to_object(json.loads(text)))


        module("js", dict(
            Response=JsResponseType(), Request=Constructor(JsRequest, "Request"), Headers=Constructor(JsHeaders, "Headers"),
            URL=Constructor(JsURL, "URL"), URLSearchParams=Constructor(JsSearchParams, "URLSearchParams"), Object=ObjectType(),
            JSON=ScriptJSON(), console=Console(), fetch=js_fetch, undefined=None, encodeURIComponent=lambda text: urllib.parse.quote(str(text), safe="!'()*-._~"),
            decodeURIComponent=lambda text: urllib.parse.unquote(str(text)),
        ))
        ffi = dict(to_js=to_js, JsException=JsException, JsProxy=Thing, create_proxy=lambda value: value, create_once_callable=lambda value: value)
        module("pyodide", {"ffi": module("pyodide.ffi", ffi), "__path__": []})
        module("workers", dict(
            Response=Response, Request=Request, Headers=Headers, WorkerEntrypoint=WorkerEntrypoint, DurableObject=DurableObject,
            WorkflowEntrypoint=WorkflowEntrypoint, fetch=workers_fetch, env=ENV, waitUntil=Context().waitUntil, wait_until=Context().waitUntil,
        ))
        """#
}
