import ConsoleUI
import TerminalCanvas
import WorkerDomain

/// The keys of the database screen: its tables, its schema, and what they share with rows and values.
enum DatabaseKeys {
    typealias Binding = KeyBinding<DatabaseScreen, Effect>
    typealias Pane = KeyPane<DatabaseScreen, Effect>

    static let panes: [Pane] =
        [ExportKeys.pane, WritingKeys.pane] + StatementKeys.panes + DatabaseRowKeys.valuePanes + [
            Pane(
                "tables", DatabasePhrases.paneTables, when: { $0.focus == .tables },
                [Self.enterRows, Self.toggleSystem] + Self.shared + [Self.leaveTables] + Self.tableMoves)
        ] + DatabaseRowKeys.panes + [
            Pane(
                "schema", DatabasePhrases.paneSchema, when: { $0.focus == .schema },
                [Self.leaveSchema] + Self.shared + Self.schemaMoves),
            Pane(
                "migrations", DatabasePhrases.paneMigrations, when: { $0.focus == .migrations },
                [Self.leaveSchema] + Self.shared + Self.migrationMoves),
        ]

    static let back: Phrase = DatabasePhrases.keyBack

    // MARK: Tables

    private static let enterRows = Binding(
        "open", [.enter, .right, .character("l")], DatabasePhrases.keyRows, help: DatabasePhrases.helpRows,
        group: .open, when: { screen, _ in !screen.tables.isOnSystem && screen.front != nil }
    ) { screen, _ in
        screen.show(.rows)
        return []
    }

    private static let toggleSystem = Binding(
        "system-tables", [.enter, .right, .character("l")], DatabasePhrases.keySystemTables,
        help: DatabasePhrases.helpSystemTables, group: .open, when: { screen, _ in screen.tables.isOnSystem }
    ) { screen, _ in
        screen.tables.toggleSystem()
        return []
    }

    private static let leaveTables = Binding(
        "back", .escape, Self.back, help: KeyPhrases.back, group: .move, bar: false,
        when: { screen, _ in screen.result != nil || screen.grid?.filter.isEmpty == false }
    ) { screen, _ in screen.result != nil ? screen.closeResult() : screen.change(\.rows) { $0.setFilter("") } }

    private static let tableMoves: [Binding] = KeyMovement.bindings(
        bar: false, when: { screen, _ in !screen.tables.rows.isEmpty }
    ) { screen, movement, world in
        screen.select(row: screen.tables.cursor + movement.rows(page: world.layout.page))
    }

    // MARK: Schema

    private static let leaveSchema = Binding(
        "back", [.escape, .left, .character("h")], Self.back, help: KeyPhrases.back, group: .move
    ) { screen, _ in
        screen.show(.tables)
        return []
    }

    private static let schemaMoves: [Binding] = KeyMovement.bindings(bar: false) { screen, movement, world in
        screen.moveSchema(by: movement.rows(page: world.layout.page), in: world)
        return []
    }

    private static let migrationMoves: [Binding] = KeyMovement.bindings(bar: false) { screen, movement, world in
        screen.migrations.move(
            by: movement.rows(page: world.layout.page), page: world.layout.page, world.language)
        return []
    }

    // MARK: Shared

