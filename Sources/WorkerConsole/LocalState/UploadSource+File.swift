import Glibc
import WorkerDomain

extension UploadSource {
    /// Writes all bytes into an open file, and waits until the disk has them.
    ///
    /// - Parameters:
    ///   - file: Open for writing, at its start.
    ///   - operation: What failed, for an error.
    ///   - progress: The bytes so far, after each piece of 1 MiB.
    ///   - each: The pieces in their order.
    /// - Throws: `StorageError` when the source has changed, or the disk is full or fails.
    func copy(
        to file: Int32, _ operation: String, progress: (Int64) -> Void, each: ([UInt8]) -> Void = { _ in }
    ) throws(StorageError) {
        var offset: Int64 = 0
        while offset < self.count {
            let bytes = try self.read(at: offset, length: Int(min(1 << 20, self.count - offset)))
            each(bytes)
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw StorageError(system: errno, operation: operation) }
                rest = rest.dropFirst(count)
            }
            offset += Int64(bytes.count)
            progress(offset)
        }
        guard fsync(file) == 0 else { throw StorageError(system: errno, operation: operation) }
    }
}
