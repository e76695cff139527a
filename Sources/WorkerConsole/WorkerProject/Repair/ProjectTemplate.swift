import PythonSource

/// The files of a new project: a Worker that forwards to a backend, with CORS on every response.
package enum ProjectTemplate {
    /// A file of the template.
    package struct File: Sendable, Equatable {
        package let name: String
        package let text: String
    }

    /// - Parameters:
    ///   - name: The Worker's name.
    ///   - date: The compatibility date; what registers depends on it.
    ///   - backend: The URL that requests go to.
    /// - Returns: The wrangler file, the source, and the console's own file.
    package static func files(name: String, date: String, backend: String) -> [File] {
        let flags = self.flags(date: date)
        let quoted = flags.map { "\"\($0)\"" }.joined(separator: ", ")
        return [
            File(
                name: "wrangler.toml",
                text: """
                    name = "\(name)"
                    main = "worker.py"
                    compatibility_date = "\(date)"
                    compatibility_flags = [\(quoted)]

                    [vars]
                    # Where requests go. `.dev.vars` may name another one for this machine.
                    BACKEND_URL = \(ConfigurationValue.quoted(backend))

                    """),
            File(name: "worker.py", text: self.source(date: date)),
            File(
                name: "worker-console.toml",
                text: """
                    # Where the local proxy listens, and the backends that it forwards to.
                    # Every key: docs/user-guide/configuration.md

                    [listen]
                    port = 8787

                    # [backends.local]
                    # url = "http://127.0.0.1:8000"

                    """),
        ]
    }

    /// Those with which the source registers and needs no package.
    static func flags(date: String) -> [String] {
        ["python_workers"] + (date >= "2026-04-21" ? ["disable_python_external_sdk"] : [])
    }

    /// A name that Cloudflare accepts, made of a folder's name.
    package static func name(of folder: String) -> String {
        var name = ""
        for byte in folder.lowercased().utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                name.unicodeScalars.append(Unicode.Scalar(byte))
            default: if !name.isEmpty, !name.hasSuffix("-") { name += "-" }
            }
        }
        while name.hasSuffix("-") { name.removeLast() }
        return name.isEmpty ? "my-worker" : String(name.prefix(54))
    }

    package static func isName(_ name: String) -> Bool { !name.isEmpty && WranglerValidator.isName(name) }
    package static func isDate(_ date: String) -> Bool { EffectiveFlags.isDate(date) && date >= "2024-03-01" }

    private static func source(date: String) -> String {
        let isClass = date >= "2025-08-14"
        let imports = isClass ? "from workers import WorkerEntrypoint\n" : ""
        let handler =
            isClass
            ? """
            class Default(WorkerEntrypoint):
                async def fetch(self, request):
                    return await respond(request.js_object, self.env)

            """
            : """
            async def on_fetch(request, env, ctx):
                return await respond(request, env)

            """
        return """
            \"\"\"Forwards every request to the backend; every response carries CORS headers.\"\"\"

            import traceback

            from js import URL, Object, Request, Response, fetch
            from pyodide.ffi import to_js
            \(imports)
            CORS = {
                "Access-Control-Allow-Origin": "*",
                "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE, OPTIONS",
                "Access-Control-Allow-Headers": "Content-Type, Authorization",
                "Access-Control-Max-Age": "86400",
            }


            def with_cors(response):
                # The headers of a fetched response cannot be changed; those of a copy can.
                copy = Response.new(response.body, response)
                for name, value in CORS.items():
                    copy.headers.set(name, value)
                return copy


            def plain(text, status):
                options = to_js({"status": status}, dict_converter=Object.fromEntries)
                return with_cors(Response.new(text, options))


            async def forward(request, backend):
                url = URL.new(request.url)
                return with_cors(await fetch(Request.new(backend + url.pathname + url.search, request)))


            async def respond(request, env):
                try:
                    if request.method == "OPTIONS":
                        return plain(None, 204)
                    return await forward(request, str(env.BACKEND_URL))
                except Exception:
                    traceback.print_exc()
                    return plain("Internal Server Error", 500)


            \(handler)
            """
    }
}
