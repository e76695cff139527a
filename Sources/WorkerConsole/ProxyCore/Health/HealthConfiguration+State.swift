import WorkerDomain

extension HealthConfiguration {
    /// The time to the next probe of a backend in this state, jitter left out.
    func interval(after health: BackendHealth) -> Duration {
        switch health {
        case .up: self.interval
        case .unknown, .rising, .falling: self.fastInterval
        case .down: self.downInterval
        }
    }
}
