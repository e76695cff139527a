package import ConsoleUI
import StorageScreens
package import TerminalCanvas
package import WorkerDomain

/// A whole screen, as somebody would add one: a folder with this in it, and one line in the catalog.
package struct NotesScreen: Screen {
    package static let id = ScreenID(rawValue: "notes")
    package static let title = Phrase("Notes", "备注")
    package static let summary = Phrase("What one wants to remember.", "需要记住的内容。")
    package static let legend = [LegendLine("★", Phrase("a note that matters", "重要的备注"))]
    package static let panes: [KeyPane<NotesScreen, Effect>] = [
        KeyPane(
            "editor", Phrase("A note", "一条备注"), when: { $0.isEditing },
            [
                KeyBinding(
                    "keep", .enter, Phrase("keep", "保存"), help: Phrase("Keep the note.", "保存备注。"),
                    group: .change
                ) { screen, _ in
                    screen.isEditing = false
                    return []
                }
            ]
        ) { screen, key, _ in
            if case .character(let character) = key { screen.text.append(character) }
            return []
        },
        KeyPane(
            "list", Phrase("List", "列表"), when: { _ in true },
            [
                KeyBinding(
                    "write", .character("w"), Phrase("write", "写"), help: Phrase("Write a note.", "写一条备注。"),
                    group: .change
                ) { screen, _ in
                    screen.isEditing = true
                    return []
                },
                KeyBinding(
                    "load", .character("r"), Phrase("load", "加载"), help: Phrase("Load the notes.", "加载备注。"),
                    group: .change, when: { screen, _ in !screen.loading.isWaiting }
                ) { screen, _ in
                    [
                        screen.start(\.loading) { services in
                            services.resources.count
                        } then: { screen, count, _ in
                            screen.text = "\(count) resources"
                            return [.toast("loaded", isFailure: false)]
                        }
                    ]
                },
            ]
                + KeyMovement.bindings { screen, movement, world in
                    screen.row += movement.rows(page: world.layout.page)
                    return []
                }),
    ]

    package private(set) var text = ""
    package private(set) var row = 0
    private var isEditing = false
    private var loading = Pending("load")

    package init() {}

    package mutating func update(_ message: Message, in world: World) -> [Effect] {
        if case .key(let key) = message { self.press(key, in: world) } else { [] }
    }

    package func draw(into canvas: inout Canvas, area: Rect, world: World) -> ScreenLayout {
        var layout = ScreenLayout()
        layout.noteFocus(area)
        canvas.write("notes: \(self.text) row \(self.row)", row: area.row, column: 1)
        return layout
    }

    package mutating func click(row: Int, column: Int, in world: World) -> [Effect] { [] }
    package func stateLine(in world: World) -> [Span] { [] }
}

extension ScreenCatalog {
    /// The console's screens and one more.
    package static let withNotes = ScreenCatalog(Self.all.screens + [NotesScreen.self])
}
