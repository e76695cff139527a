import WorkerDomain

/// Where one request goes.
enum RequestSteering {
    case forward(BackendEntry, isMeasured: Bool)
    case fault(FaultRule, BackendEntry, isMeasured: Bool)
    case respond(LocalResponse, ExchangeEnding)

    /// Chooses the backend by policy, canary, or the request's own wish, and sees whether it has a fault.
    ///
    /// `bytes` is where the request's head is, `fields` are the field lines that the parser has noted in it.
    init(_ bytes: UnsafeRawBufferPointer, fields: FieldScanner, client: ClientIdentity, registry: BackendRegistry) {
        let table = registry.table
        var wished: BackendEntry?
        if table.takesTargetField, ClientKey.isLoopback(client.address), let field = fields.first(.target) {
            let name = String(decoding: bytes[field.value], as: UTF8.self)
            guard let entry = table.entry(named: name) else {
                let reason = "X-WorkerConsole-Target names no backend"
                self = .respond(
                    LocalResponse(status: 400, error: "unknown_target", message: reason),
                    ExchangeEnding(cause: .requestRefused, phase: .requestHead, reason: reason))
                return
            }
            wished = entry
        }
        let forwardedFor = fields.fields.last { $0.kind == .forwardedFor }
        let key = ClientKey.of(
            address: client.address, connection: client.text,
            forwardedFor: forwardedFor.map { UnsafeRawBufferPointer(rebasing: bytes[$0.value]) })
        guard let entry = wished ?? table.choose(key) else {
            self = .respond(
                LocalResponse(cause: .noBackend, phase: .queue),
                ExchangeEnding(cause: .noBackend, phase: .queue, reason: "no backend is configured"))
            return
        }
        let isMeasured = table.canary != nil && wished == nil
        if let fault = table.faults[entry.slot], registry.time.now() < fault.until {
            self = .fault(fault, entry, isMeasured: isMeasured)
        } else {
            self = .forward(entry, isMeasured: isMeasured)
        }
    }
}
