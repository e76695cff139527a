/// Follows a source statement by statement without running it.
///
/// What certainly raises is thrown as ``PythonRaise``; what may raise, or cannot be followed, is a doubt. A source without
/// doubts does what was found. Bounds: 60,000 statements, 2,000,000
/// expressions, 12 calls deep, 64 modules.
final class PythonEvaluator {
    enum Phase { case start, request }

    /// Something that cannot be decided.
    struct Doubt {
        let text: String
        let place: String?
    }

    /// A `return` of the handler, or its end.
    struct Return {
        let value: PythonValue
        /// Of the statement, or of the function's last one.
        let place: SourcePlace
        let file: String
        /// The function ends there without a `return`.
        let isEnd: Bool
    }

    /// Where control is after statements.
    struct Flow {
        var returns: [PythonValue] = []
        var continues = true
    }

    let files: any EntrypointFiles
    let flags: EffectiveFlags
    let environment: EntrypointEnvironment
    var phase = Phase.start
    var modules: [String: ModuleObject] = [:]
    var doubts: [Doubt] = []
    /// Exceptions that came for certain and that the source caught, while a request was followed.
    var caught: [PythonRaise] = []
    /// Exceptions that came on some way through a request, whether the source caught them or not.
    var seen: [PythonRaise] = []
    /// What the handler returned on each way, while a request was followed.
    var returned: [Return] = []
    /// The method of the request that is followed; `nil` for any.
    var requestMethod: String? = "GET"
    var steps = 0
    var callDepth = 0
    /// How many blocks and expressions are being followed inside each other.
    var nesting = 0
    /// Names of modules that are not beside main.
    var absentModules: Set<String> = []
    /// More modules are imported than are followed.
    var hasTooManyModules = false
    let objects = PythonObjects()
    lazy var lacksApplicationFactory = self.applicationFactoryIsMissing()
    /// How many were followed so far.
    private var visits = 0
    /// What follows runs only under a condition that is not known.
    var uncertainty = 0
    var module: ModuleObject
    var lastPlace: SourcePlace?

    init(main: String, files: any EntrypointFiles, flags: EffectiveFlags, environment: EntrypointEnvironment) {
        self.files = files
        self.flags = flags
        self.environment = environment
        let name = main.hasSuffix(".py") ? String(main.dropLast(3)) : main
        self.module = self.objects.module(name: name, file: main)
        self.modules[name] = self.module
    }

    func spot(_ place: SourcePlace?) -> String? { place.map { "\(self.module.file):\($0)" } }

    func doubt(_ text: String, at place: SourcePlace? = nil) {
        guard self.doubts.count < 50 else { return }
        self.doubts.append(Doubt(text: text, place: self.spot(place ?? self.lastPlace)))
    }

    func raise(_ type: String, _ message: String, at place: SourcePlace? = nil) -> PythonRaise {
        PythonRaise(
            lineage: PythonKnowledge.lineage(of: type), message: message, place: self.spot(place ?? self.lastPlace))
    }

    private func step() throws(PythonRaise) {
        self.steps += 1
        if self.steps == 60_000 { self.doubt("the source is too long to be followed to its end") }
    }

    /// Counts one more level; false when the stack would grow too far, which is a doubt then.
    func enter() -> Bool {
        guard self.nesting < 600 else {
            self.doubt("the source is nested too deep to be followed to its end")
            self.steps = max(self.steps, 60_000)
            return false
        }
        // Conditions whose sides are both followed double what they hold.
        self.count()
        guard self.visits < Self.visitLimit else { return false }
        self.nesting += 1
        return true
    }

    private static let visitLimit = 2_000_000

    /// Counts what is looked through besides blocks and expressions: the names of a scope, the classes above one.
    func count(_ work: Int = 1) {
        guard self.visits < Self.visitLimit else { return }
        let before = self.visits
        self.visits = min(before + work, Self.visitLimit)
        // What is left behind need not be followed any more.
        if before >> 12 != self.visits >> 12, Task.isCancelled { self.visits = Self.visitLimit }
        guard self.visits == Self.visitLimit else { return }
        self.doubt("the source is too long to be followed to its end")
        self.steps = max(self.steps, 60_000)
    }

    var isExhausted: Bool { self.steps >= 60_000 }

    /// Follows something that may not run, or may raise: what it raises becomes a doubt.
    func maybe(_ body: () throws(PythonRaise) -> Void) {
        self.uncertainty += 1
        defer { self.uncertainty -= 1 }
        do { try body() } catch {
            self.note(error)
            self.doubt("may raise \(error.description)", at: nil)
        }
    }

