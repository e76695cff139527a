import SQLite
import WorkerDomain

/// Goes through many keys of a bucket at once, on the index of keys, until its time is over.
struct BucketScan: Sendable {
    let operation: String
    private let prefix: [UInt8]
    /// The first key that is looked at.
    private let start: [UInt8]
    private let time: Duration

    /// Rows between two looks at the clock.
    private static let stretch = 512
    /// Objects of one sum, between two looks at the clock.
    private static let sumStretch = 5_000

    init(_ scan: ObjectScan, operation: String) throws(StorageError) {
        self.operation = operation
        self.prefix = Array(scan.prefix.utf8)
        self.time = scan.time
        guard let cursor = scan.cursor else {
            self.start = self.prefix
            return
        }
        // The least text behind another one is that one with a NUL.
        self.start = try KeyCursor.decode(cursor, operation: operation) + [0]
    }

    func find(_ part: NamePart, _ connection: borrowing SQLiteConnection) throws(SQLiteError) -> ObjectScan.Found {
        let end = ContinuousClock.now.advanced(by: self.time)
        let object = try connection.prepare("SELECT \(ObjectRow.columns) FROM _mf_objects WHERE key = ?1")
        let keys = try self.statement("SELECT key", connection)
        var found = ObjectScan.Found()
        let skipped = self.prefix.count
        while try keys.step() {
            found.looked += 1
            if keys.withBytes(0, { part.isIn($0, from: skipped) }) {
                object.reset()
                try object.bind(1, text: keys.bytes(0))
                if try object.step() { found.objects.append(ObjectRow(object).object) }
            }
            let isFull = found.objects.count == ObjectScan.largestFinding
            if isFull || (found.looked % Self.stretch == 0 && ContinuousClock.now >= end) {
                found.nextCursor = KeyCursor.encode(keys.bytes(0))
                break
            }
        }
        return found
    }

    func sum(_ connection: borrowing SQLiteConnection) throws(SQLiteError) -> ObjectScan.Sum {
        let end = ContinuousClock.now.advanced(by: self.time)
        let rows = try self.statement("SELECT CAST(size AS INTEGER), key", connection)
        var sum = ObjectScan.Sum()
        while try rows.step() {
            sum.objects += 1
            sum.add(bytes: rows.integer(0))
            if sum.objects % Self.sumStretch == 0, ContinuousClock.now >= end {
                sum.nextCursor = KeyCursor.encode(rows.bytes(1))
                break
            }
        }
        return sum
    }

    private func statement(
        _ columns: String, _ connection: borrowing SQLiteConnection
    ) throws(SQLiteError) -> SQLiteStatement {
        let end = KeyCursor.end(of: self.prefix)
        let bound = end == nil ? "" : "AND key < ?2 "
        let statement = try connection.prepare(
            "\(columns) FROM _mf_objects WHERE key >= ?1 \(bound)AND typeof(key) = 'text' ORDER BY key")
        try statement.bind(1, text: self.start)
        if let end { try statement.bind(2, text: end) }
        return statement
    }
}
