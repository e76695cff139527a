/// Who a client's connection comes from.
struct ClientIdentity {
    let address: ClientAddress
    /// `127.0.0.1:53412`.
    let text: String

    init(_ address: ClientAddress, port: Int) {
        self.address = address
        self.text = address.text(port: port)
    }
}
