import TerminalCanvas
import Widgets
import WorkerDomain

extension BucketsScreen {
    mutating func take(_ key: KeyEvent, in world: World) -> [Effect] {
        if self.field != nil { return self.takeTyped(key) }
        if self.menu != nil { return self.takeMenu(key) }
        if self.preview != nil { return self.takePreview(key, in: world) }
        switch key {
        case .character("["): return self.switchStore(by: -1, in: world)
        case .character("]"): return self.switchStore(by: 1, in: world)
        case .tab, .backTab:
            self.focus = self.focus == .entries ? .details : .entries
            self.detailLine = 0
            return []
        case .character("r"): return self.reload()
        case .character("o"):
            self.menu = self.listing?.sort.column ?? .name
            return []
        case .character("<"): return self.shiftSort(by: -1)
        case .character(">"): return self.shiftSort(by: 1)
        case .character("+"): return self.loadMore()
        case .character("/"):
            self.field = .filter(TextField(self.listing?.filter ?? ""))
            return []
        case .character("c"):
            self.listing?.setFilter("")
            return []
        case .character("y"): return self.focus == .details ? self.copyField(in: world) : self.copyKey()
        case .character("Y"): return self.copyAddress(in: world)
        default: break
        }
        return self.focus == .details ? self.takeDetails(key, in: world) : self.takeEntries(key)
    }

    package mutating func click(row: Int, column: Int, in world: World) -> [Effect] {
        guard self.menu == nil, self.preview == nil, !self.isTyping,
            let (pane, index) = self.clicks.hit(row: row, column: column)
        else { return [] }
        let wasFocused = self.focus == pane
        self.focus = pane
        guard let index else { return [] }
        switch pane {
        case .entries:
            guard let listing = self.listing else { return [] }
            if wasFocused, index == listing.cursor { return self.openSelected() }
            self.listing?.move(by: index - listing.cursor)
            self.detailLine = 0
        case .details: self.detailLine = index
        }
        return []
    }

    // MARK: Entries

    private mutating func takeEntries(_ key: KeyEvent) -> [Effect] {
        switch key {
        case .enter, .right, .character("l"): return self.openSelected()
        case .left, .character("h"): return self.goUp()
        case .escape, .character("q"):
            if self.listing?.filter.isEmpty == false {
                self.listing?.setFilter("")
                return []
            }
            return self.goUp()
        default: break
        }
        guard let rows = self.height.step(of: key) else { return [] }
        self.listing?.move(by: rows)
        return self.loadMoreAtEnd()
    }

    /// Reaching the last row fetches the next page.
    private mutating func loadMoreAtEnd() -> [Effect] {
        guard let listing = self.listing, listing.cursor >= listing.rowCount - 1, listing.moreProblem == nil else {
            return []
        }
        return self.loadMore()
    }

    private mutating func takeDetails(_ key: KeyEvent, in world: World) -> [Effect] {
        switch key {
        case .escape, .character("q"), .left, .character("h"): self.focus = .entries
        case .enter: return self.openSelected()
        default:
            if let rows = self.height.step(of: key) {
                self.detailLine = max(0, min(self.detailLine + rows, self.fields(in: world).count - 1))
            }
        }
        return []
    }

    // MARK: Sorting

    private mutating func takeMenu(_ key: KeyEvent) -> [Effect] {
        guard let column = self.menu else { return [] }
        let last = BucketsSort.Column.allCases.count - 1
        switch key {
        case .escape, .character("q"), .character("o"): self.menu = nil
        case .down, .character("j"): self.menu = BucketsSort.Column(rawValue: min(last, column.rawValue + 1))
        case .up, .character("k"): self.menu = BucketsSort.Column(rawValue: max(0, column.rawValue - 1))
        case .enter:
            self.menu = nil
            self.sort(by: column)
        default: break
        }
        return []
    }

    /// The same column again turns the order round; sizes and times start with the largest.
    private mutating func sort(by column: BucketsSort.Column) {
        guard let now = self.listing?.sort else { return }
        let startsDescending = column == .size || column == .time
        let isDescending = now.column == column ? !now.isDescending : startsDescending
        self.listing?.setSort(BucketsSort(column: column, isDescending: isDescending))
    }

    private mutating func shiftSort(by step: Int) -> [Effect] {
        guard let now = self.listing?.sort else { return [] }
        let count = BucketsSort.Column.allCases.count
        guard let column = BucketsSort.Column(rawValue: (now.column.rawValue + step + count) % count) else { return [] }
        self.sort(by: column)
        return []
    }

    // MARK: Field

