package import WorkerDomain

/// Reads exchanges when they have ended, each once and a part at a time: a reader that has fallen behind holds no more of
/// them than one that has not.
package struct EndedExchanges {
    private let journal: Journal
    private var place: ExchangeStore.Place?
    /// The journal's version when ``next()`` last came to the end; 0 before.
    package private(set) var version: UInt64 = 0

    /// Begins with the first one that `journal` keeps.
    package init(of journal: Journal) {
        self.journal = journal
    }

    /// Those that have ended since the last call and are still kept, in the order in which they ended.
    /// - Returns: A few hundred at most; none when there are no more.
    package mutating func next() -> [Exchange] {
        var list: [Exchange] = []
        let version = self.journal.appendEnded(after: &self.place, to: &list)
        if let version { self.version = version }
        return list
    }
}
