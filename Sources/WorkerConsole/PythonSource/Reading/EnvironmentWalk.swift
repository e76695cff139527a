/// Walks through sources and notes where the environment goes.
///
/// One pass looks at every statement once, in order; what calls say of functions, and assignments of attributes, holds
/// from the next pass on.
final class EnvironmentWalk {
    /// What the passes before this one found.
    struct Known: Equatable {
        /// What a function is given, by the names of its parameters.
        var parameters: [Int: [String: EnvironmentValue]] = [:]
        var returns: [Int: EnvironmentValue] = [:]
        /// What a class and its instances have.
        var attributes: [Int: [String: EnvironmentValue]] = [:]
        var bases: [Int: [EnvironmentValue]] = [:]
        /// The names of each source.
        var modules: [Int: [String: EnvironmentValue]] = [:]
        /// Names that functions give a value to with `global`.
        var globals: [Int: [String: EnvironmentValue]] = [:]
    }

    /// Names of a function, a class or a source.
    final class Scope {
        var names: [String: EnvironmentValue] = [:]
        let parent: Scope?
        var outer: Set<String> = []
        /// Names that were bound, with what they were before, while a branch is walked through.
        var journal: [(name: String, before: EnvironmentValue?)] = []
        var branches = 0

        init(parent: Scope?) { self.parent = parent }
    }

    private struct Definition: Hashable {
        let file: Int
        let place: SourcePlace
    }

    /// A function whose body is still to be walked through: after everything around it, as when it is called.
    private struct Waiting {
        let function: PythonFunction
        let number: Int
        let scope: Scope
        let file: Int
        let type: Int?
    }

    let sources: [(file: String, statements: [PythonStatement])]
    private(set) var known = Known()
    var found = Known()
    var isRecording = false
    /// Every call was found: what calls no function gives it is anything.
    var knowsCallers = false
    private(set) var uses: [EnvironmentUses.Use] = []
    private(set) var isOpen = false
    /// The source that is walked through.
    private(set) var file = 0
    /// The function that is walked through.
    private(set) var function: Int?
    private(set) var files: [String: Int] = [:]
    private var numbers: [Definition: Int] = [:]
    private(set) var functions: [Int: PythonFunction] = [:]
    private var waiting: [Waiting] = []
    private var visits = 0
    private static let visitLimit = 1_000_000

    init(_ sources: [(file: String, statements: [PythonStatement])]) {
        self.sources = sources
        for (number, source) in sources.enumerated() { self.files[source.file] = number }
    }

    var isExhausted: Bool { self.visits >= Self.visitLimit }

    /// Counts what is looked at; false when it is too much.
    func count() -> Bool {
        self.visits += 1
        return self.visits < Self.visitLimit
    }

    func pass() {
        self.found = Known()
        if self.isRecording, self.isExhausted { self.visits = Self.visitLimit / 2 }
        for (number, source) in self.sources.enumerated() {
            self.file = number
            self.function = nil
            let scope = Scope(parent: nil)
            self.run(source.statements, in: scope, type: nil)
            self.found.modules[number] = scope.names
        }
        while let next = self.waiting.popLast() { self.run(next) }
        self.known = self.found
    }

    /// Notes that the environment goes where it is not followed.
    func leak() { if self.isRecording { self.isOpen = true } }

    func record(_ name: String, at place: SourcePlace?, method: String? = nil, isOptional: Bool = false) {
        guard self.isRecording else { return }
        guard self.uses.count < EnvironmentUses.limit else {
            self.leak()
            return
        }
        self.uses.append(
            EnvironmentUses.Use(
                file: self.sources[self.file].file, name: name, place: place ?? SourcePlace(line: 1, column: 1),
                method: method.flatMap { EnvironmentUses.methods.contains($0) ? $0 : nil }, isOptional: isOptional))
    }

    /// The number of what is defined at a place of this source.
    private func number(at place: SourcePlace) -> Int {
        let definition = Definition(file: self.file, place: place)
        if let known = self.numbers[definition] { return known }
        self.numbers[definition] = self.numbers.count
        return self.numbers.count - 1
    }

    // MARK: - Names

    func lookUp(_ name: String, in scope: Scope) -> EnvironmentValue {
        var current: Scope? = scope
        while let here = current {
            if let value = here.names[name] {
                guard here.parent == nil, let later = self.known.globals[self.file]?[name] else { return value }
                return value.joined(later)
            }
            current = here.parent
        }
        if let later = self.known.globals[self.file]?[name] { return later }
        switch name {
        case "env": return .environment
        case "self": return .instance(of: nil)
        default: return .unknown
        }
    }