    /// Keeps what the handler returns: the function that the runtime calls.
    func note(_ value: PythonValue, at place: SourcePlace, isEnd: Bool = false) {
        guard self.phase == .request, self.callDepth == 1, self.returned.count < 256 else { return }
        self.returned.append(Return(value: value, place: place, file: self.module.file, isEnd: isEnd))
    }

    /// Keeps what came while a request was followed.
    func note(_ error: PythonRaise) {
        guard self.phase == .request, self.seen.count < 64 else { return }
        self.seen.append(error)
    }

    // MARK: - Statements

    func run(_ statements: [PythonStatement], in scope: PythonScope) throws(PythonRaise) -> Flow {
        var flow = Flow()
        guard self.enter() else { return flow }
        defer { self.nesting -= 1 }
        for statement in statements {
            guard flow.continues, !self.isExhausted else { break }
            try self.step()
            self.lastPlace = statement.place
            let next = try self.run(statement, in: scope)
            flow.returns += next.returns.prefix(16)
            flow.continues = next.continues
        }
        return flow
    }

    private func run(_ statement: PythonStatement, in scope: PythonScope) throws(PythonRaise) -> Flow {
        switch statement.kind {
        case .expression(let value): _ = try self.value(of: value, in: scope)
        case .assign(let targets, let expression):
            let value = try self.value(of: expression, in: scope)
            self.count(targets.count)
            for target in targets { try self.assign(value, to: target, in: scope) }
        case .annotated(let target, let annotation, let expression):
            let isEvaluated = self.flags.pythonMinor < 14 && !self.module.postponesAnnotations && self.callDepth == 0
            if isEvaluated { _ = try self.value(of: annotation, in: scope) }
            if let expression { try self.assign(try self.value(of: expression, in: scope), to: target, in: scope) }
        case .augmented(let target, _, let expression):
            let old = try self.value(of: target, in: scope)
            let added = try self.value(of: expression, in: scope)
            var value = PythonValue.opaque
            if case .list(let left?) = old, case .list(let right?) = added { value = .list(left + right) }
            if case .text = old { value = .text(nil) }
            if case .number = old { value = .number(nil) }
            try self.assign(value, to: target, in: scope)
        case .function(let function): try self.define(function, in: scope)
        case .classDefinition(let definition): try self.define(definition, in: scope)
        case .imports(let items):
            self.count(items.count)
            for item in items { try self.importModule(item, in: scope) }
        case .fromImport(let module, let level, let names):
            self.count(names.count)
            try self.importNames(from: module, level: level, names: names, in: scope, at: statement.place)
        case .conditional(let branches): return try self.runConditional(branches, in: scope)
        case .loop(let header, let target, _, let body, let otherwise):
            return try self.runLoop(header: header, target: target, body: body, otherwise: otherwise, in: scope)
        case .with(let items, _, let body):
            for item in items {
                let value = try self.value(of: item.0, in: scope)
                if let target = item.target {
                    if case .external = value {
                        try self.assign(.unknown, to: target, in: scope)
                    } else {
                        try self.assign(.opaque, to: target, in: scope)
                    }
                }
            }
            do { return try self.run(body, in: scope) } catch {
                // The context manager may stop the exception.
                guard error.isCatchable, !items.isEmpty else { throw error }
                self.doubt("may raise \(error.description)")
                return Flow()
            }
        case .attempt(let body, let handlers, let otherwise, let finally):
            return try self.runAttempt(body, handlers, otherwise, finally, in: scope)
        case .match(let subject, let cases):
            _ = try self.value(of: subject, in: scope)
            // Patterns are not followed: every name in one may be bound.
            let names = cases.flatMap(\.names)
            self.count(names.count)
            for name in names where self.lookUp(name, in: scope) == nil { scope.names[name] = .opaque }
            return self.runAlternatives(
                cases.map(\.body), mayRunNone: cases.last?.takesAll != true, in: scope)
        case .raise(let value, _): throw try self.raised(value, in: scope, at: statement.place)
        case .returns(let value):
            let result = try value.map { (value) throws(PythonRaise) in try self.value(of: value, in: scope) } ?? .none
            self.note(result, at: statement.place)
            return Flow(returns: [result], continues: false)
        case .delete(let targets):
            self.count(targets.count)
            for case .name(let name) in targets.map(\.bare) { scope.names[name] = nil }
        case .outer(let names, _):
            self.count(names.count)
            scope.outer.formUnion(names)
        case .assertion(let test, _):
            let value = try self.value(of: test, in: scope)
            switch self.truth(of: value) {
            case false?: throw self.raise("AssertionError", "", at: statement.place)
            case nil: self.doubt("an assertion may fail", at: statement.place)
            case true?: break
            }
        case .typeAlias(let name, _, _): scope.names[name] = .opaque
        case .pass: break
        case .jump: return Flow(continues: false)
        }
        return Flow()
    }

