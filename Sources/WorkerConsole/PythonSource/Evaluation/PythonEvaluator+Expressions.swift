/// Values of expressions.
extension PythonEvaluator {
    func value(of expression: PythonExpression, in scope: PythonScope) throws(PythonRaise) -> PythonValue {
        guard self.enter() else { return .unknown }
        defer { self.nesting -= 1 }
        switch expression {
        case .placed(let inner, let place):
            self.lastPlace = place
            return try self.value(of: inner, in: scope)
        case .name(let name): return try self.named(name, in: scope)
        case .attribute(let owner, let name):
            let value = try self.value(of: owner, in: scope)
            return try self.attribute(name, of: value)
        case .call(let callee, let arguments): return try self.call(callee, arguments, in: scope)
        case .item(let owner, let key): return try self.item(owner, key, in: scope)
        case .text(let text): return .text(text)
        case .bytes: return .bytes
        case .formatted(let fields):
            for field in fields { _ = try self.value(of: field, in: scope) }
            return .text(nil)
        case .number(let number): return .number(number)
        case .constant(.none): return .none
        case .constant(.yes): return .boolean(true)
        case .constant(.no): return .boolean(false)
        case .constant(.ellipsis): return .opaque
        case .tuple(let items), .list(let items), .set(let items):
            var values: [PythonValue]? = []
            for item in items {
                let value = try self.value(of: item, in: scope)
                if case .starred = item.bare { values = nil }
                if items.count <= 256 { values?.append(value) } else { values = nil }
            }
            return self.shallow(.list(values))
        case .dictionary(let pairs):
            var entries: [String: PythonValue]? = [:]
            for pair in pairs {
                let key = try pair.key.map { (key) throws(PythonRaise) in try self.value(of: key, in: scope) }
                let value = try self.value(of: pair.value, in: scope)
                if case .text(let name?)? = key { entries?[name] = value } else { entries = nil }
            }
            return self.shallow(.dictionary(entries))
        case .await(let inner): return try self.awaited(try self.value(of: inner, in: scope))
        case .yield(let inner, _):
            if let inner { _ = try self.value(of: inner, in: scope) }
            return .opaque
        case .lambda(let function):
            return .function(FunctionObject(function, scope: scope, module: self.module))
        case .comprehension(let elements, let clauses, let kind):
            return try self.comprehension(elements, clauses, isGenerator: kind == .generator, in: scope)
        case .conditional(let test, let yes, let no):
            switch self.truth(of: try self.value(of: test, in: scope)) {
            case true?: return try self.value(of: yes, in: scope)
            case false?: return try self.value(of: no, in: scope)
            case nil: return self.oneOf([yes, no], in: scope)
            }
        case .not(let inner): return .boolean(self.truth(of: try self.value(of: inner, in: scope)).map { !$0 })
        case .boolean(let isAnd, let items):
            for (index, item) in items.enumerated() {
                let value = try self.value(of: item, in: scope)
                guard let truth = self.truth(of: value) else {
                    let rest = self.oneOf(Array(items[(index + 1)...]), in: scope)
                    return index + 1 == items.count ? value : self.oneOf([value, rest])
                }
                if truth != isAnd || index + 1 == items.count { return value }
            }
            return .unknown
        case .compare(let first, let rest): return try self.comparison(first, rest, in: scope)
        case .arithmetic(let operands):
            var values: [PythonValue] = []
            for operand in operands { values.append(try self.value(of: operand, in: scope)) }
            if case .text? = values.first { return .text(nil) }
            if values.contains(where: { if case .text = $0 { true } else { false } }) { return .text(nil) }
            // `1 / 0` and its kind are not worked out.
            if values.count > 1,
                values.dropFirst().contains(where: { if case .number(0?) = $0 { true } else { false } })
            {
                self.doubt("an operation with zero")
            }
            if values.allSatisfy({ if case .number = $0 { true } else { false } }) { return .number(nil) }
            return .opaque
        case .starred(let inner):
            _ = try self.value(of: inner, in: scope)
            return .opaque
        case .walrus(let name, let inner):
            let value = try self.value(of: inner, in: scope)
            scope.names[name] = value
            return value
        case .group(let inner): return try self.value(of: inner, in: scope)
        case .slice(let parts):
            for part in parts { _ = try self.value(of: part, in: scope) }
            return .opaque
        }
    }

    /// One of the expressions is evaluated, nobody knows which.
    private func oneOf(_ expressions: [PythonExpression], in scope: PythonScope) -> PythonValue {
        var values: [PythonValue] = []
        for expression in expressions {
            self.maybe { () throws(PythonRaise) in values.append(try self.value(of: expression, in: scope)) }
        }
        return self.oneOf(values)
    }

    /// The value, or one without what is in it when values are nested too deep in it.
    func shallow(_ value: PythonValue) -> PythonValue {
        guard self.isDeep(value, levels: 5) else { return value }
        return switch value {
        case .list: .list(nil)
        case .dictionary: .dictionary(nil)
        case .coroutine: .coroutine(.unknown)
        default: .unknown
        }
    }

