import Glibc

extension WallTime {
    /// `2026-01-02T03:04:05.678Z` (RFC 3339, UTC, milliseconds).
    package var rfc3339: String {
        let milliseconds = self.nanosecondsSinceEpoch / 1_000_000
        var seconds = time_t(milliseconds / 1_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        return String(unsafeUninitializedCapacity: 32) { bytes in
            var end = 0
            func put(_ number: Int32, _ width: Int, _ mark: Unicode.Scalar) {
                var number = number
                for place in stride(from: end + width - 1, through: end, by: -1) {
                    bytes[place] = UInt8(ascii: "0") + UInt8(number % 10)
                    number /= 10
                }
                bytes[end + width] = UInt8(ascii: mark)
                end += width + 1
            }
            put(min(9_999, max(0, parts.tm_year + 1900)), 4, "-")
            put(parts.tm_mon + 1, 2, "-")
            put(parts.tm_mday, 2, "T")
            put(parts.tm_hour, 2, ":")
            put(parts.tm_min, 2, ":")
            put(parts.tm_sec, 2, ".")
            put(max(0, Int32(milliseconds % 1_000)), 3, "Z")
            return end
        }
    }
}
