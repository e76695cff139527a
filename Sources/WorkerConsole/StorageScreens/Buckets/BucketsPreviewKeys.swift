import ConsoleUI
import TerminalCanvas
import WorkerDomain

/// The keys of an opened value.
enum BucketsPreviewKeys {
    typealias Binding = KeyBinding<BucketsScreen, Effect>
    typealias Pane = KeyPane<BucketsScreen, Effect>

    private static let content: ContentKeys.Find<BucketsScreen> = { screen, _ in screen.content }
    private static let change: ContentKeys.Change<BucketsScreen> = { screen, world, body in
        BucketsViewing.change(&screen, in: world, body)
    }

    static let panes: [Pane] = [
        ContentKeys.field(BucketsPhrases.paneFind, when: { $0.content?.isTyping == true }, Self.change),
        Pane(
            "object", BucketsPhrases.paneObject, when: { $0.preview.map { !$0.showsMetadata } ?? false },
            ContentKeys.views(
                Self.content, Self.change, more: [.character("]")], moreBack: [.character("[")])
                + ContentKeys.finding(Self.content, Self.change, help: BucketsPhrases.helpFind)
                + ContentKeys.moves(Self.change)
                + [Self.closePreview, Self.metadata, Self.reveal, Self.copyKey, Self.copyAddress, Self.reread]
                + BucketsTransferKeys.previewBindings
                + ContentKeys.sideways(Self.change)),
        Pane(
            "metadata", BucketsPhrases.paneMetadata, when: { $0.preview?.showsMetadata == true },
            [Self.metadata, Self.copyMetadata, Self.copyAddress, Self.reread, Self.closePreview]
                + BucketsTransferKeys.previewBindings
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

    private static let metadata = Binding(
        "metadata", [.tab, .backTab], BucketsPhrases.keyMetadata, help: BucketsPhrases.helpMetadata, group: .view,
        labelNow: { screen, _ in
            screen.preview?.showsMetadata == true ? ContentPhrases.pageContent : BucketsPhrases.keyMetadata
        }
    ) { screen, _ in
        screen.viewer.change { $0.toggleMetadata() }
        return []
    }

    private static let reveal = Binding(
        "reveal", .character("*"), TrafficPhrases.keyReveal, help: DatabasePhrases.helpReveal, group: .view,
        labelNow: { screen, _ in screen.viewer.isRevealed ? TrafficPhrases.keyHide : TrafficPhrases.keyReveal }
    ) { screen, world in BucketsViewing.toggleRevealed(&screen, in: world) }

    private static let reread = Binding(
        "reload", .character("r"), BucketsPhrases.keyReload, help: BucketsPhrases.helpReread, group: .view
    ) { screen, _ in BucketsViewing.reread(&screen) }

    private static let closePreview = Binding(
        "back", .escape, BucketsPhrases.keyBack, help: KeyPhrases.back, group: .move
    ) { screen, world in
        guard screen.preview?.showsMetadata == false else { return BucketsViewing.close(&screen) }
        var isInside = false
        let effects = BucketsViewing.change(&screen, in: world) {
            isInside = ContentKeys.stepBack(&$0)
            return nil
        }
        return isInside ? effects : BucketsViewing.close(&screen)
    }

    private static let metadataMoves: [Binding] = KeyMovement.bindings(bar: false) { screen, movement, world in
        let count = BucketsKeys.fields(of: screen, in: world).count
        screen.viewer.change { $0.moveMetadata(by: movement.rows(page: world.layout.page), count: count) }
        return []
    }
}
