import Widgets
import WorkerDomain

/// One opened value: what of it has been read, and what of that is looked at.
struct BucketsPreview: Sendable, Equatable {
    enum Tab: Int, Sendable, Equatable, CaseIterable { case pretty, text, hex, metadata }
    enum Phase: Sendable, Equatable {
        case loading
        case loaded
        case failed(StorageError)
    }

    /// What has become of the value since it was looked at before.
    enum Change: Sendable, Equatable {
        /// What is shown is newer than the line of the listing that was opened.
        case sinceListed
        /// What is shown is newer than what was shown before.
        case sinceRead
        /// What is stored is newer than what is shown.
        case behind
        /// It has been deleted, or has expired.
        case gone
    }

    let binding: String
    /// What the content was read with; before the first answer, what was listed.
    private(set) var item: BucketsItem
    private(set) var change: Change?
    private(set) var phase = Phase.loading
    private(set) var content: StoredContent?
    private(set) var tab = Tab.pretty
    /// The line that the view is around, from 0.
    private(set) var line = 0
    /// Columns that are scrolled off to the left.
    private(set) var left = 0
    var finder = TextFinder()
    /// A further part is on its way.
    private(set) var isReading = true
    /// Why a further part could not be read.
    private(set) var moreProblem: StorageError?

    /// The same value was shown already, and is read from its start again.
    private let isReread: Bool

    init(binding: String, item: BucketsItem, isReread: Bool = false) {
        self.binding = binding
        self.item = item
        self.isReread = isReread
    }

    /// Lines of the tab that is shown, metadata aside.
    var lineCount: Int {
        guard let content = self.content else { return 0 }
        switch self.tab {
        case .pretty: return content.pretty?.count ?? content.lines.count
        case .text: return content.lines.count
        case .hex: return (content.window.bytes.count + 15) / 16
        case .metadata: return 0
        }
    }

    mutating func show(_ tab: Tab) {
        self.tab = tab
        self.line = 0
        self.left = 0
    }

    mutating func showNext(by step: Int) {
        let count = Tab.allCases.count
        self.show(Tab(rawValue: (self.tab.rawValue + step + count) % count) ?? .pretty)
    }

    mutating func move(to line: Int) {
        let last = self.tab == .metadata ? 200 : max(0, self.lineCount - 1)
        self.line = max(0, min(line, last))
    }

    /// Goes to the next line that holds what is looked for; in the hexadecimal tab to the next such bytes.
    /// - Returns: False when there is none in what has been read.
    mutating func find(_ step: Int) -> Bool {
        guard let content = self.content else { return false }
        let lines: (Int) -> [TextRun]
        switch self.tab {
        case .metadata: return false
        case .hex: return self.findBytes(step, in: content.window.bytes)
        case .pretty where content.pretty != nil: lines = { content.pretty?[$0] ?? [] }
        case .pretty, .text: lines = { [TextRun(content.lines[$0])] }
        }
        guard let line = self.finder.seek(step, from: self.line, count: self.lineCount, line: lines) else {
            return false
        }
        self.move(to: line)
        return true
    }

    private mutating func findBytes(_ step: Int, in bytes: [UInt8]) -> Bool {
        let needle = Array(self.finder.query.utf8)
        guard !needle.isEmpty else { return false }
        // Rows hold 16 bytes: from the row behind this one on, or backwards from this one.
        let here = min(bytes.count, self.line * 16)
        let behind = min(bytes.count, here + 16)
        let found =
            step > 0
            ? bytes[behind...].firstRange(of: needle)
                ?? bytes[..<min(bytes.count, behind + needle.count)].firstRange(of: needle)
            : bytes[..<here].ranges(of: needle).last ?? bytes[here...].ranges(of: needle).last
        guard let found else { return false }
        self.move(to: found.lowerBound / 16)
        return true
    }

    mutating func scroll(by columns: Int) { self.left = max(0, min(self.left + columns, 4_000)) }

    /// Notes that a further part is asked for.
    mutating func startReading() {
        self.isReading = true
        self.moreProblem = nil
        if self.content == nil { self.phase = .loading }
    }

    /// Takes in what was read; the byte that was looked at stays in view.
    mutating func take(_ reading: BucketsReader.Reading, direction: StoredWindow.Direction) {
        let content = reading.content
        let isFirst = self.content == nil || reading.isRestarted
        if reading.item != self.item {
            self.change = self.content == nil && !self.isReread ? .sinceListed : .sinceRead
        } else if self.content == nil {
            self.change = nil
        }
        self.item = reading.item
        let before = self.content?.window
        let linesBefore = self.lineCount
        self.content = content
        self.isReading = false
        self.phase = .loaded
        if isFirst {
            self.tab = content.pretty != nil ? .pretty : content.isText ? .text : .hex
            self.line = 0
        } else if direction == .last {
            self.line = max(0, self.lineCount - 1)
        } else if direction == .first {
            self.line = 0
        } else if let before {
            self.follow(from: before, to: content.window, linesBefore: linesBefore)
        }
        self.line = max(0, min(self.line, max(0, self.lineCount - 1)))
    }

    /// Moves the view so that it stays on what it showed when lines came in above it or went away there.
    private mutating func follow(from before: StoredWindow, to now: StoredWindow, linesBefore: Int) {
        if self.tab == .hex {
            self.line += Int((before.start - now.start) / 16)
        } else if now.start < before.start {
            self.line += now.bytes.prefix(Int(before.start - now.start)).count { $0 == 0x0A }
        } else if now.start > before.start {
            let added = now.bytes.suffix(Int(max(0, now.end - before.end))).count { $0 == 0x0A }
            self.line = self.lineCount - added - (linesBefore - self.line)
        }
    }

    /// Says that what is stored is not what is shown any more.
    mutating func note(_ change: Change) { self.change = change }

    mutating func fail(_ error: StorageError) {
        self.isReading = false
        if self.content == nil { self.phase = .failed(error) } else { self.moreProblem = error }
    }
}
