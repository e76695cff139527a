import WorkerDomain

/// What compatibility date and flags mean for a Python Worker.
///
/// Dates and names are those of workerd's `compatibility-date.capnp`; the interpreters were seen by running it.
package struct EffectiveFlags: Sendable, Hashable {
    /// `2025-12-23`; `nil` when the configuration has none: every default of today then holds.
    package let date: String?
    package let flags: [String]
    /// The flag `python_workers` is there: without it wrangler refuses a Python Worker.
    package let hasPythonWorkers: Bool
    /// Only a class `Default` registers (`python_no_global_handlers`, the default from 2025-08-14).
    package let hasNoGlobalHandlers: Bool
    /// The runtime brings no `workers` module (`enable_python_external_sdk`, the default from 2026-04-21).
    package let needsVendoredSDK: Bool
    /// The minor version of the interpreter: 12, 13 or 14.
    package let pythonMinor: Int
    /// Why it is that one, with the date or flag that decides.
    package let pythonRule: String
    /// Packages are also looked for in `vendor/` (before 2025-08-11).
    package let readsVendorFolder: Bool
    /// Why global handlers register or do not, with the date or flag that decides.
    package let handlerRule: String
    /// The flags that others bring along at this date, in the order in which they came.
    package let implied: [String]
    /// False when the date is no date that the runtime reads: no rule can be told from it.
    package let isDateValid: Bool
    /// What Cloudflare refuses in date and flags, in the runtime's words; empty when it accepts them.
    package let refusals: [String]
    /// Flags that may be refused: those that the table does not know, and experimental ones.
    package let warnings: [String]

    /// - Parameters:
    ///   - date: `compatibility_date` as configured.
    ///   - flags: `compatibility_flags` as configured.
    ///   - today: The day in UTC, after which no date may lie; `nil` when that is not asked.
    package init(date: String?, flags: [String], today: String? = nil) {
        let isDateValid = date.map(Self.isDate) ?? true
        let day = isDateValid ? date ?? "9999-12-31" : "9999-12-31"
        func has(_ flag: String) -> Bool { flags.contains(flag) }
        self.date = date
        self.flags = flags
        self.isDateValid = isDateValid
        self.implied = Self.implied(by: flags, day: day)
        (self.refusals, self.warnings) = Self.judged(date: date, flags: flags, today: today)
        self.hasPythonWorkers = has("python_workers")
        if has("disable_python_no_global_handlers") {
            self.hasNoGlobalHandlers = false
            self.handlerRule = "the flag disable_python_no_global_handlers keeps the rules from before 2025-08-14"
        } else if has("python_no_global_handlers") {
            self.hasNoGlobalHandlers = true
            self.handlerRule = "the flag python_no_global_handlers is set"
        } else {
            self.hasNoGlobalHandlers = day >= "2025-08-14"
            self.handlerRule =
                self.hasNoGlobalHandlers
                ? "python_no_global_handlers is the default from compatibility date 2025-08-14 on"
                : "compatibility date \(day) is before 2025-08-14, when python_no_global_handlers became the default"
        }
        self.needsVendoredSDK =
            !has("disable_python_external_sdk") && (has("enable_python_external_sdk") || day >= "2026-04-21")
        self.readsVendorFolder = day < "2025-08-11" && !has("python_workers_force_new_vendor_path")
        (self.pythonMinor, self.pythonRule) = Self.interpreter(date: date, day: day, flags: flags)
    }

    private static func interpreter(date: String?, day: String, flags: [String]) -> (minor: Int, rule: String) {
        func has(_ flag: String) -> Bool { flags.contains(flag) }
        let newest = ["python_workers_20260610", "python_workers_314"].first(where: has)
        let minor: Int
        // A flag that decides is named; else it is the date.
        let flag: String?
        if newest != nil || day >= "2026-09-08" && !has("no_python_workers_314") {
            (minor, flag) = (14, newest)
        } else if has("python_workers_20250116") || day >= "2025-09-29" && !has("no_python_workers_20250116") {
            let isHeld = day >= "2026-09-08"
            (minor, flag) = (
                13, has("python_workers_20250116") ? "python_workers_20250116" : isHeld ? "no_python_workers_314" : nil
            )
        } else {
            (minor, flag) = (12, day >= "2025-09-29" ? "no_python_workers_20250116" : nil)
        }
        return (
            minor,
            flag.map { "the flag \($0) selects Python 3.\(minor)" }
                ?? "compatibility_date \(date ?? "not set") selects Python 3.\(minor)"
        )
    }

    // MARK: - What the runtime says of date and flags

    /// A date as the runtime reads it: a year from 2000 on, two digits each for month and day; February has 31 days there.
    package static func isDate(_ text: String) -> Bool {
        guard text.wholeMatch(of: /2[0-9]{3}-[0-9]{2}-[0-9]{2}/) != nil, let month = Int(text.dropFirst(5).prefix(2)),
            let day = Int(text.suffix(2))
        else { return false }
        return (1...12).contains(month) && (1...31).contains(day)
    }

    private static func implied(by flags: [String], day: String) -> [String] {
        var on = flags
        for rule in CompatibilityFlags.implications
        where on.contains(rule.flag) && day >= rule.from && !on.contains(rule.implied) {
            let opposite = CompatibilityFlags.byName[rule.implied]?.opposite
            if opposite.map({ flags.contains($0) }) != true { on.append(rule.implied) }
        }
        return Array(on.dropFirst(flags.count))
    }

    private static func judged(
        date: String?, flags: [String], today: String?
    ) -> (refusals: [String], warnings: [String]) {
        var refusals: [String] = []
        var warnings: [String] = []
        if let date, !Self.isDate(date) {
            refusals.append("Invalid compatibility date: \(date)")
        } else if let date, let today, date > today {
            refusals.append("Can't set compatibility date in the future: \(date)")
        }
        let given = Set(flags)
        var seen: Set<String> = []
        var reported: Set<String> = []
        for name in flags {
            guard seen.insert(name).inserted else {
                if reported.insert(name).inserted {
                    refusals.append("Compatibility flag specified multiple times: \(name)")
                }
                continue
            }
            guard let flag = CompatibilityFlags.byName[name] else {
                guard warnings.count < 8 else { continue }
                let near = Nearest.name(to: name, among: CompatibilityFlags.byName.keys.sorted())
                warnings.append(
                    "\(name) was not a compatibility flag on \(CompatibilityFlags.asOf)"
                        + (near.map { "; did you mean \($0)?" } ?? ""))
                continue
            }
            if let opposite = flag.opposite, name == flag.name, given.contains(opposite) {
                refusals.append("Compatibility flags are mutually contradictory: \(name) vs \(opposite)")
            }
            if flag.isExperimental, name == flag.name {
                warnings.append(
                    "\(name) was experimental on \(CompatibilityFlags.asOf); Cloudflare rejects experimental flags")
            }
        }
        return (refusals, warnings)
    }
}
