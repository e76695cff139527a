import WorkerDomain

/// The calls that the buckets screen makes, run as effects.
enum BucketsReader {
    /// A page of a listing, as it comes back to the screen.
    struct Page: Sendable, Equatable {
        var items: [BucketsItem]
        var nextCursor: String?
    }

    typealias PageReply = Result<Page, StorageError>
    typealias ContentReply = Result<StoredContent, StorageError>

    /// More than the 25 MiB that a value of a namespace may have (Cloudflare docs, KV limits).
    private static let largestValue = 32 << 20

    /// Lists one page; a namespace has no folders, so its names come as they are.
    static func list(
        _ services: Services, binding: String, prefix: String, cursor: String?
    ) async -> PageReply {
        guard let resource = services.resources.first(where: { $0.binding.id == binding }) else {
            return .failure(self.missing(binding, prefix))
        }
        do throws(StorageError) {
            switch resource.reader {
            case .bucket(let store):
                let request = ObjectListRequest(
                    prefix: prefix, delimiter: "/", cursor: cursor, limit: BucketsListing.pageSize)
                let page = try await store.list(request)
                let items: [BucketsItem] = page.entries.map { entry in
                    switch entry {
                    case .object(let object): .object(object)
                    case .prefix(let prefix): .prefix(prefix)
                    }
                }
                return .success(Page(items: items, nextCursor: page.nextCursor))
            case .namespace(let store):
                let page = try await store.list(prefix: prefix, cursor: cursor, limit: BucketsListing.pageSize)
                return .success(Page(items: page.entries.map { .name($0) }, nextCursor: page.nextCursor))
            case .database:
                return .failure(self.missing(binding, prefix))
            }
        } catch {
            return .failure(error)
        }
    }

    /// Reads a part of a value and makes it ready to be shown.
    ///
    /// JSON that fits into a window is read to its end, in steps, because it can only be laid out whole.
    static func read(
        _ services: Services, binding: String, item: BucketsItem, earlier: StoredContent?,
        direction: StoredWindow.Direction
    ) async -> ContentReply {
        guard let resource = services.resources.first(where: { $0.binding.id == binding }) else {
            return .failure(self.missing(binding, item.key))
        }
        let looksLikeJSON = item.typeName == "json" || item.key.hasSuffix(".json")
        do throws(StorageError) {
            switch (resource.reader, item) {
            case (.bucket(let store), .object(let object)):
                var window = earlier?.window ?? StoredWindow(total: object.bytes)
                guard object.bytes > 0 else { return .success(StoredContent(window: window)) }
                var next = window.request(direction)
                while let (offset, length) = next {
                    let bytes = try await store.read(object.key, offset: offset, length: length)
                    // A store that answers with more than was asked for does not fill the memory.
                    window.take(Array(bytes.prefix(length)), at: offset)
                    let goesOn =
                        looksLikeJSON && direction == .first && !bytes.isEmpty && object.bytes <= StoredWindow.maximum
                    next = goesOn && !Task.isCancelled ? window.request(.behind) : nil
                }
                return .success(StoredContent(window: window, earlier: earlier, looksLikeJSON: looksLikeJSON))
            case (.namespace(let store), .name(let entry)):
                guard let value = try await store.value(of: entry.key, maximumBytes: self.largestValue) else {
                    let reason = "the name is gone or has expired"
                    return .failure(StorageError(.notFound, operation: "read kv:\(entry.key)", reason: reason))
                }
                // A namespace has no ranges: all of it is read, and one window of it kept.
                var window = earlier?.window ?? StoredWindow(total: Int64(value.count))
                window.total = Int64(value.count)
                if direction == .first {
                    window = StoredWindow(bytes: Array(value.prefix(StoredWindow.maximum)), total: Int64(value.count))
                } else if let (offset, length) = window.request(direction) {
                    window.take(Array(value.dropFirst(Int(offset)).prefix(length)), at: offset)
                }
                return .success(StoredContent(window: window, earlier: earlier, looksLikeJSON: looksLikeJSON))
            default:
                return .failure(self.missing(binding, item.key))
            }
        } catch {
            return .failure(error)
        }
    }

    private static func missing(_ binding: String, _ path: String) -> StorageError {
        StorageError(.notFound, operation: "open \(binding)/\(path)", reason: "the binding is not configured any more")
    }
}
