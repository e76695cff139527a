/// Says what deploying a Python Worker does, from its source, its compatibility date and its flags.
///
/// The rules are those of workerd's `introspection.py` and `python-entrypoint-helper.ts`, checked by running sources in it.
package enum EntrypointAnalysis {
    static let registrationRule =
        "workerd src/pyodide/internal/introspection.py and python-entrypoint-helper.ts; "
        + "https://developers.cloudflare.com/changelog/post/2025-08-14-new-python-handlers"

    /// - Parameters:
    ///   - main: Path of the main file, relative to its own folder: `worker.py`.
    ///   - files: What is uploaded with it, by paths relative to that folder.
    ///   - flags: Date and flags as configured.
    ///   - environment: Bindings, variables and vendored packages.
    /// - Returns: What a deploy does; `.undecided` where the source does not let it be known.
    package static func verdict(
        main: String, files: any EntrypointFiles, flags: EffectiveFlags, environment: EntrypointEnvironment
    ) -> EntrypointVerdict {
        guard flags.hasPythonWorkers else {
            return EntrypointVerdict(
                .refused, "The `python_workers` compatibility flag is required to use Python.",
                evidence: [
                    "compatibility_flags: \(flags.flags.isEmpty ? "none" : flags.flags.joined(separator: ", "))"
                ],
                rule: "wrangler rejects a main that ends in .py without python_workers "
                    + "(workers-sdk packages/workers-utils/src/config/validation.ts)", registers: false,
                cause: .pythonFlag)
        }
        if !flags.refusals.isEmpty { return self.refused(flags) }
        guard let bytes = files.bytes(main) else {
            return EntrypointVerdict(
                .undecided, "\(main) could not be read.", rule: "only regular files inside the project are analysed")
        }
        if flags.needsVendoredSDK && !environment.vendored.contains("workers") && !environment.declaresPackages {
            return self.missingSDK(main: main, flags: flags)
        }
        let evaluator = PythonEvaluator(main: main, files: files, flags: flags, environment: environment)
        defer { evaluator.objects.clear() }
        do {
            try evaluator.load(evaluator.module, bytes: bytes)
        } catch {
            return self.failsAtStart(error)
        }
        return EntrypointJudge(evaluator: evaluator, flags: flags, main: main).verdict()
    }

    /// Modules beside main that main imports and that have a class `Default` of their own.
    static func modulesWithDefault(
        main: String, files: any EntrypointFiles, flags: EffectiveFlags, environment: EntrypointEnvironment
    ) -> [String] {
        guard let bytes = files.bytes(main) else { return [] }
        let evaluator = PythonEvaluator(main: main, files: files, flags: flags, environment: environment)
        defer { evaluator.objects.clear() }
        guard (try? evaluator.load(evaluator.module, bytes: bytes)) != nil else { return [] }
        return evaluator.modules.sorted { $0.key < $1.key }.compactMap { name, module in
            guard module !== evaluator.module, case .classObject(let type)? = module.scope.names["Default"],
                PythonEvaluator.isDefault(type)
            else { return nil }
            return name
        }
    }

    /// Date and flags that Cloudflare does not take, whatever the source says.
    private static func refused(_ flags: EffectiveFlags) -> EntrypointVerdict {
        let refusal = flags.refusals[0]
        let given = "compatibility_date \(flags.date ?? "not set"), flags \(flags.flags.joined(separator: ", "))"
        guard flags.isDateValid else {
            return EntrypointVerdict(
                .refused, refusal, evidence: [given],
                rule: "wrangler rejects a compatibility_date that is not a date", registers: false, cause: .settings)
        }
        return EntrypointVerdict(
            .failsAtStart, "Cloudflare rejects date and flags: \(refusal)",
            evidence: [given] + flags.refusals.dropFirst(),
            rule: "the runtime compiles date and flags before it reads the source (workerd compatibility-date.c++); "
                + "an upload with such flags is rejected at validation (error 10021)", registers: false,
            cause: .settings)
    }

    private static func missingSDK(main: String, flags: EffectiveFlags) -> EntrypointVerdict {
        EntrypointVerdict(
            .failsAtStart,
            "The script fails while it starts: No module named 'workers'. From compatibility date 2026-04-21 on the "
                + "runtime no longer brings it.",
            evidence: [
                "compatibility_date \(flags.date ?? "not set"), flags \(flags.flags.joined(separator: ", "))",
                "python_modules/workers is not there",
            ],
            rule:
                "enable_python_external_sdk is the default from 2026-04-21 on (workerd compatibility-date.capnp); even an "
                + "empty source fails, because the runtime itself imports it", place: main, registers: false,
            cause: .missingSDK)
    }

    static func failsAtStart(_ error: PythonRaise) -> EntrypointVerdict {
        EntrypointVerdict(
            .failsAtStart, "The script fails while it starts: \(error.description)",
            evidence: [error.place.map { "\($0): \(error.description)" } ?? error.description],
            rule: "an upload whose script fails at startup is rejected at validation (error 10021)", place: error.place,
            registers: false)
    }
}

