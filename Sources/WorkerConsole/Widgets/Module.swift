/// The module's name, for the log.
package enum WidgetsModule { package static let name = "Widgets" }