    private func runConditional(
        _ branches: [(test: PythonExpression?, body: [PythonStatement])], in scope: PythonScope
    ) throws(PythonRaise) -> Flow {
        for (index, branch) in branches.enumerated() {
            guard let test = branch.test else { return try self.run(branch.body, in: scope) }
            switch self.truth(of: try self.value(of: test, in: scope)) {
            case true?: return try self.run(branch.body, in: scope)
            case false?: continue
            case nil:
                let rest = branches[index...]
                for other in rest.dropFirst() {
                    if let test = other.test {
                        self.maybe { () throws(PythonRaise) in _ = try self.value(of: test, in: scope) }
                    }
                }
                let hasElse = rest.last?.test == nil
                return self.runAlternatives(rest.map(\.body), mayRunNone: !hasElse, in: scope)
            }
        }
        return Flow()
    }

    /// One of the bodies runs; afterwards a name is known only where all agree.
    private func runAlternatives(_ bodies: [[PythonStatement]], mayRunNone: Bool, in scope: PythonScope) -> Flow {
        let before = scope.names
        // Each body may leave a copy of the names behind.
        self.count(before.count * bodies.count)
        guard !self.isExhausted else { return Flow(continues: mayRunNone) }
        var ends: [[String: PythonValue]] = mayRunNone ? [before] : []
        var flow = Flow(continues: mayRunNone)
        for body in bodies {
            scope.names = before
            self.maybe { () throws(PythonRaise) in
                let next = try self.run(body, in: scope)
                flow.returns += next.returns
                if next.continues { ends.append(scope.names) }
                flow.continues = flow.continues || next.continues
            }
        }
        scope.names = self.merged(ends, otherwise: before)
        return flow
    }

    private func merged(_ ends: [[String: PythonValue]], otherwise: [String: PythonValue]) -> [String: PythonValue] {
        guard var first = ends.first else { return otherwise }
        for other in ends.dropFirst() {
            self.count(first.count + other.count)
            guard !self.isExhausted else { break }
            let known = first
            for (name, left) in known {
                guard let right = other[name] else {
                    first[name] = .unknown
                    continue
                }
                if !self.isSame(left, right) { first[name] = self.joined(left, right) }
            }
            for name in other.keys where known[name] == nil { first[name] = .unknown }
        }
        return first
    }

    private func joined(_ left: PythonValue, _ right: PythonValue) -> PythonValue {
        switch (left, right) {
        case (.text, .text): .text(nil)
        case (.number, .number): .number(nil)
        case (.response, .response): .response(status: nil)
        case (.list, .list): .list(nil)
        case (.dictionary, .dictionary): .opaque
        case (.classObject(let a), .classObject(let b)) where Self.isDefault(a) && Self.isDefault(b):
            .either([left, right])
        case (.either(let items), .classObject(let type)) where Self.isDefault(type) && Self.areDefault(items):
            self.oneOf([left, right])
        case (.classObject, _), (_, .classObject), (.function, _), (_, .function), (.unknown, _), (_, .unknown):
            .unknown
        default: self.oneOf([left, right])
        }
    }

    /// One of these values, nobody knows which; of `limit` different ones and more nothing is known.
    func oneOf(_ values: [PythonValue], limit: Int = 16) -> PythonValue {
        var items: [PythonValue] = []
        for value in values {
            if case .either(let inner) = value { items += inner } else { items.append(value) }
        }
        self.count(items.count)
        guard items.count >= limit else { return items.count == 1 ? items[0] : .either(items) }
        var different: [PythonValue] = []
        for item in items where !different.contains(where: { self.isSame($0, item) }) {
            different.append(item)
            guard different.count < limit else { return .unknown }
        }
        return different.count == 1 ? different[0] : .either(different)
    }

    /// A class that registers whichever of several it is.
    static func isDefault(_ type: ClassObject) -> Bool {
        type.name == "Default" && type.isSubclass(of: "WorkerEntrypoint") == true
    }

    static func areDefault(_ values: [PythonValue]) -> Bool {
        values.allSatisfy { if case .classObject(let type) = $0 { Self.isDefault(type) } else { false } }
    }

