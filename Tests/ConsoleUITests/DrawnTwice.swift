import TerminalCanvas
import Testing

@testable import ConsoleUI

/// That drawing changes nothing.
enum DrawnTwice {
    static let sizes = [(80, 24), (160, 45), (40, 10), (120, 30), (300, 100)]

    /// Draws twice, and compares what is seen, what is noted, and the screen before and behind.
    static func isAlike<S: Screen>(_ screen: S, _ world: World, columns: Int, rows: Int) {
        func draw() -> (canvas: Canvas, layout: ScreenLayout) {
            var canvas = Canvas(columns: columns, rows: rows)
            let area = Rect(row: 2, column: 0, rows: rows - 4, columns: columns)
            let layout = screen.draw(into: &canvas, area: area, world: world)
            return (canvas, layout)
        }
        var before = ""
        dump(screen, to: &before)
        let first = draw()
        let second = draw()
        var behind = ""
        dump(screen, to: &behind)
        #expect(first.canvas == second.canvas && first.layout == second.layout, "\(columns)x\(rows)")
        #expect(before == behind, "\(columns)x\(rows)")
    }
}
