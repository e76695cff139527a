/// Calls, and what the functions of the runtime do.
extension PythonEvaluator {
    func call(
        _ callee: PythonExpression, _ arguments: [PythonArgument], in scope: PythonScope
    ) throws(PythonRaise) -> PythonValue {
        let function = try self.value(of: callee, in: scope)
        let place = self.lastPlace
        var given = CallArguments()
        for argument in arguments {
            let value = try self.value(of: argument.value, in: scope)
            if let keyword = argument.keyword {
                if keyword == "**" { given.isOpen = true } else { given.keywords[keyword] = value }
            } else if case .starred = argument.value.bare {
                given.isOpen = true
            } else {
                given.positional.append(value)
            }
        }
        self.lastPlace = place
        // `__all__.append(…)` and the like.
        if case .attribute(let owner, let method) = callee.bare, case .name("__all__") = owner.bare,
            ["append", "extend", "remove", "insert", "clear"].contains(method)
        {
            scope.names["__all__"] = .unknown
        }
        return try self.invoke(function, with: given, in: scope, at: place)
    }

    func invoke(
        _ callee: PythonValue, with arguments: CallArguments, in scope: PythonScope, at place: SourcePlace?
    ) throws(PythonRaise) -> PythonValue {
        switch callee {
        case .function(let function): return try self.call(function, with: arguments, at: place)
        case .classObject(let type): return try self.construct(type, with: arguments, at: place)
        case .external(let path): return try self.callExternal(path, arguments, in: scope, at: place)
        case .sdkBase: return .opaque
        case .none, .text, .number, .boolean, .dictionary, .list, .bytes, .module, .response, .fetched, .coroutine,
            .request, .environment:
            throw self.raise("TypeError", "this object is not callable", at: place)
        case .instance(let object):
            self.count(object.type.extent)
            if let owner = object.type.owner(of: "__call__"),
                case .function(let function)? = owner.attributes["__call__"]
            {
                return try self.call(function.binding(.instance(object)), with: arguments, at: place)
            }
            return .unknown
        case .unknown, .either:
            self.doubt("a call that cannot be followed", at: place)
            return .unknown
        default: return .opaque
        }
    }

    private func callExternal(
        _ path: String, _ arguments: CallArguments, in scope: PythonScope, at place: SourcePlace?
    ) throws(PythonRaise) -> PythonValue {
        let first = arguments.positional.first
        switch path {
        case "workers.Response": return try self.makeResponse(arguments, at: place)
        case "workers.Response.json", "workers.Response.from_json", "workers.Response.redirect":
            return .response(status: nil)
        case "workers.fetch", "js.fetch":
            if self.phase == .start { self.doubt("a fetch at start", at: place) }
            for argument in arguments.positional.dropFirst() {
                try self.checkOptions(argument, isResponse: false, at: place)
            }
            if path == "js.fetch", case .request? = first, self.flags.hasNoGlobalHandlers,
                arguments.positional.count == 1
            {
                self.doubt("the request of the SDK is given to the JavaScript fetch", at: place)
            }
            return path == "js.fetch" ? .promise(.fetched) : .coroutine(.response(status: nil))
        case "js.Response":
            throw self.raise(
                "JsException",
                "TypeError: Failed to construct 'Response': Please use the 'new' operator, this object constructor "
                    + "cannot be called as a function.", at: place)
        case "js.Response.new":
            if arguments.positional.count > 1 {
                try self.checkOptions(arguments.positional[1], isResponse: true, at: place)
            }
            if case .dictionary? = arguments.keywords["headers"] {
                self.doubt("Response.new with a dict as headers", at: place)
            }
            return .response(status: self.status(in: arguments))
        case "immutable.set", "immutable.append", "immutable.delete":
            throw self.raise("JsException", "TypeError: Can't modify immutable headers.", at: place)
        case "types.new_class": return try self.makeClass(arguments, at: place, isBodyOpen: true)
        case "asgi.entrypoint", "workers.asgi.entrypoint", "vendored.asgi.entrypoint":
            return try self.applicationClass(at: place)
        case "super.__init__":
            if case .instance(let object)? = scope.names["self"] ?? self.firstParameter(in: scope) {
                self.giveEnvironment(to: object)
            }
            return .none
        default: break
        }
        if path.hasPrefix("builtins.") {
            return try self.callBuiltin(String(path.dropFirst(9)), arguments, in: scope, at: place)
        }
        if path.hasPrefix("js."), !path.hasSuffix(".new"), path.split(separator: ".").count == 2,
            let letter = path.dropFirst(3).first, letter.isUppercase,
            ![
                "js.Object", "js.String", "js.Number", "js.Boolean", "js.Array", "js.Date", "js.Error", "js.Symbol",
                "js.BigInt", "js.RegExp", "js.Function", "js.TypeError",
            ].contains(path)
        {
            throw self.raise(
                "JsException",
                "TypeError: Failed to construct '\(path.dropFirst(3))': Please use the 'new' operator, this object "
                    + "constructor cannot be called as a function.", at: place)
        }
        if self.phase == .start, PythonKnowledge.needsEntropy(path) {
            throw self.raise("RuntimeError", "Cannot use \(path)() outside of request context", at: place)
        }
        if self.phase == .start, path == "random.Random", first == nil {
            throw self.raise(
                "RuntimeError", "Cannot use random.Random() without a seed outside of request context", at: place)
        }
        return self.externalResult(path, arguments, at: place)
    }

