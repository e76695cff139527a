import TerminalCanvas

@testable import ConsoleUI

/// Looks for a way to every pane of a screen by pressing what the panes on the way name, shortest ways first.
struct PaneSearch {
    /// Keys of a way.
    private static let longest = 6
    /// States of a screen that are looked at.
    private static let states = 160

    private struct Place {
        let console: SampleConsole
        let path: [KeyEvent]
    }

    private let tour: KeyTour
    private let screen: ScreenID
    private let panes: Set<String>

    init(_ tour: KeyTour, screen: ScreenID, panes: Set<String>) {
        self.tour = tour
        self.screen = screen
        self.panes = panes
    }

    /// One for each pane that is found, in the order in which they are.
    func stops() async -> [KeyTour.Stop] {
        let start = await SampleConsole(
            self.tour, at: KeyTour.Stop(screen: self.screen, pane: "", path: []), size: Size(columns: 100, rows: 30))
        var stops: [KeyTour.Stop] = []
        var seen: Set<String> = []
        var waiting: [Place] = []
        func look(_ console: SampleConsole, _ path: [KeyEvent]) {
            guard console.model.current == self.screen, let pane = console.pane else { return }
            guard seen.insert(Self.state(of: console, in: pane)).inserted else { return }
            waiting.append(Place(console: console, path: path))
            guard !stops.contains(where: { $0.pane == pane }) else { return }
            stops.append(KeyTour.Stop(screen: self.screen, pane: pane, path: path))
        }
        look(start, [])
        var next = 0
        while next < waiting.count, seen.count < Self.states, stops.count < self.panes.count {
            let place = waiting[next]
            next += 1
            for keys in Self.moves(of: place.console) where place.path.count + keys.count <= Self.longest {
                var console = place.console
                for key in keys { await console.press(key) }
                look(console, place.path + keys)
                if stops.count == self.panes.count { break }
            }
        }
        return stops
    }

    /// What tells states of a screen apart: the pane, and what can be done in it.
    private static func state(of console: SampleConsole, in pane: String) -> String {
        ([pane] + (console.model.screen?.entries(in: console.model.world).map(\.action) ?? [])).joined(separator: " ")
    }

    /// A key for each thing that can be done; where text is typed, also with a letter before it.
    private static func moves(of console: SampleConsole) -> [[KeyEvent]] {
        let entries = console.model.screen?.entries(in: console.model.world) ?? []
        // Of the keys that move, only the last row is another place.
        let keys = entries.filter { $0.group != .move || $0.action.hasSuffix(".last") }.compactMap(\.keys.first)
        guard console.takesText else { return keys.map { [$0] } }
        return keys.map { [$0] } + keys.map { [.character("e"), $0] }
    }
}
