import Glibc

/// Folders on disk, by their paths.
package enum Folders {
    /// The process's own; empty when it is gone.
    package static var current: String {
        guard let path = getcwd(nil, 0) else { return "" }
        defer { free(path) }
        return String(cString: path)
    }

    /// Where programs put what nobody keeps: `TMPDIR`, or `/tmp`; absolute, without a `/` at its end.
    package static var temporary: String {
        guard let named = getenv("TMPDIR").map({ String(cString: $0) }), !named.isEmpty else { return "/tmp" }
        let path = named.utf8.first == UInt8(ascii: "/") ? named : self.current + "/" + named
        return self.withoutSlashAtEnd(path)
    }

    /// True for a folder, and for a link to one.
    package static func exists(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Makes a folder, and those above it that are missing.
    /// - Parameters:
    ///   - path: Nothing is done when it is a folder already, or a link to one.
    ///   - mode: Permissions of each folder that is made, whatever the umask says; `nil` leaves them to the umask.
    /// - Throws: ``SystemError`` with the folder that cannot be made.
    package static func make(_ path: String, mode: UInt32? = nil) throws(SystemError) {
        if self.exists(path) { return }
        for end in path.utf8.indices where path.utf8[end] == UInt8(ascii: "/") && end != path.startIndex {
            let above = String(path[..<end])
            do throws(SystemError) {
                try self.makeNew(above, mode: mode)
            } catch {
                // What is no folder fails below, with a better reason.
                guard error.code == EEXIST || self.exists(above) else { throw error }
            }
        }
        do throws(SystemError) {
            try self.makeNew(path, mode: mode)
        } catch {
            // It ends in a slash, or somebody else was faster.
            guard error.code == EEXIST, self.exists(path) else { throw error }
        }
    }

    /// Makes one folder.
    /// - Throws: ``SystemError``: `EEXIST` for whatever has the name already, a dangling link too.
    package static func makeNew(_ path: String, mode: UInt32? = nil) throws(SystemError) {
        guard mkdir(path, mode ?? 0o777) == 0 else { throw SystemError(path: path, code: errno) }
        if let mode { chmod(path, mode) }
    }

    /// What stands in a folder, in no order; `nil` when it cannot be read.
    package static func names(in path: String) -> [String]? {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return nil }
        defer { close(folder) }
        return self.names(of: folder)?.map { name in
            String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    /// The names in an open folder as the system writes them, each with a zero byte at its end; `nil`, and `errno`, when it
    /// cannot be read.
    static func names(of folder: Int32) -> [[CChar]]? {
        let copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { return nil }
        guard let stream = fdopendir(copy) else {
            close(copy)
            return nil
        }
        defer { closedir(stream) }
        let (here, above) = (Array(".".utf8CString), Array("..".utf8CString))
        var names: [[CChar]] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    Array(UnsafeBufferPointer(start: $0, count: strnlen($0, 255))) + [CChar(0)]
                }
            }
            if name != here, name != above { names.append(name) }
        }
        return names
    }

    static func withoutSlashAtEnd(_ path: String) -> String {
        var bytes = path.utf8[...]
        while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        return String(bytes) ?? path
    }
}
