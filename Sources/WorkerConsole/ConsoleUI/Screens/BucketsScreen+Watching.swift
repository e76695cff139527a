import WorkerDomain

extension BucketsScreen {
    /// Lists again what is listed, and puts it in place of the old.
    mutating func relist() -> [Effect] {
        guard let listing = self.listing else { return [] }
        guard listing.phase == .loaded else { return self.reload() }
        let (binding, prefix, extent) = (listing.binding, listing.prefix, listing.extent)
        let watches = self.isShown && self.listener.isNeeded(for: binding)
        return self.relistPending.start("\(binding) \(prefix)") { services in
            await BucketsReader.relist(services, binding: binding, prefix: prefix, extent: extent, watches: watches)
        }
    }

    mutating func takeRelisted(_ reply: BucketsReader.PageReply?, in world: World) -> [Effect] {
        switch reply {
        case .success(let page):
            // A page more has come meanwhile: what was listed again is only a part.
            if page.extent != self.listing?.extent {
                self.listener.take(page.start)
                return self.relist()
            }
            self.listing?.merge(page.items, nextCursor: page.nextCursor, at: world.now)
            self.comparePreview()
            return self.hear(page)
        case .failure(let error):
            self.listing?.failAgain(error)
            // What is locked now is read at the next change.
            return self.listener.wait(afterReads: 1)
        case nil: return []
        }
    }

    /// Listens for what changes from this reading on.
    mutating func hear(_ page: BucketsReader.Page) -> [Effect] {
        self.findings = page.findings
        guard self.isShown else { return [] }
        self.listener.take(page.start)
        return self.listener.wait(afterReads: page.reads)
    }

    mutating func tick(in world: World) -> [Effect] {
        guard self.isShown else { return [] }
        self.listing?.tick(at: world.now)
        if self.preview?.item.hasExpired(at: world.now) == true { self.preview?.note(.gone) }
        return []
    }

    /// Says so when the value that is looked at is not the stored one any more; it is not taken away from under the eyes.
    private mutating func comparePreview() {
        guard let preview = self.preview, preview.content != nil, let listing = self.listing,
            listing.binding.hasSameBytes(as: preview.binding)
        else { return }
        guard let now = listing.items.first(where: { $0.isSame(as: preview.item) }) else {
            let isListed =
                listing.nextCursor == nil || listing.extent.last.map { ByteString(preview.item.key) < $0 } ?? false
            if isListed { self.preview?.note(.gone) }
            return
        }
        if now != preview.item { self.preview?.note(.behind) }
    }
}
