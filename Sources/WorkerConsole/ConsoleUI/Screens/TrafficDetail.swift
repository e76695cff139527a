import TerminalCanvas
import TextSafety
import TrafficJournal
import Widgets
import WorkerDomain

/// One exchange opened: its tab and the lines of it.
struct TrafficDetail: Sendable {
    enum Tab: Int, Sendable, CaseIterable { case request, response, timing }

    /// Bytes of a body that are laid out.
    private static let bodyLimit = 262_144

    private(set) var exchange: Exchange
    private(set) var tab = Tab.response
    var pager = TextPager(isWrapped: true)
    var finder = TextFinder()
    /// The lines of the tab, without marks.
    private var lines: [[TextRun]] = []
    /// Values of the exchange that are hidden.
    private(set) var hidden = 0

    init(_ exchange: Exchange, in world: World, redaction: Redaction) {
        self.exchange = exchange
        self.use(exchange, in: world, redaction: redaction)
    }

    mutating func use(_ exchange: Exchange, in world: World, redaction: Redaction) {
        let isSame = self.exchange.id == exchange.id
        self.exchange = exchange
        self.hidden = redaction.count(in: exchange)
        self.lines = Self.lines(of: exchange, self.tab, in: world, redaction: redaction)
        let offset = self.pager.offset
        self.mark()
        // An exchange that goes on stays where it is read.
        self.pager.scroll(to: isSame ? offset : 0)
    }

    /// Shows the lines with what is looked for marked.
    private mutating func mark() {
        let offset = self.pager.offset
        self.pager.setLines(self.finder.query.isEmpty ? self.lines : self.lines.map { self.finder.marked($0) })
        self.pager.scroll(to: offset)
    }

    /// Goes to the next line that holds what is looked for.
    /// - Returns: False when there is none.
    mutating func find(_ step: Int) -> Bool {
        self.mark()
        let lines = self.lines
        guard let line = self.finder.seek(step, from: self.pager.offset, count: lines.count, line: { lines[$0] }) else {
            return false
        }
        self.pager.scroll(to: line)
        return true
    }

    mutating func stopFinding() {
        self.finder.clear()
        self.mark()
    }

    mutating func turn(_ step: Int, in world: World, redaction: Redaction) {
        let all = Tab.allCases
        self.tab = all[(self.tab.rawValue + step + all.count) % all.count]
        self.use(self.exchange, in: world, redaction: redaction)
        self.pager.scroll(to: 0)
    }

    static func lines(of exchange: Exchange, _ tab: Tab, in world: World, redaction: Redaction) -> [[TextRun]] {
        switch tab {
        case .request:
            self.head(exchange.requestHead, redaction: redaction)
                + self.body(
                    exchange.requestBody, head: exchange.requestHead, redaction: redaction,
                    isComplete: !exchange.isInFlight, world.language)
        case .response: self.response(exchange, in: world, redaction: redaction)
        case .timing: self.timing(exchange, ExchangeNotes(exchange: exchange), in: world, redaction: redaction)
        }
    }

