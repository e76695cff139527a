import ConsoleUI
import TerminalCanvas
import WorkerDomain

/// The keys of the buckets screen.
enum BucketsKeys {
    typealias Binding = KeyBinding<BucketsScreen, Effect>
    typealias Pane = KeyPane<BucketsScreen, Effect>

    static let panes: [Pane] = Array(
        [
            [Self.fieldPane, Self.menuPane], BucketsTransferKeys.panes, BucketsPreviewKeys.panes,
            [BucketsFindKeys.pane, Self.listPane, Self.detailPane],
        ].joined())

    private static let fieldPane = Pane(
        "field", BucketsPhrases.paneField, when: { $0.field != nil },
        [Self.applyField, Self.turnField, Self.leaveField]
    ) { screen, key, _ in
        screen.changeField { $0.type(key) }
        return []
    }

    private static let menuPane = Pane(
        "sort-menu", BucketsPhrases.paneMenu, when: { $0.menu != nil }, Self.menuBindings)

    private static let listPane = Pane(
        "list", BucketsPhrases.paneList, when: { $0.focus == .entries }, Array(Self.listBindings.joined()))

    private static let listBindings: [[Binding]] = [
        [Self.open, Self.filter, Self.up], Self.chosen, Self.stores, [Self.more, Self.sort, Self.pane, Self.copyKey],
        Self.shared, Self.sortShifts, Self.results, [Self.clear, Self.leaveList], Self.listMoves,
    ]

    private static let detailPane = Pane(
        "details", BucketsPhrases.paneDetails, when: { $0.focus == .details }, Array(Self.detailBindings.joined()))

    private static let detailBindings: [[Binding]] = [
        [Self.openDetails, Self.filter], Self.stores, [Self.more, Self.sort, Self.pane, Self.copyField],
        Self.shared, Self.sortShifts, [Self.clear, Self.leaveDetails], Self.detailMoves,
    ]

    // MARK: Listing

    private static let isListed: @Sendable (BucketsScreen, World) -> Bool = { screen, _ in
        if case .failed = screen.listing?.phase { false } else { screen.listing != nil }
    }

    private static let hasRow: @Sendable (BucketsScreen, World) -> Bool = { screen, _ in
        screen.listing.map { $0.phase == .loaded && $0.rowCount > 0 } ?? false
    }

    private static let hasItem: @Sendable (BucketsScreen, World) -> Bool = { screen, _ in
        screen.listing?.selected != nil
    }

    private static let open = Binding(
        "open", [.enter, .right, .character("l")], BucketsPhrases.keyOpen, help: BucketsPhrases.helpOpen,
        group: .open, when: Self.hasRow
    ) { screen, _ in BucketsBrowsing.openSelected(&screen) }

    private static let openDetails = Binding(
        "open", .enter, BucketsPhrases.keyOpen, help: BucketsPhrases.helpOpen, group: .open, when: Self.hasItem
    ) { screen, _ in BucketsBrowsing.openSelected(&screen) }

    private static let up = Binding(
        "up", [.character("h"), .left], BucketsPhrases.keyUp, help: BucketsPhrases.helpUp, group: .move,
        when: { screen, _ in screen.listing?.hasParent == true }
    ) { screen, _ in BucketsBrowsing.goUp(&screen) }

    private static let leaveList = Binding(
        "back", .escape, BucketsPhrases.keyBack, help: KeyPhrases.back, group: .move, bar: false,
        when: { screen, _ in screen.listing.map { !$0.filter.isEmpty || $0.hasParent } ?? false }
    ) { screen, _ in
        guard screen.listing?.filter.isEmpty == false else { return BucketsBrowsing.goUp(&screen) }
        screen.changeListing { $0.setFilter("") }
        return []
    }

    private static let leaveDetails = Binding(
        "back", [.escape, .left, .character("h")], BucketsPhrases.keyBack, help: KeyPhrases.back, group: .move
    ) { screen, _ in
        screen.show(.entries)
        return []
    }

    private static let stores: [Binding] = [
        ("previous-store", "[", -1, BucketsPhrases.helpPreviousStore), ("next-store", "]", 1, BucketsPhrases.helpStore),
    ].map { action, key, step, help in
        Binding(
            action, .character(key), BucketsPhrases.keyStore, help: help, group: .view,
            when: { _, world in BucketsScreen.stores(in: world).count > 1 }
        ) { screen, world in BucketsBrowsing.switchStore(by: step, &screen, in: world) }
    }

