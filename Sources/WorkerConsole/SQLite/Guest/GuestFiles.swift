import Glibc

/// What stands on disk for one database: its main file, its write-ahead log and the index that its users share.
struct GuestFiles: Sendable, Equatable {
    /// What a path names; symbolic links are followed.
    enum Kind: Sendable, Equatable { case missing, regular, other }

    /// One file, as far as `stat` tells.
    struct Stamp: Sendable, Equatable {
        let device: UInt64
        let inode: UInt64
        let bytes: Int64
        let seconds: Int
        let nanoseconds: Int

        func isSameFile(as other: Stamp) -> Bool { self.device == other.device && self.inode == other.inode }
    }

    let main: Stamp?
    let log: Stamp?
    let index: Stamp?

    init(path: String) {
        // SQLite puts the two others beside the file that a symbolic link leads to.
        let resolved = Self.resolved(path)
        self.main = Self.stamp(of: resolved)
        self.log = Self.stamp(of: resolved + "-wal")
        self.index = Self.stamp(of: resolved + "-shm")
    }

    /// Main file and write-ahead log together.
    var bytes: Int64 { (self.main?.bytes ?? 0) + (self.log?.bytes ?? 0) }

    /// True when both states show the same files, whatever is in them.
    func areSameFiles(as other: GuestFiles) -> Bool {
        Self.isSame(self.main, other.main) && Self.isSame(self.log, other.log) && Self.isSame(self.index, other.index)
    }

    static func kind(of path: String) -> Kind {
        var information = stat()
        guard stat(path, &information) == 0 else { return errno == ENOENT || errno == ENOTDIR ? .missing : .other }
        return information.st_mode & S_IFMT == S_IFREG ? .regular : .other
    }

    static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    private static func isSame(_ left: Stamp?, _ right: Stamp?) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        return left.isSameFile(as: right)
    }

    private static func stamp(of path: String) -> Stamp? {
        var information = stat()
        guard stat(path, &information) == 0 else { return nil }
        return Stamp(
            device: UInt64(information.st_dev), inode: UInt64(information.st_ino), bytes: Int64(information.st_size),
            seconds: information.st_mtim.tv_sec, nanoseconds: information.st_mtim.tv_nsec)
    }
}
