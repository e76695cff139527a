/// A part of a name that keys are searched for: bytes, with ASCII letters compared without case.
package struct NamePart: Sendable, Equatable {
    private let bytes: [UInt8]

    package init(_ text: String) {
        self.bytes = text.utf8.map { Self.folded($0) }
    }

    package var isEmpty: Bool { self.bytes.isEmpty }

    package func isIn(_ text: some StringProtocol) -> Bool {
        let name = Array(text.utf8)
        return self.isIn(name.span.bytes)
    }

    /// - Parameters:
    ///   - name: The bytes that are looked at.
    ///   - start: The first of them that counts.
    /// - Returns: True when the part stands there, or is empty.
    package func isIn(_ name: RawSpan, from start: Int = 0) -> Bool {
        guard let first = self.bytes.first else { return true }
        let last = name.byteCount - self.bytes.count
        guard start <= last else { return false }
        var place = start
        while place <= last {
            if Self.folded(name.unsafeLoad(fromByteOffset: place, as: UInt8.self)) == first,
                self.stands(at: place, in: name)
            {
                return true
            }
            place += 1
        }
        return false
    }

    private func stands(at place: Int, in name: RawSpan) -> Bool {
        for index in self.bytes.indices.dropFirst()
        where Self.folded(name.unsafeLoad(fromByteOffset: place + index, as: UInt8.self)) != self.bytes[index] {
            return false
        }
        return true
    }

    private static func folded(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
}

/// A part of a scan over all keys below a prefix, in their order.
package struct ObjectScan: Sendable, Equatable {
    /// Only keys that start with these bytes; empty for all.
    package var prefix: String
    /// Where the part before ended, or `nil` for the first one.
    package var cursor: String?
    /// A store that can look at many keys at once returns after so long; every call looks at one key at least.
    package var time: Duration

    package init(prefix: String = "", cursor: String? = nil, time: Duration = .milliseconds(50)) {
        self.prefix = prefix
        self.cursor = cursor
        self.time = time
    }

    /// What was found in a part.
    package struct Found: Sendable, Equatable {
        package var objects: [StoredObject] = []
        /// Keys that were looked at.
        package var looked = 0
        /// `nil` when that was all.
        package var nextCursor: String?

        package init() {}
    }

    /// What a part adds up to.
    package struct Sum: Sendable, Equatable {
        package var objects = 0
        package var bytes: Int64 = 0
        /// `nil` when that was all.
        package var nextCursor: String?

        package init() {}

        package mutating func add(_ object: StoredObject) {
            self.objects += 1
            self.add(bytes: object.bytes)
        }

        /// Sizes are what a store says: the sum stays at its largest instead of overflowing.
        package mutating func add(bytes: Int64) {
            let sum = self.bytes.addingReportingOverflow(max(0, bytes))
            self.bytes = sum.overflow ? .max : sum.partialValue
        }
    }

    /// The most objects that one part of a search finds.
    package static let largestFinding = 1_000
}

extension ObjectStore {
    /// Looks for a part of a name, a page at a time.
    package func find(_ part: NamePart, in scan: ObjectScan) async throws(StorageError) -> ObjectScan.Found {
        let page = try await self.list(ObjectListRequest(prefix: scan.prefix, cursor: scan.cursor))
        var found = ObjectScan.Found()
        found.nextCursor = page.nextCursor
        found.looked = page.entries.count
        let start = scan.prefix.utf8.count
        for case .object(let object) in page.entries {
            let name = Array(object.key.utf8)
            if part.isIn(name.span.bytes, from: start) { found.objects.append(object) }
        }
        return found
    }

    /// Adds up objects, a page at a time.
    package func sum(_ scan: ObjectScan) async throws(StorageError) -> ObjectScan.Sum {
        let page = try await self.list(ObjectListRequest(prefix: scan.prefix, cursor: scan.cursor))
        var sum = ObjectScan.Sum()
        sum.nextCursor = page.nextCursor
        for case .object(let object) in page.entries { sum.add(object) }
        return sum
    }
}

/// Notices a listing that leads in a circle, of any length, with one cursor kept.
package struct CursorCircle: Sendable, Equatable {
    /// A cursor that was seen; it is renewed at ever longer distances, so that a circle comes back to it.
    private var seen: String?
    private var steps = 0
    private var distance = 1

    package init() {}

    /// - Returns: True when `next` was there before.
    package mutating func closes(at next: String, from cursor: String?) -> Bool {
        if self.seen.hasSameBytes(as: next) || cursor.hasSameBytes(as: next) { return true }
        self.steps += 1
        if self.steps == self.distance {
            self.seen = next
            self.distance *= 2
        }
        return false
    }

    package static func error(below prefix: String) -> StorageError {
        StorageError(.malformed, operation: "list \(prefix)", reason: "the listing repeats its cursor")
    }
}