    private static let more = Binding(
        "more", .character("+"), BucketsPhrases.keyMore, help: BucketsPhrases.helpMore, group: .open,
        when: { screen, _ in screen.listing?.hasMore == true }
    ) { screen, _ in BucketsBrowsing.loadMore(&screen) }

    private static let pane = Binding(
        "pane", [.tab, .backTab], BucketsPhrases.keyPane, help: KeyPhrases.nextPane, group: .view, when: Self.isListed
    ) { screen, _ in
        screen.show(screen.focus == .entries ? .details : .entries)
        return []
    }

    private static let shared: [Binding] = [
        Binding(
            "copy-address", .character("Y"), BucketsPhrases.keyAddress, help: BucketsPhrases.helpAddress, group: .copy,
            when: Self.hasItem, Self.address),
        Binding(
            "reload", .character("r"), BucketsPhrases.keyReload, help: BucketsPhrases.helpReload, group: .view,
            labelNow: { screen, world in
                Self.isListed(screen, world) ? BucketsPhrases.keyReload : BucketsPhrases.keyRetry
            }, when: { screen, _ in screen.listing != nil }
        ) { screen, _ in BucketsBrowsing.reload(&screen) },
    ]

    private static let listMoves: [Binding] = KeyMovement.bindings(bar: false, when: Self.hasRow) {
        screen, movement, world in
        screen.changeListing { $0.move(by: movement.rows(page: world.layout.page)) }
        return BucketsBrowsing.loadMoreAtEnd(&screen)
    }

    private static let detailMoves: [Binding] = KeyMovement.bindings(bar: false, when: Self.hasItem) {
        screen, movement, world in
        let count = Self.fields(of: screen, in: world).count
        screen.changeDetails { $0.move(by: movement.rows(page: world.layout.page), count: count) }
        return []
    }

    // MARK: Marks and results

    /// What can be done with the entry under the cursor or the marked ones, in the listing and in search results.
    static let chosen: [Binding] =
        [
            Binding(
                "mark", .character(" "), BucketsMarkPhrases.keyMark, help: BucketsMarkPhrases.helpMark, group: .view,
                when: { screen, _ in screen.current != nil }
            ) { screen, _ in
                guard let item = screen.current else { return [] }
                screen.changeMarks { $0.toggle(item) }
                return screen.moveCurrent(by: 1)
            },
            Binding(
                "mark-range", .character("v"), BucketsMarkPhrases.keyRange, help: BucketsMarkPhrases.helpRange,
                group: .view, bar: false, when: { screen, _ in screen.current != nil }
            ) { screen, _ in
                guard let item = screen.current else { return [] }
                let shown = screen.shown
                screen.changeMarks { $0.extend(to: item, in: shown) }
                return []
            },
            Binding(
                "mark-all", .character("a"), BucketsMarkPhrases.keyAll, help: BucketsMarkPhrases.helpAll, group: .view,
                bar: false, when: { screen, _ in !screen.shown.isEmpty }
            ) { screen, _ in
                let shown = screen.shown
                screen.changeMarks { $0.mark(shown) }
                return []
            },
            Binding(
                "clear-marks", .character("U"), BucketsMarkPhrases.keyUnmark, help: BucketsMarkPhrases.helpUnmark,
                group: .view, bar: false, when: { screen, _ in !screen.marks.isEmpty }
            ) { screen, _ in
                screen.changeMarks { $0.clear() }
                return []
            },
        ] + BucketsTransferKeys.bindings

    private static let results: [Binding] = [
        ("next-result", "n", 1, BucketsFindPhrases.helpNext),
        ("previous-result", "N", -1, BucketsFindPhrases.helpPrevious),
    ].map { action, key, step, help in
        Binding(
            action, .character(key), BucketsFindPhrases.keyResult, help: help, group: .find, bar: false,
            when: { screen, _ in !screen.find.items.isEmpty }
        ) { screen, _ in BucketsFinding.step(step, in: &screen) }
    }

    // MARK: Sorting

    private static let sort = Binding(
        "sort", .character("o"), BucketsPhrases.keySort, help: BucketsPhrases.helpSort, group: .view,
        when: Self.isListed
    ) { screen, _ in
        screen.openMenu()
        return []
    }

