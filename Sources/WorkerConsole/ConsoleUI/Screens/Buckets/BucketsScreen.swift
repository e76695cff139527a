import ContentViews
package import TerminalCanvas
import TextSafety
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
    enum Focus: String, Sendable { case entries, details }

    private(set) var listing: BucketsListing?
    /// Listings on the way down to this one, small ones only; the nearest last.
    private var parents: [BucketsListing] = []
    private(set) var preview: BucketsPreview?
    private(set) var focus = Focus.entries
    private(set) var details = StoredFieldsPane()
    /// The field that is typed in.
    private(set) var field: BucketsField?
    /// `nil` while it is closed.
    private(set) var menu: BucketsSortMenu?
    /// What was found around the binding's place.
    private(set) var findings: [StoreFinding] = []
    private(set) var listener = ChangeListener()
    private var listPending = Pending("list")
    private var relistPending = Pending("relist")
    private var readPending = Pending("read")
    private var contentPending = Pending("content")
    /// Values that give access are shown.
    private(set) var isRevealed = false
    /// Of the resource that is listed; another one of the same binding reads something else.
    private var generation = 0
    private var isShown = false

    package init() {}

    package static let panes: [KeyPane<BucketsScreen, Effect>] = BucketsKeys.panes

    package mutating func update(_ message: Message, in world: World) -> [Effect] {
        switch message {
        case .shown:
            self.isShown = true
            let effects = self.ensureListing(in: world)
            return effects.isEmpty ? self.relist() : effects
        case .hidden:
            self.isShown = false
            return self.stopListening() + self.cancel(\.relistPending)
        case .tick:
            guard self.isShown else { return [] }
            self.tick(in: world)
            return self.fitContent(in: world)
        case .worldChanged: return self.isShown ? self.ensureListing(in: world) : []
        case .key(let key): return self.press(key, in: world)
        case .paste(let text):
            if self.preview?.pane.isTyping == true { self.preview?.pane.paste(text) }
            self.changeField { $0.paste(text) }
        case .traffic: break
        }
        return []
    }

    // MARK: Stores

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
        world.resources.first { resource in
            self.listing.map { $0.binding.hasSameBytes(as: resource.binding.id) } ?? false
        }
    }

    /// Opens the first store when none is open, or when the open one is not configured any more.
    private mutating func ensureListing(in world: World) -> [Effect] {
        let stores = Self.stores(in: world)
        if let listing = self.listing,
            let store = stores.first(where: { $0.binding.id.hasSameBytes(as: listing.binding) })
        {
            guard store.generation != self.generation else { return [] }
            self.generation = store.generation
            self.parents = []
            return self.stopListening() + self.open(BucketsListing(binding: listing.binding, sort: listing.sort))
        }
        self.parents = []
        guard let first = stores.first else {
            self.listing = nil
            return self.cancel(\.listPending) + self.cancel(\.readPending) + self.stopListening()
                + self.cancel(\.relistPending)
        }
        self.generation = first.generation
        return self.open(BucketsListing(binding: first.binding.id))
    }

    mutating func switchStore(by step: Int, in world: World) -> [Effect] {
        let stores = Self.stores(in: world)
        guard stores.count > 1, let listing = self.listing,
            let index = stores.firstIndex(where: { $0.binding.id.hasSameBytes(as: listing.binding) })
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
        self.show(.entries)
        var effects = self.cancel(\.readPending) + self.cancel(\.contentPending) + self.cancel(\.relistPending)
        if self.listener.isNeeded(for: listing.binding) { effects += self.stopListening() }
        return effects + self.list(cursor: nil)
    }

    private mutating func list(cursor: String?) -> [Effect] {
        guard let listing = self.listing else { return [] }
        let (binding, prefix) = (listing.binding, listing.prefix)
        let watches = self.isShown && self.listener.isNeeded(for: binding)
        return [
            self.start(\.listPending) {
                await BucketsReader.list($0, binding: binding, prefix: prefix, cursor: cursor, watches: watches)
            } then: { screen, reply, _ in
                switch reply {
                case .success(let page):
                    screen.listing?.take(page.items, nextCursor: page.nextCursor)
                    return screen.hear(page)
                case .failure(let error):
                    screen.listing?.fail(error)
                    return []
                }
            }
        ]
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

    /// Lists again what is listed, and puts it in place of the old.
    private mutating func relist() -> [Effect] {
        guard let listing = self.listing else { return [] }
        guard listing.phase == .loaded else { return self.reload() }
        let (binding, prefix, extent) = (listing.binding, listing.prefix, listing.extent)
        let watches = self.isShown && self.listener.isNeeded(for: binding)
        return [
            self.start(\.relistPending) {
                await BucketsReader.relist($0, binding: binding, prefix: prefix, extent: extent, watches: watches)
            } then: { screen, reply, world in
                switch reply {
                case .success(let page): return screen.takeRelisted(page, in: world)
                case .failure(let error):
                    screen.listing?.failAgain(error)
                    // What is locked now is read at the next change.
                    return screen.listen(afterReads: 1)
                }
            }
        ]
    }

    private mutating func takeRelisted(_ page: BucketsReader.Page, in world: World) -> [Effect] {
        // A page more has come meanwhile: what was listed again is only a part.
        if page.extent != self.listing?.extent {
            self.listener.take(page.start)
            return self.relist()
        }
        self.listing?.merge(page.items, nextCursor: page.nextCursor, at: world.now)
        if let listing = self.listing { self.preview?.compare(with: listing) }
        return self.hear(page)
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
        let above = BucketsListing.parent(of: listing.prefix)
        while let known = self.parents.popLast() {
            guard known.prefix.hasSameBytes(as: above), known.phase == .loaded, known.items.count <= 10_000 else {
                continue
            }
            self.listing = known
            self.listing?.isLoadingMore = false
            // It was listed a while ago.
            return self.cancel(\.listPending) + self.closePreview() + self.relist()
        }
        return self.open(
            BucketsListing(binding: listing.binding, prefix: above, sort: listing.sort, wanted: listing.prefix))
    }

    // MARK: Changes

    /// Listens for what changes from this reading on.
    private mutating func hear(_ page: BucketsReader.Page) -> [Effect] {
        self.findings = page.findings
        guard self.isShown else { return [] }
        self.listener.take(page.start)
        return self.listen(afterReads: page.reads)
    }

    private mutating func listen(afterReads reads: Int) -> [Effect] {
        guard let change = self.listener.waiting(afterReads: reads) else { return [] }
        return [
            self.start(\.listener.pending, change) { screen, hasChanged, _ in hasChanged ? screen.relist() : [] }
        ]
    }

    private mutating func stopListening() -> [Effect] {
        self.listener.end()
        return self.cancel(\.listener.pending)
    }

    private mutating func tick(in world: World) {
        self.listing?.tick(at: world.now)
        if self.preview?.item.hasExpired(at: world.now) == true { self.preview?.note(.gone) }
    }

    // MARK: Preview

    mutating func openSelected() -> [Effect] {
        guard let listing = self.listing else { return [] }
        if listing.isParentSelected { return self.goUp() }
        guard let item = listing.selected else { return [] }
        if case .prefix(let prefix) = item { return self.enter(prefix: prefix) }
        self.preview = BucketsPreview(binding: listing.binding, item: item)
        return self.read()
    }

    /// The content that is shown, while a value is open.
    var content: ContentPane? {
        get { self.preview?.pane }
        set { if let newValue { self.preview?.pane = newValue } }
    }

    private func contentOptions(in world: World) -> ContentOptions {
        world.contentOptions(self.isRevealed ? .off : world.redaction)
    }

    /// Reads the value that is open from its start.
    private mutating func read() -> [Effect] {
        guard let preview = self.preview else { return [] }
        let (binding, item) = (preview.binding, preview.item)
        return [
            self.start(\.readPending) {
                await BucketsReader.open($0, binding: binding, item: item)
            } then: { screen, reply, world in
                switch reply {
                case .success(let reading):
                    screen.listing?.update(reading.item)
                    let options = screen.contentOptions(in: world)
                    return screen.look(screen.preview?.take(reading, options))
                case .failure(let error):
                    screen.preview?.fail(error)
                    return []
                }
            }
        ]
    }

    private mutating func look(_ task: ContentTask?) -> [Effect] {
        self.look(task, in: \.contentPending, \.content) { screen, world in
            screen.preview?.noteReading() == true ? screen.read() : []
        }
    }

    /// Changes the content that is shown, and does what it wants then.
    mutating func changeContent(in world: World, _ change: (inout ContentPane) -> ContentTask?) -> [Effect] {
        guard var content = self.content else { return [] }
        let task = change(&content)
        self.content = content
        return self.look(task) + (task == nil ? self.fitContent(in: world) : [])
    }

    private mutating func fitContent(in world: World) -> [Effect] {
        guard world.layout.shows(Self.contentShown) else { return [] }
        let task = self.preview?.pane.fit(columns: ContentPaneView.columns(of: world.layout.columns))
        return self.look(task)
    }

    /// What a layout notes where a content is shown.
    static let contentShown = "content"

    mutating func toggleRevealed(in world: World) -> [Effect] {
        self.isRevealed.toggle()
        guard self.preview?.source != nil else { return [] }
        let options = self.contentOptions(in: world)
        return self.look(self.preview?.open(options))
    }

    mutating func closePreview() -> [Effect] {
        self.preview = nil
        return self.cancel(\.readPending) + self.cancel(\.contentPending)
    }

    /// Reads from the start again, for a value that failed or has changed.
    mutating func reread() -> [Effect] {
        guard let preview = self.preview else { return [] }
        let cancelled = self.closePreview()
        self.preview = BucketsPreview(
            binding: preview.binding, item: preview.item, isReread: preview.content != nil)
        return cancelled + self.read()
    }

    mutating func changePreview(_ change: (inout BucketsPreview) -> Void) {
        guard var preview = self.preview else { return }
        change(&preview)
        self.preview = preview
    }

    // MARK: List, details, field and menu

    mutating func show(_ focus: Focus) {
        self.focus = focus
        self.details.home()
    }

    mutating func changeListing(_ change: (inout BucketsListing) -> Void) {
        guard var listing = self.listing else { return }
        change(&listing)
        self.listing = listing
    }

    mutating func changeDetails(_ change: (inout StoredFieldsPane) -> Void) { change(&self.details) }

    mutating func openField() { self.field = BucketsField(filter: self.listing?.filter ?? "") }

    mutating func closeField() { self.field = nil }

    /// What is typed narrows the listing at once.
    mutating func changeField(_ change: (inout BucketsField) -> Void) {
        guard var field = self.field else { return }
        change(&field)
        self.field = field
        self.listing?.setFilter(field.kind == .filter ? field.text : "")
    }

    mutating func openMenu() { self.menu = BucketsSortMenu(at: self.listing?.sort.column ?? .name) }

    mutating func closeMenu() { self.menu = nil }

    mutating func moveMenu(by rows: Int) { self.menu?.move(by: rows) }

    /// Reaching the last row fetches the next page.
    mutating func loadMoreAtEnd() -> [Effect] {
        guard let listing = self.listing, listing.cursor >= listing.rowCount - 1, listing.moreProblem == nil else {
            return []
        }
        return self.loadMore()
    }

    package mutating func click(row: Int, column: Int, in world: World) -> [Effect] {
        guard self.menu == nil, self.preview == nil, !self.isTyping,
            let (pane, index) = world.layout.hit(row: row, column: column, as: Focus.self)
        else { return [] }
        let wasFocused = self.focus == pane
        if !wasFocused { self.show(pane) }
        guard pane == .entries, let index, let listing = self.listing else { return [] }
        if wasFocused, index == listing.cursor { return self.openSelected() }
        self.listing?.move(to: index)
        return []
    }

    // MARK: Drawing

    package func draw(into canvas: inout Canvas, area: Rect, world: World) -> ScreenLayout {
        BucketsView(self, world).draw(into: &canvas, area: area)
    }

    package func stateLine(in world: World) -> [Span] { BucketsText.stateLine(of: self, in: world) }
}

extension ScreenID {
    package static let buckets = ScreenID(rawValue: "buckets")
}
