import WorkerDomain

/// Turns the tables of a wrangler file into what holds for one environment, as wrangler does.
struct WranglerResolver {
    let path: String
    let format: WranglerConfiguration.Format
    let environment: String?
    /// `CLOUDFLARE_ENV` names the environment, and not `--env`.
    var isFromVariable = false

    private static let defaults: [(String, ConfigurationValue)] = [
        ("compatibility_flags", .array([])), ("triggers", .table([])), ("vars", .table([])),
        ("kv_namespaces", .array([])), ("r2_buckets", .array([])), ("d1_databases", .array([])),
        ("durable_objects", .table([("bindings", .array([]))])),
        ("queues", .table([("producers", .array([])), ("consumers", .array([]))])),
        ("build", .table([("watch_dir", .string("./src"))])),
    ]

    func resolve(_ root: ConfigurationValue) -> (WranglerConfiguration, [ConfigurationFinding]) {
        var validator = WranglerValidator(file: self.path)
        var result = WranglerConfiguration(path: self.path, format: self.format, environment: self.environment)
        guard let members = root.members else {
            self.judgeRoot(root, &validator)
            result.values = self.finish(.table([]), root: .table([]), defined: [], validator: &validator)
            return (result, validator.findings)
        }
        if let old = root.member("legacy_env") {
            validator.error(
                "legacy_env", at: old.keyPosition,
                "\"legacy_env\" is no longer supported; remove it: each environment is a separate Worker <name>-<environment>"
            )
        }
        result.misplaced = MisplacedKey.find(in: root, isTOML: self.format == .toml)
        for key in result.misplaced {
            validator.note(
                "\(key.table).\(key.key)", at: key.position, "\(key.summary); \(key.fix)")
        }
        validator.check(root, prefix: "")
        let environments = root["env"]?.members ?? []
        result.definedEnvironments = environments.map(\.key)
        var merged = self.pick(root, WranglerKeys.inheritable + WranglerKeys.notInheritable)
        if let environment = self.environment {
            if let member = environments.first(where: { $0.key.hasSameBytes(as: environment) }) {
                validator.check(member.value, prefix: "env.\(environment).")
                self.warnMissing(member, root: root, &validator)
                merged = self.overlay(member.value, on: root, name: environment)
                let known = Set(WranglerKeys.inheritable + WranglerKeys.notInheritable)
                for unknown in member.value.members ?? [] where !known.contains(unknown.key) {
                    let field = "env.\(environment).\(unknown.key)"
                    validator.warn(field, at: unknown.keyPosition, "unknown key \"\(field)\"; wrangler ignores it")
                }
            } else {
                if let name = root["name"]?.string, !name.isEmpty { merged["name"] = .string("\(name)-\(environment)") }
                let names = environments.map { "\"\($0.key)\"" }.joined(separator: ", ")
                let message =
                    "no environment \"\(environment)\""
                    + (self.isFromVariable ? ", which CLOUDFLARE_ENV names" : "")
                    + (names.isEmpty ? "" : "; the file defines \(names)")
                    + ": add [env.\(ConfigurationValue.quoted(environment))], or choose another"
                if root["env"] != nil {
                    validator.error("env", at: root.member("env")?.keyPosition, message)
                } else {
                    validator.warn("env", at: nil, message)
                }
            }
        }
        let known = Set(
            WranglerKeys.inheritable + WranglerKeys.notInheritable + WranglerKeys.topLevelOnly + [
                "legacy_env", "node_compat",
            ])
        for member in members where !known.contains(member.key) {
            validator.warn(member.key, at: member.keyPosition, "unknown key \"\(member.key)\"; wrangler ignores it")
        }
        for key in WranglerKeys.topLevelOnly where !["env", "$schema", "dev"].contains(key) {
            if let value = root[key] { merged[key] = value }
        }
        result.main = merged["main"]?.string
        result.values = self.finish(merged, root: root, defined: result.definedEnvironments, validator: &validator)
        self.checkNames(result.values, &validator)
        if result.main?.hasSuffix(".py") == true, !result.compatibilityFlags.contains("python_workers") {
            let misplaced = result.misplaced.first { $0.key == "compatibility_flags" }
            let cause =
                misplaced.map { "\($0.summary); \($0.fix)" }
                ?? "write compatibility_flags = [\"python_workers\"]"
            validator.error(
                "compatibility_flags",
                at: misplaced?.position ?? result.values["compatibility_flags"]?.position ?? merged["main"]?.position,
                "main is a Python file, but the python_workers compatibility flag is missing: \(cause)")
        }
        return (result, validator.findings)
    }

