import Synchronization
package import WorkerDomain

/// Draining, cutting, canaries and faults.
extension BackendRegistry {
    // MARK: - Drains

    package func drain(_ name: String, deadline: Duration) async throws(BackendControlError) {
        let operation = "drain \(name)"
        let isNew = try self.change(operation) { state throws(BackendControlError) -> Bool in
            let entry = try Self.entry(name, operation, in: state)
            let table = state.table
            let isNew = table.serves(entry)
            if isNew {
                let others = table.entries.filter { $0 !== entry && table.serves($0) }
                guard !others.isEmpty, table.canary?.entry !== entry else {
                    throw BackendControlError(
                        .refused, operation: operation,
                        reason: others.isEmpty
                            ? "no other backend gets requests: switch to another one first"
                            : "it is the canary: end that first")
                }
                state.heldBack.insert(entry.slot)
                self.rebuild(&state)
            }
            let now = self.time.now()
            let began = state.drains[entry.slot]?.began ?? now
            state.drains[entry.slot] = Drain(began: began, deadline: now + max(0, deadline.nanoseconds))
            return isNew
        }
        if isNew { self.append(self.record(.drain, name)) }
    }

    package func resume(_ name: String) async throws(BackendControlError) {
        let operation = "resume \(name)"
        try self.change(operation) { state throws(BackendControlError) in
            let entry = try Self.entry(name, operation, in: state)
            guard state.heldBack.remove(entry.slot) != nil else {
                throw BackendControlError(.refused, operation: operation, reason: "it was not held back")
            }
            state.drains[entry.slot] = nil
            self.rebuild(&state)
        }
        self.append(self.record(.resume, name))
    }

    package func cut(_ name: String) async throws(BackendControlError) -> Int {
        let operation = "cut \(name)"
        let (slot, cutters) = try self.change(operation) { state throws(BackendControlError) in
            let entry = try Self.entry(name, operation, in: state)
            guard !state.table.serves(entry) else {
                throw BackendControlError(
                    .refused, operation: operation, reason: "it gets new requests: switch away or drain it first")
            }
            return (entry.slot, state.cutters)
        }
        var count = 0
        for cutter in cutters { count += await cutter(slot) }
        self.state.withLock { state in
            state.drains[slot] = nil
            self.say(.cut(count: count), of: name, in: &state)
        }
        self.append(self.record(.cut, name, why: "\(count) running"))
        return count
    }

    /// What runs on a backend that was switched away from is watched until it has ended.
    func startDrain(of old: BackendEntry?, after new: BackendEntry, in state: inout State) {
        state.drains[new.slot] = nil
        guard let old, old.inFlight.load(ordering: .relaxed) > 0 else { return }
        let now = self.time.now()
        state.drains[old.slot] = Drain(began: now, deadline: now + self.settings.drainTimeout.nanoseconds)
    }

    // MARK: - Canary

    package func startCanary(_ plan: CanaryPlan) async throws(BackendControlError) {
        let operation = "canary \(plan.target)"
        let from = try self.change(operation) { state throws(BackendControlError) -> String? in
            let entry = try Self.entry(plan.target, operation, in: state)
            guard entry !== state.table.active else {
                throw BackendControlError(.refused, operation: operation, reason: "it is the active backend")
            }
            let run = CanaryRun(entry: entry, plan: plan, startedAt: self.time.wall())
            state.heldBack.remove(entry.slot)
            state.drains[entry.slot] = nil
            self.rebuild(&state, canary: .some(run))
            self.say(.canaryStarted(percent: plan.percent), of: plan.target, in: &state)
            return state.table.active?.backend.name
        }
        self.append(self.record(.canary, plan.target, from: from, why: "\(plan.percent) %"))
    }

    package func endCanary(promoted: Bool) async throws(BackendControlError) {
        let operation = "end the canary"
        let target = try self.change(operation) { state throws(BackendControlError) -> String in
            guard let canary = state.table.canary else {
                throw BackendControlError(.refused, operation: operation, reason: "no canary is running")
            }
            if promoted {
                self.say(.canaryPromoted, of: canary.plan.target, in: &state)
            } else {
                self.takeBack(canary, breach: nil, in: &state)
            }
            return canary.plan.target
        }
        if promoted {
            try await self.activate(target, why: "canary finished")
        } else {
            self.append(self.record(.canaryEnd, target, why: "by hand"))
        }
    }

