import ConsoleUI
import ContentViews
import TerminalCanvas
import WorkerDomain

/// The line above the keys of the database screen.
enum DatabaseStateLine {
    static func spans(of screen: DatabaseScreen, in world: World) -> [Span] {
        let language = world.language
        var spans = [Span(" ")]
        guard let resource = screen.resource(in: world) else { return spans }
        spans += Pane.placeSpans(of: resource, language)
        let writing = screen.writing.span(at: world.now, language)
        spans.append(Span(" · \(writing.text)", writing.role))
        if let backup = screen.writing.backup(at: world.now) {
            spans.append(Span(" · \(DatabasePhrases.backup(language, backup))", .dim))
        }
        if screen.export.isWriting { spans.append(Span(" · \(DatabasePhrases.writingFile(language))", .active)) }
        switch screen.tables.phase {
        case .loading: spans.append(Span(" · \(StoragePhrases.loading(language))", .active))
        case .failed(let error):
            spans.append(Span(" · \(StoragePhrases.title(of: error.code)(language))", .failure))
        case .loaded:
            // What has changed comes before figures, which are cut first.
            spans += self.changes(of: screen, language)
            if let cell = screen.cell {
                spans += self.spans(of: cell.pane, language)
            } else if let grid = screen.front {
                spans += self.spans(of: grid, isCounting: screen.tables.isCounting, language)
            }
        }
        if screen.redaction.isRevealed {
            spans.insert(contentsOf: [Span(TrafficPhrases.revealed(language), .danger), Span(" · ")], at: 1)
        }
        return spans
    }

    private static func spans(of grid: DatabaseGrid, isCounting: Bool, _ language: Language) -> [Span] {
        switch grid.phase {
        case .loading:
            let phrase = grid.table == nil ? DatabasePhrases.running : StoragePhrases.loading
            return [Span(" · \(phrase(language))", .active)]
        case .failed(let error): return [Span(" · \(StoragePhrases.title(of: error.code)(language))", .failure)]
        case .loaded: break
        }
        var spans: [Span] = []
        let count = ScreenFormat.count(grid.rows.count)
        if case .query = grid.source {
            let phrase = grid.hasMore ? DatabasePhrases.answerCut : DatabasePhrases.answerRows
            spans.append(Span(" · \(phrase(language, count))", grid.hasMore ? .warning : .plain))
        } else if !grid.rows.isEmpty {
            spans.append(Span(" · \(self.place(of: grid, language))"))
            if grid.filter.isEmpty, isCounting, grid.total == nil || grid.isTotalRough {
                spans.append(Span(" · \(DatabasePhrases.counting(language))", .active))
            }
            if !grid.isKeyed, grid.hasBefore || grid.hasMore {
                spans.append(Span(" · \(DatabasePhrases.byOffset(language))", .dim))
            }
        }
        spans.append(Span(" · \(ScreenFormat.duration(grid.page.rows.duration))", .dim))
        if let scanned = grid.page.rows.scanned, case .query = grid.source {
            spans.append(Span(" · \(DatabasePhrases.scanned(language, ScreenFormat.count(scanned)))", .dim))
        }
        if !grid.columns.isEmpty {
            let place = DatabasePhrases.column(language, String(grid.column + 1), String(grid.columns.count))
            spans.append(Span(" · \(place)", .dim))
        }
        if grid.isLoading { spans.append(Span(" · \(StoragePhrases.loading(language))", .active)) }
        return spans
    }

    /// Which rows are shown, of how many.
    private static func place(of grid: DatabaseGrid, _ language: Language) -> String {
        let count = ScreenFormat.count(grid.rows.count)
        let total =
            grid.filter.isEmpty ? grid.total.map { (grid.isTotalRough ? "~" : "") + ScreenFormat.count($0) } : nil
        guard let position = grid.position else {
            return total.map { DatabasePhrases.rowsSomewhere(language, count, $0) }
                ?? DatabasePhrases.answerRows(language, count)
        }
        let (first, last) = (ScreenFormat.count(position + 1), ScreenFormat.count(position + grid.rows.count))
        if let total { return DatabasePhrases.rows(language, first, last, total) }
        let phrase = grid.hasMore ? DatabasePhrases.rowsOpen : DatabasePhrases.rowsEnd
        return phrase(language, first, last)
    }

    /// What has changed while it was looked at.
    private static func changes(of screen: DatabaseScreen, _ language: Language) -> [Span] {
        var spans = Pane.findingSpans(screen.tables.findings, language)
        if let marks = screen.grid?.marks, screen.result == nil {
            for (count, phrase, role) in [
                (marks.addedCount, StoragePhrases.countNew, Role.ok),
                (marks.changedCount, StoragePhrases.countChanged, .warning),
            ] where count > 0 {
                spans.append(Span(" · \(phrase(language, ScreenFormat.count(count)))", role))
            }
        }
        if screen.result?.isBehind == true {
            spans.append(Span(" · \(DatabasePhrases.resultBehind(language))", .warning))
        }
        if screen.isCellBehind {
            spans.append(Span(" · \(DatabasePhrases.cellBehind(language))", .warning))
        }
        if let problem = screen.tables.staleReason {
            spans.append(Span(" · \(StoragePhrases.stale(language, language.text(problem.reason)))", .failure))
        }
        if screen.listener.isBlind { spans.append(Span(" · \(StoragePhrases.notWatched(language))", .warning)) }
        return spans
    }

    /// What text a value is, and what of it steers a terminal or is hidden.
    private static func spans(of pane: ContentPane, _ language: Language) -> [Span] {
        guard let opened = pane.root else { return [] }
        guard let encoding = opened.encodingName else { return [Span(" · \(StoragePhrases.binary(language))")] }
        var spans = [Span(" · \(encoding)")]
        spans.append(
            opened.controls == 0
                ? Span(" · \(StoragePhrases.noControls(language))", .dim)
                : Span(" · \(StoragePhrases.controls(language, ScreenFormat.count(opened.controls)))", .warning))
        if pane.hidden > 0 {
            spans.append(Span(" · \(TrafficPhrases.hidden(language, ScreenFormat.count(pane.hidden)))"))
        }
        return spans
    }
}
