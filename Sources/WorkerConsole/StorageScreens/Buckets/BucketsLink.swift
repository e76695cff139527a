import ConsoleUI
import TerminalCanvas
import Widgets
import WorkerDomain

/// The menu of how long a URL that anyone can use is to be valid, and those that were made.
struct BucketsLinks: Sendable {
    static let lifetimes: [(Duration, Phrase)] = [
        (.seconds(900), Phrase("15 minutes", "15 分钟")), (.seconds(3_600), Phrase("1 hour", "1 小时")),
        (.seconds(86_400), Phrase("1 day", "1 天")), (.seconds(604_800), Phrase("7 days", "7 天")),
    ]

    /// The line of the menu; `nil` while it is closed.
    private(set) var line: Int?
    /// Until when a URL of a key is valid, by the newest that was made.
    private var expiries: [ByteString: WallTime] = [:]
    fileprivate var pending = Pending("presign")

    mutating func open() { self.line = 1 }

    mutating func close() { self.line = nil }

    mutating func move(by rows: Int) {
        self.line = self.line.map { max(0, min($0 + rows, Self.lifetimes.count - 1)) }
    }

    func expiry(of key: String) -> WallTime? { self.expiries.isEmpty ? nil : self.expiries[ByteString(key)] }

    fileprivate mutating func note(_ key: String, until time: WallTime) { self.expiries[ByteString(key)] = time }

    func draw(into canvas: inout Canvas, over area: Rect, _ language: Language) {
        let rect = Rect(
            row: area.row + max(0, (area.rows - Self.lifetimes.count - 2) / 2),
            column: area.column + max(0, area.columns - 34),
            rows: min(area.rows, Self.lifetimes.count + 2), columns: min(32, area.columns))
        canvas.fill(rect)
        let inner = Pane.frame(&canvas, rect, title: BucketsTransferPhrases.linkTitle(language), isFocused: true)
        for (index, lifetime) in Self.lifetimes.enumerated() where index < inner.rows {
            let row = inner.row + index
            canvas.write("  \(lifetime.1(language))", row: row, column: inner.column, maxColumns: inner.columns)
            if index == self.line { Pane.select(&canvas, row: row, in: inner, isFocused: true) }
        }
    }
}

/// What the screen does with URLs that anyone can use.
enum BucketsLinking {
    /// Makes a URL that reads the object, copies it and says until when it is valid.
    static func make(in screen: inout BucketsScreen, _ world: World) -> [Effect] {
        guard let line = screen.links.line, case .object(let object)? = screen.current,
            let sharing = screen.resource(in: world)?.sharing
        else { return [] }
        screen.links.close()
        let lifetime = BucketsLinks.lifetimes[line].0
        let now = world.now
        return [
            screen.start(\.links.pending) { _ in
                await Result { () async throws(StorageError) in
                    try await sharing.presignedURL(of: object.key, method: "GET", lifetime: lifetime)
                }
            } then: { screen, result, world in
                switch result {
                case .failure(let error):
                    return [.toast(world.language.text("\(error)"), isFailure: true)]
                case .success(let url):
                    let nanoseconds = now.nanosecondsSinceEpoch + Int64(lifetime / .nanoseconds(1))
                    screen.links.note(object.key, until: WallTime(nanosecondsSinceEpoch: nanoseconds))
                    return [.copy(url)]
                }
            }
        ]
    }
}