/// Judges a source that was followed to its end.
struct EntrypointJudge {
    let evaluator: PythonEvaluator
    let flags: EffectiveFlags
    let main: String

    private var scope: PythonScope { self.evaluator.module.scope }

    /// What a class named `Default` is, as the runtime finds it.
    private enum Found {
        case none
        case registered(ClassObject)
        /// One of several classes, each of which registers.
        case oneOf([ClassObject])
        case unknown(String)
        case failure(PythonRaise)
    }

    func verdict() -> EntrypointVerdict {
        let start = self.evaluator.doubts
        if let doubt = start.first, self.scope.hasUnknownNames || self.evaluator.isExhausted {
            return self.undecided(doubt.text, doubts: start)
        }
        switch self.findDefault() {
        case .failure(let error): return EntrypointAnalysis.failsAtStart(error)
        case .unknown(let why): return self.undecided(why, doubts: start)
        case .registered(let type): return self.judgeClass(type, startDoubts: start)
        case .oneOf(let types): return self.judgeClasses(types, startDoubts: start)
        case .none:
            if !self.flags.hasNoGlobalHandlers, let verdict = self.judgeGlobals(startDoubts: start) { return verdict }
            if let doubt = start.first {
                return self.undecided("no registration was found, and \(doubt.text)", doubts: start)
            }
            if let name = self.durableClass() {
                return self.undecided(
                    "no fetch handler registers, and whether the class \(name) alone is enough for an upload is not known",
                    doubts: [], registers: nil)
            }
            return self.noHandler()
        }
    }

    /// Looks through the names of main as the runtime does: `__all__`, or every name without a leading underscore.
    private func findDefault() -> Found {
        var keys = self.scope.names.keys.filter { !$0.hasPrefix("_") }.sorted()
        switch self.scope.names["__all__"] {
        case nil: break
        case .list(let items?)?:
            keys = []
            for item in items {
                guard case .text(let name?) = item else { return .unknown("the names in __all__ are not known") }
                guard self.scope.names[name] != nil else {
                    if self.scope.names["__getattr__"] != nil { return .unknown(Self.ownLookup) }
                    let message = "module '\(self.evaluator.module.name)' has no attribute '\(name)'"
                    return .failure(
                        PythonRaise(
                            lineage: PythonKnowledge.lineage(of: "AttributeError"), message: message,
                            place: self.evaluator.spot(self.scope.places["__all__"])))
                }
                keys.append(name)
            }
        default: return .unknown("the names in __all__ are not known")
        }
        // What exists is listed without asking `__getattr__`; `__dir__` may list anything.
        if self.scope.names["__dir__"] != nil { return .unknown("the module has a __dir__ of its own") }
        var doubtful: String?
        for key in keys {
            switch self.scope.names[key] {
            case .classObject(let type)?:
                switch type.isSubclass(of: "WorkerEntrypoint") {
                case true?:
                    if type.name == "Default" { return .registered(type) }
                    if type.name == nil { doubtful = "the name of the class \(key) is set at run time" }
                case nil:
                    if type.name == "Default" || type.name == nil {
                        doubtful = "what the class \(key) inherits from cannot be followed"
                    }
                case false?: break
                }
            case .either(let items)? where PythonEvaluator.areDefault(items):
                return .oneOf(items.compactMap { if case .classObject(let type) = $0 { type } else { nil } })
            case .opaque? where key == "Default":
                doubtful = doubtful ?? "what \(key) is cannot be followed"
            case .external(let path)?
            where path.hasPrefix("vendored.") && (key == "Default" || path.hasSuffix(".Default")):
                doubtful = doubtful ?? "what \(path.dropFirst(9)) is cannot be followed: it is in a package"
            case .unknown?, .either?: doubtful = doubtful ?? "what \(key) is cannot be followed"
            default: break
            }
        }
        if doubtful == nil, self.scope.names["__getattr__"] != nil { doubtful = Self.ownLookup }
        return doubtful.map { .unknown($0) } ?? .none
    }

