import TerminalCanvas
import TrafficJournal
import Widgets
import WorkerDomain

/// What the overview says of the Worker itself.
enum OverviewWorker {
    static func draw(into canvas: inout Canvas, in area: Rect, world: World) {
        let language = world.language
        let status = world.status
        let glyphs = canvas.glyphs.glyphs
        let up = OverviewPhrases.up(language, Format.age(world.now.since(status.startedAt)))
        let inner = Box(title: OverviewPhrases.worker(language), note: up).draw(into: &canvas, in: area)
        let flight = CommonPhrases.inFlight(language, Format.count(world.statistics.inFlight))
        let labels =
            [OverviewPhrases.listening, OverviewPhrases.memory, OverviewPhrases.source]
            .map { Sanitizer.columns(of: $0(language)) }.max() ?? 0
        var entries = [
            KeyValueList.Entry(
                OverviewPhrases.state(language),
                self.state(status.state, glyphs, language) + [TextRun("   \(flight)", .dim)]),
            KeyValueList.Entry(
                OverviewPhrases.listening(language),
                status.listening.isEmpty ? Format.unknown : status.listening.joined(separator: ", "),
                role: status.isExposed ? .danger : .plain),
            KeyValueList.Entry(
                OverviewPhrases.source(language), self.source(status, hasDate: inner.rows < 7, language)),
            KeyValueList.Entry(
                OverviewPhrases.cors(language),
                self.cors(status.corsSummary, columns: inner.columns - 4 - labels, ellipsis: glyphs.ellipsis)),
            KeyValueList.Entry(OverviewPhrases.memory(language), self.memory(status, language)),
        ]
        if inner.rows >= 6 {
            entries.insert(
                KeyValueList.Entry(OverviewPhrases.routes(language), self.orUnknown(status.routesSummary)), at: 4)
        }
        if inner.rows >= 7 {
            let flags =
                status.compatibilityFlags.isEmpty
                ? OverviewPhrases.flagsNone(language) : status.compatibilityFlags.joined(separator: " ")
            let date = status.compatibilityDate ?? Format.unknown
            entries.insert(KeyValueList.Entry(OverviewPhrases.date(language), "\(date)  \(flags)"), at: 3)
        }
        if inner.rows >= 8 {
            let path = status.configurationPath ?? OverviewPhrases.noConfig(language)
            entries.append(KeyValueList.Entry(OverviewPhrases.config(language), path: path))
        }
        KeyValueList(entries).draw(into: &canvas, in: inner.inset(rows: 0, columns: 1))
    }

    /// Origins, methods and age in so many columns: methods are left out whole, from the last.
    static func cors(_ summary: String, columns: Int, ellipsis: String) -> String {
        guard !summary.isEmpty else { return Format.unknown }
        var parts = summary.split(separator: " · ").map(String.init)
        // An age in seconds reads better in hours.
        if let last = parts.last, last.hasSuffix(" s"), let seconds = Int(last.dropLast(2)), seconds > 0,
            seconds.isMultiple(of: 3600)
        {
            parts[parts.count - 1] = "\(seconds / 3600) h"
        }
        var text = parts.joined(separator: " · ")
        guard parts.count >= 2 else { return text }
        var methods = parts[1].split(separator: " ")
        while Sanitizer.columns(of: text) > columns, methods.count > 1 {
            methods.removeLast()
            parts[1] = methods.joined(separator: " ") + ellipsis
            text = parts.joined(separator: " · ")
        }
        return text
    }

    private static func orUnknown(_ text: String) -> String { text.isEmpty ? Format.unknown : text }

    /// Memory, and behind it what the event loops wait with: both are about this process.
    private static func memory(_ status: WorkerStatus, _ language: Language) -> [TextRun] {
        let memory = status.residentBytes.map { Format.bytes($0) } ?? Format.unknown
        guard let engine = status.engine else { return [TextRun(memory)] }
        let reason = status.engineObstacle.map { " (\($0))" } ?? ""
        return [TextRun(memory), TextRun("   \(OverviewPhrases.engine(language, engine))\(reason)", .dim)]
    }

    private static func source(_ status: WorkerStatus, hasDate: Bool, _ language: Language) -> String {
        var text = status.main ?? Format.unknown
        if hasDate, let date = status.compatibilityDate { text += "  \(date)" }
        if let environment = status.environment { text += "  \(OverviewPhrases.environment(language, environment))" }
        return text
    }

    private static func state(_ state: WorkerStatus.State, _ glyphs: Glyphs, _ language: Language) -> [TextRun] {
        switch state {
        case .starting: [TextRun("\(glyphs.rising) \(CommonPhrases.starting(language))", .active)]
        case .serving: [TextRun("\(glyphs.up) \(CommonPhrases.serving(language))", .ok)]
        case .draining: [TextRun("\(glyphs.warning) \(CommonPhrases.draining(language))", .warning)]
        case .failed(let reason):
            [
                TextRun(
                    "\(glyphs.cross) "
                        + CommonPhrases.labelled(language, CommonPhrases.failed(language), language.text(reason)),
                    .failure)
            ]
        }
    }
}
