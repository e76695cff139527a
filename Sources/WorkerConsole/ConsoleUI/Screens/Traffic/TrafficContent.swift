import TerminalCanvas
import TextSafety
import TrafficJournal
import Widgets
import WorkerDomain

/// Heads and bodies of an exchange as lines.
enum TrafficContent {
    /// Bytes of a body that are laid out.
    private static let bodyLimit = 262_144

    static func request(_ exchange: Exchange, redaction: Redaction, _ language: Language) -> [[TextRun]] {
        self.head(exchange.requestHead, redaction: redaction)
            + self.body(
                exchange.requestBody, head: exchange.requestHead, redaction: redaction,
                isComplete: !exchange.isInFlight, language)
    }

    static func response(_ exchange: Exchange, in world: World, redaction: Redaction) -> [[TextRun]] {
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

    // MARK: Beside the list

    /// The beginnings of heads and body: the whole is one key away.
    static func glance(_ exchange: Exchange, redaction: Redaction, _ language: Language) -> [[TextRun]] {
        var lines = [[], [TextRun(TrafficPhrases.request(language), .title)]]
        lines += self.head(self.beginning(exchange.requestHead, lines: 12), redaction: redaction)
        if exchange.status != nil {
            lines += [[], [TextRun(TrafficPhrases.response(language), .title)]]
            lines += self.head(self.beginning(exchange.responseHead, lines: 10), redaction: redaction)
            var body = exchange.responseBody
            if body.bytes.count > 2048 { body.bytes = Array(body.bytes.prefix(2048)) }
            lines += self.body(
                body, head: exchange.responseHead, redaction: redaction, isComplete: !exchange.isInFlight, language)
        }
        return lines
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
