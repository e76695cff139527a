import WorkerDomain

/// A kind of values: what they may be, how they are read from the file and how they are shown.
struct SettingKind<Value: Sendable>: Sendable {
    /// What a value may be, in Markdown.
    let range: String
    /// What goes behind the key when a value is not of this kind: `must be true or false`.
    let expected: String
    /// The least and the greatest number; `nil` for values of another kind.
    var numbers: ClosedRange<Int>?
    /// Every value, when they have names; empty for values of another kind.
    var names: [String] = []
    /// `nil` for what is not as ``expected``; the text is the file's folder.
    let read: @Sendable (ConfigurationValue, String) throws(SettingMistake) -> Value?
    let show: @Sendable (Value) -> ConfigurationValue?

    /// Whole numbers of the file that stand for something; the unit stands behind the range, empty for a plain number.
    fileprivate static func whole(
        _ range: ClosedRange<Int>, unit: String = "", _ make: @escaping @Sendable (Int) -> Value,
        _ number: @escaping @Sendable (Value) -> Int
    ) -> Self {
        let text = "\(range.lowerBound) to \(range.upperBound)"
        return Self(
            range: unit.isEmpty ? text : "\(text) \(unit)",
            expected: "must be a whole number from \(text)", numbers: range,
            read: { value, _ in value.integer.flatMap { range.contains($0) ? make($0) : nil } },
            show: { ConfigurationValue(.number("\(number($0))")) })
    }

    /// A value that may be left out.
    static func optional<Wrapped>(_ kind: SettingKind<Wrapped>) -> Self where Value == Wrapped? {
        Self(
            range: kind.range, expected: kind.expected, numbers: kind.numbers, names: kind.names,
            read: { value, folder throws(SettingMistake) in try kind.read(value, folder).map { .some($0) } },
            show: { $0.flatMap { kind.show($0) } })
    }
}

extension SettingKind where Value == Int {
    static func count(_ range: ClosedRange<Int>) -> Self { .whole(range, { $0 }, { $0 }) }

    static func bytes(_ range: ClosedRange<Int>) -> Self { .whole(range, unit: "bytes", { $0 }, { $0 }) }

    static func seconds(_ range: ClosedRange<Int>) -> Self { .whole(range, unit: "s", { $0 }, { $0 }) }

    static func percent(_ range: ClosedRange<Int>) -> Self { .whole(range, unit: "%", { $0 }, { $0 }) }
}

extension SettingKind where Value == Duration {
    static func milliseconds(_ range: ClosedRange<Int>) -> Self {
        .whole(range, unit: "ms", { .milliseconds($0) }, { $0.wholeMilliseconds })
    }
}

extension SettingKind where Value == Double {
    /// Whole percents of the file, as a part of 1.
    static func part(percent range: ClosedRange<Int>) -> Self {
        .whole(range, unit: "%", { Double($0) / 100 }, { Int(($0 * 100).rounded()) })
    }

    static func number(_ range: ClosedRange<Int>, unit: String = "") -> Self {
        let text = "\(range.lowerBound) to \(range.upperBound)"
        return Self(
            range: unit.isEmpty ? text : "\(text) \(unit)", expected: "must be a number from \(text)", numbers: range,
            read: { value, _ in
                value.number.flatMap { Double($0) }
                    .flatMap { (Double(range.lowerBound)...Double(range.upperBound)).contains($0) ? $0 : nil }
            },
            show: { ConfigurationValue(.number(Int(exactly: $0).map { "\($0)" } ?? "\($0)")) })
    }
}

extension SettingKind where Value == Bool {
    static var flag: Self {
        Self(
            range: "`true`, `false`", expected: "must be true or false", read: { value, _ in value.bool },
            show: { .bool($0) })
    }
}

extension SettingKind where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    static var choice: Self {
        let names = Value.allCases.map { "\"\($0.rawValue)\"" }
        return Self(
            range: names.map { "`\($0)`" }.joined(separator: ", "),
            expected: "must be one of \(names.joined(separator: ", "))", names: Value.allCases.map(\.rawValue),
            read: { value, _ in value.string.flatMap { Value(rawValue: $0) } }, show: { .string($0.rawValue) })
    }
}

