import ConsoleUI
import WorkerDomain

/// What keys do with the value that is looked at in full.
enum DatabaseValues {
    /// Opens the selected value of the grid that is in front.
    static func open(on screen: inout DatabaseScreen, in world: World) -> [Effect] {
        guard let grid = screen.front else { return [] }
        return screen.look(screen.value.open(grid, in: world), in: \.value.pending, \.value.content)
    }

    /// Changes the content that is shown, and does what it wants then.
    static func change(
        on screen: inout DatabaseScreen, in world: World, _ change: (inout ContentPane) -> ContentTask?
    ) -> [Effect] {
        guard var content = screen.content else { return [] }
        let task = change(&content)
        screen.value.content = content
        return screen.look(task, in: \.value.pending, \.value.content)
            + (task == nil ? self.fit(on: &screen, in: world) : [])
    }

    /// Lays the content out again for the width that was drawn last.
    static func fit(on screen: inout DatabaseScreen, in world: World) -> [Effect] {
        screen.look(screen.value.fit(in: world), in: \.value.pending, \.value.content)
    }

    /// Shows values that are hidden, or hides them again.
    static func reveal(on screen: inout DatabaseScreen, in world: World) -> [Effect] {
        screen.value.toggleRedaction()
        return screen.cell == nil ? [] : self.open(on: &screen, in: world)
    }

    static func close(on screen: inout DatabaseScreen) -> [Effect] {
        screen.value.close()
        return screen.cancel(\.value.pending)
    }
}
