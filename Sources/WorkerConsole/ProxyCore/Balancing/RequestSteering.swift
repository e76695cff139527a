import WorkerDomain

/// Where one request goes.
enum RequestSteering {
    case forward(BackendEntry, isMeasured: Bool)
    case fault(FaultRule, BackendEntry, isMeasured: Bool)
    case respond(LocalResponse, ExchangeEnding, route: ExchangeRoute)

    /// Responds to preflights, refuses what is not to be forwarded, and chooses the backend of all else.
    ///
    /// `bytes` is where the request's head is, which the loop's parser has just read.
    @inline(__always)
    init(
        _ head: RequestHead, _ bytes: UnsafeRawBufferPointer, client: ClientIdentity, isSurplus: Bool,
        loop: LoopContext
    ) {
        let shared = loop.shared
        let isRouted =
            head.isAsterisk
            || loop.routes.matches(UnsafeRawBufferPointer(rebasing: bytes[head.targetStart..<head.targetEnd]))
        if head.method == .options, isRouted {
            self = .respond(.preflight, .completed, route: .preflight)
        } else if let refusal = RequestAdmission.refusal(
            of: head, bytes, fields: loop.requestParser.scanner.fields, isRouted: isRouted, isSurplus: isSurplus,
            shared.configuration)
        {
            let ending = ExchangeEnding(cause: .requestRefused, phase: .requestHead, reason: refusal.message)
            self = .respond(refusal, ending, route: .local)
        } else if let entry = shared.registry.direct {
            self = .forward(entry, isMeasured: false)
        } else {
            self.init(bytes, fields: loop.requestParser.scanner.fields, client: client, registry: shared.registry)
        }
    }

    /// Chooses the backend by policy, canary, or the request's own wish, and sees whether it has a fault.
    ///
    /// `bytes` is where the request's head is, `fields` are the field lines that the parser has noted in it.
    private init(
        _ bytes: UnsafeRawBufferPointer, fields: [NotedField], client: ClientIdentity, registry: BackendRegistry
    ) {
        let table = registry.table
        var wished: BackendEntry?
        if table.takesTargetField, ClientKey.isLoopback(client.address.bytes), let field = fields.first(.target) {
            let name = String(decoding: bytes[field.value], as: UTF8.self)
            guard let entry = table.entry(named: name) else {
                let reason = "X-WorkerConsole-Target does not name a backend"
                self = .respond(
                    LocalResponse(status: 400, error: "unknown_target", message: reason),
                    ExchangeEnding(cause: .requestRefused, phase: .requestHead, reason: reason),
                    route: .local)
                return
            }
            wished = entry
        }
        let forwardedFor = fields.last { $0.kind == .forwardedFor }
        let key = ClientKey.of(
            address: client.address.bytes, connection: client.text,
            forwardedFor: forwardedFor.map { UnsafeRawBufferPointer(rebasing: bytes[$0.value]) })
        guard let entry = wished ?? table.choose(key) else {
            self = .respond(
                LocalResponse(cause: .noBackend, phase: .queue),
                ExchangeEnding(cause: .noBackend, phase: .queue, reason: "no backend is configured"), route: .local)
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