    private func takeBack(_ canary: CanaryRun, breach: CanaryBreach?, in state: inout State) {
        self.rebuild(&state, canary: .some(nil))
        if !state.table.serves(canary.entry), canary.entry.inFlight.load(ordering: .relaxed) > 0 {
            let now = self.time.now()
            state.drains[canary.entry.slot] = Drain(began: now, deadline: now + self.settings.drainTimeout.nanoseconds)
        }
        self.say(.canaryRolledBack(breach), of: canary.plan.target, in: &state)
    }

    // MARK: - Faults

    package func inject(_ fault: BackendFault.Kind?, into name: String) async throws(BackendControlError) {
        let operation = "inject a fault into \(name)"
        let hasChanged = try self.change(operation) { state throws(BackendControlError) -> Bool in
            let entry = try Self.entry(name, operation, in: state)
            var faults = state.table.faults
            if let fault {
                guard FaultRule.isValid(fault) else {
                    throw BackendControlError(.refused, operation: operation, reason: "the value is out of range")
                }
                let until = self.time.now() + BackendFault.duration.nanoseconds
                faults[entry.slot] = FaultRule(kind: fault, until: until)
                self.say(.faultStarted(fault), of: name, in: &state)
            } else {
                guard faults.removeValue(forKey: entry.slot) != nil else { return false }
                self.say(.faultEnded, of: name, in: &state)
            }
            self.rebuild(&state, faults: faults)
            return true
        }
        guard hasChanged else { return }
        self.append(self.record(fault == nil ? .faultEnd : .fault, name, why: fault?.name ?? "by hand"))
    }

    // MARK: - Time

    /// Something has its time: ``tick()`` is to be called about once a second.
    var needsTicks: Bool {
        self.state.withLock { !$0.drains.isEmpty || !$0.table.faults.isEmpty || $0.table.canary != nil }
    }

    /// Ends what has had its time, and judges the canary. Called about once a second while ``needsTicks`` says so.
    package func tick() {
        let now = self.time.now()
        var records: [SteeringRecord] = []
        self.state.withLock { state in
            let over = state.table.faults.filter { $0.value.until <= now }
            if !over.isEmpty {
                self.rebuild(&state, faults: state.table.faults.filter { $0.value.until > now })
                for slot in over.keys.sorted() {
                    let name = state.table.entries[slot].backend.name
                    self.say(.faultEnded, of: name, in: &state)
                    records.append(self.record(.faultEnd, name, why: "time"))
                }
            }
            self.lookAtDrains(now: now, in: &state)
            if let canary = state.table.canary {
                let name = canary.plan.target
                switch canary.judge(now: now) {
                case .nothing: break
                case .warned(let breach):
                    let seconds = Int(canary.plan.rule.hold.nanoseconds / 1_000_000_000)
                    self.say(.canaryWarned(breach, seconds: seconds), of: name, in: &state)
                case .recovered: self.say(.canaryRecovered, of: name, in: &state)
                case .rollBack(let breach):
                    self.takeBack(canary, breach: breach, in: &state)
                    records.append(self.record(.canaryEnd, name, by: "guard", why: "\(breach)"))
                }
            }
        }
        for record in records { self.append(record) }
    }

    private func lookAtDrains(now: Int64, in state: inout State) {
        for (slot, drain) in state.drains {
            let entry = state.table.entries[slot]
            let left = entry.inFlight.load(ordering: .relaxed)
            if left == 0 {
                state.drains[slot] = nil
                let seconds = Int((now - drain.began) / 1_000_000_000)
                self.say(.drainEnded(seconds: seconds), of: entry.backend.name, in: &state)
            } else if now >= drain.deadline, !drain.isOverdueTold {
                state.drains[slot]?.isOverdueTold = true
                self.say(.drainOverdue(left: left), of: entry.backend.name, in: &state)
            }
        }
    }

    private func record(
        _ action: SteeringRecord.Action, _ name: String, from: String? = nil, by: String? = nil, why: String = ""
    ) -> SteeringRecord {
        SteeringRecord(
            action: action, from: from, to: name, at: self.time.wall(), by: by ?? self.user, why: why)
    }
}
