import TerminalCanvas
import WorkerDomain

extension DatabaseScreen {
    package func stateLine(in world: World) -> [Span] {
        let language = world.language
        var spans = [Span(" ")]
        guard let resource = self.resource(in: world) else { return spans }
        spans += Pane.placeSpans(of: resource, language)
        spans.append(Span(" · \(DatabasePhrases.readOnly(language))", .strong))
        switch self.outline {
        case .loading: spans.append(Span(" · \(StoragePhrases.loading(language))", .active))
        case .failed(let error):
            spans.append(Span(" · \(StoragePhrases.title(of: error.code)(language))", .failure))
        case .loaded:
            // What has changed comes before figures, which are cut first.
            spans += self.changeSpans(language)
            if let grid = self.front { spans += self.gridSpans(grid, language) }
        }
        if self.isRevealed {
            spans.insert(contentsOf: [Span(TrafficPhrases.revealed(language), .danger), Span(" · ")], at: 1)
        }
        return spans
    }

    private func gridSpans(_ grid: DatabaseGrid, _ language: Language) -> [Span] {
        switch grid.phase {
        case .loading:
            let phrase = self.result == nil ? StoragePhrases.loading : DatabasePhrases.running
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
            let first = ScreenFormat.count(grid.offset + 1)
            let last = ScreenFormat.count(grid.offset + grid.rows.count)
            if let total = grid.total, grid.filter.isEmpty {
                spans.append(Span(" · \(DatabasePhrases.rows(language, first, last, ScreenFormat.count(total)))"))
            } else {
                let phrase = grid.hasMore ? DatabasePhrases.rowsOpen : DatabasePhrases.rowsEnd
                spans.append(Span(" · \(phrase(language, first, last))"))
                if grid.filter.isEmpty, self.countPending.isWaiting {
                    spans.append(Span(" · \(StoragePhrases.loading(language))", .active))
                }
            }
        }
        spans.append(Span(" · \(ScreenFormat.duration(grid.page.rows.duration))", .dim))
        if !grid.columns.isEmpty {
            let place = DatabasePhrases.column(language, String(grid.column + 1), String(grid.columns.count))
            spans.append(Span(" · \(place)", .dim))
        }
        if grid.isLoading { spans.append(Span(" · \(StoragePhrases.loading(language))", .active)) }
        return spans
    }

    package func keys(in world: World) -> [KeyHint] {
        if self.editor != nil {
            var hints = [KeyHint("⏎", DatabasePhrases.keyRun), KeyHint("Esc", DatabasePhrases.keyBack)]
            if !self.history.isEmpty { hints.insert(KeyHint("↑ ↓", DatabasePhrases.keyHistory), at: 1) }
            return hints
        }
        if self.filterField != nil {
            return [KeyHint("⏎", DatabasePhrases.keyFilter), KeyHint("Esc", DatabasePhrases.keyBack)]
        }
        if self.finder.field != nil || self.cell?.finder.field != nil {
            return [KeyHint("⏎", CommonPhrases.find), KeyHint("Esc", DatabasePhrases.keyBack)]
        }
        if let cell = self.cell {
            return [
                KeyHint("Tab", DatabasePhrases.keyView), KeyHint("/", CommonPhrases.find),
                cell.finder.query.isEmpty
                    ? KeyHint("h l", DatabasePhrases.keySideways) : KeyHint("n N", CommonPhrases.nextMatch),
                KeyHint("y", DatabasePhrases.keyCopy), KeyHint("*", TrafficPhrases.keyReveal),
                KeyHint("Esc", DatabasePhrases.keyBack),
            ]
        }
        var hints: [KeyHint]
        switch self.focus {
        case .tables: hints = [KeyHint("⏎", DatabasePhrases.keyRows)]
        case .rows where self.isRowOpen:
            hints = [
                KeyHint("⏎", DatabasePhrases.keyCell), KeyHint("h l", DatabasePhrases.keyNextRow),
                KeyHint("y Y", DatabasePhrases.keyCopy), KeyHint("Esc", DatabasePhrases.keyBack),
            ]
        case .rows:
            hints = [
                KeyHint("⏎", DatabasePhrases.keyRow), KeyHint("v", DatabasePhrases.keyCell),
                KeyHint("h l", DatabasePhrases.keyColumn),
            ]
            if self.result == nil { hints.append(KeyHint("o", DatabasePhrases.keySort)) }
            hints.append(KeyHint("y Y", DatabasePhrases.keyCopy))
        case .schema: hints = [KeyHint("Esc", DatabasePhrases.keyBack)]
        }
        hints.append(KeyHint("i", DatabasePhrases.keySQL))
        if self.result != nil {
            hints.append(KeyHint("/", CommonPhrases.find))
        } else if self.grid != nil {
            hints.append(KeyHint("/", DatabasePhrases.keyFilter))
        }
        if self.result != nil, !self.finder.query.isEmpty { hints.append(KeyHint("n N", CommonPhrases.nextMatch)) }
        hints += [KeyHint("s", DatabasePhrases.keySchema), KeyHint("Tab", DatabasePhrases.keyPane)]
        if Self.databases(in: world).count > 1 { hints.append(KeyHint("[ ]", DatabasePhrases.keyDatabase)) }
        if self.grid?.total == nil, self.grid != nil { hints.append(KeyHint("#", DatabasePhrases.keyCount)) }
        hints += [KeyHint("r", DatabasePhrases.keyReload), KeyHint("*", TrafficPhrases.keyReveal)]
        return hints
    }
}
