import NetworkIO
import Testing
import WorkerDomain

/// Runs what a test does once on every engine that this kernel allows; what goes wrong says on which.
struct EveryEngine: SuiteTrait, TestTrait, TestScoping {
    /// The engine of the run that this task belongs to; `nil` in a test without this trait.
    @TaskLocal static var current: ProxyConfiguration.Engine?
    /// Why nothing runs on io_uring; `nil` where everything does.
    static let uringObstacle = Engines.uringObstacle()
    static let allowed: [ProxyConfiguration.Engine] = Self.uringObstacle == nil ? [.epoll, .uring] : [.epoll]

    var isRecursive: Bool { true }

    func scopeProvider(for _: Test, testCase: Test.Case?) -> Self? { testCase == nil ? nil : self }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
    ) async throws {
        for engine in Self.allowed {
            try Task.checkCancellation()
            let naming = IssueHandlingTrait.compactMapIssues { issue in
                var issue = issue
                issue.comments.append("on \(engine.rawValue)")
                return issue
            }
            try await naming.provideScope(for: test, testCase: testCase) {
                await Self.$current.withValue(engine) { await Self.perform(body) }
            }
        }
    }

    /// A run that fails does not keep the next engine from its turn.
    private static func perform(_ body: @Sendable () async throws -> Void) async {
        do {
            try await body()
        } catch is ExpectationFailedError {
            // `#require` has told it.
        } catch {
            Issue.record(error)
        }
    }
}

extension Trait where Self == EveryEngine {
    /// On epoll, and on io_uring where the kernel allows it.
    static var everyEngine: Self { EveryEngine() }
}
