import Glibc
import OperatingSystem

/// Tells a person's first start of the console from the later ones, by a file in the program's state folder.
struct FirstStart: Sendable {
    private let paths: ProgramPaths

    init(environment: [String: String]) { self.paths = ProgramPaths(environment: environment) }

    /// Leaves the file behind.
    /// - Returns: True when it was not there. False as well where it cannot be written: what comes back at every start
    ///   would be in the way.
    func take() -> Bool {
        try? Folders.make(self.paths.stateFolder, mode: 0o700)
        let descriptor = open(self.paths.tourFile, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }
}
