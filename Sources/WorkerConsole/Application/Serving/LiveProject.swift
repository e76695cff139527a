import FileWatching
import ProxyCore
import Synchronization
import WorkerDomain
import WorkerProject

/// Follows the files of the open project: reads them again when they change, and has the running parts take over what
/// they can.
///
/// What cannot be read never takes anything away: what stood before stays in use, and that is said.
final class LiveProject: ProjectSource {
    private struct State {
        var news = ProjectNews()
        var change = ProjectMerge()
        var bindings: ProjectBindings
        /// What the configuration was read from, and what the checks looked at.
        var files: [ByteString: FileStamp]
        var checkFiles: [ByteString: FileStamp] = [:]
        var waiters: [UInt64: CheckedContinuation<ProjectChange?, Never>] = [:]
        var lastWaiter: UInt64 = 0
    }

    private let opened: OpenedProject
    private let parts: RunningParts
    private let watch: FileSetWatch
    /// Lines that are not of the files: what the start had to say.
    private let startNotices: [String]
    private let state: Mutex<State>
    /// Checks end on other tasks than changes are read on: what is followed is set by one at a time.
    private let following = Mutex(())

    /// - Parameters:
    ///   - opened: The project as the session was started with it.
    ///   - settings: What the session was started with.
    ///   - parts: What takes over changes.
    ///   - watch: Says which files have changed.
    init(
        _ opened: OpenedProject, settings: SessionSettings, parts: RunningParts, watch: FileSetWatch = FileSetWatch()
    ) {
        self.opened = opened
        self.parts = parts
        self.watch = watch
        let ofFiles = Set(opened.project.errorLines.map { ByteString($0) })
        self.startNotices = settings.status.notices.filter { !ofFiles.contains(ByteString($0)) }
        self.state = Mutex(
            State(
                change: ProjectMerge(opened.project),
                bindings: ProjectBindings(
                    settings.resources,
                    requests: ProjectSettings(opened.project).storeRequests(isReadOnly: opened.isReadOnly)),
                files: opened.files))
    }

    // MARK: - Reading

    var resources: [BoundResource] { self.state.withLock { $0.bindings.resources } }

    func next(after revision: Int) async -> ProjectChange? {
        let id = self.state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let known: ProjectChange?? = self.state.withLock { state in
                    if Task.isCancelled { return .some(nil) }
                    if state.news.revision > revision {
                        return ProjectChange(news: state.news, resources: state.bindings.resources)
                    }
                    state.waiters[id] = continuation
                    return nil
                }
                if let known { continuation.resume(returning: known) }
            }
        } onCancel: {
            self.state.withLock { $0.waiters.removeValue(forKey: id) }?.resume(returning: nil)
        }
    }

    /// The files that the checks have looked at, as they were before: a change of one of them concerns somebody too.
    func noteChecks(_ files: [ByteString: FileStamp]) {
        self.state.withLock { $0.checkFiles = files }
        self.follow()
    }

    // MARK: - Following

    /// Follows the files until the task is cancelled.
    func run() async {
        self.follow()
        self.noteDelay()
        while let changed = await self.watch.next() {
            await self.take(changed)
            self.follow()
            self.noteDelay()
        }
    }

    private func follow() {
        self.following.withLock { _ in
            self.watch.follow(
                self.state.withLock { $0.checkFiles.merging($0.files, uniquingKeysWith: FileStamp.earlier) })
        }
    }

    private func noteDelay() {
        let delay: ProjectNews.Delay? =
            switch self.watch.problem {
            case .noWatches: .inotifyLimit
            case .sharedFolder: .sharedFolder
            case nil: nil
            }
        guard self.state.withLock({ $0.news.delay }) != delay else { return }
        self.state.withLock { $0.news.delay = delay }
        self.parts.worker.update { $0.project.delay = delay }
        // On standard error for `serve`, in the log file for the console.
        if let delay { StandardError.say(ProjectLines.line(delay)) }
    }

    private func take(_ changed: Set<ByteString>) async {
        var (news, merge, bindings, files) = self.state.withLock { ($0.news, $0.change, $0.bindings, $0.files) }
        let root = merge.accepted.root + "/"
        news.revision += 1
        news.readAt = .now()
        news.files = changed.map(\.text).map { $0.hasPrefix(root) ? String($0.dropFirst(root.count)) : $0 }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        news.hasNewBindings = false
        news.applied = []
        news.heldBack = []
        if changed.contains(where: { files[$0] != nil }) {
            let trace = FileTrace()
            let read = FileTrace.$current.withValue(trace) {
                try? ProjectSettings(folder: self.opened.folder, environment: self.opened.environment)
            }
            // Of a folder that is gone, what was there is still waited for.
            files = read == nil ? files.again : trace.files
            merge.take(read?.project)
            news.unusable = merge.unusable
            let change = SettingsChange(merge, opened: self.opened)
            let outcome = self.parts.take(change)
            merge.running = outcome.running
            news.applied = outcome.applied
            news.needRestart = outcome.needRestart
            news.heldBack = change.heldBack
            let settings = ProjectSettings(merge.accepted)
            news.hasNewBindings = bindings.take(
                settings.storeRequests(isReadOnly: self.opened.isReadOnly), generation: news.revision)
            self.show(settings, merge)
            if news.hasNewBindings { self.parts.worker.use(bindings.resources) }
        }
        let waiters = self.state.withLock { state in
            news.delay = state.news.delay
            state.news = news
            state.change = merge
            state.bindings = bindings
            state.files = files
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        self.parts.worker.update { $0.project = news }
        let change = ProjectChange(news: news, resources: bindings.resources)
        for waiter in waiters { waiter.resume(returning: change) }
        guard news.hasNewBindings else { return }
        // A probe may take seconds; the next change must not wait for it.
        Task { await self.parts.worker.probeBindings() }
    }

    /// Brings the status up to what is in use now.
    private func show(_ settings: ProjectSettings, _ merge: ProjectMerge) {
        let (status, notices) = (settings.status, self.startNotices + merge.errorLines)
        let proxy = merge.running.proxy
        self.parts.worker.update { now in
            now.name = status.name
            now.main = status.main
            now.compatibilityDate = status.compatibilityDate
            now.compatibilityFlags = status.compatibilityFlags
            now.environment = status.environment
            now.configurationPath = status.configurationPath
            now.suggestedBackends = status.suggestedBackends
            now.notices = notices
            now.corsSummary = ProjectSettings.summary(of: proxy.cors)
            now.routesSummary = proxy.routes.joined(separator: " ")
        }
    }
}

extension [ByteString: FileStamp] {
    /// The same files as they are now.
    fileprivate var again: Self {
        Dictionary(uniqueKeysWithValues: self.map { ($0.key, $0.value.again(at: $0.key.text)) })
    }
}
