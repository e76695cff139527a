import TerminalCanvas
import Widgets
import WorkerDomain

/// A question about one backend with a few answers: drain, canary, fault.
struct BackendsChoice: Sendable, Equatable {
    enum Topic: Sendable, Equatable { case drain, canary, fault }

    /// What an answer asks for.
    enum Action: Sendable, Equatable {
        case drain(seconds: Int)
        case resume, cut
        case canary(percent: Int)
        case promote, takeBack
        case fault(BackendFault.Kind?)

        /// Does it to the backend that was asked about.
        /// - Parameters:
        ///   - name: That backend.
        ///   - rule: Of a canary.
        ///   - backends: What carries it out.
        /// - Throws: What the control refuses.
        func carryOut(
            on name: String, rule: CanaryPlan.Guard, _ backends: any BackendControl
        ) async throws(BackendControlError) {
            switch self {
            case .drain(let seconds): try await backends.drain(name, deadline: .seconds(seconds))
            case .resume: try await backends.resume(name)
            case .cut: _ = try await backends.cut(name)
            case .canary(let percent):
                try await backends.startCanary(CanaryPlan(target: name, percent: percent, rule: rule))
            case .promote: try await backends.endCanary(promoted: true)
            case .takeBack: try await backends.endCanary(promoted: false)
            case .fault(let kind): try await backends.inject(kind, into: name)
            }
        }
    }

    struct Answer: Sendable, Equatable {
        let text: String
        let action: Action
        var isDanger = false
    }

    static let shares = [1, 5, 10, 25, 50]

    let topic: Topic
    let name: String
    private var selected = 0

    init(_ topic: Topic, _ name: String) {
        self.topic = topic
        self.name = name
        // A tenth is the usual beginning; one more Enter is enough.
        if topic == .canary { self.selected = 2 }
    }

    private func status(in world: World) -> BackendStatus? {
        world.backends.backends.first { $0.backend.name == self.name }
    }

    /// The newest state of things; the count of what runs is a live one.
    func answers(in world: World) -> [Answer] {
        guard let status = self.status(in: world) else { return [] }
        switch self.topic {
        case .drain: return self.drainAnswers(status, world)
        case .canary: return self.canaryAnswers(world)
        case .fault: return self.faultAnswers(status, world.language)
        }
    }

    private func drainAnswers(_ status: BackendStatus, _ world: World) -> [Answer] {
        let language = world.language
        var answers: [Answer] = []
        if status.share != 0, !status.isHeldBack {
            answers.append(Answer(text: SteeringPhrases.holdBack(language), action: .drain(seconds: 30)))
            return answers
        }
        if status.inFlight > 0 {
            answers.append(Answer(text: SteeringPhrases.waitLonger(language), action: .drain(seconds: 30)))
            answers.append(Answer(text: SteeringPhrases.waitMinutes(language), action: .drain(seconds: 300)))
        }
        if status.isHeldBack { answers.append(Answer(text: SteeringPhrases.resume(language), action: .resume)) }
        if status.inFlight > 0 {
            let text = SteeringPhrases.cutNow(language, Format.count(status.inFlight))
            answers.append(Answer(text: text, action: .cut, isDanger: true))
        }
        return answers
    }

    private func canaryAnswers(_ world: World) -> [Answer] {
        let language = world.language
        var answers = Self.shares.map {
            Answer(text: SteeringPhrases.canaryShare(language, "\($0)"), action: .canary(percent: $0))
        }
        if let canary = world.backends.canary, canary.plan.target == self.name {
            answers.append(Answer(text: SteeringPhrases.canaryFinish(language, self.name), action: .promote))
            answers.append(Answer(text: SteeringPhrases.canaryBack(language, canary.stable.name), action: .takeBack))
        }
        return answers
    }

    private func faultAnswers(_ status: BackendStatus, _ language: Language) -> [Answer] {
        var answers = BackendFault.Kind.usual.map { kind in
            let text =
                switch kind {
                case .latency(let duration): SteeringPhrases.faultLatency(language, Format.duration(duration))
                case .status(let status): SteeringPhrases.faultStatus(language, "\(status)")
                case .reset: SteeringPhrases.faultReset(language)
                case .slowBody(let rate): SteeringPhrases.faultSlow(language, Format.bytes(Int64(rate)))
                }
            return Answer(text: text, action: .fault(kind))
        }
        if status.fault != nil {
            answers.insert(Answer(text: SteeringPhrases.faultEnd(language), action: .fault(nil)), at: 0)
        }
        return answers
    }

    /// Selects another answer; the last one is before the first.
    mutating func move(by step: Int, in world: World) {
        let count = self.answers(in: world).count
        guard count > 0 else { return }
        self.selected = (min(self.selected, count - 1) + step + count) % count
    }

    /// `nil` when there is nothing to be done any more.
    func chosen(in world: World) -> Answer? {
        let answers = self.answers(in: world)
        return answers.isEmpty ? nil : answers[min(self.selected, answers.count - 1)]
    }

    // MARK: Drawing

    private func title(_ language: Language) -> String {
        switch self.topic {
        case .drain: SteeringPhrases.drainTitle(language, self.name)
        case .canary: SteeringPhrases.canaryDialog(language, self.name)
        case .fault: SteeringPhrases.faultTitle(language, self.name)
        }
    }

    private func notes(in world: World) -> [TextRun] {
        let language = world.language
        guard let status = self.status(in: world) else { return [] }
        switch self.topic {
        case .fault: return [TextRun(SteeringPhrases.faultNote(language), .dim)]
        case .canary:
            let rest = world.backends.active?.backend.name ?? ""
            return [TextRun(SteeringPhrases.canaryNote(language, rest), .dim)]
        case .drain:
            let count = Format.count(status.inFlight)
            if status.inFlight == 0 { return [TextRun(SteeringPhrases.drainNone(language), .dim)] }
            if status.share != 0, !status.isHeldBack {
                return [TextRun(SteeringPhrases.drainServing(language, count), .dim)]
            }
            var notes = [TextRun(SteeringPhrases.drainRunning(language, count), .active)]
            if let deadline = status.drainDeadline {
                notes.append(
                    deadline <= world.now
                        ? TextRun(SteeringPhrases.drainOverdue(language), .warning)
                        : TextRun(
                            SteeringPhrases.drainDeadline(language, SteeringText.rest(until: deadline, in: world)), .dim
                        ))
            }
            return notes
        }
    }

    func draw(into canvas: inout Canvas, in area: Rect, world: World) {
        let answers = self.answers(in: world)
        let chosen = min(self.selected, answers.count - 1)
        let glyphs = canvas.glyphs.glyphs
        var lines = self.notes(in: world).map { [$0] }
        if !answers.isEmpty { lines.append([]) }
        // In a small window the answers come first, and of them those around the chosen one.
        let room = max(1, area.rows - 2)
        if lines.count + answers.count > room { lines = [] }
        let top = Pane.top(cursor: chosen, count: answers.count, height: min(room, max(1, answers.count)))
        for (index, answer) in answers.enumerated().dropFirst(max(0, top)).prefix(room) {
            let mark = answer.isDanger ? "\(glyphs.cut) " : ""
            let role: Role = index == chosen ? .selected : answer.isDanger ? .failure : .plain
            lines.append([TextRun("\(index == chosen ? glyphs.pointer : " ") \(mark)\(answer.text) ", role)])
        }
        Dialog(title: self.title(world.language), lines: lines).draw(into: &canvas, in: area)
    }
}
