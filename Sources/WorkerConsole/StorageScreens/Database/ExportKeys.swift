import ConsoleUI
import TerminalCanvas
import WorkerDomain

/// The keys of writing rows and values to files.
enum ExportKeys {
    typealias Binding = KeyBinding<DatabaseScreen, Effect>

    static let pane = KeyPane<DatabaseScreen, Effect>(
        "export", DatabasePhrases.paneExport, when: { $0.export.field != nil },
        [Self.write, Self.format, Self.leave]
    ) { screen, key, _ in
        screen.export.type(key)
        return []
    }

    private static let write = Binding(
        "write", .enter, DatabasePhrases.keyWriteFile, help: DatabasePhrases.helpWriteFile, group: .copy
    ) { screen, world in DatabaseActions.writeExport(on: &screen, in: world) }

    private static let format = Binding(
        "format", .tab, DatabasePhrases.keyFormat, help: DatabasePhrases.helpFormat, group: .change
    ) { screen, _ in
        screen.export.nextFormat()
        return []
    }

    private static let leave = Binding(
        "leave", .escape, DatabaseKeys.back, help: KeyPhrases.leaveField, group: .move
    ) { screen, _ in
        screen.export.cancelTyping()
        return []
    }

    /// The row that is open alone, else the result in front, else the whole table.
    static let begin = Binding(
        "export", .character("x"), DatabasePhrases.keyExport, help: DatabasePhrases.helpExport, group: .copy,
        labelNow: { screen, _ in screen.export.isWriting ? DatabasePhrases.keyStopExport : DatabasePhrases.keyExport },
        when: { screen, _ in screen.export.isWriting || screen.front?.columns.isEmpty == false }
    ) { screen, _ in
        if screen.export.isWriting { return screen.change(\.export) { $0.stop() } }
        guard let grid = screen.front else { return [] }
        let name = grid.table ?? "result"
        if screen.isRowOpen, let row = grid.selectedRow {
            var rows = grid.page.rows
            rows.rows = [row]
            screen.export.begin(.rows(rows, name: name))
        } else if screen.result != nil {
            screen.export.begin(.rows(grid.page.rows, name: name))
        } else {
            screen.export.begin(.table(name))
        }
        return []
    }

    /// The value that is looked at, as it may be shown.
    static let beginValue = Binding(
        "export", .character("x"), DatabasePhrases.keySaveValue, help: DatabasePhrases.helpSaveValue, group: .copy,
        when: { screen, _ in screen.cell.map { $0.value != .null } ?? false }
    ) { screen, _ in
        guard let cell = screen.cell else { return [] }
        screen.export.begin(.value(DatabaseCell.bytes(of: cell.value), name: cell.title))
        return []
    }
}
