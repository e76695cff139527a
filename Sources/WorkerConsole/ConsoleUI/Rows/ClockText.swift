import WorkerDomain

/// Times of day as the console writes them.
enum ClockText {
    /// `12:04:31`, or `12:04:31.118` with milliseconds.
    static func time(_ time: WallTime, secondsFromUTC: Int, milliseconds: Bool = false) -> String {
        let total = time.nanosecondsSinceEpoch
        let nanoseconds = ((total % 1_000_000_000) + 1_000_000_000) % 1_000_000_000
        let seconds = (total - nanoseconds) / 1_000_000_000 + Int64(secondsFromUTC)
        let ofDay = ((seconds % 86_400) + 86_400) % 86_400
        let text = "\(self.two(ofDay / 3600)):\(self.two(ofDay / 60 % 60)):\(self.two(ofDay % 60))"
        guard milliseconds else { return text }
        let fraction = String(nanoseconds / 1_000_000)
        return text + "." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }

    /// The zone as the header shows it: `UTC`, `+08:00`.
    static func zone(_ secondsFromUTC: Int) -> String {
        if secondsFromUTC == 0 { return "UTC" }
        let minutes = Int64(abs(secondsFromUTC) / 60)
        return "\(secondsFromUTC < 0 ? "-" : "+")\(self.two(minutes / 60)):\(self.two(minutes % 60))"
    }

    private static func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
