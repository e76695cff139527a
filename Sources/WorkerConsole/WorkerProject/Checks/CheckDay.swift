import Glibc

/// Days as compatibility dates are written, in UTC.
package enum CheckDay {
    package static func today() -> String {
        var now = time(nil)
        var parts = tm()
        guard gmtime_r(&now, &parts) != nil else { return "9999-12-31" }
        return Self.text(Int(parts.tm_year) + 1_900, Int(parts.tm_mon) + 1, Int(parts.tm_mday))
    }

    private static func text(_ year: Int, _ month: Int, _ day: Int) -> String {
        func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        return "\(year)-\(two(month))-\(two(day))"
    }
}
