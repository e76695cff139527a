import ConsoleUI
import TerminalCanvas
import WorkerDomain

/// The keys of the time in which statements may write.
enum WritingKeys {
    typealias Binding = KeyBinding<DatabaseScreen, Effect>

    static let pane = KeyPane<DatabaseScreen, Effect>(
        "write-mode", DatabasePhrases.paneWriting, when: { $0.writing.isAsking }, [Self.confirm, Self.leave]
    ) { screen, key, _ in
        screen.writing.type(key)
        return []
    }

    private static let confirm = Binding(
        "confirm", .enter, DatabasePhrases.keyConfirm, help: DatabasePhrases.helpConfirm, group: .change
    ) { screen, world in
        let name = screen.resource(in: world)?.binding.name ?? ""
        return screen.change(\.writing) { $0.confirm(name, in: world) }
    }

    private static let leave = Binding(
        "leave", .escape, DatabaseKeys.back, help: KeyPhrases.leaveField, group: .move
    ) { screen, _ in
        screen.writing.cancelTyping()
        return []
    }

    static let toggle = Binding(
        "write-mode", .character("W"), DatabasePhrases.keyWriting, help: DatabasePhrases.helpWriting, group: .change,
        danger: .reversible, bar: false,
        labelNow: { screen, world in
            screen.writing.secondsLeft(at: world.now) > 0 ? DatabasePhrases.keyEndWriting : DatabasePhrases.keyWriting
        },
        when: { screen, world in screen.resource(in: world)?.databaseWriter != nil }
    ) { screen, _ in
        screen.writing.toggle()
        return []
    }
}
