import ConsoleUI
import TerminalCanvas
import WorkerDomain

/// The keys of rows, of one row and of one value.
enum DatabaseRowKeys {
    typealias Binding = KeyBinding<DatabaseScreen, Effect>
    typealias Pane = KeyPane<DatabaseScreen, Effect>

    private static let content: ContentKeys.Find<DatabaseScreen> = { screen, _ in screen.content }
    private static let change: ContentKeys.Change<DatabaseScreen> = { screen, world, body in
        DatabaseValues.change(on: &screen, in: world, body)
    }

    static let valuePanes: [Pane] = [
        Pane(
            "value", DatabasePhrases.paneValue, when: { $0.cell != nil },
            ContentKeys.views(
                Self.content, Self.change, more: [.tab, .character("]")], moreBack: [.backTab, .character("[")])
                + ContentKeys.finding(Self.content, Self.change, help: DatabasePhrases.helpFindValue)
                + ContentKeys.sideways(Self.change, bar: true)
                + [Self.copyValue, ExportKeys.beginValue, DatabaseKeys.reveal, Self.closeValue]
                + ContentKeys.moves(Self.change, bar: false))
    ]

    static let panes: [Pane] = [
        Pane(
            "row", DatabasePhrases.paneRow, when: { $0.focus == .rows && $0.isRowOpen },
            [Self.openField, Self.follow] + Self.otherRows + [Self.copyValue, Self.copyRow, Self.closeRow]
                + DatabaseKeys.shared
                + Self.fieldMoves),
        Pane(
            "rows", DatabasePhrases.paneRows, when: { $0.focus == .rows },
            [Self.openRow, Self.openValue, Self.follow] + Self.columns + [Self.sort, Self.copyValue, Self.copyRow]
                + DatabaseKeys.shared + Self.sortShifts + [Self.leaveRows] + Self.rowMoves),
    ]

    private static let hasRow: @Sendable (DatabaseScreen, World) -> Bool = { screen, _ in
        screen.front?.selectedRow != nil
    }

    private static let isTable: @Sendable (DatabaseScreen, World) -> Bool = { screen, _ in
        screen.result == nil && screen.grid?.columns.isEmpty == false
    }

    // MARK: Rows

    private static let openRow = Binding(
        "open", .enter, DatabasePhrases.keyRow, help: DatabasePhrases.helpRow, group: .open, when: Self.hasRow
    ) { screen, _ in
        screen.openRow(true)
        return []
    }

    private static let openValue = Binding(
        "value", .character("v"), DatabasePhrases.keyCell, help: DatabasePhrases.helpValue, group: .open,
        when: Self.hasRow
    ) { screen, world in DatabaseValues.open(on: &screen, in: world) }

    private static let columns: [Binding] = [
        Binding(
            "previous-column", [.character("h"), .left], DatabasePhrases.keyColumn,
            help: DatabasePhrases.helpColumnBack,
            group: .move
        ) { screen, _ in
            if screen.result == nil, (screen.front?.column ?? 0) == 0 { screen.show(.tables) }
            screen.changeFront { $0.select(column: $0.column - 1) }
            return []
        },
        Binding(
            "next-column", [.character("l"), .right], DatabasePhrases.keyColumn, help: DatabasePhrases.helpColumn,
            group: .move
        ) { screen, _ in
            screen.changeFront { $0.select(column: $0.column + 1) }
            return []
        },
    ]

    private static let sort = Binding(
        "sort", .character("o"), DatabasePhrases.keySort, help: DatabasePhrases.helpSort, group: .view,
        when: Self.isTable
    ) { screen, _ in
        guard let grid = screen.grid, let column = grid.selectedColumn else { return [] }
        return screen.change(\.rows) { $0.setOrder(grid.nextOrder(of: column)) }
    }

    private static let sortShifts: [Binding] = [
        ("sort-previous", "<", -1, BucketsPhrases.helpSortPrevious), ("sort-next", ">", 1, BucketsPhrases.helpSortNext),
    ].map { action, key, step, help in
        Binding(
            action, .character(key), DatabasePhrases.keySort, help: help, group: .view, bar: false, when: Self.isTable
        ) { screen, _ in
            guard let grid = screen.grid else { return [] }
            // The column beside the one that is sorted by, which is selected then.
            let now = grid.order.flatMap { order in grid.columns.firstIndex { $0.hasSameBytes(as: order.column) } }
            let count = grid.columns.count
            let index = now.map { ($0 + step + count) % count } ?? grid.column
            screen.changeFront { $0.select(column: index) }
            let order = SQLOrder(column: grid.columns[index], isDescending: grid.order?.isDescending ?? false)
            return screen.change(\.rows) { $0.setOrder(order) }
        }
    }

    private static let leaveRows = Binding(
        "back", .escape, DatabaseKeys.back, help: KeyPhrases.back, group: .move, bar: false
    ) { screen, _ in
        if screen.result != nil { return screen.closeResult() }
        if screen.rows.isVisiting {
            return DatabaseActions.comeBack(on: &screen)
        } else if screen.grid?.filter.isEmpty == false {
            return screen.change(\.rows) { $0.setFilter("") }
        } else {
            screen.show(.tables)
        }
        return []
    }

