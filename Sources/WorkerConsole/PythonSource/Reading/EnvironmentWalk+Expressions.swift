/// What expressions stand for, and what they read.
extension EnvironmentWalk {
    /// Functions that look at the environment and keep nothing of it.
    private static let harmless: Set<String> = [
        "print", "str", "repr", "bool", "isinstance", "id", "type", "callable", "hash", "super",
    ]

    /// What an expression stands for; `method` is what is called on its value: `prepare`.
    func value(of expression: PythonExpression, in scope: Scope, method: String? = nil) -> EnvironmentValue {
        guard self.count() else { return .unknown }
        switch expression.bare {
        case .name(let name): return self.lookUp(name, in: scope)
        case .attribute(let owner, let name):
            let value = self.value(of: owner, in: scope)
            return self.attribute(name, of: value, at: Self.head(of: owner), method: method)
        case .call(let callee, let arguments): return self.call(callee, arguments, in: scope)
        case .item(let owner, let key): return self.item(owner, key, in: scope, method: method)
        case .text(let text): return text.map { .texts([$0]) } ?? .other
        case .bytes, .number: return .other
        case .constant(.none): return .nothing
        case .constant: return .other
        case .formatted(let parts): return self.all(parts, in: scope)
        case .tuple(let items), .list(let items):
            let values = items.prefix(64).map { self.value(of: $0, in: scope) }
            if values.contains(where: \.mayBeEnvironment) { self.leak() }
            return items.count > 64 ? self.all(Array(items.dropFirst(64)), in: scope) : .row(values)
        case .set(let items): return self.all(items, in: scope)
        case .dictionary(let entries):
            let values = self.all(entries.flatMap { [$0.key, $0.value].compactMap { $0 } }, in: scope)
            return values == .unknown ? .other : values
        case .await(let inner): return self.value(of: inner, in: scope, method: method)
        case .starred(let inner): return self.all([inner], in: scope)
        case .yield(let inner, _): return self.all([inner].compactMap { $0 }, in: scope)
        case .slice(let items), .arithmetic(let items): return self.all(items, in: scope)
        case .lambda(let function): return self.define(function, in: scope)
        case .comprehension(let elements, let clauses, _): return self.comprehension(elements, clauses, in: scope)
        case .conditional(let test, let yes, let no):
            _ = self.value(of: test, in: scope)
            return self.value(of: yes, in: scope, method: method)
                .joined(self.value(of: no, in: scope, method: method))
        case .not(let inner):
            _ = self.value(of: inner, in: scope)
            return .other
        case .boolean(let isAnd, let items):
            let values = items.map { self.value(of: $0, in: scope) }
            return isAnd ? values.last ?? .unknown : values.reduce(.nothing) { $0.joined($1) }
        case .compare(let first, let rest): return self.compare(first, rest, in: scope)
        case .walrus(let name, let inner):
            let value = self.value(of: inner, in: scope)
            self.bind(name, to: value, in: scope)
            return value
        case .group, .placed: return .unknown
        }
    }

    /// What is put together of several values: nobody knows what becomes of the environment in it.
    private func all(_ expressions: [PythonExpression], in scope: Scope) -> EnvironmentValue {
        for expression in expressions where self.value(of: expression, in: scope).mayBeEnvironment { self.leak() }
        return .unknown
    }

    /// Where an expression begins.
    private static func head(of expression: PythonExpression) -> SourcePlace? {
        var current = expression
        while true {
            switch current.bare {
            case .attribute(let owner, _), .call(let owner, _), .item(let owner, _): current = owner
            default: return current.place
            }
        }
    }

    // MARK: - Members

    private func attribute(
        _ name: String, of owner: EnvironmentValue, at place: SourcePlace?, method: String?
    ) -> EnvironmentValue {
        switch owner {
        case .environment:
            guard !EnvironmentUses.own.contains(name), !name.hasPrefix("_") else {
                // The whole of it as a value.
                if ["to_py", "object_keys", "object_values", "object_entries", "as_object_map"].contains(name) {
                    self.leak()
                }
                return .unknown
            }
            self.record(name, at: place, method: method)
            return .other
        case .perhaps:
            self.leak()
            return .unknown
        case .instance(let type):
            let value = type.flatMap { self.attribute(name, of: $0) }
            // The runtime's own; a class that has nothing else of that name is given it.
            if name == "env", value.map({ $0 == .nothing || $0.mayBeEnvironment }) ?? true { return .environment }
            guard case .function(let number)? = value else { return value ?? .unknown }
            return self.bound(number)
        case .type(let type): return self.attribute(name, of: type) ?? .unknown
        case .module(let source): return self.known.modules[source]?[name] ?? .unknown
        case .sdk: return name == "env" ? .environment : .unknown
        default: return .unknown
        }
    }

    /// A function of an instance: its value where it is a property.
    private func bound(_ number: Int) -> EnvironmentValue {
        let marks = self.functions[number]?.decorators.compactMap { decorator in
            switch decorator.bare {
            case .name(let name), .attribute(_, let name): name
            default: nil
            }
        }
        guard let marks, !marks.isEmpty else { return .method(number) }
        if marks.contains("staticmethod") { return .function(number) }
        if marks.contains("property") || marks.contains("cached_property") {
            return self.known.returns[number] ?? .nothing
        }
        return .method(number)
    }

