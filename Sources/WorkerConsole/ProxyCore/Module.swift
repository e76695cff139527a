/// The module's name, for the log.
package enum ProxyCoreModule { package static let name = "ProxyCore" }
