/// What the runtime has: modules, names, and what each does at the start of a Worker.
enum PythonKnowledge {
    /// Modules of the standard library that Pyodide has and that work at start.
    static let modules: Set<String> = [
        "__future__", "abc", "argparse", "array", "ast", "asyncio", "atexit", "base64", "bdb", "binascii", "bisect",
        "builtins", "bz2", "calendar", "cmath", "cmd", "code", "codecs", "codeop", "collections", "colorsys",
        "concurrent", "configparser", "contextlib", "contextvars", "copy", "copyreg", "csv", "dataclasses", "datetime",
        "decimal", "difflib", "dis", "doctest", "email", "encodings", "enum", "errno", "faulthandler", "filecmp",
        "fileinput", "fnmatch", "fractions", "functools", "gc", "genericpath", "getopt", "getpass", "gettext", "glob",
        "graphlib", "gzip", "hashlib", "heapq", "hmac", "html", "http", "importlib", "inspect", "io", "ipaddress",
        "itertools", "json", "keyword", "linecache", "locale", "logging", "marshal", "math", "mimetypes", "numbers",
        "opcode", "operator", "optparse", "os", "pathlib", "pickle", "pickletools", "pkgutil", "platform", "plistlib",
        "posixpath", "ntpath", "pprint", "queue", "quopri", "random", "re", "reprlib", "runpy", "sched", "secrets",
        "selectors", "select", "shelve", "shlex", "shutil", "signal", "site", "socket", "stat", "statistics", "string",
        "stringprep", "struct", "symtable", "sys", "sysconfig", "tempfile", "textwrap", "threading", "time", "timeit",
        "token", "tokenize", "tomllib", "trace", "traceback", "types", "typing", "unicodedata", "unittest", "urllib",
        "uuid", "warnings", "wave", "weakref", "xml", "xmlrpc", "zipfile", "zipimport", "zlib", "zoneinfo",
        "subprocess",
        "multiprocessing", "ftplib", "imaplib", "poplib", "smtplib", "socketserver", "wsgiref", "ctypes", "compileall",
    ]
    /// In the standard library, and not surely in the runtime.
    static let doubtfulModules: Set<String> = [
        "aifc", "antigravity", "asynchat", "asyncore", "audioop", "cProfile", "cgi", "cgitb", "chunk", "crypt",
        "curses",
        "dbm", "distutils", "ensurepip", "fcntl", "grp", "idlelib", "imghdr", "imp", "lib2to3", "lzma", "mailbox",
        "mailcap", "mmap", "modulefinder", "msilib", "msvcrt", "netrc", "nis", "nntplib", "nt", "nturl2path",
        "ossaudiodev", "pdb", "pipes", "posix", "profile", "pstats", "pty", "pwd", "py_compile", "pyclbr", "pydoc",
        "pydoc_data", "pyexpat", "readline", "resource", "rlcompleter", "smtpd", "sndhdr", "spwd", "sqlite3",
        "sre_compile", "sre_constants", "sre_parse", "ssl", "sunau", "syslog", "tabnanny", "tarfile", "telnetlib",
        "termios", "this", "tkinter", "tracemalloc", "tty", "turtle", "turtledemo", "uu", "venv", "webbrowser",
        "winreg",
        "winsound", "xdrlib", "zipapp", "micropip", "compression", "annotationlib", "_pyodide",
    ]
    static let runtimeModules: Set<String> = [
        "js", "pyodide", "pyodide_js", "_pyodide_core", "_cloudflare_compat_flags", "_pyodide_entrypoint_helper",
    ]
    /// Names of the module `workers` as the runtime brings it.
    static let sdkNames: Set<String> = [
        "Blob", "BlobEnding", "BlobValue", "Body", "Context", "DurableObject", "FetchKwargs", "FetchResponse", "File",
        "FormData", "FormDataValue", "Headers", "JSBody", "Request", "RequestInitCfProperties", "Response",
        "WorkerEntrypoint", "WorkflowEntrypoint", "env", "fetch", "handler", "import_from_javascript", "patch_env",
        "python_from_rpc", "python_to_rpc", "waitUntil",
    ]
    static let sdkBases: Set<String> = ["WorkerEntrypoint", "DurableObject", "WorkflowEntrypoint"]
    /// Globals of JavaScript in a Worker.
    static let scriptNames: Set<String> = [
        "AbortController", "AbortSignal", "Array", "ArrayBuffer", "BigInt", "Blob", "Boolean",
        "ByteLengthQueuingStrategy",
        "CompressionStream", "CountQueuingStrategy", "CryptoKey", "DOMException", "DataView", "Date",
        "DecompressionStream", "Error", "Event", "EventSource", "EventTarget", "ExtendableEvent", "FetchEvent", "File",
        "FixedLengthStream", "Float32Array", "Float64Array", "FormData", "Function", "HTMLRewriter", "Headers",
        "IdentityTransformStream", "Int8Array", "Int16Array", "Int32Array", "Intl", "JSON", "Map", "Math",
        "MessageEvent",
        "Number", "Object", "Promise", "Proxy", "ReadableStream", "Reflect", "RegExp", "Request", "Response", "Set",
        "String", "Symbol", "TextDecoder", "TextDecoderStream", "TextEncoder", "TextEncoderStream", "TransformStream",
        "TypeError", "URL", "URLPattern", "URLSearchParams", "Uint8Array", "Uint8ClampedArray", "Uint16Array",
        "Uint32Array", "WeakMap", "WeakSet", "WebAssembly", "WebSocket", "WebSocketPair", "WritableStream", "atob",
        "btoa", "caches", "clearInterval", "clearTimeout", "console", "crypto", "decodeURIComponent",
        "encodeURIComponent",
        "fetch", "globalThis", "navigator", "performance", "queueMicrotask", "scheduler", "self", "setInterval",
        "setTimeout", "structuredClone",
    ]
    /// Modules whose functions are taken to do what they say, at start too.
    static let safeModules: Set<String> = [
        "abc", "argparse", "array", "base64", "binascii", "bisect", "calendar", "collections", "colorsys", "contextlib",
        "contextvars", "copy", "csv", "dataclasses", "datetime", "decimal", "difflib", "enum", "fnmatch", "fractions",
        "functools", "hashlib", "heapq", "hmac", "html", "http", "inspect", "io", "ipaddress", "itertools", "json",
        "logging", "math", "mimetypes", "numbers", "operator", "pathlib", "pprint", "queue", "re", "statistics",
        "string",
        "struct", "textwrap", "time", "traceback", "types", "typing", "unicodedata", "urllib", "warnings", "weakref",
        "zlib", "zoneinfo", "platform", "locale", "gettext", "builtins", "pyodide", "workers",
    ]
    /// Calls of safe modules that are not: they read files, wait, or reach the network.
    static let unsafeCalls: Set<String> = [
        "urllib.request", "http.client", "http.server", "io.open", "time.sleep", "logging.FileHandler",
        "logging.config",
        "pyodide.code", "pyodide.http", "csv.unknown", "workers.import_from_javascript", "workers.fetch",
    ]
    /// Calls that need entropy, which there is none of before the first request (workerd, `topLevelEntropy`).
    static func needsEntropy(_ path: String) -> Bool {
        if path.hasPrefix("secrets.") { return !["secrets.compare_digest"].contains(path) }
        if path.hasPrefix("random.") {
            return !["random.Random", "random.SystemRandom"].contains(path)
        }
        return ["os.urandom", "os.getrandom", "uuid.uuid4", "uuid.uuid1"].contains(path)
    }

