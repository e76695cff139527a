package import TextSafety
package import TrafficJournal
package import WorkerDomain

/// Why checks run that no screen has asked for.
package enum CheckRun: Sendable, Equatable {
    /// The program has just started.
    case atStart
    /// These files have changed on disk.
    case changedOnDisk([String])
}

/// What every screen may look at while it updates and draws: one consistent moment, a value.
package struct World: Sendable {
    package var language: Language
    package var now: WallTime
    /// Seconds that local time is ahead of UTC.
    package var secondsFromUTC: Int
    package var status: WorkerStatus
    package var backends: BackendsSnapshot
    package var resources: [BoundResource]
    /// By ``Binding/id``.
    package var health: [String: BindingHealth]
    package var traffic: TrafficList
    package var statistics: TrafficStatistics
    /// The newest run of the checks; `nil` before the first.
    package var checks: CheckReport? {
        didSet { self.noteChecks(after: oldValue) }
    }
    /// When a check first came out as it does now, by ``CheckResult/id``; only what is no pass.
    package private(set) var checksSince: [String: WallTime] = [:]
    /// Checks run that no screen has asked for.
    package var checkRun: CheckRun?
    /// What is hidden until a person asks for it.
    package var redaction: Redaction
    /// The path of `pdftotext`, where it is installed.
    package var pdfToText: String?
    /// Of the screen that is shown, as it was drawn last.
    package var layout = ScreenLayout()
    /// The keys that the person has chosen.
    package var keymap = Keymap()

    package init(
        language: Language, now: WallTime, secondsFromUTC: Int = 0, status: WorkerStatus,
        backends: BackendsSnapshot = BackendsSnapshot(), resources: [BoundResource] = [],
        health: [String: BindingHealth] = [:], traffic: TrafficList = TrafficList(),
        statistics: TrafficStatistics = TrafficStatistics(), checks: CheckReport? = nil,
        redaction: Redaction = .standard
    ) {
        self.language = language
        self.now = now
        self.secondsFromUTC = secondsFromUTC
        self.status = status
        self.backends = backends
        self.resources = resources
        self.health = health
        self.traffic = traffic
        self.statistics = statistics
        self.checks = checks
        self.redaction = redaction
        self.noteChecks(after: nil)
    }

    /// The same with the usual keys: what asks for an action by the key that everybody knows.
    var withUsualKeys: World {
        guard !self.keymap.isEmpty else { return self }
        var world = self
        world.keymap = Keymap()
        return world
    }

    private mutating func noteChecks(after before: CheckReport?) {
        var since: [String: WallTime] = [:]
        for result in self.checks?.results ?? [] where result.outcome != .pass {
            let isSame = before?.results.contains { $0.id == result.id && $0.outcome == result.outcome } ?? false
            since[result.id] = (isSame ? self.checksSince[result.id] : nil) ?? self.checks?.startedAt
        }
        self.checksSince = since
    }

    /// Where a binding's data is, as far as it is known.
    package func place(of resource: BoundResource) -> String {
        self.health[resource.binding.id]?.place ?? resource.place
    }
}
