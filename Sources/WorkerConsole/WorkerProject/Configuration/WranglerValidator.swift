/// Judges the keys of a wrangler file by wrangler's rules, and says where each problem stands.
struct WranglerValidator {
    let file: String
    private(set) var findings: [ConfigurationFinding] = []

    init(file: String) { self.file = file }

    mutating func error(_ field: String?, at position: SourcePosition?, _ message: String) {
        self.findings.append(
            ConfigurationFinding(
                .error, file: self.file, at: position, field: field, message: message, refusedByWrangler: true))
    }

    mutating func warn(_ field: String?, at position: SourcePosition?, _ message: String) {
        self.findings.append(
            ConfigurationFinding(.warning, file: self.file, at: position, field: field, message: message))
    }

    mutating func note(_ field: String?, at position: SourcePosition?, _ message: String) {
        self.findings.append(
            ConfigurationFinding(.note, file: self.file, at: position, field: field, message: message))
    }

    private mutating func expect(_ valid: Bool, _ field: String, _ value: ConfigurationValue, _ expected: String) {
        guard !valid else { return }
        self.error(field, at: value.position, "\"\(field)\" must be \(expected), not \(Self.short(value))")
    }

    /// A value in one line of at most 80 characters.
    static func short(_ value: ConfigurationValue) -> String {
        let text = value.isFinite ? value.json() : value.number ?? ""
        return text.count > 80 ? text.prefix(77) + "…" : text
    }

    /// Checks the keys of the top level (`prefix` empty) or of an environment (`prefix` is `env.<name>.`).
    mutating func check(_ table: ConfigurationValue, prefix: String) {
        func value(_ key: String) -> ConfigurationValue? { table[key] }
        if let old = table.member("node_compat") {
            self.error(
                prefix + "node_compat", at: old.keyPosition,
                "\"node_compat\" is no longer supported; write \"nodejs_compat\" in compatibility_flags instead")
        }
        for key in WranglerKeys.strings {
            if let value = value(key) { self.expect(value.string != nil, prefix + key, value, "a string in quotes") }
        }
        for key in WranglerKeys.booleans {
            if let value = value(key) { self.expect(value.bool != nil, prefix + key, value, "true or false") }
        }
        if let name = value("name") {
            self.expect(
                name.string.map(Self.isName) ?? false, prefix + "name", name,
                "a string of lowercase letters, digits, hyphens and underscores, like \"my-worker\"")
        }
        if let flags = value("compatibility_flags") {
            self.expect(
                flags.strings != nil, prefix + "compatibility_flags", flags,
                "a list of strings, like [\"python_workers\"]")
        }
        if let date = value("compatibility_date") {
            if case .date(let text) = date.content {
                self.error(
                    prefix + "compatibility_date", at: date.position,
                    "\"compatibility_date\" must be a string; put the date in quotes: compatibility_date = \"\(text)\"")
            } else {
                self.expect(
                    date.string.map(Self.isDate) ?? false, prefix + "compatibility_date", date,
                    "a date in quotes, like \"2025-12-23\"")
            }
        }
        if let region = value("compliance_region") {
            self.expect(
                ["public", "fedramp_high"].contains(region.string), prefix + "compliance_region", region,
                "\"public\" or \"fedramp_high\"")
        }
        self.checkRoutes(table, prefix: prefix)
        self.checkPlacement(value("placement"), prefix: prefix)
        self.checkVars(value("vars"), prefix: prefix)
        self.checkObjects(table, prefix: prefix)
        for list in WranglerKeys.lists {
            if let value = value(list.field) {
                self.checkList(value, list.field, list.required, list.optional, prefix: prefix)
            }
        }
        for single in WranglerKeys.singles {
            guard let value = value(single.field) else { continue }
            self.expect(
                value["binding"]?.string != nil, prefix + single.field, value, "a table with a string \"binding\"")
        }
    }

    private mutating func checkRoutes(_ table: ConfigurationValue, prefix: String) {
        if let route = table["route"], route.string != "" {
            self.expect(
                Self.isRoute(route), prefix + "route", route,
                "a string, or { pattern, zone_id or zone_name or custom_domain }")
        }
        guard let routes = table["routes"] else { return }
        guard let elements = routes.elements else {
            self.expect(false, prefix + "routes", routes, "a list")
            return
        }
        for (index, route) in elements.enumerated() {
            self.expect(
                Self.isRoute(route), prefix + "routes[\(index)]", route,
                "a string, or { pattern, zone_id or zone_name or custom_domain }")
        }
        if table["route"] != nil {
            self.error(
                prefix + "routes", at: routes.position, "\"route\" and \"routes\" cannot both be set; keep one of them")
        }
    }