    static let builtins: Set<String> = Set(
        """
        ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError \
        BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError \
        ConnectionResetError DeprecationWarning EOFError Ellipsis EncodingWarning EnvironmentError Exception \
        ExceptionGroup FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError \
        ImportError ImportWarning IndentationError IndexError InterruptedError IsADirectoryError KeyError \
        KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError NotImplemented \
        NotImplementedError OSError OverflowError PendingDeprecationWarning PermissionError ProcessLookupError \
        PythonFinalizationError RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration \
        StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError TypeError \
        UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning \
        UserWarning ValueError Warning ZeroDivisionError __build_class__ __debug__ __doc__ __import__ __loader__ \
        __package__ __spec__ __file__ __builtins__ __annotations__ __path__ __cached__ abs aiter all anext any ascii bin \
        bool breakpoint bytearray bytes callable chr classmethod compile complex delattr dict dir divmod enumerate eval \
        exec filter float format frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter \
        len list locals map max memoryview min next object oct open ord pow print property quit exit range repr reversed \
        round set setattr slice sorted staticmethod str sum super tuple type vars zip copyright credits license
        """.split(separator: " ").map(String.init))

    /// The names of a built-in exception and of what stands above it.
    static func lineage(of name: String) -> [String] {
        let parents = [
            "ModuleNotFoundError": "ImportError", "UnboundLocalError": "NameError", "KeyError": "LookupError",
            "IndexError": "LookupError", "FileNotFoundError": "OSError", "ZeroDivisionError": "ArithmeticError",
            "RecursionError": "RuntimeError", "NotImplementedError": "RuntimeError", "PermissionError": "OSError",
            "TimeoutError": "OSError", "ConnectionError": "OSError", "UnicodeError": "ValueError",
            "UnicodeDecodeError": "UnicodeError", "UnicodeEncodeError": "UnicodeError", "IOError": "OSError",
            "OverflowError": "ArithmeticError", "JsException": "Exception", "SystemExit": "BaseException",
            "KeyboardInterrupt": "BaseException", "GeneratorExit": "BaseException",
        ]
        var lineage = [name]
        var current = name
        while let parent = parents[current] {
            lineage.append(parent)
            current = parent
        }
        if !["BaseException"].contains(current) {
            if current != "Exception" { lineage.append("Exception") }
            lineage.append("BaseException")
        }
        return lineage
    }
}
