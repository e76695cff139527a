import TerminalCanvas
import TextSafety
import TrafficJournal
import Widgets
import WorkerDomain

extension TrafficScreen {
    mutating func take(_ key: KeyEvent, in world: World) -> [Effect] {
        if let detail = self.detail, let effects = self.takeFinding(key, detail.finder, in: world) { return effects }
        switch key {
        case .character("*"):
            self.isRevealed.toggle()
            if let exchange = self.detail?.exchange {
                let redaction = self.redaction(in: world)
                self.detail?.use(exchange, in: world, redaction: redaction)
            }
            return []
        case .character("y"):
            guard let exchange = self.detail?.exchange ?? self.selected(in: world) else {
                return [.toast(TrafficPhrases.nothingSelected(world.language), isFailure: false)]
            }
            let authority = world.status.listening.first ?? "127.0.0.1:8787"
            let redaction = self.redaction(in: world)
            return [.copyCommand(CurlCommand(for: exchange, authority: authority, redaction: redaction))]
        case .character("e"): return self.seekError(1, in: world)
        case .character("E"): return self.seekError(-1, in: world)
        case .character("n"): return self.seekNext(1, in: world)
        case .character("N"): return self.seekNext(-1, in: world)
        default:
            guard self.detail == nil else { return self.takeInDetail(key, in: world) }
            self.takeInList(key, in: world)
        }
        return []
    }

    private mutating func seekError(_ step: Int, in world: World) -> [Effect] {
        if self.seek(step, in: world, where: ExchangeText.isError) { return [] }
        let phrase = step > 0 ? TrafficPhrases.noNextError : TrafficPhrases.noPreviousError
        return [.toast(phrase(world.language), isFailure: false)]
    }

    private mutating func seekNext(_ step: Int, in world: World) -> [Effect] {
        if self.seek(step, in: world, where: { _ in true }) { return [] }
        let phrase = step > 0 ? TrafficPhrases.noNext : TrafficPhrases.noPrevious
        return [.toast(phrase(world.language), isFailure: false)]
    }

    /// Keys of the search in the detail; `nil` for others.
    private mutating func takeFinding(_ key: KeyEvent, _ finder: TextFinder, in world: World) -> [Effect]? {
        var step = 1
        if finder.field != nil {
            guard self.detail?.finder.take(key) == true else { return [] }
        } else {
            switch key {
            case .character("/"):
                self.detail?.finder.begin()
                return []
            case .character("n") where !finder.query.isEmpty: break
            case .character("N") where !finder.query.isEmpty: step = -1
            case .escape where !finder.query.isEmpty:
                self.detail?.stopFinding()
                return []
            default: return nil
            }
        }
        if self.detail?.find(step) == true { return [] }
        let query = self.detail?.finder.query ?? ""
        return [.toast(CommonPhrases.notFound(world.language, query), isFailure: true)]
    }

    private mutating func takeInDetail(_ key: KeyEvent, in world: World) -> [Effect] {
        switch key {
        case .escape: self.detail = nil
        case .left, .character("h"): return self.seekNext(-1, in: world)
        case .right, .character("l"): return self.seekNext(1, in: world)
        case .tab, .character("]"): self.turn(1, in: world)
        case .backTab, .character("["): self.turn(-1, in: world)
        default: _ = self.detail?.pager.handle(key)
        }
        return []
    }

    private mutating func turn(_ step: Int, in world: World) {
        let redaction = self.redaction(in: world)
        self.detail?.turn(step, in: world, redaction: redaction)
    }

    private mutating func takeInList(_ key: KeyEvent, in world: World) {
        switch key {
        case .character("/"): self.beginTyping()
        case .character("c"): self.setFilter("", in: world)
        case .character("p"): if self.isFollowing { self.pause(in: world) } else { self.follow(in: world) }
        case .character("F"), .character("G"), .end: self.follow(in: world)
        case .character("U"): self.marks = []
        case .character(" "):
            guard let id = self.selectedID else { return }
            if self.marks.remove(id) == nil { self.marks.insert(id) }
        case .enter:
            guard let exchange = self.selected(in: world) else { return }
            self.pause(in: world)
            self.detail = TrafficDetail(exchange, in: world, redaction: self.redaction(in: world))
        default:
            var moved = self.viewport
            moved.update(count: self.rows.count(in: world))
            guard moved.handle(key) else { return }
            self.pause(in: world)
            self.viewport = moved
            self.select(row: moved.selection, in: world)
        }
    }

    package func keys(in world: World) -> [KeyHint] {
        if self.isTyping {
            return [KeyHint("⏎", CommonPhrases.apply), KeyHint("Esc", CommonPhrases.back)]
        }
        if self.detail != nil {
            let isFinding = self.detail?.finder.query.isEmpty == false
            return [
                KeyHint("Tab", CommonPhrases.tab), KeyHint("←→", TrafficPhrases.keyExchange),
                KeyHint("↑↓", TrafficPhrases.keyScroll),
                isFinding ? KeyHint("n/N", CommonPhrases.nextMatch) : KeyHint("/", CommonPhrases.find),
                KeyHint("y", TrafficPhrases.keyCurl),
                KeyHint("*", TrafficPhrases.keyReveal), KeyHint("e/E", TrafficPhrases.keyError),
                KeyHint("Esc", CommonPhrases.back),
            ]
        }
        var hints = [
            KeyHint("⏎", CommonPhrases.open), KeyHint("/", CommonPhrases.filter),
            KeyHint("p", self.isFollowing ? TrafficPhrases.keyPause : TrafficPhrases.keyFollow),
            KeyHint("e/E", TrafficPhrases.keyError), KeyHint("Space", TrafficPhrases.keyMark),
            KeyHint("y", TrafficPhrases.keyCurl), KeyHint("n/N", TrafficPhrases.keyNext),
            KeyHint("*", TrafficPhrases.keyReveal),
        ]
        if !self.field.isEmpty { hints.insert(KeyHint("c", TrafficPhrases.keyClear), at: 2) }
        if !self.marks.isEmpty { hints.append(KeyHint("U", TrafficPhrases.keyUnmark)) }
        return hints
    }

    package func stateLine(in world: World) -> [Span] {
        let language = world.language
        var spans: [Span] = []
        if self.isFollowing {
            spans.append(Span("● \(TrafficPhrases.live(language)) · \(TrafficPhrases.follow(language))", .ok))
        } else {
            spans.append(Span("‖ \(TrafficPhrases.paused(language))", .warning))
            let new = self.newRows(in: world)
            if new > 0 {
                spans.append(Span("  \(TrafficPhrases.newBelow(language, Format.count(new)))", .strong))
            }
        }
        // That secrets are shown is the last thing to be left out.
        if self.isRevealed { spans += [Span(" · "), Span(TrafficPhrases.revealed(language), .danger)] }
        let count = self.rows.count(in: world)
        if count > 0 {
            let row = Format.count(self.viewport.selection + 1)
            spans.append(Span(" · " + TrafficPhrases.row(language, row, Format.count(count))))
        }
        if !self.marks.isEmpty {
            spans.append(Span(" · " + TrafficPhrases.marked(language, Format.count(self.marks.count))))
        }
        spans.append(Span(" · " + TrafficPhrases.ring(language, Format.count(world.statistics.kept))))
        let dropped = world.statistics.dropped
        spans.append(
            Span(" · " + TrafficPhrases.dropped(language, Format.count(dropped)), dropped > 0 ? .failure : .plain))
        if !self.isRevealed { spans.append(Span(" · " + TrafficPhrases.redacted(language))) }
        return spans
    }
}
