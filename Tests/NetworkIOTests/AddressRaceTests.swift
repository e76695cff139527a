import Testing

@testable import NetworkIO

@Suite("Race of addresses")
struct AddressRaceTests {
    /// What happens at a time, in milliseconds.
    enum Event: Sendable {
        case timer
        case fails(TransportError)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let title: String
        let addresses: [String]
        var timeout = 3_000
        let events: [(at: Int, Event)]
        /// The steps after each event, the first before all: `>` begins an attempt, `@` waits until a time.
        let steps: [String]

        var testDescription: String { self.title }
    }

    static let cases = [
        Case(
            title: "a single address has until the deadline", addresses: ["127.0.0.1"], events: [(3_000, .timer)],
            steps: [
                ">127.0.0.1 @3000", "timedOut",
            ]),
        Case(
            title: "a single address that refuses ends it", addresses: ["127.0.0.1"], events: [(1, .fails(.refused))],
            steps: [
                ">127.0.0.1 @3000", "refused",
            ]),
        Case(
            title: "the families take turns, IPv6 first, the next after 250 ms",
            addresses: ["127.0.0.1", "127.0.0.2", "127.0.0.3", "::1", "::2"],
            events: [(250, .timer), (500, .timer), (750, .timer), (1_000, .timer), (3_000, .timer)],
            steps: [
                ">::1 @250", ">127.0.0.1 @500", ">::2 @750", ">127.0.0.2 @1000", ">127.0.0.3 @3000", "timedOut",
            ]),
        Case(
            title: "after a failure the next one begins at once, and has its own 250 ms",
            addresses: ["127.0.0.1", "::1", "127.0.0.2"],
            events: [(10, .fails(.refused)), (259, .timer), (260, .timer)],
            steps: [">::1 @250", ">127.0.0.1 @260", "@260", ">127.0.0.2 @3000"]),
        Case(
            title: "a failure of an earlier one brings the next one forward too",
            addresses: ["127.0.0.1", "::1", "127.0.0.2"],
            events: [
                (250, .timer), (300, .fails(.networkUnreachable)), (310, .fails(.refused)), (320, .fails(.reset)),
            ],
            steps: [">::1 @250", ">127.0.0.1 @500", ">127.0.0.2 @3000", "@3000", "reset"]),
        Case(
            title: "what failed last is the reason", addresses: ["::1", "127.0.0.1"],
            events: [(1, .fails(.networkUnreachable)), (2, .fails(.refused))],
            steps: [">::1 @250", ">127.0.0.1 @3000", "refused"]),
        Case(
            title: "the deadline cuts the wait for the next attempt", addresses: ["::1", "127.0.0.1"], timeout: 100,
            events: [(100, .timer)], steps: [">::1 @100", "timedOut"]),
        Case(
            title: "an address that occurs again is tried once", addresses: ["127.0.0.1", "127.0.0.1"],
            events: [(1, .fails(.refused))], steps: [">127.0.0.1 @3000", "refused"]),
        Case(title: "no address is no race", addresses: [], events: [], steps: ["nameNotFound(\"name\")"]),
    ]

    @Test("each event leads to what it should", arguments: cases)
    func steps(of row: Case) throws {
        let addresses = try row.addresses.map { try #require(SocketAddress(ipAddress: $0, port: 80)) }
        var race = AddressRace("name", addresses, deadline: Int64(row.timeout) * 1_000_000)
        var steps = [Self.run(&race, at: 0)]
        for (time, event) in row.events {
            if case .fails(let error) = event { race.attemptFailed(error) }
            steps.append(Self.run(&race, at: time))
        }
        #expect(steps == row.steps)
    }

    @Test("a race of one address tries it")
    func one() {
        let address = SocketAddress.unix(path: "/x")
        var race = AddressRace(address, deadline: 10)
        #expect(race.step(now: 0) == .attempt(0, address))
        #expect(race.step(now: 0) == .wait(until: 10))
        race.attemptFailed(.system(errno: 2))
        #expect(race.step(now: 1) == .fail(.system(errno: 2)))
    }

    /// Asks until there is nothing to begin.
    private static func run(_ race: inout AddressRace, at milliseconds: Int) -> String {
        var text: [String] = []
        while true {
            switch race.step(now: Int64(milliseconds) * 1_000_000) {
            case .attempt(_, let address): text.append(">\(address.ipAddress ?? "")")
            case .wait(let time): return (text + ["@\(time / 1_000_000)"]).joined(separator: " ")
            case .fail(.nameNotFound(let name)): return "nameNotFound(\"\(name)\")"
            case .fail(.timedOut): return "timedOut"
            case .fail(.refused): return "refused"
            case .fail(.reset): return "reset"
            case .fail(let error): return "\(error)"
            }
        }
    }
}
