import Glibc
import OperatingSystem
import WorkerProject

/// A path as a person types it on the command line.
enum TypedPath {
    /// The path from the root on, without `.`, `..` and a `/` at its end.
    ///
    /// `~` is the user's own folder: shells leave it in `--project=~/site`. An absolute path that goes up is the system's,
    /// for which a link's folder is where it leads; a relative one goes by its names, as in `cd`.
    static func absolute(_ typed: String) -> String {
        var path = typed
        if typed == "~" || typed.hasPrefix("~/"),
            let home = ProcessEnvironment.current()["HOME"] ?? SystemUser.home
        {
            path = home + typed.dropFirst()
        }
        if path.hasPrefix("/"), path.split(separator: "/").contains(".."), let real = realpath(path, nil) {
            defer { free(real) }
            return String(cString: real)
        }
        return PathText.join(Folders.current, path)
    }
}
