import WorkerDomain

/// Saves single objects of one bucket below a folder.
struct ObjectSaving: Sendable {
    let store: any ObjectStore
    /// The binding's name.
    let binding: String
    let isOverwriting: Bool
    var overwriteHint = "--overwrite replaces it"
    var pieceSize = 8 << 20

    /// What a key has in front of the last slash of what was asked for: it is not repeated below the folder.
    static func common(of prefix: String) -> Int {
        prefix.utf8.lastIndex(of: UInt8(ascii: "/")).map {
            prefix.utf8.distance(from: prefix.utf8.startIndex, to: $0) + 1
        } ?? 0
    }

    func operation(_ key: String) -> String { "get r2:\(self.binding)/\(key)" }

    /// Saves an object below a folder, in folders of its own.
    /// - Parameters:
    ///   - object: As it was listed.
    ///   - relative: What of its key makes folders and a name.
    ///   - root: The folder that was named.
    ///   - progress: Is told the bytes so far.
    /// - Returns: What was done; `nil` for an object that stands for a folder.
    /// - Throws: As ``Download``; `.invalid` for a key without a name.
    func save(
        _ object: StoredObject, as relative: String, below root: DownloadFolder,
        progress: @escaping @Sendable (Int64) -> Void
    ) async throws(StorageError) -> Download.Outcome? {
        let operation = self.operation(object.key)
        // An empty object that ends in a slash stands for a folder.
        if object.bytes == 0, relative.utf8.last == UInt8(ascii: "/") || relative.isEmpty {
            let names = SafeName.path(of: String(decoding: relative.utf8.dropLast(), as: UTF8.self))
            _ = try root.entering(names, operation)
            return nil
        }
        let path = SafeName.path(of: relative)
        guard let name = path.last else {
            throw StorageError(.invalid, operation: operation, reason: "the key has no name for a file")
        }
        let folder = try root.entering(path.dropLast(), operation)
        return try await self.save(object, in: folder, name: name, progress: progress)
    }

    /// Saves an object under a name.
    func save(
        _ object: StoredObject, in folder: DownloadFolder, name: String,
        progress: @escaping @Sendable (Int64) -> Void
    ) async throws(StorageError) -> Download.Outcome {
        // A listing may not tell every digest.
        let whole = object.hasMetadata ? object : try await self.store.head(object.key) ?? object
        var download = Download(
            store: self.store, object: whole, operation: self.operation(object.key),
            isOverwriting: self.isOverwriting, progress: progress)
        download.overwriteHint = self.overwriteHint
        download.pieceSize = self.pieceSize
        return try await download.run(in: folder, name: name)
    }
}
