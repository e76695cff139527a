import ArgumentParser

extension ExitCode {
    /// Something was found or refused: a failing check, a configuration that wrangler would refuse.
    static let found = ExitCode(1)
    /// The work could not be done: no such folder, a port in use, no terminal.
    static let cannotRun = ExitCode(2)
}
