import Glibc
import Synchronization
package import WorkerDomain

/// Notes every path that is looked at while something is read, with what stood there just before.
///
/// Whoever reads files of the project notes them here, so that what a result depends on is known without a second list.
package final class FileTrace: Sendable {
    /// The trace of what runs now; tasks that it starts inherit it.
    @TaskLocal package static var current: FileTrace?

    /// Paths that are kept at most: a project that reads more is watched in part.
    private static let limit = 4_096

    private let looks = Mutex<[ByteString: FileStamp]>([:])

    package init() {}

    /// Notes a path before it is looked at; the first look counts.
    ///
    /// - Parameters:
    ///   - path: Absolute; also one where nothing is.
    ///   - listing: The names in a folder are looked at.
    package static func note(_ path: String, listing: Bool = false) { Self.current?.note(path, listing) }

    /// What was looked at.
    package var files: [ByteString: FileStamp] { self.looks.withLock { $0 } }

    private func note(_ path: String, _ listing: Bool) {
        // Nothing can be read there, whatever happens.
        guard path.utf8.count < Int(PATH_MAX) else { return }
        let key = ByteString(path)
        let isKnown = self.looks.withLock { looks in
            looks[key].map { $0.isListing || !listing } ?? (looks.count >= Self.limit)
        }
        guard !isKnown else { return }
        let stamp = FileStamp(of: path, listing: listing)
        self.looks.withLock { looks in
            if looks[key].map({ !$0.isListing && listing }) ?? true { looks[key] = stamp }
        }
    }
}
