import SQLite
import WorkerDomain

/// Reads a page of a table's rows by their key, so that a page far inside costs what the first one costs.
struct PageReader {
    private let request: SQLPageRequest
    private let columns: [SQLColumn]
    private let key: RowKey
    /// Conditions of the filter, and the pattern that they compare with.
    private let filter: (conditions: [String], values: [SQLPlace.Value])

    init(_ request: SQLPageRequest, columns: [SQLColumn], key: RowKey) {
        self.request = request
        self.columns = columns
        self.key = key
        self.filter = Self.filter(request.filter, columns)
    }

    func read(_ connection: borrowing SQLiteConnection) throws(SQLiteError) -> SQLPage {
        let start = ContinuousClock.now
        var rows = try self.sources(connection)
        var places: [SQLPlace] = []
        var hasBefore = false
        var offset: Int?
        let every = RowKey.Step(conditions: [], values: [])
        switch self.request.start {
        case .first, .offset:
            (rows.hasMore, places) = try self.collect([every], isReversed: false, into: &rows, connection)
            offset = 0
        case .last:
            (hasBefore, places) = try self.collect([every], isReversed: true, into: &rows, connection)
            rows.hasMore = false
        case .after(let place):
            let steps = self.key.steps(from: place, isReversed: false, isInclusive: false)
            (rows.hasMore, places) = try self.collect(steps, isReversed: false, into: &rows, connection)
            hasBefore = true
        case .before(let place):
            let steps = self.key.steps(from: place, isReversed: true, isInclusive: false)
            (hasBefore, places) = try self.collect(steps, isReversed: true, into: &rows, connection)
            rows.hasMore = true
        case .from(let place):
            let steps = self.key.steps(from: place, isReversed: false, isInclusive: true)
            (rows.hasMore, places) = try self.collect(steps, isReversed: false, into: &rows, connection)
            hasBefore = try self.hasAny(before: place, connection)
        case .match(let names, let values):
            if let place = try self.place(of: names, values, connection) {
                let steps = self.key.steps(from: place, isReversed: false, isInclusive: true)
                (rows.hasMore, places) = try self.collect(steps, isReversed: false, into: &rows, connection)
                hasBefore = try self.hasAny(before: place, connection)
            }
        }
        if !hasBefore, !places.isEmpty { offset = 0 }
        rows.duration = start.duration(to: ContinuousClock.now)
        return SQLPage(rows: rows, first: places.first, last: places.last, hasBefore: hasBefore, offset: offset)
    }

    // MARK: Statements

    private var table: String { Catalog.quoted(self.request.table) }

    /// Columns, and what they are in truth.
    private func sources(_ connection: borrowing SQLiteConnection) throws(SQLiteError) -> SQLRows {
        let sql = "SELECT * FROM \(self.table)"
        let reads = connection.reads(of: sql)
        let statement = try connection.prepare(sql)
        let sources = SQLSources(origins: statement.columnOrigins, reads: reads.columns, isCompound: false)
        return SQLRows(columns: statement.columnNames, rows: [], sources: sources)
    }

    private func statement(
        _ step: RowKey.Step, isReversed: Bool, values: Bool = true, _ connection: borrowing SQLiteConnection
    ) throws(SQLiteError) -> SQLiteStatement {
        let conditions = step.conditions + self.filter.conditions
        let place = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        let names = (values ? ["*"] : []) + self.key.names
        let statement = try connection.prepare(
            "SELECT \(names.joined(separator: ", ")) FROM \(self.table)\(place)"
                + " ORDER BY \(self.key.orderBy(isReversed: isReversed)) LIMIT \(self.request.limit + 1)")
        for (index, value) in (step.values + self.filter.values).enumerated() {
            try statement.bind(Int32(index + 1), place: value)
        }
        return statement
    }

