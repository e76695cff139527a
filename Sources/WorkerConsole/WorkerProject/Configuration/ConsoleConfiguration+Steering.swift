package import WorkerDomain

extension ConsoleConfiguration {
    /// How backends are probed.
    package struct Health: Sendable, Equatable {
        /// `TCP` only connects.
        package var method = "TCP"
        package var path = "/"
        /// Statuses that pass.
        package var expected = [200...499]
        /// Milliseconds between probes of a backend that is up.
        package var interval = 15_000
        /// Milliseconds while its state is changing.
        package var fastInterval = 2_000
        /// Milliseconds while it is down.
        package var downInterval = 5_000
        /// Milliseconds.
        package var timeout = 3_000
        /// Failures in a row after which it is down.
        package var fall = 3
        /// Passes in a row after which it is up again.
        package var rise = 2
        /// Percent by which an interval varies.
        package var jitter = 10
        /// This many failures among the newest ``passiveWindow`` requests ask for a probe at once; 0 for never.
        package var passiveFailures = 5
        package var passiveWindow = 50

        package init() {}
    }

    /// Where the choice of a backend is remembered.
    package enum Memory: String, Sendable, Equatable, CaseIterable {
        /// In the program's state folder.
        case state
        /// In `worker-console.toml`.
        case file
        case none
    }

    /// How requests are shared out.
    package struct Balance: Sendable, Equatable {
        /// As the file names it; what it may be is the proxy's to say.
        package var policy = "active"
        /// Where it stands in the file; `nil` when it does not.
        package var policyPosition: SourcePosition?
        /// Milliseconds after which what still runs on a backend that was left is reported.
        package var drain = 30_000
        package var remember = Memory.state

        package init() {}
    }

    /// A canary to begin with, and the rule for every canary.
    package struct Canary: Sendable, Equatable {
        /// `nil` for none.
        package var backend: String?
        package var percent = 10
        package var rule = CanaryPlan.Guard()

        package init() {}
    }
}
