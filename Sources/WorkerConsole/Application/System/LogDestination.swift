import Glibc
import OperatingSystem

/// Puts descriptor 2, where every log line and every library's complaint goes, on a file while the screen is up.
///
/// Anything that reached the terminal then would tear the picture. The file is bounded: one that has grown over 4 MiB
/// becomes `log.1` when the program starts.
struct LogDestination {
    private static let limit = 4 << 20
    private let saved: Int32

    /// Fails when not even `/dev/null` can be opened, which takes the file's place when that cannot be.
    ///
    /// - Parameter path: The log file; its folder is made when it is missing, readable by its owner only.
    init?(divertingTo path: String) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        try? Folders.make(folder, mode: 0o700)
        var status = stat()
        if lstat(path, &status) == 0, status.st_size > Self.limit {
            // Whatever has the name, a folder too.
            try? Folders.remove(path + ".1")
            rename(path, path + ".1")
        }
        var descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if descriptor < 0 { descriptor = open("/dev/null", O_WRONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { return nil }
        self.saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
        dup2(descriptor, STDERR_FILENO)
        close(descriptor)
    }

    /// Gives descriptor 2 back; call it once the terminal is given back.
    func restore() {
        guard self.saved >= 0 else { return }
        dup2(self.saved, STDERR_FILENO)
        close(self.saved)
    }
}
