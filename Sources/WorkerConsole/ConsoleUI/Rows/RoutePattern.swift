/// Tells paths that name different things of one kind from paths of different kinds.
enum RoutePattern {
    /// The path with `:id` for segments of digits only, and for those of 8 or more hexadecimal digits and dashes.
    static func pattern(of path: Substring) -> String {
        path.prefix(512).split(separator: "/", omittingEmptySubsequences: false).map { segment -> String in
            var digits = 0
            var isHexadecimal = !segment.isEmpty
            for byte in segment.utf8 {
                switch byte {
                case 0x30...0x39: digits += 1
                case 0x61...0x66, 0x41...0x46, 0x2D: break
                default: isHexadecimal = false
                }
            }
            let isName = isHexadecimal && digits > 0 && (digits == segment.utf8.count || segment.utf8.count >= 8)
            return isName ? ":id" : String(segment)
        }.joined(separator: "/")
    }
}
