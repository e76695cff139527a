/// Rewrites a path and query as the URL standard's parser does for `http` URLs (url.spec.whatwg.org, 4.4).
enum TargetNormalizer {
    /// - Parameter target: Path and query; begins with `/`.
    static func normalise(_ target: [UInt8]) -> [UInt8] {
        let question = target.firstIndex(of: 0x3F)
        let path = target[..<(question ?? target.endIndex)]
        var segments: [[UInt8]] = []
        let parts = path.dropFirst().split(omittingEmptySubsequences: false) { $0 == 0x2F || $0 == 0x5C }
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            switch Self.dots(in: part) {
            case 2:
                if !segments.isEmpty { segments.removeLast() }
                if isLast { segments.append([]) }
            case 1:
                if isLast { segments.append([]) }
            default:
                segments.append(Self.encode(part, also: [0x3F, 0x5E, 0x60, 0x7B, 0x7D]))
            }
        }
        var result: [UInt8] = []
        result.reserveCapacity(target.count + 16)
        for segment in segments {
            result.append(0x2F)
            result += segment
        }
        if segments.isEmpty { result.append(0x2F) }
        if let question {
            result.append(0x3F)
            result += Self.encode(target[(question + 1)...], also: [0x27])
        }
        return result
    }

    /// 1 for `.` and `%2e`, 2 for `..` in any of its spellings, 0 for everything else.
    private static func dots(in segment: ArraySlice<UInt8>) -> Int {
        guard (1...6).contains(segment.count) else { return 0 }
        var count = 0
        var rest = segment
        while let first = rest.first {
            if first == 0x2E {
                rest = rest.dropFirst()
            } else if rest.count >= 3, first == 0x25, rest[rest.startIndex + 1] == 0x32,
                ASCII.lower(rest[rest.startIndex + 2]) == 0x65
            {
                rest = rest.dropFirst(3)
            } else {
                return 0
            }
            count += 1
        }
        return count <= 2 ? count : 0
    }

    private static func encode(_ bytes: ArraySlice<UInt8>, also: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in bytes {
            let isSpecial = byte <= 0x20 || byte >= 0x7F || [0x22, 0x23, 0x3C, 0x3E].contains(byte)
            if isSpecial || also.contains(byte) {
                result += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            } else {
                result.append(byte)
            }
        }
        return result
    }
}
