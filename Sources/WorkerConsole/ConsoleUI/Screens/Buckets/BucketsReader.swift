import WorkerDomain

/// The calls that the buckets screen makes, run as effects.
enum BucketsReader {
    /// A page of a listing, as it comes back to the screen.
    struct Page: Sendable, Equatable {
        var items: [BucketsItem]
        var nextCursor: String?
        /// The watch that was begun before.
        var start: WatchStart?
        /// Calls of the store that it took.
        var reads = 1
        /// What was listed again.
        var extent: BucketsListing.Extent?
        /// What was found around the binding's place.
        var findings: [StoreFinding] = []
    }

    /// What was read of a value, and the entry that it belongs to: both are of one moment.
    struct Reading: Sendable, Equatable {
        var item: BucketsItem
        var content: StoredContent
        /// The value was written anew since the part before was read, so that this one begins at its start.
        var isRestarted = false
    }

    typealias PageReply = Result<Page, StorageError>
    typealias ContentReply = Result<Reading, StorageError>

    /// More than the 25 MiB that a value of a namespace may have (Cloudflare docs, KV limits).
    private static let largestValue = 32 << 20

    /// Lists one page; a namespace has no folders, so its names come as they are.
    static func list(
        _ services: Services, binding: String, prefix: String, cursor: String?, watches: Bool
    ) async -> PageReply {
        guard let resource = self.resource(services, binding) else { return .failure(self.missing(binding, prefix)) }
        let start = watches ? WatchStart(resource) : nil
        do throws(StorageError) {
            var page = try await self.page(resource, prefix, cursor, limit: BucketsListing.pageSize)
            page.start = start
            page.findings = await resource.findings()
            return .success(page)
        } catch {
            return .failure(error)
        }
    }

    /// Lists again what has been listed (`extent`): up to the same key, in pages as large as the store allows; with `watches`
    /// a watch is begun before.
    static func relist(
        _ services: Services, binding: String, prefix: String, extent: BucketsListing.Extent, watches: Bool
    ) async -> PageReply {
        guard let resource = self.resource(services, binding) else { return .failure(self.missing(binding, prefix)) }
        let start = watches ? WatchStart(resource) : nil
        var all = Page(items: [], nextCursor: nil, start: start, reads: 0, extent: extent)
        do throws(StorageError) {
            repeat {
                let page = try await self.page(resource, prefix, all.nextCursor, limit: 1_000)
                all.reads += 1
                all.items += page.items
                // A page that brings nothing and points at itself would be asked for without end.
                all.nextCursor = page.items.isEmpty && page.nextCursor == all.nextCursor ? nil : page.nextCursor
            } while all.nextCursor != nil && !extent.isCovered(by: all.items) && !Task.isCancelled
            all.findings = await resource.findings()
            return .success(all)
        } catch {
            return .failure(error)
        }
    }

    private static func page(
        _ resource: BoundResource, _ prefix: String, _ cursor: String?, limit: Int
    ) async throws(StorageError) -> Page {
        switch resource.reader {
        case .bucket(let store):
            let request = ObjectListRequest(
                prefix: prefix, delimiter: "/", cursor: cursor, limit: limit)
            let page = try await store.list(request)
            let items: [BucketsItem] = page.entries.map { entry in
                switch entry {
                case .object(let object): .object(object)
                case .prefix(let prefix): .prefix(prefix)
                }
            }
            return Page(items: items, nextCursor: page.nextCursor)
        case .namespace(let store):
            let page = try await store.list(prefix: prefix, cursor: cursor, limit: limit)
            return Page(items: page.entries.map { .name($0) }, nextCursor: page.nextCursor)
        case .database: throw self.missing(resource.binding.id, prefix)
        }
    }

    private static func resource(_ services: Services, _ binding: String) -> BoundResource? {
        services.resources.first { $0.binding.id.hasSameBytes(as: binding) }
    }

    /// How often a value that is read in several steps is begun anew because it changed in between.
    private static let restarts = 4

