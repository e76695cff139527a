import Glibc
import Synchronization
package import WorkerDomain

/// Tells which files of a set have changed, once they have been left alone for a moment.
///
/// Where inotify cannot see changes, the files are looked at every other second.
package final class FileSetWatch: Sendable {
    /// Why changes are seen late.
    package enum Problem: Sendable, Equatable {
        /// inotify has no room for another watch or another instance; `errno` says which.
        case noWatches(Int32)
        /// The files are on a file system whose changes, made elsewhere, inotify is not told of.
        case sharedFolder
    }

    /// How long things take.
    package struct Times: Sendable {
        /// Without a change before the files are taken for written: editors save in several steps.
        package var quiet = Duration.milliseconds(100)
        /// How long changes that never end are waited for.
        package var longest = Duration.seconds(1)
        /// Between two sets of changes that are told, beside ``quiet``.
        package var distance = Duration.milliseconds(250)
        /// Between two looks where changes are not told.
        package var slow = Duration.seconds(2)

        package init() {}
    }

    private struct State {
        var files: [ByteString: FileStamp] = [:]
        /// Already others than what was given.
        var isBehind = false
        var isShared = false
        var hasFollowed = false
    }

    private let watch: PathWatch?
    private let openProblem: Int32?
    private let times: Times
    private let clock: any Clock<Duration>
    private let state = Mutex(State())

    package convenience init(times: Times = Times(), clock: any Clock<Duration> = ContinuousClock()) {
        self.init(PathWatch(clock: clock), errno, times, clock)
    }

    /// A watch that inotify had no room for.
    init(withoutRoom code: Int32, times: Times, clock: any Clock<Duration> = ContinuousClock()) {
        self.watch = nil
        self.openProblem = code
        self.times = times
        self.clock = clock
    }

    private init(_ watch: PathWatch?, _ code: Int32, _ times: Times, _ clock: any Clock<Duration>) {
        self.watch = watch
        self.openProblem = watch == nil ? code : nil
        self.times = times
        self.clock = clock
    }

    /// Why changes are seen late; `nil` when they are seen at once.
    package var problem: Problem? {
        if let code = self.openProblem ?? self.watch?.problem { return .noWatches(code) }
        return self.state.withLock { $0.isShared } ? .sharedFolder : nil
    }

    /// The files that count from now on.
    ///
    /// - Parameter files: Each with what stood there before it was read: what has changed since is told at once.
    package func follow(_ files: [ByteString: FileStamp]) {
        let isNew = self.state.withLock { state in
            let isNew = !state.hasFollowed || Set(state.files.keys) != Set(files.keys)
            state.files = files
            state.hasFollowed = true
            return isNew
        }
        if isNew {
            self.watch?.follow(
                files.keys.map(\.text), listings: files.filter(\.value.isListing).map(\.key.text))
            let folders = Set(files.keys.map { Self.folder(of: $0.text) })
            let isShared = SharedFolders().contain(anyOf: folders)
            self.state.withLock { $0.isShared = isShared }
        }
        // Between the reading and the watching, nobody looked.
        let isBehind = files.contains { !$0.value.again(at: $0.key.text).isSame(as: $0.value) }
        self.state.withLock { $0.isBehind = isBehind }
        // Somebody may be waiting for the system's word already.
        if isBehind { self.watch?.tell() }
    }

    /// Waits until files of the set have changed and been left alone for a moment.
    /// - Returns: The changed ones; `nil` when the task was cancelled.
    package func next() async -> Set<ByteString>? {
        do { try await self.clock.sleep(for: self.times.distance) } catch { return nil }
        while !Task.isCancelled {
            let isTold = await self.wait()
            guard await self.settle(), !Task.isCancelled else { return nil }
            let changed = self.compare(isTold: isTold)
            if !changed.isEmpty { return changed }
        }
        return nil
    }

    /// Waits until something may have changed.
    /// - Returns: True when that was told, and not found by looking.
    private func wait() async -> Bool {
        if self.state.withLock({ $0.isBehind }) { return false }
        guard self.problem != nil else { return await self.watch?.next(pause: .zero) ?? false }
        let (watch, clock, slow) = (self.watch, self.clock, self.times.slow)
        return await withTaskGroup(of: Bool.self) { group in
            if let watch { group.addTask { await watch.next(pause: .zero) } }
            group.addTask {
                try? await clock.sleep(for: slow)
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }

    /// Waits until nothing changes any more, but not for ever.
    /// - Returns: False when the task was cancelled.
    private func settle() async -> Bool {
        var waited = Duration.zero
        repeat {
            do { try await self.clock.sleep(for: self.times.quiet) } catch { return false }
            waited += self.times.quiet
        } while self.watch?.takeChange() == true && waited < self.times.longest
        return true
    }

    /// Looks at every file again.
    private func compare(isTold: Bool) -> Set<ByteString> {
        let files = self.state.withLock { state in
            state.isBehind = false
            return state.files
        }
        var changed: Set<ByteString> = []
        var now = files
        for (path, stamp) in files {
            let found = stamp.again(at: path.text)
            // What was written a moment before it was looked at may have been written again in the same moment.
            if !found.isSame(as: stamp) || (isTold && stamp.isRecent) { changed.insert(path) }
            now[path] = found
        }
        self.state.withLock { state in
            for (path, stamp) in now where state.files[path] != nil { state.files[path] = stamp }
        }
        return changed
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.utf8.startIndex ? "/" : String(decoding: path.utf8[..<slash], as: UTF8.self)
    }
}
