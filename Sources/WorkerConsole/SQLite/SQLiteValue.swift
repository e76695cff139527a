/// One value with its storage class (https://sqlite.org/datatype3.html).
package enum SQLiteValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case real(Double)
    /// Bytes that are not valid UTF-8 have been replaced.
    case text(String)
    case blob([UInt8])

    /// `null` for `nil`.
    package init(_ text: String?) {
        self = text.map { .text($0) } ?? .null
    }
}
