/// What compatibility date and flags mean for a Python Worker.
///
/// Dates and names are those of workerd's `compatibility-date.capnp`; the interpreters were seen by running it.
package struct EffectiveFlags: Sendable, Equatable {
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

    package init(date: String?, flags: [String]) {
        let day = date ?? "9999-12-31"
        func has(_ flag: String) -> Bool { flags.contains(flag) }
        self.date = date
        self.flags = flags
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
        self.pythonMinor = minor
        self.pythonRule =
            flag.map { "the flag \($0) selects Python 3.\(minor)" }
            ?? "compatibility_date \(date ?? "not set") selects Python 3.\(minor)"
    }
}