    /// Reads a part of a value and makes it ready to be shown.
    ///
    /// JSON that fits into a window is read to its end, in steps, because it can only be laid out whole. A value that
    /// turns out to be another than the one of `earlier` is read from its start.
    static func read(
        _ services: Services, binding: String, item: BucketsItem, earlier: StoredContent?,
        direction: StoredWindow.Direction
    ) async -> ContentReply {
        guard let resource = self.resource(services, binding) else { return .failure(self.missing(binding, item.key)) }
        do throws(StorageError) {
            switch (resource.reader, item) {
            case (.bucket(let store), .object(let object)):
                return .success(try await self.object(object, store, earlier, direction))
            case (.namespace(let store), .name(let entry)):
                return .success(try await self.value(entry, store, earlier, direction))
            default:
                return .failure(self.missing(binding, item.key))
            }
        } catch {
            return .failure(error)
        }
    }

    private static func object(
        _ listed: StoredObject, _ store: any ObjectStore, _ earlier: StoredContent?, _ direction: StoredWindow.Direction
    ) async throws(StorageError) -> Reading {
        var known = earlier == nil ? nil : listed
        var direction = direction
        var earlier = earlier
        var window = earlier?.window ?? StoredWindow(total: listed.bytes)
        var next = window.request(direction)
        var restarts = 0
        while true {
            let (offset, length) = next ?? (0, 0)
            let part = try await store.read(listed.key, offset: offset, length: length)
            if let known, !part.object.isSameVersion(as: known) {
                // What is held is of another version: nothing of it may stand beside this part.
                restarts += 1
                guard restarts <= self.restarts else {
                    let operation = "read r2:\(listed.key)"
                    throw StorageError(
                        .locked, operation: operation, reason: "it kept being rewritten while it was read")
                }
                earlier = nil
                direction = .first
            }
            let isOther = known.map { !$0.isSameVersion(as: part.object) } ?? true
            known = part.object
            if isOther {
                window = StoredWindow(total: part.object.bytes)
                if offset > 0 {
                    next = window.request(.first)
                    continue
                }
            }
            // A store that answers with more than was asked for does not fill the memory.
            if length > 0, part.object.bytes > 0 { window.take(Array(part.bytes.prefix(length)), at: offset) }
            let item = BucketsItem.object(part.object)
            let looksLikeJSON = self.looksLikeJSON(item)
            let goesOn =
                looksLikeJSON && direction == .first && !part.bytes.isEmpty
                && part.object.bytes <= StoredWindow.maximum
            next = goesOn && !Task.isCancelled ? window.request(.behind) : nil
            if next == nil {
                let content = StoredContent(window: window, earlier: earlier, looksLikeJSON: looksLikeJSON)
                return Reading(item: item, content: content, isRestarted: restarts > 0)
            }
        }
    }

    /// A namespace has no ranges: all of it is read, and one window of it kept.
    private static func value(
        _ listed: KeyValueEntry, _ store: any KeyValueStore, _ earlier: StoredContent?,
        _ direction: StoredWindow.Direction
    ) async throws(StorageError) -> Reading {
        guard let value = try await store.value(of: listed.key, maximumBytes: self.largestValue) else {
            let reason = "the key was deleted or has expired"
            throw StorageError(.notFound, operation: "read kv:\(listed.key)", reason: reason)
        }
        let isRestarted = earlier != nil && value.entry != listed
        let earlier = isRestarted ? nil : earlier
        var window = earlier?.window ?? StoredWindow(total: value.totalBytes)
        if earlier == nil || direction == .first {
            window = StoredWindow(bytes: Array(value.bytes.prefix(StoredWindow.maximum)), total: value.totalBytes)
        } else if let (offset, length) = window.request(direction) {
            window.take(Array(value.bytes.dropFirst(Int(offset)).prefix(length)), at: offset)
        }
        let item = BucketsItem.name(value.entry)
        let content = StoredContent(window: window, earlier: earlier, looksLikeJSON: self.looksLikeJSON(item))
        return Reading(item: item, content: content, isRestarted: isRestarted)
    }

    private static func looksLikeJSON(_ item: BucketsItem) -> Bool {
        item.typeName == "json" || item.key.hasSuffix(".json")
    }

    private static func missing(_ binding: String, _ path: String) -> StorageError {
        StorageError(.notFound, operation: "open \(binding)/\(path)", reason: "the binding is no longer configured")
    }
}
