import TerminalCanvas
import WorkerDomain

extension DatabaseScreen {
    /// Takes in what the database holds now; the table, its page and what is selected stay.
    mutating func takeOutline(_ reply: DatabaseReader.OutlineReply?, in world: World) -> [Effect] {
        switch reply {
        case .success(var outline):
            let start = outline.start
            // The listener alone owns it, so that it ends with the screen's being shown.
            outline.start = nil
            let before = self.outline
            let table = self.grid?.table ?? self.selectedTable?.name
            if case .loaded(let old) = before { self.markTables(old.overview, outline.overview, at: world.now) }
            self.outline = .loaded(outline)
            self.staleReason = nil
            let place = table.flatMap { table in
                outline.overview.tables.firstIndex { $0.name.hasSameBytes(as: table) }
            }
            self.tableCursor = place ?? max(0, min(self.tableCursor, outline.overview.tables.count - 1))
            var effects: [Effect] = []
            var reads = 2
            if place != nil, let binding = self.binding, let table, let grid = self.grid, grid.phase == .loaded {
                let total = self.selectedTable?.rows
                self.grid?.total = total
                if Self.definition(of: table, before) != Self.definition(of: table, self.outline) {
                    effects += self.loadColumns(of: table, in: binding)
                    reads += 1
                }
                // A page that is on its way is the one that was asked for; it is read again when it has come.
                self.areRowsBehind = self.rowsPending.isWaiting
                if !self.areRowsBehind { effects += self.loadRows(offset: grid.offset, atEnd: false, isAgain: true) }
            } else if self.selectedTable == nil {
                self.grid = nil
                self.columns = []
            } else {
                effects += self.openTable()
                reads += 1
            }
            guard self.isShown else { return effects }
            self.listener.take(start)
            return effects + self.listener.wait(afterReads: reads)
        case .failure(let error):
            // What is locked now is read at the next change.
            guard case .loaded = self.outline, error.isRetryable else {
                self.outline = .failed(error)
                return self.listener.wait(afterReads: 1)
            }
            self.staleReason = error
            return self.listener.wait(afterReads: 1)
        case nil: return []
        }
    }

    private mutating func markTables(_ before: DatabaseOverview, _ now: DatabaseOverview, at time: WallTime) {
        var known = Dictionary(before.tables.map { (ByteString($0.name), $0) }, uniquingKeysWith: { $1 })
        for table in now.tables {
            guard let old = known.removeValue(forKey: ByteString(table.name)) else {
                self.tableMarks.note(.added, table.name, at: time)
                continue
            }
            // A count that is not known now or was not before says nothing.
            if let rows = table.rows, let oldRows = old.rows, rows != oldRows {
                self.tableMarks.note(.changed, table.name, at: time)
            }
        }
        self.tableMarks.noteRemoved(known.count, at: time)
    }

    mutating func takeAgain(_ answer: DatabaseReader.PageAnswer, in world: World) {
        let key = self.keyColumns
        self.grid?.takeAgain(answer, key: key, at: world.now)
        if self.cell != nil, self.result == nil, let source = self.cellSource, self.grid?.selectedValue != source {
            self.isCellBehind = true
        }
    }

    /// The columns of the primary key, by their places in the grid.
    private var keyColumns: [Int] {
        let names = self.columns.filter { $0.primaryKeyPosition != nil }.map(\.name)
        let places = names.compactMap { name in self.grid?.columns.firstIndex { $0.hasSameBytes(as: name) } }
        return places.count == names.count ? places : []
    }

    private static func definition(of table: String, _ outline: Outline) -> ByteString? {
        guard case .loaded(let outline) = outline else { return nil }
        return outline.overview.schema.first { $0.name.hasSameBytes(as: table) }?.sql.map { ByteString($0) }
    }

    /// What was found around the database's place.
    var findings: [StoreFinding] {
        if case .loaded(let outline) = self.outline { outline.findings } else { [] }
    }

    /// What has changed while it was looked at.
    func changeSpans(_ language: Language) -> [Span] {
        var spans = Pane.findingSpans(self.findings, language)
        if let marks = self.grid?.marks, self.result == nil {
            for (count, phrase, role) in [
                (marks.addedCount, StoragePhrases.countNew, Role.ok),
                (marks.changedCount, StoragePhrases.countChanged, .warning),
            ] where count > 0 {
                spans.append(Span(" · \(phrase(language, ScreenFormat.count(count)))", role))
            }
        }
        if self.isResultBehind, self.result != nil {
            spans.append(Span(" · \(DatabasePhrases.resultBehind(language))", .warning))
        }
        if self.isCellBehind, self.cell != nil {
            spans.append(Span(" · \(DatabasePhrases.cellBehind(language))", .warning))
        }
        if let problem = self.staleReason {
            spans.append(Span(" · \(StoragePhrases.stale(language, language.text(problem.reason)))", .failure))
        }
        if self.listener.isBlind { spans.append(Span(" · \(StoragePhrases.notWatched(language))", .warning)) }
        return spans
    }
}
