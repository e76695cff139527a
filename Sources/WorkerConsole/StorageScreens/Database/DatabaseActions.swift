import ConsoleUI
import WorkerDomain

/// What keys do that concerns several parts of the database screen.
enum DatabaseActions {
    /// Goes to the row that the selected value refers to.
    static func follow(on screen: inout DatabaseScreen, in world: World) -> [Effect] {
        guard let reference = screen.rows.reference else { return [] }
        guard let target = screen.tables.table(named: reference.table) else {
            let text = DatabasePhrases.noReferenced(world.language, reference.table)
            return [.toast(text, isFailure: true)]
        }
        let lookUp = screen.rows.lookUp(reference, in: target)
        return [
            screen.start(\.rows.followPending, lookUp) { screen, reply, world in
                switch reply {
                case .success(let answer) where !answer.page.rows.rows.isEmpty:
                    guard screen.tables.show(reference.table), let table = screen.tables.open else { return [] }
                    return screen.change(\.rows) { $0.visit(table, answer) }
                case .success:
                    let text = DatabasePhrases.noReferenced(world.language, reference.table)
                    return [.toast(text, isFailure: true)]
                case .failure(let error): return [.toast(world.language.text(error.reason), isFailure: true)]
                }
            }
        ]
    }

    /// Goes back to the table that a reference was followed from.
    static func comeBack(on screen: inout DatabaseScreen) -> [Effect] {
        let effects = screen.change(\.rows) { $0.goBack() }
        if let table = screen.rows.grid?.table { _ = screen.tables.show(table) }
        return effects
    }

    /// Shows the migrations, or the tables again.
    static func showMigrations(on screen: inout DatabaseScreen) -> [Effect] {
        screen.show(screen.focus == .migrations ? .tables : .migrations)
        return screen.focus == .migrations ? screen.change(\.migrations) { $0.load() } : []
    }

    /// Writes the file whose name was typed.
    static func writeExport(on screen: inout DatabaseScreen, in world: World) -> [Effect] {
        guard let binding = screen.choice.binding else { return [] }
        let (header, redaction) = (screen.rows.grid?.page.rows ?? SQLRows(columns: [], rows: []), screen.redaction)
        return screen.change(\.export) { $0.write(from: binding, header: header, redaction, in: world) }
    }
}