    private func judgeRoot(_ root: ConfigurationValue, _ validator: inout WranglerValidator) {
        guard let elements = root.elements else {
            validator.error(
                nil, at: root.position, "the file contains \(WranglerValidator.short(root)); write an object { … }")
            return
        }
        for (index, element) in elements.enumerated() {
            validator.warn(
                "\(index)", at: element.position,
                "the file contains an array, so nothing in it is used; write an object { … }")
        }
    }

    private func pick(_ table: ConfigurationValue, _ keys: [String]) -> ConfigurationValue {
        let keys = Set(keys)
        return ConfigurationValue(.table((table.members ?? []).filter { keys.contains($0.key) && !$0.value.isNull }))
    }

    private func overlay(_ own: ConfigurationValue, on root: ConfigurationValue, name: String) -> ConfigurationValue {
        var merged = self.pick(root, WranglerKeys.inheritable)
        if let base = root["name"]?.string, !base.isEmpty { merged["name"] = .string("\(base)-\(name)") }
        for member in self.pick(own, WranglerKeys.inheritable + WranglerKeys.notInheritable).members ?? [] {
            merged[member.key] = member.value
        }
        return merged
    }

    /// wrangler's warnings about what the top level has and an environment lacks.
    private func warnMissing(
        _ member: ConfigurationValue.Member, root: ConfigurationValue, _ validator: inout WranglerValidator
    ) {
        let name = "env.\(member.key)"
        for key in WranglerKeys.notInheritable {
            guard let top = root[key] else { continue }
            guard let own = member.value[key] else {
                validator.warn(
                    "\(name).\(key)", at: member.keyPosition,
                    "\"\(key)\" is at the top level, but not in \"\(name)\", which does not inherit it; repeat it there"
                )
                continue
            }
            let names = Set(Self.names(own))
            for missing in Self.names(top) where !names.contains(missing) {
                validator.warn(
                    "\(name).\(key)", at: own.position ?? member.keyPosition,
                    "\"\(missing)\" is in \"\(key)\" at the top level, but not in \"\(name).\(key)\", which does not inherit it; repeat it there"
                )
            }
        }
        if member.value["routes"] == nil {
            let domains = (root["routes"]?.elements ?? []).filter { $0["custom_domain"]?.bool == true }
            if !domains.isEmpty {
                let list = domains.compactMap { $0["pattern"]?.string }.joined(separator: ", ")
                validator.warn(
                    "\(name).routes", at: member.keyPosition,
                    "\"\(name)\" inherits the custom domains \(list); deploying it moves them away from the top-level Worker. Add routes = [] to it"
                )
            }
        }
    }

    /// The names that a value gives to the Worker.
    static func names(_ value: ConfigurationValue) -> [String] {
        if let elements = value.elements { return elements.compactMap { $0["binding"]?.string } }
        if let bindings = value["bindings"]?.elements { return bindings.compactMap { $0["name"]?.string } }
        if let binding = value["binding"]?.string { return [binding] }
        return value.members?.map(\.key) ?? []
    }

    private func checkNames(_ values: ConfigurationValue, _ validator: inout WranglerValidator) {
        var uses: [(name: String, titles: [String], position: SourcePosition?)] = []
        var places: [ByteString: Int] = [:]
        func use(_ name: String, _ title: String, _ position: SourcePosition?) {
            if let index = places[ByteString(name)] {
                uses[index].titles.append(title)
                uses[index].position = position ?? uses[index].position
            } else {
                places[ByteString(name)] = uses.count
                uses.append((name, [title], position))
            }
        }
        for entry in values["durable_objects"]?["bindings"]?.elements ?? [] {
            if let name = entry["name"] { use(name.string ?? "", "Durable Object", name.position) }
        }
        for list in WranglerKeys.lists {
            for entry in values[list.field]?.elements ?? [] {
                if let name = entry["binding"], let text = name.string { use(text, list.title, name.position) }
            }
        }
        for entry in values["queues"]?["producers"]?.elements ?? [] {
            if let name = entry["binding"], let text = name.string { use(text, "Queue", name.position) }
        }
        for single in WranglerKeys.singles {
            if let name = values[single.field]?["binding"], let text = name.string {
                use(text, single.title, name.position)
            }
        }
        for member in values["vars"]?.members ?? [] { use(member.key, "Environment Variable", member.keyPosition) }
        for name in values["secrets"]?["required"]?.elements ?? [] {
            if let text = name.string { use(text, "Secret", name.position) }
        }
        for item in uses where item.titles.count > 1 {
            var titles: [String] = []
            for title in item.titles where !titles.contains(title) { titles.append(title) }
            let what = titles.count > 1 ? titles.joined(separator: ", ") : "several \(titles[0])s"
            validator.error(
                item.name, at: item.position,
                "the name \"\(item.name)\" is used by \(what); every binding needs its own name")
        }
    }

