/// The module's name, for the log.
package enum ApplicationModule { package static let name = "Application" }
