package import ContentViews
package import TerminalCanvas
import TextSafety
import Widgets
package import WorkerDomain

/// Shows anything that has bytes, in one of the views that suit it: the one place between screens and ``ContentViews``.
///
/// Screens give it content and keys, run the tasks that it asks for, and let it draw. Lines may stand before the content:
/// the head of a message.
package struct ContentPane: Sendable {
    /// Lines are broken where they do not fit; else they are scrolled sideways.
    let wraps: Bool
    /// What the line above the content begins with: `Body · 312 B`; without one no line says which view it is.
    private var label: String?
    private var lead: [[TextRun]] = []
    private var layers: [ContentLayer] = []
    /// The cursor where there is no content.
    private var leadLine = 0
    private var finder = TextFinder()
    /// Why something could not be read.
    package private(set) var problem: ContentError?
    package private(set) var isReading = false
    /// What was looked for and is not there, until somebody has said so.
    private var missing: String?

    package init(wraps: Bool = false) { self.wraps = wraps }

    // MARK: Content

    package var isOpen: Bool { self.layers.last?.document != nil }
    var opened: OpenedContent? { self.layers.last?.opened }
    /// Of the content itself, whatever is opened from it.
    package var root: OpenedContent? { self.layers.first?.opened }
    package var isNested: Bool { self.layers.count > 1 }
    /// The names of what is open, outermost first, without that of the content itself.
    package var path: [String] { self.layers.dropFirst().map(\.name) }
    /// The ids of the views that suit, best first.
    var viewIDs: [String] { self.layers.last?.viewIDs ?? [] }
    package var view: String? { self.layers.last?.view }
    /// Values that were hidden so far.
    package var hidden: Int { self.layers.last?.document?.hidden ?? 0 }
    var language: Language? { self.layers.last?.options.language }

    /// The names of the views that suit, best first; the present one is at ``viewIndex``.
    package func viewNames(_ language: Language) -> [String] { self.opened?.views.map { $0.name(language) } ?? [] }

    package var viewIndex: Int { self.layers.last?.viewIndex ?? 0 }

    /// What the first line says: `JSON · gzip · GB18030`.
    package var title: String { self.layers.last?.title ?? "" }

    /// Sets what stands before the content.
    mutating func show(_ lead: [[TextRun]], label: String?) {
        self.lead = lead
        self.label = label
        if self.layers.isEmpty { self.leadLine = max(0, min(self.leadLine, lead.count - 1)) }
    }

    /// Opens a content; with `isSame` it is more of the same one, and view and cursor stay.
    package mutating func open(_ item: ContentItem, _ options: ContentOptions, isSame: Bool = false) -> ContentTask {
        let layer = ContentLayer(
            item: item, name: "", options: options, continuing: isSame ? self.layers.first : nil)
        self.layers = [layer]
        self.problem = nil
        self.isReading = true
        let line = max(0, layer.line - self.leadCount)
        return .open(item, options, view: layer.isChosen ? layer.view : nil, line: line)
    }

    package mutating func clear() {
        self.layers = []
        self.problem = nil
        self.isReading = false
    }

    /// Takes in what became of the newest task.
    /// - Returns: What is wanted next.
    mutating func take(_ reply: ContentReply) -> ContentTask? {
        self.isReading = false
        if case .found(let line, _) = reply { self.note(hit: line) }
        guard !self.layers.isEmpty else { return nil }
        if case .failed(let error) = reply {
            if error.code != .cancelled { self.problem = error }
            return nil
        }
        self.layers[self.layers.count - 1].take(reply)
        self.problem = nil
        self.clamp()
        return self.want()
    }

    private mutating func note(hit line: Int?) {
        guard let line else {
            self.missing = self.finder.query
            return
        }
        if self.layers.isEmpty { self.leadLine = max(0, min(line, self.lead.count - 1)) }
        self.finder.note(hit: line)
    }

    /// What was looked for and is not there; asked once.
    mutating func takeMissing() -> String? {
        defer { self.missing = nil }
        return self.missing
    }

    // MARK: Lines

    /// Lines before the content that is on top.
    private var before: [[TextRun]] {
        guard let layer = self.layers.last else { return self.lead }
        guard let label = self.label else { return [] }
        let start = self.isNested ? self.path.joined(separator: " › ") : label
        var heading = [TextRun([start, self.title].filter { !$0.isEmpty }.joined(separator: " · "), .title)]
        let count = layer.opened?.views.count ?? 0
        if count > 1 { heading.append(TextRun("  \(self.viewIndex + 1)/\(count)", .dim)) }
        return (self.isNested ? [] : self.lead) + [heading]
    }

    private var leadCount: Int {
        self.layers.isEmpty ? self.lead.count : self.label == nil ? 0 : self.isNested ? 1 : self.lead.count + 1
    }

    package var line: Int { self.layers.last?.line ?? self.leadLine }

    /// Of all lines, as far as they are known.
    var lineCount: Int {
        self.leadCount + (self.layers.last?.lineCount ?? 0)
    }

    /// More lines may follow than ``lineCount``.
    var hasMoreLines: Bool { self.layers.last?.page.map { $0.total == nil } ?? false }

    /// A line, those before the content counted; `nil` where it is not in memory.
    func content(at line: Int) -> ContentLine? { self.layers.last?.content(at: line - self.leadCount) }

    /// All that is drawn of the lines of a range; those that are not in memory are empty.
    func runs(of range: Range<Int>) -> [[TextRun]] {
        let before = self.before
        return range.map { line in
            let runs = line < before.count ? before[line] : self.content(at: line)?.runs ?? []
            return self.finder.marked(runs)
        }
    }

    /// The lines are numbered as those of the content.
    var isNumbered: Bool { self.label == nil && !self.isArranged }

    /// The view arranges its lines in columns: they are not broken.
    var isArranged: Bool { self.layers.last?.isArranged ?? false }

    /// The place of the cursor in what the content says: `items[3].key`.
    var cursorPath: String? { self.content(at: self.line)?.path }

    var left: Int { self.layers.last?.left ?? 0 }

    // MARK: Moving

    /// Moves the cursor.
    /// - Returns: What has to be read for it.
    mutating func move(_ movement: KeyMovement, page: Int) -> ContentTask? {
        guard let layer = self.layers.last else {
            self.leadLine = max(0, min(self.leadLine + movement.rows(page: page), self.lead.count - 1))
            return nil
        }
        if movement == .last, let document = layer.document, layer.page?.isEnd != true {
            self.isReading = true
            return .end(document)
        }
        self.layers[self.layers.count - 1].line = max(0, layer.line + movement.rows(page: page))
        self.clamp()
        return self.want()
    }

    private mutating func clamp() {
        guard let layer = self.layers.last, layer.page != nil else { return }
        self.layers[self.layers.count - 1].line = max(0, min(layer.line, self.lineCount - 1))
    }

    /// Lines that have to be read because the cursor comes near to the end of those that are in memory.
    private mutating func want() -> ContentTask? {
        guard self.problem == nil else { return nil }
        return self.reading(self.layers.last.flatMap { $0.wanted(at: $0.line - self.leadCount) })
    }

    /// Takes note that something is on its way, if it is.
    private mutating func reading(_ task: ContentTask?) -> ContentTask? {
        if task != nil { self.isReading = true }
        return task
    }

    mutating func scroll(by columns: Int) {
        if !self.layers.isEmpty { self.layers[self.layers.count - 1].scroll(by: columns) }
    }

    /// Takes note of the columns that there are.
    /// - Returns: The same view made anew, where its lines are arranged in columns.
    package mutating func fit(columns: Int) -> ContentTask? {
        guard !self.layers.isEmpty, !self.isReading else { return nil }
        let line = self.line - self.leadCount
        return self.reading(self.layers[self.layers.count - 1].fit(columns: columns, at: line))
    }

    // MARK: Views, folds and parts

    /// Turns to the next view.
    mutating func turn(_ step: Int) -> ContentTask? {
        guard !self.layers.isEmpty, let task = self.layers[self.layers.count - 1].turn(step) else { return nil }
        // The line that names the view stays in sight.
        self.layers[self.layers.count - 1].line = min(self.line, max(0, self.leadCount - 1))
        return self.reading(task)
    }

    var canFold: Bool { self.content(at: self.line)?.fold != nil }
    var canEnter: Bool { self.content(at: self.line)?.item != nil }

    /// Folds what begins on the line of the cursor, or opens what it stands for.
    mutating func enter() -> ContentTask? {
        guard let line = self.content(at: self.line), let layer = self.layers.last, let document = layer.document
        else { return nil }
        if let fold = line.fold {
            self.isReading = true
            return .fold(document.toggling(fold: fold.id), around: max(0, layer.line - self.leadCount))
        }
        guard let item = line.item else { return nil }
        var options = layer.options
        options.columns = layer.columns
        let name = item.name ?? line.path ?? ""
        self.layers.append(ContentLayer(item: item, name: name, options: options))
        self.isReading = true
        return .open(item, options, view: nil, line: 0)
    }

    /// Goes back to what the content was opened from.
    mutating func leave() {
        guard self.isNested else { return }
        self.layers.removeLast()
        self.problem = nil
        self.isReading = false
    }

    // MARK: Finding

    /// What is looked for; empty when nothing is.
    var query: String { self.finder.query }
    /// What is looked for is being typed.
    package var isTyping: Bool { self.finder.field != nil }

    mutating func beginFinding() { self.finder.begin() }
    mutating func endFinding() { self.finder.clear() }
    package mutating func paste(_ text: String) { self.finder.field?.paste(text) }

    /// Looks for what another pane looks for.
    mutating func use(_ query: String) { self.finder.use(query) }

    /// Takes a key of what is looked for.
    package mutating func type(_ key: KeyEvent) -> ContentTask? { self.finder.take(key) ? self.find(1) : nil }

    /// Goes to the next line that holds what is looked for; in rows of bytes to the next such bytes.
    mutating func find(_ step: Int) -> ContentTask? {
        guard !self.finder.query.isEmpty else { return nil }
        let isRows = self.view == "hex" && self.isOpen
        let start = self.finder.line.map { $0 + step } ?? self.line
        let count = max(1, self.lineCount)
        self.isReading = true
        return .find(
            ContentSearch(
                finder: self.finder, lead: self.before, document: self.layers.last?.document,
                start: start < 0 ? count - 1 : start, isForward: step > 0, isRows: isRows))
    }

    /// The field that what is looked for is typed in, in one row.
    package func drawField(into canvas: inout Canvas, in row: Rect, _ language: Language) {
        guard let field = self.finder.field else { return }
        self.finder.draw(field, into: &canvas, in: row, label: CommonPhrases.find(language))
    }
}
