/// Where the program keeps its own files (XDG Base Directory Specification).
struct ProgramPaths: Sendable {
    /// The folder of the log: `$XDG_STATE_HOME/worker-console`, or `~/.local/state/worker-console`.
    let stateFolder: String
    /// `log` in the state folder.
    var logFile: String { self.stateFolder + "/log" }
    /// Every act of steering, a JSON object a line, in the state folder.
    var auditFile: String { self.stateFolder + "/audit.jsonl" }

    /// Copies of databases from before they were written to, in the state folder.
    var backupFolder: String { self.stateFolder + "/backups" }

    /// There once the screens were explained to a person, in the state folder.
    var tourFile: String { self.stateFolder + "/tour-shown" }

    init(environment: [String: String]) {
        let home = environment["HOME"] ?? SystemUser.home ?? "/"
        let state = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home + "/.local/state"
        self.stateFolder = state + "/worker-console"
    }
}
