/// Functions, classes and what is done with decorators.
extension PythonEvaluator {
    func define(_ function: PythonFunction, in scope: PythonScope) throws(PythonRaise) {
        var decorators: [PythonValue] = []
        for decorator in function.decorators { decorators.append(try self.value(of: decorator, in: scope)) }
        for parameter in function.parameters {
            if let standard = parameter.standard { _ = try self.value(of: standard, in: scope) }
        }
        if self.flags.pythonMinor < 14 && !self.module.postponesAnnotations {
            for annotation in function.parameters.compactMap(\.annotation) + [function.returns].compactMap({ $0 }) {
                _ = try self.value(of: annotation, in: scope)
            }
        }
        var value = PythonValue.function(FunctionObject(function, scope: scope, module: self.module))
        for decorator in decorators.reversed() { value = try self.decorated(value, by: decorator, at: function.place) }
        self.bind(function.name, to: value, in: scope, at: function.place)
    }

    /// Decorators that give the function back as it is, or as good as that.
    private static let transparent: Set<String> = [
        "builtins.staticmethod", "builtins.classmethod", "builtins.property", "abc.abstractmethod", "typing.override",
        "typing.final", "typing.overload", "typing.no_type_check", "workers.handler", "functools.wraps()",
        "functools.cache", "functools.lru_cache", "functools.lru_cache()", "dataclasses.dataclass",
        "dataclasses.dataclass()", "functools.total_ordering", "typing.runtime_checkable", "enum.unique",
    ]

    private func decorated(
        _ value: PythonValue, by decorator: PythonValue, at place: SourcePlace
    ) throws(PythonRaise) -> PythonValue {
        switch decorator {
        case .external(let path) where Self.transparent.contains(path):
            if path.hasPrefix("dataclasses."), case .classObject(let type) = value { type.isKnown = false }
            if path == "workers.handler" || path.hasPrefix("functools.") && !path.hasPrefix("functools.wraps") {
                return value
            }
            return value
        case .function(let function): return try self.call(function, with: CallArguments([value]), at: place)
        case .opaque, .external:
            // A route of a framework, for example: it gives something callable back.
            if case .classObject(let type) = value {
                type.isKnown = false
                return value
            }
            return .unknown
        default:
            if case .classObject(let type) = value { type.isKnown = false }
            self.doubt("a decorator that cannot be followed", at: place)
            return .unknown
        }
    }

    func define(_ definition: PythonClass, in scope: PythonScope) throws(PythonRaise) {
        var decorators: [PythonValue] = []
        for decorator in definition.decorators { decorators.append(try self.value(of: decorator, in: scope)) }
        var bases: [PythonValue] = []
        var isKnown = true
        for argument in definition.arguments {
            let value = try self.value(of: argument.value, in: scope)
            if argument.keyword == nil {
                if case .starred = argument.value.bare { isKnown = false }
                bases.append(value)
                switch value {
                case .text, .number, .none, .dictionary, .function, .boolean, .bytes, .response:
                    throw self.raise(
                        "TypeError", "a base of class \(definition.name) is no class", at: definition.place)
                default: break
                }
            } else if argument.keyword == "metaclass" || argument.keyword == "**" {
                isKnown = false
            }
        }
        let spot = "\(self.module.file):\(definition.place)"
        let type = self.objects.type(name: definition.name, place: spot, bases: bases)
        self.count(type.extent)
        type.isKnown = isKnown
        let body = self.objects.scope(parent: scope)
        body.names["__module__"] = .text(self.module.name)
        body.names["__qualname__"] = .text(definition.name)
        let marks = Self.marks(in: definition.body)
        _ = try self.run(definition.body, in: body)
        body.names["__module__"] = nil
        body.names["__qualname__"] = nil
        type.attributes = body.names
        type.marks = marks
        // Methods see the names around the class, not those in it.
        for (name, value) in body.names {
            if case .function(let function) = value, function.scope === body {
                type.attributes[name] = .function(
                    FunctionObject(function.definition, scope: scope, module: function.module, bound: function.bound))
            }
        }
        var value = PythonValue.classObject(type)
        for decorator in decorators.reversed() {
            value = try self.decorated(value, by: decorator, at: definition.place)
        }
        self.bind(definition.name, to: value, in: scope, at: definition.place)
    }

