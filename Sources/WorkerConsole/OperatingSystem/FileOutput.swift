import Glibc

/// Writes bytes to descriptors and files, all of them.
package enum FileOutput {
    /// Writes all bytes; waits where the descriptor is full for now.
    /// - Returns: `errno` of the write that failed; `nil` when everything was written.
    package static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Int32? {
        var bytes = bytes
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                bytes.removeFirst(count)
            } else if errno == EAGAIN {
                // Somebody who shares the descriptor has made it non-blocking.
                var place = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&place, 1, -1)
            } else if errno != EINTR {
                return errno
            }
        }
        return nil
    }

    /// Makes a file with these bytes, readable as the umask says.
    /// - Parameters:
    ///   - bytes: The whole contents.
    ///   - path: A link is followed, unless `isNew`.
    ///   - isNew: Refuses a name that is taken; otherwise what the file had is lost.
    /// - Throws: ``SystemError``; of a new file nothing is left then.
    package static func put(_ bytes: [UInt8], at path: String, isNew: Bool = false) throws(SystemError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (isNew ? O_EXCL : O_TRUNC), 0o666)
        guard descriptor >= 0 else { throw SystemError(path: path, code: errno) }
        var failure = self.write(bytes[...], to: descriptor)
        // What a disk could not take may be told only here.
        if close(descriptor) != 0, failure == nil { failure = errno }
        guard let failure else { return }
        if isNew { unlink(path) }
        throw SystemError(path: path, code: failure)
    }
}
