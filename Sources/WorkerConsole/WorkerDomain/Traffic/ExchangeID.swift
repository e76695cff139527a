/// Names one exchange within one process; strictly increasing, never reused.
///
/// It is written `#12405` wherever a person reads it, and stands in the body of every error that the proxy makes itself.
package struct ExchangeID: RawRepresentable, Sendable, Hashable, Comparable, CustomStringConvertible {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    package var description: String { "#\(self.rawValue)" }

    package static func < (left: ExchangeID, right: ExchangeID) -> Bool { left.rawValue < right.rawValue }
}
