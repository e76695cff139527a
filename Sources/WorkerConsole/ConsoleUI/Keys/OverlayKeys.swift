import TerminalCanvas
import Widgets
import WorkerDomain

/// The keys of what lies over a screen: help, command line, palette, the dialog that switches the backend.
enum OverlayKeys {
    typealias Pane = KeyPane<ConsoleModel, ConsoleCommand>
    typealias Binding = KeyBinding<ConsoleModel, ConsoleCommand>

    static let panes: [Pane] = [Self.greeting, Self.helpSearch, Self.help, Self.command, Self.palette, Self.dialog]

    private static func close(_ label: Phrase = CommonPhrases.cancel) -> Binding {
        Binding("close", .escape, label, help: KeyPhrases.close, group: .move) { model, _ in
            model.overlay = nil
            return []
        }
    }

    /// The tour of the first start.
    private static let greeting = Pane(
        "welcome", KeyPhrases.tourTitle,
        when: { if case .help(let help) = $0.overlay { help.isGreeting } else { false } },
        [
            Binding(
                "close", [.escape, .character("q"), .enter], ChromePhrases.helpClose, help: KeyPhrases.close,
                group: .move
            ) {
                model, _ in
                model.endGreeting()
                return []
            }
        ]
            + KeyMovement.bindings { model, movement, world in
                model.changeHelp { $0.move(by: movement.rows(page: world.layout.page)) }
                return []
            })

    private static let help = Pane(
        "help", ChromePhrases.help,
        when: { if case .help = $0.overlay { true } else { false } },
        [
            Binding("find", .character("/"), CommonPhrases.find, help: KeyPhrases.findKey, group: .find) { model, _ in
                model.changeHelp { $0.beginTyping() }
                return []
            },
            Binding("tour", .character("?"), KeyPhrases.tourLabel, help: KeyPhrases.tour, group: .view) { model, _ in
                model.changeHelp { $0.showsTour.toggle() }
                return []
            },
        ]
            + KeyMovement.bindings { model, movement, world in
                model.changeHelp { $0.move(by: movement.rows(page: world.layout.page)) }
                return []
            } + [
                Binding(
                    "close", [.escape, .character("q"), .enter], ChromePhrases.helpClose, help: KeyPhrases.close,
                    group: .move
                ) { model, _ in
                    model.overlay = nil
                    return []
                },
                Binding(
                    "command", .character(":"), ChromePhrases.command, help: KeyPhrases.command, group: .frame,
                    bar: false
                ) { model, _ in
                    model.openCommand("")
                    return []
                },
            ])

    private static let helpSearch = Pane(
        "help-search", KeyPhrases.searchTitle,
        when: { if case .help(let help) = $0.overlay { help.takesText } else { false } },
        [
            Binding("apply", .enter, CommonPhrases.find, help: KeyPhrases.apply, group: .find) { model, _ in
                model.changeHelp { $0.type(.enter) }
                return []
            },
            Binding("leave", .escape, CommonPhrases.back, help: KeyPhrases.leaveField, group: .move) { model, _ in
                model.changeHelp { $0.type(.escape) }
                return []
            },
        ]
    ) { model, key, _ in
        model.changeHelp { $0.type(key) }
        return []
    }

    private static let command = Pane(
        "command-line", ChromePhrases.command,
        when: { if case .command = $0.overlay { true } else { false } },
        [
            Binding("run", .enter, ChromePhrases.run, help: KeyPhrases.run, group: .open) { model, _ in
                model.runCommand()
            },
            Self.close(),
        ]
    ) { model, key, _ in
        model.typeCommand(key)
        return []
    }

    private static let palette = Pane(
        "palette", ChromePhrases.palette,
        when: { if case .palette = $0.overlay { true } else { false } },
        [
            Binding("run", .enter, ChromePhrases.run, help: KeyPhrases.run, group: .open) { model, _ in
                model.runSelected()
            },
            Binding("down", .down, CommonPhrases.move, help: KeyPhrases.down, group: .move) { model, world in
                model.changePalette { $0.list.move(by: 1, page: world.layout.page) }
            },
            Binding("up", .up, CommonPhrases.move, help: KeyPhrases.up, group: .move) { model, world in
                model.changePalette { $0.list.move(by: -1, page: world.layout.page) }
            },
            Binding("page-down", .pageDown, CommonPhrases.move, help: KeyPhrases.pageDown, group: .move, bar: false) {
                model, world in
                model.changePalette { $0.list.move(by: world.layout.page, page: world.layout.page) }
            },
            Binding("page-up", .pageUp, CommonPhrases.move, help: KeyPhrases.pageUp, group: .move, bar: false) {
                model, world in
                model.changePalette { $0.list.move(by: -world.layout.page, page: world.layout.page) }
            },
            Self.close(),
        ]
    ) { model, key, _ in
        model.changePalette { if $0.field.handle(key) { $0.narrow() } }
    }

    private static let dialog = Pane(
        "backend", ChromePhrases.backendTitle,
        when: { if case .backend = $0.overlay { true } else { false } },
        [
            Binding(
                "use", .enter, ChromePhrases.backendUse, help: KeyPhrases.useBackend, group: .open, danger: .reversible,
                labelNow: { model, _ in
                    if case .backend(let dialog) = model.overlay, dialog.mode == .add {
                        return ChromePhrases.backendAdd
                    }
                    return ChromePhrases.backendUse
                }
            ) { model, _ in model.press(inDialog: .enter) },
            Binding("down", .down, CommonPhrases.move, help: KeyPhrases.down, group: .move) { model, _ in
                model.press(inDialog: .down)
            },
            Binding("up", .up, CommonPhrases.move, help: KeyPhrases.up, group: .move) { model, _ in
                model.press(inDialog: .up)
            },
            Binding(
                "mode", [.tab, .backTab], ChromePhrases.backendAddNew, help: KeyPhrases.dialogMode, group: .view,
                labelNow: { model, _ in
                    if case .backend(let dialog) = model.overlay, dialog.mode == .add {
                        return ChromePhrases.backendUse
                    }
                    return ChromePhrases.backendAddNew
                }, when: { model, world in !world.backends.backends.isEmpty }
            ) { model, _ in model.press(inDialog: .tab) },
            Self.close(),
        ]
    ) { model, key, _ in model.press(inDialog: key) }
}
