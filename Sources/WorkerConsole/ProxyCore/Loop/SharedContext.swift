import NetworkIO
import Synchronization
import WorkerDomain

/// What all event loops share; nothing in it changes but atomics.
final class SharedContext: Sendable {
    let configuration: ProxyConfiguration
    let registry: BackendRegistry
    let sink: any TrafficSink
    let cors: CORSFields
    let routes: RouteTable
    let tls: TLSContexts
    let addresses: AddressCache
    let lastID = Atomic<UInt64>(0)
    let connections = Atomic<Int>(0)
    let inFlight = Atomic<Int>(0)
    let isDraining = Atomic<Bool>(false)
    /// Makes `CF-Ray` values differ between runs.
    private let raySeed = UInt64.random(in: 1...UInt64.max)

    init(
        configuration: ProxyConfiguration, registry: BackendRegistry, sink: any TrafficSink, addresses: AddressCache
    ) {
        self.configuration = configuration
        self.registry = registry
        self.sink = sink
        self.cors = CORSFields(configuration.cors)
        self.routes = RouteTable(configuration.routes)
        self.tls = TLSContexts(configuration.upstream.tls)
        self.addresses = addresses
    }

    @inline(__always)
    func nextID() -> ExchangeID {
        ExchangeID(rawValue: self.lastID.wrappingAdd(1, ordering: .relaxed).newValue)
    }

    /// Sixteen digits that differ between exchanges and runs (SplitMix64).
    func ray(of id: ExchangeID) -> UInt64 {
        var value = self.raySeed &+ id.rawValue &* 0x9E37_79B9_7F4A_7C15
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
