package import ConsoleUI
import ContentViews
package import TerminalCanvas
import TextSafety
import Widgets
package import WorkerDomain

/// Browses the objects of R2 buckets and the names of KV namespaces, and shows what they hold.
package struct BucketsScreen: Screen {
    package static let id = ScreenID.buckets
    package static let title = Phrase("Buckets", "存储桶")
    package static let names = ["r2", "kv"]
    package static let summary = Phrase(
        "The objects of R2 buckets and the entries of KV namespaces, and what they hold.",
        "R2 存储桶中的对象、KV 命名空间中的条目及其内容。")

    /// The pane that keys go to.
    enum Focus: String, Sendable { case entries, details, found }

    var levels = BucketsLevels()
    var viewer = BucketsViewer()
    var find = BucketsFind()
    var transfer = BucketsTransfer()
    var sums = BucketsSums()
    var links = BucketsLinks()
    var trash = BucketsTrash()
    var verified = BucketsVerified()
    var origins = BucketsOrigins()
    /// The path that is asked for.
    var prompt: BucketsPrompt?
    /// What is asked before a deletion.
    var removal: BucketsRemoval?
    var removing = Pending("removal")
    var suggesting = Pending("suggestion")
    /// What changes the bucket is offered.
    private(set) var isWriting = false
    private(set) var marks = BucketsMarks()
    private(set) var focus = Focus.entries
    private(set) var details = StoredFieldsPane()
    /// The field that is typed in.
    private(set) var field: BucketsField?
    /// `nil` while it is closed.
    private(set) var menu: BucketsSortMenu?

    package init() {}

    package static let panes: [KeyPane<BucketsScreen, Effect>] = BucketsKeys.panes

    package mutating func update(_ message: Message, in world: World) -> [Effect] {
        switch message {
        case .shown: return BucketsBrowsing.shown(&self, in: world)
        case .hidden: return BucketsBrowsing.hidden(&self)
        case .tick:
            guard self.levels.isShown else { return [] }
            self.levels.tick(at: world.now)
            if self.preview?.item.hasExpired(at: world.now) == true { self.viewer.change { $0.note(.gone) } }
            return BucketsViewing.fit(&self, in: world)
        case .worldChanged: return self.levels.isShown ? BucketsBrowsing.ensureListing(&self, in: world) : []
        case .key(let key): return self.press(key, in: world)
        case .paste(let text):
            self.viewer.change { if $0.pane.isTyping { $0.pane.paste(text) } }
            self.changeField { $0.paste(text) }
            self.prompt?.paste(text)
            self.removal?.paste(text)
        case .object(let binding, let key): return BucketsBrowsing.show(key: key, of: binding, &self, in: world)
        case .traffic: break
        }
        return []
    }

    // MARK: What is shown

    /// Buckets and namespaces, in configured order.
    static func stores(in world: World) -> [BoundResource] {
        world.resources.filter { resource in
            switch resource.reader {
            case .bucket, .namespace: true
            case .database: false
            }
        }
    }

    func resource(in world: World) -> BoundResource? {
        world.resources.first { resource in
            self.listing.map { $0.binding.hasSameBytes(as: resource.binding.id) } ?? false
        }
    }

    var listing: BucketsListing? { self.levels.listing }

    /// The value that is open.
    var preview: BucketsPreview? { self.viewer.preview }
    var content: ContentPane? { self.viewer.content }

    /// What the cursor is on, in the listing or in the results of a search, or what is open.
    var current: BucketsItem? {
        self.preview?.item ?? (self.find.isShown ? self.find.selected : self.listing?.selected)
    }

    /// What is listed or was found, in the order that is shown.
    var shown: [BucketsItem] {
        guard !self.find.isShown else { return self.find.items }
        return self.listing.map { listing in listing.visible.map { listing.items[$0] } } ?? []
    }

    /// What is acted on: the marked entries, or the one under the cursor.
    var targets: [ObjectTarget] {
        let items = self.marks.isEmpty || self.preview != nil ? [self.current].compactMap { $0 } : self.marks.all
        return items.compactMap { item in
            switch item {
            case .object(let object): .object(object)
            case .prefix(let prefix): .prefix(prefix)
            case .name: nil
            }
        }
    }

    /// What a layout notes where a content is shown.
    static let contentShown = "content"

    // MARK: List, details, field and menu

    /// Another bucket is listed: what belongs to this one ends.
    mutating func leaveBucket() -> [Effect] {
        self.marks.clear()
        self.isWriting = false
        self.prompt = nil
        self.links.close()
        self.verified.clear()
        let effects = BucketsFinding.close(&self) + BucketsRemoving.leave(&self) + self.cancel(\.suggesting)
        self.find = BucketsFind()
        return effects
    }

    mutating func toggleWriting() { self.isWriting.toggle() }

    /// What can change the bucket, in the write mode alone.
    func writer(in world: World) -> (any ObjectWriter)? {
        self.isWriting ? self.resource(in: world)?.writer : nil
    }

    mutating func moveCurrent(by rows: Int) -> [Effect] {
        if self.find.isShown {
            self.find.move(by: rows)
            return []
        }
        self.changeListing { $0.move(by: rows) }
        return BucketsBrowsing.loadMoreAtEnd(&self)
    }

    mutating func changeMarks(_ change: (inout BucketsMarks) -> Void) { change(&self.marks) }

    mutating func show(_ focus: Focus) {
        self.focus = focus
        self.details.home()
    }

    mutating func changeListing(_ change: (inout BucketsListing) -> Void) { self.levels.change(change) }

    mutating func changeDetails(_ change: (inout StoredFieldsPane) -> Void) { change(&self.details) }

    mutating func openField() {
        guard let listing = self.listing else { return }
        let query = self.find.isShown ? self.find.query : nil
        self.field = BucketsField(
            filter: query?.text ?? listing.filter, isBelow: listing.hasParent,
            kind: query.map { $0.prefix.isEmpty || !listing.hasParent ? .bucket : .below } ?? .filter)
    }

    mutating func closeField() { self.field = nil }

    /// What is typed narrows the listing at once.
    mutating func changeField(_ change: (inout BucketsField) -> Void) {
        guard var field = self.field else { return }
        change(&field)
        self.field = field
        self.changeListing { $0.setFilter(field.kind == .filter ? field.text : "") }
    }

    mutating func openMenu() { self.menu = BucketsSortMenu(at: self.listing?.sort.column ?? .name) }

    mutating func closeMenu() { self.menu = nil }

    mutating func moveMenu(by rows: Int) { self.menu?.move(by: rows) }

    package mutating func click(row: Int, column: Int, in world: World) -> [Effect] {
        guard self.menu == nil, self.links.line == nil, self.preview == nil, !self.isTyping,
            let (pane, index) = world.layout.hit(row: row, column: column, as: Focus.self)
        else { return [] }
        if self.find.isShown {
            guard pane == .found, let index else { return [] }
            if index == self.find.cursor { return BucketsFinding.openSelected(in: &self) }
            self.find.move(to: index)
            return []
        }
        let wasFocused = self.focus == pane
        if !wasFocused { self.show(pane) }
        guard pane == .entries, let index, let listing = self.listing else { return [] }
        if wasFocused, index == listing.cursor { return BucketsBrowsing.openSelected(&self) }
        self.changeListing { $0.move(to: index) }
        return []
    }

    // MARK: Drawing

    package func draw(into canvas: inout Canvas, area: Rect, world: World) -> ScreenLayout {
        BucketsView(self, world).draw(into: &canvas, area: area)
    }

    package func stateLine(in world: World) -> [Span] { BucketsText.stateLine(of: self, in: world) }
}
