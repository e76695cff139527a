import ConsoleUI
import WorkerDomain

/// The level of the bucket that is listed, the way to it, and the work that keeps it as it is stored.
struct BucketsLevels: Sendable {
    private(set) var listing: BucketsListing?
    /// Listings on the way down to this one, small ones only; the nearest last.
    private var parents: [BucketsListing] = []
    /// What was found around the binding's place.
    fileprivate(set) var findings: [StoreFinding] = []
    fileprivate(set) var listener = ChangeListener()
    fileprivate var listPending = Pending("list")
    fileprivate var relistPending = Pending("relist")
    /// Of the resource that is listed; another one of the same binding reads something else.
    fileprivate var generation = 0
    fileprivate(set) var isShown = false

    mutating func change(_ change: (inout BucketsListing) -> Void) {
        guard var listing = self.listing else { return }
        change(&listing)
        self.listing = listing
    }

    mutating func tick(at now: WallTime) { self.listing?.tick(at: now) }

    fileprivate mutating func put(_ listing: BucketsListing?) { self.listing = listing }

    /// Far parents and large ones are listed again when they are come back to.
    fileprivate mutating func keepAsParent() {
        guard let listing = self.listing else { return }
        self.parents.append(listing)
        if self.parents.count > 16 { self.parents.removeFirst() }
    }

    fileprivate mutating func forgetParents() { self.parents = [] }

    fileprivate mutating func takeParent(_ prefix: String) -> BucketsListing? {
        while let known = self.parents.popLast() {
            if known.prefix.hasSameBytes(as: prefix), known.phase == .loaded, known.items.count <= 10_000 {
                return known
            }
        }
        return nil
    }
}

/// What the screen does with the levels of a bucket.
enum BucketsBrowsing {
    // MARK: Stores

    static func shown(_ screen: inout BucketsScreen, in world: World) -> [Effect] {
        screen.levels.isShown = true
        let effects = self.ensureListing(&screen, in: world)
        return effects.isEmpty ? self.relist(&screen) : effects
    }

    static func hidden(_ screen: inout BucketsScreen) -> [Effect] {
        screen.levels.isShown = false
        return self.stopListening(&screen) + screen.cancel(\.levels.relistPending)
    }

    /// Opens the first store when none is open, or when the open one is not configured any more.
    static func ensureListing(_ screen: inout BucketsScreen, in world: World) -> [Effect] {
        let stores = BucketsScreen.stores(in: world)
        if let listing = screen.listing,
            let store = stores.first(where: { $0.binding.id.hasSameBytes(as: listing.binding) })
        {
            guard store.generation != screen.levels.generation else { return [] }
            screen.levels.generation = store.generation
            screen.levels.forgetParents()
            return self.stopListening(&screen)
                + self.open(BucketsListing(binding: listing.binding, sort: listing.sort), &screen)
        }
        screen.levels.forgetParents()
        guard let first = stores.first else {
            screen.levels.put(nil)
            return screen.cancel(\.levels.listPending) + BucketsViewing.close(&screen) + self.stopListening(&screen)
                + screen.cancel(\.levels.relistPending)
        }
        screen.levels.generation = first.generation
        return self.open(BucketsListing(binding: first.binding.id), &screen)
    }

    static func switchStore(by step: Int, _ screen: inout BucketsScreen, in world: World) -> [Effect] {
        let stores = BucketsScreen.stores(in: world)
        guard stores.count > 1, let listing = screen.listing,
            let index = stores.firstIndex(where: { $0.binding.id.hasSameBytes(as: listing.binding) })
        else { return [] }
        let next = stores[(index + step + stores.count) % stores.count]
        screen.levels.forgetParents()
        screen.levels.generation = next.generation
        return self.open(BucketsListing(binding: next.binding.id, sort: listing.sort), &screen)
    }

    // MARK: Listing