    private static let ownLookup = "the module has a __getattr__ of its own"

    /// A Durable Object or Workflow that is exported: an upload may be accepted for it alone.
    private func durableClass() -> String? {
        self.scope.names.keys.sorted().first { name in
            guard !name.hasPrefix("_"), case .classObject(let type)? = self.scope.names[name] else { return false }
            return type.isSubclass(of: "DurableObject") != false || type.isSubclass(of: "WorkflowEntrypoint") != false
        }
    }

    // MARK: - A class Default

    private func judgeClass(_ type: ClassObject, startDoubts: [PythonEvaluator.Doubt]) -> EntrypointVerdict {
        let prop = self.flags.hasNoGlobalHandlers ? "fetch" : "on_fetch"
        let seen = ["\(type.place): class \(type.definedName) is a WorkerEntrypoint named Default"]
        if let doubt = startDoubts.first { return self.undecided(doubt.text, doubts: startDoubts, evidence: seen) }
        guard let bound = self.scope.names["Default"] else {
            return self.failing(
                "There is no 'Default' class defined in the Python Worker's main module", seen: seen, place: type.place)
        }
        self.evaluator.phase = .request
        let instance: PythonValue
        do {
            var arguments = PythonEvaluator.CallArguments([.opaque, .environment])
            arguments.isOpen = false
            instance = try self.evaluator.invoke(bound, with: arguments, in: self.scope, at: nil)
        } catch {
            self.evaluator.note(error)
            return self.failing(error.description, seen: seen, place: error.place ?? type.place)
        }
        guard case .instance(let object) = instance else {
            return self.undecided(
                "the class Default registers; what calling it gives cannot be followed", doubts: self.evaluator.doubts,
                evidence: seen, registers: true)
        }
        let method: PythonValue
        do { method = try self.evaluator.attribute(prop, of: .instance(object)) } catch {
            return self.failing(
                "Method \(prop) does not exist", seen: seen + self.methods(of: type), place: type.place,
                hint: prop == "on_fetch" ? self.flags.handlerRule : nil)
        }
        switch method {
        case .function(let function): return self.judgeHandler(function, seen: seen)
        case .none, .text, .number, .boolean, .dictionary, .list, .bytes:
            return self.failing(
                "Method \(prop) does not exist: \(prop) is not a function", seen: seen, place: type.place)
        default:
            return self.undecided(
                "the class Default registers; what its \(prop) does cannot be followed", doubts: [], evidence: seen,
                registers: true)
        }
    }

    /// Each of the classes registers, and only running tells which it is.
    private func judgeClasses(
        _ types: [ClassObject], startDoubts: [PythonEvaluator.Doubt]
    ) -> EntrypointVerdict {
        let shown = types.prefix(4).map { "\($0.place): class \($0.definedName) is a WorkerEntrypoint named Default" }
        let seen = shown + (types.count > 4 ? ["and \(types.count - 4) more"] : [])
        if let doubt = startDoubts.first { return self.undecided(doubt.text, doubts: startDoubts, evidence: seen) }
        return self.undecided(
            "a fetch handler registers; which of \(types.count) classes Default it is, is known only at run time",
            doubts: [], evidence: seen, registers: true)
    }

