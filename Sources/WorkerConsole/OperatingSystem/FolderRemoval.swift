import Glibc

extension Folders {
    /// Removes a file, a link, or a folder with everything in it; links are removed and never followed.
    /// - Throws: ``SystemError`` of the first thing that cannot be removed; what came before it is gone.
    package static func remove(_ path: String) throws(SystemError) {
        // With a slash behind it, a link would be what it leads to.
        let path = self.withoutSlashAtEnd(path)
        if unlink(path) == 0 { return }
        // Linux says EISDIR of a folder, POSIX EPERM.
        guard errno == EISDIR || errno == EPERM else { throw SystemError(path: path, code: errno) }
        if rmdir(path) == 0 { return }
        guard errno == ENOTEMPTY || errno == EEXIST else { throw SystemError(path: path, code: errno) }
        let folder = open(path, FolderRemoval.opening)
        guard folder >= 0 else { throw SystemError(path: path, code: errno) }
        defer { close(folder) }
        var removal = FolderRemoval(top: folder, path: path)
        try removal.run()
        guard rmdir(path) == 0 else { throw SystemError(path: path, code: errno) }
    }
}

/// Empties one folder.
///
/// Everything is reached from an open folder, so that a link that takes a folder's place meanwhile leads nowhere.
private struct FolderRemoval {
    static let opening = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
    /// Each level holds a descriptor open. What lies deeper is moved up first, so that every depth can be removed.
    private static let deepest = 24

    private let top: Int32
    private let path: String
    /// The names of folders that were moved up.
    private var number = 0

    init(top: Int32, path: String) {
        self.top = top
        self.path = path
    }

    mutating func run() throws(SystemError) {
        // What was moved up comes with the next look.
        while try self.empty(self.top, self.path, depth: 0) {}
    }

    /// - Returns: False when there was nothing in it.
    private mutating func empty(_ folder: Int32, _ path: String, depth: Int) throws(SystemError) -> Bool {
        guard let names = Folders.names(of: folder) else { throw SystemError(path: path, code: errno) }
        for name in names {
            let code = self.remove(name, from: folder)
            if code == 0 { continue }
            let inner = path + "/" + String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            guard code == ENOTEMPTY || code == EEXIST else { throw SystemError(path: inner, code: code) }
            if depth == Self.deepest {
                try self.moveUp(name, from: folder, inner)
                continue
            }
            let next = openat(folder, name, Self.opening)
            guard next >= 0 else { throw SystemError(path: inner, code: errno) }
            defer { close(next) }
            _ = try self.empty(next, inner, depth: depth + 1)
            guard unlinkat(folder, name, AT_REMOVEDIR) == 0 else { throw SystemError(path: inner, code: errno) }
        }
        return !names.isEmpty
    }

    /// - Returns: `errno`: `ENOTEMPTY` or `EEXIST` for a folder with something in it, 0 when it is gone.
    private func remove(_ name: [CChar], from folder: Int32) -> Int32 {
        if unlinkat(folder, name, 0) == 0 || errno == ENOENT { return 0 }
        guard errno == EISDIR || errno == EPERM else { return errno }
        return unlinkat(folder, name, AT_REMOVEDIR) == 0 ? 0 : errno
    }

    private mutating func moveUp(_ name: [CChar], from folder: Int32, _ path: String) throws(SystemError) {
        repeat {
            self.number += 1
            if renameat(folder, name, self.top, "\(self.number)") == 0 { return }
            // Something else of that name, which goes too.
        } while [ENOTEMPTY, EEXIST, ENOTDIR].contains(errno)
        throw SystemError(path: path, code: errno)
    }
}
