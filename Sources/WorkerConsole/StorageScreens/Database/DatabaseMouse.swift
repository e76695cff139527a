import ConsoleUI
import TerminalCanvas
import WorkerDomain

/// What a click on the database screen means.
enum DatabaseMouse {
    static func click(row: Int, column: Int, on screen: inout DatabaseScreen, in world: World) -> [Effect] {
        guard !screen.isTyping, screen.cell == nil,
            let (pane, index) = world.layout.hit(row: row, column: column, as: DatabaseScreen.Focus.self)
        else { return [] }
        let wasFocused = screen.focus == pane
        screen.show(pane)
        guard let index else { return [] }
        switch pane {
        case .tables:
            if wasFocused, index == screen.tables.cursor { return screen.press(.enter, in: world) }
            return screen.select(row: index)
        case .rows:
            if wasFocused, !screen.isRowOpen, index == screen.front?.row { return screen.press(.enter, in: world) }
            screen.changeFront { $0.select(row: index) }
        case .schema, .migrations: break
        }
        return []
    }
}
