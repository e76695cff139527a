extension ParityScript {
    /// URLs and their parameters.
    static let urls = #"""
        # URLs, as the URL standard reads those of http.

        SAFE_PATH = "!$&'()*+,-./:;=@_~%[]|^"
        SAFE_QUERY = "!$&()*+,-./:;=?@_~%[]\\^`{|}"


        def quoted(text, safe):
            return urllib.parse.quote(text.encode("utf-8", "surrogateescape"), safe=safe)


        def dots(path):
            out = []
            parts = path.replace("\\", "/").split("/")
            for index, part in enumerate(parts):
                plain = part.lower().replace("%2e", ".")
                last = index == len(parts) - 1
                if plain == "..":
                    if len(out) > 1:
                        out.pop()
                    if last:
                        out.append("")
                elif plain == ".":
                    if last:
                        out.append("")
                else:
                    out.append(part)
            return "/".join(out) or "/"


        class JsSearchParams(Thing):
            def __init__(self, text="", owner=None):
                self._pairs = urllib.parse.parse_qsl(text.removeprefix("?"), keep_blank_values=True)
                self._owner = owner

            @classmethod
            def new(cls, init=""):
                if isinstance(init, str):
                    return cls(init)
                made = cls()
                made._pairs = [(str(k), scalar(v)) for k, v in (init.items() if isinstance(init, dict) else init)]
                return made

            def _changed(self):
                if self._owner is not None:
                    text = str(self)
                    self._owner.search = "?" + text if text else ""

            def get(self, name):
                return next((v for k, v in self._pairs if k == name), None)

            def getAll(self, name):
                return [v for k, v in self._pairs if k == name]

            def has(self, name):
                return any(k == name for k, _ in self._pairs)

            def set(self, name, value):
                at = next((i for i, (k, _) in enumerate(self._pairs) if k == name), None)
                rest = [(k, v) for i, (k, v) in enumerate(self._pairs) if k != name or i == at]
                self._pairs = [(k, scalar(value)) if k == name else (k, v) for k, v in rest]
                if at is None:
                    self._pairs.append((name, scalar(value)))
                self._changed()

            def append(self, name, value):
                self._pairs.append((name, scalar(value)))
                self._changed()

            def delete(self, name):
                self._pairs = [(k, v) for k, v in self._pairs if k != name]
                self._changed()

            entries = items = lambda self: iter(list(self._pairs))
            __iter__ = lambda self: iter(list(self._pairs))
            keys = lambda self: (k for k, _ in self._pairs)

            def __str__(self):
                return urllib.parse.urlencode(self._pairs)

            toString = __str__


        class JsURL(Thing):
            @classmethod
            def new(cls, text, base=None):
                text = str(unwrap(text))
                return parse_url(urllib.parse.urljoin(str(base), text) if base is not None else text)

            @property
            def host(self):
                return self.hostname + (":" + self.port if self.port else "")

            @property
            def origin(self):
                return f"{self.protocol}//{self.host}"

            @property
            def href(self):
                return f"{self.origin}{self.pathname}{self.search}{self.hash}"

            @property
            def searchParams(self):
                return JsSearchParams(self.search, self)

            def toString(self):
                return self.href

            __str__ = toString


        def parse_url(text):
            text = text.strip()
            match = re.match(r"(https?):[/\\]*([^/?#\\]*)([^?#]*)(\?[^#]*)?(#.*)?\Z", text, re.I | re.S)
            if not match or not match[2]:
                raise js_error("TypeError: Invalid URL string.")
            url = JsURL()
            scheme, place = match[1].lower(), match[2].rpartition("@")[2]
            host, _, port = place.rpartition(":") if re.search(r":\d*\Z", place) else (place, "", "")
            url.protocol = scheme + ":"
            url.hostname = host.lower()
            url.port = "" if port == {"http": "80", "https": "443"}[scheme] else port
            url.username = url.password = ""
            url.pathname = quoted(dots(match[3] or "/"), SAFE_PATH)
            search = match[4] or ""
            url.search = "?" + quoted(search[1:], SAFE_QUERY) if len(search) > 1 else ""
            url.hash = match[5] or ""
            return url
        """#
}
