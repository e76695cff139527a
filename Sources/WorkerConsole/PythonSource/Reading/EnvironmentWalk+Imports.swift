/// What imports bring.
extension EnvironmentWalk {
    func bind(_ value: EnvironmentValue, to item: PythonImport, in scope: Scope) {
        let name = item.alias ?? item.name.split(separator: ".").first.map(String.init) ?? item.name
        self.bind(name, to: value, in: scope)
    }

    func moduleValue(_ item: PythonImport) -> EnvironmentValue {
        if item.name == "workers" { return .sdk }
        guard item.alias != nil || !item.name.contains(".") else { return .unknown }
        return self.source(named: item.name.replacing(".", with: "/")).map { .module($0) } ?? .unknown
    }

    func importNames(_ items: [PythonImport], from module: String, level: Int, in scope: Scope) {
        guard module.utf8.count < 4_096 else { return }
        var base = level > 0 ? self.sources[self.file].file.split(separator: "/").dropLast(level).map(String.init) : []
        base += module.split(separator: ".").map(String.init)
        let source = self.source(named: base.joined(separator: "/"))
        for item in items.prefix(2_048) {
            let value: EnvironmentValue
            if level == 0, module == "workers" {
                value = item.name == "env" ? .environment : .unknown
            } else if let source, let name = self.known.modules[source]?[item.name] {
                value = name
            } else if let part = self.source(named: (base + [item.name]).joined(separator: "/")) {
                value = .module(part)
            } else {
                value = source == nil ? .other : .nothing
            }
            self.bind(item.alias ?? item.name, to: value, in: scope)
        }
    }

    private func source(named path: String) -> Int? { self.files[path + ".py"] ?? self.files[path + "/__init__.py"] }
}