    private static let rowMoves: [Binding] = KeyMovement.bindings(bar: false, when: Self.hasRow) {
        screen, movement, world in
        switch movement {
        case .first: Self.showFirst(in: &screen)
        case .last: Self.showLast(in: &screen)
        case .rows, .halfPages, .pages: Self.moveRow(by: movement.rows(page: world.layout.page), in: &screen)
        }
    }

    /// Moves inside the page, and on to the page before or behind at its edges.
    private static func moveRow(by step: Int, in screen: inout DatabaseScreen) -> [Effect] {
        guard let grid = screen.front else { return [] }
        if screen.result == nil, !grid.isLoading {
            if step > 0, grid.row == grid.rows.count - 1, grid.hasMore {
                return screen.change(\.rows) { $0.loadNext() }
            }
            if step < 0, grid.row == 0, grid.hasBefore { return screen.change(\.rows) { $0.loadPrevious() } }
        }
        screen.changeFront { $0.select(row: grid.row + step) }
        return []
    }

    private static func showFirst(in screen: inout DatabaseScreen) -> [Effect] {
        if screen.result == nil, screen.grid?.hasBefore == true { return screen.change(\.rows) { $0.loadFirst() } }
        screen.changeFront { $0.select(row: 0) }
        return []
    }

    private static func showLast(in screen: inout DatabaseScreen) -> [Effect] {
        if screen.result == nil, screen.grid?.hasMore == true { return screen.change(\.rows) { $0.loadLast() } }
        screen.changeFront { $0.select(row: $0.rows.count - 1) }
        return []
    }

    /// Goes to what the value refers to.
    private static let follow = Binding(
        "follow", .character("f"), DatabasePhrases.keyFollow, help: DatabasePhrases.helpFollow, group: .open,
        when: { screen, _ in screen.result == nil && screen.rows.reference != nil }
    ) { screen, world in DatabaseActions.follow(on: &screen, in: world) }

    // MARK: One row

    private static let openField = Binding(
        "value", [.enter, .character("v")], DatabasePhrases.keyCell, help: DatabasePhrases.helpValue, group: .open,
        when: Self.hasRow
    ) { screen, world in DatabaseValues.open(on: &screen, in: world) }

    private static let otherRows: [Binding] = [
        ("previous-row", "h", KeyEvent.left, -1, DatabasePhrases.helpPreviousRow),
        ("next-row", "l", .right, 1, DatabasePhrases.helpNextRow),
    ].map { action, letter, key, step, help in
        Binding(
            action, [.character(letter), key], DatabasePhrases.keyNextRow, help: help, group: .move
        ) { screen, _ in Self.moveRow(by: step, in: &screen) }
    }

    private static let closeRow = Binding(
        "back", .escape, DatabaseKeys.back, help: KeyPhrases.back, group: .move
    ) { screen, _ in
        screen.openRow(false)
        return []
    }

    private static let fieldMoves: [Binding] = KeyMovement.bindings(bar: false) { screen, movement, world in
        screen.changeFront { $0.select(column: $0.column + movement.rows(page: world.layout.page)) }
        return []
    }

    // MARK: Copying

    private static let copyValue = Binding(
        "copy", .character("y"), DatabasePhrases.keyCopy, help: DatabasePhrases.helpCopy, group: .copy,
        when: Self.hasRow
    ) { screen, world in
        guard let grid = screen.front, let value = grid.selectedValue else { return [] }
        guard screen.shown(value, at: grid.column, of: grid.page.rows, in: world) == value else {
            return [.toast(DatabasePhrases.isHidden(world.language), isFailure: true)]
        }
        return [.copy(DatabaseText.copyable(value))]
    }

    /// What is hidden stays hidden in the copy.
    private static let copyRow = Binding(
        "copy-row", .character("Y"), DatabasePhrases.keyCopy, help: DatabasePhrases.helpCopyRow, group: .copy,
        when: Self.hasRow
    ) { screen, world in
        guard let grid = screen.front, let row = grid.selectedRow else { return [] }
        let values = row.enumerated().map { screen.shown($1, at: $0, of: grid.page.rows, in: world) }
        return [.copyLines(values.map { CopiedText.column(DatabaseText.copyable($0)) }.joined(separator: "\t"))]
    }

    // MARK: A value

    private static let closeValue = Binding(
        "back", .escape, DatabaseKeys.back, help: KeyPhrases.back, group: .move
    ) { screen, world in
        var isInside = false
        let effects = DatabaseValues.change(on: &screen, in: world) {
            isInside = ContentKeys.stepBack(&$0)
            return nil
        }
        return isInside ? effects : DatabaseValues.close(on: &screen)
    }

    /// Goes to the next value of the answer to a statement that holds what is looked for.
    static func find(_ step: Int, in screen: inout DatabaseScreen, _ world: World) -> [Effect] {
        let query = screen.result?.query ?? ""
        guard !query.isEmpty, let rows = screen.result?.grid.page.rows else { return [] }
        var isFound = false
        let shown = screen
        screen.queries.changeResult {
            isFound = $0.find(step) { row in
                rows.rows[row].enumerated().map { index, value in
                    DatabaseText.copyable(shown.shown(value, at: index, of: rows, in: world))
                }
            }
        }
        if isFound { screen.show(.rows) }
        return isFound ? [] : [.toast(CommonPhrases.notFound(world.language, query), isFailure: true)]
    }
}
