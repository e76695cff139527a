import Glibc

/// Reads a host with an optional port strictly, as it stands in Host and in a URL (RFC 9110 section 7.2).
enum Authority {
    /// The longest IPv6 address in text.
    private static let addressLimit = 45

    /// True for a name, an IPv4 address or a bracketed IPv6 address, and a port from 1 to 65535 or none.
    ///
    /// Nobody who means well sends a user, an escape or an empty port here, and readers differ about each.
    static func isValid(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        guard let first = range.first else { return false }
        var end = first
        if bytes[first] == 0x5B {
            guard let close = ASCII.find(0x5D, in: bytes, from: first, to: range.upperBound),
                self.isIPv6(bytes, (first + 1)..<close)
            else { return false }
            end = close + 1
        } else {
            while end < range.upperBound, bytes[end] != ASCII.colon {
                guard self.isNameByte(bytes[end]) else { return false }
                // An empty label: `..`, or a dot at the beginning.
                if bytes[end] == 0x2E, end == first || bytes[end - 1] == 0x2E { return false }
                end += 1
            }
            guard end > first else { return false }
        }
        guard end < range.upperBound else { return true }
        guard bytes[end] == ASCII.colon, range.upperBound - end <= 6,
            let port = ASCII.decimal(bytes, from: end + 1, to: range.upperBound)
        else { return false }
        return (1...65_535).contains(port)
    }

    /// Unreserved and sub-delimiters (RFC 3986 section 3.2.2), but for the comma, which lists use, and escapes.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x2D, 0x2E, 0x5F, 0x7E, 0x21, 0x24, 0x26...0x2B, 0x3B, 0x3D: true
        default: false
        }
    }

    private static func isIPv6(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        guard range.count <= self.addressLimit else { return false }
        var text = bytes[range].map { CChar(bitPattern: $0) }
        text.append(0)
        var address = in6_addr()
        return !text.dropLast().contains(0) && inet_pton(AF_INET6, text, &address) == 1
    }
}
