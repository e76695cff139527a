import TerminalCanvas
import Widgets
import WorkerDomain

/// The pane that adds a backend: a name and a URL, checked while they are typed.
struct BackendsForm: Sendable, Equatable {
    enum Part: Sendable, Equatable { case name, url }

    /// What is wrong with the name.
    enum NameProblem: Sendable, Equatable { case empty, tooLong, badCharacter, taken }

    private(set) var name: TextField
    private(set) var url: TextField
    private(set) var part: Part
    /// Problems are shown from the first Enter on, so that nobody is told off while typing.
    private var wasSubmitted = false
    /// Why the backend could not be added; from the last try.
    private(set) var refusal: BackendControlError?

    init(name: String = "", url: String = "") {
        self.name = TextField(name)
        self.url = TextField(url)
        self.part = name.isEmpty ? .name : .url
    }

    func nameProblem(taken: [String]) -> NameProblem? {
        let name = self.name.text
        if name.isEmpty { return .empty }
        if name.utf8.count > 64 { return .tooLong }
        if !name.utf8.allSatisfy({ Self.isPlain($0) }) { return .badCharacter }
        return taken.contains(name) ? .taken : nil
    }

    /// What the URL field says, read.
    var parsedURL: Result<BackendURL, BackendURLError> {
        do throws(BackendURLError) { return .success(try BackendURL(parsing: self.url.text)) } catch {
            return .failure(error)
        }
    }

    /// A variable's name made into a backend's: `BACKEND_URL` stays, what a name may not hold becomes `-`.
    static func plainName(_ name: String) -> String {
        String(decoding: name.utf8.prefix(64).map { Self.isPlain($0) ? $0 : 0x2D }, as: UTF8.self)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == 0x2E || byte == 0x5F
            || byte == 0x2D
    }

    // MARK: Keys

    mutating func switchPart() { self.part = self.part == .name ? .url : .name }

    mutating func edit(_ change: (inout TextField) -> Void) {
        self.refusal = nil
        switch self.part {
        case .name: change(&self.name)
        case .url: change(&self.url)
        }
    }

    mutating func refuse(_ error: BackendControlError) { self.refusal = error }

    /// Enter goes on to the URL: the name is right, and no URL was typed yet.
    func leadsOn(taken: [String]) -> Bool {
        self.part == .name && self.url.text.isEmpty && self.nameProblem(taken: taken) == nil
    }

    /// What Enter does: it goes on, or submits.
    /// - Returns: The backend, when both fields are right; else the focus goes to the first field that is not.
    mutating func enter(taken: [String]) -> Backend? {
        if self.leadsOn(taken: taken) {
            self.part = .url
            return nil
        }
        self.wasSubmitted = true
        if self.nameProblem(taken: taken) != nil {
            self.part = .name
            return nil
        }
        guard case .success(let url) = self.parsedURL else {
            self.part = .url
            return nil
        }
        return Backend(name: self.name.text, url: url)
    }

    // MARK: Drawing

    func draw(into canvas: inout Canvas, in rect: Rect, isSaving: Bool, _ world: World) {
        guard rect.rows > 0 else { return }
        let language = world.language
        let labelColumns = 6
        let fieldColumn = rect.column + labelColumns + 1
        let width = rect.endColumn - fieldColumn - 1
        let taken = world.backends.backends.map(\.backend.name)
        let fields = [
            (BackendsPhrases.formName, self.name, Part.name, self.nameNote(taken: taken, language)),
            (BackendsPhrases.formURL, self.url, Part.url, self.urlNote(language)),
        ]
        for (index, (label, field, part, note)) in fields.enumerated() {
            let row = rect.row + 2 * index
            guard row < rect.endRow else { return }
            canvas.write(
                " \(label(language))", row: row, column: rect.column, role: self.part == part ? .key : .dim,
                maxColumns: labelColumns)
            Pane.input(
                field, &canvas, Rect(row: row, column: fieldColumn, rows: 1, columns: width),
                isFocused: self.part == part && !isSaving)
            Self.write(note, row: row + 1, column: fieldColumn, &canvas, rect)
        }
        if isSaving {
            let note = Span(BackendsPhrases.saving(language), .active)
            Self.write(note, row: rect.row + 4, column: fieldColumn, &canvas, rect)
        } else if let refusal = self.refusal {
            let lines = Wrapping.lines(of: "✖ \(refusal.description)", columns: width, maximum: 3)
            for (index, line) in lines.prefix(3).enumerated() {
                Self.write(Span(line, .failure), row: rect.row + 4 + index, column: fieldColumn, &canvas, rect)
            }
        }
    }

    private func nameNote(taken: [String], _ language: Language) -> Span {
        guard self.wasSubmitted, let problem = self.nameProblem(taken: taken) else {
            return Span(BackendsPhrases.formNameHint(language), .dim)
        }
        let phrase =
            switch problem {
            case .empty: BackendsPhrases.nameEmpty
            case .tooLong: BackendsPhrases.nameTooLong
            case .badCharacter: BackendsPhrases.nameBad
            case .taken: BackendsPhrases.nameTaken
            }
        return Span("✖ \(phrase(language))", .failure)
    }

    private func urlNote(_ language: Language) -> Span {
        switch self.parsedURL {
        case .success(let url): return Span("✓ \(BackendsPhrases.formReads(language, url.description))", .ok)
        case .failure(let error):
            guard self.wasSubmitted else { return Span(BackendsPhrases.formHint(language), .dim) }
            return Span("✖ \(language.text(error.problem))", .failure)
        }
    }

    private static func write(_ span: Span, row: Int, column: Int, _ canvas: inout Canvas, _ rect: Rect) {
        guard row < rect.endRow else { return }
        let text = Pane.marked(span.text, canvas.glyphs.glyphs)
        Pane.write([Span(text, span.role)], to: &canvas, row: row, column: column, columns: rect.endColumn - column)
    }
}
