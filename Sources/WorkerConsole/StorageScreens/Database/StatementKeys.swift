import ConsoleUI
import TerminalCanvas
import WorkerDomain

/// The keys of the fields of the database screen: the statement, the filter, and what is looked for.
enum StatementKeys {
    typealias Binding = KeyBinding<DatabaseScreen, Effect>
    typealias Pane = KeyPane<DatabaseScreen, Effect>

    static let panes: [Pane] = [
        Pane(
            "statement", DatabasePhrases.paneStatement, when: { $0.statement.isTyping },
            [
                Self.breakLine, Self.run, Self.complete, Self.plan, Self.openList, Self.openName, Self.earlier,
                Self.later,
                Self.leaveStatement,
            ]
        ) { screen, key, _ in
            screen.queries.changeStatement { $0.type(key) }
            return []
        },
        Pane(
            "kept-statements", DatabasePhrases.paneKept, when: { $0.statement.list != nil },
            [Self.choose, Self.removeSaved, Self.leaveList] + Self.listMoves
        ) { screen, key, _ in
            screen.queries.changeStatement { $0.changeList { $0.type(key) } }
            return []
        },
        Pane(
            "statement-name", DatabasePhrases.paneName, when: { $0.statement.nameField != nil },
            [Self.saveName, Self.leaveName]
        ) { screen, key, _ in
            screen.queries.changeStatement { $0.typeName(key) }
            return []
        },
        Pane(
            "filter", DatabasePhrases.paneFilter, when: { $0.rows.filterField != nil },
            [Self.applyFilter, Self.leaveFilter]
        ) { screen, key, _ in
            screen.rows.typeFilter(key)
            return []
        },
        Pane(
            "find", DatabasePhrases.paneFind, when: { $0.result?.isTyping == true || $0.cell?.pane.isTyping == true },
            [Self.seek, Self.leaveFind]
        ) { screen, key, world in Self.type(key, in: &screen, world) },
    ]

    // MARK: Statement

    private static let breakLine = Binding(
        "new-line", .enter, DatabasePhrases.keyNewLine, help: DatabasePhrases.helpNewLine, group: .change
    ) { screen, _ in
        screen.queries.changeStatement { $0.breakLine() }
        return []
    }

    private static let run = Binding(
        "run", .function(5), DatabasePhrases.keyRun, help: DatabasePhrases.helpRun, group: .open
    ) { screen, world in screen.runStatement(.rows, in: world) }

    private static let plan = Binding(
        "plan", .function(6), DatabasePhrases.keyPlan, help: DatabasePhrases.helpPlan, group: .view,
        when: { screen, _ in !screen.statement.isBlank }
    ) { screen, world in screen.runStatement(.plan, in: world) }

    // MARK: Kept statements

    private static let openList = Binding(
        "kept", .control("r"), DatabasePhrases.keyKept, help: DatabasePhrases.helpKept, group: .open
    ) { screen, _ in
        screen.queries.changeStatement { $0.openList() }
        return []
    }

    private static let openName = Binding(
        "save", .control("o"), DatabasePhrases.keySave, help: DatabasePhrases.helpSave, group: .change,
        when: { screen, _ in !screen.statement.isBlank }
    ) { screen, _ in
        screen.queries.changeStatement { $0.openName() }
        return []
    }

    private static let choose = Binding(
        "choose", .enter, DatabasePhrases.keyChoose, help: DatabasePhrases.helpChoose, group: .open
    ) { screen, _ in
        screen.queries.changeStatement { $0.choose() }
        return []
    }

    private static let removeSaved = Binding(
        "remove", .delete, DatabasePhrases.keyRemove, help: DatabasePhrases.helpRemove, group: .change,
        when: { screen, _ in screen.statement.list?.selected?.name != nil }
    ) { screen, _ in screen.change(\.queries) { $0.removeSaved() } }

    private static let leaveList = Binding(
        "leave", .escape, DatabaseKeys.back, help: KeyPhrases.leaveField, group: .move
    ) { screen, _ in
        screen.queries.changeStatement { $0.closeList() }
        return []
    }

    private static let listMoves: [Binding] = [
        ("previous", KeyEvent.up, -1, DatabasePhrases.helpPreviousKept),
        ("next", .down, 1, DatabasePhrases.helpNextKept),
    ].map { action, key, step, help in
        Binding(
            action, key, DatabasePhrases.keyHistory, help: help, group: .move,
            when: { screen, _ in screen.statement.list?.canMove == true }
        ) { screen, _ in
            screen.queries.changeStatement { $0.changeList { $0.move(by: step) } }
            return []
        }
    }

    private static let saveName = Binding(
        "apply", .enter, DatabasePhrases.keySave, help: DatabasePhrases.helpSaveName, group: .change
    ) { screen, _ in screen.change(\.queries) { $0.save() } }

    private static let leaveName = Binding(
        "leave", .escape, DatabaseKeys.back, help: KeyPhrases.leaveField, group: .move
    ) { screen, _ in
        screen.queries.changeStatement { $0.closeName() }
        return []
    }

    private static let complete = Binding(
        "complete", .tab, DatabasePhrases.keyComplete, help: DatabasePhrases.helpComplete, group: .change
    ) { screen, _ in
        screen.queries.complete()
        return []
    }

    private static let earlier = Binding(
        "earlier", .up, DatabasePhrases.keyHistory, help: DatabasePhrases.helpEarlier, group: .move,
        when: { screen, _ in !screen.statement.history.isEmpty }
    ) { screen, _ in
        screen.queries.changeStatement { $0.moveUp() }
        return []
    }

    private static let later = Binding(
        "later", .down, DatabasePhrases.keyHistory, help: DatabasePhrases.helpLater, group: .move,
        when: { screen, _ in !screen.statement.history.isEmpty }
    ) { screen, _ in
        screen.queries.changeStatement { $0.moveDown() }
        return []
    }

    private static let leaveStatement = Binding(
        "leave", .escape, DatabaseKeys.back, help: KeyPhrases.leaveField, group: .move
    ) { screen, _ in
        screen.queries.changeStatement { $0.close() }
        return []
    }

    // MARK: Filter

    private static let applyFilter = Binding(
        "apply", .enter, DatabasePhrases.keyFilter, help: KeyPhrases.apply, group: .find
    ) { screen, _ in
        guard let text = screen.rows.closeFilter() else { return [] }
        screen.show(.rows)
        return screen.change(\.rows) { $0.setFilter(text) }
    }

    private static let leaveFilter = Binding(
        "leave", .escape, DatabaseKeys.back, help: KeyPhrases.leaveField, group: .move
    ) { screen, _ in
        _ = screen.rows.closeFilter()
        return []
    }

    // MARK: Find

    private static let seek = Binding(
        "apply", .enter, CommonPhrases.find, help: BucketsPhrases.helpSeek, group: .find
    ) { screen, world in
        let effects = Self.type(.enter, in: &screen, world)
        return effects + (screen.cell == nil ? DatabaseRowKeys.find(1, in: &screen, world) : [])
    }

    private static let leaveFind = Binding(
        "leave", .escape, DatabaseKeys.back, help: KeyPhrases.leaveField, group: .move
    ) { screen, world in Self.type(.escape, in: &screen, world) }

    private static func type(_ key: KeyEvent, in screen: inout DatabaseScreen, _ world: World) -> [Effect] {
        if screen.cell != nil { return DatabaseValues.change(on: &screen, in: world) { $0.type(key) } }
        screen.queries.changeResult { _ = $0.type(key) }
        return []
    }
}
