import TerminalCanvas
import TestScreens
import TrafficJournal
import WorkerDomain

@testable import ConsoleUI

/// The console on the sample project, without a terminal, with the screen of the tests behind its own; whatever it asks
/// for is done at once.
struct SampleConsole {
    private(set) var model: ConsoleModel
    private let services: Services

    init(
        _ tour: KeyTour, at stop: KeyTour.Stop, size: Size = Size(columns: 160, rows: 45), glyphs: GlyphSet = .unicode
    ) async {
        self.services = tour.services
        var world = tour.world
        world.checks = nil
        let options = ConsoleOptions(glyphs: glyphs, initialScreen: stop.screen, now: { [now = world.now] in now })
        self.model = ConsoleModel(world: world, options: options, size: size, catalog: .withNotes)
        await self.carryOut(self.model.start())
        await self.carryOut(self.model.take(tour.services.journal.delta(since: nil)))
        for key in stop.path { await self.press(key) }
        // As the console does after everything that it is told.
        _ = self.model.draw()
    }

    var canvas: Canvas { Frame(model: self.model).draw() }

    /// - Returns: True when it asks for something that is more than a change of the picture.
    @discardableResult
    mutating func press(_ key: KeyEvent) async -> Bool {
        _ = self.model.draw()
        return await self.carryOut(self.model.take(.key(key)))
    }

    @discardableResult
    private mutating func carryOut(_ commands: [ConsoleCommand]) async -> Bool {
        for command in commands {
            switch command {
            case .work(let owner, let work):
                await self.carryOut(self.model.receive(await work.run(self.services), for: owner))
            default: break
            }
        }
        return !commands.isEmpty
    }

    var takesText: Bool {
        switch self.model.overlay {
        case .command, .palette, .backend: true
        case .help(let help): help.takesText
        case nil: self.model.screen?.isTyping == true
        }
    }

    /// The pane that keys go to as the reference names it, `traffic.list`; `nil` while something lies over the screen.
    var pane: String? {
        guard self.model.overlay == nil, let screen = self.model.screen else { return nil }
        return Self.pane(of: screen)
    }

    private static func pane<Shown: Screen>(of screen: Shown) -> String? {
        screen.focusedPane.map { "\(Shown.id).\($0.name)" }
    }
}