    private func methods(of type: ClassObject) -> [String] {
        let names = type.attributes.keys.filter { !$0.hasPrefix("_") }.sorted()
        let more = names.count > 16 ? " and \(names.count - 16) more" : ""
        return ["its methods: \(names.isEmpty ? "none" : names.prefix(16).joined(separator: ", ") + more)"]
    }

    // MARK: - Global handlers, before 2025-08-14

    private func judgeGlobals(startDoubts: [PythonEvaluator.Doubt]) -> EntrypointVerdict? {
        switch self.scope.names["on_fetch"] {
        case .function(let function)?:
            let place = "\(function.module.file):\(function.definition.place)"
            let seen = ["\(place): on_fetch registers, because \(self.flags.handlerRule)"]
            if let doubt = startDoubts.first { return self.undecided(doubt.text, doubts: startDoubts, evidence: seen) }
            self.evaluator.phase = .request
            return self.judgeHandler(function, seen: seen)
        case nil, .none?, .text?, .number?, .boolean?, .dictionary?, .list?:
            let others = ["alarm", "scheduled", "trace", "queue", "pubsub"].filter {
                self.scope.names["on_\($0)"] != nil
            }
            guard !others.isEmpty || self.scope.names["test"] != nil else { return nil }
            return self.undecided(
                "only \((others.map { "on_\($0)" }).joined(separator: ", ")) registers: right for a Worker without HTTP, "
                    + "and every HTTP request fails", doubts: [])
        default: return self.undecided("what on_fetch is cannot be followed", doubts: startDoubts)
        }
    }

    // MARK: - What a request does

    private func judgeHandler(_ function: FunctionObject, seen: [String]) -> EntrypointVerdict {
        let place = "\(function.module.file):\(function.definition.place)"
        let name = function.definition.name
        let seen = seen + ["\(place): \(function.definition.isAsync ? "async " : "")def \(name)"]
        let positional = function.definition.parameters.filter { $0.kind == .positional }
        var given: [PythonValue] = [.request, .environment, .opaque]
        // The runtime passes as many of request, env and ctx as the function can take.
        let isVariadic = function.definition.parameters.contains { $0.kind == .variadic }
        let free = positional.count - (function.bound == nil ? 0 : 1)
        if free < 0 && !isVariadic {
            return self.failing("\(name)() takes 0 positional arguments but 1 was given", seen: seen, place: place)
        }
        if !isVariadic { given = Array(given.prefix(max(0, free))) }
        let result: PythonValue
        self.evaluator.returned = []
        do {
            result = try self.evaluator.call(
                function, with: PythonEvaluator.CallArguments(given), at: function.definition.place)
        } catch {
            self.evaluator.note(error)
            return self.failing(error.description, seen: seen, place: error.place ?? place)
        }
        switch result {
        case .failing(let error):
            self.evaluator.note(error)
            return self.failing(error.description, seen: seen, place: error.place ?? place)
        case .coroutine(let value): return self.judgeAnswer(value, seen: seen, place: place)
        case .promise(let value) where !function.definition.isAsync:
            return self.judgeAnswer(value, seen: seen, place: place)
        default: return self.judgeAnswer(result, seen: seen, place: place)
        }
    }

    enum Answer: Equatable { case good, bad(String), unknown }

    func answer(_ value: PythonValue) -> Answer {
        switch value {
        case .response, .fetched: .good
        case .text: .bad("str")
        case .none: .bad("None")
        case .number: .bad("number")
        case .boolean: .bad("bool")
        case .dictionary: .bad("dict")
        case .list: .bad("list or tuple")
        case .bytes: .bad("bytes")
        case .generator: .bad("generator")
        case .coroutine, .failing: self.flags.hasNoGlobalHandlers ? .bad("coroutine that was not awaited") : .unknown
        default: .unknown
        }
    }

