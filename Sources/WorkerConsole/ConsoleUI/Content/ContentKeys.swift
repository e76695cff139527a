package import TerminalCanvas
package import WorkerDomain

/// The keys of a content, for every pane that shows one.
package enum ContentKeys {
    /// Asks a pane that shows content for something, and runs what it wants.
    package typealias Change<S: Screen> = @Sendable (inout S, World, (inout ContentPane) -> ContentTask?) -> [Effect]
    package typealias Find<S: Screen> = @Sendable (S, World) -> ContentPane?

    /// Views, folds and parts.
    package static func views<S: Screen>(
        _ pane: @escaping Find<S>, _ change: @escaping Change<S>, more: [KeyEvent] = [], moreBack: [KeyEvent] = []
    ) -> [KeyBinding<S, Effect>] {
        let hasViews: @Sendable (S, World) -> Bool = { screen, world in (pane(screen, world)?.viewIDs.count ?? 0) > 1 }
        return [
            KeyBinding(
                "view", [.character("v")] + more, ContentPhrases.keyView, help: ContentPhrases.helpView, group: .view,
                when: hasViews
            ) { screen, world in change(&screen, world) { $0.turn(1) } },
            KeyBinding(
                "fold", .enter, ContentPhrases.keyFold, help: ContentPhrases.helpFold, group: .view,
                when: { screen, world in pane(screen, world)?.canFold == true }
            ) { screen, world in change(&screen, world) { $0.enter() } },
            KeyBinding(
                "open-part", .enter, ContentPhrases.keyPart, help: ContentPhrases.helpPart, group: .open,
                when: { screen, world in pane(screen, world).map { $0.canEnter && !$0.canFold } ?? false }
            ) { screen, world in change(&screen, world) { $0.enter() } },
            KeyBinding(
                "view-back", [.character("V")] + moreBack, ContentPhrases.keyView, help: ContentPhrases.helpViewBack,
                group: .view, bar: false, when: hasViews
            ) { screen, world in change(&screen, world) { $0.turn(-1) } },
        ]
    }

    /// Finding: `/`, and the next and the previous place of what is looked for.
    package static func finding<S: Screen>(
        _ pane: @escaping Find<S>, _ change: @escaping Change<S>, help: Phrase
    ) -> [KeyBinding<S, Effect>] {
        let find = KeyBinding<S, Effect>("find", .character("/"), CommonPhrases.find, help: help, group: .find) {
            screen, world in
            change(&screen, world) {
                $0.beginFinding()
                return nil
            }
        }
        let steps: [(String, Character, Int, Phrase)] = [
            ("next-match", "n", 1, ContentPhrases.helpNextMatch),
            ("previous-match", "N", -1, ContentPhrases.helpPreviousMatch),
        ]
        return [find]
            + steps.map { action, key, step, help in
                KeyBinding(
                    action, .character(key), CommonPhrases.nextMatch, help: help, group: .find,
                    when: { screen, world in pane(screen, world)?.query.isEmpty == false }
                ) { screen, world in change(&screen, world) { $0.find(step) } }
            }
    }

    /// The field that what is looked for is typed in.
    package static func field<S: Screen>(
        _ title: Phrase, when isTyping: @escaping @Sendable (S) -> Bool, _ change: @escaping Change<S>
    ) -> KeyPane<S, Effect> {
        KeyPane(
            "find", title, when: isTyping,
            [
                KeyBinding("apply", .enter, CommonPhrases.find, help: KeyPhrases.apply, group: .find) { screen, world in
                    change(&screen, world) { $0.type(.enter) }
                },
                KeyBinding("leave", .escape, CommonPhrases.back, help: KeyPhrases.leaveField, group: .move) {
                    screen, world in change(&screen, world) { $0.type(.escape) }
                },
            ]
        ) { screen, key, world in change(&screen, world) { $0.type(key) } }
    }

    /// Scrolling sideways, where lines are not broken.
    package static func sideways<S: Screen>(
        _ change: @escaping Change<S>, bar: Bool = false
    ) -> [KeyBinding<S, Effect>] {
        let keys: [(String, [KeyEvent], Int, Phrase)] = [
            ("left", [.left, .character("h")], -8, ContentPhrases.helpLeft),
            ("right", [.right, .character("l")], 8, ContentPhrases.helpRight),
        ]
        return keys.map { action, keys, columns, help in
            KeyBinding(action, keys, ContentPhrases.keyScroll, help: help, group: .move, bar: bar) { screen, world in
                change(&screen, world) {
                    $0.scroll(by: columns)
                    return nil
                }
            }
        }
    }

    package static func moves<S: Screen>(_ change: @escaping Change<S>, bar: Bool = true) -> [KeyBinding<S, Effect>] {
        KeyMovement.bindings(label: ContentPhrases.keyScroll, bar: bar) { screen, movement, world in
            change(&screen, world) { $0.move(movement, page: world.layout.page) }
        }
    }

    /// Ends the search, then leaves a part that was opened.
    /// - Returns: False when there was neither.
    package static func stepBack(_ pane: inout ContentPane) -> Bool {
        if !pane.query.isEmpty {
            pane.endFinding()
            return true
        }
        guard pane.isNested else { return false }
        pane.leave()
        return true
    }
}
