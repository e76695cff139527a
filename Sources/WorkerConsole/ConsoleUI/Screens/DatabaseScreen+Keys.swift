import TerminalCanvas
import Widgets
import WorkerDomain

extension DatabaseScreen {
    mutating func take(_ key: KeyEvent, in world: World) -> [Effect] {
        if self.editor != nil { return self.takeStatement(key) }
        if self.filterField != nil { return self.takeFilter(key) }
        if self.finder.field != nil { return self.finder.take(key) ? self.find(1, in: world) : [] }
        if self.cell?.finder.field != nil { return self.cell?.finder.take(key) == true ? self.find(1, in: world) : [] }
        if key == .character("*") {
            self.isRevealed.toggle()
            return self.cell == nil ? [] : self.openCell(in: world)
        }
        if self.cell != nil { return self.takeCell(key, in: world) }
        switch key {
        case .character("["): return self.switchDatabase(by: -1, in: world)
        case .character("]"): return self.switchDatabase(by: 1, in: world)
        case .character("i"):
            self.editor = TextField(self.lastStatement)
            return []
        case .character("/"):
            if self.result != nil { self.finder.begin() }
            guard self.grid != nil, self.result == nil else { return [] }
            self.filterField = TextField(self.grid?.filter ?? "")
            return []
        case .character("n") where self.result != nil: return self.find(1, in: world)
        case .character("N") where self.result != nil: return self.find(-1, in: world)
        case .character("c"):
            if self.result == nil { return self.setFilter("") }
            self.finder.clear()
            return []
        case .character("r"): return self.reload()
        case .character("s"):
            self.focus = self.focus == .schema ? .rows : .schema
            return []
        case .tab: return self.moveFocus(by: 1)
        case .backTab: return self.moveFocus(by: -1)
        case .character("#"): return self.countRows()
        default: break
        }
        switch self.focus {
        case .tables: return self.takeTables(key)
        case .rows: return self.isRowOpen ? self.takeRow(key, in: world) : self.takeRows(key, in: world)
        case .schema: return self.takeSchema(key)
        }
    }

    private mutating func moveFocus(by step: Int) -> [Effect] {
        let all: [Focus] = [.tables, .rows, .schema]
        let index = all.firstIndex(of: self.focus) ?? 0
        self.focus = all[(index + step + all.count) % all.count]
        return []
    }

    private mutating func reload() -> [Effect] {
        if case .query(let sql) = self.result?.source { return self.runStatement(sql) }
        if case .failed = self.outline { self.outline = .loading }
        return self.loadOutline()
    }

    private mutating func setFilter(_ text: String) -> [Effect] {
        guard let grid = self.grid, !grid.filter.hasSameBytes(as: text) else { return [] }
        self.grid?.filter = text
        return self.loadRows(offset: 0, atEnd: false)
    }

    // MARK: Panes

    mutating func takeTables(_ key: KeyEvent) -> [Effect] {
        switch key {
        case .enter, .right, .character("l"):
            guard self.selectedTable != nil else { return [] }
            self.focus = .rows
            return []
        case .escape, .character("q"):
            if self.result != nil { self.result = nil } else { return self.setFilter("") }
            return []
        default:
            guard let step = self.height.step(of: key) else { return [] }
            return self.select(table: self.tableCursor + step)
        }
    }

    private mutating func takeSchema(_ key: KeyEvent) -> [Effect] {
        switch key {
        case .escape, .character("q"), .left, .character("h"): self.focus = .tables
        default:
            if let step = self.height.step(of: key) {
                self.schemaLine = max(0, min(self.schemaLine + step, self.schemaLines(.english).count - 1))
            }
        }
        return []
    }

    mutating func takeRows(_ key: KeyEvent, in world: World) -> [Effect] {
        switch key {
        case .escape, .character("q"):
            if self.result != nil {
                self.result = nil
                return self.queryPending.cancel()
            }
            if self.grid?.filter.isEmpty == false { return self.setFilter("") }
            self.focus = .tables
        case .left, .character("h"):
            if self.front?.column == 0, self.result == nil { self.focus = .tables }
            self.changeFront { $0.select(column: $0.column - 1) }
        case .right, .character("l"): self.changeFront { $0.select(column: $0.column + 1) }
        case .enter: self.isRowOpen = self.front?.selectedRow != nil
        case .character("v"): return self.openCell(in: world)
        case .character("o"): return self.sortBySelected()
        case .character("<"): return self.shiftSort(by: -1)
        case .character(">"): return self.shiftSort(by: 1)
        case .character("y"): return self.copyValue(in: world)
        case .character("Y"): return self.copyRow(in: world)
        case .home, .character("g"): return self.showFirst()
        case .end, .character("G"): return self.showLast()
        default:
            guard let step = self.height.step(of: key) else { return [] }
            return self.moveRow(by: step)
        }
        return []
    }

    private mutating func takeRow(_ key: KeyEvent, in world: World) -> [Effect] {
        switch key {
        case .escape, .character("q"): self.isRowOpen = false
        case .enter, .character("v"): return self.openCell(in: world)
        case .left, .character("h"): return self.moveRow(by: -1)
        case .right, .character("l"): return self.moveRow(by: 1)
        case .character("y"): return self.copyValue(in: world)
        case .character("Y"): return self.copyRow(in: world)
        default:
            if let step = self.height.step(of: key) { self.changeFront { $0.select(column: $0.column + step) } }
        }
        return []
    }

    // MARK: Rows

