import TerminalCanvas
import WorkerDomain

/// The keys of the fields of the database screen: the statement, the filter, and what is looked for.
enum StatementKeys {
    typealias Binding = KeyBinding<DatabaseScreen, Effect>
    typealias Pane = KeyPane<DatabaseScreen, Effect>

    static let panes: [Pane] = [
        Pane(
            "statement", DatabasePhrases.paneStatement, when: { $0.statement.isOpen },
            [Self.breakLine, Self.run, Self.complete, Self.earlier, Self.later, Self.leaveStatement]
        ) { screen, key, _ in
            screen.changeStatement { $0.type(key) }
            return []
        },
        Pane(
            "filter", DatabasePhrases.paneFilter, when: { $0.filterField != nil }, [Self.applyFilter, Self.leaveFilter]
        ) { screen, key, _ in
            screen.typeFilter(key)
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
        screen.changeStatement { $0.breakLine() }
        return []
    }

    private static let run = Binding(
        "run", .function(5), DatabasePhrases.keyRun, help: DatabasePhrases.helpRun, group: .open
    ) { screen, _ in screen.runStatement() }

    private static let complete = Binding(
        "complete", .tab, DatabasePhrases.keyComplete, help: DatabasePhrases.helpComplete, group: .change
    ) { screen, _ in
        screen.complete()
        return []
    }

    private static let earlier = Binding(
        "earlier", .up, DatabasePhrases.keyHistory, help: DatabasePhrases.helpEarlier, group: .move,
        when: { screen, _ in !screen.statement.history.isEmpty }
    ) { screen, _ in
        screen.changeStatement { $0.moveUp() }
        return []
    }

    private static let later = Binding(
        "later", .down, DatabasePhrases.keyHistory, help: DatabasePhrases.helpLater, group: .move,
        when: { screen, _ in !screen.statement.history.isEmpty }
    ) { screen, _ in
        screen.changeStatement { $0.moveDown() }
        return []
    }

    private static let leaveStatement = Binding(
        "leave", .escape, DatabaseKeys.back, help: KeyPhrases.leaveField, group: .move
    ) { screen, _ in
        screen.changeStatement { $0.close() }
        return []
    }

    // MARK: Filter

    private static let applyFilter = Binding(
        "apply", .enter, DatabasePhrases.keyFilter, help: KeyPhrases.apply, group: .find
    ) { screen, _ in
        guard let text = screen.closeFilter() else { return [] }
        screen.show(.rows)
        return screen.setFilter(text)
    }

    private static let leaveFilter = Binding(
        "leave", .escape, DatabaseKeys.back, help: KeyPhrases.leaveField, group: .move
    ) { screen, _ in
        _ = screen.closeFilter()
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
        if screen.cell != nil { return screen.changeContent(in: world) { $0.type(key) } }
        screen.changeResult { _ = $0.type(key) }
        return []
    }
}