    private func isSame(_ left: PythonValue, _ right: PythonValue) -> Bool {
        switch (left, right) {
        case (.classObject(let a), .classObject(let b)): a === b
        case (.function(let a), .function(let b)): a === b
        case (.module(let a), .module(let b)): a === b
        case (.instance(let a), .instance(let b)): a === b
        case (.external(let a), .external(let b)), (.sdkBase(let a), .sdkBase(let b)): a == b
        case (.text(let a), .text(let b)): a == b
        case (.number(let a), .number(let b)): a == b
        case (.boolean(let a), .boolean(let b)): a == b
        case (.list(nil), .list(nil)): true
        case (.none, .none), (.opaque, .opaque), (.environment, .environment), (.request, .request),
            (.fetched, .fetched), (.bytes, .bytes), (.unknown, .unknown), (.fetchedHeaders, .fetchedHeaders):
            true
        case (.response(let a), .response(let b)): a == b
        default: false
        }
    }

    private func runLoop(
        header: PythonExpression, target: PythonExpression?, body: [PythonStatement], otherwise: [PythonStatement],
        in scope: PythonScope
    ) throws(PythonRaise) -> Flow {
        let source = try self.value(of: header, in: scope)
        if target == nil, self.truth(of: source) == false { return try self.run(otherwise, in: scope) }
        if target == nil, self.phase == .start, self.truth(of: source) == true {
            self.doubt("a loop at start may not end")
        }
        if let target {
            var element = PythonValue.opaque
            if case .list(let items?) = source, let first = items.first { element = items.count == 1 ? first : .opaque }
            if case .list(let items?) = source, items.allSatisfy({ if case .text = $0 { true } else { false } }) {
                element = .text(nil)
            }
            try self.assign(element, to: target, in: scope)
        }
        var flow = self.runAlternatives([body], mayRunNone: true, in: scope)
        // `while True` ends with `break` alone.
        if target == nil, self.truth(of: source) == true, !Self.breaks(body) {
            return Flow(returns: flow.returns, continues: false)
        }
        flow.continues = true
        let next = try self.run(otherwise, in: scope)
        return Flow(returns: flow.returns + next.returns, continues: next.continues)
    }

    /// True when a `break` in these statements ends the loop around them.
    private static func breaks(_ body: [PythonStatement], depth: Int = 0) -> Bool {
        guard depth < 100 else { return true }
        return body.contains { statement in
            switch statement.kind {
            case .jump(let isBreak): isBreak
            case .conditional(let branches): branches.contains { Self.breaks($0.body, depth: depth + 1) }
            case .with(_, _, let body): Self.breaks(body, depth: depth + 1)
            case .loop(_, _, _, _, let otherwise): Self.breaks(otherwise, depth: depth + 1)
            case .attempt(let body, let handlers, let otherwise, let finally):
                [body, otherwise, finally].contains { Self.breaks($0, depth: depth + 1) }
                    || handlers.contains { Self.breaks($0.body, depth: depth + 1) }
            case .match(_, let cases): cases.contains { Self.breaks($0.body, depth: depth + 1) }
            default: false
            }
        }
    }

    private func runAttempt(
        _ body: [PythonStatement], _ handlers: [PythonHandler], _ otherwise: [PythonStatement],
        _ finally: [PythonStatement], in scope: PythonScope
    ) throws(PythonRaise) -> Flow {
        var flow: Flow
        do {
            let doubtsBefore = self.doubts.count
            flow = try self.run(body, in: scope)
            if flow.continues {
                let next = try self.run(otherwise, in: scope)
                flow = Flow(returns: flow.returns + next.returns, continues: next.continues)
            }
            if self.doubts.count > doubtsBefore && !handlers.isEmpty {
                // A handler may run after any part of the body: what both bind is not known.
                let after = scope.names
                let other = self.runAlternatives(handlers.map(\.body), mayRunNone: true, in: scope)
                scope.names = self.merged([after, scope.names], otherwise: after)
                flow.returns += other.returns
            }
        } catch {
            guard error.isCatchable, let handler = try self.handler(for: error, among: handlers, in: scope) else {
                _ = try self.run(finally, in: scope)
                throw error
            }
            self.note(error)
            if self.phase == .request && self.uncertainty == 0 { self.caught.append(error) }
            if let name = handler.name { scope.names[name] = .exception(error) }
            flow = try self.run(handler.body, in: scope)
        }
        let last = try self.run(finally, in: scope)
        if !last.continues { return last }
        return flow
    }

    private func handler(
        for error: PythonRaise, among handlers: [PythonHandler], in scope: PythonScope
    ) throws(PythonRaise) -> PythonHandler? {
        for handler in handlers {
            guard let type = handler.type else { return handler }
            let types: [PythonValue]
            switch try self.value(of: type, in: scope) {
            case .list(let items?): types = items
            case let value: types = [value]
            }
            for type in types {
                self.count(error.lineage.count)
                switch type {
                case .external(let name):
                    let last = name.split(separator: ".").last.map(String.init) ?? name
                    if error.lineage.contains(last) { return handler }
                case .classObject(let type):
                    if error.lineage.contains(type.place) { return handler }
                default:
                    self.doubt("an exception handler whose type is not known")
                    return handler
                }
            }
        }
        return nil
    }