    /// Moves inside the page, and on to the page before or behind at its edges.
    private mutating func moveRow(by step: Int) -> [Effect] {
        guard let grid = self.front else { return [] }
        let target = grid.row + step
        if self.result == nil, !grid.isLoading {
            if step > 0, grid.row == grid.rows.count - 1, grid.hasMore {
                return self.loadRows(offset: grid.offset + grid.rows.count, atEnd: false)
            }
            if step < 0, grid.row == 0, grid.offset > 0 {
                return self.loadRows(offset: max(0, grid.offset - DatabaseGrid.pageSize), atEnd: true)
            }
        }
        self.changeFront { $0.select(row: target) }
        return []
    }

    private mutating func showFirst() -> [Effect] {
        if self.result == nil, let grid = self.grid, grid.offset > 0 { return self.loadRows(offset: 0, atEnd: false) }
        self.changeFront { $0.select(row: 0) }
        return []
    }

    /// The last page, when it is known where that is.
    private mutating func showLast() -> [Effect] {
        if self.result == nil, let grid = self.grid, grid.hasMore, grid.filter.isEmpty, let total = grid.total,
            total > grid.offset + grid.rows.count
        {
            let offset = (total - 1) / DatabaseGrid.pageSize * DatabaseGrid.pageSize
            return self.loadRows(offset: offset, atEnd: true)
        }
        self.changeFront { $0.select(row: $0.rows.count - 1) }
        return []
    }

    private mutating func sortBySelected() -> [Effect] {
        guard self.result == nil, let grid = self.grid, let column = grid.selectedColumn else { return [] }
        self.grid?.order = grid.nextOrder(of: column)
        return self.loadRows(offset: 0, atEnd: false)
    }

    /// Sorts by the column beside the one that is sorted by, and selects it.
    private mutating func shiftSort(by step: Int) -> [Effect] {
        guard self.result == nil, let grid = self.grid, !grid.columns.isEmpty else { return [] }
        let now = grid.order.flatMap { order in grid.columns.firstIndex { $0.hasSameBytes(as: order.column) } }
        let count = grid.columns.count
        let index = now.map { ($0 + step + count) % count } ?? grid.column
        let isDescending = grid.order?.isDescending ?? false
        self.grid?.select(column: index)
        self.grid?.order = SQLOrder(column: grid.columns[index], isDescending: isDescending)
        return self.loadRows(offset: 0, atEnd: false)
    }

    private func copyValue(in world: World) -> [Effect] {
        guard let grid = self.front, let value = grid.selectedValue else { return [] }
        guard self.shown(value, at: grid.column, of: grid.page.rows, in: world) == value else {
            return [.toast(DatabasePhrases.isHidden(world.language), isFailure: true)]
        }
        return [.copy(DatabaseText.copyable(value))]
    }

    /// What is hidden stays hidden in the copy.
    private func copyRow(in world: World) -> [Effect] {
        guard let grid = self.front, let row = grid.selectedRow else { return [] }
        let values = row.enumerated().map { self.shown($1, at: $0, of: grid.page.rows, in: world) }
        return [.copyLines(values.map { CopiedText.column(DatabaseText.copyable($0)) }.joined(separator: "\t"))]
    }

    // MARK: Cell

    private mutating func takeCell(_ key: KeyEvent, in world: World) -> [Effect] {
        switch key {
        case .escape where self.cell?.finder.query.isEmpty == false: self.cell?.finder.clear()
        case .escape, .character("q"), .character("v"):
            self.cell = nil
            return self.cellPending.cancel()
        case .character("/"): self.cell?.finder.begin()
        case .character("n"): return self.find(1, in: world)
        case .character("N"): return self.find(-1, in: world)
        case .tab, .character("]"): self.cell?.showNext(by: 1)
        case .backTab, .character("["): self.cell?.showNext(by: -1)
        case .left, .character("h"): self.cell?.scroll(by: -8)
        case .right, .character("l"): self.cell?.scroll(by: 8)
        case .character("y"): return self.copyValue(in: world)
        default: if let step = self.height.step(of: key) { self.cell?.move(by: step) }
        }
        return []
    }

    // MARK: Fields

    private var lastStatement: String {
        if case .query(let sql) = self.result?.source { return sql }
        return self.history.last ?? ""
    }

    private mutating func takeStatement(_ key: KeyEvent) -> [Effect] {
        guard let editor = self.editor else { return [] }
        switch key {
        case .escape: self.editor = nil
        case .enter:
            self.editor = nil
            guard editor.text.contains(where: { !$0.isWhitespace }) else { return [] }
            return self.runStatement(editor.text)
        case .up:
            let place = (self.historyPlace ?? self.history.count) - 1
            guard self.history.indices.contains(place) else { return [] }
            self.historyPlace = place
            self.editor = TextField(self.history[place])
        case .down:
            guard let place = self.historyPlace else { return [] }
            let next = place + 1
            self.historyPlace = self.history.indices.contains(next) ? next : nil
            self.editor = TextField(self.history.indices.contains(next) ? self.history[next] : "")
        default: _ = self.editor?.handle(key)
        }
        return []
    }

    private mutating func takeFilter(_ key: KeyEvent) -> [Effect] {
        guard let field = self.filterField else { return [] }
        switch key {
        case .escape: self.filterField = nil
        case .enter:
            self.filterField = nil
            self.focus = .rows
            return self.setFilter(field.text)
        default: _ = self.filterField?.handle(key)
        }
        return []
    }
}
