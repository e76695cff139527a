import Digests
import Glibc
import WorkerDomain

/// Copies one object into a file: what was begun before is gone on with, what is there is left alone, and the bytes are
/// those of the object or the file does not come about.
struct Download: Sendable {
    /// What has come of it.
    struct Outcome: Sendable, Equatable {
        let bytes: Int64
        /// Where it went on; 0 for a download from the start.
        let resumedAt: Int64
        /// The digest that the bytes were held against; `nil` when the object has none and only its size was.
        let digest: String?
    }

    let store: any ObjectStore
    let object: StoredObject
    let operation: String
    let isOverwriting: Bool
    /// How a person lets it replace files.
    var overwriteHint = "--overwrite replaces it"
    /// Bytes of one read.
    var pieceSize = 8 << 20
    var progress: @Sendable (Int64) -> Void = { _ in }

    /// - Parameters:
    ///   - folder: Where the file goes.
    ///   - name: Its name there, without slashes.
    /// - Returns: What was done.
    /// - Throws: `StorageError` — `.invalid` when the file is there, `.malformed` when the bytes are not the object's.
    func run(in folder: DownloadFolder, name: String) async throws(StorageError) -> Outcome {
        if !self.isOverwriting, folder.has(name) { throw self.inTheWay(name) }
        let part = self.partName(name)
        let file = openat(folder.descriptor, part, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw StorageError(system: errno, operation: self.operation) }
        defer { close(file) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            throw StorageError(.locked, operation: self.operation, reason: "another download of it is running")
        }
        let start = try self.held(file)
        let known = Self.checksum(of: self.object)
        var stream = DigestStream(known?.algorithm ?? .md5)
        try self.hash(file, upTo: start, into: &stream)
        try await self.fetch(file, from: start, into: &stream)
        let digest = Digest.hexadecimal(stream.finish())
        if let known, known.value.lowercased() != digest {
            unlinkat(folder.descriptor, part, 0)
            let reason = "the bytes do not match the object's \(known.name); the download was removed"
            throw StorageError(.malformed, operation: self.operation, reason: reason)
        }
        guard fsync(file) == 0 else { throw StorageError(system: errno, operation: self.operation) }
        try self.place(folder.descriptor, part, name)
        return Outcome(bytes: self.object.bytes, resumedAt: start, digest: known.map { "\($0.name) \(digest)" })
    }

    /// The name of what is not whole yet; it belongs to this version of the object and to no other.
    private func partName(_ name: String) -> String {
        let identity = "\(name)\0\(self.object.key)\0\(self.object.etag)\0\(self.object.version)\0\(self.object.bytes)"
        return ".\(Digest.hexadecimal(Digest.sha256.hash(Array(identity.utf8)).prefix(12))).worker-console-part"
    }

    /// How much is there already.
    private func held(_ file: Int32) throws(StorageError) -> Int64 {
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw StorageError(system: errno, operation: self.operation)
        }
        if Int64(status.st_size) <= self.object.bytes { return Int64(status.st_size) }
        guard ftruncate(file, 0) == 0 else { throw StorageError(system: errno, operation: self.operation) }
        return 0
    }

    private func hash(_ file: Int32, upTo end: Int64, into stream: inout DigestStream) throws(StorageError) {
        var offset: Int64 = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while offset < end {
            let count = pread(file, &buffer, Int(min(Int64(buffer.count), end - offset)), off_t(offset))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw StorageError(system: errno, operation: self.operation) }
            stream.update(buffer[..<count])
            offset += Int64(count)
        }
    }

    private func fetch(_ file: Int32, from start: Int64, into stream: inout DigestStream) async throws(StorageError) {
        var offset = start
        self.progress(offset)
        while offset < self.object.bytes {
            if Task.isCancelled { throw StorageError(.limit, operation: self.operation, reason: "cancelled") }
            let length = Int(min(Int64(self.pieceSize), self.object.bytes - offset))
            let part = try await self.store.read(self.object.key, offset: offset, length: length)
            guard part.object.isSameVersion(as: self.object) else {
                throw StorageError(
                    .locked, operation: self.operation, reason: "it was rewritten while it was read; try again")
            }
            guard part.bytes.count == length else {
                throw StorageError(
                    .malformed, operation: self.operation, reason: "the store gave fewer bytes than it said")
            }
            var rest = part.bytes[...]
            while !rest.isEmpty {
                let place = off_t(offset) + off_t(length - rest.count)
                let count = rest.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, place) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw StorageError(system: errno, operation: self.operation) }
                rest = rest.dropFirst(count)
            }
            stream.update(part.bytes[...])
            offset += Int64(length)
            self.progress(offset)
        }
    }

    /// Gives the file its name; without leave to overwrite, a file that came meanwhile stays.
    private func place(_ folder: Int32, _ part: String, _ name: String) throws(StorageError) {
        if !self.isOverwriting {
            if linkat(folder, part, folder, name, 0) == 0 {
                unlinkat(folder, part, 0)
                return
            }
            if errno == EEXIST { throw self.inTheWay(name) }
            // Some file systems have no links.
            guard errno == EPERM || errno == EOPNOTSUPP || errno == EMLINK else {
                throw StorageError(system: errno, operation: self.operation)
            }
        }
        guard renameat(folder, part, folder, name) == 0 else {
            throw StorageError(system: errno, operation: self.operation)
        }
    }

    /// The best digest that the object has.
    private static func checksum(of object: StoredObject) -> (name: String, algorithm: Digest, value: String)? {
        let known: [(String, Digest)] = [
            ("sha512", .sha512), ("sha384", .sha384), ("sha256", .sha256), ("sha1", .sha1), ("md5", .md5),
        ]
        for (name, algorithm) in known {
            if let value = object.checksums[name], value.utf8.count == algorithm.count * 2 {
                return (name, algorithm, value)
            }
        }
        return nil
    }

    private func inTheWay(_ name: String) -> StorageError {
        StorageError(
            .invalid, operation: self.operation, reason: "\"\(name)\" already exists; \(self.overwriteHint)")
    }
}
