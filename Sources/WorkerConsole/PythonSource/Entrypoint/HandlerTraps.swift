/// Code that deploys, and fails when a request comes its way.
package struct HandlerTrap: Sendable, Equatable {
    enum Kind: String, Sendable, Equatable, CaseIterable {
        /// The headers of a fetched response are changed in place.
        case immutableHeaders
        /// A dict inside the options of a JavaScript constructor.
        case nestedOptions
        /// A JavaScript constructor is called without `.new`.
        case constructor
        /// What the handler returns is no Response.
        case result
        /// `workers.Response` of a dict or another type that it does not take.
        case body
        /// `__init__` does not take what the runtime passes.
        case initializer
        /// A name that nothing defines.
        case name
        /// A method that the runtime calls is not there.
        case method
        /// Another exception that certainly comes.
        case exception
    }

    let kind: Kind
    /// What happens, in the runtime's words where it has some.
    package let words: String
    /// `worker.py:12:1`; `nil` without a place.
    package let place: String?
    /// For ``Kind/result``: the function ends there without a `return`.
    let isEnd: Bool
    /// For ``Kind/result``: the type that is returned.
    let type: String?
    /// It comes with every request, not with some only.
    let isAlways: Bool
}

extension EntrypointAnalysis {
    /// What can go wrong on the ways of a request through the handler, whatever its method is.
    ///
    /// - Returns: Each fault once, those that come with every request first; empty when no handler registers.
    package static func traps(
        main: String, files: any EntrypointFiles, flags: EffectiveFlags, environment: EntrypointEnvironment
    ) -> [HandlerTrap] {
        guard flags.hasPythonWorkers, flags.refusals.isEmpty, let bytes = files.bytes(main) else { return [] }
        let evaluator = PythonEvaluator(main: main, files: files, flags: flags, environment: environment)
        defer { evaluator.objects.clear() }
        evaluator.requestMethod = nil
        guard (try? evaluator.load(evaluator.module, bytes: bytes)) != nil else { return [] }
        let judge = EntrypointJudge(evaluator: evaluator, flags: flags, main: main)
        let verdict = judge.verdict()
        guard verdict.registers == true else { return [] }
        return HandlerTraps(judge: judge, verdict: verdict).all()
    }
}

/// Collects what a followed request came upon.
struct HandlerTraps {
    let judge: EntrypointJudge
    let verdict: EntrypointVerdict

    func all() -> [HandlerTrap] {
        let isAlways = self.verdict.kind == .failsOnRequest
        var traps: [HandlerTrap] = []
        func add(
            _ kind: HandlerTrap.Kind, _ words: String, _ place: String?, isEnd: Bool = false, type: String? = nil
        ) {
            guard traps.count < 32, !traps.contains(where: { $0.kind == kind && $0.place == place }) else { return }
            traps.append(
                HandlerTrap(kind: kind, words: words, place: place, isEnd: isEnd, type: type, isAlways: isAlways))
        }
        for error in self.judge.evaluator.seen {
            guard let kind = Self.kind(of: error) else { continue }
            add(kind, error.description, error.place ?? self.verdict.place)
        }
        for way in self.judge.evaluator.returned {
            for value in Self.parts(of: way.value) {
                guard case .bad(let type) = self.judge.answer(value) else { continue }
                let words =
                    way.isEnd
                    ? "the handler ends without a return, and the Promise did not resolve to 'Response'"
                    : "the handler returns \(type), and the Promise did not resolve to 'Response'"
                add(.result, words, "\(way.file):\(way.place)", isEnd: way.isEnd, type: type)
            }
        }
        if isAlways, traps.isEmpty {
            let words = self.verdict.reason.replacing("It deploys, but requests fail: ", with: "")
            add(
                words.hasPrefix("Method ") || words.hasPrefix("There is no 'Default'") ? .method : .exception, words,
                self.verdict.place)
        }
        return traps
    }

    private static func parts(of value: PythonValue) -> [PythonValue] {
        switch value {
        case .either(let items): items.flatMap(Self.parts)
        // What an async function returns is awaited by the runtime in legacy mode only; the judge knows.
        default: [value]
        }
    }

    /// The kinds that are traps; an exception that the source may well expect is none.
    private static func kind(of error: PythonRaise) -> HandlerTrap.Kind? {
        let words = error.description
        if words.contains("immutable headers") { return .immutableHeaders }
        if words.contains("not of type 'Sequence'") { return .nestedOptions }
        if words.contains("'new' operator") { return .constructor }
        if words.contains("Unsupported type in Response") { return .body }
        if words.contains("__init__() takes") || words.contains("__init__() missing") { return .initializer }
        if words.hasPrefix("NameError") { return .name }
        if words.hasPrefix("TypeError") { return .exception }
        return nil
    }
}
