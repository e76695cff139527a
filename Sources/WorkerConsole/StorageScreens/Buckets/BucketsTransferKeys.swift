import ConsoleUI
import TerminalCanvas
import WorkerDomain

/// The keys that transfer, delete, count and link, and those of what asks before.
enum BucketsTransferKeys {
    typealias Binding = KeyBinding<BucketsScreen, Effect>
    typealias Pane = KeyPane<BucketsScreen, Effect>

    /// What asks before a transfer takes the keys.
    static let panes: [Pane] = [
        Pane(
            "path", BucketsTransferPhrases.panePrompt, when: { $0.prompt != nil },
            [Self.begin, Self.existing, Self.leavePrompt]
        ) { screen, key, _ in
            screen.prompt?.type(key)
            return []
        },
        Pane(
            "delete", BucketsTransferPhrases.paneRemove, when: { $0.removal != nil }, [Self.agree, Self.leaveRemoval]
        ) { screen, key, _ in
            screen.removal?.type(key)
            return []
        },
        Pane("link", BucketsTransferPhrases.paneLink, when: { $0.links.line != nil }, Self.linkBindings),
    ]

    /// Of the listing and of search results.
    static let bindings: [Binding] =
        [Self.save, Self.upload, Self.delete, Self.undo, Self.write]
        + [Self.sum, Self.link, Self.verify, Self.cancel]

    /// Of an object that is open.
    static let previewBindings: [Binding] = [Self.exchange, Self.save, Self.link, Self.verify]

    private static let exchange = Binding(
        "exchange", .character("o"), UploadPhrases.keyExchange, help: UploadPhrases.helpExchange, group: .open,
        when: { screen, _ in BucketsTracing.origin(of: screen) != nil }
    ) { screen, _ in
        BucketsTracing.origin(of: screen).map { [.showExchange($0.id, filter: "")] } ?? []
    }

    static let isBusy: @Sendable (BucketsScreen) -> Bool = { screen in
        screen.transfer.phase != nil || screen.sums.isRunning
    }

    private static let isBucket: @Sendable (BucketsScreen, World) -> Bool = { screen, world in
        if case .bucket? = screen.resource(in: world)?.reader { true } else { false }
    }

    private static let isObject: @Sendable (BucketsScreen, World) -> Bool = { screen, _ in
        if case .object? = screen.current { true } else { false }
    }

    // MARK: Transfers

    private static let save = Binding(
        "save", .character("s"), BucketsTransferPhrases.keySave, help: BucketsTransferPhrases.helpSave, group: .copy,
        when: { screen, world in Self.isBucket(screen, world) && !screen.targets.isEmpty }
    ) { screen, world in
        let targets = screen.targets
        guard let first = targets.first, let name = screen.resource(in: world)?.binding.name else { return [] }
        let key = targets.count == 1 ? first.key : "\(name)/"
        return [
            screen.start(\.suggesting) {
                $0.files.suggestion(for: key)
            } then: { screen, suggestion, _ in
                screen.prompt = BucketsPrompt(.save, targets: targets, suggestion: suggestion)
                return []
            }
        ]
    }

    private static let upload = Binding(
        "upload", .character("i"), BucketsTransferPhrases.keyUpload, help: BucketsTransferPhrases.helpUpload,
        group: .change, danger: .reversible,
        when: { screen, world in screen.writer(in: world) != nil && !screen.find.isShown }
    ) { screen, _ in
        screen.prompt = BucketsPrompt(.upload)
        return []
    }

    private static let delete = Binding(
        "delete", .character("X"), BucketsTransferPhrases.keyDelete, help: BucketsTransferPhrases.helpDelete,
        group: .change, danger: .destructive,
        when: { screen, world in screen.writer(in: world) != nil && !screen.targets.isEmpty }
    ) { screen, world in BucketsRemoving.ask(in: &screen, world) }

    private static let undo = Binding(
        "undo", .character("u"), BucketsTransferPhrases.keyUndo, help: BucketsTransferPhrases.helpUndo,
        group: .change, danger: .reversible,
        when: { screen, world in
            screen.writer(in: world) != nil && screen.listing.map { screen.trash.last(of: $0.binding) != nil } ?? false
        }
    ) { screen, world in BucketsTransferring.undo(in: &screen, world) }