    /// `type(name, bases, namespace)`, and what `types.new_class(name, bases)` gives: with `isBodyOpen` no dict says what
    /// the class holds.
    func makeClass(
        _ arguments: CallArguments, at place: SourcePlace?, isBodyOpen: Bool = false
    ) throws(PythonRaise) -> PythonValue {
        let values = arguments.positional
        guard !arguments.isOpen, let first = values.first else {
            self.doubt("a class is made at run time of what is not known", at: place)
            return .unknown
        }
        // A name that is not known is set at run time.
        let name: String? = if case .text(let text) = first { text } else { nil }
        var bases: [PythonValue]? = []
        if values.count > 1 {
            guard case .list(let items) = values[1] else {
                throw self.raise("TypeError", "the bases of a class are no tuple", at: place)
            }
            bases = items
        }
        let spot = self.spot(place ?? self.lastPlace) ?? self.module.file
        let type = self.objects.type(name: name ?? "", place: spot, bases: bases ?? [.unknown])
        self.count(type.extent)
        type.name = name
        for base in bases ?? [] {
            switch base {
            case .text, .number, .none, .dictionary, .function, .boolean, .bytes, .response, .list:
                throw self.raise("TypeError", "a base of class \(name ?? "") is no class", at: place)
            default: break
            }
        }
        if isBodyOpen {
            type.isKnown = values.count < 3 && arguments.keywords.isEmpty
        } else if case .dictionary(let entries?) = values[2] {
            type.attributes = entries
            type.isKnown = arguments.keywords.isEmpty
        } else {
            type.isKnown = false
        }
        return .classObject(type)
    }

    /// What `asgi.entrypoint(app)` gives: a class `Default` whose `fetch` calls the application.
    ///
    /// The SDK has it that a project brings along (workers-py, packages/runtime-sdk/src/workers/asgi.py); the runtime's own
    /// has not (workerd, src/pyodide/internal/workers-api/src/asgi.py).
    func applicationFactoryIsMissing() -> Bool {
        let vendored = self.environment.vendored
        guard vendored.contains("workers") || vendored.contains("asgi") else {
            return !self.environment.declaresPackages
        }
        let files = ["asgi.py", "workers/asgi.py"].flatMap { path in
            ["python_modules/", "../python_modules/"].compactMap { self.files.bytes($0 + path) }
        }
        let definition = Array("def entrypoint(".utf8)
        return !files.isEmpty && !files.contains { $0.firstRange(of: definition) != nil }
    }

    func applicationClass(at place: SourcePlace?) throws(PythonRaise) -> PythonValue {
        if self.lacksApplicationFactory {
            throw self.raise("AttributeError", "module 'asgi' has no attribute 'entrypoint'", at: place)
        }
        if !self.environment.vendored.contains("workers"), !self.environment.vendored.contains("asgi") {
            self.doubt("the SDK with asgi.entrypoint is not in python_modules/ yet", at: place)
        }
        let spot = self.spot(place ?? self.lastPlace) ?? self.module.file
        let type = self.objects.type(name: "Default", place: spot, bases: [.sdkBase("WorkerEntrypoint")])
        type.attributes["fetch"] = .opaque
        return .classObject(type)
    }

    /// Which methods are static, class methods or properties.
    private static func marks(in body: [PythonStatement]) -> [String: String] {
        var marks: [String: String] = [:]
        for case .function(let function) in body.map(\.kind) {
            marks[function.name] = nil
            for decorator in function.decorators {
                if case .name(let name) = decorator.bare, ["staticmethod", "classmethod", "property"].contains(name) {
                    marks[function.name] = name
                }
            }
        }
        return marks
    }

    // MARK: - Calls

    struct CallArguments {
        var positional: [PythonValue]
        var keywords: [String: PythonValue] = [:]
        /// `*items` or `**mapping` were given: what they hold is not known.
        var isOpen = false

        init(_ positional: [PythonValue] = []) { self.positional = positional }
    }

    /// What a function may return, in so many ways that nothing is known of it.
    static let resultLimit = 64

