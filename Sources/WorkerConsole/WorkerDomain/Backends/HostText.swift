/// What a written host stands for.
package enum HostText {
    /// True for `9100`, `127.1`, `0x7f.0.0.1`, `0177.0.0.1`, `2130706433`: the system reads each as an IPv4 address, and
    /// hardly ever as the one that was meant (`9100` is 0.0.35.140). Only four numbers from 0 to 255 are an address.
    package static func isOddAddress(_ host: some StringProtocol) -> Bool {
        let bytes = Array(host.utf8)
        var labels = bytes.split(separator: 0x2E, omittingEmptySubsequences: false)
        if labels.count > 1, labels.last?.isEmpty == true { labels.removeLast() }
        guard !bytes.contains(0x3A), let last = labels.last, self.isNumber(last) else { return false }
        return labels.count != 4 || bytes.last == 0x2E || !labels.allSatisfy { self.isOctet($0) }
    }

    /// Digits, or `0x` with hexadecimal digits or none (url.spec.whatwg.org, "ends in a number").
    private static func isNumber(_ label: some Collection<UInt8>) -> Bool {
        if !label.isEmpty, label.allSatisfy({ (0x30...0x39).contains($0) }) { return true }
        guard label.count >= 2, label.starts(with: [0x30]), label.dropFirst().first.map({ $0 | 0x20 }) == 0x78 else {
            return false
        }
        return label.dropFirst(2).allSatisfy {
            (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20)
        }
    }

    private static func isOctet(_ label: some Collection<UInt8>) -> Bool {
        guard (1...3).contains(label.count), label.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        let value = label.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        // A zero in front means octal to some readers.
        return value <= 255 && (label.count == 1 || label.first != 0x30)
    }
}
