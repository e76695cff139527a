import Glibc

/// What `stat` says of the file at a path: when it differs, what stands there may be another text.
package struct FileStamp: Sendable {
    private enum Kind: Sendable, Equatable {
        /// Nothing can be read there; `errno` says why.
        case unreadable(Int32)
        /// Whether it is there is all that counts: what is in it has paths of its own.
        case folder
        /// What is in it counts too: the system changes its time with every name that comes and goes.
        case listing
        case file(device: UInt64, inode: UInt64, bytes: Int64)
    }

    /// Clocks of file systems move in steps of up to 10 ms: two changes within one step have the same time.
    private static let step: Int64 = 20_000_000

    private let kind: Kind
    /// When it was looked at; `CLOCK_MONOTONIC`.
    private let lookedAt: Int64
    /// The names in it count, should it be a folder.
    package let isListing: Bool
    /// When the text, or anything else of the file, was changed; nanoseconds since the epoch.
    private let written: Int64
    private let changed: Int64
    /// It was changed so shortly before that another change could have left no trace.
    package let isRecent: Bool

    /// Looks at the file; symbolic links are followed.
    ///
    /// - Parameters:
    ///   - path: Absolute; also one where nothing is.
    ///   - listing: The names in a folder count, not only that it is there.
    package init(of path: String, listing: Bool = false) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let code = errno
            self.init(.unreadable(code == ENOTDIR ? ENOENT : code), isListing: listing)
            return
        }
        var kind = Kind.file(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), bytes: Int64(status.st_size))
        if status.st_mode & S_IFMT == S_IFDIR {
            guard listing else {
                self.init(.folder)
                return
            }
            kind = .listing
        }
        let changed = Self.nanoseconds(status.st_ctim)
        self.init(
            kind, isListing: listing, written: Self.nanoseconds(status.st_mtim), changed: changed,
            isRecent: abs(Self.now(CLOCK_REALTIME) - changed) < Self.step)
    }

    /// Looks again, in the same way.
    package func again(at path: String) -> FileStamp { FileStamp(of: path, listing: self.isListing) }

    private init(
        _ kind: Kind, isListing: Bool = false, written: Int64 = 0, changed: Int64 = 0, isRecent: Bool = false
    ) {
        self.lookedAt = Self.now(CLOCK_MONOTONIC)
        self.kind = kind
        self.isListing = isListing
        self.written = written
        self.changed = changed
        self.isRecent = isRecent
    }

    /// True when nothing has been done to the file between the two looks, as far as the system tells.
    package func isSame(as other: FileStamp) -> Bool {
        self.kind == other.kind && self.written == other.written && self.changed == other.changed
    }

    /// The one of two stamps of a file that was made first.
    package static func earlier(_ one: FileStamp, _ other: FileStamp) -> FileStamp {
        one.lookedAt <= other.lookedAt ? one : other
    }

    private static func now(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return self.nanoseconds(time)
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