extension SettingKind where Value == String {
    static func text(
        _ range: String, _ expected: String, where isValid: @escaping @Sendable (String) -> Bool = SettingText.isPlain
    ) -> Self {
        Self(
            range: range, expected: "must be \(expected)",
            read: { value, _ in value.string.flatMap { isValid($0) ? $0 : nil } }, show: { .string($0) })
    }

    /// A name of the same file; whether it is there is seen when all of the file is read.
    static func name(_ range: String) -> Self {
        .text(range, "the name of a backend, in quotes", where: { _ in true })
    }

    /// A path, made absolute against the file's folder.
    static func path(_ expected: String) -> Self {
        Self(
            range: "a path", expected: "must be \(expected)",
            read: { value, folder in
                guard let text = value.string, !text.isEmpty, !text.contains("\0") else { return nil }
                return PathText.join(folder, text)
            },
            show: { .string($0) })
    }

    /// The path of a PEM file.
    static var file: Self { .path("the path of a PEM file, in quotes") }
}

extension SettingKind where Value == [String] {
    static func list(
        _ range: String, _ expected: String, where isValid: @escaping @Sendable (String) -> Bool,
        change: @escaping @Sendable (String) -> String = { $0 }
    ) -> Self {
        Self(
            range: range, expected: "must be a list of \(expected)",
            read: { value, _ in value.strings.flatMap { $0.allSatisfy(isValid) ? $0.map(change) : nil } },
            show: { .array($0.map { .string($0) }) })
    }

    /// Keys of an action: one, or several. Which keys there are is the console's to say.
    static var keys: Self {
        Self(
            range: "a key like `\"Y\"`, `\"space\"`, `\"ctrl-y\"`, `\"f5\"`, or a list of keys",
            expected: "must be a key like \"Y\" or \"ctrl-y\", or a list of keys",
            read: { value, _ in
                let keys = value.string.map { [$0] } ?? value.strings ?? []
                return keys.isEmpty || keys.contains("") ? nil : keys
            },
            show: { keys in
                keys.isEmpty ? nil : keys.count == 1 ? .string(keys[0]) : .array(keys.map { .string($0) })
            })
    }

    /// Names of headers or methods.
    static func tokens(_ name: String, change: @escaping @Sendable (String) -> String = { $0 }) -> Self {
        .list(name, name, where: SettingText.isToken, change: change)
    }
}

extension SettingKind where Value == CORSConfiguration.Origins {
    static var origins: Self {
        let list = SettingKind<[String]>.list(
            "`[\"*\"]` alone, or origins", "origins like \"https://example.com\", or [\"*\"]",
            where: SettingText.isPlain)
        return Self(
            range: list.range, expected: list.expected,
            read: { value, folder throws(SettingMistake) in
                guard let origins = try list.read(value, folder) else { return nil }
                guard origins.contains("*") else { return .list(origins) }
                if origins.count > 1 {
                    throw SettingMistake("lists \"*\" together with other origins; use \"*\" alone")
                }
                return .any
            },
            show: {
                switch $0 {
                case .any: list.show(["*"])
                case .list(let origins): list.show(origins)
                }
            })
    }
}

extension SettingKind where Value == BackendURL {
    static var backendURL: Self {
        Self(
            range: "see below", expected: "must be a URL in quotes, like \"http://127.0.0.1:9000\"",
            read: { value, _ throws(SettingMistake) in
                guard let text = value.string else { return nil }
                do throws(BackendURLError) {
                    return try BackendURL(parsing: text)
                } catch {
                    throw SettingMistake("cannot be used: \(error)")
                }
            },
            show: { .string($0.description) })
    }
}

extension SettingKind where Value == [ClosedRange<Int>] {
    static var statuses: Self {
        Self(
            range: "statuses: `[200, \"3xx\", \"400-404\"]`",
            expected: "must be a list of statuses like [200, \"3xx\", \"400-404\"]",
            read: { value, _ in
                let ranges = (value.elements ?? [value]).map { ($0.string ?? $0.number).flatMap(SettingText.statuses) }
                return ranges.isEmpty || ranges.contains(nil) ? nil : ranges.compactMap { $0 }
            },
            show: { ranges in
                .array(
                    ranges.map {
                        $0.count == 1
                            ? ConfigurationValue(.number("\($0.lowerBound)"))
                            : .string("\($0.lowerBound)-\($0.upperBound)")
                    })
            })
    }
}
