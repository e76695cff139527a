/// Which rows of a table or view are read.
package struct SQLPageRequest: Sendable, Equatable {
    /// Where the page begins, or ends.
    package enum Start: Sendable, Equatable {
        case first
        case last
        case after(SQLPlace)
        case before(SQLPlace)
        /// With the row at the place, if it is still there.
        case from(SQLPlace)
        /// With the first row that has these values in these columns.
        case match([String], [SQLValue])
        /// Rows to skip, for what has no key.
        case offset(Int)
    }

    /// Exact name; quoted by the store, never trusted.
    package var table: String
    /// Column and direction, or `nil` for the table's own order.
    package var order: SQLOrder?
    /// Only rows that hold this text in some column; empty for all.
    package var filter: String
    package var start: Start
    /// 1 to 1,000.
    package var limit: Int

    package init(
        table: String, order: SQLOrder? = nil, filter: String = "", start: Start = .first, limit: Int = 100
    ) {
        self.table = table
        self.order = order
        self.filter = filter
        self.start = start
        self.limit = limit
    }
}

/// The place of a row in the order that it was read in: the value that it is sorted by, then its key.
///
/// Texts are bytes, so that one which is not valid UTF-8 is found again.
package struct SQLPlace: Sendable, Hashable {
    package enum Value: Sendable, Hashable {
        case null
        case integer(Int64)
        case real(Double)
        case text([UInt8])
        case blob([UInt8])
    }
    package let values: [Value]

    package init(_ values: [Value]) { self.values = values }
}

/// Rows of a table, and how to go on from them.
package struct SQLPage: Sendable, Equatable {
    package var rows: SQLRows
    /// The places of the first and the last row; `nil` without rows, and where pages go by offset.
    package var first: SQLPlace?
    package var last: SQLPlace?
    /// True when rows stand before the first one.
    package var hasBefore: Bool
    /// Rows before the first one, where that is known without counting them.
    package var offset: Int?
    /// False for what has no key: a view, a virtual table.
    package var isKeyed: Bool

    package init(
        rows: SQLRows, first: SQLPlace? = nil, last: SQLPlace? = nil, hasBefore: Bool = false, offset: Int? = nil,
        isKeyed: Bool = true
    ) {
        self.rows = rows
        self.first = first
        self.last = last
        self.hasBefore = hasBefore
        self.offset = offset
        self.isKeyed = isKeyed
    }
}
