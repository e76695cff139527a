package import WorkerDomain

/// Hosts that only this machine or a private network knows, in the texts that a source uses.
///
/// Left out is what is no address that the Worker asks: comments and docstrings, what is compared with, origins that CORS
/// allows, what stands under `if __name__ == "__main__"`, constants that nothing reads, and requests to a binding, whose
/// host nobody looks up.
package struct SourceAddresses {
    package struct Finding: Sendable, Equatable {
        /// As written, without what stands before and behind the host and its port.
        package let host: String
        package let kind: LocalHost
        package let place: SourcePlace
    }

    private(set) var findings: [Finding] = []
    private var used: Set<String> = []
    /// What a constant of the outermost level holds, until it is known whether it is read.
    private var constants: [(name: String, findings: [Finding])] = []
    /// A name that says what the text is for: of the variable, the keyword or the key.
    private var purpose = ""
    private var place = SourcePlace(line: 1, column: 1)

    static func findings(in statements: [PythonStatement]) -> [Finding] {
        var addresses = SourceAddresses()
        addresses.visit(statements, isOuter: true)
        for constant in addresses.constants where addresses.used.contains(constant.name) {
            addresses.findings += constant.findings
        }
        return addresses.findings.sorted { ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column) }
    }

    // MARK: - Statements

    private mutating func visit(_ statements: [PythonStatement], isOuter: Bool = false) {
        for statement in statements {
            self.place = statement.place
            self.visit(statement, isOuter: isOuter)
        }
    }

    private mutating func visit(_ statement: PythonStatement, isOuter: Bool) {
        switch statement.kind {
        case .expression(let value):
            // A text alone is a docstring.
            if case .text = value.bare { return }
            self.visit(value)
        case .assign(let targets, let value): self.assign(value, to: targets, isOuter: isOuter)
        case .annotated(let target, _, let value?): self.assign(value, to: [target], isOuter: isOuter)
        case .augmented(let target, _, let value): self.assign(value, to: [target], isOuter: false)
        case .function(let function):
            for parameter in function.parameters { self.visit(parameter.standard, for: parameter.name) }
            for decorator in function.decorators { self.visit(decorator) }
            self.visit(function.body)
        case .classDefinition(let definition):
            for decorator in definition.decorators { self.visit(decorator) }
            for argument in definition.arguments { self.visit(argument.value) }
            self.visit(definition.body)
        case .conditional(let branches):
            for branch in branches {
                if let test = branch.test {
                    self.visit(test)
                    if Self.isMainGuard(test) { continue }
                }
                self.visit(branch.body, isOuter: isOuter)
            }
        case .loop(let header, _, _, let body, let otherwise):
            self.visit(header)
            self.visit(body)
            self.visit(otherwise)
        case .with(let items, _, let body):
            for item in items { self.visit(item.0) }
            self.visit(body)
        case .attempt(let body, let handlers, let otherwise, let finally):
            self.visit(body, isOuter: isOuter)
            for handler in handlers { self.visit(handler.body, isOuter: isOuter) }
            self.visit(otherwise)
            self.visit(finally)
        case .match(let subject, let cases):
            self.visit(subject)
            for item in cases { self.visit(item.body) }
        case .raise(let value?, _): self.visit(value)
        case .returns(let value?): self.visit(value)
        default: break
        }
    }

    private mutating func assign(_ value: PythonExpression, to targets: [PythonExpression], isOuter: Bool) {
        var name = ""
        for target in targets {
            switch target.bare {
            case .name(let text), .attribute(_, let text): name = text
            case .item(_, let key): if case .text(let text?) = key.bare { name = text }
            default: break
            }
            if case .item(let owner, _) = target.bare { self.visit(owner) }
        }
        let before = self.findings
        self.visit(value, for: name)
        guard isOuter, targets.count == 1, case .name(let name) = targets[0].bare else { return }
        self.constants.append((name, Array(self.findings[before.count...])))
        self.findings = before
    }

    private static func isMainGuard(_ test: PythonExpression) -> Bool {
        guard case .compare(let left, let rest) = test.bare, rest.count == 1 else { return false }
        return [left.bare, rest[0].1.bare].contains { if case .name("__name__") = $0 { true } else { false } }
    }

    // MARK: - Expressions

    private mutating func visit(_ expression: PythonExpression?, for purpose: String) {
        guard let expression else { return }
        let outer = self.purpose
        if !purpose.isEmpty { self.purpose = purpose }
        self.visit(expression)
        self.purpose = outer
    }

    private mutating func visit(_ expressions: [PythonExpression]) { for item in expressions { self.visit(item) } }

    private mutating func visit(_ expression: PythonExpression) {
        switch expression {
        case .placed(let inner, let place):
            self.place = place
            self.visit(inner)
        case .name(let name): self.used.insert(name)
        case .text(let text?): self.look(at: text, isWhole: true)
        case .formatted(let parts):
            for part in parts {
                if case .placed(.text(let text?), let place) = part {
                    self.place = place
                    self.look(at: text, isWhole: false)
                } else {
                    self.visit(part)
                }
            }
        case .attribute(let inner, let name):
            self.used.insert(name)
            self.visit(inner)
        case .await(let inner), .not(let inner), .starred(let inner), .group(let inner), .walrus(_, let inner),
            .yield(let inner?, _):
            self.visit(inner)
        case .call(let callee, let arguments): self.visitCall(callee, arguments)
        case .item(let owner, let key):
            self.visit(owner)
            if case .text = key.bare { return }
            self.visit(key)
        case .tuple(let items), .list(let items), .set(let items), .boolean(_, let items), .arithmetic(let items),
            .slice(let items):
            self.visit(items)
        case .dictionary(let pairs):
            for pair in pairs {
                var key = ""
                if case .text(let text?)? = pair.key?.bare {
                    key = text
                } else if let other = pair.key {
                    self.visit(other)
                }
                self.visit(pair.value, for: key)
            }
        case .lambda(let function):
            for parameter in function.parameters { self.visit(parameter.standard, for: parameter.name) }
            self.visit(function.body)
        case .comprehension(let elements, let clauses, _):
            for clause in clauses {
                self.visit(clause.source)
                self.visit(clause.conditions)
            }
            self.visit(elements)
        case .conditional(let test, let yes, let no): self.visit([test, yes, no])
        case .compare(let first, let rest):
            // What is compared with is not asked.
            for item in [first] + rest.map(\.1) { self.markUsed(item) }
        default: break
        }
    }

    /// Names of a comparison are read; its texts are no addresses to ask.
    private mutating func markUsed(_ expression: PythonExpression) {
        let before = self.findings
        self.visit(expression)
        self.findings = before
    }

    private mutating func visitCall(_ callee: PythonExpression, _ arguments: [PythonArgument]) {
        self.visit(callee)
        if case .attribute(let owner, "fetch") = callee.bare {
            // The host of a request to a binding is looked up by nobody.
            var isGlobal = false
            if case .name(let name) = owner.bare { isGlobal = ["js", "workers", "globalThis", "self"].contains(name) }
            if !isGlobal {
                for argument in arguments { self.markUsed(argument.value) }
                return
            }
        }
        if case .attribute(_, let method) = callee.bare,
            ["startswith", "endswith", "replace", "removeprefix"].contains(method)
        {
            for argument in arguments { self.markUsed(argument.value) }
            return
        }
        var name = ""
        for (index, argument) in arguments.enumerated() {
            // `get("BACKEND", "http://…")`: the first text says what the second is for.
            if index == 0, argument.keyword == nil, case .text(let text?) = argument.value.bare, arguments.count > 1 {
                name = text
            }
            self.visit(argument.value, for: argument.keyword ?? (index > 0 ? name : ""))
        }
    }

    // MARK: - Texts

    private mutating func look(at text: String, isWhole: Bool) {
        guard !HostsInText.isAllowList(self.purpose), self.findings.count < 100 else { return }
        for found in HostsInText.find(in: text, isWhole: isWhole, mayBeBare: HostsInText.meansHost(self.purpose)) {
            self.findings.append(Finding(host: found.host, kind: found.kind, place: self.place))
        }
    }
}