    private func isDeep(_ value: PythonValue, levels: Int) -> Bool {
        guard levels > 0 else { return true }
        switch value {
        case .list(let items?):
            self.count(items.count)
            return items.contains { self.isDeep($0, levels: levels - 1) }
        case .dictionary(let entries?):
            self.count(entries.count)
            return entries.values.contains { self.isDeep($0, levels: levels - 1) }
        case .coroutine(let inner), .promise(let inner): return self.isDeep(inner, levels: levels - 1)
        case .either(let items):
            self.count(items.count)
            return items.contains { self.isDeep($0, levels: levels) }
        default: return false
        }
    }

    private func named(_ name: String, in scope: PythonScope) throws(PythonRaise) -> PythonValue {
        if let value = self.lookUp(name, in: scope) { return value }
        if PythonKnowledge.builtins.contains(name) { return .external("builtins." + name) }
        if self.hasUnknownNames(scope) || self.isExhausted { return .unknown }
        // A function that runs while its module still loads may see a name that comes later.
        throw self.raise("NameError", "name '\(name)' is not defined")
    }

    func truth(of value: PythonValue) -> Bool? {
        switch value {
        case .none: false
        case .boolean(let value): value
        case .text(let text?): !text.isEmpty
        case .number(let number?): number != 0
        case .list(let items?): !items.isEmpty
        case .dictionary(let entries?): !entries.isEmpty
        case .function, .classObject, .sdkBase, .module, .response, .fetched, .request, .coroutine, .generator: true
        default: nil
        }
    }

    private func comparison(
        _ first: PythonExpression, _ rest: [(symbol: String, PythonExpression)], in scope: PythonScope
    ) throws(PythonRaise) -> PythonValue {
        let left = try self.value(of: first, in: scope)
        var results: [Bool?] = []
        for (symbol, expression) in rest {
            let right = try self.value(of: expression, in: scope)
            results.append(rest.count == 1 ? self.compare(left, symbol, right) : nil)
        }
        return .boolean(results.count == 1 ? results[0] : nil)
    }

    private func compare(_ left: PythonValue, _ symbol: String, _ right: PythonValue) -> Bool? {
        switch (left, symbol, right) {
        case (.text(let a?), "==", .text(let b?)): return a == b
        case (.text(let a?), "!=", .text(let b?)): return a != b
        case (.text(let a?), "in", .list(let items?)), (.text(let a?), "not in", .list(let items?)):
            self.count(items.count)
            var texts: [String] = []
            for item in items {
                guard case .text(let text?) = item else { return nil }
                texts.append(text)
            }
            return texts.contains(a) == (symbol == "in")
        case (.none, "is", .none), (.none, "==", .none): return true
        case (.none, "is not", .none), (.none, "!=", .none): return false
        case (.text, "is", .none), (.response, "is", .none), (.function, "is", .none), (.fetched, "is", .none),
            (.classObject, "is", .none), (.request, "is", .none), (.dictionary, "is", .none), (.list, "is", .none):
            return false
        case (.text, "is not", .none), (.response, "is not", .none), (.function, "is not", .none),
            (.fetched, "is not", .none), (.classObject, "is not", .none), (.request, "is not", .none),
            (.dictionary, "is not", .none), (.list, "is not", .none):
            return true
        case (.list(let a?), ">=", .list(let b?)), (.list(let a?), "<", .list(let b?)):
            var numbers: [(Int, Int)] = []
            for (a, b) in zip(a, b) {
                guard case .number(let a?) = a, case .number(let b?) = b else { return nil }
                numbers.append((a, b))
            }
            guard let difference = numbers.first(where: { $0.0 != $0.1 }) else {
                return b.count <= a.count ? symbol == ">=" : nil
            }
            return (difference.0 > difference.1) == (symbol == ">=")
        case (.number(let a?), "==", .number(let b?)): return a == b
        case (.number(let a?), "!=", .number(let b?)): return a != b
        default: return nil
        }
    }

    private func comprehension(
        _ elements: [PythonExpression], _ clauses: [PythonClause], isGenerator: Bool, in scope: PythonScope
    ) throws(PythonRaise) -> PythonValue {
        guard let first = clauses.first else { return .opaque }
        _ = try self.value(of: first.source, in: scope)
        let inner = self.objects.scope(parent: scope)
        self.maybe { () throws(PythonRaise) in
            for (index, clause) in clauses.enumerated() {
                // The first was evaluated outside.
                if index > 0 { _ = try self.value(of: clause.source, in: inner) }
                try self.assign(.opaque, to: clause.target, in: inner)
                for condition in clause.conditions { _ = try self.value(of: condition, in: inner) }
            }
            for element in elements { _ = try self.value(of: element, in: inner) }
        }
        return isGenerator ? .opaque : .list(nil)
    }