    /// Reads the steps one after the other until the page is full.
    /// - Returns: Whether more exist in this direction, and the places of the rows.
    private func collect(
        _ steps: [RowKey.Step], isReversed: Bool, into rows: inout SQLRows, _ connection: borrowing SQLiteConnection
    ) throws(SQLiteError) -> (hasMore: Bool, places: [SQLPlace]) {
        var places: [SQLPlace] = []
        var bytes = 0
        var isFull = false
        let count = rows.columns.count
        steps: for step in steps {
            let statement = try self.statement(step, isReversed: isReversed, connection)
            while try statement.step() {
                guard places.count < self.request.limit, bytes < RowReader.largestPage else {
                    isFull = true
                    break steps
                }
                let row = RowReader.row(statement, columns: count)
                bytes += RowReader.bytes(of: row)
                rows.rows.append(row)
                places.append(self.place(of: statement, behind: count))
            }
        }
        if isReversed {
            rows.rows.reverse()
            places.reverse()
        }
        return (isFull, places)
    }

    private func hasAny(
        before place: SQLPlace, _ connection: borrowing SQLiteConnection
    ) throws(SQLiteError) -> Bool {
        for step in self.key.steps(from: place, isReversed: true, isInclusive: false) {
            let statement = try self.statement(step, isReversed: true, values: false, connection)
            if try statement.step() { return true }
        }
        return false
    }

    /// The place of the first row with these values.
    private func place(
        of names: [String], _ values: [SQLValue], _ connection: borrowing SQLiteConnection
    ) throws(SQLiteError) -> SQLPlace? {
        guard !names.isEmpty, names.count == values.count else { return nil }
        // A foreign key compares with `=`: NULL refers to nothing.
        let step = RowKey.Step(
            conditions: names.map { "\(Catalog.quoted($0)) = ?" }, values: values.map { SQLPlace.Value($0) })
        let statement = try self.statement(step, isReversed: false, values: false, connection)
        return try statement.step() ? self.place(of: statement, behind: 0) : nil
    }

    private func place(of statement: borrowing SQLiteStatement, behind count: Int) -> SQLPlace {
        var values: [SQLPlace.Value] = []
        for index in self.key.terms.indices { values.append(statement.place(Int32(count + index))) }
        return SQLPlace(values)
    }

    // MARK: Filter

    /// SQLite takes an expression at most 1,000 deep; D1 tables have at most 100 columns.
    private static let filteredColumns = 500

    static func filter(
        _ text: String, _ columns: [SQLColumn]
    ) -> (conditions: [String], values: [SQLPlace.Value]) {
        guard !text.isEmpty, !columns.isEmpty else { return ([], []) }
        var pattern: [UInt8] = [UInt8(ascii: "%")]
        for byte in text.utf8 {
            if [UInt8(ascii: "%"), UInt8(ascii: "_"), UInt8(ascii: "\\")].contains(byte) {
                pattern.append(UInt8(ascii: "\\"))
            }
            pattern.append(byte)
        }
        pattern.append(UInt8(ascii: "%"))
        let tested = columns.prefix(self.filteredColumns)
        let tests = tested.map { "\(Catalog.quoted($0.name)) LIKE ? ESCAPE '\\'" }
        return (["(\(tests.joined(separator: " OR ")))"], Array(repeating: .text(pattern), count: tested.count))
    }
}

extension SQLPlace.Value {
    init(_ value: SQLValue) {
        self =
            switch value {
            case .null: .null
            case .integer(let number): .integer(number)
            case .real(let number): .real(number)
            case .text(let text): .text(Array(text.utf8))
            case .blob(let bytes): .blob(bytes)
            }
    }
}

extension SQLiteStatement {
    /// A column as a part of a place.
    fileprivate borrowing func place(_ column: Int32) -> SQLPlace.Value {
        switch self.value(column) {
        case .null: .null
        case .integer(let number): .integer(number)
        case .real(let number): .real(number)
        // The bytes as they are stored, valid or not.
        case .text: .text(self.bytes(column))
        case .blob(let bytes): .blob(bytes)
        }
    }

    borrowing func bind(_ index: Int32, place value: SQLPlace.Value) throws(SQLiteError) {
        switch value {
        case .null: try self.bind(index, .null)
        case .integer(let number): try self.bind(index, number)
        case .real(let number): try self.bind(index, .real(number))
        case .text(let bytes): try self.bind(index, text: bytes)
        case .blob(let bytes): try self.bind(index, .blob(bytes))
        }
    }
}
