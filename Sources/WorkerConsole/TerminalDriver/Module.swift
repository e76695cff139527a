/// The module's name, for the log.
package enum TerminalDriverModule { package static let name = "TerminalDriver" }