    /// Keys of every pane that is not typed in, values aside.
    static let shared: [Binding] =
        [
            Binding(
                "statement", .character("i"), DatabasePhrases.keySQL, help: DatabasePhrases.helpSQL, group: .open,
                when: Self.isOpen
            ) { screen, _ in
                let tables = screen.tables.all.map(\.name)
                return screen.change(\.queries) { $0.openStatement(tables: tables) }
            },
            Binding(
                "find", .character("/"), CommonPhrases.find, help: DatabasePhrases.helpFind, group: .find,
                when: { screen, _ in screen.result != nil }
            ) { screen, _ in
                screen.queries.changeResult { $0.beginFinding() }
                return []
            },
            Binding(
                "filter", .character("/"), DatabasePhrases.keyFilter, help: DatabasePhrases.helpFilter, group: .find,
                when: { screen, _ in screen.result == nil && screen.grid != nil }
            ) { screen, _ in
                screen.rows.openFilter()
                return []
            },
        ] + Self.matches + [
            Binding(
                "schema", .character("s"), DatabasePhrases.keySchema, help: DatabasePhrases.helpSchema, group: .view
            ) { screen, _ in
                screen.show(screen.focus == .schema ? .rows : .schema)
                return []
            },
            Self.pane("pane", .tab, 1, KeyPhrases.nextPane),
        ] + Self.databases + [
            Binding(
                "count", .character("#"), DatabasePhrases.keyCount, help: DatabasePhrases.helpCount, group: .view,
                labelNow: { screen, _ in
                    screen.tables.isCounting ? DatabasePhrases.keyStopCount : DatabasePhrases.keyCount
                },
                when: { screen, _ in screen.tables.isCounting || (screen.grid.map { $0.total == nil } ?? false) }
            ) { screen, _ in
                screen.change(\.tables) { $0.isCounting ? $0.stopCounting() : $0.countOpen() }
            },
            Binding(
                "reload", .character("r"), DatabasePhrases.keyReload, help: DatabasePhrases.helpReload, group: .view,
                when: Self.isOpen
            ) { screen, world in screen.reload(in: world) },
            ExportKeys.begin,
            Binding(
                "plan", .character("K"), DatabasePhrases.keyPlan, help: DatabasePhrases.helpPlan, group: .view,
                bar: false, when: { screen, _ in screen.result.map { $0.kind != .plan } ?? false }
            ) { screen, world in
                screen.result.map(\.statement).map { screen.run($0, .plan, in: world) } ?? []
            },
            Binding(
                "migrations", .character("m"), DatabasePhrases.keyMigrations, help: DatabasePhrases.helpMigrations,
                group: .view, bar: false, when: Self.isOpen
            ) { screen, _ in DatabaseActions.showMigrations(on: &screen) },
            WritingKeys.toggle,
            Self.reveal,
            Self.pane("pane-back", .backTab, -1, DatabasePhrases.helpPaneBack),
            Binding(
                "clear-filter", .character("c"), DatabasePhrases.keyClear, help: DatabasePhrases.helpClear,
                group: .find, bar: false,
                when: { screen, _ in
                    screen.result.map { !$0.query.isEmpty } ?? (screen.grid?.filter.isEmpty == false)
                }
            ) { screen, _ in
                guard screen.result != nil else { return screen.change(\.rows) { $0.setFilter("") } }
                screen.queries.changeResult { $0.endFinding() }
                return []
            },
        ]

    private static let isOpen: @Sendable (DatabaseScreen, World) -> Bool = { screen, world in
        screen.resource(in: world) != nil
    }

    static let reveal = Binding(
        "reveal", .character("*"), TrafficPhrases.keyReveal, help: DatabasePhrases.helpReveal, group: .view,
        when: Self.isOpen
    ) { screen, world in DatabaseValues.reveal(on: &screen, in: world) }

    private static func pane(_ action: String, _ key: KeyEvent, _ step: Int, _ help: Phrase) -> Binding {
        Binding(action, key, DatabasePhrases.keyPane, help: help, group: .view, bar: step > 0) { screen, _ in
            let all: [DatabaseScreen.Focus] = [.tables, .rows, .schema]
            let index = all.firstIndex(of: screen.focus) ?? 0
            screen.show(all[(index + step + all.count) % all.count])
            return []
        }
    }

    private static let databases: [Binding] = [
        ("previous-database", "[", -1, DatabasePhrases.helpPreviousDatabase),
        ("next-database", "]", 1, DatabasePhrases.helpDatabase),
    ].map { action, key, step, help in
        Binding(
            action, .character(key), DatabasePhrases.keyDatabase, help: help, group: .view,
            when: { _, world in DatabaseChoice.databases(in: world).count > 1 }
        ) { screen, world in screen.switchDatabase(by: step, in: world) }
    }

    private static let matches: [Binding] = [
        ("next-match", "n", 1, ContentPhrases.helpNextMatch),
        ("previous-match", "N", -1, ContentPhrases.helpPreviousMatch),
    ].map { action, key, step, help in
        Binding(
            action, .character(key), CommonPhrases.nextMatch, help: help, group: .find,
            when: { screen, _ in screen.result?.query.isEmpty == false }
        ) { screen, world in DatabaseRowKeys.find(step, in: &screen, world) }
    }
}
