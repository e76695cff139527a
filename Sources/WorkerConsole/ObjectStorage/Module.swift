/// The module's name, for the log.
package enum ObjectStorageModule { package static let name = "ObjectStorage" }
