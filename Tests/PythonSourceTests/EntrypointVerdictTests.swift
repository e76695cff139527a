import Foundation
import TestSupport
import Testing

@testable import PythonSource

/// One source that was run, and what came of it.
struct EntrypointCase: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let date: String
    let flags: [String]
    let files: [String: String]
    let verdict: String

    enum CodingKeys: String, CodingKey {
        case name, files, verdict
        case date = "compatibility_date"
        case flags = "compatibility_flags"
    }

    var testDescription: String { "\(self.name) \(self.date) \(self.flags)" }

    static func all() -> [EntrypointCase] {
        guard let bytes = try? Fixtures.bytes("entrypoints/verdicts.json") else { return [] }
        return (try? JSONDecoder().decode([EntrypointCase].self, from: Data(bytes))) ?? []
    }

    func judged() -> EntrypointVerdict {
        EntrypointAnalysis.verdict(
            main: "worker.py", files: FixedFiles(self.files.mapValues { Array($0.utf8) }),
            flags: EffectiveFlags(date: self.date, flags: self.flags),
            environment: EntrypointEnvironment(isComplete: true))
    }
}

@Suite("What deploying a source does")
struct EntrypointVerdictTests {
    @Test("every source that was run is judged as it ran, or not at all", arguments: EntrypointCase.all())
    func seen(row: EntrypointCase) {
        let verdict = row.judged()
        let mustDecide = EntrypointCase.all().count { $0.name == row.name } > 1
        #expect(verdict.kind.rawValue == row.verdict || verdict.kind == .undecided && !mustDecide, "\(verdict)")
    }

    @Test("at most two of the sources that were run are not decided")
    func decided() {
        let rows = EntrypointCase.all()
        #expect(rows.count == 74)
        let undecided = rows.filter { $0.judged().kind == .undecided }.map(\.name)
        #expect(undecided.count <= 2, "\(undecided)")
    }
}
