import TerminalCanvas
import Widgets
import WorkerDomain

extension BackendsScreen {
    // MARK: Form

    func drawForm(_ canvas: inout Canvas, _ rect: Rect, _ world: World) {
        guard let form = self.form, rect.rows > 0 else { return }
        let language = world.language
        let taken = world.backends.backends.map(\.backend.name)
        let fieldColumn = rect.column + 7
        let width = rect.endColumn - fieldColumn - 1
        func label(_ phrase: Phrase, _ row: Int, _ isCurrent: Bool, _ canvas: inout Canvas) {
            canvas.write(
                " \(phrase(language))", row: row, column: rect.column, role: isCurrent ? .key : .dim, maxColumns: 6)
        }
        label(BackendsPhrases.formName, rect.row, form.part == .name, &canvas)
        Pane.input(
            form.name, &canvas, Rect(row: rect.row, column: fieldColumn, rows: 1, columns: width),
            isFocused: form.part == .name && !form.isSaving)
        let nameLine: Span =
            if form.wasSubmitted, let problem = form.nameProblem(taken: taken) {
                Span("✖ \(Self.text(of: problem)(language))", .failure)
            } else {
                Span(BackendsPhrases.formNameHint(language), .dim)
            }
        self.note(nameLine, row: rect.row + 1, column: fieldColumn, &canvas, rect)
        label(BackendsPhrases.formURL, rect.row + 2, form.part == .url, &canvas)
        Pane.input(
            form.url, &canvas, Rect(row: rect.row + 2, column: fieldColumn, rows: 1, columns: width),
            isFocused: form.part == .url && !form.isSaving)
        self.note(self.urlNote(form, language), row: rect.row + 3, column: fieldColumn, &canvas, rect)
        if form.isSaving {
            self.note(
                Span(BackendsPhrases.saving(language), .active), row: rect.row + 4, column: fieldColumn, &canvas, rect)
        } else if let refusal = form.refusal {
            let lines = Wrapping.lines(of: "✖ \(refusal.description)", columns: width, maximum: 3)
            for (index, line) in lines.prefix(3).enumerated() {
                self.note(Span(line, .failure), row: rect.row + 4 + index, column: fieldColumn, &canvas, rect)
            }
        }
    }

    private func urlNote(_ form: BackendsForm, _ language: Language) -> Span {
        switch form.parsedURL {
        case .success(let url): return Span("✓ \(BackendsPhrases.formReads(language, url.description))", .ok)
        case .failure(let error):
            guard form.wasSubmitted else { return Span(BackendsPhrases.formHint(language), .dim) }
            return Span("✖ \(language.text(error.problem))", .failure)
        }
    }

    private func note(_ span: Span, row: Int, column: Int, _ canvas: inout Canvas, _ rect: Rect) {
        guard row < rect.endRow else { return }
        canvas.write(
            Pane.marked(span.text, canvas.glyphs.glyphs), row: row, column: column, role: span.role,
            maxColumns: rect.endColumn - column)
    }

    private static func text(of problem: BackendsForm.NameProblem) -> Phrase {
        switch problem {
        case .empty: BackendsPhrases.nameEmpty
        case .tooLong: BackendsPhrases.nameTooLong
        case .badCharacter: BackendsPhrases.nameBad
        case .taken: BackendsPhrases.nameTaken
        }
    }

    // MARK: Details

    func drawDetails(_ canvas: inout Canvas, _ rect: Rect, _ world: World, withEvents: Bool = true) {
        let glyphs = canvas.glyphs.glyphs
        let lines = self.detailLines(in: world, glyphs, withEvents: withEvents)
        if self.focus == .details { self.height.note(rect.rows) }
        self.clicks.note(.details, rect, first: 0, count: 0)
        let top = max(0, min(self.line, lines.count - rect.rows))
        for offset in 0..<min(rect.rows, max(0, lines.count - top)) {
            Pane.write(
                lines[top + offset], to: &canvas, row: rect.row + offset, column: rect.column + 1,
                columns: rect.columns - 2)
        }
    }

    func detailLines(in world: World, _ glyphs: Glyphs, withEvents: Bool = true) -> [[Span]] {
        let language = world.language
        switch self.selected(in: world) {
        case nil: return []
        case .suggestion(_, let url):
            return [[Span(url)], [Span(BackendsPhrases.suggested(language), .dim)]]
        case .backend(let status):
            return self.lines(of: status, world, glyphs, withEvents).map { line in
                line.map { Span(Pane.marked($0.text, glyphs), $0.role) }
            }
        }
    }

