import TerminalCanvas
package import WorkerDomain

/// How far a key moves in a list or a text.
package enum KeyMovement: Sendable, Equatable {
    case rows(Int), halfPages(Int), pages(Int), first, last

    /// Rows that it moves by, in a window of `page` rows.
    package func rows(page: Int) -> Int {
        switch self {
        case .rows(let count): count
        case .halfPages(let count): count * max(1, page / 2)
        case .pages(let count): count * max(1, page)
        case .first: -1_000_000_000
        case .last: 1_000_000_000
        }
    }

    /// What the keys that move in every list and text stand for.
    static let all: [(action: String, keys: [KeyEvent], movement: KeyMovement, help: Phrase)] = [
        ("down", [.down, .character("j")], .rows(1), KeyPhrases.down),
        ("up", [.up, .character("k")], .rows(-1), KeyPhrases.up),
        ("page-down", [.pageDown, .control("f")], .pages(1), KeyPhrases.pageDown),
        ("page-up", [.pageUp, .control("b")], .pages(-1), KeyPhrases.pageUp),
        ("half-page-down", [.control("d")], .halfPages(1), KeyPhrases.halfPageDown),
        ("half-page-up", [.control("u")], .halfPages(-1), KeyPhrases.halfPageUp),
        ("first", [.home, .character("g")], .first, KeyPhrases.first),
        ("last", [.end, .character("G")], .last, KeyPhrases.last),
    ]

    /// Binds these keys.
    /// - Parameters:
    ///   - label: For the key line, which names the arrows; `nil` for the usual one.
    ///   - bar: Whether the key line names them.
    ///   - condition: Whether they apply now.
    ///   - move: Moves by that much.
    /// - Returns: One binding for each way to move.
    package static func bindings<Subject: Sendable, Outcome: Sendable>(
        label: Phrase? = nil, bar: Bool = true,
        when condition: @escaping @Sendable (Subject, World) -> Bool = { _, _ in true },
        _ move: @escaping @Sendable (inout Subject, KeyMovement, World) -> [Outcome]
    ) -> [KeyBinding<Subject, Outcome>] {
        self.all.map { action, keys, movement, help in
            var isRow = false
            if case .rows = movement { isRow = true }
            return KeyBinding(
                action, keys, label ?? CommonPhrases.move, help: help, group: .move, bar: bar && isRow, when: condition
            ) {
                move(&$0, movement, $1)
            }
        }
    }
}