    private static func open(_ listing: BucketsListing, _ screen: inout BucketsScreen) -> [Effect] {
        var effects: [Effect] = []
        if screen.listing?.binding.hasSameBytes(as: listing.binding) != true {
            effects += screen.leaveBucket()
        }
        screen.levels.put(listing)
        screen.levels.findings = []
        screen.show(.entries)
        effects += BucketsViewing.close(&screen) + screen.cancel(\.levels.relistPending)
        if screen.levels.listener.isNeeded(for: listing.binding) { effects += self.stopListening(&screen) }
        return effects + self.list(&screen, cursor: nil)
    }

    private static func list(_ screen: inout BucketsScreen, cursor: String?) -> [Effect] {
        guard let listing = screen.listing else { return [] }
        let (binding, prefix, wanted) = (listing.binding, listing.prefix, listing.wanted)
        let watches = screen.levels.isShown && screen.levels.listener.isNeeded(for: binding)
        return [
            screen.start(\.levels.listPending) {
                await BucketsReader.list(
                    $0, binding: binding, prefix: prefix, cursor: cursor, upTo: wanted, watches: watches)
            } then: { screen, reply, _ in
                switch reply {
                case .success(let page):
                    screen.levels.change { $0.take(page.items, nextCursor: page.nextCursor) }
                    return self.narrow(&screen) ?? self.hear(page, &screen)
                case .failure(let error):
                    screen.levels.change { $0.fail(error) }
                    return []
                }
            }
        ]
    }

    /// Where a level has more entries than are held, the key that was looked for is listed alone.
    private static func narrow(_ screen: inout BucketsScreen) -> [Effect]? {
        guard let listing = screen.listing, listing.isFull, let wanted = listing.wanted,
            !wanted.hasSameBytes(as: listing.prefix)
        else { return nil }
        return self.open(
            BucketsListing(binding: listing.binding, prefix: wanted, sort: listing.sort, wanted: wanted), &screen)
    }

    static func loadMore(_ screen: inout BucketsScreen) -> [Effect] {
        guard let listing = screen.listing, listing.hasMore, !screen.levels.listPending.isWaiting else { return [] }
        screen.levels.change { $0.isLoadingMore = true }
        return self.list(&screen, cursor: listing.nextCursor)
    }

    /// Reaching the last row fetches the next page.
    static func loadMoreAtEnd(_ screen: inout BucketsScreen) -> [Effect] {
        guard let listing = screen.listing, listing.cursor >= listing.rowCount - 1, listing.moreProblem == nil else {
            return []
        }
        return self.loadMore(&screen)
    }

    static func reload(_ screen: inout BucketsScreen) -> [Effect] {
        guard let old = screen.listing else { return [] }
        if old.phase == .loaded { return self.relist(&screen) }
        var fresh = BucketsListing(
            binding: old.binding, prefix: old.prefix, sort: old.sort, wanted: old.selected?.key)
        fresh.setFilter(old.filter)
        return self.open(fresh, &screen)
    }

    /// Lists again what is listed, and puts it in place of the old.
    private static func relist(_ screen: inout BucketsScreen) -> [Effect] {
        guard let listing = screen.listing else { return [] }
        guard listing.phase == .loaded else { return self.reload(&screen) }
        let (binding, prefix, extent) = (listing.binding, listing.prefix, listing.extent)
        let watches = screen.levels.isShown && screen.levels.listener.isNeeded(for: binding)
        return [
            screen.start(\.levels.relistPending) {
                await BucketsReader.relist($0, binding: binding, prefix: prefix, extent: extent, watches: watches)
            } then: { screen, reply, world in
                switch reply {
                case .success(let page): return self.take(relisted: page, &screen, in: world)
                case .failure(let error):
                    screen.levels.change { $0.failAgain(error) }
                    // What is locked now is read at the next change.
                    return self.listen(&screen, afterReads: 1)
                }
            }
        ]
    }

