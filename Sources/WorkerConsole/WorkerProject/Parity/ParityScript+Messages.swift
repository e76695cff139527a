extension ParityScript {
    /// Requests and responses of JavaScript.
    static let messages = #"""
        class Message(Thing):
            async def text(self):
                return self._take().decode("utf-8", "replace")

            async def json(self):
                return to_object(json.loads(self._take()))

            async def arrayBuffer(self):
                return Buffer(self._take())

            async def bytes(self):
                return Buffer(self._take())

            @property
            def body(self):
                return None if self._body is None else Body(self._body)

            def _take(self):
                if self.bodyUsed:
                    raise js_error("TypeError: Body has already been used. It can only be used once.")
                self.bodyUsed = True
                return self._body or b""


        def to_object(value):
            if isinstance(value, dict):
                return JsObject({k: to_object(v) for k, v in value.items()})
            return [to_object(v) for v in value] if isinstance(value, list) else value


        JsObject.to_py = lambda self, **_: {k: from_js(v) for k, v in self.items()}


        def from_js(value):
            if isinstance(value, dict):
                return {k: from_js(v) for k, v in value.items()}
            return [from_js(v) for v in value] if isinstance(value, list) else value


        class Buffer(bytes):
            to_bytes = to_py = lambda self: bytes(self)
            tobytes = to_bytes
            byteLength = property(len)


        class JsResponse(Message):
            def __init__(self, status, reason, headers, body, url=""):
                self.status, self.statusText, self.headers, self._body, self.url = status, reason, headers, body, url
                self.bodyUsed = False
                self.ok = 200 <= status < 300
                self.redirected = False
                self.webSocket = None
                self.type = "default"

            @classmethod
            def new(cls, body=None, init=None, *, status=None, headers=None, statusText=None):
                named = {k: v for k, v in (("status", status), ("headers", headers), ("statusText", statusText)) if v is not None}
                if named:
                    init = JsObject(named)
                code = option(init, "status", 200)
                code = 200 if code is None else int(code)
                if not 200 <= code <= 599:
                    raise js_error(f"RangeError: Responses may only be constructed with status codes in the range 200 to 599, inclusive.")
                items = header_items(option(init, "headers"))
                data, kind = body_bytes(body)
                if data is not None and code in (204, 205, 304):
                    if data == b"" and isinstance(body, Body):
                        data = None
                    else:
                        raise js_error(f"TypeError: Response with null body status ({code}) cannot have a body.")
                result = cls(code, option(init, "statusText", "") or "", JsHeaders(items), data)
                if kind and not result.headers.has("content-type"):
                    result.headers.set("Content-Type", kind)
                return result

            @classmethod
            def redirect(cls, url, status=302):
                return cls(int(status), "", JsHeaders([("Location", str(url))], immutable=True), None)

            @classmethod
            def error(cls):
                gap("Response.error")

            def clone(self):
                return JsResponse(self.status, self.statusText, JsHeaders(self.headers._items), self._body, self.url)


        class JsResponseType(Thing):
            new, redirect, error = JsResponse.new, JsResponse.redirect, JsResponse.error

            def __call__(self, *_, **__):
                raise js_error(
                    "TypeError: Failed to construct 'Response': Please use the 'new' operator, this object constructor cannot be called as a function."
                )

            @staticmethod
            def json(value, init=None):
                result = JsResponse.new(None, init)
                result._body = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
                if not result.headers.has("content-type"):
                    result.headers.set("Content-Type", "application/json")
                return result


        class JsRequest(Message):
            def __init__(self, method, url, headers, body, redirect="follow"):
                self.method, self.url, self.headers, self._body, self.redirect = method, url, headers, body, redirect
                self.bodyUsed = False
                self.cf = JsObject()
                self.signal = None

            @classmethod
            def new(cls, target, init=None, **named):
                if named:
                    init = JsObject(named)
                source = unwrap(target)
                options = unwrap(init)
                base = source if isinstance(source, JsRequest) else None
                url = base.url if base else parse_url(str(source)).href
                given = options if isinstance(options, JsRequest) else None
                method = option(options, "method") or (base.method if base else "GET")
                headers = option(options, "headers")
                items = header_items(headers) if headers is not None else list(base.headers._items) if base else []
                if given is not None:
                    body = given._body
                else:
                    wanted = option(options, "body")
                    body, kind = (base._body, None) if wanted is None and base else body_bytes(wanted)
                    if kind and not any(k.lower() == "content-type" for k, _ in items):
                        items.append(("Content-Type", kind))
                if body is not None and method in ("GET", "HEAD"):
                    raise js_error("TypeError: Request with a GET or HEAD method cannot have a body.")
                redirect = option(options, "redirect") or (base.redirect if base else "follow")
                return cls(method, url, JsHeaders(items), body, redirect)

            def clone(self):
                return JsRequest(self.method, self.url, JsHeaders(self.headers._items), self._body, self.redirect)


        def unwrap(value):
            return value.js_object if isinstance(value, (Request, Response)) else value


        class Constructor(Thing):
            def __init__(self, cls, name):
                self._cls, self._name = cls, name
                self.new = cls.new

            def __call__(self, *_, **__):
                raise js_error(
                    f"TypeError: Failed to construct '{self._name}': Please use the 'new' operator, this object constructor cannot be called as a function."
                )
        """#
}