    private static func response(_ exchange: Exchange, in world: World, redaction: Redaction) -> [[TextRun]] {
        let language = world.language
        guard exchange.status != nil else {
            let text = exchange.isInFlight ? TrafficPhrases.notYet(language) : TrafficPhrases.noAnswer(language)
            return [[TextRun(text, .dim)], [TextRun(ExchangeText.ending(exchange, language))]]
        }
        var lines = self.head(exchange.responseHead, redaction: redaction)
        let notes = ExchangeNotes(exchange: exchange).all(in: world, redaction: redaction)
        if !notes.isEmpty { lines += [[]] + notes.map { [TextRun($0, .warning)] } }
        if let ending = exchange.ending, ending.cause != .completed {
            lines += [[], [TextRun("✖ " + ExchangeText.ending(exchange, language), .failure)]]
        }
        return lines
            + self.body(
                exchange.responseBody, head: exchange.responseHead, redaction: redaction,
                isComplete: !exchange.isInFlight, language)
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

    /// The body as it may be shown; `isComplete` is false while more of it may come.
    static func body(
        _ body: CapturedBody, head: [UInt8], redaction: Redaction, isComplete: Bool, _ language: Language
    ) -> [[TextRun]] {
        var title = "\(TrafficPhrases.body(language)) · \(Format.bytes(Int64(body.totalBytes)))"
        if body.totalBytes == 0 {
            return [[], [TextRun((isComplete ? TrafficPhrases.noBody : TrafficPhrases.noBodyYet)(language), .dim)]]
        }
        if body.bytes.isEmpty {
            let text = TrafficPhrases.notKept(language, Format.bytes(Int64(body.totalBytes)))
            return [[], [TextRun(text, .dim)]]
        }
        let kept = body.bytes.count > self.bodyLimit ? Array(body.bytes.prefix(self.bodyLimit)) : body.bytes
        let type = MessageHead.value(of: "content-type", in: head)
        let coding = MessageHead.value(of: "content-encoding", in: head)
        let encoding = coding.flatMap { $0.lowercased() == "identity" ? nil : $0 }
        let content: [[TextRun]]
        let shown = redaction.isOff ? kept : redaction.body(kept, type: type, encoding: coding).bytes
        if encoding == nil, let text = self.text(shown, isCut: kept.count < body.totalBytes) {
            let type = type?.lowercased() ?? ""
            let first = shown.first { $0 > 0x20 }
            if type.contains("json") || first == 0x7B || first == 0x5B {
                title += " · json"
                content = JSONPretty(shown).lines
            } else {
                title += " · \(TrafficPhrases.text(language))"
                content = TextPager(text: text).lines
            }
        } else {
            title += " · " + (encoding.map { TrafficPhrases.encoded(language, $0) } ?? TrafficPhrases.bytes(language))
            content = self.hex(shown)
        }
        if kept.count < body.totalBytes {
            let (part, all) = (Format.bytes(Int64(kept.count)), Format.bytes(Int64(body.totalBytes)))
            title += " · " + TrafficPhrases.keptPart(language, part, all)
        }
        return [[], [TextRun(title, .title)]] + content
    }

    /// The bytes as text when they are UTF-8 without NUL; a character that the capture cut in two is left out.
    private static func text(_ bytes: [UInt8], isCut: Bool) -> String? {
        guard !bytes.contains(0) else { return nil }
        for cut in 0...(isCut ? 3 : 0) {
            if let text = String(validating: bytes.dropLast(cut), as: UTF8.self) { return text }
        }
        return nil
    }

    private static func hex(_ bytes: [UInt8]) -> [[TextRun]] {
        stride(from: 0, to: bytes.count, by: 16).map { start in
            let slice = bytes[start..<min(bytes.count, start + 16)]
            let digits = slice.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
            let offset = String(start, radix: 16)
            let pad = String(repeating: " ", count: 49 - digits.count)
            let ascii = String(
                slice.map { (0x20..<0x7F).contains($0) ? Character(Unicode.Scalar($0)) : "·" })
            return [
                TextRun(String(repeating: "0", count: 8 - min(8, offset.count)) + offset + "  ", .dim),
                TextRun(digits + pad), TextRun(ascii, .literal),
            ]
        }
    }

    /// The phases in order, with their names and what HAProxy calls their timers.
    ///
    /// What the proxy answered by itself waited for no backend: those phases did not happen. The phase in which an
    /// exchange broke off has no timer, as in HAProxy; it lasted for what the others leave of the whole.
    static func phases(of exchange: Exchange) -> [(phrase: Phrase, code: String, time: Duration?)] {
        let timers = exchange.timers
        let wasForwarded: Bool
        switch exchange.route {
        case .preflight, .local: wasForwarded = false
        case .backend, nil: wasForwarded = true
        }
        let hasBody = wasForwarded || exchange.responseBody.totalBytes > 0
        var phases: [(phrase: Phrase, code: String, time: Duration?)] = [
            (TrafficPhrases.requestHead, "TR", timers.requestHead),
            (TrafficPhrases.queue, "Tw", wasForwarded ? timers.queue : nil),
            (TrafficPhrases.connect, "Tc", wasForwarded ? timers.connect : nil),
            (TrafficPhrases.wait, "Tr", wasForwarded ? timers.response : nil),
            (TrafficPhrases.data, "Td", hasBody ? timers.data : nil),
        ]
        if let ending = exchange.ending, ending.cause != .completed, let total = timers.total {
            let place =
                switch ending.phase {
                case .requestHead: 0
                case .queue: 1
                case .connect: 2
                case .requestBody, .responseHead: 3
                case .responseBody, .tunnel, .done: 4
                }
            if phases[place].time == nil, wasForwarded || place == 0 {
                phases[place].time = max(.zero, phases.reduce(total) { $0 - ($1.time ?? .zero) })
            }
        }
        return phases
    }

    /// A name and its timer, each in a column of its own.
    private static func label(_ phrase: Phrase, _ code: String, _ language: Language) -> TextRun {
        TextRun(Self.pad(Self.pad(phrase(language), 13) + code, 17), .name)
    }

    static func timing(
        _ exchange: Exchange, _ notes: ExchangeNotes, in world: World, redaction: Redaction, columns: Int = 40
    ) -> [[TextRun]] {
        let language = world.language
        let phases = self.phases(of: exchange)
        let whole = exchange.timers.total ?? phases.reduce(Duration.zero) { $0 + ($1.time ?? .zero) }
        let scale = Double(columns) / max(whole / .nanoseconds(1), 1)
        var lines: [[TextRun]] = []
        var start = 0.0
        for phase in phases {
            let label = Self.label(phase.phrase, phase.code, language)
            guard let time = phase.time else {
                lines.append([label, TextRun(Self.left(Format.unknown, 9), .dim)])
                continue
            }
            let length = time / .nanoseconds(1) * scale
            let from = min(columns, Int(start))
            let cells = max(1, min(columns - from, Int(length.rounded())))
            let isLongest = time == phases.compactMap(\.time).max()
            let bar = String(repeating: "█", count: time == .zero ? 0 : cells)
            lines.append([
                label, TextRun(Self.left(Format.duration(time), 9)),
                TextRun("  " + String(repeating: " ", count: min(from, columns - 1))),
                TextRun(bar, isLongest && ExchangeText.isError(exchange) ? .failure : .active),
            ])
            start += length
        }
        lines.append([
            Self.label(TrafficPhrases.total, "Ta", language),
            TextRun(Self.left(ExchangeText.duration(exchange, now: world.now), 9), .strong),
        ])
        lines.append([])
        func fact(_ label: Phrase, _ value: String, _ role: Role = .plain) {
            lines.append([TextRun(Self.pad(label(language), 17), .name), TextRun(value, role)])
        }
        let failed = exchange.ending.map { $0.cause != .completed } ?? false
        fact(TrafficPhrases.end, ExchangeText.ending(exchange, language), failed ? .failure : .plain)
        for note in notes.all(in: world, redaction: redaction) {
            fact(TrafficPhrases.note, note, .warning)
        }
        fact(TrafficPhrases.to, Self.route(exchange, language))
        fact(
            TrafficPhrases.connection,
            exchange.reusedConnection.map { ($0 ? TrafficPhrases.reused : TrafficPhrases.fresh)(language) }
                ?? Format.unknown)
        fact(TrafficPhrases.retries, "\(exchange.retries)", exchange.retries > 0 ? .warning : .plain)
        fact(TrafficPhrases.from, exchange.downstream)
        let time = ClockText.time(
            exchange.startedAt, secondsFromUTC: world.secondsFromUTC, milliseconds: true)
        fact(TrafficPhrases.started, "\(time) \(ClockText.zone(world.secondsFromUTC))")
        return lines
    }

    private static func route(_ exchange: Exchange, _ language: Language) -> String {
        switch exchange.route {
        case .backend(let name): name
        case .preflight: TrafficPhrases.preflight(language)
        case .local: TrafficPhrases.local(language)
        case nil: TrafficPhrases.undecided(language)
        }
    }

    static func pad(_ text: String, _ columns: Int) -> String {
        text + String(repeating: " ", count: max(1, columns - Sanitizer.columns(of: text)))
    }

    static func left(_ text: String, _ columns: Int) -> String {
        String(repeating: " ", count: max(0, columns - Sanitizer.columns(of: text))) + text
    }
}
