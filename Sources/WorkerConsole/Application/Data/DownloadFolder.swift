import Glibc
import WorkerDomain

/// A folder of the user that downloads go into. What is made below it is made without following links.
final class DownloadFolder: Sendable {
    let descriptor: Int32

    /// `nil`, with `errno`, when it cannot be opened. Links are followed: the user named it.
    init?(path: String) {
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        self.descriptor = descriptor
    }

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        if self.descriptor >= 0 { close(self.descriptor) }
    }

    /// Opens a folder below this one, made where it is missing.
    /// - Throws: `StorageError` when a file or a link is in the way.
    func entering(_ names: some Sequence<String>, _ operation: String) throws(StorageError) -> DownloadFolder {
        var folder = DownloadFolder(descriptor: fcntl(self.descriptor, F_DUPFD_CLOEXEC, 0))
        for name in names {
            mkdirat(folder.descriptor, name, 0o755)
            let next = openat(folder.descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard next >= 0 else {
                let reason =
                    errno == ENOTDIR || errno == ELOOP
                    ? "\"\(name)\" is in the way: it is not a folder" : SystemReason.text(errno)
                throw StorageError(.invalid, operation: operation, reason: reason)
            }
            folder = DownloadFolder(descriptor: next)
        }
        return folder
    }

    func has(_ name: String) -> Bool {
        var status = stat()
        return fstatat(self.descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0
    }
}
