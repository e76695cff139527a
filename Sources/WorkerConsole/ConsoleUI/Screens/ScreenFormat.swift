import Widgets
package import WorkerDomain

/// How numbers and times are written on the screens.
package enum ScreenFormat {
    package static func count(_ number: Int) -> String { Format.count(number) }

    package static func count(_ number: Int64) -> String { Format.count(Int(clamping: number)) }

    package static func bytes(_ bytes: Int64) -> String { Format.bytes(bytes) }

    package static func duration(_ duration: Duration) -> String { Format.duration(duration) }

    /// Hours, minutes and seconds today, else the day with hours and minutes, by the world's clock.
    package static func moment(_ time: WallTime, in world: World) -> String {
        let now = self.parts(world.now, world.secondsFromUTC)
        let then = self.parts(time, world.secondsFromUTC)
        if now.day == then.day { return then.clock }
        return String(now.date.prefix(4)) == String(then.date.prefix(4))
            ? "\(then.date.dropFirst(5)) \(then.clock.prefix(5))" : then.date
    }

    /// Day and time in full: `2025-11-22 11:39:58`.
    package static func full(_ time: WallTime, in world: World) -> String {
        let parts = self.parts(time, world.secondsFromUTC)
        return "\(parts.date) \(parts.clock)"
    }

    static func clock(_ time: WallTime, in world: World) -> String { self.parts(time, world.secondsFromUTC).clock }

    /// The civil date of a day number, by the algorithm of Howard Hinnant's "chrono-Compatible Low-Level Date
    /// Algorithms".
    private static func parts(_ time: WallTime, _ offset: Int) -> (day: Int64, date: String, clock: String) {
        let seconds = time.nanosecondsSinceEpoch.quotientFloored(by: 1_000_000_000) + Int64(offset)
        let day = seconds.quotientFloored(by: 86_400)
        let second = seconds - day * 86_400
        let shifted = day + 719_468
        let era = shifted.quotientFloored(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthPart = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * monthPart + 2) / 5 + 1
        let month = monthPart < 10 ? monthPart + 3 : monthPart - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let clock = "\(self.two(second / 3_600)):\(self.two(second / 60 % 60)):\(self.two(second % 60))"
        return (day, "\(year)-\(self.two(month))-\(self.two(dayOfMonth))", clock)
    }

    private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

extension Int64 {
    fileprivate func quotientFloored(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = self.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