    private func lines(
        of status: BackendStatus, _ world: World, _ glyphs: Glyphs, _ withEvents: Bool
    ) -> [[Span]] {
        let language = world.language
        func field(_ label: Phrase, _ value: String, _ role: Role = .plain) -> [Span] {
            let name = label(language)
            let gap = String(repeating: " ", count: max(1, 15 - Sanitizer.columns(of: name)))
            return [Span(name + gap, .dim), Span(value, role)]
        }
        let (mark, state, role) = Self.state(of: status.health, probes: status.probes, glyphs, language)
        let active = self.role(of: status, world)
        var lines = [
            field(BackendsPhrases.state, "\(mark) \(state)", role), field(BackendsPhrases.role, active),
        ]
        lines += self.steeringLines(of: status, world) { field($0, $1, $2) }
        if status.isDraining {
            var text = BackendsPhrases.drainingLine(language, ScreenFormat.count(status.inFlight))
            if status.drainDeadline != nil { text = SteeringText.drain(status, in: world) }
            lines.append(field(BackendsPhrases.drain, text, .warning))
        }
        lines += [
            field(BackendsPhrases.formURL, status.backend.url.description),
            field(BackendsPhrases.tls, Self.tls(of: status.backend)(language), Self.tlsRole(of: status.backend)),
        ]
        if !status.backend.url.basePath.isEmpty {
            lines.append(field(BackendsPhrases.basePath, status.backend.url.basePath))
        }
        let traffic = BackendsPhrases.trafficLine(
            language, ScreenFormat.count(status.requests), ScreenFormat.count(status.failures),
            ScreenFormat.count(status.inFlight))
        lines.append(field(BackendsPhrases.traffic, traffic, status.failures > 0 ? .warning : .plain))
        if !status.probes.isEmpty {
            let passed = status.probes.filter(\.passed)
            let text = BackendsPhrases.passRateLine(
                language, ScreenFormat.count(passed.count), ScreenFormat.count(status.probes.count))
            let latencies = passed.map(\.latency).sorted()
            let median = latencies.isEmpty ? glyphs.unknown : ScreenFormat.duration(latencies[latencies.count / 2])
            lines.append(field(BackendsPhrases.passRate, "\(text) · \(BackendsPhrases.median(language)) \(median)"))
        }
        if withEvents { lines += self.eventLines(world) }
        lines.append([Span(BackendsPhrases.recentProbes(language), .heading)])
        if status.probes.isEmpty { lines.append([Span(BackendsPhrases.noProbes(language), .dim)]) }
        for probe in status.probes.reversed() {
            lines.append([
                Span("\(probe.passed ? glyphs.check : glyphs.cross) ", probe.passed ? .ok : .failure),
                Span("\(ScreenFormat.clock(probe.at, in: world))  ", .dim), Span("\(probe.code)  ", .strong),
                Span("\(language.text(probe.detail))  "), Span(ScreenFormat.duration(probe.latency), .number),
            ])
        }
        lines.append([Span(BackendsPhrases.switches(language), .heading)])
        if world.backends.switches.isEmpty { lines.append([Span(BackendsPhrases.noSwitches(language), .dim)]) }
        for change in world.backends.switches.reversed().prefix(20) {
            let text = BackendsPhrases.switchLine(
                language, change.from ?? BackendsPhrases.nobody(language), change.to, change.by)
            lines.append([Span("\(ScreenFormat.clock(change.at, in: world))  ", .dim), Span(text)])
        }
        return lines
    }

    // MARK: State and keys

    package func stateLine(in world: World) -> [Span] {
        let language = world.language
        var spans = [Span(" ")]
        if let active = world.backends.active {
            spans.append(Span(BackendsPhrases.activeLine(language, active.backend.name), .strong))
        } else {
            spans.append(Span(BackendsPhrases.noActive(language), .warning))
        }
        if world.backends.policy != "active" {
            spans.append(Span(" · \(SteeringPhrases.policyLine(language, world.backends.policy))", .active))
        }
        for status in world.backends.backends where status.isDraining {
            let count = ScreenFormat.count(status.inFlight)
            let text =
                status.drainDeadline == nil
                ? BackendsPhrases.draining(language, status.backend.name, count)
                : BackendsPhrases.drainingUntil(language, status.backend.name, SteeringText.drain(status, in: world))
            spans.append(Span(" · \(text)", .warning))
        }
        if self.probePending.isWaiting { spans.append(Span(" · \(BackendsPhrases.probing(language))", .active)) }
        if let last = world.backends.switches.last, let from = last.from {
            let time = ScreenFormat.clock(last.at, in: world)
            spans.append(Span(" · \(BackendsPhrases.switchedLine(language, time, from, last.by))", .dim))
        }
        return spans
    }

    package func keys(in world: World) -> [KeyHint] {
        if self.choice != nil {
            return [
                KeyHint("⏎", SteeringPhrases.choose), KeyHint("↑↓", BackendsPhrases.keyMove),
                KeyHint("Esc", BackendsPhrases.keyCancel),
            ]
        }
        if self.form != nil {
            return [
                KeyHint("⏎", BackendsPhrases.keyAdd), KeyHint("Tab", BackendsPhrases.keyField),
                KeyHint("Esc", BackendsPhrases.keyCancel),
            ]
        }
        var hints: [KeyHint] = []
        if !world.backends.backends.isEmpty {
            hints = [
                KeyHint("t", BackendsPhrases.keySwitch), KeyHint("c", SteeringPhrases.keyCanary),
                KeyHint("d", SteeringPhrases.keyDrain), KeyHint("f", SteeringPhrases.keyFault),
                KeyHint("b", BackendsPhrases.keyProbe),
            ]
        }
        hints.append(KeyHint("n", BackendsPhrases.keyNew))
        if world.backends.switches.last?.from != nil { hints.append(KeyHint("u", BackendsPhrases.keyUndo)) }
        if self.selected(in: world) != nil {
            hints += [KeyHint("y", BackendsPhrases.keyCopy), KeyHint("Tab", BackendsPhrases.keyPane)]
        }
        return hints
    }
}

extension BackendsScreen {
    /// How the connection to a backend is protected.
    static func tls(of backend: Backend) -> Phrase {
        if backend.url.socketPath != nil { return BackendsPhrases.tlsSocket }
        guard backend.url.scheme == .https else { return BackendsPhrases.tlsNo }
        return backend.isInsecure ? BackendsPhrases.tlsUnverified : BackendsPhrases.tlsYes
    }

    static func tlsRole(of backend: Backend) -> Role {
        backend.isInsecure && backend.url.scheme == .https ? .warning : .plain
    }
}
