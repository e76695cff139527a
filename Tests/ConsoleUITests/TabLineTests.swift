import TerminalCanvas
import TestScreens
import TestSupport
import Testing
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

/// The line of the screens, for the console's own and for one more. Frames that are recorded have the screens of their
/// test alone in it.
@Suite("the tab line")
struct TabLineTests {
    private static let catalogs = [ScreenCatalog.all, .withNotes]

    private static func model(
        _ catalog: ScreenCatalog, _ screen: ScreenID, columns: Int, rows: Int, language: Language = .english,
        glyphs: GlyphSet = .unicode
    ) -> ConsoleModel {
        Pilot.model(
            columns: columns, rows: rows, screen: screen, language: language, glyphs: glyphs, catalog: catalog)
    }

    @Test(
        "every screen has its number and title in it, in their order; the shown one is marked",
        arguments: Self.catalogs, Language.allCases)
    func titles(catalog: ScreenCatalog, language: Language) throws {
        for glyphs in [GlyphSet.unicode, .ascii] {
            let (left, right) = (glyphs.glyphs.tabLeft, glyphs.glyphs.tabRight)
            for shown in catalog.ids {
                let model = Self.model(catalog, shown, columns: 160, rows: 45, language: language, glyphs: glyphs)
                let line = Frame(model: model).draw().lines[1]
                var rest = line[...]
                for (offset, screen) in catalog.screens.enumerated() {
                    let title = "\(offset + 1) \(screen.title(language))"
                    let text = screen.id == shown ? left + title + right : " \(title) "
                    let place = try #require(rest.firstRange(of: text), "\(title) in \(line)")
                    rest = rest[place.upperBound...]
                }
                #expect(line.contains(": ") && line.contains("?"), "no hints in \(line)")
            }
        }
    }

    @Test(
        "the shown screen is in it at 80 columns, and has its number of all in a small window", arguments: Self.catalogs
    )
    func narrow(catalog: ScreenCatalog) {
        for (offset, screen) in catalog.screens.enumerated() {
            let title = screen.title(.english)
            let line = Frame(model: Self.model(catalog, screen.id, columns: 80, rows: 24)).draw().lines[1]
            #expect(line.contains("‹\(offset + 1) \(title)›"), "\(line)")
            let small = Frame(model: Self.model(catalog, screen.id, columns: 40, rows: 10)).draw().lines[1]
            #expect(small.hasPrefix(" \(offset + 1)/\(catalog.screens.count) \(title)"), "\(small)")
        }
    }

    @Test("the number of a screen and a click on its title bring it to the front", arguments: Self.catalogs)
    func opens(catalog: ScreenCatalog) throws {
        let first = try #require(catalog.ids.first)
        for (offset, screen) in catalog.screens.enumerated() {
            var model = Self.model(catalog, first, columns: 160, rows: 45)
            _ = model.press("\(offset + 1)")
            #expect(model.current == screen.id)
            model = Self.model(catalog, first, columns: 160, rows: 45)
            let line = model.draw().lines[1]
            let place = try #require(line.firstRange(of: "\(offset + 1) \(screen.title(.english))"))
            let column = line.distance(from: line.startIndex, to: place.lowerBound)
            _ = model.take(.mouse(MouseEvent(.press, row: 1, column: column)))
            #expect(model.current == screen.id)
        }
    }
}
