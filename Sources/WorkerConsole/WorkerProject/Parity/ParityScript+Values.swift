extension ParityScript {
    /// What stands in for values of JavaScript: objects, header fields, bodies.
    static let values = #"""
        import asyncio, base64, http.client, importlib.abc, importlib.machinery, io, json, os, random, re, resource
        import socket, subprocess, sys, traceback, types, urllib.parse, _posixsubprocess

        JOB = json.loads(sys.stdin.buffer.read())
        REPORT = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.stdout = sys.stderr = open(os.devnull, "w")
        PORT = JOB["port"]
        os.chdir(JOB["folder"])
        GAPS = []


        class Unsupported(BaseException):
            """The code uses what these stand-ins lack; no `except Exception` of the Worker's hides it."""


        def gap(name):
            GAPS.append(name)
            raise Unsupported(name)


        class JsException(Exception):
            pass


        def js_error(text):
            return JsException(text)


        class Thing:
            """A JavaScript object of which only some members are known here."""

            def __getattr__(self, name):
                if name.startswith("__"):
                    raise AttributeError(name)
                gap(f"{type(self).__name__.removeprefix('Js')}.{name}")


        class JsObject(dict):
            """What to_js with Object.fromEntries makes of a dict."""

            def __getattr__(self, name):
                if name.startswith("__"):
                    raise AttributeError(name)
                return self.get(name)


        class JsMap(dict):
            pass


        def to_js(value, *, dict_converter=None, depth=-1, **_):
            if isinstance(value, dict) and not isinstance(value, (JsObject, JsMap)):
                items = {k: to_js(v, dict_converter=dict_converter) for k, v in value.items()}
                return JsMap(items) if dict_converter is None else JsObject(items)
            if isinstance(value, (list, tuple)):
                return [to_js(v, dict_converter=dict_converter) for v in value]
            return value


        def scalar(value):
            """A text as JavaScript makes it of a value."""
            if value is None:
                return "null"
            if isinstance(value, bool):
                return "true" if value else "false"
            return str(value)


        TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")


        class JsHeaders(Thing):
            def __init__(self, items=(), immutable=False):
                self._items = [(str(k), str(v)) for k, v in items]
                self._immutable = immutable

            @classmethod
            def new(cls, init=None):
                return cls(header_items(init))

            def _change(self, name=None):
                if self._immutable:
                    raise js_error("TypeError: Can't modify immutable headers.")
                if name is not None and not TOKEN.match(name):
                    raise js_error("TypeError: Invalid header name.")

            def get(self, name):
                found = [v for k, v in self._items if k.lower() == str(name).lower()]
                return ", ".join(found) if found else None

            def has(self, name):
                return any(k.lower() == str(name).lower() for k, _ in self._items)

            def set(self, name, value):
                self._change(str(name))
                at = [i for i, (k, _) in enumerate(self._items) if k.lower() == str(name).lower()]
                if at:
                    self._items[at[0]] = (self._items[at[0]][0], scalar(value).strip())
                    for i in reversed(at[1:]):
                        del self._items[i]
                else:
                    self._items.append((str(name), scalar(value).strip()))

            def append(self, name, value):
                self._change(str(name))
                self._items.append((str(name), scalar(value).strip()))

            def delete(self, name):
                self._change()
                self._items = [(k, v) for k, v in self._items if k.lower() != str(name).lower()]

            def _joined(self):
                names = {}
                for k, v in self._items:
                    if k.lower() == "set-cookie":
                        continue
                    names[k.lower()] = names[k.lower()] + ", " + v if k.lower() in names else v
                pairs = list(names.items()) + [("set-cookie", v) for k, v in self._items if k.lower() == "set-cookie"]
                return sorted(pairs, key=lambda pair: pair[0])

            def getSetCookie(self):
                return [v for k, v in self._items if k.lower() == "set-cookie"]

            getAll = lambda self, name: [v for k, v in self._items if k.lower() == str(name).lower()]
            entries = items = lambda self: iter(self._joined())
            keys = lambda self: (k for k, _ in self._joined())
            values = lambda self: (v for _, v in self._joined())
            __iter__ = lambda self: iter(self._joined())


        def header_items(init):
            if init is None:
                return []
            if isinstance(init, JsHeaders):
                return list(init._items)
            if isinstance(init, Headers):
                return list(init._js._items)
            if isinstance(init, JsMap) or isinstance(init, (list, tuple)):
                return [(k, v) for k, v in (init.items() if isinstance(init, JsMap) else init)]
            if isinstance(init, JsObject):
                return [(k, scalar(v)) for k, v in init.items()]
            if isinstance(init, dict):
                # A Python dict is no JavaScript object.
                raise TypeError("Incorrect type: the provided value is not of type 'Sequence'.")
            gap(f"headers of {type(init).__name__}")


        class Body(Thing):
            """Bytes that are read once."""

            def __init__(self, data):
                self._data = data


        def body_bytes(body):
            """The bytes of a body, and the media type that comes with it."""
            if body is None:
                return None, None
            if isinstance(body, Body):
                return body._data, None
            if isinstance(body, str):
                return body.encode("utf-8", "replace"), "text/plain;charset=UTF-8"
            if isinstance(body, (bytes, bytearray, memoryview)):
                return bytes(body), None
            if isinstance(body, JsSearchParams):
                return str(body).encode(), "application/x-www-form-urlencoded;charset=UTF-8"
            if isinstance(body, (int, float, bool)):
                return scalar(body).encode(), "text/plain;charset=UTF-8"
            gap(f"a body of {type(body).__name__}")


        def option(init, name, default=None):
            if init is None or isinstance(init, JsMap):
                return default
            if isinstance(init, dict):
                value = init.get(name, default)
                if type(init) is dict and isinstance(value, dict) and not isinstance(value, (JsObject, JsMap)):
                    raise TypeError("Incorrect type: the provided value is not of type 'Sequence'.")
                return value
            if isinstance(init, (JsResponse, JsRequest)):
                return getattr(init, name)
            if isinstance(init, types.SimpleNamespace):
                return getattr(init, name, default)
            gap(f"options of {type(init).__name__}")
        """#
}