    private mutating func takeTyped(_ key: KeyEvent) -> [Effect] {
        guard let field = self.field else { return [] }
        switch (key, field) {
        case (.escape, .filter):
            self.field = nil
            self.listing?.setFilter("")
        case (.escape, .prefix): self.field = nil
        case (.enter, .filter): self.field = nil
        case (.enter, .prefix(let text)):
            self.field = nil
            self.listing?.setFilter("")
            guard let listing = self.listing else { return [] }
            return self.enter(prefix: listing.path(typed: text.text))
        case (.tab, .filter(let text)):
            self.listing?.setFilter("")
            self.field = .prefix(text)
        case (.tab, .prefix(let text)):
            self.field = .filter(text)
            return self.fieldChanged()
        default:
            self.field?.edit { _ = $0.handle(key) }
            return self.fieldChanged()
        }
        return []
    }

    /// What is typed narrows the listing at once.
    mutating func fieldChanged() -> [Effect] {
        if case .filter(let text) = self.field { self.listing?.setFilter(text.text) }
        return []
    }

    // MARK: Preview

    private mutating func takePreview(_ key: KeyEvent, in world: World) -> [Effect] {
        guard let preview = self.preview else { return [] }
        if preview.finder.field != nil {
            return self.preview?.finder.take(key) == true ? self.find(1, in: world) : []
        }
        if preview.tab == .metadata, let lines = self.height.step(of: key) {
            let last = self.fields(in: world).count - 1
            self.preview?.move(to: min(preview.line + lines, last))
            return []
        }
        switch key {
        case .escape, .character("q"):
            guard !preview.finder.query.isEmpty else { return self.closePreview() }
            self.preview?.finder.clear()
        case .character("/"): if preview.tab != .metadata { self.preview?.finder.begin() }
        case .character("n"): return self.find(1, in: world)
        case .character("N"): return self.find(-1, in: world)
        case .tab, .character("]"): self.preview?.showNext(by: 1)
        case .backTab, .character("["): self.preview?.showNext(by: -1)
        case .left, .character("h"): self.preview?.scroll(by: -8)
        case .right, .character("l"): self.preview?.scroll(by: 8)
        case .character("+"): return self.read(.behind)
        case .character("r"): return self.reread()
        case .character("y"): return preview.tab == .metadata ? self.copyField(in: world) : self.copyKey()
        case .character("Y"): return self.copyAddress(in: world)
        case .home, .character("g"):
            self.preview?.move(to: 0)
            if preview.content?.window.hasMoreBefore == true { return self.read(.first) }
        case .end, .character("G"):
            self.preview?.move(to: preview.lineCount - 1)
            return self.read(.last)
        default:
            guard let lines = self.height.step(of: key) else { return [] }
            self.preview?.move(to: preview.line + lines)
            if lines > 0, preview.line + lines >= preview.lineCount { return self.read(.behind) }
            if lines < 0, preview.line + lines < 0 { return self.read(.before) }
        }
        return []
    }

    /// Goes to the next place that holds what is looked for.
    private mutating func find(_ step: Int, in world: World) -> [Effect] {
        guard var preview = self.preview, !preview.finder.query.isEmpty else { return [] }
        let isFound = preview.find(step)
        self.preview = preview
        let text = CommonPhrases.notFound(world.language, preview.finder.query)
        return isFound ? [] : [.toast(text, isFailure: true)]
    }

    /// Reads from the start again, for a value that failed or has changed.
    private mutating func reread() -> [Effect] {
        guard let preview = self.preview else { return [] }
        let cancelled = self.closePreview()
        self.preview = BucketsPreview(
            binding: preview.binding, item: preview.item, isReread: preview.content != nil)
        return cancelled + self.read(.first)
    }

    // MARK: Copying

    private func copyKey() -> [Effect] {
        guard let item = self.preview?.item ?? self.listing?.selected else { return [] }
        return [.copy(item.key)]
    }

    /// The metadata of what is selected or opened, as it is shown.
    func fields(in world: World) -> [PaneField] {
        if let preview = self.preview {
            return BucketsFields.fields(of: preview.item, content: preview.content, in: world)
        }
        return self.listing?.selected.map { BucketsFields.fields(of: $0, content: nil, in: world) } ?? []
    }

    private func copyField(in world: World) -> [Effect] {
        let fields = self.fields(in: world)
        let index = self.preview?.line ?? self.detailLine
        return fields.indices.contains(index) ? [.copy(fields[index].value)] : []
    }

    private func copyAddress(in world: World) -> [Effect] {
        guard let item = self.preview?.item ?? self.listing?.selected, let resource = self.resource(in: world) else {
            return []
        }
        return [.copy(Self.address(of: item.key, in: resource.binding))]
    }

    /// `r2://bucket/key`: everything but unreserved characters and `/` is percent-encoded (RFC 3986, section 2.3).
    static func address(of key: String, in binding: Binding) -> String {
        let digits = Array("0123456789ABCDEF")
        var path = ""
        for byte in key.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F, 0x7E:
                path.unicodeScalars.append(Unicode.Scalar(byte))
            default: path += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return "\(binding.kind.rawValue)://\(binding.resource ?? binding.name)/\(path)"
    }
}
