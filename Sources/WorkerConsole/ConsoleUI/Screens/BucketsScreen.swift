import TerminalCanvas
import Widgets
package import WorkerDomain

/// Browses the objects of R2 buckets and the names of KV namespaces, and shows what they hold.
package struct BucketsScreen: Screen {
    package static let id = ScreenID.buckets
    package static let title = Phrase("Buckets", "存储桶")
    package static let names = ["r2", "kv"]
    package static let summary = Phrase(
        "The objects of R2 buckets and the entries of KV namespaces, and what they hold.",
        "R2 存储桶中的对象、KV 命名空间中的条目及其内容。")

    /// The pane that keys go to.
    enum Focus: Sendable, Equatable { case entries, details }

    /// The field that is typed in.
    enum Field: Sendable, Equatable {
        /// Narrows what is listed.
        case filter(TextField)
        /// Lists another prefix.
        case prefix(TextField)
    }

    var listing: BucketsListing?
    /// Listings on the way down to this one, small ones only; the nearest last.
    var parents: [BucketsListing] = []
    var preview: BucketsPreview?
    var focus = Focus.entries
    var detailLine = 0
    var field: Field?
    /// The column that the sort menu is on; `nil` while it is closed.
    var menu: BucketsSort.Column?
    private var listPending = PendingEffect("list")
    private var readPending = PendingEffect("read")
    private var readDirection = StoredWindow.Direction.first
    /// Of the resource that is listed; another one of the same binding reads something else.
    private var generation = 0
    var isShown = false
    /// What was found around the binding's place.
    var findings: [StoreFinding] = []
    var listener = ChangeListener()
    var relistPending = PendingEffect("relist")

    /// Rows of the pane that has the focus.
    let height = PaneHeight()
    /// Where the panes stand.
    let clicks = ClickMap<Focus>()

    package init() {}

    package var isTyping: Bool { self.field != nil || self.preview?.finder.field != nil }

    package var canGoBack: Bool {
        self.field != nil || self.menu != nil || self.preview != nil || self.focus == .details
            || self.listing?.filter.isEmpty == false || self.listing?.hasParent == true
    }

    package mutating func update(_ message: Message, in world: World) -> [Effect] {
        switch message {
        case .shown:
            self.isShown = true
            let effects = self.ensureListing(in: world)
            return effects.isEmpty ? self.relist() : effects
        case .hidden:
            self.isShown = false
            return self.listener.end() + self.relistPending.cancel()
        case .tick: return self.tick(in: world)
        case .worldChanged: return self.isShown ? self.ensureListing(in: world) : []
        case .key(let key): return self.take(key, in: world)
        case .paste(let text):
            self.preview?.finder.field?.paste(text)
            self.field?.edit { $0.paste(text) }
            return self.fieldChanged()
        case .reply(let key, let payload): return self.takeReply(key, payload, in: world)
        case .traffic: return []
        }
    }

    // MARK: Bindings

    /// Buckets and namespaces, in configured order.
    static func stores(in world: World) -> [BoundResource] {
        world.resources.filter { resource in
            switch resource.reader {
            case .bucket, .namespace: true
            case .database: false
            }
        }
    }

    func resource(in world: World) -> BoundResource? {
        world.resources.first { $0.binding.id == self.listing?.binding }
    }

    /// Opens the first store when none is open, or when the open one is not configured any more.
    private mutating func ensureListing(in world: World) -> [Effect] {
        let stores = Self.stores(in: world)
        if let listing = self.listing, let store = stores.first(where: { $0.binding.id == listing.binding }) {
            guard store.generation != self.generation else { return [] }
            self.generation = store.generation
            self.parents = []
            return self.listener.end() + self.open(BucketsListing(binding: listing.binding, sort: listing.sort))
        }
        self.parents = []
        guard let first = stores.first else {
            self.listing = nil
            return self.listPending.cancel() + self.readPending.cancel() + self.listener.end()
                + self.relistPending.cancel()
        }
        self.generation = first.generation
        return self.open(BucketsListing(binding: first.binding.id))
    }

    mutating func switchStore(by step: Int, in world: World) -> [Effect] {
        let stores = Self.stores(in: world)
        guard stores.count > 1, let listing = self.listing,
            let index = stores.firstIndex(where: { $0.binding.id == listing.binding })
        else { return [] }
        let next = stores[(index + step + stores.count) % stores.count]
        self.parents = []
        self.generation = next.generation
        return self.open(BucketsListing(binding: next.binding.id, sort: listing.sort))
    }

    // MARK: Listing

    private mutating func open(_ listing: BucketsListing) -> [Effect] {
        self.listing = listing
        self.findings = []
        self.preview = nil
        self.detailLine = 0
        self.focus = .entries
        var effects = self.readPending.cancel() + self.relistPending.cancel()
        if self.listener.isNeeded(for: listing.binding) { effects += self.listener.end() }
        return effects + self.list(cursor: nil)
    }

    private mutating func list(cursor: String?) -> [Effect] {
        guard let listing = self.listing else { return [] }
        let binding = listing.binding
        let prefix = listing.prefix
        let watches = self.isShown && self.listener.isNeeded(for: binding)
        return self.listPending.start("\(binding) \(prefix) \(cursor ?? "")") { services in
            await BucketsReader.list(services, binding: binding, prefix: prefix, cursor: cursor, watches: watches)
        }
    }

    mutating func loadMore() -> [Effect] {
        guard let listing = self.listing, listing.hasMore, !self.listPending.isWaiting else { return [] }
        self.listing?.isLoadingMore = true
        return self.list(cursor: listing.nextCursor)
    }

    mutating func reload() -> [Effect] {
        guard let old = self.listing else { return [] }
        if old.phase == .loaded { return self.relist() }
        var fresh = BucketsListing(
            binding: old.binding, prefix: old.prefix, sort: old.sort, wanted: old.selected?.key)
        fresh.setFilter(old.filter)
        return self.open(fresh)
    }

    mutating func enter(prefix: String) -> [Effect] {
        guard let listing = self.listing else { return [] }
        self.parents.append(listing)
        // Far parents and large ones are listed again when they are come back to.
        if self.parents.count > 16 { self.parents.removeFirst() }
        return self.open(BucketsListing(binding: listing.binding, prefix: prefix, sort: listing.sort))
    }

    mutating func goUp() -> [Effect] {
        guard let listing = self.listing, listing.hasParent else { return [] }
        let above = Self.parent(of: listing.prefix)
        while let known = self.parents.popLast() {
            guard known.prefix.hasSameBytes(as: above), known.phase == .loaded, known.items.count <= 10_000 else {
                continue
            }
            self.listing = known
            self.listing?.isLoadingMore = false
            self.preview = nil
            // It was listed a while ago.
            return self.listPending.cancel() + self.readPending.cancel() + self.relist()
        }
        return self.open(
            BucketsListing(binding: listing.binding, prefix: above, sort: listing.sort, wanted: listing.prefix))
    }

    /// The prefix one `/` above; empty at the top.
    static func parent(of prefix: String) -> String {
        let bytes = prefix.utf8.dropLast()
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return "" }
        return String(decoding: bytes[...slash], as: UTF8.self)
    }

    // MARK: Preview

    mutating func openSelected() -> [Effect] {
        guard let listing = self.listing else { return [] }
        if listing.isParentSelected { return self.goUp() }
        guard let item = listing.selected else { return [] }
        if case .prefix(let prefix) = item { return self.enter(prefix: prefix) }
        self.preview = BucketsPreview(binding: listing.binding, item: item)
        return self.read(.first)
    }

    mutating func read(_ direction: StoredWindow.Direction) -> [Effect] {
        guard let preview = self.preview, !self.readPending.isWaiting else { return [] }
        if let content = preview.content, content.window.request(direction) == nil { return [] }
        self.preview?.startReading()
        self.readDirection = direction
        let binding = preview.binding
        let item = preview.item
        let earlier = preview.content
        return self.readPending.start("\(binding) \(item.key)") { services in
            await BucketsReader.read(services, binding: binding, item: item, earlier: earlier, direction: direction)
        }
    }

    mutating func closePreview() -> [Effect] {
        self.preview = nil
        return self.readPending.cancel()
    }

    // MARK: Replies

    private mutating func takeReply(_ key: String, _ payload: any Sendable, in world: World) -> [Effect] {
        if self.listPending.takes(key) {
            switch payload as? BucketsReader.PageReply {
            case .success(let page):
                self.listing?.take(page.items, nextCursor: page.nextCursor)
                return self.hear(page)
            case .failure(let error): self.listing?.fail(error)
            case nil: break
            }
        } else if self.relistPending.takes(key) {
            return self.takeRelisted(payload as? BucketsReader.PageReply, in: world)
        } else if self.listener.hears(key, payload) {
            return self.relist()
        } else if self.readPending.takes(key) {
            switch payload as? BucketsReader.ContentReply {
            case .success(let reading):
                self.preview?.take(reading, direction: self.readDirection)
                self.listing?.update(reading.item)
            case .failure(let error): self.preview?.fail(error)
            case nil: break
            }
        }
        return []
    }
}

extension BucketsScreen.Field {
    var text: TextField {
        switch self {
        case .filter(let field), .prefix(let field): field
        }
    }

    mutating func edit(_ change: (inout TextField) -> Void) {
        switch self {
        case .filter(var field):
            change(&field)
            self = .filter(field)
        case .prefix(var field):
            change(&field)
            self = .prefix(field)
        }
    }
}

extension ScreenID {
    package static let buckets = ScreenID(rawValue: "buckets")
}
