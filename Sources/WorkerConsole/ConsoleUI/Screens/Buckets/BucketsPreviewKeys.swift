import TerminalCanvas
import WorkerDomain

/// The keys of an opened value.
enum BucketsPreviewKeys {
    typealias Binding = KeyBinding<BucketsScreen, Effect>
    typealias Pane = KeyPane<BucketsScreen, Effect>

    static let panes: [Pane] = [
        Pane(
            "find", BucketsPhrases.paneFind, when: { $0.preview?.pane.isTyping == true },
            [Self.seek, Self.leaveFind]
        ) { screen, key, _ in
            screen.changePreview { _ = $0.pane.type(key) }
            return []
        },
        Pane(
            "object", BucketsPhrases.paneObject, when: { $0.preview.map { !$0.showsMetadata } ?? false },
            [Self.view, Self.readOn, Self.find] + Self.matches + Self.scrolling
                + [Self.closePreview, Self.copyKey, Self.copyAddress, Self.reread, Self.viewBack] + Self.sideways),
        Pane(
            "metadata", BucketsPhrases.paneMetadata, when: { $0.preview?.showsMetadata == true },
            [Self.view, Self.copyMetadata, Self.copyAddress, Self.reread, Self.closePreview, Self.viewBack]
                + Self.metadataMoves),
    ]

    // MARK: Copying

    private static let copyKey = Binding(
        "copy", .character("y"), BucketsPhrases.keyCopy, help: BucketsPhrases.helpCopy, group: .copy
    ) { screen, _ in screen.preview.map { [.copy($0.item.key)] } ?? [] }

    private static let copyMetadata = Binding(
        "copy", .character("y"), BucketsPhrases.keyCopyField, help: BucketsPhrases.helpCopyField, group: .copy
    ) { screen, world in
        screen.preview?.metadata.selected(of: BucketsKeys.fields(of: screen, in: world)).map { [.copy($0.value)] } ?? []
    }

    private static let copyAddress = Binding(
        "copy-address", .character("Y"), BucketsPhrases.keyAddress, help: BucketsPhrases.helpAddress, group: .copy,
        BucketsKeys.address)

    // MARK: Preview

    private static let view = Binding(
        "view", [.tab, .character("]")], BucketsPhrases.keyTab, help: BucketsPhrases.helpView, group: .view
    ) { screen, _ in
        screen.changePreview { $0.showNext(by: 1) }
        return []
    }

    private static let viewBack = Binding(
        "view-back", [.backTab, .character("[")], BucketsPhrases.keyTab, help: BucketsPhrases.helpViewBack,
        group: .view, bar: false
    ) { screen, _ in
        screen.changePreview { $0.showNext(by: -1) }
        return []
    }

    private static let readOn = Binding(
        "more", .character("+"), BucketsPhrases.keyMore, help: BucketsPhrases.helpReadOn, group: .open,
        when: { screen, _ in screen.preview?.content?.window.hasMoreBehind == true }
    ) { screen, _ in screen.read(.behind) }

    private static let reread = Binding(
        "reload", .character("r"), BucketsPhrases.keyReload, help: BucketsPhrases.helpReread, group: .view
    ) { screen, _ in screen.reread() }

    private static let closePreview = Binding(
        "back", .escape, BucketsPhrases.keyBack, help: KeyPhrases.back, group: .move
    ) { screen, _ in
        guard screen.preview?.showsMetadata == false, screen.preview?.pane.query.isEmpty == false else {
            return screen.closePreview()
        }
        screen.changePreview { $0.pane.endFinding() }
        return []
    }

    private static let find = Binding(
        "find", .character("/"), CommonPhrases.find, help: BucketsPhrases.helpFind, group: .find,
        when: { screen, _ in screen.preview?.pane.canFind == true }
    ) { screen, _ in
        screen.changePreview { $0.pane.beginFinding() }
        return []
    }

    private static let matches: [Binding] = [
        ("next-match", "n", 1, BucketsPhrases.helpNextMatch),
        ("previous-match", "N", -1, BucketsPhrases.helpPreviousMatch),
    ].map { action, key, step, help in
        Binding(
            action, .character(key), CommonPhrases.nextMatch, help: help, group: .find,
            when: { screen, _ in screen.preview?.pane.query.isEmpty == false }
        ) { screen, world in Self.find(step, in: &screen, world) }
    }

    private static let seek = Binding(
        "apply", .enter, CommonPhrases.find, help: BucketsPhrases.helpSeek, group: .find
    ) { screen, world in
        screen.changePreview { _ = $0.pane.type(.enter) }
        return Self.find(1, in: &screen, world)
    }

    private static let leaveFind = Binding(
        "leave", .escape, BucketsPhrases.keyBack, help: KeyPhrases.leaveField, group: .move
    ) { screen, _ in
        screen.changePreview { _ = $0.pane.type(.escape) }
        return []
    }

    /// Goes to the next place that holds what is looked for.
    private static func find(_ step: Int, in screen: inout BucketsScreen, _ world: World) -> [Effect] {
        guard let query = screen.preview?.pane.query, !query.isEmpty else { return [] }
        var isFound = false
        screen.changePreview { isFound = $0.pane.find(step) }
        return isFound ? [] : [.toast(CommonPhrases.notFound(world.language, query), isFailure: true)]
    }

    private static let sideways: [Binding] = [
        ("left", KeyEvent.left, "h", -8, BucketsPhrases.helpLeft), ("right", .right, "l", 8, BucketsPhrases.helpRight),
    ].map { action, key, letter, columns, help in
        Binding(
            action, [key, .character(letter)], BucketsPhrases.keyScroll, help: help, group: .move, bar: false
        ) { screen, _ in
            screen.changePreview { $0.pane.scroll(by: columns) }
            return []
        }
    }

    private static let scrolling: [Binding] = KeyMovement.bindings(label: BucketsPhrases.keyScroll) {
        screen, movement, world in
        guard let preview = screen.preview else { return [] }
        switch movement {
        case .first:
            screen.changePreview { $0.pane.move(to: 0) }
            return preview.content?.window.hasMoreBefore == true ? screen.read(.first) : []
        case .last:
            screen.changePreview { $0.pane.move(to: preview.pane.lineCount - 1) }
            return screen.read(.last)
        case .rows, .halfPages, .pages:
            let lines = movement.rows(page: world.layout.page)
            screen.changePreview { $0.pane.move(to: preview.line + lines) }
            if lines > 0, preview.line + lines >= preview.pane.lineCount { return screen.read(.behind) }
            return lines < 0 && preview.line + lines < 0 ? screen.read(.before) : []
        }
    }

    private static let metadataMoves: [Binding] = KeyMovement.bindings(bar: false) { screen, movement, world in
        let count = BucketsKeys.fields(of: screen, in: world).count
        screen.changePreview { $0.moveMetadata(by: movement.rows(page: world.layout.page), count: count) }
        return []
    }
}
