import ConsoleUI
import ContentViews
import WorkerDomain

/// One opened value: which entry it belongs to, what has become of it, and the pane that shows it.
struct BucketsPreview: Sendable {
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

    /// How often a value is opened anew because it was written anew while it was read.
    private static let restartLimit = 4

    let binding: String
    /// What the content was read with; before the first reading, what was listed.
    private(set) var item: BucketsItem
    private(set) var change: Change?
    private(set) var phase = Phase.loading
    /// What shows the value.
    var pane = ContentPane()
    /// What its beginning says of it; `nil` until it has been read.
    private(set) var content: StoredContent?
    private(set) var source: (any ByteSource)?
    /// What is known of the entry stands in place of the value.
    private(set) var showsMetadata = false
    private(set) var metadata = StoredFieldsPane()
    /// Why a further part could not be read.
    private(set) var moreProblem: StorageError?

    /// The same value was shown already, and is read from its start again.
    private var isReread: Bool
    private var restarts = 0

    init(binding: String, item: BucketsItem, isReread: Bool = false) {
        self.binding = binding
        self.item = item
        self.isReread = isReread
    }

    var line: Int { self.showsMetadata ? self.metadata.line : self.pane.line }

    var isReading: Bool { self.phase == .loading || self.pane.isReading }

    // MARK: Views

    mutating func toggleMetadata() {
        self.showsMetadata.toggle()
        self.metadata.home()
    }

    mutating func moveMetadata(by rows: Int, count: Int) { self.metadata.move(by: rows, count: count) }

    // MARK: Reading

    /// Takes in what was read, and opens it.
    mutating func take(_ reading: BucketsReader.Reading, _ options: ContentOptions) -> ContentTask {
        if reading.item != self.item { self.change = self.isReread ? .sinceRead : .sinceListed }
        self.item = reading.item
        self.content = reading.content
        self.source = reading.source
        self.phase = .loaded
        return self.open(options)
    }

    /// Opens what was read, as it is to be shown now.
    mutating func open(_ options: ContentOptions) -> ContentTask {
        var http = ObjectHTTPMetadata()
        if case .object(let object) = self.item { http = object.http }
        let item = ContentItem(
            self.source ?? MemorySource([]), mediaType: http.contentType, coding: http.contentEncoding,
            name: self.item.key)
        return self.pane.open(item, options, isSame: self.pane.isOpen)
    }

    /// Takes note of what the pane has found out.
    /// - Returns: True when the value was written anew meanwhile, and is to be read from its start.
    mutating func noteReading() -> Bool {
        if let opened = self.pane.root { self.content?.take(opened) }
        self.moreProblem = nil
        guard let problem = self.pane.problem, let source = self.source as? StoredSource else {
            if case .failed = self.phase {} else { self.restarts = self.pane.isOpen ? 0 : self.restarts }
            return false
        }
        if let newer = source.newer {
            guard self.restarts < Self.restartLimit else {
                self.fail(
                    StorageError(
                        .locked, operation: "read r2:\(self.item.key)",
                        reason: "it kept being rewritten while it was read"))
                return false
            }
            self.restarts += 1
            self.isReread = true
            self.item = .object(newer)
            self.change = .sinceRead
            self.source = nil
            self.content = nil
            self.pane.clear()
            self.phase = .loading
            return true
        }
        if let error = source.problem {
            self.fail(error)
        } else if case .unreadable(let reason) = problem.code {
            self.fail(StorageError(.malformed, operation: "read r2:\(self.item.key)", reason: reason))
        }
        return false
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
        if self.pane.isOpen { self.moreProblem = error } else { self.phase = .failed(error) }
    }
}
