extension Settings {
    /// A key whose value is another one.
    package struct Difference: Sendable, Equatable {
        /// Dotted, with the names that the user chose.
        package let key: String
        /// A running program takes it over.
        package let isTakenOver: Bool
    }

    /// The keys whose values differ between two configurations, in the order of the user guide.
    package static func differences(_ old: ConsoleConfiguration, _ new: ConsoleConfiguration) -> [Difference] {
        let (old, new) = (ConsoleDraft(old), ConsoleDraft(new))
        return self.all.flatMap { setting -> [Difference] in
            // Names of tables are ASCII or quoted; two that only look alike are two keys.
            var before: [ExactText: String?] = [:]
            for (key, value) in setting.values(in: old) { before[ExactText(key)] = .some(value?.json()) }
            var keys: [String] = []
            for (key, value) in setting.values(in: new) {
                let was = before.removeValue(forKey: ExactText(key))
                if was == nil || was != .some(value?.json()) { keys.append(key) }
            }
            keys += setting.values(in: old).map(\.key).filter { before[ExactText($0)] != nil }
            return keys.map { Difference(key: $0, isTakenOver: setting.isTakenOver) }
        }
    }
}
