/// What a source has that looks like a handler and does not register, with the reason of each.
struct NearMisses {
    let scope: PythonScope
    let module: ModuleObject
    let flags: EffectiveFlags

    func lines() -> (lines: [String], place: String?) {
        var found: [(order: SourcePlace, line: String, place: String)] = []
        for (name, value) in self.scope.names {
            guard let line = self.line(name, value) else { continue }
            let place = self.scope.places[name] ?? SourcePlace(line: 1, column: 1)
            let spot = "\(self.module.file):\(place)"
            found.append((place, "\(spot): \(line)", spot))
        }
        found.sort { ($0.order.line, $0.order.column) < ($1.order.line, $1.order.column) }
        guard !found.isEmpty else {
            return (["\(self.module.file) has no function or class that looks like a handler"], nil)
        }
        return (found.prefix(8).map(\.line), found.first?.place)
    }

    private func line(_ name: String, _ value: PythonValue) -> String? {
        switch value {
        case .function(let function):
            let keyword = function.definition.isAsync ? "async def" : "def"
            switch name {
            case "fetch":
                return "\(keyword) fetch at the top level: a global function named fetch never registers, at any date"
            case "on_fetch" where self.flags.hasNoGlobalHandlers:
                return "\(keyword) on_fetch at the top level: it registered before 2025-08-14 only; "
                    + self.flags.handlerRule
            case _ where name.hasPrefix("on_") || name.contains("fetch") || name.contains("handle"):
                return "\(keyword) \(name) at the top level: a function of this name does not register"
            default: return nil
            }
        case .classObject(let type):
            let isEntrypoint = type.isSubclass(of: "WorkerEntrypoint") == true
            if isEntrypoint && type.name != "Default" {
                return "class \(type.definedName)(WorkerEntrypoint): its own name must be Default, another name for it "
                    + "does not count"
            }
            if isEntrypoint { return "class Default(WorkerEntrypoint): __all__ does not list it" }
            if name == "Default" || type.attributes["fetch"] != nil {
                return "class \(type.definedName): it does not inherit from WorkerEntrypoint"
            }
            return nil
        case .dictionary where ["export", "exports", "handler", "handlers", "default"].contains(name):
            return "\(name) = {…}: no such form exists in a Python Worker"
        case .instance where name.lowercased().contains("default"): return "\(name): an instance does not register"
        default: return nil
        }
    }
}
