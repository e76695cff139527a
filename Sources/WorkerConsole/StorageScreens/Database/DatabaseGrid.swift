import WorkerDomain

/// A page of rows, where it comes from, and how it is looked at.
struct DatabaseGrid: Sendable, Equatable {
    enum Source: Sendable, Equatable {
        /// Rows of a table or view, by its exact name.
        case table(String)
        /// The answer to a statement.
        case query(String)
    }
    enum Phase: Sendable, Equatable {
        case loading
        case loaded
        case failed(StorageError)
    }

    /// How a page was reached.
    enum Move: Sendable, Equatable {
        case first, next, previous, last
        /// The page that is shown, read once more.
        case again
        /// From a row that refers to its first one.
        case jump
    }

    /// Rows on a page. Cells may hold a mebibyte each, so a page stays short.
    static let pageSize = 100
    /// Rows of the answer to a statement.
    static let queryLimit = 500

    let source: Source
    private(set) var phase = Phase.loading
    /// A page is on its way while an older one is shown.
    private(set) var isLoading = true
    private(set) var page = DatabasePage()
    /// Rows before this page, and behind it, where that is known.
    private(set) var offset: Int? = 0
    private var tail: Int?
    /// The places of its first and last row; `nil` where pages go by offset.
    private(set) var first: SQLPlace?
    private(set) var last: SQLPlace?
    private(set) var hasBefore = false
    /// Pages go by key; false for a view.
    private(set) var isKeyed = true
    /// The selected row of the page.
    private(set) var row = 0
    /// The selected column.
    private(set) var column = 0
    var order: SQLOrder?
    /// Only rows that hold this text in some column; empty for all.
    var filter = ""
    /// Rows of the whole table, when they are counted; with a filter they are not.
    var total: Int?
    /// The number is from before a change, and is being counted again.
    var isTotalRough = false
    /// Rows of this page that have come or changed a moment ago.
    private(set) var marks = RowMarks()

    init(_ source: Source) {
        self.source = source
    }

    var table: String? { if case .table(let name) = self.source { name } else { nil } }
    var columns: [String] { self.page.rows.columns }
    var rows: [[SQLValue]] { self.page.rows.rows }
    var hasMore: Bool { self.page.rows.hasMore }

    /// Rows before this page; `nil` when nobody has counted them.
    var position: Int? {
        if let offset = self.offset { return offset }
        guard self.filter.isEmpty, !self.isTotalRough, let total = self.total, let tail = self.tail else { return nil }
        return max(0, total - tail - self.rows.count)
    }

    var selectedRow: [SQLValue]? { self.rows.indices.contains(self.row) ? self.rows[self.row] : nil }

    var selectedValue: SQLValue? {
        guard let row = self.selectedRow, row.indices.contains(self.column) else { return nil }
        return row[self.column]
    }

    var selectedColumn: String? { self.columns.indices.contains(self.column) ? self.columns[self.column] : nil }

    mutating func startLoading() {
        self.isLoading = true
        if self.phase != .loaded { self.phase = .loading }
    }

    mutating func select(row: Int) { self.row = max(0, min(row, self.rows.count - 1)) }

    mutating func select(column: Int) { self.column = max(0, min(column, self.columns.count - 1)) }

    /// Takes a page in; one that was reached from below has its last row selected.
    mutating func take(_ answer: DatabaseReader.PageAnswer) {
        let count = answer.page.rows.rows.count
        let before = self.rows.count
        switch answer.move {
        case .first: (self.offset, self.tail) = (0, nil)
        case .last: (self.offset, self.tail) = (nil, 0)
        case .next: (self.offset, self.tail) = (self.offset.map { $0 + before }, self.tail.map { $0 - count })
        case .previous: (self.offset, self.tail) = (self.offset.map { $0 - count }, self.tail.map { $0 + before })
        case .again: break
        case .jump: (self.offset, self.tail) = (nil, nil)
        }
        if !answer.page.rows.hasMore { self.tail = 0 }
        self.offset = answer.offset ?? self.offset.map { max(0, $0) }
        if answer.move != .again { self.marks = RowMarks() }
        self.page = answer.page
        self.first = answer.first
        self.last = answer.last
        self.hasBefore = answer.hasBefore
        self.isKeyed = answer.isKeyed
        self.phase = .loaded
        self.isLoading = false
        self.select(row: answer.move == .previous || answer.move == .last ? count - 1 : 0)
        self.select(column: self.column)
    }

    /// Takes the same page in again: the selection stays on its row, what is new or changed is marked. `key` has the columns
    /// that tell rows apart; it is empty when all of them do.
    mutating func takeAgain(_ answer: DatabaseReader.PageAnswer, key: [Int], at now: WallTime) {
        let isSamePage = answer.hasBefore == self.hasBefore && self.phase == .loaded
        let before = self.rows
        let selected = self.selectedRow.map { DatabaseRowKey($0, key) }
        let hadMore = self.hasMore
        let row = self.row
        self.take(answer)
        guard isSamePage else {
            self.marks = RowMarks()
            return
        }
        let place = selected.flatMap { selected in self.rows.firstIndex { DatabaseRowKey($0, key) == selected } }
        self.select(row: place ?? row)
        self.marks.compare(before, self.rows, key: key, hasBefore: self.hasBefore, hadMore: hadMore, at: now)
    }

    mutating func expireMarks(at now: WallTime) { self.marks.expire(at: now) }

    mutating func fail(_ error: StorageError) {
        self.phase = .failed(error)
        self.isLoading = false
    }

    /// The order after `o` on a column: rising, falling, the table's own.
    func nextOrder(of column: String) -> SQLOrder? {
        guard let order = self.order, order.column.hasSameBytes(as: column) else {
            return SQLOrder(column: column, isDescending: false)
        }
        return order.isDescending ? nil : SQLOrder(column: column, isDescending: true)
    }
}

/// Rows together with what drawing them needs, worked out once when they arrive.
struct DatabasePage: Sendable, Equatable {
    let rows: SQLRows
    /// Columns of the screen that each column takes: 4 to 40.
    let widths: [Int]
    /// The same without the upper limit: what a column takes where there is room.
    let wholeWidths: [Int]
    /// Columns whose values are all numbers are set to the right.
    let isNumeric: [Bool]

    init() {
        self.rows = SQLRows(columns: [], rows: [])
        self.widths = []
        self.wholeWidths = []
        self.isNumeric = []
    }

    init(_ rows: SQLRows) {
        var rows = rows
        // Every row gets a value for every column, whatever the adapter sent.
        for index in rows.rows.indices where rows.rows[index].count != rows.columns.count {
            let row = rows.rows[index].prefix(rows.columns.count)
            rows.rows[index] = row + Array(repeating: .null, count: rows.columns.count - row.count)
        }
        self.rows = rows
        self.wholeWidths = rows.columns.indices.map { column in
            let title = DatabaseText.width(of: rows.columns[column])
            let widest = rows.rows.lazy.map { DatabaseText.width(of: DatabaseText.short($0[column])) }.max() ?? 0
            return max(4, max(title + 1, widest))
        }
        self.widths = self.wholeWidths.map { min(40, $0) }
        self.isNumeric = rows.columns.indices.map { column in
            var hasNumber = false
            for row in rows.rows {
                switch row[column] {
                case .integer, .real: hasNumber = true
                case .null: continue
                case .text, .blob: return false
                }
            }
            return hasNumber
        }
    }
}