    func bind(_ name: String, to value: EnvironmentValue, in scope: Scope) {
        if scope.outer.contains(name) {
            let before = self.found.globals[self.file, default: [:]][name] ?? .nothing
            self.found.globals[self.file, default: [:]][name] = before.joined(value)
            return
        }
        if scope.branches > 0 { scope.journal.append((name, scope.names[name])) }
        scope.names[name] = value
    }

    // MARK: - Statements

    func run(_ statements: [PythonStatement], in scope: Scope, type: Int?) {
        for statement in statements {
            guard self.count() else { return }
            self.run(statement, in: scope, type: type)
        }
    }

    private func run(_ statement: PythonStatement, in scope: Scope, type: Int?) {
        switch statement.kind {
        case .expression(let value): _ = self.value(of: value, in: scope)
        case .assign(let targets, let value): self.assign(value, to: targets, in: scope)
        case .annotated(let target, _, let value?): self.assign(value, to: [target], in: scope)
        case .augmented(let target, _, let value):
            _ = self.value(of: target, in: scope)
            _ = self.value(of: value, in: scope)
        case .function(let function):
            for decorator in function.decorators { _ = self.value(of: decorator, in: scope) }
            let value = self.define(function, in: scope, type: type)
            self.bind(function.name, to: value, in: scope)
            if let type { self.give(value, as: function.name, to: type) }
        case .classDefinition(let definition): self.define(definition, in: scope)
        case .imports(let items):
            for item in items { self.bind(self.moduleValue(item), to: item, in: scope) }
        case .fromImport(let module, let level, let items):
            self.importNames(items, from: module, level: level, in: scope)
        case .conditional(let branches):
            for branch in branches { if let test = branch.test { _ = self.value(of: test, in: scope) } }
            self.alternatives(
                branches.map(\.body), mayRunNone: branches.last?.test != nil, in: scope, type: type)
        case .loop(let header, let target, _, let body, let otherwise):
            let items = self.value(of: header, in: scope)
            if items.mayBeEnvironment, target != nil { self.leak() }
            self.alternatives([body], mayRunNone: true, in: scope, type: type) {
                if let target { self.assign(Self.element(of: items), to: target, in: scope) }
            }
            self.run(otherwise, in: scope, type: type)
        case .with(let items, _, let body):
            for item in items {
                _ = self.value(of: item.0, in: scope)
                if let target = item.target { self.assign(.unknown, to: target, in: scope) }
            }
            self.run(body, in: scope, type: type)
        case .attempt(let body, let handlers, let otherwise, let finally):
            self.run(body, in: scope, type: type)
            for handler in handlers {
                if let caught = handler.type { _ = self.value(of: caught, in: scope) }
                self.alternatives([handler.body], mayRunNone: true, in: scope, type: type) {
                    if let name = handler.name { self.bind(name, to: .other, in: scope) }
                }
            }
            self.run(otherwise, in: scope, type: type)
            self.run(finally, in: scope, type: type)
        case .match(let subject, let cases):
            if self.value(of: subject, in: scope).mayBeEnvironment { self.leak() }
            for item in cases {
                for name in item.names { self.bind(name, to: .unknown, in: scope) }
                if let test = item.guardTest { _ = self.value(of: test, in: scope) }
            }
            self.alternatives(
                cases.map(\.body), mayRunNone: cases.last?.takesAll != true, in: scope, type: type)
        case .raise(let value, let cause):
            for item in [value, cause] { if let item { _ = self.value(of: item, in: scope) } }
        case .returns(let value?):
            let result = self.value(of: value, in: scope)
            guard let function = self.function else { return }
            self.found.returns[function] = (self.found.returns[function] ?? .nothing).joined(result)
        case .delete(let targets):
            for case .name(let name) in targets.map(\.bare) { self.bind(name, to: .unknown, in: scope) }
        case .outer(let names, let isGlobal): if isGlobal { scope.outer.formUnion(names) }
        case .assertion(let test, let message):
            _ = self.value(of: test, in: scope)
            if let message { _ = self.value(of: message, in: scope) }
        case .annotated, .returns, .typeAlias, .pass, .jump: break
        }
    }