    private static func take(
        relisted page: BucketsReader.Page, _ screen: inout BucketsScreen, in world: World
    ) -> [Effect] {
        // A page more has come meanwhile: what was listed again is only a part.
        if page.extent != screen.listing?.extent {
            screen.levels.listener.take(page.start)
            return self.relist(&screen)
        }
        screen.levels.change { $0.merge(page.items, nextCursor: page.nextCursor, at: world.now) }
        if let listing = screen.listing { screen.viewer.change { $0.compare(with: listing) } }
        return self.hear(page, &screen)
    }

    // MARK: Levels

    static func enter(prefix: String, _ screen: inout BucketsScreen) -> [Effect] {
        guard let listing = screen.listing else { return [] }
        screen.levels.keepAsParent()
        return self.open(
            BucketsListing(binding: listing.binding, prefix: prefix, sort: listing.sort), &screen)
    }

    /// Lists the level of a key, with the key selected.
    static func reveal(key: String, _ screen: inout BucketsScreen) -> [Effect] {
        guard let listing = screen.listing else { return [] }
        let level = BucketsListing.parent(of: key)
        if !level.hasSameBytes(as: listing.prefix) { screen.levels.keepAsParent() }
        return self.open(
            BucketsListing(binding: listing.binding, prefix: level, sort: listing.sort, wanted: key), &screen)
    }

    /// Lists the level of a key of any bucket, with the key selected.
    static func show(
        key: String, of binding: String, _ screen: inout BucketsScreen, in world: World
    ) -> [Effect] {
        let stores = BucketsScreen.stores(in: world)
        guard let store = stores.first(where: { $0.binding.id.hasSameBytes(as: binding) }) else { return [] }
        if screen.listing?.binding.hasSameBytes(as: binding) == true {
            return BucketsFinding.close(&screen) + self.reveal(key: key, &screen)
        }
        screen.levels.forgetParents()
        screen.levels.generation = store.generation
        return self.open(
            BucketsListing(binding: store.binding.id, prefix: BucketsListing.parent(of: key), wanted: key), &screen)
    }

    static func goUp(_ screen: inout BucketsScreen) -> [Effect] {
        guard let listing = screen.listing, listing.hasParent else { return [] }
        let above = BucketsListing.parent(of: listing.prefix)
        if let known = screen.levels.takeParent(above) {
            screen.levels.put(known)
            screen.levels.change { $0.isLoadingMore = false }
            // It was listed a while ago.
            return screen.cancel(\.levels.listPending) + BucketsViewing.close(&screen) + self.relist(&screen)
        }
        return self.open(
            BucketsListing(binding: listing.binding, prefix: above, sort: listing.sort, wanted: listing.prefix), &screen
        )
    }

    static func openSelected(_ screen: inout BucketsScreen) -> [Effect] {
        guard let listing = screen.listing else { return [] }
        if listing.isParentSelected { return self.goUp(&screen) }
        guard let item = listing.selected else { return [] }
        if case .prefix(let prefix) = item { return self.enter(prefix: prefix, &screen) }
        return BucketsViewing.open(item, of: listing.binding, in: &screen)
    }

    // MARK: Changes

    /// Listens for what changes from this reading on.
    private static func hear(_ page: BucketsReader.Page, _ screen: inout BucketsScreen) -> [Effect] {
        screen.levels.findings = page.findings
        guard screen.levels.isShown else { return [] }
        screen.levels.listener.take(page.start)
        return self.listen(&screen, afterReads: page.reads)
    }

    private static func listen(_ screen: inout BucketsScreen, afterReads reads: Int) -> [Effect] {
        guard let change = screen.levels.listener.waiting(afterReads: reads) else { return [] }
        return [
            screen.start(\.levels.listener.pending, change) { screen, hasChanged, _ in
                hasChanged ? self.relist(&screen) : []
            }
        ]
    }

    private static func stopListening(_ screen: inout BucketsScreen) -> [Effect] {
        screen.levels.listener.end()
        return screen.cancel(\.levels.listener.pending)
    }
}
