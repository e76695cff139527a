import ConsoleUI
import ContentViews
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

    /// A value that can be read, and the entry that it belongs to: both are of one moment.
    struct Reading: Sendable {
        let item: BucketsItem
        let source: any ByteSource
        let content: StoredContent
    }

    typealias PageReply = Result<Page, StorageError>
    typealias ContentReply = Result<Reading, StorageError>

    /// More than the 25 MiB that a value of a namespace may have (Cloudflare docs, KV limits).
    private static let largestValue = 32 << 20

    /// Lists one page, or as many as it takes to come to a key; a namespace has no folders, so its names come as they
    /// are.
    static func list(
        _ services: Services, binding: String, prefix: String, cursor: String?, upTo wanted: String?, watches: Bool
    ) async -> PageReply {
        guard let resource = self.resource(services, binding) else { return .failure(self.missing(binding, prefix)) }
        let start = watches ? WatchStart(resource) : nil
        do throws(StorageError) {
            let limit = wanted == nil ? BucketsListing.pageSize : 1_000
            var page = try await self.page(resource, prefix, cursor, limit: limit)
            page.start = start
            if let wanted { try await self.read(on: &page, upTo: ByteString(wanted), resource, prefix) }
            page.findings = await resource.findings()
            return .success(page)
        } catch {
            return .failure(error)
        }
    }

    private static func read(
        on page: inout Page, upTo wanted: ByteString, _ resource: BoundResource, _ prefix: String
    ) async throws(StorageError) {
        while let cursor = page.nextCursor, page.items.count < BucketsListing.maximum, !Task.isCancelled,
            let last = page.items.last, ByteString(last.key) < wanted
        {
            let next = try await self.page(resource, prefix, cursor, limit: 1_000)
            page.reads += 1
            page.items += next.items
            page.nextCursor = next.items.isEmpty && next.nextCursor == cursor ? nil : next.nextCursor
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

    /// Reads the beginning of a value: what comes behind it is read as far as somebody looks.
    static func open(_ services: Services, binding: String, item: BucketsItem) async -> ContentReply {
        guard let resource = self.resource(services, binding) else { return .failure(self.missing(binding, item.key)) }
        do throws(StorageError) {
            switch (resource.reader, item) {
            case (.bucket(let store), .object(let object)):
                let start = try await store.read(object.key, offset: 0, length: StoredSource.step)
                let content = StoredContent(total: start.object.bytes, start: start.bytes)
                return .success(
                    Reading(
                        item: .object(start.object), source: StoredSource(store, start: start), content: content))
            case (.namespace(let store), .name(let entry)):
                // A namespace has no ranges: all of it is read.
                guard let value = try await store.value(of: entry.key, maximumBytes: self.largestValue) else {
                    let reason = "the key was deleted or has expired"
                    throw StorageError(.notFound, operation: "read kv:\(entry.key)", reason: reason)
                }
                let isCut = Int64(value.bytes.count) < value.totalBytes
                let content = StoredContent(total: value.totalBytes, start: value.bytes)
                return .success(
                    Reading(
                        item: .name(value.entry), source: MemorySource(value.bytes, isCut: isCut), content: content))
            default:
                return .failure(self.missing(binding, item.key))
            }
        } catch {
            return .failure(error)
        }
    }

    private static func missing(_ binding: String, _ path: String) -> StorageError {
        StorageError(.notFound, operation: "open \(binding)/\(path)", reason: "the binding is no longer configured")
    }
}
