import ConsoleUI
import TerminalCanvas
import Widgets
import WorkerDomain

/// The time in which statements may write: asked for by typing the binding's name, begun by a backup, ended by itself.
struct DatabaseWriting: Sendable {
    typealias Wants = [PartEffect<DatabaseWriting>]

    private enum Phase: Sendable {
        case off
        case asking(TextField)
        case backingUp
        case on(until: WallTime, backup: String)
    }

    /// How long it lasts.
    static let seconds: Int64 = 300

    /// ``Binding/id`` of the open database.
    private let binding: String
    private var phase = Phase.off
    private var pending = Pending("backup")

    init(binding: String = "") { self.binding = binding }

    static let cancelAll: Wants = [.cancel(\.pending)]

    var isAsking: Bool { if case .asking = self.phase { true } else { false } }
    var isBackingUp: Bool { if case .backingUp = self.phase { true } else { false } }

    /// The backup; `nil` unless statements may write now.
    func backup(at now: WallTime) -> String? { self.secondsLeft(at: now) > 0 ? self.path : nil }

    private var path: String? { if case .on(_, let backup) = self.phase { backup } else { nil } }

    /// Seconds that are left; 0 when nothing may be written.
    func secondsLeft(at now: WallTime) -> Int64 {
        guard case .on(let until, _) = self.phase else { return 0 }
        let left = until.nanosecondsSinceEpoch - now.nanosecondsSinceEpoch
        return left <= 0 ? 0 : (left + 999_999_999) / 1_000_000_000
    }

    /// Asks for the name, or ends the time that is left.
    mutating func toggle() {
        switch self.phase {
        case .off: self.phase = .asking(TextField())
        case .asking, .backingUp, .on: self.phase = .off
        }
    }

    mutating func cancelTyping() { if self.isAsking { self.phase = .off } }

    mutating func type(_ key: KeyEvent) {
        guard case .asking(var field) = self.phase else { return }
        _ = field.handle(key)
        self.phase = .asking(field)
    }

    /// A pasted name is no typed one.
    mutating func paste(_: String) {}

    /// Ends what has lasted long enough.
    mutating func expire(at now: WallTime) {
        if case .on = self.phase, self.secondsLeft(at: now) == 0 { self.phase = .off }
    }

    /// Makes the backup when the name was typed; nothing may be written before it is there.
    mutating func confirm(_ name: String, in world: World) -> Wants {
        guard case .asking(let field) = self.phase else { return [] }
        guard field.text.hasSameBytes(as: name) else {
            self.phase = .off
            return [.effect(.toast(DatabasePhrases.wrongName(world.language, name), isFailure: true))]
        }
        self.phase = .backingUp
        let binding = self.binding
        return [
            .start(\.pending) {
                await DatabaseReader.backUp($0, binding: binding)
            } then: { writing, reply, world in
                // It was given up meanwhile.
                guard writing.isBackingUp else { return [] }
                switch reply {
                case .success(let path):
                    let end = world.now.nanosecondsSinceEpoch + Self.seconds * 1_000_000_000
                    writing.phase = .on(until: WallTime(nanosecondsSinceEpoch: end), backup: path)
                    return [.effect(.toast(DatabasePhrases.backedUp(world.language, path), isFailure: false))]
                case .failure(let error):
                    writing.phase = .off
                    let reason = world.language.text(error.reason)
                    return [.effect(.toast(DatabasePhrases.noBackup(world.language, reason), isFailure: true))]
                }
            }
        ]
    }

    // MARK: Drawing

    /// What stands where READ-ONLY stands otherwise.
    func span(at now: WallTime, _ language: Language) -> Span {
        if self.isBackingUp { return Span(DatabasePhrases.backingUp(language), .active) }
        let left = self.secondsLeft(at: now)
        guard left > 0 else { return Span(DatabasePhrases.readOnly(language), .strong) }
        let clock = "\(left / 60):\(left % 60 < 10 ? "0" : "")\(left % 60)"
        return Span(DatabasePhrases.writable(language, clock), .danger)
    }

    func drawField(_ name: String, into canvas: inout Canvas, in rect: Rect, _ language: Language) {
        guard case .asking(let field) = self.phase else { return }
        let label = rect.columns < 60 ? " \(name)? " : " \(DatabasePhrases.typeName(language, name)) "
        let used = canvas.write(label, row: rect.row, column: rect.column, role: .danger)
        Pane.input(
            field, &canvas,
            Rect(row: rect.row, column: rect.column + used, rows: 1, columns: rect.columns - used - 1))
    }
}
