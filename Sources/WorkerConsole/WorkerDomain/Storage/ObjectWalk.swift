/// Lists a bucket page by page to its end, and notices when the store leads in a circle.
package struct ObjectWalk: Sendable {
    private let store: any ObjectStore
    private var request: ObjectListRequest
    private var isOver = false
    /// A cursor that was seen; it is renewed at ever longer distances, so that a circle of any length comes back to it.
    private var seen: String?
    private var steps = 0
    private var distance = 1

    package init(_ store: any ObjectStore, _ request: ObjectListRequest) {
        self.store = store
        self.request = request
    }

    /// - Returns: `nil` behind the last page.
    /// - Throws: `StorageError` — `.malformed` when the store repeats a cursor, and what the store throws.
    package mutating func next() async throws(StorageError) -> ObjectPage? {
        guard !self.isOver else { return nil }
        let page = try await self.store.list(self.request)
        guard let cursor = page.nextCursor else {
            self.isOver = true
            return page
        }
        if self.seen.hasSameBytes(as: cursor) || self.request.cursor.hasSameBytes(as: cursor) {
            throw StorageError(
                .malformed, operation: "list \(self.request.prefix)", reason: "the listing repeats its cursor")
        }
        self.steps += 1
        if self.steps == self.distance {
            self.seen = cursor
            self.distance *= 2
        }
        self.request.cursor = cursor
        return page
    }
}
