import TerminalCanvas
import TextSafety
import TrafficJournal
import Widgets
import WorkerDomain

/// Where the time of an exchange went, and what is known of its way.
enum TrafficTiming {
    /// Columns of the names in front of times and facts.
    static let labels = 13
    /// Columns of names and times in front of a bar.
    static let figures = Self.labels + 11

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
            (TrafficPhrases.phaseHead, "TR", timers.requestHead),
            (TrafficPhrases.queue, "Tw", wasForwarded ? timers.queue : nil),
            (TrafficPhrases.connect, "Tc", wasForwarded ? timers.connect : nil),
            (TrafficPhrases.phaseWait, "Tr", wasForwarded ? timers.response : nil),
            (TrafficPhrases.phaseBody, "Td", hasBody ? timers.data : nil),
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

    private static let roles: [Role] = [.dim, .warning, .redirect, .active, .ok]

    /// The phases in a line, in words, with a bar behind them where there is room.
    static func drawLine(of exchange: Exchange, into canvas: inout Canvas, in line: Rect, _ language: Language) {
        var runs: [TextRun] = []
        var parts: [StackedBar.Part] = []
        for (phase, role) in zip(self.phases(of: exchange), self.roles) {
            runs.append(TextRun(phase.phrase(language) + " ", role))
            runs.append(TextRun((phase.time.map { Format.duration($0) } ?? Format.unknown) + "  "))
            if let time = phase.time, time > .zero {
                parts.append(.init(time / .nanoseconds(1), role: role, shade: 0))
            }
        }
        let used = canvas.write(runs, row: line.row, column: line.column, maxColumns: line.columns)
        let bar = Rect(
            row: line.row, column: line.column + used + 1, rows: 1, columns: max(0, line.columns - used - 1))
        if !parts.isEmpty, bar.columns >= 6 { StackedBar(parts).draw(into: &canvas, in: bar) }
    }

    /// A phase a line, each bar where the one before ended, and the whole.
    static func waterfall(of exchange: Exchange, at now: WallTime, columns: Int, _ language: Language) -> [[TextRun]] {
        let phases = self.phases(of: exchange)
        let columns = max(1, columns)
        let whole = exchange.timers.total ?? phases.reduce(Duration.zero) { $0 + ($1.time ?? .zero) }
        let scale = Double(columns) / max(whole / .nanoseconds(1), 1)
        let longest = phases.compactMap(\.time).max()
        var lines: [[TextRun]] = []
        var start = 0.0
        for phase in phases {
            let label = self.label(phase.phrase, language)
            guard let time = phase.time else {
                lines.append([label, TextRun(Padding.start(Format.unknown, 9), .dim)])
                continue
            }
            let length = time / .nanoseconds(1) * scale
            let from = min(columns, Int(start))
            let cells = max(1, min(columns - from, Int(length.rounded())))
            let bar = String(repeating: "█", count: time == .zero ? 0 : cells)
            lines.append([
                label, TextRun(Padding.start(Format.duration(time), 9)),
                TextRun("  " + String(repeating: " ", count: min(from, columns - 1))),
                TextRun(bar, time == longest && ExchangeText.isError(exchange) ? .failure : .active),
            ])
            start += length
        }
        lines.append([
            self.label(TrafficPhrases.total, language),
            TextRun(Padding.start(ExchangeText.duration(exchange, now: now), 9), .strong),
        ])
        return lines
    }

    /// How it ended, what to know of it, and its way.
    static func facts(
        of exchange: Exchange, _ notes: ExchangeNotes, in world: World, redaction: Redaction
    ) -> [[TextRun]] {
        let language = world.language
        var lines: [[TextRun]] = []
        func fact(_ label: Phrase, _ value: String, _ role: Role = .plain) {
            lines.append([self.label(label, language), TextRun(value, role)])
        }
        let failed = exchange.ending.map { $0.cause != .completed } ?? false
        fact(TrafficPhrases.end, ExchangeText.ending(exchange, language), failed ? .failure : .plain)
        for note in notes.all(in: world, redaction: redaction) {
            fact(TrafficPhrases.note, note, .warning)
        }
        fact(TrafficPhrases.to, self.route(exchange, language))
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

    private static func label(_ phrase: Phrase, _ language: Language) -> TextRun {
        TextRun(Padding.end(phrase(language), self.labels), .name)
    }

    private static func route(_ exchange: Exchange, _ language: Language) -> String {
        switch exchange.route {
        case .backend(let name): name
        case .preflight: TrafficPhrases.preflight(language)
        case .local: TrafficPhrases.local(language)
        case nil: TrafficPhrases.undecided(language)
        }
    }
}
