import WorkerDomain
import WorkerProject

/// The bindings of the project, each with what reads it; what was not configured anew stays the same reader.
struct ProjectBindings: Sendable {
    private(set) var resources: [BoundResource]
    /// What each was opened with, by ``Binding/id``.
    private var requests: [String: StoreRequest] = [:]

    init(_ resources: [BoundResource], requests: [StoreRequest]) {
        self.resources = resources
        for request in requests { self.requests[request.identity.binding.id] = request }
    }

    /// - Parameters:
    ///   - requests: The bindings as they are configured now.
    ///   - generation: Tells new readers from those before.
    /// - Returns: True when a binding came, went, or leads elsewhere.
    mutating func take(_ requests: [StoreRequest], generation: Int) -> Bool {
        let order = self.resources.map(\.binding.id)
        let known = Dictionary(self.resources.map { ($0.binding.id, $0) }) { first, _ in first }
        var isChanged = false
        self.resources = requests.compactMap { request in
            let before = self.requests[request.identity.binding.id]
            if before == request { return known[request.identity.binding.id] }
            let isElsewhere = before.map { !$0.readsSame(as: request) } ?? true
            var resource = request.resource
            resource?.generation =
                isElsewhere ? generation : known[request.identity.binding.id]?.generation ?? generation
            isChanged = isChanged || isElsewhere
            return resource
        }
        self.requests = [:]
        for request in requests { self.requests[request.identity.binding.id] = request }
        return isChanged || self.resources.map(\.binding.id) != order
    }
}