    private func judgeAnswer(_ value: PythonValue, seen: [String], place: String) -> EntrypointVerdict {
        var values: [PythonValue] = []
        self.flatten(value, into: &values)
        let answers = values.map { self.answer($0) }
        let bad = answers.compactMap { if case .bad(let what) = $0 { what } else { nil } }
        let doubts = self.evaluator.doubts
        if !answers.isEmpty, bad.count == answers.count, doubts.isEmpty {
            let spot = self.evaluator.returned.first.map { "\($0.file):\($0.place)" }
            return self.failing(
                "the handler returns \(bad[0]), and the Promise did not resolve to 'Response'", seen: seen,
                place: spot ?? place)
        }
        if let error = self.evaluator.caught.first {
            let statuses = values.map { if case .response(let status?) = $0 { status } else { 0 } }
            if doubts.isEmpty, !statuses.isEmpty, statuses.allSatisfy({ $0 >= 500 }) {
                return self.failing(
                    "\(error.description); the source catches it and responds with \(statuses[0])", seen: seen,
                    place: error.place ?? place)
            }
            return self.undecided(
                "\(error.description) is raised, and the source catches it", doubts: doubts,
                evidence: seen + [error.place.map { "\($0): \(error.description)" } ?? error.description],
                registers: true)
        }
        if let doubt = doubts.first {
            return self.undecided(
                "a fetch handler registers; what a request does cannot be followed to its end: \(doubt.text)",
                doubts: doubts, evidence: seen, registers: true)
        }
        if let what = bad.first {
            return self.undecided(
                "a fetch handler registers; on some path it returns \(what) and no Response", doubts: [],
                evidence: seen, registers: true)
        }
        guard !answers.isEmpty, answers.allSatisfy({ $0 == .good }) else {
            return self.undecided(
                "a fetch handler registers; what it returns cannot be followed", doubts: [], evidence: seen,
                registers: true)
        }
        return EntrypointVerdict(
            .registered, "A fetch handler registers and responds.", evidence: seen,
            rule: EntrypointAnalysis.registrationRule, place: place, registers: true)
    }

    private func flatten(_ value: PythonValue, into values: inout [PythonValue]) {
        if case .either(let items) = value {
            for item in items { self.flatten(item, into: &values) }
        } else {
            values.append(value)
        }
    }

    // MARK: - Verdicts

    private func failing(
        _ words: String, seen: [String], place: String?, hint: String? = nil
    ) -> EntrypointVerdict {
        EntrypointVerdict(
            .failsOnRequest, "It deploys, but requests fail: \(words)",
            evidence: seen + [hint].compactMap { $0 } + [place.map { "\($0): \(words)" } ?? words],
            rule: "the upload is accepted because a handler registers; the failure only shows when a request arrives "
                + "(seen by running it in workerd)", place: place, registers: true)
    }

    private func undecided(
        _ why: String, doubts: [PythonEvaluator.Doubt], evidence: [String] = [], registers: Bool? = nil
    ) -> EntrypointVerdict {
        let lines = doubts.prefix(8).map { doubt in doubt.place.map { "\($0): \(doubt.text)" } ?? doubt.text }
        return EntrypointVerdict(
            .undecided, "It cannot be decided from the source: \(why)", evidence: evidence + lines,
            rule: "the source is analysed, not run", place: doubts.first?.place, registers: registers)
    }

    private func noHandler() -> EntrypointVerdict {
        let near = NearMisses(scope: self.scope, module: self.evaluator.module, flags: self.flags).lines()
        let rule =
            self.flags.hasNoGlobalHandlers
            ? "only a class named Default that inherits from WorkerEntrypoint registers, because \(self.flags.handlerRule)"
            : "only a function named on_fetch, or a class Default(WorkerEntrypoint) with on_fetch, registers, because "
                + self.flags.handlerRule
        return EntrypointVerdict(
            .noHandler,
            "Deploying gives error 10068: the uploaded script has no registered event handlers.",
            evidence: near.lines, rule: rule + "; " + EntrypointAnalysis.registrationRule,
            place: near.place ?? "\(self.main):1:1", registers: false)
    }
}