    static func isRoute(_ value: ConfigurationValue) -> Bool {
        if let text = value.string { return !text.isEmpty }
        guard let members = value.members, value["pattern"]?.string != nil else { return false }
        let texts = ["zone_id", "zone_name"].filter { value[$0]?.string != nil }
        let flags = ["custom_domain", "enabled", "previews_enabled"].filter { value[$0]?.bool != nil }
        guard texts.count + flags.count == members.count - 1, texts.count < 2 else { return false }
        let isDomain = flags.contains("custom_domain")
        return isDomain || (!texts.isEmpty && flags.isEmpty)
    }

    private mutating func checkPlacement(_ placement: ConfigurationValue?, prefix: String) {
        guard let placement, !placement.isNull else { return }
        let field = prefix + "placement"
        let targets = ["region", "host", "hostname"].filter { placement[$0] != nil }
        let hint = placement["hint"]
        let mode = placement["mode"]
        if let hint, !targets.isEmpty {
            self.error(
                field, at: hint.position, "\"placement\" has both \"hint\" and \"\(targets[0])\"; keep one of them")
            return
        }
        let modes =
            hint != nil ? ["off", "smart"] : targets.isEmpty ? ["off", "smart", "targeted"] : ["off", "targeted"]
        if let mode {
            self.expect(
                mode.string.map(modes.contains) ?? false, field + ".mode", mode,
                "one of \(modes.joined(separator: ", "))")
        } else if targets.isEmpty {
            self.error(field + ".mode", at: placement.position, "\"placement.mode\" is missing; write mode = \"smart\"")
        }
        if let hint {
            self.expect(hint.string != nil, field + ".hint", hint, "a string")
            if mode?.string != "smart" {
                self.error(field + ".hint", at: hint.position, "\"placement.hint\" is only valid with mode = \"smart\"")
            }
        }
        for key in targets {
            if let value = placement[key] { self.expect(value.string != nil, field + "." + key, value, "a string") }
        }
        if targets.count > 1 {
            self.error(
                field, at: placement.position,
                "\"placement\" has \(targets.joined(separator: " and ")); keep one of them")
        }
    }

    private mutating func checkVars(_ vars: ConfigurationValue?, prefix: String) {
        guard let vars else { return }
        guard let members = vars.members else {
            if vars.elements == nil { self.expect(false, prefix + "vars", vars, "a table") }
            return
        }
        for member in members {
            if case .date(let text) = member.value.content {
                self.error(
                    prefix + "vars." + member.key, at: member.value.position,
                    "\"vars.\(member.key)\" is a TOML date, which cannot be passed to a Worker; put it in quotes: \(member.key) = \"\(text)\""
                )
            }
        }
    }

