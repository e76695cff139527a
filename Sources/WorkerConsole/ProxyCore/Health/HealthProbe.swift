package import WorkerDomain

/// Looks once whether a backend is there.
package protocol HealthProbe: Sendable {
    func probe(_ backend: Backend) async -> HealthProbeResult
}
