package import WorkerDomain

/// What a policy may know of a backend that it can choose.
package struct BackendLoad: Sendable, Equatable {
    /// The same for the same name in every run.
    package let nameHash: UInt64
    /// 1 to 1,000.
    package let weight: Int
    /// Exchanges that are with it now.
    package let inFlight: Int
    /// It is the target of the last switch.
    package let isActive: Bool

    package init(nameHash: UInt64 = 0, weight: Int = 1, inFlight: Int = 0, isActive: Bool = false) {
        self.nameHash = nameHash
        self.weight = weight
        self.inFlight = inFlight
        self.isActive = isActive
    }
}

/// Chooses the backend of a request.
///
/// One value chooses for all event loops, one request after the other. It performs no I/O and reads no clock.
package protocol SelectionPolicy: Sendable {
    /// As the configuration names it.
    static var name: SteeringSettings.Policy { get }
    /// Requests are shared out in the proportion of the weights (`true`), evenly (`false`), or by each request (`nil`).
    static var sharesByWeight: Bool? { get }
    init()
    /// - Parameters:
    ///   - candidates: In configured order; those that are down are left out unless all are. Not empty.
    ///   - key: The same for the same client.
    /// - Returns: An index of `candidates`.
    mutating func select(among candidates: [BackendLoad], key: UInt64) -> Int
}

/// Every policy that a configuration can name. Adding one: a new file beside this one, its name in `SteeringSettings.Policy`, and its line here.
package enum SelectionPolicies {
    package static let all: [any SelectionPolicy.Type] = [
        ActiveOnly.self,
        Weighted.self,
        RoundRobin.self,
        LeastConnections.self,
        ClientHash.self,
    ]

    static func type(named name: SteeringSettings.Policy) -> any SelectionPolicy.Type {
        self.all.first { $0.name == name } ?? ActiveOnly.self
    }
}
