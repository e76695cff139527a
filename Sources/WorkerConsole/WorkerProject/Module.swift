/// The module's name, for the log.
package enum WorkerProjectModule { package static let name = "WorkerProject" }