    /// Each body from the same names; behind them a name is what it is at the end of any.
    private func alternatives(
        _ bodies: [[PythonStatement]], mayRunNone: Bool, in scope: Scope, type: Int?, first: () -> Void = {}
    ) {
        scope.branches += 1
        let mark = scope.journal.count
        var ends: [String: EnvironmentValue] = [:]
        var counts: [String: Int] = [:]
        for body in bodies {
            first()
            self.run(body, in: scope, type: type)
            var before: [String: EnvironmentValue?] = [:]
            while scope.journal.count > mark, let entry = scope.journal.popLast() { before[entry.name] = entry.before }
            for (name, old) in before {
                ends[name] = (ends[name] ?? .nothing).joined(scope.names[name] ?? .nothing)
                counts[name, default: 0] += 1
                scope.names[name] = old
            }
        }
        scope.branches -= 1
        for (name, value) in ends {
            let isSure = !mayRunNone && counts[name] == bodies.count
            self.bind(name, to: isSure ? value : value.joined(scope.names[name] ?? .nothing), in: scope)
        }
    }

    // MARK: - Definitions

    /// A function, whose body is walked through later.
    func define(_ function: PythonFunction, in scope: Scope, type: Int? = nil) -> EnvironmentValue {
        for parameter in function.parameters {
            if let standard = parameter.standard { _ = self.value(of: standard, in: scope) }
        }
        let number = self.number(at: function.place)
        self.functions[number] = function
        // The names of a class are not seen in its methods.
        self.waiting.append(
            Waiting(
                function: function, number: number, scope: type == nil ? scope : scope.parent ?? scope, file: self.file,
                type: type))
        return .function(number)
    }

    private func define(_ definition: PythonClass, in scope: Scope) {
        let number = self.number(at: definition.place)
        for decorator in definition.decorators { _ = self.value(of: decorator, in: scope) }
        for argument in definition.arguments {
            let base = self.value(of: argument.value, in: scope)
            if argument.keyword == nil { self.found.bases[number, default: []].append(base) }
            if Self.isEntrypoint(argument.value) { self.give(.other, as: Self.mark, to: number) }
        }
        let own = Scope(parent: scope)
        self.run(definition.body, in: own, type: number)
        for (name, value) in own.names { self.give(value, as: name, to: number) }
        self.bind(definition.name, to: .type(number), in: scope)
    }

    /// An attribute that no source can have: the class is one that the runtime makes.
    static let mark = "entrypoint of the runtime"

    private static func isEntrypoint(_ base: PythonExpression) -> Bool {
        switch base.bare {
        case .name(let name), .attribute(_, let name): name.hasSuffix("Entrypoint") || name == "DurableObject"
        default: false
        }
    }

    func give(_ value: EnvironmentValue, as name: String, to type: Int) {
        let before = self.found.attributes[type, default: [:]][name] ?? .nothing
        self.found.attributes[type, default: [:]][name] = before.joined(value)
    }

    /// What a class has, itself or above it.
    func attribute(_ name: String, of type: Int, depth: Int = 0) -> EnvironmentValue? {
        if let value = self.known.attributes[type]?[name] { return value }
        guard depth < 8 else { return nil }
        for case .type(let base) in self.known.bases[type] ?? [] where base != type {
            if let value = self.attribute(name, of: base, depth: depth + 1) { return value }
        }
        return nil
    }

    private func run(_ waiting: Waiting) {
        (self.file, self.function) = (waiting.file, waiting.number)
        let scope = Scope(parent: waiting.scope)
        let given = self.known.parameters[waiting.number]
        let isStatic = waiting.function.decorators.contains {
            if case .name("staticmethod") = $0.bare { true } else { false }
        }
        let receivesEnvironment = self.environmentParameter(of: waiting)
        for (index, parameter) in waiting.function.parameters.enumerated() {
            var value = given?[parameter.name] ?? (given == nil && self.knowsCallers ? .unknown : .nothing)
            if waiting.type != nil, index == 0, !isStatic {
                value = .instance(of: waiting.type)
            } else if index == receivesEnvironment {
                value = .environment
            } else if parameter.name == "env", value != .other {
                value = .environment
            }
            scope.names[parameter.name] = value
        }
        self.run(waiting.function.body, in: scope, type: nil)
    }

    /// Which parameter the runtime gives the environment: of a handler, or of the `__init__` of a class that it makes.
    private func environmentParameter(of waiting: Waiting) -> Int? {
        let handlers: Set<String> = ["fetch", "scheduled", "queue", "alarm", "trace", "pubsub", "tail"]
        let name = waiting.function.name
        guard let type = waiting.type else {
            let isGlobal =
                waiting.scope.parent == nil && name.hasPrefix("on_") && handlers.contains(String(name.dropFirst(3)))
            return isGlobal ? 1 : nil
        }
        guard self.attribute(Self.mark, of: type) != nil else { return nil }
        let handler = name.hasPrefix("on_") ? String(name.dropFirst(3)) : name
        return name == "__init__" || handlers.contains(handler) ? 2 : nil
    }
}