    private func item(
        _ owner: PythonExpression, _ key: PythonExpression, in scope: Scope, method: String?
    ) -> EnvironmentValue {
        let value = self.value(of: owner, in: scope)
        let index = self.value(of: key, in: scope)
        switch value {
        case .environment:
            guard case .texts(let names) = index else {
                self.leak()
                return .unknown
            }
            for name in names { self.record(name, at: Self.head(of: owner), method: method) }
            return .other
        case .perhaps: self.leak()
        case .row(let items):
            if case .number(let index?) = key.bare, items.indices.contains(index) { return items[index] }
            return items.contains(where: \.mayBeEnvironment) ? .perhaps : .unknown
        default: break
        }
        return .unknown
    }

    private func compare(
        _ first: PythonExpression, _ rest: [(symbol: String, PythonExpression)], in scope: Scope
    ) -> EnvironmentValue {
        var left = self.value(of: first, in: scope)
        for (symbol, expression) in rest {
            let right = self.value(of: expression, in: scope)
            // `"NAME" in env`.
            if right == .environment, symbol.hasSuffix("in") {
                if case .texts(let names) = left {
                    for name in names { self.record(name, at: Self.head(of: expression), isOptional: true) }
                } else {
                    self.leak()
                }
            }
            left = right
        }
        return .other
    }

    private func comprehension(
        _ elements: [PythonExpression], _ clauses: [PythonClause], in scope: Scope
    ) -> EnvironmentValue {
        let own = Scope(parent: scope)
        for clause in clauses {
            let items = self.value(of: clause.source, in: own)
            if items.mayBeEnvironment { self.leak() }
            self.assign(Self.element(of: items), to: clause.target, in: own)
            for condition in clause.conditions { _ = self.value(of: condition, in: own) }
        }
        return self.all(elements, in: own)
    }

    /// What a loop over a value gives.
    static func element(of value: EnvironmentValue) -> EnvironmentValue {
        guard case .row(let items) = value else { return .unknown }
        return items.reduce(.nothing) { $0.joined($1) }
    }

    // MARK: - Calls

    private func call(
        _ callee: PythonExpression, _ arguments: [PythonArgument], in scope: Scope
    ) -> EnvironmentValue {
        if case .name(let name) = callee.bare, ["getattr", "hasattr", "setattr"].contains(name), arguments.count > 1,
            self.lookUp(name, in: scope) == .unknown
        {
            return self.ask(name, arguments, in: scope)
        }
        var called: String?
        var target: EnvironmentValue
        if case .attribute(let owner, let name) = callee.bare {
            let value = self.value(of: owner, in: scope, method: name)
            target = self.attribute(name, of: value, at: Self.head(of: owner), method: nil)
            if case .call(let inner, _) = owner.bare, case .name("super") = inner.bare { called = "super" }
        } else {
            target = self.value(of: callee, in: scope)
            if case .name(let name) = callee.bare { called = name }
        }
        let values = arguments.map { self.value(of: $0.value, in: scope) }
        // `asyncio.gather(f(env))`, `functools.partial(f, env)`: a function among the arguments may get the others.
        var result = EnvironmentValue.unknown
        var skipped = 0
        if case .type(let type) = target {
            result = .instance(of: type)
            target = self.attribute("__init__", of: type) ?? .unknown
            skipped = 1
        }
        switch target {
        case .function(let number), .method(let number):
            if case .method = target { skipped = 1 }
            self.pass(values, arguments, to: number, skipping: skipped)
            return result == .unknown ? self.known.returns[number] ?? .nothing : result
        default:
            let isHarmless = called.map { Self.harmless.contains($0) } ?? false
            if !isHarmless, values.contains(where: \.mayBeEnvironment) { self.leak() }
            return result
        }
    }

    /// Notes what a function is given.
    private func pass(
        _ values: [EnvironmentValue], _ arguments: [PythonArgument], to number: Int, skipping skipped: Int
    ) {
        guard let function = self.functions[number] else { return }
        let positional = function.parameters.filter { $0.kind == .positional }.dropFirst(skipped)
        var rest = positional[...]
        for (value, argument) in zip(values, arguments) {
            var name: String?
            if let keyword = argument.keyword {
                name = function.parameters.contains { $0.name == keyword } ? keyword : nil
            } else if case .starred = argument.value.bare {
                rest = []
            } else {
                name = rest.popFirst()?.name
            }
            guard let name else {
                if value.mayBeEnvironment { self.leak() }
                continue
            }
            let before = self.found.parameters[number, default: [:]][name] ?? .nothing
            self.found.parameters[number, default: [:]][name] = before.joined(value)
        }
    }

    /// `getattr(env, "NAME", …)`, `hasattr`, `setattr`.
    private func ask(_ function: String, _ arguments: [PythonArgument], in scope: Scope) -> EnvironmentValue {
        let values = arguments.map { self.value(of: $0.value, in: scope) }
        let place = Self.head(of: arguments[0].value)
        guard case .texts(let names) = values[1] else {
            if values[0].mayBeEnvironment { self.leak() }
            return .unknown
        }
        if function == "setattr" {
            if case .instance(let type?) = values[0], names.count == 1, values.count == 3 {
                self.give(values[2], as: names[0], to: type)
            }
            return .nothing
        }
        let isOptional = function == "hasattr" || arguments.count > 2
        if values[0] == .environment {
            for name in names where !name.hasPrefix("_") { self.record(name, at: place, isOptional: isOptional) }
            return .unknown
        }
        return names.reduce(.nothing) { $0.joined(self.attribute($1, of: values[0], at: place, method: nil)) }
    }
}
