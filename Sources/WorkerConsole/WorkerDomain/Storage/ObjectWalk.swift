/// Lists a bucket page by page to its end, and notices when the store leads in a circle.
package struct ObjectWalk: Sendable {
    private let store: any ObjectStore
    private var request: ObjectListRequest
    private var isOver = false
    private var circle = CursorCircle()

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
        if self.circle.closes(at: cursor, from: self.request.cursor) {
            throw CursorCircle.error(below: self.request.prefix)
        }
        self.request.cursor = cursor
        return page
    }
}
