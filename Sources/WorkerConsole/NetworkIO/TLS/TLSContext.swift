import COpenSSL

/// The settings of TLS for one side, made once: reading the authorities takes tens of milliseconds.
package final class TLSContext: Sendable {
    package func makeServerSession() -> TLSSession { TLSSession() }
    package func makeClientSession(serverName: String?) -> TLSSession { TLSSession() }
}