    private func item(
        _ owner: PythonExpression, _ key: PythonExpression, in scope: PythonScope
    ) throws(PythonRaise) -> PythonValue {
        let container = try self.value(of: owner, in: scope)
        let key = try self.value(of: key, in: scope)
        switch container {
        case .dictionary(let entries?):
            if case .text(let name?) = key {
                if let value = entries[name] { return value }
                throw self.raise("KeyError", "'\(name)'")
            }
            return .opaque
        case .globals(let module):
            if case .text(let name?) = key, let value = module.scope.names[name] { return value }
            self.doubt("a name is looked up in globals()")
            return .unknown
        case .external("os.environ"):
            self.doubt("whether os.environ has that name is not known")
            return .text(nil)
        case .none, .number, .boolean, .function, .coroutine:
            throw self.raise("TypeError", "object is not subscriptable")
        case .text: return .text(nil)
        case .list(let items):
            if case .number(let index?) = key, let items, items.indices.contains(index) { return items[index] }
            return .opaque
        case .unknown: return .unknown
        // `list[str]`, `Optional[Request]`, `Base[T]`: the class itself.
        case .external, .classObject, .sdkBase: return container
        default: return .opaque
        }
    }

    private func awaited(_ value: PythonValue) throws(PythonRaise) -> PythonValue {
        switch value {
        case .coroutine(let inner), .promise(let inner): return inner
        case .failing(let error): throw error
        case .either(let values):
            if values.allSatisfy({ if case .coroutine = $0 { true } else { false } }) {
                return self.oneOf(
                    values.map { if case .coroutine(let inner) = $0 { inner } else { .opaque } },
                    limit: Self.resultLimit)
            }
            return .unknown
        case .text, .number, .none, .boolean, .dictionary, .list, .response, .fetched, .bytes, .generator, .function,
            .classObject:
            let names: String =
                switch value {
                case .text: "str"
                case .none: "NoneType"
                case .response, .fetched: "Response"
                default: "this object"
                }
            throw self.raise("TypeError", "object \(names) can't be used in 'await' expression")
        default: return value
        }
    }

    // MARK: - Attributes

    func attribute(_ name: String, of value: PythonValue) throws(PythonRaise) -> PythonValue {
        switch value {
        case .module(let module):
            if let value = module.scope.names[name] { return value }
            if !module.isLoaded || module.scope.hasUnknownNames || name.hasPrefix("__") { return .unknown }
            throw self.raise("AttributeError", "module '\(module.name)' has no attribute '\(name)'")
        case .external(let path): return self.external(path + "." + name)
        case .classObject(let type):
            if name == "__name__" { return .text(type.name) }
            self.count(type.extent)
            guard let owner = type.owner(of: name), let value = owner.attributes[name] else {
                if type.isClosed && !name.hasPrefix("__") && type.isSubclass(of: "WorkerEntrypoint") != true {
                    throw self.raise("AttributeError", "type object '\(type.definedName)' has no attribute '\(name)'")
                }
                return .opaque
            }
            if case .function(let function) = value, owner.marks[name] == "classmethod" {
                return .function(function.binding(.classObject(type)))
            }
            return value
        case .instance(let object): return try self.attribute(name, of: object)
        case .superProxy(let object):
            self.count(object.type.extent)
            if let owner = object.type.inheritedOwner(of: name), let value = owner.attributes[name] {
                if case .function(let function) = value { return .function(function.binding(.instance(object))) }
                return value
            }
            return .external("super." + name)
        case .environment:
            if self.environment.names.contains(name) || name.hasPrefix("__") { return .opaque }
            if self.environment.isComplete { throw self.raise("AttributeError", name) }
            self.doubt(
                "\(name) is neither a binding nor a variable of the configuration; a secret of that name cannot be seen here"
            )
            return .opaque
        case .request:
            switch name {
            case "method": return .text(self.requestMethod)
            case "js_object": return .request
            default: return .opaque
            }
        case .fetched: return name == "headers" ? .fetchedHeaders : .opaque
        case .fetchedHeaders:
            return ["set", "append", "delete"].contains(name) ? .external("immutable." + name) : .opaque
        case .none: throw self.raise("AttributeError", "'NoneType' object has no attribute '\(name)'")
        case .text: return .external("text." + name)
        case .dictionary: return .external("dict." + name)
        case .list: return .external("list." + name)
        case .coroutine: throw self.raise("AttributeError", "'coroutine' object has no attribute '\(name)'")
        case .function: return .opaque
        case .either(let values):
            let isUnknown = values.contains { if case .unknown = $0 { true } else { false } }
            return isUnknown ? .unknown : .opaque
        case .unknown: return .unknown
        default: return .opaque
        }
    }

    private func attribute(_ name: String, of object: InstanceObject) throws(PythonRaise) -> PythonValue {
        if let value = object.attributes[name] { return value }
        let type = object.type
        self.count(type.extent)
        if let owner = type.owner(of: name), let value = owner.attributes[name] {
            guard case .function(let function) = value else { return value }
            switch owner.marks[name] {
            case "staticmethod": return value
            case "classmethod": return .function(function.binding(.classObject(type)))
            case "property":
                return try self.call(function.binding(.instance(object)), with: CallArguments(), at: nil)
            default: return .function(function.binding(.instance(object)))
            }
        }
        guard type.isClosed, type.owner(of: "__getattr__") == nil, !name.hasPrefix("__") else { return .unknown }
        throw self.raise("AttributeError", "'\(type.definedName)' object has no attribute '\(name)'")
    }
}