    /// Runs a function's body; the value of an async one must be awaited.
    func call(
        _ function: FunctionObject, with arguments: CallArguments, at place: SourcePlace?
    ) throws(PythonRaise) -> PythonValue {
        let definition = function.definition
        let scope = self.objects.scope(parent: function.scope)
        try self.bind(arguments, to: function, in: scope, at: place)
        if definition.isGenerator { return .generator }
        guard self.callDepth < 12, !self.isExhausted else {
            self.doubt("calls too deep to be followed", at: place)
            return definition.isAsync ? .coroutine(.unknown) : .unknown
        }
        let (callerModule, callerPlace) = (self.module, self.lastPlace)
        self.callDepth += 1
        self.module = function.module
        defer {
            self.callDepth -= 1
            self.module = callerModule
            self.lastPlace = callerPlace
        }
        let flow: Flow
        do { flow = try self.run(definition.body, in: scope) } catch {
            if definition.isAsync { return .failing(error) }
            throw error
        }
        var results = flow.returns
        if flow.continues {
            results.append(.none)
            self.note(.none, at: definition.body.last?.place ?? definition.place, isEnd: true)
        }
        let result = results.isEmpty ? .unknown : self.oneOf(results, limit: Self.resultLimit)
        return definition.isAsync ? self.shallow(.coroutine(result)) : result
    }

    private func bind(
        _ arguments: CallArguments, to function: FunctionObject, in scope: PythonScope, at place: SourcePlace?
    ) throws(PythonRaise) {
        let name = function.definition.name
        self.count(function.definition.parameters.count)
        var positional = ((function.bound.map { [$0] } ?? []) + arguments.positional)[...]
        var keywords = arguments.keywords
        for parameter in function.definition.parameters {
            switch parameter.kind {
            case .variadic:
                scope.names[parameter.name] = .list(nil)
                positional = []
            case .keywords:
                scope.names[parameter.name] = .opaque
                keywords = [:]
            case .positional, .keywordOnly:
                if parameter.kind == .positional, let value = positional.popFirst() {
                    scope.names[parameter.name] = value
                } else if let value = keywords.removeValue(forKey: parameter.name) {
                    scope.names[parameter.name] = value
                } else if let standard = parameter.standard {
                    var value = PythonValue.opaque
                    self.maybe { () throws(PythonRaise) in value = try self.value(of: standard, in: function.scope) }
                    scope.names[parameter.name] = arguments.isOpen ? .unknown : value
                } else if arguments.isOpen {
                    scope.names[parameter.name] = .unknown
                } else {
                    throw self.raise(
                        "TypeError", "\(name)() missing a required argument: '\(parameter.name)'", at: place)
                }
            }
        }
        if !positional.isEmpty && !arguments.isOpen {
            let count = function.definition.parameters.count { $0.kind == .positional }
            let given = count + positional.count
            throw self.raise(
                "TypeError",
                "\(name)() takes \(count) positional argument\(count == 1 ? "" : "s") but \(given) \(given == 1 ? "was" : "were") given",
                at: place)
        }
        if let extra = keywords.keys.sorted().first {
            throw self.raise("TypeError", "\(name)() got an unexpected keyword argument '\(extra)'", at: place)
        }
    }

    /// Makes an instance and runs its `__init__`.
    func construct(
        _ type: ClassObject, with arguments: CallArguments, at place: SourcePlace?
    ) throws(PythonRaise) -> PythonValue {
        let object = self.objects.instance(of: type)
        self.count(type.extent)
        let isEntrypoint = ["WorkerEntrypoint", "DurableObject", "WorkflowEntrypoint"].contains {
            type.isSubclass(of: $0) == true
        }
        guard type.isClosed || isEntrypoint else { return .unknown }
        if type.owner(of: "__new__") != nil { return .unknown }
        if let owner = type.owner(of: "__init__"), case .function(let function)? = owner.attributes["__init__"] {
            _ = try self.call(function.binding(.instance(object)), with: arguments, at: place)
        } else if isEntrypoint {
            self.giveEnvironment(to: object)
        }
        return .instance(object)
    }

    /// What `WorkerEntrypoint.__init__` does.
    func giveEnvironment(to object: InstanceObject) {
        object.attributes["env"] = .environment
        object.attributes["ctx"] = .opaque
    }
}
