import FileWatching
import WorkerDomain

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads small files that may be anything: it never blocks, and never reads more than its bound.
package enum BoundedFile {
    /// Why a file could not be read.
    package enum Problem: Error, Sendable, Equatable, CustomStringConvertible {
        case missing, notRegular
        case tooLarge(limit: Int)
        case unreadable(code: Int32)

        package var description: String {
            switch self {
            case .missing: "no such file"
            case .notRegular: "it is not a regular file; replace it with a text file"
            case .tooLarge(let limit): "it is larger than \(limit / 1_024) KiB, the limit for a configuration file"
            case .unreadable(let code): "it cannot be read: \(SystemReason.text(code))"
            }
        }
    }

    /// True when something that is no folder stands at the path; symbolic links are followed.
    package static func exists(_ path: String) -> Bool {
        FileTrace.note(path)
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR
    }

    /// - Parameters:
    ///   - path: Absolute path; symbolic links are followed.
    ///   - limit: Bytes.
    /// - Returns: The whole file.
    /// - Throws: ``Problem``.
    package static func read(_ path: String, limit: Int = 1_048_576) throws(Problem) -> [UInt8] {
        FileTrace.note(path)
        // A FIFO without a writer would block a plain open.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            let code = errno
            throw code == ENOENT || code == ENOTDIR ? .missing : .unreadable(code: code)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unreadable(code: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
        guard status.st_size <= limit else { throw .tooLarge(limit: limit) }
        // One byte more than the file has shows its end; a file that grows meanwhile is read on up to the limit.
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size) + 1)
        var count = 0
        while count <= limit {
            if count == bytes.count { bytes += [UInt8](repeating: 0, count: limit + 1 - count) }
            let room = bytes.count - count
            let got = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, room)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .unreadable(code: errno) }
            if got == 0 { break }
            count += got
        }
        guard count <= limit else { throw .tooLarge(limit: limit) }
        return Array(bytes[..<count])
    }
}