    private static let write = Binding(
        "write-mode", .character("W"), BucketsTransferPhrases.keyWrite, help: BucketsTransferPhrases.helpWrite,
        group: .change, when: { screen, world in screen.resource(in: world)?.writer != nil }
    ) { screen, _ in
        screen.toggleWriting()
        return []
    }

    private static let cancel = Binding(
        "cancel", .character("c"), BucketsTransferPhrases.keyCancel, help: BucketsTransferPhrases.helpCancel,
        group: .change,
        labelNow: { screen, _ in
            screen.transfer.isRunning || screen.sums.isRunning
                ? BucketsTransferPhrases.keyCancel : BucketsTransferPhrases.keyClose
        }, when: { screen, _ in Self.isBusy(screen) }
    ) { screen, _ in
        screen.transfer.phase != nil ? BucketsTransferring.stop(&screen) : BucketsSumming.stop(&screen)
    }

    // MARK: Figures and links

    private static let sum = Binding(
        "sum", .character("z"), BucketsTransferPhrases.keySum, help: BucketsTransferPhrases.helpSum, group: .view,
        bar: false, when: Self.isBucket
    ) { screen, _ in BucketsSumming.begin(&screen) }

    private static let link = Binding(
        "copy-link", .character("P"), BucketsTransferPhrases.keyLink, help: BucketsTransferPhrases.helpLink,
        group: .copy, bar: false,
        when: { screen, world in Self.isObject(screen, world) && screen.resource(in: world)?.sharing != nil }
    ) { screen, _ in
        screen.links.open()
        return []
    }

    private static let verify = Binding(
        "verify", .character("C"), BucketsTransferPhrases.keyVerify, help: BucketsTransferPhrases.helpVerify,
        group: .view, bar: false, when: Self.isObject
    ) { screen, world in BucketsTransferring.verify(in: &screen, world) }

    // MARK: Questions

    private static let begin = Binding(
        "begin", .enter, BucketsTransferPhrases.keyBegin, help: BucketsTransferPhrases.helpBegin, group: .change
    ) { screen, world in
        guard let prompt = screen.prompt, !prompt.text.isEmpty else { return [] }
        screen.prompt = nil
        return prompt.kind == .save
            ? BucketsTransferring.save(prompt, in: &screen, world)
            : BucketsTransferring.upload(prompt, in: &screen, world)
    }

    private static let existing = Binding(
        "existing", .tab, BucketsTransferPhrases.keyExisting, help: BucketsTransferPhrases.helpExisting, group: .change
    ) { screen, _ in
        screen.prompt?.toggleOverwriting()
        return []
    }

    private static let leavePrompt = Binding(
        "leave", .escape, BucketsPhrases.keyBack, help: KeyPhrases.leaveField, group: .move
    ) { screen, _ in
        screen.prompt = nil
        return []
    }

    private static let agree = Binding(
        "agree", .enter, BucketsTransferPhrases.keyDelete, help: BucketsTransferPhrases.helpAgree, group: .change,
        danger: .destructive
    ) { screen, world in BucketsRemoving.answer(in: &screen, world) }

    private static let leaveRemoval = Binding(
        "leave", .escape, CommonPhrases.cancel, help: KeyPhrases.leaveField, group: .move
    ) { screen, _ in BucketsRemoving.leave(&screen) }

    private static let linkBindings: [Binding] =
        [
            Binding(
                "apply", .enter, BucketsTransferPhrases.keyLink, help: BucketsTransferPhrases.helpChooseLink,
                group: .copy
            ) { screen, world in BucketsLinking.make(in: &screen, world) }
        ]
        + KeyMovement.bindings { screen, movement, _ in
            screen.links.move(by: movement.rows(page: BucketsLinks.lifetimes.count))
            return []
        } + [
            Binding(
                "close", [.escape, .character("P")], BucketsPhrases.keyBack, help: KeyPhrases.close, group: .move
            ) { screen, _ in
                screen.links.close()
                return []
            }
        ]
}
