import ConsoleUI
import TerminalCanvas
import Widgets
import WorkerDomain

/// The file that rows or a value are written to, while its name is typed and while it is written.
struct DatabaseSaving: Sendable {
    typealias Wants = [PartEffect<DatabaseSaving>]

    /// What is written.
    enum Subject: Sendable {
        case table(String)
        case rows(SQLRows, name: String)
        case value([UInt8], name: String)

        var name: String {
            switch self {
            case .table(let name), .rows(_, let name), .value(_, let name): name
            }
        }

        var isValue: Bool { if case .value = self { true } else { false } }
    }

    private var subject: Subject?
    /// The name of the file, while it is typed.
    private(set) var field: TextField?
    /// CSV is for a spreadsheet: no text in it is run as a formula.
    private(set) var isSafe = false
    private var pending = Pending("export")

    static let cancelAll: Wants = [.cancel(\.pending)]

    var isWriting: Bool { self.pending.isWaiting }

    /// Begins to type the name.
    mutating func begin(_ subject: Subject) {
        self.subject = subject
        self.isSafe = false
        let name = Self.fileName(subject.name)
        self.field = TextField(subject.isValue ? "\(name).bin" : "\(name).csv")
    }

    mutating func cancelTyping() { self.field = nil }

    /// Stops what is being written; the file goes with it.
    func stop() -> Wants { [.cancel(\.pending)] }

    mutating func type(_ key: KeyEvent) { _ = self.field?.handle(key) }

    mutating func paste(_ text: String) { self.field?.paste(text) }

    /// Goes on to the next format, by the ending of the name; CSV comes as it is, then for spreadsheets.
    mutating func nextFormat() {
        guard let path = self.field?.text, self.subject?.isValue == false else { return }
        let all = RowFileFormat.allCases
        let format = RowFileFormat(path: path)
        self.isSafe = format == .csv && !self.isSafe
        guard !self.isSafe else { return }
        let next = format.flatMap { all.firstIndex(of: $0) }.map { all[($0 + 1) % all.count] } ?? .csv
        let stem = format.map { String(path.dropLast($0.rawValue.count + 1)) } ?? path
        self.field?.set("\(stem).\(next.rawValue)")
    }

    /// Writes the file whose name was typed.
    /// - Parameters:
    ///   - binding: ``Binding/id`` of the database.
    ///   - header: The columns of a table, for what of it is hidden.
    ///   - redaction: What is hidden on the screen is hidden in the file.
    ///   - world: As it is now.
    /// - Returns: The work.
    mutating func write(
        from binding: String, header: SQLRows, _ redaction: DatabaseRedaction, in world: World
    ) -> Wants {
        guard let subject = self.subject, let path = self.field?.text, !path.isEmpty else { return [] }
        self.field = nil
        var columns = header
        if case .rows(let rows, _) = subject { columns = rows }
        columns.rows = []
        let (names, quiet, isSafe) = (columns, world, self.isSafe)
        let shown: @Sendable (SQLValue, Int) -> SQLValue = { redaction.shown($0, at: $1, of: names, in: quiet) }
        return [
            .start(\.pending) {
                await DatabaseReader.export($0, binding: binding, subject, to: path, isSafe: isSafe, shown: shown)
            } then: { _, reply, world in
                [.effect(Self.toast(reply, isValue: subject.isValue, world.language))]
            }
        ]
    }

    private static func toast(
        _ reply: Result<SavedFile, StorageError>, isValue: Bool, _ language: Language
    ) -> Effect {
        switch reply {
        case .success(let file):
            let phrase = isValue ? DatabasePhrases.savedValue : DatabasePhrases.savedRows
            var text = phrase(language, ScreenFormat.count(file.count), file.path)
            if file.hidden > 0 {
                text += " · \(DatabasePhrases.savedHidden(language, ScreenFormat.count(file.hidden)))"
            }
            return .toast(text, isFailure: false)
        case .failure(let error):
            return .toast("\(language.text(error.operation)): \(language.text(error.reason))", isFailure: true)
        }
    }

    func drawField(into canvas: inout Canvas, in rect: Rect, _ language: Language) {
        guard let field = self.field else { return }
        let isForSpreadsheet = self.isSafe && RowFileFormat(path: field.text) == .csv
        let phrase = isForSpreadsheet ? DatabasePhrases.saveForSpreadsheet : DatabasePhrases.saveAs
        let label = rect.columns < 60 ? (isForSpreadsheet ? " '> " : " > ") : " \(phrase(language)) "
        let used = canvas.write(label, row: rect.row, column: rect.column, role: .key)
        Pane.input(
            field, &canvas,
            Rect(row: rect.row, column: rect.column + used, rows: 1, columns: rect.columns - used - 1))
    }

    /// A name of a table as the name of a file: nothing in it leads elsewhere.
    private static func fileName(_ name: String) -> String {
        let safe = name.unicodeScalars.prefix(80).map { scalar -> Character in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".": return Character(scalar)
            default: return scalar.value > 0xFF && scalar.properties.isAlphabetic ? Character(scalar) : "_"
            }
        }
        let text = String(safe).drop { $0 == "." || $0 == "-" }
        return text.isEmpty ? "rows" : String(text)
    }
}
