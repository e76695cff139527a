/// Figures as people read them: decimal units, separators for thousands.
package enum Format {
    /// What stands for a figure that is not known.
    package static let unknown = "—"

    /// A size: `0 B`, `812 B`, `2.2 kB`, `214 kB`, `1.9 GB`; powers of 1000.
    package static func bytes(_ count: Int64) -> String {
        if count < 0 { return "-" + self.bytes(count == .min ? .max : -count) }
        return self.scaled(count, base: 1000, units: ["B", "kB", "MB", "GB", "TB", "PB", "EB"])
    }

    /// A size in powers of 1024: `2.1 KiB`.
    package static func binaryBytes(_ count: Int64) -> String {
        if count < 0 { return "-" + self.binaryBytes(count == .min ? .max : -count) }
        return self.scaled(count, base: 1024, units: ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"])
    }

    /// A number with separators: `12,418`.
    package static func count(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var grouped = ""
        for (offset, digit) in digits.enumerated() {
            if offset > 0, (digits.utf8.count - offset).isMultiple(of: 3) { grouped.append(",") }
            grouped.append(digit)
        }
        return value < 0 ? "-\(grouped)" : grouped
    }

    /// How long something has lasted, in whole minutes: a figure of seconds would have to be drawn each second.
    package static func age(_ duration: Duration) -> String {
        let seconds = max(0, duration.components.seconds)
        if seconds < 60 { return "<1m" }
        return seconds < 3600 ? "\(seconds / 60)m" : self.duration(.seconds(seconds))
    }

    /// A length of time: `0.4 ms`, `9 ms`, `312 ms`, `1.25 s`, `12.4 s`, `2m05`, `3h07`, `2d04h`.
    package static func duration(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        if seconds < 0 || attoseconds < 0 { return "-" + self.duration(.zero - duration) }
        let microseconds = attoseconds / 1_000_000_000_000
        if seconds == 0 {
            if microseconds == 0, attoseconds == 0 { return "0 ms" }
            if microseconds < 950 { return "0.\(max(1, (microseconds + 50) / 100)) ms" }
            let milliseconds = (microseconds + 500) / 1000
            return milliseconds >= 1000 ? "1.00 s" : "\(milliseconds) ms"
        }
        if seconds < 10 {
            let hundredths = seconds * 100 + (microseconds + 5000) / 10_000
            if hundredths < 1000 { return "\(hundredths / 100).\(self.two(hundredths % 100)) s" }
        }
        if seconds < 60 {
            let tenths = seconds * 10 + (microseconds + 50_000) / 100_000
            if tenths < 600 { return "\(tenths / 10).\(tenths % 10) s" }
            return "1m00"
        }
        if seconds < 3600 { return "\(seconds / 60)m\(self.two(seconds % 60))" }
        if seconds < 86_400 { return "\(seconds / 3600)h\(self.two(seconds / 60 % 60))" }
        return "\(seconds / 86_400)d\(self.two(seconds / 3600 % 24))h"
    }

    /// Events a second: `0/s`, `0.4/s`, `12.4/s`, `1,204/s`.
    package static func rate(_ perSecond: Double) -> String {
        guard perSecond.isFinite, perSecond >= 0 else { return self.unknown }
        if perSecond == 0 { return "0/s" }
        if perSecond < 0.05 { return "<0.1/s" }
        return self.decimal(perSecond) + "/s"
    }

    /// A share of one as a percentage: `0 %`, `<0.1 %`, `98.1 %`, `100 %`.
    package static func percent(_ share: Double) -> String {
        guard share.isFinite, share >= 0 else { return self.unknown }
        let value = share * 100
        if value == 0 { return "0 %" }
        if value < 0.05 { return "<0.1 %" }
        if value >= 99.95 { return value < 100 ? ">99.9 %" : self.decimal(value) + " %" }
        return self.decimal(value) + " %"
    }

    /// One decimal below 100, none above.
    private static func decimal(_ value: Double) -> String {
        if value >= 99.95 { return self.count(Int(min(value.rounded(), 9e15))) }
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    private static func scaled(_ count: Int64, base: Int64, units: [String]) -> String {
        if count < base { return "\(count) \(units[0])" }
        var unit = 1
        var divisor = base
        while unit < units.count - 1,
            count / divisor >= base || (count / divisor >= base - 1 && count % divisor * 2 >= divisor)
        {
            divisor *= base
            unit += 1
        }
        let value = Double(count) / Double(divisor)
        let text = value < 9.95 ? self.fixed(value) : String(Int64(value.rounded()))
        return "\(text) \(units[unit])"
    }

    private static func fixed(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    private static func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