    private func finish(
        _ merged: ConfigurationValue, root: ConfigurationValue, defined: [String], validator: inout WranglerValidator
    ) -> ConfigurationValue {
        var values = merged
        let folder = PathText.folder(of: self.path)
        for key in ["account_id", "route"] where values[key]?.string == "" {
            validator.warn(key, at: values[key]?.position, "\"\(key)\" is empty and ignored; remove it")
            values[key] = nil
        }
        for key in ["main", "base_dir", "pages_build_output_dir"] {
            guard let value = values[key], let text = value.string else { continue }
            values[key] = ConfigurationValue(.string(PathText.join(folder, text)), at: value.position)
        }
        for (key, value) in Self.defaults where values[key] == nil { values[key] = value }
        values["dev"] = self.dev(root["dev"], &validator)
        if var build = values["build"], build.members != nil, build["watch_dir"] == nil {
            build["watch_dir"] = .string("./src")
            values["build"] = build
        }
        values["configPath"] = .string(self.path)
        values["userConfigPath"] = .string(self.path)
        if let name = root["name"] { values["topLevelName"] = name }
        values["definedEnvironments"] = .array(defined.map { .string($0) })
        if let environment = self.environment { values["targetEnvironment"] = .string(environment) }
        return values
    }

    private func dev(_ own: ConfigurationValue?, _ validator: inout WranglerValidator) -> ConfigurationValue {
        let kinds: [(String, Bool?)] = [
            ("ip", nil), ("port", true), ("inspector_port", true), ("inspector_ip", nil), ("local_protocol", nil),
            ("upstream_protocol", nil), ("host", nil), ("enable_containers", false), ("container_engine", nil),
            ("generate_types", false),
        ]
        let scheme = own?["local_protocol"] ?? .string("http")
        let defaults: [String: ConfigurationValue] = [
            "ip": .string("localhost"), "local_protocol": .string("http"), "upstream_protocol": scheme,
            "enable_containers": .bool(true), "generate_types": .bool(false),
        ]
        var result = ConfigurationValue(.table([]))
        for (key, isNumber) in kinds {
            guard let value = own?[key] else {
                result[key] = defaults[key]
                continue
            }
            result[key] = value
            let isValid =
                isNumber == nil ? value.string != nil : isNumber == true ? value.number != nil : value.bool != nil
            let expected = isNumber == nil ? "a string in quotes" : isNumber == true ? "a number" : "true or false"
            if !isValid {
                validator.error(
                    "dev.\(key)", at: value.position,
                    "\"dev.\(key)\" must be \(expected), not \(WranglerValidator.short(value))")
            } else if key.hasSuffix("_protocol"), !["http", "https"].contains(value.string) {
                validator.error("dev.\(key)", at: value.position, "\"dev.\(key)\" must be \"http\" or \"https\"")
            }
        }
        for member in own?.members ?? [] where !kinds.contains(where: { $0.0 == member.key }) {
            validator.warn(
                "dev.\(member.key)", at: member.keyPosition, "unknown key \"dev.\(member.key)\"; wrangler ignores it")
        }
        return result
    }
}

/// Paths as texts.
package enum PathText {
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Resolves `.` and `..` without asking the file system.
    package static func join(_ folder: String, _ path: String) -> String {
        var parts: [Substring] = []
        for part in (path.hasPrefix("/") ? path : folder + "/" + path).split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }
}
