import Foundation
import NetworkIO
import Testing
import WorkerDomain

/// Serialised: each test starts servers of its own.
@Suite("Differences from nginx and HAProxy", .serialized, .timeLimit(.minutes(4)))
struct DifferentialTests {
    private static let lanes = 4
    private static let page = DifferentialCase.folder.deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("docs/reference/differences-nginx-haproxy.md")

    @Test("the origin never sees a request that is not counted, and every difference has a reason")
    func differences() async throws {
        var rows: [DifferencesPage.Row] = []
        for isAnswer in [false, true] {
            let tests = try isAnswer ? DifferentialCase.answers() : DifferentialCase.requests()
            #expect(tests.count >= (isAnswer ? 60 : 120))
            var part = tests.map { DifferencesPage.Row(name: $0.name, isAnswer: isAnswer) }
            for kind in DifferentialPeer.Kind.allCases {
                guard let outcomes = try await Self.outcomes(of: tests, at: kind, isAnswer: isAnswer) else { continue }
                for (index, outcome) in outcomes { part[index].outcomes[kind] = outcome }
            }
            if Engines.uringObstacle() == nil {
                let outcomes = try await Self.outcomes(of: tests, at: .ours, on: .uring, isAnswer: isAnswer) ?? []
                for (index, outcome) in outcomes {
                    #expect(outcome == part[index].outcomes[.ours], "\(tests[index].name): the engines differ")
                }
            }
            rows += part
        }
        for row in rows {
            let violation = row.outcomes[.ours]?.violation
            #expect(violation == nil, "\(row.name)")
        }
        let reasons = try DifferentialCase.lines(of: "reasons.tsv").map {
            (isAnswer: $0[0] == "answer", pattern: $0[1], reason: $0[2])
        }
        try Self.check(DifferencesPage(rows: rows, reasons: reasons))
    }

    private static func check(_ page: DifferencesPage) throws {
        guard let nginx = try ServerProcess.version(of: .nginx), let haproxy = try ServerProcess.version(of: .haproxy)
        else {
            print("nginx or HAProxy is missing: only the rules for this proxy alone were checked")
            return
        }
        let versions = "nginx \(nginx) and HAProxy \(haproxy)"
        let text = page.text(versions: versions)
        if ProcessInfo.processInfo.environment["RECORD_PAGES"] == "1" {
            try Data(text.utf8).write(to: self.page)
        }
        let committed = (try? String(contentsOf: self.page, encoding: .utf8)) ?? ""
        guard committed.contains(versions) else {
            print("the page was made with other versions than \(versions): the differences were not compared")
            return
        }
        for row in page.rows where !row.different.isEmpty {
            #expect(page.reason(for: row) != nil, "\(row.name) is treated otherwise, and no reason is given")
        }
        #expect(committed == text, "the page is stale: run `make docs`")
    }

    /// What becomes of each case; several proxies of the kind share the work.
    ///
    /// - Returns: `nil` when the program is not on this machine.
    private static func outcomes(
        of tests: [DifferentialCase], at kind: DifferentialPeer.Kind, on engine: ProxyConfiguration.Engine = .epoll,
        isAnswer: Bool
    ) async throws -> [(Int, Outcome)]? {
        if kind != .ours, ServerProcess.path(of: kind) == nil { return nil }
        var peers: [DifferentialPeer] = []
        for _ in 0..<self.lanes {
            if let peer = try await DifferentialPeer.start(kind, engine) { peers.append(peer) }
        }
        let result = await withTaskGroup(of: [(Int, Outcome)].self) { group in
            for (lane, peer) in peers.enumerated() {
                group.addTask {
                    let run = DifferentialRun(peer: peer)
                    var outcomes: [(Int, Outcome)] = []
                    for index in stride(from: lane, to: tests.count, by: self.lanes) {
                        let outcome = try? await isAnswer ? run.answer(tests[index]) : run.request(tests[index])
                        outcomes.append((index, outcome ?? Outcome(verdict: "no end", arrived: [])))
                    }
                    return outcomes
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        for peer in peers { await peer.stop() }
        return result
    }
}
