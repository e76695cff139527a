import ConsoleUI
import TerminalCanvas
import TextSafety
import Widgets
import WorkerDomain

/// The question before something is deleted: what it would be, and the words that let it happen.
struct BucketsRemoval: Sendable {
    enum Phase: Sendable, Equatable {
        /// What lies below marked prefixes is counted.
        case counting
        case ready
        case failed(StorageError)
    }

    /// Objects of one deletion; the command takes more.
    static let maximum = 100_000

    private(set) var phase = Phase.counting
    /// Exactly these are deleted.
    private(set) var objects: [StoredObject] = []
    /// The bucket's own name, for one that is elsewhere; `nil` for one on this machine.
    let remoteBucket: String?
    let bucket: String
    fileprivate(set) var isWrong = false
    private var field = TextField(limit: 200)

    init(bucket: String, remoteBucket: String?) {
        self.bucket = bucket
        self.remoteBucket = remoteBucket
    }

    var bytes: Int64 {
        self.objects.reduce(0) { sum, object in
            let (total, isOver) = sum.addingReportingOverflow(object.bytes)
            return isOver ? .max : total
        }
    }

    /// What has to be typed.
    var words: String { self.remoteBucket ?? "delete \(self.objects.count)" }

    /// The words are there and something is to be deleted: Enter does it.
    var isAgreed: Bool {
        self.phase == .ready && !self.objects.isEmpty && self.field.text.hasSameBytes(as: self.words)
    }

    /// What does it instead, for the prefix at which there were too many: the command deletes page by page, and keeps
    /// none of them.
    fileprivate func tooMany(below prefix: String) -> StorageError {
        let place = "\(self.bucket)/\(prefix)"
        let isPlain = place.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || "/._-".utf8.contains(byte)
        }
        let confirm = self.remoteBucket.map { " --confirm \($0)" } ?? ""
        let command =
            "worker-console r2 rm \(isPlain ? place : ControlCharacters.shellWord(place)) --recursive --dry-run\(confirm)"
        // Pasted, the command of another folder or environment would look at another bucket: it only looks at first.
        return StorageError(
            .limit, operation: "delete \(prefix)",
            reason: "more than 100,000 objects are not deleted on the screen; \(command) shows what it would delete, "
                + "and deletes any number with --write; it needs the same --project and --env as this console")
    }

    /// It can be brought back.
    var hasUndo: Bool { self.remoteBucket == nil && self.bytes <= ObjectDeletion.largestTrash }

    mutating func type(_ key: KeyEvent) {
        self.isWrong = false
        _ = self.field.handle(key)
    }

    mutating func paste(_ text: String) { self.field.paste(text) }

    fileprivate mutating func take(_ result: Result<[StoredObject], StorageError>) {
        switch result {
        case .success(let objects):
            self.objects = objects
            self.phase = .ready
        case .failure(let error): self.phase = .failed(error)
        }
    }

    // MARK: Drawing

    func draw(into canvas: inout Canvas, over area: Rect, _ language: Language) {
        let glyphs = canvas.glyphs.glyphs
        canvas.fill(area)
        let isSmall = Pane.isSmall(area)
        let title = BucketsTransferPhrases.removeTitle(
            language, ScreenFormat.count(self.objects.count), self.bucket)
        let inner =
            isSmall
            ? area
            : Pane.frame(
                &canvas, area, title: title, note: BucketsTransferPhrases.dryRun(language), isFocused: true)
        switch self.phase {
        case .counting: return Pane.notice(&canvas, inner, [Span(StoragePhrases.loading(language), .active)])
        case .failed(let error): return Pane.failure(&canvas, inner, error, language)
        case .ready: break
        }
        let (names, foot) = inner.splitTop(max(0, inner.rows - 4))
        for (index, object) in self.objects.prefix(names.rows).enumerated() {
            let row = names.row + index
            let isLast = index == names.rows - 1 && self.objects.count > names.rows
            if isLast {
                let rest = ScreenFormat.count(self.objects.count - names.rows + 1)
                canvas.write(
                    BucketsTransferPhrases.andMore(language, rest), row: row, column: names.column + 1, role: .dim)
                continue
            }
            let name = Truncation.middle(object.key, columns: names.columns - 13, ellipsis: glyphs.ellipsis)
            canvas.write(name, row: row, column: names.column + 1)
            Pane.right(
                ScreenFormat.bytes(object.bytes), to: &canvas, row: row, column: names.endColumn - 11, columns: 10)
        }
        self.drawFoot(&canvas, foot, language)
    }

    private func drawFoot(_ canvas: inout Canvas, _ rect: Rect, _ language: Language) {
        let sum = BucketsTransferPhrases.removeSum(
            language, ScreenFormat.count(self.objects.count), ScreenFormat.bytes(self.bytes))
        let undo =
            self.hasUndo
            ? BucketsTransferPhrases.hasUndo
            : self.remoteBucket == nil ? BucketsTransferPhrases.tooLargeForTrash : BucketsTransferPhrases.noUndo
        var row = rect.row
        func write(_ spans: [Span]) {
            guard row < rect.endRow else { return }
            Pane.write(spans, to: &canvas, row: row, column: rect.column + 1, columns: rect.columns - 2)
            row += 1
        }
        write([Span(sum, .strong)])
        write([Span(undo(language), self.hasUndo ? .plain : .danger)])
        write([
            Span(
                BucketsTransferPhrases.typeWords(language, self.words), self.isWrong ? .failure : .key)
        ])
        guard row < rect.endRow else { return }
        let mark = canvas.write("\(canvas.glyphs.glyphs.active) ", row: row, column: rect.column + 1, role: .key)
        Pane.input(
            self.field, &canvas,
            Rect(row: row, column: rect.column + 1 + mark, rows: 1, columns: rect.columns - 2 - mark))
    }
}

