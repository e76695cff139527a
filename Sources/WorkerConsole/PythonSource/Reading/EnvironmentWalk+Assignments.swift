/// What names and attributes get.
extension EnvironmentWalk {
    func assign(_ expression: PythonExpression, to targets: [PythonExpression], in scope: Scope) {
        // `a, b = b, a`: everything is looked at before anything is bound.
        if targets.count == 1, let names = Self.items(of: targets[0]), let given = Self.items(of: expression),
            names.count == given.count, !(names + given).contains(where: Self.isStarred)
        {
            let values = given.map { self.value(of: $0, in: scope) }
            for (name, value) in zip(names, values) { self.assign(value, to: name, in: scope) }
            return
        }
        let value = self.value(of: expression, in: scope)
        for target in targets { self.assign(value, to: target, in: scope) }
    }

    func assign(_ value: EnvironmentValue, to target: PythonExpression, in scope: Scope) {
        guard self.count() else { return }
        switch target.bare {
        case .name(let name): self.bind(name, to: value, in: scope)
        case .starred(let inner): self.assign(value.mayBeEnvironment ? .perhaps : .unknown, to: inner, in: scope)
        case .tuple(let items), .list(let items):
            var values: [EnvironmentValue]?
            if case .row(let known) = value, known.count == items.count, !items.contains(where: Self.isStarred) {
                values = known
            }
            let other: EnvironmentValue = value.mayBeEnvironment ? .perhaps : .unknown
            for (index, item) in items.enumerated() { self.assign(values?[index] ?? other, to: item, in: scope) }
        case .attribute(let owner, let name):
            switch self.value(of: owner, in: scope) {
            case .instance(let type?), .type(let type): self.give(value, as: name, to: type)
            // It is given the name, which it need not have.
            case .environment: break
            default: if value.mayBeEnvironment, name != "env" { self.leak() }
            }
        case .item(let owner, let key):
            // What is put into the environment is not read from it.
            if self.value(of: owner, in: scope) != .environment, value.mayBeEnvironment { self.leak() }
            _ = self.value(of: key, in: scope)
        default: break
        }
    }

    private static func items(of expression: PythonExpression) -> [PythonExpression]? {
        switch expression.bare {
        case .tuple(let items), .list(let items): items
        default: nil
        }
    }

    private static func isStarred(_ expression: PythonExpression) -> Bool {
        if case .starred = expression.bare { true } else { false }
    }
}
