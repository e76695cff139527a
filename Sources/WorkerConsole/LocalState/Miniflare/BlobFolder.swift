import Glibc
import WorkerDomain

/// The folder that holds the bytes of one bucket or namespace, a file for each blob.
struct BlobFolder: Sendable {
    let path: String

    /// Reads exactly `length` bytes of one blob.
    /// - Returns: `nil` when there is no such blob.
    /// - Throws: `StorageError` — `.malformed` for an identifier that could leave the folder, or a blob that is too
    ///   short; `.denied`.
    func read(
        _ identifier: String, offset: Int64, length: Int, operation: String
    ) throws(StorageError) -> [UInt8]? {
        guard let file = try self.open(identifier, operation) else { return nil }
        defer { close(file.descriptor) }
        guard file.bytes - offset >= Int64(length) else {
            let reason = "the blob \(identifier) ends early: it has \(Counted.text(file.bytes, "byte"))"
            throw StorageError(.malformed, operation: operation, reason: reason)
        }
        return try Self.read(file.descriptor, offset, length, operation)
    }

    /// Reads the first `limit` bytes of one blob, or all of it when it is shorter.
    /// - Returns: The bytes and how many the blob has; `nil` when there is no such blob.
    func readStart(
        of identifier: String, atMost limit: Int, operation: String
    ) throws(StorageError) -> (bytes: [UInt8], total: Int64)? {
        guard let file = try self.open(identifier, operation) else { return nil }
        defer { close(file.descriptor) }
        let bytes = try Self.read(file.descriptor, 0, Int(min(Int64(limit), file.bytes)), operation)
        return (bytes, file.bytes)
    }

    private func open(
        _ identifier: String, _ operation: String
    ) throws(StorageError) -> (descriptor: Int32, bytes: Int64)? {
        guard Self.isIdentifier(identifier) else {
            throw StorageError(.malformed, operation: operation, reason: "not a blob identifier: \(identifier)")
        }
        let folder = Glibc.open(self.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return try self.missing(errno, operation) }
        defer { close(folder) }
        // A link could lead anywhere, and opening a pipe would wait for ever.
        let file = openat(folder, identifier, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return try self.missing(errno, operation) }
        var information = stat()
        guard fstat(file, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            close(file)
            throw StorageError(.malformed, operation: operation, reason: "the blob \(identifier) is not a file")
        }
        return (file, Int64(information.st_size))
    }

    /// Reads exactly so many bytes of an open file.
    static func read(
        _ file: Int32, _ offset: Int64, _ length: Int, _ operation: String
    ) throws(StorageError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            while count < length {
                let start = buffer.baseAddress.map { $0 + count }
                let got = pread(file, start, length - count, off_t(offset) + off_t(count))
                if got < 0, errno == EINTR { continue }
                if got <= 0 {
                    failure = got < 0 ? errno : EIO
                    return
                }
                count += got
            }
        }
        guard failure == 0 else {
            throw StorageError(.unreachable, operation: operation, reason: SystemReason.text(failure))
        }
        return bytes
    }

    /// True for hexadecimal digits alone; miniflare's have 80.
    static func isIdentifier(_ text: String) -> Bool {
        let digits = text.utf8
        return (1...128).contains(digits.count)
            && digits.allSatisfy { byte in
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
                    || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte)
            }
    }

    private func missing(_ code: Int32, _ operation: String) throws(StorageError) -> (descriptor: Int32, bytes: Int64)?
    {
        switch code {
        case ENOENT, ENOTDIR: return nil
        case EACCES, EPERM:
            throw StorageError(.denied, operation: operation, reason: "permission denied: \(self.path)")
        case ELOOP:
            throw StorageError(.malformed, operation: operation, reason: "the blob is a symbolic link")
        default:
            throw StorageError(.unreachable, operation: operation, reason: SystemReason.text(code))
        }
    }
}
