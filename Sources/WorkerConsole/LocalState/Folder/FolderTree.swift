import Glibc
import WorkerDomain

/// The files below one folder as the keys of a bucket: paths with `/`, in the byte order of whole keys.
///
/// Links are not followed and special files are left out, so that no key leads out of the folder. Names that are not
/// valid UTF-8 cannot be keys and are left out too.
struct FolderTree: Sendable {
    /// The folder itself, which may be reached by a link.
    let root: String

    /// One name of a folder.
    struct Entry: Sendable {
        let name: [UInt8]
        let isFolder: Bool

        /// How it is ordered among its siblings: the keys of a folder begin with its name and a slash.
        var key: [UInt8] { self.isFolder ? self.name + [UInt8(ascii: "/")] : self.name }
    }

    /// How many names of one folder are held at once: of larger ones the next in order are looked for again.
    private static let breadth = 4_096
    /// Deeper folders than any path has.
    static let depth = 512

    /// Opens the root.
    /// - Returns: `nil` when it is not there.
    func open(_ operation: String) throws(StorageError) -> Int32? {
        let descriptor = Glibc.open(self.root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor >= 0 { return descriptor }
        switch errno {
        case ENOENT: return nil
        case ENOTDIR:
            throw StorageError(.malformed, operation: operation, reason: "not a folder: \(self.root)")
        case EACCES, EPERM:
            throw StorageError(.denied, operation: operation, reason: "permission denied: \(self.root)")
        case let code: throw StorageError(.unreachable, operation: operation, reason: SystemReason.text(code))
        }
    }

    /// Opens the file of a key.
    /// - Returns: `nil` when there is none: also for a key that no file can have, and for a link in its way.
    func open(_ key: [UInt8], _ operation: String) throws(StorageError) -> (descriptor: Int32, status: stat)? {
        guard let parts = Self.parts(of: key), let root = try self.open(operation) else { return nil }
        var folder = root
        defer { close(folder) }
        for part in parts.dropLast() {
            let next = Self.withName(part) { openat(folder, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
            guard next >= 0 else { return try Self.missing(errno, operation) }
            close(folder)
            folder = next
        }
        let name = parts.last ?? []
        // Opening a pipe would wait for ever.
        let file = Self.withName(name) { openat(folder, $0, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) }
        guard file >= 0 else { return try Self.missing(errno, operation) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(file)
            return nil
        }
        return (file, status)
    }

    /// The names of a key's folders and of its file; `nil` for a key that is not the path of a file below the root.
    static func parts(of key: [UInt8]) -> [[UInt8]]? {
        let parts = key.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { Array($0) }
        let isPath = parts.allSatisfy { part in
            !part.isEmpty && part.count <= 255 && !part.contains(0) && part != Array(".".utf8)
                && part != Array("..".utf8)
        }
        return isPath && parts.count <= self.depth ? parts : nil
    }

    /// The first entries of a folder in order.
    /// - Parameters:
    ///   - folder: Stays open.
    ///   - isWanted: Is asked with the key of each entry.
    /// - Returns: The entries, and whether these are all.
    static func entries(of folder: Int32, where isWanted: ([UInt8]) -> Bool) -> (entries: [Entry], isWhole: Bool) {
        let copy = fcntl(folder, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0, let stream = fdopendir(copy) else {
            if copy >= 0 { close(copy) }
            return ([], true)
        }
        defer { closedir(stream) }
        rewinddir(stream)
        var entries: [Entry] = []
        var isWhole = true
        func cut() {
            entries.sort { $0.key.lexicographicallyPrecedes($1.key) }
            if entries.count > self.breadth {
                isWhole = false
                entries.removeLast(entries.count - self.breadth)
            }
        }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: UInt8.self, capacity: 256) {
                    Array(UnsafeBufferPointer(start: $0, count: 256).prefix { $0 != 0 })
                }
            }
            guard name != Array(".".utf8), name != Array("..".utf8), String(validating: name, as: UTF8.self) != nil,
                let kind = self.kind(of: name, Int32(entry.pointee.d_type), in: folder)
            else { continue }
            let found = Entry(name: name, isFolder: kind == S_IFDIR)
            guard isWanted(found.key) else { continue }
            entries.append(found)
            if entries.count >= 2 * self.breadth { cut() }
        }
        cut()
        return (entries, isWhole)
    }

    /// A regular file or a folder; `nil` for everything else.
    private static func kind(of name: [UInt8], _ type: Int32, in folder: Int32) -> mode_t? {
        switch type {
        case Int32(DT_REG): return S_IFREG
        case Int32(DT_DIR): return S_IFDIR
        case Int32(DT_UNKNOWN):
            var status = stat()
            guard self.withName(name, { fstatat(folder, $0, &status, AT_SYMLINK_NOFOLLOW) }) == 0 else { return nil }
            let kind = status.st_mode & S_IFMT
            return kind == S_IFREG || kind == S_IFDIR ? kind : nil
        default: return nil
        }
    }

    static func withName<Result>(_ name: [UInt8], _ body: (UnsafePointer<CChar>) -> Result) -> Result {
        var bytes = name.map { CChar(bitPattern: $0) }
        bytes.append(0)
        // An array that is not empty has a first element.
        return bytes.withUnsafeBufferPointer { body($0.baseAddress.unsafelyUnwrapped) }
    }

    private static func missing(
        _ code: Int32, _ operation: String
    ) throws(StorageError) -> (descriptor: Int32, status: stat)? {
        switch code {
        case ENOENT, ENOTDIR, ELOOP, ENXIO, ENAMETOOLONG: return nil
        case EACCES, EPERM: throw StorageError(.denied, operation: operation, reason: "permission denied")
        default: throw StorageError(.unreachable, operation: operation, reason: SystemReason.text(code))
        }
    }
}
