package import FileWatching
import Glibc
import PythonSource
import Synchronization
import TextSafety
package import WorkerDomain

/// Runs every deploy check on the project as it is at that moment.
package struct DeployCheckRunner: CheckRunner {
    /// Reads the project; an error means that the checks could not run.
    private let context: @Sendable () async throws -> CheckContext
    private let checks: [any DeployCheck.Type]
    private let limit: Duration
    private let memory = CheckMemory()
    /// Told, after each run, of every file that what is known depends on.
    private let tellFiles: @Sendable ([ByteString: FileStamp]) -> Void

    /// - Parameters:
    ///   - limit: How long one check may take.
    ///   - checks: Which checks, in order.
    ///   - files: Told, after each run, of every file that the results depend on, each as it was before it was read.
    ///   - context: Reads the project anew for each run.
    package init(
        limit: Duration = .seconds(15), checks: [any DeployCheck.Type] = DeployChecks.all,
        files: @escaping @Sendable ([ByteString: FileStamp]) -> Void = { _ in },
        context: @escaping @Sendable () async throws -> CheckContext
    ) {
        self.limit = limit
        self.tellFiles = files
        self.checks = checks
        self.context = context
    }

    package func run() async -> CheckReport { await self.run(all: true) }

    package func runChanged() async -> CheckReport { await self.run(all: false) }

    /// Every change that the failing checks know of; nothing is written.
    /// - Returns: `nil` when nothing is known that helps.
    package func repair() async -> CheckRepair? {
        guard let context = try? await self.context(), context.unknown == nil else { return nil }
        return RepairPlan(context, goal: .responds).repair
    }

    package func apply(_ repair: CheckRepair) async -> CheckRepairOutcome {
        guard let context = try? await self.context() else { return .refused("the project cannot be read") }
        return RepairWriter.apply(repair, in: context.folder)
    }

    private func run(all: Bool) async -> CheckReport {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let startedAt = WallTime(millisecondsSinceEpoch: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
        let clock = ContinuousClock()
        let start = clock.now
        let before = self.memory.reading
        let context: CheckContext
        let trace = FileTrace()
        do { context = try await FileTrace.$current.withValue(trace, operation: self.context) } catch {
            let summary = "the checks could not run: \(error)"
            let result = CheckResult(
                id: "run", title: "Checks", outcome: .skip, summary: summary,
                chinese: CheckResult.Chinese(title: "检查", summary: Sentences.chinese(summary)))
            return CheckReport(results: [result], startedAt: startedAt, duration: clock.now - start)
        }
        let isSameContext = before?.files.isUnchanged ?? false
        // Trees of sources are for this run only.
        var known = context
        known.memo = SourceMemo()
        self.memory.keep(CheckMemory.Reading(context: known, files: trace.files))
        let results = await withTaskGroup(of: (Int, [CheckResult]).self) { group in
            for (index, check) in self.checks.enumerated() {
                let isConcerned = !isSameContext && before.map { check.isConcerned(by: $0.context, context) } ?? true
                if !all, !isConcerned, let known = self.memory.finding(of: check.id) {
                    group.addTask { (index, known.results) }
                } else {
                    group.addTask { (index, await self.run(check, context)) }
                }
            }
            var all: [(Int, [CheckResult])] = []
            for await item in group { all.append(item) }
            return all.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
        self.tellFiles(self.memory.files)
        return CheckReport(results: results, startedAt: startedAt, duration: clock.now - start)
    }

    /// One check, and what it looked at: what was left behind is not known for the next time.
    private func run(_ check: any DeployCheck.Type, _ context: CheckContext) async -> [CheckResult] {
        let trace = FileTrace()
        let (results, isLate) = await FileTrace.$current.withValue(trace) {
            let (results, isLate) = await Self.run(check, context, limit: self.limit)
            return (results.map { $0.withExcerpt(of: context) }, isLate)
        }
        self.memory.keep(isLate ? nil : CheckMemory.Finding(results: results, files: trace.files), of: check.id)
        return results
    }

    /// One check with its time; one that takes too long is left behind, which is said.
    private static func run(
        _ check: any DeployCheck.Type, _ context: CheckContext, limit: Duration
    ) async -> (results: [CheckResult], isLate: Bool) {
        if check.needsConfiguration, let reason = context.unknown { return ([check.leftOut(because: reason)], false) }
        let start = ContinuousClock.now
        let limit = check.limit ?? limit
        let summary = "the check did not finish within \(limit)"
        let late = CheckResult(
            id: check.id, title: check.title, outcome: .warn, summary: summary,
            chinese: CheckResult.Chinese(title: check.chineseTitle, summary: Sentences.chinese(summary)))
        let outcome = await withCheckedContinuation { (continuation: CheckedContinuation<[CheckResult]?, Never>) in
            let race = Race(continuation)
            let work = Task(executorPreference: CheckThread(check.id)) {
                race.finish(await check.init().run(context))
            }
            let timer = Task {
                guard (try? await Task.sleep(for: limit)) != nil else { return }
                race.finish(nil)
                work.cancel()
            }
            Task {
                await work.value
                timer.cancel()
            }
        }
        let duration = ContinuousClock.now - start
        return ((outcome ?? [late]).map { $0.lasting(duration) }, outcome == nil)
    }

    /// Lets the first of two tasks win.
    private final class Race: Sendable {
        private let continuation: Mutex<CheckedContinuation<[CheckResult]?, Never>?>

        init(_ continuation: CheckedContinuation<[CheckResult]?, Never>) { self.continuation = Mutex(continuation) }

        /// - Parameter results: `nil` for none in time.
        func finish(_ results: [CheckResult]?) {
            let waiting = self.continuation.withLock { slot in
                defer { slot = nil }
                return slot
            }
            waiting?.resume(returning: results)
        }
    }
}

extension CheckResult {
    /// The result with its time, and without the secrets that a configuration or a source holds: whoever shows it.
    fileprivate func lasting(_ duration: Duration) -> CheckResult {
        func shown(_ text: String) -> String { Redaction.standard.source(text) }
        var result = CheckResult(
            id: self.id, title: self.title, outcome: self.outcome, summary: shown(self.summary),
            evidence: self.evidence.map(shown), rule: self.rule, place: self.place, fix: self.fix.map(shown),
            example: self.example.map(shown), duration: duration,
            chinese: self.chinese.map { chinese in
                CheckResult.Chinese(
                    title: chinese.title, summary: chinese.summary.map(shown), evidence: chinese.evidence.map(shown),
                    rule: chinese.rule, fix: chinese.fix.map(shown))
            })
        result.original = self.original.map(shown)
        result.headLines = self.headLines
        result.repair = self.repair
        result.code = self.code
        result.exchange = self.exchange
        return result
    }

    /// The result with the source around its place, where something is wrong there.
    fileprivate func withExcerpt(of context: CheckContext) -> CheckResult {
        guard self.outcome != .pass, self.outcome != .skip, let place = self.place else { return self }
        var result = self
        result.excerpt = context.excerpt(at: place)
        result.location = context.location(of: place)
        return result
    }
}

extension CheckReport {
    /// 0 when nothing fails (warnings, skips and undecided ones allowed), 1 when something does, 2 when nothing could run.
    package var exitCode: Int32 { self.exitCode(failOn: .fail) }

    /// The same where `least` is the mildest outcome that gives exit code 1.
    package func exitCode(failOn least: CheckFailure) -> Int32 {
        if self.results.contains(where: { least.includes($0.outcome) }) { return 1 }
        return self.results.allSatisfy { $0.outcome == .skip } ? 2 : 0
    }
}

/// Which outcomes make a command fail.
package enum CheckFailure: String, Sendable, CaseIterable {
    case fail, warn, undecided

    package func includes(_ outcome: CheckResult.Outcome) -> Bool {
        switch outcome {
        case .fail: true
        case .warn: self != .fail
        case .undecided: self == .undecided
        case .pass, .skip: false
        }
    }
}

extension DeployChecks {
    /// The checks that an id or the beginning of one names: `entrypoint`, `config`.
    /// - Returns: `nil` when it names none.
    package static func named(_ id: String) -> [any DeployCheck.Type]? {
        let found = self.all.filter { $0.id == id || $0.id.hasPrefix(id + ".") }
        return found.isEmpty ? nil : found
    }

    /// What may follow `--only`: every id, and every beginning of several.
    package static var names: [String] {
        let groups = Set(self.all.compactMap { $0.id.contains(".") ? String($0.id.prefix { $0 != "." }) : nil })
        return groups.sorted() + self.all.map { $0.id }.filter { !groups.contains($0) }
    }
}
