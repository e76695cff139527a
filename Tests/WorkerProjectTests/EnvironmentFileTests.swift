import Testing

@testable import WorkerProject

@Suite("Environment files")
struct EnvironmentFileTests {
    @Test("of two equal names the last value stands at the first place")
    func twice() {
        let values = EnvironmentFile.parse("A=1\nB=2\nA=3\n")
        #expect(values.map(\.name) == ["A", "B"] && values.map(\.value) == ["3", "2"])
    }

    @Test("names that refer to each other many times over end, and nothing grows without bound")
    func references() {
        var lines = (0..<10).map { "K\($0)=" + String(repeating: "$K\($0 + 1)", count: 5_000) }
        lines += ["L=$L$L", "M=${N}", "N=${M}"]
        let values = EnvironmentFile.expand(EnvironmentFile.parse(lines.joined(separator: "\n")))
        #expect(values.count == 13)
        #expect(values.allSatisfy { $0.value.utf8.count < 200_000 })
    }

    @Test("a file with many names is read in one go")
    func many() {
        let text = (0..<20_000).map { "K\($0)='\($0)'" }.joined(separator: "\n")
        #expect(EnvironmentFile.parse(text).count == 20_000)
        // A quote that is never closed is looked for once, not once a line.
        #expect(EnvironmentFile.parse((0..<20_000).map { "K\($0)=`\\" }.joined(separator: "\n")).isEmpty == false)
    }
}
