import ConsoleUI
import TerminalCanvas
import WorkerDomain

/// The keys of a search's results.
enum BucketsFindKeys {
    typealias Binding = KeyBinding<BucketsScreen, Effect>

    static let pane = KeyPane<BucketsScreen, Effect>(
        "found", BucketsFindPhrases.pane, when: { $0.find.isShown },
        [Self.open, Self.stop, Self.close, Self.search, Self.copyKey] + BucketsKeys.chosen + [
            Self.copyAddress, Self.again,
        ]
            + Self.moves)

    private static let hasResult: @Sendable (BucketsScreen, World) -> Bool = { screen, _ in
        screen.find.selected != nil
    }

    private static let open = Binding(
        "open", [.enter, .right, .character("l")], BucketsFindPhrases.keyOpen, help: BucketsFindPhrases.helpOpen,
        group: .open, when: Self.hasResult
    ) { screen, _ in BucketsFinding.openSelected(in: &screen) }

    private static let stop = Binding(
        "stop", .escape, BucketsFindPhrases.keyStop, help: BucketsFindPhrases.helpStop, group: .find,
        when: { screen, _ in screen.find.isRunning }
    ) { screen, _ in BucketsFinding.stop(&screen) }

    private static let close = Binding(
        "back", [.escape, .left, .character("h")], BucketsPhrases.keyBack, help: KeyPhrases.back, group: .move,
        when: { screen, _ in !screen.find.isRunning }
    ) { screen, _ in BucketsFinding.close(&screen) }

    private static let search = Binding(
        "filter", .character("/"), CommonPhrases.find, help: BucketsPhrases.helpFilter, group: .find
    ) { screen, _ in
        screen.openField()
        return []
    }

    private static let copyKey = Binding(
        "copy", .character("y"), BucketsPhrases.keyCopy, help: BucketsPhrases.helpCopy, group: .copy,
        when: Self.hasResult
    ) { screen, _ in screen.find.selected.map { [.copy($0.key)] } ?? [] }

    private static let copyAddress = Binding(
        "copy-address", .character("Y"), BucketsPhrases.keyAddress, help: BucketsPhrases.helpAddress, group: .copy,
        when: Self.hasResult, BucketsKeys.address)

    private static let again = Binding(
        "reload", .character("r"), BucketsFindPhrases.keyAgain, help: BucketsFindPhrases.helpAgain, group: .find,
        bar: false
    ) { screen, _ in BucketsFinding.again(&screen) }

    private static let moves: [Binding] = KeyMovement.bindings(bar: false, when: Self.hasResult) {
        screen, movement, world in
        screen.find.move(by: movement.rows(page: world.layout.page))
        return []
    }
}
