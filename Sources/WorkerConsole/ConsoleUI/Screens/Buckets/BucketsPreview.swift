import WorkerDomain

/// One opened value: which entry it belongs to, what has become of it, and the pane that shows it.
struct BucketsPreview: Sendable, Equatable {
    enum Phase: Sendable, Equatable {
        case loading
        case loaded
        case failed(StorageError)
    }

    /// What has become of the value since it was looked at before.
    enum Change: Sendable, Equatable {
        /// What is shown is newer than the line of the listing that was opened.
        case sinceListed
        /// What is shown is newer than what was shown before.
        case sinceRead
        /// What is stored is newer than what is shown.
        case behind
        /// It has been deleted, or has expired.
        case gone
    }

    let binding: String
    /// What the content was read with; before the first reading, what was listed.
    private(set) var item: BucketsItem
    private(set) var change: Change?
    private(set) var phase = Phase.loading
    /// What shows the value.
    var pane = PreviewPane()
    /// What is known of the entry stands in place of the value.
    private(set) var showsMetadata = false
    private(set) var metadata = StoredFieldsPane()
    /// A further part is on its way.
    private(set) var isReading = true
    /// Why a further part could not be read.
    private(set) var moreProblem: StorageError?

    /// The same value was shown already, and is read from its start again.
    private let isReread: Bool

    init(binding: String, item: BucketsItem, isReread: Bool = false) {
        self.binding = binding
        self.item = item
        self.isReread = isReread
    }

    var content: StoredContent? { self.pane.content }

    /// `nil` while the metadata is shown.
    var tab: PreviewPane.Tab? { self.showsMetadata ? nil : self.pane.tab }

    var line: Int { self.showsMetadata ? self.metadata.line : self.pane.line }

    // MARK: Views

    /// The views of the value, and behind them the metadata.
    mutating func showNext(by step: Int) {
        let tabs = PreviewPane.Tab.allCases
        let now = self.showsMetadata ? tabs.count : self.pane.tab.rawValue
        let next = (now + step + tabs.count + 1) % (tabs.count + 1)
        self.showsMetadata = next == tabs.count
        if self.showsMetadata { self.metadata.home() } else { self.pane.show(tabs[next]) }
    }

    mutating func moveMetadata(by rows: Int, count: Int) { self.metadata.move(by: rows, count: count) }

    // MARK: Reading

    /// Notes that a further part is asked for.
    mutating func startReading() {
        self.isReading = true
        self.moreProblem = nil
        if self.content == nil { self.phase = .loading }
    }

    /// Takes in what was read; the byte that was looked at stays in view.
    mutating func take(_ reading: BucketsReader.Reading, direction: StoredWindow.Direction) {
        if reading.item != self.item {
            self.change = self.content == nil && !self.isReread ? .sinceListed : .sinceRead
        } else if self.content == nil {
            self.change = nil
        }
        self.item = reading.item
        self.isReading = false
        self.phase = .loaded
        if self.content == nil || reading.isRestarted {
            self.pane.show(reading.content)
        } else {
            self.pane.update(reading.content, direction: direction)
        }
    }

    /// Says that what is stored is not what is shown any more.
    mutating func note(_ change: Change) { self.change = change }

    /// Compares the value that is looked at with what is listed now; it is not taken away from under the eyes.
    mutating func compare(with listing: BucketsListing) {
        guard self.content != nil, listing.binding.hasSameBytes(as: self.binding) else { return }
        guard let now = listing.items.first(where: { $0.isSame(as: self.item) }) else {
            let isListed =
                listing.nextCursor == nil || listing.extent.last.map { ByteString(self.item.key) < $0 } ?? false
            if isListed { self.note(.gone) }
            return
        }
        if now != self.item { self.note(.behind) }
    }

    mutating func fail(_ error: StorageError) {
        self.isReading = false
        if self.content == nil { self.phase = .failed(error) } else { self.moreProblem = error }
    }
}