/// What the screen does with a deletion before it happens.
enum BucketsRemoving {
    /// Counts what would be deleted.
    static func ask(in screen: inout BucketsScreen, _ world: World) -> [Effect] {
        let targets = screen.targets
        guard !targets.isEmpty, let resource = screen.resource(in: world), case .bucket(let store) = resource.reader
        else { return [] }
        let bucket = resource.host == nil ? nil : resource.place.split(separator: "/").last.map(String.init)
        let removal = BucketsRemoval(
            bucket: resource.binding.name, remoteBucket: resource.host == nil ? nil : bucket ?? resource.binding.name)
        screen.removal = removal
        return [
            screen.start(\.removing) { _ in
                await self.objects(of: targets, in: store, removal)
            } then: { screen, result, _ in
                screen.removal?.take(result)
                return []
            }
        ]
    }

    /// Deletes, when the words are there.
    static func answer(in screen: inout BucketsScreen, _ world: World) -> [Effect] {
        guard let removal = screen.removal else { return [] }
        guard removal.isAgreed else {
            screen.removal?.isWrong = true
            return []
        }
        screen.removal = nil
        return BucketsTransferring.remove(removal.objects, in: &screen, world)
    }

    static func leave(_ screen: inout BucketsScreen) -> [Effect] {
        screen.removal = nil
        return screen.cancel(\.removing)
    }

    /// Each object once, in key order.
    private static func objects(
        of targets: [ObjectTarget], in store: any ObjectStore, _ removal: BucketsRemoval
    ) async -> Result<[StoredObject], StorageError> {
        await Result { () async throws(StorageError) in
            var found: [ByteString: StoredObject] = [:]
            for target in targets {
                switch target {
                case .object(let object): found[ByteString(object.key)] = object
                case .prefix(let prefix):
                    var walk = ObjectWalk(store, ObjectListRequest(prefix: prefix))
                    while !Task.isCancelled, let page = try await walk.next() {
                        for case .object(let object) in page.entries { found[ByteString(object.key)] = object }
                        guard found.count <= BucketsRemoval.maximum else {
                            throw removal.tooMany(below: prefix)
                        }
                    }
                }
            }
            return found.keys.sorted().compactMap { found[$0] }
        }
    }
}