    private func firstParameter(in scope: PythonScope) -> PythonValue? {
        self.count(scope.names.count)
        return scope.names.values.first { if case .instance = $0 { true } else { false } }
    }

    private func externalResult(_ path: String, _ arguments: CallArguments, at place: SourcePlace?) -> PythonValue {
        let top = path.split(separator: ".").first.map(String.init) ?? path
        switch top {
        case "text":
            return ["text.split", "text.splitlines", "text.partition", "text.encode"].contains(path)
                ? .opaque : .text(nil)
        case "dict", "list", "super": return .opaque
        case "vendored": return .opaque
        case "js":
            if self.phase == .start, !path.hasSuffix(".new"), !path.hasPrefix("js.Object."),
                !path.hasPrefix("js.JSON."),
                !path.hasPrefix("js.console.")
            {
                self.doubt("\(path) is called at start", at: place)
            }
            return .opaque
        case "asyncio":
            if self.phase == .request, !path.hasSuffix(".run") { return path == "asyncio.Lock" ? .opaque : .unknown }
            if ["asyncio.Lock", "asyncio.Queue", "asyncio.Event", "asyncio.Semaphore"].contains(path) {
                return .opaque
            }
            self.doubt("\(path) is called", at: place)
            return .unknown
        case "os":
            if ["os.environ.get", "os.getenv"].contains(path) || path.hasPrefix("os.path.") { return .opaque }
        case "random", "secrets", "uuid":
            return .opaque
        case "sys":
            if path == "sys.exit" { self.doubt("sys.exit is called", at: place) }
            if path.hasPrefix("sys.path.") || path.hasPrefix("sys.std") { return .opaque }
        case "threading":
            if ["threading.Lock", "threading.RLock", "threading.local", "threading.Event"].contains(path) {
                return .opaque
            }
        default:
            let isSafe = PythonKnowledge.safeModules.contains(top)
            let isRisky = PythonKnowledge.unsafeCalls.contains { path == $0 || path.hasPrefix($0 + ".") }
            if isSafe && !isRisky {
                // Decorator factories are told from decorators by this mark.
                return path.hasPrefix("functools.") || path.hasPrefix("dataclasses.dataclass")
                    ? .external(path + "()") : .opaque
            }
        }
        self.doubt("what \(path)() does is not known here", at: place)
        return .unknown
    }

    // MARK: - Responses

    private func status(in arguments: CallArguments) -> Int? {
        if case .number(let status)? = arguments.keywords["status"] { return status }
        guard arguments.positional.count > 1 else { return arguments.isOpen ? nil : 200 }
        switch arguments.positional[1] {
        case .number(let status): return status
        case .dictionary(let entries?):
            if case .number(let status)? = entries["status"] { return status }
            return entries["status"] == nil ? 200 : nil
        default: return nil
        }
    }

    /// A dict that is nested in the options of a JavaScript call is no JavaScript object.
    private func checkOptions(_ value: PythonValue, isResponse: Bool, at place: SourcePlace?) throws(PythonRaise) {
        guard case .dictionary(let entries) = value else {
            if case .either = value { self.doubt("unknown options", at: place) }
            if case .unknown = value { self.doubt("unknown options", at: place) }
            return
        }
        guard let entries else { return self.doubt("the options of a JavaScript call are not known", at: place) }
        switch entries["headers"] {
        case .dictionary?:
            guard isResponse else { return self.doubt("a nested dict in the options of fetch", at: place) }
            var error = self.raise(
                "TypeError", "Incorrect type: the provided value is not of type 'Sequence'.", at: place)
            // The runtime ends the isolate; no `except` sees it.
            error.isCatchable = false
            throw error
        case .unknown?, .either?: self.doubt("unknown headers", at: place)
        default: break
        }
    }

