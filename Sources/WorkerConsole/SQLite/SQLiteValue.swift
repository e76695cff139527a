/// One value with its storage class (https://sqlite.org/datatype3.html).
package enum SQLiteValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case real(Double)
    /// Bytes that are not UTF-8 are repaired.
    case text(String)
    case blob([UInt8])
}