    private mutating func checkObjects(_ table: ConfigurationValue, prefix: String) {
        for (key, known) in [
            ("queues", ["producers", "consumers"]), ("triggers", ["crons", "events"]), ("secrets", ["required"]),
        ] {
            guard let value = table[key], !(key == "triggers" && value.isNull) else { continue }
            guard let members = value.members else {
                self.expect(false, prefix + key, value, "a table")
                continue
            }
            for member in members {
                if known.contains(member.key) {
                    self.expect(member.value.elements != nil, "\(prefix)\(key).\(member.key)", member.value, "a list")
                } else {
                    self.warn(
                        "\(prefix)\(key).\(member.key)", at: member.keyPosition,
                        "unknown key \"\(key).\(member.key)\"; wrangler ignores it")
                }
            }
        }
        for key in ["producers", "consumers"] {
            for (index, entry) in (table["queues"]?[key]?.elements ?? []).enumerated() {
                let required = key == "producers" ? ["binding", "queue"] : ["queue"]
                self.checkEntry(entry, "queues.\(key)[\(index)]", required, [], prefix: prefix)
            }
        }
        if let objects = table["durable_objects"] {
            if let bindings = objects["bindings"]?.elements {
                for (index, entry) in bindings.enumerated() {
                    self.checkEntry(
                        entry, "durable_objects.bindings[\(index)]", ["name", "class_name"],
                        ["script_name", "environment"],
                        prefix: prefix)
                }
            } else {
                self.expect(false, prefix + "durable_objects", objects, "a table with a list \"bindings\"")
            }
        }
        if let migrations = table["migrations"] {
            if let entries = migrations.elements {
                for (index, entry) in entries.enumerated() {
                    self.checkEntry(entry, "migrations[\(index)]", ["tag"], [], prefix: prefix)
                }
            } else {
                self.expect(false, prefix + "migrations", migrations, "a list")
            }
        }
        if let limits = table["limits"] {
            for key in ["cpu_ms", "subrequests"] {
                if let value = limits[key] {
                    self.expect(value.number != nil, "\(prefix)limits.\(key)", value, "a number")
                }
            }
        }
        if let observability = table["observability"] {
            if observability.members == nil { self.expect(false, prefix + "observability", observability, "a table") }
            if let value = observability["enabled"] {
                self.expect(value.bool != nil, prefix + "observability.enabled", value, "true or false")
            }
            if let value = observability["head_sampling_rate"] {
                let rate = value.number.flatMap(Double.init) ?? -1
                self.expect(
                    (0...1).contains(rate), prefix + "observability.head_sampling_rate", value, "a number from 0 to 1")
            }
        }
    }

    private mutating func checkList(
        _ value: ConfigurationValue, _ field: String, _ required: [String], _ optional: [String], prefix: String
    ) {
        guard let elements = value.elements else {
            self.error(
                prefix + field, at: value.position,
                "\"\(prefix)\(field)\" must be a list, not \(Self.short(value)); write [[\(prefix)\(field)]] in TOML, [ { … } ] in JSON"
            )
            return
        }
        for (index, entry) in elements.enumerated() {
            self.checkEntry(entry, "\(field)[\(index)]", required, optional, prefix: prefix)
            if let known = WranglerKeys.knownEntryKeys[field] {
                for member in entry.members ?? [] where !known.contains(member.key) {
                    let place = "\(prefix)\(field)[\(index)].\(member.key)"
                    self.warn(place, at: member.keyPosition, "unknown key \"\(place)\"; wrangler ignores it")
                }
            }
            for key in ["bucket_name", "preview_bucket_name"] where field == "r2_buckets" {
                guard let name = entry[key]?.string, !(key == "bucket_name" && name.isEmpty), !Self.isBucketName(name)
                else { continue }
                let place = "\(prefix)\(field)[\(index)].\(key)"
                self.error(
                    place, at: entry[key]?.position,
                    "\"\(place)\" is \"\(name)\", which is not a valid bucket name: use 3 to 63 lowercase letters, digits and hyphens, starting and ending with a letter or digit"
                )
            }
        }
    }

    private mutating func checkEntry(
        _ entry: ConfigurationValue, _ place: String, _ required: [String], _ optional: [String], prefix: String
    ) {
        guard entry.members != nil else {
            self.expect(false, prefix + place, entry, "a table")
            return
        }
        for key in required {
            guard let value = entry[key] else {
                self.error(
                    prefix + place + "." + key, at: entry.position,
                    "\"\(prefix)\(place)\" has no \"\(key)\"; add \(key) = \"…\"")
                continue
            }
            self.expect(value.string != nil, prefix + place + "." + key, value, "a string in quotes")
        }
        for key in optional {
            guard let value = entry[key] else { continue }
            let mayBeEmpty = key != "id" && key != "bucket_name"
            self.expect(
                value.string.map { mayBeEmpty || !$0.isEmpty } ?? false, prefix + place + "." + key, value,
                mayBeEmpty ? "a string in quotes" : "a string that is not empty")
        }
        if let remote = entry["remote"] {
            self.expect(remote.bool != nil, prefix + place + ".remote", remote, "true or false")
        }
    }

    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first else { return true }
        return first != UInt8(ascii: "-")
            && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 95 }
    }

    static func isBucketName(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return (3...63).contains(bytes.count) && bytes.first != 45 && bytes.last != 45
            && bytes.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
    }

    /// A day that exists, possibly followed by a time.
    static func isDate(_ text: String) -> Bool {
        let parts = text.prefix(10).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month), (1...31).contains(day)
        else { return false }
        return text.count == 10 || text.dropFirst(10).first == "T"
    }
}
