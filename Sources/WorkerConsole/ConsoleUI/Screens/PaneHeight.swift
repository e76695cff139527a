import Synchronization
import TerminalCanvas

/// How many rows the pane with the focus showed when it was drawn last: what a page moves by.
final class PaneHeight: Sendable {
    private let rows = Atomic(20)

    func note(_ rows: Int) { self.rows.store(max(1, rows), ordering: .relaxed) }

    var page: Int { self.rows.load(ordering: .relaxed) }

    /// How far a movement key moves; `nil` for other keys.
    func step(of key: KeyEvent) -> Int? {
        switch key {
        case .down, .character("j"): 1
        case .up, .character("k"): -1
        case .control("d"): max(1, self.page / 2)
        case .control("u"): -max(1, self.page / 2)
        case .pageDown, .control("f"): self.page
        case .pageUp, .control("b"): -self.page
        case .home, .character("g"): -1_000_000_000
        case .end, .character("G"): 1_000_000_000
        default: nil
        }
    }
}
