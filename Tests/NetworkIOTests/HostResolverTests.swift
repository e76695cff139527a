import Dispatch
import Foundation
import Glibc
import Synchronization
import Testing

@testable import NetworkIO

@Suite("Names", .timeLimit(.minutes(1)))
struct HostResolverTests {
    /// Counts lookups, and lets those of a name that begins with `slow` wait.
    private final class Names: Sendable {
        let count = Atomic<Int>(0)
        let running = Atomic<Int>(0)
        let mostRunning = Atomic<Int>(0)
        private let gate = DispatchSemaphore(value: 0)

        func open() { self.gate.signal() }

        var lookup: HostResolver.Lookup {
            { (host, port) throws(TransportError) in
                self.count.wrappingAdd(1, ordering: .relaxed)
                let running = self.running.wrappingAdd(1, ordering: .relaxed).newValue
                self.mostRunning.max(running, ordering: .relaxed)
                if host.hasPrefix("slow") { self.gate.wait() }
                self.running.wrappingSubtract(1, ordering: .relaxed)
                guard let address = SocketAddress(ipAddress: "127.0.0.1", port: port), !host.hasSuffix("none") else {
                    throw .nameNotFound(host)
                }
                return [address]
            }
        }
    }

    /// What one who asked was told.
    private final class Answers {
        var all: [HostResolver.Answer] = []
    }

    private static let address: HostResolver.Answer = .success([.v4(UInt32(0x7F00_0001).bigEndian, port: 80)])

    private static func ask(_ cache: AddressCache, _ host: String, on bench: LoopBench) -> Answers {
        let answers = Answers()
        cache.addresses(of: host, port: 80, on: bench.loop) { answers.all.append($0) }
        #expect(answers.all.isEmpty)
        return answers
    }

    @Test("a lookup that blocks holds up neither the loop nor another name")
    func blocking() throws {
        let bench = try LoopBench()
        let names = Names()
        let cache = AddressCache(lifetime: 0, resolver: HostResolver(names.lookup))
        let slow = Self.ask(cache, "slow", on: bench)
        let quick = Self.ask(cache, "quick", on: bench)
        bench.turn(until: { !quick.all.isEmpty })
        #expect(slow.all.isEmpty)
        names.open()
        bench.turn(until: { !slow.all.isEmpty })
        #expect(slow.all == [Self.address] && quick.all == [Self.address])
    }

    @Test("however many names are looked up, the threads are few, and each name has its turn")
    func threads() throws {
        let bench = try LoopBench()
        let names = Names()
        let cache = AddressCache(lifetime: 0, resolver: HostResolver(names.lookup))
        let all = (0..<40).map { Self.ask(cache, "slow\($0)", on: bench) }
        bench.turn(until: { names.running.load(ordering: .relaxed) == HostResolver.threadLimit })
        for _ in all { names.open() }
        bench.turn(until: { all.allSatisfy { $0.all.count == 1 } })
        #expect(names.count.load(ordering: .relaxed) == 40)
        #expect(names.mostRunning.load(ordering: .relaxed) == HostResolver.threadLimit)
    }

    @Test("several who ask at once, on several loops, wait for one lookup", arguments: ["slow", "slow-none"])
    func oneLookup(host: String) throws {
        let benches = [try LoopBench(), try LoopBench()]
        let names = Names()
        let cache = AddressCache(lifetime: 1_000_000_000, resolver: HostResolver(names.lookup))
        let all = benches.flatMap { bench in (0..<3).map { _ in (bench, Self.ask(cache, host, on: bench)) } }
        names.open()
        for (bench, answers) in all { bench.turn(until: { !answers.all.isEmpty }) }
        let expected = host == "slow" ? Self.address : .failure(.nameNotFound(host))
        #expect(all.allSatisfy { $0.1.all == [expected] })
        #expect(names.count.load(ordering: .relaxed) == 1)
    }

    @Test(
        "addresses are kept for their time and then looked up again; with no time they never are",
        arguments: [(30, [1, 1, 2]), (0, [1, 2, 3])])
    func lifetime(seconds: Int, counts: [Int]) throws {
        let bench = try LoopBench()
        let names = Names()
        let time = Atomic<Int64>(1)
        let lifetime = Int64(seconds) * 1_000_000_000
        let cache = AddressCache(
            lifetime: lifetime, resolver: HostResolver(names.lookup), now: { time.load(ordering: .relaxed) })
        for (later, count) in zip([0, lifetime - 1, 1], counts) {
            time.wrappingAdd(later, ordering: .relaxed)
            let answers = Self.ask(cache, "name", on: bench)
            bench.turn(until: { !answers.all.isEmpty })
            #expect(answers.all == [Self.address])
            #expect(names.count.load(ordering: .relaxed) == count)
        }
    }

    @Test("a failure is not remembered")
    func failure() throws {
        let bench = try LoopBench()
        let names = Names()
        let cache = AddressCache(lifetime: .max, resolver: HostResolver(names.lookup))
        for count in 1...2 {
            let answers = Self.ask(cache, "none", on: bench)
            bench.turn(until: { !answers.all.isEmpty })
            #expect(answers.all == [.failure(.nameNotFound("none"))])
            #expect(names.count.load(ordering: .relaxed) == count)
        }
    }

    @Test("no more than 1,024 names are kept")
    func bound() throws {
        let bench = try LoopBench()
        let names = Names()
        let cache = AddressCache(lifetime: .max, resolver: HostResolver(names.lookup))
        let all = (0..<1_024).map { Self.ask(cache, "name\($0)", on: bench) }
        bench.turn(until: { all.allSatisfy { !$0.all.isEmpty } })
        for (host, count) in [("name0", 1_024), ("one more", 1_025), ("name0", 1_026)] {
            let answers = Self.ask(cache, host, on: bench)
            bench.turn(until: { !answers.all.isEmpty })
            #expect(names.count.load(ordering: .relaxed) == count)
        }
    }

    /// A bare system may have no table of hosts.
    @Test(
        "localhost and names within it are the loopback, whatever the system knows",
        arguments: ["localhost", "LocalHost", "worker.localhost", "a.b.LOCALHOST."])
    func localhost(host: String) async throws {
        let addresses = try await HostResolver().addresses(of: host, port: 80)
        #expect(addresses.contains { $0.ipAddress == "127.0.0.1" && $0.port == 80 })
        #expect(addresses.allSatisfy { ["127.0.0.1", "::1"].contains($0.ipAddress) && $0.port == 80 })
    }

    @Test("the system's resolver has no address for what is no name", arguments: ["", ".mylocalhost", ".localhost.x"])
    func noName(ending: String) async throws {
        // Too long to be asked for.
        let noName = String(repeating: "x", count: 300) + ending
        await #expect(throws: TransportError.nameNotFound(noName)) {
            try await HostResolver().addresses(of: noName, port: 80)
        }
    }
}
