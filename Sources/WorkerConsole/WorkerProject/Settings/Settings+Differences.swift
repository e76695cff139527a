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
            // Where a table is not there, its keys have their defaults. Two names that only look alike are two keys.
            let standard = setting.standardValue?.json()
            var before: [ExactText: String?] = [:]
            for (key, value) in setting.values(in: old) { before[ExactText(key)] = .some(value?.json()) }
            var keys: [String] = []
            for (key, value) in setting.values(in: new) {
                let was = before.removeValue(forKey: ExactText(key)) ?? standard
                if was != value?.json() { keys.append(key) }
            }
            for (key, value) in setting.values(in: old) where before[ExactText(key)] != nil {
                if value?.json() != standard { keys.append(key) }
            }
            return keys.map { Difference(key: $0, isTakenOver: setting.isTakenOver) }
        }
    }
}
