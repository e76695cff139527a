import SQLite
package import WorkerDomain

/// Reads an R2 bucket that `wrangler dev` keeps on this machine.
package struct MiniflareBucketStore: ObjectStore {
    package let state: MiniflareState
    /// Names that the file may have been made from, in wrangler's order.
    package let candidates: [String]

    /// The most bytes that one call reads.
    package static let largestRead = 64 << 20
    /// How often a read begins anew because the object was written meanwhile.
    private static let attempts = 8
    /// How long counting goes on before it says how far it came.
    private static let countingTime = Duration.seconds(2)

    package init(state: MiniflareState, candidates: [String]) {
        self.state = state
        self.candidates = candidates
    }

    /// Where the bucket is or will be; `nil` without a candidate name.
    package var location: MiniflareState.Location? { self.state.locate(.r2, candidates: self.candidates) }

    package func list(_ request: ObjectListRequest) async throws(StorageError) -> ObjectPage {
        let operation = "list \(self.name)/\(request.prefix)"
        guard (1...1_000).contains(request.limit) else {
            throw StorageError(.invalid, operation: operation, reason: "the limit must be 1 to 1,000")
        }
        let cursor = try request.cursor.map { value throws(StorageError) in
            try KeyCursor.decode(value, operation: operation)
        }
        let after = KeyCursor.later(cursor, request.startAfter.map { Array($0.utf8) })
        let page = try await self.read(operation) { connection throws(SQLiteError) in
            try ObjectListing(request: request, after: after).page(connection)
        }
        return page ?? ObjectPage()
    }

    package func head(_ key: String) async throws(StorageError) -> StoredObject? {
        try await self.read("look at \(self.name)/\(key)") { connection throws(SQLiteError) in
            let statement = try connection.prepare("SELECT \(ObjectRow.columns) FROM _mf_objects WHERE key = ?1")
            try statement.bind(1, key)
            return try statement.step() ? ObjectRow(statement).object : nil
        } ?? nil
    }

    package func read(_ key: String, offset: Int64, length: Int) async throws(StorageError) -> ObjectPart {
        let operation = "read \(self.name)/\(key)"
        guard offset >= 0, length >= 0 else {
            throw StorageError(.invalid, operation: operation, reason: "offset and length must not be negative")
        }
        // Row and pieces are of one state, and every write makes new blobs: when one of them is gone although the row
        // still names it, it is lost; when the row names others, the object was written anew in between.
        var missing: [Piece] = []
        for _ in 0..<Self.attempts {
            let found = try await self.find(key, offset: offset, length: length, operation: operation)
            guard let folder = self.location.map({ BlobFolder(path: $0.blobs) }) else { break }
            if let bytes = try await self.join(found.pieces, folder, operation) {
                return ObjectPart(object: found.object, bytes: bytes)
            }
            if found.pieces == missing {
                throw StorageError(.malformed, operation: operation, reason: "the file with its content is missing")
            }
            missing = found.pieces
        }
        throw StorageError(.locked, operation: operation, reason: "it kept being rewritten while it was read")
    }

    package func usage() async throws(StorageError) -> BucketUsage {
        let end = ContinuousClock.now.advanced(by: Self.countingTime)
        return try await self.read("count \(self.name)") { connection throws(SQLiteError) in
            // Sizes are capped before they are added, so that nothing in the file can make the sum overflow.
            let statement = try connection.prepare(
                """
                SELECT count(*), sum(max(0, min(CAST(size AS INTEGER), 1 << 44))), max(key)
                FROM (SELECT key, size FROM _mf_objects WHERE key > ?1 AND typeof(key) = 'text' ORDER BY key LIMIT 50000)
                """)
            var objects = 0
            var bytes: Int64 = 0
            var last: [UInt8] = []
            // The empty key stands before every other and is not seen by `>`.
            let empty = try connection.prepare("SELECT size FROM _mf_objects WHERE key = ''")
            if try empty.step() {
                objects = 1
                bytes = max(0, min(empty.integer(0), 1 << 44))
            }
            while true {
                statement.reset()
                try statement.bind(1, text: last)
                guard try statement.step(), statement.integer(0) > 0 else { break }
                objects += Int(statement.integer(0))
                let sum = bytes.addingReportingOverflow(statement.integer(1))
                bytes = sum.overflow ? .max : sum.partialValue
                last = statement.bytes(2)
                if statement.integer(0) < 50_000 { break }
                if ContinuousClock.now >= end { return BucketUsage(objects: objects, bytes: bytes, isComplete: false) }
            }
            return BucketUsage(objects: objects, bytes: bytes)
        } ?? BucketUsage(objects: 0, bytes: 0)
    }

    package func find(_ part: NamePart, in scan: ObjectScan) async throws(StorageError) -> ObjectScan.Found {
        let scan = try BucketScan(scan, operation: "search \(self.name)/\(scan.prefix)")
        return try await self.read(scan.operation) { connection throws(SQLiteError) in
            try scan.find(part, connection)
        } ?? ObjectScan.Found()
    }

    package func sum(_ scan: ObjectScan) async throws(StorageError) -> ObjectScan.Sum {
        let scan = try BucketScan(scan, operation: "count \(self.name)/\(scan.prefix)")
        return try await self.read(scan.operation) { connection throws(SQLiteError) in
            try scan.sum(connection)
        } ?? ObjectScan.Sum()
    }

    /// The name as a person knows it.
    private var name: String { "r2:\(self.candidates.first ?? "")" }

    /// Reads on one consistent state; `nil` when the bucket does not exist yet.
    private func read<Value: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (borrowing SQLiteConnection) throws(SQLiteError) -> Value
    ) async throws(StorageError) -> Value? {
        try await MiniflareTables.read(self.location, table: "_mf_objects", operation: operation, body)
    }

    /// A stretch of one blob.
    private struct Piece: Sendable, Equatable {
        let blob: String
        let offset: Int64
        let length: Int
    }

    /// What the tables say of an object and of a stretch of it, in one state.
    private enum Extent: Sendable {
        case pieces([Piece])
        case tooLarge, partsEndEarly
    }

    private func find(
        _ key: String, offset: Int64, length: Int, operation: String
    ) async throws(StorageError) -> (object: StoredObject, pieces: [Piece]) {
        let found = try await self.read(operation) { connection throws(SQLiteError) -> (StoredObject, Extent)? in
            let row = try connection.prepare("SELECT \(ObjectRow.columns), blob_id FROM _mf_objects WHERE key = ?1")
            try row.bind(1, key)
            guard try row.step() else { return nil }
            let object = ObjectRow(row).object
            guard offset < object.bytes, length > 0 else { return (object, .pieces([])) }
            let wanted = min(Int64(length), object.bytes - offset)
            guard wanted <= Int64(Self.largestRead) else { return (object, .tooLarge) }
            guard row.isNull(ObjectRow.columnCount) else {
                let blob = row.text(ObjectRow.columnCount)
                return (object, .pieces([Piece(blob: blob, offset: offset, length: Int(wanted))]))
            }
            return (object, try Self.parts(of: key, offset, wanted, connection))
        }
        switch found ?? nil {
        case (let object, .pieces(let pieces))?: return (object, pieces)
        case (_, .tooLarge)?:
            let reason = "one read is at most \(Self.largestRead) bytes"
            throw StorageError(.limit, operation: operation, reason: reason)
        case (_, .partsEndEarly)?:
            throw StorageError(.malformed, operation: operation, reason: "its parts are smaller than the object")
        case nil:
            throw StorageError(.notFound, operation: operation, reason: "no such object")
        }
    }

    /// The stretches of a multipart object's parts that hold `wanted` bytes from `offset` on.
    private static func parts(
        of key: String, _ offset: Int64, _ wanted: Int64, _ connection: borrowing SQLiteConnection
    ) throws(SQLiteError) -> Extent {
        let statement = try connection.prepare(
            "SELECT blob_id, size FROM _mf_multipart_parts WHERE object_key = ?1 ORDER BY part_number")
        try statement.bind(1, key)
        var pieces: [Piece] = []
        var start: Int64 = 0
        var missing = wanted
        while missing > 0, try statement.step() {
            let size = max(0, statement.integer(1))
            let (end, overflow) = start.addingReportingOverflow(size)
            guard !overflow else { break }
            let from = offset + (wanted - missing)
            if end > from {
                let length = min(missing, end - from)
                pieces.append(Piece(blob: statement.text(0), offset: from - start, length: Int(length)))
                missing -= length
            }
            start = end
        }
        return missing == 0 ? .pieces(pieces) : .partsEndEarly
    }

    private func join(
        _ pieces: [Piece], _ blobs: BlobFolder, _ operation: String
    ) async throws(StorageError) -> [UInt8]? {
        try await BlockingWork.run { () throws(StorageError) -> [UInt8]? in
            var bytes: [UInt8] = []
            for piece in pieces {
                guard
                    let part = try blobs.read(
                        piece.blob, offset: piece.offset, length: piece.length, operation: operation)
                else { return nil }
                if bytes.isEmpty { bytes = part } else { bytes += part }
            }
            return bytes
        }.get()
    }
}