    /// `workers.Response(body, status, status_text, headers, web_socket)` and the types that it takes.
    private func makeResponse(_ arguments: CallArguments, at place: SourcePlace?) throws(PythonRaise) -> PythonValue {
        let names = ["body", "status", "status_text", "headers", "web_socket"]
        if let extra = arguments.keywords.keys.sorted().first(where: { !names.contains($0) }) {
            throw self.raise(
                "TypeError", "Response.__init__() got an unexpected keyword argument '\(extra)'", at: place)
        }
        if arguments.positional.count > names.count {
            throw self.raise("TypeError", "Response.__init__() takes from 1 to 6 positional arguments", at: place)
        }
        let body = arguments.positional.first ?? arguments.keywords["body"] ?? .none
        let typeName: String? =
            switch body {
            case .dictionary: "dict"
            case .list: "list"
            case .number: "int"
            case .boolean: "bool"
            case .coroutine: "coroutine"
            case .generator: "generator"
            case .function: "function"
            default: nil
            }
        if let typeName { throw self.raise("TypeError", "Unsupported type in Response: \(typeName)", at: place) }
        switch body {
        case .fetched where !arguments.keywords.isEmpty || arguments.positional.count > 1:
            throw self.raise(
                "ValueError", "Expected no options when constructing Response from a js.Response", at: place)
        case .opaque, .text, .none, .bytes, .fetched: break
        default: self.doubt("the body of a Response is not known", at: place)
        }
        if arguments.positional.count > 1, case .dictionary = arguments.positional[1] {
            self.doubt("a dict as the status of a Response", at: place)
        }
        return .response(status: self.status(in: arguments))
    }

    // MARK: - Built-in functions

    private func callBuiltin(
        _ name: String, _ arguments: CallArguments, in scope: PythonScope, at place: SourcePlace?
    ) throws(PythonRaise) -> PythonValue {
        let values = arguments.positional
        switch name {
        case "print": return .none
        case "str", "repr", "ascii", "chr", "hex", "oct", "bin", "format", "input":
            if name == "input" { self.doubt("input() is called", at: place) }
            return .text(nil)
        case "int", "len", "hash", "ord", "abs", "round", "sum", "id", "float", "pow":
            if name == "int" || name == "float", case .text? = values.first {
                self.doubt("a text is read as a number", at: place)
            }
            return .number(nil)
        case "bool", "isinstance", "issubclass", "callable", "any", "all", "hasattr":
            if name == "hasattr", values.count == 2, case .environment = values[0], case .text(let key?) = values[1] {
                return .boolean(self.environment.names.contains(key) ? true : self.environment.isComplete ? false : nil)
            }
            return .boolean(nil)
        case "dict":
            return values.isEmpty && !arguments.isOpen ? self.shallow(.dictionary(arguments.keywords)) : .opaque
        case "list", "tuple", "set", "frozenset", "sorted", "reversed": return .list(nil)
        case "bytes", "bytearray": return .bytes
        case "globals": return .globals(self.module)
        case "super":
            if case .instance(let object)? = scope.names["self"] ?? self.firstParameter(in: scope) {
                return .superProxy(object)
            }
            return .unknown
        case "getattr": return try self.getAttribute(values, at: place)
        case "setattr":
            if values.count == 3, case .text(let key?) = values[1] {
                switch values[0] {
                case .classObject(let type):
                    if key == "__name__" {
                        if case .text(let text?) = values[2] { type.name = text } else { type.name = nil }
                    } else {
                        type.attributes[key] = values[2]
                        if key == "__init__" { type.isKnown = false }
                    }
                    return .none
                case .module(let module):
                    module.scope.names[key] = values[2]
                    return .none
                case .instance(let object):
                    object.attributes[key] = values[2]
                    return .none
                default: break
                }
            }
            self.makeNamesUnknown("setattr is used on something that is not known", at: place)
            return .none
        case "exec", "eval", "compile", "__import__", "delattr", "vars", "locals":
            self.makeNamesUnknown("\(name) is used", at: place)
            return .unknown
        case "type":
            if values.count == 3 || arguments.isOpen { return try self.makeClass(arguments, at: place) }
            // The type of a class makes classes like `type` does.
            switch values.first {
            case .classObject?, .sdkBase?: return .external("builtins.type")
            default: return .opaque
            }
        case "open":
            self.doubt("a file is opened", at: place)
            return .opaque
        case "exit", "quit", "breakpoint":
            self.doubt("\(name)() is called", at: place)
            return .unknown
        case "next", "iter", "aiter", "anext": return .unknown
        case "map", "filter", "zip", "enumerate", "range", "slice", "min", "max", "object", "memoryview", "complex",
            "property", "staticmethod", "classmethod", "dir", "help", "divmod":
            return .opaque
        default:
            // An exception that is made and not raised.
            return name.first?.isUppercase == true ? .exception(self.raise(name, "", at: place)) : .opaque
        }
    }

    private func makeNamesUnknown(_ why: String, at place: SourcePlace?) {
        if self.phase == .start { self.module.scope.hasUnknownNames = true }
        self.doubt(why, at: place)
    }

    private func getAttribute(_ values: [PythonValue], at place: SourcePlace?) throws(PythonRaise) -> PythonValue {
        guard values.count >= 2, case .text(let name?) = values[1] else { return .unknown }
        guard values.count == 3 else { return try self.attribute(name, of: values[0]) }
        if case .environment = values[0] {
            if self.environment.names.contains(name) { return .opaque }
            return self.environment.isComplete ? values[2] : .opaque
        }
        do { return try self.attribute(name, of: values[0]) } catch {
            if error.lineage.contains("AttributeError") { return values[2] }
            throw error
        }
    }
}