    private func raised(
        _ expression: PythonExpression?, in scope: PythonScope, at place: SourcePlace
    ) throws(PythonRaise) -> PythonRaise {
        guard let expression else { return self.raise("RuntimeError", "raised again", at: place) }
        var type = expression
        var message = ""
        if case .call(let callee, let arguments) = expression.bare {
            type = callee
            if let first = arguments.first, case .text(let text?) = try self.value(of: first.value, in: scope) {
                message = text
            }
        }
        switch try self.value(of: type, in: scope) {
        case .external(let path):
            let name = path.split(separator: ".").last.map(String.init) ?? path
            return self.raise(name, message, at: place)
        case .classObject(let type):
            self.count(type.extent)
            var lineage = [type.definedName]
            for item in [type] + type.ancestors {
                lineage.append(item.place)
                for path in item.externalBases {
                    lineage += PythonKnowledge.lineage(of: path.split(separator: ".").last.map(String.init) ?? path)
                }
            }
            return PythonRaise(lineage: lineage, message: message, place: self.spot(place))
        case .exception(let error): return error
        default: return self.raise("Exception", message, at: place)
        }
    }

    // MARK: - Names

    func lookUp(_ name: String, in scope: PythonScope) -> PythonValue? {
        var current: PythonScope? = scope
        while let here = current {
            if let value = here.names[name] { return value }
            current = here.parent
        }
        return nil
    }

    func hasUnknownNames(_ scope: PythonScope) -> Bool {
        var current: PythonScope? = scope
        while let here = current {
            if here.hasUnknownNames { return true }
            current = here.parent
        }
        return false
    }

    /// Gives a name its value; one that `global` or `nonlocal` names is not of this scope.
    func bind(_ name: String, to value: PythonValue, in scope: PythonScope, at place: SourcePlace?) {
        let home = scope.outer.contains(name) ? self.module.scope : scope
        home.names[name] = value
        home.places[name] = place
    }

    func assign(_ value: PythonValue, to target: PythonExpression, in scope: PythonScope) throws(PythonRaise) {
        switch target.bare {
        case .name(let name): self.bind(name, to: value, in: scope, at: target.place ?? self.lastPlace)
        case .starred(let inner): try self.assign(.list(nil), to: inner, in: scope)
        case .tuple(let items), .list(let items):
            self.count(items.count)
            var values: [PythonValue]?
            if case .list(let known?) = value, known.count == items.count { values = known }
            for (index, item) in items.enumerated() { try self.assign(values?[index] ?? .opaque, to: item, in: scope) }
        case .attribute(let owner, let name):
            switch try self.value(of: owner, in: scope) {
            case .classObject(let type):
                if name == "__name__" {
                    if case .text(let text?) = value { type.name = text } else { type.name = nil }
                } else {
                    type.attributes[name] = value
                    if name == "__bases__" || name == "__init__" { type.isKnown = false }
                }
            case .instance(let object): object.attributes[name] = value
            case .module(let module): module.scope.names[name] = value
            case .unknown: self.doubt("an attribute of something unknown is set", at: target.place)
            default: break
            }
        case .item(let owner, let key):
            let container = try self.value(of: owner, in: scope)
            let key = try self.value(of: key, in: scope)
            switch container {
            case .globals(let module):
                if case .text(let name?) = key {
                    module.scope.names[name] = value
                } else {
                    module.scope.hasUnknownNames = true
                    self.doubt("names are made at run time through globals()", at: target.place)
                }
            case .fetchedHeaders: self.doubt("the headers of a fetched response are changed", at: target.place)
            case .text, .number, .none, .bytes:
                throw self.raise("TypeError", "object does not support item assignment", at: target.place)
            case .external(let path) where path == "sys.modules" || path == "builtins.__dict__":
                self.doubt("modules are replaced at run time", at: target.place)
            case .dictionary:
                if case .name(let name) = owner.bare { self.rebind(name, to: .opaque, in: scope) }
            default: break
            }
        default: break
        }
    }

    private func rebind(_ name: String, to value: PythonValue, in scope: PythonScope) {
        var current: PythonScope? = scope
        while let here = current {
            if here.names[name] != nil {
                here.names[name] = value
                return
            }
            current = here.parent
        }
    }
}
