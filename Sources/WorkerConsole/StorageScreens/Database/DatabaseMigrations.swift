import ConsoleUI
import TerminalCanvas
import WorkerDomain

/// The migrations of the open database: applied, pending, and what differs from what they make.
struct DatabaseMigrations: Sendable {
    typealias Wants = [PartEffect<DatabaseMigrations>]

    private enum Phase: Sendable {
        case loading
        case loaded(MigrationReport)
        case failed(StorageError)
        /// The database's store knows no migrations.
        case none
    }

    /// ``Binding/id`` of the open database.
    private let binding: String
    private var phase = Phase.loading
    private var text = DetailPane()
    private var pending = Pending("migrations")

    init(binding: String = "") { self.binding = binding }

    static let cancelAll: Wants = [.cancel(\.pending)]

    func load() -> Wants {
        let binding = self.binding
        return [
            .start(\.pending) {
                await DatabaseReader.migrations($0, binding: binding)
            } then: { migrations, reply, _ in
                switch reply {
                case .success(let report): migrations.phase = report.map { .loaded($0) } ?? .none
                case .failure(let error): migrations.phase = .failed(error)
                }
                return []
            }
        ]
    }

    mutating func move(by rows: Int, page: Int, _ language: Language) {
        self.text.move(by: rows, count: self.lines(.unicode, language).count, page: page)
    }

    // MARK: Drawing

    /// What the pane's frame says: how many there are.
    func note(_ language: Language) -> String {
        guard case .loaded(let report) = self.phase else { return "" }
        return DatabasePhrases.migrationCounts(
            language, ScreenFormat.count(report.count(.applied)), ScreenFormat.count(report.count(.pending)))
    }

    func draw(into canvas: inout Canvas, in rect: Rect, _ language: Language) {
        switch self.phase {
        case .loading: Pane.notice(&canvas, rect, [Span(StoragePhrases.loading(language), .dim)])
        case .failed(let error): Pane.failure(&canvas, rect, error, language)
        case .none:
            Pane.notice(&canvas, rect, [Span(DatabasePhrases.noMigrationsHere(language), .dim)])
        case .loaded(let report) where report.migrations.isEmpty && !report.hasFolder && report.drift.isEmpty:
            Pane.notice(
                &canvas, rect,
                [
                    Span("\(canvas.glyphs.glyphs.idle) \(DatabasePhrases.noMigrationFolder(language))", .strong),
                    Span(report.folder, .dim),
                ])
        case .loaded: self.text.draw(self.lines(canvas.glyphs, language), into: &canvas, in: rect)
        }
    }

    private func lines(_ glyphs: GlyphSet, _ language: Language) -> [[Span]] {
        guard case .loaded(let report) = self.phase else { return [] }
        let marks = glyphs.glyphs
        var lines: [[Span]] = [
            [Span("\(DatabasePhrases.folder(language))  ", .dim), Span(report.folder)],
            [Span("\(DatabasePhrases.notedIn(language))  ", .dim), Span(report.table)], [],
        ]
        if report.migrations.isEmpty { lines.append([Span(DatabasePhrases.noMigrationFiles(language), .dim)]) }
        // The newest first: what is pending comes before what has been applied long ago.
        lines += report.migrations.reversed().map { migration in
            switch migration.state {
            case .applied:
                [Span("\(marks.check) ", .ok), Span(migration.name)]
                    + (migration.appliedAt.map { [Span("  \($0)", .dim)] } ?? [])
            case .pending:
                [
                    Span("\(marks.idle) ", .warning), Span(migration.name, .strong),
                    Span("  \(DatabasePhrases.pending(language))", .warning),
                ]
            case .missing:
                [
                    Span("\(marks.cross) ", .failure), Span(migration.name),
                    Span("  \(DatabasePhrases.fileIsGone(language))", .failure),
                ]
            }
        }
        lines += [[], [Span(DatabasePhrases.drift(language), .heading)]]
        if let reason = report.undecided {
            lines.append([Span(DatabasePhrases.driftUnknown(language, language.text(reason)), .warning)])
        } else if report.drift.isEmpty {
            lines.append([Span("\(marks.check) ", .ok), Span(DatabasePhrases.noDrift(language))])
        }
        lines += report.drift.map { difference in
            let phrase =
                switch difference.kind {
                case .extra: DatabasePhrases.driftExtra
                case .absent: DatabasePhrases.driftAbsent
                case .different: DatabasePhrases.driftDifferent
                }
            return [
                Span("\(marks.cross) ", .warning), Span("\(difference.type) ", .dim), Span(difference.name, .strong),
                Span("  \(phrase(language))", .warning),
            ]
        }
        return lines
    }
}
