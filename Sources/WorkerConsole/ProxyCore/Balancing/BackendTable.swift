import WorkerDomain

/// All backends at one moment and how a request finds its own; never changed, only replaced.
final class BackendTable: Sendable {
    let entries: [BackendEntry]
    /// The target of a switch: new requests go here unless a policy or a canary says otherwise.
    let active: BackendEntry?
    /// The backend of every request; `nil` when each request has to be looked at, or when there is no backend.
    let direct: BackendEntry?
    /// Among these the policy chooses; never empty while there is a backend.
    let candidates: [BackendEntry]
    let canary: CanaryRun?
    /// The canary's backend can take requests.
    private let isCanaryUsed: Bool
    /// By slot.
    let faults: [Int: FaultRule]
    /// A request from this machine may name its backend.
    let takesTargetField: Bool
    private let selector: Selector

    init(
        entries: [BackendEntry], active: BackendEntry?, isUsable: (BackendEntry) -> Bool, isHeldBack: (Int) -> Bool,
        selector: Selector, canary: CanaryRun?, faults: [Int: FaultRule], takesTargetField: Bool
    ) {
        self.entries = entries
        self.active = active
        self.selector = selector
        self.canary = canary
        self.isCanaryUsed = canary.map { isUsable($0.entry) } ?? false
        self.faults = faults
        self.takesTargetField = takesTargetField
        if selector.isActiveOnly {
            // A switch is a person's decision: what the probes say of its target is reported and changes nothing.
            self.candidates = active.map { [$0] } ?? []
        } else {
            let others = entries.filter { $0 !== canary?.entry && !isHeldBack($0.slot) && $0.backend.weight > 0 }
            let usable = others.filter(isUsable)
            // With none left a probe's wrong verdict would take everything down; then all of them are tried.
            self.candidates = !usable.isEmpty ? usable : !others.isEmpty ? others : active.map { [$0] } ?? []
        }
        let isPlain = canary == nil && faults.isEmpty && !takesTargetField && self.candidates.count == 1
        self.direct = isPlain ? self.candidates.first : nil
    }

    func entry(named name: String) -> BackendEntry? {
        self.entries.first { $0.backend.name == name }
    }

    /// The backend of the next request of a client with this ``ClientKey``.
    func choose(_ key: UInt64) -> BackendEntry? {
        if let canary, self.isCanaryUsed, canary.takes(key) { return canary.entry }
        return self.selector.choose(among: self.candidates, active: self.active, key: key)
    }

    /// New requests may go to this backend.
    func serves(_ entry: BackendEntry) -> Bool {
        self.candidates.contains { $0 === entry } || (self.isCanaryUsed && self.canary?.entry === entry)
    }

    /// Percent of new requests that this backend is meant to get; `nil` where every request decides anew.
    func share(of entry: BackendEntry) -> Int? {
        let rest = self.isCanaryUsed ? 100 - (self.canary?.plan.percent ?? 0) : 100
        if self.isCanaryUsed, self.canary?.entry === entry { return 100 - rest }
        guard self.candidates.contains(where: { $0 === entry }) else { return 0 }
        if self.candidates.count == 1 { return rest }
        guard self.selector.sharesByWeight else { return nil }
        let total = self.candidates.reduce(0) { $0 + self.selector.weight(of: $1) }
        return total == 0 ? nil : (self.selector.weight(of: entry) * rest + total / 2) / total
    }
}
