import ContentViews
import TerminalCanvas
import TextSafety
import TrafficJournal
import Widgets
import WorkerDomain

/// Heads of an exchange as lines, and what there is to say of its bodies.
enum TrafficContent {
    /// One side of an exchange: lines, and the body behind them.
    struct Side: Sendable {
        var lines: [[TextRun]]
        var body: CapturedBody
        /// The head that says what the body is.
        var head: [UInt8]
    }

    static func request(_ exchange: Exchange, redaction: Redaction) -> Side {
        Side(
            lines: self.head(exchange.requestHead, redaction: redaction), body: exchange.requestBody,
            head: exchange.requestHead)
    }

    static func response(_ exchange: Exchange, in world: World, redaction: Redaction) -> Side {
        let language = world.language
        guard exchange.status != nil else {
            let text = exchange.isInFlight ? TrafficPhrases.notYet(language) : TrafficPhrases.noAnswer(language)
            let lines = [[TextRun(text, .dim)], [TextRun(ExchangeText.ending(exchange, language))]]
            return Side(lines: lines, body: CapturedBody(), head: [])
        }
        var lines = self.head(exchange.responseHead, redaction: redaction)
        let notes = ExchangeNotes(exchange: exchange).all(in: world, redaction: redaction)
        if !notes.isEmpty { lines += [[]] + notes.map { [TextRun($0, .warning)] } }
        if let ending = exchange.ending, ending.cause != .completed {
            lines += [[], [TextRun("✖ " + ExchangeText.ending(exchange, language), .failure)]]
        }
        return Side(lines: lines, body: exchange.responseBody, head: exchange.responseHead)
    }

    static func head(_ bytes: [UInt8], redaction: Redaction) -> [[TextRun]] {
        let head = MessageHead(bytes)
        let fields = redaction.fields(of: head)
        let columns = min(30, fields.map { Sanitizer.columns(of: $0.name) }.max() ?? 0)
        return [[TextRun(redaction.startLine(of: head), .strong)]]
            + fields.map { field in
                let pad = String(repeating: " ", count: max(0, columns - Sanitizer.columns(of: field.name)) + 2)
                return [TextRun(field.name + pad, .name), TextRun(field.value)]
            }
    }

    /// What can be shown of a body; `nil` when nothing of it was kept.
    static func item(of side: Side) -> ContentItem? {
        guard !side.body.bytes.isEmpty else { return nil }
        return ContentItem(
            MemorySource(side.body.bytes, isCut: side.body.omittedBytes > 0),
            mediaType: MessageHead.value(of: "content-type", in: side.head),
            coding: MessageHead.value(of: "content-encoding", in: side.head))
    }

    /// Why there is no body to show; `isComplete` is false while more of it may come.
    static func missing(_ body: CapturedBody, isComplete: Bool, _ language: Language) -> [[TextRun]] {
        let text =
            body.totalBytes == 0
            ? (isComplete ? TrafficPhrases.noBody : TrafficPhrases.noBodyYet)(language)
            : TrafficPhrases.notKept(language, Format.bytes(Int64(body.totalBytes)))
        return [[], [TextRun(text, .dim)]]
    }

    /// `Body · 312 B`, and how much of it was kept.
    static func label(of body: CapturedBody, _ language: Language) -> String {
        let title = "\(TrafficPhrases.body(language)) · \(Format.bytes(Int64(body.totalBytes)))"
        guard body.omittedBytes > 0 else { return title }
        let (part, all) = (Format.bytes(Int64(body.bytes.count)), Format.bytes(Int64(body.totalBytes)))
        return title + " · " + TrafficPhrases.keptPart(language, part, all)
    }

    // MARK: Beside the list

    /// The beginnings of heads and body: the whole is one key away.
    static func glance(_ exchange: Exchange, redaction: Redaction, _ language: Language) -> [[TextRun]] {
        var lines = [[], [TextRun(TrafficPhrases.request(language), .title)]]
        lines += self.head(self.beginning(exchange.requestHead, lines: 12), redaction: redaction)
        if exchange.status != nil {
            lines += [[], [TextRun(TrafficPhrases.response(language), .title)]]
            lines += self.head(self.beginning(exchange.responseHead, lines: 10), redaction: redaction)
            lines += self.glance(
                Side(lines: [], body: exchange.responseBody, head: exchange.responseHead),
                isComplete: !exchange.isInFlight, redaction: redaction, language)
        }
        return lines
    }

    /// The beginning of a body in the view that suits it.
    private static func glance(
        _ side: Side, isComplete: Bool, redaction: Redaction, _ language: Language
    ) -> [[TextRun]] {
        guard !side.body.bytes.isEmpty else { return self.missing(side.body, isComplete: isComplete, language) }
        let glance = ContentGlance(
            Array(side.body.bytes.prefix(2_048)), isWhole: side.body.totalBytes <= 2_048,
            mediaType: MessageHead.value(of: "content-type", in: side.head),
            coding: MessageHead.value(of: "content-encoding", in: side.head), lines: 100,
            ContentOptions(redaction: redaction, language: language, columns: 44))
        let title = [self.label(of: side.body, language), glance.title].joined(separator: " · ")
        return [[], [TextRun(title, .title)]] + glance.lines
    }

    /// The first lines of a head, as far as a window may show them.
    private static func beginning(_ head: [UInt8], lines: Int) -> [UInt8] {
        let limit = 2_000
        var beginning: [UInt8] = []
        for line in head.split(separator: 0x0A, maxSplits: lines).prefix(lines) {
            beginning += line.prefix(limit) + [0x0A]
        }
        return beginning
    }
}
