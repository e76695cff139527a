/// The open project as its files say it now, and news of them.
package protocol ProjectSource: Sendable {
    /// The bindings that were read last, with what reads them.
    var resources: [BoundResource] { get }
    /// Waits until files of the project have changed since this revision and have been read again.
    /// - Returns: What the files say now; `nil` when the task was cancelled, or where nobody looks at the files.
    func next(after revision: Int) async -> ProjectChange?
}

/// What came of a change of the project's files.
package struct ProjectChange: Sendable {
    package let news: ProjectNews
    package let resources: [BoundResource]

    package init(news: ProjectNews, resources: [BoundResource]) {
        self.news = news
        self.resources = resources
    }
}

/// What became of the project's files while the program runs; a moment of it.
package struct ProjectNews: Sendable, Equatable {
    /// A file that cannot be used as it is now: what was read of it before stays in use.
    package struct Unusable: Sendable, Equatable {
        package enum Problem: Sendable, Equatable {
            /// It does not parse or cannot be read: where, and why.
            case fault(place: String, reason: String)
            /// It was there, and is not any more.
            case gone
            /// It held something, and is empty now: somebody may be writing it.
            case emptied
        }
        /// `wrangler.toml`.
        package let file: String
        package let problem: Problem

        package init(file: String, problem: Problem) {
            self.file = file
            self.problem = problem
        }
    }

    /// Why changes are seen seconds late.
    package enum Delay: Sendable, Equatable {
        /// The system's limit of inotify watches or instances is reached.
        case inotifyLimit
        /// The project is on a file system that tells of no changes: a network's, or a Windows drive of WSL.
        case sharedFolder
    }

    /// Counts the changes; 0 before the first one.
    package var revision = 0
    /// When the files were last read again; `nil` before the first change.
    package var readAt: WallTime?
    /// The files that changed last, relative to the project's folder where they are below it.
    package var files: [String] = []
    /// Bindings came, went, or lead elsewhere.
    package var hasNewBindings = false
    /// Keys of `worker-console.toml` that were taken over at the last change.
    package var applied: [String] = []
    /// Keys of `worker-console.toml` that were changed and are not taken over while another one of their table is wrong.
    package var heldBack: [String] = []
    /// Keys of `worker-console.toml` whose values the program does not run with until it is started again.
    package var needRestart: [String] = []
    /// Files that cannot be used as they are now.
    package var unusable: [Unusable] = []
    /// `nil` when changes are seen at once.
    package var delay: Delay?

    package init() {}

    /// `worker-console.toml` is among the files that changed last.
    package var isOfSettings: Bool { self.files.contains { $0.hasSuffix("worker-console.toml") } }
}

/// A project whose files nobody looks at.
package struct FixedProject: ProjectSource {
    package let resources: [BoundResource]

    package init(_ resources: [BoundResource]) {
        self.resources = resources
    }

    package func next(after _: Int) async -> ProjectChange? { nil }
}
