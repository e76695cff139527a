extension Duration {
    /// Whole milliseconds, rounded down. Dividing durations goes through a `Double`, which makes 300004 of 300005.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = self.components
        return Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
    }
}
