import TerminalCanvas
import WorkerDomain

/// The keys of the traffic screen.
enum TrafficKeys {
    typealias Binding = KeyBinding<TrafficScreen, Effect>
    typealias Pane = KeyPane<TrafficScreen, Effect>

    static let panes: [Pane] = [Self.filter, Self.find, Self.detail, Self.list]

    // MARK: Fields

    private static let filter = Pane(
        "filter", TrafficPhrases.paneFilter, when: { $0.isFiltering },
        [
            Binding("apply", .enter, CommonPhrases.apply, help: KeyPhrases.apply, group: .find) { screen, world in
                screen.endTyping(in: world)
                return []
            },
            Binding("leave", .escape, CommonPhrases.back, help: TrafficPhrases.helpLeaveFilter, group: .move) {
                screen, world in
                screen.leaveFilter(in: world)
                return []
            },
        ]
    ) { screen, key, world in
        screen.type(key, in: world)
        return []
    }

    private static let find: Pane = ContentKeys.field(
        TrafficPhrases.paneFind, when: { $0.detail?.isTyping == true }, Self.change)

    // MARK: List

    private static let list = Pane(
        "list", TrafficPhrases.paneList, when: { _ in true },
        [
            Binding(
                "open", .enter, CommonPhrases.open, help: TrafficPhrases.helpOpen, group: .open, when: Self.hasSelection
            ) { screen, world in screen.open(in: world) },
            Binding("filter", .character("/"), CommonPhrases.filter, help: TrafficPhrases.helpFilter, group: .find) {
                screen, _ in
                screen.beginTyping()
                return []
            },
            Binding(
                "clear-filter", .character("c"), TrafficPhrases.keyClear, help: TrafficPhrases.helpClear, group: .find,
                when: { screen, _ in screen.hasFilter }
            ) { screen, world in
                screen.setFilter("", in: world)
                return []
            },
            Binding(
                "pause", .character("p"), TrafficPhrases.keyPause, help: TrafficPhrases.helpPause, group: .view,
                labelNow: { screen, _ in
                    screen.isFollowing ? TrafficPhrases.keyPause : TrafficPhrases.keyFollow
                }
            ) { screen, world in
                screen.toggleFollowing(in: world)
                return []
            },
            Self.nextError, Self.previousError,
            Binding(
                "mark", .character(" "), TrafficPhrases.keyMark, help: TrafficPhrases.helpMark, group: .change,
                when: Self.hasSelection
            ) { screen, _ in
                screen.toggleMark()
                return []
            },
            Self.copy, Self.copyNothing,
            Self.next([.character("n")], TrafficPhrases.keyNext),
            Self.previous([.character("N")], TrafficPhrases.keyNext),
            Self.reveal,
            Binding(
                "clear-marks", .character("U"), TrafficPhrases.keyUnmark, help: TrafficPhrases.helpUnmark,
                group: .change, when: { screen, _ in screen.hasMarks }
            ) { screen, _ in
                screen.clearMarks()
                return []
            },
            Binding(
                "follow", .character("F"), TrafficPhrases.keyFollow, help: TrafficPhrases.helpFollow, group: .view,
                bar: false
            ) { screen, world in
                screen.follow(in: world)
                return []
            },
        ]
            + KeyMovement.bindings(bar: false) { screen, movement, world in
                screen.move(movement, in: world)
                return []
            })

    private static let hasSelection: @Sendable (TrafficScreen, World) -> Bool = { screen, world in
        screen.selected(in: world) != nil
    }

    // MARK: Detail

    private static let isFinding: @Sendable (TrafficScreen, World) -> Bool = { screen, _ in
        screen.detail?.query.isEmpty == false
    }
    private static let isNotFinding: @Sendable (TrafficScreen, World) -> Bool = { !Self.isFinding($0, $1) }

    private static let content: ContentKeys.Find<TrafficScreen> = { screen, world in screen.content(in: world) }
    private static let change: ContentKeys.Change<TrafficScreen> = { screen, world, body in
        screen.changeContent(in: world, body)
    }