    private static let sortShifts: [Binding] = [
        ("sort-previous", "<", -1, BucketsPhrases.helpSortPrevious), ("sort-next", ">", 1, BucketsPhrases.helpSortNext),
    ].map { action, key, step, help in
        Binding(
            action, .character(key), BucketsPhrases.keySort, help: help, group: .view, bar: false, when: Self.isListed
        ) { screen, _ in
            screen.changeListing { $0.setSort($0.sort.shifted(by: step)) }
            return []
        }
    }

    private static let menuBindings: [Binding] =
        [
            Binding(
                "apply", .enter, BucketsPhrases.keySort, help: BucketsPhrases.helpApplySort, group: .view
            ) { screen, _ in
                guard let column = screen.menu?.column else { return [] }
                screen.closeMenu()
                screen.changeListing { $0.setSort($0.sort.chosen(column)) }
                return []
            }
        ]
        + KeyMovement.bindings { screen, movement, world in
            screen.moveMenu(by: movement.rows(page: BucketsSort.Column.allCases.count))
            return []
        } + [
            Binding(
                "close", [.escape, .character("o")], BucketsPhrases.keyBack, help: KeyPhrases.close, group: .move
            ) { screen, _ in
                screen.closeMenu()
                return []
            }
        ]

    // MARK: Field

    private static let filter = Binding(
        "filter", .character("/"), BucketsPhrases.keyFilter, help: BucketsPhrases.helpFilter, group: .find,
        when: Self.isListed
    ) { screen, _ in
        screen.openField()
        return []
    }

    private static let clear = Binding(
        "clear-filter", .character("c"), BucketsPhrases.keyClear, help: BucketsPhrases.helpClear, group: .find,
        bar: false,
        when: { screen, _ in screen.listing?.filter.isEmpty == false && !BucketsTransferKeys.isBusy(screen) }
    ) { screen, _ in
        screen.changeListing { $0.setFilter("") }
        return []
    }

    private static let applyField = Binding(
        "apply", .enter, BucketsPhrases.keyApply, help: KeyPhrases.apply, group: .find
    ) { screen, _ in
        guard let field = screen.field, let listing = screen.listing else { return [] }
        screen.closeField()
        switch field.kind {
        case .filter: return BucketsFinding.close(&screen)
        case .prefix:
            let closed = BucketsFinding.close(&screen)
            screen.changeListing { $0.setFilter("") }
            return closed + BucketsBrowsing.enter(prefix: listing.path(typed: field.text), &screen)
        case .below: return BucketsFinding.begin(field.text, below: listing.prefix, in: &screen)
        case .bucket: return BucketsFinding.begin(field.text, below: "", in: &screen)
        }
    }

    private static let turnField = Binding(
        "turn", .tab, BucketsPhrases.keyOther, help: BucketsPhrases.helpTurn, group: .find
    ) { screen, _ in
        screen.changeField { $0.turn() }
        return []
    }

    private static let leaveField = Binding(
        "leave", .escape, BucketsPhrases.keyBack, help: KeyPhrases.leaveField, group: .move
    ) { screen, _ in
        let isFilter = screen.field?.kind == .filter
        screen.closeField()
        if isFilter { screen.changeListing { $0.setFilter("") } }
        return []
    }

    // MARK: Copying

    /// The metadata of what is selected or opened, as it is shown.
    static func fields(of screen: BucketsScreen, in world: World) -> [PaneField] {
        guard let item = screen.current else { return [] }
        return BucketsFields.fields(of: item, content: screen.preview?.content, in: world)
            + BucketsFields.found(of: item, screen, world)
    }

    private static let copyKey = Binding(
        "copy", .character("y"), BucketsPhrases.keyCopy, help: BucketsPhrases.helpCopy, group: .copy,
        when: Self.hasItem
    ) { screen, _ in screen.listing?.selected.map { [.copy($0.key)] } ?? [] }

    private static let copyField = Binding(
        "copy", .character("y"), BucketsPhrases.keyCopyField, help: BucketsPhrases.helpCopyField, group: .copy,
        when: Self.hasItem
    ) { screen, world in
        screen.details.selected(of: Self.fields(of: screen, in: world)).map { [.copy($0.value)] } ?? []
    }

    static let address: @Sendable (inout BucketsScreen, World) -> [Effect] = { screen, world in
        guard let item = screen.current, let resource = screen.resource(in: world)
        else { return [] }
        return [.copy(BucketsText.address(of: item.key, in: resource))]
    }
}
