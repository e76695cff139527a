import Synchronization

/// Whether a pane had room when its screen was drawn last: keys that change it alone do nothing unseen.
final class PaneShown: Sendable {
    private let isIn = Atomic(true)

    func note(_ isIn: Bool) { self.isIn.store(isIn, ordering: .relaxed) }

    /// True as well before the screen was drawn.
    var isShown: Bool { self.isIn.load(ordering: .relaxed) }
}