    private static let detail = Pane(
        "detail", TrafficPhrases.paneDetail, when: { $0.detail != nil },
        [
            Self.turn("tab", [.tab, .character("]")], 1, KeyPhrases.nextPane, bar: true),
            Self.turn("previous-tab", [.backTab, .character("[")], -1, TrafficPhrases.helpPreviousTab, bar: false),
        ]
            + ContentKeys.views(Self.content, Self.change)
            + [
                Self.previous(
                    [.left, .character("h"), .character("N")], TrafficPhrases.keyExchange, when: Self.isNotFinding),
                Self.next(
                    [.right, .character("l"), .character("n")], TrafficPhrases.keyExchange, when: Self.isNotFinding),
                Self.previous([.left, .character("h")], TrafficPhrases.keyExchange, when: Self.isFinding),
                Self.next([.right, .character("l")], TrafficPhrases.keyExchange, when: Self.isFinding),
            ]
            + ContentKeys.moves(Self.change)
            + ContentKeys.finding(Self.content, Self.change, help: TrafficPhrases.helpFind)
            + [
                Self.copy, Self.reveal, Self.nextError, Self.previousError,
                Binding(
                    "object", .character("o"), TrafficPhrases.keyObject, help: TrafficPhrases.helpObject, group: .open,
                    when: { screen, _ in TrafficObjects.canTrace(screen) }
                ) { screen, _ in TrafficObjects.show(in: &screen) },
                Binding(
                    "end-find", .escape, TrafficPhrases.keyEndFind, help: TrafficPhrases.helpEndFind, group: .move,
                    when: Self.isFinding
                ) { screen, world in Self.stepBack(in: &screen, world) },
                Binding(
                    "back", .escape, CommonPhrases.back, help: KeyPhrases.back, group: .move, when: Self.isNotFinding
                ) { screen, world in
                    screen.content(in: world)?.isNested == true
                        ? Self.stepBack(in: &screen, world) : screen.closeDetail()
                },
            ])

    /// Ends the search, or leaves the part that is open.
    private static func stepBack(in screen: inout TrafficScreen, _ world: World) -> [Effect] {
        screen.changeContent(in: world) {
            _ = ContentKeys.stepBack(&$0)
            return nil
        }
    }

    private static func turn(
        _ action: String, _ keys: [KeyEvent], _ step: Int, _ help: Phrase, bar: Bool
    ) -> Binding {
        Binding(
            action, keys, CommonPhrases.tab, help: help, group: .view, bar: bar,
            labelNow: { _, world in
                world.layout.shows(TrafficDetail.sides) ? TrafficPhrases.keySide : CommonPhrases.tab
            }
        ) { screen, world in
            screen.turn(step, in: world)
            return []
        }
    }

    // MARK: Both

    private static let nextError = Binding(
        "next-error", .character("e"), TrafficPhrases.keyError, help: TrafficPhrases.helpNextError, group: .find
    ) { screen, world in screen.seekError(1, in: world) }

    private static let previousError = Binding(
        "previous-error", .character("E"), TrafficPhrases.keyError, help: TrafficPhrases.helpPreviousError, group: .find
    ) { screen, world in screen.seekError(-1, in: world) }

    private static let copy = Binding(
        "copy", .character("y"), TrafficPhrases.keyCurl, help: TrafficPhrases.helpCopy, group: .copy,
        when: { screen, world in screen.detail != nil || screen.selected(in: world) != nil }
    ) { screen, world in screen.copy(in: world) }

    /// Without a row the key says so, and the key line does not name it.
    private static let copyNothing = Binding(
        "copy", .character("y"), TrafficPhrases.keyCurl, help: TrafficPhrases.helpCopy, group: .copy, bar: false,
        when: { screen, world in screen.selected(in: world) == nil }
    ) { screen, world in screen.copy(in: world) }

    private static let reveal = Binding(
        "reveal", .character("*"), TrafficPhrases.keyReveal, help: TrafficPhrases.helpReveal, group: .view,
        labelNow: { screen, _ in screen.isRevealed ? TrafficPhrases.keyHide : TrafficPhrases.keyReveal }
    ) { screen, world in screen.toggleRevealed(in: world) }

    private static func next(
        _ keys: [KeyEvent], _ label: Phrase,
        when condition: @escaping @Sendable (TrafficScreen, World) -> Bool = { _, _ in true }
    ) -> Binding {
        Binding("next", keys, label, help: TrafficPhrases.helpNext, group: .find, when: condition) { screen, world in
            screen.seekNext(1, in: world)
        }
    }

    private static func previous(
        _ keys: [KeyEvent], _ label: Phrase,
        when condition: @escaping @Sendable (TrafficScreen, World) -> Bool = { _, _ in true }
    ) -> Binding {
        Binding("previous", keys, label, help: TrafficPhrases.helpPrevious, group: .find, when: condition) {
            screen, world in screen.seekNext(-1, in: world)
        }
    }
}
