/// The module's name, for the log.
package enum SQLStorageModule { package static let name = "SQLStorage" }
