import TerminalCanvas
import TextSafety
import Widgets
import WorkerDomain

/// How an exchange is written in rows and details.
enum ExchangeText {
    /// Glyph and colour of the class of its response, or of how it ended without one.
    static func mark(_ exchange: Exchange, glyphs: Glyphs) -> (glyph: String, role: Role) {
        if exchange.route == .preflight, let status = exchange.status, status < 400 {
            return (glyphs.preflight, .redirect)
        }
        if let ending = exchange.ending, ending.cause == .clientAborted { return (glyphs.clientGone, .warning) }
        switch exchange.status.map({ $0 / 100 }) {
        case 5: return (glyphs.cross, .failure)
        case 4: return (glyphs.warning, .warning)
        default: break
        }
        if let ending = exchange.ending, ending.cause != .completed { return (glyphs.cross, .failure) }
        switch exchange.status.map({ $0 / 100 }) {
        case nil: return (glyphs.inFlight, .active)
        case 3: return (glyphs.redirect, .redirect)
        default: return exchange.isInFlight ? (glyphs.inFlight, .active) : (glyphs.ok, .ok)
        }
    }

    static func status(_ exchange: Exchange) -> String {
        exchange.status.map { "\($0)" } ?? (exchange.isInFlight ? "" : Format.unknown)
    }

    /// Total time, or how long it has been running, with `…`.
    static func duration(_ exchange: Exchange, now: WallTime) -> String {
        if let total = exchange.timers.total { return Format.duration(total) }
        guard exchange.isInFlight else { return Format.unknown }
        return Format.duration(max(.zero, now.since(exchange.startedAt))) + "…"
    }

    static func size(_ exchange: Exchange) -> String {
        exchange.status == nil ? Format.unknown : Format.bytes(Int64(exchange.responseBody.totalBytes))
    }

    static func target(_ exchange: Exchange) -> String {
        switch exchange.route {
        case .backend(let name): name
        case .preflight, .local, nil: Format.unknown
        }
    }

    /// Where it went, in words for a title: `→ blue`, or that nothing left this machine.
    static func destination(_ exchange: Exchange, glyphs: Glyphs, _ language: Language) -> String {
        switch exchange.route {
        case .backend(let name): "\(glyphs.arrowRight) \(name)"
        case .preflight, .local: TrafficPhrases.local(language)
        case nil: TrafficPhrases.undecided(language)
        }
    }

    static func flags(_ exchange: Exchange, glyphs: Glyphs) -> String {
        var flags = ""
        if exchange.route == .preflight { flags += glyphs.flag }
        if exchange.status == 401 || exchange.status == 403 { flags += glyphs.key }
        if exchange.retries > 0 { flags += glyphs.retry }
        switch exchange.ending?.cause {
        case .backendTimeout, .clientTimeout: flags += glyphs.timer
        case .clientAborted: flags += glyphs.cut
        case nil, .completed, .requestRefused, .backendUnreachable, .backendAborted, .backendMalformed, .noBackend,
            .shutdown, .internalError:
            break
        }
        return flags
    }

    /// A request that a person should look at.
    static func isError(_ exchange: Exchange) -> Bool {
        if let status = exchange.status, status >= 400 { return true }
        return exchange.ending.map { $0.cause != .completed } ?? false
    }

    /// How it ended, in words: who, in which phase, and why.
    static func ending(_ exchange: Exchange, _ language: Language) -> String {
        guard let ending = exchange.ending else { return TrafficPhrases.inFlight(language) }
        let reason = ending.reason.map { Redaction.standard.message($0) }
        guard let whole = TrafficPhrases.ending(ending.cause, during: ending.phase) else {
            var text = TrafficPhrases.cause(ending.cause)(language)
            if ending.cause != .completed {
                text += " · " + TrafficPhrases.during(language, TrafficPhrases.phase(ending.phase)(language))
            }
            if let reason { text += " · " + language.text(reason) }
            return text
        }
        // A reason that says no more than the ending is left out.
        guard let reason, !whole.english.hasPrefix(reason) else { return whole(language) }
        return whole(language) + " · " + language.text(reason)
    }
}
